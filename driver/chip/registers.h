/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The MC146818's registers, and what their bytes mean as time and alarm.
 *
 * Pure: no clock, no lock, no I/O. Register and bit names follow the Motorola
 * MC146818A datasheet, "Address map" and "Registers".
 */
#ifndef MC146818_H
#define MC146818_H

#include <linux/types.h>
#include <linux/rtc.h>

#define MC146818_SECONDS		0x00
#define MC146818_SECONDS_ALARM		0x01
#define MC146818_MINUTES		0x02
#define MC146818_MINUTES_ALARM		0x03
#define MC146818_HOURS			0x04
#define MC146818_HOURS_ALARM		0x05
#define MC146818_DAY_OF_WEEK		0x06
#define MC146818_DATE			0x07
#define MC146818_MONTH			0x08
#define MC146818_YEAR			0x09
#define MC146818_A			0x0a
#define MC146818_B			0x0b
#define MC146818_C			0x0c
#define MC146818_D			0x0d
#define MC146818_RAM			0x0e	/* first byte of user RAM */

#define MC146818_A_UIP			0x80	/* an update begins within 244 us */
#define MC146818_A_DV			0x70	/* divider control */
#define MC146818_A_DV_32KHZ		0x20
#define MC146818_A_DV_RESET		0x60	/* either of 11x holds the divider */
#define MC146818_A_RS			0x0f	/* periodic rate */

#define MC146818_B_SET			0x80
#define MC146818_B_PIE			0x40
#define MC146818_B_AIE			0x20
#define MC146818_B_UIE			0x10
#define MC146818_B_SQWE			0x08
#define MC146818_B_DM			0x04	/* 1: binary, 0: BCD */
#define MC146818_B_24H			0x02	/* datasheet: 24/12 */
#define MC146818_B_DSE			0x01
#define MC146818_B_IRQ_ENABLES		(MC146818_B_PIE | MC146818_B_AIE | MC146818_B_UIE)

#define MC146818_C_IRQF			0x80
#define MC146818_C_PF			0x40
#define MC146818_C_AF			0x20
#define MC146818_C_UF			0x10

#define MC146818_D_VRT			0x80	/* valid RAM and time: the battery held */

#define MC146818_DATE_ALARM		0x3f	/* the date alarm, where it shares D */

#define MC146818_HOURS_PM		0x80	/* in 12-hour mode */
#define MC146818_ALARM_ANY		0xc0	/* both set: matches always */

/* An update lasts at most 244 us (UIP lead) plus 1984 us (32 kHz divider). */
#define MC146818_UPDATE_US		2228

/**
 * struct mc146818_format - how a chip's bytes are to be read
 * @reg_b:	register B; its DM and 24/12 bits decide
 * @hours_24:	hours run from 0 to 23 even where register B says 12
 * @hours_0:	of 12 hours the first is 0, and noon is 12 without PM (OpenVMM)
 * @century:	a century byte exists (ACPI FADT CENTURY)
 * @date_alarm:	an alarm byte for the date exists (ACPI FADT DAY_ALRM)
 * @month_alarm: an alarm byte for the month exists (ACPI FADT MON_ALRM)
 * @first_year:	without a century byte, years run from here for a hundred years
 */
struct mc146818_format {
	u8 reg_b;
	bool hours_24;
	bool hours_0;
	bool century;
	bool date_alarm;
	bool month_alarm;
	u16 first_year;
};

/* The bytes of the time registers, as on the bus. */
struct mc146818_time {
	u8 seconds, minutes, hours, day_of_week, date, month, year, century;
};

/* The bytes of the alarm registers, as on the bus. */
struct mc146818_alarm {
	u8 seconds, minutes, hours, date, month;
};

int mc146818_decode_seconds(const struct mc146818_format *f, u8 byte);
int mc146818_decode_time(const struct mc146818_format *f,
			 const struct mc146818_time *bytes, struct rtc_time *tm);
int mc146818_encode_time(const struct mc146818_format *f,
			 const struct rtc_time *tm, struct mc146818_time *bytes);
int mc146818_decode_alarm(const struct mc146818_format *f,
			  const struct mc146818_alarm *bytes, struct rtc_time *tm);
int mc146818_encode_alarm(const struct mc146818_format *f,
			  const struct rtc_time *tm, struct mc146818_alarm *bytes);
bool mc146818_counts_24(const struct mc146818_format *f);
void mc146818_range(const struct mc146818_format *f, s64 *min, s64 *max);
s64 mc146818_alarm_reach(const struct mc146818_format *f, s64 now);
s64 mc146818_least_reach(const struct mc146818_format *f);
bool mc146818_century_kept(const struct mc146818_format *f,
			   const struct mc146818_time *bytes);

#endif
