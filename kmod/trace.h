/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints: what is decided about frames, addresses, ports and sessions. docs/tracing.md */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vnet

#if !defined(VNET_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VNET_TRACE_H

#include <linux/etherdevice.h>
#include <linux/tracepoint.h>

#include "drop.h"
#include "nat/session.h"
#include "port.h"
#include "vnet.h"

#ifndef VNET_TRACE_WORDS
#define VNET_TRACE_WORDS
const char *vnet_trace_dev(const struct vnet_port *port);
const char *vnet_trace_fdb_state(u8 state);
const char *vnet_trace_port_state(u8 state);
const char *vnet_trace_blocker(u8 blocker);
const char *vnet_trace_limit(u8 limit);
const char *vnet_trace_alarm(u8 kind);
const char *vnet_trace_session_state(u8 state);
#endif

/* A frame dies. */
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
		__string(dev, vnet_trace_dev(port))
	),
	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->port = port ? port->number : 0;
		__entry->len = skb->len;
		__entry->protocol = ntohs(skb->protocol);
		__entry->reason = reason;
		vnet_assign_str(name, vnet_drop_name(reason));
		vnet_assign_str(dev, vnet_trace_dev(port));
	),
	TP_printk("dev=%s port=%u reason=%s len=%u protocol=0x%04x skbaddr=%p",
		  __get_str(dev), __entry->port, __get_str(name), __entry->len,
		  __entry->protocol, __entry->skbaddr)
);

/* A frame comes in through a port. */
TRACE_EVENT(vnet_input,
	TP_PROTO(const struct vnet_port *port, const struct sk_buff *skb),
	TP_ARGS(port, skb),
	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(u32, port)
		__field(u32, len)
		__string(dev, vnet_trace_dev(port))
	),
	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->port = port->number;
		__entry->len = skb->len;
		vnet_assign_str(dev, vnet_trace_dev(port));
	),
	TP_printk("dev=%s port=%u len=%u skbaddr=%p", __get_str(dev), __entry->port,
		  __entry->len, __entry->skbaddr)
);

/* It is to go to one port. Whether that port takes it is the next question. */
TRACE_EVENT(vnet_forward,
	TP_PROTO(const struct vnet_port *from, const struct vnet_port *to,
		 const struct sk_buff *skb, u16 vid),
	TP_ARGS(from, to, skb, vid),
	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(u32, port)
		__field(u32, to_port)
		__field(u32, len)
		__field(u16, vid)
		__array(u8, src, ETH_ALEN)
		__array(u8, dst, ETH_ALEN)
		__string(dev, vnet_trace_dev(from))
		__string(to_dev, vnet_trace_dev(to))
	),
	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->port = from->number;
		__entry->to_port = to->number;
		__entry->len = skb->len;
		__entry->vid = vid;
		ether_addr_copy(__entry->src, eth_hdr(skb)->h_source);
		ether_addr_copy(__entry->dst, eth_hdr(skb)->h_dest);
		vnet_assign_str(dev, vnet_trace_dev(from));
		vnet_assign_str(to_dev, vnet_trace_dev(to));
	),
	TP_printk("dev=%s port=%u to_dev=%s to_port=%u src=%pM dst=%pM vid=%u len=%u skbaddr=%p",
		  __get_str(dev), __entry->port, __get_str(to_dev), __entry->to_port,
		  __entry->src, __entry->dst, __entry->vid, __entry->len, __entry->skbaddr)
);

DECLARE_EVENT_CLASS(vnet_many,
	TP_PROTO(const struct vnet_port *from, const struct sk_buff *skb, u16 vid),
	TP_ARGS(from, skb, vid),
	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(u32, port)
		__field(u32, len)
		__field(u16, vid)
		__array(u8, src, ETH_ALEN)
		__array(u8, dst, ETH_ALEN)
		__string(dev, vnet_trace_dev(from))
	),
	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->port = from->number;
		__entry->len = skb->len;
		__entry->vid = vid;
		ether_addr_copy(__entry->src, eth_hdr(skb)->h_source);
		ether_addr_copy(__entry->dst, eth_hdr(skb)->h_dest);
		vnet_assign_str(dev, vnet_trace_dev(from));
	),
	TP_printk("dev=%s port=%u src=%pM dst=%pM vid=%u len=%u skbaddr=%p", __get_str(dev),
		  __entry->port, __entry->src, __entry->dst, __entry->vid, __entry->len,
		  __entry->skbaddr)
);

/* It is to go to all ports that may see it. */
DEFINE_EVENT(vnet_many, vnet_flood,
	TP_PROTO(const struct vnet_port *from, const struct sk_buff *skb, u16 vid),
	TP_ARGS(from, skb, vid)
);

/* It is to go to the ports that want the group, and to those with multicast routers. */
DEFINE_EVENT(vnet_many, vnet_group,
	TP_PROTO(const struct vnet_port *from, const struct sk_buff *skb, u16 vid),
	TP_ARGS(from, skb, vid)
);

DECLARE_EVENT_CLASS(vnet_between,
	TP_PROTO(const struct vnet_port *from, const struct vnet_port *to,
		 const struct sk_buff *skb),
	TP_ARGS(from, to, skb),
	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(u32, port)
		__field(u32, to_port)
		__field(u32, len)
		__string(dev, vnet_trace_dev(from))
		__string(to_dev, vnet_trace_dev(to))
	),
	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->port = from->number;
		__entry->to_port = to->number;
		__entry->len = skb->len;
		vnet_assign_str(dev, vnet_trace_dev(from));
		vnet_assign_str(to_dev, vnet_trace_dev(to));
	),
	TP_printk("dev=%s port=%u to_dev=%s to_port=%u len=%u skbaddr=%p", __get_str(dev),
		  __entry->port, __get_str(to_dev), __entry->to_port, __entry->len,
		  __entry->skbaddr)
);

/* It leaves by a port; each port that a flood reaches has one. */
DEFINE_EVENT(vnet_between, vnet_deliver,
	TP_PROTO(const struct vnet_port *from, const struct vnet_port *to,
		 const struct sk_buff *skb),
	TP_ARGS(from, to, skb)
);

/* It asks for a neighbour behind @to, and the switch has the answer itself. */
DEFINE_EVENT(vnet_between, vnet_suppress_answer,
	TP_PROTO(const struct vnet_port *from, const struct vnet_port *to,
		 const struct sk_buff *skb),
	TP_ARGS(from, to, skb)
);

/* It asks for a neighbour behind @to, who gets the question alone. */
DEFINE_EVENT(vnet_between, vnet_suppress_turn,
	TP_PROTO(const struct vnet_port *from, const struct vnet_port *to,
		 const struct sk_buff *skb),
	TP_ARGS(from, to, skb)
);

DECLARE_EVENT_CLASS(vnet_fdb,
	TP_PROTO(const struct vnet_port *port, const struct vnet_fdb_entry *known),
	TP_ARGS(port, known),
	TP_STRUCT__entry(
		__field(u32, vnet)
		__field(u32, port)
		__field(u16, vid)
		__array(u8, addr, ETH_ALEN)
		__string(state, vnet_trace_fdb_state(known->state))
		__string(dev, vnet_trace_dev(port))
	),
	TP_fast_assign(
		__entry->vnet = port->vnet->dev->ifindex;
		__entry->port = port->number;
		__entry->vid = known->vid;
		ether_addr_copy(__entry->addr, known->addr);
		vnet_assign_str(state, vnet_trace_fdb_state(known->state));
		vnet_assign_str(dev, vnet_trace_dev(port));
	),
	TP_printk("vnet=%u dev=%s port=%u addr=%pM vid=%u state=%s", __entry->vnet,
		  __get_str(dev), __entry->port, __entry->addr, __entry->vid, __get_str(state))
);

/* An address becomes known behind a port: it was learned, or set. */
DEFINE_EVENT(vnet_fdb, vnet_fdb_add,
	TP_PROTO(const struct vnet_port *port, const struct vnet_fdb_entry *known),
	TP_ARGS(port, known)
);

/* Its last frame is too long ago; vnet_fdb_del follows. */
DEFINE_EVENT(vnet_fdb, vnet_fdb_age,
	TP_PROTO(const struct vnet_port *port, const struct vnet_fdb_entry *known),
	TP_ARGS(port, known)
);

/* It is not known any more, for whatever reason. */
DEFINE_EVENT(vnet_fdb, vnet_fdb_del,
	TP_PROTO(const struct vnet_port *port, const struct vnet_fdb_entry *known),
	TP_ARGS(port, known)
);

/* It is behind another port, or has another state, from now on. */
TRACE_EVENT(vnet_fdb_move,
	TP_PROTO(const struct vnet_port *to, const struct vnet_fdb_entry *known, u8 state),
	TP_ARGS(to, known, state),
	TP_STRUCT__entry(
		__field(u32, vnet)
		__field(u32, port)
		__field(u32, to_port)
		__field(u16, vid)
		__array(u8, addr, ETH_ALEN)
		__string(state, vnet_trace_fdb_state(state))
		__string(dev, vnet_trace_dev(known->port))
		__string(to_dev, vnet_trace_dev(to))
	),
	TP_fast_assign(
		__entry->vnet = to->vnet->dev->ifindex;
		__entry->port = known->port->number;
		__entry->to_port = to->number;
		__entry->vid = known->vid;
		ether_addr_copy(__entry->addr, known->addr);
		vnet_assign_str(state, vnet_trace_fdb_state(state));
		vnet_assign_str(dev, vnet_trace_dev(known->port));
		vnet_assign_str(to_dev, vnet_trace_dev(to));
	),
	TP_printk("vnet=%u dev=%s port=%u to_dev=%s to_port=%u addr=%pM vid=%u state=%s",
		  __entry->vnet, __get_str(dev), __entry->port, __get_str(to_dev),
		  __entry->to_port, __entry->addr, __entry->vid, __get_str(state))
);

/* Whether a port forwards: said by a spanning tree, a guard or an administrator. */
TRACE_EVENT(vnet_port_state,
	TP_PROTO(const struct vnet_port *port),
	TP_ARGS(port),
	TP_STRUCT__entry(
		__field(u32, vnet)
		__field(u32, port)
		__string(state, vnet_trace_port_state(port->state))
		__string(blocked_by, vnet_trace_blocker(port->blocked_by))
		__string(dev, vnet_trace_dev(port))
	),
	TP_fast_assign(
		__entry->vnet = port->vnet->dev->ifindex;
		__entry->port = port->number;
		vnet_assign_str(state, vnet_trace_port_state(port->state));
		vnet_assign_str(blocked_by, vnet_trace_blocker(port->blocked_by));
		vnet_assign_str(dev, vnet_trace_dev(port));
	),
	TP_printk("vnet=%u dev=%s port=%u state=%s blocked_by=%s", __entry->vnet,
		  __get_str(dev), __entry->port, __get_str(state), __get_str(blocked_by))
);

/* A bound was hit, a storm's among them; listeners of netlink hear of one a second. */
TRACE_EVENT(vnet_limit,
	TP_PROTO(const struct vnet *vnet, const struct vnet_port *port, u8 limit, u32 bound),
	TP_ARGS(vnet, port, limit, bound),
	TP_STRUCT__entry(
		__field(u32, vnet)
		__field(u32, port)
		__field(u32, bound)
		__string(limit, vnet_trace_limit(limit))
		__string(dev, vnet_trace_dev(port))
	),
	TP_fast_assign(
		__entry->vnet = vnet->dev->ifindex;
		__entry->port = port ? port->number : 0;
		__entry->bound = bound;
		vnet_assign_str(limit, vnet_trace_limit(limit));
		vnet_assign_str(dev, vnet_trace_dev(port));
	),
	TP_printk("vnet=%u dev=%s port=%u limit=%s bound=%u", __entry->vnet, __get_str(dev),
		  __entry->port, __get_str(limit), __entry->bound)
);

/* An address is where it should not be; listeners of netlink hear of one a second. */
TRACE_EVENT(vnet_alarm,
	TP_PROTO(const struct vnet *vnet, const struct vnet_alarm_notice *alarm),
	TP_ARGS(vnet, alarm),
	TP_STRUCT__entry(
		__field(u32, vnet)
		__field(u16, vid)
		__array(u8, lladdr, ETH_ALEN)
		__string(kind, vnet_trace_alarm(alarm->kind))
		__string(dev, vnet_trace_dev(alarm->port))
		__string(other_dev, vnet_trace_dev(alarm->other_port))
	),
	TP_fast_assign(
		__entry->vnet = vnet->dev->ifindex;
		__entry->vid = alarm->vid;
		ether_addr_copy(__entry->lladdr, alarm->lladdr);
		vnet_assign_str(kind, vnet_trace_alarm(alarm->kind));
		vnet_assign_str(dev, vnet_trace_dev(alarm->port));
		vnet_assign_str(other_dev, vnet_trace_dev(alarm->other_port));
	),
	TP_printk("vnet=%u kind=%s lladdr=%pM vid=%u dev=%s other_dev=%s", __entry->vnet,
		  __get_str(kind), __entry->lladdr, __entry->vid, __get_str(dev),
		  __get_str(other_dev))
);

DECLARE_EVENT_CLASS(vnet_nat,
	TP_PROTO(const struct vnet *vnet, const struct vnet_flow *flow,
		 const struct sk_buff *skb),
	TP_ARGS(vnet, flow, skb),
	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(u32, vnet)
		__field(u32, len)
		__field(u8, proto)
		__array(u8, saddr, 4)
		__array(u8, daddr, 4)
		__field(u16, sport)
		__field(u16, dport)
		__array(u8, new_saddr, 4)
		__array(u8, new_daddr, 4)
		__field(u16, new_sport)
		__field(u16, new_dport)
	),
	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->vnet = vnet->dev->ifindex;
		__entry->len = skb->len;
		__entry->proto = flow->tuple.proto;
		memcpy(__entry->saddr, &flow->tuple.saddr, 4);
		memcpy(__entry->daddr, &flow->tuple.daddr, 4);
		__entry->sport = ntohs(flow->tuple.sport);
		__entry->dport = ntohs(flow->tuple.dport);
		memcpy(__entry->new_saddr, &flow->rewrite.to.saddr, 4);
		memcpy(__entry->new_daddr, &flow->rewrite.to.daddr, 4);
		__entry->new_sport = ntohs(flow->rewrite.to.sport);
		__entry->new_dport = ntohs(flow->rewrite.to.dport);
	),
	TP_printk("vnet=%u proto=%u %pI4:%u > %pI4:%u becomes %pI4:%u > %pI4:%u len=%u skbaddr=%p",
		  __entry->vnet, __entry->proto, __entry->saddr, __entry->sport,
		  __entry->daddr, __entry->dport, __entry->new_saddr, __entry->new_sport,
		  __entry->new_daddr, __entry->new_dport, __entry->len, __entry->skbaddr)
);

/* A guest's packet is translated. */
DEFINE_EVENT(vnet_nat, vnet_nat_out,
	TP_PROTO(const struct vnet *vnet, const struct vnet_flow *flow,
		 const struct sk_buff *skb),
	TP_ARGS(vnet, flow, skb)
);

/* A packet for a guest is. */
DEFINE_EVENT(vnet_nat, vnet_nat_in,
	TP_PROTO(const struct vnet *vnet, const struct vnet_flow *flow,
		 const struct sk_buff *skb),
	TP_ARGS(vnet, flow, skb)
);

DECLARE_EVENT_CLASS(vnet_session,
	TP_PROTO(const struct vnet_session *session),
	TP_ARGS(session),
	TP_STRUCT__entry(
		__field(u32, vnet)
		__field(u8, proto)
		__array(u8, internal_addr, 4)
		__array(u8, external_addr, 4)
		__array(u8, remote_addr, 4)
		__field(u16, internal_port)
		__field(u16, external_port)
		__field(u16, remote_port)
		__string(state, vnet_trace_session_state(session->state))
		__string(dev, vnet_trace_dev(session->port))
	),
	TP_fast_assign(
		const struct vnet_flow *flow = &session->flows[VNET_OUT];

		__entry->vnet = session->vnet->dev->ifindex;
		__entry->proto = flow->tuple.proto;
		memcpy(__entry->internal_addr, &flow->tuple.saddr, 4);
		memcpy(__entry->external_addr, &flow->rewrite.to.saddr, 4);
		memcpy(__entry->remote_addr, &flow->rewrite.to.daddr, 4);
		__entry->internal_port = ntohs(flow->tuple.sport);
		__entry->external_port = ntohs(flow->rewrite.to.sport);
		__entry->remote_port = ntohs(flow->rewrite.to.dport);
		vnet_assign_str(state, vnet_trace_session_state(session->state));
		vnet_assign_str(dev, vnet_trace_dev(session->port));
	),
	TP_printk("vnet=%u dev=%s proto=%u internal=%pI4:%u external=%pI4:%u remote=%pI4:%u state=%s",
		  __entry->vnet, __get_str(dev), __entry->proto, __entry->internal_addr,
		  __entry->internal_port, __entry->external_addr, __entry->external_port,
		  __entry->remote_addr, __entry->remote_port, __get_str(state))
);

/* A flow through NAT begins. */
DEFINE_EVENT(vnet_session, vnet_session_new,
	TP_PROTO(const struct vnet_session *session),
	TP_ARGS(session)
);

/* It ends. */
DEFINE_EVENT(vnet_session, vnet_session_end,
	TP_PROTO(const struct vnet_session *session),
	TP_ARGS(session)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
