/* SPDX-License-Identifier: GPL-2.0 */
/* The driver's module, from the file $MODULE with the parameters $PARAMS. */
#ifndef MODULE_H
#define MODULE_H

/* With @first before its own parameters. 0 or a negative errno. */
int module_load(const char *first);
int module_unload(void);

#endif
