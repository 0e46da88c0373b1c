// SPDX-License-Identifier: GPL-2.0
/*
 * What bridge(8) asks and says of groups: "bridge mdb", by the vnet's own netdev. Kernels whose
 * core asks a netdev have ndo_mdb_*(); on older ones "bridge mdb" is bridge.ko's alone.
 */
#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>
#include <net/netlink.h>

#include "bridge.h"
#include "mcast.h"
#include "port.h"
#include "refuse.h"
#include "vnet.h"

/* Room for one of a list of sources: its address and its time. */
#define MDB_SOURCE_SIZE (nla_total_size(0) + nla_total_size(sizeof(struct in6_addr)) + \
			 nla_total_size(sizeof(u32)))
/* Room for an entry: struct br_mdb_entry, its timer, its source or sources, and the nests. */
#define MDB_ENTRY_SIZE (nla_total_size(sizeof(struct br_mdb_entry)) + 5 * nla_total_size(0) + \
			nla_total_size(sizeof(u32)) + nla_total_size(sizeof(struct in6_addr)) + \
			2 * nla_total_size(sizeof(u8)) + VNET_MCAST_MAX_SOURCES * MDB_SOURCE_SIZE)

/* The netdev by which bridge(8) knows a port; the vnet's own for one that it cannot know. */
static int mdb_ifindex(const struct vnet *vnet, const struct vnet_port *port)
{
	bool near = port->dev && net_eq(dev_net(port->dev), dev_net(vnet->dev));

	return near ? port->dev->ifindex : vnet->dev->ifindex;
}

static int mdb_put_addr(struct sk_buff *skb, int type, const struct vnet_mcast_key *key,
			const struct in6_addr *addr)
{
	if (key->proto == htons(ETH_P_IP))
		return nla_put_in_addr(skb, type, addr->s6_addr32[0]);
	return nla_put_in6_addr(skb, type, addr);
}

/* The sources of an entry for all of them: those that are wanted, or, without a time, not. */
static int mdb_put_sources(struct sk_buff *skb, const struct vnet_mcast_row *row)
{
	struct vnet_mcast_row each = *row;
	struct nlattr *list, *nest;

	if (hlist_empty(&row->member->sources))
		return 0;
	list = nla_nest_start(skb, MDBA_MDB_EATTR_SRC_LIST);
	if (!list)
		return -EMSGSIZE;
	hlist_for_each_entry_rcu(each.source, &row->member->sources, node,
				 lockdep_is_held(&row->member->port->vnet->mcast.hash.lock)) {
		nest = nla_nest_start(skb, MDBA_MDB_SRCLIST_ENTRY);
		if (!nest ||
		    mdb_put_addr(skb, MDBA_MDB_SRCATTR_ADDRESS, &row->group->key,
				 &each.source->addr) ||
		    nla_put_u32(skb, MDBA_MDB_SRCATTR_TIMER,
				jiffies_to_clock_t(vnet_mcast_left(&each))))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	nla_nest_end(skb, list);
	return 0;
}

static int mdb_put_source(struct sk_buff *skb, const struct vnet_mcast_row *row)
{
	bool exclude = !row->source && READ_ONCE(row->member->all);

	if (!row->group->key.proto)
		return 0;
	if (nla_put_u8(skb, MDBA_MDB_EATTR_GROUP_MODE, exclude ? MCAST_EXCLUDE : MCAST_INCLUDE))
		return -EMSGSIZE;
	if (!row->source)
		return mdb_put_sources(skb, row);
	return mdb_put_addr(skb, MDBA_MDB_EATTR_SOURCE, &row->group->key, &row->source->addr);
}

static int mdb_put_row(struct sk_buff *skb, const struct vnet *vnet,
		       const struct vnet_mcast_row *row)
{
	const struct vnet_mcast_key *key = &row->group->key;
	struct br_mdb_entry entry = {
		.ifindex = mdb_ifindex(vnet, row->member->port),
		.state = vnet_mcast_is_permanent(row) ? MDB_PERMANENT : MDB_TEMPORARY,
		.vid = key->vid,
		.addr.proto = key->proto,
	};
	struct nlattr *nest = nla_nest_start_noflag(skb, MDBA_MDB_ENTRY), *info;

	if (!nest)
		return -EMSGSIZE;
	if (vnet_port_has(row->member->port, VNET_PORT_FLAG_FAST_LEAVE))
		entry.flags = MDB_FLAGS_FAST_LEAVE;
	if (row->source && READ_ONCE(row->source->excluded))
		entry.flags |= MDB_FLAGS_BLOCKED;
	/* The address is a union: of whatever protocol, it is the first bytes. */
	memcpy(&entry.addr.u, &key->addr, sizeof(entry.addr.u));
	info = nla_nest_start_noflag(skb, MDBA_MDB_ENTRY_INFO);
	if (!info || nla_put_nohdr(skb, sizeof(entry), &entry) ||
	    nla_put_u32(skb, MDBA_MDB_EATTR_TIMER, jiffies_to_clock_t(vnet_mcast_left(row))) ||
	    mdb_put_source(skb, row)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, info);
	nla_nest_end(skb, nest);
	return 0;
}

static struct nlmsghdr *mdb_begin(struct sk_buff *skb, const struct vnet *vnet, u32 portid, u32 seq,
				  int type, int flags)
{
	struct nlmsghdr *nlh = nlmsg_put(skb, portid, seq, type, sizeof(struct br_port_msg), flags);
	struct br_port_msg *msg;

	if (!nlh)
		return NULL;
	msg = nlmsg_data(nlh);
	*msg = (struct br_port_msg){ .family = AF_BRIDGE, .ifindex = vnet->dev->ifindex };
	return nlh;
}

/* A whole message about one entry, of which struct br_mdb_entry takes the most room. */
static int mdb_fill(struct sk_buff *skb, const struct vnet *vnet, const struct vnet_mcast_row *row,
		    u32 portid, u32 seq, int type)
{
	struct nlmsghdr *nlh = mdb_begin(skb, vnet, portid, seq, type, 0);
	struct nlattr *nest;

	if (!nlh)
		return -EMSGSIZE;
	nest = nla_nest_start_noflag(skb, MDBA_MDB);
	if (!nest || mdb_put_row(skb, vnet, row)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	nlmsg_end(skb, nlh);
	return 0;
}

static struct sk_buff *mdb_new_message(gfp_t gfp)
{
	return nlmsg_new(NLMSG_ALIGN(sizeof(struct br_port_msg)) + MDB_ENTRY_SIZE, gfp);
}

/**
 * vnet_bridge_tell_mdb - tell "bridge monitor mdb" of an entry
 * @vnet: the vnet
 * @row: the entry
 * @type: RTM_NEWMDB or RTM_DELMDB
 *
 * Without memory the listeners are told that they have missed something.
 *
 * Context: the table's lock held.
 */
void vnet_bridge_tell_mdb(const struct vnet *vnet, const struct vnet_mcast_row *row, int type)
{
	struct net *net = dev_net(vnet->dev);
	struct sk_buff *skb;
	int err = -ENOBUFS;

	if (!rtnl_has_listeners(net, RTNLGRP_MDB))
		return;
	skb = mdb_new_message(GFP_ATOMIC | __GFP_NOWARN);
	if (skb)
		err = mdb_fill(skb, vnet, row, 0, 0, type);
	if (err) {
		kfree_skb(skb);
		rtnl_set_sk_err(net, RTNLGRP_MDB, err);
		return;
	}
	rtnl_notify(skb, net, 0, RTNLGRP_MDB, NULL, GFP_ATOMIC);
}

#ifdef VNET_HAVE_NDO_MDB_GET

struct mdb_dump {
	struct sk_buff *skb;
	const struct vnet *vnet;
};

/* Is it the first source of a port that wants these alone? */
static bool mdb_is_first_source(const struct vnet_mcast_row *row)
{
	return row->source && !READ_ONCE(row->member->all) &&
	       &row->source->node == rcu_dereference(hlist_first_rcu(&row->member->sources));
}

/* A bridge has an entry for all sources even where some are wanted only, with a list of them. */
static int mdb_dump_row(const struct vnet_mcast_row *row, void *arg)
{
	const struct vnet_mcast_row whole = { .group = row->group, .member = row->member };
	const struct mdb_dump *dump = arg;
	void *before = skb_tail_pointer(dump->skb);
	int err = 0;

	if (mdb_is_first_source(row))
		err = mdb_put_row(dump->skb, dump->vnet, &whole);
	if (!err)
		err = mdb_put_row(dump->skb, dump->vnet, row);
	if (err)
		nlmsg_trim(dump->skb, before);
	return err;
}

static int mdb_put_router(struct sk_buff *skb, const struct vnet_port *port)
{
	u64 now = get_jiffies_64(), four, six;
	struct nlattr *nest;

	four = READ_ONCE(port->mcast.router_until[VNET_MCAST_IPV4]);
	six = READ_ONCE(port->mcast.router_until[VNET_MCAST_IPV6]);
	four = four > now ? four - now : 0;
	six = six > now ? six - now : 0;
	nest = nla_nest_start_noflag(skb, MDBA_ROUTER_PORT);
	if (!nest || nla_put_nohdr(skb, sizeof(u32), &(u32){ mdb_ifindex(port->vnet, port) }) ||
	    nla_put_u32(skb, MDBA_ROUTER_PATTR_TIMER, jiffies_to_clock_t(max(four, six))) ||
	    nla_put_u8(skb, MDBA_ROUTER_PATTR_TYPE, port->mcast.router) ||
	    nla_put_u32(skb, MDBA_ROUTER_PATTR_INET_TIMER, jiffies_to_clock_t(four)) ||
	    nla_put_u32(skb, MDBA_ROUTER_PATTR_INET6_TIMER, jiffies_to_clock_t(six)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Ports with routers, in a message of their own: bridge(8) takes them as they come. */
static int mdb_dump_routers(struct sk_buff *skb, struct netlink_callback *cb, struct vnet *vnet)
{
	struct nlmsghdr *nlh = mdb_begin(skb, vnet, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
					 RTM_GETMDB, NLM_F_MULTI);
	const struct vnet_port *port;
	struct nlattr *nest;
	long index = 0;
	int err = 0;

	if (!nlh)
		return -EMSGSIZE;
	nest = nla_nest_start_noflag(skb, MDBA_ROUTER);
	if (!nest) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	list_for_each_entry(port, &vnet->ports, node) {
		if (index++ < cb->args[4] || hlist_unhashed(&port->mcast.router_node))
			continue;
		err = mdb_put_router(skb, port);
		if (err)
			break;
		cb->args[4] = index;
	}
	nla_nest_end(skb, nest);
	nlmsg_end(skb, nlh);
	return err;
}

/**
 * vnet_bridge_dump_mdb - "bridge mdb show"
 * @dev: netdev of the vnet
 * @skb: message
 * @cb: the dump; args[1] is the chain, args[2] the place in it, args[3] whether the entries are
 *	done, args[4] counts ports
 *
 * Context: RTNL held.
 * Return: 0, or -EMSGSIZE when the message is full.
 */
int vnet_bridge_dump_mdb(struct net_device *dev, struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vnet *vnet = vnet_of(dev);
	struct mdb_dump dump = { .skb = skb, .vnet = vnet };
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	int err;

	if (cb->args[3])
		return mdb_dump_routers(skb, cb, vnet);
	nlh = mdb_begin(skb, vnet, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, RTM_GETMDB,
			NLM_F_MULTI);
	if (!nlh)
		return -EMSGSIZE;
	nest = nla_nest_start_noflag(skb, MDBA_MDB);
	if (!nest) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	err = vnet_mcast_walk(vnet, &cb->args[1], &cb->args[2], mdb_dump_row, &dump);
	nla_nest_end(skb, nest);
	nlmsg_end(skb, nlh);
	if (err)
		return err;
	cb->args[3] = 1;
	return mdb_dump_routers(skb, cb, vnet);
}

/**
 * struct mdb_request - an entry that a request names
 * @port: the port
 * @key: the group
 * @source: the source
 * @has_source: false for all of them
 * @permanent: it is set for good
 */
struct mdb_request {
	struct vnet_port *port;
	struct vnet_mcast_key key;
	struct in6_addr source;
	bool has_source;
	bool permanent;
};

static int mdb_parse_source(struct nlattr *attr, struct mdb_request *request,
			    struct netlink_ext_ack *extack)
{
	int len = request->key.proto == htons(ETH_P_IP) ? sizeof(__be32) : sizeof(struct in6_addr);

	if (!request->key.proto || nla_len(attr) != len) {
		VNET_REFUSE_ATTR(extack, attr, "the source is of another protocol than the group");
		return -EINVAL;
	}
	memcpy(&request->source, nla_data(attr), len);
	request->has_source = true;
	return 0;
}

static int mdb_parse_attrs(struct nlattr *nest, struct mdb_request *request,
			   struct netlink_ext_ack *extack)
{
	struct nlattr *attr;
	int rest, err;

	nla_for_each_nested(attr, nest, rest) {
		switch (nla_type(attr)) {
		case MDBE_ATTR_SOURCE:
			err = mdb_parse_source(attr, request, extack);
			if (err)
				return err;
			break;
		case MDBE_ATTR_RTPROT:
			break;
		default:
			VNET_REFUSE_ATTR(extack, attr,
					 "an entry of a vnet has a port, a group, a VLAN and one source");
			return -EOPNOTSUPP;
		}
	}
	return 0;
}

/* The core has looked at struct br_mdb_entry: it is whole, and names a group. */
static int mdb_parse_entry(const struct nlattr *attr, struct mdb_request *request)
{
	const struct br_mdb_entry *entry = nla_data(attr);

	*request = (struct mdb_request){
		.permanent = entry->state == MDB_PERMANENT,
		.key.proto = entry->addr.proto,
		.key.vid = entry->vid,
	};
	if (entry->addr.proto == htons(ETH_P_IP))
		request->key.addr.s6_addr32[0] = entry->addr.u.ip4;
	else if (entry->addr.proto == htons(ETH_P_IPV6))
		request->key.addr = entry->addr.u.ip6;
	else
		memcpy(&request->key.addr, entry->addr.u.mac_addr, ETH_ALEN);
	return entry->ifindex;
}

static int mdb_parse(struct net_device *dev, struct nlattr *tb[], struct mdb_request *request,
		     struct netlink_ext_ack *extack)
{
	int ifindex = mdb_parse_entry(tb[MDBA_SET_ENTRY], request);
	struct net_device *port = __dev_get_by_index(dev_net(dev), ifindex);

	if (!vnet_mcast_is_group(&request->key)) {
		VNET_REFUSE_ATTR(extack, tb[MDBA_SET_ENTRY], "this address is no group's");
		return -EINVAL;
	}
	request->port = port ? vnet_port_by_dev(vnet_of(dev), port) : NULL;
	if (!request->port) {
		VNET_REFUSE_ATTR(extack, tb[MDBA_SET_ENTRY], "%s is no port of vnet %s",
				 port ? port->name : "the netdev", dev->name);
		return -EINVAL;
	}
	if (!tb[MDBA_SET_ENTRY_ATTRS])
		return 0;
	return mdb_parse_attrs(tb[MDBA_SET_ENTRY_ATTRS], request, extack);
}

/**
 * vnet_bridge_add_mdb - "bridge mdb add" and "replace"
 * @dev: netdev of the vnet
 * @tb: attributes MDBA_SET_*
 * @flags: of the message
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0 or a negative error.
 */
int vnet_bridge_add_mdb(struct net_device *dev, struct nlattr *tb[], u16 flags,
			struct netlink_ext_ack *extack)
{
	struct mdb_request request;
	const struct in6_addr *source;
	int err = mdb_parse(dev, tb, &request, extack);

	if (err)
		return err;
	source = request.has_source ? &request.source : NULL;
	if (flags & NLM_F_REPLACE)
		vnet_mcast_del(request.port, &request.key, source, NULL);
	return vnet_mcast_add(request.port, &request.key, source, request.permanent, extack);
}

/**
 * vnet_bridge_del_mdb - "bridge mdb del"
 * @dev: netdev of the vnet
 * @tb: attributes MDBA_SET_*
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0 or a negative error.
 */
int vnet_bridge_del_mdb(struct net_device *dev, struct nlattr *tb[], struct netlink_ext_ack *extack)
{
	struct mdb_request request;
	int err = mdb_parse(dev, tb, &request, extack);

	return err ?: vnet_mcast_del(request.port, &request.key,
				     request.has_source ? &request.source : NULL, extack);
}

/**
 * vnet_bridge_flush_mdb - "bridge mdb flush"
 * @dev: netdev of the vnet
 * @tb: attributes MDBA_SET_*
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0 or a negative error.
 */
int vnet_bridge_flush_mdb(struct net_device *dev, struct nlattr *tb[],
			  struct netlink_ext_ack *extack)
{
	const struct br_mdb_entry *entry = nla_data(tb[MDBA_SET_ENTRY]);
	const struct vnet_port *port = NULL;
	struct nlattr *attr;
	int rest, permanent = -1;

	if (entry->ifindex) {
		struct net_device *which = __dev_get_by_index(dev_net(dev), entry->ifindex);

		port = which ? vnet_port_by_dev(vnet_of(dev), which) : NULL;
		if (!port) {
			VNET_REFUSE(extack, "%s is no port of vnet %s",
				    which ? which->name : "the netdev", dev->name);
			return -EINVAL;
		}
	}
	if (tb[MDBA_SET_ENTRY_ATTRS])
		nla_for_each_nested(attr, tb[MDBA_SET_ENTRY_ATTRS], rest) {
			if (nla_type(attr) != MDBE_ATTR_STATE_MASK || nla_len(attr) != sizeof(u8)) {
				VNET_REFUSE_ATTR(extack, attr,
						 "a flush is by port, VLAN and permanence");
				return -EOPNOTSUPP;
			}
			if (nla_get_u8(attr) & MDB_PERMANENT)
				permanent = entry->state == MDB_PERMANENT;
		}
	vnet_mcast_flush(vnet_of(dev), port, entry->vid ?: -1, permanent);
	return 0;
}

/**
 * struct mdb_get - the entry that is asked for
 * @vnet: the vnet
 * @request: the entry
 * @skb: its message, or NULL
 * @portid: reader
 * @seq: number of his request
 * @err: why there is no message
 */
struct mdb_get {
	const struct vnet *vnet;
	struct mdb_request request;
	struct sk_buff *skb;
	u32 portid;
	u32 seq;
	int err;
};

static bool mdb_is_asked(const struct vnet_mcast_row *row, const struct mdb_request *request)
{
	if (memcmp(&row->group->key, &request->key, sizeof(request->key)) ||
	    request->has_source != !!row->source)
		return false;
	return !row->source || ipv6_addr_equal(&row->source->addr, &request->source);
}

/* The ports that want the group, until the message is full. */
static int mdb_get_row(const struct vnet_mcast_row *row, void *arg)
{
	const struct vnet_mcast_row whole = { .group = row->group, .member = row->member };
	struct mdb_get *get = arg;

	if (mdb_is_first_source(row) && mdb_is_asked(&whole, &get->request))
		get->err = mdb_put_row(get->skb, get->vnet, &whole);
	else if (mdb_is_asked(row, &get->request))
		get->err = mdb_put_row(get->skb, get->vnet, row);
	else
		return 0;
	return get->err;
}

/**
 * vnet_bridge_get_mdb - "bridge mdb get"
 * @dev: netdev of the vnet
 * @tb: attributes MDBA_GET_*
 * @portid: reader
 * @seq: number of his request
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0 or a negative error.
 */
int vnet_bridge_get_mdb(struct net_device *dev, struct nlattr *tb[], u32 portid, u32 seq,
			struct netlink_ext_ack *extack)
{
	struct mdb_get get = { .vnet = vnet_of(dev), .portid = portid, .seq = seq, .err = -ENOENT };
	struct nlattr *attrs = tb[MDBA_GET_ENTRY_ATTRS], *nest;
	long bucket = 0, index = 0;
	struct nlmsghdr *nlh;
	int err = 0;

	mdb_parse_entry(tb[MDBA_GET_ENTRY], &get.request);
	if (attrs)
		err = mdb_parse_attrs(attrs, &get.request, extack);
	if (err)
		return err;
	get.skb = nlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!get.skb)
		return -ENOMEM;
	nlh = mdb_begin(get.skb, get.vnet, portid, seq, RTM_NEWMDB, 0);
	nest = nlh ? nla_nest_start_noflag(get.skb, MDBA_MDB) : NULL;
	if (nest)
		vnet_mcast_walk(vnet_of(dev), &bucket, &index, mdb_get_row, &get);
	if (!nest || get.err) {
		if (get.err == -ENOENT)
			VNET_REFUSE(extack, "no port has joined the group");
		nlmsg_free(get.skb);
		return nest ? get.err : -EMSGSIZE;
	}
	nla_nest_end(get.skb, nest);
	nlmsg_end(get.skb, nlh);
	return rtnl_unicast(get.skb, dev_net(dev), portid);
}

#endif
