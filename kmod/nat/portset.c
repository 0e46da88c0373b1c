// SPDX-License-Identifier: GPL-2.0
/* Which external port belongs to which mapping, for one address and protocol. */

#include <linux/bitmap.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "portset.h"

/*
 * Even and odd ports lie apart, so that "the next free port of this parity" is one
 * find_next_zero_bit(). A place is a port's rank within its parity.
 */
#define LOW_SIZE (VNET_PORTSET_LOW_LAST - VNET_PORTSET_LOW_FIRST + 1)
#define HALF_SIZE (VNET_PORTSET_SIZE / 2)
#define NO_PLACE HALF_SIZE

static_assert(VNET_PORTSET_LOW_FIRST % 2 == 0 && VNET_PORTSET_LOW_LAST % 2 == 1);
static_assert(VNET_PORTSET_HIGH_FIRST % 2 == 0 && VNET_PORTSET_HIGH_LAST % 2 == 1);

/**
 * struct portset_half - the ports of one parity
 * @taken: ports that a search passes over: owned ones and those in hold-down; under the lock
 * @held: those of @taken that are in hold-down or were when last looked at; under the lock
 * @held_until: jiffies before which none of @held becomes free, maybe too early; under the lock
 * @slots: 0, or a mapping, or a tagged stamp; written under the lock, read under RCU
 */
struct portset_half {
	DECLARE_BITMAP(taken, HALF_SIZE);
	DECLARE_BITMAP(held, HALF_SIZE);
	unsigned long held_until;
	unsigned long slots[HALF_SIZE];
};

/**
 * struct vnet_portset - the ports of one external address and protocol
 * @lock: serialises claim and release; BH off
 * @used: ports owned by a mapping; under @lock, read without it for statistics
 * @halves: even and odd ports
 */
struct vnet_portset {
	spinlock_t lock; /* BH off */
	u32 used;
	struct portset_half halves[2];
};

/* One search for a free port. */
struct search {
	u32 start;
	u16 preferred;
	vnet_portset_usable_t usable;
	void *context;
};

/* A stamp is a time with the low bit set, which a pointer has not. The top bit is not missed. */
static unsigned long stamp_of(unsigned long usable_at)
{
	return usable_at << 1 | 1;
}

static bool stamp_is_over(unsigned long stamp, unsigned long now)
{
	return time_after_eq(stamp_of(now), stamp);
}

static u32 place_of(u16 port)
{
	return (port <= VNET_PORTSET_LOW_LAST ? port - VNET_PORTSET_LOW_FIRST :
						port - VNET_PORTSET_HIGH_FIRST + LOW_SIZE) / 2;
}

static u16 port_at(u32 parity, u32 place)
{
	u32 rank = place * 2 + parity;

	return rank < LOW_SIZE ? VNET_PORTSET_LOW_FIRST + rank :
				 VNET_PORTSET_HIGH_FIRST + rank - LOW_SIZE;
}

/**
 * vnet_portset_alloc - make a set with all ports free
 * @gfp: allocation flags; about 120 KiB are needed
 *
 * Context: as @gfp says.
 * Return: the set, or NULL when memory is short.
 */
struct vnet_portset *vnet_portset_alloc(gfp_t gfp)
{
	struct vnet_portset *set = kvzalloc(sizeof(*set), gfp);

	if (set)
		spin_lock_init(&set->lock);
	return set;
}

/**
 * vnet_portset_free - free a set
 * @set: set, or NULL; no longer reachable, and a grace period has passed since it was
 *
 * Context: process context.
 */
void vnet_portset_free(struct vnet_portset *set)
{
	kvfree(set);
}

/**
 * vnet_portset_contains - is a port one that vnet may give out
 * @port: port, in host byte order
 *
 * Context: any.
 * Return: true if it is in one of the two ranges.
 */
bool vnet_portset_contains(u16 port)
{
	return (port >= VNET_PORTSET_LOW_FIRST && port <= VNET_PORTSET_LOW_LAST) ||
	       port >= VNET_PORTSET_HIGH_FIRST;
}

/* Free the ports whose hold-down is over. Looks at them only when there is at least one. */
static bool sweep(struct portset_half *half)
{
	unsigned long now = jiffies, next = now + MAX_JIFFY_OFFSET;
	bool freed = false;
	u32 place;

	if (time_before(now, half->held_until))
		return false;
	for_each_set_bit(place, half->held, HALF_SIZE) {
		unsigned long stamp = half->slots[place];

		if (stamp_is_over(stamp, now)) {
			__clear_bit(place, half->held);
			__clear_bit(place, half->taken);
			WRITE_ONCE(half->slots[place], 0);
			freed = true;
		} else if (time_before(stamp, stamp_of(next))) {
			next = now + ((stamp - stamp_of(now)) >> 1);
		}
	}
	half->held_until = next;
	return freed;
}

static bool is_free(const struct portset_half *half, u32 place)
{
	return !test_bit(place, half->taken) ||
	       (test_bit(place, half->held) && stamp_is_over(half->slots[place], jiffies));
}

/* First usable free place of [@from, @to). */
static u32 find_between(const struct portset_half *half, u32 parity, const struct search *search,
			u32 from, u32 to)
{
	u32 place = from;

	for (;;) {
		u16 port;

		place = find_next_zero_bit(half->taken, to, place);
		if (place >= to)
			return NO_PLACE;
		port = port_at(parity, place);
		if (port != search->preferred &&
		    (!search->usable || search->usable(search->context, port)))
			return place;
		place++;
	}
}

static u32 find_in_half(const struct portset_half *half, u32 parity, const struct search *search)
{
	u32 start = reciprocal_scale(search->start, HALF_SIZE);
	u32 place = find_between(half, parity, search, start, HALF_SIZE);

	return place != NO_PLACE ? place : find_between(half, parity, search, 0, start);
}

static u32 find_place(struct vnet_portset *set, u32 parity, const struct search *search)
{
	struct portset_half *half = &set->halves[parity];
	u32 place = find_in_half(half, parity, search);

	if (place == NO_PLACE && sweep(half))
		place = find_in_half(half, parity, search);
	return place;
}

static int claim_place(struct vnet_portset *set, u32 parity, u32 place,
		       struct vnet_mapping *mapping)
{
	struct portset_half *half = &set->halves[parity];

	__set_bit(place, half->taken);
	__clear_bit(place, half->held);
	WRITE_ONCE(set->used, set->used + 1);
	/* Pairs with the dependent reads through what vnet_portset_lookup_rcu() returned. */
	smp_store_release(&half->slots[place], (unsigned long)mapping);
	return port_at(parity, place);
}

static int claim_locked(struct vnet_portset *set, const struct search *search,
			struct vnet_mapping *mapping)
{
	u32 parity = search->preferred & 1;
	u32 place;

	if (vnet_portset_contains(search->preferred)) {
		place = place_of(search->preferred);
		if (is_free(&set->halves[parity], place) &&
		    (!search->usable || search->usable(search->context, search->preferred)))
			return claim_place(set, parity, place, mapping);
	}

	place = find_place(set, parity, search);
	if (place == NO_PLACE) {
		parity = !parity;
		place = find_place(set, parity, search);
	}
	return place == NO_PLACE ? -ENOSPC : claim_place(set, parity, place, mapping);
}

/**
 * vnet_portset_claim - give a mapping a port of its own
 * @set: ports of the mapping's external address and protocol
 * @preferred: port the guest uses, in host byte order; need not be in the set
 * @start: where the search begins, a number that outsiders cannot guess
 * @mapping: who gets it; readers may find it at once
 * @usable: judge of single ports, or NULL
 * @context: for @usable
 *
 * The preferred port if it can be had (RFC 4787 REQ-3, RFC 7857 section 9), else the next free one
 * from @start on that has its parity (RFC 4787 REQ-4), else one of the other parity. Ports in
 * hold-down are not given out. The answer that there is none is exact, and a port is judged at most
 * twice for it.
 *
 * Context: process or softirq; takes the set's lock with BH off.
 * Return: the port in host byte order, or -ENOSPC.
 */
int vnet_portset_claim(struct vnet_portset *set, u16 preferred, u32 start,
		       struct vnet_mapping *mapping, vnet_portset_usable_t usable, void *context)
{
	struct search search = {
		.start = start,
		.preferred = preferred,
		.usable = usable,
		.context = context,
	};
	int port;

	spin_lock_bh(&set->lock);
	port = claim_locked(set, &search, mapping);
	spin_unlock_bh(&set->lock);
	return port;
}

/**
 * vnet_portset_release - take a port back
 * @set: set it was claimed from
 * @port: what vnet_portset_claim() returned
 * @usable_at: jiffies from which it may be given out again (RFC 6888 REQ-8), or 0 for at once
 *
 * Context: process or softirq; takes the set's lock with BH off. A mapping that was found before
 * stays valid for readers until a grace period has passed.
 */
void vnet_portset_release(struct vnet_portset *set, u16 port, unsigned long usable_at)
{
	struct portset_half *half = &set->halves[port & 1];
	u32 place;

	if (WARN_ON_ONCE(!vnet_portset_contains(port)))
		return;
	place = place_of(port);

	spin_lock_bh(&set->lock);
	if (WARN_ON_ONCE(!test_bit(place, half->taken) || test_bit(place, half->held)))
		goto unlock;
	WRITE_ONCE(set->used, set->used - 1);
	if (!usable_at || time_after_eq(jiffies, usable_at)) {
		__clear_bit(place, half->taken);
		WRITE_ONCE(half->slots[place], 0);
		goto unlock;
	}
	if (time_before(usable_at, half->held_until))
		half->held_until = usable_at;
	__set_bit(place, half->held);
	WRITE_ONCE(half->slots[place], stamp_of(usable_at));
unlock:
	spin_unlock_bh(&set->lock);
}

/**
 * vnet_portset_lookup_rcu - whose port is this
 * @set: ports of the external address and protocol
 * @port: port in host byte order, in the set or not
 *
 * Context: RCU read side.
 * Return: the mapping that owns it, or NULL.
 */
struct vnet_mapping *vnet_portset_lookup_rcu(const struct vnet_portset *set, u16 port)
{
	unsigned long slot;

	if (!vnet_portset_contains(port))
		return NULL;
	slot = READ_ONCE(set->halves[port & 1].slots[place_of(port)]);
	return slot & 1 ? NULL : (struct vnet_mapping *)slot;
}

/**
 * vnet_portset_used - how many ports are owned
 * @set: set
 *
 * Context: any.
 * Return: the number; ports in hold-down do not count.
 */
u32 vnet_portset_used(const struct vnet_portset *set)
{
	return READ_ONCE(set->used);
}
