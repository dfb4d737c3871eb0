#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For dracut: where `rtcctl driver enable` was said, the initramfs of a kernel that has the
# module loads it, before anything else sets the system's time.

# called by dracut
check() {
	case $(cat /var/lib/rtc-mc146818/driver/state 2>/dev/null) in
	begun | done) ;;
	*) return 255 ;;
	esac
	# shellcheck disable=SC2154 # dracut's
	modinfo -k "$kernel" rtc-mc146818 >/dev/null 2>&1 && return 0
	# Before it has an initramfs without the module it is to have rtc_cmos.
	PATH=$PATH:/usr/sbin:/usr/local/sbin rtcctl driver refresh >/dev/null 2>&1
	return 255
}

# called by dracut
depends() { return 0; }

# called by dracut
installkernel() { hostonly='' instmods rtc-mc146818; }

# called by dracut
install() {
	# shellcheck disable=SC2154 # dracut's
	mkdir -p "$initdir/etc/modprobe.d" "$initdir/etc/cmdline.d"
	echo 'options rtc-mc146818 hctosys=on' >"$initdir/etc/modprobe.d/rtc-mc146818-hctosys.conf"
	echo 'rd.driver.pre=rtc-mc146818' >"$initdir/etc/cmdline.d/90rtc-mc146818.conf"
}
