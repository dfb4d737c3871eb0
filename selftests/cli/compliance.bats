# SPDX-License-Identifier: GPL-2.0
# rtcctl compliance, as far as that goes without a kernel: the rest is the VM's.

load helper

setup() { setup_clock; }

@test "nothing without a yes" {
	run --separate-stderr rtcctl compliance < /dev/null
	expect [ "$status" -eq 2 ]
	expect grep -q -- "say --yes, or --no-set" <<< "$stderr"
	expect [ -z "$output" ]
	nothing_changed
	answer() { terminal -ec "env LD_PRELOAD=$BATS_SUITE_TMPDIR/fake-rtc.so $TOOLS/rtcctl compliance" /dev/null <<< n; }
	run answer
	expect [ "$status" -eq 2 ]
	expect grep -q "Go on? \[y/N\]" <<< "$output"
	nothing_changed
}

@test "without sets the clock stays as it is, and a clock without interrupts fails" {
	FAKE_TICKS=none run --separate-stderr rtcctl compliance --no-set
	expect [ "$status" -eq 1 ]
	expect [ "$(sed -n 's/^1\.\.//p' <<< "$output")" = "$(grep -c '^\(not \)\{0,1\}ok ' <<< "$output")" ]
	expect grep -q "^not ok [0-9]* update-interrupt # enabled without complaint, then none comes" <<< "$output"
	expect grep -q "^ok [0-9]* read-rate$" <<< "$output"
	refute() { ! grep -q "set-\|roll-\|midnight" <<< "$output"; }
	expect refute
	refute() { ! grep -q "^rtc " "$FAKE_LOG"; }
	expect refute
}

@test "started with SIGCHLD ignored, too" {
	export FAKE_TICKS=none
	run --separate-stderr rtcctl compliance --no-set
	local without=$output
	fresh
	ignoring() { (export LD_PRELOAD=$BATS_SUITE_TMPDIR/fake-rtc.so; exec env --ignore-signal=CHLD "$@"); }
	run --separate-stderr ignoring "$TOOLS/rtcctl" compliance --no-set
	expect [ "$status" -eq 1 ]
	expect [ "$(grep -c '^ok ' <<< "$output")" = "$(grep -c '^ok ' <<< "$without")" ]
}

@test "no clock, and wrong use" {
	FAKE_DEVICE=/dev/rtc9 run --separate-stderr rtcctl compliance --no-set
	expect [ "$status" -eq 2 ]
	run --separate-stderr rtcctl compliance --frobnicate
	expect [ "$status" -eq 64 ]
}
