/* SPDX-License-Identifier: GPL-2.0 */
/* A lazy timing wheel: entries are linked once, the datapath only stamps them. */
#ifndef VNET_NAT_TIMER_H
#define VNET_NAT_TIMER_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#define VNET_TIMER_SLOTS 512

/**
 * struct vnet_timer - what an entry embeds
 * @link: chain of its slot; under the slot's lock
 * @slot: slot it is linked in, or -1; under the slot's lock
 *
 * Zeroed memory is a timer that is not pending.
 */
struct vnet_timer {
	struct hlist_node link;
	int slot;
};

/**
 * struct vnet_timer_slot - one second of the wheel
 * @lock: guards @timers; BH off
 * @timers: entries that come due in this second
 */
struct vnet_timer_slot {
	spinlock_t lock; /* BH off */
	struct hlist_head timers;
};

struct vnet_timer_wheel;

/*
 * Called in process context with BH off, under no lock, for an entry that came due and is no longer
 * linked. Returns 0 when the entry is finished (the wheel forgets it and the callee may have freed
 * it), or the seconds until it is to be asked again.
 */
typedef u32 (*vnet_timer_due_t)(struct vnet_timer_wheel *wheel, struct vnet_timer *timer);

/**
 * struct vnet_timer_wheel - the wheel and its worker
 * @slots: the seconds
 * @now: seconds that have been worked off
 * @next: jiffies at which the next second is; the worker's own
 * @due: callback of the owner
 * @work: runs once a second while the wheel is started
 */
struct vnet_timer_wheel {
	struct vnet_timer_slot slots[VNET_TIMER_SLOTS];
	u32 now;
	unsigned long next;
	vnet_timer_due_t due;
	struct delayed_work work;
};

void vnet_timer_wheel_init(struct vnet_timer_wheel *wheel, vnet_timer_due_t due);
void vnet_timer_wheel_start(struct vnet_timer_wheel *wheel);
void vnet_timer_wheel_stop(struct vnet_timer_wheel *wheel);
void vnet_timer_wheel_advance(struct vnet_timer_wheel *wheel);
void vnet_timer_add(struct vnet_timer_wheel *wheel, struct vnet_timer *timer, u32 seconds);
bool vnet_timer_del(struct vnet_timer_wheel *wheel, struct vnet_timer *timer);

#endif
