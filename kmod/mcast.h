/* SPDX-License-Identifier: GPL-2.0 */
/* Which ports want the frames of which groups. */
#ifndef VNET_MCAST_H
#define VNET_MCAST_H

#include <linux/bitmap.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/jiffies.h>
#include <linux/workqueue.h>

#include "hash.h"
#include "mcast_parse.h"

struct netlink_ext_ack;
struct nlattr;
struct vnet;
struct vnet_port;

#define VNET_MCAST_PORT_MAX_GROUPS 1024

/*
 * X(name, kind, value): what can be set of a vnet's groups, and what it begins with. Their
 * attributes are VNET_LINK_MCAST_name; times are in hundredths of a second, as the bridge's.
 */
#define VNET_MCAST_SETTINGS(X)			\
	X(SNOOPING, u8, 1)			\
	X(QUERY_USE_IFADDR, u8, 0)		\
	X(QUERIER, u8, 0)			\
	X(HASH_MAX, u32, 4096)			\
	X(LAST_MEMBER_CNT, u32, 2)		\
	X(STARTUP_QUERY_CNT, u32, 2)		\
	X(LAST_MEMBER_INTVL, u32, 100)		\
	X(MEMBERSHIP_INTVL, u32, 26000)		\
	X(QUERIER_INTVL, u32, 25500)		\
	X(QUERY_INTVL, u32, 12500)		\
	X(QUERY_RESPONSE_INTVL, u32, 1000)	\
	X(STARTUP_QUERY_INTVL, u32, 3125)	\
	X(IGMP_VERSION, u8, 2)			\
	X(MLD_VERSION, u8, 1)

enum vnet_mcast_setting {
#define X(name, kind, value) VNET_MCAST_##name,
	VNET_MCAST_SETTINGS(X)
#undef X
	VNET_MCAST_N_SETTINGS
};

/**
 * struct vnet_mcast_config - what can be set
 * @value: by enum vnet_mcast_setting
 */
struct vnet_mcast_config {
	u32 value[VNET_MCAST_N_SETTINGS];
};

/* IPv4 and IPv6 have queriers and routers of their own. */
enum vnet_mcast_family {
	VNET_MCAST_IPV4,
	VNET_MCAST_IPV6,
	VNET_MCAST_FAMILIES
};

/* Is a port one behind which a multicast router is? The numbers are the bridge's. */
enum vnet_mcast_router {
	VNET_MCAST_ROUTER_NEVER,
	VNET_MCAST_ROUTER_LEARNED,	/* while queries come in through it */
	VNET_MCAST_ROUTER_ALWAYS,
};

/**
 * struct vnet_mcast_source - a source that is wanted; or one that is not, where all others are
 * @node: place in vnet_mcast_member.sources
 * @addr: its address, as vnet_mcast_key.addr; constant
 * @excluded: it is not wanted; ends with vnet_mcast_member.all
 * @expires: time from which on it is not wanted any more; 0 if it was set for good
 * @rcu: frees it after its last reader
 */
struct vnet_mcast_source {
	struct hlist_node node;
	struct in6_addr addr;
	bool excluded;
	u64 expires;
	struct rcu_head rcu;
};

/**
 * struct vnet_mcast_host - a host that wants a group, behind a port with mcast_to_unicast
 * @node: place in vnet_mcast_member.hosts
 * @lladdr: its MAC address; constant
 * @leaves: it has said that it leaves; the querier is to ask who is left
 * @expires: time of its end
 * @rcu: frees it after its last reader
 */
struct vnet_mcast_host {
	struct hlist_node node;
	u8 lladdr[ETH_ALEN];
	bool leaves;
	u64 expires;
	struct rcu_head rcu;
};

/**
 * struct vnet_mcast_member - a port behind which a group is wanted
 * @node: place in vnet_mcast_group.members
 * @port: the port; constant
 * @all: frames of all sources are wanted, but for those that are excluded, until @expires
 * @permanent: @all was set for good
 * @expires: time at which @all ends
 * @sources: the sources that are wanted, all that is wanted unless @all; and the excluded ones
 * @n_sources: how many
 * @hosts: who wants it, where the port has mcast_to_unicast
 * @n_hosts: how many
 * @strangers: until this time there may be others that want it
 * @queries: queries that are yet to be sent to find out who is left
 * @next_query: time of the next one
 * @rcu: frees it after its last reader
 */
struct vnet_mcast_member {
	struct hlist_node node;
	struct vnet_port *port;
	bool all;
	bool permanent;
	u64 expires;
	struct hlist_head sources;
	u8 n_sources;
	struct hlist_head hosts;
	u8 n_hosts;
	u64 strangers;
	u8 queries;
	u64 next_query;
	struct rcu_head rcu;
};

/**
 * struct vnet_mcast_group - a group that is wanted; the one of address zero is a foreign querier
 * @node: place in the table
 * @key: which; constant
 * @members: who wants it, by the numbers of their ports
 * @querier: address of the querier; zero if it has told none
 * @querier_port: number of the port that it is behind
 * @silence: time from which on its queries have been answered
 * @expires: time at which the querier is taken for gone
 * @rcu: frees it after its last reader
 */
struct vnet_mcast_group {
	struct vnet_hash_node node;
	struct vnet_mcast_key key;
	struct hlist_head members;
	struct in6_addr querier;
	u32 querier_port;
	u64 silence;
	u64 expires;
	struct rcu_head rcu;
};

/**
 * struct vnet_mcast - the groups of a vnet
 * @hash: the table; its lock guards all that changes here, and the same of the ports
 * @config: settings; changed under RTNL, read as they stand
 * @n_groups: groups that are wanted
 * @routers: ports with routers, by their numbers
 * @overflow: until this time nothing is pruned, because something could not be noted
 * @answered: time from which on our own queries have been answered; by family; 0 without
 * @next_query: time of our next query; by family
 * @startup: queries that are yet to be sent in quick succession
 * @due: time for which @work is queued; 0 if it is not
 * @ran: time at which @work has begun last
 * @vids: VLANs that have groups; @work's own
 * @work: forgets what has ended, and sends queries
 */
struct vnet_mcast {
	struct vnet_hash hash;
	struct vnet_mcast_config config;
	u32 n_groups;
	struct hlist_head routers;
	u64 overflow;
	u64 answered[VNET_MCAST_FAMILIES];
	u64 next_query[VNET_MCAST_FAMILIES];
	u32 startup[VNET_MCAST_FAMILIES];
	u64 due;
	u64 ran;
	DECLARE_BITMAP(vids, VLAN_N_VID);
	struct delayed_work work;
};

/**
 * struct vnet_mcast_questions - group-specific queries that are to be sent
 * @n: how many
 * @ask: for which group, and by which port
 */
struct vnet_mcast_questions {
	unsigned int n;
	struct {
		struct vnet_mcast_key key;
		u32 port;
	} ask[16];
};

/**
 * struct vnet_mcast_port - what a port has of it
 * @router: enum vnet_mcast_router; changed under RTNL and the lock
 * @n_groups: groups that are wanted behind it
 * @max_groups: bound of @n_groups, 0 for that of the vnet; changed under RTNL
 * @router_until: time until which there is a router, by family
 * @router_node: place in vnet_mcast.routers
 */
struct vnet_mcast_port {
	u8 router;
	u32 n_groups;
	u32 max_groups;
	u64 router_until[VNET_MCAST_FAMILIES];
	struct hlist_node router_node;
};

/* One line of what is known, as it is shown: who wants which group from whom. */
struct vnet_mcast_row {
	const struct vnet_mcast_group *group;
	const struct vnet_mcast_member *member;
	const struct vnet_mcast_source *source;	/* NULL for all of them */
};

typedef int (*vnet_mcast_visit_t)(const struct vnet_mcast_row *row, void *arg);

int vnet_mcast_init(struct vnet *vnet);
void vnet_mcast_exit(struct vnet *vnet);
void vnet_mcast_wake(struct vnet_mcast *mcast, u64 when);
struct vnet_mcast_group *vnet_mcast_find(const struct vnet_mcast *mcast,
					 const struct vnet_mcast_key *key);
bool vnet_mcast_prunes(const struct vnet_mcast *mcast, const struct vnet_mcast_key *key);
bool vnet_mcast_is_querier(const struct vnet *vnet, const struct vnet_mcast_group *other,
			   enum vnet_mcast_family family);
void vnet_mcast_report(struct vnet_port *port, const struct vnet_mcast_record *record,
		       const u8 *lladdr);
void vnet_mcast_query(struct vnet_port *port, const struct vnet_mcast_message *msg);
bool vnet_mcast_wants(const struct vnet_mcast_member *member, const struct in6_addr *source);
bool vnet_mcast_has_router(const struct vnet_port *port, enum vnet_mcast_family family);
bool vnet_mcast_knows_hosts(const struct vnet_mcast_member *member);

void vnet_mcast_port_init(struct vnet_port *port);
void vnet_mcast_port_close(struct vnet_port *port);
void vnet_mcast_set_router(struct vnet_port *port, u8 router);
void vnet_mcast_set_to_unicast(struct vnet_port *port, bool on);
void vnet_mcast_forget(struct vnet *vnet);
void vnet_mcast_flush_stray(struct vnet_port *port);

void vnet_mcast_learn_router(struct vnet_port *port, enum vnet_mcast_family family, u64 until);
u64 vnet_mcast_expire_bucket(struct vnet *vnet, const struct vnet_hash_table *table, u32 bucket,
			     struct vnet_mcast_questions *questions);
u64 vnet_mcast_expire_routers(struct vnet *vnet);

int vnet_mcast_add(struct vnet_port *port, const struct vnet_mcast_key *key,
		   const struct in6_addr *source, bool permanent, struct netlink_ext_ack *extack);
int vnet_mcast_del(struct vnet_port *port, const struct vnet_mcast_key *key,
		   const struct in6_addr *source, struct netlink_ext_ack *extack);
void vnet_mcast_flush(struct vnet *vnet, const struct vnet_port *port, int vid, int permanent);
int vnet_mcast_walk(struct vnet *vnet, long *bucket, long *index, vnet_mcast_visit_t visit,
		    void *arg);

void vnet_mcast_init_config(struct vnet_mcast_config *config);
void vnet_mcast_parse_config(struct vnet_mcast_config *config, struct nlattr *attrs[]);
int vnet_mcast_put_config(struct sk_buff *skb, const struct vnet_mcast_config *config);
void vnet_mcast_apply(struct vnet *vnet, const struct vnet_mcast_config *config);
struct in6_addr vnet_mcast_querier_addr(const struct vnet *vnet, enum vnet_mcast_family family);
void vnet_mcast_work(struct work_struct *work);

static inline u32 vnet_mcast_setting(const struct vnet_mcast *mcast, enum vnet_mcast_setting which)
{
	return READ_ONCE(mcast->config.value[which]);
}

/* A time that is set in hundredths of a second, in jiffies. */
static inline u64 vnet_mcast_time(const struct vnet_mcast *mcast, enum vnet_mcast_setting which)
{
	return div_u64((u64)vnet_mcast_setting(mcast, which) * HZ, 100);
}

/* Was it set for good? */
static inline bool vnet_mcast_is_permanent(const struct vnet_mcast_row *row)
{
	if (!row->source)
		return READ_ONCE(row->member->permanent);
	return !READ_ONCE(row->source->expires) && !READ_ONCE(row->source->excluded);
}

/* Jiffies until it is forgotten; 0 if it was set for good, or is excluded. */
static inline unsigned long vnet_mcast_left(const struct vnet_mcast_row *row)
{
	const u64 *at = row->source ? &row->source->expires : &row->member->expires;
	u64 end = READ_ONCE(*at);
	u64 now = get_jiffies_64();

	return vnet_mcast_is_permanent(row) || end <= now ? 0 : end - now;
}

static inline enum vnet_mcast_family vnet_mcast_family(const struct vnet_mcast_key *key)
{
	return key->proto == htons(ETH_P_IPV6) ? VNET_MCAST_IPV6 : VNET_MCAST_IPV4;
}

/* The key that a foreign querier of the same family and VLAN has. */
static inline struct vnet_mcast_key vnet_mcast_querier_key(const struct vnet_mcast_key *key)
{
	return (struct vnet_mcast_key){ .proto = key->proto, .vid = key->vid };
}

#endif
