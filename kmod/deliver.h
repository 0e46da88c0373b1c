/* SPDX-License-Identifier: GPL-2.0 */
/* How a frame leaves the switch by a port. */
#ifndef VNET_DELIVER_H
#define VNET_DELIVER_H

#include <linux/skbuff.h>

struct vnet_port;

/*
 * How the frame came in. A receive stack must not run below a sender that holds the
 * lock of its socket: what comes from an xmit function is queued before it is received.
 */
enum vnet_door {
	VNET_DOOR_RX,		/* from a receive softirq */
	VNET_DOOR_TX,		/* from an xmit function or an egress hook */
	VNET_DOOR_HANDLER,	/* from an rx_handler, which can go on with the frame itself */
};

/* What became of a frame. */
enum vnet_verdict {
	VNET_TAKEN,	/* it is gone */
	VNET_ANOTHER,	/* the rx_handler shall return RX_HANDLER_ANOTHER: skb->dev receives it */
	VNET_PASS,	/* the rx_handler shall return RX_HANDLER_PASS: the host receives it */
};

enum vnet_verdict vnet_deliver(struct vnet_port *from, struct vnet_port *to, struct sk_buff *skb,
			       enum vnet_door door);

#endif
