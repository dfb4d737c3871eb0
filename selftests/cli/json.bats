# SPDX-License-Identifier: GPL-2.0
# --json: every command's answer is what Documentation/rtcctl.schema.json says.

load helper

SCHEMA=$BATS_TEST_DIRNAME/../../Documentation/rtcctl.schema.json

setup() { ANSWERS=$BATS_TEST_TMPDIR/answers; mkdir "$ANSWERS"; }

# take NAME COMMAND...: keeps what a command answers
take() {
	local name=$1
	shift
	rtcctl "$@" --json > "$ANSWERS/$name.json" 2> "$BATS_TEST_TMPDIR/stderr" || true
	[ -s "$ANSWERS/$name.json" ] || { echo "no answer: rtcctl $*"; cat "$BATS_TEST_TMPDIR/stderr"; return 1; }
}

# validate [COMMAND...]: all that was taken, and there is an answer of each of these commands
validate() {
	local name files=()
	for name in "$ANSWERS"/*.json; do files+=(-i "$name"); done
	# It is Debian's, and not that of another Python in the path.
	/usr/bin/jsonschema "${files[@]}" "$SCHEMA"
	for name; do
		expect jq -e --arg name "$name" 'has($name)' "$ANSWERS/$name.json"
	done
}

# What does not change the clock first.
take_all() {
	local command
	for command in show info params alarm doctor clocks driver chip; do take $command $command; done
	take predict predict tomorrow
	take watch watch --count 1
	take watch-one watch --count 1 --rtc rtc0
	take systohc-test systohc --test
	take systohc systohc
	take set set now
	take chip-test chip --test --yes
	take set-fast set --no-verify now
	take hctosys hctosys
	take hctosys-test hctosys --test
	take alarm-set alarm set +2h
	take alarm-set-again alarm set +3h
	take alarm-cancel alarm cancel
	take alarm-cancel-again alarm cancel
}

ALL="show info params alarm doctor clocks driver chip predict watch systohc set hctosys"

@test "a clock whose driver knows its phase" {
	setup_clock rtc-mc146818
	add_phase 3000
	add_ptp 5000
	local debug=$RTCCTL_ROOT/sys/kernel/debug/rtc-mc146818/rtc0
	mkdir -p "$debug"
	printf '%s\n' "release: none" "writes: kept" "hours: 24" "access_ns: 19200" > "$debug/conduct"
	take_all
	# shellcheck disable=SC2086 # words
	validate $ALL
	expect jq -e '.info.conduct.release == ["none"] and .info.phase.state == "locked"' "$ANSWERS/info.json"
	expect jq -e '.watch.clocks | length == 1 and .[0].state == "locked"' "$ANSWERS/watch-one.json"
}

@test "a clock of another driver" {
	setup_clock
	take_all
	# shellcheck disable=SC2086 # words
	validate $ALL
	expect jq -e '.info.phase == null and .info.conduct == null' "$ANSWERS/info.json"
}

@test "corrections" {
	setup_clock rtc-mc146818
	add_phase 3000
	echo "10.0 1795000000 0.0" > "$ADJTIME"
	printf '1795000000\nUTC\n' >> "$ADJTIME"
	take adjust-test adjust --test
	take adjust adjust
	take again adjust
	expect jq -e '.adjust.written and .adjust.drift_ns != 0' "$ANSWERS/adjust.json"
	expect jq -e '.adjust | .written == false and .writes == 0 and .residual_ns == null' "$ANSWERS/again.json"
	validate adjust
}

@test "the clock's RAM, and a record" {
	setup_clock
	mkdir -p "$CLASS/device/cmos_nvram0"
	head -c 114 /dev/zero > "$CLASS/device/cmos_nvram0/nvmem"
	take nvram nvram
	take nvram-verify nvram verify
	rtcctl drift record --file "$BATS_TEST_TMPDIR/drift.jsonl" --interval 60 --count 30
	take drift drift --file "$BATS_TEST_TMPDIR/drift.jsonl"
	validate nvram drift
}

@test "the schema leaves nothing open: a key more, one less or another type is seen" {
	setup_clock rtc-mc146818
	add_phase 3000
	take show show
	take watch watch --count 1
	validate show watch
	for change in '.show.more = 1' 'del(.show.bound_ns)' '.show.offset_ns = "1"' '.more = 1' \
		'.show.method = "guess"' '.show.driver = 1'; do
		jq "$change" "$ANSWERS/show.json" > "$BATS_TEST_TMPDIR/changed.json"
		expect [ -s "$BATS_TEST_TMPDIR/changed.json" ]
		run /usr/bin/jsonschema -i "$BATS_TEST_TMPDIR/changed.json" "$SCHEMA"
		expect [ "$status" -ne 0 ]
	done
	# Each object in it names all its keys, and no others are allowed.
	expect jq -e '[.. | objects | select(.properties? and .type != "string" and has("$schema") == false) |
		select(.additionalProperties != false or (.required | sort) != (.properties | keys))] == []' "$SCHEMA"
}
