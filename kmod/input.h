/* SPDX-License-Identifier: GPL-2.0 */
/* The one way in for every frame. */
#ifndef VNET_INPUT_H
#define VNET_INPUT_H

#include "deliver.h"

enum vnet_verdict vnet_input(struct vnet_port *from, struct sk_buff *skb, enum vnet_door door);

#endif
