/* SPDX-License-Identifier: GPL-2.0 */
/* A chip's registers over its bus, with every access counted. */
#ifndef MC_CHIP_H
#define MC_CHIP_H

#include <linux/atomic.h>
#include <linux/rtc.h>

#include "chip/bus.h"
#include "chip/conduct.h"

/**
 * struct mc_chip - one chip
 * @bus:	its registers
 * @learnt:	guards @format, @conduct and @last: several tasks read the clock at once, each of
 *		which may learn; nothing is locked inside
 * @format:	how to read its bytes
 * @conduct:	what it was seen to do
 * @last:	what was last read whole
 * @last.sec:	seconds since 1970
 * @last.raw:	raw ns at which it was shown; 0: nothing was read yet
 * @accesses:	index/data pairs so far
 * @rate_select: register A's RS, as last seen
 * @access_ns:	the least that an access took lately, ns; 0: none was timed yet
 * @cold_ns:	how much longer the accesses of a burst took lately, ns
 * @shared:	another driver sets it too: what was read of it serves again for a tick alone
 * @date_lost:	it was found standing still, so its date means nothing until it is set
 * @battery_lost: VRT was seen clear since the last RTC_VL_CLR
 */
struct mc_chip {
	struct mc_bus *bus;
	raw_spinlock_t learnt; /* see above */
	struct mc146818_format format;
	struct mc_conduct conduct;
	struct {
		s64 sec, raw;
	} last;
	atomic64_t accesses;
	u8 rate_select;
	s64 access_ns;
	s64 cold_ns;
	bool shared;
	bool date_lost;
	bool battery_lost;
};

/**
 * struct mc_reading - one consistent reading of the time registers
 * @tm:		the time
 * @sec:	the same, seconds since 1970
 * @start:	raw ns before the first access
 * @begin:	raw ns before the last read of the seconds register
 * @end:	raw ns after the first one
 *
 * The registers showed @sec at all times between @end and @begin.
 */
struct mc_reading {
	struct rtc_time tm;
	s64 sec;
	s64 start;
	s64 begin, end;
};

/**
 * struct mc_look - one look at the seconds register
 * @begin: raw ns before
 * @end: raw ns after
 * @seconds: 0..59, or -EINVAL
 */
struct mc_look {
	s64 begin, end;
	int seconds;
};

/**
 * enum mc_hold - what stops the clock while its time is written
 * @MC_HOLD_SET:	SET alone: the divider goes on
 * @MC_HOLD_BOTH:	the divider too: its release begins a second, and some chips take a time
 *			only under SET
 * @MC_HOLD_DIVIDER:	the divider alone: for a chip that is known to need no more
 */
enum mc_hold { MC_HOLD_SET, MC_HOLD_BOTH, MC_HOLD_DIVIDER };

void mc_chip_init(struct mc_chip *chip, struct mc_bus *bus);
int mc_chip_identify(struct mc_chip *chip);
struct mc146818_format mc_chip_format(struct mc_chip *chip);
struct mc_conduct mc_chip_conduct(struct mc_chip *chip);
void mc_chip_learn(struct mc_chip *chip, u8 fits);
void mc_chip_learn_writes(struct mc_chip *chip, enum mc_writes writes);
void mc_chip_shake(struct mc_chip *chip);
void mc_chip_check(struct mc_chip *chip);
int mc_chip_read(struct mc_chip *chip, struct mc_reading *r);
int mc_chip_read_sure(struct mc_chip *chip, struct mc_reading *r);
int mc_chip_read_rest(struct mc_chip *chip, const struct mc_look *look, struct mc_reading *r);
int mc_chip_read_back(struct mc_chip *chip, struct mc_reading *r);
int mc_chip_look(struct mc_chip *chip, struct mc_look *look);
int mc_chip_write_time(struct mc_chip *chip, s64 sec, enum mc_hold how, s64 at,
		       struct mc_burst *b);
int mc_chip_hold_again(struct mc_chip *chip, s64 sec, s64 at, s64 latest, struct mc_burst *b);
void mc_chip_ask_format(struct mc_chip *chip);
int mc_chip_running(struct mc_chip *chip);
int mc_chip_read_alarm(struct mc_chip *chip, struct rtc_wkalrm *alarm);
void mc_chip_write_alarm(struct mc_chip *chip, const struct mc146818_alarm *a);
void mc_chip_disable_irqs(struct mc_chip *chip, u8 enables);
u8 mc_chip_acknowledge(struct mc_chip *chip);
u8 mc_chip_quiet(struct mc_chip *chip);
u8 mc_chip_register(struct mc_chip *chip, u8 reg);
void mc_chip_ram(struct mc_chip *chip, unsigned int first, u8 *buf, size_t n, bool write);

#endif
