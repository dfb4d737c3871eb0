// SPDX-License-Identifier: GPL-2.0
/*
 * Setting the clock, to as close as its conduct allows.
 *
 * The chip needs the release of its divider at a certain moment, not a long hold. So a
 * first burst at the call puts the registers right to half a second, and a second one,
 * at the next such moment, begins the second where it belongs. Between them the clock
 * runs: whatever happens then leaves it half a second off at most.
 */
#include <linux/delay.h>
#include <linux/ktime.h>

#include "clock/set.h"
#include "compat.h"

#define SEC_NS		((s64)NSEC_PER_SEC)
#define HALF_NS		(SEC_NS / 2)
#define EARLY_NS	(3LL * NSEC_PER_MSEC)	/* wake so much ahead, as timers come late, ... */
#define EARLY_MIN_NS	(100LL * NSEC_PER_USEC)	/* ... or between these, where it was late, ... */
#define EARLY_MAX_NS	(12LL * NSEC_PER_MSEC)
#define EARLY_ACCESSES	16			/* ... and as long as a burst takes */
#define LATE_NS		(50LL * NSEC_PER_USEC)	/* later, a burst is tried again a second later */
#define TELLINGS	4
#define TRIES		5
#define LAG_NS		(20LL * NSEC_PER_MSEC)	/* beyond, a lag is not the one that is meant */
#define KNOWN_NS	(20LL * NSEC_PER_USEC)	/* an edge as narrow as this can be learnt from */
#define LIKELY_NS	(500LL * NSEC_PER_USEC)	/* an edge most likely is so close */
#define OLD_NS		(100LL * NSEC_PER_MSEC)	/* an old edge known no better is none */
#define EXACT_NS	(50LL * NSEC_PER_USEC)	/* a set that missed by more is tried again */
#define OTHER_SECONDS	2			/* so far off it is another date */
#define CLEAR_NS	(2LL * NSEC_PER_MSEC)	/* how long before an edge not to write any more */
#define CLOSE_NS	(100LL * NSEC_PER_MSEC)	/* edges so close may be the same that go on, ... */
#define SHIFT_NS	(250LL * NSEC_PER_MSEC)	/* ... so a trial's second begins elsewhere */
#define WAIT_MS		13000			/* all tries, each two seconds, and the edge */

static s64 raw_now(void)
{
	return ktime_get_raw_ns();
}

static s64 access_ns(const struct mc_set *set)
{
	return READ_ONCE(set->chip->access_ns);
}

/* The likeliest MC_RELEASE_* that still stands. */
static u8 guess(const struct mc_set *set)
{
	struct mc_conduct conduct = mc_chip_conduct(set->chip);

	return mc_conduct_guess(&conduct);
}

/* Is the outcome known before it is seen? */
static bool outcome_known(const struct mc_set *set)
{
	struct mc_conduct conduct = mc_chip_conduct(set->chip);

	return mc_conduct_known(&conduct);
}

static bool writes_are_kept(const struct mc_set *set)
{
	return mc_chip_conduct(set->chip).writes == MC_WRITES_KEPT;
}

/* Is it enough that the divider is released at the right moment? */
static bool simple(const struct mc_set *set)
{
	return outcome_known(set) && guess(set) == MC_RELEASE_HALF;
}

/* What began the second that runs. */
static const struct mc_span *effect(const struct mc_set *set)
{
	return guess(set) == MC_RELEASE_WRITE ? &set->burst.write : &set->burst.release;
}

static s64 nominal_lag_ns(const struct mc_set *set)
{
	bool half = guess(set) == MC_RELEASE_HALF;

	return (half ? HALF_NS : SEC_NS) + access_ns(set) / 2;
}

/* From the beginning of the write that begins a second to the next edge, raw ns. */
static s64 lag_ns(const struct mc_set *set)
{
	s64 nominal = nominal_lag_ns(set);

	return abs(set->lag_ns - nominal) < LAG_NS ? set->lag_ns : nominal;
}

static s64 early_ns(const struct mc_set *set)
{
	return set->early_ns + EARLY_ACCESSES * access_ns(set);
}

/* The second that goes on at @raw, by what was set: the one before for a copy that comes early. */
static s64 second_at(const struct mc_set *set, s64 raw)
{
	return set->sec + div_s64(raw - set->raw + SEC_NS, NSEC_PER_SEC) - 1;
}

static enum hrtimer_restart mc_set_timer(struct hrtimer *timer)
{
	struct mc_set *set = container_of(timer, struct mc_set, timer);

	atomic64_inc(&set->tracker->timers);
	kthread_queue_work(set->worker, &set->work);
	return HRTIMER_NORESTART;
}

/*
 * Neither the timer nor the work is there afterwards, nor a sample that would start them: each
 * starts the others, but only while the set is not over. The tracker is stopped.
 */
static void quiesce(struct mc_set *set)
{
	WRITE_ONCE(set->over, true);
	mc_tracker_stop(set->tracker, MC_STOP_SET);
	hrtimer_cancel(&set->timer);
	kthread_cancel_work_sync(&set->work);
	hrtimer_cancel(&set->timer);
	kthread_cancel_work_sync(&set->work);
	WRITE_ONCE(set->state, MC_SET_IDLE);
	/* That work may have let it go on. */
	mc_tracker_stop(set->tracker, MC_STOP_SET);
}

static void finish(struct mc_set *set, int err)
{
	set->err = err;
	/* What was written and read back is gone, or never was: nothing is known of the time. */
	if (err)
		mc_tracker_forget(set->tracker);
	/* Pairs with settled(): whoever waits for the state then reads what became of it. */
	smp_store_release(&set->state, MC_SET_IDLE);
	mc_tracker_watch(set->tracker, false);
	mc_tracker_start(set->tracker, MC_STOP_SET);
	wake_up_all(&set->done);
}

static void watch(struct mc_set *set)
{
	WRITE_ONCE(set->state, MC_SET_WATCHED);
	mc_tracker_start(set->tracker, MC_STOP_SET);
	wake_up_all(&set->done);
}

/* When the write begins that will have the next second begin where it belongs. */
static s64 moment(const struct mc_set *set)
{
	return set->edge - lag_ns(set);
}

static void start_timer(struct mc_set *set)
{
	hrtimer_start(&set->timer, mc_tracker_ktime(moment(set) - early_ns(set)),
		      HRTIMER_MODE_ABS);
}

/* The timer counts the system's seconds, which may be slewed by a tenth: no spinning for that. */
static bool too_early(const struct mc_set *set)
{
	return moment(set) - set->woken > early_ns(set) + NSEC_PER_MSEC;
}

/* The first second that a burst can still have begin where it belongs, or @shift later. */
static void schedule_burst(struct mc_set *set, s64 shift)
{
	s64 from = raw_now() + early_ns(set) + lag_ns(set) - set->raw - shift;
	s64 n = max(div_s64(from + SEC_NS, NSEC_PER_SEC), 1LL);

	set->edge = set->raw + n * SEC_NS + shift;
	set->next = set->sec + n - 1;
	WRITE_ONCE(set->state, MC_SET_BURST);
	start_timer(set);
}

static void schedule_nearest(struct mc_set *set)
{
	WRITE_ONCE(set->state, MC_SET_NEAREST);
	hrtimer_start(&set->timer, ktime_get(), HRTIMER_MODE_ABS);
}

/* What is known of the edges that go on where the chip keeps its phase. */
static void keep_old(struct mc_set *set)
{
	struct mc_edge edge;

	set->burst.old = (struct mc_span){ 0, -1 };
	if (mc_tracker_next(set->tracker, raw_now(), &edge) && edge.hi - edge.lo < OLD_NS)
		set->burst.old = (struct mc_span){ edge.lo, edge.hi };
}

/* One more try, by what is known of the conduct now. */
static void again(struct mc_set *set, s64 shift)
{
	if (!set->tries) {
		watch(set);
		return;
	}
	set->tries--;
	atomic64_inc(&set->retries);
	mc_tracker_pause(set->tracker, MC_STOP_SET);
	keep_old(set);
	if (guess(set) == MC_RELEASE_NONE)
		schedule_nearest(set);
	else
		schedule_burst(set, shift);
}

/* What was written must be there. A second may have begun since. */
static int verify(struct mc_set *set, s64 shown, enum mc_hold how)
{
	s64 since = set->burst.hold.begin;
	struct mc_reading r;
	int err;

	err = how == MC_HOLD_DIVIDER ? mc_chip_read_back(set->chip, &r) :
				       mc_chip_read(set->chip, &r);
	/* What is no time at all was not taken. */
	if (err)
		return -EIO;
	if (r.sec >= shown && r.sec <= shown + 1 + div_s64(r.begin - since, NSEC_PER_SEC)) {
		mc_tracker_written(set->tracker, &r,
				   how == MC_HOLD_DIVIDER ? r.end + HALF_NS / 2 : 0);
		return 0;
	}
	mc_chip_learn_writes(set->chip, MC_WRITES_DROPPED);
	return -EIO;
}

/* A set must change the date for that to show whether writes stay. Is that still to be shown? */
static bool moves(struct mc_set *set, s64 shown)
{
	struct mc_reading r;

	if (writes_are_kept(set))
		return false;
	return mc_chip_read(set->chip, &r) || abs(r.sec - shown) >= OTHER_SECONDS;
}

static int write_and_verify(struct mc_set *set, s64 shown, enum mc_hold how)
{
	bool lost = READ_ONCE(set->chip->date_lost);
	int err;

	set->moved = lost || moves(set, shown);
	err = mc_chip_write_time(set->chip, shown, how, 0, &set->burst);
	mc_tracker_forget(set->tracker);
	if (err)
		return err;
	WRITE_ONCE(set->chip->date_lost, false);
	err = verify(set, shown, how);
	if (err)
		WRITE_ONCE(set->chip->date_lost, lost);
	return err;
}

/*
 * Where the last set left open what the chip does, as its edges were where they should be
 * before, what this burst does is looked at alone.
 */
static int first_burst(struct mc_set *set)
{
	int err;

	keep_old(set);
	set->shown = second_at(set, raw_now());
	/* SET may be what a clock was found stopped by. */
	err = write_and_verify(set, set->shown, simple(set) && !READ_ONCE(set->chip->date_lost) ?
			       MC_HOLD_DIVIDER : MC_HOLD_BOTH);
	if (err)
		return err;
	if (set->open && !outcome_known(set))
		watch(set);
	else
		schedule_burst(set, 0);
	return 0;
}

/* What telling the time takes: nothing, or tens of us where it is a port's (acpi_pm in a VM). */
static s64 telling_takes(void)
{
	s64 least = NSEC_PER_MSEC, before = raw_now(), now;
	int i;

	for (i = 0; i < TELLINGS; i++) {
		now = raw_now();
		least = min(least, now - before);
		before = now;
	}
	return least;
}

/* Everything is written. Where the next edge comes is known, or will be seen. */
static void written(struct mc_set *set)
{
	struct mc_conduct conduct = mc_chip_conduct(set->chip);
	struct mc_span span;
	s64 bound, rate = mc_tracker_rate(set->tracker, &bound);
	s64 at = effect(set)->begin + lag_ns(set), slack = LIKELY_NS + 2 * access_ns(set);
	struct mc_edge likely;

	mc_tracker_forget(set->tracker);
	set->seed.sec = 0;
	if (mc_conduct_next(&conduct, &set->burst, abs(rate) + bound, &span)) {
		set->seed = (struct mc_edge){ set->shown + 1, span.begin, span.end };
		likely = (struct mc_edge){ set->shown + 1, at - slack, at + slack };
		mc_tracker_seed(set->tracker, &set->seed, true);
		mc_tracker_guess(set->tracker, &likely);
	}
	watch(set);
}

/* Each of @accesses took longer than it should have, or something came in between. */
static s64 late_ns(const struct mc_set *set, int accesses)
{
	return LATE_NS + 2 * telling_takes() + accesses * access_ns(set) / 2;
}

/* The date is another than was set: where writes were seen to stay it is somebody else's. */
static int kept_or_dropped(struct mc_set *set)
{
	if (writes_are_kept(set))
		return 0;
	mc_chip_learn_writes(set->chip, MC_WRITES_DROPPED);
	return -EIO;
}

/*
 * Another second was shown than should have been. A tick came that was not expected, as
 * this comes too late. Or none came that was:
 * the first burst had ended in another second than it was meant for. Or somebody else
 * wrote: then it is their time that runs.
 */
static void surprised(struct mc_set *set)
{
	struct mc_reading r;

	if (mc_chip_read(set->chip, &r) || abs(r.sec - set->next) >= OTHER_SECONDS) {
		mc_tracker_forget(set->tracker);
		finish(set, kept_or_dropped(set));
	} else if (r.sec < set->next && set->tries) {
		set->tries--;
		if (first_burst(set))
			finish(set, -EIO);
	} else {
		again(set, 0);
	}
}

/*
 * Too late: the timer was, or something came in between while it was waited here. The longer
 * that is the more may come.
 */
static void again_in_time(struct mc_set *set)
{
	if (moment(set) - set->woken > set->early_ns / 2)
		set->early_ns = max(set->early_ns / 4, EARLY_MIN_NS);
	else
		set->early_ns = min(max(2 * set->early_ns, mc_tracker_lead_ns(set->tracker)),
				    EARLY_MAX_NS);
	again(set, 0);
}

/* What came late serves to learn from, but where all is known it is tried again. */
static void burst_done(struct mc_set *set, s64 late)
{
	if (set->tries && outcome_known(set) &&
	    effect(set)->begin > moment(set) + late)
		again_in_time(set);
	else
		written(set);
}

static void half_burst(struct mc_set *set)
{
	s64 at = moment(set), late = late_ns(set, 2);
	int err = mc_chip_hold_again(set->chip, set->next, at, at + late - 2 * access_ns(set),
				     &set->burst);

	if (err == -EAGAIN) {
		/* The divider was held and released all the same: edges come elsewhere now. */
		mc_tracker_forget(set->tracker);
		surprised(set);
	} else if (err) {
		again_in_time(set);
	} else {
		set->shown = set->next;
		burst_done(set, late);
	}
}

/* The seconds are written last, and the divider released after them. */
static void whole_burst(struct mc_set *set)
{
	bool release = guess(set) != MC_RELEASE_WRITE;
	s64 at = moment(set) - (release ? 2 * access_ns(set) : 0);
	s64 late = late_ns(set, 2);

	set->shown = set->next;
	if (mc_chip_write_time(set->chip, set->shown, MC_HOLD_BOTH, at, &set->burst))
		finish(set, -EIO);
	else
		burst_done(set, late);
}

/* Not while an edge may come: it would be lost, or counted twice. */
static bool wait_clear(struct mc_set *set, struct mc_edge *edge)
{
	s64 needed = CLEAR_NS + EARLY_ACCESSES * access_ns(set), now = raw_now();
	s64 us;

	if (!mc_tracker_next(set->tracker, now, edge) || edge->hi - edge->lo > OLD_NS)
		return false;
	if (edge->lo - now > needed)
		return true;
	us = div_s64(edge->hi - now + CLEAR_NS, NSEC_PER_USEC);
	usleep_range(us, us + 100);
	return mc_tracker_next(set->tracker, raw_now(), edge);
}

/*
 * The chip's edges stay where they are. Of the seconds that can be written, the one that
 * begins with the next edge is wanted that is nearest to the truth there. The divider is
 * held all the same: were that believed wrongly, the next edge shows it.
 */
static void write_nearest(struct mc_set *set)
{
	struct mc_edge edge;
	bool known = wait_clear(set, &edge);
	s64 shown = second_at(set, raw_now());
	int err;

	if (known)
		shown = set->sec - 1 + div_s64(edge.lo / 2 + edge.hi / 2 - set->raw + HALF_NS +
					       SEC_NS, NSEC_PER_SEC) - 1;
	set->shown = shown;
	err = write_and_verify(set, shown,
			       set->chip->bus->divider_reserved ? MC_HOLD_SET : MC_HOLD_BOTH);
	if (err) {
		finish(set, err);
		return;
	}
	set->seed.sec = 0;
	if (known) {
		set->burst.old = (struct mc_span){ edge.lo, edge.hi };
		edge.sec = shown + 1;
		edge.hi += set->burst.release.end - set->burst.hold.begin;
		mc_tracker_seed(set->tracker, &edge, false);
	}
	watch(set);
}

static void mc_set_work(struct kthread_work *work)
{
	struct mc_set *set = container_of(work, struct mc_set, work);

	if (READ_ONCE(set->over))
		return;
	set->woken = raw_now();
	switch (set->state) {
	case MC_SET_BURST:
		if (too_early(set)) {
			start_timer(set);
			break;
		}
		/* The last one is not given up for being late: it writes the date, too. */
		if (simple(set) && set->tries)
			half_burst(set);
		else
			whole_burst(set);
		break;
	case MC_SET_NEAREST:
		write_nearest(set);
		break;
	default:
		break;
	}
}

/*
 * A write takes effect somewhere while it lasts, and the chip's rate is its own. An edge says
 * within what the lag lies: what was known of it stands where it may be true, and by narrow
 * edges it is averaged.
 */
static void learn_lag(struct mc_set *set, const struct mc_span *edge)
{
	s64 width = edge->end - edge->begin, was = lag_ns(set);
	s64 begin = edge->begin - effect(set)->begin, lag = begin + width / 2;

	if (abs(lag - nominal_lag_ns(set)) > LAG_NS)
		return;
	if (width > KNOWN_NS + 3 * access_ns(set))
		lag = clamp(was, begin, begin + width);
	else if (abs(lag - was) <= width / 2)
		lag = (3 * was + lag) / 4;
	set->lag_ns = lag;
	set->lag_width = width;
}

/* By now more may be known of the edge that the last burst was followed by. */
static void learn_more(struct mc_set *set)
{
	struct mc_edge edge;

	if (set->learn_sec && mc_tracker_edge(set->tracker, set->learn_sec, &edge) &&
	    edge.hi - edge.lo < set->lag_width / 2)
		learn_lag(set, &(struct mc_span){ edge.lo, edge.hi });
	set->learn_sec = 0;
}

/* The chip shows another date than was set: it goes on with its own. */
static bool dropped(const struct mc_set *set, const struct mc_edge *edge)
{
	return abs(edge->sec - second_at(set, edge->hi)) > OTHER_SECONDS;
}

/* Return: what explains the edge. */
static u8 learn_conduct(struct mc_set *set, const struct mc_span *edge)
{
	u8 fits = mc_conduct_fits(&set->burst, edge);

	mc_chip_learn(set->chip, fits);
	set->steps = atomic64_read(&set->tracker->steps);
	if (set->moved || !(fits & MC_RELEASE_NONE))
		mc_chip_learn_writes(set->chip, MC_WRITES_KEPT);
	set->learn_sec = 0;
	if (!(mc_chip_conduct(set->chip).release & MC_RELEASE_NONE)) {
		learn_lag(set, edge);
		set->learn_sec = set->shown + 1;
	}
	return fits;
}

/*
 * The edge tells nothing: it came where it would have come anyway. Where all was known that
 * says no more than that this set was late, unless the next try ends the same.
 */
static bool tells_nothing(const struct mc_set *set, u8 fits)
{
	if (outcome_known(set) && set->tries == TRIES)
		return false;
	return guess(set) != MC_RELEASE_NONE && fits & MC_RELEASE_NONE;
}

/* How far the chip is behind what was set, ns. */
static s64 behind(const struct mc_set *set, const struct mc_edge *edge)
{
	return edge->lo / 2 + edge->hi / 2 - set->raw - (edge->sec - set->sec) * SEC_NS;
}

/* The first edge after the burst, by one that came later. */
static void first_edge(const struct mc_set *set, const struct mc_edge *edge, struct mc_span *span)
{
	s64 n = edge->sec - set->shown - 1, bound;
	s64 rate = mc_tracker_rate(set->tracker, &bound);
	s64 slack = div_s64(abs(n) * (abs(rate) + bound), 2);

	span->begin = edge->lo - n * SEC_NS - slack;
	span->end = edge->hi - n * SEC_NS + slack;
}

/* One trial, and not the last one. */
static s64 shift(struct mc_set *set, bool close)
{
	if (!set->open || !close || set->shifted || set->tries < 2)
		return 0;
	set->shifted = true;
	return SHIFT_NS;
}

/**
 * mc_set_edge - an edge may have been seen since the set
 * @set: the set
 *
 * Shows what the chip made of it. Where that is not what was wanted and another way may do
 * better, that is tried.
 * Context: the clock's worker.
 */
void mc_set_edge(struct mc_set *set)
{
	struct mc_edge edge;
	struct mc_span span;
	bool close;
	s64 off;
	u8 fits;

	if (READ_ONCE(set->over) || READ_ONCE(set->state) != MC_SET_WATCHED ||
	    !mc_tracker_seen(set->tracker, &edge) ||
	    (set->seed.sec && edge.lo == set->seed.lo) || edge.lo == set->judged ||
	    edge.hi < set->burst.release.end)
		return;
	set->judged = edge.lo;
	if (dropped(set, &edge)) {
		mc_chip_learn_writes(set->chip, MC_WRITES_DROPPED);
		finish(set, -EIO);
		return;
	}
	first_edge(set, &edge, &span);
	fits = learn_conduct(set, &span);
	set->open = tells_nothing(set, fits);
	off = abs(behind(set, &edge));
	close = off < CLOSE_NS;
	if (guess(set) == MC_RELEASE_NONE)
		off -= HALF_NS;
	if (off > EXACT_NS + 2 * access_ns(set) + span.end - span.begin && set->tries)
		again(set, shift(set, close));
	else
		finish(set, 0);
}

/**
 * mc_set_init - before anything else of the set
 * @set: the set, zeroed; its worker is set before it is first used
 * @chip: the chip
 * @tracker: what follows its phase
 */
void mc_set_init(struct mc_set *set, struct mc_chip *chip, struct mc_tracker *tracker)
{
	set->chip = chip;
	set->tracker = tracker;
	mc_hrtimer_setup(&set->timer, mc_set_timer);
	kthread_init_work(&set->work, mc_set_work);
	init_waitqueue_head(&set->done);
}

static bool settled(struct mc_set *set, bool watched)
{
	/* Pairs with finish(): the error is there with the state. */
	enum mc_set_state state = smp_load_acquire(&set->state);

	return state == MC_SET_IDLE || (state == MC_SET_WATCHED && !watched);
}

/* A set whose outcome is known is over for the caller; else it is seen through. */
static int see_through(struct mc_set *set, bool watched)
{
	if (watched)
		mc_tracker_watch(set->tracker, true);
	if (!wait_event_timeout(set->done, settled(set, watched), msecs_to_jiffies(WAIT_MS))) {
		mc_set_drop(set);
		return -EIO;
	}
	return set->err;
}

/* Nothing of a set runs meanwhile: the tracker alone. */
static void find_edge(struct mc_set *set)
{
	mc_tracker_start(set->tracker, MC_STOP_SET);
	mc_tracker_query(set->tracker, MC_NEED_EDGE);
	mc_tracker_stop(set->tracker, MC_STOP_SET);
}

/**
 * mc_set_begin - set the clock
 * @set: the set; one under way is replaced
 * @sec: the time, seconds since 1970
 * @raw: raw ns at which it is @sec sharp; now or a moment ago
 *
 * Where it is known what the chip will make of it, this returns with the registers right to
 * half a second, and the rest comes by itself. Else it waits for the next edge.
 * Context: process, may sleep; the rtc's ops_lock is held.
 * Return: 0; -EIO where the chip does not take it; -ERANGE.
 */
int mc_set_begin(struct mc_set *set, s64 sec, s64 raw)
{
	bool nearest, known;
	int err = 0;

	/* What the worker has learnt is this task's from here on. */
	quiesce(set);
	if (atomic64_read(&set->tracker->steps) != set->steps)
		mc_chip_shake(set->chip);
	else
		learn_more(set);
	nearest = guess(set) == MC_RELEASE_NONE;
	known = outcome_known(set);
	if (nearest)
		find_edge(set);
	WRITE_ONCE(set->over, false);
	mc_chip_ask_format(set->chip);
	set->sec = sec;
	set->raw = raw;
	set->tries = TRIES;
	set->early_ns = EARLY_NS;
	set->judged = 0;
	set->shifted = false;
	set->err = 0;
	if (nearest)
		schedule_nearest(set);
	else
		err = first_burst(set);
	if (err) {
		finish(set, err);
		return err;
	}
	return nearest || !known ? see_through(set, !known) : 0;
}

/**
 * mc_set_drop - nothing more of a set under way
 * @set: the set
 *
 * The clock runs, at most half a second off.
 * Context: process, may sleep for a few ms; not from the clock's worker.
 */
void mc_set_drop(struct mc_set *set)
{
	bool under_way = READ_ONCE(set->state) != MC_SET_IDLE;

	quiesce(set);
	if (under_way) {
		mc_tracker_forget(set->tracker);
		finish(set, 0);
	} else {
		mc_tracker_start(set->tracker, MC_STOP_SET);
	}
}
