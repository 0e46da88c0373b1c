// SPDX-License-Identifier: GPL-2.0
/* Keyword tables: from words to values, from values to attributes. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "parse.h"

static const char *const metas[] = {
	[KT_FLAG] = "",
	[KT_ONOFF] = "{ on | off }",
	[KT_UINT] = "N",
	[KT_SECONDS] = "TIME",
	[KT_CENTI] = "TIME",
	[KT_IPV4] = "ADDR",
	[KT_IPV4_OR_NONE] = "{ ADDR | none }",
	[KT_PREFIX] = "ADDR/LEN",
	[KT_LLADDR] = "LLADDR",
	[KT_INET] = "ADDR",
	[KT_GROUP] = "GROUP",
	[KT_DEV] = "DEV",
	[KT_DEV_OR_AUTO] = "{ DEV | auto }",
	[KT_DEV_OR_NONE] = "{ DEV | none }",
	[KT_VNET] = "VNET",
	[KT_NAME] = "NAME",
	[KT_VNET_NAME] = "VNET",
	[KT_NETNS] = "NETNS",
	[KT_ENUM] = "",
	[KT_PROTO] = "{ tcp | udp | icmp }",
	[KT_PORTS] = "PORT[-PORT]",
	[KT_VLANS] = "VID[-VID]",
	[KT_PORT] = "PORT",
	[KT_TARGET] = "ADDR[:PORT]",
	[KT_STRING] = "WORD",
};

/** kw_meta - what stands for the value of @kw in a synopsis. */
const char *kw_meta(const struct kw *kw)
{
	return kw->meta ? kw->meta : metas[kw->type];
}

/* Letters to change, add or leave out to make @b of @a; words of up to 31 letters. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[32], la = (unsigned int)strlen(a), lb = (unsigned int)strlen(b);

	if (la > 31 || lb > 31)
		return 99;
	for (unsigned int j = 0; j <= lb; j++)
		row[j] = j;
	for (unsigned int i = 1; i <= la; i++) {
		unsigned int corner = row[0];

		row[0] = i;
		for (unsigned int j = 1; j <= lb; j++) {
			unsigned int best = corner + (a[i - 1] != b[j - 1]);

			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			corner = row[j];
			row[j] = best;
		}
	}
	return row[lb];
}

/** nearest - the candidate that a mistyped @word most likely means, or NULL. */
const char *nearest(const char *word, const char *const *candidates, size_t n)
{
	unsigned int best = (unsigned int)strlen(word) / 2 + 1;
	const char *name = NULL;

	if (best > 3)
		best = 3;
	for (size_t i = 0; i < n; i++) {
		unsigned int far = distance(word, candidates[i]);

		if (far < best + !name && far < strlen(candidates[i])) {
			best = far;
			name = candidates[i];
		}
	}
	return name;
}

static int wrong(struct bad *bad, const char *what, const char *word)
{
	snprintf(bad->msg, sizeof(bad->msg), "expected %s, got '%s'", what, word);
	return -1;
}

/**
 * device_index - the netdev of that name, and no other
 * @name: the name
 *
 * if_nametoindex() answers "eth0:1" with eth0, since the kernel takes that for the label of an address.
 *
 * Return: its index, or 0 if there is none.
 */
unsigned int device_index(const char *name)
{
	return strchr(name, ':') ? 0 : if_nametoindex(name);
}

static int read_device(const struct kw *kw, struct val *val, const char *word, struct bad *bad)
{
	if ((kw->type == KT_DEV_OR_AUTO && !strcmp(word, "auto")) ||
	    (kw->type == KT_DEV_OR_NONE && !strcmp(word, "none")))
		return 0;
	val->num = device_index(word);
	if (val->num)
		return 0;
	if (kw->type == KT_DEV_OR_AUTO)
		return wrong(bad, "an existing device or auto", word);
	if (kw->type == KT_DEV_OR_NONE)
		return wrong(bad, "an existing device or none", word);
	return wrong(bad, kw->type == KT_VNET ? "an existing vnet" : "an existing device", word);
}

static int read_enum(const struct vn_enum *names, struct val *val, const char *word, struct bad *bad)
{
	int value = vn_enum_value(names, word);
	size_t used = 0;

	if (value >= 0) {
		val->num = (uint64_t)value;
		return 0;
	}
	bad->msg[0] = 0;
	for (unsigned int i = 0; i < names->n && used < sizeof(bad->msg); i++)
		used += (size_t)snprintf(bad->msg + used, sizeof(bad->msg) - used, "%s%s",
					 !i ? "expected " : i + 1 < names->n ? ", " : " or ", names->names[i]);
	if (used < sizeof(bad->msg))
		snprintf(bad->msg + used, sizeof(bad->msg) - used, ", got '%s'", word);
	return -1;
}

static int read_value(const struct kw *kw, struct val *val, const char *word, struct bad *bad)
{
	const struct vn_attr *attr = vn_attr_find(kw->set, kw->attr);
	uint64_t min = attr ? attr->min : 0, max = attr ? attr->max : UINT32_MAX;

	switch (kw->type) {
	case KT_FLAG:
		val->num = 1;
		return 0;
	case KT_ONOFF:
		return parse_onoff(word, &val->num, bad);
	case KT_UINT:
		return parse_uint(word, min, max, &val->num, bad);
	case KT_SECONDS:
		return parse_time(word, 1000, min, max, &val->num, bad);
	case KT_CENTI:
		return parse_time(word, 10, min, max, &val->num, bad);
	case KT_IPV4:
		return parse_ipv4(word, &val->num, bad);
	case KT_IPV4_OR_NONE:
		if (!strcmp(word, "none"))
			return 0;
		return parse_ipv4(word, &val->num, bad) ? wrong(bad, "an IPv4 address or none", word) : 0;
	case KT_PREFIX:
		return parse_prefix(word, &val->num, &val->num2, bad);
	case KT_LLADDR:
		return parse_lladdr(word, val->lladdr, bad);
	case KT_INET:
		return parse_inet(word, val->raw, &val->len, bad);
	case KT_GROUP:
		return parse_group(word, val->raw, &val->len, bad);
	case KT_DEV:
	case KT_DEV_OR_AUTO:
	case KT_DEV_OR_NONE:
	case KT_VNET:
		return read_device(kw, val, word, bad);
	case KT_NAME:
	case KT_VNET_NAME:
		return parse_ifname(word, bad);
	case KT_ENUM:
		return attr ? read_enum(attr->names, val, word, bad) : -1;
	case KT_PROTO:
		return parse_proto(word, &val->num, bad);
	case KT_PORTS:
		return parse_ports(word, &val->num, &val->num2, bad);
	case KT_VLANS:
		return parse_vlans(word, &val->num, &val->num2, bad);
	case KT_PORT:
		return parse_uint(word, 1, 65535, &val->num, bad);
	case KT_TARGET:
		return parse_target(word, &val->num, &val->num2, bad);
	case KT_NETNS:
	case KT_STRING:
		return *word ? 0 : wrong(bad, kw_meta(kw), word);
	}
	return -1;
}

static int unknown(const struct args *args, unsigned int group, const char *word, struct bad *bad)
{
	const char *names[ARGS_MAX] = { NULL }, *near;
	size_t n = 0;

	for (unsigned int i = 0; i < args->n; i++)
		if (!args->kws[i].group || args->kws[i].group == group || args->kws[i].flags & KW_GROUP)
			names[n++] = args->kws[i].name;
	near = nearest(word, names, n);
	if (near)
		snprintf(bad->msg, sizeof(bad->msg), "expected a keyword, got '%s'; did you mean '%s'?", word, near);
	else if (!n)
		snprintf(bad->msg, sizeof(bad->msg), "expected nothing more, got '%s'", word);
	else
		snprintf(bad->msg, sizeof(bad->msg), "expected a keyword of this command, got '%s'", word);
	return -1;
}

static int find_keyword(const struct args *args, unsigned int group, const char *word)
{
	for (unsigned int i = 0; i < args->n; i++) {
		const struct kw *kw = &args->kws[i];
		bool open = !kw->group || kw->group == group || kw->flags & KW_GROUP;

		if (open && !strcmp(kw->name, word))
			return (int)i;
	}
	return -1;
}

/* The next value that may stand bare. */
static int find_bare(const struct args *args)
{
	for (unsigned int i = 0; i < args->n; i++)
		if (args->kws[i].flags & KW_BARE && !args->val[i].set)
			return (int)i;
	return -1;
}

/*
 * A required bare name is the first word whatever it is called, unless its own keyword introduces it;
 * everywhere else keywords win.
 */
static int choose(const struct args *args, unsigned int group, const char *word, bool first, bool more, bool *bare)
{
	int keyword = find_keyword(args, group, word), free = find_bare(args);

	*bare = keyword < 0;
	if (keyword < 0)
		return free;
	if (first && free >= 0 && args->kws[free].flags & KW_REQUIRED && args->kws[free].type != KT_LLADDR &&
	    !(keyword == free && more)) {
		*bare = true;
		return free;
	}
	return keyword;
}

static int missing(const struct kw *kw, struct bad *bad)
{
	bool bare = kw->flags & KW_BARE;

	snprintf(bad->msg, sizeof(bad->msg), "expected %s%s%s, got the end of the command", bare ? "" : kw->name,
		 bare || !*kw_meta(kw) ? "" : " ", bare && !*kw_meta(kw) ? kw->name : kw_meta(kw));
	return -1;
}

/**
 * args_parse - read the words of a command.
 * @args: receives the values
 * @kws: its keywords, @n of them
 *
 * Return: 0, or -1 with @bad set.
 */
int args_parse(struct args *args, const struct kw *kws, unsigned int n, int argc, char **argv, struct bad *bad)
{
	unsigned int group = 0;

	memset(args, 0, sizeof(*args));
	args->kws = kws;
	args->n = n;
	for (int i = 0; i < argc; i++) {
		bool bare;
		int chosen = choose(args, group, argv[i], !i, i + 1 < argc, &bare);
		const struct kw *kw = chosen >= 0 ? &kws[chosen] : NULL;

		if (!kw)
			return unknown(args, group, argv[i], bad);
		if (args->val[chosen].set) {
			snprintf(bad->msg, sizeof(bad->msg), "expected '%s' once, got it twice", kw->name);
			return -1;
		}
		group = kw->group;
		if (!bare && kw->type != KT_FLAG && ++i == argc)
			return missing(kw, bad);
		if (read_value(kw, &args->val[chosen], argv[i], bad))
			return -1;
		args->val[chosen].set = true;
		args->val[chosen].word = argv[i];
	}
	for (unsigned int i = 0; i < n; i++)
		if (kws[i].flags & KW_REQUIRED && !args->val[i].set)
			return missing(&kws[i], bad);
	return 0;
}

static void put_value(const struct kw *kw, const struct val *val, struct nlmsghdr *nlh)
{
	const struct vn_attr *attr = vn_attr_find(kw->set, kw->attr);

	switch (attr->type) {
	case VN_U8:
		mnl_attr_put_u8(nlh, attr->id, (uint8_t)val->num);
		break;
	case VN_U16:
		mnl_attr_put_u16(nlh, attr->id, (uint16_t)val->num);
		break;
	case VN_BE16:
		mnl_attr_put_u16(nlh, attr->id, htons((uint16_t)val->num));
		break;
	case VN_U32:
		mnl_attr_put_u32(nlh, attr->id, (uint32_t)val->num);
		break;
	case VN_U64:
		mnl_attr_put_u64(nlh, attr->id, val->num);
		break;
	case VN_IPV4:
		mnl_attr_put_u32(nlh, attr->id, htonl((uint32_t)val->num));
		break;
	case VN_LLADDR:
		mnl_attr_put(nlh, attr->id, VN_LLADDR_LEN, val->lladdr);
		break;
	case VN_INET:
		mnl_attr_put(nlh, attr->id, val->len, val->raw);
		break;
	default:
		break;
	}
}

/** args_put - append the attributes of the values that were given, except those of a group, to @nlh. */
void args_put(const struct args *args, struct nlmsghdr *nlh)
{
	for (unsigned int i = 0; i < args->n; i++)
		if (args->val[i].set && args->kws[i].attr && !args->kws[i].group)
			put_value(&args->kws[i], &args->val[i], nlh);
}

/** args_put_group - as args_put(), for the keywords of @group, inside nest @attr; nothing where none was given. */
void args_put_group(const struct args *args, unsigned int group, uint16_t attr, struct nlmsghdr *nlh)
{
	struct nlattr *nest = NULL;

	for (unsigned int i = 0; i < args->n; i++) {
		if (!args->val[i].set || !args->kws[i].attr || args->kws[i].group != group)
			continue;
		if (!nest)
			nest = mnl_attr_nest_start(nlh, attr);
		put_value(&args->kws[i], &args->val[i], nlh);
	}
	if (nest)
		mnl_attr_nest_end(nlh, nest);
}
