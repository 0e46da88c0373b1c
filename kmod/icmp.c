// SPDX-License-Identifier: GPL-2.0
/* ICMP packets that the gateway makes: errors and echo replies (RFC 792, RFC 1812 section 4.3). */
#include "icmp.h"

#include <linux/netdevice.h>
#include <net/ip.h>

#include "nat/rewrite.h"

/* RFC 1812 4.3.2.3: as much of the packet as fits 576 bytes. */
#define ICMP_ERROR_MAX 576
#define ICMP_TTL 64

/* RFC 1812 4.3.2.7: no errors about errors, fragments but the first, or groups. */
static bool icmp_may_answer(const struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);
	const struct icmphdr *icmp;
	struct icmphdr buffer;

	if (ip->frag_off & htons(IP_OFFSET))
		return false;
	if (ipv4_is_multicast(ip->daddr) || ipv4_is_lbcast(ip->daddr) || ipv4_is_zeronet(ip->saddr))
		return false;
	if (ip->protocol != IPPROTO_ICMP)
		return true;
	icmp = skb_header_pointer(skb, ip->ihl * 4, sizeof(buffer), &buffer);
	return icmp && (icmp->type == ICMP_ECHO || icmp->type == ICMP_ECHOREPLY ||
			icmp->type == ICMP_TIMESTAMP || icmp->type == ICMP_TIMESTAMPREPLY);
}

static void icmp_fill_ip(struct sk_buff *skb, __be32 saddr, __be32 daddr)
{
	struct iphdr *ip = ip_hdr(skb);

	*ip = (struct iphdr){
		.version = 4,
		.ihl = sizeof(*ip) / 4,
		.tos = 0xc0,	/* RFC 1812 5.3.2: internetwork control */
		.tot_len = htons(skb->len),
		.frag_off = htons(IP_DF),
		.ttl = ICMP_TTL,
		.protocol = IPPROTO_ICMP,
		.saddr = saddr,
		.daddr = daddr,
	};
	ip_send_check(ip);
}

/**
 * vnet_icmp_error - make an ICMP error
 * @skb: the packet that it is about, at its IPv4 header, as its sender sent it
 * @error: what to say
 *
 * Context: Any.
 * Return: An IPv4 packet, or NULL if none may be sent or memory is short.
 */
struct sk_buff *vnet_icmp_error(const struct sk_buff *skb, const struct vnet_icmp_error *error)
{
	unsigned int headers = sizeof(struct iphdr) + sizeof(struct icmphdr);
	unsigned int quoted = min_t(unsigned int, skb->len, ICMP_ERROR_MAX - headers);
	struct icmphdr *icmp;
	struct sk_buff *answer;

	if (!icmp_may_answer(skb))
		return NULL;
	answer = alloc_skb(LL_MAX_HEADER + headers + quoted, GFP_ATOMIC | __GFP_NOWARN);
	if (!answer)
		return NULL;
	skb_reserve(answer, LL_MAX_HEADER);
	skb_reset_network_header(answer);
	skb_put(answer, sizeof(struct iphdr));
	skb_set_transport_header(answer, sizeof(struct iphdr));
	icmp = skb_put_zero(answer, sizeof(*icmp));
	icmp->type = error->type;
	icmp->code = error->code;
	icmp->un.frag.mtu = htons(error->mtu);
	if (skb_copy_bits(skb, 0, skb_put(answer, quoted), quoted)) {
		kfree_skb(answer);
		return NULL;
	}
	icmp->checksum = csum_fold(csum_partial(icmp, sizeof(*icmp) + quoted, 0));
	icmp_fill_ip(answer, error->saddr, ip_hdr(skb)->saddr);
	answer->protocol = htons(ETH_P_IP);
	return answer;
}

/**
 * vnet_icmp_echo_reply - turn an ICMP echo request into its reply
 * @skb: the request, at its IPv4 header, whole and not shared
 *
 * Warning: may reallocate the data of @skb.
 *
 * Context: Any.
 * Return: True if it is the reply now; false if it was no good request.
 */
bool vnet_icmp_echo_reply(struct sk_buff *skb)
{
	unsigned int header = ip_hdrlen(skb);
	struct icmphdr *icmp;
	struct iphdr *ip;

	if (ip_hdr(skb)->protocol != IPPROTO_ICMP)
		return false;
	if (vnet_rewrite_make_writable(skb, header + sizeof(*icmp)))
		return false;
	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return false;
	ip = ip_hdr(skb);
	icmp = (struct icmphdr *)(skb->data + header);
	if (icmp->type != ICMP_ECHO || icmp->code)
		return false;
	if (csum_fold(skb_checksum(skb, header, skb->len - header, 0)))
		return false;

	icmp->type = ICMP_ECHOREPLY;
	csum_replace2(&icmp->checksum, htons(ICMP_ECHO << 8), htons(ICMP_ECHOREPLY << 8));
	swap(ip->saddr, ip->daddr);
	ip->ttl = ICMP_TTL;
	ip->frag_off = 0;
	ip_send_check(ip);
	skb->ip_summed = CHECKSUM_NONE;
	return true;
}
