/* SPDX-License-Identifier: GPL-2.0 */
/* The door of enslaved netdevs. */
#ifndef VNET_MEMBER_H
#define VNET_MEMBER_H

#include <linux/netdevice.h>

struct vnet;
struct vnet_port;

int vnet_member_open(struct vnet *vnet, struct net_device *dev, struct netlink_ext_ack *extack);
void vnet_member_close(struct vnet_port *port, struct list_head *doomed);
struct vnet_port *vnet_member_port(const struct net_device *dev);

#endif
