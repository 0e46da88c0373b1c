/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VNET_CMD_LEASE_H
#define VNET_CMD_LEASE_H

#include <stdint.h>

/**
 * struct lease - an IPv4 lease.
 * @expires: seconds since 1970, 0 is never
 * @name: of the guest, or ""
 */
struct lease {
	uint64_t expires;
	uint32_t addr;
	uint8_t lladdr[6];
	char name[256];
};

int lease_parse(const char *line, struct lease *lease);

#endif
