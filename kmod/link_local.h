/* SPDX-License-Identifier: GPL-2.0 */
/* Frames to groups that switches do not forward. */
#ifndef VNET_LINK_LOCAL_H
#define VNET_LINK_LOCAL_H

#include "deliver.h"

enum vnet_verdict vnet_link_local_receive(struct vnet_port *from, struct sk_buff *skb,
					  enum vnet_door door);

#endif
