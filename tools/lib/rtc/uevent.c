// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/netlink.h>

#include "lib/rtc/uevent.h"

#define FROM_KERNEL	1	/* the group of its messages; udev has another one for its own */
#define MESSAGE_SIZE	8192

int uevent_listen(void)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = FROM_KERNEL };
	int fd, err;

	fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
	if (fd < 0)
		return -errno;
	if (!bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* Lines that end with a NUL. Return: the value behind "KEY="; "" where there is none. */
static const char *value_of(const char *text, size_t size, const char *key)
{
	const char *end = text + size;
	size_t len = strlen(key);

	for (; text < end; text += strlen(text) + 1)
		if (!strncmp(text, key, len) && text[len] == '=')
			return text + len + 1;
	return "";
}

static enum uevent judge(const char *text, size_t size, const struct rtc *rtc)
{
	const char *action = value_of(text, size, "ACTION");

	if (strcmp(value_of(text, size, "SUBSYSTEM"), "rtc") ||
	    strcmp(value_of(text, size, "DEVNAME"), rtc->node))
		return UEVENT_OTHER;
	if (!strcmp(action, "remove"))
		return UEVENT_GONE;
	return !strcmp(action, "change") && !strcmp(value_of(text, size, "EVENT"), "step") ?
	       UEVENT_STEP : UEVENT_OTHER;
}

int uevent_take(int fd, const struct rtc *rtc, enum uevent *event)
{
	struct sockaddr_nl from = {};
	socklen_t from_size = sizeof(from);
	char text[MESSAGE_SIZE + 1];
	ssize_t len;

	len = recvfrom(fd, text, MESSAGE_SIZE, 0, (struct sockaddr *)&from, &from_size);
	if (len < 0)
		return -errno;
	text[len] = '\0';
	/* Root may send to the group as well: the kernel alone is number 0. */
	*event = from.nl_pid ? UEVENT_OTHER : judge(text, len, rtc);
	return 0;
}
