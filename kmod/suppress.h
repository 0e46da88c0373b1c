/* SPDX-License-Identifier: GPL-2.0 */
/* Neighbour requests whose answer is known are kept from those whom they do not concern. */
#ifndef VNET_SUPPRESS_H
#define VNET_SUPPRESS_H

#include "arp_nd.h"
#include "vnet.h"

bool vnet_suppress_frame(struct vnet_port *from, struct sk_buff *skb, u16 vid);
void vnet_suppress_watch(struct vnet_port *from, struct sk_buff *skb, u16 vid);

/**
 * vnet_suppress - a frame to a group comes in
 * @from: port that it came in through
 * @skb: the frame, at its Ethernet header, which is pulled
 * @vid: its VLAN
 *
 * Context: RCU read side, BH off.
 * Return: True if the frame is gone; else it is to be flooded.
 */
static inline bool vnet_suppress(struct vnet_port *from, struct sk_buff *skb, u16 vid)
{
	return vnet_arp_nd_may_be(eth_hdr(skb)) && READ_ONCE(from->vnet->bindings.on) &&
	       vnet_suppress_frame(from, skb, vid);
}

#endif
