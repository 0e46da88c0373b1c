// SPDX-License-Identifier: GPL-2.0
/*
 * What bridge(8) asks and says of a port: rtnetlink messages of family PF_BRIDGE.
 *
 * "bridge link" and "bridge vlan" of stock iproute2 work on a vnet as on a Linux bridge.
 * Settings have the bridge's numbers, so that they are handed on as they are.
 */
#include "bridge.h"

#include <linux/if_bridge.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "backup.h"
#include "port.h"
#include "port_state.h"
#include "refuse.h"
#include "vlan.h"
#include "vnet.h"

/* With more VLANs than these, ranges are shown to everybody: one by one they would not fit. */
#define BRIDGE_VLANS 1024

static bool bridge_is_port(const struct vnet_port *port)
{
	return port->kind != VNET_PORT_KIND_HOST;
}

static int bridge_put_flags(struct sk_buff *skb, const struct vnet_port *port)
{
	u8 state = vnet_port_is_up(port) ? vnet_port_state(port) : BR_STATE_DISABLED;
	struct nlattr *nest = nla_nest_start(skb, IFLA_PROTINFO);

	if (!nest || nla_put_u8(skb, IFLA_BRPORT_STATE, state) ||
	    nla_put_u16(skb, IFLA_BRPORT_PRIORITY, vnet_stp_priority(port)) ||
	    nla_put_u32(skb, IFLA_BRPORT_COST, port->stp.cost) ||
	    vnet_backup_put(skb, port, IFLA_BRPORT_BACKUP_PORT) ||
	    vnet_port_put_switches(skb, port) ||
	    nla_put_u8(skb, IFLA_BRPORT_MULTICAST_ROUTER, port->mcast.router) ||
	    nla_put_u32(skb, VNET_PORT_MCAST_N_GROUPS, READ_ONCE(port->mcast.n_groups)) ||
	    nla_put_u32(skb, VNET_PORT_MCAST_MAX_GROUPS, port->mcast.max_groups))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int bridge_put_vlan(struct sk_buff *skb, u16 vid, u16 flags)
{
	struct bridge_vlan_info info = { .vid = vid, .flags = flags };

	return nla_put(skb, IFLA_BRIDGE_VLAN_INFO, sizeof(info), &info);
}

static int bridge_put_range(struct sk_buff *skb, const struct vnet_vlan_range *range)
{
	u16 flags = (range->pvid ? BRIDGE_VLAN_INFO_PVID : 0) |
		    (range->untagged ? BRIDGE_VLAN_INFO_UNTAGGED : 0);

	if (range->first == range->last)
		return bridge_put_vlan(skb, range->first, flags);
	return bridge_put_vlan(skb, range->first, flags | BRIDGE_VLAN_INFO_RANGE_BEGIN) ?:
	       bridge_put_vlan(skb, range->last, flags | BRIDGE_VLAN_INFO_RANGE_END);
}

static int bridge_put_vlans(struct sk_buff *skb, const struct vnet_port *port, bool ranges)
{
	struct nlattr *nest = nla_nest_start_noflag(skb, IFLA_AF_SPEC);
	struct vnet_vlan_range range;
	unsigned int from = 0;

	if (!nest)
		return -EMSGSIZE;
	ranges = ranges || bitmap_weight(port->vlans.member, VLAN_N_VID) > BRIDGE_VLANS;
	while (vnet_vlan_next(&port->vlans, from, &range)) {
		if (!ranges)
			range.last = range.first;
		if (bridge_put_range(skb, &range))
			return -EMSGSIZE;
		from = range.last + 1;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int bridge_put_link(struct sk_buff *skb, const struct vnet_port *port)
{
	const struct net_device *dev = port->dev;
	u8 operstate = netif_running(dev) ? dev->operstate : IF_OPER_DOWN;

	return nla_put_string(skb, IFLA_IFNAME, dev->name) ?:
	       nla_put_u32(skb, IFLA_MASTER, port->vnet->dev->ifindex) ?:
	       nla_put_u32(skb, IFLA_MTU, READ_ONCE(dev->mtu)) ?:
	       nla_put_u8(skb, IFLA_OPERSTATE, operstate) ?:
	       nla_put(skb, IFLA_ADDRESS, dev->addr_len, dev->dev_addr);
}

static int bridge_put(struct sk_buff *skb, u32 pid, u32 seq, const struct vnet_port *port,
		      u32 filter_mask, int type, int flags)
{
	struct ifinfomsg *ifm;
	struct nlmsghdr *nlh;

	nlh = nlmsg_put(skb, pid, seq, type, sizeof(*ifm), flags);
	if (!nlh)
		return -EMSGSIZE;
	ifm = nlmsg_data(nlh);
	memset(ifm, 0, sizeof(*ifm));
	ifm->ifi_family = AF_BRIDGE;
	ifm->ifi_type = port->dev->type;
	ifm->ifi_index = port->dev->ifindex;
	ifm->ifi_flags = dev_get_flags(port->dev);
	if (bridge_put_link(skb, port) ||
	    (bridge_is_port(port) && bridge_put_flags(skb, port)) ||
	    (filter_mask & (RTEXT_FILTER_BRVLAN | RTEXT_FILTER_BRVLAN_COMPRESSED) &&
	     bridge_put_vlans(skb, port, filter_mask & RTEXT_FILTER_BRVLAN_COMPRESSED))) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/**
 * vnet_bridge_getlink - fill in what bridge(8) shows of a port
 * @skb: message
 * @pid: reader
 * @seq: number of his request
 * @port: the port; it has a netdev
 * @filter_mask: RTEXT_FILTER_*
 * @flags: of the message
 *
 * The core asks for what it tells of a change of the netdev itself, too, as reader 0. It
 * has little room, and warns where that is not enough; vnet_bridge_tell_port() tells of all
 * changes.
 *
 * Context: RTNL held, or RCU read side.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_bridge_getlink(struct sk_buff *skb, u32 pid, u32 seq, const struct vnet_port *port,
			u32 filter_mask, int flags)
{
	if (!pid && !seq)
		return 0;
	return bridge_put(skb, pid, seq, port, filter_mask, RTM_NEWLINK, flags);
}

/**
 * vnet_bridge_tell_port - tell "bridge monitor link" of a port
 * @port: the port
 * @type: RTM_NEWLINK or RTM_DELLINK
 *
 * A vnic in another namespace is none that bridge(8) knows. Without memory the listeners are told
 * that they have missed something.
 *
 * Context: Any; does not sleep.
 */
void vnet_bridge_tell_port(const struct vnet_port *port, int type)
{
	struct net *net = dev_net(port->vnet->dev);
	struct sk_buff *skb;
	int err = -ENOBUFS;

	if (!port->dev || !net_eq(dev_net(port->dev), net) ||
	    !rtnl_has_listeners(net, RTNLGRP_LINK))
		return;
	skb = nlmsg_new(NLMSG_GOODSIZE, GFP_ATOMIC | __GFP_NOWARN);
	rcu_read_lock();
	if (skb)
		err = bridge_put(skb, 0, 0, port, RTEXT_FILTER_BRVLAN_COMPRESSED, type, 0);
	rcu_read_unlock();
	if (err) {
		kfree_skb(skb);
		rtnl_set_sk_err(net, RTNLGRP_LINK, err);
		return;
	}
	rtnl_notify(skb, net, 0, RTNLGRP_LINK, NULL, GFP_ATOMIC);
}

/* Size of a setting, by the bridge's number; 0 where a port has none. */
static int bridge_setting_size(int attr)
{
	switch (attr) {
#define X(name) case VNET_PORT_##name:
	VNET_PORT_SWITCHES(X)
#undef X
	case VNET_PORT_STATE:
	case VNET_PORT_MCAST_ROUTER:
		return sizeof(u8);
	case VNET_PORT_PRIORITY:
		return sizeof(u16);
	case VNET_PORT_COST:
	case VNET_PORT_BACKUP_PORT:
	case VNET_PORT_MCAST_MAX_GROUPS:
		return sizeof(u32);
	}
	return 0;
}

static u8 bridge_setting_max(int attr)
{
	switch (attr) {
	case VNET_PORT_STATE:
		return VNET_PORT_STATE_BLOCKING;
	case VNET_PORT_MCAST_ROUTER:
		return VNET_MCAST_ROUTER_ALWAYS;
	}
	return 1;
}

/* Is it one, and one of a byte within its bounds? Wider ones are checked where they are set. */
static bool bridge_is_setting(const struct nlattr *attr)
{
	int size = bridge_setting_size(nla_type(attr));

	if (!size || nla_len(attr) != size)
		return false;
	return size > sizeof(u8) || nla_get_u8(attr) <= bridge_setting_max(nla_type(attr));
}

/* Settings of the port in a request, by number; NULL where it has none. */
static int bridge_parse_flags(struct nlattr *nest, struct nlattr *attrs[],
			      struct netlink_ext_ack *extack)
{
	struct nlattr *attr;
	int rest;

	nla_for_each_nested(attr, nest, rest) {
		if (!bridge_is_setting(attr)) {
			VNET_REFUSE_ATTR(extack, attr,
					 "a vnet's port has no such setting with the bridge's number %d",
					 nla_type(attr));
			return -EOPNOTSUPP;
		}
		attrs[nla_type(attr)] = attr;
	}
	return 0;
}

/*
 * Walks the VLANs of a request. The first VLAN of a range waits in @range->first for the
 * last one; @range->last is 0 until then.
 */
static int bridge_take_vlan(struct nlattr *attr, struct vnet_vlan_range *range, bool *waits,
			    struct netlink_ext_ack *extack)
{
	const struct bridge_vlan_info *info = nla_data(attr);

	if (nla_type(attr) != IFLA_BRIDGE_VLAN_INFO) {
		VNET_REFUSE_ATTR(extack, attr, "VLANs of a vnet's port have no tunnel");
		return -EOPNOTSUPP;
	}
	if (nla_len(attr) != sizeof(*info) ||
	    *waits != !!(info->flags & BRIDGE_VLAN_INFO_RANGE_END)) {
		VNET_REFUSE_ATTR(extack, attr, "this is no VLAN, and no end of a range of VLANs");
		return -EINVAL;
	}
	if (!*waits)
		range->first = info->vid;
	range->last = info->vid;
	range->pvid = info->flags & BRIDGE_VLAN_INFO_PVID;
	range->untagged = info->flags & BRIDGE_VLAN_INFO_UNTAGGED;
	*waits = info->flags & BRIDGE_VLAN_INFO_RANGE_BEGIN;
	return 0;
}

typedef int (*bridge_vlan_t)(struct vnet_port *port, const struct vnet_vlan_range *range,
			     struct netlink_ext_ack *extack);

static int bridge_walk_vlans(struct vnet_port *port, struct nlattr *nest, bridge_vlan_t visit,
			     struct netlink_ext_ack *extack)
{
	struct vnet_vlan_range range;
	bool waits = false;
	struct nlattr *attr;
	int rest, err;

	nla_for_each_nested(attr, nest, rest) {
		if (nla_type(attr) == IFLA_BRIDGE_FLAGS || nla_type(attr) == IFLA_BRIDGE_MODE)
			continue;
		err = bridge_take_vlan(attr, &range, &waits, extack);
		if (!err && !waits)
			err = visit(port, &range, extack);
		if (err)
			return err;
	}
	if (!waits)
		return 0;
	VNET_REFUSE_ATTR(extack, nest, "the range of VLANs has no end");
	return -EINVAL;
}

/**
 * vnet_bridge_setlink - change a port as bridge(8) says
 * @port: the port
 * @nlh: the request
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0 or a negative error; nothing is changed then.
 */
int vnet_bridge_setlink(struct vnet_port *port, struct nlmsghdr *nlh,
			struct netlink_ext_ack *extack)
{
	struct nlattr *vlans = nlmsg_find_attr(nlh, sizeof(struct ifinfomsg), IFLA_AF_SPEC);
	struct nlattr *info = nlmsg_find_attr(nlh, sizeof(struct ifinfomsg), IFLA_PROTINFO);
	struct nlattr *attrs[VNET_PORT_MAX + 1] = {};
	int err = 0;

	if (info && !(info->nla_type & NLA_F_NESTED)) {
		VNET_REFUSE_ATTR(extack, info, "a port's settings are nested");
		return -EINVAL;
	}
	if (info)
		err = bridge_parse_flags(info, attrs, extack);
	/* All is checked before anything is done. */
	if (!err && info)
		err = vnet_port_check(port, attrs, extack);
	if (!err && vlans)
		err = bridge_walk_vlans(port, vlans, vnet_vlan_check_add, extack);
	if (!err && vlans)
		err = bridge_walk_vlans(port, vlans, vnet_vlan_add, extack);
	if (err)
		return err;
	if (info)
		vnet_port_apply(port, attrs);
	else
		vnet_bridge_tell_port(port, RTM_NEWLINK);
	return 0;
}

/**
 * vnet_bridge_dellink - take a port out of VLANs as bridge(8) says
 * @port: the port
 * @nlh: the request
 *
 * Context: Process, RTNL held. The core has no place for an explanation here.
 * Return: 0 or a negative error.
 */
int vnet_bridge_dellink(struct vnet_port *port, struct nlmsghdr *nlh)
{
	struct nlattr *vlans = nlmsg_find_attr(nlh, sizeof(struct ifinfomsg), IFLA_AF_SPEC);
	int err;

	if (!vlans)
		return -EINVAL;
	err = bridge_walk_vlans(port, vlans, vnet_vlan_check_del, NULL) ?:
	      bridge_walk_vlans(port, vlans, vnet_vlan_del, NULL);
	if (!err)
		vnet_bridge_tell_port(port, RTM_NEWLINK);
	return err;
}
