// SPDX-License-Identifier: GPL-2.0
/* Which ports a frame leaves by: one that is known, or all that may see it. */
#include "forward.h"

#include <linux/etherdevice.h>

#include "trace.h"
#include "vnet.h"

/**
 * vnet_forward_trace - the tracepoint of vnet_forward(), which is inline
 * @from: port that the frame came in through
 * @to: port that its destination is behind
 * @skb: the frame, at its Ethernet header
 * @vid: its VLAN
 *
 * Context: RCU read side, BH off.
 */
noinline void vnet_forward_trace(const struct vnet_port *from, const struct vnet_port *to,
				 const struct sk_buff *skb, u16 vid)
{
	trace_vnet_forward(from, to, skb, vid);
}

/**
 * vnet_forward_why_not - may no frame pass between two ports?
 * @from: port that frames come in through
 * @to: port that they should leave by; it has one of VNET_FORWARD_FLAGS
 *
 * Context: RCU read side.
 * Return: Why, or VNET_DROP_COUNT if they may.
 */
noinline enum vnet_drop_reason vnet_forward_why_not(const struct vnet_port *from,
						    const struct vnet_port *to)
{
	if (vnet_port_has(to, VNET_PORT_FLAG_STOPPED))
		return VNET_DROP_PORT_BLOCKED;
	if (from == to)
		return VNET_DROP_COUNT;
	if (vnet_port_has(from, VNET_PORT_FLAG_ISOLATED) &&
	    vnet_port_has(to, VNET_PORT_FLAG_ISOLATED))
		return VNET_DROP_ISOLATED;
	if (vnet_port_has(from, VNET_PORT_FLAG_APART) &&
	    vnet_port_has(to, VNET_PORT_FLAG_APART) && vnet_private_vlan_apart(from, to))
		return VNET_DROP_PRIVATE_VLAN;
	if (to->horizon && READ_ONCE(from->horizon) == READ_ONCE(to->horizon))
		return VNET_DROP_HORIZON;
	return VNET_DROP_COUNT;
}

/* May a frame to many pass from the one port to the other? */
static __always_inline bool forward_passes(const struct vnet_port *from,
					   const struct vnet_port *to, u16 vid)
{
	if (vid && !test_bit(vid, to->vlans.member))
		return false;
	if (to == from && !vnet_forward_back(from))
		return false;
	return vnet_forward_refusal(from, to) == VNET_DROP_COUNT;
}

/* The gateway is no destination of floods but for ARP; ports that are off are passed over. */
static bool forward_may_flood(const struct vnet_port *from, const struct vnet_port *to,
			      const struct ethhdr *eth, u16 vid, enum vnet_port_flag wanted)
{
	if (!forward_passes(from, to, vid))
		return false;
	if (to->kind == VNET_PORT_KIND_GATEWAY)
		return is_broadcast_ether_addr(eth->h_dest) && eth->h_proto == htons(ETH_P_ARP);
	return vnet_port_has(to, wanted) && vnet_port_is_up(to);
}

/* The switch of a port that lets such frames be flooded to it. */
static enum vnet_port_flag forward_flood_flag(const u8 *dst)
{
	if (is_broadcast_ether_addr(dst))
		return VNET_PORT_FLAG_BCAST_FLOOD;
	return is_multicast_ether_addr(dst) ? VNET_PORT_FLAG_MCAST_FLOOD
					    : VNET_PORT_FLAG_UNICAST_FLOOD;
}

/* A port that has left the VLAN meanwhile gets nothing. */
static __always_inline void forward_flooded(struct vnet_port *from, struct vnet_port *to,
					    struct sk_buff *skb, u16 vid)
{
	if (vid && unlikely(!vnet_vlan_leaves(to, &to->vlans, skb, vid)))
		vnet_drop(from, skb, VNET_DROP_VLAN_EGRESS);
	else
		vnet_deliver(from, to, skb, VNET_DOOR_TX);
}

/* Inline: a flood is a loop over it. */
static __always_inline void forward_next(struct vnet_port *from, struct vnet_port *to,
					 struct sk_buff *skb, u16 vid, struct vnet_port **last)
{
	struct sk_buff *copy;

	if (*last) {
		copy = skb_clone(skb, GFP_ATOMIC);
		if (copy)
			forward_flooded(from, *last, copy, vid);
		else
			vnet_drop_count(from, VNET_DROP_NO_MEMORY);
	}
	*last = to;
}

/**
 * vnet_flood_may - may a frame to a group leave by a port that wants it?
 * @from: port that it came in through
 * @to: the port
 * @vid: its VLAN, 0 where the vnet does not look at VLANs
 *
 * Context: RCU read side.
 * Return: True if so.
 */
bool vnet_flood_may(const struct vnet_port *from, const struct vnet_port *to, u16 vid)
{
	return forward_passes(from, to, vid) && to->kind != VNET_PORT_KIND_GATEWAY &&
	       vnet_port_is_up(to);
}

/**
 * vnet_flood_next - one more port is to get a frame
 * @from: port that it came in through
 * @to: the port
 * @skb: the frame, at its Ethernet header
 * @vid: its VLAN, 0 where the vnet does not look at VLANs
 * @last: the port before, which gets a copy now; NULL to begin with
 *
 * Context: RCU read side, BH off.
 */
void vnet_flood_next(struct vnet_port *from, struct vnet_port *to, struct sk_buff *skb, u16 vid,
		     struct vnet_port **last)
{
	forward_next(from, to, skb, vid, last);
}

/**
 * vnet_flood_last - there is no more port
 * @from: port that the frame came in through
 * @last: port that vnet_flood_next() was told of last; it gets the frame itself
 * @skb: the frame, at its Ethernet header; gone afterwards
 * @vid: its VLAN, 0 where the vnet does not look at VLANs
 * @otherwise: why it dies if there was no port
 *
 * Context: RCU read side, BH off.
 */
void vnet_flood_last(struct vnet_port *from, struct vnet_port *last, struct sk_buff *skb, u16 vid,
		     enum vnet_drop_reason otherwise)
{
	if (last)
		forward_flooded(from, last, skb, vid);
	else
		vnet_drop(from, skb, otherwise);
}

/**
 * vnet_flood_copy - one host is to get a copy of a frame
 * @from: port that it came in through
 * @to: port that the host is behind
 * @skb: the frame, at its Ethernet header, which is pulled
 * @vid: its VLAN, 0 where the vnet does not look at VLANs
 * @lladdr: the host's MAC address, to which the copy is sent
 *
 * Context: RCU read side, BH off.
 */
void vnet_flood_copy(struct vnet_port *from, struct vnet_port *to, const struct sk_buff *skb,
		     u16 vid, const u8 *lladdr)
{
	struct sk_buff *copy = pskb_copy((struct sk_buff *)skb, GFP_ATOMIC);

	if (unlikely(!copy)) {
		vnet_drop_count(from, VNET_DROP_NO_MEMORY);
		return;
	}
	ether_addr_copy(eth_hdr(copy)->h_dest, lladdr);
	forward_flooded(from, to, copy, vid);
}

/**
 * vnet_flood - send a frame to all ports that may see it
 * @from: port that it came in through
 * @skb: the frame, at its Ethernet header; gone afterwards
 * @vid: its VLAN, 0 where the vnet does not look at VLANs
 *
 * Every port but the last gets a clone. A clone is received from a queue, because a
 * receiver may answer and its answer must not overtake the rest of the flood.
 *
 * Context: RCU read side, BH off.
 */
void vnet_flood(struct vnet_port *from, struct sk_buff *skb, u16 vid)
{
	enum vnet_port_flag wanted = forward_flood_flag(eth_hdr(skb)->h_dest);
	struct vnet_port *port, *last = NULL;

	trace_vnet_flood(from, skb, vid);
	list_for_each_entry_rcu(port, &from->vnet->ports, node)
		if (forward_may_flood(from, port, eth_hdr(skb), vid, wanted))
			forward_next(from, port, skb, vid, &last);
	vnet_flood_last(from, last, skb, vid, VNET_DROP_NO_DESTINATION);
}
