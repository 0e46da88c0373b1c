// SPDX-License-Identifier: GPL-2.0
/* Netlink dumps: the walks over vnets, their ports and their tables. */
#include <linux/rtnetlink.h>
#include <net/sock.h>

#include "genl.h"
#include "hash.h"
#include "vnet.h"

/**
 * vnet_genl_begin - begin one object of a dump
 * @skb: message of the dump
 * @cb: the dump
 * @command: what the object is
 *
 * Context: Process.
 * Return: The header for genlmsg_end(), or NULL if the message is full.
 */
void *vnet_genl_begin(struct sk_buff *skb, struct netlink_callback *cb, u8 command)
{
	void *header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				   &vnet_genl_family, NLM_F_MULTI, command);

	if (header)
		genl_dump_check_consistent(cb, header);
	return header;
}

/**
 * vnet_genl_dump - walk the vnets of a dump
 * @skb: message of the dump
 * @cb: the dump; args[0] counts vnets, the other args are @each's, 0 when a vnet begins
 * @vnet_attr: number of the attribute that selects one vnet
 * @each: fills in the objects of a vnet
 *
 * Context: Process.
 * Return: Length of the message, or a negative error.
 */
int vnet_genl_dump(struct sk_buff *skb, struct netlink_callback *cb, int vnet_attr,
		   vnet_genl_each_t each)
{
	struct nlattr *attr = vnet_compat_dump_attrs(cb)[vnet_attr];
	struct net *net = sock_net(cb->skb->sk);
	struct vnet *vnet, *only = NULL;
	long index = 0;
	int err = 0;

	rtnl_lock();
	cb->seq = vnet_net(net)->generation;
	if (attr) {
		only = vnet_genl_find(net, attr, cb->extack);
		if (IS_ERR(only)) {
			err = PTR_ERR(only);
			goto unlock;
		}
	}
	list_for_each_entry(vnet, &vnet_net(net)->vnets, net_node) {
		if (index++ < cb->args[0] || (only && vnet != only))
			continue;
		err = each(skb, cb, vnet);
		if (err)
			break;
		cb->args[0] = index;
		cb->args[1] = 0;
		cb->args[2] = 0;
	}
unlock:
	rtnl_unlock();
	return err && err != -EMSGSIZE ? err : skb->len;
}

/* One object of a dump; a negative error, or 0 also for an object that is not to be in it. */
static int dump_object(struct sk_buff *skb, struct netlink_callback *cb, const struct vnet *vnet,
		       const struct vnet_genl_kind *kind, void *object)
{
	void *header = vnet_genl_begin(skb, cb, kind->command);
	int err;

	if (!header)
		return -EMSGSIZE;
	err = kind->fill(skb, cb, vnet, object);
	if (err) {
		genlmsg_cancel(skb, header);
		return err < 0 ? err : 0;
	}
	genlmsg_end(skb, header);
	return 0;
}

/**
 * vnet_genl_dump_ports - walk the ports of a vnet
 * @skb: message of the dump
 * @cb: the dump; args[1] counts ports
 * @vnet: the vnet
 * @kind: what is said about each port; its objects are ports
 *
 * Context: Process, RTNL held.
 * Return: 0, or -EMSGSIZE when the message is full.
 */
int vnet_genl_dump_ports(struct sk_buff *skb, struct netlink_callback *cb, struct vnet *vnet,
			 const struct vnet_genl_kind *kind)
{
	struct vnet_port *port;
	long index = 0;
	int err;

	list_for_each_entry(port, &vnet->ports, node) {
		if (index++ < cb->args[1])
			continue;
		err = dump_object(skb, cb, vnet, kind, port);
		if (err)
			return err;
		cb->args[1] = index;
	}
	return 0;
}

/* args[2] is the place in the chain. */
static int dump_chain(struct sk_buff *skb, struct netlink_callback *cb, const struct vnet *vnet,
		      const struct vnet_hash_table *table, const struct vnet_genl_kind *kind)
{
	struct vnet_hash_node *node;
	long index = 0;
	int err;

	vnet_hash_for_each_in_bucket_rcu(table, cb->args[1], node) {
		if (index++ < cb->args[2])
			continue;
		err = dump_object(skb, cb, vnet, kind, node);
		if (err)
			return err;
		cb->args[2] = index;
	}
	return 0;
}

/**
 * vnet_genl_dump_hash - walk a hash table
 * @skb: message of the dump
 * @cb: the dump; args[1] is the chain, args[2] the place in it
 * @vnet: the vnet whose objects are wanted
 * @hash: the table; when it grows meanwhile, objects may be missed or seen twice
 * @kind: what is said about each object; its objects are nodes of the table
 *
 * Context: Process, RTNL held.
 * Return: 0, or -EMSGSIZE when the message is full.
 */
int vnet_genl_dump_hash(struct sk_buff *skb, struct netlink_callback *cb, const struct vnet *vnet,
			const struct vnet_hash *hash, const struct vnet_genl_kind *kind)
{
	const struct vnet_hash_table *table;
	int err = 0;

	rcu_read_lock();
	table = rcu_dereference(hash->table);
	for (; cb->args[1] <= table->mask; cb->args[1]++, cb->args[2] = 0) {
		err = dump_chain(skb, cb, vnet, table, kind);
		if (err)
			break;
	}
	rcu_read_unlock();
	return err;
}
