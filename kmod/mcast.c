// SPDX-License-Identifier: GPL-2.0
/*
 * Which ports want the frames of which groups (RFC 4541): what reports and queries say is kept
 * here, with a bound for each port and one for the vnet. A port in INCLUDE mode (RFC 3376 6.2)
 * has the sources that are wanted; one in EXCLUDE mode gets all but those that are excluded.
 */
#include "mcast.h"

#include <linux/inetdevice.h>
#include <net/addrconf.h>

#include "mcast_host.h"
#include "mcast_table.h"
#include "port.h"
#include "vnet.h"

/**
 * vnet_mcast_prunes - are frames kept from ports that have not asked for them?
 * @mcast: the groups
 * @key: the group of the frame
 *
 * Only a querier makes hosts repeat their reports, and only after it has been answered once
 * everybody can be known.
 *
 * Context: RCU read side.
 * Return: True if so; false if the frame is to be flooded.
 */
bool vnet_mcast_prunes(const struct vnet_mcast *mcast, const struct vnet_mcast_key *key)
{
	u64 answered = READ_ONCE(mcast->answered[vnet_mcast_family(key)]);
	struct vnet_mcast_key querier_key = vnet_mcast_querier_key(key);
	const struct vnet_mcast_group *querier;
	u64 now = get_jiffies_64();

	if (READ_ONCE(mcast->overflow) > now)
		return false;
	if (answered && answered <= now)
		return true;
	querier = vnet_mcast_find(mcast, &querier_key);
	return querier && READ_ONCE(querier->silence) <= now && READ_ONCE(querier->expires) > now;
}

/**
 * vnet_mcast_wants - does a port want a frame of a group?
 * @member: the port as one of those that want the group
 * @source: source of the frame
 *
 * Context: RCU read side.
 * Return: True if so.
 */
bool vnet_mcast_wants(const struct vnet_mcast_member *member, const struct in6_addr *source)
{
	const struct vnet_mcast_source *one;

	hlist_for_each_entry_rcu(one, &member->sources, node)
		if (ipv6_addr_equal(&one->addr, source))
			return !READ_ONCE(one->excluded);
	return READ_ONCE(member->all);
}

/**
 * vnet_mcast_querier_addr - what our own queries come from
 * @vnet: the vnet
 * @family: of which protocol
 *
 * IPv4: the host adapter's address if it shall be taken, else 0.0.0.0, which never wins an
 * election (RFC 4541 2.1.1). IPv6: the link-local address of the host adapter's MAC address,
 * which is there whether the adapter is up or not.
 *
 * Context: RCU read side.
 * Return: The address.
 */
struct in6_addr vnet_mcast_querier_addr(const struct vnet *vnet, enum vnet_mcast_family family)
{
	struct in6_addr addr = {};

	if (family == VNET_MCAST_IPV6) {
		addr.s6_addr32[0] = htonl(0xfe800000);
		addrconf_addr_eui48(addr.s6_addr + 8, vnet->dev->dev_addr);
	} else if (vnet_mcast_setting(&vnet->mcast, VNET_MCAST_QUERY_USE_IFADDR)) {
		addr.s6_addr32[0] = inet_select_addr(vnet->dev, 0, RT_SCOPE_LINK);
	}
	return addr;
}

/* Does the other querier win? The lower address does (RFC 2236 3, RFC 2710 5). */
static bool mcast_is_beaten(const struct vnet *vnet, const struct in6_addr *other,
			    enum vnet_mcast_family family)
{
	struct in6_addr own = vnet_mcast_querier_addr(vnet, family);

	if (ipv6_addr_any(other))
		return false;
	return ipv6_addr_any(&own) || memcmp(other, &own, sizeof(own)) < 0;
}

/**
 * vnet_mcast_is_querier - is it us who asks for members?
 * @vnet: the vnet
 * @other: the foreign querier of the VLAN, or NULL
 * @family: of which protocol
 *
 * Context: RCU read side, or the table's lock held.
 * Return: True if so.
 */
bool vnet_mcast_is_querier(const struct vnet *vnet, const struct vnet_mcast_group *other,
			   enum vnet_mcast_family family)
{
	u64 now = get_jiffies_64();

	if (!vnet_mcast_setting(&vnet->mcast, VNET_MCAST_QUERIER))
		return false;
	return !other || READ_ONCE(other->expires) <= now ||
	       !mcast_is_beaten(vnet, &other->querier, family);
}

static void mcast_want_all(struct vnet *vnet, struct vnet_mcast_group *group,
			   struct vnet_mcast_member *member, u64 expires)
{
	member->expires = expires;
	member->queries = 0;
	vnet_mcast_set_all(vnet, group, member, true);
}

static bool mcast_names(const struct vnet_mcast_record *record, const struct in6_addr *addr)
{
	unsigned int i;

	for (i = 0; i < min_t(unsigned int, record->n_sources, VNET_MCAST_MAX_SOURCES); i++)
		if (ipv6_addr_equal(&record->sources[i], addr))
			return true;
	return false;
}

/*
 * What a record names and is not known is told apart from all others from now on. Too many
 * cannot be, and what was set for good for all excludes nobody.
 */
static void mcast_tell_apart(struct vnet *vnet, struct vnet_mcast_group *group,
			     struct vnet_mcast_member *member,
			     const struct vnet_mcast_record *record, bool excluded, u64 expires)
{
	unsigned int i;

	if (member->permanent || record->n_sources > VNET_MCAST_MAX_SOURCES)
		return;
	for (i = 0; i < record->n_sources; i++)
		if (!vnet_mcast_find_source(member, &record->sources[i]))
			vnet_mcast_add_source(vnet, group, member, &record->sources[i], excluded,
					      expires);
}

/*
 * A record that names sources that are not wanted (RFC 3376 6.4). What it names and is known
 * stays as it is, since others behind the port may want it; what else it names is excluded, if
 * nobody has wanted it until now, and what it does not name is nothing special any more. Too
 * many to be told apart are all wanted.
 */
static void mcast_exclude(struct vnet *vnet, struct vnet_mcast_group *group,
			  struct vnet_mcast_member *member, const struct vnet_mcast_record *record,
			  u64 expires)
{
	bool fits = record->n_sources <= VNET_MCAST_MAX_SOURCES;
	struct vnet_mcast_source *source;
	struct hlist_node *next;

	hlist_for_each_entry_safe(source, next, &member->sources, node)
		if (!vnet_mcast_is_by_hand(source) &&
		    (!fits || !mcast_names(record, &source->addr)))
			vnet_mcast_drop_source(vnet, group, member, source);
	/* Where all were wanted, somebody else may have wanted it among them. */
	mcast_tell_apart(vnet, group, member, record, !member->all, member->all ? expires : 0);
	mcast_want_all(vnet, group, member, expires);
}

/* A record that names sources that are wanted. */
static void mcast_include(struct vnet *vnet, struct vnet_mcast_group *group,
			  struct vnet_mcast_member *member, const struct vnet_mcast_record *record,
			  u64 expires)
{
	static const struct vnet_mcast_record everything = { .change = VNET_MCAST_JOIN };
	bool fits = record->n_sources <= VNET_MCAST_MAX_SOURCES;
	unsigned int i;

	for (i = 0; fits && i < record->n_sources; i++)
		fits = vnet_mcast_want_source(vnet, group, member, &record->sources[i], expires);
	/* Too many to be told apart: rather too much than too little. */
	if (!fits)
		mcast_exclude(vnet, group, member, &everything, expires);
	else
		member->queries = 0;
}

/* What a record gives up ends at @end at the latest: 0 is at once. Returns true if there is any. */
static bool mcast_give_up(struct vnet *vnet, struct vnet_mcast_group *group,
			  struct vnet_mcast_member *member, const struct vnet_mcast_record *record,
			  u64 end)
{
	bool named = record->change != VNET_MCAST_ONLY, any = false;
	struct vnet_mcast_source *source;
	struct hlist_node *next;

	hlist_for_each_entry_safe(source, next, &member->sources, node) {
		if (!source->expires || mcast_names(record, &source->addr) != named)
			continue;
		any = true;
		source->expires = min(source->expires, end);
		if (!end)
			vnet_mcast_end_source(vnet, group, member, source);
	}
	if (named || !member->all || member->permanent)
		return any;
	member->expires = min(member->expires, end);
	if (!end)
		vnet_mcast_set_all(vnet, group, member, false);
	return true;
}

/* A host leaves; others behind the same port may not. */
static void mcast_leave(struct vnet *vnet, struct vnet_mcast_group *group,
			struct vnet_mcast_member *member, const struct vnet_mcast_record *record,
			const u8 *lladdr)
{
	bool gone = record->change == VNET_MCAST_ONLY && !record->n_sources, ends = false;
	struct vnet_mcast_key querier_key = vnet_mcast_querier_key(&group->key);
	const struct vnet_mcast_group *other = vnet_mcast_find(&vnet->mcast, &querier_key);
	struct vnet_mcast *mcast = &vnet->mcast;
	u32 count = vnet_mcast_setting(mcast, VNET_MCAST_LAST_MEMBER_CNT);
	bool own = vnet_mcast_is_querier(vnet, other, vnet_mcast_family(&group->key));
	u64 now = get_jiffies_64(), end;

	if (vnet_port_has(member->port, VNET_PORT_FLAG_FAST_LEAVE)) {
		/* It is the last one, unless others are known. */
		if (!vnet_mcast_others_want(member, lladdr))
			mcast_give_up(vnet, group, member, record, 0);
		if (gone)
			vnet_mcast_host_leaves(vnet, member, lladdr, 0);
		return;
	}
	/* The other querier asks who is left, and its question shortens the times. */
	if (!own && other && other->expires > now) {
		if (gone)
			vnet_mcast_host_leaves(vnet, member, lladdr, U64_MAX);
		return;
	}
	end = now + count * vnet_mcast_time(mcast, VNET_MCAST_LAST_MEMBER_INTVL);
	if (gone)
		ends = vnet_mcast_host_leaves(vnet, member, lladdr, end);
	if (!mcast_give_up(vnet, group, member, record, end)) {
		if (ends)
			vnet_mcast_wake(mcast, end);
		return;
	}
	if (own) {
		member->queries = min(count, 255U);
		member->next_query = now;
		end = now;
	}
	vnet_mcast_wake(mcast, end);
}

/**
 * vnet_mcast_report - a host has reported what it wants
 * @port: port that it is behind
 * @record: what it has said of one group
 * @lladdr: its MAC address
 *
 * Context: BH off.
 */
void vnet_mcast_report(struct vnet_port *port, const struct vnet_mcast_record *record,
		       const u8 *lladdr)
{
	bool all = record->change == VNET_MCAST_JOIN || record->change == VNET_MCAST_EXCLUDE;
	bool joins = all || record->change == VNET_MCAST_INCLUDE ||
		     (record->change == VNET_MCAST_ONLY && record->n_sources);
	struct vnet_mcast_member *member;
	struct vnet *vnet = port->vnet;
	struct vnet_mcast *mcast = &vnet->mcast;
	struct vnet_mcast_group *group;
	u64 expires;

	if (record->change == VNET_MCAST_NOTHING || vnet_mcast_is_everybody(&record->key))
		return;
	spin_lock_bh(&mcast->hash.lock);
	expires = get_jiffies_64() + vnet_mcast_time(mcast, VNET_MCAST_MEMBERSHIP_INTVL);
	/* A packet that was on its way when snooping ended must not leave anything behind. */
	if (!vnet_mcast_setting(mcast, VNET_MCAST_SNOOPING))
		goto unlock;
	group = joins ? vnet_mcast_make(vnet, &record->key) : vnet_mcast_find(mcast, &record->key);
	if (!group)
		goto unlock;
	member = joins ? vnet_mcast_join(port, group) : vnet_mcast_member_of(group, port);
	if (member && all)
		mcast_exclude(vnet, group, member, record, expires);
	else if (member && joins)
		mcast_include(vnet, group, member, record, expires);
	if (member && joins)
		vnet_mcast_host_joins(vnet, member, lladdr, expires);
	if (member && member->all && record->change == VNET_MCAST_BLOCK)
		mcast_tell_apart(vnet, group, member, record, false, member->expires);
	if (member && record->change != VNET_MCAST_JOIN && record->change != VNET_MCAST_INCLUDE)
		mcast_leave(vnet, group, member, record, lladdr);
	vnet_mcast_settle(vnet, group, member);
	if (joins)
		vnet_mcast_wake(mcast, expires);
unlock:
	spin_unlock_bh(&mcast->hash.lock);
}

/* A general query: somebody asks in our place, unless we win. */
static void mcast_elect(struct vnet_port *port, const struct vnet_mcast_message *msg)
{
	struct vnet_mcast_key key = vnet_mcast_querier_key(&msg->key);
	enum vnet_mcast_family family = vnet_mcast_family(&key);
	struct vnet *vnet = port->vnet;
	struct vnet_mcast *mcast = &vnet->mcast;
	struct vnet_mcast_group *group = vnet_mcast_find(mcast, &key);
	u64 now = get_jiffies_64();
	bool fresh;

	if (vnet_mcast_setting(mcast, VNET_MCAST_QUERIER) &&
	    !mcast_is_beaten(vnet, &msg->source, family))
		return;
	/* A querier without an address is better than none; the lower address wins. */
	if (group && group->expires > now && !ipv6_addr_any(&group->querier) &&
	    (ipv6_addr_any(&msg->source) ||
	     memcmp(&msg->source, &group->querier, sizeof(msg->source)) > 0))
		return;
	group = vnet_mcast_make(vnet, &key);
	if (!group)
		return;
	fresh = group->expires <= now;
	group->querier = msg->source;
	group->querier_port = port->number;
	if (fresh)
		WRITE_ONCE(group->silence, now + msecs_to_jiffies(msg->delay_ms));
	WRITE_ONCE(group->expires, now + vnet_mcast_time(mcast, VNET_MCAST_QUERIER_INTVL));
	vnet_mcast_wake(mcast, group->expires);
}

/* The querier asks who is left: who does not answer has left. */
static void mcast_asked(struct vnet *vnet, const struct vnet_mcast_message *msg)
{
	struct vnet_mcast_key key = { .addr = msg->group, .proto = msg->key.proto,
				      .vid = msg->key.vid };
	struct vnet_mcast_group *group = vnet_mcast_find(&vnet->mcast, &key);
	struct vnet_mcast_record nothing = { .change = VNET_MCAST_ONLY };
	u32 count = vnet_mcast_setting(&vnet->mcast, VNET_MCAST_LAST_MEMBER_CNT);
	u64 delay = max_t(u64, msecs_to_jiffies(msg->delay_ms), HZ / 10);
	u64 end = get_jiffies_64() + max(count, 1U) * delay;
	struct vnet_mcast_member *member;

	if (!group || msg->suppress)
		return;
	hlist_for_each_entry(member, &group->members, node) {
		mcast_give_up(vnet, group, member, &nothing, end);
		vnet_mcast_end_leavers(member, end);
	}
	vnet_mcast_wake(&vnet->mcast, end);
}

/**
 * vnet_mcast_query - a query has come in
 * @port: port that it came in through
 * @msg: the query
 *
 * What comes in through a port behind which there never is a router is not believed.
 *
 * Context: BH off.
 */
void vnet_mcast_query(struct vnet_port *port, const struct vnet_mcast_message *msg)
{
	struct vnet_mcast *mcast = &port->vnet->mcast;
	u64 until;

	spin_lock_bh(&mcast->hash.lock);
	if (port->mcast.router == VNET_MCAST_ROUTER_NEVER ||
	    !vnet_mcast_setting(mcast, VNET_MCAST_SNOOPING))
		goto unlock;
	if (!ipv6_addr_any(&msg->source) && port->mcast.router == VNET_MCAST_ROUTER_LEARNED) {
		until = get_jiffies_64() + vnet_mcast_time(mcast, VNET_MCAST_QUERIER_INTVL);
		vnet_mcast_learn_router(port, vnet_mcast_family(&msg->key), until);
	}
	if (ipv6_addr_any(&msg->group))
		mcast_elect(port, msg);
	else
		mcast_asked(port->vnet, msg);
unlock:
	spin_unlock_bh(&mcast->hash.lock);
}

/**
 * vnet_mcast_has_router - is there a multicast router behind a port?
 * @port: the port, one of vnet_mcast.routers
 * @family: of which protocol
 *
 * Context: Any.
 * Return: True if so.
 */
bool vnet_mcast_has_router(const struct vnet_port *port, enum vnet_mcast_family family)
{
	u64 now = get_jiffies_64();

	return READ_ONCE(port->mcast.router) == VNET_MCAST_ROUTER_ALWAYS ||
	       READ_ONCE(port->mcast.router_until[family]) > now;
}
