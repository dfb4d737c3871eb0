# SPDX-License-Identifier: GPL-2.0
# Dates as people type them.

load helper

setup() {
	setup_clock
	export TZ=Europe/Berlin
}

# date, then the time meant, in ns or as date(1) says it
means() {
	fresh
	run --separate-stderr rtcctl set --test --json -- "$1"
	expect [ "$status" -eq 0 ]
	expect [ "$(number time_ns)" = "$2" ]
}

# The same, for what counts from the present: to the millisecond.
means_about() {
	fresh
	run --separate-stderr rtcctl set --test --json -- "$1"
	expect [ "$status" -eq 0 ]
	expect [ "$(abs $(($(number time_ns) - $2)))" -lt 1000000 ]
}

at() { echo "$(date -d "$1" +%s)${2:-000000000}"; }

NOW=1795392000250000000

@test "absolute" {
	means "2026-11-23 01:02:03" "$(at "2026-11-23 01:02:03")"
	means "2026-11-23T01:02:03" "$(at "2026-11-23 01:02:03")"
	means "2026-11-23 01:02" "$(at "2026-11-23 01:02")"
	means "2026-07-23" "$(at "2026-07-23")"
	means "26-07-23 12:00" "$(at "2026-07-23 12:00")"
	means "69-07-20" "$(at "1969-07-20")"
	means "20260723010203" "$(at "2026-07-23 01:02:03")"
	means "01:02:03" "$(at "2026-11-23 01:02:03")"
	means "01:02" "$(at "2026-11-23 01:02")"
	means "2000-02-29" "$(at "2000-02-29")"
	means "2038-01-19 03:14:08Z" 2147483648000000000
	means "1970-01-01 00:00:00Z" 0
	means "1969-12-31 23:59:59Z" -1000000000
}

@test "fractions are kept" {
	means "2026-11-23 01:02:03.25" "$(at "2026-11-23 01:02:03" 250000000)"
	means "2026-11-23 01:02:03,000000001" "$(at "2026-11-23 01:02:03" 000000001)"
	means "2026-11-23 01:02:03.9999999999" "$(at "2026-11-23 01:02:03" 999999999)"
	means "@1.5" 1500000000
	means "@-1.5" -1500000000
}

@test "a time of day in another zone is of the day that it is there" {
	# 19:30 UTC is tomorrow morning in Auckland, and yesterday in no place.
	export TZ=Pacific/Auckland FAKE_REAL=1795375800
	means 19:31Z 1795375860000000000
	means 19:29Z 1795375740000000000
	means "08:31+13:00" 1795375860000000000
	means "09:31-10:00" 1795375860000000000
	means "08:31" 1795375860000000000
	fresh
	FAKE_FEATURES=1 FAKE_RTC=1795375800 run --separate-stderr rtcctl alarm set 19:31Z --json
	expect jq -e '.alarm.alarm_s == 1795375860' <<< "$output"
	TZ=Pacific/Honolulu means "08:31+13:00" 1795375860000000000
}

@test "zones" {
	for zone in Z +00:00 +05:30 -0800 +02 " UTC"; do
		local gnu=${zone/Z/+00:00}
		means "2026-11-23T01:02:03$zone" "$(at "2026-11-23 01:02:03${gnu/ UTC/+00:00}")"
	done
}

@test "relative" {
	means_about now $NOW
	means today "$(at 2026-11-23)"
	means tomorrow "$(at 2026-11-24)"
	means yesterday "$(at 2026-11-22)"
	means "tomorrow 06:30" "$(at "2026-11-24 06:30")"
	means_about "+90" $((NOW + 90000000000))
	means_about "+90s" $((NOW + 90000000000))
	means_about "+5m" $((NOW + 300000000000))
	means_about "+5min" $((NOW + 300000000000))
	means_about "+2 hours" $((NOW + 7200000000000))
	means_about "-3d" $((NOW - 259200000000000))
	means_about "+1.5h" $((NOW + 5400000000000))
	means_about "-0.25" $((NOW - 250000000))
	means_about "+1w" $((NOW + 604800000000000))
	means_about "5 min ago" $((NOW - 300000000000))
	means_about "2 weeks ago" $((NOW - 1209600000000000))
}

@test "several units, months and years, milliseconds" {
	means_about "+1h30m" $((NOW + 5400000000000))
	means_about "+2d3h" $((NOW + 183600000000000))
	means_about "+ 1 hour 30 minutes" $((NOW + 5400000000000))
	means_about "+1month" $((NOW + 2629800000000000))
	means_about "-2y" $((NOW - 63115200000000000))
	means_about "+500ms" $((NOW + 500000000))
	means_about "1h 30m ago" $((NOW - 5400000000000))
}

@test "the day of the week before a date must be its own" {
	means "Mon 2026-11-23 01:02" "$(at "2026-11-23 01:02")"
	means "tuesday 2026-11-24" "$(at "2026-11-24")"
	means "Mon 01:02" "$(at "2026-11-23 01:02")"
}

@test "a leap second, and an hour that daylight saving skips: as util-linux has them" {
	means "2016-12-31 23:59:60" "$(at "2017-01-01")"
	means "2026-03-29 02:30" "$(at "2026-03-29 03:30")"
	means "2026-03-29 02:30:15.5" "$(at "2026-03-29 03:30:15" 500000000)"
}

@test "what is no date" {
	local bad

	while IFS= read -r bad; do
		run --separate-stderr rtcctl set --test -- "$bad"
		refused_with "rtcctl: invalid date '$bad': accepted are"
		run --separate-stderr hwclock --set --test --date="$bad"
		refused_with "hwclock: invalid date '$bad'"
	done <<-'END'

		foo
		2026
		2026-1-1
		2026-13-01
		2026-00-01
		2026-02-29
		2100-02-29
		2026-04-31
		2026-11-23 24:00:00
		2026-11-23 12:60
		2026-11-23 12:00:61
		2026-11-23 12:00:62
		2026-11-23 12:00:00.
		2026-11-23 12:00:00 junk
		2026-11-23x12:00
		2026-11-23 12:00+25:00
		2026-11-23 12:00+24:00
		2026-11-23 12:00+23:60
		2026-11-23 12:00+24:60
		2026-11-23 12:00+1
		20261301000000
		2026010100000
		@
		@x
		@1x
		@1.
		+
		+x
		+5x
		+5 fortnights
		+1h x
		+1h 30
		+2 h 30
		+h
		Mon
		Tue 2026-11-23
		Someday 2026-11-23
		5
		5 min
		5 min agone
		+5 min ago
		+5min x
		5ago
		2026-11-23 12:00Zulu
		ago
		nowish
		tomorrow 25:00
		12
		12:
		1:00
		 now
		now 
	END
}

@test "too far away" {
	for far in @99999999999 9999-12-31 +9999999999999999s @9223372036854775807 \
		+99999999999999999999d; do
		run --separate-stderr rtcctl set --test -- "$far"
		expect [ "$status" -eq 1 ]
		expect grep -q "^rtcctl: invalid date" <<< "$stderr"
	done
}

@test "each second of a year's turn comes out as it went in" {
	for s in 946684799 946684800 951782399 951868800 2147483647 4102444799 4107542400; do
		means "$(TZ=UTC date -d "@$s" "+%F %TZ")" "${s}000000000"
		means "@$s" "${s}000000000"
		means "$(date -d "@$s" "+%F %T")" "${s}000000000"
	done
}
