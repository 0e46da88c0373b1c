// SPDX-License-Identifier: GPL-2.0
/* Do not edit: made by lib/gen-schema.py from docs/netlink/specs/vnet.yaml. */
#include "schema.h"

static const char *const mode_names[] = {
	"host-only",
	"nat",
	"bridged",
	"private",
};

const struct vn_enum vn_enum_mode = { "mode", mode_names, VN_COUNT(mode_names), NULL };

static const char *const port_kind_names[] = {
	"member",
	"vnic",
	"host",
	"uplink",
	"gateway",
};

const struct vn_enum vn_enum_port_kind = { "port_kind", port_kind_names, VN_COUNT(port_kind_names), NULL };

static const char *const port_state_names[] = {
	"disabled",
	"listening",
	"learning",
	"forwarding",
	"blocking",
};

const struct vn_enum vn_enum_port_state = { "port_state", port_state_names, VN_COUNT(port_state_names), NULL };

static const char *const port_role_names[] = {
	"disabled",
	"root",
	"designated",
	"alternate",
	"backup",
};

const struct vn_enum vn_enum_port_role = { "port_role", port_role_names, VN_COUNT(port_role_names), NULL };

static const char *const port_edge_names[] = {
	"auto",
	"on",
	"off",
};

const struct vn_enum vn_enum_port_edge = { "port_edge", port_edge_names, VN_COUNT(port_edge_names), NULL };

static const char *const stp_mode_names[] = {
	"rstp",
	"stp",
};

const struct vn_enum vn_enum_stp_mode = { "stp_mode", stp_mode_names, VN_COUNT(stp_mode_names), NULL };

static const char *const blocker_names[] = {
	"none",
	"guard",
	"loop-guard",
};

const struct vn_enum vn_enum_blocker = { "blocker", blocker_names, VN_COUNT(blocker_names), NULL };

static const char *const fdb_state_names[] = {
	"learned",
	"static",
	"local",
	"external",
};

const struct vn_enum vn_enum_fdb_state = { "fdb_state", fdb_state_names, VN_COUNT(fdb_state_names), NULL };

static const char *const filtering_names[] = {
	"address-dependent",
	"endpoint-independent",
	"address-and-port-dependent",
};

const struct vn_enum vn_enum_filtering = { "filtering", filtering_names, VN_COUNT(filtering_names), NULL };

static const char *const session_state_names[] = {
	"unreplied",
	"replied",
	"syn-out",
	"syn-in",
	"established",
	"fin-out",
	"fin-in",
	"fin-both",
	"reset",
};

const struct vn_enum vn_enum_session_state = { "session_state", session_state_names, VN_COUNT(session_state_names), NULL };

static const char *const limit_names[] = {
	"fdb",
	"fdb-port",
	"session",
	"session-port",
	"mapping",
	"nat-ports",
	"neighbour",
	"namespace",
	"binding",
	"binding-port",
	"storm",
	"mdb",
	"mdb-port",
};

const struct vn_enum vn_enum_limit = { "limit", limit_names, VN_COUNT(limit_names), NULL };

static const char *const binding_state_names[] = {
	"known",
	"unanswered",
	"contested",
};

const struct vn_enum vn_enum_binding_state = { "binding_state", binding_state_names, VN_COUNT(binding_state_names), NULL };

static const char *const alarm_names[] = {
	"addr-duplicate",
	"lladdr-move",
	"lladdr-duplicate",
};

const struct vn_enum vn_enum_alarm = { "alarm", alarm_names, VN_COUNT(alarm_names), NULL };

static const char *const fdb_overflow_names[] = {
	"forward",
	"drop",
};

const struct vn_enum vn_enum_fdb_overflow = { "fdb_overflow", fdb_overflow_names, VN_COUNT(fdb_overflow_names), NULL };

static const char *const private_vlan_names[] = {
	"promiscuous",
	"isolated",
	"community",
};

const struct vn_enum vn_enum_private_vlan = { "private_vlan", private_vlan_names, VN_COUNT(private_vlan_names), NULL };

static const struct vn_attr info_attrs[] = {
	{ .id = 1, .name = "link", .type = VN_BINARY },
	{ .id = 2, .name = "port", .type = VN_BINARY },
};

const struct vn_set vn_set_info = { "info", info_attrs, VN_COUNT(info_attrs), 2 };

static const struct vn_attr link_attrs[] = {
	{ .id = 1, .name = "forward_delay", .type = VN_U32, .min = 400U, .max = 3000U },
	{ .id = 2, .name = "hello_time", .type = VN_U32, .min = 100U, .max = 1000U },
	{ .id = 3, .name = "max_age", .type = VN_U32, .min = 600U, .max = 4000U },
	{ .id = 4, .name = "ageing_time", .type = VN_U32, .min = 0U, .max = 360000000U },
	{ .id = 5, .name = "stp_state", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 6, .name = "stp_priority", .type = VN_U16, .min = 0U, .max = 65535U },
	{ .id = 7, .name = "vlan_filtering", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 8, .name = "vlan_protocol", .type = VN_BE16, .min = 0U, .max = 65535U, .names = &vn_enum_vlan_protocol },
	{ .id = 10, .name = "root_id", .type = VN_LLADDR },
	{ .id = 11, .name = "bridge_id", .type = VN_LLADDR },
	{ .id = 12, .name = "root_port", .type = VN_U16, .min = 0U, .max = 65535U },
	{ .id = 13, .name = "root_path_cost", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 14, .name = "topology_change", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 23, .name = "mcast_snooping", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 24, .name = "mcast_query_use_ifaddr", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 25, .name = "mcast_querier", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 27, .name = "mcast_hash_max", .type = VN_U32, .min = 1U, .max = 65536U },
	{ .id = 28, .name = "mcast_last_member_cnt", .type = VN_U32, .min = 0U, .max = 16U },
	{ .id = 29, .name = "mcast_startup_query_cnt", .type = VN_U32, .min = 0U, .max = 16U },
	{ .id = 30, .name = "mcast_last_member_intvl", .type = VN_U32, .min = 10U, .max = 8640000U },
	{ .id = 31, .name = "mcast_membership_intvl", .type = VN_U32, .min = 10U, .max = 8640000U },
	{ .id = 32, .name = "mcast_querier_intvl", .type = VN_U32, .min = 10U, .max = 8640000U },
	{ .id = 33, .name = "mcast_query_intvl", .type = VN_U32, .min = 100U, .max = 8640000U },
	{ .id = 34, .name = "mcast_query_response_intvl", .type = VN_U32, .min = 10U, .max = 8640000U },
	{ .id = 35, .name = "mcast_startup_query_intvl", .type = VN_U32, .min = 100U, .max = 8640000U },
	{ .id = 39, .name = "vlan_default_pvid", .type = VN_U16, .min = 0U, .max = 4094U },
	{ .id = 43, .name = "mcast_igmp_version", .type = VN_U8, .min = 2U, .max = 3U },
	{ .id = 44, .name = "mcast_mld_version", .type = VN_U8, .min = 1U, .max = 2U },
	{ .id = 45, .name = "vlan_stats_per_port", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 48, .name = "fdb_n_learned", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 49, .name = "fdb_max_learned", .type = VN_U32, .min = 1U, .max = 1048576U },
	{ .id = 128, .name = "ifindex", .type = VN_U32, .min = 1U, .max = 4294967295U },
	{ .id = 129, .name = "ifname", .type = VN_STRING },
	{ .id = 130, .name = "mode", .type = VN_U32, .min = 0U, .max = 3U, .names = &vn_enum_mode },
	{ .id = 131, .name = "subnet", .type = VN_IPV4 },
	{ .id = 132, .name = "prefix_len", .type = VN_U8, .min = 8U, .max = 30U },
	{ .id = 133, .name = "gateway", .type = VN_IPV4 },
	{ .id = 134, .name = "gateway_lladdr", .type = VN_LLADDR },
	{ .id = 135, .name = "host_adapter", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 136, .name = "uplink", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 137, .name = "nat", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 138, .name = "n_ports", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 139, .name = "max_ports", .type = VN_U32, .min = 1U, .max = 4096U },
	{ .id = 140, .name = "stp_mode", .type = VN_U32, .min = 0U, .max = 1U, .names = &vn_enum_stp_mode },
	{ .id = 141, .name = "loop_guard", .type = VN_U16, .min = 0U, .max = 3600U },
	{ .id = 142, .name = "neigh_unicast", .type = VN_U8, .min = 0U, .max = 1U },
};

const struct vn_set vn_set_link = { "link", link_attrs, VN_COUNT(link_attrs), 142 };

static const struct vn_attr port_attrs[] = {
	{ .id = 1, .name = "state", .type = VN_U8, .min = 0U, .max = 4U, .names = &vn_enum_port_state },
	{ .id = 2, .name = "priority", .type = VN_U16, .min = 0U, .max = 65535U },
	{ .id = 3, .name = "cost", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 4, .name = "hairpin", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 5, .name = "guard", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 6, .name = "root_block", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 7, .name = "fast_leave", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 8, .name = "learning", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 9, .name = "unicast_flood", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 10, .name = "proxy_arp", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 14, .name = "designated_bridge", .type = VN_LLADDR },
	{ .id = 15, .name = "designated_port", .type = VN_U16, .min = 0U, .max = 65535U },
	{ .id = 17, .name = "id", .type = VN_U16, .min = 0U, .max = 65535U },
	{ .id = 25, .name = "mcast_router", .type = VN_U8, .min = 0U, .max = 2U },
	{ .id = 27, .name = "mcast_flood", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 28, .name = "mcast_to_unicast", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 30, .name = "bcast_flood", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 32, .name = "neigh_suppress", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 33, .name = "isolated", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 34, .name = "backup_port", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 39, .name = "locked", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 41, .name = "mcast_n_groups", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 42, .name = "mcast_max_groups", .type = VN_U32, .min = 0U, .max = 65536U },
	{ .id = 128, .name = "ifindex", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 129, .name = "ifname", .type = VN_STRING },
	{ .id = 130, .name = "vnet", .type = VN_U32, .min = 1U, .max = 4294967295U },
	{ .id = 131, .name = "vnet_name", .type = VN_STRING },
	{ .id = 132, .name = "number", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 133, .name = "kind", .type = VN_U32, .min = 0U, .max = 4294967295U, .names = &vn_enum_port_kind },
	{ .id = 134, .name = "fdb_n_learned", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 135, .name = "fdb_max_learned", .type = VN_U32, .min = 1U, .max = 1048576U },
	{ .id = 136, .name = "n_sessions", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 137, .name = "max_sessions", .type = VN_U32, .min = 1U, .max = 16777216U },
	{ .id = 138, .name = "up", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 139, .name = "netnsid", .type = VN_S32, .min = 0U, .max = 2147483647U },
	{ .id = 140, .name = "blocked_by", .type = VN_U32, .min = 0U, .max = 4294967295U, .names = &vn_enum_blocker },
	{ .id = 141, .name = "horizon", .type = VN_U16, .min = 0U, .max = 65535U },
	{ .id = 142, .name = "stp", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 143, .name = "edge", .type = VN_U32, .min = 0U, .max = 2U, .names = &vn_enum_port_edge },
	{ .id = 144, .name = "oper_edge", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 145, .name = "role", .type = VN_U32, .min = 0U, .max = 4294967295U, .names = &vn_enum_port_role },
	{ .id = 146, .name = "fdb_overflow", .type = VN_U32, .min = 0U, .max = 1U, .names = &vn_enum_fdb_overflow },
	{ .id = 147, .name = "private_vlan", .type = VN_U32, .min = 0U, .max = 2U, .names = &vn_enum_private_vlan },
	{ .id = 148, .name = "community", .type = VN_U16, .min = 1U, .max = 4094U },
	{ .id = 149, .name = "storm_broadcast", .type = VN_U32, .min = 0U, .max = 100000000U },
	{ .id = 150, .name = "storm_multicast", .type = VN_U32, .min = 0U, .max = 100000000U },
	{ .id = 151, .name = "storm_unknown", .type = VN_U32, .min = 0U, .max = 100000000U },
};

const struct vn_set vn_set_port = { "port", port_attrs, VN_COUNT(port_attrs), 151 };

static const struct vn_attr fdb_attrs[] = {
	{ .id = 1, .name = "vnet", .type = VN_U32, .min = 1U, .max = 4294967295U },
	{ .id = 2, .name = "lladdr", .type = VN_LLADDR },
	{ .id = 3, .name = "port", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 4, .name = "port_number", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 5, .name = "port_name", .type = VN_STRING },
	{ .id = 6, .name = "state", .type = VN_U32, .min = 0U, .max = 3U, .names = &vn_enum_fdb_state },
	{ .id = 7, .name = "age", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 8, .name = "vnet_name", .type = VN_STRING },
	{ .id = 9, .name = "vlan", .type = VN_U16, .min = 0U, .max = 4094U },
};

const struct vn_set vn_set_fdb = { "fdb", fdb_attrs, VN_COUNT(fdb_attrs), 9 };

static const struct vn_attr timeout_attrs[] = {
	{ .id = 1, .name = "udp", .type = VN_U32, .min = 1U, .max = 604800U },
	{ .id = 2, .name = "udp_unreplied", .type = VN_U32, .min = 1U, .max = 604800U },
	{ .id = 3, .name = "tcp_established", .type = VN_U32, .min = 1U, .max = 604800U },
	{ .id = 4, .name = "tcp_opening", .type = VN_U32, .min = 1U, .max = 604800U },
	{ .id = 5, .name = "tcp_closing", .type = VN_U32, .min = 1U, .max = 604800U },
	{ .id = 6, .name = "icmp", .type = VN_U32, .min = 1U, .max = 604800U },
	{ .id = 7, .name = "hold_down", .type = VN_U32, .min = 0U, .max = 604800U },
};

const struct vn_set vn_set_timeout = { "timeout", timeout_attrs, VN_COUNT(timeout_attrs), 7 };

static const struct vn_attr port_range_attrs[] = {
	{ .id = 1, .name = "first", .type = VN_U16, .min = 1U, .max = 65535U },
	{ .id = 2, .name = "last", .type = VN_U16, .min = 1U, .max = 65535U },
};

const struct vn_set vn_set_port_range = { "port_range", port_range_attrs, VN_COUNT(port_range_attrs), 2 };

static const struct vn_attr nat_attrs[] = {
	{ .id = 1, .name = "vnet", .type = VN_U32, .min = 1U, .max = 4294967295U },
	{ .id = 2, .name = "vnet_name", .type = VN_STRING },
	{ .id = 3, .name = "filtering", .type = VN_U32, .min = 0U, .max = 2U, .names = &vn_enum_filtering },
	{ .id = 4, .name = "out", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 5, .name = "max_sessions", .type = VN_U32, .min = 1U, .max = 16777216U },
	{ .id = 6, .name = "n_sessions", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 7, .name = "max_mappings", .type = VN_U32, .min = 1U, .max = 16777216U },
	{ .id = 8, .name = "n_mappings", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 9, .name = "timeouts", .type = VN_NEST, .nest = &vn_set_timeout },
	{ .id = 10, .name = "port_range", .type = VN_NEST, .nest = &vn_set_port_range, .multi = true },
};

const struct vn_set vn_set_nat = { "nat", nat_attrs, VN_COUNT(nat_attrs), 10 };

static const struct vn_attr mapping_attrs[] = {
	{ .id = 1, .name = "vnet", .type = VN_U32, .min = 1U, .max = 4294967295U },
	{ .id = 2, .name = "vnet_name", .type = VN_STRING },
	{ .id = 3, .name = "proto", .type = VN_U8, .min = 0U, .max = 255U },
	{ .id = 4, .name = "internal_addr", .type = VN_IPV4 },
	{ .id = 5, .name = "internal_port", .type = VN_U16, .min = 0U, .max = 65535U },
	{ .id = 6, .name = "external_addr", .type = VN_IPV4 },
	{ .id = 7, .name = "external_port", .type = VN_U16, .min = 0U, .max = 65535U },
	{ .id = 8, .name = "n_sessions", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 9, .name = "port_number", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 10, .name = "port_name", .type = VN_STRING },
};

const struct vn_set vn_set_mapping = { "mapping", mapping_attrs, VN_COUNT(mapping_attrs), 10 };

static const struct vn_attr session_attrs[] = {
	{ .id = 1, .name = "vnet", .type = VN_U32, .min = 1U, .max = 4294967295U },
	{ .id = 2, .name = "vnet_name", .type = VN_STRING },
	{ .id = 3, .name = "proto", .type = VN_U8, .min = 0U, .max = 255U },
	{ .id = 4, .name = "internal_addr", .type = VN_IPV4 },
	{ .id = 5, .name = "internal_port", .type = VN_U16, .min = 0U, .max = 65535U },
	{ .id = 6, .name = "external_addr", .type = VN_IPV4 },
	{ .id = 7, .name = "external_port", .type = VN_U16, .min = 0U, .max = 65535U },
	{ .id = 8, .name = "remote_addr", .type = VN_IPV4 },
	{ .id = 9, .name = "remote_port", .type = VN_U16, .min = 0U, .max = 65535U },
	{ .id = 10, .name = "state", .type = VN_U32, .min = 0U, .max = 4294967295U, .names = &vn_enum_session_state },
	{ .id = 11, .name = "expires", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 12, .name = "out_packets", .type = VN_U64, .min = 0U, .max = 18446744073709551615U },
	{ .id = 13, .name = "out_bytes", .type = VN_U64, .min = 0U, .max = 18446744073709551615U },
	{ .id = 14, .name = "in_packets", .type = VN_U64, .min = 0U, .max = 18446744073709551615U },
	{ .id = 15, .name = "in_bytes", .type = VN_U64, .min = 0U, .max = 18446744073709551615U },
	{ .id = 16, .name = "port_number", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 17, .name = "port_name", .type = VN_STRING },
	{ .id = 18, .name = "forward", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 19, .name = "count", .type = VN_U32, .min = 0U, .max = 4294967295U },
};

const struct vn_set vn_set_session = { "session", session_attrs, VN_COUNT(session_attrs), 20 };

static const struct vn_attr forward_attrs[] = {
	{ .id = 1, .name = "vnet", .type = VN_U32, .min = 1U, .max = 4294967295U },
	{ .id = 2, .name = "vnet_name", .type = VN_STRING },
	{ .id = 3, .name = "handle", .type = VN_U32, .min = 1U, .max = 4294967295U },
	{ .id = 4, .name = "proto", .type = VN_U8, .min = 0U, .max = 255U },
	{ .id = 5, .name = "first", .type = VN_U16, .min = 1U, .max = 65535U },
	{ .id = 6, .name = "last", .type = VN_U16, .min = 1U, .max = 65535U },
	{ .id = 7, .name = "addr", .type = VN_IPV4 },
	{ .id = 8, .name = "to_addr", .type = VN_IPV4 },
	{ .id = 9, .name = "to_port", .type = VN_U16, .min = 1U, .max = 65535U },
	{ .id = 10, .name = "hits", .type = VN_U64, .min = 0U, .max = 18446744073709551615U },
	{ .id = 11, .name = "n_sessions", .type = VN_U32, .min = 0U, .max = 4294967295U },
};

const struct vn_set vn_set_forward = { "forward", forward_attrs, VN_COUNT(forward_attrs), 12 };

static const struct vn_attr drop_attrs[] = {
	{ .id = 1, .name = "reason", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 2, .name = "name", .type = VN_STRING },
	{ .id = 3, .name = "packets", .type = VN_U64, .min = 0U, .max = 18446744073709551615U },
};

const struct vn_set vn_set_drop = { "drop", drop_attrs, VN_COUNT(drop_attrs), 4 };

static const struct vn_attr reason_attrs[] = {
	{ .id = 1, .name = "number", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 2, .name = "name", .type = VN_STRING },
	{ .id = 3, .name = "explanation", .type = VN_STRING },
};

const struct vn_set vn_set_reason = { "reason", reason_attrs, VN_COUNT(reason_attrs), 3 };

static const struct vn_attr stats_attrs[] = {
	{ .id = 1, .name = "vnet", .type = VN_U32, .min = 1U, .max = 4294967295U },
	{ .id = 2, .name = "vnet_name", .type = VN_STRING },
	{ .id = 3, .name = "port_number", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 4, .name = "port_name", .type = VN_STRING },
	{ .id = 5, .name = "port_kind", .type = VN_U32, .min = 0U, .max = 4294967295U, .names = &vn_enum_port_kind },
	{ .id = 6, .name = "rx_packets", .type = VN_U64, .min = 0U, .max = 18446744073709551615U },
	{ .id = 7, .name = "rx_bytes", .type = VN_U64, .min = 0U, .max = 18446744073709551615U },
	{ .id = 8, .name = "tx_packets", .type = VN_U64, .min = 0U, .max = 18446744073709551615U },
	{ .id = 9, .name = "tx_bytes", .type = VN_U64, .min = 0U, .max = 18446744073709551615U },
	{ .id = 10, .name = "drop", .type = VN_NEST, .nest = &vn_set_drop, .multi = true },
};

const struct vn_set vn_set_stats = { "stats", stats_attrs, VN_COUNT(stats_attrs), 11 };

static const struct vn_attr vlan_attrs[] = {
	{ .id = 1, .name = "vnet", .type = VN_U32, .min = 1U, .max = 4294967295U },
	{ .id = 2, .name = "vnet_name", .type = VN_STRING },
	{ .id = 3, .name = "port", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 4, .name = "port_number", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 5, .name = "port_name", .type = VN_STRING },
	{ .id = 6, .name = "first", .type = VN_U16, .min = 1U, .max = 4094U },
	{ .id = 7, .name = "last", .type = VN_U16, .min = 1U, .max = 4094U },
	{ .id = 8, .name = "pvid", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 9, .name = "untagged", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 10, .name = "stats", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 11, .name = "rx_packets", .type = VN_U64, .min = 0U, .max = 18446744073709551615U },
	{ .id = 12, .name = "rx_bytes", .type = VN_U64, .min = 0U, .max = 18446744073709551615U },
	{ .id = 13, .name = "tx_packets", .type = VN_U64, .min = 0U, .max = 18446744073709551615U },
	{ .id = 14, .name = "tx_bytes", .type = VN_U64, .min = 0U, .max = 18446744073709551615U },
};

const struct vn_set vn_set_vlan = { "vlan", vlan_attrs, VN_COUNT(vlan_attrs), 15 };

static const struct vn_attr mdb_attrs[] = {
	{ .id = 1, .name = "vnet", .type = VN_U32, .min = 1U, .max = 4294967295U },
	{ .id = 2, .name = "vnet_name", .type = VN_STRING },
	{ .id = 3, .name = "port", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 4, .name = "port_number", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 5, .name = "port_name", .type = VN_STRING },
	{ .id = 6, .name = "group", .type = VN_INET },
	{ .id = 7, .name = "source", .type = VN_INET },
	{ .id = 8, .name = "vlan", .type = VN_U16, .min = 0U, .max = 4094U },
	{ .id = 9, .name = "permanent", .type = VN_U8, .min = 0U, .max = 1U },
	{ .id = 10, .name = "expires", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 11, .name = "excluded", .type = VN_U8, .min = 0U, .max = 255U },
};

const struct vn_set vn_set_mdb = { "mdb", mdb_attrs, VN_COUNT(mdb_attrs), 11 };

static const struct vn_attr event_attrs[] = {
	{ .id = 1, .name = "vnet", .type = VN_U32, .min = 1U, .max = 4294967295U },
	{ .id = 2, .name = "vnet_name", .type = VN_STRING },
	{ .id = 3, .name = "limit", .type = VN_U32, .min = 0U, .max = 4294967295U, .names = &vn_enum_limit },
	{ .id = 4, .name = "bound", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 5, .name = "port_number", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 6, .name = "port_name", .type = VN_STRING },
};

const struct vn_set vn_set_event = { "event", event_attrs, VN_COUNT(event_attrs), 6 };

static const struct vn_attr neigh_attrs[] = {
	{ .id = 1, .name = "vnet", .type = VN_U32, .min = 1U, .max = 4294967295U },
	{ .id = 2, .name = "vnet_name", .type = VN_STRING },
	{ .id = 3, .name = "ipv4", .type = VN_IPV4 },
	{ .id = 4, .name = "ipv6", .type = VN_INET },
	{ .id = 5, .name = "lladdr", .type = VN_LLADDR },
	{ .id = 6, .name = "vlan", .type = VN_U16, .min = 0U, .max = 65535U },
	{ .id = 7, .name = "port_number", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 8, .name = "port_name", .type = VN_STRING },
	{ .id = 9, .name = "state", .type = VN_U32, .min = 0U, .max = 4294967295U, .names = &vn_enum_binding_state },
	{ .id = 10, .name = "age", .type = VN_U32, .min = 0U, .max = 4294967295U },
};

const struct vn_set vn_set_neigh = { "neigh", neigh_attrs, VN_COUNT(neigh_attrs), 10 };

static const struct vn_attr alarm_attrs[] = {
	{ .id = 1, .name = "vnet", .type = VN_U32, .min = 1U, .max = 4294967295U },
	{ .id = 2, .name = "vnet_name", .type = VN_STRING },
	{ .id = 3, .name = "kind", .type = VN_U32, .min = 0U, .max = 4294967295U, .names = &vn_enum_alarm },
	{ .id = 4, .name = "ipv4", .type = VN_IPV4 },
	{ .id = 5, .name = "ipv6", .type = VN_INET },
	{ .id = 6, .name = "lladdr", .type = VN_LLADDR },
	{ .id = 7, .name = "vlan", .type = VN_U16, .min = 0U, .max = 65535U },
	{ .id = 8, .name = "port_number", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 9, .name = "port_name", .type = VN_STRING },
	{ .id = 10, .name = "other_lladdr", .type = VN_LLADDR },
	{ .id = 11, .name = "other_port_number", .type = VN_U32, .min = 0U, .max = 4294967295U },
	{ .id = 12, .name = "other_port_name", .type = VN_STRING },
	{ .id = 13, .name = "count", .type = VN_U32, .min = 0U, .max = 4294967295U },
};

const struct vn_set vn_set_alarm = { "alarm", alarm_attrs, VN_COUNT(alarm_attrs), 13 };

const struct vn_op vn_ops[] = {
	{ 1, "link_get", &vn_set_link, false },
	{ 2, "link_set", &vn_set_link, false },
	{ 3, "link_new_ntf", &vn_set_link, true },
	{ 4, "link_del_ntf", &vn_set_link, true },
	{ 5, "port_get", &vn_set_port, false },
	{ 6, "port_set", &vn_set_port, false },
	{ 7, "port_new_ntf", &vn_set_port, true },
	{ 8, "port_del_ntf", &vn_set_port, true },
	{ 9, "fdb_get", &vn_set_fdb, false },
	{ 10, "fdb_new", &vn_set_fdb, false },
	{ 11, "fdb_del", &vn_set_fdb, false },
	{ 12, "fdb_flush", &vn_set_fdb, false },
	{ 13, "fdb_new_ntf", &vn_set_fdb, true },
	{ 14, "fdb_del_ntf", &vn_set_fdb, true },
	{ 15, "nat_get", &vn_set_nat, false },
	{ 16, "nat_set", &vn_set_nat, false },
	{ 17, "nat_set_ntf", &vn_set_nat, true },
	{ 18, "mapping_get", &vn_set_mapping, false },
	{ 19, "session_get", &vn_set_session, false },
	{ 20, "session_flush", &vn_set_session, false },
	{ 21, "forward_get", &vn_set_forward, false },
	{ 22, "forward_new", &vn_set_forward, false },
	{ 23, "forward_del", &vn_set_forward, false },
	{ 24, "forward_new_ntf", &vn_set_forward, true },
	{ 25, "forward_del_ntf", &vn_set_forward, true },
	{ 26, "stats_get", &vn_set_stats, false },
	{ 27, "reason_get", &vn_set_reason, false },
	{ 28, "limit_ntf", &vn_set_event, true },
	{ 29, "vlan_get", &vn_set_vlan, false },
	{ 30, "vlan_new", &vn_set_vlan, false },
	{ 31, "vlan_del", &vn_set_vlan, false },
	{ 32, "neigh_get", &vn_set_neigh, false },
	{ 33, "alarm_ntf", &vn_set_alarm, true },
	{ 34, "mdb_get", &vn_set_mdb, false },
	{ 35, "mdb_new", &vn_set_mdb, false },
	{ 36, "mdb_del", &vn_set_mdb, false },
	{ 37, "mdb_flush", &vn_set_mdb, false },
	{ 38, "mdb_new_ntf", &vn_set_mdb, true },
	{ 39, "mdb_del_ntf", &vn_set_mdb, true },
};

const unsigned int vn_n_ops = VN_COUNT(vn_ops);
