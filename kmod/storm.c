// SPDX-License-Identifier: GPL-2.0
/*
 * How many frames a port may have flooded in a second: storm control.
 *
 * A token bucket that is kept as one time stamp (GCRA), so that processors need no lock.
 */
#include "storm.h"

#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/timekeeping.h>
#include <net/netlink.h>

#include "notify.h"
#include "vnet.h"

/* Frames may come so much before their time: the bucket holds what comes in this time. */
#define STORM_BURST (NSEC_PER_SEC / 10)

static enum vnet_storm_kind storm_kind(const u8 *dst)
{
	if (is_broadcast_ether_addr(dst))
		return VNET_STORM_BROADCAST;
	return is_multicast_ether_addr(dst) ? VNET_STORM_MULTICAST : VNET_STORM_UNKNOWN;
}

static bool storm_take(struct vnet_storm *storm, u32 rate)
{
	s64 now = ktime_get_ns(), due = atomic64_read(&storm->due);

	do {
		if (due > now + (s64)STORM_BURST)
			return false;
	} while (!atomic64_try_cmpxchg(&storm->due, &due, max(due, now) + NSEC_PER_SEC / rate));
	return true;
}

/**
 * vnet_storm_passes - may one more frame be flooded?
 * @from: port that it came in through, which has a bound
 * @skb: the frame, at its Ethernet header; gone afterwards if it may not
 *
 * Context: RCU read side, BH off.
 * Return: True if it may.
 */
bool vnet_storm_passes(struct vnet_port *from, struct sk_buff *skb)
{
	static const enum vnet_drop_reason reasons[] = {
		[VNET_STORM_BROADCAST] = VNET_DROP_STORM_BROADCAST,
		[VNET_STORM_MULTICAST] = VNET_DROP_STORM_MULTICAST,
		[VNET_STORM_UNKNOWN] = VNET_DROP_STORM_UNKNOWN,
	};
	enum vnet_storm_kind kind = storm_kind(eth_hdr(skb)->h_dest);
	u32 rate = READ_ONCE(from->storm[kind].rate);

	if (!rate || storm_take(&from->storm[kind], rate))
		return true;
	vnet_notify_limit(from->vnet, from, VNET_LIMIT_STORM, rate);
	vnet_drop(from, skb, reasons[kind]);
	return false;
}

/**
 * vnet_storm_apply - change the bounds
 * @port: the port
 * @attrs: attribute set "port"
 *
 * Context: Process, RTNL held.
 */
void vnet_storm_apply(struct vnet_port *port, struct nlattr *attrs[])
{
	bool any = false;
	int kind;

	ASSERT_RTNL();
	for (kind = 0; kind < VNET_STORM_KINDS; kind++) {
		const struct nlattr *attr = attrs[VNET_PORT_STORM_BROADCAST + kind];

		if (attr) {
			WRITE_ONCE(port->storm[kind].rate, nla_get_u32(attr));
			atomic64_set(&port->storm[kind].due, 0);
		}
		any |= port->storm[kind].rate;
	}
	assign_bit(VNET_PORT_FLAG_STORM, &port->flags, any);
}

/**
 * vnet_storm_put - say what the bounds are
 * @skb: message
 * @port: the port
 *
 * Context: Any.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_storm_put(struct sk_buff *skb, const struct vnet_port *port)
{
	int kind, err = 0;

	for (kind = 0; !err && kind < VNET_STORM_KINDS; kind++)
		err = nla_put_u32(skb, VNET_PORT_STORM_BROADCAST + kind,
				  READ_ONCE(port->storm[kind].rate));
	return err;
}
