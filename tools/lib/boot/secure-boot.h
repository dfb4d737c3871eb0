/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which modules the running kernel takes. */
#ifndef RTCCTL_LIB_BOOT_SECURE_BOOT_H
#define RTCCTL_LIB_BOOT_SECURE_BOOT_H

#include <stdbool.h>

#include "lib/boot/module.h"

enum secure_boot {
	SECURE_BOOT_NONE,	/* no EFI, or it does not tell */
	SECURE_BOOT_OFF,
	SECURE_BOOT_ON,
	SECURE_BOOT_SHIM_OFF,	/* on, but shim was told not to check: the kernel does not either */
};

/** secure_boot_state() - By EFI's variables. */
enum secure_boot secure_boot_state(void);

/** secure_boot_lockdown() - "none", "integrity", "confidentiality"; "" where it is not told. */
void secure_boot_lockdown(char *mode, size_t size);

/** secure_boot_signed_only() - Whether only modules with a known signature are loaded. */
bool secure_boot_signed_only(void);

/** secure_boot_trusts() - Whether the module is signed by a machine owner key of this machine. */
bool secure_boot_trusts(const struct module *module);

#endif
