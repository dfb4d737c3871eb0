// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/perf_event.h>

#include "lib/machine/tsc.h"

#define HZ_PER_MHZ	1e6
#define NSEC_PER_SEC	1e9

/* ns = cycles * time_mult >> time_shift (man 2 perf_event_open) */
static int page_hz(const struct perf_event_mmap_page *page, double *hz)
{
	if (!page->cap_user_time || !page->time_mult)
		return -EOPNOTSUPP;
	*hz = NSEC_PER_SEC * (1ULL << page->time_shift) / page->time_mult;
	return 0;
}

int tsc_kernel_hz(double *hz)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_DUMMY,
		.size = sizeof(attr),
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	long size = sysconf(_SC_PAGESIZE);
	void *page;
	int fd, err;

	fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -errno;
	page = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	err = page == MAP_FAILED ? -errno : page_hz(page, hz);
	if (page != MAP_FAILED)
		munmap(page, size);
	close(fd);
	return err;
}

double tsc_log_hz(const char *line)
{
	static const char *const starts[] = {
		"tsc: Refined TSC clocksource calibration: ", "tsc: Detected ",
	};
	const char *found;
	char *end;
	double mhz;

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		found = strstr(line, starts[i]);
		if (!found)
			continue;
		mhz = strtod(found + strlen(starts[i]), &end);
		return !strncmp(end, " MHz", 4) ? round(mhz * HZ_PER_MHZ) : 0;
	}
	return 0;
}
