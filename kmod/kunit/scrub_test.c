// SPDX-License-Identifier: GPL-2.0
/* KUnit: what a packet leaves behind is what the kernel at hand would take away. */

#include <kunit/test.h>

#include "../scrub.h"

/* A packet on which everything is noted that can be, but for what is a pointer. */
static struct sk_buff *noted_packet(struct kunit *test)
{
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	memset(&skb->headers, 0xff, sizeof(skb->headers));
	return skb;
}

static void scrub_as_the_kernel(struct kunit *test)
{
	struct sk_buff *theirs = noted_packet(test), *ours = noted_packet(test);
	struct sk_buff *untouched = noted_packet(test);

	/* With each of the meanings that the time may have. */
	theirs->tstamp = 1;
	ours->tstamp = 1;
	skb_scrub_packet(theirs, true);
	vnet_scrub(ours);
	KUNIT_EXPECT_MEMEQ(test, &ours->headers, &theirs->headers, sizeof(ours->headers));
	KUNIT_EXPECT_EQ(test, ours->tstamp, theirs->tstamp);
	KUNIT_EXPECT_NE(test, memcmp(&ours->headers, &untouched->headers, sizeof(ours->headers)),
			0);
	skb_set_delivery_time(theirs, 0, 0);
	skb_set_delivery_time(ours, 0, 0);
	theirs->tstamp = 1;
	ours->tstamp = 1;
	skb_scrub_packet(theirs, true);
	vnet_scrub(ours);
	KUNIT_EXPECT_EQ(test, ours->tstamp, theirs->tstamp);
	KUNIT_EXPECT_EQ(test, ours->tstamp, 0);
	kfree_skb(theirs);
	kfree_skb(ours);
	kfree_skb(untouched);
}

static struct kunit_case scrub_cases[] = {
	KUNIT_CASE(scrub_as_the_kernel),
	{}
};

static struct kunit_suite scrub_suite = {
	.name = "vnet_scrub",
	.test_cases = scrub_cases,
};

kunit_test_suite(scrub_suite);
