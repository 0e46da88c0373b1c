/* SPDX-License-Identifier: GPL-2.0 */
/* One flow through NAT, in both directions. */
#ifndef VNET_NAT_SESSION_H
#define VNET_NAT_SESSION_H

#include <net/dst.h>
#include <uapi/linux/vnet.h>

#include "../drop.h"
#include "../hash.h"
#include "rewrite.h"
#include "tcp.h"
#include "timer.h"

struct rtable;
struct vnet;
struct vnet_forward;
struct vnet_mapping;
struct vnet_nat_table;
struct vnet_port;

/**
 * struct vnet_flow - one direction of a session
 * @node: place among the flows
 * @tuple: the packet before translation
 * @zone: ifindex of the vnet for the guest's packets, 0 for packets from outside
 * @direction: which of the two it is
 * @rewrite: what translation does
 * @packets: packets; not exact when two CPUs count at once
 * @bytes: bytes of them, IP header included; as exact as @packets
 */
struct vnet_flow {
	struct vnet_hash_node node;
	struct vnet_tuple tuple;
	u32 zone;
	u8 direction;
	struct vnet_rewrite rewrite;
	u64 packets;
	u64 bytes;
};

/**
 * struct vnet_session - a flow through NAT
 * @flows: the guest's packets and those to it; constant but for the counters
 * @peer: place among the peers of its mapping
 * @vnet: vnet of the guest
 * @port: port that the guest is behind; NULL for a forward, whose guest is found by ARP
 * @mapping: the mapping, or NULL with a forward
 * @forward: the forward that made it, or NULL with a mapping
 * @route: way of the guest's packets, changes when routes do
 * @used: jiffies of the last packet that keeps it alive, at most one second old
 * @state: enum vnet_session_state
 * @dead: has ended; under the table's lock
 * @timer: place in the wheel
 * @rcu: frees it after its last reader
 */
struct vnet_session {
	struct vnet_flow flows[2];
	struct vnet_hash_node peer;
	struct vnet *vnet;
	struct vnet_port *port;
	struct vnet_mapping *mapping;
	struct vnet_forward *forward;
	struct dst_entry __rcu *route;
	unsigned long used;
	u8 state;
	bool dead;
	struct vnet_timer timer;
	struct rcu_head rcu;
};

/**
 * struct vnet_session_filter - which sessions; what is 0 or NULL does not select
 * @vnet: of this vnet
 * @port: behind this port
 * @forward: made by this forward
 * @proto: of this IP protocol
 * @internal_addr: of this guest
 * @internal_port: of this port of the guest
 * @external_addr: with this address of the host
 * @remote_addr: with this remote
 * @remote_port: with this port of the remote
 */
struct vnet_session_filter {
	const struct vnet *vnet;
	const struct vnet_port *port;
	const struct vnet_forward *forward;
	u8 proto;
	__be32 internal_addr;
	__be16 internal_port;
	__be32 external_addr;
	__be32 remote_addr;
	__be16 remote_port;
};

int vnet_session_cache_init(void);
void vnet_session_cache_exit(void);
struct vnet_flow *vnet_flow_find_rcu(struct vnet_nat_table *table, u32 zone,
				     const struct vnet_tuple *tuple);
struct vnet_session *vnet_session_open_out(struct vnet_nat_table *table, struct vnet_port *port,
					   const struct vnet_tuple *tuple, struct rtable *route,
					   __be32 external_addr, u8 state,
					   enum vnet_drop_reason *reason);
struct vnet_session *vnet_session_open_in(struct vnet_nat_table *table,
					  const struct vnet_tuple *tuple,
					  struct vnet_mapping *mapping, u8 state);
struct vnet_session *vnet_session_open_forward(struct vnet_nat_table *table,
					       const struct vnet_tuple *tuple,
					       struct vnet_forward *forward, u8 state);
bool vnet_session_has_peer(struct vnet_nat_table *table, const struct vnet_mapping *mapping,
			   __be32 remote);
void vnet_session_use(struct vnet_session *session, enum vnet_direction direction,
		      const struct tcphdr *tcp);
u32 vnet_session_flush(struct vnet_nat_table *table, const struct vnet_session_filter *filter);
bool vnet_session_matches(const struct vnet_session *session,
			  const struct vnet_session_filter *filter);
u32 vnet_session_lifetime(const struct vnet_session *session);
u32 vnet_session_due(struct vnet_timer_wheel *wheel, struct vnet_timer *timer);

static inline struct vnet_session *vnet_flow_session(struct vnet_flow *flow)
{
	return container_of(flow, struct vnet_session, flows[flow->direction]);
}

#endif
