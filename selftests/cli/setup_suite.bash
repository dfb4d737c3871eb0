# SPDX-License-Identifier: GPL-2.0
# Builds the tools and the fake clock once for all files.

setup_suite() {
	make -C "$BATS_TEST_DIRNAME/../../tools" WERROR=1 >&2
	cc -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -shared -fPIC \
		-o "$BATS_SUITE_TMPDIR/fake-rtc.so" "$BATS_TEST_DIRNAME/fake-rtc.c" -ldl
}
