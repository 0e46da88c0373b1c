/* SPDX-License-Identifier: GPL-2.0 */
/* libvnet, the wire: netlink sockets, requests, dumps, events and errors. */
#ifndef VNET_NL_H
#define VNET_NL_H

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>

#include "schema.h"

#define VN_REQ_SIZE 4096

/**
 * struct vn_err - why a request was refused.
 * @code: positive errno, 0 is none
 * @msg: sentence of the kernel or of libvnet, without a full stop
 * @explained: @msg is more than the name of the errno
 * @attr: snake_case path of the offending attribute, or ""
 * @has_range: the kernel said which values it takes
 * @min: smallest, with @has_range
 * @max: greatest, with @has_range
 */
struct vn_err {
	int code;
	char msg[256];
	bool explained;
	char attr[96];
	bool has_range;
	uint64_t min;
	uint64_t max;
};

/**
 * struct vn_sock - a netlink socket in the namespace that was current when it was opened.
 * @nl: libmnl's socket
 * @buf: receive buffer, @buf_size bytes
 * @seq: sequence number of the last request
 * @family: number of the family "vnet"; 0 on an rtnetlink socket
 * @group: number of its multicast group "events"
 * @inconsistent: the last dump changed while it was read, in spite of retries
 * @err: why the last request failed
 */
struct vn_sock {
	struct mnl_socket *nl;
	char *buf;
	size_t buf_size;
	uint32_t seq;
	uint16_t family;
	uint32_t group;
	bool inconsistent;
	struct vn_err err;
};

/**
 * struct vn_req - a request being built.
 * @nlh: its header, in @buf
 * @set: meaning of its attributes, for errors; may be NULL
 * @attrs: offset of the first attribute from @nlh
 */
struct vn_req {
	char buf[VN_REQ_SIZE] __attribute__((aligned(8)));
	struct nlmsghdr *nlh;
	const struct vn_set *set;
	size_t attrs;
};

/** vn_msg_fn - takes one message of an answer; returns 0 or a negative errno that ends the reading. */
typedef int (*vn_msg_fn)(const struct nlmsghdr *nlh, void *arg);

int vn_open_genl(struct vn_sock *s);
int vn_open_rtnl(struct vn_sock *s);
void vn_close(struct vn_sock *s);

void vn_req_genl(const struct vn_sock *s, struct vn_req *req, uint8_t cmd, uint16_t flags);
void *vn_req_rtnl(struct vn_req *req, uint16_t type, uint16_t flags, size_t header, const struct vn_set *set);
int vn_talk(struct vn_sock *s, struct vn_req *req, vn_msg_fn fn, void *arg);
int vn_dump(struct vn_sock *s, struct vn_req *req, vn_msg_fn fn, void *arg);
int vn_subscribe(struct vn_sock *s);
int vn_receive(struct vn_sock *s, vn_msg_fn fn, void *arg);

void vn_parse(const struct nlattr *first, size_t len, const struct nlattr **tb, unsigned int max);
void vn_parse_genl(const struct nlmsghdr *nlh, const struct nlattr **tb, unsigned int max);
void vn_parse_nest(const struct nlattr *nest, const struct nlattr **tb, unsigned int max);
uint64_t vn_attr_uint(const struct nlattr *attr);
int vn_set_err(struct vn_err *err, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void vn_err_decode(struct vn_err *err, const struct nlmsghdr *answer, const struct vn_req *req);

#endif
