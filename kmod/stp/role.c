// SPDX-License-Identifier: GPL-2.0
/* Roles of ports: how they are selected and entered (IEEE 802.1D-2004 17.28 and 17.29). */
#include "rstp.h"

#include <linux/etherdevice.h>
#include <linux/minmax.h>
#include <linux/string.h>

/**
 * vnet_stp_vector_cmp - which priority vector is better?
 * @a: one
 * @b: the other
 *
 * Return: Less than 0 if @a is, more than 0 if @b is, 0 if they are the same.
 */
int vnet_stp_vector_cmp(const struct vnet_stp_vector *a, const struct vnet_stp_vector *b)
{
	if (a->root != b->root)
		return a->root < b->root ? -1 : 1;
	if (a->cost != b->cost)
		return a->cost < b->cost ? -1 : 1;
	if (a->bridge != b->bridge)
		return a->bridge < b->bridge ? -1 : 1;
	return a->port == b->port ? 0 : a->port < b->port ? -1 : 1;
}

/* Two bridges are the same if their addresses are; the priority does not count. */
static bool role_is_own(const struct vnet_rstp *bridge, u64 id)
{
	return !((bridge->id ^ id) << 16);
}

/* The path to the root by a port, if it is one. */
static bool role_root_path(const struct vnet_rstp *bridge, const struct vnet_rstp_port *port,
			   struct vnet_stp_vector *path)
{
	if (port->info_is != VNET_RSTP_INFO_RECEIVED || port->restricted ||
	    role_is_own(bridge, port->vector.bridge))
		return false;
	*path = port->vector;
	/* A hostile neighbour may say any cost. */
	path->cost = path->cost > U32_MAX - port->cost ? U32_MAX : path->cost + port->cost;
	return true;
}

/* updtRolesTree() a) to d): who is the root, and by which port. */
static void role_select_root(struct vnet_rstp *bridge)
{
	struct vnet_stp_vector best = { .root = bridge->id, .bridge = bridge->id }, path;
	struct vnet_rstp_port *port;
	int better;

	bridge->root_port = NULL;
	list_for_each_entry(port, &bridge->ports, node) {
		if (!role_root_path(bridge, port, &path))
			continue;
		better = vnet_stp_vector_cmp(&path, &best);
		if (better < 0 ||
		    (!better && bridge->root_port && port->id < bridge->root_port->id)) {
			best = path;
			bridge->root_port = port;
		}
	}
	bridge->root = best;
	bridge->root_times = bridge->times;
	if (!bridge->root_port)
		return;
	bridge->root_times = bridge->root_port->times;
	bridge->root_times.message_age += VNET_RSTP_SECOND;
}

/* updtRolesTree() e) to l), for one port. */
static void role_select(struct vnet_rstp *bridge, struct vnet_rstp_port *port)
{
	bool ours = vnet_stp_vector_cmp(&port->designated, &port->vector) < 0;

	port->updt_info = false;
	switch (port->info_is) {
	case VNET_RSTP_INFO_DISABLED:
		port->selected_role = VNET_PORT_ROLE_DISABLED;
		return;
	case VNET_RSTP_INFO_AGED:
		port->selected_role = VNET_PORT_ROLE_DESIGNATED;
		port->updt_info = true;
		return;
	case VNET_RSTP_INFO_MINE:
		port->selected_role = VNET_PORT_ROLE_DESIGNATED;
		port->updt_info = vnet_stp_vector_cmp(&port->designated, &port->vector) ||
				  memcmp(&port->designated_times, &port->times,
					 sizeof(port->times));
		return;
	}
	if (port == bridge->root_port) {
		port->selected_role = VNET_PORT_ROLE_ROOT;
	} else if (ours) {
		port->selected_role = VNET_PORT_ROLE_DESIGNATED;
		port->updt_info = true;
	} else if (role_is_own(bridge, port->vector.bridge)) {
		port->selected_role = VNET_PORT_ROLE_BACKUP;
	} else {
		port->selected_role = VNET_PORT_ROLE_ALTERNATE;
	}
}

/* UPDATE of the port information machine: what we say becomes what is known. */
static void role_update(struct vnet_rstp_port *port)
{
	port->proposing = false;
	port->proposed = false;
	port->agreed = port->agreed && port->info_is == VNET_RSTP_INFO_MINE &&
		       vnet_stp_vector_cmp(&port->designated, &port->vector) <= 0;
	port->synced = port->synced && port->agreed;
	port->vector = port->designated;
	port->times = port->designated_times;
	port->updt_info = false;
	port->info_is = VNET_RSTP_INFO_MINE;
	port->new_info = true;
}

/**
 * vnet_rstp_select - select the roles of all ports
 * @bridge: the bridge
 *
 * Context: Any.
 */
void vnet_rstp_select(struct vnet_rstp *bridge)
{
	struct vnet_rstp_port *port;

	bridge->reselect = false;
	role_select_root(bridge);
	list_for_each_entry(port, &bridge->ports, node) {
		port->designated = (struct vnet_stp_vector){
			.root = bridge->root.root,
			.cost = bridge->root.cost,
			.bridge = bridge->id,
			.port = port->id,
		};
		port->designated_times = bridge->root_times;
		if (bridge->rapid)
			port->designated_times.hello_time = bridge->times.hello_time;
		role_select(bridge, port);
		if (port->updt_info)
			role_update(port);
	}
}

/* forwardDelay (17.20.5): a neighbour that knows RSTP answers within its hello time. */
static u16 role_delay(const struct vnet_rstp_port *port)
{
	return port->send_rstp ? port->designated_times.hello_time :
				 port->designated_times.forward_delay;
}

static bool role_re_rooted(const struct vnet_rstp *bridge, const struct vnet_rstp_port *root)
{
	const struct vnet_rstp_port *port;

	list_for_each_entry(port, &bridge->ports, node)
		if (port != root && port->rr_while)
			return false;
	return true;
}

static bool role_disabled(struct vnet_rstp_port *port)
{
	u16 max_age = port->designated_times.max_age;
	bool turned = port->fd_while != max_age || port->sync || port->re_root || !port->synced ||
		      port->learn || port->forward;

	port->learn = false;
	port->forward = false;
	port->fd_while = max_age;
	port->synced = true;
	port->rr_while = 0;
	port->sync = false;
	port->re_root = false;
	return turned;
}

/* The neighbour's proposal, for the roles that look towards the root (17.29.2, 17.29.4). */
static bool role_answer(struct vnet_rstp *bridge, struct vnet_rstp_port *port)
{
	if (port->proposed && !port->agree) {
		bridge->sync_all = true;
		port->proposed = false;
		return true;
	}
	if ((bridge->synced && !port->agree) || (port->proposed && port->agree)) {
		port->proposed = false;
		port->sync = false;
		port->agree = true;
		port->new_info = true;
		return true;
	}
	return false;
}

static bool role_root(struct vnet_rstp *bridge, struct vnet_rstp_port *port)
{
	bool now;

	port->rr_while = port->designated_times.forward_delay;
	if (role_answer(bridge, port))
		return true;
	if (!port->forward && !port->re_root) {
		bridge->re_root_all = true;
		port->re_root = true;
		return true;
	}
	if (port->re_root && port->forward) {
		port->re_root = false;
		return true;
	}
	if (port->forward)
		return false;
	now = !port->fd_while ||
	      (bridge->rapid && !port->rb_while && role_re_rooted(bridge, port));
	if (!now)
		return false;
	if (port->learn) {
		port->fd_while = 0;
		port->forward = true;
	} else {
		port->fd_while = role_delay(port);
		port->learn = true;
	}
	return true;
}

/* May it go on: to learn, or to forward? */
static bool role_may_advance(const struct vnet_rstp_port *port)
{
	return (!port->fd_while || port->agreed || port->oper_edge) &&
	       (!port->rr_while || !port->re_root) && !port->sync && !port->forward;
}

static bool role_must_discard(const struct vnet_rstp_port *port)
{
	return ((port->sync && !port->synced) || (port->re_root && port->rr_while) ||
		port->disputed) &&
	       !port->oper_edge && (port->learn || port->forward);
}

static bool role_designated(struct vnet_rstp_port *port)
{
	if (!port->forward && !port->agreed && !port->proposing && !port->oper_edge) {
		port->proposing = true;
		port->edge_delay_while = VNET_RSTP_MIGRATE_TIME;
		port->new_info = true;
		return true;
	}
	if ((!port->synced && ((!port->learn && !port->forward) || port->agreed ||
			       port->oper_edge)) ||
	    (port->sync && port->synced)) {
		port->rr_while = 0;
		port->synced = true;
		port->sync = false;
		return true;
	}
	if (!port->rr_while && port->re_root) {
		port->re_root = false;
		return true;
	}
	if (role_must_discard(port)) {
		port->learn = false;
		port->forward = false;
		port->disputed = false;
		port->fd_while = role_delay(port);
		return true;
	}
	if (!role_may_advance(port))
		return false;
	if (port->learn) {
		port->forward = true;
		port->fd_while = 0;
		port->agreed = port->send_rstp;
	} else {
		port->learn = true;
		port->fd_while = role_delay(port);
	}
	return true;
}

static bool role_alternate(struct vnet_rstp *bridge, struct vnet_rstp_port *port)
{
	u16 delay = role_delay(port), recent = 2 * port->designated_times.hello_time;

	if (role_answer(bridge, port))
		return true;
	/* Not a change, which would wake the others each time the clock runs. */
	port->fd_while = delay;
	if (port->role == VNET_PORT_ROLE_BACKUP)
		port->rb_while = recent;
	if (!port->sync && !port->re_root && port->synced && !port->learn && !port->forward)
		return false;
	port->learn = false;
	port->forward = false;
	port->synced = true;
	port->rr_while = 0;
	port->sync = false;
	port->re_root = false;
	return true;
}

/* The port gets the role that was selected for it. */
static bool role_enter(struct vnet_rstp_port *port)
{
	if (port->role == port->selected_role)
		return false;
	port->role = port->selected_role;
	switch (port->role) {
	case VNET_PORT_ROLE_DISABLED:
	case VNET_PORT_ROLE_ALTERNATE:
	case VNET_PORT_ROLE_BACKUP:
		port->learn = false;
		port->forward = false;
		port->synced = false;
		break;
	}
	return true;
}

/**
 * vnet_rstp_turn_port - one turn of the port role transition machine
 * @bridge: the bridge
 * @port: the port
 *
 * Learning and forwarding follow @port->learn and @port->forward at once, which makes the port
 * state transition machine (17.30) nothing.
 *
 * Context: Any.
 * Return: True if something has changed, so that there is to be another turn.
 */
bool vnet_rstp_turn_port(struct vnet_rstp *bridge, struct vnet_rstp_port *port)
{
	if (role_enter(port))
		return true;
	switch (port->role) {
	case VNET_PORT_ROLE_ROOT:
		return role_root(bridge, port);
	case VNET_PORT_ROLE_DESIGNATED:
		return role_designated(port);
	case VNET_PORT_ROLE_ALTERNATE:
	case VNET_PORT_ROLE_BACKUP:
		return role_alternate(bridge, port);
	}
	return role_disabled(port);
}
