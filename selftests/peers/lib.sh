# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The clock's time by sysfs, and results (tap.sh). The caller's first argument is the
# clock; else $RTC, else /dev/rtc0.

# shellcheck disable=SC2034 # for the callers
rtc=${1:-${RTC:-/dev/rtc0}}
# shellcheck source=../rtc/tap.sh
. "$(dirname "$0")/tap.sh"

attribute() { cat "/sys/class/rtc/${rtc#/dev/}/$1"; }

rtc_seconds() { attribute since_epoch; }

# near WHAT SECONDS FROM TO: complains if SECONDS is not between the two, give or take one
near() {
	case $2 in
	'' | *[!0-9]*) echo "$1: no time but '$2'" ;;
	*) if [ "$2" -lt $(($3 - 1)) ] || [ "$2" -gt $(($4 + 1)) ]; then
		echo "$1: $2, wanted $3 to $4"
	fi ;;
	esac
}

uptime_seconds() { sed 's/[. ].*//' /proc/uptime; }

# near_since UPTIME WHAT SECONDS FROM TO: near(), TO moved on by what has passed since UPTIME:
# a busy machine stands still for seconds, and the driver puts a release that would come late
# off by up to three.
near_since() { near "$2" "$3" "$4" $(($5 + $(uptime_seconds) - $1)); }

# clocks_agree WHAT: complains if the clock is not within a second of the system
clocks_agree() {
	earliest=$(date +%s)
	near "$1" "$(rtc_seconds)" "$earliest" "$(date +%s)"
}

# The clock is put back at the end, to the second.
save_time() { saved=$(($(rtc_seconds) - $(uptime_seconds))); }

restore_time() {
	date -u -s "@$((saved + $(uptime_seconds)))" >/dev/null
	busybox hwclock -u -w -f "$rtc"
}

# /dev/ptpN of the clock
ptp_device() {
	for ptp in "/sys/class/rtc/${rtc#/dev/}"/device/ptp/ptp*; do
		[ -e "$ptp" ] && echo "/dev/${ptp##*/}"
	done
}

# What the driver says the clock leads the system by, ns.
phase_offset() { attribute phase/offset_ns; }

# within WHAT NS WANTED SLACK: complains if NS is further from WANTED
within() {
	case ${2#-} in
	'' | *[!0-9]*) echo "$1: no number but '$2'" ;;
	*) if [ $(($2 - $3)) -gt "$4" ] || [ $(($3 - $2)) -gt "$4" ]; then
		echo "$1: $2 ns, wanted $3 +/- $4"
	fi ;;
	esac
}
