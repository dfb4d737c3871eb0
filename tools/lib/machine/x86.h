/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What only x86 has: CPUID, the TSC, and ports. Elsewhere each says that it is not there, and
 * everything above goes on without it.
 */
#ifndef RTCCTL_LIB_MACHINE_X86_H
#define RTCCTL_LIB_MACHINE_X86_H

#include <errno.h>
#include <stdint.h>

struct cpuid_regs {
	uint32_t eax, ebx, ecx, edx;
};

#if defined(__x86_64__) || defined(__i386__)

#include <cpuid.h>
#include <sys/io.h>
#include <x86intrin.h>

static inline struct cpuid_regs x86_cpuid(uint32_t leaf)
{
	struct cpuid_regs regs;

	__cpuid_count(leaf, 0, regs.eax, regs.ebx, regs.ecx, regs.edx);
	return regs;
}

/* After everything before it and before everything after it. */
static inline uint64_t x86_read_tsc(void)
{
	uint64_t count;

	_mm_lfence();
	count = __rdtsc();
	_mm_lfence();
	return count;
}

static inline void x86_pause(void)
{
	__builtin_ia32_pause();
}

/* Return: 0, or a negative errno. */
static inline int x86_allow_ports(uint16_t first, int count)
{
	return ioperm(first, count, 1) < 0 ? -errno : 0;
}

static inline uint32_t x86_inl(uint16_t port)
{
	return inl(port);
}

#else

static inline struct cpuid_regs x86_cpuid(uint32_t leaf)
{
	(void)leaf;
	return (struct cpuid_regs){};
}

static inline uint64_t x86_read_tsc(void)
{
	return 0;
}

static inline void x86_pause(void)
{
}

static inline int x86_allow_ports(uint16_t first, int count)
{
	(void)first;
	(void)count;
	return -EOPNOTSUPP;
}

static inline uint32_t x86_inl(uint16_t port)
{
	(void)port;
	return 0;
}

#endif

#endif
