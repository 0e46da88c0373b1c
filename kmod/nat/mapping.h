/* SPDX-License-Identifier: GPL-2.0 */
/* Internal endpoints and the external ones that they are mapped to (RFC 4787 section 4). */
#ifndef VNET_NAT_MAPPING_H
#define VNET_NAT_MAPPING_H

#include <linux/types.h>

#include "../drop.h"
#include "../hash.h"
#include "tuple.h"

struct vnet_nat_table;
struct vnet_port;

/**
 * struct vnet_mapping - an internal endpoint and its external one
 * @node: place among the mappings
 * @port: port that the guest is behind
 * @internal_addr: guest's address
 * @external_addr: host's address
 * @internal_port: guest's port, or identifier of its ICMP queries
 * @external_port: host's port, or identifier
 * @proto: IP protocol
 * @sessions: sessions that use it; under the table's lock
 * @rcu: frees it after its last reader
 *
 * The same internal endpoint has the same external one for all remotes (RFC 4787
 * REQ-1), for as long as one session uses it.
 */
struct vnet_mapping {
	struct vnet_hash_node node;
	struct vnet_port *port;
	__be32 internal_addr;
	__be32 external_addr;
	__be16 internal_port;
	__be16 external_port;
	u8 proto;
	u32 sessions;
	struct rcu_head rcu;
};

struct vnet_mapping *vnet_mapping_get_locked(struct vnet_nat_table *table, struct vnet_port *port,
					     const struct vnet_tuple *tuple, __be32 external_addr,
					     enum vnet_drop_reason *reason);
void vnet_mapping_put_locked(struct vnet_nat_table *table, struct vnet_mapping *mapping);
struct vnet_mapping *vnet_mapping_find_external(struct vnet_nat_table *table, __be32 addr,
						__be16 port, u8 proto);

#endif
