// SPDX-License-Identifier: GPL-2.0
/* Object "monitor": events as they happen. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "ctl.h"

/* Word of the command line, and how to print its events. */
static const struct {
	const char *word;
	const struct vn_set *set;
	print_fn print;
} kinds[] = {
	{ "link", &vn_set_link, link_print },	      { "port", &vn_set_port, port_print },
	{ "fdb", &vn_set_fdb, fdb_print },	      { "nat", &vn_set_nat, nat_print },
	{ "forward", &vn_set_forward, forward_print }, { "limit", &vn_set_event, limit_print },
	{ "alarm", &vn_set_alarm, alarm_print },
	{ "mdb", &vn_set_mdb, mdb_print },
};

static const struct kw words[] = {
	{ "all", KT_FLAG, NULL, NULL, 0, 0, 0 },  { "link", KT_FLAG, NULL, NULL, 0, 0, 0 },
	{ "port", KT_FLAG, NULL, NULL, 0, 0, 0 }, { "fdb", KT_FLAG, NULL, NULL, 0, 0, 0 },
	{ "nat", KT_FLAG, NULL, NULL, 0, 0, 0 },  { "forward", KT_FLAG, NULL, NULL, 0, 0, 0 },
	{ "limit", KT_FLAG, NULL, NULL, 0, 0, 0 },	{ "alarm", KT_FLAG, NULL, NULL, 0, 0, 0 },
	{ "mdb", KT_FLAG, NULL, NULL, 0, 0, 0 },
};

_Static_assert(VN_COUNT(words) == VN_COUNT(kinds) + 1, "a word for each kind, after all");

static const struct field limit_fields[] = {
	{ VNET_EVENT_VNET_NAME, "%s:", 0, OUT_IFNAME },
	{ VNET_EVENT_LIMIT, " %s", 0, OUT_PLAIN },
	{ VNET_EVENT_BOUND, " bound %s reached", 0, OUT_PLAIN },
	{ VNET_EVENT_PORT_NUMBER, " number %s", 0, OUT_PLAIN },
	{ VNET_EVENT_PORT_NAME, " dev %s", 0, OUT_IFNAME },
};

/** limit_print - a bound that was hit. */
void limit_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	out_fields(&c->out, &vn_set_event, limit_fields, VN_COUNT(limit_fields), tb);
}

static const struct field alarm_fields[] = {
	{ VNET_ALARM_VNET_NAME, "%s:", 0, OUT_IFNAME },
	{ VNET_ALARM_KIND, " %s", 0, OUT_PLAIN },
	{ VNET_ALARM_IPV4, " %s", 0, OUT_INET },
	{ VNET_ALARM_IPV6, " %s", 0, OUT_INET },
	{ VNET_ALARM_VLAN, " vlan %s", FIELD_NONZERO, OUT_PLAIN },
	{ VNET_ALARM_LLADDR, " lladdr %s", 0, OUT_LLADDR },
	{ VNET_ALARM_PORT_NUMBER, " number %s", 0, OUT_PLAIN },
	{ VNET_ALARM_PORT_NAME, " dev %s", 0, OUT_IFNAME },
	{ VNET_ALARM_OTHER_LLADDR, " was lladdr %s", 0, OUT_LLADDR },
	{ VNET_ALARM_OTHER_PORT_NUMBER, " was number %s", 0, OUT_PLAIN },
	{ VNET_ALARM_OTHER_PORT_NAME, " dev %s", 0, OUT_IFNAME },
	{ VNET_ALARM_COUNT, " count %s", 0, OUT_PLAIN },
};

/** alarm_print - what a switch has seen that should not be. */
void alarm_print(struct ctl *c, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];

	vn_parse_genl(nlh, tb, VN_ATTR_MAX);
	out_fields(&c->out, &vn_set_alarm, alarm_fields, VN_COUNT(alarm_fields), tb);
}

struct watch {
	struct ctl *c;
	const struct args *args;
};

static void print_time(struct ctl *c)
{
	struct timespec now;
	struct tm tm;
	char text[64], whole[96];

	if (!c->timestamp || clock_gettime(CLOCK_REALTIME, &now) || !localtime_r(&now.tv_sec, &tm))
		return;
	if (c->tshort || c->out.json) {
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
		snprintf(whole, sizeof(whole), "%s.%06ld", text, now.tv_nsec / 1000);
	} else {
		strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &tm);
		snprintf(whole, sizeof(whole), "%s %ld usec", text, now.tv_nsec / 1000);
	}
	out_str(&c->out, OUT_PLAIN, "timestamp", c->tshort ? "[%s] " : "Timestamp: %s\n", whole);
}

/* "link_new_ntf" is "link_new" to people; in text "[LINK]", and "deleted" where it is. */
static void print_name(struct out *o, const struct vn_op *op, const char *word)
{
	size_t len = strlen(op->name);
	char name[64], label[32];

	len = len > 4 && !strcmp(op->name + len - 4, "_ntf") ? len - 4 : len;
	snprintf(name, sizeof(name), "%.*s", (int)len, op->name);
	snprintf(label, sizeof(label), "%s", word);
	for (char *p = label; *p; p++)
		*p = (char)(*p - 'a' + 'A');
	out_str(o, OUT_PLAIN, "event", NULL, name);
	out_str(o, OUT_PLAIN, NULL, "[%s] ", label);
	if (len > 4 && !strncmp(op->name + len - 4, "_del", 4))
		out_str(o, OUT_PLAIN, NULL, "%s ", "Deleted");
}

static int take_event(const struct nlmsghdr *nlh, void *arg)
{
	const uint8_t *genl = mnl_nlmsg_get_payload(nlh);
	struct watch *watch = arg;
	struct ctl *c = watch->c;
	const struct vn_op *op;

	if (mnl_nlmsg_get_payload_len(nlh) < GENL_HDRLEN)
		return 0;
	op = vn_op_find(genl[0]);
	for (size_t i = 0; op && i < VN_COUNT(kinds); i++) {
		if (kinds[i].set != op->set || (!watch->args->val[0].set && !watch->args->val[i + 1].set))
			continue;
		out_object(&c->out, NULL);
		print_time(c);
		print_name(&c->out, op, kinds[i].word);
		kinds[i].print(c, nlh);
		out_record_end(&c->out);
		fflush(c->out.file);
	}
	return 0;
}

static void say_lost(struct ctl *c)
{
	if (c->out.json) {
		out_object(&c->out, NULL);
		print_time(c);
		out_str(&c->out, OUT_PLAIN, "event", NULL, "lost");
		out_record_end(&c->out);
		fflush(c->out.file);
	}
	ctl_warn(c, "events were lost, more came than could be read");
}

/* Read until a signal or until nobody reads us. */
static int watch_events(struct ctl *c, struct vn_sock *s, int signals, struct watch *watch)
{
	struct pollfd fds[] = { { .fd = mnl_socket_get_fd(s->nl), .events = POLLIN }, { .fd = signals, .events = POLLIN } };

	while (!ferror(c->out.file)) {
		int err = 0;

		if (poll(fds, VN_COUNT(fds), -1) < 0 && errno != EINTR)
			return ctl_fail(c, "cannot wait for events: %s", strerror(errno));
		if (fds[1].revents)
			break;
		if (fds[0].revents)
			err = vn_receive(s, take_event, watch);
		if (err == -ENOBUFS)
			say_lost(c);
		else if (err)
			return ctl_refused(c, &s->err, "cannot read events");
	}
	return EXIT_OK;
}

static int monitor(struct ctl *c, const struct args *given)
{
	struct args args = *given;
	struct watch watch = { c, &args };
	struct vn_sock *s = ctl_genl(c);
	int signals, status;
	sigset_t set;
	bool any = false;

	if (!s)
		return EXIT_REFUSED;
	for (unsigned int i = 0; i < args.n; i++)
		any |= args.val[i].set;
	args.val[0].set |= !any;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return ctl_fail(c, "cannot block signals: %s", strerror(errno));
	signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (signals < 0)
		return ctl_fail(c, "cannot wait for signals: %s", strerror(errno));
	c->out.lines = true;
	c->out.pretty = false;
	status = vn_subscribe(s) ? ctl_refused(c, &s->err, "cannot join the events") : watch_events(c, s, signals, &watch);
	c->out.lines = false;
	close(signals);
	return status;
}

static const struct cmd commands[] = {
	{ "show", "Print events until interrupted; -t stamps them, -j prints one object a line.", monitor, words,
	  VN_COUNT(words), CMD_DEFAULT },
};

const struct object object_monitor = { "monitor", "events as they happen", commands, VN_COUNT(commands) };
