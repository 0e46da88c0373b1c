// SPDX-License-Identifier: GPL-2.0
/*
 * The port that gets the frames of one that has no carrier.
 *
 * While the backup stands in, the FDB gives it for addresses behind the other port, so that
 * frames find it as they find any port. Backups have no backups.
 */
#include "backup.h"

#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "notify.h"
#include "refuse.h"
#include "vnet.h"

/**
 * vnet_backup_check - can a port be the backup of another?
 * @port: the other one
 * @attr: interface index of the backup, 0 for none; or NULL
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0, -ENODEV or -EINVAL.
 */
int vnet_backup_check(struct vnet_port *port, const struct nlattr *attr,
		      struct netlink_ext_ack *extack)
{
	struct net *net = dev_net(port->vnet->dev);
	struct net_device *dev;
	struct vnet_port *backup;

	if (!attr || !nla_get_u32(attr))
		return 0;
	dev = __dev_get_by_index(net, nla_get_u32(attr));
	if (!dev) {
		VNET_REFUSE_ATTR(extack, attr, "there is no netdev with index %u to be the backup",
				 nla_get_u32(attr));
		return -ENODEV;
	}
	backup = vnet_port_by_dev(port->vnet, dev);
	if (backup && backup != port && backup->kind != VNET_PORT_KIND_HOST &&
	    port->kind != VNET_PORT_KIND_HOST)
		return 0;
	VNET_REFUSE_ATTR(extack, attr,
			 "%s cannot be the backup of %s: both are guests or uplinks of %s",
			 dev->name, vnet_port_name(port), port->vnet->dev->name);
	return -EINVAL;
}

/**
 * vnet_backup_stands_in - is a port's backup to get its frames?
 * @port: a port whose netdev has come up or gone down, or whose backup has changed
 *
 * Context: Process, RTNL held.
 * Return: True if so, and from now on it does.
 */
bool vnet_backup_stands_in(struct vnet_port *port)
{
	bool before = vnet_port_has(port, VNET_PORT_FLAG_AWAY);
	bool away = rtnl_dereference(port->backup) && !vnet_port_is_up(port);

	ASSERT_RTNL();
	if (before != away) {
		assign_bit(VNET_PORT_FLAG_AWAY, &port->flags, away);
		vnet_fdb_forget_caches(&port->vnet->fdb);
	}
	return away;
}

/**
 * vnet_backup_apply - change the backup of a port
 * @port: the port
 * @attr: interface index of the backup, 0 for none; vnet_backup_check() has seen it; or NULL
 *
 * Context: Process, RTNL held.
 */
void vnet_backup_apply(struct vnet_port *port, const struct nlattr *attr)
{
	struct vnet *vnet = port->vnet;
	struct net_device *dev;

	if (!attr)
		return;
	dev = __dev_get_by_index(dev_net(vnet->dev), nla_get_u32(attr));
	rcu_assign_pointer(port->backup, dev ? vnet_port_by_dev(vnet, dev) : NULL);
	/* Another one stands in. */
	vnet_fdb_forget_caches(&vnet->fdb);
	if (!vnet_backup_stands_in(port) && !vnet_port_is_up(port))
		vnet_fdb_flush(vnet, port, VNET_FDB_FLUSH_LEARNED);
}

/**
 * vnet_backup_gone - a port is nobody's backup any more
 * @port: the port, which ends; a grace period follows
 *
 * Context: Process, RTNL held.
 */
void vnet_backup_gone(struct vnet_port *port)
{
	struct vnet_port *other;

	list_for_each_entry(other, &port->vnet->ports, node) {
		if (rtnl_dereference(other->backup) != port)
			continue;
		RCU_INIT_POINTER(other->backup, NULL);
		vnet_backup_stands_in(other);
		if (!vnet_port_is_up(other))
			vnet_fdb_flush(port->vnet, other, VNET_FDB_FLUSH_LEARNED);
		vnet_port_notify(other, VNET_CMD_PORT_NEW_NTF);
	}
}

/**
 * vnet_backup_put - say which port is the backup
 * @skb: message
 * @port: the port
 * @attr: number of the attribute, which is left out where there is none
 *
 * Context: RTNL held, or RCU read side.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_backup_put(struct sk_buff *skb, const struct vnet_port *port, int attr)
{
	const struct vnet_port *backup = rcu_dereference_rtnl(port->backup);

	return backup ? nla_put_u32(skb, attr, backup->dev->ifindex) : 0;
}
