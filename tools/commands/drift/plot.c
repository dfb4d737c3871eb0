// SPDX-License-Identifier: GPL-2.0-or-later
/* Pictures by gnuplot, which is run without a shell and reads everything from a pipe. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/drift/drift.h"
#include "lib/drift/allan.h"
#include "ui/number.h"
#include "ui/report.h"

/* More points than a picture has columns only make it large. */
#define POINTS_MAX	3000

/* What is drawn: the offsets, or where there are some the Allan deviations. */
struct picture {
	const struct drift *drift;
	struct allan_point allan[ALLAN_MAX];
	int allans;
	char terminal[128];
	bool letters;
};

static const struct unit *unit_of(double ns)
{
	static const struct unit units[] = {
		{ "s", 1e9 }, { "ms", 1e6 }, { "us", 1e3 }, { "ns", 1 },
	};

	return drift_unit(units, ns);
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), tail = strlen(end);

	return len > tail && !strcasecmp(text + len - tail, end);
}

static int choose_terminal(const struct drift_request *request, char *terminal, size_t size)
{
	struct winsize window = { .ws_col = 100, .ws_row = 30 };

	if (!request->output) {
		ioctl(STDOUT_FILENO, TIOCGWINSZ, &window);
		snprintf(terminal, size, "dumb noenhanced size %d,%d",
			 window.ws_col ? window.ws_col : 100,
			 window.ws_row > 2 ? window.ws_row - 2 : 28);
	} else if (ends_with(request->output, ".png")) {
		snprintf(terminal, size, "pngcairo noenhanced size 1200,900 font 'Sans,11'");
	} else if (ends_with(request->output, ".svg")) {
		snprintf(terminal, size, "svg noenhanced size 1200,900 font 'Sans,13' background 'white'");
	} else {
		report("cannot plot to %s: its name ends in neither .png nor .svg",
		       request->output);
		return -EINVAL;
	}
	return 0;
}

static double largest_offset(const struct drift *drift)
{
	double best = 1;

	for (int i = 0; i < drift->count; i++)
		if (!drift->points[i].outlier)
			best = fmax(best, fabs(drift->points[i].offset_ns));
	return best;
}

static double reach(const struct fit_point *p)
{
	return fabs(p->offset_ns - p->fitted_ns) + p->bound_ns;
}

static int by_reach(const void *a, const void *b)
{
	double x = reach(a), y = reach(b);

	return (x > y) - (x < y);
}

/* What most points need, bounds and all: a few odd ones would leave the rest a line. */
static double usual_reach(const struct drift *drift)
{
	struct fit_point *sorted = malloc(drift->count * sizeof(*sorted));
	double value = 1;

	if (!sorted)
		return value;
	memcpy(sorted, drift->points, drift->count * sizeof(*sorted));
	qsort(sorted, drift->count, sizeof(*sorted), by_reach);
	value = fmax(value, 2 * reach(&sorted[(int)(0.95 * (drift->count - 1))]));
	free(sorted);
	return value;
}

static int beyond(const struct drift *drift, double ns)
{
	int count = 0;

	for (int i = 0; i < drift->count; i++)
		count += fabs(drift->points[i].offset_ns - drift->points[i].fitted_ns) > ns;
	return count;
}

/* Nothing is drawn across a step, nor where nothing was recorded. */
static bool breaks(const struct drift *drift, const struct fit_point *p)
{
	return p->segment != p[-1].segment ||
	       p->time_s - p[-1].time_s > DRIFT_GAP * drift->interval_s;
}

/* Time, offset, bound, fitted, outlier. */
static void write_data(FILE *gnuplot, const struct drift *drift)
{
	int each = drift->count / POINTS_MAX + 1;

	fputs("$data << END_OF_DATA\n", gnuplot);
	for (int i = 0; i < drift->count; i++) {
		const struct fit_point *p = &drift->points[i];
		bool begins = i && breaks(drift, p);
		bool ends = i + 1 < drift->count && breaks(drift, p + 1);

		if (begins)
			fputc('\n', gnuplot);
		/* Outliers and the ends of each line are always shown. */
		if (i % each && !p->outlier && !begins && !ends && i + 1 < drift->count)
			continue;
		fprintf(gnuplot, "%.3f %.0f %.0f %.0f %d\n", p->time_s, p->offset_ns, p->bound_ns,
			p->fitted_ns, p->outlier);
	}
	fputs("END_OF_DATA\n", gnuplot);
}

/* The name came from a file: nothing of it may be read as gnuplot's. */
static void write_name(FILE *gnuplot, const char *name)
{
	for (const char *c = name; *c; c++)
		if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9'))
			fputc(*c, gnuplot);
}

static void write_title(FILE *gnuplot, const struct drift *drift)
{
	const struct fit *fit = &drift->fit;
	const struct fit_interval *rate = &fit->rate_ppb;
	double margin = fit_margin(rate) / 1e3;
	int digits = number_digits(margin);

	margin = number_round_up(margin, digits);
	fputs("set title \"", gnuplot);
	write_name(gnuplot, drift->clock);
	fprintf(gnuplot, " minus system time: %+.*f +/- %.*f ppm (95 %%), %+.3f s per day\"\n",
		digits, rate->middle / 1e3, digits, margin, drift_s_per_day(rate->middle));
}

static void write_common(FILE *gnuplot, const char *terminal)
{
	fprintf(gnuplot,
		"set terminal %s\n"
		"set timefmt '%%s'\n"
		"set xdata time\n"
		"set format x \"%%m-%%d\\n%%H:%%M\"\n"
		"set grid\n"
		"set key outside top center horizontal\n"
		"set lmargin 12\n"
		"set style fill transparent solid 0.25 noborder\n", terminal);
}

/* Everything is drawn less @base, a column or a number. */
static void write_layers(FILE *gnuplot, const char *base)
{
	fprintf(gnuplot,
		"plot $data using 1:(($2-%s-$3)/u):(($2-%s+$3)/u) with filledcurves lc rgb '#4682b4' title 'bound', \\\n",
		base, base);
	fprintf(gnuplot,
		" $data using 1:($5 > 0 ? NaN : ($2-%s)/u) with points pt 7 ps 0.3 lc rgb '#1f3b57' title 'measured', \\\n",
		base);
	fprintf(gnuplot,
		" $data using 1:($5 > 0 ? ($2-%s)/u : NaN) with points pt 2 ps 0.8 lc rgb '#cc7722' title 'outlier', \\\n",
		base);
	fprintf(gnuplot,
		" $data using 1:(($4-%s)/u) with lines lw 1.5 lc rgb '#b22222' title 'fitted'\n",
		base);
}

static void write_unit(FILE *gnuplot, const char *label, const struct unit *unit)
{
	fprintf(gnuplot, "set ylabel '%s (%s)'\nu = %.0f.0\n", label, unit->name, unit->size);
}

static void write_residuals(FILE *gnuplot, double ns, int hidden)
{
	const struct unit *unit = unit_of(ns);

	fprintf(gnuplot, "set title 'what is left");
	if (hidden)
		fprintf(gnuplot, " (%d sample%s outside)", hidden, hidden == 1 ? "" : "s");
	fprintf(gnuplot, "'\nset xlabel 'time (UTC)'\nset yrange [%.4g:%.4g]\n", -ns / unit->size,
		ns / unit->size);
	write_unit(gnuplot, "offset minus fitted", unit);
	write_layers(gnuplot, "$4");
}

/* In a terminal: points and line, without the areas that letters cannot show. */
static void write_letters(FILE *gnuplot, double ns)
{
	const struct unit *unit = unit_of(ns);

	fprintf(gnuplot,
		"set ylabel '%s'\n"
		"set xlabel 'time (UTC)'\n"
		"unset grid\n"
		"u = %.0f.0\n"
		"plot $data using 1:($4/u) with lines title 'fitted', \\\n"
		" $data using 1:($5 > 0 ? $2/u : NaN) with points pt 'x' title 'outlier', \\\n"
		" $data using 1:($5 > 0 ? NaN : $2/u) with points pt 'o' title 'measured'\n",
		unit->name, unit->size);
}

/* As the field draws it: both axes by decades. */
static void write_allan(FILE *gnuplot, const struct picture *picture)
{
	const struct allan_point *p = picture->allan;

	fprintf(gnuplot, "set terminal %s\nset title \"", picture->terminal);
	write_name(gnuplot, picture->drift->clock);
	fputs(" against the system time: overlapping Allan deviation, 95 %\"\n"
	      "set logscale xy\n"
	      "set format y '%.0e'\n"
	      "set xlabel 'interval (s)'\n"
	      "unset key\n"
	      "$data << END_OF_DATA\n", gnuplot);
	for (int i = 0; i < picture->allans; i++, p++)
		if (p->deviation > 0)
			fprintf(gnuplot, "%.6g %.6g %.6g %.6g\n", p->tau_s, p->deviation, p->low,
				p->high);
	fprintf(gnuplot, "END_OF_DATA\nset xrange [%.6g:%.6g]\n", picture->allan[0].tau_s / 1.5,
		picture->allan[picture->allans - 1].tau_s * 1.5);
	if (picture->letters)
		fputs("plot $data using 1:4 with points pt '-', $data using 1:3 with points pt '-', "
		      "$data using 1:2 with points pt 'o'\n", gnuplot);
	else
		fputs("set grid\n"
		      "plot $data using 1:2 with lines lc rgb '#4682b4', "
		      "$data using 1:2:3:4 with yerrorbars pt 7 ps 0.8 lc rgb '#1f3b57'\n", gnuplot);
}

static void write_offsets(FILE *gnuplot, const struct picture *picture)
{
	const struct drift *drift = picture->drift;

	write_common(gnuplot, picture->terminal);
	write_data(gnuplot, drift);
	write_title(gnuplot, drift);
	if (picture->letters) {
		write_letters(gnuplot, largest_offset(drift));
		return;
	}
	fputs("set multiplot layout 2,1\n", gnuplot);
	write_unit(gnuplot, "offset", unit_of(largest_offset(drift)));
	write_layers(gnuplot, "0");
	write_residuals(gnuplot, usual_reach(drift), beyond(drift, usual_reach(drift)));
	fputs("unset multiplot\n", gnuplot);
}

static int write_script(FILE *gnuplot, const struct picture *picture)
{
	if (picture->allans)
		write_allan(gnuplot, picture);
	else
		write_offsets(gnuplot, picture);
	return fflush(gnuplot) ? -errno : 0;
}

/* The child's standard input is a pipe of ours, its output @out. */
static pid_t start_gnuplot(int out, FILE **script)
{
	int pipe_fds[2];
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (!pid) {
		dup2(pipe_fds[0], STDIN_FILENO);
		dup2(out, STDOUT_FILENO);
		execlp("gnuplot", "gnuplot", "-d", (char *)NULL);
		_exit(127);
	}
	close(pipe_fds[0]);
	if (pid < 0) {
		close(pipe_fds[1]);
		return -errno;
	}
	*script = fdopen(pipe_fds[1], "w");
	if (!*script)
		close(pipe_fds[1]);
	return pid;
}

static int run_gnuplot(const struct picture *picture, int out)
{
	FILE *script = NULL;
	int status, err;
	pid_t pid;

	/* A gnuplot that is not there shows in its exit status. */
	signal(SIGPIPE, SIG_IGN);
	pid = start_gnuplot(out, &script);
	if (pid < 0)
		return pid;
	err = script ? write_script(script, picture) : -ENOMEM;
	if (script)
		fclose(script);
	if (waitpid(pid, &status, 0) < 0)
		return -errno;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return -ENOENT;
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return -EIO;
	return err;
}

static void report_gnuplot(int err)
{
	if (err == -ENOENT)
		report("cannot plot: there is no gnuplot: install the package gnuplot-nox");
	else if (err == -EIO)
		report("cannot plot: gnuplot failed");
	else
		report_error(err, "cannot run gnuplot");
}

/* The picture is made beside the old one and then takes its place. */
static int plot_to_file(const struct picture *picture, const char *path)
{
	char temp[PATH_MAX];
	int fd, err;

	if (snprintf(temp, sizeof(temp), "%s.XXXXXX", path) >= (int)sizeof(temp))
		return -ENAMETOOLONG;
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		err = -errno;
		report_error(err, "cannot write %s", path);
		return err;
	}
	err = run_gnuplot(picture, fd);
	if (err)
		report_gnuplot(err);
	fchmod(fd, 0644);
	close(fd);
	if (!err && rename(temp, path) < 0) {
		err = -errno;
		report_error(err, "cannot write %s", path);
	}
	if (err)
		unlink(temp);
	return err;
}

static int draw(const struct drift_request *request, const struct picture *picture)
{
	int err;

	fflush(stdout);
	if (request->output)
		return plot_to_file(picture, request->output);
	err = run_gnuplot(picture, STDOUT_FILENO);
	if (err)
		report_gnuplot(err);
	return err;
}

static int add_allan(struct picture *picture)
{
	const struct drift *drift = picture->drift;
	int found = allan_find(drift->points, drift->count, &drift->fit, drift->interval_s,
			       picture->allan);

	if (found < 0) {
		report_error(found, "cannot find the Allan deviation");
		return found;
	}
	if (!found) {
		report("cannot plot: too few samples in a row for an Allan deviation");
		return -ENODATA;
	}
	picture->allans = found;
	return 0;
}

int drift_plot(struct drift_request *request)
{
	struct picture picture = { .letters = !request->output };
	struct drift drift;
	int err, status;

	if (choose_terminal(request, picture.terminal, sizeof(picture.terminal)))
		return EXIT_FAILURE;
	status = drift_load(request, &drift);
	if (status)
		return status;
	picture.drift = &drift;
	err = request->allan ? add_allan(&picture) : 0;
	if (!err)
		err = draw(request, &picture);
	drift_free(&drift);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
