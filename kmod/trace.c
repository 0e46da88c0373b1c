// SPDX-License-Identifier: GPL-2.0
/* Bodies of the tracepoints, and words for the numbers in them: those that vnetctl has. */
#ifndef __CHECKER__
#define CREATE_TRACE_POINTS
#endif
#include "trace.h"

#define TRACE_WORD(words, number) ((number) < ARRAY_SIZE(words) ? (words)[number] : "?")

static const char * const fdb_states[] = {
	[VNET_FDB_STATE_LEARNED] = "learned",
	[VNET_FDB_STATE_STATIC] = "static",
	[VNET_FDB_STATE_LOCAL] = "local",
	[VNET_FDB_STATE_EXTERNAL] = "external",
};

static const char * const port_states[] = {
	[VNET_PORT_STATE_DISABLED] = "disabled",
	[VNET_PORT_STATE_LISTENING] = "listening",
	[VNET_PORT_STATE_LEARNING] = "learning",
	[VNET_PORT_STATE_FORWARDING] = "forwarding",
	[VNET_PORT_STATE_BLOCKING] = "blocking",
};

static const char * const blockers[] = {
	[VNET_BLOCKER_NONE] = "none",
	[VNET_BLOCKER_GUARD] = "guard",
	[VNET_BLOCKER_LOOP_GUARD] = "loop-guard",
};

static const char * const limits[] = {
	[VNET_LIMIT_FDB] = "fdb",
	[VNET_LIMIT_FDB_PORT] = "fdb-port",
	[VNET_LIMIT_SESSION] = "session",
	[VNET_LIMIT_SESSION_PORT] = "session-port",
	[VNET_LIMIT_MAPPING] = "mapping",
	[VNET_LIMIT_NAT_PORTS] = "nat-ports",
	[VNET_LIMIT_NEIGHBOUR] = "neighbour",
	[VNET_LIMIT_NAMESPACE] = "namespace",
	[VNET_LIMIT_BINDING] = "binding",
	[VNET_LIMIT_BINDING_PORT] = "binding-port",
	[VNET_LIMIT_STORM] = "storm",
	[VNET_LIMIT_MDB] = "mdb",
	[VNET_LIMIT_MDB_PORT] = "mdb-port",
};

static const char * const alarms[] = {
	[VNET_ALARM_ADDR_DUPLICATE] = "addr-duplicate",
	[VNET_ALARM_LLADDR_MOVE] = "lladdr-move",
	[VNET_ALARM_LLADDR_DUPLICATE] = "lladdr-duplicate",
};

static const char * const session_states[] = {
	[VNET_SESSION_STATE_UNREPLIED] = "unreplied",
	[VNET_SESSION_STATE_REPLIED] = "replied",
	[VNET_SESSION_STATE_SYN_OUT] = "syn-out",
	[VNET_SESSION_STATE_SYN_IN] = "syn-in",
	[VNET_SESSION_STATE_ESTABLISHED] = "established",
	[VNET_SESSION_STATE_FIN_OUT] = "fin-out",
	[VNET_SESSION_STATE_FIN_IN] = "fin-in",
	[VNET_SESSION_STATE_FIN_BOTH] = "fin-both",
	[VNET_SESSION_STATE_RESET] = "reset",
};

const char *vnet_trace_dev(const struct vnet_port *port)
{
	return port && port->dev ? port->dev->name : "-";
}

const char *vnet_trace_fdb_state(u8 state)
{
	return TRACE_WORD(fdb_states, state);
}

const char *vnet_trace_port_state(u8 state)
{
	return TRACE_WORD(port_states, state);
}

const char *vnet_trace_blocker(u8 blocker)
{
	return TRACE_WORD(blockers, blocker);
}

const char *vnet_trace_limit(u8 limit)
{
	return TRACE_WORD(limits, limit);
}

const char *vnet_trace_alarm(u8 kind)
{
	return TRACE_WORD(alarms, kind);
}

const char *vnet_trace_session_state(u8 state)
{
	return TRACE_WORD(session_states, state);
}
