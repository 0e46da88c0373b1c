// SPDX-License-Identifier: GPL-2.0
/* Files that others may have written: a service's state, leases, resolv.conf. Input: gateway, what files hold. */
#include "svc/svc.h"
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is handed to dnsmasq: an address that is in use is not given to a guest. */
static void check_plan(struct svc_info *info, uint32_t gateway)
{
	info->prefix_len = 8 + info->prefix_len % 23;
	info->net &= vn_mask(info->prefix_len);
	if (svc_plan(info, gateway))
		return;
	if (info->first > info->last || (info->first & vn_mask(info->prefix_len)) != info->net ||
	    (info->last & vn_mask(info->prefix_len)) != info->net)
		finding("the range %#x..%#x is not in %#x/%u", info->first, info->last, info->net, info->prefix_len);
	if ((info->host >= info->first && info->host <= info->last) || (gateway >= info->first && gateway <= info->last))
		finding("the range %#x..%#x holds an address that is taken", info->first, info->last);
	if (info->addr == info->host || info->addr == gateway)
		finding("the service's address %#x is taken", info->addr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[IFNAMSIZ] = "", text[4096], domain[64];
	struct bytes in = { data, size };
	struct svc_paths paths;
	struct svc_info info;
	uint32_t gateway = 0;

	take_some(&in, &gateway, sizeof(gateway));
	take_some(&in, name, take(&in) % IFNAMSIZ);
	world.file = in;
	svc_paths(name, &paths);
	svc_read(name, &info);
	lease_count(name);
	svc_domain(name, domain, sizeof(domain));
	svc_conf(&info, &paths, text, sizeof(text));
	svc_write(&paths, &info);
	check_plan(&info, gateway);
	return 0;
}
