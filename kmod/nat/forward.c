// SPDX-License-Identifier: GPL-2.0
/* Static inbound rules: which of the host's ports are guests' ports. */
#include "forward.h"

#include <linux/bitmap.h>
#include <linux/in.h>
#include <linux/rtnetlink.h>

#include "../gateway.h"
#include "../notify.h"
#include "../refuse.h"
#include "../vnet.h"
#include "portset.h"
#include "session.h"
#include "socket.h"
#include "table.h"

static void forward_notify(struct vnet_forward *forward, u8 command)
{
	struct vnet_notice notice = {.command = command, .vnet = forward->vnet, .forward = forward};

	vnet_net_changed(dev_net(forward->vnet->dev));
	vnet_notify(&notice);
}

static bool forward_overlaps(const struct vnet_forward_config *a,
			     const struct vnet_forward_config *b)
{
	return a->proto == b->proto && a->first <= b->last && b->first <= a->last &&
	       (!a->addr || !b->addr || a->addr == b->addr);
}

static bool forward_in_portset(const struct vnet_forward_config *config)
{
	u32 port;

	for (port = config->first; port <= config->last; port++)
		if (vnet_portset_contains(port))
			return true;
	return false;
}

static int forward_check_sockets(struct vnet *vnet, const struct vnet_forward_config *config,
				 struct netlink_ext_ack *extack)
{
	struct net *net = dev_net(vnet->dev);
	u32 port;

	for (port = config->first; port <= config->last; port++) {
		if (!vnet_socket_owns(net, config->addr, config->proto, port))
			continue;
		VNET_REFUSE(extack, "a socket of the host waits on %s port %u already",
			    config->proto == IPPROTO_TCP ? "TCP" : "UDP", port);
		return -EADDRINUSE;
	}
	return 0;
}

/* The numbers by themselves, and those of the vnet. */
static int forward_check(struct vnet *vnet, const struct vnet_forward_config *config,
			 struct netlink_ext_ack *extack)
{
	struct vnet_gateway *gateway = rtnl_dereference(vnet->gateway);

	if (vnet_forward_row(config->proto) < 0) {
		VNET_REFUSE(extack, "only TCP (6) and UDP (17) can be forwarded, not protocol %u",
			    config->proto);
		return -EINVAL;
	}
	if (config->first > config->last ||
	    config->to_port + (config->last - config->first) > U16_MAX) {
		VNET_REFUSE(extack, "ports %u-%u to %u are no range of ports", config->first,
			    config->last, config->to_port);
		return -EINVAL;
	}
	if (!gateway || !gateway->config.nat) {
		VNET_REFUSE(extack, "vnet %s has no NAT to forward through", vnet->dev->name);
		return -EOPNOTSUPP;
	}
	if (!vnet_gateway_has(gateway, config->to_addr) ||
	    config->to_addr == gateway->config.addr) {
		VNET_REFUSE(extack, "%pI4 is no guest's address in the subnet of vnet %s",
			    &config->to_addr, vnet->dev->name);
		return -EINVAL;
	}
	if (forward_in_portset(config)) {
		VNET_REFUSE(extack,
			    "ports %u-%u meet those that NAT gives to guests (%u-%u, %u-%u)",
			    config->first, config->last, VNET_PORTSET_LOW_FIRST,
			    VNET_PORTSET_LOW_LAST, VNET_PORTSET_HIGH_FIRST, VNET_PORTSET_HIGH_LAST);
		return -EINVAL;
	}
	return 0;
}

/* Those of the namespace: all vnets share the host's ports. */
static int forward_check_others(struct vnet *vnet, const struct vnet_forward_config *config,
				struct netlink_ext_ack *extack)
{
	struct vnet_nat_table *table = vnet_nat_table_rtnl(dev_net(vnet->dev));
	struct vnet_forward *other;
	u32 count = 0;

	list_for_each_entry(other, &table->forwards, node) {
		count++;
		if (config->handle && other->vnet == vnet &&
		    other->config.handle == config->handle) {
			VNET_REFUSE(extack, "vnet %s has a forward %u already", vnet->dev->name,
				    config->handle);
			return -EEXIST;
		}
		if (forward_overlaps(config, &other->config)) {
			VNET_REFUSE(extack, "forward %u of vnet %s has ports %u-%u already",
				    other->config.handle, other->vnet->dev->name,
				    other->config.first, other->config.last);
			return -EEXIST;
		}
	}
	if (count >= VNET_FORWARDS_MAX) {
		VNET_REFUSE(extack, "there are %u forwards, which is all that there may be", count);
		return -ENOSPC;
	}
	return 0;
}

static u32 forward_next_handle(struct vnet *vnet)
{
	do {
		if (!++vnet->nat.next_handle)
			vnet->nat.next_handle = 1;
	} while (vnet_forward_by_handle(vnet, vnet->nat.next_handle));
	return vnet->nat.next_handle;
}

static void forward_mark_ports(const struct vnet_forward *forward, unsigned long *ports)
{
	bitmap_set(ports, forward->config.first, forward->config.last - forward->config.first + 1);
}

/*
 * Forwards are gone: what no other one has is unmarked, a word at a time, so that readers
 * never miss a bit. Without memory some bits stay, which costs their packets a look.
 */
static void forward_unmark_ports(struct vnet_nat_table *table, int row)
{
	unsigned long *fresh = bitmap_zalloc(VNET_NAT_PORTS, GFP_KERNEL);
	struct vnet_forward *forward;
	unsigned int i;

	if (!fresh)
		return;
	list_for_each_entry(forward, &table->forwards, node)
		if (vnet_forward_row(forward->config.proto) == row)
			forward_mark_ports(forward, fresh);
	for (i = 0; i < BITS_TO_LONGS(VNET_NAT_PORTS); i++)
		WRITE_ONCE(table->forward_ports[row][i], fresh[i]);
	bitmap_free(fresh);
}

/**
 * vnet_forward_add - make a forward
 * @vnet: vnet of the guest
 * @config: its settings
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: The forward, or an error pointer; nothing is changed then.
 */
struct vnet_forward *vnet_forward_add(struct vnet *vnet, const struct vnet_forward_config *config,
				      struct netlink_ext_ack *extack)
{
	struct vnet_nat_table *table = vnet_nat_table_rtnl(dev_net(vnet->dev));
	struct vnet_forward *forward;
	int err;

	ASSERT_RTNL();
	err = forward_check(vnet, config, extack) ?:
	      forward_check_others(vnet, config, extack) ?:
	      forward_check_sockets(vnet, config, extack);
	if (err)
		return ERR_PTR(err);
	forward = kzalloc(sizeof(*forward), GFP_KERNEL_ACCOUNT);
	if (!forward)
		return ERR_PTR(-ENOMEM);
	forward->vnet = vnet;
	forward->config = *config;
	if (!config->handle)
		forward->config.handle = forward_next_handle(vnet);
	list_add_tail_rcu(&forward->node, &table->forwards);
	forward_mark_ports(forward, table->forward_ports[vnet_forward_row(config->proto)]);
	forward_notify(forward, VNET_CMD_FORWARD_NEW_NTF);
	return forward;
}

static void forward_unlink(struct vnet_forward *forward, struct list_head *doomed)
{
	list_del_rcu(&forward->node);
	list_add_tail(&forward->doomed, doomed);
}

/* One grace period for all of them: packets that found one may make sessions until then. */
static void forwards_bury(struct vnet_nat_table *table, struct list_head *doomed,
			  const struct vnet_session_filter *sessions)
{
	struct vnet_forward *forward, *next;

	if (list_empty(doomed))
		return;
	forward_unmark_ports(table, 0);
	forward_unmark_ports(table, 1);
	synchronize_net();
	vnet_session_flush(table, sessions);
	list_for_each_entry_safe(forward, next, doomed, doomed) {
		forward_notify(forward, VNET_CMD_FORWARD_DEL_NTF);
		kfree_rcu(forward, rcu);
	}
}

/**
 * vnet_forward_del - delete a forward and end its sessions
 * @forward: the forward
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_forward_del(struct vnet_forward *forward)
{
	struct vnet_nat_table *table = vnet_nat_table_rtnl(dev_net(forward->vnet->dev));
	struct vnet_session_filter sessions = { .forward = forward };
	LIST_HEAD(doomed);

	ASSERT_RTNL();
	forward_unlink(forward, &doomed);
	forwards_bury(table, &doomed, &sessions);
}

/**
 * vnet_forward_flush - delete all forwards of a vnet, and end its sessions
 * @vnet: the vnet
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_forward_flush(struct vnet *vnet)
{
	struct vnet_nat_table *table = vnet_nat_table_rtnl(dev_net(vnet->dev));
	struct vnet_session_filter sessions = { .vnet = vnet };
	struct vnet_forward *forward, *next;
	LIST_HEAD(doomed);

	if (!table)
		return;
	list_for_each_entry_safe(forward, next, &table->forwards, node)
		if (forward->vnet == vnet)
			forward_unlink(forward, &doomed);
	forwards_bury(table, &doomed, &sessions);
}

/**
 * vnet_forward_by_handle - find a forward
 * @vnet: the vnet
 * @handle: its number
 *
 * Context: RTNL held.
 * Return: The forward or NULL.
 */
struct vnet_forward *vnet_forward_by_handle(struct vnet *vnet, u32 handle)
{
	struct vnet_nat_table *table = vnet_nat_table_rtnl(dev_net(vnet->dev));
	struct vnet_forward *forward;

	if (!table)
		return NULL;
	list_for_each_entry(forward, &table->forwards, node)
		if (forward->vnet == vnet && forward->config.handle == handle)
			return forward;
	return NULL;
}

/**
 * vnet_forward_outside - is there a forward to an address outside of a subnet?
 * @vnet: the vnet
 * @subnet: network address
 * @mask: netmask
 *
 * Context: RTNL held.
 * Return: One such forward or NULL.
 */
struct vnet_forward *vnet_forward_outside(struct vnet *vnet, __be32 subnet, __be32 mask)
{
	struct vnet_nat_table *table = vnet_nat_table_rtnl(dev_net(vnet->dev));
	struct vnet_forward *forward;

	if (!table)
		return NULL;
	list_for_each_entry(forward, &table->forwards, node)
		if (forward->vnet == vnet && ((forward->config.to_addr ^ subnet) & mask))
			return forward;
	return NULL;
}

/**
 * vnet_forward_match_rcu - which forward is a packet for?
 * @table: NAT state
 * @tuple: the packet, from outside
 *
 * Context: RCU read side.
 * Return: The forward or NULL.
 */
struct vnet_forward *vnet_forward_match_rcu(struct vnet_nat_table *table,
					    const struct vnet_tuple *tuple)
{
	int row = vnet_forward_row(tuple->proto);
	u16 port = ntohs(tuple->dport);
	struct vnet_forward *forward;

	if (row < 0 || !test_bit(port, table->forward_ports[row]))
		return NULL;
	list_for_each_entry_rcu(forward, &table->forwards, node) {
		const struct vnet_forward_config *config = &forward->config;

		if (config->proto == tuple->proto && config->first <= port &&
		    port <= config->last && (!config->addr || config->addr == tuple->daddr))
			return forward;
	}
	return NULL;
}
