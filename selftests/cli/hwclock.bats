# SPDX-License-Identifier: GPL-2.0
# The hwclock face next to util-linux's hwclock 2.38.1: what compatibility.bats
# does not tell.

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

# One of them, from the same start.
leave() {
	local adjtime=$1
	shift
	fresh
	rm -f "$ADJTIME"
	[ -z "$adjtime" ] || echo "$adjtime" > "$ADJTIME"
	run --separate-stderr "$@" --adjfile "$ADJTIME"
}

@test "show and get: the same to 0.1 ms" {
	for options in -r --get "-r -v" "--get -v" "-r -l"; do
		for adjtime in "" "$GOOD" "${DRIFTING/1.5/-1.5}"; do
			leave "$adjtime" reference $options
			local theirs=$output
			leave "$adjtime" hwclock $options
			expect [ "$status" -eq 0 ]
			local a=${theirs##*$'\n'} b=${output##*$'\n'}
			expect [ "${a%.*}${a:26}" = "${b%.*}${b:26}" ]
			expect [ "$(abs $((10#${a:20:6} - 10#${b:20:6})))" -le 100 ]
			expect [ "${#b}" -eq 32 ]
		done
	done
}

@test "adjtime without a word on the timescale" {
	leave "0.0 0 0.0
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

@test "parameters: read, set, said what they mean" {
	export FAKE_FEATURES=0x35 FAKE_CORRECTION=-3051 FAKE_BSM=2
	run --separate-stderr hwclock --param-get features
	expect [ "$status" -eq 0 ]
	expect [ "$output" = "The RTC parameter 0x0 is set to 0x35." ]
	run --separate-stderr hwclock -v --param-get features
	expect [ "${lines[3]}" = "features: alarm, alarms need the week day, update interrupt, rate correction" ]
	run --separate-stderr hwclock -v --param-get correction
	expect [ "${lines[3]}" = "correction: -3051 ppb" ]
	for mode in 0:disabled 1:direct 2:level 3:standby; do
		hwclock --param-set bsm=${mode%:*}
		run --separate-stderr hwclock -v --param-get 0x2
		expect [ "${lines[2]}" = "The RTC parameter 0x2 is set to 0x${mode%:*}." ]
		expect [ "${lines[3]}" = "bsm: ${mode#*:}" ]
	done
	hwclock --param-set bsm=7
	run --separate-stderr hwclock -v --param-get bsm
	expect [ "${#lines[@]}" -eq 3 ]
}

@test "parameters: the index goes to the driver" {
	export FAKE_FEATURES=1 FAKE_BSM=1
	hwclock --param-set bsm=3 --param-index 2
	expect grep -qx "param 2\[2\] 3" "$FAKE_LOG"
	for index in x -1 4294967296 ""; do
		run --separate-stderr hwclock --param-get bsm --param-index "$index"
		expect [ "$status" -eq 1 ]
		expect [ "$stderr" = "hwclock: invalid --param-index argument: '$index'" ]
	done
}

@test "voltage: each flag, and forgetting them" {
	run --separate-stderr hwclock --vl-read
	expect [ "$status" -eq 1 ]
	expect grep -q "RTC_VL_READ) on /dev/rtc0 failed" <<< "$stderr"
	FAKE_VL=0x1f run --separate-stderr hwclock --vl-read
	expect [ "$status" -eq 0 ]
	expect [ "${#lines[@]}" -eq 5 ]
	expect [ "${lines[0]}" = "0x01 - Voltage too low, RTC data is invalid" ]
	expect [ "${lines[4]}" = "0x10 - Backup switchover happened" ]
	FAKE_VL=5 run --separate-stderr hwclock --vl-clear --test
	nothing_changed
	FAKE_VL=5 run --separate-stderr hwclock --vl-clear
	expect [ "$status" -eq 0 ]
	expect grep -qx "voltage cleared" "$FAKE_LOG"
	FAKE_VL=5 run --separate-stderr hwclock --vl-read
	expect [ -z "$output" ]
}

@test "no function is dropped where another is given" {
	export FAKE_FEATURES=1 FAKE_VL=0
	for args in "--vl-read -w" "--vl-clear --systz" "--param-get bsm -s" "-r --param-set bsm=1" \
		"--vl-read --vl-clear" "--param-get bsm --param-set bsm=1"; do
		run --separate-stderr hwclock $args
		refused_with "mutually exclusive arguments: --adjust --show --hctosys"
	done
}

@test "audit: what changes a clock is noted, what does not is not" {
	export FAKE_AUDIT=$BATS_TEST_TMPDIR/audit FAKE_FEATURES=1 FAKE_VL=1
	for args in -w -s --systz -a "--set --date 2027-01-01" "--param-set bsm=1" --vl-clear; do
		: > "$FAKE_AUDIT"
		hwclock $args > /dev/null
		expect [ "$(wc -l < "$FAKE_AUDIT")" -eq 1 ]
		expect grep -q "^1111 op=change-system-time exe=\".*/rtcctl\" .* res=success$" "$FAKE_AUDIT"
		: > "$FAKE_AUDIT"
		hwclock $args --test > /dev/null
		expect [ ! -s "$FAKE_AUDIT" ]
	done
	for args in -r --get "--predict --date now" "--param-get features" --vl-read; do
		hwclock $args > /dev/null
		expect [ ! -s "$FAKE_AUDIT" ]
	done
	FAKE_WRITE=5 run --separate-stderr hwclock -w
	expect grep -q " res=failed$" "$FAKE_AUDIT"
	# A reading needs no audit, a change does.
	FAKE_AUDIT_OPEN=1 expect hwclock -r
	: > "$FAKE_LOG"
	FAKE_AUDIT_OPEN=1 run --separate-stderr hwclock -w
	refused_with "Unable to connect to audit system"
}

@test "audit: a program's name that could be taken for more is in hexadecimal" {
	export FAKE_AUDIT=$BATS_TEST_TMPDIR/audit
	mkdir "$BATS_TEST_TMPDIR/a b"
	cp "$TOOLS/rtcctl" "$BATS_TEST_TMPDIR/a b/hwclock"
	fake "$BATS_TEST_TMPDIR/a b/hwclock" -w
	local hex
	hex=$(printf %s "$BATS_TEST_TMPDIR/a b/hwclock" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F)
	expect grep -q " exe=$hex " "$FAKE_AUDIT"
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
