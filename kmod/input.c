// SPDX-License-Identifier: GPL-2.0
/* The one way in for every frame: check it, learn its source, decide where it goes. */
#include "input.h"

#include <linux/etherdevice.h>

#include "link_local.h"
#include "port_state.h"
#include "storm.h"
#include "suppress.h"
#include "mcast_snoop.h"
#include "trace.h"
#include "vnet.h"

/*
 * A frame that may not come from its port dies. What the link itself says is heard all the same:
 * BPDUs of the vnet that come back by a loop, and 802.1X, by which a locked port is opened.
 */
static noinline enum vnet_verdict input_refuse(struct vnet_port *from, struct sk_buff *skb,
					       enum vnet_fdb_source source, enum vnet_door door)
{
	if (source != VNET_FDB_SOURCE_BAD && is_link_local_ether_addr(eth_hdr(skb)->h_dest))
		return vnet_link_local_receive(from, skb, door);
	switch (source) {
	case VNET_FDB_SOURCE_GOOD:
		break;
	case VNET_FDB_SOURCE_BAD:
		vnet_drop(from, skb, VNET_DROP_BAD_SOURCE);
		break;
	case VNET_FDB_SOURCE_LOCAL:
		if (!vnet_loop_guard_takes(from, skb))
			vnet_drop(from, skb, VNET_DROP_LOCAL_SOURCE);
		break;
	case VNET_FDB_SOURCE_LOCKED:
		vnet_drop(from, skb, VNET_DROP_LOCKED);
		break;
	case VNET_FDB_SOURCE_LIMIT:
		vnet_drop(from, skb, VNET_DROP_FDB_LIMIT);
		break;
	}
	return VNET_TAKEN;
}

/* It may be one more than its port may have sent to many. */
static bool input_may_flood(struct vnet_port *from, struct sk_buff *skb)
{
	return likely(!vnet_port_has(from, VNET_PORT_FLAG_STORM)) || vnet_storm_passes(from, skb);
}

static enum vnet_verdict input_group(struct vnet_port *from, struct sk_buff *skb, u16 vid,
				     enum vnet_door door)
{
	if (unlikely(is_link_local_ether_addr(eth_hdr(skb)->h_dest)))
		return vnet_link_local_receive(from, skb, door);
	if (vnet_suppress(from, skb, vid) || !input_may_flood(from, skb))
		return VNET_TAKEN;
	if (vnet_port_has(from, VNET_PORT_FLAG_SNOOPING) &&
	    !is_broadcast_ether_addr(eth_hdr(skb)->h_dest))
		vnet_mcast_input(from, skb, vid);
	else
		vnet_flood(from, skb, vid);
	return VNET_TAKEN;
}

/* Where does a frame of a known VLAN go? */
static enum vnet_verdict input_switch(struct vnet_port *from, struct vnet_fdb_cache *cache,
				      struct sk_buff *skb, u16 vid, enum vnet_door door)
{
	enum vnet_fdb_source source = vnet_fdb_learn(from, cache, eth_hdr(skb)->h_source, vid);
	struct vnet_port *to;

	if (unlikely(source != VNET_FDB_SOURCE_GOOD))
		return input_refuse(from, skb, source, door);
	if (unlikely(is_multicast_ether_addr(eth_hdr(skb)->h_dest)))
		return input_group(from, skb, vid, door);
	to = vnet_fdb_find(from, cache, vnet_fdb_key(eth_hdr(skb)->h_dest, vid));
	if (likely(to))
		return vnet_forward(from, to, skb, vid, door);
	if (input_may_flood(from, skb))
		vnet_flood(from, skb, vid);
	return VNET_TAKEN;
}

/* A frame that comes in through a port that is STOPPED dies; its source may be learned. */
static void input_stopped(struct vnet_port *from, struct vnet_fdb_cache *cache,
			  struct sk_buff *skb, u16 vid)
{
	if (vnet_port_learns(from))
		vnet_fdb_learn(from, cache, eth_hdr(skb)->h_source, vid);
	vnet_drop(from, skb, VNET_DROP_PORT_BLOCKED);
}

/* The VLAN of a frame of a port that has one of VNET_PORT_LOOKS; NULL if the frame has died. */
static noinline struct sk_buff *input_look(struct vnet_port *from, struct vnet_fdb_cache *cache,
					   struct sk_buff *skb, u16 *vid)
{
	if (vnet_port_has(from, VNET_PORT_FLAG_VLANS)) {
		skb = vnet_vlan_ingress(from, skb, vid);
		if (unlikely(!skb))
			return NULL;
	}
	if (unlikely(vnet_port_has(from, VNET_PORT_FLAG_STOPPED))) {
		input_stopped(from, cache, skb, *vid);
		return NULL;
	}
	if (unlikely(vnet_port_has(from, VNET_PORT_FLAG_WATCH)))
		vnet_suppress_watch(from, skb, *vid);
	return skb;
}

/* The way of a frame, with all that can be asked of it. */
static noinline enum vnet_verdict input_whole_way(struct vnet_port *from, struct sk_buff *skb,
						  enum vnet_door door)
{
	struct vnet_fdb_cache *cache = vnet_fdb_cache(from);
	u16 vid = 0;

	if (unlikely(!pskb_may_pull(skb, ETH_HLEN))) {
		vnet_drop(from, skb, VNET_DROP_TRUNCATED);
		return VNET_TAKEN;
	}
	skb_reset_mac_header(skb);
	trace_vnet_input(from, skb);
	if (unlikely(READ_ONCE(from->flags) & VNET_PORT_LOOKS)) {
		/* It belongs to no VLAN, and comes in whatever the port's state is. */
		if (unlikely(is_link_local_ether_addr(eth_hdr(skb)->h_dest)))
			return vnet_link_local_receive(from, skb, door);
		skb = input_look(from, cache, skb, &vid);
		if (!skb)
			return VNET_TAKEN;
	}
	return input_switch(from, cache, skb, vid, door);
}

/* The short cut of a port that has nothing but VLANs, for frames without a tag. */
static noinline enum vnet_verdict input_vlan(struct vnet_port *from, struct sk_buff *skb,
					     enum vnet_door door)
{
	u16 vid = vnet_vlan_plain(&from->vlans, READ_ONCE(from->vnet->vlan.protocol), skb);
	struct vnet_port *to;

	if (unlikely(!vid))
		return input_whole_way(from, skb, door);
	to = vnet_input_again(from, (const struct ethhdr *)skb->data, vid);
	if (unlikely(!to) || unlikely(vid != READ_ONCE(to->vlans.plain)))
		return input_whole_way(from, skb, door);
	return vnet_deliver(from, to, skb, door);
}

/**
 * vnet_input - switch a frame
 * @from: port that it came in through
 * @skb: the frame, at its Ethernet header, not shared; gone afterwards if it is taken
 * @door: how it came in
 *
 * Every door calls this, the gateway too. Most frames come from the address that the last
 * one of their port came from, and go to the one that it went to: they take a short cut,
 * which decides nothing that has not been decided for the frame before.
 *
 * Context: RCU read side, BH off.
 * Return: VNET_TAKEN; VNET_PASS, with the same @skb, if @door is VNET_DOOR_HANDLER or
 * VNET_DOOR_HOOK; VNET_ANOTHER if it is VNET_DOOR_HANDLER.
 */
enum vnet_verdict vnet_input(struct vnet_port *from, struct sk_buff *skb, enum vnet_door door)
{
	unsigned long looks = READ_ONCE(from->flags) & VNET_PORT_LOOKS;
	struct vnet_port *to;

	vnet_stats_rx(&from->cpu->stats, skb->len);
	if (unlikely(skb_headlen(skb) < ETH_HLEN) || vnet_input_is_traced())
		return input_whole_way(from, skb, door);
	skb_reset_mac_header(skb);
	if (unlikely(looks))
		return looks == BIT(VNET_PORT_FLAG_VLANS) ? input_vlan(from, skb, door) :
							    input_whole_way(from, skb, door);
	to = vnet_input_again(from, (const struct ethhdr *)skb->data, 0);
	if (unlikely(!to))
		return input_whole_way(from, skb, door);
	return vnet_deliver(from, to, skb, door);
}
