/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints at the doors and at drop. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vnet

#if !defined(VNET_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VNET_TRACE_H

#include <linux/tracepoint.h>

#include "drop.h"
#include "port.h"

TRACE_EVENT(vnet_drop,
	TP_PROTO(const struct vnet_port *port, const struct sk_buff *skb, int reason),
	TP_ARGS(port, skb, reason),
	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(u32, port)
		__field(u32, len)
		__field(u16, protocol)
		__field(int, reason)
		__string(name, vnet_drop_name(reason))
		__string(dev, port && port->dev ? port->dev->name : "-")
	),
	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->port = port ? port->number : 0;
		__entry->len = skb->len;
		__entry->protocol = ntohs(skb->protocol);
		__entry->reason = reason;
		vnet_assign_str(name, vnet_drop_name(reason));
		vnet_assign_str(dev, port && port->dev ? port->dev->name : "-");
	),
	TP_printk("dev=%s port=%u reason=%s len=%u protocol=0x%04x skbaddr=%p",
		  __get_str(dev), __entry->port, __get_str(name), __entry->len,
		  __entry->protocol, __entry->skbaddr)
);

TRACE_EVENT(vnet_input,
	TP_PROTO(const struct vnet_port *port, const struct sk_buff *skb),
	TP_ARGS(port, skb),
	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(u32, port)
		__field(u32, len)
		__string(dev, port->dev ? port->dev->name : "-")
	),
	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->port = port->number;
		__entry->len = skb->len;
		vnet_assign_str(dev, port->dev ? port->dev->name : "-");
	),
	TP_printk("dev=%s port=%u len=%u skbaddr=%p", __get_str(dev), __entry->port,
		  __entry->len, __entry->skbaddr)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
