// SPDX-License-Identifier: GPL-2.0
/* IPv4 headers that came from somebody else. */
#include "ipv4.h"

#include <net/ip.h>

/**
 * vnet_ipv4_check - is this a good IPv4 packet?
 * @skb: the packet, at what should be its IPv4 header
 *
 * The checks of RFC 1812 section 5.2.2, which ip_rcv() makes as well. Afterwards the
 * header with its options is linear, the header offsets are set, and the packet ends
 * where its header says, without what Ethernet has padded.
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
	skb_set_transport_header(skb, ip->ihl * 4);
	return !pskb_trim_rcsum(skb, len);
}
