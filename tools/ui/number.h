/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers that are known to an error, for people. */
#ifndef RTCCTL_UI_NUMBER_H
#define RTCCTL_UI_NUMBER_H

/** number_plus_minus() - The sign, as the terminal can show it. */
const char *number_plus_minus(void);

/** number_plain() - From now on, in ASCII: the locale that the environment names is not there. */
void number_plain(void);

/** number_digits() - Decimals that show a value known to @error. */
int number_digits(double error);
/** number_round_up() - An error to so many decimals, no smaller than it is. */
double number_round_up(double error, int digits);

#endif
