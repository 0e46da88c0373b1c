/* SPDX-License-Identifier: GPL-2.0 */
/* Notices as multicast messages. */
#ifndef VNET_EVENT_H
#define VNET_EVENT_H

#include "notify.h"

void vnet_event_send(const struct vnet_notice *notice);

#endif
