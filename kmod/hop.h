/* SPDX-License-Identifier: GPL-2.0 */
/* From a sender's context to a receiver's: the one queue of a processor. */
#ifndef VNET_HOP_H
#define VNET_HOP_H

#include <linux/skbuff.h>

int vnet_hop_init(void);
void vnet_hop_exit(void);
bool vnet_hop(struct sk_buff *skb);
bool vnet_hop_waits(void);

#endif
