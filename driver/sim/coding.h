/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A time as an emulated chip's bytes, and back.
 *
 * Pure, and not the driver's own coding: an error in that shows against this one.
 */
#ifndef MC_SIM_CODING_H
#define MC_SIM_CODING_H

#include <linux/types.h>

#define MC_SIM_DAY	86400	/* seconds */

/* Places of the bytes of a time, in the order in which an update changes them. */
enum mc_sim_place {
	MC_SIM_AT_SECONDS,
	MC_SIM_AT_MINUTES,
	MC_SIM_AT_HOURS,
	MC_SIM_AT_DAY_OF_WEEK,
	MC_SIM_AT_DATE,
	MC_SIM_AT_MONTH,
	MC_SIM_AT_YEAR,
	MC_SIM_AT_CENTURY,
	MC_SIM_PLACES
};

/**
 * struct mc_sim_coding - how bytes mean a time
 * @binary:	else BCD
 * @hours_24:	hours run from 0 to 23, else twice to 12
 * @noon_is_am:	OpenVMM: of the hours that run to 12, midnight is 0 and noon 12
 *		without the PM bit
 * @century:	there is a byte for the century; else years are those from 2000 on
 */
struct mc_sim_coding {
	bool binary;
	bool hours_24;
	bool noon_is_am;
	bool century;
};

int mc_sim_number(const struct mc_sim_coding *c, u8 byte);
int mc_sim_hour(const struct mc_sim_coding *c, u8 byte);
u8 mc_sim_code_hour(const struct mc_sim_coding *c, int hour);
bool mc_sim_is_number(const struct mc_sim_coding *c, u8 byte, int min, int max);
bool mc_sim_is_hour(const struct mc_sim_coding *c, u8 byte);
bool mc_sim_is_date(const struct mc_sim_coding *c, const u8 bytes[MC_SIM_PLACES]);
s64 mc_sim_representable(const struct mc_sim_coding *c, s64 sec);
void mc_sim_encode(const struct mc_sim_coding *c, s64 sec, u8 bytes[MC_SIM_PLACES]);
s64 mc_sim_decode(const struct mc_sim_coding *c, const u8 bytes[MC_SIM_PLACES]);

#endif
