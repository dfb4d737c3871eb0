// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "lib/machine/cpuid.h"

#define LEAF_BASIC			0x0
#define LEAF_FEATURES			0x1
#define LEAF_TSC			0x15
#define LEAF_FREQUENCY			0x16
#define LEAF_HYPERVISOR			0x40000000
#define LEAF_KVM_FEATURES		0x40000001
#define LEAF_HYPERVISOR_TIMING		0x40000010
#define LEAF_EXTENDED			0x80000000
#define LEAF_EXTENDED_FEATURES		0x80000001
#define LEAF_POWER			0x80000007

/* 0x1 */
#define EDX_TSC				(1U << 4)
#define ECX_HYPERVISOR			(1U << 31)
/* 0x80000001 */
#define EDX_RDTSCP			(1U << 27)
/* 0x80000007 */
#define EDX_INVARIANT_TSC		(1U << 8)
/* 0x40000001 of KVM */
#define EAX_CLOCKSOURCE			(1U << 0)
#define EAX_CLOCKSOURCE2		(1U << 3)
#define EAX_CLOCKSOURCE_STABLE		(1U << 24)

#define HZ_PER_KHZ			1e3
#define HZ_PER_MHZ			1e6

static const char *name_of(const char *signature)
{
	static const struct {
		const char *signature;
		const char *name;
	} known[] = {
		{ "KVMKVMKVM", "KVM" },
		{ "Microsoft Hv", "Hyper-V" },
		{ "XenVMMXenVMM", "Xen" },
		{ "VMwareVMware", "VMware" },
		{ "TCGTCGTCGTCG", "QEMU TCG" },
		{ "VBoxVBoxVBox", "VirtualBox" },
		{ "bhyve bhyve ", "bhyve" },
		{ "ACRNACRNACRN", "ACRN" },
		{ " lrpepyh  vr", "Parallels" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].signature, signature))
			return known[i].name;
	return signature;
}

static void decode_kvm(cpuid_reader *reader, void *data, struct cpuid_facts *facts)
{
	struct cpuid_regs regs = reader(LEAF_KVM_FEATURES, data);

	facts->kvm_clock = regs.eax & (EAX_CLOCKSOURCE | EAX_CLOCKSOURCE2);
	facts->kvm_clock_stable = regs.eax & EAX_CLOCKSOURCE_STABLE;
}

static void decode_hypervisor(cpuid_reader *reader, void *data, struct cpuid_facts *facts)
{
	struct cpuid_regs regs = reader(LEAF_HYPERVISOR, data);
	uint32_t highest = regs.eax;

	memcpy(facts->signature, &regs.ebx, 4);
	memcpy(facts->signature + 4, &regs.ecx, 4);
	memcpy(facts->signature + 8, &regs.edx, 4);
	facts->hypervisor_name = name_of(facts->signature);
	/* Old KVM says 0 here and means 0x40000001. */
	if (!strcmp(facts->hypervisor_name, "KVM"))
		decode_kvm(reader, data, facts);
	if (highest >= LEAF_HYPERVISOR_TIMING && highest < LEAF_HYPERVISOR + 0x10000)
		facts->hypervisor_hz = reader(LEAF_HYPERVISOR_TIMING, data).eax * HZ_PER_KHZ;
}

static void decode_frequency(cpuid_reader *reader, void *data, uint32_t highest,
			     struct cpuid_facts *facts)
{
	struct cpuid_regs regs;

	if (highest >= LEAF_TSC) {
		/* TSC = crystal (ecx, Hz) * ebx / eax */
		regs = reader(LEAF_TSC, data);
		if (regs.eax && regs.ebx)
			facts->crystal_hz = (double)regs.ecx * regs.ebx / regs.eax;
	}
	if (highest >= LEAF_FREQUENCY)
		facts->base_hz = (reader(LEAF_FREQUENCY, data).eax & 0xffff) * HZ_PER_MHZ;
}

void cpuid_decode(cpuid_reader *reader, void *data, struct cpuid_facts *facts)
{
	struct cpuid_regs regs;
	uint32_t highest;

	memset(facts, 0, sizeof(*facts));
	facts->hypervisor_name = "";
	regs = reader(LEAF_FEATURES, data);
	facts->tsc = regs.edx & EDX_TSC;
	facts->hypervisor = regs.ecx & ECX_HYPERVISOR;
	decode_frequency(reader, data, reader(LEAF_BASIC, data).eax, facts);
	highest = reader(LEAF_EXTENDED, data).eax;
	if (highest >= LEAF_EXTENDED_FEATURES)
		facts->rdtscp = reader(LEAF_EXTENDED_FEATURES, data).edx & EDX_RDTSCP;
	if (highest >= LEAF_POWER)
		facts->invariant_tsc = reader(LEAF_POWER, data).edx & EDX_INVARIANT_TSC;
	if (facts->hypervisor)
		decode_hypervisor(reader, data, facts);
}

static struct cpuid_regs read_leaf(uint32_t leaf, void *data)
{
	(void)data;
	return x86_cpuid(leaf);
}

void cpuid_facts(struct cpuid_facts *facts)
{
	cpuid_decode(read_leaf, NULL, facts);
}
