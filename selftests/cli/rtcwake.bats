# SPDX-License-Identifier: GPL-2.0
# The rtcwake face: what it does right where util-linux's does not. That the
# rest is the same is in compatibility.bats.

load helper

setup() {
	setup_clock
	STATE=$RTCCTL_ROOT/sys/power/state
	mkdir -p "${STATE%/*}" "$CLASS/device/power"
	echo "freeze mem disk" > "$STATE"
	echo enabled > "$CLASS/device/power/wakeup"
}

# Only these lines were noted.
noted() { expect [ "$(cat "$FAKE_LOG")" = "$1" ]; }

fresh_log() {
	fresh
	: > "$FAKE_LOG"
}

@test "the default mode sleeps, as deep as the system can without a disk" {
	for states in "freeze mem disk:mem" "standby freeze:standby" "freeze disk:freeze"; do
		fresh_log
		echo "${states%:*}" > "$STATE"
		run --separate-stderr rtcwake -u -s 60
		expect [ "$status" -eq 0 ]
		expect [ "$output" = "rtcwake: wakeup from \"${states#*:}\" using /dev/rtc0 at Mon Nov 23 00:01:01 2026" ]
		expect [ "$(cat "$STATE")" = "${states#*:}" ]
		noted "alarm on 1795392061
alarm off 1795392061"
	done
}

@test "a job in the background of a terminal is not stopped for a key that was pressed" {
	run in_background "$TOOLS/rtcwake" -u -s 60 -m mem <<< key
	expect [ "$status" -eq 0 ]
	expect [ "$(cat "$STATE")" = mem ]
}

@test "no sleep states: what else is wrong comes first, and a dry run needs none" {
	rm -f "$STATE"
	run --separate-stderr rtcwake
	expect [ "$status" -eq 1 ]
	expect grep -q "must provide wake time" <<< "$stderr"
	run --separate-stderr rtcwake -n -s 5 -u
	expect [ "$status" -eq 0 ]
	expect grep -q '^rtcwake: wakeup from "suspend" using /dev/rtc0' <<< "$output"
	nothing_changed
}

@test "no sleep states: said before anything is armed; the other modes work" {
	for states in "" disk; do
		echo "$states" > "$STATE"
		run --separate-stderr rtcwake -u -s 60
		refused_with "cannot sleep: /sys/power/state offers neither mem, standby nor freeze"
	done
	rm "$STATE"
	for mode in mem standby freeze disk bogus; do
		run --separate-stderr rtcwake -u -s 60 -m $mode
		expect [ "$status" -eq 1 ]
		expect [ "$stderr" = "rtcwake: unrecognized suspend state '$mode'
This system cannot sleep: /sys/power/state offers nothing." ]
		nothing_changed
	done
	for mode in no on off; do
		fresh_log
		run --separate-stderr rtcwake -u -s 60 -m $mode
		expect [ "$status" -eq 0 ]
		expect grep -qx "alarm on 1795392061" "$FAKE_LOG"
	done
	for mode in show disable; do
		run --separate-stderr rtcwake -u -m $mode
		expect [ "$status" -eq 0 ]
	done
	run --separate-stderr rtcwake --list-modes
	expect [ "$output" = "off no on disable show " ]
}

@test "a sleep that fails leaves no alarm, and is a failure" {
	FAKE_SLEEP=1 run --separate-stderr rtcwake -u -s 60 -m mem
	expect [ "$status" -eq 1 ]
	expect [ "$stderr" = "rtcwake: cannot suspend to \"mem\", the alarm is off again: No space left on device" ]
	noted "alarm on 1795392061
alarm off 1795392061"
}

@test "a shutdown that fails leaves no alarm" {
	FAKE_EXEC=13 run -127 --separate-stderr rtcwake -u -s 60 -m off
	expect [ "$stderr" = "rtcwake: failed to execute /sbin/shutdown: Permission denied" ]
	noted "alarm on 1795392061
exec /sbin/shutdown -h -P now
alarm off 1795392061"
	fresh_log
	FAKE_SHUTDOWN=none run -127 --separate-stderr rtcwake -u -s 60 -m off
	expect [ "$stderr" = "rtcwake: failed to find shutdown command" ]
	expect [ "$(tail -n 1 "$FAKE_LOG")" = "alarm off 1795392061" ]
	fresh_log
	FAKE_SHUTDOWN=poweroff rtcwake -u -s 60 -m off
	expect grep -qx "exec /sbin/poweroff" "$FAKE_LOG"
}

@test "beyond the alarm's reach: an error, and the alarm of before is still there" {
	export FAKE_ALARM_REACH=86400 FAKE_ALARM=1795392333
	for when in "-s 86401" "-s 9223372036854775807" "-t 9223372036854775807" "-t 9999999999"; do
		fresh_log
		run --separate-stderr rtcwake -u -m no $when
		expect [ "$status" -eq 1 ]
		expect [ "$stderr" = "rtcwake: set rtc wake alarm failed: the clock's alarm does not reach so far" ]
		run --separate-stderr rtcwake -u -m show
		expect [ "$output" = "alarm: on  Mon Nov 23 00:05:33 2026" ]
	done
	expect rtcwake -u -m no -s 86399
}

@test "an alarm that the clock did not take is found by reading it back" {
	FAKE_ALARM_SET=lost run --separate-stderr rtcwake -u -m mem -s 60
	expect [ "$status" -eq 1 ]
	expect [ "$stderr" = "rtcwake: set rtc wake alarm failed: another alarm was read back" ]
	expect [ "$(cat "$STATE")" = "freeze mem disk" ]
	FAKE_ALARM_SET=5 run --separate-stderr rtcwake -u -m mem -s 60
	expect [ "$stderr" = "rtcwake: set rtc wake alarm failed: Input/output error" ]
	# Nor one that would come an hour later.
	FAKE_ALARM_LATE=3600 run --separate-stderr rtcwake -u -m mem -s 60
	expect [ "$status" -eq 1 ]
	expect [ "$stderr" = "rtcwake: set rtc wake alarm failed: another alarm was read back" ]
}

@test "a clock without an alarm" {
	FAKE_FEATURES=0x10 FAKE_ALARM_SET=22 run --separate-stderr rtcwake -u -m no -s 60
	expect [ "$status" -eq 1 ]
	expect [ "$stderr" = "rtcwake: set rtc wake alarm failed: Operation not supported" ]
}

@test "a time of day that is past is tomorrow's" {
	export FAKE_REAL=1795435200.25 FAKE_RTC=1795435200.65 TZ=Europe/Berlin
	# 13:00 in Berlin.
	rtcwake -l -m no --date 07:30 > /dev/null
	expect grep -qx "alarm on $(date -u -d "2026-11-24 06:30" +%s)" "$FAKE_LOG"
	fresh_log
	rtcwake -u -m no --date 23:30:05 > /dev/null
	expect grep -qx "alarm on $(date -u -d "2026-11-23 22:30:05" +%s)" "$FAKE_LOG"
	# A whole date that is past stays an error.
	fresh_log
	run --separate-stderr rtcwake -u -m no --date "2026-11-23 07:30"
	refused_with_lines "time doesn't go backward to Mon Nov 23 06:30:00 2026"
}

# As refused_with(), but util-linux's message ends in an empty line.
refused_with_lines() {
	expect [ "$status" -eq 1 ]
	expect [ "${stderr_lines[0]}" = "rtcwake: $1" ]
	nothing_changed
}

@test "a clock in local time, by option and by adjtime" {
	export TZ=America/New_York FAKE_RTC=1795374000.65
	local output_of_option
	run --separate-stderr rtcwake -l -m no -s 60
	expect [ "$output" = "rtcwake: wakeup using /dev/rtc0 at Sun Nov 22 19:01:01 2026" ]
	noted "alarm on 1795374061"
	output_of_option=$output
	fresh_log
	printf '0 0 0\n0\nLOCAL\n' > "$ADJTIME"
	run --separate-stderr rtcwake -m no -s 60
	expect [ "$output" = "$output_of_option" ]
	run --separate-stderr rtcwake -m show
	expect [ "$output" = "alarm: on  Sun Nov 22 19:01:01 2026" ]
}

@test "adjtime whose timescale cannot be read: UTC, and said so" {
	printf '0 0 0\n0\nFOO\n' > "$ADJTIME"
	TZ=Europe/Berlin run --separate-stderr rtcwake -m no -s 60
	expect [ "$output" = "rtcwake: assuming RTC uses UTC ...
rtcwake: wakeup using /dev/rtc0 at Mon Nov 23 00:01:01 2026" ]
	expect [ "$stderr" = "rtcwake: unexpected line 3 in: $ADJTIME: neither UTC nor LOCAL" ]
}

@test "waking not enabled: an error where the system sleeps, no matter otherwise" {
	echo disabled > "$CLASS/device/power/wakeup"
	for mode in mem off; do
		run --separate-stderr rtcwake -u -m $mode -s 60
		refused_with "rtcwake: /dev/rtc0 not enabled for wakeup events"
	done
	for mode in no on; do
		expect rtcwake -u -m $mode -s 60
	done
	for mode in show disable; do
		expect rtcwake -u -m $mode
	done
}

@test "on: waits until the alarm; an interrupt that never comes does not hang it" {
	rtcwake -u -m on -s 60
	# Armed for one second more, by a clock at .65.
	expect [ $(($(passed) / 1000000)) -ge 60349 ]
	expect [ $(($(passed) / 1000000)) -le 60360 ]
	fresh_log
	FAKE_TICKS=none run --separate-stderr rtcwake -u -m on -s 60
	expect [ "$status" -eq 0 ]
	expect [ "$stderr" = "rtcwake: /dev/rtc0 sent no alarm interrupt: found by reading it that the time is past" ]
	expect [ $(($(passed) / 1000000)) -le 64000 ]
}

@test "dry run: nothing changed in any mode" {
	export FAKE_ALARM=1795392333
	for args in "-s 5 -m mem" "-s 5 -m no" "-s 5 -m on" "-s 5 -m off" "-m disable" "-m show" "-s 5"; do
		run --separate-stderr rtcwake -n -u $args
		expect [ "$status" -eq 0 ]
		nothing_changed
		expect [ "$(cat "$STATE")" = "freeze mem disk" ]
	done
}

@test "wrong use" {
	for args in "-s 5 extra:unexpected argument 'extra'" "-s -5:invalid seconds argument: '-5'" \
		"-s 1.5:invalid seconds argument: '1.5'" "-s 5 -u -f:invalid option -- 'f'" \
		"-m no:must provide wake time" "-m no -s 0:must provide wake time" \
		"-u -l -s 5:mutually exclusive arguments: --auto --local --utc" \
		"--date nonsense -u:invalid time value \"nonsense\": accepted are YYYY"; do
		run --separate-stderr rtcwake ${args%%:*}
		expect [ "$status" -eq 1 ]
		expect grep -qF "rtcwake: ${args#*:}" <<< "${stderr_lines[0]}"
		nothing_changed
	done
}
