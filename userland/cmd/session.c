// SPDX-License-Identifier: GPL-2.0
/* Object "session": what the translator is translating. */
#include "ctl.h"

static const struct field fields[] = {
	{ VNET_SESSION_PROTO, "%s", FIELD_PROTO, OUT_PLAIN },
	{ VNET_SESSION_INTERNAL_ADDR, " %s", 0, OUT_INET },
	{ VNET_SESSION_INTERNAL_PORT, ":%s", 0, OUT_PLAIN },
	{ VNET_SESSION_REMOTE_ADDR, " with %s", 0, OUT_INET },
	{ VNET_SESSION_REMOTE_PORT, ":%s", 0, OUT_PLAIN },
	{ VNET_SESSION_EXTERNAL_ADDR, " as %s", 0, OUT_INET },
	{ VNET_SESSION_EXTERNAL_PORT, ":%s", 0, OUT_PLAIN },
	{ VNET_SESSION_STATE, " %s", 0, OUT_PLAIN },
	{ VNET_SESSION_EXPIRES, " expires %s", FIELD_MILLI, OUT_PLAIN },
	{ VNET_SESSION_VNET_NAME, " vnet %s", 0, OUT_PLAIN },
	{ VNET_SESSION_PORT_NAME, " dev %s", 0, OUT_IFNAME },
	{ VNET_SESSION_FORWARD, " forward %s", FIELD_NONZERO, OUT_PLAIN },
	{ VNET_SESSION_OUT_PACKETS, " out: packets %s", FIELD_STATS | FIELD_COUNT | FIELD_NEWLINE, OUT_PLAIN },
	{ VNET_SESSION_OUT_BYTES, " bytes %s", FIELD_STATS | FIELD_COUNT, OUT_PLAIN },
	{ VNET_SESSION_IN_PACKETS, " in: packets %s", FIELD_STATS | FIELD_COUNT, OUT_PLAIN },
	{ VNET_SESSION_IN_BYTES, " bytes %s", FIELD_STATS | FIELD_COUNT, OUT_PLAIN },
};

static void session_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	out_fields(&c->out, &vn_set_session, fields, VN_COUNT(fields), tb);
}

static const struct kw show_words[] = {
	{ "vnet", KT_VNET, NULL, &vn_set_session, VNET_SESSION_VNET, KW_BARE, 0 },
	{ "proto", KT_PROTO, NULL, &vn_set_session, VNET_SESSION_PROTO, 0, 0 },
	{ "guest", KT_IPV4, NULL, &vn_set_session, VNET_SESSION_INTERNAL_ADDR, 0, 0 },
	{ "remote", KT_IPV4, NULL, &vn_set_session, VNET_SESSION_REMOTE_ADDR, 0, 0 },
};

/* A busy table always changes while it is read, so no warning of that. */
static int session_show(struct ctl *c, const struct args *args)
{
	struct show show = { .cmd = VNET_CMD_SESSION_GET, .args = args, .print = session_print };
	bool quiet = c->quiet;
	int status;

	c->quiet = true;
	status = ctl_show(c, &show);
	c->quiet = quiet;
	return status;
}

static const struct kw flush_words[] = {
	{ "vnet", KT_VNET, NULL, &vn_set_session, VNET_SESSION_VNET, KW_REQUIRED | KW_BARE, 0 },
	{ "proto", KT_PROTO, NULL, &vn_set_session, VNET_SESSION_PROTO, 0, 0 },
	{ "guest", KT_IPV4, NULL, &vn_set_session, VNET_SESSION_INTERNAL_ADDR, 0, 0 },
	{ "sport", KT_PORT, NULL, &vn_set_session, VNET_SESSION_INTERNAL_PORT, 0, 0 },
	{ "remote", KT_IPV4, NULL, &vn_set_session, VNET_SESSION_REMOTE_ADDR, 0, 0 },
	{ "dport", KT_PORT, NULL, &vn_set_session, VNET_SESSION_REMOTE_PORT, 0, 0 },
};

static int take_count(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];
	uint64_t *count = arg;

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	if (tb[VNET_SESSION_COUNT])
		*count = vn_attr_uint(tb[VNET_SESSION_COUNT]);
	return 0;
}

static int session_flush(struct ctl *c, const struct args *args)
{
	struct vn_sock *s = ctl_genl(c);
	struct out *o = &c->out;
	uint64_t count = 0;
	struct vn_req req;

	if (!s)
		return EXIT_REFUSED;
	vn_req_genl(s, &req, VNET_CMD_SESSION_FLUSH, 0);
	args_put(args, req.nlh);
	if (vn_talk(s, &req, take_count, &count))
		return ctl_refused(c, &s->err, "cannot flush the sessions of %s", args->val[0].word);
	if (o->json || o->details) {
		out_begin(o);
		out_object(o, NULL);
		out_uint(o, "count", "sessions ended: %s", count);
		out_record_end(o);
		out_end(o);
	}
	return EXIT_OK;
}

static const struct cmd commands[] = {
	{ "show", "Show the sessions of a vnet, or all; -s shows counters.", session_show, show_words,
	  VN_COUNT(show_words), CMD_DEFAULT },
	{ "flush", "End sessions of a vnet; -d says how many.", session_flush, flush_words, VN_COUNT(flush_words),
	  CMD_EXACT },
};

const struct object object_session = { "session", "what the translator is translating", commands, VN_COUNT(commands) };
