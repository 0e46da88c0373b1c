// SPDX-License-Identifier: GPL-2.0
/* How a frame to a group is forwarded while a vnet snoops (RFC 4541). */
#include "mcast_snoop.h"

#include "forward.h"
#include "mcast.h"
#include "trace.h"
#include "vnet.h"

static struct vnet_mcast_member *snoop_member(struct hlist_node *node)
{
	return hlist_entry_safe(node, struct vnet_mcast_member, node);
}

static struct vnet_port *snoop_router(struct hlist_node *node)
{
	return hlist_entry_safe(node, struct vnet_port, mcast.router_node);
}

static struct vnet_port *snoop_next_router(const struct vnet_port *router)
{
	return snoop_router(rcu_dereference(hlist_next_rcu(&router->mcast.router_node)));
}

/*
 * Behind a port with mcast_to_unicast each host gets a copy of its own, but for who has sent the
 * frame. Returns false if there was none to be seen; @told becomes true where one has got a copy.
 */
static noinline bool snoop_to_hosts(struct vnet_port *from, struct sk_buff *skb, u16 vid,
				    const struct vnet_mcast_member *member, bool *told)
{
	const struct vnet_mcast_host *host;
	bool any = false;

	if (!vnet_mcast_knows_hosts(member))
		return false;
	hlist_for_each_entry_rcu(host, &member->hosts, node) {
		any = true;
		if (ether_addr_equal(host->lladdr, eth_hdr(skb)->h_source))
			continue;
		vnet_flood_copy(from, member->port, skb, vid, host->lladdr);
		*told = true;
	}
	return any;
}

/*
 * To the ports that want the group, and to those with routers. Both lists are in the order of
 * the ports' numbers, so a port that is in both is met once.
 */
static void snoop_forward(struct vnet_port *from, struct sk_buff *skb, u16 vid,
			  const struct vnet_mcast_message *msg,
			  const struct vnet_mcast_group *group)
{
	struct vnet_mcast *mcast = &from->vnet->mcast;
	enum vnet_mcast_family family = vnet_mcast_family(&msg->key);
	struct vnet_port *router = snoop_router(rcu_dereference(hlist_first_rcu(&mcast->routers)));
	struct vnet_mcast_member *member = NULL, *wants;
	struct vnet_port *to, *last = NULL;
	bool told = false;

	trace_vnet_group(from, skb, vid);
	if (group)
		member = snoop_member(rcu_dereference(hlist_first_rcu(&group->members)));
	while (member || router) {
		bool wanted = false;

		wants = NULL;
		to = member && (!router || member->port->number <= router->number) ? member->port
										   : router;
		if (to == router) {
			wanted = vnet_mcast_has_router(router, family);
			router = snoop_next_router(router);
		}
		if (member && to == member->port) {
			/* A router wants frames as they are. */
			if (!wanted && vnet_mcast_wants(member, &msg->source))
				wants = member;
			member = snoop_member(rcu_dereference(hlist_next_rcu(&member->node)));
		}
		if ((!wanted && !wants) || !vnet_flood_may(from, to, vid))
			continue;
		if (unlikely(vnet_port_has(to, VNET_PORT_FLAG_MCAST_TO_UNICAST)) && wants &&
		    snoop_to_hosts(from, skb, vid, wants, &told))
			continue;
		vnet_flood_next(from, to, skb, vid, &last);
	}
	if (unlikely(told) && !last)
		consume_skb(skb);
	else
		vnet_flood_last(from, last, skb, vid, VNET_DROP_MCAST_UNWANTED);
}

/* A record is big: it must not be on the stack while the frame goes on its way. */
static noinline void snoop_learn(struct vnet_port *from, const struct sk_buff *skb,
				 struct vnet_mcast_message *msg)
{
	struct vnet_mcast_record record;

	while (vnet_mcast_next_record(skb, msg, &record))
		vnet_mcast_report(from, &record, eth_hdr(skb)->h_source);
}

static void snoop_report(struct vnet_port *from, struct sk_buff *skb, u16 vid,
			 struct vnet_mcast_message *msg)
{
	snoop_learn(from, skb, msg);
	/* Not to other hosts: those of version 1 and 2 would keep their own reports back. */
	if (vnet_mcast_prunes(&from->vnet->mcast, &msg->key))
		snoop_forward(from, skb, vid, msg, NULL);
	else
		vnet_flood(from, skb, vid);
}

/**
 * vnet_mcast_input - forward a frame to a group
 * @from: port that it came in through
 * @skb: the frame, at its Ethernet header, not shared; gone afterwards
 * @vid: its VLAN, 0 where the vnet does not look at VLANs
 *
 * Context: RCU read side, BH off.
 */
void vnet_mcast_input(struct vnet_port *from, struct sk_buff *skb, u16 vid)
{
	struct vnet_mcast *mcast = &from->vnet->mcast;
	struct vnet_mcast_message msg;
	const struct vnet_mcast_group *group;

	switch (vnet_mcast_parse(skb, vid, &msg)) {
	case VNET_MCAST_MALFORMED:
		vnet_drop(from, skb, VNET_DROP_MCAST_MALFORMED);
		return;
	case VNET_MCAST_REPORT:
		snoop_report(from, skb, vid, &msg);
		return;
	case VNET_MCAST_DATA:
		if (!vnet_mcast_prunes(mcast, &msg.key))
			break;
		snoop_forward(from, skb, vid, &msg, vnet_mcast_find(mcast, &msg.key));
		return;
	case VNET_MCAST_OTHER:
		/* Nobody reports these: what was set counts, and nothing else. */
		group = vnet_mcast_find(mcast, &msg.key);
		if (!group)
			break;
		snoop_forward(from, skb, vid, &msg, group);
		return;
	case VNET_MCAST_QUERY:
		vnet_mcast_query(from, &msg);
		break;
	case VNET_MCAST_LOCAL:
		break;
	}
	vnet_flood(from, skb, vid);
}
