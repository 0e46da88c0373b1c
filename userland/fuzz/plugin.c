// SPDX-License-Identifier: GPL-2.0
/* The plugin of ip(8): its words, and what it prints of the kernel's attributes. Input: way, words or attributes. */
#include <setjmp.h>

#include "world.h"
#include "plugin/link_vnet.c"

#define WORDS_MAX 40

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- ip(8) ---- */

static jmp_buf ip_exits;

int addattr_l(struct nlmsghdr *n, int maxlen, int type, const void *data, int alen)
{
	struct rtattr *attr = (struct rtattr *)((char *)n + NLMSG_ALIGN(n->nlmsg_len));
	int len = (int)RTA_LENGTH(alen);

	if ((int)(NLMSG_ALIGN(n->nlmsg_len) + RTA_ALIGN(len)) > maxlen)
		return -1;
	attr->rta_type = (unsigned short)type;
	attr->rta_len = (unsigned short)len;
	if (alen)
		memcpy(RTA_DATA(attr), data, (size_t)alen);
	n->nlmsg_len = NLMSG_ALIGN(n->nlmsg_len) + RTA_ALIGN((unsigned int)len);
	return 0;
}

void invarg(const char *msg, const char *arg)
{
	(void)msg;
	(void)arg;
	longjmp(ip_exits, 1);
}

void incomplete_command(void)
{
	longjmp(ip_exits, 1);
}

unsigned int ll_name_to_index(const char *name)
{
	return if_nametoindex(name);
}

const char *ll_index_to_name(unsigned int idx)
{
	static char name[IF_NAMESIZE];

	return if_indextoname(idx, name) ? name : "if";
}

int print_color_string(enum output_type t, enum color_attr color, const char *key, const char *fmt, const char *value)
{
	(void)t;
	(void)color;
	(void)key;
	return fmt ? (int)strlen(value) : 0;
}

int print_color_uint(enum output_type t, enum color_attr color, const char *key, const char *fmt, unsigned int value)
{
	(void)t;
	(void)color;
	(void)key;
	(void)fmt;
	return (int)value;
}

int print_color_on_off(enum output_type t, enum color_attr color, const char *key, const char *fmt, _Bool value)
{
	(void)t;
	(void)color;
	(void)key;
	(void)fmt;
	return value;
}

/* ---- the two ways in ---- */

static void parse_words(struct link_util *kind, struct bytes *in)
{
	_Alignas(8) char request[REQUEST_MAX + 64] = { 0 };
	struct nlmsghdr *nlh = (struct nlmsghdr *)request;
	char *argv[WORDS_MAX], *copy = malloc(in->len + 1), *rest = copy, *word;
	int argc = 0;

	if (!copy)
		return;
	copy[take_some(in, copy, in->len)] = 0;
	while (argc < WORDS_MAX && (word = strsep(&rest, " ")))
		argv[argc++] = word;
	nlh->nlmsg_len = NLMSG_LENGTH(16);
	if (!setjmp(ip_exits) && !kind->parse_opt(kind, argc, argv, nlh) && nlh->nlmsg_len > REQUEST_MAX)
		finding("the plugin writes %u bytes into %u", nlh->nlmsg_len, REQUEST_MAX);
	free(copy);
}

/* ip gives the plugin attributes that are whole; what is inside them is the kernel's. */
static void print_attributes(struct link_util *kind, struct bytes *in)
{
	struct rtattr *tb[VNET_INFO_MAX + 1] = { NULL }, *nest;
	size_t len = RTA_LENGTH(in->len);

	nest = malloc(len);
	if (!nest)
		return;
	nest->rta_len = (unsigned short)len;
	nest->rta_type = 1;
	take_some(in, RTA_DATA(nest), in->len);
	for (int i = 0; i <= VNET_INFO_MAX; i++)
		tb[i] = nest;
	if (kind->print_opt)
		kind->print_opt(kind, stdout, tb);
	free(nest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct link_util *const kinds[] = { &vnet_link_util, &vnet_slave_link_util, &vnic_link_util };
	struct bytes in = { data, size };
	uint8_t way = take(&in);
	FILE *people = stderr;

	stderr = fopen("null", "w");
	if (!stderr)
		stderr = people;
	else if (way & 1)
		parse_words(kinds[way % 3], &in);
	else if (in.len < UINT16_MAX - 64)
		print_attributes(kinds[way % 3], &in);
	if (stderr != people)
		fclose(stderr);
	stderr = people;
	return 0;
}
