/* SPDX-License-Identifier: GPL-2.0 */
/* What the netdevs of both kinds have in common. */
#ifndef VNET_NETDEV_H
#define VNET_NETDEV_H

#include <linux/netdevice.h>

struct ethtool_drvinfo;
struct vnet_port;

void vnet_netdev_setup(struct net_device *dev, bool immutable);
void vnet_netdev_stats(const struct vnet_port *port, struct rtnl_link_stats64 *stats);
void vnet_netdev_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info);
int vnet_netdev_count_counters(struct net_device *dev, int set);
void vnet_netdev_name_counters(struct net_device *dev, u32 set, u8 *names);
void vnet_netdev_read_counters(const struct vnet_port *port, u64 *values);
int vnet_netdev_check_address(struct nlattr *tb[], struct netlink_ext_ack *extack);

#endif
