// SPDX-License-Identifier: GPL-2.0
/* What the netdevs of both kinds have in common. */
#include "netdev.h"

#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>

#include "refuse.h"
#include "vnet.h"

/* Packets pass through memory only, so nothing needs to be computed or split early. */
#define NETDEV_FEATURES                                                                            \
	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA | NETIF_F_HW_CSUM | NETIF_F_RXCSUM |      \
	 NETIF_F_SCTP_CRC | NETIF_F_GSO_SOFTWARE | NETIF_F_GSO_ENCAP_ALL)
#define NETDEV_VLAN_FEATURES (NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX)

/**
 * vnet_netdev_setup - fill in a new netdev
 * @dev: the netdev
 * @immutable: it stays in the namespace that it was made in
 *
 * Context: rtnl_link_ops.setup.
 */
void vnet_netdev_setup(struct net_device *dev, bool immutable)
{
	ether_setup(dev);
	vnet_compat_set_dev_flags(dev, immutable);
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	/* netpoll would send from an interrupt. */
	dev->priv_flags |= IFF_NO_QUEUE | IFF_LIVE_ADDR_CHANGE | IFF_DISABLE_NETPOLL;
	dev->features |= NETDEV_FEATURES | NETDEV_VLAN_FEATURES;
	dev->hw_features = NETDEV_FEATURES | NETDEV_VLAN_FEATURES;
	dev->hw_enc_features = NETDEV_FEATURES;
	dev->vlan_features = NETDEV_FEATURES;
	dev->mpls_features = NETDEV_FEATURES;
	dev->min_mtu = VNET_MIN_MTU;
	dev->max_mtu = VNET_MAX_MTU;
	dev->needs_free_netdev = true;
}

/**
 * vnet_netdev_stats - counters of a netdev from those of its port
 * @port: the port
 * @stats: filled
 *
 * What leaves the switch by the port is what the netdev receives.
 *
 * Context: RCU read side, or RTNL held.
 */
void vnet_netdev_stats(const struct vnet_port *port, struct rtnl_link_stats64 *stats)
{
	struct vnet_port_totals totals;
	unsigned int i;

	vnet_port_totals(port, &totals);
	stats->rx_packets = totals.tx_packets;
	stats->rx_bytes = totals.tx_bytes;
	stats->tx_packets = totals.rx_packets;
	stats->tx_bytes = totals.rx_bytes;
	for (i = 0; i < VNET_DROP_COUNT; i++)
		stats->tx_dropped += totals.drops[i];
}

/**
 * vnet_netdev_drvinfo - answer to ethtool -i
 * @dev: the netdev
 * @info: filled
 *
 * Context: Process, RTNL held.
 */
void vnet_netdev_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "vnet", sizeof(info->driver));
	strscpy(info->version, THIS_MODULE->version ?: "", sizeof(info->version));
}

/* Counters by the names that vnetctl gives them, in the order of struct vnet_port_totals. */
static const char counter_names[][ETH_GSTRING_LEN] = {
	"rx_packets", "rx_bytes", "tx_packets", "tx_bytes",
#define X(symbol, name, core, sentence) "drop_" name,
	VNET_DROP_REASONS(X)
#undef X
};

static_assert(sizeof(struct vnet_port_totals) == ARRAY_SIZE(counter_names) * sizeof(u64));

/* A reason whose name would be cut off does not build. */
#define X(symbol, name, core, sentence) static_assert(sizeof("drop_" name) <= ETH_GSTRING_LEN);
VNET_DROP_REASONS(X)
#undef X

/**
 * vnet_netdev_count_counters - how many words or counters ethtool is told
 * @dev: the netdev
 * @set: ETH_SS_*
 *
 * Context: Process, RTNL held.
 * Return: Their number, or -EOPNOTSUPP where there are none.
 */
int vnet_netdev_count_counters(struct net_device *dev, int set)
{
	return set == ETH_SS_STATS ? ARRAY_SIZE(counter_names) : -EOPNOTSUPP;
}

/**
 * vnet_netdev_name_counters - names of what ethtool -S shows
 * @dev: the netdev
 * @set: ETH_SS_*
 * @names: room for vnet_netdev_count_counters() names
 *
 * Context: Process, RTNL held.
 */
void vnet_netdev_name_counters(struct net_device *dev, u32 set, u8 *names)
{
	if (set == ETH_SS_STATS)
		memcpy(names, counter_names, sizeof(counter_names));
}

/**
 * vnet_netdev_read_counters - answer to ethtool -S
 * @port: the port behind the netdev, or NULL if there is none any more
 * @values: room for vnet_netdev_count_counters() values
 *
 * They are the port's own, as vnetctl shows them: what comes in there, the netdev has sent.
 *
 * Context: Process, RTNL held.
 */
void vnet_netdev_read_counters(const struct vnet_port *port, u64 *values)
{
	struct vnet_port_totals totals = {};

	if (port)
		vnet_port_totals(port, &totals);
	memcpy(values, &totals, sizeof(totals));
}

/**
 * vnet_netdev_check_address - refuse a MAC address that no netdev can have
 * @tb: IFLA_* attributes of a request
 * @extack: where a refusal is explained
 *
 * Context: rtnl_link_ops.validate.
 * Return: 0 or -EINVAL.
 */
int vnet_netdev_check_address(struct nlattr *tb[], struct netlink_ext_ack *extack)
{
	struct nlattr *address = tb[IFLA_ADDRESS];

	if (!address)
		return 0;
	if (nla_len(address) == ETH_ALEN && is_valid_ether_addr(nla_data(address)))
		return 0;
	VNET_REFUSE_ATTR(extack, address,
			 "a netdev's address must be a unicast MAC address of 6 bytes");
	return -EINVAL;
}
