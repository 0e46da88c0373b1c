// SPDX-License-Identifier: GPL-2.0
/* The one way in for every frame: check it, learn its source, decide where it goes. */
#include "input.h"

#include <linux/etherdevice.h>

#include "forward.h"
#include "trace.h"
#include "vnet.h"

/**
 * vnet_input - switch a frame
 * @from: port that it came in through
 * @skb: the frame, at its Ethernet header, not shared; gone afterwards
 * @door: how it came in
 *
 * Every door calls this, the gateway too.
 *
 * Context: RCU read side, BH off.
 */
void vnet_input(struct vnet_port *from, struct sk_buff *skb, enum vnet_door door)
{
	const struct vnet_fdb_entry *entry;
	const struct ethhdr *eth;

	vnet_stats_rx(from->stats, skb->len);
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN))) {
		vnet_drop(from, skb, VNET_DROP_TRUNCATED);
		return;
	}
	skb_reset_mac_header(skb);
	trace_vnet_input(from, skb);
	eth = eth_hdr(skb);

	if (unlikely(!is_valid_ether_addr(eth->h_source))) {
		vnet_drop(from, skb, VNET_DROP_BAD_SOURCE);
		return;
	}
	if (unlikely(!vnet_fdb_learn(from, eth->h_source))) {
		vnet_drop(from, skb, VNET_DROP_LOCAL_SOURCE);
		return;
	}
	if (unlikely(is_link_local_ether_addr(eth->h_dest))) {
		vnet_drop(from, skb, VNET_DROP_RESERVED_GROUP);
		return;
	}
	if (is_multicast_ether_addr(eth->h_dest)) {
		vnet_flood(from, skb, door);
		return;
	}
	entry = vnet_fdb_find_rcu(&from->vnet->fdb, eth->h_dest);
	if (likely(entry))
		vnet_forward(from, READ_ONCE(entry->port), skb, door);
	else
		vnet_flood(from, skb, door);
}
