/* SPDX-License-Identifier: GPL-2.0 */
/* libvnet, rtnetlink: links, IPv4 addresses and routes. Addresses are in host byte order throughout. */
#ifndef VNET_RTNL_H
#define VNET_RTNL_H

#include <linux/if_link.h>
#include <net/if.h>

#include "nl.h"

#define VN_LLADDR_LEN 6

/**
 * struct vn_link - what rtnetlink says of a netdev.
 * @kind: IFLA_INFO_KIND, or ""
 * @ifindex: number of the netdev in the socket's namespace
 * @master: the vnet or bridge that it is a port of, or 0
 * @link: IFLA_LINK, for a vnic the vnet, or 0
 * @arptype: ARPHRD_*
 * @flags: IFF_*
 * @operstate: IF_OPER_*
 * @has_stats: @stats is set
 */
struct vn_link {
	char name[IFNAMSIZ];
	char kind[16];
	uint32_t ifindex;
	uint32_t master;
	uint32_t link;
	uint32_t mtu;
	uint32_t flags;
	uint16_t arptype;
	uint8_t operstate;
	uint8_t lladdr[VN_LLADDR_LEN];
	bool has_stats;
	struct rtnl_link_stats64 stats;
};

/** struct vn_addr - an IPv4 address of a netdev. */
struct vn_addr {
	uint32_t ifindex;
	uint32_t addr;
	uint8_t prefix_len;
};

/** struct vn_route - an IPv4 route; @ifindex is 0 where it has no single one. */
struct vn_route {
	uint32_t dst;
	uint8_t prefix_len;
	uint8_t type;
	uint32_t table;
	uint32_t ifindex;
	uint32_t metric;
};

/**
 * struct vn_newlink - a netdev to be made.
 * @kind: "vnet" or "vnic"
 * @lladdr: six bytes, or NULL
 * @mtu: 0 takes the kernel's default
 * @link: IFLA_LINK, 0 is none
 * @netns_fd: namespace to make it in, -1 is the socket's
 * @fill: puts attributes of the set "link"; may be NULL
 */
struct vn_newlink {
	const char *name;
	const char *kind;
	const uint8_t *lladdr;
	uint32_t mtu;
	uint32_t link;
	int netns_fd;
	void (*fill)(struct nlmsghdr *nlh, const void *arg);
	const void *arg;
};

/**
 * struct vn_change - what to change of a netdev; a zeroed one changes nothing.
 * @set_flags: of IFF_UP, to be set
 * @clear_flags: of IFF_UP, to be cleared
 * @set_master: @master is meant, 0 releases
 */
struct vn_change {
	const uint8_t *lladdr;
	uint32_t mtu;
	uint32_t set_flags;
	uint32_t clear_flags;
	bool set_master;
	uint32_t master;
};

int vn_link_get(struct vn_sock *s, const char *name, uint32_t ifindex, struct vn_link *link);
int vn_link_list(struct vn_sock *s, struct vn_link **list, size_t *n);
int vn_link_new(struct vn_sock *s, const struct vn_newlink *wish);
int vn_link_change(struct vn_sock *s, uint32_t ifindex, const struct vn_change *change);
int vn_link_del(struct vn_sock *s, uint32_t ifindex);
int vn_addr_add(struct vn_sock *s, const struct vn_addr *addr);
int vn_addr_del(struct vn_sock *s, const struct vn_addr *addr);
int vn_addr_list(struct vn_sock *s, struct vn_addr **list, size_t *n);
int vn_route_list(struct vn_sock *s, struct vn_route **list, size_t *n);
int vn_route_default(struct vn_sock *s, uint32_t gateway);

/** vn_mask - netmask of @prefix_len. */
static inline uint32_t vn_mask(unsigned int prefix_len)
{
	return prefix_len ? ~0U << (32 - prefix_len) : 0;
}

#endif
