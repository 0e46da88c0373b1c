// SPDX-License-Identifier: GPL-2.0
/* Which MAC address is behind which port: learning, ageing and static addresses. */
#include "fdb.h"

#include <linux/etherdevice.h>

#include "alarm.h"
#include "budget.h"
#include "fdb_cache.h"
#include "fdb_filter.h"
#include "notify.h"
#include "port.h"
#include "port_state.h"
#include "refuse.h"
#include "trace.h"
#include "vnet.h"

#define FDB_FIRST_BITS 6
#define FDB_LAST_BITS 20
/* So many moves, each so soon after the one before, are no moves. */
#define FDB_MOVES 5
#define FDB_MOVES_TIME (10 * HZ)

static u32 fdb_hash(u64 key)
{
	return vnet_hash_key(key, 0);
}

/* An address has moved or gone; readers have the old place in their caches. */
static void fdb_outdate(struct vnet_fdb *fdb)
{
	lockdep_assert_held(&fdb->hash.lock);
	/* Pairs with vnet_fdb_cache(): who sees the new generation does not find the old place. */
	atomic64_set_release(&fdb->generation, atomic64_read(&fdb->generation) + 1);
}

static void fdb_notify(struct vnet *vnet, const struct vnet_fdb_entry *entry, u8 command)
{
	struct vnet_notice notice = {
		.command = command,
		.vnet = vnet,
		.port = entry->port,
		.fdb = entry,
	};

	vnet_notify(&notice);
}

static void fdb_count(struct vnet_fdb *fdb, const struct vnet_fdb_entry *entry, int by)
{
	lockdep_assert_held(&fdb->hash.lock);
	if (entry->state != VNET_FDB_STATE_LEARNED)
		return;
	WRITE_ONCE(fdb->learned, fdb->learned + by);
	WRITE_ONCE(entry->port->fdb_learned, entry->port->fdb_learned + by);
}

/**
 * vnet_fdb_find_rcu - look an address up
 * @fdb: the FDB
 * @key: vnet_fdb_key() of the address
 *
 * Context: RCU read side, or the table's lock held.
 * Return: The entry or NULL.
 */
struct vnet_fdb_entry *vnet_fdb_find_rcu(struct vnet_fdb *fdb, u64 key)
{
	const struct vnet_hash_table *table =
		rcu_dereference_check(fdb->hash.table, lockdep_is_held(&fdb->hash.lock));
	u32 hash = fdb_hash(key);
	struct vnet_hash_node *node;

	vnet_hash_for_each_match_rcu(table, hash, node) {
		struct vnet_fdb_entry *entry = container_of(node, struct vnet_fdb_entry, node);

		if (entry->key == key)
			return entry;
	}
	return NULL;
}

/*
 * What is set without a VLAN, an own address above all, is good for all of them; what is
 * said of one VLAN comes first.
 */
static struct vnet_fdb_entry *fdb_find_in_vlan(struct vnet_fdb *fdb, u64 key)
{
	struct vnet_fdb_entry *entry = vnet_fdb_find_rcu(fdb, key);

	if (entry || !(key & VLAN_VID_MASK))
		return entry;
	entry = vnet_fdb_find_rcu(fdb, key & ~(u64)VLAN_VID_MASK);
	return entry && READ_ONCE(entry->state) != VNET_FDB_STATE_LEARNED ? entry : NULL;
}

/**
 * vnet_fdb_forget_caches - frames to known addresses take other ways from now on
 * @fdb: the FDB
 *
 * Context: Process.
 */
void vnet_fdb_forget_caches(struct vnet_fdb *fdb)
{
	spin_lock_bh(&fdb->hash.lock);
	fdb_outdate(fdb);
	spin_unlock_bh(&fdb->hash.lock);
}

/**
 * vnet_fdb_port_rcu - which port is an address behind?
 * @fdb: the FDB
 * @key: vnet_fdb_key() of the address
 *
 * Context: RCU read side.
 * Return: The port or NULL.
 */
struct vnet_port *vnet_fdb_port_rcu(struct vnet_fdb *fdb, u64 key)
{
	struct vnet_fdb_entry *entry = fdb_find_in_vlan(fdb, key);

	return entry ? READ_ONCE(entry->port) : NULL;
}

/* Local addresses are no more than ports are, and must not fail for want of a budget. */
static bool fdb_has_budget(enum vnet_fdb_state state)
{
	return state != VNET_FDB_STATE_LOCAL;
}

/* For who may sleep. */
static struct vnet_fdb_entry *fdb_alloc(const struct vnet *vnet, gfp_t gfp)
{
	struct mem_cgroup *before = vnet_budget_charge(vnet);
	struct vnet_fdb_entry *entry = kmalloc(sizeof(*entry), gfp | __GFP_ACCOUNT);

	vnet_budget_uncharge(before);
	return entry;
}

/* An entry changes its port or state: budget, counts and the NIC's filter follow. */
static void fdb_move(struct vnet_fdb *fdb, struct vnet_fdb_entry *entry, struct vnet_port *port,
		     enum vnet_fdb_state state)
{
	lockdep_assert_held(&fdb->hash.lock);
	trace_vnet_fdb_move(port, entry, state);
	vnet_fdb_filter_del(fdb, entry);
	fdb_count(fdb, entry, -1);
	/* A local address stays one until it ends: the other way round there is no move. */
	if (fdb_has_budget(entry->state) && !fdb_has_budget(state))
		vnet_budget_give(port->vnet);
	WRITE_ONCE(entry->port, port);
	WRITE_ONCE(entry->state, state);
	WRITE_ONCE(entry->seen, jiffies);
	fdb_outdate(fdb);
	fdb_count(fdb, entry, 1);
	vnet_fdb_filter_add(fdb, entry);
	fdb_notify(port->vnet, entry, VNET_CMD_FDB_NEW_NTF);
}

static void fdb_insert(struct vnet_port *port, const u8 *addr, u16 vid, enum vnet_fdb_state state,
		       struct vnet_fdb_entry *entry)
{
	struct vnet_fdb *fdb = &port->vnet->fdb;

	lockdep_assert_held(&fdb->hash.lock);
	entry->port = port;
	entry->state = state;
	entry->seen = jiffies;
	entry->moves = 0;
	entry->key = vnet_fdb_key(addr, vid);
	ether_addr_copy(entry->addr, addr);
	entry->vid = vid;
	vnet_hash_add_locked(&fdb->hash, &entry->node, fdb_hash(entry->key));
	fdb_count(fdb, entry, 1);
	vnet_fdb_filter_add(fdb, entry);
	trace_vnet_fdb_add(port, entry);
	fdb_notify(port->vnet, entry, VNET_CMD_FDB_NEW_NTF);
}

static void fdb_remove(struct vnet *vnet, struct vnet_fdb_entry *entry)
{
	struct vnet_fdb *fdb = &vnet->fdb;

	lockdep_assert_held(&fdb->hash.lock);
	trace_vnet_fdb_del(entry->port, entry);
	vnet_hash_del_locked(&fdb->hash, &entry->node);
	fdb_outdate(fdb);
	vnet_fdb_filter_del(fdb, entry);
	fdb_count(fdb, entry, -1);
	fdb_notify(vnet, entry, VNET_CMD_FDB_DEL_NTF);
	if (fdb_has_budget(entry->state))
		vnet_budget_give(vnet);
	kfree_rcu(entry, rcu);
}

/* How often the ager looks: often enough that an address outlives its time by a quarter at most. */
static unsigned long fdb_ager_interval(const struct vnet_fdb *fdb)
{
	unsigned long ageing = READ_ONCE(fdb->ageing);

	return ageing ? clamp_t(unsigned long, ageing / 4, HZ / 4, 30 * HZ) : 30 * HZ;
}

/* Runs while there are learned addresses. */
static void fdb_wake_ager(struct vnet_fdb *fdb)
{
	const struct vnet_hash_table *table =
		rcu_dereference_check(fdb->hash.table, lockdep_is_held(&fdb->hash.lock));

	if (fdb->hash.count > table->mask + 1)
		mod_delayed_work(system_power_efficient_wq, &fdb->ager, 0);
	else
		queue_delayed_work(system_power_efficient_wq, &fdb->ager, fdb_ager_interval(fdb));
}

/* Forgets the old addresses of one chain. Only the ager swaps tables, so @table is in use. */
static void fdb_age_bucket(struct vnet *vnet, const struct vnet_hash_table *table, u32 bucket)
{
	struct vnet_fdb *fdb = &vnet->fdb;
	struct vnet_hash_node *node, *next;
	unsigned long ageing = READ_ONCE(fdb->ageing);

	spin_lock_bh(&fdb->hash.lock);
	for (node = vnet_hash_first_rcu(table, bucket); node; node = next) {
		struct vnet_fdb_entry *entry = container_of(node, struct vnet_fdb_entry, node);

		next = vnet_hash_next_rcu(table, node);
		if (entry->state == VNET_FDB_STATE_LEARNED && ageing &&
		    time_after(jiffies, READ_ONCE(entry->seen) + ageing)) {
			trace_vnet_fdb_age(entry->port, entry);
			fdb_remove(vnet, entry);
		}
	}
	spin_unlock_bh(&fdb->hash.lock);
}

static void fdb_age(struct work_struct *work)
{
	struct vnet *vnet = container_of(work, struct vnet, fdb.ager.work);
	struct vnet_fdb *fdb = &vnet->fdb;
	const struct vnet_hash_table *table;

	vnet_hash_grow(&fdb->hash);
	table = rcu_dereference_protected(fdb->hash.table, true);
	for (u32 bucket = 0; bucket <= table->mask; bucket++) {
		if (!hlist_empty(&table->buckets[bucket]))
			fdb_age_bucket(vnet, table, bucket);
		cond_resched();
	}
	if (READ_ONCE(fdb->learned))
		queue_delayed_work(system_power_efficient_wq, &fdb->ager, fdb_ager_interval(fdb));
}

static bool fdb_may_learn(struct vnet_port *port)
{
	struct vnet *vnet = port->vnet;

	/* Asked under the lock that a flush takes after the port has stopped: nothing is left. */
	if (!vnet_port_learns(port))
		return false;
	if (vnet->fdb.learned >= READ_ONCE(vnet->fdb.max_learned)) {
		vnet_notify_limit(vnet, port, VNET_LIMIT_FDB, vnet->fdb.max_learned);
		return false;
	}
	if (port->fdb_learned >= READ_ONCE(port->fdb_max)) {
		vnet_notify_limit(vnet, port, VNET_LIMIT_FDB_PORT, port->fdb_max);
		return false;
	}
	return true;
}

/* What becomes of a frame whose source there is no room to learn. */
static enum vnet_fdb_source fdb_overflows(const struct vnet_port *port)
{
	return vnet_port_has(port, VNET_PORT_FLAG_OVERFLOW_DROPS) ? VNET_FDB_SOURCE_LIMIT
								   : VNET_FDB_SOURCE_GOOD;
}

static enum vnet_fdb_source fdb_learn_new(struct vnet_port *port, const u8 *addr, u16 vid)
{
	struct vnet *vnet = port->vnet;
	struct vnet_fdb_entry *entry;

	if (!fdb_may_learn(port))
		return fdb_overflows(port);
	entry = vnet_budget_zalloc(vnet, NULL, sizeof(*entry));
	if (!entry)
		return fdb_overflows(port);
	fdb_insert(port, addr, vid, VNET_FDB_STATE_LEARNED, entry);
	fdb_wake_ager(&vnet->fdb);
	return VNET_FDB_SOURCE_GOOD;
}

/* A host that moves does so once; two that have one address make it move back and forth. */
static void fdb_count_move(struct vnet_fdb_entry *entry, const struct vnet_port *port)
{
	bool again = entry->moves && time_before(jiffies, entry->moved + FDB_MOVES_TIME);

	entry->moves = again ? min(entry->moves + 1, FDB_MOVES) : 1;
	entry->moved = jiffies;
	vnet_alarm_lladdr(entry, port, entry->moves < FDB_MOVES ? VNET_ALARM_LLADDR_MOVE :
								  VNET_ALARM_LLADDR_DUPLICATE);
}

/* The address is new, or it has moved. */
static enum vnet_fdb_source fdb_learn_or_move(struct vnet_port *port, const u8 *addr, u16 vid)
{
	struct vnet_fdb *fdb = &port->vnet->fdb;
	enum vnet_fdb_source source = VNET_FDB_SOURCE_GOOD;
	struct vnet_fdb_entry *entry;

	spin_lock_bh(&fdb->hash.lock);
	entry = fdb_find_in_vlan(fdb, vnet_fdb_key(addr, vid));
	/* What a control plane says of all VLANs is not undone by a frame in one. */
	if (!entry || (entry->state == VNET_FDB_STATE_EXTERNAL && entry->vid != vid)) {
		source = fdb_learn_new(port, addr, vid);
	} else if (entry->port == port) {
		source = VNET_FDB_SOURCE_GOOD;
	} else if (entry->state == VNET_FDB_STATE_LOCAL) {
		source = VNET_FDB_SOURCE_LOCAL;
	} else if (entry->state == VNET_FDB_STATE_STATIC) {
		vnet_alarm_lladdr(entry, port, VNET_ALARM_LLADDR_DUPLICATE);
	} else if (!fdb_may_learn(port)) {
		source = fdb_overflows(port);
	} else {
		fdb_count_move(entry, port);
		fdb_move(fdb, entry, port, VNET_FDB_STATE_LEARNED);
	}
	spin_unlock_bh(&fdb->hash.lock);
	return source;
}

/**
 * vnet_fdb_learn_slow - learn a source that is not the port's last one
 * @port: port that the frame came in through
 * @cache: its cache
 * @addr: the source address
 * @vid: its VLAN
 *
 * Context: RCU read side, BH off.
 * Return: Whether the frame may come from there.
 */
enum vnet_fdb_source vnet_fdb_learn_slow(struct vnet_port *port, struct vnet_fdb_cache *cache,
					 const u8 *addr, u16 vid)
{
	struct vnet_fdb_entry *entry;

	if (unlikely(!is_valid_ether_addr(addr)))
		return VNET_FDB_SOURCE_BAD;
	entry = fdb_find_in_vlan(&port->vnet->fdb, vnet_fdb_key(addr, vid));
	if (entry && READ_ONCE(entry->port) == port) {
		vnet_fdb_stamp(entry);
		cache->source = entry;
		cache->src = vnet_fdb_key(addr, vid);
		return VNET_FDB_SOURCE_GOOD;
	}
	if (entry && READ_ONCE(entry->state) == VNET_FDB_STATE_LOCAL) {
		vnet_alarm_lladdr(entry, port, VNET_ALARM_LLADDR_DUPLICATE);
		return VNET_FDB_SOURCE_LOCAL;
	}
	if (vnet_port_has(port, VNET_PORT_FLAG_LOCKED))
		return VNET_FDB_SOURCE_LOCKED;
	if (!vnet_port_has(port, VNET_PORT_FLAG_LEARNING))
		return VNET_FDB_SOURCE_GOOD;
	return fdb_learn_or_move(port, addr, vid);
}

/* The port, or its backup while that stands in. */
static struct vnet_port *fdb_reach(struct vnet_port *port)
{
	if (likely(!vnet_port_has(port, VNET_PORT_FLAG_AWAY)))
		return port;
	return rcu_dereference(port->backup) ?: port;
}

/**
 * vnet_fdb_find_slow - look up a destination that is not the port's last one
 * @port: port that the frame came in through
 * @cache: its cache
 * @key: vnet_fdb_key() of the destination
 *
 * Context: RCU read side, BH off.
 * Return: The port that the address is behind, or NULL if it is not known.
 */
struct vnet_port *vnet_fdb_find_slow(struct vnet_port *port, struct vnet_fdb_cache *cache, u64 key)
{
	struct vnet_fdb_entry *entry = fdb_find_in_vlan(&port->vnet->fdb, key);

	if (!entry)
		return NULL;
	cache->to = fdb_reach(READ_ONCE(entry->port));
	cache->dst = key;
	return cache->to;
}

/**
 * vnet_fdb_add - make an address, or move one that is not local
 * @port: where frames to it go
 * @addr: the address
 * @vid: its VLAN
 * @state: why; a learned one is known as if a frame had come from it
 * @extack: where a refusal is explained
 *
 * A local address does not fail for want of memory: a NIC that changes its address
 * cannot be refused.
 *
 * Context: Process, RTNL held. Sleeps.
 * Return: 0, -ENOMEM for a static address, -EINVAL for a group or zero address, -EEXIST
 * when the address is local, or when it is static and @state is local.
 */
int vnet_fdb_add(struct vnet_port *port, const u8 *addr, u16 vid, enum vnet_fdb_state state,
		 struct netlink_ext_ack *extack)
{
	gfp_t gfp = GFP_KERNEL | (state == VNET_FDB_STATE_LOCAL ? __GFP_NOFAIL : 0);
	struct vnet_fdb *fdb = &port->vnet->fdb;
	struct vnet_fdb_entry *entry, *fresh;
	int err = 0;

	ASSERT_RTNL();
	if (!is_valid_ether_addr(addr)) {
		VNET_REFUSE(extack, "%pM is no unicast MAC address", addr);
		return -EINVAL;
	}
	fresh = fdb_alloc(port->vnet, gfp);
	if (!fresh)
		return -ENOMEM;
	spin_lock_bh(&fdb->hash.lock);
	entry = vnet_fdb_find_rcu(fdb, vnet_fdb_key(addr, vid));
	if (!entry && fdb_has_budget(state) && !vnet_budget_take(port->vnet)) {
		err = -ENOMEM;
	} else if (!entry) {
		fdb_insert(port, addr, vid, state, fresh);
		fresh = NULL;
		/* It may take the place of what is good for all VLANs. */
		fdb_outdate(fdb);
	} else if (entry->state == VNET_FDB_STATE_LOCAL ||
		   (entry->state == VNET_FDB_STATE_STATIC && state == VNET_FDB_STATE_LOCAL)) {
		VNET_REFUSE(extack, "%pM is an address of port %s already", addr,
			    vnet_port_name(entry->port));
		err = -EEXIST;
	} else {
		fdb_move(fdb, entry, port, state);
	}
	if (!err && state == VNET_FDB_STATE_LEARNED)
		fdb_wake_ager(fdb);
	spin_unlock_bh(&fdb->hash.lock);
	kfree(fresh);
	return err;
}

/**
 * vnet_fdb_del - forget a static or learned address
 * @vnet: the vnet
 * @addr: the address
 * @vid: its VLAN
 * @extack: where a refusal is explained
 *
 * Context: Process.
 * Return: 0, -ENOENT when it is not known, -EPERM when it is local.
 */
int vnet_fdb_del(struct vnet *vnet, const u8 *addr, u16 vid, struct netlink_ext_ack *extack)
{
	struct vnet_fdb *fdb = &vnet->fdb;
	struct vnet_fdb_entry *entry;
	int err = 0;

	spin_lock_bh(&fdb->hash.lock);
	entry = vnet_fdb_find_rcu(fdb, vnet_fdb_key(addr, vid));
	if (!entry) {
		VNET_REFUSE(extack, "vnet %s does not know the address %pM", vnet->dev->name, addr);
		err = -ENOENT;
	} else if (entry->state == VNET_FDB_STATE_LOCAL) {
		VNET_REFUSE(extack, "%pM is the own address of port %s and stays", addr,
			    vnet_port_name(entry->port));
		err = -EPERM;
	} else {
		fdb_remove(vnet, entry);
	}
	spin_unlock_bh(&fdb->hash.lock);
	return err;
}

/**
 * vnet_fdb_del_local - an address is no longer local to a port
 * @port: the port
 * @addr: the address
 *
 * Context: Process, RTNL held.
 */
void vnet_fdb_del_local(struct vnet_port *port, const u8 *addr)
{
	struct vnet_fdb *fdb = &port->vnet->fdb;
	struct vnet_fdb_entry *entry;

	spin_lock_bh(&fdb->hash.lock);
	entry = vnet_fdb_find_rcu(fdb, vnet_fdb_key(addr, 0));
	if (entry && entry->port == port && entry->state == VNET_FDB_STATE_LOCAL)
		fdb_remove(port->vnet, entry);
	spin_unlock_bh(&fdb->hash.lock);
}

static bool fdb_is_flushed(const struct vnet_fdb_entry *entry, enum vnet_fdb_flush what)
{
	if (what == VNET_FDB_FLUSH_ALL)
		return true;
	if (entry->state != VNET_FDB_STATE_LEARNED)
		return false;
	if (what == VNET_FDB_FLUSH_TOPOLOGY)
		return READ_ONCE(entry->port->stp.flush);
	return what == VNET_FDB_FLUSH_LEARNED ||
	       (entry->vid && !test_bit(entry->vid, entry->port->vlans.member));
}

/**
 * vnet_fdb_flush - forget many addresses
 * @vnet: the vnet
 * @port: only those of this port, or NULL for all
 * @what: which ones
 *
 * Context: Process, RTNL held; or a netdev notifier.
 */
void vnet_fdb_flush(struct vnet *vnet, const struct vnet_port *port, enum vnet_fdb_flush what)
{
	struct vnet_fdb *fdb = &vnet->fdb;
	struct vnet_hash_node *node, *next;
	const struct vnet_hash_table *table;
	u32 bucket;

	spin_lock_bh(&fdb->hash.lock);
	table = rcu_dereference_protected(fdb->hash.table, lockdep_is_held(&fdb->hash.lock));
	for (bucket = 0; bucket <= table->mask; bucket++) {
		for (node = vnet_hash_first_rcu(table, bucket); node; node = next) {
			struct vnet_fdb_entry *entry =
				container_of(node, struct vnet_fdb_entry, node);

			next = vnet_hash_next_rcu(table, node);
			if (port && entry->port != port)
				continue;
			if (!fdb_is_flushed(entry, what))
				continue;
			fdb_remove(vnet, entry);
		}
	}
	spin_unlock_bh(&fdb->hash.lock);
}

/**
 * vnet_fdb_set_ageing - change the time after which a learned address is forgotten
 * @vnet: the vnet
 * @ageing: jiffies, 0 for never
 *
 * Context: Process, RTNL held.
 */
void vnet_fdb_set_ageing(struct vnet *vnet, unsigned long ageing)
{
	struct vnet_fdb *fdb = &vnet->fdb;

	WRITE_ONCE(fdb->ageing, ageing);
	if (READ_ONCE(fdb->learned))
		mod_delayed_work(system_power_efficient_wq, &fdb->ager, 0);
}

/**
 * vnet_fdb_init - make an empty FDB
 * @vnet: the vnet
 *
 * Context: Process.
 * Return: 0 or -ENOMEM.
 */
int vnet_fdb_init(struct vnet *vnet)
{
	struct vnet_fdb *fdb = &vnet->fdb;

	fdb->max_learned = VNET_FDB_DEFAULT_MAX;
	fdb->ageing = VNET_FDB_DEFAULT_AGEING;
	INIT_DELAYED_WORK(&fdb->ager, fdb_age);
	return vnet_hash_init(&fdb->hash, FDB_FIRST_BITS, FDB_LAST_BITS);
}

/**
 * vnet_fdb_exit - end the FDB of a vnet that has no ports any more
 * @vnet: the vnet
 *
 * Context: Process; after the grace period that follows the last port. Sleeps.
 */
void vnet_fdb_exit(struct vnet *vnet)
{
	cancel_delayed_work_sync(&vnet->fdb.ager);
	vnet_fdb_flush(vnet, NULL, VNET_FDB_FLUSH_ALL);
	vnet_hash_exit(&vnet->fdb.hash);
}
