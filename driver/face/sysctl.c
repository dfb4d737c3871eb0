// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/sys/dev/rtc/max-user-freq, where programs of old expect it: the same
 * number as max_user_freq in the clock's sysfs folder.
 */
#include <linux/sysctl.h>

#include "clock/clock.h"
#include "compat.h"
#include "face/single.h"
#include "face/sysctl.h"

static const int most = RTC_MAX_FREQ;

/* There is one such file, so one table: its data are those of the clock that has it. */
static struct ctl_table table[] = {
	{
		.procname = "max-user-freq",
		.maxlen = sizeof_field(struct rtc_device, max_user_freq),
		.mode = 0644,
		.proc_handler = proc_dointvec_minmax,
		.extra1 = SYSCTL_ONE,
		.extra2 = (void *)&most,
	},
	MC_SYSCTL_END
};

static void *make_sysctl(struct mc_clock *c)
{
	table[0].data = &c->rtc->max_user_freq;
	return mc_register_sysctl("dev/rtc", table, ARRAY_SIZE(table));
}

static void remove_sysctl(void *header)
{
	unregister_sysctl_table(header);
}

static struct mc_single file = {
	.lock = __MUTEX_INITIALIZER(file.lock),
	.waiting = LIST_HEAD_INIT(file.waiting),
	.make = make_sysctl,
	.remove = remove_sysctl,
};

/**
 * mc_sysctl_register - make the file, or wait for it
 * @c: the clock, its rtc allocated
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM; 0 also where the file cannot be had.
 */
int mc_sysctl_register(struct mc_clock *c)
{
	return mc_single_join(&file, c);
}
