// SPDX-License-Identifier: GPL-2.0
/*
 * wire: send netlink requests as they are written down, right or wrong, and compare what comes back. A client of
 * the wire format that shares no code with vnetctl: libnl-3 and the uapi header only.
 *
 * What the kernel explains goes to the file that is the argument, too. Each line of standard input is a request, its fields separated by tabs:
 *
 *	WHAT	ERRNO	TEXT	REQUEST
 *
 * WHAT is "~" for a request that is worth a word only if it goes wrong. ERRNO is a name, or OK. TEXT is part of the kernel's explanation, or of nothing where it is "-"; "=N" behind
 * it says which attribute the kernel has to point at. REQUEST is one of
 *
 *	do COMMAND ATTRIBUTE...		generic netlink, family vnet
 *	dump COMMAND ATTRIBUTE...	the same, all objects
 *	newlink KIND NAME ATTRIBUTE...	rtnetlink, the attributes in IFLA_INFO_DATA
 *	setlink KIND NAME ATTRIBUTE...
 *	setport KIND NAME ATTRIBUTE...	the attributes in IFLA_INFO_SLAVE_DATA
 *	version N COMMAND ATTRIBUTE...	as do, with another version in the header
 *
 * COMMAND and the names of attributes are those of the uapi header without VNET_, or numbers. An attribute is
 * NAME=TYPE:VALUE with TYPE u8 u16 u32 u64 ip mac hex str if, or NAME={ ATTRIBUTE... }; "raw:HEX" puts bytes,
 * "cut:N" takes N bytes off the end of the whole message, "!" in front of NAME leaves NLA_F_NESTED away.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/vnet.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#define MAX_WORDS 64
#define MAX_BYTES 4096

static const struct {
	const char *name;
	long value;
} names[] = {
#include "names.h"
};

struct answer {
	bool done;
	int error;
	unsigned int replies;
	char text[256];
	uint32_t offset;
};

struct request {
	char *words[MAX_WORDS];
	int n;
	int at;
	unsigned int cut;
	struct nl_msg *msg;
};

static struct nl_sock *generic, *route;
static int family;
static FILE *said;

static void die(const char *what, const char *word)
{
	fprintf(stderr, "wire: %s: '%s'\n", what, word);
	exit(2);
}

static long number(const char *word)
{
	char *end;
	long value = strtol(word, &end, 0);

	if (!*end && *word)
		return value;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i].name, word))
			return names[i].value;
	die("no such number or name", word);
	return 0;
}

static int from_hex(const char *text, unsigned char *bytes)
{
	int n = 0;
	unsigned int byte;

	for (; *text && n < MAX_BYTES; text += 2) {
		while (*text == ':')
			text++;
		if (sscanf(text, "%2x", &byte) != 1)
			die("no hex number", text);
		bytes[n++] = (unsigned char)byte;
	}
	return n;
}

/* The bytes of TYPE:VALUE. */
static int encode(const char *type, const char *value, unsigned char *bytes)
{
	uint64_t v = strtoull(value, NULL, 0);
	struct in_addr addr;

	if (!strcmp(type, "hex") || !strcmp(type, "mac"))
		return from_hex(value, bytes);
	if (!strcmp(type, "str"))
		return (int)strlen(strcpy((char *)bytes, value)) + 1;
	if (!strcmp(type, "ip")) {
		if (inet_pton(AF_INET, value, &addr) != 1)
			die("no address", value);
		memcpy(bytes, &addr, sizeof(addr));
		return sizeof(addr);
	}
	if (!strcmp(type, "if"))
		v = if_nametoindex(value);
	else if (type[0] != 'u')
		die("no such type", type);
	else if (!(value[0] >= '0' && value[0] <= '9'))
		v = (uint64_t)number(value);
	memcpy(bytes, &v, sizeof(v));
	return !strcmp(type, "if") ? 4 : atoi(type + 1) / 8;
}

static void put_attributes(struct request *r);

static void put_attribute(struct request *r, char *word)
{
	unsigned char bytes[MAX_BYTES];
	char *value = strchr(word, '='), *type = value;
	bool plain = word[0] == '!';
	struct nlattr *nest;
	int type_of_attr;

	if (!value)
		die("no attribute", word);
	*value++ = 0;
	type_of_attr = (int)number(word + plain);
	if (!strcmp(value, "{")) {
		nest = nla_nest_start(r->msg, type_of_attr | NLA_F_NESTED);
		if (plain)
			nest->nla_type &= (uint16_t)~NLA_F_NESTED;
		put_attributes(r);
		nla_nest_end(r->msg, nest);
		return;
	}
	type = value;
	value = strchr(type, ':');
	if (!value)
		die("no value", type);
	*value++ = 0;
	nla_put(r->msg, type_of_attr, encode(type, value, bytes), bytes);
}

/* Up to the closing brace or the end. */
static void put_attributes(struct request *r)
{
	unsigned char bytes[MAX_BYTES];

	while (r->at < r->n) {
		char *word = r->words[r->at++];

		if (!strcmp(word, "}"))
			return;
		if (!strncmp(word, "raw:", 4))
			nlmsg_append(r->msg, bytes, (size_t)from_hex(word + 4, bytes), 1);
		else if (!strncmp(word, "cut:", 4))
			r->cut = (unsigned int)atoi(word + 4);
		else
			put_attribute(r, word);
	}
}

static void take_explanation(struct answer *answer, const void *start, int length)
{
	const struct nlattr *attr;
	int left;

	nla_for_each_attr(attr, (struct nlattr *)start, length, left) {
		if (nla_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(answer->text, sizeof(answer->text), "%.*s", nla_len(attr), (char *)nla_data(attr));
		if (nla_type(attr) == NLMSGERR_ATTR_OFFS)
			answer->offset = nla_get_u32(attr);
	}
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *err, void *arg)
{
	const struct nlmsghdr *head = (const struct nlmsghdr *)((char *)err - NLMSG_HDRLEN);
	size_t skip = sizeof(err->error) + (head->nlmsg_flags & NLM_F_CAPPED ? NLMSG_HDRLEN : NLMSG_ALIGN(err->msg.nlmsg_len));
	struct answer *answer = arg;

	(void)from;
	answer->done = true;
	answer->error = -err->error;
	if (head->nlmsg_flags & NLM_F_ACK_TLVS)
		take_explanation(answer, (char *)err + skip, (int)(head->nlmsg_len - NLMSG_HDRLEN - skip));
	return NL_STOP;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct answer *answer = arg;

	(void)msg;
	answer->done = true;
	return NL_STOP;
}

static int on_finish(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *head = nlmsg_hdr(msg);
	struct answer *answer = arg;

	answer->done = true;
	if (nlmsg_datalen(head) >= (int)sizeof(int))
		answer->error = -*(int *)nlmsg_data(head);
	if (head->nlmsg_flags & NLM_F_ACK_TLVS)
		take_explanation(answer, (char *)nlmsg_data(head) + sizeof(int), nlmsg_datalen(head) - (int)sizeof(int));
	return NL_STOP;
}

static int on_reply(struct nl_msg *msg, void *arg)
{
	struct answer *answer = arg;

	(void)msg;
	answer->replies++;
	return NL_OK;
}

/* Type of the attribute at an offset of the message; what the kernel points at. */
static int pointed_at(struct nl_msg *msg, uint32_t offset)
{
	if (!offset || offset + sizeof(struct nlattr) > nlmsg_hdr(msg)->nlmsg_len)
		return -1;
	return nla_type((struct nlattr *)((char *)nlmsg_hdr(msg) + offset));
}

static void send_and_wait(struct nl_sock *sock, struct request *r, struct answer *answer)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_CUSTOM);
	int err;

	nl_cb_err(cb, NL_CB_CUSTOM, on_error, answer);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, answer);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, answer);
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_reply, answer);
	nl_complete_msg(sock, r->msg);
	nlmsg_hdr(r->msg)->nlmsg_len -= r->cut;
	err = nl_send(sock, r->msg);
	while (err >= 0 && !answer->done)
		err = nl_recvmsgs(sock, cb);
	if (!answer->done)
		snprintf(answer->text, sizeof(answer->text), "libnl: %s", nl_geterror(err));
	nl_cb_put(cb);
}

static struct nl_sock *begin_generic(struct request *r, bool dump)
{
	int version = VNET_GENL_VERSION;

	if (!strcmp(r->words[0], "version"))
		version = (int)number(r->words[r->at++]);
	genlmsg_put(r->msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, dump ? NLM_F_DUMP : NLM_F_ACK,
		    (uint8_t)number(r->words[r->at++]), (uint8_t)version);
	put_attributes(r);
	return generic;
}

static struct nl_sock *begin_link(struct request *r, bool is_new, int data)
{
	const char *kind = r->words[r->at++], *name = r->words[r->at++];
	struct ifinfomsg link = { .ifi_family = AF_UNSPEC, .ifi_index = is_new ? 0 : (int)if_nametoindex(name) };
	struct nlattr *info, *nest;

	nlmsg_put(r->msg, NL_AUTO_PORT, NL_AUTO_SEQ, RTM_NEWLINK, 0, NLM_F_ACK | (is_new ? NLM_F_CREATE | NLM_F_EXCL : 0));
	nlmsg_append(r->msg, &link, sizeof(link), NLMSG_ALIGNTO);
	if (is_new)
		nla_put_string(r->msg, IFLA_IFNAME, name);
	info = nla_nest_start(r->msg, IFLA_LINKINFO);
	nla_put_string(r->msg, data == IFLA_INFO_DATA ? IFLA_INFO_KIND : IFLA_INFO_SLAVE_KIND, kind);
	nest = nla_nest_start(r->msg, data);
	put_attributes(r);
	nla_nest_end(r->msg, nest);
	nla_nest_end(r->msg, info);
	return route;
}

static void run(struct request *r, struct answer *answer)
{
	const char *verb = r->words[0];
	struct nl_sock *sock;

	r->msg = nlmsg_alloc_size(2 * MAX_BYTES);
	r->at = 1;
	if (!strcmp(verb, "newlink"))
		sock = begin_link(r, true, IFLA_INFO_DATA);
	else if (!strcmp(verb, "setlink"))
		sock = begin_link(r, false, IFLA_INFO_DATA);
	else if (!strcmp(verb, "setport"))
		sock = begin_link(r, false, IFLA_INFO_SLAVE_DATA);
	else
		sock = begin_generic(r, !strcmp(verb, "dump"));
	send_and_wait(sock, r, answer);
}

static void split(struct request *r, char *text)
{
	char *word, *save;

	for (word = strtok_r(text, " \n", &save); word && r->n < MAX_WORDS; word = strtok_r(NULL, " \n", &save))
		r->words[r->n++] = word;
}

/* One line; true when the kernel has answered as it says. */
static bool check(char *line)
{
	char *what = strsep(&line, "\t"), *error = strsep(&line, "\t"), *text = strsep(&line, "\t");
	char *attr = text ? strrchr(text, '=') : NULL, copy[MAX_BYTES];
	struct answer answer = { 0 };
	struct request r = { 0 };
	const char *seen;
	int pointed;
	bool good;

	if (!line)
		die("a line needs four fields", what);
	snprintf(copy, sizeof(copy), "%s", line);
	if (attr)
		*attr++ = 0;
	split(&r, line);
	run(&r, &answer);
	seen = !answer.done ? "no answer" : answer.error ? strerrorname_np(answer.error) : "OK";
	pointed = pointed_at(r.msg, answer.offset);
	good = !strcmp(seen, error) && (!strcmp(text, "-") || strstr(answer.text, text)) &&
	       (!attr || number(attr) == pointed);
	if (!good || strcmp(what, "~"))
		printf("%s - %s\n", good ? "ok" : "not ok", what);
	if (!good)
		printf("#   request:  %s#   expected: %s, '%s', attribute %s\n#   seen:     %s, '%s', attribute %d, %u replies\n",
		       copy, error, text, attr ? attr : "any", seen ? seen : "?", answer.text, pointed, answer.replies);
	if (said && *answer.text)
		fprintf(said, "%s\n", answer.text);
	nlmsg_free(r.msg);
	return good;
}

static struct nl_sock *open_socket(int protocol)
{
	struct nl_sock *sock = nl_socket_alloc();
	int on = 1;

	if (!sock || nl_connect(sock, protocol))
		die("cannot connect", "netlink");
	setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	return sock;
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t size = 0;
	bool good = true;

	if (argc > 1)
		said = fopen(argv[1], "w");
	generic = open_socket(NETLINK_GENERIC);
	route = open_socket(NETLINK_ROUTE);
	family = genl_ctrl_resolve(generic, VNET_GENL_NAME);
	if (family < 0)
		die("there is no family", VNET_GENL_NAME);
	while (getline(&line, &size, stdin) > 0)
		if (*line != '\n' && *line != '#')
			good = check(line) && good;
	free(line);
	if (said)
		fclose(said);
	nl_socket_free(generic);
	nl_socket_free(route);
	return !good;
}
