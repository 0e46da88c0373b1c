// SPDX-License-Identifier: GPL-2.0
/*
 * Object "init": the three classic networks in one go. What a machine lacks (a default route, dnsmasq) is left
 * out and named; whatever is refused undoes everything. A record of what was made makes "undo" exact.
 */
#include <errno.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "svc/svc.h"

enum { BRIDGED, HOST_ONLY, NAT, N_CLASSIC };

static const struct {
	const char *name;
	const char *mode;
	bool service;
} classic[N_CLASSIC] = {
	[BRIDGED] = { "vmnet0", "bridged", false },
	[HOST_ONLY] = { "vmnet1", "host-only", true },
	[NAT] = { "vmnet8", "nat", true },
};

/* What became of each network. */
struct result {
	bool made;
	bool served;
	uint32_t ifindex;
	char without[160];
};

struct plan {
	char nic[IFNAMSIZ];
	struct result results[N_CLASSIC];
};

static void record_path(char *buf, size_t size)
{
	char dir[SVC_PATH_MAX / 2];

	svc_run_dir(dir, sizeof(dir));
	snprintf(buf, size, "%s/init", dir);
}

static int check_free(struct ctl *c)
{
	char names[64] = "";
	size_t used = 0;

	for (int i = 0; i < N_CLASSIC; i++)
		if (if_nametoindex(classic[i].name))
			used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", used ? ", " : "",
						 classic[i].name);
	return used ? ctl_fail(c, "nothing was done, in the way: %s", names) : EXIT_OK;
}

/* The device of the best default route of table main. */
static int find_nic(struct ctl *c, struct plan *plan)
{
	char *without = plan->results[BRIDGED].without;
	size_t size = sizeof(plan->results[BRIDGED].without), n = 0;
	const struct vn_route *best = NULL;
	struct vn_sock *s = ctl_rtnl(c);
	struct vn_route *routes = NULL;
	struct vn_link nic;
	int status = EXIT_OK;

	if (!s)
		return EXIT_REFUSED;
	if (vn_route_list(s, &routes, &n))
		return ctl_refused(c, &s->err, "cannot read the routes");
	for (size_t i = 0; i < n; i++)
		if (!routes[i].prefix_len && routes[i].table == RT_TABLE_MAIN && routes[i].type == RTN_UNICAST &&
		    routes[i].ifindex && (!best || routes[i].metric < best->metric))
			best = &routes[i];
	if (!best)
		snprintf(without, size, "there is no default route, so no NIC to share");
	else if (vn_link_get(s, NULL, best->ifindex, &nic))
		status = ctl_refused(c, &s->err, "cannot read the device of the default route");
	else if (nic.arptype != ARPHRD_ETHER)
		snprintf(without, size, "the default route is by %s, which is not Ethernet", nic.name);
	else
		snprintf(plan->nic, sizeof(plan->nic), "%s", nic.name);
	free(routes);
	return status;
}

static int make(struct ctl *c, int which, struct plan *plan)
{
	struct result *result = &plan->results[which];
	const char *name = classic[which].name;
	struct vn_link link;
	char program[4200];
	int status;

	if (result->without[0])
		return EXIT_OK;
	if (which == BRIDGED)
		status = dispatch_words(c, "link", "add", name, "mode", "bridged", "uplink", plan->nic, NULL);
	else
		status = dispatch_words(c, "link", "add", name, "mode", classic[which].mode, NULL);
	if (status)
		return status;
	result->made = true;
	if (vn_link_get(&c->rtnl, name, 0, &link))
		return ctl_refused(c, &c->rtnl.err, "cannot read %s", name);
	result->ifindex = link.ifindex;
	if (!classic[which].service)
		return EXIT_OK;
	if (!svc_dnsmasq(program, sizeof(program))) {
		snprintf(result->without, sizeof(result->without),
			 "no DHCP, dnsmasq is not installed; it is in the package dnsmasq-base");
		return EXIT_OK;
	}
	status = svc_start(c, &link);
	result->served = !status;
	return status;
}

static int write_record(struct ctl *c, const struct plan *plan)
{
	char path[SVC_PATH_MAX], dir[SVC_PATH_MAX / 2], text[256] = "";
	size_t used = 0;
	int err;

	for (int i = 0; i < N_CLASSIC; i++)
		if (plan->results[i].made)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s %u\n", classic[i].name,
						 plan->results[i].ifindex);
	record_path(path, sizeof(path));
	svc_run_dir(dir, sizeof(dir));
	err = svc_make_dirs(dir);
	if (!err)
		err = svc_write_file(path, text);
	return err ? ctl_fail(c, "cannot write %s: %s", path, strerror(-err)) : EXIT_OK;
}

static void undo_plan(struct ctl *c, const struct plan *plan)
{
	for (int i = N_CLASSIC - 1; i >= 0; i--)
		if (plan->results[i].made)
			dispatch_words(c, "link", "del", classic[i].name, NULL);
}

static void print_network(struct ctl *c, int which, const struct plan *plan, const struct vnet_info *vnet,
			  const struct svc_info *svc)
{
	const struct result *result = &plan->results[which];
	struct out *o = &c->out;

	out_object(o, NULL);
	out_str(o, OUT_IFNAME, "vnet_name", "%-7s", classic[which].name);
	out_str(o, OUT_PLAIN, "mode", " %-9s", classic[which].mode);
	out_bool(o, "made", NULL, result->made);
	if (which == BRIDGED && result->made)
		out_str(o, OUT_IFNAME, "uplink_name", " uplink %s", plan->nic);
	if (vnet->subnet) {
		out_ipv4(o, "subnet", " subnet %s", vnet->subnet);
		out_uint(o, "prefix_len", "/%s", vnet->prefix_len);
	}
	if (vnet->gateway)
		out_ipv4(o, "gateway", " gateway %s", vnet->gateway);
	if (result->served) {
		out_ipv4(o, "first", " dhcp %s", svc->first);
		out_ipv4(o, "last", "-%s", svc->last);
	}
	if (result->without[0])
		out_str(o, OUT_PLAIN, "without", result->made ? " (%s)" : " left out: %s", result->without);
	out_record_end(o);
}

static int print_plan(struct ctl *c, const struct plan *plan)
{
	struct vnet_info vnets[N_CLASSIC] = { 0 };
	struct svc_info svc = { .pid = 0 };
	int status = EXIT_OK;

	for (int i = 0; i < N_CLASSIC && !status; i++)
		if (plan->results[i].made)
			status = link_info(c, plan->results[i].ifindex, &vnets[i]);
	if (status)
		return status;
	out_begin(&c->out);
	for (int i = 0; i < N_CLASSIC; i++) {
		if (plan->results[i].served)
			svc_read(classic[i].name, &svc);
		print_network(c, i, plan, &vnets[i], &svc);
	}
	out_end(&c->out);
	return EXIT_OK;
}

static int init_classic(struct ctl *c, const struct args *args)
{
	struct plan plan = { .nic = "" };
	bool echo = c->echo;
	int status = check_free(c);

	(void)args;
	c->echo = false;
	if (!status)
		status = find_nic(c, &plan);
	for (int i = 0; i < N_CLASSIC && !status; i++)
		status = make(c, i, &plan);
	if (!status)
		status = write_record(c, &plan);
	if (!status)
		status = print_plan(c, &plan);
	else
		undo_plan(c, &plan);
	c->echo = echo;
	return status;
}

static void print_undone(struct ctl *c, const char *name, bool deleted)
{
	struct out *o = &c->out;

	out_object(o, NULL);
	out_str(o, OUT_IFNAME, "vnet_name", "%-7s", name);
	out_bool(o, "deleted", NULL, deleted);
	out_str(o, OUT_PLAIN, NULL, " %s", deleted ? "deleted" : "is gone already");
	out_record_end(o);
}

/* Delete what the record says, if it is still the very same device. */
static int undo_entry(struct ctl *c, const char *name, uint32_t ifindex, bool *deleted)
{
	bool was_there;
	struct vn_link link;
	struct vn_sock *s = ctl_rtnl(c);

	*deleted = false;
	if (!s)
		return EXIT_REFUSED;
	if (vn_link_get(s, name, 0, &link)) {
		if (s->err.code != ENODEV)
			return ctl_refused(c, &s->err, "cannot read %s", name);
		return svc_stop(c, name, &was_there);
	}
	if (link.ifindex != ifindex || strcmp(link.kind, "vnet") != 0)
		return EXIT_OK;
	*deleted = true;
	return dispatch_words(c, "link", "del", name, NULL);
}

static int init_undo(struct ctl *c, const struct args *args)
{
	char path[SVC_PATH_MAX], name[IFNAMSIZ];
	int status = EXIT_OK;
	uint32_t ifindex;
	bool deleted;
	FILE *file;

	(void)args;
	record_path(path, sizeof(path));
	file = fopen(path, "re");
	if (!file)
		return ctl_fail(c, "there is nothing to undo: init has made nothing in this network namespace");
	out_begin(&c->out);
	while (!status && fscanf(file, "%15s %u", name, &ifindex) == 2) {
		status = undo_entry(c, name, ifindex, &deleted);
		if (!status)
			print_undone(c, name, deleted);
	}
	out_end(&c->out);
	fclose(file);
	if (!status && unlink(path))
		return ctl_fail(c, "cannot remove %s: %s", path, strerror(errno));
	return status;
}

static const struct cmd commands[] = {
	{ "classic", "Make vmnet0 (bridged), vmnet1 (host-only) and vmnet8 (nat) and start the services of the last two.",
	  init_classic, NULL, 0, CMD_DEFAULT },
	{ "undo", "Delete what init made, and nothing else.", init_undo, NULL, 0, CMD_EXACT },
};

const struct object object_init = { "init", "the three classic networks in one go", commands, VN_COUNT(commands) };
