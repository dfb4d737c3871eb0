/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must not be left half done. */
#ifndef RTCCTL_LIB_BASE_SIGNALS_H
#define RTCCTL_LIB_BASE_SIGNALS_H

#include <signal.h>

/** signals_hold() - INT, TERM, HUP and PIPE wait until signals_release() has @before back. */
void signals_hold(sigset_t *before);
void signals_release(const sigset_t *before);

#endif
