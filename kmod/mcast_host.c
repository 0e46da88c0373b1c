// SPDX-License-Identifier: GPL-2.0
/*
 * The hosts behind a port that want a group: where mcast_to_unicast is on, each of them gets a copy
 * that is sent to its own address, as links want it on which frames to groups are slow or get
 * lost.
 *
 * Hosts are known by the MAC addresses that their reports come from. While there may be one that
 * is not known, the port gets the frame as it is: nobody is cut off by what is not known.
 */
#include "mcast_host.h"

#include <linux/rtnetlink.h>

#include "budget.h"
#include "mcast_table.h"
#include "port.h"
#include "vnet.h"

/* Of one group behind one port. Where more want it, the frame as it is costs less. */
#define MCAST_MAX_HOSTS 32

static struct vnet_mcast_host *host_find(const struct vnet_mcast_member *member, const u8 *lladdr)
{
	struct vnet_mcast_host *host;

	hlist_for_each_entry(host, &member->hosts, node)
		if (ether_addr_equal(host->lladdr, lladdr))
			return host;
	return NULL;
}

static void host_drop(struct vnet *vnet, struct vnet_mcast_member *member,
		      struct vnet_mcast_host *host)
{
	hlist_del_rcu(&host->node);
	member->n_hosts--;
	vnet_budget_give(vnet);
	kfree_rcu(host, rcu);
}

/**
 * vnet_mcast_host_joins - a host has reported that it wants a group
 * @vnet: the vnet
 * @member: the port that it is behind, as a member of the group
 * @lladdr: its MAC address
 * @expires: time until which that is so
 *
 * Context: The table's lock held.
 */
void vnet_mcast_host_joins(struct vnet *vnet, struct vnet_mcast_member *member, const u8 *lladdr,
			   u64 expires)
{
	struct vnet_mcast_host *host = host_find(member, lladdr);

	lockdep_assert_held(&vnet->mcast.hash.lock);
	if (!vnet_port_has(member->port, VNET_PORT_FLAG_MCAST_TO_UNICAST))
		return;
	if (!host && member->n_hosts < MCAST_MAX_HOSTS)
		host = vnet_budget_zalloc(vnet, NULL, sizeof(*host));
	if (!host) {
		WRITE_ONCE(member->strangers, max(member->strangers, expires));
		return;
	}
	host->expires = expires;
	host->leaves = false;
	if (!hlist_unhashed(&host->node))
		return;
	ether_addr_copy(host->lladdr, lladdr);
	member->n_hosts++;
	hlist_add_head_rcu(&host->node, &member->hosts);
}

/**
 * vnet_mcast_host_leaves - a host has reported that it does not want a group any more
 * @vnet: the vnet
 * @member: the port that it is behind, as a member of the group
 * @lladdr: its MAC address, which others may have too
 * @end: time until which it gets the group all the same; 0 is at once, U64_MAX is until its
 *	querier has asked who is left
 *
 * Context: The table's lock held.
 * Return: True if the host is known and @end is a time.
 */
bool vnet_mcast_host_leaves(struct vnet *vnet, struct vnet_mcast_member *member, const u8 *lladdr,
			    u64 end)
{
	struct vnet_mcast_host *host = host_find(member, lladdr);

	lockdep_assert_held(&vnet->mcast.hash.lock);
	if (!host)
		return false;
	if (!end) {
		host_drop(vnet, member, host);
		return false;
	}
	host->leaves = true;
	host->expires = min(host->expires, end);
	return end != U64_MAX;
}

/**
 * vnet_mcast_others_want - are there hosts that want a group, besides one?
 * @member: a port as a member of the group
 * @lladdr: MAC address of the one
 *
 * Context: The table's lock held.
 * Return: True if some are known.
 */
bool vnet_mcast_others_want(const struct vnet_mcast_member *member, const u8 *lladdr)
{
	return member->n_hosts > (host_find(member, lladdr) ? 1 : 0);
}

/**
 * vnet_mcast_end_leavers - the querier has asked who is left
 * @member: a port as a member of the group
 * @end: time until which hosts have answered
 *
 * Hosts that have not said that they leave stay: those of IGMPv2 and MLDv1 keep an answer back
 * that they hear from others.
 *
 * Context: The table's lock held.
 */
void vnet_mcast_end_leavers(struct vnet_mcast_member *member, u64 end)
{
	struct vnet_mcast_host *host;

	hlist_for_each_entry(host, &member->hosts, node)
		if (host->leaves)
			host->expires = min(host->expires, end);
}

/**
 * vnet_mcast_expire_hosts - forget hosts that have not reported again
 * @vnet: the vnet
 * @member: a port as a member of the group
 * @now: the time
 *
 * Context: The table's lock held.
 * Return: Time at which the next one ends; U64_MAX if there is none.
 */
u64 vnet_mcast_expire_hosts(struct vnet *vnet, struct vnet_mcast_member *member, u64 now)
{
	struct vnet_mcast_host *host;
	struct hlist_node *next;
	u64 due = U64_MAX;

	lockdep_assert_held(&vnet->mcast.hash.lock);
	hlist_for_each_entry_safe(host, next, &member->hosts, node) {
		if (host->expires <= now)
			host_drop(vnet, member, host);
		else
			due = min(due, host->expires);
	}
	return due;
}

/**
 * vnet_mcast_drop_hosts - forget all hosts
 * @vnet: the vnet
 * @member: a port as a member of the group
 *
 * Context: The table's lock held.
 */
void vnet_mcast_drop_hosts(struct vnet *vnet, struct vnet_mcast_member *member)
{
	struct vnet_mcast_host *host;
	struct hlist_node *next;

	lockdep_assert_held(&vnet->mcast.hash.lock);
	hlist_for_each_entry_safe(host, next, &member->hosts, node)
		host_drop(vnet, member, host);
}

/* Whoever has reported until now is a stranger, for as long as his report is good. */
static void host_estrange(struct vnet_mcast_member *member)
{
	const struct vnet_mcast_source *source;
	u64 until = member->all ? member->expires : 0;

	hlist_for_each_entry(source, &member->sources, node)
		until = max(until, source->expires);
	WRITE_ONCE(member->strangers, max(member->strangers, until));
}

/**
 * vnet_mcast_set_to_unicast - copies for each host, or frames as they are
 * @port: the port
 * @on: whether there are copies
 *
 * Context: Process, RTNL held.
 */
void vnet_mcast_set_to_unicast(struct vnet_port *port, bool on)
{
	struct vnet_mcast *mcast = &port->vnet->mcast;
	struct vnet_mcast_member *member;
	const struct vnet_hash_table *table;
	struct vnet_hash_node *node;
	u32 bucket;

	ASSERT_RTNL();
	if (vnet_port_has(port, VNET_PORT_FLAG_MCAST_TO_UNICAST) == on)
		return;
	spin_lock_bh(&mcast->hash.lock);
	assign_bit(VNET_PORT_FLAG_MCAST_TO_UNICAST, &port->flags, on);
	table = rcu_dereference_protected(mcast->hash.table, lockdep_is_held(&mcast->hash.lock));
	for (bucket = 0; bucket <= table->mask; bucket++) {
		vnet_hash_for_each_in_bucket_rcu(table, bucket, node) {
			member = vnet_mcast_member_of(container_of(node, struct vnet_mcast_group,
								   node), port);
			if (member && on)
				host_estrange(member);
			else if (member)
				vnet_mcast_drop_hosts(port->vnet, member);
		}
	}
	spin_unlock_bh(&mcast->hash.lock);
}

/**
 * vnet_mcast_knows_hosts - are all hosts known that want a group?
 * @member: a port as a member of the group
 *
 * Who has set an entry by hand has not said for whom.
 *
 * Context: RCU read side.
 * Return: True if so, and there are some.
 */
bool vnet_mcast_knows_hosts(const struct vnet_mcast_member *member)
{
	const struct vnet_mcast_source *source;
	u64 now = get_jiffies_64();

	if (READ_ONCE(member->permanent) || READ_ONCE(member->strangers) > now)
		return false;
	hlist_for_each_entry_rcu(source, &member->sources, node)
		if (!READ_ONCE(source->expires))
			return false;
	return !hlist_empty(&member->hosts);
}
