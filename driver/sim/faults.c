// SPDX-License-Identifier: GPL-2.0
/* What an emulated clock can be told to have wrong, in words and in bytes. */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "sim/faults.h"
#include "sim/registers.h"

#define WORDS_MAX	3
#define LINE_MAX	48
#define REG_MAX		0x7f
#define STORM_MAX_HZ	10000
#define RATE_MAX_PPM	100000
#define SLOW_MAX_US	3000
#define STEP_MAX_S	1000000000
#define HOUR_OFF_MAX	23
#define FORMAT_SHIFT	1	/* from the number of wrong-format to the bits of B */
#define FORMAT_MAX	3
#define NOISE_MAX	1000

/* How a fault is written: its name, and the numbers behind it. */
struct form {
	const char *name;
	bool reg, number, seconds;
	int min, max;
};

static const struct form forms[MC_FAULTS] = {
	[MC_FAULT_DEAD_BUS] = { "dead-bus" },
	[MC_FAULT_STUCK_UIP] = { "stuck-uip" },
	[MC_FAULT_STOPPED_DIVIDER] = { "stopped-divider" },
	[MC_FAULT_STUCK_SET] = { "stuck-set" },
	[MC_FAULT_VRT_LOST] = { "vrt-lost" },
	[MC_FAULT_GARBAGE] = { "garbage", .reg = true, .number = true, .min = 0, .max = 0xff },
	[MC_FAULT_NOISE] = { "noise", .number = true, .min = 1, .max = NOISE_MAX },
	[MC_FAULT_TEARING] = { "tearing" },
	[MC_FAULT_LOST_INTERRUPT] = { "lost-interrupt" },
	[MC_FAULT_STORM] = { "storm", .number = true, .min = 1, .max = STORM_MAX_HZ },
	[MC_FAULT_RATE] = { "rate", .number = true, .min = -RATE_MAX_PPM, .max = RATE_MAX_PPM },
	[MC_FAULT_SLOW] = { "slow", .number = true, .min = 1, .max = SLOW_MAX_US },
	[MC_FAULT_STEP] = { .name = "step", .seconds = true },
	[MC_FAULT_DROP_WRITES] = { "drop-writes" },
	[MC_FAULT_HOUR_OFF] = { "hour-off", .number = true, .min = -HOUR_OFF_MAX,
				.max = HOUR_OFF_MAX },
	[MC_FAULT_WRONG_FORMAT] = { "wrong-format", .number = true, .min = 1, .max = FORMAT_MAX },
};

/* One word more than WORDS_MAX tells that there are too many. */
static int split(char *line, char *words[WORDS_MAX + 1])
{
	char *word;
	int n = 0;

	while (n <= WORDS_MAX && (word = strsep(&line, " =\t\n")))
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

/* Digits from @word on, the first of which counts for @scale; what comes behind them. */
static const char *fraction(const char *word, s64 scale, s64 *ns)
{
	for (; isdigit(*word) && scale; word++, scale /= 10)
		*ns += (*word - '0') * scale;
	return word;
}

/* Seconds, with up to nine decimals. */
static int parse_seconds(const char *word, s64 *ns)
{
	bool back = *word == '-';
	s64 whole = 0, rest = 0;

	word += back;
	if (!isdigit(*word))
		return -EINVAL;
	for (; isdigit(*word) && whole <= STEP_MAX_S; word++)
		whole = whole * 10 + *word - '0';
	if (*word == '.')
		word = fraction(word + 1, NSEC_PER_SEC / 10, &rest);
	if (*word || whole > STEP_MAX_S)
		return -EINVAL;
	*ns = whole * NSEC_PER_SEC + rest;
	if (back)
		*ns = -*ns;
	return 0;
}

static int parse_step(struct mc_faults *f, int fault, char **words, int n)
{
	s64 ns;

	if (n != 1 || parse_seconds(words[0], &ns))
		return -EINVAL;
	f->on |= 1U << fault;
	f->value[fault] = ns;
	return 0;
}

static int parse_conduct(struct mc_faults *f, char **words, int n)
{
	const struct mc_sim_profile *conduct = n == 1 ? mc_sim_profile_find(words[0]) : NULL;

	if (!conduct)
		return -EINVAL;
	f->conduct = conduct;
	return 0;
}

static int parse_numbers(struct mc_faults *f, int fault, char **words, int n)
{
	const struct form *form = &forms[fault];
	int reg = 0, value = 0, i = 0;

	if (form->seconds)
		return parse_step(f, fault, words, n);
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

static void clear(struct mc_faults *f)
{
	*f = (struct mc_faults){ .conduct = f->conduct };
}

/**
 * mc_faults_parse - take a line in: one fault more, "none", or another conduct
 * @f: changed; untouched on error
 * @text: a name of forms[] and its numbers, or "conduct" and a name of profiles.c; a
 *	"=" counts as a space
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
		clear(f);
		return 0;
	}
	if (n && !strcmp(words[0], "conduct"))
		return parse_conduct(f, words + 1, n - 1);
	for (i = 0; n && i < MC_FAULTS; i++)
		if (!strcmp(words[0], forms[i].name))
			return parse_numbers(f, i, words + 1, n - 1);
	return -EINVAL;
}

/**
 * mc_faults_print - the faults that are on, as mc_faults_parse() takes them
 * @f: the faults
 * @buf: one line each, the conduct first if it is not what clocks have without a word;
 *	"none"
 * @size: of @buf
 *
 * Return: length.
 */
int mc_faults_print(const struct mc_faults *f, char *buf, size_t size)
{
	int i, n = 0;

	if (strcmp(f->conduct->name, MC_SIM_PROFILE_DEFAULT))
		n += scnprintf(buf + n, size - n, "conduct %s\n", f->conduct->name);
	for (i = 0; i < MC_FAULTS; i++) {
		if (!mc_faults_has(f, i))
			continue;
		n += scnprintf(buf + n, size - n, "%s", forms[i].name);
		if (forms[i].reg)
			n += scnprintf(buf + n, size - n, " %#x %#llx", f->reg, f->value[i]);
		else if (forms[i].number)
			n += scnprintf(buf + n, size - n, " %lld", f->value[i]);
		n += scnprintf(buf + n, size - n, "\n");
	}
	return n ?: scnprintf(buf, size, "none\n");
}

static u8 wrong_format(const struct mc_faults *f)
{
	return f->value[MC_FAULT_WRONG_FORMAT] << FORMAT_SHIFT;
}

/**
 * mc_faults_read - what the faults make of a byte on its way from the chip
 * @f: the faults
 * @reg: its register
 * @value: as the chip has it
 * @chance: a random number
 *
 * Return: the byte.
 */
u8 mc_faults_read(const struct mc_faults *f, u8 reg, u8 value, u32 chance)
{
	if (mc_faults_has(f, MC_FAULT_DEAD_BUS))
		return 0xff;
	if (mc_faults_has(f, MC_FAULT_NOISE) && !((chance >> 8) % (u32)f->value[MC_FAULT_NOISE]))
		return chance;
	if (reg == MC_SIM_A && mc_faults_has(f, MC_FAULT_TEARING))
		value &= ~MC_SIM_A_UIP;
	if (reg == MC_SIM_A && mc_faults_has(f, MC_FAULT_STUCK_UIP))
		value |= MC_SIM_A_UIP;
	if (reg == MC_SIM_D && mc_faults_has(f, MC_FAULT_VRT_LOST))
		value &= ~MC_SIM_D_VRT;
	if (reg == MC_SIM_B && mc_faults_has(f, MC_FAULT_WRONG_FORMAT))
		value ^= wrong_format(f);
	if (reg == f->reg && mc_faults_has(f, MC_FAULT_GARBAGE))
		value = f->value[MC_FAULT_GARBAGE];
	return value;
}

/**
 * mc_faults_drop - whether the chip keeps a byte on its way to it
 * @f: the faults
 * @reg: its register
 *
 * Return: false if it does.
 */
bool mc_faults_drop(const struct mc_faults *f, u8 reg)
{
	if (!mc_faults_has(f, MC_FAULT_DROP_WRITES))
		return false;
	switch (reg) {
	case MC_SIM_SECONDS:
	case MC_SIM_MINUTES:
	case MC_SIM_HOURS:
	case MC_SIM_DAY_OF_WEEK ... MC_SIM_YEAR:
	case MC_SIM_CENTURY:
		return true;
	default:
		return false;
	}
}

static u8 another_hour(const struct mc_faults *f, const struct mc_sim_coding *c, u8 byte)
{
	int hour = mc_sim_hour(c, byte) + f->value[MC_FAULT_HOUR_OFF];

	return mc_sim_is_hour(c, byte) ? mc_sim_code_hour(c, (hour + 24) % 24) : byte;
}

/**
 * mc_faults_write - what the faults make of a byte on its way to the chip
 * @f: the faults
 * @c: how the chip's bytes mean a time
 * @reg: its register
 * @value: as it was written
 *
 * Return: the byte.
 */
u8 mc_faults_write(const struct mc_faults *f, const struct mc_sim_coding *c, u8 reg, u8 value)
{
	if (reg == MC_SIM_B && mc_faults_has(f, MC_FAULT_WRONG_FORMAT))
		value ^= wrong_format(f);
	if (reg == MC_SIM_B && mc_faults_has(f, MC_FAULT_STUCK_SET))
		value |= MC_SIM_B_SET;
	if (reg == MC_SIM_HOURS && mc_faults_has(f, MC_FAULT_HOUR_OFF))
		value = another_hour(f, c, value);
	return value;
}
