/* SPDX-License-Identifier: GPL-2.0 */
/* What a port's last frames have asked the FDB, so that the next one need not. */
#ifndef VNET_FDB_CACHE_H
#define VNET_FDB_CACHE_H

#include "port.h"
#include "vnet.h"

/* How exact a time stamp is: a busy address writes its cache line once in this time. */
#define VNET_FDB_STAMP (HZ)

/* What a frame's source address is to the port that it came in through. */
enum vnet_fdb_source {
	VNET_FDB_SOURCE_GOOD,
	VNET_FDB_SOURCE_BAD,	/* zero, or a group */
	VNET_FDB_SOURCE_LOCAL,	/* another port's own: forged */
	VNET_FDB_SOURCE_LOCKED,	/* not known on the port, which is locked */
	VNET_FDB_SOURCE_LIMIT,	/* no room to learn it, and the port wants that */
};

enum vnet_fdb_source vnet_fdb_learn_slow(struct vnet_port *port, struct vnet_fdb_cache *cache,
					 const u8 *addr, u16 vid);
struct vnet_port *vnet_fdb_find_slow(struct vnet_port *port, struct vnet_fdb_cache *cache, u64 key);

/**
 * vnet_fdb_cache - what this processor remembers of a port's last frames
 * @port: the port
 *
 * Context: RCU read side, BH off.
 * Return: The cache, good until the end of the read side; empty if it was out of date.
 */
static inline struct vnet_fdb_cache *vnet_fdb_cache(struct vnet_port *port)
{
	/* Pairs with fdb_outdate(): what is looked up now is as new as the generation. */
	s64 generation = atomic64_read_acquire(&port->vnet->fdb.generation);
	struct vnet_fdb_cache *cache = this_cpu_ptr(&port->cpu->cache);

	if (unlikely(cache->generation != generation)) {
		cache->dst = VNET_FDB_NO_KEY;
		cache->src = VNET_FDB_NO_KEY;
		cache->generation = generation;
	}
	return cache;
}

static inline void vnet_fdb_stamp(struct vnet_fdb_entry *entry)
{
	unsigned long now = jiffies;

	if (unlikely(now - READ_ONCE(entry->seen) > VNET_FDB_STAMP))
		WRITE_ONCE(entry->seen, now);
}

/**
 * vnet_fdb_learn - the source address of a frame is behind its port
 * @port: port that the frame came in through
 * @cache: its cache
 * @addr: the source address
 * @vid: its VLAN
 *
 * A static address does not move. What is over the bounds is not learned, and its
 * frames are flooded.
 *
 * Context: RCU read side, BH off.
 * Return: Whether the frame may come from there.
 */
static inline enum vnet_fdb_source vnet_fdb_learn(struct vnet_port *port,
						  struct vnet_fdb_cache *cache, const u8 *addr,
						  u16 vid)
{
	if (unlikely(cache->src != vnet_fdb_key(addr, vid)))
		return vnet_fdb_learn_slow(port, cache, addr, vid);
	vnet_fdb_stamp(cache->source);
	return VNET_FDB_SOURCE_GOOD;
}

/**
 * vnet_fdb_again - where does a frame go that is like the last one of its port?
 * @port: port that the frame came in through
 * @eth: the frame's Ethernet header
 * @vid: its VLAN
 *
 * Context: RCU read side, BH off.
 * Return: The port that its destination is behind, where all is known of the frame that
 * vnet_fdb_learn() and vnet_fdb_find() would find out; else NULL.
 */
static __always_inline struct vnet_port *vnet_fdb_again(const struct vnet_port *port,
							const struct ethhdr *eth, u16 vid)
{
	/* As in vnet_fdb_cache(). */
	s64 generation = atomic64_read_acquire(&port->vnet->fdb.generation);
	const struct vnet_fdb_cache *cache = this_cpu_ptr(&port->cpu->cache);

	if (unlikely(cache->generation != generation) ||
	    unlikely(cache->src != vnet_fdb_key(eth->h_source, vid)) ||
	    unlikely(cache->dst != vnet_fdb_key(eth->h_dest, vid)) ||
	    unlikely(jiffies - READ_ONCE(cache->source->seen) > VNET_FDB_STAMP))
		return NULL;
	return cache->to;
}

/**
 * vnet_fdb_find - where does a frame go?
 * @port: port that it came in through
 * @cache: its cache
 * @key: vnet_fdb_key() of its destination
 *
 * Context: RCU read side, BH off.
 * Return: The port that the address is behind, or NULL if it is not known.
 */
static inline struct vnet_port *vnet_fdb_find(struct vnet_port *port, struct vnet_fdb_cache *cache,
					      u64 key)
{
	return likely(cache->dst == key) ? cache->to : vnet_fdb_find_slow(port, cache, key);
}

#endif
