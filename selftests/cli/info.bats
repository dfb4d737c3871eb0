# SPDX-License-Identifier: GPL-2.0
# What the clock is and can do; JSON; help.

load helper

setup() { setup_clock; }

line() { sed -n "s/^$1  *//p" <<< "$output"; }

@test "identity" {
	run --separate-stderr rtcctl info
	expect [ "$status" -eq 0 ]
	expect [ "$(line Clock)" = "/dev/rtc0 (rtc_cmos)" ]
	expect [ "$(line 'Device number')" = 250:0 ]
	expect [ "$(line Name)" = "rtc_cmos 00:03" ]
	expect [ "$(line 'Set system at boot')" = yes ]
	nothing_changed
}

@test "features" {
	FAKE_FEATURES=0x11 run --separate-stderr rtcctl info
	expect [ "$(line Features)" = "alarm, update interrupt" ]
	FAKE_FEATURES=0x02 run --separate-stderr rtcctl info
	expect [ "$(line Features)" = "alarms to the minute" ]
	expect [ "$(line Ticks)" = "no update interrupt, polling only" ]
	FAKE_FEATURES=0 run --separate-stderr rtcctl info
	expect [ "$(line Features)" = none ]
	run --separate-stderr rtcctl info
	expect [ "$(line Features)" = "not told by this kernel" ]
}

@test "alarm" {
	run --separate-stderr rtcctl info
	expect [ "$(line Alarm)" = "not set" ]
	FAKE_ALARM=1795395600 run --separate-stderr rtcctl info
	expect [ "$(line Alarm)" = "2026-11-23 01:00:00+00:00" ]
	FAKE_ALARM=1795395600 TZ=Asia/Kolkata run --separate-stderr rtcctl info -l --json
	expect [ "$(number time_s)" = $((1795395600 - 19800)) ]
}

@test "battery" {
	run --separate-stderr rtcctl info
	expect [ "$(line Battery)" = "not told by the driver" ]
	FAKE_VL=0 run --separate-stderr rtcctl info
	expect [ "$(line Battery)" = good ]
	FAKE_VL=5 run --separate-stderr rtcctl info
	expect [ "$(line Battery)" = "too low, the time is not to be trusted, empty or missing" ]
}

@test "tick source" {
	export FAKE_FEATURES=0x11
	run --separate-stderr rtcctl info
	expect [ "$(line Ticks)" = "update interrupt claimed (--probe tries it)" ]
	expect [ "$(passed)" -lt 10000000 ]
	run --separate-stderr rtcctl info --probe
	expect grep -q "^Ticks, tried  *update interrupt, seen at most .* after the edge$" <<< "$output"
	FAKE_TICKS=none run --separate-stderr rtcctl info --probe
	expect [ "$(line 'Ticks, tried')" = "no update interrupt came; only polling finds the tick" ]
	FAKE_STOPPED=1 run --separate-stderr rtcctl info --probe --json
	expect grep -q '"interrupt": false' <<< "$output"
}

@test "our driver" {
	setup_clock rtc-mc146818
	add_ptp 5000
	mkdir -p "$RTCCTL_ROOT/sys/kernel/debug/rtc-mc146818/rtc0"
	echo 1234 > "$RTCCTL_ROOT/sys/kernel/debug/rtc-mc146818/rtc0/accesses"
	run --separate-stderr rtcctl info
	expect [ "$(line Ticks)" = "a timer of the driver, aimed at the clock's edge" ]
	expect [ "$(line Phase)" = locked ]
	expect [ "$(line 'Sub-second clock')" = /dev/ptp0 ]
	expect [ "$(line Accesses)" = 1234 ]
	add_phase 3000
	fresh
	FAKE_COASTING=5000000000 run --separate-stderr rtcctl info
	expect [ "$(line Phase)" = "idle, last edge 5.000 s ago" ]
	FAKE_COASTING=5000000000 run --separate-stderr rtcctl info --json
	expect jq -e '.info.phase | .state == "idle" and .edge_age_ns > 5e9' <<< "$output"
}

@test "what the chip was seen to do" {
	setup_clock rtc-mc146818
	add_ptp 5000
	local debug=$RTCCTL_ROOT/sys/kernel/debug/rtc-mc146818/rtc0
	mkdir -p "$debug"
	printf '%s\n' "release: none" "writes: kept" "hours: 24" "access_ns: 19200" > "$debug/conduct"
	run --separate-stderr rtcctl info
	expect [ "$(line 'Second after a set')" = "where it would have: it keeps its own second" ]
	expect [ "$(line Writes)" = kept ]
	expect [ "$(line 'An access takes')" = "19.2 us" ]
	run --separate-stderr rtcctl info --json
	expect jq -e '.info.conduct == {release: ["none"], confirmed: true, writes: "kept", hours: "24",
		access_ns: 19200}' <<< "$output"
	printf '%s\n' "release: half whole (to be confirmed)" "writes: unknown" "hours: 12 (as register B says)" > "$debug/conduct"
	run --separate-stderr rtcctl info
	expect [ "$(line 'Second after a set')" = "to be seen again: it has not done what was known of it" ]
	sed -i 's/ (to.*//' "$debug/conduct"
	run --separate-stderr rtcctl info
	expect [ "$(line 'Second after a set')" = "not known: no set was seen through yet" ]
	expect [ "$(line 'Hours to')" = "12 (as register B says)" ]
}

@test "device that sysfs does not know" {
	rm -r "$RTCCTL_ROOT/sys"
	run --separate-stderr rtcctl info
	expect [ "$status" -eq 0 ]
	expect [ "$(line Clock)" = /dev/rtc0 ]
	run --separate-stderr rtcctl show --json
	expect grep -q '"driver": null' <<< "$output"
}

@test "RTCCTL_ROOT says nothing to a set-user-ID program" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to make one"
	chmod a+rx "$BATS_RUN_TMPDIR" "$BATS_SUITE_TMPDIR" "$BATS_TEST_TMPDIR"/.. "$BATS_TEST_TMPDIR"
	echo garbage > "$ADJTIME"
	install -m 4755 "$TOOLS/rtcctl" "$BATS_TEST_TMPDIR/setuid"
	install -m 0755 "$TOOLS/rtcctl" "$BATS_TEST_TMPDIR/plain"
	chmod a+r "$ADJTIME"
	run --separate-stderr setpriv --reuid 65534 --clear-groups "$BATS_TEST_TMPDIR/plain" show
	expect grep -qF "$ADJTIME" <<< "$stderr"
	run --separate-stderr setpriv --reuid 65534 --clear-groups "$BATS_TEST_TMPDIR/setuid" show
	refute() { ! grep -qF "$ADJTIME" <<< "$stderr"; }
	expect refute
}

@test "JSON parses, its top key is the command" {
	for args in show "show --precise" systohc "set now" hctosys info "info --probe" \
		"systohc --test" "systohc --no-verify"; do
		fresh
		fake "$TOOLS/rtcctl" $args --json > "$BATS_TEST_TMPDIR/json"
		expect jq -e --arg name "${args%% *}" \
			'keys == [$name] and .[$name].device == "/dev/rtc0" and
			 ([paths | .[] | strings | contains(".")] | any | not)' \
			"$BATS_TEST_TMPDIR/json"
	done
}

@test "help of each command, and of all" {
	run --separate-stderr rtcctl --help
	expect [ "$status" -eq 0 ]
	for command in show set systohc hctosys info; do
		expect grep -q "^ $command " <<< "$(rtcctl --help)"
		run --separate-stderr rtcctl $command --help
		expect [ "$status" -eq 0 ]
		expect [ -z "$stderr" ]
		expect grep -q "^Usage: rtcctl $command " <<< "${lines[0]}"
		for option in --rtc --utc --localtime --adjfile --noadjfile --json --help; do
			expect grep -q -- " $option" <<< "$output"
		done
		# No line is wider than a terminal.
		expect [ "$(wc -L <<< "$output")" -le 80 ]
	done
}
