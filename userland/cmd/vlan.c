// SPDX-License-Identifier: GPL-2.0
/* Object "vlan": which VLANs a port is in. */
#include "ctl.h"

static const struct field fields[] = {
	{ VNET_VLAN_PORT_NAME, "%s", 0, OUT_IFNAME },
	{ VNET_VLAN_PORT_NUMBER, " number %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_VLAN_VNET_NAME, " vnet %s", 0, OUT_PLAIN },
	{ VNET_VLAN_FIRST, " vid %s", 0, OUT_PLAIN },
	{ VNET_VLAN_LAST, "-%s", 0, OUT_PLAIN },
	{ VNET_VLAN_PVID, " pvid", FIELD_NONZERO, OUT_PLAIN },
	{ VNET_VLAN_UNTAGGED, " untagged", FIELD_NONZERO, OUT_PLAIN },
	{ VNET_VLAN_RX_PACKETS, " RX: packets %s", FIELD_COUNT | FIELD_NEWLINE, OUT_PLAIN },
	{ VNET_VLAN_RX_BYTES, " bytes %s", FIELD_COUNT, OUT_PLAIN },
	{ VNET_VLAN_TX_PACKETS, " TX: packets %s", FIELD_COUNT | FIELD_NEWLINE, OUT_PLAIN },
	{ VNET_VLAN_TX_BYTES, " bytes %s", FIELD_COUNT, OUT_PLAIN },
};

static const struct field brief[] = {
	{ VNET_VLAN_PORT_NAME, "%-15s", 0, OUT_IFNAME },  { VNET_VLAN_VNET_NAME, " %-15s", 0, OUT_PLAIN },
	{ VNET_VLAN_FIRST, " %s", 0, OUT_PLAIN },	  { VNET_VLAN_LAST, "-%s", 0, OUT_PLAIN },
	{ VNET_VLAN_PVID, " pvid", FIELD_NONZERO, OUT_PLAIN },
	{ VNET_VLAN_UNTAGGED, " untagged", FIELD_NONZERO, OUT_PLAIN },
};

static uint64_t number(const struct nlattr **tb, unsigned int attr)
{
	return tb[attr] ? vn_attr_uint(tb[attr]) : 0;
}

static void vlan_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];
	struct out *o = &c->out;

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	if (!o->json && number(tb, VNET_VLAN_FIRST) == number(tb, VNET_VLAN_LAST))
		tb[VNET_VLAN_LAST] = NULL;
	if (o->brief && !o->json)
		out_fields(o, &vn_set_vlan, brief, VN_COUNT(brief), tb);
	else
		out_fields(o, &vn_set_vlan, fields, VN_COUNT(fields), tb);
}

enum { SHOW_VNET, SHOW_DEV, SHOW_N_WORDS, SHOW_STATS = SHOW_N_WORDS, SHOW_N };

/* The module selects by vnet, we by port. The last is no word: -s asks for it. */
static const struct kw show_words[SHOW_N] = {
	[SHOW_VNET] = { "vnet", KT_VNET, NULL, &vn_set_vlan, VNET_VLAN_VNET, KW_BARE, 0 },
	[SHOW_DEV] = { "dev", KT_DEV, NULL, NULL, 0, 0, 0 },
	[SHOW_STATS] = { "stats", KT_FLAG, NULL, &vn_set_vlan, VNET_VLAN_STATS, 0, 0 },
};

static bool want(const struct nlmsghdr *nlh, const struct args *args)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	return !args->val[SHOW_DEV].set || number(tb, VNET_VLAN_PORT) == args->val[SHOW_DEV].num;
}

static int vlan_show(struct ctl *c, const struct args *words)
{
	struct args args = *words;
	struct show show = { .cmd = VNET_CMD_VLAN_GET, .args = &args, .print = vlan_print, .want = want };

	args.n = SHOW_N;
	args.val[SHOW_STATS] = (struct val){ .set = c->out.stats, .num = 1 };
	return ctl_show(c, &show);
}

enum { KEY_DEV, KEY_NUMBER, KEY_VNET, KEY_VID };

#define VLAN_KEY \
	[KEY_DEV] = { "dev", KT_DEV, NULL, &vn_set_vlan, VNET_VLAN_PORT, KW_BARE, 0 }, \
	[KEY_NUMBER] = { "number", KT_UINT, NULL, &vn_set_vlan, VNET_VLAN_PORT_NUMBER, 0, 0 }, \
	[KEY_VNET] = { "vnet", KT_VNET, NULL, &vn_set_vlan, VNET_VLAN_VNET, 0, 0 }, \
	[KEY_VID] = { "vid", KT_VLANS, NULL, &vn_set_vlan, VNET_VLAN_FIRST, KW_REQUIRED, 0 }

static const struct kw add_words[] = {
	VLAN_KEY,
	{ "pvid", KT_FLAG, NULL, &vn_set_vlan, VNET_VLAN_PVID, 0, 0 },
	{ "untagged", KT_FLAG, NULL, &vn_set_vlan, VNET_VLAN_UNTAGGED, 0, 0 },
};

static const struct kw key_words[] = { VLAN_KEY };

static int take_vnet(const struct nlmsghdr *nlh, void *vnet)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	*(uint32_t *)vnet = (uint32_t)number(tb, VNET_PORT_VNET);
	return 0;
}

/* The vnet that @dev is a port of: the module knows. */
static int find_vnet(struct ctl *c, struct vn_sock *s, const struct val *dev, uint32_t *vnet)
{
	struct vn_req req;

	vn_req_genl(s, &req, VNET_CMD_PORT_GET, 0);
	mnl_attr_put_u32(req.nlh, VNET_PORT_IFINDEX, (uint32_t)dev->num);
	return vn_talk(s, &req, take_vnet, vnet) ? ctl_refused(c, &s->err, "cannot find the vnet of %s", dev->word) : EXIT_OK;
}

static int change(struct ctl *c, uint8_t cmd, const struct args *args, const char *what)
{
	const struct val *dev = &args->val[KEY_DEV], *vid = &args->val[KEY_VID];
	bool named = args->val[KEY_VNET].set;
	struct vn_sock *s = ctl_genl(c);
	uint32_t vnet = 0;
	struct vn_req req;
	int status;

	if (!s)
		return EXIT_REFUSED;
	if (dev->set == args->val[KEY_NUMBER].set)
		return ctl_usage(c, "expected the port as 'dev DEV' or 'number N', got %s", dev->set ? "both" : "neither");
	if (!dev->set && !named)
		return ctl_usage(c, "expected 'vnet VNET' with 'number', got none");
	status = named ? EXIT_OK : find_vnet(c, s, dev, &vnet);
	if (status)
		return status;
	vn_req_genl(s, &req, cmd, 0);
	args_put(args, req.nlh);
	mnl_attr_put_u16(req.nlh, VNET_VLAN_LAST, (uint16_t)vid->num2);
	if (!named)
		mnl_attr_put_u32(req.nlh, VNET_VLAN_VNET, vnet);
	return vn_talk(s, &req, NULL, NULL) ? ctl_refused(c, &s->err, "cannot %s VLAN %s", what, vid->word) : EXIT_OK;
}

static int vlan_add(struct ctl *c, const struct args *args)
{
	return change(c, VNET_CMD_VLAN_NEW, args, "add");
}

static int vlan_del(struct ctl *c, const struct args *args)
{
	return change(c, VNET_CMD_VLAN_DEL, args, "delete");
}

static const struct cmd commands[] = {
	{ "show", "Show the VLANs of the ports of a vnet, of one port, or all; -s shows each VLAN with its counters.",
	  vlan_show, show_words, SHOW_N_WORDS, CMD_DEFAULT },
	{ "add", "Put a port into VLANs, or change how it is in them.", vlan_add, add_words, VN_COUNT(add_words), 0 },
	{ "del", "Take a port out of VLANs.", vlan_del, key_words, VN_COUNT(key_words), CMD_EXACT },
};

const struct object object_vlan = { "vlan", "which VLANs a port is in", commands, VN_COUNT(commands) };
