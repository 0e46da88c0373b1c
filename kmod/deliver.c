// SPDX-License-Identifier: GPL-2.0
/* How a frame leaves the switch by a port. */
#include "deliver.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <net/dst.h>

#include "gateway.h"
#include "hop.h"
#include "scrub.h"
#include "trace.h"
#include "vnet.h"
#include "wire.h"

/* Receive stacks that run inside of each other on one CPU before frames are queued instead. */
#define DELIVER_MAX_NESTING 4

static DEFINE_PER_CPU(int, deliver_nesting);

/* Why a frame cannot leave by the port: it dies. */
static noinline enum vnet_verdict deliver_misfit(struct vnet_port *from,
						 const struct net_device *dev, struct sk_buff *skb)
{
	vnet_drop(from, skb, READ_ONCE(dev->flags) & IFF_UP ? VNET_DROP_TOO_BIG :
							      VNET_DROP_PORT_DOWN);
	return VNET_TAKEN;
}

/* Is the frame small enough for the port's netdev, which is up? */
static __always_inline bool deliver_fits(const struct net_device *dev, const struct sk_buff *skb)
{
	unsigned int most = READ_ONCE(dev->mtu) + ETH_HLEN + VLAN_HLEN;

	/* A GSO packet is as big as the frames that it becomes, which its sender has chosen. */
	return likely(READ_ONCE(dev->flags) & IFF_UP) &&
	       likely(unlikely(skb_is_gso(skb)) ? skb_gso_validate_mac_len(skb, most) :
						  skb->len <= most);
}

/* The receiver must not see what the sender's namespace has noted on the packet. */
static __always_inline void deliver_scrub(struct sk_buff *skb)
{
	vnet_scrub(skb);
	skb->priority = 0;
	/* The queue of a sender or of a NIC, which the receiver may not have. */
	skb_set_queue_mapping(skb, 0);
	/* An rx_handler comes after the place where the core notes the time. */
	if (static_branch_unlikely(&netstamp_needed_key))
		__net_timestamp(skb);
}

/* Whom is a frame for that is not for the address of the netdev that receives it? */
static noinline void deliver_set_packet_type(struct sk_buff *skb, const struct net_device *dev,
					     const struct ethhdr *eth)
{
	if (!is_multicast_ether_addr(eth->h_dest))
		skb->pkt_type = PACKET_OTHERHOST;
	else if (ether_addr_equal_64bits(eth->h_dest, dev->broadcast))
		skb->pkt_type = PACKET_BROADCAST;
	else
		skb->pkt_type = PACKET_MULTICAST;
	/* The netdev's own, come back for what is on top of it: not for its own stack. */
	if (unlikely(ether_addr_equal_64bits(eth->h_source, dev->dev_addr)))
		skb->pkt_type = PACKET_OTHERHOST;
}

/* What eth_type_trans() does, in fewer instructions for a frame that has been scrubbed. */
static __always_inline void deliver_set_type(struct sk_buff *skb, struct net_device *dev)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;

	if (likely(eth_proto_is_802_3(eth->h_proto))) {
		skb->dev = dev;
		skb->protocol = eth->h_proto;
		__skb_pull(skb, ETH_HLEN);
	} else {
		skb->protocol = eth_type_trans(skb, dev);
	}
	if (unlikely(!ether_addr_equal_64bits(eth->h_dest, dev->dev_addr)))
		deliver_set_packet_type(skb, dev, eth);
}

/*
 * Can the rx_handler that the frame came by go on with it? Not into a VLAN, nor into another
 * rx_handler, but for a Linux bridge's, which keeps what it gets: two vnets that lead into
 * each other would keep the processor for ever, where a queue lets go of it. And not if
 * RPS may choose another processor.
 */
static __always_inline bool deliver_can_go_on(const struct net_device *dev,
					      const struct sk_buff *skb)
{
	return (!rcu_access_pointer(dev->rx_handler) || netif_is_bridge_port(dev)) &&
	       !skb_vlan_tag_present(skb) && !eth_type_vlan(skb->protocol) &&
	       !vnet_compat_wants_rps();
}

/* In the processor's next softirq. */
static enum vnet_verdict deliver_later(struct vnet_port *from, struct sk_buff *skb)
{
	if (unlikely(!vnet_hop(skb)))
		vnet_drop(from, skb, VNET_DROP_BACKLOG);
	return VNET_TAKEN;
}

/* Now, unless too many receive stacks run inside of each other already. */
static enum vnet_verdict deliver_now(struct vnet_port *from, struct sk_buff *skb)
{
	if (unlikely(__this_cpu_read(deliver_nesting) >= DELIVER_MAX_NESTING))
		return deliver_later(from, skb);
	__this_cpu_inc(deliver_nesting);
	vnet_hop_receive(skb);
	__this_cpu_dec(deliver_nesting);
	return VNET_TAKEN;
}

static __always_inline enum vnet_verdict deliver_to_stack(struct vnet_port *from,
							  struct net_device *dev,
							  struct sk_buff *skb, enum vnet_door door)
{
	if (unlikely(skb_shinfo(skb)->flags & SKBFL_ZEROCOPY_ENABLE) &&
	    skb_orphan_frags(skb, GFP_ATOMIC)) {
		vnet_drop(from, skb, VNET_DROP_NO_MEMORY);
		return VNET_TAKEN;
	}
	deliver_scrub(skb);
	deliver_set_type(skb, dev);
	/* A flow whose first frames were flooded, and wait, stays in order. */
	if (door == VNET_DOOR_TX || unlikely(vnet_hop_waits()))
		return deliver_later(from, skb);
	if (door == VNET_DOOR_HANDLER && likely(deliver_can_go_on(dev, skb)))
		return VNET_ANOTHER;
	return deliver_now(from, skb);
}

/* Past the veth, to its peer, where nobody would see the difference. */
static noinline enum vnet_verdict deliver_to_veth(struct vnet_port *from, struct vnet_port *to,
						  struct sk_buff *skb, enum vnet_door door)
{
	struct net_device *peer = vnet_wire_peer(to->dev, skb);

	if (likely(peer))
		return deliver_to_stack(from, peer, skb, door);
	skb->dev = to->dev;
	vnet_wire_send(skb);
	return VNET_TAKEN;
}

/**
 * vnet_deliver_to_member - vnet_deliver() for a port of this kind
 * @from: port that the frame came in through
 * @to: port that it leaves by
 * @skb: the frame, at its Ethernet header; gone afterwards if it is taken
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 * Return: VNET_TAKEN, or VNET_ANOTHER if @door is VNET_DOOR_HANDLER.
 */
enum vnet_verdict vnet_deliver_to_member(struct vnet_port *from, struct vnet_port *to,
					 struct sk_buff *skb, enum vnet_door door)
{
	if (unlikely(!deliver_fits(to->dev, skb)))
		return deliver_misfit(from, to->dev, skb);
	if (vnet_port_has(to, VNET_PORT_FLAG_VETH))
		return deliver_to_veth(from, to, skb, door);
	skb->dev = to->dev;
	vnet_wire_send(skb);
	return VNET_TAKEN;
}

/* The LAN is behind the shared NIC, and so is the host, which keeps the NIC's own address. */
static enum vnet_verdict deliver_to_uplink(struct vnet_port *from, struct net_device *dev,
					   struct sk_buff *skb)
{
	const struct ethhdr *eth = eth_hdr(skb);
	struct sk_buff *copy;

	if (unlikely(!deliver_fits(dev, skb)))
		return deliver_misfit(from, dev, skb);
	if (ether_addr_equal(eth->h_dest, dev->dev_addr))
		return deliver_to_stack(from, dev, skb, VNET_DOOR_TX);
	if (is_multicast_ether_addr(eth->h_dest)) {
		copy = skb_clone(skb, GFP_ATOMIC);
		if (copy)
			deliver_to_stack(from, dev, copy, VNET_DOOR_TX);
		else
			vnet_drop_count(from, VNET_DROP_NO_MEMORY);
	}
	skb->dev = dev;
	vnet_wire_send(skb);
	return VNET_TAKEN;
}

static enum vnet_verdict deliver_to_host(struct vnet_port *from, struct vnet_port *to,
					 struct sk_buff *skb, enum vnet_door door)
{
	if (!READ_ONCE(to->vnet->host_on) || !netif_running(to->dev)) {
		vnet_drop(from, skb, VNET_DROP_HOST_OFF);
		return VNET_TAKEN;
	}
	if (unlikely(!deliver_fits(to->dev, skb)))
		return deliver_misfit(from, to->dev, skb);
	return deliver_to_stack(from, to->dev, skb, door);
}

/**
 * vnet_deliver_to_vnic - vnet_deliver() for a port of this kind
 * @from: port that the frame came in through
 * @to: port that it leaves by
 * @skb: the frame, at its Ethernet header; gone afterwards if it is taken
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 * Return: VNET_TAKEN, or VNET_ANOTHER if @door is VNET_DOOR_HANDLER.
 */
enum vnet_verdict vnet_deliver_to_vnic(struct vnet_port *from, struct vnet_port *to,
				       struct sk_buff *skb, enum vnet_door door)
{
	struct net_device *dev = to->dev;

	if (unlikely(!deliver_fits(dev, skb)))
		return deliver_misfit(from, dev, skb);
	return deliver_to_stack(from, dev, skb, door);
}

/**
 * vnet_deliver_to_others - vnet_deliver() for ports of which a vnet has one at most
 * @from: port that the frame came in through
 * @to: port that it leaves by
 * @skb: the frame, at its Ethernet header; gone afterwards if it is taken
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 * Return: VNET_TAKEN, or VNET_ANOTHER if @door is VNET_DOOR_HANDLER.
 */
enum vnet_verdict vnet_deliver_to_others(struct vnet_port *from, struct vnet_port *to,
					 struct sk_buff *skb, enum vnet_door door)
{
	switch (to->kind) {
	case VNET_PORT_KIND_HOST:
		return deliver_to_host(from, to, skb, door);
	case VNET_PORT_KIND_UPLINK:
		return deliver_to_uplink(from, to->dev, skb);
	case VNET_PORT_KIND_GATEWAY:
		vnet_gateway_receive(from, to, skb,
				     door == VNET_DOOR_HANDLER ? VNET_DOOR_RX : door);
		return VNET_TAKEN;
	}
	return VNET_TAKEN;
}

/**
 * vnet_deliver_traced - vnet_deliver() while somebody listens to its tracepoint
 * @from: port that the frame came in through
 * @to: port that it leaves by
 * @skb: the frame, at its Ethernet header; gone afterwards if it is taken
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 * Return: VNET_TAKEN, or VNET_ANOTHER if @door is VNET_DOOR_HANDLER.
 */
enum vnet_verdict vnet_deliver_traced(struct vnet_port *from, struct vnet_port *to,
				      struct sk_buff *skb, enum vnet_door door)
{
	trace_vnet_deliver(from, to, skb);
	return vnet_deliver_by_kind(from, to, skb, door);
}
