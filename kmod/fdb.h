/* SPDX-License-Identifier: GPL-2.0 */
/* Which MAC address is behind which port. */
#ifndef VNET_FDB_H
#define VNET_FDB_H

#include <linux/atomic.h>
#include <linux/if_ether.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <uapi/linux/vnet.h>

#include "hash.h"

struct netlink_ext_ack;
struct vnet;
struct vnet_port;

#define VNET_FDB_DEFAULT_MAX 65536
#define VNET_FDB_DEFAULT_AGEING (300 * HZ)

/**
 * struct vnet_fdb_entry - a known address
 * @node: place in the table
 * @port: where frames to it go; changed under the table's lock
 * @key: vnet_fdb_key() of the address and its VLAN; constant
 * @addr: the address; constant
 * @vid: its VLAN, 0 where VLANs are not told apart; constant
 * @state: enum vnet_fdb_state; changed under the table's lock
 * @seen: jiffies of its last frame, at most one second old
 * @moved: jiffies at which it has moved to another port last; under the table's lock
 * @moves: how often it has, one shortly after the other; under the table's lock
 * @rcu: frees it after its last reader
 */
struct vnet_fdb_entry {
	struct vnet_hash_node node;
	u64 key;
	struct vnet_port *port;
	u8 addr[ETH_ALEN];
	u16 vid;
	u8 state;
	unsigned long seen;
	unsigned long moved;
	u8 moves;
	struct rcu_head rcu;
};

/**
 * struct vnet_fdb - the addresses of a vnet
 * @hash: the table; its lock guards everything here
 * @generation: changes after an address has moved or gone; read without the lock. 64 bits, because
 *	a sender could make 32 come round and so revive what a cache has kept
 * @learned: entries of state learned
 * @max_learned: bound of @learned; changed under RTNL
 * @ageing: jiffies until a learned address is forgotten, 0 for never; changed under RTNL
 * @ager: forgets addresses and grows the table
 * @filter_dev: NIC whose filter list follows the guests' addresses, or NULL
 */
struct vnet_fdb {
	struct vnet_hash hash;
	atomic64_t generation;
	u32 learned;
	u32 max_learned;
	unsigned long ageing;
	struct delayed_work ager;
	struct net_device *filter_dev;
};

/* What vnet_fdb_flush() removes. */
enum vnet_fdb_flush {
	VNET_FDB_FLUSH_LEARNED,
	VNET_FDB_FLUSH_STRAY,	/* learned, in VLANs that their port is not in any more */
	VNET_FDB_FLUSH_TOPOLOGY,	/* learned, behind ports whose @stp.flush is set */
	VNET_FDB_FLUSH_ALL,
};

/* Address and VLAN as one number. */
static inline u64 vnet_fdb_key(const u8 *addr, u16 vid)
{
	u32 first;
	u16 rest;

	memcpy(&first, addr, sizeof(first));
	memcpy(&rest, addr + sizeof(first), sizeof(rest));
	return (u64)first << 32 | (u64)rest << 16 | vid;
}

int vnet_fdb_init(struct vnet *vnet);
void vnet_fdb_exit(struct vnet *vnet);
void vnet_fdb_forget_caches(struct vnet_fdb *fdb);
struct vnet_port *vnet_fdb_port_rcu(struct vnet_fdb *fdb, u64 key);
struct vnet_fdb_entry *vnet_fdb_find_rcu(struct vnet_fdb *fdb, u64 key);
int vnet_fdb_add(struct vnet_port *port, const u8 *addr, u16 vid, enum vnet_fdb_state state,
		 struct netlink_ext_ack *extack);
int vnet_fdb_del(struct vnet *vnet, const u8 *addr, u16 vid, struct netlink_ext_ack *extack);
void vnet_fdb_del_local(struct vnet_port *port, const u8 *addr);
void vnet_fdb_flush(struct vnet *vnet, const struct vnet_port *port, enum vnet_fdb_flush what);
void vnet_fdb_set_filter(struct vnet *vnet, struct net_device *dev);
void vnet_fdb_set_ageing(struct vnet *vnet, unsigned long ageing);

#endif
