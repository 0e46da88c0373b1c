/* SPDX-License-Identifier: GPL-2.0 */
/* The door of netdevs that are watched and not enslaved. */
#ifndef VNET_UPLINK_H
#define VNET_UPLINK_H

#include <linux/netdevice.h>
#include <linux/netfilter.h>

struct vnet;
struct vnet_port;

int vnet_uplink_open(struct vnet *vnet, struct net_device *dev, struct netlink_ext_ack *extack);
void vnet_uplink_close(struct vnet *vnet);
int vnet_uplink_watch(struct net_device *dev, struct netlink_ext_ack *extack);
void vnet_uplink_unwatch(struct net_device *dev);
void vnet_uplink_gone(struct net_device *dev);
struct vnet_port *vnet_uplink_port(const struct net_device *dev);
nf_hookfn vnet_uplink_egress;

#endif
