# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2054,SC2154 # run's variables; commas
# What machines have in common that are guests of an outer machine, which QEMU emulates.
# Part of run. A machine's own file says, by functions:
#
#	outer_prepare	which kernel the outer machine has, and what its key is made of
#	outer_build	what it has in its root, besides the files of selftests/vm/nested
#
# The outer machine's root is packed once per key into build/machines. For a run, the
# guest's kernel, root and arguments are put behind it, in /guest. Its first serial
# port is the console of both, its second one has the results.

nested=$top/selftests/vm/nested

# outer_kernel NAME: the kernel of the outer machine; where its modules are
outer_kernel() {
	local guest=("$release" "$image" "$vmlinux" "$headers" "$chroot" "$arch")
	load_kernel "$1"
	outer_release=$release outer_vmlinux=$vmlinux
	outer_modules=/lib/modules/$release/kernel
	[ -d "$outer_modules" ] || outer_modules=$build/kernels/$release/lib/modules/$release/kernel
	[ -d "$outer_modules" ] || die "$release: its modules are not here"
	release=${guest[0]} image=${guest[1]} vmlinux=${guest[2]} headers=${guest[3]} chroot=${guest[4]} arch=${guest[5]}
}

# outer_key PACKAGE...: from their versions, the kernel and our own files
outer_key() {
	local versions sum
	versions=$(dpkg-query -W "$@") || die "cannot tell the versions of: $*"
	sum=$({ echo "$outer_release $versions" && cat "$nested"/* "$top/selftests/vm/machines"/*; } | sha256sum)
	outer=$build/machines/$machine-${sum:0:16}
}

add_file() { mkdir -p "$root${1%/*}" && cp -L "$1" "$root$1"; }

# add_modules NAME...: below the kernel's own, in the order to load them in
add_modules() {
	local module file
	for module; do
		for file in "$outer_modules/$module".ko*; do
			module=$root/modules/${module##*/}.ko
			case $file in
			*.xz) xz -dc "$file" >"$module" ;;
			*.ko) cp "$file" "$module" ;;
			*) die "$file: no such module" ;;
			esac
			echo "${module##*/}" >>"$root/modules/order"
		done
	done
}

# Once for all runs; what an older key made is removed.
outer_make() {
	local root=$outer.root
	[ ! -e "$outer" ] || return 0
	say "building the outer machine for $machine"
	rm -rf "$build/machines/$machine"-*
	add_skeleton
	mkdir -p "$root/modules" "$root/guest"
	add_programs
	gcc -O2 -Wall -Werror -static -o "$root/usr/bin/step-clock" "$nested/step-clock.c"
	cp "$nested/attend" "$root/usr/bin/attend"
	cp "$nested/lib.sh" "$root/lib.sh"
	cp "$nested/init-$machine" "$root/init"
	outer_build
	pack "$root" "$outer.new"
	rm -rf "$root"
	mv "$outer.new" "$outer"
}

# The libraries of programs in the root, which may stand beside them there.
add_libraries_beside() {
	local found library
	found=$(LD_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu ldd "$@")
	! grep -q 'not found' <<<"$found" || die "libraries missing: $(grep 'not found' <<<"$found" | sort -u)"
	sed -n 's:.*[[:space:]]\(/[^ ]*\.so[^ ]*\) .*:\1:p' <<<"$found" | sort -u | while read -r library; do
		case $library in
		"$root"/*) ;;
		*) [ -e "$root$library" ] || add_file "$library" ;;
		esac
	done
}

# outer_stage KERNEL ARGUMENTS: the outer root, and behind it the guest
outer_stage() {
	local dir=$out.guest
	outer_prepare
	lock "machine-$machine"
	outer_make
	unlock
	rm -rf "$dir"
	mkdir -p "$dir/guest"
	ln "$out.initrd" "$dir/guest/initrd"
	ln -s "$1" "$dir/guest/kernel"
	cp "$2" "$dir/guest/arguments"
	(cd "$dir" && find guest | cpio -o -L -H newc -R 0:0 --quiet) >"$out.outer.new"
	cat "$outer" "$out.outer.new" >"$out.outer"
	rm -rf "$dir" "$out.outer.new"
}

outer_arguments() {
	args=(-accel tcg -display none -nodefaults -no-reboot
		-device "isa-debug-exit,iobase=0xf4,iosize=4")
	if [ -n "$shell" ]; then
		args+=(-serial mon:stdio -serial "file:$out.ktap")
	else
		args+=(-serial "file:$out.log" -chardev stdio,id=results,signal=off -serial chardev:results)
	fi
}
