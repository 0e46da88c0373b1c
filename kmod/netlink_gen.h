/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	docs/netlink/specs/vnet.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_VNET_GEN_H
#define _LINUX_VNET_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/vnet.h>

/* Common nested types */
extern const struct nla_policy vnet_timeout_nl_policy[VNET_TIMEOUT_HOLD_DOWN + 1];

/* Ops table for vnet */

int vnet_nl_link_get_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_link_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vnet_nl_link_set_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vnet_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_fdb_get_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vnet_nl_fdb_new_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_fdb_del_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_fdb_flush_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_nat_get_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_nat_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vnet_nl_nat_set_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_mapping_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int vnet_nl_session_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int vnet_nl_session_flush_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_forward_get_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_forward_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int vnet_nl_forward_new_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_forward_del_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_stats_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vnet_nl_reason_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vnet_nl_vlan_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vnet_nl_vlan_new_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_vlan_del_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_neigh_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vnet_nl_mdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vnet_nl_mdb_new_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_mdb_del_doit(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_mdb_flush_doit(struct sk_buff *skb, struct genl_info *info);


extern const struct nla_policy vnet_link_get_do_nl_policy[VNET_LINK_IFINDEX + 1];
extern const struct nla_policy vnet_link_get_dump_nl_policy[VNET_LINK_IFINDEX + 1];
extern const struct nla_policy vnet_link_set_nl_policy[VNET_LINK_NEIGH_UNICAST + 1];
extern const struct nla_policy vnet_port_get_do_nl_policy[VNET_PORT_NUMBER + 1];
extern const struct nla_policy vnet_port_get_dump_nl_policy[VNET_PORT_NUMBER + 1];
extern const struct nla_policy vnet_port_set_nl_policy[VNET_PORT_STORM_UNKNOWN + 1];
extern const struct nla_policy vnet_fdb_get_do_nl_policy[VNET_FDB_VLAN + 1];
extern const struct nla_policy vnet_fdb_get_dump_nl_policy[VNET_FDB_VLAN + 1];
extern const struct nla_policy vnet_fdb_new_nl_policy[VNET_FDB_VLAN + 1];
extern const struct nla_policy vnet_fdb_del_nl_policy[VNET_FDB_VLAN + 1];
extern const struct nla_policy vnet_fdb_flush_nl_policy[VNET_FDB_PORT_NUMBER + 1];
extern const struct nla_policy vnet_nat_get_do_nl_policy[VNET_NAT_VNET + 1];
extern const struct nla_policy vnet_nat_get_dump_nl_policy[VNET_NAT_VNET + 1];
extern const struct nla_policy vnet_nat_set_nl_policy[VNET_NAT_TIMEOUTS + 1];
extern const struct nla_policy vnet_mapping_get_nl_policy[VNET_MAPPING_VNET + 1];
extern const struct nla_policy vnet_session_get_nl_policy[VNET_SESSION_REMOTE_ADDR + 1];
extern const struct nla_policy vnet_session_flush_nl_policy[VNET_SESSION_REMOTE_PORT + 1];
extern const struct nla_policy vnet_forward_get_do_nl_policy[VNET_FORWARD_HANDLE + 1];
extern const struct nla_policy vnet_forward_get_dump_nl_policy[VNET_FORWARD_HANDLE + 1];
extern const struct nla_policy vnet_forward_new_nl_policy[VNET_FORWARD_TO_PORT + 1];
extern const struct nla_policy vnet_forward_del_nl_policy[VNET_FORWARD_HANDLE + 1];
extern const struct nla_policy vnet_stats_get_nl_policy[VNET_STATS_VNET + 1];
extern const struct nla_policy vnet_vlan_get_nl_policy[VNET_VLAN_STATS + 1];
extern const struct nla_policy vnet_vlan_new_nl_policy[VNET_VLAN_UNTAGGED + 1];
extern const struct nla_policy vnet_vlan_del_nl_policy[VNET_VLAN_LAST + 1];
extern const struct nla_policy vnet_neigh_get_nl_policy[VNET_NEIGH_VNET + 1];
extern const struct nla_policy vnet_mdb_get_nl_policy[VNET_MDB_VNET + 1];
extern const struct nla_policy vnet_mdb_new_nl_policy[VNET_MDB_PERMANENT + 1];
extern const struct nla_policy vnet_mdb_del_nl_policy[VNET_MDB_VLAN + 1];
extern const struct nla_policy vnet_mdb_flush_nl_policy[VNET_MDB_PERMANENT + 1];

#endif /* _LINUX_VNET_GEN_H */
