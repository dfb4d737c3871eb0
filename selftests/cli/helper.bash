# SPDX-License-Identifier: GPL-2.0
# What the test files share. 2026-11-23 00:00:00 UTC is 1795392000.

TOOLS=$BATS_SUITE_TMPDIR/tools
bats_require_minimum_version 1.5.0

# Whoever runs the tests may have no terminal.
export TERM=xterm

# A terminal for a minute at most; script waits for ever where SIGCHLD is ignored.
terminal() { env --default-signal=CHLD timeout -k 5 60 script -q "$@"; }

# A clock of the driver $1 that is 0.4 s ahead of the system.
setup_clock() {
	local driver=${1:-rtc_cmos}

	export TZ=UTC LC_ALL=C
	export FAKE_REAL=1795392000.25 FAKE_RTC=1795392000.65
	export FAKE_STATE=$BATS_TEST_TMPDIR/state FAKE_LOG=$BATS_TEST_TMPDIR/log
	export RTCCTL_ROOT=$BATS_TEST_TMPDIR/root FAKE_SYSFS=$BATS_TEST_TMPDIR/root
	ADJTIME=$RTCCTL_ROOT/etc/adjtime
	LOCK=$RTCCTL_ROOT/run/rtcctl.lock
	CLASS=$RTCCTL_ROOT/sys/class/rtc/rtc0
	mkdir -p "$RTCCTL_ROOT"/{etc,proc,run,sys/dev/char} "$CLASS/device"
	ln -sfn ../../class/rtc/rtc0 "$RTCCTL_ROOT/sys/dev/char/250:0"
	echo "$driver 00:03" > "$CLASS/name"
	echo 1 > "$CLASS/hctosys"
	: > "$FAKE_LOG"
}

# The driver's PTP clock, with what it says of its own error.
add_ptp() {
	mkdir -p "$CLASS/device/ptp/ptp0" "$CLASS/phase"
	echo "$1" > "$CLASS/phase/uncertainty_ns"
	echo locked > "$CLASS/phase/state"
}

# A driver that knows its phase, $1 ns well, and takes steps.
add_phase() {
	mkdir -p "$CLASS/device/ptp/ptp0" "$CLASS/phase"
	export FAKE_PHASE=$1
	echo locked > "$CLASS/phase/state"
	echo -1234 > "$CLASS/phase/freq_ppb"
	echo 2 > "$CLASS/phase/steps"
}

fake() { LD_PRELOAD=$BATS_SUITE_TMPDIR/fake-rtc.so "$@"; }
fresh() { rm -f "$FAKE_STATE"; }
rtcctl() { fake "$TOOLS/rtcctl" "$@"; }
hwclock() { fake "$TOOLS/hwclock" "$@"; }
rtcwake() { fake "$TOOLS/rtcwake" "$@"; }
# As a job in the background of a terminal.
in_background() {
	terminal -ec \
		"bash -c 'set -m; timeout 20 env LD_PRELOAD=$BATS_SUITE_TMPDIR/fake-rtc.so $* & wait \$!'" /dev/null
}
# util-linux's hwclock under the same circumstances.
reference() {
	local path

	path=$(PATH=/usr/sbin:/sbin type -P hwclock)
	(LD_PRELOAD=$BATS_SUITE_TMPDIR/fake-rtc.so exec -a hwclock "$path" "$@")
}

# A number out of the JSON in $output.
number() { sed -n "s/.*\"$1\": *\(-\{0,1\}[0-9]*\),\{0,1\}$/\1/p" <<< "$output"; }

# How far the clock is ahead of the system, in ns, from the state of the fake.
truth() {
	local now real rtc rest

	read -r now real rtc rest < "$FAKE_STATE"
	echo $((rtc - real))
}

# How much time has passed for the programs, in ns.
passed() {
	local now rest

	read -r now rest < "$FAKE_STATE"
	echo $((now - 1000000000000))
}

abs() { local n=$1; echo "${n#-}"; }

# jq 1.6 says of no input at all that it is true.
jq() {
	local out status=0

	out=$(command jq "$@") || status=$?
	[ -z "$out" ] || printf '%s\n' "$out"
	[ "$status" -eq 0 ] || return "$status"
	[[ $1 != -*e* ]] || [ -n "$out" ]
}

# Fails, and says what was seen.
expect() {
	"$@" && return
	echo "expected: $*"
	echo "output: ${output-}"
	echo "stderr: ${stderr-}"
	return 1
}

# until_it WHAT COMMAND...: waits in real time for the command to succeed, half a minute at most.
until_it() {
	local what=$1 end=$((SECONDS + 30))
	shift
	until "$@" 2>/dev/null; do
		[ $SECONDS -lt $end ] || { echo "not within half a minute: $what"; return 1; }
		sleep 0.01
	done
}

# One line on standard error that contains $1, exit 1, no clock touched.
refused_with() {
	expect [ "$status" -eq 1 ]
	expect [ "${#stderr_lines[@]}" -eq 1 ]
	expect grep -qF -- "$1" <<< "$stderr"
	expect [ -z "$output" ]
	nothing_changed
}

# The same for what is typed wrongly: exit 64.
misused_with() {
	expect [ "$status" -eq 64 ]
	expect grep -qF -- "$1" <<< "$stderr"
	expect [ -z "$output" ]
	nothing_changed
}

nothing_changed() { expect [ ! -s "$FAKE_LOG" ]; }
