// SPDX-License-Identifier: GPL-2.0
/*
 * The clock is stepped behind the driver's back: by the kernel's own NTP sync, by a
 * program with access to the ports, by less than a second. That is noticed, counted,
 * and no wrong answer survives it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#include "judge.h"
#include "ports.h"
#include "step.h"

#define OFF_S		100
#define NOTICED_MS	70000	/* the tracker looks at an edge every 64 s at least */
#define ASK_MS		100
#define ANSWERS		20
#define IDLE_MS		36000	/* nobody asked: the phase is followed for 32 s after a question */
#define AGED_NS		(3 * SECOND_NS)	/* the last edge is at least so old then */
#define MOVED_MS	2200	/* the edges are where they will stay */
#define NOTICED_IDLE_MS	1500

static int lock(struct clock *clock)
{
	struct answer a;
	int i, err = -EAGAIN;

	for (i = 0; err == -EAGAIN && i < 5; i++) {
		sleep_ms(1000);
		err = phase_ask(clock, &a);
	}
	return err;
}

/* The kernel writes its time to the clock soon after it is told that it is right. */
static int tell_kernel(bool synchronised)
{
	struct timex tx = { .modes = ADJ_STATUS | ADJ_MAXERROR | ADJ_ESTERROR };

	tx.status = synchronised ? 0 : STA_UNSYNC;
	return adjtimex(&tx) < 0 ? -errno : 0;
}

static int start_ntp_sync(struct clock *clock)
{
	(void)clock;
	return tell_kernel(true);
}

static enum ktap_result ntp_sync_is_survived(struct clock *clock)
{
	enum ktap_result result;
	int err;

	if (clock_is_emulated(clock))
		SKIP("the kernel writes to the PC's own clock alone");
	err = clock_set(clock, real_ns() / SECOND_NS + OFF_S);
	REQUIRE(!err, "RTC_SET_TIME: %s", strerror(-err));
	err = lock(clock);
	REQUIRE(!err, "not locked: %s", strerror(-err));
	result = step_is_survived(clock, start_ntp_sync, 1);
	tell_kernel(false);
	ktap_comment("the kernel left it %.3f ms off", phase_value(clock, "offset_ns") / 1e6);
	return result;
}

static int write_registers(struct clock *clock)
{
	s64 sec;
	int err = clock_read(clock, &sec);

	if (!err)
		ports_set_time(ports_read(REG_B), sec - OFF_S);
	return err;
}

static enum ktap_result another_program_is_survived(struct clock *clock)
{
	return step_is_survived(clock, write_registers, 1);
}

/* Until the clock is @ns into its second. */
static int wait_for(struct clock *clock, s64 ns)
{
	struct answer a;
	int err = phase_ask(clock, &a);

	if (!err)
		usleep((ns - a.rtc % SECOND_NS + SECOND_NS) % SECOND_NS / 1000);
	return err;
}

/* The divider starts again: the next edge comes half a second later. */
static int restart_divider(void)
{
	uint8_t a = ports_read(REG_A) & ~A_UIP;

	return ports_write(REG_A, (a & ~A_DV) | A_DV_RESET) ?: ports_write(REG_A, a);
}

static int wait_for_step(struct clock *clock, unsigned long long before)
{
	unsigned long long steps = before;
	struct answer a;
	int ms;

	for (ms = 0; steps == before && ms < NOTICED_MS; ms += ASK_MS) {
		sleep_ms(ASK_MS);
		phase_ask(clock, &a);
		clock_counter(clock, "steps", &steps);
	}
	return steps == before ? -ETIMEDOUT : ms;
}

static enum ktap_result judge_now(struct clock *clock)
{
	static struct judged j;
	int err, fd = phc_open(clock, O_RDONLY);

	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	memset(&j, 0, sizeof(j));
	err = judge_answers(clock, fd, ANSWERS, &j);
	close(fd);
	REQUIRE(!err, "%s, with %d answers judged", strerror(-err), j.count);
	REQUIRE(!j.outside, "%d of %d answers outside their bound", j.outside, j.count);
	return KTAP_PASS;
}

/*
 * Within the second the registers show nothing of it but around the edge: until that
 * is looked at next, answers are off by as much.
 */
static enum ktap_result phase_moves(struct clock *clock, s64 by)
{
	unsigned long long before;
	int err, ms;

	err = lock(clock);
	REQUIRE(!err, "not locked: %s", strerror(-err));
	err = wait_for(clock, SECOND_NS / 2 + by);
	REQUIRE(!err, "%s", strerror(-err));
	REQUIRE(!clock_counter(clock, "steps", &before), "no counter");
	err = restart_divider();
	REQUIRE(!err, "%s", strerror(-err));
	ms = wait_for_step(clock, before);
	REQUIRE(ms >= 0, "a step of %.1f ms was not noticed", by / 1e6);
	ktap_comment("a step of about %.1f ms was noticed after %.1f s", by / 1e6, ms / 1e3);
	err = lock(clock);
	REQUIRE(!err, "not locked again: %s", strerror(-err));
	return judge_now(clock);
}

static enum ktap_result a_moved_phase_is_noticed(struct clock *clock)
{
	static const s64 by[] = { 300000000, 3000000 };
	enum ktap_result result = KTAP_PASS;
	int i, err = ports_open(clock);

	if (err)
		SKIP("ports: %s", strerror(-err));
	for (i = 0; result == KTAP_PASS && i < 2; i++)
		result = phase_moves(clock, by[i]);
	return result;
}

/* One true edge says what the clock leads the system by; a PTP answer is to agree. */
static enum ktap_result answer_is_true(struct clock *clock, const struct answer *a)
{
	s64 offset, slack;
	int err = judge_offset(clock, &offset, &slack);

	REQUIRE(!err, "no true edge: %s", strerror(-err));
	ktap_comment("off by %.1f us", (a->rtc - a->real - offset) / 1e3);
	REQUIRE(llabs(a->rtc - a->real - offset) <= a->bound + slack + SECOND_NS / 1000,
		"off by %lld ns", (long long)(a->rtc - a->real - offset));
	return KTAP_PASS;
}

/*
 * By less than a second while nobody asked: one look cannot tell, and the answer says so. A
 * PTP clock has no word for that, and waits for the edge.
 */
static enum ktap_result idle_then_moved(struct clock *clock, int fd)
{
	unsigned long long before, after;
	struct answer answer, at_edge;
	char now[128];
	s64 age;
	int err = lock(clock);

	REQUIRE(!err, "not locked: %s", strerror(-err));
	sleep_ms(IDLE_MS);
	REQUIRE(!clock_counter(clock, "steps", &before), "no counter");
	err = restart_divider();
	REQUIRE(!err, "%s", strerror(-err));
	sleep_ms(MOVED_MS);
	REQUIRE(!clock_attribute(clock, "phase/now", now, sizeof(now)), "no answer");
	age = phase_value(clock, "edge_age_ns");
	REQUIRE(strstr(now, "coasting") || !phase_ask(clock, &answer), "%s", now);
	if (strstr(now, "coasting"))
		REQUIRE(age > AGED_NS, "the last edge is %lld ns old", (long long)age);
	err = phc_read(fd, &at_edge);
	REQUIRE(!err, "PTP: %s", strerror(-err));
	sleep_ms(NOTICED_IDLE_MS);
	REQUIRE(!phase_ask(clock, &answer), "not locked again");
	REQUIRE(!clock_counter(clock, "steps", &after) && after > before, "no step was counted");
	return answer_is_true(clock, &at_edge);
}

static enum ktap_result a_phase_moved_while_idle_is_not_locked(struct clock *clock)
{
	enum ktap_result result;
	int err = ports_open(clock), fd;

	if (err)
		SKIP("ports: %s", strerror(-err));
	fd = phc_open(clock, O_RDONLY);
	REQUIRE(fd >= 0, "no PTP clock: %s", strerror(-fd));
	result = idle_then_moved(clock, fd);
	close(fd);
	return result == KTAP_PASS ? judge_now(clock) : result;
}

static const struct ktap_test tests[] = {
	{ "the kernel's NTP sync is survived", ntp_sync_is_survived, .sets_time = true },
	{ "another program's set is survived", another_program_is_survived, .sets_time = true },
	{ "a moved phase is noticed", a_moved_phase_is_noticed, .sets_time = true },
	{ "a phase moved while idle is not locked", a_phase_moved_while_idle_is_not_locked,
	  .sets_time = true },
};

KTAP_MAIN(tests)
