// SPDX-License-Identifier: GPL-2.0
/* Object "link": its words, and deletion. */
#include "cmd/link.h"
#include "svc/svc.h"

#define LINK_KEYWORDS \
	[L_MODE] = { "mode", KT_ENUM, NULL, &vn_set_link, VNET_LINK_MODE, 0, 0 }, \
	[L_ADDR] = { "addr", KT_PREFIX, NULL, NULL, 0, 0, 0 }, \
	[L_GATEWAY] = { "gateway", KT_IPV4_OR_NONE, NULL, &vn_set_link, VNET_LINK_GATEWAY, 0, 0 }, \
	[L_GATEWAY_LLADDR] = { "gateway-lladdr", KT_LLADDR, NULL, &vn_set_link, VNET_LINK_GATEWAY_LLADDR, 0, 0 }, \
	[L_UPLINK] = { "uplink", KT_DEV_OR_NONE, NULL, &vn_set_link, VNET_LINK_UPLINK, 0, 0 }, \
	[L_HOST_ADAPTER] = { "host-adapter", KT_ONOFF, NULL, &vn_set_link, VNET_LINK_HOST_ADAPTER, 0, 0 }, \
	[L_NAT] = { "nat", KT_ONOFF, NULL, &vn_set_link, VNET_LINK_NAT, 0, 0 }, \
	[L_AGEING_TIME] = { "ageing-time", KT_CENTI, NULL, &vn_set_link, VNET_LINK_AGEING_TIME, 0, 0 }, \
	[L_FDB_MAX_LEARNED] = { "fdb-max-learned", KT_UINT, NULL, &vn_set_link, VNET_LINK_FDB_MAX_LEARNED, 0, 0 }, \
	[L_MAX_PORTS] = { "max-ports", KT_UINT, NULL, &vn_set_link, VNET_LINK_MAX_PORTS, 0, 0 }, \
	[L_VLAN_FILTERING] = { "vlan-filtering", KT_ONOFF, NULL, &vn_set_link, VNET_LINK_VLAN_FILTERING, 0, 0 }, \
	[L_VLAN_PROTOCOL] = { "vlan-protocol", KT_ENUM, NULL, &vn_set_link, VNET_LINK_VLAN_PROTOCOL, 0, 0 }, \
	[L_VLAN_DEFAULT_PVID] = { "vlan-default-pvid", KT_UINT, "VID", &vn_set_link, VNET_LINK_VLAN_DEFAULT_PVID, 0, 0 }, \
	[L_VLAN_STATS_PER_PORT] = { "vlan-stats-per-port", KT_ONOFF, NULL, &vn_set_link, \
				    VNET_LINK_VLAN_STATS_PER_PORT, 0, 0 }, \
	[L_STP] = { "stp", KT_ONOFF, NULL, &vn_set_link, VNET_LINK_STP_STATE, 0, 0 }, \
	[L_STP_MODE] = { "stp-mode", KT_ENUM, NULL, &vn_set_link, VNET_LINK_STP_MODE, 0, 0 }, \
	[L_STP_PRIORITY] = { "stp-priority", KT_UINT, NULL, &vn_set_link, VNET_LINK_STP_PRIORITY, 0, 0 }, \
	[L_HELLO_TIME] = { "hello-time", KT_CENTI, NULL, &vn_set_link, VNET_LINK_HELLO_TIME, 0, 0 }, \
	[L_MAX_AGE] = { "max-age", KT_CENTI, NULL, &vn_set_link, VNET_LINK_MAX_AGE, 0, 0 }, \
	[L_FORWARD_DELAY] = { "forward-delay", KT_CENTI, NULL, &vn_set_link, VNET_LINK_FORWARD_DELAY, 0, 0 }, \
	[L_LOOP_GUARD] = { "loop-guard", KT_SECONDS, NULL, &vn_set_link, VNET_LINK_LOOP_GUARD, 0, 0 }, \
	[L_NEIGH_UNICAST] = { "neigh-unicast", KT_ONOFF, NULL, &vn_set_link, VNET_LINK_NEIGH_UNICAST, 0, 0 }, \
	[L_MCAST_SNOOPING] = { "mcast-snooping", KT_ONOFF, NULL, &vn_set_link, VNET_LINK_MCAST_SNOOPING, 0, 0 }, \
	[L_MCAST_QUERIER] = { "mcast-querier", KT_ONOFF, NULL, &vn_set_link, VNET_LINK_MCAST_QUERIER, 0, 0 }, \
	[L_MCAST_QUERY_USE_IFADDR] = { "mcast-query-use-ifaddr", KT_ONOFF, NULL, &vn_set_link, VNET_LINK_MCAST_QUERY_USE_IFADDR, 0, 0 }, \
	[L_MCAST_HASH_MAX] = { "mcast-hash-max", KT_UINT, NULL, &vn_set_link, VNET_LINK_MCAST_HASH_MAX, 0, 0 }, \
	[L_MCAST_IGMP_VERSION] = { "mcast-igmp-version", KT_UINT, NULL, &vn_set_link, VNET_LINK_MCAST_IGMP_VERSION, 0, 0 }, \
	[L_MCAST_MLD_VERSION] = { "mcast-mld-version", KT_UINT, NULL, &vn_set_link, VNET_LINK_MCAST_MLD_VERSION, 0, 0 }, \
	[L_MCAST_LAST_MEMBER_CNT] = { "mcast-last-member-cnt", KT_UINT, NULL, &vn_set_link, VNET_LINK_MCAST_LAST_MEMBER_CNT, 0, 0 }, \
	[L_MCAST_LAST_MEMBER_INTVL] = { "mcast-last-member-intvl", KT_CENTI, NULL, &vn_set_link, VNET_LINK_MCAST_LAST_MEMBER_INTVL, 0, 0 }, \
	[L_MCAST_MEMBERSHIP_INTVL] = { "mcast-membership-intvl", KT_CENTI, NULL, &vn_set_link, VNET_LINK_MCAST_MEMBERSHIP_INTVL, 0, 0 }, \
	[L_MCAST_QUERIER_INTVL] = { "mcast-querier-intvl", KT_CENTI, NULL, &vn_set_link, VNET_LINK_MCAST_QUERIER_INTVL, 0, 0 }, \
	[L_MCAST_QUERY_INTVL] = { "mcast-query-intvl", KT_CENTI, NULL, &vn_set_link, VNET_LINK_MCAST_QUERY_INTVL, 0, 0 }, \
	[L_MCAST_QUERY_RESPONSE_INTVL] = { "mcast-query-response-intvl", KT_CENTI, NULL, &vn_set_link, VNET_LINK_MCAST_QUERY_RESPONSE_INTVL, 0, 0 }, \
	[L_MCAST_STARTUP_QUERY_CNT] = { "mcast-startup-query-cnt", KT_UINT, NULL, &vn_set_link, VNET_LINK_MCAST_STARTUP_QUERY_CNT, 0, 0 }, \
	[L_MCAST_STARTUP_QUERY_INTVL] = { "mcast-startup-query-intvl", KT_CENTI, NULL, &vn_set_link, VNET_LINK_MCAST_STARTUP_QUERY_INTVL, 0, 0 }, \
	[L_MTU] = { "mtu", KT_UINT, NULL, NULL, 0, 0, 0 }, \
	[L_LLADDR] = { "lladdr", KT_LLADDR, NULL, NULL, 0, 0, 0 }, \
	[L_DOWN] = { "down", KT_FLAG, NULL, NULL, 0, 0, 0 }

static const struct kw add_words[L_N_ADD] = {
	[L_NAME] = { "name", KT_NAME, NULL, NULL, 0, KW_REQUIRED | KW_BARE, 0 },
	LINK_KEYWORDS,
};

static const struct kw set_words[L_N_SET] = {
	[L_NAME] = { "vnet", KT_VNET, NULL, &vn_set_link, VNET_LINK_IFINDEX, KW_REQUIRED | KW_BARE, 0 },
	LINK_KEYWORDS,
	[L_UP] = { "up", KT_FLAG, NULL, NULL, 0, 0, 0 },
};

static const struct kw del_words[] = {
	{ "vnet", KT_VNET, NULL, NULL, 0, KW_REQUIRED | KW_BARE, 0 },
};

static const struct kw show_words[] = {
	{ "vnet", KT_VNET, NULL, &vn_set_link, VNET_LINK_IFINDEX, KW_BARE, 0 },
};

/** link_del - the command: the service first, then the vnet. */
int link_del(struct ctl *c, const struct args *args)
{
	const struct val *name = &args->val[0];
	struct vn_link link;
	int status = ctl_vnet(c, name, &link);
	bool was_there;

	if (!status)
		status = svc_stop(c, link.name, &was_there);
	if (status)
		return status;
	if (vn_link_del(&c->rtnl, link.ifindex))
		return ctl_refused(c, &c->rtnl.err, "cannot delete %s", name->word);
	return EXIT_OK;
}

static const struct cmd commands[] = {
	{ "show", "Show one vnet, or all.", link_show, show_words, VN_COUNT(show_words), CMD_DEFAULT },
	{ "add", "Make a vnet and bring it up; modes host-only and nat choose a free subnet where addr is absent.",
	  link_add, add_words, VN_COUNT(add_words), 0 },
	{ "set", "Change a vnet; addr moves host adapter, subnet and gateway.", link_set, set_words, VN_COUNT(set_words),
	  0 },
	{ "del", "Stop the service of a vnet and delete the vnet.", link_del, del_words, VN_COUNT(del_words),
	  CMD_EXACT },
};

const struct object object_link = { "link", "virtual networks: switch, host adapter, gateway", commands,
				    VN_COUNT(commands) };
