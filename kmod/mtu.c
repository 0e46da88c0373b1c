// SPDX-License-Identifier: GPL-2.0
/*
 * The MTU of a vnet: that of the host adapter, of the gateway, and what a new vnic begins with.
 *
 * It is no more than the host side of the smallest member or uplink takes, so that who is behind it
 * hears from the gateway what is too big. A vnic's MTU is set by a guest and does not count.
 */
#include "mtu.h"

#include <linux/rtnetlink.h>

#include "refuse.h"
#include "vnet.h"

/* What the members and the uplink take; what a vnet begins with if that is more. */
static unsigned int mtu_smallest(const struct vnet *vnet)
{
	unsigned int smallest = ETH_DATA_LEN;
	const struct vnet_port *port;

	list_for_each_entry(port, &vnet->ports, node)
		if (port->kind == VNET_PORT_KIND_MEMBER || port->kind == VNET_PORT_KIND_UPLINK)
			smallest = min(smallest, READ_ONCE(port->dev->mtu));
	return max(smallest, vnet->dev->min_mtu);
}

/**
 * vnet_mtu_follow - a member or the uplink has come, gone or changed its MTU
 * @vnet: the vnet
 * @extack: where a refusal is explained
 *
 * Nothing happens once somebody has set the MTU.
 *
 * Context: Process, RTNL held. Sleeps.
 * Return: 0, or the error of who would not have the new MTU; the old one stays then.
 */
int vnet_mtu_follow(struct vnet *vnet, struct netlink_ext_ack *extack)
{
	struct net_device *dev = vnet->dev;
	unsigned int mtu;
	int err;

	ASSERT_RTNL();
	if (vnet->mtu_by_hand || dev->reg_state != NETREG_REGISTERED)
		return 0;
	mtu = mtu_smallest(vnet);
	if (mtu == dev->mtu)
		return 0;
	err = dev_set_mtu(dev, mtu);
	/* It was us. */
	vnet->mtu_by_hand = false;
	if (err)
		VNET_REFUSE(extack, "the MTU of %s cannot become %u", dev->name, mtu);
	return err;
}

/**
 * vnet_mtu_recover - vnet_mtu_follow() after a member or the uplink has gone
 * @vnet: the vnet
 *
 * That cannot be refused: a vnet that does not get its greater MTU keeps the smaller one, until
 * something changes again.
 *
 * Context: Process, RTNL held. Sleeps.
 */
void vnet_mtu_recover(struct vnet *vnet)
{
	int err = vnet_mtu_follow(vnet, NULL);

	if (err)
		net_warn_ratelimited("%s: its MTU stays %u (error %d)\n", vnet->dev->name,
				     vnet->dev->mtu, err);
}

/**
 * vnet_mtu_set - the MTU of a vnet changes
 * @vnet: the vnet
 * @mtu: from now on, within the bounds of the netdev
 *
 * Context: Process, RTNL held.
 */
void vnet_mtu_set(struct vnet *vnet, unsigned int mtu)
{
	ASSERT_RTNL();
	WRITE_ONCE(vnet->dev->mtu, mtu);
	vnet->mtu_by_hand = true;
}
