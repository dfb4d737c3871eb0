# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the scripts below selftests/ share. The caller has set `set -euo pipefail`.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034 # for the callers
build=$top/build

prog=${0##*/}

say() { printf '%s: %s\n' "$prog" "$*" >&2; }

die() { say "$*"; exit 1; }

is_root() { [ "$(id -u)" = 0 ]; }

# load_kernel NAME: what selftests/vm/kernels says of it, in these variables. Within one run of
# `check', which names a folder for that in $kernels_known, it is asked once.
release='' image='' vmlinux='' headers='' chroot='' arch=''
load_kernel() {
	local found known=${kernels_known:+$kernels_known/$1}
	found=$(cat "$known" 2>/dev/null) || found=
	if [ -z "$found" ]; then
		found=$("$top/selftests/vm/kernels" "$1")
		[ -z "$known" ] || { echo "$found" >"$known.$$" && mv "$known.$$" "$known"; }
	fi
	eval "$found"
	# shellcheck disable=SC2034 # for the callers
	: "$release" "$image" "$vmlinux" "$headers" "$chroot" "$arch"
}

apt_updated=
apt_update_once() {
	[ -z "$apt_updated" ] || return 1
	apt_updated=1
	is_root || return 1
	say "refreshing apt's lists"
	apt-get -q update >&2 || die "apt-get update: failed, see above"
}

# lock NAME, unlock: runs at the same time wait for each other here.
lock() {
	mkdir -p "$build"
	exec 9>"$build/.lock-$1"
	flock 9
}

unlock() { exec 9>&-; }

# The packages of the arguments that are not installed, one a line.
missing_packages() {
	local package
	for package; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' ||
			echo "$package"
	done
}

apt_install() {
	DEBIAN_FRONTEND=noninteractive apt-get -qy -o Dpkg::Use-Pty=0 install --no-install-recommends "$@" >&2
}

# Installs what is missing of the arguments; without root, says what to type.
need_packages() {
	local missing
	mapfile -t missing < <(missing_packages "$@")
	[ ${#missing[@]} -gt 0 ] || return 0
	is_root || die "packages missing, install them with: apt-get install --no-install-recommends ${missing[*]}"
	say "installing ${missing[*]}"
	apt_install "${missing[@]}" || { apt_update_once && apt_install "${missing[@]}"; } ||
		die "cannot install: ${missing[*]}"
}

# foreign_apt ARCH: apt_options for packages of another architecture, from the sources that
# this system has. Their lists are kept apart: nothing here is changed. What the sources
# do not have for it is left out.
apt_options=()
foreign_apt() {
	local dir=$build/apt-$1
	apt_options=(-o "APT::Architecture=$1" -o "APT::Architectures::=$1" -o "Dir::State=$dir" -o "Dir::Cache=$dir"
		-o Dir::State::status=/dev/null -o APT::Sandbox::User=root)
	[ ! -e "$dir/.complete" ] || return 0
	say "fetching apt's lists for $1"
	mkdir -p "$dir/lists/partial" "$dir/archives/partial"
	apt-get -q "${apt_options[@]}" update >&2 || say "apt-get update: incomplete for $1"
	touch "$dir/.complete"
}

# copy_changed FROM TO: copies a file only where it differs, so that make sees what changed.
copy_changed() {
	cmp -s "$1" "$2" || { mkdir -p "${2%/*}" && cp "$1" "$2"; }
}

# driver_sources DIR: the driver's sources below DIR, relative to it; not what a build made
driver_sources() {
	find "$1/driver" -name '*.mod.c' -prune -o -name '*.[ch]' -printf "driver/%P\\n" | sort
}

# tap NAME COMMAND...: one line of TAP; tap_failed is 1 after a failure
tap_number=0 tap_failed=0
tap() {
	local label=$1
	shift
	tap_number=$((tap_number + 1))
	if "$@"; then
		echo "ok $tap_number $label"
	else
		echo "not ok $tap_number $label"
		# shellcheck disable=SC2034 # for the callers
		tap_failed=1
	fi
}
