/* SPDX-License-Identifier: GPL-2.0 */
/* Namespaces and the netdevs in them, as they come, change and go. */
#ifndef VNET_NETNS_H
#define VNET_NETNS_H

int vnet_netns_init(void);
void vnet_netns_exit(void);

#endif
