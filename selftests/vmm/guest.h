/* SPDX-License-Identifier: GPL-2.0 */
/* What the guest and the one who runs it have agreed on. */
#ifndef GUEST_H
#define GUEST_H

#define GUEST_LOAD	0x1000	/* linear address of its code, segments 0 */
#define GUEST_STACK	0x8000
#define GUEST_FIRST	0x2000	/* seconds, minutes, hours, day of the week, date, month, year, B */
#define GUEST_SECOND	0x2010	/* the same, after the alarm */
#define GUEST_INDEX	0x2020	/* what the index port reads */
#define GUEST_C		0x2021	/* register C as the interrupt found it */
#define GUEST_COUNT	0x2022	/* interrupts */
#define GUEST_SPARE	0x2030	/* for its own use */

#define GUEST_VECTOR	0x70	/* where the PC's firmware has IRQ 8 */
#define GUEST_PORT	0x80	/* it says here how far it is: */
#define GUEST_HAS_READ	1	/* FIRST is there */
#define GUEST_IS_DONE	2	/* all of it */

#define GUEST_AHEAD	2	/* seconds from its first reading to its alarm */

#endif
