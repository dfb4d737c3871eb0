// SPDX-License-Identifier: GPL-2.0
/*
 * Firmware, or whoever else, stops the clock while the system sleeps, which the kernel only
 * plays: it stays stopped, and what it shows is no time, until it is set.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ktap.h"
#include "ports.h"
#include "sleep.h"

#define ASLEEP_S	1

static enum ktap_result found_stopped(struct clock *clock, uint8_t a, uint8_t b)
{
	s64 sec;
	int err;

	ports_write(REG_A, a);
	ports_write(REG_B, b);
	err = sleep_played(ASLEEP_S);
	REQUIRE(!err, "suspend: %s", strerror(-err));
	err = clock_read(clock, &sec);
	REQUIRE(err == -EINVAL, "of a time that stood still: %s", strerror(-err));
	/* Were it let run, the next who binds would take its date for a good one. */
	REQUIRE((ports_read(REG_A) & A_DV) == (a & A_DV), "register A is %#x", ports_read(REG_A));
	REQUIRE((ports_read(REG_B) & B_SET) == (b & B_SET), "register B is %#x", ports_read(REG_B));
	REQUIRE(!clock_set(clock, 1893456000), "it cannot be set");
	REQUIRE((ports_read(REG_A) & A_DV) == A_DV_32KHZ, "register A is %#x", ports_read(REG_A));
	REQUIRE(!(ports_read(REG_B) & B_SET), "SET is still on");
	REQUIRE(!clock_read(clock, &sec), "it cannot be read once it is set");
	return KTAP_PASS;
}

static enum ktap_result a_held_divider_stays_held_until_a_set(struct clock *clock)
{
	REQUIRE(!ports_open(clock), "no right to the ports");
	return found_stopped(clock, A_DV_RESET | (ports_read(REG_A) & 0x0f), ports_read(REG_B));
}

static enum ktap_result set_stays_until_a_set(struct clock *clock)
{
	REQUIRE(!ports_open(clock), "no right to the ports");
	return found_stopped(clock, ports_read(REG_A) & ~A_UIP, ports_read(REG_B) | B_SET);
}

static const struct ktap_test tests[] = {
	{ "a_held_divider_stays_held_until_a_set", a_held_divider_stays_held_until_a_set, .sets_time = true },
	{ "set_stays_until_a_set", set_stays_until_a_set, .sets_time = true },
};

int main(int argc, char **argv)
{
	if (!sleep_playable()) {
		printf("TAP version 13\n1..0 # SKIP this kernel does not play a sleep\n");
		return 4;
	}
	return ktap_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
