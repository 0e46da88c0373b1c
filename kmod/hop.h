/* SPDX-License-Identifier: GPL-2.0 */
/* From a sender's context to a receiver's: the one queue of a processor. */
#ifndef VNET_HOP_H
#define VNET_HOP_H

#include <linux/netdevice.h>

/**
 * struct vnet_hop_queue - packets on their way to a receive stack of this processor
 * @napi: takes them out
 * @packets: packets with the netdev that receives them, and a reference to it
 * @scheduled: @napi has been asked to come, and has not gone yet
 */
struct vnet_hop_queue {
	struct napi_struct napi;
	struct sk_buff_head packets;
	bool scheduled;
};

DECLARE_PER_CPU(struct vnet_hop_queue, vnet_hop_queues);

int vnet_hop_init(void);
void vnet_hop_exit(void);

/**
 * vnet_hop - have a packet received by its netdev, soon
 * @skb: the packet, as eth_type_trans() leaves it; gone afterwards if it is taken
 *
 * Packets of one sender on one processor stay in order. As many wait as for netif_rx():
 * the sysctl net.core.netdev_max_backlog.
 *
 * Context: BH off, not in an interrupt.
 * Return: False if too many packets wait already.
 */
static inline bool vnet_hop(struct sk_buff *skb)
{
	struct vnet_hop_queue *queue = this_cpu_ptr(&vnet_hop_queues);

	if (unlikely(skb_queue_len(&queue->packets) >= vnet_compat_max_backlog()))
		return false;
	/* Keeps the netdev until the packet is received: nobody searches the queue when it goes. */
	dev_hold(skb->dev);
	__skb_queue_tail(&queue->packets, skb);
	if (!queue->scheduled) {
		queue->scheduled = true;
		napi_schedule(&queue->napi);
	}
	return true;
}

/**
 * vnet_hop_receive - have a packet received by its netdev at once
 * @skb: the packet, as eth_type_trans() leaves it; gone afterwards
 *
 * netif_receive_skb() but for what it does for the packets of drivers: time stamps of a
 * PHY, and of the moment they came in, which deliver_scrub() has seen to.
 *
 * Context: BH off, RCU read side.
 */
static inline void vnet_hop_receive(struct sk_buff *skb)
{
	if (unlikely(vnet_compat_wants_rps()) || unlikely(skb_pfmemalloc(skb)))
		netif_receive_skb(skb);
	else
		netif_receive_skb_core(skb);
}

/**
 * vnet_hop_waits - do packets wait that one which is received at once would overtake?
 *
 * Context: BH off.
 * Return: True if so.
 */
static inline bool vnet_hop_waits(void)
{
	return !skb_queue_empty(&this_cpu_ptr(&vnet_hop_queues)->packets);
}

#endif
