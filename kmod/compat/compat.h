/* SPDX-License-Identifier: GPL-2.0 */
/* The only place that knows how kernels differ. Included before every file. */
#ifndef VNET_COMPAT_H
#define VNET_COMPAT_H

#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <net/genetlink.h>

#ifdef VNET_HAVE_HOTDATA
#include <net/hotdata.h>
#endif

#ifdef VNET_HAVE_UNALIGNED_H
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#ifdef VNET_HAVE_RPS_H
#include <net/rps.h>
#endif

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

/* The parameters of ndo_fdb_del_bulk(), and the attributes of its request. */
#ifdef VNET_HAVE_FDB_DEL_BULK_NLH
#define VNET_COMPAT_FDB_DEL_BULK_ARGS \
	struct nlmsghdr *request, struct net_device *dev, struct netlink_ext_ack *extack

static inline int vnet_compat_fdb_attrs(struct nlmsghdr *request, struct nlattr *attrs[],
					struct netlink_ext_ack *extack)
{
	return nlmsg_parse(request, sizeof(struct ndmsg), attrs, NDA_MAX, NULL, extack);
}
#else
#define VNET_COMPAT_FDB_DEL_BULK_ARGS \
	struct ndmsg *ndm, struct nlattr *request[], struct net_device *dev, u16 vid, \
	struct netlink_ext_ack *extack

static inline int vnet_compat_fdb_attrs(struct nlattr *request[], struct nlattr *attrs[],
					struct netlink_ext_ack *extack)
{
	memcpy(attrs, request, sizeof(*attrs) * (NDA_MAX + 1));
	return 0;
}
#endif

/* "bridge mdb" reaches a netdev that is no bridge on newer kernels only. */
#ifdef VNET_HAVE_NDO_MDB_GET
#define VNET_COMPAT_MDB_OPS				\
	.ndo_mdb_add		= vnet_bridge_add_mdb,	\
	.ndo_mdb_del		= vnet_bridge_del_mdb,	\
	.ndo_mdb_del_bulk	= vnet_bridge_flush_mdb, \
	.ndo_mdb_dump		= vnet_bridge_dump_mdb,	\
	.ndo_mdb_get		= vnet_bridge_get_mdb,
#else
#define VNET_COMPAT_MDB_OPS
#endif

/* Who asks a kobject for its owner may not change it, on newer kernels. */
#ifdef VNET_HAVE_CONST_KOBJECT
#define VNET_COMPAT_CONST_KOBJ const
#else
#define VNET_COMPAT_CONST_KOBJ
#endif

/* Does some netdev spread what it receives over processors? */
static inline bool vnet_compat_wants_rps(void)
{
#ifdef CONFIG_RPS
	return static_branch_unlikely(&rps_needed);
#else
	return false;
#endif
}

/* dev_nit_active(), without a call where that can be. */
static inline bool vnet_compat_has_taps(const struct net_device *dev)
{
#ifdef VNET_HAVE_HOTDATA
	return !list_empty(&net_hotdata.ptype_all) || !list_empty(&dev->ptype_all);
#else
	return dev_nit_active((struct net_device *)dev);
#endif
}

/* sysctl net.core.netdev_max_backlog */
static inline unsigned int vnet_compat_max_backlog(void)
{
#ifdef VNET_HAVE_HOTDATA
	return READ_ONCE(net_hotdata.max_backlog);
#else
	return READ_ONCE(netdev_max_backlog);
#endif
}

/* Are there filters of tc in the way of what a netdev sends (egress) or receives (ingress)? */
#if defined(VNET_HAVE_TCX)
#define VNET_COMPAT_HAS_FILTER(dev, way) rcu_access_pointer((dev)->tcx_##way)
#elif defined(CONFIG_NET_CLS_ACT)
#define VNET_COMPAT_HAS_FILTER(dev, way) rcu_access_pointer((dev)->miniq_##way)
#else
#define VNET_COMPAT_HAS_FILTER(dev, way) false
#endif

/* Has somebody put a hook, other than @own, or a filter in the way of what a netdev sends? */
static inline bool vnet_compat_has_egress(const struct net_device *dev, nf_hookfn *own)
{
#ifdef CONFIG_NETFILTER_EGRESS
	const struct nf_hook_entries *hooks = rcu_dereference(dev->nf_hooks_egress);

	if (hooks && (hooks->num_hook_entries != 1 || hooks->hooks[0].hook != own))
		return true;
#endif
	return VNET_COMPAT_HAS_FILTER(dev, egress);
}

/* Has somebody put a hook or a filter in the way of what a netdev receives? */
static inline bool vnet_compat_has_ingress(const struct net_device *dev)
{
#ifdef CONFIG_NETFILTER_INGRESS
	if (rcu_access_pointer(dev->nf_hooks_ingress))
		return true;
#endif
	return VNET_COMPAT_HAS_FILTER(dev, ingress);
}

/* Has a packet something beside it that has to be put away? */
static inline bool vnet_compat_has_extensions(const struct sk_buff *skb)
{
#ifdef CONFIG_SKB_EXTENSIONS
	return skb->active_extensions;
#else
	return false;
#endif
}

/* A netdev that is nothing but the owner of NAPI instances. */
static inline struct net_device *vnet_compat_alloc_dummy(void)
{
#ifdef VNET_HAVE_ALLOC_DUMMY
	return alloc_netdev_dummy(0);
#else
	struct net_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (dev)
		init_dummy_netdev(dev);
	return dev;
#endif
}

static inline void vnet_compat_free_dummy(struct net_device *dev)
{
#ifdef VNET_HAVE_ALLOC_DUMMY
	free_netdev(dev);
#else
	kfree(dev);
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
