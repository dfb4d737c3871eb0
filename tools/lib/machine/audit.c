// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/audit.h>
#include <linux/netlink.h>

#include "lib/machine/audit.h"

/* Of the range that the kernel leaves to programs; its header does not name them. */
#define AUDIT_USYS_CONFIG	1111

struct record {
	struct nlmsghdr header;
	char text[2 * PATH_MAX + 512];
};

int audit_connect(void)
{
	int fd;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	if (fd >= 0)
		return fd;
	return errno == EINVAL || errno == EAFNOSUPPORT ? -EPROTONOSUPPORT : -errno;
}

/* The audit's rule: what could be taken for the end of a field is written in hexadecimal. */
static int append_quoted(char *text, size_t size, const char *value)
{
	bool plain = true;
	int len = 0;

	for (const char *s = value; *s; s++)
		plain &= *s > ' ' && *s < 0x7f && *s != '"';
	if (plain)
		return snprintf(text, size, "\"%s\"", value);
	for (const char *s = value; *s; s++)
		len += snprintf(text + len, size - len, "%02X", (unsigned char)*s);
	return len;
}

static void find_program(char *path, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", path, size - 1);

	path[len < 0 ? 0 : len] = '\0';
}

static void find_terminal(char *name, size_t size)
{
	char path[256];

	snprintf(name, size, "?");
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (ttyname_r(fd, path, sizeof(path)))
			continue;
		snprintf(name, size, "%s", strncmp(path, "/dev/", 5) ? path : path + 5);
		return;
	}
}

static void fill(char *text, size_t size, const char *operation, bool success)
{
	char program[PATH_MAX], terminal[256], host[HOST_NAME_MAX + 1] = "?";
	int len;

	find_program(program, sizeof(program));
	find_terminal(terminal, sizeof(terminal));
	/* Of somebody at a terminal it is told which machine's that is. */
	if (strcmp(terminal, "?") && gethostname(host, sizeof(host)))
		snprintf(host, sizeof(host), "?");
	len = snprintf(text, size, "op=%s exe=", operation);
	len += append_quoted(text + len, size - len, program);
	snprintf(text + len, size - len, " hostname=%s addr=? terminal=%s res=%s", host, terminal,
		 success ? "success" : "failed");
}

int audit_record(int fd, const char *operation, bool success)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct record record = {};
	size_t len;

	if (fd < 0)
		return 0;
	fill(record.text, sizeof(record.text), operation, success);
	len = NLMSG_SPACE(strlen(record.text) + 1);
	record.header.nlmsg_len = len;
	record.header.nlmsg_type = AUDIT_USYS_CONFIG;
	record.header.nlmsg_flags = NLM_F_REQUEST;
	record.header.nlmsg_seq = 1;
	if (sendto(fd, &record, len, 0, (const struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return -errno;
	return 0;
}
