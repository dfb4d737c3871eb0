// SPDX-License-Identifier: GPL-2.0
/*
 * A function of the kernel's that fails: what does a driver do then?
 *
 * function=NAME result=VALUE calls=N: the next N calls of it return VALUE at once, which is
 * an error where that is a pointer or a number.
 */
#include <linux/atomic.h>
#include <linux/kprobes.h>
#include <linux/module.h>

static char *function;
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "its name");

static long result = -ENOMEM;
module_param(result, long, 0444);
MODULE_PARM_DESC(result, "what it returns (default -ENOMEM)");

static int calls = 1;
module_param(calls, int, 0444);
MODULE_PARM_DESC(calls, "how often (default 1)");

static atomic_t left;

/* Entered in place of the function: its caller gets this. */
static noinline long refused(void)
{
	return result;
}

static int before(struct kprobe *probe, struct pt_regs *regs)
{
	if (atomic_dec_if_positive(&left) < 0)
		return 0;
	instruction_pointer_set(regs, (unsigned long)refused);
	return 1;
}
NOKPROBE_SYMBOL(before);

static struct kprobe probe = { .pre_handler = before };

static int __init refuse_init(void)
{
	atomic_set(&left, calls);
	probe.symbol_name = function;
	return register_kprobe(&probe);
}
module_init(refuse_init);

static void __exit refuse_exit(void)
{
	unregister_kprobe(&probe);
}
module_exit(refuse_exit);

MODULE_DESCRIPTION("A function of the kernel's fails");
MODULE_LICENSE("GPL");
