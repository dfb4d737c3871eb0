/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's own words for C, for the driver's files in user space. No libc header with
 * functions in it is seen by them: names as read, remove or poll are theirs.
 */
#ifndef SIM_KERNEL_BASICS_H
#define SIM_KERNEL_BASICS_H

#include <errno.h>
#include <limits.h>
#include <stdarg.h>

#include <linux/types.h>

typedef u64 timeu64_t;

typedef unsigned int gfp_t;
typedef long ssize_t;
typedef unsigned short umode_t;
typedef int irqreturn_t;
typedef struct {
	s64 counter;
} atomic64_t;
typedef struct {
	int counter;
} atomic_t;

#define ENOIOCTLCMD		515
#define ENOTSUPP		524
#define ERESTARTSYS		512

#define S64_MAX			((s64)0x7fffffffffffffffLL)
#define S64_MIN			((s64)(-S64_MAX - 1))
#define U64_MAX			((u64)~0ULL)
#define S32_MAX			INT_MAX
#define S32_MIN			INT_MIN
#define U32_MAX			UINT_MAX
#define U8_MAX			255

#define NSEC_PER_SEC		1000000000L
#define NSEC_PER_MSEC		1000000L
#define NSEC_PER_USEC		1000L
#define USEC_PER_SEC		1000000L
#define USEC_PER_MSEC		1000L
#define MSEC_PER_SEC		1000L
#define HZ			250

#define LINUX_VERSION_MAJOR	6
#define LINUX_VERSION_PATCHLEVEL 12

#define CONFIG_DEBUG_FS		1
#define CONFIG_PTP_1588_CLOCK	1
#define CONFIG_RTC_INTF_PROC	1
#define CONFIG_RTC_NVMEM	1
#define CONFIG_SYSCTL		1

/* 1 where the option is defined as 1: a comma appears where its name is pasted. */
#define PLACE_1			0,
#define SECOND(ignored, value, ...) value
#define IS_1(comma_or_junk)	SECOND(comma_or_junk 1, 0)
#define IS_PASTED(value)	IS_1(PLACE_##value)
#define IS_ENABLED(option)	IS_PASTED(option)
#define IS_REACHABLE(option)	IS_PASTED(option)
#define __user
#define __iomem
#define __init
#define __exit
#define __must_check
#define __always_unused		__attribute__((unused))
#define __maybe_unused		__attribute__((unused))
#define __printf(fmt, args)	__attribute__((format(printf, fmt, args)))
#define __force
#define __percpu
#define __packed		__attribute__((packed))
#define __aligned(n)		__attribute__((aligned(n)))
#define fallthrough		__attribute__((fallthrough))
#define noinline		__attribute__((noinline))
#define likely(x)		(x)
#define unlikely(x)		(x)
#define THIS_MODULE		((struct module *)0)
#define EXPORT_SYMBOL_GPL(name)
#define KBUILD_MODNAME		"rtc-mc146818"

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile __typeof__(x) *)&(x) = (value))
#define smp_load_acquire(p)	READ_ONCE(*(p))
#define smp_store_release(p, v)	WRITE_ONCE(*(p), v)
#define barrier()		__asm__ volatile("" ::: "memory")
#define smp_mb()		barrier()
#define smp_rmb()		barrier()
#define smp_wmb()		barrier()
#define xchg(p, v) ({ __typeof__(*(p)) __old = *(p); *(p) = (v); __old; })
#define cmpxchg(p, old, new) ({ \
	__typeof__(*(p)) __was = *(p); \
	if (__was == (old)) \
		*(p) = (new); \
	__was; })

#define min(a, b) ({ __typeof__(a) __a = (a); __typeof__(b) __b = (b); __a < __b ? __a : __b; })
#define max(a, b) ({ __typeof__(a) __a = (a); __typeof__(b) __b = (b); __a > __b ? __a : __b; })
#define min3(a, b, c)		min(min(a, b), c)
#define max3(a, b, c)		max(max(a, b), c)
#define min_t(type, a, b)	min((type)(a), (type)(b))
#define max_t(type, a, b)	max((type)(a), (type)(b))
#define clamp(v, lo, hi)	min((__typeof__(v))max(v, lo), hi)
#define clamp_t(type, v, lo, hi) min_t(type, max_t(type, v, lo), hi)
#define abs(x) ({ __typeof__(x) __x = (x); __x < 0 ? -__x : __x; })
#define swap(a, b) do { __typeof__(a) __t = (a); (a) = (b); (b) = __t; } while (0)
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define BIT(n)			(1UL << (n))
#define GENMASK(h, l)		((~0UL << (l)) & (~0UL >> (63 - (h))))
#define DIV_ROUND_UP(a, b)	(((a) + (b) - 1) / (b))
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
#define struct_size(p, member, n) (sizeof(*(p)) + (n) * sizeof((p)->member[0]))
#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define BUILD_BUG_ON(condition)	_Static_assert(!(condition), #condition)
#define static_assert(...)	_Static_assert(__VA_ARGS__, "static_assert")

/* A warning in the kernel's log is a failed simulation. */
void kernel_warn(const char *file, int line, const char *what);

#define WARN_ON(condition) ({ \
	bool __on = !!(condition); \
	if (__on) \
		kernel_warn(__FILE__, __LINE__, #condition); \
	__on; })
#define WARN_ON_ONCE(condition)	WARN_ON(condition)
#define WARN(condition, ...)	WARN_ON(condition)
#define WARN_ONCE(condition, ...) WARN_ON(condition)
#define BUG_ON(condition)	WARN_ON(condition)

static inline void *ERR_PTR(long err)
{
	return (void *)err;
}

static inline long PTR_ERR(const void *ptr)
{
	return (long)ptr;
}

static inline bool IS_ERR(const void *ptr)
{
	return (unsigned long)ptr >= (unsigned long)-4095;
}

static inline bool IS_ERR_OR_NULL(const void *ptr)
{
	return !ptr || IS_ERR(ptr);
}

static inline int PTR_ERR_OR_ZERO(const void *ptr)
{
	return IS_ERR(ptr) ? PTR_ERR(ptr) : 0;
}

/* <linux/math64.h> */
static inline s64 div_s64(s64 dividend, s32 divisor)
{
	return dividend / divisor;
}

static inline s64 div_s64_rem(s64 dividend, s32 divisor, s32 *rest)
{
	*rest = dividend % divisor;
	return dividend / divisor;
}

static inline u64 div_u64(u64 dividend, u32 divisor)
{
	return dividend / divisor;
}

static inline u64 div_u64_rem(u64 dividend, u32 divisor, u32 *rest)
{
	*rest = dividend % divisor;
	return dividend / divisor;
}

static inline s64 div64_s64(s64 dividend, s64 divisor)
{
	return dividend / divisor;
}

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

static inline u64 mul_u64_u64_div_u64(u64 a, u64 b, u64 c)
{
	return (unsigned __int128)a * b / c;
}

static inline u64 mul_u64_u32_div(u64 a, u32 b, u32 c)
{
	return (unsigned __int128)a * b / c;
}

/* <linux/atomic.h>: tasks change places only where time passes. */
#define ATOMIC_INIT(n)		{ n }
#define ATOMIC64_INIT(n)	{ n }

static inline s64 atomic64_read(const atomic64_t *a)
{
	return READ_ONCE(a->counter);
}

static inline void atomic64_set(atomic64_t *a, s64 n)
{
	a->counter = n;
}

static inline void atomic64_add(s64 n, atomic64_t *a)
{
	a->counter += n;
}

static inline int atomic_read(const atomic_t *a)
{
	return READ_ONCE(a->counter);
}

#define atomic64_inc(a)		atomic64_add(1, a)
#define atomic64_dec(a)		atomic64_add(-1, a)
#define atomic64_inc_return(a)	(++(a)->counter)
#define atomic_set(a, n)	((void)((a)->counter = (n)))
#define atomic_inc(a)		((void)++(a)->counter)
#define atomic_dec(a)		((void)--(a)->counter)
#define atomic_inc_return(a)	(++(a)->counter)
#define atomic_dec_and_test(a)	(!--(a)->counter)
#define atomic_xchg(a, n)	xchg(&(a)->counter, n)

static inline bool test_bit(unsigned int n, const volatile unsigned long *bits)
{
	return bits[n / 64] >> (n % 64) & 1;
}

static inline void set_bit(unsigned int n, volatile unsigned long *bits)
{
	bits[n / 64] |= 1UL << (n % 64);
}

static inline void clear_bit(unsigned int n, volatile unsigned long *bits)
{
	bits[n / 64] &= ~(1UL << (n % 64));
}

static inline bool test_and_set_bit(unsigned int n, volatile unsigned long *bits)
{
	bool was = test_bit(n, bits);

	set_bit(n, bits);
	return was;
}

static inline bool test_and_clear_bit(unsigned int n, volatile unsigned long *bits)
{
	bool was = test_bit(n, bits);

	clear_bit(n, bits);
	return was;
}

#define __set_bit		set_bit
#define __clear_bit		clear_bit
#define hweight8(x)		((unsigned int)__builtin_popcount((u8)(x)))
#define hweight32(x)		((unsigned int)__builtin_popcount(x))
#define fls64(x)		((x) ? 64 - __builtin_clzll(x) : 0)
#define fls(x)			((x) ? 32 - __builtin_clz(x) : 0)
#define ilog2(x)		(fls64(x) - 1)

/* <linux/string.h>, <linux/kernel.h>: the C library has them. */
void *memset(void *to, int byte, size_t n);
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args) __printf(3, 0);
int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
ssize_t strscpy(char *to, const char *from, size_t size);

static inline const char *str_yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

static inline const char *str_on_off(bool on)
{
	return on ? "on" : "off";
}

static inline const char *str_plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* <linux/slab.h> */
#define GFP_KERNEL		0
#define GFP_ATOMIC		0

void *kzalloc(size_t size, gfp_t flags);
void kfree(const void *ptr);

#define kmalloc(size, flags)	kzalloc(size, flags)
#define kcalloc(n, size, flags)	kzalloc((n) * (size), flags)

#define might_sleep()		do { } while (0)

#define put_user(value, to)	(*(to) = (value), 0)
#define get_user(value, from)	((value) = *(from), 0)

#endif
