/* SPDX-License-Identifier: GPL-2.0 */
/* Static inbound rules. */
#ifndef VNET_NAT_FORWARD_H
#define VNET_NAT_FORWARD_H

#include <linux/list.h>
#include <linux/types.h>

#include "tuple.h"

struct netlink_ext_ack;
struct vnet;
struct vnet_nat_table;

#define VNET_FORWARDS_MAX 4096

/**
 * struct vnet_forward_config - what can be set of a forward
 * @handle: number in its vnet, 0 to be given one
 * @addr: external address, 0 for any of the host's
 * @to_addr: guest's address
 * @first: first external port
 * @last: last external port
 * @to_port: guest's port for @first
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 */
struct vnet_forward_config {
	u32 handle;
	__be32 addr;
	__be32 to_addr;
	u16 first;
	u16 last;
	u16 to_port;
	u8 proto;
};

/**
 * struct vnet_forward - a static inbound rule
 * @node: place in the table; under RTNL
 * @doomed: place among forwards that are about to be freed; under RTNL
 * @vnet: vnet of the guest
 * @config: its settings; constant
 * @hits: sessions that it has made; under the table's lock
 * @sessions: sessions now; under the table's lock
 * @rcu: frees it after its last reader
 */
struct vnet_forward {
	struct list_head node;
	struct list_head doomed;
	struct vnet *vnet;
	struct vnet_forward_config config;
	u64 hits;
	u32 sessions;
	struct rcu_head rcu;
};

struct vnet_forward *vnet_forward_add(struct vnet *vnet, const struct vnet_forward_config *config,
				      struct netlink_ext_ack *extack);
void vnet_forward_del(struct vnet_forward *forward);
void vnet_forward_flush(struct vnet *vnet);
struct vnet_forward *vnet_forward_by_handle(struct vnet *vnet, u32 handle);
struct vnet_forward *vnet_forward_outside(struct vnet *vnet, __be32 subnet, __be32 mask);
struct vnet_forward *vnet_forward_match_rcu(struct vnet_nat_table *table,
					    const struct vnet_tuple *tuple);

#endif
