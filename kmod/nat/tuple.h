/* SPDX-License-Identifier: GPL-2.0 */
/* The five values that name a flow. */
#ifndef VNET_NAT_TUPLE_H
#define VNET_NAT_TUPLE_H

#include <linux/skbuff.h>
#include <linux/types.h>

/**
 * struct vnet_tuple - one direction of an IPv4 flow
 * @saddr: source address
 * @daddr: destination address
 * @sport: source port; for an ICMP request its identifier
 * @dport: destination port; for an ICMP reply its identifier
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_ICMP
 *
 * The unused port of an ICMP query is 0. The struct has no holes that are
 * compared: use vnet_tuple_equal().
 */
struct vnet_tuple {
	__be32 saddr;
	__be32 daddr;
	__be16 sport;
	__be16 dport;
	u8 proto;
};

/* What vnet_tuple_parse() found at an IPv4 header. */
enum vnet_tuple_kind {
	VNET_TUPLE_FLOW,	/* TCP, UDP or an ICMP query: the tuple is complete */
	VNET_TUPLE_ICMP_ERROR,	/* an ICMP error (3, 11, 12): look at the packet it quotes */
	VNET_TUPLE_UNKNOWN_PROTO,	/* another protocol or ICMP type, a later fragment quoted */
	VNET_TUPLE_MALFORMED,	/* header lengths that do not fit the packet */
};

enum vnet_tuple_kind vnet_tuple_parse(struct sk_buff *skb, unsigned int offset, bool quoted,
				      struct vnet_tuple *tuple);

static inline bool vnet_tuple_equal(const struct vnet_tuple *a, const struct vnet_tuple *b)
{
	return a->saddr == b->saddr && a->daddr == b->daddr && a->sport == b->sport &&
	       a->dport == b->dport && a->proto == b->proto;
}

static inline struct vnet_tuple vnet_tuple_reverse(const struct vnet_tuple *t)
{
	return (struct vnet_tuple){ .saddr = t->daddr, .daddr = t->saddr, .sport = t->dport,
				    .dport = t->sport, .proto = t->proto };
}

#endif
