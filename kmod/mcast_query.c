// SPDX-License-Identifier: GPL-2.0
/*
 * Queries of our own (RFC 2236, 3376, 2710, 3810), and the work that sends them and forgets
 * what has ended.
 */
#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/igmp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ip6_checksum.h>
#include <net/mld.h>

#include "deliver.h"
#include "mcast.h"
#include "port.h"
#include "vnet.h"

#define QUERY_TOS 0xc0	/* Internetwork Control, RFC 3376 4 */
#define QUERY_ROUTER_ALERT 0x94040000
/* What routers are told in version 3: robustness of 2, and the interval of 125 seconds. */
#define QUERY_ROBUSTNESS 2
#define QUERY_INTERVAL 125

/**
 * struct query - what is asked
 * @vnet: the vnet
 * @family: of which protocol
 * @group: for which group; zero for all
 * @to: by which port
 */
struct query {
	struct vnet *vnet;
	enum vnet_mcast_family family;
	struct in6_addr group;
	struct vnet_port *to;
};

/* Milliseconds that hosts have for their answer. */
static u32 query_delay(const struct query *query)
{
	enum vnet_mcast_setting which = ipv6_addr_any(&query->group)
						? VNET_MCAST_QUERY_RESPONSE_INTVL
						: VNET_MCAST_LAST_MEMBER_INTVL;

	return vnet_mcast_setting(&query->vnet->mcast, which) * 10;
}

/*
 * The host's stack would not take a query that seems to come from itself: it gets one that
 * comes from the gateway's MAC address, and from 0.0.0.0.
 */
static void query_put_ether(struct sk_buff *skb, const struct query *query, const u8 *dst,
			    u16 proto)
{
	bool host = query->to->kind == VNET_PORT_KIND_HOST;
	struct ethhdr *eth = skb_push(skb, ETH_HLEN);

	ether_addr_copy(eth->h_dest, dst);
	ether_addr_copy(eth->h_source, host ? query->vnet->gateway_lladdr
					    : query->vnet->dev->dev_addr);
	eth->h_proto = htons(proto);
	skb_reset_mac_header(skb);
	skb->protocol = htons(proto);
}

static void query_put_igmp(struct sk_buff *skb, const struct query *query)
{
	bool third = vnet_mcast_setting(&query->vnet->mcast, VNET_MCAST_IGMP_VERSION) == 3;
	unsigned int size = third ? sizeof(struct igmpv3_query) : sizeof(struct igmphdr);
	struct igmpv3_query *igmp = skb_put_zero(skb, size);

	igmp->type = IGMP_HOST_MEMBERSHIP_QUERY;
	/* Version 3 writes more than 127 in another way. */
	igmp->code = clamp(query_delay(query) / 100, 1U, third ? 127U : 255U);
	igmp->group = query->group.s6_addr32[0];
	if (third) {
		igmp->qrv = QUERY_ROBUSTNESS;
		igmp->qqic = QUERY_INTERVAL;
	}
	igmp->csum = csum_fold(csum_partial(igmp, size, 0));
}

static void query_put_ipv4(struct sk_buff *skb, const struct query *query)
{
	bool host = query->to->kind == VNET_PORT_KIND_HOST;
	struct in6_addr own = vnet_mcast_querier_addr(query->vnet, VNET_MCAST_IPV4);
	u8 dst[ETH_ALEN];
	struct iphdr *ip;
	__be32 *options;

	ip = skb_put_zero(skb, sizeof(*ip));
	options = skb_put(skb, sizeof(*options));
	*options = htonl(QUERY_ROUTER_ALERT);
	query_put_igmp(skb, query);
	skb_reset_network_header(skb);
	ip = ip_hdr(skb);
	ip->version = 4;
	ip->ihl = 6;
	ip->tos = QUERY_TOS;
	ip->tot_len = htons(skb->len);
	ip->frag_off = htons(IP_DF);
	ip->ttl = 1;
	ip->protocol = IPPROTO_IGMP;
	ip->saddr = host ? 0 : own.s6_addr32[0];
	ip->daddr = query->group.s6_addr32[0] ?: htonl(INADDR_ALLHOSTS_GROUP);
	ip->check = ip_fast_csum(ip, ip->ihl);
	ip_eth_mc_map(ip->daddr, dst);
	query_put_ether(skb, query, dst, ETH_P_IP);
}

static void query_put_mld(struct sk_buff *skb, const struct query *query, struct ipv6hdr *ip)
{
	bool second = vnet_mcast_setting(&query->vnet->mcast, VNET_MCAST_MLD_VERSION) == 2;
	unsigned int size = second ? sizeof(struct mld2_query) : sizeof(struct mld_msg);
	struct mld2_query *mld = skb_put_zero(skb, size);

	mld->mld2q_type = ICMPV6_MGM_QUERY;
	mld->mld2q_mrc = htons(clamp(query_delay(query), 1U, second ? 32767U : 65535U));
	mld->mld2q_mca = query->group;
	if (second) {
		mld->mld2q_qrv = QUERY_ROBUSTNESS;
		mld->mld2q_qqic = QUERY_INTERVAL;
	}
	ip->payload_len = htons(8 + size);
	mld->mld2q_cksum = csum_ipv6_magic(&ip->saddr, &ip->daddr, size, IPPROTO_ICMPV6,
					   csum_partial(mld, size, 0));
}

static void query_put_ipv6(struct sk_buff *skb, const struct query *query)
{
	/* Next header, length, router alert of MLD (RFC 2711), padding. */
	static const u8 hop[] = { IPPROTO_ICMPV6, 0, IPV6_TLV_ROUTERALERT, 2, 0, 0,
				  IPV6_TLV_PADN, 0 };
	struct ipv6hdr *ip = skb_put_zero(skb, sizeof(*ip));
	u8 dst[ETH_ALEN];

	ip->version = 6;
	ip->nexthdr = NEXTHDR_HOP;
	ip->hop_limit = 1;
	ip->saddr = vnet_mcast_querier_addr(query->vnet, VNET_MCAST_IPV6);
	ip->daddr = query->group;
	if (ipv6_addr_any(&ip->daddr))
		ipv6_addr_set(&ip->daddr, htonl(0xff020000), 0, 0, htonl(1));
	skb_put_data(skb, hop, sizeof(hop));
	query_put_mld(skb, query, ip);
	skb_reset_network_header(skb);
	ipv6_eth_mc_map(&ip->daddr, dst);
	query_put_ether(skb, query, dst, ETH_P_IPV6);
}

/* RCU read side, BH off. Without memory the next query comes in time. */
static void query_send(const struct query *query, u16 vid)
{
	struct vnet_port *host = query->vnet->host;
	struct sk_buff *skb;

	/* Room for the Ethernet header, a VLAN tag, and whatever is put before the frame. */
	skb = alloc_skb(NET_SKB_PAD + VLAN_ETH_HLEN + 128, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb) {
		vnet_drop_count(host, VNET_DROP_NO_MEMORY);
		return;
	}
	skb_reserve(skb, NET_SKB_PAD + VLAN_ETH_HLEN);
	if (query->family == VNET_MCAST_IPV6)
		query_put_ipv6(skb, query);
	else
		query_put_ipv4(skb, query);
	if (vid && !vnet_vlan_egress(query->to, skb, vid))
		vnet_drop(host, skb, VNET_DROP_VLAN_EGRESS);
	else
		vnet_deliver(host, query->to, skb, VNET_DOOR_TX);
}

/* Is it us who asks in this VLAN? */
static bool query_is_ours(struct vnet *vnet, enum vnet_mcast_family family, u16 vid)
{
	const struct vnet_mcast_key key = {
		.proto = htons(family == VNET_MCAST_IPV6 ? ETH_P_IPV6 : ETH_P_IP), .vid = vid,
	};

	return vnet_mcast_is_querier(vnet, vnet_mcast_find(&vnet->mcast, &key), family);
}

/* A general query by one port: in its own VLAN, and in those that have groups. */
static void query_port(const struct query *query)
{
	struct vnet *vnet = query->vnet;
	struct vnet_port *port = query->to;
	unsigned int vid;
	u16 pvid;

	if (!vnet_port_has(port, VNET_PORT_FLAG_VLANS)) {
		if (query_is_ours(vnet, query->family, 0))
			query_send(query, 0);
		return;
	}
	pvid = READ_ONCE(port->vlans.pvid);
	if (pvid && query_is_ours(vnet, query->family, pvid))
		query_send(query, pvid);
	for_each_set_bit(vid, vnet->mcast.vids, VLAN_N_VID)
		if (vid && vid != pvid && test_bit(vid, port->vlans.member) &&
		    query_is_ours(vnet, query->family, vid))
			query_send(query, vid);
}

static void query_all(struct vnet *vnet, enum vnet_mcast_family family)
{
	struct query query = { .vnet = vnet, .family = family };

	rcu_read_lock();
	list_for_each_entry_rcu(query.to, &vnet->ports, node) {
		if (query.to->kind == VNET_PORT_KIND_GATEWAY || !vnet_port_is_up(query.to))
			continue;
		local_bh_disable();
		query_port(&query);
		local_bh_enable();
	}
	rcu_read_unlock();
}

/* Sends what general query is due. Returns the time of the next. */
static u64 query_general(struct vnet *vnet)
{
	struct vnet_mcast *mcast = &vnet->mcast;
	u64 now = get_jiffies_64(), due = U64_MAX;
	enum vnet_mcast_setting which;
	unsigned int family;
	bool send;

	if (!vnet_mcast_setting(mcast, VNET_MCAST_SNOOPING) ||
	    !vnet_mcast_setting(mcast, VNET_MCAST_QUERIER))
		return U64_MAX;
	for (family = 0; family < VNET_MCAST_FAMILIES; family++) {
		spin_lock_bh(&mcast->hash.lock);
		send = mcast->next_query[family] <= now;
		if (send) {
			which = VNET_MCAST_QUERY_INTVL;
			if (mcast->startup[family]) {
				mcast->startup[family]--;
				which = VNET_MCAST_STARTUP_QUERY_INTVL;
			}
			mcast->next_query[family] = now + vnet_mcast_time(mcast, which);
		}
		due = min(due, mcast->next_query[family]);
		spin_unlock_bh(&mcast->hash.lock);
		if (send)
			query_all(vnet, family);
	}
	return due;
}

static void query_specific(struct vnet *vnet, const struct vnet_mcast_questions *questions)
{
	unsigned int i;

	rcu_read_lock();
	for (i = 0; i < questions->n; i++) {
		const struct vnet_mcast_key *key = &questions->ask[i].key;
		struct query query = {
			.vnet = vnet,
			.family = vnet_mcast_family(key),
			.group = key->addr,
			.to = vnet_port_by_number(vnet, questions->ask[i].port),
		};

		if (!query.to || !vnet_port_is_up(query.to))
			continue;
		local_bh_disable();
		query_send(&query, key->vid);
		local_bh_enable();
	}
	rcu_read_unlock();
}

static u64 query_expire(struct vnet *vnet)
{
	struct vnet_mcast *mcast = &vnet->mcast;
	struct vnet_mcast_questions questions;
	const struct vnet_hash_table *table;
	u64 due = vnet_mcast_expire_routers(vnet);
	u32 bucket;

	bitmap_zero(mcast->vids, VLAN_N_VID);
	vnet_hash_grow(&mcast->hash);
	/* Nobody else swaps tables. */
	table = rcu_dereference_protected(mcast->hash.table, true);
	for (bucket = 0; bucket <= table->mask; bucket++) {
		if (hlist_empty(&table->buckets[bucket]))
			continue;
		questions.n = 0;
		due = min(due, vnet_mcast_expire_bucket(vnet, table, bucket, &questions));
		query_specific(vnet, &questions);
		cond_resched();
	}
	return due;
}

/**
 * vnet_mcast_work - what is to be done at times: forget what has ended, and ask
 * @work: of a vnet
 *
 * Context: Work queue.
 */
void vnet_mcast_work(struct work_struct *work)
{
	struct vnet *vnet = container_of(work, struct vnet, mcast.work.work);
	struct vnet_mcast *mcast = &vnet->mcast;
	u64 due;

	spin_lock_bh(&mcast->hash.lock);
	mcast->due = 0;
	mcast->ran = get_jiffies_64();
	spin_unlock_bh(&mcast->hash.lock);
	due = query_expire(vnet);
	due = min(due, query_general(vnet));
	if (due == U64_MAX)
		return;
	spin_lock_bh(&mcast->hash.lock);
	vnet_mcast_wake(mcast, due);
	spin_unlock_bh(&mcast->hash.lock);
}
