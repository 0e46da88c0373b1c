// SPDX-License-Identifier: GPL-2.0
/* Packets and the MTU of the link that they go to: fragments made and put together (RFC 791). */
#include "fragment.h"

#include <linux/netdevice.h>
#include <net/ip.h>

#include "vnet.h"

/* Link headers that an output may put in front of a fragment. */
#define FRAGMENT_HEADROOM (LL_MAX_HEADER + ETH_HLEN)

/**
 * vnet_packet_fits - does a packet fit a link?
 * @skb: the packet, at its IPv4 header
 * @mtu: MTU of the link
 *
 * A GSO packet fits if the packets that it will become do.
 *
 * Context: Any.
 * Return: True if so.
 */
bool vnet_packet_fits(const struct sk_buff *skb, unsigned int mtu)
{
	if (skb->len <= mtu)
		return true;
	return skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu);
}

static void fragment_one(struct vnet_port *from, struct sk_buff *skb, unsigned int mtu,
			 vnet_fragment_output_t output, void *context)
{
	unsigned int header = ip_hdrlen(skb);
	struct ip_frag_state state;
	struct sk_buff *fragment;

	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb)) {
		vnet_drop(from, skb, VNET_DROP_NO_MEMORY);
		return;
	}
	/* It wants the room for data, not the MTU. */
	ip_frag_init(skb, header, FRAGMENT_HEADROOM, mtu - header, false, &state);
	while (state.left > 0) {
		fragment = ip_frag_next(skb, &state);
		if (IS_ERR(fragment)) {
			vnet_drop(from, skb, VNET_DROP_NO_MEMORY);
			return;
		}
		ip_send_check(ip_hdr(fragment));
		output(fragment, context);
	}
	consume_skb(skb);
}

/* A big UDP packet of a guest that allows fragments: the datagrams first, then their fragments. */
static void fragment_gso(struct vnet_port *from, struct sk_buff *skb, unsigned int mtu,
			 vnet_fragment_output_t output, void *context)
{
	struct sk_buff *segments, *segment, *next;

	segments = skb_gso_segment(skb, NETIF_F_SG);
	if (IS_ERR_OR_NULL(segments)) {
		vnet_drop(from, skb, VNET_DROP_NO_MEMORY);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segments, segment, next) {
		skb_mark_not_on_list(segment);
		vnet_fragment(from, segment, mtu, output, context);
	}
}

/**
 * vnet_fragment - send a packet as one that fits, or as fragments
 * @from: port that the packet came from, for its counters; may be NULL
 * @skb: the packet, at its IPv4 header, with DF clear unless it fits; gone afterwards
 * @mtu: MTU of the link
 * @output: sends what fits
 * @context: passed to @output
 *
 * Context: RCU read side, BH off.
 */
void vnet_fragment(struct vnet_port *from, struct sk_buff *skb, unsigned int mtu,
		   vnet_fragment_output_t output, void *context)
{
	if (likely(vnet_packet_fits(skb, mtu)))
		output(skb, context);
	else if (skb_is_gso(skb))
		fragment_gso(from, skb, mtu, output, context);
	else
		fragment_one(from, skb, mtu, output, context);
}

/* The memory for fragments is the namespace's: one port may hold this part of it, and no more. */
#define FRAGMENT_SHARE 8

/* A window is over: what it holds may wait for as long as the next one lasts. */
static void fragments_turn(struct vnet_port_fragments *held, unsigned long window)
{
	unsigned long age = jiffies - READ_ONCE(held->since);

	if (age < window)
		return;
	WRITE_ONCE(held->before, age < 2 * window ? READ_ONCE(held->bytes) : 0);
	WRITE_ONCE(held->bytes, 0);
	WRITE_ONCE(held->since, jiffies);
}

static bool fragments_take(const struct net *net, struct vnet_port *from, u32 bytes)
{
	struct vnet_port_fragments *held = &from->fragments;
	const struct fqdir *all = net->ipv4.fqdir;
	u32 now;

	fragments_turn(held, READ_ONCE(all->timeout));
	now = READ_ONCE(held->bytes);
	if ((long)now + READ_ONCE(held->before) + bytes >
	    READ_ONCE(all->high_thresh) / FRAGMENT_SHARE)
		return false;
	WRITE_ONCE(held->bytes, now + bytes);
	return true;
}

/* A datagram is whole: its fragments do not wait any more, whenever they came. */
static void fragments_give(struct vnet_port *from, u32 bytes)
{
	struct vnet_port_fragments *held = &from->fragments;
	u32 now = READ_ONCE(held->bytes), before = READ_ONCE(held->before);

	WRITE_ONCE(held->bytes, now - min(now, bytes));
	bytes -= min(now, bytes);
	WRITE_ONCE(held->before, before - min(before, bytes));
}

/**
 * vnet_defragment - put fragments together
 * @net: namespace that bounds the memory of incomplete datagrams
 * @from: port that the fragment came from, which has a share of that memory; NULL for outside
 * @skb: a fragment, at its IPv4 header
 * @user: keeps the fragments of different networks apart
 *
 * Warning: replaces the data of @skb, so that pointers into it become stale.
 *
 * Context: RCU read side, BH off.
 * Return: True if @skb is the whole datagram now; false if it was taken.
 */
bool vnet_defragment(struct net *net, struct vnet_port *from, struct sk_buff *skb, u32 user)
{
	int err;

	if (from && !fragments_take(net, from, skb->truesize)) {
		vnet_drop(from, skb, VNET_DROP_FRAGMENTS_HELD);
		return false;
	}
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	err = ip_defrag(net, skb, user);
	if (!err) {
		if (from)
			fragments_give(from, skb->truesize);
		ip_send_check(ip_hdr(skb));
		skb->ignore_df = 1;
		return true;
	}
	if (err != -EINPROGRESS)
		vnet_drop_count(from, VNET_DROP_FRAGMENT);
	return false;
}
