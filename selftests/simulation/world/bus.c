// SPDX-License-Identifier: GPL-2.0
/* The driver's way to the chip: accesses that take time, and at which the machine may crash. */
#include <stdio.h>

#include "chip/bus.h"
#include "kernel/kernel.h"
#include "sim/profiles.h"
#include "world/bus.h"
#include "world/chip.h"
#include "world/random.h"
#include "world/task.h"

#define WRITES	24
#define COLD_AFTER_NS	100000		/* without an access */

s64 bus_accesses;
s64 bus_released, bus_release_ns;
unsigned int bus_longest_hold;
u8 (*bus_misread)(u8 reg, u8 value);
bool (*bus_miswrite)(u8 reg, u8 *value);
jmp_buf bus_crashed;

static s64 takes_ns;
static s64 cold_ns, last_access;
static s64 crash_after;	/* accesses; 0: it does not */
static spinlock_t lock;
static struct device dev;
static struct mc_bus bus;
static u8 last_b;
static unsigned int hold, held;	/* the present hold of the lock, and accesses under it */

/* The last writes, for whoever asks what was done to the chip. */
static struct {
	s64 when;
	u8 reg, value;
} writes[WRITES];
static unsigned int written;

/* A fifth more or less. */
static s64 duration(void)
{
	return takes_ns * 4 / 5 + random_below(takes_ns * 2 / 5 + 1);
}

/* The first access after a while takes longer to get there: nothing of its way is cached. */
static s64 cold(void)
{
	return now - last_access > COLD_AFTER_NS ? cold_ns : 0;
}

static void count(void)
{
	WARN_ON(lock.owner != task_running);
	bus_accesses++;
	if (hold != lock.taken)
		held = 0;
	hold = lock.taken;
	if (++held > bus_longest_hold)
		bus_longest_hold = held;
	if (crash_after && !--crash_after)
		_longjmp(bus_crashed, 1);
}

/* It takes effect somewhere within. */
static u8 read(struct mc_bus *b, u8 reg)
{
	s64 whole = duration(), before = random_below(whole + 1);
	u8 value;

	take(cold() + before + interrupted());
	value = chip_read(reg);
	if (bus_misread)
		value = bus_misread(reg, value);
	count();
	take(whole - before + interrupted());
	last_access = now;
	return value;
}

/* The divider's bits are written, or SET is cleared. */
static bool may_release(u8 reg, u8 value)
{
	return reg == MC146818_A ||
	       (reg == MC146818_B && last_b & ~value & MC146818_B_SET);
}

static void write(struct mc_bus *b, u8 reg, u8 value)
{
	s64 whole = duration(), before = random_below(whole + 1), begun = now;
	bool releases = may_release(reg, value);

	take(cold() + before + interrupted());
	if (!bus_miswrite || bus_miswrite(reg, &value))
		chip_write(reg, value);
	writes[written % WRITES].when = now;
	writes[written % WRITES].reg = reg;
	writes[written++ % WRITES].value = value;
	if (releases)
		bus_released = now;
	count();
	take(whole - before + interrupted());
	last_access = now;
	if (releases)
		bus_release_ns = now - begun;
	if (reg == MC146818_B)
		last_b = value;
}

void bus_print_writes(void)
{
	unsigned int i = written > WRITES ? written - WRITES : 0;

	for (; i < written; i++)
		fprintf(stderr, "#   %.6f s: register 0x%02x = 0x%02x\n",
			writes[i % WRITES].when * 1e-9, writes[i % WRITES].reg,
			writes[i % WRITES].value);
}

static const struct mc_bus_ops operations = {
	.read = read,
	.write = write,
};

/* As it is after a boot. */
struct mc_bus *bus_init(void)
{
	const struct mc_sim_profile *p = chip_profile();

	lock = (spinlock_t){ };
	dev = (struct device){ .name = "clock" };
	bus = (struct mc_bus){
		.ops = &operations,
		.lock = &lock,
		.dev = &dev,
		.ram_size = 114,
		.divider_reserved = p->divider_reserved,
		.format = {
			.century = p->century,
			.date_alarm = p->date_alarm,
			.month_alarm = p->month_alarm,
			.first_year = 1970,
		},
		.century = p->century,
		.date_alarm = p->date_alarm,
		.month_alarm = p->month_alarm,
	};
	crash_after = 0;
	return &bus;
}

/* An access, and how much longer the first one after a while. */
void bus_access_takes(s64 ns, s64 cold)
{
	takes_ns = ns;
	cold_ns = cold;
}

/* The machine crashes when so many accesses more have taken effect; 0: it does not. */
void bus_crash_after(s64 accesses)
{
	crash_after = accesses;
}
