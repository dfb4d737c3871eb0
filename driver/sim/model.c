// SPDX-License-Identifier: GPL-2.0
/*
 * The MC146818 as a state machine.
 *
 * Nothing runs: each call first works out what happened since the one before.
 * Between updates the bytes are those of ram[], the count that they mean is sec;
 * each update writes them anew. So bytes that mean no date can be written one
 * after the other, and an update makes a date of them.
 */
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/types.h>

#include "sim/coding.h"
#include "sim/model.h"

#define SEC_NS			1000000000LL
#define LAST_T			0x4000000000000000LL	/* that the model takes */
#define ASTRAY_NS		1000000LL	/* how long UIP is up that goes its own way */
#define ASTRAY_PLACE_NS		377000000LL	/* and how far behind the first update */
#define INDEX_MASK		0x7f
#define INDEX_NMI		0x80	/* of the index port; no part of the chip */
#define DV_32KHZ		2
#define CRYSTAL_HZ		32768
#define BUS_FLOATS		0xff	/* nobody drives it */

/* A crystal's period is 10^9 / 2^15 ns = 5^9 / 2^6 ns. */
#define CRYSTAL_PERIODS		64
#define CRYSTAL_NS		1953125

/* Registers of the time, in the order of enum mc_sim_place. */
static const u8 time_registers[MC_SIM_PLACES] = {
	MC_SIM_SECONDS, MC_SIM_MINUTES, MC_SIM_HOURS, MC_SIM_DAY_OF_WEEK,
	MC_SIM_DATE, MC_SIM_MONTH, MC_SIM_YEAR, MC_SIM_CENTURY,
};

/* Place in time_registers[], or MC_SIM_PLACES. */
static int time_place(u8 reg)
{
	int i;

	for (i = 0; i < MC_SIM_PLACES && time_registers[i] != reg; i++)
		;
	return i;
}

static u8 alias(const struct mc146818_model *m, u8 reg)
{
	reg &= INDEX_MASK;
	return reg == MC_SIM_CENTURY_ALIAS && m->options.century_alias ? MC_SIM_CENTURY : reg;
}

/* Register B as far as it tells the format. */
static u8 format(const struct mc146818_model *m)
{
	u8 fixed = m->options.format_fixed;

	return (m->ram[MC_SIM_B] & ~fixed) | (m->options.format & fixed);
}

/**
 * mc146818_model_coding - how its bytes mean a time
 * @m: the chip
 *
 * Return: the coding.
 * Context: any; the chip's lock is held.
 */
struct mc_sim_coding mc146818_model_coding(const struct mc146818_model *m)
{
	u8 b = format(m);

	return (struct mc_sim_coding){
		.binary = b & MC_SIM_B_DM,
		.hours_24 = b & MC_SIM_B_24H,
		.noon_is_am = m->options.noon_is_am,
		.century = m->options.century != MC146818_CENTURY_NONE,
	};
}

static s64 representable(const struct mc146818_model *m, s64 sec)
{
	struct mc_sim_coding c = mc146818_model_coding(m);

	return mc_sim_representable(&c, sec);
}

/* A century that is RAM is nothing that the chip writes. */
static void show(struct mc146818_model *m)
{
	struct mc_sim_coding c = mc146818_model_coding(m);
	int places = c.century ? MC_SIM_PLACES : MC_SIM_AT_CENTURY;
	u8 bytes[MC_SIM_PLACES];
	int i;

	mc_sim_encode(&c, m->sec, bytes);
	for (i = 0; i < places; i++)
		m->ram[time_registers[i]] = bytes[i];
}

static s64 shown(const struct mc146818_model *m, bool *date)
{
	struct mc_sim_coding c = mc146818_model_coding(m);
	u8 bytes[MC_SIM_PLACES];
	int i;

	for (i = 0; i < MC_SIM_PLACES; i++)
		bytes[i] = m->ram[time_registers[i]];
	*date = mc_sim_is_date(&c, bytes);
	return mc_sim_decode(&c, bytes);
}

static void decode(struct mc146818_model *m)
{
	bool date;

	m->sec = shown(m, &date);
}

static bool divider_runs(const struct mc146818_model *m)
{
	u8 dv = (m->ram[MC_SIM_A] & MC_SIM_A_DV) >> MC_SIM_A_DV_SHIFT;

	return dv == DV_32KHZ || m->options.dv_also >> dv & 1;
}

static bool is_held(const struct mc146818_model *m)
{
	return m->options.hold != MC146818_HOLD_NOTHING && !divider_runs(m);
}

static bool is_set(const struct mc146818_model *m)
{
	return m->options.set != MC146818_SET_NOTHING && m->ram[MC_SIM_B] & MC_SIM_B_SET;
}

static bool is_frozen(const struct mc146818_model *m)
{
	return is_held(m) || is_set(m);
}

static bool hold_stops(const struct mc146818_model *m)
{
	return is_held(m) && m->options.hold != MC146818_HOLD_FREEZES;
}

static bool counts(const struct mc146818_model *m)
{
	if (hold_stops(m))
		return false;
	return !is_set(m) || m->options.set == MC146818_SET_REPLACES ||
	       m->options.set == MC146818_SET_ADDS;
}

static bool updates(const struct mc146818_model *m)
{
	return !is_held(m) || m->options.hold != MC146818_HOLD_STOPS;
}

static bool flags_rise(const struct mc146818_model *m)
{
	return !hold_stops(m) && (m->options.flags_under_set || !is_set(m));
}

static void rise(struct mc146818_model *m, u8 flag)
{
	u8 enabled = m->ram[MC_SIM_B] | ~m->options.flags_need_enable;

	m->ram[MC_SIM_C] |= flag & ~m->options.no_flags & enabled;
}

static void alarm_bytes(const struct mc146818_model *m, u8 bytes[MC_SIM_ALARM_PLACES])
{
	bytes[MC_SIM_ALARM_SECONDS] = m->ram[MC_SIM_SECONDS_ALARM];
	bytes[MC_SIM_ALARM_MINUTES] = m->ram[MC_SIM_MINUTES_ALARM];
	bytes[MC_SIM_ALARM_HOURS] = m->ram[MC_SIM_HOURS_ALARM];
	bytes[MC_SIM_ALARM_DAY] = 0;
	bytes[MC_SIM_ALARM_MONTH] = 0;
	if (m->options.d_date_alarm)
		bytes[MC_SIM_ALARM_DAY] = m->ram[MC_SIM_D] & MC_SIM_D_DATE_ALARM;
	if (m->options.alarm == MC_SIM_ALARM_DATE) {
		bytes[MC_SIM_ALARM_DAY] = m->ram[MC_SIM_DATE_ALARM];
		bytes[MC_SIM_ALARM_MONTH] = m->ram[MC_SIM_MONTH_ALARM];
	}
}

static bool alarm_is_armed_once(const struct mc146818_model *m)
{
	return m->options.alarm == MC_SIM_ALARM_TODAY || m->options.alarm == MC_SIM_ALARM_DATE;
}

/* How many updates from now the alarm matches; 1 or more, or never. */
static s64 alarm_updates(const struct mc146818_model *m)
{
	struct mc_sim_coding c = mc146818_model_coding(m);
	u8 bytes[MC_SIM_ALARM_PLACES];

	if (m->options.alarm == MC_SIM_ALARM_NONE)
		return MC146818_MODEL_NEVER;
	if (alarm_is_armed_once(m))
		return m->armed_sec > m->sec ? m->armed_sec - m->sec : MC146818_MODEL_NEVER;
	alarm_bytes(m, bytes);
	return mc_sim_match(m->options.alarm, &c, bytes, m->sec);
}

/* B was written. */
static void arm(struct mc146818_model *m)
{
	struct mc_sim_coding c = mc146818_model_coding(m);
	u8 bytes[MC_SIM_ALARM_PLACES];

	m->armed_sec = 0;
	if (!alarm_is_armed_once(m) || !(m->ram[MC_SIM_B] & MC_SIM_B_AIE))
		return;
	alarm_bytes(m, bytes);
	m->armed_sec = mc_sim_armed_for(m->options.alarm, &c, bytes, m->sec);
	if (m->armed_sec == MC_SIM_NEVER)
		m->armed_sec = 0;
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
	int rs = m->ram[MC_SIM_A] & MC_SIM_A_RS;

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

/* The periodic interrupt of some does nothing before it is enabled. */
static bool periodic(const struct mc146818_model *m)
{
	u8 never = m->options.no_flags | (m->options.flags_need_enable & ~m->ram[MC_SIM_B]);

	return rate_periods(m) && divider_runs(m) && !(never & MC_SIM_C_PF);
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

static void count(struct mc146818_model *m, s64 n)
{
	m->edge_ns += n * SEC_NS;
	if (!counts(m))
		return;
	m->sec = representable(m, m->sec + n);
	if (!is_frozen(m))
		show(m);
}

static void update(struct mc146818_model *m)
{
	s64 n = div64_s64(phase_ns(m) - m->options.update_ns, SEC_NS);

	if (n <= 0)
		return;
	if (flags_rise(m)) {
		rise(m, MC_SIM_C_UF);
		if (alarm_updates(m) <= n)
			rise(m, MC_SIM_C_AF);
	}
	count(m, n);
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
		rise(m, MC_SIM_C_PF);
	if (updates(m))
		update(m);
}

static bool updating(const struct mc146818_model *m)
{
	return updates(m) && phase_ns(m) >= SEC_NS;
}

/* An update that has begun is over at once, and raises no flags. */
static void cut_update(struct mc146818_model *m)
{
	if (updating(m))
		count(m, 1);
}

static bool goes_astray(const struct mc146818_model *m)
{
	s64 since = m->now_ns - m->uip_ns;

	return since - div64_s64(since, SEC_NS) * SEC_NS < ASTRAY_NS;
}

static bool is_due(struct mc146818_model *m)
{
	if (m->now_ns - m->uip_ns <= SEC_NS || m->ram[MC_SIM_B] & MC_SIM_B_SET)
		return false;
	m->uip_ns = m->now_ns;
	return true;
}

/* UIP shows neither where nothing is updated nor under SET. */
static bool uip(struct mc146818_model *m)
{
	switch (m->options.uip) {
	case MC146818_UIP_LEADS:
		return !is_frozen(m) && phase_ns(m) >= SEC_NS - m->options.uip_lead_ns;
	case MC146818_UIP_ASTRAY:
		return goes_astray(m);
	case MC146818_UIP_ONCE:
		return is_due(m);
	default:
		return false;
	}
}

/* The byte after the update that is going on. */
static u8 next_byte(const struct mc146818_model *m, int place)
{
	struct mc146818_model next = *m;

	next.sec = representable(m, m->sec + 1);
	show(&next);
	return next.ram[time_registers[place]];
}

static u8 read_time(struct mc146818_model *m, int place)
{
	s64 begun = phase_ns(m) - SEC_NS;

	if (is_frozen(m))
		return m->ram[time_registers[place]];
	if (m->options.renders)
		show(m);
	if (!updating(m))
		return m->ram[time_registers[place]];
	if (m->options.garbage)
		return BUS_FLOATS;
	if (begun * MC_SIM_PLACES >= (s64)m->options.update_ns * place)
		return next_byte(m, place);
	return m->ram[time_registers[place]];
}

/* Each flag has its enable bit at its own place in B. */
static u8 pending(const struct mc146818_model *m)
{
	if (m->options.c_ram)
		return 0;
	return m->ram[MC_SIM_C] & m->ram[MC_SIM_B] & MC_SIM_B_ENABLES;
}

static u8 read_c(struct mc146818_model *m)
{
	u8 value = m->ram[MC_SIM_C] | (pending(m) ? MC_SIM_C_IRQF : 0);

	if (!m->options.c_ram)
		m->ram[MC_SIM_C] = 0;
	return value;
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
	reg = alias(m, reg);
	place = time_place(reg);
	if (place < MC_SIM_PLACES)
		return read_time(m, place);
	if (reg == MC_SIM_A)
		return m->ram[reg] | (uip(m) ? MC_SIM_A_UIP : 0);
	if (reg == MC_SIM_C)
		return read_c(m);
	return m->ram[reg];
}

/* The registers are no longer frozen. */
static void take_over(struct mc146818_model *m)
{
	if (m->options.set != MC146818_SET_REPLACES || m->written)
		decode(m);
	m->written = false;
}

static void write_counts(struct mc146818_model *m, u8 reg, u8 value)
{
	m->ram[reg] = value;
	m->written = is_frozen(m);
	if (m->written)
		return;
	decode(m);
	if (m->options.writes == MC146818_WRITES_RESTART)
		m->edge_ns = m->now_ns - m->restart_ns;
}

static void write_under_set(struct mc146818_model *m, u8 reg, u8 value)
{
	if (!is_set(m) && reg != MC_SIM_CENTURY)
		return;
	m->ram[reg] = value;
	if (is_frozen(m))
		return;
	decode(m);
	m->edge_ns = m->now_ns;
}

/* Bytes that mean no date stay until they are made anew. */
static void write_changes(struct mc146818_model *m, u8 reg, u8 value)
{
	bool date;
	s64 sec;

	if (!is_frozen(m))
		show(m);
	if (m->ram[reg] == value)
		return;
	m->ram[reg] = value;
	sec = shown(m, &date);
	if (!date)
		return;
	m->sec = sec;
	m->edge_ns = m->now_ns;
}

static void write_time(struct mc146818_model *m, u8 reg, u8 value)
{
	switch (m->options.writes) {
	case MC146818_WRITES_COUNT:
	case MC146818_WRITES_RESTART:
		write_counts(m, reg, value);
		break;
	case MC146818_WRITES_UNDER_SET:
		write_under_set(m, reg, value);
		break;
	case MC146818_WRITES_CHANGE:
		write_changes(m, reg, value);
		break;
	case MC146818_WRITES_FADE:
		m->ram[reg] = value;
		break;
	case MC146818_WRITES_NEVER:
		break;
	}
}

static void write_century(struct mc146818_model *m, u8 value)
{
	if (m->options.century == MC146818_CENTURY_NONE)
		m->ram[MC_SIM_CENTURY] = value;
	else
		write_time(m, MC_SIM_CENTURY, value);
}

static void release_stopped(struct mc146818_model *m)
{
	m->period_ns = m->now_ns;
	if (m->options.forgets_hold && is_set(m)) {
		m->edge_ns += div64_s64(phase_ns(m), SEC_NS) * SEC_NS;
		return;
	}
	m->restart_ns = SEC_NS - m->options.release_ns;
	m->edge_ns = m->now_ns - m->restart_ns;
	if (!is_set(m))
		take_over(m);
}

static void release_divider(struct mc146818_model *m)
{
	if (m->options.hold == MC146818_HOLD_STOPS)
		release_stopped(m);
	else if (m->options.hold == MC146818_HOLD_SKIPS && !is_set(m))
		take_over(m);
	else if (m->options.hold == MC146818_HOLD_FREEZES)
		show(m);
}

static u8 mix(u8 old, u8 new, u8 fixed)
{
	return (old & fixed) | (new & ~fixed);
}

static void write_a(struct mc146818_model *m, u8 value)
{
	u8 old = m->ram[MC_SIM_A], fixed = m->options.a_fixed;
	bool was_held = is_held(m);

	cut_update(m);
	if (!m->options.a_ram)
		fixed |= MC_SIM_A_UIP;
	m->ram[MC_SIM_A] = mix(old, value, fixed);
	if (was_held && !is_held(m))
		release_divider(m);
	else if ((old ^ m->ram[MC_SIM_A]) & MC_SIM_A_RS)
		m->period_ns = m->now_ns;
}

static void begin_set(struct mc146818_model *m)
{
	m->set_sec = m->sec;
	m->written = false;
}

static void end_set(struct mc146818_model *m)
{
	bool date;

	if (m->options.set == MC146818_SET_RESTARTS)
		m->edge_ns = m->now_ns;
	m->restart_ns = phase_ns(m);
	if (m->options.set != MC146818_SET_ADDS) {
		take_over(m);
		return;
	}
	m->sec = representable(m, m->sec + shown(m, &date) - m->set_sec);
	show(m);
}

static u8 without_uie(const struct mc146818_model *m, u8 value, bool rises)
{
	if (!(value & MC_SIM_B_SET))
		return value;
	if (m->options.set_uie == MC146818_SET_UIE_HELD ||
	    (m->options.set_uie == MC146818_SET_UIE_RISING && rises))
		return value & ~MC_SIM_B_UIE;
	return value;
}

static void write_b(struct mc146818_model *m, u8 value)
{
	u8 old = m->ram[MC_SIM_B], new = mix(old, value, m->options.b_fixed);
	u8 format_before = format(m);
	bool was_set = is_set(m);

	if (m->options.set != MC146818_SET_NOTHING && (old ^ new) & MC_SIM_B_SET)
		cut_update(m);
	m->ram[MC_SIM_B] = without_uie(m, new, (old ^ new) & MC_SIM_B_SET);
	if (is_set(m) && !was_set)
		begin_set(m);
	if (is_frozen(m))
		return;
	if (was_set)
		end_set(m);
	else if ((format_before ^ format(m)) & (MC_SIM_B_DM | MC_SIM_B_24H))
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
	reg = alias(m, reg);
	if (reg == MC_SIM_A) {
		write_a(m, value);
	} else if (reg == MC_SIM_B) {
		write_b(m, value);
		arm(m);
	} else if (reg == MC_SIM_C) {
		if (m->options.c_ram)
			m->ram[reg] = value;
	} else if (reg == MC_SIM_D) {
		m->ram[reg] = mix(m->ram[reg], value, ~m->options.d_writable);
	} else if (reg == MC_SIM_CENTURY) {
		write_century(m, value);
	} else if (time_place(reg) < MC_SIM_PLACES) {
		write_time(m, reg, value);
	} else {
		m->ram[reg] = value;
	}
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

/* How many updates there are in the times that the model takes. */
static s64 updates_left(const struct mc146818_model *m)
{
	return div64_s64(crystal_ns(m, LAST_T) - m->edge_ns, SEC_NS);
}

static s64 earlier(s64 a, s64 b)
{
	return a < b ? a : b;
}

/* Enabled, not yet pending, and able to rise. */
static u8 waited_for(const struct mc146818_model *m)
{
	u8 waited = m->ram[MC_SIM_B] & ~m->ram[MC_SIM_C] & ~m->options.no_flags;

	if (!flags_rise(m))
		waited &= ~(MC_SIM_B_UIE | MC_SIM_B_AIE);
	return m->options.c_ram ? 0 : waited;
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
	waited = waited_for(m);
	if (waited & MC_SIM_B_UIE)
		next = update_ns(m, 1);
	if (waited & MC_SIM_B_AIE) {
		n = alarm_updates(m);
		if (n <= updates_left(m))
			next = earlier(next, update_ns(m, n));
	}
	if (waited & MC_SIM_B_PIE && periodic(m))
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
	u8 cleared = MC_SIM_B_PIE | MC_SIM_B_AIE | MC_SIM_B_SQWE;

	mc146818_model_sync(m, t);
	if (!m->options.keeps_uie)
		cleared |= MC_SIM_B_UIE;
	m->ram[MC_SIM_B] &= ~cleared;
	if (!m->options.c_ram)
		m->ram[MC_SIM_C] = 0;
}

/* Of a chip whose updates sample the host's clock: how late they are. */
static bool is_late(const struct mc146818_model *m)
{
	return m->options.writes == MC146818_WRITES_FADE;
}

/**
 * mc146818_model_rebase - the time that the chip stands for is told
 * @m: the chip
 * @sec: time, in seconds since 1970
 * @ns: and how much of the next second is over, less than 10^9
 * @t: now, ns
 *
 * No flag rises for seconds left out or repeated. A chip that does not count keeps
 * its count; under SET it takes over the phase. One that samples the host's clock
 * does so now and then each second.
 *
 * Context: any; the chip's lock is held.
 */
void mc146818_model_rebase(struct mc146818_model *m, s64 sec, u32 ns, s64 t)
{
	mc146818_model_sync(m, t);
	m->late_ns = is_late(m) ? ns : 0;
	m->edge_ns = m->now_ns - ns + m->late_ns;
	if (!counts(m))
		return;
	m->sec = representable(m, sec);
	if (!is_frozen(m))
		show(m);
}

/* Whole seconds in @ns, rounded down. */
static s64 seconds(s64 ns)
{
	return ns < 0 ? -div64_s64(SEC_NS - 1 - ns, SEC_NS) : div64_s64(ns, SEC_NS);
}

/* Its next update will show the host's new second. */
static void step_host_of_late(struct mc146818_model *m, s64 ns)
{
	s64 n = seconds(m->late_ns + ns);

	m->late_ns += ns - n * SEC_NS;
	m->sec = representable(m, m->sec + n);
}

/**
 * mc146818_model_step - step the time that the chip counts
 * @m: the chip
 * @ns: forward, or back where negative; the phase moves by what is no whole second
 * @t: now, ns
 *
 * As mc146818_model_rebase() does; an update that is going on ends. Frozen registers
 * stay as they are.
 *
 * Context: any; the chip's lock is held.
 */
void mc146818_model_step(struct mc146818_model *m, s64 ns, s64 t)
{
	s64 n;

	mc146818_model_sync(m, t);
	cut_update(m);
	if (is_late(m)) {
		step_host_of_late(m, ns);
		return;
	}
	n = seconds(phase_ns(m) + ns);
	m->edge_ns += n * SEC_NS - ns;
	if (!counts(m))
		return;
	m->sec = representable(m, m->sec + n);
	if (!is_frozen(m))
		show(m);
}

/**
 * mc146818_model_host_step - the clock of the host was stepped
 * @m: the chip, which follows or not
 * @ns: forward, or back where negative
 * @t: now, ns
 *
 * Context: any; the chip's lock is held.
 */
void mc146818_model_host_step(struct mc146818_model *m, s64 ns, s64 t)
{
	if (m->options.host)
		mc146818_model_step(m, ns, t);
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
 * mc146818_model_now - the true time of the chip, which its registers tell in part
 * @m: the chip
 * @t: now, ns
 * @sec: filled in, seconds since 1970
 * @ns: filled in: how much of the next second is over
 *
 * Return: false where the chip does not count: then @ns is 0.
 * Context: any; the chip's lock is held.
 */
bool mc146818_model_now(struct mc146818_model *m, s64 t, s64 *sec, u32 *ns)
{
	bool date;
	s64 n;

	mc146818_model_sync(m, t);
	*sec = is_late(m) ? shown(m, &date) : m->sec;
	*ns = 0;
	if (!counts(m))
		return false;
	n = seconds(phase_ns(m));
	*sec += n;
	*ns = phase_ns(m) - n * SEC_NS;
	return true;
}

/**
 * mc146818_model_next_update - when the count will change next, if nobody touches the chip
 * @m: the chip
 * @t: now, ns
 *
 * Return: ns, later than @t, or MC146818_MODEL_NEVER.
 * Context: any; the chip's lock is held.
 */
s64 mc146818_model_next_update(struct mc146818_model *m, s64 t)
{
	mc146818_model_sync(m, t);
	if (!counts(m))
		return MC146818_MODEL_NEVER;
	return time_of_crystal_ns(m, m->edge_ns + (seconds(phase_ns(m)) + 1) * SEC_NS);
}

static void power_on(struct mc146818_model *m)
{
	m->ram[MC_SIM_A] = m->options.a;
	m->ram[MC_SIM_B] = m->options.b;
	m->ram[MC_SIM_C] = 0;
	m->ram[MC_SIM_D] = m->options.d;
	m->sec = representable(m, m->sec);
	show(m);
}

/**
 * mc146818_model_become - be another chip from now on
 * @m: the chip
 * @options: which
 * @t: now, ns
 *
 * The time that it counts goes on, its RAM is kept, and its other registers are as
 * the new chip powers on.
 *
 * Context: any; the chip's lock is held.
 */
void mc146818_model_become(struct mc146818_model *m, const struct mc146818_model_options *options,
			   s64 t)
{
	s64 sec;
	u32 ns;

	mc146818_model_now(m, t, &sec, &ns);
	m->options = *options;
	m->sec = sec;
	m->edge_ns = m->now_ns - ns;
	m->period_ns = m->now_ns;
	m->uip_ns = m->now_ns - 2 * SEC_NS + ASTRAY_PLACE_NS;
	m->restart_ns = 0;
	m->late_ns = 0;
	m->armed_sec = 0;
	m->written = false;
	power_on(m);
}

/* The first century is the right one also where the chip does not count it. */
static void fill_century(struct mc146818_model *m)
{
	struct mc_sim_coding c = mc146818_model_coding(m);
	u8 bytes[MC_SIM_PLACES];

	mc_sim_encode(&c, m->sec, bytes);
	m->ram[MC_SIM_CENTURY] = bytes[MC_SIM_AT_CENTURY];
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
		.sec = sec,
		.t = t, .now_ns = t, .edge_ns = t, .period_ns = t,
		.uip_ns = t - 2 * SEC_NS + ASTRAY_PLACE_NS,
		.rate_t = t, .rate_ns = t, .rate_hz = SEC_NS,
	};
	power_on(m);
	fill_century(m);
}
