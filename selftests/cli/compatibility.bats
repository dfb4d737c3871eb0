# SPDX-License-Identifier: GPL-2.0
# Side by side with util-linux: every option has a row in
# Documentation/compatibility.md, and every row is what a run shows.

load helper

@test "each verdict is what is seen, no option without one, and the document is this run's" {
	local document=$BATS_TEST_DIRNAME/../../Documentation/compatibility.md

	expect [ "$(reference --version)" = "hwclock from util-linux 2.38.1" ]
	"$BATS_TEST_DIRNAME/compatibility" "$BATS_SUITE_TMPDIR" > "$BATS_TEST_TMPDIR/document"
	diff "$document" "$BATS_TEST_TMPDIR/document"
}
