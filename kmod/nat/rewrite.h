/* SPDX-License-Identifier: GPL-2.0 */
/* Edits of headers and their checksums: no table, no policy. */
#ifndef VNET_NAT_REWRITE_H
#define VNET_NAT_REWRITE_H

#include <linux/skbuff.h>

#include "tuple.h"

/**
 * struct vnet_rewrite - what a translation does to each packet of a direction
 * @to: addresses and ports after the translation
 * @addr_delta: one's complement sum that the changed addresses add to a checksum
 * @full_delta: what all the changes add to the checksum of layer 4: the addresses and ports of TCP
 *	and
 *	UDP, the identifier alone of ICMP, which sums up no pseudo header
 *
 * The deltas are computed once for a session, so that a packet costs stores and
 * additions only (RFC 1624, equation 3).
 */
struct vnet_rewrite {
	struct vnet_tuple to;
	u16 addr_delta;
	u16 full_delta;
};

void vnet_rewrite_prepare(struct vnet_rewrite *rewrite, const struct vnet_tuple *from,
			  const struct vnet_tuple *to);
int vnet_rewrite_make_writable(struct sk_buff *skb, unsigned int len);
void vnet_rewrite_packet(struct sk_buff *skb, const struct vnet_rewrite *rewrite);
void vnet_rewrite_quoted(struct sk_buff *skb, unsigned int quoted_offset,
			 const struct vnet_tuple *to);
void vnet_rewrite_outer(struct sk_buff *skb, __be32 saddr, __be32 daddr);
void vnet_rewrite_decrease_ttl(struct sk_buff *skb);

#endif
