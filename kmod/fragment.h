/* SPDX-License-Identifier: GPL-2.0 */
/* Packets and the MTU of the link that they go to. */
#ifndef VNET_FRAGMENT_H
#define VNET_FRAGMENT_H

#include <linux/skbuff.h>

struct net;
struct vnet_port;

/* Sends one packet that fits; takes it. */
typedef void (*vnet_fragment_output_t)(struct sk_buff *skb, void *context);

bool vnet_packet_fits(const struct sk_buff *skb, unsigned int mtu);
void vnet_fragment(struct vnet_port *from, struct sk_buff *skb, unsigned int mtu,
		   vnet_fragment_output_t output, void *context);
bool vnet_defragment(struct net *net, struct vnet_port *from, struct sk_buff *skb, u32 user);

#endif
