// SPDX-License-Identifier: GPL-2.0
/*
 * The MC146818 as a state machine.
 *
 * Nothing runs: each call first works out what happened since the one before.
 * Between updates the bytes are those of ram[], the time that they mean is sec;
 * each update writes them anew. So bytes that mean no date can be written one
 * after the other, and an update makes a date of them.
 */
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/rtc.h>
#include <linux/types.h>

#include "sim/model.h"

#define SEC_NS			1000000000LL
#define RELEASE_NS		500000000LL	/* from the divider's release to the update */
#define INDEX_MASK		0x7f
#define INDEX_NMI		0x80	/* of the index port; no part of the chip */
#define CENTURY_ALIAS		0x37
#define CRYSTAL_HZ		32768

/* A crystal's period is 10^9 / 2^15 ns = 5^9 / 2^6 ns. */
#define CRYSTAL_PERIODS		64
#define CRYSTAL_NS		1953125

#define EPOCH_YEAR		1970
#define LAST_SEC		253402300799LL	/* the last of 9999: what four digits hold */
#define CALENDAR_YEARS		400		/* then dates and weekdays come again, ... */
#define CALENDAR_SEC		12622780800LL	/* ... after this many seconds */

static struct mc146818_format format(const struct mc146818_model *m)
{
	return (struct mc146818_format){ .reg_b = m->ram[MC146818_B], .century = true };
}

static bool is_set(const struct mc146818_model *m)
{
	return m->ram[MC146818_B] & MC146818_B_SET;
}

/* Dividers for other crystals count too slowly to be of use; QEMU's do not mind. */
static bool divider_runs(const struct mc146818_model *m)
{
	u8 dv = m->ram[MC146818_A] & MC146818_A_DV;

	return m->options.qemu ? dv <= MC146818_A_DV_32KHZ : dv == MC146818_A_DV_32KHZ;
}

static bool running(const struct mc146818_model *m)
{
	return divider_runs(m) && !is_set(m);
}

/* In QEMU flags rise under SET too. */
static bool flags_rise(const struct mc146818_model *m)
{
	return divider_runs(m) && (m->options.qemu || !is_set(m));
}

/* Times that four digits of a year cannot show, or the kernel not hold, are moved. */
static s64 representable(s64 sec)
{
	if (sec < 0)
		return sec + (div64_s64(-1 - sec, CALENDAR_SEC) + 1) * CALENDAR_SEC;
	if (sec > LAST_SEC)
		return sec - (div64_s64(sec - LAST_SEC - 1, CALENDAR_SEC) + 1) * CALENDAR_SEC;
	return sec;
}

static void encode(const struct mc146818_model *m, s64 sec, struct mc146818_time *bytes)
{
	struct mc146818_format f = format(m);
	struct rtc_time tm;

	rtc_time64_to_tm(representable(sec), &tm);
	mc146818_encode_time(&f, &tm, bytes);
}

static void show(struct mc146818_model *m)
{
	struct mc146818_time bytes;

	encode(m, m->sec, &bytes);
	m->ram[MC146818_SECONDS] = bytes.seconds;
	m->ram[MC146818_MINUTES] = bytes.minutes;
	m->ram[MC146818_HOURS] = bytes.hours;
	m->ram[MC146818_DAY_OF_WEEK] = bytes.day_of_week;
	m->ram[MC146818_DATE] = bytes.date;
	m->ram[MC146818_MONTH] = bytes.month;
	m->ram[MC146818_YEAR] = bytes.year;
	m->ram[MC146818_MODEL_CENTURY] = bytes.century;
}

/* Digits that are none count on: the counters behind them carry. */
static int number(const struct mc146818_model *m, u8 byte)
{
	if (m->ram[MC146818_B] & MC146818_B_DM)
		return byte;
	return (byte >> 4) * 10 + (byte & 0x0f);
}

static int hour_number(const struct mc146818_model *m, u8 byte)
{
	if (m->ram[MC146818_B] & MC146818_B_24H)
		return number(m, byte);
	return number(m, byte & ~MC146818_HOURS_PM) % 12 + (byte & MC146818_HOURS_PM ? 12 : 0);
}

/* What is too much for its field carries into the next. */
static s64 normalise(const struct mc146818_model *m)
{
	int month = number(m, m->ram[MC146818_MONTH]) + 11;
	int year = number(m, m->ram[MC146818_MODEL_CENTURY]) * 100 +
		   number(m, m->ram[MC146818_YEAR]) + month / 12 - 1;
	struct rtc_time tm = { .tm_mon = month % 12, .tm_mday = 1 };
	s64 day;

	while (year < EPOCH_YEAR)
		year += CALENDAR_YEARS;
	tm.tm_year = year - 1900;
	day = rtc_tm_to_time64(&tm) + (number(m, m->ram[MC146818_DATE]) - 1) * 86400;
	return representable(day + hour_number(m, m->ram[MC146818_HOURS]) * 3600 +
			     number(m, m->ram[MC146818_MINUTES]) * 60 +
			     number(m, m->ram[MC146818_SECONDS]));
}

static void decode(struct mc146818_model *m)
{
	m->sec = normalise(m);
}

/* QEMU takes the half of the day from the time for both, and the PM bit for a digit. */
static int qemu_hour(const struct mc146818_model *m, u8 byte)
{
	return m->ram[MC146818_B] & MC146818_B_24H ? number(m, byte) : number(m, byte) % 12;
}

static int qemu_alarm_number(const struct mc146818_model *m, u8 byte)
{
	return (byte & MC146818_ALARM_ANY) == MC146818_ALARM_ANY ? -1 : number(m, byte);
}

static void qemu_alarm(const struct mc146818_model *m, struct rtc_time *now,
		       struct rtc_time *alarm)
{
	u8 hours = m->ram[MC146818_HOURS_ALARM];
	struct mc146818_time bytes;

	encode(m, m->sec, &bytes);
	now->tm_hour = qemu_hour(m, bytes.hours);
	alarm->tm_sec = qemu_alarm_number(m, m->ram[MC146818_SECONDS_ALARM]);
	alarm->tm_min = qemu_alarm_number(m, m->ram[MC146818_MINUTES_ALARM]);
	alarm->tm_hour = qemu_alarm_number(m, hours) < 0 ? -1 : qemu_hour(m, hours);
}

static int strict_alarm(const struct mc146818_model *m, struct rtc_time *alarm)
{
	struct mc146818_format f = format(m);
	struct mc146818_alarm bytes = {
		.seconds = m->ram[MC146818_SECONDS_ALARM],
		.minutes = m->ram[MC146818_MINUTES_ALARM],
		.hours = m->ram[MC146818_HOURS_ALARM],
	};

	return mc146818_decode_alarm(&f, &bytes, alarm);
}

/* The lowest value that a field may take, -1 in the alarm being any. */
static int lowest(int alarm)
{
	return alarm < 0 ? 0 : alarm;
}

static int seconds_of_day(int hour, int min, int sec)
{
	return (hour * 60 + min) * 60 + sec;
}

/* The second of the day, 86400 and more tomorrow, of the first match after @now. */
static int next_match(const struct rtc_time *now, const struct rtc_time *alarm)
{
	int sec = alarm->tm_sec < 0 ? now->tm_sec + 1 : alarm->tm_sec;
	int min = alarm->tm_min < 0 ? now->tm_min + 1 : alarm->tm_min;
	int hour = alarm->tm_hour < 0 ? now->tm_hour + 1 : alarm->tm_hour;
	bool this_hour = alarm->tm_hour < 0 || alarm->tm_hour == now->tm_hour;
	bool this_minute = this_hour && (alarm->tm_min < 0 || alarm->tm_min == now->tm_min);

	if (this_minute && sec > now->tm_sec && (alarm->tm_sec >= 0 || sec < 60))
		return seconds_of_day(now->tm_hour, now->tm_min, sec);
	if (this_hour && min > now->tm_min && (alarm->tm_min >= 0 || min < 60))
		return seconds_of_day(now->tm_hour, min, lowest(alarm->tm_sec));
	if (hour <= now->tm_hour)
		hour += 24;
	return seconds_of_day(hour, lowest(alarm->tm_min), lowest(alarm->tm_sec));
}

/* How many updates from now the alarm matches; 1 or more, or never. */
static s64 alarm_updates(const struct mc146818_model *m)
{
	struct rtc_time now, alarm;

	rtc_time64_to_tm(m->sec, &now);
	if (m->options.qemu)
		qemu_alarm(m, &now, &alarm);
	else if (strict_alarm(m, &alarm))
		return MC146818_MODEL_NEVER;
	return next_match(&now, &alarm) - seconds_of_day(now.tm_hour, now.tm_min, now.tm_sec);
}

/* The crystal's ns at time @t; all of it is positive, so division rounds down. */
static s64 crystal_ns(const struct mc146818_model *m, s64 t)
{
	s64 since = t - m->rate_t;
	s64 whole = div64_s64(since, SEC_NS);
	s64 rest = since - whole * SEC_NS;

	return m->rate_ns + whole * m->rate_hz + div64_s64(rest * m->rate_hz, SEC_NS);
}

/* The first time at which crystal_ns() is @ns or more. */
static s64 time_of_crystal_ns(const struct mc146818_model *m, s64 ns)
{
	s64 since = ns - m->rate_ns;
	s64 whole = div64_s64(since, m->rate_hz);
	s64 rest = since - whole * m->rate_hz;

	return m->rate_t + whole * SEC_NS + div64_s64(rest * SEC_NS + m->rate_hz - 1, m->rate_hz);
}

/* Periods of the crystal in a period of the rate selected; 0: none is. */
static int rate_periods(const struct mc146818_model *m)
{
	int rs = m->ram[MC146818_A] & MC146818_A_RS;

	if (!rs)
		return 0;
	/* With this crystal the first two are 256 and 128 Hz. */
	return 1 << (rs <= 2 ? rs + 6 : rs - 1);
}

static s64 periods_until(const struct mc146818_model *m, s64 ns)
{
	s64 since = ns - m->period_ns;
	s64 whole = div64_s64(since, SEC_NS);
	s64 rest = since - whole * SEC_NS;

	return whole * CRYSTAL_HZ + div64_s64(rest * CRYSTAL_PERIODS, CRYSTAL_NS);
}

static s64 ns_of_period(const struct mc146818_model *m, s64 periods)
{
	s64 whole = div64_s64(periods, CRYSTAL_HZ);
	s64 rest = periods - whole * CRYSTAL_HZ;

	return m->period_ns + whole * SEC_NS +
	       div64_s64(rest * CRYSTAL_NS + CRYSTAL_PERIODS - 1, CRYSTAL_PERIODS);
}

/* QEMU's periodic interrupt does nothing before it is enabled. */
static bool periodic(const struct mc146818_model *m)
{
	return rate_periods(m) && divider_runs(m) &&
	       (!m->options.qemu || m->ram[MC146818_B] & MC146818_B_PIE);
}

static s64 next_period_ns(const struct mc146818_model *m, s64 ns)
{
	s64 n = rate_periods(m);

	return ns_of_period(m, (div64_s64(periods_until(m, ns), n) + 1) * n);
}

static s64 phase_ns(const struct mc146818_model *m)
{
	return m->now_ns - m->edge_ns;
}

static void update(struct mc146818_model *m)
{
	s64 n = div64_s64(phase_ns(m) - m->options.update_ns, SEC_NS);

	if (n <= 0)
		return;
	if (flags_rise(m)) {
		m->ram[MC146818_C] |= MC146818_C_UF;
		if (alarm_updates(m) <= n)
			m->ram[MC146818_C] |= MC146818_C_AF;
	}
	m->edge_ns += n * SEC_NS;
	if (running(m)) {
		m->sec = representable(m->sec + n);
		show(m);
	}
}

/**
 * mc146818_model_sync - let the chip run until now
 * @m: the chip
 * @t: now, ns
 *
 * Everything else does this first. For whoever wants to know the interrupt line.
 *
 * Context: any; the chip's lock is held.
 */
void mc146818_model_sync(struct mc146818_model *m, s64 t)
{
	s64 before = m->now_ns;

	if (t <= m->t)
		return;
	m->t = t;
	m->now_ns = crystal_ns(m, t);
	if (periodic(m) && next_period_ns(m, before) <= m->now_ns)
		m->ram[MC146818_C] |= MC146818_C_PF;
	if (divider_runs(m))
		update(m);
}

static bool updating(const struct mc146818_model *m)
{
	return divider_runs(m) && phase_ns(m) >= SEC_NS;
}

/* An update that has begun is over at once, and raises no flags. */
static void cut_update(struct mc146818_model *m)
{
	if (!updating(m))
		return;
	m->edge_ns += SEC_NS;
	if (is_set(m))
		return;
	m->sec = representable(m->sec + 1);
	show(m);
}

/* UIP shows neither where nothing is updated nor under SET. */
static bool uip(const struct mc146818_model *m)
{
	return running(m) && phase_ns(m) >= SEC_NS - m->options.uip_lead_ns;
}

/* Registers in the order in which an update changes them. */
static const u8 time_registers[] = {
	MC146818_SECONDS, MC146818_MINUTES, MC146818_HOURS, MC146818_DAY_OF_WEEK,
	MC146818_DATE, MC146818_MONTH, MC146818_YEAR, MC146818_MODEL_CENTURY,
};

#define TIME_REGISTERS	((int)sizeof(time_registers))

/* Place in time_registers[], or TIME_REGISTERS. */
static int time_place(u8 reg)
{
	int i;

	for (i = 0; i < TIME_REGISTERS && time_registers[i] != reg; i++)
		;
	return i;
}

/* The byte after the update that is going on. */
static u8 next_byte(const struct mc146818_model *m, int place)
{
	struct mc146818_model next = *m;

	next.sec = representable(m->sec + 1);
	show(&next);
	return next.ram[time_registers[place]];
}

static u8 read_time(struct mc146818_model *m, int place)
{
	s64 begun = phase_ns(m) - SEC_NS;

	if (!running(m))
		return m->ram[time_registers[place]];
	if (m->options.qemu)
		show(m);
	if (updating(m) && begun * TIME_REGISTERS >= (s64)m->options.update_ns * place)
		return next_byte(m, place);
	return m->ram[time_registers[place]];
}

/* Each flag has its enable bit at its own place in B. */
static u8 pending(const struct mc146818_model *m)
{
	return m->ram[MC146818_C] & m->ram[MC146818_B] & MC146818_B_IRQ_ENABLES;
}

static u8 read_c(struct mc146818_model *m)
{
	u8 value = m->ram[MC146818_C] | (pending(m) ? MC146818_C_IRQF : 0);

	m->ram[MC146818_C] = 0;
	return value;
}

static u8 alias(u8 reg)
{
	reg &= INDEX_MASK;
	return reg == CENTURY_ALIAS ? MC146818_MODEL_CENTURY : reg;
}

/**
 * mc146818_model_read - read one byte
 * @m: the chip
 * @reg: register; the upper bit does not count
 * @t: now, ns
 *
 * Return: the byte. Reading C clears its flags and so lowers the line.
 * Context: any; the chip's lock is held.
 */
u8 mc146818_model_read(struct mc146818_model *m, u8 reg, s64 t)
{
	int place;

	mc146818_model_sync(m, t);
	reg = alias(reg);
	place = time_place(reg);
	if (place < TIME_REGISTERS)
		return read_time(m, place);
	if (reg == MC146818_A)
		return m->ram[reg] | (uip(m) ? MC146818_A_UIP : 0);
	if (reg == MC146818_C)
		return read_c(m);
	return m->ram[reg];
}

static void write_time(struct mc146818_model *m, u8 reg, u8 value)
{
	m->ram[reg] = value;
	if (!running(m))
		return;
	decode(m);
	if (m->options.qemu)
		m->edge_ns = m->now_ns - m->restart_ns;
}

/* QEMU forgets under SET that the divider was held. */
static void release_divider(struct mc146818_model *m)
{
	m->period_ns = m->now_ns;
	if (m->options.qemu && is_set(m)) {
		m->edge_ns += div64_s64(phase_ns(m), SEC_NS) * SEC_NS;
		return;
	}
	m->restart_ns = RELEASE_NS;
	m->edge_ns = m->now_ns - RELEASE_NS;
	if (!is_set(m))
		decode(m);
}

static void write_a(struct mc146818_model *m, u8 value)
{
	u8 old = m->ram[MC146818_A];
	bool ran = divider_runs(m);

	cut_update(m);
	m->ram[MC146818_A] = value & ~MC146818_A_UIP;
	if (!ran && divider_runs(m))
		release_divider(m);
	else if ((old ^ value) & MC146818_A_RS)
		m->period_ns = m->now_ns;
}

/* SET has just been cleared. */
static void resume(struct mc146818_model *m)
{
	m->restart_ns = phase_ns(m);
	decode(m);
}

static void write_b(struct mc146818_model *m, u8 value)
{
	u8 old = m->ram[MC146818_B], changed = old ^ value;
	bool ran = running(m);

	if (changed & MC146818_B_SET)
		cut_update(m);
	if (value & MC146818_B_SET && (m->options.qemu || changed & MC146818_B_SET))
		value &= ~MC146818_B_UIE;
	m->ram[MC146818_B] = value;
	if (!running(m))
		return;
	if (!ran)
		resume(m);
	else if (changed & (MC146818_B_DM | MC146818_B_24H))
		show(m);
}

/**
 * mc146818_model_write - write one byte
 * @m: the chip
 * @reg: register; the upper bit does not count
 * @value: the byte
 * @t: now, ns
 *
 * Context: any; the chip's lock is held.
 */
void mc146818_model_write(struct mc146818_model *m, u8 reg, u8 value, s64 t)
{
	mc146818_model_sync(m, t);
	reg = alias(reg);
	if (reg == MC146818_A)
		write_a(m, value);
	else if (reg == MC146818_B)
		write_b(m, value);
	else if (reg == MC146818_C || reg == MC146818_D)
		return;
	else if (time_place(reg) < TIME_REGISTERS)
		write_time(m, reg, value);
	else
		m->ram[reg] = value;
}

/**
 * mc146818_model_port_in - the processor reads a port
 * @m: the chip
 * @port: its number; the lowest bit selects: 0 index, 1 data
 * @t: now, ns
 *
 * Return: the byte; the index cannot be read back and shows 0xff.
 * Context: any; the chip's lock is held.
 */
u8 mc146818_model_port_in(struct mc146818_model *m, u16 port, s64 t)
{
	return port & 1 ? mc146818_model_read(m, m->index, t) : 0xff;
}

/**
 * mc146818_model_port_out - the processor writes a port
 * @m: the chip
 * @port: its number; the lowest bit selects: 0 index, 1 data
 * @value: the byte; at the index its upper bit masks the processor's NMI
 * @t: now, ns
 *
 * Context: any; the chip's lock is held.
 */
void mc146818_model_port_out(struct mc146818_model *m, u16 port, u8 value, s64 t)
{
	if (port & 1) {
		mc146818_model_write(m, m->index, value, t);
		return;
	}
	m->index = value & INDEX_MASK;
	m->nmi_masked = value & INDEX_NMI;
}

/**
 * mc146818_model_line - whether the chip asks for an interrupt
 * @m: the chip, as of the last call that took a time
 *
 * Return: true while a flag and its enable bit are set.
 * Context: any; the chip's lock is held.
 */
bool mc146818_model_line(const struct mc146818_model *m)
{
	return pending(m);
}

/* When update number @n from now will be complete, on the crystal. */
static s64 update_ns(const struct mc146818_model *m, s64 n)
{
	return m->edge_ns + n * SEC_NS + m->options.update_ns;
}

static s64 earlier(s64 a, s64 b)
{
	return a < b ? a : b;
}

/**
 * mc146818_model_next_event - when the line may rise next, if nobody touches the chip
 * @m: the chip
 * @t: now, ns
 *
 * Only what is enabled and not yet pending counts.
 *
 * Return: ns, later than @t, or MC146818_MODEL_NEVER.
 * Context: any; the chip's lock is held.
 */
s64 mc146818_model_next_event(struct mc146818_model *m, s64 t)
{
	s64 next = MC146818_MODEL_NEVER;
	s64 n;
	u8 waited;

	mc146818_model_sync(m, t);
	waited = m->ram[MC146818_B] & ~m->ram[MC146818_C];
	if (waited & MC146818_B_UIE && flags_rise(m))
		next = update_ns(m, 1);
	if (waited & MC146818_B_AIE && flags_rise(m)) {
		n = alarm_updates(m);
		if (n != MC146818_MODEL_NEVER)
			next = earlier(next, update_ns(m, n));
	}
	if (waited & MC146818_B_PIE && periodic(m))
		next = earlier(next, next_period_ns(m, m->now_ns));
	return next == MC146818_MODEL_NEVER ? next : time_of_crystal_ns(m, next);
}

/**
 * mc146818_model_reset - the RESET pin: no interrupts, time and RAM go on
 * @m: the chip
 * @t: now, ns
 *
 * Context: any; the chip's lock is held.
 */
void mc146818_model_reset(struct mc146818_model *m, s64 t)
{
	u8 cleared = MC146818_B_PIE | MC146818_B_AIE | MC146818_B_SQWE;

	mc146818_model_sync(m, t);
	if (!m->options.qemu)
		cleared |= MC146818_B_UIE;
	m->ram[MC146818_B] &= ~cleared;
	m->ram[MC146818_C] = 0;
}

/**
 * mc146818_model_rebase - the time that the chip stands for was stepped
 * @m: the chip
 * @sec: time, in seconds since 1970
 * @ns: and how much of the next second is over, less than 10^9
 * @t: now, ns
 *
 * No flag rises for seconds left out or repeated. A chip that is held or under
 * SET shows its frozen bytes; under SET it takes over the phase.
 *
 * Context: any; the chip's lock is held.
 */
void mc146818_model_rebase(struct mc146818_model *m, s64 sec, u32 ns, s64 t)
{
	mc146818_model_sync(m, t);
	m->edge_ns = m->now_ns - ns;
	if (!running(m))
		return;
	m->sec = representable(sec);
	show(m);
}

/**
 * mc146818_model_step - step by whole seconds, the phase kept
 * @m: the chip
 * @seconds: forward, or back where negative
 * @t: now, ns
 *
 * As mc146818_model_rebase() does; an update that is going on ends.
 *
 * Context: any; the chip's lock is held.
 */
void mc146818_model_step(struct mc146818_model *m, s64 seconds, s64 t)
{
	mc146818_model_sync(m, t);
	if (!running(m))
		return;
	cut_update(m);
	m->sec = representable(m->sec + seconds);
	show(m);
}

/**
 * mc146818_model_rate - let the crystal run off its nominal rate
 * @m: the chip
 * @ppb: how much too fast, in 10^-9; from now on, not added up
 * @t: now, ns
 *
 * Return: 0, -EINVAL beyond MC146818_MODEL_RATE_MAX_PPB either way.
 * Context: any; the chip's lock is held.
 */
int mc146818_model_rate(struct mc146818_model *m, s64 ppb, s64 t)
{
	if (ppb < -MC146818_MODEL_RATE_MAX_PPB || ppb > MC146818_MODEL_RATE_MAX_PPB)
		return -EINVAL;

	mc146818_model_sync(m, t);
	m->rate_t = m->t;
	m->rate_ns = m->now_ns;
	m->rate_hz = SEC_NS + ppb;
	return 0;
}

/**
 * mc146818_model_init - power on for the first time
 * @m: the chip
 * @options: which chip it is
 * @sec: time, in seconds since 1970; the second begins at @t
 * @t: now, ns
 *
 * Context: any.
 */
void mc146818_model_init(struct mc146818_model *m, const struct mc146818_model_options *options,
			 s64 sec, s64 t)
{
	*m = (struct mc146818_model){
		.options = *options,
		.sec = representable(sec),
		.t = t, .now_ns = t, .edge_ns = t, .period_ns = t,
		.rate_t = t, .rate_ns = t, .rate_hz = SEC_NS,
	};
	m->ram[MC146818_A] = MC146818_A_DV_32KHZ | 6;	/* 1024 Hz */
	m->ram[MC146818_B] = MC146818_B_24H;
	m->ram[MC146818_D] = MC146818_D_VRT;
	show(m);
}
