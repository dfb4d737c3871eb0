# SPDX-License-Identifier: GPL-2.0
# The static rtcctl and the twin that does the rest.

load helper

setup() {
	setup_clock
	BUILT=$BATS_TEST_DIRNAME/../../tools
	mkdir "$BATS_TEST_TMPDIR/bin"
	install -m 0755 "$BUILT/rtcctl" "$BATS_TEST_TMPDIR/bin/rtcctl"
	ALONE=$BATS_TEST_TMPDIR/bin/rtcctl
}

# Says that it ran, and with what.
fake_twin() {
	printf '#!/bin/sh\necho "ran $0 $*"\n' > "$BATS_TEST_TMPDIR/bin/rtcctl-full"
	chmod +x "$BATS_TEST_TMPDIR/bin/rtcctl-full"
}

@test "rtcctl is static, its twin brings the libraries" {
	expect grep -q "statically linked\|not a dynamic executable" <<< "$(ldd "$BUILT/rtcctl" 2>&1)"
	expect grep -q libc.so <<< "$(ldd "$BUILT/rtcctl-full")"
}

@test "the twin beside rtcctl is run with the same arguments" {
	fake_twin
	run --separate-stderr "$ALONE" doctor --json 'a b'
	expect [ "$status" -eq 0 ]
	expect [ "$output" = "ran $BATS_TEST_TMPDIR/bin/rtcctl-full doctor --json a b" ]
}

@test "quick commands do without it" {
	run --separate-stderr "$ALONE" --version
	expect [ "$status" -eq 0 ]
	run --separate-stderr "$ALONE" show --help
	expect [ "$status" -eq 0 ]
}

@test "where it is missing the message names it" {
	installed=$(cut -d " " -f 1 "$BUILT/.directories")/rtcctl-full
	[ ! -e "$installed" ] || skip "there is $installed"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH run --separate-stderr "$ALONE" --help
	expect [ "$status" -eq 1 ]
	expect grep -q "^rtcctl: cannot run /.*/rtcctl-full, which does the rest of rtcctl: No such file" <<< "$stderr"
}

@test "a set-user-ID rtcctl leaves the neighbour alone" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to make one"
	fake_twin
	chmod a+rx "$BATS_RUN_TMPDIR" "$BATS_SUITE_TMPDIR" "$BATS_TEST_TMPDIR"/.. "$BATS_TEST_TMPDIR"
	chmod 4755 "$ALONE"
	run setpriv --reuid 65534 --clear-groups "$ALONE" --help
	refute() { ! grep -q "^ran" <<< "$output"; }
	expect refute
	chmod 0755 "$ALONE"
	run setpriv --reuid 65534 --clear-groups "$ALONE" --help
	expect grep -q "^ran" <<< "$output"
}
