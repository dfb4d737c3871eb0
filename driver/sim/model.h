/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The MC146818 as a state machine: what it answers, and when its line rises.
 *
 * Pure: times are ns of any clock that does not run backwards, from 0 to 2^62;
 * one that lies before the last one given counts as that one. Whoever serves
 * the chip takes its lock around each call.
 *
 * The chip counts seconds. Its registers show the count, but for the times when
 * they are frozen. What it does with holds, SET and writes is in its options, of
 * which sim/profiles.h has those of known chips; all 0 is the datasheet's.
 */
#ifndef MC146818_MODEL_H
#define MC146818_MODEL_H

#include <linux/types.h>

#include "sim/match.h"
#include "sim/registers.h"

#define MC146818_MODEL_RAM		128	/* registers and RAM */
#define MC146818_MODEL_CENTURY		MC_SIM_CENTURY
#define MC146818_MODEL_NEVER		MC_SIM_NEVER
#define MC146818_MODEL_RATE_MAX_PPB	500000000
#define MC146818_MODEL_UIP_LEAD_NS	244141	/* eight periods of 32768 Hz */
#define MC146818_MODEL_UPDATE_NS	1984000	/* with a crystal of 32768 Hz */

/* While the divider is held, and from its release on. */
enum mc146818_hold {
	MC146818_HOLD_STOPS,	/* no count; the release begins a second, see release_ns */
	MC146818_HOLD_SKIPS,	/* no count; the next update comes as if there had been no hold */
	MC146818_HOLD_FREEZES,	/* the registers alone */
	MC146818_HOLD_NOTHING,	/* the divider bits mean nothing */
};

/* While SET is on, and from its end on. The registers are frozen, but for the last. */
enum mc146818_set {
	MC146818_SET_STOPS,	/* no count; the updates come as if there had been no SET */
	MC146818_SET_RESTARTS,	/* no count; its end begins a second */
	MC146818_SET_REPLACES,	/* the count goes on, and is what was written, if any was */
	MC146818_SET_ADDS,	/* the count goes on, and is moved by what the registers were */
	MC146818_SET_NOTHING,	/* the bit means nothing */
};

/* What a write of a time register does. */
enum mc146818_writes {
	MC146818_WRITES_COUNT,	/* counts; while the registers are frozen, from then on */
	MC146818_WRITES_RESTART, /* the same, and the second begins at restart_ns */
	MC146818_WRITES_UNDER_SET, /* counts under SET alone; but the century always */
	MC146818_WRITES_CHANGE,	/* counts at once where it changes a byte, and begins a second */
	MC146818_WRITES_FADE,	/* shows until the next update, which follows the host */
	MC146818_WRITES_NEVER,
};

enum mc146818_uip {
	MC146818_UIP_LEADS,	/* for uip_lead_ns before an update, and during it */
	MC146818_UIP_NEVER,
	MC146818_UIP_ASTRAY,	/* for 1 ms each second, at another place than the update */
	MC146818_UIP_ONCE,	/* in one reading, where none had it for a second */
};

enum mc146818_century {
	MC146818_CENTURY_COUNTS,
	MC146818_CENTURY_NONE,	/* RAM, which holds the right one at first */
};

/* When UIE is cleared by SET. */
enum mc146818_set_uie {
	MC146818_SET_UIE_RISING,	/* as SET goes on; it can be set again */
	MC146818_SET_UIE_HELD,		/* all along */
	MC146818_SET_UIE_KEPT,		/* never */
};

/**
 * struct mc146818_model_options - which chip it is
 * @hold:	see enum mc146818_hold
 * @set:	see enum mc146818_set
 * @writes:	see enum mc146818_writes
 * @uip:	see enum mc146818_uip
 * @century:	see enum mc146818_century
 * @alarm:	see enum mc_sim_alarm
 * @set_uie:	see enum mc146818_set_uie
 * @a:		register A at power-on
 * @b:		register B at power-on
 * @d:		register D at power-on
 * @a_fixed:	bits of A that a write does not change; never the upper one, but for ...
 * @a_ram:	... where all of A is RAM
 * @b_fixed:	bits of B that a write does not change
 * @c_ram:	register C is RAM
 * @d_writable:	bits of D that a write changes
 * @d_date_alarm: D holds the alarm's date
 * @dv_also:	a bit for each number in the divider's bits that counts, besides 2
 * @format_fixed: bits of B, of DM and 24/12, that do not tell the format ...
 * @format:	... and what they would be if they did
 * @noon_is_am:	see struct mc_sim_coding
 * @century_alias: the century stands at 0x37 as well
 * @no_flags:	flags of C that never rise
 * @flags_need_enable: flags that rise only where they are enabled
 * @flags_under_set: UF and AF rise under SET as well
 * @keeps_uie:	the RESET pin does not clear UIE
 * @forgets_hold: a release under SET is none: the updates come as if there had been
 *		no hold
 * @renders:	bytes are made anew from the count at each reading, so that those
 *		which mean no date are gone
 * @garbage:	during an update time registers read 0xff
 * @host:	its time is the host's clock's, whose steps it follows; its seconds
 *		begin with the host's
 * @release_ns:	from a release to the update that follows
 * @uip_lead_ns: UIP is up this long before an update begins
 * @update_ns:	an update lasts this long, less than half a second: UIP stays up,
 *		the registers change one by one, and the flags come at its end
 */
struct mc146818_model_options {
	enum mc146818_hold hold;
	enum mc146818_set set;
	enum mc146818_writes writes;
	enum mc146818_uip uip;
	enum mc146818_century century;
	enum mc_sim_alarm alarm;
	enum mc146818_set_uie set_uie;
	u8 a, b, d;
	u8 a_fixed, b_fixed, d_writable;
	u8 dv_also;
	u8 format_fixed, format;
	u8 no_flags, flags_need_enable;
	bool a_ram, c_ram, d_date_alarm;
	bool noon_is_am, century_alias;
	bool flags_under_set, keeps_uie, forgets_hold;
	bool renders, garbage;
	bool host;
	u32 release_ns;
	u32 uip_lead_ns;
	u32 update_ns;
};

/**
 * struct mc146818_model - one chip
 * @options:	which chip it is
 * @ram:	registers and RAM, as on the bus; in C the flags without IRQF
 * @index:	register that the data port is connected to
 * @nmi_masked:	the upper bit of the last byte written to the index port
 * @written:	time registers were written while they were frozen
 * @sec:	the count since the last complete update, in seconds since 1970
 * @set_sec:	... and as it was when SET went on
 * @armed_sec:	what an alarm is for that is worked out once
 * @t:		the last time given, ns
 * @now_ns:	the same on the chip's crystal, as all that follow
 * @edge_ns:	when the last complete update began
 * @period_ns:	when the periodic interrupt began to count
 * @restart_ns:	how far into a second writing the time leads
 * @uip_ns:	since when UIP goes its own way
 * @late_ns:	how far the host's second was at the last update, of one that fades
 * @rate_t:	since this time ...
 * @rate_ns:	... which was this on the crystal ...
 * @rate_hz:	... the crystal's ns are counted at this rate, nominally 10^9
 */
struct mc146818_model {
	struct mc146818_model_options options;
	u8 ram[MC146818_MODEL_RAM];
	u8 index;
	bool nmi_masked;
	bool written;
	s64 sec, set_sec, armed_sec;
	s64 t;
	s64 now_ns, edge_ns, period_ns, restart_ns, uip_ns, late_ns;
	s64 rate_t, rate_ns, rate_hz;
};

void mc146818_model_init(struct mc146818_model *m, const struct mc146818_model_options *options,
			 s64 sec, s64 t);
void mc146818_model_become(struct mc146818_model *m, const struct mc146818_model_options *options,
			   s64 t);
void mc146818_model_sync(struct mc146818_model *m, s64 t);
u8 mc146818_model_read(struct mc146818_model *m, u8 reg, s64 t);
void mc146818_model_write(struct mc146818_model *m, u8 reg, u8 value, s64 t);
u8 mc146818_model_port_in(struct mc146818_model *m, u16 port, s64 t);
void mc146818_model_port_out(struct mc146818_model *m, u16 port, u8 value, s64 t);
bool mc146818_model_line(const struct mc146818_model *m);
s64 mc146818_model_next_event(struct mc146818_model *m, s64 t);
void mc146818_model_reset(struct mc146818_model *m, s64 t);
void mc146818_model_rebase(struct mc146818_model *m, s64 sec, u32 ns, s64 t);
void mc146818_model_step(struct mc146818_model *m, s64 ns, s64 t);
void mc146818_model_host_step(struct mc146818_model *m, s64 ns, s64 t);
int mc146818_model_rate(struct mc146818_model *m, s64 ppb, s64 t);
bool mc146818_model_now(struct mc146818_model *m, s64 t, s64 *sec, u32 *ns);
struct mc_sim_coding mc146818_model_coding(const struct mc146818_model *m);
s64 mc146818_model_next_update(struct mc146818_model *m, s64 t);

#endif
