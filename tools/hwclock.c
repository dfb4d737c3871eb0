// SPDX-License-Identifier: GPL-2.0
#include "command.h"
int hwclock_main(int argc, char **argv) { (void)argc; (void)argv; return 1; }
