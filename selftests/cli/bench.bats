# SPDX-License-Identifier: GPL-2.0
# What the bench makes of its measurements.

load helper

setup_file() { make -s -C "$BATS_TEST_DIRNAME/../bench" OUT="$BATS_FILE_TMPDIR" table >&2; }

# Measurements of a row: driver tool row value...
samples() {
	local start
	start=$(printf 'there\t%s\t%s\t%s' "$1" "$2" "$3")
	shift 3
	printf "$start\t%s\n" "$@"
}

table() { "$BATS_FILE_TMPDIR/table" "$@"; }

# The cells of a row of $output, without the blanks that align them.
cells() { sed -n "s/^| $1  *| *//p" <<< "$output" | sed 's/  *| */|/g; s/|$//'; }

# The one line of statistics that a row comes to, from its count on.
statistics() { samples rtc_cmos - tick_late_ns "$@" | table statistics | tail -n +2 | cut -f 5-; }

@test "quartiles of an odd number, whatever their order" {
	run statistics 5 1 4 2 3
	expect [ "$output" = "$(printf '5\t1\t2\t3\t4\t5\t3\t5')" ]
}

@test "quartiles of an even number lie in between" {
	run statistics 10 40 20 30
	expect [ "$output" = "$(printf '4\t10\t17.5\t25\t32.5\t40\t25\t40')" ]
}

@test "one measurement is all of its quartiles" {
	run statistics 7
	expect [ "$output" = "$(printf '1\t7\t7\t7\t7\t7\t7\t7')" ]
}

@test "signs: kept for the quartiles, left out for how far off" {
	run statistics -30 10 -20
	expect [ "$output" = "$(printf '3\t-30\t-25\t-20\t-5\t10\t20\t30')" ]
}

@test "a cell: median and highest; the ratio is theirs to ours" {
	run table tables < <(samples rtc_cmos - tick_late_ns 12000000 9000000 10000000
		samples ours - tick_late_ns -400000 200000 300000)
	expect [ "$(cells 'a tick comes late by')" = '10.0 ms / 12.0 ms|300 us / 400 us|33|3' ]
}

@test "theirs is hwclock on rtc_cmos, ours rtcctl on ours" {
	run table tables < <(samples rtc_cmos hwclock show_wall_ns 900000000
		samples rtc_cmos rtcctl show_wall_ns 600000000
		samples ours hwclock show_wall_ns 450000000
		samples ours rtcctl show_wall_ns 20000000 40000000)
	expect [ "$(cells 'show: wall')" = '900 ms|-|600 ms|450 ms|30.0 ms / 40.0 ms|30|2' ]
}

@test "shares are counted, and have no ratio" {
	run table tables < <(samples rtc_cmos - tick_missing 1 0 1; samples ours - tick_missing 0 0)
	expect [ "$(cells 'ticks that never came')" = '2 of 3|0 of 2|-|2' ]
}

@test "a ratio to nothing, or to what was not measured, is none" {
	run table tables < <(samples rtc_cmos - interrupts_uie_second 64
		samples ours - interrupts_uie_second 0; samples rtc_cmos - access_read 12)
	expect [ "$(cells 'interrupts: one second of ticks')" = '64|0|-|1' ]
	expect [ "$(cells 'accesses: RTC_RD_TIME')" = '12|-|-|0' ]
}

@test "units change where three digits would round up" {
	run table tables < <(samples rtc_cmos - tick_late_ns 999.4; samples ours - tick_late_ns 999.6)
	expect [ "$(cells 'a tick comes late by')" = '999 ns|1.00 us|1.00|1' ]
	run table tables < <(samples rtc_cmos - tick_late_ns 9996; samples ours - tick_late_ns 99960)
	expect [ "$(cells 'a tick comes late by')" = '10.0 us|100 us|0.10|1' ]
}

@test "what is judged by the true edges is no better known than these were seen" {
	run table tables < <(samples rtc_cmos hwclock show_error_ns 20000; samples ours rtcctl show_error_ns 58
		samples rtc_cmos - truth_ns 1000; samples ours - truth_ns 2000)
	expect [ "$(cells 'show: error')" = '20.0 us|-|-|-|58 ns|10|1' ]
	run table summary < <(samples rtc_cmos hwclock show_error_ns 20000; samples ours rtcctl show_error_ns 58
		samples rtc_cmos - truth_ns 1000; samples ours - truth_ns 2000)
	expect [ "$(cells 'show: error')" = '20.0 us|2.00 us|1.00 us to 2.00 us|10|0 of 1|1' ]
}

@test "each configuration has its tables, and the summary the range of them all" {
	{
		samples rtc_cmos - tick_late_ns 3000000
		samples ours - tick_late_ns 1000000
		samples rtc_cmos - tick_late_ns 5000000 | sed s/there/elsewhere/
	} >"$BATS_TEST_TMPDIR/samples"
	run table tables <"$BATS_TEST_TMPDIR/samples"
	expect [ "$(grep '^###' <<< "$output" | tr '\n' ' ')" = '### Linux there ### Linux elsewhere ' ]
	run table summary <"$BATS_TEST_TMPDIR/samples"
	expect [ "$(cells 'a tick comes late by')" = '3.00 ms to 5.00 ms|1.00 ms|-|3|0 of 1|1' ]
}

@test "the summary has every row that was measured, what is worse on ours first" {
	run table summary < <(samples rtc_cmos hwclock show_wall_ns 900; samples ours rtcctl show_wall_ns 300
		samples rtc_cmos hwclock show_failed 0 0; samples ours rtcctl show_failed 0 1
		samples rtc_cmos hwclock systohc_wall_ns 400; samples ours rtcctl systohc_wall_ns 2000
		samples rtc_cmos hwclock hctosys_wall_ns 400; samples ours rtcctl hctosys_wall_ns 800)
	expect [ "$(sed -n 's/^| \([sh][a-z:]* [a-z]*\) .*/\1/p' <<< "$output" | tr '\n' ',')" = \
		'show: failed,systohc: wall,hctosys: wall,show: wall,' ]
	expect [ "$(cells 'systohc: wall')" = '400 ns|2.00 us|-|0.2|1 of 1|1' ]
	expect [ "$(cells 'show: failed')" = '0 of 2|1 of 2|-|-|1 of 1|2' ]
}

@test "a line that is none is refused by its number" {
	for line in 'there' $'there\tours\t-\ttick_late_ns\t' $'there\tours\t-\ttick_late_ns\t12x' \
		$'there\tours\t-\ttick_late_ns\tnan'; do
		run --separate-stderr table tables < <(samples ours - tick_late_ns 1; echo "$line")
		expect [ "$status" -eq 1 ]
		expect [ "$stderr" = 'table: line 2: Invalid argument' ]
	done
}
