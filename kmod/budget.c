// SPDX-License-Identifier: GPL-2.0
/*
 * How much a namespace may remember.
 *
 * Packets make addresses, neighbours, mappings and sessions in softirqs, where no
 * memory cgroup is charged. A user who owns a namespace may make as many vnets and set
 * their bounds as high as he likes, so the namespace has a bound that he cannot set.
 */
#include "budget.h"

#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "notify.h"
#include "vnet.h"

/**
 * vnet_budget_of - bound of a new namespace
 * @net: the namespace
 *
 * Context: Any.
 * Return: Objects; fewer for namespaces that are not owned by the host's user namespace.
 */
u32 vnet_budget_of(const struct net *net)
{
	return net->user_ns == &init_user_ns ? VNET_BUDGET_HOST : VNET_BUDGET_TENANT;
}

/**
 * vnet_budget_take - may one more object be made?
 * @vnet: the vnet that it is for
 *
 * Context: Any.
 * Return: True if so; vnet_budget_give() when it ends.
 */
bool vnet_budget_take(struct vnet *vnet)
{
	struct vnet_net *state = vnet_net(dev_net(vnet->dev));

	if (likely((u32)atomic_inc_return(&state->objects) <= state->max_objects))
		return true;
	atomic_dec(&state->objects);
	vnet_notify_limit(vnet, NULL, VNET_LIMIT_NAMESPACE, state->max_objects);
	return false;
}

/**
 * vnet_budget_give - an object has ended
 * @vnet: the vnet that it was for
 *
 * Context: Any.
 */
void vnet_budget_give(struct vnet *vnet)
{
	atomic_dec(&vnet_net(dev_net(vnet->dev))->objects);
}
