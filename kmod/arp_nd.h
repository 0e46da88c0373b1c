/* SPDX-License-Identifier: GPL-2.0 */
/* What a frame of ARP (RFC 826) or of neighbour discovery (RFC 4861) says. */
#ifndef VNET_ARP_ND_H
#define VNET_ARP_ND_H

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/in6.h>
#include <linux/skbuff.h>

/**
 * struct vnet_address - an IP address as two numbers
 * @high: its first half
 * @low: its second half
 *
 * IPv4 addresses are mapped into IPv6 (RFC 4291 2.5.5.2).
 */
struct vnet_address {
	__be64 high;
	__be64 low;
};

/**
 * struct vnet_arp - ARP for Ethernet and IPv4
 * @header: VNET_ARP_HEADER()
 * @sender_lladdr: MAC address of the sender
 * @sender: his IP address
 * @target_lladdr: in answers the MAC address of who has asked
 * @target: the IP address that is asked for
 */
struct vnet_arp {
	__be64 header;
	u8 sender_lladdr[ETH_ALEN];
	__be32 sender;
	u8 target_lladdr[ETH_ALEN];
	__be32 target;
} __packed;

/* What stands before the addresses: their kinds and lengths, and what is said. */
#define VNET_ARP_HEADER(op) cpu_to_be64((u64)ARPHRD_ETHER << 48 | (u64)ETH_P_IP << 32 | \
					ETH_ALEN << 24 | sizeof(__be32) << 16 | (op))

/* Is the owner of an IPv6 address a router? What depends on it is not said until it is known. */
enum vnet_role {
	VNET_ROLE_UNKNOWN,
	VNET_ROLE_HOST,
	VNET_ROLE_ROUTER,
};

/**
 * struct vnet_arp_nd - what a frame says of IP addresses
 * @asks: who has @target? Said to a group, by somebody who has an address already
 * @role: what the owner of @addr is
 * @addr: an address that is its sender's, as he says, who has the frame's source address
 * @target: the address that is asked for
 */
struct vnet_arp_nd {
	bool asks;
	u8 role;
	struct vnet_address addr;
	struct vnet_address target;
};

bool vnet_arp_nd_read(const struct sk_buff *skb, struct vnet_arp_nd *said);
bool vnet_arp_read(const struct ethhdr *eth, const struct vnet_arp *arp, struct vnet_arp_nd *said);
struct sk_buff *vnet_arp_nd_answer(struct net_device *dev, const struct sk_buff *question,
				   const struct vnet_arp_nd *said, const u8 *lladdr, u8 role);

static inline struct vnet_address vnet_address_of_ipv4(__be32 addr)
{
	return (struct vnet_address){ .low = cpu_to_be64(0xffff00000000ULL | ntohl(addr)) };
}

static inline bool vnet_address_is_ipv4(const struct vnet_address *addr)
{
	return !addr->high && be64_to_cpu(addr->low) >> 32 == 0xffff;
}

static inline __be32 vnet_address_ipv4(const struct vnet_address *addr)
{
	return htonl((u32)be64_to_cpu(addr->low));
}

static inline bool vnet_address_equal(const struct vnet_address *a, const struct vnet_address *b)
{
	return a->low == b->low && a->high == b->high;
}

/* Not of networks 0, 127 (loopback) and 224 upwards (groups, reserved, broadcast). */
static inline bool vnet_ipv4_is_host(__be32 addr)
{
	u8 first = ntohl(addr) >> 24;

	return (u8)(first - 1) < 223 && first != 127;
}

/* Can the frame be one? @eth is its Ethernet header. */
static inline bool vnet_arp_nd_may_be(const struct ethhdr *eth)
{
	return eth->h_proto == htons(ETH_P_ARP) || eth->h_proto == htons(ETH_P_IPV6);
}

#endif
