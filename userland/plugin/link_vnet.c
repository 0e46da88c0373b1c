// SPDX-License-Identifier: GPL-2.0
/*
 * link_vnet.so teaches ip(8) the options of kinds vnet and vnic and of ports (vnet_slave). ip loads it from
 * LIBDIR/ip by kind. It calls only the handful of functions of ip that are declared here, which have kept
 * their shape since 2018; ip has no public header.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/vnet.h>

#include "lib/schema.h"

#define REQUEST_MAX 1024 /* of ip's struct iplink_req */

struct link_util {
	struct link_util *next;
	const char *id;
	int maxattr;
	int (*parse_opt)(struct link_util *lu, int argc, char **argv, struct nlmsghdr *n);
	void (*print_opt)(struct link_util *lu, FILE *f, struct rtattr *tb[]);
	void (*print_xstats)(struct link_util *lu, FILE *f, struct rtattr *xstats);
	void (*print_help)(struct link_util *lu, int argc, char **argv, FILE *f);
	int (*parse_ifla_xstats)(struct link_util *lu, int argc, char **argv);
	int (*print_ifla_xstats)(struct nlmsghdr *n, void *arg);
};

enum output_type { PRINT_FP = 1, PRINT_JSON = 2, PRINT_ANY = 4 };
enum color_attr { COLOR_IFNAME, COLOR_MAC, COLOR_INET, COLOR_INET6, COLOR_OPERSTATE_UP, COLOR_OPERSTATE_DOWN, COLOR_NONE };

extern int addattr_l(struct nlmsghdr *n, int maxlen, int type, const void *data, int alen);
extern void invarg(const char *msg, const char *arg) __attribute__((noreturn));
extern void incomplete_command(void) __attribute__((noreturn));
extern unsigned int ll_name_to_index(const char *name);
extern const char *ll_index_to_name(unsigned int idx);
extern int print_color_string(enum output_type t, enum color_attr color, const char *key, const char *fmt, const char *value);
extern int print_color_uint(enum output_type t, enum color_attr color, const char *key, const char *fmt, unsigned int value);
extern int print_color_on_off(enum output_type t, enum color_attr color, const char *key, const char *fmt, _Bool value);

/**
 * enum value - what follows an option, and how an attribute is shown.
 *
 * V_BIT is V_ONOFF shown as 0 or 1, as ip shows it of a bridge. V_BRIDGE is priority and address of a bridge, and shown only.
 */
enum value { V_UINT, V_ONOFF, V_BIT, V_ENUM, V_IPV4, V_PREFIX, V_PREFIX_LEN, V_DEV, V_LLADDR, V_BRIDGE };

/**
 * struct option - an option of ip and the attribute behind it.
 * @fmt: for show
 * @value: what follows
 * @attr: number in the attribute set
 * @readonly: shown only
 */
struct option {
	const char *name;
	const char *fmt;
	enum value value;
	uint16_t attr;
	bool readonly;
};

static const struct option link_options[] = {
	{ "mode", "mode %s ", V_ENUM, VNET_LINK_MODE, false },
	{ "subnet", "subnet %s", V_PREFIX, VNET_LINK_SUBNET, false },
	{ "prefix_len", "/%u ", V_PREFIX_LEN, VNET_LINK_PREFIX_LEN, true },
	{ "gateway", "gateway %s ", V_IPV4, VNET_LINK_GATEWAY, false },
	{ "gateway_lladdr", "gateway_lladdr %s ", V_LLADDR, VNET_LINK_GATEWAY_LLADDR, false },
	{ "nat", "nat %s ", V_ONOFF, VNET_LINK_NAT, false },
	{ "host_adapter", "host_adapter %s ", V_ONOFF, VNET_LINK_HOST_ADAPTER, false },
	{ "uplink", "uplink %s ", V_DEV, VNET_LINK_UPLINK, false },
	{ "ageing_time", "ageing_time %u ", V_UINT, VNET_LINK_AGEING_TIME, false },
	{ "loop_guard", "loop_guard %u ", V_UINT, VNET_LINK_LOOP_GUARD, false },
	{ "stp_state", "stp_state %u ", V_BIT, VNET_LINK_STP_STATE, false },
	{ "stp_mode", "stp_mode %s ", V_ENUM, VNET_LINK_STP_MODE, false },
	{ "priority", "priority %u ", V_UINT, VNET_LINK_STP_PRIORITY, false },
	{ "hello_time", "hello_time %u ", V_UINT, VNET_LINK_HELLO_TIME, false },
	{ "max_age", "max_age %u ", V_UINT, VNET_LINK_MAX_AGE, false },
	{ "forward_delay", "forward_delay %u ", V_UINT, VNET_LINK_FORWARD_DELAY, false },
	{ "bridge_id", "bridge_id %s ", V_BRIDGE, VNET_LINK_BRIDGE_ID, true },
	{ "designated_root", "designated_root %s ", V_BRIDGE, VNET_LINK_ROOT_ID, true },
	{ "root_port", "root_port %u ", V_UINT, VNET_LINK_ROOT_PORT, true },
	{ "root_path_cost", "root_path_cost %u ", V_UINT, VNET_LINK_ROOT_PATH_COST, true },
	{ "vlan_filtering", "vlan_filtering %u ", V_BIT, VNET_LINK_VLAN_FILTERING, false },
	{ "vlan_protocol", "vlan_protocol %s ", V_ENUM, VNET_LINK_VLAN_PROTOCOL, false },
	{ "vlan_default_pvid", "vlan_default_pvid %u ", V_UINT, VNET_LINK_VLAN_DEFAULT_PVID, false },
	{ "vlan_stats_per_port", "vlan_stats_per_port %u ", V_BIT, VNET_LINK_VLAN_STATS_PER_PORT, false },
	{ "mcast_snooping", "mcast_snooping %u ", V_BIT, VNET_LINK_MCAST_SNOOPING, false },
	{ "mcast_querier", "mcast_querier %u ", V_BIT, VNET_LINK_MCAST_QUERIER, false },
	{ "mcast_query_use_ifaddr", "mcast_query_use_ifaddr %u ", V_BIT, VNET_LINK_MCAST_QUERY_USE_IFADDR, false },
	{ "mcast_hash_max", "mcast_hash_max %u ", V_UINT, VNET_LINK_MCAST_HASH_MAX, false },
	{ "mcast_igmp_version", "mcast_igmp_version %u ", V_UINT, VNET_LINK_MCAST_IGMP_VERSION, false },
	{ "mcast_mld_version", "mcast_mld_version %u ", V_UINT, VNET_LINK_MCAST_MLD_VERSION, false },
	{ "mcast_last_member_count", "mcast_last_member_count %u ", V_UINT, VNET_LINK_MCAST_LAST_MEMBER_CNT, false },
	{ "mcast_last_member_interval", "mcast_last_member_interval %u ", V_UINT, VNET_LINK_MCAST_LAST_MEMBER_INTVL, false },
	{ "mcast_membership_interval", "mcast_membership_interval %u ", V_UINT, VNET_LINK_MCAST_MEMBERSHIP_INTVL, false },
	{ "mcast_querier_interval", "mcast_querier_interval %u ", V_UINT, VNET_LINK_MCAST_QUERIER_INTVL, false },
	{ "mcast_query_interval", "mcast_query_interval %u ", V_UINT, VNET_LINK_MCAST_QUERY_INTVL, false },
	{ "mcast_query_response_interval", "mcast_query_response_interval %u ", V_UINT, VNET_LINK_MCAST_QUERY_RESPONSE_INTVL, false },
	{ "mcast_startup_query_count", "mcast_startup_query_count %u ", V_UINT, VNET_LINK_MCAST_STARTUP_QUERY_CNT, false },
	{ "mcast_startup_query_interval", "mcast_startup_query_interval %u ", V_UINT, VNET_LINK_MCAST_STARTUP_QUERY_INTVL, false },
	{ "fdb_n_learned", "fdb_n_learned %u ", V_UINT, VNET_LINK_FDB_N_LEARNED, true },
	{ "fdb_max_learned", "fdb_max_learned %u ", V_UINT, VNET_LINK_FDB_MAX_LEARNED, false },
	{ "neigh_unicast", "neigh_unicast %s ", V_ONOFF, VNET_LINK_NEIGH_UNICAST, false },
	{ "n_ports", "n_ports %u ", V_UINT, VNET_LINK_N_PORTS, true },
	{ "max_ports", "max_ports %u ", V_UINT, VNET_LINK_MAX_PORTS, false },
};

static const struct option port_options[] = {
	{ "learning", "learning %s ", V_ONOFF, VNET_PORT_LEARNING, false },
	{ "flood", "flood %s ", V_ONOFF, VNET_PORT_UNICAST_FLOOD, false },
	{ "mcast_flood", "mcast_flood %s ", V_ONOFF, VNET_PORT_MCAST_FLOOD, false },
	{ "bcast_flood", "bcast_flood %s ", V_ONOFF, VNET_PORT_BCAST_FLOOD, false },
	{ "hairpin", "hairpin %s ", V_ONOFF, VNET_PORT_HAIRPIN, false },
	{ "isolated", "isolated %s ", V_ONOFF, VNET_PORT_ISOLATED, false },
	{ "state", "state %s ", V_ENUM, VNET_PORT_STATE, false },
	{ "role", "role %s ", V_ENUM, VNET_PORT_ROLE, true },
	{ "priority", "priority %u ", V_UINT, VNET_PORT_PRIORITY, false },
	{ "cost", "cost %u ", V_UINT, VNET_PORT_COST, false },
	{ "stp", "stp %s ", V_ONOFF, VNET_PORT_STP, false },
	{ "edge", "edge %s ", V_ENUM, VNET_PORT_EDGE, false },
	{ "root_block", "root_block %s ", V_ONOFF, VNET_PORT_ROOT_BLOCK, false },
	{ "designated_bridge", "designated_bridge %s ", V_BRIDGE, VNET_PORT_DESIGNATED_BRIDGE, true },
	{ "guard", "guard %s ", V_ONOFF, VNET_PORT_GUARD, false },
	{ "blocked_by", "blocked_by %s ", V_ENUM, VNET_PORT_BLOCKED_BY, true },
	{ "horizon", "horizon %u ", V_UINT, VNET_PORT_HORIZON, false },
	{ "neigh_suppress", "neigh_suppress %s ", V_ONOFF, VNET_PORT_NEIGH_SUPPRESS, false },
	{ "proxy_arp", "proxy_arp %s ", V_ONOFF, VNET_PORT_PROXY_ARP, false },
	{ "locked", "locked %s ", V_ONOFF, VNET_PORT_LOCKED, false },
	{ "private_vlan", "private_vlan %s ", V_ENUM, VNET_PORT_PRIVATE_VLAN, false },
	{ "community", "community %u ", V_UINT, VNET_PORT_COMMUNITY, false },
	{ "backup_port", "backup_port %s ", V_DEV, VNET_PORT_BACKUP_PORT, false },
	{ "storm_broadcast", "storm_broadcast %u ", V_UINT, VNET_PORT_STORM_BROADCAST, false },
	{ "storm_multicast", "storm_multicast %u ", V_UINT, VNET_PORT_STORM_MULTICAST, false },
	{ "storm_unknown", "storm_unknown %u ", V_UINT, VNET_PORT_STORM_UNKNOWN, false },
	{ "fdb_overflow", "fdb_overflow %s ", V_ENUM, VNET_PORT_FDB_OVERFLOW, false },
	{ "fastleave", "fastleave %s ", V_ONOFF, VNET_PORT_FAST_LEAVE, false },
	{ "mcast_to_unicast", "mcast_to_unicast %s ", V_ONOFF, VNET_PORT_MCAST_TO_UNICAST, false },
	{ "mcast_router", "mcast_router %u ", V_UINT, VNET_PORT_MCAST_ROUTER, false },
	{ "mcast_n_groups", "mcast_n_groups %u ", V_UINT, VNET_PORT_MCAST_N_GROUPS, true },
	{ "mcast_max_groups", "mcast_max_groups %u ", V_UINT, VNET_PORT_MCAST_MAX_GROUPS, false },
	{ "number", "number %u ", V_UINT, VNET_PORT_NUMBER, true },
	{ "fdb_n_learned", "fdb_n_learned %u ", V_UINT, VNET_PORT_FDB_N_LEARNED, true },
	{ "fdb_max_learned", "fdb_max_learned %u ", V_UINT, VNET_PORT_FDB_MAX_LEARNED, false },
	{ "max_sessions", "max_sessions %u ", V_UINT, VNET_PORT_MAX_SESSIONS, false },
};

static uint64_t read_uint(const char *name, const char *word, uint64_t min, uint64_t max)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(word, &end, 10);
	if (errno || *end || *word < '0' || *word > '9' || value < min || value > max) {
		fprintf(stderr, "vnet: expected a number of %llu..%llu for \"%s\"\n", (unsigned long long)min,
			(unsigned long long)max, name);
		invarg("illegal number", word);
	}
	return value;
}

static uint32_t read_ipv4(const char *word)
{
	struct in_addr in;

	if (inet_pton(AF_INET, word, &in) != 1)
		invarg("expected an IPv4 address", word);
	return in.s_addr;
}

static void put_prefix(struct nlmsghdr *n, uint16_t attr, const char *word)
{
	const char *slash = strchr(word, '/');
	char quad[INET_ADDRSTRLEN];
	uint32_t addr, mask;
	uint8_t len;

	if (!slash || (size_t)(slash - word) >= sizeof(quad))
		invarg("expected ADDR/LEN", word);
	memcpy(quad, word, (size_t)(slash - word));
	quad[slash - word] = 0;
	addr = read_ipv4(quad);
	len = (uint8_t)read_uint("subnet length", slash + 1, 8, 30);
	mask = htonl(~0U << (32 - len));
	if (addr & ~mask)
		invarg("expected a subnet, got an address with host bits", word);
	addattr_l(n, REQUEST_MAX, attr, &addr, sizeof(addr));
	addattr_l(n, REQUEST_MAX, VNET_LINK_PREFIX_LEN, &len, sizeof(len));
}

static void put_lladdr(struct nlmsghdr *n, uint16_t attr, const char *word)
{
	uint8_t lladdr[6];
	char rest;

	if (sscanf(word, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%c", &lladdr[0], &lladdr[1], &lladdr[2], &lladdr[3],
		   &lladdr[4], &lladdr[5], &rest) != 6)
		invarg("expected a MAC address", word);
	addattr_l(n, REQUEST_MAX, attr, lladdr, sizeof(lladdr));
}

static uint32_t read_word(const struct option *option, const struct vn_attr *desc, const char *word)
{
	int value;

	switch (option->value) {
	case V_ENUM:
		value = vn_enum_value(desc->names, word);
		if (value < 0)
			invarg("unknown value", word);
		return (uint32_t)value;
	case V_ONOFF:
	case V_BIT:
		value = !strcmp(word, "on") || !strcmp(word, "1");
		if (!value && strcmp(word, "off") != 0 && strcmp(word, "0") != 0)
			invarg(option->value == V_ONOFF ? "expected on or off" : "expected 0 or 1", word);
		return (uint32_t)value;
	case V_DEV:
		if (!strcmp(word, "none"))
			return 0;
		value = (int)ll_name_to_index(word);
		if (!value)
			invarg("no such device", word);
		return (uint32_t)value;
	case V_IPV4:
		return !strcmp(word, "none") ? 0 : read_ipv4(word);
	default:
		return (uint32_t)read_uint(option->name, word, desc->min, desc->max);
	}
}

static void put_number(struct nlmsghdr *n, const struct vn_attr *desc, uint32_t value)
{
	uint16_t half = desc->type == VN_BE16 ? htons((uint16_t)value) : (uint16_t)value;
	uint8_t byte = (uint8_t)value;

	switch (desc->type) {
	case VN_U8:
		addattr_l(n, REQUEST_MAX, desc->id, &byte, sizeof(byte));
		break;
	case VN_U16:
	case VN_BE16:
		addattr_l(n, REQUEST_MAX, desc->id, &half, sizeof(half));
		break;
	default:
		addattr_l(n, REQUEST_MAX, desc->id, &value, sizeof(value));
		break;
	}
}

static void put_option(const struct option *option, const struct vn_set *set, const char *word, struct nlmsghdr *n)
{
	const struct vn_attr *desc = vn_attr_find(set, option->attr);

	switch (option->value) {
	case V_PREFIX:
		put_prefix(n, option->attr, word);
		break;
	case V_LLADDR:
		put_lladdr(n, option->attr, word);
		break;
	default:
		put_number(n, desc, read_word(option, desc, word));
		break;
	}
}

static const char *enum_text(const struct vn_enum *names)
{
	static char text[96];
	size_t used = 0;

	for (unsigned int i = 0; i < names->n && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s %s", i ? " |" : "{", names->names[i]);
	if (used < sizeof(text))
		snprintf(text + used, sizeof(text) - used, " }");
	return text;
}

static const char *value_text(const struct option *option, const struct vn_set *set)
{
	switch (option->value) {
	case V_ENUM:
		return enum_text(vn_attr_find(set, option->attr)->names);
	case V_BIT:
		return "{ 0 | 1 }";
	case V_ONOFF:
		return "{ on | off }";
	case V_IPV4:
		return "{ ADDR | none }";
	case V_PREFIX:
		return "ADDR/LEN";
	case V_DEV:
		return "{ DEV | none }";
	case V_LLADDR:
		return "LLADDR";
	default:
		return "N";
	}
}

static void help(FILE *f, const char *kind, const struct option *options, size_t n, const struct vn_set *set)
{
	fprintf(f, "Usage: ... %s", kind);
	for (size_t i = 0; i < n; i++)
		if (!options[i].readonly)
			fprintf(f, "\n\t\t[ %s %s ]", options[i].name, value_text(&options[i], set));
	fputc('\n', f);
}

static int parse(const char *kind, const struct option *options, size_t n, const struct vn_set *set, uint16_t nest,
		 int argc, char **argv, struct nlmsghdr *nlh)
{
	struct rtattr *begin = (struct rtattr *)((char *)nlh + NLMSG_ALIGN(nlh->nlmsg_len));

	addattr_l(nlh, REQUEST_MAX, nest | NLA_F_NESTED, NULL, 0);
	for (; argc > 0; argc -= 2, argv += 2) {
		size_t i = 0;

		while (i < n && (options[i].readonly || strcmp(options[i].name, *argv) != 0))
			i++;
		if (i == n) {
			if (strcmp(*argv, "help") != 0)
				fprintf(stderr, "%s: unknown option \"%s\"?\n", kind, *argv);
			help(stderr, kind, options, n, set);
			return -1;
		}
		if (argc == 1)
			incomplete_command();
		put_option(&options[i], set, argv[1], nlh);
	}
	begin->rta_len = (unsigned short)((char *)nlh + nlh->nlmsg_len - (char *)begin);
	return 0;
}

static uint32_t payload(const struct vn_attr *desc, const struct rtattr *attr)
{
	uint32_t value = 0;
	uint16_t half;

	if (RTA_PAYLOAD(attr) == 1)
		return *(const uint8_t *)RTA_DATA(attr);
	if (RTA_PAYLOAD(attr) == sizeof(half)) {
		memcpy(&half, RTA_DATA(attr), sizeof(half));
		return desc->type == VN_BE16 ? ntohs(half) : half;
	}
	if (RTA_PAYLOAD(attr) >= sizeof(value))
		memcpy(&value, RTA_DATA(attr), sizeof(value));
	return value;
}

static void print_option(const struct option *option, const struct vn_attr *desc, const struct rtattr *attr)
{
	uint32_t value = payload(desc, attr);
	const uint8_t *b = RTA_DATA(attr);
	const char *name;
	char text[INET_ADDRSTRLEN + 16];

	switch (option->value) {
	case V_ENUM:
		name = vn_enum_name(desc->names, value);
		print_color_string(PRINT_ANY, COLOR_NONE, option->name, option->fmt, name ? name : "?");
		break;
	case V_ONOFF:
		print_color_on_off(PRINT_ANY, COLOR_NONE, option->name, option->fmt, value);
		break;
	case V_DEV:
		if (value)
			print_color_string(PRINT_ANY, COLOR_IFNAME, option->name, option->fmt, ll_index_to_name(value));
		break;
	case V_IPV4:
	case V_PREFIX:
		if (value && inet_ntop(AF_INET, &value, text, sizeof(text)))
			print_color_string(PRINT_ANY, COLOR_INET, option->name, option->fmt, text);
		break;
	case V_LLADDR:
		if (RTA_PAYLOAD(attr) != 6)
			break;
		snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5]);
		print_color_string(PRINT_ANY, COLOR_MAC, option->name, option->fmt, text);
		break;
	case V_BRIDGE:
		if (RTA_PAYLOAD(attr) != 8)
			break;
		snprintf(text, sizeof(text), "%02x%02x.%x:%x:%x:%x:%x:%x", b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]);
		print_color_string(PRINT_ANY, COLOR_MAC, option->name, option->fmt, text);
		break;
	default:
		print_color_uint(PRINT_ANY, COLOR_NONE, option->name, option->fmt, value);
		break;
	}
}

/* Print what is in @nest; the length of a subnet goes with the subnet. */
static void print(const struct option *options, size_t n, const struct vn_set *set, const struct rtattr *nest)
{
	const struct rtattr *tb[VN_ATTR_MAX + 1] = { NULL }, *attr;
	int left = nest ? (int)RTA_PAYLOAD(nest) : 0;

	for (attr = nest ? RTA_DATA(nest) : NULL; attr && RTA_OK(attr, left); attr = RTA_NEXT(attr, left))
		if ((attr->rta_type & NLA_TYPE_MASK) <= VN_ATTR_MAX)
			tb[attr->rta_type & NLA_TYPE_MASK] = attr;
	for (size_t i = 0; i < n; i++)
		if (tb[options[i].attr] &&
		    (options[i].value != V_PREFIX_LEN || tb[VNET_LINK_SUBNET]))
			print_option(&options[i], vn_attr_find(set, options[i].attr), tb[options[i].attr]);
}

static int link_parse(struct link_util *lu, int argc, char **argv, struct nlmsghdr *n)
{
	return parse(lu->id, link_options, VN_COUNT(link_options), &vn_set_link, VNET_INFO_LINK, argc, argv, n);
}

static void link_print(struct link_util *lu, FILE *f, struct rtattr *tb[])
{
	(void)lu;
	(void)f;
	print(link_options, VN_COUNT(link_options), &vn_set_link, tb ? tb[VNET_INFO_LINK] : NULL);
}

static void link_help(struct link_util *lu, int argc, char **argv, FILE *f)
{
	(void)argc;
	(void)argv;
	help(f, lu->id, link_options, VN_COUNT(link_options), &vn_set_link);
}

static int port_parse(struct link_util *lu, int argc, char **argv, struct nlmsghdr *n)
{
	return parse(lu->id, port_options, VN_COUNT(port_options), &vn_set_port, VNET_INFO_PORT, argc, argv, n);
}

static void port_print(struct link_util *lu, FILE *f, struct rtattr *tb[])
{
	(void)lu;
	(void)f;
	print(port_options, VN_COUNT(port_options), &vn_set_port, tb ? tb[VNET_INFO_PORT] : NULL);
}

static void port_help(struct link_util *lu, int argc, char **argv, FILE *f)
{
	(void)argc;
	(void)argv;
	help(f, lu->id, port_options, VN_COUNT(port_options), &vn_set_port);
}

static int vnic_parse(struct link_util *lu, int argc, char **argv, struct nlmsghdr *n)
{
	(void)n;
	if (strcmp(*argv, "help") != 0)
		fprintf(stderr, "%s: unknown option \"%s\"?\n", lu->id, *argv);
	lu->print_help(lu, argc, argv, stderr);
	return -1;
}

static void vnic_help(struct link_util *lu, int argc, char **argv, FILE *f)
{
	(void)lu;
	(void)argc;
	(void)argv;
	fputs("Usage: ip link add DEVICE link VNET [ netns NETNS ] type vnic\n", f);
}

#define EXPORT __attribute__((visibility("default"))) extern struct link_util

EXPORT vnet_link_util, vnet_slave_link_util, vnic_link_util;

struct link_util vnet_link_util = {
	.id = "vnet",
	.maxattr = VNET_INFO_MAX,
	.parse_opt = link_parse,
	.print_opt = link_print,
	.print_help = link_help,
};

struct link_util vnet_slave_link_util = {
	.id = "vnet_slave",
	.maxattr = VNET_INFO_MAX,
	.parse_opt = port_parse,
	.print_opt = port_print,
	.print_help = port_help,
};

struct link_util vnic_link_util = {
	.id = "vnic",
	.maxattr = VNET_INFO_MAX,
	.parse_opt = vnic_parse,
	.print_help = vnic_help,
};
