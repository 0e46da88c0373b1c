// SPDX-License-Identifier: GPL-2.0
/* KUnit: the parser, above all with headers that lie and packets that end too early. */

#include <kunit/test.h>
#include <linux/slab.h>

#include "packet.h"

#define TCP 0x0800
#define UDP 0x1000
#define ICMP 0x1800	/* plus the type */

#define FLOW VNET_TUPLE_FLOW
#define ERROR VNET_TUPLE_ICMP_ERROR
#define UNKNOWN VNET_TUPLE_UNKNOWN_PROTO
#define MALFORMED VNET_TUPLE_MALFORMED

/* A byte that is not as it was built. */
struct patch {
	u8 offset;
	u8 value;
};

/**
 * struct row - one packet and what it is
 * @name: what is odd about it
 * @kind: TCP, UDP or ICMP + type
 * @patches: bytes that are changed, with their offsets; offset 0 ends the list but for the first
 * @len: bytes that are there, if not 0
 * @expected: what it is by itself
 * @quoted: what it is inside an ICMP error
 * @options: words of IP options
 */
struct row {
	const char *name;
	u16 kind;
	struct patch patches[2];
	u8 len;
	u8 options;
	enum vnet_tuple_kind expected;
	enum vnet_tuple_kind quoted;
};

/* Without options layer 4 begins at 20. The payload is 12 bytes: TCP has 52, others 40. */
static const struct row rows[] = {
	{ "TCP", TCP, .expected = FLOW, .quoted = FLOW },
	{ "UDP", UDP, .expected = FLOW, .quoted = FLOW },
	{ "TCP with options", TCP, .options = 10, .expected = FLOW, .quoted = FLOW },
	{ "UDP with options", UDP, .options = 1, .expected = FLOW, .quoted = FLOW },
	{ "echo request", ICMP + 8, .expected = FLOW, .quoted = FLOW },
	{ "echo reply", ICMP + 0, .expected = FLOW, .quoted = FLOW },
	{ "timestamp", ICMP + 13, .expected = FLOW, .quoted = FLOW },
	{ "timestamp reply", ICMP + 14, .options = 2, .expected = FLOW, .quoted = FLOW },
	{ "unreachable", ICMP + 3, .expected = ERROR, .quoted = MALFORMED },
	{ "time exceeded", ICMP + 11, .expected = ERROR, .quoted = MALFORMED },
	{ "parameter problem", ICMP + 12, .expected = ERROR, .quoted = MALFORMED },
	{ "source quench", ICMP + 4, .expected = UNKNOWN, .quoted = UNKNOWN },
	{ "redirect", ICMP + 5, .expected = UNKNOWN, .quoted = UNKNOWN },
	{ "address mask", ICMP + 17, .expected = UNKNOWN, .quoted = UNKNOWN },
	{ "extended echo", ICMP + 42, .expected = UNKNOWN, .quoted = UNKNOWN },
	{ "GRE", UDP, { { 9, 47 } }, .expected = UNKNOWN, .quoted = UNKNOWN },
	{ "ESP", UDP, { { 9, 50 } }, .expected = UNKNOWN, .quoted = UNKNOWN },
	{ "SCTP", UDP, { { 9, 132 } }, .expected = UNKNOWN, .quoted = UNKNOWN },
	{ "protocol 0", UDP, { { 9, 0 } }, .expected = UNKNOWN, .quoted = UNKNOWN },
	{ "version 6", TCP, { { 0, 0x65 } }, .expected = MALFORMED, .quoted = MALFORMED },
	{ "version 0", TCP, { { 0, 0x05 } }, .expected = MALFORMED, .quoted = MALFORMED },
	{ "header of 16 bytes", TCP, { { 0, 0x44 } }, .expected = MALFORMED, .quoted = MALFORMED },
	{ "header of 16 bytes, ICMP", ICMP + 8, { { 0, 0x44 } },
	  .expected = MALFORMED, .quoted = MALFORMED },
	{ "header of 60 bytes in 52", TCP, { { 0, 0x4f } },
	  .expected = MALFORMED, .quoted = MALFORMED },
	{ "header of 36 bytes in 40", UDP, { { 0, 0x49 } },
	  .expected = MALFORMED, .quoted = MALFORMED },
	{ "total length 0", TCP, { { 2, 0 }, { 3, 0 } }, .expected = MALFORMED, .quoted = FLOW },
	{ "total length 19", UDP, { { 3, 19 } }, .expected = MALFORMED, .quoted = FLOW },
	{ "total length 20", UDP, { { 3, 20 } }, .expected = MALFORMED, .quoted = FLOW },
	{ "total length of 27, UDP", UDP, { { 3, 27 } }, .expected = MALFORMED, .quoted = FLOW },
	{ "total length of 28, UDP", UDP, { { 3, 28 }, { 25, 8 } },
	  .expected = FLOW, .quoted = FLOW },
	{ "total length of 39, TCP", TCP, { { 3, 39 } }, .expected = MALFORMED, .quoted = FLOW },
	{ "total length of 40, TCP", TCP, { { 3, 40 } }, .expected = FLOW, .quoted = FLOW },
	{ "total length of 27, echo", ICMP + 8, { { 3, 27 } },
	  .expected = MALFORMED, .quoted = FLOW },
	{ "total length of 28, echo", ICMP + 8, { { 3, 28 } }, .expected = FLOW, .quoted = FLOW },
	{ "total length one too long", TCP, { { 3, 53 } }, .expected = MALFORMED, .quoted = FLOW },
	{ "total length 65535", TCP, { { 2, 255 }, { 3, 255 } },
	  .expected = MALFORMED, .quoted = FLOW },
	{ "data offset 4", TCP, { { 32, 0x40 } }, .expected = MALFORMED, .quoted = FLOW },
	{ "data offset 0", TCP, { { 32, 0 } }, .expected = MALFORMED, .quoted = FLOW },
	{ "data offset at the end", TCP, { { 32, 0x80 } }, .expected = FLOW, .quoted = FLOW },
	{ "data offset behind the end", TCP, { { 32, 0x90 } },
	  .expected = MALFORMED, .quoted = FLOW },
	{ "UDP length 0", UDP, { { 25, 0 } }, .expected = MALFORMED, .quoted = FLOW },
	{ "UDP length 7", UDP, { { 25, 7 } }, .expected = MALFORMED, .quoted = FLOW },
	{ "UDP length 8 with options behind", UDP, { { 25, 8 } },
	  .expected = FLOW, .quoted = FLOW },
	{ "UDP length one too long", UDP, { { 25, 21 } }, .expected = MALFORMED, .quoted = FLOW },
	{ "UDP length 65535", UDP, { { 24, 255 }, { 25, 255 } },
	  .expected = MALFORMED, .quoted = FLOW },
	{ "first fragment", TCP, { { 6, 0x20 } }, .expected = MALFORMED, .quoted = FLOW },
	{ "second fragment", TCP, { { 6, 0 }, { 7, 1 } },
	  .expected = MALFORMED, .quoted = UNKNOWN },
	{ "last fragment at 65528", UDP, { { 6, 0x1f }, { 7, 0xff } },
	  .expected = MALFORMED, .quoted = UNKNOWN },
	{ "reserved flag", TCP, { { 6, 0x80 } }, .expected = FLOW, .quoted = FLOW },
	{ "nothing", TCP, .len = 1, .expected = MALFORMED, .quoted = MALFORMED },
	{ "19 bytes", TCP, .len = 19, .expected = MALFORMED, .quoted = MALFORMED },
	{ "a bare IP header", TCP, { { 3, 20 } }, .len = 20,
	  .expected = MALFORMED, .quoted = MALFORMED },
	{ "7 bytes of layer 4", UDP, .len = 27, .expected = MALFORMED, .quoted = MALFORMED },
	{ "8 bytes of TCP", TCP, .len = 28, .expected = MALFORMED, .quoted = FLOW },
	{ "8 bytes of UDP", UDP, .len = 28, .expected = MALFORMED, .quoted = FLOW },
	{ "8 bytes of echo", ICMP + 8, .len = 28, .expected = MALFORMED, .quoted = FLOW },
	{ "options and 7 bytes", UDP, .options = 10, .len = 67,
	  .expected = MALFORMED, .quoted = MALFORMED },
	{ "options and 8 bytes", UDP, .options = 10, .len = 68,
	  .expected = MALFORMED, .quoted = FLOW },
	{ "half of the options", UDP, .options = 10, .len = 40,
	  .expected = MALFORMED, .quoted = MALFORMED },
};

static unsigned int build(u8 *bytes, u16 kind, u8 options, struct vnet_tuple *tuple)
{
	struct packet packet = {
		.tuple = { .saddr = htonl(0x0a0b0c0d), .daddr = htonl(0xc0000201) },
		.options = options,
		.payload = 12,
		.ttl = 64,
		.seed = kind,
	};
	bool reply;

	packet.type = kind;
	reply = packet.type == ICMP_ECHOREPLY || packet.type == ICMP_TIMESTAMPREPLY;
	packet.tuple.proto = kind == TCP ? IPPROTO_TCP : kind == UDP ? IPPROTO_UDP : IPPROTO_ICMP;
	if (packet.tuple.proto != IPPROTO_ICMP || !reply)
		packet.tuple.sport = htons(0x1234);
	if (packet.tuple.proto != IPPROTO_ICMP || reply)
		packet.tuple.dport = htons(0x5678);
	*tuple = packet.tuple;
	return packet_build(bytes, &packet);
}

/* How the bytes can lie in an skb: all linear, all in a page, split where it hurts. */
enum layout {
	LINEAR,
	PAGED,
	SPLIT,
	LAYOUTS,
};

/* Parse @bytes as an skb that has @before bytes in front of the IP header and @behind after it. */
static enum vnet_tuple_kind parse(struct kunit *test, const u8 *bytes, unsigned int len,
				  unsigned int before, enum layout layout, bool quoted,
				  struct vnet_tuple *tuple)
{
	u8 buffer[PACKET_MAX / 8] = {}, after[PACKET_MAX / 8];
	unsigned int total = before + len, paged;
	enum vnet_tuple_kind kind;
	struct sk_buff *skb;

	KUNIT_ASSERT_LE(test, total, sizeof(buffer));
	memcpy(buffer + before, bytes, len);
	paged = layout == LINEAR ? 0 : layout == PAGED ? total : total - min(total, before + 23);
	skb = packet_skb(buffer, total, 16, paged);
	KUNIT_ASSERT_NOT_NULL(test, skb);

	kind = vnet_tuple_parse(skb, before, quoted, tuple);

	KUNIT_EXPECT_EQ(test, total - paged, skb_headlen(skb));
	KUNIT_EXPECT_EQ(test, 0, skb_copy_bits(skb, 0, after, total));
	KUNIT_EXPECT_EQ(test, 0, memcmp(buffer, after, total));
	kfree_skb(skb);
	return kind;
}

static void check_row(struct kunit *test, const struct row *row, enum layout layout, bool quoted)
{
	enum vnet_tuple_kind expected = quoted ? row->quoted : row->expected;
	unsigned int before = quoted ? 28 : 0;
	struct vnet_tuple built, tuple;
	u8 bytes[PACKET_MAX / 8];
	unsigned int len;
	int i;

	len = build(bytes, row->kind, row->options, &built);
	for (i = 0; i < ARRAY_SIZE(row->patches); i++)
		if (row->patches[i].offset || (!i && row->patches[i].value))
			bytes[row->patches[i].offset] = row->patches[i].value;
	/* A lie about the header's length is not to be found out by the checksum. */
	packet_set_ip_check(bytes);
	len = row->len ?: len;

	KUNIT_EXPECT_EQ_MSG(test, expected,
			    parse(test, bytes, len, before, layout, quoted, &tuple),
			    "%s%s, layout %d", row->name, quoted ? ", quoted" : "", layout);
	if (expected == FLOW)
		KUNIT_EXPECT_TRUE_MSG(test, vnet_tuple_equal(&built, &tuple), "%s", row->name);
	if (expected == ERROR)
		KUNIT_EXPECT_TRUE_MSG(test, tuple.saddr == built.saddr &&
				      tuple.daddr == built.daddr && tuple.proto == IPPROTO_ICMP,
				      "%s", row->name);
}

static void test_rows(struct kunit *test)
{
	int row, layout;

	for (row = 0; row < ARRAY_SIZE(rows); row++) {
		for (layout = 0; layout < LAYOUTS; layout++) {
			check_row(test, &rows[row], layout, false);
			check_row(test, &rows[row], layout, true);
		}
	}
}

/* Whatever is cut off: by itself only the whole packet will do, quoted 8 bytes of layer 4 will. */
static void test_every_length(struct kunit *test)
{
	static const u16 kinds[] = { TCP, UDP, ICMP + 8 };
	u8 bytes[PACKET_MAX / 8];
	struct vnet_tuple tuple;
	int i, options;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		for (options = 0; options <= 10; options += 5) {
			unsigned int whole = build(bytes, kinds[i], options, &tuple), len;

			for (len = 1; len <= whole + 3; len++) {
				KUNIT_EXPECT_EQ(test, len < whole ? MALFORMED : FLOW,
						parse(test, bytes, len, 0, len % LAYOUTS, false,
						      &tuple));
				KUNIT_EXPECT_EQ(test, len < 28 + options * 4 ? MALFORMED : FLOW,
						parse(test, bytes, len, 28, len % LAYOUTS, true,
						      &tuple));
			}
		}
	}
}

static void test_quoted_checksum(struct kunit *test)
{
	u8 bytes[PACKET_MAX / 8];
	struct vnet_tuple tuple;
	unsigned int len, i;

	len = build(bytes, UDP, 3, &tuple);
	/* Every byte of the header counts, and none behind it does (RFC 5508 REQ-3). */
	for (i = 1; i < len; i++) {
		enum vnet_tuple_kind kind;

		bytes[i] ^= 0x10;
		kind = parse(test, bytes, len, 28, LINEAR, true, &tuple);
		KUNIT_EXPECT_EQ(test, i < 32 ? MALFORMED : FLOW, kind);
		bytes[i] ^= 0x10;
	}
}

static void test_big_tcp(struct kunit *test)
{
	u8 bytes[PACKET_MAX / 8];
	struct vnet_tuple tuple;
	struct sk_buff *skb;
	unsigned int len;

	len = build(bytes, TCP, 0, &tuple);
	packet_put16(0, bytes + 2);
	skb = packet_skb(bytes, len, 0, 0);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, MALFORMED, vnet_tuple_parse(skb, 0, false, &tuple));
	skb_shinfo(skb)->gso_size = 4;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	KUNIT_EXPECT_EQ(test, FLOW, vnet_tuple_parse(skb, 0, false, &tuple));
	kfree_skb(skb);
}

/* Noise finds what nobody thought of, together with KASAN. */
static void test_noise(struct kunit *test)
{
	struct vnet_tuple built, tuple;
	struct rnd_state rnd;
	u32 i, flows = 0;
	u8 bytes[128];

	prandom_seed_state(&rnd, 5);
	for (i = 0; i < 8000; i++) {
		unsigned int len = 1 + prandom_u32_state(&rnd) % sizeof(bytes), patches;
		bool quoted = i & 1;

		build(bytes, prandom_u32_state(&rnd) % 3 ? TCP : UDP, 0, &built);
		for (patches = prandom_u32_state(&rnd) % 4; patches; patches--)
			bytes[prandom_u32_state(&rnd) % 40] = prandom_u32_state(&rnd);
		if (quoted)
			packet_set_ip_check(bytes);
		flows += parse(test, bytes, len, quoted ? 28 : 0, i % LAYOUTS, quoted,
			       &tuple) == FLOW;
	}
	KUNIT_EXPECT_GT(test, flows, 400);
	KUNIT_EXPECT_LT(test, flows, 7600);
}

static void test_reverse(struct kunit *test)
{
	struct vnet_tuple tuple, reverse, back;
	u8 bytes[PACKET_MAX / 8];

	build(bytes, TCP, 0, &tuple);
	reverse = vnet_tuple_reverse(&tuple);
	back = vnet_tuple_reverse(&reverse);
	KUNIT_EXPECT_FALSE(test, vnet_tuple_equal(&tuple, &reverse));
	KUNIT_EXPECT_TRUE(test, vnet_tuple_equal(&tuple, &back));
	KUNIT_EXPECT_EQ(test, (__force u32)tuple.saddr, (__force u32)reverse.daddr);
	KUNIT_EXPECT_EQ(test, (__force u16)tuple.sport, (__force u16)reverse.dport);
	reverse = tuple;
	reverse.proto = IPPROTO_UDP;
	KUNIT_EXPECT_FALSE(test, vnet_tuple_equal(&tuple, &reverse));
}

static struct kunit_case tuple_cases[] = {
	KUNIT_CASE(test_rows),
	KUNIT_CASE(test_every_length),
	KUNIT_CASE(test_quoted_checksum),
	KUNIT_CASE(test_big_tcp),
	KUNIT_CASE(test_noise),
	KUNIT_CASE(test_reverse),
	{}
};

static struct kunit_suite tuple_suite = {
	.name = "vnet_tuple",
	.test_cases = tuple_cases,
};

kunit_test_suite(tuple_suite);
