// SPDX-License-Identifier: GPL-2.0
/* Object "lease": which guest has which address, from dnsmasq's file. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/lease.h"
#include "svc/svc.h"

/**
 * lease_parse - read one line of dnsmasq's file: EXPIRY MAC ADDRESS NAME CLIENT-ID.
 *
 * Return: 0, or -1 where the line is no IPv4 lease.
 */
int lease_parse(const char *line, struct lease *lease)
{
	char expires[24], lladdr[24], addr[24], name[256];
	struct bad bad;
	uint64_t number;

	if (sscanf(line, "%23s %23s %23s %255s", expires, lladdr, addr, name) != 4)
		return -1;
	if (parse_uint(expires, 0, INT64_MAX, &lease->expires, &bad) || parse_ipv4(addr, &number, &bad) ||
	    parse_lladdr(lladdr, lease->lladdr, &bad))
		return -1;
	lease->addr = (uint32_t)number;
	snprintf(lease->name, sizeof(lease->name), "%s", strcmp(name, "*") ? name : "");
	return 0;
}

/* Whether the service, if there is one, still serves @addr; a lease outlives a change of the subnet. */
static bool is_served(const struct svc_info *svc, uint32_t addr)
{
	return !svc->net || (addr & vn_mask(svc->prefix_len)) == svc->net;
}

/* Call @fn for each lease of vnet @name that has not expired. */
static void each_lease(const char *name, void (*fn)(const char *vnet, const struct lease *lease, void *arg), void *arg)
{
	uint64_t now = (uint64_t)time(NULL);
	struct svc_paths paths;
	struct svc_info svc;
	struct lease lease;
	char line[1024];
	FILE *file;

	svc_paths(name, &paths);
	svc_read(name, &svc);
	file = fopen(paths.leases, "re");
	while (file && fgets(line, sizeof(line), file))
		if (!lease_parse(line, &lease) && (!lease.expires || lease.expires > now) && is_served(&svc, lease.addr))
			fn(name, &lease, arg);
	if (file)
		fclose(file);
}

static void count_lease(const char *vnet, const struct lease *lease, void *arg)
{
	(void)vnet;
	(void)lease;
	++*(size_t *)arg;
}

/** lease_count - the number of leases of vnet @name. */
size_t lease_count(const char *name)
{
	size_t n = 0;

	each_lease(name, count_lease, &n);
	return n;
}

static void print_lease(const char *vnet, const struct lease *lease, void *arg)
{
	uint64_t now = (uint64_t)time(NULL);
	struct ctl *c = arg;
	struct out *o = &c->out;
	char text[32];

	out_object(o, NULL);
	out_ipv4(o, "addr", "%s", lease->addr);
	out_lladdr(o, "lladdr", " lladdr %s", lease->lladdr);
	out_str(o, OUT_PLAIN, "vnet_name", " vnet %s", vnet);
	if (lease->name[0])
		out_str(o, OUT_PLAIN, "name", " name %s", lease->name);
	if (lease->expires) {
		out_uint(o, "expires", NULL, lease->expires - now);
		out_uint(o, "expires_at", NULL, lease->expires);
		out_str(o, OUT_PLAIN, NULL, " expires %s",
			text_time(text, sizeof(text), (lease->expires - now) * 1000));
	}
	out_record_end(o);
}

static void print_all(struct ctl *c)
{
	static const char suffix[] = ".leases";
	const struct dirent *entry;
	struct svc_paths paths;
	char name[IFNAMSIZ];
	DIR *dir;

	svc_paths("", &paths);
	dir = opendir(paths.lease_dir);
	while (dir && (entry = readdir(dir))) {
		size_t len = strlen(entry->d_name), cut = sizeof(suffix) - 1;

		if (len <= cut || len - cut >= sizeof(name) || strcmp(entry->d_name + len - cut, suffix) != 0)
			continue;
		memcpy(name, entry->d_name, len - cut);
		name[len - cut] = 0;
		each_lease(name, print_lease, c);
	}
	if (dir)
		closedir(dir);
}

static const struct kw words[] = {
	{ "vnet", KT_VNET_NAME, NULL, NULL, 0, KW_BARE, 0 },
};

static int lease_show(struct ctl *c, const struct args *args)
{
	out_begin(&c->out);
	if (args->val[0].set)
		each_lease(args->val[0].word, print_lease, c);
	else
		print_all(c);
	out_end(&c->out);
	return EXIT_OK;
}

static const struct cmd commands[] = {
	{ "show", "Show the leases of a vnet, or all.", lease_show, words, VN_COUNT(words), CMD_DEFAULT },
};

const struct object object_lease = { "lease", "addresses that a service gave to guests", commands, VN_COUNT(commands) };
