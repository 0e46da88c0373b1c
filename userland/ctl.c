// SPDX-License-Identifier: GPL-2.0
/* Sockets on demand, errors in one shape, and the two requests that most commands are. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

/* One line on stderr, as text or as JSON. */
static void report(const struct ctl *c, const char *word, const char *msg, const struct vn_err *err)
{
	size_t len = strlen(msg);

	while (len && (msg[len - 1] == '.' || msg[len - 1] == '\n'))
		len--;
	fflush(c->out.file);
	if (c->out.json) {
		char *copy = strndup(msg, len);

		fprintf(stderr, "{\"%s\":", word);
		json_quote(stderr, copy ? copy : msg);
		free(copy);
		if (err && err->attr[0]) {
			fputs(",\"attr\":", stderr);
			json_quote(stderr, err->attr);
		}
		if (c->file) {
			fputs(",\"file\":", stderr);
			json_quote(stderr, c->file);
			fprintf(stderr, ",\"line\":%u", c->line);
		}
		fputs("}\n", stderr);
		return;
	}
	fprintf(stderr, "%c%s: vnet: %.*s", word[0] - 'a' + 'A', word + 1, (int)len, msg);
	if (err && err->has_range)
		fprintf(stderr, " (%s takes %" PRIu64 "..%" PRIu64 ")", err->attr[0] ? err->attr : "it", err->min, err->max);
	else if (err && err->attr[0] && !strstr(msg, err->attr))
		fprintf(stderr, " (%s)", err->attr);
	if (c->file)
		fprintf(stderr, " (%s:%u)", c->file, c->line);
	fputs(".\n", stderr);
}

/** ctl_usage - report a mistake in the words. Return: EXIT_USAGE. */
int ctl_usage(struct ctl *c, const char *fmt, ...)
{
	char msg[512], whole[640];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	snprintf(whole, sizeof(whole), "%s%s 'vnetctl %s%shelp'", msg, msg[strlen(msg) - 1] == '?' ? " See" : "; see",
		 c->object ? c->object : "", c->object ? " " : "");
	report(c, "error", whole, NULL);
	return EXIT_USAGE;
}

/** ctl_fail - report that something other than netlink refused. Return: EXIT_REFUSED. */
int ctl_fail(struct ctl *c, const char *fmt, ...)
{
	char msg[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	report(c, "error", msg, NULL);
	return EXIT_REFUSED;
}

/**
 * ctl_refused - report what netlink refused.
 * @fmt: what was tried, as in "cannot add vmnet8"; said where the kernel gave no sentence
 *
 * Return: EXIT_REFUSED.
 */
int ctl_refused(struct ctl *c, const struct vn_err *err, const char *fmt, ...)
{
	char what[256], msg[640];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (err->explained)
		snprintf(msg, sizeof(msg), "%s", !strncmp(err->msg, "vnet: ", 6) ? err->msg + 6 : err->msg);
	else
		snprintf(msg, sizeof(msg), "%s: %s", what, err->msg);
	report(c, "error", msg, err);
	return EXIT_REFUSED;
}

/** ctl_warn - a remark on stderr that -q silences. */
void ctl_warn(struct ctl *c, const char *fmt, ...)
{
	char msg[512];
	va_list ap;

	if (c->quiet)
		return;
	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	report(c, "warning", msg, NULL);
}

/** ctl_genl - the socket of family "vnet". Return: NULL after a report. */
struct vn_sock *ctl_genl(struct ctl *c)
{
	if (!c->genl.nl && vn_open_genl(&c->genl)) {
		ctl_refused(c, &c->genl.err, "cannot reach the kernel module vnet");
		return NULL;
	}
	return &c->genl;
}

/** ctl_rtnl - the rtnetlink socket. Return: NULL after a report. */
struct vn_sock *ctl_rtnl(struct ctl *c)
{
	if (!c->rtnl.nl && vn_open_rtnl(&c->rtnl)) {
		ctl_refused(c, &c->rtnl.err, "cannot reach rtnetlink");
		return NULL;
	}
	return &c->rtnl;
}

/** ctl_close - close the sockets; they are opened anew on the next use. */
void ctl_close(struct ctl *c)
{
	vn_close(&c->genl);
	vn_close(&c->rtnl);
}

struct showing {
	struct ctl *c;
	const struct show *show;
	bool begun;
};

static int show_message(const struct nlmsghdr *nlh, void *arg)
{
	struct showing *showing = arg;
	struct ctl *c = showing->c;

	if (showing->show->want && !showing->show->want(nlh, showing->show->args))
		return 0;
	if (!showing->begun)
		out_begin(&c->out);
	showing->begun = true;
	out_object(&c->out, NULL);
	showing->show->print(c, nlh);
	out_record_end(&c->out);
	return 0;
}

/** ctl_show - read and print. Return: an exit status. */
int ctl_show(struct ctl *c, const struct show *show)
{
	struct showing showing = { .c = c, .show = show };
	struct vn_sock *s = ctl_genl(c);
	struct vn_req req;
	int err;

	if (!s)
		return EXIT_REFUSED;
	vn_req_genl(s, &req, show->cmd, 0);
	if (show->args)
		args_put(show->args, req.nlh);
	s->inconsistent = false;
	err = show->one ? vn_talk(s, &req, show_message, &showing) : vn_dump(s, &req, show_message, &showing);
	if (!err && !showing.begun)
		out_begin(&c->out);
	if (!err || showing.begun)
		out_end(&c->out);
	if (err)
		return ctl_refused(c, &s->err, "cannot read");
	if (s->inconsistent)
		ctl_warn(c, "the table changed while it was read");
	return EXIT_OK;
}

/**
 * ctl_change - send the values of @args as command @cmd.
 * @fmt: what is tried, for errors
 *
 * Return: an exit status.
 */
int ctl_change(struct ctl *c, uint8_t cmd, const struct args *args, const char *fmt, ...)
{
	struct vn_sock *s = ctl_genl(c);
	struct vn_req req;
	char what[256];
	va_list ap;

	if (!s)
		return EXIT_REFUSED;
	vn_req_genl(s, &req, cmd, 0);
	args_put(args, req.nlh);
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return vn_talk(s, &req, NULL, NULL) ? ctl_refused(c, &s->err, "%s", what) : EXIT_OK;
}

/** ctl_vnet - read the netdev that @val names and see that it is a vnet. Return: an exit status. */
int ctl_vnet(struct ctl *c, const struct val *val, struct vn_link *link)
{
	struct vn_sock *s = ctl_rtnl(c);

	if (!s)
		return EXIT_REFUSED;
	if (vn_link_get(s, NULL, (uint32_t)val->num, link))
		return ctl_refused(c, &s->err, "cannot read %s", val->word);
	if (strcmp(link->kind, "vnet") != 0)
		return ctl_usage(c, "expected an existing vnet, got '%s', which is %s%s", val->word,
				 link->kind[0] ? "a " : "none", link->kind);
	return EXIT_OK;
}

/** ctl_snapshot - read all links and addresses; to be freed. Return: an exit status. */
int ctl_snapshot(struct ctl *c, struct snapshot *snap)
{
	struct vn_sock *s = ctl_rtnl(c);

	memset(snap, 0, sizeof(*snap));
	if (!s)
		return EXIT_REFUSED;
	if (vn_link_list(s, &snap->links, &snap->n_links) || vn_addr_list(s, &snap->addrs, &snap->n_addrs)) {
		ctl_snapshot_free(snap);
		return ctl_refused(c, &s->err, "cannot read the links");
	}
	return EXIT_OK;
}

/** ctl_snapshot_free - release the lists of @snap. */
void ctl_snapshot_free(struct snapshot *snap)
{
	free(snap->links);
	free(snap->addrs);
	memset(snap, 0, sizeof(*snap));
}
