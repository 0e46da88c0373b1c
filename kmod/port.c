// SPDX-License-Identifier: GPL-2.0
/* Where something plugs into a vnet: birth, settings and burial of ports. */
#include "port.h"

#include <linux/if_arp.h>
#include <net/netlink.h>

#include "backup.h"
#include "notify.h"
#include "port_state.h"
#include "refuse.h"
#include "vnet.h"

static void port_free_rcu(struct rcu_head *rcu)
{
	struct vnet_port *port = container_of(rcu, struct vnet_port, rcu);

	vnet_vlans_exit(port);
	free_percpu(port->cpu);
	kfree(port);
}

static void port_init_cpu(struct vnet_port_cpu *cpu)
{
	cpu->cache.dst = VNET_FDB_NO_KEY;
	cpu->cache.src = VNET_FDB_NO_KEY;
	u64_stats_init(&cpu->stats.syncp);
}

/* Guests count; the host adapter, the gateway and the uplink do not. */
static bool port_is_guest(const struct vnet_port *port)
{
	return port->kind == VNET_PORT_KIND_MEMBER || port->kind == VNET_PORT_KIND_VNIC;
}

static u32 port_number(struct vnet *vnet, enum vnet_port_kind kind)
{
	switch (kind) {
	case VNET_PORT_KIND_HOST:
		return VNET_PORT_NUMBER_HOST;
	case VNET_PORT_KIND_GATEWAY:
		return VNET_PORT_NUMBER_GATEWAY;
	case VNET_PORT_KIND_UPLINK:
		return VNET_PORT_NUMBER_UPLINK;
	default:
		return vnet->next_number++;
	}
}

/**
 * vnet_port_notify - tell that a port was made, has changed or is gone
 * @port: the port
 * @command: VNET_CMD_PORT_NEW_NTF or VNET_CMD_PORT_DEL_NTF
 *
 * Context: Process, RTNL held.
 */
void vnet_port_notify(struct vnet_port *port, u8 command)
{
	struct vnet_notice notice = { .command = command, .vnet = port->vnet, .port = port };

	vnet_net_changed(dev_net(port->vnet->dev));
	vnet_notify(&notice);
}

/**
 * vnet_port_add - make a port and show it to the packet path
 * @vnet: the vnet
 * @kind: what is behind the port
 * @dev: netdev behind it; NULL for the gateway
 * @extack: where a refusal is explained
 *
 * Frames can be sent to the port when this returns; frames come in when the
 * caller opens its door.
 *
 * Context: Process, RTNL held.
 * Return: The port, or an error pointer: -ENOMEM, or -ENOSPC when the vnet has
 * all the ports that it may have.
 */
struct vnet_port *vnet_port_add(struct vnet *vnet, enum vnet_port_kind kind, struct net_device *dev,
				struct netlink_ext_ack *extack)
{
	struct vnet_port *port;
	int cpu;

	ASSERT_RTNL();
	port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
	if (!port)
		return ERR_PTR(-ENOMEM);
	port->kind = kind;
	if (port_is_guest(port) && vnet->n_ports >= vnet->max_ports) {
		VNET_REFUSE(extack, "vnet %s has %u ports, which is all that it may have",
			    vnet->dev->name, vnet->n_ports);
		kfree(port);
		return ERR_PTR(-ENOSPC);
	}
	port->cpu = __alloc_percpu_gfp(sizeof(*port->cpu), SMP_CACHE_BYTES, GFP_KERNEL_ACCOUNT);
	if (!port->cpu) {
		kfree(port);
		return ERR_PTR(-ENOMEM);
	}
	for_each_possible_cpu(cpu)
		port_init_cpu(per_cpu_ptr(port->cpu, cpu));

	port->vnet = vnet;
	port->dev = dev;
	port->flags = BIT(VNET_PORT_FLAG_UNICAST_FLOOD) | BIT(VNET_PORT_FLAG_MCAST_FLOOD) |
		      BIT(VNET_PORT_FLAG_BCAST_FLOOD);
	/* The host may have macvlans or a bridge on top of its adapter. */
	if (port_is_guest(port) || kind == VNET_PORT_KIND_HOST)
		port->flags |= BIT(VNET_PORT_FLAG_LEARNING);
	port->state = VNET_PORT_STATE_FORWARDING;
	port->fdb_max = VNET_PORT_MAX_LEARNED;
	port->max_sessions = VNET_PORT_DEFAULT_SESSIONS;
	port->number = port_number(vnet, kind);
	vnet_vlans_init(port);
	port->stp.port = port;
	port->stp.priority = VNET_STP_DEFAULT_PRIORITY;
	port->stp.cost = VNET_STP_DEFAULT_COST;
	if (kind == VNET_PORT_KIND_MEMBER || kind == VNET_PORT_KIND_UPLINK)
		port->stp.cost = vnet_stp_cost(dev);
	/* An uplink is an edge of the LAN: a BPDU might close the switch's port to the host. */
	port->stp.off = kind == VNET_PORT_KIND_UPLINK;
	spin_lock_init(&port->stp.queue_lock);
	vnet_mcast_port_init(port);
	if (port_is_guest(port))
		vnet->n_ports++;
	if (dev)
		netdev_hold(dev, &port->tracker, GFP_KERNEL);
	list_add_tail_rcu(&port->node, &vnet->ports);
	vnet_port_notify(port, VNET_CMD_PORT_NEW_NTF);
	return port;
}

/**
 * vnet_port_unlink - hide a port from the packet path
 * @port: the port, whose door the caller has closed
 * @doomed: collects ports for vnet_ports_bury()
 *
 * Context: Process, RTNL held.
 */
void vnet_port_unlink(struct vnet_port *port, struct list_head *doomed)
{
	ASSERT_RTNL();
	list_del_rcu(&port->node);
	list_add_tail(&port->doomed, doomed);
	vnet_backup_gone(port);
	if (vnet_port_has(port, VNET_PORT_FLAG_PROXY_ARP) ||
	    vnet_port_has(port, VNET_PORT_FLAG_NEIGH_SUPPRESS))
		vnet_bindings_set(port->vnet, port->vnet->bindings.unicast);
	if (port_is_guest(port))
		port->vnet->n_ports--;
}

/**
 * vnet_ports_bury - end ports that were unlinked
 * @doomed: the ports; empty afterwards
 *
 * A packet that found a port before vnet_port_unlink() may still learn an address
 * on it or make a NAT session for it. The grace period waits for all of those.
 * After it, what refers to the port can be found and removed, and nothing new can
 * come. Readers that found such a reference are waited for by RCU, which frees the
 * references and then the port in that order.
 *
 * One grace period serves the whole list, because a vnet may have a thousand ports.
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_ports_bury(struct list_head *doomed)
{
	struct vnet_port *port, *next;

	ASSERT_RTNL();
	if (list_empty(doomed))
		return;
	synchronize_net();
	list_for_each_entry_safe(port, next, doomed, doomed) {
		list_del(&port->doomed);
		vnet_fdb_flush(port->vnet, port, VNET_FDB_FLUSH_ALL);
		vnet_bindings_flush(port->vnet, port);
		vnet_mcast_port_close(port);
		vnet_nat_close_port(port);
		vnet_port_notify(port, VNET_CMD_PORT_DEL_NTF);
		if (port->dev)
			netdev_put(port->dev, &port->tracker);
		call_rcu(&port->rcu, port_free_rcu);
	}
}

/**
 * vnet_port_del - end one port
 * @port: the port, whose door the caller has closed
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_port_del(struct vnet_port *port)
{
	LIST_HEAD(doomed);

	vnet_port_unlink(port, &doomed);
	vnet_ports_bury(&doomed);
}

/**
 * vnet_port_set_lladdr - say which MAC address is local to a port
 * @port: the port
 * @lladdr: the address; replaces the one before
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held. Sleeps.
 * Return: 0, -EINVAL for a group or zero address, or -EEXIST when the address is static or
 * local on another port; the address before then stays.
 */
int vnet_port_set_lladdr(struct vnet_port *port, const u8 *lladdr, struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	if (ether_addr_equal(port->lladdr, lladdr))
		return 0;
	err = vnet_fdb_add(port, lladdr, 0, VNET_FDB_STATE_LOCAL, extack);
	if (err)
		return err;
	if (!is_zero_ether_addr(port->lladdr))
		vnet_fdb_del_local(port, port->lladdr);
	ether_addr_copy(port->lladdr, lladdr);
	return 0;
}

const struct vnet_port_switch vnet_port_switches[] = {
#define X(name) { VNET_PORT_##name, VNET_PORT_FLAG_##name },
	VNET_PORT_SWITCHES(X)
#undef X
};

/**
 * vnet_port_put_switches - say which switches of a port are on
 * @skb: message
 * @port: the port
 *
 * Context: Any.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_port_put_switches(struct sk_buff *skb, const struct vnet_port *port)
{
	const struct vnet_port_switch *one;

	for (one = vnet_port_switches; one < vnet_port_switches + VNET_PORT_N_SWITCHES; one++)
		if (nla_put_u8(skb, one->attr, vnet_port_has(port, one->flag)))
			return -EMSGSIZE;
	return 0;
}

/**
 * vnet_port_check - can the settings of a port be changed so?
 * @port: the port
 * @attrs: attribute set "port", already validated against its policy
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0 or a negative error: -EOPNOTSUPP when the setting means nothing for this kind of port.
 */
int vnet_port_check(struct vnet_port *port, struct nlattr *attrs[], struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	if (port->kind == VNET_PORT_KIND_GATEWAY) {
		VNET_REFUSE(extack, "the gateway's port of vnet %s has no settings",
			    port->vnet->dev->name);
		return -EOPNOTSUPP;
	}
	if (attrs[VNET_PORT_MAX_SESSIONS] && !port_is_guest(port)) {
		VNET_REFUSE_ATTR(extack, attrs[VNET_PORT_MAX_SESSIONS],
				 "port %s is no guest's and has no NAT sessions",
				 vnet_port_name(port));
		return -EOPNOTSUPP;
	}
	/* The host and the LAN have what comes in by the uplink: a copy back would go round. */
	if (attrs[VNET_PORT_HAIRPIN] && nla_get_u8(attrs[VNET_PORT_HAIRPIN]) &&
	    !port_is_guest(port)) {
		VNET_REFUSE_ATTR(extack, attrs[VNET_PORT_HAIRPIN],
				 "port %s is no guest's and gets no frames back",
				 vnet_port_name(port));
		return -EOPNOTSUPP;
	}
	err = vnet_port_check_state(port, attrs, extack) ?:
	      vnet_stp_check_port(port, attrs, extack);
	if (err)
		return err;
	return vnet_private_vlan_check(port, attrs, extack) ?:
	       vnet_backup_check(port, attrs[VNET_PORT_BACKUP_PORT], extack);
}

/**
 * vnet_port_apply - change the settings of a port
 * @port: the port
 * @attrs: attribute set "port", which vnet_port_check() has seen
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_port_apply(struct vnet_port *port, struct nlattr *attrs[])
{
	const struct vnet_port_switch *one;

	ASSERT_RTNL();
	/* Before the bit is set: who has reported until now is not known. */
	if (attrs[VNET_PORT_MCAST_TO_UNICAST])
		vnet_mcast_set_to_unicast(port, nla_get_u8(attrs[VNET_PORT_MCAST_TO_UNICAST]));
	for (one = vnet_port_switches; one < vnet_port_switches + VNET_PORT_N_SWITCHES; one++)
		if (attrs[one->attr])
			assign_bit(one->flag, &port->flags, nla_get_u8(attrs[one->attr]));
	if (attrs[VNET_PORT_FDB_OVERFLOW])
		assign_bit(VNET_PORT_FLAG_OVERFLOW_DROPS, &port->flags,
			   nla_get_u32(attrs[VNET_PORT_FDB_OVERFLOW]) == VNET_FDB_OVERFLOW_DROP);
	vnet_private_vlan_apply(port, attrs);
	vnet_storm_apply(port, attrs);
	vnet_backup_apply(port, attrs[VNET_PORT_BACKUP_PORT]);
	vnet_bindings_set(port->vnet, port->vnet->bindings.unicast);
	if (attrs[VNET_PORT_MCAST_ROUTER])
		vnet_mcast_set_router(port, nla_get_u8(attrs[VNET_PORT_MCAST_ROUTER]));
	if (attrs[VNET_PORT_MCAST_MAX_GROUPS])
		WRITE_ONCE(port->mcast.max_groups, nla_get_u32(attrs[VNET_PORT_MCAST_MAX_GROUPS]));
	if (attrs[VNET_PORT_FDB_MAX_LEARNED])
		WRITE_ONCE(port->fdb_max, nla_get_u32(attrs[VNET_PORT_FDB_MAX_LEARNED]));
	if (attrs[VNET_PORT_MAX_SESSIONS])
		WRITE_ONCE(port->max_sessions, nla_get_u32(attrs[VNET_PORT_MAX_SESSIONS]));
	vnet_port_apply_state(port, attrs);
	vnet_stp_apply_port(port, attrs);
	vnet_port_notify(port, VNET_CMD_PORT_NEW_NTF);
}

/**
 * vnet_port_change - change the settings of a port if that can be
 * @port: the port
 * @attrs: attribute set "port", already validated against its policy
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held. Sleeps.
 * Return: 0, or what vnet_port_check() says; nothing is changed then.
 */
int vnet_port_change(struct vnet_port *port, struct nlattr *attrs[], struct netlink_ext_ack *extack)
{
	int err = vnet_port_check(port, attrs, extack);

	if (!err)
		vnet_port_apply(port, attrs);
	return err;
}

/**
 * vnet_port_by_number - find a port
 * @vnet: the vnet
 * @number: number of the port
 *
 * Context: RTNL held, or RCU read side.
 * Return: The port or NULL.
 */
struct vnet_port *vnet_port_by_number(struct vnet *vnet, u32 number)
{
	struct vnet_port *port;

	list_for_each_entry_rcu(port, &vnet->ports, node, lockdep_rtnl_is_held())
		if (port->number == number)
			return port;
	return NULL;
}

/**
 * vnet_port_by_dev - find the port that a netdev is behind
 * @vnet: the vnet
 * @dev: the netdev
 *
 * Context: RTNL held, or RCU read side.
 * Return: The port or NULL.
 */
struct vnet_port *vnet_port_by_dev(struct vnet *vnet, const struct net_device *dev)
{
	struct vnet_port *port;

	list_for_each_entry_rcu(port, &vnet->ports, node, lockdep_rtnl_is_held())
		if (port->dev == dev)
			return port;
	return NULL;
}

/**
 * vnet_port_totals - add up the counters of all CPUs
 * @port: the port
 * @totals: filled
 *
 * Context: Any.
 */
void vnet_port_totals(const struct vnet_port *port, struct vnet_port_totals *totals)
{
	struct vnet_port_totals one;
	unsigned int start, i;
	int cpu;

	memset(totals, 0, sizeof(*totals));
	for_each_possible_cpu(cpu) {
		const struct vnet_port_stats *stats = &per_cpu_ptr(port->cpu, cpu)->stats;

		do {
			start = u64_stats_fetch_begin(&stats->syncp);
			one.rx_packets = u64_stats_read(&stats->rx_packets);
			one.rx_bytes = u64_stats_read(&stats->rx_bytes);
			one.tx_packets = u64_stats_read(&stats->tx_packets);
			one.tx_bytes = u64_stats_read(&stats->tx_bytes);
			for (i = 0; i < VNET_DROP_COUNT; i++)
				one.drops[i] = u64_stats_read(&stats->drops[i]);
		} while (u64_stats_fetch_retry(&stats->syncp, start));
		totals->rx_packets += one.rx_packets;
		totals->rx_bytes += one.rx_bytes;
		totals->tx_packets += one.tx_packets;
		totals->tx_bytes += one.tx_bytes;
		for (i = 0; i < VNET_DROP_COUNT; i++)
			totals->drops[i] += one.drops[i];
	}
}

/**
 * vnet_port_misfit - why no port of a vnet can be made for a netdev, whatever its kind
 * @vnet: the vnet
 * @dev: the netdev
 *
 * Context: RTNL held.
 * Return: NULL if one can, or the end of a sentence that begins with the netdev's name.
 */
const char *vnet_port_misfit(const struct vnet *vnet, const struct net_device *dev)
{
	if (dev == vnet->dev)
		return "is the vnet itself";
	if (dev->flags & IFF_LOOPBACK)
		return "is a loopback device";
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN)
		return "does not carry Ethernet frames";
	return NULL;
}

/**
 * vnet_port_name - what to call a port in a sentence
 * @port: the port
 *
 * Context: RTNL held, or RCU read side.
 * Return: The netdev's name, or "gateway".
 */
const char *vnet_port_name(const struct vnet_port *port)
{
	return port->dev ? port->dev->name : "gateway";
}
