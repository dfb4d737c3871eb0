// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kvm.h>

#include "kvm.h"

#define FLAGS_ALWAYS	2	/* bit 1 of FLAGS reads 1 */

static int add_memory(struct kvm *kvm)
{
	struct kvm_userspace_memory_region region = { .memory_size = KVM_MEMORY };
	void *memory = mmap(NULL, KVM_MEMORY, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return -errno;
	kvm->memory = memory;
	region.userspace_addr = (unsigned long)memory;
	return ioctl(kvm->fd[1], KVM_SET_USER_MEMORY_REGION, &region) ? -errno : 0;
}

static int add_processor(struct kvm *kvm)
{
	int size = ioctl(kvm->fd[0], KVM_GET_VCPU_MMAP_SIZE, 0);
	void *run;

	if (size < 0)
		return -errno;
	kvm->fd[2] = ioctl(kvm->fd[1], KVM_CREATE_VCPU, 0);
	if (kvm->fd[2] < 0)
		return -errno;
	run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, kvm->fd[2], 0);
	if (run == MAP_FAILED)
		return -errno;
	kvm->run = run;
	kvm->run_size = size;
	return 0;
}

/* kvm_open - make a machine; return 0 or -errno, kvm_close() in either case */
int kvm_open(struct kvm *kvm)
{
	int err;

	*kvm = (struct kvm){ .fd = { -1, -1, -1 } };
	kvm->fd[0] = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm->fd[0] < 0)
		return -errno;
	kvm->fd[1] = ioctl(kvm->fd[0], KVM_CREATE_VM, 0);
	if (kvm->fd[1] < 0)
		return -errno;
	err = add_memory(kvm);
	return err ?: add_processor(kvm);
}

/* kvm_load - copy code to an address below 64 KiB, to be run from there with segments 0 */
int kvm_load(struct kvm *kvm, const void *code, size_t size, unsigned int address)
{
	struct kvm_regs regs = { .rip = address, .rflags = FLAGS_ALWAYS };
	struct kvm_sregs sregs;

	memset(kvm->memory, 0, KVM_MEMORY);
	memcpy(kvm->memory + address, code, size);
	if (ioctl(kvm->fd[2], KVM_GET_SREGS, &sregs))
		return -errno;
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	if (ioctl(kvm->fd[2], KVM_SET_SREGS, &sregs) || ioctl(kvm->fd[2], KVM_SET_REGS, &regs))
		return -errno;
	return 0;
}

/* kvm_enter - run until it leaves; return why (KVM_EXIT_...) or -errno */
int kvm_enter(struct kvm *kvm)
{
	if (ioctl(kvm->fd[2], KVM_RUN, 0))
		return -errno;
	return kvm->run->exit_reason;
}

bool kvm_takes_interrupts(const struct kvm *kvm)
{
	return kvm->run->ready_for_interrupt_injection && kvm->run->if_flag;
}

int kvm_interrupt(struct kvm *kvm, unsigned int vector)
{
	struct kvm_interrupt interrupt = { .irq = vector };

	return ioctl(kvm->fd[2], KVM_INTERRUPT, &interrupt) ? -errno : 0;
}

void kvm_close(struct kvm *kvm)
{
	int i;

	if (kvm->run)
		munmap(kvm->run, kvm->run_size);
	if (kvm->memory)
		munmap(kvm->memory, KVM_MEMORY);
	for (i = 2; i >= 0; i--)
		if (kvm->fd[i] >= 0)
			close(kvm->fd[i]);
}
