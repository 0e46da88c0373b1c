// SPDX-License-Identifier: GPL-2.0
/*
 * The door of integrated ports: netdevs of kind vnic.
 *
 * A vnic is made in the namespace of its vnet or in any other, may move, and ends
 * with its vnet.
 */
#include "vnic.h"

#include <linux/etherdevice.h>
#include <linux/ethtool.h>

#include "bridge.h"
#include "host.h"
#include "input.h"
#include "netdev.h"
#include "refuse.h"
#include "vnet.h"

/**
 * struct vnic - private area of the netdev
 * @port: the port, NULL once the vnet is gone; changed under RTNL
 */
struct vnic {
	struct vnet_port __rcu *port;
};

/* TX path entry point of a vnic. BH off. */
static netdev_tx_t vnic_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vnic *vnic = netdev_priv(dev);
	struct vnet_port *port;

	vnet_xmit_lock();
	port = rcu_dereference(vnic->port);
	if (likely(port))
		vnet_input(port, skb, VNET_DOOR_TX);
	else
		vnet_drop(NULL, skb, VNET_DROP_DETACHED);
	vnet_xmit_unlock();
	return NETDEV_TX_OK;
}

/**
 * vnet_vnic_close - take a vnic's port away
 * @port: the port
 * @doomed: collects ports for vnet_ports_bury()
 *
 * The netdev stays, without a carrier, until it is unregistered.
 *
 * Context: Process, RTNL held.
 */
void vnet_vnic_close(struct vnet_port *port, struct list_head *doomed)
{
	struct vnic *vnic = netdev_priv(port->dev);

	RCU_INIT_POINTER(vnic->port, NULL);
	netif_carrier_off(port->dev);
	netdev_upper_dev_unlink(port->vnet->dev, port->dev);
	vnet_stp_close_port(port);
	vnet_port_unlink(port, doomed);
}

static int vnic_init(struct net_device *dev)
{
	netdev_lockdep_set_classes(dev);
	return 0;
}

static void vnic_uninit(struct net_device *dev)
{
	struct vnic *vnic = netdev_priv(dev);
	struct vnet_port *port = rtnl_dereference(vnic->port);
	LIST_HEAD(doomed);

	if (!port)
		return;
	vnet_vnic_close(port, &doomed);
	vnet_ports_bury(&doomed);
}

static int vnic_set_mac_address(struct net_device *dev, void *p)
{
	struct vnic *vnic = netdev_priv(dev);
	struct vnet_port *port = rtnl_dereference(vnic->port);
	const struct sockaddr *address = p;
	int err;

	err = eth_prepare_mac_addr_change(dev, p);
	if (err)
		return err;
	if (port) {
		err = vnet_port_set_lladdr(port, address->sa_data, NULL);
		if (err)
			return err;
	}
	eth_commit_mac_addr_change(dev, p);
	return 0;
}

static void vnic_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	struct vnic *vnic = netdev_priv(dev);
	struct vnet_port *port;

	rcu_read_lock();
	port = rcu_dereference(vnic->port);
	if (port)
		vnet_netdev_stats(port, stats);
	rcu_read_unlock();
}

static int vnic_get_iflink(const struct net_device *dev)
{
	struct vnic *vnic = netdev_priv(dev);
	struct vnet_port *port;
	int ifindex;

	rcu_read_lock();
	port = rcu_dereference(vnic->port);
	ifindex = port ? READ_ONCE(port->vnet->dev->ifindex) : 0;
	rcu_read_unlock();
	return ifindex;
}

/* A vnic in another namespace is a guest, and guests do not choose their VLANs. */
static struct vnet_port *vnic_port_at_home(struct net_device *dev)
{
	struct vnet_port *port = vnet_vnic_port(dev);

	return port && net_eq(dev_net(port->vnet->dev), dev_net(dev)) ? port : NULL;
}

static int vnic_bridge_getlink(struct sk_buff *skb, u32 pid, u32 seq, struct net_device *dev,
			       u32 filter_mask, int flags)
{
	const struct vnet_port *port = vnic_port_at_home(dev);

	return port ? vnet_bridge_getlink(skb, pid, seq, port, filter_mask, flags) : 0;
}

static int vnic_bridge_setlink(struct net_device *dev, struct nlmsghdr *nlh, u16 flags,
			       struct netlink_ext_ack *extack)
{
	struct vnet_port *port = vnic_port_at_home(dev);

	if (port)
		return vnet_bridge_setlink(port, nlh, extack);
	VNET_REFUSE(extack, "the vnet of %s is in another namespace, or gone", dev->name);
	return -EPERM;
}

static int vnic_bridge_dellink(struct net_device *dev, struct nlmsghdr *nlh, u16 flags)
{
	struct vnet_port *port = vnic_port_at_home(dev);

	return port ? vnet_bridge_dellink(port, nlh) : -EPERM;
}

static const struct net_device_ops vnic_netdev_ops = {
	.ndo_init		= vnic_init,
	.ndo_uninit		= vnic_uninit,
	.ndo_start_xmit		= vnic_xmit,
	.ndo_set_mac_address	= vnic_set_mac_address,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_get_stats64	= vnic_get_stats64,
	.ndo_get_iflink		= vnic_get_iflink,
	.ndo_features_check	= passthru_features_check,
	.ndo_bridge_getlink	= vnic_bridge_getlink,
	.ndo_bridge_setlink	= vnic_bridge_setlink,
	.ndo_bridge_dellink	= vnic_bridge_dellink,
};

static void vnic_read_counters(struct net_device *dev, struct ethtool_stats *stats, u64 *values)
{
	vnet_netdev_read_counters(vnet_vnic_port(dev), values);
}

static const struct ethtool_ops vnic_ethtool_ops = {
	.get_drvinfo		= vnet_netdev_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_sset_count		= vnet_netdev_count_counters,
	.get_strings		= vnet_netdev_name_counters,
	.get_ethtool_stats	= vnic_read_counters,
};

static const struct device_type vnic_type = {
	.name = "vnic",
};

static void vnic_setup(struct net_device *dev)
{
	vnet_netdev_setup(dev, false);
	dev->netdev_ops = &vnic_netdev_ops;
	dev->ethtool_ops = &vnic_ethtool_ops;
	SET_NETDEV_DEVTYPE(dev, &vnic_type);
}

static int vnic_validate(struct nlattr *tb[], struct nlattr *data[], struct netlink_ext_ack *extack)
{
	return vnet_netdev_check_address(tb, extack);
}

static struct vnet *vnic_find_vnet(struct net *net, struct nlattr *tb[],
				   struct netlink_ext_ack *extack)
{
	struct net_device *dev;

	if (!tb[IFLA_LINK]) {
		VNET_REFUSE(extack, "a vnic needs the vnet that it is to be a port of: link VNET");
		return ERR_PTR(-EINVAL);
	}
	dev = __dev_get_by_index(net, nla_get_u32(tb[IFLA_LINK]));
	if (!dev) {
		VNET_REFUSE_ATTR(extack, tb[IFLA_LINK], "there is no netdev with index %u",
				 nla_get_u32(tb[IFLA_LINK]));
		return ERR_PTR(-ENODEV);
	}
	if (!vnet_is_vnet(dev)) {
		VNET_REFUSE_ATTR(extack, tb[IFLA_LINK], "%s is not a vnet", dev->name);
		return ERR_PTR(-EINVAL);
	}
	return vnet_of(dev);
}

static int vnic_newlink(struct net *net, struct net_device *dev, struct nlattr *tb[],
			struct nlattr *data[], struct netlink_ext_ack *extack)
{
	struct vnet *vnet = vnic_find_vnet(net, tb, extack);
	struct vnic *vnic = netdev_priv(dev);
	struct vnet_port *port;
	int err;

	if (IS_ERR(vnet))
		return PTR_ERR(vnet);
	if (!tb[IFLA_ADDRESS])
		eth_hw_addr_random(dev);
	if (!tb[IFLA_MTU])
		dev->mtu = vnet->dev->mtu;
	err = register_netdevice(dev);
	if (err)
		return err;
	err = netdev_upper_dev_link(vnet->dev, dev, extack);
	if (err)
		goto unregister;
	port = vnet_port_add(vnet, VNET_PORT_KIND_VNIC, dev, extack);
	if (IS_ERR(port)) {
		err = PTR_ERR(port);
		goto unlink;
	}
	err = vnet_port_set_lladdr(port, dev->dev_addr, extack);
	if (err)
		goto del_port;
	rcu_assign_pointer(vnic->port, port);
	vnet_stp_open_port(port);
	return 0;

del_port:
	vnet_port_del(port);
unlink:
	netdev_upper_dev_unlink(vnet->dev, dev);
unregister:
	unregister_netdevice(dev);
	return err;
}

static void vnic_dellink(struct net_device *dev, struct list_head *head)
{
	unregister_netdevice_queue(dev, head);
}

/* The vnet's namespace, in which IFLA_LINK is to be read. */
static struct net *vnic_get_link_net(const struct net_device *dev)
{
	struct vnic *vnic = netdev_priv(dev);
	struct vnet_port *port = rcu_dereference_rtnl(vnic->port);

	return port ? dev_net(port->vnet->dev) : dev_net(dev);
}

/**
 * vnet_is_vnic - is a netdev of kind vnic?
 * @dev: any netdev
 *
 * Context: Any.
 * Return: True if so.
 */
bool vnet_is_vnic(const struct net_device *dev)
{
	return dev->netdev_ops == &vnic_netdev_ops;
}

/**
 * vnet_vnic_port - the port of a vnic
 * @dev: any netdev
 *
 * Context: RTNL held, or RCU read side.
 * Return: Its port, or NULL if it is no vnic or its vnet is gone.
 */
struct vnet_port *vnet_vnic_port(const struct net_device *dev)
{
	struct vnic *vnic;

	if (!vnet_is_vnic(dev))
		return NULL;
	vnic = netdev_priv(dev);
	return rcu_dereference_rtnl(vnic->port);
}

struct rtnl_link_ops vnet_vnic_link_ops __read_mostly = {
	.kind		= "vnic",
	.priv_size	= sizeof(struct vnic),
	.setup		= vnic_setup,
	.validate	= vnic_validate,
	.newlink	= vnic_newlink,
	.dellink	= vnic_dellink,
	.get_link_net	= vnic_get_link_net,
};
