/* SPDX-License-Identifier: GPL-2.0 */
/* Whom a port may exchange frames with (RFC 5517). */
#ifndef VNET_PRIVATE_VLAN_H
#define VNET_PRIVATE_VLAN_H

#include <linux/types.h>

struct netlink_ext_ack;
struct nlattr;
struct sk_buff;
struct vnet_port;

/* struct vnet_port.community: 0 is promiscuous, a community has its number. */
#define VNET_COMMUNITY_PROMISCUOUS 0
#define VNET_COMMUNITY_ISOLATED 0xffff

bool vnet_private_vlan_apart(const struct vnet_port *from, const struct vnet_port *to);
int vnet_private_vlan_check(const struct vnet_port *port, struct nlattr *attrs[],
			    struct netlink_ext_ack *extack);
void vnet_private_vlan_apply(struct vnet_port *port, struct nlattr *attrs[]);
int vnet_private_vlan_put(struct sk_buff *skb, const struct vnet_port *port);

#endif
