/* SPDX-License-Identifier: GPL-2.0 */
/* How a frame leaves by a netdev that is not ours. */
#ifndef VNET_WIRE_H
#define VNET_WIRE_H

#include <linux/netdevice.h>
#include <net/sch_generic.h>

#include "uplink.h"

void vnet_wire_send(struct sk_buff *skb);
bool vnet_wire_sends(const struct sk_buff *skb);

/**
 * vnet_wire_is_clear - would dev_queue_xmit() show frames to nobody who wants them, and queue none?
 * @dev: the netdev
 *
 * Context: RCU read side, BH off.
 * Return: True if so.
 */
static __always_inline bool vnet_wire_is_clear(struct net_device *dev)
{
	const struct netdev_queue *queue = netdev_get_tx_queue(dev, 0);

	return READ_ONCE(dev->real_num_tx_queues) == 1 &&
	       !rcu_dereference_bh(queue->qdisc)->enqueue &&
	       !vnet_compat_has_egress(dev, vnet_uplink_egress) && !vnet_compat_has_taps(dev);
}

#endif
