/* SPDX-License-Identifier: GPL-2.0 */
/* What each known chip does: its conduct, for the model. Pure. */
#ifndef MC_SIM_PROFILES_H
#define MC_SIM_PROFILES_H

#include "sim/model.h"

#define MC_SIM_PROFILE_DEFAULT	"mc146818"

/**
 * struct mc_sim_profile - one chip
 * @name:	by which it is found
 * @options:	for the model
 * @divider_reserved: the divider bits are not to be written
 * @century:	register that its firmware names in the FADT, 0: none
 * @date_alarm:	the same of the alarm's date
 * @month_alarm: and of its month
 */
struct mc_sim_profile {
	const char *name;
	struct mc146818_model_options options;
	bool divider_reserved;
	u8 century, date_alarm, month_alarm;
};

const struct mc_sim_profile *mc_sim_profile_find(const char *name);
const struct mc_sim_profile *mc_sim_profile_at(unsigned int i);
void mc_sim_profile_names(char *buf, size_t size);

#endif
