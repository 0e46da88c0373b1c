// SPDX-License-Identifier: GPL-2.0
/*
 * ARP (RFC 826) and neighbour discovery (RFC 4861) as frames say it.
 *
 * Guests send them, so nothing is believed that RFC 4861 7.1 does not let a host believe, and
 * nothing that somebody says of an other's Ethernet address.
 */
#include "arp_nd.h"

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

static bool arp_nd_is_host6(const struct in6_addr *addr)
{
	return !ipv6_addr_any(addr) && !ipv6_addr_is_multicast(addr) &&
	       !ipv6_addr_loopback(addr) && !ipv6_addr_v4mapped(addr);
}

static struct vnet_address arp_nd_address(const struct in6_addr *addr)
{
	struct vnet_address address;

	static_assert(sizeof(address) == sizeof(*addr));
	memcpy(&address, addr, sizeof(address));
	return address;
}

static struct in6_addr arp_nd_in6(const struct vnet_address *address)
{
	struct in6_addr addr;

	memcpy(&addr, address, sizeof(addr));
	return addr;
}

/**
 * vnet_arp_read - what does an ARP frame say?
 * @eth: the frame's Ethernet header
 * @arp: what follows
 * @said: filled
 *
 * Context: Any.
 * Return: False if it says nothing that is to be believed.
 */
bool vnet_arp_read(const struct ethhdr *eth, const struct vnet_arp *arp, struct vnet_arp_nd *said)
{
	bool request = arp->header == VNET_ARP_HEADER(ARPOP_REQUEST);

	if (!request && arp->header != VNET_ARP_HEADER(ARPOP_REPLY))
		return false;
	if (!ether_addr_equal(arp->sender_lladdr, eth->h_source) || !vnet_ipv4_is_host(arp->sender))
		return false;
	/* Who asks for his own address announces it (RFC 5227). */
	said->asks = request && arp->target != arp->sender && vnet_ipv4_is_host(arp->target) &&
		     is_multicast_ether_addr(eth->h_dest);
	said->role = VNET_ROLE_UNKNOWN;
	said->addr = vnet_address_of_ipv4(arp->sender);
	said->target = vnet_address_of_ipv4(arp->target);
	return true;
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
	said->addr = arp_nd_address(&ip->saddr);
	said->role = VNET_ROLE_UNKNOWN;
	said->target = arp_nd_address(&nd->target);
	addrconf_addr_solict_mult(&nd->target, &group);
	said->asks = is_multicast_ether_addr(eth->h_dest) && ipv6_addr_equal(&ip->daddr, &group);
	return true;
}

static bool nd_read_advertisement(const struct arp_nd_message *nd, const struct ethhdr *eth,
				  const u8 *lladdr, struct vnet_arp_nd *said)
{
	if (lladdr && !ether_addr_equal(lladdr, eth->h_source))
		return false;
	said->addr = arp_nd_address(&nd->target);
	said->role = nd->icmp.icmp6_router ? VNET_ROLE_ROUTER : VNET_ROLE_HOST;
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
	const struct vnet_arp *arp;
	struct vnet_arp buffer;

	if (eth_hdr(skb)->h_proto == htons(ETH_P_ARP)) {
		arp = skb_header_pointer(skb, ETH_HLEN, sizeof(buffer), &buffer);
		return arp && vnet_arp_read(eth_hdr(skb), arp, said);
	}
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
	ip->saddr = arp_nd_in6(&said->target);
	ip->daddr = arp_nd_in6(&said->addr);
	nd = skb_put_zero(skb, len);
	nd->icmp.icmp6_type = NDISC_NEIGHBOUR_ADVERTISEMENT;
	nd->icmp.icmp6_router = role == VNET_ROLE_ROUTER;
	nd->icmp.icmp6_solicited = 1;
	/* A proxy's word does not override the owner's (RFC 4861 7.2.8). */
	nd->target = arp_nd_in6(&said->target);
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

	if (vnet_address_is_ipv4(&said->target))
		skb = arp_create(ARPOP_REPLY, ETH_P_ARP, vnet_address_ipv4(&said->addr), dev,
				 vnet_address_ipv4(&said->target), asker, lladdr, asker);
	else
		skb = role == VNET_ROLE_UNKNOWN ? NULL
						: nd_answer(dev, question, said, lladdr, role);
	if (skb)
		skb_reset_mac_header(skb);
	return skb;
}
