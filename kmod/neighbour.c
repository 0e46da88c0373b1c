// SPDX-License-Identifier: GPL-2.0
/*
 * MAC addresses of the guests that the gateway talks to (RFC 826).
 *
 * The kernel's own ARP table belongs to the host adapter, which may be down or have
 * no address, while the gateway goes on.
 */
#include "neighbour.h"

#include <linux/etherdevice.h>

#include "budget.h"
#include "notify.h"
#include "vnet.h"

#define NEIGHBOUR_FIRST_BITS 4
#define NEIGHBOUR_LAST_BITS 12
#define NEIGHBOUR_QUEUE 8
#define NEIGHBOUR_ASK_EVERY HZ
#define NEIGHBOUR_TRIES 3
/* After this time without a sign of life the neighbour is asked again while it is used. */
#define NEIGHBOUR_FRESH (30 * HZ)
/* After this time without one it is forgotten. */
#define NEIGHBOUR_FORGET (600 * HZ)
#define NEIGHBOUR_AGER (2 * HZ)

/**
 * struct vnet_neighbour - a guest as the gateway knows it
 * @node: place in the table
 * @addr: its IPv4 address; constant
 * @lladdr: its MAC address as a number, 0 while unknown; read under RCU
 * @confirmed: jiffies of its last sign of life
 * @asked: jiffies of the last ARP request
 * @tries: requests without an answer
 * @queue: packets that wait for the answer
 * @rcu: frees it after its last reader
 *
 * All but @lladdr and @confirmed belong to the table's lock.
 */
struct vnet_neighbour {
	struct vnet_hash_node node;
	__be32 addr;
	atomic64_t lladdr;
	unsigned long confirmed;
	unsigned long asked;
	u8 tries;
	struct sk_buff_head queue;
	struct rcu_head rcu;
};

static struct vnet_neighbour *neighbour_find_rcu(struct vnet_neighbours *neighbours, __be32 addr)
{
	struct vnet_hash *known = &neighbours->hash;
	const struct vnet_hash_table *table = rcu_dereference_check(known->table,
								    lockdep_is_held(&known->lock));
	u32 hash = vnet_hash_key((__force u32)addr, 0);
	struct vnet_hash_node *node;

	vnet_hash_for_each_match_rcu(table, hash, node) {
		struct vnet_neighbour *neighbour = container_of(node, struct vnet_neighbour, node);

		if (neighbour->addr == addr)
			return neighbour;
	}
	return NULL;
}

static struct vnet_neighbour *neighbour_insert(struct vnet *vnet, __be32 addr)
{
	struct vnet_neighbours *neighbours = &vnet->neighbours;
	struct vnet_neighbour *neighbour;

	lockdep_assert_held(&neighbours->hash.lock);
	if (neighbours->hash.count >= VNET_NEIGHBOURS_MAX) {
		vnet_notify_limit(vnet, NULL, VNET_LIMIT_NEIGHBOUR, VNET_NEIGHBOURS_MAX);
		return NULL;
	}
	neighbour = vnet_budget_zalloc(vnet, NULL, sizeof(*neighbour));
	if (!neighbour)
		return NULL;
	neighbour->addr = addr;
	neighbour->confirmed = jiffies;
	neighbour->asked = jiffies - NEIGHBOUR_ASK_EVERY;
	/* Its lock is never used: the table's lock guards the queue. */
	__skb_queue_head_init(&neighbour->queue);
	vnet_hash_add_locked(&neighbours->hash, &neighbour->node,
			     vnet_hash_key((__force u32)addr, 0));
	queue_delayed_work(system_power_efficient_wq, &neighbours->ager, NEIGHBOUR_AGER);
	return neighbour;
}

static void neighbour_drop_queue(struct vnet *vnet, struct vnet_neighbour *neighbour)
{
	struct vnet_port *port;
	struct sk_buff *skb;

	rcu_read_lock();
	port = vnet_port_by_number(vnet, VNET_PORT_NUMBER_GATEWAY);
	while ((skb = __skb_dequeue(&neighbour->queue)))
		vnet_drop(port, skb, VNET_DROP_NEIGHBOUR);
	rcu_read_unlock();
}

static void neighbour_remove(struct vnet *vnet, struct vnet_neighbour *neighbour)
{
	lockdep_assert_held(&vnet->neighbours.hash.lock);
	vnet_hash_del_locked(&vnet->neighbours.hash, &neighbour->node);
	neighbour_drop_queue(vnet, neighbour);
	vnet_budget_give(vnet);
	kfree_rcu(neighbour, rcu);
}

/* True if a request is due; counts it. */
static bool neighbour_ask(struct vnet_neighbour *neighbour)
{
	if (time_before(jiffies, neighbour->asked + NEIGHBOUR_ASK_EVERY))
		return false;
	neighbour->asked = jiffies;
	if (neighbour->tries < U8_MAX)
		neighbour->tries++;
	return true;
}

static enum vnet_neighbour_verdict neighbour_resolve_slow(struct vnet *vnet, __be32 addr,
							  struct sk_buff *skb, u8 *lladdr)
{
	struct vnet_neighbours *neighbours = &vnet->neighbours;
	enum vnet_neighbour_verdict verdict;
	struct vnet_neighbour *neighbour;

	spin_lock_bh(&neighbours->hash.lock);
	neighbour = neighbour_find_rcu(neighbours, addr);
	if (!neighbour)
		neighbour = neighbour_insert(vnet, addr);
	if (!neighbour) {
		verdict = VNET_NEIGHBOUR_FULL;
		goto unlock;
	}
	if (atomic64_read(&neighbour->lladdr) && neighbour->tries < NEIGHBOUR_TRIES) {
		u64_to_ether_addr(atomic64_read(&neighbour->lladdr), lladdr);
		verdict = neighbour_ask(neighbour) ? VNET_NEIGHBOUR_SEND_AND_ASK
						   : VNET_NEIGHBOUR_SEND;
		goto unlock;
	}
	/* Three unicast requests stayed without an answer: it may have another address now. */
	atomic64_set(&neighbour->lladdr, 0);
	if (skb_queue_len(&neighbour->queue) >= NEIGHBOUR_QUEUE) {
		verdict = VNET_NEIGHBOUR_FULL;
		goto unlock;
	}
	__skb_queue_tail(&neighbour->queue, skb);
	verdict = neighbour_ask(neighbour) ? VNET_NEIGHBOUR_WAIT_AND_ASK : VNET_NEIGHBOUR_WAIT;
unlock:
	spin_unlock_bh(&neighbours->hash.lock);
	return verdict;
}

/**
 * vnet_neighbour_resolve - find the MAC address that a packet goes to
 * @vnet: the vnet
 * @addr: IPv4 address of the guest
 * @skb: the packet; taken if the verdict is one of VNET_NEIGHBOUR_WAIT*
 * @lladdr: filled if the verdict is one of VNET_NEIGHBOUR_SEND*
 *
 * Context: RCU read side, BH off.
 * Return: What the caller has to do.
 */
enum vnet_neighbour_verdict vnet_neighbour_resolve(struct vnet *vnet, __be32 addr,
						   struct sk_buff *skb, u8 *lladdr)
{
	struct vnet_neighbour *neighbour = neighbour_find_rcu(&vnet->neighbours, addr);
	u64 known = neighbour ? atomic64_read(&neighbour->lladdr) : 0;

	if (likely(known &&
		   time_before(jiffies, READ_ONCE(neighbour->confirmed) + NEIGHBOUR_FRESH))) {
		u64_to_ether_addr(known, lladdr);
		return VNET_NEIGHBOUR_SEND;
	}
	return neighbour_resolve_slow(vnet, addr, skb, lladdr);
}

/**
 * vnet_neighbour_learn - a guest gave a sign of life
 * @vnet: the vnet
 * @addr: its IPv4 address, which is in the vnet's subnet
 * @lladdr: its MAC address
 * @ready: receives the packets that have waited for it
 *
 * Context: RCU read side, BH off.
 */
void vnet_neighbour_learn(struct vnet *vnet, __be32 addr, const u8 *lladdr,
			  struct sk_buff_head *ready)
{
	struct vnet_neighbours *neighbours = &vnet->neighbours;
	struct vnet_neighbour *neighbour = neighbour_find_rcu(neighbours, addr);
	u64 number = ether_addr_to_u64(lladdr);

	if (neighbour && atomic64_read(&neighbour->lladdr) == number &&
	    !READ_ONCE(neighbour->tries)) {
		if (jiffies - READ_ONCE(neighbour->confirmed) > HZ)
			WRITE_ONCE(neighbour->confirmed, jiffies);
		return;
	}
	spin_lock_bh(&neighbours->hash.lock);
	neighbour = neighbour_find_rcu(neighbours, addr);
	if (!neighbour)
		neighbour = neighbour_insert(vnet, addr);
	if (neighbour) {
		atomic64_set(&neighbour->lladdr, number);
		WRITE_ONCE(neighbour->confirmed, jiffies);
		WRITE_ONCE(neighbour->tries, 0);
		skb_queue_splice_tail_init(&neighbour->queue, ready);
	}
	spin_unlock_bh(&neighbours->hash.lock);
}

static void neighbour_age(struct vnet *vnet, struct vnet_neighbour *neighbour)
{
	if (time_after(jiffies, neighbour->confirmed + NEIGHBOUR_FORGET))
		neighbour_remove(vnet, neighbour);
	else if (!atomic64_read(&neighbour->lladdr) &&
		 time_after(jiffies, neighbour->asked + NEIGHBOUR_TRIES * NEIGHBOUR_ASK_EVERY))
		neighbour_remove(vnet, neighbour);
}

/* Calls @visit for each neighbour; it may remove it. */
static void neighbours_walk(struct vnet *vnet,
			    void (*visit)(struct vnet *, struct vnet_neighbour *))
{
	struct vnet_neighbours *neighbours = &vnet->neighbours;
	const struct vnet_hash_table *table;
	struct vnet_hash_node *node, *next;
	u32 bucket;

	spin_lock_bh(&neighbours->hash.lock);
	table = rcu_dereference_protected(neighbours->hash.table,
					  lockdep_is_held(&neighbours->hash.lock));
	for (bucket = 0; bucket <= table->mask; bucket++) {
		for (node = vnet_hash_first_rcu(table, bucket); node; node = next) {
			next = vnet_hash_next_rcu(table, node);
			visit(vnet, container_of(node, struct vnet_neighbour, node));
		}
	}
	spin_unlock_bh(&neighbours->hash.lock);
}

static void neighbours_ager(struct work_struct *work)
{
	struct vnet *vnet = container_of(work, struct vnet, neighbours.ager.work);

	vnet_hash_grow(&vnet->neighbours.hash);
	neighbours_walk(vnet, neighbour_age);
	if (READ_ONCE(vnet->neighbours.hash.count))
		queue_delayed_work(system_power_efficient_wq, &vnet->neighbours.ager,
				   NEIGHBOUR_AGER);
}

/**
 * vnet_neighbours_flush - forget all neighbours
 * @vnet: the vnet
 *
 * Context: Process.
 */
void vnet_neighbours_flush(struct vnet *vnet)
{
	neighbours_walk(vnet, neighbour_remove);
}

/**
 * vnet_neighbours_init - make an empty table
 * @vnet: the vnet
 *
 * Context: Process.
 * Return: 0 or -ENOMEM.
 */
int vnet_neighbours_init(struct vnet *vnet)
{
	INIT_DELAYED_WORK(&vnet->neighbours.ager, neighbours_ager);
	return vnet_hash_init(&vnet->neighbours.hash, NEIGHBOUR_FIRST_BITS, NEIGHBOUR_LAST_BITS);
}

/**
 * vnet_neighbours_exit - end the table of a vnet that has no ports any more
 * @vnet: the vnet
 *
 * Context: Process; after the grace period that follows the last port. Sleeps.
 */
void vnet_neighbours_exit(struct vnet *vnet)
{
	cancel_delayed_work_sync(&vnet->neighbours.ager);
	vnet_neighbours_flush(vnet);
	vnet_hash_exit(&vnet->neighbours.hash);
}
