// SPDX-License-Identifier: GPL-2.0
/* Object "service": DHCP and DNS for a vnet. */
#include <string.h>

#include "svc/svc.h"

static const struct kw start_words[] = {
	{ "vnet", KT_VNET, NULL, NULL, 0, KW_REQUIRED | KW_BARE, 0 },
};

/* The vnet may be gone while its service is still there. */
static const struct kw stop_words[] = {
	{ "vnet", KT_VNET_NAME, NULL, NULL, 0, KW_REQUIRED | KW_BARE, 0 },
};

static const struct kw show_words[] = {
	{ "vnet", KT_VNET_NAME, NULL, NULL, 0, KW_BARE, 0 },
};

static void print_service(struct ctl *c, const struct svc_info *info)
{
	struct out *o = &c->out;
	char domain[64];

	svc_domain(info->name, domain, sizeof(domain));
	out_object(o, NULL);
	out_str(o, OUT_IFNAME, "vnet_name", "%s:", info->name);
	out_uint(o, "vnet", NULL, info->vnet);
	out_bool(o, "running", NULL, info->pid);
	out_str(o, info->pid ? OUT_UP : OUT_DOWN, NULL, " %s", info->pid ? "running" : "dead");
	if (info->pid)
		out_uint(o, "pid", " pid %s", (uint64_t)info->pid);
	out_ipv4(o, "addr", " addr %s", info->addr);
	out_uint(o, "prefix_len", "/%s", info->prefix_len);
	out_newline(o);
	out_ipv4(o, "first", " dhcp %s", info->first);
	out_ipv4(o, "last", "-%s", info->last);
	if (info->router)
		out_ipv4(o, "router", " router %s", info->router);
	out_uint(o, "mtu", " mtu %s", info->mtu);
	out_str(o, OUT_PLAIN, "domain", " domain %s", domain);
	out_uint(o, "leases", " leases %s", lease_count(info->name));
	out_record_end(o);
}

static int print_one(const char *name, void *arg)
{
	struct svc_info info;

	if (!svc_read(name, &info))
		print_service(arg, &info);
	return 0;
}

static int service_show(struct ctl *c, const struct args *args)
{
	const char *name = args->val[0].set ? args->val[0].word : NULL;
	struct svc_info info;

	if (name && svc_read(name, &info) && !if_nametoindex(name))
		return ctl_usage(c, "expected an existing vnet, got '%s'", name);
	out_begin(&c->out);
	if (name)
		print_one(name, c);
	else
		svc_each(print_one, c);
	out_end(&c->out);
	return EXIT_OK;
}

static int service_start(struct ctl *c, const struct args *args)
{
	struct vn_link link;
	struct svc_info info;
	int status = ctl_vnet(c, &args->val[0], &link);

	if (!status)
		status = svc_start(c, &link);
	if (!status && (c->out.details || c->echo) && !svc_read(link.name, &info)) {
		out_begin(&c->out);
		print_service(c, &info);
		out_end(&c->out);
	}
	return status;
}

static int service_stop(struct ctl *c, const struct args *args)
{
	const char *name = args->val[0].word;
	bool was_there;
	int status = svc_stop(c, name, &was_there);

	if (!status && !was_there && !if_nametoindex(name))
		return ctl_usage(c, "expected an existing vnet, got '%s'", name);
	return status;
}

static const struct cmd commands[] = {
	{ "show", "Show the services.", service_show, show_words, VN_COUNT(show_words), CMD_DEFAULT },
	{ "start", "Serve DHCP and DNS to the guests of a vnet with a subnet; -d shows how.", service_start,
	  start_words, VN_COUNT(start_words), 0 },
	{ "stop", "Stop that, also where the vnet is gone; leases are kept.", service_stop, stop_words,
	  VN_COUNT(stop_words), CMD_EXACT },
};

const struct object object_service = { "service", "DHCP and DNS for a vnet", commands, VN_COUNT(commands) };
