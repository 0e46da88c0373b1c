// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about ports. */
#include <linux/rtnetlink.h>

#include "backup.h"
#include "genl.h"
#include "host.h"
#include "member.h"
#include "netlink_gen.h"
#include "port_state.h"
#include "refuse.h"
#include "uplink.h"
#include "vnet.h"
#include "vnic.h"

/**
 * vnet_genl_port_size - room for the set "port"
 *
 * Context: Any.
 * Return: Bytes at most.
 */
size_t vnet_genl_port_size(void)
{
	return nla_total_size(sizeof(u8)) * (VNET_PORT_N_SWITCHES + 5) + /* up, state, STP, mdb */
	       nla_total_size(sizeof(u16)) * 5 +	/* community, horizon, STP */
	       nla_total_size(sizeof(u64)) +		/* VNET_PORT_DESIGNATED_BRIDGE */
	       nla_total_size(sizeof(u32)) * 21 +	/* numbers */
	       nla_total_size(IFNAMSIZ) * 2;		/* names */
}

/* An interface index means something in its own namespace only. */
static int fill_netdev(struct sk_buff *skb, const struct vnet_port *port)
{
	struct net *net = dev_net(port->vnet->dev);

	if (!port->dev)
		return nla_put_u32(skb, VNET_PORT_IFINDEX, 0);
	if (net_eq(net, dev_net(port->dev)))
		return nla_put_u32(skb, VNET_PORT_IFINDEX, port->dev->ifindex);
	return nla_put_u32(skb, VNET_PORT_IFINDEX, 0) ?:
	       nla_put_s32(skb, VNET_PORT_NETNSID,
			   peernet2id_alloc(net, dev_net(port->dev), GFP_ATOMIC));
}

/**
 * vnet_genl_fill_port - fill in the set "port"
 * @skb: message
 * @port: the port
 *
 * Context: RTNL held, or RCU read side.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_genl_fill_port(struct sk_buff *skb, const struct vnet_port *port)
{
	if (vnet_port_put_switches(skb, port) ||
	    fill_netdev(skb, port) ||
	    nla_put_string(skb, VNET_PORT_IFNAME, vnet_port_name(port)) ||
	    vnet_genl_put_vnet(skb, port->vnet, VNET_PORT_VNET, VNET_PORT_VNET_NAME) ||
	    nla_put_u32(skb, VNET_PORT_NUMBER, port->number) ||
	    nla_put_u32(skb, VNET_PORT_KIND, port->kind) ||
	    nla_put_u32(skb, VNET_PORT_FDB_N_LEARNED, READ_ONCE(port->fdb_learned)) ||
	    nla_put_u32(skb, VNET_PORT_FDB_MAX_LEARNED, port->fdb_max) ||
	    nla_put_u32(skb, VNET_PORT_N_SESSIONS, READ_ONCE(port->sessions)) ||
	    nla_put_u32(skb, VNET_PORT_MAX_SESSIONS, port->max_sessions) ||
	    nla_put_u8(skb, VNET_PORT_MCAST_ROUTER, port->mcast.router) ||
	    nla_put_u32(skb, VNET_PORT_MCAST_N_GROUPS, READ_ONCE(port->mcast.n_groups)) ||
	    nla_put_u32(skb, VNET_PORT_MCAST_MAX_GROUPS, port->mcast.max_groups) ||
	    vnet_private_vlan_put(skb, port) || vnet_storm_put(skb, port) ||
	    vnet_backup_put(skb, port, VNET_PORT_BACKUP_PORT) ||
	    nla_put_u32(skb, VNET_PORT_FDB_OVERFLOW,
			vnet_port_has(port, VNET_PORT_FLAG_OVERFLOW_DROPS)) ||
	    nla_put_u8(skb, VNET_PORT_UP, vnet_port_is_up(port)) ||
	    nla_put_u8(skb, VNET_PORT_STATE, vnet_port_state(port)) ||
	    nla_put_u32(skb, VNET_PORT_BLOCKED_BY, READ_ONCE(port->blocked_by)) ||
	    nla_put_u16(skb, VNET_PORT_HORIZON, port->horizon) ||
	    vnet_stp_fill_port(skb, port))
		return -EMSGSIZE;
	return 0;
}

/* Any netdev is a port of at most one vnet, so its index is enough. */
static struct vnet_port *port_by_ifindex(struct genl_info *info, struct nlattr *attr)
{
	struct net_device *dev = __dev_get_by_index(genl_info_net(info), nla_get_u32(attr));
	struct vnet_port *port;

	if (!dev) {
		VNET_REFUSE_ATTR(info->extack, attr, "there is no netdev with index %u",
				 nla_get_u32(attr));
		return ERR_PTR(-ENODEV);
	}
	port = vnet_member_port(dev) ?: vnet_vnic_port(dev) ?: vnet_uplink_port(dev);
	if (!port && vnet_is_vnet(dev))
		port = vnet_of(dev)->host;
	/* A vnic of a vnet elsewhere is that namespace's to see and to change. */
	if (port && net_eq(dev_net(port->vnet->dev), genl_info_net(info)))
		return port;
	VNET_REFUSE_ATTR(info->extack, attr, "%s is no port of a vnet of this namespace",
			 dev->name);
	return ERR_PTR(-EINVAL);
}

static struct vnet_port *port_of_request(struct genl_info *info)
{
	struct vnet *vnet;

	if (info->attrs[VNET_PORT_IFINDEX] && !info->attrs[VNET_PORT_VNET] &&
	    !info->attrs[VNET_PORT_NUMBER])
		return port_by_ifindex(info, info->attrs[VNET_PORT_IFINDEX]);
	vnet = vnet_genl_vnet(info, VNET_PORT_VNET);
	if (IS_ERR(vnet))
		return ERR_CAST(vnet);
	return vnet_genl_guest_port(vnet, info->attrs[VNET_PORT_IFINDEX],
				    info->attrs[VNET_PORT_NUMBER], info->extack);
}

int vnet_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_port *port;
	struct sk_buff *reply;
	void *header;
	int err;

	reply = vnet_genl_reply(info, VNET_CMD_PORT_GET, &header);
	if (!reply)
		return -ENOMEM;
	rtnl_lock();
	port = port_of_request(info);
	err = IS_ERR(port) ? PTR_ERR(port) : vnet_genl_fill_port(reply, port);
	rtnl_unlock();
	return vnet_genl_finish(reply, info, header, err);
}

static int fill_object(struct sk_buff *skb, struct netlink_callback *cb, const struct vnet *vnet,
		       void *port)
{
	return vnet_genl_fill_port(skb, port);
}

static int dump_ports(struct sk_buff *skb, struct netlink_callback *cb, struct vnet *vnet)
{
	static const struct vnet_genl_kind kind = { VNET_CMD_PORT_GET, fill_object };

	return vnet_genl_dump_ports(skb, cb, vnet, &kind);
}

int vnet_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vnet_compat_dump_attrs(cb);

	if (attrs[VNET_PORT_IFINDEX] || attrs[VNET_PORT_NUMBER]) {
		VNET_REFUSE(cb->extack, "a list of ports is selected by its vnet only");
		return -EINVAL;
	}
	return vnet_genl_dump(skb, cb, VNET_PORT_VNET, dump_ports);
}

int vnet_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_port *port;
	int err;

	rtnl_lock();
	port = port_of_request(info);
	err = IS_ERR(port) ? PTR_ERR(port) : vnet_port_change(port, info->attrs, info->extack);
	rtnl_unlock();
	return err;
}
