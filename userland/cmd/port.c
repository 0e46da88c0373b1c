// SPDX-License-Identifier: GPL-2.0
/* Object "port": where guests plug in. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "netns.h"

static const struct field fields[] = {
	{ VNET_PORT_IFNAME, "%s", 0, OUT_IFNAME },
	{ VNET_PORT_VNET_NAME, " vnet %s", 0, OUT_PLAIN },
	{ VNET_PORT_NUMBER, " number %s", 0, OUT_PLAIN },
	{ VNET_PORT_KIND, " %s", 0, OUT_PLAIN },
	{ VNET_PORT_STATE, " %s", 0, OUT_PLAIN },
	{ VNET_PORT_ROLE, " role %s", FIELD_NONZERO, OUT_PLAIN },
	{ VNET_PORT_BLOCKED_BY, " blocked-by %s", FIELD_NONZERO, OUT_PLAIN },
	{ VNET_PORT_LEARNING, " learning %s", FIELD_NEWLINE, OUT_PLAIN },
	{ VNET_PORT_UNICAST_FLOOD, " flood %s", 0, OUT_PLAIN },
	{ VNET_PORT_MCAST_FLOOD, " mcast-flood %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_BCAST_FLOOD, " bcast-flood %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_HAIRPIN, " hairpin %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_ISOLATED, " isolated %s", 0, OUT_PLAIN },
	{ VNET_PORT_GUARD, " guard %s", FIELD_ZERO_DETAIL, OUT_PLAIN },
	{ VNET_PORT_HORIZON, " horizon %s", FIELD_ZERO_DETAIL, OUT_PLAIN },
	{ VNET_PORT_ROOT_BLOCK, " root-block %s", FIELD_ZERO_DETAIL, OUT_PLAIN },
	{ VNET_PORT_STP, " stp %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_PRIORITY, " priority %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_COST, " cost %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_EDGE, " edge %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_OPER_EDGE, " oper-edge %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_DESIGNATED_BRIDGE, " designated-bridge %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_NEIGH_SUPPRESS, " neigh-suppress %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_PROXY_ARP, " proxy-arp %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_LOCKED, " locked %s", FIELD_ZERO_DETAIL, OUT_PLAIN },
	{ VNET_PORT_PRIVATE_VLAN, " private-vlan %s", FIELD_ZERO_DETAIL, OUT_PLAIN },
	{ VNET_PORT_COMMUNITY, " %s", 0, OUT_PLAIN },
	{ VNET_PORT_BACKUP_PORT, " backup-port %s", FIELD_IFINDEX, OUT_IFNAME },
	{ VNET_PORT_STORM_BROADCAST, " storm-broadcast %s", FIELD_ZERO_DETAIL, OUT_PLAIN },
	{ VNET_PORT_STORM_MULTICAST, " storm-multicast %s", FIELD_ZERO_DETAIL, OUT_PLAIN },
	{ VNET_PORT_STORM_UNKNOWN, " storm-unknown %s", FIELD_ZERO_DETAIL, OUT_PLAIN },
	{ VNET_PORT_FDB_OVERFLOW, " fdb-overflow %s", FIELD_ZERO_DETAIL, OUT_PLAIN },
	{ VNET_PORT_FAST_LEAVE, " fastleave %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_MCAST_TO_UNICAST, " mcast-to-unicast %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_MCAST_ROUTER, " mcast-router %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_MCAST_N_GROUPS, " groups %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_MCAST_MAX_GROUPS, "/%s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_PORT_FDB_N_LEARNED, " fdb %s", 0, OUT_PLAIN },
	{ VNET_PORT_FDB_MAX_LEARNED, "/%s", 0, OUT_PLAIN },
	{ VNET_PORT_N_SESSIONS, " sessions %s", 0, OUT_PLAIN },
	{ VNET_PORT_MAX_SESSIONS, "/%s", 0, OUT_PLAIN },
};

static const struct field brief[] = {
	{ VNET_PORT_IFNAME, "%-15s", 0, OUT_IFNAME },	{ VNET_PORT_VNET_NAME, " %-15s", 0, OUT_PLAIN },
	{ VNET_PORT_NUMBER, " %4s", 0, OUT_PLAIN },	{ VNET_PORT_KIND, " %-7s", 0, OUT_PLAIN },
};

static void print_up(struct out *o, const struct nlattr *up)
{
	bool on = up && vn_attr_uint(up);

	if (up)
		out_str(o, on ? OUT_UP : OUT_DOWN, NULL, o->brief ? " %s" : " state %s", on ? "UP" : "DOWN");
}

/* A namespace that has no number here is still another one. */
static void print_netns(struct out *o, const struct nlattr *netnsid)
{
	int id = netnsid ? (int)(uint32_t)vn_attr_uint(netnsid) : -1;
	char text[16];

	snprintf(text, sizeof(text), "%d", id);
	if (netnsid)
		out_str(o, OUT_PLAIN, NULL, " netnsid %s", id < 0 ? "unknown" : text);
}

/** port_print - a port. */
void port_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];
	struct out *o = &c->out;

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	if (o->json) {
		out_fields(o, &vn_set_port, fields, VN_COUNT(fields), tb);
	} else if (o->brief) {
		out_fields(o, &vn_set_port, brief, VN_COUNT(brief), tb);
		print_up(o, tb[VNET_PORT_UP]);
	} else {
		/* The first four are the head; the state stands between it and the settings. */
		out_fields(o, &vn_set_port, fields, 4, tb);
		print_netns(o, tb[VNET_PORT_NETNSID]);
		print_up(o, tb[VNET_PORT_UP]);
		out_fields(o, &vn_set_port, fields + 4, VN_COUNT(fields) - 4, tb);
	}
}

enum { SHOW_DEV, SHOW_VNET, SHOW_NUMBER };

static const struct kw show_words[] = {
	[SHOW_DEV] = { "dev", KT_DEV, NULL, &vn_set_port, VNET_PORT_IFINDEX, KW_BARE, 0 },
	[SHOW_VNET] = { "vnet", KT_VNET, NULL, &vn_set_port, VNET_PORT_VNET, 0, 0 },
	[SHOW_NUMBER] = { "number", KT_UINT, NULL, &vn_set_port, VNET_PORT_NUMBER, 0, 0 },
};

static int port_show(struct ctl *c, const struct args *args)
{
	struct show show = { .cmd = VNET_CMD_PORT_GET, .args = args, .print = port_print,
			     .one = args->val[SHOW_DEV].set || args->val[SHOW_NUMBER].set };

	if (args->val[SHOW_NUMBER].set && !args->val[SHOW_VNET].set)
		return ctl_usage(c, "expected 'vnet VNET' with 'number', got none");
	return ctl_show(c, &show);
}

enum { ADD_DEV, ADD_VNET, ADD_VNIC, ADD_NETNS, ADD_LLADDR };

/* A vnic does not exist yet, so DEV is a name here. */
static const struct kw add_words[] = {
	[ADD_DEV] = { "dev", KT_NAME, "DEV", NULL, 0, KW_REQUIRED | KW_BARE, 0 },
	[ADD_VNET] = { "vnet", KT_VNET, NULL, NULL, 0, KW_REQUIRED, 0 },
	[ADD_VNIC] = { "vnic", KT_FLAG, NULL, NULL, 0, 0, 0 },
	[ADD_NETNS] = { "netns", KT_NETNS, NULL, NULL, 0, 0, 0 },
	[ADD_LLADDR] = { "lladdr", KT_LLADDR, NULL, NULL, 0, 0, 0 },
};

static int add_vnic(struct ctl *c, const struct args *args)
{
	const struct val *netns = &args->val[ADD_NETNS], *lladdr = &args->val[ADD_LLADDR];
	struct vn_newlink wish = { .name = args->val[ADD_DEV].word, .kind = "vnic", .netns_fd = -1,
				   .link = (uint32_t)args->val[ADD_VNET].num,
				   .lladdr = lladdr->set ? lladdr->lladdr : NULL };
	struct vn_sock *s = ctl_rtnl(c);
	int err;

	if (!s)
		return EXIT_REFUSED;
	if (netns->set)
		wish.netns_fd = netns_open(netns->word);
	if (netns->set && wish.netns_fd < 0)
		return ctl_usage(c, "expected a network namespace, got '%s': %s", netns->word, strerror(-wish.netns_fd));
	err = vn_link_new(s, &wish);
	if (netns->set)
		close(wish.netns_fd);
	return err ? ctl_refused(c, &s->err, "cannot add vnic %s", wish.name) : EXIT_OK;
}

static int set_master(struct ctl *c, uint32_t ifindex, uint32_t vnet, const char *what, const char *name)
{
	struct vn_change change = { .set_master = true, .master = vnet };

	if (vn_link_change(&c->rtnl, ifindex, &change))
		return ctl_refused(c, &c->rtnl.err, "cannot %s %s", what, name);
	return EXIT_OK;
}

static int port_add(struct ctl *c, const struct args *args)
{
	const char *name = args->val[ADD_DEV].word;
	struct vn_link vnet, link;
	int status = ctl_vnet(c, &args->val[ADD_VNET], &vnet);

	if (status)
		return status;
	if (args->val[ADD_VNIC].set)
		return add_vnic(c, args);
	if (args->val[ADD_NETNS].set || args->val[ADD_LLADDR].set)
		return ctl_usage(c, "expected 'vnic' with '%s', got none", args->val[ADD_NETNS].set ? "netns" : "lladdr");
	if (vn_link_get(&c->rtnl, name, 0, &link))
		return ctl_usage(c, "expected an existing device, got '%s' (a new vnic needs the word 'vnic')", name);
	if (link.master == vnet.ifindex)
		return ctl_fail(c, "%s is a port of %s already", name, vnet.name);
	if (link.master)
		return ctl_fail(c, "%s is a port of another device; release it with 'ip link set %s nomaster'", name, name);
	return set_master(c, link.ifindex, vnet.ifindex, "add", name);
}

static const struct kw del_words[] = {
	{ "dev", KT_DEV, NULL, NULL, 0, KW_REQUIRED | KW_BARE, 0 },
};

static int port_del(struct ctl *c, const struct args *args)
{
	const char *name = args->val[0].word;
	struct vn_sock *s = ctl_rtnl(c);
	struct vn_link link, master = { .kind = "" };

	if (!s)
		return EXIT_REFUSED;
	if (vn_link_get(s, NULL, (uint32_t)args->val[0].num, &link))
		return ctl_refused(c, &s->err, "cannot read %s", name);
	if (!strcmp(link.kind, "vnic"))
		return vn_link_del(s, link.ifindex) ? ctl_refused(c, &s->err, "cannot delete %s", name) : EXIT_OK;
	if (link.master && vn_link_get(s, NULL, link.master, &master))
		return ctl_refused(c, &s->err, "cannot read the master of %s", name);
	if (strcmp(master.kind, "vnet") != 0)
		return ctl_fail(c, "%s is not a port of a vnet", name);
	return set_master(c, link.ifindex, 0, "release", name);
}

enum { SET_DEV, SET_VNET, SET_NUMBER };

static const struct kw set_words[] = {
	[SET_DEV] = { "dev", KT_DEV, NULL, &vn_set_port, VNET_PORT_IFINDEX, KW_BARE, 0 },
	[SET_VNET] = { "vnet", KT_VNET, NULL, &vn_set_port, VNET_PORT_VNET, 0, 0 },
	[SET_NUMBER] = { "number", KT_UINT, NULL, &vn_set_port, VNET_PORT_NUMBER, 0, 0 },
	{ "learning", KT_ONOFF, NULL, &vn_set_port, VNET_PORT_LEARNING, 0, 0 },
	{ "flood", KT_ONOFF, NULL, &vn_set_port, VNET_PORT_UNICAST_FLOOD, 0, 0 },
	{ "mcast-flood", KT_ONOFF, NULL, &vn_set_port, VNET_PORT_MCAST_FLOOD, 0, 0 },
	{ "bcast-flood", KT_ONOFF, NULL, &vn_set_port, VNET_PORT_BCAST_FLOOD, 0, 0 },
	{ "hairpin", KT_ONOFF, NULL, &vn_set_port, VNET_PORT_HAIRPIN, 0, 0 },
	{ "isolated", KT_ONOFF, NULL, &vn_set_port, VNET_PORT_ISOLATED, 0, 0 },
	{ "state", KT_ENUM, NULL, &vn_set_port, VNET_PORT_STATE, 0, 0 },
	{ "guard", KT_ONOFF, NULL, &vn_set_port, VNET_PORT_GUARD, 0, 0 },
	{ "horizon", KT_UINT, NULL, &vn_set_port, VNET_PORT_HORIZON, 0, 0 },
	{ "root-block", KT_ONOFF, NULL, &vn_set_port, VNET_PORT_ROOT_BLOCK, 0, 0 },
	{ "stp", KT_ONOFF, NULL, &vn_set_port, VNET_PORT_STP, 0, 0 },
	{ "priority", KT_UINT, NULL, &vn_set_port, VNET_PORT_PRIORITY, 0, 0 },
	{ "cost", KT_UINT, NULL, &vn_set_port, VNET_PORT_COST, 0, 0 },
	{ "edge", KT_ENUM, NULL, &vn_set_port, VNET_PORT_EDGE, 0, 0 },
	{ "neigh-suppress", KT_ONOFF, NULL, &vn_set_port, VNET_PORT_NEIGH_SUPPRESS, 0, 0 },
	{ "proxy-arp", KT_ONOFF, NULL, &vn_set_port, VNET_PORT_PROXY_ARP, 0, 0 },
	{ "locked", KT_ONOFF, NULL, &vn_set_port, VNET_PORT_LOCKED, 0, 0 },
	{ "private-vlan", KT_ENUM, NULL, &vn_set_port, VNET_PORT_PRIVATE_VLAN, 0, 0 },
	{ "community", KT_UINT, "N", &vn_set_port, VNET_PORT_COMMUNITY, 0, 0 },
	{ "backup-port", KT_DEV_OR_NONE, NULL, &vn_set_port, VNET_PORT_BACKUP_PORT, 0, 0 },
	{ "storm-broadcast", KT_UINT, "PPS", &vn_set_port, VNET_PORT_STORM_BROADCAST, 0, 0 },
	{ "storm-multicast", KT_UINT, "PPS", &vn_set_port, VNET_PORT_STORM_MULTICAST, 0, 0 },
	{ "storm-unknown", KT_UINT, "PPS", &vn_set_port, VNET_PORT_STORM_UNKNOWN, 0, 0 },
	{ "fdb-overflow", KT_ENUM, NULL, &vn_set_port, VNET_PORT_FDB_OVERFLOW, 0, 0 },
	{ "fastleave", KT_ONOFF, NULL, &vn_set_port, VNET_PORT_FAST_LEAVE, 0, 0 },
	{ "mcast-to-unicast", KT_ONOFF, NULL, &vn_set_port, VNET_PORT_MCAST_TO_UNICAST, 0, 0 },
	{ "mcast-router", KT_UINT, NULL, &vn_set_port, VNET_PORT_MCAST_ROUTER, 0, 0 },
	{ "mcast-max-groups", KT_UINT, NULL, &vn_set_port, VNET_PORT_MCAST_MAX_GROUPS, 0, 0 },
	{ "fdb-max-learned", KT_UINT, NULL, &vn_set_port, VNET_PORT_FDB_MAX_LEARNED, 0, 0 },
	{ "max-sessions", KT_UINT, NULL, &vn_set_port, VNET_PORT_MAX_SESSIONS, 0, 0 },
};

static int port_set(struct ctl *c, const struct args *args)
{
	bool numbered = args->val[SET_VNET].set && args->val[SET_NUMBER].set;

	if (!args->val[SET_DEV].set && !numbered)
		return ctl_usage(c, "expected DEV, or 'vnet VNET number N', got neither");
	return ctl_change(c, VNET_CMD_PORT_SET, args, "cannot set the port");
}

static const struct cmd commands[] = {
	{ "show", "Show one port, those of a vnet, or all.", port_show, show_words, VN_COUNT(show_words), CMD_DEFAULT },
	{ "add", "Plug an Ethernet device into a vnet, or make a vnic in it.", port_add, add_words, VN_COUNT(add_words),
	  0 },
	{ "set", "Change a port; one whose device is in another namespace goes by its number.", port_set, set_words,
	  VN_COUNT(set_words), 0 },
	{ "del", "Release a device, or delete a vnic.", port_del, del_words, VN_COUNT(del_words), CMD_EXACT },
};

const struct object object_port = { "port", "where guests plug in", commands, VN_COUNT(commands) };
