// SPDX-License-Identifier: GPL-2.0
/* KUnit: IGMP and MLD messages, whole, cut short, scattered, and with every bit turned once. */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/in.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "../mcast_parse.h"
#include "packet.h"

#define IPV4_AT ETH_HLEN
#define IGMP_AT (ETH_HLEN + 24)
#define MLD_AT (ETH_HLEN + 48)

/**
 * struct row - a message and what it is
 * @name: what is odd about it
 * @mld: MLD, else IGMP
 * @len: its length
 * @bytes: the message, whose checksum is filled in
 * @kind: what it is
 * @change: what its first record says
 * @sources: how many sources that has
 */
struct row {
	const char *name;
	bool mld;
	u8 len;
	u8 bytes[60];
	enum vnet_mcast_kind kind;
	enum vnet_mcast_change change;
	u8 sources;
};

#define QUERY VNET_MCAST_QUERY
#define REPORT VNET_MCAST_REPORT
#define MALFORMED VNET_MCAST_MALFORMED
#define GROUP4 239, 1, 1, 1
#define GROUP6 0xff, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
#define NONE6 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
#define SOURCE6 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1

static const struct row rows[] = {
	{ "query of version 1", false, 8, { 0x11, 0 }, QUERY },
	{ "query of version 2", false, 8, { 0x11, 100 }, QUERY },
	{ "for a group", false, 8, { 0x11, 10, 0, 0, GROUP4 }, QUERY },
	{ "for no group", false, 8, { 0x11, 10, 0, 0, 10, 1, 1, 1 }, MALFORMED },
	{ "query of version 3", false, 12, { 0x11, 100, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0 }, QUERY },
	{ "of neither", false, 10, { 0x11, 100 }, MALFORMED },
	{ "whose source is missing", false, 12, { 0x11, 1, 0, 0, GROUP4, 2, 125, 0, 1 },
	  MALFORMED },
	{ "whose source is there", false, 16, { 0x11, 1, 0, 0, GROUP4, 2, 125, 0, 1, 10, 0, 0, 1 },
	  QUERY },
	{ "report of version 1", false, 8, { 0x12, 0, 0, 0, GROUP4 }, REPORT, VNET_MCAST_JOIN },
	{ "report of version 2", false, 8, { 0x16, 0, 0, 0, GROUP4 }, REPORT, VNET_MCAST_JOIN },
	{ "of no group", false, 8, { 0x16, 0, 0, 0, 10, 1, 1, 1 }, MALFORMED },
	{ "leave", false, 8, { 0x17, 0, 0, 0, GROUP4 }, REPORT, VNET_MCAST_ONLY },
	{ "too short", false, 7, { 0x16, 0, 0, 0, 239 }, MALFORMED },
	{ "version 3, to all", false, 16, { 0x22, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, GROUP4 },
	  REPORT, VNET_MCAST_JOIN },
	{ "version 3, to nothing", false, 16, { 0x22, 0, 0, 0, 0, 0, 0, 1, 3, 0, 0, 0, GROUP4 },
	  REPORT, VNET_MCAST_ONLY },
	{ "version 3, one source", false, 20,
	  { 0x22, 0, 0, 0, 0, 0, 0, 1, 5, 0, 0, 1, GROUP4, 10, 0, 0, 1 },
	  REPORT, VNET_MCAST_INCLUDE, 1 },
	{ "version 3, blocked", false, 20,
	  { 0x22, 0, 0, 0, 0, 0, 0, 1, 6, 0, 0, 1, GROUP4, 10, 0, 0, 1 },
	  REPORT, VNET_MCAST_BLOCK, 1 },
	{ "version 3, unknown record", false, 16, { 0x22, 0, 0, 0, 0, 0, 0, 1, 9, 0, 0, 0, GROUP4 },
	  REPORT, VNET_MCAST_NOTHING },
	{ "version 3, no record", false, 8, { 0x22 }, REPORT },
	{ "version 3, a record too few", false, 16,
	  { 0x22, 0, 0, 0, 0, 0, 0, 2, 4, 0, 0, 0, GROUP4 }, MALFORMED },
	{ "version 3, a source too few", false, 16,
	  { 0x22, 0, 0, 0, 0, 0, 0, 1, 5, 0, 0, 1, GROUP4 }, MALFORMED },
	{ "version 3, auxiliary data too short", false, 16,
	  { 0x22, 0, 0, 0, 0, 0, 0, 1, 4, 1, 0, 0, GROUP4 }, MALFORMED },
	{ "something else", false, 8, { 0x13, 0, 0, 0, GROUP4 }, VNET_MCAST_DATA },
	{ "MLD query", true, 24, { 130, 0, 0, 0, 0, 100, 0, 0, NONE6 }, QUERY },
	{ "for a group", true, 24, { 130, 0, 0, 0, 0, 100, 0, 0, GROUP6 }, QUERY },
	{ "for no group", true, 24, { 130, 0, 0, 0, 0, 100, 0, 0, SOURCE6 }, MALFORMED },
	{ "of version 2", true, 28, { 130, 0, 0, 0, 0, 100, 0, 0, GROUP6, 2, 125 }, QUERY },
	{ "whose source is missing", true, 28,
	  { 130, 0, 0, 0, 0, 100, 0, 0, GROUP6, 2, 125, 0, 1 }, MALFORMED },
	{ "MLD report", true, 24, { 131, 0, 0, 0, 0, 0, 0, 0, GROUP6 }, REPORT, VNET_MCAST_JOIN },
	{ "MLD done", true, 24, { 132, 0, 0, 0, 0, 0, 0, 0, GROUP6 }, REPORT, VNET_MCAST_ONLY },
	{ "MLD too short", true, 20, { 131, 0, 0, 0, 0, 0, 0, 0, 0xff }, MALFORMED },
	{ "MLDv2, to all", true, 28, { 143, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, GROUP6 },
	  REPORT, VNET_MCAST_JOIN },
	{ "MLDv2, one source", true, 44, { 143, 0, 0, 0, 0, 0, 0, 1, 5, 0, 0, 1, GROUP6, SOURCE6 },
	  REPORT, VNET_MCAST_INCLUDE, 1 },
	{ "MLDv2, a source too few", true, 28, { 143, 0, 0, 0, 0, 0, 0, 1, 5, 0, 0, 1, GROUP6 },
	  MALFORMED },
	{ "something else", true, 8, { 128 }, VNET_MCAST_DATA },
};

/* The frame of a row. Returns its length. */
static unsigned int build(const struct row *row, u8 *bytes)
{
	static const u8 ipv4[] = { 0x46, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 192, 0, 2, 1, GROUP4,
				   0x94, 4, 0, 0 };
	static const u8 ipv6[] = { 0x60, 0, 0, 0, 0, 0, 0, 1, 0xfe, 0x80, 0, 0, 0, 0, 0, 0,
				   0, 0, 0, 0, 0, 0, 0, 1, GROUP6, 58, 0, 5, 2, 0, 0, 1, 0 };
	unsigned int at = row->mld ? MLD_AT : IGMP_AT;
	u8 *ip = bytes + ETH_HLEN;
	u32 sum = 0;

	memset(bytes, 0, ETH_HLEN);
	bytes[0] = 1;
	packet_put16(row->mld ? ETH_P_IPV6 : ETH_P_IP, bytes + 12);
	if (row->mld) {
		memcpy(ip, ipv6, sizeof(ipv6));
		packet_put16(8 + row->len, ip + 4);
		sum = packet_sum(0, ip + 8, 32) + row->len + IPPROTO_ICMPV6;
	} else {
		memcpy(ip, ipv4, sizeof(ipv4));
		packet_put16(24 + row->len, ip + 2);
		packet_put16(~packet_sum(0, ip, 24), ip + 10);
	}
	memcpy(bytes + at, row->bytes, row->len);
	sum = packet_sum(sum, bytes + at, row->len);
	sum = (sum & 0xFFFF) + (sum >> 16);
	if (row->len >= 4)
		packet_put16(~sum, bytes + at + 2);
	return at + row->len;
}

/* A frame of which only @linear bytes are at skb->data. */
static struct sk_buff *frame_of(struct kunit *test, const u8 *bytes, unsigned int len,
				unsigned int linear)
{
	struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_put_data(skb, bytes, min(len, linear));
	if (len > linear) {
		page = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, page);
		memcpy(page_address(page), bytes + linear, len - linear);
		skb_add_rx_frag(skb, 0, page, 0, len - linear, PAGE_SIZE);
	}
	return skb;
}

static void test_messages(struct kunit *test)
{
	struct vnet_mcast_message msg;
	struct vnet_mcast_record *record = kunit_kzalloc(test, sizeof(*record), GFP_KERNEL);
	unsigned int i, linear, len;
	u8 bytes[128];

	KUNIT_ASSERT_NOT_NULL(test, record);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];

		len = build(row, bytes);
		for (linear = ETH_HLEN; linear <= len; linear++) {
			struct sk_buff *skb = frame_of(test, bytes, len, linear);

			KUNIT_EXPECT_EQ_MSG(test, vnet_mcast_parse(skb, 0, &msg), row->kind,
					    "%s, %u bytes linear", row->name, linear);
			if (row->change || row->bytes[0] == 0x16 || row->bytes[0] == 131) {
				if (row->kind == REPORT &&
				    vnet_mcast_next_record(skb, &msg, record)) {
					KUNIT_EXPECT_EQ_MSG(test, record->change, row->change,
							    "%s", row->name);
					KUNIT_EXPECT_EQ_MSG(test, record->n_sources, row->sources,
							    "%s", row->name);
				}
				KUNIT_EXPECT_FALSE(test, row->kind == REPORT &&
						   vnet_mcast_next_record(skb, &msg, record));
			}
			kfree_skb(skb);
		}
	}
}

/* A frame that ends too early is no message, and is read no further than it goes. */
static void test_cut(struct kunit *test)
{
	struct vnet_mcast_message msg;
	unsigned int i, len, cut;
	u8 bytes[128];

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		len = build(&rows[i], bytes);
		for (cut = ETH_HLEN; cut < len; cut++) {
			struct sk_buff *skb = frame_of(test, bytes, cut, cut);
			enum vnet_mcast_kind kind = vnet_mcast_parse(skb, 0, &msg);

			KUNIT_EXPECT_TRUE_MSG(test, kind != QUERY && kind != REPORT,
					      "%s, cut to %u", rows[i].name, cut);
			kfree_skb(skb);
		}
	}
}

/* One bit that is turned is found by a checksum, wherever one covers it. */
static void test_bits(struct kunit *test)
{
	struct vnet_mcast_message msg;
	unsigned int i, len, bit;
	u8 bytes[128];

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned int first = rows[i].mld ? MLD_AT : IPV4_AT;

		len = build(&rows[i], bytes);
		for (bit = first * 8; bit < len * 8; bit++) {
			enum vnet_mcast_kind kind;
			struct sk_buff *skb;

			bytes[bit / 8] ^= BIT(bit % 8);
			skb = frame_of(test, bytes, len, ETH_HLEN);
			kind = vnet_mcast_parse(skb, 0, &msg);
			KUNIT_EXPECT_TRUE_MSG(test, kind != QUERY && kind != REPORT,
					      "%s, bit %u", rows[i].name, bit);
			kfree_skb(skb);
			bytes[bit / 8] ^= BIT(bit % 8);
		}
	}
}

static struct kunit_case mcast_cases[] = {
	KUNIT_CASE(test_messages),
	KUNIT_CASE(test_cut),
	KUNIT_CASE(test_bits),
	{}
};

static struct kunit_suite mcast_suite = {
	.name = "vnet_mcast",
	.test_cases = mcast_cases,
};

kunit_test_suite(mcast_suite);
