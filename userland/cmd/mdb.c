// SPDX-License-Identifier: GPL-2.0
/* Object "mdb": which groups are wanted behind which port. */
#include "ctl.h"

static const struct field fields[] = {
	{ VNET_MDB_PORT_NAME, "%s", 0, OUT_IFNAME },
	{ VNET_MDB_PORT_NUMBER, " number %s", FIELD_DETAIL, OUT_PLAIN },
	{ VNET_MDB_VNET_NAME, " vnet %s", 0, OUT_PLAIN },
	{ VNET_MDB_GROUP, " grp %s", 0, OUT_INET },
	{ VNET_MDB_SOURCE, " src %s", 0, OUT_INET },
	{ VNET_MDB_EXCLUDED, " excluded", FIELD_NONZERO, OUT_PLAIN },
	{ VNET_MDB_VLAN, " vid %s", FIELD_NONZERO, OUT_PLAIN },
	{ VNET_MDB_PERMANENT, " permanent", FIELD_NONZERO, OUT_PLAIN },
	{ VNET_MDB_EXPIRES, " expires %s", FIELD_DETAIL | FIELD_MILLI, OUT_PLAIN },
};

/** mdb_print - an entry. */
void mdb_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	out_fields(&c->out, &vn_set_mdb, fields, VN_COUNT(fields), tb);
}

enum { SHOW_VNET, SHOW_DEV, SHOW_VID };

/* The module selects by vnet, we by the rest. */
static const struct kw show_words[] = {
	[SHOW_VNET] = { "vnet", KT_VNET, NULL, &vn_set_mdb, VNET_MDB_VNET, KW_BARE, 0 },
	[SHOW_DEV] = { "dev", KT_DEV, NULL, NULL, 0, 0, 0 },
	[SHOW_VID] = { "vid", KT_VLANS, NULL, NULL, 0, 0, 0 },
};

static uint64_t number(const struct nlattr *attr)
{
	return attr ? vn_attr_uint(attr) : 0;
}

static bool want(const struct nlmsghdr *nlh, const struct args *args)
{
	const struct val *dev = &args->val[SHOW_DEV], *vid = &args->val[SHOW_VID];
	const struct nlattr *tb[VN_ATTR_MAX + 1];

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	if (dev->set && number(tb[VNET_MDB_PORT]) != dev->num)
		return false;
	return !vid->set || (number(tb[VNET_MDB_VLAN]) >= vid->num && number(tb[VNET_MDB_VLAN]) <= vid->num2);
}

static int mdb_show(struct ctl *c, const struct args *args)
{
	struct show show = { .cmd = VNET_CMD_MDB_GET, .args = args, .print = mdb_print, .want = want };

	return ctl_show(c, &show);
}

enum { KEY_VNET, KEY_DEV, KEY_NUMBER, KEY_GROUP, KEY_SOURCE, KEY_VID };

#define PORT_KEY \
	[KEY_VNET] = { "vnet", KT_VNET, NULL, &vn_set_mdb, VNET_MDB_VNET, KW_REQUIRED | KW_BARE, 0 }, \
	[KEY_DEV] = { "dev", KT_DEV, NULL, &vn_set_mdb, VNET_MDB_PORT, 0, 0 }, \
	[KEY_NUMBER] = { "number", KT_UINT, NULL, &vn_set_mdb, VNET_MDB_PORT_NUMBER, 0, 0 }

#define MDB_KEY \
	PORT_KEY, \
	[KEY_GROUP] = { "grp", KT_GROUP, NULL, &vn_set_mdb, VNET_MDB_GROUP, KW_REQUIRED, 0 }, \
	[KEY_SOURCE] = { "src", KT_INET, NULL, &vn_set_mdb, VNET_MDB_SOURCE, 0, 0 }, \
	[KEY_VID] = { "vid", KT_UINT, NULL, &vn_set_mdb, VNET_MDB_VLAN, 0, 0 }

static const struct kw add_words[] = {
	MDB_KEY,
	{ "permanent", KT_FLAG, NULL, &vn_set_mdb, VNET_MDB_PERMANENT, 0, 0 },
};

static const struct kw key_words[] = { MDB_KEY };

static const struct kw flush_words[] = {
	PORT_KEY,
	{ "vid", KT_UINT, NULL, &vn_set_mdb, VNET_MDB_VLAN, 0, 0 },
	{ "permanent", KT_ONOFF, NULL, &vn_set_mdb, VNET_MDB_PERMANENT, 0, 0 },
};

static int change(struct ctl *c, uint8_t cmd, const struct args *args, const char *what)
{
	if (args->val[KEY_DEV].set == args->val[KEY_NUMBER].set)
		return ctl_usage(c, "expected the port as 'dev DEV' or 'number N', got %s",
				 args->val[KEY_DEV].set ? "both" : "neither");
	return ctl_change(c, cmd, args, "cannot %s %s", what, args->val[KEY_GROUP].word);
}

static int mdb_add(struct ctl *c, const struct args *args)
{
	return change(c, VNET_CMD_MDB_NEW, args, "add");
}

static int mdb_del(struct ctl *c, const struct args *args)
{
	return change(c, VNET_CMD_MDB_DEL, args, "delete");
}

static int mdb_flush(struct ctl *c, const struct args *args)
{
	return ctl_change(c, VNET_CMD_MDB_FLUSH, args, "cannot flush the groups");
}

static const struct cmd commands[] = {
	{ "show", "Show the groups that are wanted in a vnet, or all.", mdb_show, show_words, VN_COUNT(show_words),
	  CMD_DEFAULT },
	{ "add", "A group is wanted behind a port: for good, or as if a host had reported it.", mdb_add, add_words,
	  VN_COUNT(add_words), 0 },
	{ "del", "A group is not wanted behind a port any more.", mdb_del, key_words, VN_COUNT(key_words), CMD_EXACT },
	{ "flush", "Forget the groups of a vnet, of a port or of a VLAN.", mdb_flush, flush_words, VN_COUNT(flush_words),
	  CMD_EXACT },
};

const struct object object_mdb = { "mdb", "which groups are wanted behind which port", commands, VN_COUNT(commands) };
