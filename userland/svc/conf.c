// SPDX-License-Identifier: GPL-2.0
/* What a service hands out, and the configuration that makes dnsmasq do so. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "netns.h"
#include "svc/svc.h"

#define LEASE_TIME "1h"
#define MAX_LEASES 65536

/* Take @addr out of the range; the larger part stays. */
static void exclude(struct svc_info *info, uint32_t addr)
{
	if (!addr || addr < info->first || addr > info->last)
		return;
	if (addr - info->first > info->last - addr)
		info->last = addr - 1;
	else
		info->first = addr + 1;
}

/**
 * svc_plan - choose the service's address and its range: the last free address, and the upper half below it.
 * @info: has net, prefix_len and host; receives addr, first and last
 * @gateway: 0 is none
 *
 * Return: 0, or -ENOSPC where the subnet is too small.
 */
int svc_plan(struct svc_info *info, uint32_t gateway)
{
	uint32_t size = ~vn_mask(info->prefix_len) + 1;

	info->addr = info->net + size - 2;
	while (info->addr > info->net && (info->addr == info->host || info->addr == gateway))
		info->addr--;
	info->first = info->net + size / 2;
	info->last = info->addr - 1;
	if (info->addr <= info->first)
		return -ENOSPC;
	exclude(info, info->host);
	exclude(info, gateway);
	return info->first > info->last ? -ENOSPC : 0;
}

/** svc_domain - DNS domain of vnet @name: "vmnet8.internal". */
void svc_domain(const char *name, char *buf, size_t size)
{
	snprintf(buf, size, "%s.internal", name);
	for (char *p = buf; *p && *p != '.'; p++)
		*p = isalnum((unsigned char)*p) ? (char)tolower((unsigned char)*p) : '-';
	if (buf[0] == '-')
		buf[0] = 'x';
}

/* Name servers of a resolv.conf, from the least useful to a guest to the most. */
enum upstream { NO_FILE, ONLY_LOOPBACK, NONE_YET, REACHABLE };

static enum upstream read_resolv_conf(const char *path)
{
	enum upstream found = NONE_YET;
	FILE *file = fopen(path, "re");
	char line[512], word[64];
	struct in_addr in;

	if (!file)
		return NO_FILE;
	while (found != REACHABLE && fgets(line, sizeof(line), file)) {
		if (sscanf(line, " nameserver %63s", word) != 1)
			continue;
		if (inet_pton(AF_INET, word, &in) == 1 && ntohl(in.s_addr) >> 24 != 127)
			found = REACHABLE;
		else
			found = ONLY_LOOPBACK;
	}
	fclose(file);
	return found;
}

/*
 * The file with the host's name servers that a guest can reach. dnsmasq watches it, so the service follows the
 * host from network to network; one that names none yet may do so later. Return: NULL where there is none.
 */
static const char *find_resolv_conf(char *buf, size_t size)
{
	static const char *const paths[] = { "/etc/resolv.conf", "/run/systemd/resolve/resolv.conf" };
	enum upstream best = ONLY_LOOPBACK;
	const char *chosen = NULL;
	char netns[300];

	netns_name(netns, sizeof(netns));
	if (!strncmp(netns, "netns-", 6)) {
		snprintf(buf, size, "/etc/netns/%s/resolv.conf", netns + 6);
		if (read_resolv_conf(buf) == REACHABLE)
			return buf;
	}
	for (size_t i = 0; i < VN_COUNT(paths); i++) {
		enum upstream found = read_resolv_conf(paths[i]);

		if (found > best) {
			best = found;
			chosen = paths[i];
		}
	}
	return chosen;
}

/* In a user namespace with a single user dnsmasq cannot change user and group. */
static bool has_users(void)
{
	FILE *file = fopen("/proc/self/uid_map", "re");
	unsigned long inside, outside, count, total = 0;

	while (file && fscanf(file, "%lu %lu %lu", &inside, &outside, &count) == 3)
		total += count;
	if (file)
		fclose(file);
	return total > 1 || !total;
}

struct text {
	char *buf;
	size_t size;
	size_t used;
};

__attribute__((format(printf, 2, 3))) static void line(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int len;

	if (t->used >= t->size)
		return;
	va_start(ap, fmt);
	len = vsnprintf(t->buf + t->used, t->size - t->used, fmt, ap);
	va_end(ap);
	t->used += (size_t)len;
	if (t->used + 1 < t->size)
		t->buf[t->used] = '\n', t->buf[t->used + 1] = 0;
	t->used++;
}

static void dhcp_lines(struct text *t, const struct svc_info *info)
{
	uint32_t count = info->last - info->first + 1;
	char first[16], last[16], mask[16], addr[16], router[16];

	text_ipv4(first, sizeof(first), info->first);
	text_ipv4(last, sizeof(last), info->last);
	text_ipv4(mask, sizeof(mask), vn_mask(info->prefix_len));
	line(t, "dhcp-range=%s,%s,%s," LEASE_TIME, first, last, mask);
	line(t, "dhcp-lease-max=%u", count < MAX_LEASES ? count : MAX_LEASES);
	if (info->router)
		line(t, "dhcp-option=option:router,%s", text_ipv4(router, sizeof(router), info->router));
	else
		line(t, "dhcp-option=option:router");
	line(t, "dhcp-option=option:dns-server,%s", text_ipv4(addr, sizeof(addr), info->addr));
	line(t, "dhcp-option=option:mtu,%u", info->mtu);
	line(t, "dhcp-authoritative\ndhcp-no-override\ndhcp-rapid-commit\nno-ping");
}

static void dns_lines(struct text *t, const struct svc_info *info)
{
	char domain[64], path[SVC_PATH_MAX], addr[16];
	const char *resolv_conf = info->router ? find_resolv_conf(path, sizeof(path)) : NULL;

	svc_domain(info->name, domain, sizeof(domain));
	text_ipv4(addr, sizeof(addr), info->net);
	line(t, "no-hosts\nexpand-hosts\ndomain-needed\nbogus-priv");
	line(t, "domain=%s,%s/%u", domain, addr, info->prefix_len);
	line(t, "local=/%s/", domain);
	line(t, "host-record=dns.%s,%s", domain, text_ipv4(addr, sizeof(addr), info->addr));
	if (info->host)
		line(t, "host-record=host.%s,%s", domain, text_ipv4(addr, sizeof(addr), info->host));
	if (info->router)
		line(t, "host-record=gateway.%s,%s", domain, text_ipv4(addr, sizeof(addr), info->router));
	if (resolv_conf)
		line(t, "resolv-file=%s", resolv_conf);
	else
		line(t, "no-resolv");
}

/** svc_conf - write the configuration of a service to @text. Return: 0, or -ENOSPC where it does not fit. */
int svc_conf(const struct svc_info *info, const struct svc_paths *paths, char *text, size_t size)
{
	struct text t = { text, size, 0 };

	line(&t, "# Made by vnetctl for %s; changes are lost.", info->name);
	line(&t, "interface=" SVC_IFNAME "\nexcept-interface=lo");
	line(&t, "pid-file=%s", paths->pid);
	line(&t, "dhcp-leasefile=%s", paths->leases);
	if (!has_users())
		line(&t, "user=root\ngroup=");
	dhcp_lines(&t, info);
	dns_lines(&t, info);
	return t.used < size ? 0 : -ENOSPC;
}
