/* SPDX-License-Identifier: GPL-2.0 */
/* The init of the test VM: loads the module, runs the tests, gives the verdict. */
#ifndef VM_INIT_H
#define VM_INIT_H

#include <stdbool.h>
#include <stddef.h>

/* port.c: what leaves the VM */
int port_open(void);
void port_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void port_line(const char *indent, const char *line);
void port_exit(bool pass);
void port_end(size_t number, const char *end);

/* config.c: what the runner asks for, one `key value` a line */
struct config {
	char driver[16];	/* ours, shared, takeover, emulated, rtc_cmos or none */
	char params[512];	/* of the module */
	bool early;		/* load the module before anything is mounted */
	char shell[32];		/* terminal of a person's shell in place of the tests */
	bool counted;		/* time comes from counted instructions: nothing is late */
	bool keep;		/* the module may stay loaded at the end */
	char end[32];		/* how to bring the machine down, as selftests/vm/host has it */
};

int config_read(const char *path, struct config *config);
bool config_wants_module(const struct config *config);

/* module.c */
#define MODULE_FILE "/driver/rtc-mc146818.ko"
#define MODULE_NAME "rtc_mc146818"

int module_load(const char *params);
int module_unload(void);

/* kexec.c: another kernel, which finds the clock as this one left it, an alarm armed or none */
void kexec_end(size_t number, const char *alarm);
/* In that one: what it is to find, or NULL; and whether it did. */
const char *kexec_found(void);
void kexec_judge(const char *found);

/* test.c */
struct test {
	char *name;
	char *command;
	int limit_s;
};

struct plan {
	struct test *tests;
	size_t count;
};

struct outcome {
	bool pass;
	bool skip;
	char why[160];
};

int plan_read(const char *path, struct plan *plan);
void test_run(const struct test *test, struct outcome *outcome);

/* tap.c: the results that a test prints itself */
struct tap {
	long plan;		/* -1: none seen */
	unsigned int pass, fail, skip;
	char skip_all[120];	/* reason behind `1..0 # SKIP` */
	char last[120];		/* last line printed */
};

void tap_line(struct tap *tap, const char *line);
void tap_judge(const struct tap *tap, int wait_status, struct outcome *outcome);

/* kmemleak.c: whether this kernel looks for leaks, and what it finds */
bool kmemleak_looks(void);
void kmemleak_judge(struct outcome *outcome);

/* klog.c: the kernel's log */
void klog_mark(const char *name);
/* The console shows no more than these, after a mark that says so. */
void klog_warnings_alone(void);
void klog_judge(struct outcome *outcome);

#endif
