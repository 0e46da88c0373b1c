// SPDX-License-Identifier: GPL-2.0
/* Object "stats": counters of ports, and why packets died. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "ctl.h"

static const struct field fields[] = {
	{ VNET_STATS_VNET_NAME, "%s:", 0, OUT_IFNAME },
	{ VNET_STATS_PORT_NUMBER, " number %s", 0, OUT_PLAIN },
	{ VNET_STATS_PORT_KIND, " %s", 0, OUT_PLAIN },
	{ VNET_STATS_PORT_NAME, " %s", 0, OUT_IFNAME },
	{ VNET_STATS_RX_PACKETS, " RX: packets %s", FIELD_COUNT | FIELD_NEWLINE, OUT_PLAIN },
	{ VNET_STATS_RX_BYTES, " bytes %s", FIELD_COUNT, OUT_PLAIN },
	{ VNET_STATS_TX_PACKETS, " TX: packets %s", FIELD_COUNT | FIELD_NEWLINE, OUT_PLAIN },
	{ VNET_STATS_TX_BYTES, " bytes %s", FIELD_COUNT, OUT_PLAIN },
};

static void print_drop(struct ctl *c, const struct nlattr *drop)
{
	const struct nlattr *tb[VNET_STATS_DROP_MAX + 1];
	char name[64] = "?", count[32];
	struct out *o = &c->out;

	vn_parse_nest(drop, tb, VNET_STATS_DROP_MAX);
	if (tb[VNET_STATS_DROP_NAME])
		snprintf(name, sizeof(name), "%.*s", (int)mnl_attr_get_payload_len(tb[VNET_STATS_DROP_NAME]),
			 mnl_attr_get_str(tb[VNET_STATS_DROP_NAME]));
	if (!tb[VNET_STATS_DROP_PACKETS])
		return;
	text_count(count, sizeof(count), vn_attr_uint(tb[VNET_STATS_DROP_PACKETS]), o->human);
	out_newline(o);
	out_str(o, OUT_PLAIN, NULL, "     drop %s", name);
	out_str(o, OUT_PLAIN, NULL, " %s", count);
}

static uint64_t drop_packets(const struct nlattr *drop)
{
	const struct nlattr *tb[VNET_STATS_DROP_MAX + 1];

	vn_parse_nest(drop, tb, VNET_STATS_DROP_MAX);
	return tb[VNET_STATS_DROP_PACKETS] ? vn_attr_uint(tb[VNET_STATS_DROP_PACKETS]) : 0;
}

static void stats_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1], *attr;
	struct out *o = &c->out;
	uint64_t dropped = 0;
	char text[32];

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	out_fields(o, &vn_set_stats, fields, VN_COUNT(fields), tb);
	out_multi(o, &vn_set_stats, VNET_STATS_DROP, mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN),
		  mnl_nlmsg_get_payload_len(nlh) - GENL_HDRLEN);
	if (o->json)
		return;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == VNET_STATS_DROP)
			dropped += drop_packets(attr);
	out_str(o, OUT_PLAIN, NULL, " dropped %s", text_count(text, sizeof(text), dropped, o->human));
	if (!o->details && !o->stats)
		return;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == VNET_STATS_DROP)
			print_drop(c, attr);
}

static const struct kw show_words[] = {
	{ "vnet", KT_VNET, NULL, &vn_set_stats, VNET_STATS_VNET, KW_BARE, 0 },
};

static int stats_show(struct ctl *c, const struct args *args)
{
	struct show show = { .cmd = VNET_CMD_STATS_GET, .args = args, .print = stats_print };

	return ctl_show(c, &show);
}

static const struct field reason_fields[] = {
	{ VNET_REASON_NAME, "%s", 0, OUT_IFNAME },
	{ VNET_REASON_NUMBER, " (%s)", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_REASON_EXPLANATION, ": %s", 0, OUT_PLAIN },
};

static void reason_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	out_fields(&c->out, &vn_set_reason, reason_fields, VN_COUNT(reason_fields), tb);
}

static const struct kw explain_words[] = {
	{ "reason", KT_STRING, "REASON", NULL, 0, KW_BARE, 0 },
};

/* Names are compared as people type them: upper or lower case, '-' or '_'. */
static bool same_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b) && !(strchr("-_", *a) && strchr("-_", *b)))
			return false;
	return !*a && !*b;
}

static bool is_reason(const struct nlmsghdr *nlh, const struct args *args)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];
	const struct val *reason = &args->val[0];
	char number[16];

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	if (!reason->set)
		return true;
	snprintf(number, sizeof(number), "%u", tb[VNET_REASON_NUMBER] ? (unsigned int)vn_attr_uint(tb[VNET_REASON_NUMBER]) : 0);
	return !strcmp(number, reason->word) ||
	       (tb[VNET_REASON_NAME] && same_name(mnl_attr_get_str(tb[VNET_REASON_NAME]), reason->word));
}

struct search {
	const struct args *args;
	bool found;
};

static int note_match(const struct nlmsghdr *nlh, void *arg)
{
	struct search *search = arg;

	search->found |= is_reason(nlh, search->args);
	return 0;
}

static int stats_explain(struct ctl *c, const struct args *args)
{
	struct show show = { .cmd = VNET_CMD_REASON_GET, .args = args, .print = reason_print, .want = is_reason };
	struct search search = { args, false };
	struct vn_sock *s = ctl_genl(c);
	struct vn_req req;

	if (!s)
		return EXIT_REFUSED;
	vn_req_genl(s, &req, VNET_CMD_REASON_GET, 0);
	if (vn_dump(s, &req, note_match, &search))
		return ctl_refused(c, &s->err, "cannot read the reasons");
	if (args->val[0].set && !search.found)
		return ctl_usage(c, "expected a drop reason, got '%s'; 'vnetctl stats explain' lists them",
				 args->val[0].word);
	return ctl_show(c, &show);
}

static const struct cmd commands[] = {
	{ "show", "Show the counters of the ports of a vnet, or of all; -d shows why packets died.", stats_show,
	  show_words, VN_COUNT(show_words), CMD_DEFAULT },
	{ "explain", "Say what a drop reason means, or list all.", stats_explain, explain_words,
	  VN_COUNT(explain_words), 0 },
};

const struct object object_stats = { "stats", "counters of ports, and why packets died", commands, VN_COUNT(commands) };
