/* SPDX-License-Identifier: GPL-2.0 */
/* Why packets die, and the one way in which they do. */
#ifndef VNET_DROP_H
#define VNET_DROP_H

#include <linux/skbuff.h>

struct vnet_port;

/*
 * X(symbol, name, nearest core reason, sentence): the only list of reasons. The
 * number of a reason is its place here; new ones go to the end.
 */
#define VNET_DROP_REASONS(X)									\
	X(BAD_SOURCE, "bad-source", NOT_SPECIFIED,						\
	  "The source MAC address is zero or a group address.")				\
	X(LOCAL_SOURCE, "local-source", NOT_SPECIFIED,						\
	  "The source MAC address is the gateway's, the host adapter's or that of another port.") \
	X(RESERVED_GROUP, "reserved-group", NOT_SPECIFIED,					\
	  "The destination is a group that switches do not forward (802.1Q table 8-1).") \
	X(TRUNCATED, "truncated", HDR_TRUNC,							\
	  "The frame is shorter than its headers.")						\
	X(SAME_PORT, "same-port", NOT_SPECIFIED,						\
	  "The destination is behind the port that the frame came from.")			\
	X(ISOLATED, "isolated", NOT_SPECIFIED,							\
	  "Both ports are isolated.")								\
	X(NO_DESTINATION, "no-destination", NOT_SPECIFIED,					\
	  "The destination is unknown and there is no port to flood it to.")			\
	X(PORT_DOWN, "port-down", DEV_READY,							\
	  "The netdev of the port that it should leave by is down.")				\
	X(HOST_OFF, "host-off", DEV_READY,							\
	  "The host adapter is down or switched off.")						\
	X(TOO_BIG, "too-big", PKT_TOO_BIG,							\
	  "The frame is bigger than the MTU of the port that it should leave by.")		\
	X(NO_MEMORY, "no-memory", NOMEM,							\
	  "The kernel had no memory for it.")							\
	X(DETACHED, "detached", DEV_READY,							\
	  "The vnic has no vnet any more.")							\
	X(GATEWAY_PROTOCOL, "gateway-protocol", UNHANDLED_PROTO,				\
	  "The gateway was sent something that is neither IPv4 nor ARP.")			\
	X(GATEWAY_MALFORMED, "gateway-malformed", IP_INHDR,					\
	  "The gateway was sent an IPv4 or ARP packet with a bad header.")			\
	X(GATEWAY_SERVICE, "gateway-service", NO_SOCKET,					\
	  "The gateway's own address was sent something other than an ICMP echo request.")	\
	X(SOURCE_ADDRESS, "source-address", IP_INHDR,						\
	  "A guest sent from an IPv4 address outside of the vnet's subnet.")			\
	X(DESTINATION_ADDRESS, "destination-address", IP_INHDR,				\
	  "The destination is an IPv4 address that a gateway does not route.")			\
	X(NOT_ROUTED, "not-routed", NOT_SPECIFIED,						\
	  "The gateway of this vnet does not route: NAT is off.")				\
	X(TTL, "ttl", IP_INHDR,									\
	  "The time to live ran out at the gateway.")						\
	X(NO_ROUTE, "no-route", IP_NOPROTO,							\
	  "The host has no route to the destination.")						\
	X(NEEDS_FRAGMENT, "needs-fragment", PKT_TOO_BIG,					\
	  "The packet is too big for the next link and must not be fragmented.")		\
	X(FRAGMENT, "fragment", NOT_SPECIFIED,							\
	  "The fragments did not make a whole datagram.")					\
	X(NAT_PROTOCOL, "nat-protocol", UNHANDLED_PROTO,					\
	  "NAT translates TCP, UDP and ICMP queries and errors only.")				\
	X(NAT_UNMATCHED, "nat-unmatched", NOT_SPECIFIED,					\
	  "An ICMP error quotes a packet of no NAT session.")					\
	X(NAT_SESSIONS, "nat-sessions", NOMEM,							\
	  "The vnet or the port has as many NAT sessions as it may have.")			\
	X(NAT_MAPPINGS, "nat-mappings", NOMEM,							\
	  "The vnet has as many NAT mappings as it may have.")					\
	X(NAT_PORTS, "nat-ports", NOMEM,							\
	  "No external port is free.")								\
	X(NEIGHBOUR, "neighbour", NEIGH_FAILED,							\
	  "The guest did not answer ARP, or too many packets wait for it.")			\
	X(FRAGMENTS_HELD, "fragments-held", NOMEM,						\
	  "Too many fragments from this port wait for the rest of their datagrams.")		\
	X(BACKLOG, "backlog", CPU_BACKLOG,							\
	  "Too many packets wait to be received on this processor.")				\
	X(VLAN_INGRESS, "vlan-ingress", NOT_SPECIFIED,						\
	  "The port that the frame came in through is not in its VLAN, or has no PVID.")	\
	X(VLAN_EGRESS, "vlan-egress", NOT_SPECIFIED,						\
	  "The port that the frame should leave by is not in its VLAN.")			\
	X(PORT_BLOCKED, "port-blocked", NOT_SPECIFIED,						\
	  "The port that it came in through, or should leave by, does not forward.")	\
	X(HORIZON, "horizon", NOT_SPECIFIED,							\
	  "Both ports have the same horizon.")						\
	X(LOCKED, "locked", NOT_SPECIFIED,							\
	  "The port is locked, and the source MAC address is not known on it.")		\
	X(FDB_LIMIT, "fdb-limit", NOT_SPECIFIED,						\
	  "The port drops what it has no room to learn: its bound, or the vnet's, is reached.") \
	X(PRIVATE_VLAN, "private-vlan", NOT_SPECIFIED,						\
	  "The ports are isolated, or of different communities, in a private VLAN.")		\
	X(STORM_BROADCAST, "storm-broadcast", NOT_SPECIFIED,					\
	  "The port has sent more broadcasts in a second than it may.")			\
	X(STORM_MULTICAST, "storm-multicast", NOT_SPECIFIED,					\
	  "The port has sent more frames to groups in a second than it may.")			\
	X(STORM_UNKNOWN, "storm-unknown", NOT_SPECIFIED,					\
	  "The port has sent more frames to unknown destinations in a second than it may.")	\
	X(MCAST_MALFORMED, "mcast-malformed", NOT_SPECIFIED,					\
	  "An IGMP or MLD message has a bad length, checksum, address or hop limit.")		\
	X(MCAST_UNWANTED, "mcast-unwanted", NOT_SPECIFIED,					\
	  "No port has joined the group, and no multicast router is known.")

enum vnet_drop_reason {
#define X(symbol, name, core, sentence) VNET_DROP_##symbol,
	VNET_DROP_REASONS(X)
#undef X
	VNET_DROP_COUNT
};

const char *vnet_drop_name(enum vnet_drop_reason reason);
const char *vnet_drop_sentence(enum vnet_drop_reason reason);
void vnet_drop(struct vnet_port *port, struct sk_buff *skb, enum vnet_drop_reason reason);
void vnet_drop_count(struct vnet_port *port, enum vnet_drop_reason reason);

#endif
