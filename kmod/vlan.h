/* SPDX-License-Identifier: GPL-2.0 */
/* Which VLANs a port is in (IEEE 802.1Q). */
#ifndef VNET_VLAN_H
#define VNET_VLAN_H

#include <linux/bitmap.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/u64_stats_sync.h>

struct netlink_ext_ack;
struct vnet;
struct vnet_port;

#define VNET_VLAN_DEFAULT_PVID 1
/* How the VLAN ID that stands for "none" and the one that is reserved frame the others. */
#define VNET_VID_FIRST 1
#define VNET_VID_LAST (VLAN_VID_MASK - 1)

/* VLANs whose counters are made together: a page or less per processor. */
#define VNET_VLAN_BLOCK 64
#define VNET_VLAN_BLOCKS (VLAN_N_VID / VNET_VLAN_BLOCK)

/**
 * struct vnet_vlan_stats - one CPU's counters of a VLAN on a port
 * @rx_packets: frames that came in through the port
 * @rx_bytes: bytes of them, Ethernet header included, tag not
 * @tx_packets: frames that left by the port
 * @tx_bytes: bytes of them
 */
struct vnet_vlan_stats {
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
};

/**
 * struct vnet_vlan_block - one CPU's counters of neighbouring VLANs
 * @vlans: the counters
 * @syncp: lets 32-bit readers see whole values
 */
struct vnet_vlan_block {
	struct vnet_vlan_stats vlans[VNET_VLAN_BLOCK];
	struct u64_stats_sync syncp;
};

/**
 * struct vnet_vlans - the VLANs of a port
 * @pvid: VLAN of frames that bear no tag, 0 for none
 * @plain: @pvid, if frames without a tag need nothing but this number: the port is in it,
 *         they leave without a tag too, and nobody counts them; else 0
 * @member: VLANs that the port is in
 * @untagged: of these, the ones whose frames leave without a tag
 * @blocks: counters; NULL where nobody wants any, and never taken away while the port lives
 *
 * Changed under RTNL, read by packets as it stands.
 */
struct vnet_vlans {
	u16 pvid;
	u16 plain;
	DECLARE_BITMAP(member, VLAN_N_VID);
	DECLARE_BITMAP(untagged, VLAN_N_VID);
	struct vnet_vlan_block __percpu *blocks[VNET_VLAN_BLOCKS];
};

/**
 * struct vnet_vlan_config - what can be set of a vnet's VLANs
 * @filtering: frames stay in their VLANs
 * @protocol: ETH_P_8021Q or ETH_P_8021AD: which tags are VLANs
 * @default_pvid: VLAN that a port is in from the beginning, 0 for none
 * @stats: count for each VLAN of each port
 */
struct vnet_vlan_config {
	bool filtering;
	__be16 protocol;
	u16 default_pvid;
	bool stats;
};

/**
 * struct vnet_vlan_range - neighbouring VLANs of a port that are alike
 * @first: the first VLAN
 * @last: the last VLAN
 * @pvid: frames without a tag belong to it; @first and @last are the same then
 * @untagged: frames leave without a tag
 */
struct vnet_vlan_range {
	u16 first;
	u16 last;
	bool pvid;
	bool untagged;
};

void vnet_vlans_init(struct vnet_port *port);
void vnet_vlans_exit(struct vnet_port *port);
int vnet_vlan_check_add(struct vnet_port *port, const struct vnet_vlan_range *range,
			struct netlink_ext_ack *extack);
int vnet_vlan_check_del(struct vnet_port *port, const struct vnet_vlan_range *range,
			struct netlink_ext_ack *extack);
int vnet_vlan_add(struct vnet_port *port, const struct vnet_vlan_range *range,
		  struct netlink_ext_ack *extack);
int vnet_vlan_del(struct vnet_port *port, const struct vnet_vlan_range *range,
		  struct netlink_ext_ack *extack);
bool vnet_vlan_next(const struct vnet_vlans *vlans, u16 from, struct vnet_vlan_range *range);
void vnet_vlan_totals(const struct vnet_port *port, u16 vid, u64 totals[4]);
void vnet_vlan_init_config(struct vnet_vlan_config *config);
int vnet_vlan_prepare(struct vnet *vnet, const struct vnet_vlan_config *config,
		      struct netlink_ext_ack *extack);
void vnet_vlan_apply(struct vnet *vnet, const struct vnet_vlan_config *config);
u16 vnet_vlan_of(const struct vnet_port *from, const struct sk_buff *skb,
		 const struct ethhdr *eth);
struct sk_buff *vnet_vlan_ingress(struct vnet_port *from, struct sk_buff *skb, u16 *vid);
bool vnet_vlan_egress(struct vnet_port *to, struct sk_buff *skb, u16 vid);

/**
 * vnet_vlan_plain - the VLAN of a frame for which there is nothing to do
 * @vlans: the VLANs of the port that it came in through
 * @protocol: of the vnet's tags
 * @skb: the frame, at its Ethernet header, which is pulled
 *
 * Context: RCU read side.
 * Return: The VLAN, or 0 if vnet_vlan_ingress() has to look.
 */
static inline u16 vnet_vlan_plain(const struct vnet_vlans *vlans, __be16 protocol,
				  const struct sk_buff *skb)
{
	if (unlikely(skb_vlan_tag_present(skb)) || unlikely(eth_hdr(skb)->h_proto == protocol))
		return 0;
	return READ_ONCE(vlans->plain);
}

/**
 * vnet_vlan_leaves - may a frame leave by a port, and is it as the port wants it?
 * @to: the port
 * @vlans: its VLANs
 * @skb: the frame, not shared; with a tag beside it afterwards, or without, as the port wants
 * @vid: its VLAN
 *
 * Context: RCU read side, BH off.
 * Return: False if the port is not in the VLAN (802.1Q 8.6.4).
 */
static inline bool vnet_vlan_leaves(struct vnet_port *to, const struct vnet_vlans *vlans,
				    struct sk_buff *skb, u16 vid)
{
	return (likely(vid == READ_ONCE(vlans->plain)) && likely(!skb_vlan_tag_present(skb))) ||
	       vnet_vlan_egress(to, skb, vid);
}

#endif
