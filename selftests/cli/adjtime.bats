# SPDX-License-Identifier: GPL-2.0
# The adjtime file: read strictly, replaced whole.

load helper

setup() { setup_clock; }

@test "systohc notes when, and the timescale" {
	rtcctl systohc > /dev/null
	expect [ "$(cat "$ADJTIME")" = "0.000000 1795392000 0.000000
1795392000
UTC" ]
	fresh
	rtcctl systohc -l > /dev/null
	expect [ "$(sed -n 3p "$ADJTIME")" = LOCAL ]
}

@test "the drift factor stays" {
	printf '%s\n' "-1.250000 5 0.500000" 5 LOCAL > "$ADJTIME"
	rtcctl systohc > /dev/null
	expect [ "$(cat "$ADJTIME")" = "-1.250000 1795392000 0.000000
1795392000
LOCAL" ]
}

@test "the file is replaced, not written into; mode and owner stay" {
	echo "0.0 0 0.0" > "$ADJTIME"
	chmod 640 "$ADJTIME"
	ln "$ADJTIME" "$BATS_TEST_TMPDIR/old"
	local owner
	owner=$(stat -c %U:%G:%a "$ADJTIME")
	for tool in "rtcctl systohc" "hwclock -w"; do
		fresh
		$tool > /dev/null
		expect [ "$(cat "$BATS_TEST_TMPDIR/old")" = "0.0 0 0.0" ]
		expect [ "$(sed -n 3p "$ADJTIME")" = UTC ]
		expect [ "$(stat -c %U:%G:%a "$ADJTIME")" = "$owner" ]
		expect [ "$(ls "$RTCCTL_ROOT/etc")" = adjtime ]
	done
}

@test "a new file is readable by all" {
	(umask 077; hwclock -w)
	expect [ "$(stat -c %a "$ADJTIME")" = 644 ]
}

# line, text of the file
malformed() {
	printf "$2" > "$ADJTIME"
	cp "$ADJTIME" "$BATS_TEST_TMPDIR/before"
	run --separate-stderr rtcctl systohc
	refused_with "rtcctl: $ADJTIME: line $1: "
	cmp "$ADJTIME" "$BATS_TEST_TMPDIR/before"
}

@test "malformed: the line and the reason" {
	malformed 1 'x\n'
	malformed 1 '\n'
	malformed 1 '0.0\n0\nUTC\n'
	malformed 1 '0.0 0\n0\nUTC\n'
	malformed 1 '0.0 0.5 0.0\n0\nUTC\n'
	malformed 1 '0.0 0 0.0 7\n0\nUTC\n'
	malformed 1 'nan 0 0.0\n0\nUTC\n'
	malformed 1 '0.0 99999999999999999999 0.0\n0\nUTC\n'
	malformed 2 '0.0 0 0.0\n\nUTC\n'
	malformed 2 '0.0 0 0.0\nx\nUTC\n'
	malformed 2 '0.0 0 0.0\n0 0\nUTC\n'
	malformed 3 '0.0 0 0.0\n0\nutc\n'
	malformed 3 '0.0 0 0.0\n0\nUTC \n'
	malformed 3 '0.0 0 0.0\n0\nUTC\r\n'
}

@test "hwclock warns of a malformed line and takes the others" {
	printf '1.0 x\n0\nLOCAL\n' > "$ADJTIME"
	TZ=Europe/Berlin run --separate-stderr hwclock -r
	expect [ "$status" -eq 0 ]
	expect grep -q "^hwclock: Warning: unrecognized line in adjtime file: .*: line 1: " <<< "$stderr"
	# Local time, and neither drift nor garbage.
	expect grep -q "^2026-11-23 00:00:00.6.*+01:00$" <<< "$output"
}

@test "missing lines, and no newline at the end" {
	for text in "" "0.0 0 0.0\n" "0.0 0 0.0\n0\n" "0.0 0 0.0\n0" "0.0 0 0.0\n0\nUTC"; do
		printf "$text" > "$ADJTIME"
		fresh
		run --separate-stderr rtcctl show
		expect [ "$status" -eq 0 ]
		expect grep -qx "Kept in   UTC" <<< "$output"
	done
	printf '0.0 0 0.0\n0\nLOCAL' > "$ADJTIME"
	run --separate-stderr rtcctl show
	expect grep -qx "Kept in   local time" <<< "$output"
}

@test "--noadjfile neither reads nor writes" {
	echo garbage > "$ADJTIME"
	for tool in "rtcctl systohc" "hwclock -w"; do
		fresh
		run --separate-stderr $tool --noadjfile -u
		expect [ "$status" -eq 0 ]
		expect [ "$(cat "$ADJTIME")" = garbage ]
	done
}

@test "RTCCTL_ROOT moves the default file, --adjfile names another" {
	rtcctl systohc --adjfile "$BATS_TEST_TMPDIR/other" > /dev/null
	expect [ ! -e "$ADJTIME" ]
	expect [ -s "$BATS_TEST_TMPDIR/other" ]
}

@test "killed at any moment: the old file or the new one" {
	local old new

	export FAKE_STATE=
	echo "0.0 0 0.0
0
UTC" > "$ADJTIME"
	old=$(cat "$ADJTIME")
	for _ in $(seq 60); do
		echo "$old" > "$ADJTIME"
		LD_PRELOAD=$BATS_SUITE_TMPDIR/fake-rtc.so "$TOOLS/hwclock" -w &
		sleep "0.00$((RANDOM % 6))"
		kill -9 $! 2> /dev/null || :
		wait $! || :
		new=$(cat "$ADJTIME")
		expect [ "$new" = "$old" -o "$new" = "0.000000 1795392000 0.000000
1795392000
UTC" ]
	done
}
