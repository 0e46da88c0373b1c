/* SPDX-License-Identifier: GPL-2.0 */
/* The host adapter: netdev of kind vnet. */
#ifndef VNET_HOST_H
#define VNET_HOST_H

#include <linux/netdevice.h>

struct vnet;

void vnet_host_setup(struct net_device *dev);
bool vnet_is_vnet(const struct net_device *dev);
void vnet_host_set(struct vnet *vnet, bool on);
void vnet_host_close_ports(struct vnet *vnet, struct list_head *kill);

#endif
