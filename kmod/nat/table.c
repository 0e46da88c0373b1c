// SPDX-License-Identifier: GPL-2.0
/* NAT state of a namespace: what its vnets share, because they share the host's addresses. */
#include "table.h"

#include <linux/bitmap.h>
#include <linux/in.h>
#include <linux/slab.h>

#include "../budget.h"
#include "../vnet.h"
#include "portset.h"
#include "session.h"

#define TABLE_FIRST_BITS 10
#define TABLE_LAST_BITS 22
#define TABLE_GROW_EVERY HZ

/* Protocols that have ports or something like them. */
static const u8 table_protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP };

static void table_grow(struct work_struct *work)
{
	struct vnet_nat_table *table = container_of(work, struct vnet_nat_table, grower.work);

	vnet_hash_grow(&table->flows);
	vnet_hash_grow(&table->peers);
	vnet_hash_grow(&table->mappings);
	queue_delayed_work(system_power_efficient_wq, &table->grower, TABLE_GROW_EVERY);
}

static int table_alloc_hashes(struct vnet_nat_table *table)
{
	int err;

	err = vnet_hash_init(&table->flows, TABLE_FIRST_BITS, TABLE_LAST_BITS);
	if (err)
		return err;
	err = vnet_hash_init(&table->peers, TABLE_FIRST_BITS, TABLE_LAST_BITS);
	if (err)
		goto exit_flows;
	err = vnet_hash_init(&table->mappings, TABLE_FIRST_BITS, TABLE_LAST_BITS);
	if (err)
		goto exit_peers;
	return 0;

exit_peers:
	vnet_hash_exit(&table->peers);
exit_flows:
	vnet_hash_exit(&table->flows);
	return err;
}

static void table_free_hashes(struct vnet_nat_table *table)
{
	vnet_hash_exit(&table->mappings);
	vnet_hash_exit(&table->peers);
	vnet_hash_exit(&table->flows);
}

/**
 * vnet_nat_table_alloc - make the NAT state of a namespace
 * @net: the namespace
 *
 * Context: Process, RTNL held.
 * Return: The table, or NULL without memory.
 */
struct vnet_nat_table *vnet_nat_table_alloc(struct net *net)
{
	struct vnet_nat_table *table = kvzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);

	if (!table)
		return NULL;
	table->net = net;
	spin_lock_init(&table->lock);
	INIT_LIST_HEAD(&table->externals);
	INIT_LIST_HEAD(&table->forwards);
	table->forward_ports[0] = bitmap_zalloc(VNET_NAT_PORTS, GFP_KERNEL_ACCOUNT);
	table->forward_ports[1] = bitmap_zalloc(VNET_NAT_PORTS, GFP_KERNEL_ACCOUNT);
	if (!table->forward_ports[0] || !table->forward_ports[1] || table_alloc_hashes(table)) {
		bitmap_free(table->forward_ports[0]);
		bitmap_free(table->forward_ports[1]);
		kvfree(table);
		return NULL;
	}
	vnet_timer_wheel_init(&table->wheel, vnet_session_due);
	vnet_timer_wheel_start(&table->wheel);
	INIT_DELAYED_WORK(&table->grower, table_grow);
	queue_delayed_work(system_power_efficient_wq, &table->grower, TABLE_GROW_EVERY);
	return table;
}

static void external_free_rcu(struct rcu_head *rcu)
{
	struct vnet_external *external = container_of(rcu, struct vnet_external, rcu);

	vnet_portset_free(external->ports);
	kfree(external);
}

/**
 * vnet_nat_table_free - end the NAT state of a namespace that has no vnets any more
 * @table: the table; no reader can find it
 *
 * A session that was ended while the wheel had it in hand is linked again and freed
 * by the wheel, so the wheel makes one last round.
 *
 * Context: Process. Sleeps.
 */
void vnet_nat_table_free(struct vnet_nat_table *table)
{
	struct vnet_external *external, *next;
	unsigned int i;

	cancel_delayed_work_sync(&table->grower);
	vnet_timer_wheel_stop(&table->wheel);
	for (i = 0; i < VNET_TIMER_SLOTS; i++)
		vnet_timer_wheel_advance(&table->wheel);
	list_for_each_entry_safe(external, next, &table->externals, node) {
		list_del(&external->node);
		call_rcu(&external->rcu, external_free_rcu);
	}
	table_free_hashes(table);
	bitmap_free(table->forward_ports[0]);
	bitmap_free(table->forward_ports[1]);
	kvfree(table);
}

/**
 * vnet_nat_table_rtnl - NAT state of a namespace
 * @net: the namespace
 *
 * Context: RTNL held.
 * Return: The table, or NULL if no vnet has had NAT.
 */
struct vnet_nat_table *vnet_nat_table_rtnl(const struct net *net)
{
	return rtnl_dereference(vnet_net(net)->table);
}

/**
 * vnet_nat_table_rcu - NAT state of a namespace
 * @net: the namespace
 *
 * Context: RCU read side.
 * Return: The table, or NULL if no vnet has had NAT.
 */
struct vnet_nat_table *vnet_nat_table_rcu(const struct net *net)
{
	return rcu_dereference(vnet_net(net)->table);
}

/**
 * vnet_external_find - the ports of an address
 * @table: NAT state
 * @addr: one of the host's addresses
 * @proto: IP protocol
 *
 * Context: RCU read side, or the table's lock held.
 * Return: The ports, or NULL if none was ever asked for.
 */
struct vnet_external *vnet_external_find(struct vnet_nat_table *table, __be32 addr, u8 proto)
{
	struct vnet_external *external;

	list_for_each_entry_rcu(external, &table->externals, node, lockdep_is_held(&table->lock))
		if (external->addr == addr && external->proto == proto)
			return external;
	return NULL;
}

/* Adds what was allocated, unless somebody else was faster; takes it in any case. */
static struct vnet_external *external_add_locked(struct vnet_nat_table *table,
						 struct vnet_external *external)
{
	struct vnet_external *there = vnet_external_find(table, external->addr, external->proto);

	lockdep_assert_held(&table->lock);
	if (!there && table->n_externals < VNET_NAT_EXTERNALS_MAX) {
		list_add_rcu(&external->node, &table->externals);
		table->n_externals++;
		return external;
	}
	vnet_portset_free(external->ports);
	kfree(external);
	return there;
}

static struct vnet_external *external_alloc(__be32 addr, u8 proto, gfp_t gfp)
{
	struct vnet_external *external = kzalloc(sizeof(*external), gfp);

	if (!external)
		return NULL;
	external->ports = vnet_portset_alloc(gfp);
	if (!external->ports) {
		kfree(external);
		return NULL;
	}
	external->addr = addr;
	external->proto = proto;
	return external;
}

/**
 * vnet_external_get_locked - the ports of an address, made when they are new
 * @table: NAT state
 * @addr: one of the host's addresses
 * @proto: IP protocol
 *
 * Context: The table's lock held.
 * Return: The ports, or NULL without memory.
 */
struct vnet_external *vnet_external_get_locked(struct vnet_nat_table *table, __be32 addr, u8 proto)
{
	struct vnet_external *external = vnet_external_find(table, addr, proto);

	lockdep_assert_held(&table->lock);
	if (external)
		return external;
	external = external_alloc(addr, proto, VNET_BUDGET_GFP);
	return external ? external_add_locked(table, external) : NULL;
}

/**
 * vnet_external_prepare - make the ports of an address before packets need them
 * @table: NAT state
 * @addr: one of the host's addresses
 *
 * They are too big to be sure of in a softirq. Without memory they are tried again
 * there.
 *
 * Context: Process.
 */
void vnet_external_prepare(struct vnet_nat_table *table, __be32 addr)
{
	struct vnet_external *external;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table_protocols); i++) {
		external = external_alloc(addr, table_protocols[i], GFP_KERNEL_ACCOUNT);
		if (!external)
			return;
		spin_lock_bh(&table->lock);
		external_add_locked(table, external);
		spin_unlock_bh(&table->lock);
	}
}

/**
 * vnet_external_del - forget the ports of an address that no session uses any more
 * @table: NAT state
 * @addr: the address
 *
 * Context: Process.
 */
void vnet_external_del(struct vnet_nat_table *table, __be32 addr)
{
	struct vnet_external *external, *next;

	spin_lock_bh(&table->lock);
	list_for_each_entry_safe(external, next, &table->externals, node) {
		if (external->addr != addr || vnet_portset_used(external->ports))
			continue;
		list_del_rcu(&external->node);
		table->n_externals--;
		call_rcu(&external->rcu, external_free_rcu);
	}
	spin_unlock_bh(&table->lock);
}

/**
 * vnet_external_known - is an address one that NAT may use?
 * @table: NAT state
 * @addr: any address
 *
 * Context: RCU read side.
 * Return: True if so.
 */
bool vnet_external_known(struct vnet_nat_table *table, __be32 addr)
{
	struct vnet_external *external;

	list_for_each_entry_rcu(external, &table->externals, node)
		if (external->addr == addr)
			return true;
	return false;
}
