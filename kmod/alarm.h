/* SPDX-License-Identifier: GPL-2.0 */
/* What a switch has seen that should not be. */
#ifndef VNET_ALARM_H
#define VNET_ALARM_H

#include <linux/types.h>
#include <uapi/linux/vnet.h>

struct vnet_address;
struct vnet_fdb_entry;
struct vnet;
struct vnet_port;

#define VNET_ALARM_KINDS (VNET_ALARM_LLADDR_DUPLICATE + 1)

/**
 * struct vnet_alarm_notice - what was seen
 * @kind: what
 * @addr: the IP address; may be NULL
 * @vid: VLAN
 * @lladdr: MAC address of who was seen
 * @port: port that he is behind
 * @other_lladdr: MAC address of who was there before; may be NULL
 * @other_port: port that this one was behind
 * @count: how often the kind was seen since the last notice
 */
struct vnet_alarm_notice {
	enum vnet_alarm kind;
	const struct vnet_address *addr;
	u16 vid;
	const u8 *lladdr;
	const struct vnet_port *port;
	const u8 *other_lladdr;
	const struct vnet_port *other_port;
	u32 count;
};

/**
 * struct vnet_alarms - of one kind in one vnet
 * @last: jiffies of the last notice, 0 for none
 * @count: how often since
 */
struct vnet_alarms {
	unsigned long last;
	atomic_t count;
};

void vnet_alarm(struct vnet *vnet, struct vnet_alarm_notice *alarm);
void vnet_alarm_lladdr(const struct vnet_fdb_entry *entry, const struct vnet_port *port,
		       enum vnet_alarm kind);

#endif
