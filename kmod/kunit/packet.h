/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets for KUnit, built byte by byte. The sums here are slow, plain and share nothing with the
 * kernel's or ours, since they are the judge.
 */
#ifndef VNET_KUNIT_PACKET_H
#define VNET_KUNIT_PACKET_H

#include <linux/icmp.h>
#include <linux/in.h>
#include <linux/random.h>
#include <linux/skbuff.h>

#include "../nat/tuple.h"

#define PACKET_MAX 2048

/**
 * struct packet - what a packet is built from
 * @tuple: addresses, ports or ICMP identifier, and protocol
 * @type: ICMP type
 * @options: 32-bit words of IP options
 * @payload: bytes behind the layer 4 header
 * @ttl: time to live
 * @no_check: UDP without a checksum
 * @seed: of the bytes that do not matter
 */
struct packet {
	struct vnet_tuple tuple;
	u8 type;
	u8 options;
	u16 payload;
	u8 ttl;
	bool no_check;
	u32 seed;
};

static inline u16 packet_get16(const u8 *bytes)
{
	return bytes[0] << 8 | bytes[1];
}

static inline void packet_put16(u16 value, u8 *bytes)
{
	bytes[0] = value >> 8;
	bytes[1] = value & 0xFF;
}

/* One's complement sum of bytes as big endian words, continuing @sum. */
static inline u32 packet_sum(u32 sum, const u8 *bytes, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++) {
		sum += i % 2 ? bytes[i] : bytes[i] << 8;
		sum = (sum & 0xFFFF) + (sum >> 16);
	}
	return sum;
}

static inline unsigned int packet_l4_offset(const u8 *bytes)
{
	return (bytes[0] & 15) * 4;
}

/* Where the checksum of layer 4 is, from the begin of its header. */
static inline unsigned int packet_check_offset(u8 proto)
{
	return proto == IPPROTO_TCP ? 16 : proto == IPPROTO_UDP ? 6 : 2;
}

static inline unsigned int packet_l4_header(u8 proto)
{
	return proto == IPPROTO_TCP ? 20 : 8;
}

/* Sum of the pseudo header of an IPv4 packet; ICMP has none. */
static inline u32 packet_pseudo_sum(const u8 *bytes)
{
	u32 sum = packet_sum(0, bytes + 12, 8);
	unsigned int len = packet_get16(bytes + 2) - packet_l4_offset(bytes);

	if (bytes[9] == IPPROTO_ICMP)
		return 0;
	sum += bytes[9] + len;
	return (sum & 0xFFFF) + (sum >> 16);
}

/* Sum over layer 4 with its pseudo header: 0xFFFF when the checksum in it is right. */
static inline u32 packet_l4_sum(const u8 *bytes)
{
	unsigned int l4 = packet_l4_offset(bytes);

	return packet_sum(packet_pseudo_sum(bytes), bytes + l4,
			  packet_get16(bytes + 2) - l4);
}

static inline void packet_set_ip_check(u8 *bytes)
{
	packet_put16(0, bytes + 10);
	packet_put16(~packet_sum(0, bytes, packet_l4_offset(bytes)), bytes + 10);
}

static inline void packet_set_l4_check(u8 *bytes, bool no_check)
{
	u8 *check = bytes + packet_l4_offset(bytes) + packet_check_offset(bytes[9]);
	u16 value;

	packet_put16(0, check);
	if (no_check)
		return;
	value = ~packet_l4_sum(bytes);
	packet_put16(value || bytes[9] != IPPROTO_UDP ? value : 0xFFFF, check);
}

static inline void packet_put_l4(u8 *l4, const struct packet *packet)
{
	const struct vnet_tuple *tuple = &packet->tuple;

	switch (tuple->proto) {
	case IPPROTO_TCP:
		l4[12] = 5 << 4;
		fallthrough;
	case IPPROTO_UDP:
		memcpy(l4, &tuple->sport, 2);
		memcpy(l4 + 2, &tuple->dport, 2);
		if (tuple->proto == IPPROTO_UDP)
			packet_put16(8 + packet->payload, l4 + 4);
		break;
	default:
		l4[0] = packet->type;
		l4[1] = 0;
		memcpy(l4 + 4, tuple->sport ? &tuple->sport : &tuple->dport, 2);
	}
}

/* Write the whole packet with right checksums; its length. */
static inline unsigned int packet_build(u8 *bytes, const struct packet *packet)
{
	unsigned int l4 = 20 + packet->options * 4;
	unsigned int len = l4 + packet_l4_header(packet->tuple.proto) + packet->payload;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, packet->seed);
	prandom_bytes_state(&rnd, bytes, len);
	bytes[0] = 4 << 4 | l4 / 4;
	packet_put16(len, bytes + 2);
	packet_put16(0x4000, bytes + 6);
	bytes[8] = packet->ttl;
	bytes[9] = packet->tuple.proto;
	memcpy(bytes + 12, &packet->tuple.saddr, 4);
	memcpy(bytes + 16, &packet->tuple.daddr, 4);
	packet_put_l4(bytes + l4, packet);
	packet_set_ip_check(bytes);
	packet_set_l4_check(bytes, packet->no_check);
	return len;
}

/* Write an ICMP error that quotes the first @quote_len bytes of @quoted; its length. */
static inline unsigned int packet_build_error(u8 *bytes, const struct packet *outer,
					      const u8 *quoted, unsigned int quote_len)
{
	struct packet packet = *outer;
	unsigned int len;

	packet.tuple.proto = IPPROTO_ICMP;
	packet.payload = quote_len;
	len = packet_build(bytes, &packet);
	memcpy(bytes + len - quote_len, quoted, quote_len);
	packet_set_l4_check(bytes, false);
	return len;
}

/* What a sender leaves in the checksum field for a device to complete. */
static inline void packet_set_partial(u8 *bytes)
{
	packet_put16(packet_pseudo_sum(bytes), bytes + packet_l4_offset(bytes) +
			   packet_check_offset(bytes[9]));
}

/* The bytes as an skb, linear but for the last @paged bytes of it. */
static inline struct sk_buff *packet_skb(const u8 *bytes, unsigned int len, unsigned int headroom,
					 unsigned int paged)
{
	struct sk_buff *skb = alloc_skb(headroom + len, GFP_KERNEL);
	struct page *page;

	if (!skb)
		return NULL;
	skb_reserve(skb, headroom);
	skb_put_data(skb, bytes, len - paged);
	if (!paged)
		return skb;
	page = alloc_page(GFP_KERNEL);
	if (!page) {
		kfree_skb(skb);
		return NULL;
	}
	memcpy(page_address(page), bytes + len - paged, paged);
	skb_add_rx_frag(skb, 0, page, 0, paged, PAGE_SIZE);
	return skb;
}

#endif
