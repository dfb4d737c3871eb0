// SPDX-License-Identifier: GPL-2.0-or-later
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/savefile.h"
#include "lib/rtc/pending.h"
#include "lib/rtc/take-reading.h"

#define TEXT_SIZE	256
#define NOTE_SIZE	(2 * PATH_MAX + TEXT_SIZE + 128)
#define END		"end\n"
/* Closer to what was to be set than a clock is by chance, and than most are before a set. */
#define NEAR_NS		(100 * NSEC_PER_MSEC)

struct note {
	long long boot_ns, rtc_ns, ahead_ns;
	char clock[PATH_MAX];
	char file[PATH_MAX];
	char text[TEXT_SIZE];
};

/* Which goes on while the system sleeps, as the clock does. */
static int64_t boot_ns_of(const struct moment *when)
{
	return when->mono_ns + clock_now_ns(CLOCK_BOOTTIME) - clock_now_ns(CLOCK_MONOTONIC);
}

/* Who settles it may stand elsewhere. */
static int name_file(const char *file, char *path, size_t size)
{
	char dir[PATH_MAX] = "";

	if (file[0] != '/' && !getcwd(dir, sizeof(dir)))
		return -1;
	return snprintf(path, size, "%s%s%s", dir, *dir ? "/" : "", file) < (int)size ? 0 : -1;
}

void pending_note(const struct lockfile *lock, const struct pending *pending)
{
	char buf[NOTE_SIZE], path[PATH_MAX], text[TEXT_SIZE];
	int len;

	if (!lock->held || name_file(pending->file, path, sizeof(path)))
		return;
	adjtime_format(pending->adjtime, text, sizeof(text));
	len = snprintf(buf, sizeof(buf), "%lld %lld %lld\n%s\n%s\n%s" END,
		       (long long)boot_ns_of(&pending->when), (long long)pending->rtc_ns,
		       (long long)pending->ahead_ns, pending->rtc->path, path, text);
	if (len >= (int)sizeof(buf) || pwrite(lock->fd, buf, len, 0) != len)
		pending_clear(lock);
}

void pending_clear(const struct lockfile *lock)
{
	if (lock->held && ftruncate(lock->fd, 0) < 0)
		return;
}

/* Return: what follows the line; NULL where none ends. */
static const char *take_line(const char *s, char *line, size_t size)
{
	const char *end = s ? strchr(s, '\n') : NULL;

	if (!end || end - s >= (ptrdiff_t)size)
		return NULL;
	snprintf(line, size, "%.*s", (int)(end - s), s);
	return end + 1;
}

/* Return: whether it is a whole one. */
static bool load(const struct lockfile *lock, struct note *note)
{
	char buf[NOTE_SIZE], numbers[128];
	const char *s;
	ssize_t len;

	len = pread(lock->fd, buf, sizeof(buf) - 1, 0);
	if (len < (ssize_t)strlen(END) || strncmp(buf + len - strlen(END), END, strlen(END)))
		return false;
	buf[len - strlen(END)] = '\0';
	s = take_line(buf, numbers, sizeof(numbers));
	s = take_line(s, note->clock, sizeof(note->clock));
	s = take_line(s, note->file, sizeof(note->file));
	return s && snprintf(note->text, sizeof(note->text), "%s", s) < TEXT_SIZE &&
	       sscanf(numbers, "%lld %lld %lld", &note->boot_ns, &note->rtc_ns,
		      &note->ahead_ns) == 3;
}

/* With a clock of its own where it is another one. */
static int read_noted(const struct note *note, const struct rtc *rtc, struct reading *reading)
{
	struct rtc own;
	int err;

	if (rtc && !strcmp(rtc->path, note->clock))
		return reading_take(rtc, reading);
	err = rtc_open(&own, note->clock);
	if (err)
		return err;
	err = reading_take(&own, reading);
	rtc_close(&own);
	return err;
}

/* @off_ns: what the clock shows minus what it would after the set. */
static bool done(const struct note *note, int64_t off_ns)
{
	if (!note->ahead_ns)
		return llabs(off_ns) < NEAR_NS;
	return llabs(off_ns) < llabs(off_ns + note->ahead_ns);
}

void pending_settle(const struct lockfile *lock, const struct rtc *rtc)
{
	struct note note;
	struct stat st;
	struct reading reading;
	int64_t wanted_ns;

	if (!lock->held || fstat(lock->fd, &st) < 0 || !st.st_size)
		return;
	if (load(lock, &note)) {
		if (read_noted(&note, rtc, &reading))
			return;
		wanted_ns = note.rtc_ns + boot_ns_of(&reading.at) - note.boot_ns;
		if (done(&note, reading.rtc_ns - wanted_ns))
			savefile_write(note.file, note.text);
	}
	pending_clear(lock);
}
