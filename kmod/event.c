// SPDX-License-Identifier: GPL-2.0
/* Notices as multicast messages of the generic netlink family. */
#include "event.h"

#include <linux/rtnetlink.h>

#include "bridge.h"
#include "genl.h"
#include "vnet.h"

static int fill_limit(struct sk_buff *skb, const struct vnet_notice *notice)
{
	if (vnet_genl_put_vnet(skb, notice->vnet, VNET_EVENT_VNET, VNET_EVENT_VNET_NAME) ||
	    nla_put_u32(skb, VNET_EVENT_LIMIT, notice->limit) ||
	    nla_put_u32(skb, VNET_EVENT_BOUND, notice->bound))
		return -EMSGSIZE;
	if (!notice->port)
		return 0;
	return vnet_genl_put_port(skb, notice->port, VNET_EVENT_PORT_NUMBER, VNET_EVENT_PORT_NAME);
}

static int fill_event(struct sk_buff *skb, const struct vnet_notice *notice)
{
	switch (notice->command) {
	case VNET_CMD_LINK_NEW_NTF:
	case VNET_CMD_LINK_DEL_NTF:
		return vnet_genl_fill_link(skb, notice->vnet);
	case VNET_CMD_PORT_NEW_NTF:
	case VNET_CMD_PORT_DEL_NTF:
		return vnet_genl_fill_port(skb, notice->port);
	case VNET_CMD_FDB_NEW_NTF:
	case VNET_CMD_FDB_DEL_NTF:
		return vnet_genl_fill_fdb(skb, notice->vnet, notice->fdb);
	case VNET_CMD_MDB_NEW_NTF:
	case VNET_CMD_MDB_DEL_NTF:
		return vnet_genl_fill_mdb(skb, notice->vnet, notice->mdb);
	case VNET_CMD_NAT_SET_NTF:
		return vnet_genl_fill_nat(skb, notice->vnet);
	case VNET_CMD_FORWARD_NEW_NTF:
	case VNET_CMD_FORWARD_DEL_NTF:
		return vnet_genl_fill_forward(skb, notice->forward);
	case VNET_CMD_LIMIT_NTF:
		return fill_limit(skb, notice);
	case VNET_CMD_ALARM_NTF:
		return vnet_genl_fill_alarm(skb, notice->vnet, notice->alarm);
	default:
		return -EINVAL;
	}
}

static void event_send_genl(const struct vnet_notice *notice)
{
	struct net *net = dev_net(notice->vnet->dev);
	struct sk_buff *skb;
	void *header;

	if (!genl_has_listeners(&vnet_genl_family, net, 0))
		return;
	skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return;
	header = genlmsg_put(skb, 0, 0, &vnet_genl_family, 0, notice->command);
	rcu_read_lock();
	if (!header || WARN_ON_ONCE(fill_event(skb, notice))) {
		rcu_read_unlock();
		nlmsg_free(skb);
		return;
	}
	rcu_read_unlock();
	genlmsg_end(skb, header);
	genlmsg_multicast_netns(&vnet_genl_family, net, skb, 0, 0, GFP_ATOMIC);
}

/* Who listens to bridges hears of ports, addresses and groups in the bridge's words too. */
static void event_send_bridge(const struct vnet_notice *notice)
{
	bool port = notice->port && notice->port->kind != VNET_PORT_KIND_HOST;

	if (notice->command == VNET_CMD_PORT_NEW_NTF && port)
		vnet_bridge_tell_port(notice->port, RTM_NEWLINK);
	else if (notice->command == VNET_CMD_PORT_DEL_NTF && port)
		vnet_bridge_tell_port(notice->port, RTM_DELLINK);
	else if (notice->command == VNET_CMD_FDB_NEW_NTF)
		vnet_bridge_tell_fdb(notice->vnet, notice->fdb, RTM_NEWNEIGH);
	else if (notice->command == VNET_CMD_FDB_DEL_NTF)
		vnet_bridge_tell_fdb(notice->vnet, notice->fdb, RTM_DELNEIGH);
	else if (notice->command == VNET_CMD_MDB_NEW_NTF)
		vnet_bridge_tell_mdb(notice->vnet, notice->mdb, RTM_NEWMDB);
	else if (notice->command == VNET_CMD_MDB_DEL_NTF)
		vnet_bridge_tell_mdb(notice->vnet, notice->mdb, RTM_DELMDB);
}

/**
 * vnet_event_send - send a notice to who listens in the vnet's namespace
 * @notice: what has happened
 *
 * Without memory the listeners miss it; their sockets cannot tell them, but the
 * generation of the next dump will.
 *
 * Context: Any; does not sleep.
 */
void vnet_event_send(const struct vnet_notice *notice)
{
	event_send_bridge(notice);
	event_send_genl(notice);
}
