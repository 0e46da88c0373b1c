/* SPDX-License-Identifier: GPL-2.0 */
/* The host's routes, as the gateway follows them. */
#ifndef VNET_EGRESS_H
#define VNET_EGRESS_H

#include <linux/skbuff.h>
#include <net/route.h>

struct vnet_port;

/**
 * struct vnet_egress_query - where is a packet to go?
 * @daddr: its destination
 * @saddr: its source if that is given, else 0; then filled with the address to use
 * @oif: interface index that it has to leave by, or 0
 * @proto: IP protocol, for rules that look at it
 */
struct vnet_egress_query {
	__be32 daddr;
	__be32 saddr;
	int oif;
	u8 proto;
};

struct rtable *vnet_egress_route(struct net *net, struct vnet_egress_query *query);
unsigned int vnet_egress_mtu(const struct rtable *route);
void vnet_egress_send(struct vnet_port *from, struct sk_buff *skb, struct rtable *route);

static inline bool vnet_egress_is_local(const struct rtable *route)
{
	return route->rt_type == RTN_LOCAL;
}

#endif
