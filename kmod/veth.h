/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Past a veth, to its peer.
 *
 * A veth does nothing but hand frames to its peer. They can be given to the peer at once,
 * counted as the veth would have counted them; unless somebody looks at the end that is passed
 * over, or has made it do more: GRO, XDP, smaller packets.
 */
#ifndef VNET_VETH_H
#define VNET_VETH_H

#include <linux/if_vlan.h>
#include <linux/netdevice.h>

#include "wire.h"

/* What a veth can take from us: everything, unless somebody has switched something off. */
#define VNET_VETH_FEATURES                                                                         \
	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA | NETIF_F_HW_CSUM | NETIF_F_SCTP_CRC |    \
	 NETIF_F_GSO_SOFTWARE | NETIF_F_GSO_ENCAP_ALL)

/**
 * vnet_veth_is_plain - would a veth give each frame to its peer as it is?
 * @dev: the veth
 * @peer: its peer
 *
 * Frames that take the other way wait in another queue, so the answer must be the same for all
 * frames of a flow, big or small: it is about the veth.
 *
 * Context: RCU read side, BH off.
 * Return: True if so.
 */
static __always_inline bool vnet_veth_is_plain(struct net_device *dev,
					       const struct net_device *peer)
{
	return (READ_ONCE(dev->features) & VNET_VETH_FEATURES) == VNET_VETH_FEATURES &&
	       READ_ONCE(dev->gso_max_size) >= GSO_LEGACY_MAX_SIZE &&
	       READ_ONCE(dev->gso_max_segs) >= GSO_MAX_SEGS &&
	       !(READ_ONCE(peer->features) & NETIF_F_GRO) &&
	       !READ_ONCE(peer->xdp_state[XDP_MODE_DRV].prog) && netif_carrier_ok(dev) &&
	       vnet_wire_is_clear(dev);
}

/**
 * vnet_veth_passes - may a frame be handed past a veth?
 * @dev: the veth
 * @peer: its peer
 * @skb: the frame, at its Ethernet header, which fits the veth
 *
 * Context: RCU read side, BH off.
 * Return: True if so; false if it has to take the usual way.
 */
static __always_inline bool vnet_veth_passes(struct net_device *dev, const struct net_device *peer,
					     const struct sk_buff *skb)
{
	return likely(!skb_vlan_tag_present(skb)) && likely(vnet_veth_is_plain(dev, peer)) &&
	       likely(__is_skb_forwardable(peer, skb, true));
}

/**
 * vnet_veth_count - count a frame that was handed past a veth
 * @dev: the veth; its peer counts as received what is counted as sent here
 * @skb: the frame
 *
 * Context: BH off.
 */
static inline void vnet_veth_count(struct net_device *dev, const struct sk_buff *skb)
{
	dev_sw_netstats_tx_add(dev, 1, skb->len);
}

#endif
