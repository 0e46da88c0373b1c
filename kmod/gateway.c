// SPDX-License-Identifier: GPL-2.0
/*
 * The virtual router of a vnet: its ARP, its ping, and the way of a guest's packet out.
 *
 * It has an address and a MAC address of its own and needs nothing of the host adapter.
 */
#include "gateway.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <net/arp.h>
#include <net/ip.h>

#include "fragment.h"
#include "input.h"
#include "ipv4.h"
#include "nat/nat.h"
#include "scrub.h"
#include "vnet.h"

/* Keeps fragments of guests apart from those of other networks and other users of ip_defrag(). */
#define GATEWAY_DEFRAG_USER 0x76000000U

/* ARP for Ethernet and IPv4 behind struct arphdr (RFC 826). */
struct gateway_arp {
	u8 sender_lladdr[ETH_ALEN];
	__be32 sender;
	u8 target_lladdr[ETH_ALEN];
	__be32 target;
} __packed;

/* Where the output of a fragment goes. */
struct gateway_target {
	struct vnet *vnet;
	struct vnet_gateway *gateway;
	__be32 addr;
	enum vnet_door door;
};

static void gateway_ask(struct vnet *vnet, const struct vnet_gateway *gateway, __be32 addr,
			const u8 *lladdr, enum vnet_door door)
{
	struct sk_buff *skb;

	skb = arp_create(ARPOP_REQUEST, ETH_P_ARP, addr, vnet->dev, gateway->config.addr, lladdr,
			 gateway->config.lladdr, NULL);
	if (skb)
		vnet_input(gateway->port, skb, door);
}

static void gateway_frame(const struct vnet_gateway *gateway, struct sk_buff *skb, const u8 *lladdr,
			  enum vnet_door door)
{
	struct ethhdr *eth;

	if (unlikely(skb_cow_head(skb, ETH_HLEN))) {
		vnet_drop(gateway->port, skb, VNET_DROP_NO_MEMORY);
		return;
	}
	eth = skb_push(skb, ETH_HLEN);
	ether_addr_copy(eth->h_dest, lladdr);
	ether_addr_copy(eth->h_source, gateway->config.lladdr);
	eth->h_proto = htons(ETH_P_IP);
	skb->protocol = htons(ETH_P_IP);
	vnet_input(gateway->port, skb, door);
}

static void gateway_output(struct sk_buff *skb, void *context)
{
	struct gateway_target *target = context;
	struct vnet *vnet = target->vnet;
	u8 lladdr[ETH_ALEN];

	switch (vnet_neighbour_resolve(vnet, target->addr, skb, lladdr)) {
	case VNET_NEIGHBOUR_SEND_AND_ASK:
		gateway_ask(vnet, target->gateway, target->addr, lladdr, target->door);
		fallthrough;
	case VNET_NEIGHBOUR_SEND:
		gateway_frame(target->gateway, skb, lladdr, target->door);
		break;
	case VNET_NEIGHBOUR_WAIT_AND_ASK:
		eth_broadcast_addr(lladdr);
		gateway_ask(vnet, target->gateway, target->addr, lladdr, target->door);
		break;
	case VNET_NEIGHBOUR_WAIT:
		break;
	case VNET_NEIGHBOUR_FULL:
		vnet_drop(target->gateway->port, skb, VNET_DROP_NEIGHBOUR);
		break;
	}
}

/**
 * vnet_gateway_send - send a packet to a guest
 * @vnet: the vnet
 * @skb: the packet, at its IPv4 header, not shared, writable there; gone afterwards
 * @addr: the guest's address
 * @door: how the packet, or what it answers, came in
 *
 * What is bigger than the vnet's MTU is fragmented, so the caller has refused what
 * must not be.
 *
 * Context: RCU read side, BH off.
 */
void vnet_gateway_send(struct vnet *vnet, struct sk_buff *skb, __be32 addr, enum vnet_door door)
{
	struct gateway_target target = {
		.vnet = vnet,
		.gateway = rcu_dereference(vnet->gateway),
		.addr = addr,
		.door = door,
	};

	if (unlikely(!target.gateway)) {
		vnet_drop(NULL, skb, VNET_DROP_NO_ROUTE);
		return;
	}
	skb_dst_drop(skb);
	vnet_fragment(target.gateway->port, skb, READ_ONCE(vnet->dev->mtu), gateway_output,
		      &target);
}

/**
 * vnet_gateway_refuse - tell a guest by ICMP why its packet goes no further
 * @from: port that the packet came from
 * @skb: the packet, at its IPv4 header, unchanged; stays the caller's
 * @type: ICMP type
 * @code: ICMP code
 * @mtu: next-hop MTU for type 3 code 4, else 0
 * @door: how the packet came in
 *
 * Context: RCU read side, BH off.
 */
void vnet_gateway_refuse(struct vnet_port *from, const struct sk_buff *skb, u8 type, u8 code,
			 u16 mtu, enum vnet_door door)
{
	struct vnet *vnet = from->vnet;
	struct vnet_gateway *gateway = rcu_dereference(vnet->gateway);
	struct vnet_icmp_error error = { .type = type, .code = code, .mtu = mtu };
	__be32 guest = ip_hdr(skb)->saddr;
	struct sk_buff *answer;

	if (!gateway || !__ratelimit(&vnet->icmp_limit))
		return;
	error.saddr = gateway->config.addr;
	answer = vnet_icmp_error(skb, &error);
	if (answer)
		vnet_gateway_send(vnet, answer, guest, door);
}

/* A guest has shown itself: packets that waited for it go out. */
static void gateway_meet(struct vnet *vnet, const struct vnet_gateway *gateway,
			 const struct gateway_arp *arp, enum vnet_door door)
{
	struct sk_buff_head ready;
	u8 lladdr[ETH_ALEN];
	struct sk_buff *skb;

	if (!vnet_gateway_has(gateway, arp->sender) || arp->sender == gateway->config.addr)
		return;
	ether_addr_copy(lladdr, arp->sender_lladdr);
	__skb_queue_head_init(&ready);
	vnet_neighbour_learn(vnet, arp->sender, lladdr, &ready);
	while ((skb = __skb_dequeue(&ready)))
		gateway_frame(gateway, skb, lladdr, door);
}

static void gateway_receive_arp(struct vnet_port *from, const struct vnet_gateway *gateway,
				struct sk_buff *skb, enum vnet_door door)
{
	struct vnet *vnet = from->vnet;
	struct sk_buff *reply = NULL;
	struct gateway_arp arp;
	struct arphdr header;

	if (skb_copy_bits(skb, ETH_HLEN, &header, sizeof(header)) ||
	    skb_copy_bits(skb, ETH_HLEN + sizeof(header), &arp, sizeof(arp)) ||
	    header.ar_hrd != htons(ARPHRD_ETHER) || header.ar_pro != htons(ETH_P_IP) ||
	    header.ar_hln != ETH_ALEN || header.ar_pln != sizeof(__be32) ||
	    !is_valid_ether_addr(arp.sender_lladdr)) {
		vnet_drop(from, skb, VNET_DROP_GATEWAY_MALFORMED);
		return;
	}
	/* Only what is addressed to the gateway, or announced to all (RFC 5227), is believed. */
	if (arp.target == gateway->config.addr || arp.target == arp.sender)
		gateway_meet(vnet, gateway, &arp, door);
	if (header.ar_op == htons(ARPOP_REQUEST) && arp.target == gateway->config.addr)
		reply = arp_create(ARPOP_REPLY, ETH_P_ARP, arp.sender, vnet->dev,
				   gateway->config.addr, arp.sender_lladdr, gateway->config.lladdr,
				   arp.sender_lladdr);
	consume_skb(skb);
	if (reply)
		vnet_input(gateway->port, reply, door);
}

static bool gateway_is_guest(const struct vnet_gateway *gateway, __be32 addr)
{
	return vnet_gateway_has(gateway, addr) && addr != gateway->config.addr &&
	       addr != gateway->config.subnet && addr != (gateway->config.subnet | ~gateway->mask);
}

static bool gateway_may_route_to(const struct vnet_gateway *gateway, __be32 addr)
{
	return !vnet_gateway_has(gateway, addr) && !ipv4_is_multicast(addr) &&
	       !ipv4_is_lbcast(addr) && !ipv4_is_loopback(addr) && !ipv4_is_zeronet(addr);
}

static void gateway_receive_own(struct vnet_port *from, struct sk_buff *skb, enum vnet_door door)
{
	u8 proto = ip_hdr(skb)->protocol;

	if (vnet_icmp_echo_reply(skb)) {
		vnet_gateway_send(from->vnet, skb, ip_hdr(skb)->daddr, door);
		return;
	}
	if (proto == IPPROTO_TCP || proto == IPPROTO_UDP)
		vnet_gateway_refuse(from, skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, door);
	else if (proto != IPPROTO_ICMP)
		vnet_gateway_refuse(from, skb, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0, door);
	vnet_drop(from, skb, VNET_DROP_GATEWAY_SERVICE);
}

/* The guest's packet is for somewhere else. */
static void gateway_route(struct vnet_port *from, const struct vnet_gateway *gateway,
			  struct sk_buff *skb, enum vnet_door door)
{
	if (!gateway_may_route_to(gateway, ip_hdr(skb)->daddr)) {
		vnet_drop(from, skb, VNET_DROP_DESTINATION_ADDRESS);
		return;
	}
	if (!gateway->config.nat) {
		vnet_gateway_refuse(from, skb, ICMP_DEST_UNREACH, ICMP_NET_UNREACH, 0, door);
		vnet_drop(from, skb, VNET_DROP_NOT_ROUTED);
		return;
	}
	if (ip_hdr(skb)->ttl <= 1) {
		vnet_gateway_refuse(from, skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0, door);
		vnet_drop(from, skb, VNET_DROP_TTL);
		return;
	}
	vnet_nat_out(from, skb, door);
}

static void gateway_receive_ipv4(struct vnet_port *from, const struct vnet_gateway *gateway,
				 struct sk_buff *skb, enum vnet_door door)
{
	struct net_device *dev = from->vnet->dev;

	vnet_scrub(skb);
	skb_pull(skb, ETH_HLEN);
	skb->protocol = htons(ETH_P_IP);
	if (!vnet_ipv4_check(skb)) {
		vnet_drop(from, skb, VNET_DROP_GATEWAY_MALFORMED);
		return;
	}
	if (!gateway_is_guest(gateway, ip_hdr(skb)->saddr)) {
		vnet_drop(from, skb, VNET_DROP_SOURCE_ADDRESS);
		return;
	}
	if (ip_is_fragment(ip_hdr(skb)) &&
	    !vnet_defragment(dev_net(dev), from, skb, GATEWAY_DEFRAG_USER | dev->ifindex))
		return;
	if (ip_hdr(skb)->daddr == gateway->config.addr)
		gateway_receive_own(from, skb, door);
	else
		gateway_route(from, gateway, skb, door);
}

/**
 * vnet_gateway_receive - a frame has reached the gateway
 * @from: port that it came in through
 * @port: the gateway's port
 * @skb: the frame, at its Ethernet header; gone afterwards
 * @door: how it came in
 *
 * Context: RCU read side, BH off.
 */
void vnet_gateway_receive(struct vnet_port *from, struct vnet_port *port, struct sk_buff *skb,
			  enum vnet_door door)
{
	const struct vnet_gateway *gateway = rcu_dereference(port->vnet->gateway);
	__be16 proto = eth_hdr(skb)->h_proto;

	if (unlikely(!gateway || skb_vlan_tag_present(skb)))
		vnet_drop(from, skb, VNET_DROP_GATEWAY_PROTOCOL);
	else if (proto == htons(ETH_P_IP))
		gateway_receive_ipv4(from, gateway, skb, door);
	else if (proto == htons(ETH_P_ARP))
		gateway_receive_arp(from, gateway, skb, door);
	else
		vnet_drop(from, skb, VNET_DROP_GATEWAY_PROTOCOL);
}

/**
 * vnet_gateway_open - make the gateway, or change it
 * @vnet: the vnet
 * @config: its settings, valid
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held. Sleeps.
 * Return: 0 or a negative error; the gateway is as before then.
 */
int vnet_gateway_open(struct vnet *vnet, const struct vnet_gateway_config *config,
		      struct netlink_ext_ack *extack)
{
	struct vnet_gateway *before = rtnl_dereference(vnet->gateway);
	struct vnet_gateway *gateway;
	int err;

	ASSERT_RTNL();
	gateway = kzalloc(sizeof(*gateway), GFP_KERNEL_ACCOUNT);
	if (!gateway)
		return -ENOMEM;
	gateway->config = *config;
	gateway->mask = inet_make_mask(config->prefix_len);
	gateway->port =
		before ? before->port : vnet_port_add(vnet, VNET_PORT_KIND_GATEWAY, NULL, extack);
	if (IS_ERR(gateway->port)) {
		err = PTR_ERR(gateway->port);
		goto free_gateway;
	}
	if (config->nat && !(before && before->config.nat)) {
		err = vnet_nat_open(vnet, extack);
		if (err)
			goto del_port;
	}
	err = vnet_port_set_lladdr(gateway->port, config->lladdr, extack);
	if (err)
		goto close_nat;
	ether_addr_copy(vnet->gateway_lladdr, config->lladdr);
	rcu_assign_pointer(vnet->gateway, gateway);
	if (!before)
		return 0;

	/* Sessions and neighbours of the settings before are of no use any more. */
	synchronize_net();
	if (before->config.nat && !config->nat)
		vnet_nat_close(vnet);
	if (before->config.subnet != config->subnet || before->mask != gateway->mask) {
		vnet_nat_flush(vnet);
		vnet_neighbours_flush(vnet);
	}
	kfree_rcu(before, rcu);
	return 0;

close_nat:
	if (config->nat && !(before && before->config.nat))
		vnet_nat_close(vnet);
del_port:
	if (!before)
		vnet_port_del(gateway->port);
free_gateway:
	kfree(gateway);
	return err;
}

/**
 * vnet_gateway_close - end the gateway
 * @vnet: the vnet
 *
 * Nothing reaches the gateway after the grace period in vnet_port_del(), so that no
 * session is made after NAT has ended those that there are.
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_gateway_close(struct vnet *vnet)
{
	struct vnet_gateway *gateway = rtnl_dereference(vnet->gateway);

	if (!gateway)
		return;
	RCU_INIT_POINTER(vnet->gateway, NULL);
	vnet_port_del(gateway->port);
	if (gateway->config.nat)
		vnet_nat_close(vnet);
	vnet_neighbours_flush(vnet);
	kfree_rcu(gateway, rcu);
}
