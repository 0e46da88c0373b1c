// SPDX-License-Identifier: GPL-2.0
/* Which ports a frame leaves by: one that is known, or all that may see it. */
#include "forward.h"

#include <linux/etherdevice.h>

#include "vnet.h"

/* The gateway is no destination of floods but for ARP; ports that are off are passed over. */
static bool forward_may_flood(const struct vnet_port *from, const struct vnet_port *to,
			      const struct ethhdr *eth)
{
	if (to == from || vnet_forward_isolated(from, to))
		return false;
	if (to->kind == VNET_PORT_KIND_GATEWAY)
		return is_broadcast_ether_addr(eth->h_dest) && eth->h_proto == htons(ETH_P_ARP);
	if (!is_multicast_ether_addr(eth->h_dest) && !vnet_port_has(to, VNET_PORT_FLAG_FLOOD))
		return false;
	return vnet_port_is_up(to);
}

/**
 * vnet_flood - send a frame to all ports that may see it
 * @from: port that it came in through
 * @skb: the frame, at its Ethernet header; gone afterwards
 *
 * Every port but the last gets a clone. A clone is received from a queue, because a
 * receiver may answer and its answer must not overtake the rest of the flood.
 *
 * Context: RCU read side, BH off.
 */
void vnet_flood(struct vnet_port *from, struct sk_buff *skb)
{
	struct vnet_port *port, *last = NULL;
	struct sk_buff *copy;

	list_for_each_entry_rcu(port, &from->vnet->ports, node) {
		if (!forward_may_flood(from, port, eth_hdr(skb)))
			continue;
		if (last) {
			copy = skb_clone(skb, GFP_ATOMIC);
			if (copy)
				vnet_deliver(from, last, copy, VNET_DOOR_TX);
			else
				vnet_drop_count(from, VNET_DROP_NO_MEMORY);
		}
		last = port;
	}
	if (last)
		vnet_deliver(from, last, skb, VNET_DOOR_TX);
	else
		vnet_drop(from, skb, VNET_DROP_NO_DESTINATION);
}
