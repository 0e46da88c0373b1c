// SPDX-License-Identifier: GPL-2.0
/* Object "neigh": which MAC address an IP address has, as its owner has said. */
#include "ctl.h"

static const struct field fields[] = {
	{ VNET_NEIGH_IPV4, "%s", 0, OUT_INET },
	{ VNET_NEIGH_IPV6, "%s", 0, OUT_INET },
	{ VNET_NEIGH_LLADDR, " lladdr %s", 0, OUT_LLADDR },
	{ VNET_NEIGH_PORT_NAME, " dev %s", 0, OUT_IFNAME },
	{ VNET_NEIGH_PORT_NUMBER, " number %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_NEIGH_VNET_NAME, " vnet %s", 0, OUT_PLAIN },
	{ VNET_NEIGH_VLAN, " vlan %s", FIELD_NONZERO, OUT_PLAIN },
	{ VNET_NEIGH_STATE, " %s", 0, OUT_PLAIN },
	{ VNET_NEIGH_AGE, " age %s", FIELD_MILLI, OUT_PLAIN },
};

static void neigh_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	out_fields(&c->out, &vn_set_neigh, fields, VN_COUNT(fields), tb);
}

static const struct kw show_words[] = {
	{ "vnet", KT_VNET, NULL, &vn_set_neigh, VNET_NEIGH_VNET, KW_BARE, 0 },
};

static int neigh_show(struct ctl *c, const struct args *args)
{
	struct show show = { .cmd = VNET_CMD_NEIGH_GET, .args = args, .print = neigh_print };

	return ctl_show(c, &show);
}

static const struct cmd commands[] = {
	{ "show", "Show the IP addresses whose owners the switch knows, of one vnet or of all.", neigh_show, show_words,
	  VN_COUNT(show_words), CMD_DEFAULT },
};

const struct object object_neigh = { "neigh", "which MAC address an IP address has", commands, VN_COUNT(commands) };
