/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel knows of the system clock's own truth. */
#ifndef RTCCTL_LIB_TIME_NTP_H
#define RTCCTL_LIB_TIME_NTP_H

#include <stdbool.h>
#include <stdint.h>

struct ntp {
	bool synchronised;
	double ppm;		/* the correction in use */
	int64_t max_error_us;
	int64_t est_error_us;
};

/** ntp_read() - By adjtimex(), changing nothing. Return: 0 or -errno. */
int ntp_read(struct ntp *ntp);

#endif
