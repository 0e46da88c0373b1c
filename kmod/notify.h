/* SPDX-License-Identifier: GPL-2.0 */
/* What the lower layers tell whoever listens, without knowing who that is. */
#ifndef VNET_NOTIFY_H
#define VNET_NOTIFY_H

#include <uapi/linux/vnet.h>

struct vnet;
struct vnet_alarm_notice;
struct vnet_fdb_entry;
struct vnet_forward;
struct vnet_mcast_row;
struct vnet_port;

/**
 * struct vnet_notice - something that has happened
 * @command: VNET_CMD_*_NTF, says what
 * @vnet: to which vnet
 * @port: to which port, or at which port; may be NULL
 * @fdb: the address, for the FDB's notices
 * @forward: the forward, for the forwards' notices
 * @mdb: the entry, for the groups' notices
 * @limit: the bound, for VNET_CMD_LIMIT_NTF
 * @bound: its value
 * @alarm: what was seen, for VNET_CMD_ALARM_NTF
 */
struct vnet_notice {
	u8 command;
	struct vnet *vnet;
	const struct vnet_port *port;
	const struct vnet_fdb_entry *fdb;
	const struct vnet_forward *forward;
	const struct vnet_mcast_row *mdb;
	enum vnet_limit limit;
	u32 bound;
	const struct vnet_alarm_notice *alarm;
};

/* Called in any context, BH off or RTNL held; must not sleep. */
typedef void (*vnet_notify_t)(const struct vnet_notice *notice);

void vnet_notify_set(vnet_notify_t sink);
void vnet_notify(const struct vnet_notice *notice);
void vnet_notify_limit(struct vnet *vnet, const struct vnet_port *port, enum vnet_limit limit,
		       u32 bound);

#endif
