/* SPDX-License-Identifier: GPL-2.0 */
/* The MTU of a vnet. */
#ifndef VNET_MTU_H
#define VNET_MTU_H

struct netlink_ext_ack;
struct vnet;

int vnet_mtu_follow(struct vnet *vnet, struct netlink_ext_ack *extack);
void vnet_mtu_recover(struct vnet *vnet);
void vnet_mtu_set(struct vnet *vnet, unsigned int mtu);

#endif
