/* SPDX-License-Identifier: GPL-2.0 */
/* The table of groups, for who holds its lock. */
#ifndef VNET_MCAST_TABLE_H
#define VNET_MCAST_TABLE_H

#include <net/ipv6.h>

#include "mcast.h"

struct vnet_mcast_group *vnet_mcast_make(struct vnet *vnet, const struct vnet_mcast_key *key);
struct vnet_mcast_member *vnet_mcast_member_of(const struct vnet_mcast_group *group,
					       const struct vnet_port *port);
struct vnet_mcast_member *vnet_mcast_join(struct vnet_port *port, struct vnet_mcast_group *group);
struct vnet_mcast_source *vnet_mcast_find_source(const struct vnet_mcast_member *member,
						 const struct in6_addr *addr);
bool vnet_mcast_want_source(struct vnet *vnet, struct vnet_mcast_group *group,
			    struct vnet_mcast_member *member, const struct in6_addr *addr,
			    u64 expires);
bool vnet_mcast_add_source(struct vnet *vnet, struct vnet_mcast_group *group,
			   struct vnet_mcast_member *member, const struct in6_addr *addr,
			   bool excluded, u64 expires);
void vnet_mcast_end_source(struct vnet *vnet, struct vnet_mcast_group *group,
			   struct vnet_mcast_member *member, struct vnet_mcast_source *source);
void vnet_mcast_drop_source(struct vnet *vnet, struct vnet_mcast_group *group,
			    struct vnet_mcast_member *member, struct vnet_mcast_source *source);
void vnet_mcast_set_all(struct vnet *vnet, struct vnet_mcast_group *group,
			struct vnet_mcast_member *member, bool all);
void vnet_mcast_settle(struct vnet *vnet, struct vnet_mcast_group *group,
		       struct vnet_mcast_member *member);

/* Was it set for good, and no report has a say in it? */
static inline bool vnet_mcast_is_by_hand(const struct vnet_mcast_source *source)
{
	return !source->expires && !source->excluded;
}

/* Is it a foreign querier, and no group? */
static inline bool vnet_mcast_is_foreign(const struct vnet_mcast_group *group)
{
	return ipv6_addr_any(&group->key.addr);
}

#endif
