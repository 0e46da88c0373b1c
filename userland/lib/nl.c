// SPDX-License-Identifier: GPL-2.0
/* Netlink sockets, requests, dumps and events. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/vnet.h>

#include "nl.h"

#ifndef NETLINK_GET_STRICT_CHK
#define NETLINK_GET_STRICT_CHK 12
#endif

#define RECV_SIZE (64 * 1024)
#define DUMP_TRIES 5
#define DUMP_KEEP (8 * 1024 * 1024) /* larger dumps are handed on as they come, without retries */

/* mnl_nlmsg_ok() takes a length of 2 GiB and more for a negative one, which fits anywhere. */
static bool message_ok(const struct nlmsghdr *nlh, int left)
{
	return left >= (int)sizeof(*nlh) && nlh->nlmsg_len <= (unsigned int)left && mnl_nlmsg_ok(nlh, left);
}

/** vn_parse - sort the attributes at @first by number into @tb[0..@max]; unknown ones are left out. */
void vn_parse(const struct nlattr *first, size_t len, const struct nlattr **tb, unsigned int max)
{
	const struct nlattr *attr = first;

	for (unsigned int i = 0; i <= max; i++)
		tb[i] = NULL;
	while (len >= sizeof(*attr) && mnl_attr_ok(attr, (int)len)) {
		size_t step = MNL_ALIGN(mnl_attr_get_len(attr));

		if (mnl_attr_get_type(attr) <= max)
			tb[mnl_attr_get_type(attr)] = attr;
		if (step >= len)
			break;
		len -= step;
		attr = (const struct nlattr *)((const char *)attr + step);
	}
}

/** vn_parse_genl - vn_parse() of a generic netlink message. */
void vn_parse_genl(const struct nlmsghdr *nlh, const struct nlattr **tb, unsigned int max)
{
	size_t len = mnl_nlmsg_get_payload_len(nlh);

	len = len > GENL_HDRLEN ? len - GENL_HDRLEN : 0;
	vn_parse(mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN), len, tb, max);
}

/** vn_parse_nest - vn_parse() of the inside of @nest. */
void vn_parse_nest(const struct nlattr *nest, const struct nlattr **tb, unsigned int max)
{
	vn_parse(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest), tb, max);
}

/** vn_attr_uint - an unsigned integer of the width that @attr has; 0 for other widths. */
uint64_t vn_attr_uint(const struct nlattr *attr)
{
	const void *data = mnl_attr_get_payload(attr);
	uint64_t wide;
	uint32_t word;
	uint16_t half;

	switch (mnl_attr_get_payload_len(attr)) {
	case 1:
		return *(const uint8_t *)data;
	case 2:
		memcpy(&half, data, sizeof(half));
		return half;
	case 4:
		memcpy(&word, data, sizeof(word));
		return word;
	case 8:
		memcpy(&wide, data, sizeof(wide));
		return wide;
	default:
		return 0;
	}
}

static int open_bus(struct vn_sock *s, int bus)
{
	int on = 1;

	memset(s, 0, sizeof(*s));
	s->nl = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (!s->nl)
		return vn_set_err(&s->err, errno, "cannot open a netlink socket: %s", strerror(errno));
	s->buf_size = RECV_SIZE;
	s->buf = malloc(s->buf_size);
	if (!s->buf) {
		vn_close(s);
		return vn_set_err(&s->err, ENOMEM, "out of memory");
	}
	if (mnl_socket_bind(s->nl, 0, MNL_SOCKET_AUTOPID) < 0) {
		int code = errno;

		vn_close(s);
		return vn_set_err(&s->err, code, "cannot bind a netlink socket: %s", strerror(code));
	}
	/* Every kernel that vnet supports has both; an older one still answers, with less detail. */
	(void)!mnl_socket_setsockopt(s->nl, NETLINK_EXT_ACK, &on, sizeof(on));
	(void)!mnl_socket_setsockopt(s->nl, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	s->seq = (uint32_t)time(NULL);
	return 0;
}

/** vn_close - release @s; @s->err stays readable. */
void vn_close(struct vn_sock *s)
{
	if (s->nl)
		mnl_socket_close(s->nl);
	free(s->buf);
	s->nl = NULL;
	s->buf = NULL;
}

static int take_group(const struct nlattr *groups, struct vn_sock *s)
{
	const struct nlattr *group;

	mnl_attr_for_each_nested(group, groups) {
		const struct nlattr *tb[CTRL_ATTR_MCAST_GRP_MAX + 1];

		vn_parse_nest(group, tb, CTRL_ATTR_MCAST_GRP_MAX);
		if (tb[CTRL_ATTR_MCAST_GRP_NAME] && tb[CTRL_ATTR_MCAST_GRP_ID] &&
		    mnl_attr_get_payload_len(tb[CTRL_ATTR_MCAST_GRP_NAME]) == sizeof(VNET_MCGRP_EVENTS) &&
		    !memcmp(mnl_attr_get_payload(tb[CTRL_ATTR_MCAST_GRP_NAME]), VNET_MCGRP_EVENTS,
			    sizeof(VNET_MCGRP_EVENTS)))
			s->group = (uint32_t)vn_attr_uint(tb[CTRL_ATTR_MCAST_GRP_ID]);
	}
	return 0;
}

static int take_family(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct vn_sock *s = arg;

	vn_parse_genl(nlh, tb, CTRL_ATTR_MAX);
	if (!tb[CTRL_ATTR_FAMILY_ID])
		return -EBADMSG;
	s->family = (uint16_t)vn_attr_uint(tb[CTRL_ATTR_FAMILY_ID]);
	return tb[CTRL_ATTR_MCAST_GROUPS] ? take_group(tb[CTRL_ATTR_MCAST_GROUPS], s) : 0;
}

/**
 * vn_open_genl - open @s and resolve the family "vnet", which makes the kernel load the module.
 *
 * Return: 0, or a negative errno with @s->err set; -ENOENT where there is no module.
 */
int vn_open_genl(struct vn_sock *s)
{
	struct genlmsghdr *genl;
	struct vn_req req;
	int err = open_bus(s, NETLINK_GENERIC);

	if (err)
		return err;
	genl = vn_req_rtnl(&req, GENL_ID_CTRL, 0, sizeof(*genl), NULL);
	genl->cmd = CTRL_CMD_GETFAMILY;
	genl->version = 1;
	mnl_attr_put_strz(req.nlh, CTRL_ATTR_FAMILY_NAME, VNET_GENL_NAME);
	err = vn_talk(s, &req, take_family, s);
	if (err == -ENOENT)
		vn_set_err(&s->err, ENOENT, "the kernel module vnet is not loaded, and loading it failed; try 'modprobe vnet'");
	if (err)
		vn_close(s);
	return err;
}

/** vn_open_rtnl - open @s for rtnetlink. Return: 0, or a negative errno with @s->err set. */
int vn_open_rtnl(struct vn_sock *s)
{
	return open_bus(s, NETLINK_ROUTE);
}

/** vn_req_rtnl - begin a request that has a fixed header. Return: the zeroed header, to be filled in. */
void *vn_req_rtnl(struct vn_req *req, uint16_t type, uint16_t flags, size_t header, const struct vn_set *set)
{
	void *fixed;

	memset(req->buf, 0, sizeof(req->buf));
	req->nlh = mnl_nlmsg_put_header(req->buf);
	req->nlh->nlmsg_type = type;
	req->nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	fixed = mnl_nlmsg_put_extra_header(req->nlh, header);
	req->set = set;
	req->attrs = NLMSG_HDRLEN + MNL_ALIGN(header);
	return fixed;
}

/** vn_req_genl - begin a request of family "vnet". */
void vn_req_genl(const struct vn_sock *s, struct vn_req *req, uint8_t cmd, uint16_t flags)
{
	const struct vn_op *op = vn_op_find(cmd);
	struct genlmsghdr *genl;

	genl = vn_req_rtnl(req, s->family, flags, sizeof(*genl), op ? op->set : NULL);
	genl->cmd = cmd;
	genl->version = VNET_GENL_VERSION;
}

static ssize_t receive(struct vn_sock *s)
{
	ssize_t len;

	do
		len = mnl_socket_recvfrom(s->nl, s->buf, s->buf_size);
	while (len < 0 && errno == EINTR);
	if (len < 0)
		vn_set_err(&s->err, errno, "cannot read from netlink: %s", strerror(errno));
	return len;
}

static int send_request(struct vn_sock *s, struct vn_req *req)
{
	s->err.code = 0;
	req->nlh->nlmsg_seq = ++s->seq;
	if (mnl_socket_sendto(s->nl, req->nlh, req->nlh->nlmsg_len) < 0)
		return vn_set_err(&s->err, errno, "cannot write to netlink: %s", strerror(errno));
	return 0;
}

static bool is_answer(const struct vn_sock *s, const struct nlmsghdr *nlh)
{
	return nlh->nlmsg_seq == s->seq && nlh->nlmsg_pid == mnl_socket_get_portid(s->nl);
}

/* An NLMSG_ERROR or NLMSG_DONE. Return: 0 for "no error". */
static int take_end(struct vn_sock *s, const struct nlmsghdr *nlh, const struct vn_req *req)
{
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(int))
		return nlh->nlmsg_type == NLMSG_DONE ? 0 : vn_set_err(&s->err, EBADMSG, "the kernel's answer is cut short");
	if (*(const int *)mnl_nlmsg_get_payload(nlh) >= 0)
		return 0;
	vn_err_decode(&s->err, nlh, req);
	return -s->err.code;
}

/**
 * vn_talk - send @req and wait for its acknowledgement.
 * @fn: called for each message of the answer; may be NULL
 *
 * Return: 0, or a negative errno with @s->err set.
 */
int vn_talk(struct vn_sock *s, struct vn_req *req, vn_msg_fn fn, void *arg)
{
	int err, status = 0;
	ssize_t len;

	req->nlh->nlmsg_flags |= NLM_F_ACK;
	err = send_request(s, req);
	if (err)
		return err;
	while ((len = receive(s)) > 0) {
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)s->buf;
		int left = (int)len;

		for (; message_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
			if (!is_answer(s, nlh))
				continue;
			if (nlh->nlmsg_type == NLMSG_ERROR) {
				err = take_end(s, nlh, req);
				return err ? err : status;
			}
			if (fn && !status)
				status = fn(nlh, arg);
		}
	}
	return s->err.code ? -s->err.code : vn_set_err(&s->err, EPIPE, "netlink closed the connection");
}

/* The part of a dump that is kept until it is known to be consistent. */
struct kept {
	char *data;
	size_t len;
	size_t size;
	bool streaming;
};

static int hand_on(struct kept *kept, vn_msg_fn fn, void *arg)
{
	size_t pos = 0;
	int err = 0;

	while (pos < kept->len && !err) {
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)(kept->data + pos);

		err = fn(nlh, arg);
		pos += MNL_ALIGN(nlh->nlmsg_len);
	}
	kept->len = 0;
	return err;
}

static int keep(struct vn_sock *s, struct kept *kept, const struct nlmsghdr *nlh, vn_msg_fn fn, void *arg)
{
	size_t len = MNL_ALIGN(nlh->nlmsg_len);
	int err;

	if (kept->streaming)
		return fn(nlh, arg);
	if (!kept->data || kept->len + len > kept->size) {
		size_t size = kept->size ? 2 * kept->size : RECV_SIZE;
		char *bigger = realloc(kept->data, size);

		if (!bigger)
			return vn_set_err(&s->err, ENOMEM, "out of memory");
		kept->data = bigger;
		kept->size = size;
	}
	memcpy(kept->data + kept->len, nlh, nlh->nlmsg_len);
	kept->len += len;
	if (kept->len < DUMP_KEEP)
		return 0;
	kept->streaming = true;
	err = hand_on(kept, fn, arg);
	return err;
}

/* One pass. Return: 0 and *interrupted, or a negative errno. */
static int dump_once(struct vn_sock *s, struct vn_req *req, struct kept *kept, vn_msg_fn fn, void *arg,
		     bool *interrupted)
{
	int err = send_request(s, req), status = 0;
	ssize_t len;

	*interrupted = false;
	if (err)
		return err;
	while ((len = receive(s)) > 0) {
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)s->buf;
		int left = (int)len;

		for (; message_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
			if (!is_answer(s, nlh))
				continue;
			if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
				*interrupted = true;
			if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR) {
				err = take_end(s, nlh, req);
				return err ? err : status;
			}
			if (!status)
				status = keep(s, kept, nlh, fn, arg);
		}
	}
	return s->err.code ? -s->err.code : vn_set_err(&s->err, EPIPE, "netlink closed the connection");
}

/**
 * vn_dump - send @req as a dump and hand each message to @fn.
 *
 * A dump that changed while it was read is read again, up to five times; then @s->inconsistent is set.
 * @fn may use @s only after the dump.
 *
 * Return: 0, or a negative errno with @s->err set.
 */
int vn_dump(struct vn_sock *s, struct vn_req *req, vn_msg_fn fn, void *arg)
{
	struct kept kept = { 0 };
	int err = 0;

	req->nlh->nlmsg_flags |= NLM_F_DUMP;
	for (int tries = 0; tries < DUMP_TRIES; tries++) {
		kept.len = 0;
		err = dump_once(s, req, &kept, fn, arg, &s->inconsistent);
		if (kept.streaming || (err && err != -EINTR) || (!err && !s->inconsistent))
			break;
	}
	if (!err)
		err = hand_on(&kept, fn, arg);
	free(kept.data);
	return err;
}

/** vn_subscribe - join the events of family "vnet". Return: 0, or a negative errno with @s->err set. */
int vn_subscribe(struct vn_sock *s)
{
	int size = 4 * 1024 * 1024, group = (int)s->group;

	if (!group)
		return vn_set_err(&s->err, EOPNOTSUPP, "the kernel module vnet has no events");
	/* SO_RCVBUFFORCE needs CAP_NET_ADMIN; without it the system's limit applies. */
	if (setsockopt(mnl_socket_get_fd(s->nl), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		(void)!setsockopt(mnl_socket_get_fd(s->nl), SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (mnl_socket_setsockopt(s->nl, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return vn_set_err(&s->err, errno, "cannot join the events: %s", strerror(errno));
	return 0;
}

/**
 * vn_receive - wait for events once and hand each to @fn.
 *
 * Return: 0, -ENOBUFS when events were lost, or another negative errno with @s->err set.
 */
int vn_receive(struct vn_sock *s, vn_msg_fn fn, void *arg)
{
	ssize_t len = receive(s);
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)s->buf;
	int left = (int)len, err = 0;

	if (len < 0)
		return -s->err.code;
	for (; !err && message_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left))
		if (nlh->nlmsg_type == s->family)
			err = fn(nlh, arg);
	return err;
}
