// SPDX-License-Identifier: GPL-2.0
/*
 * The directories in sysfs that Linux bridges have: VNET/bridge/, VNET/brif/, MEMBER/brport/.
 *
 * Proxmox VE, Incus, LXD and scripts look there to know a bridge, and some write there. A file is
 * one attribute of generic netlink: what is read is what a dump says, and what is written goes
 * through the same policy and the same door as a request. Off unless the module's parameter
 * bridge_sysfs says otherwise: netlink has all of this, and more.
 *
 * A file is read under RCU, and written under RTNL. Removing it waits for who does so, with RTNL
 * held: so RTNL is only tried, and the system call begins again where it is taken.
 */
#include "sysfs.h"

#include <linux/etherdevice.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/sysfs.h>
#include <net/netlink.h>

#include "config.h"
#include "genl.h"
#include "host.h"
#include "member.h"
#include "netlink_gen.h"
#include "refuse.h"
#include "vnet.h"

static bool bridge_sysfs;
module_param(bridge_sysfs, bool, 0644);
MODULE_PARM_DESC(bridge_sysfs, "vnets made from now on have the directories in sysfs that bridges have");

/**
 * struct vnet_sysfs - one directory: bridge/ of a vnet, or brport/ of a member
 * @kobj: the directory
 * @vnet: the vnet; it outlives the files
 * @port: the member's port, or NULL for the vnet itself; it outlives the files, too
 * @brif: directory of links to members' brport/; of a vnet only
 * @link: name in @brif, of a member only; under RTNL
 */
struct vnet_sysfs {
	struct kobject kobj;
	struct vnet *vnet;
	struct vnet_port *port;
	struct kobject *brif;
	char link[IFNAMSIZ];
};

/* How a number is written. */
enum sysfs_form {
	SYSFS_DECIMAL,
	SYSFS_HEX,
	SYSFS_PROTOCOL,		/* an EtherType */
	SYSFS_BRIDGE_ID,
	SYSFS_STATE,		/* of a port: disabled while it is down */
	SYSFS_FLUSH,		/* no number: what was learned is forgotten */
};

/**
 * struct sysfs_file - one file
 * @attr: its name and mode
 * @type: VNET_LINK_* or VNET_PORT_*, whose value it has
 * @form: enum sysfs_form
 */
struct sysfs_file {
	struct attribute attr;
	u16 type;
	u8 form;
};

/* X(name, mode, attribute of the set "link", form): files of bridge/ */
#define SYSFS_BRIDGE_FILES(X)								\
	X(ageing_time, 0644, AGEING_TIME, DECIMAL)					\
	X(bridge_id, 0444, BRIDGE_ID, BRIDGE_ID)					\
	X(default_pvid, 0644, VLAN_DEFAULT_PVID, DECIMAL)				\
	X(flush, 0200, IFINDEX, FLUSH)							\
	X(forward_delay, 0644, FORWARD_DELAY, DECIMAL)					\
	X(hash_max, 0644, MCAST_HASH_MAX, DECIMAL)					\
	X(hello_time, 0644, HELLO_TIME, DECIMAL)					\
	X(max_age, 0644, MAX_AGE, DECIMAL)						\
	X(multicast_igmp_version, 0644, MCAST_IGMP_VERSION, DECIMAL)			\
	X(multicast_last_member_count, 0644, MCAST_LAST_MEMBER_CNT, DECIMAL)		\
	X(multicast_last_member_interval, 0644, MCAST_LAST_MEMBER_INTVL, DECIMAL)	\
	X(multicast_membership_interval, 0644, MCAST_MEMBERSHIP_INTVL, DECIMAL)		\
	X(multicast_mld_version, 0644, MCAST_MLD_VERSION, DECIMAL)			\
	X(multicast_querier, 0644, MCAST_QUERIER, DECIMAL)				\
	X(multicast_querier_interval, 0644, MCAST_QUERIER_INTVL, DECIMAL)		\
	X(multicast_query_interval, 0644, MCAST_QUERY_INTVL, DECIMAL)			\
	X(multicast_query_response_interval, 0644, MCAST_QUERY_RESPONSE_INTVL, DECIMAL)	\
	X(multicast_query_use_ifaddr, 0644, MCAST_QUERY_USE_IFADDR, DECIMAL)		\
	X(multicast_snooping, 0644, MCAST_SNOOPING, DECIMAL)				\
	X(multicast_startup_query_count, 0644, MCAST_STARTUP_QUERY_CNT, DECIMAL)	\
	X(multicast_startup_query_interval, 0644, MCAST_STARTUP_QUERY_INTVL, DECIMAL)	\
	X(priority, 0644, STP_PRIORITY, DECIMAL)					\
	X(root_id, 0444, ROOT_ID, BRIDGE_ID)						\
	X(root_path_cost, 0444, ROOT_PATH_COST, DECIMAL)				\
	X(root_port, 0444, ROOT_PORT, DECIMAL)						\
	X(stp_state, 0644, STP_STATE, DECIMAL)						\
	X(topology_change, 0444, TOPOLOGY_CHANGE, DECIMAL)				\
	X(vlan_filtering, 0644, VLAN_FILTERING, DECIMAL)				\
	X(vlan_protocol, 0644, VLAN_PROTOCOL, PROTOCOL)					\
	X(vlan_stats_per_port, 0644, VLAN_STATS_PER_PORT, DECIMAL)

/* X(name, mode, attribute of the set "port", form): files of brport/ */
#define SYSFS_PORT_FILES(X)								\
	X(bpdu_guard, 0644, GUARD, DECIMAL)						\
	X(broadcast_flood, 0644, BCAST_FLOOD, DECIMAL)					\
	X(designated_bridge, 0444, DESIGNATED_BRIDGE, BRIDGE_ID)			\
	X(designated_port, 0444, DESIGNATED_PORT, DECIMAL)				\
	X(flush, 0200, IFINDEX, FLUSH)							\
	X(hairpin_mode, 0644, HAIRPIN, DECIMAL)						\
	X(isolated, 0644, ISOLATED, DECIMAL)						\
	X(learning, 0644, LEARNING, DECIMAL)						\
	X(multicast_fast_leave, 0644, FAST_LEAVE, DECIMAL)				\
	X(multicast_flood, 0644, MCAST_FLOOD, DECIMAL)					\
	X(multicast_router, 0644, MCAST_ROUTER, DECIMAL)				\
	X(neigh_suppress, 0644, NEIGH_SUPPRESS, DECIMAL)				\
	X(path_cost, 0644, COST, DECIMAL)						\
	X(port_id, 0444, ID, HEX)							\
	X(port_no, 0444, NUMBER, HEX)							\
	X(priority, 0644, PRIORITY, DECIMAL)						\
	X(proxyarp, 0644, PROXY_ARP, DECIMAL)						\
	X(root_block, 0644, ROOT_BLOCK, DECIMAL)					\
	X(state, 0444, STATE, STATE)							\
	X(unicast_flood, 0644, UNICAST_FLOOD, DECIMAL)

#define X(file, bits, what, how)				\
static struct sysfs_file bridge_##file = {			\
	.attr = { .name = #file, .mode = bits },		\
	.type = VNET_LINK_##what,				\
	.form = SYSFS_##how,					\
};

SYSFS_BRIDGE_FILES(X)
#undef X

#define X(file, bits, what, how)				\
static struct sysfs_file brport_##file = {			\
	.attr = { .name = #file, .mode = bits },		\
	.type = VNET_PORT_##what,				\
	.form = SYSFS_##how,					\
};

SYSFS_PORT_FILES(X)
#undef X

static struct attribute *bridge_attrs[] = {
#define X(file, bits, what, how) &bridge_##file.attr,
	SYSFS_BRIDGE_FILES(X)
#undef X
	NULL
};

static struct attribute *brport_attrs[] = {
#define X(file, bits, what, how) &brport_##file.attr,
	SYSFS_PORT_FILES(X)
#undef X
	NULL
};

ATTRIBUTE_GROUPS(bridge);
ATTRIBUTE_GROUPS(brport);

/* Which bridge it is, where no spanning tree says so. */
static u64 sysfs_own_id(const struct vnet *vnet)
{
	return (u64)vnet->stp.config.priority << 48 | ether_addr_to_u64(vnet->dev->dev_addr);
}

/* The number that an attribute has. What only a spanning tree has is 0 without one. */
static u64 sysfs_number(const struct vnet_sysfs *view, const struct sysfs_file *file,
			const struct nlattr *attr)
{
	if (!attr)
		return file->form == SYSFS_BRIDGE_ID ? sysfs_own_id(view->vnet) : 0;
	if (file->form == SYSFS_BRIDGE_ID)
		return be64_to_cpup(nla_data(attr));
	if (file->form == SYSFS_PROTOCOL)
		return ntohs(nla_get_be16(attr));
	if (file->form == SYSFS_STATE && !vnet_port_is_up(view->port))
		return VNET_PORT_STATE_DISABLED;
	switch (nla_len(attr)) {
	case sizeof(u8):
		return nla_get_u8(attr);
	case sizeof(u16):
		return nla_get_u16(attr);
	default:
		return nla_get_u32(attr);
	}
}

static ssize_t sysfs_print(const struct vnet_sysfs *view, const struct sysfs_file *file, char *buf)
{
	size_t size = view->port ? vnet_genl_port_size() : vnet_genl_link_size();
	struct sk_buff *skb = alloc_skb(size, GFP_KERNEL);
	u64 number;
	int err;

	if (!skb)
		return -ENOMEM;
	rcu_read_lock();
	err = view->port ? vnet_genl_fill_port(skb, view->port) :
			   vnet_genl_fill_link(skb, view->vnet);
	number = sysfs_number(view, file, nla_find((struct nlattr *)skb->data, skb->len,
						   file->type));
	rcu_read_unlock();
	kfree_skb(skb);
	if (WARN_ON_ONCE(err))
		return err;
	switch (file->form) {
	case SYSFS_HEX:
		return sysfs_emit(buf, "0x%llx\n", number);
	case SYSFS_PROTOCOL:
		return sysfs_emit(buf, "0x%04llx\n", number);
	case SYSFS_BRIDGE_ID:
		return sysfs_emit(buf, "%04llx.%012llx\n", number >> 48,
				  number & (BIT_ULL(48) - 1));
	default:
		return sysfs_emit(buf, "%llu\n", number);
	}
}

/**
 * struct sysfs_request - a request with one attribute
 * @attr: its header
 * @u8: its value, as @u16 and @u32 are
 * @u16: its value
 * @u32: its value
 */
struct sysfs_request {
	struct nlattr attr;
	union {
		u8 u8;
		u16 u16;
		u32 u32;
	};
};

/* The attribute as netlink would bring it, checked against its policy. */
static int sysfs_parse(struct nlattr *attrs[], int max, const struct nla_policy *policy,
		       const struct sysfs_file *file, u32 value, struct sysfs_request *request,
		       struct netlink_ext_ack *extack)
{
	size_t size = sizeof(u32);
	u32 most = U32_MAX;

	*request = (struct sysfs_request){};
	switch (policy[file->type].type) {
	case NLA_U8:
		size = sizeof(u8);
		most = U8_MAX;
		request->u8 = value;
		break;
	case NLA_U16:
		size = sizeof(u16);
		most = U16_MAX;
		request->u16 = file->form == SYSFS_PROTOCOL ? (__force u16)htons(value) : value;
		break;
	default:
		request->u32 = value;
	}
	if (value > most)
		return -ERANGE;
	request->attr.nla_type = file->type;
	request->attr.nla_len = nla_attr_size(size);
	return nla_parse(attrs, max, &request->attr, nla_total_size(size), policy, extack);
}

static int sysfs_set_port(struct vnet_port *port, const struct sysfs_file *file, u32 value,
			  struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[VNET_PORT_MAX + 1] = {};
	struct sysfs_request request;
	int err;

	err = sysfs_parse(attrs, ARRAY_SIZE(vnet_port_set_nl_policy) - 1, vnet_port_set_nl_policy,
			  file, value, &request, extack);
	return err ?: vnet_port_change(port, attrs, extack);
}

static int sysfs_set_vnet(struct vnet *vnet, const struct sysfs_file *file, u32 value,
			  struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[VNET_LINK_MAX + 1] = {};
	struct sysfs_request request;
	struct vnet_config config;
	int err;

	err = sysfs_parse(attrs, ARRAY_SIZE(vnet_link_set_nl_policy) - 1, vnet_link_set_nl_policy,
			  file, value, &request, extack);
	if (err)
		return err;
	vnet_config_read(vnet, &config);
	return vnet_config_parse(&config, attrs, extack) ?:
	       vnet_config_apply(vnet, &config, extack);
}

static int sysfs_set(const struct vnet_sysfs *view, const struct sysfs_file *file, u32 value,
		     struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	if (file->form == SYSFS_FLUSH) {
		if (value != 1)
			return -EINVAL;
		vnet_fdb_flush(view->vnet, view->port, VNET_FDB_FLUSH_LEARNED);
		return 0;
	}
	return view->port ? sysfs_set_port(view->port, file, value, extack) :
			    sysfs_set_vnet(view->vnet, file, value, extack);
}

static struct vnet_sysfs *sysfs_view(struct kobject *kobj)
{
	return container_of(kobj, struct vnet_sysfs, kobj);
}

static ssize_t sysfs_show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	return sysfs_print(sysfs_view(kobj), container_of(attr, struct sysfs_file, attr), buf);
}

/* A file has no place for a sentence: it goes to the kernel's log. */
static void sysfs_explain(const struct vnet_sysfs *view, const struct sysfs_file *file,
			  const char *sentence)
{
	const struct net_device *dev = view->port ? view->port->dev : view->vnet->dev;

	pr_info_ratelimited("%s: sysfs, %s/%s: %s\n", KBUILD_MODNAME, dev->name, file->attr.name,
			    sentence);
}

static ssize_t sysfs_store(struct kobject *kobj, struct attribute *attr, const char *buf,
			   size_t len)
{
	const struct sysfs_file *file = container_of(attr, struct sysfs_file, attr);
	const struct vnet_sysfs *view = sysfs_view(kobj);
	struct netlink_ext_ack extack = {};
	u32 value;
	int err;

	if (!ns_capable(dev_net(view->vnet->dev)->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	err = kstrtou32(buf, 0, &value);
	if (err)
		return err;
	if (!rtnl_trylock())
		return restart_syscall();
	err = sysfs_set(view, file, value, &extack);
	if (err && extack._msg)
		sysfs_explain(view, file, extack._msg);
	rtnl_unlock();
	return err ?: len;
}

static const struct sysfs_ops sysfs_operations = {
	.show = sysfs_show,
	.store = sysfs_store,
};

/* Files are the root's of the user namespace that has the network namespace. */
static void sysfs_get_ownership(VNET_COMPAT_CONST_KOBJ struct kobject *kobj, kuid_t *uid,
				kgid_t *gid)
{
	const struct vnet_sysfs *view = container_of(kobj, struct vnet_sysfs, kobj);

	net_ns_get_ownership(dev_net(view->vnet->dev), uid, gid);
}

static void sysfs_release(struct kobject *kobj)
{
	kfree(sysfs_view(kobj));
}

static const struct kobj_type bridge_type = {
	.sysfs_ops = &sysfs_operations,
	.default_groups = bridge_groups,
	.get_ownership = sysfs_get_ownership,
	.release = sysfs_release,
};

static const struct kobj_type brport_type = {
	.sysfs_ops = &sysfs_operations,
	.default_groups = brport_groups,
	.get_ownership = sysfs_get_ownership,
	.release = sysfs_release,
};

static struct vnet_sysfs *sysfs_make(struct vnet *vnet, struct vnet_port *port)
{
	struct net_device *dev = port ? port->dev : vnet->dev;
	struct vnet_sysfs *view = kzalloc(sizeof(*view), GFP_KERNEL_ACCOUNT);
	int err;

	if (!view)
		return ERR_PTR(-ENOMEM);
	view->vnet = vnet;
	view->port = port;
	err = kobject_init_and_add(&view->kobj, port ? &brport_type : &bridge_type, &dev->dev.kobj,
				   port ? "brport" : "bridge");
	if (!err)
		return view;
	kobject_put(&view->kobj);
	return ERR_PTR(err);
}

/* Waits for whoever is reading or writing a file. */
static void sysfs_end(struct vnet_sysfs *view)
{
	kobject_del(&view->kobj);
	kobject_put(&view->kobj);
}

static int sysfs_open_port(struct vnet_port *port)
{
	struct vnet *vnet = port->vnet;
	struct vnet_sysfs *view;
	int err;

	ASSERT_RTNL();
	if (!vnet->sysfs)
		return 0;
	view = sysfs_make(vnet, port);
	if (IS_ERR(view))
		return PTR_ERR(view);
	err = sysfs_create_link(&view->kobj, &vnet->dev->dev.kobj, "bridge");
	if (err)
		goto end;
	strscpy(view->link, port->dev->name, sizeof(view->link));
	err = sysfs_create_link(vnet->sysfs->brif, &view->kobj, view->link);
	if (err)
		goto end;
	port->sysfs = view;
	return 0;

end:
	sysfs_end(view);
	return err;
}

static void sysfs_close_port(struct vnet_port *port)
{
	struct vnet_sysfs *view = port->sysfs;

	ASSERT_RTNL();
	if (!view)
		return;
	port->sysfs = NULL;
	sysfs_remove_link(port->vnet->sysfs->brif, view->link);
	sysfs_end(view);
}

static int sysfs_open_vnet(struct vnet *vnet)
{
	struct vnet_sysfs *view;

	ASSERT_RTNL();
	if (!READ_ONCE(bridge_sysfs))
		return 0;
	view = sysfs_make(vnet, NULL);
	if (IS_ERR(view))
		return PTR_ERR(view);
	view->brif = kobject_create_and_add("brif", &vnet->dev->dev.kobj);
	if (!view->brif) {
		sysfs_end(view);
		return -ENOMEM;
	}
	vnet->sysfs = view;
	return 0;
}

static void sysfs_close_vnet(struct vnet *vnet)
{
	struct vnet_sysfs *view = vnet->sysfs;
	struct vnet_port *port;

	ASSERT_RTNL();
	if (!view)
		return;
	list_for_each_entry(port, &vnet->ports, node)
		sysfs_close_port(port);
	vnet->sysfs = NULL;
	kobject_put(view->brif);
	sysfs_end(view);
}

/* A netdev became a member, or ceases to be one. */
static int sysfs_change_upper(struct net_device *dev,
			      const struct netdev_notifier_changeupper_info *info)
{
	struct vnet_port *port;
	int err;

	if (!vnet_is_vnet(info->upper_dev))
		return 0;
	port = vnet_port_by_dev(vnet_of(info->upper_dev), dev);
	if (!port || port->kind != VNET_PORT_KIND_MEMBER)
		return 0;
	if (!info->linking) {
		sysfs_close_port(port);
		return 0;
	}
	err = sysfs_open_port(port);
	if (err)
		VNET_REFUSE(info->info.extack, "%s/brport/ in sysfs cannot be made (error %d)",
			    dev->name, err);
	return err;
}

/* A rename that the link cannot follow is undone. */
static int sysfs_rename(struct net_device *dev)
{
	struct vnet_port *port = vnet_member_port(dev);
	struct vnet_sysfs *view = port ? port->sysfs : NULL;
	int err;

	if (!view || !strcmp(view->link, dev->name))
		return 0;
	err = sysfs_rename_link(port->vnet->sysfs->brif, &view->kobj, view->link, dev->name);
	if (!err)
		strscpy(view->link, dev->name, sizeof(view->link));
	return err;
}

static int sysfs_event(struct notifier_block *block, unsigned long event, void *data)
{
	struct net_device *dev = netdev_notifier_info_to_dev(data);
	int err = 0;

	switch (event) {
	case NETDEV_REGISTER:
		if (vnet_is_vnet(dev))
			err = sysfs_open_vnet(vnet_of(dev));
		break;
	case NETDEV_UNREGISTER:
		if (vnet_is_vnet(dev))
			sysfs_close_vnet(vnet_of(dev));
		break;
	case NETDEV_CHANGEUPPER:
		err = sysfs_change_upper(dev, data);
		break;
	case NETDEV_CHANGENAME:
		err = sysfs_rename(dev);
		break;
	}
	return notifier_from_errno(err);
}

static struct notifier_block sysfs_notifier = {
	.notifier_call = sysfs_event,
};

/**
 * vnet_sysfs_init - begin to follow vnets and their members
 *
 * Context: Module initialisation, before there is a vnet.
 * Return: 0 or a negative error.
 */
int vnet_sysfs_init(void)
{
	return register_netdevice_notifier(&sysfs_notifier);
}

/**
 * vnet_sysfs_exit - follow them no more
 *
 * Context: Module exit, when there are no vnets any more.
 */
void vnet_sysfs_exit(void)
{
	unregister_netdevice_notifier(&sysfs_notifier);
}
