/* SPDX-License-Identifier: GPL-2.0 */
/* The spanning tree of a vnet: frames, clock, locks and settings around stp/rstp.h. */
#ifndef VNET_STP_STP_H
#define VNET_STP_STP_H

#include <linux/bitmap.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "rstp.h"

struct net_device;
struct netlink_ext_ack;
struct nlattr;
struct sk_buff;
struct vnet;
struct vnet_port;

/* Port numbers have 12 bits, and 0 is none. The uplink may take one. */
#define VNET_STP_NUMBERS 4096
#define VNET_STP_MAX_PORTS (VNET_STP_NUMBERS - 2)
/* BPDUs of a port that wait for the work; what comes when there are as many is lost. */
#define VNET_STP_QUEUE 4

#define VNET_STP_DEFAULT_PRIORITY 128
/* Of a link whose speed is not known: it is the host's memory. */
#define VNET_STP_DEFAULT_COST 2

/**
 * struct vnet_stp_config - what can be set of a vnet's spanning tree
 * @on: it runs
 * @mode: enum vnet_stp_mode
 * @priority: of the bridge; the lowest becomes the root
 * @times: hello time, maximum age and forward delay while it is the root
 */
struct vnet_stp_config {
	bool on;
	u8 mode;
	u16 priority;
	struct vnet_stp_times times;
};

/**
 * struct vnet_stp_port - what a port has for the spanning tree
 * @rstp: its machines, under struct vnet_stp.lock
 * @port: the port
 * @joined: it takes part; changed under struct vnet_stp.lock
 * @off: the administrator leaves it out; changed under RTNL
 * @edge: enum vnet_port_edge; changed under RTNL
 * @priority: first part of the port identifier, in steps of 16; changed under RTNL
 * @cost: cost of the path by it; changed under RTNL
 * @has_cost: the administrator has said it; changed under RTNL
 * @queue_lock: guards @queue, @first and @queued
 * @queue: BPDUs that have come in
 * @first: place of the oldest
 * @queued: how many
 * @role: enum vnet_port_role that its state goes with, under struct vnet_stp.lock
 * @flush: its addresses are to be forgotten, under struct vnet_stp.lock; read by the FDB
 */
struct vnet_stp_port {
	struct vnet_rstp_port rstp;
	struct vnet_port *port;
	bool joined;
	bool off;
	u8 edge;
	u8 priority;
	u32 cost;
	bool has_cost;
	spinlock_t queue_lock;	/* of the queue only */
	struct vnet_bpdu queue[VNET_STP_QUEUE];
	u8 first;
	u8 queued;
	u8 role;
	bool flush;
};

/**
 * struct vnet_stp - the spanning tree of a vnet
 * @lock: guards @rstp, @numbers and the times; nested in RTNL
 * @vnet: the vnet
 * @config: what is set; changed under RTNL and @lock
 * @rstp: the machines
 * @work: the clock, and what has come in; takes @lock and not RTNL
 * @kicked: @work shall run soon
 * @ran: time until which the machines have been told of it, in 1/100 s
 * @flushed: jiffies of the last flush
 * @flush: one is to be done
 * @numbers: port numbers that are taken
 */
struct vnet_stp {
	struct mutex lock;	/* of the machines */
	struct vnet *vnet;
	struct vnet_stp_config config;
	struct vnet_rstp rstp;
	struct delayed_work work;
	atomic_t kicked;
	u64 ran;
	unsigned long flushed;
	bool flush;
	DECLARE_BITMAP(numbers, VNET_STP_NUMBERS);
};

void vnet_stp_init(struct vnet *vnet);
void vnet_stp_exit(struct vnet *vnet);
void vnet_stp_init_config(struct vnet_stp_config *config);
int vnet_stp_parse(struct vnet_stp_config *config, struct nlattr *attrs[],
		   struct netlink_ext_ack *extack);
int vnet_stp_check(const struct vnet *vnet, const struct vnet_stp_config *config, u32 max_ports,
		   struct netlink_ext_ack *extack);
void vnet_stp_apply(struct vnet *vnet, const struct vnet_stp_config *config);
int vnet_stp_fill(struct sk_buff *skb, const struct vnet *vnet);

u32 vnet_stp_cost(struct net_device *dev);
void vnet_stp_follow_speed(struct vnet_port *port);
void vnet_stp_renew(struct vnet_port *port);
void vnet_stp_open_port(struct vnet_port *port);
void vnet_stp_close_port(struct vnet_port *port);
int vnet_stp_check_port(const struct vnet_port *port, struct nlattr *attrs[],
			struct netlink_ext_ack *extack);
void vnet_stp_apply_port(struct vnet_port *port, struct nlattr *attrs[]);
int vnet_stp_fill_port(struct sk_buff *skb, const struct vnet_port *port);
u16 vnet_stp_priority(const struct vnet_port *port);

void vnet_stp_receive(struct vnet_port *port, struct sk_buff *skb);
void vnet_stp_kick(struct vnet *vnet);

#endif
