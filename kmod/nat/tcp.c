// SPDX-License-Identifier: GPL-2.0
/* States of a TCP session, as RFC 6146 section 3.5.2 and RFC 7857 section 2 have them. */

#include "tcp.h"

/* A SYN that is not the answer to one. */
static bool is_opening(const struct tcphdr *tcp)
{
	return tcp->syn && !tcp->ack;
}

static enum vnet_session_state opened(enum vnet_direction direction)
{
	return direction == VNET_OUT ? VNET_SESSION_STATE_SYN_OUT : VNET_SESSION_STATE_SYN_IN;
}

static enum vnet_session_state finished(enum vnet_direction direction)
{
	return direction == VNET_OUT ? VNET_SESSION_STATE_FIN_OUT : VNET_SESSION_STATE_FIN_IN;
}

/* Both sides are known to take part. */
static enum vnet_session_state established(const struct tcphdr *tcp, enum vnet_direction direction)
{
	return tcp->fin ? finished(direction) : VNET_SESSION_STATE_ESTABLISHED;
}

/**
 * vnet_tcp_first - state of a session that its first packet begins
 * @tcp: header of the packet
 * @direction: which way the packet goes
 *
 * A packet that is not a SYN picks up a connection that is older than the session (the module was
 * loaded again, the guest moved here). It opens the session as a SYN does, so it has the short
 * timeout until the other side answers: a guest cannot fill the table with long-lived sessions on
 * its own.
 *
 * Context: any.
 * Return: the state.
 */
enum vnet_session_state vnet_tcp_first(const struct tcphdr *tcp, enum vnet_direction direction)
{
	return tcp->rst ? VNET_SESSION_STATE_RESET : opened(direction);
}

/**
 * vnet_tcp_next - state of a session after one more packet
 * @state: state so far
 * @tcp: header of the packet
 * @direction: which way the packet goes
 *
 * Where RFC 6146 section 3.5.2.2 leaves a choice, or this goes beyond it:
 *
 * * Opening, the other side answers without a SYN: established. That is a connection picked up in
 *   its middle, see vnet_tcp_first().
 * * A RST while opening or half closed leads to the reset state too, as in the established state.
 * * In the reset state every packet but a RST restores (RFC 7857 section 2.2), and then counts: a
 *   FIN leads on to the state that a FIN leads to.
 * * With both sides closed a RST changes nothing: else a late segment after it would bring the
 *   session back for hours.
 * * A SYN without ACK, on a connection that was closed or reset, opens it anew; the client uses its
 *   port again before the session has expired (RFC 9293 section 3.6.1).
 * * A SYN on an established connection changes nothing: the peer challenges it (RFC 5961).
 *
 * Context: any.
 * Return: the new state.
 */
enum vnet_session_state vnet_tcp_next(enum vnet_session_state state, const struct tcphdr *tcp,
				      enum vnet_direction direction)
{
	if (tcp->rst)
		return state == VNET_SESSION_STATE_FIN_BOTH ? state : VNET_SESSION_STATE_RESET;

	switch (state) {
	case VNET_SESSION_STATE_SYN_OUT:
	case VNET_SESSION_STATE_SYN_IN:
		return state == opened(direction) ? state : established(tcp, direction);
	case VNET_SESSION_STATE_ESTABLISHED:
		return established(tcp, direction);
	case VNET_SESSION_STATE_FIN_OUT:
	case VNET_SESSION_STATE_FIN_IN:
		if (tcp->fin && state != finished(direction))
			return VNET_SESSION_STATE_FIN_BOTH;
		return state;
	case VNET_SESSION_STATE_FIN_BOTH:
		return is_opening(tcp) ? opened(direction) : state;
	case VNET_SESSION_STATE_RESET:
		return is_opening(tcp) ? opened(direction) : established(tcp, direction);
	default:
		return state;
	}
}
