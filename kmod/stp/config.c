// SPDX-License-Identifier: GPL-2.0
/* What can be set of a spanning tree, and what is shown of it. */
#include <asm/byteorder.h>
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "../refuse.h"
#include "../vnet.h"
#include "stp.h"

/* bridge(8) knows priorities of 6 bits; the 4 upper ones of them are the standard's. */
#define STP_PRIORITY_SHIFT 2
#define STP_PRIORITY_STEP 4
#define STP_PRIORITY_MAX 60
#define STP_COST_MAX 200000000
/* Of 1 Mbit/s (802.1D-2004 table 17-3). */
#define STP_COST_MEGABIT 20000000

/**
 * vnet_stp_init_config - what a vnet begins with
 * @config: filled
 *
 * Context: Any.
 */
void vnet_stp_init_config(struct vnet_stp_config *config)
{
	*config = (struct vnet_stp_config){
		.mode = VNET_STP_MODE_RSTP,
		.priority = 0x8000,
		.times = { .max_age = 2000, .hello_time = 200, .forward_delay = 1500 },
	};
}

/**
 * vnet_stp_parse - put a request's attributes over settings
 * @config: settings before, then with the request
 * @attrs: attribute set "link", validated against its policy
 * @extack: where a refusal is explained
 *
 * Context: Process.
 * Return: 0, or -EINVAL for a priority that is no step or for times that do not go together.
 */
int vnet_stp_parse(struct vnet_stp_config *config, struct nlattr *attrs[],
		   struct netlink_ext_ack *extack)
{
	struct vnet_stp_times *times = &config->times;

	if (attrs[VNET_LINK_STP_STATE])
		config->on = nla_get_u8(attrs[VNET_LINK_STP_STATE]);
	if (attrs[VNET_LINK_STP_MODE])
		config->mode = nla_get_u32(attrs[VNET_LINK_STP_MODE]);
	if (attrs[VNET_LINK_STP_PRIORITY])
		config->priority = nla_get_u16(attrs[VNET_LINK_STP_PRIORITY]);
	if (attrs[VNET_LINK_HELLO_TIME])
		times->hello_time = nla_get_u32(attrs[VNET_LINK_HELLO_TIME]);
	if (attrs[VNET_LINK_MAX_AGE])
		times->max_age = nla_get_u32(attrs[VNET_LINK_MAX_AGE]);
	if (attrs[VNET_LINK_FORWARD_DELAY])
		times->forward_delay = nla_get_u32(attrs[VNET_LINK_FORWARD_DELAY]);
	/* 802.1D-2004 9.2.5: the lower bits number trees. */
	if (config->priority & 0xfff) {
		VNET_REFUSE_ATTR(extack, attrs[VNET_LINK_STP_PRIORITY],
				 "the priority of a bridge goes in steps of 4096, %u is none",
				 config->priority);
		return -EINVAL;
	}
	/* 802.1D-2004 17.14 */
	if (2 * (times->forward_delay - 100) >= times->max_age &&
	    times->max_age >= 2 * (times->hello_time + 100))
		return 0;
	VNET_REFUSE(extack,
		    "max_age %u is not from 2 * (hello_time %u + 100) to 2 * (forward_delay %u - 100)",
		    times->max_age, times->hello_time, times->forward_delay);
	return -EINVAL;
}

/**
 * vnet_stp_check - can a vnet have such a spanning tree?
 * @vnet: the vnet
 * @config: how from now on
 * @max_ports: bound of its ports from now on
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0, or -ERANGE for more ports than there are numbers.
 */
int vnet_stp_check(const struct vnet *vnet, const struct vnet_stp_config *config, u32 max_ports,
		   struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	if (!config->on || max_ports <= VNET_STP_MAX_PORTS)
		return 0;
	VNET_REFUSE(extack,
		    "a spanning tree has numbers for %u ports; bound those of %s by max-ports",
		    VNET_STP_MAX_PORTS, vnet->dev->name);
	return -ERANGE;
}

static int stp_put_id(struct sk_buff *skb, int attr, u64 id)
{
	__be64 bytes = cpu_to_be64(id);

	return nla_put(skb, attr, sizeof(bytes), &bytes);
}

static int stp_fill_tree(struct sk_buff *skb, const struct vnet_rstp *rstp)
{
	const struct vnet_rstp_port *root = READ_ONCE(rstp->root_port);
	bool changes = false;

	if (root && READ_ONCE(root->tc_while))
		changes = true;
	return stp_put_id(skb, VNET_LINK_ROOT_ID, READ_ONCE(rstp->root.root)) ?:
	       stp_put_id(skb, VNET_LINK_BRIDGE_ID, READ_ONCE(rstp->id)) ?:
	       nla_put_u16(skb, VNET_LINK_ROOT_PORT, root ? READ_ONCE(root->id) & 0xfff : 0) ?:
	       nla_put_u32(skb, VNET_LINK_ROOT_PATH_COST, READ_ONCE(rstp->root.cost)) ?:
	       nla_put_u8(skb, VNET_LINK_TOPOLOGY_CHANGE, changes);
}

/**
 * vnet_stp_fill - fill in what the set "link" says of the spanning tree
 * @skb: message
 * @vnet: the vnet
 *
 * Numbers may be of two moments.
 *
 * Context: RTNL held, or RCU read side.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_stp_fill(struct sk_buff *skb, const struct vnet *vnet)
{
	const struct vnet_stp_config *config = &vnet->stp.config;
	int err;

	err = nla_put_u32(skb, VNET_LINK_FORWARD_DELAY, config->times.forward_delay) ?:
	      nla_put_u32(skb, VNET_LINK_HELLO_TIME, config->times.hello_time) ?:
	      nla_put_u32(skb, VNET_LINK_MAX_AGE, config->times.max_age) ?:
	      nla_put_u8(skb, VNET_LINK_STP_STATE, config->on) ?:
	      nla_put_u16(skb, VNET_LINK_STP_PRIORITY, config->priority) ?:
	      nla_put_u32(skb, VNET_LINK_STP_MODE, config->mode);
	return err || !config->on ? err : stp_fill_tree(skb, &vnet->stp.rstp);
}

/* 0 where the netdev does not say how fast it is. */
static u32 stp_cost_by_speed(struct net_device *dev)
{
	struct ethtool_link_ksettings link;

	if (__ethtool_get_link_ksettings(dev, &link) || !link.base.speed ||
	    link.base.speed == (u32)SPEED_UNKNOWN)
		return 0;
	return max(STP_COST_MEGABIT / link.base.speed, 1U);
}

/**
 * vnet_stp_cost - cost of the path by a netdev, unless somebody says it
 * @dev: the netdev
 *
 * Context: Process, RTNL held. Sleeps.
 * Return: The cost.
 */
u32 vnet_stp_cost(struct net_device *dev)
{
	ASSERT_RTNL();
	return stp_cost_by_speed(dev) ?: VNET_STP_DEFAULT_COST;
}

/**
 * vnet_stp_follow_speed - the link of a port may have another speed
 * @port: the port
 *
 * Without a carrier there is none, and the cost stays.
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_stp_follow_speed(struct vnet_port *port)
{
	u32 cost;

	ASSERT_RTNL();
	if (port->stp.has_cost ||
	    (port->kind != VNET_PORT_KIND_MEMBER && port->kind != VNET_PORT_KIND_UPLINK))
		return;
	cost = stp_cost_by_speed(port->dev);
	if (!cost || cost == port->stp.cost)
		return;
	port->stp.cost = cost;
	vnet_stp_renew(port);
}

/**
 * vnet_stp_priority - priority of a port as bridge(8) says it
 * @port: the port
 *
 * Context: Any.
 * Return: 0 to 60, in steps of 4.
 */
u16 vnet_stp_priority(const struct vnet_port *port)
{
	return port->stp.priority >> STP_PRIORITY_SHIFT;
}

static int stp_check_numbers(const struct vnet_port *port, struct nlattr *attrs[],
			     struct netlink_ext_ack *extack)
{
	struct nlattr *priority = attrs[VNET_PORT_PRIORITY], *cost = attrs[VNET_PORT_COST];

	if (priority && (nla_get_u16(priority) > STP_PRIORITY_MAX ||
			 nla_get_u16(priority) % STP_PRIORITY_STEP)) {
		VNET_REFUSE_ATTR(extack, priority,
				 "the priority of port %s is 0 to 60 in steps of 4, not %u",
				 vnet_port_name(port), nla_get_u16(priority));
		return -ERANGE;
	}
	if (cost && (!nla_get_u32(cost) || nla_get_u32(cost) > STP_COST_MAX)) {
		VNET_REFUSE_ATTR(extack, cost, "the cost of port %s is 1 to 200000000, not %u",
				 vnet_port_name(port), nla_get_u32(cost));
		return -ERANGE;
	}
	return 0;
}

/**
 * vnet_stp_check_port - can a port be changed so?
 * @port: the port
 * @attrs: attribute set "port"
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held.
 * Return: 0, -ERANGE for a number that is none, -EOPNOTSUPP for a port that takes part in no
 * spanning tree, -EBUSY for a state that STP decides about.
 */
int vnet_stp_check_port(const struct vnet_port *port, struct nlattr *attrs[],
			struct netlink_ext_ack *extack)
{
	static const int settings[] = { VNET_PORT_PRIORITY, VNET_PORT_COST, VNET_PORT_ROOT_BLOCK,
					VNET_PORT_STP, VNET_PORT_EDGE };
	struct nlattr *state = attrs[VNET_PORT_STATE];
	unsigned int i;

	ASSERT_RTNL();
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		if (!attrs[settings[i]] || port->kind != VNET_PORT_KIND_HOST)
			continue;
		VNET_REFUSE_ATTR(extack, attrs[settings[i]],
				 "the host adapter %s takes part in no spanning tree",
				 port->dev->name);
		return -EOPNOTSUPP;
	}
	if (state && port->stp.joined &&
	    !(port->blocked_by && nla_get_u8(state) == VNET_PORT_STATE_FORWARDING)) {
		VNET_REFUSE_ATTR(extack, state, "the state of port %s is STP's while it is on",
				 vnet_port_name(port));
		return -EBUSY;
	}
	return stp_check_numbers(port, attrs, extack);
}

/**
 * vnet_stp_apply_port - change what a port is in the spanning tree
 * @port: the port, whose switches are changed already
 * @attrs: attribute set "port", checked by vnet_stp_check_port()
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_stp_apply_port(struct vnet_port *port, struct nlattr *attrs[])
{
	struct vnet_stp_port *stp = &port->stp;

	ASSERT_RTNL();
	if (port->kind == VNET_PORT_KIND_HOST)
		return;
	if (attrs[VNET_PORT_PRIORITY])
		stp->priority = nla_get_u16(attrs[VNET_PORT_PRIORITY]) << STP_PRIORITY_SHIFT;
	if (attrs[VNET_PORT_COST])
		stp->cost = nla_get_u32(attrs[VNET_PORT_COST]);
	if (attrs[VNET_PORT_COST])
		stp->has_cost = true;
	if (attrs[VNET_PORT_STP])
		stp->off = !nla_get_u8(attrs[VNET_PORT_STP]);
	if (attrs[VNET_PORT_EDGE])
		stp->edge = nla_get_u32(attrs[VNET_PORT_EDGE]);
	if (attrs[VNET_PORT_PRIORITY] || attrs[VNET_PORT_COST] || attrs[VNET_PORT_STP] ||
	    attrs[VNET_PORT_EDGE] || attrs[VNET_PORT_ROOT_BLOCK])
		vnet_stp_renew(port);
	/* What has blocked the port may have gone. */
	vnet_stp_kick(port->vnet);
}

/**
 * vnet_stp_fill_port - fill in what the set "port" says of the spanning tree
 * @skb: message
 * @port: the port
 *
 * Context: RTNL held, or RCU read side.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_stp_fill_port(struct sk_buff *skb, const struct vnet_port *port)
{
	const struct vnet_rstp_port *rstp = &port->stp.rstp;
	int err;

	err = nla_put_u16(skb, VNET_PORT_PRIORITY, vnet_stp_priority(port)) ?:
	      nla_put_u32(skb, VNET_PORT_COST, port->stp.cost) ?:
	      nla_put_u8(skb, VNET_PORT_STP, !port->stp.off) ?:
	      nla_put_u32(skb, VNET_PORT_EDGE, port->stp.edge) ?:
	      nla_put_u32(skb, VNET_PORT_ROLE, READ_ONCE(port->stp.role));
	if (err || !READ_ONCE(port->stp.joined))
		return err;
	return nla_put_u8(skb, VNET_PORT_OPER_EDGE, READ_ONCE(rstp->oper_edge)) ?:
	       nla_put_u16(skb, VNET_PORT_ID, READ_ONCE(rstp->id)) ?:
	       stp_put_id(skb, VNET_PORT_DESIGNATED_BRIDGE, READ_ONCE(rstp->vector.bridge)) ?:
	       nla_put_u16(skb, VNET_PORT_DESIGNATED_PORT, READ_ONCE(rstp->vector.port));
}
