// SPDX-License-Identifier: GPL-2.0
/* What an emulated clock can be told to have wrong, in words and in bytes. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "sim/faults.h"
#include "sim/registers.h"

#define WORDS_MAX	3
#define LINE_MAX	48
#define REG_MAX		0x7f
#define STORM_MAX_HZ	10000
#define RATE_MAX_PPM	100000
#define SLOW_MAX_US	1000
#define STEP_MAX_S	1000000000

/* How a fault is written: its name, and the numbers behind it. */
struct form {
	const char *name;
	bool reg, number;
	int min, max;
};

static const struct form forms[MC_FAULTS] = {
	[MC_FAULT_DEAD_BUS] = { "dead-bus" },
	[MC_FAULT_STUCK_UIP] = { "stuck-uip" },
	[MC_FAULT_STOPPED_DIVIDER] = { "stopped-divider" },
	[MC_FAULT_STUCK_SET] = { "stuck-set" },
	[MC_FAULT_VRT_LOST] = { "vrt-lost" },
	[MC_FAULT_GARBAGE] = { "garbage", true, true, 0, 0xff },
	[MC_FAULT_TEARING] = { "tearing" },
	[MC_FAULT_LOST_INTERRUPT] = { "lost-interrupt" },
	[MC_FAULT_STORM] = { "storm", false, true, 1, STORM_MAX_HZ },
	[MC_FAULT_RATE] = { "rate", false, true, -RATE_MAX_PPM, RATE_MAX_PPM },
	[MC_FAULT_SLOW] = { "slow", false, true, 1, SLOW_MAX_US },
	[MC_FAULT_STEP] = { "step", false, true, -STEP_MAX_S, STEP_MAX_S },
};

/* One word more than WORDS_MAX tells that there are too many. */
static int split(char *line, char *words[WORDS_MAX + 1])
{
	char *word;
	int n = 0;

	while (n <= WORDS_MAX && (word = strsep(&line, " \t\n")))
		if (*word)
			words[n++] = word;
	return n;
}

static int number_between(const char *word, int min, int max, int *number)
{
	int value, err = kstrtoint(word, 0, &value);

	if (err || value < min || value > max)
		return -EINVAL;
	*number = value;
	return 0;
}

static int parse_numbers(struct mc_faults *f, int fault, char **words, int n)
{
	const struct form *form = &forms[fault];
	int reg = 0, value = 0, i = 0;

	if (n != form->reg + form->number)
		return -EINVAL;
	if (form->reg && number_between(words[i++], 0, REG_MAX, &reg))
		return -EINVAL;
	if (form->number && number_between(words[i], form->min, form->max, &value))
		return -EINVAL;
	f->on |= 1U << fault;
	f->value[fault] = value;
	if (form->reg)
		f->reg = reg;
	return 0;
}

/**
 * mc_faults_parse - take a line in: one fault more, or "none"
 * @f: changed; untouched on error
 * @text: a name of forms[] and its numbers
 *
 * Return: 0 or -EINVAL.
 */
int mc_faults_parse(struct mc_faults *f, const char *text)
{
	char line[LINE_MAX], *words[WORDS_MAX + 1];
	int i, n;

	if (strscpy(line, text, sizeof(line)) < 0)
		return -EINVAL;
	n = split(line, words);
	if (n == 1 && !strcmp(words[0], "none")) {
		memset(f, 0, sizeof(*f));
		return 0;
	}
	for (i = 0; n && i < MC_FAULTS; i++)
		if (!strcmp(words[0], forms[i].name))
			return parse_numbers(f, i, words + 1, n - 1);
	return -EINVAL;
}

/**
 * mc_faults_print - the faults that are on, as mc_faults_parse() takes them
 * @f: the faults
 * @buf: one line each; "none"
 * @size: of @buf
 *
 * Return: length.
 */
int mc_faults_print(const struct mc_faults *f, char *buf, size_t size)
{
	int i, n = 0;

	for (i = 0; i < MC_FAULTS; i++) {
		if (!mc_faults_has(f, i))
			continue;
		n += scnprintf(buf + n, size - n, "%s", forms[i].name);
		if (forms[i].reg)
			n += scnprintf(buf + n, size - n, " %#x %#x", f->reg, f->value[i]);
		else if (forms[i].number)
			n += scnprintf(buf + n, size - n, " %d", f->value[i]);
		n += scnprintf(buf + n, size - n, "\n");
	}
	return n ?: scnprintf(buf, size, "none\n");
}

/**
 * mc_faults_read - what the faults make of a byte on its way from the chip
 * @f: the faults
 * @reg: its register
 * @value: as the chip has it
 *
 * Return: the byte.
 */
u8 mc_faults_read(const struct mc_faults *f, u8 reg, u8 value)
{
	if (mc_faults_has(f, MC_FAULT_DEAD_BUS))
		return 0xff;
	if (reg == MC_SIM_A && mc_faults_has(f, MC_FAULT_TEARING))
		value &= ~MC_SIM_A_UIP;
	if (reg == MC_SIM_A && mc_faults_has(f, MC_FAULT_STUCK_UIP))
		value |= MC_SIM_A_UIP;
	if (reg == MC_SIM_D && mc_faults_has(f, MC_FAULT_VRT_LOST))
		value &= ~MC_SIM_D_VRT;
	if (reg == f->reg && mc_faults_has(f, MC_FAULT_GARBAGE))
		value = f->value[MC_FAULT_GARBAGE];
	return value;
}

/**
 * mc_faults_write - what the faults make of a byte on its way to the chip
 * @f: the faults
 * @reg: its register
 * @value: as it was written
 *
 * Return: the byte.
 */
u8 mc_faults_write(const struct mc_faults *f, u8 reg, u8 value)
{
	if (reg == MC_SIM_B && mc_faults_has(f, MC_FAULT_STUCK_SET))
		value |= MC_SIM_B_SET;
	return value;
}
