// SPDX-License-Identifier: GPL-2.0
/* Netlink requests about NAT: settings and forwards. */
#include <linux/rtnetlink.h>

#include "gateway.h"
#include "genl.h"
#include "nat/forward.h"
#include "nat/portset.h"
#include "nat/table.h"
#include "netlink_gen.h"
#include "notify.h"
#include "refuse.h"
#include "vnet.h"

static int fill_timeouts(struct sk_buff *skb, const struct vnet_nat *nat)
{
	struct nlattr *nest = nla_nest_start(skb, VNET_NAT_TIMEOUTS);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 1; i <= VNET_TIMEOUT_MAX; i++)
		if (nla_put_u32(skb, i, nat->timeouts[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_port_range(struct sk_buff *skb, u16 first, u16 last)
{
	struct nlattr *nest = nla_nest_start(skb, VNET_NAT_PORT_RANGE);

	if (!nest || nla_put_u16(skb, VNET_PORT_RANGE_FIRST, first) ||
	    nla_put_u16(skb, VNET_PORT_RANGE_LAST, last))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vnet_genl_fill_nat - fill in the set "nat"
 * @skb: message
 * @vnet: the vnet
 *
 * Context: RTNL held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_genl_fill_nat(struct sk_buff *skb, const struct vnet *vnet)
{
	const struct vnet_nat *nat = &vnet->nat;

	if (vnet_genl_put_vnet(skb, vnet, VNET_NAT_VNET, VNET_NAT_VNET_NAME) ||
	    nla_put_u32(skb, VNET_NAT_FILTERING, nat->filtering) ||
	    nla_put_u32(skb, VNET_NAT_OUT, nat->out) ||
	    nla_put_u32(skb, VNET_NAT_MAX_SESSIONS, nat->max_sessions) ||
	    nla_put_u32(skb, VNET_NAT_N_SESSIONS, READ_ONCE(nat->sessions)) ||
	    nla_put_u32(skb, VNET_NAT_MAX_MAPPINGS, nat->max_mappings) ||
	    nla_put_u32(skb, VNET_NAT_N_MAPPINGS, READ_ONCE(nat->mappings)) ||
	    fill_timeouts(skb, nat) ||
	    fill_port_range(skb, VNET_PORTSET_LOW_FIRST, VNET_PORTSET_LOW_LAST) ||
	    fill_port_range(skb, VNET_PORTSET_HIGH_FIRST, VNET_PORTSET_HIGH_LAST))
		return -EMSGSIZE;
	return 0;
}

static bool has_nat(const struct vnet *vnet)
{
	const struct vnet_gateway *gateway = rtnl_dereference(vnet->gateway);

	return gateway && gateway->config.nat;
}

static struct vnet *nat_vnet(struct genl_info *info, int attr)
{
	struct vnet *vnet = vnet_genl_vnet(info, attr);

	if (IS_ERR(vnet) || has_nat(vnet))
		return vnet;
	VNET_REFUSE_ATTR(info->extack, info->attrs[attr], "vnet %s has no NAT", vnet->dev->name);
	return ERR_PTR(-EOPNOTSUPP);
}

int vnet_nl_nat_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	struct vnet *vnet;
	void *header;
	int err;

	reply = vnet_genl_reply(info, VNET_CMD_NAT_GET, &header);
	if (!reply)
		return -ENOMEM;
	rtnl_lock();
	vnet = nat_vnet(info, VNET_NAT_VNET);
	err = IS_ERR(vnet) ? PTR_ERR(vnet) : vnet_genl_fill_nat(reply, vnet);
	rtnl_unlock();
	return vnet_genl_finish(reply, info, header, err);
}

static int dump_nat(struct sk_buff *skb, struct netlink_callback *cb, struct vnet *vnet)
{
	void *header;

	if (!has_nat(vnet))
		return 0;
	header = vnet_genl_begin(skb, cb, VNET_CMD_NAT_GET);
	if (!header)
		return -EMSGSIZE;
	if (vnet_genl_fill_nat(skb, vnet)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return 0;
}

int vnet_nl_nat_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vnet_genl_dump(skb, cb, VNET_NAT_VNET, dump_nat);
}

static int check_out(struct genl_info *info, struct nlattr *attr)
{
	struct net_device *dev;

	if (!attr || !nla_get_u32(attr))
		return 0;
	dev = __dev_get_by_index(genl_info_net(info), nla_get_u32(attr));
	if (dev)
		return 0;
	VNET_REFUSE_ATTR(info->extack, attr, "there is no netdev with index %u to leave by",
			 nla_get_u32(attr));
	return -ENODEV;
}

static int set_locked(struct genl_info *info)
{
	struct nlattr *timeouts[VNET_TIMEOUT_MAX + 1] = {}, **attrs = info->attrs;
	struct vnet *vnet = nat_vnet(info, VNET_NAT_VNET);
	struct vnet_notice notice = { .command = VNET_CMD_NAT_SET_NTF };
	struct vnet_nat *nat;
	int err, i;

	if (IS_ERR(vnet))
		return PTR_ERR(vnet);
	err = check_out(info, attrs[VNET_NAT_OUT]);
	if (!err && attrs[VNET_NAT_TIMEOUTS])
		err = nla_parse_nested(timeouts, VNET_TIMEOUT_MAX, attrs[VNET_NAT_TIMEOUTS],
				       vnet_timeout_nl_policy, info->extack);
	if (err)
		return err;

	nat = &vnet->nat;
	if (attrs[VNET_NAT_FILTERING])
		WRITE_ONCE(nat->filtering, nla_get_u32(attrs[VNET_NAT_FILTERING]));
	if (attrs[VNET_NAT_MAX_SESSIONS])
		WRITE_ONCE(nat->max_sessions, nla_get_u32(attrs[VNET_NAT_MAX_SESSIONS]));
	if (attrs[VNET_NAT_MAX_MAPPINGS])
		WRITE_ONCE(nat->max_mappings, nla_get_u32(attrs[VNET_NAT_MAX_MAPPINGS]));
	for (i = 1; i <= VNET_TIMEOUT_MAX; i++)
		if (timeouts[i])
			WRITE_ONCE(nat->timeouts[i], nla_get_u32(timeouts[i]));
	/* Sessions keep the way that they were made for, so they end when it changes. */
	if (attrs[VNET_NAT_OUT] && nat->out != nla_get_u32(attrs[VNET_NAT_OUT])) {
		WRITE_ONCE(nat->out, nla_get_u32(attrs[VNET_NAT_OUT]));
		vnet_nat_flush(vnet);
	}
	vnet_net_changed(genl_info_net(info));
	notice.vnet = vnet;
	vnet_notify(&notice);
	return 0;
}

int vnet_nl_nat_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	rtnl_lock();
	err = set_locked(info);
	rtnl_unlock();
	return err;
}

/**
 * vnet_genl_fill_forward - fill in the set "forward"
 * @skb: message
 * @forward: the forward
 *
 * Context: RTNL held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_genl_fill_forward(struct sk_buff *skb, const struct vnet_forward *forward)
{
	const struct vnet_forward_config *config = &forward->config;

	if (vnet_genl_put_vnet(skb, forward->vnet, VNET_FORWARD_VNET, VNET_FORWARD_VNET_NAME) ||
	    nla_put_u32(skb, VNET_FORWARD_HANDLE, config->handle) ||
	    nla_put_u8(skb, VNET_FORWARD_PROTO, config->proto) ||
	    nla_put_u16(skb, VNET_FORWARD_FIRST, config->first) ||
	    nla_put_u16(skb, VNET_FORWARD_LAST, config->last) ||
	    (config->addr && nla_put_be32(skb, VNET_FORWARD_ADDR, config->addr)) ||
	    nla_put_be32(skb, VNET_FORWARD_TO_ADDR, config->to_addr) ||
	    nla_put_u16(skb, VNET_FORWARD_TO_PORT, config->to_port) ||
	    nla_put_u64_64bit(skb, VNET_FORWARD_HITS, READ_ONCE(forward->hits), VNET_FORWARD_PAD) ||
	    nla_put_u32(skb, VNET_FORWARD_N_SESSIONS, READ_ONCE(forward->sessions)))
		return -EMSGSIZE;
	return 0;
}

static struct vnet_forward *forward_of_request(struct genl_info *info)
{
	struct nlattr *handle = info->attrs[VNET_FORWARD_HANDLE];
	struct vnet *vnet = vnet_genl_vnet(info, VNET_FORWARD_VNET);
	struct vnet_forward *forward;

	if (IS_ERR(vnet))
		return ERR_CAST(vnet);
	if (!handle) {
		VNET_REFUSE(info->extack, "the request does not name a forward by its handle");
		return ERR_PTR(-EINVAL);
	}
	forward = vnet_forward_by_handle(vnet, nla_get_u32(handle));
	if (forward)
		return forward;
	VNET_REFUSE_ATTR(info->extack, handle, "vnet %s has no forward %u", vnet->dev->name,
			 nla_get_u32(handle));
	return ERR_PTR(-ENOENT);
}

int vnet_nl_forward_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_forward *forward;
	struct sk_buff *reply;
	void *header;
	int err;

	reply = vnet_genl_reply(info, VNET_CMD_FORWARD_GET, &header);
	if (!reply)
		return -ENOMEM;
	rtnl_lock();
	forward = forward_of_request(info);
	err = IS_ERR(forward) ? PTR_ERR(forward) : vnet_genl_fill_forward(reply, forward);
	rtnl_unlock();
	return vnet_genl_finish(reply, info, header, err);
}

static int dump_forwards(struct sk_buff *skb, struct netlink_callback *cb, struct vnet *vnet)
{
	struct vnet_nat_table *table = vnet_nat_table_rtnl(dev_net(vnet->dev));
	struct vnet_forward *forward;
	long index = 0;
	void *header;

	if (!table)
		return 0;
	list_for_each_entry(forward, &table->forwards, node) {
		if (forward->vnet != vnet || index++ < cb->args[1])
			continue;
		header = vnet_genl_begin(skb, cb, VNET_CMD_FORWARD_GET);
		if (!header)
			return -EMSGSIZE;
		if (vnet_genl_fill_forward(skb, forward)) {
			genlmsg_cancel(skb, header);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, header);
		cb->args[1] = index;
	}
	return 0;
}

int vnet_nl_forward_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	if (vnet_compat_dump_attrs(cb)[VNET_FORWARD_HANDLE]) {
		VNET_REFUSE(cb->extack, "a list of forwards is selected by its vnet only");
		return -EINVAL;
	}
	return vnet_genl_dump(skb, cb, VNET_FORWARD_VNET, dump_forwards);
}

static int forward_config(struct genl_info *info, struct vnet_forward_config *config)
{
	struct nlattr **attrs = info->attrs;

	if (!attrs[VNET_FORWARD_PROTO] || !attrs[VNET_FORWARD_FIRST] ||
	    !attrs[VNET_FORWARD_TO_ADDR]) {
		VNET_REFUSE(info->extack,
			    "a forward needs a protocol, a port and a guest's address");
		return -EINVAL;
	}
	*config = (struct vnet_forward_config){
		.proto = nla_get_u8(attrs[VNET_FORWARD_PROTO]),
		.first = nla_get_u16(attrs[VNET_FORWARD_FIRST]),
		.to_addr = nla_get_be32(attrs[VNET_FORWARD_TO_ADDR]),
	};
	config->last =
		attrs[VNET_FORWARD_LAST] ? nla_get_u16(attrs[VNET_FORWARD_LAST]) : config->first;
	config->to_port = attrs[VNET_FORWARD_TO_PORT] ? nla_get_u16(attrs[VNET_FORWARD_TO_PORT]) :
							config->first;
	if (attrs[VNET_FORWARD_ADDR])
		config->addr = nla_get_be32(attrs[VNET_FORWARD_ADDR]);
	if (attrs[VNET_FORWARD_HANDLE])
		config->handle = nla_get_u32(attrs[VNET_FORWARD_HANDLE]);
	return 0;
}

static int forward_new_locked(struct sk_buff *reply, struct genl_info *info)
{
	struct vnet *vnet = vnet_genl_vnet(info, VNET_FORWARD_VNET);
	struct vnet_forward_config config;
	struct vnet_forward *forward;
	int err;

	if (IS_ERR(vnet))
		return PTR_ERR(vnet);
	err = forward_config(info, &config);
	if (err)
		return err;
	forward = vnet_forward_add(vnet, &config, info->extack);
	return IS_ERR(forward) ? PTR_ERR(forward) : vnet_genl_fill_forward(reply, forward);
}

int vnet_nl_forward_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	void *header;
	int err;

	reply = vnet_genl_reply(info, VNET_CMD_FORWARD_NEW, &header);
	if (!reply)
		return -ENOMEM;
	rtnl_lock();
	err = forward_new_locked(reply, info);
	rtnl_unlock();
	return vnet_genl_finish(reply, info, header, err);
}

int vnet_nl_forward_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_forward *forward;

	rtnl_lock();
	forward = forward_of_request(info);
	if (!IS_ERR(forward))
		vnet_forward_del(forward);
	rtnl_unlock();
	return PTR_ERR_OR_ZERO(forward);
}
