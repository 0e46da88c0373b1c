/* SPDX-License-Identifier: GPL-2.0 */
/* NAT state of a namespace: what its vnets share, because they share the host's addresses. */
#ifndef VNET_NAT_TABLE_H
#define VNET_NAT_TABLE_H

#include <linux/list.h>
#include <linux/types.h>

#include "../hash.h"
#include "timer.h"

struct net;
struct vnet_portset;

#define VNET_NAT_EXTERNALS_MAX 256
#define VNET_NAT_PORTS 65536

/**
 * struct vnet_external - the ports of one of the host's addresses for one protocol
 * @node: place in the table
 * @addr: the address
 * @proto: IP protocol
 * @ports: who has which port
 * @rcu: frees it after its last reader
 */
struct vnet_external {
	struct list_head node;
	__be32 addr;
	u8 proto;
	struct vnet_portset *ports;
	struct rcu_head rcu;
};

/**
 * struct vnet_nat_table - NAT state of a namespace
 * @net: the namespace
 * @lock: guards sessions, mappings and @externals as a whole; BH off
 * @flows: both directions of each session, by tuple
 * @peers: sessions by mapping and remote address, for the filter
 * @mappings: mappings by internal endpoint
 * @externals: the host's addresses; RCU readers, writers under @lock
 * @n_externals: length of @externals; under @lock
 * @forwards: forwards of all vnets; RCU readers, writers under RTNL
 * @forward_ports: external ports of @forwards, for TCP and UDP
 * @wheel: ends sessions
 * @grower: grows the hash tables
 */
struct vnet_nat_table {
	struct net *net;
	spinlock_t lock; /* sessions, mappings, @externals */
	struct vnet_hash flows;
	struct vnet_hash peers;
	struct vnet_hash mappings;
	struct list_head externals;
	u32 n_externals;
	struct list_head forwards;
	unsigned long *forward_ports[2];
	struct vnet_timer_wheel wheel;
	struct delayed_work grower;
};

struct vnet_nat_table *vnet_nat_table_alloc(struct net *net);
void vnet_nat_table_free(struct vnet_nat_table *table);
struct vnet_nat_table *vnet_nat_table_rtnl(const struct net *net);
struct vnet_nat_table *vnet_nat_table_rcu(const struct net *net);
struct vnet_external *vnet_external_find(struct vnet_nat_table *table, __be32 addr, u8 proto);
struct vnet_external *vnet_external_get_locked(struct vnet_nat_table *table, __be32 addr, u8 proto);
void vnet_external_prepare(struct vnet_nat_table *table, __be32 addr);
void vnet_external_del(struct vnet_nat_table *table, __be32 addr);
bool vnet_external_known(struct vnet_nat_table *table, __be32 addr);

/* Row of forward_ports for a protocol, -1 if it cannot be forwarded. */
static inline int vnet_forward_row(u8 proto)
{
	return proto == IPPROTO_TCP ? 0 : proto == IPPROTO_UDP ? 1 : -1;
}

#endif
