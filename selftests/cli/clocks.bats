# SPDX-License-Identifier: GPL-2.0
# clocks: what this machine has, and what it hides. The counters are the
# machine's own, so the program runs without the simulated time.

load helper

setup() {
	export RTCCTL_ROOT=$BATS_TEST_TMPDIR/root TZ=UTC LC_ALL=C
	SOURCES=$RTCCTL_ROOT/sys/devices/system/clocksource/clocksource0
	mkdir -p "$SOURCES" "$RTCCTL_ROOT"/{proc,etc,run}
	echo "tsc hpet acpi_pm " > "$SOURCES/available_clocksource"
	echo tsc > "$SOURCES/current_clocksource"
	printf 'cpu  100 0 0 800 0 0 0 100 0 0\ncpu0 100 0 0 800 0 0 0 100 0 0\n' > "$RTCCTL_ROOT/proc/stat"
}

rtcctl() { "$TOOLS/rtcctl" "$@"; }
row() { jq -e ".clocks.clocks[] | select(.clock == \"$1\") | $2" <<< "$output"; }

@test "every clock has a row, and what cannot be read says why" {
	run --separate-stderr rtcctl clocks --json
	expect [ "$status" -eq 0 ]
	for clock in tsc kvm-clock acpi_pm hpet pit; do
		expect row "$clock" '(.present | type) == "boolean"'
		expect row "$clock" '.rate_ppm != null or .hidden != null'
	done
	expect row rtc '.present == false and .hidden == "no driver has found one"'
	expect row acpi_pm '.available and (.current | not) and .hidden == "no ACPI tables"'
	expect row tsc '.current and .rate_error_ppm > 0 and .read_ns > 0'
	expect jq -e '.clocks.steal | .percent == 0 and .cpus.cpu0 == 0' <<< "$output"
}

# forbidden WHAT COMMAND...: where instructions of programs fault
forbidden() {
	cc -O1 -Wall -Wextra -Werror -shared -fPIC -o "$BATS_TEST_TMPDIR/forbid.so" "$BATS_TEST_DIRNAME/forbid.c"
	FORBID=$1 LD_PRELOAD=$BATS_TEST_TMPDIR/forbid.so "${@:2}"
}

# A FADT whose PM timer is at port 0x608.
add_fadt() {
	local table=$RTCCTL_ROOT/sys/firmware/acpi/tables/FACP

	mkdir -p "${table%/*}"
	head -c 276 /dev/zero > "$table"
	# Its name and length, the port, the port's length.
	put 0 'FACP\x14\x01' && put 76 '\x08\x06' && put 91 '\x04'
}

# put OFFSET BYTES
put() { printf "$2" | dd of="$RTCCTL_ROOT/sys/firmware/acpi/tables/FACP" bs=1 seek="$1" conv=notrunc status=none; }

@test "a counter whose reading faults costs its own row" {
	add_fadt
	run --separate-stderr forbidden ports "$TOOLS/rtcctl" clocks --json
	expect [ "$status" -eq 0 ]
	expect row acpi_pm '.present and (.hidden | startswith("reading it faults: "))'
	expect row tsc '.hidden == null and .rate_error_ppm > 0'
}

@test "a counter that must not be read costs its own row" {
	cc -O1 -Wall -Wextra -Werror -DTRY -o "$BATS_TEST_TMPDIR/try" "$BATS_TEST_DIRNAME/forbid.c"
	! "$BATS_TEST_TMPDIR/try" || skip "this machine cannot forbid programs to read the TSC"
	run --separate-stderr forbidden tsc "$TOOLS/rtcctl" clocks --json
	expect [ "$status" -eq 0 ]
	expect row tsc '.present and .rate_ppm == null and (.hidden | startswith("reading it faults: "))'
	run --separate-stderr forbidden tsc "$TOOLS/rtcctl" clocks --survey 1 --json
	expect [ "$status" -eq 0 ]
	expect jq -e 'all(.clocks.survey[]; .tsc_hz == null and .read_ns > 0)' <<< "$output"
}

@test "ports that fault are no way to the clock" {
	run --separate-stderr forbidden ports "$TOOLS/hwclock" --directisa --show
	expect [ "$status" -eq 1 ]
	expect grep -qx 'hwclock: iopl() port access failed: Bad address' <<< "$stderr"
}

@test "clocksources that only the kernel knows have a row too" {
	echo "tsc jiffies" > "$SOURCES/available_clocksource"
	run --separate-stderr rtcctl clocks --json
	expect row jiffies '.available and .hidden == "read by the kernel alone"'
	expect row hpet '.available == false'
}

@test "for people: a table, and stolen time" {
	run --separate-stderr rtcctl clocks
	expect [ "$status" -eq 0 ]
	expect grep -qE '^CLOCK +KIND +PRESENT +SOURCE +FREQUENCY' <<< "$output"
	expect grep -qE '^tsc +counts +yes +current' <<< "$output"
	expect grep -qE '^acpi_pm .*no ACPI tables' <<< "$output"
	expect grep -qE '^Stolen: 0.0 % of 0.2 s \(cpu0 0.0 %\)$' <<< "$output"
	rm "$RTCCTL_ROOT/proc/stat"
	run --separate-stderr rtcctl clocks --output CLOCK
	expect [ "$status" -eq 0 ]
	expect grep -qx 'Stolen time: /proc/stat: No such file or directory' <<< "$output"
}

@test "using another clocksource" {
	run --separate-stderr rtcctl clocks --use hpet
	expect [ "$status" -eq 0 ]
	expect [ "$(cat "$SOURCES/current_clocksource")" = hpet ]
	run --separate-stderr rtcctl clocks --use kvm-clock
	expect [ "$status" -eq 1 ]
	expect [ "$stderr" = "rtcctl: the kernel has no clocksource 'kvm-clock': it offers tsc, hpet, acpi_pm" ]
}

@test "a survey measures each clocksource and puts the first one back" {
	run --separate-stderr rtcctl clocks --survey 1 --json
	expect [ "$status" -eq 0 ]
	expect jq -e '[.clocks.survey[] | .clocksource] == ["tsc", "hpet", "acpi_pm"]' <<< "$output"
	expect jq -e '[.clocks.survey[] | .first] == [true, false, false]' <<< "$output"
	expect jq -e 'all(.clocks.survey[]; .warps == 0 and .readings > 0 and .read_ns > 0)' <<< "$output"
	expect [ "$(cat "$SOURCES/current_clocksource")" = tsc ]
	expect [ ! -e "$RTCCTL_ROOT/run/rtcctl-clocksource" ]
}

@test "a survey that is ended puts the first one back, 20 of 20 times" {
	for i in {1..20}; do
		"$TOOLS/rtcctl" clocks --survey 3 >/dev/null 2>&1 &
		pid=$!
		# In the background SIGINT is ignored until the program says otherwise.
		[ $((i % 2)) = 1 ] || until_it "a survey" [ -e "$RTCCTL_ROOT/run/rtcctl-clocksource" ]
		sleep "0.$((RANDOM % 90 + 10))"
		kill -"$([ $((i % 2)) = 0 ] && echo INT || echo TERM)" $pid
		expect eval '! wait $pid'
		expect [ "$(cat "$SOURCES/current_clocksource")" = tsc ]
		expect [ ! -e "$RTCCTL_ROOT/run/rtcctl-clocksource" ]
	done
}

@test "after one that was killed the next run puts it back and says so" {
	"$TOOLS/rtcctl" clocks --survey 9 &
	pid=$!
	until_it "hpet's turn" grep -qx hpet "$SOURCES/current_clocksource"
	kill -KILL $pid
	wait $pid || true
	expect [ "$(cat "$SOURCES/current_clocksource")" = hpet ]
	run --separate-stderr rtcctl clocks
	expect [ "$status" -eq 0 ]
	expect [ "$stderr" = "rtcctl: a survey was killed: the clocksource tsc is put back" ]
	expect [ "$(cat "$SOURCES/current_clocksource")" = tsc ]
	run --separate-stderr rtcctl clocks
	expect [ -z "$stderr" ]
}

@test "two surveys at once" {
	rtcctl clocks --survey 6 >/dev/null &
	pid=$!
	until_it "a survey" [ -s "$RTCCTL_ROOT/run/rtcctl-clocksource" ]
	run --separate-stderr rtcctl clocks --survey 1
	expect [ "$status" -eq 1 ]
	expect [ "$stderr" = "rtcctl: another survey is running" ]
	wait $pid
}

@test "numbers of seconds that are none" {
	for option in --seconds --survey; do
		for n in 0 -1 x 1x "" nan 1e9; do
			run --separate-stderr rtcctl clocks $option "$n"
			expect [ "$status" -eq 64 ]
			expect [ "$stderr" = "rtcctl: clocks: invalid number of seconds '$n'" ]
		done
	done
}

# Rounded to a thousandth of a hertz the two would differ by more.
@test "JSON has all digits of a frequency" {
	run --separate-stderr rtcctl clocks --seconds 0.2 --json
	expect [ "$status" -eq 0 ]
	output=$(jq '{ clocks: { clocks: [.clocks.clocks[] | select(.clock == "tsc")] } }' <<< "$output")
	expect row tsc '(.measured_hz / .frequency_hz - 1) * 1e6 - .rate_ppm | fabs < 1e-9'
}
