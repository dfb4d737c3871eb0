# SPDX-License-Identifier: GPL-2.0
# Help, man page and completion say the same; the pages are clean; installation.

load helper

MAN=$BATS_TEST_DIRNAME/../../tools/man
COMPLETION=$BATS_TEST_DIRNAME/../../tools/completion

setup() {
	setup_clock
	PATH=$TOOLS:$PATH
}

# The long options of a help text, one a line.
options() { sed -n 's/^ \{1,5\}\(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p' | sort -u; }

# Those of a page, less what stands in its synopsis.
page_options() {
	mandoc -T ascii "$MAN/$1" | col -bx | sed '/^SYNOPSIS/,/^DESCRIPTION/d' | sed -n 's/^ *\(-., \)\{0,1\}\(--[a-z-]*\)\( .*\|=.*\|\)$/\2/p' | sort -u
}

# completed FILE WORD...: what the completion offers for the last word
completed() {
	bash -c '
		. "$1"
		shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
		function=$(complete -p "$1" | sed "s/.*-F \([^ ]*\).*/\1/")
		"$function" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		printf "%s\n" "${COMPREPLY[@]}"' completed "$@" | sort -u
}

commands() { rtcctl --help | sed -n '/^Commands:/,/^$/s/^ \([a-z]*\) .*/\1/p'; }

@test "every option of rtcctl is in its page, and none besides" {
	for command in $(commands); do rtcctl "$command" --help; done | options > "$BATS_TEST_TMPDIR/help"
	rtcctl --help | options >> "$BATS_TEST_TMPDIR/help"
	expect diff <(sort -u "$BATS_TEST_TMPDIR/help") <(page_options rtcctl.8)
}

@test "every command of rtcctl is in its page" {
	expect [ "$(commands | wc -l)" -gt 10 ]
	for command in $(commands); do
		expect grep -q "^\.It Cm $command\( \|$\)" "$MAN/rtcctl.8"
	done
}

@test "every option of the compatible faces is in their pages, and none besides" {
	for face in hwclock rtcwake; do
		expect diff <(fake "$TOOLS/$face" --help | options) <(page_options $face.8)
	done
}

@test "the completions offer every option" {
	for command in $(commands); do
		expect diff <(rtcctl "$command" --help | options) <(completed "$COMPLETION/rtcctl" rtcctl "$command" --)
	done
	expect diff <(commands | sort) <(completed "$COMPLETION/rtcctl" rtcctl "")
	expect [ "$(completed "$COMPLETION/rtcctl" rtcctl alarm s)" = set ]
	expect [ "$(completed "$COMPLETION/rtcctl" rtcctl nvram --output ow)" = OWNER ]
	for face in hwclock rtcwake; do
		expect diff <(fake "$TOOLS/$face" --help | options) <(completed "$COMPLETION/$face" $face --)
	done
}

@test "help fits a screen and has two examples, of options that there are" {
	local example
	for command in $(commands); do
		rtcctl "$command" --help > "$BATS_TEST_TMPDIR/help"
		expect [ "$(wc -l < "$BATS_TEST_TMPDIR/help")" -le 24 ]
		expect [ "$(wc -L < "$BATS_TEST_TMPDIR/help")" -le 80 ]
		sed -n 's/^\(Examples:\|         \) \(rtcctl .*\)/\2/p' "$BATS_TEST_TMPDIR/help" > "$BATS_TEST_TMPDIR/examples"
		expect [ "$(wc -l < "$BATS_TEST_TMPDIR/examples")" -eq 2 ]
		while read -r example; do
			expect grep -q "^rtcctl $command\( \|$\)" <<< "$example"
			for option in $(grep -o -- ' --*[a-z][a-z-]*' <<< "$example"); do
				expect grep -q -- "^ \(-., \| *\)$option\|^ $option, " "$BATS_TEST_TMPDIR/help"
			done
		done < "$BATS_TEST_TMPDIR/examples"
	done
}

@test "every finding of doctor is in the page and in a test, and none besides" {
	sed -n '/\.name = /d; s/.*"\([a-z-]*\)",$/\1/p' "$BATS_TEST_DIRNAME"/../../tools/commands/doctor/*.c |
		grep -- "[a-z]" | sort -u > "$BATS_TEST_TMPDIR/code"
	grep -ho 'SEVERITY_[A-Z]*, "[a-z-]*"' "$BATS_TEST_DIRNAME"/../../tools/commands/doctor/*.c |
		sed 's/.*"\(.*\)"/\1/' >> "$BATS_TEST_TMPDIR/code"
	expect diff <(grep -o '"off-by-[a-z]*"' "$BATS_TEST_DIRNAME/../../tools/commands/doctor/system.c" | tr -d '"' |
		sort -u - "$BATS_TEST_TMPDIR/code") \
		<(sed -n '/^\.Sh FINDINGS/,/^\.Sh COMP/s/^\.It Sy //p' "$MAN/rtcctl.8" | sort)
	for id in $(sed -n '/^\.Sh FINDINGS/,/^\.Sh COMP/s/^\.It Sy //p' "$MAN/rtcctl.8"); do
		expect grep -q "\(finds\|healthy\).* $id\|\"$id\"" "$BATS_TEST_DIRNAME/doctor.bats"
	done
}

@test "every test of compliance is in the page, and none besides" {
	expect diff <(sed -n 's/.*\.name = "\([^"]*\)", \.run.*/\1/p' "$BATS_TEST_DIRNAME"/../../tools/commands/compliance/*.c | sort) \
		<(sed -n '/^\.Sh COMPLIANCE/,/^\.Sh /s/^\.It Sy //p' "$MAN/rtcctl.8" | tr -d ' ' | tr , '\n' | sort)
}

@test "the pages are clean and whole" {
	for page in "$MAN"/*.[48]; do
		expect [ -z "$(groff -man -ww -z "$page" 2>&1)" ]
		# Whether others' pages are installed is not of these pages.
		expect [ -z "$(mandoc -T lint -W style "$page" 2>&1 | grep -v 'mandoc.db\|referenced manual not found')" ]
		for section in NAME SYNOPSIS DESCRIPTION OPTIONS "EXIT STATUS" ENVIRONMENT FILES EXAMPLES "SEE ALSO"; do
			expect grep -qx ".Sh $section" "$page"
		done
	done
}

@test "install puts everything in its place, uninstall takes it away" {
	root=$BATS_TEST_TMPDIR/inst
	tools=$BATS_TEST_TMPDIR/tools
	cp -a "$BATS_TEST_DIRNAME/../../tools" "$BATS_TEST_DIRNAME/../../VERSION" "$BATS_TEST_TMPDIR/"
	make -s -C "$tools" install DESTDIR="$root" PREFIX=/usr
	# The units and what Prometheus takes have tests of their own.
	(cd "$root" && find . ! -type d ! -path '*/systemd/*' ! -path './usr/share/rtc-mc146818/*' | sort) > "$BATS_TEST_TMPDIR/files"
	expect diff - "$BATS_TEST_TMPDIR/files" <<-END
	./lib/modprobe.d/rtc-mc146818-blacklist.conf
	./usr/lib/dracut/modules.d/90rtc-mc146818/module-setup.sh
	./usr/lib/rtc-mc146818/completions/hwclock
	./usr/lib/rtc-mc146818/completions/rtcwake
	./usr/lib/rtc-mc146818/hwclock
	./usr/lib/rtc-mc146818/man/man8/hwclock.8
	./usr/lib/rtc-mc146818/man/man8/rtcwake.8
	./usr/lib/rtc-mc146818/rtcwake
	./usr/lib/udev/rules.d/60-rtc-mc146818.rules
	./usr/sbin/rtcctl
	./usr/share/bash-completion/completions/rtcctl
	./usr/share/initramfs-tools/hooks/rtc-mc146818
	./usr/share/man/man4/rtc-mc146818.4
	./usr/share/man/man8/rtcctl.8
	END
	expect grep -q compliance <<< "$("$root/usr/sbin/rtcctl" --help 2>&1)"
	expect [ "$("$root/usr/lib/rtc-mc146818/hwclock" --version | head -c 7)" = hwclock ]
	make -s -C "$tools" uninstall DESTDIR="$root" PREFIX=/usr
	expect [ -z "$(find "$root" ! -type d)" ]
	expect [ ! -e "$root/usr/lib/rtc-mc146818" ]
	expect [ ! -e "$root/usr/lib/dracut/modules.d/90rtc-mc146818" ]
}
