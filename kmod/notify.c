// SPDX-License-Identifier: GPL-2.0
/* What the lower layers tell whoever listens. */
#include "notify.h"
#include "trace.h"
#include "vnet.h"

static vnet_notify_t notify_sink;

/**
 * vnet_notify_set - say who listens
 * @sink: the listener; it stays for as long as the module is loaded
 *
 * Context: Module initialisation, before there is a vnet.
 */
void vnet_notify_set(vnet_notify_t sink)
{
	notify_sink = sink;
}

/**
 * vnet_notify - tell the listener
 * @notice: what has happened; read before the call returns
 *
 * Context: Any; does not sleep.
 */
void vnet_notify(const struct vnet_notice *notice)
{
	/* The first things of a vnet are made before its netdev has a number to name it by. */
	if (notice->vnet->dev->reg_state >= NETREG_REGISTERED)
		notify_sink(notice);
}

/**
 * vnet_notify_limit - tell that a bound was hit
 * @vnet: the vnet
 * @port: the port that hit it, or NULL
 * @limit: the bound
 * @bound: its value
 *
 * At most one notice a second for each bound of a vnet: a guest that floods a
 * table must not be able to flood the listeners too.
 *
 * Context: Any; does not sleep.
 */
void vnet_notify_limit(struct vnet *vnet, const struct vnet_port *port, enum vnet_limit limit,
		       u32 bound)
{
	unsigned long last = READ_ONCE(vnet->limit_events[limit]);
	unsigned long now = jiffies;
	struct vnet_notice notice = {
		.command = VNET_CMD_LIMIT_NTF,
		.vnet = vnet,
		.port = port,
		.limit = limit,
		.bound = bound,
	};

	trace_vnet_limit(vnet, port, limit, bound);
	if (last && time_before(now, last + HZ))
		return;
	if (cmpxchg(&vnet->limit_events[limit], last, now ?: 1) != last)
		return;
	vnet_notify(&notice);
}
