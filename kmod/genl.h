/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family: what its handlers share. */
#ifndef VNET_GENL_H
#define VNET_GENL_H

#include <net/genetlink.h>

struct vnet;
struct vnet_alarm_notice;
struct vnet_fdb_entry;
struct vnet_forward;
struct vnet_hash;
struct vnet_mcast_row;
struct vnet_port;

extern struct genl_family vnet_genl_family;

struct vnet *vnet_genl_find(struct net *net, struct nlattr *attr, struct netlink_ext_ack *extack);
struct vnet *vnet_genl_vnet(struct genl_info *info, int type);
struct vnet_port *vnet_genl_guest_port(struct vnet *vnet, struct nlattr *ifindex,
				       struct nlattr *number, struct netlink_ext_ack *extack);
void *vnet_genl_begin(struct sk_buff *skb, struct netlink_callback *cb, u8 command);
struct sk_buff *vnet_genl_reply(struct genl_info *info, u8 command, void **header);
int vnet_genl_finish(struct sk_buff *skb, struct genl_info *info, void *header, int err);

/* Calls @each for the vnets of a dump, going on where the last message was full. */
typedef int (*vnet_genl_each_t)(struct sk_buff *skb, struct netlink_callback *cb,
				struct vnet *vnet);
int vnet_genl_dump(struct sk_buff *skb, struct netlink_callback *cb, int vnet_attr,
		   vnet_genl_each_t each);

/**
 * struct vnet_genl_kind - what a dump says about each of its objects
 * @command: the command of its messages
 * @fill: fills in one object; returns 1 to leave it out, or -EMSGSIZE
 */
struct vnet_genl_kind {
	u8 command;
	int (*fill)(struct sk_buff *skb, struct netlink_callback *cb, const struct vnet *vnet,
		    void *object);
};

int vnet_genl_dump_ports(struct sk_buff *skb, struct netlink_callback *cb, struct vnet *vnet,
			 const struct vnet_genl_kind *kind);
int vnet_genl_dump_hash(struct sk_buff *skb, struct netlink_callback *cb, const struct vnet *vnet,
			const struct vnet_hash *hash, const struct vnet_genl_kind *kind);

size_t vnet_genl_link_size(void);
int vnet_genl_fill_link(struct sk_buff *skb, const struct vnet *vnet);
size_t vnet_genl_port_size(void);
int vnet_genl_fill_port(struct sk_buff *skb, const struct vnet_port *port);
int vnet_genl_fill_fdb(struct sk_buff *skb, const struct vnet *vnet,
		       const struct vnet_fdb_entry *entry);
int vnet_genl_fill_mdb(struct sk_buff *skb, const struct vnet *vnet,
		       const struct vnet_mcast_row *row);
int vnet_genl_fill_nat(struct sk_buff *skb, const struct vnet *vnet);
int vnet_genl_fill_forward(struct sk_buff *skb, const struct vnet_forward *forward);
int vnet_genl_fill_alarm(struct sk_buff *skb, const struct vnet *vnet,
			 const struct vnet_alarm_notice *alarm);
int vnet_genl_put_vnet(struct sk_buff *skb, const struct vnet *vnet, int index_attr, int name_attr);
int vnet_genl_put_port(struct sk_buff *skb, const struct vnet_port *port, int number_attr,
		       int name_attr);

#endif
