// SPDX-License-Identifier: GPL-2.0
/*
 * The door of netdevs that are watched and not enslaved.
 *
 * A NIC keeps its address, its routes, its DHCP client and its place in a bond or
 * bridge. Netdev hooks see what it receives, for guests behind NAT and for guests on
 * its LAN, and what the host sends, which may be for guests on its LAN too. All else
 * passes untouched.
 */
#include "uplink.h"

#include <linux/etherdevice.h>
#include <linux/netfilter_netdev.h>

#include "fdb_cache.h"
#include "forward.h"
#include "input.h"
#include "mtu.h"
#include "nat/door.h"
#include "refuse.h"
#include "vnet.h"
#include "vnic.h"
#include "wire.h"

/**
 * struct vnet_uplink - a watched netdev
 * @node: place in struct vnet_net.uplinks; under RTNL
 * @dev: the netdev
 * @port: port of the vnet that shares it, or NULL; changed under RTNL
 * @nat: it may receive packets for guests behind NAT; changed under RTNL
 * @ingress: hook on what it receives
 * @egress: hook on what the host sends, registered while there is a port
 * @rcu: frees it after its last reader
 */
struct vnet_uplink {
	struct list_head node;
	struct net_device *dev;
	struct vnet_port __rcu *port;
	bool nat;
	struct nf_hook_ops ingress;
	struct nf_hook_ops egress;
	struct rcu_head rcu;
};

/*
 * Frames that come back: the copy of a guest's broadcast that its own host received,
 * or a LAN that reflects. A guest's address does not move to the LAN while it is
 * known on its port.
 */
static bool uplink_is_echo(const struct vnet_port *port, const struct vnet_fdb_cache *cache,
			   u64 source)
{
	const struct vnet_port *owner;

	if (likely(cache->src == source))
		return false;
	owner = vnet_fdb_port_rcu(&port->vnet->fdb, source);
	return owner && owner != port;
}

/* Is the frame for a guest of the LAN, unless it is an echo? Groups are for guests as well. */
static bool uplink_wants(struct vnet_port *port, const struct sk_buff *skb,
			 const struct ethhdr *eth, bool *is_echo)
{
	struct vnet_fdb_cache *cache = vnet_fdb_cache(port);
	const struct vnet_port *to;
	u16 vid = 0;

	if (unlikely(vnet_port_has(port, VNET_PORT_FLAG_VLANS)))
		vid = vnet_vlan_of(port, skb, eth);
	if (!is_multicast_ether_addr(eth->h_dest)) {
		to = vnet_fdb_find(port, cache, vnet_fdb_key(eth->h_dest, vid));
		if (!to || to == port)
			return false;
	}
	*is_echo = uplink_is_echo(port, cache, vnet_fdb_key(eth->h_source, vid));
	return true;
}

static void uplink_input_copy(struct vnet_port *port, struct sk_buff *skb, unsigned int push,
			      enum vnet_door door)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (!copy) {
		vnet_drop_count(port, VNET_DROP_NO_MEMORY);
		return;
	}
	skb_push(copy, push);
	vnet_input(port, copy, door);
}

/* BPDUs of the LAN are the host's too; the vnet hears them if it takes part, or has a guard. */
static void uplink_hear(struct vnet_port *port, struct sk_buff *skb, unsigned int push,
			enum vnet_door door)
{
	if (door == VNET_DOOR_RX &&
	    (READ_ONCE(port->stp.joined) || vnet_port_has(port, VNET_PORT_FLAG_GUARD)))
		uplink_input_copy(port, skb, push, door);
}

/* A probe of the loop guard is an echo too. */
static void uplink_hear_probe(struct vnet_port *port, struct sk_buff *skb, unsigned int push,
			      enum vnet_door door)
{
	const struct ethhdr *eth = (const struct ethhdr *)(skb->data - push);

	if (READ_ONCE(port->vnet->loop_guard.seconds) && door == VNET_DOOR_RX &&
	    ether_addr_equal(eth->h_dest, vnet_loop_guard_group))
		uplink_input_copy(port, skb, push, door);
}

/*
 * Can the core go on with what it holds, as a frame of another netdev? Not if another hook, or a
 * packet socket of one protocol, would then see a frame of the NIC that is not the NIC's any more.
 */
static __always_inline bool uplink_can_go_on(const struct net_device *dev,
					     const struct sk_buff *skb)
{
	const struct nf_hook_entries *hooks = rcu_dereference(dev->nf_hooks_ingress);

	return !skb_shared(skb) && hooks && hooks->num_hook_entries == 1 &&
	       list_empty(&dev->ptype_specific);
}

static unsigned int uplink_switch(struct vnet_port *port, struct sk_buff *skb, unsigned int push,
				  enum vnet_door door)
{
	const struct ethhdr *eth = (const struct ethhdr *)(skb->data - push);
	bool is_echo;

	if (unlikely(is_link_local_ether_addr(eth->h_dest))) {
		uplink_hear(port, skb, push, door);
		return NF_ACCEPT;
	}
	if (ether_addr_equal(eth->h_dest, port->dev->dev_addr) ||
	    !uplink_wants(port, skb, eth, &is_echo))
		return NF_ACCEPT;
	if (unlikely(is_echo)) {
		uplink_hear_probe(port, skb, push, door);
		return NF_ACCEPT;
	}
	if (is_multicast_ether_addr(eth->h_dest)) {
		uplink_input_copy(port, skb, push, door);
		return NF_ACCEPT;
	}
	if (door == VNET_DOOR_RX && likely(uplink_can_go_on(port->dev, skb)))
		door = VNET_DOOR_HOOK;
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb) {
		vnet_drop_count(port, VNET_DROP_NO_MEMORY);
		return NF_STOLEN;
	}
	skb_push(skb, push);
	return vnet_input(port, skb, door) == VNET_PASS ? NF_ACCEPT : NF_STOLEN;
}

/*
 * The short cut for a frame that is like the last one, to a guest: of all that uplink_switch()
 * and vnet_input() ask, nothing has another answer. NULL if it has to be asked.
 */
static __always_inline struct vnet_port *uplink_again(const struct vnet_port *port,
						      const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)(skb->data - ETH_HLEN);

	if (unlikely(READ_ONCE(port->flags) & VNET_PORT_LOOKS) || vnet_input_is_traced() ||
	    unlikely(!uplink_can_go_on(port->dev, skb)))
		return NULL;
	return vnet_input_again(port, eth, 0);
}

/* RX path entry point for uplinks. RCU read side, BH off; @skb is at its network header. */
static unsigned int uplink_ingress(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	struct vnet_uplink *uplink = priv;
	struct vnet_port *port, *to;

	if (READ_ONCE(uplink->nat) && skb->protocol == htons(ETH_P_IP) &&
	    vnet_nat_door_receive(skb))
		return NF_STOLEN;
	port = rcu_dereference(uplink->port);
	if (!port || skb->pkt_type == PACKET_LOOPBACK)
		return NF_ACCEPT;
	to = uplink_again(port, skb);
	if (unlikely(!to))
		return uplink_switch(port, skb, ETH_HLEN, VNET_DOOR_RX);
	__skb_push(skb, ETH_HLEN);
	vnet_stats_rx(&port->cpu->stats, skb->len);
	return vnet_deliver(port, to, skb, VNET_DOOR_HOOK) == VNET_PASS ? NF_ACCEPT : NF_STOLEN;
}

/* TX path entry point for what the host sends by its NIC; @skb is at its Ethernet header. */
unsigned int vnet_uplink_egress(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct vnet_uplink *uplink = priv;
	struct vnet_port *port = rcu_dereference(uplink->port);

	if (!port || vnet_wire_sends(skb) || skb_headlen(skb) < ETH_HLEN)
		return NF_ACCEPT;
	return uplink_switch(port, skb, 0, VNET_DOOR_TX);
}

static struct vnet_uplink *uplink_find(const struct net_device *dev)
{
	struct vnet_uplink *uplink;

	list_for_each_entry(uplink, &vnet_net(dev_net(dev))->uplinks, node)
		if (uplink->dev == dev)
			return uplink;
	return NULL;
}

static void uplink_hook(struct vnet_uplink *uplink, struct nf_hook_ops *ops, nf_hookfn *function,
			unsigned int hooknum)
{
	*ops = (struct nf_hook_ops){
		.hook = function,
		.dev = uplink->dev,
		.priv = uplink,
		.pf = NFPROTO_NETDEV,
		.hooknum = hooknum,
		.priority = INT_MIN,
	};
}

static struct vnet_uplink *uplink_get(struct net_device *dev, struct netlink_ext_ack *extack)
{
	struct vnet_uplink *uplink = uplink_find(dev);
	int err;

	ASSERT_RTNL();
	if (uplink)
		return uplink;
	uplink = kzalloc(sizeof(*uplink), GFP_KERNEL_ACCOUNT);
	if (!uplink)
		return ERR_PTR(-ENOMEM);
	uplink->dev = dev;
	uplink_hook(uplink, &uplink->ingress, uplink_ingress, NF_NETDEV_INGRESS);
	uplink_hook(uplink, &uplink->egress, vnet_uplink_egress, NF_NETDEV_EGRESS);
	err = nf_register_net_hook(dev_net(dev), &uplink->ingress);
	if (err) {
		VNET_REFUSE(extack, "%s cannot be watched: the kernel refused an ingress hook",
			    dev->name);
		kfree(uplink);
		return ERR_PTR(err);
	}
	list_add_tail(&uplink->node, &vnet_net(dev_net(dev))->uplinks);
	return uplink;
}

/* Hooks are gone when the call returns, but their last runs may not be over: free after RCU. */
static void uplink_put(struct vnet_uplink *uplink)
{
	if (rcu_access_pointer(uplink->port) || uplink->nat)
		return;
	nf_unregister_net_hook(dev_net(uplink->dev), &uplink->ingress);
	list_del(&uplink->node);
	kfree_rcu(uplink, rcu);
}

/* Why the netdev cannot be the uplink, as the end of a sentence; NULL if it can. */
static const char *uplink_misfit(const struct vnet *vnet, struct net_device *dev)
{
	const char *why = vnet_port_misfit(vnet, dev);

	if (why)
		return why;
	if (vnet_compat_is_wireless(dev))
		return "is a wireless NIC, whose access point refuses other MAC addresses";
	if (netif_is_bridge_port(dev) || netdev_master_upper_dev_get(dev))
		return "belongs to another bridge, bond or vnet";
	if (vnet_is_vnic(dev) && vnet_vnic_port(dev) && vnet_vnic_port(dev)->vnet == vnet)
		return "is a vnic of this vnet";
	return NULL;
}

static int uplink_check(const struct vnet *vnet, struct net_device *dev,
			struct netlink_ext_ack *extack)
{
	struct vnet_uplink *uplink = uplink_find(dev);
	struct vnet_port *other = uplink ? rtnl_dereference(uplink->port) : NULL;
	const char *why = uplink_misfit(vnet, dev);

	if (why) {
		VNET_REFUSE(extack, "%s cannot be the uplink of %s: it %s", dev->name,
			    vnet->dev->name, why);
		return -EINVAL;
	}
	if (other) {
		VNET_REFUSE(extack, "%s is the uplink of %s already", dev->name,
			    other->vnet->dev->name);
		return -EBUSY;
	}
	return 0;
}

/* NICs without a filter list have to receive everything. */
static int uplink_filter(struct vnet *vnet, struct net_device *dev)
{
	if (!(dev->priv_flags & IFF_UNICAST_FLT))
		return dev_set_promiscuity(dev, 1);
	vnet_fdb_set_filter(vnet, dev);
	return 0;
}

static void uplink_unfilter(struct vnet *vnet, struct net_device *dev)
{
	if (vnet->fdb.filter_dev)
		vnet_fdb_set_filter(vnet, NULL);
	else
		dev_set_promiscuity(dev, -1);
}

/**
 * vnet_uplink_open - let a vnet share a NIC
 * @vnet: the vnet, without an uplink
 * @dev: the NIC
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held. Sleeps on failure.
 * Return: 0 or a negative error; nothing is changed then.
 */
int vnet_uplink_open(struct vnet *vnet, struct net_device *dev, struct netlink_ext_ack *extack)
{
	struct vnet_uplink *uplink;
	struct vnet_port *port;
	int err;

	err = uplink_check(vnet, dev, extack);
	if (err)
		return err;
	uplink = uplink_get(dev, extack);
	if (IS_ERR(uplink))
		return PTR_ERR(uplink);
	port = vnet_port_add(vnet, VNET_PORT_KIND_UPLINK, dev, extack);
	if (IS_ERR(port)) {
		err = PTR_ERR(port);
		goto put_uplink;
	}
	err = vnet_port_set_lladdr(port, dev->dev_addr, extack);
	if (err)
		goto del_port;
	err = uplink_filter(vnet, dev);
	if (err)
		goto del_port;
	err = nf_register_net_hook(dev_net(dev), &uplink->egress);
	if (err) {
		VNET_REFUSE(extack, "%s cannot be shared: the kernel refused an egress hook",
			    dev->name);
		goto unfilter;
	}
	/* A frame that was merged without a way to split it again cannot be forwarded. */
	dev_disable_lro(dev);
	set_bit(VNET_PORT_FLAG_LEARNING, &port->flags);
	rcu_assign_pointer(vnet->uplink_port, port);
	rcu_assign_pointer(uplink->port, port);
	vnet_stp_open_port(port);
	err = vnet_mtu_follow(vnet, extack);
	if (err)
		vnet_uplink_close(vnet);
	return err;

unfilter:
	uplink_unfilter(vnet, dev);
del_port:
	vnet_port_del(port);
put_uplink:
	uplink_put(uplink);
	return err;
}

/**
 * vnet_uplink_close - a vnet shares its NIC no more
 * @vnet: the vnet; nothing happens if it has no uplink
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_uplink_close(struct vnet *vnet)
{
	struct vnet_port *port = rtnl_dereference(vnet->uplink_port);
	struct vnet_uplink *uplink;
	struct net_device *dev;

	if (!port)
		return;
	dev = port->dev;
	uplink = uplink_find(dev);
	RCU_INIT_POINTER(uplink->port, NULL);
	RCU_INIT_POINTER(vnet->uplink_port, NULL);
	nf_unregister_net_hook(dev_net(dev), &uplink->egress);
	uplink_unfilter(vnet, dev);
	vnet_stp_close_port(port);
	vnet_port_del(port);
	uplink_put(uplink);
	vnet_mtu_recover(vnet);
}

/**
 * vnet_uplink_watch - look for packets to guests behind NAT on a netdev
 * @dev: the netdev
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0 or a negative error.
 */
int vnet_uplink_watch(struct net_device *dev, struct netlink_ext_ack *extack)
{
	struct vnet_uplink *uplink = uplink_get(dev, extack);

	if (IS_ERR(uplink))
		return PTR_ERR(uplink);
	WRITE_ONCE(uplink->nat, true);
	return 0;
}

/**
 * vnet_uplink_unwatch - do so no more
 * @dev: the netdev; nothing happens if it is not watched
 *
 * Context: Process, RTNL held.
 */
void vnet_uplink_unwatch(struct net_device *dev)
{
	struct vnet_uplink *uplink = uplink_find(dev);

	if (!uplink)
		return;
	WRITE_ONCE(uplink->nat, false);
	uplink_put(uplink);
}

/**
 * vnet_uplink_port - the port that a NIC is the uplink of
 * @dev: any netdev
 *
 * Context: RTNL held.
 * Return: The port or NULL.
 */
struct vnet_port *vnet_uplink_port(const struct net_device *dev)
{
	struct vnet_uplink *uplink = uplink_find(dev);

	return uplink ? rtnl_dereference(uplink->port) : NULL;
}

/**
 * vnet_uplink_gone - a netdev leaves the namespace
 * @dev: the netdev
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_uplink_gone(struct net_device *dev)
{
	struct vnet_port *port = vnet_uplink_port(dev);

	if (port)
		vnet_uplink_close(port->vnet);
	vnet_uplink_unwatch(dev);
}
