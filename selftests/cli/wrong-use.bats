# SPDX-License-Identifier: GPL-2.0
# Wrong use: one clear line, exit 1, nothing changed.

load helper

setup() { setup_clock; }

@test "missing device" {
	run --separate-stderr rtcctl systohc -f /dev/rtc7
	refused_with "rtcctl: cannot open /dev/rtc7: No such file or directory"
	run --separate-stderr hwclock -w -f /dev/rtc7
	expect [ "$status" -eq 1 ]
	expect grep -qx "hwclock: cannot open /dev/rtc7: No such file or directory" <<< "$stderr"
	expect grep -qxF "hwclock: Cannot access the Hardware Clock via any known method." <<< "$stderr"
	nothing_changed
}

@test "no device at all" {
	export FAKE_DEVICE=/dev/rtc9
	run --separate-stderr rtcctl systohc
	refused_with "rtcctl: no clock: the kernel has one, but there is no /dev/rtc0: see 'rtcctl doctor'"
	mv "$RTCCTL_ROOT/sys" "$RTCCTL_ROOT/not-sys"
	run --separate-stderr rtcctl systohc
	refused_with "rtcctl: no clock: there is no /dev/rtc0, /dev/rtc or /dev/misc/rtc"
	run --separate-stderr hwclock -w
	expect [ "$status" -eq 1 ]
	expect grep -qxF "hwclock: Cannot access the Hardware Clock via any known method." <<< "$stderr"
	nothing_changed
}

@test "device that only root may open" {
	mknod -m 000 "$BATS_TEST_TMPDIR/node" c 250 0
	chmod 755 "$BATS_TEST_TMPDIR"
	# The programs may lie where nobody can reach them.
	cp "$TOOLS/rtcctl" "$BATS_TEST_TMPDIR/"
	chmod a+x "$BATS_RUN_TMPDIR" "$BATS_SUITE_TMPDIR" "$BATS_FILE_TMPDIR"/.. "$BATS_TEST_TMPDIR"/..
	run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$BATS_TEST_TMPDIR/rtcctl" show -f "$BATS_TEST_TMPDIR/node"
	refused_with "node without root: Permission denied"
}

@test "setting without the privilege" {
	export FAKE_WRITE=13
	run --separate-stderr rtcctl systohc
	refused_with "rtcctl: cannot set /dev/rtc0 without root (CAP_SYS_TIME): Permission denied"
	expect [ ! -e "$ADJTIME" ]
	run --separate-stderr hwclock -w
	refused_with "hwclock: ioctl(RTC_SET_TIME) to /dev/rtc0 to set the time failed: Permission denied"
	expect [ ! -e "$ADJTIME" ]
}

@test "setting the system time without the privilege" {
	export FAKE_SETTIME=1
	run --separate-stderr rtcctl hctosys
	refused_with "rtcctl: cannot set the system time without root (CAP_SYS_TIME): Operation not permitted"
	run --separate-stderr hwclock -s
	refused_with "hwclock: settimeofday() failed: Operation not permitted"
}

@test "busy device: who holds it" {
	local pid

	sleep 60 9< /dev/full &
	pid=$!
	until_it "sleep 60 is there" eval '[ "$(cat /proc/$pid/comm)" = sleep ]'
	# The real /proc, and a device number that a process really holds.
	rmdir "$RTCCTL_ROOT/proc"
	ln -s /proc "$RTCCTL_ROOT/proc"
	ln -s ../../class/rtc/rtc0 "$RTCCTL_ROOT/sys/dev/char/1:7"
	export FAKE_OPEN=16 FAKE_NUMBER=1:7
	run --separate-stderr rtcctl systohc --adjfile "$ADJTIME"
	kill "$pid"
	refused_with "rtcctl: cannot open /dev/rtc0: Device or resource busy: held by "
	expect grep -qF "sleep (pid $pid)" <<< "$stderr"
	expect [ ! -e "$ADJTIME" ]
}

@test "busy device: hwclock names the holder as well" {
	local pid

	sleep 60 9< /dev/full &
	pid=$!
	until_it "sleep 60 is there" eval '[ "$(cat /proc/$pid/comm)" = sleep ]'
	rmdir "$RTCCTL_ROOT/proc"
	ln -s /proc "$RTCCTL_ROOT/proc"
	ln -s ../../class/rtc/rtc0 "$RTCCTL_ROOT/sys/dev/char/1:7"
	export FAKE_OPEN=16 FAKE_NUMBER=1:7
	run --separate-stderr hwclock -w --adjfile "$ADJTIME"
	kill "$pid"
	expect [ "$status" -eq 1 ]
	expect grep -qF "sleep (pid $pid)" <<< "$stderr"
	nothing_changed
}

@test "busy device: waits a second, no longer" {
	FAKE_OPEN=16 FAKE_OPEN_MS=800 run --separate-stderr rtcctl show
	expect [ "$status" -eq 0 ]
	fresh
	FAKE_OPEN=16 FAKE_OPEN_MS=1300 run --separate-stderr rtcctl show
	refused_with "Device or resource busy"
	expect [ "$(passed)" -lt 1100000000 ]
}

@test "bad date" {
	run --separate-stderr rtcctl set 2026-02-30
	refused_with "rtcctl: invalid date '2026-02-30': accepted are YYYY-MM-DD"
	run --separate-stderr rtcctl set
	expect [ "$status" -eq 64 ]
	expect [ "${stderr_lines[0]}" = "rtcctl: set: no date given" ]
	run --separate-stderr hwclock --set --date 2026-02-30
	refused_with "hwclock: invalid date '2026-02-30'"
	run --separate-stderr hwclock --set
	refused_with "hwclock: --date is required for --set or --predict"
}

@test "date that the clock cannot hold" {
	export FAKE_WRITE=34
	run --separate-stderr rtcctl set 2200-01-01
	refused_with "rtcctl: cannot set /dev/rtc0: the clock cannot hold this date"
	expect [ ! -e "$ADJTIME" ]
}

@test "unknown option, command, argument" {
	local try="for more information."

	for args in "show --bogus" "set --bogus now" "systohc -z" "hctosys --bogus" "info --bogus" \
		"--bogus" "frobnicate" "show extra" "systohc extra" "show --noadjfile" \
		"show -u -l" "show --noadjfile -u --adjfile x" "doctor --bogus" "compliance --bogus" \
		"clocks --bogus" "alarm --bogus" "watch --bogus" "metrics --json" "metrics --rtc rtc0" \
		"predict --rtc rtc0 now" "alarm frobnicate" "nvram frobnicate" "--bogus alarm"; do
		run --separate-stderr rtcctl $args
		expect [ "$status" -eq 64 ]
		expect [ "${#stderr_lines[@]}" -eq 2 ]
		expect grep -q "^rtcctl: " <<< "${stderr_lines[0]}"
		expect grep -q "^Try 'rtcctl.* --help' $try$" <<< "${stderr_lines[1]}"
		nothing_changed
	done
}

@test "options that a command takes, but this part of it has no use for" {
	for args in "alarm list --test" "alarm set --output STATE @1795400000" "alarm cancel --noheadings" \
		"nvram verify --output VALUE" "drift show --interval 5" "drift show --count 3 --interval 5" \
		"drift --keep 2" "drift show -o x.png" "drift show --rtc rtc0" "drift record --write" \
		"drift record --since now" "drift record --json" "drift plot --write" "drift plot --json"; do
		run --separate-stderr rtcctl $args
		misused_with "has no use for --"
	done
	expect [ "$(ls -A "$RTCCTL_ROOT/etc")" = "" ]
}

@test "no clock: the same words and exit 1 from all that need one" {
	export FAKE_DEVICE=/dev/rtc9
	rm -r "$RTCCTL_ROOT/sys"
	for args in show info params "set now" systohc hctosys "alarm list" "alarm set +1h" "alarm cancel" \
		nvram "watch --rtc rtc0 --count 1" "drift record --file $BATS_TEST_TMPDIR/drift"; do
		[ "$args" = "watch --rtc rtc0 --count 1" ] && continue
		run --separate-stderr rtcctl $args
		refused_with "rtcctl: no clock: there is no /dev/rtc0, /dev/rtc or /dev/misc/rtc"
	done
}

@test "help, version, and options before the command" {
	local whole

	whole=$(rtcctl --help)
	for args in help --he -h; do
		run --separate-stderr rtcctl $args
		expect [ "$status" -eq 0 ]
		expect [ "$output" = "$whole" ]
	done
	for args in version --version -V --versio; do
		run --separate-stderr rtcctl $args
		expect [ "$status" -eq 0 ]
		expect grep -q "^rtcctl from" <<< "$output"
	done
	for command in alarm set; do
		run --separate-stderr rtcctl help $command
		expect [ "$output" = "$(rtcctl $command --help)" ]
	done
	run --separate-stderr rtcctl --json alarm
	expect jq -e .alarm.alarms <<< "$output"
	run --separate-stderr rtcctl -f /dev/rtc0 --json info
	expect jq -e .info <<< "$output"
}

# Each with the message of util-linux.
@test "hwclock: unknown option, missing and contradicting ones" {
	for args in "--bogus" "-z" "-w extra" "-r -w" "-u -l" "--noadjfile" "--update-drift" \
		"--noadjfile -u --adjfile x" "--set --date" "--delay=x -w" "--adj" "--predict"; do
		run --separate-stderr hwclock $args
		expect [ "$status" -eq 1 ]
		expect [ -z "$output" ]
		local ours=$stderr
		run --separate-stderr reference $args
		expect [ "$ours" = "$stderr" ]
		nothing_changed
	done
}

@test "adjtime that cannot be written: set all the same, and said" {
	for tool in "rtcctl systohc" "rtcctl set now" "hwclock -w" "hwclock --set --date now"; do
		fresh
		: > "$FAKE_LOG"
		run --separate-stderr $tool --adjfile /proc/adjtime
		expect [ "$status" -eq 1 ]
		expect grep -q "^${tool%% *}: cannot .* /proc/adjtime: No such file or directory$" <<< "$stderr"
		expect [ "$(wc -l < "$FAKE_LOG")" -eq 1 ]
	done
}

# hwclock's message is util-linux's. What cannot be noted is not adjusted.
@test "adjtime on a read-only file system" {
	local so=$BATS_SUITE_TMPDIR/fake-rtc.so dir=$RTCCTL_ROOT/etc

	printf '%s\n' "1.0 1794528000 0.0" 1794528000 UTC > "$ADJTIME"
	cp "$ADJTIME" "$BATS_TEST_TMPDIR/before"
	for tool in "rtcctl systohc" "hwclock -w" "rtcctl adjust" "hwclock -a"; do
		fresh
		: > "$FAKE_LOG"
		run --separate-stderr unshare --map-root-user --mount sh -e -c "
			mount --bind '$dir' '$dir'
			mount -o remount,bind,ro '$dir'
			LD_PRELOAD='$so' '$TOOLS'/$tool --adjfile '$ADJTIME'"
		expect [ "$status" -eq 1 ]
		case $tool in
		hwclock*) expect [ "$stderr" = "hwclock: cannot open $ADJTIME: Read-only file system" ] ;;
		*) expect [ "$stderr" = "rtcctl: cannot update $ADJTIME: Read-only file system" ] ;;
		esac
		case $tool in
		*adjust | *-a) nothing_changed ;;
		*) expect [ "$(wc -l < "$FAKE_LOG")" -eq 1 ] ;;
		esac
	done
	cmp "$ADJTIME" "$BATS_TEST_TMPDIR/before"
}

# The clock is set and the old file kept; what cannot be noted is not adjusted.
@test "adjtime on a full file system" {
	local so=$BATS_SUITE_TMPDIR/fake-rtc.so dir=$RTCCTL_ROOT/etc

	printf '%s\n' "1.0 1794528000 0.0" 1794528000 UTC > "$BATS_TEST_TMPDIR/before"
	for tool in "rtcctl systohc" "hwclock -w" "rtcctl adjust" "hwclock -a"; do
		fresh
		: > "$FAKE_LOG"
		run --separate-stderr unshare --map-root-user --mount sh -c "
			mount -t tmpfs -o size=16k tmpfs '$dir' || exit 9
			cp '$BATS_TEST_TMPDIR/before' '$ADJTIME' || exit 9
			dd if=/dev/zero of='$dir/rest' bs=4096 2>/dev/null
			LD_PRELOAD='$so' '$TOOLS'/$tool --adjfile '$ADJTIME'
			status=\$?
			cmp '$BATS_TEST_TMPDIR/before' '$ADJTIME' || exit 8
			exit \$status"
		expect [ "$status" -eq 1 ]
		expect [ "$stderr" = "${tool%% *}: cannot update $ADJTIME: No space left on device" ]
		case $tool in
		*adjust | *-a) nothing_changed ;;
		*) expect [ "$(wc -l < "$FAKE_LOG")" -eq 1 ] ;;
		esac
	done
}

@test "directory as device" {
	run --separate-stderr rtcctl systohc -f "$BATS_TEST_TMPDIR"
	refused_with "rtcctl: cannot open $BATS_TEST_TMPDIR: Is a directory"
	run --separate-stderr hwclock -w -f "$BATS_TEST_TMPDIR"
	expect [ "$status" -eq 1 ]
	expect grep -q "Is a directory$" <<< "$stderr"
	nothing_changed
}

@test "device and file that are no clock" {
	touch "$BATS_TEST_TMPDIR/file"
	for path in /dev/null "$BATS_TEST_TMPDIR/file"; do
		run --separate-stderr rtcctl systohc -f "$path"
		refused_with "rtcctl: cannot use $path: not a real-time clock"
		run --separate-stderr hwclock -w -f "$path"
		expect [ "$status" -eq 1 ]
		expect grep -qxF "hwclock: cannot use $path: not a real-time clock" <<< "$stderr"
		nothing_changed
	done
	expect [ ! -s "$BATS_TEST_TMPDIR/file" ]
}

# To open a watchdog starts it.
@test "a device that sysfs knows for another one is not opened" {
	ln -s ../../devices/virtual/misc/watchdog "$RTCCTL_ROOT/sys/dev/char/10:130"
	# Opened, it would say that it cannot be.
	FAKE_NUMBER=10:130 FAKE_OPEN=5 run --separate-stderr rtcctl show -f /dev/rtc0
	refused_with "rtcctl: cannot use /dev/rtc0: not a real-time clock"
}

@test "closed streams: nothing else takes their place, and what could not be told is" {
	for tool in "rtcctl show" "rtcctl systohc" "hwclock -w -v" "hwclock -r"; do
		fresh
		rm -f "$ADJTIME"
		run --separate-stderr sh -c "LD_PRELOAD='$BATS_SUITE_TMPDIR/fake-rtc.so' '$TOOLS'/$tool >&-"
		expect [ "$status" -eq 1 ]
		expect grep -q "write error: Bad file descriptor" <<< "$stderr"
		case $tool in
		*systohc | *-w*) expect [ "$(wc -c < "$ADJTIME")" -lt 60 ] ;;
		esac
		expect [ ! -s "$LOCK" ]
	done
}

@test "clock that holds no date" {
	export FAKE_READ=22
	run --separate-stderr rtcctl show
	refused_with "rtcctl: /dev/rtc0 holds no valid date: set it first"
	run --separate-stderr rtcctl hctosys
	refused_with "rtcctl: /dev/rtc0 holds no valid date: set it first"
	run --separate-stderr hwclock -s
	refused_with "hwclock: ioctl(RTC_RD_TIME) to /dev/rtc0 to read the time failed: Invalid argument"
}

@test "output that cannot be written" {
	run --separate-stderr sh -c "LD_PRELOAD='$BATS_SUITE_TMPDIR/fake-rtc.so' '$TOOLS/rtcctl' show > /dev/full"
	refused_with "rtcctl: write error: No space left on device"
}
