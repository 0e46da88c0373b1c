/* SPDX-License-Identifier: GPL-2.0 */
/* How a frame leaves the switch by a port. */
#ifndef VNET_DELIVER_H
#define VNET_DELIVER_H

#include <linux/netdevice.h>
#include <linux/tracepoint-defs.h>

#include "port.h"

/*
 * How the frame came in. A receive stack must not run below a sender that holds the
 * lock of its socket: what comes from an xmit function is queued before it is received.
 */
enum vnet_door {
	VNET_DOOR_RX,		/* from a receive softirq */
	VNET_DOOR_TX,		/* from an xmit function or an egress hook */
	VNET_DOOR_HANDLER,	/* from an rx_handler, which can go on with the frame itself */
	VNET_DOOR_HOOK,		/* from an ingress hook, behind which the core goes on with it */
};

/* What became of a frame; an rx_handler returns it as it is. */
enum vnet_verdict {
	VNET_TAKEN = RX_HANDLER_CONSUMED,	/* it is gone */
	VNET_ANOTHER = RX_HANDLER_ANOTHER,	/* skb->dev and its listeners receive it */
	VNET_PASS = RX_HANDLER_PASS,	/* the protocols of skb->dev receive it */
};

DECLARE_TRACEPOINT(vnet_deliver);
enum vnet_verdict vnet_deliver_to_member(struct vnet_port *from, struct vnet_port *to,
					 struct sk_buff *skb, enum vnet_door door);
enum vnet_verdict vnet_deliver_to_vnic(struct vnet_port *from, struct vnet_port *to,
				       struct sk_buff *skb, enum vnet_door door);
enum vnet_verdict vnet_deliver_to_uplink(struct vnet_port *from, struct vnet_port *to,
					 struct sk_buff *skb);
enum vnet_verdict vnet_deliver_to_others(struct vnet_port *from, struct vnet_port *to,
					 struct sk_buff *skb, enum vnet_door door);
enum vnet_verdict vnet_deliver_traced(struct vnet_port *from, struct vnet_port *to,
				      struct sk_buff *skb, enum vnet_door door);

static inline enum vnet_verdict vnet_deliver_by_kind(struct vnet_port *from, struct vnet_port *to,
						     struct sk_buff *skb, enum vnet_door door)
{
	if (to->kind == VNET_PORT_KIND_MEMBER)
		return vnet_deliver_to_member(from, to, skb, door);
	if (to->kind == VNET_PORT_KIND_VNIC)
		return vnet_deliver_to_vnic(from, to, skb, door);
	if (to->kind == VNET_PORT_KIND_UPLINK)
		return vnet_deliver_to_uplink(from, to, skb);
	return vnet_deliver_to_others(from, to, skb, door);
}

/**
 * vnet_deliver - let a frame leave by a port
 * @from: port that it came in through
 * @to: port that it leaves by
 * @skb: the frame, at its Ethernet header; gone afterwards if it is taken
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 * Return: VNET_TAKEN; what else the core is to do if @door is VNET_DOOR_HANDLER or VNET_DOOR_HOOK.
 */
static inline enum vnet_verdict vnet_deliver(struct vnet_port *from, struct vnet_port *to,
					     struct sk_buff *skb, enum vnet_door door)
{
	vnet_stats_tx(&to->cpu->stats, skb->len);
	/* A call that comes back would make all who are inlined here keep a stack. */
	if (tracepoint_enabled(vnet_deliver))
		return vnet_deliver_traced(from, to, skb, door);
	return vnet_deliver_by_kind(from, to, skb, door);
}

#endif
