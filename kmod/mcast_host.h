/* SPDX-License-Identifier: GPL-2.0 */
/* The hosts behind a port that want a group, for who holds the table's lock. */
#ifndef VNET_MCAST_HOST_H
#define VNET_MCAST_HOST_H

#include "mcast.h"

void vnet_mcast_host_joins(struct vnet *vnet, struct vnet_mcast_member *member, const u8 *lladdr,
			   u64 expires);
bool vnet_mcast_host_leaves(struct vnet *vnet, struct vnet_mcast_member *member, const u8 *lladdr,
			    u64 end);
bool vnet_mcast_others_want(const struct vnet_mcast_member *member, const u8 *lladdr);
void vnet_mcast_end_leavers(struct vnet_mcast_member *member, u64 end);
u64 vnet_mcast_expire_hosts(struct vnet *vnet, struct vnet_mcast_member *member, u64 now);
void vnet_mcast_drop_hosts(struct vnet *vnet, struct vnet_mcast_member *member);

#endif
