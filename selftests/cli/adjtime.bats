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
	malformed 1 '0x1p3 0 0.0\n0\nUTC\n'
	malformed 1 '1-5 0.0\n0\nUTC\n'
	malformed 1 '1e300 0 0.0\n0\nUTC\n'
	malformed 2 '0.0 0 0.0\n9223372036854775807\nUTC\n'
	malformed 3 '0.0 0 0.0\n0\nUTC\000x\n'
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

# Two programs with clocks of their own, but one adjtime file.
@test "two writers at once: neither loses what the other learnt" {
	export FAKE_REAL_SLEEP=1
	for second in "hwclock -a" "rtcctl systohc" "hwclock --set --date 2027-01-01"; do
		printf '0.000000 1795000000 0.000000\n1795000000\nUTC\n' > "$ADJTIME"
		rm -f "$FAKE_STATE" "$BATS_TEST_TMPDIR/state2"
		# The first one learns a drift factor, which takes it a second.
		hwclock -w --update-drift &
		local first=$!
		until_it "the lock" [ -e "$RTCCTL_ROOT/etc/.adjtime.lock" ]
		FAKE_STATE=$BATS_TEST_TMPDIR/state2 $second -l > /dev/null
		wait $first
		expect [ "$(sed -n 1p "$ADJTIME" | cut -d ' ' -f 1)" = "-0.088163" ]
		[ "$second" = "hwclock -a" ] || expect [ "$(sed -n 3p "$ADJTIME")" = LOCAL ]
		expect [ "$(ls -A "$RTCCTL_ROOT/etc")" = adjtime ]
	done
}

@test "twenty writers at once: each one's turn" {
	local pids=() pid

	printf '0.000000 1795000000 0.000000\n1795000000\nUTC\n' > "$ADJTIME"
	export FAKE_REAL_SLEEP=1
	for i in $(seq 20); do
		FAKE_STATE=$BATS_TEST_TMPDIR/state$i hwclock -w --delay 0.24 &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	expect [ "$(wc -l < "$FAKE_LOG")" -eq 20 ]
	expect [ "$(ls -A "$RTCCTL_ROOT/etc")" = adjtime ]
}

@test "a lock that is never let go: said so, nothing changed" {
	echo > "$RTCCTL_ROOT/etc/.adjtime.lock"
	for tool in "rtcctl systohc" "hwclock -w"; do
		# In simulated time.
		run --separate-stderr flock "$RTCCTL_ROOT/etc/.adjtime.lock" \
			env LD_PRELOAD="$BATS_SUITE_TMPDIR/fake-rtc.so" "$TOOLS/${tool% *}" "${tool#* }"
		refused_with "cannot update $ADJTIME: another program has locked it for too long"
		expect [ ! -e "$ADJTIME" ]
	done
	# A lock of who died is none.
	expect hwclock -w
}

@test "a lock that is a symbolic link is not followed" {
	ln -s "$BATS_TEST_TMPDIR/target" "$RTCCTL_ROOT/etc/.adjtime.lock"
	run --separate-stderr hwclock -w
	expect [ "$status" -eq 1 ]
	expect [ ! -e "$BATS_TEST_TMPDIR/target" ]
	nothing_changed
}

# Old or new, clock and file, whenever it ends.
killed() {
	local old=$1 new=$2 moment
	shift 2

	for _ in $(seq 100); do
		printf '%s\n' "$old" > "$ADJTIME"
		: > "$FAKE_LOG"
		rm -f "$FAKE_STATE"
		LD_PRELOAD=$BATS_SUITE_TMPDIR/fake-rtc.so "$TOOLS/hwclock" "$@" &
		moment=$((RANDOM % 40))
		sleep "0.0$((moment / 10))$((moment % 10))"
		kill -9 $! 2> /dev/null || :
		wait $! 2> /dev/null || :
		case $(cat "$ADJTIME") in
		"$old") old_seen=$((old_seen + 1)) ;;
		"$new") new_seen=$((new_seen + 1))
			# The file does not run ahead of the clock.
			expect [ "$(wc -l < "$FAKE_LOG")" -eq 1 ] ;;
		*) expect false ;;
		esac
		expect [ "$(wc -l < "$FAKE_LOG")" -le 1 ]
	done
}

@test "killed at 200 random moments of --systohc and --adjust: old or new" {
	local old_seen=0 new_seen=0


	killed "0.0 0 0.0
0
UTC" "0.000000 1795392000 0.000000
1795392000
UTC" -w
	killed "1.500000 1795000000 0.200000
1795000000
UTC" "1.500000 1795392008 0.000000
1795000000
UTC" -a
	echo "# old $old_seen, new $new_seen"
	expect [ "$old_seen" -gt 0 ]
	expect [ "$new_seen" -gt 0 ]
}
