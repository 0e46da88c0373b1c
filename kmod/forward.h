/* SPDX-License-Identifier: GPL-2.0 */
/* Which ports a frame leaves by. */
#ifndef VNET_FORWARD_H
#define VNET_FORWARD_H

#include "deliver.h"

void vnet_forward(struct vnet_port *from, struct vnet_port *to, struct sk_buff *skb,
		  enum vnet_door door);
void vnet_flood(struct vnet_port *from, struct sk_buff *skb, enum vnet_door door);

#endif
