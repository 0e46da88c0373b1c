// SPDX-License-Identifier: GPL-2.0
/* KUnit: translated packets are compared with packets built from scratch. */

#include <kunit/test.h>
#include <linux/slab.h>
#include <net/gso.h>

#include "../nat/rewrite.h"
#include "packet.h"

/* Two buffers and the packets they were built from: as it comes, as it has to go. */
struct pair {
	struct packet from, to;
	u8 before[PACKET_MAX], expected[PACKET_MAX];
	unsigned int len;
};

static int pair_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct pair), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static u32 pick(struct rnd_state *rnd, u32 count)
{
	return prandom_u32_state(rnd) % count;
}

/* Sums go wrong at the edges, so the edges come often. */
static __be32 random_address(struct rnd_state *rnd)
{
	static const u32 edges[] = {
		1, 0xffffffff, 0xffff0000, 0x0000ffff, 0x0a000001, 0x80000000,
	};
	u32 edge = pick(rnd, 2 * ARRAY_SIZE(edges));

	return htonl(edge < ARRAY_SIZE(edges) ? edges[edge] : prandom_u32_state(rnd));
}

static __be16 random_port(struct rnd_state *rnd)
{
	static const u16 edges[] = { 0, 1, 0xffff, 0xfffe, 0x8000 };
	u32 edge = pick(rnd, 2 * ARRAY_SIZE(edges));

	return htons(edge < ARRAY_SIZE(edges) ? edges[edge] : prandom_u32_state(rnd));
}

static void random_tuple(struct vnet_tuple *tuple, struct rnd_state *rnd, u8 proto, u8 type)
{
	bool reply = proto == IPPROTO_ICMP && type == ICMP_ECHOREPLY;
	bool request = proto == IPPROTO_ICMP && !reply;

	tuple->saddr = random_address(rnd);
	tuple->daddr = random_address(rnd);
	tuple->sport = reply ? 0 : random_port(rnd);
	tuple->dport = request ? 0 : random_port(rnd);
	tuple->proto = proto;
}

/* A packet and what has to become of it; now and then a translation changes one thing only. */
static void random_pair(struct pair *pair, struct rnd_state *rnd)
{
	static const u8 protos[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP };
	struct packet *from = &pair->from, *to = &pair->to;
	u8 proto = protos[pick(rnd, ARRAY_SIZE(protos))];

	from->type = pick(rnd, 2) ? ICMP_ECHO : ICMP_ECHOREPLY;
	from->options = pick(rnd, 3) ? 0 : pick(rnd, 11);
	from->payload = pick(rnd, 2) ? pick(rnd, 4) : pick(rnd, 300);
	from->ttl = 2 + pick(rnd, 254);
	from->no_check = proto == IPPROTO_UDP && !pick(rnd, 4);
	from->seed = prandom_u32_state(rnd);
	random_tuple(&from->tuple, rnd, proto, from->type);
	*to = *from;
	random_tuple(&to->tuple, rnd, proto, from->type);
	if (!pick(rnd, 4))
		to->tuple.saddr = from->tuple.saddr;
	if (!pick(rnd, 4))
		to->tuple.daddr = from->tuple.daddr;
	if (!pick(rnd, 4))
		to->tuple.sport = from->tuple.sport;
	if (!pick(rnd, 4))
		to->tuple.dport = from->tuple.dport;
	pair->len = packet_build(pair->before, from);
	packet_build(pair->expected, to);
}

/* Say that layer 4's checksum is left to a device. */
static void set_partial(struct sk_buff *skb, unsigned int offset, u8 proto)
{
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + offset;
	skb->csum_offset = packet_check_offset(proto);
}

static void translate(struct sk_buff *skb, const struct pair *pair)
{
	struct vnet_rewrite rewrite;

	vnet_rewrite_prepare(&rewrite, &pair->from.tuple, &pair->to.tuple);
	vnet_rewrite_packet(skb, &rewrite);
}

static bool content_is(const struct sk_buff *skb, const u8 *expected, unsigned int len)
{
	u8 *bytes = kmalloc(len, GFP_KERNEL);
	bool same;

	if (!bytes)
		return false;
	same = skb->len == len && !skb_copy_bits(skb, 0, bytes, len) &&
	       !memcmp(bytes, expected, len);
	kfree(bytes);
	return same;
}

static void check_one(struct kunit *test, struct pair *pair, struct rnd_state *rnd, u8 ip_summed)
{
	unsigned int l4 = packet_l4_offset(pair->before);
	unsigned int header = l4 + packet_l4_header(pair->from.tuple.proto);
	struct sk_buff *skb;

	if (ip_summed == CHECKSUM_PARTIAL) {
		packet_set_partial(pair->before);
		packet_set_partial(pair->expected);
	}
	/* Odd headrooms; pages from the first byte, the middle of a header, or none. */
	skb = packet_skb(pair->before, pair->len, pick(rnd, 4),
			 pick(rnd, 2) ? 0 : pick(rnd, pair->len + 1));
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_EQ(test, 0, vnet_rewrite_make_writable(skb, header));
	skb->ip_summed = ip_summed;
	if (ip_summed == CHECKSUM_PARTIAL)
		set_partial(skb, l4, pair->from.tuple.proto);

	translate(skb, pair);

	KUNIT_EXPECT_TRUE_MSG(test, content_is(skb, pair->expected, pair->len),
			      "seed %u proto %u ip_summed %u", pair->from.seed,
			      pair->from.tuple.proto, ip_summed);
	KUNIT_EXPECT_EQ(test, ip_summed == CHECKSUM_COMPLETE ? CHECKSUM_NONE : ip_summed,
			(u8)skb->ip_summed);
	kfree_skb(skb);
}

static void test_random(struct kunit *test)
{
	static const u8 kinds[] = {
		CHECKSUM_NONE, CHECKSUM_UNNECESSARY, CHECKSUM_COMPLETE, CHECKSUM_PARTIAL,
	};
	struct pair *pair = test->priv;
	struct rnd_state rnd;
	u32 i;

	prandom_seed_state(&rnd, 11);
	for (i = 0; i < 4000; i++) {
		random_pair(pair, &rnd);
		/* Who asks for offload wants a checksum. */
		if (kinds[i % 4] == CHECKSUM_PARTIAL && pair->from.no_check)
			continue;
		check_one(test, pair, &rnd, kinds[i % 4]);
	}
}

/* A UDP checksum that comes out as 0 is sent as 0xFFFF, both ways; for TCP 0 is a value. */
static void test_zero_sum(struct kunit *test)
{
	struct pair *pair = test->priv;
	u32 port, zeros = 0, back;
	struct rnd_state rnd;
	u8 proto;

	prandom_seed_state(&rnd, 12);
	for (port = 0; port < 2 * 65536; port++) {
		proto = port & 65536 ? IPPROTO_UDP : IPPROTO_TCP;
		pair->from = (struct packet){ .payload = 3, .ttl = 9, .seed = 1 };
		pair->from.tuple.proto = proto;
		pair->from.tuple.saddr = htonl(0x0a000001);
		pair->from.tuple.daddr = htonl(0xc0000201);
		pair->to = pair->from;
		pair->to.tuple.saddr = htonl(0xc6336401);
		pair->to.tuple.sport = htons(port);
		pair->len = packet_build(pair->expected, &pair->to);
		if (packet_get16(pair->expected + 20 + packet_check_offset(proto)) !=
		    (proto == IPPROTO_UDP ? 0xFFFF : 0))
			continue;
		for (back = 0; back < 2; back++) {
			zeros++;
			packet_build(pair->before, &pair->from);
			packet_build(pair->expected, &pair->to);
			check_one(test, pair, &rnd, CHECKSUM_NONE);
			swap(pair->from, pair->to);
		}
	}
	KUNIT_EXPECT_EQ(test, 4, zeros);
}

/* A random error; its quote may end anywhere from the eighth byte of layer 4 on. */
static void check_error(struct kunit *test, struct pair *pair, struct rnd_state *rnd, u8 ip_summed)
{
	static const u8 types[] = { ICMP_DEST_UNREACH, ICMP_TIME_EXCEEDED, ICMP_PARAMETERPROB };
	unsigned int shortest = packet_l4_offset(pair->before) + 8, quote, outer_l4;
	struct packet outer = { .type = types[pick(rnd, 3)], .ttl = 77 };
	u8 before[PACKET_MAX / 4], expected[PACKET_MAX / 4];
	struct sk_buff *skb;
	unsigned int len;

	outer.seed = pair->from.seed + 1;
	outer.options = pick(rnd, 3) ? 0 : pick(rnd, 11);
	outer_l4 = 20 + outer.options * 4;
	random_tuple(&outer.tuple, rnd, IPPROTO_ICMP, outer.type);
	/* An error's own "identifier" is its unused or MTU field: the same on both sides. */
	quote = shortest + pick(rnd, pick(rnd, 2) ? 13 : pair->len - shortest + 1);
	quote = min(quote, pair->len);
	/* Half a checksum is no checksum. */
	if (pair->from.tuple.proto == IPPROTO_TCP && quote == shortest - 8 + 17)
		pair->expected[quote - 1] = pair->before[quote - 1];
	len = packet_build_error(before, &outer, pair->before, quote);
	packet_build_error(expected, &outer, pair->expected, quote);
	if (ip_summed == CHECKSUM_PARTIAL) {
		packet_set_partial(before);
		packet_set_partial(expected);
	}
	skb = packet_skb(before, len, pick(rnd, 4), pick(rnd, 2) ? 0 : pick(rnd, len + 1));
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_EQ(test, 0, vnet_rewrite_make_writable(skb, min(len, outer_l4 + 8 + shortest +
								     10)));
	skb->ip_summed = ip_summed;
	if (ip_summed == CHECKSUM_PARTIAL)
		set_partial(skb, outer_l4, IPPROTO_ICMP);

	vnet_rewrite_quoted(skb, outer_l4 + 8, &pair->to.tuple);

	KUNIT_EXPECT_TRUE_MSG(test, content_is(skb, expected, len),
			      "seed %u proto %u quote %u ip_summed %u", pair->from.seed,
			      pair->from.tuple.proto, quote, ip_summed);
	KUNIT_EXPECT_NE(test, CHECKSUM_COMPLETE, (u8)skb->ip_summed);
	kfree_skb(skb);
}

static void test_errors(struct kunit *test)
{
	static const u8 kinds[] = {
		CHECKSUM_NONE, CHECKSUM_UNNECESSARY, CHECKSUM_COMPLETE, CHECKSUM_PARTIAL,
	};
	struct pair *pair = test->priv;
	struct rnd_state rnd;
	u32 i;

	prandom_seed_state(&rnd, 13);
	for (i = 0; i < 4000; i++) {
		random_pair(pair, &rnd);
		check_error(test, pair, &rnd, kinds[i % 4]);
	}
}

/* A quoted TCP checksum that may not be written stays, and the error's own is right still. */
static void test_error_shared(struct kunit *test)
{
	struct pair *pair = test->priv;
	u8 bytes[PACKET_MAX / 4];
	struct packet outer = { .type = ICMP_DEST_UNREACH, .ttl = 1 };
	struct rnd_state rnd;
	struct sk_buff *skb;
	unsigned int len;

	prandom_seed_state(&rnd, 14);
	do {
		random_pair(pair, &rnd);
	} while (pair->from.tuple.proto != IPPROTO_TCP || pair->from.options);
	len = packet_build_error(bytes, &outer, pair->before, 40);
	/* Two bytes of the checksum are in a page. */
	skb = packet_skb(bytes, len, 0, 40 - 20 - 16);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	vnet_rewrite_quoted(skb, 28, &pair->to.tuple);
	KUNIT_ASSERT_EQ(test, 0, skb_copy_bits(skb, 0, bytes, len));
	KUNIT_EXPECT_EQ(test, 0xFFFF, packet_l4_sum(bytes));
	KUNIT_EXPECT_EQ(test, 0, memcmp(bytes + 28, pair->expected, 20 + 16));
	KUNIT_EXPECT_EQ(test, 0, memcmp(bytes + 28 + 36, pair->before + 36, 4));
	kfree_skb(skb);
}

static void test_outer(struct kunit *test)
{
	struct pair *pair = test->priv;
	struct rnd_state rnd;
	struct sk_buff *skb;
	u32 i;

	prandom_seed_state(&rnd, 15);
	for (i = 0; i < 5000; i++) {
		random_pair(pair, &rnd);
		if (pair->from.tuple.proto != IPPROTO_ICMP)
			continue;
		pair->to.tuple.sport = pair->from.tuple.sport;
		pair->to.tuple.dport = pair->from.tuple.dport;
		pair->to.ttl = pair->from.ttl - 1;
		packet_build(pair->expected, &pair->to);
		skb = packet_skb(pair->before, pair->len, 2, 0);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		vnet_rewrite_outer(skb, pair->to.tuple.saddr, pair->to.tuple.daddr);
		vnet_rewrite_decrease_ttl(skb);
		KUNIT_EXPECT_TRUE(test, content_is(skb, pair->expected, pair->len));
		kfree_skb(skb);
	}
}

static void test_make_writable(struct kunit *test)
{
	struct pair *pair = test->priv;
	struct sk_buff *skb, *clone;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 16);
	random_pair(pair, &rnd);
	skb = packet_skb(pair->before, pair->len, 0, pair->len);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	clone = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, clone);
	KUNIT_EXPECT_EQ(test, 0, vnet_rewrite_make_writable(skb, 28));
	KUNIT_EXPECT_GE(test, skb_headlen(skb), 28);
	KUNIT_EXPECT_FALSE(test, skb_header_cloned(skb));
	translate(skb, pair);
	/* The other owner of the bytes sees nothing of it. */
	KUNIT_EXPECT_TRUE(test, content_is(clone, pair->before, pair->len));
	kfree_skb(clone);
	KUNIT_EXPECT_EQ(test, -ENOMEM, vnet_rewrite_make_writable(skb, pair->len + 1));
	kfree_skb(skb);
}

/* The header's length grew after it was pulled: nothing behind the linear part is written. */
static void test_header_lies(struct kunit *test)
{
	struct pair *pair = test->priv;
	struct rnd_state rnd;
	struct sk_buff *skb;
	u32 i, room;

	prandom_seed_state(&rnd, 17);
	for (i = 0; i < 2000; i++) {
		random_pair(pair, &rnd);
		if (pair->len < 40)
			continue;
		skb = packet_skb(pair->before, pair->len, 0, pair->len - 20 - pick(&rnd, 20));
		KUNIT_ASSERT_NOT_NULL(test, skb);
		skb->data[0] = 0x40 | (5 + pick(&rnd, 11));
		room = skb_end_pointer(skb) - skb_tail_pointer(skb);
		memset(skb_tail_pointer(skb), 0xa5, room);
		translate(skb, pair);
		vnet_rewrite_quoted(skb, 8 + (pick(&rnd, 64) & ~3), &pair->to.tuple);
		KUNIT_EXPECT_NULL(test, memchr_inv(skb_tail_pointer(skb), 0xa5, room));
		kfree_skb(skb);
	}
}

/*
 * A guest's VXLAN: CHECKSUM_PARTIAL is about the inner packet, so the outer UDP checksum is whole
 * or absent. For GSO it is the pseudo header's: each segment gets its own.
 */
static void test_tunnel(struct kunit *test)
{
	struct pair *pair = test->priv;
	struct rnd_state rnd;
	struct sk_buff *skb;
	u32 i;

	prandom_seed_state(&rnd, 18);
	for (i = 0; i < 3000; i++) {
		bool gso = i % 2;

		do {
			random_pair(pair, &rnd);
		} while (pair->from.tuple.proto != IPPROTO_UDP || pair->from.payload < 80);
		if (gso && !pair->from.no_check) {
			packet_set_partial(pair->before);
			packet_set_partial(pair->expected);
		}
		skb = packet_skb(pair->before, pair->len, 0, 0);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		set_partial(skb, packet_l4_offset(pair->before) + 8 + 50, IPPROTO_TCP);
		skb_shinfo(skb)->gso_size = gso ? 100 : 0;
		translate(skb, pair);
		KUNIT_EXPECT_TRUE(test, content_is(skb, pair->expected, pair->len));
		kfree_skb(skb);
	}
}

/* Let the kernel cut the packet up, and judge each segment by itself. */
static void check_segments(struct kunit *test, struct sk_buff *skb, const struct pair *pair,
			   u32 expected)
{
	struct sk_buff *segments, *segment;
	struct vnet_tuple tuple;
	u8 bytes[PACKET_MAX / 4];
	u32 count = 0;

	translate(skb, pair);
	segments = __skb_gso_segment(skb, NETIF_F_SG, true);
	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(segments));
	consume_skb(skb);
	for (segment = segments; segment; segment = segment->next) {
		count++;
		KUNIT_ASSERT_LE(test, segment->len, sizeof(bytes));
		KUNIT_ASSERT_EQ(test, 0, skb_copy_bits(segment, 0, bytes, segment->len));
		KUNIT_EXPECT_EQ(test, segment->len, packet_get16(bytes + 2));
		KUNIT_EXPECT_EQ(test, 0xFFFF, packet_sum(0, bytes, packet_l4_offset(bytes)));
		KUNIT_EXPECT_EQ(test, 0xFFFF, packet_l4_sum(bytes));
		KUNIT_EXPECT_EQ(test, VNET_TUPLE_FLOW,
				vnet_tuple_parse(segment, 0, false, &tuple));
		KUNIT_EXPECT_TRUE(test, vnet_tuple_equal(&pair->to.tuple, &tuple));
	}
	KUNIT_EXPECT_EQ(test, expected, count);
	kfree_skb_list(segments);
}

static struct sk_buff *offload_skb(struct kunit *test, const u8 *bytes, unsigned int len)
{
	struct sk_buff *skb = packet_skb(bytes, len, 64, 0);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb->protocol = htons(ETH_P_IP);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, packet_l4_offset(bytes));
	return skb;
}

static void gso_pair(struct pair *pair, struct rnd_state *rnd, u8 proto, u16 payload)
{
	do {
		random_pair(pair, rnd);
	} while (pair->from.tuple.proto != proto || pair->from.no_check);
	pair->from.payload = payload;
	pair->to.payload = payload;
	pair->len = packet_build(pair->before, &pair->from);
}

/* One header for all segments, as a guest's TSO or USO has it. */
static void test_gso(struct kunit *test)
{
	struct pair *pair = test->priv;
	struct rnd_state rnd;
	struct sk_buff *skb;
	u32 i;

	prandom_seed_state(&rnd, 19);
	for (i = 0; i < 200; i++) {
		bool udp = i % 2;

		gso_pair(pair, &rnd, udp ? IPPROTO_UDP : IPPROTO_TCP, 1001);
		packet_set_partial(pair->before);
		skb = offload_skb(test, pair->before, pair->len);
		set_partial(skb, packet_l4_offset(pair->before), pair->from.tuple.proto);
		skb_shinfo(skb)->gso_size = 300;
		skb_shinfo(skb)->gso_segs = 4;
		skb_shinfo(skb)->gso_type = udp ? SKB_GSO_UDP_L4 : SKB_GSO_TCPV4;
		check_segments(test, skb, pair, 4);
	}
}

/* Packets that GRO has only strung together (NETIF_F_GRO_FRAGLIST): each has headers of its own. */
static void test_gso_fraglist(struct kunit *test)
{
	struct pair *pair = test->priv;
	struct sk_buff *skb, *next, **tail;
	struct rnd_state rnd;
	u32 i, n;

	prandom_seed_state(&rnd, 20);
	for (i = 0; i < 200; i++) {
		bool udp = i % 2;

		gso_pair(pair, &rnd, udp ? IPPROTO_UDP : IPPROTO_TCP, 200);
		skb = offload_skb(test, pair->before, pair->len);
		tail = &skb_shinfo(skb)->frag_list;
		for (n = 0; n < 2; n++) {
			pair->from.seed++;
			packet_build(pair->before, &pair->from);
			next = offload_skb(test, pair->before, pair->len);
			skb_pull(next, pair->len - 200);
			*tail = next;
			tail = &next->next;
		}
		skb->data_len += 400;
		skb->len += 400;
		skb->ip_summed = CHECKSUM_UNNECESSARY;
		packet_put16(skb->len, skb->data + 2);
		if (udp)
			packet_put16(skb->len - packet_l4_offset(skb->data),
				     skb->data + packet_l4_offset(skb->data) + 4);
		skb_shinfo(skb)->gso_size = 200;
		skb_shinfo(skb)->gso_segs = 3;
		skb_shinfo(skb)->gso_type = SKB_GSO_FRAGLIST |
					    (udp ? SKB_GSO_UDP_L4 : SKB_GSO_TCPV4);
		check_segments(test, skb, pair, 3);
	}
}

static struct kunit_case rewrite_cases[] = {
	KUNIT_CASE(test_random),
	KUNIT_CASE(test_zero_sum),
	KUNIT_CASE(test_errors),
	KUNIT_CASE(test_error_shared),
	KUNIT_CASE(test_outer),
	KUNIT_CASE(test_make_writable),
	KUNIT_CASE(test_header_lies),
	KUNIT_CASE(test_tunnel),
	KUNIT_CASE(test_gso),
	KUNIT_CASE(test_gso_fraglist),
	{}
};

static struct kunit_suite rewrite_suite = {
	.name = "vnet_rewrite",
	.init = pair_init,
	.test_cases = rewrite_cases,
};

kunit_test_suite(rewrite_suite);
