/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The MC146818 as a state machine: what it answers, and when its line rises.
 *
 * Pure: times are ns of any clock that does not run backwards, from 0 to 2^62;
 * one that lies before the last one given counts as that one. Whoever serves
 * the chip takes its lock around each call.
 */
#ifndef MC146818_MODEL_H
#define MC146818_MODEL_H

#include <linux/types.h>

#include "chip/registers.h"

#define MC146818_MODEL_RAM		128	/* registers and RAM */
#define MC146818_MODEL_CENTURY		0x32	/* and, the same byte, 0x37 */
#define MC146818_MODEL_NEVER		0x7fffffffffffffffLL
#define MC146818_MODEL_RATE_MAX_PPB	500000000
#define MC146818_MODEL_UIP_LEAD_NS	244141	/* eight periods of 32768 Hz */
#define MC146818_MODEL_UPDATE_NS	1984000	/* with a crystal of 32768 Hz */

/**
 * struct mc146818_model_options - which chip it is
 * @qemu:	as QEMU's chip where that differs from the datasheet
 * @uip_lead_ns: UIP is up this long before an update begins
 * @update_ns:	an update lasts this long, less than half a second: UIP stays up,
 *		the registers change one by one, and the flags come at its end
 */
struct mc146818_model_options {
	bool qemu;
	u32 uip_lead_ns;
	u32 update_ns;
};

/**
 * struct mc146818_model - one chip
 * @options:	which chip it is
 * @ram:	registers and RAM, as on the bus; in C the flags without IRQF
 * @index:	register that the data port is connected to
 * @nmi_masked:	the upper bit of the last byte written to the index port
 * @sec:	time since the last complete update, in seconds since 1970
 * @t:		the last time given, ns
 * @now_ns:	the same on the chip's crystal, as all that follow
 * @edge_ns:	when the last complete update began
 * @period_ns:	when the periodic interrupt began to count
 * @restart_ns:	QEMU: how far into a second writing the time leads
 * @rate_t:	since this time ...
 * @rate_ns:	... which was this on the crystal ...
 * @rate_hz:	... the crystal's ns are counted at this rate, nominally 10^9
 */
struct mc146818_model {
	struct mc146818_model_options options;
	u8 ram[MC146818_MODEL_RAM];
	u8 index;
	bool nmi_masked;
	s64 sec;
	s64 t;
	s64 now_ns, edge_ns, period_ns, restart_ns;
	s64 rate_t, rate_ns, rate_hz;
};

void mc146818_model_init(struct mc146818_model *m, const struct mc146818_model_options *options,
			 s64 sec, s64 t);
void mc146818_model_sync(struct mc146818_model *m, s64 t);
u8 mc146818_model_read(struct mc146818_model *m, u8 reg, s64 t);
void mc146818_model_write(struct mc146818_model *m, u8 reg, u8 value, s64 t);
u8 mc146818_model_port_in(struct mc146818_model *m, u16 port, s64 t);
void mc146818_model_port_out(struct mc146818_model *m, u16 port, u8 value, s64 t);
bool mc146818_model_line(const struct mc146818_model *m);
s64 mc146818_model_next_event(struct mc146818_model *m, s64 t);
void mc146818_model_reset(struct mc146818_model *m, s64 t);
void mc146818_model_rebase(struct mc146818_model *m, s64 sec, u32 ns, s64 t);
void mc146818_model_step(struct mc146818_model *m, s64 seconds, s64 t);
int mc146818_model_rate(struct mc146818_model *m, s64 ppb, s64 t);

#endif
