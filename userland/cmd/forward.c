// SPDX-License-Identifier: GPL-2.0
/* Object "forward": ports of the host that lead to a guest. */
#include <arpa/inet.h>
#include <errno.h>

#include "ctl.h"

static const struct field ends[] = {
	{ VNET_FORWARD_FIRST, ":%s", 0, OUT_PLAIN },
	{ VNET_FORWARD_LAST, "-%s", 0, OUT_PLAIN },
};

static const struct field head[] = {
	{ VNET_FORWARD_VNET_NAME, "%s:", 0, OUT_IFNAME },
	{ VNET_FORWARD_HANDLE, " handle %s", 0, OUT_PLAIN },
	{ VNET_FORWARD_PROTO, " %s", FIELD_PROTO, OUT_PLAIN },
};

static const struct field tail[] = {
	{ VNET_FORWARD_TO_ADDR, " to %s", 0, OUT_INET },
	{ VNET_FORWARD_TO_PORT, ":%s", 0, OUT_PLAIN },
	{ VNET_FORWARD_N_SESSIONS, " sessions %s", 0, OUT_PLAIN },
	{ VNET_FORWARD_HITS, " hits %s", FIELD_COUNT, OUT_PLAIN },
};

/** forward_print - a forward. */
void forward_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];
	struct out *o = &c->out;

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	if (o->json) {
		out_fields(o, &vn_set_forward, head, VN_COUNT(head), tb);
		return;
	}
	out_fields(o, &vn_set_forward, head, VN_COUNT(head), tb);
	if (tb[VNET_FORWARD_ADDR] && vn_attr_uint(tb[VNET_FORWARD_ADDR]))
		out_ipv4(o, NULL, " %s", ntohl((uint32_t)vn_attr_uint(tb[VNET_FORWARD_ADDR])));
	else
		out_str(o, OUT_PLAIN, NULL, " %s", "*");
	if (tb[VNET_FORWARD_FIRST] && tb[VNET_FORWARD_LAST] &&
	    vn_attr_uint(tb[VNET_FORWARD_FIRST]) == vn_attr_uint(tb[VNET_FORWARD_LAST]))
		tb[VNET_FORWARD_LAST] = NULL;
	out_fields(o, &vn_set_forward, ends, VN_COUNT(ends), tb);
	out_fields(o, &vn_set_forward, tail, VN_COUNT(tail), tb);
}

enum { ADD_VNET, ADD_PROTO, ADD_DPORT, ADD_TO, ADD_ADDR, ADD_HANDLE };

static const struct kw add_words[] = {
	[ADD_VNET] = { "vnet", KT_VNET, NULL, &vn_set_forward, VNET_FORWARD_VNET, KW_REQUIRED | KW_BARE, 0 },
	[ADD_PROTO] = { "proto", KT_PROTO, "{ tcp | udp }", &vn_set_forward, VNET_FORWARD_PROTO, KW_REQUIRED, 0 },
	[ADD_DPORT] = { "dport", KT_PORTS, NULL, &vn_set_forward, VNET_FORWARD_FIRST, KW_REQUIRED, 0 },
	[ADD_TO] = { "to", KT_TARGET, NULL, &vn_set_forward, VNET_FORWARD_TO_ADDR, KW_REQUIRED, 0 },
	[ADD_ADDR] = { "addr", KT_IPV4, NULL, &vn_set_forward, VNET_FORWARD_ADDR, 0, 0 },
	[ADD_HANDLE] = { "handle", KT_UINT, NULL, &vn_set_forward, VNET_FORWARD_HANDLE, 0, 0 },
};

static int echo(const struct nlmsghdr *nlh, void *arg)
{
	struct ctl *c = arg;

	out_begin(&c->out);
	out_object(&c->out, NULL);
	forward_print(c, nlh);
	out_record_end(&c->out);
	out_end(&c->out);
	return 0;
}

static int forward_add(struct ctl *c, const struct args *args)
{
	const struct val *dport = &args->val[ADD_DPORT], *to = &args->val[ADD_TO];
	struct vn_sock *s = ctl_genl(c);
	struct vn_req req;

	if (!s)
		return EXIT_REFUSED;
	vn_req_genl(s, &req, VNET_CMD_FORWARD_NEW, 0);
	args_put(args, req.nlh);
	mnl_attr_put_u16(req.nlh, VNET_FORWARD_LAST, (uint16_t)dport->num2);
	if (to->num2)
		mnl_attr_put_u16(req.nlh, VNET_FORWARD_TO_PORT, (uint16_t)to->num2);
	if (vn_talk(s, &req, c->echo || c->out.details ? echo : NULL, c))
		return ctl_refused(c, &s->err, "cannot add the forward");
	return EXIT_OK;
}

enum { DEL_VNET, DEL_HANDLE, DEL_PROTO, DEL_DPORT, DEL_ADDR };

static const struct kw del_words[] = {
	[DEL_VNET] = { "vnet", KT_VNET, NULL, &vn_set_forward, VNET_FORWARD_VNET, KW_REQUIRED | KW_BARE, 0 },
	[DEL_HANDLE] = { "handle", KT_UINT, NULL, &vn_set_forward, VNET_FORWARD_HANDLE, 0, 0 },
	[DEL_PROTO] = { "proto", KT_PROTO, "{ tcp | udp }", NULL, 0, 0, 0 },
	[DEL_DPORT] = { "dport", KT_PORTS, NULL, NULL, 0, 0, 0 },
	[DEL_ADDR] = { "addr", KT_IPV4, NULL, NULL, 0, 0, 0 },
};

/* The forwards that proto, dport and addr name. */
struct search {
	const struct args *args;
	unsigned int found;
	uint32_t handle;
};

static uint64_t number(const struct nlattr **tb, unsigned int attr)
{
	return tb[attr] ? vn_attr_uint(tb[attr]) : 0;
}

static int compare(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];
	struct search *search = arg;
	const struct val *val = search->args->val;

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	if (number(tb, VNET_FORWARD_PROTO) != val[DEL_PROTO].num || number(tb, VNET_FORWARD_FIRST) != val[DEL_DPORT].num)
		return 0;
	if (tb[VNET_FORWARD_LAST] && number(tb, VNET_FORWARD_LAST) != val[DEL_DPORT].num2)
		return 0;
	if (val[DEL_ADDR].set && ntohl((uint32_t)number(tb, VNET_FORWARD_ADDR)) != val[DEL_ADDR].num)
		return 0;
	search->found++;
	search->handle = (uint32_t)number(tb, VNET_FORWARD_HANDLE);
	return 0;
}

static int find_handle(struct ctl *c, struct vn_sock *s, const struct args *args, uint32_t *handle)
{
	const struct val *val = args->val;
	struct search search = { .args = args };
	struct vn_req req;

	if (!val[DEL_PROTO].set || !val[DEL_DPORT].set)
		return ctl_usage(c, "expected 'handle N', or 'proto' and 'dport', got neither");
	vn_req_genl(s, &req, VNET_CMD_FORWARD_GET, 0);
	mnl_attr_put_u32(req.nlh, VNET_FORWARD_VNET, (uint32_t)val[DEL_VNET].num);
	if (vn_dump(s, &req, compare, &search))
		return ctl_refused(c, &s->err, "cannot read the forwards");
	if (!search.found)
		return ctl_fail(c, "%s has no forward of %s port %s", val[DEL_VNET].word, val[DEL_PROTO].word,
				val[DEL_DPORT].word);
	if (search.found > 1)
		return ctl_fail(c, "%s has several forwards of %s port %s; add 'addr ADDR' or use 'handle N'",
				val[DEL_VNET].word, val[DEL_PROTO].word, val[DEL_DPORT].word);
	*handle = search.handle;
	return EXIT_OK;
}

static int forward_del(struct ctl *c, const struct args *args)
{
	struct vn_sock *s = ctl_genl(c);
	uint32_t handle = 0;
	struct vn_req req;
	int status;

	if (!s)
		return EXIT_REFUSED;
	if (!args->val[DEL_HANDLE].set) {
		status = find_handle(c, s, args, &handle);
		if (status)
			return status;
	}
	vn_req_genl(s, &req, VNET_CMD_FORWARD_DEL, 0);
	args_put(args, req.nlh);
	if (handle)
		mnl_attr_put_u32(req.nlh, VNET_FORWARD_HANDLE, handle);
	if (vn_talk(s, &req, NULL, NULL))
		return ctl_refused(c, &s->err, "cannot delete the forward");
	return EXIT_OK;
}

static const struct kw show_words[] = {
	{ "vnet", KT_VNET, NULL, &vn_set_forward, VNET_FORWARD_VNET, KW_BARE, 0 },
	{ "handle", KT_UINT, NULL, &vn_set_forward, VNET_FORWARD_HANDLE, 0, 0 },
};

static int forward_show(struct ctl *c, const struct args *args)
{
	struct show show = { .cmd = VNET_CMD_FORWARD_GET, .args = args, .print = forward_print,
			     .one = args->val[1].set };

	if (args->val[1].set && !args->val[0].set)
		return ctl_usage(c, "expected 'vnet VNET' with 'handle', got none");
	return ctl_show(c, &show);
}

static const struct cmd commands[] = {
	{ "show", "Show one forward, those of a vnet, or all.", forward_show, show_words, VN_COUNT(show_words),
	  CMD_DEFAULT },
	{ "add", "Lead ports of the host, or of one of its addresses, to a guest.", forward_add, add_words,
	  VN_COUNT(add_words), 0 },
	{ "del", "Delete a forward and end its sessions.", forward_del, del_words, VN_COUNT(del_words), CMD_EXACT },
};

const struct object object_forward = { "forward", "ports of the host that lead to a guest", commands,
				       VN_COUNT(commands) };
