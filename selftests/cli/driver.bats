# SPDX-License-Identifier: GPL-2.0
# Which driver has the clock, now and at the next boot; trying it, enabling it, and back.
#
# The machine is a root of its own, with programs that do as Debian's: an initramfs is a list of
# what is in it.

load helper

OURS=6.12.1-amd64
OTHER=6.1.2-amd64
PROGRAM=/usr/local/sbin/rtcctl
WORD=initcall_blacklist=cmos_init
# ... in grub.cfg, where the module is not signed.
UNLOCKED='$rtc_mc146818_unlocked'

# A program of the root's, of busybox's shell.
program() {
	{ echo '#!/bin/sh'; cat; } > "$ROOT/usr/sbin/$1"
	chmod 755 "$ROOT/usr/sbin/$1"
}

# What a built module has that is looked at: whole, and for the kernel $1.
module() {
	local dir=$ROOT/lib/modules/$1/updates/dkms

	mkdir -p "$dir"
	{
		printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\1\0\76\0\1\0\0\0'
		printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
		printf '\0\2\0\0\0\0\0\0\0\0\0\0\100\0\0\0\0\0\100\0\1\0\0\0'
		printf 'vermagic=%s SMP preempt mod_unload modversions \0' "$1"
	} > "$dir/rtc-mc146818.ko"
	# Its one section stands at 512.
	truncate -s 576 "$dir/rtc-mc146818.ko"
	echo "updates/dkms/rtc-mc146818.ko: " > "$ROOT/lib/modules/$1/modules.dep"
}

kernel() {
	mkdir -p "$ROOT/lib/modules/$1"
	echo "kernel/drivers/rtc/rtc-ds1307.ko: " > "$ROOT/lib/modules/$1/modules.dep"
	echo image > "$ROOT/boot/vmlinuz-$1"
}

# The system: one kernel, with the module; initramfs-tools with this package's hook.
setup() {
	ROOT=$BATS_TEST_TMPDIR/root
	mkdir -p "$ROOT"/{bin,boot,dev,etc/default,proc,run,tmp,sys/{class/rtc,module},usr/sbin,usr/bin,usr/local/sbin,var/lib}
	cp "$(type -P busybox)" "$ROOT/bin/"
	for name in sh cat grep sed ls basename mkdir rm; do ln -s busybox "$ROOT/bin/$name"; done
	mknod -m 666 "$ROOT/dev/null" c 1 3
	install_rtcctl
	kernel $OURS
	module $OURS
	initramfs_tools
	clock rtc0 "rtc_cmos 00:03"
	echo "BOOT_IMAGE=/boot/vmlinuz-$OURS root=UUID=1 ro quiet" > "$ROOT/proc/cmdline"
	export RTCCTL_ROOT=$ROOT TZ=UTC LC_ALL=C
}

# With the libraries that it takes.
install_rtcctl() {
	local file

	cp "$TOOLS/rtcctl" "$ROOT$PROGRAM"
	for file in $(ldd "$TOOLS/rtcctl" | grep -o '/[^ ]*'); do
		mkdir -p "$ROOT${file%/*}"
		cp -L "$file" "$ROOT$file"
	done
}

clock() {
	mkdir -p "$ROOT/sys/class/rtc/$1"
	echo "$2" > "$ROOT/sys/class/rtc/$1/name"
}

# The hook's conditions are those of the real one, which it takes from there.
initramfs_tools() {
	sed -n '/^case/,/^esac/p' "$BATS_TEST_DIRNAME/../../tools/boot/initramfs-hook" > "$ROOT/usr/hook-condition"
	program update-initramfs <<-'END'
	for image in /boot/vmlinuz-*; do
		version=${image#/boot/vmlinuz-}
		initrd=/boot/initrd.img-$version
		echo "update-initramfs: Generating $initrd"
		echo "usr/lib/modules/$version/kernel/fs/ext4/ext4.ko" > $initrd
		(
			. /usr/hook-condition
			grep rtc-mc146818 /lib/modules/$version/modules.dep >/dev/null || exit 0
			[ ! -e /break-hook ] || exit 0
			echo "usr/lib/modules/$version/updates/dkms/rtc-mc146818.ko" >> $initrd
		)
		for hook in /etc/initramfs/post-update.d/*; do
			[ ! -x "$hook" ] || "$hook" $version $initrd || exit 1
		done
	done
	END
	program lsinitramfs <<< 'exec cat "$1"'
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/update-initramfs > /dev/null
}

# As grub-mkconfig goes about it: settings, one entry and a rescue entry a kernel, the check.
grub() {
	mkdir -p "$ROOT/boot/grub"
	echo 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"' > "$ROOT/etc/default/grub"
	program update-grub <<-'END'
	grub_script_check=/usr/sbin/grub-script-check
	. /etc/default/grub
	for x in /etc/default/grub.d/*.cfg; do
		[ ! -e "$x" ] || . "$x"
	done
	cfg=/boot/grub/grub.cfg
	exec > $cfg.new
	echo "### BEGIN /etc/grub.d/10_linux ###"
	for image in /boot/vmlinuz-*; do
		version=${image#/boot/vmlinuz-}
		for title in Linux Rescue; do
			echo "menuentry '$title $version' {"
			printf '\tlinux\t%s root=UUID=1 ro %s %s\n' $image "$GRUB_CMDLINE_LINUX" "$GRUB_CMDLINE_LINUX_DEFAULT"
			[ ! -e /boot/initrd.img-$version ] || printf '\tinitrd\t/boot/initrd.img-%s\n' $version
			echo '}'
		done
	done
	echo "### END /etc/grub.d/10_linux ###"
	[ ! -e /other-system ] || cat /other-system
	if ! ${grub_script_check} $cfg.new; then
		exit 1
	fi
	cat $cfg.new > $cfg
	rm $cfg.new
	END
	program grub-script-check <<< 'grep menuentry "$1" > /dev/null'
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/update-grub
}

# Entries in files, made anew whenever an initramfs is.
systemd_boot() {
	mkdir -p "$ROOT/boot/efi/loader/entries" "$ROOT/boot/efi/id" "$ROOT/etc/initramfs/post-update.d"
	program kernel-install <<-'END'
	[ "$1" = add ] || exit 1
	dir=/boot/efi/id/$2
	mkdir -p $dir
	cat /boot/vmlinuz-$2 > $dir/linux
	cat /boot/initrd.img-$2 > $dir/initrd.img-$2
	{
		echo "title      Debian"
		echo "version    $2"
		echo "options    root=UUID=1 ro quiet"
		echo "linux      /id/$2/linux"
		echo "initrd     /id/$2/initrd.img-$2"
	} > /boot/efi/loader/entries/id-$2.conf
	for plugin in /etc/kernel/install.d/*.install; do
		[ ! -x "$plugin" ] || "$plugin" add $2 $dir $3 || exit 1
	done
	END
	printf '#!/bin/sh\nkernel-install add "$1" /boot/vmlinuz-$1 "$2"\n' > "$ROOT/etc/initramfs/post-update.d/systemd-boot"
	chmod 755 "$ROOT/etc/initramfs/post-update.d/systemd-boot"
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/update-initramfs > /dev/null
}

driver() { "$TOOLS/rtcctl" driver "$@" < /dev/null; }

# Every file, directory, link and mode.
tree() { (cd "$ROOT" && find . ! -type f -printf '%M %p %l\n' -o -printf '%M %p ' -exec sha256sum {} \;) | sort -k 2; }

remember() { tree > "$BATS_TEST_TMPDIR/before"; }
nothing_changed() { expect diff "$BATS_TEST_TMPDIR/before" <(tree); }

# words KERNEL: how many of its lines in grub.cfg have the word
words() { grep "vmlinuz-$1 " "$ROOT/boot/grub/grub.cfg" | grep -cF -e "$WORD" -e "$UNLOCKED"; }

# of_kernel RELEASE KEY: from the JSON of status
of_kernel() { jq -r ".driver.kernels[] | select(.kernel == \"$1\") | .$2" <<< "$output"; }

@test "status: one clock of rtc_cmos, nothing enabled" {
	grub
	run --separate-stderr driver
	expect [ "$status" -eq 0 ]
	expect grep -qx "rtc0 *rtc_cmos: of the kernel, bound first" <<< "$output"
	expect grep -qx "Enabled *no" <<< "$output"
	expect grep -qx "$OURS *no *yes *no *2 *0 *rtc_cmos *not enabled" <<< "$output"
	run --separate-stderr driver status --json
	expect [ "$(jq -r '.driver.clocks[0] | .clock + " " + .driver' <<< "$output")" = "rtc0 rtc_cmos" ]
	expect [ "$(of_kernel $OURS module)" = true ]
	expect [ "$(of_kernel $OURS initramfs)" = false ]
	expect [ "$(of_kernel $OURS next_boot)" = rtc_cmos ]
	expect [ "$(jq .driver.command_line_blacklist <<< "$output")" = false ]
	expect [ "$(jq -r .driver.secure_boot <<< "$output")" = none ]
}

@test "status: shared, taken over, alone, emulated" {
	clock rtc1 "rtc-mc146818 mc146818-shared"
	mkdir -p "$ROOT/sys/module/rtc_mc146818/parameters"
	echo N > "$ROOT/sys/module/rtc_mc146818/parameters/takeover"
	clock rtc2 "rtc-mc146818 mc146818-emulated.0"
	run --separate-stderr driver
	expect grep -qx "rtc1 *rtc-mc146818, shared: beside rtc_cmos, which was there first" <<< "$output"
	expect grep -qx "rtc2 *rtc-mc146818, emulated: in software" <<< "$output"
	expect grep -qx "Module loaded *yes" <<< "$output"
	clock rtc1 "rtc-mc146818 00:03"
	echo Y > "$ROOT/sys/module/rtc_mc146818/parameters/takeover"
	run --separate-stderr driver --json
	expect [ "$(jq -r '.driver.clocks[1].role' <<< "$output")" = takeover ]
	echo N > "$ROOT/sys/module/rtc_mc146818/parameters/takeover"
	for line in "quiet $WORD" "x=\"$WORD\"" "$WORD"; do
		echo "root=/dev/vda $line" > "$ROOT/proc/cmdline"
		run --separate-stderr driver --json
		expect [ "$(jq -r '.driver.clocks[1].role' <<< "$output")" = alone ]
		expect [ "$(jq .driver.command_line_blacklist <<< "$output")" = true ]
		expect grep -q "kept out by $WORD" <<< "$output"
	done
}

@test "enable with GRUB, and disable: every byte as before" {
	grub
	remember
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 0 ]
	expect grep -qF "write    /etc/default/grub.d/rtc-mc146818.cfg" <<< "$output"
	expect grep -qF "run      /usr/sbin/update-initramfs -u -k all" <<< "$output"
	expect grep -qF "run      /usr/sbin/update-grub" <<< "$output"
	expect grep -qx "Enabled: from the next boot on." <<< "$output"
	expect [ "$(words $OURS)" -eq 2 ]
	expect grep -q rtc-mc146818 "$ROOT/boot/initrd.img-$OURS"
	expect [ -e "$ROOT/etc/modprobe.d/rtc-mc146818-blacklist.conf" ]
	expect [ -z "$(grep -v '^#' "$ROOT/etc/modprobe.d/rtc-mc146818-blacklist.conf")" ]
	run --separate-stderr driver --json
	expect [ "$(jq -r .driver.enabled <<< "$output")" = yes ]
	expect [ "$(of_kernel $OURS next_boot)" = rtc-mc146818 ]
	expect [ "$(of_kernel $OURS blacklist)" = 2 ]
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 0 ]
	nothing_changed
}

@test "update-grub by hand keeps the word; a new initramfs without the module takes it away" {
	grub
	driver enable --yes
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/update-grub
	expect [ "$(words $OURS)" -eq 2 ]
	kernel $OURS
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/update-initramfs
	expect [ "$(words $OURS)" -eq 0 ]
	run --separate-stderr driver --json
	expect [ "$(of_kernel $OURS next_boot)" = rtc_cmos ]
	expect [ "$(of_kernel $OURS why)" = "no module was built for it" ]
	module $OURS
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/update-initramfs
	expect [ "$(words $OURS)" -eq 2 ]
}

# As of os-prober: a kernel of the same name on another disk.
@test "entries of other systems are left alone" {
	printf "### BEGIN /etc/grub.d/30_os-prober ###\nmenuentry 'Other' {\n\tlinux /boot/vmlinuz-%s root=/dev/vdb\n\tinitrd /boot/initrd.img-%s\n}\n### END /etc/grub.d/30_os-prober ###\n" \
		$OURS $OURS > "$ROOT/other-system"
	grub
	remember
	driver enable --yes
	expect [ "$(words $OURS)" -eq 2 ]
	expect diff "$ROOT/other-system" <(sed -n '/30_os-prober/,$p' "$ROOT/boot/grub/grub.cfg")
	driver disable --yes
	nothing_changed
}

@test "a signed image, and names that begin at a /boot of its own" {
	grub
	driver enable --yes
	sed -i "s:/boot/vmlinuz-$OURS:/vmlinuz-$OURS.efi.signed:; s:/boot/initrd:/initrd:; s: $UNLOCKED::" "$ROOT/boot/grub/grub.cfg"
	expect [ "$(grep -cF "$UNLOCKED" "$ROOT/boot/grub/grub.cfg")" -eq 0 ]
	run --separate-stderr driver refresh
	expect [ "$(grep -c "efi.signed .* [$]rtc_mc146818_unlocked" "$ROOT/boot/grub/grub.cfg")" -eq 2 ]
}

@test "without these tools a new initramfs brings rtc_cmos back" {
	grub
	driver enable --yes
	rm "$ROOT$PROGRAM"
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/update-initramfs
	expect [ "$(words $OURS)" -eq 0 ]
}

@test "the tools of a package are found as well; without any, enable refuses" {
	grub
	mv "$ROOT$PROGRAM" "$ROOT/usr/sbin/rtcctl"
	driver enable --yes
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/update-initramfs
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/update-grub
	expect [ "$(words $OURS)" -eq 2 ]
	driver disable --yes
	rm "$ROOT/usr/sbin/rtcctl"
	remember
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "needs rtcctl installed in that system" <<< "$stderr"
	nothing_changed
}

@test "two kernels: the one without the module keeps rtc_cmos" {
	kernel $OTHER
	initramfs_tools
	grub
	remember
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 0 ]
	expect grep -qF "boot     $OURS: with rtc-mc146818" <<< "$output"
	expect grep -qF "boot     $OTHER: with rtc_cmos, as now: no module was built for it" <<< "$output"
	expect [ "$(words $OURS)" -eq 2 ]
	expect [ "$(words $OTHER)" -eq 0 ]
	run --separate-stderr driver --json
	expect [ "$(of_kernel $OTHER next_boot)" = rtc_cmos ]
	# It gets one later.
	module $OTHER
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/update-initramfs
	expect [ "$(words $OTHER)" -eq 2 ]
	kernel $OTHER
	rm -r "$ROOT/lib/modules/$OTHER/updates"
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 0 ]
	nothing_changed
}

@test "a damaged module, and one for another kernel" {
	grub
	remember
	truncate -s 570 "$ROOT/lib/modules/$OURS/updates/dkms/rtc-mc146818.ko"
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "rtc-mc146818 is damaged, or was built for another kernel" <<< "$stderr"
	module $OTHER
	cp "$ROOT/lib/modules/$OTHER/updates/dkms/rtc-mc146818.ko" "$ROOT/lib/modules/$OURS/updates/dkms/"
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "was built for another kernel" <<< "$stderr"
	rm -r "$ROOT/lib/modules/$OTHER"
	module $OURS
	nothing_changed
}

@test "a packed module" {
	local ko=$ROOT/lib/modules/$OURS/updates/dkms/rtc-mc146818.ko

	grub
	gzip "$ko"
	ln -s /bin/busybox "$ROOT/bin/gzip"
	echo "updates/dkms/rtc-mc146818.ko.gz:" > "$ROOT/lib/modules/$OURS/modules.dep"
	run --separate-stderr driver enable --dry-run
	expect [ "$status" -eq 0 ]
	expect grep -qF "$OURS: with rtc-mc146818" <<< "$output"
}

@test "no module at all" {
	grub
	kernel $OURS
	remember
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "no installed kernel has the module" <<< "$stderr"
	nothing_changed
}

@test "enable with systemd-boot, and disable" {
	kernel $OTHER
	initramfs_tools
	systemd_boot
	remember
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 0 ]
	expect grep -qx "options    root=UUID=1 ro quiet $WORD" "$ROOT/boot/efi/loader/entries/id-$OURS.conf"
	expect [ "$(grep -c "$WORD" "$ROOT/boot/efi/loader/entries/id-$OTHER.conf")" -eq 0 ]
	expect [ ! -e "$ROOT/etc/default/grub.d" ]
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/kernel-install add $OURS /boot/vmlinuz-$OURS
	expect grep -q "$WORD" "$ROOT/boot/efi/loader/entries/id-$OURS.conf"
	run --separate-stderr driver --json
	expect [ "$(of_kernel $OURS next_boot)" = rtc-mc146818 ]
	expect [ "$(of_kernel $OTHER next_boot)" = rtc_cmos ]
	printf 'title Other\nversion 5.10.0\noptions root=/dev/vdb %s\ninitrd /other\n' "$WORD" \
		> "$ROOT/boot/efi/loader/entries/other.conf"
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 0 ]
	expect grep -q "$WORD" "$ROOT/boot/efi/loader/entries/other.conf"
	rm "$ROOT/boot/efi/loader/entries/other.conf"
	nothing_changed
}

@test "neither GRUB nor systemd-boot: says what to add" {
	remember
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "$WORD" <<< "$stderr"
	expect grep -qF "hctosys=on" <<< "$stderr"
	nothing_changed
	grub
	rm "$ROOT/usr/sbin/update-initramfs"
	remember
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "$WORD" <<< "$stderr"
	nothing_changed
}

@test "the word for every kernel, put there by hand, is named" {
	grub
	mkdir -p "$ROOT/etc/default/grub.d"
	printf '# %s\nGRUB_CMDLINE_LINUX="a=b"\n' "$WORD" > "$ROOT/etc/default/grub.d/own.cfg"
	run --separate-stderr driver enable --dry-run
	expect [ "$status" -eq 0 ]
	printf 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX %s"\n' "$WORD" > "$ROOT/etc/default/grub.d/own.cfg"
	remember
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "/etc/default/grub.d/own.cfg has $WORD for every kernel" <<< "$stderr"
	nothing_changed
	run --separate-stderr driver --json
	expect [ "$(jq -r .driver.every_kernel_blacklist <<< "$output")" = /etc/default/grub.d/own.cfg ]
}

@test "read-only /etc: nothing is left behind" {
	grub
	mkdir -p "$ROOT/etc/modprobe.d"
	remember
	run --separate-stderr unshare --mount sh -e -c "
		mount --bind '$ROOT/etc' '$ROOT/etc'
		mount -o remount,bind,ro '$ROOT/etc'
		'$TOOLS'/rtcctl driver enable --yes"
	expect [ "$status" -eq 1 ]
	expect grep -qF "cannot save /etc/modprobe.d/rtc-mc146818-blacklist.conf: Read-only file system" <<< "$stderr"
	expect grep -qF "everything is as it was before" <<< "$stderr"
	nothing_changed
}

@test "a symbolic link where a file is saved is not followed" {
	grub
	mkdir -p "$ROOT/etc/default/grub.d"
	ln -s /etc/default/grub "$ROOT/etc/default/grub.d/rtc-mc146818.cfg"
	remember
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "cannot save /etc/default/grub.d/rtc-mc146818.cfg: it is a symbolic link" <<< "$stderr"
	nothing_changed
}

@test "a file that was there is kept, and comes back with its mode" {
	grub
	mkdir -p "$ROOT/etc/modprobe.d"
	echo "options rtc-mc146818 ptp=off" > "$ROOT/etc/modprobe.d/rtc-mc146818-blacklist.conf"
	chmod 600 "$ROOT/etc/modprobe.d/rtc-mc146818-blacklist.conf"
	remember
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 0 ]
	expect grep -qF "replace  /etc/modprobe.d/rtc-mc146818-blacklist.conf" <<< "$output"
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 0 ]
	nothing_changed
}

@test "a command that fails: everything is taken back" {
	grub
	remember
	mv "$ROOT/usr/sbin/update-grub" "$BATS_TEST_TMPDIR/"
	program update-grub <<< 'exit 3'
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "/usr/sbin/update-grub failed with status 3" <<< "$stderr"
	expect grep -qF "driver enable failed: taking back what was done" <<< "$stderr"
	mv "$BATS_TEST_TMPDIR/update-grub" "$ROOT/usr/sbin/"
	# What fails for the way back, too, is for another try.
	expect grep -q rtc-mc146818 <<< "$(ls -R "$ROOT/var/lib")"
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "'rtcctl driver disable' first" <<< "$stderr"
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 0 ]
	nothing_changed
}

# The signals that wait for the end of this program end the programs that it runs.
@test "a command that is ended by a signal" {
	grub
	remember
	mv "$ROOT/usr/sbin/update-grub" "$ROOT/usr/sbin/real"
	program update-grub <<-'END'
	[ -e /tmp/failed ] || { echo > /tmp/failed; kill -TERM $$; exit 0; }
	exec /usr/sbin/real
	END
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "/usr/sbin/update-grub failed with status 143" <<< "$stderr"
	expect grep -qF "everything is as it was before" <<< "$stderr"
	mv "$ROOT/usr/sbin/real" "$ROOT/usr/sbin/update-grub"
	rm "$ROOT/tmp/failed"
	nothing_changed
}

# Of the caller's environment only the language is theirs.
@test "the environment of what is run" {
	grub
	mv "$ROOT/usr/sbin/update-grub" "$ROOT/usr/sbin/real"
	program update-grub <<< 'export > /tmp/environment; exec /usr/sbin/real'
	LANG=de_DE.UTF-8 LD_LIBRARY_PATH=/x BASH_ENV=/x PATH=/x:$PATH run --separate-stderr driver enable --yes
	expect [ "$status" -eq 0 ]
	expect grep -q "LANG='de_DE.UTF-8'" "$ROOT/tmp/environment"
	expect grep -q "PATH='/usr/local/sbin:" "$ROOT/tmp/environment"
	expect [ "$(grep -c '/x' "$ROOT/tmp/environment")" -eq 0 ]
}

@test "a command that fails once" {
	grub
	remember
	mv "$ROOT/usr/sbin/update-initramfs" "$ROOT/usr/sbin/real"
	program update-initramfs <<-'END'
	[ -e /tmp/failed ] || { echo > /tmp/failed; exit 1; }
	exec /usr/sbin/real
	END
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "everything is as it was before" <<< "$stderr"
	mv "$ROOT/usr/sbin/real" "$ROOT/usr/sbin/update-initramfs"
	rm "$ROOT/tmp/failed"
	nothing_changed
}

@test "a module that does not get into the initramfs is not enabled" {
	grub
	touch "$ROOT/break-hook"
	remember
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "$OURS: rtc-mc146818 did not get into its initramfs" <<< "$stderr"
	expect grep -qF "everything is as it was before" <<< "$stderr"
	nothing_changed
}

@test "killed in the middle: disable takes it back" {
	grub
	remember
	mv "$ROOT/usr/sbin/update-grub" "$ROOT/usr/sbin/real"
	program update-grub <<< '[ -e /tmp/killed ] || { echo > /tmp/killed; kill -9 $PPID; exit 1; }
	exec /usr/sbin/real'
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 137 ]
	run --separate-stderr driver --json
	expect [ "$(jq -r .driver.enabled <<< "$output")" = interrupted ]
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 0 ]
	mv "$ROOT/usr/sbin/real" "$ROOT/usr/sbin/update-grub"
	rm "$ROOT/tmp/killed"
	nothing_changed
}

@test "--dry-run, and no terminal: nothing changes" {
	grub
	remember
	run --separate-stderr driver enable --dry-run
	expect [ "$status" -eq 0 ]
	expect grep -qF "write    /etc/default/grub.d/rtc-mc146818.cfg" <<< "$output"
	nothing_changed
	run --separate-stderr driver enable
	expect [ "$status" -eq 1 ]
	expect grep -qF "rtcctl: driver enable changes how this system boots: say --yes" <<< "$stderr"
	nothing_changed
	driver enable --yes
	remember
	run --separate-stderr driver disable --dry-run
	expect [ "$status" -eq 0 ]
	expect grep -qF "remove   /etc/default/grub.d/rtc-mc146818.cfg" <<< "$output"
	nothing_changed
}

@test "asks once on a terminal" {
	grub
	remember
	run terminal -ec "'$TOOLS/rtcctl' driver enable" /dev/null <<< n
	expect [ "$status" -eq 1 ]
	expect [ "$(grep -c 'Go on? \[y/N\]' <<< "$output")" -eq 1 ]
	expect grep -q "nothing was done" <<< "$output"
	nothing_changed
	run terminal -ec "'$TOOLS/rtcctl' driver enable" /dev/null <<< y
	expect [ "$status" -eq 0 ]
	expect [ "$(words $OURS)" -eq 2 ]
}

@test "enable twice, disable twice, disable without enable" {
	grub
	remember
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 0 ]
	expect [ "$output" = "Not enabled: nothing to do." ]
	nothing_changed
	driver enable --yes
	tree > "$BATS_TEST_TMPDIR/enabled"
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 0 ]
	expect [ "$output" = "Enabled already: nothing to do." ]
	expect diff "$BATS_TEST_TMPDIR/enabled" <(tree)
	driver disable --yes
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 0 ]
	nothing_changed
}

@test "disable after somebody edited a file: that one stays, and it is said" {
	local cfg=$ROOT/etc/default/grub.d/rtc-mc146818.cfg

	grub
	remember
	driver enable --yes
	echo "GRUB_TIMEOUT=1" >> "$cfg"
	run --separate-stderr driver --json
	expect [ "$(jq -r '.driver.changed[0]' <<< "$output")" = "${cfg#"$ROOT"}" ]
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "${cfg#"$ROOT"} was changed by somebody since" <<< "$stderr"
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "${cfg#"$ROOT"} was changed by somebody since, and is left as it is" <<< "$stderr"
	expect grep -qx "GRUB_TIMEOUT=1" "$cfg"
	# The machine boots with rtc_cmos all the same.
	expect [ "$(words $OURS)" -eq 0 ]
	expect [ -z "$(find "$ROOT/etc" -name '*blacklist*')" ]
	rm "$cfg"
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 0 ]
	nothing_changed
}

# efi NAME GUID BYTES: a variable of EFI's, behind its four bytes of attributes
efi() {
	mkdir -p "$ROOT/sys/firmware/efi/efivars"
	printf "\6\0\0\0$3" > "$ROOT/sys/firmware/efi/efivars/$1-$2"
}

secure_boot() { efi SecureBoot 8be4df61-93ca-11d2-aa0d-00e098032b8c '\1'; }

# le32 N: as printf has it
le32() { printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) 0; }

# A key is made, the module signed with it, as sign-file does; enrolled, where $1 says so.
sign_module() {
	local ko=$ROOT/lib/modules/$OURS/updates/dkms/rtc-mc146818.ko dir=$BATS_TEST_TMPDIR size

	openssl req -new -x509 -newkey rsa:2048 -nodes -days 36500 -subj "/CN=$1/" -outform DER \
		-keyout "$dir/key" -out "$dir/cert" 2> /dev/null
	openssl smime -sign -binary -noattr -nocerts -outform DER -signer <(openssl x509 -inform DER -in "$dir/cert") \
		-inkey "$dir/key" -in "$ko" -out "$dir/signature"
	size=$(stat -c %s "$dir/signature")
	{
		cat "$dir/signature"
		printf '\0\0\2\0\0\0\0\0'
		printf "\\x00\\x00\\x$(printf %02x $((size >> 8)))\\x$(printf %02x $((size & 255)))"
		printf '~Module signature appended~\n'
	} >> "$ko"
}

enroll() {
	local file=$ROOT/sys/firmware/efi/efivars/MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23
	local size

	size=$(stat -c %s "$1")
	{
		printf '\6\0\0\0'
		printf '\xa1\x59\xc0\xa5\xe4\x94\xa7\x4a\x87\xb5\xab\x15\x5c\x2b\xf0\x72'
		printf "$(le32 $((28 + 16 + size)))$(le32 0)$(le32 $((16 + size)))"
		head -c 16 /dev/zero
		cat "$1"
	} > "$file"
}

@test "Secure Boot: a module without an enrolled key is refused" {
	grub
	secure_boot
	remember
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 1 ]
	expect grep -qF "signed by a key it trusts" <<< "$stderr"
	expect grep -qF "mokutil --import /var/lib/dkms/mok.pub" <<< "$stderr"
	expect grep -qF "Documentation/secure-boot.rst" <<< "$stderr"
	nothing_changed
	run --separate-stderr driver --json
	expect [ "$(jq -r .driver.secure_boot <<< "$output")" = on ]
	expect [ "$(of_kernel $OURS signed)" = false ]
	module "$(uname -r)"
	program modprobe <<< 'echo > /tmp/loaded'
	run --separate-stderr driver try
	expect [ "$status" -eq 1 ]
	expect grep -qF "signed by a key it trusts" <<< "$stderr"
	expect [ ! -e "$ROOT/tmp/loaded" ]
	# Of shim that does not check the kernel takes everything.
	efi MokSBStateRT 605dab50-e046-4300-abb6-3dd810dd8b23 '\1'
	run --separate-stderr driver enable --dry-run
	expect [ "$status" -eq 0 ]
}

@test "Secure Boot: an enrolled key is enough, another one is not" {
	grub
	secure_boot
	sign_module one
	cp "$BATS_TEST_TMPDIR/cert" "$BATS_TEST_TMPDIR/one"
	run --separate-stderr driver enable --dry-run
	expect [ "$status" -eq 1 ]
	enroll "$BATS_TEST_TMPDIR/one"
	run --separate-stderr driver --json
	expect [ "$(of_kernel $OURS signed)" = true ]
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 0 ]
	module $OURS
	sign_module one
	run --separate-stderr driver --json
	expect [ "$(of_kernel $OURS signed)" = false ]
	# A kernel whose module was built anew without the key loses its entry with the next initramfs.
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/update-initramfs
	expect [ "$(words $OURS)" -eq 0 ]
}

@test "lockdown, and enforced signatures, are like Secure Boot" {
	grub
	mkdir -p "$ROOT/sys/kernel/security" "$ROOT/sys/module/module/parameters"
	echo "none [integrity] confidentiality" > "$ROOT/sys/kernel/security/lockdown"
	run --separate-stderr driver enable --dry-run
	expect [ "$status" -eq 1 ]
	expect grep -qF "signed by a key it trusts" <<< "$stderr"
	run --separate-stderr driver
	expect grep -qx "Lockdown *integrity" <<< "$output"
	echo "[none] integrity confidentiality" > "$ROOT/sys/kernel/security/lockdown"
	run --separate-stderr driver enable --dry-run
	expect [ "$status" -eq 0 ]
	echo Y > "$ROOT/sys/module/module/parameters/sig_enforce"
	run --separate-stderr driver enable --dry-run
	expect [ "$status" -eq 1 ]
}

@test "--root: another system, of which the running one says nothing" {
	local other=$BATS_TEST_TMPDIR/other

	grub
	secure_boot
	mv "$ROOT" "$other"
	unset RTCCTL_ROOT
	run --separate-stderr "$TOOLS/rtcctl" driver enable --yes --root "$other"
	expect [ "$status" -eq 0 ]
	ROOT=$other
	expect [ "$(words $OURS)" -eq 2 ]
	run --separate-stderr "$TOOLS/rtcctl" driver --json --root "$other"
	expect [ "$(jq -c '.driver.clocks' <<< "$output")" = null ]
	expect [ "$(of_kernel $OURS next_boot)" = rtc-mc146818 ]
	run --separate-stderr "$TOOLS/rtcctl" driver disable --yes --root "$other"
	expect [ "$status" -eq 0 ]
	expect [ "$(words $OURS)" -eq 0 ]
	run --separate-stderr "$TOOLS/rtcctl" driver try --root "$other"
	expect [ "$status" -eq 64 ]
	run --separate-stderr "$TOOLS/rtcctl" driver status --root "$other/none"
	expect [ "$status" -eq 1 ]
	expect grep -qF "cannot make $other/none the root" <<< "$stderr"
}

@test "try, and back" {
	local running

	running=$(uname -r)
	kernel "$running"
	module "$running"
	program modprobe <<-'END'
	echo "modprobe $*" >> /tmp/log
	if [ "$1" = -r ]; then
		rm -r /sys/class/rtc/rtc1 /sys/module/rtc_mc146818
	else
		mkdir -p /sys/class/rtc/rtc1 /sys/module/rtc_mc146818
		echo "rtc-mc146818 mc146818-shared" > /sys/class/rtc/rtc1/name
	fi
	END
	remember
	run --separate-stderr driver try --dry-run
	expect [ "$status" -eq 0 ]
	expect grep -qF "run      /usr/sbin/modprobe rtc-mc146818" <<< "$output"
	nothing_changed
	run --separate-stderr driver try
	expect [ "$status" -eq 0 ]
	expect grep -qF "The clock is /dev/rtc1 now" <<< "$output"
	run --separate-stderr driver try
	expect [ "$status" -eq 0 ]
	expect [ "$(cat "$ROOT/tmp/log")" = "modprobe rtc-mc146818" ]
	run --separate-stderr driver try --undo
	expect [ "$status" -eq 0 ]
	expect [ "$(tail -n 1 "$ROOT/tmp/log")" = "modprobe -r rtc-mc146818" ]
	run --separate-stderr driver try --undo
	expect [ "$status" -eq 0 ]
	expect [ "$output" = "rtc-mc146818 is not loaded: nothing to do." ]
	rm "$ROOT/tmp/log"
	nothing_changed
}

@test "try: no module, no clock, a modprobe that fails" {
	local running

	running=$(uname -r)
	run --separate-stderr driver try
	expect [ "$status" -eq 1 ]
	expect grep -qF "the running kernel $running has no module rtc-mc146818" <<< "$stderr"
	kernel "$running"
	module "$running"
	program modprobe <<< 'exit 1'
	run --separate-stderr driver try
	expect [ "$status" -eq 1 ]
	expect grep -qF "/usr/sbin/modprobe failed with status 1" <<< "$stderr"
	program modprobe <<< 'exit 0'
	run --separate-stderr driver try
	expect [ "$status" -eq 1 ]
	expect grep -qF "no clock came of it" <<< "$stderr"
}

@test "what udev must not load is blacklisted, until enable" {
	expect grep -qx "blacklist rtc-mc146818" "$BATS_TEST_DIRNAME/../../tools/boot/modprobe.conf"
	grub
	driver enable --yes
	# A file in /etc stands for the one of the same name in /lib.
	expect grep -q "rtc-mc146818-blacklist.conf" <<< "$(ls "$ROOT/etc/modprobe.d")"
	expect grep -q 'rtc-mc146818-blacklist.conf$' "$BATS_TEST_DIRNAME/../../tools/Makefile"
}

@test "wrong use" {
	remember
	for args in "frobnicate" "enable extra" "refresh a b" "status --yes" "try --yes" "enable --json" \
		"enable --undo" "status --dry-run" "refresh --dry-run" "try --output KERNEL" "--bogus"; do
		run --separate-stderr driver $args
		expect [ "$status" -eq 64 ]
		expect [ -z "$output" ]
	done
	nothing_changed
}

@test "status of an initramfs that cannot be listed" {
	grub
	driver enable --yes
	program lsinitramfs <<< 'exit 1'
	run --separate-stderr driver --json
	expect [ "$(of_kernel $OURS initramfs)" = null ]
	# Nobody knows: it is not taken for one that has the module.
	run --separate-stderr driver refresh
	expect [ "$(words $OURS)" -eq 0 ]
	run --separate-stderr driver --json
	expect [ "$(of_kernel $OURS why)" = "Input/output error" ]
}

@test "refresh does nothing where nothing is enabled" {
	grub
	sed -i "s/quiet/quiet $WORD/" "$ROOT/boot/grub/grub.cfg"
	remember
	run --separate-stderr driver refresh
	expect [ "$status" -eq 0 ]
	nothing_changed
}

# disable is killed when the initramfs is to lose the module.
@test "no entry has the word longer than its initramfs the module" {
	grub
	driver enable --yes
	mv "$ROOT/usr/sbin/update-initramfs" "$ROOT/usr/sbin/real"
	program update-initramfs <<-'END'
	[ -e /tmp/killed ] || { echo > /tmp/killed; /usr/sbin/real; kill -9 $PPID; exit 1; }
	exec /usr/sbin/real
	END
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 137 ]
	expect [ "$(grep -c rtc-mc146818 "$ROOT/boot/initrd.img-$OURS")" -eq 0 ]
	expect [ "$(words $OURS)" -eq 0 ]
	# What gets the word meanwhile loses it with the next refresh.
	sed -i "s/quiet/quiet $WORD/" "$ROOT/boot/grub/grub.cfg"
	run --separate-stderr driver refresh
	expect [ "$(words $OURS)" -eq 0 ]
}

@test "what was enabled while the question stood there is not enabled again" {
	local asking

	grub
	remember
	mkfifo "$BATS_TEST_TMPDIR/answer"
	terminal -fec "'$TOOLS/rtcctl' driver enable" "$BATS_TEST_TMPDIR/screen" \
		< "$BATS_TEST_TMPDIR/answer" > /dev/null 3>&- &
	asking=$!
	exec 4> "$BATS_TEST_TMPDIR/answer"
	until_it "the question" grep -q "Go on" "$BATS_TEST_TMPDIR/screen"
	driver enable --yes
	echo y >&4
	exec 4>&-
	wait $asking || :
	run cat "$BATS_TEST_TMPDIR/screen"
	expect grep -q "another 'rtcctl driver' was at work meanwhile" <<< "$output"
	run --separate-stderr driver --json
	expect [ "$(jq -r .driver.enabled <<< "$output")" = yes ]
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 0 ]
	nothing_changed
}

@test "one at a time" {
	grub
	remember
	mv "$ROOT/usr/sbin/update-grub" "$ROOT/usr/sbin/real"
	program update-grub <<-'END'
	[ -e /tmp/second ] || { echo > /tmp/second; /usr/local/sbin/rtcctl driver disable --yes > /tmp/second 2>&1; }
	exec /usr/sbin/real
	END
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 0 ]
	expect grep -q "another 'rtcctl driver' is at work" "$ROOT/tmp/second"
	run --separate-stderr driver --json
	expect [ "$(jq -r .driver.enabled <<< "$output")" = yes ]
	mv "$ROOT/usr/sbin/real" "$ROOT/usr/sbin/update-grub"
	rm "$ROOT/tmp/second"
	driver disable --yes
	nothing_changed
}

@test "disable after a crash: no half-saved file stands in the way" {
	grub
	remember
	driver enable --yes
	: > "$ROOT/var/lib/rtc-mc146818/driver/state"
	echo x > "$ROOT/var/lib/rtc-mc146818/driver/grub.new.Ab3dEf"
	run --separate-stderr driver enable --yes
	expect grep -qF "was interrupted" <<< "$stderr"
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 0 ]
	nothing_changed
}

@test "who reads what is said may go: it is done all the same" {
	grub
	remember
	run bash -c "'$TOOLS/rtcctl' driver enable --yes | head -n 1"
	echo "$output" >&2
	run --separate-stderr driver --json
	expect [ "$(jq -r .driver.enabled <<< "$output")" = yes ]
	bash -c "'$TOOLS/rtcctl' driver disable --yes | head -n 1"
	nothing_changed
}

# entry NAME: a file of a boot loader's, from standard input, for the kernel with the module
entry() {
	mkdir -p "$ROOT/boot/loader/entries"
	cat > "$ROOT/boot/loader/entries/$1.conf"
}

@test "entries by hand: the word comes and goes, and nothing else" {
	local dir=$ROOT/boot/loader/entries

	grub
	printf 'version %s\ninitrd /initrd.img-%s' $OURS $OURS | entry none
	printf 'version %s\ninitrd /initrd.img-%s\noptions root=x \n' $OURS $OURS | entry blank
	printf 'version %s\noptions\ninitrd /initrd.img-%s\n' $OURS $OURS | entry bare
	printf 'version %s\noptions root=x -- single\noptions y\ninitrd /initrd.img-%s\n' $OURS $OURS | entry init
	remember
	driver enable --yes
	expect diff <(printf 'options    %s\nversion %s\ninitrd /initrd.img-%s' $WORD $OURS $OURS) "$dir/none.conf"
	expect grep -qx "options root=x $WORD -- single" "$dir/init.conf"
	expect [ "$(grep -c "$WORD" "$dir/init.conf")" -eq 1 ]
	expect [ "$(grep -lw "$WORD" "$dir"/*.conf | wc -l)" -eq 4 ]
	driver disable --yes
	nothing_changed
}

@test "status writes nothing" {
	printf 'version %s\noptions a\noptions b %s\ninitrd /initrd.img-%s\n' $OURS $WORD $OURS | entry two
	remember
	run --separate-stderr driver --json
	expect [ "$(of_kernel $OURS blacklist)" = 1 ]
	nothing_changed
}

@test "names in grub.cfg that begin at a subvolume; snapshots are left alone" {
	grub
	driver enable --yes
	sed -i "s:/boot/vmlinuz-:/@/boot/vmlinuz-:; s:/boot/initrd:/@/boot/initrd:; s: $UNLOCKED::" "$ROOT/boot/grub/grub.cfg"
	run --separate-stderr driver refresh
	expect [ "$(words $OURS)" -eq 2 ]
	sed -i "s:10_linux:10_linux_zfs:; s: $UNLOCKED::" "$ROOT/boot/grub/grub.cfg"
	run --separate-stderr driver refresh
	expect [ "$(words $OURS)" -eq 0 ]
}

# The lines of what follows are not those of the entry before.
@test "an entry without an initrd gets no word" {
	grub
	driver enable --yes
	sed -i "/initrd/d; s: $UNLOCKED::; /END.*10_linux/i initrd /boot/initrd.img-$OURS" "$ROOT/boot/grub/grub.cfg"
	run --separate-stderr driver refresh
	expect [ "$status" -eq 0 ]
	expect [ "$(words $OURS)" -eq 0 ]
}

# A kernel is installed and nobody can look: it is not to fail, and not to be without a clock.
@test "refresh fails, or is gone: the hooks bring rtc_cmos back, and do not fail" {
	grub
	systemd_boot
	driver enable --yes
	expect [ "$(words $OURS)" -eq 2 ]
	printf 'title Other\nversion 5.10.0\noptions root=/dev/vdb %s\n' "$WORD" > "$ROOT/boot/efi/loader/entries/other.conf"
	mv "$ROOT$PROGRAM" "$ROOT/real"
	printf '#!/bin/sh\nexit 1\n' > "$ROOT$PROGRAM"
	chmod 755 "$ROOT$PROGRAM"
	RTCCTL_ROOT= run chroot "$ROOT" /etc/initramfs/post-update.d/zzz-rtc-mc146818 $OTHER /x
	expect [ "$status" -eq 0 ]
	expect [ "$(words $OURS)" -eq 2 ]
	RTCCTL_ROOT= run chroot "$ROOT" /etc/initramfs/post-update.d/zzz-rtc-mc146818 $OURS /x
	expect [ "$status" -eq 0 ]
	expect [ "$(words $OURS)" -eq 0 ]
	expect [ "$(grep -lw "$WORD" "$ROOT/boot/efi/loader/entries/"*)" = "$ROOT/boot/efi/loader/entries/other.conf" ]
	rm "$ROOT$PROGRAM"
	# As kernel-install does it on a system that runs without rtc_cmos.
	sed -i "s/quiet/quiet $WORD/" "$ROOT/boot/efi/loader/entries/id-$OURS.conf"
	RTCCTL_ROOT= run chroot "$ROOT" /etc/kernel/install.d/95-rtc-mc146818.install add $OURS /x
	expect [ "$status" -eq 0 ]
	expect [ "$(grep -c "$WORD" "$ROOT/boot/efi/loader/entries/id-$OURS.conf")" -eq 0 ]
	# Whatever reads GRUB's settings.
	RTCCTL_ROOT= run chroot "$ROOT" /bin/sh -euc '. /etc/default/grub.d/rtc-mc146818.cfg'
	expect [ "$status" -eq 0 ]
}

# Who makes an initramfs without the module: initramfs-tools' hook $1 = 1, dracut's module
without_module() {
	local boot=$BATS_TEST_DIRNAME/../../tools/boot

	program modinfo <<< 'exit 1'
	cp "$boot/initramfs-hook" "$boot/dracut-module-setup.sh" "$ROOT/usr/"
	case $1 in
	initramfs-tools) RTCCTL_ROOT= version=$OURS chroot "$ROOT" /bin/sh /usr/initramfs-hook ;;
	dracut) RTCCTL_ROOT= kernel=$OURS chroot "$ROOT" /bin/sh -c '. /usr/dracut-module-setup.sh; ! check' ;;
	esac
}

@test "the word is gone before an initramfs without the module is there" {
	for maker in initramfs-tools dracut; do
		kernel $OURS
		module $OURS
		grub
		driver enable --yes
		expect [ "$(words $OURS)" -eq 2 ]
		kernel $OURS
		run without_module $maker
		expect [ "$status" -eq 0 ]
		expect [ "$(words $OURS)" -eq 0 ]
		driver disable --yes
	done
}

@test "a full /boot: the word goes all the same" {
	kernel $OTHER
	module $OTHER
	initramfs_tools
	grub
	driver enable --yes
	expect [ "$(words $OTHER)" -eq 2 ]
	# The one loses the module, the other is to get the word anew.
	sed -i "/vmlinuz-$OURS /s: $UNLOCKED::" "$ROOT/boot/grub/grub.cfg"
	echo > "$ROOT/boot/initrd.img-$OTHER"
	run --separate-stderr unshare --mount sh -ec "
		cp -a '$ROOT/boot' '$BATS_TEST_TMPDIR/copy'
		mount -t tmpfs -o size=128k tmpfs '$ROOT/boot'
		cp -a '$BATS_TEST_TMPDIR/copy/.' '$ROOT/boot'
		dd if=/dev/zero of='$ROOT/boot/rest' bs=4096 2>/dev/null || :
		'$TOOLS/rtcctl' driver refresh || echo failed
		cat '$ROOT/boot/grub/grub.cfg'"
	expect grep -qx failed <<< "$output"
	expect grep -q "No space left" <<< "$stderr"
	expect [ "$(grep -c "vmlinuz" <<< "$output")" -eq 4 ]
	expect [ "$(grep "vmlinuz" <<< "$output" | grep -cF "$UNLOCKED")" -eq 0 ]
	expect diff <(sed "s/ $UNLOCKED//" "$ROOT/boot/grub/grub.cfg") <(sed '/^failed$/d; s/ \{23\}//' <<< "$output")
}

@test "disable says that kernel-install copies the command line that runs" {
	systemd_boot
	driver enable --yes
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 0 ]
	expect [ "$(grep -c "reboot before" <<< "$stderr")" -eq 0 ]
	echo "root=UUID=1 ro quiet $WORD" > "$ROOT/proc/cmdline"
	driver enable --yes
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 0 ]
	expect grep -q "reboot before one is installed" <<< "$stderr"
	driver enable --yes
	echo "root=UUID=1" > "$ROOT/etc/kernel/cmdline"
	run --separate-stderr driver disable --yes
	expect [ "$(grep -c "reboot before" <<< "$stderr")" -eq 0 ]
}

# As dracut's plugin does it: nothing in /boot, the initramfs beside the entry.
@test "an initramfs that only kernel-install makes" {
	systemd_boot
	rm "$ROOT"/usr/sbin/update-initramfs "$ROOT"/boot/initrd.img-*
	program dracut <<< 'exit 0'
	sed -i '2i echo usr/lib/modules/$2/updates/dkms/rtc-mc146818.ko > /boot/initrd.img-$2' "$ROOT/usr/sbin/kernel-install"
	echo 'rm /boot/initrd.img-$2' >> "$ROOT/usr/sbin/kernel-install"
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 0 ]
	run --separate-stderr driver --json
	expect [ "$(of_kernel $OURS next_boot)" = rtc-mc146818 ]
	expect [ "$(of_kernel $OURS initramfs)" = true ]
	# The entry is what is booted, not /boot.
	echo "usr/lib/modules/$OURS/updates/dkms/rtc-mc146818.ko" > "$ROOT/boot/initrd.img-$OURS"
	echo > "$ROOT/boot/efi/id/$OURS/initrd.img-$OURS"
	rm -r "$ROOT/lib/modules/$OURS/updates"
	run --separate-stderr driver --json
	expect [ "$(of_kernel $OURS next_boot)" = none ]
}

# Its last file may be the module, of which a part is missing.
@test "an initramfs that is listed in part" {
	grub
	driver enable --yes
	program lsinitramfs <<< 'cat "$1"; exit 2'
	run --separate-stderr driver refresh
	expect [ "$(words $OURS)" -eq 0 ]
	run --separate-stderr driver --json
	expect [ "$(of_kernel $OURS why)" = "Input/output error" ]
}

@test "more kernels than are listed, and one without an image" {
	local i

	grub
	driver enable --yes
	mkdir "$ROOT/lib/modules/5.9"
	printf 'version 5.9\noptions %s\ninitrd /initrd.img-%s\n' "$WORD" $OURS | entry this
	printf 'version 5.8\noptions %s\ninitrd /initrd.img-%s\n' "$WORD" $OURS | entry other
	run --separate-stderr driver refresh
	expect [ "$status" -eq 0 ]
	expect [ "$(grep -lw "$WORD" "$ROOT/boot/loader/entries/"*)" = "$ROOT/boot/loader/entries/other.conf" ]
	for i in {1..40}; do kernel 5.10.$i; done
	run --separate-stderr driver refresh
	expect [ "$status" -eq 0 ]
	run --separate-stderr driver disable --yes
	expect [ "$status" -eq 0 ]
	expect [ "$(words $OURS)" -eq 0 ]
}

# A boot of the running kernel, enabled with it.
boot_enabled() {
	kernel "$(uname -r)"
	module "$(uname -r)"
	grub
	driver enable --yes
	echo "root=UUID=1 ro $WORD" > "$ROOT/proc/cmdline"
	rm -r "$ROOT/sys/class/rtc/rtc0"
}

# loads WHAT PATTERN: where its arguments match, there is a clock
loads() {
	program "$1" <<-END
	echo "$1 \$*" >> /tmp/loaded
	case \$* in $2) ;; *) exit 1 ;; esac
	mkdir -p /sys/module/rtc_mc146818 /sys/class/rtc/rtc0
	echo 'rtc-mc146818 00:03' > /sys/class/rtc/rtc0/name
	END
}

# loaded VERSION: the module that is loaded, and installed
loaded() {
	mkdir -p "$ROOT/sys/module/rtc_mc146818"
	echo "$1" > "$ROOT/sys/module/rtc_mc146818/srcversion"
	module "$(uname -r)"
	printf 'srcversion=%s\0' "$1" >> "$ROOT/lib/modules/$(uname -r)/updates/dkms/rtc-mc146818.ko"
}

copy() { echo "$ROOT/var/lib/rtc-mc146818/boots/$(uname -r)/rtc-mc146818.ko"; }

@test "rescue: nothing is done in a boot with rtc_cmos" {
	grub
	loads modprobe '*'
	remember
	run --separate-stderr driver rescue
	expect [ "$status" -eq 0 ]
	expect [ -z "$output$stderr" ]
	nothing_changed
}

@test "rescue: a module that has the clock is kept, until another one has it" {
	boot_enabled
	loaded ABC
	clock rtc0 "rtc-mc146818 00:03"
	mkdir -p "$ROOT/var/lib/rtc-mc146818/boots/1.2.3"
	: > "$ROOT/var/lib/rtc-mc146818/boots/1.2.3/rtc-mc146818.ko"
	run --separate-stderr driver rescue
	expect [ "$status" -eq 0 ]
	expect [ -z "$output$stderr" ]
	expect cmp "$(copy)" "$ROOT/lib/modules/$(uname -r)/updates/dkms/rtc-mc146818.ko"
	expect [ ! -e "$ROOT/var/lib/rtc-mc146818/boots/1.2.3" ]
	cp "$(copy)" "$BATS_TEST_TMPDIR/first"
	# The installed one is another by now.
	loaded DEF
	echo ABC > "$ROOT/sys/module/rtc_mc146818/srcversion"
	driver rescue
	expect cmp "$(copy)" "$BATS_TEST_TMPDIR/first"
	loaded DEF
	driver rescue
	expect cmp "$(copy)" "$ROOT/lib/modules/$(uname -r)/updates/dkms/rtc-mc146818.ko"
	remember
	driver rescue
	nothing_changed
	driver disable --yes
	expect [ ! -e "$ROOT/var/lib/rtc-mc146818" ]
}

@test "rescue: from /lib/modules, before the system's time is set" {
	boot_enabled
	loads modprobe "'rtc-mc146818 hctosys=on'"
	run --separate-stderr driver rescue
	expect [ "$status" -eq 0 ]
	expect grep -qF "the initramfs brought no clock: its driver was loaded from /lib/modules" <<< "$stderr"
	expect [ "$(words "$(uname -r)")" -eq 2 ]
}

@test "rescue: an initramfs without the module is found out, and the next boot has rtc_cmos" {
	boot_enabled
	loads modprobe "'rtc-mc146818 hctosys=on'"
	echo "nothing" > "$ROOT/boot/initrd.img-$(uname -r)"
	run --separate-stderr driver rescue
	expect [ "$status" -eq 0 ]
	expect [ "$(words "$(uname -r)")" -eq 0 ]
	expect [ "$(words $OURS)" -eq 2 ]
	# A new initramfs brings it back.
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/update-initramfs
	expect [ "$(words "$(uname -r)")" -eq 2 ]
}

@test "rescue: from the copy that was kept" {
	boot_enabled
	loaded ABC
	clock rtc0 "rtc-mc146818 00:03"
	driver rescue
	rm -r "$ROOT/sys/module/rtc_mc146818" "$ROOT/sys/class/rtc/rtc0" "$ROOT/lib/modules/$(uname -r)/updates"
	loads modprobe none
	loads insmod "'/var/lib/rtc-mc146818/boots/$(uname -r)/rtc-mc146818.ko hctosys=on'"
	run --separate-stderr driver rescue
	expect [ "$status" -eq 0 ]
	expect grep -qF "neither the initramfs nor /lib/modules brought a clock" <<< "$stderr"
	expect [ "$(words "$(uname -r)")" -eq 0 ]
	expect [ "$(words $OURS)" -eq 2 ]
}

@test "rescue: where nothing helps the next boot has rtc_cmos, until there is another module" {
	boot_enabled
	loads modprobe none
	run --separate-stderr driver rescue
	expect [ "$status" -eq 1 ]
	expect grep -qF "there is no clock: rtc_cmos was kept out by $WORD" <<< "$stderr"
	expect grep -qF "the kernel does not take /lib/modules/$(uname -r)/updates/dkms/rtc-mc146818.ko" <<< "$stderr"
	expect grep -qF "the next boot of $(uname -r) is with rtc_cmos" <<< "$stderr"
	expect [ "$(cat "$ROOT/tmp/loaded")" = "modprobe rtc-mc146818 hctosys=on" ]
	expect [ "$(words "$(uname -r)")" -eq 0 ]
	expect [ "$(words $OURS)" -eq 2 ]
	run --separate-stderr driver --json
	expect [ "$(of_kernel "$(uname -r)" next_boot)" = rtc_cmos ]
	expect grep -q "its last boot with the module had no clock" <<< "$(of_kernel "$(uname -r)" why)"
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/update-grub
	expect [ "$(words "$(uname -r)")" -eq 0 ]
	module "$(uname -r)"
	RTCCTL_ROOT= chroot "$ROOT" /usr/sbin/update-grub
	expect [ "$(words "$(uname -r)")" -eq 2 ]
}

@test "rescue: enable tries the same module again" {
	boot_enabled
	loads modprobe none
	run driver rescue
	expect [ "$(words "$(uname -r)")" -eq 0 ]
	run --separate-stderr driver enable --dry-run
	expect [ "$status" -eq 0 ]
	expect grep -qF "$(uname -r): with rtc-mc146818 again" <<< "$output"
	expect [ "$(words "$(uname -r)")" -eq 0 ]
	run --separate-stderr driver enable --yes
	expect [ "$status" -eq 0 ]
	expect [ "$(words "$(uname -r)")" -eq 2 ]
	run --separate-stderr driver enable --yes
	expect grep -qx "Enabled already: nothing to do." <<< "$output"
}

# A chip that is dead: the module is there and finds nothing. Another one would not, either.
@test "rescue: a module without a clock" {
	boot_enabled
	loaded ABC
	loads insmod '*'
	mkdir -p "${ROOT}/var/lib/rtc-mc146818/boots/$(uname -r)"
	: > "$(copy)"
	clock rtc0 "rtc-mc146818 mc146818-emulated.0"
	run --separate-stderr driver rescue
	expect [ "$status" -eq 1 ]
	expect grep -qF "is loaded, and found no clock that works" <<< "$stderr"
	expect [ ! -e "$ROOT/tmp/loaded" ]
	expect [ "$(words "$(uname -r)")" -eq 0 ]
}

@test "rescue: no room for a note" {
	boot_enabled
	loads modprobe none
	: > "$ROOT/var/lib/rtc-mc146818/boots"
	run --separate-stderr driver rescue
	expect [ "$status" -eq 1 ]
	expect grep -qF "cannot save that $(uname -r) had no clock" <<< "$stderr"
	expect [ "$(words "$(uname -r)")" -eq 0 ]
}

@test "rescue: what was put on the command line by hand is taken off by hand" {
	kernel "$(uname -r)"
	grub
	echo "root=UUID=1 ro $WORD" > "$ROOT/proc/cmdline"
	loads modprobe none
	remember
	run --separate-stderr driver rescue
	expect [ "$status" -eq 1 ]
	expect grep -qF "$(uname -r) has no module rtc-mc146818" <<< "$stderr"
	expect grep -qF "take $WORD from the command line of $(uname -r)" <<< "$stderr"
	rm "$ROOT/tmp/loaded"
	nothing_changed
}

# What GRUB makes of the settings: $1 is its variable lockdown. Its tests and set are the shell's.
grub_says() {
	RTCCTL_ROOT= chroot "$ROOT" /etc/grub.d/09_rtc-mc146818 |
		sed 's/^\tset /\t/' | sh -euc "lockdown=$1; . /dev/stdin; echo \"\$rtc_mc146818_unlocked\""
}

@test "a module without a signature: GRUB decides by Secure Boot" {
	grub
	secure_boot
	sign_module one
	driver enable --yes --root "$ROOT"
	expect [ "$(grep -cF "$UNLOCKED" "$ROOT/boot/grub/grub.cfg")" -eq 2 ]
	expect [ "$(grep -c "$WORD" "$ROOT/boot/grub/grub.cfg")" -eq 0 ]
	expect [ "$(grub_says '')" = "$WORD" ]
	expect [ -z "$(grub_says y)" ]
	# As the machine is now, with Secure Boot on, that is rtc_cmos.
	run --separate-stderr driver --json
	expect [ "$(of_kernel $OURS next_boot)" = rtc_cmos ]
	# A key that was enrolled: with Secure Boot, too.
	cp "$BATS_TEST_TMPDIR/cert" "$BATS_TEST_TMPDIR/one"
	enroll "$BATS_TEST_TMPDIR/one"
	driver refresh
	expect [ "$(grep -cF "$UNLOCKED" "$ROOT/boot/grub/grub.cfg")" -eq 0 ]
	expect [ "$(grep -c "$WORD" "$ROOT/boot/grub/grub.cfg")" -eq 2 ]
	driver disable --yes
	expect [ ! -e "$ROOT/etc/grub.d" ]
}

@test "an entry that asks for signed modules only" {
	local option

	grub
	driver enable --yes
	for option in lockdown=integrity lockdown=confidentiality module.sig_enforce module.sig_enforce=1; do
		sed -i "0,/ quiet/s// quiet $option/" "$ROOT/boot/grub/grub.cfg"
		driver refresh
		expect [ "$(words $OURS)" -eq 1 ]
		sed -i "s/ $option//" "$ROOT/boot/grub/grub.cfg"
		driver refresh
		expect [ "$(words $OURS)" -eq 2 ]
	done
}
