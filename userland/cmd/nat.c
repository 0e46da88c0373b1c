// SPDX-License-Identifier: GPL-2.0
/* Object "nat": settings of the translator, and its mappings. */
#include "ctl.h"

static const struct field fields[] = {
	{ VNET_NAT_VNET_NAME, "%s:", 0, OUT_IFNAME },
	{ VNET_NAT_FILTERING, " filtering %s", 0, OUT_PLAIN },
	{ VNET_NAT_N_SESSIONS, " sessions %s", FIELD_NEWLINE, OUT_PLAIN },
	{ VNET_NAT_MAX_SESSIONS, "/%s", 0, OUT_PLAIN },
	{ VNET_NAT_N_MAPPINGS, " mappings %s", 0, OUT_PLAIN },
	{ VNET_NAT_MAX_MAPPINGS, "/%s", 0, OUT_PLAIN },
};

static const struct field timeouts[] = {
	{ VNET_TIMEOUT_UDP, " timeout udp %s", FIELD_SECONDS | FIELD_NEWLINE, OUT_PLAIN },
	{ VNET_TIMEOUT_UDP_UNREPLIED, " udp-unreplied %s", FIELD_SECONDS, OUT_PLAIN },
	{ VNET_TIMEOUT_TCP_ESTABLISHED, " tcp-established %s", FIELD_SECONDS, OUT_PLAIN },
	{ VNET_TIMEOUT_TCP_OPENING, " tcp-opening %s", FIELD_SECONDS, OUT_PLAIN },
	{ VNET_TIMEOUT_TCP_CLOSING, " tcp-closing %s", FIELD_SECONDS, OUT_PLAIN },
	{ VNET_TIMEOUT_ICMP, " icmp %s", FIELD_SECONDS, OUT_PLAIN },
	{ VNET_TIMEOUT_HOLD_DOWN, " hold-down %s", FIELD_SECONDS, OUT_PLAIN },
};

static const struct field out_field[] = {
	{ VNET_NAT_OUT, NULL, FIELD_IFINDEX, OUT_PLAIN },
};

static void print_out(struct out *o, const struct nlattr *out)
{
	uint32_t ifindex = out ? (uint32_t)vn_attr_uint(out) : 0;
	char name[IF_NAMESIZE];

	if (ifindex && !if_indextoname(ifindex, name))
		snprintf(name, sizeof(name), "if%u", ifindex);
	out_str(o, OUT_IFNAME, NULL, " out %s", ifindex ? name : "auto");
}

static void print_ranges(struct out *o, const struct nlmsghdr *nlh)
{
	const char *lead = " ports %s";
	const struct nlattr *attr;
	char text[32];

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		const struct nlattr *tb[VNET_PORT_RANGE_MAX + 1];

		if (mnl_attr_get_type(attr) != VNET_NAT_PORT_RANGE)
			continue;
		vn_parse_nest(attr, tb, VNET_PORT_RANGE_MAX);
		if (!tb[VNET_PORT_RANGE_FIRST] || !tb[VNET_PORT_RANGE_LAST])
			continue;
		snprintf(text, sizeof(text), "%u-%u", (unsigned int)vn_attr_uint(tb[VNET_PORT_RANGE_FIRST]),
			 (unsigned int)vn_attr_uint(tb[VNET_PORT_RANGE_LAST]));
		out_str(o, OUT_PLAIN, NULL, lead, text);
		lead = ",%s";
	}
}

/** nat_print - the settings of a vnet. */
void nat_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1], *inner[VNET_TIMEOUT_MAX + 1];
	struct out *o = &c->out;

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	if (o->json) {
		out_fields(o, &vn_set_nat, out_field, VN_COUNT(out_field), tb);
		out_multi(o, &vn_set_nat, VNET_NAT_PORT_RANGE, mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN),
			  mnl_nlmsg_get_payload_len(nlh) - GENL_HDRLEN);
		return;
	}
	out_fields(o, &vn_set_nat, fields, 2, tb);
	print_out(o, tb[VNET_NAT_OUT]);
	out_fields(o, &vn_set_nat, fields + 2, VN_COUNT(fields) - 2, tb);
	print_ranges(o, nlh);
	if (tb[VNET_NAT_TIMEOUTS]) {
		vn_parse_nest(tb[VNET_NAT_TIMEOUTS], inner, VNET_TIMEOUT_MAX);
		out_fields(o, &vn_set_timeout, timeouts, VN_COUNT(timeouts), inner);
	}
}

static const struct kw show_words[] = {
	{ "vnet", KT_VNET, NULL, &vn_set_nat, VNET_NAT_VNET, KW_BARE, 0 },
};

static int nat_show(struct ctl *c, const struct args *args)
{
	struct show show = { .cmd = VNET_CMD_NAT_GET, .args = args, .print = nat_print, .one = args->val[0].set };

	return ctl_show(c, &show);
}

#define GROUP_TIMEOUT 1
#define TIMEOUT(word, attr) { word, KT_SECONDS, NULL, &vn_set_timeout, attr, 0, GROUP_TIMEOUT }

static const struct kw set_words[] = {
	{ "vnet", KT_VNET, NULL, &vn_set_nat, VNET_NAT_VNET, KW_REQUIRED | KW_BARE, 0 },
	{ "filtering", KT_ENUM, NULL, &vn_set_nat, VNET_NAT_FILTERING, 0, 0 },
	{ "out", KT_DEV_OR_AUTO, NULL, &vn_set_nat, VNET_NAT_OUT, 0, 0 },
	{ "sessions", KT_UINT, NULL, &vn_set_nat, VNET_NAT_MAX_SESSIONS, 0, 0 },
	{ "mappings", KT_UINT, NULL, &vn_set_nat, VNET_NAT_MAX_MAPPINGS, 0, 0 },
	{ "timeout", KT_FLAG, NULL, NULL, 0, KW_GROUP, GROUP_TIMEOUT },
	TIMEOUT("udp", VNET_TIMEOUT_UDP),
	TIMEOUT("udp-unreplied", VNET_TIMEOUT_UDP_UNREPLIED),
	TIMEOUT("tcp-established", VNET_TIMEOUT_TCP_ESTABLISHED),
	TIMEOUT("tcp-opening", VNET_TIMEOUT_TCP_OPENING),
	TIMEOUT("tcp-closing", VNET_TIMEOUT_TCP_CLOSING),
	TIMEOUT("icmp", VNET_TIMEOUT_ICMP),
	TIMEOUT("hold-down", VNET_TIMEOUT_HOLD_DOWN),
};

static int nat_set(struct ctl *c, const struct args *args)
{
	struct vn_sock *s = ctl_genl(c);
	struct vn_req req;

	if (!s)
		return EXIT_REFUSED;
	vn_req_genl(s, &req, VNET_CMD_NAT_SET, 0);
	args_put(args, req.nlh);
	args_put_group(args, GROUP_TIMEOUT, VNET_NAT_TIMEOUTS, req.nlh);
	if (vn_talk(s, &req, NULL, NULL))
		return ctl_refused(c, &s->err, "cannot set %s", args->val[0].word);
	return EXIT_OK;
}

static const struct field mapping_fields[] = {
	{ VNET_MAPPING_PROTO, "%s", FIELD_PROTO, OUT_PLAIN },
	{ VNET_MAPPING_INTERNAL_ADDR, " %s", 0, OUT_INET },
	{ VNET_MAPPING_INTERNAL_PORT, ":%s", 0, OUT_PLAIN },
	{ VNET_MAPPING_EXTERNAL_ADDR, " as %s", 0, OUT_INET },
	{ VNET_MAPPING_EXTERNAL_PORT, ":%s", 0, OUT_PLAIN },
	{ VNET_MAPPING_VNET_NAME, " vnet %s", 0, OUT_PLAIN },
	{ VNET_MAPPING_PORT_NAME, " dev %s", 0, OUT_IFNAME },
	{ VNET_MAPPING_N_SESSIONS, " sessions %s", 0, OUT_PLAIN },
};

static void mapping_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	out_fields(&c->out, &vn_set_mapping, mapping_fields, VN_COUNT(mapping_fields), tb);
}

static const struct kw mapping_words[] = {
	{ "vnet", KT_VNET, NULL, &vn_set_mapping, VNET_MAPPING_VNET, KW_BARE, 0 },
	{ "show", KT_FLAG, NULL, NULL, 0, 0, 0 },
};

static int nat_mapping(struct ctl *c, const struct args *args)
{
	struct show show = { .cmd = VNET_CMD_MAPPING_GET, .args = args, .print = mapping_print };

	return ctl_show(c, &show);
}

static const struct cmd commands[] = {
	{ "show", "Show the settings of one vnet, or of all that translate.", nat_show, show_words, VN_COUNT(show_words),
	  CMD_DEFAULT },
	{ "set", "Change the settings of a vnet; out auto follows the host's routes.", nat_set, set_words,
	  VN_COUNT(set_words), 0 },
	{ "mapping", "Show which outside endpoint stands for which guest's.", nat_mapping, mapping_words,
	  VN_COUNT(mapping_words), 0 },
};

const struct object object_nat = { "nat", "the translator: settings and mappings", commands, VN_COUNT(commands) };
