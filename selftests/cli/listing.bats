# SPDX-License-Identifier: GPL-2.0
# What makes tables: alarm, params, nvram; and what all tables share.

load helper

setup() { setup_clock; }

# The RAM of a PC, with a checksum that is right, and the table that names the century's register.
add_nvram() {
	mkdir -p "$CLASS/device/cmos_nvram0" "$RTCCTL_ROOT/sys/firmware/acpi/tables"
	NVMEM=$CLASS/device/cmos_nvram0/nvmem
	# 114 bytes from 0x0e on: 0x80 at 0x15, 0x02 at 0x16, 0x01 at 0x2d, the last that counts, the sum 0x0083 at 0x2e.
	head -c 114 /dev/zero > "$NVMEM"
	poke 0x15 '\x80' ; poke 0x16 '\x02' ; poke 0x2d '\x01' ; poke 0x2f '\x83' ; poke 0x32 '\x20' ; poke 0x40 'Z'
	add_fadt '\0\0'
}

# With these two bytes for an alarm's day and month, and a century.
add_fadt() {
	{ printf 'FACP\x74\0\0\0'; head -c 98 /dev/zero; printf "$1"'\x32\0\0\0\0\0\0\0'; } \
		> "$RTCCTL_ROOT/sys/firmware/acpi/tables/FACP"
}

poke() { printf "$2" | dd of="$NVMEM" bs=1 seek=$(($1 - 14)) conv=notrunc status=none; }

@test "alarms of all clocks" {
	# The second one cannot be opened, and sysfs tells of its alarm all the same.
	mkdir -p "$RTCCTL_ROOT/sys/class/rtc/rtc1"
	echo "rtc-other x" > "$RTCCTL_ROOT/sys/class/rtc/rtc1/name"
	echo 1795392060 > "$RTCCTL_ROOT/sys/class/rtc/rtc1/wakealarm"
	mkdir -p "$CLASS/device/power"
	echo enabled > "$CLASS/device/power/wakeup"
	FAKE_FEATURES=0x3 FAKE_ALARM=1795395600 run --separate-stderr rtcctl alarm list --json
	expect [ "$status" -eq 0 ]
	expect jq -e '.alarm.alarms | length == 2
		and .[0].clock == "rtc0" and .[0].state == "armed" and .[0].alarm_s == 1795395600
		and .[0].left_s == 3599 and .[0].wakes == true and .[0].step_s == 60
		and .[1].clock == "rtc1" and .[1].driver == "rtc-other" and .[1].state == "armed"
		and .[1].alarm_s == 1795392060 and .[1].step_s == null and .[1].wakes == null' <<< "$output"
	run --separate-stderr rtcctl alarm --rtc /dev/rtc0
	expect [ "${#lines[@]}" -eq 2 ]
	expect grep -q "^rtc0 *rtc_cmos *off" <<< "${lines[1]}"
	nothing_changed
}

@test "alarm: how far the chip's reaches" {
	add_nvram
	FAKE_FEATURES=1 run --separate-stderr rtcctl alarm --json
	expect jq -e '.alarm.alarms[0].reach == "a day"' <<< "$output"
	add_fadt '\x0d\x0e'
	FAKE_FEATURES=1 run --separate-stderr rtcctl alarm --json
	expect jq -e '.alarm.alarms[0].reach == "a year"' <<< "$output"
}

@test "alarm: none comes early, and the answer says when it comes" {
	FAKE_FEATURES=1 run --separate-stderr rtcctl alarm set @1795392100.25 --json
	expect [ "$status" -eq 0 ]
	expect jq -e '.alarm.alarm_s == 1795392101' <<< "$output"
	expect grep -qx "alarm on 1795392101" "$FAKE_LOG"
}

@test "alarm: wrong use" {
	run --separate-stderr rtcctl alarm set
	expect grep -q "alarm set: no date given" <<< "$stderr"
	run --separate-stderr rtcctl alarm frobnicate
	expect grep -q "'frobnicate' is not what it understands: list, set DATE or cancel" <<< "$stderr"
	run --separate-stderr rtcctl alarm cancel now
	expect [ "$status" -eq 64 ]
	run --separate-stderr rtcctl alarm set someday
	refused_with "invalid date 'someday'"
}

@test "alarm set: not for the second that runs" {
	export FAKE_FEATURES=1 FAKE_ALARM=1795395600
	run --separate-stderr rtcctl alarm set @1795392000
	expect [ "$status" -eq 1 ]
	run --separate-stderr rtcctl alarm list --json
	expect jq -e '.alarm.alarms[0].alarm_s == 1795395600' <<< "$output"
	expect rtcctl alarm set @1795392002
}

@test "alarm set --test: no where the clock would say no" {
	add_nvram
	for date in @5 -5m; do
		run --separate-stderr rtcctl alarm set --test $date
		refused_with "/dev/rtc0: the alarm's time is past"
	done
	run --separate-stderr rtcctl alarm set --test +3d
	refused_with "too far ahead: the chip's reaches a day"
	echo '[946684800,1795395600]' > "$CLASS/range"
	run --separate-stderr rtcctl alarm set --test +2h
	refused_with "the alarm is too far ahead"
	run --separate-stderr rtcctl alarm set --test +10m
	expect [ "$status" -eq 0 ]
	FAKE_ALARM=1795395600 run --separate-stderr rtcctl alarm cancel --test
	expect grep -q "^Would cancel *2026-11-23 01:00:00" <<< "$output"
	nothing_changed
	run --separate-stderr rtcctl set --test 2200-01-01
	refused_with "cannot set /dev/rtc0: the clock cannot hold this date"
}

@test "alarm list: a clock that is not there" {
	for name in /dev/nonesuch rtc7; do
		run --separate-stderr rtcctl alarm list --rtc "$name"
		refused_with "$name: sysfs knows no clock of this name"
	done
}

@test "no clock: an error" {
	rm -r "$RTCCTL_ROOT/sys"
	run --separate-stderr rtcctl nvram
	refused_with "no clock"
}

@test "params decoded" {
	echo "[0,4102444799]" > "$CLASS/range"
	echo 64 > "$CLASS/max_user_freq"
	FAKE_FEATURES=0x11 FAKE_VL=2 run --separate-stderr rtcctl params
	expect [ "$status" -eq 0 ]
	expect grep -q "^features *17 alarm, update interrupt$" <<< "$output"
	expect grep -q "^voltage *2 low$" <<< "$output"
	expect grep -q "^range *1970-01-01 to 2099-12-31$" <<< "$output"
	expect grep -q "^max-user-freq *64 64 of them at most" <<< "$output"
	rm "$CLASS/range"
	run --separate-stderr rtcctl params --json
	expect jq -e '.params.parameters | map({(.name): .}) | add
		| .features.value == null and .voltage.meaning == "not offered by the driver"
		and .range.meaning == "not told by the driver: no date is refused"' <<< "$output"
}

@test "nvram dump marks what is the clock's" {
	add_nvram
	run --separate-stderr rtcctl nvram dump
	expect [ "$status" -eq 0 ]
	expect [ "${#lines[@]}" -eq 115 ]
	expect grep -q "^ *0x15 *80 *base memory$" <<< "$output"
	expect grep -q "^ *0x32 *20 *clock *the clock's century$" <<< "$output"
	expect grep -q "^ *0x40 *5a Z *$" <<< "$output"
	run --separate-stderr rtcctl nvram --json
	expect jq -e '[.nvram.bytes[] | select(.clock)] == [{register: 50, value: 32, text: null, clock: true,
		owner: "the clock'\''s century"}]' <<< "$output"
	rm "$RTCCTL_ROOT/sys/firmware/acpi/tables/FACP"
	run --separate-stderr rtcctl nvram --json
	expect jq -e '[.nvram.bytes[] | select(.clock)] == []' <<< "$output"
}

@test "nvram verify" {
	add_nvram
	run --separate-stderr rtcctl nvram verify
	expect [ "$status" -eq 0 ]
	expect grep -q "^Verdict *they agree$" <<< "$output"
	poke 0x20 '\x01'
	run --separate-stderr rtcctl nvram verify --json
	expect [ "$status" -eq 1 ]
	expect jq -e '.nvram | .stored == 131 and .computed == 132 and .valid == false' <<< "$output"
	truncate -s 20 "$NVMEM"
	run --separate-stderr rtcctl nvram verify
	refused_with "20 bytes hold no checksum"
	rm -r "$CLASS/device/cmos_nvram0"
	run --separate-stderr rtcctl nvram
	refused_with "/dev/rtc0: its driver shows no RAM"
}

@test "columns" {
	add_nvram
	run --separate-stderr rtcctl nvram --output value,REGISTER --noheadings
	expect [ "${lines[0]}" = "   00     0x0e" ]
	run --separate-stderr rtcctl nvram --output register,
	refused_with "unknown column '': known are REGISTER, VALUE, TEXT, CLOCK, OWNER"
	run --separate-stderr rtcctl alarm --output left_s,ALARM_S --json
	expect jq -e '.alarm.alarms[0] | keys == ["alarm_s", "left_s"]' <<< "$output"
	for command in alarm params nvram; do
		run --separate-stderr rtcctl $command --output help
		expect [ "$status" -eq 0 ]
		expect grep -q "^Columns of --output:$" <<< "$output"
		expect [ "$(wc -L <<< "$output")" -le 80 ]
		run --separate-stderr rtcctl $command --help
		for option in --noheadings --output --json; do
			expect grep -q -- " $option" <<< "$output"
		done
		expect [ "$(wc -L <<< "$output")" -le 80 ]
	done
}

@test "colour on a terminal only, and not with NO_COLOR" {
	on_terminal() { terminal -ec "env LD_PRELOAD=$BATS_SUITE_TMPDIR/fake-rtc.so $TOOLS/rtcctl params" /dev/null; }
	expect grep -q $'\e\\[' <<< "$(on_terminal)"
	refute() { ! grep -q $'\e\\[' <<< "$1"; }
	expect refute "$(NO_COLOR=1 on_terminal)"
	expect refute "$(rtcctl params)"
}

# on_columns COLUMNS COMMAND...: what a terminal gets that has so many
on_columns() {
	local columns=$1
	shift
	terminal -ec "stty cols $columns rows 50; env LD_PRELOAD=$BATS_SUITE_TMPDIR/fake-rtc.so $TOOLS/rtcctl $*" /dev/null |
		tr -d '\r' | sed $'s/\033\\[[0-9;]*m//g'
}

@test "no line is longer than the terminal's, and no column is cut" {
	local columns
	setup_clock rtc-mc146818
	add_phase 3000
	for columns in 80 120 170; do
		run on_columns $columns clocks
		expect [ "$status" -eq 0 ]
		expect [ "$(wc -L <<< "$output")" -le $columns ]
		expect grep -q "^CLOCK .*RATE" <<< "$output"
	done
	expect grep -q "^CLOCK .*KIND.*READ.*REMARKS" <<< "$output"
	run on_columns 80 clocks
	expect [ "$(grep -c REMARKS <<< "$output")" -eq 0 ]
	# A column that was asked for is there.
	run on_columns 80 clocks --output CLOCK,REMARKS
	expect grep -q "^CLOCK *REMARKS" <<< "$output"
	# Into a pipe goes everything.
	run --separate-stderr rtcctl clocks
	expect grep -q "^CLOCK .*KIND.*READ.*REMARKS" <<< "$output"
	# What is too long goes on below itself, by whole words.
	for columns in 50 60; do
		run on_columns $columns chip
		expect [ "$(wc -L <<< "$output")" -le $columns ]
		expect grep -qE '^ {19}[^ ]' <<< "$output"
	done
	run on_columns 80 chip
	expect [ "$(grep -c '^ ' <<< "$output")" -eq 0 ]
}
