// SPDX-License-Identifier: GPL-2.0
/*
 * What a frame to a group is: IGMP (RFC 1112, 2236, 3376) and MLD (RFC 2710, 3810) messages, or
 * data. Guests write what is read here: nothing is believed before its length and its checksum
 * are right, and nothing is read but by skb_header_pointer(), which takes no notice of how the
 * frame lies in memory.
 */
#include "mcast_parse.h"

#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/igmp.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/mld.h>

/* Numbers of records, which IGMPv3 and MLDv2 have in common. */
#define RECORD_IS_IN 1
#define RECORD_IS_EX 2
#define RECORD_TO_IN 3
#define RECORD_TO_EX 4
#define RECORD_ALLOW 5
#define RECORD_BLOCK 6

#define REPORT_HEADER 8

/* The head of a record: the group follows it, then sources, then words of auxiliary data. */
struct parse_record {
	u8 type;
	u8 aux_words;
	__be16 n_sources;
};

/* As struct vnet_mcast_key has it. */
static struct in6_addr parse_ipv4(__be32 addr)
{
	return (struct in6_addr){ .s6_addr32 = { addr } };
}

static unsigned int parse_addr_len(const struct vnet_mcast_message *msg)
{
	return msg->key.proto == htons(ETH_P_IP) ? sizeof(__be32) : sizeof(struct in6_addr);
}

/**
 * vnet_mcast_is_group - is an address one of a group, which switches forward?
 * @key: the address
 *
 * Context: Any.
 * Return: True if so.
 */
bool vnet_mcast_is_group(const struct vnet_mcast_key *key)
{
	const u8 *lladdr = key->addr.s6_addr;

	if (key->proto == htons(ETH_P_IP))
		return ipv4_is_multicast(key->addr.s6_addr32[0]);
	if (key->proto == htons(ETH_P_IPV6))
		return ipv6_addr_is_multicast(&key->addr);
	return is_multicast_ether_addr(lladdr) && !is_broadcast_ether_addr(lladdr) &&
	       !is_link_local_ether_addr(lladdr);
}

/**
 * vnet_mcast_is_everybody - is a group one that all neighbours are in?
 * @key: the group
 *
 * RFC 4541 2.1.2: hosts need not report these, so they are never pruned.
 *
 * Context: Any.
 * Return: True if so.
 */
bool vnet_mcast_is_everybody(const struct vnet_mcast_key *key)
{
	/* ff01::/16 and ff00::/16 do not leave a host or are reserved: nobody reports them. */
	if (key->proto == htons(ETH_P_IPV6))
		return ipv6_addr_is_ll_all_nodes(&key->addr) || (key->addr.s6_addr[1] & 0xf) < 2;
	return key->proto == htons(ETH_P_IP) && ipv4_is_local_multicast(key->addr.s6_addr32[0]);
}

/*
 * Is the message's checksum right? One that is left to the receiver is, if it is the
 * message's: then its sender is this host's kernel or a guest whose frame was never on a wire.
 */
static bool parse_sum_is_right(const struct sk_buff *skb, const struct vnet_mcast_message *msg,
			       __wsum pseudo)
{
	unsigned int place = offsetof(struct icmp6hdr, icmp6_cksum);

	BUILD_BUG_ON(offsetof(struct igmphdr, csum) != offsetof(struct icmp6hdr, icmp6_cksum));
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return msg->key.proto == htons(ETH_P_IPV6) && skb->csum_offset == place &&
		       skb_checksum_start_offset(skb) == (int)msg->offset;
	return !csum_fold(skb_checksum(skb, msg->offset, msg->len, pseudo));
}

/* Milliseconds from a floating point code: RFC 3376 4.1.1 has 3 bits of exponent, RFC 3810 also. */
static u32 parse_code(u32 code, unsigned int mantissa_bits)
{
	u32 mantissa = code & (BIT(mantissa_bits) - 1);

	if (code < BIT(mantissa_bits + 3))
		return code;
	return (mantissa | BIT(mantissa_bits)) << (((code >> mantissa_bits) & 7) + 3);
}

/* Do the sources of a version 3 query fit? Fills in what routers are told. */
static bool parse_query_tail(const struct sk_buff *skb, struct vnet_mcast_message *msg)
{
	unsigned int addr_len = parse_addr_len(msg);
	/* Both have flags, an interval and a count behind the group. */
	unsigned int tail = addr_len == sizeof(__be32) ? 8 : 24;
	u8 buffer[4];
	const u8 *bytes = skb_header_pointer(skb, msg->offset + tail, sizeof(buffer), buffer);

	if (!bytes)
		return false;
	msg->suppress = bytes[0] & 8 || bytes[2] || bytes[3];
	return msg->len >= tail + 4 + (bytes[2] << 8 | bytes[3]) * addr_len;
}

static bool parse_query_group(const struct vnet_mcast_message *msg)
{
	struct vnet_mcast_key asked = { .addr = msg->group, .proto = msg->key.proto };

	return ipv6_addr_any(&msg->group) || vnet_mcast_is_group(&asked);
}

static enum vnet_mcast_kind parse_igmp_query(const struct sk_buff *skb,
					     struct vnet_mcast_message *msg,
					     const struct igmphdr *igmp)
{
	bool third = msg->len >= 12;

	msg->group = parse_ipv4(igmp->group);
	/* Tenths of a second; version 1 has none and means 10 seconds. */
	msg->delay_ms = 100 * (third ? parse_code(igmp->code, 4) : igmp->code ?: 100);
	if ((!third && msg->len != 8) || (third && !parse_query_tail(skb, msg)) ||
	    !parse_query_group(msg))
		return VNET_MCAST_MALFORMED;
	return VNET_MCAST_QUERY;
}

static enum vnet_mcast_kind parse_mld_query(const struct sk_buff *skb,
					    struct vnet_mcast_message *msg,
					    const struct mld_msg *mld)
{
	bool second = msg->len >= 28;

	msg->group = mld->mld_mca;
	msg->delay_ms = ntohs(mld->mld_maxdelay);
	if (second)
		msg->delay_ms = parse_code(msg->delay_ms, 12);
	if ((!second && msg->len != 24) || (second && !parse_query_tail(skb, msg)) ||
	    !parse_query_group(msg))
		return VNET_MCAST_MALFORMED;
	return VNET_MCAST_QUERY;
}

/* A report of one group. What it says, vnet_mcast_next_record() tells. */
static enum vnet_mcast_kind parse_old_report(struct vnet_mcast_message *msg,
					     const struct in6_addr *group)
{
	struct vnet_mcast_key key = { .addr = *group, .proto = msg->key.proto };

	msg->group = *group;
	msg->left = 1;
	return vnet_mcast_is_group(&key) ? VNET_MCAST_REPORT : VNET_MCAST_MALFORMED;
}

/* Walks all records before one of them is believed. */
static enum vnet_mcast_kind parse_new_report(const struct sk_buff *skb,
					     struct vnet_mcast_message *msg)
{
	unsigned int addr_len = parse_addr_len(msg), at = REPORT_HEADER, i;
	struct parse_record buffer;
	__be16 count_buffer;
	const __be16 *count;

	count = skb_header_pointer(skb, msg->offset + 6, sizeof(count_buffer), &count_buffer);
	if (!count || msg->len < REPORT_HEADER)
		return VNET_MCAST_MALFORMED;
	msg->left = ntohs(*count);
	msg->at = REPORT_HEADER;
	for (i = 0; i < msg->left; i++) {
		const struct parse_record *record =
			skb_header_pointer(skb, msg->offset + at, sizeof(buffer), &buffer);

		if (!record || at + sizeof(*record) + addr_len > msg->len)
			return VNET_MCAST_MALFORMED;
		at += sizeof(*record) + addr_len + ntohs(record->n_sources) * addr_len +
		      record->aux_words * 4;
		if (at > msg->len)
			return VNET_MCAST_MALFORMED;
	}
	return VNET_MCAST_REPORT;
}

static enum vnet_mcast_kind parse_igmp(const struct sk_buff *skb, struct vnet_mcast_message *msg,
				       enum vnet_mcast_kind otherwise)
{
	struct igmphdr buffer;
	const struct igmphdr *igmp = skb_header_pointer(skb, msg->offset, sizeof(buffer), &buffer);
	struct in6_addr group;

	if (!igmp || msg->len < sizeof(*igmp) || !parse_sum_is_right(skb, msg, 0))
		return VNET_MCAST_MALFORMED;
	msg->type = igmp->type;
	group = parse_ipv4(igmp->group);
	switch (igmp->type) {
	case IGMP_HOST_MEMBERSHIP_QUERY:
		return parse_igmp_query(skb, msg, igmp);
	case IGMP_HOST_MEMBERSHIP_REPORT:
	case IGMPV2_HOST_MEMBERSHIP_REPORT:
	case IGMP_HOST_LEAVE_MESSAGE:
		return parse_old_report(msg, &group);
	case IGMPV3_HOST_MEMBERSHIP_REPORT:
		return parse_new_report(skb, msg);
	}
	return otherwise;
}

static enum vnet_mcast_kind parse_mld(const struct sk_buff *skb, struct vnet_mcast_message *msg,
				      const struct ipv6hdr *ip, enum vnet_mcast_kind otherwise)
{
	struct mld_msg buffer;
	const struct mld_msg *mld;
	const u8 *type;
	u8 byte;

	type = skb_header_pointer(skb, msg->offset, sizeof(byte), &byte);
	if (!type || (*type != ICMPV6_MGM_QUERY && *type != ICMPV6_MGM_REPORT &&
		      *type != ICMPV6_MGM_REDUCTION && *type != ICMPV6_MLD2_REPORT))
		return otherwise;
	/* RFC 3810 5.1.14 and 5.2.13; a router of another link could speak otherwise. */
	if (ip->hop_limit != 1 ||
	    !(ipv6_addr_type(&ip->saddr) & IPV6_ADDR_LINKLOCAL ||
	      (*type != ICMPV6_MGM_QUERY && ipv6_addr_any(&ip->saddr))))
		return VNET_MCAST_MALFORMED;
	if (!parse_sum_is_right(skb, msg, ~csum_unfold(csum_ipv6_magic(&ip->saddr, &ip->daddr,
								       msg->len, IPPROTO_ICMPV6,
								       0))))
		return VNET_MCAST_MALFORMED;
	msg->type = *type;
	if (msg->type == ICMPV6_MLD2_REPORT)
		return parse_new_report(skb, msg);
	mld = skb_header_pointer(skb, msg->offset, sizeof(buffer), &buffer);
	if (!mld || msg->len < sizeof(*mld))
		return VNET_MCAST_MALFORMED;
	if (msg->type == ICMPV6_MGM_QUERY)
		return parse_mld_query(skb, msg, mld);
	return parse_old_report(msg, &mld->mld_mca);
}

static enum vnet_mcast_kind parse_in_ipv4(const struct sk_buff *skb, struct vnet_mcast_message *msg)
{
	struct iphdr buffer;
	const struct iphdr *ip = skb_header_pointer(skb, ETH_HLEN, sizeof(buffer), &buffer);
	enum vnet_mcast_kind kind;
	unsigned int total;

	if (!ip || ip->version != 4 || ip->ihl < 5 || !ipv4_is_multicast(ip->daddr))
		return VNET_MCAST_OTHER;
	total = ntohs(ip->tot_len);
	msg->key.addr = parse_ipv4(ip->daddr);
	msg->source = parse_ipv4(ip->saddr);
	kind = vnet_mcast_is_everybody(&msg->key) ? VNET_MCAST_LOCAL : VNET_MCAST_DATA;
	if (ip->protocol != IPPROTO_IGMP)
		return kind;
	if (ip_is_fragment(ip) || total < ip->ihl * 4 || total > skb->len - ETH_HLEN ||
	    ipv4_is_multicast(ip->saddr) ||
	    csum_fold(skb_checksum(skb, ETH_HLEN, ip->ihl * 4, 0)))
		return VNET_MCAST_MALFORMED;
	msg->offset = ETH_HLEN + ip->ihl * 4;
	msg->len = total - ip->ihl * 4;
	return parse_igmp(skb, msg, kind);
}

/* MLD is behind a hop-by-hop header with a router alert, which comes first (RFC 3810 5). */
static enum vnet_mcast_kind parse_in_ipv6(const struct sk_buff *skb, struct vnet_mcast_message *msg)
{
	struct ipv6hdr buffer;
	const struct ipv6hdr *ip = skb_header_pointer(skb, ETH_HLEN, sizeof(buffer), &buffer);
	struct ipv6_opt_hdr option_buffer;
	const struct ipv6_opt_hdr *option;
	enum vnet_mcast_kind kind;
	unsigned int size, total;

	if (!ip || ip->version != 6 || !ipv6_addr_is_multicast(&ip->daddr))
		return VNET_MCAST_OTHER;
	msg->key.addr = ip->daddr;
	msg->source = ip->saddr;
	kind = vnet_mcast_is_everybody(&msg->key) ? VNET_MCAST_LOCAL : VNET_MCAST_DATA;
	if (ip->nexthdr != NEXTHDR_HOP)
		return kind;
	option = skb_header_pointer(skb, ETH_HLEN + sizeof(*ip), sizeof(option_buffer),
				    &option_buffer);
	if (!option || option->nexthdr != IPPROTO_ICMPV6)
		return kind;
	total = ntohs(ip->payload_len);
	size = (option->hdrlen + 1) * 8;
	if (total < size || total > skb->len - ETH_HLEN - sizeof(*ip))
		return VNET_MCAST_MALFORMED;
	msg->offset = ETH_HLEN + sizeof(*ip) + size;
	msg->len = total - size;
	return parse_mld(skb, msg, ip, kind);
}

/**
 * vnet_mcast_parse - what is a frame to a group?
 * @skb: the frame, at its Ethernet header, which is pulled
 * @vid: its VLAN, 0 where VLANs are not told apart
 * @msg: filled as far as its kind has it
 *
 * Context: Any.
 * Return: What it is.
 */
enum vnet_mcast_kind vnet_mcast_parse(const struct sk_buff *skb, u16 vid,
				      struct vnet_mcast_message *msg)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	enum vnet_mcast_kind kind = VNET_MCAST_OTHER;

	memset(msg, 0, sizeof(*msg));
	msg->key.vid = vid;
	/* Where VLANs are not told apart, a tag is payload, whether in the frame or beside it. */
	if (vid || !skb_vlan_tag_present(skb)) {
		msg->key.proto = eth->h_proto;
		if (eth->h_proto == htons(ETH_P_IP))
			kind = parse_in_ipv4(skb, msg);
		else if (eth->h_proto == htons(ETH_P_IPV6))
			kind = parse_in_ipv6(skb, msg);
	}
	if (kind == VNET_MCAST_OTHER) {
		msg->key.proto = 0;
		memcpy(&msg->key.addr, eth->h_dest, ETH_ALEN);
	}
	return kind;
}

static enum vnet_mcast_change parse_change(u8 type, u16 n_sources)
{
	switch (type) {
	case RECORD_IS_EX:
		return VNET_MCAST_JOIN;
	case RECORD_TO_EX:
		return n_sources ? VNET_MCAST_EXCLUDE : VNET_MCAST_JOIN;
	case RECORD_IS_IN:
	case RECORD_ALLOW:
		return n_sources ? VNET_MCAST_INCLUDE : VNET_MCAST_NOTHING;
	case RECORD_TO_IN:
		return VNET_MCAST_ONLY;
	case RECORD_BLOCK:
		return n_sources ? VNET_MCAST_BLOCK : VNET_MCAST_NOTHING;
	}
	return VNET_MCAST_NOTHING;
}

static void parse_old_record(const struct vnet_mcast_message *msg, struct vnet_mcast_record *record)
{
	record->key.addr = msg->group;
	record->n_sources = 0;
	record->change = VNET_MCAST_JOIN;
	if (msg->type == IGMP_HOST_LEAVE_MESSAGE || msg->type == ICMPV6_MGM_REDUCTION)
		record->change = VNET_MCAST_ONLY;
}

/* Addresses of the message from @offset on. */
static bool parse_copy(const struct sk_buff *skb, const struct vnet_mcast_message *msg,
		       unsigned int offset, struct in6_addr *addrs, unsigned int n)
{
	unsigned int len = parse_addr_len(msg), i;

	for (i = 0; i < n; i++) {
		addrs[i] = in6addr_any;
		if (skb_copy_bits(skb, offset + i * len, &addrs[i], len))
			return false;
	}
	return true;
}

/**
 * vnet_mcast_next_record - walk what a report says
 * @skb: the frame
 * @msg: the report, as vnet_mcast_parse() has filled it; moves on
 * @record: filled with the next record
 *
 * Context: Any.
 * Return: False when there is none.
 */
bool vnet_mcast_next_record(const struct sk_buff *skb, struct vnet_mcast_message *msg,
			    struct vnet_mcast_record *record)
{
	unsigned int len = parse_addr_len(msg), at = msg->offset + msg->at;
	struct parse_record head;

	if (!msg->left)
		return false;
	msg->left--;
	record->key = msg->key;
	if (!msg->at) {
		parse_old_record(msg, record);
		return true;
	}
	if (skb_copy_bits(skb, at, &head, sizeof(head)))
		return false;
	at += sizeof(head);
	record->n_sources = ntohs(head.n_sources);
	record->change = parse_change(head.type, record->n_sources);
	if (!parse_copy(skb, msg, at, &record->key.addr, 1) ||
	    !parse_copy(skb, msg, at + len, record->sources,
			min_t(unsigned int, record->n_sources, VNET_MCAST_MAX_SOURCES)))
		return false;
	msg->at += sizeof(head) + len + record->n_sources * len + head.aux_words * 4;
	if (!vnet_mcast_is_group(&record->key))
		record->change = VNET_MCAST_NOTHING;
	return true;
}
