# SPDX-License-Identifier: GPL-2.0
# Builds the tools and the fake clock once for all files.

setup_suite() {
	local tools=$BATS_TEST_DIRNAME/../../tools

	make -C "$tools" WERROR=1 all >&2
	mkdir "$BATS_SUITE_TMPDIR/tools"
	cp "$tools/rtcctl" "$BATS_SUITE_TMPDIR/tools/rtcctl"
	ln -s rtcctl "$BATS_SUITE_TMPDIR/tools/hwclock"
	ln -s rtcctl "$BATS_SUITE_TMPDIR/tools/rtcwake"
	cc -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -shared -fPIC \
		-o "$BATS_SUITE_TMPDIR/fake-rtc.so" "$BATS_TEST_DIRNAME/fake-rtc.c" -ldl
}
