// SPDX-License-Identifier: GPL-2.0
/*
 * Frames to groups that switches do not forward (802.1Q table 8-1): BPDUs are for the switch, and
 * what programs of the host speak with whoever is at the other end of a member's link is theirs.
 */
#include "link_local.h"

#include <linux/etherdevice.h>
#include <linux/llc.h>
#include <net/llc_pdu.h>

#include "port_state.h"
#include "vnet.h"

/* 802.1D-2004 7.12.3 and 7.12.5: the group of bridges, and LLC with their service access point. */
static bool link_local_is_bpdu(struct sk_buff *skb)
{
	static const u8 llc[] = { LLC_SAP_BSPAN, LLC_SAP_BSPAN, LLC_PDU_TYPE_U };
	u8 copy[sizeof(llc)];
	const u8 *bytes;

	if (!ether_addr_equal(eth_hdr(skb)->h_dest, eth_stp_addr) ||
	    eth_proto_is_802_3(eth_hdr(skb)->h_proto))
		return false;
	bytes = skb_header_pointer(skb, ETH_HLEN, sizeof(copy), copy);
	return bytes && !memcmp(bytes, llc, sizeof(llc));
}

/*
 * 802.1X and MACsec key agreement (hostapd, wpa_supplicant), LLDP (lldpd), and slow protocols such
 * as link OAM. Nothing else: a guest must not reach the host's IP by its own end of the link.
 */
static bool link_local_is_host(const struct sk_buff *skb)
{
	__be16 proto = eth_hdr(skb)->h_proto;

	return proto == htons(ETH_P_PAE) || proto == htons(ETH_P_LLDP) ||
	       proto == htons(ETH_P_SLOW);
}

/**
 * vnet_link_local_receive - a frame to such a group has come in
 * @from: port that it came in through; its state does not matter
 * @skb: the frame, at its Ethernet header; gone afterwards if it is taken
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 * Return: VNET_TAKEN; or VNET_PASS for the host, which has a netdev only behind an rx_handler.
 */
enum vnet_verdict vnet_link_local_receive(struct vnet_port *from, struct sk_buff *skb,
					  enum vnet_door door)
{
	bool guard = vnet_port_has(from, VNET_PORT_FLAG_GUARD);

	if (door == VNET_DOOR_HANDLER && link_local_is_host(skb))
		return VNET_PASS;
	if ((!guard && !READ_ONCE(from->stp.joined)) || !link_local_is_bpdu(skb)) {
		vnet_drop(from, skb, VNET_DROP_RESERVED_GROUP);
	} else if (guard) {
		if (vnet_port_block(from, VNET_BLOCKER_GUARD))
			netdev_warn(from->vnet->dev,
				    "port %s has sent a BPDU and is blocked: its guard is on\n",
				    vnet_port_name(from));
		vnet_stp_kick(from->vnet);
		vnet_drop(from, skb, VNET_DROP_RESERVED_GROUP);
	} else {
		vnet_stp_receive(from, skb);
	}
	return VNET_TAKEN;
}
