/* SPDX-License-Identifier: GPL-2.0 */
/* The one way in for every frame. */
#ifndef VNET_INPUT_H
#define VNET_INPUT_H

#include <linux/tracepoint-defs.h>

#include "fdb_cache.h"
#include "forward.h"

/*
 * BH are off in an xmit function, and that is an RCU read side already. Lockdep wants to be
 * told of it.
 */
#ifdef CONFIG_PROVE_RCU
#define vnet_xmit_lock() rcu_read_lock()
#define vnet_xmit_unlock() rcu_read_unlock()
#else
#define vnet_xmit_lock() do { } while (0)
#define vnet_xmit_unlock() do { } while (0)
#endif

DECLARE_TRACEPOINT(vnet_input);

/* Does somebody listen to a tracepoint that the short cuts do not have? */
static __always_inline bool vnet_input_is_traced(void)
{
	return tracepoint_enabled(vnet_input) || tracepoint_enabled(vnet_forward);
}

/**
 * vnet_input_again - where does a frame go that is like the last one of its port?
 * @from: port that it came in through
 * @eth: its Ethernet header
 * @vid: its VLAN, 0 where the vnet does not look at VLANs
 *
 * Context: RCU read side, BH off.
 * Return: The port that it is to be delivered to, whatever else may be asked of it; NULL if
 * that has to be decided.
 */
static __always_inline struct vnet_port *vnet_input_again(const struct vnet_port *from,
							  const struct ethhdr *eth, u16 vid)
{
	struct vnet_port *to = vnet_fdb_again(from, eth, vid);

	return likely(to) && likely(vnet_forward_takes_all(from, to)) ? to : NULL;
}

enum vnet_verdict vnet_input(struct vnet_port *from, struct sk_buff *skb, enum vnet_door door);

#endif
