// SPDX-License-Identifier: GPL-2.0
/*
 * The rapid spanning tree protocol (IEEE 802.1D-2004 clause 17): a bridge and its ports, what
 * they receive and send, and the clock.
 *
 * Links are taken to be point to point, as those of virtual switches and today's NICs are.
 */
#include "rstp.h"

#include <linux/minmax.h>
#include <linux/string.h>

/* Turns of the machines until they are left to the next run; they need about ten. */
#define RSTP_MAX_TURNS 64
/* Nothing is waited for longer than this. */
#define RSTP_MAX_WAIT (10 * VNET_RSTP_SECOND)

/**
 * vnet_rstp_init - a bridge without ports
 * @bridge: filled but for @id, @times, @rapid and @send
 *
 * Context: Any.
 */
void vnet_rstp_init(struct vnet_rstp *bridge)
{
	INIT_LIST_HEAD(&bridge->ports);
	bridge->reselect = true;
}

/**
 * vnet_rstp_add - a port more, not enabled
 * @bridge: the bridge
 * @port: the port, with @id, @cost, @edge and @restricted
 *
 * Context: Any.
 */
void vnet_rstp_add(struct vnet_rstp *bridge, struct vnet_rstp_port *port)
{
	struct vnet_rstp_port fresh = {
		.id = port->id,
		.cost = port->cost,
		.edge = port->edge,
		.restricted = port->restricted,
		.edge_delay_while = VNET_RSTP_MIGRATE_TIME,
	};

	*port = fresh;
	list_add_tail(&port->node, &bridge->ports);
	bridge->reselect = true;
}

/**
 * vnet_rstp_del - a port less
 * @bridge: the bridge
 * @port: the port
 *
 * Context: Any.
 */
void vnet_rstp_del(struct vnet_rstp *bridge, struct vnet_rstp_port *port)
{
	list_del(&port->node);
	if (bridge->tc_from == port)
		bridge->tc_from = NULL;
	bridge->root_port = NULL;
	bridge->reselect = true;
}

/* DISABLED of the port information machine (17.27). */
static void rstp_disable(struct vnet_rstp_port *port)
{
	port->info_is = VNET_RSTP_INFO_DISABLED;
	port->proposing = false;
	port->proposed = false;
	port->agree = false;
	port->agreed = false;
	port->disputed = false;
	port->new_info = false;
	port->rcvd_info_while = 0;
	port->edge_delay_while = VNET_RSTP_MIGRATE_TIME;
}

/**
 * vnet_rstp_enable - a port can send and receive frames, or cannot any more
 * @bridge: the bridge
 * @port: the port
 * @on: it can
 *
 * A port that no BPDU has come in by is an edge from the beginning, and forwards at once. One that
 * has heard a bridge is not taken for an edge before the bridge has been silent for a while.
 *
 * Context: Any.
 */
void vnet_rstp_enable(struct vnet_rstp *bridge, struct vnet_rstp_port *port, bool on)
{
	if (port->enabled == on)
		return;
	port->enabled = on;
	bridge->reselect = true;
	rstp_disable(port);
	if (!on)
		return;
	port->info_is = VNET_RSTP_INFO_AGED;
	port->oper_edge = port->edge == VNET_PORT_EDGE_ON ||
			  (port->edge == VNET_PORT_EDGE_AUTO && !port->heard);
	port->send_rstp = bridge->rapid;
	port->mdelay_while = VNET_RSTP_MIGRATE_TIME;
	port->tx_count = 0;
	port->hello_when = bridge->times.hello_time;
}

/**
 * vnet_rstp_set_edge - say whether a port is an edge
 * @port: the port
 * @edge: enum vnet_port_edge
 *
 * Context: Any.
 */
void vnet_rstp_set_edge(struct vnet_rstp_port *port, u8 edge)
{
	port->edge = edge;
	if (edge == VNET_PORT_EDGE_ON)
		port->oper_edge = port->oper_edge || !port->heard;
	else if (edge == VNET_PORT_EDGE_OFF)
		port->oper_edge = false;
}

/* The port protocol migration machine (17.24). */
static void rstp_sense(const struct vnet_rstp *bridge, struct vnet_rstp_port *port, bool rapid)
{
	if (port->mdelay_while || !bridge->rapid || port->send_rstp == rapid)
		return;
	port->send_rstp = rapid;
	port->mdelay_while = VNET_RSTP_MIGRATE_TIME;
}

/* updtRcvdInfoWhile() (17.21.23) */
static void rstp_keep(struct vnet_rstp_port *port)
{
	bool young = port->times.message_age + VNET_RSTP_SECOND <= port->times.max_age;

	port->rcvd_info_while = young ? 3 * port->times.hello_time : 0;
}

/* Superior and repeated information of the segment's designated port. */
static void rstp_record(struct vnet_rstp *bridge, struct vnet_rstp_port *port,
			const struct vnet_bpdu *bpdu, bool repeated)
{
	if (!repeated) {
		port->agreed = false;
		port->proposing = false;
		port->agree = port->agree && port->info_is == VNET_RSTP_INFO_RECEIVED &&
			      vnet_stp_vector_cmp(&bpdu->vector, &port->vector) <= 0;
		port->vector = bpdu->vector;
		port->times = bpdu->times;
		port->info_is = VNET_RSTP_INFO_RECEIVED;
		bridge->reselect = true;
	}
	port->proposed = port->proposed || bpdu->proposal;
	rstp_keep(port);
}

/* Is it from the port that has sent what is known? Priorities may have changed meanwhile. */
static bool rstp_same_sender(const struct vnet_rstp_port *port, const struct vnet_stp_vector *from)
{
	return !((port->vector.bridge ^ from->bridge) << 16) &&
	       !((port->vector.port ^ from->port) & 0xfff);
}

/* RECEIVE of the port information machine (17.27, 17.21.8). True if the BPDU counts. */
static bool rstp_take(struct vnet_rstp *bridge, struct vnet_rstp_port *port,
		      const struct vnet_bpdu *bpdu)
{
	int worse = vnet_stp_vector_cmp(&bpdu->vector, &port->vector);
	bool same = !worse && !memcmp(&bpdu->times, &port->times, sizeof(port->times));

	switch (bpdu->role) {
	case VNET_BPDU_ROLE_DESIGNATED:
		if (same && port->info_is == VNET_RSTP_INFO_RECEIVED) {
			rstp_record(bridge, port, bpdu, true);
			return true;
		}
		if (worse < 0 || rstp_same_sender(port, &bpdu->vector)) {
			rstp_record(bridge, port, bpdu, false);
			return true;
		}
		/* A neighbour that forwards against us does not hear what we say. */
		if (bpdu->type == VNET_BPDU_RST && bpdu->learning) {
			port->disputed = true;
			port->agreed = false;
		}
		return false;
	case VNET_BPDU_ROLE_ROOT:
	case VNET_BPDU_ROLE_ALTERNATE:
		if (worse < 0)
			return false;
		port->agreed = bridge->rapid && bpdu->agreement;
		if (port->agreed)
			port->proposing = false;
		return true;
	case VNET_BPDU_ROLE_UNKNOWN:
		break;
	}
	return false;
}

/**
 * vnet_rstp_receive - a BPDU has come in
 * @bridge: the bridge
 * @port: the port
 * @bpdu: the BPDU
 *
 * Context: Any.
 */
void vnet_rstp_receive(struct vnet_rstp *bridge, struct vnet_rstp_port *port,
		       const struct vnet_bpdu *bpdu)
{
	if (!port->enabled)
		return;
	port->heard = true;
	port->oper_edge = false;
	port->edge_delay_while = VNET_RSTP_MIGRATE_TIME;
	if (bpdu->type == VNET_BPDU_TCN) {
		rstp_sense(bridge, port, false);
		port->rcvd_tcn = true;
		return;
	}
	/* The port's own, from a segment that sends frames back (9.3.4). */
	if (bpdu->vector.bridge == bridge->id && bpdu->vector.port == port->id)
		return;
	rstp_sense(bridge, port, bpdu->type == VNET_BPDU_RST);
	if (!rstp_take(bridge, port, bpdu))
		return;
	port->rcvd_tc = port->rcvd_tc || bpdu->tc;
	port->rcvd_tc_ack = port->rcvd_tc_ack || bpdu->tc_ack;
}

static void rstp_pass(u16 *timer, u32 time)
{
	*timer -= min_t(u32, *timer, time);
}

static void rstp_elapse_port(struct vnet_rstp_port *port, u32 time, unsigned int seconds)
{
	rstp_pass(&port->edge_delay_while, time);
	rstp_pass(&port->fd_while, time);
	rstp_pass(&port->hello_when, time);
	rstp_pass(&port->mdelay_while, time);
	rstp_pass(&port->rb_while, time);
	rstp_pass(&port->rcvd_info_while, time);
	rstp_pass(&port->rr_while, time);
	rstp_pass(&port->tc_while, time);
	port->tx_count -= min_t(unsigned int, port->tx_count, seconds);
	if (port->hello_when)
		return;
	port->hello_when = port->designated_times.hello_time;
	port->new_info = port->new_info || port->role == VNET_PORT_ROLE_DESIGNATED ||
			 (port->role == VNET_PORT_ROLE_ROOT && port->tc_while);
}

/**
 * vnet_rstp_elapse - time has passed
 * @bridge: the bridge
 * @time: 1/100 s since the last call
 *
 * Context: Any.
 */
void vnet_rstp_elapse(struct vnet_rstp *bridge, u32 time)
{
	struct vnet_rstp_port *port;
	unsigned int seconds;

	time = min_t(u32, time, U16_MAX - VNET_RSTP_SECOND) + bridge->tx_credit;
	seconds = time / VNET_RSTP_SECOND;
	list_for_each_entry(port, &bridge->ports, node)
		if (port->enabled)
			rstp_elapse_port(port, time - bridge->tx_credit, seconds);
	bridge->tx_credit = time % VNET_RSTP_SECOND;
}

/* What one port has asked of the others comes to them, and whether all are synced is asked. */
static void rstp_spread(struct vnet_rstp *bridge)
{
	struct vnet_rstp_port *port;

	list_for_each_entry(port, &bridge->ports, node) {
		if (bridge->sync_all && port->role != VNET_PORT_ROLE_ROOT)
			port->sync = true;
		if (bridge->re_root_all)
			port->re_root = true;
		if (bridge->tc_from && (bridge->tc_all || bridge->tc_from != port))
			port->tc_prop = true;
	}
	bridge->sync_all = false;
	bridge->re_root_all = false;
	bridge->tc_from = NULL;
	bridge->tc_all = false;
	bridge->synced = true;
	list_for_each_entry(port, &bridge->ports, node)
		if (port->role != port->selected_role ||
		    (port->role != VNET_PORT_ROLE_ROOT && !port->synced))
			bridge->synced = false;
}

/* The part of the bridge detection machine (17.25) that waits. */
static bool rstp_turn_edge(struct vnet_rstp_port *port)
{
	if (port->oper_edge || port->edge == VNET_PORT_EDGE_OFF || port->edge_delay_while ||
	    !port->send_rstp || !port->proposing)
		return false;
	port->oper_edge = true;
	return true;
}

static bool rstp_turn(struct vnet_rstp *bridge)
{
	bool turned = bridge->reselect;
	struct vnet_rstp_port *port;

	if (bridge->reselect)
		vnet_rstp_select(bridge);
	rstp_spread(bridge);
	list_for_each_entry(port, &bridge->ports, node) {
		turned |= rstp_turn_edge(port);
		turned |= vnet_rstp_turn_port(bridge, port);
		turned |= vnet_rstp_turn_topology(bridge, port);
	}
	return turned;
}

/**
 * vnet_rstp_run - let the machines turn until they stand still
 * @bridge: the bridge
 *
 * Afterwards @learn, @forward and @flush of ports say what is to be done, and after that
 * vnet_rstp_transmit() may tell the neighbours.
 *
 * Context: Any.
 */
void vnet_rstp_run(struct vnet_rstp *bridge)
{
	struct vnet_rstp_port *port;
	unsigned int turns = 0;

	list_for_each_entry(port, &bridge->ports, node) {
		if (port->info_is != VNET_RSTP_INFO_RECEIVED || port->rcvd_info_while)
			continue;
		port->info_is = VNET_RSTP_INFO_AGED;
		bridge->reselect = true;
	}
	while (rstp_turn(bridge) && ++turns < RSTP_MAX_TURNS)
		;
}

static enum vnet_bpdu_role rstp_bpdu_role(const struct vnet_rstp_port *port)
{
	switch (port->role) {
	case VNET_PORT_ROLE_ROOT:
		return VNET_BPDU_ROLE_ROOT;
	case VNET_PORT_ROLE_DESIGNATED:
		return VNET_BPDU_ROLE_DESIGNATED;
	}
	return VNET_BPDU_ROLE_ALTERNATE;
}

/* The port transmit machine (17.26), for one port that has something to say. */
static void rstp_transmit_port(struct vnet_rstp *bridge, struct vnet_rstp_port *port)
{
	struct vnet_bpdu bpdu = {
		.type = VNET_BPDU_RST,
		.role = rstp_bpdu_role(port),
		.tc = port->tc_while,
		.proposal = port->proposing,
		.learning = port->learn,
		.forwarding = port->forward,
		.agreement = port->agree,
		.vector = port->designated,
		.times = port->designated_times,
	};

	port->new_info = false;
	if (!port->send_rstp) {
		/* STP speaks towards the root of topology changes only. */
		if (port->role == VNET_PORT_ROLE_DESIGNATED)
			bpdu.type = VNET_BPDU_CONFIG;
		else if (port->role == VNET_PORT_ROLE_ROOT && port->tc_while)
			bpdu.type = VNET_BPDU_TCN;
		else
			return;
		bpdu.tc_ack = port->tc_ack;
	}
	port->tc_ack = false;
	port->tx_count++;
	port->hello_when = port->designated_times.hello_time;
	bridge->send(port, &bpdu);
}

/**
 * vnet_rstp_transmit - tell the neighbours what has changed
 * @bridge: the bridge
 *
 * Context: Any that its @send can be called in.
 */
void vnet_rstp_transmit(struct vnet_rstp *bridge)
{
	struct vnet_rstp_port *port;

	list_for_each_entry(port, &bridge->ports, node)
		if (port->enabled && port->new_info && port->tx_count < VNET_RSTP_TX_HOLD)
			rstp_transmit_port(bridge, port);
}

static void rstp_sooner(u16 *wait, u16 timer)
{
	if (timer)
		*wait = min(*wait, timer);
}

/**
 * vnet_rstp_wait - when is there something to do?
 * @bridge: the bridge
 *
 * Context: Any.
 * Return: 1/100 s until then.
 */
u16 vnet_rstp_wait(const struct vnet_rstp *bridge)
{
	const struct vnet_rstp_port *port;
	u16 wait = RSTP_MAX_WAIT;

	list_for_each_entry(port, &bridge->ports, node) {
		if (!port->enabled)
			continue;
		rstp_sooner(&wait, port->hello_when);
		rstp_sooner(&wait, port->rcvd_info_while);
		rstp_sooner(&wait, port->rb_while);
		if (!port->forward && port->role != VNET_PORT_ROLE_ALTERNATE)
			rstp_sooner(&wait, port->fd_while);
		if (port->role != VNET_PORT_ROLE_ROOT)
			rstp_sooner(&wait, port->rr_while);
		if (port->proposing)
			rstp_sooner(&wait, port->edge_delay_while);
		if (port->new_info)
			rstp_sooner(&wait, VNET_RSTP_SECOND - bridge->tx_credit);
	}
	return wait;
}
