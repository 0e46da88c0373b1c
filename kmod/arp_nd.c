// SPDX-License-Identifier: GPL-2.0
/*
 * ARP (RFC 826) and neighbour discovery (RFC 4861) as frames say it.
 *
 * Guests send them, so nothing is believed that RFC 4861 7.1 does not let a host believe, and
 * nothing that somebody says of an other's Ethernet address.
 */
#include "arp_nd.h"

#include <linux/if_arp.h>
#include <net/addrconf.h>
#include <net/arp.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

/* A solicitation or advertisement with all options that anybody uses is shorter. */
#define ARP_ND_MAX 128
#define ARP_ND_OPTION 8

/* How a message of neighbour discovery begins. */
struct arp_nd_message {
	struct icmp6hdr icmp;
	struct in6_addr target;
};

static bool arp_nd_is_host(__be32 addr)
{
	return addr && !ipv4_is_zeronet(addr) && !ipv4_is_multicast(addr) &&
	       !ipv4_is_lbcast(addr) && !ipv4_is_loopback(addr);
}

static bool arp_nd_is_host6(const struct in6_addr *addr)
{
	return !ipv6_addr_any(addr) && !ipv6_addr_is_multicast(addr) &&
	       !ipv6_addr_loopback(addr) && !ipv6_addr_v4mapped(addr);
}

static bool arp_read(const struct sk_buff *skb, struct vnet_arp_nd *said)
{
	struct {
		struct arphdr header;
		struct vnet_arp arp;
	} __packed buffer, *frame;
	const struct ethhdr *eth = eth_hdr(skb);
	const struct vnet_arp *arp;

	frame = skb_header_pointer(skb, ETH_HLEN, sizeof(buffer), &buffer);
	if (!frame || frame->header.ar_hrd != htons(ARPHRD_ETHER) ||
	    frame->header.ar_pro != htons(ETH_P_IP) || frame->header.ar_hln != ETH_ALEN ||
	    frame->header.ar_pln != sizeof(__be32))
		return false;
	arp = &frame->arp;
	if (!ether_addr_equal(arp->sender_lladdr, eth->h_source) || !arp_nd_is_host(arp->sender))
		return false;
	ipv6_addr_set_v4mapped(arp->sender, &said->addr);
	said->claims = true;
	said->role = VNET_ROLE_UNKNOWN;
	/* Who asks for his own address announces it (RFC 5227). */
	said->asks = frame->header.ar_op == htons(ARPOP_REQUEST) && arp->target != arp->sender &&
		     is_broadcast_ether_addr(eth->h_dest) && arp_nd_is_host(arp->target);
	if (said->asks)
		ipv6_addr_set_v4mapped(arp->target, &said->target);
	return said->asks || frame->header.ar_op == htons(ARPOP_REQUEST) ||
	       frame->header.ar_op == htons(ARPOP_REPLY);
}

/*
 * The link-layer address that an option of the kind says, NULL if there is none. False if the
 * options are malformed, which makes all of the message void.
 */
static bool nd_read_option(const u8 *options, unsigned int len, u8 kind, const u8 **lladdr)
{
	*lladdr = NULL;
	while (len) {
		unsigned int size = len < ARP_ND_OPTION ? 0 : options[1] * ARP_ND_OPTION;

		if (!size || size > len)
			return false;
		if (options[0] == kind && size == ARP_ND_OPTION)
			*lladdr = options + 2;
		options += size;
		len -= size;
	}
	return true;
}

static bool nd_read_solicitation(const struct ipv6hdr *ip, const struct arp_nd_message *nd,
				 const struct ethhdr *eth, const u8 *lladdr,
				 struct vnet_arp_nd *said)
{
	struct in6_addr group;

	/* Who has no address yet looks whether the one is free: that is for all to hear. */
	if (!arp_nd_is_host6(&ip->saddr) || !lladdr || !ether_addr_equal(lladdr, eth->h_source))
		return false;
	said->addr = ip->saddr;
	said->role = VNET_ROLE_UNKNOWN;
	said->claims = true;
	said->target = nd->target;
	addrconf_addr_solict_mult(&nd->target, &group);
	said->asks = is_multicast_ether_addr(eth->h_dest) && ipv6_addr_equal(&ip->daddr, &group);
	return true;
}

static bool nd_read_advertisement(const struct arp_nd_message *nd, const struct ethhdr *eth,
				  const u8 *lladdr, struct vnet_arp_nd *said)
{
	if (lladdr && !ether_addr_equal(lladdr, eth->h_source))
		return false;
	said->addr = nd->target;
	said->role = nd->icmp.icmp6_router ? VNET_ROLE_ROUTER : VNET_ROLE_HOST;
	said->claims = true;
	said->asks = false;
	return true;
}

static bool nd_read(const struct sk_buff *skb, struct vnet_arp_nd *said)
{
	const struct ethhdr *eth = eth_hdr(skb);
	const struct arp_nd_message *nd;
	const struct ipv6hdr *ip;
	u8 buffer[ARP_ND_MAX] __aligned(4);
	struct ipv6hdr header;
	const u8 *lladdr;
	unsigned int len;
	u8 type;

	ip = skb_header_pointer(skb, ETH_HLEN, sizeof(header), &header);
	if (!ip || ip->version != 6 || ip->nexthdr != IPPROTO_ICMPV6 || ip->hop_limit != 255)
		return false;
	len = ntohs(ip->payload_len);
	if (len < sizeof(*nd) || len > sizeof(buffer))
		return false;
	nd = skb_header_pointer(skb, ETH_HLEN + sizeof(header), len, buffer);
	if (!nd || nd->icmp.icmp6_code || !arp_nd_is_host6(&nd->target))
		return false;
	type = nd->icmp.icmp6_type;
	if ((type != NDISC_NEIGHBOUR_SOLICITATION && type != NDISC_NEIGHBOUR_ADVERTISEMENT) ||
	    csum_ipv6_magic(&ip->saddr, &ip->daddr, len, IPPROTO_ICMPV6, csum_partial(nd, len, 0)))
		return false;
	if (!nd_read_option((const u8 *)(nd + 1), len - sizeof(*nd),
			    type == NDISC_NEIGHBOUR_SOLICITATION ? ND_OPT_SOURCE_LL_ADDR
								 : ND_OPT_TARGET_LL_ADDR,
			    &lladdr))
		return false;
	if (type == NDISC_NEIGHBOUR_SOLICITATION)
		return nd_read_solicitation(ip, nd, eth, lladdr, said);
	return nd_read_advertisement(nd, eth, lladdr, said);
}

/**
 * vnet_arp_nd_read - what does a frame say?
 * @skb: the frame, at its Ethernet header, which is pulled
 * @said: filled
 *
 * Context: Any.
 * Return: False if it says nothing that is to be believed.
 */
bool vnet_arp_nd_read(const struct sk_buff *skb, struct vnet_arp_nd *said)
{
	if (eth_hdr(skb)->h_proto == htons(ETH_P_ARP))
		return arp_read(skb, said);
	return eth_hdr(skb)->h_proto == htons(ETH_P_IPV6) && nd_read(skb, said);
}

static struct sk_buff *nd_answer(struct net_device *dev, const struct sk_buff *question,
				 const struct vnet_arp_nd *said, const u8 *lladdr, u8 role)
{
	const unsigned int len = sizeof(struct arp_nd_message) + ARP_ND_OPTION;
	struct arp_nd_message *nd;
	struct ipv6hdr *ip;
	struct ethhdr *eth;
	struct sk_buff *skb;
	u8 *option;

	skb = netdev_alloc_skb(dev, LL_RESERVED_SPACE(dev) + ETH_HLEN + sizeof(*ip) + len);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	eth = skb_put(skb, ETH_HLEN);
	ether_addr_copy(eth->h_dest, eth_hdr(question)->h_source);
	ether_addr_copy(eth->h_source, lladdr);
	eth->h_proto = htons(ETH_P_IPV6);
	skb->protocol = htons(ETH_P_IPV6);
	skb_set_network_header(skb, ETH_HLEN);
	ip = skb_put_zero(skb, sizeof(*ip));
	ip->version = 6;
	ip->payload_len = htons(len);
	ip->nexthdr = IPPROTO_ICMPV6;
	ip->hop_limit = 255;
	ip->saddr = said->target;
	ip->daddr = said->addr;
	nd = skb_put_zero(skb, len);
	nd->icmp.icmp6_type = NDISC_NEIGHBOUR_ADVERTISEMENT;
	nd->icmp.icmp6_router = role == VNET_ROLE_ROUTER;
	nd->icmp.icmp6_solicited = 1;
	/* A proxy's word does not override the owner's (RFC 4861 7.2.8). */
	nd->target = said->target;
	option = (u8 *)(nd + 1);
	option[0] = ND_OPT_TARGET_LL_ADDR;
	option[1] = 1;
	ether_addr_copy(option + 2, lladdr);
	nd->icmp.icmp6_cksum = csum_ipv6_magic(&ip->saddr, &ip->daddr, len, IPPROTO_ICMPV6,
					       csum_partial(nd, len, 0));
	return skb;
}

/**
 * vnet_arp_nd_answer - the owner's answer to a question, said for him
 * @dev: a netdev of whose kind the answer is
 * @question: the frame
 * @said: what it says; it asks
 * @lladdr: the owner's MAC address
 * @role: what he is
 *
 * Context: Any; does not sleep.
 * Return: The answer at its Ethernet header, or NULL: without memory, or when it is not known
 * whether the owner is a router, because the answer would make him one or take it from him.
 */
struct sk_buff *vnet_arp_nd_answer(struct net_device *dev, const struct sk_buff *question,
				   const struct vnet_arp_nd *said, const u8 *lladdr, u8 role)
{
	const u8 *asker = eth_hdr(question)->h_source;
	struct sk_buff *skb;

	if (ipv6_addr_v4mapped(&said->target))
		skb = arp_create(ARPOP_REPLY, ETH_P_ARP, said->addr.s6_addr32[3], dev,
				 said->target.s6_addr32[3], asker, lladdr, asker);
	else
		skb = role == VNET_ROLE_UNKNOWN ? NULL
						: nd_answer(dev, question, said, lladdr, role);
	if (skb)
		skb_reset_mac_header(skb);
	return skb;
}
