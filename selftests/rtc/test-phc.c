// SPDX-License-Identifier: GPL-2.0
/*
 * The PTP clock and phase/ against the true edges: the truth lies within the bound
 * of every answer. How close the answers are is printed, not judged.
 *
 * PHC_ANSWERS in the environment says how many answers to judge (30).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "judge.h"
#include "ktap.h"
#include "ports.h"
#include "truth.h"

#define ANSWERS		30
#define LATE_NS		20000000LL	/* in real time a set may be held up */
#define LOW_NS		20000LL		/* a bound that little more can be learnt of */
#define LOW_TRIES	40
#define LOW_PAUSE_MS	250

static enum ktap_result the_truth_is_within_the_bound(struct clock *clock)
{
	static struct judged j;
	int err = ports_open(clock), wanted = judge_wanted(ANSWERS), fd;

	if (err)
		SKIP("ports: %s", strerror(-err));
	fd = phc_open(clock, O_RDONLY);
	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	err = judge_answers(clock, fd, wanted, &j);
	close(fd);
	REQUIRE(!err, "%s", strerror(-err));
	REQUIRE(j.count >= wanted, "only %d answers could be judged", j.count);
	judge_print(&j, "no load");
	REQUIRE(!j.outside, "%d of %d answers outside their bound", j.outside, j.count);
	return KTAP_PASS;
}

static enum ktap_result clock_name_is_ours(struct clock *clock)
{
	char path[300], value[64];
	int n;

	for (n = 0; n < 8; n++) {
		snprintf(path, sizeof(path), "/sys/class/rtc/%s/device/ptp/ptp%d/clock_name",
			 clock->name, n);
		if (!file_read(path, value, sizeof(value)))
			break;
	}
	REQUIRE(n < 8, "no clock_name");
	REQUIRE(!strcmp(value, "rtc-mc146818"), "it is '%s'", value);
	return KTAP_PASS;
}

static int adjust(int fd, unsigned int modes, s64 offset)
{
	struct timex tx = { .modes = modes };

	tx.time.tv_sec = offset / SECOND_NS;
	tx.time.tv_usec = offset % SECOND_NS;
	if (tx.time.tv_usec < 0) {
		tx.time.tv_sec--;
		tx.time.tv_usec += SECOND_NS;
	}
	return clock_adjtime(FD_TO_CLOCKID(fd), &tx) < 0 ? -errno : 0;
}

/* What the next set leaves is known beforehand. */
static enum ktap_result prepare(struct clock *clock, int *fd)
{
	int err = ports_open(clock);

	if (err)
		SKIP("ports: %s", strerror(-err));
	err = phc_learn_conduct(clock);
	REQUIRE(!err, "the conduct is not known after a set: %s", strerror(-err));
	*fd = phc_open(clock, O_RDWR);
	REQUIRE(*fd >= 0, "no PTP clock: %s", strerror(-*fd));
	return KTAP_PASS;
}

/* By the true edges, once the set is through. */
static enum ktap_result offset_is(struct clock *clock, s64 from, s64 until)
{
	s64 limit = truth_set_limit(LATE_NS), offset, slack, said;
	int err = judge_offset(clock, &offset, &slack);

	REQUIRE(!err, "no true edge: %s", strerror(-err));
	said = phase_value(clock, "offset_ns");
	ktap_comment("%.1f to %.1f us behind by the true edges, %.1f by phase/", (from - offset) / 1e3,
		     (until - offset) / 1e3, (until - said) / 1e3);
	REQUIRE(offset >= from - limit - slack && offset <= until + limit + slack,
		"off by %lld ns", (long long)(offset - until));
	return KTAP_PASS;
}

/* A step starts from what is known of the phase. Return: its bound, waited for until it is low. */
static s64 low_bound(struct clock *clock)
{
	struct answer a;
	int i, err = -EAGAIN;

	for (i = 0; i < LOW_TRIES; i++) {
		err = phase_ask(clock, &a);
		if (!err && a.bound <= LOW_NS)
			break;
		sleep_ms(LOW_PAUSE_MS);
	}
	return err ? err : a.bound;
}

static enum ktap_result step_by(struct clock *clock, int fd, s64 by)
{
	s64 before, slack, bound;
	int err = judge_offset(clock, &before, &slack);

	REQUIRE(!err, "no true edge: %s", strerror(-err));
	bound = low_bound(clock);
	REQUIRE(bound >= 0, "phase/now: %s", strerror(-bound));
	slack += bound;
	err = adjust(fd, ADJ_SETOFFSET | ADJ_NANO, by);
	REQUIRE(!err, "ADJ_SETOFFSET: %s", strerror(-err));
	return offset_is(clock, before + by - slack, before + by + slack);
}

static enum ktap_result an_offset_is_stepped_by(struct clock *clock)
{
	s64 by = 2 * SECOND_NS + 300000000LL;
	unsigned long long steps, steps_after;
	enum ktap_result result;
	int fd;

	result = prepare(clock, &fd);
	if (result != KTAP_PASS)
		return result;
	clock_counter(clock, "steps", &steps);
	result = step_by(clock, fd, by);
	if (result == KTAP_PASS)
		result = step_by(clock, fd, -by);
	close(fd);
	clock_counter(clock, "steps", &steps_after);
	if (result == KTAP_PASS)
		REQUIRE(steps == steps_after, "a set counts as a step");
	return result;
}

static enum ktap_result set_to(struct clock *clock, int fd, s64 fraction)
{
	s64 sent = real_ns() / SECOND_NS * SECOND_NS + fraction, begin, end;
	int err;

	begin = real_ns();
	err = phc_set(fd, sent);
	end = real_ns();
	REQUIRE(!err, "clock_settime: %s", strerror(-err));
	return offset_is(clock, sent - end, sent - begin);
}

static enum ktap_result a_time_is_set_within_the_second(struct clock *clock)
{
	static const s64 fractions[] = { 100000000, 700000000, 0, 999999999 };
	enum ktap_result result;
	size_t i;
	int fd;

	result = prepare(clock, &fd);
	if (result != KTAP_PASS)
		return result;
	for (i = 0; result == KTAP_PASS && i < sizeof(fractions) / sizeof(fractions[0]); i++)
		result = set_to(clock, fd, fractions[i]);
	close(fd);
	return result;
}

static enum ktap_result it_has_no_rate_to_steer(struct clock *clock)
{
	int fd = phc_open(clock, O_RDWR), err;

	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	err = adjust(fd, ADJ_FREQUENCY, 0);
	close(fd);
	REQUIRE(err == -EOPNOTSUPP, "ADJ_FREQUENCY: %s", strerror(-err));
	return KTAP_PASS;
}

static int phc = -1;	/* as root opened it */

static int open_as_nobody(struct clock *clock)
{
	return phc_open(clock, O_RDWR) != -EACCES;
}

/* A file that was passed on, or that its rights let anybody open, is no right to set. */
static int set_as_nobody(struct clock *clock)
{
	struct timespec ts = { 1000000000, 0 };

	(void)clock;
	if (!clock_settime(FD_TO_CLOCKID(phc), &ts) || errno != EPERM)
		return 1;
	return adjust(phc, ADJ_SETOFFSET, 3600) != -EPERM;
}

static enum ktap_result setting_is_not_for_everyone(struct clock *clock)
{
	s64 before = phase_value(clock, "offset_ns"), after;
	int opened, set;

	phc = phc_open(clock, O_RDWR);
	REQUIRE(phc >= 0, "no PTP clock: %s", strerror(-phc));
	opened = as_nobody(clock, open_as_nobody);
	set = as_nobody(clock, set_as_nobody);
	close(phc);
	REQUIRE(!opened, "nobody may open it");
	REQUIRE(!set, "nobody may set it");
	after = phase_value(clock, "offset_ns");
	REQUIRE(llabs(after - before) < SECOND_NS, "and it changed");
	return KTAP_PASS;
}

/* A socket that the kernel's uevents come to. */
static int listen_uevents(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return -errno;
	return fd;
}

/* Strings one after the other: has one of them come that is @wanted? */
static bool uevent_came(int fd, const char *wanted)
{
	char buf[4096];
	ssize_t n;

	while ((n = recv(fd, buf, sizeof(buf) - 1, 0)) > 0) {
		char *s;

		buf[n] = '\0';
		for (s = buf; s < buf + n; s += strlen(s) + 1)
			if (!strcmp(s, wanted))
				return true;
	}
	return false;
}

/* The answer agrees with the registers to the second. */
static bool second_is_right(struct clock *clock, const struct answer *a)
{
	s64 sec;

	return !clock_read(clock, &sec) && llabs(a->rtc / SECOND_NS - sec) <= 1;
}

/* Time written behind the driver's back, as the kernel's own NTP sync may do. */
static enum ktap_result a_step_behind_it_is_seen(struct clock *clock)
{
	unsigned long long before, after;
	struct answer a;
	int err = ports_open(clock), uevents = listen_uevents();

	if (err)
		SKIP("ports: %s", strerror(-err));
	REQUIRE(uevents >= 0, "uevents: %s", strerror(-uevents));
	err = phase_ask(clock, &a);
	REQUIRE(!err, "%s", strerror(-err));
	REQUIRE(!clock_counter(clock, "steps", &before), "no counter");
	err = ports_write(REG_SECONDS, ports_read(REG_SECONDS) >= 0x30 ? 0x05 : 0x45);
	REQUIRE(!err, "%s", strerror(-err));
	err = phase_ask(clock, &a);
	REQUIRE(err == -EAGAIN || (!err && second_is_right(clock, &a)), "a wrong time called right");
	sleep_ms(2500);
	REQUIRE(!phase_ask(clock, &a), "not locked again");
	REQUIRE(second_is_right(clock, &a), "locked, but wrong");
	clock_counter(clock, "steps", &after);
	REQUIRE(after > before, "not counted");
	REQUIRE(uevent_came(uevents, "EVENT=step"), "no uevent");
	close(uevents);
	return KTAP_PASS;
}

static const struct ktap_test tests[] = {
	{ "the clock's name is ours", clock_name_is_ours },
	{ "the truth is within the bound of every answer", the_truth_is_within_the_bound },
	{ "an offset is stepped by", an_offset_is_stepped_by, .sets_time = true },
	{ "a time is set within the second", a_time_is_set_within_the_second, .sets_time = true },
	{ "it has no rate to steer", it_has_no_rate_to_steer },
	{ "setting is not for everyone", setting_is_not_for_everyone },
	{ "a step behind the driver's back is seen", a_step_behind_it_is_seen, .sets_time = true },
};

KTAP_MAIN(tests)
