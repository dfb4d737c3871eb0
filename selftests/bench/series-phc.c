// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/ptp_clock.h>

#include "../rtc/judge.h"
#include "sample.h"
#include "series.h"

#define SETTLE_MS	10000
#define PAUSE_MS	20

static int time_reads(int phc, int count)
{
	for (int i = 0; i < count; i++) {
		struct ptp_sys_offset_extended e = { .n_samples = 1 };
		s64 begin = raw_ns();
		int err = ioctl(phc, PTP_SYS_OFFSET_EXTENDED, &e) ? -errno : 0;

		/* The driver may say that it does not know. */
		if (err && err != -EAGAIN)
			return err;
		sample("phc_wall_ns", NO_TOOL, raw_ns() - begin);
		sample("phc_failed", NO_TOOL, !!err);
		pause_at_random(PAUSE_MS);
	}
	return 0;
}

static int judge_reads(struct clock *clock, int phc, int count)
{
	static struct judged j;
	int err = judge_answers(clock, phc, count, &j);

	/* Fewer where too many true edges were hidden. */
	if (err == -EAGAIN && j.count)
		err = 0;
	for (int i = 0; !err && i < j.count; i++) {
		sample("phc_error_ns", NO_TOOL, j.errors[i]);
		sample("phc_bound_ns", NO_TOOL, j.bounds[i]);
		sample("phc_outside", NO_TOOL, i < j.outside);
	}
	return err;
}

static int read_phc(struct clock *clock, int phc, int count)
{
	int err = time_reads(phc, 1);

	if (err)
		return err;
	/* The first read has set the driver to work, which these are then measured at. */
	sleep_ms(SETTLE_MS);
	err = time_reads(phc, count);
	return err ? err : judge_reads(clock, phc, count);
}

int series_phc(const char *device, int count)
{
	struct clock clock;
	int phc, err = clock_open(&clock, device);

	if (err)
		return err;
	phc = phc_open(&clock, O_RDONLY | O_CLOEXEC);
	err = phc < 0 ? phc : read_phc(&clock, phc, count);
	if (phc >= 0)
		close(phc);
	clock_close(&clock);
	return err;
}
