# SPDX-License-Identifier: GPL-2.0
# watch: a line each second.

load helper

setup() { setup_clock; }

@test "a line each second, as many as asked for" {
	setup_clock rtc-mc146818
	add_phase 3000
	run --separate-stderr rtcctl watch -f /dev/rtc0 --count 5
	expect [ "$status" -eq 0 ]
	expect [ "${#lines[@]}" -eq 5 ]
	expect [ "$(passed)" -gt 3900000000 ]
	expect [ "$(passed)" -lt 4100000000 ]
	local sub='\+400\.[0-9]* ms \+/- 3\.0 us  -1234 ppb  locked  2 steps'
	for i in 0 1 2 3 4; do
		expect grep -qE "^2026-11-23 00:00:0$i\.6[0-9]*\+00:00  $sub$" <<< "${lines[i]}"
	done
}

@test "JSON: an object a line" {
	setup_clock rtc-mc146818
	add_phase 3000
	run --separate-stderr rtcctl watch -f /dev/rtc0 --count 3 --json
	expect [ "${#lines[@]}" -eq 3 ]
	for line in "${lines[@]}"; do
		expect jq -e '.watch.clocks[0] | (.offset_ns - 400000000 | fabs) <= .bound_ns and .freq_ppb == -1234
			and .state == "locked" and .steps == 2 and .method == "phase"' <<< "$line"
	done
}

@test "a driver that does not know its phase: ticks" {
	run --separate-stderr rtcctl watch -f /dev/rtc0 --count 3 --json
	expect [ "$status" -eq 0 ]
	expect [ "${#lines[@]}" -eq 3 ]
	for line in "${lines[@]}"; do
		expect jq -e '.watch.clocks[0] | (.offset_ns - 400000000 | fabs) <= .bound_ns and .method == "tick"
			and .state == null' <<< "$line"
	done
}

@test "all clocks: a driver that is coasting, and then locked" {
	setup_clock rtc-mc146818
	add_phase 3000
	FAKE_COASTING=90000000000 FAKE_REAL_SLEEP=1 run --separate-stderr rtcctl watch --count 3 --json
	expect [ "$status" -eq 0 ]
	expect jq -e '.watch.clocks[0] | .state == "coasting" and .edge_age_ns >= 90000000000' <<< "${lines[0]}"
	expect jq -e '.watch.clocks[0] | .state == "locked" and .edge_age_ns == null' <<< "${lines[2]}"
	fresh
	FAKE_COASTING=90000000000 FAKE_REAL_SLEEP=1 run --separate-stderr rtcctl watch --count 1
	expect grep -q "^rtc0 .* coasting for 00:01:30, 2 steps" <<< "$output"
}

@test "a job in the background of a terminal is not stopped" {
	run in_background "$TOOLS/rtcctl" watch --rtc rtc0 --count 2
	expect [ "$status" -eq 0 ]
	expect [ "$(grep -c " tick" <<< "$output")" -eq 2 ]
}

@test "counts that are none" {
	for count in 0 -1 x 1x ""; do
		run --separate-stderr rtcctl watch --count "$count"
		misused_with "rtcctl: watch: invalid count '$count'"
	done
}

# All clocks: the counters are the machine's own, so time is not simulated.
real_clocks() {
	SOURCES=$RTCCTL_ROOT/sys/devices/system/clocksource/clocksource0
	mkdir -p "$SOURCES"
	rm -r "$RTCCTL_ROOT/sys/class/rtc"
	echo "hpet tsc" > "$SOURCES/available_clocksource"
	echo hpet > "$SOURCES/current_clocksource"
	echo 'cpu  100 0 0 800 0 0 0 100 0 0' > "$RTCCTL_ROOT/proc/stat"
}

@test "all clocks: a block of plain lines a second where nobody looks" {
	real_clocks
	run --separate-stderr "$TOOLS/rtcctl" watch --count 2
	expect [ "$status" -eq 0 ]
	expect [ "$(grep -c '^20' <<< "$output")" -eq 2 ]
	expect [ "$(grep -cE '^tsc +[-+][0-9.]+ \+/- [0-9.]+ ppm' <<< "$output")" -eq 2 ]
	expect [ "$(grep -cE '^hpet .*clocksource$' <<< "$output")" -eq 2 ]
	expect [ "$(grep -cx 'stolen     0.0 %' <<< "$output")" -eq 2 ]
	expect [ -z "$(tr -d '[:print:]\n' <<< "$output")" ]
}

@test "all clocks: JSON" {
	real_clocks
	run --separate-stderr "$TOOLS/rtcctl" watch --count 2 --json
	expect [ "${#lines[@]}" -eq 2 ]
	for line in "${lines[@]}"; do
		expect jq -e '.watch | .steal_percent == 0 and ([.clocks[] | .clock] == ["tsc", "hpet"])
			and .clocks[0].rate_error_ppm > 0 and .clocks[1].current' <<< "$line"
	done
}

@test "all clocks: on a terminal in place, cut to its width, until q" {
	real_clocks
	local frame
	frame=$(printf '\033')[4A
	(until_it "the second frame" grep -qF "$frame" "$BATS_TEST_TMPDIR/screen"; printf q) |
		terminal -fc "stty cols 30; '$TOOLS/rtcctl' watch" "$BATS_TEST_TMPDIR/screen" >/dev/null
	expect grep -qF "$frame" "$BATS_TEST_TMPDIR/screen"
	# No number is cut.
	expect grep -qE $'^tsc( [-+][0-9.]+ \\+/- [0-9.]+ ppm| >)\033' "$BATS_TEST_TMPDIR/screen"
	expect [ "$(grep '^tsc' "$BATS_TEST_TMPDIR/screen" | sed 's/\x1b.*//' | wc -L)" -le 30 ]
}

@test "a terminal that knows no escape sequences gets lines" {
	real_clocks
	TERM=dumb terminal -fc "'$TOOLS/rtcctl' watch --count 2" "$BATS_TEST_TMPDIR/screen" > /dev/null < /dev/null
	expect [ "$(grep -c '^tsc' "$BATS_TEST_TMPDIR/screen")" -eq 2 ]
	expect [ "$(grep -c $'\033' "$BATS_TEST_TMPDIR/screen")" -eq 0 ]
}

@test "clocks that cannot be read have their line, and why" {
	for fault in FAKE_READ=5 FAKE_OPEN=5; do
		run --separate-stderr env "$fault" LD_PRELOAD="$BATS_SUITE_TMPDIR/fake-rtc.so" \
			"$TOOLS/rtcctl" watch --count 1
		expect [ "$status" -eq 0 ]
		expect grep -qE '^rtc0 .*Input/output error' <<< "$output"
		run --separate-stderr env "$fault" LD_PRELOAD="$BATS_SUITE_TMPDIR/fake-rtc.so" \
			"$TOOLS/rtcctl" watch --count 1 --json
		expect jq -e '.watch.clocks[] | select(.clock == "rtc0") | .offset_ns == null and
			(.hidden | test("Input/output error"))' <<< "$output"
	done
}
