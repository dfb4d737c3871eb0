# SPDX-License-Identifier: GPL-2.0
# drift: recording, the rate, pictures.

load helper

setup() {
	setup_clock
	FILE=$BATS_TEST_TMPDIR/drift.jsonl
}

# $1 samples, one a minute, of a clock that gains $2 ppm: a step of 0.2 s, an outlier
# in twenty, a gap; and a pair of counters that are 2 ppm fast and 3 ppm slow.
simulate() {
	awk -v count="$1" -v ppm="$2" 'BEGIN {
		srand(7)
		for (i = 0; i < count; i++) {
			r = rand() + rand() + rand() - 1.5
			odd = rand()
			size = rand() - 0.5
			if (i > count * 0.3 && i < count * 0.4)
				continue
			offset = ppm * 60000 * i + 4000 * r
			if (i > count * 0.6)
				offset -= 2e8
			if (odd < 0.05)
				offset += 1e7 * size
			raw = 1000 + 60 * i
			printf "{\"version\":1,\"time_ns\":%d000000000,\"boot\":\"b\",", 1795392000 + 60 * i
			printf "\"clock\":\"rtc0\",\"offset_ns\":%.0f,\"bound_ns\":9000,", offset
			printf "\"method\":\"phase\",\"clocksource\":\"tsc\",\"stolen_ticks\":%d,", 60 * i
			printf "\"cpu_ticks\":%d,\"synchronised\":true,\"counters\":[", 6000 * i
			printf "{\"name\":\"tsc\",\"bits\":64,\"hz\":2e9,\"count\":%.0f,", 2e9 * 1.000002 * raw
			printf "\"raw_ns\":%d000000000,\"bound_ns\":40},", raw
			printf "{\"name\":\"acpi_pm\",\"bits\":24,\"hz\":3579545.0,\"count\":%.0f,",
				int(3579545 * 0.999997 * raw) % 16777216
			printf "\"raw_ns\":%d000000000,\"bound_ns\":900}]}\n", raw
		}
	}' > "$FILE"
	# All of that is past.
	export FAKE_REAL=$((1795392000 + 60 * $1)).25
	fresh
}

@test "record: a sample a line, within its bound" {
	run --separate-stderr rtcctl drift record --file "$FILE" --interval 60 --count 30
	expect [ "$status" -eq 0 ]
	expect [ "$(wc -l < "$FILE")" -eq 30 ]
	expect jq -se 'all(.[]; .version == 1 and .clock == "rtc0" and .method == "poll"
		and ((.offset_ns - 400000000) | fabs) <= .bound_ns)' "$FILE"
	expect jq -se '.[29].time_ns - .[0].time_ns | . > 1738e9 and . < 1742e9' "$FILE"
	expect jq -se 'all(.[]; .counters | any(.name == "tsc" and .count > 0))' "$FILE"
	run --separate-stderr rtcctl drift --file "$FILE" --json
	expect jq -e '.drift | .samples == 30 and .steps == 0 and .low_ppm <= 0 and .high_ppm >= 0' <<< "$output"
	nothing_changed
}

@test "record: one sample where no interval is given; a driver that knows its phase" {
	setup_clock rtc-mc146818
	add_phase 3000
	run --separate-stderr rtcctl drift record --file "$FILE"
	expect [ "$status" -eq 0 ]
	expect jq -se 'length == 1 and .[0].method == "phase" and .[0].bound_ns >= 3000' "$FILE"
	# The usual place is made where it is missing.
	mkdir -p "$RTCCTL_ROOT/var/lib"
	run --separate-stderr rtcctl drift record
	expect [ "$status" -eq 0 ]
	expect [ "$(wc -l < "$RTCCTL_ROOT/var/lib/rtcctl/drift.jsonl")" -eq 1 ]
}

@test "record: without a clock the counters are recorded, and that is an error" {
	export FAKE_DEVICE=/dev/rtc7
	run --separate-stderr rtcctl drift record --file "$FILE"
	expect [ "$status" -eq 1 ]
	expect grep -q 'no clock' <<< "$stderr"
	expect jq -se '.[0].clock == null and (.[0].counters | length) > 0' "$FILE"
}

@test "record: a clock that cannot be read once does not end it; a full disk does" {
	FAKE_READ=5 run --separate-stderr rtcctl drift record --file "$FILE" --interval 60 --count 3
	expect [ "$status" -eq 1 ]
	expect [ "$(grep -c 'cannot read /dev/rtc0' <<< "$stderr")" -eq 3 ]
	expect jq -se 'length == 3 and all(.[]; .clock == null)' "$FILE"
	run --separate-stderr rtcctl drift record --file /dev/full --interval 60 --count 3
	expect [ "$status" -eq 1 ]
	expect [ "${#stderr_lines[@]}" -eq 1 ]
}

# later SECONDS WHERE: a sample that was taken so much later, first or last in the file
later() {
	local line

	line=$(head -n 1 "$FILE" | sed "s/\"time_ns\":[0-9]*/\"time_ns\":$((1795392000 + $1))000000000/")
	[ "$2" = last ] || { sed -i "1i $line" "$FILE"; return; }
	echo "$line" >> "$FILE"
}

@test "show: what a clock took that was ahead is left out, wherever it stands" {
	for where in first last; do
		for s in 500000000 -1700000000; do
			simulate 500 10.9
			later $s $where
			run --separate-stderr rtcctl drift --file "$FILE" --json
			expect [ "$status" -eq 0 ]
			# One that is years before all others may have been taken then.
			why='the system'
			[ "$s$where" != -1700000000first ] || why='a pause ten times as long'
			expect grep -q "left out 1 sample of rtc0: $why" <<< "$stderr"
			expect jq -e '.drift | .low_ppm <= 10.9 and .high_ppm >= 10.9' <<< "$output"
		done
	done
}

@test "show: impossible numbers are no samples, and the answer is JSON" {
	simulate 300 10.9
	later 60 last
	for odd in '"bits":64/"bits":-5' '"bits":64/"bits":99' '"offset_ns":[-0-9]*/"offset_ns":-9223372036854775808' \
		'"hz":2e9/"hz":-1' '"raw_ns":[0-9]*/"raw_ns":-9'; do
		sed -e "\$ s/$odd/" -e "5 s/$odd/" "$FILE" > "$FILE.odd"
		run --separate-stderr rtcctl drift --file "$FILE.odd" --json
		expect [ "$status" -eq 0 ]
		expect jq -e '.drift | .low_ppm <= 10.9 and .high_ppm >= 10.9' <<< "$output"
	done
	# Two looks at a counter at the same moment tell no rate.
	sed -i 's/"raw_ns":[0-9]*/"raw_ns":1000000000000/g' "$FILE"
	run --separate-stderr rtcctl drift --file "$FILE" --json
	expect jq -e .drift <<< "$output"
	expect [ "$(grep -ciE 'nan|inf' <<< "$output")" -eq 0 ]
}

@test "show: a pipe, a line without end, and what a terminal would obey" {
	mkfifo "$FILE"
	run --separate-stderr timeout 10 "$TOOLS/rtcctl" drift --file "$FILE"
	expect [ "$status" -eq 1 ]
	rm "$FILE"
	simulate 300 10.9
	head -c 3000000 /dev/zero | tr '\0' x >> "$FILE"
	run --separate-stderr rtcctl drift --file "$FILE"
	expect [ "$status" -eq 0 ]
	expect grep -q 'left out 1 lines' <<< "$stderr"
	simulate 300 10.9
	sed -i 's/"rtc0"/"rt\\u001b[2J"/' "$FILE"
	run --separate-stderr rtcctl drift --file "$FILE"
	expect [ "$status" -eq 0 ]
	expect [ "$(grep -c $'\033' <<< "$output")" -eq 0 ]
}

@test "record: what was written survives a kill" {
	for i in {1..10}; do
		# Each some weeks after the one before, which may have left its state torn.
		FAKE_REAL=$((1795392000 + i * 2000000)).25 FAKE_RTC=$((1795392000 + i * 2000000)).65 \
			LD_PRELOAD=$BATS_SUITE_TMPDIR/fake-rtc.so FAKE_STATE=$BATS_TEST_TMPDIR/state$i \
			"$TOOLS/rtcctl" drift record --file "$FILE" --interval 60 --max-size 20000 --keep 99 &
		pid=$!
		sleep "0.$((RANDOM % 40 + 10))"
		kill -KILL $pid
		wait $pid || true
	done
	expect [ -s "$FILE" ]
	run --separate-stderr rtcctl drift --file "$FILE" --json
	expect [ "$status" -eq 0 ]
	torn=$(sed -n 's/.*left out \([0-9]*\) lines.*/\1/p' <<< "$stderr")
	expect [ "${torn:-0}" -le 10 ]
	whole=$(cat "$FILE" "$FILE".* | jq -cR 'fromjson? | select(.version == 1)' | wc -l)
	expect jq -e ".drift.samples == $whole" <<< "$output"
}

@test "show: the rate through outliers, a step and a gap" {
	simulate 2000 10.9
	run --separate-stderr rtcctl drift show --file "$FILE" --json
	expect [ "$status" -eq 0 ]
	expect jq -e '.drift | .low_ppm <= 10.9 and .high_ppm >= 10.9 and .high_ppm - .low_ppm < 0.001
		and .steps == 1 and .gaps == 1 and .outliers > 60 and .outliers < 140' <<< "$output"
	expect jq -e '.drift | (.s_per_day + .adjtime_factor_s_per_day | fabs) < 1e-9
		and (.s_per_day - 0.94176 | fabs) < 1e-3' <<< "$output"
	expect jq -e '.drift | .steal_percent > 0.99 and .steal_percent < 1.01' <<< "$output"
	expect jq -e '.drift.counters | (.tsc_ppm - 2 | fabs) < 0.01 and (.acpi_pm_ppm + 3 | fabs) < 0.01' <<< "$output"
	run --separate-stderr rtcctl drift --file "$FILE"
	expect grep -qE '^Mean rate +\+10\.9[0-9]* \+/- 0\.000[0-9]* ppm \(95 %\)$' <<< "$output"
	expect grep -qE '^One second off +by now|on 20' <<< "$output"
}

# written COUNT PPM: a sample a minute of a clock that the system sets every 11 minutes
written() {
	awk -v count="$1" -v ppm="$2" 'BEGIN {
		srand(7)
		for (i = 0; i < count; i++) {
			noise = 2000 * (rand() + rand() - 1)
			printf "{\"version\":1,\"time_ns\":%d000000000,\"boot\":\"b\",", 1795392000 + 60 * i
			printf "\"clock\":\"rtc0\",\"offset_ns\":%.0f,\"bound_ns\":9000,", ppm * 60000 * (i % 11) + noise
			printf "\"method\":\"phase\",\"clocksource\":\"tsc\",\"synchronised\":true,\"counters\":[]}\n"
		}
	}' > "$FILE"
	export FAKE_REAL=$((1795392000 + 60 * $1)).25
	fresh
}

@test "show: a clock that the system sets every 11 minutes has no drift to show" {
	# A saw's teeth, and teeth that the noise hides.
	for ppm in 20 -3 0.001; do
		written 600 $ppm
		run --separate-stderr rtcctl drift --file "$FILE" --json
		expect [ "$status" -eq 3 ]
		expect [ -z "$output" ]
		expect grep -q 'no drift shows: rtc0 goes nowhere at 600 of the samples' <<< "$stderr"
		expect grep -q 'timedatectl set-ntp false' <<< "$stderr"
	done
	run --separate-stderr rtcctl drift plot --file "$FILE"
	expect [ "$status" -eq 3 ]
	# The same offsets where nobody set it: that is its rate.
	sed -i 's/"synchronised":true/"synchronised":false/' "$FILE"
	run --separate-stderr rtcctl drift --file "$FILE" --json
	expect jq -e '.drift | .written_samples == 0 and .low_ppm <= 0 and .high_ppm >= 0' <<< "$output"
}

@test "show: what the system set is cut out, the rest is measured" {
	written 600 20
	mv "$FILE" "$FILE.set"
	simulate 500 20
	sed -i 's/"synchronised":true/"synchronised":false/' "$FILE"
	# 600 minutes later
	jq -c '.time_ns += 36000000000000' "$FILE" > "$FILE.free"
	cat "$FILE.set" "$FILE.free" > "$FILE"
	export FAKE_REAL=$((1795392000 + 60 * 1200)).25
	fresh
	run --separate-stderr rtcctl drift --file "$FILE" --json
	expect [ "$status" -eq 0 ]
	expect jq -e '.drift | .written_samples == 600 and .samples == 451 and .steps == 1
		and .low_ppm <= 20 and .high_ppm >= 20 and .high_ppm - .low_ppm < 0.001' <<< "$output"
	run --separate-stderr rtcctl drift --file "$FILE"
	expect grep -qE '^Left out +600 samples over 09:59:00 while NTP kept the time: the clock went nowhere$' <<< "$output"
	# The other way about.
	jq -c '.time_ns += 36000000000000' "$FILE.set" > "$FILE.later"
	simulate 500 20
	sed -i 's/"synchronised":true/"synchronised":false/' "$FILE"
	cat "$FILE.later" >> "$FILE"
	export FAKE_REAL=$((1795392000 + 60 * 1200)).25
	fresh
	run --separate-stderr rtcctl drift --file "$FILE" --json
	expect jq -e '.drift | .written_samples == 600 and .samples == 451
		and .low_ppm <= 20 and .high_ppm >= 20' <<< "$output"
}

# swing COUNT PPM SWING: a sample in ten minutes of a clock whose rate swings with the day
swing() {
	awk -v count="$1" -v ppm="$2" -v swing="$3" 'BEGIN {
		srand(7)
		omega = 2 * 3.14159265358979 / 86400
		for (i = 0; i < count; i++) {
			t = 600 * i
			offset = 1000 * ppm * t + 1000 * swing / omega * (1 - cos(omega * t)) + 4000 * (rand() + rand() - 1)
			printf "{\"version\":1,\"time_ns\":%d000000000,\"boot\":\"b\",", 1795392000 + t
			printf "\"clock\":\"rtc0\",\"offset_ns\":%.0f,\"bound_ns\":9000,", offset
			printf "\"method\":\"phase\",\"clocksource\":\"tsc\",\"synchronised\":true,\"counters\":[]}\n"
		}
	}' > "$FILE"
	export FAKE_REAL=$((1795392000 + 600 * $1)).25
	fresh
}

@test "show: a rate that swings with the day; when it will be a second off" {
	# Five days and a half.
	swing 792 1 0.3
	run --separate-stderr rtcctl drift --file "$FILE" --json
	expect [ "$status" -eq 0 ]
	expect jq -e '.drift | .steps == 0 and .daily_ppm > 0.29 and .daily_ppm < 0.31
		and .now_low_ppm <= 1 and .now_high_ppm >= 1' <<< "$output"
	# The second half of a day is missing at the end: the mean holds the swing of the first.
	expect jq -e '.drift | .low_ppm <= 1.01738 and .high_ppm >= 1.01736 and .high_ppm - .low_ppm < 0.001' <<< "$output"
	# t of 10^-6 t + 4.1253 ms (1 - cos(omega t)) = 1 s is 991,786 s, to 2 s.
	expect jq -e '.drift | .second_off_early_s < 1796383788 and .second_off_late_s > 1796383784
		and .second_off_late_s - .second_off_early_s < 30' <<< "$output"
	run --separate-stderr rtcctl drift --file "$FILE"
	expect grep -qE '^Swing +\+/- 0\.3 ppm with the day$' <<< "$output"
	expect grep -qE '^One second off +5\.98[0-9]* to 5\.98[0-9]* days after the last sample, if nobody sets it$' <<< "$output"
}

@test "show: the usual interval is the median, and gaps are longer than four of it" {
	simulate 400 1
	# One look at once after another.
	sed -n '20s/"time_ns":\([0-9]*\)000000000/"time_ns":\1000000001/p' "$FILE" > "$FILE.twice"
	sed -i "20r $FILE.twice" "$FILE"
	run --separate-stderr rtcctl drift --file "$FILE" --json
	expect [ "$status" -eq 0 ]
	expect jq -e '.drift | .gaps == 1' <<< "$output"
}

@test "show --since: what is older is left out" {
	simulate 200 10
	run --separate-stderr rtcctl drift --file "$FILE" --json --since @1795399200
	expect jq -e '.drift.samples < 81' <<< "$output"
}

@test "show --write: hwclock's drift factor, counted from where the error is known" {
	simulate 500 -20
	run --separate-stderr rtcctl drift --file "$FILE" --write
	expect [ "$status" -eq 0 ]
	read -r factor adjusted rest < "$ADJTIME"
	expect awk -v f="$factor" 'BEGIN { exit !(f > 1.7279 && f < 1.7281) }'
	expect [ "$adjusted" -eq $((1795392000 + 60 * 499)) ]
	# What the line says it is off at its end is to be added: 20 us each second, and the step.
	expect awk -v r="$rest" 'BEGIN { exit !(r > 0.2 + 0.598 && r < 0.2 + 0.5995) }'
}

@test "show --write: the system's clock was not right either" {
	simulate 500 -20
	sed -i 's/"synchronised":true/"synchronised":false/' "$FILE"
	printf '0.5 1700000000 0.25\n1700000000\nUTC\n' > "$ADJTIME"
	run --separate-stderr rtcctl drift --file "$FILE" --write
	expect [ "$status" -eq 0 ]
	expect grep -q 'not synchronised' <<< "$stderr"
	read -r factor adjusted rest < "$ADJTIME"
	expect [ "$adjusted $rest" = "1700000000 0.250000" ]
}

@test "plot: PNG, SVG and letters" {
	simulate 500 5
	for kind in png svg; do
		run --separate-stderr rtcctl drift plot --file "$FILE" -o "$BATS_TEST_TMPDIR/drift.$kind"
		expect [ "$status" -eq 0 ]
		expect [ -z "$stderr" ]
	done
	expect [ "$(head -c 8 "$BATS_TEST_TMPDIR/drift.png" | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ]
	expect grep -qE 'rtc0 minus system time: \+(5\.0|4\.99)' "$BATS_TEST_TMPDIR/drift.svg"
	expect grep -q 'offset (ms)' "$BATS_TEST_TMPDIR/drift.svg"
	expect grep -q '</svg>' "$BATS_TEST_TMPDIR/drift.svg"
	run --separate-stderr rtcctl drift plot --file "$FILE"
	expect grep -q 'fitted \*\*\*' <<< "$output"
	# Nothing but the pictures is left.
	expect [ "$(find "$BATS_TEST_TMPDIR" -name 'drift.*g.*' | wc -l)" -eq 0 ]
}

@test "plot --allan: the deviation by intervals, with bars" {
	simulate 500 5
	run --separate-stderr rtcctl drift plot --allan --file "$FILE" -o "$BATS_TEST_TMPDIR/allan.svg"
	expect [ "$status" -eq 0 ]
	expect [ -z "$stderr" ]
	expect grep -q 'rtc0 against the system time: overlapping Allan deviation' "$BATS_TEST_TMPDIR/allan.svg"
	expect grep -q 'interval (s)' "$BATS_TEST_TMPDIR/allan.svg"
	run --separate-stderr rtcctl drift plot --allan --file "$FILE"
	expect [ "$status" -eq 0 ]
	expect [ "$(grep -c o <<< "$output")" -ge 6 ]
	run --separate-stderr rtcctl drift show --allan --file "$FILE"
	misused_with "drift show has no use for --allan"
}

@test "plot: no gnuplot, a name without meaning, a clock's name that is none" {
	simulate 100 5
	pathless() { PATH=/nonexistent rtcctl "$@"; }
	run --separate-stderr pathless drift plot --file "$FILE"
	refused_with 'there is no gnuplot'
	run --separate-stderr rtcctl drift plot --file "$FILE" -o "$BATS_TEST_TMPDIR/drift.gif"
	refused_with 'ends in neither .png nor .svg'
	sed -i 's/"rtc0"/"`id`\\";q"/' "$FILE"
	run --separate-stderr rtcctl drift plot --file "$FILE" -o "$BATS_TEST_TMPDIR/x.svg"
	expect [ "$status" -eq 0 ]
	expect grep -q '>idq minus system time' "$BATS_TEST_TMPDIR/x.svg"
}

@test "files that are missing, short, newer, or links" {
	run --separate-stderr rtcctl drift --file "$FILE"
	refused_with "nothing is recorded in $FILE: 'rtcctl drift record' begins"
	simulate 5 1
	run --separate-stderr rtcctl drift --file "$FILE"
	refused_with 'samples of rtc0 tell no rate yet'
	echo '{"version":9,"time_ns":1}' >> "$FILE"
	run --separate-stderr rtcctl drift --file "$FILE"
	refused_with 'a newer version has written it'
	ln -s elsewhere "$BATS_TEST_TMPDIR/link"
	run --separate-stderr rtcctl drift record --file "$BATS_TEST_TMPDIR/link"
	refused_with 'it is a symbolic link'
}

@test "wrong use" {
	run --separate-stderr rtcctl drift record --count 3
	misused_with 'drift: --count needs --interval'
	run --separate-stderr rtcctl drift record --interval 0
	misused_with "drift: invalid interval '0'"
	run --separate-stderr rtcctl drift --keep 1.5
	misused_with "drift: invalid number of old files '1.5'"
	run --separate-stderr rtcctl drift erase
	expect [ "$status" -eq 64 ]
	expect grep -q "unknown 'erase': record, show or plot" <<< "$stderr"
}
