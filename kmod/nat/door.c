// SPDX-License-Identifier: GPL-2.0
/*
 * Where packets for guests behind NAT come in: every netdev that has an IPv4 address,
 * the loopback device too, by which the host itself talks to its guests' external
 * endpoints.
 */
#include "door.h"

#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <net/ip.h>
#include <net/route.h>

#include "../fragment.h"
#include "../ipv4.h"
#include "../uplink.h"
#include "../vnet.h"
#include "nat.h"
#include "table.h"

/* Keeps fragments from outside apart from those of guests and other users of ip_defrag(). */
#define DOOR_DEFRAG_USER 0x75000000U

static bool door_has_addr(const struct net_device *dev)
{
	const struct in_device *in_dev = __in_dev_get_rtnl(dev);

	return in_dev && rtnl_dereference(in_dev->ifa_list);
}

static void door_prepare_addrs(struct vnet_nat_table *table, const struct net_device *dev)
{
	const struct in_device *in_dev = __in_dev_get_rtnl(dev);
	const struct in_ifaddr *addr;

	if (dev->flags & IFF_LOOPBACK)
		return;
	in_dev_for_each_ifa_rtnl(addr, in_dev)
		vnet_external_prepare(table, addr->ifa_local);
}

/**
 * vnet_nat_door_open - watch the netdevs of a namespace
 * @net: the namespace, whose first vnet gets NAT
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held. Sleeps.
 * Return: 0 or a negative error; nothing is watched then.
 */
int vnet_nat_door_open(struct net *net, struct netlink_ext_ack *extack)
{
	struct vnet_nat_table *table = vnet_nat_table_rtnl(net);
	struct net_device *dev;
	int err;

	for_each_netdev(net, dev) {
		if (!door_has_addr(dev))
			continue;
		err = vnet_uplink_watch(dev, extack);
		if (err) {
			vnet_nat_door_close(net);
			return err;
		}
		door_prepare_addrs(table, dev);
	}
	return 0;
}

/**
 * vnet_nat_door_close - watch them no more
 * @net: the namespace, whose last vnet loses NAT
 *
 * Context: Process, RTNL held.
 */
void vnet_nat_door_close(struct net *net)
{
	struct net_device *dev;

	for_each_netdev(net, dev)
		vnet_uplink_unwatch(dev);
}

/**
 * vnet_nat_door_check_addr - the host is about to get an address
 * @dev: netdev that gets it
 * @extack: where a refusal is explained
 *
 * A netdev that gets no address afterwards is watched for nothing, until NAT ends.
 *
 * Context: Process, RTNL held. Sleeps.
 * Return: 0, or a negative error when guests behind NAT would miss packets to it.
 */
int vnet_nat_door_check_addr(struct net_device *dev, struct netlink_ext_ack *extack)
{
	return vnet_net(dev_net(dev))->n_nat ? vnet_uplink_watch(dev, extack) : 0;
}

/**
 * vnet_nat_door_add_addr - the host has got an address
 * @addr: the address
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_nat_door_add_addr(const struct in_ifaddr *addr)
{
	struct net_device *dev = addr->ifa_dev->dev;

	if (!vnet_net(dev_net(dev))->n_nat)
		return;
	/* Watched already by vnet_nat_door_check_addr(), but for one that was moved here. */
	if (vnet_uplink_watch(dev, NULL))
		netdev_warn(dev, "vnet cannot watch it: guests behind NAT will miss packets\n");
	if (!(dev->flags & IFF_LOOPBACK))
		vnet_external_prepare(vnet_nat_table_rtnl(dev_net(dev)), addr->ifa_local);
}

/**
 * vnet_nat_door_del_addr - the host has lost an address
 * @addr: the address, out of the netdev's list already
 *
 * Context: Process, RTNL held.
 */
void vnet_nat_door_del_addr(const struct in_ifaddr *addr)
{
	struct net_device *dev = addr->ifa_dev->dev;

	vnet_nat_flush_addr(dev_net(dev), addr->ifa_local);
	if (!door_has_addr(dev))
		vnet_uplink_unwatch(dev);
}

/**
 * vnet_nat_door_is_own - is an address one of the host's?
 * @table: NAT state
 * @addr: the address
 *
 * Context: RCU read side.
 * Return: True if so, but false for 127.0.0.0/8, which no forward is for.
 */
bool vnet_nat_door_is_own(const struct vnet_nat_table *table, __be32 addr)
{
	return !ipv4_is_loopback(addr) && inet_addr_type(table->net, addr) == RTN_LOCAL;
}

/**
 * vnet_nat_door_receive - a watched netdev has received an IPv4 packet
 * @skb: the packet, at its IPv4 header, unchecked; gone afterwards if it is a guest's
 *
 * Context: RCU read side, BH off; a netdev ingress hook.
 * Return: True if it was a guest's.
 */
bool vnet_nat_door_receive(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	struct vnet_nat_table *table = vnet_nat_table_rcu(net);

	if (!table || (skb->pkt_type != PACKET_HOST && skb->pkt_type != PACKET_LOOPBACK))
		return false;
	/* A tagged packet is the VLAN device's, which is watched by itself. */
	if (skb_vlan_tag_present(skb) || skb_shared(skb) || !vnet_ipv4_check(skb))
		return false;
	if (unlikely(ip_is_fragment(ip_hdr(skb)))) {
		if (!vnet_external_known(table, ip_hdr(skb)->daddr))
			return false;
		if (!vnet_defragment(net, NULL, skb, DOOR_DEFRAG_USER))
			return true;
	}
	return vnet_nat_in(table, skb, VNET_DOOR_RX);
}
