// SPDX-License-Identifier: GPL-2.0
/*
 * Which MAC address an IP address has, as its owner has said in ARP or neighbour discovery.
 *
 * A guest may say anything. What contradicts a living owner is not believed: until one of
 * the two falls silent questions go to everybody, as in any switch, and listeners hear of it.
 */
#include "binding.h"

#include "alarm.h"
#include "budget.h"
#include "fdb.h"
#include "notify.h"
#include "vnet.h"

#define BINDING_FIRST_BITS 4
#define BINDING_LAST_BITS 14
/* After this time without the owner's word all are asked again. */
#define BINDING_FORGET (300 * HZ)
#define BINDING_AGER (30 * HZ)
/* An owner who does not defend his address for this time has lost it to who claims it again. */
#define BINDING_DEFEND (3 * HZ)
/* As long after the last contradiction nobody is believed. */
#define BINDING_TRUCE (30 * HZ)

/**
 * vnet_binding_is_alive_slow - look up where the owner is
 * @vnet: the vnet
 * @binding: the binding
 * @generation: of the FDB, read before
 *
 * Context: RCU read side.
 * Return: False when the FDB does not know his MAC address, or behind another port.
 */
bool vnet_binding_is_alive_slow(struct vnet *vnet, struct vnet_binding *binding, s64 generation)
{
	if (vnet_fdb_port_rcu(&vnet->fdb, vnet_fdb_key(binding->lladdr, binding->vid)) !=
	    binding->port)
		return false;
	WRITE_ONCE(binding->alive, generation);
	return true;
}

static bool binding_is_alive(struct vnet *vnet, struct vnet_binding *binding)
{
	return vnet_binding_is_alive_slow(vnet, binding,
					  atomic64_read_acquire(&vnet->fdb.generation));
}

/**
 * vnet_binding_state - what is to become of a question?
 * @binding: the binding that it is about
 *
 * Context: RCU read side.
 * Return: The state.
 */
enum vnet_binding_state vnet_binding_state(const struct vnet_binding *binding)
{
	unsigned long contested = READ_ONCE(binding->contested);
	unsigned long asked = READ_ONCE(binding->asked);

	if (unlikely(contested) && time_before(jiffies, contested + BINDING_TRUCE))
		return VNET_BINDING_STATE_CONTESTED;
	if (asked && time_after(jiffies, asked + VNET_BINDING_ANSWER))
		return VNET_BINDING_STATE_UNANSWERED;
	return VNET_BINDING_STATE_KNOWN;
}

static void binding_remove(struct vnet *vnet, struct vnet_binding *binding)
{
	lockdep_assert_held(&vnet->bindings.hash.lock);
	vnet_hash_del_locked(&vnet->bindings.hash, &binding->node);
	binding->port->bindings--;
	if (rcu_access_pointer(binding->port->claimed) == binding)
		RCU_INIT_POINTER(binding->port->claimed, NULL);
	vnet_budget_give(vnet);
	kfree_rcu(binding, rcu);
}

static bool binding_has_room(struct vnet_port *port)
{
	u32 max = port->kind == VNET_PORT_KIND_UPLINK ? VNET_BINDINGS_MAX_UPLINK
						      : VNET_BINDINGS_MAX_PORT;

	if (port->vnet->bindings.hash.count >= VNET_BINDINGS_MAX) {
		vnet_notify_limit(port->vnet, port, VNET_LIMIT_BINDING, VNET_BINDINGS_MAX);
		return false;
	}
	if (port->bindings >= max) {
		vnet_notify_limit(port->vnet, port, VNET_LIMIT_BINDING_PORT, max);
		return false;
	}
	return true;
}

static void binding_insert(struct vnet_port *port, u16 vid, const u8 *lladdr,
			   const struct vnet_arp_nd *said)
{
	struct vnet_bindings *bindings = &port->vnet->bindings;
	struct vnet_binding *binding;

	lockdep_assert_held(&bindings->hash.lock);
	if (!binding_has_room(port))
		return;
	binding = vnet_budget_zalloc(port->vnet, NULL, sizeof(*binding));
	if (!binding)
		return;
	binding->addr = said->addr;
	binding->vid = vid;
	ether_addr_copy(binding->lladdr, lladdr);
	binding->port = port;
	binding->role = said->role;
	binding->seen = jiffies;
	/* No generation that there has been. */
	binding->alive = -1;
	port->bindings++;
	vnet_hash_add_locked(&bindings->hash, &binding->node, vnet_binding_hash(&said->addr, vid));
	rcu_assign_pointer(port->claimed, binding);
	queue_delayed_work(system_power_efficient_wq, &bindings->ager, BINDING_AGER);
}

static bool binding_is_of(const struct vnet_binding *binding, const struct vnet_port *port,
			  const u8 *lladdr)
{
	return binding->port == port && ether_addr_equal(binding->lladdr, lladdr);
}

/* The owner has said it again. */
static void binding_confirm(struct vnet_binding *binding, u8 role)
{
	if (unlikely(READ_ONCE(binding->contested)) ||
	    jiffies - READ_ONCE(binding->seen) > VNET_BINDING_STAMP)
		WRITE_ONCE(binding->seen, jiffies);
	if (READ_ONCE(binding->asked))
		WRITE_ONCE(binding->asked, 0);
	if (role != VNET_ROLE_UNKNOWN && READ_ONCE(binding->role) != role)
		WRITE_ONCE(binding->role, role);
}

/*
 * Somebody else says that the address is his. Does he get it? A MAC address that has
 * moved takes its IP addresses along: that is the FDB's to allow.
 */
static bool binding_yields(struct vnet_port *port, struct vnet_binding *binding, u16 vid,
			   const u8 *lladdr)
{
	struct vnet_alarm_notice alarm = {
		.kind = VNET_ALARM_ADDR_DUPLICATE,
		.addr = &binding->addr,
		.vid = vid,
		.lladdr = lladdr,
		.port = port,
		.other_lladdr = binding->lladdr,
		.other_port = binding->port,
	};
	unsigned long now = jiffies | 1;
	bool spoke;

	lockdep_assert_held(&port->vnet->bindings.hash.lock);
	if (!binding_is_alive(port->vnet, binding))
		return true;
	vnet_alarm(port->vnet, &alarm);
	spoke = !binding->contested || !time_before(binding->seen, binding->contested);
	if (!spoke && time_after(now, binding->contested + BINDING_DEFEND))
		return true;
	if (spoke || time_after(now, binding->contested + BINDING_TRUCE))
		WRITE_ONCE(binding->contested, now);
	return false;
}

/**
 * vnet_binding_claim_slow - somebody says that an IP address is his
 * @port: port that the frame came in through, whose source was accepted there
 * @vid: its VLAN
 * @lladdr: its source address
 * @said: what it says
 *
 * Context: RCU read side, BH off.
 */
void vnet_binding_claim_slow(struct vnet_port *port, u16 vid, const u8 *lladdr,
			     const struct vnet_arp_nd *said)
{
	struct vnet *vnet = port->vnet;
	struct vnet_binding *binding = vnet_binding_find_rcu(&vnet->bindings, &said->addr, vid);

	if (likely(binding && binding_is_of(binding, port, lladdr))) {
		binding_confirm(binding, said->role);
		return;
	}
	/* Where addresses are not learned nobody can be asked alone. */
	if (vnet_fdb_port_rcu(&vnet->fdb, vnet_fdb_key(lladdr, vid)) != port)
		return;
	spin_lock_bh(&vnet->bindings.hash.lock);
	binding = vnet_binding_find_rcu(&vnet->bindings, &said->addr, vid);
	if (binding && !binding_is_of(binding, port, lladdr) &&
	    binding_yields(port, binding, vid, lladdr)) {
		binding_remove(vnet, binding);
		binding = NULL;
	}
	if (!binding)
		binding_insert(port, vid, lladdr, said);
	spin_unlock_bh(&vnet->bindings.hash.lock);
}

/* Forgets those of @port, or of all if it is NULL, whose owners have said so @age ago. */
static void bindings_forget(struct vnet *vnet, const struct vnet_port *port, unsigned long age)
{
	struct vnet_bindings *bindings = &vnet->bindings;
	const struct vnet_hash_table *table;
	struct vnet_hash_node *node, *next;
	u32 bucket;

	spin_lock_bh(&bindings->hash.lock);
	table = rcu_dereference_protected(bindings->hash.table,
					  lockdep_is_held(&bindings->hash.lock));
	for (bucket = 0; bucket <= table->mask; bucket++) {
		for (node = vnet_hash_first_rcu(table, bucket); node; node = next) {
			struct vnet_binding *binding =
				container_of(node, struct vnet_binding, node);

			next = vnet_hash_next_rcu(table, node);
			if ((!port || binding->port == port) &&
			    jiffies - READ_ONCE(binding->seen) >= age)
				binding_remove(vnet, binding);
		}
	}
	spin_unlock_bh(&bindings->hash.lock);
}

static void bindings_ager(struct work_struct *work)
{
	struct vnet *vnet = container_of(work, struct vnet, bindings.ager.work);

	vnet_hash_grow(&vnet->bindings.hash);
	bindings_forget(vnet, NULL, BINDING_FORGET);
	if (READ_ONCE(vnet->bindings.hash.count))
		queue_delayed_work(system_power_efficient_wq, &vnet->bindings.ager, BINDING_AGER);
}

/**
 * vnet_bindings_flush - forget bindings
 * @vnet: the vnet
 * @port: only those of this port, or NULL for all
 *
 * Context: Process.
 */
void vnet_bindings_flush(struct vnet *vnet, const struct vnet_port *port)
{
	bindings_forget(vnet, port, 0);
}

/**
 * vnet_bindings_set - say what bindings are good for; then, and when ports have changed
 * @vnet: the vnet
 * @unicast: questions go to owners alone
 *
 * Context: Process, RTNL held.
 */
void vnet_bindings_set(struct vnet *vnet, bool unicast)
{
	const struct vnet_port *port;
	bool on = unicast;

	ASSERT_RTNL();
	list_for_each_entry(port, &vnet->ports, node)
		on |= vnet_port_has(port, VNET_PORT_FLAG_PROXY_ARP) ||
		      vnet_port_has(port, VNET_PORT_FLAG_NEIGH_SUPPRESS);
	WRITE_ONCE(vnet->bindings.unicast, unicast);
	WRITE_ONCE(vnet->bindings.on, on);
	/* What frames on their way still say is forgotten by the ager. */
	if (!on)
		vnet_bindings_flush(vnet, NULL);
}

/**
 * vnet_bindings_init - make an empty table
 * @vnet: the vnet
 *
 * Context: Process.
 * Return: 0 or -ENOMEM.
 */
int vnet_bindings_init(struct vnet *vnet)
{
	INIT_DELAYED_WORK(&vnet->bindings.ager, bindings_ager);
	vnet->bindings.unicast = true;
	vnet->bindings.on = true;
	vnet->bindings.watch_until = jiffies;
	return vnet_hash_init(&vnet->bindings.hash, BINDING_FIRST_BITS, BINDING_LAST_BITS);
}

/**
 * vnet_bindings_exit - end the table of a vnet that has no ports any more
 * @vnet: the vnet
 *
 * Context: Process; after the grace period that follows the last port. Sleeps.
 */
void vnet_bindings_exit(struct vnet *vnet)
{
	cancel_delayed_work_sync(&vnet->bindings.ager);
	vnet_bindings_flush(vnet, NULL);
	vnet_hash_exit(&vnet->bindings.hash);
}
