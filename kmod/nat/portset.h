/* SPDX-License-Identifier: GPL-2.0 */
/* Which external port belongs to which mapping, for one address and protocol. */
#ifndef VNET_NAT_PORTSET_H
#define VNET_NAT_PORTSET_H

#include <linux/spinlock.h>
#include <linux/types.h>

struct vnet_mapping;

/* Outside Linux's ephemeral range (32768-60999) and below Kubernetes' NodePorts (30000). */
#define VNET_PORTSET_LOW_FIRST 20000
#define VNET_PORTSET_LOW_LAST 29999
#define VNET_PORTSET_HIGH_FIRST 61000
#define VNET_PORTSET_HIGH_LAST 65535
#define VNET_PORTSET_SIZE \
	(VNET_PORTSET_LOW_LAST - VNET_PORTSET_LOW_FIRST + 1 + \
	 VNET_PORTSET_HIGH_LAST - VNET_PORTSET_HIGH_FIRST + 1)

struct vnet_portset;

/*
 * Says whether a port can be given out; a socket of the host may own it. Called under the portset's
 * lock.
 */
typedef bool (*vnet_portset_usable_t)(void *context, u16 port);

struct vnet_portset *vnet_portset_alloc(gfp_t gfp);
void vnet_portset_free(struct vnet_portset *set);
bool vnet_portset_contains(u16 port);
int vnet_portset_claim(struct vnet_portset *set, u16 preferred, u32 start,
		       struct vnet_mapping *mapping, vnet_portset_usable_t usable, void *context);
void vnet_portset_release(struct vnet_portset *set, u16 port, unsigned long usable_at);
struct vnet_mapping *vnet_portset_lookup_rcu(const struct vnet_portset *set, u16 port);
u32 vnet_portset_used(const struct vnet_portset *set);

#endif
