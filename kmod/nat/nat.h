/* SPDX-License-Identifier: GPL-2.0 */
/* NAT of a vnet: its settings, and the way of a packet through it. */
#ifndef VNET_NAT_NAT_H
#define VNET_NAT_NAT_H

#include <linux/skbuff.h>
#include <uapi/linux/vnet.h>

#include "../deliver.h"

struct net;
struct netlink_ext_ack;
struct vnet;
struct vnet_nat_table;
struct vnet_port;

#define VNET_NAT_DEFAULT_SESSIONS 65536
#define VNET_NAT_DEFAULT_MAPPINGS 65536

/* Seconds; RFC 4787 REQ-5, RFC 5382 REQ-5, RFC 5508 REQ-2, RFC 6888 REQ-8. */
#define VNET_NAT_TIMEOUTS(X)					\
	X(VNET_TIMEOUT_UDP, 300)				\
	X(VNET_TIMEOUT_UDP_UNREPLIED, 120)			\
	X(VNET_TIMEOUT_TCP_ESTABLISHED, 7440)			\
	X(VNET_TIMEOUT_TCP_OPENING, 240)			\
	X(VNET_TIMEOUT_TCP_CLOSING, 240)			\
	X(VNET_TIMEOUT_ICMP, 60)				\
	X(VNET_TIMEOUT_HOLD_DOWN, 120)

/**
 * struct vnet_nat - NAT of a vnet
 * @on: sessions may be made; under the table's lock
 * @filtering: enum vnet_filtering; changed under RTNL
 * @out: interface index that all flows leave by, 0 to follow the routes; changed under RTNL
 * @max_sessions: bound of @sessions; changed under RTNL
 * @sessions: sessions now, under the table's lock
 * @max_mappings: bound of @mappings; changed under RTNL
 * @mappings: mappings now, under the table's lock
 * @timeouts: seconds, by VNET_TIMEOUT_*; changed under RTNL
 * @next_handle: number of the next forward; under RTNL
 */
struct vnet_nat {
	bool on;
	u8 filtering;
	int out;
	u32 max_sessions;
	u32 sessions;
	u32 max_mappings;
	u32 mappings;
	u32 timeouts[VNET_TIMEOUT_MAX + 1];
	u32 next_handle;
};

void vnet_nat_init(struct vnet *vnet);
void vnet_nat_exit(struct vnet *vnet);
int vnet_nat_open(struct vnet *vnet, struct netlink_ext_ack *extack);
void vnet_nat_close(struct vnet *vnet);
void vnet_nat_flush(struct vnet *vnet);
void vnet_nat_close_port(struct vnet_port *port);
void vnet_nat_flush_addr(struct net *net, __be32 addr);
void vnet_nat_out(struct vnet_port *from, struct sk_buff *skb, enum vnet_door door);
bool vnet_nat_in(struct vnet_nat_table *table, struct sk_buff *skb, enum vnet_door door);

#endif
