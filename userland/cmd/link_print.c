// SPDX-License-Identifier: GPL-2.0
/* link show. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/link.h"
#include "svc/svc.h"

static const struct field head[] = {
	{ VNET_LINK_IFINDEX, "%s: ", 0, OUT_PLAIN },
	{ VNET_LINK_IFNAME, "%s:", 0, OUT_IFNAME },
	{ VNET_LINK_MODE, " mode %s", 0, OUT_PLAIN },
};

static const struct field body[] = {
	{ VNET_LINK_N_PORTS, " ports %s", FIELD_NEWLINE, OUT_PLAIN },
	{ VNET_LINK_MAX_PORTS, "/%s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_FDB_N_LEARNED, " fdb %s", 0, OUT_PLAIN },
	{ VNET_LINK_FDB_MAX_LEARNED, "/%s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_HOST_ADAPTER, " host-adapter %s", 0, OUT_PLAIN },
	{ VNET_LINK_UPLINK, " uplink %s", FIELD_IFINDEX | FIELD_NONZERO, OUT_IFNAME },
	{ VNET_LINK_AGEING_TIME, " ageing-time %s", FIELD_DETAIL | FIELD_CENTI, OUT_PLAIN },
	{ VNET_LINK_VLAN_FILTERING, " vlan-filtering %s", FIELD_NEWLINE | FIELD_ZERO_DETAIL, OUT_PLAIN },
	{ VNET_LINK_VLAN_PROTOCOL, " vlan-protocol %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_VLAN_DEFAULT_PVID, " vlan-default-pvid %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_VLAN_STATS_PER_PORT, " vlan-stats-per-port %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_LOOP_GUARD, " loop-guard %s", FIELD_SECONDS | FIELD_ZERO_DETAIL, OUT_PLAIN },
	{ VNET_LINK_STP_STATE, " stp %s", FIELD_NEWLINE | FIELD_ZERO_DETAIL, OUT_PLAIN },
	{ VNET_LINK_BRIDGE_ID, " bridge-id %s", 0, OUT_PLAIN },
	{ VNET_LINK_ROOT_ID, " root-id %s", 0, OUT_PLAIN },
	{ VNET_LINK_ROOT_PORT, " root-port %s", FIELD_NONZERO, OUT_PLAIN },
	{ VNET_LINK_ROOT_PATH_COST, " root-path-cost %s", FIELD_NONZERO, OUT_PLAIN },
	{ VNET_LINK_STP_MODE, " stp-mode %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_STP_PRIORITY, " stp-priority %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_HELLO_TIME, " hello-time %s", FIELD_DETAIL | FIELD_CENTI, OUT_PLAIN },
	{ VNET_LINK_MAX_AGE, " max-age %s", FIELD_DETAIL | FIELD_CENTI, OUT_PLAIN },
	{ VNET_LINK_FORWARD_DELAY, " forward-delay %s", FIELD_DETAIL | FIELD_CENTI, OUT_PLAIN },
	{ VNET_LINK_NEIGH_UNICAST, " neigh-unicast %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_MCAST_SNOOPING, " mcast-snooping %s", FIELD_NEWLINE | FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_MCAST_QUERIER, " mcast-querier %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_MCAST_QUERY_USE_IFADDR, " mcast-query-use-ifaddr %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_MCAST_HASH_MAX, " mcast-hash-max %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_MCAST_IGMP_VERSION, " mcast-igmp-version %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_MCAST_MLD_VERSION, " mcast-mld-version %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_MCAST_LAST_MEMBER_CNT, " mcast-last-member-cnt %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_MCAST_LAST_MEMBER_INTVL, " mcast-last-member-intvl %s", FIELD_DETAIL | FIELD_CENTI, OUT_PLAIN },
	{ VNET_LINK_MCAST_MEMBERSHIP_INTVL, " mcast-membership-intvl %s", FIELD_DETAIL | FIELD_CENTI, OUT_PLAIN },
	{ VNET_LINK_MCAST_QUERIER_INTVL, " mcast-querier-intvl %s", FIELD_DETAIL | FIELD_CENTI, OUT_PLAIN },
	{ VNET_LINK_MCAST_QUERY_INTVL, " mcast-query-intvl %s", FIELD_DETAIL | FIELD_CENTI, OUT_PLAIN },
	{ VNET_LINK_MCAST_QUERY_RESPONSE_INTVL, " mcast-query-response-intvl %s", FIELD_DETAIL | FIELD_CENTI, OUT_PLAIN },
	{ VNET_LINK_MCAST_STARTUP_QUERY_CNT, " mcast-startup-query-cnt %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_LINK_MCAST_STARTUP_QUERY_INTVL, " mcast-startup-query-intvl %s", FIELD_DETAIL | FIELD_CENTI, OUT_PLAIN },
};

static const struct field subnet[] = {
	{ VNET_LINK_SUBNET, " subnet %s", FIELD_NEWLINE, OUT_INET },
	{ VNET_LINK_PREFIX_LEN, "/%s", 0, OUT_PLAIN },
	{ VNET_LINK_GATEWAY, " gateway %s", FIELD_NONZERO, OUT_INET },
	{ VNET_LINK_GATEWAY_LLADDR, " gateway-lladdr %s", FIELD_DETAIL, OUT_LLADDR },
	{ VNET_LINK_NAT, " nat %s", 0, OUT_PLAIN },
};

static const struct {
	uint32_t flag;
	const char *name;
} flags[] = {
	{ IFF_BROADCAST, "BROADCAST" }, { IFF_PROMISC, "PROMISC" }, { IFF_MULTICAST, "MULTICAST" },
	{ IFF_ALLMULTI, "ALLMULTI" },	{ IFF_UP, "UP" },	    { 1 << 16, "LOWER_UP" },
};

static const char *const operstates[] = { "UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP" };

/* A netdev without carrier detection says UNKNOWN; people read that as "up". */
static const char *operstate(const struct vn_link *link)
{
	return link->operstate < VN_COUNT(operstates) ? operstates[link->operstate] : "UNKNOWN";
}

static const struct vn_link *find_link(const struct snapshot *snap, uint32_t ifindex)
{
	for (size_t i = 0; snap && i < snap->n_links; i++)
		if (snap->links[i].ifindex == ifindex)
			return &snap->links[i];
	return NULL;
}

static void print_flags(struct out *o, const struct vn_link *link)
{
	const char *comma = " <%s";

	out_array(o, "flags");
	if (link->flags & IFF_UP && !(link->flags & IFF_RUNNING)) {
		out_str(o, OUT_PLAIN, "", comma, "NO-CARRIER");
		comma = ",%s";
	}
	for (size_t i = 0; i < VN_COUNT(flags); i++) {
		if (!(link->flags & flags[i].flag))
			continue;
		out_str(o, OUT_PLAIN, "", comma, flags[i].name);
		comma = ",%s";
	}
	out_array_end(o);
	out_str(o, OUT_PLAIN, NULL, *comma == ' ' ? " <%s" : "%s", ">");
}

static void print_netdev(struct out *o, const struct vn_link *link)
{
	bool up = link->flags & IFF_UP;

	print_flags(o, link);
	out_uint(o, "mtu", " mtu %s", link->mtu);
	out_str(o, up ? OUT_UP : OUT_DOWN, "operstate", " state %s", operstate(link));
}

static void print_addrs(struct out *o, const struct snapshot *snap, uint32_t ifindex)
{
	out_array(o, "addr_info");
	for (size_t i = 0; i < snap->n_addrs; i++) {
		const struct vn_addr *addr = &snap->addrs[i];

		if (addr->ifindex != ifindex)
			continue;
		out_object(o, NULL);
		out_str(o, OUT_PLAIN, "family", NULL, "inet");
		out_newline(o);
		out_ipv4(o, "local", " inet %s", addr->addr);
		out_uint(o, "prefixlen", "/%s", addr->prefix_len);
		out_object_end(o);
	}
	out_array_end(o);
}

static void print_counter(struct out *o, const char *key, const char *fmt, uint64_t value)
{
	char text[OUT_TEXT_MAX];

	if (o->json)
		out_uint(o, key, NULL, value);
	else
		out_str(o, OUT_PLAIN, NULL, fmt, text_count(text, sizeof(text), value, o->human));
}

static void print_direction(struct out *o, const char *name, const char *title, const uint64_t *counts)
{
	static const char *const keys[] = { "bytes", "packets", "errors", "dropped" };
	static const char *const fmts[] = { " bytes %s", " packets %s", " errors %s", " dropped %s" };

	out_object(o, name);
	out_newline(o);
	out_str(o, OUT_PLAIN, NULL, " %s:", title);
	for (size_t i = 0; i < VN_COUNT(keys); i++)
		print_counter(o, keys[i], fmts[i], counts[i]);
	out_object_end(o);
}

static void print_stats(struct out *o, const struct rtnl_link_stats64 *st)
{
	const uint64_t rx[] = { st->rx_bytes, st->rx_packets, st->rx_errors, st->rx_dropped };
	const uint64_t tx[] = { st->tx_bytes, st->tx_packets, st->tx_errors, st->tx_dropped };

	out_object(o, "stats64");
	print_direction(o, "rx", "RX", rx);
	print_direction(o, "tx", "TX", tx);
	out_object_end(o);
}

/* ".2" inside a /24 or smaller, else the whole address. */
static const char *short_ipv4(char *buf, size_t size, uint32_t addr, unsigned int prefix_len)
{
	if (prefix_len >= 24)
		snprintf(buf, size, ".%u", addr & 0xff);
	else
		text_ipv4(buf, size, addr);
	return buf;
}

static void brief_subnet(struct ctl *c, const struct vnet_info *info)
{
	char text[32], last[32];
	struct svc_info svc;

	if (info->gateway)
		fprintf(c->out.file, "  gw %s", short_ipv4(text, sizeof(text), info->gateway, info->prefix_len));
	if (!svc_read(info->name, &svc) && svc.pid && svc.vnet == info->ifindex)
		fprintf(c->out.file, "  dhcp %s-%s", short_ipv4(text, sizeof(text), svc.first, info->prefix_len),
			short_ipv4(last, sizeof(last), svc.last, info->prefix_len));
}

static void take_info(const struct nlattr **tb, struct vnet_info *info)
{
	memset(info, 0, sizeof(*info));
	if (tb[VNET_LINK_IFNAME])
		snprintf(info->name, sizeof(info->name), "%.*s", (int)mnl_attr_get_payload_len(tb[VNET_LINK_IFNAME]),
			 mnl_attr_get_str(tb[VNET_LINK_IFNAME]));
#define TAKE(attr) (tb[attr] ? (uint32_t)vn_attr_uint(tb[attr]) : 0)
	info->ifindex = TAKE(VNET_LINK_IFINDEX);
	info->mode = TAKE(VNET_LINK_MODE);
	info->subnet = ntohl(TAKE(VNET_LINK_SUBNET));
	info->prefix_len = (uint8_t)TAKE(VNET_LINK_PREFIX_LEN);
	info->gateway = ntohl(TAKE(VNET_LINK_GATEWAY));
	info->nat = TAKE(VNET_LINK_NAT);
	info->host_adapter = TAKE(VNET_LINK_HOST_ADAPTER);
	info->uplink = TAKE(VNET_LINK_UPLINK);
#undef TAKE
}

static void print_brief(struct ctl *c, const struct nlattr **tb)
{
	char text[32], name[IFNAMSIZ] = "";
	struct out *o = &c->out;
	struct vnet_info info;
	const struct vn_link *link;
	const char *mode;

	take_info(tb, &info);
	link = find_link(c->snap, info.ifindex);
	mode = vn_enum_name(&vn_enum_mode, info.mode);
	out_str(o, OUT_IFNAME, NULL, "%s", info.name);
	fprintf(o->file, "%*s", (int)(16 - strlen(info.name)), "");
	out_str(o, OUT_PLAIN, NULL, "%-10s ", mode ? mode : "?");
	if (link)
		out_str(o, link->flags & IFF_UP ? OUT_UP : OUT_DOWN, NULL, "%s",
			link->flags & IFF_UP ? "UP  " : "DOWN");
	for (size_t i = 0; c->snap && i < c->snap->n_addrs; i++)
		if (c->snap->addrs[i].ifindex == info.ifindex)
			fprintf(o->file, "  %s/%u", text_ipv4(text, sizeof(text), c->snap->addrs[i].addr),
				c->snap->addrs[i].prefix_len);
	brief_subnet(c, &info);
	if (info.uplink && if_indextoname(info.uplink, name))
		fprintf(o->file, "  uplink %s", name);
	if (tb[VNET_LINK_N_PORTS])
		fprintf(o->file, "  ports %u", (unsigned int)vn_attr_uint(tb[VNET_LINK_N_PORTS]));
}

static void print_text(struct ctl *c, const struct nlattr **tb, const struct vn_link *link)
{
	struct out *o = &c->out;

	out_fields(o, &vn_set_link, head, VN_COUNT(head), tb);
	if (link)
		print_netdev(o, link);
	out_fields(o, &vn_set_link, body, VN_COUNT(body), tb);
	if (tb[VNET_LINK_SUBNET] && vn_attr_uint(tb[VNET_LINK_SUBNET]))
		out_fields(o, &vn_set_link, subnet, VN_COUNT(subnet), tb);
}

/** link_print - a vnet; with what c->snap knows of its netdev. */
void link_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];
	const struct vn_link *link;
	struct out *o = &c->out;

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	if (o->brief && !o->json && c->snap) {
		print_brief(c, tb);
		return;
	}
	link = tb[VNET_LINK_IFINDEX] ? find_link(c->snap, (uint32_t)vn_attr_uint(tb[VNET_LINK_IFINDEX])) : NULL;
	if (o->json) {
		out_fields(o, &vn_set_link, body, VN_COUNT(body), tb);
		if (link)
			print_netdev(o, link);
	} else {
		print_text(c, tb, link);
	}
	if (!link)
		return;
	out_newline(o);
	out_lladdr(o, "lladdr", " lladdr %s", link->lladdr);
	print_addrs(o, c->snap, link->ifindex);
	if (o->stats && link->has_stats)
		print_stats(o, &link->stats);
}

/** link_show - the command. */
int link_show(struct ctl *c, const struct args *args)
{
	struct show show = { .cmd = VNET_CMD_LINK_GET, .args = args, .print = link_print, .one = args->val[0].set };
	struct snapshot snap;
	int status = ctl_snapshot(c, &snap);

	if (status)
		return status;
	c->snap = &snap;
	status = ctl_show(c, &show);
	c->snap = NULL;
	ctl_snapshot_free(&snap);
	return status;
}

static int take_one(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	take_info(tb, arg);
	return 0;
}

/** link_info - what the module says of vnet @ifindex. Return: an exit status. */
int link_info(struct ctl *c, uint32_t ifindex, struct vnet_info *info)
{
	struct vn_sock *s = ctl_genl(c);
	struct vn_req req;

	memset(info, 0, sizeof(*info));
	if (!s)
		return EXIT_REFUSED;
	vn_req_genl(s, &req, VNET_CMD_LINK_GET, 0);
	mnl_attr_put_u32(req.nlh, VNET_LINK_IFINDEX, ifindex);
	return vn_talk(s, &req, take_one, info) ? ctl_refused(c, &s->err, "cannot read the vnet") : EXIT_OK;
}

struct info_list {
	struct vnet_info *items;
	size_t n;
};

static int take_item(const struct nlmsghdr *nlh, void *arg)
{
	struct info_list *list = arg;
	struct vnet_info *bigger = realloc(list->items, (list->n + 1) * sizeof(*bigger));

	if (!bigger)
		return -1;
	list->items = bigger;
	return take_one(nlh, &bigger[list->n++]);
}

/** link_info_list - what the module says of all vnets; @list is to be freed. Return: an exit status. */
int link_info_list(struct ctl *c, struct vnet_info **list, size_t *n)
{
	struct vn_sock *s = ctl_genl(c);
	struct info_list found = { 0 };
	struct vn_req req;

	*list = NULL;
	*n = 0;
	if (!s)
		return EXIT_REFUSED;
	vn_req_genl(s, &req, VNET_CMD_LINK_GET, 0);
	if (vn_dump(s, &req, take_item, &found)) {
		free(found.items);
		return ctl_refused(c, &s->err, "cannot read the vnets");
	}
	*list = found.items;
	*n = found.n;
	return EXIT_OK;
}
