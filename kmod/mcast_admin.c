// SPDX-License-Identifier: GPL-2.0
/* What is done to groups from outside of the packet path: entries by hand, ageing, ends. */
#include <linux/rtnetlink.h>

#include "mcast_host.h"
#include "mcast_table.h"
#include "port.h"
#include "refuse.h"
#include "vnet.h"

#define MCAST_FIRST_BITS 4
#define MCAST_LAST_BITS 16

/**
 * vnet_mcast_port_init - what a new port has of groups
 * @port: the port
 *
 * Context: Process, RTNL held.
 */
void vnet_mcast_port_init(struct vnet_port *port)
{
	port->mcast.router = VNET_MCAST_ROUTER_LEARNED;
	port->mcast.max_groups = VNET_MCAST_PORT_MAX_GROUPS;
	if (vnet_mcast_setting(&port->vnet->mcast, VNET_MCAST_SNOOPING))
		set_bit(VNET_PORT_FLAG_SNOOPING, &port->flags);
}

static void mcast_add_router(struct vnet_mcast *mcast, struct vnet_port *port)
{
	struct vnet_port *other, *last = NULL;

	if (!hlist_unhashed(&port->mcast.router_node))
		return;
	hlist_for_each_entry(other, &mcast->routers, mcast.router_node) {
		if (other->number > port->number)
			break;
		last = other;
	}
	if (last)
		hlist_add_behind_rcu(&port->mcast.router_node, &last->mcast.router_node);
	else
		hlist_add_head_rcu(&port->mcast.router_node, &mcast->routers);
}

/**
 * vnet_mcast_learn_router - there is a router behind a port
 * @port: the port
 * @family: of which protocol
 * @until: time until which it is taken for granted
 *
 * Context: The table's lock held.
 */
void vnet_mcast_learn_router(struct vnet_port *port, enum vnet_mcast_family family, u64 until)
{
	WRITE_ONCE(port->mcast.router_until[family], until);
	mcast_add_router(&port->vnet->mcast, port);
	vnet_mcast_wake(&port->vnet->mcast, until);
}

/* Forgets what was learned, and leaves the list of routers unless it was set. */
static void mcast_forget_router(struct vnet_port *port)
{
	WRITE_ONCE(port->mcast.router_until[VNET_MCAST_IPV4], 0);
	WRITE_ONCE(port->mcast.router_until[VNET_MCAST_IPV6], 0);
	if (port->mcast.router != VNET_MCAST_ROUTER_ALWAYS)
		hlist_del_init_rcu(&port->mcast.router_node);
}

/**
 * vnet_mcast_set_router - say whether there is a router behind a port
 * @port: the port
 * @router: enum vnet_mcast_router
 *
 * Context: Process, RTNL held.
 */
void vnet_mcast_set_router(struct vnet_port *port, u8 router)
{
	struct vnet_mcast *mcast = &port->vnet->mcast;

	spin_lock_bh(&mcast->hash.lock);
	WRITE_ONCE(port->mcast.router, router);
	if (router == VNET_MCAST_ROUTER_ALWAYS)
		mcast_add_router(mcast, port);
	else
		mcast_forget_router(port);
	spin_unlock_bh(&mcast->hash.lock);
}

/* Sources that were set @for_good, and those that were learned or set @for_now. Was there any? */
static bool mcast_lose_sources(struct vnet *vnet, struct vnet_mcast_group *group,
			       struct vnet_mcast_member *member, bool for_good, bool for_now)
{
	struct vnet_mcast_source *source;
	struct hlist_node *next;
	bool any = false;

	hlist_for_each_entry_safe(source, next, &member->sources, node) {
		if (vnet_mcast_is_by_hand(source) ? !for_good : !for_now)
			continue;
		any = true;
		vnet_mcast_drop_source(vnet, group, member, source);
	}
	return any;
}

/* The member loses what was set @for_good, and what was learned or set @for_now. */
static void mcast_lose(struct vnet *vnet, struct vnet_mcast_group *group,
		       struct vnet_mcast_member *member, bool for_good, bool for_now)
{
	mcast_lose_sources(vnet, group, member, for_good, for_now);
	if (member->permanent ? for_good : for_now)
		vnet_mcast_set_all(vnet, group, member, false);
	if (for_now)
		vnet_mcast_drop_hosts(vnet, member);
}

/**
 * struct mcast_flush - what is to be forgotten
 * @port: that of this port, or NULL for all
 * @vid: that of this VLAN, or -1 for all
 * @stray: that of VLANs which @port is not in
 * @for_good: what was set for good
 * @for_now: what was learned, or set for a time
 * @foreign: foreign queriers, too
 */
struct mcast_flush {
	const struct vnet_port *port;
	int vid;
	bool stray;
	bool for_good;
	bool for_now;
	bool foreign;
};

static void mcast_flush_group(struct vnet *vnet, struct vnet_mcast_group *group,
			      const struct mcast_flush *flush)
{
	struct vnet_mcast_member *member;
	struct hlist_node *next;

	if ((flush->vid >= 0 && group->key.vid != flush->vid) ||
	    (flush->stray && (!group->key.vid ||
			      test_bit(group->key.vid, flush->port->vlans.member))))
		return;
	if (vnet_mcast_is_foreign(group)) {
		if (flush->foreign && (!flush->port ||
				       flush->port->number == group->querier_port))
			vnet_mcast_settle(vnet, group, NULL);
		return;
	}
	hlist_for_each_entry_safe(member, next, &group->members, node) {
		if (flush->port && member->port != flush->port)
			continue;
		mcast_lose(vnet, group, member, flush->for_good, flush->for_now);
		vnet_mcast_settle(vnet, group, member);
	}
}

static void mcast_flush(struct vnet *vnet, const struct mcast_flush *flush)
{
	struct vnet_mcast *mcast = &vnet->mcast;
	struct vnet_hash_node *node, *next;
	const struct vnet_hash_table *table;
	u32 bucket;

	spin_lock_bh(&mcast->hash.lock);
	table = rcu_dereference_protected(mcast->hash.table, lockdep_is_held(&mcast->hash.lock));
	for (bucket = 0; bucket <= table->mask; bucket++) {
		for (node = vnet_hash_first_rcu(table, bucket); node; node = next) {
			next = vnet_hash_next_rcu(table, node);
			mcast_flush_group(vnet, container_of(node, struct vnet_mcast_group, node),
					  flush);
		}
	}
	spin_unlock_bh(&mcast->hash.lock);
}

/**
 * vnet_mcast_flush - forget entries
 * @vnet: the vnet
 * @port: only those of this port, or NULL for all
 * @vid: only those of this VLAN, or -1 for all
 * @permanent: 1 for those that were set for good, 0 for the others, -1 for both
 *
 * Context: Process, RTNL held.
 */
void vnet_mcast_flush(struct vnet *vnet, const struct vnet_port *port, int vid, int permanent)
{
	const struct mcast_flush flush = {
		.port = port, .vid = vid, .for_good = permanent, .for_now = permanent != 1,
	};

	mcast_flush(vnet, &flush);
}

/**
 * vnet_mcast_flush_stray - a port has left VLANs: forget what was reported in them
 * @port: the port
 *
 * Context: Process, RTNL held.
 */
void vnet_mcast_flush_stray(struct vnet_port *port)
{
	const struct mcast_flush flush = { .port = port, .vid = -1, .stray = true,
					   .for_now = true };

	mcast_flush(port->vnet, &flush);
}

/**
 * vnet_mcast_port_close - forget a port that no packet reaches any more
 * @port: the port
 *
 * Context: Process, RTNL held; after the grace period that follows vnet_port_unlink().
 */
void vnet_mcast_port_close(struct vnet_port *port)
{
	const struct mcast_flush flush = { .port = port, .vid = -1, .for_good = true,
					   .for_now = true, .foreign = true };
	struct vnet_mcast *mcast = &port->vnet->mcast;

	mcast_flush(port->vnet, &flush);
	spin_lock_bh(&mcast->hash.lock);
	port->mcast.router = VNET_MCAST_ROUTER_NEVER;
	mcast_forget_router(port);
	spin_unlock_bh(&mcast->hash.lock);
}

/**
 * vnet_mcast_forget - forget what was learned: nobody listens any more
 * @vnet: the vnet
 *
 * Context: Process, RTNL held.
 */
void vnet_mcast_forget(struct vnet *vnet)
{
	const struct mcast_flush flush = { .vid = -1, .for_now = true, .foreign = true };
	struct vnet_mcast *mcast = &vnet->mcast;
	struct vnet_port *port;
	struct hlist_node *next;

	mcast_flush(vnet, &flush);
	spin_lock_bh(&mcast->hash.lock);
	hlist_for_each_entry_safe(port, next, &mcast->routers, mcast.router_node)
		mcast_forget_router(port);
	spin_unlock_bh(&mcast->hash.lock);
}

/* Who is left? If there is room, the question is sent when the lock is free. */
static void mcast_ask(struct vnet *vnet, const struct vnet_mcast_group *group,
		      struct vnet_mcast_member *member, u64 now,
		      struct vnet_mcast_questions *questions)
{
	if (questions->n == ARRAY_SIZE(questions->ask))
		return;
	questions->ask[questions->n].key = group->key;
	questions->ask[questions->n++].port = member->port->number;
	member->queries--;
	member->next_query = now + vnet_mcast_time(&vnet->mcast, VNET_MCAST_LAST_MEMBER_INTVL);
}

/* What of a member has ended by @now. Returns the time at which the next of it ends. */
static u64 mcast_expire_member(struct vnet *vnet, struct vnet_mcast_group *group,
			       struct vnet_mcast_member *member, u64 now,
			       struct vnet_mcast_questions *questions)
{
	struct vnet_mcast_source *source;
	struct hlist_node *next;
	u64 due = U64_MAX;

	if (member->all && !member->permanent && member->expires <= now)
		vnet_mcast_set_all(vnet, group, member, false);
	else if (member->all && !member->permanent)
		due = min(due, member->expires);
	hlist_for_each_entry_safe(source, next, &member->sources, node) {
		if (source->expires && source->expires <= now)
			vnet_mcast_end_source(vnet, group, member, source);
		else if (source->expires)
			due = min(due, source->expires);
	}
	if (member->queries && member->next_query <= now)
		mcast_ask(vnet, group, member, now, questions);
	if (member->queries)
		due = min(due, member->next_query);
	return min(due, vnet_mcast_expire_hosts(vnet, member, now));
}

static u64 mcast_expire_group(struct vnet *vnet, struct vnet_mcast_group *group, u64 now,
			      struct vnet_mcast_questions *questions)
{
	struct vnet_mcast_member *member;
	struct hlist_node *next;
	u64 due = U64_MAX;

	if (vnet_mcast_is_foreign(group)) {
		if (group->expires > now)
			return group->expires;
		vnet_mcast_settle(vnet, group, NULL);
		return U64_MAX;
	}
	__set_bit(group->key.vid, vnet->mcast.vids);
	hlist_for_each_entry_safe(member, next, &group->members, node) {
		due = min(due, mcast_expire_member(vnet, group, member, now, questions));
		/* The last member takes the group with it. */
		vnet_mcast_settle(vnet, group, member);
	}
	return due;
}

/**
 * vnet_mcast_expire_bucket - forget what has ended in one chain of the table
 * @vnet: the vnet
 * @table: the table; only the caller changes it for another
 * @bucket: the chain
 * @questions: filled with what is to be asked for now
 *
 * Context: Process; the vnet's own work.
 * Return: Time at which something in it ends, or is to be asked for, next; U64_MAX if nothing.
 */
u64 vnet_mcast_expire_bucket(struct vnet *vnet, const struct vnet_hash_table *table, u32 bucket,
			     struct vnet_mcast_questions *questions)
{
	struct vnet_mcast *mcast = &vnet->mcast;
	struct vnet_hash_node *node, *next;
	u64 now = get_jiffies_64(), due = U64_MAX;

	spin_lock_bh(&mcast->hash.lock);
	for (node = vnet_hash_first_rcu(table, bucket); node; node = next) {
		struct vnet_mcast_group *group = container_of(node, struct vnet_mcast_group, node);

		next = vnet_hash_next_rcu(table, node);
		due = min(due, mcast_expire_group(vnet, group, now, questions));
	}
	spin_unlock_bh(&mcast->hash.lock);
	return due;
}

/**
 * vnet_mcast_expire_routers - forget routers that have not asked any more
 * @vnet: the vnet
 *
 * Context: Process.
 * Return: Time at which the next one ends; U64_MAX if there is none.
 */
u64 vnet_mcast_expire_routers(struct vnet *vnet)
{
	struct vnet_mcast *mcast = &vnet->mcast;
	u64 now = get_jiffies_64(), due = U64_MAX;
	struct vnet_port *port;
	struct hlist_node *next;

	spin_lock_bh(&mcast->hash.lock);
	hlist_for_each_entry_safe(port, next, &mcast->routers, mcast.router_node) {
		const u64 *until = port->mcast.router_until;
		u64 last = max(until[VNET_MCAST_IPV4], until[VNET_MCAST_IPV6]);

		if (port->mcast.router == VNET_MCAST_ROUTER_ALWAYS)
			continue;
		if (last <= now)
			mcast_forget_router(port);
		else
			due = min(due, last);
	}
	spin_unlock_bh(&mcast->hash.lock);
	return due;
}

static int mcast_check(const struct vnet_port *port, const struct vnet_mcast_key *key,
		       struct netlink_ext_ack *extack)
{
	if (port->kind == VNET_PORT_KIND_GATEWAY) {
		VNET_REFUSE(extack, "the gateway is in no group");
		return -EOPNOTSUPP;
	}
	if (vnet_mcast_is_everybody(key)) {
		VNET_REFUSE(extack, "frames to this group go to everybody: it is not snooped");
		return -EINVAL;
	}
	return 0;
}

static bool mcast_is_wanted(const struct vnet_mcast_member *member, const struct in6_addr *addr)
{
	const struct vnet_mcast_source *source = vnet_mcast_find_source(member, addr);

	return source && !source->excluded;
}

/**
 * vnet_mcast_add - make an entry
 * @port: port that wants the group
 * @key: the group
 * @source: the source that is wanted, or NULL for all
 * @permanent: for good, or as if a host had reported it
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0, -EEXIST when the entry is there, -ENOSPC without room or memory, -EINVAL for a group
 * that is not snooped, -EOPNOTSUPP for the gateway.
 */
int vnet_mcast_add(struct vnet_port *port, const struct vnet_mcast_key *key,
		   const struct in6_addr *source, bool permanent, struct netlink_ext_ack *extack)
{
	struct vnet *vnet = port->vnet;
	struct vnet_mcast *mcast = &vnet->mcast;
	struct vnet_mcast_member *member = NULL;
	struct vnet_mcast_group *group;
	int err = mcast_check(port, key, extack);
	u64 expires;

	if (err)
		return err;
	spin_lock_bh(&mcast->hash.lock);
	expires = get_jiffies_64() + vnet_mcast_time(mcast, VNET_MCAST_MEMBERSHIP_INTVL);
	group = vnet_mcast_make(vnet, key);
	if (group)
		member = vnet_mcast_join(port, group);
	if (!member) {
		VNET_REFUSE(extack, "there is no room for one more group of %s",
			    vnet_port_name(port));
		err = -ENOSPC;
	} else if (source ? mcast_is_wanted(member, source) : member->all) {
		VNET_REFUSE(extack, "%s is in the group already", vnet_port_name(port));
		err = -EEXIST;
	} else if (source) {
		if (!vnet_mcast_want_source(vnet, group, member, source, permanent ? 0 : expires)) {
			VNET_REFUSE(extack, "%s has all the sources of the group that it may have",
				    vnet_port_name(port));
			err = -ENOSPC;
		}
	} else {
		member->permanent = permanent;
		member->expires = expires;
		vnet_mcast_set_all(vnet, group, member, true);
	}
	if (!err && !permanent) {
		/* For whom has not been said. */
		WRITE_ONCE(member->strangers, max(member->strangers, expires));
		vnet_mcast_wake(mcast, expires);
	}
	if (group)
		vnet_mcast_settle(vnet, group, member);
	spin_unlock_bh(&mcast->hash.lock);
	return err;
}

/* Ends all that the port wants of the group, but for sources set by hand. Was there any? */
static bool mcast_lose_whole(struct vnet *vnet, struct vnet_mcast_group *group,
			     struct vnet_mcast_member *member)
{
	bool any = mcast_lose_sources(vnet, group, member, false, true);

	any |= member->all;
	vnet_mcast_set_all(vnet, group, member, false);
	return any;
}

/**
 * vnet_mcast_del - end an entry, whoever made it
 * @port: port that wants the group
 * @key: the group
 * @source: a source; or NULL for all of them, but for those that were set for good
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0, or -ENOENT when there is none.
 */
int vnet_mcast_del(struct vnet_port *port, const struct vnet_mcast_key *key,
		   const struct in6_addr *source, struct netlink_ext_ack *extack)
{
	struct vnet *vnet = port->vnet;
	struct vnet_mcast *mcast = &vnet->mcast;
	struct vnet_mcast_source *found = NULL;
	struct vnet_mcast_member *member = NULL;
	struct vnet_mcast_group *group;
	int err = 0;

	spin_lock_bh(&mcast->hash.lock);
	group = vnet_mcast_find(mcast, key);
	if (group)
		member = vnet_mcast_member_of(group, port);
	if (member && source)
		found = vnet_mcast_find_source(member, source);
	if (found)
		vnet_mcast_drop_source(vnet, group, member, found);
	if (found || (member && !source && mcast_lose_whole(vnet, group, member))) {
		vnet_mcast_settle(vnet, group, member);
	} else {
		VNET_REFUSE(extack, "%s is not in the group", vnet_port_name(port));
		err = -ENOENT;
	}
	spin_unlock_bh(&mcast->hash.lock);
	return err;
}

/* The lines of one member, from *@index on, which counts down to the first that is wanted. */
static int mcast_walk_member(const struct vnet_mcast_group *group,
			     const struct vnet_mcast_member *member, long *seen, long *index,
			     vnet_mcast_visit_t visit, void *arg)
{
	struct vnet_mcast_row row = { .group = group, .member = member };
	int err = 0;

	if (READ_ONCE(member->all) && (*seen)++ >= *index) {
		err = visit(&row, arg);
		if (err)
			return err;
		(*index)++;
	}
	hlist_for_each_entry_rcu(row.source, &member->sources, node) {
		if ((*seen)++ < *index)
			continue;
		err = visit(&row, arg);
		if (err)
			return err;
		(*index)++;
	}
	return 0;
}

/**
 * vnet_mcast_walk - walk all entries of a vnet
 * @vnet: the vnet
 * @bucket: 0 to begin with; where to go on after @visit has said no
 * @index: the same
 * @visit: called for each entry
 * @arg: for @visit
 *
 * Context: RTNL held, or RCU read side.
 * Return: 0, or what @visit has said.
 */
int vnet_mcast_walk(struct vnet *vnet, long *bucket, long *index, vnet_mcast_visit_t visit,
		    void *arg)
{
	const struct vnet_mcast_member *member;
	const struct vnet_hash_table *table;
	struct vnet_hash_node *node;
	int err = 0;

	rcu_read_lock();
	table = rcu_dereference(vnet->mcast.hash.table);
	for (; *bucket <= table->mask; (*bucket)++, *index = 0) {
		long seen = 0;

		vnet_hash_for_each_in_bucket_rcu(table, *bucket, node) {
			const struct vnet_mcast_group *group =
				container_of(node, struct vnet_mcast_group, node);

			hlist_for_each_entry_rcu(member, &group->members, node) {
				err = mcast_walk_member(group, member, &seen, index, visit, arg);
				if (err)
					goto unlock;
			}
		}
	}
unlock:
	rcu_read_unlock();
	return err;
}

/**
 * vnet_mcast_init - a vnet without groups
 * @vnet: the vnet
 *
 * Context: Process.
 * Return: 0 or -ENOMEM.
 */
int vnet_mcast_init(struct vnet *vnet)
{
	vnet_mcast_init_config(&vnet->mcast.config);
	INIT_HLIST_HEAD(&vnet->mcast.routers);
	INIT_DELAYED_WORK(&vnet->mcast.work, vnet_mcast_work);
	return vnet_hash_init(&vnet->mcast.hash, MCAST_FIRST_BITS, MCAST_LAST_BITS);
}

/**
 * vnet_mcast_exit - end the groups of a vnet that has no ports any more
 * @vnet: the vnet
 *
 * Context: Process; after the grace period that follows the last port. Sleeps.
 */
void vnet_mcast_exit(struct vnet *vnet)
{
	const struct mcast_flush flush = { .vid = -1, .for_good = true, .for_now = true,
					   .foreign = true };

	cancel_delayed_work_sync(&vnet->mcast.work);
	mcast_flush(vnet, &flush);
	vnet_hash_exit(&vnet->mcast.hash);
}
