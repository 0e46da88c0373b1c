// SPDX-License-Identifier: GPL-2.0
/* The five values that name a flow. */

#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "tuple.h"

/* What RFC 792 promises of the quoted payload: enough for the ports or an ICMP identifier. */
#define QUOTED_MIN 8

/* The part of the packet behind its IPv4 header. */
struct payload {
	unsigned int offset;
	unsigned int len;
	bool quoted;
};

static enum vnet_tuple_kind parse_tcp(const struct sk_buff *skb, const struct payload *l4,
				      struct vnet_tuple *tuple)
{
	const struct tcphdr *tcp;
	struct tcphdr buffer;

	if (l4->len < sizeof(buffer))
		return VNET_TUPLE_MALFORMED;
	tcp = skb_header_pointer(skb, l4->offset, sizeof(buffer), &buffer);
	if (!tcp || tcp->doff * 4 < sizeof(buffer) || tcp->doff * 4 > l4->len)
		return VNET_TUPLE_MALFORMED;
	tuple->sport = tcp->source;
	tuple->dport = tcp->dest;
	return VNET_TUPLE_FLOW;
}

static enum vnet_tuple_kind parse_udp(const struct sk_buff *skb, const struct payload *l4,
				      struct vnet_tuple *tuple)
{
	const struct udphdr *udp;
	struct udphdr buffer;

	if (l4->len < sizeof(buffer))
		return VNET_TUPLE_MALFORMED;
	udp = skb_header_pointer(skb, l4->offset, sizeof(buffer), &buffer);
	/* Less than the IP payload is fine: options may follow (RFC 9868). */
	if (!udp || ntohs(udp->len) < sizeof(buffer) || ntohs(udp->len) > l4->len)
		return VNET_TUPLE_MALFORMED;
	tuple->sport = udp->source;
	tuple->dport = udp->dest;
	return VNET_TUPLE_FLOW;
}

/* Ports of a packet that may be cut off after the QUOTED_MIN bytes that are known to be there. */
static enum vnet_tuple_kind parse_quoted_ports(const struct sk_buff *skb, const struct payload *l4,
					       struct vnet_tuple *tuple)
{
	const __be16 *ports;
	__be16 buffer[2];

	ports = skb_header_pointer(skb, l4->offset, sizeof(buffer), buffer);
	if (!ports)
		return VNET_TUPLE_MALFORMED;
	tuple->sport = ports[0];
	tuple->dport = ports[1];
	return VNET_TUPLE_FLOW;
}

/*
 * RFC 5508 sections 3 and 6. The deprecated queries (information, address mask; RFC 6918) are not
 * translated, nor is a redirect: what it says holds for the sender's own link only.
 */
static enum vnet_tuple_kind parse_icmp(const struct sk_buff *skb, const struct payload *l4,
				       struct vnet_tuple *tuple)
{
	const struct icmphdr *icmp;
	struct icmphdr buffer;

	if (l4->len < sizeof(buffer))
		return VNET_TUPLE_MALFORMED;
	icmp = skb_header_pointer(skb, l4->offset, sizeof(buffer), &buffer);
	if (!icmp)
		return VNET_TUPLE_MALFORMED;

	switch (icmp->type) {
	case ICMP_ECHO:
	case ICMP_TIMESTAMP:
		tuple->sport = icmp->un.echo.id;
		tuple->dport = 0;
		return VNET_TUPLE_FLOW;
	case ICMP_ECHOREPLY:
	case ICMP_TIMESTAMPREPLY:
		tuple->sport = 0;
		tuple->dport = icmp->un.echo.id;
		return VNET_TUPLE_FLOW;
	case ICMP_DEST_UNREACH:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETERPROB:
		/* Nobody may answer an error with an error (RFC 1122 section 3.2.2). */
		return l4->quoted ? VNET_TUPLE_MALFORMED : VNET_TUPLE_ICMP_ERROR;
	default:
		return VNET_TUPLE_UNKNOWN_PROTO;
	}
}

static enum vnet_tuple_kind parse_l4(const struct sk_buff *skb, const struct payload *l4,
				     struct vnet_tuple *tuple)
{
	switch (tuple->proto) {
	case IPPROTO_TCP:
		return l4->quoted ? parse_quoted_ports(skb, l4, tuple) : parse_tcp(skb, l4, tuple);
	case IPPROTO_UDP:
		return l4->quoted ? parse_quoted_ports(skb, l4, tuple) : parse_udp(skb, l4, tuple);
	case IPPROTO_ICMP:
		return parse_icmp(skb, l4, tuple);
	default:
		return VNET_TUPLE_UNKNOWN_PROTO;
	}
}

/* BIG TCP: a GSO packet of more than 64 KiB says 0, and all that follows is the datagram. */
static unsigned int total_length(const struct sk_buff *skb, unsigned int offset,
				 const struct iphdr *ip)
{
	if (!ip->tot_len && skb_is_gso(skb) && skb_shinfo(skb)->gso_type & SKB_GSO_TCPV4)
		return skb->len - offset;
	return ntohs(ip->tot_len);
}

/* RFC 5508 REQ-3: the embedded IP checksum is verified and its options are skipped. */
static bool quoted_header_ok(const struct sk_buff *skb, unsigned int offset,
			     unsigned int header_len)
{
	u8 buffer[15 * 4] __aligned(4);
	const void *header;

	header = skb_header_pointer(skb, offset, header_len, buffer);
	return header && !ip_fast_csum(header, header_len / 4);
}

/**
 * vnet_tuple_parse - read the flow that an IPv4 packet belongs to
 * @skb: packet
 * @offset: where the IPv4 header begins, from skb->data
 * @quoted: the header is the one inside an ICMP error
 * @tuple: result; complete only when VNET_TUPLE_FLOW is returned, addresses and protocol also when
 *	VNET_TUPLE_ICMP_ERROR is
 *
 * Trusts no length in the packet and neither changes nor pulls it. A packet of its own has to be
 * whole: a fragment is malformed here, callers reassemble first. Bytes behind the datagram (the
 * Ethernet trailer) are allowed.
 *
 * A quoted packet needs a whole IPv4 header with a good checksum and 8 bytes behind it (RFC 792);
 * its length fields, which speak of a packet that is not here, are not looked at (RFC 5508 REQ-3).
 * A quoted fragment other than the first has no ports: VNET_TUPLE_UNKNOWN_PROTO. A quoted ICMP
 * error is malformed.
 *
 * Warning: bytes that are not in the linear part may be shared with user space and change after
 * this has looked at them. Pull before parsing what will be written.
 *
 * Context: any.
 * Return: what was found.
 */
enum vnet_tuple_kind vnet_tuple_parse(struct sk_buff *skb, unsigned int offset, bool quoted,
				      struct vnet_tuple *tuple)
{
	struct payload l4 = { .quoted = quoted };
	unsigned int header_len, present;
	const struct iphdr *ip;
	struct iphdr buffer;

	ip = skb_header_pointer(skb, offset, sizeof(buffer), &buffer);
	if (!ip || ip->version != 4 || ip->ihl < 5)
		return VNET_TUPLE_MALFORMED;
	header_len = ip->ihl * 4;
	present = skb->len - offset;
	tuple->saddr = ip->saddr;
	tuple->daddr = ip->daddr;
	tuple->proto = ip->protocol;

	if (quoted) {
		if (present < header_len + QUOTED_MIN || !quoted_header_ok(skb, offset, header_len))
			return VNET_TUPLE_MALFORMED;
		if (ip->frag_off & htons(IP_OFFSET))
			return VNET_TUPLE_UNKNOWN_PROTO;
	} else {
		unsigned int total = total_length(skb, offset, ip);

		if (total < header_len || total > present || ip_is_fragment(ip))
			return VNET_TUPLE_MALFORMED;
		present = total;
	}
	l4.offset = offset + header_len;
	l4.len = present - header_len;
	return parse_l4(skb, &l4, tuple);
}
