// SPDX-License-Identifier: GPL-2.0
/*
 * Whether a port takes and gives frames: its state in a spanning tree, and what has blocked it.
 *
 * Packets look at one bit, VNET_PORT_FLAG_STOPPED, in a word that they look at anyway.
 */
#include "port_state.h"

#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "fdb.h"
#include "notify.h"
#include "refuse.h"
#include "trace.h"
#include "vnet.h"

/**
 * vnet_port_learns - are addresses learned on a port?
 * @port: the port
 *
 * What the switch "learning" says is another question.
 *
 * Context: Any.
 * Return: True if its state lets them be.
 */
bool vnet_port_learns(const struct vnet_port *port)
{
	if (likely(!vnet_port_has(port, VNET_PORT_FLAG_STOPPED)))
		return true;
	return !READ_ONCE(port->blocked_by) && READ_ONCE(port->state) == VNET_PORT_STATE_LEARNING;
}

/**
 * vnet_port_state - the state of a port as people are to see it
 * @port: the port
 *
 * Context: Any.
 * Return: enum vnet_port_state; blocking where something has blocked it.
 */
u8 vnet_port_state(const struct vnet_port *port)
{
	return READ_ONCE(port->blocked_by) ? VNET_PORT_STATE_BLOCKING : READ_ONCE(port->state);
}

/* The bit that packets look at follows. What was learned behind a port that stops is forgotten. */
static void state_update(struct vnet_port *port)
{
	bool learned = vnet_port_learns(port);

	lockdep_assert_held(&port->vnet->state_lock);
	assign_bit(VNET_PORT_FLAG_STOPPED, &port->flags,
		   port->blocked_by || port->state != VNET_PORT_STATE_FORWARDING);
	trace_vnet_port_state(port);
	if (learned && !vnet_port_learns(port))
		vnet_fdb_flush(port->vnet, port, VNET_FDB_FLUSH_LEARNED);
}

static void state_tell(struct vnet_port *port)
{
	struct vnet_notice notice = {
		.command = VNET_CMD_PORT_NEW_NTF,
		.vnet = port->vnet,
		.port = port,
	};

	vnet_notify(&notice);
}

/**
 * vnet_port_set_state - a spanning tree, or who runs one, has decided
 * @port: the port
 * @state: enum vnet_port_state
 *
 * Context: Any.
 */
void vnet_port_set_state(struct vnet_port *port, u8 state)
{
	spin_lock_bh(&port->vnet->state_lock);
	WRITE_ONCE(port->state, state);
	state_update(port);
	spin_unlock_bh(&port->vnet->state_lock);
	state_tell(port);
}

/**
 * vnet_port_block - a port shall take and give no frames, whatever its state is
 * @port: the port
 * @blocker: what blocks it
 *
 * Context: Any.
 * Return: True if it was not blocked before.
 */
bool vnet_port_block(struct vnet_port *port, enum vnet_blocker blocker)
{
	bool first;

	spin_lock_bh(&port->vnet->state_lock);
	first = !port->blocked_by;
	if (first) {
		WRITE_ONCE(port->blocked_by, blocker);
		state_update(port);
	}
	spin_unlock_bh(&port->vnet->state_lock);
	if (first)
		state_tell(port);
	return first;
}

/**
 * vnet_port_unblock - a port may take and give frames again, if its state lets it
 * @port: the port
 * @blocker: what blocked it; nothing happens if something else did
 *
 * Context: Any.
 */
void vnet_port_unblock(struct vnet_port *port, enum vnet_blocker blocker)
{
	bool was;

	spin_lock_bh(&port->vnet->state_lock);
	was = port->blocked_by == blocker;
	if (was) {
		WRITE_ONCE(port->blocked_by, VNET_BLOCKER_NONE);
		state_update(port);
	}
	spin_unlock_bh(&port->vnet->state_lock);
	if (was)
		state_tell(port);
}

/**
 * vnet_port_check_state - can the state of a port be changed so?
 * @port: the port
 * @attrs: attribute set "port"
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0, or -EOPNOTSUPP for the host adapter.
 */
int vnet_port_check_state(const struct vnet_port *port, struct nlattr *attrs[],
			  struct netlink_ext_ack *extack)
{
	struct nlattr *state = attrs[VNET_PORT_STATE];

	ASSERT_RTNL();
	if (!state)
		return 0;
	if (port->kind == VNET_PORT_KIND_HOST) {
		VNET_REFUSE_ATTR(extack, state, "the host adapter %s has no state: switch it off",
				 port->dev->name);
		return -EOPNOTSUPP;
	}
	return 0;
}

/**
 * vnet_port_apply_state - change the state of a port
 * @port: the port
 * @attrs: attribute set "port", checked by vnet_port_check_state()
 *
 * Who sets the state to forwarding, or switches the guard off, has looked after what has
 * blocked the port.
 *
 * Context: Process, RTNL held.
 */
void vnet_port_apply_state(struct vnet_port *port, struct nlattr *attrs[])
{
	struct nlattr *state = attrs[VNET_PORT_STATE], *guard = attrs[VNET_PORT_GUARD];

	ASSERT_RTNL();
	if (attrs[VNET_PORT_HORIZON]) {
		WRITE_ONCE(port->horizon, nla_get_u16(attrs[VNET_PORT_HORIZON]));
		assign_bit(VNET_PORT_FLAG_HORIZON, &port->flags, port->horizon);
	}
	if (guard && !nla_get_u8(guard))
		vnet_port_unblock(port, VNET_BLOCKER_GUARD);
	if (!state)
		return;
	if (nla_get_u8(state) == VNET_PORT_STATE_FORWARDING)
		vnet_port_unblock(port, READ_ONCE(port->blocked_by));
	if (!port->stp.joined)
		vnet_port_set_state(port, nla_get_u8(state));
}
