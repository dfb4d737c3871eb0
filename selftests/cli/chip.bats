# SPDX-License-Identifier: GPL-2.0
# rtcctl chip: what is shown of a chip, and what is said to be unknown and why.

load helper

setup() {
	setup_clock
	DEBUG=$RTCCTL_ROOT/sys/kernel/debug/rtc-mc146818
}

# A line of the sheet by its label.
line() { sed -n "s/^$1  *//p" <<< "$output"; }

# Our driver with debugfs: $1 release, $2 writes, $3 hours.
add_conduct() {
	setup_clock rtc-mc146818
	mkdir -p "$DEBUG/rtc0"
	printf '%s\n' "release: $1" "writes: $2" "hours: $3" "access_ns: 19200" > "$DEBUG/rtc0/conduct"
}

# An emulated clock, whose registers A, B and D are these.
add_emulated() {
	local devices=$RTCCTL_ROOT/sys/devices

	echo "rtc-mc146818 mc146818-emulated.0" > "$CLASS/name"
	mkdir -p "$devices/mc146818-emulated.0" "$DEBUG/mc146818-emulated.0"
	rm -r "$CLASS/device"
	ln -s ../../../devices/mc146818-emulated.0 "$CLASS/device"
	{ head -c 10 /dev/zero; printf "$1$2"'\0'"$3"; } > "$DEBUG/mc146818-emulated.0/registers"
}

acts_as() { expect [ "$(line 'Acts as')" = "$1" ]; }

@test "rtc_cmos: the registers, and nothing else" {
	FAKE_PORTS="0x26 0x02 0x80" run --separate-stderr rtcctl chip
	expect [ "$status" -eq 0 ]
	expect [ "$(line 'Register A')" = "0x26: divider runs, periodic rate 1024 Hz" ]
	expect [ "$(line 'Register B')" = "0x02: BCD, 24 hours; interrupts: none" ]
	expect [ "$(line 'Register D')" = "0x80: time and RAM are valid" ]
	expect [ "$(line 'Its next second')" = "unknown: the driver does not show it" ]
	expect [ "$(line UIP)" = "unknown: not tried (--test does)" ]
	expect [ "$(line Century)" = "unknown: there is no ACPI" ]
	acts_as "any of the 18 that are known: nothing seen tells them apart"
	FAKE_PORTS="0x61 0xf4 0x00" run --separate-stderr rtcctl chip
	expect [ "$(line 'Register A')" = "0x61: divider stopped, periodic rate 256 Hz" ]
	expect [ "$(line 'Register B')" = "0xf4: binary, 12 hours, held by SET; interrupts: periodic alarm update" ]
	expect [ "$(line 'Register D')" = "0x00: time and RAM are lost" ]
	nothing_changed
}

@test "who may not read the ports is told so" {
	run --separate-stderr rtcctl chip
	expect [ "$status" -eq 0 ]
	expect [ "$(line 'Register A')" = "unknown: only root is told" ]
	run --separate-stderr rtcctl chip --json
	expect jq -e '.chip.registers == {a: null, b: null, d: null}
		and .chip.unknown.a == "only root is told" and .chip.updates.uip == null
		and .chip.set == {keeps: null, next_second: null, residual_ns: null, residual_bound_ns: null} and (.chip.acts_as | length) == 18' <<< "$output"
}

@test "what a set comes to" {
	add_conduct none kept 24
	run --separate-stderr rtcctl chip
	expect [ "$(line 'A set is')" = kept ]
	expect [ "$(line 'Its next second')" = "where it would have: it keeps its own second" ]
	expect [ "$(line 'An access takes')" = "19.2 us" ]
	acts_as "VirtualBox, Xen, Bochs, ACRN's device model, ACRN's hypervisor or AMD's chipsets"
	run --separate-stderr rtcctl chip --json
	expect jq -e '(.chip.set | .keeps and .next_second == ["none"]) and .chip.access_ns == 19200
		and .chip.acts_as == ["virtualbox", "xen", "bochs", "acrn", "acrn-hv", "amd"]' <<< "$output"
	add_conduct "whole write" kept 24
	run --separate-stderr rtcctl chip
	expect [ "$(line 'Its next second')" = "a second after the set, from its write or the divider's release" ]
	acts_as "bhyve, OpenVMM or Zhaoxin's chipsets"
	add_conduct "half none" dropped 24
	run --separate-stderr rtcctl chip
	expect [ "$(line 'A set is')" = dropped ]
	expect [ "$(line 'Its next second')" = "unknown: it keeps no set" ]
	acts_as "Cloud Hypervisor, crosvm, kvmtool, v86 or OpenBSD's vmd"
}

@test "what is not known of a set is no evidence" {
	add_conduct "half whole write none" unknown "12 (as register B says)"
	run --separate-stderr rtcctl chip
	expect [ "$(line 'A set is')" = "unknown: none was seen through yet (--test sets it)" ]
	expect [ "$(line 'Its next second')" = "unknown: no set was seen through yet (--test sets it)" ]
	expect [ "$(line 'Hours to')" = "unknown: no hour has shown whether register B says the truth" ]
	acts_as "any of the 18 that are known: nothing seen tells them apart"
	add_conduct "half (to be confirmed)" kept 24
	run --separate-stderr rtcctl chip
	expect [ "$(line 'Its next second')" = "unknown: it has not done what was known of it" ]
	expect grep -q "VirtualBox" <<< "$(line 'Acts as')"
}

@test "hours that register B denies" {
	add_conduct none dropped 24
	add_emulated '\0' '\0' '\x80'
	run --separate-stderr rtcctl chip
	expect [ "$(line 'Register B')" = "0x00: BCD, 12 hours; interrupts: none" ]
	expect [ "$(line 'Hours to')" = "24, whatever register B says" ]
	expect [ "$(line Century)" = "unknown: no firmware describes this clock" ]
	acts_as "Cloud Hypervisor or kvmtool"
	sed -i s/dropped/kept/ "$DEBUG/rtc0/conduct"
	run --separate-stderr rtcctl chip
	expect [ "$status" -eq 0 ]
	acts_as "none of the 18 that are known"
}

@test "RAM, and what ACPI names" {
	mkdir -p "$CLASS/device/cmos_nvram0" "$RTCCTL_ROOT/sys/firmware/acpi/tables"
	head -c 242 /dev/zero > "$CLASS/device/cmos_nvram0/nvmem"
	{ printf 'FACP\x74\0\0\0'; head -c 98 /dev/zero; printf '\0\0\x32\0\0\0\0\0\0\0'; } \
		> "$RTCCTL_ROOT/sys/firmware/acpi/tables/FACP"
	run --separate-stderr rtcctl chip
	expect [ "$(line RAM)" = "242 bytes, in two banks" ]
	expect [ "$(line Century)" = "in register 0x32" ]
	expect [ "$(line 'Date of an alarm')" = "none, as ACPI says" ]
	head -c 114 /dev/zero > "$CLASS/device/cmos_nvram0/nvmem"
	run --separate-stderr rtcctl chip
	expect [ "$(line RAM)" = "114 bytes, in one bank" ]
}

@test "nothing is provoked without a yes" {
	run --separate-stderr rtcctl chip --test < /dev/null
	expect [ "$status" -eq 1 ]
	expect grep -q "say --yes" <<< "$stderr"
	nothing_changed
	answer() { terminal -ec "env LD_PRELOAD=$BATS_SUITE_TMPDIR/fake-rtc.so $TOOLS/rtcctl chip --test" /dev/null <<< n; }
	run answer
	expect [ "$status" -eq 1 ]
	expect grep -q "Go on? \[y/N\]" <<< "$output"
	nothing_changed
	run --separate-stderr rtcctl chip --yes
	misused_with "chip without --test has no use for --yes"
}

@test "--test puts the clock and the alarm back" {
	add_conduct "half whole write none" unknown 24
	add_phase 3000
	FAKE_FEATURES=0x11 run --separate-stderr rtcctl chip --test --yes
	expect [ "$status" -eq 0 ]
	expect [ "$(line 'An alarm is')" = "kept by the driver" ]
	# Ahead by three seconds and a quarter, and back.
	expect [ "$(sed -n 's/^set \([0-9]*\.[0-9]\{2\}\).*/\1/p' "$FAKE_LOG" | head -n 1)" = 1795392003.90 ]
	expect [ "$(grep -c '^set ' "$FAKE_LOG")" -eq 2 ]
	expect [ "$(grep '^alarm' "$FAKE_LOG" | tail -n 1 | cut -d ' ' -f 2)" = off ]
	expect [ "$(abs $(($(truth) - 400000000)))" -lt 1000000 ]
	expect [ ! -s "$LOCK" ]
	# One whose sets are known to stay need not be moved so far.
	fresh; : > "$FAKE_LOG"
	sed -i 's/unknown/kept/' "$DEBUG/rtc0/conduct"
	run --separate-stderr rtcctl chip --test --yes
	expect [ "$(sed -n 's/^set \([0-9]*\.[0-9]\{2\}\).*/\1/p' "$FAKE_LOG" | head -n 1)" = 1795392000.90 ]
	expect [ "$(abs $(($(truth) - 400000000)))" -lt 1000000 ]
}

@test "--test leaves an alarm alone that somebody has set" {
	add_conduct half kept 24
	add_phase 3000
	FAKE_ALARM=1795395600 run --separate-stderr rtcctl chip --test --yes
	expect [ "$(line 'An alarm is')" = "unknown: not tried: an alarm is set" ]
	refute() { ! grep -q '^alarm' "$FAKE_LOG"; }
	expect refute
}

@test "a set that fails is said, and the clock is where it was" {
	add_conduct half kept 24
	add_phase 3000
	FAKE_PTP_SET=5 run --separate-stderr rtcctl chip --test --yes
	expect grep -q "^to " <<< "$(line 'Set and put back')"
	FAKE_PTP_SET=13 run --separate-stderr rtcctl chip --test --yes
	expect [ "$(line 'Set and put back')" = "unknown: only root is told" ]
	expect [ "$(abs $(($(truth) - 400000000)))" -lt 1000000 ]
}

@test "a clock of another kind" {
	setup_clock rtc-ds1307
	run --separate-stderr rtcctl chip
	refused_with "no MC146818 (rtc-ds1307)"
}
