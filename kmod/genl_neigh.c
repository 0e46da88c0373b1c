// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about IP addresses and their MAC addresses, and alarms. */
#include "genl.h"
#include "netlink_gen.h"
#include "vnet.h"

static int fill_addr(struct sk_buff *skb, const struct vnet_address *addr, int ipv4, int ipv6)
{
	if (vnet_address_is_ipv4(addr))
		return nla_put_be32(skb, ipv4, vnet_address_ipv4(addr));
	return nla_put(skb, ipv6, sizeof(*addr), addr);
}

/**
 * vnet_genl_fill_alarm - fill in the set "alarm"
 * @skb: message
 * @vnet: the vnet
 * @alarm: what was seen
 *
 * Context: RCU read side.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_genl_fill_alarm(struct sk_buff *skb, const struct vnet *vnet,
			 const struct vnet_alarm_notice *alarm)
{
	if (vnet_genl_put_vnet(skb, vnet, VNET_ALARM_VNET, VNET_ALARM_VNET_NAME) ||
	    nla_put_u32(skb, VNET_ALARM_KIND, alarm->kind) ||
	    (alarm->addr && fill_addr(skb, alarm->addr, VNET_ALARM_IPV4, VNET_ALARM_IPV6)) ||
	    nla_put(skb, VNET_ALARM_LLADDR, ETH_ALEN, alarm->lladdr) ||
	    nla_put_u16(skb, VNET_ALARM_VLAN, alarm->vid) ||
	    vnet_genl_put_port(skb, alarm->port, VNET_ALARM_PORT_NUMBER, VNET_ALARM_PORT_NAME) ||
	    (alarm->other_lladdr &&
	     nla_put(skb, VNET_ALARM_OTHER_LLADDR, ETH_ALEN, alarm->other_lladdr)) ||
	    vnet_genl_put_port(skb, alarm->other_port, VNET_ALARM_OTHER_PORT_NUMBER,
			       VNET_ALARM_OTHER_PORT_NAME) ||
	    nla_put_u32(skb, VNET_ALARM_COUNT, alarm->count))
		return -EMSGSIZE;
	return 0;
}

static int fill_object(struct sk_buff *skb, struct netlink_callback *cb, const struct vnet *vnet,
		       void *object)
{
	const struct vnet_binding *binding = container_of(object, struct vnet_binding, node);
	unsigned long age = jiffies - READ_ONCE(binding->seen);

	if (vnet_genl_put_vnet(skb, vnet, VNET_NEIGH_VNET, VNET_NEIGH_VNET_NAME) ||
	    fill_addr(skb, &binding->addr, VNET_NEIGH_IPV4, VNET_NEIGH_IPV6) ||
	    nla_put(skb, VNET_NEIGH_LLADDR, ETH_ALEN, binding->lladdr) ||
	    nla_put_u16(skb, VNET_NEIGH_VLAN, binding->vid) ||
	    vnet_genl_put_port(skb, binding->port, VNET_NEIGH_PORT_NUMBER,
			       VNET_NEIGH_PORT_NAME) ||
	    nla_put_u32(skb, VNET_NEIGH_STATE, vnet_binding_state(binding)) ||
	    nla_put_u32(skb, VNET_NEIGH_AGE, jiffies_to_msecs(age)))
		return -EMSGSIZE;
	return 0;
}

static int dump_bindings(struct sk_buff *skb, struct netlink_callback *cb, struct vnet *vnet)
{
	static const struct vnet_genl_kind kind = { VNET_CMD_NEIGH_GET, fill_object };

	return vnet_genl_dump_hash(skb, cb, vnet, &vnet->bindings.hash, &kind);
}

int vnet_nl_neigh_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vnet_genl_dump(skb, cb, VNET_NEIGH_VNET, dump_bindings);
}
