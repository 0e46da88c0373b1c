// SPDX-License-Identifier: GPL-2.0
/* A hash table with RCU readers and one writer lock that grows while it is read. */

#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "hash.h"

/**
 * DOC: why growing never disturbs a reader
 *
 * An entry has two chain links. The table in use owns one of them in every entry, and
 * vnet_hash_grow() threads the entries into the next table through the other, so the chains under a
 * reader's feet stay as they are: a reader finds an entry at most once, and misses none.
 *
 * While the next table is being filled, an entry of a bucket that was moved already is on both
 * sides; adding and deleting work on both, under the lock that the move holds as well. An entry
 * that is added goes to the table in use always, and to the next one only if its bucket was moved:
 * else the move will meet it.
 *
 * After the swap the old table is frozen. An entry deleted then stays linked in the old chains,
 * which is no different from any RCU deletion: whoever still walks them began before the swap,
 * hence before the deletion, and so before the grace period after which the entry may be freed. The
 * link is used again for the next growth only, and that begins when the grace period of this one is
 * over.
 *
 * Three things follow for the owner of an entry. It frees it after a grace period (never
 * SLAB_TYPESAFE_BY_RCU), and does not add it again before one has passed. And if it walks chains to
 * delete from them, it holds vnet_hash.lock from reading vnet_hash.table to the end of the walk, or
 * is the one who grows the table: else the walk may go on in a frozen table, where it meets entries
 * that have been deleted.
 */

/* Buckets moved between two chances for others to have the lock and the processor. */
#define MOVE_BATCH 64

u64 vnet_hash_secret[2] __read_mostly;

static struct vnet_hash_table *table_alloc(u32 bits, u32 side)
{
	struct vnet_hash_table *table;

	table = kvzalloc(struct_size(table, buckets, 1UL << bits), GFP_KERNEL_ACCOUNT);
	if (!table)
		return NULL;
	table->mask = (1U << bits) - 1;
	table->side = side;
	return table;
}

static struct vnet_hash_table *table_locked(struct vnet_hash *hash)
{
	return rcu_dereference_protected(hash->table, lockdep_is_held(&hash->lock));
}

static void table_link(struct vnet_hash_table *table, struct vnet_hash_node *node)
{
	hlist_add_head_rcu(&node->link[table->side], &table->buckets[node->hash & table->mask]);
}

/* Whether a node with this hash is, or has to be, in the next table too. */
static bool is_moved(const struct vnet_hash *hash, const struct vnet_hash_table *table, u32 value)
{
	return hash->next && (value & table->mask) < hash->moved;
}

/*
 * Once for all tables. Not get_random_once(): its clean-up holds the module for a moment after the
 * first table is made, so that an rmmod just then would fail.
 */
static void secret_init(void)
{
	static DEFINE_MUTEX(lock);
	static bool done;

	mutex_lock(&lock);
	if (!done)
		get_random_bytes(vnet_hash_secret, sizeof(vnet_hash_secret));
	done = true;
	mutex_unlock(&lock);
}

/**
 * vnet_hash_init - make an empty table
 * @hash: table to initialise
 * @bits: log2 of the buckets to begin with
 * @max_bits: log2 of the buckets to end with
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM; after -ENOMEM nothing is to be undone.
 */
int vnet_hash_init(struct vnet_hash *hash, u32 bits, u32 max_bits)
{
	struct vnet_hash_table *table = table_alloc(bits, 0);

	if (!table)
		return -ENOMEM;
	secret_init();
	spin_lock_init(&hash->lock);
	hash->next = NULL;
	hash->moved = 0;
	hash->count = 0;
	hash->max_bits = max_bits;
	RCU_INIT_POINTER(hash->table, table);
	return 0;
}

/**
 * vnet_hash_exit - free the table
 * @hash: table that has been initialised
 *
 * The entries are the caller's: it has taken out those it wants to keep, and no reader, writer or
 * vnet_hash_grow() is left.
 *
 * Context: process context.
 */
void vnet_hash_exit(struct vnet_hash *hash)
{
	kvfree(rcu_dereference_protected(hash->table, true));
	RCU_INIT_POINTER(hash->table, NULL);
}

/**
 * vnet_hash_add_locked - add an entry
 * @hash: table
 * @node: node of an entry that is in no table
 * @value: hash of the entry's key
 *
 * The entry has to be complete: readers may find it at once.
 *
 * Context: vnet_hash.lock held.
 */
void vnet_hash_add_locked(struct vnet_hash *hash, struct vnet_hash_node *node, u32 value)
{
	struct vnet_hash_table *table = table_locked(hash);

	lockdep_assert_held(&hash->lock);
	node->hash = value;
	if (is_moved(hash, table, value))
		table_link(hash->next, node);
	table_link(table, node);
	WRITE_ONCE(hash->count, hash->count + 1);
}

/**
 * vnet_hash_del_locked - take an entry out
 * @hash: table
 * @node: node of an entry that is in it
 *
 * Readers may hold the entry until a grace period has passed.
 *
 * Context: vnet_hash.lock held.
 */
void vnet_hash_del_locked(struct vnet_hash *hash, struct vnet_hash_node *node)
{
	struct vnet_hash_table *table = table_locked(hash);

	lockdep_assert_held(&hash->lock);
	if (is_moved(hash, table, node->hash))
		hlist_del_rcu(&node->link[hash->next->side]);
	hlist_del_rcu(&node->link[table->side]);
	WRITE_ONCE(hash->count, hash->count - 1);
}

/* Thread the nodes of a few more buckets into the next table. */
static void move_batch(struct vnet_hash *hash)
{
	struct vnet_hash_table *table;
	struct vnet_hash_node *node;
	u32 end;

	spin_lock_bh(&hash->lock);
	table = table_locked(hash);
	end = min(hash->moved + MOVE_BATCH, table->mask + 1);
	for (; hash->moved < end; hash->moved++)
		vnet_hash_for_each_in_bucket_rcu(table, hash->moved, node)
			table_link(hash->next, node);
	spin_unlock_bh(&hash->lock);
}

/**
 * vnet_hash_grow - have as many buckets as entries again
 * @hash: table
 *
 * Goes to the power of two that suffices at once: a table that is looked after once a second has to
 * keep up with whoever fills it. Does nothing when the table is roomy or as large as it may be.
 * Entries are added, deleted and read all the while. One growth at a time: the caller is one
 * worker, or holds a mutex.
 *
 * Context: process context, may sleep; waits for a grace period when it has grown.
 * Return: 0, or -ENOMEM and the table is as it was.
 */
int vnet_hash_grow(struct vnet_hash *hash)
{
	struct vnet_hash_table *table = rcu_dereference_protected(hash->table, true);
	u32 bits = min_t(u32, order_base_2(READ_ONCE(hash->count)), hash->max_bits);
	u32 size = table->mask + 1;
	struct vnet_hash_table *next;

	if (1U << bits <= size)
		return 0;
	next = table_alloc(bits, !table->side);
	if (!next)
		return -ENOMEM;

	spin_lock_bh(&hash->lock);
	hash->next = next;
	hash->moved = 0;
	spin_unlock_bh(&hash->lock);
	while (hash->moved < size) {
		move_batch(hash);
		cond_resched();
	}
	spin_lock_bh(&hash->lock);
	rcu_assign_pointer(hash->table, next);
	hash->next = NULL;
	spin_unlock_bh(&hash->lock);

	/* Also keeps the links of the old side from being used again too early, see above. */
	synchronize_rcu();
	kvfree(table);
	return 0;
}
