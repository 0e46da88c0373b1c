// SPDX-License-Identifier: GPL-2.0
/* churn: storms. What seldom meets by chance is brought together: an end, and those who are just looking. */
#define _GNU_SOURCE
#include <time.h>
#include <unistd.h>

#include <linux/vnet.h>

#include "churn.h"

/*
 * All sessions are flushed just when the table grows, which it does for the first time one or two seconds after NAT
 * was switched on in a namespace.
 */
static int storm_of_sessions(struct act *act)
{
	struct request request;
	double start, wait;

	make_namespace(act->world, HOST, false);
	make_wan(act->seats, act->world, true);
	make_vnet(act->seats, act->world, 0, VNET_MODE_NAT, 0);
	start = now();
	for (int guest = 0; guest < N_GUESTS; guest++)
		make_vnic(act->seats, act->world, 0, guest);
	wait = start + 1 + draw(act->rng, 2) + (draw(act->rng, 200) - 100.0) / 1000 - now();
	if (wait > 0)
		usleep((useconds_t)(wait * 1e6));
	request_generic(&request, family, VNET_CMD_SESSION_FLUSH, 0);
	put_u32(&request, VNET_SESSION_VNET, vnet_index(act));
	return ask(act, &request);
}

/* Addresses end while they are looked up. */
static int storm_of_addresses(struct act *act, bool begins)
{
	struct request request;

	if (begins)
		furnish(act->seats, act->world);
	request_generic(&request, family, VNET_CMD_FDB_FLUSH, 0);
	put_u32(&request, VNET_FDB_VNET, vnet_index(act));
	return ask(act, &request);
}

/* A vnet ends with all that is on it, while frames bring new addresses. */
static int storm_of_vnets(struct act *act)
{
	make_vnet(act->seats, act->world, 0, VNET_MODE_NAT, 0);
	for (int guest = 0; guest < N_GUESTS; guest++)
		make_vnic(act->seats, act->world, 0, guest);
	usleep(draw(act->rng, 10000));
	return delete_link(act->seats, act->world, HOST, act->vnet_name);
}

int storm_step(struct act *act, int now)
{
	static int before;
	bool begins = before != now;

	before = now;
	act->world = storm_world(now);
	act->vnet_name[1] = '0';
	switch (storm_kind(now)) {
	case STORM_SESSIONS:
		return storm_of_sessions(act);
	case STORM_ADDRESSES:
		return storm_of_addresses(act, begins);
	default:
		return storm_of_vnets(act);
	}
}
