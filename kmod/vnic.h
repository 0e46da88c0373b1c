/* SPDX-License-Identifier: GPL-2.0 */
/* The door of integrated ports: netdevs of kind vnic. */
#ifndef VNET_VNIC_H
#define VNET_VNIC_H

#include <linux/netdevice.h>
#include <net/rtnetlink.h>

struct vnet_port;

extern struct rtnl_link_ops vnet_vnic_link_ops;

bool vnet_is_vnic(const struct net_device *dev);
void vnet_vnic_close(struct vnet_port *port, struct list_head *doomed);
struct vnet_port *vnet_vnic_port(const struct net_device *dev);

#endif
