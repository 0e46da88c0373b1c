// SPDX-License-Identifier: GPL-2.0
/*
 * Loops are found by frames that come back, where no spanning tree is.
 *
 * A probe is a frame to a group of our own, which every switch floods and NICs pass over. Its
 * source is the host adapter's address: it comes back as a frame from a local address, which is
 * out of the way of all others. What a probe says of its port is signed, so that no guest can
 * have another one's port blocked.
 */
#include "loop_guard.h"

#include <linux/random.h>
#include <linux/rtnetlink.h>

#include "deliver.h"
#include "port_state.h"
#include "vnet.h"

#define LOOP_GUARD_INTERVAL HZ

/* Locally administered (802.1Q table 8-1 has no such group that is forwarded). */
const u8 vnet_loop_guard_group[ETH_ALEN] __aligned(2) = { 0x03, 'v', 'n', 'e', 't', 'l' };

/* What follows the Ethernet header; IEEE 802 leaves 0x88b6 to local protocols (clause 9.2.3). */
struct loop_guard_probe {
	u8 magic[8];
	__be32 port;
	__le64 token;
} __packed;

static const u8 loop_guard_magic[] = { 'v', 'n', 'e', 't', 'l', 'o', 'o', 'p' };

static __le64 loop_guard_token(const struct vnet *vnet, u32 number)
{
	return cpu_to_le64(siphash_1u32(number, &vnet->loop_guard.key));
}

/* Does a port speak to somebody who is no LAN? An uplink only hears. */
static bool loop_guard_probes(const struct vnet_port *port)
{
	return port->kind == VNET_PORT_KIND_MEMBER || port->kind == VNET_PORT_KIND_VNIC;
}

static struct sk_buff *loop_guard_build(const struct vnet_port *port)
{
	struct sk_buff *skb = alloc_skb(LL_MAX_HEADER + ETH_ZLEN, GFP_ATOMIC | __GFP_NOWARN);
	struct loop_guard_probe *probe;
	struct ethhdr *eth;

	if (!skb)
		return NULL;
	skb_reserve(skb, LL_MAX_HEADER);
	eth = skb_put_zero(skb, ETH_ZLEN);
	probe = (struct loop_guard_probe *)(eth + 1);
	ether_addr_copy(eth->h_dest, vnet_loop_guard_group);
	ether_addr_copy(eth->h_source, port->vnet->dev->dev_addr);
	eth->h_proto = htons(ETH_P_802_EX1 + 1);
	memcpy(probe->magic, loop_guard_magic, sizeof(probe->magic));
	probe->port = htonl(port->number);
	probe->token = loop_guard_token(port->vnet, port->number);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->protocol = eth->h_proto;
	skb->dev = port->dev;
	return skb;
}

/* Without memory the next second will do. */
static void loop_guard_send(struct vnet_port *port)
{
	struct sk_buff *skb = loop_guard_build(port);

	if (!skb)
		return;
	local_bh_disable();
	vnet_deliver(port, port, skb, VNET_DOOR_TX);
	local_bh_enable();
}

static void loop_guard_turn(struct vnet_port *port)
{
	if (READ_ONCE(port->blocked_by) == VNET_BLOCKER_LOOP_GUARD &&
	    time_after(jiffies, READ_ONCE(port->blocked_until))) {
		netdev_info(port->vnet->dev, "port %s is tried again\n", vnet_port_name(port));
		vnet_port_unblock(port, VNET_BLOCKER_LOOP_GUARD);
	}
	if (loop_guard_probes(port) && vnet_port_is_up(port) &&
	    !vnet_port_has(port, VNET_PORT_FLAG_STOPPED))
		loop_guard_send(port);
}

static void loop_guard_work(struct work_struct *work)
{
	struct vnet *vnet = container_of(work, struct vnet, loop_guard.work.work);
	struct vnet_port *port;

	rcu_read_lock();
	list_for_each_entry_rcu(port, &vnet->ports, node)
		loop_guard_turn(port);
	rcu_read_unlock();
	if (READ_ONCE(vnet->loop_guard.seconds))
		queue_delayed_work(system_wq, &vnet->loop_guard.work, LOOP_GUARD_INTERVAL);
}

/* The port whose probe it is, if it is one of ours. */
static struct vnet_port *loop_guard_sender(struct vnet *vnet, const struct sk_buff *skb)
{
	struct loop_guard_probe copy;
	const struct loop_guard_probe *probe;
	u32 number;

	if (!ether_addr_equal(eth_hdr(skb)->h_dest, vnet_loop_guard_group) ||
	    eth_hdr(skb)->h_proto != htons(ETH_P_802_EX1 + 1))
		return NULL;
	probe = skb_header_pointer(skb, ETH_HLEN, sizeof(copy), &copy);
	if (!probe || memcmp(probe->magic, loop_guard_magic, sizeof(probe->magic)))
		return NULL;
	number = ntohl(probe->port);
	if (probe->token != loop_guard_token(vnet, number))
		return NULL;
	return vnet_port_by_number(vnet, number);
}

/**
 * vnet_loop_guard_takes - is a frame a probe that has come back?
 * @from: port that it came in through
 * @skb: a frame from a local address, at its Ethernet header; gone afterwards if it is
 *
 * The younger one of the two ports is blocked: who has closed the loop.
 *
 * Context: RCU read side, BH off.
 * Return: True if it is.
 */
bool vnet_loop_guard_takes(struct vnet_port *from, struct sk_buff *skb)
{
	struct vnet *vnet = from->vnet;
	u16 seconds = READ_ONCE(vnet->loop_guard.seconds);
	struct vnet_port *sender, *younger;

	if (!seconds)
		return false;
	sender = loop_guard_sender(vnet, skb);
	if (!sender)
		return false;
	younger = sender;
	if (loop_guard_probes(from) && from->number > sender->number)
		younger = from;
	WRITE_ONCE(younger->blocked_until, jiffies + seconds * HZ);
	if (vnet_port_block(younger, VNET_BLOCKER_LOOP_GUARD)) {
		netdev_warn(vnet->dev,
			    "a loop leads from port %s to port %s: %s is blocked for %u s\n",
			    vnet_port_name(sender), vnet_port_name(from), vnet_port_name(younger),
			    seconds);
		vnet_stp_kick(vnet);
	}
	consume_skb(skb);
	return true;
}

/**
 * vnet_loop_guard_apply - switch the guard on or off
 * @vnet: the vnet
 * @seconds: for how long a port is blocked, 0 for off, which unblocks them all
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_loop_guard_apply(struct vnet *vnet, u16 seconds)
{
	struct vnet_port *port;

	ASSERT_RTNL();
	WRITE_ONCE(vnet->loop_guard.seconds, seconds);
	if (seconds) {
		queue_delayed_work(system_wq, &vnet->loop_guard.work, 0);
		return;
	}
	cancel_delayed_work_sync(&vnet->loop_guard.work);
	/* Who has read that the guard is on may yet block a port. */
	synchronize_net();
	list_for_each_entry(port, &vnet->ports, node)
		vnet_port_unblock(port, VNET_BLOCKER_LOOP_GUARD);
	vnet_stp_kick(vnet);
}

/**
 * vnet_loop_guard_init - no guard
 * @vnet: the vnet
 *
 * Context: Process.
 */
void vnet_loop_guard_init(struct vnet *vnet)
{
	get_random_bytes(&vnet->loop_guard.key, sizeof(vnet->loop_guard.key));
	INIT_DELAYED_WORK(&vnet->loop_guard.work, loop_guard_work);
}

/**
 * vnet_loop_guard_exit - end the guard of a vnet that has no ports any more but the host's
 * @vnet: the vnet
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_loop_guard_exit(struct vnet *vnet)
{
	WRITE_ONCE(vnet->loop_guard.seconds, 0);
	cancel_delayed_work_sync(&vnet->loop_guard.work);
}
