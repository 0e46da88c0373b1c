// SPDX-License-Identifier: GPL-2.0
/* link add. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "cmd/link.h"

#define FIRST_NAT 133
#define FIRST_HOST_ONLY 174
#define POOL_PREFIX_LEN 24

/**
 * struct plan - a vnet to be made, after the defaults.
 * @has_subnet: @net and @prefix_len go to the module
 * @has_addr: the host adapter gets @host
 * @gateway: to be sent, 0 where the words have it or there is none
 */
struct plan {
	const struct args *args;
	bool has_subnet;
	bool has_addr;
	uint32_t net;
	uint32_t host;
	uint32_t prefix_len;
	uint32_t gateway;
	uint8_t lladdr[VN_LLADDR_LEN];
	uint8_t gateway_lladdr[VN_LLADDR_LEN];
};

/** default_gateway - .2 of the subnet, or .1 where the host has .2. */
uint32_t default_gateway(uint32_t net, uint32_t host)
{
	return net + 2 == host ? net + 1 : net + 2;
}

/** check_host_address - see that @addr, of KT_PREFIX, is an address for a host. Return: an exit status. */
int check_host_address(struct ctl *c, const struct val *addr)
{
	uint32_t host = (uint32_t)addr->num & ~vn_mask(addr->num2);

	if (!host)
		return ctl_usage(c, "expected a host address in its subnet, got '%s', the subnet itself", addr->word);
	if (host == ~vn_mask(addr->num2))
		return ctl_usage(c, "expected a host address in its subnet, got '%s', the broadcast address", addr->word);
	return EXIT_OK;
}

static bool is_on(const struct args *args, enum link_kw kw, bool standard)
{
	return args->val[kw].set ? args->val[kw].num : standard;
}

static int plan_addresses(struct ctl *c, const struct args *args, struct plan *plan)
{
	const struct val *addr = &args->val[L_ADDR];
	uint32_t mode = (uint32_t)args->val[L_MODE].num;
	bool nat = is_on(args, L_NAT, mode == VNET_MODE_NAT);
	bool adapter = is_on(args, L_HOST_ADAPTER, mode != VNET_MODE_PRIVATE);
	int status;

	plan->prefix_len = POOL_PREFIX_LEN;
	plan->has_subnet = nat || mode == VNET_MODE_NAT || mode == VNET_MODE_HOST_ONLY || args->val[L_GATEWAY].num;
	if (addr->set) {
		if (!adapter && !plan->has_subnet)
			return ctl_usage(c, "expected 'host-adapter on' with 'addr', got a vnet without host adapter");
		status = check_host_address(c, addr);
		plan->prefix_len = addr->num2;
		plan->host = (uint32_t)addr->num;
		plan->net = plan->host & vn_mask(addr->num2);
	} else if (plan->has_subnet) {
		status = subnet_pick(c, mode == VNET_MODE_NAT ? FIRST_NAT : FIRST_HOST_ONLY, &plan->net);
		plan->host = plan->net + 1;
	} else {
		return EXIT_OK;
	}
	plan->has_addr = adapter;
	if (plan->has_subnet && nat && !args->val[L_GATEWAY].set)
		plan->gateway = default_gateway(plan->net, plan->host);
	return status;
}

static int plan_lladdrs(struct ctl *c, const struct args *args, struct plan *plan)
{
	const char *name = args->val[L_NAME].word;
	int err = stable_lladdr(name, "host", plan->lladdr);

	if (!err)
		err = stable_lladdr(name, "gateway", plan->gateway_lladdr);
	if (err)
		return ctl_fail(c, "cannot make a MAC address: %s", strerror(-err));
	if (args->val[L_LLADDR].set)
		memcpy(plan->lladdr, args->val[L_LLADDR].lladdr, VN_LLADDR_LEN);
	return EXIT_OK;
}

static void fill(struct nlmsghdr *nlh, const void *arg)
{
	const struct plan *plan = arg;
	const struct args *args = plan->args;

	args_put(args, nlh);
	if (plan->has_subnet) {
		mnl_attr_put_u32(nlh, VNET_LINK_SUBNET, htonl(plan->net));
		mnl_attr_put_u8(nlh, VNET_LINK_PREFIX_LEN, (uint8_t)plan->prefix_len);
	}
	if (plan->gateway)
		mnl_attr_put_u32(nlh, VNET_LINK_GATEWAY, htonl(plan->gateway));
	if (!args->val[L_GATEWAY_LLADDR].set)
		mnl_attr_put(nlh, VNET_LINK_GATEWAY_LLADDR, VN_LLADDR_LEN, plan->gateway_lladdr);
}

/* What follows the making; when a step fails, the caller deletes the vnet. */
static int configure(struct vn_sock *s, const struct plan *plan)
{
	struct vn_change up = { .set_flags = IFF_UP };
	struct vn_link link;
	struct vn_addr addr;
	int err = vn_link_get(s, plan->args->val[L_NAME].word, 0, &link);

	if (err)
		return err;
	addr = (struct vn_addr){ link.ifindex, plan->host, (uint8_t)plan->prefix_len };
	if (plan->has_addr)
		err = vn_addr_add(s, &addr);
	if (!err && !plan->args->val[L_DOWN].set)
		err = vn_link_change(s, link.ifindex, &up);
	return err;
}

static void undo(struct ctl *c, const char *name)
{
	struct vn_sock s;
	uint32_t ifindex = if_nametoindex(name);

	/* A socket of its own: the error to be reported stays in the first one. */
	if (!ifindex || vn_open_rtnl(&s))
		return;
	if (vn_link_del(&s, ifindex))
		ctl_warn(c, "%s was made and could not be deleted again: %s", name, s.err.msg);
	vn_close(&s);
}

/** link_add - the command. */
int link_add(struct ctl *c, const struct args *args)
{
	struct plan plan = { .args = args };
	struct vn_newlink wish = { .name = args->val[L_NAME].word, .kind = "vnet", .netns_fd = -1, .fill = fill,
				   .arg = &plan, .lladdr = plan.lladdr, .mtu = (uint32_t)args->val[L_MTU].num };
	struct vn_sock *s;
	int status = plan_addresses(c, args, &plan);

	if (!status)
		status = plan_lladdrs(c, args, &plan);
	if (status)
		return status;
	s = ctl_rtnl(c);
	if (!s)
		return EXIT_REFUSED;
	if (vn_link_new(s, &wish))
		return ctl_refused(c, &s->err, "cannot add %s", wish.name);
	if (configure(s, &plan)) {
		undo(c, wish.name);
		return ctl_refused(c, &s->err, "cannot configure %s", wish.name);
	}
	if (c->echo)
		return dispatch_words(c, "link", "show", wish.name, NULL);
	return EXIT_OK;
}
