/* SPDX-License-Identifier: GPL-2.0 */
/* Where something plugs into a vnet. */
#ifndef VNET_PORT_H
#define VNET_PORT_H

#include <linux/netdevice.h>
#include <uapi/linux/vnet.h>

#include "fdb.h"
#include "private_vlan.h"
#include "mcast.h"
#include "stats.h"
#include "stp/stp.h"
#include "storm.h"
#include "vlan.h"

struct vnet;
struct vnet_binding;
struct vnet_sysfs;

/* Ports that every vnet may have once have fixed numbers; members and vnics count up from the last.
 */
#define VNET_PORT_NUMBER_HOST 0
#define VNET_PORT_NUMBER_GATEWAY 1
#define VNET_PORT_NUMBER_UPLINK 2
#define VNET_PORT_NUMBER_FIRST 3

#define VNET_PORT_MAX_LEARNED 4096
#define VNET_PORT_DEFAULT_SESSIONS 16384

/**
 * struct vnet_port_fragments - memory of fragments that wait for the rest of their datagrams
 * @bytes: of those that came since @since
 * @before: of those that came in the window before, which may be waiting yet
 * @since: jiffies at which the window began; it is as long as a datagram may wait
 *
 * Counted without a lock: two processors may lose a little, and a window later it is
 * forgotten.
 */
struct vnet_port_fragments {
	u32 bytes;
	u32 before;
	unsigned long since;
};

/*
 * X(name): the switches of a port. Their attributes are VNET_PORT_name, and IFLA_BRPORT_* have
 * the same numbers.
 */
#define VNET_PORT_SWITCHES(X)	\
	X(HAIRPIN)		\
	X(LEARNING)		\
	X(UNICAST_FLOOD)	\
	X(MCAST_FLOOD)		\
	X(BCAST_FLOOD)		\
	X(ISOLATED)		\
	X(GUARD)		\
	X(ROOT_BLOCK)		\
	X(PROXY_ARP)		\
	X(NEIGH_SUPPRESS)	\
	X(LOCKED)		\
	X(FAST_LEAVE)		\
	X(MCAST_TO_UNICAST)

/* Bits of struct vnet_port.flags. */
enum vnet_port_flag {
#define X(name) VNET_PORT_FLAG_##name,
	VNET_PORT_SWITCHES(X)
#undef X
	VNET_PORT_FLAG_VLANS,	/* frames stay in their VLANs */
	VNET_PORT_FLAG_STOPPED,	/* takes and gives no frames: see port_state.h */
	VNET_PORT_FLAG_HORIZON,	/* has a @horizon */
	VNET_PORT_FLAG_APART,	/* ISOLATED is set, or the port is not promiscuous */
	VNET_PORT_FLAG_STORM,	/* some of what it floods is bounded */
	VNET_PORT_FLAG_AWAY,	/* its backup gets its frames */
	VNET_PORT_FLAG_OVERFLOW_DROPS,	/* what there is no room to learn does not pass */
	VNET_PORT_FLAG_WATCH,	/* the answer to a question may come; packets change it */
	VNET_PORT_FLAG_SNOOPING, /* frames to groups go where they are wanted */
};

/* With one of these vnet_input() looks closer at what comes in. */
#define VNET_PORT_LOOKS								\
	(BIT(VNET_PORT_FLAG_VLANS) | BIT(VNET_PORT_FLAG_STOPPED) | BIT(VNET_PORT_FLAG_WATCH))

/**
 * struct vnet_fdb_cache - what a port's last frames on one processor have asked the FDB
 * @dst: key of the last destination, VNET_FDB_NO_KEY for none
 * @to: port that it is behind
 * @src: key of the last source, VNET_FDB_NO_KEY for none
 * @source: its entry
 * @generation: what is here is true for this generation of the FDB only
 *
 * A frame most often comes from where the last one came from, and goes where the last
 * one went. An entry, and a port, are freed a grace period after the generation has
 * changed, so who has seen the old generation under RCU may go on using them.
 */
struct vnet_fdb_cache {
	u64 dst;
	struct vnet_port *to;
	u64 src;
	struct vnet_fdb_entry *source;
	s64 generation;
};

#define VNET_FDB_NO_KEY (~0ULL)

/**
 * struct vnet_port_cpu - what a port has on each processor
 * @cache: what its last frames have asked the FDB
 * @stats: counters
 */
struct vnet_port_cpu {
	struct vnet_fdb_cache cache;
	struct vnet_port_stats stats;
};

/**
 * struct vnet_port - where something plugs into a vnet
 * @vnet: the vnet
 * @dev: netdev behind the port; NULL for the gateway
 * @peer: other end of @dev, if it is a veth that may be passed over, or NULL; constant
 * @cpu: what it has on each processor
 * @flags: enum vnet_port_flag; changed under RTNL, but for what packets change
 * @kind: what is behind the port; constant
 * @number: number in the vnet; constant
 * @fdb_learned: learned addresses, under the FDB's lock
 * @fdb_max: bound of @fdb_learned; changed under RTNL
 * @community: private VLAN; changed under RTNL
 * @storm: bounds of what it floods
 * @backup: port that gets its frames while it has no carrier, or NULL; changed under RTNL
 * @sessions: NAT sessions of guests behind the port, under the NAT table's lock
 * @max_sessions: bound of @sessions; changed under RTNL
 * @state: enum vnet_port_state; changed under struct vnet.state_lock
 * @blocked_by: enum vnet_blocker; changed under struct vnet.state_lock
 * @blocked_until: jiffies until which the loop guard has blocked it
 * @horizon: no frame passes between ports of the same one, 0 for none; changed under RTNL
 * @leaving: gets no session any more, under the NAT table's lock
 * @bindings: IP addresses whose owners are behind it, under the lock of the bindings
 * @claimed: the one that was made last, which is asked for most often; under the same lock
 * @vlans: VLANs that it is in
 * @mcast: groups that are wanted behind it
 * @fragments: what of the memory for fragments it holds
 * @stp: what it has for the spanning tree
 * @lladdr: address that is local to this port; zero if none; under RTNL
 * @tracker: reference to @dev for members and uplinks
 * @sysfs: its directory in sysfs, or NULL; under RTNL
 * @node: place in struct vnet.ports; changed under RTNL
 * @doomed: place among ports that are about to be buried; under RTNL
 * @rcu: frees the port after its last reader
 */
struct vnet_port {
	struct vnet *vnet;
	struct net_device *dev;
	struct net_device *peer;
	struct vnet_port_cpu __percpu *cpu;
	unsigned long flags;
	u8 kind;
	u8 state;
	u8 blocked_by;
	u16 horizon;
	u32 number;
	u32 fdb_learned;
	u32 fdb_max;
	u16 community;
	struct vnet_storm storm[VNET_STORM_KINDS];
	struct vnet_port __rcu *backup;
	u32 sessions;
	u32 max_sessions;
	bool leaving;
	unsigned long blocked_until;
	u32 bindings;
	struct vnet_binding __rcu *claimed;
	struct vnet_port_fragments fragments;
	struct vnet_vlans vlans;
	struct vnet_stp_port stp;
	struct vnet_mcast_port mcast;
	u8 lladdr[ETH_ALEN];
	netdevice_tracker tracker;
	struct vnet_sysfs *sysfs;
	struct list_head node;
	struct list_head doomed;
	struct rcu_head rcu;
};

/**
 * struct vnet_port_switch - a setting of a port that is on or off
 * @attr: number of its attribute, here and at the bridge
 * @flag: its bit
 */
struct vnet_port_switch {
	u8 attr;
	u8 flag;
};

#define X(name) + 1
enum { VNET_PORT_N_SWITCHES = 0 VNET_PORT_SWITCHES(X) };
#undef X
extern const struct vnet_port_switch vnet_port_switches[VNET_PORT_N_SWITCHES];

int vnet_port_put_switches(struct sk_buff *skb, const struct vnet_port *port);
struct vnet_port *vnet_port_add(struct vnet *vnet, enum vnet_port_kind kind, struct net_device *dev,
				struct netlink_ext_ack *extack);
void vnet_port_notify(struct vnet_port *port, u8 command);
void vnet_port_unlink(struct vnet_port *port, struct list_head *doomed);
void vnet_ports_bury(struct list_head *doomed);
void vnet_port_del(struct vnet_port *port);
int vnet_port_set_lladdr(struct vnet_port *port, const u8 *lladdr, struct netlink_ext_ack *extack);
int vnet_port_check(struct vnet_port *port, struct nlattr *attrs[], struct netlink_ext_ack *extack);
void vnet_port_apply(struct vnet_port *port, struct nlattr *attrs[]);
int vnet_port_change(struct vnet_port *port, struct nlattr *attrs[],
		     struct netlink_ext_ack *extack);
struct vnet_port *vnet_port_by_number(struct vnet *vnet, u32 number);
struct vnet_port *vnet_port_by_dev(struct vnet *vnet, const struct net_device *dev);
void vnet_port_totals(const struct vnet_port *port, struct vnet_port_totals *totals);
const char *vnet_port_misfit(const struct vnet *vnet, const struct net_device *dev);
const char *vnet_port_name(const struct vnet_port *port);

static inline bool vnet_port_has(const struct vnet_port *port, enum vnet_port_flag flag)
{
	return test_bit(flag, &port->flags);
}

#endif
