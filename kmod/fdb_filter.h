/* SPDX-License-Identifier: GPL-2.0 */
/* The filter list of the NIC that a vnet shares follows the guests' addresses. */
#ifndef VNET_FDB_FILTER_H
#define VNET_FDB_FILTER_H

struct vnet_fdb;
struct vnet_fdb_entry;

void vnet_fdb_filter_add(struct vnet_fdb *fdb, const struct vnet_fdb_entry *entry);
void vnet_fdb_filter_del(struct vnet_fdb *fdb, const struct vnet_fdb_entry *entry);

#endif
