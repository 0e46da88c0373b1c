/* SPDX-License-Identifier: GPL-2.0 */
/* A hash table with RCU readers and one writer lock that grows while it is read. */
#ifndef VNET_HASH_H
#define VNET_HASH_H

#include <linux/math64.h>
#include <linux/rculist.h>
#include <linux/spinlock.h>

/**
 * struct vnet_hash_node - what an entry embeds
 * @link: chain links, one for the table in use and one for the next table, so
 *	that growing never disturbs a reader
 * @hash: full hash of the entry's key, written when it is added
 */
struct vnet_hash_node {
	struct hlist_node link[2];
	u32 hash;
};

/**
 * struct vnet_hash_table - one generation of the buckets
 * @mask: number of buckets less one
 * @side: which link of the nodes this table uses
 * @buckets: chains
 */
struct vnet_hash_table {
	u32 mask;
	u32 side;
	struct hlist_head buckets[];
};

/**
 * struct vnet_hash - the table and its writers' lock
 * @table: table in use; readers under RCU, writers under @lock
 * @next: table being filled by vnet_hash_grow(), or NULL; under @lock
 * @moved: buckets of @table whose nodes are in @next as well; under @lock
 * @lock: serialises add, delete and the swap of tables; taken with BH off
 * @count: entries now, under @lock; read without it for statistics
 * @max_bits: log2 of the most buckets it grows to
 */
struct vnet_hash {
	struct vnet_hash_table __rcu *table;
	struct vnet_hash_table *next;
	u32 moved;
	spinlock_t lock; /* BH off */
	u32 count;
	u32 max_bits;
};

extern u64 vnet_hash_secret[2];

int vnet_hash_init(struct vnet_hash *hash, u32 bits, u32 max_bits);
void vnet_hash_exit(struct vnet_hash *hash);
void vnet_hash_add_locked(struct vnet_hash *hash, struct vnet_hash_node *node, u32 value);
void vnet_hash_del_locked(struct vnet_hash *hash, struct vnet_hash_node *node);
int vnet_hash_grow(struct vnet_hash *hash);

/**
 * vnet_hash_key - keyed hash of sixteen bytes
 * @a: first half of the key
 * @b: second half of the key
 *
 * wyhash64: two 64x64->128 multiplications, each folded to both its halves. Guests and remote hosts
 * choose the keys, so the secret is drawn at random; it is the same for all tables of the module.
 * Valid once any table has been initialised.
 *
 * Context: any.
 * Return: 32 bits, all of them equally good.
 */
static inline u32 vnet_hash_key(u64 a, u64 b)
{
	u64 low, high;

	a ^= vnet_hash_secret[0];
	b ^= vnet_hash_secret[1];
	low = a * b;
	high = mul_u64_u64_shr(a, b, 64);
	a = low ^ vnet_hash_secret[0];
	b = high ^ vnet_hash_secret[1];
	low = a * b;
	high = mul_u64_u64_shr(a, b, 64);
	return (u32)(low ^ high);
}

static inline struct vnet_hash_node *vnet_hash_entry(struct hlist_node *link, u32 side)
{
	return link ? container_of(link - side, struct vnet_hash_node, link[0]) : NULL;
}

/* First node of a bucket, and the next one; for RCU readers, and for writers under the lock. */
static inline struct vnet_hash_node *
vnet_hash_first_rcu(const struct vnet_hash_table *table, u32 i)
{
	return vnet_hash_entry(rcu_dereference_raw(hlist_first_rcu(&table->buckets[i])),
			       table->side);
}

static inline struct vnet_hash_node *
vnet_hash_next_rcu(const struct vnet_hash_table *table, struct vnet_hash_node *node)
{
	return vnet_hash_entry(rcu_dereference_raw(hlist_next_rcu(&node->link[table->side])),
			       table->side);
}

/* @node or the first one behind it that has this hash. */
static inline struct vnet_hash_node *
vnet_hash_match_rcu(const struct vnet_hash_table *table, struct vnet_hash_node *node, u32 value)
{
	while (node && node->hash != value)
		node = vnet_hash_next_rcu(table, node);
	return node;
}

static inline struct vnet_hash_node *
vnet_hash_first_match_rcu(const struct vnet_hash_table *table, u32 value)
{
	return vnet_hash_match_rcu(table, vnet_hash_first_rcu(table, value & table->mask), value);
}

/* Every node of one chain. */
#define vnet_hash_for_each_in_bucket_rcu(table, i, node) \
	for (node = vnet_hash_first_rcu(table, i); node; node = vnet_hash_next_rcu(table, node))

/* Every node whose full hash is @value; the caller still compares the key. */
#define vnet_hash_for_each_match_rcu(table, value, node) \
	for (node = vnet_hash_first_match_rcu(table, value); \
	     node; \
	     node = vnet_hash_match_rcu(table, vnet_hash_next_rcu(table, node), value))

#endif
