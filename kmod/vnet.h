/* SPDX-License-Identifier: GPL-2.0 */
/* One virtual network, and the virtual networks of a namespace. */
#ifndef VNET_H
#define VNET_H

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/ratelimit.h>
#include <net/net_namespace.h>
#include <uapi/linux/vnet.h>

#include "alarm.h"
#include "binding.h"
#include "fdb.h"
#include "loop_guard.h"
#include "mcast.h"
#include "nat/nat.h"
#include "neighbour.h"
#include "port.h"
#include "stp/stp.h"
#include "vlan.h"

struct mem_cgroup;
struct vnet_gateway;
struct vnet_sysfs;

#define VNET_MAX_PORTS 1024
#define VNET_MIN_MTU 68
/* An Ethernet frame with a VLAN tag fits the 16-bit lengths of IP and of skb headers. */
#define VNET_MAX_MTU (ETH_MAX_MTU - VLAN_ETH_HLEN)

/**
 * DOC: Locking
 *
 * RTNL: configuration; lists of vnets, ports, uplinks and forwards are changed under it.
 * RCU: every reader on the packet path.
 * vnet_hash.lock: writers of one table (FDB, bindings, groups, neighbours, NAT flows, NAT
 * mappings).
 * vnet_nat_table.lock: NAT sessions, mappings and port sets as a whole.
 * vnet_stp.lock (a mutex): the spanning tree. Its work takes it without RTNL.
 * vnet.state_lock: whether ports forward.
 * vnet_stp_port.queue_lock: BPDUs that a port has received; the last in the order.
 *
 * Order: RTNL, vnet_stp.lock, vnet.state_lock, vnet_nat_table.lock, vnet_hash.lock or the lock of
 * a port set, addr_list_lock of a NIC. The NAT and the FDB locks are never held together.
 * Spinlocks are taken with BH off.
 */

/**
 * struct vnet - one virtual network, private area of its netdev
 * @dev: the netdev, which is the host adapter
 * @host: port of the host adapter; lives as long as the netdev is registered
 * @gateway: the virtual router, NULL while it is off; replaced under RTNL
 * @uplink_port: port of the shared NIC, NULL without one; changed under RTNL
 * @ports: all ports; changed under RTNL
 * @fdb: known MAC addresses
 * @mcast: groups that are wanted
 * @vlan: how it deals with VLANs; changed under RTNL
 * @stp: its spanning tree
 * @loop_guard: looks for loops
 * @bindings: MAC addresses that IP addresses have, as their owners have said
 * @neighbours: MAC addresses of the guests that the gateway talks to
 * @subnet: network address of the guests, 0 while unknown; under RTNL
 * @prefix_len: prefix length of @subnet; under RTNL
 * @gateway_lladdr: MAC address that the gateway has had last; under RTNL
 * @icmp_limit: bounds the ICMP errors that the gateway sends
 * @nat: settings and counts of NAT
 * @host_on: the host adapter is connected; changed under RTNL
 * @mtu_by_hand: somebody has set the MTU, which follows nobody then; under RTNL
 * @mode: the preset that was chosen; changed under RTNL
 * @n_ports: members and vnics; under RTNL
 * @max_ports: bound of @n_ports; under RTNL
 * @next_number: number of the next port; under RTNL
 * @state_lock: writers of the ports' states
 * @memcg: pays for what packets make the vnet remember; constant
 * @limit_events: jiffies of the last event of each bound, to send at most one a second
 * @alarms: when each was sent last, and how often it was seen since
 * @sysfs: its directories in sysfs, or NULL; under RTNL
 * @net_node: place in struct vnet_net; under RTNL
 */
struct vnet {
	struct net_device *dev;
	struct vnet_port *host;
	struct vnet_gateway __rcu *gateway;
	struct vnet_port __rcu *uplink_port;
	struct list_head ports;
	struct vnet_fdb fdb;
	struct vnet_mcast mcast;
	struct vnet_vlan_config vlan;
	struct vnet_stp stp;
	struct vnet_loop_guard loop_guard;
	struct vnet_bindings bindings;
	struct vnet_neighbours neighbours;
	__be32 subnet;
	u8 prefix_len;
	u8 gateway_lladdr[ETH_ALEN];
	struct ratelimit_state icmp_limit;
	struct vnet_nat nat;
	bool host_on;
	bool mtu_by_hand;
	u8 mode;
	u32 n_ports;
	u32 max_ports;
	u32 next_number;
	spinlock_t state_lock;	/* of the ports' states */
	struct mem_cgroup *memcg;
	unsigned long limit_events[VNET_LIMIT_MDB_PORT + 1];
	struct vnet_alarms alarms[VNET_ALARM_KINDS];
	struct vnet_sysfs *sysfs;
	struct list_head net_node;
};

/**
 * struct vnet_net - the virtual networks of a namespace
 * @vnets: all of them; under RTNL
 * @uplinks: NICs that are watched for frames to guests; under RTNL
 * @table: NAT state of the namespace, NULL until the first vnet has NAT; set under RTNL
 * @n_nat: vnets with NAT on; under RTNL
 * @objects: what vnet_budget_take() has counted
 * @max_objects: bound of @objects; constant
 * @generation: changes with each change of configuration, so that dumps notice
 */
struct vnet_net {
	struct list_head vnets;
	struct list_head uplinks;
	struct vnet_nat_table __rcu *table;
	u32 n_nat;
	atomic_t objects;
	u32 max_objects;
	u32 generation;
};

extern unsigned int vnet_net_id;

struct vnet_net *vnet_net(const struct net *net);
void vnet_net_changed(struct net *net);

/* The vnet behind a netdev of kind vnet. */
static inline struct vnet *vnet_of(const struct net_device *dev)
{
	return netdev_priv(dev);
}

/**
 * vnet_port_is_up - can frames be delivered to a port?
 * @port: the port
 *
 * Context: Any.
 * Return: True if so.
 */
static inline bool vnet_port_is_up(const struct vnet_port *port)
{
	if (port->kind == VNET_PORT_KIND_GATEWAY)
		return true;
	if (port->kind == VNET_PORT_KIND_HOST && !READ_ONCE(port->vnet->host_on))
		return false;
	return netif_running(port->dev) && netif_carrier_ok(port->dev);
}

#endif
