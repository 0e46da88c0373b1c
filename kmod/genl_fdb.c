// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about MAC addresses. */
#include <linux/rtnetlink.h>

#include "genl.h"
#include "netlink_gen.h"
#include "refuse.h"
#include "vnet.h"

static int fill_dev(struct sk_buff *skb, const struct vnet_port *port)
{
	bool near = port->dev && net_eq(dev_net(port->dev), dev_net(port->vnet->dev));

	return nla_put_u32(skb, VNET_FDB_PORT, near ? port->dev->ifindex : 0);
}

/**
 * vnet_genl_fill_fdb - fill in the set "fdb"
 * @skb: message
 * @vnet: the vnet
 * @entry: the address
 *
 * Context: RCU read side, or the FDB's lock held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_genl_fill_fdb(struct sk_buff *skb, const struct vnet *vnet,
		       const struct vnet_fdb_entry *entry)
{
	const struct vnet_port *port = READ_ONCE(entry->port);

	if (vnet_genl_put_vnet(skb, vnet, VNET_FDB_VNET, VNET_FDB_VNET_NAME) ||
	    nla_put(skb, VNET_FDB_LLADDR, ETH_ALEN, entry->addr) ||
	    fill_dev(skb, port) ||
	    vnet_genl_put_port(skb, port, VNET_FDB_PORT_NUMBER, VNET_FDB_PORT_NAME) ||
	    nla_put_u32(skb, VNET_FDB_STATE, READ_ONCE(entry->state)) ||
	    nla_put_u16(skb, VNET_FDB_VLAN, entry->vid) ||
	    nla_put_u32(skb, VNET_FDB_AGE, jiffies_to_msecs(jiffies - READ_ONCE(entry->seen))))
		return -EMSGSIZE;
	return 0;
}

/* Absent is 0: all VLANs. */
static u16 vlan_of(const struct genl_info *info)
{
	return info->attrs[VNET_FDB_VLAN] ? nla_get_u16(info->attrs[VNET_FDB_VLAN]) : 0;
}

static int require_lladdr(struct genl_info *info)
{
	if (info->attrs[VNET_FDB_LLADDR])
		return 0;
	VNET_REFUSE(info->extack, "the request does not name a MAC address");
	return -EINVAL;
}

static int get_locked(struct sk_buff *reply, struct genl_info *info)
{
	struct vnet *vnet = vnet_genl_vnet(info, VNET_FDB_VNET);
	const struct vnet_fdb_entry *entry;
	const u8 *lladdr;
	int err;

	if (IS_ERR(vnet))
		return PTR_ERR(vnet);
	err = require_lladdr(info);
	if (err)
		return err;
	lladdr = nla_data(info->attrs[VNET_FDB_LLADDR]);
	rcu_read_lock();
	entry = vnet_fdb_find_rcu(&vnet->fdb, vnet_fdb_key(lladdr, vlan_of(info)));
	if (entry) {
		err = vnet_genl_fill_fdb(reply, vnet, entry);
	} else {
		VNET_REFUSE_ATTR(info->extack, info->attrs[VNET_FDB_LLADDR],
				 "vnet %s does not know the address %pM", vnet->dev->name, lladdr);
		err = -ENOENT;
	}
	rcu_read_unlock();
	return err;
}

int vnet_nl_fdb_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	void *header;
	int err;

	reply = vnet_genl_reply(info, VNET_CMD_FDB_GET, &header);
	if (!reply)
		return -ENOMEM;
	rtnl_lock();
	err = get_locked(reply, info);
	rtnl_unlock();
	return vnet_genl_finish(reply, info, header, err);
}

static int fill_node(struct sk_buff *skb, struct netlink_callback *cb, const struct vnet *vnet,
		     void *node)
{
	return vnet_genl_fill_fdb(skb, vnet, container_of(node, struct vnet_fdb_entry, node));
}

static int dump_fdb(struct sk_buff *skb, struct netlink_callback *cb, struct vnet *vnet)
{
	static const struct vnet_genl_kind kind = { VNET_CMD_FDB_GET, fill_node };

	return vnet_genl_dump_hash(skb, cb, vnet, &vnet->fdb.hash, &kind);
}

int vnet_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	if (vnet_compat_dump_attrs(cb)[VNET_FDB_LLADDR]) {
		VNET_REFUSE(cb->extack, "a list of addresses is selected by its vnet only");
		return -EINVAL;
	}
	return vnet_genl_dump(skb, cb, VNET_FDB_VNET, dump_fdb);
}

static int new_locked(struct genl_info *info)
{
	struct vnet *vnet = vnet_genl_vnet(info, VNET_FDB_VNET);
	struct nlattr *state = info->attrs[VNET_FDB_STATE];
	struct vnet_port *port;
	int err;

	if (IS_ERR(vnet))
		return PTR_ERR(vnet);
	err = require_lladdr(info);
	if (err)
		return err;
	if (state && nla_get_u32(state) != VNET_FDB_STATE_STATIC &&
	    nla_get_u32(state) != VNET_FDB_STATE_EXTERNAL) {
		VNET_REFUSE_ATTR(info->extack, state,
				 "only static and external addresses can be set");
		return -EINVAL;
	}
	port = vnet_genl_guest_port(vnet, info->attrs[VNET_FDB_PORT],
				    info->attrs[VNET_FDB_PORT_NUMBER], info->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	if (port->kind == VNET_PORT_KIND_GATEWAY) {
		VNET_REFUSE(info->extack, "the gateway has the one address of its own");
		return -EOPNOTSUPP;
	}
	return vnet_fdb_add(port, nla_data(info->attrs[VNET_FDB_LLADDR]), vlan_of(info),
			    state ? nla_get_u32(state) : VNET_FDB_STATE_STATIC,
			    info->extack);
}

int vnet_nl_fdb_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	rtnl_lock();
	err = new_locked(info);
	rtnl_unlock();
	return err;
}

int vnet_nl_fdb_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet *vnet;
	int err;

	rtnl_lock();
	vnet = vnet_genl_vnet(info, VNET_FDB_VNET);
	err = IS_ERR(vnet) ? PTR_ERR(vnet) : require_lladdr(info);
	if (!err)
		err = vnet_fdb_del(vnet, nla_data(info->attrs[VNET_FDB_LLADDR]),
				   vlan_of(info), info->extack);
	rtnl_unlock();
	return err;
}

static int flush_locked(struct genl_info *info)
{
	struct nlattr *ifindex = info->attrs[VNET_FDB_PORT],
		      *number = info->attrs[VNET_FDB_PORT_NUMBER];
	struct vnet *vnet = vnet_genl_vnet(info, VNET_FDB_VNET);
	struct vnet_port *port = NULL;

	if (IS_ERR(vnet))
		return PTR_ERR(vnet);
	if (ifindex || number) {
		port = vnet_genl_guest_port(vnet, ifindex, number, info->extack);
		if (IS_ERR(port))
			return PTR_ERR(port);
	}
	vnet_fdb_flush(vnet, port, VNET_FDB_FLUSH_LEARNED);
	return 0;
}

int vnet_nl_fdb_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	rtnl_lock();
	err = flush_locked(info);
	rtnl_unlock();
	return err;
}
