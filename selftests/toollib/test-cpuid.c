// SPDX-License-Identifier: GPL-2.0
/* CPUID as machines have answered it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "lib/machine/cpuid.h"

struct leaf {
	uint32_t leaf;
	struct cpuid_regs regs;
};

#define ECX_HYPERVISOR	0x80000000

static struct cpuid_regs answer(uint32_t leaf, void *data)
{
	static const struct cpuid_regs none;

	for (const struct leaf *l = data; l->leaf != UINT32_MAX; l++)
		if (l->leaf == leaf)
			return l->regs;
	return none;
}

static void test_kvm(void **state)
{
	/* A guest of KVM whose highest hypervisor leaf is the one with its features. */
	struct leaf leaves[] = {
		{ 0, { 0x20, 0x756e6547, 0x6c65746e, 0x49656e69 } },
		{ 1, { 0xa0678, 0x20800, 0xfffa3203, 0x1f8bfbff } },
		{ 0x40000000, { 0x40000001, 0x4b4d564b, 0x564b4d56, 0x4d } },
		{ 0x40000001, { 0x1007efb, 0, 0, 0 } },
		{ 0x40000010, { 12345678, 0, 0, 0 } },
		{ 0x80000000, { 0x80000008, 0, 0, 0 } },
		{ 0x80000001, { 0, 0, 0, 1 << 27 } },
		{ 0x80000007, { 0, 0, 0, 0x100 } },
		{ UINT32_MAX, {} },
	};
	struct cpuid_facts facts;

	(void)state;
	cpuid_decode(answer, leaves, &facts);
	assert_true(facts.hypervisor && facts.tsc && facts.rdtscp && facts.invariant_tsc);
	assert_string_equal(facts.hypervisor_name, "KVM");
	assert_true(facts.kvm_clock && facts.kvm_clock_stable);
	assert_true(facts.hypervisor_hz == 0);
	assert_true(facts.crystal_hz == 0 && facts.base_hz == 0);
}

static void test_tcg(void **state)
{
	/* TCG answers what is beyond its leaves with the contents of another one. */
	struct leaf leaves[] = {
		{ 0, { 0xd, 0, 0, 0 } },
		{ 1, { 0x663, 0, ECX_HYPERVISOR, 0x78bfbfd } },
		{ 0x15, { 1, 1000, 1000000, 0 } },
		{ 0x16, { 0x663, 0, 0, 0 } },
		{ 0x40000000, { 0x40000001, 0x54474354, 0x43544743, 0x47435447 } },
		{ 0x40000001, { 0xffffffff, 0, 0, 0 } },
		{ 0x40000010, { 0x663, 0, 0, 0 } },
		{ 0x80000000, { 0x8000000a, 0, 0, 0 } },
		{ UINT32_MAX, {} },
	};
	struct cpuid_facts facts;

	(void)state;
	cpuid_decode(answer, leaves, &facts);
	assert_string_equal(facts.hypervisor_name, "QEMU TCG");
	assert_false(facts.kvm_clock || facts.invariant_tsc || facts.rdtscp);
	assert_true(facts.crystal_hz == 0 && facts.base_hz == 0 && facts.hypervisor_hz == 0);
}

static void test_frequencies(void **state)
{
	/* A crystal of 24 MHz times 216/2, 2.6 GHz base, and a hypervisor that tells kHz. */
	struct leaf leaves[] = {
		{ 0, { 0x16, 0, 0, 0 } },
		{ 1, { 0, 0, ECX_HYPERVISOR, 0x10 } },
		{ 0x15, { 2, 216, 24000000, 0 } },
		{ 0x16, { 2600, 3500, 100, 0 } },
		{ 0x40000000, { 0x40000010, 0x61774d56, 0x4d566572, 0x65726177 } },
		{ 0x40000001, { 0xffffffff, 0, 0, 0 } },
		{ 0x40000010, { 2592000, 66000, 0, 0 } },
		{ UINT32_MAX, {} },
	};
	struct cpuid_facts facts;

	(void)state;
	cpuid_decode(answer, leaves, &facts);
	assert_string_equal(facts.hypervisor_name, "VMware");
	assert_true(facts.crystal_hz == 2592e6);
	assert_true(facts.base_hz == 2600e6);
	assert_true(facts.hypervisor_hz == 2592e6);
	assert_false(facts.kvm_clock);
	/* A crystal that is not told gives no frequency. */
	leaves[2].regs.ecx = 0;
	cpuid_decode(answer, leaves, &facts);
	assert_true(facts.crystal_hz == 0);
	leaves[2].regs.eax = 0;
	cpuid_decode(answer, leaves, &facts);
	assert_true(facts.crystal_hz == 0);
}

static void test_signatures(void **state)
{
	static const struct {
		const char signature[13];
		const char *name;
	} known[] = {
		{ "Microsoft Hv", "Hyper-V" },
		{ "XenVMMXenVMM", "Xen" },
		{ "KVMKVMKVM", "KVM" },
		{ "bhyve bhyve ", "bhyve" },
		{ "NobodyKnows!", "NobodyKnows!" },
	};
	struct leaf leaves[] = {
		{ 1, { 0, 0, ECX_HYPERVISOR, 0 } },
		{ 0x40000000, {} },
		{ UINT32_MAX, {} },
	};
	struct cpuid_facts facts;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		memcpy(&leaves[1].regs.ebx, known[i].signature, 4);
		memcpy(&leaves[1].regs.ecx, known[i].signature + 4, 4);
		memcpy(&leaves[1].regs.edx, known[i].signature + 8, 4);
		cpuid_decode(answer, leaves, &facts);
		assert_string_equal(facts.hypervisor_name, known[i].name);
	}
}

static void test_bare_metal(void **state)
{
	struct leaf leaves[] = {
		{ 0, { 1, 0, 0, 0 } },
		{ 1, { 0, 0, 0, 0x10 } },
		/* What a processor without hypervisor answers there means nothing. */
		{ 0x40000000, { 0x40000010, 0x4b4d564b, 0x564b4d56, 0x4d } },
		{ 0x40000010, { 1000, 0, 0, 0 } },
		{ UINT32_MAX, {} },
	};
	struct cpuid_facts facts;

	(void)state;
	cpuid_decode(answer, leaves, &facts);
	assert_true(facts.tsc);
	assert_false(facts.hypervisor || facts.kvm_clock || facts.invariant_tsc);
	assert_string_equal(facts.hypervisor_name, "");
	assert_true(facts.hypervisor_hz == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kvm),
		cmocka_unit_test(test_tcg),
		cmocka_unit_test(test_frequencies),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_bare_metal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
