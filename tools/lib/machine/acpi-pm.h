/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACPI's power management timer, by its port. */
#ifndef RTCCTL_LIB_MACHINE_ACPI_PM_H
#define RTCCTL_LIB_MACHINE_ACPI_PM_H

#include "lib/machine/counter.h"
#include "lib/machine/fadt.h"

/* Three times the colour carrier of NTSC (ACPI specification, 4.8.2.1). */
#define ACPI_PM_HZ	3579545.0

/** acpi_pm_open() - The counter of @fadt's port. Return: 0; -ENODEV; -EPERM; -errno. */
int acpi_pm_open(const struct fadt *fadt, struct counter *counter);

#endif
