// SPDX-License-Identifier: GPL-2.0
/*
 * A file that there can be one of in the system, while there are several clocks.
 *
 * It is the first clock's. When that clock goes, the next one gets it.
 */
#include <linux/slab.h>

#include "clock/clock.h"
#include "face/single.h"

/**
 * struct claim - a clock that the file can belong to
 * @entry:	in mc_single.waiting
 * @single:	the file
 * @clock:	the clock
 * @file:	what was made for it; NULL: it is not this clock's
 */
struct claim {
	struct list_head entry;
	struct mc_single *single;
	struct mc_clock *clock;
	void *file;
};

static void give_up(struct claim *claim)
{
	if (claim->file)
		claim->single->remove(claim->file);
	claim->file = NULL;
}

/* To whom it belongs now, if it is to be had. */
static void settle(struct mc_single *s)
{
	struct claim *claim;

	lockdep_assert_held(&s->lock);
	list_for_each_entry(claim, &s->waiting, entry)
		if (claim->file)
			return;
	list_for_each_entry(claim, &s->waiting, entry) {
		claim->file = s->make(claim->clock);
		if (claim->file)
			return;
	}
}

static void leave(void *data)
{
	struct claim *claim = data;
	struct mc_single *s = claim->single;

	mutex_lock(&s->lock);
	list_del(&claim->entry);
	give_up(claim);
	if (!s->taken)
		settle(s);
	mutex_unlock(&s->lock);
}

/**
 * mc_single_join - let the file belong to a clock, now or when it is its turn
 * @s: the file
 * @c: the clock, until its device is unbound
 *
 * Context: process, may sleep.
 * Return: 0, also where the file is another's; -ENOMEM.
 */
int mc_single_join(struct mc_single *s, struct mc_clock *c)
{
	struct claim *claim = devm_kzalloc(c->dev, sizeof(*claim), GFP_KERNEL);

	if (!claim)
		return -ENOMEM;
	claim->single = s;
	claim->clock = c;
	mutex_lock(&s->lock);
	list_add_tail(&claim->entry, &s->waiting);
	if (!s->taken)
		settle(s);
	mutex_unlock(&s->lock);
	return devm_add_action_or_reset(c->dev, leave, claim);
}

/**
 * mc_single_take - somebody else takes the file, or leaves it
 * @s: the file
 * @taken: which of both; on return there is none of ours
 *
 * Context: process, may sleep.
 */
void mc_single_take(struct mc_single *s, bool taken)
{
	struct claim *claim;

	mutex_lock(&s->lock);
	s->taken = taken;
	if (taken) {
		list_for_each_entry(claim, &s->waiting, entry)
			give_up(claim);
	} else {
		settle(s);
	}
	mutex_unlock(&s->lock);
}
