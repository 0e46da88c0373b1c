/* SPDX-License-Identifier: GPL-2.0 */
/* IPv4 headers that came from somebody else. */
#ifndef VNET_IPV4_H
#define VNET_IPV4_H

#include <linux/skbuff.h>

bool vnet_ipv4_check(struct sk_buff *skb);

#endif
