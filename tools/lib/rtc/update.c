// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "lib/rtc/update.h"
#include "lib/time/clock.h"

/* UIP of the datasheet is up for 244 us before an update: who has looked since cannot miss it. */
#define CLOSE_NS	180000
/* Where it is up elsewhere in the second, that is for 1 ms. */
#define SELDOM_NS	800000
/* Where it is known as closely as this, more looking tells nothing new. */
#define NARROW_NS	60000
/* A second, and what a clock's may be longer. */
#define WATCH_NS	(NSEC_PER_SEC * 11 / 10)
#define LONGEST_NS	(8 * NSEC_PER_SEC)

static void follow_uip(struct update *update, const struct update_look *look)
{
	int64_t min_ns, max_ns;

	if (look->uip && !update->last.uip) {
		update->rise_ns = update->last.before_ns;
		update->up_ns = look->between_ns;
	}
	if (look->uip || !update->last.uip || !update->up_ns)
		return;
	min_ns = update->last.before_ns - update->up_ns;
	max_ns = look->between_ns - update->rise_ns;
	update->up_ns = 0;
	if (min_ns < 0)
		min_ns = 0;
	if (update->raised && max_ns - min_ns >= update->uip_max_ns - update->uip_min_ns)
		return;
	update->raised = true;
	update->uip_min_ns = min_ns;
	update->uip_max_ns = max_ns;
}

/* A whole second must have been watched: UIP may be up anywhere in it. */
static void follow_seconds(struct update *update, const struct update_look *look)
{
	if (look->seconds == update->last.seconds)
		return;
	if (update->updates++ && update->blind_ns < SELDOM_NS &&
	    look->after_ns - update->last.before_ns < CLOSE_NS)
		update->watched++;
	update->blind_ns = 0;
}

void update_take(struct update *update, const struct update_look *look)
{
	int64_t blind_ns = look->between_ns - update->last.before_ns;

	if (!update->began_ns) {
		update->began_ns = look->before_ns;
	} else {
		if (blind_ns > update->blind_ns)
			update->blind_ns = blind_ns;
		follow_uip(update, look);
		follow_seconds(update, look);
	}
	update->last = *look;
}

enum seen update_uip(const struct update *update)
{
	if (update->raised)
		return SEEN_YES;
	return update->watched ? SEEN_NO : NOT_SEEN;
}

static bool enough(const struct update *update)
{
	int64_t watched_ns = update->last.after_ns - update->began_ns;

	if (watched_ns > LONGEST_NS)
		return true;
	if (watched_ns < WATCH_NS || !update->updates)
		return false;
	if (update->raised)
		return update->uip_max_ns - update->uip_min_ns < NARROW_NS;
	return update->watched;
}

static int look_at(const struct register_file *file, struct update_look *look)
{
	uint8_t a = 0;
	int err;

	look->before_ns = clock_now_ns(CLOCK_MONOTONIC_RAW);
	err = registers_one(file, REGISTER_A, &a);
	look->between_ns = clock_now_ns(CLOCK_MONOTONIC_RAW);
	if (!err)
		err = registers_one(file, REGISTER_SECONDS, &look->seconds);
	look->after_ns = clock_now_ns(CLOCK_MONOTONIC_RAW);
	look->uip = a & REGISTER_A_UIP;
	return err;
}

static int watch(const struct register_file *file, struct update *update)
{
	struct update_look look;
	int err;

	do {
		err = look_at(file, &look);
		if (err)
			return err;
		update_take(update, &look);
	} while (!enough(update));
	return 0;
}

/* Whoever has enabled an interrupt needs the flags himself. */
static int read_flags(const struct register_file *file, struct update_signs *signs)
{
	uint8_t b;
	int err;

	err = registers_one(file, REGISTER_B, &b);
	signs->flags_read = !err && !(b & (REGISTER_B_PIE | REGISTER_B_AIE | REGISTER_B_UIE));
	return signs->flags_read ? registers_one(file, REGISTER_C, &signs->c) : err;
}

int update_watch(const struct register_file *file, struct update_signs *signs)
{
	struct update update = {};
	uint8_t a = 0;
	int err;

	memset(signs, 0, sizeof(*signs));
	/* What is older is no update's that is watched. */
	err = read_flags(file, signs);
	if (!err)
		err = watch(file, &update);
	if (!err)
		err = read_flags(file, signs);
	if (!err)
		err = registers_one(file, REGISTER_A, &a);
	signs->rate = a & REGISTER_A_RS;
	signs->updates = update.updates;
	signs->uip = update_uip(&update);
	signs->uip_min_ns = update.uip_min_ns;
	signs->uip_max_ns = update.uip_max_ns;
	return err;
}
