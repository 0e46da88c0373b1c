// SPDX-License-Identifier: GPL-2.0
/* What is registered when the module is loaded, in this order, and undone in reverse. */
#include <linux/module.h>

#include "event.h"
#include "genl.h"
#include "hop.h"
#include "link.h"
#include "nat/session.h"
#include "netns.h"
#include "notify.h"
#include "sysfs.h"
#include "vnic.h"

static int __init vnet_init(void)
{
	int err;

	vnet_notify_set(vnet_event_send);
	err = vnet_session_cache_init();
	if (err)
		return err;
	err = vnet_hop_init();
	if (err)
		goto exit_cache;
	err = vnet_netns_init();
	if (err)
		goto exit_hop;
	err = vnet_sysfs_init();
	if (err)
		goto exit_netns;
	err = genl_register_family(&vnet_genl_family);
	if (err)
		goto exit_sysfs;
	err = rtnl_link_register(&vnet_vnic_link_ops);
	if (err)
		goto unregister_family;
	err = rtnl_link_register(&vnet_link_ops);
	if (err)
		goto unregister_vnic;
	return 0;

unregister_vnic:
	rtnl_link_unregister(&vnet_vnic_link_ops);
unregister_family:
	genl_unregister_family(&vnet_genl_family);
exit_sysfs:
	vnet_sysfs_exit();
exit_netns:
	vnet_netns_exit();
exit_hop:
	vnet_hop_exit();
exit_cache:
	vnet_session_cache_exit();
	return err;
}

static void __exit vnet_exit(void)
{
	rtnl_link_unregister(&vnet_link_ops);
	rtnl_link_unregister(&vnet_vnic_link_ops);
	genl_unregister_family(&vnet_genl_family);
	vnet_sysfs_exit();
	vnet_netns_exit();
	vnet_hop_exit();
	/* Ports and sessions are freed by callbacks in this module. */
	rcu_barrier();
	vnet_session_cache_exit();
}

module_init(vnet_init);
module_exit(vnet_exit);

MODULE_DESCRIPTION("Virtual networks: a switch with bridged, host-only and NAT networks");
MODULE_AUTHOR("The vnet authors");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
MODULE_ALIAS_RTNL_LINK("vnet");
MODULE_ALIAS_RTNL_LINK("vnic");
MODULE_ALIAS_GENL_FAMILY("vnet");
