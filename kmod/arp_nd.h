/* SPDX-License-Identifier: GPL-2.0 */
/* What a frame of ARP (RFC 826) or of neighbour discovery (RFC 4861) says. */
#ifndef VNET_ARP_ND_H
#define VNET_ARP_ND_H

#include <linux/etherdevice.h>
#include <linux/in6.h>
#include <linux/skbuff.h>

/* ARP for Ethernet and IPv4 behind struct arphdr. */
struct vnet_arp {
	u8 sender_lladdr[ETH_ALEN];
	__be32 sender;
	u8 target_lladdr[ETH_ALEN];
	__be32 target;
} __packed;

/* Is the owner of an IPv6 address a router? What depends on it is not said while it is not known. */
enum vnet_role {
	VNET_ROLE_UNKNOWN,
	VNET_ROLE_HOST,
	VNET_ROLE_ROUTER,
};

/**
 * struct vnet_arp_nd - what a frame says of IP addresses
 * @claims: that @addr is its sender's, who has the frame's source address
 * @asks: who has @target? Said to all, by somebody who has an address already
 * @role: what the owner of @addr is
 * @addr: the sender's address
 * @target: the address that is asked for
 *
 * IPv4 addresses are mapped into IPv6 (RFC 4291 2.5.5.2).
 */
struct vnet_arp_nd {
	bool claims;
	bool asks;
	u8 role;
	struct in6_addr addr;
	struct in6_addr target;
};

bool vnet_arp_nd_read(const struct sk_buff *skb, struct vnet_arp_nd *said);
struct sk_buff *vnet_arp_nd_answer(struct net_device *dev, const struct sk_buff *question,
				   const struct vnet_arp_nd *said, const u8 *lladdr, u8 role);

/* Can the frame be one? @eth is its Ethernet header. */
static inline bool vnet_arp_nd_may_be(const struct ethhdr *eth)
{
	return eth->h_proto == htons(ETH_P_ARP) || eth->h_proto == htons(ETH_P_IPV6);
}

#endif
