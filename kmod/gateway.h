/* SPDX-License-Identifier: GPL-2.0 */
/* The virtual router of a vnet. */
#ifndef VNET_GATEWAY_H
#define VNET_GATEWAY_H

#include <linux/if_ether.h>
#include <linux/skbuff.h>

#include "deliver.h"
#include "icmp.h"

struct vnet;
struct vnet_port;

/* ICMP errors a second that the gateway of a vnet sends. */
#define VNET_GATEWAY_ICMP_RATE 200

/**
 * struct vnet_gateway_config - what can be set of a gateway
 * @addr: its IPv4 address, 0 for no gateway
 * @subnet: network address of the guests
 * @prefix_len: prefix length of @subnet
 * @lladdr: its MAC address
 * @nat: it routes and translates
 */
struct vnet_gateway_config {
	__be32 addr;
	__be32 subnet;
	u8 prefix_len;
	u8 lladdr[ETH_ALEN];
	bool nat;
};

/**
 * struct vnet_gateway - the virtual router of a vnet; replaced as a whole
 * @config: its settings
 * @mask: netmask of the guests
 * @port: its port
 * @rcu: frees it after its last reader
 */
struct vnet_gateway {
	struct vnet_gateway_config config;
	__be32 mask;
	struct vnet_port *port;
	struct rcu_head rcu;
};

int vnet_gateway_open(struct vnet *vnet, const struct vnet_gateway_config *config,
		      struct netlink_ext_ack *extack);
void vnet_gateway_close(struct vnet *vnet);
void vnet_gateway_receive(struct vnet_port *from, struct vnet_port *port, struct sk_buff *skb,
			  enum vnet_door door);
void vnet_gateway_send(struct vnet *vnet, struct sk_buff *skb, __be32 addr, enum vnet_door door);
void vnet_gateway_refuse(struct vnet_port *from, const struct sk_buff *skb, u8 type, u8 code,
			 u16 mtu, enum vnet_door door);

static inline bool vnet_gateway_has(const struct vnet_gateway *gateway, __be32 addr)
{
	return !((addr ^ gateway->config.subnet) & gateway->mask);
}

#endif
