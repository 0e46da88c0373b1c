/* SPDX-License-Identifier: GPL-2.0 */
/* States of a TCP session, as RFC 6146 section 3.5.2 and RFC 7857 section 2 have them. */
#ifndef VNET_NAT_TCP_H
#define VNET_NAT_TCP_H

#include <linux/tcp.h>
#include <uapi/linux/vnet.h>

/* Which way a packet goes: as the guest's packets do, or against them. */
enum vnet_direction {
	VNET_OUT,
	VNET_IN,
};

enum vnet_session_state vnet_tcp_first(const struct tcphdr *tcp, enum vnet_direction direction);
enum vnet_session_state vnet_tcp_next(enum vnet_session_state state, const struct tcphdr *tcp,
				      enum vnet_direction direction);

#endif
