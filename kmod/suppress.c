// SPDX-License-Identifier: GPL-2.0
/*
 * Neighbour requests whose answer is known are kept from those whom they do not concern.
 *
 * The owner alone gets the question, and answers. Only where a port wants it the switch answers
 * itself. Who looks whether an address is free, and who announces his own, is heard by all.
 *
 * Nobody is lost by what the switch believes: an owner who does not answer is asked through
 * everybody the next time, and so is one whose address somebody else says to have.
 */
#include "suppress.h"

#include <net/ipv6.h>

#include "alarm.h"
#include "binding.h"
#include "fdb_cache.h"
#include "forward.h"
#include "gateway.h"

/* After a question answers are looked for so long. */
#define SUPPRESS_WATCH (2 * HZ)

static void suppress_look_at(struct vnet_port *port)
{
	if (!vnet_port_has(port, VNET_PORT_FLAG_WATCH))
		set_bit(VNET_PORT_FLAG_WATCH, &port->flags);
}

static void suppress_look(struct vnet *vnet)
{
	WRITE_ONCE(vnet->bindings.watch_until, jiffies + SUPPRESS_WATCH);
}

/* Nobody knows who will answer. */
static void suppress_look_at_all(struct vnet *vnet)
{
	struct vnet_port *port;

	suppress_look(vnet);
	list_for_each_entry_rcu(port, &vnet->ports, node)
		suppress_look_at(port);
}

/* A tag that is payload makes the frame one of a network that the vnet does not know. */
static bool suppress_reads(const struct sk_buff *skb, u16 vid, struct vnet_arp_nd *said)
{
	return (vid || !skb_vlan_tag_present(skb)) && vnet_arp_nd_read(skb, said);
}

/* The gateway knows its address without being told, and nobody else has it. */
static const struct vnet_gateway *suppress_gateway(const struct vnet *vnet,
						   const struct in6_addr *addr)
{
	const struct vnet_gateway *gateway = rcu_dereference(vnet->gateway);

	return gateway && ipv6_addr_v4mapped(addr) &&
	       addr->s6_addr32[3] == gateway->config.addr ? gateway : NULL;
}

static void suppress_learn(struct vnet_port *from, const struct sk_buff *skb, u16 vid,
			   const struct vnet_arp_nd *said)
{
	const struct vnet_gateway *gateway = suppress_gateway(from->vnet, &said->addr);
	struct vnet_alarm_notice alarm = {
		.kind = VNET_ALARM_ADDR_DUPLICATE,
		.addr = &said->addr,
		.vid = vid,
		.lladdr = eth_hdr(skb)->h_source,
		.port = from,
	};

	if (likely(!gateway)) {
		vnet_binding_claim(from, vid, eth_hdr(skb)->h_source, said);
		return;
	}
	if (gateway->port == from)
		return;
	alarm.other_lladdr = gateway->config.lladdr;
	alarm.other_port = gateway->port;
	vnet_alarm(from->vnet, &alarm);
}

/* May the switch say for @to what @from asks? */
static bool suppress_answers(const struct vnet_port *from, const struct vnet_port *to, u16 vid)
{
	if (!vnet_port_has(from, VNET_PORT_FLAG_PROXY_ARP) &&
	    !vnet_port_has(to, VNET_PORT_FLAG_PROXY_ARP) &&
	    !vnet_port_has(to, VNET_PORT_FLAG_NEIGH_SUPPRESS))
		return false;
	return from != to && !vnet_forward_isolated(from, to) && vnet_port_is_up(to) &&
	       (!vid || test_bit(vid, to->vlans.member));
}

static bool suppress_answer(struct vnet_port *from, struct vnet_port *to, struct sk_buff *skb,
			    u16 vid, const struct vnet_arp_nd *said, const u8 *lladdr, u8 role)
{
	struct sk_buff *answer;

	answer = vnet_arp_nd_answer(from->vnet->dev, skb, said, lladdr, role);
	if (!answer)
		return false;
	consume_skb(skb);
	if (vid && !vnet_vlan_egress(from, answer, vid))
		vnet_drop(to, answer, VNET_DROP_VLAN_EGRESS);
	else
		vnet_deliver(to, from, answer, VNET_DOOR_TX);
	return true;
}

/* The owner is behind the port that the question came from: he has heard it already. */
static bool suppress_heard(struct vnet_port *from, struct sk_buff *skb)
{
	if (vnet_forward_back(from))
		return false;
	vnet_drop(from, skb, VNET_DROP_SAME_PORT);
	return true;
}

static bool suppress_ask_gateway(struct vnet_port *from, const struct vnet_gateway *gateway,
				 struct sk_buff *skb, u16 vid, const struct vnet_arp_nd *said)
{
	struct vnet_port *to = gateway->port;

	if (suppress_answers(from, to, vid) &&
	    suppress_answer(from, to, skb, vid, said, gateway->config.lladdr, VNET_ROLE_ROUTER))
		return true;
	return READ_ONCE(from->vnet->bindings.unicast) && vnet_flood_to(from, to, skb, vid);
}

static bool suppress_ask(struct vnet_port *from, struct sk_buff *skb, u16 vid,
			 const struct vnet_arp_nd *said)
{
	const struct vnet_gateway *gateway;
	struct vnet *vnet = from->vnet;
	struct vnet_binding *binding;
	enum vnet_binding_state state;

	gateway = suppress_gateway(vnet, &said->target);
	if (gateway)
		return suppress_ask_gateway(from, gateway, skb, vid, said);
	binding = vnet_binding_find_rcu(vnet, &said->target, vid);
	if (!binding || !vnet_binding_is_alive(vnet, binding))
		goto ask_all;
	state = vnet_binding_state(binding);
	if (state == VNET_BINDING_STATE_CONTESTED)
		goto ask_all;
	if (suppress_answers(from, binding->port, vid) &&
	    suppress_answer(from, binding->port, skb, vid, said, binding->lladdr,
			    READ_ONCE(binding->role)))
		return true;
	if (!READ_ONCE(vnet->bindings.unicast) || state == VNET_BINDING_STATE_UNANSWERED)
		goto ask_all;
	if (!READ_ONCE(binding->asked))
		WRITE_ONCE(binding->asked, jiffies | 1);
	if (binding->port == from)
		return suppress_heard(from, skb);
	suppress_look(vnet);
	suppress_look_at(binding->port);
	if (vnet_flood_to(from, binding->port, skb, vid))
		return true;
ask_all:
	suppress_look_at_all(vnet);
	return false;
}

/* For vnet_suppress(). */
bool vnet_suppress_slow(struct vnet_port *from, struct sk_buff *skb, u16 vid)
{
	struct vnet_arp_nd said;

	if (!suppress_reads(skb, vid, &said))
		return false;
	suppress_learn(from, skb, vid, &said);
	return said.asks && suppress_ask(from, skb, vid, &said);
}

/**
 * vnet_suppress_watch - is a frame the answer to a question?
 * @from: port that it came in through, on which one is expected
 * @skb: the frame, at its Ethernet header, which is pulled
 * @vid: its VLAN
 *
 * Answers are unicast, and unicast frames are looked at for as long as one may come.
 *
 * Context: RCU read side, BH off.
 */
void vnet_suppress_watch(struct vnet_port *from, struct sk_buff *skb, u16 vid)
{
	const struct ethhdr *eth = eth_hdr(skb);
	struct vnet_arp_nd said;

	if (time_after(jiffies, READ_ONCE(from->vnet->bindings.watch_until))) {
		clear_bit(VNET_PORT_FLAG_WATCH, &from->flags);
		return;
	}
	if (is_multicast_ether_addr(eth->h_dest) || !vnet_arp_nd_may_be(eth) ||
	    !READ_ONCE(from->vnet->bindings.on) || !suppress_reads(skb, vid, &said))
		return;
	/* The FDB has not seen the frame yet. */
	if (vnet_fdb_learn(from, vnet_fdb_cache(from), eth->h_source, vid) ==
	    VNET_FDB_SOURCE_GOOD)
		suppress_learn(from, skb, vid, &said);
}
