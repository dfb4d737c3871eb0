# SPDX-License-Identifier: GPL-2.0
# rtcctl doctor: each finding provoked, and nothing found where nothing is wrong.

load helper

# All is well: a clock that is 0.4 s ahead, with interrupts, set at boot.
setup() {
	setup_clock
	mkdir -p "$RTCCTL_ROOT/sys/devices/system/clocksource/clocksource0" "$RTCCTL_ROOT/run"
	CLOCKSOURCE=$RTCCTL_ROOT/sys/devices/system/clocksource/clocksource0/current_clocksource
	echo tsc > "$CLOCKSOURCE"
	echo "0.0 0 0.0
0
UTC" > "$ADJTIME"
	export FAKE_FEATURES=0x11
}

# doctor says $1 $2 (severity and id), and nothing else; the rest is words of the finding.
finds() {
	local severity=$1 id=$2 word
	shift 2
	run --separate-stderr rtcctl doctor --json "${ARGS[@]}"
	expect jq -e --arg id "$id" --arg severity "$severity" \
		'.doctor.findings | length == 1 and .[0].id == $id and .[0].severity == $severity
			and (.[0].advice | length) > 10' <<< "$output"
	case $severity in
	error) expect [ "$status" -eq 2 ] ;;
	warning) expect [ "$status" -eq 1 ] ;;
	note) expect [ "$status" -eq 0 ] ;;
	esac
	for word; do
		expect grep -qF -- "$word" <<< "$output"
	done
	nothing_changed
}

healthy() {
	run --separate-stderr rtcctl doctor --json "${ARGS[@]}"
	expect [ "$status" -eq 0 ]
	expect jq -e '.doctor.findings == []' <<< "$output"
	nothing_changed
}

@test "healthy" {
	healthy
	run --separate-stderr rtcctl doctor
	expect [ "$status" -eq 0 ]
	expect [ "$output" = "/dev/rtc0 (rtc_cmos): nothing found that is wrong" ]
	setup_clock rtc-mc146818
	healthy
}

@test "no-clock, vm-without-clock, container" {
	rm -r "$RTCCTL_ROOT/sys/class" "$RTCCTL_ROOT/sys/dev"
	export FAKE_DEVICE=/dev/rtc9
	finds error no-clock "no driver has bound one"
	echo "flags : fpu vme hypervisor lahf_lm" > "$RTCCTL_ROOT/proc/cpuinfo"
	finds error vm-without-clock emulated=1
	touch "$RTCCTL_ROOT/run/.containerenv"
	finds error container
}

@test "no-node, in a container and elsewhere" {
	export FAKE_DEVICE=/dev/rtc9
	finds error no-node "/dev/rtc0" mknod
	touch "$RTCCTL_ROOT/.dockerenv"
	finds error container "/dev/rtc0"
}

@test "no-permission" { FAKE_OPEN=13 finds error no-permission "as root"; }

@test "not-opened" { FAKE_OPEN=5 finds error not-opened "Input/output error"; }

@test "busy, and by whom" {
	export FAKE_OPEN=16
	finds warning busy
	# The fake's device has the number of this one here.
	export FAKE_NUMBER=1:3
	mkdir -p "$RTCCTL_ROOT/proc/4711/fd"
	echo chronyd > "$RTCCTL_ROOT/proc/4711/comm"
	ln -s /dev/null "$RTCCTL_ROOT/proc/4711/fd/3"
	finds warning busy "chronyd (pid 4711)"
}

@test "ports-held" {
	mkdir -p "$RTCCTL_ROOT/sys/module/rtc_mc146818"
	finds warning ports-held share=off
	echo "rtc-mc146818 00:03" > "$CLASS/name"
	healthy
	# The kernel lists the ports as rtc_cmos's also where there is no clock.
	echo "  0070-0077 : rtc_cmos" > "$RTCCTL_ROOT/proc/ioports"
	echo "rtc-ds1307 0-0068" > "$CLASS/name"
	healthy
}

@test "ticks-lost, to ACPI, to the HPET, to nobody known" {
	export FAKE_TICKS=none
	finds error ticks-lost /proc/interrupts
	mkdir -p "$RTCCTL_ROOT/proc/driver"
	echo "HPET_emulated	: yes" > "$RTCCTL_ROOT/proc/driver/rtc"
	finds error ticks-lost-hpet hpet=disable
	mkdir -p "$RTCCTL_ROOT/sys/module/rtc_cmos/parameters"
	echo Y > "$RTCCTL_ROOT/sys/module/rtc_cmos/parameters/use_acpi_alarm"
	finds error ticks-lost-acpi rtc_cmos.use_acpi_alarm=0
	echo N > "$RTCCTL_ROOT/sys/module/rtc_cmos/parameters/use_acpi_alarm"
	finds error ticks-lost-hpet
}

@test "ticks-by-hpet" {
	mkdir -p "$RTCCTL_ROOT/proc/driver"
	echo "HPET_emulated	: yes" > "$RTCCTL_ROOT/proc/driver/rtc"
	finds warning ticks-by-hpet "64 times"
	mkdir -p "$RTCCTL_ROOT/sys/class/rtc/rtc1"
	echo "rtc-mc146818 mc146818-shared" > "$RTCCTL_ROOT/sys/class/rtc/rtc1/name"
	finds note ticks-by-hpet "clock of rtc-mc146818"
	rm -r "$RTCCTL_ROOT/sys/class/rtc/rtc1"
	echo "HPET_emulated	: no" > "$RTCCTL_ROOT/proc/driver/rtc"
	healthy
}

@test "no-update-interrupt" { FAKE_TICKS=refused finds note no-update-interrupt polling; }

@test "set-stuck, divider-stopped, stopped" {
	export FAKE_STOPPED=1
	finds error stopped "as root"
	FAKE_PORTS="0x26 0x82 0x80" finds error set-stuck 0x82
	FAKE_PORTS="0x66 0x02 0x80" finds error divider-stopped 0x66
	FAKE_PORTS="0x26 0x02 0x80" finds error stopped oscillator
	# Another chip's registers are not there.
	setup_clock rtc-ds1307
	FAKE_PORTS="0x26 0x82 0x80" finds error stopped
}

@test "a driver that refuses to read a clock that stands still" {
	FAKE_READ=5 FAKE_PORTS="0x26 0x82 0x80" finds error set-stuck
	# For another reason than that, or one that cannot be seen.
	FAKE_READ=5 FAKE_PORTS="0x26 0x02 0x80" finds error unreadable "Input/output error"
	FAKE_READ=5 finds error unreadable "Input/output error"
}

@test "invalid-date, unreadable" {
	FAKE_READ=22 finds error invalid-date "rtcctl systohc"
	FAKE_READ=6 finds error unreadable "No such device or address"
}

@test "battery" {
	FAKE_VL=1 finds error battery "not to be trusted"
	FAKE_VL=4 finds error battery empty
	FAKE_VL=2 finds warning battery low
	FAKE_VL=16 healthy
	mkdir -p "$RTCCTL_ROOT/proc/driver"
	echo "batt_status	: okay" > "$RTCCTL_ROOT/proc/driver/rtc"
	healthy
	echo "batt_status	: dead" > "$RTCCTL_ROOT/proc/driver/rtc"
	finds error battery
}

@test "timescale" {
	export TZ=Asia/Kolkata FAKE_RTC=$((1795392000 + 19800)).5
	finds error timescale "kept in local time" "says UTC (in its third line)"
	sed -i 's/UTC/LOCAL/' "$ADJTIME"
	fresh
	FAKE_RTC=1795392000.5 run --separate-stderr rtcctl doctor --json
	expect jq -e '[.doctor.findings[].id] | index("timescale")' <<< "$output"
	# One that says nothing means UTC.
	rm "$ADJTIME"
	fresh
	finds error timescale "by saying nothing"
}

@test "kernel-timezone" {
	export TZ=Asia/Kolkata FAKE_RTC=$((1795392000 + 19800)).5
	sed -i 's/UTC/LOCAL/' "$ADJTIME"
	finds warning kernel-timezone -330
	fresh
	fake "$TOOLS/hwclock" --systz --localtime
	: > "$FAKE_LOG"
	run --separate-stderr rtcctl doctor --json
	expect jq -e '[.doctor.findings[].id] | index("kernel-timezone") == null' <<< "$output"
}

@test "off-by-hours, off-by-seconds" {
	FAKE_RTC=$((1795392000 - 7200)) finds error off-by-hours "behind"
	fresh
	FAKE_RTC=1795392030 finds warning off-by-seconds "ahead of"
}

@test "adjtime-malformed, adjtime-unreadable" {
	echo "0.1 oops" > "$ADJTIME"
	finds error adjtime-malformed "line 1: no time of the last adjustment"
	printf '0 0 0\n0\nZULU\n' > "$ADJTIME"
	finds error adjtime-malformed "line 3"
	ARGS=(--adjfile /)
	finds error adjtime-unreadable
}

@test "drift-factor, drift-and-sync" {
	printf '%s\n' "9999.0 1795000000 0.0" 0 UTC > "$ADJTIME"
	finds warning drift-factor
	printf '%s\n' "0.25 1795000000 0.0" 0 UTC > "$ADJTIME"
	healthy
	FAKE_SYNC=1 finds warning drift-and-sync 0.250000
}

@test "alarm-past, no-wakeup" {
	mkdir -p "$CLASS/device/power"
	echo enabled > "$CLASS/device/power/wakeup"
	export FAKE_TICKS=none FAKE_ALARM=1795391000 FAKE_ALARM_SET=kept
	run --separate-stderr rtcctl doctor --json
	expect jq -e '[.doctor.findings[].id] == ["ticks-lost", "alarm-past"]' <<< "$output"
	unset FAKE_TICKS
	fresh
	FAKE_ALARM=1795399000 healthy
	echo disabled > "$CLASS/device/power/wakeup"
	fresh
	FAKE_ALARM=1795399000 finds warning no-wakeup "echo enabled"
}

@test "no-hctosys" {
	echo 0 > "$CLASS/hctosys"
	# A kernel that has the time lacks nothing, wherever it had it from.
	healthy
	fresh
	FAKE_RTC=1795392030 run --separate-stderr rtcctl doctor --json
	expect jq -e '[.doctor.findings[].id] == ["off-by-seconds", "no-hctosys"]' <<< "$output"
	expect grep -qF initramfs <<< "$output"
}

@test "clocksource" {
	for name in hpet acpi_pm refined-jiffies; do
		echo $name > "$CLOCKSOURCE"
		finds warning clocksource "$name"
	done
	echo kvm-clock > "$CLOCKSOURCE"
	healthy
}

@test "stolen time" {
	echo 'cpu  100 0 0 850 0 0 0 50 20 0' > "$RTCCTL_ROOT/proc/stat"
	finds warning steal '5.0 %'
	echo 'cpu  100 0 0 860 0 0 0 40 20 0' > "$RTCCTL_ROOT/proc/stat"
	healthy
}

@test "the worst counts, and the screen names each" {
	echo hpet > "$CLOCKSOURCE"
	FAKE_RTC=1 run --separate-stderr rtcctl doctor
	expect [ "$status" -eq 2 ]
	expect grep -q "^error *off-by-hours " <<< "$output"
	expect grep -q "^warning *clocksource " <<< "$output"
	expect [ "${lines[-1]}" = "/dev/rtc0 (rtc_cmos): 1 error, 1 warning" ]
	expect [ "$(wc -L <<< "$output")" -le 80 ]
	run --separate-stderr rtcctl doctor --frobnicate
	expect [ "$status" -eq 64 ]
}
