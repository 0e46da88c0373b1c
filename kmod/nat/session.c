// SPDX-License-Identifier: GPL-2.0
/*
 * One flow through NAT, in both directions: birth, life and end.
 *
 * A session is found by either of its tuples. Readers hold RCU; births and ends are
 * under the table's lock. Both directions are in the table before the first packet
 * leaves, so that there is no moment in which two CPUs can disagree about a flow.
 */
#include "session.h"

#include <linux/in.h>
#include <linux/slab.h>
#include <net/route.h>

#include "../budget.h"
#include "../notify.h"
#include "../trace.h"
#include "../vnet.h"
#include "forward.h"
#include "mapping.h"
#include "table.h"

static struct kmem_cache *session_cache;

static u32 flow_hash(u32 zone, const struct vnet_tuple *tuple)
{
	u64 addrs = (u64)(__force u32)tuple->saddr << 32 | (__force u32)tuple->daddr;
	u64 ports = (u64)zone << 40 | (u64)tuple->proto << 32 |
		    (u32)(__force u16)tuple->sport << 16 | (__force u16)tuple->dport;

	return vnet_hash_key(addrs, ports);
}

static u32 peer_hash(const struct vnet_mapping *mapping, __be32 remote)
{
	return vnet_hash_key((u64)(unsigned long)mapping, (__force u32)remote);
}

static u32 session_peer_hash(const struct vnet_session *session)
{
	return peer_hash(session->mapping, session->flows[VNET_OUT].tuple.daddr);
}

/**
 * vnet_flow_find_rcu - look a packet up
 * @table: NAT state
 * @zone: ifindex of the vnet for the guest's packets, 0 for packets from outside
 * @tuple: the packet
 *
 * Context: RCU read side, or the table's lock held.
 * Return: The flow or NULL.
 */
struct vnet_flow *vnet_flow_find_rcu(struct vnet_nat_table *table, u32 zone,
				     const struct vnet_tuple *tuple)
{
	const struct vnet_hash_table *buckets =
		rcu_dereference_check(table->flows.table, lockdep_is_held(&table->lock));
	u32 hash = flow_hash(zone, tuple);
	struct vnet_hash_node *node;

	vnet_hash_for_each_match_rcu(buckets, hash, node) {
		struct vnet_flow *flow = container_of(node, struct vnet_flow, node);

		if (flow->zone == zone && vnet_tuple_equal(&flow->tuple, tuple))
			return flow;
	}
	return NULL;
}

/**
 * vnet_session_has_peer - has a guest sent to a remote address?
 * @table: NAT state
 * @mapping: the guest's mapping
 * @remote: the remote address
 *
 * The question of an address-dependent filter (RFC 4787 section 5).
 *
 * Context: RCU read side.
 * Return: True if so.
 */
bool vnet_session_has_peer(struct vnet_nat_table *table, const struct vnet_mapping *mapping,
			   __be32 remote)
{
	const struct vnet_hash_table *buckets = rcu_dereference(table->peers.table);
	u32 hash = peer_hash(mapping, remote);
	struct vnet_hash_node *node;

	vnet_hash_for_each_match_rcu(buckets, hash, node) {
		struct vnet_session *session = container_of(node, struct vnet_session, peer);

		if (session->mapping == mapping && session->flows[VNET_OUT].tuple.daddr == remote)
			return true;
	}
	return false;
}

static void session_free_rcu(struct rcu_head *rcu)
{
	struct vnet_session *session = container_of(rcu, struct vnet_session, rcu);

	dst_release(rcu_dereference_protected(session->route, true));
	kmem_cache_free(session_cache, session);
}

static void session_set_flow(struct vnet_session *session, enum vnet_direction direction, u32 zone,
			     const struct vnet_tuple *before, const struct vnet_tuple *after)
{
	struct vnet_flow *flow = &session->flows[direction];

	flow->direction = direction;
	flow->zone = zone;
	flow->tuple = *before;
	vnet_rewrite_prepare(&flow->rewrite, before, after);
}

/*
 * @inside is the guest's packet as the guest sends it, @outside the same packet as
 * the remote receives it.
 */
static struct vnet_session *session_alloc(struct vnet *vnet, const struct vnet_tuple *inside,
					  const struct vnet_tuple *outside, u8 state)
{
	struct vnet_tuple inside_reply = vnet_tuple_reverse(inside);
	struct vnet_tuple outside_reply = vnet_tuple_reverse(outside);
	struct vnet_session *session;

	/* A session has one mapping at most, so the mappings need no budget of their own. */
	session = vnet_budget_zalloc(vnet, session_cache, sizeof(*session));
	if (!session)
		return NULL;
	session->vnet = vnet;
	session->state = state;
	session->used = jiffies;
	session->timer.slot = -1;
	session_set_flow(session, VNET_OUT, vnet->dev->ifindex, inside, outside);
	session_set_flow(session, VNET_IN, 0, &outside_reply, &inside_reply);
	return session;
}

/* It was never in the table. */
static void session_discard(struct vnet_session *session)
{
	vnet_budget_give(session->vnet);
	kmem_cache_free(session_cache, session);
}

static void session_link_locked(struct vnet_nat_table *table, struct vnet_session *session)
{
	struct vnet_flow *flow;

	lockdep_assert_held(&table->lock);
	spin_lock(&table->flows.lock);
	for (flow = session->flows; flow < session->flows + 2; flow++)
		vnet_hash_add_locked(&table->flows, &flow->node,
				     flow_hash(flow->zone, &flow->tuple));
	spin_unlock(&table->flows.lock);
	if (session->mapping) {
		spin_lock(&table->peers.lock);
		vnet_hash_add_locked(&table->peers, &session->peer, session_peer_hash(session));
		spin_unlock(&table->peers.lock);
	}
	if (session->forward) {
		session->forward->hits++;
		session->forward->sessions++;
	}
	if (session->port)
		session->port->sessions++;
	WRITE_ONCE(session->vnet->nat.sessions, session->vnet->nat.sessions + 1);
	vnet_timer_add(&table->wheel, &session->timer, vnet_session_lifetime(session));
	trace_vnet_session_new(session);
}

static void session_end_locked(struct vnet_nat_table *table, struct vnet_session *session)
{
	lockdep_assert_held(&table->lock);
	trace_vnet_session_end(session);
	session->dead = true;
	spin_lock(&table->flows.lock);
	vnet_hash_del_locked(&table->flows, &session->flows[VNET_OUT].node);
	vnet_hash_del_locked(&table->flows, &session->flows[VNET_IN].node);
	spin_unlock(&table->flows.lock);
	if (session->mapping) {
		spin_lock(&table->peers.lock);
		vnet_hash_del_locked(&table->peers, &session->peer);
		spin_unlock(&table->peers.lock);
		vnet_mapping_put_locked(table, session->mapping);
	}
	if (session->forward)
		session->forward->sessions--;
	if (session->port)
		session->port->sessions--;
	WRITE_ONCE(session->vnet->nat.sessions, session->vnet->nat.sessions - 1);
	vnet_budget_give(session->vnet);
}

/* May the vnet, and the port if it is known, have one more? None when either is about to go. */
static bool session_is_allowed(struct vnet *vnet, struct vnet_port *port)
{
	if (!vnet->nat.on || (port && port->leaving))
		return false;
	if (vnet->nat.sessions >= READ_ONCE(vnet->nat.max_sessions)) {
		vnet_notify_limit(vnet, port, VNET_LIMIT_SESSION, vnet->nat.max_sessions);
		return false;
	}
	if (port && port->sessions >= READ_ONCE(port->max_sessions)) {
		vnet_notify_limit(vnet, port, VNET_LIMIT_SESSION_PORT, port->max_sessions);
		return false;
	}
	return true;
}

/* Neither direction may be somebody else's already. */
static bool session_is_new(struct vnet_nat_table *table, const struct vnet_session *session)
{
	return !vnet_flow_find_rcu(table, session->flows[VNET_OUT].zone,
				   &session->flows[VNET_OUT].tuple) &&
	       !vnet_flow_find_rcu(table, 0, &session->flows[VNET_IN].tuple);
}

static struct vnet_session *session_open_out_locked(struct vnet_nat_table *table,
						    struct vnet_port *port,
						    const struct vnet_tuple *tuple,
						    __be32 external_addr, u8 state,
						    enum vnet_drop_reason *reason)
{
	struct vnet_tuple outside = *tuple;
	struct vnet_session *session;
	struct vnet_mapping *mapping;
	struct vnet_flow *flow;

	flow = vnet_flow_find_rcu(table, port->vnet->dev->ifindex, tuple);
	if (flow)
		return vnet_flow_session(flow);
	if (!session_is_allowed(port->vnet, port)) {
		*reason = port->vnet->nat.on ? VNET_DROP_NAT_SESSIONS : VNET_DROP_NOT_ROUTED;
		return NULL;
	}
	mapping = vnet_mapping_get_locked(table, port, tuple, external_addr, reason);
	if (!mapping)
		return NULL;
	outside.saddr = mapping->external_addr;
	outside.sport = mapping->external_port;
	session = session_alloc(port->vnet, tuple, &outside, state);
	if (!session || !session_is_new(table, session)) {
		*reason = session ? VNET_DROP_NAT_PORTS : VNET_DROP_NO_MEMORY;
		if (session)
			session_discard(session);
		vnet_mapping_put_locked(table, mapping);
		return NULL;
	}
	session->port = port;
	session->mapping = mapping;
	session_link_locked(table, session);
	return session;
}

/**
 * vnet_session_open_out - make the session of a guest's first packet
 * @table: NAT state
 * @port: port that the guest is behind
 * @tuple: the packet
 * @route: its way
 * @external_addr: address that it shall have outside
 * @state: first state
 * @reason: filled when there is none
 *
 * If another CPU has just made it, that one is returned.
 *
 * Context: RCU read side, BH off.
 * Return: The session, good until the end of the read side, or NULL.
 */
struct vnet_session *vnet_session_open_out(struct vnet_nat_table *table, struct vnet_port *port,
					   const struct vnet_tuple *tuple, struct rtable *route,
					   __be32 external_addr, u8 state,
					   enum vnet_drop_reason *reason)
{
	struct vnet_session *session;

	spin_lock_bh(&table->lock);
	session = session_open_out_locked(table, port, tuple, external_addr, state, reason);
	if (session && !rcu_access_pointer(session->route))
		rcu_assign_pointer(session->route, dst_clone(&route->dst));
	spin_unlock_bh(&table->lock);
	return session;
}

/* A session that outside has begun: @inside is the answer as the guest will send it. */
static struct vnet_session *session_open_inbound_locked(struct vnet_nat_table *table,
							struct vnet *vnet,
							const struct vnet_tuple *tuple,
							const struct vnet_tuple *inside, u8 state)
{
	struct vnet_tuple outside = vnet_tuple_reverse(tuple);
	struct vnet_session *session = session_alloc(vnet, inside, &outside, state);

	if (!session)
		return NULL;
	if (session_is_new(table, session))
		return session;
	session_discard(session);
	return NULL;
}

/**
 * vnet_session_open_in - make a session for a packet that a mapping lets in
 * @table: NAT state
 * @tuple: the packet, from outside
 * @mapping: the mapping
 * @state: first state
 *
 * Context: RCU read side, BH off.
 * Return: The session, good until the end of the read side, or NULL: the bound is reached, or
 * the mapping has just ended.
 */
struct vnet_session *vnet_session_open_in(struct vnet_nat_table *table,
					  const struct vnet_tuple *tuple,
					  struct vnet_mapping *mapping, u8 state)
{
	struct vnet_tuple inside = vnet_tuple_reverse(tuple);
	struct vnet_session *session = NULL;
	struct vnet_port *port;

	inside.saddr = mapping->internal_addr;
	inside.sport = mapping->internal_port;
	spin_lock_bh(&table->lock);
	port = mapping->port;
	if (mapping->sessions && session_is_allowed(port->vnet, port))
		session = session_open_inbound_locked(table, port->vnet, tuple, &inside, state);
	if (session) {
		mapping->sessions++;
		session->port = port;
		session->mapping = mapping;
		session_link_locked(table, session);
	}
	spin_unlock_bh(&table->lock);
	return session;
}

/**
 * vnet_session_open_forward - make a session for a packet that a forward lets in
 * @table: NAT state
 * @tuple: the packet, from outside
 * @forward: the forward
 * @state: first state
 *
 * Context: RCU read side, BH off.
 * Return: The session, good until the end of the read side, or NULL.
 */
struct vnet_session *vnet_session_open_forward(struct vnet_nat_table *table,
					       const struct vnet_tuple *tuple,
					       struct vnet_forward *forward, u8 state)
{
	u16 offset = ntohs(tuple->dport) - forward->config.first;
	struct vnet_tuple inside = vnet_tuple_reverse(tuple);
	struct vnet_session *session = NULL;
	struct vnet_flow *flow;

	inside.saddr = forward->config.to_addr;
	inside.sport = htons(forward->config.to_port + offset);
	spin_lock_bh(&table->lock);
	flow = vnet_flow_find_rcu(table, 0, tuple);
	if (flow) {
		session = vnet_flow_session(flow);
	} else if (session_is_allowed(forward->vnet, NULL)) {
		session = session_open_inbound_locked(table, forward->vnet, tuple, &inside, state);
		if (session) {
			session->forward = forward;
			session_link_locked(table, session);
		}
	}
	spin_unlock_bh(&table->lock);
	return session;
}

/**
 * vnet_session_due - the wheel asks whether a session is over
 * @wheel: the wheel
 * @timer: the session's timer
 *
 * Context: BH off.
 * Return: Seconds until it shall ask again, 0 if the session is over; it is freed then.
 */
u32 vnet_session_due(struct vnet_timer_wheel *wheel, struct vnet_timer *timer)
{
	struct vnet_nat_table *table = container_of(wheel, struct vnet_nat_table, wheel);
	struct vnet_session *session = container_of(timer, struct vnet_session, timer);
	unsigned long now, end;

	spin_lock_bh(&table->lock);
	if (!session->dead) {
		now = jiffies;
		end = READ_ONCE(session->used) + (unsigned long)vnet_session_lifetime(session) * HZ;
		if (time_before(now, end)) {
			spin_unlock_bh(&table->lock);
			return DIV_ROUND_UP(end - now, HZ);
		}
		session_end_locked(table, session);
	}
	spin_unlock_bh(&table->lock);
	call_rcu(&session->rcu, session_free_rcu);
	return 0;
}

/**
 * vnet_session_matches - is a session one of those?
 * @session: the session
 * @filter: which
 *
 * Context: RCU read side, or the table's lock held.
 * Return: True if so.
 */
bool vnet_session_matches(const struct vnet_session *session,
			  const struct vnet_session_filter *filter)
{
	const struct vnet_tuple *inside = &session->flows[VNET_OUT].tuple;

	return (!filter->vnet || session->vnet == filter->vnet) &&
	       (!filter->port || session->port == filter->port) &&
	       (!filter->forward || session->forward == filter->forward) &&
	       (!filter->proto || inside->proto == filter->proto) &&
	       (!filter->internal_addr || inside->saddr == filter->internal_addr) &&
	       (!filter->internal_port || inside->sport == filter->internal_port) &&
	       (!filter->external_addr ||
		session->flows[VNET_IN].tuple.daddr == filter->external_addr) &&
	       (!filter->remote_addr || inside->daddr == filter->remote_addr) &&
	       (!filter->remote_port || inside->dport == filter->remote_port);
}

/*
 * The next one of a chain, or NULL. The grower may swap the tables at any time, since it
 * holds the lock of the flows alone; a frozen table still has sessions that have ended.
 */
static struct vnet_session *session_find_in_bucket(struct vnet_nat_table *table, u32 bucket,
						   const struct vnet_session_filter *filter)
{
	const struct vnet_hash_table *buckets =
		rcu_dereference_protected(table->flows.table, lockdep_is_held(&table->lock));
	struct vnet_session *session;
	struct vnet_hash_node *node;
	struct vnet_flow *flow;

	vnet_hash_for_each_in_bucket_rcu(buckets, bucket, node) {
		flow = container_of(node, struct vnet_flow, node);
		session = vnet_flow_session(flow);
		if (flow->direction == VNET_OUT && !session->dead &&
		    vnet_session_matches(session, filter))
			return session;
	}
	return NULL;
}

/* Ends those of one chain; returns how many. */
static u32 session_flush_bucket(struct vnet_nat_table *table, u32 bucket,
				const struct vnet_session_filter *filter)
{
	struct vnet_session *session;
	u32 count = 0;

	/* A frozen table is freed after a grace period only. */
	rcu_read_lock();
	while ((session = session_find_in_bucket(table, bucket, filter))) {
		session_end_locked(table, session);
		if (vnet_timer_del(&table->wheel, &session->timer))
			call_rcu(&session->rcu, session_free_rcu);
		count++;
	}
	rcu_read_unlock();
	return count;
}

/**
 * vnet_session_flush - end sessions
 * @table: NAT state
 * @filter: which
 *
 * The lock is given up between chains, and packets may make sessions meanwhile: who
 * wants none to be left sees to it first that no more are made.
 *
 * Context: Process, RTNL held.
 * Return: How many.
 */
u32 vnet_session_flush(struct vnet_nat_table *table, const struct vnet_session_filter *filter)
{
	u32 bucket = 0, mask, count = 0;

	do {
		spin_lock_bh(&table->lock);
		/* The table may grow between two chains: a chain becomes two, none is passed over.
		 */
		mask = rcu_dereference_protected(table->flows.table, lockdep_is_held(&table->lock))
			       ->mask;
		count += session_flush_bucket(table, bucket, filter);
		spin_unlock_bh(&table->lock);
		cond_resched();
	} while (bucket++ < mask);
	return count;
}

/**
 * vnet_session_cache_init - make the memory pool of sessions
 *
 * Context: Module initialisation.
 * Return: 0 or -ENOMEM.
 */
int vnet_session_cache_init(void)
{
	session_cache = KMEM_CACHE(vnet_session, SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	return session_cache ? 0 : -ENOMEM;
}

/**
 * vnet_session_cache_exit - end the memory pool of sessions
 *
 * Context: Module exit, after rcu_barrier().
 */
void vnet_session_cache_exit(void)
{
	kmem_cache_destroy(session_cache);
}
