/* SPDX-License-Identifier: GPL-2.0 */
/* A virtual machine of one processor in real mode, without any device. */
#ifndef KVM_H
#define KVM_H

#include <stdbool.h>
#include <stddef.h>

#define KVM_MEMORY	0x10000

struct kvm_run;

/**
 * struct kvm - the machine
 * @memory:	KVM_MEMORY bytes from address 0
 * @run:	why it left last, see KVM_RUN
 * @fd:		of /dev/kvm, the machine and its processor
 */
struct kvm {
	unsigned char *memory;
	struct kvm_run *run;
	size_t run_size;
	int fd[3];
};

int kvm_open(struct kvm *kvm);
int kvm_load(struct kvm *kvm, const void *code, size_t size, unsigned int address);
int kvm_enter(struct kvm *kvm);
bool kvm_takes_interrupts(const struct kvm *kvm);
int kvm_interrupt(struct kvm *kvm, unsigned int vector);
void kvm_close(struct kvm *kvm);

#endif
