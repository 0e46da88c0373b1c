// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	docs/netlink/specs/vnet.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/linux/vnet.h>

/* Integer value ranges */
static struct netlink_range_validation vnet_link_ageing_time_range = {
	.max	= 360000000ULL,
};

static struct netlink_range_validation vnet_link_mcast_hash_max_range = {
	.min	= 1ULL,
	.max	= 65536ULL,
};

static struct netlink_range_validation vnet_link_mcast_last_member_intvl_range = {
	.min	= 10ULL,
	.max	= 8640000ULL,
};

static struct netlink_range_validation vnet_link_mcast_membership_intvl_range = {
	.min	= 10ULL,
	.max	= 8640000ULL,
};

static struct netlink_range_validation vnet_link_mcast_querier_intvl_range = {
	.min	= 10ULL,
	.max	= 8640000ULL,
};

static struct netlink_range_validation vnet_link_mcast_query_intvl_range = {
	.min	= 100ULL,
	.max	= 8640000ULL,
};

static struct netlink_range_validation vnet_link_mcast_query_response_intvl_range = {
	.min	= 10ULL,
	.max	= 8640000ULL,
};

static struct netlink_range_validation vnet_link_mcast_startup_query_intvl_range = {
	.min	= 100ULL,
	.max	= 8640000ULL,
};

static struct netlink_range_validation vnet_link_fdb_max_learned_range = {
	.min	= 1ULL,
	.max	= 1048576ULL,
};

static struct netlink_range_validation vnet_port_mcast_max_groups_range = {
	.max	= 65536ULL,
};

static struct netlink_range_validation vnet_port_fdb_max_learned_range = {
	.min	= 1ULL,
	.max	= 1048576ULL,
};

static struct netlink_range_validation vnet_port_max_sessions_range = {
	.min	= 1ULL,
	.max	= 16777216ULL,
};

static struct netlink_range_validation vnet_port_storm_broadcast_range = {
	.max	= 100000000ULL,
};

static struct netlink_range_validation vnet_port_storm_multicast_range = {
	.max	= 100000000ULL,
};

static struct netlink_range_validation vnet_port_storm_unknown_range = {
	.max	= 100000000ULL,
};

static struct netlink_range_validation vnet_timeout_udp_range = {
	.min	= 1ULL,
	.max	= 604800ULL,
};

static struct netlink_range_validation vnet_timeout_udp_unreplied_range = {
	.min	= 1ULL,
	.max	= 604800ULL,
};

static struct netlink_range_validation vnet_timeout_tcp_established_range = {
	.min	= 1ULL,
	.max	= 604800ULL,
};

static struct netlink_range_validation vnet_timeout_tcp_opening_range = {
	.min	= 1ULL,
	.max	= 604800ULL,
};

static struct netlink_range_validation vnet_timeout_tcp_closing_range = {
	.min	= 1ULL,
	.max	= 604800ULL,
};

static struct netlink_range_validation vnet_timeout_icmp_range = {
	.min	= 1ULL,
	.max	= 604800ULL,
};

static struct netlink_range_validation vnet_timeout_hold_down_range = {
	.max	= 604800ULL,
};

static struct netlink_range_validation vnet_nat_max_sessions_range = {
	.min	= 1ULL,
	.max	= 16777216ULL,
};

static struct netlink_range_validation vnet_nat_max_mappings_range = {
	.min	= 1ULL,
	.max	= 16777216ULL,
};

/* Common nested types */
const struct nla_policy vnet_timeout_nl_policy[VNET_TIMEOUT_HOLD_DOWN + 1] = {
	[VNET_TIMEOUT_UDP] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_timeout_udp_range),
	[VNET_TIMEOUT_UDP_UNREPLIED] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_timeout_udp_unreplied_range),
	[VNET_TIMEOUT_TCP_ESTABLISHED] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_timeout_tcp_established_range),
	[VNET_TIMEOUT_TCP_OPENING] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_timeout_tcp_opening_range),
	[VNET_TIMEOUT_TCP_CLOSING] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_timeout_tcp_closing_range),
	[VNET_TIMEOUT_ICMP] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_timeout_icmp_range),
	[VNET_TIMEOUT_HOLD_DOWN] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_timeout_hold_down_range),
};

/* VNET_CMD_LINK_GET - do */
const struct nla_policy vnet_link_get_do_nl_policy[VNET_LINK_IFINDEX + 1] = {
	[VNET_LINK_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VNET_CMD_LINK_GET - dump */
const struct nla_policy vnet_link_get_dump_nl_policy[VNET_LINK_IFINDEX + 1] = {
	[VNET_LINK_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VNET_CMD_LINK_SET - do */
const struct nla_policy vnet_link_set_nl_policy[VNET_LINK_NEIGH_UNICAST + 1] = {
	[VNET_LINK_FORWARD_DELAY] = NLA_POLICY_RANGE(NLA_U32, 400, 3000),
	[VNET_LINK_HELLO_TIME] = NLA_POLICY_RANGE(NLA_U32, 100, 1000),
	[VNET_LINK_MAX_AGE] = NLA_POLICY_RANGE(NLA_U32, 600, 4000),
	[VNET_LINK_AGEING_TIME] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_link_ageing_time_range),
	[VNET_LINK_STP_STATE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_LINK_STP_PRIORITY] = { .type = NLA_U16, },
	[VNET_LINK_STP_MODE] = NLA_POLICY_MAX(NLA_U32, 1),
	[VNET_LINK_LOOP_GUARD] = NLA_POLICY_MAX(NLA_U16, 3600),
	[VNET_LINK_VLAN_FILTERING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_LINK_VLAN_PROTOCOL] = { .type = NLA_U16, },
	[VNET_LINK_VLAN_DEFAULT_PVID] = NLA_POLICY_MAX(NLA_U16, 4094),
	[VNET_LINK_VLAN_STATS_PER_PORT] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_LINK_MCAST_SNOOPING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_LINK_MCAST_QUERY_USE_IFADDR] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_LINK_MCAST_QUERIER] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_LINK_MCAST_HASH_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_link_mcast_hash_max_range),
	[VNET_LINK_MCAST_LAST_MEMBER_CNT] = NLA_POLICY_MAX(NLA_U32, 16),
	[VNET_LINK_MCAST_STARTUP_QUERY_CNT] = NLA_POLICY_MAX(NLA_U32, 16),
	[VNET_LINK_MCAST_LAST_MEMBER_INTVL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_link_mcast_last_member_intvl_range),
	[VNET_LINK_MCAST_MEMBERSHIP_INTVL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_link_mcast_membership_intvl_range),
	[VNET_LINK_MCAST_QUERIER_INTVL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_link_mcast_querier_intvl_range),
	[VNET_LINK_MCAST_QUERY_INTVL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_link_mcast_query_intvl_range),
	[VNET_LINK_MCAST_QUERY_RESPONSE_INTVL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_link_mcast_query_response_intvl_range),
	[VNET_LINK_MCAST_STARTUP_QUERY_INTVL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_link_mcast_startup_query_intvl_range),
	[VNET_LINK_MCAST_IGMP_VERSION] = NLA_POLICY_RANGE(NLA_U8, 2, 3),
	[VNET_LINK_MCAST_MLD_VERSION] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
	[VNET_LINK_FDB_MAX_LEARNED] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_link_fdb_max_learned_range),
	[VNET_LINK_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_LINK_MODE] = NLA_POLICY_MAX(NLA_U32, 3),
	[VNET_LINK_SUBNET] = { .type = NLA_U32, },
	[VNET_LINK_PREFIX_LEN] = NLA_POLICY_RANGE(NLA_U8, 8, 30),
	[VNET_LINK_GATEWAY] = { .type = NLA_U32, },
	[VNET_LINK_GATEWAY_LLADDR] = NLA_POLICY_EXACT_LEN(6),
	[VNET_LINK_HOST_ADAPTER] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_LINK_UPLINK] = { .type = NLA_U32, },
	[VNET_LINK_NAT] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_LINK_MAX_PORTS] = NLA_POLICY_RANGE(NLA_U32, 1, 4096),
	[VNET_LINK_NEIGH_UNICAST] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VNET_CMD_PORT_GET - do */
const struct nla_policy vnet_port_get_do_nl_policy[VNET_PORT_NUMBER + 1] = {
	[VNET_PORT_IFINDEX] = { .type = NLA_U32, },
	[VNET_PORT_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_PORT_NUMBER] = { .type = NLA_U32, },
};

/* VNET_CMD_PORT_GET - dump */
const struct nla_policy vnet_port_get_dump_nl_policy[VNET_PORT_NUMBER + 1] = {
	[VNET_PORT_IFINDEX] = { .type = NLA_U32, },
	[VNET_PORT_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_PORT_NUMBER] = { .type = NLA_U32, },
};

/* VNET_CMD_PORT_SET - do */
const struct nla_policy vnet_port_set_nl_policy[VNET_PORT_STORM_UNKNOWN + 1] = {
	[VNET_PORT_STATE] = NLA_POLICY_MAX(NLA_U8, 4),
	[VNET_PORT_PRIORITY] = { .type = NLA_U16, },
	[VNET_PORT_COST] = { .type = NLA_U32, },
	[VNET_PORT_HAIRPIN] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_PORT_GUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_PORT_ROOT_BLOCK] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_PORT_LEARNING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_PORT_UNICAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_PORT_MCAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_PORT_BCAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_PORT_ISOLATED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_PORT_STP] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_PORT_EDGE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VNET_PORT_IFINDEX] = { .type = NLA_U32, },
	[VNET_PORT_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_PORT_NUMBER] = { .type = NLA_U32, },
	[VNET_PORT_FDB_MAX_LEARNED] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_port_fdb_max_learned_range),
	[VNET_PORT_MAX_SESSIONS] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_port_max_sessions_range),
	[VNET_PORT_HORIZON] = { .type = NLA_U16, },
	[VNET_PORT_PROXY_ARP] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_PORT_NEIGH_SUPPRESS] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_PORT_BACKUP_PORT] = { .type = NLA_U32, },
	[VNET_PORT_LOCKED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_PORT_FDB_OVERFLOW] = NLA_POLICY_MAX(NLA_U32, 1),
	[VNET_PORT_PRIVATE_VLAN] = NLA_POLICY_MAX(NLA_U32, 2),
	[VNET_PORT_COMMUNITY] = NLA_POLICY_RANGE(NLA_U16, 1, 4094),
	[VNET_PORT_STORM_BROADCAST] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_port_storm_broadcast_range),
	[VNET_PORT_STORM_MULTICAST] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_port_storm_multicast_range),
	[VNET_PORT_STORM_UNKNOWN] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_port_storm_unknown_range),
	[VNET_PORT_FAST_LEAVE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_PORT_MCAST_ROUTER] = NLA_POLICY_MAX(NLA_U8, 2),
	[VNET_PORT_MCAST_MAX_GROUPS] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_port_mcast_max_groups_range),
	[VNET_PORT_MCAST_TO_UNICAST] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VNET_CMD_FDB_GET - do */
const struct nla_policy vnet_fdb_get_do_nl_policy[VNET_FDB_VLAN + 1] = {
	[VNET_FDB_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_FDB_LLADDR] = NLA_POLICY_EXACT_LEN(6),
	[VNET_FDB_VLAN] = NLA_POLICY_MAX(NLA_U16, 4094),
};

/* VNET_CMD_FDB_GET - dump */
const struct nla_policy vnet_fdb_get_dump_nl_policy[VNET_FDB_VLAN + 1] = {
	[VNET_FDB_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_FDB_LLADDR] = NLA_POLICY_EXACT_LEN(6),
	[VNET_FDB_VLAN] = NLA_POLICY_MAX(NLA_U16, 4094),
};

/* VNET_CMD_FDB_NEW - do */
const struct nla_policy vnet_fdb_new_nl_policy[VNET_FDB_VLAN + 1] = {
	[VNET_FDB_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_FDB_LLADDR] = NLA_POLICY_EXACT_LEN(6),
	[VNET_FDB_PORT] = { .type = NLA_U32, },
	[VNET_FDB_PORT_NUMBER] = { .type = NLA_U32, },
	[VNET_FDB_STATE] = NLA_POLICY_MAX(NLA_U32, 3),
	[VNET_FDB_VLAN] = NLA_POLICY_MAX(NLA_U16, 4094),
};

/* VNET_CMD_FDB_DEL - do */
const struct nla_policy vnet_fdb_del_nl_policy[VNET_FDB_VLAN + 1] = {
	[VNET_FDB_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_FDB_LLADDR] = NLA_POLICY_EXACT_LEN(6),
	[VNET_FDB_VLAN] = NLA_POLICY_MAX(NLA_U16, 4094),
};

/* VNET_CMD_FDB_FLUSH - do */
const struct nla_policy vnet_fdb_flush_nl_policy[VNET_FDB_PORT_NUMBER + 1] = {
	[VNET_FDB_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_FDB_PORT] = { .type = NLA_U32, },
	[VNET_FDB_PORT_NUMBER] = { .type = NLA_U32, },
};

/* VNET_CMD_NAT_GET - do */
const struct nla_policy vnet_nat_get_do_nl_policy[VNET_NAT_VNET + 1] = {
	[VNET_NAT_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VNET_CMD_NAT_GET - dump */
const struct nla_policy vnet_nat_get_dump_nl_policy[VNET_NAT_VNET + 1] = {
	[VNET_NAT_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VNET_CMD_NAT_SET - do */
const struct nla_policy vnet_nat_set_nl_policy[VNET_NAT_TIMEOUTS + 1] = {
	[VNET_NAT_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_NAT_FILTERING] = NLA_POLICY_MAX(NLA_U32, 2),
	[VNET_NAT_OUT] = { .type = NLA_U32, },
	[VNET_NAT_MAX_SESSIONS] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_nat_max_sessions_range),
	[VNET_NAT_MAX_MAPPINGS] = NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_nat_max_mappings_range),
	[VNET_NAT_TIMEOUTS] = NLA_POLICY_NESTED(vnet_timeout_nl_policy),
};

/* VNET_CMD_MAPPING_GET - dump */
const struct nla_policy vnet_mapping_get_nl_policy[VNET_MAPPING_VNET + 1] = {
	[VNET_MAPPING_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VNET_CMD_SESSION_GET - dump */
const struct nla_policy vnet_session_get_nl_policy[VNET_SESSION_REMOTE_ADDR + 1] = {
	[VNET_SESSION_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_SESSION_PROTO] = { .type = NLA_U8, },
	[VNET_SESSION_INTERNAL_ADDR] = { .type = NLA_U32, },
	[VNET_SESSION_REMOTE_ADDR] = { .type = NLA_U32, },
};

/* VNET_CMD_SESSION_FLUSH - do */
const struct nla_policy vnet_session_flush_nl_policy[VNET_SESSION_REMOTE_PORT + 1] = {
	[VNET_SESSION_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_SESSION_PROTO] = { .type = NLA_U8, },
	[VNET_SESSION_INTERNAL_ADDR] = { .type = NLA_U32, },
	[VNET_SESSION_INTERNAL_PORT] = { .type = NLA_U16, },
	[VNET_SESSION_REMOTE_ADDR] = { .type = NLA_U32, },
	[VNET_SESSION_REMOTE_PORT] = { .type = NLA_U16, },
};

/* VNET_CMD_FORWARD_GET - do */
const struct nla_policy vnet_forward_get_do_nl_policy[VNET_FORWARD_HANDLE + 1] = {
	[VNET_FORWARD_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_FORWARD_HANDLE] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VNET_CMD_FORWARD_GET - dump */
const struct nla_policy vnet_forward_get_dump_nl_policy[VNET_FORWARD_HANDLE + 1] = {
	[VNET_FORWARD_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_FORWARD_HANDLE] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VNET_CMD_FORWARD_NEW - do */
const struct nla_policy vnet_forward_new_nl_policy[VNET_FORWARD_TO_PORT + 1] = {
	[VNET_FORWARD_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_FORWARD_HANDLE] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_FORWARD_PROTO] = { .type = NLA_U8, },
	[VNET_FORWARD_FIRST] = NLA_POLICY_MIN(NLA_U16, 1),
	[VNET_FORWARD_LAST] = NLA_POLICY_MIN(NLA_U16, 1),
	[VNET_FORWARD_ADDR] = { .type = NLA_U32, },
	[VNET_FORWARD_TO_ADDR] = { .type = NLA_U32, },
	[VNET_FORWARD_TO_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
};

/* VNET_CMD_FORWARD_DEL - do */
const struct nla_policy vnet_forward_del_nl_policy[VNET_FORWARD_HANDLE + 1] = {
	[VNET_FORWARD_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_FORWARD_HANDLE] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VNET_CMD_STATS_GET - dump */
const struct nla_policy vnet_stats_get_nl_policy[VNET_STATS_VNET + 1] = {
	[VNET_STATS_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VNET_CMD_VLAN_GET - dump */
const struct nla_policy vnet_vlan_get_nl_policy[VNET_VLAN_STATS + 1] = {
	[VNET_VLAN_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_VLAN_STATS] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VNET_CMD_VLAN_NEW - do */
const struct nla_policy vnet_vlan_new_nl_policy[VNET_VLAN_UNTAGGED + 1] = {
	[VNET_VLAN_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_VLAN_PORT] = { .type = NLA_U32, },
	[VNET_VLAN_PORT_NUMBER] = { .type = NLA_U32, },
	[VNET_VLAN_FIRST] = NLA_POLICY_RANGE(NLA_U16, 1, 4094),
	[VNET_VLAN_LAST] = NLA_POLICY_RANGE(NLA_U16, 1, 4094),
	[VNET_VLAN_PVID] = NLA_POLICY_MAX(NLA_U8, 1),
	[VNET_VLAN_UNTAGGED] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VNET_CMD_VLAN_DEL - do */
const struct nla_policy vnet_vlan_del_nl_policy[VNET_VLAN_LAST + 1] = {
	[VNET_VLAN_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_VLAN_PORT] = { .type = NLA_U32, },
	[VNET_VLAN_PORT_NUMBER] = { .type = NLA_U32, },
	[VNET_VLAN_FIRST] = NLA_POLICY_RANGE(NLA_U16, 1, 4094),
	[VNET_VLAN_LAST] = NLA_POLICY_RANGE(NLA_U16, 1, 4094),
};

/* VNET_CMD_NEIGH_GET - dump */
const struct nla_policy vnet_neigh_get_nl_policy[VNET_NEIGH_VNET + 1] = {
	[VNET_NEIGH_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VNET_CMD_MDB_GET - dump */
const struct nla_policy vnet_mdb_get_nl_policy[VNET_MDB_VNET + 1] = {
	[VNET_MDB_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VNET_CMD_MDB_NEW - do */
const struct nla_policy vnet_mdb_new_nl_policy[VNET_MDB_PERMANENT + 1] = {
	[VNET_MDB_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_MDB_PORT] = { .type = NLA_U32, },
	[VNET_MDB_PORT_NUMBER] = { .type = NLA_U32, },
	[VNET_MDB_GROUP] = { .type = NLA_BINARY, },
	[VNET_MDB_SOURCE] = { .type = NLA_BINARY, },
	[VNET_MDB_VLAN] = NLA_POLICY_MAX(NLA_U16, 4094),
	[VNET_MDB_PERMANENT] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VNET_CMD_MDB_DEL - do */
const struct nla_policy vnet_mdb_del_nl_policy[VNET_MDB_VLAN + 1] = {
	[VNET_MDB_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_MDB_PORT] = { .type = NLA_U32, },
	[VNET_MDB_PORT_NUMBER] = { .type = NLA_U32, },
	[VNET_MDB_GROUP] = { .type = NLA_BINARY, },
	[VNET_MDB_SOURCE] = { .type = NLA_BINARY, },
	[VNET_MDB_VLAN] = NLA_POLICY_MAX(NLA_U16, 4094),
};

/* VNET_CMD_MDB_FLUSH - do */
const struct nla_policy vnet_mdb_flush_nl_policy[VNET_MDB_PERMANENT + 1] = {
	[VNET_MDB_VNET] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNET_MDB_PORT] = { .type = NLA_U32, },
	[VNET_MDB_PORT_NUMBER] = { .type = NLA_U32, },
	[VNET_MDB_VLAN] = NLA_POLICY_MAX(NLA_U16, 4094),
	[VNET_MDB_PERMANENT] = NLA_POLICY_MAX(NLA_U8, 1),
};

