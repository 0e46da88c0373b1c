// SPDX-License-Identifier: GPL-2.0
/* The one way in for every frame: check it, learn its source, decide where it goes. */
#include "input.h"

#include <linux/etherdevice.h>

#include "fdb_cache.h"
#include "forward.h"
#include "mcast_snoop.h"
#include "trace.h"
#include "vnet.h"

/* May the frame come from its port? It dies if not. */
static bool input_accepts(struct vnet_port *from, struct vnet_fdb_cache *cache, struct sk_buff *skb,
			  u16 vid)
{
	switch (vnet_fdb_learn(from, cache, eth_hdr(skb)->h_source, vid)) {
	case VNET_FDB_SOURCE_GOOD:
		return true;
	case VNET_FDB_SOURCE_BAD:
		vnet_drop(from, skb, VNET_DROP_BAD_SOURCE);
		return false;
	case VNET_FDB_SOURCE_LOCAL:
		vnet_drop(from, skb, VNET_DROP_LOCAL_SOURCE);
		return false;
	}
	return false;
}

static enum vnet_verdict input_group(struct vnet_port *from, struct sk_buff *skb, u16 vid)
{
	if (unlikely(is_link_local_ether_addr(eth_hdr(skb)->h_dest)))
		vnet_drop(from, skb, VNET_DROP_RESERVED_GROUP);
	else if (vnet_port_has(from, VNET_PORT_FLAG_SNOOPING) &&
		 !is_broadcast_ether_addr(eth_hdr(skb)->h_dest))
		vnet_mcast_input(from, skb, vid);
	else
		vnet_flood(from, skb, vid);
	return VNET_TAKEN;
}

/**
 * vnet_input - switch a frame
 * @from: port that it came in through
 * @skb: the frame, at its Ethernet header, not shared; gone afterwards if it is taken
 * @door: how it came in
 *
 * Every door calls this, the gateway too.
 *
 * Context: RCU read side, BH off.
 * Return: VNET_TAKEN, or VNET_ANOTHER if @door is VNET_DOOR_HANDLER.
 */
enum vnet_verdict vnet_input(struct vnet_port *from, struct sk_buff *skb, enum vnet_door door)
{
	struct vnet_fdb_cache *cache = vnet_fdb_cache(from);
	struct vnet_port *to;
	u16 vid = 0;

	vnet_stats_rx(&from->cpu->stats, skb->len);
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN))) {
		vnet_drop(from, skb, VNET_DROP_TRUNCATED);
		return VNET_TAKEN;
	}
	skb_reset_mac_header(skb);
	trace_vnet_input(from, skb);
	if (unlikely(vnet_port_has(from, VNET_PORT_FLAG_VLANS))) {
		skb = vnet_vlan_ingress(from, skb, &vid);
		if (!skb)
			return VNET_TAKEN;
	}
	if (unlikely(!input_accepts(from, cache, skb, vid)))
		return VNET_TAKEN;
	if (unlikely(is_multicast_ether_addr(eth_hdr(skb)->h_dest)))
		return input_group(from, skb, vid);
	to = vnet_fdb_find(from, cache, vnet_fdb_key(eth_hdr(skb)->h_dest, vid));
	if (likely(to))
		return vnet_forward(from, to, skb, vid, door);
	vnet_flood(from, skb, vid);
	return VNET_TAKEN;
}
