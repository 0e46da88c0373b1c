/* SPDX-License-Identifier: GPL-2.0 */
/* ICMP errors about packets that NAT has translated. */
#ifndef VNET_NAT_ICMP_H
#define VNET_NAT_ICMP_H

#include <linux/skbuff.h>

#include "../deliver.h"

struct vnet_nat_table;
struct vnet_port;

void vnet_nat_icmp_out(struct vnet_nat_table *table, struct vnet_port *from, struct sk_buff *skb);
bool vnet_nat_icmp_in(struct vnet_nat_table *table, struct sk_buff *skb, enum vnet_door door);

#endif
