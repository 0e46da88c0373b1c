// SPDX-License-Identifier: GPL-2.0
/*
 * Whom a port may exchange frames with: private VLANs (RFC 5517).
 *
 * The bridge's flag "isolated" stands beside them: what the one or the other forbids does not
 * pass. Ports without either do not come here.
 */
#include "private_vlan.h"

#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "port.h"
#include "refuse.h"

/**
 * vnet_private_vlan_apart - may no frame pass between two ports that are APART?
 * @from: the one
 * @to: the other
 *
 * Context: RCU read side.
 * Return: True if none may.
 */
bool vnet_private_vlan_apart(const struct vnet_port *from, const struct vnet_port *to)
{
	u16 one = READ_ONCE(from->community), other = READ_ONCE(to->community);

	if (vnet_port_has(from, VNET_PORT_FLAG_ISOLATED) &&
	    vnet_port_has(to, VNET_PORT_FLAG_ISOLATED))
		return true;
	if (one == VNET_COMMUNITY_PROMISCUOUS || other == VNET_COMMUNITY_PROMISCUOUS)
		return false;
	return one != other || one == VNET_COMMUNITY_ISOLATED;
}

/**
 * vnet_private_vlan_check - can the request be?
 * @port: the port
 * @attrs: attribute set "port"
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0 or -EINVAL.
 */
int vnet_private_vlan_check(const struct vnet_port *port, struct nlattr *attrs[],
			    struct netlink_ext_ack *extack)
{
	struct nlattr *community = attrs[VNET_PORT_COMMUNITY];
	struct nlattr *role = attrs[VNET_PORT_PRIVATE_VLAN];
	bool wants = role && nla_get_u32(role) == VNET_PRIVATE_VLAN_COMMUNITY;

	if (wants == !!community)
		return 0;
	VNET_REFUSE_ATTR(extack, community ?: role,
			 "a community has a number, and nothing else has: private-vlan community N");
	return -EINVAL;
}

/**
 * vnet_private_vlan_apply - change whom a port may exchange frames with
 * @port: the port
 * @attrs: attribute set "port"; vnet_private_vlan_check() has seen it, "isolated" is set already
 *
 * Context: Process, RTNL held.
 */
void vnet_private_vlan_apply(struct vnet_port *port, struct nlattr *attrs[])
{
	u16 community = port->community;

	ASSERT_RTNL();
	if (attrs[VNET_PORT_PRIVATE_VLAN]) {
		switch (nla_get_u32(attrs[VNET_PORT_PRIVATE_VLAN])) {
		case VNET_PRIVATE_VLAN_PROMISCUOUS:
			community = VNET_COMMUNITY_PROMISCUOUS;
			break;
		case VNET_PRIVATE_VLAN_ISOLATED:
			community = VNET_COMMUNITY_ISOLATED;
			break;
		case VNET_PRIVATE_VLAN_COMMUNITY:
			community = nla_get_u16(attrs[VNET_PORT_COMMUNITY]);
			break;
		}
	}
	WRITE_ONCE(port->community, community);
	assign_bit(VNET_PORT_FLAG_APART, &port->flags,
		   community != VNET_COMMUNITY_PROMISCUOUS ||
			   vnet_port_has(port, VNET_PORT_FLAG_ISOLATED));
}

/**
 * vnet_private_vlan_put - say what a port is
 * @skb: message
 * @port: the port
 *
 * Context: Any.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_private_vlan_put(struct sk_buff *skb, const struct vnet_port *port)
{
	u16 community = READ_ONCE(port->community);

	if (community == VNET_COMMUNITY_PROMISCUOUS)
		return nla_put_u32(skb, VNET_PORT_PRIVATE_VLAN, VNET_PRIVATE_VLAN_PROMISCUOUS);
	if (community == VNET_COMMUNITY_ISOLATED)
		return nla_put_u32(skb, VNET_PORT_PRIVATE_VLAN, VNET_PRIVATE_VLAN_ISOLATED);
	return nla_put_u32(skb, VNET_PORT_PRIVATE_VLAN, VNET_PRIVATE_VLAN_COMMUNITY) ?:
	       nla_put_u16(skb, VNET_PORT_COMMUNITY, community);
}
