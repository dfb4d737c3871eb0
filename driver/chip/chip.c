// SPDX-License-Identifier: GPL-2.0
/* A chip's registers over its bus, with every access counted. */
#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/ktime.h>

#include "chip/chip.h"

#define UIP_SLEEP_US	300	/* a little over the 244 us that UIP leads by */
#define UIP_SHORT_TRIES	10	/* covers the longest update the datasheet knows, 2228 us */
#define UIP_LONG_TRIES	50	/* laptops show UIP for 480 ms around s2idle: wait a second */
#define UIP_LONG_MS	20
#define SURE_TRIES	4
#define READING_MAX_NS	(900 * NSEC_PER_MSEC)	/* longer, it may be another minute's */
#define BANK		0x10	/* AMD: DV0 selects the bank, and hides the century byte */
#define FIRST_YEAR	1970	/* where no century byte says otherwise */
#define TIMED_LOOKS	2
#define WRITE_ACCESSES	12	/* from the hold to the write of the seconds */
#define AGAIN_ACCESSES	2	/* before the release of a second burst */
#define SPIN_NS		(20 * NSEC_PER_USEC)	/* interrupts are off for so much longer, ... */
#define SPIN_PART	4			/* ... and for this part of the accesses' time */
#define WATCHED_NS	(10LL * NSEC_PER_SEC)	/* so long nobody steps it by half a day */
#define COLD_MAX_NS	(100LL * NSEC_PER_USEC)	/* ... and for what was learnt, up to this */
#define COLD_PART	8
#define FORMAT_BITS	(MC146818_B_DM | MC146818_B_24H)

/* The bus is locked. */
static u8 get(struct mc_chip *chip, u8 reg)
{
	lockdep_assert_held(chip->bus->lock);
	atomic64_inc(&chip->accesses);
	return chip->bus->ops->read(chip->bus, reg);
}

/* The bus is locked. */
static void put(struct mc_chip *chip, u8 reg, u8 value)
{
	lockdep_assert_held(chip->bus->lock);
	atomic64_inc(&chip->accesses);
	chip->bus->ops->write(chip->bus, reg, value);
}

/**
 * mc_chip_register - read one register
 * @chip: the chip
 * @reg: which
 *
 * Context: any.
 * Return: its byte.
 */
u8 mc_chip_register(struct mc_chip *chip, u8 reg)
{
	unsigned long flags;
	u8 value;

	spin_lock_irqsave(chip->bus->lock, flags);
	value = get(chip, reg);
	spin_unlock_irqrestore(chip->bus->lock, flags);
	return value;
}

static void write_register(struct mc_chip *chip, u8 reg, u8 value)
{
	unsigned long flags;

	spin_lock_irqsave(chip->bus->lock, flags);
	put(chip, reg, value);
	spin_unlock_irqrestore(chip->bus->lock, flags);
}

static s64 raw_now(void)
{
	return ktime_get_raw_ns();
}

static void spin_until(s64 raw)
{
	while (raw_now() < raw)
		cpu_relax();
}

static bool held(u8 reg_a)
{
	return (reg_a & MC146818_A_DV_RESET) == MC146818_A_DV_RESET;
}

static bool dead(u8 reg_a, u8 seconds)
{
	return reg_a == 0xff && seconds == 0xff;
}

/* So long before a moment a burst begins that does @accesses before it, give and take. */
static s64 ahead_ns(const struct mc_chip *chip, int accesses)
{
	s64 takes = accesses * READ_ONCE(chip->access_ns);

	return takes + takes / SPIN_PART + SPIN_NS + chip->cold_ns;
}

/*
 * The bus is locked. A burst's first accesses come after a while without any, and in a VM take
 * longer for that, some more than others. Fast up, slowly down: early, a burst waits; late, it
 * misses its moment.
 */
static void learn_cold(struct mc_chip *chip, s64 took, int accesses)
{
	s64 cold = clamp(took - accesses * READ_ONCE(chip->access_ns), 0LL, COLD_MAX_NS);

	if (cold > chip->cold_ns)
		chip->cold_ns = cold;
	else
		chip->cold_ns -= (chip->cold_ns - cold) / COLD_PART;
}

/**
 * mc_chip_init - before anything else of the chip
 * @chip: the chip
 * @bus: its registers
 */
void mc_chip_init(struct mc_chip *chip, struct mc_bus *bus)
{
	chip->bus = bus;
	raw_spin_lock_init(&chip->learnt);
	chip->format = bus->format;
	if (chip->format.first_year < FIRST_YEAR)
		chip->format.first_year = FIRST_YEAR;
	mc_conduct_init(&chip->conduct, bus->divider_reserved);
}

/* Both as they are at one moment. */
static void get_learnt(struct mc_chip *chip, struct mc146818_format *f, struct mc_conduct *c)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&chip->learnt, flags);
	*f = chip->format;
	*c = chip->conduct;
	raw_spin_unlock_irqrestore(&chip->learnt, flags);
}

/**
 * mc_chip_format - how to read its bytes, as far as is known now
 * @chip: the chip
 *
 * Context: any.
 * Return: the format.
 */
struct mc146818_format mc_chip_format(struct mc_chip *chip)
{
	struct mc146818_format format;
	struct mc_conduct conduct;

	get_learnt(chip, &format, &conduct);
	return format;
}

/**
 * mc_chip_conduct - what it was seen to do until now
 * @chip: the chip
 *
 * Context: any.
 * Return: the conduct.
 */
struct mc_conduct mc_chip_conduct(struct mc_chip *chip)
{
	struct mc146818_format format;
	struct mc_conduct conduct;

	get_learnt(chip, &format, &conduct);
	return conduct;
}

/**
 * mc_chip_learn - an edge shows what the release of the divider did
 * @chip: the chip
 * @fits: as for mc_conduct_learn()
 *
 * Context: any.
 */
void mc_chip_learn(struct mc_chip *chip, u8 fits)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&chip->learnt, flags);
	mc_conduct_learn(&chip->conduct, fits);
	raw_spin_unlock_irqrestore(&chip->learnt, flags);
}

/**
 * mc_chip_learn_writes - it was seen what becomes of a time that is written
 * @chip: the chip
 * @writes: what
 *
 * Context: any.
 */
void mc_chip_learn_writes(struct mc_chip *chip, enum mc_writes writes)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&chip->learnt, flags);
	chip->conduct.writes = writes;
	raw_spin_unlock_irqrestore(&chip->learnt, flags);
}

/**
 * mc_chip_shake - it may be another chip now: what it does is to be confirmed
 * @chip: the chip
 *
 * Context: any.
 */
void mc_chip_shake(struct mc_chip *chip)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&chip->learnt, flags);
	chip->conduct.shaken = true;
	raw_spin_unlock_irqrestore(&chip->learnt, flags);
}

static void learn_hours(struct mc_chip *chip, u8 fits)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&chip->learnt, flags);
	mc_conduct_hours(&chip->conduct, &chip->format, fits);
	raw_spin_unlock_irqrestore(&chip->learnt, flags);
}

static void learn_reg_b(struct mc_chip *chip, u8 reg_b)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&chip->learnt, flags);
	chip->format.reg_b = reg_b & ~MC146818_B_SET;
	raw_spin_unlock_irqrestore(&chip->learnt, flags);
}

/* Do the bytes mean a time, by a format that is learnt from them? @f, @c: as they are then. */
static bool learn_format(struct mc_chip *chip, const struct mc146818_time *t,
			 struct mc146818_format *f, struct mc_conduct *c)
{
	unsigned long flags;
	bool fits;

	raw_spin_lock_irqsave(&chip->learnt, flags);
	fits = mc_conduct_format(&chip->conduct, &chip->format, t);
	*f = chip->format;
	*c = chip->conduct;
	raw_spin_unlock_irqrestore(&chip->learnt, flags);
	return fits;
}

static void get_date(struct mc_chip *chip, struct mc146818_time *t)
{
	t->minutes = mc_chip_register(chip, MC146818_MINUTES);
	t->hours = mc_chip_register(chip, MC146818_HOURS);
	t->date = mc_chip_register(chip, MC146818_DATE);
	t->month = mc_chip_register(chip, MC146818_MONTH);
	t->year = mc_chip_register(chip, MC146818_YEAR);
	if (chip->bus->format.century)
		t->century = mc_chip_register(chip, chip->bus->century);
}

/*
 * One try at a reading, 9 accesses at most. Each pair is locked by itself: interrupts
 * and other users of the ports come in between, and an update may have come unseen by
 * UIP, so the seconds are read again.
 * Return: 0; -EAGAIN where an update was or came in the way; -EIO; -EINVAL where the clock was
 * found stopped, and still is.
 */
static int try_read(struct mc_chip *chip, struct mc146818_time *t, struct mc_reading *r)
{
	u8 reg_a;

	r->start = raw_now();
	reg_a = mc_chip_register(chip, MC146818_A);
	t->seconds = mc_chip_register(chip, MC146818_SECONDS);
	r->end = raw_now();
	if (dead(reg_a, t->seconds))
		return -EIO;
	if (held(reg_a) && !chip->bus->divider_reserved)
		return READ_ONCE(chip->date_lost) ? -EINVAL : -EIO;
	if (reg_a & MC146818_A_UIP)
		return -EAGAIN;
	/* Any reading tells it as well as another, and a set takes it as it is then. */
	WRITE_ONCE(chip->rate_select, reg_a & MC146818_A_RS);
	get_date(chip, t);
	r->begin = raw_now();
	if (mc_chip_register(chip, MC146818_SECONDS) != t->seconds ||
	    r->begin - r->end > READING_MAX_NS)
		return -EAGAIN;
	return 0;
}

static int read_time_bytes(struct mc_chip *chip, struct mc146818_time *t, struct mc_reading *r)
{
	int i, err = -EAGAIN;

	for (i = 0; err == -EAGAIN && i < UIP_SHORT_TRIES + UIP_LONG_TRIES; i++) {
		if (i > UIP_SHORT_TRIES)
			msleep(UIP_LONG_MS);
		else if (i)
			usleep_range(UIP_SLEEP_US, 2 * UIP_SLEEP_US);
		err = try_read(chip, t, r);
	}
	return err == -EAGAIN ? -EIO : err;
}

/*
 * A format that does not fit may have been changed, by whoever shares the chip. A dead bus has
 * none: what it reads as is not kept.
 */
static bool fits(struct mc_chip *chip, const struct mc146818_time *t, struct mc146818_format *f,
		 struct mc_conduct *c)
{
	u8 reg_b;

	if (learn_format(chip, t, f, c))
		return true;
	reg_b = mc_chip_register(chip, MC146818_B);
	if (reg_b == 0xff)
		return false;
	learn_reg_b(chip, reg_b);
	return learn_format(chip, t, f, c);
}

/* What was just read whole. */
static void remember(struct mc_chip *chip, const struct mc_reading *r)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&chip->learnt, flags);
	chip->last.sec = r->sec;
	chip->last.raw = r->end;
	raw_spin_unlock_irqrestore(&chip->learnt, flags);
}

static void forget_last(struct mc_chip *chip)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&chip->learnt, flags);
	chip->last.raw = 0;
	raw_spin_unlock_irqrestore(&chip->learnt, flags);
}

/*
 * The twelve o'clock that comes while the clock is watched is the one that follows. After longer
 * it may have been stepped by half a day.
 * Return: the hour, 0 or 12; -EINVAL where it is not known.
 */
static int twelve_that_follows(struct mc_chip *chip)
{
	s64 sec, since, now = raw_now();
	unsigned long flags;
	struct rtc_time tm;

	raw_spin_lock_irqsave(&chip->learnt, flags);
	since = chip->last.raw ? now - chip->last.raw : S64_MAX;
	sec = chip->last.sec;
	raw_spin_unlock_irqrestore(&chip->learnt, flags);
	if (since > WATCHED_NS)
		return -EINVAL;
	rtc_time64_to_tm(sec + 1 + div_s64(since, NSEC_PER_SEC), &tm);
	return tm.tm_hour % 12 ? -EINVAL : tm.tm_hour;
}

/* Does that settle how the chip counts? Then @f is corrected. */
static bool tell_hour(struct mc_chip *chip, struct mc146818_format *f)
{
	int hour = twelve_that_follows(chip);

	if (hour < 0)
		return false;
	learn_hours(chip, hour ? MC_HOURS_ANY & ~MC_HOURS_12 : MC_HOURS_12);
	*f = mc_chip_format(chip);
	return true;
}

/* By a format that fits. */
static int decode_by(struct mc_chip *chip, struct mc146818_format *f,
		     const struct mc_conduct *c, const struct mc146818_time *t,
		     struct mc_reading *r)
{
	int err;

	if (READ_ONCE(chip->date_lost))
		return -EINVAL;
	if (mc_conduct_ambiguous(c, f, t) && !tell_hour(chip, f))
		return -EINVAL;
	err = mc146818_decode_time(f, t, &r->tm);
	if (err)
		return err;
	r->sec = rtc_tm_to_time64(&r->tm);
	if (r->sec > KTIME_SEC_MAX)
		return -EINVAL;
	remember(chip, r);
	return 0;
}

static int decode(struct mc_chip *chip, const struct mc146818_time *t, struct mc_reading *r)
{
	struct mc146818_format f;
	struct mc_conduct c;

	if (READ_ONCE(chip->date_lost) || !fits(chip, t, &f, &c))
		return -EINVAL;
	return decode_by(chip, &f, &c, t, r);
}

/* @f and @c: how it counts by a reading. Return: otherwise than was known. */
static bool counts_otherwise(struct mc_chip *chip, const struct mc146818_time *t,
			     struct mc146818_format *f, struct mc_conduct *c)
{
	u8 hours, reg_b;

	get_learnt(chip, f, c);
	hours = c->hours;
	reg_b = f->reg_b;
	return !mc_conduct_format(c, f, t) || c->hours != hours || f->reg_b != reg_b;
}

/**
 * mc_chip_read - read the time registers, consistently
 * @chip: the chip
 * @r: filled in
 *
 * Context: process, may sleep (while an update is in progress, 1.1 s at the very most).
 * Return: 0; -EIO: dead bus, divider held in reset, UIP stuck; -EINVAL: no valid date,
 * or one that means two times.
 */
int mc_chip_read(struct mc_chip *chip, struct mc_reading *r)
{
	struct mc146818_format f, g;
	struct mc146818_time t = { };
	struct mc_conduct c, d;
	int err = read_time_bytes(chip, &t, r);

	if (err)
		return err;
	if (!counts_otherwise(chip, &t, &f, &c))
		return decode_by(chip, &f, &c, &t, r);
	/* One bad byte says nothing of how the chip counts: what does is read twice. */
	err = read_time_bytes(chip, &t, r);
	if (!err && counts_otherwise(chip, &t, &g, &d) &&
	    (c.hours != d.hours || f.reg_b != g.reg_b))
		return -EIO;
	return err ? err : decode(chip, &t, r);
}

/* A reading that nobody confirms. */
static int decode_as_known(struct mc_chip *chip, const struct mc146818_time *t,
			   struct mc_reading *r)
{
	struct mc146818_format f;
	struct mc_conduct c;

	return counts_otherwise(chip, t, &f, &c) ? -EINVAL : decode_by(chip, &f, &c, t, r);
}

/**
 * mc_chip_read_sure - read the time registers where nothing known speaks for them
 * @chip: the chip
 * @r: filled in
 *
 * A chip whose update does not show in UIP lets a reading slip in between that mixes
 * two seconds. So there are two, further apart than an update takes.
 * Context: process, may sleep.
 * Return: as mc_chip_read(); also -EIO where no two agree.
 */
int mc_chip_read_sure(struct mc_chip *chip, struct mc_reading *r)
{
	struct mc_reading first;
	int i, err;

	for (i = 0; i < SURE_TRIES; i++) {
		err = mc_chip_read(chip, &first);
		if (err)
			return err;
		usleep_range(MC146818_UPDATE_US, 2 * MC146818_UPDATE_US);
		err = mc_chip_read(chip, r);
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
 * @chip: the chip
 * @look: the look, at a moment when no update was near
 * @r: filled in
 *
 * Context: any; spins for seven accesses at most.
 * Return: 0; -EAGAIN where the seconds have changed since the look; -EINVAL: no
 * valid date.
 */
int mc_chip_read_rest(struct mc_chip *chip, const struct mc_look *look, struct mc_reading *r)
{
	struct mc146818_format f = mc_chip_format(chip);
	struct mc146818_time t = { };

	r->start = look->begin;
	get_date(chip, &t);
	r->begin = raw_now();
	t.seconds = mc_chip_register(chip, MC146818_SECONDS);
	r->end = look->end;
	if (mc146818_decode_seconds(&f, t.seconds) != look->seconds ||
	    r->begin - r->end > READING_MAX_NS)
		return -EAGAIN;
	return decode_as_known(chip, &t, r);
}

/**
 * mc_chip_read_back - read what was just written
 * @chip: the chip, known to begin no second for a while after its divider was released
 * @r: filled in
 *
 * Context: process.
 * Return: 0; -EINVAL: no valid date.
 */
int mc_chip_read_back(struct mc_chip *chip, struct mc_reading *r)
{
	struct mc146818_time t = { };

	r->begin = raw_now();
	r->start = r->begin;
	t.seconds = mc_chip_register(chip, MC146818_SECONDS);
	r->end = raw_now();
	get_date(chip, &t);
	return decode_as_known(chip, &t, r);
}

/* Fast down, slowly up: what is wanted is an access that nothing held up. */
static void learn_access(struct mc_chip *chip, s64 took)
{
	s64 known = READ_ONCE(chip->access_ns);

	if (!known || took < known)
		WRITE_ONCE(chip->access_ns, took);
	else
		WRITE_ONCE(chip->access_ns, known + (min(took, 2 * known) - known) / 64);
}

/**
 * mc_chip_look - one look at the seconds register
 * @chip: the chip
 * @look: filled in
 *
 * Context: any; spins for one access.
 * Return: 0..59; -EINVAL where the byte is none of these (as during an update).
 */
int mc_chip_look(struct mc_chip *chip, struct mc_look *look)
{
	struct mc146818_format f = mc_chip_format(chip);
	unsigned long flags;
	u8 byte;

	spin_lock_irqsave(chip->bus->lock, flags);
	look->begin = raw_now();
	byte = get(chip, MC146818_SECONDS);
	look->end = raw_now();
	spin_unlock_irqrestore(chip->bus->lock, flags);
	learn_access(chip, look->end - look->begin);
	look->seconds = mc146818_decode_seconds(&f, byte);
	return look->seconds;
}

static void put_date(struct mc_chip *chip, const struct mc146818_time *t)
{
	put(chip, MC146818_MINUTES, t->minutes);
	put(chip, MC146818_HOURS, t->hours);
	put(chip, MC146818_DAY_OF_WEEK, t->day_of_week);
	put(chip, MC146818_DATE, t->date);
	put(chip, MC146818_MONTH, t->month);
	put(chip, MC146818_YEAR, t->year);
	if (chip->bus->format.century)
		put(chip, chip->bus->century, t->century);
}

/* The bus is locked. What register A is while the time is written, and afterwards. */
static void get_divider(struct mc_chip *chip, enum mc_hold how, u8 *hold, u8 *run)
{
	u8 rs = READ_ONCE(chip->rate_select);

	*run = 0;
	*hold = 0;
	if (how != MC_HOLD_DIVIDER || chip->bus->divider_reserved) {
		*run = get(chip, MC146818_A) & ~MC146818_A_UIP;
		*hold = chip->bus->divider_reserved ? *run & ~BANK : *run;
		rs = *run & MC146818_A_RS;
	}
	if (how == MC_HOLD_SET || chip->bus->divider_reserved)
		return;
	*hold = rs | MC146818_A_DV_RESET;
	*run = rs | MC146818_A_DV_32KHZ;
}

/* The bus is locked, and SET holds the clock. */
static bool takes_hour(struct mc_chip *chip, u8 hour)
{
	put(chip, MC146818_HOURS, hour);
	return get(chip, MC146818_HOURS) == hour;
}

/* Chips that count to 24 and say 12 take no time: one that takes it was misread. */
static bool hours_proven(struct mc_chip *chip)
{
	struct mc146818_format f;
	struct mc_conduct c;

	get_learnt(chip, &f, &c);
	return f.reg_b & MC146818_B_24H ||
	       (hweight8(c.hours) == 1 && c.hours != MC_HOURS_24 && !c.shaken);
}

/*
 * The bus is locked, SET holds the clock, and the divider is made to run: held, any byte is RAM
 * to some chips. Noon as the datasheet has it, and where that is not taken, midnight as OpenVMM
 * has it.
 */
static void prove_hours(struct mc_chip *chip, u8 run)
{
	u8 noon = (mc_chip_format(chip).reg_b & MC146818_B_DM ? 12 : 0x12) | MC146818_HOURS_PM;
	u8 had;

	if (!chip->bus->divider_reserved)
		put(chip, MC146818_A, run);
	had = get(chip, MC146818_HOURS);
	/* A chip that takes no hour shows the one that it had. */
	if (takes_hour(chip, noon))
		learn_hours(chip, MC_HOURS_12);
	else if (takes_hour(chip, had ? 0 : 1))
		learn_hours(chip, MC_HOURS_0);
}

/* Return: 0; -ERANGE where no hour changes that. */
static int encode(struct mc_chip *chip, s64 sec, struct mc146818_time *bytes)
{
	struct mc146818_format f = mc_chip_format(chip);
	struct rtc_time tm;

	rtc_time64_to_tm(sec, &tm);
	return mc146818_encode_time(&f, &tm, bytes);
}

/*
 * The bus is locked. The seconds come last, as some chips begin a second with them; and under
 * SET, as others drop what is written without (bhyve).
 * @t: the bytes of @sec; of another format where the chip shows that it counts so
 */
static int burst(struct mc_chip *chip, s64 sec, struct mc146818_time *t, enum mc_hold how, s64 at,
		 struct mc_burst *b)
{
	bool set = how != MC_HOLD_DIVIDER;
	s64 start = raw_now();
	u8 reg_b = set ? get(chip, MC146818_B) : 0;
	u8 hold, run;

	if (reg_b == 0xff)
		return -EIO;
	get_divider(chip, how, &hold, &run);
	/* Some chips take what is written as a difference to when SET came (Xen). */
	if (set && reg_b & MC146818_B_SET)
		put(chip, MC146818_B, reg_b & ~MC146818_B_SET);
	b->hold.begin = raw_now();
	if (set)
		put(chip, MC146818_B, reg_b | MC146818_B_SET);
	/* One that is to be in time follows one that was not. */
	if (set && !at && !hours_proven(chip)) {
		prove_hours(chip, run);
		encode(chip, sec, t);
	}
	if (hold != run)
		put(chip, MC146818_A, hold);
	b->hold.end = raw_now();
	/* A second that does not change begins nothing: so it always does. */
	if (set)
		put(chip, MC146818_SECONDS, !t->seconds);
	put_date(chip, t);
	learn_cold(chip, raw_now() - start, WRITE_ACCESSES);
	spin_until(at);
	b->write.begin = raw_now();
	put(chip, MC146818_SECONDS, t->seconds);
	b->write.end = raw_now();
	if (set)
		put(chip, MC146818_B, reg_b & ~MC146818_B_SET);
	b->release.begin = raw_now();
	if (hold != run)
		put(chip, MC146818_A, run);
	b->release.end = raw_now();
	return set && get(chip, MC146818_B) & MC146818_B_SET ? -EIO : 0;
}

/**
 * mc_chip_write_time - write the time registers
 * @chip: the chip
 * @sec: the time, seconds since 1970
 * @how: what stops the clock meanwhile; at least SET where the chip must show how it counts hours
 * @at: raw ns at which to write the seconds, a few ms ahead at most; 0: at once
 * @b: filled in but for @old: when that was
 *
 * The clock stands for this burst, interrupts off. A SET bit that was left is cleared, but by
 * MC_HOLD_DIVIDER. Where register B says 12 hours and it is not certain how they are counted, the
 * chip shows it first, by at most two hours that are written and read back.
 * Context: process.
 * Return: 0; -EIO: dead bus, or SET stays; -ERANGE: the registers cannot hold @sec.
 */
int mc_chip_write_time(struct mc_chip *chip, s64 sec, enum mc_hold how, s64 at,
		       struct mc_burst *b)
{
	struct mc146818_time bytes;
	unsigned long flags;
	int err = encode(chip, sec, &bytes);

	if (err)
		return err;
	if (how == MC_HOLD_DIVIDER && !hours_proven(chip))
		how = MC_HOLD_BOTH;
	spin_until(at - ahead_ns(chip, WRITE_ACCESSES));
	spin_lock_irqsave(chip->bus->lock, flags);
	err = burst(chip, sec, &bytes, how, at, b);
	spin_unlock_irqrestore(chip->bus->lock, flags);
	return err;
}

/* The bus is locked. */
static int hold_again(struct mc_chip *chip, u8 seconds, s64 at, struct mc_burst *b)
{
	s64 start = raw_now();
	u8 hold, run, shown;

	get_divider(chip, MC_HOLD_DIVIDER, &hold, &run);
	b->hold.begin = raw_now();
	put(chip, MC146818_A, hold);
	b->hold.end = raw_now();
	shown = get(chip, MC146818_SECONDS);
	learn_cold(chip, raw_now() - start, AGAIN_ACCESSES);
	if (shown == seconds)
		spin_until(at);
	b->release.begin = raw_now();
	put(chip, MC146818_A, run);
	b->release.end = raw_now();
	return shown == seconds ? 0 : -EAGAIN;
}

/**
 * mc_chip_hold_again - hold and release the divider, the time left as it is
 * @chip: the chip
 * @sec: what the registers should show, seconds since 1970
 * @at: raw ns at which to release; a few ms ahead at most
 * @latest: raw ns after which not to begin
 * @b: filled in: when it was held and released; the write is left as it was
 *
 * The clock stands for three accesses, interrupts off.
 * Context: process.
 * Return: 0; -ETIME: too late, nothing done; -EAGAIN: another second was shown, released
 * at once.
 */
int mc_chip_hold_again(struct mc_chip *chip, s64 sec, s64 at, s64 latest, struct mc_burst *b)
{
	struct mc146818_time bytes;
	unsigned long flags;
	int err = encode(chip, sec, &bytes);

	if (err)
		return err;
	spin_until(at - ahead_ns(chip, AGAIN_ACCESSES));
	spin_lock_irqsave(chip->bus->lock, flags);
	if (raw_now() > latest)
		err = -ETIME;
	else
		err = hold_again(chip, bytes.seconds, at, b);
	spin_unlock_irqrestore(chip->bus->lock, flags);
	return err;
}

static bool stopped(const struct mc_chip *chip, u8 reg_a, u8 reg_b)
{
	return reg_b & MC146818_B_SET || (held(reg_a) && !chip->bus->divider_reserved);
}

/**
 * mc_chip_ask_format - ask register B again, before the clock is set
 * @chip: the chip
 *
 * A set in another format than the chip's is worse than none: its bytes may mean a time all
 * the same. What was seen to be otherwise than register B says must be seen again.
 * Context: process.
 */
void mc_chip_ask_format(struct mc_chip *chip)
{
	u8 reg_b = mc_chip_register(chip, MC146818_B), known = mc_chip_format(chip).reg_b;
	struct mc_reading r;

	if (reg_b == 0xff || !((known ^ reg_b) & FORMAT_BITS))
		return;
	learn_reg_b(chip, reg_b);
	mc_chip_read(chip, &r);
}

/**
 * mc_chip_running - do the control registers let the clock run?
 * @chip: the chip
 *
 * Context: any.
 * Return: 0; -EIO where SET is stuck or somebody holds the divider.
 */
int mc_chip_running(struct mc_chip *chip)
{
	u8 reg_a = mc_chip_register(chip, MC146818_A);

	if (mc_chip_register(chip, MC146818_B) & MC146818_B_SET)
		return -EIO;
	return held(reg_a) && !chip->bus->divider_reserved ? -EIO : 0;
}

/* Return: register B as it is now. */
static u8 set_enables(struct mc_chip *chip, u8 off, u8 on)
{
	unsigned long flags;
	u8 old, new;

	spin_lock_irqsave(chip->bus->lock, flags);
	old = get(chip, MC146818_B);
	new = (old & ~off) | on;
	/* A dead bus, which may come back, reads as all ones: they are no bits to write back. */
	if (new != old && !(old == 0xff && get(chip, MC146818_A) == 0xff))
		put(chip, MC146818_B, new);
	spin_unlock_irqrestore(chip->bus->lock, flags);
	return new;
}

/**
 * mc_chip_disable_irqs - stop interrupts at their source
 * @chip: the chip
 * @enables: which of MC146818_B_IRQ_ENABLES
 *
 * Context: any.
 */
void mc_chip_disable_irqs(struct mc_chip *chip, u8 enables)
{
	set_enables(chip, enables, 0);
}

/**
 * mc_chip_acknowledge - read and so clear the interrupt flags
 * @chip: the chip
 *
 * Context: any, also hard interrupt.
 * Return: register C.
 */
u8 mc_chip_acknowledge(struct mc_chip *chip)
{
	return mc_chip_register(chip, MC146818_C);
}

/**
 * mc_chip_quiet - no interrupt but the alarm's, and none that is left over
 * @chip: the chip
 *
 * Context: any.
 * Return: register C.
 */
u8 mc_chip_quiet(struct mc_chip *chip)
{
	mc_chip_disable_irqs(chip, MC146818_B_PIE | MC146818_B_UIE);
	return mc_chip_acknowledge(chip);
}

/**
 * mc_chip_read_alarm - what the chip's alarm is set to
 * @chip: the chip
 * @alarm: filled in; fields that the chip does not hold or care for are -1
 *
 * Clears the interrupt flags.
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int mc_chip_read_alarm(struct mc_chip *chip, struct rtc_wkalrm *alarm)
{
	struct mc146818_format f = mc_chip_format(chip);
	struct mc146818_alarm a = { };
	u8 reg_b, reg_c;

	a.seconds = mc_chip_register(chip, MC146818_SECONDS_ALARM);
	a.minutes = mc_chip_register(chip, MC146818_MINUTES_ALARM);
	a.hours = mc_chip_register(chip, MC146818_HOURS_ALARM);
	if (f.date_alarm)
		a.date = mc_chip_register(chip, chip->bus->date_alarm) & MC146818_DATE_ALARM;
	if (f.month_alarm)
		a.month = mc_chip_register(chip, chip->bus->month_alarm);
	reg_b = mc_chip_register(chip, MC146818_B);
	reg_c = mc_chip_register(chip, MC146818_C);
	alarm->enabled = !!(reg_b & MC146818_B_AIE);
	alarm->pending = alarm->enabled && (reg_c & MC146818_C_AF);
	return mc146818_decode_alarm(&f, &a, &alarm->time);
}

/* VRT shares the date alarm's byte on some chips. */
static void put_date_alarm(struct mc_chip *chip, u8 date)
{
	u8 reg = chip->bus->date_alarm;
	u8 rest = mc_chip_register(chip, reg) & ~MC146818_DATE_ALARM;

	write_register(chip, reg, rest | (date & MC146818_DATE_ALARM));
}

/**
 * mc_chip_write_alarm - set the chip's alarm and enable it
 * @chip: the chip
 * @a: the bytes
 *
 * Disabled while half written, so that it cannot fire at a wrong time.
 * Context: any; nobody else writes the chip's alarm.
 */
void mc_chip_write_alarm(struct mc_chip *chip, const struct mc146818_alarm *a)
{
	struct mc146818_format f = mc_chip_format(chip);
	u8 reg_b = set_enables(chip, MC146818_B_AIE, 0);

	write_register(chip, MC146818_HOURS_ALARM, a->hours);
	write_register(chip, MC146818_MINUTES_ALARM, a->minutes);
	write_register(chip, MC146818_SECONDS_ALARM, a->seconds);
	if (f.date_alarm)
		put_date_alarm(chip, a->date);
	if (f.month_alarm)
		write_register(chip, chip->bus->month_alarm, a->month);
	mc_chip_acknowledge(chip);
	write_register(chip, MC146818_B, reg_b | MC146818_B_AIE);
}

/**
 * mc_chip_ram - copy bytes from or to the chip's RAM
 * @chip: the chip
 * @first: the first register
 * @buf: the bytes
 * @n: how many
 * @write: to the chip
 *
 * Context: process.
 */
void mc_chip_ram(struct mc_chip *chip, unsigned int first, u8 *buf, size_t n, bool write)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (write)
			write_register(chip, first + i, buf[i]);
		else
			buf[i] = mc_chip_register(chip, first + i);
}

struct control {
	u8 a, b, d;
	struct mc146818_time t;
};

static void read_control(struct mc_chip *chip, struct control *r)
{
	r->a = mc_chip_register(chip, MC146818_A);
	r->b = mc_chip_register(chip, MC146818_B);
	r->d = mc_chip_register(chip, MC146818_D);
	r->t.seconds = mc_chip_register(chip, MC146818_SECONDS);
	get_date(chip, &r->t);
}

/**
 * mc_chip_check - is the clock stopped? Takes over its format, and clears DSE
 * @chip: the chip; its date_lost is set where it is
 *
 * A clock that was stopped stays so until it is set: were it let run, the next boot would take
 * its date for a good one. It stood nobody knows how long: its date is lost. DSE is cleared:
 * real chips then jump by an hour by the rules of 1987.
 * Context: process.
 */
void mc_chip_check(struct mc_chip *chip)
{
	u8 reg_a = mc_chip_register(chip, MC146818_A);
	u8 reg_b = set_enables(chip, MC146818_B_DSE, 0);

	/* A dead bus says nothing of the clock. */
	if (dead(reg_a, reg_b | MC146818_B_DSE))
		return;
	learn_reg_b(chip, reg_b);
	/* The raw clock does not count sleep. */
	forget_last(chip);
	if (!stopped(chip, reg_a, reg_b))
		return;
	WRITE_ONCE(chip->date_lost, true);
	dev_warn(chip->bus->dev,
		 "the clock was found stopped (registers A 0x%02x, B 0x%02x): its date is lost until it is set\n",
		 reg_a, reg_b);
}

/* Register A as a PC's chip has it, with its 32 kHz crystal. */
static bool pc_divider(const struct mc_chip *chip, u8 reg_a)
{
	u8 dv = reg_a & MC146818_A_DV;

	return (chip->bus->divider_reserved ? dv & ~BANK : dv) == MC146818_A_DV_32KHZ;
}

/*
 * Absent ports read 0xff in QEMU and 0 in Firecracker. A clock has a date, and with it
 * VRT, the PC's own divider setting or at least the PC's format: crosvm and vmd have
 * nothing in A. A chip that has VRT and the PC's divider setting may have lost its date, and
 * so may one whose divider was left held, when half of a time was written.
 */
static bool plausible(const struct mc_chip *chip, const struct control *r)
{
	u8 dv = r->a & MC146818_A_DV;
	bool pc = pc_divider(chip, r->a);
	bool vrt = r->d & MC146818_D_VRT;
	struct rtc_time tm;

	if (dead(r->a, r->t.seconds) || (dv > MC146818_A_DV_32KHZ && !held(r->a) && !pc))
		return false;
	if (mc146818_decode_time(&chip->format, &r->t, &tm))
		return (pc || held(r->a)) && vrt;
	return pc || vrt || held(r->a) || r->b & MC146818_B_24H;
}

/* A byte that holds no century now may be one that a dead battery left: a set writes it. */
static void check_century(struct mc_chip *chip, const struct control *r)
{
	chip->format.century = chip->bus->format.century &&
			       mc146818_century_kept(&chip->format, &r->t);
}

static void report(const struct mc_chip *chip, const struct control *r)
{
	if (chip->bus->format.century && !chip->format.century)
		dev_warn(chip->bus->dev,
			 "century byte 0x%02x (register 0x%02x) is none: years are taken from %u on\n",
			 r->t.century, chip->bus->century, chip->format.first_year);
	if (chip->format.hours_24)
		dev_warn(chip->bus->dev,
			 "hours run to 24, though register B (0x%02x) says 12\n", r->b);
	if (chip->battery_lost)
		dev_warn(chip->bus->dev,
			 "battery is dead or was (register D 0x%02x): the date is lost until it is set\n",
			 r->d);
}

/**
 * mc_chip_identify - is there a clock, and how are its bytes to be read?
 * @chip: the chip; its format is completed
 *
 * Writes nothing but a DSE bit that is cleared.
 * Context: process; takes no longer than two dozen accesses.
 * Return: 0; -ENODEV with a line in the log that says what was read.
 */
int mc_chip_identify(struct mc_chip *chip)
{
	struct mc146818_format format;
	struct mc_conduct conduct;
	struct control r = { };
	struct mc_look look;
	int i;

	for (i = 0; i < UIP_SHORT_TRIES; i++) {
		read_control(chip, &r);
		if (r.a == 0xff || !(r.a & MC146818_A_UIP))
			break;
		usleep_range(UIP_SLEEP_US, 2 * UIP_SLEEP_US);
	}
	learn_reg_b(chip, r.b);
	check_century(chip, &r);
	if (counts_otherwise(chip, &r.t, &format, &conduct))
		read_control(chip, &r);
	/* Half a time, as a clock may hold that was stopped while it was set, proves nothing. */
	if (!stopped(chip, r.a, r.b))
		mc_conduct_format(&chip->conduct, &chip->format, &r.t);
	if (!plausible(chip, &r)) {
		dev_info(chip->bus->dev,
			 "no MC146818 here: registers A 0x%02x, B 0x%02x, D 0x%02x, time %02x:%02x:%02x %02x-%02x-%02x\n",
			 r.a, r.b, r.d, r.t.hours, r.t.minutes, r.t.seconds,
			 r.t.year, r.t.month, r.t.date);
		return -ENODEV;
	}
	/* A chip with nothing in A has nothing in D either. */
	chip->battery_lost = !(r.d & MC146818_D_VRT) && (r.a & MC146818_A_DV);
	chip->date_lost = chip->battery_lost;
	report(chip, &r);
	mc_chip_check(chip);
	/* What an access takes is to be known before the first burst. */
	for (i = 0; i < TIMED_LOOKS; i++)
		mc_chip_look(chip, &look);
	return 0;
}
