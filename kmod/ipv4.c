// SPDX-License-Identifier: GPL-2.0
/* IPv4 headers that came from somebody else. */
#include "ipv4.h"

#include <linux/icmp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>

/*
 * The sender of CHECKSUM_PARTIAL says itself where the checksum is to be written, which
 * happens when the packet leaves (a guest says so by virtio-net). That has to be behind
 * what is judged here and translated later, or it would undo both: a checksum that is
 * written over the source address is a source of the guest's choice.
 */
static bool ipv4_sum_place_ok(const struct sk_buff *skb, const struct iphdr *ip)
{
	int start, l4 = ip->ihl * 4;
	unsigned int place;

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return true;
	start = skb_checksum_start_offset(skb);
	switch (ip->protocol) {
	case IPPROTO_TCP:
		place = offsetof(struct tcphdr, check);
		break;
	case IPPROTO_UDP:
		/* It may be a tunnel, and the checksum that of the packet in it. */
		if (start >= l4 + (int)sizeof(struct udphdr))
			return true;
		place = offsetof(struct udphdr, check);
		break;
	case IPPROTO_ICMP:
		place = offsetof(struct icmphdr, checksum);
		break;
	default:
		return start >= l4;
	}
	return start == l4 && skb->csum_offset == place;
}

/**
 * vnet_ipv4_check - is this a good IPv4 packet?
 * @skb: the packet, at what should be its IPv4 header
 *
 * The checks of RFC 1812 section 5.2.2, which ip_rcv() makes as well. Afterwards the
 * header with its options is linear, the header offsets are set, and the packet ends
 * where its header says, without what Ethernet has padded. A checksum that is still to
 * be written is where the protocol has it.
 *
 * Warning: may reallocate the data of @skb.
 *
 * Context: Any.
 * Return: True if so.
 */
bool vnet_ipv4_check(struct sk_buff *skb)
{
	const struct iphdr *ip;
	unsigned int len;

	skb_reset_network_header(skb);
	if (!pskb_may_pull(skb, sizeof(*ip)))
		return false;
	ip = ip_hdr(skb);
	if (ip->version != 4 || ip->ihl < 5 || !pskb_may_pull(skb, ip->ihl * 4))
		return false;
	ip = ip_hdr(skb);
	len = ntohs(ip->tot_len);
	if (len < ip->ihl * 4 || len > skb->len || ip_fast_csum((u8 *)ip, ip->ihl))
		return false;
	if (unlikely(!ipv4_sum_place_ok(skb, ip)))
		return false;
	skb_set_transport_header(skb, ip->ihl * 4);
	return !pskb_trim_rcsum(skb, len);
}
