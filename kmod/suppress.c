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

#include "alarm.h"
#include "binding.h"
#include "fdb_cache.h"
#include "forward.h"
#include "gateway.h"
#include "trace.h"

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
						   const struct vnet_address *addr)
{
	const struct vnet_gateway *gateway = rcu_dereference(vnet->gateway);

	return gateway && vnet_address_is_ipv4(addr) &&
	       vnet_address_ipv4(addr) == gateway->config.addr ? gateway : NULL;
}

/* Somebody says that he has the gateway's address. */
static noinline void suppress_contradict(struct vnet_port *from,
					 const struct vnet_gateway *gateway,
					 const struct sk_buff *skb, u16 vid,
					 const struct vnet_arp_nd *said)
{
	struct vnet_alarm_notice alarm = {
		.kind = VNET_ALARM_ADDR_DUPLICATE,
		.addr = &said->addr,
		.vid = vid,
		.lladdr = eth_hdr(skb)->h_source,
		.port = from,
		.other_lladdr = gateway->config.lladdr,
		.other_port = gateway->port,
	};

	vnet_alarm(from->vnet, &alarm);
}

static void suppress_learn(struct vnet_port *from, const struct sk_buff *skb, u16 vid,
			   const struct vnet_arp_nd *said)
{
	const struct vnet_gateway *gateway = suppress_gateway(from->vnet, &said->addr);

	if (likely(!gateway))
		vnet_binding_claim_slow(from, vid, eth_hdr(skb)->h_source, said);
	else if (gateway->port != from)
		suppress_contradict(from, gateway, skb, vid, said);
}

/* Can who is behind the one port be reached from the other? */
static __always_inline bool suppress_reaches(const struct vnet_port *from,
					     const struct vnet_port *to, u16 vid)
{
	return vnet_forward_refusal(from, to) == VNET_DROP_COUNT && vnet_port_is_up(to) &&
	       (!vid || test_bit(vid, to->vlans.member));
}

/* Is the switch to say for @to what @from asks? */
static bool suppress_answers(const struct vnet_port *from, const struct vnet_port *to)
{
	const unsigned long both = BIT(VNET_PORT_FLAG_PROXY_ARP);
	const unsigned long any = both | BIT(VNET_PORT_FLAG_NEIGH_SUPPRESS);

	return unlikely((READ_ONCE(from->flags) & both) | (READ_ONCE(to->flags) & any)) &&
	       from != to;
}

static noinline bool suppress_answer(struct vnet_port *from, struct vnet_port *to,
				     struct sk_buff *skb, u16 vid, const struct vnet_arp_nd *said,
				     const u8 *lladdr, u8 role)
{
	struct sk_buff *answer;

	answer = vnet_arp_nd_answer(from->vnet->dev, skb, said, lladdr, role);
	if (!answer)
		return false;
	trace_vnet_suppress_answer(from, to, skb);
	consume_skb(skb);
	if (vid && !vnet_vlan_egress(from, answer, vid))
		vnet_drop(to, answer, VNET_DROP_VLAN_EGRESS);
	else
		vnet_deliver(to, from, answer, VNET_DOOR_TX);
	return true;
}

/* The question becomes one to the owner, whose answer is looked for. */
static __always_inline void suppress_turn(struct vnet_port *from, struct vnet_port *to,
					  struct sk_buff *skb, u16 vid, const u8 *lladdr)
{
	if (unlikely(skb_cloned(skb))) {
		if (skb_ensure_writable(skb, ETH_HLEN)) {
			vnet_drop(from, skb, VNET_DROP_NO_MEMORY);
			return;
		}
		skb_reset_mac_header(skb);
	}
	ether_addr_copy(eth_hdr(skb)->h_dest, lladdr);
	trace_vnet_suppress_turn(from, to, skb);
	vnet_forward(from, to, skb, vid, VNET_DOOR_TX);
}

static noinline bool suppress_ask_gateway(struct vnet_port *from,
					  const struct vnet_gateway *gateway, struct sk_buff *skb,
					  u16 vid, const struct vnet_arp_nd *said)
{
	struct vnet_port *to = gateway->port;

	if (from == to || !suppress_reaches(from, to, vid))
		return false;
	if (suppress_answers(from, to) &&
	    suppress_answer(from, to, skb, vid, said, gateway->config.lladdr, VNET_ROLE_ROUTER))
		return true;
	if (!READ_ONCE(from->vnet->bindings.unicast))
		return false;
	suppress_turn(from, to, skb, vid, gateway->config.lladdr);
	return true;
}

/* Where the owner was found in the FDB as it is now, he need not be looked for. */
static __always_inline bool suppress_is_alive(struct vnet *vnet, struct vnet_binding *binding)
{
	/* Pairs with fdb_outdate(): what is looked up now is as new as the generation. */
	s64 generation = atomic64_read_acquire(&vnet->fdb.generation);

	return likely(READ_ONCE(binding->alive) == generation) ||
	       vnet_binding_is_alive_slow(vnet, binding, generation);
}

/* The owner is asked; he has so long to answer. */
static noinline void suppress_await(struct vnet *vnet, struct vnet_binding *binding)
{
	WRITE_ONCE(binding->asked, jiffies | 1);
	suppress_look(vnet);
	suppress_look_at(binding->port);
}

static __always_inline bool suppress_is_sure(const struct vnet_binding *binding)
{
	unsigned long asked = READ_ONCE(binding->asked);

	return likely(!READ_ONCE(binding->contested)) &&
	       (!asked || !time_after(jiffies, asked + VNET_BINDING_ANSWER));
}

/* Behind the port that the question came from the owner has heard it already: it ends there. */
static __always_inline void suppress_tell(struct vnet_port *from, struct vnet_binding *binding,
					  struct sk_buff *skb, u16 vid)
{
	if (!READ_ONCE(binding->asked))
		suppress_await(from->vnet, binding);
	suppress_turn(from, binding->port, skb, vid, binding->lladdr);
}

/* Does the owner get the question alone, without more ado? */
static __always_inline bool suppress_ask_owner(struct vnet_port *from,
					       struct vnet_binding *binding, struct sk_buff *skb,
					       u16 vid)
{
	struct vnet *vnet = from->vnet;
	struct vnet_port *to = binding->port;

	if (!suppress_is_sure(binding) || !READ_ONCE(vnet->bindings.unicast) ||
	    suppress_answers(from, to) || !suppress_is_alive(vnet, binding) ||
	    !suppress_reaches(from, to, vid))
		return false;
	suppress_tell(from, binding, skb, vid);
	return true;
}

/* False if nobody is known who has the answer, or not for sure. */
static bool suppress_ask_binding(struct vnet_port *from, struct vnet_binding *binding,
				 struct sk_buff *skb, u16 vid, const struct vnet_arp_nd *said)
{
	enum vnet_binding_state state = vnet_binding_state(binding);
	struct vnet_port *to = binding->port;

	if (state == VNET_BINDING_STATE_CONTESTED || !suppress_is_alive(from->vnet, binding) ||
	    !suppress_reaches(from, to, vid))
		return false;
	if (suppress_answers(from, to) &&
	    suppress_answer(from, to, skb, vid, said, binding->lladdr, READ_ONCE(binding->role)))
		return true;
	if (!READ_ONCE(from->vnet->bindings.unicast) || state == VNET_BINDING_STATE_UNANSWERED)
		return false;
	suppress_tell(from, binding, skb, vid);
	return true;
}

static bool suppress_ask(struct vnet_port *from, struct sk_buff *skb, u16 vid,
			 const struct vnet_arp_nd *said)
{
	const struct vnet_gateway *gateway = suppress_gateway(from->vnet, &said->target);
	struct vnet_binding *binding;

	if (gateway)
		return suppress_ask_gateway(from, gateway, skb, vid, said);
	binding = vnet_binding_find_rcu(&from->vnet->bindings, &said->target, vid);
	if (binding && suppress_ask_binding(from, binding, skb, vid, said))
		return true;
	suppress_look_at_all(from->vnet);
	return false;
}

static noinline bool suppress_slow(struct vnet_port *from, struct sk_buff *skb, u16 vid)
{
	struct vnet_arp_nd said;

	if (!suppress_reads(skb, vid, &said))
		return false;
	suppress_learn(from, skb, vid, &said);
	return said.asks && suppress_ask(from, skb, vid, &said);
}

/*
 * For vnet_suppress(). The most frequent one by far in few instructions: a guest that is known,
 * and has said so just now, asks by ARP for another one. All else goes the long way.
 */
bool vnet_suppress_frame(struct vnet_port *from, struct sk_buff *skb, u16 vid)
{
	const struct vnet_binding *own = rcu_dereference(from->claimed);
	const struct vnet_gateway *gateway = rcu_dereference(from->vnet->gateway);
	const struct ethhdr *eth = eth_hdr(skb);
	const struct vnet_arp *arp = (const struct vnet_arp *)(eth + 1);
	struct vnet_address addr, target;
	struct vnet_binding *binding;

	if (skb_headlen(skb) < ETH_HLEN + sizeof(*arp) || eth->h_proto != htons(ETH_P_ARP) ||
	    arp->header != VNET_ARP_HEADER(ARPOP_REQUEST) || !own ||
	    (gateway && (arp->sender == gateway->config.addr ||
			 arp->target == gateway->config.addr)) ||
	    (skb_vlan_tag_present(skb) && !vid))
		return suppress_slow(from, skb, vid);
	addr = vnet_address_of_ipv4(arp->sender);
	target = vnet_address_of_ipv4(arp->target);
	if (!vnet_binding_says(own, vid, eth->h_source, &addr) || !vnet_binding_is_quiet(own) ||
	    !ether_addr_equal(arp->sender_lladdr, eth->h_source))
		return suppress_slow(from, skb, vid);
	binding = vnet_binding_find_rcu(&from->vnet->bindings, &target, vid);
	return (binding && binding != own && suppress_ask_owner(from, binding, skb, vid)) ||
	       suppress_slow(from, skb, vid);
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
