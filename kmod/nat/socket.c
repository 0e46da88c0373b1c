// SPDX-License-Identifier: GPL-2.0
/*
 * Ports that sockets of the host own.
 *
 * NAT on the host's own address must not take packets away from a service of the
 * host: a guest that sends from the service's port would have it for its own.
 */
#include "socket.h"

#include <linux/in.h>
#include <net/inet_hashtables.h>
#include <net/udp.h>

/**
 * vnet_socket_owns - does a socket of the host wait for packets to a port?
 * @net: the host's namespace
 * @addr: one of the host's addresses, or 0 to ask for sockets of all addresses only
 * @proto: IP protocol; what is neither TCP nor UDP has no sockets
 * @port: the port
 *
 * TCP sockets that listen and UDP sockets that are not connected; the host's own
 * connections use the ephemeral range, which NAT stays out of.
 *
 * Context: Any.
 * Return: True if so.
 */
bool vnet_socket_owns(struct net *net, __be32 addr, u8 proto, u16 port)
{
	const struct sock *sk = NULL;

	rcu_read_lock();
	if (proto == IPPROTO_UDP)
		sk = __udp4_lib_lookup(net, 0, 0, addr, htons(port), 0, 0,
				       vnet_compat_udp_table(net), NULL);
	else if (proto == IPPROTO_TCP)
		sk = __inet_lookup_listener(net, net->ipv4.tcp_death_row.hashinfo, NULL, 0, 0, 0,
					    addr, port, 0, 0);
	rcu_read_unlock();
	return sk;
}
