// SPDX-License-Identifier: GPL-2.0
/*
 * Makes an allocation fail: a task writes N to /sys/kernel/debug/fail-nth, and the Nth that
 * it asks of the slabs from then on is refused. Read, the file says how many are still to come
 * before that one, 0 once it has come.
 *
 * A kernel with CONFIG_FAULT_INJECTION has that as /proc/thread-self/fail-nth. This works
 * where should_failslab() is asked all the same, as in 6.1.
 */
#include <linux/debugfs.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

/* What kmemleak notes of each allocation is one itself, and none of the task's. */
#define KMEMLEAK_FLAGS	(__GFP_NORETRY | __GFP_NOMEMALLOC | __GFP_NOWARN)

static struct task_struct *victim;
static unsigned int left;

/* Where the probed function goes on: it returns at once. */
asmlinkage void fail_nth_return(void);
asm(".pushsection .text, \"ax\"\n"
	".globl fail_nth_return\n"
	".type fail_nth_return, @function\n"
	"fail_nth_return:\n"
	ASM_RET
	".size fail_nth_return, . - fail_nth_return\n"
	".popsection\n");

/*
 * Interrupts allocate in their own name. A probe that is a breakpoint, as where the kernel has
 * no ftrace, is itself entered as an NMI.
 */
static bool in_a_task(struct kprobe *probe)
{
	unsigned int own = kprobe_ftrace(probe) ? 0 : NMI_OFFSET + HARDIRQ_OFFSET;

	return !((preempt_count() - own) & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET));
}
NOKPROBE_SYMBOL(in_a_task);

/* int should_failslab(struct kmem_cache *s, gfp_t flags); */
static int refuse(struct kprobe *probe, struct pt_regs *regs)
{
	gfp_t flags = regs_get_kernel_argument(regs, 1);

	if (current != victim || !in_a_task(probe) || !left || flags & __GFP_NOFAIL ||
	    (flags & KMEMLEAK_FLAGS) == KMEMLEAK_FLAGS)
		return 0;
	if (--left)
		return 0;
	regs_set_return_value(regs, -ENOMEM);
	instruction_pointer_set(regs, (unsigned long)fail_nth_return);
	return 1;
}
NOKPROBE_SYMBOL(refuse);

static struct kprobe probe = {
	.symbol_name = "should_failslab",
	.pre_handler = refuse,
};

static ssize_t read_left(struct file *file, char __user *buf, size_t n, loff_t *pos)
{
	char text[16];
	int len = scnprintf(text, sizeof(text), "%u\n", left);

	return simple_read_from_buffer(buf, n, pos, text, len);
}

static ssize_t write_left(struct file *file, const char __user *buf, size_t n, loff_t *pos)
{
	unsigned int nth;
	int err = kstrtouint_from_user(buf, n, 0, &nth);

	if (err)
		return err;
	victim = current;
	left = nth;
	return n;
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = read_left,
	.write = write_left,
	.llseek = default_llseek,
};

static struct dentry *entry;

static int __init fail_nth_init(void)
{
	int err = register_kprobe(&probe);

	if (err)
		return err;
	entry = debugfs_create_file("fail-nth", 0600, NULL, NULL, &operations);
	return 0;
}
module_init(fail_nth_init);

static void __exit fail_nth_exit(void)
{
	debugfs_remove(entry);
	unregister_kprobe(&probe);
}
module_exit(fail_nth_exit);

MODULE_DESCRIPTION("Makes the Nth allocation of a task fail");
MODULE_LICENSE("GPL");
