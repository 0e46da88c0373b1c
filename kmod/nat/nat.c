// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a packet through NAT.
 *
 * Out: which session -> which way -> does it fit -> translate -> the host's route.
 * In:  which session -> does it fit -> translate -> the gateway, to the guest.
 *
 * What comes in from outside and belongs to no session, mapping or forward is the
 * host's and is left alone.
 */
#include "nat.h"

#include <linux/icmp.h>
#include <linux/in.h>
#include <linux/tcp.h>
#include <net/ip.h>

#include "../egress.h"
#include "../fragment.h"
#include "../gateway.h"
#include "../trace.h"
#include "../vnet.h"
#include "door.h"
#include "forward.h"
#include "icmp.h"
#include "mapping.h"
#include "portset.h"
#include "session.h"
#include "table.h"

static const struct tcphdr *nat_tcp_header(const struct sk_buff *skb, u8 proto,
					   struct tcphdr *buffer)
{
	if (proto != IPPROTO_TCP)
		return NULL;
	return skb_header_pointer(skb, ip_hdrlen(skb), sizeof(*buffer), buffer);
}

/* Length of the headers that a translation may change. */
static unsigned int nat_header_len(const struct sk_buff *skb, u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return ip_hdrlen(skb) + sizeof(struct tcphdr);
	case IPPROTO_UDP:
		return ip_hdrlen(skb) + sizeof(struct udphdr);
	default:
		return ip_hdrlen(skb) + sizeof(struct icmphdr);
	}
}

/*
 * What will be read and written lies in linear memory from here on: pages of a sender
 * who still has them mapped may change between two looks. Warning: may reallocate the
 * data of @skb.
 */
static bool nat_pull_headers(struct sk_buff *skb)
{
	/* The longest is an ICMP error with the headers that it quotes. */
	unsigned int most = ip_hdrlen(skb) + sizeof(struct icmphdr) + 60 + sizeof(struct tcphdr);

	return pskb_may_pull(skb, min(skb->len, most));
}

static u8 nat_first_state(const struct sk_buff *skb, u8 proto, enum vnet_direction direction)
{
	struct tcphdr buffer;
	const struct tcphdr *tcp = nat_tcp_header(skb, proto, &buffer);

	return tcp ? vnet_tcp_first(tcp, direction) : VNET_SESSION_STATE_UNREPLIED;
}

/* Must the sender hear that the packet is too big? */
static bool nat_too_big(const struct sk_buff *skb, unsigned int mtu)
{
	return (ip_hdr(skb)->frag_off & htons(IP_DF)) && !skb->ignore_df &&
	       !vnet_packet_fits(skb, mtu);
}

/*
 * Warning: may reallocate the data of @skb. Returns false without memory; nothing is
 * changed then.
 */
static bool nat_translate(struct sk_buff *skb, struct vnet_flow *flow)
{
	if (unlikely(vnet_rewrite_make_writable(skb, nat_header_len(skb, flow->tuple.proto))))
		return false;
	WRITE_ONCE(flow->packets, flow->packets + 1);
	WRITE_ONCE(flow->bytes, flow->bytes + skb->len);
	vnet_rewrite_packet(skb, &flow->rewrite);
	vnet_rewrite_decrease_ttl(skb);
	return true;
}

/* Asks the routing table anew when the session's route is no longer true. */
static struct rtable *nat_session_route(struct vnet_session *session)
{
	const struct vnet_tuple *outside = &session->flows[VNET_OUT].rewrite.to;
	struct vnet_egress_query query = {
		.daddr = outside->daddr,
		.saddr = outside->saddr,
		.oif = READ_ONCE(session->vnet->nat.out),
		.proto = outside->proto,
	};
	struct dst_entry *route = rcu_dereference(session->route);
	struct rtable *found;

	if (likely(route && dst_check(route, 0)))
		return (struct rtable *)route;
	found = vnet_egress_route(dev_net(session->vnet->dev), &query);
	if (IS_ERR(found))
		return NULL;
	/* The one before may be in use by another CPU: dst_release() waits for RCU. */
	dst_release(unrcu_pointer(xchg(&session->route, RCU_INITIALIZER(&found->dst))));
	return found;
}

/* A guest's packet, whose session is known, leaves. */
static void nat_send_out(struct vnet_port *from, struct vnet_flow *flow, struct sk_buff *skb,
			 enum vnet_door door)
{
	struct vnet_session *session = vnet_flow_session(flow);
	struct rtable *route = nat_session_route(session);
	struct vnet_nat_table *table;
	struct tcphdr buffer;

	if (unlikely(!route)) {
		vnet_gateway_refuse(from, skb, ICMP_DEST_UNREACH, ICMP_NET_UNREACH, 0, door);
		vnet_drop(from, skb, VNET_DROP_NO_ROUTE);
		return;
	}
	if (unlikely(nat_too_big(skb, vnet_egress_mtu(route)))) {
		vnet_gateway_refuse(from, skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED,
				    vnet_egress_mtu(route), door);
		vnet_drop(from, skb, VNET_DROP_NEEDS_FRAGMENT);
		return;
	}
	vnet_session_use(session, VNET_OUT, nat_tcp_header(skb, flow->tuple.proto, &buffer));
	if (unlikely(!nat_translate(skb, flow))) {
		vnet_drop(from, skb, VNET_DROP_NO_MEMORY);
		return;
	}
	trace_vnet_nat_out(session->vnet, flow, skb);
	/* RFC 4787 REQ-9: a guest reaches another one, or itself, by an external endpoint. */
	table = vnet_nat_table_rcu(dev_net(session->vnet->dev));
	if (vnet_egress_is_local(route) && table && vnet_nat_in(table, skb, door))
		return;
	vnet_egress_send(from, skb, route);
}

/* The guest's first packet to this remote. */
static struct vnet_flow *nat_open_out(struct vnet_nat_table *table, struct vnet_port *from,
				      const struct vnet_tuple *tuple, struct sk_buff *skb,
				      enum vnet_drop_reason *reason)
{
	struct net *net = dev_net(from->vnet->dev);
	struct vnet_egress_query query = {
		.daddr = tuple->daddr,
		.oif = READ_ONCE(from->vnet->nat.out),
		.proto = tuple->proto,
	};
	struct vnet_session *session;
	struct rtable *route;

	route = vnet_egress_route(net, &query);
	if (IS_ERR(route)) {
		*reason = VNET_DROP_NO_ROUTE;
		return NULL;
	}
	session = vnet_session_open_out(table, from, tuple, route, query.saddr,
					nat_first_state(skb, tuple->proto, VNET_OUT), reason);
	ip_rt_put(route);
	return session ? &session->flows[VNET_OUT] : NULL;
}

static void nat_refuse_out(struct vnet_port *from, struct sk_buff *skb,
			   enum vnet_drop_reason reason, enum vnet_door door)
{
	/* RFC 6888 REQ-11: a guest at its bound hears of it. */
	u8 code = reason == VNET_DROP_NO_ROUTE ? ICMP_NET_UNREACH : ICMP_HOST_UNREACH;

	vnet_gateway_refuse(from, skb, ICMP_DEST_UNREACH, code, 0, door);
	vnet_drop(from, skb, reason);
}

static void nat_out_flow(struct vnet_nat_table *table, struct vnet_port *from,
			 const struct vnet_tuple *tuple, struct sk_buff *skb, enum vnet_door door)
{
	struct vnet_flow *flow = vnet_flow_find_rcu(table, from->vnet->dev->ifindex, tuple);
	enum vnet_drop_reason reason = VNET_DROP_NO_MEMORY;

	if (unlikely(!flow))
		flow = nat_open_out(table, from, tuple, skb, &reason);
	if (likely(flow))
		nat_send_out(from, flow, skb, door);
	else
		nat_refuse_out(from, skb, reason, door);
}

/**
 * vnet_nat_out - translate a guest's packet and send it
 * @from: port that the packet came from
 * @skb: the packet, at its IPv4 header, checked, whole, with a time to live above one; gone
 * afterwards
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 */
void vnet_nat_out(struct vnet_port *from, struct sk_buff *skb, enum vnet_door door)
{
	struct vnet_nat_table *table = vnet_nat_table_rcu(dev_net(from->vnet->dev));
	struct vnet_tuple tuple;

	if (unlikely(!table)) {
		vnet_drop(from, skb, VNET_DROP_NOT_ROUTED);
		return;
	}
	if (unlikely(!nat_pull_headers(skb))) {
		vnet_drop(from, skb, VNET_DROP_NO_MEMORY);
		return;
	}
	switch (vnet_tuple_parse(skb, 0, false, &tuple)) {
	case VNET_TUPLE_FLOW:
		nat_out_flow(table, from, &tuple, skb, door);
		break;
	case VNET_TUPLE_ICMP_ERROR:
		vnet_nat_icmp_out(table, from, skb);
		break;
	case VNET_TUPLE_UNKNOWN_PROTO:
		if (ip_hdr(skb)->protocol != IPPROTO_ICMP)
			vnet_gateway_refuse(from, skb, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0,
					    door);
		vnet_drop(from, skb, VNET_DROP_NAT_PROTOCOL);
		break;
	case VNET_TUPLE_MALFORMED:
		vnet_drop(from, skb, VNET_DROP_GATEWAY_MALFORMED);
		break;
	}
}

/* Tells the remote, from the host's address, why its packet goes no further. */
static void nat_refuse_in(struct vnet_session *session, const struct sk_buff *skb, u8 type, u8 code,
			  u16 mtu)
{
	struct vnet_icmp_error error = {
		.saddr = ip_hdr(skb)->daddr, .type = type, .code = code, .mtu = mtu,
	};
	struct rtable *route = nat_session_route(session);
	struct sk_buff *answer;

	if (!route || !__ratelimit(&session->vnet->icmp_limit))
		return;
	answer = vnet_icmp_error(skb, &error);
	if (answer)
		vnet_egress_send(NULL, answer, route);
}

/* A packet for a guest, whose session is known, goes to it. */
static void nat_send_in(struct vnet_flow *flow, struct sk_buff *skb, enum vnet_door door)
{
	struct vnet_session *session = vnet_flow_session(flow);
	struct vnet *vnet = session->vnet;
	struct vnet_port *port = vnet_port_by_number(vnet, VNET_PORT_NUMBER_GATEWAY);
	unsigned int mtu = READ_ONCE(vnet->dev->mtu);
	struct tcphdr buffer;

	if (unlikely(ip_hdr(skb)->ttl <= 1)) {
		nat_refuse_in(session, skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
		vnet_drop(port, skb, VNET_DROP_TTL);
		return;
	}
	if (unlikely(nat_too_big(skb, mtu))) {
		nat_refuse_in(session, skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu);
		vnet_drop(port, skb, VNET_DROP_NEEDS_FRAGMENT);
		return;
	}
	vnet_session_use(session, VNET_IN, nat_tcp_header(skb, flow->tuple.proto, &buffer));
	if (unlikely(!nat_translate(skb, flow))) {
		vnet_drop(port, skb, VNET_DROP_NO_MEMORY);
		return;
	}
	trace_vnet_nat_in(vnet, flow, skb);
	skb_scrub_packet(skb, true);
	vnet_gateway_send(vnet, skb, flow->rewrite.to.daddr, door);
}

/* RFC 4787 REQ-8. */
static bool nat_filter_admits(struct vnet_nat_table *table, const struct vnet_mapping *mapping,
			      __be32 remote)
{
	switch (READ_ONCE(mapping->port->vnet->nat.filtering)) {
	case VNET_FILTERING_ENDPOINT_INDEPENDENT:
		return true;
	case VNET_FILTERING_ADDRESS_DEPENDENT:
		return vnet_session_has_peer(table, mapping, remote);
	default:
		return false;
	}
}

/* Outside sends to a guest first: is there a mapping or a forward that lets it in? */
static struct vnet_flow *nat_open_in(struct vnet_nat_table *table, const struct vnet_tuple *tuple,
				     const struct sk_buff *skb)
{
	u8 state = nat_first_state(skb, tuple->proto, VNET_IN);
	struct vnet_session *session = NULL;
	struct vnet_forward *forward;
	struct vnet_mapping *mapping;

	mapping = vnet_mapping_find_external(table, tuple->daddr, tuple->dport, tuple->proto);
	if (mapping && nat_filter_admits(table, mapping, tuple->saddr))
		session = vnet_session_open_in(table, tuple, mapping, state);
	if (!session && !mapping) {
		forward = vnet_forward_match_rcu(table, tuple);
		if (forward && vnet_nat_door_is_own(table, tuple->daddr))
			session = vnet_session_open_forward(table, tuple, forward, state);
	}
	return session ? &session->flows[VNET_IN] : NULL;
}

/* One comparison and one bit tell the host's packets from those that may be guests'. */
static bool nat_may_be_guests(const struct vnet_nat_table *table, const struct vnet_tuple *tuple)
{
	int row = vnet_forward_row(tuple->proto);
	u16 port = ntohs(tuple->dport);

	return vnet_portset_contains(port) ||
	       (row >= 0 && test_bit(port, table->forward_ports[row]));
}

/**
 * vnet_nat_in - is a packet for a guest? then translate it and send it
 * @table: NAT state of the namespace
 * @skb: the packet, at its IPv4 header, checked and whole; gone afterwards if it is a guest's
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 * Return: True if it was a guest's; false if it is the host's, and unchanged.
 */
bool vnet_nat_in(struct vnet_nat_table *table, struct sk_buff *skb, enum vnet_door door)
{
	struct vnet_tuple tuple;
	struct vnet_flow *flow;

	if (unlikely(!nat_pull_headers(skb)))
		return false;
	switch (vnet_tuple_parse(skb, 0, false, &tuple)) {
	case VNET_TUPLE_FLOW:
		if (!nat_may_be_guests(table, &tuple))
			return false;
		flow = vnet_flow_find_rcu(table, 0, &tuple);
		if (unlikely(!flow))
			flow = nat_open_in(table, &tuple, skb);
		if (!flow)
			return false;
		nat_send_in(flow, skb, door);
		return true;
	case VNET_TUPLE_ICMP_ERROR:
		return vnet_nat_icmp_in(table, skb, door);
	default:
		return false;
	}
}
