/* SPDX-License-Identifier: GPL-2.0 */
/* Words of the command line: strict readers of values, and tables of keywords. */
#ifndef VNET_PARSE_H
#define VNET_PARSE_H

#include "lib/rtnl.h"

#define ARGS_MAX 48

/** enum kw_type - what follows a keyword. */
enum kw_type {
	KT_FLAG,	 /* nothing */
	KT_ONOFF,	 /* on | off */
	KT_UINT,	 /* a number in the range of its attribute */
	KT_SECONDS,	 /* a time; bare numbers are seconds */
	KT_CENTI,	 /* as above; the value is in 1/100 s, the netlink unit of ageing_time */
	KT_IPV4,
	KT_IPV4_OR_NONE, /* none is 0 */
	KT_PREFIX,	 /* ADDR/LEN: num is the address, num2 the length */
	KT_LLADDR,
	KT_INET,	 /* an IPv4 or IPv6 address: raw and len */
	KT_GROUP,	 /* as KT_INET, of a group, or a group's MAC address */
	KT_DEV,		 /* an existing netdev: num is its ifindex */
	KT_DEV_OR_AUTO,	 /* auto is 0 */
	KT_DEV_OR_NONE,	 /* none is 0 */
	KT_VNET,	 /* as KT_DEV; completion offers vnets */
	KT_NAME,	 /* a legal name for a netdev */
	KT_VNET_NAME,	 /* as KT_NAME; completion offers vnets */
	KT_NETNS,	 /* a network namespace: name or path */
	KT_ENUM,	 /* a value of the attribute's enum */
	KT_PROTO,	 /* tcp | udp | icmp, or a number: IP protocol */
	KT_PORTS,	 /* P or P-Q: num and num2 */
	KT_VLANS,	 /* V or V-W: num and num2 */
	KT_PORT,	 /* a port, 1..65535 */
	KT_TARGET,	 /* ADDR or ADDR:PORT: num and num2, 0 is no port */
	KT_STRING,
};

enum kw_flags {
	KW_REQUIRED = 1 << 0,
	KW_BARE = 1 << 1, /* the value may stand without its keyword, in table order */
	KW_GROUP = 1 << 2, /* opens the keywords of the same group number */
};

/**
 * struct kw - a keyword of a command.
 * @name: the word
 * @type: what follows
 * @meta: name of the value in the synopsis; NULL takes the type's
 * @set: attribute set of @attr
 * @attr: attribute that args_put() makes of the value; 0 is none
 * @flags: enum kw_flags
 * @group: legal only after the keyword with KW_GROUP of the same number; 0 is always
 */
struct kw {
	const char *name;
	enum kw_type type;
	const char *meta;
	const struct vn_set *set;
	uint16_t attr;
	uint8_t flags;
	uint8_t group;
};

/** struct val - a value that was given. */
struct val {
	bool set;
	const char *word;
	uint64_t num;
	uint32_t num2;
	uint8_t lladdr[VN_LLADDR_LEN];
	uint8_t raw[16];
	uint8_t len;
};

/** struct args - the values of a command; val[i] belongs to kws[i]. */
struct args {
	const struct kw *kws;
	unsigned int n;
	struct val val[ARGS_MAX];
};

/** struct bad - what is wrong with a word. */
struct bad {
	char msg[256];
};

int parse_uint(const char *word, uint64_t min, uint64_t max, uint64_t *value, struct bad *bad);
int parse_onoff(const char *word, uint64_t *value, struct bad *bad);
int parse_time(const char *word, uint64_t unit_ms, uint64_t min, uint64_t max, uint64_t *value, struct bad *bad);
int parse_ipv4(const char *word, uint64_t *addr, struct bad *bad);
int parse_prefix(const char *word, uint64_t *addr, uint32_t *len, struct bad *bad);
int parse_lladdr(const char *word, uint8_t *lladdr, struct bad *bad);
int parse_inet(const char *word, uint8_t *raw, uint8_t *len, struct bad *bad);
int parse_group(const char *word, uint8_t *raw, uint8_t *len, struct bad *bad);
int parse_ports(const char *word, uint64_t *first, uint32_t *last, struct bad *bad);
int parse_vlans(const char *word, uint64_t *first, uint32_t *last, struct bad *bad);
int parse_target(const char *word, uint64_t *addr, uint32_t *port, struct bad *bad);
int parse_proto(const char *word, uint64_t *proto, struct bad *bad);
int parse_ifname(const char *word, struct bad *bad);
unsigned int device_index(const char *name);

int args_parse(struct args *args, const struct kw *kws, unsigned int n, int argc, char **argv, struct bad *bad);
void args_put(const struct args *args, struct nlmsghdr *nlh);
void args_put_group(const struct args *args, unsigned int group, uint16_t attr, struct nlmsghdr *nlh);
const char *kw_meta(const struct kw *kw);
const char *nearest(const char *word, const char *const *candidates, size_t n);

#endif
