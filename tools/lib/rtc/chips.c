// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/rtc/chips.h"
#include "lib/rtc/conduct.h"

/* A chip's crystal, and whoever plays one, may be off by so much; and so may short sleeps. */
#define UIP_SLACK(ns)	((ns) / 5 + 40000)

#define HALF		CONDUCT_HALF
#define BEGINS		(CONDUCT_WHOLE | CONDUCT_WRITE)
#define GOES_ON		CONDUCT_NONE
#define UIP(ns)		.uip = SEEN_YES, .uip_min_ns = (ns), .uip_max_ns = (ns)
#define UIP_DATASHEET	UIP(244141)	/* eight periods of 32768 Hz before the update */
#define FLAGS(uf, pf)	.update_flag = (uf), .periodic_flag = (pf)

const struct chip chips[] = {
	{ "mc146818", "the MC146818 of its datasheet",
	  { HALF, SEEN_YES, UIP_DATASHEET, FLAGS(SEEN_YES, SEEN_YES), SEEN_NO } },
	{ "ds12887", "the DS12887 of its datasheet",
	  { HALF, SEEN_YES, UIP_DATASHEET, FLAGS(SEEN_YES, SEEN_YES), SEEN_NO } },
	{ "qemu", "QEMU",
	  { HALF, SEEN_YES, UIP_DATASHEET, FLAGS(SEEN_YES, SEEN_NO), SEEN_NO } },
	{ "virtualbox", "VirtualBox",
	  { GOES_ON, SEEN_YES, UIP_DATASHEET, FLAGS(SEEN_NO, SEEN_NO), SEEN_NO } },
	{ "xen", "Xen",
	  { GOES_ON, SEEN_YES, UIP_DATASHEET, FLAGS(SEEN_YES, SEEN_YES), SEEN_NO } },
	{ "cloud-hypervisor", "Cloud Hypervisor",
	  { 0, SEEN_NO, UIP_DATASHEET, FLAGS(SEEN_NO, SEEN_NO), SEEN_YES } },
	{ "crosvm", "crosvm",
	  { 0, SEEN_NO, SEEN_NO, 0, 0, FLAGS(SEEN_NO, SEEN_NO), SEEN_NO } },
	{ "kvmtool", "kvmtool",
	  { 0, SEEN_NO, SEEN_NO, 0, 0, FLAGS(SEEN_NO, SEEN_NO), NOT_SEEN } },
	{ "bhyve", "bhyve",
	  { BEGINS, SEEN_YES, SEEN_NO, 0, 0, FLAGS(SEEN_NO, SEEN_NO), SEEN_NO } },
	{ "bochs", "Bochs",
	  { GOES_ON, SEEN_YES, UIP_DATASHEET, FLAGS(SEEN_NO, SEEN_NO), SEEN_NO } },
	/* Somewhere in the second. */
	{ "v86", "v86",
	  { 0, SEEN_NO, UIP(1000000), FLAGS(SEEN_NO, SEEN_NO), SEEN_NO } },
	{ "vmd", "OpenBSD's vmd",
	  { 0, SEEN_NO, SEEN_NO, 0, 0, FLAGS(SEEN_NO, SEEN_YES), SEEN_NO } },
	{ "acrn", "ACRN's device model",
	  { GOES_ON, SEEN_YES, SEEN_NO, 0, 0, FLAGS(SEEN_NO, SEEN_NO), SEEN_NO } },
	{ "acrn-hv", "ACRN's hypervisor",
	  { GOES_ON, SEEN_YES, SEEN_NO, 0, 0, FLAGS(SEEN_NO, SEEN_NO), SEEN_NO } },
	/* In one reading alone. */
	{ "openvmm", "OpenVMM",
	  { BEGINS, SEEN_YES, UIP(0), FLAGS(SEEN_NO, SEEN_NO), SEEN_NO } },
	/* 488 us before the update, and during it. */
	{ "intel", "Intel's chipsets",
	  { HALF, SEEN_YES, UIP(2472281), FLAGS(SEEN_YES, SEEN_YES), SEEN_NO } },
	{ "amd", "AMD's chipsets",
	  { GOES_ON, SEEN_YES, UIP_DATASHEET, FLAGS(SEEN_YES, SEEN_YES), SEEN_NO } },
	{ "zhaoxin", "Zhaoxin's chipsets",
	  { BEGINS, SEEN_YES, UIP_DATASHEET, FLAGS(SEEN_YES, SEEN_YES), SEEN_NO } },
	{}
};

/* One that varies has none of both. */
static bool agree(enum seen seen, enum seen known)
{
	return seen == known || seen == NOT_SEEN || known == NOT_SEEN;
}

static bool uip_fits(const struct chip_traits *seen, const struct chip_traits *known)
{
	if (!agree(seen->uip, known->uip))
		return false;
	if (seen->uip != SEEN_YES)
		return true;
	return seen->uip_max_ns >= known->uip_min_ns - UIP_SLACK(known->uip_min_ns) &&
	       seen->uip_min_ns <= known->uip_max_ns + UIP_SLACK(known->uip_max_ns);
}

/* A clock that keeps no time that is written shows nothing of a release. */
static bool release_fits(const struct chip_traits *seen, const struct chip_traits *known)
{
	return !seen->release || !known->release || seen->release & known->release;
}

static bool fits(const struct chip_traits *seen, const struct chip_traits *known)
{
	return release_fits(seen, known) && uip_fits(seen, known) &&
	       agree(seen->keeps, known->keeps) &&
	       agree(seen->update_flag, known->update_flag) &&
	       agree(seen->periodic_flag, known->periodic_flag) &&
	       agree(seen->hides_24, known->hides_24);
}

int chips_that_fit(const struct chip_traits *seen, const struct chip *fit[CHIPS_MAX])
{
	int count = 0;

	for (const struct chip *chip = chips; chip->key && count < CHIPS_MAX; chip++)
		if (fits(seen, &chip->traits))
			fit[count++] = chip;
	return count;
}
