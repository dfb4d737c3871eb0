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
}

@test "blanks at the end of a line, carriage returns, and a long line before the third" {
	for text in 'LOCAL ' 'LOCAL\t\r'; do
		printf "0.0 0 0.0\r\n0 \r\n$text\n" > "$ADJTIME"
		fresh
		run --separate-stderr rtcctl systohc
		expect [ "$status" -eq 0 ]
		expect [ "$(sed -n 3p "$ADJTIME")" = LOCAL ]
	done
	printf '0.0 0 0.0%2000s\n0\nLOCAL\n' '' > "$ADJTIME"
	for tool in "rtcctl systohc" "hwclock -w"; do
		fresh
		run --separate-stderr $tool
		expect [ "$status" -eq 0 ]
		expect [ "$(sed -n 3p "$ADJTIME")" = LOCAL ]
	done
	: > "$FAKE_LOG"
	head -c 100000 /dev/zero | tr '\0' ' ' > "$ADJTIME"
	run --separate-stderr rtcctl systohc
	refused_with "File too large"
}

@test "malformed: what changes nothing goes on without it" {
	printf 'x\n0\nLOCAL\n' > "$ADJTIME"
	for args in show info "alarm list" "clocks --seconds 0.1" "watch --count 1" metrics; do
		TZ=Europe/Berlin run --separate-stderr rtcctl $args
		expect [ "$status" -eq 0 ]
		expect [ -n "$output" ]
		expect grep -q "line 1: no drift factor" <<< "$stderr"
		expect grep -q "taken to be kept in local time" <<< "$stderr"
		run --separate-stderr rtcctl $args -u
		expect [ -z "$stderr" ]
	done
}

@test "hwclock warns of a malformed line and takes the others" {
	printf '1.0 x\n0\nLOCAL\n' > "$ADJTIME"
	TZ=Europe/Berlin run --separate-stderr hwclock -r
	expect [ "$status" -eq 0 ]
	expect grep -q "^hwclock: Warning: unrecognized line in adjtime file: .*: line 1: " <<< "$stderr"
	# Local time, and neither drift nor garbage.
	expect grep -q "^2026-11-23 00:00:00.6.*+01:00$" <<< "$output"
}

@test "hwclock: a directory as adjtime file is a warning, and none to write" {
	run --separate-stderr hwclock -r --adjfile "$RTCCTL_ROOT/etc"
	expect [ "$status" -eq 0 ]
	expect grep -q "Warning: unrecognized line in adjtime file" <<< "$stderr"
	run --separate-stderr hwclock -w --adjfile "$RTCCTL_ROOT/etc"
	expect [ "$status" -eq 1 ]
	expect [ "${stderr_lines[-1]}" = "hwclock: cannot open $RTCCTL_ROOT/etc: Is a directory" ]
	expect [ -s "$FAKE_LOG" ]
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
		rm -f "$FAKE_STATE" "$BATS_TEST_TMPDIR/state2" "$LOCK"
		# The first one learns a drift factor, which takes it a second.
		hwclock -w --update-drift &
		local first=$!
		until_it "the lock" [ -e "$LOCK" ]
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
	for tool in "rtcctl systohc" "hwclock -w" "rtcctl systohc --noadjfile -u"; do
		# In simulated time.
		run --separate-stderr flock "$LOCK" \
			env LD_PRELOAD="$BATS_SUITE_TMPDIR/fake-rtc.so" "$TOOLS/${tool%% *}" ${tool#* }
		refused_with "another program has been setting the clock for too long"
		expect [ ! -e "$ADJTIME" ]
	done
	# A lock of who died is none.
	expect hwclock -w
}

@test "a lock that is a symbolic link is not followed" {
	ln -s "$BATS_TEST_TMPDIR/target" "$LOCK"
	run --separate-stderr hwclock -w
	expect [ "$status" -eq 1 ]
	expect [ ! -e "$BATS_TEST_TMPDIR/target" ]
	nothing_changed
}

@test "the lock is the clock's, and nothing stays in /etc; without /run there is none" {
	hwclock -w --adjfile "$RTCCTL_ROOT/etc/other"
	expect [ -e "$LOCK" ]
	expect [ "$(ls -A "$RTCCTL_ROOT/etc")" = other ]
	rm -r "$RTCCTL_ROOT/run"
	fresh
	expect hwclock -w
}

@test "a symbolic link is followed, also one to nothing" {
	mkdir "$RTCCTL_ROOT/var"
	ln -s ../var/adjtime "$ADJTIME"
	for tool in "rtcctl systohc" "hwclock -w" "rtcctl set now"; do
		for text in "1.0 0 0.0" ""; do
			rm -f "$RTCCTL_ROOT/var/adjtime"
			[ -z "$text" ] || echo "$text" > "$RTCCTL_ROOT/var/adjtime"
			fresh
			run --separate-stderr $tool
			expect [ "$status" -eq 0 ]
			expect [ -L "$ADJTIME" ]
			expect [ "$(sed -n 3p "$RTCCTL_ROOT/var/adjtime")" = UTC ]
		done
	done
	# In a chain, from where the program stands, and in a circle.
	ln -s adjtime "$RTCCTL_ROOT/etc/second"
	(cd "$RTCCTL_ROOT/etc" && expect hwclock -w --adjfile second)
	ln -s loop "$RTCCTL_ROOT/etc/loop"
	run --separate-stderr hwclock -w --adjfile "$RTCCTL_ROOT/etc/loop"
	expect [ "$status" -eq 1 ]
}

@test "a link that others may have made is not followed; the clock is set, and that is said" {
	mkdir -m 1777 "$BATS_TEST_TMPDIR/open"
	echo "1.0 0 0.0" > "$BATS_TEST_TMPDIR/target"
	ln -s "$BATS_TEST_TMPDIR/target" "$BATS_TEST_TMPDIR/open/link"
	for tool in "rtcctl systohc" "hwclock -w"; do
		fresh
		: > "$FAKE_LOG"
		run --separate-stderr $tool --adjfile "$BATS_TEST_TMPDIR/open/link"
		expect [ "$status" -eq 1 ]
		expect grep -q "link: it is a symbolic link in a directory" <<< "$stderr"
		expect [ "$(wc -l < "$FAKE_LOG")" -eq 1 ]
	done
	expect [ "$(cat "$BATS_TEST_TMPDIR/target")" = "1.0 0 0.0" ]
}

@test "a file that is a mount of its own is written into" {
	local so=$BATS_SUITE_TMPDIR/fake-rtc.so source=$BATS_TEST_TMPDIR/source

	for tool in "rtcctl systohc" "hwclock -w" "rtcctl adjust" "hwclock -a"; do
		# Longer than what takes its place.
		printf '%s\n' "0.500000000 1794528000 0.000000000" 1794528000 UTC > "$source"
		fresh
		: > "$ADJTIME"
		run --separate-stderr unshare --map-root-user --mount sh -e -c "
			mount --bind '$source' '$ADJTIME'
			LD_PRELOAD='$so' '$TOOLS'/$tool"
		expect [ "$status" -eq 0 ]
		expect [ -z "$stderr" ]
		expect [ "$(wc -l < "$source")" -eq 3 ]
		expect [ "$(cut -d ' ' -f 2 "$source" | head -n 1)" -ge 1795392000 ]
		expect [ "$(ls -A "$RTCCTL_ROOT/etc")" = adjtime ]
	done
}

@test "extended attributes stay" {
	for tool in "rtcctl systohc" "hwclock -w"; do
		echo "0.0 0 0.0" > "$ADJTIME"
		setfattr -n user.label -v kept "$ADJTIME"
		fresh
		$tool > /dev/null
		expect [ "$(sed -n 3p "$ADJTIME")" = UTC ]
		expect [ "$(getfattr --only-values --absolute-names -n user.label "$ADJTIME")" = kept ]
	done
}

# Old or new, clock and file, whenever it ends.
killed() {
	local old=$1 new=$2 moment
	shift 2

	for _ in $(seq 100); do
		printf '%s\n' "$old" > "$ADJTIME"
		: > "$FAKE_LOG"
		# The next one would settle what this one has noted: here each one begins anew.
		rm -f "$FAKE_STATE" "$LOCK"
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
