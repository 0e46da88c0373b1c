// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about counters. */
#include "genl.h"
#include "netlink_gen.h"
#include "vnet.h"

static int fill_drops(struct sk_buff *skb, const struct vnet_port_totals *totals)
{
	struct nlattr *nest;
	int i;

	for (i = 0; i < VNET_DROP_COUNT; i++) {
		if (!totals->drops[i])
			continue;
		nest = nla_nest_start(skb, VNET_STATS_DROP);
		if (!nest || nla_put_u32(skb, VNET_STATS_DROP_REASON, i) ||
		    nla_put_string(skb, VNET_STATS_DROP_NAME, vnet_drop_name(i)) ||
		    nla_put_u64_64bit(skb, VNET_STATS_DROP_PACKETS, totals->drops[i],
				      VNET_STATS_DROP_PAD))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int fill_stats(struct sk_buff *skb, struct netlink_callback *cb, const struct vnet *vnet,
		      void *object)
{
	const struct vnet_port *port = object;
	struct vnet_port_totals totals;

	vnet_port_totals(port, &totals);
	if (vnet_genl_put_vnet(skb, vnet, VNET_STATS_VNET, VNET_STATS_VNET_NAME) ||
	    vnet_genl_put_port(skb, port, VNET_STATS_PORT_NUMBER, VNET_STATS_PORT_NAME) ||
	    nla_put_u32(skb, VNET_STATS_PORT_KIND, port->kind) ||
	    nla_put_u64_64bit(skb, VNET_STATS_RX_PACKETS, totals.rx_packets, VNET_STATS_PAD) ||
	    nla_put_u64_64bit(skb, VNET_STATS_RX_BYTES, totals.rx_bytes, VNET_STATS_PAD) ||
	    nla_put_u64_64bit(skb, VNET_STATS_TX_PACKETS, totals.tx_packets, VNET_STATS_PAD) ||
	    nla_put_u64_64bit(skb, VNET_STATS_TX_BYTES, totals.tx_bytes, VNET_STATS_PAD) ||
	    fill_drops(skb, &totals))
		return -EMSGSIZE;
	return 0;
}

static int dump_stats(struct sk_buff *skb, struct netlink_callback *cb, struct vnet *vnet)
{
	static const struct vnet_genl_kind kind = { VNET_CMD_STATS_GET, fill_stats };

	return vnet_genl_dump_ports(skb, cb, vnet, &kind);
}

int vnet_nl_stats_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vnet_genl_dump(skb, cb, VNET_STATS_VNET, dump_stats);
}

int vnet_nl_reason_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	void *header;
	int i;

	for (i = cb->args[0]; i < VNET_DROP_COUNT; i++) {
		header = vnet_genl_begin(skb, cb, VNET_CMD_REASON_GET);
		if (!header)
			break;
		if (nla_put_u32(skb, VNET_REASON_NUMBER, i) ||
		    nla_put_string(skb, VNET_REASON_NAME, vnet_drop_name(i)) ||
		    nla_put_string(skb, VNET_REASON_EXPLANATION, vnet_drop_sentence(i))) {
			genlmsg_cancel(skb, header);
			break;
		}
		genlmsg_end(skb, header);
	}
	cb->args[0] = i;
	return skb->len;
}
