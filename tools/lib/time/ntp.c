// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/timex.h>

#include "lib/time/ntp.h"

/* adjtimex() counts its frequency in 2^-16 ppm. */
#define SCALE_PPM	65536.0

int ntp_read(struct ntp *ntp)
{
	struct timex tx = {};
	int state = adjtimex(&tx);

	memset(ntp, 0, sizeof(*ntp));
	if (state < 0)
		return -errno;
	ntp->synchronised = state != TIME_ERROR && !(tx.status & STA_UNSYNC);
	ntp->ppm = tx.freq / SCALE_PPM;
	ntp->max_error_us = tx.maxerror;
	ntp->est_error_us = tx.esterror;
	return 0;
}
