// SPDX-License-Identifier: GPL-2.0
/*
 * The host's routes, as the gateway follows them: look-up, and how a packet leaves.
 *
 * Packets leave at device level. They pass neither the host's netfilter nor need its
 * ip_forward.
 */
#include "egress.h"

#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <net/ip.h>
#include <net/neighbour.h>

#include "deliver.h"
#include "fragment.h"
#include "vnet.h"

/**
 * vnet_egress_route - ask the host's routing table
 * @net: the host's namespace
 * @query: the question; its source address is filled
 *
 * Context: RCU read side or process.
 * Return: A route with a reference, or an error pointer: -EINVAL for a destination
 * that is neither a host on some network nor the host itself, else as the table says.
 */
struct rtable *vnet_egress_route(struct net *net, struct vnet_egress_query *query)
{
	struct flowi4 flow = {
		.daddr = query->daddr,
		.saddr = query->saddr,
		.flowi4_oif = query->oif,
		.flowi4_proto = query->proto,
		.flowi4_scope = RT_SCOPE_UNIVERSE,
	};
	struct rtable *route;

	route = ip_route_output_key(net, &flow);
	if (IS_ERR(route))
		return route;
	if (route->rt_type != RTN_UNICAST && route->rt_type != RTN_LOCAL) {
		ip_rt_put(route);
		return ERR_PTR(-EINVAL);
	}
	query->saddr = flow.saddr;
	return route;
}

/**
 * vnet_egress_mtu - how big may a packet of a route be?
 * @route: the route
 *
 * Context: RCU read side.
 * Return: MTU in bytes; what path MTU discovery has found counts.
 */
unsigned int vnet_egress_mtu(const struct rtable *route)
{
	return vnet_egress_is_local(route) ? IP_MAX_MTU : dst_mtu(&route->dst);
}

/* Room for the link's header, and the neighbour's address: as ip_finish_output2() does. */
static void egress_output(struct sk_buff *skb, void *context)
{
	struct rtable *route = context;
	struct net_device *dev = route->dst.dev;
	struct neighbour *neighbour;
	bool is_v6gw = false;

	if (unlikely(skb_cow_head(skb, LL_RESERVED_SPACE(dev)))) {
		vnet_drop(NULL, skb, VNET_DROP_NO_MEMORY);
		return;
	}
	skb_dst_set_noref(skb, &route->dst);
	skb->dev = dev;
	skb->protocol = htons(ETH_P_IP);
	neighbour = ip_neigh_for_gw(route, skb, &is_v6gw);
	if (IS_ERR(neighbour)) {
		vnet_drop(NULL, skb, VNET_DROP_NO_MEMORY);
		return;
	}
	neigh_output(neighbour, skb, is_v6gw);
}

/*
 * The host itself is the destination. Its stack gets the packet as if it came by the
 * netdev that has the address: the host's firewall shall treat guests as it treats
 * the network, not as it treats itself. The route is attached, because a source that
 * is an own address would not be accepted from outside.
 */
static void egress_local(struct vnet_port *from, struct sk_buff *skb, struct rtable *route)
{
	struct net *net = dev_net(route->dst.dev);
	struct net_device *dev = __ip_dev_find(net, ip_hdr(skb)->daddr, false);
	struct ethhdr *eth;

	if (!dev || !(dev->flags & IFF_UP) || !dst_hold_safe(&route->dst)) {
		vnet_drop(from, skb, VNET_DROP_NO_ROUTE);
		return;
	}
	if (unlikely(skb_cow_head(skb, ETH_HLEN))) {
		dst_release(&route->dst);
		vnet_drop(from, skb, VNET_DROP_NO_MEMORY);
		return;
	}
	eth = skb_push(skb, ETH_HLEN);
	eth_zero_addr(eth->h_source);
	ether_addr_copy(eth->h_dest, dev->addr_len == ETH_ALEN ? dev->dev_addr : eth->h_source);
	eth->h_proto = htons(ETH_P_IP);
	skb_reset_mac_header(skb);
	skb_pull(skb, ETH_HLEN);
	skb_reset_mac_len(skb);
	skb_dst_set(skb, &route->dst);
	skb->dev = dev;
	skb->protocol = htons(ETH_P_IP);
	skb->pkt_type = PACKET_HOST;
	netif_rx(skb);
}

/**
 * vnet_egress_send - send a packet by a route
 * @from: port that the packet came from, for its counters; may be NULL
 * @skb: the packet, at its IPv4 header, not shared, writable there; gone afterwards
 * @route: the route; the caller's reference or RCU keeps it
 *
 * What is bigger than the route's MTU is fragmented, so the caller has refused what
 * must not be.
 *
 * Context: RCU read side, BH off.
 */
void vnet_egress_send(struct vnet_port *from, struct sk_buff *skb, struct rtable *route)
{
	skb->priority = 0;
	if (vnet_egress_is_local(route))
		egress_local(from, skb, route);
	else
		vnet_fragment(from, skb, vnet_egress_mtu(route), egress_output, route);
}
