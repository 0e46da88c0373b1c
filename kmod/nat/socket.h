/* SPDX-License-Identifier: GPL-2.0 */
/* Ports that sockets of the host own. */
#ifndef VNET_NAT_SOCKET_H
#define VNET_NAT_SOCKET_H

#include <linux/types.h>

struct net;

bool vnet_socket_owns(struct net *net, __be32 addr, u8 proto, u16 port);

#endif
