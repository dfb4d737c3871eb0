/* SPDX-License-Identifier: GPL-2.0 */
/* A file that there can be one of in the system, while there are several clocks. */
#ifndef MC_SINGLE_H
#define MC_SINGLE_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct mc_clock;

/**
 * struct mc_single - the file
 * @lock:	guards the rest
 * @waiting:	the clocks that it can belong to, the first one first; it belongs to one of them
 * @taken:	somebody else has the file
 * @make:	makes it for a clock; NULL where it cannot be had
 * @remove:	removes what @make returned
 */
struct mc_single {
	struct mutex lock; /* see above */
	struct list_head waiting;
	bool taken;
	void *(*make)(struct mc_clock *c);
	void (*remove)(void *file);
};

int mc_single_join(struct mc_single *s, struct mc_clock *c);
void mc_single_take(struct mc_single *s, bool taken);

#endif
