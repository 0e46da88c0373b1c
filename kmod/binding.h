/* SPDX-License-Identifier: GPL-2.0 */
/* Which MAC address an IP address has, as its owner has said. */
#ifndef VNET_BINDING_H
#define VNET_BINDING_H

#include <linux/etherdevice.h>
#include <linux/jiffies.h>
#include <linux/workqueue.h>
#include <uapi/linux/vnet.h>

#include "arp_nd.h"
#include "hash.h"

struct vnet;
struct vnet_port;

/* How exact a time stamp is. */
#define VNET_BINDING_STAMP HZ
/* An owner who is there answers sooner. */
#define VNET_BINDING_ANSWER (HZ / 2)

/* Of a vnet, and of one of its ports. Behind an uplink is a LAN. */
#define VNET_BINDINGS_MAX 16384
#define VNET_BINDINGS_MAX_PORT 1024
#define VNET_BINDINGS_MAX_UPLINK 8192

/**
 * struct vnet_binding - an IP address and its MAC address
 * @node: place in the table
 * @addr: the IP address; constant
 * @vid: VLAN of both, 0 where VLANs are not told apart; constant
 * @lladdr: the MAC address; constant
 * @port: port that the owner has said so on; constant
 * @role: enum vnet_role, what the owner is
 * @seen: jiffies at which he has said so last, at most one second old
 * @asked: jiffies of the first question to him that he has not answered, 0 for none
 * @contested: jiffies since which somebody else says that the address is his, 0 for never; under
 *	the table's lock
 * @alive: generation of the FDB in which the MAC address was found behind the port last
 * @rcu: frees it after its last reader
 *
 * Whether the MAC address is still behind the port is the FDB's to say.
 */
struct vnet_binding {
	struct vnet_hash_node node;
	struct vnet_address addr;
	u16 vid;
	u8 lladdr[ETH_ALEN];
	struct vnet_port *port;
	u8 role;
	unsigned long seen;
	unsigned long asked;
	unsigned long contested;
	s64 alive;
	struct rcu_head rcu;
};

/**
 * struct vnet_bindings - the bindings of a vnet
 * @hash: the table; its lock guards what is said to be under it here and in ports
 * @ager: forgets old ones and grows the table
 * @unicast: questions go to owners alone; changed under RTNL
 * @on: somebody wants bindings: @unicast, or a port; changed under RTNL
 * @watch_until: jiffies until which an answer to a question may come
 */
struct vnet_bindings {
	struct vnet_hash hash;
	struct delayed_work ager;
	bool unicast;
	bool on;
	unsigned long watch_until;
};

int vnet_bindings_init(struct vnet *vnet);
void vnet_bindings_exit(struct vnet *vnet);
void vnet_bindings_flush(struct vnet *vnet, const struct vnet_port *port);
void vnet_bindings_set(struct vnet *vnet, bool unicast);
void vnet_binding_claim_slow(struct vnet_port *port, u16 vid, const u8 *lladdr,
			     const struct vnet_arp_nd *said);
enum vnet_binding_state vnet_binding_state(const struct vnet_binding *binding);
bool vnet_binding_is_alive_slow(struct vnet *vnet, struct vnet_binding *binding, s64 generation);

static inline u32 vnet_binding_hash(const struct vnet_address *addr, u16 vid)
{
	return vnet_hash_key((__force u64)addr->high ^ vid, (__force u64)addr->low);
}

/**
 * vnet_binding_find_rcu - look an IP address up
 * @bindings: where
 * @addr: the address
 * @vid: its VLAN
 *
 * Context: RCU read side, or the table's lock held.
 * Return: The binding or NULL.
 */
static inline struct vnet_binding *
vnet_binding_find_rcu(const struct vnet_bindings *bindings, const struct vnet_address *addr,
		      u16 vid)
{
	const struct vnet_hash_table *table =
		rcu_dereference_check(bindings->hash.table,
				      lockdep_is_held(&bindings->hash.lock));
	u32 hash = vnet_binding_hash(addr, vid);
	struct vnet_hash_node *node;

	vnet_hash_for_each_match_rcu(table, hash, node) {
		struct vnet_binding *binding = container_of(node, struct vnet_binding, node);

		if (vnet_address_equal(&binding->addr, addr) && binding->vid == vid)
			return binding;
	}
	return NULL;
}

/* Does the binding say what a frame says? Its port is right already. */
static inline bool vnet_binding_says(const struct vnet_binding *binding, u16 vid,
				     const u8 *lladdr, const struct vnet_address *addr)
{
	return vnet_address_equal(&binding->addr, addr) && binding->vid == vid &&
	       ether_addr_equal(binding->lladdr, lladdr);
}

/* Nothing is to be written down of what the owner says again. */
static inline bool vnet_binding_is_quiet(const struct vnet_binding *binding)
{
	return !(READ_ONCE(binding->asked) | READ_ONCE(binding->contested)) &&
	       jiffies - READ_ONCE(binding->seen) <= VNET_BINDING_STAMP;
}

#endif
