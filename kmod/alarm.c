// SPDX-License-Identifier: GPL-2.0
/* What a switch has seen that should not be: told once a second, however often it happens. */
#include "alarm.h"

#include "notify.h"
#include "trace.h"
#include "vnet.h"

/**
 * vnet_alarm - tell what was seen
 * @vnet: the vnet
 * @alarm: what; its count is filled
 *
 * A guest must not be able to flood the listeners: the count says what they have missed.
 *
 * Context: Any; does not sleep.
 */
void vnet_alarm(struct vnet *vnet, struct vnet_alarm_notice *alarm)
{
	struct vnet_alarms *alarms = &vnet->alarms[alarm->kind];
	unsigned long last = READ_ONCE(alarms->last);
	unsigned long now = jiffies | 1;
	struct vnet_notice notice = {
		.command = VNET_CMD_ALARM_NTF,
		.vnet = vnet,
		.port = alarm->port,
		.alarm = alarm,
	};

	trace_vnet_alarm(vnet, alarm);
	atomic_inc(&alarms->count);
	if (last && time_before(now, last + HZ))
		return;
	if (cmpxchg(&alarms->last, last, now) != last)
		return;
	alarm->count = atomic_xchg(&alarms->count, 0);
	vnet_notify(&notice);
}

/**
 * vnet_alarm_lladdr - tell that a MAC address is seen behind a port that is not its own
 * @entry: the address
 * @port: the port
 * @kind: what that means
 *
 * Context: RCU read side, or the FDB's lock held; does not sleep.
 */
void vnet_alarm_lladdr(const struct vnet_fdb_entry *entry, const struct vnet_port *port,
		       enum vnet_alarm kind)
{
	struct vnet_alarm_notice alarm = {
		.kind = kind,
		.vid = entry->vid,
		.lladdr = entry->addr,
		.port = port,
		.other_port = READ_ONCE(entry->port),
	};

	vnet_alarm(port->vnet, &alarm);
}
