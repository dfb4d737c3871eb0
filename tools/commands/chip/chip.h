/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was seen of a chip: gathered, provoked, printed. */
#ifndef RTCCTL_COMMANDS_CHIP_CHIP_H
#define RTCCTL_COMMANDS_CHIP_CHIP_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/rtc/alarm.h"
#include "lib/rtc/conduct.h"
#include "lib/rtc/nvram.h"
#include "lib/rtc/registers.h"
#include "lib/rtc/rtc.h"
#include "lib/rtc/setting.h"
#include "lib/rtc/update.h"
#include "ui/sheet.h"

/* Why something was not tried, beside -errno. */
#define CHIP_NOT_ASKED		(-4096)	/* no --test */
#define CHIP_PROCESSORS		(-4097)	/* other processors' accesses might be spoilt */
#define CHIP_ALARM_SET		(-4098)	/* somebody waits for an alarm */

/* Each err says why the field before it is not known; 0: it is. */
struct chip_evidence {
	struct rtc rtc;
	struct registers registers;
	int registers_err;
	struct conduct conduct;
	int conduct_err;
	struct alarm alarm;
	int alarm_err;
	struct nvram nvram;
	int nvram_err;
	struct update_signs signs;
	int signs_err;
	int alarm_trial_err;		/* of one armed and disarmed; has no field */
	struct residual residual;	/* of the clock that was set aside and back */
	int set_err;
};

/** chip_look() - Gather what is seen without changing anything; the clock is open. */
void chip_look(struct chip_evidence *evidence);

/**
 * chip_try() - Provoke what it does: flags, UIP, an alarm, a set; and look again.
 *
 * Takes ten seconds or so, and puts back what it changes.
 */
void chip_try(struct chip_evidence *evidence);

/* The keys of its sheet, for sheet_new(). */
extern const char *const chip_keys[];

/** chip_sheet() - All that, and which known chips could do it. */
void chip_sheet(struct sheet *sheet, const struct chip_evidence *evidence);

#endif
