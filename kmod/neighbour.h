/* SPDX-License-Identifier: GPL-2.0 */
/* MAC addresses of the guests that the gateway talks to. */
#ifndef VNET_NEIGHBOUR_H
#define VNET_NEIGHBOUR_H

#include <linux/if_ether.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>

#include "hash.h"

struct vnet;
struct vnet_port;

#define VNET_NEIGHBOURS_MAX 4096

/**
 * struct vnet_neighbours - the neighbours of a gateway
 * @hash: the table; its lock guards everything here and in the entries
 * @ager: gives up on silent neighbours
 */
struct vnet_neighbours {
	struct vnet_hash hash;
	struct delayed_work ager;
};

/* What the caller of vnet_neighbour_resolve() has to do. */
enum vnet_neighbour_verdict {
	VNET_NEIGHBOUR_SEND,		/* the address is known: send */
	VNET_NEIGHBOUR_SEND_AND_ASK,	/* send, and send an ARP request to the known address */
	VNET_NEIGHBOUR_WAIT,		/* the packet was taken into the queue */
	VNET_NEIGHBOUR_WAIT_AND_ASK,	/* the same, and broadcast an ARP request */
	VNET_NEIGHBOUR_FULL,		/* the packet was not taken: drop it */
};

int vnet_neighbours_init(struct vnet *vnet);
void vnet_neighbours_exit(struct vnet *vnet);
void vnet_neighbours_flush(struct vnet *vnet);
enum vnet_neighbour_verdict vnet_neighbour_resolve(struct vnet *vnet, __be32 addr,
						   struct sk_buff *skb, u8 *lladdr);
void vnet_neighbour_learn(struct vnet *vnet, __be32 addr, const u8 *lladdr,
			  struct sk_buff_head *ready);

#endif
