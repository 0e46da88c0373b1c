/* SPDX-License-Identifier: GPL-2.0 */
/* The port that gets the frames of one that has no carrier. */
#ifndef VNET_BACKUP_H
#define VNET_BACKUP_H

struct netlink_ext_ack;
struct nlattr;
struct sk_buff;
struct vnet_port;

int vnet_backup_check(struct vnet_port *port, const struct nlattr *attr,
		      struct netlink_ext_ack *extack);
void vnet_backup_apply(struct vnet_port *port, const struct nlattr *attr);
bool vnet_backup_stands_in(struct vnet_port *port);
void vnet_backup_gone(struct vnet_port *port);
int vnet_backup_put(struct sk_buff *skb, const struct vnet_port *port, int attr);

#endif
