// SPDX-License-Identifier: GPL-2.0
/*
 * What each known chip does, and where that is written. Fields that are not named
 * are as the datasheet says: see struct mc146818_model_options.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "sim/profiles.h"

#define HALF_SEC_NS	500000000
#define WHOLE_SEC_NS	1000000000
#define INTEL_LEAD_NS	488281		/* sixteen periods of 32768 Hz */
#define DV(number)	(1 << (number))	/* in dv_also */
#define DV_ALL		0xfb		/* besides 2 */
#define FORMAT		(MC_SIM_B_DM | MC_SIM_B_24H)

static const struct mc_sim_profile profiles[] = {
	{
		/*
		 * Motorola, MC146818A: "Registers", "Divider Control"; with a PC's century,
		 * which the datasheet has not.
		 */
		.name = "mc146818",
		.options = {
			.a = 0x26, .b = 0x02, .d = 0x80,
			.century_alias = true,
			.release_ns = HALF_SEC_NS,
			.uip_lead_ns = MC146818_MODEL_UIP_LEAD_NS,
		},
		.century = MC_SIM_CENTURY,
	}, {
		/*
		 * Maxim, DS12885/DS12887: SET freezes the user's copy while the count goes
		 * on behind it; only the DS12C887 has a century.
		 */
		.name = "ds12887",
		.options = {
			.set = MC146818_SET_REPLACES,
			.century = MC146818_CENTURY_NONE,
			.a = 0x26, .b = 0x02, .d = 0x80,
			.release_ns = HALF_SEC_NS,
			.uip_lead_ns = MC146818_MODEL_UIP_LEAD_NS,
		},
	}, {
		/*
		 * QEMU, hw/rtc/mc146818rtc.c: a write outside of SET takes the stored offset;
		 * a release under SET is none; UIE is off under SET, UF and AF are not; PF
		 * waits for PIE; hw/i386/acpi-build.c names the century.
		 */
		.name = "qemu",
		.options = {
			.writes = MC146818_WRITES_RESTART,
			.alarm = MC_SIM_ALARM_QEMU,
			.set_uie = MC146818_SET_UIE_HELD,
			.a = 0x26, .b = 0x02, .d = 0x80,
			.dv_also = DV(0) | DV(1),
			.flags_need_enable = MC_SIM_C_PF,
			.century_alias = true,
			.flags_under_set = true,
			.keeps_uie = true,
			.forgets_hold = true,
			.renders = true,
			.release_ns = HALF_SEC_NS,
			.uip_lead_ns = MC146818_MODEL_UIP_LEAD_NS,
		},
		.century = MC_SIM_CENTURY,
	}, {
		/*
		 * VirtualBox, src/VBox/Devices/PC/DevRTC.cpp: each tick is left out while
		 * A[6:4] is not 010, and the next one comes in its place; after SET the
		 * registers overwrite the count; flags only where enabled; the century is
		 * filled in once. UIP is up from the tick to the update 244 us after it.
		 */
		.name = "virtualbox",
		.options = {
			.hold = MC146818_HOLD_SKIPS,
			.century = MC146818_CENTURY_NONE,
			.set_uie = MC146818_SET_UIE_KEPT,
			.a = 0x26, .b = 0x02, .d = 0x80,
			.flags_need_enable = MC_SIM_C_FLAGS,
			.uip_lead_ns = MC146818_MODEL_UIP_LEAD_NS,
		},
	}, {
		/*
		 * Xen, xen/arch/x86/hvm/rtc.c: the time is Xen's wall clock and an offset of
		 * whole seconds; the end of SET adds what was written to that; a hold stops
		 * PF alone; RAM, and the century in it, are QEMU's; hvmloader names none.
		 */
		.name = "xen",
		.options = {
			.hold = MC146818_HOLD_NOTHING,
			.set = MC146818_SET_ADDS,
			.century = MC146818_CENTURY_NONE,
			.alarm = MC_SIM_ALARM_QEMU,
			.set_uie = MC146818_SET_UIE_KEPT,
			.a = 0x26, .b = 0x02, .d = 0x80,
			.renders = true,
			.host = true,
			.uip_lead_ns = MC146818_MODEL_UIP_LEAD_NS,
		},
	}, {
		/*
		 * cloud-hypervisor, devices/src/legacy/cmos.rs: the host's CLOCK_REALTIME in
		 * BCD and 24 hours, though B says 12; the time, A and D are not written, B, C
		 * and the alarm are RAM; neither flags nor an interrupt; no century in ACPI.
		 */
		.name = "cloud-hypervisor",
		.options = {
			.hold = MC146818_HOLD_NOTHING,
			.set = MC146818_SET_NOTHING,
			.writes = MC146818_WRITES_NEVER,
			.alarm = MC_SIM_ALARM_NONE,
			.set_uie = MC146818_SET_UIE_KEPT,
			.a = 0x20, .b = 0x00, .d = 0x80,
			.a_fixed = 0xff,
			.format_fixed = FORMAT, .format = MC_SIM_B_24H,
			.no_flags = MC_SIM_C_FLAGS,
			.c_ram = true,
			.host = true,
			.uip_lead_ns = MC146818_MODEL_UIP_LEAD_NS,
		},
	}, {
		/*
		 * crosvm, devices/src/cmos.rs: the host's UTC in BCD and 24 hours; of B only
		 * AIE is kept; A is RAM; an alarm for one date, armed by a write of B; ACPI
		 * names century, date and month.
		 */
		.name = "crosvm",
		.options = {
			.hold = MC146818_HOLD_NOTHING,
			.set = MC146818_SET_NOTHING,
			.writes = MC146818_WRITES_NEVER,
			.uip = MC146818_UIP_NEVER,
			.alarm = MC_SIM_ALARM_DATE,
			.a = 0x00, .b = 0x02, .d = 0x80,
			.a_ram = true,
			.b_fixed = 0xff & ~MC_SIM_B_AIE,
			.format_fixed = FORMAT, .format = MC_SIM_B_24H,
			.no_flags = MC_SIM_C_PF | MC_SIM_C_UF,
			.flags_need_enable = MC_SIM_C_AF,
			.host = true,
		},
		.century = MC_SIM_CENTURY,
		.date_alarm = MC_SIM_DATE_ALARM,
		.month_alarm = MC_SIM_MONTH_ALARM,
	}, {
		/*
		 * kvmtool, hw/rtc.c: the host's UTC in BCD and 24 hours; C and D are not
		 * written, the time neither, and the rest is RAM; no ACPI.
		 */
		.name = "kvmtool",
		.options = {
			.hold = MC146818_HOLD_NOTHING,
			.set = MC146818_SET_NOTHING,
			.writes = MC146818_WRITES_NEVER,
			.uip = MC146818_UIP_NEVER,
			.alarm = MC_SIM_ALARM_NONE,
			.set_uie = MC146818_SET_UIE_KEPT,
			.a = 0x00, .b = 0x00, .d = 0x80,
			.a_ram = true,
			.format_fixed = FORMAT, .format = MC_SIM_B_24H,
			.no_flags = MC_SIM_C_FLAGS,
			.host = true,
		},
	}, {
		/*
		 * bhyve, sys/amd64/vmm/io/vrtc.c: it counts at 010 only, and both a release
		 * and the end of SET begin a second; the time is written under SET alone, but
		 * the century always; no UIP; flags only where enabled.
		 */
		.name = "bhyve",
		.options = {
			.set = MC146818_SET_RESTARTS,
			.writes = MC146818_WRITES_UNDER_SET,
			.uip = MC146818_UIP_NEVER,
			.a = 0x20, .b = 0x02, .d = 0x80,
			.flags_need_enable = MC_SIM_C_FLAGS,
			.release_ns = WHOLE_SEC_NS,
		},
		.century = MC_SIM_CENTURY,
	}, {
		/*
		 * Bochs, bochs/iodev/cmos.cc: ticks are left out at 11x; SET freezes the user's
		 * copy, which replaces the count if it was written; UIE is off under SET; SQWE
		 * is not kept; flags only where enabled. UIP is up from the tick to the update
		 * 244 us after it.
		 */
		.name = "bochs",
		.options = {
			.hold = MC146818_HOLD_SKIPS,
			.set = MC146818_SET_REPLACES,
			.set_uie = MC146818_SET_UIE_HELD,
			.a = 0x26, .b = 0x02, .d = 0x80,
			.b_fixed = MC_SIM_B_SQWE,
			.dv_also = DV(0) | DV(1) | DV(3) | DV(4) | DV(5),
			.flags_need_enable = MC_SIM_C_FLAGS,
			.century_alias = true,
			.uip_lead_ns = MC146818_MODEL_UIP_LEAD_NS,
		},
		.century = MC_SIM_CENTURY,
	}, {
		/*
		 * v86, src/rtc.js: the host's date, always in 24 hours; writes of it are
		 * ignored; UIP is up for 1 ms each second of another clock; an alarm for
		 * today, which fires at once if it is over.
		 */
		.name = "v86",
		.options = {
			.hold = MC146818_HOLD_NOTHING,
			.set = MC146818_SET_NOTHING,
			.writes = MC146818_WRITES_NEVER,
			.uip = MC146818_UIP_ASTRAY,
			.alarm = MC_SIM_ALARM_TODAY,
			.set_uie = MC146818_SET_UIE_HELD,
			.a = 0x26, .b = 0x02, .d = 0x80,
			.format_fixed = MC_SIM_B_24H, .format = MC_SIM_B_24H,
			.flags_need_enable = MC_SIM_C_FLAGS,
			.century_alias = true,
			.host = true,
		},
		.century = MC_SIM_CENTURY,
	}, {
		/*
		 * OpenBSD's vmd, usr.sbin/vmd/mc146818.c: a timer of one second copies the
		 * host's time(), so that what was written is gone then; BCD and 24 hours; A is
		 * RAM; PF is the only flag; no ACPI.
		 */
		.name = "vmd",
		.options = {
			.hold = MC146818_HOLD_NOTHING,
			.set = MC146818_SET_NOTHING,
			.writes = MC146818_WRITES_FADE,
			.uip = MC146818_UIP_NEVER,
			.alarm = MC_SIM_ALARM_NONE,
			.set_uie = MC146818_SET_UIE_KEPT,
			.a = 0x00, .b = 0x02, .d = 0x80,
			.a_ram = true,
			.dv_also = DV_ALL,
			.format_fixed = FORMAT, .format = MC_SIM_B_24H,
			.no_flags = MC_SIM_C_UF | MC_SIM_C_AF,
			.host = true,
		},
	}, {
		/*
		 * ACRN's device model, devicemodel/hw/platform/rtc.c: bhyve's, but it counts
		 * whole seconds of a clock of the host that is not stepped, which keeps its
		 * place through holds and SET; a write outside of SET counts at once.
		 */
		.name = "acrn",
		.options = {
			.hold = MC146818_HOLD_SKIPS,
			.uip = MC146818_UIP_NEVER,
			.a = 0x20, .b = 0x02, .d = 0x80,
			.flags_need_enable = MC_SIM_C_FLAGS,
		},
		.century = MC_SIM_CENTURY,
	}, {
		/*
		 * ACRN's hypervisor, hypervisor/dm/vrtc.c: A to D are copies of the chip's, of
		 * which B alone is written; neither hold nor SET nor UIP; C tells the alarm.
		 */
		.name = "acrn-hv",
		.options = {
			.hold = MC146818_HOLD_NOTHING,
			.set = MC146818_SET_NOTHING,
			.uip = MC146818_UIP_NEVER,
			.set_uie = MC146818_SET_UIE_KEPT,
			.a = 0x26, .b = 0x02, .d = 0x80,
			.a_fixed = 0xff,
			.no_flags = MC_SIM_C_PF | MC_SIM_C_UF,
			.flags_need_enable = MC_SIM_C_AF,
			.renders = true,
		},
		.century = MC_SIM_CENTURY,
	}, {
		/*
		 * OpenVMM, vm/devices/chipset/src/cmos_rtc.rs (as Hyper-V): a byte that a write
		 * changes sets the clock, and begins its second, under SET too; other than 010
		 * freezes the registers alone; UIP is read as 1 where none was for a second;
		 * of 12 hours midnight is 0; only ff matches always.
		 */
		.name = "openvmm",
		.options = {
			.hold = MC146818_HOLD_FREEZES,
			.set = MC146818_SET_NOTHING,
			.writes = MC146818_WRITES_CHANGE,
			.uip = MC146818_UIP_ONCE,
			.alarm = MC_SIM_ALARM_FF,
			.set_uie = MC146818_SET_UIE_HELD,
			.a = 0x26, .b = 0x02, .d = 0x80,
			.flags_need_enable = MC_SIM_C_FLAGS,
			.noon_is_am = true,
			.renders = true,
			.host = true,
		},
		.century = MC_SIM_CENTURY,
	}, {
		/*
		 * Intel, 6 Series PCH, "RTC Registers": UIP 488 us ahead, an update of 1984 us,
		 * bytes 0 to 9 not to be read then; the alarm's date in D. What it is reset to
		 * and when it counts on after a release is not published: the MC146818's.
		 */
		.name = "intel",
		.options = {
			.century = MC146818_CENTURY_NONE,
			.a = 0x26, .b = 0x02, .d = 0x80,
			.d_writable = MC_SIM_D_DATE_ALARM,
			.d_date_alarm = true,
			.garbage = true,
			.release_ns = HALF_SEC_NS,
			.uip_lead_ns = INTEL_LEAD_NS,
			.update_ns = MC146818_MODEL_UPDATE_NS,
		},
		.date_alarm = MC_SIM_D,
	}, {
		/*
		 * AMD, SB600 and later: A[6:5] are reserved and A[4] selects a bank, so that
		 * nothing holds the divider; D[7] can be written on recent ones (edk2, pull
		 * request 10722).
		 */
		.name = "amd",
		.options = {
			.hold = MC146818_HOLD_NOTHING,
			.a = 0x26, .b = 0x02, .d = 0x80,
			.a_fixed = 0x60,
			.d_writable = MC_SIM_D_VRT,
			.dv_also = DV_ALL,
			.uip_lead_ns = MC146818_MODEL_UIP_LEAD_NS,
		},
		.divider_reserved = true,
		.century = MC_SIM_CENTURY,
	}, {
		/* Zhaoxin: a release begins a second (linux-rtc mails, rtc-mc146818-lib.c) */
		.name = "zhaoxin",
		.options = {
			.a = 0x26, .b = 0x02, .d = 0x80,
			.release_ns = WHOLE_SEC_NS,
			.uip_lead_ns = MC146818_MODEL_UIP_LEAD_NS,
		},
		.century = MC_SIM_CENTURY,
	},
};

/**
 * mc_sim_profile_at - one chip after the other
 * @i: from 0 on
 *
 * Return: the chip; NULL after the last.
 */
const struct mc_sim_profile *mc_sim_profile_at(unsigned int i)
{
	return i < ARRAY_SIZE(profiles) ? &profiles[i] : NULL;
}

/**
 * mc_sim_profile_find - a chip by its name
 * @name: its name
 *
 * Return: the chip, or NULL.
 */
const struct mc_sim_profile *mc_sim_profile_find(const char *name)
{
	const struct mc_sim_profile *p;
	unsigned int i;

	for (i = 0; (p = mc_sim_profile_at(i)); i++)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

/**
 * mc_sim_profile_names - all names, a space between them
 * @buf: filled in
 * @size: of @buf, 1 or more
 */
void mc_sim_profile_names(char *buf, size_t size)
{
	const struct mc_sim_profile *p;
	const char *name;
	unsigned int i;
	size_t n = 0;

	for (i = 0; (p = mc_sim_profile_at(i)); i++) {
		if (i && n + 1 < size)
			buf[n++] = ' ';
		for (name = p->name; *name && n + 1 < size; name++)
			buf[n++] = *name;
	}
	buf[n] = '\0';
}
