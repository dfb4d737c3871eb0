// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/sys/dev/rtc/max-user-freq, where programs of old expect it: the same
 * number as max_user_freq in the clock's sysfs folder.
 */
#include <linux/bitops.h>
#include <linux/slab.h>

#include "clock/clock.h"
#include "compat.h"
#include "face/sysctl.h"

/* There is one such file in the system: it is the first clock's. */
static unsigned long taken;
static const int most = RTC_MAX_FREQ;

static void unregister(void *header)
{
	unregister_sysctl_table(header);
	clear_bit(0, &taken);
}

/**
 * mc_sysctl_register - make the file
 * @c: the clock, its rtc allocated
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM; 0 also where the file cannot be had, as by a second clock.
 */
int mc_sysctl_register(struct mc_clock *c)
{
	const struct ctl_table table[] = {
		{
			.procname = "max-user-freq",
			.data = &c->rtc->max_user_freq,
			.maxlen = sizeof(c->rtc->max_user_freq),
			.mode = 0644,
			.proc_handler = proc_dointvec_minmax,
			.extra1 = SYSCTL_ONE,
			.extra2 = (void *)&most,
		},
		MC_SYSCTL_END
	};
	struct ctl_table *copy;
	struct ctl_table_header *header;

	copy = devm_kmemdup(c->dev, table, sizeof(table), GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	if (test_and_set_bit(0, &taken))
		return 0;
	header = mc_register_sysctl("dev/rtc", copy, ARRAY_SIZE(table));
	if (!header) {
		clear_bit(0, &taken);
		return 0;
	}
	return devm_add_action_or_reset(c->dev, unregister, header);
}
