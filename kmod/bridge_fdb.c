// SPDX-License-Identifier: GPL-2.0
/*
 * What bridge(8) asks and says of MAC addresses: "bridge fdb", by the vnet's own netdev.
 *
 * The core lets a bridge's ports alone be named directly, so an address is set by
 * "bridge fdb add ADDRESS dev VNET self via PORT". Shown it is as on a bridge.
 */
#include <linux/if_bridge.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "bridge.h"
#include "fdb.h"
#include "port.h"
#include "refuse.h"
#include "vnet.h"

static u16 bridge_nud(const struct vnet_fdb_entry *entry, const struct vnet_fdb *fdb)
{
	unsigned long ageing = READ_ONCE(fdb->ageing);

	switch (READ_ONCE(entry->state)) {
	case VNET_FDB_STATE_LOCAL:
		return NUD_PERMANENT;
	case VNET_FDB_STATE_STATIC:
		return NUD_NOARP;
	case VNET_FDB_STATE_EXTERNAL:
		return NUD_REACHABLE;
	}
	return ageing && time_after(jiffies, READ_ONCE(entry->seen) + ageing) ? NUD_STALE
									      : NUD_REACHABLE;
}

/* A static address does not move, which the bridge calls sticky. */
static u8 bridge_ntf(const struct vnet_fdb_entry *entry)
{
	switch (READ_ONCE(entry->state)) {
	case VNET_FDB_STATE_STATIC:
		return NTF_STICKY;
	case VNET_FDB_STATE_EXTERNAL:
		return NTF_EXT_LEARNED;
	}
	return 0;
}

/* The netdev by which bridge(8) knows a port; NULL for one that it cannot know. */
static const struct net_device *bridge_dev(const struct vnet *vnet, const struct vnet_port *port)
{
	if (!port->dev || !net_eq(dev_net(port->dev), dev_net(vnet->dev)))
		return NULL;
	return port->dev;
}

static int bridge_put_entry(struct sk_buff *skb, const struct vnet *vnet,
			    const struct vnet_fdb_entry *entry)
{
	unsigned long age = jiffies_to_clock_t(jiffies - READ_ONCE(entry->seen));
	struct nda_cacheinfo info = { .ndm_used = age, .ndm_updated = age };

	return nla_put(skb, NDA_LLADDR, ETH_ALEN, entry->addr) ?:
	       nla_put(skb, NDA_CACHEINFO, sizeof(info), &info) ?:
	       (entry->vid ? nla_put_u16(skb, NDA_VLAN, entry->vid) : 0);
}

/**
 * vnet_bridge_fill_fdb - fill in what bridge(8) shows of an address
 * @skb: message
 * @portid: reader
 * @seq: number of his request
 * @vnet: the vnet
 * @entry: the address
 * @type: RTM_NEWNEIGH or RTM_DELNEIGH
 * @flags: of the message
 * @self: the address is shown as the vnet's, and not as the port's
 *
 * Context: RCU read side, or the FDB's lock held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_bridge_fill_fdb(struct sk_buff *skb, u32 portid, u32 seq, const struct vnet *vnet,
			 const struct vnet_fdb_entry *entry, int type, int flags, bool self)
{
	const struct net_device *dev = bridge_dev(vnet, READ_ONCE(entry->port));
	struct nlmsghdr *nlh = nlmsg_put(skb, portid, seq, type, sizeof(struct ndmsg), flags);
	struct ndmsg *ndm;
	int err;

	if (!nlh)
		return -EMSGSIZE;
	/* A guest in another namespace has no netdev here: it is somewhere behind the vnet. */
	self = self || !dev || dev == vnet->dev;
	ndm = nlmsg_data(nlh);
	*ndm = (struct ndmsg){
		.ndm_family = AF_BRIDGE,
		.ndm_ifindex = self ? vnet->dev->ifindex : dev->ifindex,
		.ndm_state = bridge_nud(entry, &vnet->fdb),
		.ndm_flags = bridge_ntf(entry) | (self ? NTF_SELF : NTF_MASTER),
	};
	err = bridge_put_entry(skb, vnet, entry);
	if (!err && !self)
		err = nla_put_u32(skb, NDA_MASTER, vnet->dev->ifindex);
	if (!err && self && dev && dev != vnet->dev)
		err = nla_put_u32(skb, NDA_IFINDEX, dev->ifindex);
	if (err) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/**
 * vnet_bridge_tell_fdb - tell "bridge monitor fdb" of an address
 * @vnet: the vnet
 * @entry: the address
 * @type: RTM_NEWNEIGH or RTM_DELNEIGH
 *
 * Without memory the listeners are told that they have missed something.
 *
 * Context: the FDB's lock held.
 */
void vnet_bridge_tell_fdb(const struct vnet *vnet, const struct vnet_fdb_entry *entry, int type)
{
	struct net *net = dev_net(vnet->dev);
	struct sk_buff *skb;
	int err = -ENOBUFS;

	if (!rtnl_has_listeners(net, RTNLGRP_NEIGH))
		return;
	skb = nlmsg_new(NLMSG_ALIGN(sizeof(struct ndmsg)) + nla_total_size(ETH_ALEN) +
			nla_total_size(sizeof(u32)) * 2 + nla_total_size(sizeof(u16)) +
			nla_total_size(sizeof(struct nda_cacheinfo)), GFP_ATOMIC | __GFP_NOWARN);
	if (skb)
		err = vnet_bridge_fill_fdb(skb, 0, 0, vnet, entry, type, 0, false);
	if (err) {
		kfree_skb(skb);
		rtnl_set_sk_err(net, RTNLGRP_NEIGH, err);
		return;
	}
	rtnl_notify(skb, net, 0, RTNLGRP_NEIGH, NULL, GFP_ATOMIC);
}

/**
 * vnet_bridge_dump_fdb - "bridge fdb show"
 * @skb: message
 * @cb: the dump; args[2] counts addresses of the netdev
 * @dev: netdev of the vnet
 * @filter_dev: NULL, or the port that is asked for
 * @idx: counts addresses
 *
 * Context: RTNL held.
 * Return: 0, or -EMSGSIZE when the message is full.
 */
int vnet_bridge_dump_fdb(struct sk_buff *skb, struct netlink_callback *cb, struct net_device *dev,
			 struct net_device *filter_dev, int *idx)
{
	const struct ndmsg *asked = nlmsg_data(cb->nlh);
	bool self = nlmsg_len(cb->nlh) >= sizeof(*asked) && asked->ndm_ifindex == dev->ifindex;
	const struct vnet *vnet = vnet_of(dev);
	const struct vnet_hash_table *table;
	struct vnet_hash_node *node;
	int err = 0;
	u32 bucket;

	rcu_read_lock();
	table = rcu_dereference(vnet->fdb.hash.table);
	for (bucket = 0; !err && bucket <= table->mask; bucket++) {
		vnet_hash_for_each_in_bucket_rcu(table, bucket, node) {
			if ((*idx)++ < cb->args[2])
				continue;
			err = vnet_bridge_fill_fdb(skb, NETLINK_CB(cb->skb).portid,
						   cb->nlh->nlmsg_seq, vnet,
						   container_of(node, struct vnet_fdb_entry, node),
						   RTM_NEWNEIGH, NLM_F_MULTI, self);
			if (err) {
				(*idx)--;
				break;
			}
		}
	}
	rcu_read_unlock();
	return err ?: ndo_dflt_fdb_dump(skb, cb, dev, filter_dev, idx);
}

/* The port that a request means: "via PORT", or without it the vnet's own. */
static struct vnet_port *bridge_fdb_port(struct vnet *vnet, struct nlattr *tb[],
					 struct netlink_ext_ack *extack)
{
	struct net_device *dev = NULL;
	struct vnet_port *port;

	if (!tb[NDA_IFINDEX])
		return vnet->host;
	if (nla_len(tb[NDA_IFINDEX]) == sizeof(u32))
		dev = __dev_get_by_index(dev_net(vnet->dev), nla_get_u32(tb[NDA_IFINDEX]));
	port = dev ? vnet_port_by_dev(vnet, dev) : NULL;
	if (port)
		return port;
	VNET_REFUSE_ATTR(extack, tb[NDA_IFINDEX], "%s is no port of vnet %s",
			 dev ? dev->name : "the netdev after via", vnet->dev->name);
	return ERR_PTR(-EINVAL);
}

/* What kind of address a request wants; a negative error if it is none that a vnet has. */
static int bridge_fdb_state(const struct ndmsg *ndm, struct netlink_ext_ack *extack)
{
	/* "use" is for an address that counts as seen just now, which each that is set does. */
	if (ndm->ndm_flags & ~(NTF_SELF | NTF_MASTER | NTF_EXT_LEARNED | NTF_STICKY | NTF_USE))
		goto refuse;
	if (ndm->ndm_flags & NTF_EXT_LEARNED)
		return VNET_FDB_STATE_EXTERNAL;
	if (ndm->ndm_flags & NTF_STICKY || ndm->ndm_state & (NUD_NOARP | NUD_PERMANENT))
		return VNET_FDB_STATE_STATIC;
	if (ndm->ndm_state & NUD_REACHABLE)
		return VNET_FDB_STATE_LEARNED;
refuse:
	VNET_REFUSE(extack, "a vnet's address is static, dynamic, extern_learn or sticky");
	return -EOPNOTSUPP;
}

/**
 * vnet_bridge_add_fdb - "bridge fdb add|replace ADDRESS dev VNET self [via PORT]"
 * @ndm: head of the request
 * @tb: attributes of the request
 * @dev: netdev of the vnet
 * @addr: the address
 * @vid: its VLAN; 0 is all
 * @flags: NLM_F_*
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0 or a negative error; nothing is changed then.
 */
int vnet_bridge_add_fdb(struct ndmsg *ndm, struct nlattr *tb[], struct net_device *dev,
			const unsigned char *addr, u16 vid, u16 flags,
			struct netlink_ext_ack *extack)
{
	struct vnet *vnet = vnet_of(dev);
	struct vnet_port *port = bridge_fdb_port(vnet, tb, extack);
	int state = bridge_fdb_state(ndm, extack);
	bool known;

	if (IS_ERR(port) || state < 0)
		return IS_ERR(port) ? PTR_ERR(port) : state;
	rcu_read_lock();
	known = vnet_fdb_find_rcu(&vnet->fdb, vnet_fdb_key(addr, vid));
	rcu_read_unlock();
	if (known && flags & NLM_F_EXCL) {
		VNET_REFUSE(extack, "vnet %s knows %pM already", dev->name, addr);
		return -EEXIST;
	}
	if (!known && !(flags & NLM_F_CREATE)) {
		VNET_REFUSE(extack, "vnet %s does not know the address %pM", dev->name, addr);
		return -ENOENT;
	}
	return vnet_fdb_add(port, addr, vid, state, extack);
}

/**
 * vnet_bridge_del_fdb - "bridge fdb del ADDRESS dev VNET self"
 * @ndm: head of the request
 * @tb: attributes of the request
 * @dev: netdev of the vnet
 * @addr: the address
 * @vid: its VLAN; 0 is all
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0 or a negative error.
 */
int vnet_bridge_del_fdb(struct ndmsg *ndm, struct nlattr *tb[], struct net_device *dev,
			const unsigned char *addr, u16 vid, struct netlink_ext_ack *extack)
{
	return vnet_fdb_del(vnet_of(dev), addr, vid, extack);
}

/**
 * vnet_bridge_get_fdb - "bridge fdb get ADDRESS br VNET"
 * @skb: the answer
 * @tb: attributes of the request
 * @dev: netdev of the vnet
 * @addr: the address
 * @vid: its VLAN; 0 is all
 * @portid: reader
 * @seq: number of his request
 * @extack: where a refusal is explained
 *
 * Context: RTNL held.
 * Return: 0, -ENOENT or -EMSGSIZE.
 */
int vnet_bridge_get_fdb(struct sk_buff *skb, struct nlattr *tb[], struct net_device *dev,
			const unsigned char *addr, u16 vid, u32 portid, u32 seq,
			struct netlink_ext_ack *extack)
{
	struct vnet *vnet = vnet_of(dev);
	const struct vnet_fdb_entry *entry;
	int err = -ENOENT;

	rcu_read_lock();
	entry = vnet_fdb_find_rcu(&vnet->fdb, vnet_fdb_key(addr, vid));
	if (entry)
		err = vnet_bridge_fill_fdb(skb, portid, seq, vnet, entry, RTM_NEWNEIGH, 0, false);
	else
		VNET_REFUSE(extack, "vnet %s does not know the address %pM", dev->name, addr);
	rcu_read_unlock();
	return err;
}

/**
 * vnet_bridge_flush_fdb - "bridge fdb flush dev VNET self [brport PORT]"
 * @tb: attributes of the request
 * @dev: netdev of the vnet
 * @extack: where a refusal is explained
 *
 * What was learned is forgotten; what was set stays.
 *
 * Context: Process, RTNL held.
 * Return: 0, -EINVAL for a port that is none, -EOPNOTSUPP for a choice by anything else.
 */
int vnet_bridge_flush_fdb(struct nlattr *tb[], struct net_device *dev,
			  struct netlink_ext_ack *extack)
{
	struct vnet *vnet = vnet_of(dev);
	struct vnet_port *port = NULL;
	int i;

	for (i = 0; i <= NDA_MAX; i++) {
		if (!tb[i] || i == NDA_IFINDEX)
			continue;
		VNET_REFUSE_ATTR(extack, tb[i],
				 "a flush is of all that a vnet has learned, or of one port's");
		return -EOPNOTSUPP;
	}
	if (tb[NDA_IFINDEX])
		port = bridge_fdb_port(vnet, tb, extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	vnet_fdb_flush(vnet, port, VNET_FDB_FLUSH_LEARNED);
	return 0;
}
