# SPDX-License-Identifier: GPL-2.0
# metrics: OpenMetrics text for the node exporter.

load helper

setup() {
	setup_clock rtc-mc146818
	add_phase 3000
	echo 120 > "$CLASS/phase/edges"
	echo 3 > "$CLASS/phase/rejected"
	SOURCES=$RTCCTL_ROOT/sys/devices/system/clocksource/clocksource0
	mkdir -p "$SOURCES"
	echo "tsc hpet acpi_pm " > "$SOURCES/available_clocksource"
	echo hpet > "$SOURCES/current_clocksource"
	printf 'cpu  0 0 0 900 0 0 0 150 0 0\ncpu0 0 0 0 400 0 0 0 100 0 0\ncpu1 0 0 0 500 0 0 0 50 0 0\n' \
		> "$RTCCTL_ROOT/proc/stat"
}

value() { sed -n "s/^$1 //p" <<< "$output"; }

@test "offset, bound, rate and state of a clock that knows its phase" {
	run --separate-stderr rtcctl metrics
	expect [ "$status" -eq 0 ]
	expect [ "$(value 'rtcctl_rtc_info{clock="rtc0",driver="rtc-mc146818"}')" = 1 ]
	expect [ "$(value 'rtcctl_rtc_readable{clock="rtc0"}')" = 1 ]
	expect awk -v o="$(value 'rtcctl_rtc_offset_seconds{clock="rtc0"}')" \
		-v b="$(value 'rtcctl_rtc_offset_bound_seconds{clock="rtc0"}')" \
		'BEGIN { exit !(b >= 3e-6 && b < 1e-5 && o - 0.4 <= b && 0.4 - o <= b) }'
	expect [ "$(value 'rtcctl_rtc_phase_locked{clock="rtc0"}')" = 1 ]
	expect [ "$(value 'rtcctl_rtc_rate_offset_ratio{clock="rtc0"}')" = -1.234e-06 ]
	expect [ "$(value 'rtcctl_rtc_edges_total{clock="rtc0"}')" = 120 ]
	expect [ "$(value 'rtcctl_rtc_edges_rejected_total{clock="rtc0"}')" = 3 ]
	expect [ "$(value 'rtcctl_rtc_steps_total{clock="rtc0"}')" = 2 ]
}

@test "a clock whose driver is coasting" {
	FAKE_COASTING=60000000000 run --separate-stderr rtcctl metrics
	expect [ "$(value 'rtcctl_rtc_phase_locked{clock="rtc0"}')" = 0 ]
	expect [ "$(value 'rtcctl_rtc_phase_coasting{clock="rtc0"}')" = 1 ]
	expect awk -v a="$(value 'rtcctl_rtc_edge_age_seconds{clock="rtc0"}')" 'BEGIN { exit !(a >= 60 && a < 61) }'
	expect [ "$(value 'rtcctl_rtc_readable{clock="rtc0"}')" = 1 ]
}

@test "clocksources and stolen time" {
	run --separate-stderr rtcctl metrics
	expect [ "$(value 'rtcctl_clocksource_current{clocksource="hpet"}')" = 1 ]
	expect [ "$(value 'rtcctl_clocksource_current{clocksource="tsc"}')" = 0 ]
	expect [ "$(value 'rtcctl_cpu_stolen_seconds_total{cpu="0"}')" = 1 ]
	expect [ "$(value 'rtcctl_cpu_stolen_seconds_total{cpu="1"}')" = 0.5 ]
}

@test "the format: every sample in its family, each family once, an end" {
	run --separate-stderr rtcctl metrics
	expect [ "${lines[-1]}" = "# EOF" ]
	expect awk '
		/^# EOF$/ { ended++; next }
		ended { print "behind the end: " $0; bad = 1 }
		/^# TYPE / { if (type[$3]++) bad = 1; family = $3; kind = $4; next }
		/^# UNIT / { if ($3 != family || $3 !~ "_" $4 "$") { print; bad = 1 } next }
		/^# HELP / { if ($3 != family || NF < 5) { print; bad = 1 } next }
		{
			name = $0
			sub(/[{ ].*/, "", name)
			if (name != family (kind == "counter" ? "_total" : "")) { print; bad = 1 }
			if (!match($0, /^[a-z_]+({([a-z]+="[^"]*",?)+})? -?[0-9.]+(e[-+][0-9]+)?$/)) { print; bad = 1 }
			sub(/ [^ ]*$/, "")
			if (seen[$0]++) { print; bad = 1 }
		}
		END { exit bad || ended != 1 }' <<< "$output"
}

@test "a clock that somebody holds, and one without phase" {
	export FAKE_OPEN=16
	unset FAKE_PHASE
	rm -r "$CLASS/phase" "$CLASS/device/ptp"
	run --separate-stderr rtcctl metrics
	expect [ "$status" -eq 0 ]
	expect [ "$(value 'rtcctl_rtc_readable{clock="rtc0"}')" = 0 ]
	expect [ -z "$(value 'rtcctl_rtc_offset_seconds{clock="rtc0"}')" ]
	unset FAKE_OPEN
	run --separate-stderr rtcctl metrics
	expect [ "$(value 'rtcctl_rtc_readable{clock="rtc0"}')" = 1 ]
	expect awk -v o="$(value 'rtcctl_rtc_offset_seconds{clock="rtc0"}')" \
		-v b="$(value 'rtcctl_rtc_offset_bound_seconds{clock="rtc0"}')" \
		'BEGIN { exit !(b >= 0.5 && b < 0.6 && o - 0.4 <= b && 0.4 - o <= b) }'
	expect [ -z "$(value 'rtcctl_rtc_steps_total{clock="rtc0"}')" ]
}

@test "a file is replaced whole, and links that others may have made are not followed" {
	local file=$BATS_TEST_TMPDIR/out/rtcctl.prom

	mkdir "$BATS_TEST_TMPDIR/out"
	echo old > "$file"
	run --separate-stderr rtcctl metrics --into "$file"
	expect [ "$status" -eq 0 ]
	expect [ -z "$output" ]
	expect [ "$(tail -n 1 "$file")" = "# EOF" ]
	expect [ "$(ls "$BATS_TEST_TMPDIR/out")" = rtcctl.prom ]
	chmod 1777 "$BATS_TEST_TMPDIR/out"
	ln -sf elsewhere "$file"
	run --separate-stderr rtcctl metrics --into "$file"
	refused_with "cannot update $file: it is a symbolic link"
	run --separate-stderr rtcctl metrics --into "$BATS_TEST_TMPDIR/none/x.prom"
	refused_with 'No such file or directory'
}
