// SPDX-License-Identifier: GPL-2.0
/*
 * The machine is stopped and goes on, or is put back to a snapshot, while the clock
 * runs on without it: no answer afterwards is wrong beyond its bound.
 *
 * Whoever watches the output does that to it (selftests/vm/host): HOST in the
 * environment says that somebody does.
 */
#include <stdio.h>
#include <stdlib.h>

#include "step.h"

#define AWAY_S		5
#define PATIENCE	6	/* in real time, on a host that others use, too */

static int pause_machine(struct clock *clock)
{
	(void)clock;
	printf("# host: pause %d\n", AWAY_S);
	return 0;
}

static int revert_machine(struct clock *clock)
{
	(void)clock;
	printf("# host: revert %d\n", AWAY_S);
	return 0;
}

static enum ktap_result a_pause_is_survived(struct clock *clock)
{
	if (!getenv("HOST"))
		SKIP("nobody stops this machine");
	return step_is_survived(clock, pause_machine, PATIENCE);
}

static enum ktap_result a_snapshot_is_survived(struct clock *clock)
{
	if (!getenv("HOST"))
		SKIP("nobody puts this machine back");
	return step_is_survived(clock, revert_machine, PATIENCE);
}

static const struct ktap_test tests[] = {
	{ "a pause of the machine is survived", a_pause_is_survived },
	{ "going back to a snapshot is survived", a_snapshot_is_survived },
};

KTAP_MAIN(tests)
