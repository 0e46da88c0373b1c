/* SPDX-License-Identifier: GPL-2.0 */
/* The one way in for every frame. */
#ifndef VNET_INPUT_H
#define VNET_INPUT_H

#include "deliver.h"

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

enum vnet_verdict vnet_input(struct vnet_port *from, struct sk_buff *skb, enum vnet_door door);

#endif
