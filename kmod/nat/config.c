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
	return 0;
}

/**
 * vnet_nat_close - switch NAT off
 * @vnet: the vnet, whose packets do not reach vnet_nat_out() any more
 *
 * The table stays for the next vnet, and ends with the namespace.
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_nat_close(struct vnet *vnet)
{
	struct net *net = dev_net(vnet->dev);

	ASSERT_RTNL();
	vnet_forward_flush(vnet);
	vnet_nat_flush(vnet);
	/* Packets from outside may have made sessions of mappings until then. */
	synchronize_net();
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
 * vnet_nat_flush_port - end all sessions of guests behind a port
 * @port: the port
 *
 * Context: Process, RTNL held.
 */
void vnet_nat_flush_port(struct vnet_port *port)
{
	if (READ_ONCE(port->sessions))
		nat_flush(dev_net(port->vnet->dev), &(struct vnet_session_filter){ .port = port });
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
