/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The chip's registers as the emulated one knows them, from the Motorola MC146818A
 * datasheet. Not the driver's: the two shall not be wrong together.
 */
#ifndef MC_SIM_REGISTERS_H
#define MC_SIM_REGISTERS_H

#define MC_SIM_SECONDS		0x00
#define MC_SIM_SECONDS_ALARM	0x01
#define MC_SIM_MINUTES		0x02
#define MC_SIM_MINUTES_ALARM	0x03
#define MC_SIM_HOURS		0x04
#define MC_SIM_HOURS_ALARM	0x05
#define MC_SIM_DAY_OF_WEEK	0x06
#define MC_SIM_DATE		0x07
#define MC_SIM_MONTH		0x08
#define MC_SIM_YEAR		0x09
#define MC_SIM_A		0x0a
#define MC_SIM_B		0x0b
#define MC_SIM_C		0x0c
#define MC_SIM_D		0x0d
#define MC_SIM_RAM		0x0e	/* first byte of user RAM */
#define MC_SIM_CENTURY		0x32	/* on PCs */
#define MC_SIM_DATE_ALARM	0x33	/* crosvm's */
#define MC_SIM_MONTH_ALARM	0x34
#define MC_SIM_CENTURY_ALIAS	0x37	/* the PS/2's place for the century */

#define MC_SIM_A_UIP		0x80	/* update in progress */
#define MC_SIM_A_DV		0x70	/* divider */
#define MC_SIM_A_DV_SHIFT	4
#define MC_SIM_A_RS		0x0f	/* rate of the periodic interrupt */

#define MC_SIM_B_SET		0x80
#define MC_SIM_B_PIE		0x40
#define MC_SIM_B_AIE		0x20
#define MC_SIM_B_UIE		0x10
#define MC_SIM_B_SQWE		0x08
#define MC_SIM_B_DM		0x04	/* binary instead of BCD */
#define MC_SIM_B_24H		0x02	/* hours from 0 to 23 */
#define MC_SIM_B_ENABLES	(MC_SIM_B_PIE | MC_SIM_B_AIE | MC_SIM_B_UIE)

#define MC_SIM_C_IRQF		0x80
#define MC_SIM_C_PF		0x40
#define MC_SIM_C_AF		0x20
#define MC_SIM_C_UF		0x10
#define MC_SIM_C_FLAGS		(MC_SIM_C_PF | MC_SIM_C_AF | MC_SIM_C_UF)

#define MC_SIM_D_VRT		0x80	/* the battery held */
#define MC_SIM_D_DATE_ALARM	0x3f	/* Intel's */

#define MC_SIM_PM		0x80	/* of the hours, where they count to 12 */
#define MC_SIM_ANY		0xc0	/* both set: an alarm byte that matches always */

#endif
