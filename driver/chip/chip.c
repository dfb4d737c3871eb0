// SPDX-License-Identifier: GPL-2.0
/* A chip's registers through its bus, with every access counted. */
#include <linux/delay.h>
#include <linux/ktime.h>

#include "chip/chip.h"

#define UIP_SLEEP_US	300	/* a little over the 244 us that UIP leads by */
#define UIP_SHORT_TRIES	10	/* covers the longest update the datasheet knows, 2228 us */
#define UIP_LONG_TRIES	50	/* laptops show UIP for 480 ms around s2idle: wait a second */
#define UIP_LONG_MS	20
#define SURE_TRIES	4

/* The lock is held. */
static u8 get(struct mc_clock *c, u8 reg)
{
	atomic64_inc(&c->count.accesses);
	return c->bus->ops->read(c->bus, reg);
}

/* The lock is held. */
static void put(struct mc_clock *c, u8 reg, u8 value)
{
	atomic64_inc(&c->count.accesses);
	c->bus->ops->write(c->bus, reg, value);
}

static bool held(u8 reg_a)
{
	return (reg_a & MC146818_A_DV_RESET) == MC146818_A_DV_RESET;
}

static bool dead(u8 reg_a, u8 seconds)
{
	return reg_a == 0xff && seconds == 0xff;
}

static void get_date(struct mc_clock *c, struct mc146818_time *t)
{
	t->minutes = get(c, MC146818_MINUTES);
	t->hours = get(c, MC146818_HOURS);
	t->date = get(c, MC146818_DATE);
	t->month = get(c, MC146818_MONTH);
	t->year = get(c, MC146818_YEAR);
	if (c->format.century)
		t->century = get(c, c->bus->century);
}

/*
 * One try at a reading, 9 accesses at most. UIP clear promises 244 us without an
 * update; as that may pass unseen (NMI, a stalled VM), the seconds are read again.
 * Return: 0; -EAGAIN where an update was or came in the way; -EIO.
 */
static int try_read(struct mc_clock *c, struct mc146818_time *t, struct mc_reading *r)
{
	unsigned long flags;
	u8 reg_a, again = 0;
	int err = 0;

	spin_lock_irqsave(c->bus->lock, flags);
	reg_a = get(c, MC146818_A);
	t->seconds = get(c, MC146818_SECONDS);
	r->end = ktime_get_raw_ns();
	if (dead(reg_a, t->seconds) || (held(reg_a) && !READ_ONCE(c->hold.active))) {
		err = -EIO;
	} else if (reg_a & MC146818_A_UIP) {
		err = -EAGAIN;
	} else {
		get_date(c, t);
		r->begin = ktime_get_raw_ns();
		again = get(c, MC146818_SECONDS);
	}
	spin_unlock_irqrestore(c->bus->lock, flags);
	if (!err && again != t->seconds)
		err = -EAGAIN;
	return err;
}

static int read_time_bytes(struct mc_clock *c, struct mc146818_time *t, struct mc_reading *r)
{
	int i, err = -EAGAIN;

	for (i = 0; err == -EAGAIN && i < UIP_SHORT_TRIES + UIP_LONG_TRIES; i++) {
		if (i > UIP_SHORT_TRIES)
			msleep(UIP_LONG_MS);
		else if (i)
			usleep_range(UIP_SLEEP_US, 2 * UIP_SLEEP_US);
		err = try_read(c, t, r);
	}
	return err == -EAGAIN ? -EIO : err;
}

static int decode(struct mc_clock *c, const struct mc146818_time *t, struct mc_reading *r)
{
	int err = mc146818_decode_time(&c->format, t, &r->tm);

	if (!err)
		r->sec = rtc_tm_to_time64(&r->tm);
	return err;
}

/**
 * mc_chip_read - read the time registers, consistently
 * @c: the clock
 * @r: filled in
 *
 * Context: may sleep (while an update is in progress, 1.1 s at the very most).
 * Return: 0; -EIO: dead bus, divider held in reset, UIP stuck; -EINVAL: no valid date.
 */
int mc_chip_read(struct mc_clock *c, struct mc_reading *r)
{
	struct mc146818_time t = { };
	int err = read_time_bytes(c, &t, r);

	return err ? err : decode(c, &t, r);
}

/**
 * mc_chip_read_sure - read the time registers where nothing known speaks for them
 * @c: the clock
 * @r: filled in
 *
 * A chip whose update does not show in UIP lets a reading slip in between that mixes
 * two seconds. So there are two, further apart than an update takes.
 * Context: may sleep.
 * Return: as mc_chip_read(); also -EIO where no two agree.
 */
int mc_chip_read_sure(struct mc_clock *c, struct mc_reading *r)
{
	struct mc_reading first;
	int i, err;

	for (i = 0; i < SURE_TRIES; i++) {
		err = mc_chip_read(c, &first);
		if (err)
			return err;
		usleep_range(MC146818_UPDATE_US, 2 * MC146818_UPDATE_US);
		err = mc_chip_read(c, r);
		if (err)
			return err;
		if (r->sec >= first.sec &&
		    r->sec <= first.sec + 1 + div_s64(r->begin - first.end, NSEC_PER_SEC))
			return 0;
	}
	return -EIO;
}

/**
 * mc_chip_read_rest - go on from a look to a whole reading
 * @c: the clock
 * @look: the look, at a moment when no update was near
 * @r: filled in
 *
 * Context: any; spins for seven accesses at most.
 * Return: 0; -EAGAIN where the seconds have changed since the look; -EINVAL: no
 * valid date.
 */
int mc_chip_read_rest(struct mc_clock *c, const struct mc_look *look, struct mc_reading *r)
{
	struct mc146818_time t = { };
	unsigned long flags;

	spin_lock_irqsave(c->bus->lock, flags);
	get_date(c, &t);
	r->begin = ktime_get_raw_ns();
	t.seconds = get(c, MC146818_SECONDS);
	spin_unlock_irqrestore(c->bus->lock, flags);
	r->end = look->end;
	if (mc146818_decode_seconds(&c->format, t.seconds) != look->seconds)
		return -EAGAIN;
	return decode(c, &t, r);
}

/**
 * mc_chip_look - one look at the seconds register
 * @c: the clock
 * @look: filled in
 *
 * Context: any; spins for one access.
 * Return: 0..59; -EINVAL where the byte is none of these (as during an update).
 */
int mc_chip_look(struct mc_clock *c, struct mc_look *look)
{
	unsigned long flags;
	u8 byte;

	spin_lock_irqsave(c->bus->lock, flags);
	look->begin = ktime_get_raw_ns();
	byte = get(c, MC146818_SECONDS);
	look->end = ktime_get_raw_ns();
	spin_unlock_irqrestore(c->bus->lock, flags);
	look->seconds = mc146818_decode_seconds(&c->format, byte);
	return look->seconds;
}

static void put_time(struct mc_clock *c, const struct mc146818_time *t)
{
	put(c, MC146818_SECONDS, t->seconds);
	put(c, MC146818_MINUTES, t->minutes);
	put(c, MC146818_HOURS, t->hours);
	put(c, MC146818_DAY_OF_WEEK, t->day_of_week);
	put(c, MC146818_DATE, t->date);
	put(c, MC146818_MONTH, t->month);
	put(c, MC146818_YEAR, t->year);
	if (c->format.century)
		put(c, c->bus->century, t->century);
}

/**
 * mc_chip_write_time - write the time registers
 * @c: the clock
 * @t: the bytes
 * @hold: leave the divider held in reset, until mc_chip_release(); else the
 *	registers are written under SET and the chip keeps its phase
 *
 * A SET bit that was left is cleared.
 * Context: any.
 * Return: 0; -EIO: dead bus, or SET stays.
 */
int mc_chip_write_time(struct mc_clock *c, const struct mc146818_time *t, bool hold)
{
	unsigned long flags;
	u8 reg_a, reg_b;
	int err = 0;

	spin_lock_irqsave(c->bus->lock, flags);
	reg_b = get(c, MC146818_B);
	if (reg_b == 0xff) {
		err = -EIO;
		goto unlock;
	}
	if (hold) {
		reg_a = get(c, MC146818_A) & MC146818_A_RS;
		put(c, MC146818_A, reg_a | MC146818_A_DV_RESET);
	} else {
		put(c, MC146818_B, reg_b | MC146818_B_SET);
	}
	put_time(c, t);
	if (!hold || (reg_b & MC146818_B_SET))
		put(c, MC146818_B, reg_b & ~MC146818_B_SET);
	if (reg_b & MC146818_B_SET && get(c, MC146818_B) & MC146818_B_SET)
		err = -EIO;
unlock:
	spin_unlock_irqrestore(c->bus->lock, flags);
	return err;
}

/**
 * mc_chip_release - let the divider run again
 * @c: the clock
 * @at: raw ns at which to begin to; at most a few ms ahead, which are spun through
 * @latest: raw ns after which not to; S64_MAX: in any case
 * @begin: filled in: raw ns just before the write
 *
 * The next update comes 500 ms later (datasheet, register A, DV bits).
 * Context: process; interrupts on.
 * Return: raw ns just after it was released; 0 where it was too late.
 */
s64 mc_chip_release(struct mc_clock *c, s64 at, s64 latest, s64 *begin)
{
	u8 reg_a = mc_chip_register(c, MC146818_A) & MC146818_A_RS;
	unsigned long flags;
	s64 done = 0;

	while ((s64)ktime_get_raw_ns() < at)
		cpu_relax();
	spin_lock_irqsave(c->bus->lock, flags);
	*begin = ktime_get_raw_ns();
	if (*begin <= latest) {
		put(c, MC146818_A, reg_a | MC146818_A_DV_32KHZ);
		done = ktime_get_raw_ns();
	}
	spin_unlock_irqrestore(c->bus->lock, flags);
	return done;
}

/**
 * mc_chip_running - do the control registers let the clock run?
 * @c: the clock
 *
 * Context: any.
 * Return: 0; -EIO where SET is stuck or somebody else holds the divider.
 */
int mc_chip_running(struct mc_clock *c)
{
	unsigned long flags;
	u8 reg_a, reg_b;

	spin_lock_irqsave(c->bus->lock, flags);
	reg_a = get(c, MC146818_A);
	reg_b = get(c, MC146818_B);
	spin_unlock_irqrestore(c->bus->lock, flags);
	if (reg_b & MC146818_B_SET)
		return -EIO;
	return held(reg_a) && !READ_ONCE(c->hold.active) ? -EIO : 0;
}

/* The lock is held. Return: register B as it is now. */
static u8 set_enables(struct mc_clock *c, u8 off, u8 on)
{
	u8 old = get(c, MC146818_B);
	u8 new = (old & ~off) | on;

	if (new != old)
		put(c, MC146818_B, new);
	return new;
}

/**
 * mc_chip_disable_irqs - stop interrupts at their source
 * @c: the clock
 * @enables: which of MC146818_B_IRQ_ENABLES
 *
 * Context: any.
 */
void mc_chip_disable_irqs(struct mc_clock *c, u8 enables)
{
	unsigned long flags;

	spin_lock_irqsave(c->bus->lock, flags);
	set_enables(c, enables, 0);
	spin_unlock_irqrestore(c->bus->lock, flags);
}

/**
 * mc_chip_acknowledge - read and so clear the interrupt flags
 * @c: the clock
 *
 * Context: any, also hard interrupt.
 * Return: register C.
 */
u8 mc_chip_acknowledge(struct mc_clock *c)
{
	return mc_chip_register(c, MC146818_C);
}

/**
 * mc_chip_register - read one register
 * @c: the clock
 * @reg: which
 *
 * Context: any.
 * Return: its byte.
 */
u8 mc_chip_register(struct mc_clock *c, u8 reg)
{
	unsigned long flags;
	u8 value;

	spin_lock_irqsave(c->bus->lock, flags);
	value = get(c, reg);
	spin_unlock_irqrestore(c->bus->lock, flags);
	return value;
}

/**
 * mc_chip_read_alarm - what the chip's alarm is set to
 * @c: the clock
 * @alarm: filled in; fields that the chip does not hold or care for are -1
 *
 * Clears the interrupt flags.
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int mc_chip_read_alarm(struct mc_clock *c, struct rtc_wkalrm *alarm)
{
	struct mc146818_alarm a = { };
	unsigned long flags;
	u8 reg_b, reg_c;

	spin_lock_irqsave(c->bus->lock, flags);
	a.seconds = get(c, MC146818_SECONDS_ALARM);
	a.minutes = get(c, MC146818_MINUTES_ALARM);
	a.hours = get(c, MC146818_HOURS_ALARM);
	if (c->format.date_alarm)
		a.date = get(c, c->bus->date_alarm) & MC146818_DATE_ALARM;
	if (c->format.month_alarm)
		a.month = get(c, c->bus->month_alarm);
	reg_b = get(c, MC146818_B);
	reg_c = get(c, MC146818_C);
	spin_unlock_irqrestore(c->bus->lock, flags);
	alarm->enabled = !!(reg_b & MC146818_B_AIE);
	alarm->pending = alarm->enabled && (reg_c & MC146818_C_AF);
	return mc146818_decode_alarm(&c->format, &a, &alarm->time);
}

/* The lock is held. VRT shares the date alarm's byte on some chips. */
static void put_date_alarm(struct mc_clock *c, u8 date)
{
	u8 reg = c->bus->date_alarm;
	u8 rest = get(c, reg) & ~MC146818_DATE_ALARM;

	put(c, reg, rest | (date & MC146818_DATE_ALARM));
}

/**
 * mc_chip_write_alarm - set the chip's alarm and enable it
 * @c: the clock
 * @a: the bytes
 *
 * Disabled while half written, so that it cannot fire at a wrong time.
 * Context: any.
 */
void mc_chip_write_alarm(struct mc_clock *c, const struct mc146818_alarm *a)
{
	unsigned long flags;
	u8 reg_b;

	spin_lock_irqsave(c->bus->lock, flags);
	reg_b = set_enables(c, MC146818_B_AIE, 0);
	put(c, MC146818_HOURS_ALARM, a->hours);
	put(c, MC146818_MINUTES_ALARM, a->minutes);
	put(c, MC146818_SECONDS_ALARM, a->seconds);
	if (c->format.date_alarm)
		put_date_alarm(c, a->date);
	if (c->format.month_alarm)
		put(c, c->bus->month_alarm, a->month);
	get(c, MC146818_C);
	put(c, MC146818_B, reg_b | MC146818_B_AIE);
	spin_unlock_irqrestore(c->bus->lock, flags);
}

/**
 * mc_chip_ram - copy bytes from or to the chip's RAM
 * @c: the clock
 * @first: the first register
 * @buf: the bytes
 * @n: how many
 * @write: to the chip
 *
 * Context: process.
 */
void mc_chip_ram(struct mc_clock *c, unsigned int first, u8 *buf, size_t n, bool write)
{
	unsigned long flags;
	size_t i;

	for (i = 0; i < n; i++) {
		spin_lock_irqsave(c->bus->lock, flags);
		if (write)
			put(c, first + i, buf[i]);
		else
			buf[i] = get(c, first + i);
		spin_unlock_irqrestore(c->bus->lock, flags);
	}
}

struct control {
	u8 a, b, d;
	struct mc146818_time t;
};

static void read_control(struct mc_clock *c, struct control *r)
{
	unsigned long flags;

	spin_lock_irqsave(c->bus->lock, flags);
	r->a = get(c, MC146818_A);
	r->b = get(c, MC146818_B);
	r->d = get(c, MC146818_D);
	r->t.seconds = get(c, MC146818_SECONDS);
	get_date(c, &r->t);
	spin_unlock_irqrestore(c->bus->lock, flags);
}

/* What an earlier owner may have left: a divider in reset, a SET bit. */
static void repair(struct mc_clock *c, struct control *r)
{
	unsigned long flags;

	spin_lock_irqsave(c->bus->lock, flags);
	if (held(r->a)) {
		dev_warn(c->bus->dev, "divider found in reset (register A 0x%02x): released\n",
			 r->a);
		put(c, MC146818_A, (r->a & MC146818_A_RS) | MC146818_A_DV_32KHZ);
	}
	if (r->b & MC146818_B_SET) {
		dev_warn(c->bus->dev, "SET bit found stuck (register B 0x%02x): cleared\n",
			 r->b);
		r->b &= ~MC146818_B_SET;
		put(c, MC146818_B, r->b);
	}
	spin_unlock_irqrestore(c->bus->lock, flags);
}

/*
 * Absent ports read 0xff in QEMU and 0 in Firecracker. A clock has a divider
 * setting that runs or that is a hold, VRT or at least the PC's own divider
 * setting, and a date; a chip that says 0x2x and VRT may have lost its date.
 */
static bool plausible(struct mc_clock *c, const struct control *r)
{
	u8 dv = r->a & MC146818_A_DV;
	bool pc = dv == MC146818_A_DV_32KHZ;
	bool vrt = r->d & MC146818_D_VRT;
	struct rtc_time tm;

	if (dead(r->a, r->t.seconds) || (dv > MC146818_A_DV_32KHZ && !held(r->a)))
		return false;
	if (mc146818_decode_time(&c->format, &r->t, &tm))
		return pc && vrt;
	return pc || vrt;
}

static void check_century(struct mc_clock *c, const struct control *r)
{
	if (!c->format.century || mc146818_century_kept(&c->format, &r->t))
		return;
	c->format.century = false;
	dev_warn(c->bus->dev,
		 "century byte 0x%02x (register 0x%02x) is not kept: years are taken from %u on\n",
		 r->t.century, c->bus->century, c->format.first_year);
}

/*
 * Emulations that keep no register B show hours to 24 where it says 12. An hour
 * may give them away; else that they keep no register A either, which on a PC's
 * chip holds the divider setting of its crystal. A PM bit speaks for 12 hours.
 */
static void check_hours(struct mc_clock *c, const struct control *r)
{
	bool pc = held(r->a) || (r->a & MC146818_A_DV) == MC146818_A_DV_32KHZ;

	if (mc146818_counts_24(&c->format))
		return;
	c->format.hours_24 = mc146818_hours_betray_24(&c->format, r->t.hours) ||
			     (!pc && !(r->t.hours & MC146818_HOURS_PM));
}

/**
 * mc_chip_identify - is there a clock, and how are its bytes to be read?
 * @c: the clock; its format is completed
 *
 * Writes nothing but the repair of a divider in reset or a stuck SET bit.
 * Context: process; takes no longer than a dozen accesses.
 * Return: 0; -ENODEV with a line in the log that says what was read.
 */
int mc_chip_identify(struct mc_clock *c)
{
	struct control r = { };
	int i;

	c->format = c->bus->format;
	for (i = 0; i < UIP_SHORT_TRIES; i++) {
		read_control(c, &r);
		if (r.a == 0xff || !(r.a & MC146818_A_UIP))
			break;
		usleep_range(UIP_SLEEP_US, 2 * UIP_SLEEP_US);
	}
	c->format.reg_b = r.b;
	check_century(c, &r);
	check_hours(c, &r);
	if (!plausible(c, &r)) {
		dev_info(c->bus->dev,
			 "no MC146818 here: registers A 0x%02x, B 0x%02x, D 0x%02x, time %02x:%02x:%02x %02x-%02x-%02x\n",
			 r.a, r.b, r.d, r.t.hours, r.t.minutes, r.t.seconds,
			 r.t.year, r.t.month, r.t.date);
		return -ENODEV;
	}
	repair(c, &r);
	c->format.reg_b = r.b;
	if (c->format.hours_24)
		dev_warn(c->bus->dev,
			 "hours are taken to run to 24, though register B (0x%02x) says 12\n", r.b);
	if (!(r.d & MC146818_D_VRT)) {
		c->battery_lost = true;
		dev_warn(c->bus->dev, "battery is dead or was (register D 0x%02x): check the time\n",
			 r.d);
	}
	return 0;
}
