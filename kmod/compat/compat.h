/* SPDX-License-Identifier: GPL-2.0 */
/* The only place that knows how kernels differ. Included before every file. */
#ifndef VNET_COMPAT_H
#define VNET_COMPAT_H

#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <net/genetlink.h>

/* Segmentation moved to a header of its own. */
#ifdef VNET_HAVE_GSO_H
#include <net/gso.h>
#endif

/* A device whose xmit needs no lock, and which stays in its namespace if @immutable. */
static inline void vnet_compat_set_dev_flags(struct net_device *dev, bool immutable)
{
#ifdef VNET_HAVE_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
#ifdef VNET_HAVE_NETNS_IMMUTABLE
	dev->netns_immutable = immutable;
#else
	if (immutable)
		dev->features |= NETIF_F_NETNS_LOCAL;
#endif
}

/* A netdev of cfg80211 has a wireless side; without cfg80211 there is not even the member. */
static inline bool vnet_compat_is_wireless(const struct net_device *dev)
{
#if IS_ENABLED(CONFIG_CFG80211)
	return dev->ieee80211_ptr;
#else
	return false;
#endif
}

/* UDP sockets of a namespace: in a table of its own on newer kernels. */
#ifdef VNET_HAVE_NETNS_UDP_TABLE
#define vnet_compat_udp_table(net) ((net)->ipv4.udp_table)
#else
#define vnet_compat_udp_table(net) (&udp_table)
#endif

/* Attributes of the request that started a dump. */
static inline struct nlattr **vnet_compat_dump_attrs(struct netlink_callback *cb)
{
#ifdef VNET_HAVE_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return (struct nlattr **)genl_dumpit_info(cb)->attrs;
#endif
}

/* Newer kernels remember the source of a trace event's string from its __string(). */
#ifdef VNET_HAVE_ASSIGN_STR_ONE
#define vnet_assign_str(dst, src) __assign_str(dst)
#else
#define vnet_assign_str(dst, src) __assign_str(dst, src)
#endif

#endif
