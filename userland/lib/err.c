// SPDX-License-Identifier: GPL-2.0
/* Extended acknowledgements: from the kernel's answer to a sentence and the name of an attribute. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "nl.h"

/* Of linux/netlink.h; older headers than the running kernel's may lack them. */
enum {
	ACK_MSG = 1,
	ACK_OFFS = 2,
	ACK_POLICY = 4,
	ACK_MISS_TYPE = 5,
	ACK_MISS_NEST = 6,
	ACK_MAX = 6,
};

enum {
	POLICY_MIN_U = 4,
	POLICY_MAX_U = 5,
	POLICY_MAX = 12,
};

/** vn_set_err - store errno @code and a sentence in @err. Return: -@code. */
int vn_set_err(struct vn_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	memset(err, 0, sizeof(*err));
	err->code = code;
	err->explained = true;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	return -code;
}

static void append_name(struct vn_err *err, const struct vn_set *set, unsigned int id)
{
	const struct vn_attr *attr = vn_attr_find(set, id);
	size_t used = strlen(err->attr);

	/* The wrapping of rtnetlink says nothing to people. */
	if (attr && !attr->name)
		return;
	if (attr)
		snprintf(err->attr + used, sizeof(err->attr) - used, "%s%s", used ? "." : "", attr->name);
	else
		snprintf(err->attr + used, sizeof(err->attr) - used, "%sattribute %u", used ? "." : "", id);
}

/* Walk from the request's first attribute to the one at @offset, naming each nest on the way. */
static const struct vn_set *name_offset(struct vn_err *err, const struct vn_req *req, size_t offset)
{
	const char *base = (const char *)req->nlh;
	const struct vn_set *set = req->set;
	size_t pos = req->attrs, end = req->nlh->nlmsg_len;

	while (pos + sizeof(struct nlattr) <= end) {
		const struct nlattr *attr = (const struct nlattr *)(base + pos);
		size_t len = mnl_attr_get_len(attr);
		const struct vn_attr *known;

		if (len < sizeof(*attr))
			break;
		if (offset >= pos + MNL_ALIGN(len)) {
			pos += MNL_ALIGN(len);
			continue;
		}
		append_name(err, set, mnl_attr_get_type(attr));
		known = vn_attr_find(set, mnl_attr_get_type(attr));
		set = known ? known->nest : NULL;
		if (offset == pos || !set)
			break;
		end = pos + len;
		pos += MNL_ATTR_HDRLEN;
	}
	return set;
}

static void take_range(struct vn_err *err, const struct nlattr *policy)
{
	const struct nlattr *tb[POLICY_MAX + 1];

	vn_parse_nest(policy, tb, POLICY_MAX);
	if (!tb[POLICY_MIN_U] || !tb[POLICY_MAX_U])
		return;
	err->has_range = true;
	err->min = vn_attr_uint(tb[POLICY_MIN_U]);
	err->max = vn_attr_uint(tb[POLICY_MAX_U]);
}

/**
 * vn_err_decode - fill @err from an NLMSG_ERROR or NLMSG_DONE message.
 * @err: takes the errno, the kernel's sentence and the attribute's name
 * @answer: the message, checked to hold its errno
 * @req: what was asked
 */
void vn_err_decode(struct vn_err *err, const struct nlmsghdr *answer, const struct vn_req *req)
{
	const struct nlattr *tb[ACK_MAX + 1] = { NULL };
	const struct vn_set *inside = req->set;
	int code = *(const int *)mnl_nlmsg_get_payload(answer);
	size_t skip = sizeof(int), len = mnl_nlmsg_get_payload_len(answer);

	vn_set_err(err, code < 0 ? -code : code, "%s", strerror(code < 0 ? -code : code));
	err->explained = false;
	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (answer->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *report = mnl_nlmsg_get_payload(answer);

		skip = sizeof(*report);
		if (len < skip)
			return;
		if (!(answer->nlmsg_flags & NLM_F_CAPPED))
			skip += report->msg.nlmsg_len - NLMSG_HDRLEN;
	}
	skip = MNL_ALIGN(skip);
	if (len < skip)
		return;
	vn_parse((const struct nlattr *)((const char *)mnl_nlmsg_get_payload(answer) + skip),
		 len - skip, tb, ACK_MAX);
	err->explained = tb[ACK_MSG] && mnl_attr_get_payload_len(tb[ACK_MSG]);
	if (err->explained)
		snprintf(err->msg, sizeof(err->msg), "%.*s", (int)mnl_attr_get_payload_len(tb[ACK_MSG]),
			 mnl_attr_get_str(tb[ACK_MSG]));
	if (tb[ACK_OFFS])
		inside = name_offset(err, req, vn_attr_uint(tb[ACK_OFFS]));
	if (tb[ACK_MISS_NEST])
		inside = name_offset(err, req, vn_attr_uint(tb[ACK_MISS_NEST]));
	if (tb[ACK_MISS_TYPE])
		append_name(err, inside, vn_attr_uint(tb[ACK_MISS_TYPE]));
	if (tb[ACK_POLICY])
		take_range(err, tb[ACK_POLICY]);
}
