// SPDX-License-Identifier: GPL-2.0
/*
 * Which VLANs a port is in (IEEE 802.1Q clause 6.9 and 8.6).
 *
 * On the way through the switch a frame's tag, if it has one, is beside it, in
 * skb->vlan_tci, and not in it: vnet_vlan_ingress() takes it out. vnet_vlan_egress() drops
 * it where the port wants the frame untagged, and makes one where the port wants it tagged.
 * A tag of the other protocol is the guests' own and stays in the frame: QinQ.
 */
#include "vlan.h"

#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "fdb.h"
#include "port.h"
#include "refuse.h"
#include "vnet.h"

static struct vnet_vlan_block __percpu *vlan_block(const struct vnet_vlans *vlans, u16 vid)
{
	return READ_ONCE(vlans->blocks[vid / VNET_VLAN_BLOCK]);
}

/* After each change of what it is made of. RTNL held, or nobody knows the port yet. */
static void vlan_update_plain(struct vnet_vlans *vlans)
{
	u16 pvid = vlans->pvid;
	bool plain = test_bit(pvid, vlans->member) && test_bit(pvid, vlans->untagged) &&
		     !vlan_block(vlans, pvid);

	WRITE_ONCE(vlans->plain, plain ? pvid : 0);
}

/* Counters for the VLANs of @vid's block, unless they are there. */
static int vlan_make_block(struct vnet_vlans *vlans, u16 vid)
{
	struct vnet_vlan_block __percpu *block = vlan_block(vlans, vid);
	int cpu;

	if (block)
		return 0;
	block = alloc_percpu_gfp(struct vnet_vlan_block, GFP_KERNEL_ACCOUNT);
	if (!block)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(block, cpu)->syncp);
	/* Packets follow the pointer: its counters come first. */
	smp_store_release(&vlans->blocks[vid / VNET_VLAN_BLOCK], block);
	vlan_update_plain(vlans);
	return 0;
}

/* Counters for the VLANs from @first to @last that the port is in. */
static int vlan_make_stats(struct vnet_vlans *vlans, u16 first, u16 last)
{
	unsigned int vid;
	int err;

	for (vid = first; vid <= last; vid = (vid / VNET_VLAN_BLOCK + 1) * VNET_VLAN_BLOCK) {
		vid = find_next_bit(vlans->member, last + 1, vid);
		if (vid > last)
			break;
		err = vlan_make_block(vlans, vid);
		if (err)
			return err;
	}
	return 0;
}

/**
 * vnet_vlans_init - the VLANs of a new port: the vnet's default, untagged
 * @port: the port
 *
 * Context: Process, RTNL held.
 */
void vnet_vlans_init(struct vnet_port *port)
{
	u16 pvid = port->vnet->vlan.default_pvid;

	if (port->vnet->vlan.filtering)
		set_bit(VNET_PORT_FLAG_VLANS, &port->flags);
	if (!pvid)
		return;
	port->vlans.pvid = pvid;
	__set_bit(pvid, port->vlans.member);
	__set_bit(pvid, port->vlans.untagged);
	vlan_update_plain(&port->vlans);
	/* A port is not refused for want of memory for counters; they come with the next change. */
	if (port->vnet->vlan.stats)
		vlan_make_block(&port->vlans, pvid);
}

/**
 * vnet_vlans_exit - free what a port's VLANs have
 * @port: the port, which nobody reads any more
 *
 * Context: Any.
 */
void vnet_vlans_exit(struct vnet_port *port)
{
	unsigned int i;

	for (i = 0; i < VNET_VLAN_BLOCKS; i++)
		free_percpu(port->vlans.blocks[i]);
}

static int vlan_check_range(const struct vnet_vlan_range *range, struct netlink_ext_ack *extack)
{
	if (range->first >= VNET_VID_FIRST && range->last <= VNET_VID_LAST &&
	    range->first <= range->last)
		return 0;
	VNET_REFUSE(extack, "VLANs are 1 to 4094, not %u to %u", range->first, range->last);
	return -EINVAL;
}

/**
 * vnet_vlan_check_add - can a port be put into VLANs?
 * @port: the port
 * @range: the VLANs
 * @extack: where a refusal is explained
 *
 * Makes what vnet_vlan_add() takes, which cannot fail for the same VLANs then.
 *
 * Context: Process, RTNL held.
 * Return: 0, -EINVAL for a range that is none or a PVID of several VLANs, -EOPNOTSUPP for a
 * VLAN with tags on the gateway, -ENOMEM.
 */
int vnet_vlan_check_add(struct vnet_port *port, const struct vnet_vlan_range *range,
			struct netlink_ext_ack *extack)
{
	unsigned int vid;
	int err;

	ASSERT_RTNL();
	err = vlan_check_range(range, extack);
	if (err)
		return err;
	if (range->pvid && range->first != range->last) {
		VNET_REFUSE(extack, "one VLAN can be the PVID of %s, not %u to %u",
			    vnet_port_name(port), range->first, range->last);
		return -EINVAL;
	}
	/* The gateway is one host, and a host that knows no tags. */
	if (port->kind == VNET_PORT_KIND_GATEWAY && !(range->pvid && range->untagged)) {
		VNET_REFUSE(extack, "the gateway is in one VLAN, as PVID and untagged");
		return -EOPNOTSUPP;
	}
	for (vid = range->first; port->vnet->vlan.stats && vid <= range->last; vid++) {
		err = vlan_make_block(&port->vlans, vid);
		if (err)
			return err;
	}
	return 0;
}

/**
 * vnet_vlan_add - put a port into VLANs, or change how it is in them
 * @port: the port
 * @range: the VLANs
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0, or what vnet_vlan_check_add() says; nothing is changed then.
 */
int vnet_vlan_add(struct vnet_port *port, const struct vnet_vlan_range *range,
		  struct netlink_ext_ack *extack)
{
	int err = vnet_vlan_check_add(port, range, extack);
	struct vnet_vlans *vlans = &port->vlans;
	unsigned int vid;

	if (err)
		return err;
	if (port->kind == VNET_PORT_KIND_GATEWAY)
		bitmap_zero(vlans->member, VLAN_N_VID);
	for (vid = range->first; vid <= range->last; vid++) {
		assign_bit(vid, vlans->untagged, range->untagged);
		set_bit(vid, vlans->member);
	}
	if (range->pvid)
		WRITE_ONCE(vlans->pvid, range->first);
	else if (vlans->pvid >= range->first && vlans->pvid <= range->last)
		WRITE_ONCE(vlans->pvid, 0);
	vlan_update_plain(vlans);
	return 0;
}

/**
 * vnet_vlan_check_del - can a port be taken out of VLANs?
 * @port: the port
 * @range: the VLANs
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0, -EINVAL for a range that is none, -ENOENT when the port is in none of them.
 */
int vnet_vlan_check_del(struct vnet_port *port, const struct vnet_vlan_range *range,
			struct netlink_ext_ack *extack)
{
	int err = vlan_check_range(range, extack);

	if (err)
		return err;
	if (find_next_bit(port->vlans.member, range->last + 1, range->first) <= range->last)
		return 0;
	if (range->first == range->last)
		VNET_REFUSE(extack, "%s is not in VLAN %u", vnet_port_name(port), range->first);
	else
		VNET_REFUSE(extack, "%s is in none of the VLANs %u to %u", vnet_port_name(port),
			    range->first, range->last);
	return -ENOENT;
}

/**
 * vnet_vlan_del - take a port out of VLANs
 * @port: the port
 * @range: the VLANs; those that it is not in are passed over
 * @extack: where a refusal is explained
 *
 * What was learned in these VLANs is forgotten.
 *
 * Context: Process, RTNL held.
 * Return: 0, or what vnet_vlan_check_del() says; nothing is changed then.
 */
int vnet_vlan_del(struct vnet_port *port, const struct vnet_vlan_range *range,
		  struct netlink_ext_ack *extack)
{
	int err = vnet_vlan_check_del(port, range, extack);
	struct vnet_vlans *vlans = &port->vlans;
	unsigned int vid;

	if (err)
		return err;
	for (vid = range->first; vid <= range->last; vid++)
		clear_bit(vid, vlans->member);
	if (vlans->pvid >= range->first && vlans->pvid <= range->last)
		WRITE_ONCE(vlans->pvid, 0);
	vlan_update_plain(vlans);
	vnet_fdb_flush(port->vnet, port, VNET_FDB_FLUSH_STRAY);
	vnet_mcast_flush_stray(port);
	return 0;
}

/**
 * vnet_vlan_next - walk the VLANs of a port
 * @vlans: the VLANs
 * @from: VLAN to begin with
 * @range: filled with the next neighbouring VLANs that are alike
 *
 * Context: Any; not atomic against changes.
 * Return: False if there is none.
 */
bool vnet_vlan_next(const struct vnet_vlans *vlans, u16 from, struct vnet_vlan_range *range)
{
	unsigned int vid = find_next_bit(vlans->member, VLAN_N_VID, from);

	if (vid >= VLAN_N_VID)
		return false;
	range->first = vid;
	range->pvid = vid == READ_ONCE(vlans->pvid);
	range->untagged = test_bit(vid, vlans->untagged);
	while (!range->pvid && vid < VNET_VID_LAST && test_bit(vid + 1, vlans->member) &&
	       test_bit(vid + 1, vlans->untagged) == range->untagged &&
	       vid + 1 != READ_ONCE(vlans->pvid))
		vid++;
	range->last = vid;
	return true;
}

/**
 * vnet_vlan_totals - add up the counters of all CPUs
 * @port: the port
 * @vid: the VLAN
 * @totals: filled: packets and bytes in, packets and bytes out
 *
 * Context: RTNL held, or RCU read side.
 */
void vnet_vlan_totals(const struct vnet_port *port, u16 vid, u64 totals[4])
{
	struct vnet_vlan_block __percpu *blocks = vlan_block(&port->vlans, vid);
	u64 one[4];
	unsigned int start, i;
	int cpu;

	memset(totals, 0, sizeof(u64) * 4);
	if (!blocks)
		return;
	for_each_possible_cpu(cpu) {
		const struct vnet_vlan_block *block = per_cpu_ptr(blocks, cpu);
		const struct vnet_vlan_stats *stats = &block->vlans[vid % VNET_VLAN_BLOCK];

		do {
			start = u64_stats_fetch_begin(&block->syncp);
			one[0] = u64_stats_read(&stats->rx_packets);
			one[1] = u64_stats_read(&stats->rx_bytes);
			one[2] = u64_stats_read(&stats->tx_packets);
			one[3] = u64_stats_read(&stats->tx_bytes);
		} while (u64_stats_fetch_retry(&block->syncp, start));
		for (i = 0; i < 4; i++)
			totals[i] += one[i];
	}
}

/**
 * vnet_vlan_init_config - what a vnet begins with
 * @config: filled
 *
 * Context: Any.
 */
void vnet_vlan_init_config(struct vnet_vlan_config *config)
{
	*config = (struct vnet_vlan_config){
		.protocol = htons(ETH_P_8021Q),
		.default_pvid = VNET_VLAN_DEFAULT_PVID,
	};
}

/* A port that is in the default VLAN as every port begins follows the default. */
static void vlan_follow_default(struct vnet_port *port, u16 before, u16 after)
{
	struct vnet_vlans *vlans = &port->vlans;

	if (before && (vlans->pvid != before || !test_bit(before, vlans->untagged)))
		return;
	if (!before && (vlans->pvid || !bitmap_empty(vlans->member, VLAN_N_VID)))
		return;
	if (after) {
		set_bit(after, vlans->untagged);
		set_bit(after, vlans->member);
	}
	WRITE_ONCE(vlans->pvid, after);
	if (before)
		clear_bit(before, vlans->member);
	vlan_update_plain(vlans);
}

/**
 * vnet_vlan_prepare - make what a change of vnet_vlan_apply() takes
 * @vnet: the vnet
 * @config: how it is to deal with VLANs
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0 or -ENOMEM; nothing is changed in either case.
 */
int vnet_vlan_prepare(struct vnet *vnet, const struct vnet_vlan_config *config,
		      struct netlink_ext_ack *extack)
{
	struct vnet_port *port;
	int err;

	ASSERT_RTNL();
	if (!config->stats)
		return 0;
	list_for_each_entry(port, &vnet->ports, node) {
		err = vlan_make_stats(&port->vlans, VNET_VID_FIRST, VNET_VID_LAST);
		if (!err && config->default_pvid)
			err = vlan_make_block(&port->vlans, config->default_pvid);
		if (err) {
			VNET_REFUSE(extack, "there is no memory to count for each VLAN of %s",
				    vnet_port_name(port));
			return err;
		}
	}
	return 0;
}

/**
 * vnet_vlan_apply - change how a vnet deals with VLANs
 * @vnet: the vnet
 * @config: how from now on; vnet_vlan_prepare() has seen it
 *
 * Learned addresses are forgotten when frames get into other VLANs by it.
 *
 * Context: Process, RTNL held.
 */
void vnet_vlan_apply(struct vnet *vnet, const struct vnet_vlan_config *config)
{
	struct vnet_vlan_config before = vnet->vlan;
	struct vnet_port *port;

	ASSERT_RTNL();
	vnet->vlan.stats = config->stats;
	vnet->vlan.default_pvid = config->default_pvid;
	vnet->vlan.filtering = config->filtering;
	WRITE_ONCE(vnet->vlan.protocol, config->protocol);
	list_for_each_entry(port, &vnet->ports, node) {
		if (before.default_pvid != config->default_pvid)
			vlan_follow_default(port, before.default_pvid, config->default_pvid);
		assign_bit(VNET_PORT_FLAG_VLANS, &port->flags, config->filtering);
	}
	if (before.filtering != config->filtering ||
	    (config->filtering && (before.protocol != config->protocol ||
				   before.default_pvid != config->default_pvid))) {
		vnet_fdb_flush(vnet, NULL, VNET_FDB_FLUSH_LEARNED);
		vnet_mcast_forget(vnet);
	}
}

/* BH off. */
static void vlan_count(struct vnet_port *port, u16 vid, unsigned int bytes, bool in)
{
	struct vnet_vlan_block __percpu *blocks = vlan_block(&port->vlans, vid);
	struct vnet_vlan_block *block;
	struct vnet_vlan_stats *stats;

	if (likely(!blocks))
		return;
	block = this_cpu_ptr(blocks);
	stats = &block->vlans[vid % VNET_VLAN_BLOCK];
	u64_stats_update_begin(&block->syncp);
	u64_stats_inc(in ? &stats->rx_packets : &stats->tx_packets);
	u64_stats_add(in ? &stats->rx_bytes : &stats->tx_bytes, bytes);
	u64_stats_update_end(&block->syncp);
}

/* A tag of the vnet's protocol goes from the frame beside it. False if the frame has died. */
static bool vlan_take_tag(struct vnet_port *from, struct sk_buff *skb, __be16 protocol)
{
	u16 tci;

	if (likely(eth_hdr(skb)->h_proto != protocol))
		return true;
	if (unlikely(!pskb_may_pull(skb, VLAN_ETH_HLEN))) {
		vnet_drop(from, skb, VNET_DROP_TRUNCATED);
		return false;
	}
	if (unlikely(__skb_vlan_pop(skb, &tci))) {
		vnet_drop(from, skb, VNET_DROP_NO_MEMORY);
		return false;
	}
	__vlan_hwaccel_put_tag(skb, protocol, tci);
	return true;
}

/* A tag of the other protocol belongs into the frame. NULL if the frame has died. */
static struct sk_buff *vlan_put_back(struct vnet_port *from, struct sk_buff *skb)
{
	skb = __vlan_hwaccel_push_inside(skb);
	if (unlikely(!skb)) {
		vnet_drop_count(from, VNET_DROP_NO_MEMORY);
		return NULL;
	}
	skb_reset_mac_header(skb);
	return skb;
}

/**
 * vnet_vlan_of - which VLAN would vnet_vlan_ingress() find a frame in?
 * @from: port that it may come in through
 * @skb: the frame, which nothing is done to
 * @eth: its Ethernet header, which is pulled
 *
 * Context: RCU read side.
 * Return: The VLAN, 0 for none. The port need not be in it.
 */
u16 vnet_vlan_of(const struct vnet_port *from, const struct sk_buff *skb, const struct ethhdr *eth)
{
	__be16 protocol = READ_ONCE(from->vnet->vlan.protocol), tci;
	u16 vid = 0;

	if (skb_vlan_tag_present(skb)) {
		if (skb->vlan_proto == protocol)
			vid = skb_vlan_tag_get_id(skb);
	} else if (eth->h_proto == protocol &&
		   !skb_copy_bits(skb, (const u8 *)(eth + 1) - skb->data, &tci, sizeof(tci))) {
		vid = ntohs(tci) & VLAN_VID_MASK;
	}
	return vid ?: READ_ONCE(from->vlans.pvid);
}

/**
 * vnet_vlan_ingress - which VLAN is a frame in?
 * @from: port that it came in through
 * @skb: the frame, at its Ethernet header, which is pulled
 * @vid: filled with the VLAN
 *
 * Context: RCU read side, BH off.
 * Return: The frame, or NULL if it has died: the port is not in the VLAN (802.1Q 8.6.2).
 */
struct sk_buff *vnet_vlan_ingress(struct vnet_port *from, struct sk_buff *skb, u16 *vid)
{
	__be16 protocol = READ_ONCE(from->vnet->vlan.protocol);

	if (unlikely(skb_vlan_tag_present(skb) && skb->vlan_proto != protocol)) {
		skb = vlan_put_back(from, skb);
		if (unlikely(!skb))
			return NULL;
	}
	if (!skb_vlan_tag_present(skb) && !vlan_take_tag(from, skb, protocol))
		return NULL;
	if (!skb_vlan_tag_present(skb)) {
		*vid = READ_ONCE(from->vlans.pvid);
	} else {
		/* A tag may have nothing but a priority, which it keeps (802.1Q 6.9). */
		if (!skb_vlan_tag_get_id(skb))
			skb->vlan_tci |= READ_ONCE(from->vlans.pvid);
		*vid = skb_vlan_tag_get_id(skb);
	}
	if (unlikely(!*vid || !test_bit(*vid, from->vlans.member))) {
		vnet_drop(from, skb, VNET_DROP_VLAN_INGRESS);
		return NULL;
	}
	vlan_count(from, *vid, skb->len, true);
	return skb;
}

/**
 * vnet_vlan_egress - may a frame leave by a port?
 * @to: the port
 * @skb: the frame, not shared; with a tag beside it afterwards, or without, as the port wants
 * @vid: its VLAN
 *
 * Context: RCU read side, BH off.
 * Return: False if the port is not in the VLAN (802.1Q 8.6.4).
 */
bool vnet_vlan_egress(struct vnet_port *to, struct sk_buff *skb, u16 vid)
{
	if (unlikely(!test_bit(vid, to->vlans.member)))
		return false;
	if (test_bit(vid, to->vlans.untagged))
		__vlan_hwaccel_clear_tag(skb);
	else if (!skb_vlan_tag_present(skb))
		__vlan_hwaccel_put_tag(skb, READ_ONCE(to->vnet->vlan.protocol), vid);
	vlan_count(to, vid, skb->len, false);
	return true;
}
