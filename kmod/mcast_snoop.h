/* SPDX-License-Identifier: GPL-2.0 */
/* How a frame to a group is forwarded while a vnet snoops. */
#ifndef VNET_MCAST_SNOOP_H
#define VNET_MCAST_SNOOP_H

#include <linux/skbuff.h>

struct vnet_port;

void vnet_mcast_input(struct vnet_port *from, struct sk_buff *skb, u16 vid);

#endif
