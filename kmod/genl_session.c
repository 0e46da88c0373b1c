// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about NAT mappings and sessions. */
#include <linux/rtnetlink.h>

#include "genl.h"
#include "nat/forward.h"
#include "nat/mapping.h"
#include "nat/session.h"
#include "nat/table.h"
#include "netlink_gen.h"
#include "vnet.h"

static int fill_mapping(struct sk_buff *skb, const struct vnet_mapping *mapping)
{
	if (vnet_genl_put_vnet(skb, mapping->port->vnet, VNET_MAPPING_VNET,
			       VNET_MAPPING_VNET_NAME) ||
	    nla_put_u8(skb, VNET_MAPPING_PROTO, mapping->proto) ||
	    nla_put_be32(skb, VNET_MAPPING_INTERNAL_ADDR, mapping->internal_addr) ||
	    nla_put_u16(skb, VNET_MAPPING_INTERNAL_PORT, ntohs(mapping->internal_port)) ||
	    nla_put_be32(skb, VNET_MAPPING_EXTERNAL_ADDR, mapping->external_addr) ||
	    nla_put_u16(skb, VNET_MAPPING_EXTERNAL_PORT, ntohs(mapping->external_port)) ||
	    nla_put_u32(skb, VNET_MAPPING_N_SESSIONS, READ_ONCE(mapping->sessions)) ||
	    vnet_genl_put_port(skb, mapping->port, VNET_MAPPING_PORT_NUMBER,
			       VNET_MAPPING_PORT_NAME))
		return -EMSGSIZE;
	return 0;
}

static u32 session_expires(const struct vnet_session *session)
{
	unsigned long end =
		READ_ONCE(session->used) + (unsigned long)vnet_session_lifetime(session) * HZ;
	unsigned long now = jiffies;

	return time_before(now, end) ? jiffies_to_msecs(end - now) : 0;
}

static int fill_session_counters(struct sk_buff *skb, const struct vnet_session *session)
{
	const struct vnet_flow *out = &session->flows[VNET_OUT], *in = &session->flows[VNET_IN];

	if (nla_put_u64_64bit(skb, VNET_SESSION_OUT_PACKETS, READ_ONCE(out->packets),
			      VNET_SESSION_PAD) ||
	    nla_put_u64_64bit(skb, VNET_SESSION_OUT_BYTES, READ_ONCE(out->bytes),
			      VNET_SESSION_PAD) ||
	    nla_put_u64_64bit(skb, VNET_SESSION_IN_PACKETS, READ_ONCE(in->packets),
			      VNET_SESSION_PAD) ||
	    nla_put_u64_64bit(skb, VNET_SESSION_IN_BYTES, READ_ONCE(in->bytes), VNET_SESSION_PAD))
		return -EMSGSIZE;
	return 0;
}

static int fill_session(struct sk_buff *skb, const struct vnet_session *session)
{
	const struct vnet_tuple *inside = &session->flows[VNET_OUT].tuple;
	const struct vnet_tuple *outside = &session->flows[VNET_IN].tuple;

	if (vnet_genl_put_vnet(skb, session->vnet, VNET_SESSION_VNET, VNET_SESSION_VNET_NAME) ||
	    nla_put_u8(skb, VNET_SESSION_PROTO, inside->proto) ||
	    nla_put_be32(skb, VNET_SESSION_INTERNAL_ADDR, inside->saddr) ||
	    nla_put_u16(skb, VNET_SESSION_INTERNAL_PORT, ntohs(inside->sport)) ||
	    nla_put_be32(skb, VNET_SESSION_EXTERNAL_ADDR, outside->daddr) ||
	    nla_put_u16(skb, VNET_SESSION_EXTERNAL_PORT, ntohs(outside->dport)) ||
	    nla_put_be32(skb, VNET_SESSION_REMOTE_ADDR, inside->daddr) ||
	    nla_put_u16(skb, VNET_SESSION_REMOTE_PORT, ntohs(inside->dport)) ||
	    nla_put_u32(skb, VNET_SESSION_STATE, READ_ONCE(session->state)) ||
	    nla_put_u32(skb, VNET_SESSION_EXPIRES, session_expires(session)) ||
	    fill_session_counters(skb, session) ||
	    (session->port && vnet_genl_put_port(skb, session->port, VNET_SESSION_PORT_NUMBER,
						 VNET_SESSION_PORT_NAME)) ||
	    (session->forward &&
	     nla_put_u32(skb, VNET_SESSION_FORWARD, session->forward->config.handle)))
		return -EMSGSIZE;
	return 0;
}

static int fill_mapping_node(struct sk_buff *skb, struct netlink_callback *cb,
			     const struct vnet *vnet, void *node)
{
	const struct vnet_mapping *mapping = container_of(node, struct vnet_mapping, node);

	return mapping->port->vnet == vnet ? fill_mapping(skb, mapping) : 1;
}

/* Values of the request that select; the vnet is selected by the walk. */
static void session_filter(struct nlattr *attrs[], struct vnet_session_filter *filter)
{
	if (attrs[VNET_SESSION_PROTO])
		filter->proto = nla_get_u8(attrs[VNET_SESSION_PROTO]);
	if (attrs[VNET_SESSION_INTERNAL_ADDR])
		filter->internal_addr = nla_get_be32(attrs[VNET_SESSION_INTERNAL_ADDR]);
	if (attrs[VNET_SESSION_REMOTE_ADDR])
		filter->remote_addr = nla_get_be32(attrs[VNET_SESSION_REMOTE_ADDR]);
}

static int fill_session_node(struct sk_buff *skb, struct netlink_callback *cb,
			     const struct vnet *vnet, void *node)
{
	struct vnet_flow *flow = container_of(node, struct vnet_flow, node);
	struct vnet_session_filter filter = { .vnet = vnet };

	session_filter(vnet_compat_dump_attrs(cb), &filter);
	if (flow->direction != VNET_OUT || !vnet_session_matches(vnet_flow_session(flow), &filter))
		return 1;
	return fill_session(skb, vnet_flow_session(flow));
}

static int dump_mappings(struct sk_buff *skb, struct netlink_callback *cb, struct vnet *vnet)
{
	static const struct vnet_genl_kind kind = { VNET_CMD_MAPPING_GET, fill_mapping_node };
	struct vnet_nat_table *table = vnet_nat_table_rtnl(dev_net(vnet->dev));

	return table ? vnet_genl_dump_hash(skb, cb, vnet, &table->mappings, &kind) : 0;
}

int vnet_nl_mapping_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vnet_genl_dump(skb, cb, VNET_MAPPING_VNET, dump_mappings);
}

static int dump_sessions(struct sk_buff *skb, struct netlink_callback *cb, struct vnet *vnet)
{
	static const struct vnet_genl_kind kind = { VNET_CMD_SESSION_GET, fill_session_node };
	struct vnet_nat_table *table = vnet_nat_table_rtnl(dev_net(vnet->dev));

	return table ? vnet_genl_dump_hash(skb, cb, vnet, &table->flows, &kind) : 0;
}

int vnet_nl_session_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vnet_genl_dump(skb, cb, VNET_SESSION_VNET, dump_sessions);
}

static int flush_locked(struct sk_buff *reply, struct genl_info *info)
{
	struct vnet *vnet = vnet_genl_vnet(info, VNET_SESSION_VNET);
	struct vnet_session_filter filter = { .vnet = vnet };
	struct vnet_nat_table *table;

	if (IS_ERR(vnet))
		return PTR_ERR(vnet);
	session_filter(info->attrs, &filter);
	if (info->attrs[VNET_SESSION_INTERNAL_PORT])
		filter.internal_port = htons(nla_get_u16(info->attrs[VNET_SESSION_INTERNAL_PORT]));
	if (info->attrs[VNET_SESSION_REMOTE_PORT])
		filter.remote_port = htons(nla_get_u16(info->attrs[VNET_SESSION_REMOTE_PORT]));
	table = vnet_nat_table_rtnl(genl_info_net(info));
	return nla_put_u32(reply, VNET_SESSION_COUNT,
			   table ? vnet_session_flush(table, &filter) : 0);
}

int vnet_nl_session_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	void *header;
	int err;

	reply = vnet_genl_reply(info, VNET_CMD_SESSION_FLUSH, &header);
	if (!reply)
		return -ENOMEM;
	rtnl_lock();
	err = flush_locked(reply, info);
	rtnl_unlock();
	return vnet_genl_finish(reply, info, header, err);
}
