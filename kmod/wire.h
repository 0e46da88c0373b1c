/* SPDX-License-Identifier: GPL-2.0 */
/* How a frame leaves by a netdev that is not ours. */
#ifndef VNET_WIRE_H
#define VNET_WIRE_H

#include <linux/skbuff.h>

struct net_device *vnet_wire_peer(struct net_device *dev, struct sk_buff *skb);
void vnet_wire_send(struct sk_buff *skb);
bool vnet_wire_sends(const struct sk_buff *skb);

#endif
