/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	docs/netlink/specs/vnet.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_VNET_H
#define _UAPI_LINUX_VNET_H

#define VNET_GENL_NAME		"vnet"
#define VNET_GENL_VERSION	1

/**
 * enum vnet_mode - Preset that decides which properties a vnet starts with.
 * @VNET_MODE_HOST_ONLY: guests and the host, nobody else (the default)
 * @VNET_MODE_NAT: as host-only, and the gateway routes and translates to the
 *   host's networks
 * @VNET_MODE_BRIDGED: guests are hosts on the uplink's LAN
 * @VNET_MODE_PRIVATE: guests only; the host adapter is off
 */
enum vnet_mode {
	VNET_MODE_HOST_ONLY,
	VNET_MODE_NAT,
	VNET_MODE_BRIDGED,
	VNET_MODE_PRIVATE,
};

/**
 * enum vnet_port_kind - What is behind a port.
 * @VNET_PORT_KIND_MEMBER: a netdev enslaved to the vnet
 * @VNET_PORT_KIND_VNIC: an integrated port, a netdev of kind vnic
 * @VNET_PORT_KIND_HOST: the vnet netdev itself, the host adapter
 * @VNET_PORT_KIND_UPLINK: a NIC that is shared and not enslaved
 * @VNET_PORT_KIND_GATEWAY: the virtual router of the vnet
 */
enum vnet_port_kind {
	VNET_PORT_KIND_MEMBER,
	VNET_PORT_KIND_VNIC,
	VNET_PORT_KIND_HOST,
	VNET_PORT_KIND_UPLINK,
	VNET_PORT_KIND_GATEWAY,
};

/**
 * enum vnet_port_state - State of a port in a spanning tree, with the bridge's
 *   numbers.
 * @VNET_PORT_STATE_DISABLED: neither learns nor takes nor gives frames; takes
 *   no part in a spanning tree
 * @VNET_PORT_STATE_LISTENING: neither learns nor takes nor gives frames
 * @VNET_PORT_STATE_LEARNING: learns, but neither takes nor gives frames
 * @VNET_PORT_STATE_FORWARDING: as ports are (the default)
 * @VNET_PORT_STATE_BLOCKING: neither learns nor takes nor gives frames
 */
enum vnet_port_state {
	VNET_PORT_STATE_DISABLED,
	VNET_PORT_STATE_LISTENING,
	VNET_PORT_STATE_LEARNING,
	VNET_PORT_STATE_FORWARDING,
	VNET_PORT_STATE_BLOCKING,
};

/**
 * enum vnet_port_role - Role of a port in the spanning tree (IEEE 802.1D-2004
 *   17.7).
 * @VNET_PORT_ROLE_DISABLED: takes no part: STP is off, or the port is down,
 *   blocked or left out
 * @VNET_PORT_ROLE_ROOT: leads to the root bridge
 * @VNET_PORT_ROLE_DESIGNATED: leads away from the root bridge
 * @VNET_PORT_ROLE_ALTERNATE: another way to the root bridge, not used
 * @VNET_PORT_ROLE_BACKUP: another way to a segment that the vnet leads to
 *   already, not used
 */
enum vnet_port_role {
	VNET_PORT_ROLE_DISABLED,
	VNET_PORT_ROLE_ROOT,
	VNET_PORT_ROLE_DESIGNATED,
	VNET_PORT_ROLE_ALTERNATE,
	VNET_PORT_ROLE_BACKUP,
};

/**
 * enum vnet_port_edge - Whether a port is taken to have no switch behind it,
 *   so that it forwards at once.
 * @VNET_PORT_EDGE_AUTO: until a BPDU comes in (the default)
 * @VNET_PORT_EDGE_ON: until a BPDU comes in, and again after the link was down
 * @VNET_PORT_EDGE_OFF: never
 */
enum vnet_port_edge {
	VNET_PORT_EDGE_AUTO,
	VNET_PORT_EDGE_ON,
	VNET_PORT_EDGE_OFF,
};

/**
 * enum vnet_stp_mode - Protocol of the spanning tree.
 * @VNET_STP_MODE_RSTP: IEEE 802.1D-2004, and STP towards switches that speak
 *   no other (the default)
 * @VNET_STP_MODE_STP: IEEE 802.1D-1998
 */
enum vnet_stp_mode {
	VNET_STP_MODE_RSTP,
	VNET_STP_MODE_STP,
};

/**
 * enum vnet_blocker - What has blocked a port whatever its state is.
 * @VNET_BLOCKER_NONE: nothing has
 * @VNET_BLOCKER_GUARD: a BPDU came in, and the port has guard on
 * @VNET_BLOCKER_LOOP_GUARD: a probe of the vnet came back
 */
enum vnet_blocker {
	VNET_BLOCKER_NONE,
	VNET_BLOCKER_GUARD,
	VNET_BLOCKER_LOOP_GUARD,
};

/**
 * enum vnet_fdb_state - Why a MAC address is known.
 * @VNET_FDB_STATE_LEARNED: source of a frame; ages
 * @VNET_FDB_STATE_STATIC: set by the administrator; neither ages nor moves
 * @VNET_FDB_STATE_LOCAL: address of the host adapter, the gateway, a vnic or
 *   the uplink itself
 * @VNET_FDB_STATE_EXTERNAL: set by a control plane; does not age, but moves to
 *   where a frame comes from
 */
enum vnet_fdb_state {
	VNET_FDB_STATE_LEARNED,
	VNET_FDB_STATE_STATIC,
	VNET_FDB_STATE_LOCAL,
	VNET_FDB_STATE_EXTERNAL,
};

/**
 * enum vnet_filtering - Which remote endpoints may use a mapping (RFC 4787
 *   section 5).
 * @VNET_FILTERING_ADDRESS_DEPENDENT: remotes whose address the guest has sent
 *   to (the default)
 * @VNET_FILTERING_ENDPOINT_INDEPENDENT: anybody: full cone
 * @VNET_FILTERING_ADDRESS_AND_PORT_DEPENDENT: exactly the endpoints the guest
 *   has sent to
 */
enum vnet_filtering {
	VNET_FILTERING_ADDRESS_DEPENDENT,
	VNET_FILTERING_ENDPOINT_INDEPENDENT,
	VNET_FILTERING_ADDRESS_AND_PORT_DEPENDENT,
};

/**
 * enum vnet_session_state - RFC 6146 section 3.5 states, one list for all
 *   protocols.
 * @VNET_SESSION_STATE_UNREPLIED: UDP or ICMP, packets in one direction only
 * @VNET_SESSION_STATE_REPLIED: UDP or ICMP, packets in both directions
 * @VNET_SESSION_STATE_SYN_OUT: TCP, the guest sent the first SYN (V4 INIT / V6
 *   INIT)
 * @VNET_SESSION_STATE_SYN_IN: TCP, the remote sent the first SYN through a
 *   forward or an open filter
 * @VNET_SESSION_STATE_ESTABLISHED: TCP, both sides have sent SYN
 * @VNET_SESSION_STATE_FIN_OUT: TCP, the guest has closed its direction
 * @VNET_SESSION_STATE_FIN_IN: TCP, the remote has closed its direction
 * @VNET_SESSION_STATE_FIN_BOTH: TCP, both directions are closed
 * @VNET_SESSION_STATE_RESET: TCP, a RST passed; any other packet restores
 *   established (RFC 7857 section 2.2)
 */
enum vnet_session_state {
	VNET_SESSION_STATE_UNREPLIED,
	VNET_SESSION_STATE_REPLIED,
	VNET_SESSION_STATE_SYN_OUT,
	VNET_SESSION_STATE_SYN_IN,
	VNET_SESSION_STATE_ESTABLISHED,
	VNET_SESSION_STATE_FIN_OUT,
	VNET_SESSION_STATE_FIN_IN,
	VNET_SESSION_STATE_FIN_BOTH,
	VNET_SESSION_STATE_RESET,
};

/**
 * enum vnet_limit - Bounds that were hit.
 * @VNET_LIMIT_FDB: learned addresses of the vnet
 * @VNET_LIMIT_FDB_PORT: learned addresses of the port
 * @VNET_LIMIT_SESSION: NAT sessions of the vnet
 * @VNET_LIMIT_SESSION_PORT: NAT sessions of the port
 * @VNET_LIMIT_MAPPING: NAT mappings of the vnet
 * @VNET_LIMIT_NAT_PORTS: external ports of one address and protocol
 * @VNET_LIMIT_NEIGHBOUR: neighbours of the gateway
 * @VNET_LIMIT_NAMESPACE: addresses, neighbours, mappings and sessions of all
 *   vnets of the namespace
 * @VNET_LIMIT_BINDING: IP addresses of which the vnet knows the MAC address
 * @VNET_LIMIT_BINDING_PORT: the same, of one port
 * @VNET_LIMIT_STORM: frames of a kind that a port may have flooded in a second
 */
enum vnet_limit {
	VNET_LIMIT_FDB,
	VNET_LIMIT_FDB_PORT,
	VNET_LIMIT_SESSION,
	VNET_LIMIT_SESSION_PORT,
	VNET_LIMIT_MAPPING,
	VNET_LIMIT_NAT_PORTS,
	VNET_LIMIT_NEIGHBOUR,
	VNET_LIMIT_NAMESPACE,
	VNET_LIMIT_BINDING,
	VNET_LIMIT_BINDING_PORT,
	VNET_LIMIT_STORM,
};

/**
 * enum vnet_binding_state - What a vnet makes of a request for an IP address
 *   whose MAC address it knows.
 * @VNET_BINDING_STATE_KNOWN: it goes to the owner alone, or the switch answers
 * @VNET_BINDING_STATE_UNANSWERED: the owner has not answered the last one: all
 *   get it
 * @VNET_BINDING_STATE_CONTESTED: somebody else says that the address is his:
 *   all get it
 */
enum vnet_binding_state {
	VNET_BINDING_STATE_KNOWN,
	VNET_BINDING_STATE_UNANSWERED,
	VNET_BINDING_STATE_CONTESTED,
};

/**
 * enum vnet_alarm - What a switch has seen that should not be.
 * @VNET_ALARM_ADDR_DUPLICATE: two ports say that an IP address is theirs
 * @VNET_ALARM_LLADDR_MOVE: a MAC address was seen behind another port
 * @VNET_ALARM_LLADDR_DUPLICATE: it moves back and forth, or is one that does
 *   not move
 */
enum vnet_alarm {
	VNET_ALARM_ADDR_DUPLICATE,
	VNET_ALARM_LLADDR_MOVE,
	VNET_ALARM_LLADDR_DUPLICATE,
};

/**
 * enum vnet_fdb_overflow - What becomes of frames whose source cannot be
 *   learned because of a bound.
 * @VNET_FDB_OVERFLOW_FORWARD: they pass, and answers are flooded (the default)
 * @VNET_FDB_OVERFLOW_DROP: they are dropped
 */
enum vnet_fdb_overflow {
	VNET_FDB_OVERFLOW_FORWARD,
	VNET_FDB_OVERFLOW_DROP,
};

/**
 * enum vnet_private_vlan - Whom a port may exchange frames with (RFC 5517).
 * @VNET_PRIVATE_VLAN_PROMISCUOUS: everybody (the default)
 * @VNET_PRIVATE_VLAN_ISOLATED: promiscuous ports only
 * @VNET_PRIVATE_VLAN_COMMUNITY: promiscuous ports and those of its own
 *   community
 */
enum vnet_private_vlan {
	VNET_PRIVATE_VLAN_PROMISCUOUS,
	VNET_PRIVATE_VLAN_ISOLATED,
	VNET_PRIVATE_VLAN_COMMUNITY,
};

enum {
	VNET_INFO_LINK = 1,
	VNET_INFO_PORT,

	__VNET_INFO_MAX
};
#define VNET_INFO_MAX (__VNET_INFO_MAX - 1)

enum {
	VNET_LINK_FORWARD_DELAY = 1,
	VNET_LINK_HELLO_TIME,
	VNET_LINK_MAX_AGE,
	VNET_LINK_AGEING_TIME,
	VNET_LINK_STP_STATE,
	VNET_LINK_STP_PRIORITY,
	VNET_LINK_VLAN_FILTERING,
	VNET_LINK_VLAN_PROTOCOL,
	VNET_LINK_ROOT_ID = 10,
	VNET_LINK_BRIDGE_ID,
	VNET_LINK_ROOT_PORT,
	VNET_LINK_ROOT_PATH_COST,
	VNET_LINK_TOPOLOGY_CHANGE,
	VNET_LINK_VLAN_DEFAULT_PVID = 39,
	VNET_LINK_VLAN_STATS_PER_PORT = 45,
	VNET_LINK_FDB_N_LEARNED = 48,
	VNET_LINK_FDB_MAX_LEARNED,
	VNET_LINK_IFINDEX = 128,
	VNET_LINK_IFNAME,
	VNET_LINK_MODE,
	VNET_LINK_SUBNET,
	VNET_LINK_PREFIX_LEN,
	VNET_LINK_GATEWAY,
	VNET_LINK_GATEWAY_LLADDR,
	VNET_LINK_HOST_ADAPTER,
	VNET_LINK_UPLINK,
	VNET_LINK_NAT,
	VNET_LINK_N_PORTS,
	VNET_LINK_MAX_PORTS,
	VNET_LINK_STP_MODE,
	VNET_LINK_LOOP_GUARD,
	VNET_LINK_NEIGH_UNICAST,

	__VNET_LINK_MAX
};
#define VNET_LINK_MAX (__VNET_LINK_MAX - 1)

enum {
	VNET_PORT_STATE = 1,
	VNET_PORT_PRIORITY,
	VNET_PORT_COST,
	VNET_PORT_HAIRPIN,
	VNET_PORT_GUARD,
	VNET_PORT_ROOT_BLOCK,
	VNET_PORT_LEARNING = 8,
	VNET_PORT_UNICAST_FLOOD,
	VNET_PORT_PROXY_ARP,
	VNET_PORT_DESIGNATED_BRIDGE = 14,
	VNET_PORT_DESIGNATED_PORT,
	VNET_PORT_ID = 17,
	VNET_PORT_MCAST_FLOOD = 27,
	VNET_PORT_BCAST_FLOOD = 30,
	VNET_PORT_NEIGH_SUPPRESS = 32,
	VNET_PORT_ISOLATED,
	VNET_PORT_BACKUP_PORT,
	VNET_PORT_LOCKED = 39,
	VNET_PORT_IFINDEX = 128,
	VNET_PORT_IFNAME,
	VNET_PORT_VNET,
	VNET_PORT_VNET_NAME,
	VNET_PORT_NUMBER,
	VNET_PORT_KIND,
	VNET_PORT_FDB_N_LEARNED,
	VNET_PORT_FDB_MAX_LEARNED,
	VNET_PORT_N_SESSIONS,
	VNET_PORT_MAX_SESSIONS,
	VNET_PORT_UP,
	VNET_PORT_NETNSID,
	VNET_PORT_BLOCKED_BY,
	VNET_PORT_HORIZON,
	VNET_PORT_STP,
	VNET_PORT_EDGE,
	VNET_PORT_OPER_EDGE,
	VNET_PORT_ROLE,
	VNET_PORT_FDB_OVERFLOW,
	VNET_PORT_PRIVATE_VLAN,
	VNET_PORT_COMMUNITY,
	VNET_PORT_STORM_BROADCAST,
	VNET_PORT_STORM_MULTICAST,
	VNET_PORT_STORM_UNKNOWN,

	__VNET_PORT_MAX
};
#define VNET_PORT_MAX (__VNET_PORT_MAX - 1)

enum {
	VNET_FDB_VNET = 1,
	VNET_FDB_LLADDR,
	VNET_FDB_PORT,
	VNET_FDB_PORT_NUMBER,
	VNET_FDB_PORT_NAME,
	VNET_FDB_STATE,
	VNET_FDB_AGE,
	VNET_FDB_VNET_NAME,
	VNET_FDB_VLAN,

	__VNET_FDB_MAX
};
#define VNET_FDB_MAX (__VNET_FDB_MAX - 1)

enum {
	VNET_TIMEOUT_UDP = 1,
	VNET_TIMEOUT_UDP_UNREPLIED,
	VNET_TIMEOUT_TCP_ESTABLISHED,
	VNET_TIMEOUT_TCP_OPENING,
	VNET_TIMEOUT_TCP_CLOSING,
	VNET_TIMEOUT_ICMP,
	VNET_TIMEOUT_HOLD_DOWN,

	__VNET_TIMEOUT_MAX
};
#define VNET_TIMEOUT_MAX (__VNET_TIMEOUT_MAX - 1)

enum {
	VNET_PORT_RANGE_FIRST = 1,
	VNET_PORT_RANGE_LAST,

	__VNET_PORT_RANGE_MAX
};
#define VNET_PORT_RANGE_MAX (__VNET_PORT_RANGE_MAX - 1)

enum {
	VNET_NAT_VNET = 1,
	VNET_NAT_VNET_NAME,
	VNET_NAT_FILTERING,
	VNET_NAT_OUT,
	VNET_NAT_MAX_SESSIONS,
	VNET_NAT_N_SESSIONS,
	VNET_NAT_MAX_MAPPINGS,
	VNET_NAT_N_MAPPINGS,
	VNET_NAT_TIMEOUTS,
	VNET_NAT_PORT_RANGE,

	__VNET_NAT_MAX
};
#define VNET_NAT_MAX (__VNET_NAT_MAX - 1)

enum {
	VNET_MAPPING_VNET = 1,
	VNET_MAPPING_VNET_NAME,
	VNET_MAPPING_PROTO,
	VNET_MAPPING_INTERNAL_ADDR,
	VNET_MAPPING_INTERNAL_PORT,
	VNET_MAPPING_EXTERNAL_ADDR,
	VNET_MAPPING_EXTERNAL_PORT,
	VNET_MAPPING_N_SESSIONS,
	VNET_MAPPING_PORT_NUMBER,
	VNET_MAPPING_PORT_NAME,

	__VNET_MAPPING_MAX
};
#define VNET_MAPPING_MAX (__VNET_MAPPING_MAX - 1)

enum {
	VNET_SESSION_VNET = 1,
	VNET_SESSION_VNET_NAME,
	VNET_SESSION_PROTO,
	VNET_SESSION_INTERNAL_ADDR,
	VNET_SESSION_INTERNAL_PORT,
	VNET_SESSION_EXTERNAL_ADDR,
	VNET_SESSION_EXTERNAL_PORT,
	VNET_SESSION_REMOTE_ADDR,
	VNET_SESSION_REMOTE_PORT,
	VNET_SESSION_STATE,
	VNET_SESSION_EXPIRES,
	VNET_SESSION_OUT_PACKETS,
	VNET_SESSION_OUT_BYTES,
	VNET_SESSION_IN_PACKETS,
	VNET_SESSION_IN_BYTES,
	VNET_SESSION_PORT_NUMBER,
	VNET_SESSION_PORT_NAME,
	VNET_SESSION_FORWARD,
	VNET_SESSION_COUNT,
	VNET_SESSION_PAD,

	__VNET_SESSION_MAX
};
#define VNET_SESSION_MAX (__VNET_SESSION_MAX - 1)

enum {
	VNET_FORWARD_VNET = 1,
	VNET_FORWARD_VNET_NAME,
	VNET_FORWARD_HANDLE,
	VNET_FORWARD_PROTO,
	VNET_FORWARD_FIRST,
	VNET_FORWARD_LAST,
	VNET_FORWARD_ADDR,
	VNET_FORWARD_TO_ADDR,
	VNET_FORWARD_TO_PORT,
	VNET_FORWARD_HITS,
	VNET_FORWARD_N_SESSIONS,
	VNET_FORWARD_PAD,

	__VNET_FORWARD_MAX
};
#define VNET_FORWARD_MAX (__VNET_FORWARD_MAX - 1)

enum {
	VNET_STATS_DROP_REASON = 1,
	VNET_STATS_DROP_NAME,
	VNET_STATS_DROP_PACKETS,
	VNET_STATS_DROP_PAD,

	__VNET_STATS_DROP_MAX
};
#define VNET_STATS_DROP_MAX (__VNET_STATS_DROP_MAX - 1)

enum {
	VNET_REASON_NUMBER = 1,
	VNET_REASON_NAME,
	VNET_REASON_EXPLANATION,

	__VNET_REASON_MAX
};
#define VNET_REASON_MAX (__VNET_REASON_MAX - 1)

enum {
	VNET_STATS_VNET = 1,
	VNET_STATS_VNET_NAME,
	VNET_STATS_PORT_NUMBER,
	VNET_STATS_PORT_NAME,
	VNET_STATS_PORT_KIND,
	VNET_STATS_RX_PACKETS,
	VNET_STATS_RX_BYTES,
	VNET_STATS_TX_PACKETS,
	VNET_STATS_TX_BYTES,
	VNET_STATS_DROP,
	VNET_STATS_PAD,

	__VNET_STATS_MAX
};
#define VNET_STATS_MAX (__VNET_STATS_MAX - 1)

enum {
	VNET_VLAN_VNET = 1,
	VNET_VLAN_VNET_NAME,
	VNET_VLAN_PORT,
	VNET_VLAN_PORT_NUMBER,
	VNET_VLAN_PORT_NAME,
	VNET_VLAN_FIRST,
	VNET_VLAN_LAST,
	VNET_VLAN_PVID,
	VNET_VLAN_UNTAGGED,
	VNET_VLAN_STATS,
	VNET_VLAN_RX_PACKETS,
	VNET_VLAN_RX_BYTES,
	VNET_VLAN_TX_PACKETS,
	VNET_VLAN_TX_BYTES,
	VNET_VLAN_PAD,

	__VNET_VLAN_MAX
};
#define VNET_VLAN_MAX (__VNET_VLAN_MAX - 1)

enum {
	VNET_EVENT_VNET = 1,
	VNET_EVENT_VNET_NAME,
	VNET_EVENT_LIMIT,
	VNET_EVENT_BOUND,
	VNET_EVENT_PORT_NUMBER,
	VNET_EVENT_PORT_NAME,

	__VNET_EVENT_MAX
};
#define VNET_EVENT_MAX (__VNET_EVENT_MAX - 1)

enum {
	VNET_NEIGH_VNET = 1,
	VNET_NEIGH_VNET_NAME,
	VNET_NEIGH_IPV4,
	VNET_NEIGH_IPV6,
	VNET_NEIGH_LLADDR,
	VNET_NEIGH_VLAN,
	VNET_NEIGH_PORT_NUMBER,
	VNET_NEIGH_PORT_NAME,
	VNET_NEIGH_STATE,
	VNET_NEIGH_AGE,

	__VNET_NEIGH_MAX
};
#define VNET_NEIGH_MAX (__VNET_NEIGH_MAX - 1)

enum {
	VNET_ALARM_VNET = 1,
	VNET_ALARM_VNET_NAME,
	VNET_ALARM_KIND,
	VNET_ALARM_IPV4,
	VNET_ALARM_IPV6,
	VNET_ALARM_LLADDR,
	VNET_ALARM_VLAN,
	VNET_ALARM_PORT_NUMBER,
	VNET_ALARM_PORT_NAME,
	VNET_ALARM_OTHER_LLADDR,
	VNET_ALARM_OTHER_PORT_NUMBER,
	VNET_ALARM_OTHER_PORT_NAME,
	VNET_ALARM_COUNT,

	__VNET_ALARM_MAX
};
#define VNET_ALARM_MAX (__VNET_ALARM_MAX - 1)

enum {
	VNET_CMD_LINK_GET = 1,
	VNET_CMD_LINK_SET,
	VNET_CMD_LINK_NEW_NTF,
	VNET_CMD_LINK_DEL_NTF,
	VNET_CMD_PORT_GET,
	VNET_CMD_PORT_SET,
	VNET_CMD_PORT_NEW_NTF,
	VNET_CMD_PORT_DEL_NTF,
	VNET_CMD_FDB_GET,
	VNET_CMD_FDB_NEW,
	VNET_CMD_FDB_DEL,
	VNET_CMD_FDB_FLUSH,
	VNET_CMD_FDB_NEW_NTF,
	VNET_CMD_FDB_DEL_NTF,
	VNET_CMD_NAT_GET,
	VNET_CMD_NAT_SET,
	VNET_CMD_NAT_SET_NTF,
	VNET_CMD_MAPPING_GET,
	VNET_CMD_SESSION_GET,
	VNET_CMD_SESSION_FLUSH,
	VNET_CMD_FORWARD_GET,
	VNET_CMD_FORWARD_NEW,
	VNET_CMD_FORWARD_DEL,
	VNET_CMD_FORWARD_NEW_NTF,
	VNET_CMD_FORWARD_DEL_NTF,
	VNET_CMD_STATS_GET,
	VNET_CMD_REASON_GET,
	VNET_CMD_LIMIT_NTF,
	VNET_CMD_VLAN_GET,
	VNET_CMD_VLAN_NEW,
	VNET_CMD_VLAN_DEL,
	VNET_CMD_NEIGH_GET,
	VNET_CMD_ALARM_NTF,

	__VNET_CMD_MAX
};
#define VNET_CMD_MAX (__VNET_CMD_MAX - 1)

#define VNET_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_VNET_H */
