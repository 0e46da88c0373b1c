// SPDX-License-Identifier: GPL-2.0
/* NAT of a vnet switched on and off, and its state ended for a reason. */
#include <linux/rtnetlink.h>

#include "../notify.h"
#include "../vnet.h"
#include "door.h"
#include "forward.h"
#include "nat.h"
#include "session.h"
#include "table.h"

/**
 * vnet_nat_init - settings that a new vnet has
 * @vnet: the vnet
 *
 * Context: Process.
 */
void vnet_nat_init(struct vnet *vnet)
{
	vnet->nat.filtering = VNET_FILTERING_ADDRESS_DEPENDENT;
	vnet->nat.max_sessions = VNET_NAT_DEFAULT_SESSIONS;
	vnet->nat.max_mappings = VNET_NAT_DEFAULT_MAPPINGS;
#define X(timeout, seconds) vnet->nat.timeouts[timeout] = seconds;
	VNET_NAT_TIMEOUTS(X)
#undef X
}

/**
 * vnet_nat_exit - nothing of a vnet may be left
 * @vnet: the vnet, whose gateway is closed
 *
 * Context: Process, RTNL held.
 */
void vnet_nat_exit(struct vnet *vnet)
{
	WARN_ON_ONCE(vnet->nat.sessions || vnet->nat.mappings);
}

/* From here on sessions of the vnet, or of the port, are made, or are not made any more. */
static void nat_switch(struct vnet_nat_table *table, bool *which, bool value)
{
	spin_lock_bh(&table->lock);
	*which = value;
	spin_unlock_bh(&table->lock);
}

/**
 * vnet_nat_open - switch NAT on
 * @vnet: the vnet
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held. Sleeps.
 * Return: 0 or a negative error; nothing is changed then.
 */
int vnet_nat_open(struct vnet *vnet, struct netlink_ext_ack *extack)
{
	struct net *net = dev_net(vnet->dev);
	struct vnet_net *vnet_net_state = vnet_net(net);
	struct vnet_nat_table *table;
	int err;

	ASSERT_RTNL();
	if (!vnet_nat_table_rtnl(net)) {
		table = vnet_nat_table_alloc(net);
		if (!table)
			return -ENOMEM;
		rcu_assign_pointer(vnet_net_state->table, table);
	}
	if (!vnet_net_state->n_nat) {
		err = vnet_nat_door_open(net, extack);
		if (err)
			return err;
	}
	vnet_net_state->n_nat++;
	nat_switch(vnet_nat_table_rtnl(net), &vnet->nat.on, true);
	return 0;
}

/**
 * vnet_nat_close - switch NAT off
 * @vnet: the vnet
 *
 * The table stays for the next vnet, and ends with the namespace.
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_nat_close(struct vnet *vnet)
{
	struct net *net = dev_net(vnet->dev);

	ASSERT_RTNL();
	nat_switch(vnet_nat_table_rtnl(net), &vnet->nat.on, false);
	vnet_forward_flush(vnet);
	vnet_nat_flush(vnet);
	if (!--vnet_net(net)->n_nat)
		vnet_nat_door_close(net);
}

static void nat_flush(struct net *net, const struct vnet_session_filter *filter)
{
	struct vnet_nat_table *table = vnet_nat_table_rtnl(net);

	if (table)
		vnet_session_flush(table, filter);
}

/**
 * vnet_nat_flush - end all sessions of a vnet
 * @vnet: the vnet
 *
 * Context: Process, RTNL held.
 */
void vnet_nat_flush(struct vnet *vnet)
{
	nat_flush(dev_net(vnet->dev), &(struct vnet_session_filter){ .vnet = vnet });
}

/**
 * vnet_nat_close_port - end all sessions of guests behind a port for good
 * @port: the port
 *
 * Packets from outside can make sessions of its mappings until this returns, and none
 * afterwards.
 *
 * Context: Process, RTNL held.
 */
void vnet_nat_close_port(struct vnet_port *port)
{
	struct vnet_nat_table *table = vnet_nat_table_rtnl(dev_net(port->vnet->dev));

	if (!table)
		return;
	nat_switch(table, &port->leaving, true);
	if (port->sessions)
		vnet_session_flush(table, &(struct vnet_session_filter){ .port = port });
}

/**
 * vnet_nat_flush_addr - the host has lost an address
 * @net: the namespace
 * @addr: the address
 *
 * Context: Process, RTNL held.
 */
void vnet_nat_flush_addr(struct net *net, __be32 addr)
{
	struct vnet_nat_table *table = vnet_nat_table_rtnl(net);

	if (!table)
		return;
	vnet_session_flush(table, &(struct vnet_session_filter){ .external_addr = addr });
	vnet_external_del(table, addr);
}
