// SPDX-License-Identifier: GPL-2.0
/* KUnit: the timing wheel, driven second by second. */

#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "../nat/timer.h"

/**
 * struct entry - what the wheel is asked to carry
 * @timer: as an owner embeds it
 * @deadline: second in which it is over
 * @ended: second in which it was found to be over, or 0
 * @asked: how often the callback ran
 * @fixed: seconds the callback answers with, instead of what is left
 * @answers: how often it answers so, then it is over
 */
struct entry {
	struct vnet_timer timer;
	u32 deadline;
	u32 ended;
	u32 asked;
	u32 fixed;
	u32 answers;
};

struct fixture {
	struct vnet_timer_wheel wheel;
	struct entry *last;
	struct entry *victim;
	bool victim_deleted;
};

static struct fixture *fixture_of(struct vnet_timer_wheel *wheel)
{
	return container_of(wheel, struct fixture, wheel);
}

static u32 entry_due(struct vnet_timer_wheel *wheel, struct vnet_timer *timer)
{
	struct entry *entry = container_of(timer, struct entry, timer);
	struct fixture *fixture = fixture_of(wheel);

	fixture->last = entry;
	entry->asked++;
	if (fixture->victim)
		fixture->victim_deleted = vnet_timer_del(wheel, &fixture->victim->timer);
	if (entry->answers) {
		entry->answers--;
		return entry->fixed;
	}
	if (entry->deadline > wheel->now)
		return entry->deadline - wheel->now;
	entry->ended = wheel->now;
	return 0;
}

static void entry_add(struct fixture *fixture, struct entry *entry, u32 seconds)
{
	entry->deadline = fixture->wheel.now + seconds;
	vnet_timer_add(&fixture->wheel, &entry->timer, seconds);
}

static void advance(struct fixture *fixture, u32 seconds)
{
	while (seconds--)
		vnet_timer_wheel_advance(&fixture->wheel);
}

static struct entry *entries_alloc(struct kunit *test, u32 count)
{
	struct entry *entries = kunit_kcalloc(test, count, sizeof(*entries), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, entries);
	return entries;
}

static int timer_init(struct kunit *test)
{
	struct fixture *fixture = kunit_kzalloc(test, sizeof(*fixture), GFP_KERNEL);

	if (!fixture)
		return -ENOMEM;
	vnet_timer_wheel_init(&fixture->wheel, entry_due);
	test->priv = fixture;
	return 0;
}

static void timer_exit(struct kunit *test)
{
	struct fixture *fixture = test->priv;

	if (fixture)
		vnet_timer_wheel_stop(&fixture->wheel);
}

static void test_order(struct kunit *test)
{
	static const u32 seconds[] = { 7, 1, 511, 3, 2, 7, 300, 0 };
	struct entry *entries = entries_alloc(test, ARRAY_SIZE(seconds));
	struct fixture *fixture = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(seconds); i++)
		entry_add(fixture, &entries[i], seconds[i]);
	advance(fixture, VNET_TIMER_SLOTS);
	for (i = 0; i < ARRAY_SIZE(seconds); i++) {
		/* 0 counts as 1: there is no sooner. */
		KUNIT_EXPECT_EQ(test, seconds[i] ?: 1, entries[i].ended);
		KUNIT_EXPECT_EQ(test, 1, entries[i].asked);
	}
}

static void test_longer_than_a_round(struct kunit *test)
{
	static const u32 seconds[] = { 512, 513, 1024, 7440, 511 };
	struct entry *entries = entries_alloc(test, ARRAY_SIZE(seconds));
	struct fixture *fixture = test->priv;
	int i;

	/* Somewhere in the middle of a round, so that slots wrap. */
	advance(fixture, 300);
	for (i = 0; i < ARRAY_SIZE(seconds); i++)
		entry_add(fixture, &entries[i], seconds[i]);
	advance(fixture, 7440);
	for (i = 0; i < ARRAY_SIZE(seconds); i++) {
		KUNIT_EXPECT_EQ(test, seconds[i] + 300, entries[i].ended);
		KUNIT_EXPECT_EQ(test, DIV_ROUND_UP(seconds[i], VNET_TIMER_SLOTS - 1),
				entries[i].asked);
	}
}

static void test_asked_again(struct kunit *test)
{
	struct entry *entry = entries_alloc(test, 1);
	struct fixture *fixture = test->priv;

	entry->fixed = 1;
	entry->answers = 5;
	vnet_timer_add(&fixture->wheel, &entry->timer, 10);
	advance(fixture, 9);
	KUNIT_EXPECT_EQ(test, 0, entry->asked);
	advance(fixture, 1);
	KUNIT_EXPECT_EQ(test, 1, entry->asked);
	advance(fixture, 5);
	KUNIT_EXPECT_EQ(test, 6, entry->asked);
	KUNIT_EXPECT_EQ(test, 15, entry->ended);

	/* A whole round, which is the slot it came from, is cut to what the wheel can do. */
	entry->fixed = VNET_TIMER_SLOTS;
	entry->answers = 1;
	entry->ended = 0;
	vnet_timer_add(&fixture->wheel, &entry->timer, 1);
	advance(fixture, 1);
	KUNIT_EXPECT_EQ(test, 0, entry->ended);
	advance(fixture, VNET_TIMER_SLOTS - 1);
	KUNIT_EXPECT_EQ(test, 16 + VNET_TIMER_SLOTS - 1, entry->ended);
}

static void test_delete(struct kunit *test)
{
	struct entry *entries = entries_alloc(test, 4);
	struct fixture *fixture = test->priv;
	struct vnet_timer_wheel *wheel = &fixture->wheel;

	/* Never added. */
	KUNIT_EXPECT_FALSE(test, vnet_timer_del(wheel, &entries[0].timer));
	/* Slot 0 is the one that zeroed memory names. */
	entry_add(fixture, &entries[1], VNET_TIMER_SLOTS - 1);
	advance(fixture, 1);
	entry_add(fixture, &entries[0], VNET_TIMER_SLOTS - 1);
	KUNIT_EXPECT_FALSE(test, vnet_timer_del(wheel, &entries[2].timer));
	KUNIT_EXPECT_TRUE(test, vnet_timer_del(wheel, &entries[0].timer));
	KUNIT_EXPECT_FALSE(test, vnet_timer_del(wheel, &entries[0].timer));
	advance(fixture, VNET_TIMER_SLOTS);
	KUNIT_EXPECT_EQ(test, 0, entries[0].asked);
	KUNIT_EXPECT_EQ(test, 1, entries[1].asked);
	KUNIT_EXPECT_FALSE(test, vnet_timer_del(wheel, &entries[1].timer));

	/* What was deleted can be added again. */
	entry_add(fixture, &entries[0], 2);
	advance(fixture, 2);
	KUNIT_EXPECT_EQ(test, 1, entries[0].asked);
}

static void test_delete_in_callback(struct kunit *test)
{
	struct entry *entries = entries_alloc(test, 2);
	struct fixture *fixture = test->priv;

	/* Itself: the wheel has let go of it already, and its answer counts. */
	fixture->victim = &entries[0];
	fixture->victim_deleted = true;
	entries[0].fixed = 3;
	entries[0].answers = 1;
	vnet_timer_add(&fixture->wheel, &entries[0].timer, 1);
	advance(fixture, 1);
	KUNIT_EXPECT_FALSE(test, fixture->victim_deleted);
	advance(fixture, 3);
	KUNIT_EXPECT_EQ(test, 2, entries[0].asked);
	KUNIT_EXPECT_EQ(test, 4, entries[0].ended);

	/* One in the same slot: whoever comes first takes the other one out. */
	memset(entries, 0, 2 * sizeof(*entries));
	entry_add(fixture, &entries[0], 1);
	entry_add(fixture, &entries[1], 1);
	fixture->victim = &entries[0];
	advance(fixture, 1);
	KUNIT_EXPECT_EQ(test, 1, entries[0].asked + entries[1].asked);
	KUNIT_EXPECT_PTR_EQ(test, &entries[1], fixture->last);
	KUNIT_EXPECT_TRUE(test, fixture->victim_deleted);
}

static void test_many(struct kunit *test)
{
	const u32 count = 200000;
	struct entry *entries = kvcalloc(count, sizeof(*entries), GFP_KERNEL);
	struct fixture *fixture = test->priv;
	u32 i, late = 0, asked = 0, expected = 0;
	struct rnd_state rnd;

	KUNIT_ASSERT_NOT_NULL(test, entries);
	prandom_seed_state(&rnd, 1);
	for (i = 0; i < count; i++) {
		u32 seconds = 1 + prandom_u32_state(&rnd) % 2000;

		entry_add(fixture, &entries[i], seconds);
		expected += DIV_ROUND_UP(seconds, VNET_TIMER_SLOTS - 1);
	}
	advance(fixture, 2000);
	for (i = 0; i < count; i++) {
		late += entries[i].ended != entries[i].deadline;
		asked += entries[i].asked;
	}
	KUNIT_EXPECT_EQ(test, 0, late);
	/* The work is one visit per round and entry, no more. */
	KUNIT_EXPECT_EQ(test, expected, asked);
	kvfree(entries);
}

/* Wait until the hand is at @second; a machine under load may be late, but not early. */
static void wait_for_second(struct kunit *test, struct fixture *fixture, u32 second)
{
	unsigned long give_up = jiffies + 20 * HZ;

	while (READ_ONCE(fixture->wheel.now) < second && time_before(jiffies, give_up))
		msleep(20);
	KUNIT_EXPECT_GE(test, READ_ONCE(fixture->wheel.now), second);
}

static void test_worker(struct kunit *test)
{
	struct entry *entries = entries_alloc(test, 2);
	struct fixture *fixture = test->priv;
	unsigned long begin = jiffies;
	u32 now;

	entry_add(fixture, &entries[0], 2);
	entry_add(fixture, &entries[1], 100);
	vnet_timer_wheel_start(&fixture->wheel);
	wait_for_second(test, fixture, 2);
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies, begin + 2 * HZ));
	vnet_timer_wheel_stop(&fixture->wheel);
	KUNIT_EXPECT_EQ(test, 2, entries[0].ended);

	now = fixture->wheel.now;
	msleep(1200);
	KUNIT_EXPECT_EQ(test, now, fixture->wheel.now);
	KUNIT_EXPECT_EQ(test, 0, entries[1].asked);

	/* Having been held up is made good: the seconds that have passed, up to a round. */
	begin = jiffies;
	vnet_timer_wheel_start(&fixture->wheel);
	fixture->wheel.next -= 20 * HZ;
	mod_delayed_work(system_wq, &fixture->wheel.work, 0);
	wait_for_second(test, fixture, now + 20);
	vnet_timer_wheel_stop(&fixture->wheel);
	KUNIT_EXPECT_LE(test, fixture->wheel.now, now + 20 + (jiffies - begin) / HZ);
	KUNIT_EXPECT_EQ(test, 0, entries[1].asked);

	now = fixture->wheel.now;
	begin = jiffies;
	vnet_timer_wheel_start(&fixture->wheel);
	fixture->wheel.next -= 5000 * HZ;
	mod_delayed_work(system_wq, &fixture->wheel.work, 0);
	wait_for_second(test, fixture, now + VNET_TIMER_SLOTS);
	vnet_timer_wheel_stop(&fixture->wheel);
	KUNIT_EXPECT_LE(test, fixture->wheel.now,
			now + VNET_TIMER_SLOTS + (jiffies - begin) / HZ);
	KUNIT_EXPECT_EQ(test, 1, entries[1].asked);
}

static struct kunit_case timer_cases[] = {
	KUNIT_CASE(test_order),
	KUNIT_CASE(test_longer_than_a_round),
	KUNIT_CASE(test_asked_again),
	KUNIT_CASE(test_delete),
	KUNIT_CASE(test_delete_in_callback),
	KUNIT_CASE(test_many),
	KUNIT_CASE_SLOW(test_worker),
	{}
};

static struct kunit_suite timer_suite = {
	.name = "vnet_timer",
	.init = timer_init,
	.exit = timer_exit,
	.test_cases = timer_cases,
};

kunit_test_suite(timer_suite);
