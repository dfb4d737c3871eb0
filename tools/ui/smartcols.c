// SPDX-License-Identifier: GPL-2.0-or-later
#include <dlfcn.h>
#include <stddef.h>

#include "ui/report.h"
#include "ui/smartcols.h"

#define LIBRARY		"libsmartcols.so.1"

static const struct {
	const char *name;
	size_t member;
} functions[] = {
#define SMARTCOLS_ENTRY(name) { "scols_" #name, offsetof(struct smartcols, name) },
	SMARTCOLS_FUNCTIONS(SMARTCOLS_ENTRY)
#undef SMARTCOLS_ENTRY
};

const struct smartcols *smartcols_load(void)
{
	static struct smartcols smartcols;
	static void *library;
	void **member;

	if (library)
		return &smartcols;
	library = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);
	for (size_t i = 0; library && i < sizeof(functions) / sizeof(functions[0]); i++) {
		member = (void **)((char *)&smartcols + functions[i].member);
		*member = dlsym(library, functions[i].name);
		if (!*member)
			library = NULL;
	}
	if (!library)
		report("cannot print a table: %s: install the package libsmartcols1", dlerror());
	return library ? &smartcols : NULL;
}
