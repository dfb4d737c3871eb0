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

@test "clock that agrees: nothing written, nothing noted" {
	setup_clock rtc-mc146818
	add_ptp 5000
	export FAKE_SET=exact FAKE_RTC=$FAKE_REAL
	run --separate-stderr rtcctl systohc
	expect [ "$status" -eq 0 ]
	expect grep -qx "Written  no: the clock agrees within its bound" <<< "$output"
	nothing_changed
	fresh
	FAKE_RTC=1795392000.2501 run --separate-stderr rtcctl systohc
	expect grep -qx "Written   yes" <<< "$output"
	expect grep -q "^rtc " "$FAKE_LOG"
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

@test "hctosys corrects the drift that adjtime knows" {
	# 2 s a day, ten days ago.
	printf '2.0 1794528000 0.0\n1794528000\nUTC\n' > "$ADJTIME"
	rtcctl hctosys > /dev/null
	expect [ "$(abs $(($(truth) + 20000000000)))" -le 200000 ]
}
