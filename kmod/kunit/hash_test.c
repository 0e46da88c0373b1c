// SPDX-License-Identifier: GPL-2.0
/* KUnit: the hash table, above all that nothing is lost while it grows. */

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "../hash.h"

struct item {
	struct vnet_hash_node node;
	u64 key;
	bool present;
	bool used_up;
};

static u32 item_hash(u64 key)
{
	return vnet_hash_key(key, ~key);
}

static void item_add(struct vnet_hash *hash, struct item *item)
{
	spin_lock_bh(&hash->lock);
	vnet_hash_add_locked(hash, &item->node, item_hash(item->key));
	item->present = true;
	spin_unlock_bh(&hash->lock);
}

static void item_del(struct vnet_hash *hash, struct item *item)
{
	spin_lock_bh(&hash->lock);
	vnet_hash_del_locked(hash, &item->node);
	item->present = false;
	spin_unlock_bh(&hash->lock);
}

/* How often a reader meets the key. */
static u32 lookups(struct vnet_hash *hash, u64 key)
{
	const struct vnet_hash_table *table;
	struct vnet_hash_node *node;
	u32 found = 0;

	rcu_read_lock();
	table = rcu_dereference(hash->table);
	vnet_hash_for_each_match_rcu(table, item_hash(key), node)
		found += container_of(node, struct item, node)->key == key;
	rcu_read_unlock();
	return found;
}

static u32 buckets(struct vnet_hash *hash)
{
	return rcu_dereference_protected(hash->table, true)->mask + 1;
}

static u32 walk(struct vnet_hash *hash)
{
	const struct vnet_hash_table *table;
	struct vnet_hash_node *node;
	u32 i, found = 0;

	rcu_read_lock();
	table = rcu_dereference(hash->table);
	for (i = 0; i <= table->mask; i++)
		vnet_hash_for_each_in_bucket_rcu(table, i, node)
			found++;
	rcu_read_unlock();
	return found;
}

/* Every item is there once if it should be, and not if not; and there is nothing else. */
static void check_content(struct kunit *test, struct vnet_hash *hash, struct item *items, u32 count)
{
	u32 i, wrong = 0, present = 0;

	for (i = 0; i < count; i++) {
		wrong += lookups(hash, items[i].key) != items[i].present;
		present += items[i].present;
	}
	KUNIT_EXPECT_EQ_MSG(test, 0, wrong, "with %u buckets", buckets(hash));
	KUNIT_EXPECT_EQ(test, present, hash->count);
	KUNIT_EXPECT_EQ(test, present, walk(hash));
}

static struct item *items_alloc(struct kunit *test, u32 count)
{
	struct item *items = kvcalloc(count, sizeof(*items), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, items);
	for (i = 0; i < count; i++)
		items[i].key = i * 3ULL;
	return items;
}

static void test_grow(struct kunit *test)
{
	const u32 count = 20000;
	struct item *items = items_alloc(test, count);
	struct vnet_hash hash;
	u32 i, last;

	KUNIT_ASSERT_EQ(test, 0, vnet_hash_init(&hash, 1, 12));
	for (i = 0; i < count; i++) {
		item_add(&hash, &items[i]);
		last = buckets(&hash);
		KUNIT_ASSERT_EQ(test, 0, vnet_hash_grow(&hash));
		if (last == 1 << 12)
			KUNIT_ASSERT_EQ(test, last, buckets(&hash));
		else
			KUNIT_ASSERT_EQ(test, i + 1 > last ? last * 2 : last, buckets(&hash));
		if (last != buckets(&hash))
			check_content(test, &hash, items, count);
	}
	check_content(test, &hash, items, count);
	vnet_hash_exit(&hash);
	kvfree(items);
}

/* One growth makes up for any number of entries, but for what the table may not be. */
static void test_grow_at_once(struct kunit *test)
{
	static const struct {
		u32 count, max_bits, buckets;
	} rows[] = {
		{ 0, 12, 2 }, { 1, 12, 2 }, { 2, 12, 2 }, { 3, 12, 4 }, { 1024, 12, 1024 },
		{ 1025, 12, 2048 }, { 5000, 12, 4096 }, { 5000, 1, 2 }, { 5000, 0, 2 },
	};
	struct item *items = items_alloc(test, 5000);
	struct vnet_hash hash;
	u32 row, i;

	for (row = 0; row < ARRAY_SIZE(rows); row++) {
		KUNIT_ASSERT_EQ(test, 0, vnet_hash_init(&hash, 1, rows[row].max_bits));
		for (i = 0; i < 5000; i++)
			items[i].present = false;
		for (i = 0; i < rows[row].count; i++)
			item_add(&hash, &items[i]);
		KUNIT_ASSERT_EQ(test, 0, vnet_hash_grow(&hash));
		KUNIT_EXPECT_EQ(test, rows[row].buckets, buckets(&hash));
		check_content(test, &hash, items, 5000);
		vnet_hash_exit(&hash);
	}
	kvfree(items);
}

static void test_delete(struct kunit *test)
{
	const u32 count = 4000;
	struct item *items = items_alloc(test, count);
	struct vnet_hash hash;
	u32 round, i;

	KUNIT_ASSERT_EQ(test, 0, vnet_hash_init(&hash, 3, 14));
	for (round = 0; round < 8; round++) {
		/* More are added than deleted, so that growth meets chains with holes. */
		for (i = 0; i < count; i++)
			if (!items[i].present && (i * 7 + round) % 3)
				item_add(&hash, &items[i]);
		KUNIT_ASSERT_EQ(test, 0, vnet_hash_grow(&hash));
		check_content(test, &hash, items, count);
		for (i = 0; i < count; i++)
			if (items[i].present && (i + round) % 4 == 0)
				item_del(&hash, &items[i]);
		KUNIT_ASSERT_EQ(test, 0, vnet_hash_grow(&hash));
		check_content(test, &hash, items, count);
		/* An entry must not come back before a grace period. */
		synchronize_rcu();
	}
	for (i = 0; i < count; i++)
		if (items[i].present)
			item_del(&hash, &items[i]);
	check_content(test, &hash, items, count);
	vnet_hash_exit(&hash);
	kvfree(items);
}

static void test_same_hash(struct kunit *test)
{
	struct item *items = items_alloc(test, 50);
	const struct vnet_hash_table *table;
	struct vnet_hash_node *node;
	struct vnet_hash hash;
	u32 i, found = 0;

	KUNIT_ASSERT_EQ(test, 0, vnet_hash_init(&hash, 1, 4));
	for (i = 0; i < 50; i++) {
		spin_lock_bh(&hash.lock);
		vnet_hash_add_locked(&hash, &items[i].node, i % 2 ? 0x10 : 0x110);
		spin_unlock_bh(&hash.lock);
		KUNIT_ASSERT_EQ(test, 0, vnet_hash_grow(&hash));
	}
	KUNIT_EXPECT_EQ(test, 16, buckets(&hash));
	rcu_read_lock();
	table = rcu_dereference(hash.table);
	/* The same bucket, but another hash, is skipped; and else belongs to no hidden if. */
	if (table)
		vnet_hash_for_each_match_rcu(table, 0x110, node)
			found += node->hash == 0x110 ? 1 : 1000;
	else
		found = ~0U;
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, 25, found);
	vnet_hash_exit(&hash);
	kvfree(items);
}

/* A writer and reader that runs while the table grows. */
struct churn {
	struct vnet_hash *hash;
	struct item *items;
	u32 count;
	u32 wrong;
	u32 during_growth;
	struct completion ready;
};

static void churn_once(struct churn *churn, struct rnd_state *rnd)
{
	struct item *item = &churn->items[prandom_u32_state(rnd) % churn->count];

	spin_lock_bh(&churn->hash->lock);
	churn->during_growth += !!churn->hash->next;
	if (!item->present && !item->used_up) {
		vnet_hash_add_locked(churn->hash, &item->node, item_hash(item->key));
		item->present = true;
	} else if (item->present && prandom_u32_state(rnd) % 4 == 0) {
		vnet_hash_del_locked(churn->hash, &item->node);
		item->present = false;
		/* Not to be added again before a grace period, so never here. */
		item->used_up = true;
	}
	spin_unlock_bh(&churn->hash->lock);
}

static int churn_thread(void *data)
{
	struct churn *churn = data;
	struct rnd_state rnd;
	u32 i;

	prandom_seed_state(&rnd, 3);
	complete(&churn->ready);
	while (!kthread_should_stop()) {
		churn_once(churn, &rnd);
		/* The second half is never deleted and always to be found. */
		i = churn->count + prandom_u32_state(&rnd) % churn->count;
		churn->wrong += lookups(churn->hash, churn->items[i].key) != 1;
		cond_resched();
	}
	return 0;
}

/* Grows a table beside a writer; returns what the writer has done meanwhile. */
static u32 grow_beside_churn(struct kunit *test)
{
	/* So many that moving them takes several ticks of the clock. */
	struct churn churn = { .count = 400000 };
	struct task_struct *thread;
	struct vnet_hash hash;
	u32 i;

	KUNIT_ASSERT_EQ(test, 0, vnet_hash_init(&hash, 4, 19));
	churn.items = items_alloc(test, 2 * churn.count);
	churn.hash = &hash;
	init_completion(&churn.ready);
	for (i = 0; i < churn.count; i++)
		item_add(&hash, &churn.items[churn.count + i]);
	thread = kthread_run(churn_thread, &churn, "vnet-churn");
	KUNIT_ASSERT_FALSE(test, IS_ERR(thread));
	wait_for_completion(&churn.ready);
	while (buckets(&hash) < 1 << 19 && hash.count > buckets(&hash))
		KUNIT_ASSERT_EQ(test, 0, vnet_hash_grow(&hash));
	kthread_stop(thread);

	KUNIT_EXPECT_EQ(test, 0, churn.wrong);
	check_content(test, &hash, churn.items, 2 * churn.count);
	vnet_hash_exit(&hash);
	kvfree(churn.items);
	return churn.during_growth;
}

/* On one CPU the scheduler may not let the writer in while a table grows: try until it does. */
static void test_grow_under_load(struct kunit *test)
{
	u32 during_growth = 0;
	int i;

	for (i = 0; i < 20 && !during_growth; i++)
		during_growth = grow_beside_churn(test);
	/* Else this has tested nothing. */
	KUNIT_EXPECT_GT(test, during_growth, 0);
}

/* Longest chain of 2^16 keys in as many buckets, judged by the low bits as the table does. */
static u32 longest_chain(struct kunit *test, u64 (*key_a)(u32 i), u64 (*key_b)(u32 i))
{
	u16 *chains = kvcalloc(1 << 16, sizeof(*chains), GFP_KERNEL);
	u32 i, longest = 0;

	KUNIT_ASSERT_NOT_NULL(test, chains);
	for (i = 0; i < 1 << 16; i++) {
		u16 *chain = &chains[vnet_hash_key(key_a(i), key_b(i)) & 0xFFFF];

		longest = max_t(u32, longest, ++*chain);
	}
	kvfree(chains);
	return longest;
}

static u64 key_fixed(u32 i)
{
	return 0x0a0000010a000002ULL;
}

static u64 key_low(u32 i)
{
	return i;
}

static u64 key_high(u32 i)
{
	return (u64)i << 48;
}

static u64 key_middle(u32 i)
{
	return (u64)(i & 0xFF00) << 32 | (i & 0xFF) << 16;
}

static u64 key_complement(u32 i)
{
	return ~(u64)i;
}

static void test_key(struct kunit *test)
{
	static u64 (* const patterns[])(u32 i) = {
		key_fixed, key_low, key_high, key_middle, key_complement,
	};
	struct vnet_hash hash;
	int a, b;

	KUNIT_ASSERT_EQ(test, 0, vnet_hash_init(&hash, 1, 1));
	KUNIT_EXPECT_TRUE(test, vnet_hash_secret[0] && vnet_hash_secret[1]);
	KUNIT_EXPECT_NE(test, vnet_hash_secret[0], vnet_hash_secret[1]);
	for (a = 0; a < ARRAY_SIZE(patterns); a++)
		for (b = 0; b < ARRAY_SIZE(patterns); b++)
			/* Random keys give 8 or 9; 16 has a chance of one in a billion or so. */
			if (a || b)
				KUNIT_EXPECT_LE_MSG(test, longest_chain(test, patterns[a],
									patterns[b]), 16,
						    "patterns %d and %d", a, b);
	vnet_hash_exit(&hash);
}

static struct kunit_case hash_cases[] = {
	KUNIT_CASE(test_grow),
	KUNIT_CASE(test_grow_at_once),
	KUNIT_CASE(test_delete),
	KUNIT_CASE(test_same_hash),
	KUNIT_CASE(test_grow_under_load),
	KUNIT_CASE(test_key),
	{}
};

static struct kunit_suite hash_suite = {
	.name = "vnet_hash",
	.test_cases = hash_cases,
};

kunit_test_suite(hash_suite);
