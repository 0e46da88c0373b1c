// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's end of netlink while the tool is fuzzed: answers are built from the input, well formed for the most
 * part, with lies where the input says so. When the input ends, the kernel is honest and brief.
 */
#define VNET_FUZZ_OUTSIDE
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <linux/vnet.h>
#include <sanitizer/asan_interface.h>

#include "world.h"

#define FAMILY 0x1d
#define PORTID 4711
#define DATAGRAM_MAX 16384
#define DEPTH_MAX 6

struct mnl_socket {
	int bus;
};

/* The last request, and the datagram in the making. */
static struct {
	struct nlmsghdr request;
	uint8_t cmd;
	uint32_t ifindex;
	bool answered;
	_Alignas(8) uint8_t data[DATAGRAM_MAX];
	size_t used;
	size_t message;
	size_t attr;
	size_t nests[DEPTH_MAX];
	unsigned int depth;
} kernel;

/** kernel_reset - forget what the last input asked. */
void kernel_reset(void)
{
	memset(&kernel, 0, offsetof(__typeof__(kernel), data));
}

/** kernel_has_events - is there something to read that nobody asked for? */
bool kernel_has_events(void)
{
	return world.kernel.len > 0;
}

static void *room(size_t len)
{
	void *here = kernel.data + kernel.used;

	if (kernel.used + NLMSG_ALIGN(len) > DATAGRAM_MAX)
		return NULL;
	memset(here, 0, NLMSG_ALIGN(len));
	kernel.used += NLMSG_ALIGN(len);
	return here;
}

static struct nlmsghdr *begin(uint16_t type, uint16_t flags, size_t header)
{
	struct nlmsghdr *nlh;

	kernel.message = kernel.used;
	kernel.attr = 0;
	kernel.depth = 0;
	nlh = room(sizeof(*nlh) + header);
	if (!nlh)
		return NULL;
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = kernel.request.nlmsg_seq;
	nlh->nlmsg_pid = kernel.request.nlmsg_seq ? PORTID : 0;
	return nlh;
}

static void end_nest(void)
{
	struct nlattr *nest;

	if (!kernel.depth)
		return;
	nest = (struct nlattr *)(kernel.data + kernel.nests[--kernel.depth]);
	nest->nla_len = (uint16_t)(kernel.used - kernel.nests[kernel.depth]);
}

static void end(void)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)(kernel.data + kernel.message);

	while (kernel.depth)
		end_nest();
	if (kernel.used - kernel.message >= sizeof(*nlh) && !nlh->nlmsg_len)
		nlh->nlmsg_len = (uint32_t)(kernel.used - kernel.message);
}

static struct nlattr *attr(uint16_t type, const void *payload, size_t len)
{
	struct nlattr *nla = room(sizeof(*nla) + len);

	if (!nla)
		return NULL;
	kernel.attr = (size_t)((uint8_t *)nla - kernel.data);
	nla->nla_type = type;
	nla->nla_len = (uint16_t)(sizeof(*nla) + len);
	if (len && payload)
		memcpy(nla + 1, payload, len);
	return nla;
}

/* ---- messages from the input ---- */

static void begin_genl(struct bytes *in)
{
	struct nlmsghdr *nlh = begin(FAMILY, take(in) & 1 ? NLM_F_MULTI : 0, GENL_HDRLEN);

	if (nlh)
		((struct genlmsghdr *)NLMSG_DATA(nlh))->cmd = take(in);
}

static void begin_rtnl(struct bytes *in)
{
	static const struct {
		uint16_t type;
		size_t header;
	} kinds[] = { { RTM_NEWLINK, sizeof(struct ifinfomsg) }, { RTM_NEWADDR, sizeof(struct ifaddrmsg) },
		      { RTM_NEWROUTE, sizeof(struct rtmsg) }, { GENL_ID_CTRL, GENL_HDRLEN } };
	size_t which = take(in) % 4;
	struct nlmsghdr *nlh = begin(kinds[which].type, NLM_F_MULTI, kinds[which].header);

	if (nlh)
		take_some(in, NLMSG_DATA(nlh), kinds[which].header);
}

/* An extended acknowledgement: the errno, the request's header or more of it, and attributes to follow. */
static void begin_error(struct bytes *in)
{
	uint8_t how = take(in);
	uint16_t flags = (uint16_t)((how & 1 ? NLM_F_CAPPED : 0) | (how & 2 ? NLM_F_ACK_TLVS : 0));
	struct nlmsghdr *nlh = begin(how & 4 ? NLMSG_DONE : NLMSG_ERROR, flags,
				     how & 4 ? sizeof(int) : sizeof(struct nlmsgerr));
	struct nlmsgerr *report;

	if (!nlh)
		return;
	report = NLMSG_DATA(nlh);
	report->error = -(int)take(in);
	if (how & 4)
		return;
	report->msg = kernel.request;
	if (how & 8)
		take_some(in, &report->msg.nlmsg_len, sizeof(report->msg.nlmsg_len));
	else if (how & 1)
		report->msg.nlmsg_len = sizeof(report->msg);
	if (!(how & 1) && report->msg.nlmsg_len > sizeof(report->msg) && report->msg.nlmsg_len < 1024)
		room(report->msg.nlmsg_len - sizeof(report->msg));
}

static void put_bytes(struct bytes *in, uint16_t type, size_t len)
{
	uint8_t payload[256];

	len = take_some(in, payload, len);
	attr(type, payload, len);
}

/* Longer than any buffer that a name is copied to, and without a NUL. */
static void put_long(struct bytes *in)
{
	uint8_t payload[4080];
	uint16_t type = take(in);
	size_t len = 16UL * take(in);

	memset(payload, 'x', sizeof(payload));
	attr(type, payload, len);
}

static void lie(struct bytes *in, uint8_t *where, size_t offset)
{
	uint16_t value = (uint16_t)(take(in) | take(in) << 8);

	memcpy(where + offset, &value, sizeof(value));
}

/* Cut the datagram's end off; the last message knows of it or not. */
static void shorten(size_t by, bool told)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)(kernel.data + kernel.message);

	kernel.used -= by < kernel.used ? by : kernel.used;
	if (told && kernel.used >= kernel.message + sizeof(*nlh))
		nlh->nlmsg_len = (uint32_t)(kernel.used - kernel.message);
}

/* One step. Return: false at the end of the datagram. */
static bool step(struct bytes *in)
{
	static const uint8_t widths[] = { 1, 2, 4, 8, 6, 0, 3, 64 };
	uint8_t op = take(in);

	switch (op >> 4) {
	case 0:
		end();
		return false;
	case 1:
		end();
		begin_genl(in);
		break;
	case 2:
		end();
		begin_rtnl(in);
		break;
	case 3:
		end();
		begin_error(in);
		break;
	case 4:
		put_bytes(in, take(in), take(in));
		break;
	case 5:
		if (kernel.depth < DEPTH_MAX && attr((uint16_t)(take(in) | NLA_F_NESTED), NULL, 0))
			kernel.nests[kernel.depth++] = kernel.attr;
		break;
	case 6:
		end_nest();
		break;
	case 7:
		if (kernel.attr)
			lie(in, kernel.data + kernel.attr, op & 1 ? offsetof(struct nlattr, nla_type) : 0);
		break;
	case 8:
		if (kernel.used - kernel.message >= NLMSG_HDRLEN)
			lie(in, kernel.data + kernel.message, op & 14);
		break;
	case 9:
		end();
		shorten(take(in), op & 1);
		return false;
	case 10:
		put_long(in);
		break;
	default:
		put_bytes(in, take(in), widths[op & 7]);
		break;
	}
	return true;
}

/* ---- what an honest kernel says ---- */

static void answer_family(void)
{
	struct nlmsghdr *nlh = begin(GENL_ID_CTRL, 0, GENL_HDRLEN);
	uint16_t family = FAMILY;
	uint32_t group = 5;

	if (!nlh)
		return;
	((struct genlmsghdr *)NLMSG_DATA(nlh))->cmd = CTRL_CMD_NEWFAMILY;
	attr(CTRL_ATTR_FAMILY_ID, &family, sizeof(family));
	kernel.nests[kernel.depth++] = kernel.used;
	attr(CTRL_ATTR_MCAST_GROUPS | NLA_F_NESTED, NULL, 0);
	kernel.nests[kernel.depth++] = kernel.used;
	attr(1 | NLA_F_NESTED, NULL, 0);
	attr(CTRL_ATTR_MCAST_GRP_NAME, VNET_MCGRP_EVENTS, sizeof(VNET_MCGRP_EVENTS));
	attr(CTRL_ATTR_MCAST_GRP_ID, &group, sizeof(group));
	end();
}

static void answer_link(void)
{
	struct nlmsghdr *nlh = begin(RTM_NEWLINK, 0, sizeof(struct ifinfomsg));

	if (!nlh)
		return;
	((struct ifinfomsg *)NLMSG_DATA(nlh))->ifi_index = kernel.ifindex ? (int)kernel.ifindex : 5;
	attr(IFLA_IFNAME, "vmnet8", sizeof("vmnet8"));
	kernel.nests[kernel.depth++] = kernel.used;
	attr(IFLA_LINKINFO | NLA_F_NESTED, NULL, 0);
	attr(IFLA_INFO_KIND, "vnet", sizeof("vnet"));
	end();
}

static void answer_vnet(void)
{
	struct nlmsghdr *nlh = begin(FAMILY, 0, GENL_HDRLEN);
	uint32_t ifindex = 5, mode = 1, subnet = 0x0085a8c0;
	uint8_t prefix_len = 24;

	if (!nlh)
		return;
	((struct genlmsghdr *)NLMSG_DATA(nlh))->cmd = kernel.cmd;
	attr(VNET_LINK_IFINDEX, &ifindex, sizeof(ifindex));
	attr(VNET_LINK_IFNAME, "vmnet8", sizeof("vmnet8"));
	attr(VNET_LINK_MODE, &mode, sizeof(mode));
	attr(VNET_LINK_SUBNET, &subnet, sizeof(subnet));
	attr(VNET_LINK_PREFIX_LEN, &prefix_len, sizeof(prefix_len));
	end();
}

static void answer_honestly(void)
{
	bool dump = (kernel.request.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	struct nlmsghdr *nlh;

	if (!kernel.answered && kernel.request.nlmsg_type == GENL_ID_CTRL)
		answer_family();
	else if (!kernel.answered && kernel.request.nlmsg_type == RTM_GETLINK)
		answer_link();
	else if (!kernel.answered && kernel.request.nlmsg_type == FAMILY && kernel.cmd == VNET_CMD_LINK_GET)
		answer_vnet();
	nlh = begin(dump ? NLMSG_DONE : NLMSG_ERROR, 0, dump ? sizeof(int) : sizeof(struct nlmsgerr));
	if (nlh && !dump)
		((struct nlmsgerr *)NLMSG_DATA(nlh))->msg = kernel.request;
	end();
}

/* ---- in the place of libmnl's sockets ---- */

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	struct mnl_socket *s = malloc(sizeof(*s));

	(void)flags;
	if (s)
		s->bus = bus;
	return s;
}

int mnl_socket_bind(struct mnl_socket *s, unsigned int groups, pid_t pid)
{
	(void)s;
	(void)groups;
	(void)pid;
	return 0;
}

int mnl_socket_close(struct mnl_socket *s)
{
	free(s);
	return 0;
}

int mnl_socket_setsockopt(const struct mnl_socket *s, int type, void *buf, socklen_t len)
{
	(void)s;
	(void)type;
	(void)buf;
	(void)len;
	return 0;
}

int mnl_socket_get_fd(const struct mnl_socket *s)
{
	(void)s;
	return -1;
}

unsigned int mnl_socket_get_portid(const struct mnl_socket *s)
{
	(void)s;
	return PORTID;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *s, const void *buf, size_t len)
{
	const uint8_t *payload = (const uint8_t *)buf + NLMSG_HDRLEN;

	if (len < NLMSG_HDRLEN || !mnl_nlmsg_ok(buf, (int)len))
		finding("a request of %zu bytes is not well formed", len);
	memcpy(&kernel.request, buf, sizeof(kernel.request));
	kernel.cmd = len > NLMSG_HDRLEN ? *payload : 0;
	kernel.ifindex = 0;
	if (s->bus == NETLINK_ROUTE && len >= NLMSG_HDRLEN + sizeof(struct ifinfomsg))
		kernel.ifindex = (uint32_t)((const struct ifinfomsg *)payload)->ifi_index;
	kernel.answered = false;
	return (ssize_t)len;
}

/* The sanitizer does not see what printf reads of "%.*s": whoever asks for an attribute's length must find all of it. */
uint16_t mnl_attr_get_payload_len(const struct nlattr *attr)
{
	if (__asan_region_is_poisoned((void *)attr, attr->nla_len))
		finding("an attribute of %u bytes ends behind its message", attr->nla_len);
	return (uint16_t)(attr->nla_len - MNL_ATTR_HDRLEN);
}

/*
 * What is behind the answer is poisoned: reading it is a finding. Nothing works without the family, so lies about it
 * come only after an 0xff.
 */
ssize_t mnl_socket_recvfrom(const struct mnl_socket *s, void *buf, size_t size)
{
	bool family = kernel.request.nlmsg_type == GENL_ID_CTRL && !kernel.answered, lies = true;

	(void)s;
	if (world.kernel.len && *world.kernel.data == 0xfe) {
		take(&world.kernel);
		errno = ENOBUFS;
		return -1;
	}
	if (family) {
		lies = world.kernel.len && *world.kernel.data == 0xff;
		if (lies)
			take(&world.kernel);
	}
	kernel.used = kernel.message = 0;
	kernel.depth = 0;
	while (lies && world.kernel.len && step(&world.kernel))
		;
	end();
	if (!kernel.used)
		answer_honestly();
	kernel.answered = true;
	if (kernel.used > size)
		kernel.used = size;
	ASAN_UNPOISON_MEMORY_REGION(buf, size);
	memcpy(buf, kernel.data, kernel.used);
	ASAN_POISON_MEMORY_REGION((char *)buf + kernel.used, size - kernel.used);
	return (ssize_t)kernel.used;
}
