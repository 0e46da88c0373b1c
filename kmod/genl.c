// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: its operations, and what their handlers share. */
#include "genl.h"

#include <linux/rtnetlink.h>

#include "host.h"
#include "netlink_gen.h"
#include "refuse.h"
#include "vnet.h"

/*
 * Reading is for everybody who is in the namespace; changing is for who has
 * CAP_NET_ADMIN over it, in whatever user namespace.
 */
#define GENL_READ(command, name)			\
	{						\
		.cmd = VNET_CMD_##command,		\
		.doit = vnet_nl_##name##_doit,		\
		.dumpit = vnet_nl_##name##_dumpit,	\
		.policy = vnet_##name##_do_nl_policy,	\
		.maxattr = ARRAY_SIZE(vnet_##name##_do_nl_policy) - 1, \
	}
#define GENL_DUMP(command, name)			\
	{						\
		.cmd = VNET_CMD_##command,		\
		.dumpit = vnet_nl_##name##_dumpit,	\
		.policy = vnet_##name##_nl_policy,	\
		.maxattr = ARRAY_SIZE(vnet_##name##_nl_policy) - 1, \
	}
#define GENL_CHANGE(command, name)			\
	{						\
		.cmd = VNET_CMD_##command,		\
		.doit = vnet_nl_##name##_doit,		\
		.policy = vnet_##name##_nl_policy,	\
		.maxattr = ARRAY_SIZE(vnet_##name##_nl_policy) - 1, \
		.flags = GENL_UNS_ADMIN_PERM,		\
	}

/* Without a policy the core would pass over whatever a request carries. */
static const struct nla_policy no_attributes[] = {
	[1] = { .type = NLA_REJECT, .reject_message = "vnet: the request takes no attributes" },
};

static const struct genl_ops genl_operations[] = {
	GENL_READ(LINK_GET, link_get),
	GENL_CHANGE(LINK_SET, link_set),
	GENL_READ(PORT_GET, port_get),
	GENL_CHANGE(PORT_SET, port_set),
	GENL_READ(FDB_GET, fdb_get),
	GENL_CHANGE(FDB_NEW, fdb_new),
	GENL_CHANGE(FDB_DEL, fdb_del),
	GENL_CHANGE(FDB_FLUSH, fdb_flush),
	GENL_READ(NAT_GET, nat_get),
	GENL_CHANGE(NAT_SET, nat_set),
	GENL_DUMP(MAPPING_GET, mapping_get),
	GENL_DUMP(SESSION_GET, session_get),
	GENL_CHANGE(SESSION_FLUSH, session_flush),
	GENL_READ(FORWARD_GET, forward_get),
	GENL_CHANGE(FORWARD_NEW, forward_new),
	GENL_CHANGE(FORWARD_DEL, forward_del),
	GENL_DUMP(STATS_GET, stats_get),
	GENL_DUMP(VLAN_GET, vlan_get),
	GENL_CHANGE(VLAN_NEW, vlan_new),
	GENL_CHANGE(VLAN_DEL, vlan_del),
	GENL_DUMP(NEIGH_GET, neigh_get),
	GENL_DUMP(MDB_GET, mdb_get),
	GENL_CHANGE(MDB_NEW, mdb_new),
	GENL_CHANGE(MDB_DEL, mdb_del),
	GENL_CHANGE(MDB_FLUSH, mdb_flush),
	{
		.cmd = VNET_CMD_REASON_GET,
		.dumpit = vnet_nl_reason_get_dumpit,
		.policy = no_attributes,
		.maxattr = ARRAY_SIZE(no_attributes) - 1,
	},
};

static const struct genl_multicast_group genl_groups[] = {
	{ .name = VNET_MCGRP_EVENTS },
};

struct genl_family vnet_genl_family __ro_after_init = {
	.name = VNET_GENL_NAME,
	.version = VNET_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,
	.ops = genl_operations,
	.n_ops = ARRAY_SIZE(genl_operations),
	.resv_start_op = VNET_CMD_MAX + 1,
	.mcgrps = genl_groups,
	.n_mcgrps = ARRAY_SIZE(genl_groups),
};

/**
 * vnet_genl_find - find the vnet that an attribute names
 * @net: namespace of the request
 * @attr: interface index
 * @extack: where a refusal is explained
 *
 * Context: RTNL held.
 * Return: The vnet or an error pointer.
 */
struct vnet *vnet_genl_find(struct net *net, struct nlattr *attr, struct netlink_ext_ack *extack)
{
	struct net_device *dev = __dev_get_by_index(net, nla_get_u32(attr));

	if (!dev) {
		VNET_REFUSE_ATTR(extack, attr, "there is no netdev with index %u",
				 nla_get_u32(attr));
		return ERR_PTR(-ENODEV);
	}
	if (!vnet_is_vnet(dev)) {
		VNET_REFUSE_ATTR(extack, attr, "%s is not a vnet", dev->name);
		return ERR_PTR(-EINVAL);
	}
	return vnet_of(dev);
}

/**
 * vnet_genl_vnet - find the vnet that a request names, which it has to
 * @info: the request
 * @type: number of the attribute with the interface index
 *
 * Context: RTNL held.
 * Return: The vnet or an error pointer.
 */
struct vnet *vnet_genl_vnet(struct genl_info *info, int type)
{
	if (!info->attrs[type]) {
		VNET_REFUSE(info->extack, "the request does not name a vnet");
		return ERR_PTR(-EINVAL);
	}
	return vnet_genl_find(genl_info_net(info), info->attrs[type], info->extack);
}

/**
 * vnet_genl_guest_port - find the port that a request names
 * @vnet: its vnet
 * @ifindex: attribute with the interface index of its netdev, or NULL
 * @number: attribute with its number, or NULL
 * @extack: where a refusal is explained
 *
 * The number finds ports whose netdev is in another namespace.
 *
 * Context: RTNL held.
 * Return: The port or an error pointer.
 */
struct vnet_port *vnet_genl_guest_port(struct vnet *vnet, struct nlattr *ifindex,
				       struct nlattr *number, struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	struct vnet_port *port;

	if (!ifindex == !number) {
		VNET_REFUSE(extack, "name the port by the index of its netdev or by its number");
		return ERR_PTR(-EINVAL);
	}
	if (number) {
		port = vnet_port_by_number(vnet, nla_get_u32(number));
		if (port)
			return port;
		VNET_REFUSE_ATTR(extack, number, "vnet %s has no port %u", vnet->dev->name,
				 nla_get_u32(number));
		return ERR_PTR(-ENOENT);
	}
	dev = __dev_get_by_index(dev_net(vnet->dev), nla_get_u32(ifindex));
	port = dev ? vnet_port_by_dev(vnet, dev) : NULL;
	if (port)
		return port;
	if (dev)
		VNET_REFUSE_ATTR(extack, ifindex, "%s is no port of vnet %s", dev->name,
				 vnet->dev->name);
	else
		VNET_REFUSE_ATTR(extack, ifindex, "there is no netdev with index %u",
				 nla_get_u32(ifindex));
	return ERR_PTR(dev ? -ENOENT : -ENODEV);
}

/**
 * vnet_genl_reply - begin the answer to a request
 * @info: the request
 * @command: what the answer is
 * @header: filled for vnet_genl_finish()
 *
 * Context: Process.
 * Return: The message, or NULL without memory.
 */
struct sk_buff *vnet_genl_reply(struct genl_info *info, u8 command, void **header)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	*header = genlmsg_put_reply(skb, info, &vnet_genl_family, 0, command);
	if (*header)
		return skb;
	nlmsg_free(skb);
	return NULL;
}

/**
 * vnet_genl_finish - send the answer to a request, or give it up
 * @skb: the answer; gone afterwards
 * @info: the request
 * @header: what vnet_genl_reply() has filled
 * @err: error of filling the answer, or 0
 *
 * Context: Process.
 * Return: @err, or the error of sending.
 */
int vnet_genl_finish(struct sk_buff *skb, struct genl_info *info, void *header, int err)
{
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, header);
	return genlmsg_reply(skb, info);
}

/**
 * vnet_genl_put_vnet - which vnet an object belongs to
 * @skb: message
 * @vnet: the vnet
 * @index_attr: number of the attribute with its interface index
 * @name_attr: number of the attribute with its name
 *
 * Context: Any.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_genl_put_vnet(struct sk_buff *skb, const struct vnet *vnet, int index_attr, int name_attr)
{
	return nla_put_u32(skb, index_attr, vnet->dev->ifindex) ?:
	       nla_put_string(skb, name_attr, vnet->dev->name);
}

/**
 * vnet_genl_put_port - which port an object belongs to
 * @skb: message
 * @port: the port
 * @number_attr: number of the attribute with its number
 * @name_attr: number of the attribute with its name
 *
 * Context: RTNL held, or RCU read side.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_genl_put_port(struct sk_buff *skb, const struct vnet_port *port, int number_attr,
		       int name_attr)
{
	return nla_put_u32(skb, number_attr, port->number) ?:
	       nla_put_string(skb, name_attr, vnet_port_name(port));
}
