# SPDX-License-Identifier: GPL-2.0
# rtcctl adjust and predict: the drift that the adjtime file knows.

load helper

setup() {
	setup_clock
	DAY=86400
	NOW=1795392000
}

# The clock was last set ten days ago, and loses or gains $1 seconds a day.
drifts() { printf '%s %d 0\n%d\nUTC\n' "$1" $((NOW - 10 * DAY)) $((NOW - 20 * DAY)) > "$ADJTIME"; }

@test "adjust sets the clock by its drift and notes it" {
	drifts 0.5
	run --separate-stderr rtcctl adjust
	expect [ "$status" -eq 0 ]
	# It was 0.4 s ahead, and 5 s are added.
	off=$(($(truth) - 5400000000))
	expect [ "$(abs $off)" -lt 1000000 ]
	read -r drift adjusted rest < "$ADJTIME"
	expect [ "$drift" = 0.500000 ]
	expect [ "$adjusted" -ge $((NOW + 5)) ]
	expect [ "$adjusted" -le $((NOW + 7)) ]
	expect [ "$rest" = 0.000000 ]
	expect [ "$(sed -n 2p "$ADJTIME")" = $((NOW - 20 * DAY)) ]
}

@test "adjust leaves less than a second alone" {
	drifts 0.05
	cp "$ADJTIME" "$BATS_TEST_TMPDIR/before"
	run --separate-stderr rtcctl adjust --json
	expect [ "$status" -eq 0 ]
	expect jq -e '.adjust.written == false' <<< "$output"
	drift=$(($(number drift_ns) - 500000000))
	expect [ "$(abs $drift)" -lt 1000 ]
	nothing_changed
	expect cmp "$ADJTIME" "$BATS_TEST_TMPDIR/before"
}

@test "adjust --test changes nothing" {
	drifts -0.5
	cp "$ADJTIME" "$BATS_TEST_TMPDIR/before"
	run --separate-stderr rtcctl adjust --test
	expect [ "$status" -eq 0 ]
	expect grep -q "^Written *no: only a test$" <<< "$output"
	expect grep -q "^Correction *-5.000 s$" <<< "$output"
	nothing_changed
	expect cmp "$ADJTIME" "$BATS_TEST_TMPDIR/before"
}

@test "adjust refuses without history and with an absurd drift" {
	run --separate-stderr rtcctl adjust
	refused_with "does not say when the clock was last set"
	drifts 3000
	run --separate-stderr rtcctl adjust
	refused_with "no drift but a fault"
	echo "0.1 x 0" > "$ADJTIME"
	run --separate-stderr rtcctl adjust
	refused_with "line 1: no time of the last adjustment"
}

@test "adjust: what was left is added" {
	for rest in 1.75 -1.75; do
		fresh
		printf '0.0 1795392000 %s\n1795392000\nUTC\n' $rest > "$ADJTIME"
		run --separate-stderr rtcctl adjust
		expect [ "$status" -eq 0 ]
		off=$(truth)
		# The clock was ahead of the system by 400 ms.
		expect awk -v off="$off" -v rest=$rest 'BEGIN { d = off - 4e8 - rest * 1e9; exit !(d < 1e8 && d > -1e8) }'
	done
}

@test "adjust with a driver that knows its phase" {
	setup_clock rtc-mc146818
	add_phase 2000
	drifts 0.25
	run --separate-stderr rtcctl adjust
	expect [ "$status" -eq 0 ]
	off=$(($(truth) - 2900000000))
	expect [ "$(abs $off)" -lt 200000 ]
}

# Two programs with clocks of their own, but one adjtime file.
@test "two adjusts at once: one correction" {
	export FAKE_REAL_SLEEP=1
	for driver in rtc_cmos rtc-mc146818; do
		setup_clock $driver
		[ $driver = rtc_cmos ] || add_phase 3000
		for tool in "rtcctl adjust" "hwclock -a"; do
			drifts 0.5
			fresh
			rm -f "$BATS_TEST_TMPDIR"/state2
			: > "$FAKE_LOG"
			rm -f "$LOCK"
			rtcctl adjust > /dev/null &
			local first=$!
			until_it "the lock" [ -e "$LOCK" ]
			FAKE_STATE=$BATS_TEST_TMPDIR/state2 $tool > /dev/null
			wait $first
			expect [ "$(grep -cE '^(rtc|set) ' "$FAKE_LOG")" -eq 1 ]
			expect [ "$(cut -d ' ' -f 2 "$ADJTIME" | head -n 1)" -ge $((NOW + 5)) ]
		done
	done
}

@test "ended right behind the set: that is noted, and not corrected again" {
	export FAKE_TERM=1
	for driver in rtc_cmos rtc-mc146818; do
		setup_clock $driver
		[ $driver = rtc_cmos ] || add_phase 3000
		for tool in "rtcctl adjust" "hwclock -a" "rtcctl systohc" "hwclock -w"; do
			drifts 0.5
			fresh
			: > "$FAKE_LOG"
			run --separate-stderr $tool
			expect [ "$status" -eq 143 ]
			expect [ -s "$FAKE_LOG" ]
			expect [ "$(cut -d ' ' -f 2 "$ADJTIME" | head -n 1)" -ge "$NOW" ]
			run --separate-stderr rtcctl adjust
			expect [ "$status" -eq 0 ]
			expect grep -q "less than a second is left alone" <<< "$output"
		done
	done
}

@test "predict, and it agrees with hwclock --predict" {
	drifts 0.5
	run --separate-stderr rtcctl predict @$((NOW + 10 * DAY))
	expect [ "$status" -eq 0 ]
	expect grep -q "^Clock then *2026-12-02 23:59:50" <<< "$output"
	expect grep -q "^Drift until then *-10.00* s$" <<< "$output"
	theirs=$(reference --adjfile "$ADJTIME" --predict --date "2026-12-03 00:00:00")
	expect [ "${theirs:0:19}" = "2026-12-02 23:59:50" ]
	nothing_changed
}

@test "predict: a date that begins with a sign or has blanks" {
	drifts 0.5
	for date in -1w "-1d" "2026-11-23 10:00" "3 days ago"; do
		expect [ "$(rtcctl predict $date --json | jq .predict.date_ns)" = \
			"$(fresh; rtcctl predict --json -- "$date" | jq .predict.date_ns)" ]
		fresh
	done
	nothing_changed
}

@test "predict needs a date, and a good one" {
	run --separate-stderr rtcctl predict
	expect [ "$status" -eq 64 ]
	run --separate-stderr rtcctl predict someday
	refused_with "invalid date 'someday'"
}
