// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <sys/select.h>
#include <unistd.h>

#include "lib/rtc/tick.h"

#define TICK_GUARD_NS	(10 * NSEC_PER_MSEC)
#define TICK_LATE_NS	(20 * NSEC_PER_MSEC)
#define TICK_STEP_NS	(1 * NSEC_PER_MSEC)
#define TICK_LEAD_NS	(2 * NSEC_PER_MSEC)
#define TICK_FINE_NS	(3 * NSEC_PER_MSEC)

static int begin(const struct rtc *rtc, struct tick *tick)
{
	tick->before = clock_moment();
	return rtc_read_s(rtc, &tick->rtc_s);
}

/* Return: 1 where the second has changed, 0 where not, or -errno. */
static int look(const struct rtc *rtc, struct tick *tick)
{
	struct moment start = clock_moment();
	int64_t rtc_s;
	int err;

	err = rtc_read_s(rtc, &rtc_s);
	if (err)
		return err;
	if (rtc_s == tick->rtc_s) {
		tick->before = start;
		return 0;
	}
	tick->after = clock_moment();
	tick->rtc_s = rtc_s;
	tick->edge_mono_ns = tick->before.mono_ns +
			     (tick->after.mono_ns - tick->before.mono_ns) / 2;
	return 1;
}

/* Look each @step_ns until @until_ns (CLOCK_MONOTONIC). */
static int look_until(const struct rtc *rtc, struct tick *tick, int64_t until_ns, int64_t step_ns)
{
	int64_t now_ns;
	int ret;

	for (;;) {
		ret = look(rtc, tick);
		if (ret)
			return ret < 0 ? ret : 0;
		now_ns = clock_now_ns(CLOCK_MONOTONIC);
		if (now_ns >= until_ns)
			return -ETIME;
		if (step_ns)
			clock_sleep_until(CLOCK_MONOTONIC, now_ns + step_ns);
	}
}

/* Return: 1 where the clock has something to say, 0 at the end of the time, or -errno. */
static int wait_readable(const struct rtc *rtc, int64_t ns)
{
	struct timeval tv = { .tv_usec = ns / NSEC_PER_USEC };
	fd_set fds;
	int ret;

	FD_ZERO(&fds);
	FD_SET(rtc->fd, &fds);
	ret = select(rtc->fd + 1, &fds, NULL, NULL, &tv);
	if (ret < 0)
		return errno == EINTR ? 0 : -errno;
	return ret;
}

/* The clock's own news end the wait early. Return: 1 where there were any, 0, or -errno. */
static int doze(const struct rtc *rtc, bool interrupt, int64_t ns)
{
	unsigned long data;
	int ret;

	if (!interrupt) {
		clock_sleep_until(CLOCK_MONOTONIC, clock_now_ns(CLOCK_MONOTONIC) + ns);
		return 0;
	}
	ret = wait_readable(rtc, ns);
	if (ret <= 0)
		return ret;
	return read(rtc->fd, &data, sizeof(data)) < 0 && errno != EAGAIN ? -errno : 1;
}

/*
 * An interrupt counts once the clock shows the new second, and a new second
 * counts without its interrupt; a late interrupt is given TICK_LATE_NS.
 */
static int wait_edge(const struct rtc *rtc, struct tick *tick, int64_t until_ns)
{
	bool interrupt = !tick->interrupt_err;
	int64_t news_ns = 0;
	int ret, news = 0;

	while (clock_now_ns(CLOCK_MONOTONIC) < until_ns) {
		ret = doze(rtc, interrupt, interrupt && !news ? TICK_GUARD_NS : TICK_STEP_NS);
		if (ret < 0)
			return ret;
		news |= ret;
		if (ret)
			news_ns = clock_now_ns(CLOCK_MONOTONIC);
		ret = look(rtc, tick);
		if (ret < 0)
			return ret;
		if (!ret)
			continue;
		/* An interrupt is close behind its edge, unless it was overtaken. */
		if (news_ns > tick->before.mono_ns)
			tick->edge_mono_ns = news_ns;
		if (interrupt && !news)
			news = doze(rtc, interrupt, TICK_LATE_NS);
		if (interrupt && !news)
			tick->interrupt_err = -ETIME;
		tick->method = news > 0 ? TICK_INTERRUPT : TICK_POLL;
		return 0;
	}
	return -ETIME;
}

int tick_wait(const struct rtc *rtc, struct tick *tick)
{
	int64_t until_ns = clock_now_ns(CLOCK_MONOTONIC) + TICK_LIMIT_NS;
	int err;

	tick->interrupt_err = rtc_update_interrupt(rtc, true);
	err = begin(rtc, tick);
	if (!err)
		err = wait_edge(rtc, tick, until_ns);
	if (tick->interrupt_err != -EINVAL && tick->interrupt_err != -ENOTTY)
		rtc_update_interrupt(rtc, false);
	return err;
}

int tick_poll(const struct rtc *rtc, struct tick *tick)
{
	int64_t until_ns = clock_now_ns(CLOCK_MONOTONIC) + TICK_LIMIT_NS;
	int err;

	tick->method = TICK_POLL;
	tick->interrupt_err = 0;
	err = begin(rtc, tick);
	return err ? err : look_until(rtc, tick, until_ns, TICK_STEP_NS);
}

/* Reading without sleep is for a few milliseconds at most; a vaguer expectation sleeps a little. */
int tick_near(const struct rtc *rtc, int64_t mono_ns, int64_t slack_ns, struct tick *tick)
{
	int64_t step_ns = slack_ns > TICK_FINE_NS ? TICK_STEP_NS / 4 : 0;
	int err;

	tick->method = TICK_POLL;
	tick->interrupt_err = 0;
	clock_sleep_until(CLOCK_MONOTONIC, mono_ns - slack_ns - TICK_LEAD_NS);
	err = begin(rtc, tick);
	if (err)
		return err;
	err = look_until(rtc, tick, mono_ns + slack_ns + TICK_LEAD_NS, step_ns);
	if (err != -ETIME)
		return err;
	return look_until(rtc, tick, clock_now_ns(CLOCK_MONOTONIC) + TICK_LIMIT_NS, TICK_STEP_NS);
}
