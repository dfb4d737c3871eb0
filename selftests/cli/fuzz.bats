# SPDX-License-Identifier: GPL-2.0
# A million dates and a million adjtime files, right ones and spoilt ones, with the
# address and undefined-behaviour sanitizers: nothing crashes, no nonsense is accepted.

@test "dates and adjtime files by chance" {
	local tools=$BATS_TEST_DIRNAME/../../tools

	cc -std=gnu11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Werror \
		-fsanitize=address,undefined -fno-sanitize-recover=all \
		-iquote "$tools" -o "$BATS_TEST_TMPDIR/fuzz" "$BATS_TEST_DIRNAME/fuzz.c" \
		"$tools"/lib/time/{date,adjtime,clock}.c "$tools"/lib/base/savefile.c -lm
	"$BATS_TEST_TMPDIR/fuzz" "${FUZZ_COUNT:-1000000}"
}
