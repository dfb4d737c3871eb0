# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the outer machines' inits have in common. /bin/sh and busybox alone.

export PATH=/usr/sbin:/usr/bin:/sbin:/bin:/busybox

EXIT_PORT=244
EXIT_PASS='\020'	# makes the outer QEMU exit with 33, as the guest's did
EXIT_FAIL='\021'
GUEST_PASSED=33

say() { echo "outer: $*" >/dev/console; }

mount_all() {
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	mount -t devtmpfs devtmpfs /dev
	mkdir -p /dev/pts
	mount -t devpts devpts /dev/pts
	mount -t tmpfs tmpfs /run
	mount -t tmpfs tmpfs /tmp
}

load_modules() {
	while read -r module; do
		insmod "/modules/$module" || say "$module: cannot load it"
	done </modules/order
}

# What the guest prints goes out by the second serial port.
attend_results() {
	stty -F /dev/ttyS1 raw
	mkfifo /run/results
	attend </run/results >/dev/ttyS1 &
	attendant=$!
}

# leave STATUS: the guest's QEMU ended with it
leave() {
	wait "$attendant"
	say "the guest's QEMU exited with $1"
	code=$EXIT_FAIL
	[ "$1" != $GUEST_PASSED ] || code=$EXIT_PASS
	# shellcheck disable=SC2059 # an escape
	printf "$code" | dd of=/dev/port bs=1 seek=$EXIT_PORT 2>/dev/null
	poweroff -f
}
