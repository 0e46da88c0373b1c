// SPDX-License-Identifier: GPL-2.0
/*
 * The spanning tree of a vnet: BPDUs come in and go out, time passes, ports follow.
 *
 * A softirq only puts a BPDU into its port's queue. One work for each vnet takes them out, at
 * most every 10 ms and one of each port before roles are selected, so what BPDUs cost is
 * bounded whoever sends them. The work takes struct vnet_stp.lock and not RTNL, so that it can
 * be waited for under RTNL.
 */
#include "stp.h"

#include <linux/etherdevice.h>
#include <linux/ktime.h>
#include <linux/llc.h>
#include <linux/math64.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/llc_pdu.h>

#include "../deliver.h"
#include "../drop.h"
#include "../port_state.h"
#include "../vnet.h"

#define STP_LLC_SIZE 3
/* From a BPDU's coming in to its being read. */
#define STP_KICK_DELAY max(HZ / 100, 1)
/* The work runs no more often for the clock, in 1/100 s. */
#define STP_MIN_WAIT 10
/* A neighbour that tells of changes all the time does not keep the FDB empty. */
#define STP_FLUSH_INTERVAL (HZ / 5)

static struct vnet_port *stp_port(struct vnet_rstp_port *rstp)
{
	return container_of(rstp, struct vnet_stp_port, rstp)->port;
}

/* In 1/100 s. */
static u64 stp_now(void)
{
	return div_u64(ktime_get_ns(), NSEC_PER_SEC / 100);
}

/*
 * 802.1D-2004 7.12: a frame with LLC to the group of bridges, from the port's own address. A vnic
 * would take its own address for an echo, so it hears from the host adapter's.
 */
static struct sk_buff *stp_build(const struct vnet_port *port, const struct vnet_bpdu *bpdu)
{
	const struct net_device *from = port->kind == VNET_PORT_KIND_VNIC ? port->vnet->dev
									   : port->dev;
	struct sk_buff *skb = alloc_skb(LL_MAX_HEADER + ETH_ZLEN, GFP_KERNEL | __GFP_NOWARN);
	struct ethhdr *eth;
	size_t size;
	u8 *llc;

	if (!skb)
		return NULL;
	skb_reserve(skb, LL_MAX_HEADER);
	eth = skb_put_zero(skb, ETH_ZLEN);
	llc = (u8 *)(eth + 1);
	llc[0] = LLC_SAP_BSPAN;
	llc[1] = LLC_SAP_BSPAN;
	llc[2] = LLC_PDU_TYPE_U;
	size = vnet_bpdu_build(bpdu, llc + STP_LLC_SIZE);
	ether_addr_copy(eth->h_dest, eth_stp_addr);
	ether_addr_copy(eth->h_source, from->dev_addr);
	eth->h_proto = htons(STP_LLC_SIZE + size);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->protocol = htons(ETH_P_802_2);
	skb->priority = TC_PRIO_CONTROL;
	skb->dev = port->dev;
	return skb;
}

/* Without memory the neighbours wait for the next hello. */
static void stp_send(struct vnet_rstp_port *rstp, const struct vnet_bpdu *bpdu)
{
	struct vnet_port *port = stp_port(rstp);
	struct sk_buff *skb = stp_build(port, bpdu);

	if (!skb)
		return;
	local_bh_disable();
	rcu_read_lock();
	vnet_deliver(port, port, skb, VNET_DOOR_TX);
	rcu_read_unlock();
	local_bh_enable();
}

/**
 * vnet_stp_kick - something has happened that the spanning tree wants to know
 * @vnet: the vnet
 *
 * Context: Any.
 */
void vnet_stp_kick(struct vnet *vnet)
{
	if (READ_ONCE(vnet->stp.config.on) && !atomic_xchg(&vnet->stp.kicked, 1))
		mod_delayed_work(system_wq, &vnet->stp.work, STP_KICK_DELAY);
}

/**
 * vnet_stp_receive - a BPDU has come in
 * @port: the port, which takes part
 * @skb: a frame that is one by its destination and LLC, at its Ethernet header; gone afterwards
 *
 * Context: RCU read side, BH off.
 */
void vnet_stp_receive(struct vnet_port *port, struct sk_buff *skb)
{
	unsigned int size = min_t(unsigned int, skb->len - ETH_HLEN,
				  ntohs(eth_hdr(skb)->h_proto));
	struct vnet_stp_port *stp = &port->stp;
	struct vnet_bpdu bpdu;
	u8 bytes[VNET_BPDU_SIZE];

	size = size > STP_LLC_SIZE ? min_t(unsigned int, size - STP_LLC_SIZE, sizeof(bytes)) : 0;
	if (skb_copy_bits(skb, ETH_HLEN + STP_LLC_SIZE, bytes, size) ||
	    !vnet_bpdu_parse(&bpdu, bytes, size)) {
		vnet_drop(port, skb, VNET_DROP_RESERVED_GROUP);
		return;
	}
	spin_lock(&stp->queue_lock);
	if (stp->queued < VNET_STP_QUEUE)
		stp->queue[(stp->first + stp->queued++) % VNET_STP_QUEUE] = bpdu;
	spin_unlock(&stp->queue_lock);
	vnet_stp_kick(port->vnet);
	consume_skb(skb);
}

static bool stp_take(struct vnet_stp_port *stp, struct vnet_bpdu *bpdu)
{
	bool taken;

	spin_lock_bh(&stp->queue_lock);
	taken = stp->queued;
	if (taken) {
		*bpdu = stp->queue[stp->first];
		stp->first = (stp->first + 1) % VNET_STP_QUEUE;
		stp->queued--;
	}
	spin_unlock_bh(&stp->queue_lock);
	return taken;
}

/* The next BPDU of each port. False if there is none. */
static bool stp_receive_all(struct vnet_stp *stp)
{
	struct vnet_rstp_port *rstp;
	struct vnet_bpdu bpdu;
	bool any = false;

	list_for_each_entry(rstp, &stp->rstp.ports, node) {
		if (!stp_take(&stp_port(rstp)->stp, &bpdu))
			continue;
		vnet_rstp_receive(&stp->rstp, rstp, &bpdu);
		any = true;
	}
	return any;
}

static u8 stp_state(const struct vnet_rstp_port *rstp)
{
	if (!rstp->enabled)
		return VNET_PORT_STATE_DISABLED;
	if (rstp->forward)
		return VNET_PORT_STATE_FORWARDING;
	if (rstp->learn)
		return VNET_PORT_STATE_LEARNING;
	if (rstp->role == VNET_PORT_ROLE_ALTERNATE || rstp->role == VNET_PORT_ROLE_BACKUP)
		return VNET_PORT_STATE_BLOCKING;
	return VNET_PORT_STATE_LISTENING;
}

/* Ports do what the machines say: those that stop first, so that there is no loop meanwhile. */
static void stp_follow(struct vnet_stp *stp, bool stops)
{
	struct vnet_rstp_port *rstp;
	struct vnet_port *port;
	bool forwards;
	u8 state;

	list_for_each_entry(rstp, &stp->rstp.ports, node) {
		port = stp_port(rstp);
		state = stp_state(rstp);
		forwards = state == VNET_PORT_STATE_FORWARDING;
		if (stops == forwards ||
		    (state == port->state && port->stp.role == rstp->role))
			continue;
		WRITE_ONCE(port->stp.role, rstp->role);
		vnet_port_set_state(port, state);
	}
}

static void stp_flush(struct vnet_stp *stp)
{
	struct vnet_rstp_port *rstp;

	list_for_each_entry(rstp, &stp->rstp.ports, node) {
		if (!rstp->flush)
			continue;
		rstp->flush = false;
		WRITE_ONCE(stp_port(rstp)->stp.flush, true);
		stp->flush = true;
	}
	if (!stp->flush || time_before(jiffies, stp->flushed + STP_FLUSH_INTERVAL))
		return;
	vnet_fdb_flush(stp->vnet, NULL, VNET_FDB_FLUSH_TOPOLOGY);
	stp->flushed = jiffies;
	stp->flush = false;
	list_for_each_entry(rstp, &stp->rstp.ports, node)
		WRITE_ONCE(stp_port(rstp)->stp.flush, false);
}

static void stp_step(struct vnet_stp *stp)
{
	vnet_rstp_run(&stp->rstp);
	stp_follow(stp, true);
	stp_follow(stp, false);
	stp_flush(stp);
	/* What is said of a port that stops is true by now. */
	vnet_rstp_transmit(&stp->rstp);
}

static void stp_run(struct vnet_stp *stp)
{
	unsigned int rounds = 0, wait;
	struct vnet_rstp_port *rstp;
	u64 now = stp_now();
	bool any;

	lockdep_assert_held(&stp->lock);
	vnet_rstp_elapse(&stp->rstp, min_t(u64, now - stp->ran, U16_MAX));
	stp->ran = now;
	list_for_each_entry(rstp, &stp->rstp.ports, node) {
		const struct vnet_port *port = stp_port(rstp);

		vnet_rstp_enable(&stp->rstp, rstp,
				 vnet_port_is_up(port) && !READ_ONCE(port->blocked_by));
	}
	do {
		any = stp_receive_all(stp);
		stp_step(stp);
	} while (any && ++rounds < VNET_STP_QUEUE);
	wait = max_t(unsigned int, vnet_rstp_wait(&stp->rstp), STP_MIN_WAIT) * HZ / 100;
	if (stp->flush)
		wait = min_t(unsigned int, wait, STP_FLUSH_INTERVAL);
	queue_delayed_work(system_wq, &stp->work, max(wait, 1U));
}

static void stp_work(struct work_struct *work)
{
	struct vnet_stp *stp = container_of(work, struct vnet_stp, work.work);

	/* Who kicks from now on is not seen yet, and kicks again. */
	atomic_set_release(&stp->kicked, 0);
	mutex_lock(&stp->lock);
	if (stp->config.on)
		stp_run(stp);
	mutex_unlock(&stp->lock);
}

/* NICs do not receive the group unless they are told to; members are promiscuous anyway. */
static void stp_listen(const struct vnet_port *port, bool on)
{
	if (port->kind != VNET_PORT_KIND_UPLINK)
		return;
	if (!on)
		dev_mc_del(port->dev, eth_stp_addr);
	else if (dev_mc_add(port->dev, eth_stp_addr))
		netdev_warn(port->dev, "no memory to receive BPDUs: it may hear none\n");
}

static bool stp_wants(const struct vnet_port *port)
{
	return port->vnet->stp.config.on && !port->stp.off &&
	       port->kind != VNET_PORT_KIND_HOST && port->kind != VNET_PORT_KIND_GATEWAY;
}

static void stp_join(struct vnet_port *port)
{
	struct vnet_stp *stp = &port->vnet->stp;
	/* vnet_stp_check() has bounded the ports, so there is one. */
	u16 number = find_next_zero_bit(stp->numbers, VNET_STP_NUMBERS, 1);

	lockdep_assert_held(&stp->lock);
	if (WARN_ON_ONCE(number >= VNET_STP_NUMBERS))
		return;
	__set_bit(number, stp->numbers);
	port->stp.rstp.id = port->stp.priority << 8 | number;
	port->stp.rstp.cost = port->stp.cost;
	port->stp.rstp.edge = port->stp.edge;
	port->stp.rstp.restricted = vnet_port_has(port, VNET_PORT_FLAG_ROOT_BLOCK);
	vnet_rstp_add(&stp->rstp, &port->stp.rstp);
	WRITE_ONCE(port->stp.joined, true);
	stp_listen(port, true);
}

static void stp_leave(struct vnet_port *port)
{
	struct vnet_stp *stp = &port->vnet->stp;

	lockdep_assert_held(&stp->lock);
	if (!port->stp.joined)
		return;
	stp_listen(port, false);
	WRITE_ONCE(port->stp.joined, false);
	WRITE_ONCE(port->stp.role, VNET_PORT_ROLE_DISABLED);
	WRITE_ONCE(port->stp.flush, false);
	vnet_rstp_del(&stp->rstp, &port->stp.rstp);
	__clear_bit(port->stp.rstp.id & (VNET_STP_NUMBERS - 1), stp->numbers);
}

/**
 * vnet_stp_open_port - a port is there, and no frame has come in by it
 * @port: the port
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_stp_open_port(struct vnet_port *port)
{
	struct vnet_stp *stp = &port->vnet->stp;

	ASSERT_RTNL();
	mutex_lock(&stp->lock);
	if (stp_wants(port)) {
		stp_join(port);
		stp_run(stp);
	}
	mutex_unlock(&stp->lock);
}

/**
 * vnet_stp_close_port - a port is about to go
 * @port: the port
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_stp_close_port(struct vnet_port *port)
{
	struct vnet_stp *stp = &port->vnet->stp;

	ASSERT_RTNL();
	mutex_lock(&stp->lock);
	stp_leave(port);
	mutex_unlock(&stp->lock);
	vnet_stp_kick(port->vnet);
}

/* A port takes part from now on, or does not; or as something else. */
static void stp_renew_port(struct vnet_port *port)
{
	bool joined = port->stp.joined;

	if (!stp_wants(port)) {
		stp_leave(port);
		if (joined)
			vnet_port_set_state(port, VNET_PORT_STATE_FORWARDING);
	} else if (!joined) {
		stp_join(port);
	} else {
		port->stp.rstp.id = (port->stp.rstp.id & (VNET_STP_NUMBERS - 1)) |
				    port->stp.priority << 8;
		port->stp.rstp.cost = port->stp.cost;
		port->stp.rstp.restricted = vnet_port_has(port, VNET_PORT_FLAG_ROOT_BLOCK);
		vnet_rstp_set_edge(&port->stp.rstp, port->stp.edge);
	}
}

/**
 * vnet_stp_renew - settings of ports have changed
 * @port: the port
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_stp_renew(struct vnet_port *port)
{
	struct vnet_stp *stp = &port->vnet->stp;

	ASSERT_RTNL();
	mutex_lock(&stp->lock);
	stp_renew_port(port);
	stp->rstp.reselect = true;
	if (stp->config.on)
		stp_run(stp);
	mutex_unlock(&stp->lock);
}

/* The bridge identifier follows the host adapter's address. */
static void stp_set_bridge(struct vnet_stp *stp)
{
	const struct vnet_stp_config *config = &stp->config;
	bool rapid = config->mode == VNET_STP_MODE_RSTP;
	struct vnet_rstp_port *rstp;

	stp->rstp.id = (u64)config->priority << 48 | ether_addr_to_u64(stp->vnet->dev->dev_addr);
	stp->rstp.times = config->times;
	stp->rstp.reselect = true;
	if (stp->rstp.rapid == rapid)
		return;
	stp->rstp.rapid = rapid;
	list_for_each_entry(rstp, &stp->rstp.ports, node)
		vnet_rstp_enable(&stp->rstp, rstp, false);
}

/**
 * vnet_stp_apply - change the spanning tree of a vnet
 * @vnet: the vnet
 * @config: how from now on; vnet_stp_check() has seen it
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_stp_apply(struct vnet *vnet, const struct vnet_stp_config *config)
{
	struct vnet_stp *stp = &vnet->stp;
	struct vnet_port *port;
	bool before;

	ASSERT_RTNL();
	mutex_lock(&stp->lock);
	before = stp->config.on;
	stp->config = *config;
	stp_set_bridge(stp);
	if (before != config->on) {
		stp->ran = stp_now();
		list_for_each_entry(port, &vnet->ports, node)
			stp_renew_port(port);
	}
	if (config->on)
		stp_run(stp);
	mutex_unlock(&stp->lock);
}

/**
 * vnet_stp_init - no spanning tree
 * @vnet: the vnet
 *
 * Context: Process.
 */
void vnet_stp_init(struct vnet *vnet)
{
	struct vnet_stp *stp = &vnet->stp;

	mutex_init(&stp->lock);
	stp->vnet = vnet;
	stp->rstp.send = stp_send;
	stp->rstp.rapid = true;
	vnet_stp_init_config(&stp->config);
	vnet_rstp_init(&stp->rstp);
	INIT_DELAYED_WORK(&stp->work, stp_work);
}

/**
 * vnet_stp_exit - end the spanning tree of a vnet that has no ports any more but the host's
 * @vnet: the vnet
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_stp_exit(struct vnet *vnet)
{
	mutex_lock(&vnet->stp.lock);
	WRITE_ONCE(vnet->stp.config.on, false);
	mutex_unlock(&vnet->stp.lock);
	cancel_delayed_work_sync(&vnet->stp.work);
}
