// SPDX-License-Identifier: GPL-2.0
/* What can be set of a vnet: modes as presets, checks, and change as a whole. */
#include "config.h"

#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>

#include "host.h"
#include "nat/forward.h"
#include "notify.h"
#include "refuse.h"
#include "uplink.h"
#include "vnet.h"

/**
 * vnet_config_init - settings of a vnet that is made without any
 * @config: filled
 *
 * Context: Any.
 */
void vnet_config_init(struct vnet_config *config)
{
	*config = (struct vnet_config){
		.mode = VNET_MODE_HOST_ONLY,
		.host_on = true,
		.ageing = VNET_FDB_DEFAULT_AGEING / HZ * 100,
		.fdb_max = VNET_FDB_DEFAULT_MAX,
		.max_ports = VNET_MAX_PORTS,
		.neigh_unicast = true,
	};
	vnet_vlan_init_config(&config->vlan);
	vnet_stp_init_config(&config->stp);
	vnet_mcast_init_config(&config->mcast);
	eth_random_addr(config->gateway.lladdr);
}

/**
 * vnet_config_read - settings that a vnet has
 * @vnet: the vnet
 * @config: filled
 *
 * Context: RTNL held.
 */
void vnet_config_read(const struct vnet *vnet, struct vnet_config *config)
{
	const struct vnet_gateway *gateway = rtnl_dereference(vnet->gateway);
	const struct vnet_port *uplink = rtnl_dereference(vnet->uplink_port);

	*config = (struct vnet_config){
		.mode = vnet->mode,
		.host_on = vnet->host_on,
		.uplink = uplink ? uplink->dev->ifindex : 0,
		.ageing = jiffies_to_clock_t(vnet->fdb.ageing),
		.fdb_max = vnet->fdb.max_learned,
		.max_ports = vnet->max_ports,
		.vlan = vnet->vlan,
		.stp = vnet->stp.config,
		.loop_guard = vnet->loop_guard.seconds,
		.neigh_unicast = vnet->bindings.unicast,
		.mcast = vnet->mcast.config,
	};
	if (gateway)
		config->gateway = gateway->config;
	ether_addr_copy(config->gateway.lladdr, vnet->gateway_lladdr);
	config->gateway.subnet = vnet->subnet;
	config->gateway.prefix_len = vnet->prefix_len;
}

/* What a mode means; attributes of the same request may say otherwise. */
static void config_preset(struct vnet_config *config, u8 mode)
{
	config->mode = mode;
	config->host_on = mode != VNET_MODE_PRIVATE;
	config->gateway.nat = mode == VNET_MODE_NAT;
	if (mode != VNET_MODE_NAT)
		config->gateway.addr = 0;
}

static int config_parse_subnet(struct vnet_config *config, struct nlattr *attrs[],
			       struct netlink_ext_ack *extack)
{
	struct nlattr *subnet = attrs[VNET_LINK_SUBNET], *prefix_len = attrs[VNET_LINK_PREFIX_LEN];
	__be32 addr;

	if (!subnet != !prefix_len) {
		VNET_REFUSE_ATTR(extack, subnet ?: prefix_len,
				 "a subnet needs an address and a prefix length");
		return -EINVAL;
	}
	if (!subnet)
		return 0;
	addr = nla_get_be32(subnet);
	if (addr & ~inet_make_mask(nla_get_u8(prefix_len))) {
		VNET_REFUSE_ATTR(extack, subnet, "%pI4/%u has bits set behind its prefix", &addr,
				 nla_get_u8(prefix_len));
		return -EINVAL;
	}
	if (ipv4_is_zeronet(addr) || ipv4_is_loopback(addr) || ipv4_is_multicast(addr) ||
	    ipv4_is_lbcast(addr)) {
		VNET_REFUSE_ATTR(extack, subnet, "%pI4/%u is no network of hosts", &addr,
				 nla_get_u8(prefix_len));
		return -EINVAL;
	}
	config->gateway.subnet = addr;
	config->gateway.prefix_len = nla_get_u8(prefix_len);
	return 0;
}

static int config_parse_gateway(struct vnet_config *config, struct nlattr *attrs[],
				struct netlink_ext_ack *extack)
{
	struct vnet_gateway_config *gateway = &config->gateway;
	__be32 mask = inet_make_mask(gateway->prefix_len);

	if (attrs[VNET_LINK_GATEWAY_LLADDR])
		ether_addr_copy(gateway->lladdr, nla_data(attrs[VNET_LINK_GATEWAY_LLADDR]));
	if (attrs[VNET_LINK_GATEWAY])
		gateway->addr = nla_get_be32(attrs[VNET_LINK_GATEWAY]);
	else if (attrs[VNET_LINK_SUBNET] && ((gateway->addr ^ gateway->subnet) & mask))
		gateway->addr = 0;
	/* VMware's habit: .1 is the host, .2 the gateway. */
	if (gateway->nat && !gateway->addr && gateway->subnet && !attrs[VNET_LINK_GATEWAY])
		gateway->addr = gateway->subnet | htonl(2);

	if (gateway->nat && !gateway->addr) {
		VNET_REFUSE(extack, "NAT needs a gateway: give a subnet, such as 192.168.133.0/24");
		return -EINVAL;
	}
	if (!gateway->addr)
		return 0;
	if (!gateway->subnet || ((gateway->addr ^ gateway->subnet) & mask) ||
	    gateway->addr == gateway->subnet || gateway->addr == (gateway->subnet | ~mask)) {
		VNET_REFUSE_ATTR(extack, attrs[VNET_LINK_GATEWAY],
				 "gateway %pI4 is no host's address in the subnet %pI4/%u",
				 &gateway->addr, &gateway->subnet, gateway->prefix_len);
		return -EINVAL;
	}
	if (!is_valid_ether_addr(gateway->lladdr)) {
		VNET_REFUSE_ATTR(extack, attrs[VNET_LINK_GATEWAY_LLADDR],
				 "the gateway's address must be a unicast MAC address, not %pM",
				 gateway->lladdr);
		return -EINVAL;
	}
	return 0;
}

static int config_parse_vlan(struct vnet_vlan_config *vlan, struct nlattr *attrs[],
			     struct netlink_ext_ack *extack)
{
	struct nlattr *protocol = attrs[VNET_LINK_VLAN_PROTOCOL];

	if (attrs[VNET_LINK_VLAN_FILTERING])
		vlan->filtering = nla_get_u8(attrs[VNET_LINK_VLAN_FILTERING]);
	if (attrs[VNET_LINK_VLAN_DEFAULT_PVID])
		vlan->default_pvid = nla_get_u16(attrs[VNET_LINK_VLAN_DEFAULT_PVID]);
	if (attrs[VNET_LINK_VLAN_STATS_PER_PORT])
		vlan->stats = nla_get_u8(attrs[VNET_LINK_VLAN_STATS_PER_PORT]);
	if (!protocol)
		return 0;
	if (!eth_type_vlan(nla_get_be16(protocol))) {
		VNET_REFUSE_ATTR(extack, protocol,
				 "the VLAN protocol is 802.1Q (0x8100) or 802.1ad (0x88a8), not 0x%x",
				 ntohs(nla_get_be16(protocol)));
		return -EPROTONOSUPPORT;
	}
	vlan->protocol = nla_get_be16(protocol);
	return 0;
}

/**
 * vnet_config_parse - put a request's attributes over settings
 * @config: settings before, then with the request
 * @attrs: attribute set "link", validated against its policy
 * @extack: where a refusal is explained
 *
 * Context: Process.
 * Return: 0, -EINVAL, or -EPROTONOSUPPORT for a VLAN protocol that is none.
 */
int vnet_config_parse(struct vnet_config *config, struct nlattr *attrs[],
		      struct netlink_ext_ack *extack)
{
	int err;

	if (attrs[VNET_LINK_MODE])
		config_preset(config, nla_get_u32(attrs[VNET_LINK_MODE]));
	if (attrs[VNET_LINK_HOST_ADAPTER])
		config->host_on = nla_get_u8(attrs[VNET_LINK_HOST_ADAPTER]);
	if (attrs[VNET_LINK_NAT])
		config->gateway.nat = nla_get_u8(attrs[VNET_LINK_NAT]);
	if (attrs[VNET_LINK_UPLINK])
		config->uplink = nla_get_u32(attrs[VNET_LINK_UPLINK]);
	if (attrs[VNET_LINK_AGEING_TIME])
		config->ageing = nla_get_u32(attrs[VNET_LINK_AGEING_TIME]);
	if (attrs[VNET_LINK_FDB_MAX_LEARNED])
		config->fdb_max = nla_get_u32(attrs[VNET_LINK_FDB_MAX_LEARNED]);
	if (attrs[VNET_LINK_NEIGH_UNICAST])
		config->neigh_unicast = nla_get_u8(attrs[VNET_LINK_NEIGH_UNICAST]);
	if (attrs[VNET_LINK_MAX_PORTS])
		config->max_ports = nla_get_u32(attrs[VNET_LINK_MAX_PORTS]);
	if (attrs[VNET_LINK_LOOP_GUARD])
		config->loop_guard = nla_get_u16(attrs[VNET_LINK_LOOP_GUARD]);
	vnet_mcast_parse_config(&config->mcast, attrs);
	err = config_parse_vlan(&config->vlan, attrs, extack) ?:
	      vnet_stp_parse(&config->stp, attrs, extack) ?:
	      config_parse_subnet(config, attrs, extack);
	if (err)
		return err;
	return config_parse_gateway(config, attrs, extack);
}

static int config_set_uplink(struct vnet *vnet, u32 ifindex, struct netlink_ext_ack *extack)
{
	struct vnet_port *before = rtnl_dereference(vnet->uplink_port);
	struct net_device *dev;

	if ((before ? before->dev->ifindex : 0) == ifindex)
		return 0;
	if (!ifindex) {
		vnet_uplink_close(vnet);
		return 0;
	}
	if (before) {
		VNET_REFUSE(extack, "vnet %s has the uplink %s; delete it first", vnet->dev->name,
			    before->dev->name);
		return -EBUSY;
	}
	dev = __dev_get_by_index(dev_net(vnet->dev), ifindex);
	if (!dev) {
		VNET_REFUSE(extack, "there is no netdev with index %u to be the uplink", ifindex);
		return -ENODEV;
	}
	return vnet_uplink_open(vnet, dev, extack);
}

static int config_set_gateway(struct vnet *vnet, const struct vnet_gateway_config *config,
			      struct netlink_ext_ack *extack)
{
	const struct vnet_gateway *before = rtnl_dereference(vnet->gateway);
	int err = 0;

	if (config->addr) {
		if (!before || memcmp(&before->config, config, sizeof(*config)))
			err = vnet_gateway_open(vnet, config, extack);
	} else {
		vnet_gateway_close(vnet);
	}
	if (err)
		return err;
	vnet->subnet = config->subnet;
	vnet->prefix_len = config->prefix_len;
	ether_addr_copy(vnet->gateway_lladdr, config->lladdr);
	return 0;
}

/* A forward to a guest that the new settings have no place for. */
static int config_check_forwards(struct vnet *vnet, const struct vnet_config *config,
				 struct netlink_ext_ack *extack)
{
	const struct vnet_forward *forward = NULL;

	if (config->gateway.nat)
		forward = vnet_forward_outside(vnet, config->gateway.subnet,
					       inet_make_mask(config->gateway.prefix_len));
	else
		forward = vnet_forward_outside(vnet, 0, htonl(INADDR_BROADCAST));
	if (!forward)
		return 0;
	VNET_REFUSE(extack, "forward %u of vnet %s goes to %pI4; delete it first",
		    forward->config.handle, vnet->dev->name, &forward->config.to_addr);
	return -EBUSY;
}

/* The host adapter and the gateway are two hosts of the subnet. */
static int config_check_address(const struct vnet *vnet, const struct vnet_config *config,
				struct netlink_ext_ack *extack)
{
	__be32 addr = config->gateway.addr;
	const struct net_device *dev;
	bool taken;

	if (!addr)
		return 0;
	rcu_read_lock();
	dev = __ip_dev_find(dev_net(vnet->dev), addr, false);
	taken = dev == vnet->dev;
	rcu_read_unlock();
	if (!taken)
		return 0;
	VNET_REFUSE(extack, "%pI4 is the host adapter's; the gateway needs an address of its own",
		    &addr);
	return -EADDRINUSE;
}

/**
 * vnet_config_apply - change a vnet
 * @vnet: the vnet
 * @config: its settings from now on
 * @extack: where a refusal is explained
 *
 * Context: Process, RTNL held. Sleeps.
 * Return: 0 or a negative error; the vnet is as before then.
 */
int vnet_config_apply(struct vnet *vnet, const struct vnet_config *config,
		      struct netlink_ext_ack *extack)
{
	struct vnet_notice notice = { .command = VNET_CMD_LINK_NEW_NTF, .vnet = vnet };
	struct vnet_config before;
	int err;

	ASSERT_RTNL();
	vnet_config_read(vnet, &before);
	if (config->max_ports < vnet->n_ports) {
		VNET_REFUSE(extack, "vnet %s has %u ports and cannot be bounded to %u",
			    vnet->dev->name, vnet->n_ports, config->max_ports);
		return -EBUSY;
	}
	err = config_check_address(vnet, config, extack) ?:
	      config_check_forwards(vnet, config, extack) ?:
	      vnet_stp_check(vnet, &config->stp, config->max_ports, extack) ?:
	      vnet_vlan_prepare(vnet, &config->vlan, extack);
	if (err)
		return err;
	/* Closing an uplink cannot fail, and opening it again might: so it is closed last. */
	if (config->uplink) {
		err = config_set_uplink(vnet, config->uplink, extack);
		if (err)
			return err;
	}
	err = config_set_gateway(vnet, &config->gateway, extack);
	if (err)
		goto restore_uplink;
	if (!config->uplink)
		config_set_uplink(vnet, 0, extack);
	vnet->mode = config->mode;
	vnet->max_ports = config->max_ports;
	vnet_vlan_apply(vnet, &config->vlan);
	if (memcmp(&vnet->stp.config, &config->stp, sizeof(config->stp)))
		vnet_stp_apply(vnet, &config->stp);
	if (vnet->loop_guard.seconds != config->loop_guard)
		vnet_loop_guard_apply(vnet, config->loop_guard);
	vnet_bindings_set(vnet, config->neigh_unicast);
	vnet_mcast_apply(vnet, &config->mcast);
	WRITE_ONCE(vnet->fdb.max_learned, config->fdb_max);
	vnet_fdb_set_ageing(vnet, clock_t_to_jiffies(config->ageing));
	vnet_host_set(vnet, config->host_on);
	vnet_net_changed(dev_net(vnet->dev));
	vnet_notify(&notice);
	return 0;

restore_uplink:
	if (!before.uplink)
		vnet_uplink_close(vnet);
	return err;
}
