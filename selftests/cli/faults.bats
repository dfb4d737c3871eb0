# SPDX-License-Identifier: GPL-2.0
# Every command under every fault: what it comes to stands in one table.

load helper

# In a cell: the exit status, and "-" behind it where an exit 0 needs no answer; 130 is
# death by SIGINT, 0 in its column that the command was through before. The simulated clock
# can be opened twice, which compliance does not let pass. What fails
# says why; nothing is aborted, and nothing hangs. The columns, in their order:
#   unread   the clock cannot be read		absent   there is none
#   middle   it cannot from the fourth reading on	adjtime  the adjtime file is malformed
#   closed   standard output is			full     its disk is
#   disk     that of the adjtime file is		int      SIGINT comes at once
#   dumb, 40, 200	on such a terminal		tr, C, ja  with such words
FAULTS=(unread absent middle adjtime closed full disk int dumb 40 200 tr C ja)
table() {
	cat <<-'END'
	show                      1 1 1 0 1 1 0 130 0 0 0 0 0 0
	show --json               1 1 1 0 1 1 0 130 0 0 0 0 0 0
	show --precise            1 1 1 0 1 1 0 130 0 0 0 0 0 0
	info                      0 1 0 0 1 1 0 130 0 0 0 0 0 0
	info --probe              0 1 0 0 1 1 0 130 0 0 0 0 0 0
	chip                      0 1 0 0 1 1 0 130 0 0 0 0 0 0
	chip --test --yes         0 1 0 0 1 1 0 130 0 0 0 0 0 0
	params                    0 1 0 0 1 1 0 130 0 0 0 0 0 0
	set now                   1 1 1 1 1 1 1 130 0 0 0 0 0 0
	systohc                   1 1 1 1 1 1 1 130 0 0 0 0 0 0
	hctosys                   1 1 1 1 1 1 0 130 0 0 0 0 0 0
	follow --once             1 1 1 1 0- 0- 0- 130 0- 0- 0- 0- 0- 0-
	adjust                    1 1 1 1 1 1 1 130 0 0 0 0 0 0
	predict +1d               0 0 0 1 1 1 0 0 0 0 0 0 0 0
	alarm list                0 1 0 0 1 1 0 0 0 0 0 0 0 0
	alarm set +1h             1 1 0 1 1 1 0 130 0 0 0 0 0 0
	alarm cancel              0 1 0 0 1 1 0 130 0 0 0 0 0 0
	nvram                     0 1 0 0 1 1 0 0 0 0 0 0 0 0
	nvram verify              0 1 0 0 1 1 0 0 0 0 0 0 0 0
	clocks --seconds 0.1      0 0 0 0 1 1 0 130 0 0 0 0 0 0
	watch --count 1           0 0 0 0 1 1 0 130 0 0 0 0 0 0
	watch --rtc rtc0 --count 2  1 1 1 0 1 1 0 130 0 0 0 0 0 0
	driver status             0 0 0 0 1 1 0 0 0 0 0 0 0 0
	doctor                    2 2 2 2 1 1 0 130 0 0 0 0 0 0
	metrics                   0 0 0 0 1 1 0 130 0 0 0 0 0 0
	drift record --file F     1 1 1 1 0- 0- 0- 0- 0- 0- 0- 0- 0- 0-
	drift show --file S       0 0 0 0 1 1 0 0 0 0 0 0 0 0
	compliance --no-set       2 2 2 1 1 1 1 130 1 1 1 1 1 1
	hwclock -r                1 1 1 0 1 1 0 130 0 0 0 0 0 0
	hwclock -w                0- 1 0- 0- 0- 0- 1 130 0- 0- 0- 0- 0- 0-
	hwclock -s                1 1 1 0- 0- 0- 0- 130 0- 0- 0- 0- 0- 0-
	hwclock -a                1 1 1 0 0- 0- 1 130 0- 0- 0- 0- 0- 0-
	hwclock --predict --date +1d  0 0 0 0 1 1 0 130 0 0 0 0 0 0
	rtcwake -u -m no -s 60    1 1 0 0 1 1 0 130 0 0 0 0 0 0
	rtcwake -u -m show        1 1 0 0 1 1 0 130 0 0 0 0 0 0
	END
}

setup_file() {
	export WORDS=$BATS_FILE_TMPDIR/words
	mkdir "$WORDS"
	for words in tr_TR ja_JP; do
		localedef -i $words -f UTF-8 "$WORDS/$words.UTF-8" || [ -e "$WORDS/$words.UTF-8" ]
	done
}

setup() {
	setup_clock
	mkdir -p "$CLASS/device/cmos_nvram0" "$CLASS/device/power"
	head -c 114 /dev/zero > "$CLASS/device/cmos_nvram0/nvmem"
	echo enabled > "$CLASS/device/power/wakeup"
	export FAKE_FEATURES=0x11 FAKE_PRELOAD=$BATS_SUITE_TMPDIR/fake-rtc.so
	for i in {1..200}; do
		printf '{"version":1,"time_ns":%d000000000,"boot":"b","clock":"rtc0","offset_ns":%d,' \
			$((1795300000 + 60 * i)) $((900 * i + i * i % 7))
		printf '"bound_ns":9000,"method":"tick","clocksource":"tsc","counters":[]}\n'
	done > "$BATS_TEST_TMPDIR/series"
}

# The words of the command in their places.
prepare() {
	local words=("$@") i preload=$FAKE_PRELOAD

	# It asks no clock, and makes the root its own, where the fake's files are not.
	[ "$1" != driver ] || preload=''
	[[ $1 == hwclock || $1 == rtcwake ]] || words=(rtcctl "$@")
	words[0]=$TOOLS/${words[0]}
	for i in "${!words[@]}"; do
		[ "${words[i]}" != F ] || words[i]=$BATS_TEST_TMPDIR/record
		[ "${words[i]}" != S ] || words[i]=$BATS_TEST_TMPDIR/series
	done
	COMMAND=(timeout -k 5 30 env LD_PRELOAD="$preload" "${words[@]}")
}

on_terminal() {
	terminal -ec "stty cols $1; ${COMMAND[*]@Q}" \
		"$BATS_TEST_TMPDIR/screen" < /dev/null > "$OUT" 2> "$ERR"
}

on_full_disk() {
	export -f fill_disk
	unshare --map-root-user --mount bash -e -c 'dir=$1; shift; fill_disk "$dir"; exec "$@"' - \
		"$RTCCTL_ROOT/etc" "${COMMAND[@]}" > "$OUT" 2> "$ERR"
}

fill_disk() {
	cp "$1/adjtime" "$1/../adjtime"
	mount -t tmpfs -o size=16k tmpfs "$1"
	cp "$1/../adjtime" "$1/adjtime"
	dd if=/dev/zero of="$1/rest" bs=4096 2>/dev/null || :
}

# In a subshell: with the fault $1
under() {
	case $1 in
	unread) export FAKE_READ=5 ;;
	absent)
		export FAKE_DEVICE=/dev/rtc9
		rm -rf "${RTCCTL_ROOT:?}/sys" ;;
	middle) export FAKE_READ=5 FAKE_READ_FROM=4 ;;
	adjtime) echo x > "$ADJTIME" ;;
	int) export FAKE_INT=2 ;;
	dumb) export TERM=dumb ;;
	tr) COMMAND=(env LC_ALL=tr_TR.UTF-8 LOCPATH="$WORDS" "${COMMAND[@]}") ;;
	C) COMMAND=(env LC_ALL=C "${COMMAND[@]}") ;;
	ja) COMMAND=(env LC_ALL=ja_JP.UTF-8 LOCPATH="$WORDS" "${COMMAND[@]}") ;;
	esac
	case $1 in
	closed) "${COMMAND[@]}" >&- 2> "$ERR" ;;
	full) "${COMMAND[@]}" > /dev/full 2> "$ERR" ;;
	disk) on_full_disk ;;
	dumb) on_terminal 80 ;;
	40 | 200) on_terminal "$1" ;;
	*) "${COMMAND[@]}" > "$OUT" 2> "$ERR" < /dev/null ;;
	esac
}

# What there is to say against an outcome; nothing where it is as it should be.
judge() {
	local fault=$1 wanted=$2 seen=$3

	[ "$seen" = "${wanted%-}" ] || echo "exit $seen, wanted $wanted"
	case $seen in
	0) [[ $wanted == *- || $fault == closed || $fault == full || -s $OUT ]] || echo "exit 0 without an answer" ;;
	130) ;;
	*) [[ $fault == dumb || $fault == [0-9]* || -s $ERR || -s $OUT ]] || echo "fails without a word" ;;
	esac
	[ "$fault" != dumb ] || ! grep -q $'\033' "$OUT" || echo "escape sequences"
}

@test "every command under every fault" {
	local row words cells cell i fault bad=0 said
	local -a fields

	export OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err
	cp -a "$RTCCTL_ROOT" "$BATS_TEST_TMPDIR/fresh"
	while IFS= read -r row; do
		read -ra fields <<< "$row"
		cells=("${fields[@]: -${#FAULTS[@]}}")
		words=("${fields[@]:0:${#fields[@]} - ${#FAULTS[@]}}")
		for i in "${!FAULTS[@]}"; do
			fault=${FAULTS[i]} cell=${cells[i]}
			rm -rf "$RTCCTL_ROOT" "$FAKE_STATE" "$OUT" "$ERR"
			cp -a "$BATS_TEST_TMPDIR/fresh" "$RTCCTL_ROOT"
			printf '%s\n' "0.5 1794528000 0.0" 1794528000 UTC > "$ADJTIME"
			: > "$OUT"; : > "$ERR"
			prepare "${words[@]}"
			said=0
			(under "$fault") || said=$?
			said=$(judge "$fault" "$cell" "$said")
			[ -z "$said" ] || {
				echo "${words[*]} under $fault: ${said//$'\n'/, }: $(tail -n 2 "$ERR") $(head -c 80 "$OUT")"
				bad=$((bad + 1))
			}
		done
	done < <(table)
	expect [ "$bad" -eq 0 ]
}

@test "no command without a row" {
	local command

	for command in $(rtcctl --help | sed -n '/^Commands:/,/^$/s/^ \([a-z]*\) .*/\1/p') hwclock rtcwake; do
		expect grep -q "^$command " <(table)
	done
}
