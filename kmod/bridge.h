/* SPDX-License-Identifier: GPL-2.0 */
/* What bridge(8) asks and says of ports and addresses. */
#ifndef VNET_BRIDGE_H
#define VNET_BRIDGE_H

#include <linux/types.h>

struct net_device;
struct netlink_ext_ack;
struct nlmsghdr;
struct sk_buff;
struct ndmsg;
struct netlink_callback;
struct nlattr;
struct vnet;
struct vnet_fdb_entry;
struct vnet_mcast_row;
struct vnet_port;

int vnet_bridge_getlink(struct sk_buff *skb, u32 pid, u32 seq, const struct vnet_port *port,
			u32 filter_mask, int flags);
int vnet_bridge_setlink(struct vnet_port *port, struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack);
int vnet_bridge_dellink(struct vnet_port *port, struct nlmsghdr *nlh);

void vnet_bridge_tell_port(const struct vnet_port *port, int type);

int vnet_bridge_fill_fdb(struct sk_buff *skb, u32 portid, u32 seq, const struct vnet *vnet,
			 const struct vnet_fdb_entry *entry, int type, int flags, bool self);
void vnet_bridge_tell_fdb(const struct vnet *vnet, const struct vnet_fdb_entry *entry, int type);
int vnet_bridge_dump_fdb(struct sk_buff *skb, struct netlink_callback *cb, struct net_device *dev,
			 struct net_device *filter_dev, int *idx);
int vnet_bridge_add_fdb(struct ndmsg *ndm, struct nlattr *tb[], struct net_device *dev,
			const unsigned char *addr, u16 vid, u16 flags,
			struct netlink_ext_ack *extack);
int vnet_bridge_del_fdb(struct ndmsg *ndm, struct nlattr *tb[], struct net_device *dev,
			const unsigned char *addr, u16 vid, struct netlink_ext_ack *extack);
int vnet_bridge_get_fdb(struct sk_buff *skb, struct nlattr *tb[], struct net_device *dev,
			const unsigned char *addr, u16 vid, u32 portid, u32 seq,
			struct netlink_ext_ack *extack);
int vnet_bridge_flush_fdb(struct nlattr *tb[], struct net_device *dev,
			  struct netlink_ext_ack *extack);

void vnet_bridge_tell_mdb(const struct vnet *vnet, const struct vnet_mcast_row *row, int type);
int vnet_bridge_dump_mdb(struct net_device *dev, struct sk_buff *skb, struct netlink_callback *cb);
int vnet_bridge_add_mdb(struct net_device *dev, struct nlattr *tb[], u16 flags,
			struct netlink_ext_ack *extack);
int vnet_bridge_del_mdb(struct net_device *dev, struct nlattr *tb[],
			struct netlink_ext_ack *extack);
int vnet_bridge_flush_mdb(struct net_device *dev, struct nlattr *tb[],
			  struct netlink_ext_ack *extack);
int vnet_bridge_get_mdb(struct net_device *dev, struct nlattr *tb[], u32 portid, u32 seq,
			struct netlink_ext_ack *extack);

#endif
