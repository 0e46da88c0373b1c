// SPDX-License-Identifier: GPL-2.0
/* Edits of headers and their checksums: no table, no policy. */

#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip.h>

#include "rewrite.h"

/* What an ICMP error quotes of layer 4 at least (RFC 792), and what is edited of it always. */
#define QUOTED_MIN 8

/*
 * One's complement arithmetic on 16-bit words as they lie in memory. Every field that is edited
 * here is at an even offset of what its checksum covers, so that no word has to be swapped.
 */
static u16 sum_add(u16 a, u16 b)
{
	u32 sum = a + b;

	return sum + (sum >> 16);
}

/* What a checksum's sum gains when one word is replaced by another. */
static u16 delta16(u16 from, u16 to)
{
	return sum_add(~from, to);
}

static u16 delta32(__be32 from, __be32 to)
{
	u32 a = (__force u32)from;
	u32 b = (__force u32)to;

	return sum_add(delta16(a, b), delta16(a >> 16, b >> 16));
}

/* RFC 1624, equation 3. */
static __sum16 sum_adjust(__sum16 check, u16 delta)
{
	return (__force __sum16)~sum_add(~(__force u16)check, delta);
}

/* UDP says 0 for "no checksum", and 0xFFFF for a checksum that is 0 (RFC 768). */
static __sum16 udp_adjust(__sum16 check, u16 delta)
{
	if (!check)
		return 0;
	return sum_adjust(check, delta) ?: CSUM_MANGLED_0;
}

static u16 address_delta(const struct vnet_tuple *from, const struct vnet_tuple *to)
{
	return sum_add(delta32(from->saddr, to->saddr), delta32(from->daddr, to->daddr));
}

static u16 port_delta(const struct vnet_tuple *from, const struct vnet_tuple *to)
{
	return sum_add(delta16((__force u16)from->sport, (__force u16)to->sport),
		       delta16((__force u16)from->dport, (__force u16)to->dport));
}

/* The identifier of an ICMP query: the port that is not used is 0. */
static __be16 icmp_id(const struct vnet_tuple *tuple)
{
	return tuple->sport | tuple->dport;
}

/**
 * vnet_rewrite_prepare - compute what a translation does to each packet
 * @rewrite: result
 * @from: tuple of the packets as they come
 * @to: tuple of the packets as they go; of the same protocol
 *
 * Context: any.
 */
void vnet_rewrite_prepare(struct vnet_rewrite *rewrite, const struct vnet_tuple *from,
			  const struct vnet_tuple *to)
{
	rewrite->to = *to;
	rewrite->addr_delta = address_delta(from, to);
	rewrite->full_delta = port_delta(from, to);
	if (to->proto != IPPROTO_ICMP)
		rewrite->full_delta = sum_add(rewrite->full_delta, rewrite->addr_delta);
}

/**
 * vnet_rewrite_make_writable - make the first bytes of a packet private
 * @skb: packet
 * @len: bytes from skb->data that will be written
 *
 * Warning: this may reallocate the data, so every pointer into the packet has to be fetched again.
 *
 * Call this before vnet_tuple_parse(): until they are pulled, bytes may be shared with user space
 * (a packet socket's ring), which can change them after they were judged.
 *
 * Context: any.
 * Return: 0, or -ENOMEM when memory or the packet is too short.
 */
int vnet_rewrite_make_writable(struct sk_buff *skb, unsigned int len)
{
	return skb_ensure_writable(skb, len);
}

/* For a sum that is not complemented, the pseudo header's of CHECKSUM_PARTIAL. */
static __sum16 pseudo_adjust(__sum16 sum, u16 delta)
{
	return (__force __sum16)sum_add((__force u16)sum, delta);
}

/* What the checksum field of a layer 4 header holds. */
enum sum_kind {
	SUM_FULL,	/* the complement of the sum over everything */
	SUM_PSEUDO,	/* the sum over the pseudo header, not complemented */
};

/*
 * CHECKSUM_PARTIAL speaks of the checksum at csum_start only. For a tunnel that is an inner one,
 * and the outer UDP checksum is final already (udp_set_csum(), local checksum offload), unless the
 * packet is GSO, whose segments all get their own.
 */
static enum sum_kind sum_kind(const struct sk_buff *skb, unsigned int l4_offset)
{
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return SUM_FULL;
	if (skb_checksum_start_offset(skb) == l4_offset || skb_is_gso(skb))
		return SUM_PSEUDO;
	return SUM_FULL;
}

static void rewrite_tcp(struct sk_buff *skb, unsigned int offset,
			const struct vnet_rewrite *rewrite)
{
	struct tcphdr *tcp = (struct tcphdr *)(skb->data + offset);

	tcp->source = rewrite->to.sport;
	tcp->dest = rewrite->to.dport;
	if (sum_kind(skb, offset) == SUM_FULL)
		tcp->check = sum_adjust(tcp->check, rewrite->full_delta);
	else
		tcp->check = pseudo_adjust(tcp->check, rewrite->addr_delta);
}

static void rewrite_udp(struct sk_buff *skb, unsigned int offset,
			const struct vnet_rewrite *rewrite)
{
	struct udphdr *udp = (struct udphdr *)(skb->data + offset);

	udp->source = rewrite->to.sport;
	udp->dest = rewrite->to.dport;
	if (sum_kind(skb, offset) == SUM_FULL)
		udp->check = udp_adjust(udp->check, rewrite->full_delta);
	else if (udp->check || skb_checksum_start_offset(skb) == offset)
		udp->check = pseudo_adjust(udp->check, rewrite->addr_delta);
}

static void rewrite_icmp(struct sk_buff *skb, unsigned int offset,
			 const struct vnet_rewrite *rewrite)
{
	struct icmphdr *icmp = (struct icmphdr *)(skb->data + offset);

	icmp->un.echo.id = icmp_id(&rewrite->to);
	if (sum_kind(skb, offset) == SUM_FULL)
		icmp->checksum = sum_adjust(icmp->checksum, rewrite->full_delta);
}

/**
 * vnet_rewrite_packet - translate a packet
 * @skb: packet, skb->data at its IPv4 header, writable up to the end of its layer 4 header (for TCP
 *	the first 20 bytes); it has the tuple that @rewrite was prepared from
 * @rewrite: the translation
 *
 * Of a GSO packet the one header there is gets edited, and the segments will be made from it; that
 * holds for lists of fragments (SKB_GSO_FRAGLIST) too, whose segmentation compares with the head.
 *
 * CHECKSUM_COMPLETE becomes CHECKSUM_NONE, as in the kernel's own forwarding (skb_forward_csum()).
 *
 * A packet whose header is not all in the linear part is left without ports rewritten: that takes a
 * sender that changed shared memory under us, and it gets what it deserves instead of a stray
 * write.
 *
 * Context: any.
 */
void vnet_rewrite_packet(struct sk_buff *skb, const struct vnet_rewrite *rewrite)
{
	struct iphdr *ip = (struct iphdr *)skb->data;
	unsigned int offset = ip->ihl * 4;
	unsigned int room = skb_headlen(skb) - offset;

	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	ip->saddr = rewrite->to.saddr;
	ip->daddr = rewrite->to.daddr;
	ip->check = sum_adjust(ip->check, rewrite->addr_delta);

	if (unlikely(offset > skb_headlen(skb)))
		return;
	if (rewrite->to.proto == IPPROTO_TCP && room >= sizeof(struct tcphdr))
		rewrite_tcp(skb, offset, rewrite);
	else if (rewrite->to.proto == IPPROTO_UDP && room >= sizeof(struct udphdr))
		rewrite_udp(skb, offset, rewrite);
	else if (rewrite->to.proto == IPPROTO_ICMP && room >= sizeof(struct icmphdr))
		rewrite_icmp(skb, offset, rewrite);
}

/* Whether the first @len bytes are linear and nobody else's. */
static bool is_writable(const struct sk_buff *skb, unsigned int len)
{
	return len <= skb_headlen(skb) && (!skb_cloned(skb) || skb_clone_writable(skb, len));
}

/*
 * These three set the ports and the checksum of a quoted header. They return what that adds to the
 * sum over the quoted bytes.
 */
static u16 quoted_tcp(struct tcphdr *tcp, bool has_check, const struct vnet_tuple *to,
		      u16 addresses)
{
	struct vnet_tuple from = { .sport = tcp->source, .dport = tcp->dest };
	u16 ports = port_delta(&from, to);
	__sum16 old;

	tcp->source = to->sport;
	tcp->dest = to->dport;
	if (!has_check)
		return ports;
	old = tcp->check;
	tcp->check = sum_adjust(old, sum_add(addresses, ports));
	return sum_add(ports, delta16((__force u16)old, (__force u16)tcp->check));
}

static u16 quoted_udp(struct udphdr *udp, const struct vnet_tuple *to, u16 addresses)
{
	struct vnet_tuple from = { .sport = udp->source, .dport = udp->dest };
	u16 ports = port_delta(&from, to);
	__sum16 old = udp->check;

	udp->source = to->sport;
	udp->dest = to->dport;
	udp->check = udp_adjust(old, sum_add(addresses, ports));
	return sum_add(ports, delta16((__force u16)old, (__force u16)udp->check));
}

static u16 quoted_icmp(struct icmphdr *icmp, const struct vnet_tuple *to)
{
	__be16 id = icmp_id(to);
	u16 delta = delta16((__force u16)icmp->un.echo.id, (__force u16)id);
	__sum16 old = icmp->checksum;

	icmp->un.echo.id = id;
	icmp->checksum = sum_adjust(old, delta);
	return sum_add(delta, delta16((__force u16)old, (__force u16)icmp->checksum));
}

static u16 quoted_l4(struct sk_buff *skb, unsigned int offset, const struct vnet_tuple *to,
		     u16 addresses)
{
	unsigned int tcp_end = offset + offsetofend(struct tcphdr, check);
	void *header = skb->data + offset;

	switch (to->proto) {
	case IPPROTO_TCP:
		return quoted_tcp(header, is_writable(skb, tcp_end), to, addresses);
	case IPPROTO_UDP:
		return quoted_udp(header, to, addresses);
	default:
		return quoted_icmp(header, to);
	}
}

/*
 * Where layer 4 of the quoted packet begins, or 0 if what is to be edited is not all linear. As in
 * vnet_rewrite_packet(), whoever brings that about has asked for it.
 */
static unsigned int quoted_l4_offset(const struct sk_buff *skb, unsigned int quoted_offset)
{
	const struct iphdr *ip = (const struct iphdr *)(skb->data + quoted_offset);
	unsigned int offset;

	if (unlikely(quoted_offset + sizeof(*ip) > skb_headlen(skb) || ip->ihl < 5))
		return 0;
	offset = quoted_offset + ip->ihl * 4;
	return likely(offset + QUOTED_MIN <= skb_headlen(skb)) ? offset : 0;
}

/**
 * vnet_rewrite_quoted - translate the packet that an ICMP error quotes
 * @skb: ICMP error, skb->data at its own IPv4 header, writable up to the eighth byte behind the
 *	quoted IPv4 header at least; up to the 18th byte, as far as the packet has it, if a quoted
 *	TCP checksum is to be corrected as well
 * @quoted_offset: where the quoted IPv4 header begins, from skb->data; the ICMP header is before it
 * @to: what the quoted packet's tuple is to be
 *
 * Corrects the quoted IP checksum, the quoted layer 4 checksum if it is among the quoted bytes, and
 * the error's ICMP checksum for all of these (RFC 5508 sections 4.2 and 4.3, RFC 3022 section 4.3).
 * The error's own addresses are vnet_rewrite_outer()'s.
 *
 * Context: any.
 */
void vnet_rewrite_quoted(struct sk_buff *skb, unsigned int quoted_offset,
			 const struct vnet_tuple *to)
{
	unsigned int icmp_offset = quoted_offset - sizeof(struct icmphdr);
	unsigned int l4_offset = quoted_l4_offset(skb, quoted_offset);
	struct icmphdr *icmp = (struct icmphdr *)(skb->data + icmp_offset);
	struct iphdr *ip = (struct iphdr *)(skb->data + quoted_offset);
	struct vnet_tuple from;
	u16 addresses, delta;
	__sum16 old;

	if (!l4_offset)
		return;
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;

	from.saddr = ip->saddr;
	from.daddr = ip->daddr;
	addresses = address_delta(&from, to);
	old = ip->check;
	ip->saddr = to->saddr;
	ip->daddr = to->daddr;
	ip->check = sum_adjust(old, addresses);
	delta = sum_add(addresses, delta16((__force u16)old, (__force u16)ip->check));
	delta = sum_add(delta, quoted_l4(skb, l4_offset, to, addresses));
	if (sum_kind(skb, icmp_offset) == SUM_FULL)
		icmp->checksum = sum_adjust(icmp->checksum, delta);
}

/**
 * vnet_rewrite_outer - set a packet's addresses without looking at what it carries
 * @skb: packet, skb->data at its IPv4 header, which is writable
 * @saddr: source address
 * @daddr: destination address
 *
 * For ICMP errors: ICMP sums up no pseudo header. The header's sum stays the same, so
 * CHECKSUM_COMPLETE stays true.
 *
 * Context: any.
 */
void vnet_rewrite_outer(struct sk_buff *skb, __be32 saddr, __be32 daddr)
{
	struct iphdr *ip = (struct iphdr *)skb->data;
	u16 delta = sum_add(delta32(ip->saddr, saddr), delta32(ip->daddr, daddr));

	ip->check = sum_adjust(ip->check, delta);
	ip->saddr = saddr;
	ip->daddr = daddr;
}

/**
 * vnet_rewrite_decrease_ttl - count one hop
 * @skb: packet, skb->data at its IPv4 header, which is writable; its TTL is more than 1
 *
 * Context: any.
 */
void vnet_rewrite_decrease_ttl(struct sk_buff *skb)
{
	ip_decrease_ttl((struct iphdr *)skb->data);
}
