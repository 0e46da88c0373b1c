/* SPDX-License-Identifier: GPL-2.0 */
/* Loops are found by frames that come back, where no spanning tree is. */
#ifndef VNET_LOOP_GUARD_H
#define VNET_LOOP_GUARD_H

#include <linux/etherdevice.h>
#include <linux/siphash.h>
#include <linux/workqueue.h>

struct sk_buff;
struct vnet;
struct vnet_port;

/**
 * struct vnet_loop_guard - probes of a vnet
 * @seconds: for how long a port is blocked, 0 while the guard is off; changed under RTNL
 * @key: makes probes that nobody else can make; constant
 * @work: sends a probe by each port each second, and unblocks ports
 */
struct vnet_loop_guard {
	u16 seconds;
	siphash_key_t key;
	struct delayed_work work;
};

extern const u8 vnet_loop_guard_group[ETH_ALEN];

void vnet_loop_guard_init(struct vnet *vnet);
void vnet_loop_guard_exit(struct vnet *vnet);
void vnet_loop_guard_apply(struct vnet *vnet, u16 seconds);
bool vnet_loop_guard_takes(struct vnet_port *from, struct sk_buff *skb);

#endif
