// SPDX-License-Identifier: GPL-2.0
/* The topology change machine (IEEE 802.1D-2004 17.31). */
#include "rstp.h"

static bool topology_is_active(const struct vnet_rstp_port *port)
{
	return (port->role == VNET_PORT_ROLE_ROOT || port->role == VNET_PORT_ROLE_DESIGNATED) &&
	       port->forward && !port->oper_edge;
}

/* newTcWhile() (17.21.7) */
static void topology_start(const struct vnet_rstp *bridge, struct vnet_rstp_port *port)
{
	if (port->tc_while)
		return;
	if (port->send_rstp) {
		port->tc_while = port->designated_times.hello_time + VNET_RSTP_SECOND;
		port->new_info = true;
	} else {
		port->tc_while = bridge->root_times.max_age + bridge->root_times.forward_delay;
	}
}

/* setTcPropTree() (17.21.18), at the next turn */
static void topology_propagate(struct vnet_rstp *bridge, struct vnet_rstp_port *port)
{
	if (bridge->tc_from && bridge->tc_from != port)
		bridge->tc_all = true;
	bridge->tc_from = port;
}

static void topology_forget(struct vnet_rstp_port *port)
{
	port->rcvd_tc = false;
	port->rcvd_tcn = false;
	port->rcvd_tc_ack = false;
	port->tc_prop = false;
}

static bool topology_active(struct vnet_rstp *bridge, struct vnet_rstp_port *port)
{
	if (!topology_is_active(port)) {
		port->tcm = VNET_RSTP_TCM_LEARNING;
		return true;
	}
	if (port->rcvd_tcn || port->rcvd_tc) {
		if (port->rcvd_tcn)
			topology_start(bridge, port);
		port->rcvd_tcn = false;
		port->rcvd_tc = false;
		if (port->role == VNET_PORT_ROLE_DESIGNATED)
			port->tc_ack = true;
		topology_propagate(bridge, port);
		return true;
	}
	if (port->tc_prop) {
		topology_start(bridge, port);
		port->flush = true;
		port->tc_prop = false;
		return true;
	}
	if (port->rcvd_tc_ack) {
		port->tc_while = 0;
		port->rcvd_tc_ack = false;
	}
	return false;
}

/**
 * vnet_rstp_turn_topology - one turn of the topology change machine
 * @bridge: the bridge
 * @port: the port
 *
 * Context: Any.
 * Return: True if something has changed, so that there is to be another turn.
 */
bool vnet_rstp_turn_topology(struct vnet_rstp *bridge, struct vnet_rstp_port *port)
{
	switch (port->tcm) {
	case VNET_RSTP_TCM_ACTIVE:
		return topology_active(bridge, port);
	case VNET_RSTP_TCM_LEARNING:
		if (topology_is_active(port)) {
			topology_start(bridge, port);
			topology_propagate(bridge, port);
			port->new_info = true;
			port->tcm = VNET_RSTP_TCM_ACTIVE;
			return true;
		}
		topology_forget(port);
		if (port->learn || port->role == VNET_PORT_ROLE_ROOT ||
		    port->role == VNET_PORT_ROLE_DESIGNATED)
			return false;
		port->flush = true;
		port->tc_while = 0;
		port->tc_ack = false;
		port->tcm = VNET_RSTP_TCM_INACTIVE;
		return true;
	case VNET_RSTP_TCM_INACTIVE:
		topology_forget(port);
		if (!port->learn)
			return false;
		port->tcm = VNET_RSTP_TCM_LEARNING;
		return true;
	}
	return false;
}
