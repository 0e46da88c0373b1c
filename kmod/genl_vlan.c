// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about VLANs. */
#include <linux/rtnetlink.h>

#include "bridge.h"
#include "genl.h"
#include "netlink_gen.h"
#include "refuse.h"
#include "vnet.h"

static int fill_stats(struct sk_buff *skb, const struct vnet_port *port, u16 vid)
{
	u64 totals[4];

	vnet_vlan_totals(port, vid, totals);
	return nla_put_u64_64bit(skb, VNET_VLAN_RX_PACKETS, totals[0], VNET_VLAN_PAD) ?:
	       nla_put_u64_64bit(skb, VNET_VLAN_RX_BYTES, totals[1], VNET_VLAN_PAD) ?:
	       nla_put_u64_64bit(skb, VNET_VLAN_TX_PACKETS, totals[2], VNET_VLAN_PAD) ?:
	       nla_put_u64_64bit(skb, VNET_VLAN_TX_BYTES, totals[3], VNET_VLAN_PAD);
}

static int fill_range(struct sk_buff *skb, const struct vnet_port *port,
		      const struct vnet_vlan_range *range)
{
	bool near = port->dev && net_eq(dev_net(port->dev), dev_net(port->vnet->dev));

	return vnet_genl_put_vnet(skb, port->vnet, VNET_VLAN_VNET, VNET_VLAN_VNET_NAME) ?:
	       nla_put_u32(skb, VNET_VLAN_PORT, near ? port->dev->ifindex : 0) ?:
	       vnet_genl_put_port(skb, port, VNET_VLAN_PORT_NUMBER, VNET_VLAN_PORT_NAME) ?:
	       nla_put_u16(skb, VNET_VLAN_FIRST, range->first) ?:
	       nla_put_u16(skb, VNET_VLAN_LAST, range->last) ?:
	       nla_put_u8(skb, VNET_VLAN_PVID, range->pvid) ?:
	       nla_put_u8(skb, VNET_VLAN_UNTAGGED, range->untagged);
}

/* args[2] is the VLAN to go on with. */
static int dump_port(struct sk_buff *skb, struct netlink_callback *cb,
		     const struct vnet_port *port, bool stats)
{
	struct vnet_vlan_range range;
	void *header;
	int err;

	while (vnet_vlan_next(&port->vlans, cb->args[2], &range)) {
		if (stats)
			range.last = range.first;
		header = vnet_genl_begin(skb, cb, VNET_CMD_VLAN_GET);
		if (!header)
			return -EMSGSIZE;
		err = fill_range(skb, port, &range);
		if (!err && stats)
			err = fill_stats(skb, port, range.first);
		if (err) {
			genlmsg_cancel(skb, header);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, header);
		cb->args[2] = range.last + 1;
	}
	return 0;
}

static int dump_vlans(struct sk_buff *skb, struct netlink_callback *cb, struct vnet *vnet)
{
	const struct nlattr *stats = vnet_compat_dump_attrs(cb)[VNET_VLAN_STATS];
	struct vnet_port *port;
	long index = 0;
	int err;

	list_for_each_entry(port, &vnet->ports, node) {
		if (index++ < cb->args[1])
			continue;
		err = dump_port(skb, cb, port, stats && nla_get_u8(stats));
		if (err)
			return err;
		cb->args[1] = index;
		cb->args[2] = 0;
	}
	return 0;
}

int vnet_nl_vlan_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vnet_genl_dump(skb, cb, VNET_VLAN_VNET, dump_vlans);
}

static bool flag_of(const struct nlattr *attr)
{
	return attr && nla_get_u8(attr);
}

/* The port that a request names, and the VLANs. vlan-del has no attributes after VNET_VLAN_LAST. */
static struct vnet_port *parse(struct genl_info *info, struct vnet_vlan_range *range)
{
	struct vnet *vnet = vnet_genl_vnet(info, VNET_VLAN_VNET);
	struct nlattr *first = info->attrs[VNET_VLAN_FIRST], *last = info->attrs[VNET_VLAN_LAST];

	if (IS_ERR(vnet))
		return ERR_CAST(vnet);
	if (!first) {
		VNET_REFUSE(info->extack, "the request does not name a VLAN");
		return ERR_PTR(-EINVAL);
	}
	*range = (struct vnet_vlan_range){
		.first = nla_get_u16(first),
		.last = nla_get_u16(last ?: first),
	};
	return vnet_genl_guest_port(vnet, info->attrs[VNET_VLAN_PORT],
				    info->attrs[VNET_VLAN_PORT_NUMBER], info->extack);
}

int vnet_nl_vlan_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_vlan_range range;
	struct vnet_port *port;
	int err;

	rtnl_lock();
	port = parse(info, &range);
	range.pvid = flag_of(info->attrs[VNET_VLAN_PVID]);
	range.untagged = flag_of(info->attrs[VNET_VLAN_UNTAGGED]);
	err = IS_ERR(port) ? PTR_ERR(port) : vnet_vlan_add(port, &range, info->extack);
	if (!err)
		vnet_bridge_tell_port(port, RTM_NEWLINK);
	rtnl_unlock();
	return err;
}

int vnet_nl_vlan_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_vlan_range range;
	struct vnet_port *port;
	int err;

	rtnl_lock();
	port = parse(info, &range);
	err = IS_ERR(port) ? PTR_ERR(port) : vnet_vlan_del(port, &range, info->extack);
	if (!err)
		vnet_bridge_tell_port(port, RTM_NEWLINK);
	rtnl_unlock();
	return err;
}
