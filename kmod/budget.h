/* SPDX-License-Identifier: GPL-2.0 */
/* How much a namespace may remember. */
#ifndef VNET_BUDGET_H
#define VNET_BUDGET_H

#include <linux/types.h>

struct net;
struct vnet;

/* Addresses, neighbours and sessions of all vnets of a namespace; 400 bytes each at most. */
#define VNET_BUDGET_HOST (8 * 1024 * 1024)
#define VNET_BUDGET_TENANT (256 * 1024)

u32 vnet_budget_of(const struct net *net);
bool vnet_budget_take(struct vnet *vnet);
void vnet_budget_give(struct vnet *vnet);

#endif
