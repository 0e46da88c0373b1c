/* SPDX-License-Identifier: GPL-2.0 */
/* rtnetlink's view of kind vnet. */
#ifndef VNET_LINK_H
#define VNET_LINK_H

#include <net/rtnetlink.h>

extern struct rtnl_link_ops vnet_link_ops;

#endif
