// SPDX-License-Identifier: GPL-2.0
/* link set. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/link.h"
#include "svc/svc.h"

/* The gateway of the new subnet: at the same place where that is possible, else the default. */
static uint32_t moved_gateway(const struct vnet_info *old, uint32_t net, unsigned int prefix_len, uint32_t host)
{
	uint32_t moved = net | (old->gateway & ~vn_mask(old->prefix_len));

	if (!old->gateway)
		return 0;
	if (old->prefix_len == prefix_len && moved != host)
		return moved;
	return default_gateway(net, host);
}

static bool module_words(const struct args *args)
{
	for (unsigned int i = L_MODE; i < args->n; i++)
		if (args->val[i].set && (args->kws[i].attr || i == L_ADDR))
			return true;
	return false;
}

static void put_subnet(struct nlmsghdr *nlh, uint32_t net, unsigned int prefix_len)
{
	mnl_attr_put_u32(nlh, VNET_LINK_SUBNET, htonl(net));
	mnl_attr_put_u8(nlh, VNET_LINK_PREFIX_LEN, (uint8_t)prefix_len);
}

/* The part that the module keeps, in one request. */
static int set_module(struct ctl *c, const struct args *args, const struct vnet_info *old)
{
	const struct val *addr = &args->val[L_ADDR];
	uint32_t host = (uint32_t)addr->num, net = host & vn_mask(addr->num2), gateway = 0;
	bool nat = args->val[L_NAT].set ? args->val[L_NAT].num : args->val[L_MODE].num == VNET_MODE_NAT;
	bool subnet = addr->set && (old->subnet || nat);
	struct vn_sock *s = ctl_genl(c);
	struct vn_req req;

	if (!s)
		return EXIT_REFUSED;
	if (!module_words(args))
		return EXIT_OK;
	vn_req_genl(s, &req, VNET_CMD_LINK_SET, 0);
	args_put(args, req.nlh);
	if (subnet) {
		put_subnet(req.nlh, net, addr->num2);
		gateway = moved_gateway(old, net, addr->num2, host);
	}
	if (nat && !old->gateway && (subnet || old->subnet))
		gateway = subnet ? default_gateway(net, host) : default_gateway(old->subnet, old->subnet + 1);
	if (gateway && !args->val[L_GATEWAY].set)
		mnl_attr_put_u32(req.nlh, VNET_LINK_GATEWAY, htonl(gateway));
	return vn_talk(s, &req, NULL, NULL) ? ctl_refused(c, &s->err, "cannot set %s", args->val[L_NAME].word) : EXIT_OK;
}

static void undo_subnet(struct ctl *c, const struct vnet_info *old)
{
	struct vn_sock s;
	struct vn_req req;

	if (!old->subnet || vn_open_genl(&s))
		return;
	vn_req_genl(&s, &req, VNET_CMD_LINK_SET, 0);
	mnl_attr_put_u32(req.nlh, VNET_LINK_IFINDEX, old->ifindex);
	put_subnet(req.nlh, old->subnet, old->prefix_len);
	mnl_attr_put_u32(req.nlh, VNET_LINK_GATEWAY, htonl(old->gateway));
	if (vn_talk(&s, &req, NULL, NULL))
		ctl_warn(c, "the old subnet of %s could not be restored: %s", old->name, s.err.msg);
	vn_close(&s);
}

/* Give the host adapter @addr; its other addresses of the old subnet, or all where there was none, go. */
static int set_address(struct ctl *c, const struct val *word, const struct vnet_info *old)
{
	struct vn_addr addr = { old->ifindex, (uint32_t)word->num, (uint8_t)word->num2 }, *list = NULL;
	struct vn_sock *s = ctl_rtnl(c);
	size_t n = 0;
	int err;

	if (!s)
		return EXIT_REFUSED;
	err = vn_addr_list(s, &list, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (list[i].ifindex == addr.ifindex && list[i].addr == addr.addr && list[i].prefix_len == addr.prefix_len)
			err = -EEXIST;
	err = err == -EEXIST ? 0 : err ? err : vn_addr_add(s, &addr);
	for (size_t i = 0; !err && i < n; i++) {
		bool ours = !old->subnet || (list[i].addr & vn_mask(old->prefix_len)) == old->subnet;

		if (list[i].ifindex == addr.ifindex && ours &&
		    (list[i].addr != addr.addr || list[i].prefix_len != addr.prefix_len))
			err = vn_addr_del(s, &list[i]);
	}
	free(list);
	/* A secondary address goes with its primary one, unless promote_secondaries is set. */
	if (!err) {
		err = vn_addr_add(s, &addr);
		err = err == -EEXIST ? 0 : err;
	}
	return err ? ctl_refused(c, &s->err, "cannot give %s the address %s", old->name, word->word) : EXIT_OK;
}

static int set_netdev(struct ctl *c, const struct args *args, const struct vn_link *old)
{
	struct vn_change change = {
		.mtu = (uint32_t)args->val[L_MTU].num,
		.lladdr = args->val[L_LLADDR].set ? args->val[L_LLADDR].lladdr : NULL,
		.set_flags = args->val[L_UP].set ? IFF_UP : 0,
		.clear_flags = args->val[L_DOWN].set ? IFF_UP : 0,
	};

	if (!change.mtu && !change.lladdr && !change.set_flags && !change.clear_flags)
		return EXIT_OK;
	if (vn_link_change(&c->rtnl, old->ifindex, &change))
		return ctl_refused(c, &c->rtnl.err, "cannot set %s", old->name);
	return EXIT_OK;
}

/* Give back what set_netdev() took, after a later step was refused. */
static void undo_netdev(struct ctl *c, const struct args *args, const struct vn_link *old)
{
	bool state = args->val[L_UP].set || args->val[L_DOWN].set, up = old->flags & IFF_UP;
	struct vn_change change = {
		.mtu = args->val[L_MTU].set ? old->mtu : 0,
		.lladdr = args->val[L_LLADDR].set ? old->lladdr : NULL,
		.set_flags = state && up ? IFF_UP : 0,
		.clear_flags = state && !up ? IFF_UP : 0,
	};

	if (!state && !change.mtu && !change.lladdr)
		return;
	if (vn_link_change(&c->rtnl, old->ifindex, &change))
		ctl_warn(c, "the old settings of %s could not be restored: %s", old->name, c->rtnl.err.msg);
}

/* Netdev, module, address, in this order; a refusal undoes the steps before it. */
static int set_all(struct ctl *c, const struct args *args, const struct vn_link *link, const struct vnet_info *old)
{
	const struct val *addr = &args->val[L_ADDR];
	int status = set_netdev(c, args, link);

	if (status)
		return status;
	status = set_module(c, args, old);
	if (!status && addr->set) {
		status = set_address(c, addr, old);
		if (status)
			undo_subnet(c, old);
	}
	if (status)
		undo_netdev(c, args, link);
	return status;
}

static bool concerns_service(const struct args *args)
{
	static const enum link_kw kws[] = { L_ADDR, L_MTU, L_GATEWAY, L_NAT, L_MODE };

	for (size_t i = 0; i < VN_COUNT(kws); i++)
		if (args->val[kws[i]].set)
			return true;
	return false;
}

/** link_set - the command. */
int link_set(struct ctl *c, const struct args *args)
{
	const struct val *addr = &args->val[L_ADDR];
	struct vnet_info old;
	struct vn_link link;
	int status;

	if (args->val[L_UP].set && args->val[L_DOWN].set)
		return ctl_usage(c, "expected up or down, got both");
	status = addr->set ? check_host_address(c, addr) : EXIT_OK;
	if (!status)
		status = ctl_vnet(c, &args->val[L_NAME], &link);
	if (!status)
		status = link_info(c, link.ifindex, &old);
	if (!status)
		status = set_all(c, args, &link, &old);
	if (!status && concerns_service(args))
		status = svc_restart_if_running(c, link.ifindex);
	return status;
}
