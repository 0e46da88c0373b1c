/* SPDX-License-Identifier: GPL-2.0 */
/* Where packets for guests behind NAT come in. */
#ifndef VNET_NAT_DOOR_H
#define VNET_NAT_DOOR_H

#include <linux/skbuff.h>

struct in_ifaddr;
struct net;
struct net_device;
struct netlink_ext_ack;
struct vnet_nat_table;

int vnet_nat_door_open(struct net *net, struct netlink_ext_ack *extack);
void vnet_nat_door_close(struct net *net);
int vnet_nat_door_check_addr(struct net_device *dev, struct netlink_ext_ack *extack);
void vnet_nat_door_add_addr(const struct in_ifaddr *addr);
void vnet_nat_door_del_addr(const struct in_ifaddr *addr);
bool vnet_nat_door_is_own(const struct vnet_nat_table *table, __be32 addr);
bool vnet_nat_door_receive(struct sk_buff *skb);

#endif
