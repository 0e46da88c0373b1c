// SPDX-License-Identifier: GPL-2.0
/*
 * ICMP errors about packets that NAT has translated (RFC 5508 sections 4 and 5).
 *
 * An error quotes the packet that it is about as its sender saw it, after
 * translation. The receiver of the error must find the packet that it has sent. Errors
 * neither make, refresh nor end a session (RFC 4787 REQ-12, RFC 5508 REQ-6).
 */
#include "icmp.h"

#include <linux/icmp.h>
#include <linux/tcp.h>
#include <net/ip.h>

#include "../egress.h"
#include "../gateway.h"
#include "../vnet.h"
#include "session.h"
#include "table.h"

/* Where the quoted packet begins. */
static unsigned int icmp_quote(const struct sk_buff *skb)
{
	return ip_hdrlen(skb) + sizeof(struct icmphdr);
}

/* The session's packet in the other direction than the quoted one's, which is how it is found. */
static struct vnet_flow *icmp_find(struct vnet_nat_table *table, u32 zone, struct sk_buff *skb)
{
	struct vnet_tuple quoted, reverse;

	if (vnet_tuple_parse(skb, icmp_quote(skb), true, &quoted) != VNET_TUPLE_FLOW)
		return NULL;
	reverse = vnet_tuple_reverse(&quoted);
	return vnet_flow_find_rcu(table, zone, &reverse);
}

/*
 * The quoted packet becomes what its sender has sent. Warning: may reallocate the
 * data of @skb. Returns false without memory.
 */
static bool icmp_restore(struct sk_buff *skb, const struct vnet_flow *flow, __be32 saddr,
			 __be32 daddr)
{
	unsigned int quote = icmp_quote(skb);
	unsigned int most = quote + 60 + sizeof(struct tcphdr);

	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return false;
	if (vnet_rewrite_make_writable(skb, min(skb->len, most)))
		return false;
	vnet_rewrite_quoted(skb, quote, &flow->tuple);
	vnet_rewrite_outer(skb, saddr, daddr);
	vnet_rewrite_decrease_ttl(skb);
	return true;
}

/**
 * vnet_nat_icmp_out - a guest sends an error about a packet from outside
 * @table: NAT state
 * @from: port that the error came from
 * @skb: the error, at its IPv4 header, whole; gone afterwards
 *
 * Context: RCU read side, BH off.
 */
void vnet_nat_icmp_out(struct vnet_nat_table *table, struct vnet_port *from, struct sk_buff *skb)
{
	struct vnet_flow *flow = icmp_find(table, from->vnet->dev->ifindex, skb);
	struct vnet_egress_query query = { .proto = IPPROTO_ICMP };
	struct vnet_session *session;
	const struct vnet_tuple *outside;
	struct rtable *route;

	if (!flow || flow->direction != VNET_OUT) {
		vnet_drop(from, skb, VNET_DROP_NAT_UNMATCHED);
		return;
	}
	session = vnet_flow_session(flow);
	outside = &session->flows[VNET_IN].tuple;
	query.saddr = outside->daddr;
	query.daddr = ip_hdr(skb)->daddr;
	query.oif = READ_ONCE(session->vnet->nat.out);
	route = vnet_egress_route(dev_net(session->vnet->dev), &query);
	if (IS_ERR(route)) {
		vnet_drop(from, skb, VNET_DROP_NO_ROUTE);
		return;
	}
	if (icmp_restore(skb, &session->flows[VNET_IN], outside->daddr, ip_hdr(skb)->daddr))
		vnet_egress_send(from, skb, route);
	else
		vnet_drop(from, skb, VNET_DROP_NO_MEMORY);
	ip_rt_put(route);
}

/**
 * vnet_nat_icmp_in - is an error about a guest's packet? then it goes to the guest
 * @table: NAT state
 * @skb: the error, from outside, at its IPv4 header, whole; gone afterwards if it is a guest's
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 * Return: True if it was a guest's.
 */
bool vnet_nat_icmp_in(struct vnet_nat_table *table, struct sk_buff *skb, enum vnet_door door)
{
	struct vnet_flow *flow = icmp_find(table, 0, skb);
	struct vnet_session *session;
	struct vnet_port *port;
	struct vnet *vnet;
	__be32 guest;

	if (!flow || flow->direction != VNET_IN || ip_hdr(skb)->daddr != flow->tuple.daddr)
		return false;
	session = vnet_flow_session(flow);
	vnet = session->vnet;
	port = vnet_port_by_number(vnet, VNET_PORT_NUMBER_GATEWAY);
	guest = session->flows[VNET_OUT].tuple.saddr;
	if (ip_hdr(skb)->ttl <= 1) {
		vnet_drop(port, skb, VNET_DROP_TTL);
		return true;
	}
	if (!icmp_restore(skb, &session->flows[VNET_OUT], ip_hdr(skb)->saddr, guest)) {
		vnet_drop(port, skb, VNET_DROP_NO_MEMORY);
		return true;
	}
	skb_scrub_packet(skb, true);
	vnet_gateway_send(vnet, skb, guest, door);
	return true;
}
