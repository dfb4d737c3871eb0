/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What CPUID says of the time stamp counter and of the hypervisor. */
#ifndef RTCCTL_LIB_MACHINE_CPUID_H
#define RTCCTL_LIB_MACHINE_CPUID_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/machine/x86.h"

/* Where a leaf is read from; leaves that are not there are zeros. */
typedef struct cpuid_regs cpuid_reader(uint32_t leaf, void *data);

struct cpuid_facts {
	bool hypervisor;		/* something runs below us */
	char signature[13];		/* of the hypervisor, "KVMKVMKVM"; or empty */
	const char *hypervisor_name;	/* "KVM"; the signature where nobody knows it */
	bool tsc;
	bool rdtscp;
	bool invariant_tsc;		/* the same rate in all power states */
	bool kvm_clock;			/* offered, whether or not it is in use */
	bool kvm_clock_stable;		/* ... the same on all processors */
	double crystal_hz;		/* leaf 0x15: the TSC's frequency; 0: not told */
	double base_hz;			/* leaf 0x16: rounded to the MHz; 0: not told */
	double hypervisor_hz;		/* leaf 0x40000010, to the kHz; 0: not told */
};

/**
 * cpuid_decode() - Facts from what @reader returns.
 *
 * A leaf is believed only where the highest one of its range says that it is
 * there: others hold the contents of some other leaf.
 */
void cpuid_decode(cpuid_reader *reader, void *data, struct cpuid_facts *facts);

/** cpuid_facts() - Those of this processor. */
void cpuid_facts(struct cpuid_facts *facts);

#endif
