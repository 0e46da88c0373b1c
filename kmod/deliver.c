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
#include "veth.h"
#include "vnet.h"
#include "wire.h"

/* Receive stacks that run inside of each other on one CPU before frames are queued instead. */
#define DELIVER_MAX_NESTING 4

static DEFINE_PER_CPU(int, deliver_nesting);

/* Can a frame leave by the port's netdev, which is up, without being looked at? */
static __always_inline bool deliver_fits(const struct net_device *dev, const struct sk_buff *skb)
{
	return likely(READ_ONCE(dev->flags) & IFF_UP) &&
	       likely(skb->len <= READ_ONCE(dev->mtu) + ETH_HLEN + VLAN_HLEN);
}

/*
 * The frame dies if it cannot leave by the port. A GSO packet is as big as the frames that it
 * becomes, which its sender has chosen.
 */
static noinline bool deliver_kills(struct vnet_port *from, const struct net_device *dev,
				   struct sk_buff *skb)
{
	if (!(READ_ONCE(dev->flags) & IFF_UP)) {
		vnet_drop(from, skb, VNET_DROP_PORT_DOWN);
		return true;
	}
	if (skb_is_gso(skb) &&
	    skb_gso_validate_mac_len(skb, READ_ONCE(dev->mtu) + ETH_HLEN + VLAN_HLEN))
		return false;
	vnet_drop(from, skb, VNET_DROP_TOO_BIG);
	return true;
}

/* Whom is a frame for that is not for the address of the netdev that receives it? */
static __always_inline u8 deliver_packet_type(const struct net_device *dev,
					      const struct ethhdr *eth)
{
	/* The netdev's own, come back for what is on top of it: not for its own stack. */
	if (!is_multicast_ether_addr(eth->h_dest) ||
	    unlikely(ether_addr_equal_64bits(eth->h_source, dev->dev_addr)))
		return PACKET_OTHERHOST;
	return ether_addr_equal_64bits(eth->h_dest, dev->broadcast) ? PACKET_BROADCAST :
								      PACKET_MULTICAST;
}

/*
 * The receiver must not see what the sender's namespace has noted on the packet. With the type
 * of the frame, which is set before, all that eth_type_trans() does.
 */
static __always_inline void deliver_prepare(struct sk_buff *skb, const struct net_device *dev,
					    const struct ethhdr *eth)
{
	vnet_scrub(skb);
	skb->priority = 0;
	/* The queue of a sender or of a NIC, which the receiver may not have. */
	skb_set_queue_mapping(skb, 0);
	if (unlikely(!ether_addr_equal_64bits(eth->h_dest, dev->dev_addr)))
		skb->pkt_type = deliver_packet_type(dev, eth);
}

/*
 * Is there nothing about the frame that takes a call to do? A call that comes back would make
 * the whole way keep a stack.
 */
static __always_inline bool deliver_is_plain(const struct sk_buff *skb,
					     const struct ethhdr *eth)
{
	return likely(!(skb_shinfo(skb)->flags & SKBFL_ZEROCOPY_ENABLE)) &&
	       likely(!skb->_skb_refdst) && likely(!vnet_compat_has_extensions(skb)) &&
	       likely(!skb_nfct(skb)) && likely(eth_proto_is_802_3(eth->h_proto)) &&
	       !static_branch_unlikely(&netstamp_needed_key);
}

/* In the processor's next softirq. */
static noinline enum vnet_verdict deliver_later(struct vnet_port *from, struct sk_buff *skb)
{
	if (unlikely(!vnet_hop(skb)))
		vnet_drop(from, skb, VNET_DROP_BACKLOG);
	return VNET_TAKEN;
}

/* Now, unless too many receive stacks run inside of each other already. */
static noinline enum vnet_verdict deliver_now(struct vnet_port *from, struct sk_buff *skb)
{
	if (unlikely(__this_cpu_read(deliver_nesting) >= DELIVER_MAX_NESTING))
		return deliver_later(from, skb);
	__this_cpu_inc(deliver_nesting);
	vnet_hop_receive(skb);
	__this_cpu_dec(deliver_nesting);
	return VNET_TAKEN;
}

/*
 * Would nobody see the frame between a netdev and its rx_handler: no tap, filter, hook, program?
 * Taps of all netdevs need not be asked about by who has @asked.
 */
static __always_inline bool deliver_is_bare(const struct net_device *dev, bool asked)
{
	return !rcu_access_pointer(dev->xdp_prog) && !vnet_compat_has_ingress(dev) &&
	       (asked ? list_empty(&dev->ptype_all) : !vnet_compat_has_taps(dev));
}

/* Not inline: the address of @skb would keep it out of the registers. */
static noinline enum vnet_verdict deliver_to_handler(rx_handler_func_t *handler,
						     struct sk_buff *skb)
{
	return (enum vnet_verdict)handler(&skb);
}

/*
 * The core, which has the frame in its hands, goes on with it from where it is, if that is no
 * different. Not if RPS may choose another processor. Not into a VLAN, nor into an rx_handler,
 * but for a Linux bridge's, which keeps what it gets: two vnets that lead into each other would
 * keep the processor for ever, where a queue lets go of it.
 */
static __always_inline enum vnet_verdict deliver_by_core(struct vnet_port *from,
							 const struct net_device *dev,
							 struct sk_buff *skb, enum vnet_door door,
							 bool asked)
{
	rx_handler_func_t *handler = rcu_dereference(dev->rx_handler);

	if (unlikely(handler && !netif_is_bridge_port(dev)) ||
	    (!asked && unlikely(skb_vlan_tag_present(skb))) ||
	    unlikely(eth_type_vlan(skb->protocol)) || vnet_compat_wants_rps())
		return deliver_now(from, skb);
	if (unlikely(!deliver_is_bare(dev, asked)))
		return door == VNET_DOOR_HANDLER ? VNET_ANOTHER : deliver_now(from, skb);
	skb->skb_iif = dev->ifindex;
	/* An rx_handler is what the core comes to behind a hook; behind another one it is not. */
	if (handler && door == VNET_DOOR_HANDLER)
		return deliver_to_handler(handler, skb);
	return VNET_PASS;
}

static __always_inline enum vnet_verdict deliver_up(struct vnet_port *from,
						    const struct net_device *dev,
						    struct sk_buff *skb, enum vnet_door door,
						    bool asked)
{
	/* A flow whose first frames were flooded, and wait, stays in order. */
	if (door == VNET_DOOR_TX || unlikely(vnet_hop_waits()))
		return deliver_later(from, skb);
	if (likely(door != VNET_DOOR_RX))
		return deliver_by_core(from, dev, skb, door, asked);
	return deliver_now(from, skb);
}

/* deliver_to_stack() for a frame that is not plain. */
static noinline enum vnet_verdict deliver_laden(struct vnet_port *from, struct net_device *dev,
						struct sk_buff *skb, enum vnet_door door)
{
	if (unlikely(skb_orphan_frags(skb, GFP_ATOMIC))) {
		vnet_drop(from, skb, VNET_DROP_NO_MEMORY);
		return VNET_TAKEN;
	}
	skb->protocol = eth_type_trans(skb, dev);
	deliver_prepare(skb, dev, eth_hdr(skb));
	/* An rx_handler comes after the place where the core notes the time. */
	if (static_branch_unlikely(&netstamp_needed_key))
		__net_timestamp(skb);
	return deliver_up(from, dev, skb, door, false);
}

/*
 * The netdev receives the frame. Who has @asked knows that it has no VLAN tag, and that no tap
 * of all netdevs waits for it.
 */
static __always_inline enum vnet_verdict deliver_to_stack(struct vnet_port *from,
							  struct net_device *dev,
							  struct sk_buff *skb, enum vnet_door door,
							  bool asked)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;

	if (unlikely(!deliver_is_plain(skb, eth)))
		return deliver_laden(from, dev, skb, door);
	skb->dev = dev;
	skb->protocol = eth->h_proto;
	__skb_pull(skb, ETH_HLEN);
	deliver_prepare(skb, dev, eth);
	return deliver_up(from, dev, skb, door, asked);
}

static noinline enum vnet_verdict deliver_by_wire(struct net_device *dev, struct sk_buff *skb)
{
	skb->dev = dev;
	vnet_wire_send(skb);
	return VNET_TAKEN;
}

/* deliver_to_veth() for a frame whose sender wants to know when the veth sends it. */
static noinline enum vnet_verdict deliver_stamped(struct vnet_port *from, struct vnet_port *to,
						  struct sk_buff *skb, enum vnet_door door)
{
	skb_tx_timestamp(skb);
	vnet_veth_count(to->dev, skb);
	return deliver_to_stack(from, to->peer, skb, door, false);
}

/* Past the veth, to its peer, where nobody would see the difference. */
static noinline enum vnet_verdict deliver_to_veth(struct vnet_port *from, struct vnet_port *to,
						  struct sk_buff *skb, enum vnet_door door)
{
	if (unlikely(!vnet_veth_passes(to->dev, to->peer, skb)))
		return deliver_by_wire(to->dev, skb);
	if (unlikely(skb_shinfo(skb)->tx_flags & SKBTX_ANY_TSTAMP))
		return deliver_stamped(from, to, skb, door);
	vnet_veth_count(to->dev, skb);
	return deliver_to_stack(from, to->peer, skb, door, true);
}

static __always_inline enum vnet_verdict deliver_to_member(struct vnet_port *from,
							   struct vnet_port *to,
							   struct sk_buff *skb, enum vnet_door door)
{
	return to->peer ? deliver_to_veth(from, to, skb, door) : deliver_by_wire(to->dev, skb);
}

/* vnet_deliver() of a frame that does not fit at first sight. */
static noinline enum vnet_verdict deliver_big(struct vnet_port *from, struct vnet_port *to,
					      struct sk_buff *skb, enum vnet_door door)
{
	if (deliver_kills(from, to->dev, skb))
		return VNET_TAKEN;
	if (to->kind == VNET_PORT_KIND_MEMBER)
		return deliver_to_member(from, to, skb, door);
	return deliver_to_stack(from, to->dev, skb, door, false);
}

/**
 * vnet_deliver_to_member - vnet_deliver() for a port of this kind
 * @from: port that the frame came in through
 * @to: port that it leaves by
 * @skb: the frame, at its Ethernet header; gone afterwards if it is taken
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 * Return: VNET_TAKEN; what else the core is to do if @door is VNET_DOOR_HANDLER or VNET_DOOR_HOOK.
 */
enum vnet_verdict vnet_deliver_to_member(struct vnet_port *from, struct vnet_port *to,
					 struct sk_buff *skb, enum vnet_door door)
{
	if (unlikely(!deliver_fits(to->dev, skb)))
		return deliver_big(from, to, skb, door);
	return deliver_to_member(from, to, skb, door);
}

/* A frame that the host has to get, which keeps the NIC's own address. */
static noinline enum vnet_verdict deliver_to_lan_and_host(struct vnet_port *from,
							  struct net_device *dev,
							  struct sk_buff *skb)
{
	struct sk_buff *copy;

	if (!is_multicast_ether_addr(eth_hdr(skb)->h_dest))
		return deliver_to_stack(from, dev, skb, VNET_DOOR_TX, false);
	copy = skb_clone(skb, GFP_ATOMIC);
	if (copy)
		deliver_to_stack(from, dev, copy, VNET_DOOR_TX, false);
	else
		vnet_drop_count(from, VNET_DROP_NO_MEMORY);
	return deliver_by_wire(dev, skb);
}

/**
 * vnet_deliver_to_uplink - vnet_deliver() for a port of this kind
 * @from: port that the frame came in through
 * @to: port that it leaves by; the LAN is behind it, and so is the host
 * @skb: the frame, at its Ethernet header; gone afterwards
 *
 * Context: RCU read side, BH off.
 * Return: VNET_TAKEN.
 */
enum vnet_verdict vnet_deliver_to_uplink(struct vnet_port *from, struct vnet_port *to,
					 struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	struct net_device *dev = to->dev;

	if (unlikely(!deliver_fits(dev, skb)) && deliver_kills(from, dev, skb))
		return VNET_TAKEN;
	if (unlikely(is_multicast_ether_addr(eth->h_dest)) ||
	    unlikely(ether_addr_equal_64bits(eth->h_dest, dev->dev_addr)))
		return deliver_to_lan_and_host(from, dev, skb);
	return deliver_by_wire(dev, skb);
}

static enum vnet_verdict deliver_to_host(struct vnet_port *from, struct vnet_port *to,
					 struct sk_buff *skb, enum vnet_door door)
{
	if (!READ_ONCE(to->vnet->host_on) || !netif_running(to->dev)) {
		vnet_drop(from, skb, VNET_DROP_HOST_OFF);
		return VNET_TAKEN;
	}
	if (unlikely(!deliver_fits(to->dev, skb)) && deliver_kills(from, to->dev, skb))
		return VNET_TAKEN;
	return deliver_to_stack(from, to->dev, skb, door, false);
}

/**
 * vnet_deliver_to_vnic - vnet_deliver() for a port of this kind
 * @from: port that the frame came in through
 * @to: port that it leaves by
 * @skb: the frame, at its Ethernet header; gone afterwards if it is taken
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 * Return: VNET_TAKEN; what else the core is to do if @door is VNET_DOOR_HANDLER or VNET_DOOR_HOOK.
 */
enum vnet_verdict vnet_deliver_to_vnic(struct vnet_port *from, struct vnet_port *to,
				       struct sk_buff *skb, enum vnet_door door)
{
	if (unlikely(!deliver_fits(to->dev, skb)))
		return deliver_big(from, to, skb, door);
	return deliver_to_stack(from, to->dev, skb, door, false);
}

/**
 * vnet_deliver_to_others - vnet_deliver() for ports of which a vnet has one at most
 * @from: port that the frame came in through
 * @to: port that it leaves by
 * @skb: the frame, at its Ethernet header; gone afterwards if it is taken
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 * Return: VNET_TAKEN; what else the core is to do if @door is VNET_DOOR_HANDLER or VNET_DOOR_HOOK.
 */
enum vnet_verdict vnet_deliver_to_others(struct vnet_port *from, struct vnet_port *to,
					 struct sk_buff *skb, enum vnet_door door)
{
	switch (to->kind) {
	case VNET_PORT_KIND_HOST:
		return deliver_to_host(from, to, skb, door);
	case VNET_PORT_KIND_GATEWAY:
		vnet_gateway_receive(from, to, skb,
				     door == VNET_DOOR_TX ? door : VNET_DOOR_RX);
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
 * Return: VNET_TAKEN; what else the core is to do if @door is VNET_DOOR_HANDLER or VNET_DOOR_HOOK.
 */
enum vnet_verdict vnet_deliver_traced(struct vnet_port *from, struct vnet_port *to,
				      struct sk_buff *skb, enum vnet_door door)
{
	trace_vnet_deliver(from, to, skb);
	return vnet_deliver_by_kind(from, to, skb, door);
}
