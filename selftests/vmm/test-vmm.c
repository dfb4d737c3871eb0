// SPDX-License-Identifier: GPL-2.0
/*
 * The chip's model as a hypervisor would use it: the guest's accesses to ports
 * 0x70 and 0x71 are answered by the model at the host's time, its line is IRQ 8.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/kvm.h>

#include "guest.h"
#include "kvm.h"
#include "chip/registers.h"
#include "sim/profiles.h"

#define NSEC_PER_SEC	1000000000LL
#define TESTS		5
#define LIMIT_S		150	/* an alarm that was set too late comes a minute later */
#define PROBE_LIMIT_S	5

extern const unsigned char guest_code[], guest_code_end[];

struct machine {
	struct kvm kvm;
	struct mc146818_model chip;
	s64 clock_ns;		/* CLOCK_REALTIME minus CLOCK_MONOTONIC at the start */
	s64 begun_ns, read_ns, done_ns;	/* host's time, where the guest said so */
	bool asserted;		/* the line, as the processor was told of it */
};

static int results, failures;
static volatile sig_atomic_t over;	/* the limit */

static s64 clock_now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

/* The host's time; a step while the test runs is none of the guest's business. */
static s64 host_ns(const struct machine *m)
{
	return clock_now(CLOCK_MONOTONIC) + m->clock_ns;
}

static void result(bool ok, const char *what)
{
	printf("%sok %d - %s\n", ok ? "" : "not ", ++results, what);
	failures += !ok;
}

static int all_skipped(const char *why, int err)
{
	int i;

	for (i = 1; i <= TESTS; i++)
		printf("ok %d # SKIP %s%s%s\n", i, why, err ? ": " : "", err ? strerror(err) : "");
	return 0;
}

static void on_limit(int signal)
{
	(void)signal;
	over = 1;
}

static void limit(unsigned int seconds)
{
	struct sigaction action = { .sa_handler = on_limit };

	over = 0;
	sigaction(SIGALRM, &action, NULL);
	alarm(seconds);
}

/* Not every machine with a /dev/kvm runs real-mode code; one out and one hlt tell. */
static bool runs_real_mode(struct kvm *kvm)
{
	static const unsigned char probe[] = { 0xe6, GUEST_PORT, 0xf4 };
	int out, hlt;

	if (kvm_load(kvm, probe, sizeof(probe), GUEST_LOAD))
		return false;
	limit(PROBE_LIMIT_S);
	out = kvm_enter(kvm);
	hlt = kvm_enter(kvm);
	alarm(0);
	return out == KVM_EXIT_IO && hlt == KVM_EXIT_HLT;
}

/* Real chips take their time for an update, so this one does. */
static void power_on(struct machine *m)
{
	struct mc146818_model_options options = mc_sim_profile_find("mc146818")->options;
	s64 now;

	options.update_ns = MC146818_MODEL_UPDATE_NS;
	m->clock_ns = clock_now(CLOCK_REALTIME) - clock_now(CLOCK_MONOTONIC);
	now = host_ns(m);
	mc146818_model_init(&m->chip, &options, 0, now);
	mc146818_model_rebase(&m->chip, now / NSEC_PER_SEC, now % NSEC_PER_SEC, now);
	m->begun_ns = now;
}

static void progress(struct machine *m, u8 value)
{
	if (value == GUEST_HAS_READ)
		m->read_ns = host_ns(m);
	if (value == GUEST_IS_DONE)
		m->done_ns = host_ns(m);
}

static int serve_port(struct machine *m)
{
	struct kvm_run *run = m->kvm.run;
	u8 *byte = (u8 *)run + run->io.data_offset;

	if (run->io.size != 1 || run->io.count != 1)
		return -EIO;
	if (run->io.port == GUEST_PORT)
		progress(m, *byte);
	else if (run->io.port != 0x70 && run->io.port != 0x71)
		return -EIO;
	else if (run->io.direction == KVM_EXIT_IO_IN)
		*byte = mc146818_model_port_in(&m->chip, run->io.port, host_ns(m));
	else
		mc146818_model_port_out(&m->chip, run->io.port, *byte, host_ns(m));
	return 0;
}

/* A processor that has halted: until the chip has something to say. */
static int sleep_until_event(struct machine *m)
{
	s64 event = mc146818_model_next_event(&m->chip, host_ns(m));
	s64 until = event - m->clock_ns;
	struct timespec ts = { until / NSEC_PER_SEC, until % NSEC_PER_SEC };

	if (mc146818_model_line(&m->chip))
		return 0;
	if (event == MC146818_MODEL_NEVER)
		return -EDEADLK;
	return -clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

/* IRQ 8 is an edge: one interrupt each time the line rises. */
static int serve_line(struct machine *m)
{
	bool line, rose;
	int err = 0;

	mc146818_model_sync(&m->chip, host_ns(m));
	line = mc146818_model_line(&m->chip);
	rose = line && !m->asserted;
	if (rose && kvm_takes_interrupts(&m->kvm))
		err = kvm_interrupt(&m->kvm, GUEST_VECTOR);
	m->kvm.run->request_interrupt_window = rose && !kvm_takes_interrupts(&m->kvm);
	if (!m->kvm.run->request_interrupt_window)
		m->asserted = line;
	return err;
}

static int serve(struct machine *m, int reason)
{
	switch (reason) {
	case KVM_EXIT_IO:
		return serve_port(m);
	case KVM_EXIT_HLT:
		return sleep_until_event(m);
	case KVM_EXIT_IRQ_WINDOW_OPEN:
		return 0;
	default:
		printf("# the processor has left for reason %d\n", reason);
		return reason < 0 ? reason : -EIO;
	}
}

static int run_guest(struct machine *m)
{
	int err = kvm_load(&m->kvm, guest_code, guest_code_end - guest_code, GUEST_LOAD);

	power_on(m);
	limit(LIMIT_S);
	while (!err && !m->done_ns) {
		err = over ? -ETIMEDOUT : serve_line(m);
		if (!err)
			err = serve(m, kvm_enter(&m->kvm));
	}
	alarm(0);
	return err;
}

/* What the guest read, in seconds since 1970; -1 if that is no time. */
static s64 guest_time(const struct machine *m, unsigned int address)
{
	const u8 *b = m->kvm.memory + address;
	struct mc146818_format f = { .reg_b = b[7], .first_year = 2000 };
	struct mc146818_time bytes = {
		.seconds = b[0], .minutes = b[1], .hours = b[2], .day_of_week = b[3],
		.date = b[4], .month = b[5], .year = b[6],
	};
	struct rtc_time tm;

	return mc146818_decode_time(&f, &bytes, &tm) ? -1 : rtc_tm_to_time64(&tm);
}

/* An update lasts: until it is over the guest may still see the second before. */
static bool lies_between(s64 sec, s64 from_ns, s64 to_ns)
{
	return sec >= (from_ns - MC146818_MODEL_UPDATE_NS) / NSEC_PER_SEC &&
	       sec <= to_ns / NSEC_PER_SEC;
}

static void judge(const struct machine *m)
{
	const u8 *memory = m->kvm.memory;
	s64 first = guest_time(m, GUEST_FIRST), second = guest_time(m, GUEST_SECOND);

	printf("# guest %lld, host %lld.%09lld; after the alarm %lld, host %lld.%09lld; C %02x\n",
	       (long long)first, (long long)(m->read_ns / NSEC_PER_SEC),
	       (long long)(m->read_ns % NSEC_PER_SEC), (long long)second,
	       (long long)(m->done_ns / NSEC_PER_SEC), (long long)(m->done_ns % NSEC_PER_SEC),
	       memory[GUEST_C]);
	result(lies_between(first, m->begun_ns, m->read_ns), "guest's time is the host's");
	result(memory[GUEST_INDEX] == 0xff, "the index cannot be read");
	result(memory[GUEST_COUNT] == 1 && memory[GUEST_C] & MC146818_C_AF &&
	       memory[GUEST_C] & MC146818_C_IRQF, "the alarm's interrupt came, once");
	result(second >= first + GUEST_AHEAD, "it came no earlier than it was set for");
	result(lies_between(second, m->read_ns, m->done_ns), "guest's time still is the host's");
}

int main(void)
{
	struct machine m = { .asserted = false };
	int err;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n1..%d\n", TESTS);
	err = kvm_open(&m.kvm);
	if (err) {
		kvm_close(&m.kvm);
		return all_skipped("no virtual machine from /dev/kvm", -err);
	}
	if (!runs_real_mode(&m.kvm)) {
		kvm_close(&m.kvm);
		return all_skipped("KVM does not run real-mode code here", 0);
	}
	err = run_guest(&m);
	if (err)
		printf("# the guest has not come to its end: %s\n", strerror(-err));
	judge(&m);
	kvm_close(&m.kvm);
	return failures ? 1 : 0;
}
