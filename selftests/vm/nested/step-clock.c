// SPDX-License-Identifier: GPL-2.0
/* step-clock SECONDS: steps the system's clock, by a fraction or back too. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/timex.h>

#define SECOND_NS	1000000000L

int main(int argc, char **argv)
{
	struct timex tx = { .modes = ADJ_SETOFFSET | ADJ_NANO };
	char *end;
	double by;
	long sec;

	if (argc != 2)
		return 1;
	by = strtod(argv[1], &end);
	if (*end || end == argv[1])
		return 1;
	/* The fraction may not be negative. */
	sec = by;
	if (sec > by)
		sec--;
	tx.time.tv_sec = sec;
	tx.time.tv_usec = (by - sec) * SECOND_NS;
	if (adjtimex(&tx) < 0) {
		perror("adjtimex");
		return 1;
	}
	return 0;
}
