# SPDX-License-Identifier: GPL-2.0
# Whole machines (umockdev): several clocks at once, of other drivers than ours, in real
# time; the tools find them in /sys and /dev themselves. Beside util-linux where it has
# the same.

load helper

PC=rtc_cmos,hctosys,wakeup,features=1,alarm=3600
PLAIN=rtc-ds1307,ahead=90000,no-alarm
DEAD=rtc-dead,read=5,set=22,voltage=4

setup_file() {
	# shellcheck disable=SC2046 # a list of options
	cc -D_GNU_SOURCE -O1 -Wall -Wextra -Werror \
		-o "$BATS_FILE_TMPDIR/fake-machine" "$BATS_TEST_DIRNAME/fake-machine.c" \
		$(pkg-config --cflags --libs umockdev-1.0)
}

setup() {
	export TZ=UTC LC_ALL=C
	UTC=(--utc --noadjfile)
}

# in_machine CLOCK... -- COMMAND...
in_machine() { umockdev-wrapper "$BATS_FILE_TMPDIR/fake-machine" "$@"; }

# on CLOCK... -- COMMAND...: by bats's run
on() { run --separate-stderr in_machine "$@"; }

# set_on CLOCK... -- COMMAND...: the same; again where it says that the machine was too busy
set_on() {
	local tries

	for tries in {1..20}; do
		on "$@"
		[[ $stderr == *"too busy to meet the right moment" ]] || return 0
	done
}

# is_about SECONDS FILTER: a number of the JSON in $output, give or take a busy machine's minute
is_about() { expect jq -e "$2 | . > $1 - 60 and . < $1 + 60" <<< "$output"; }

# seconds_of DATE
seconds_of() { date -d "$1" +%s; }

@test "each clock of a machine has its row" {
	on "$PC" "$PLAIN" "$DEAD" -- "$TOOLS/rtcctl" alarm list --json
	expect [ "$status" -eq 0 ]
	expect jq -e '[.alarm.alarms[] | .clock, .driver, .state, .wakes] == ["rtc0", "rtc_cmos", "armed",
		true, "rtc1", "rtc-ds1307", "none", null, "rtc2", "rtc-dead", "off", null]' <<< "$output"
	is_about 3600 '.alarm.alarms[0].left_s'
	on "$PC" "$DEAD" -- "$TOOLS/rtcctl" metrics
	expect grep -qx 'rtcctl_rtc_readable{clock="rtc0"} 1' <<< "$output"
	expect grep -qx 'rtcctl_rtc_readable{clock="rtc1"} 0' <<< "$output"
	expect grep -qx 'rtcctl_rtc_info{clock="rtc1",driver="rtc-dead"} 1' <<< "$output"
}

@test "a clock without interrupts is read by polling for its tick" {
	on "$PC" "$PLAIN" -- "$TOOLS/rtcctl" show --rtc /dev/rtc1 "${UTC[@]}" --json
	expect [ "$status" -eq 0 ]
	expect grep -q "refuses update interrupts: found its tick by polling" <<< "$stderr"
	is_about 90000 '.show.offset_ns / 1000000000'
	on "$PLAIN" -- sh -c "/usr/sbin/hwclock -r ${UTC[*]} && $TOOLS/hwclock -r ${UTC[*]}"
	expect [ "$status" -eq 0 ]
	[[ ${lines[1]} =~ ^[0-9-]+\ [0-9:]+\.[0-9]{6}\+00:00$ ]]
	later=$(($(seconds_of "${lines[1]}") - $(seconds_of "${lines[0]}")))
	expect [ $later -ge 0 ]
	expect [ $later -lt 60 ]
}

@test "what is set is shown by util-linux, and the other way round" {
	for setter in "$TOOLS/hwclock" /usr/sbin/hwclock; do
		for shower in "$TOOLS/hwclock" /usr/sbin/hwclock; do
			set_on "$PC" "$PLAIN" -- sh -c "
				$setter --set --date '2030-01-01 12:00:00' -f /dev/rtc1 ${UTC[*]} &&
				$shower -r -f /dev/rtc1 ${UTC[*]} && $shower -r -f /dev/rtc0 ${UTC[*]}"
			expect [ "$status" -eq 0 ]
			[[ ${lines[0]} == "2030-01-01 12:00:"* ]]
			[[ ${lines[1]} != 2030-* ]]
		done
	done
}

@test "a clock that cannot be read or set" {
	on "$PC" "$DEAD" -- "$TOOLS/rtcctl" show --rtc /dev/rtc1 "${UTC[@]}"
	expect [ "$status" -eq 1 ]
	expect [ "$stderr" = "rtcctl: cannot read /dev/rtc1: Input/output error" ]
	set_on "$PC" "$DEAD" -- "$TOOLS/rtcctl" set "2030-01-01 00:00" --rtc /dev/rtc1 "${UTC[@]}"
	expect [ "$status" -eq 1 ]
	expect grep -q "cannot set /dev/rtc1: the clock cannot hold this date: Invalid argument" <<< "$stderr"
	for hwclock in "$TOOLS/hwclock" /usr/sbin/hwclock; do
		on "$PC" "$DEAD" -- "$hwclock" -r -f /dev/rtc1 "${UTC[@]}"
		expect [ "$status" -eq 1 ]
		expect [ "$stderr" = "hwclock: ioctl(RTC_RD_TIME) to /dev/rtc1 to read the time failed: Input/output error" ]
	done
}

@test "doctor names the clock that fails, and why" {
	on "$PC" "$DEAD" -- "$TOOLS/rtcctl" doctor --rtc /dev/rtc1 --noheadings --output severity,id,finding
	expect [ "$status" -eq 2 ]
	expect grep -q "^error *unreadable */dev/rtc1 cannot be read: Input/output error" <<< "$output"
	expect grep -q "^error *battery .*empty" <<< "$output"
	on "$PC" "$PLAIN" -- "$TOOLS/rtcctl" doctor --rtc /dev/rtc1 --noheadings --output severity,id,finding
	expect grep -q "^error *off-by-hours .*1 d 0[01]:[0-9:]* ahead" <<< "$output"
	expect grep -q "^note *no-update-interrupt " <<< "$output"
}

# The alarm is moved by the clock minus the system, in whole seconds: that may come out as one.
@test "rtcwake as util-linux's" {
	local program answers=()

	for program in "$TOOLS/rtcwake" /usr/sbin/rtcwake; do
		on "$PC" "$PLAIN" -- sh -c "
			$program -u -d rtc0 -m no -t 2000000000 && $program -u -d rtc0 -m show
			$program -u -d rtc0 -m disable && $program -u -d rtc0 -m show
			$program -u -d rtc0 -m show -n"
		expect [ "$status" -eq 0 ]
		expect [ -z "$stderr" ]
		answers+=("$(sed 's/03:33:\(19\|2[0-2]\)/03:33:20/' <<< "$output")")
	done
	expect grep -q "alarm: on  Wed May 18 03:33:20 2033" <<< "${answers[0]}"
	expect [ "${answers[0]}" = "${answers[1]}" ]
}

@test "alarms where there are none" {
	on "$PC" "$PLAIN" -- "$TOOLS/rtcctl" alarm set +90s --rtc /dev/rtc1
	expect [ "$status" -eq 1 ]
	expect [ "$stderr" = "rtcctl: /dev/rtc1: the clock has no alarm" ]
}

# shown_by_rtcctl CLOCK...: the clock that it takes where none is named
shown_by_rtcctl() {
	on "$@" -- "$TOOLS/rtcctl" info "${UTC[@]}" --json
	expect [ "$status" -eq 0 ]
	jq -r .info.device <<< "$output"
}

OURS=rtc-mc146818

@test "a date beyond 2261 is told as what it is, and can be set right" {
	# 2300; and as far ahead as 64 bits of nanoseconds go round.
	for ahead in 8630000000 18446744073 200000000000; do
		for tool in "rtcctl show" "rtcctl hctosys --test" "rtcctl adjust" "hwclock -r" "hwclock -s --test"; do
			printf '0.1 1795392000 0\n0\nUTC\n' > "$BATS_TEST_TMPDIR/adjtime"
			on "rtc-odd,ahead=$ahead" -- "$TOOLS/${tool%% *}" ${tool#* } --adjfile "$BATS_TEST_TMPDIR/adjtime"
			expect [ "$status" -eq 1 ]
			expect grep -q "/dev/rtc0 shows a date beyond the year 2261" <<< "$stderr"
		done
		on "rtc-odd,ahead=$ahead" -- "$TOOLS/rtcctl" doctor --noheadings --output id,finding
		expect grep -q "^invalid-date */dev/rtc0 shows a date beyond the year 2261" <<< "$output"
		on "rtc-odd,ahead=$ahead" -- "$TOOLS/rtcctl" metrics
		expect grep -qx 'rtcctl_rtc_readable{clock="rtc0"} 0' <<< "$output"
		set_on "rtc-odd,ahead=$ahead" -- sh -c "$TOOLS/rtcctl systohc ${UTC[*]} && $TOOLS/rtcctl show ${UTC[*]} --json"
		expect [ "$status" -eq 0 ]
	done
	on "rtc-odd,ahead=7000000000" -- "$TOOLS/rtcctl" show "${UTC[@]}" --json
	is_about 7000000000 '.show.offset_ns / 1000000000'
}

@test "which clock rtcctl takes" {
	# Ours, beside the one that holds the chip too, or after a takeover.
	expect [ "$(shown_by_rtcctl "$PC,link" "$OURS")" = /dev/rtc1 ]
	expect [ "$(shown_by_rtcctl - "$OURS")" = /dev/rtc1 ]
	# An emulated one is nobody's clock, unless there is no other.
	expect [ "$(shown_by_rtcctl "$OURS,emulated" "$PLAIN")" = /dev/rtc1 ]
	expect [ "$(shown_by_rtcctl - "$OURS,emulated")" = /dev/rtc1 ]
	# /dev/rtc; the only one; the one that set the system.
	expect [ "$(shown_by_rtcctl "$PLAIN" "$PLAIN,link")" = /dev/rtc1 ]
	expect [ "$(shown_by_rtcctl - - "$PLAIN")" = /dev/rtc2 ]
	expect [ "$(shown_by_rtcctl "$PLAIN" "$PLAIN,hctosys")" = /dev/rtc1 ]
	expect [ "$(shown_by_rtcctl "$PLAIN" "$PLAIN")" = /dev/rtc0 ]
}

@test "doctor looks at every clock, and a clock without interrupts is healthy" {
	on "$PC" "$PLAIN" "$DEAD" -- "$TOOLS/rtcctl" doctor --json -u --noadjfile
	expect [ "$status" -eq 2 ]
	expect jq -e '[.doctor.findings[] | select(.clock == "rtc2") | .id] | contains(["unreadable", "battery"])' <<< "$output"
	expect jq -e '[.doctor.findings[] | select(.clock == "rtc1") | .id + " " + .severity] |
		contains(["no-update-interrupt note", "off-by-hours warning"])' <<< "$output"
	on "$PC" "$PLAIN" "$DEAD" -- "$TOOLS/rtcctl" doctor --rtc rtc0 --json -u --noadjfile
	expect jq -e 'all(.doctor.findings[]; .clock == "rtc0" or .clock == null)' <<< "$output"
}

@test "doctor says which clock it took, and names none that is not there" {
	on "$PC" "$OURS" -- "$TOOLS/rtcctl" doctor
	expect grep -q "^/dev/rtc1 (rtc-mc146818), /dev/rtc0 (rtc_cmos): " <<< "$output"
	on - "$OURS" -- "$TOOLS/rtcctl" doctor
	expect grep -q "^/dev/rtc1 (rtc-mc146818): " <<< "$output"
	on - "$OURS" -- "$TOOLS/rtcctl" doctor --rtc rtc0 --noheadings --output id,finding,advice
	expect [ "$status" -eq 2 ]
	expect grep -q "^no-node *there is no /dev/rtc0; there is /dev/rtc1 (rtc-mc146818)" <<< "$output"
	no_mknod() { ! grep -q mknod <<< "$output"; }
	expect no_mknod
}

@test "an alarm goes to the clock that wakes the system" {
	on "$PC" "$OURS,no-alarm" -- "$TOOLS/rtcctl" alarm set +2h --json
	expect [ "$status" -eq 0 ]
	expect jq -e '.alarm.device == "/dev/rtc0"' <<< "$output"
	on "$PC" -- "$TOOLS/rtcctl" alarm list --rtc /dev/nonesuch
	expect [ "$status" -eq 1 ]
	expect [ "$stderr" = "rtcctl: /dev/nonesuch: sysfs knows no clock of this name" ]
}

@test "short names, wherever a path is" {
	on "$PC" "$PLAIN" -- "$TOOLS/rtcctl" info --rtc rtc1 "${UTC[@]}" --json
	expect jq -e '.info.device == "/dev/rtc1"' <<< "$output"
	on "$PC" "$PLAIN" -- "$TOOLS/rtcctl" alarm list --rtc rtc1 --json
	expect jq -e '[.alarm.alarms[].clock] == ["rtc1"]' <<< "$output"
	on "$PC,link" "$PLAIN" -- "$TOOLS/rtcctl" alarm list --rtc /dev/rtc --json
	expect jq -e '[.alarm.alarms[].clock] == ["rtc0"]' <<< "$output"
	on "$PC" "$PLAIN" -- "$TOOLS/hwclock" -r -f rtc1 "${UTC[@]}"
	expect [ "$status" -eq 0 ]
	on "$PLAIN" "$PC" -- "$TOOLS/rtcwake" -u -d rtc1 -m show
	expect [ "$status" -eq 0 ]
	on "$PC" -- "$TOOLS/rtcctl" info --rtc rtc7
	expect [ "$stderr" = "rtcctl: cannot open /dev/rtc7: No such file or directory" ]
}

@test "the faces take what others take, and else the only one" {
	on "$PC" "$OURS" -- "$TOOLS/hwclock" -r -v "${UTC[@]}"
	expect grep -qx "Trying to open: /dev/rtc0" <<< "$output"
	on - "$OURS" -- "$TOOLS/hwclock" -r -v "${UTC[@]}"
	expect [ "$status" -eq 0 ]
	expect grep -qx "Trying to open: /dev/rtc1" <<< "$output"
	on - "$OURS" -- "$TOOLS/rtcwake" -u -m show
	expect [ "$status" -eq 0 ]
	on - "$PLAIN" "$OURS" -- "$TOOLS/hwclock" -r "${UTC[@]}"
	expect [ "$status" -eq 1 ]
	expect grep -q "no clock: there is no /dev/rtc0, /dev/rtc or /dev/misc/rtc" <<< "$stderr"
}
