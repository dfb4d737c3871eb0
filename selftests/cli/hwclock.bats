# SPDX-License-Identifier: GPL-2.0
# The hwclock face next to util-linux's hwclock 2.38.1, in the same
# circumstances: what is printed, what is written, what is set.

load helper

setup() {
	setup_clock
	export TZ=Europe/Berlin
	expect [ "$(reference --version)" = "hwclock from util-linux 2.38.1" ]
}

GOOD='0.000000 1795000000 0.000000
1795000000
UTC'
DRIFTING='1.500000 1795000000 0.200000
1795000000
LOCAL'

# One of them, from the same start; everything it leaves goes to $1.
leave() {
	local to=$1 adjtime=$2
	shift 2
	fresh
	: > "$FAKE_LOG"
	rm -f "$ADJTIME"
	[ -z "$adjtime" ] || echo "$adjtime" > "$ADJTIME"
	run --separate-stderr "$@" --adjfile "$ADJTIME"
	{
		echo "status $status"
		echo "$output"
		echo "stderr: $stderr"
		cat "$ADJTIME" 2>/dev/null || echo "no adjtime"
		# Moments to the millisecond.
		awk '{ if (NF > 2) $4 = sprintf("%.3f", $4)
		       if ($1 == "settime") $2 = sprintf("%.3f", $2)
		       print }' "$FAKE_LOG"
	} > "$to"
}

# What is meant to differ: the name, the tolerance and the misses it reports.
# $DECIMALS of 6: ours knows an edge better, by some microseconds.
polish() {
	sed -E -e 's/^hwclock from .*/hwclock from/' -e '/^missed it - /d' \
		-e '/ is close enough to /d' \
		-e "s/([0-9]\\.[0-9]{${DECIMALS:-6}})[0-9]+/\\1/g" "$1"
}

same() {
	local adjtime=$1
	shift
	leave "$BATS_TEST_TMPDIR/theirs" "$adjtime" reference "$@"
	leave "$BATS_TEST_TMPDIR/ours" "$adjtime" hwclock "$@"
	expect diff <(polish "$BATS_TEST_TMPDIR/theirs") <(polish "$BATS_TEST_TMPDIR/ours")
}

@test "systohc: output, adjtime, the moment and the second set" {
	for adjtime in "" "$GOOD" "$DRIFTING"; do
		for options in "" -u -l -v "-u -v" --test; do
			same "$adjtime" -w $options
		done
	done
}

@test "set" {
	for date in "2026-11-23 02:00:00" "2026-11-23 02:00" 2027-01-01 20270101120000 02:00 \
		02:00:05 today tomorrow yesterday; do
		same "$GOOD" --set --date "$date"
		same "$DRIFTING" --set --date "$date"
	done
}

@test "--delay" {
	for delay in 0 0.1 0.5 0.9 -1; do
		same "$GOOD" -w --delay=$delay
		same "$GOOD" -w --delay=$delay -v
	done
}

@test "adjust" {
	DECIMALS=3
	for adjtime in "" "$GOOD" "$DRIFTING" "${DRIFTING/1.5/3000.5}" "-1.500000 1795000000 0.200000
1795000000
UTC" "20.5 0 0
0
UTC"; do
		same "$adjtime" -a
	done
	same "$DRIFTING" -a -v
	same "$DRIFTING" -a --test
}

@test "predict" {
	same "$GOOD" --predict --date "2027-01-01 00:00:00"
	same "$GOOD" --predict --date "2027-01-01 00:00:00" -v
	same "$DRIFTING" --predict --date "2027-01-01 00:00:00"
	same "$DRIFTING" --predict --date "2027-01-01 00:00:00" -v
}

@test "systz" {
	for zone in Europe/Berlin UTC America/New_York Asia/Kolkata; do
		for options in "" -u -l -v "-l -v" --test; do
			TZ=$zone same "$GOOD" --systz $options
			TZ=$zone same "$DRIFTING" --systz $options
		done
	done
}

@test "hctosys: the kernel's timezone and its warp; the report" {
	DECIMALS=3
	for zone in Europe/Berlin UTC; do
		for options in "" -u -l -v "-l -v" --test; do
			TZ=$zone same "$DRIFTING" -s $options
		done
	done
}

@test "update-drift" {
	DECIMALS=3
	same "$GOOD" -w --update-drift
	same "$DRIFTING" -w --update-drift
	same "$DRIFTING" --set --date "2026-11-23 02:00:00" --update-drift
	same "${DRIFTING//1795000000/1795390000}" -w -u --update-drift -v
	same "0 0 0
0
UTC" -w --update-drift -v
}

@test "show and get: the same to 0.1 ms" {
	for options in -r --get "-r -v" "--get -v" "-r -l"; do
		for adjtime in "" "$GOOD" "${DRIFTING/1.5/-1.5}"; do
			leave "$BATS_TEST_TMPDIR/theirs" "$adjtime" reference $options
			local theirs=$output
			leave "$BATS_TEST_TMPDIR/ours" "$adjtime" hwclock $options
			expect [ "$status" -eq 0 ]
			local a=${theirs##*$'\n'} b=${output##*$'\n'}
			expect [ "${a%.*}${a:26}" = "${b%.*}${b:26}" ]
			expect [ "$(abs $((10#${a:20:6} - 10#${b:20:6})))" -le 100 ]
			expect [ "${#b}" -eq 32 ]
		done
	done
}

@test "show -v: the same words, but for the drift of a negative correction" {
	leave "$BATS_TEST_TMPDIR/theirs" "$DRIFTING" reference -r -v
	leave "$BATS_TEST_TMPDIR/ours" "$DRIFTING" hwclock -r -v
	expect diff <(polish "$BATS_TEST_TMPDIR/theirs" | sed 's/\(:..\)\.[0-9]*+/\1+/') \
		<(polish "$BATS_TEST_TMPDIR/ours" | sed 's/\(:..\)\.[0-9]*+/\1+/')
}

@test "adjtime without a word on the timescale" {
	same "0.0 0 0.0
0" -w
	same "0.0 0 0.0
0
FOO" -w
	leave "$BATS_TEST_TMPDIR/ours" "0.0 0 0.0
0
FOO" hwclock -r
	expect grep -qx "hwclock: Warning: unrecognized third line in adjtime file" <<< "$stderr"
}

@test "-D is accepted, with the same warning" {
	run --separate-stderr hwclock -D -r
	expect [ "$status" -eq 0 ]
	expect [ "$stderr" = "hwclock: use --verbose, --debug has been deprecated." ]
}

@test "a relative date: util-linux drops the fraction of the present, ours keeps it" {
	hwclock --set --date "+5min"
	expect [ "$(abs $(($(truth) - 300000000000)))" -le 60000 ]
}

@test "a tick that never comes: util-linux fails after 10 s, ours says so and answers" {
	export FAKE_TICKS=none
	run --separate-stderr reference -r
	expect [ "$status" -eq 1 ]
	expect [ "$(passed)" -gt 10000000000 ]
	fresh
	run --separate-stderr hwclock -r
	expect [ "$status" -eq 0 ]
	expect [ "$(passed)" -lt 1300000000 ]
	expect [ "$stderr" = "hwclock: /dev/rtc0 sends no update interrupt: found its tick by polling" ]
}

@test "device that refuses interrupts: silent, as util-linux" {
	FAKE_TICKS=refused run --separate-stderr hwclock -r
	expect [ "$status" -eq 0 ]
	expect [ -z "$stderr" ]
}

@test "help and version" {
	run --separate-stderr hwclock --help
	expect [ "$status" -eq 0 ]
	expect [ -z "$stderr" ]
	local version
	version=$(cat "$BATS_TEST_DIRNAME/../../VERSION")
	run --separate-stderr hwclock -V
	expect [ "$output" = "hwclock from rtc-mc146818 $version" ]
}
