// SPDX-License-Identifier: GPL-2.0
/*
 * A machine with clocks of any drivers, by libumockdev: what runs in it finds their
 * sysfs and their device nodes where a kernel has them, and all of it else is the host's.
 * The clocks run with the host's time, and give no interrupts.
 *
 *   umockdev-wrapper fake-machine CLOCK [CLOCK...] -- COMMAND [ARGUMENT...]
 *
 * CLOCK: words that are divided by commas, the driver's name first:
 *
 *   rtc-name[,ahead=S][,alarm=S|,no-alarm][,wakeup][,hctosys][,link][,emulated][,features=N][,voltage=N]
 *	[,read=ERRNO][,set=ERRNO]
 *
 * A "-" in a clock's place: that number is none's. A "link" among its words: it is what
 * /dev/rtc points to.
 *
 * ahead: the clock minus the system; alarm: armed so many seconds from now; read, set:
 * the errno of RTC_RD_TIME and RTC_SET_TIME. Numbers as strtoll() takes them.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/rtc.h>
#include <umockdev.h>

#define CLOCKS_MAX	8
#define MAJOR		"250"

struct clock {
	long long ahead, alarm;	/* seconds; the alarm as the clock's time */
	bool has_alarm, armed;
	long long features, voltage;
	int read_errno, set_errno;
	bool wakeup, hctosys, link, emulated;
};

__attribute__((format(printf, 1, 2), noreturn)) static void die(const char *fmt, ...)
{
	va_list ap;

	fputs("fake-machine: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(125);
}

static long long clock_s(const struct clock *clock)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec + clock->ahead;
}

static void to_fields(long long sec, struct rtc_time *fields)
{
	time_t t = sec;
	struct tm tm;

	gmtime_r(&t, &tm);
	memcpy(fields, &tm, sizeof(*fields));
	fields->tm_isdst = 0;
}

static long long to_seconds(const struct rtc_time *fields)
{
	struct tm tm = { };

	memcpy(&tm, fields, sizeof(*fields));
	tm.tm_isdst = 0;
	return timegm(&tm);
}

/* What the ioctls do to their argument; 0 or an errno. */

static int read_time(struct clock *clock, struct rtc_time *time)
{
	to_fields(clock_s(clock), time);
	return clock->read_errno;
}

static int set_time(struct clock *clock, const struct rtc_time *time)
{
	if (!clock->set_errno)
		clock->ahead += to_seconds(time) - clock_s(clock);
	return clock->set_errno;
}

/* It rings while nobody looks. */
static int read_alarm(struct clock *clock, struct rtc_wkalrm *alarm)
{
	if (!clock->has_alarm)
		return EINVAL;
	memset(alarm, 0, sizeof(*alarm));
	alarm->enabled = clock->armed && clock->alarm > clock_s(clock);
	to_fields(clock->alarm, &alarm->time);
	return 0;
}

static int set_alarm(struct clock *clock, const struct rtc_wkalrm *alarm)
{
	if (!clock->has_alarm)
		return EINVAL;
	clock->alarm = to_seconds(&alarm->time);
	clock->armed = alarm->enabled;
	return 0;
}

static int get_param(struct clock *clock, struct rtc_param *param)
{
	if (param->param != RTC_PARAM_FEATURES)
		return EINVAL;
	param->uvalue = clock->features;
	return 0;
}

static int read_voltage(struct clock *clock, unsigned int *flags)
{
	if (clock->voltage < 0)
		return EINVAL;
	*flags = clock->voltage;
	return 0;
}

static int alarm_off(struct clock *clock)
{
	clock->armed = false;
	return clock->has_alarm ? 0 : EINVAL;
}

/* The memory behind the argument, of which umockdev keeps a copy on either side. */
static void *memory(UMockdevIoctlClient *client, size_t size)
{
	UMockdevIoctlData *data = umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client),
							      0, size, NULL);

	if (!data)
		die("an argument that cannot be read");
	return data->data;
}

static int answer(struct clock *clock, UMockdevIoctlClient *client)
{
	switch (umockdev_ioctl_client_get_request(client)) {
	case RTC_RD_TIME:
		return read_time(clock, memory(client, sizeof(struct rtc_time)));
	case RTC_SET_TIME:
		return set_time(clock, memory(client, sizeof(struct rtc_time)));
	case RTC_WKALM_RD:
		return read_alarm(clock, memory(client, sizeof(struct rtc_wkalrm)));
	case RTC_WKALM_SET:
		return set_alarm(clock, memory(client, sizeof(struct rtc_wkalrm)));
	case RTC_PARAM_GET:
		return get_param(clock, memory(client, sizeof(struct rtc_param)));
	case RTC_VL_READ:
		return read_voltage(clock, memory(client, sizeof(unsigned int)));
	case RTC_AIE_OFF:
		return alarm_off(clock);
	case RTC_UIE_ON:
	case RTC_UIE_OFF:
		return EINVAL;
	default:
		return ENOTTY;
	}
}

static gboolean handle_ioctl(UMockdevIoctlBase *handler, UMockdevIoctlClient *client,
			     gpointer clock)
{
	int err = answer(clock, client);

	(void)handler;
	umockdev_ioctl_client_complete(client, err ? -1 : 0, err);
	return TRUE;
}

static void parse_word(struct clock *clock, char *word)
{
	char *text = strchr(word, '=');
	long long value = text ? strtoll(text + 1, NULL, 0) : 0;

	if (text)
		*text = '\0';
	if (!strcmp(word, "ahead"))
		clock->ahead = value;
	else if (!strcmp(word, "alarm"))
		clock->alarm = value;
	else if (!strcmp(word, "no-alarm"))
		clock->has_alarm = false;
	else if (!strcmp(word, "wakeup"))
		clock->wakeup = true;
	else if (!strcmp(word, "hctosys"))
		clock->hctosys = true;
	else if (!strcmp(word, "link"))
		clock->link = true;
	else if (!strcmp(word, "emulated"))
		clock->emulated = true;
	else if (!strcmp(word, "features"))
		clock->features = value;
	else if (!strcmp(word, "voltage"))
		clock->voltage = value;
	else if (!strcmp(word, "read"))
		clock->read_errno = value;
	else if (!strcmp(word, "set"))
		clock->set_errno = value;
	else
		die("'%s' is no word of a clock", word);
}

/* Its device with a driver, its own folder in sysfs, and its node. */
#define DESCRIPTION \
	"P: /devices/platform/fake.%1$d\n" \
	"E: SUBSYSTEM=platform\n" \
	"%4$s\n" \
	"P: /devices/platform/fake.%1$d/rtc/rtc%1$d\n" \
	"N: rtc%1$d\n" \
	"E: DEVNAME=/dev/rtc%1$d\n" \
	"E: SUBSYSTEM=rtc\n" \
	"A: dev=" MAJOR ":%1$d\n" \
	"A: name=%2$s %5$s.%1$d\\n\n" \
	"A: hctosys=%3$d\\n\n" \
	"L: device=../../../fake.%1$d\n"

static void add_device(UMockdevTestbed *machine, int number, const char *driver,
		       const struct clock *clock)
{
	g_autoptr(GError) error = NULL;
	char *text;

	if (asprintf(&text, DESCRIPTION, number, driver, clock->hctosys,
		     clock->wakeup ? "A: power/wakeup=enabled\\n\n" : "",
		     clock->emulated ? "mc146818-emulated" : "fake") < 0)
		die("no memory");
	if (!umockdev_testbed_add_from_string(machine, text, &error))
		die("rtc%d: %s", number, error->message);
	free(text);
}

/* What is opened there is a terminal of umockdev's: the clock is found under its number, too. */
static void add_number(UMockdevTestbed *machine, int number, const char *node)
{
	g_autofree char *root = umockdev_testbed_get_root_dir(machine);
	char terminal[64], target[64], path[4096];
	struct stat st;

	if (ptsname_r(umockdev_testbed_get_dev_fd(machine, node), terminal, sizeof(terminal)) ||
	    stat(terminal, &st))
		die("%s is no terminal", node);
	snprintf(path, sizeof(path), "%s/sys/dev/char/%u:%u", root, major(st.st_rdev),
		 minor(st.st_rdev));
	snprintf(target, sizeof(target), "../../class/rtc/rtc%d", number);
	if (symlink(target, path))
		die("%s: %s", path, strerror(errno));
}

/* As udev makes it for the clock that the system's time was set from. */
static void add_link(UMockdevTestbed *machine, int number)
{
	g_autofree char *root = umockdev_testbed_get_root_dir(machine);
	char target[32], path[4096];

	snprintf(path, sizeof(path), "%s/dev/rtc", root);
	snprintf(target, sizeof(target), "rtc%d", number);
	if (symlink(target, path))
		die("%s: %s", path, strerror(errno));
}

static void add_clock(UMockdevTestbed *machine, struct clock *clock, int number, char *words)
{
	UMockdevIoctlBase *handler = umockdev_ioctl_base_new();
	g_autoptr(GError) error = NULL;
	char *driver = strtok(words, ","), *word;
	char node[32];

	*clock = (struct clock){ .has_alarm = true, .voltage = -1 };
	while ((word = strtok(NULL, ",")))
		parse_word(clock, word);
	clock->armed = clock->alarm;
	clock->alarm += clock_s(clock);
	add_device(machine, number, driver, clock);
	if (clock->link)
		add_link(machine, number);
	snprintf(node, sizeof(node), "/dev/rtc%d", number);
	add_number(machine, number, node);
	g_signal_connect(handler, "handle-ioctl", G_CALLBACK(handle_ioctl), clock);
	if (!umockdev_testbed_attach_ioctl(machine, node, handler, &error))
		die("%s: %s", node, error->message);
}

int main(int argc, char **argv)
{
	static struct clock clocks[CLOCKS_MAX];
	UMockdevTestbed *machine;
	int n = 0, status;
	pid_t pid;

	machine = umockdev_testbed_new();
	for (argv++; *argv && strcmp(*argv, "--"); argv++) {
		if (n == CLOCKS_MAX)
			die("more than %d clocks", CLOCKS_MAX);
		if (strcmp(*argv, "-"))
			add_clock(machine, &clocks[n], n, *argv);
		n++;
	}
	if (argc < 3 || !*argv || !argv[1])
		die("no command behind --");
	pid = fork();
	if (!pid) {
		execvp(argv[1], argv + 1);
		die("%s: %s", argv[1], strerror(errno));
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		die("cannot run %s: %s", argv[1], strerror(errno));
	g_object_unref(machine);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
