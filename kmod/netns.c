// SPDX-License-Identifier: GPL-2.0
/* Namespaces and the netdevs in them, as they come, change and go. */
#include "netns.h"

#include <linux/inetdevice.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "backup.h"
#include "budget.h"
#include "host.h"
#include "link.h"
#include "member.h"
#include "mtu.h"
#include "nat/door.h"
#include "nat/table.h"
#include "uplink.h"
#include "vnet.h"
#include "vnic.h"

unsigned int vnet_net_id __read_mostly;

/**
 * vnet_net - the virtual networks of a namespace
 * @net: the namespace
 *
 * Context: Any.
 * Return: Its state.
 */
struct vnet_net *vnet_net(const struct net *net)
{
	return net_generic(net, vnet_net_id);
}

/**
 * vnet_net_changed - dumps that are going on shall notice a change
 * @net: the namespace
 *
 * Context: RTNL held.
 */
void vnet_net_changed(struct net *net)
{
	struct vnet_net *state = vnet_net(net);

	/* 0 would say that the dump takes no notice. */
	WRITE_ONCE(state->generation, state->generation + 1 ?: 1);
}

static int __net_init netns_init(struct net *net)
{
	struct vnet_net *state = vnet_net(net);

	INIT_LIST_HEAD(&state->vnets);
	INIT_LIST_HEAD(&state->uplinks);
	state->max_objects = vnet_budget_of(net);
	state->generation = 1;
	return 0;
}

/* vnets end before the core ends the other netdevs of their namespaces. */
static void __net_exit netns_exit_batch_rtnl(struct list_head *nets, struct list_head *kill)
{
	struct vnet *vnet, *next;
	struct net *net;

	ASSERT_RTNL();
	list_for_each_entry(net, nets, exit_list)
		list_for_each_entry_safe(vnet, next, &vnet_net(net)->vnets, net_node)
			vnet_link_ops.dellink(vnet->dev, kill);
}

static void __net_exit netns_exit(struct net *net)
{
	struct vnet_nat_table *table = rcu_dereference_protected(vnet_net(net)->table, true);

	WARN_ON_ONCE(atomic_read(&vnet_net(net)->objects));
	if (!table)
		return;
	RCU_INIT_POINTER(vnet_net(net)->table, NULL);
	synchronize_net();
	vnet_nat_table_free(table);
}

static struct pernet_operations netns_operations = {
	.init = netns_init,
	.exit_batch_rtnl = netns_exit_batch_rtnl,
	.exit = netns_exit,
	.id = &vnet_net_id,
	.size = sizeof(struct vnet_net),
};

/* The netdev of a port is down: what was learned behind it will not come back there. */
static void port_is_down(const struct net_device *dev)
{
	struct vnet_port *port = vnet_member_port(dev) ?: vnet_vnic_port(dev);

	if (port && !vnet_backup_stands_in(port))
		vnet_fdb_flush(port->vnet, port, VNET_FDB_FLUSH_LEARNED);
}

/* Frames can be delivered to a port, or cannot any more. */
static void port_is_switched(const struct net_device *dev)
{
	struct vnet_port *port = vnet_member_port(dev) ?: vnet_vnic_port(dev);

	if (!port)
		port = vnet_uplink_port(dev);
	if (!port && vnet_is_vnet(dev))
		port = vnet_of(dev)->host;
	if (!port)
		return;
	vnet_backup_stands_in(port);
	vnet_stp_follow_speed(port);
	vnet_stp_kick(port->vnet);
	vnet_port_notify(port, VNET_CMD_PORT_NEW_NTF);
}

/* What a member or an uplink takes has changed. */
static int mtu_is_changed(const struct net_device *dev)
{
	struct vnet_port *port = vnet_member_port(dev) ?: vnet_uplink_port(dev);

	return port ? vnet_mtu_follow(port->vnet, NULL) : 0;
}

static void netdev_is_gone(struct net_device *dev)
{
	struct vnet_port *port = vnet_member_port(dev);
	LIST_HEAD(doomed);

	if (port) {
		vnet_member_close(port, &doomed);
		vnet_ports_bury(&doomed);
	}
	vnet_uplink_gone(dev);
}

static void uplink_has_new_address(const struct net_device *dev)
{
	struct vnet_port *port = vnet_uplink_port(dev);

	if (port && vnet_port_set_lladdr(port, dev->dev_addr, NULL))
		netdev_warn(dev,
			    "its new MAC address is a guest's of %s: the two will lose frames\n",
			    port->vnet->dev->name);
}

/*
 * A namespace that could not be made for want of memory ends its first netdevs without
 * having had our state. Nothing of ours is in it.
 */
static bool is_ours(const struct net_device *dev)
{
	return vnet_net(dev_net(dev));
}

static int netdev_event(struct notifier_block *block, unsigned long event, void *data)
{
	struct net_device *dev = netdev_notifier_info_to_dev(data);

	if (!is_ours(dev))
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_UP:
		port_is_switched(dev);
		break;
	case NETDEV_DOWN:
		port_is_down(dev);
		port_is_switched(dev);
		break;
	case NETDEV_CHANGE:
		if (!netif_carrier_ok(dev))
			port_is_down(dev);
		port_is_switched(dev);
		break;
	case NETDEV_CHANGEMTU:
		/* The core takes the change back if the vnet cannot follow. */
		return notifier_from_errno(mtu_is_changed(dev));
	case NETDEV_CHANGEADDR:
		uplink_has_new_address(dev);
		break;
	case NETDEV_UNREGISTER:
		netdev_is_gone(dev);
		break;
	case NETDEV_PRE_TYPE_CHANGE:
		/* A port stays an Ethernet device. */
		return vnet_member_port(dev) || vnet_uplink_port(dev) ? NOTIFY_BAD : NOTIFY_DONE;
	}
	return NOTIFY_DONE;
}

static struct notifier_block netdev_notifier = {
	.notifier_call = netdev_event,
};

static int address_event(struct notifier_block *block, unsigned long event, void *data)
{
	const struct in_ifaddr *addr = data;

	if (!is_ours(addr->ifa_dev->dev))
		return NOTIFY_DONE;
	if (event == NETDEV_UP)
		vnet_nat_door_add_addr(data);
	else if (event == NETDEV_DOWN)
		vnet_nat_door_del_addr(data);
	return NOTIFY_DONE;
}

static struct notifier_block address_notifier = {
	.notifier_call = address_event,
};

/* May the host have an address? */
static int address_check(struct notifier_block *block, unsigned long event, void *data)
{
	const struct in_validator_info *info = data;
	struct net_device *dev = info->ivi_dev->dev;

	if (event != NETDEV_UP || !is_ours(dev))
		return NOTIFY_DONE;
	return notifier_from_errno(vnet_nat_door_check_addr(dev, info->extack));
}

static struct notifier_block address_validator = {
	.notifier_call = address_check,
};

/**
 * vnet_netns_init - begin to look after namespaces
 *
 * Context: Module initialisation.
 * Return: 0 or a negative error.
 */
int vnet_netns_init(void)
{
	int err;

	err = register_pernet_device(&netns_operations);
	if (err)
		return err;
	err = register_netdevice_notifier(&netdev_notifier);
	if (err)
		goto unregister_pernet;
	err = register_inetaddr_notifier(&address_notifier);
	if (err)
		goto unregister_netdev;
	err = register_inetaddr_validator_notifier(&address_validator);
	if (err)
		goto unregister_address;
	return 0;

unregister_address:
	unregister_inetaddr_notifier(&address_notifier);
unregister_netdev:
	unregister_netdevice_notifier(&netdev_notifier);
unregister_pernet:
	unregister_pernet_device(&netns_operations);
	return err;
}

/**
 * vnet_netns_exit - look after them no more
 *
 * Context: Module exit, when there are no vnets any more.
 */
void vnet_netns_exit(void)
{
	unregister_inetaddr_validator_notifier(&address_validator);
	unregister_inetaddr_notifier(&address_notifier);
	unregister_netdevice_notifier(&netdev_notifier);
	unregister_pernet_device(&netns_operations);
}
