/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The machine's clock chip: the model, driven by true time, and the truth about it.
 *
 * The truth is what the chip will show: at its next change of the second it is that
 * second sharp. It is found by trying it on a copy, so it needs to know nothing of
 * what the model keeps inside, nor of how the driver reads bytes.
 */
#ifndef SIM_CHIP_H
#define SIM_CHIP_H

#include <linux/types.h>

/* What a release of the divider does; NATURE_DROPS: writes are dropped. */
enum nature { NATURE_HALF, NATURE_WHOLE, NATURE_GRID, NATURE_DROPS };

/**
 * struct truth - what the chip's time is
 * @runs:	it ticks
 * @sec:	seconds since 1970 ...
 * @ns:		... and since that began, 0 to 999999999
 * @shown:	the second that its registers show
 */
struct truth {
	bool runs;
	s64 sec;
	s32 ns;
	s64 shown;
};

int chip_profiles(void);
const char *chip_profile_name(int profile);
const char *chip_nature_name(enum nature nature);

void chip_power_on(int profile, bool binary, bool hours_12, s64 sec);
u8 chip_read(u8 reg);
void chip_write(u8 reg, u8 value);
void chip_step(s64 ns);
void chip_set_by_another(s64 sec);
void chip_set_by_firmware(s64 sec);
bool chip_held(void);
enum nature chip_nature(void);
const struct mc_sim_profile *chip_profile(void);
bool chip_truth(s64 t, struct truth *truth);
s64 chip_sec(void);	/* of the truth now; -1: it stands */

/* @a minus @b, ns, where that fits. */
s64 truth_minus(const struct truth *truth, s64 sec, s64 ns);

#endif
