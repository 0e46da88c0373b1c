// SPDX-License-Identifier: GPL-2.0
/* How a frame leaves the switch by a port. */
#include "deliver.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>

#include "gateway.h"
#include "vnet.h"

/* Receive stacks that run inside of each other on one CPU before frames are queued instead. */
#define DELIVER_MAX_NESTING 4

static DEFINE_PER_CPU(int, deliver_nesting);

/* The frame that this CPU is handing to a shared NIC, which its egress hook must let pass. */
static DEFINE_PER_CPU(const struct sk_buff *, deliver_transmits);

static void deliver_receive(struct sk_buff *skb, enum vnet_door door)
{
	if (door == VNET_DOOR_TX || __this_cpu_read(deliver_nesting) >= DELIVER_MAX_NESTING) {
		netif_rx(skb);
		return;
	}
	__this_cpu_inc(deliver_nesting);
	netif_receive_skb(skb);
	__this_cpu_dec(deliver_nesting);
}

/* Its sender has chosen how big the frames are that a GSO packet becomes. */
static bool deliver_segments_fit(const struct net_device *dev, const struct sk_buff *skb)
{
	return !skb_is_gso(skb) ||
	       skb_gso_validate_mac_len(skb, dev->mtu + dev->hard_header_len + VLAN_HLEN);
}

/* Is the frame small enough for the port's netdev, which is up? */
static bool deliver_fits(struct vnet_port *from, const struct vnet_port *to, struct sk_buff *skb)
{
	if (likely(is_skb_forwardable(to->dev, skb) && deliver_segments_fit(to->dev, skb)))
		return true;
	vnet_drop(from, skb, to->dev->flags & IFF_UP ? VNET_DROP_TOO_BIG : VNET_DROP_PORT_DOWN);
	return false;
}

/* The receiver must not see what the sender's namespace has noted on the packet. */
static void deliver_to_stack(struct vnet_port *from, struct net_device *dev, struct sk_buff *skb,
			     enum vnet_door door)
{
	if (unlikely(skb_orphan_frags(skb, GFP_ATOMIC))) {
		vnet_drop(from, skb, VNET_DROP_NO_MEMORY);
		return;
	}
	skb_scrub_packet(skb, true);
	skb->priority = 0;
	skb->protocol = eth_type_trans(skb, dev);
	deliver_receive(skb, door);
}

/**
 * vnet_transmit - send a frame by its netdev
 * @skb: the frame, at its Ethernet header, with its netdev set; gone afterwards
 *
 * While the netdev's egress hooks run, vnet_transmits() tells the frame from those
 * that the host sends itself.
 *
 * Context: RCU read side, BH off.
 */
void vnet_transmit(struct sk_buff *skb)
{
	const struct sk_buff *before = __this_cpu_read(deliver_transmits);

	skb_forward_csum(skb);
	__this_cpu_write(deliver_transmits, skb);
	dev_queue_xmit(skb);
	__this_cpu_write(deliver_transmits, before);
}

/**
 * vnet_transmits - is this a frame that vnet_transmit() is sending?
 * @skb: the frame
 *
 * Context: BH off.
 * Return: True if so.
 */
bool vnet_transmits(const struct sk_buff *skb)
{
	return __this_cpu_read(deliver_transmits) == skb;
}

static void deliver_to_wire(struct vnet_port *from, struct vnet_port *to, struct sk_buff *skb)
{
	if (!deliver_fits(from, to, skb))
		return;
	skb->dev = to->dev;
	vnet_transmit(skb);
}

/* The LAN is behind the shared NIC, and so is the host, which keeps the NIC's own address. */
static void deliver_to_uplink(struct vnet_port *from, struct vnet_port *to, struct sk_buff *skb)
{
	const struct ethhdr *eth = eth_hdr(skb);
	struct sk_buff *copy;

	if (ether_addr_equal(eth->h_dest, to->dev->dev_addr)) {
		if (deliver_fits(from, to, skb))
			deliver_to_stack(from, to->dev, skb, VNET_DOOR_TX);
		return;
	}
	if (is_multicast_ether_addr(eth->h_dest) && netif_running(to->dev)) {
		copy = skb_clone(skb, GFP_ATOMIC);
		if (copy)
			deliver_to_stack(from, to->dev, copy, VNET_DOOR_TX);
		else
			vnet_drop_count(from, VNET_DROP_NO_MEMORY);
	}
	deliver_to_wire(from, to, skb);
}

static void deliver_to_host(struct vnet_port *from, struct vnet_port *to, struct sk_buff *skb,
			    enum vnet_door door)
{
	if (!READ_ONCE(to->vnet->host_on) || !netif_running(to->dev)) {
		vnet_drop(from, skb, VNET_DROP_HOST_OFF);
		return;
	}
	if (deliver_fits(from, to, skb))
		deliver_to_stack(from, to->dev, skb, door);
}

/**
 * vnet_deliver - let a frame leave by a port
 * @from: port that it came in through
 * @to: port that it leaves by
 * @skb: the frame, at its Ethernet header; gone afterwards
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 */
void vnet_deliver(struct vnet_port *from, struct vnet_port *to, struct sk_buff *skb,
		  enum vnet_door door)
{
	vnet_stats_tx(to->stats, skb->len);
	switch (to->kind) {
	case VNET_PORT_KIND_VNIC:
		if (deliver_fits(from, to, skb))
			deliver_to_stack(from, to->dev, skb, door);
		break;
	case VNET_PORT_KIND_HOST:
		deliver_to_host(from, to, skb, door);
		break;
	case VNET_PORT_KIND_MEMBER:
		deliver_to_wire(from, to, skb);
		break;
	case VNET_PORT_KIND_UPLINK:
		deliver_to_uplink(from, to, skb);
		break;
	case VNET_PORT_KIND_GATEWAY:
		vnet_gateway_receive(from, to, skb, door);
		break;
	}
}
