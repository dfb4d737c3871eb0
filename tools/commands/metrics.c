// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "lib/base/attribute.h"
#include "lib/base/root.h"
#include "lib/base/savefile.h"
#include "lib/clocks/list.h"
#include "lib/clocks/reader.h"
#include "lib/machine/clocksource.h"
#include "lib/machine/cpuid.h"
#include "lib/machine/kernel-log.h"
#include "lib/machine/steal.h"
#include "lib/rtc/list.h"
#include "lib/time/clock.h"
#include "lib/time/ntp.h"
#include "ui/openmetrics.h"
#include "ui/options.h"
#include "ui/report.h"

/* A driver that has to find its phase first tells it the next time. */
#define LIMIT_NS	(30 * NSEC_PER_MSEC)

struct clock_state {
	char node[16];
	char name[64];
	char driver[64];
	struct reader *reader;
	bool known;
	int64_t offset_ns, bound_ns;
};

struct metrics {
	struct openmetrics *om;
	struct rtc_list rtcs;
	struct clock_state clocks[RTC_LIST_MAX];
};

static void begin_clock(struct clock_state *state, int number)
{
	struct root_path path;

	snprintf(state->node, sizeof(state->node), "rtc%d", number);
	if (!attribute_read(state->name, sizeof(state->name),
			    root_path(&path, "/sys/class/rtc/%s/name", state->node)))
		snprintf(state->driver, sizeof(state->driver), "%.*s",
			 (int)strcspn(state->name, " "), state->name);
	reader_start(state->node, &state->reader);
	/* Others are read to the second, which holds nothing up. */
	if (state->reader && reader_phase(state->reader))
		reader_ask(state->reader);
}

static void end_clock(struct clock_state *state, enum timescale scale, int64_t until_ns)
{
	struct reader_look look;

	if (!state->reader)
		return;
	reader_wait(state->reader, until_ns);
	reader_last(state->reader, &look);
	state->bound_ns = look.reading.bound_ns;
	state->known = state->bound_ns > 0 &&
		       !reading_offset_ns(&look.reading, scale, &state->offset_ns);
}

static void read_clocks(struct metrics *m, enum timescale scale)
{
	int64_t until_ns = clock_now_ns(CLOCK_MONOTONIC) + LIMIT_NS;

	if (rtc_list_load(&m->rtcs))
		return;
	for (int i = 0; i < m->rtcs.count; i++)
		begin_clock(&m->clocks[i], m->rtcs.numbers[i]);
	for (int i = 0; i < m->rtcs.count; i++)
		end_clock(&m->clocks[i], scale, until_ns);
}

static void write_clocks(struct metrics *m)
{
	const struct clock_state *clock;

	openmetrics_family(m->om, "rtcctl_rtc_info", "gauge", NULL,
			   "The real-time clocks of the machine and their drivers.");
	for (int i = 0; i < m->rtcs.count; i++) {
		clock = &m->clocks[i];
		openmetrics_sample(m->om, 1, "clock", clock->node, "driver", clock->driver, NULL);
	}
	openmetrics_family(m->om, "rtcctl_rtc_readable", "gauge", NULL,
			   "Whether the clock told its time just now.");
	for (int i = 0; i < m->rtcs.count; i++)
		openmetrics_sample(m->om, m->clocks[i].known, "clock", m->clocks[i].node, NULL);
	openmetrics_family(m->om, "rtcctl_rtc_offset_seconds", "gauge", "seconds",
			   "The clock's time minus the system's.");
	for (int i = 0; i < m->rtcs.count; i++)
		if (m->clocks[i].known)
			openmetrics_sample(m->om, m->clocks[i].offset_ns / 1e9, "clock",
					   m->clocks[i].node, NULL);
	openmetrics_family(m->om, "rtcctl_rtc_offset_bound_seconds", "gauge", "seconds",
			   "The true offset is no further away than this.");
	for (int i = 0; i < m->rtcs.count; i++)
		if (m->clocks[i].known)
			openmetrics_sample(m->om, m->clocks[i].bound_ns / 1e9, "clock",
					   m->clocks[i].node, NULL);
}

static void write_attribute(struct metrics *m, const char *name, double factor)
{
	struct root_path path;
	int64_t value;

	for (int i = 0; i < m->rtcs.count; i++)
		if (!attribute_read_s64(&value, root_path(&path, "/sys/class/rtc/%s/phase/%s",
							  m->clocks[i].node, name)))
			openmetrics_sample(m->om, value * factor, "clock", m->clocks[i].node,
					   NULL);
}

static void write_state(struct metrics *m, const char *wanted)
{
	struct root_path path;
	char state[32];

	for (int i = 0; i < m->rtcs.count; i++)
		if (!attribute_read(state, sizeof(state),
				    root_path(&path, "/sys/class/rtc/%s/phase/state",
					      m->clocks[i].node)))
			openmetrics_sample(m->om, !strcmp(state, wanted), "clock",
					   m->clocks[i].node, NULL);
}

/* For drivers that know their phase. */
static void write_phase(struct metrics *m)
{
	openmetrics_family(m->om, "rtcctl_rtc_phase_locked", "gauge", NULL,
			   "Whether the driver knows where inside the second the clock is.");
	write_state(m, "locked");
	openmetrics_family(m->om, "rtcctl_rtc_phase_coasting", "gauge", NULL,
			   "Whether it knows that from before an idle time, since when a step of less than a second would not show.");
	write_state(m, "coasting");
	openmetrics_family(m->om, "rtcctl_rtc_edge_age_seconds", "gauge", "seconds",
			   "How long ago the driver saw an update edge of the clock.");
	write_attribute(m, "edge_age_ns", 1e-9);
	openmetrics_family(m->om, "rtcctl_rtc_rate_offset_ratio", "gauge", "ratio",
			   "How much faster than CLOCK_MONOTONIC_RAW the clock runs.");
	write_attribute(m, "freq_ppb", 1e-9);
	openmetrics_family(m->om, "rtcctl_rtc_edges", "counter", NULL,
			   "Update edges of the clock that the driver has caught.");
	write_attribute(m, "edges", 1);
	openmetrics_family(m->om, "rtcctl_rtc_edges_rejected", "counter", NULL,
			   "Looks at the clock that caught no edge.");
	write_attribute(m, "rejected", 1);
	openmetrics_family(m->om, "rtcctl_rtc_steps", "counter", NULL,
			   "How often somebody else stepped the clock.");
	write_attribute(m, "steps", 1);
}

static void write_clocksources(struct metrics *m)
{
	struct clocksource cs;

	openmetrics_family(m->om, "rtcctl_clocksource_current", "gauge", NULL,
			   "The kernel's clocksources; 1 for the one in use.");
	if (clocksource_load(&cs))
		return;
	for (int i = 0; i < cs.count; i++)
		openmetrics_sample(m->om, !strcmp(cs.names[i], cs.current), "clocksource",
				   cs.names[i], NULL);
}

static void write_processor(struct metrics *m)
{
	struct cpuid_facts cpu;
	const char *learnt;
	char *log = NULL;
	double hz;

	cpuid_facts(&cpu);
	openmetrics_family(m->om, "rtcctl_hypervisor_info", "gauge", NULL,
			   "What the machine runs on.");
	openmetrics_sample(m->om, 1, "hypervisor", cpu.hypervisor ? cpu.hypervisor_name : "none",
			   NULL);
	openmetrics_family(m->om, "rtcctl_tsc_frequency_hertz", "gauge", "hertz",
			   "The time stamp counter's frequency, as the kernel or CPUID tells it.");
	kernel_log_read(&log);
	hz = clock_list_tsc_hz(&cpu, log, &learnt);
	free(log);
	if (hz)
		openmetrics_sample(m->om, hz, "from", learnt, NULL);
}

static void write_steal(struct metrics *m)
{
	double tick_s = 1.0 / sysconf(_SC_CLK_TCK);
	struct root_path path;
	struct steal steal;
	char name[16];

	openmetrics_family(m->om, "rtcctl_cpu_stolen_seconds", "counter", "seconds",
			   "Time that the hypervisor gave to others while the processor wanted to run.");
	if (steal_load(root_path(&path, STEAL_PATH), &steal))
		return;
	for (int i = 0; i < steal.count; i++) {
		snprintf(name, sizeof(name), "%d", steal.cpus[i].cpu);
		openmetrics_sample(m->om, steal.cpus[i].stolen * tick_s, "cpu", name, NULL);
	}
}

static void write_ntp(struct metrics *m)
{
	struct ntp ntp;

	if (ntp_read(&ntp))
		return;
	openmetrics_family(m->om, "rtcctl_system_synchronised", "gauge", NULL,
			   "Whether NTP keeps the system's clock right.");
	openmetrics_sample(m->om, ntp.synchronised, NULL);
	openmetrics_family(m->om, "rtcctl_system_max_error_seconds", "gauge", "seconds",
			   "NTP's bound of the system clock's error.");
	openmetrics_sample(m->om, ntp.max_error_us / 1e6, NULL);
}

static char *make_text(enum timescale scale)
{
	struct metrics *m = calloc(1, sizeof(*m));
	char *text = NULL;

	if (!m)
		return NULL;
	m->om = openmetrics_new();
	if (m->om) {
		read_clocks(m, scale);
		write_clocks(m);
		write_phase(m);
		write_clocksources(m);
		write_processor(m);
		write_steal(m);
		write_ntp(m);
		text = openmetrics_finish(m->om);
	}
	/* The followers' threads may still read: what they use is not freed. */
	free(m);
	return text;
}

static int metrics(struct options *options, const char *output)
{
	char *text;
	int err = 0;

	options_adjtime_guess(options);
	text = make_text(options->scale);
	if (!text) {
		report("cannot make the metrics: out of memory");
		return EXIT_FAILURE;
	}
	if (!output)
		fputs(text, stdout);
	else
		err = savefile_check(output);
	if (output && !err)
		err = savefile_write(output, text);
	if (err)
		report_update(err, output);
	free(text);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run(const struct command *command, int argc, char **argv)
{
	static const struct option longopts[] = {
		OPTIONS_LONG_SCALE,
		{ "into", required_argument, NULL, 'o' },
		{}
	};
	struct options options = {};
	const char *output = NULL;
	int c, status;

	while ((c = getopt_long(argc, argv, OPTIONS_SHORT_SCALE "o:", longopts, NULL)) != -1) {
		if (c == 'o') {
			output = optarg;
			continue;
		}
		status = options_take(&options, command, c);
		if (status >= 0)
			return status;
	}
	status = options_finish(&options, command, argc, 0);
	return status >= 0 ? status : metrics(&options, output);
}

const struct command cmd_metrics = {
	.name = "metrics",
	.summary = "all of that for Prometheus, as OpenMetrics",
	.help = "rtcctl metrics [OPTION...]\n"
		"\n"
		"Write the clocks' offsets with their bounds, rates and states, the clocksources,\n"
		"stolen time and NTP's state as OpenMetrics text, for the textfile collector of\n"
		"Prometheus' node exporter. Waits for nothing: a driver that has to find its\n"
		"phase first tells it the next time, others are read to the second.\n"
		"\n"
		" -o, --into FILE     replace FILE, whole or not at all (standard output)\n"
		OPTIONS_HELP_SCALE,
	.examples = { "rtcctl metrics",
		      "rtcctl metrics -o /var/lib/prometheus/node-exporter/rtc.prom" },
	.run = run,
};
