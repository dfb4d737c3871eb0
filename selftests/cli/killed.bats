# SPDX-License-Identifier: GPL-2.0
# Killed at any system call, and with a system's clock that is set at any moment: the
# clock is corrected once, and nothing hangs.

load helper

NOW=1795392000

# A clock of the driver $1 that has lost five seconds since it was set.
lost_five() {
	setup_clock "$1"
	[ "$1" = rtc_cmos ] || add_phase 3000
	printf '%s\n' "0.5 $((NOW - 864000)) 0" $((NOW - 1728000)) UTC > "$ADJTIME"
	rm -f "$FAKE_STATE" "$LOCK"
}

# 0.4 s ahead at the start.
corrected_once() {
	local off=$(($(truth) - 5400000000))

	expect [ "$(abs $off)" -lt 20000000 ] &&
		expect [ "$(cut -d ' ' -f 2 "$ADJTIME" | head -n 1)" -ge "$NOW" ] &&
		expect [ "$(wc -l < "$ADJTIME")" -eq 3 ]
}

# Each system call from the first one of the lock on, as "NAME N": the Nth one of that name.
# Before that nothing has been changed.
calls_of() {
	strace -qq -o "$BATS_TEST_TMPDIR/calls" -E LD_PRELOAD="$BATS_SUITE_TMPDIR/fake-rtc.so" "$@" > /dev/null
	CALLS=$(awk -F '(' '/^[a-z_0-9]+\(/ { n[$1]++; if (/rtcctl\.lock/) locked = 1
		if (locked) print $1, n[$1] }' "$BATS_TEST_TMPDIR/calls")
	expect [ "$(wc -l <<< "$CALLS")" -gt 50 ]
}

@test "killed at every system call behind the lock: corrected once, by whoever comes next" {
	local tool driver call n status kills=0

	for driver in rtc_cmos rtc-mc146818; do
		for tool in "rtcctl adjust" "hwclock -a"; do
			lost_five $driver
			calls_of "$TOOLS/${tool% *}" "${tool#* }"
			while read -r call n; do
				lost_five $driver
				status=0
				timeout 20 strace -qq -o /dev/null -e "inject=$call:signal=KILL:when=$n" \
					-E LD_PRELOAD="$BATS_SUITE_TMPDIR/fake-rtc.so" \
					"$TOOLS/${tool% *}" "${tool#* }" < /dev/null > /dev/null 2>&1 || status=$?
				[ $status -ne 137 ] || kills=$((kills + 1))
				expect [ $status -ne 124 ]
				run --separate-stderr rtcctl adjust
				expect [ "$status" -eq 0 ]
				corrected_once || { echo "$tool on $driver, killed at $call $n"; return 1; }
				expect [ ! -s "$LOCK" ]
			done <<< "$CALLS"
		done
	done
	echo "# $kills kills"
	expect [ "$kills" -gt 400 ]
}

# Within the program's two seconds, and behind them, in simulated time.
@test "the system's clock is set at 240 moments: nothing hangs, nothing is corrected twice" {
	local tool driver ms s off

	for driver in rtc_cmos rtc-mc146818; do
		for tool in "rtcctl adjust" "hwclock -a" "rtcctl systohc" "hwclock -w"; do
			for ms in {0..1400..100}; do
				for s in -100000 3600; do
					lost_five $driver
					FAKE_JUMP=$ms:$s run --separate-stderr $tool
					expect [ "$status" -le 1 ]
					expect [ "$status" -eq 0 ] || expect [ -n "$stderr" ]
					expect [ "$(passed)" -lt 20000000000 ]
					expect [ ! -s "$LOCK" ]
					off=$(truth)
					# As the system's clock was before, or as it is now.
					[ "$(abs "$off")" -gt 10000000000 ] && off=$((off + s * 1000000000))
					case $tool in
					*adjust | *-a) expect [ "$(abs $((off - 5400000000)))" -lt 20000000 ] ;;
					*) expect [ "$(abs $off)" -lt 1000000000 ] ;;
					esac
				done
			done
		done
	done
}
