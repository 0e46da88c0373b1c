// SPDX-License-Identifier: GPL-2.0
/* KUnit: claims, parity, hold-down and exhaustion of external ports. */

#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "../nat/portset.h"

/* Mappings are opaque here: any even number will do for one. */
static struct vnet_mapping *mapping(unsigned long number)
{
	return (struct vnet_mapping *)(number << 4);
}

struct judge {
	u32 asked;
	u16 refused_first;
	u16 refused_last;
};

static bool judge_usable(void *context, u16 port)
{
	struct judge *judge = context;

	judge->asked++;
	return port < judge->refused_first || port > judge->refused_last;
}

static struct vnet_mapping *owner(const struct vnet_portset *set, u16 port)
{
	struct vnet_mapping *found;

	rcu_read_lock();
	found = vnet_portset_lookup_rcu(set, port);
	rcu_read_unlock();
	return found;
}

static int claim(struct vnet_portset *set, u16 preferred, u32 start)
{
	return vnet_portset_claim(set, preferred, start, mapping(1), NULL, NULL);
}

/* Claim whatever there is; the number of ports it took. */
static u32 exhaust(struct vnet_portset *set)
{
	u32 count = 0;

	while (claim(set, count, get_random_u32()) > 0)
		count++;
	return count;
}

static int portset_init(struct kunit *test)
{
	test->priv = vnet_portset_alloc(GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void portset_exit(struct kunit *test)
{
	vnet_portset_free(test->priv);
}

static void test_contains(struct kunit *test)
{
	u32 port, count = 0;

	for (port = 0; port <= 65535; port++)
		count += vnet_portset_contains(port);
	KUNIT_EXPECT_EQ(test, VNET_PORTSET_SIZE, count);
	KUNIT_EXPECT_FALSE(test, vnet_portset_contains(0));
	KUNIT_EXPECT_FALSE(test, vnet_portset_contains(19999));
	KUNIT_EXPECT_TRUE(test, vnet_portset_contains(20000));
	KUNIT_EXPECT_TRUE(test, vnet_portset_contains(29999));
	KUNIT_EXPECT_FALSE(test, vnet_portset_contains(30000));
	KUNIT_EXPECT_FALSE(test, vnet_portset_contains(60999));
	KUNIT_EXPECT_TRUE(test, vnet_portset_contains(61000));
	KUNIT_EXPECT_TRUE(test, vnet_portset_contains(65535));
}

static void test_exhaust(struct kunit *test)
{
	unsigned long *seen = bitmap_zalloc(65536, GFP_KERNEL);
	struct vnet_portset *set = test->priv;
	u32 i, twice = 0, outside = 0, lost = 0;

	KUNIT_ASSERT_NOT_NULL(test, seen);
	for (i = 0; i < VNET_PORTSET_SIZE; i++) {
		int port = vnet_portset_claim(set, get_random_u32(), get_random_u32(),
					      mapping(i + 1), NULL, NULL);

		KUNIT_ASSERT_GT(test, port, 0);
		twice += __test_and_set_bit(port, seen);
		outside += !vnet_portset_contains(port);
		lost += owner(set, port) != mapping(i + 1);
		KUNIT_ASSERT_EQ(test, i + 1, vnet_portset_used(set));
	}
	bitmap_free(seen);
	KUNIT_EXPECT_EQ(test, 0, twice);
	KUNIT_EXPECT_EQ(test, 0, outside);
	KUNIT_EXPECT_EQ(test, 0, lost);
	KUNIT_EXPECT_EQ(test, -ENOSPC, claim(set, 20000, 0));
	KUNIT_EXPECT_EQ(test, -ENOSPC, claim(set, 1, ~0U));

	/* The one that comes free is found from anywhere, whatever its parity. */
	vnet_portset_release(set, 29999, 0);
	KUNIT_EXPECT_EQ(test, 29999, claim(set, 20000, 0x80000000));
	vnet_portset_release(set, 61000, 0);
	KUNIT_EXPECT_EQ(test, 61000, claim(set, 20001, ~0U));
	KUNIT_EXPECT_EQ(test, -ENOSPC, claim(set, 61000, 5));
}

static void test_preferred(struct kunit *test)
{
	static const u16 edges[] = { 20000, 20001, 29998, 29999, 61000, 61001, 65534, 65535 };
	struct vnet_portset *set = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(edges); i++) {
		int port = vnet_portset_claim(set, edges[i], 0, mapping(edges[i]), NULL, NULL);

		KUNIT_EXPECT_EQ(test, edges[i], port);
		KUNIT_EXPECT_PTR_EQ(test, mapping(edges[i]), owner(set, edges[i]));
	}
	for (i = 0; i < ARRAY_SIZE(edges); i++) {
		vnet_portset_release(set, edges[i], 0);
		KUNIT_EXPECT_NULL(test, owner(set, edges[i]));
	}
	KUNIT_EXPECT_EQ(test, 0, vnet_portset_used(set));
	/* Ports that are nobody's to give. */
	KUNIT_EXPECT_NULL(test, owner(set, 0));
	KUNIT_EXPECT_NULL(test, owner(set, 22));
	KUNIT_EXPECT_NULL(test, owner(set, 40000));
}

static void test_parity(struct kunit *test)
{
	struct vnet_portset *set = test->priv;
	u32 i, other = 0;

	/* The preferred ones are outside of the set: only their parity can be kept. */
	for (i = 0; i < VNET_PORTSET_SIZE / 2; i++)
		other += claim(set, 5061, get_random_u32()) % 2 != 1;
	KUNIT_EXPECT_EQ(test, 0, other);
	/* All odd ones are gone, so the even ones follow. */
	KUNIT_EXPECT_EQ(test, 0, claim(set, 5061, get_random_u32()) % 2);
	KUNIT_EXPECT_EQ(test, 0, claim(set, 5060, get_random_u32()) % 2);
	KUNIT_EXPECT_EQ(test, VNET_PORTSET_SIZE / 2 - 2, exhaust(set));
}

static void test_start(struct kunit *test)
{
	struct vnet_portset *set = test->priv;
	u32 i, low = 0;

	KUNIT_EXPECT_EQ(test, 20000, claim(set, 0, 0));
	KUNIT_EXPECT_EQ(test, 20002, claim(set, 0, 0));
	KUNIT_EXPECT_EQ(test, 65535, claim(set, 1, ~0U));
	KUNIT_EXPECT_EQ(test, 20001, claim(set, 1, ~0U));

	/* Spread over both ranges by their sizes: 10000 to 4536. */
	for (i = 0; i < 2000; i++)
		low += claim(set, i, get_random_u32()) < 30000;
	KUNIT_EXPECT_GT(test, low, 1200);
	KUNIT_EXPECT_LT(test, low, 1550);
}

static void test_hold_down(struct kunit *test)
{
	struct vnet_portset *set = test->priv;
	u32 i, given = 0;

	KUNIT_ASSERT_EQ(test, 20000, claim(set, 20000, 0));
	vnet_portset_release(set, 20000, jiffies + 1000 * HZ);
	KUNIT_EXPECT_EQ(test, 0, vnet_portset_used(set));
	KUNIT_EXPECT_NULL(test, owner(set, 20000));
	/* Neither by name nor by search, and not at the end either. */
	KUNIT_EXPECT_EQ(test, 20002, claim(set, 20000, 0));
	for (i = 0; i < VNET_PORTSET_SIZE - 2; i++)
		given += claim(set, i, get_random_u32()) == 20000;
	KUNIT_EXPECT_EQ(test, 0, given);
	KUNIT_EXPECT_EQ(test, -ENOSPC, claim(set, 20000, 0));
	KUNIT_EXPECT_EQ(test, VNET_PORTSET_SIZE - 1, vnet_portset_used(set));

	/* A time that has passed is none. */
	vnet_portset_release(set, 20002, jiffies - 1);
	KUNIT_EXPECT_EQ(test, 20002, claim(set, 4, 77));

	/* When it is over the port is found by name, and by search from any start and parity. */
	vnet_portset_release(set, 65535, jiffies + 2);
	vnet_portset_release(set, 29998, jiffies + 2);
	msleep(jiffies_to_msecs(4));
	KUNIT_EXPECT_EQ(test, 65535, claim(set, 65535, 0));
	KUNIT_EXPECT_EQ(test, 29998, claim(set, 1, 3));
	KUNIT_EXPECT_EQ(test, -ENOSPC, claim(set, 1, 3));
}

/* Three thirds that come free one after the other: none early, and all when it is time. */
static void test_hold_down_all(struct kunit *test)
{
	u32 group, claimed = 0, due = 0, early = 0, groups[3] = {};
	struct vnet_portset *set = test->priv;
	unsigned long until;
	int port;

	KUNIT_ASSERT_EQ(test, VNET_PORTSET_SIZE, exhaust(set));
	until = jiffies + HZ / 2;
	for (port = 0; port <= 65535; port++) {
		if (!vnet_portset_contains(port))
			continue;
		vnet_portset_release(set, port, until + port % 3 * HZ / 2);
		groups[port % 3]++;
	}
	KUNIT_EXPECT_EQ(test, 0, vnet_portset_used(set));

	for (group = 0; group < ARRAY_SIZE(groups); group++) {
		while (time_before(jiffies, until + group * HZ / 2))
			msleep(20);
		while ((port = claim(set, claimed, get_random_u32())) > 0) {
			early += time_before(jiffies, until + port % 3 * HZ / 2);
			claimed++;
		}
		due += groups[group];
		KUNIT_EXPECT_GE(test, claimed, due);
	}
	KUNIT_EXPECT_EQ(test, 0, early);
	KUNIT_EXPECT_EQ(test, VNET_PORTSET_SIZE, claimed);
}

static void test_usable(struct kunit *test)
{
	struct judge judge = { .refused_first = 20000, .refused_last = 29999 };
	struct vnet_portset *set = test->priv;
	int port;
	u32 i;

	/* The preferred port is refused, and the search steps over its range. */
	port = vnet_portset_claim(set, 20000, 0, mapping(1), judge_usable, &judge);
	KUNIT_EXPECT_EQ(test, 61000, port);
	/* Even ones of the low range and the port itself: each was asked for once. */
	KUNIT_EXPECT_EQ(test, 5000 + 1, judge.asked);
	KUNIT_EXPECT_NULL(test, owner(set, 20000));

	for (i = 0; i < 4535; i++) {
		port = vnet_portset_claim(set, i, get_random_u32(), mapping(1), judge_usable,
					  &judge);
		KUNIT_ASSERT_GE(test, port, 61000);
	}
	judge.asked = 0;
	port = vnet_portset_claim(set, 20000, 99, mapping(1), judge_usable, &judge);
	KUNIT_EXPECT_EQ(test, -ENOSPC, port);
	KUNIT_EXPECT_EQ(test, 10000, judge.asked);

	/* What was refused to one is not lost to the next. */
	KUNIT_EXPECT_EQ(test, 20000, claim(set, 20000, 0));
	KUNIT_EXPECT_EQ(test, 9999, exhaust(set));
}

/* A model of flags beside the set, for a long random walk. */
static void test_churn(struct kunit *test)
{
	unsigned long *owned = bitmap_zalloc(65536, GFP_KERNEL);
	struct vnet_portset *set = test->priv;
	struct rnd_state rnd;
	u32 i, wrong = 0;

	KUNIT_ASSERT_NOT_NULL(test, owned);
	prandom_seed_state(&rnd, 7);
	for (i = 0; i < 150000; i++) {
		u16 port = prandom_u32_state(&rnd);

		if (vnet_portset_contains(port) && test_bit(port, owned)) {
			vnet_portset_release(set, port, 0);
			__clear_bit(port, owned);
		} else {
			int got = vnet_portset_claim(set, port, prandom_u32_state(&rnd),
						     mapping(i + 1), NULL, NULL);

			if (got < 0) {
				wrong += bitmap_weight(owned, 65536) != VNET_PORTSET_SIZE;
				continue;
			}
			wrong += __test_and_set_bit(got, owned);
			wrong += vnet_portset_contains(port) && got != port;
			wrong += owner(set, got) != mapping(i + 1);
		}
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
	KUNIT_EXPECT_EQ(test, bitmap_weight(owned, 65536), vnet_portset_used(set));
	bitmap_free(owned);
}

static struct kunit_case portset_cases[] = {
	KUNIT_CASE(test_contains),
	KUNIT_CASE(test_exhaust),
	KUNIT_CASE(test_preferred),
	KUNIT_CASE(test_parity),
	KUNIT_CASE(test_start),
	KUNIT_CASE(test_hold_down),
	KUNIT_CASE_SLOW(test_hold_down_all),
	KUNIT_CASE(test_usable),
	KUNIT_CASE(test_churn),
	{}
};

static struct kunit_suite portset_suite = {
	.name = "vnet_portset",
	.init = portset_init,
	.exit = portset_exit,
	.test_cases = portset_cases,
};

kunit_test_suite(portset_suite);
