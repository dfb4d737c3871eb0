# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2054,SC2154 # run's variables; commas
# Xen, from Debian's packages, unpacked and not installed. Part of run.

# xen_load: which version there is, where its hypervisor is; in the variables below
xen='' xen_version=''
xen_load() {
	local package dir
	package=$(xen_package) || { apt_update_once && package=$(xen_package); } || die "apt offers no Xen"
	xen_version=${package#xen-hypervisor-}
	xen_version=${xen_version%-amd64}
	dir=$("$top/selftests/unpacked" "$package")
	xen=$build/machines/xen-$xen_version
	mkdir -p "${xen%/*}"
	[ -e "$xen" ] || { gzip -dc "$dir/boot/xen-$xen_version-amd64.gz" >"$xen.new" && mv "$xen.new" "$xen"; }
}

xen_package() {
	apt-cache depends xen-system-amd64 2>/dev/null | sed -n 's/^ *Depends: \(xen-hypervisor-[0-9].*-amd64\)$/\1/p' | grep .
}

# What Xen's tools are made of; what else they are linked with has to be on this system.
xen_tools() {
	apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
		"xen-utils-$xen_version" qemu-system-xen |
		grep -E '^(xen-utils-[0-9].*|qemu-system-xen|libxen.*|libyajl[0-9]*|libspice-server[0-9]*)$' | sort -u
}

# xen_arguments COMMAND-LINE KERNEL INITRD: the hypervisor, and its first guest with the hardware
xen_arguments() {
	local line=$1
	args+=(-M q35,hpet=off -kernel "$xen" -append "com1=115200,8n1 console=com1 $xen_options"
		-initrd "$2 ${line//,/,,},$3")
}
