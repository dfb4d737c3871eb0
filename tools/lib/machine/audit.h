/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records for the kernel's audit log.
 *
 * Not by libaudit: its static library brings the C library's name service along,
 * which cannot be linked statically, and a constructor that reads /proc.
 */
#ifndef RTCCTL_LIB_MACHINE_AUDIT_H
#define RTCCTL_LIB_MACHINE_AUDIT_H

#include <stdbool.h>

/**
 * audit_connect() - Reach the kernel's audit.
 *
 * Return: a socket; -EPROTONOSUPPORT where the kernel has no audit; -errno.
 */
int audit_connect(void);

/**
 * audit_record() - Note a change of the system's configuration.
 * @fd: from audit_connect(); nothing is done where that is negative
 * @operation: one word
 * @success: whether it succeeded
 *
 * Return: 0 or -errno.
 */
int audit_record(int fd, const char *operation, bool success);

#endif
