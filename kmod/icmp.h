/* SPDX-License-Identifier: GPL-2.0 */
/* ICMP packets that the gateway makes. */
#ifndef VNET_ICMP_H
#define VNET_ICMP_H

#include <linux/icmp.h>
#include <linux/skbuff.h>

/**
 * struct vnet_icmp_error - what to tell the sender of a packet
 * @saddr: who tells it
 * @type: ICMP type
 * @code: ICMP code
 * @mtu: next-hop MTU for type 3 code 4 (RFC 1191), else 0
 */
struct vnet_icmp_error {
	__be32 saddr;
	u8 type;
	u8 code;
	u16 mtu;
};

struct sk_buff *vnet_icmp_error(const struct sk_buff *skb, const struct vnet_icmp_error *error);
bool vnet_icmp_echo_reply(struct sk_buff *skb);

#endif
