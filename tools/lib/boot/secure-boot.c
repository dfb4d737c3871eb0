// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/attribute.h"
#include "lib/base/file-content.h"
#include "lib/base/root.h"
#include "lib/boot/secure-boot.h"

#define EFIVARS		"/sys/firmware/efi/efivars/"
#define GLOBAL		"-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define SHIM		"-605dab50-e046-4300-abb6-3dd810dd8b23"
#define ATTRIBUTES	4	/* bytes before a variable's value in efivarfs */
#define GUID_SIZE	16

/* EFI_SIGNATURE_LIST; what is in it follows. */
struct signature_list {
	uint8_t type[GUID_SIZE];
	uint32_t list_size;
	uint32_t header_size;
	uint32_t entry_size;	/* of each: a GUID and the certificate */
};

static const uint8_t x509[GUID_SIZE] = {
	0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a,
	0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72,
};

static int load(struct file_content *value, const char *file)
{
	struct root_path path;

	return file_content_load(value, root_path(&path, "%s", file));
}

/* Return: -1 where there is no such variable. */
static int flag(const char *file)
{
	struct file_content value;
	int is = -1;

	if (load(&value, file))
		return -1;
	if (value.size > ATTRIBUTES)
		is = value.bytes[ATTRIBUTES];
	file_content_free(&value);
	return is;
}

enum secure_boot secure_boot_state(void)
{
	int on = flag(EFIVARS "SecureBoot" GLOBAL);

	if (on < 0)
		return SECURE_BOOT_NONE;
	if (!on)
		return SECURE_BOOT_OFF;
	return flag(EFIVARS "MokSBStateRT" SHIM) == 1 ? SECURE_BOOT_SHIM_OFF : SECURE_BOOT_ON;
}

void secure_boot_lockdown(char *mode, size_t size)
{
	struct root_path path;
	char line[128], *begin;

	*mode = '\0';
	if (attribute_read(line, sizeof(line), root_path(&path, "/sys/kernel/security/lockdown")))
		return;
	begin = strchr(line, '[');
	if (begin)
		snprintf(mode, size, "%.*s", (int)strcspn(begin + 1, "]"), begin + 1);
}

static bool enforced(void)
{
	struct root_path path;
	char line[16];

	return !attribute_read(line, sizeof(line),
			       root_path(&path, "/sys/module/module/parameters/sig_enforce")) &&
	       *line == 'Y';
}

bool secure_boot_signed_only(void)
{
	char mode[32];

	secure_boot_lockdown(mode, sizeof(mode));
	return secure_boot_state() == SECURE_BOOT_ON || (*mode && strcmp(mode, "none")) ||
	       enforced();
}

/* A value of DER: its whole size and that of its head. Return: false where it does not fit. */
static bool der_size(const uint8_t *at, size_t room, size_t *head, size_t *size)
{
	size_t bytes;

	if (room < 2)
		return false;
	*head = 2;
	*size = at[1];
	if (at[1] & 0x80) {
		bytes = at[1] & 0x7f;
		if (bytes > 3 || room < 2 + bytes)
			return false;
		*head += bytes;
		*size = 0;
		for (size_t i = 0; i < bytes; i++)
			*size = *size << 8 | at[2 + i];
	}
	*size += *head;
	return *size <= room;
}

/* Steps over a value, or with @into to its first part. */
static bool der_step(const uint8_t **at, size_t *room, bool into)
{
	size_t head, size;

	if (!der_size(*at, *room, &head, &size))
		return false;
	*room = into ? size - head : *room - size;
	*at += into ? head : size;
	return true;
}

/*
 * A signature names its certificate by issuer and serial number, in that order; a
 * certificate has, within two sequences, a version, the serial number, an algorithm, the issuer.
 */
static bool names(const struct module *module, const uint8_t *cert, size_t room)
{
	const uint8_t *serial, *issuer;
	size_t serial_size, issuer_size, head;
	uint8_t name[1024];

	if (!der_step(&cert, &room, true) || !der_step(&cert, &room, true))
		return false;
	if (room && *cert == 0xa0 && !der_step(&cert, &room, false))
		return false;
	serial = cert;
	if (!der_size(cert, room, &head, &serial_size) || !der_step(&cert, &room, false) ||
	    !der_step(&cert, &room, false))
		return false;
	issuer = cert;
	if (!der_size(cert, room, &head, &issuer_size) || issuer_size + serial_size > sizeof(name))
		return false;
	memcpy(name, issuer, issuer_size);
	memcpy(name + issuer_size, serial, serial_size);
	return memmem(module->signature, module->signature_size, name, issuer_size + serial_size);
}

static bool in_list(const struct module *module, const struct signature_list *list,
		    const uint8_t *entries)
{
	size_t left = list->list_size - sizeof(*list) - list->header_size;

	if (memcmp(list->type, x509, GUID_SIZE) || list->entry_size <= GUID_SIZE)
		return false;
	for (; left >= list->entry_size; left -= list->entry_size, entries += list->entry_size)
		if (names(module, entries + GUID_SIZE, list->entry_size - GUID_SIZE))
			return true;
	return false;
}

static bool in_lists(const struct module *module, const uint8_t *at, size_t room)
{
	struct signature_list list;

	while (room >= sizeof(list)) {
		memcpy(&list, at, sizeof(list));
		if (list.list_size > room || list.list_size < sizeof(list) ||
		    list.header_size > list.list_size - sizeof(list))
			return false;
		if (in_list(module, &list, at + sizeof(list) + list.header_size))
			return true;
		at += list.list_size;
		room -= list.list_size;
	}
	return false;
}

/* Shim hands the keys on as a variable, or where that is too small for them as a table. */
bool secure_boot_trusts(const struct module *module)
{
	struct file_content keys;
	bool trusted = false;

	if (!module->signature)
		return false;
	if (!load(&keys, "/sys/firmware/efi/mok-variables/MokListRT")) {
		trusted = in_lists(module, (uint8_t *)keys.bytes, keys.size);
		file_content_free(&keys);
	}
	if (!trusted && !load(&keys, EFIVARS "MokListRT" SHIM)) {
		if (keys.size > ATTRIBUTES)
			trusted = in_lists(module, (uint8_t *)keys.bytes + ATTRIBUTES,
					   keys.size - ATTRIBUTES);
		file_content_free(&keys);
	}
	return trusted;
}
