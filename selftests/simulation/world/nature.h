/* SPDX-License-Identifier: GPL-2.0 */
/* What befalls the machine: its raw clock's moods, its host's steps, others who set the chip. */
#ifndef SIM_NATURE_H
#define SIM_NATURE_H

#include <linux/types.h>

enum mood { MOOD_EVEN, MOOD_OFF, MOOD_WANDERING, MOOD_JUMPING, MOODS };

void nature_init(void);
void nature_change(enum mood mood);
const char *nature_mood(void);
bool nature_even(void);
void nature_without_steps(void);
void nature_pause(bool pause);
void nature_suspend(s64 ns);

#endif
