/* SPDX-License-Identifier: GPL-2.0 */
/* What a frame to a group is: IGMP and MLD messages, or data. */
#ifndef VNET_MCAST_PARSE_H
#define VNET_MCAST_PARSE_H

#include <linux/in6.h>
#include <linux/skbuff.h>

/* Sources of one group that are told apart; who wants more gets all. */
#define VNET_MCAST_MAX_SOURCES 32

/**
 * struct vnet_mcast_key - a group in a VLAN
 * @addr: IPv6 group; or IPv4 group, or MAC address, in its first bytes, the rest zero. All zero
 *	stands for all groups of the protocol
 * @proto: ETH_P_IP, ETH_P_IPV6, or 0 for a MAC address
 * @vid: VLAN, 0 where VLANs are not told apart
 */
struct vnet_mcast_key {
	struct in6_addr addr;
	__be16 proto;
	u16 vid;
};

/* What a frame is. */
enum vnet_mcast_kind {
	VNET_MCAST_OTHER,	/* no IP packet to a group; @key has its MAC address */
	VNET_MCAST_LOCAL,	/* to a group of all neighbours: 224.0.0.0/24, ff02::1 */
	VNET_MCAST_DATA,	/* a packet to the group @key */
	VNET_MCAST_QUERY,
	VNET_MCAST_REPORT,	/* reports, and leave or done messages */
	VNET_MCAST_MALFORMED,	/* an IGMP or MLD message that must not be believed */
};

/* What a record of a report says. */
enum vnet_mcast_change {
	VNET_MCAST_JOIN,	/* all sources but these */
	VNET_MCAST_EXCLUDE,	/* the same, and who wants one of these besides is to be asked */
	VNET_MCAST_INCLUDE,	/* these sources too */
	VNET_MCAST_ONLY,	/* these sources and no others; none: the host leaves */
	VNET_MCAST_BLOCK,	/* these sources no more */
	VNET_MCAST_NOTHING,	/* nothing that is to be remembered */
};

/**
 * struct vnet_mcast_message - a frame to a group
 * @key: the group that it was sent to
 * @source: who sent it, as vnet_mcast_key.addr
 * @group: group that a query asks for; all zero in a general one
 * @offset: where the IGMP or MLD message begins
 * @len: its length
 * @at: where the next record of a report begins, from @offset; 0 in a message of one group
 * @left: records of a report that were not read yet
 * @type: type of the message
 * @suppress: the query tells routers not to shorten their timers, or asks for some sources only
 * @delay_ms: time that hosts have for their answer to a query
 */
struct vnet_mcast_message {
	struct vnet_mcast_key key;
	struct in6_addr source;
	struct in6_addr group;
	unsigned int offset;
	unsigned int len;
	unsigned int at;
	u16 left;
	u8 type;
	bool suppress;
	u32 delay_ms;
};

/**
 * struct vnet_mcast_record - what a report says of one group
 * @key: the group
 * @change: what of it
 * @n_sources: sources that are named
 * @sources: the first of them
 */
struct vnet_mcast_record {
	struct vnet_mcast_key key;
	enum vnet_mcast_change change;
	u16 n_sources;
	struct in6_addr sources[VNET_MCAST_MAX_SOURCES];
};

enum vnet_mcast_kind vnet_mcast_parse(const struct sk_buff *skb, u16 vid,
				      struct vnet_mcast_message *msg);
bool vnet_mcast_next_record(const struct sk_buff *skb, struct vnet_mcast_message *msg,
			    struct vnet_mcast_record *record);
bool vnet_mcast_is_group(const struct vnet_mcast_key *key);
bool vnet_mcast_is_everybody(const struct vnet_mcast_key *key);

#endif
