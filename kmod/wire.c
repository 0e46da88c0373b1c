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
#include <net/sch_generic.h>

#include "uplink.h"

/* The frame that this processor is sending, which a shared NIC's egress hook must let pass. */
static DEFINE_PER_CPU(const struct sk_buff *, wire_sends);

/* What a veth can take from us: everything, unless somebody has switched something off. */
#define WIRE_VETH_FEATURES                                                                         \
	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA | NETIF_F_HW_CSUM | NETIF_F_SCTP_CRC |    \
	 NETIF_F_GSO_SOFTWARE)

/* Would dev_queue_xmit() show the frame to nobody who wants it, and queue it nowhere? */
static __always_inline bool wire_is_clear(struct net_device *dev)
{
	const struct netdev_queue *queue = netdev_get_tx_queue(dev, 0);

	return READ_ONCE(dev->real_num_tx_queues) == 1 &&
	       !rcu_dereference_bh(queue->qdisc)->enqueue &&
	       !vnet_compat_has_egress(dev, vnet_uplink_egress) && !vnet_compat_has_taps(dev);
}

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

	if (dev_xmit_recursion() || !wire_takes(dev, skb) || !wire_is_clear(dev) ||
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

/*
 * Would the veth give each frame to its peer as it is? Frames that take the other way
 * wait in another queue, so the answer must be the same for all frames of a flow, big or
 * small: it is about the veth.
 */
static __always_inline bool wire_veth_is_plain(struct net_device *dev,
					       const struct net_device *peer)
{
	return (READ_ONCE(dev->features) & WIRE_VETH_FEATURES) == WIRE_VETH_FEATURES &&
	       READ_ONCE(dev->gso_max_size) >= GSO_LEGACY_MAX_SIZE &&
	       READ_ONCE(dev->gso_max_segs) >= GSO_MAX_SEGS &&
	       !(READ_ONCE(peer->features) & NETIF_F_GRO) &&
	       !READ_ONCE(peer->xdp_state[XDP_MODE_DRV].prog) && netif_carrier_ok(dev) &&
	       wire_is_clear(dev);
}

/* is_skb_forwardable() */
static __always_inline bool wire_is_forwardable(const struct net_device *dev,
						const struct sk_buff *skb)
{
	return READ_ONCE(dev->flags) & IFF_UP &&
	       (skb->len <= READ_ONCE(dev->mtu) + dev->hard_header_len + VLAN_HLEN ||
		skb_is_gso(skb));
}

/**
 * vnet_wire_peer - the netdev that would receive a frame at the other end
 * @dev: a veth
 * @skb: the frame, at its Ethernet header
 *
 * A veth does nothing but hand frames to its peer. They can be given to the peer at
 * once, counted as the veth would have counted them. Not if somebody looks at the end
 * that is passed over, or has made it do more: GRO, XDP, smaller packets.
 *
 * Context: RCU read side, BH off.
 * Return: The peer, or NULL if the frame has to take the usual way.
 */
struct net_device *vnet_wire_peer(struct net_device *dev, struct sk_buff *skb)
{
	struct net_device *peer = dev->netdev_ops->ndo_get_peer_dev(dev);

	if (unlikely(!peer || skb_vlan_tag_present(skb) || skb->encapsulation ||
		     !wire_veth_is_plain(dev, peer) || !wire_is_forwardable(peer, skb)))
		return NULL;
	skb_tx_timestamp(skb);
	/* The peer counts as received what we count as sent here. */
	dev_sw_netstats_tx_add(dev, 1, skb->len);
	return peer;
}
