// SPDX-License-Identifier: GPL-2.0
/*
 * The PTP clock and phase/ against the true edges: the truth lies within the bound
 * of every answer. How close the answers are is printed, not judged.
 *
 * PHC_ANSWERS in the environment says how many answers to judge (30).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/ptp_clock.h>

#include "ktap.h"
#include "ports.h"
#include "truth.h"

#define ANSWERS		30
#define PER_SECOND	10
#define ANSWERS_MAX	1000
#define EDGES_MAX	(20 * ANSWERS_MAX / PER_SECOND)
#define LOST_MAX	60		/* edges in a row that a busy machine may hide */
#define NARROW_NS	100000		/* a truth to judge by: the driver may sample the same edge */
#define LATE_NS		20000000LL	/* a set's release may come late; it is measured */

#define FD_TO_CLOCKID(fd)	((~(clockid_t)(fd) << 3) | 3)

/* One answer: the clock said @rtc at the system's @real, give or take @bound. */
struct answer {
	s64 real, rtc, bound;
};

/* An edge on the system's clock. */
struct real_edge {
	s64 before, after;
	int second;
};

static s64 real_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * SECOND_NS + ts.tv_nsec;
}

static s64 ns_of(const struct ptp_clock_time *t)
{
	return t->sec * SECOND_NS + t->nsec;
}

/* /dev/ptpN below the clock's parent. */
static int open_phc(struct clock *clock, int flags)
{
	char path[300];
	struct dirent *entry;
	int fd = -ENOENT;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/class/rtc/%s/device/ptp", clock->name);
	dir = opendir(path);
	if (!dir)
		return -errno;
	while (fd == -ENOENT && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "ptp", 3))
			continue;
		snprintf(path, sizeof(path), "/dev/%.200s", entry->d_name);
		fd = open(path, flags);
		if (fd < 0)
			fd = -errno;
	}
	closedir(dir);
	return fd;
}

static s64 phase_value(struct clock *clock, const char *name)
{
	char file[32], value[64];

	snprintf(file, sizeof(file), "phase/%s", name);
	return clock_attribute(clock, file, value, sizeof(value)) ? -1 : atoll(value);
}

static int ask_phase(struct clock *clock, struct answer *a)
{
	char value[128], state[16];
	long long real, rtc, bound;
	int err = clock_attribute(clock, "phase/now", value, sizeof(value));

	if (err)
		return err;
	if (sscanf(value, "%lld %lld %lld %15s", &real, &rtc, &bound, state) != 4)
		return -EINVAL;
	*a = (struct answer){ real, rtc, bound };
	return strcmp(state, "locked") ? -EAGAIN : 0;
}

/* The bound of a PTP reading: phase/'s just after, and half of what it took. */
static int ask_phc(struct clock *clock, int fd, struct answer *a)
{
	struct ptp_sys_offset_extended e = { .n_samples = 1 };
	struct answer bound;
	s64 before, after;
	int err;

	if (ioctl(fd, PTP_SYS_OFFSET_EXTENDED, &e))
		return -errno;
	err = ask_phase(clock, &bound);
	if (err)
		return err;
	before = ns_of(&e.ts[0][0]);
	after = ns_of(&e.ts[0][2]);
	*a = (struct answer){ before / 2 + after / 2, ns_of(&e.ts[0][1]),
			      bound.bound + (after - before) / 2 + 1 };
	return 0;
}

/* The raw times of an edge on the system's clock, which nobody steers in a test. */
static struct real_edge to_real(const struct edge *edge)
{
	s64 raw = raw_ns(), real = real_ns(), slack = raw_ns() - raw;

	return (struct real_edge){ edge->before + real - raw - slack, edge->after + real - raw,
				   edge->second };
}

/* How far outside its bound an answer between two edges is; 0 or less is inside. */
static s64 outside(const struct answer *a, const struct real_edge *from,
		   const struct real_edge *to, s64 *error)
{
	s64 second = to->before - from->before;
	s64 low = (a->real - from->after) * SECOND_NS / second;
	s64 high = (a->real - from->before) * SECOND_NS / second;
	s64 width = (to->after - to->before) + (from->after - from->before);
	s64 said = a->rtc - a->rtc / (60 * SECOND_NS) * (60 * SECOND_NS) - from->second * SECOND_NS;

	*error = said - (low + high) / 2;
	if (*error > 30 * SECOND_NS)
		*error -= 60 * SECOND_NS;
	if (*error < -30 * SECOND_NS)
		*error += 60 * SECOND_NS;
	return llabs(*error) - a->bound - width;
}

struct judged {
	s64 errors[ANSWERS_MAX], bounds[ANSWERS_MAX];
	int count, outside;
};

static void judge(struct judged *j, const struct answer *answers, int n,
		  const struct real_edge *from, const struct real_edge *to)
{
	s64 error;
	int i;

	for (i = 0; i < n && j->count < ANSWERS_MAX; i++) {
		s64 over = outside(&answers[i], from, to, &error);

		if (over > 0) {
			ktap_comment("%lld ns outside: error %lld, bound %lld", (long long)over,
				     (long long)error, (long long)answers[i].bound);
			j->outside++;
		}
		j->errors[j->count] = llabs(error);
		j->bounds[j->count++] = answers[i].bound;
	}
}

static int compare(const void *a, const void *b)
{
	s64 left = *(const s64 *)a, right = *(const s64 *)b;

	return left < right ? -1 : left > right;
}

static void print_median(const char *what, s64 *values, int n)
{
	qsort(values, n, sizeof(*values), compare);
	ktap_comment("%s of %d: median %.1f max %.1f us", what, n, values[n / 2] / 1e3,
		     values[n - 1] / 1e3);
}

/* Answers at random moments of one second. */
static int ask_for_a_second(struct clock *clock, int fd, struct answer *answers)
{
	int i, n = 0;

	for (i = 0; i < PER_SECOND; i++) {
		int err = i % 2 ? ask_phase(clock, &answers[n]) : ask_phc(clock, fd, &answers[n]);

		if (err && err != -EAGAIN)
			return err;
		n += !err;
		usleep(rand() % (800000 / PER_SECOND));
	}
	return n;
}

static int wanted_answers(void)
{
	const char *wanted = getenv("PHC_ANSWERS");
	int n = wanted ? atoi(wanted) : ANSWERS;

	return n < ANSWERS_MAX - PER_SECOND ? n : ANSWERS_MAX - PER_SECOND;
}

static int watch(struct clock *clock, int fd, struct judged *j)
{
	struct answer answers[PER_SECOND];
	struct real_edge from, to;
	int n, i, err, wanted = wanted_answers(), lost = 0;
	struct edge edge;

	err = truth_acquire(&edge);
	for (i = 0; !err && i < EDGES_MAX && j->count < wanted; i++) {
		bool known = !lost;

		from = to_real(&edge);
		n = ask_for_a_second(clock, fd, answers);
		if (n < 0)
			return n;
		err = truth_follow(&edge, 1);
		if (!err && edge.after - edge.before > NARROW_NS)
			err = -EAGAIN;
		lost = err == -EAGAIN ? lost + 1 : 0;
		if (lost && lost < LOST_MAX)
			err = 0;
		to = to_real(&edge);
		if (!err && known && !lost)
			judge(j, answers, n, &from, &to);
	}
	return err;
}

static enum ktap_result the_truth_is_within_the_bound(struct clock *clock)
{
	static struct judged j;
	int err = ports_open(), fd;

	if (err)
		SKIP("ports: %s", strerror(-err));
	fd = open_phc(clock, O_RDONLY);
	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	err = watch(clock, fd, &j);
	close(fd);
	REQUIRE(!err, "%s", strerror(-err));
	REQUIRE(j.count >= wanted_answers(), "only %d answers could be judged", j.count);
	print_median("error", j.errors, j.count);
	print_median("bound", j.bounds, j.count);
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

/* After a set of any kind: the offset once the edge was measured again. */
static s64 offset_after_set(struct clock *clock)
{
	sleep_ms(2500);
	return phase_value(clock, "offset_ns");
}

static enum ktap_result an_offset_is_stepped_by(struct clock *clock)
{
	s64 before, after, by = 2 * SECOND_NS + 300000000LL, late;
	unsigned long long steps, steps_after;
	int fd = open_phc(clock, O_RDWR), err;

	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	offset_after_set(clock);
	clock_counter(clock, "steps", &steps);
	before = phase_value(clock, "offset_ns");
	err = adjust(fd, ADJ_SETOFFSET | ADJ_NANO, by);
	REQUIRE(!err, "ADJ_SETOFFSET: %s", strerror(-err));
	after = offset_after_set(clock);
	late = before + by - after;
	adjust(fd, ADJ_SETOFFSET | ADJ_NANO, -by);
	close(fd);
	ktap_comment("%.1f us behind", late / 1e3);
	REQUIRE(late > -LATE_NS && late < LATE_NS, "off by %lld ns", (long long)late);
	clock_counter(clock, "steps", &steps_after);
	REQUIRE(steps == steps_after, "a set counts as a step");
	return KTAP_PASS;
}

static enum ktap_result a_time_is_set_within_the_second(struct clock *clock)
{
	int fd = open_phc(clock, O_RDWR), i, err;
	static const s64 fractions[] = { 100000000, 700000000 };
	struct timespec ts;
	s64 sent, after, late;

	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	for (i = 0; i < 2; i++) {
		sent = real_ns() / SECOND_NS * SECOND_NS + fractions[i];
		ts = (struct timespec){ sent / SECOND_NS, sent % SECOND_NS };
		late = real_ns() - sent;
		err = clock_settime(FD_TO_CLOCKID(fd), &ts) ? errno : 0;
		REQUIRE(!err, "clock_settime: %s", strerror(err));
		after = offset_after_set(clock);
		ktap_comment(".%lld: %.1f us behind", (long long)fractions[i] / 100000000,
			     (-late - after) / 1e3);
		REQUIRE(llabs(after + late) < LATE_NS, "off by %lld ns", (long long)(after + late));
	}
	close(fd);
	return KTAP_PASS;
}

static enum ktap_result it_has_no_rate_to_steer(struct clock *clock)
{
	int fd = open_phc(clock, O_RDWR), err;

	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	err = adjust(fd, ADJ_FREQUENCY, 0);
	close(fd);
	REQUIRE(err == -EOPNOTSUPP, "ADJ_FREQUENCY: %s", strerror(-err));
	return KTAP_PASS;
}

static int set_as_nobody(struct clock *clock)
{
	struct timespec ts = { 1000000000, 0 };
	int fd = open_phc(clock, O_RDWR);

	(void)clock;
	return fd < 0 || clock_settime(FD_TO_CLOCKID(fd), &ts) ? 0 : 1;
}

static enum ktap_result setting_is_not_for_everyone(struct clock *clock)
{
	s64 before = phase_value(clock, "offset_ns"), after;

	REQUIRE(!as_nobody(clock, set_as_nobody), "nobody may set it");
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
	int err = ports_open(), uevents = listen_uevents();

	if (err)
		SKIP("ports: %s", strerror(-err));
	REQUIRE(uevents >= 0, "uevents: %s", strerror(-uevents));
	err = ask_phase(clock, &a);
	REQUIRE(!err, "%s", strerror(-err));
	REQUIRE(!clock_counter(clock, "steps", &before), "no counter");
	err = ports_write(REG_SECONDS, ports_read(REG_SECONDS) >= 0x30 ? 0x05 : 0x45);
	REQUIRE(!err, "%s", strerror(-err));
	err = ask_phase(clock, &a);
	REQUIRE(err == -EAGAIN || (!err && second_is_right(clock, &a)), "a wrong time called right");
	sleep_ms(2500);
	REQUIRE(!ask_phase(clock, &a), "not locked again");
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
