/* SPDX-License-Identifier: GPL-2.0 */
/* How many frames a port may have flooded in a second. */
#ifndef VNET_STORM_H
#define VNET_STORM_H

#include <linux/atomic.h>
#include <linux/types.h>

struct nlattr;
struct sk_buff;
struct vnet_port;

/* Kinds of frames that are flooded; their attributes are VNET_PORT_STORM_* in this order. */
enum vnet_storm_kind {
	VNET_STORM_BROADCAST,
	VNET_STORM_MULTICAST,
	VNET_STORM_UNKNOWN,
	VNET_STORM_KINDS
};

/**
 * struct vnet_storm - the bound of one kind
 * @rate: frames in a second, 0 for any number; changed under RTNL
 * @due: when the next frame would come if they came evenly, in nanoseconds since boot
 */
struct vnet_storm {
	u32 rate;
	atomic64_t due;
};

bool vnet_storm_passes(struct vnet_port *from, struct sk_buff *skb);
void vnet_storm_apply(struct vnet_port *port, struct nlattr *attrs[]);
int vnet_storm_put(struct sk_buff *skb, const struct vnet_port *port);

#endif
