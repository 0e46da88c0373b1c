// SPDX-License-Identifier: GPL-2.0
/*
 * How much a namespace may remember.
 *
 * Packets make addresses, neighbours, mappings and sessions. A user who owns a namespace
 * may make as many vnets and set their bounds as high as he likes, so the namespace has a
 * bound that he cannot set. He may own many namespaces too: that is why all of it is
 * charged to the memory cgroup of who made the vnet, also in softirqs, which belong to
 * nobody.
 */
#include "budget.h"

#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
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
 * vnet_budget_init - the current process pays for what a new vnet will remember
 * @vnet: the vnet
 *
 * Context: Process.
 */
void vnet_budget_init(struct vnet *vnet)
{
	vnet->memcg = get_mem_cgroup_from_mm(current->mm);
}

/**
 * vnet_budget_exit - nothing will be remembered any more
 * @vnet: the vnet
 *
 * Context: Process, after the grace period that follows the last port.
 */
void vnet_budget_exit(struct vnet *vnet)
{
	mem_cgroup_put(vnet->memcg);
}

/**
 * vnet_budget_charge - from here on memory is charged to who made a vnet
 * @vnet: the vnet
 *
 * Context: Any.
 * Return: For vnet_budget_uncharge().
 */
struct mem_cgroup *vnet_budget_charge(const struct vnet *vnet)
{
	return set_active_memcg(vnet->memcg);
}

/**
 * vnet_budget_uncharge - to here
 * @before: what vnet_budget_charge() has returned
 *
 * Context: As vnet_budget_charge().
 */
void vnet_budget_uncharge(struct mem_cgroup *before)
{
	set_active_memcg(before);
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
 * vnet_budget_zalloc - memory for one more object
 * @vnet: the vnet that it is for
 * @cache: where its kind is from, or NULL for kmalloc()
 * @size: its size in bytes
 *
 * Context: BH off.
 * Return: Zeroes, or NULL when the budget or the memory is used up. vnet_budget_give() when the
 * object ends.
 */
void *vnet_budget_zalloc(struct vnet *vnet, struct kmem_cache *cache, size_t size)
{
	struct mem_cgroup *before;
	void *object;

	if (!vnet_budget_take(vnet))
		return NULL;
	before = vnet_budget_charge(vnet);
	if (cache)
		object = kmem_cache_zalloc(cache, VNET_BUDGET_GFP);
	else
		object = kzalloc(size, VNET_BUDGET_GFP);
	vnet_budget_uncharge(before);
	if (!object)
		vnet_budget_give(vnet);
	return object;
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
