// SPDX-License-Identifier: GPL-2.0
/*
 * How a frame leaves by a netdev that is not ours.
 *
 * dev_queue_xmit() does much that a software device without a queue has no use for.
 * Where it would come to nothing, the frame goes to the driver directly. Where
 * somebody looks or has put something in the way (a qdisc, a packet socket, a tc or
 * netfilter hook), it takes the usual way, and nobody misses anything.
 */
#include "wire.h"

#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <net/dst.h>

/* The frame that this processor is sending, which a shared NIC's egress hook must let pass. */
static DEFINE_PER_CPU(const struct sk_buff *, wire_sends);

/* Can the driver take the frame as it is? A superset of what validate_xmit_skb() looks at. */
static bool wire_takes(const struct net_device *dev, struct sk_buff *skb)
{
	const netdev_features_t paged = NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA;
	const netdev_features_t features = READ_ONCE(dev->features);

	if (skb_is_gso(skb) || skb_vlan_tag_present(skb) || skb->encapsulation)
		return false;
	if (skb_is_nonlinear(skb) && (features & paged) != paged)
		return false;
	return skb->ip_summed != CHECKSUM_PARTIAL ||
	       (features & NETIF_F_HW_CSUM && !skb_csum_is_sctp(skb));
}

/* True if the driver has the frame. */
static bool wire_send_direct(struct sk_buff *skb, struct net_device *dev)
{
	struct netdev_queue *queue = netdev_get_tx_queue(dev, 0);
	int cpu = smp_processor_id();
	bool sent = false;

	if (dev_xmit_recursion() || !wire_takes(dev, skb) || !vnet_wire_is_clear(dev) ||
	    READ_ONCE(queue->xmit_lock_owner) == cpu)
		return false;
	if (dev->priv_flags & IFF_XMIT_DST_RELEASE)
		skb_dst_drop(skb);
	else
		skb_dst_force(skb);
	skb_reset_mac_header(skb);
	skb_set_queue_mapping(skb, 0);
	HARD_TX_LOCK(dev, queue, cpu);
	if (!netif_xmit_frozen_or_stopped(queue)) {
		dev_xmit_recursion_inc();
		sent = dev_xmit_complete(netdev_start_xmit(skb, dev, queue, false));
		dev_xmit_recursion_dec();
	}
	HARD_TX_UNLOCK(dev, queue);
	return sent;
}

/**
 * vnet_wire_send - send a frame by its netdev
 * @skb: the frame, at its Ethernet header, with its netdev set; gone afterwards
 *
 * While the netdev and those below it send, vnet_wire_sends() tells the frame from those
 * that the host sends itself.
 *
 * Context: RCU read side, BH off.
 */
void vnet_wire_send(struct sk_buff *skb)
{
	const struct sk_buff *before = __this_cpu_read(wire_sends);

	skb_forward_csum(skb);
	/* When it came in is not when it shall go out, which is what a qdisc reads there. */
	skb_clear_tstamp(skb);
	__this_cpu_write(wire_sends, skb);
	if (!wire_send_direct(skb, skb->dev))
		dev_queue_xmit(skb);
	__this_cpu_write(wire_sends, before);
}

/**
 * vnet_wire_sends - is this a frame that vnet_wire_send() is sending?
 * @skb: the frame
 *
 * Context: BH off.
 * Return: True if so.
 */
bool vnet_wire_sends(const struct sk_buff *skb)
{
	return __this_cpu_read(wire_sends) == skb;
}
