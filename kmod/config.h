/* SPDX-License-Identifier: GPL-2.0 */
/* What can be set of a vnet, as one value. */
#ifndef VNET_CONFIG_H
#define VNET_CONFIG_H

#include "gateway.h"
#include "stp/stp.h"
#include "mcast.h"
#include "vlan.h"

struct netlink_ext_ack;
struct nlattr;
struct vnet;

/**
 * struct vnet_config - what can be set of a vnet
 * @mode: enum vnet_mode
 * @host_on: the host adapter is connected
 * @gateway: the gateway
 * @uplink: interface index of the shared NIC, 0 for none
 * @ageing: hundredths of a second until a learned address is forgotten, 0 for never
 * @fdb_max: bound of learned addresses
 * @max_ports: bound of members and vnics
 * @vlan: VLANs
 * @stp: spanning tree
 * @loop_guard: seconds for which it blocks a port, 0 for off
 * @neigh_unicast: neighbour requests go to who knows the answer
 * @mcast: groups
 */
struct vnet_config {
	u8 mode;
	bool host_on;
	struct vnet_gateway_config gateway;
	u32 uplink;
	u32 ageing;
	u32 fdb_max;
	u32 max_ports;
	struct vnet_vlan_config vlan;
	struct vnet_stp_config stp;
	u16 loop_guard;
	bool neigh_unicast;
	struct vnet_mcast_config mcast;
};

void vnet_config_init(struct vnet_config *config);
void vnet_config_read(const struct vnet *vnet, struct vnet_config *config);
int vnet_config_parse(struct vnet_config *config, struct nlattr *attrs[],
		      struct netlink_ext_ack *extack);
int vnet_config_apply(struct vnet *vnet, const struct vnet_config *config,
		      struct netlink_ext_ack *extack);

#endif
