# SPDX-License-Identifier: GPL-2.0
# follow: the system's time set from the clock, where it is due, and left alone where not.

load helper

setup() {
	setup_clock rtc-mc146818
	add_phase 3000
	# In agreement to begin with, and each run of the service ends after a minute.
	export FAKE_RTC=1795392000.3 FAKE_EVENTS=60000:term
	export FAKE_ACCESSES=1
}

# How far the system's clock was moved, in ms, rounded; nothing: not at all.
stepped() {
	local before=${FAKE_REAL/./} now real rest
	read -r now real rest < "$FAKE_STATE"
	before=$((before * 10000000 - 1000000000000))
	echo $(((real - before + (real > before ? 500000 : -500000)) / 1000000))
}

# The clock is as far from the system as it should be, to the millisecond.
in_step() { expect [ "$(abs $(($(truth) - ${1:-0})))" -lt 1000000 ]; }

sets() { grep -c '^settime' "$FAKE_LOG" || true; }

follow() { run --separate-stderr rtcctl follow "$@"; }

# Of what the service says, all but its last line, which is about the cost.
said() { sed '$d' <<< "$stderr"; }

@test "in agreement: said once, and nothing is set" {
	follow
	expect [ "$status" -eq 0 ]
	expect grep -qE "^rtcctl: the system's time is 50\.[0-9]+ ms behind /dev/rtc0 \(\+/- 3\.[0-9]+ us\)$" <<< "$(said)"
	expect [ "${#stderr_lines[@]}" -eq 2 ]
	expect [ -z "$output" ]
	nothing_changed
}

@test "a look each five seconds, by default, and what they took" {
	follow
	expect grep -qE "^rtcctl: 13 looks at /dev/rtc0 in 00:01:00, by 11[0-9] accesses: [0-9]{4} an hour$" <<< "${stderr_lines[-1]}"
	expect [ "$(passed)" -lt 60100000000 ]
	fresh
	follow --interval 20
	expect grep -qE "^rtcctl: [34] looks at " <<< "${stderr_lines[-1]}"
	fresh
	unset FAKE_ACCESSES
	follow
	expect grep -q "13 looks at /dev/rtc0 in 00:01:00; how many accesses is not told" <<< "$stderr"
}

@test "the host slept for a minute: set once, to the millisecond, by the next look, and said" {
	FAKE_EVENTS=7000:rtc=60,12100:term follow
	expect [ "$status" -eq 0 ]
	expect [ "$(stepped)" -eq 60050 ]
	expect [ "$(sets)" -eq 1 ]
	in_step
	expect grep -qE "^rtcctl: the system's time was 00:01:00\.05.* behind /dev/rtc0 \(.*\): set$" <<< "$(said)"
}

@test "ahead: set back" {
	FAKE_EVENTS=7000:rtc=-3600,60000:term follow
	expect [ "$(stepped)" -eq -3599950 ]
	expect [ "$(sets)" -eq 1 ]
	expect grep -q "was 00:59:59.95[0-9]* ahead of /dev/rtc0" <<< "$(said)"
	in_step
}

@test "the driver tells of the step: set at once, not at the next look" {
	FAKE_EVENTS=6000:rtc=60,6100:step,8000:term follow
	expect [ "$(sets)" -eq 1 ]
	in_step
	fresh
	: > "$FAKE_LOG"
	FAKE_EVENTS=6000:rtc=60,6100:lost,8000:term follow
	expect [ "$(sets)" -eq 1 ]
	# From a program, or of another clock, it is none.
	fresh
	: > "$FAKE_LOG"
	FAKE_EVENTS=6000:rtc=60,6100:spoofed,8000:term follow
	expect [ "$(sets)" -eq 0 ]
	fresh
	: > "$FAKE_LOG"
	FAKE_EVENTS=6000:rtc=60,6100:other,8000:term follow
	expect [ "$(sets)" -eq 0 ]
}

@test "somebody sets the system's clock: it is looked at, and set right, at once" {
	FAKE_EVENTS=6000:system=-100,8000:term follow
	expect [ "$(sets)" -eq 1 ]
	in_step
	expect grep -q "was 00:01:40.05[0-9]* behind" <<< "$(said)"
	# Inside the second: a glance at that moment would not show it.
	fresh
	: > "$FAKE_LOG"
	FAKE_EVENTS=6500:system=-0.5,8000:term follow
	expect [ "$(stepped)" -eq 50 ]
	expect [ "$(sets)" -eq 1 ]
}

@test "within the threshold, either way: left alone" {
	for rtc in 1795392000.74 1795391999.76; do
		fresh
		FAKE_RTC=$rtc follow
		expect [ "$status" -eq 0 ]
		nothing_changed
	done
	for rtc in 1795392002.24 1795391998.26; do
		fresh
		FAKE_RTC=$rtc follow --threshold 2
		expect [ "$status" -eq 0 ]
		nothing_changed
	done
}

@test "beyond the threshold, either way: set" {
	for rtc in 1795392000.76 1795391999.74; do
		fresh
		: > "$FAKE_LOG"
		FAKE_RTC=$rtc follow
		expect [ "$(sets)" -eq 1 ]
		in_step
	done
	for rtc in 1795392002.26 1795391998.24; do
		fresh
		: > "$FAKE_LOG"
		FAKE_RTC=$rtc follow --threshold 2
		expect [ "$(sets)" -eq 1 ]
		in_step
	done
}

# Begun in agreement: a glance has to find it.
@test "a jump by 0.6 s shows to a glance, either way, and one by 0.4 s does not matter" {
	local jump
	for jump in 0.6 -0.7; do
		fresh
		: > "$FAKE_LOG"
		FAKE_EVENTS=7000:rtc=$jump,12000:term follow
		expect [ "$(sets)" -eq 1 ]
		in_step
	done
	for jump in 0.4 -0.5; do
		fresh
		: > "$FAKE_LOG"
		FAKE_EVENTS=7000:rtc=$jump,60000:term follow
		expect [ "$(sets)" -eq 0 ]
		# Not even by a close look.
		expect grep -qE "by 11[0-9] accesses" <<< "$stderr"
	done
}

@test "a glance sees all that is beyond a greater threshold" {
	local jump
	for jump in 1.35 -1.45; do
		fresh
		: > "$FAKE_LOG"
		FAKE_EVENTS=7000:rtc=$jump,60000:term follow --threshold 1.3
		expect [ "$(sets)" -eq 1 ]
		in_step
	done
}

@test "a reading of a wide bound: not set where that might make it worse" {
	FAKE_PHASE=9000000000 FAKE_RTC=1795392010.25 follow --once
	nothing_changed
	fresh
	FAKE_PHASE=5000000000000000000 FAKE_RTC=1795392010.25 follow --once
	nothing_changed
	# One below zero is none: a tick tells.
	fresh
	FAKE_PHASE=-1 FAKE_RTC=1795392000.25 follow --once
	expect grep -qE "\(\+/- [0-9.]+ ms\)" <<< "$stderr"
	nothing_changed
	fresh
	FAKE_PHASE=300000000 FAKE_RTC=1795392010.25 follow --once
	expect [ "$(sets)" -eq 1 ]
}

@test "a smaller threshold: each look is a close one" {
	FAKE_RTC=1795392000.275 follow --threshold 0.02
	expect [ "$(stepped)" -eq 25 ]
	expect [ "$(sets)" -eq 1 ]
	in_step
	fresh
	: > "$FAKE_LOG"
	FAKE_RTC=1795392000.255 follow --threshold 0.02
	nothing_changed
}

@test "a time that follows NTP is left alone, without a look, until it no longer does" {
	FAKE_SYNC=1 FAKE_EVENTS=7000:rtc=60,60000:term follow
	expect [ "$status" -eq 0 ]
	nothing_changed
	expect [ "$(said)" = "rtcctl: the system's time follows NTP, and is left to that" ]
	expect grep -q "^rtcctl: 0 looks .* by 0 accesses" <<< "$stderr"
	fresh
	FAKE_SYNC=1 FAKE_EVENTS=7000:rtc=60,11000:unsync,16000:term follow
	expect [ "$(sets)" -eq 1 ]
	in_step
}

@test "NTP comes in the midst: left alone from then on" {
	FAKE_EVENTS=6000:sync,7000:rtc=60,60000:term follow
	nothing_changed
	expect grep -q "follows NTP" <<< "$stderr"
}

@test "--always: also where NTP keeps the time" {
	FAKE_SYNC=1 FAKE_EVENTS=7000:rtc=60,60000:term follow --always
	expect [ "$(sets)" -eq 1 ]
	in_step
}

@test "--test: says what it would do, once, and sets nothing" {
	FAKE_EVENTS=7000:rtc=60,60000:term follow --test
	expect [ "$status" -eq 0 ]
	nothing_changed
	expect [ "$(grep -c ': not set, only a test$' <<< "$stderr")" -eq 1 ]
}

@test "--once: one look; 0 where it is right now, 1 where the clock is not to be believed" {
	follow --once
	expect [ "$status" -eq 0 ]
	nothing_changed
	fresh
	FAKE_RTC=1795392060 follow --once
	expect [ "$status" -eq 0 ]
	expect [ "$(sets)" -eq 1 ]
	in_step
	expect [ "$(passed)" -lt 1000000000 ]
	fresh
	FAKE_VL=1 follow --once
	expect [ "$status" -eq 1 ]
	fresh
	FAKE_SYNC=1 FAKE_RTC=1795392060 follow --once
	expect [ "$status" -eq 0 ]
	expect grep -q "follows NTP" <<< "$stderr"
}

# refuses TEXT [COMMAND...]: a minute of it changes nothing, and says why once
refuses() {
	local text=$1
	shift
	: > "$FAKE_LOG"
	fresh
	"${@:-follow}"
	expect [ "$status" -eq 0 ]
	nothing_changed
	expect [ "$(grep -cF -- "$text" <<< "$stderr")" -eq 1 ]
	expect [ "${#stderr_lines[@]}" -le 3 ]
}

@test "a dead clock: said once, nothing set; and back in service when it answers again" {
	export FAKE_RTC=1795392060
	FAKE_PTP_ERRNO=5 FAKE_READ=5 refuses "cannot read /dev/rtc0: Input/output error"
	FAKE_PTP_ERRNO=22 FAKE_READ=22 refuses "/dev/rtc0 holds no valid date"
	FAKE_RTC=1795392000.3 FAKE_READ=5 refuses "cannot read /dev/rtc0: Input/output error"
}

@test "a clock that stands still is no time to follow" {
	export FAKE_RTC=1795392060
	rm -r "$CLASS/phase" "$CLASS/device/ptp"
	unset FAKE_PHASE
	FAKE_STOPPED=1 refuses "/dev/rtc0 does not tick"
}

@test "the driver does not find the phase: a tick tells, and without one nothing is set" {
	export FAKE_RTC=1795392060
	FAKE_PTP_ERRNO=11 follow --once
	expect [ "$status" -eq 0 ]
	expect [ "$(sets)" -eq 1 ]
	expect [ "$(abs "$(truth)")" -lt 10000000 ]
	FAKE_PTP_ERRNO=11 FAKE_STOPPED=1 refuses "/dev/rtc0 does not tick"
}

@test "a driver that is coasting is waited for: what it knew is not acted on" {
	# It knew another second than the clock shows when its edge comes.
	FAKE_COASTING=90000000000 FAKE_RTC=1795392060 follow --once
	expect [ "$status" -eq 0 ]
	in_step
	expect [ "$(passed)" -gt 300000000 ]
}

@test "a battery that is empty, low or lost the time: refused" {
	local flags
	export FAKE_RTC=1795392060
	for flags in 1 2 4 8; do
		FAKE_VL=$flags refuses "/dev/rtc0 is not to be believed: the clock's battery:"
	done
	# Running on it is no fault.
	fresh
	FAKE_VL=16 follow --once
	expect [ "$status" -eq 0 ]
	in_step
	printf 'batt_status\t: dead\n' > "$RTCCTL_ROOT/proc/rtc"
	mkdir -p "$RTCCTL_ROOT/proc/driver"
	mv "$RTCCTL_ROOT/proc/rtc" "$RTCCTL_ROOT/proc/driver/rtc"
	refuses "/dev/rtc0 is not to be believed: the clock's battery:"
}

@test "a date that was lost: refused, whatever the battery says" {
	local rtc
	for rtc in 10 946684800 1767225500 2200000000 9214646300; do
		FAKE_RTC=$rtc refuses "/dev/rtc0 is not to be believed: its date is before it was last set, or years ahead"
	done
	# Beyond 2038, for all that is known; and by a system that has lost its own.
	fresh
	FAKE_REAL=2147483000 FAKE_RTC=2147483700 follow --once
	in_step
	fresh
	FAKE_REAL=10 FAKE_RTC=1795392000 follow --once
	in_step
	# Set in 2026-10, and now in 2026-09.
	printf '0 1790812800 0\n1790812800\nUTC\n' > "$ADJTIME"
	FAKE_RTC=1788220800 refuses "its date is before it was last set"
	printf '500 0 0\n0\nUTC\n' > "$ADJTIME"
	FAKE_RTC=9214646300 refuses "/dev/rtc0 shows a date beyond the year 2261"
}

@test "a chip whose hours are not certain: refused" {
	local conduct=$RTCCTL_ROOT/sys/kernel/debug/rtc-mc146818/rtc0
	export FAKE_RTC=1795392060
	mkdir -p "$conduct"
	printf 'release: half\nwrites: kept\nhours: 12 (as register B says)\naccess_ns: 900\n' > "$conduct/conduct"
	refuses "how it counts its hours is not certain"
	# What a set makes of it is another question.
	fresh
	printf 'release: half whole (to be confirmed)\nwrites: dropped\nhours: 24\naccess_ns: 900\n' > "$conduct/conduct"
	follow --once
	in_step
}

@test "a clock that is read wrong once, by either of the readings: no step" {
	local n
	for n in {1..14}; do
		for s in 60 -60; do
			fresh
			FAKE_FALSE=$n:$s follow
			expect [ "$status" -eq 0 ]
			nothing_changed || { echo "reading $n, $s s"; return 1; }
		done
	done
	fresh
	FAKE_FALSE=1:60 follow --once
	expect [ "$status" -eq 1 ]
	expect grep -q "/dev/rtc0 showed two times that do not agree" <<< "$stderr"
}

@test "the same on a driver that does not know its phase" {
	local n
	rm -r "$CLASS/phase" "$CLASS/device/ptp"
	unset FAKE_PHASE
	FAKE_EVENTS=7000:rtc=60,60000:term follow
	expect [ "$(sets)" -eq 1 ]
	in_step
	for n in {1..6}; do
		fresh
		: > "$FAKE_LOG"
		FAKE_FALSE=$n:60 follow
		nothing_changed || { echo "reading $n"; return 1; }
	done
}

@test "the system's time is set by another program between the readings: not twice" {
	rm -r "$CLASS/phase" "$CLASS/device/ptp"
	unset FAKE_PHASE
	# Its tick comes 0.1 ms before that.
	FAKE_RTC=1795392060.3001 FAKE_EVENTS=700:system=60 follow --once
	expect [ "$status" -eq 1 ]
	expect grep -q "was set by another program meanwhile" <<< "$stderr"
	expect [ "$(sets)" -eq 0 ]
	fresh
	FAKE_RTC=1795392060.3001 FAKE_EVENTS=700:system=60,20000:term follow
	expect [ "$(sets)" -eq 0 ]
}

# At each look at the system's clocks but the last ones, which are behind the end.
@test "set by others, or asleep, at any moment of a look: right afterwards, or as they left it" {
	local n what left looks=0
	export FAKE_RTC=1795392100.3
	for what in system=0.4 system=60 system=-60 slept=60; do
		left=$((100050 - $(bc <<< "(${what#*=} * 1000) / 1")))
		[ "${what%=*}" != slept ] || left=100050
		for n in {1..36}; do
			fresh
			: > "$FAKE_LOG"
			FAKE_AT=$n:$what FAKE_EVENTS=4000:term follow --threshold 0.3
			expect [ "$status" -eq 0 ]
			if [ "$(sets)" -eq 0 ]; then
				expect in_step $((left * 1000000)) || { echo "$what before look $n"; return 1; }
			else
				in_step || { echo "$what before look $n: off by $(truth)"; return 1; }
				looks=$((looks + 1))
			fi
		done
	done
	expect [ "$looks" -gt 100 ]
}

@test "a clock in local time that the adjtime file does not tell of: refused, and cheaply" {
	export TZ=America/New_York FAKE_RTC=1795374000.3
	refuses "/dev/rtc0 seems to be kept in local time"
	expect grep -qE "by 1[0-9]{2} accesses" <<< "$stderr"
	printf '0 0 0\n0\nUTC\n' > "$ADJTIME"
	refuses "/dev/rtc0 seems to be kept in local time"
	# By one that says so it is right,
	printf '0 0 0\n0\nLOCAL\n' > "$ADJTIME"
	fresh
	FAKE_EVENTS=7000:rtc=60,60000:term follow
	expect [ "$(sets)" -eq 1 ]
	in_step -18000000000000
	# and the other way round it is not.
	FAKE_RTC=1795392000.3 refuses "/dev/rtc0 seems to be kept in UTC"
	# Who says it on the command line means it.
	rm "$ADJTIME"
	fresh
	: > "$FAKE_LOG"
	follow --once --utc
	expect [ "$(sets)" -eq 1 ]
	in_step
}

@test "a clock that has shown to be in another timescale stays refused while the host sleeps" {
	export TZ=America/New_York FAKE_RTC=1795374000.3
	FAKE_EVENTS=7000:rtc=3600,60000:term refuses "/dev/rtc0 seems to be kept in local time"
	FAKE_EVENTS=7000:rtc=3600,7100:step,60000:term refuses "/dev/rtc0 seems to be kept in local time"
	# Until it agrees.
	fresh
	FAKE_EVENTS=7000:rtc=18000,14000:rtc=60,60000:term follow
	expect [ "$(sets)" -eq 1 ]
	in_step
}

@test "the adjtime file says at last what the clock is kept in: heard by the next look" {
	local pid said=$BATS_TEST_TMPDIR/said
	export TZ=America/New_York FAKE_RTC=1795374060.3
	FAKE_REAL_SLEEP=1 FAKE_EVENTS=30000000:term rtcctl follow 2> "$said" 3>&- &
	pid=$!
	until_it "refused" grep -q "seems to be kept in local time" "$said"
	printf '0 0 0\n0\nLOCAL\n' > "$ADJTIME.new"
	mv "$ADJTIME.new" "$ADJTIME"
	until_it "set" grep -q "00:01:00.050.* behind .*: set$" "$said"
	kill "$pid"
	wait "$pid" || true
	expect [ "$(sets)" -eq 1 ]
}

# Berlin, where 2026-03-29 01:00 UTC is 1774746000, and 2026-10-25 01:00 UTC is 1792890000.
@test "a clock in local time that nobody puts forward, or back: no hour lost or won" {
	export TZ=Europe/Berlin FAKE_EVENTS=7500000:term
	printf '0 0 0\n0\nLOCAL\n' > "$ADJTIME"
	FAKE_REAL=1774745990.25 FAKE_RTC=1774749590.3 refuses "is kept in local time, which is put forward or back" follow --interval 60
	FAKE_REAL=1792889990.25 FAKE_RTC=1792897190.3 refuses "is kept in local time, which is put forward or back" follow --interval 60
	# It is put forward by somebody, and taken at its word again.
	fresh
	export FAKE_REAL=1774745990.25
	FAKE_RTC=1774749590.3 FAKE_EVENTS=3000000:rtc=3600,4100000:rtc=60,4200000:term follow --interval 60
	expect [ "$(sets)" -eq 1 ]
	in_step 7200000000000
}

@test "an hour of local time that comes twice: which one it is does not get guessed" {
	export TZ=Europe/Berlin FAKE_REAL=1792890100.25
	printf '0 0 0\n0\nLOCAL\n' > "$ADJTIME"
	FAKE_RTC=1792896100.3 refuses "is kept in local time, which is put forward or back"
}

@test "the drift factor counts, and the glances fit it" {
	# Five seconds a day, since half a day: 2.5 s to be added.
	printf '5 %d 0\n%d\nUTC\n' $((1795392000 - 43200)) $((1795392000 - 43200)) > "$ADJTIME"
	FAKE_RTC=1795391997.8 follow
	expect [ "$status" -eq 0 ]
	nothing_changed
	expect grep -qE "by 1[0-3][0-9] accesses" <<< "$stderr"
	fresh
	FAKE_RTC=1795392000.3 follow --once
	expect [ "$(sets)" -eq 1 ]
	in_step -2500000000
}

@test "an adjtime file that is none: ends" {
	echo nonsense > "$ADJTIME"
	follow
	expect [ "$status" -eq 1 ]
	nothing_changed
	expect grep -q "adjtime: line 1" <<< "$stderr"
}

@test "intervals and thresholds that are none" {
	local value
	for value in 0 -1 0.5 x 5x "" nan inf 3601; do
		follow --interval "$value"
		misused_with "rtcctl: follow: invalid interval '$value'"
	done
	for value in 0 -1 0.0001 x 5x "" nan inf 86401; do
		follow --threshold "$value"
		misused_with "rtcctl: follow: invalid threshold '$value'"
	done
	follow --once --interval 3
	misused_with "rtcctl: follow: --once has no use for --interval"
	follow 5
	misused_with "rtcctl: follow: too many arguments"
}

@test "without leave to set the time: says so at once, but for --test" {
	FAKE_SETTIME=1 follow
	expect [ "$status" -eq 1 ]
	expect [ "$stderr" = "rtcctl: cannot set the system time without root (CAP_SYS_TIME): Operation not permitted" ]
	FAKE_SETTIME=1 FAKE_RTC=1795392060 follow --once --test
	expect [ "$status" -eq 0 ]
}

@test "no clock, or none of this name" {
	follow -f rtc7
	expect [ "$status" -eq 1 ]
	expect grep -q "^rtcctl: rtc7: sysfs knows no clock of this name$" <<< "$stderr"
	rm -r "$RTCCTL_ROOT/sys/class/rtc"
	follow
	expect [ "$status" -eq 1 ]
	expect grep -q "^rtcctl: no clock: " <<< "$stderr"
}

@test "the clock vanishes while it is followed: 1, whether udev hears of it or not" {
	FAKE_EVENTS=7000:gone,60000:term follow
	expect [ "$status" -eq 1 ]
	expect grep -qx "rtcctl: /dev/rtc0 is gone" <<< "$stderr"
	# Told at once.
	expect [ "$(passed)" -lt 7100000000 ]
	fresh
	FAKE_UEVENTS=1 FAKE_EVENTS=7000:gone,60000:term follow
	expect [ "$status" -eq 1 ]
	expect grep -qx "rtcctl: /dev/rtc0 is gone" <<< "$stderr"
	expect [ "$(passed)" -gt 7100000000 ]
	nothing_changed
}

@test "without uevents: goes on, and says so" {
	FAKE_UEVENTS=1 FAKE_EVENTS=7000:rtc=60,60000:term follow
	expect [ "$status" -eq 0 ]
	expect grep -q "cannot hear of the clock's steps: Operation not permitted" <<< "$stderr"
	in_step
}

@test "a device that another program has open, which may be setting it: refused until it is free" {
	export FAKE_RTC=1795392060
	FAKE_OPEN=16 refuses "Device or resource busy"
	fresh
	FAKE_OPEN=16 FAKE_OPEN_MS=500 follow --once
	expect [ "$status" -eq 0 ]
	in_step
	rm -r "$CLASS/phase" "$CLASS/device/ptp"
	unset FAKE_PHASE
	FAKE_OPEN=16 refuses "Device or resource busy"
}

@test "SIGUSR1: what it has taken so far, and goes on" {
	FAKE_EVENTS=10000:usr1,17000:rtc=60,60000:term follow
	expect [ "$status" -eq 0 ]
	expect [ "$(grep -cE '^rtcctl: [0-9]+ looks at /dev/rtc0' <<< "$stderr")" -eq 2 ]
	in_step
}

@test "the unit: found well formed by systemd, and off until somebody switches it on" {
	local unit=$BATS_TEST_DIRNAME/../../tools/systemd/rtcctl-follow.service
	command -v systemd-analyze > /dev/null || skip "needs systemd-analyze"
	sed "s:/usr/sbin/rtcctl:$TOOLS/rtcctl:" "$unit" > "$BATS_TEST_TMPDIR/rtcctl-follow.service"
	run systemd-analyze verify --man=no "$BATS_TEST_TMPDIR/rtcctl-follow.service"
	expect [ -z "$(grep rtcctl-follow <<< "$output")" ]
	expect grep -qx "CapabilityBoundingSet=CAP_SYS_TIME" "$unit"
}
