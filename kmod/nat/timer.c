// SPDX-License-Identifier: GPL-2.0
/* A lazy timing wheel: entries are linked once, the datapath only stamps them. */

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/sched.h>

#include "timer.h"

/**
 * DOC: the wheel
 *
 * An entry is linked into the slot of the second in which it is next asked, and the owner's
 * callback says whether it is over or when to ask again. So the datapath writes a time stamp into
 * its own object and never touches the wheel; a live entry costs one visit per timeout, or per
 * round of the wheel if that is shorter.
 *
 * The worker moves the hand first and then empties the slot under it, one entry at a time. Whoever
 * adds an entry looks at the hand again once it has the slot's lock: either the worker has not
 * locked that slot yet and will find the entry, or the new position is seen and a later slot is
 * taken. So nothing is linked behind the hand, and no slot is filled while it is being emptied.
 */

/**
 * vnet_timer_add - have an entry asked
 * @wheel: wheel
 * @timer: entry's timer, not pending
 * @seconds: when; 0 counts as 1, and more than VNET_TIMER_SLOTS - 1 as that
 *
 * The entry is asked up to a second early, since the running second counts as a whole one: the
 * callback compares times of its own.
 *
 * Context: any; takes a slot's lock with BH off.
 */
void vnet_timer_add(struct vnet_timer_wheel *wheel, struct vnet_timer *timer, u32 seconds)
{
	struct vnet_timer_slot *slot;
	u32 target;

	seconds = clamp_t(u32, seconds, 1, VNET_TIMER_SLOTS - 1);
	for (;;) {
		target = READ_ONCE(wheel->now) + seconds;
		slot = &wheel->slots[target % VNET_TIMER_SLOTS];
		spin_lock_bh(&slot->lock);
		/* The hand may have passed while we waited, see above. */
		if ((s32)(target - READ_ONCE(wheel->now)) > 0)
			break;
		spin_unlock_bh(&slot->lock);
	}
	WRITE_ONCE(timer->slot, target % VNET_TIMER_SLOTS);
	hlist_add_head(&timer->link, &slot->timers);
	spin_unlock_bh(&slot->lock);
}

/* Unlink a timer whose slot is locked. */
static void unlink_locked(struct vnet_timer *timer)
{
	hlist_del_init(&timer->link);
	WRITE_ONCE(timer->slot, -1);
}

/**
 * vnet_timer_del - do not have an entry asked any more
 * @wheel: wheel
 * @timer: entry's timer, pending or not
 *
 * True means that the wheel has let go of the entry: the callback neither runs for it nor will, and
 * the caller may free it.
 *
 * False means that the entry is not linked. Either it never was, or the callback has finished it,
 * or the worker has it this moment: the callback is about to run, or runs, or has just asked for
 * another time, and then the entry becomes pending after all. Nothing is waited for. So an owner
 * that deletes entries which come due by themselves marks an entry as dead under a lock that the
 * callback takes too, before it calls this; if the answer is false, the callback, now or the next
 * time, sees the mark, returns 0 and frees.
 *
 * Context: any; takes a slot's lock with BH off.
 * Return: true if it was pending.
 */
bool vnet_timer_del(struct vnet_timer_wheel *wheel, struct vnet_timer *timer)
{
	for (;;) {
		int index = READ_ONCE(timer->slot);
		struct vnet_timer_slot *slot;
		bool pending;

		if (index < 0)
			return false;
		slot = &wheel->slots[index];
		spin_lock_bh(&slot->lock);
		if (timer->slot == index) {
			/* A timer that was never added says slot 0. */
			pending = !hlist_unhashed(&timer->link);
			if (pending)
				unlink_locked(timer);
			spin_unlock_bh(&slot->lock);
			return pending;
		}
		spin_unlock_bh(&slot->lock);
	}
}

static struct vnet_timer *pop(struct vnet_timer_slot *slot)
{
	struct vnet_timer *timer;

	spin_lock_bh(&slot->lock);
	timer = hlist_entry_safe(slot->timers.first, struct vnet_timer, link);
	if (timer)
		unlink_locked(timer);
	spin_unlock_bh(&slot->lock);
	return timer;
}

/**
 * vnet_timer_wheel_advance - work off one second
 * @wheel: wheel
 *
 * The worker's step. Tests drive a wheel that is not started with it.
 *
 * Context: process context, may reschedule; one caller at a time.
 */
void vnet_timer_wheel_advance(struct vnet_timer_wheel *wheel)
{
	u32 now = wheel->now + 1;
	struct vnet_timer_slot *slot = &wheel->slots[now % VNET_TIMER_SLOTS];
	struct vnet_timer *timer;
	u32 again;

	WRITE_ONCE(wheel->now, now);
	for (;;) {
		/* BH off is an RCU read side: it keeps the entry, which is in no list just now. */
		local_bh_disable();
		timer = pop(slot);
		if (timer) {
			again = wheel->due(wheel, timer);
			if (again)
				vnet_timer_add(wheel, timer, again);
		}
		local_bh_enable();
		if (!timer)
			return;
		cond_resched();
	}
}

static void wheel_work(struct work_struct *work)
{
	struct vnet_timer_wheel *wheel = container_of(to_delayed_work(work),
						      struct vnet_timer_wheel, work);
	unsigned long now;
	int seconds;

	/* After a round everybody has been asked: seconds missed beyond it are forgotten. */
	for (seconds = 0; time_after_eq(jiffies, wheel->next); seconds++) {
		if (seconds == VNET_TIMER_SLOTS) {
			wheel->next = jiffies + HZ;
			break;
		}
		vnet_timer_wheel_advance(wheel);
		wheel->next += HZ;
	}
	now = jiffies;
	queue_delayed_work(system_power_efficient_wq, &wheel->work,
			   time_after(wheel->next, now) ? wheel->next - now : 0);
}

/**
 * vnet_timer_wheel_init - make an empty wheel that stands still
 * @wheel: wheel to initialise
 * @due: callback for entries that come due
 *
 * Context: any.
 */
void vnet_timer_wheel_init(struct vnet_timer_wheel *wheel, vnet_timer_due_t due)
{
	int i;

	for (i = 0; i < VNET_TIMER_SLOTS; i++) {
		spin_lock_init(&wheel->slots[i].lock);
		INIT_HLIST_HEAD(&wheel->slots[i].timers);
	}
	wheel->now = 0;
	wheel->next = 0;
	wheel->due = due;
	INIT_DELAYED_WORK(&wheel->work, wheel_work);
}

/**
 * vnet_timer_wheel_start - let the wheel turn
 * @wheel: wheel that stands still
 *
 * Context: process context.
 */
void vnet_timer_wheel_start(struct vnet_timer_wheel *wheel)
{
	wheel->next = jiffies + HZ;
	queue_delayed_work(system_power_efficient_wq, &wheel->work, HZ);
}

/**
 * vnet_timer_wheel_stop - stop the wheel and wait for its callback
 * @wheel: wheel that was initialised, turning or not
 *
 * No callback runs after this. Entries stay linked; their owner deletes or forgets them.
 *
 * Context: process context, may sleep.
 */
void vnet_timer_wheel_stop(struct vnet_timer_wheel *wheel)
{
	cancel_delayed_work_sync(&wheel->work);
}
