// SPDX-License-Identifier: GPL-2.0
/* Internal endpoints and the external ones that they are mapped to (RFC 4787 section 4). */
#include "mapping.h"

#include <linux/random.h>
#include <linux/siphash.h>

#include "../budget.h"
#include "../notify.h"
#include "../vnet.h"
#include "portset.h"
#include "socket.h"
#include "table.h"

static u32 mapping_hash(const struct vnet_port *port, __be32 internal_addr, __be16 internal_port,
			u8 proto, __be32 external_addr)
{
	u64 endpoint = (u64)(__force u32)internal_addr << 32 |
		       (u32)(__force u16)internal_port << 16 | proto;

	return vnet_hash_key(endpoint ^ (unsigned long)port, (__force u32)external_addr);
}

/*
 * An endpoint belongs to the port that it is behind: who takes another guest's address shares
 * nothing with it, and all sessions of a mapping end with one port.
 */
static struct vnet_mapping *mapping_find_locked(struct vnet_nat_table *table,
						const struct vnet_port *port,
						const struct vnet_tuple *tuple,
						__be32 external_addr)
{
	const struct vnet_hash_table *buckets =
		rcu_dereference_check(table->mappings.table, lockdep_is_held(&table->lock));
	u32 hash = mapping_hash(port, tuple->saddr, tuple->sport, tuple->proto, external_addr);
	struct vnet_hash_node *node;

	vnet_hash_for_each_match_rcu(buckets, hash, node) {
		struct vnet_mapping *mapping = container_of(node, struct vnet_mapping, node);

		if (mapping->port == port && mapping->internal_addr == tuple->saddr &&
		    mapping->internal_port == tuple->sport && mapping->proto == tuple->proto &&
		    mapping->external_addr == external_addr)
			return mapping;
	}
	return NULL;
}

/*
 * RFC 6056 algorithm 3: where the search starts follows from the endpoint and a
 * secret, so an outsider cannot guess it and an endpoint that comes back finds its
 * port again.
 */
static u32 mapping_search_start(const struct vnet_mapping *mapping)
{
	static siphash_aligned_key_t secret;

	net_get_random_once(&secret, sizeof(secret));
	return siphash_3u32((__force u32)mapping->internal_addr,
			    (u32)(__force u16)mapping->internal_port << 16 | mapping->proto,
			    (__force u32)mapping->external_addr, &secret);
}

/* Where a port is to be free of the host's sockets. */
struct mapping_place {
	struct net *net;
	__be32 addr;
	u8 proto;
};

static bool mapping_port_is_usable(void *context, u16 port)
{
	const struct mapping_place *place = context;

	return !vnet_socket_owns(place->net, place->addr, place->proto, port);
}

static struct vnet_mapping *mapping_add_locked(struct vnet_nat_table *table, struct vnet_port *port,
					       const struct vnet_tuple *tuple, __be32 external_addr,
					       enum vnet_drop_reason *reason)
{
	struct mem_cgroup *before = vnet_budget_charge(port->vnet);
	struct vnet_external *external =
		vnet_external_get_locked(table, external_addr, tuple->proto);
	struct vnet_mapping *mapping = kzalloc(sizeof(*mapping), VNET_BUDGET_GFP);
	struct mapping_place place = {
		.net = table->net, .addr = external_addr, .proto = tuple->proto,
	};
	u32 hash = mapping_hash(port, tuple->saddr, tuple->sport, tuple->proto, external_addr);
	int claimed;

	vnet_budget_uncharge(before);
	if (!external || !mapping) {
		kfree(mapping);
		*reason = VNET_DROP_NO_MEMORY;
		return NULL;
	}
	mapping->port = port;
	mapping->internal_addr = tuple->saddr;
	mapping->internal_port = tuple->sport;
	mapping->external_addr = external_addr;
	mapping->proto = tuple->proto;
	claimed = vnet_portset_claim(external->ports, ntohs(tuple->sport),
				     mapping_search_start(mapping), mapping,
				     mapping_port_is_usable, &place);
	if (claimed < 0) {
		kfree(mapping);
		vnet_notify_limit(port->vnet, port, VNET_LIMIT_NAT_PORTS, VNET_PORTSET_SIZE);
		*reason = VNET_DROP_NAT_PORTS;
		return NULL;
	}
	/* Readers have found it by this port since the claim; they look at the fields above. */
	WRITE_ONCE(mapping->external_port, htons(claimed));
	spin_lock(&table->mappings.lock);
	vnet_hash_add_locked(&table->mappings, &mapping->node, hash);
	spin_unlock(&table->mappings.lock);
	WRITE_ONCE(port->vnet->nat.mappings, port->vnet->nat.mappings + 1);
	return mapping;
}

/**
 * vnet_mapping_get_locked - the mapping of an internal endpoint
 * @table: NAT state
 * @port: port that the guest is behind
 * @tuple: its packet, before translation
 * @external_addr: address that the packet shall have after it
 * @reason: filled when there is none
 *
 * Takes a use, which vnet_mapping_put_locked() gives back.
 *
 * Context: The table's lock held, RCU read side.
 * Return: The mapping, or NULL: no memory, no port, or as many as may be.
 */
struct vnet_mapping *vnet_mapping_get_locked(struct vnet_nat_table *table, struct vnet_port *port,
					     const struct vnet_tuple *tuple, __be32 external_addr,
					     enum vnet_drop_reason *reason)
{
	struct vnet_nat *nat = &port->vnet->nat;
	struct vnet_mapping *mapping;

	lockdep_assert_held(&table->lock);
	mapping = mapping_find_locked(table, port, tuple, external_addr);
	if (!mapping && nat->mappings >= READ_ONCE(nat->max_mappings)) {
		vnet_notify_limit(port->vnet, port, VNET_LIMIT_MAPPING, nat->max_mappings);
		*reason = VNET_DROP_NAT_MAPPINGS;
		return NULL;
	}
	if (!mapping)
		mapping = mapping_add_locked(table, port, tuple, external_addr, reason);
	if (mapping)
		mapping->sessions++;
	return mapping;
}

/**
 * vnet_mapping_put_locked - give a use of a mapping back
 * @table: NAT state
 * @mapping: the mapping; ends with its last use
 *
 * Context: The table's lock held.
 */
void vnet_mapping_put_locked(struct vnet_nat_table *table, struct vnet_mapping *mapping)
{
	struct vnet_nat *nat = &mapping->port->vnet->nat;
	struct vnet_external *external;
	unsigned long usable_at = 0;

	lockdep_assert_held(&table->lock);
	if (--mapping->sessions)
		return;
	/* RFC 6888 REQ-8: not for TCP, whose state tells when a port is free. */
	if (mapping->proto != IPPROTO_TCP)
		usable_at = jiffies + READ_ONCE(nat->timeouts[VNET_TIMEOUT_HOLD_DOWN]) * HZ;
	external = vnet_external_find(table, mapping->external_addr, mapping->proto);
	if (external)
		vnet_portset_release(external->ports, ntohs(mapping->external_port), usable_at);
	spin_lock(&table->mappings.lock);
	vnet_hash_del_locked(&table->mappings, &mapping->node);
	spin_unlock(&table->mappings.lock);
	WRITE_ONCE(nat->mappings, nat->mappings - 1);
	kfree_rcu(mapping, rcu);
}

/**
 * vnet_mapping_find_external - the mapping that has an external endpoint
 * @table: NAT state
 * @addr: host's address
 * @port: host's port, or ICMP identifier
 * @proto: IP protocol
 *
 * Context: RCU read side, or the table's lock held.
 * Return: The mapping or NULL.
 */
struct vnet_mapping *vnet_mapping_find_external(struct vnet_nat_table *table, __be32 addr,
						__be16 port, u8 proto)
{
	struct vnet_external *external = vnet_external_find(table, addr, proto);

	return external ? vnet_portset_lookup_rcu(external->ports, ntohs(port)) : NULL;
}
