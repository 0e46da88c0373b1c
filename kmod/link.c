// SPDX-License-Identifier: GPL-2.0
/* rtnetlink's view of kind vnet: links are made, changed and deleted, members are shown. */
#include "link.h"

#include "config.h"
#include "genl.h"
#include "host.h"
#include "member.h"
#include "netdev.h"
#include "netlink_gen.h"
#include "refuse.h"
#include "vnet.h"

static const struct nla_policy link_policy[VNET_INFO_MAX + 1] = {
	[VNET_INFO_LINK] = NLA_POLICY_NESTED(vnet_link_set_nl_policy),
	[VNET_INFO_PORT] = {.type = NLA_REJECT,
			    .reject_message = "vnet: a vnet has no port's settings"},
};

static const struct nla_policy slave_policy[VNET_INFO_MAX + 1] = {
	[VNET_INFO_LINK] = {.type = NLA_REJECT,
			    .reject_message = "vnet: a port has no vnet's settings"},
	[VNET_INFO_PORT] = NLA_POLICY_NESTED(vnet_port_set_nl_policy),
};

/* The set "link" in IFLA_INFO_DATA; all NULL if there is none. */
static int link_parse_data(struct nlattr *data[], struct nlattr *attrs[],
			   struct netlink_ext_ack *extack)
{
	int err;

	memset(attrs, 0, sizeof(*attrs) * (VNET_LINK_MAX + 1));
	if (!data || !data[VNET_INFO_LINK])
		return 0;
	err = nla_parse_nested(attrs, ARRAY_SIZE(vnet_link_set_nl_policy) - 1, data[VNET_INFO_LINK],
			       vnet_link_set_nl_policy, extack);
	if (err)
		return err;
	if (attrs[VNET_LINK_IFINDEX]) {
		VNET_REFUSE_ATTR(extack, attrs[VNET_LINK_IFINDEX],
				 "the index of a new vnet is given by the link's message");
		return -EINVAL;
	}
	return 0;
}

static int link_validate(struct nlattr *tb[], struct nlattr *data[], struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[VNET_LINK_MAX + 1];

	return vnet_netdev_check_address(tb, extack) ?: link_parse_data(data, attrs, extack);
}

static int link_newlink(struct net *net, struct net_device *dev, struct nlattr *tb[],
			struct nlattr *data[], struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[VNET_LINK_MAX + 1];
	struct vnet_config config;
	int err;

	err = link_parse_data(data, attrs, extack);
	if (err)
		return err;
	vnet_config_init(&config);
	err = vnet_config_parse(&config, attrs, extack);
	if (err)
		return err;
	if (!tb[IFLA_ADDRESS])
		eth_hw_addr_random(dev);
	err = register_netdevice(dev);
	if (err)
		return err;
	vnet_of(dev)->mtu_by_hand = tb[IFLA_MTU];
	err = vnet_config_apply(vnet_of(dev), &config, extack);
	if (err)
		unregister_netdevice(dev);
	return err;
}

static int link_changelink(struct net_device *dev, struct nlattr *tb[], struct nlattr *data[],
			   struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[VNET_LINK_MAX + 1];
	struct vnet_config config;
	int err;

	err = link_parse_data(data, attrs, extack);
	if (err)
		return err;
	vnet_config_read(vnet_of(dev), &config);
	err = vnet_config_parse(&config, attrs, extack);
	if (err)
		return err;
	return vnet_config_apply(vnet_of(dev), &config, extack);
}

static void link_dellink(struct net_device *dev, struct list_head *head)
{
	vnet_host_close_ports(vnet_of(dev), head);
	unregister_netdevice_queue(dev, head);
}

static size_t link_get_size(const struct net_device *dev)
{
	return nla_total_size(vnet_genl_link_size());
}

static int link_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	struct nlattr *nest = nla_nest_start(skb, VNET_INFO_LINK);

	if (!nest || vnet_genl_fill_link(skb, vnet_of(dev)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* The set "port" in IFLA_INFO_SLAVE_DATA. Its policy ends before what is read only. */
static int slave_parse_data(struct nlattr *data, struct nlattr *attrs[],
			    struct netlink_ext_ack *extack)
{
	static const int keys[] = { VNET_PORT_IFINDEX, VNET_PORT_VNET, VNET_PORT_NUMBER };
	unsigned int i;
	int err;

	memset(attrs, 0, sizeof(*attrs) * (VNET_PORT_MAX + 1));
	err = nla_parse_nested(attrs, ARRAY_SIZE(vnet_port_set_nl_policy) - 1, data,
			       vnet_port_set_nl_policy, extack);
	for (i = 0; !err && i < ARRAY_SIZE(keys); i++) {
		if (!attrs[keys[i]])
			continue;
		VNET_REFUSE_ATTR(extack, attrs[keys[i]], "the port is given by the link's message");
		err = -EINVAL;
	}
	return err;
}

static int slave_changelink(struct net_device *dev, struct net_device *slave, struct nlattr *tb[],
			    struct nlattr *data[], struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[VNET_PORT_MAX + 1];
	struct vnet_port *port = vnet_member_port(slave);
	int err;

	if (!port || port->vnet != vnet_of(dev))
		return -EINVAL;
	if (!data || !data[VNET_INFO_PORT])
		return 0;
	err = slave_parse_data(data[VNET_INFO_PORT], attrs, extack);
	if (err)
		return err;
	return vnet_port_change(port, attrs, extack);
}

static size_t slave_get_size(const struct net_device *dev, const struct net_device *slave)
{
	return nla_total_size(vnet_genl_port_size());
}

static int slave_fill_info(struct sk_buff *skb, const struct net_device *dev,
			   const struct net_device *slave)
{
	const struct vnet_port *port = vnet_member_port(slave);
	struct nlattr *nest;

	if (!port)
		return 0;
	nest = nla_nest_start(skb, VNET_INFO_PORT);
	if (!nest || vnet_genl_fill_port(skb, port))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

struct rtnl_link_ops vnet_link_ops __read_mostly = {
	.kind			= "vnet",
	.priv_size		= sizeof(struct vnet),
	.maxtype		= VNET_INFO_MAX,
	.policy			= link_policy,
	.setup			= vnet_host_setup,
	.validate		= link_validate,
	.newlink		= link_newlink,
	.changelink		= link_changelink,
	.dellink		= link_dellink,
	.get_size		= link_get_size,
	.fill_info		= link_fill_info,
	.slave_maxtype		= VNET_INFO_MAX,
	.slave_policy		= slave_policy,
	.slave_changelink	= slave_changelink,
	.get_slave_size		= slave_get_size,
	.fill_slave_info	= slave_fill_info,
};
