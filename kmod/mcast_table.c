// SPDX-License-Identifier: GPL-2.0
/*
 * The table of groups: who wants which, with bounds, and what is told of it.
 *
 * Whatever cannot be noted for want of memory or room must not cut off who has reported it: for
 * the time that a report is good nothing is pruned then. A port that is at its own bound has
 * only itself to blame.
 */
#include "mcast_table.h"

#include "budget.h"
#include "mcast_host.h"
#include "notify.h"
#include "port.h"
#include "vnet.h"

static u32 mcast_hash(const struct vnet_mcast_key *key)
{
	u64 half[2];
	u32 first;

	memcpy(half, &key->addr, sizeof(half));
	first = vnet_hash_key(half[0], half[1]);
	return vnet_hash_key(first, (u64)(__force u16)key->proto << 16 | key->vid);
}

static bool mcast_same(const struct vnet_mcast_key *one, const struct vnet_mcast_key *other)
{
	return one->proto == other->proto && one->vid == other->vid &&
	       ipv6_addr_equal(&one->addr, &other->addr);
}

/**
 * vnet_mcast_wake - have the work done at a time, or before
 * @mcast: the groups
 * @when: the time
 *
 * Context: The table's lock held.
 */
void vnet_mcast_wake(struct vnet_mcast *mcast, u64 when)
{
	u64 now = get_jiffies_64();

	lockdep_assert_held(&mcast->hash.lock);
	/* Guests say when, but the work looks at everything: not all the time. */
	when = max(when, mcast->ran + HZ / 20);
	if (mcast->due && mcast->due <= when)
		return;
	mcast->due = max(when, 1ULL);
	mod_delayed_work(system_power_efficient_wq, &mcast->work,
			 when > now ? min_t(u64, when - now, 3600 * HZ) : 0);
}

/**
 * vnet_mcast_find - look a group up
 * @mcast: the groups
 * @key: which
 *
 * Context: RCU read side, or the table's lock held.
 * Return: The group or NULL.
 */
struct vnet_mcast_group *vnet_mcast_find(const struct vnet_mcast *mcast,
					 const struct vnet_mcast_key *key)
{
	const struct vnet_hash_table *table =
		rcu_dereference_check(mcast->hash.table, lockdep_is_held(&mcast->hash.lock));
	struct vnet_hash_node *node;

	vnet_hash_for_each_match_rcu(table, mcast_hash(key), node) {
		struct vnet_mcast_group *group = container_of(node, struct vnet_mcast_group, node);

		if (mcast_same(&group->key, key))
			return group;
	}
	return NULL;
}

/* Room and memory for one more object; without them nothing is pruned for a while. */
static void *mcast_alloc(struct vnet *vnet, size_t size)
{
	struct vnet_mcast *mcast = &vnet->mcast;
	void *object = vnet_budget_zalloc(vnet, NULL, size);

	lockdep_assert_held(&mcast->hash.lock);
	if (!object)
		WRITE_ONCE(mcast->overflow, get_jiffies_64() +
					    vnet_mcast_time(mcast, VNET_MCAST_MEMBERSHIP_INTVL));
	return object;
}

/**
 * vnet_mcast_make - find a group, or make it
 * @vnet: the vnet
 * @key: which; a foreign querier's is no group, and not counted as one
 *
 * Context: The table's lock held.
 * Return: The group, or NULL without room or memory. One that is made and gets no member is ended
 * by vnet_mcast_settle().
 */
struct vnet_mcast_group *vnet_mcast_make(struct vnet *vnet, const struct vnet_mcast_key *key)
{
	struct vnet_mcast *mcast = &vnet->mcast;
	struct vnet_mcast_group *group = vnet_mcast_find(mcast, key);
	bool wanted = !ipv6_addr_any(&key->addr);
	u32 most = vnet_mcast_setting(mcast, VNET_MCAST_HASH_MAX);

	if (group)
		return group;
	if (wanted && mcast->n_groups >= most) {
		vnet_notify_limit(vnet, NULL, VNET_LIMIT_MDB, most);
		WRITE_ONCE(mcast->overflow, get_jiffies_64() +
					    vnet_mcast_time(mcast, VNET_MCAST_MEMBERSHIP_INTVL));
		return NULL;
	}
	group = mcast_alloc(vnet, sizeof(*group));
	if (!group)
		return NULL;
	group->key = *key;
	vnet_hash_add_locked(&mcast->hash, &group->node, mcast_hash(key));
	mcast->n_groups += wanted;
	return group;
}

static void mcast_drop_group(struct vnet *vnet, struct vnet_mcast_group *group)
{
	vnet_hash_del_locked(&vnet->mcast.hash, &group->node);
	vnet->mcast.n_groups -= !vnet_mcast_is_foreign(group);
	vnet_budget_give(vnet);
	kfree_rcu(group, rcu);
}

static void mcast_tell(struct vnet *vnet, const struct vnet_mcast_group *group,
		       const struct vnet_mcast_member *member,
		       const struct vnet_mcast_source *source, u8 command)
{
	const struct vnet_mcast_row row = { .group = group, .member = member, .source = source };
	struct vnet_notice notice = {
		.command = command,
		.vnet = vnet,
		.port = member->port,
		.mdb = &row,
	};

	vnet_notify(&notice);
}

/**
 * vnet_mcast_drop_source - a source is not wanted any more
 * @vnet: the vnet
 * @group: the group
 * @member: port that does not want it
 * @source: the source
 *
 * Context: The table's lock held. vnet_mcast_settle() is to follow.
 */
void vnet_mcast_drop_source(struct vnet *vnet, struct vnet_mcast_group *group,
			    struct vnet_mcast_member *member, struct vnet_mcast_source *source)
{
	hlist_del_rcu(&source->node);
	member->n_sources--;
	mcast_tell(vnet, group, member, source, VNET_CMD_MDB_DEL_NTF);
	vnet_budget_give(vnet);
	kfree_rcu(source, rcu);
}

/**
 * vnet_mcast_set_all - all sources are wanted but for those that are excluded, or not any more
 * @vnet: the vnet
 * @group: the group
 * @member: port that wants them
 * @all: whether it does
 *
 * Context: The table's lock held. vnet_mcast_settle() is to follow.
 */
void vnet_mcast_set_all(struct vnet *vnet, struct vnet_mcast_group *group,
			struct vnet_mcast_member *member, bool all)
{
	struct vnet_mcast_source *source;
	struct hlist_node *next;

	if (member->all == all)
		return;
	WRITE_ONCE(member->all, all);
	/* After that, or what was excluded would be wanted for a moment. */
	hlist_for_each_entry_safe(source, next, &member->sources, node)
		if (source->excluded && !all)
			vnet_mcast_drop_source(vnet, group, member, source);
	mcast_tell(vnet, group, member, NULL, all ? VNET_CMD_MDB_NEW_NTF : VNET_CMD_MDB_DEL_NTF);
	if (!all)
		member->permanent = false;
}

/**
 * vnet_mcast_settle - end what is not wanted any more
 * @vnet: the vnet
 * @group: the group; gone afterwards if nobody wants it
 * @member: port that may want nothing of it any more, and is no member then; or NULL
 *
 * Context: The table's lock held.
 */
void vnet_mcast_settle(struct vnet *vnet, struct vnet_mcast_group *group,
		       struct vnet_mcast_member *member)
{
	if (member && !member->all && hlist_empty(&member->sources)) {
		vnet_mcast_drop_hosts(vnet, member);
		hlist_del_rcu(&member->node);
		WRITE_ONCE(member->port->mcast.n_groups, member->port->mcast.n_groups - 1);
		vnet_budget_give(vnet);
		kfree_rcu(member, rcu);
	}
	if (hlist_empty(&group->members))
		mcast_drop_group(vnet, group);
}

/**
 * vnet_mcast_member_of - find a port among those that want a group
 * @group: the group
 * @port: the port
 *
 * Context: The table's lock held.
 * Return: The port as a member, or NULL.
 */
struct vnet_mcast_member *vnet_mcast_member_of(const struct vnet_mcast_group *group,
					       const struct vnet_port *port)
{
	struct vnet_mcast_member *member;

	hlist_for_each_entry(member, &group->members, node)
		if (member->port == port)
			return member;
	return NULL;
}

/* In the order of ports' numbers, which the list of routers has too. */
static void mcast_insert(struct vnet_mcast_group *group, struct vnet_mcast_member *member)
{
	struct vnet_mcast_member *other, *last = NULL;

	hlist_for_each_entry(other, &group->members, node) {
		if (other->port->number > member->port->number)
			break;
		last = other;
	}
	if (last)
		hlist_add_behind_rcu(&member->node, &last->node);
	else
		hlist_add_head_rcu(&member->node, &group->members);
}

/**
 * vnet_mcast_join - make a port a member of a group, unless it is
 * @port: the port
 * @group: the group
 *
 * Context: The table's lock held. The caller says what is wanted.
 * Return: The port as a member, or NULL without room or memory.
 */
struct vnet_mcast_member *vnet_mcast_join(struct vnet_port *port,
					  struct vnet_mcast_group *group)
{
	struct vnet_mcast_member *member = vnet_mcast_member_of(group, port);
	u32 most = READ_ONCE(port->mcast.max_groups);

	if (member)
		return member;
	if (most && port->mcast.n_groups >= most) {
		vnet_notify_limit(port->vnet, port, VNET_LIMIT_MDB_PORT, most);
		return NULL;
	}
	member = mcast_alloc(port->vnet, sizeof(*member));
	if (!member)
		return NULL;
	member->port = port;
	WRITE_ONCE(port->mcast.n_groups, port->mcast.n_groups + 1);
	mcast_insert(group, member);
	return member;
}

/**
 * vnet_mcast_find_source - find a source among those that a port wants
 * @member: the port as a member of a group
 * @addr: address of the source
 *
 * Context: The table's lock held.
 * Return: The source or NULL.
 */
struct vnet_mcast_source *vnet_mcast_find_source(const struct vnet_mcast_member *member,
						 const struct in6_addr *addr)
{
	struct vnet_mcast_source *source;

	hlist_for_each_entry(source, &member->sources, node)
		if (ipv6_addr_equal(&source->addr, addr))
			return source;
	return NULL;
}

/**
 * vnet_mcast_add_source - a source is told apart from all others
 * @vnet: the vnet
 * @group: the group
 * @member: port that wants it, or that wants all others, or will at once
 * @addr: address of the source, which is not known yet
 * @excluded: it is not wanted
 * @expires: time of its end, or 0 for good, and for one that is not wanted
 *
 * Context: The table's lock held.
 * Return: False without room or memory: it is what all others are then.
 */
bool vnet_mcast_add_source(struct vnet *vnet, struct vnet_mcast_group *group,
			   struct vnet_mcast_member *member, const struct in6_addr *addr,
			   bool excluded, u64 expires)
{
	struct vnet_mcast_source *source;

	if (member->n_sources >= VNET_MCAST_MAX_SOURCES)
		return false;
	source = mcast_alloc(vnet, sizeof(*source));
	if (!source)
		return false;
	source->addr = *addr;
	source->excluded = excluded;
	source->expires = expires;
	member->n_sources++;
	hlist_add_head_rcu(&source->node, &member->sources);
	mcast_tell(vnet, group, member, source, VNET_CMD_MDB_NEW_NTF);
	return true;
}

/**
 * vnet_mcast_want_source - a source is wanted
 * @vnet: the vnet
 * @group: the group
 * @member: port that wants it
 * @addr: address of the source
 * @expires: time of its end, or 0 for good
 *
 * Context: The table's lock held.
 * Return: False without room or memory.
 */
bool vnet_mcast_want_source(struct vnet *vnet, struct vnet_mcast_group *group,
			    struct vnet_mcast_member *member, const struct in6_addr *addr,
			    u64 expires)
{
	struct vnet_mcast_source *source = vnet_mcast_find_source(member, addr);

	if (!source)
		return vnet_mcast_add_source(vnet, group, member, addr, false, expires);
	if (vnet_mcast_is_by_hand(source))
		return true;
	source->expires = expires;
	if (source->excluded) {
		WRITE_ONCE(source->excluded, false);
		mcast_tell(vnet, group, member, source, VNET_CMD_MDB_NEW_NTF);
	}
	return true;
}

/**
 * vnet_mcast_end_source - nobody has asked for a source any more
 * @vnet: the vnet
 * @group: the group
 * @member: port that has wanted it
 * @source: the source; gone afterwards, or excluded where all others are wanted
 *
 * Context: The table's lock held. vnet_mcast_settle() is to follow.
 */
void vnet_mcast_end_source(struct vnet *vnet, struct vnet_mcast_group *group,
			   struct vnet_mcast_member *member, struct vnet_mcast_source *source)
{
	if (!member->all || member->permanent) {
		vnet_mcast_drop_source(vnet, group, member, source);
		return;
	}
	WRITE_ONCE(source->excluded, true);
	source->expires = 0;
	mcast_tell(vnet, group, member, source, VNET_CMD_MDB_NEW_NTF);
}
