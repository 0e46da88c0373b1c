// SPDX-License-Identifier: GPL-2.0
/* Object "fdb": which MAC address is behind which port. */
#include "ctl.h"

static const struct field fields[] = {
	{ VNET_FDB_LLADDR, "%s", 0, OUT_LLADDR },
	{ VNET_FDB_PORT_NAME, " dev %s", 0, OUT_IFNAME },
	{ VNET_FDB_PORT_NUMBER, " number %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_FDB_VNET_NAME, " vnet %s", 0, OUT_PLAIN },
	{ VNET_FDB_VLAN, " vlan %s", FIELD_NONZERO, OUT_PLAIN },
	{ VNET_FDB_STATE, " %s", 0, OUT_PLAIN },
	{ VNET_FDB_AGE, " age %s", FIELD_MILLI, OUT_PLAIN },
	{ VNET_FDB_PORT, NULL, 0, OUT_PLAIN },
};

/** fdb_print - an address. */
void fdb_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	if (!c->out.json && tb[VNET_FDB_STATE] && vn_attr_uint(tb[VNET_FDB_STATE]) != VNET_FDB_STATE_LEARNED)
		tb[VNET_FDB_AGE] = NULL;
	out_fields(&c->out, &vn_set_fdb, fields, VN_COUNT(fields), tb);
}

enum { SHOW_VNET, SHOW_DEV, SHOW_STATE, SHOW_VLAN };

/* The module selects by vnet; port, state and VLAN are ours, so they have no attribute to be sent. */
static const struct kw show_words[] = {
	[SHOW_VNET] = { "vnet", KT_VNET, NULL, &vn_set_fdb, VNET_FDB_VNET, KW_BARE, 0 },
	[SHOW_DEV] = { "dev", KT_DEV, NULL, NULL, 0, 0, 0 },
	[SHOW_STATE] = { "state", KT_STRING, "{ learned | static | local | external }", NULL, 0, 0, 0 },
	[SHOW_VLAN] = { "vlan", KT_VLANS, NULL, NULL, 0, 0, 0 },
};

static bool want(const struct nlmsghdr *nlh, const struct args *args)
{
	const struct val *dev = &args->val[SHOW_DEV], *state = &args->val[SHOW_STATE], *vlan = &args->val[SHOW_VLAN];
	const struct nlattr *tb[VN_ATTR_MAX + 1];
	uint64_t vid;

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	vid = tb[VNET_FDB_VLAN] ? vn_attr_uint(tb[VNET_FDB_VLAN]) : 0;
	if (dev->set && (!tb[VNET_FDB_PORT] || vn_attr_uint(tb[VNET_FDB_PORT]) != dev->num))
		return false;
	if (vlan->set && (vid < vlan->num || vid > vlan->num2))
		return false;
	return !state->set || (tb[VNET_FDB_STATE] && (int)vn_attr_uint(tb[VNET_FDB_STATE]) ==
							     vn_enum_value(&vn_enum_fdb_state, state->word));
}

static int fdb_show(struct ctl *c, const struct args *args)
{
	struct show show = { .cmd = VNET_CMD_FDB_GET, .args = args, .print = fdb_print, .want = want };
	const struct val *state = &args->val[SHOW_STATE];

	if (state->set && vn_enum_value(&vn_enum_fdb_state, state->word) < 0)
		return ctl_usage(c, "expected learned, static, local or external, got '%s'", state->word);
	return ctl_show(c, &show);
}

enum { KEY_LLADDR, KEY_VNET, KEY_VLAN, KEY_DEV, KEY_NUMBER };

#define FDB_KEY \
	[KEY_LLADDR] = { "lladdr", KT_LLADDR, NULL, &vn_set_fdb, VNET_FDB_LLADDR, KW_REQUIRED | KW_BARE, 0 }, \
	[KEY_VNET] = { "vnet", KT_VNET, NULL, &vn_set_fdb, VNET_FDB_VNET, KW_REQUIRED, 0 }, \
	[KEY_VLAN] = { "vlan", KT_UINT, "VID", &vn_set_fdb, VNET_FDB_VLAN, 0, 0 }

static const struct kw add_words[] = {
	FDB_KEY,
	[KEY_DEV] = { "dev", KT_DEV, NULL, &vn_set_fdb, VNET_FDB_PORT, 0, 0 },
	[KEY_NUMBER] = { "number", KT_UINT, NULL, &vn_set_fdb, VNET_FDB_PORT_NUMBER, 0, 0 },
};

static const struct kw key_words[] = { FDB_KEY };

static int fdb_add(struct ctl *c, const struct args *args)
{
	if (args->val[KEY_DEV].set == args->val[KEY_NUMBER].set)
		return ctl_usage(c, "expected the port as 'dev DEV' or 'number N', got %s",
				 args->val[KEY_DEV].set ? "both" : "neither");
	return ctl_change(c, VNET_CMD_FDB_NEW, args, "cannot add %s", args->val[KEY_LLADDR].word);
}

static int fdb_del(struct ctl *c, const struct args *args)
{
	return ctl_change(c, VNET_CMD_FDB_DEL, args, "cannot delete %s", args->val[KEY_LLADDR].word);
}

static int fdb_get(struct ctl *c, const struct args *args)
{
	struct show show = { .cmd = VNET_CMD_FDB_GET, .args = args, .print = fdb_print, .one = true };

	return ctl_show(c, &show);
}

static const struct kw flush_words[] = {
	{ "vnet", KT_VNET, NULL, &vn_set_fdb, VNET_FDB_VNET, KW_REQUIRED | KW_BARE, 0 },
	{ "dev", KT_DEV, NULL, &vn_set_fdb, VNET_FDB_PORT, 0, 0 },
	{ "number", KT_UINT, NULL, &vn_set_fdb, VNET_FDB_PORT_NUMBER, 0, 0 },
};

static int fdb_flush(struct ctl *c, const struct args *args)
{
	return ctl_change(c, VNET_CMD_FDB_FLUSH, args, "cannot flush the addresses of %s", args->val[0].word);
}

static const struct cmd commands[] = {
	{ "show", "Show the addresses of a vnet, or all.", fdb_show, show_words, VN_COUNT(show_words), CMD_DEFAULT },
	{ "get", "Show one address.", fdb_get, key_words, VN_COUNT(key_words), 0 },
	{ "add", "Make a static address, or move one.", fdb_add, add_words, VN_COUNT(add_words), 0 },
	{ "del", "Forget an address.", fdb_del, key_words, VN_COUNT(key_words), CMD_EXACT },
	{ "flush", "Forget the learned addresses of a vnet, or of one port.", fdb_flush, flush_words,
	  VN_COUNT(flush_words), CMD_EXACT },
};

const struct object object_fdb = { "fdb", "which MAC address is behind which port", commands, VN_COUNT(commands) };
