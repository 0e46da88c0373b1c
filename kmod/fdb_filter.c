// SPDX-License-Identifier: GPL-2.0
/* The filter list of the NIC that a vnet shares follows the guests' addresses. */
#include "fdb_filter.h"

#include <linux/netdevice.h>

#include "vnet.h"

/*
 * The NIC of an uplink must let frames to the guests pass. Guests are whatever is
 * not behind the NIC itself; the gateway never speaks to the LAN.
 */
static bool fdb_wants_filter(const struct vnet_fdb_entry *entry)
{
	return entry->port->kind != VNET_PORT_KIND_UPLINK &&
	       entry->port->kind != VNET_PORT_KIND_GATEWAY;
}

/**
 * vnet_fdb_filter_add - the NIC shall let frames to an address pass
 * @fdb: the FDB
 * @entry: the address
 *
 * Context: The table's lock held.
 */
void vnet_fdb_filter_add(struct vnet_fdb *fdb, const struct vnet_fdb_entry *entry)
{
	lockdep_assert_held(&fdb->hash.lock);
	if (fdb->filter_dev && fdb_wants_filter(entry))
		dev_uc_add(fdb->filter_dev, entry->addr);
}

/**
 * vnet_fdb_filter_del - it need not any more
 * @fdb: the FDB
 * @entry: the address
 *
 * Context: The table's lock held.
 */
void vnet_fdb_filter_del(struct vnet_fdb *fdb, const struct vnet_fdb_entry *entry)
{
	lockdep_assert_held(&fdb->hash.lock);
	if (fdb->filter_dev && fdb_wants_filter(entry))
		dev_uc_del(fdb->filter_dev, entry->addr);
}

/**
 * vnet_fdb_set_filter - choose the NIC whose filter list follows the guests' addresses
 * @vnet: the vnet
 * @dev: the NIC, or NULL for none
 *
 * Context: Process, RTNL held.
 */
void vnet_fdb_set_filter(struct vnet *vnet, struct net_device *dev)
{
	struct vnet_fdb *fdb = &vnet->fdb;
	const struct vnet_hash_table *table;
	struct vnet_hash_node *node;
	struct net_device *before;
	u32 bucket;

	spin_lock_bh(&fdb->hash.lock);
	before = fdb->filter_dev;
	table = rcu_dereference_protected(fdb->hash.table, lockdep_is_held(&fdb->hash.lock));
	for (bucket = 0; bucket <= table->mask; bucket++) {
		vnet_hash_for_each_in_bucket_rcu(table, bucket, node) {
			struct vnet_fdb_entry *entry =
				container_of(node, struct vnet_fdb_entry, node);

			fdb->filter_dev = before;
			vnet_fdb_filter_del(fdb, entry);
			fdb->filter_dev = dev;
			vnet_fdb_filter_add(fdb, entry);
		}
	}
	fdb->filter_dev = dev;
	spin_unlock_bh(&fdb->hash.lock);
}
