/* SPDX-License-Identifier: GPL-2.0 */
/* Which ports a frame leaves by: one that is known, or all that may see it. */
#ifndef VNET_FORWARD_H
#define VNET_FORWARD_H

#include <linux/tracepoint-defs.h>

#include "deliver.h"
#include "drop.h"
#include "port.h"

bool vnet_flood_may(const struct vnet_port *from, const struct vnet_port *to, u16 vid);
void vnet_flood_next(struct vnet_port *from, struct vnet_port *to, struct sk_buff *skb, u16 vid,
		     struct vnet_port **last);
void vnet_flood_last(struct vnet_port *from, struct vnet_port *last, struct sk_buff *skb, u16 vid,
		     enum vnet_drop_reason otherwise);
void vnet_flood_copy(struct vnet_port *from, struct vnet_port *to, const struct sk_buff *skb,
		     u16 vid, const u8 *lladdr);
void vnet_flood(struct vnet_port *from, struct sk_buff *skb, u16 vid);

/* Flags of a port that do not take each frame: whoever sends to it has to ask. */
#define VNET_FORWARD_FLAGS								\
	(BIT(VNET_PORT_FLAG_APART) | BIT(VNET_PORT_FLAG_STOPPED) |			\
	 BIT(VNET_PORT_FLAG_HORIZON))

DECLARE_TRACEPOINT(vnet_forward);
void vnet_forward_trace(const struct vnet_port *from, const struct vnet_port *to,
			const struct sk_buff *skb, u16 vid);
enum vnet_drop_reason vnet_forward_why_not(const struct vnet_port *from,
					   const struct vnet_port *to);

/* Why no frame may pass between the two; VNET_DROP_COUNT if it may. */
static inline enum vnet_drop_reason vnet_forward_refusal(const struct vnet_port *from,
							 const struct vnet_port *to)
{
	return unlikely(READ_ONCE(to->flags) & VNET_FORWARD_FLAGS) ?
		vnet_forward_why_not(from, to) : VNET_DROP_COUNT;
}

/* May every frame pass from the one to the other, whatever else is to be said of it? */
static inline bool vnet_forward_takes_all(const struct vnet_port *from, const struct vnet_port *to)
{
	return likely(from != to) && likely(!(READ_ONCE(to->flags) & VNET_FORWARD_FLAGS));
}

/*
 * May a frame leave by the port that it came in through? Macvlans on top of the host
 * adapter are many hosts behind one port, and the host is one more. A bridge on top of it
 * must not get its own frames back.
 */
static inline bool vnet_forward_back(const struct vnet_port *port)
{
	if (port->kind == VNET_PORT_KIND_HOST)
		return netif_is_macvlan_port(port->dev);
	return vnet_port_has(port, VNET_PORT_FLAG_HAIRPIN);
}

/**
 * vnet_forward - send a frame to the port that its destination is behind
 * @from: port that it came in through
 * @to: port that its destination is behind
 * @skb: the frame, at its Ethernet header; gone afterwards if it is taken
 * @vid: its VLAN, 0 where the vnet does not look at VLANs
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 * Return: VNET_TAKEN; what else the core is to do if @door is VNET_DOOR_HANDLER or VNET_DOOR_HOOK.
 */
static inline enum vnet_verdict vnet_forward(struct vnet_port *from, struct vnet_port *to,
					     struct sk_buff *skb, u16 vid,
					     enum vnet_door door)
{
	enum vnet_drop_reason reason;

	if (tracepoint_enabled(vnet_forward))
		vnet_forward_trace(from, to, skb, vid);
	if (unlikely(from == to) && !vnet_forward_back(from))
		reason = VNET_DROP_SAME_PORT;
	else
		reason = vnet_forward_refusal(from, to);
	if (likely(reason == VNET_DROP_COUNT) && unlikely(vid) &&
	    unlikely(!vnet_vlan_leaves(to, &to->vlans, skb, vid)))
		reason = VNET_DROP_VLAN_EGRESS;
	if (likely(reason == VNET_DROP_COUNT))
		return vnet_deliver(from, to, skb, door);
	vnet_drop(from, skb, reason);
	return VNET_TAKEN;
}

#endif
