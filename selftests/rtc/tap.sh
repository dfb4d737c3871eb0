# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Results as KTAP, for the scripts here and in selftests/peers: plan N, a result or a
# skip N times, and `exit $failed`.

number=0 failed=0

plan() {
	echo "TAP version 13"
	echo "1..$1"
}

# plan_skip WHY: no test at all can be run here
plan_skip() {
	plan "0 # SKIP $1"
	exit 4
}

# result NAME WHY: passed if there is nothing to say why not
result() {
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number $1"
	else
		echo "not ok $number $1 # $(echo "$2" | tr '\n' ' ')"
		# shellcheck disable=SC2034 # for the callers
		failed=1
	fi
}

# skip NAME WHY
skip() {
	number=$((number + 1))
	echo "ok $number $1 # SKIP $2"
}
