/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of object "link" share. */
#ifndef VNET_CMD_LINK_H
#define VNET_CMD_LINK_H

#include "ctl.h"

/* Keywords of link add and link set, in this order in both tables. */
enum link_kw {
	L_NAME,
	L_MODE,
	L_ADDR,
	L_GATEWAY,
	L_GATEWAY_LLADDR,
	L_UPLINK,
	L_HOST_ADAPTER,
	L_NAT,
	L_AGEING_TIME,
	L_FDB_MAX_LEARNED,
	L_MAX_PORTS,
	L_VLAN_FILTERING,
	L_VLAN_PROTOCOL,
	L_VLAN_DEFAULT_PVID,
	L_VLAN_STATS_PER_PORT,
	L_STP,
	L_STP_MODE,
	L_STP_PRIORITY,
	L_HELLO_TIME,
	L_MAX_AGE,
	L_FORWARD_DELAY,
	L_LOOP_GUARD,
	L_NEIGH_UNICAST,
	L_MCAST_SNOOPING,
	L_MCAST_QUERIER,
	L_MCAST_QUERY_USE_IFADDR,
	L_MCAST_HASH_MAX,
	L_MCAST_IGMP_VERSION,
	L_MCAST_MLD_VERSION,
	L_MCAST_LAST_MEMBER_CNT,
	L_MCAST_LAST_MEMBER_INTVL,
	L_MCAST_MEMBERSHIP_INTVL,
	L_MCAST_QUERIER_INTVL,
	L_MCAST_QUERY_INTVL,
	L_MCAST_QUERY_RESPONSE_INTVL,
	L_MCAST_STARTUP_QUERY_CNT,
	L_MCAST_STARTUP_QUERY_INTVL,
	L_MTU,
	L_LLADDR,
	L_DOWN,
	L_UP,
	L_N_SET,
	L_N_ADD = L_UP,
};

/**
 * struct vnet_info - what the module says of a vnet.
 * @subnet: network address, 0 is none
 * @gateway: 0 is none
 */
struct vnet_info {
	uint32_t ifindex;
	char name[IFNAMSIZ];
	uint32_t mode;
	uint32_t subnet;
	uint8_t prefix_len;
	uint32_t gateway;
	bool nat;
	bool host_adapter;
	uint32_t uplink;
};

int link_add(struct ctl *c, const struct args *args);
int link_set(struct ctl *c, const struct args *args);
int link_del(struct ctl *c, const struct args *args);
int link_show(struct ctl *c, const struct args *args);
int link_info(struct ctl *c, uint32_t ifindex, struct vnet_info *info);
int link_info_list(struct ctl *c, struct vnet_info **list, size_t *n);
uint32_t default_gateway(uint32_t net, uint32_t host);
int check_host_address(struct ctl *c, const struct val *addr);
int subnet_pick(struct ctl *c, unsigned int first, uint32_t *net);
int stable_lladdr(const char *name, const char *role, uint8_t *lladdr);

#endif
