// SPDX-License-Identifier: GPL-2.0
/* The door of enslaved netdevs: taps, veths, NICs. */
#include "member.h"

#include <linux/etherdevice.h>

#include "host.h"
#include "input.h"
#include "mtu.h"
#include "refuse.h"
#include "vnet.h"
#include "vnic.h"

/* Somebody else has the packet too, a packet socket for example. */
static noinline rx_handler_result_t member_receive_shared(struct vnet_port *port,
							  struct sk_buff **pskb)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);

	*pskb = skb;
	if (unlikely(!skb)) {
		vnet_drop_count(port, VNET_DROP_NO_MEMORY);
		return RX_HANDLER_CONSUMED;
	}
	__skb_push(skb, ETH_HLEN);
	return (rx_handler_result_t)vnet_input(port, skb, VNET_DOOR_HANDLER);
}

/* RX path entry point for members. RCU read side, BH off. */
static rx_handler_result_t member_receive(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct vnet_port *port = rcu_dereference(skb->dev->rx_handler_data);

	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;
	if (unlikely(skb_shared(skb)))
		return member_receive_shared(port, pskb);
	__skb_push(skb, ETH_HLEN);
	return (rx_handler_result_t)vnet_input(port, skb, VNET_DOOR_HANDLER);
}

/* Frames would go round in a ring of netdevs. */
static bool member_is_above(const struct vnet *vnet, struct net_device *dev)
{
	bool above;

	rcu_read_lock();
	above = netdev_has_upper_dev_all_rcu(vnet->dev, dev);
	rcu_read_unlock();
	return above;
}

/* Why the netdev cannot be a member, as the end of a sentence; NULL if it can. */
static const char *member_misfit(const struct vnet *vnet, struct net_device *dev)
{
	const char *why = vnet_port_misfit(vnet, dev);

	if (why)
		return why;
	if (vnet_is_vnic(dev))
		return "is a port already, being a vnic";
	if (member_is_above(vnet, dev))
		return "is on top of the vnet already";
	if (dev->priv_flags & IFF_DONT_BRIDGE)
		return "does not allow it";
	if (dev->priv_flags & IFF_NO_RX_HANDLER)
		return "does not let others see what it receives";
	if (netdev_is_rx_handler_busy(dev))
		return "belongs to another bridge, bond, macvlan or vnet";
	return NULL;
}

/*
 * The other end of a veth that counts as vnet_veth_passes() does for it, or NULL. The two end
 * together: the port is gone a grace period before the peer is freed.
 */
static struct net_device *member_peer(struct net_device *dev)
{
	struct net_device *peer;

	if (!dev->rtnl_link_ops || strcmp(dev->rtnl_link_ops->kind, "veth") ||
	    !dev->netdev_ops->ndo_get_peer_dev || dev->pcpu_stat_type != NETDEV_PCPU_STAT_TSTATS)
		return NULL;
	rcu_read_lock();
	peer = dev->netdev_ops->ndo_get_peer_dev(dev);
	rcu_read_unlock();
	return peer;
}

/**
 * vnet_member_open - enslave a netdev
 * @vnet: the vnet
 * @dev: the netdev
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0 or a negative error; nothing is changed then.
 */
int vnet_member_open(struct vnet *vnet, struct net_device *dev, struct netlink_ext_ack *extack)
{
	const char *why = member_misfit(vnet, dev);
	struct vnet_port *port;
	int err;

	if (why) {
		VNET_REFUSE(extack, "%s cannot be a member of %s: it %s", dev->name,
			    vnet->dev->name, why);
		return -EINVAL;
	}
	port = vnet_port_add(vnet, VNET_PORT_KIND_MEMBER, dev, extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	port->peer = member_peer(dev);
	err = dev_set_promiscuity(dev, 1);
	if (err)
		goto del_port;
	err = netdev_rx_handler_register(dev, member_receive, port);
	if (err)
		goto clear_promiscuity;
	err = netdev_master_upper_dev_link(dev, vnet->dev, NULL, NULL, extack);
	if (err)
		goto unregister_handler;
	/* A frame that was merged without a way to split it again cannot be forwarded. */
	dev_disable_lro(dev);
	vnet_stp_open_port(port);
	err = vnet_mtu_follow(vnet, extack);
	if (err)
		goto unlink;
	return 0;

unlink:
	vnet_stp_close_port(port);
	netdev_upper_dev_unlink(dev, vnet->dev);
unregister_handler:
	netdev_rx_handler_unregister(dev);
clear_promiscuity:
	dev_set_promiscuity(dev, -1);
del_port:
	vnet_port_del(port);
	return err;
}

/**
 * vnet_member_close - let a netdev go
 * @port: its port
 * @doomed: collects ports for vnet_ports_bury()
 *
 * Context: Process, RTNL held. Sleeps until no frame is in the door any more.
 */
void vnet_member_close(struct vnet_port *port, struct list_head *doomed)
{
	struct net_device *dev = port->dev;
	struct vnet *vnet = port->vnet;

	netdev_rx_handler_unregister(dev);
	netdev_upper_dev_unlink(dev, vnet->dev);
	dev_set_promiscuity(dev, -1);
	vnet_stp_close_port(port);
	vnet_port_unlink(port, doomed);
	vnet_mtu_recover(vnet);
}

/**
 * vnet_member_port - the port of a netdev
 * @dev: any netdev
 *
 * Context: RTNL held, or RCU read side.
 * Return: Its port, or NULL if it is no member of a vnet.
 */
struct vnet_port *vnet_member_port(const struct net_device *dev)
{
	if (rcu_access_pointer(dev->rx_handler) != member_receive)
		return NULL;
	return rcu_dereference_rtnl(dev->rx_handler_data);
}
