// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about vnets. */
#include <linux/rtnetlink.h>

#include "config.h"
#include "genl.h"
#include "netlink_gen.h"
#include "vnet.h"

/**
 * vnet_genl_link_size - room for the set "link"
 *
 * Context: Any.
 * Return: Bytes at most.
 */
size_t vnet_genl_link_size(void)
{
	return nla_total_size(sizeof(u32)) * 17 + /* the numbers and addresses */
	       nla_total_size(sizeof(u64)) * 2 +	/* bridges */
	       nla_total_size(IFNAMSIZ) +	/* VNET_LINK_IFNAME */
	       nla_total_size(ETH_ALEN) +	/* VNET_LINK_GATEWAY_LLADDR */
	       nla_total_size(sizeof(u16)) * 5 +	/* VLANs, STP, loop guard */
	       nla_total_size(sizeof(u32)) * VNET_MCAST_N_SETTINGS +
	       nla_total_size(sizeof(u8)) * 7;	/* prefix length and switches */
}

static int fill_vlan(struct sk_buff *skb, const struct vnet_vlan_config *vlan)
{
	return nla_put_u8(skb, VNET_LINK_VLAN_FILTERING, vlan->filtering) ?:
	       nla_put_be16(skb, VNET_LINK_VLAN_PROTOCOL, vlan->protocol) ?:
	       nla_put_u16(skb, VNET_LINK_VLAN_DEFAULT_PVID, vlan->default_pvid) ?:
	       nla_put_u8(skb, VNET_LINK_VLAN_STATS_PER_PORT, vlan->stats);
}

static int fill_gateway(struct sk_buff *skb, const struct vnet *vnet,
			const struct vnet_gateway *gateway)
{
	if (vnet->subnet && (nla_put_be32(skb, VNET_LINK_SUBNET, vnet->subnet) ||
			     nla_put_u8(skb, VNET_LINK_PREFIX_LEN, vnet->prefix_len)))
		return -EMSGSIZE;
	if (gateway && (nla_put_be32(skb, VNET_LINK_GATEWAY, gateway->config.addr) ||
			nla_put(skb, VNET_LINK_GATEWAY_LLADDR, ETH_ALEN, gateway->config.lladdr)))
		return -EMSGSIZE;
	return nla_put_u8(skb, VNET_LINK_NAT, gateway && gateway->config.nat);
}

/**
 * vnet_genl_fill_link - fill in the set "link"
 * @skb: message
 * @vnet: the vnet
 *
 * Context: RTNL held, or RCU read side.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_genl_fill_link(struct sk_buff *skb, const struct vnet *vnet)
{
	const struct vnet_gateway *gateway = rcu_dereference_rtnl(vnet->gateway);
	const struct vnet_port *uplink = rcu_dereference_rtnl(vnet->uplink_port);

	if (nla_put_u32(skb, VNET_LINK_AGEING_TIME, jiffies_to_clock_t(vnet->fdb.ageing)) ||
	    fill_vlan(skb, &vnet->vlan) || vnet_stp_fill(skb, vnet) ||
	    nla_put_u16(skb, VNET_LINK_LOOP_GUARD, vnet->loop_guard.seconds) ||
	    nla_put_u8(skb, VNET_LINK_NEIGH_UNICAST, vnet->bindings.unicast) ||
	    vnet_mcast_put_config(skb, &vnet->mcast.config) ||
	    nla_put_u32(skb, VNET_LINK_FDB_N_LEARNED, READ_ONCE(vnet->fdb.learned)) ||
	    nla_put_u32(skb, VNET_LINK_FDB_MAX_LEARNED, vnet->fdb.max_learned) ||
	    vnet_genl_put_vnet(skb, vnet, VNET_LINK_IFINDEX, VNET_LINK_IFNAME) ||
	    nla_put_u32(skb, VNET_LINK_MODE, vnet->mode) ||
	    fill_gateway(skb, vnet, gateway) ||
	    nla_put_u8(skb, VNET_LINK_HOST_ADAPTER, vnet->host_on) ||
	    (uplink && nla_put_u32(skb, VNET_LINK_UPLINK, uplink->dev->ifindex)) ||
	    nla_put_u32(skb, VNET_LINK_N_PORTS, vnet->n_ports) ||
	    nla_put_u32(skb, VNET_LINK_MAX_PORTS, vnet->max_ports))
		return -EMSGSIZE;
	return 0;
}

int vnet_nl_link_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	struct vnet *vnet;
	void *header;
	int err;

	reply = vnet_genl_reply(info, VNET_CMD_LINK_GET, &header);
	if (!reply)
		return -ENOMEM;
	rtnl_lock();
	vnet = vnet_genl_vnet(info, VNET_LINK_IFINDEX);
	err = IS_ERR(vnet) ? PTR_ERR(vnet) : vnet_genl_fill_link(reply, vnet);
	rtnl_unlock();
	return vnet_genl_finish(reply, info, header, err);
}

static int dump_link(struct sk_buff *skb, struct netlink_callback *cb, struct vnet *vnet)
{
	void *header = vnet_genl_begin(skb, cb, VNET_CMD_LINK_GET);

	if (!header)
		return -EMSGSIZE;
	if (vnet_genl_fill_link(skb, vnet)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return 0;
}

int vnet_nl_link_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vnet_genl_dump(skb, cb, VNET_LINK_IFINDEX, dump_link);
}

int vnet_nl_link_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_config config;
	struct vnet *vnet;
	int err;

	rtnl_lock();
	vnet = vnet_genl_vnet(info, VNET_LINK_IFINDEX);
	if (IS_ERR(vnet)) {
		err = PTR_ERR(vnet);
		goto unlock;
	}
	vnet_config_read(vnet, &config);
	err = vnet_config_parse(&config, info->attrs, info->extack);
	if (!err)
		err = vnet_config_apply(vnet, &config, info->extack);
unlock:
	rtnl_unlock();
	return err;
}
