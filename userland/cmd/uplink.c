// SPDX-License-Identifier: GPL-2.0
/* Object "uplink": the host NIC that a vnet shares without enslaving it. */
#include "ctl.h"

static const struct field fields[] = {
	{ VNET_LINK_IFNAME, "%s", 0, OUT_IFNAME },
	{ VNET_LINK_UPLINK, " dev %s", FIELD_IFINDEX, OUT_IFNAME },
};

static void uplink_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	static const uint16_t keys[] = { VNET_LINK_IFINDEX, VNET_LINK_IFNAME, VNET_LINK_UPLINK };
	const struct nlattr *tb[VN_ATTR_MAX + 1], *few[VN_ATTR_MAX + 1] = { NULL };

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	for (size_t i = 0; i < VN_COUNT(keys); i++)
		few[keys[i]] = tb[keys[i]];
	out_fields(&c->out, &vn_set_link, fields, VN_COUNT(fields), few);
}

static bool has_uplink(const struct nlmsghdr *nlh, const struct args *args)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];

	(void)args;
	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	return tb[VNET_LINK_UPLINK] && vn_attr_uint(tb[VNET_LINK_UPLINK]);
}

static const struct kw show_words[] = {
	{ "vnet", KT_VNET, NULL, &vn_set_link, VNET_LINK_IFINDEX, KW_BARE, 0 },
};

static int uplink_show(struct ctl *c, const struct args *args)
{
	struct show show = { .cmd = VNET_CMD_LINK_GET, .args = args, .print = uplink_print, .want = has_uplink,
			     .one = args->val[0].set };

	return ctl_show(c, &show);
}

static const struct kw add_words[] = {
	{ "vnet", KT_VNET, NULL, &vn_set_link, VNET_LINK_IFINDEX, KW_REQUIRED | KW_BARE, 0 },
	{ "dev", KT_DEV, NULL, &vn_set_link, VNET_LINK_UPLINK, KW_REQUIRED, 0 },
};

static int uplink_add(struct ctl *c, const struct args *args)
{
	return ctl_change(c, VNET_CMD_LINK_SET, args, "cannot share %s with %s", args->val[1].word, args->val[0].word);
}

static const struct kw del_words[] = {
	{ "vnet", KT_VNET, NULL, NULL, 0, KW_REQUIRED | KW_BARE, 0 },
};

static int uplink_del(struct ctl *c, const struct args *args)
{
	struct vn_sock *s = ctl_genl(c);
	struct vn_req req;

	if (!s)
		return EXIT_REFUSED;
	vn_req_genl(s, &req, VNET_CMD_LINK_SET, 0);
	mnl_attr_put_u32(req.nlh, VNET_LINK_IFINDEX, (uint32_t)args->val[0].num);
	mnl_attr_put_u32(req.nlh, VNET_LINK_UPLINK, 0);
	if (vn_talk(s, &req, NULL, NULL))
		return ctl_refused(c, &s->err, "cannot take the uplink from %s", args->val[0].word);
	return EXIT_OK;
}

static const struct cmd commands[] = {
	{ "show", "Show the uplinks.", uplink_show, show_words, VN_COUNT(show_words), CMD_DEFAULT },
	{ "add", "Share a NIC with a vnet; it keeps its addresses and its owner.", uplink_add, add_words,
	  VN_COUNT(add_words), 0 },
	{ "del", "Stop sharing.", uplink_del, del_words, VN_COUNT(del_words), CMD_EXACT },
};

const struct object object_uplink = { "uplink", "host NICs that vnets share", commands, VN_COUNT(commands) };
