# SPDX-License-Identifier: GPL-2.0
# Reading: the bound holds, whatever the interrupts do, and no wait is long.

load helper

setup() { setup_clock; }

# The clock's fraction of a second at the start runs through the second.
each_phase() {
	for phase in 000001 003 125 25 4999 65 875 985 9985 999999; do
		fresh
		FAKE_RTC=1795392000.$phase "$@"
	done
}

# The offset shown is within the bound shown of the truth.
bound_holds() {
	run --separate-stderr rtcctl "$@" --json
	expect [ "$status" -eq 0 ]
	local error=$(($(number offset_ns) - $(truth)))
	expect [ "$(abs $error)" -le "$(number bound_ns)" ]
}

within_ms() { expect [ "$(passed)" -lt "${1}000000" ]; }

@test "by interrupt, on time and late" {
	for late in 0 500000 4000000 15600000 45000000; do
		export FAKE_LATE_NS=$late
		each_phase bound_holds show
		within_ms 1300
	done
}

@test "by interrupt: the bound is 11 ms at most" {
	FAKE_LATE_NS=2000000 each_phase bound_holds show
	expect [ "$(number bound_ns)" -le 11000000 ]
	expect grep -q '"method": "tick"' <<< "$output"
}

@test "interrupt that never comes: note, polling, no wait" {
	FAKE_TICKS=none each_phase bound_holds show
	within_ms 1300
	expect grep -q '"method": "poll"' <<< "$output"
	expect [ "$stderr" = "rtcctl: /dev/rtc0 sends no update interrupt: found its tick by polling" ]
}

@test "interrupt refused: polling to the millisecond" {
	FAKE_TICKS=refused each_phase bound_holds show
	within_ms 1300
	expect [ "$(number bound_ns)" -le 700000 ]
	expect grep -q "refuses update interrupts" <<< "$stderr"
}

@test "a driver that cannot tell its phase: the whole second, at once" {
	add_phase 2000
	FAKE_PTP_ERRNO=11 each_phase bound_holds show
	within_ms 100
	expect grep -q '"method": "second"' <<< "$output"
	expect [ "$(number bound_ns)" -ge 500000000 ]
}

@test "precise: one reading wide, one second more" {
	for ticks in interrupt none refused; do
		FAKE_TICKS=$ticks each_phase bound_holds show --precise
		within_ms 2500
		expect [ "$(number bound_ns)" -le 200000 ]
	done
}

@test "on a machine that is late to wake" {
	export FAKE_OVERSLEEP_NS=30000000
	for ticks in interrupt none refused; do
		FAKE_TICKS=$ticks each_phase bound_holds show
		FAKE_TICKS=$ticks each_phase bound_holds show --precise
	done
}

@test "clock that stands still: an error after little more than a second" {
	for ticks in interrupt none refused; do
		fresh
		FAKE_STOPPED=1 FAKE_TICKS=$ticks run --separate-stderr rtcctl show
		refused_with "rtcctl: /dev/rtc0 does not tick: its seconds stay the same"
		within_ms 2500
		FAKE_STOPPED=1 FAKE_TICKS=$ticks run --separate-stderr hwclock -r
		refused_with "hwclock: Timed out waiting for time change."
	done
}

@test "the driver's PTP clock answers at once" {
	setup_clock rtc-mc146818
	add_ptp 5000
	each_phase bound_holds show
	expect grep -q '"method": "ptp"' <<< "$output"
	# The narrowest of the samples, and the driver's own uncertainty.
	expect [ "$(number bound_ns)" -le 7600 ]
	within_ms 10
}

@test "the PTP clock's own error counts" {
	setup_clock rtc-mc146818
	add_ptp 5000
	FAKE_PTP_BIAS_NS=4900 bound_holds show
}

@test "PTP clock that is not locked: the second; silent about its error: a tick" {
	setup_clock rtc-mc146818
	add_ptp 5000
	FAKE_PTP_ERRNO=11 each_phase bound_holds show
	expect grep -q '"method": "second"' <<< "$output"
	rm "$CLASS/phase/uncertainty_ns"
	each_phase bound_holds show
	expect grep -q '"method": "tick"' <<< "$output"
}

@test "the driver's phase answers at once, and precisely if asked" {
	setup_clock rtc-mc146818
	add_phase 3000
	FAKE_PTP_BIAS_NS=2900 each_phase bound_holds show
	expect grep -q '"method": "phase"' <<< "$output"
	expect [ "$(number bound_ns)" -eq 3000 ]
	within_ms 1
	export FAKE_UNSETTLED=1
	each_phase bound_holds show
	expect [ "$(number bound_ns)" -eq 1000000 ]
	each_phase bound_holds show --precise
	expect [ "$(number bound_ns)" -le 20000 ]
	within_ms 3000
	FAKE_PHASE=50000 each_phase bound_holds show --precise
	within_ms 3000
	FAKE_PTP_ERRNO=11 each_phase bound_holds show
	expect grep -q '"method": "second"' <<< "$output"
	FAKE_PTP_ERRNO=11 each_phase bound_holds show --precise
	expect grep -q '"method": "\(tick\|poll\)"' <<< "$output"
}

@test "coasting: answers at once and says so; what it must not answer by waits for the edge" {
	setup_clock rtc-mc146818
	add_phase 3000
	export FAKE_COASTING=43200000000000
	each_phase bound_holds show
	within_ms 1
	expect jq -e '.show | .state == "coasting" and .method == "phase" and .edge_age_ns >= 43200000000000
		and .edge_age_ns < 43200001000000' <<< "$output"
	fresh
	run --separate-stderr rtcctl show
	expect grep -qx "Coasting  last edge 12:00:00 ago: a step of less than 1 s since then would not show" <<< "$output"
	# The driver has looked meanwhile.
	fake sleep 1.1
	run --separate-stderr rtcctl show --json
	expect jq -e '.show | .state == "locked" and .edge_age_ns == null' <<< "$output"
	each_phase bound_holds show --precise
	within_ms 1010
	expect jq -e '.show.state == "locked"' <<< "$output"
	FAKE_COASTING=never each_phase bound_holds show
	within_ms 1010
	expect jq -e '.show.state == "locked"' <<< "$output"
	for command in "rtcctl hctosys" "hwclock -s" "hwclock -r" "rtcctl drift record --file $BATS_TEST_TMPDIR/drift"; do
		fresh
		FAKE_RTC=1795392000.3 run --separate-stderr $command
		expect [ "$status" -eq 0 ]
		expect [ "$(passed)" -gt 690000000 ]
		within_ms 1100
	done
	fresh
	FAKE_REAL_SLEEP=1 run --separate-stderr rtcctl clocks --json
	expect jq -e '.clocks.clocks[0].remarks | test("coasting")' <<< "$output"
}

@test "hwclock shows the time at which it was started" {
	for phase in 000001 25 5 985; do
		fresh
		FAKE_RTC=1795392000.$phase run --separate-stderr hwclock -r
		expect [ "$status" -eq 0 ]
		# To the millisecond; an interrupt on time is at the edge.
		local shown=${output:20:6} true=${phase}00000
		local error=$(((10#$shown - 10#${true:0:6} + 1500000) % 1000000 - 500000))
		expect [ "$(abs $error)" -le 100 ]
	done
}

@test "show for people" {
	run --separate-stderr rtcctl
	expect [ "$status" -eq 0 ]
	expect [ "${lines[0]}" = "Clock     /dev/rtc0 (rtc_cmos)" ]
	expect grep -q "^Time      2026-11-23 00:00:01.0000[0-9]*+00:00$" <<< "$output"
	expect grep -q "^Offset    +[0-9.]* ms +/- [0-9.]* ms, the clock is ahead of the system$" <<< "$output"
}

@test "the hour that comes twice: the one nearer to the system, and said so" {
	export TZ=America/New_York
	# 2026-11-01 01:30, before (EDT, 05:30 UTC) and after (EST, 06:30) the clocks are put back.
	for real in 1793511000 1793514600; do
		fresh
		export FAKE_REAL=$real.25 FAKE_RTC=1793496600.25
		run --separate-stderr rtcctl show -l --json
		expect [ "$(abs "$(number offset_ns)")" -le "$(number bound_ns)" ]
		expect grep -q '"twice": true' <<< "$output"
		fresh
		rtcctl hctosys -l > /dev/null
		read -r now offset rest < "$FAKE_STATE" || :
		expect [ "$(abs $((now + offset - real * 1000000000)))" -le 2000000000 ]
	done
	fresh
	run --separate-stderr rtcctl show -l
	expect grep -qx "Twice     this local time comes twice: the one nearer to the system's was taken" <<< "$output"
	fresh
	FAKE_RTC=1793500200.25 run --separate-stderr rtcctl show -l --json
	expect grep -q '"twice": false' <<< "$output"
}

@test "an offset has the digits that its bound leaves it" {
	setup_clock rtc-mc146818
	add_phase 3000
	shows() {
		fresh
		FAKE_RTC=$1 run --separate-stderr rtcctl show
		expect grep -q "^Offset    $2 +/- 3.0 us" <<< "$output"
	}
	shows 1795392000.65 "+400.000 ms"
	shows 1795392004.250111 "+4.000111 s"
	shows 1795392061.251111 "+00:01:01.001111"
	shows 1795388399.250111 "-01:00:00.999889"
	shows 1795564800.250111 "+2 d 00:00:00.000111"
	setup_clock
	unset FAKE_PHASE
	rm -r "$CLASS/phase" "$CLASS/device/ptp"
	fresh
	FAKE_RTC=1795395600.65 run --separate-stderr rtcctl show
	expect grep -qE "^Offset    \+01:00:00\.(39|4)[0-9]{1,2} \+/- [0-9.]+ (m|u)s" <<< "$output"
}

@test "clock kept in local time" {
	export TZ=Europe/Berlin
	run --separate-stderr rtcctl show -l --json
	expect [ "$(abs $(($(number offset_ns) + 3600000000000 - $(truth))))" -le "$(number bound_ns)" ]
	printf '0.0 0 0.0\n0\nLOCAL\n' > "$ADJTIME"
	run --separate-stderr rtcctl show
	expect grep -qx "Kept in   local time" <<< "$output"
	run --separate-stderr rtcctl show -u
	expect grep -qx "Kept in   UTC" <<< "$output"
}

@test "being stopped at any moment widens the bound, and never makes it a lie" {
	local i error

	export FAKE_RTC=1795392000.985
	for i in {1..60}; do
		fresh
		FAKE_STALL=$i run --separate-stderr rtcctl show --json
		expect [ "$status" -eq 0 ]
		error=$(abs $(($(number offset_ns) - $(truth))))
		expect [ "$error" -le "$(number bound_ns)" ]
	done
}
