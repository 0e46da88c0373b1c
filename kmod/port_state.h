/* SPDX-License-Identifier: GPL-2.0 */
/* Whether a port takes and gives frames. */
#ifndef VNET_PORT_STATE_H
#define VNET_PORT_STATE_H

#include "port.h"

struct netlink_ext_ack;
struct nlattr;

bool vnet_port_learns(const struct vnet_port *port);
u8 vnet_port_state(const struct vnet_port *port);
void vnet_port_set_state(struct vnet_port *port, u8 state);
bool vnet_port_block(struct vnet_port *port, enum vnet_blocker blocker);
void vnet_port_unblock(struct vnet_port *port, enum vnet_blocker blocker);
int vnet_port_check_state(const struct vnet_port *port, struct nlattr *attrs[],
			  struct netlink_ext_ack *extack);
void vnet_port_apply_state(struct vnet_port *port, struct nlattr *attrs[]);

#endif
