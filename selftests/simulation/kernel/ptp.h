/* SPDX-License-Identifier: GPL-2.0 */
/* PTP clocks. */
#ifndef SIM_KERNEL_PTP_H
#define SIM_KERNEL_PTP_H

#include "kernel/devices.h"

struct ptp_clock;
struct ptp_clock_request;

struct ptp_system_timestamp {
	struct timespec64 pre_ts, post_ts;
	s64 pre, post;	/* the same in true ns */
};

struct system_device_crosststamp;

struct ptp_clock_info {
	struct module *owner;
	char name[32];
	s32 max_adj;
	int n_alarm, n_ext_ts, n_per_out, n_pins, pps;
	int (*adjfine)(struct ptp_clock_info *ptp, long scaled_ppm);
	int (*adjphase)(struct ptp_clock_info *ptp, s32 phase);
	int (*adjtime)(struct ptp_clock_info *ptp, s64 delta);
	int (*gettime64)(struct ptp_clock_info *ptp, struct timespec64 *ts);
	int (*gettimex64)(struct ptp_clock_info *ptp, struct timespec64 *ts,
			  struct ptp_system_timestamp *sts);
	int (*getcrosststamp)(struct ptp_clock_info *ptp, struct system_device_crosststamp *cts);
	int (*settime64)(struct ptp_clock_info *ptp, const struct timespec64 *ts);
	int (*enable)(struct ptp_clock_info *ptp, struct ptp_clock_request *request, int on);
	long (*do_aux_work)(struct ptp_clock_info *ptp);
};

struct ptp_clock *ptp_clock_register(struct ptp_clock_info *info, struct device *parent);
int ptp_clock_unregister(struct ptp_clock *ptp);
void ptp_read_system_prets(struct ptp_system_timestamp *sts);
void ptp_read_system_postts(struct ptp_system_timestamp *sts);

#endif
