// SPDX-License-Identifier: GPL-2.0
/*
 * The host adapter: netdev of kind vnet, which is the switch too.
 *
 * Whether it is up decides about the host's own traffic only.
 */
#include "host.h"

#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>

#include "bridge.h"
#include "budget.h"
#include "gateway.h"
#include "input.h"
#include "member.h"
#include "mtu.h"
#include "netdev.h"
#include "notify.h"
#include "uplink.h"
#include "vnet.h"
#include "vnic.h"

/* TX path entry point of the host. BH off. */
static netdev_tx_t host_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vnet *vnet = vnet_of(dev);

	vnet_xmit_lock();
	if (likely(READ_ONCE(vnet->host_on)))
		vnet_input(vnet->host, skb, VNET_DOOR_TX);
	else
		vnet_drop(vnet->host, skb, VNET_DROP_HOST_OFF);
	vnet_xmit_unlock();
	return NETDEV_TX_OK;
}

static int host_init(struct net_device *dev)
{
	struct vnet *vnet = vnet_of(dev);
	int err;

	netdev_lockdep_set_classes(dev);
	vnet->dev = dev;
	vnet->max_ports = VNET_MAX_PORTS;
	vnet->next_number = VNET_PORT_NUMBER_FIRST;
	vnet->host_on = true;
	INIT_LIST_HEAD(&vnet->ports);
	spin_lock_init(&vnet->state_lock);
	vnet_stp_init(vnet);
	vnet_loop_guard_init(vnet);
	INIT_LIST_HEAD(&vnet->net_node);
	ratelimit_state_init(&vnet->icmp_limit, HZ, VNET_GATEWAY_ICMP_RATE);
	ratelimit_set_flags(&vnet->icmp_limit, RATELIMIT_MSG_ON_RELEASE);
	vnet_nat_init(vnet);
	vnet_vlan_init_config(&vnet->vlan);
	vnet_budget_init(vnet);

	err = vnet_fdb_init(vnet);
	if (err)
		goto exit_budget;
	err = vnet_neighbours_init(vnet);
	if (err)
		goto exit_fdb;
	err = vnet_bindings_init(vnet);
	if (err)
		goto exit_neighbours;
	err = vnet_mcast_init(vnet);
	if (err)
		goto exit_bindings;
	vnet->host = vnet_port_add(vnet, VNET_PORT_KIND_HOST, dev, NULL);
	if (IS_ERR(vnet->host)) {
		err = PTR_ERR(vnet->host);
		goto exit_mcast;
	}
	err = vnet_port_set_lladdr(vnet->host, dev->dev_addr, NULL);
	if (err)
		goto del_host;
	list_add_tail(&vnet->net_node, &vnet_net(dev_net(dev))->vnets);
	return 0;

del_host:
	vnet_port_del(vnet->host);
exit_mcast:
	vnet_mcast_exit(vnet);
exit_bindings:
	vnet_bindings_exit(vnet);
exit_neighbours:
	vnet_neighbours_exit(vnet);
exit_fdb:
	vnet_fdb_exit(vnet);
exit_budget:
	vnet_budget_exit(vnet);
	return err;
}

/**
 * vnet_host_close_ports - detach all guests of a vnet at once
 * @vnet: the vnet
 * @kill: collects the netdevs of its vnics for unregistration, or NULL
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_host_close_ports(struct vnet *vnet, struct list_head *kill)
{
	struct vnet_port *port, *next;
	struct net_device *dev;
	LIST_HEAD(doomed);

	list_for_each_entry_safe(port, next, &vnet->ports, node) {
		dev = port->dev;
		if (port->kind == VNET_PORT_KIND_MEMBER) {
			vnet_member_close(port, &doomed);
		} else if (port->kind == VNET_PORT_KIND_VNIC) {
			vnet_vnic_close(port, &doomed);
			if (kill)
				unregister_netdevice_queue(dev, kill);
		}
	}
	vnet_ports_bury(&doomed);
}

/*
 * The netdev has left all lists and its last xmit is over. Guests go first, so that
 * no frame comes in; then the uplink and the gateway with their sessions; then the
 * host's port, whose burial waits for whoever still reads the tables; then the tables.
 */
static void host_uninit(struct net_device *dev)
{
	struct vnet *vnet = vnet_of(dev);
	struct vnet_notice notice = { .command = VNET_CMD_LINK_DEL_NTF, .vnet = vnet };

	vnet_host_close_ports(vnet, NULL);
	vnet_uplink_close(vnet);
	vnet_gateway_close(vnet);
	vnet_stp_exit(vnet);
	vnet_loop_guard_exit(vnet);
	vnet_notify(&notice);
	list_del(&vnet->net_node);
	vnet_nat_exit(vnet);
	vnet_port_del(vnet->host);
	vnet_bindings_exit(vnet);
	vnet_mcast_exit(vnet);
	vnet_neighbours_exit(vnet);
	vnet_fdb_exit(vnet);
	vnet_budget_exit(vnet);
}

static int host_set_mac_address(struct net_device *dev, void *p)
{
	const struct sockaddr *address = p;
	int err;

	err = eth_prepare_mac_addr_change(dev, p);
	if (err)
		return err;
	err = vnet_port_set_lladdr(vnet_of(dev)->host, address->sa_data, NULL);
	if (err)
		return err;
	eth_commit_mac_addr_change(dev, p);
	/* The bridge identifier has it. */
	vnet_stp_apply(vnet_of(dev), &vnet_of(dev)->stp.config);
	return 0;
}

static int host_change_mtu(struct net_device *dev, int mtu)
{
	vnet_mtu_set(vnet_of(dev), mtu);
	return 0;
}

static int host_add_slave(struct net_device *dev, struct net_device *slave,
			  struct netlink_ext_ack *extack)
{
	return vnet_member_open(vnet_of(dev), slave, extack);
}

static int host_del_slave(struct net_device *dev, struct net_device *slave)
{
	struct vnet_port *port = vnet_member_port(slave);
	LIST_HEAD(doomed);

	if (!port || port->vnet != vnet_of(dev))
		return -EINVAL;
	vnet_member_close(port, &doomed);
	vnet_ports_bury(&doomed);
	return 0;
}

/* The netdev itself, or a member. */
static struct vnet_port *host_port_of(struct net_device *dev)
{
	return dev->netdev_ops->ndo_start_xmit == host_xmit ? vnet_of(dev)->host
							     : vnet_member_port(dev);
}

static int host_bridge_getlink(struct sk_buff *skb, u32 pid, u32 seq, struct net_device *dev,
			       u32 filter_mask, int flags)
{
	const u32 vlans = RTEXT_FILTER_BRVLAN | RTEXT_FILTER_BRVLAN_COMPRESSED;
	const struct vnet_port *port = host_port_of(dev);

	/* Of the switch itself there is nothing to tell but VLANs. */
	if (!port || (port->kind == VNET_PORT_KIND_HOST && !(filter_mask & vlans)))
		return 0;
	return vnet_bridge_getlink(skb, pid, seq, port, filter_mask, flags);
}

static int host_bridge_setlink(struct net_device *dev, struct nlmsghdr *nlh, u16 flags,
			       struct netlink_ext_ack *extack)
{
	struct vnet_port *port = host_port_of(dev);

	return port ? vnet_bridge_setlink(port, nlh, extack) : -EINVAL;
}

static int host_bridge_dellink(struct net_device *dev, struct nlmsghdr *nlh, u16 flags)
{
	struct vnet_port *port = host_port_of(dev);

	return port ? vnet_bridge_dellink(port, nlh) : -EINVAL;
}

static int host_fdb_del_bulk(VNET_COMPAT_FDB_DEL_BULK_ARGS)
{
	struct nlattr *attrs[NDA_MAX + 1];
	int err = vnet_compat_fdb_attrs(request, attrs, extack);

	return err ?: vnet_bridge_flush_fdb(attrs, dev, extack);
}

static void host_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	vnet_netdev_stats(vnet_of(dev)->host, stats);
}

static const struct net_device_ops host_netdev_ops = {
	.ndo_init		= host_init,
	.ndo_uninit		= host_uninit,
	.ndo_start_xmit		= host_xmit,
	.ndo_set_mac_address	= host_set_mac_address,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_change_mtu		= host_change_mtu,
	.ndo_get_stats64	= host_get_stats64,
	.ndo_add_slave		= host_add_slave,
	.ndo_del_slave		= host_del_slave,
	.ndo_features_check	= passthru_features_check,
	.ndo_bridge_getlink	= host_bridge_getlink,
	.ndo_bridge_setlink	= host_bridge_setlink,
	.ndo_bridge_dellink	= host_bridge_dellink,
	.ndo_fdb_add		= vnet_bridge_add_fdb,
	.ndo_fdb_del		= vnet_bridge_del_fdb,
	.ndo_fdb_del_bulk	= host_fdb_del_bulk,
	.ndo_fdb_dump		= vnet_bridge_dump_fdb,
	.ndo_fdb_get		= vnet_bridge_get_fdb,
	VNET_COMPAT_MDB_OPS
};

static void host_read_counters(struct net_device *dev, struct ethtool_stats *stats, u64 *values)
{
	vnet_netdev_read_counters(vnet_of(dev)->host, values);
}

static const struct ethtool_ops host_ethtool_ops = {
	.get_drvinfo		= vnet_netdev_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_sset_count		= vnet_netdev_count_counters,
	.get_strings		= vnet_netdev_name_counters,
	.get_ethtool_stats	= host_read_counters,
};

static const struct device_type host_type = {
	.name = "vnet",
};

/**
 * vnet_host_setup - fill in a new netdev of kind vnet
 * @dev: the netdev
 *
 * Context: rtnl_link_ops.setup.
 */
void vnet_host_setup(struct net_device *dev)
{
	vnet_netdev_setup(dev, true);
	dev->netdev_ops = &host_netdev_ops;
	dev->ethtool_ops = &host_ethtool_ops;
	SET_NETDEV_DEVTYPE(dev, &host_type);
}

/**
 * vnet_is_vnet - is a netdev of kind vnet?
 * @dev: any netdev
 *
 * Context: Any.
 * Return: True if so.
 */
bool vnet_is_vnet(const struct net_device *dev)
{
	return dev->netdev_ops == &host_netdev_ops;
}

/**
 * vnet_host_set - connect or disconnect the host adapter
 * @vnet: the vnet
 * @on: connect it
 *
 * Context: Process, RTNL held.
 */
void vnet_host_set(struct vnet *vnet, bool on)
{
	ASSERT_RTNL();
	WRITE_ONCE(vnet->host_on, on);
	if (on)
		netif_carrier_on(vnet->dev);
	else
		netif_carrier_off(vnet->dev);
}
