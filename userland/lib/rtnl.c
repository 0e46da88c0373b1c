// SPDX-License-Identifier: GPL-2.0
/* Links, IPv4 addresses and routes over rtnetlink. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/vnet.h>

#include "rtnl.h"

/* Names of what we send, for errors. */
static const struct vn_attr data_attrs[] = {
	{ .id = VNET_INFO_LINK, .type = VN_NEST, .nest = &vn_set_link },
};

static const struct vn_set data_set = { "data", data_attrs, VN_COUNT(data_attrs), VNET_INFO_LINK };

static const struct vn_attr info_attrs[] = {
	{ .id = IFLA_INFO_KIND, .name = "kind", .type = VN_STRING },
	{ .id = IFLA_INFO_DATA, .type = VN_NEST, .nest = &data_set },
};

static const struct vn_set info_set = { "linkinfo", info_attrs, VN_COUNT(info_attrs), IFLA_INFO_DATA };

static const struct vn_attr link_attrs[] = {
	{ .id = IFLA_ADDRESS, .name = "lladdr", .type = VN_LLADDR },
	{ .id = IFLA_IFNAME, .name = "ifname", .type = VN_STRING },
	{ .id = IFLA_MTU, .name = "mtu", .type = VN_U32 },
	{ .id = IFLA_LINK, .name = "link", .type = VN_U32 },
	{ .id = IFLA_MASTER, .name = "vnet", .type = VN_U32 },
	{ .id = IFLA_LINKINFO, .type = VN_NEST, .nest = &info_set },
	{ .id = IFLA_NET_NS_FD, .name = "netns", .type = VN_U32 },
};

static const struct vn_set rtnl_link_set = { "rtnl_link", link_attrs, VN_COUNT(link_attrs), IFLA_NET_NS_FD };

static const struct vn_attr addr_attrs[] = {
	{ .id = IFA_ADDRESS, .name = "addr", .type = VN_IPV4 },
	{ .id = IFA_LOCAL, .name = "addr", .type = VN_IPV4 },
};

static const struct vn_set rtnl_addr_set = { "rtnl_addr", addr_attrs, VN_COUNT(addr_attrs), IFA_LOCAL };

/* A list that grows while a dump is read. */
struct list {
	char *items;
	size_t n;
	size_t size;
	size_t item;
};

static void *list_grow(struct list *list)
{
	void *item;

	if (list->n == list->size) {
		size_t size = list->size ? 2 * list->size : 32;
		char *bigger = realloc(list->items, size * list->item);

		if (!bigger)
			return NULL;
		list->items = bigger;
		list->size = size;
	}
	item = list->items + list->n++ * list->item;
	memset(item, 0, list->item);
	return item;
}

static void copy_str(char *to, size_t size, const struct nlattr *attr)
{
	snprintf(to, size, "%.*s", (int)mnl_attr_get_payload_len(attr), mnl_attr_get_str(attr));
}

static void take_link_data(struct vn_link *link, const struct nlattr **tb)
{
	if (tb[IFLA_IFNAME])
		copy_str(link->name, sizeof(link->name), tb[IFLA_IFNAME]);
	if (tb[IFLA_MTU])
		link->mtu = (uint32_t)vn_attr_uint(tb[IFLA_MTU]);
	if (tb[IFLA_MASTER])
		link->master = (uint32_t)vn_attr_uint(tb[IFLA_MASTER]);
	if (tb[IFLA_LINK])
		link->link = (uint32_t)vn_attr_uint(tb[IFLA_LINK]);
	if (tb[IFLA_OPERSTATE])
		link->operstate = (uint8_t)vn_attr_uint(tb[IFLA_OPERSTATE]);
	if (tb[IFLA_ADDRESS] && mnl_attr_get_payload_len(tb[IFLA_ADDRESS]) == VN_LLADDR_LEN)
		memcpy(link->lladdr, mnl_attr_get_payload(tb[IFLA_ADDRESS]), VN_LLADDR_LEN);
	if (tb[IFLA_STATS64]) {
		size_t len = mnl_attr_get_payload_len(tb[IFLA_STATS64]);

		if (len > sizeof(link->stats))
			len = sizeof(link->stats);
		memcpy(&link->stats, mnl_attr_get_payload(tb[IFLA_STATS64]), len);
		link->has_stats = true;
	}
	if (tb[IFLA_LINKINFO]) {
		const struct nlattr *info[IFLA_INFO_MAX + 1];

		vn_parse_nest(tb[IFLA_LINKINFO], info, IFLA_INFO_MAX);
		if (info[IFLA_INFO_KIND])
			copy_str(link->kind, sizeof(link->kind), info[IFLA_INFO_KIND]);
	}
}

static int take_link(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[IFLA_MAX + 1];
	struct vn_link *link = arg;

	if (nlh->nlmsg_type != RTM_NEWLINK || mnl_nlmsg_get_payload_len(nlh) < sizeof(*ifi))
		return 0;
	vn_parse(mnl_nlmsg_get_payload_offset(nlh, sizeof(*ifi)), mnl_nlmsg_get_payload_len(nlh) - sizeof(*ifi), tb,
		 IFLA_MAX);
	memset(link, 0, sizeof(*link));
	link->ifindex = (uint32_t)ifi->ifi_index;
	link->flags = ifi->ifi_flags;
	link->arptype = ifi->ifi_type;
	take_link_data(link, tb);
	return 0;
}

/**
 * vn_link_get - read one netdev, by @name or, where that is NULL, by @ifindex.
 *
 * Return: 0, or a negative errno with @s->err set; -ENODEV where there is none.
 */
int vn_link_get(struct vn_sock *s, const char *name, uint32_t ifindex, struct vn_link *link)
{
	struct vn_req req;
	struct ifinfomsg *ifi = vn_req_rtnl(&req, RTM_GETLINK, 0, sizeof(*ifi), &rtnl_link_set);

	if (name)
		mnl_attr_put_strz(req.nlh, IFLA_IFNAME, name);
	else
		ifi->ifi_index = (int)ifindex;
	return vn_talk(s, &req, take_link, link);
}

static int add_link(const struct nlmsghdr *nlh, void *arg)
{
	struct vn_link *link = list_grow(arg);

	return link ? take_link(nlh, link) : -ENOMEM;
}

static int finish(struct vn_sock *s, int err, struct list *list, void **items, size_t *n)
{
	if (err == -ENOMEM)
		vn_set_err(&s->err, ENOMEM, "out of memory");
	if (err) {
		free(list->items);
		return err;
	}
	*items = list->items;
	*n = list->n;
	return 0;
}

/**
 * vn_link_list - read all netdevs of the namespace.
 * @list: receives an array to be freed; NULL where there are none
 *
 * Return: 0, or a negative errno with @s->err set.
 */
int vn_link_list(struct vn_sock *s, struct vn_link **list, size_t *n)
{
	struct list links = { .item = sizeof(**list) };
	struct vn_req req;
	void *items = NULL;
	int err;

	vn_req_rtnl(&req, RTM_GETLINK, 0, sizeof(struct ifinfomsg), &rtnl_link_set);
	err = finish(s, vn_dump(s, &req, add_link, &links), &links, &items, n);
	*list = items;
	return err;
}

/** vn_link_new - make a netdev. Return: 0, or a negative errno with @s->err set; -EEXIST where the name is taken. */
int vn_link_new(struct vn_sock *s, const struct vn_newlink *wish)
{
	struct nlattr *info, *data, *link;
	struct vn_req req;

	vn_req_rtnl(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg), &rtnl_link_set);
	mnl_attr_put_strz(req.nlh, IFLA_IFNAME, wish->name);
	if (wish->lladdr)
		mnl_attr_put(req.nlh, IFLA_ADDRESS, VN_LLADDR_LEN, wish->lladdr);
	if (wish->mtu)
		mnl_attr_put_u32(req.nlh, IFLA_MTU, wish->mtu);
	if (wish->link)
		mnl_attr_put_u32(req.nlh, IFLA_LINK, wish->link);
	if (wish->netns_fd >= 0)
		mnl_attr_put_u32(req.nlh, IFLA_NET_NS_FD, (uint32_t)wish->netns_fd);
	info = mnl_attr_nest_start(req.nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(req.nlh, IFLA_INFO_KIND, wish->kind);
	if (wish->fill) {
		data = mnl_attr_nest_start(req.nlh, IFLA_INFO_DATA);
		link = mnl_attr_nest_start(req.nlh, VNET_INFO_LINK);
		wish->fill(req.nlh, wish->arg);
		mnl_attr_nest_end(req.nlh, link);
		mnl_attr_nest_end(req.nlh, data);
	}
	mnl_attr_nest_end(req.nlh, info);
	return vn_talk(s, &req, NULL, NULL);
}

/** vn_link_change - change a netdev. Return: 0, or a negative errno with @s->err set. */
int vn_link_change(struct vn_sock *s, uint32_t ifindex, const struct vn_change *change)
{
	struct vn_req req;
	struct ifinfomsg *ifi = vn_req_rtnl(&req, RTM_NEWLINK, 0, sizeof(*ifi), &rtnl_link_set);

	ifi->ifi_index = (int)ifindex;
	ifi->ifi_flags = change->set_flags;
	ifi->ifi_change = change->set_flags | change->clear_flags;
	if (change->lladdr)
		mnl_attr_put(req.nlh, IFLA_ADDRESS, VN_LLADDR_LEN, change->lladdr);
	if (change->mtu)
		mnl_attr_put_u32(req.nlh, IFLA_MTU, change->mtu);
	if (change->set_master)
		mnl_attr_put_u32(req.nlh, IFLA_MASTER, change->master);
	return vn_talk(s, &req, NULL, NULL);
}

/** vn_link_del - delete a netdev. Return: 0, or a negative errno with @s->err set. */
int vn_link_del(struct vn_sock *s, uint32_t ifindex)
{
	struct vn_req req;
	struct ifinfomsg *ifi = vn_req_rtnl(&req, RTM_DELLINK, 0, sizeof(*ifi), &rtnl_link_set);

	ifi->ifi_index = (int)ifindex;
	return vn_talk(s, &req, NULL, NULL);
}

static int addr_request(struct vn_sock *s, uint16_t type, uint16_t flags, const struct vn_addr *addr)
{
	struct vn_req req;
	struct ifaddrmsg *ifa = vn_req_rtnl(&req, type, flags, sizeof(*ifa), &rtnl_addr_set);
	uint32_t host = addr->addr & ~vn_mask(addr->prefix_len);

	ifa->ifa_family = AF_INET;
	ifa->ifa_prefixlen = addr->prefix_len;
	ifa->ifa_index = addr->ifindex;
	mnl_attr_put_u32(req.nlh, IFA_LOCAL, htonl(addr->addr));
	mnl_attr_put_u32(req.nlh, IFA_ADDRESS, htonl(addr->addr));
	if (type == RTM_NEWADDR && host && addr->prefix_len < 31)
		mnl_attr_put_u32(req.nlh, IFA_BROADCAST, htonl(addr->addr | ~vn_mask(addr->prefix_len)));
	return vn_talk(s, &req, NULL, NULL);
}

/** vn_addr_add - give a netdev an address. Return: 0, or a negative errno with @s->err set. */
int vn_addr_add(struct vn_sock *s, const struct vn_addr *addr)
{
	return addr_request(s, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, addr);
}

/** vn_addr_del - take an address from a netdev. Return: 0, or a negative errno with @s->err set. */
int vn_addr_del(struct vn_sock *s, const struct vn_addr *addr)
{
	return addr_request(s, RTM_DELADDR, 0, addr);
}

static int add_addr(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[IFA_MAX + 1], *local;
	struct vn_addr *addr;

	if (nlh->nlmsg_type != RTM_NEWADDR || mnl_nlmsg_get_payload_len(nlh) < sizeof(*ifa))
		return 0;
	vn_parse(mnl_nlmsg_get_payload_offset(nlh, sizeof(*ifa)), mnl_nlmsg_get_payload_len(nlh) - sizeof(*ifa), tb,
		 IFA_MAX);
	local = tb[IFA_LOCAL] ? tb[IFA_LOCAL] : tb[IFA_ADDRESS];
	if (ifa->ifa_family != AF_INET || !local)
		return 0;
	addr = list_grow(arg);
	if (!addr)
		return -ENOMEM;
	addr->ifindex = ifa->ifa_index;
	addr->prefix_len = ifa->ifa_prefixlen;
	addr->addr = ntohl((uint32_t)vn_attr_uint(local));
	return 0;
}

/** vn_addr_list - read all IPv4 addresses of the namespace, as vn_link_list(). */
int vn_addr_list(struct vn_sock *s, struct vn_addr **list, size_t *n)
{
	struct list addrs = { .item = sizeof(**list) };
	struct vn_req req;
	struct ifaddrmsg *ifa = vn_req_rtnl(&req, RTM_GETADDR, 0, sizeof(*ifa), &rtnl_addr_set);
	void *items = NULL;
	int err;

	ifa->ifa_family = AF_INET;
	err = finish(s, vn_dump(s, &req, add_addr, &addrs), &addrs, &items, n);
	*list = items;
	return err;
}

static int add_route(const struct nlmsghdr *nlh, void *arg)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[RTA_MAX + 1];
	struct vn_route *route;

	if (nlh->nlmsg_type != RTM_NEWROUTE || mnl_nlmsg_get_payload_len(nlh) < sizeof(*rtm))
		return 0;
	vn_parse(mnl_nlmsg_get_payload_offset(nlh, sizeof(*rtm)), mnl_nlmsg_get_payload_len(nlh) - sizeof(*rtm), tb,
		 RTA_MAX);
	if (rtm->rtm_family != AF_INET || (rtm->rtm_flags & RTM_F_CLONED))
		return 0;
	route = list_grow(arg);
	if (!route)
		return -ENOMEM;
	route->prefix_len = rtm->rtm_dst_len;
	route->type = rtm->rtm_type;
	route->table = tb[RTA_TABLE] ? (uint32_t)vn_attr_uint(tb[RTA_TABLE]) : rtm->rtm_table;
	if (tb[RTA_DST])
		route->dst = ntohl((uint32_t)vn_attr_uint(tb[RTA_DST]));
	if (tb[RTA_OIF])
		route->ifindex = (uint32_t)vn_attr_uint(tb[RTA_OIF]);
	if (tb[RTA_PRIORITY])
		route->metric = (uint32_t)vn_attr_uint(tb[RTA_PRIORITY]);
	if (tb[RTA_MULTIPATH] && !route->ifindex && mnl_attr_get_payload_len(tb[RTA_MULTIPATH]) >= sizeof(struct rtnexthop))
		route->ifindex = (uint32_t)((const struct rtnexthop *)mnl_attr_get_payload(tb[RTA_MULTIPATH]))->rtnh_ifindex;
	return 0;
}

/** vn_route_list - read all IPv4 routes of all tables of the namespace, as vn_link_list(). */
int vn_route_list(struct vn_sock *s, struct vn_route **list, size_t *n)
{
	struct list routes = { .item = sizeof(**list) };
	struct vn_req req;
	struct rtmsg *rtm = vn_req_rtnl(&req, RTM_GETROUTE, 0, sizeof(*rtm), NULL);
	void *items = NULL;
	int err;

	rtm->rtm_family = AF_INET;
	err = finish(s, vn_dump(s, &req, add_route, &routes), &routes, &items, n);
	*list = items;
	return err;
}

/** vn_route_default - add a default route by @gateway. Return: 0, or a negative errno with @s->err set. */
int vn_route_default(struct vn_sock *s, uint32_t gateway)
{
	struct vn_req req;
	struct rtmsg *rtm = vn_req_rtnl(&req, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof(*rtm), NULL);

	rtm->rtm_family = AF_INET;
	rtm->rtm_table = RT_TABLE_MAIN;
	rtm->rtm_protocol = RTPROT_STATIC;
	rtm->rtm_scope = RT_SCOPE_UNIVERSE;
	rtm->rtm_type = RTN_UNICAST;
	mnl_attr_put_u32(req.nlh, RTA_GATEWAY, htonl(gateway));
	return vn_talk(s, &req, NULL, NULL);
}
