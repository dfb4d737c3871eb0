# SPDX-License-Identifier: GPL-2.0
# watch: a line each second.

load helper

setup() { setup_clock; }

@test "a line each second, as many as asked for" {
	setup_clock rtc-mc146818
	add_phase 3000
	run --separate-stderr rtcctl watch --count 5
	expect [ "$status" -eq 0 ]
	expect [ "${#lines[@]}" -eq 5 ]
	expect [ "$(passed)" -gt 3900000000 ]
	expect [ "$(passed)" -lt 4100000000 ]
	local sub='\+400\.[0-9]* ms \+/- 3\.0 us  -1234 ppb  locked  2 steps'
	for i in 0 1 2 3 4; do
		expect grep -qE "^2026-11-23 00:00:0$i\.6[0-9]*\+00:00  $sub$" <<< "${lines[i]}"
	done
}

@test "JSON: an object a line" {
	setup_clock rtc-mc146818
	add_phase 3000
	run --separate-stderr rtcctl watch --count 3 --json
	expect [ "${#lines[@]}" -eq 3 ]
	for line in "${lines[@]}"; do
		expect jq -e '(.offset_ns - 400000000 | fabs) <= .bound_ns and .freq_ppb == -1234
			and .state == "locked" and .steps == 2 and .method == "phase"' <<< "$line"
	done
}

@test "a driver that does not know its phase: ticks" {
	run --separate-stderr rtcctl watch --count 3 --json
	expect [ "$status" -eq 0 ]
	expect [ "${#lines[@]}" -eq 3 ]
	for line in "${lines[@]}"; do
		expect jq -e '(.offset_ns - 400000000 | fabs) <= .bound_ns and .method == "tick"
			and (has("state") | not)' <<< "$line"
	done
}

@test "counts that are none" {
	for count in 0 -1 x 1x ""; do
		run --separate-stderr rtcctl watch --count "$count"
		refused_with "rtcctl: watch: invalid count '$count'"
	done
}
