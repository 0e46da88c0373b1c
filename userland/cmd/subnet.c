// SPDX-License-Identifier: GPL-2.0
/* Free subnets and stable MAC addresses for new vnets. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cmd/link.h"
#include "netns.h"

#define POOL 0xC0A80000U /* 192.168.0.0 */
#define POOL_SUBNETS 256
#define POOL_PREFIX 24

static bool overlaps(uint32_t a, unsigned int a_len, uint32_t b, unsigned int b_len)
{
	uint32_t mask = vn_mask(a_len < b_len ? a_len : b_len);

	return (a & mask) == (b & mask);
}

static void mark(bool *taken, uint32_t addr, unsigned int prefix_len)
{
	for (uint32_t n = 0; n < POOL_SUBNETS; n++)
		if (overlaps(POOL + (n << 8), POOL_PREFIX, addr, prefix_len))
			taken[n] = true;
}

/* What is in use: addresses, routes other than the default one, subnets of other vnets. */
static int mark_all(struct ctl *c, bool *taken)
{
	struct vn_sock *s = ctl_rtnl(c);
	struct vn_addr *addrs = NULL;
	struct vn_route *routes = NULL;
	struct vnet_info *vnets = NULL;
	size_t n_addrs = 0, n_routes = 0, n_vnets = 0;
	int status;

	if (!s)
		return EXIT_REFUSED;
	status = link_info_list(c, &vnets, &n_vnets);
	if (!status && (vn_addr_list(s, &addrs, &n_addrs) || vn_route_list(s, &routes, &n_routes)))
		status = ctl_refused(c, &s->err, "cannot read addresses and routes");
	for (size_t i = 0; i < n_addrs; i++)
		mark(taken, addrs[i].addr, addrs[i].prefix_len);
	for (size_t i = 0; i < n_routes; i++)
		if (routes[i].prefix_len)
			mark(taken, routes[i].dst, routes[i].prefix_len);
	for (size_t i = 0; i < n_vnets; i++)
		if (vnets[i].subnet)
			mark(taken, vnets[i].subnet, vnets[i].prefix_len);
	free(addrs);
	free(routes);
	free(vnets);
	return status;
}

/**
 * subnet_pick - find a free 192.168.N.0/24, from N = @first upwards and then from 1.
 * @net: receives the network address
 *
 * Return: an exit status.
 */
int subnet_pick(struct ctl *c, unsigned int first, uint32_t *net)
{
	bool taken[POOL_SUBNETS] = { [0] = true, [255] = true };
	int status = mark_all(c, taken);

	if (status)
		return status;
	for (unsigned int i = 0; i < POOL_SUBNETS; i++) {
		unsigned int n = (first + i) % POOL_SUBNETS;

		if (!taken[n]) {
			*net = POOL + (n << 8);
			return EXIT_OK;
		}
	}
	return ctl_fail(c, "no subnet of 192.168.0.0/16 is free; choose one with 'addr ADDR/LEN'");
}

static uint64_t hash(uint64_t sum, const char *text)
{
	do
		sum = (sum ^ (unsigned char)*text) * 0x100000001b3ULL;
	while (*text++);
	return sum;
}

/**
 * stable_lladdr - a MAC address that the same @role of the same vnet on the same machine gets every time, so
 * that guests keep what they know; random on machines without /etc/machine-id.
 *
 * Return: 0 or -errno.
 */
int stable_lladdr(const char *name, const char *role, uint8_t *lladdr)
{
	FILE *file = fopen("/etc/machine-id", "re");
	char id[64] = "", netns[300];
	uint64_t sum = 0xcbf29ce484222325ULL;

	if (file) {
		if (!fgets(id, sizeof(id), file))
			id[0] = 0;
		fclose(file);
	}
	if (strlen(id) > 16) {
		netns_name(netns, sizeof(netns));
		sum = hash(hash(hash(hash(sum, id), netns), name), role);
		sum ^= sum >> 33;
		sum *= 0xff51afd7ed558ccdULL;
		sum ^= sum >> 33;
	} else if (getrandom(&sum, sizeof(sum), 0) != sizeof(sum)) {
		return -errno;
	}
	for (int i = 0; i < VN_LLADDR_LEN; i++)
		lladdr[i] = (uint8_t)(sum >> 8 * i);
	lladdr[0] = (uint8_t)((lladdr[0] & 0xfc) | 2);
	return 0;
}
