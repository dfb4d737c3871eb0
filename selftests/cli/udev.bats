# SPDX-License-Identifier: GPL-2.0
# The udev rules, by udev itself: `udevadm test` on devices of umockdev's, in namespaces whose
# /run and /dev are its own. And `udevadm verify`, from systemd 254 on.

load helper

RULES=$BATS_TEST_DIRNAME/../../tools/udev/60-rtc-mc146818.rules

setup() {
	MACHINE=$BATS_TEST_TMPDIR/machine
	LOCAL=$BATS_TEST_TMPDIR/local.rules
	: > "$MACHINE" > "$LOCAL"
	command -v udevadm umockdev-run > /dev/null || skip "needs udevadm and umockdev-run"
	unshare -rm true || skip "needs user namespaces"
}

# device PATH SUBSYSTEM MINOR [LINE...]: below /devices/platform
device() {
	local path=$1 subsystem=$2 minor=$3
	shift 3
	printf '%s\n' "P: /devices/platform/$path" "E: SUBSYSTEM=$subsystem" >> "$MACHINE"
	[ -z "$minor" ] || printf '%s\n' "E: DEVNAME=/dev/${path##*/}" "E: MAJOR=250" "E: MINOR=$minor" "A: dev=250:$minor\\n" >> "$MACHINE"
	[ $# -eq 0 ] || printf '%s\n' "$@" >> "$MACHINE"
	echo >> "$MACHINE"
}

# clocks: PARENT NUMBER [NAME]: an rtc and a ptp clock of that number
ours() {
	device "$1" platform ''
	device "$1/ptp/ptp$2" ptp $((100 + $2)) 'A: clock_name=rtc-mc146818\n'
	device "$1/rtc/rtc$2" rtc "$2" "A: name=rtc-mc146818 $1\\n" "A: hctosys=${3:-0}\\n" 'E: EVENT=step' 'E: STEPS=3'
}

cmos() {
	device 00:03 platform ''
	device 00:03/rtc/rtc0 rtc 0 'A: name=rtc_cmos 00:03\n' "A: hctosys=$1\\n"
}

# udev ACTION PATH...: what udev says of these devices, one after the other
udev() {
	MACHINE=$MACHINE RULES=$RULES LOCAL=$LOCAL DATA=$BATS_TEST_TMPDIR/data \
		unshare -rm bash -euc '
		mount -t tmpfs none /run
		mkdir -p /run/udev/rules.d
		cp "$RULES" /run/udev/rules.d/
		cp "$LOCAL" /run/udev/rules.d/90-local.rules
		mount -t tmpfs none /mnt
		touch /mnt/null /mnt/urandom
		mount --bind /dev/null /mnt/null
		mount --bind /dev/urandom /mnt/urandom
		mount --rbind /mnt /dev
		action=$1
		shift
		for path; do
			umockdev-run -d "$MACHINE" -- udevadm test --action="$action" "/sys/devices/platform/$path"
		done
		rm -rf "$DATA"
		cp -r /run/udev/data "$DATA"' udev "$@" 2>&1
}

# link NAME MINOR: the priority of a device's link, as udev has noted it; nothing: no such link.
# Of several the highest has it, which `udevadm test` does not play.
link() {
	local file=$BATS_TEST_TMPDIR/data/c250:$2

	! grep -qx "S:$1" "$file" || sed -n 's/^L:/=/p; $a=0' "$file" | head -n 1 | tr -d =
}

@test "the rules are well formed, by udev's own word" {
	run udev add virtual
	expect grep -q "Reading rules file: /run/udev/rules.d/60-rtc-mc146818.rules" <<< "$output"
	expect [ -z "$(grep '60-rtc-mc146818.rules:[0-9]' <<< "$output")" ]
	udevadm verify --help > /dev/null 2>&1 || skip "this udevadm has no verify: looked at what its test says"
	run udevadm verify "$RULES"
	expect [ "$status" -eq 0 ]
}

@test "/dev/ptp_rtc is the clock's, whatever its number, and root's alone" {
	ours rtc.0 3
	device kvm platform ''
	device kvm/ptp/ptp0 ptp 90 'A: clock_name=KVM virtual PTP\n'
	run udev add kvm/ptp/ptp0 rtc.0/ptp/ptp3
	expect [ "$(link ptp_rtc 103)" = 0 ]
	expect [ "$(link ptp_kvm 90)" = 0 ]
	expect [ -z "$(link ptp_rtc 90)" ]
	expect grep -q "^ptp3: .*60-rtc-mc146818.rules:.* MODE 0600" <<< "$output"
	expect [ -z "$(grep '^ptp0: .*60-rtc-mc146818' <<< "$output")" ]
}

@test "the machine's own clock has it before an emulated one" {
	ours 00:03 1
	ours mc146818-emulated.0 2
	run udev add 00:03/ptp/ptp1 mc146818-emulated.0/ptp/ptp2
	expect [ "$(link ptp_rtc 101)" = 0 ]
	expect [ "$(link ptp_rtc 102)" = -100 ]
}

@test "/dev/rtc: beside rtc_cmos it stays rtc0, with hctosys or without" {
	for hctosys in 0 1; do
		: > "$MACHINE"
		cmos $hctosys
		ours 00:03/rtc.1 1
		run udev add 00:03/rtc/rtc0 00:03/rtc.1/rtc/rtc1
		expect [ "$(link rtc 0)" = -100 ]
		expect [ "$(link rtc 1)" = -200 ]
	done
}

@test "/dev/rtc: ours where it has set the system's time, where it is rtc0, and where it is alone" {
	ours 00:03 1 1
	run udev add 00:03/rtc/rtc1
	expect [ "$(link rtc 1)" = 0 ]
	: > "$MACHINE"
	ours 00:03 0 0
	run udev add 00:03/rtc/rtc0
	expect [ "$(link rtc 0)" = -100 ]
	: > "$MACHINE"
	ours 00:03 1 0
	run udev add 00:03/rtc/rtc1
	expect [ "$(link rtc 1)" = -200 ]
}

@test "a step of the clock: the example in the rules matches it, and nothing else" {
	ours 00:03 1
	sed -n 's/^# \(ACTION==.*\)/\1/p' "$RULES" > "$LOCAL"
	expect [ "$(wc -l < "$LOCAL")" -eq 1 ]
	run udev change 00:03/rtc/rtc1
	expect grep -q "/usr/bin/logger -t clock 'rtc1 was stepped, 3 times by now'" <<< "$output"
	run udev add 00:03/rtc/rtc1
	expect [ -z "$(grep /usr/bin/logger <<< "$output" | grep -v Reading)" ]
	sed -i 's/EVENT=step/EVENT=other/' "$MACHINE"
	run udev change 00:03/rtc/rtc1
	expect [ -z "$(grep '/usr/bin/logger -t' <<< "$output")" ]
}
