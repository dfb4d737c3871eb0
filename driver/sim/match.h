/* SPDX-License-Identifier: GPL-2.0 */
/* When an emulated chip's alarm matches next. Pure. */
#ifndef MC_SIM_MATCH_H
#define MC_SIM_MATCH_H

#include <linux/types.h>

#include "sim/coding.h"

#define MC_SIM_NEVER	0x7fffffffffffffffLL

enum mc_sim_alarm {
	MC_SIM_ALARM_DATASHEET,	/* three compares; a byte with both upper bits matches always */
	MC_SIM_ALARM_QEMU,	/* the half of the day is the time's, invalid bytes carry */
	MC_SIM_ALARM_FF,	/* of bytes that match always only ff, and in binary */
	MC_SIM_ALARM_TODAY,	/* one time of today, from the write of B on */
	MC_SIM_ALARM_DATE,	/* one date, from the write of B on */
	MC_SIM_ALARM_NONE,
};

/* Places of the bytes of an alarm; the last two are 0 where the chip has none. */
enum mc_sim_alarm_place {
	MC_SIM_ALARM_SECONDS,
	MC_SIM_ALARM_MINUTES,
	MC_SIM_ALARM_HOURS,
	MC_SIM_ALARM_DAY,
	MC_SIM_ALARM_MONTH,
	MC_SIM_ALARM_PLACES
};

s64 mc_sim_match(enum mc_sim_alarm kind, const struct mc_sim_coding *c,
		 const u8 alarm[MC_SIM_ALARM_PLACES], s64 sec);
s64 mc_sim_armed_for(enum mc_sim_alarm kind, const struct mc_sim_coding *c,
		     const u8 alarm[MC_SIM_ALARM_PLACES], s64 sec);

#endif
