// SPDX-License-Identifier: GPL-2.0
/* How long a session lives: what its packets say, and the timeout of each state. */
#include <linux/in.h>

#include "../vnet.h"
#include "session.h"
#include "table.h"

static int session_timeout(const struct vnet_session *session)
{
	switch (READ_ONCE(session->state)) {
	case VNET_SESSION_STATE_ESTABLISHED:
	case VNET_SESSION_STATE_FIN_OUT:
	case VNET_SESSION_STATE_FIN_IN:
		return VNET_TIMEOUT_TCP_ESTABLISHED;
	case VNET_SESSION_STATE_SYN_OUT:
	case VNET_SESSION_STATE_SYN_IN:
		return VNET_TIMEOUT_TCP_OPENING;
	case VNET_SESSION_STATE_FIN_BOTH:
	case VNET_SESSION_STATE_RESET:
		return VNET_TIMEOUT_TCP_CLOSING;
	case VNET_SESSION_STATE_REPLIED:
		if (session->flows[VNET_OUT].tuple.proto == IPPROTO_UDP)
			return VNET_TIMEOUT_UDP;
		break;
	}
	return session->flows[VNET_OUT].tuple.proto == IPPROTO_UDP ? VNET_TIMEOUT_UDP_UNREPLIED :
								    VNET_TIMEOUT_ICMP;
}

/**
 * vnet_session_lifetime - how long a session lives on without a packet
 * @session: the session
 *
 * Context: RCU read side, or the table's lock held.
 * Return: Seconds from its last packet.
 */
u32 vnet_session_lifetime(const struct vnet_session *session)
{
	return READ_ONCE(session->vnet->nat.timeouts[session_timeout(session)]);
}

/*
 * RFC 4787 REQ-6: packets of the guest keep a mapping alive. Packets from outside do
 * so for TCP, where both ends agree that there is a connection, and for forwards,
 * whose port is open anyway.
 */
static bool session_refreshes(const struct vnet_session *session, enum vnet_direction direction,
			      const struct tcphdr *tcp)
{
	if (tcp)
		return !tcp->rst;
	return direction == VNET_OUT || session->forward;
}

/* A session that is about to end sooner than the wheel would ask. */
static void session_hasten(struct vnet_session *session)
{
	struct vnet_nat_table *table = vnet_nat_table_rcu(dev_net(session->vnet->dev));

	if (!table)
		return;
	spin_lock_bh(&table->lock);
	/* If the wheel has it in hand, the wheel sees the new state. */
	if (!session->dead && vnet_timer_del(&table->wheel, &session->timer))
		vnet_timer_add(&table->wheel, &session->timer, vnet_session_lifetime(session));
	spin_unlock_bh(&table->lock);
}

static bool session_closes(u8 state)
{
	return state == VNET_SESSION_STATE_FIN_BOTH || state == VNET_SESSION_STATE_RESET;
}

/**
 * vnet_session_use - a packet of a session passes
 * @session: the session
 * @direction: which way it goes
 * @tcp: its TCP header, readable, or NULL for other protocols
 *
 * Context: RCU read side, BH off.
 */
void vnet_session_use(struct vnet_session *session, enum vnet_direction direction,
		      const struct tcphdr *tcp)
{
	enum vnet_direction answer = session->forward ? VNET_OUT : VNET_IN;
	u8 state = READ_ONCE(session->state), next = state;

	if (session_refreshes(session, direction, tcp) &&
	    jiffies - READ_ONCE(session->used) >= HZ)
		WRITE_ONCE(session->used, jiffies);
	if (tcp)
		next = vnet_tcp_next(state, tcp, direction);
	else if (state == VNET_SESSION_STATE_UNREPLIED && direction == answer)
		next = VNET_SESSION_STATE_REPLIED;
	if (likely(next == state))
		return;
	WRITE_ONCE(session->state, next);
	if (session_closes(next) && !session_closes(state))
		session_hasten(session);
}
