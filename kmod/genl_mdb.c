// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about groups. */
#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "genl.h"
#include "netlink_gen.h"
#include "refuse.h"
#include "vnet.h"

/* Bytes of an address of a protocol. */
static int addr_len(__be16 proto)
{
	if (proto == htons(ETH_P_IP))
		return sizeof(__be32);
	return proto == htons(ETH_P_IPV6) ? sizeof(struct in6_addr) : ETH_ALEN;
}

static int fill_addrs(struct sk_buff *skb, const struct vnet_mcast_row *row)
{
	const struct vnet_mcast_key *key = &row->group->key;

	if (nla_put(skb, VNET_MDB_GROUP, addr_len(key->proto), &key->addr))
		return -EMSGSIZE;
	if (!row->source)
		return 0;
	return nla_put(skb, VNET_MDB_SOURCE, addr_len(key->proto), &row->source->addr) ?:
	       nla_put_u8(skb, VNET_MDB_EXCLUDED, READ_ONCE(row->source->excluded));
}

static int fill_time(struct sk_buff *skb, const struct vnet_mcast_row *row)
{
	bool permanent = vnet_mcast_is_permanent(row);

	/* It ends with the entry of all others. */
	if (row->source && READ_ONCE(row->source->excluded))
		return nla_put_u8(skb, VNET_MDB_PERMANENT, false);
	return nla_put_u8(skb, VNET_MDB_PERMANENT, permanent) ?:
	       (permanent ? 0 : nla_put_u32(skb, VNET_MDB_EXPIRES,
					    jiffies_to_msecs(vnet_mcast_left(row))));
}

/**
 * vnet_genl_fill_mdb - fill in the set "mdb"
 * @skb: message
 * @vnet: the vnet
 * @row: the entry
 *
 * Context: RCU read side, or the table's lock held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_genl_fill_mdb(struct sk_buff *skb, const struct vnet *vnet,
		       const struct vnet_mcast_row *row)
{
	const struct vnet_port *port = row->member->port;
	bool near = port->dev && net_eq(dev_net(port->dev), dev_net(vnet->dev));

	return vnet_genl_put_vnet(skb, vnet, VNET_MDB_VNET, VNET_MDB_VNET_NAME) ?:
	       nla_put_u32(skb, VNET_MDB_PORT, near ? port->dev->ifindex : 0) ?:
	       vnet_genl_put_port(skb, port, VNET_MDB_PORT_NUMBER, VNET_MDB_PORT_NAME) ?:
	       fill_addrs(skb, row) ?:
	       nla_put_u16(skb, VNET_MDB_VLAN, row->group->key.vid) ?:
	       fill_time(skb, row);
}

/**
 * struct mdb_dump - a dump that goes on
 * @skb: its message
 * @cb: the dump
 * @vnet: vnet that it is at
 */
struct mdb_dump {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	struct vnet *vnet;
};

static int dump_row(const struct vnet_mcast_row *row, void *arg)
{
	const struct mdb_dump *dump = arg;
	void *header = vnet_genl_begin(dump->skb, dump->cb, VNET_CMD_MDB_GET);

	if (!header)
		return -EMSGSIZE;
	if (vnet_genl_fill_mdb(dump->skb, dump->vnet, row)) {
		genlmsg_cancel(dump->skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(dump->skb, header);
	return 0;
}

static int dump_mdb(struct sk_buff *skb, struct netlink_callback *cb, struct vnet *vnet)
{
	struct mdb_dump dump = { .skb = skb, .cb = cb, .vnet = vnet };

	return vnet_mcast_walk(vnet, &cb->args[1], &cb->args[2], dump_row, &dump);
}

int vnet_nl_mdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vnet_genl_dump(skb, cb, VNET_MDB_VNET, dump_mdb);
}

/**
 * struct mdb_request - an entry that a request names
 * @port: the port
 * @key: the group
 * @source: the source
 * @has_source: false for all of them
 */
struct mdb_request {
	struct vnet_port *port;
	struct vnet_mcast_key key;
	struct in6_addr source;
	bool has_source;
};

static int parse_group(struct genl_info *info, struct vnet_mcast_key *key)
{
	struct nlattr *group = info->attrs[VNET_MDB_GROUP];

	if (!group) {
		VNET_REFUSE(info->extack, "the request does not name a group");
		return -EINVAL;
	}
	if (nla_len(group) == sizeof(__be32))
		key->proto = htons(ETH_P_IP);
	else if (nla_len(group) == sizeof(struct in6_addr))
		key->proto = htons(ETH_P_IPV6);
	if (nla_len(group) == addr_len(key->proto)) {
		memcpy(&key->addr, nla_data(group), nla_len(group));
		if (vnet_mcast_is_group(key))
			return 0;
	}
	VNET_REFUSE_ATTR(info->extack, group,
			 "a group is an IPv4, IPv6 or MAC address of a group that is forwarded");
	return -EINVAL;
}

static int parse_source(struct genl_info *info, struct mdb_request *request)
{
	struct nlattr *source = info->attrs[VNET_MDB_SOURCE];

	if (!source)
		return 0;
	if (!request->key.proto || nla_len(source) != addr_len(request->key.proto)) {
		VNET_REFUSE_ATTR(info->extack, source,
				 "the source is of another protocol than the group");
		return -EINVAL;
	}
	request->has_source = true;
	memcpy(&request->source, nla_data(source), nla_len(source));
	return 0;
}

static int parse(struct genl_info *info, struct mdb_request *request)
{
	struct vnet *vnet = vnet_genl_vnet(info, VNET_MDB_VNET);
	int err;

	*request = (struct mdb_request){};
	if (IS_ERR(vnet))
		return PTR_ERR(vnet);
	if (info->attrs[VNET_MDB_VLAN])
		request->key.vid = nla_get_u16(info->attrs[VNET_MDB_VLAN]);
	err = parse_group(info, &request->key) ?: parse_source(info, request);
	if (err)
		return err;
	request->port = vnet_genl_guest_port(vnet, info->attrs[VNET_MDB_PORT],
					     info->attrs[VNET_MDB_PORT_NUMBER], info->extack);
	return PTR_ERR_OR_ZERO(request->port);
}

int vnet_nl_mdb_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *permanent = info->attrs[VNET_MDB_PERMANENT];
	struct mdb_request request;
	int err;

	rtnl_lock();
	err = parse(info, &request);
	if (!err)
		err = vnet_mcast_add(request.port, &request.key,
				     request.has_source ? &request.source : NULL,
				     permanent && nla_get_u8(permanent), info->extack);
	rtnl_unlock();
	return err;
}

int vnet_nl_mdb_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct mdb_request request;
	int err;

	rtnl_lock();
	err = parse(info, &request);
	if (!err)
		err = vnet_mcast_del(request.port, &request.key,
				     request.has_source ? &request.source : NULL, info->extack);
	rtnl_unlock();
	return err;
}

int vnet_nl_mdb_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *permanent = info->attrs[VNET_MDB_PERMANENT];
	struct nlattr *number = info->attrs[VNET_MDB_PORT_NUMBER];
	const struct nlattr *vid = info->attrs[VNET_MDB_VLAN];
	struct nlattr *ifindex = info->attrs[VNET_MDB_PORT];
	struct vnet_port *port = NULL;
	struct vnet *vnet;
	int err = 0;

	rtnl_lock();
	vnet = vnet_genl_vnet(info, VNET_MDB_VNET);
	if (IS_ERR(vnet))
		err = PTR_ERR(vnet);
	else if (ifindex || number)
		port = vnet_genl_guest_port(vnet, ifindex, number, info->extack);
	if (IS_ERR(port))
		err = PTR_ERR(port);
	if (!err)
		vnet_mcast_flush(vnet, port, vid ? nla_get_u16(vid) : -1,
				 permanent ? nla_get_u8(permanent) : -1);
	rtnl_unlock();
	return err;
}
