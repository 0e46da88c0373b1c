/* SPDX-License-Identifier: GPL-2.0 */
/* How much a namespace may remember. */
#ifndef VNET_BUDGET_H
#define VNET_BUDGET_H

#include <linux/gfp.h>
#include <linux/types.h>

struct kmem_cache;
struct mem_cgroup;
struct net;
struct vnet;

/*
 * Addresses, groups, neighbours and sessions of all vnets of a namespace; 400 bytes each at most.
 * The addresses of the ports themselves do not count, there are no more of them than ports.
 */
#define VNET_BUDGET_HOST (8 * 1024 * 1024)
#define VNET_BUDGET_TENANT (256 * 1024)

u32 vnet_budget_of(const struct net *net);
/* For what packets make. GFP_ATOMIC would be granted beyond the limit of a memory cgroup. */
#define VNET_BUDGET_GFP (GFP_NOWAIT | __GFP_ACCOUNT | __GFP_NOWARN)

void vnet_budget_init(struct vnet *vnet);
void vnet_budget_exit(struct vnet *vnet);
struct mem_cgroup *vnet_budget_charge(const struct vnet *vnet);
void vnet_budget_uncharge(struct mem_cgroup *before);
bool vnet_budget_take(struct vnet *vnet);
void *vnet_budget_zalloc(struct vnet *vnet, struct kmem_cache *cache, size_t size);
void vnet_budget_give(struct vnet *vnet);

#endif
