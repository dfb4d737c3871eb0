// SPDX-License-Identifier: GPL-2.0
/*
 * A chip in software: the model behind the same interface as the ports, driven by
 * one of the system's clocks.
 *
 * The chip works out what happened when it is touched. A timer runs only while its
 * interrupt line may rise, which takes an enabled interrupt. The line is served as
 * IRQ 8 is on a PC, by its rising edge.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "compat.h"
#include "sim/bus-sim.h"
#include "sim/faults.h"
#include "sim/model.h"

#define RAM_SIZE	(MC146818_MODEL_RAM - MC_SIM_RAM)

/**
 * struct mc_sim - one chip
 * @bus:	how the driver sees it
 * @lock:	guards all of it
 * @model:	its registers and its time
 * @base:	what drives it
 * @stepped:	mc_timebase_stepped() as far as the model has followed it
 * @stopped_ns:	what the chip missed while its divider was stopped ...
 * @stopped_at:	... since this time of its own, where it is now
 * @faults:	which chip it plays, and what is wrong with it
 * @event:	fires when the line may rise
 * @storm:	fires for each spurious interrupt
 * @handler:	whom the line reaches, ...
 * @data:	... and what is passed on
 * @line:	the line is up
 * @raised:	... and nobody was told yet
 * @add_files:	adds what debugfs has of it to the folder of its clock
 */
struct mc_sim {
	struct mc_bus bus;
	spinlock_t lock; /* see above */
	struct mc146818_model model;
	struct mc_timebase base;
	s64 stepped;
	s64 stopped_ns, stopped_at;
	struct mc_faults faults;
	struct hrtimer event, storm;
	irq_handler_t handler;
	void *data;
	bool line, raised;
	mc_sim_add_files add_files;
};

static struct mc_sim *emulated_of(struct mc_bus *b)
{
	return container_of(b, struct mc_sim, bus);
}

static s64 chip_now(struct mc_sim *e)
{
	if (mc_faults_has(&e->faults, MC_FAULT_STOPPED_DIVIDER))
		return e->stopped_at;
	return mc_timebase_now(&e->base) - e->stopped_ns;
}

/* The lock is held. Time of the chip, which has followed the system's steps. */
static s64 follow(struct mc_sim *e)
{
	s64 t = chip_now(e), stepped = mc_timebase_stepped();
	s64 ns = stepped - e->stepped;

	e->stepped = stepped;
	if (!ns)
		return t;
	if (e->base.clock == MC_TIMEBASE_HOST)
		mc146818_model_step(&e->model, ns, t);
	else
		mc146818_model_host_step(&e->model, ns, t);
	return t;
}

/* The lock is held. */
static void look_at_line(struct mc_sim *e)
{
	bool line = mc146818_model_line(&e->model);

	if (line && !e->line)
		e->raised = !mc_faults_has(&e->faults, MC_FAULT_LOST_INTERRUPT);
	e->line = line;
}

/* The lock is held. */
static void aim(struct mc_sim *e, s64 t)
{
	s64 next = mc146818_model_next_event(&e->model, t);

	look_at_line(e);
	if (!e->handler)
		return;
	if (e->raised)
		next = t;
	if (next != MC146818_MODEL_NEVER)
		hrtimer_start(&e->event, ktime_add_ns(ktime_get(), next - t), HRTIMER_MODE_ABS);
	else if (hrtimer_active(&e->event))
		hrtimer_try_to_cancel(&e->event);
}

static enum hrtimer_restart event(struct hrtimer *timer)
{
	struct mc_sim *e = container_of(timer, struct mc_sim, event);
	irq_handler_t handler = NULL;
	unsigned long flags;
	void *data;
	s64 t;

	spin_lock_irqsave(&e->lock, flags);
	t = follow(e);
	mc146818_model_sync(&e->model, t);
	look_at_line(e);
	data = e->data;
	if (e->raised)
		handler = e->handler;
	e->raised = false;
	aim(e, t);
	spin_unlock_irqrestore(&e->lock, flags);
	if (handler)
		handler(0, data);
	return HRTIMER_NORESTART;
}

static enum hrtimer_restart storm(struct hrtimer *timer)
{
	struct mc_sim *e = container_of(timer, struct mc_sim, storm);
	irq_handler_t handler;
	unsigned long flags;
	void *data;
	int hz;

	spin_lock_irqsave(&e->lock, flags);
	handler = e->handler;
	data = e->data;
	hz = e->faults.value[MC_FAULT_STORM];
	spin_unlock_irqrestore(&e->lock, flags);
	if (!handler || !hz)
		return HRTIMER_NORESTART;
	handler(0, data);
	hrtimer_forward_now(timer, ns_to_ktime(NSEC_PER_SEC / hz));
	return HRTIMER_RESTART;
}

/* The lock is held. */
static void start_storm(struct mc_sim *e)
{
	if (e->handler && mc_faults_has(&e->faults, MC_FAULT_STORM) &&
	    !hrtimer_active(&e->storm))
		hrtimer_start(&e->storm, ktime_get(), HRTIMER_MODE_ABS);
}

static void be_slow(const struct mc_sim *e)
{
	if (mc_faults_has(&e->faults, MC_FAULT_SLOW))
		udelay(e->faults.value[MC_FAULT_SLOW]);
}

static u8 read(struct mc_bus *b, u8 reg)
{
	struct mc_sim *e = emulated_of(b);
	u8 value = 0xff;
	s64 t;

	be_slow(e);
	t = follow(e);
	if (!mc_faults_has(&e->faults, MC_FAULT_DEAD_BUS))
		value = mc146818_model_read(&e->model, reg, t);
	if (reg == MC_SIM_C)
		aim(e, t);
	return mc_faults_read(&e->faults, reg, value, get_random_u32());
}

static void write(struct mc_bus *b, u8 reg, u8 value)
{
	struct mc_sim *e = emulated_of(b);
	struct mc_sim_coding coding = mc146818_model_coding(&e->model);
	s64 t;

	be_slow(e);
	if (mc_faults_has(&e->faults, MC_FAULT_DEAD_BUS) || mc_faults_drop(&e->faults, reg))
		return;
	t = follow(e);
	value = mc_faults_write(&e->faults, &coding, reg, value);
	mc146818_model_write(&e->model, reg, value, t);
	aim(e, t);
}

static void set_handler(struct mc_sim *e, irq_handler_t handler, void *data)
{
	unsigned long flags;

	spin_lock_irqsave(&e->lock, flags);
	e->handler = handler;
	e->data = data;
	e->raised = e->line;
	aim(e, follow(e));
	start_storm(e);
	spin_unlock_irqrestore(&e->lock, flags);
}

static void connect(struct mc_bus *b, irq_handler_t handler, void *data)
{
	set_handler(emulated_of(b), handler, data);
}

static void disconnect(struct mc_bus *b)
{
	struct mc_sim *e = emulated_of(b);

	set_handler(e, NULL, NULL);
	hrtimer_cancel(&e->event);
	hrtimer_cancel(&e->storm);
}

static void add_files(struct mc_bus *b, struct dentry *dir)
{
	struct mc_sim *e = emulated_of(b);

	e->add_files(e, dir);
}

static const struct mc_bus_ops ops = {
	.read = read,
	.write = write,
	.connect = connect,
	.disconnect = disconnect,
	.add_files = add_files,
};

static void power_on(struct mc_sim *e)
{
	const struct mc146818_model_options *options = &e->faults.conduct->options;
	s64 t = mc_timebase_now(&e->base);
	u32 ns;
	s64 sec = mc_timebase_first(&e->base, options->host, &ns);

	e->stepped = mc_timebase_stepped();
	mc146818_model_init(&e->model, options, sec, t);
	mc146818_model_rebase(&e->model, sec, ns, t);
}

/* What its firmware would tell of it. */
static void describe(struct mc_bus *b, const struct mc_sim_profile *conduct)
{
	b->ram_size = RAM_SIZE;
	b->divider_reserved = conduct->divider_reserved;
	b->century = conduct->century;
	b->date_alarm = conduct->date_alarm;
	b->month_alarm = conduct->month_alarm;
	b->format.century = conduct->century;
	b->format.date_alarm = conduct->date_alarm;
	b->format.month_alarm = conduct->month_alarm;
}

/**
 * mc_sim_create - make a chip
 * @base: what drives it
 * @conduct: which chip it plays
 * @add_files: adds what debugfs has of it to the folder of its clock; may sleep
 *
 * Context: may sleep.
 * Return: the chip, to be destroyed; NULL without memory.
 */
struct mc_sim *mc_sim_create(const struct mc_timebase *base, const struct mc_sim_profile *conduct,
			     mc_sim_add_files add_files)
{
	struct mc_sim *e = kzalloc(sizeof(*e), GFP_KERNEL);

	if (!e)
		return NULL;
	spin_lock_init(&e->lock);
	mc_hrtimer_setup(&e->event, event);
	mc_hrtimer_setup(&e->storm, storm);
	e->base = *base;
	e->faults.conduct = conduct;
	e->add_files = add_files;
	power_on(e);
	e->bus.ops = &ops;
	e->bus.lock = &e->lock;
	describe(&e->bus, conduct);
	return e;
}

/**
 * mc_sim_destroy - the chip is gone
 * @e: the chip, no driver bound to it, nobody at its files
 *
 * Context: may sleep.
 */
void mc_sim_destroy(struct mc_sim *e)
{
	kfree(e);
}

/**
 * mc_sim_bus - the bus for a chip
 * @e: the chip
 * @dev: the device that stands for it
 *
 * Context: process.
 * Return: the bus.
 */
struct mc_bus *mc_sim_bus(struct mc_sim *e, struct device *dev)
{
	e->bus.dev = dev;
	return &e->bus;
}

/* The lock is held. The divider stops and runs on; what it missed is lost. */
static void set_stopped(struct mc_sim *e, bool stopped, s64 t)
{
	if (stopped)
		e->stopped_at = t;
	else
		e->stopped_ns = mc_timebase_now(&e->base) - t;
}

static void set_stuck(struct mc_sim *e, bool stuck, s64 t)
{
	u8 b = e->model.ram[MC_SIM_B] & ~MC_SIM_B_SET;

	mc146818_model_write(&e->model, MC_SIM_B, stuck ? b | MC_SIM_B_SET : b, t);
}

/* The lock is held. What the firmware told of the clock before stays as it was. */
static void become(struct mc_sim *e, const struct mc_sim_profile *conduct, s64 t)
{
	if (conduct == e->faults.conduct)
		return;
	mc146818_model_become(&e->model, &conduct->options, t);
	e->bus.divider_reserved = conduct->divider_reserved;
}

/* The lock is held. What a fault changes in the chip, not on the way from it. */
static void apply(struct mc_sim *e, const struct mc_faults *new)
{
	u32 changed = e->faults.on ^ new->on;
	s64 t = follow(e);

	become(e, new->conduct, t);
	if (changed & (1U << MC_FAULT_STOPPED_DIVIDER))
		set_stopped(e, mc_faults_has(new, MC_FAULT_STOPPED_DIVIDER), t);
	if (changed & (1U << MC_FAULT_STUCK_SET))
		set_stuck(e, mc_faults_has(new, MC_FAULT_STUCK_SET), t);
	mc146818_model_rate(&e->model, new->value[MC_FAULT_RATE] * 1000, t);
	if (mc_faults_has(new, MC_FAULT_STEP))
		mc146818_model_step(&e->model, new->value[MC_FAULT_STEP], t);
	e->model.options.update_ns = mc_faults_has(new, MC_FAULT_TEARING) ?
		MC146818_MODEL_UPDATE_NS : new->conduct->options.update_ns;
	e->faults = *new;
	/* A step is over at once. */
	e->faults.on &= ~(1U << MC_FAULT_STEP);
	aim(e, t);
	start_storm(e);
}

/**
 * mc_sim_inject - one fault more, none, or another conduct
 * @e: the chip
 * @text: as mc_faults_parse() takes it
 *
 * Context: process.
 * Return: 0; -EINVAL, with nothing changed.
 */
int mc_sim_inject(struct mc_sim *e, const char *text)
{
	struct mc_faults new;
	int err;

	spin_lock_irq(&e->lock);
	new = e->faults;
	err = mc_faults_parse(&new, text);
	if (!err)
		apply(e, &new);
	spin_unlock_irq(&e->lock);
	return err;
}

/**
 * mc_sim_faults - which chip it plays, and what is wrong with it
 * @e: the chip
 * @buf: filled in as by mc_faults_print()
 * @size: of @buf
 *
 * Context: process.
 * Return: length.
 */
int mc_sim_faults(struct mc_sim *e, char *buf, size_t size)
{
	struct mc_faults faults;

	spin_lock_irq(&e->lock);
	faults = e->faults;
	spin_unlock_irq(&e->lock);
	return mc_faults_print(&faults, buf, size);
}

/**
 * mc_sim_peek - read a register past the bus and its faults
 * @e: the chip
 * @reg: which
 *
 * Context: process.
 * Return: its byte; reading C clears its flags.
 */
u8 mc_sim_peek(struct mc_sim *e, u8 reg)
{
	u8 value;
	s64 t;

	spin_lock_irq(&e->lock);
	t = follow(e);
	value = mc146818_model_read(&e->model, reg, t);
	if (reg == MC_SIM_C)
		aim(e, t);
	spin_unlock_irq(&e->lock);
	return value;
}

/**
 * mc_sim_poke - write a register past the bus and its faults
 * @e: the chip
 * @reg: which
 * @value: its byte
 *
 * Context: process.
 */
void mc_sim_poke(struct mc_sim *e, u8 reg, u8 value)
{
	s64 t;

	spin_lock_irq(&e->lock);
	t = follow(e);
	mc146818_model_write(&e->model, reg, value, t);
	aim(e, t);
	spin_unlock_irq(&e->lock);
}
