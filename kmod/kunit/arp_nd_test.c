// SPDX-License-Identifier: GPL-2.0
/* KUnit: ARP and neighbour discovery as guests send it: right, malformed, cut short, scattered. */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/random.h>
#include <linux/skbuff.h>

#include "../arp_nd.h"
#include "packet.h"

#define IPV6_SIZE 40
#define ND_AT (ETH_HLEN + IPV6_SIZE)
#define FRAME_MAX (ND_AT + 160)

/* Who sends, and who else there is. */
#define OWN 2, 0, 0, 0, 0, 1
#define ELSE 2, 0, 0, 0, 0, 2

static const u8 own[ETH_ALEN] = { OWN };
static const u8 other[ETH_ALEN] = { ELSE };
static const u8 all[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/**
 * struct arp_row - an ARP frame and what it says
 * @name: what is odd about it
 * @bytes: the frame behind its Ethernet header
 * @said: it is believed
 * @asks: it is a question, if it was sent to a group
 */
struct arp_row {
	const char *name;
	u8 bytes[28];
	bool said;
	bool asks;
};

#define HEAD(op) 0, 1, 8, 0, 6, 4, 0, op
#define ONE 192, 0, 2, 1
#define TWO 192, 0, 2, 2
#define NOBODY 0, 0, 0, 0, 0, 0

static const struct arp_row arp_rows[] = {
	{ "question", { HEAD(1), OWN, ONE, NOBODY, TWO }, true, true },
	{ "answer", { HEAD(2), OWN, ONE, ELSE, TWO }, true, false },
	{ "announcement", { HEAD(1), OWN, ONE, NOBODY, ONE }, true, false },
	{ "of a group", { HEAD(1), OWN, ONE, NOBODY, 224, 0, 0, 1 }, true, false },
	{ "probe", { HEAD(1), OWN, 0, 0, 0, 0, NOBODY, TWO }, false },
	{ "by a group", { HEAD(1), OWN, 224, 0, 0, 1, NOBODY, TWO }, false },
	{ "by loopback", { HEAD(1), OWN, 127, 0, 0, 1, NOBODY, TWO }, false },
	{ "by broadcast", { HEAD(1), OWN, 255, 255, 255, 255, NOBODY, TWO }, false },
	{ "of somebody else", { HEAD(1), ELSE, ONE, NOBODY, TWO }, false },
	{ "answer of somebody else", { HEAD(2), ELSE, ONE, OWN, TWO }, false },
	{ "other hardware", { 0, 6, 8, 0, 6, 4, 0, 1, OWN, ONE, NOBODY, TWO }, false },
	{ "other protocol", { 0, 1, 0x86, 0xdd, 6, 4, 0, 1, OWN, ONE, NOBODY, TWO }, false },
	{ "long MAC addresses", { 0, 1, 8, 0, 8, 4, 0, 1, OWN, ONE, NOBODY, TWO }, false },
	{ "no MAC addresses", { 0, 1, 8, 0, 0, 4, 0, 1, OWN, ONE, NOBODY, TWO }, false },
	{ "long addresses", { 0, 1, 8, 0, 6, 16, 0, 1, OWN, ONE, NOBODY, TWO }, false },
	{ "no operation", { HEAD(0), OWN, ONE, NOBODY, TWO }, false },
	{ "RARP", { HEAD(3), OWN, ONE, NOBODY, TWO }, false },
};

/**
 * struct nd_row - a message of neighbour discovery and what it says
 * @name: what is odd about it
 * @type: of the message
 * @code: the same
 * @flags: first byte behind the checksum
 * @src: last byte of the source, 2001:db8::
 * @target: the same of the target
 * @n_options: bytes of options
 * @options: the options
 * @said: it is believed
 * @role: enum vnet_role
 */
struct nd_row {
	const char *name;
	u8 type;
	u8 code;
	u8 flags;
	u8 src;
	u8 target;
	u8 n_options;
	u8 options[32];
	bool said;
	u8 role;
};

#define SOLICIT 135
#define ADVERTISE 136
#define FROM(mac) 1, 1, mac
#define OF(mac) 2, 1, mac
#define NONCE 14, 1, 1, 2, 3, 4, 5, 6
#define HOST VNET_ROLE_HOST
#define ROUTER VNET_ROLE_ROUTER

static const struct nd_row nd_rows[] = {
	{ "question", SOLICIT, 0, 0, 1, 2, 8, { FROM(OWN) }, true },
	{ "behind another option", SOLICIT, 0, 0, 1, 2, 16, { NONCE, FROM(OWN) }, true },
	{ "before another option", SOLICIT, 0, 0, 1, 2, 16, { FROM(OWN), NONCE }, true },
	{ "nobody asks", SOLICIT, 0, 0, 1, 2, 0, {}, false },
	{ "somebody else asks", SOLICIT, 0, 0, 1, 2, 8, { FROM(ELSE) }, false },
	{ "two who ask", SOLICIT, 0, 0, 1, 2, 16, { FROM(OWN), FROM(ELSE) }, false },
	{ "option of an answer", SOLICIT, 0, 0, 1, 2, 8, { OF(OWN) }, false },
	{ "long MAC address", SOLICIT, 0, 0, 1, 2, 16, { 1, 2, OWN }, false },
	{ "option of length 0", SOLICIT, 0, 0, 1, 2, 8, { 1, 0, OWN }, false },
	{ "option of length 0 behind a good one", SOLICIT, 0, 0, 1, 2, 16,
	  { FROM(OWN), 14, 0 }, false },
	{ "option longer than the message", SOLICIT, 0, 0, 1, 2, 8, { 1, 2, OWN }, false },
	{ "option of the greatest length", SOLICIT, 0, 0, 1, 2, 8, { 1, 255, OWN }, false },
	{ "half an option", SOLICIT, 0, 0, 1, 2, 12, { FROM(OWN), 14, 1 }, false },
	{ "a byte of an option", SOLICIT, 0, 0, 1, 2, 1, { 1 }, false },
	{ "other code", SOLICIT, 1, 0, 1, 2, 8, { FROM(OWN) }, false },
	{ "solicitation of routers", 133, 0, 0, 1, 2, 8, { FROM(OWN) }, false },
	{ "answer", ADVERTISE, 0, 0x60, 1, 1, 8, { OF(OWN) }, true, HOST },
	{ "of a router", ADVERTISE, 0, 0xe0, 1, 1, 8, { OF(OWN) }, true, ROUTER },
	{ "without an option", ADVERTISE, 0, 0x60, 1, 1, 0, {}, true, HOST },
	{ "of somebody else", ADVERTISE, 0, 0x60, 1, 1, 8, { OF(ELSE) }, false },
	{ "answer with an option of length 0", ADVERTISE, 0, 0x60, 1, 1, 8, { 2, 0, OWN }, false },
	{ "answer with half an option", ADVERTISE, 0, 0x60, 1, 1, 4, { 2, 1, 2, 0 }, false },
	{ "redirect", 137, 0, 0, 1, 2, 8, { OF(OWN) }, false },
};

static void put_ether(u8 *bytes, const u8 *dst, u16 proto)
{
	memcpy(bytes, dst, ETH_ALEN);
	memcpy(bytes + ETH_ALEN, own, ETH_ALEN);
	packet_put16(proto, bytes + 2 * ETH_ALEN);
}

static unsigned int build_arp(const struct arp_row *row, u8 *bytes, const u8 *dst)
{
	put_ether(bytes, dst, ETH_P_ARP);
	memcpy(bytes + ETH_HLEN, row->bytes, sizeof(row->bytes));
	return ETH_HLEN + sizeof(row->bytes);
}

static void put_addr(u8 *bytes, u8 last)
{
	static const u8 first[] = { 0x20, 1, 0xd, 0xb8 };

	memset(bytes, 0, 16);
	memcpy(bytes, first, sizeof(first));
	bytes[15] = last;
}

static void put_check(u8 *bytes)
{
	unsigned int size = packet_get16(bytes + ETH_HLEN + 4);
	u32 sum;

	packet_put16(0, bytes + ND_AT + 2);
	sum = packet_sum(0, bytes + ETH_HLEN + 8, 32) + size + IPPROTO_ICMPV6;
	sum = packet_sum(sum, bytes + ND_AT, size);
	sum = (sum & 0xFFFF) + (sum >> 16);
	packet_put16(~sum, bytes + ND_AT + 2);
}

/* To the group of those whose address may be the target (RFC 4291 2.7.1). */
static unsigned int build_nd(const struct nd_row *row, u8 *bytes)
{
	static const u8 group[] = { 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 0 };
	static const u8 dst[] = { 0x33, 0x33, 0xff, 0, 0, 0 };
	u8 *ip = bytes + ETH_HLEN, *nd = bytes + ND_AT;

	memset(bytes, 0, FRAME_MAX);
	put_ether(bytes, dst, ETH_P_IPV6);
	bytes[5] = row->target;
	ip[0] = 0x60;
	packet_put16(24 + row->n_options, ip + 4);
	ip[6] = IPPROTO_ICMPV6;
	ip[7] = 255;
	put_addr(ip + 8, row->src);
	memcpy(ip + 24, group, sizeof(group));
	ip[39] = row->target;
	nd[0] = row->type;
	nd[1] = row->code;
	nd[4] = row->flags;
	put_addr(nd + 8, row->target);
	memcpy(nd + 24, row->options, row->n_options);
	put_check(bytes);
	return ND_AT + 24 + row->n_options;
}

/* What is read of a frame of which the last @paged bytes are elsewhere. */
static bool read_paged(struct kunit *test, const u8 *bytes, unsigned int len, unsigned int paged,
		       struct vnet_arp_nd *said)
{
	struct sk_buff *skb = packet_skb(bytes, len, 0, paged);
	bool believed;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reset_mac_header(skb);
	memset(said, 0xee, sizeof(*said));
	believed = vnet_arp_nd_read(skb, said);
	kfree_skb(skb);
	return believed;
}

static bool read_of(struct kunit *test, const u8 *bytes, unsigned int len)
{
	struct vnet_arp_nd said;

	return read_paged(test, bytes, len, 0, &said);
}

static void test_arp(struct kunit *test)
{
	const struct arp_row *row;
	struct vnet_arp_nd said;
	unsigned int len, paged;
	u8 bytes[FRAME_MAX];

	for (row = arp_rows; row < arp_rows + ARRAY_SIZE(arp_rows); row++) {
		len = build_arp(row, bytes, all);
		for (paged = 0; paged <= len - ETH_HLEN; paged++) {
			KUNIT_EXPECT_EQ_MSG(test, read_paged(test, bytes, len, paged, &said),
					    row->said, "%s, %u bytes paged", row->name, paged);
			if (!row->said)
				continue;
			KUNIT_EXPECT_EQ_MSG(test, said.asks, row->asks, "%s", row->name);
			KUNIT_EXPECT_EQ(test, (u32)said.role, (u32)VNET_ROLE_UNKNOWN);
			KUNIT_EXPECT_EQ(test, ntohl(vnet_address_ipv4(&said.addr)), 0xc0000201);
			KUNIT_EXPECT_TRUE(test, vnet_address_is_ipv4(&said.addr));
		}
		/* Sent to somebody it is no question for all. */
		build_arp(row, bytes, other);
		KUNIT_EXPECT_EQ(test, read_paged(test, bytes, len, 0, &said), row->said);
		KUNIT_EXPECT_FALSE(test, row->said && said.asks);
		for (paged = ETH_HLEN; paged < len; paged++)
			KUNIT_EXPECT_FALSE_MSG(test, read_of(test, bytes, paged),
					       "%s, cut to %u", row->name, paged);
	}
}

static void test_nd(struct kunit *test)
{
	const struct nd_row *row;
	struct vnet_arp_nd said;
	unsigned int len, paged;
	u8 bytes[FRAME_MAX], addr[16];

	for (row = nd_rows; row < nd_rows + ARRAY_SIZE(nd_rows); row++) {
		len = build_nd(row, bytes);
		for (paged = 0; paged <= len - ETH_HLEN; paged++) {
			KUNIT_EXPECT_EQ_MSG(test, read_paged(test, bytes, len, paged, &said),
					    row->said, "%s, %u bytes paged", row->name, paged);
			if (!row->said)
				continue;
			KUNIT_EXPECT_EQ_MSG(test, said.asks, row->type == SOLICIT, "%s", row->name);
			KUNIT_EXPECT_EQ_MSG(test, (u32)said.role, (u32)row->role, "%s", row->name);
			put_addr(addr, 1);
			KUNIT_EXPECT_FALSE(test, memcmp(&said.addr, addr, sizeof(addr)));
		}
		for (paged = ETH_HLEN; paged < len; paged++)
			KUNIT_EXPECT_FALSE_MSG(test, read_of(test, bytes, paged),
					       "%s, cut to %u", row->name, paged);
	}
}

/* A good question with one thing changed, and a checksum that is right again. */
static bool read_changed(struct kunit *test, unsigned int at, u8 value, struct vnet_arp_nd *said)
{
	u8 bytes[FRAME_MAX];
	unsigned int len = build_nd(&nd_rows[0], bytes);

	bytes[at] = value;
	put_check(bytes);
	return read_paged(test, bytes, len, 0, said);
}

static void test_nd_headers(struct kunit *test)
{
	struct vnet_arp_nd said;
	u8 bytes[FRAME_MAX];
	unsigned int len;

	KUNIT_EXPECT_TRUE(test, read_changed(test, ETH_HLEN + 3, 9, &said));
	KUNIT_EXPECT_FALSE(test, read_changed(test, ETH_HLEN, 0x40, &said));
	KUNIT_EXPECT_FALSE_MSG(test, read_changed(test, ETH_HLEN + 6, IPPROTO_UDP, &said),
			       "next header");
	KUNIT_EXPECT_FALSE_MSG(test, read_changed(test, ETH_HLEN + 7, 254, &said), "hop limit");
	KUNIT_EXPECT_FALSE_MSG(test, read_changed(test, ETH_HLEN + 8, 0xff, &said),
			       "a group asks");
	KUNIT_EXPECT_FALSE_MSG(test, read_changed(test, ND_AT + 8, 0xff, &said), "for a group");
	KUNIT_EXPECT_FALSE_MSG(test, read_changed(test, ETH_HLEN + 5, 23, &said), "no target");
	KUNIT_EXPECT_FALSE_MSG(test, read_changed(test, ETH_HLEN + 5, 100, &said),
			       "longer than the frame");
	/* To the group of another target it is no question that the switch could turn. */
	KUNIT_EXPECT_TRUE(test, read_changed(test, ETH_HLEN + 39, 9, &said));
	KUNIT_EXPECT_FALSE(test, said.asks);
	KUNIT_EXPECT_TRUE(test, read_changed(test, 0, 2, &said));
	KUNIT_EXPECT_FALSE(test, said.asks);

	/* Nobody has an address yet: a probe. */
	len = build_nd(&nd_rows[0], bytes);
	memset(bytes + ETH_HLEN + 8, 0, 16);
	put_check(bytes);
	KUNIT_EXPECT_FALSE(test, read_of(test, bytes, len));

	/* Longer than any that is read, though it is good. */
	len = build_nd(&nd_rows[0], bytes);
	memset(bytes + len, 14, 128);
	bytes[len + 1] = 16;
	packet_put16(24 + 8 + 128, bytes + ETH_HLEN + 4);
	put_check(bytes);
	KUNIT_EXPECT_FALSE(test, read_of(test, bytes, len + 128));
}

/* One bit that is turned makes a message void, but for those that nothing covers. */
static void test_nd_bits(struct kunit *test)
{
	u8 bytes[FRAME_MAX];
	unsigned int i, bit;

	for (i = 0; i < ARRAY_SIZE(nd_rows); i++) {
		unsigned int len = build_nd(&nd_rows[i], bytes);

		for (bit = ETH_HLEN * 8; bit < len * 8; bit++) {
			unsigned int at = bit / 8 - ETH_HLEN;

			/* Traffic class and flow label */
			if (at < 4 && !(at == 0 && bit % 8 >= 4))
				continue;
			bytes[bit / 8] ^= BIT(bit % 8);
			KUNIT_EXPECT_FALSE_MSG(test, read_of(test, bytes, len), "%s, bit %u",
					       nd_rows[i].name, bit);
			bytes[bit / 8] ^= BIT(bit % 8);
		}
	}
}

/* Noise over good frames: whatever is believed is what the frame's own sender says of himself. */
static void test_noise(struct kunit *test)
{
	struct rnd_state rnd;
	struct vnet_arp_nd said;
	u8 bytes[FRAME_MAX];
	unsigned int i, n;

	prandom_seed_state(&rnd, 5);
	for (i = 0; i < 20000; i++) {
		bool nd = prandom_u32_state(&rnd) % 2;
		unsigned int len = nd ? build_nd(&nd_rows[i % ARRAY_SIZE(nd_rows)], bytes)
				      : build_arp(&arp_rows[i % ARRAY_SIZE(arp_rows)], bytes,
						  all);

		for (n = prandom_u32_state(&rnd) % 6; n; n--)
			bytes[ETH_HLEN + prandom_u32_state(&rnd) % (len - ETH_HLEN)] =
				prandom_u32_state(&rnd);
		if (nd)
			packet_put16(min(packet_get16(bytes + ETH_HLEN + 4),
					 (u16)(FRAME_MAX - ND_AT)), bytes + ETH_HLEN + 4);
		if (nd)
			put_check(bytes);
		len -= prandom_u32_state(&rnd) % 4 ? 0 : prandom_u32_state(&rnd) % (len - ETH_HLEN);
		if (!read_paged(test, bytes, len, 0, &said))
			continue;
		KUNIT_EXPECT_TRUE(test, said.addr.low || said.addr.high);
		KUNIT_EXPECT_NE(test, ((const u8 *)&said.addr)[0], 0xff);
		if (!nd)
			KUNIT_EXPECT_FALSE(test, memcmp(bytes + ETH_HLEN + 8, own, ETH_ALEN));
	}
}

/* An answer to a question says what was asked for, to who has asked, and is believed in turn. */
static void check_answer(struct kunit *test, struct net_device *dev, const u8 *bytes,
			 unsigned int len)
{
	struct sk_buff *question = packet_skb(bytes, len, 0, 0), *answer;
	struct vnet_arp_nd asked, said;

	KUNIT_ASSERT_NOT_NULL(test, question);
	skb_reset_mac_header(question);
	KUNIT_ASSERT_TRUE(test, vnet_arp_nd_read(question, &asked));
	answer = vnet_arp_nd_answer(dev, question, &asked, other, VNET_ROLE_ROUTER);
	kfree_skb(question);
	KUNIT_ASSERT_NOT_NULL(test, answer);
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(eth_hdr(answer)->h_dest, own));
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(eth_hdr(answer)->h_source, other));
	KUNIT_EXPECT_TRUE(test, vnet_arp_nd_read(answer, &said));
	KUNIT_EXPECT_TRUE(test, vnet_address_equal(&said.addr, &asked.target));
	KUNIT_EXPECT_FALSE(test, said.asks);
	if (!vnet_address_is_ipv4(&said.addr))
		KUNIT_EXPECT_EQ(test, (u32)said.role, (u32)VNET_ROLE_ROUTER);
	kfree_skb(answer);
}

static void test_answers(struct kunit *test)
{
	struct net_device *dev = alloc_etherdev(0);
	u8 bytes[FRAME_MAX];

	KUNIT_ASSERT_NOT_NULL(test, dev);
	check_answer(test, dev, bytes, build_arp(&arp_rows[0], bytes, all));
	check_answer(test, dev, bytes, build_nd(&nd_rows[0], bytes));
	free_netdev(dev);
}

static struct kunit_case arp_nd_cases[] = {
	KUNIT_CASE(test_arp),
	KUNIT_CASE(test_nd),
	KUNIT_CASE(test_nd_headers),
	KUNIT_CASE(test_nd_bits),
	KUNIT_CASE(test_noise),
	KUNIT_CASE(test_answers),
	{}
};

static struct kunit_suite arp_nd_suite = {
	.name = "vnet_arp_nd",
	.test_cases = arp_nd_cases,
};

kunit_test_suite(arp_nd_suite);
