# SPDX-License-Identifier: GPL-2.0
# Setting: to the fraction of a second, never a whole one off, and truly reported.

load helper

setup() { setup_clock; }

# The system's fraction of a second at the start runs through the second.
each_phase() {
	for phase in 0 000001 1 2499 25 4965 4975 4985 4999 5 5001 75 9965 9975 9985 999 999999; do
		fresh
		rm -f "$ADJTIME"
		FAKE_REAL=1795392000.$phase "$@"
	done
}

# The clock is right to $1 ns, and the report is true.
systohc_within() {
	run --separate-stderr rtcctl systohc --json
	expect [ "$status" -eq 0 ]
	expect [ "$(abs "$(truth)")" -le "$1" ]
	local error=$(($(number residual_ns) - $(truth)))
	expect [ "$(abs $error)" -le "$(number residual_bound_ns)" ]
}

@test "systohc on rtc_cmos: half a second of delay" {
	each_phase systohc_within 60000
}

@test "systohc on rtc-mc146818: exact at the call" {
	setup_clock rtc-mc146818
	FAKE_SET=exact each_phase systohc_within 60000
}

@test "systohc: how long the call takes is not in the clock" {
	setup_clock rtc-mc146818
	# Not followed yet, then followed, which is more exact.
	FAKE_SET=exact FAKE_CALL_NS=150000 each_phase systohc_within 60000
	add_phase 3000
	FAKE_SET=exact FAKE_CALL_NS=150000 each_phase systohc_within 10000
	FAKE_SET=exact FAKE_CALL_NS=2000000 each_phase systohc_within 10000
}

@test "systohc on a machine that is late to wake" {
	# Later than the lead: the moment is missed, until the tolerance takes it.
	FAKE_OVERSLEEP_NS=1400000 each_phase systohc_within 60000
	FAKE_OVERSLEEP_NS=2000000 each_phase systohc_within 900000
}

@test "systohc on a machine that is too late ever: nothing written" {
	FAKE_OVERSLEEP_NS=700000000 run --separate-stderr rtcctl systohc
	refused_with "rtcctl: cannot set /dev/rtc0: the machine is too busy to meet the right moment"
	expect [ ! -e "$ADJTIME" ]
}

@test "hwclock --systohc: never a second off" {
	hwclock_within() {
		run --separate-stderr hwclock -w
		expect [ "$status" -eq 0 ]
		expect [ -z "$output$stderr" ]
		expect [ "$(abs "$(truth)")" -le 60000 ]
	}
	each_phase hwclock_within
}

@test "driver that keeps the phase: said so, with the residual" {
	FAKE_SET=phase run --separate-stderr rtcctl systohc --json
	expect [ "$status" -eq 0 ]
	expect [ "$(abs $(($(number residual_ns) - $(truth))))" -le "$(number residual_bound_ns)" ]
	expect [ "$(abs "$(truth)")" -ge 100000000 ]
	expect grep -q "did not take the fraction of the second" <<< "$stderr"
}

@test "set: a date with its fraction" {
	set_within() {
		run --separate-stderr rtcctl set 2030-01-01T12:00:00.25Z --json
		expect [ "$status" -eq 0 ]
		local wanted=$((1893499200250000000 - ${FAKE_REAL/./}${pad}))
		expect [ "$(abs $(($(truth) - wanted)))" -le 60000 ]
	}
	for phase in 250 999; do
		fresh
		pad=000000
		FAKE_REAL=1795392000.$phase set_within
	done
}

# A driver that knows its phase, locked and 3 us well.
setup_ours() {
	setup_clock rtc-mc146818
	add_phase 3000
}

@test "clock that agrees: nothing written, nothing noted" {
	setup_ours
	export FAKE_RTC=$FAKE_REAL
	run --separate-stderr rtcctl systohc
	expect [ "$status" -eq 0 ]
	expect grep -qx "Written   no: the clock is right" <<< "$output"
	nothing_changed
	expect [ ! -e "$ADJTIME" ]
	# No more than the reading of it takes.
	expect [ "$(passed)" -lt 1000000 ]
	fresh
	FAKE_RTC=1795392000.2511 run --separate-stderr rtcctl systohc
	expect grep -q "^Written   yes$" <<< "$output"
	expect grep -q "^set " "$FAKE_LOG"
	# Asked for, it is done, right or not.
	fresh
	: > "$FAKE_LOG"
	rtcctl set now > /dev/null
	expect grep -q "^set " "$FAKE_LOG"
}

@test "systohc by the driver: at once, right, and the report is true" {
	setup_ours
	set_once() {
		systohc_within 100000
		expect [ "$(number writes)" -eq 1 ]
		expect [ "$(number residual_bound_ns)" -eq 3000 ]
		expect grep -q '"keeps_second": false' <<< "$output"
		expect [ "$(passed)" -lt 1010000000 ]
	}
	for late in 0 50000; do
		FAKE_SET_LATE_NS=$late each_phase set_once
	done
	# The set does not depend on how late anything else comes.
	FAKE_OVERSLEEP_NS=30000000 each_phase set_once
	for rtc in 0000000000.5 1795391999.9 1795478400.1 4102444799.9; do
		fresh
		FAKE_RTC=$rtc set_once
	done
	expect [ "$(sort "$FAKE_LOG" | uniq -c | grep -c burst)" -eq 1 ]
	expect [ "$(grep -c ^set "$FAKE_LOG")" -eq "$(grep -c ^burst "$FAKE_LOG")" ]
}

@test "--no-verify: right to half a second at once, and exact by itself" {
	setup_ours
	at_once() {
		run --separate-stderr rtcctl systohc --no-verify
		expect [ "$status" -eq 0 ]
		expect [ "$(passed)" -lt 1000000 ]
		expect [ "$(abs "$(truth)")" -le 500100000 ]
		expect [ "$(sed -n 3p "$ADJTIME")" = UTC ]
		# A reading waits for the end of the set.
		run --separate-stderr rtcctl show --precise --json
		expect [ "$(abs "$(number offset_ns)")" -le 100000 ]
		expect [ "$(abs "$(truth)")" -le 100000 ]
		expect [ "$(passed)" -lt 1010000000 ]
	}
	each_phase at_once
}

@test "a set that does not come out right is repeated, once" {
	setup_ours
	FAKE_SET_LATE_NS=4000000,40000 systohc_within 100000
	expect [ "$(number writes)" -eq 2 ]
	expect [ "$(passed)" -lt 2100000000 ]
	fresh
	FAKE_SET_LATE_NS=4000000,300000 systohc_within 400000
	expect [ "$(number writes)" -eq 2 ]
	expect grep -q '"keeps_second": false' <<< "$output"
	fresh
	FAKE_SET_LATE_NS=300000,300000 systohc_within 400000
	expect grep -q '"keeps_second": false' <<< "$output"
	# People are told.
	fresh
	FAKE_SET_LATE_NS=4000000 run --separate-stderr rtcctl systohc
	expect grep -qx "Written   yes, twice" <<< "$output"
}

@test "stopped at any moment of a set: right all the same, and the report is true" {
	setup_ours
	for i in {1..40}; do
		fresh
		FAKE_STALL=$i systohc_within 100000
	done
}

@test "more than a millisecond off at the end is a failure, and the set is noted" {
	setup_ours
	for tool in "rtcctl systohc" "hwclock -w"; do
		fresh
		rm -f "$ADJTIME"
		FAKE_SET_LATE_NS=9000000,5000000 run --separate-stderr $tool
		expect [ "$status" -eq 1 ]
		expect [ -z "$output" ]
		expect grep -q "^${tool% *}: cannot set /dev/rtc0 to the millisecond: it is -5.00. ms off, with a bound of 3.0 us, after 2 tries$" <<< "$stderr"
		expect [ "$(sed -n 2p "$ADJTIME")" = 1795392000 ]
	done
}

@test "the driver's error is within its bound, and counts" {
	setup_clock rtc-mc146818
	add_phase 15000
	FAKE_PTP_BIAS_NS=14900 systohc_within 100000
}

@test "a driver that tells another date than the clock is not believed" {
	setup_ours
	FAKE_PTP_BIAS_NS=3600000000000 run --separate-stderr rtcctl systohc
	expect [ "$status" -eq 1 ]
	expect grep -q "cannot trust /dev/rtc0: its date is not the one that its driver tells" <<< "$stderr"
}

@test "a chip that keeps its own second: said so, and how far off that leaves it" {
	setup_ours
	export FAKE_SET=phase
	own_second() {
		run --separate-stderr rtcctl systohc --json
		expect [ "$status" -eq 0 ]
		expect [ -z "$stderr" ]
		expect grep -q '"keeps_second": true' <<< "$output"
		expect [ "$(number writes)" -eq 2 ]
		expect [ "$(abs "$(truth)")" -le 500100000 ]
		expect [ "$(abs $(($(number residual_ns) - $(truth))))" -le "$(number residual_bound_ns)" ]
	}
	for rtc in 07.65 00.2 59.749 59.751 1.7499 1.7501; do
		fresh
		FAKE_RTC=17953920$rtc own_second
	done
	fresh
	FAKE_RTC=1795392007.35 run --separate-stderr rtcctl systohc
	expect grep -qx "Residual  +100.0.. ms +/- 3.0 us" <<< "$output"
	expect grep -qx "Chip      keeps its own second: no set comes closer" <<< "$output"
	expect grep -qx "Adjtime   has the rest, -0.100... s, for hctosys, adjust and hwclock to add" <<< "$output"
	expect grep -q "^0.000000 1795392000 -0.100" "$ADJTIME"
	# It is right by the file.
	rtcctl hctosys > /dev/null
	expect [ "$(abs $(($(truth) - 100000000)))" -le 100000 ]
	for args in "-w" "-w --noadjfile -u"; do
		fresh
		rm "$ADJTIME"
		FAKE_RTC=1795392007.15 run --separate-stderr hwclock $args
		expect [ "$status" -eq 0 ]
		expect [ -z "$output$stderr" ]
		[ "$args" = -w ] && expect grep -q "^0.000000 1795392000 0.[01]" "$ADJTIME"
		touch "$ADJTIME"
	done
	fresh
	FAKE_RTC=1795392007.15 run --separate-stderr rtcctl systohc --noadjfile -u
	no_adjtime() { ! grep -q Adjtime <<< "$output"; }
	expect no_adjtime
}

@test "two sets off by the same on a chip that is known to begin a second: a set that failed" {
	setup_ours
	local debug=$RTCCTL_ROOT/sys/kernel/debug/rtc-mc146818/rtc0
	mkdir -p "$debug"
	export FAKE_SET=phase
	for release in "half" "half whole" "write (to be confirmed)"; do
		fresh
		echo "release: $release" > "$debug/conduct"
		FAKE_RTC=1795392007.35 run --separate-stderr rtcctl systohc
		expect [ "$status" -eq 1 ]
		expect grep -q "cannot set /dev/rtc0 to the millisecond: it is +100\\..* ms off, .* after 2 tries" <<< "$stderr"
	done
	for release in "none" "half none"; do
		fresh
		echo "release: $release" > "$debug/conduct"
		FAKE_RTC=1795392007.35 run --separate-stderr rtcctl systohc
		expect [ "$status" -eq 0 ]
		expect grep -qx "Chip      keeps its own second: no set comes closer" <<< "$output"
	done
}

@test "a chip that keeps nothing: an error that says so, and nothing noted" {
	setup_ours
	export FAKE_SET=dropped
	for first in "" 1; do
		for tool in "rtcctl systohc" "rtcctl set 2030-01-01" "hwclock -w"; do
			fresh
			FAKE_FIRST_SET=$first run --separate-stderr $tool
			expect [ "$status" -eq 1 ]
			expect [ "$stderr" = "${tool%% *}: cannot set /dev/rtc0: the clock does not keep what is written to it" ]
			expect [ -z "$output" ]
			expect [ ! -e "$ADJTIME" ]
		done
	done
}

@test "the first set of a boot takes longer, and is as good" {
	setup_ours
	export FAKE_FIRST_SET=1
	once() {
		systohc_within 100000
		expect [ "$(number writes)" -eq 1 ]
		expect [ "$(passed)" -lt 1700000000 ]
	}
	each_phase once
	# It is the set that takes its time: a later one does not.
	run --separate-stderr rtcctl systohc --no-verify
	expect [ "$(passed)" -lt 1700000000 ]
}

@test "coasting: set without a look at what it was, and locked then" {
	setup_ours
	export FAKE_COASTING=720000000000
	coasting_set() {
		FAKE_RTC=$FAKE_REAL systohc_within 100000
		expect grep -q '"written": true' <<< "$output"
		expect [ "$(passed)" -lt 1010000000 ]
	}
	each_phase coasting_set
	FAKE_COASTING=never each_phase coasting_set
}

@test "a driver that does not find the edge at first is asked again" {
	setup_ours
	export FAKE_COASTING=1
	FAKE_PTP_AGAIN_MS=3000 systohc_within 100000
	expect [ "$(number writes)" -eq 1 ]
	for tool in "rtcctl systohc" "hwclock -w"; do
		fresh
		rm "$ADJTIME"
		FAKE_PTP_AGAIN_MS=60000 run --separate-stderr $tool
		expect [ "$status" -eq 1 ]
		expect grep -q "its driver does not find where the seconds begin; try again" <<< "$stderr"
		expect [ "$(wc -l <<< "$stderr")" -eq 1 ]
		expect [ "$(passed)" -lt 9000000000 ]
		# It is set, and that is noted.
		expect [ "$(sed -n 2p "$ADJTIME")" = 1795392000 ]
	done
}

@test "a PTP clock that may not be set: a second at its moment" {
	setup_ours
	export FAKE_PTP_SET=13 FAKE_SET=exact
	each_phase systohc_within 60000
	expect grep -q "^rtc " "$FAKE_LOG"
	fresh
	FAKE_PTP_SET=1 run --separate-stderr rtcctl systohc
	expect [ "$status" -eq 1 ]
	expect grep -q "without root" <<< "$stderr"
}

@test "set by the driver, to a date far away" {
	setup_ours
	for date in 2030-01-01T12:00:00.25Z 1990-06-01T00:00:00Z; do
		fresh
		run --separate-stderr rtcctl set $date --json
		expect [ "$status" -eq 0 ]
		local wanted=$(($(date -u -d "$date" +%s%N) - 1795392000250000000))
		expect [ "$(abs $(($(truth) - wanted)))" -le 100000 ]
		expect [ "$(abs "$(number residual_ns)")" -le 100000 ]
	done
}

@test "set by the driver, of a clock in local time" {
	setup_ours
	export TZ=America/New_York
	run --separate-stderr rtcctl systohc -l
	expect [ "$status" -eq 0 ]
	expect [ "$(abs $(($(truth) + 5 * 3600000000000)))" -le 100000 ]
	run --separate-stderr rtcctl systohc
	expect grep -q "no: the clock is right" <<< "$output"
	rm "$ADJTIME"
	run --separate-stderr hwclock -w -l
	expect [ "$(sed -n 3p "$ADJTIME")" = LOCAL ]
	run --separate-stderr rtcctl hctosys
	expect [ "$(abs $(($(truth) + 5 * 3600000000000)))" -le 100000 ]
}

@test "hwclock -w and --set by the driver, with the adjtime file of seconds" {
	setup_ours
	for args in -w "--set --date 2026-11-23T00:00:07Z" "-w --update-drift"; do
		printf '1.5 1795300000 0.25\n1795300000\nUTC\n' > "$ADJTIME"
		cp "$ADJTIME" "$BATS_TEST_TMPDIR/before"
		fresh
		: > "$FAKE_LOG"
		run --separate-stderr hwclock $args
		expect [ "$status" -eq 0 ]
		expect [ -z "$output$stderr" ]
		expect grep -q "^set " "$FAKE_LOG"
		cp "$ADJTIME" "$BATS_TEST_TMPDIR/exact"
		fresh
		cp "$BATS_TEST_TMPDIR/before" "$ADJTIME"
		FAKE_PTP_SET=13 FAKE_SET=exact run --separate-stderr hwclock $args
		expect diff "$BATS_TEST_TMPDIR/exact" "$ADJTIME"
	done
	# A clock that is right is left alone, but what hwclock notes of it stays the same.
	: > "$FAKE_LOG"
	fresh
	cp "$BATS_TEST_TMPDIR/before" "$ADJTIME"
	FAKE_RTC=$FAKE_REAL run --separate-stderr hwclock -w
	nothing_changed
	expect [ "$(sed -n 2p "$ADJTIME")" = 1795392000 ]
	# Whoever gives a delay wants the second written then.
	FAKE_RTC=1795392000.65 run --separate-stderr hwclock -w --delay 0.1
	expect grep -q "^rtc " "$FAKE_LOG"
}

# The system is set 3 years back, or two hours ahead, while the program waits.
@test "a step of the system's clock while waiting for the moment: no hang, and right" {
	for jump in 100:-100000000 100:7200 240:-100000000; do
		for tool in "rtcctl systohc" "hwclock -w"; do
			fresh
			FAKE_JUMP=$jump run --separate-stderr $tool
			expect [ "$status" -eq 0 ]
			expect [ "$(abs "$(truth)")" -le 900000 ]
			expect [ "$(passed)" -lt 3500000000 ]
		done
		# It is noon now: what the system then says of that matters not.
		for tool in "rtcctl set 2030-01-01T12:00Z --json" "hwclock --set --date 2030-01-01T12:00Z"; do
			fresh
			FAKE_JUMP=$jump run --separate-stderr $tool
			expect [ "$status" -eq 0 ]
			local wanted=$(((1893499200 - 1795392000 - ${jump#*:}) * 1000000000 - 250000000))
			expect [ "$(abs $(($(truth) - wanted)))" -le 900000 ]
			expect [ "$(passed)" -lt 3500000000 ]
			[[ $tool == rtcctl* ]] && expect [ "$(abs "$(number residual_ns)")" -le 900000 ]
			fresh
		done
	done
}

@test "hctosys by the driver: what remains is told" {
	setup_clock rtc-mc146818
	add_phase 3000
	for phase in 000001 25 5 985; do
		fresh
		FAKE_RTC=1795392000.$phase run --separate-stderr rtcctl hctosys --json
		expect [ "$status" -eq 0 ]
		expect [ "$(abs "$(truth)")" -le 3000 ]
		expect [ "$(abs $(($(number residual_ns) + $(truth))))" -le 3000 ]
		fresh
		FAKE_RTC=1795392000.$phase run --separate-stderr hwclock -s
		expect [ "$(abs "$(truth)")" -le 3000 ]
		expect [ -z "$output$stderr" ]
	done
	printf '2.0 1794528000 0.0\n1794528000\nUTC\n' > "$ADJTIME"
	for command in "rtcctl hctosys" "hwclock -s"; do
		fresh
		$command > /dev/null
		expect [ "$(abs $(($(truth) + 20000000000)))" -le 20000 ]
	done
	FAKE_SETTIME=1 run --separate-stderr rtcctl hctosys
	expect [ "$status" -eq 1 ]
	expect grep -q "without root" <<< "$stderr"
}

@test "hctosys by the driver: the first timezone's warp is not undone" {
	setup_clock rtc-mc146818
	add_phase 3000
	export TZ=Europe/Berlin
	for command in "rtcctl hctosys" "hwclock -s"; do
		for scale in u0 l3600000000000; do
			fresh
			$command -${scale:0:1} > /dev/null
			expect [ "$(abs $(($(truth) - ${scale:1})))" -le 3000 ]
		done
	done
}

@test "--test changes nothing" {
	for args in "systohc" "set 2030-01-01" "hctosys"; do
		run --separate-stderr rtcctl $args --test
		expect [ "$status" -eq 0 ]
		expect grep -q "only a test" <<< "$output"
		nothing_changed
		expect [ ! -e "$ADJTIME" ]
	done
	for args in "-w" "-s" "--set --date 2030-01-01" "--systz" "-a"; do
		run --separate-stderr hwclock $args --test
		expect [ "$status" -eq 0 ]
		expect grep -qx "Test mode: nothing was changed." <<< "$output"
		nothing_changed
		expect [ ! -e "$ADJTIME" ]
	done
}

@test "--no-verify returns right after the write" {
	run --separate-stderr rtcctl systohc --no-verify
	expect [ "$status" -eq 0 ]
	expect [ "$(passed)" -lt 600000000 ]
	refute_residual() { ! grep -q Residual <<< "$output"; }
	expect refute_residual
}

@test "clock set in local time" {
	export TZ=America/New_York
	run --separate-stderr rtcctl systohc -l
	expect [ "$status" -eq 0 ]
	expect [ "$(abs $(($(truth) + 5 * 3600000000000)))" -le 60000 ]
	expect [ "$(sed -n 3p "$ADJTIME")" = LOCAL ]
}

@test "hctosys: the system takes the clock's time" {
	for phase in 000001 25 5 985; do
		fresh
		FAKE_RTC=1795392000.$phase run --separate-stderr rtcctl hctosys --json
		expect [ "$status" -eq 0 ]
		expect [ "$(abs "$(truth)")" -le "$(number bound_ns)" ]
		expect [ "$(abs "$(truth)")" -le 100000 ]
	done
}

@test "hctosys: UTC locks the warp, local time uses it" {
	export TZ=Europe/Berlin
	rtcctl hctosys -u > /dev/null
	expect [ "$(head -n 2 "$FAKE_LOG")" = "timezone 0
timezone -60" ]
	expect [ "$(abs "$(truth)")" -le 100000 ]
	fresh
	: > "$FAKE_LOG"
	rtcctl hctosys -l > /dev/null
	expect [ "$(head -n 1 "$FAKE_LOG")" = "timezone -60" ]
	expect [ "$(abs $(($(truth) - 3600000000000)))" -le 100000 ]
}

@test "hctosys around a change of daylight saving: the timezone of then" {
	# New York, 2026-03-08 03:30 EDT, half an hour after the change; the clock has local time.
	export TZ=America/New_York FAKE_REAL=1772955000.25 FAKE_RTC=1772940600.25
	for tool in "rtcctl hctosys -l" "hwclock -s -l"; do
		fresh
		: > "$FAKE_LOG"
		$tool > /dev/null
		expect [ "$(head -n 1 "$FAKE_LOG")" = "timezone 240" ]
	done
}

@test "hctosys corrects the drift that adjtime knows" {
	# 2 s a day, ten days ago.
	printf '2.0 1794528000 0.0\n1794528000\nUTC\n' > "$ADJTIME"
	rtcctl hctosys > /dev/null
	expect [ "$(abs $(($(truth) + 20000000000)))" -le 200000 ]
}
