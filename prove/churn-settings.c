// SPDX-License-Identifier: GPL-2.0
/* churn: the operations that change what can be set: of vnets, NAT, ports, VLANs and groups. */
#include <arpa/inet.h>

#include <linux/if_ether.h>
#include <linux/vnet.h>

#include "churn.h"

int link_set(struct act *act)
{
	uint32_t subnet = htonl(ADDR_SUBNET(act->vnet)), nowhere = 0;
	struct request request;

	request_generic(&request, family, VNET_CMD_LINK_SET, 0);
	switch (draw(act->rng, 12)) {
	case 9:
		put_u8(&request, VNET_LINK_STP_STATE, (uint8_t)coin(act));
		put_u32(&request, VNET_LINK_STP_MODE, draw(act->rng, 2));
		put_u16(&request, VNET_LINK_LOOP_GUARD, (uint16_t)draw(act->rng, 3));
		break;
	case 10:
		put_u8(&request, VNET_LINK_MCAST_SNOOPING, draw(act->rng, 4) > 0);
		put_u8(&request, VNET_LINK_MCAST_QUERIER, (uint8_t)coin(act));
		put_u32(&request, VNET_LINK_MCAST_QUERY_INTVL, ONE_OF(act, 100, 100, 12500));
		break;
	case 11:
		put_u8(&request, VNET_LINK_NEIGH_UNICAST, (uint8_t)coin(act));
		put_u8(&request, VNET_LINK_MCAST_IGMP_VERSION, (uint8_t)(2 + draw(act->rng, 2)));
		put_u8(&request, VNET_LINK_MCAST_MLD_VERSION, (uint8_t)(1 + draw(act->rng, 2)));
		put_u32(&request, VNET_LINK_MCAST_HASH_MAX, ONE_OF(act, 1, 64, 4096, 4096));
		break;
	case 8:
		put_u8(&request, VNET_LINK_VLAN_FILTERING, (uint8_t)coin(act));
		put_u16(&request, VNET_LINK_VLAN_PROTOCOL, htons(coin(act) ? ETH_P_8021Q : ETH_P_8021AD));
		put_u8(&request, VNET_LINK_VLAN_STATS_PER_PORT, (uint8_t)coin(act));
		break;
	case 0:
		put_u32(&request, VNET_LINK_AGEING_TIME, ONE_OF(act, 0, 10, 100, 30000));
		break;
	case 1:
		put_u32(&request, VNET_LINK_FDB_MAX_LEARNED, ONE_OF(act, 1, 100, 65536, 65536));
		break;
	case 2:
		put_u8(&request, VNET_LINK_HOST_ADAPTER, (uint8_t)draw(act->rng, 2));
		break;
	case 3:
		put_u32(&request, VNET_LINK_MODE, draw(act->rng, 4));
		break;
	case 4:
		put_u8(&request, VNET_LINK_NAT, 0);
		put(&request, VNET_LINK_GATEWAY, &nowhere, sizeof(nowhere));
		break;
	case 5:
		if (coin(act))
			subnet = htonl(0x0a006300);
		put(&request, VNET_LINK_SUBNET, &subnet, sizeof(subnet));
		put_u8(&request, VNET_LINK_PREFIX_LEN, 24);
		break;
	default:
		put_u32(&request, VNET_LINK_MODE, VNET_MODE_NAT);
		put(&request, VNET_LINK_SUBNET, &subnet, sizeof(subnet));
		put_u8(&request, VNET_LINK_PREFIX_LEN, 24);
		break;
	}
	put_u32(&request, VNET_LINK_IFINDEX, vnet_index(act));
	return ask(act, &request);
}

/* Mostly generous, so that sessions live for a while. */
int nat_set(struct act *act)
{
	bool short_ones = !draw(act->rng, 3);
	struct request request;
	struct nlattr *timeouts;

	request_generic(&request, family, VNET_CMD_NAT_SET, 0);
	put_u32(&request, VNET_NAT_VNET, vnet_index(act));
	switch (draw(act->rng, 4)) {
	case 0:
		put_u32(&request, VNET_NAT_FILTERING, draw(act->rng, 3));
		break;
	case 1:
		put_u32(&request, VNET_NAT_MAX_SESSIONS, ONE_OF(act, 1, 500, 65536, 65536, 65536));
		put_u32(&request, VNET_NAT_MAX_MAPPINGS, ONE_OF(act, 1, 500, 65536, 65536, 65536));
		break;
	case 2:
		put_u32(&request, VNET_NAT_OUT, coin(act) ? 0 : (uint32_t)index_of(host_of(act)->route, "wan"));
		break;
	default:
		timeouts = nest(&request, VNET_NAT_TIMEOUTS);
		for (int i = VNET_TIMEOUT_UDP; i <= VNET_TIMEOUT_ICMP; i++)
			put_u32(&request, i, short_ones ? 1 : 60);
		put_u32(&request, VNET_TIMEOUT_HOLD_DOWN, ONE_OF(act, 0, 0, 1, 120));
		nest_end(&request, timeouts);
	}
	return ask(act, &request);
}

/* Whom a port reaches; what is drawn against it is mostly taken back soon. */
static void port_reach(struct act *act, struct request *request)
{
	uint32_t role = draw(act->rng, 4) ? VNET_PRIVATE_VLAN_PROMISCUOUS : draw(act->rng, 3);
	char other[8];

	put_u8(request, VNET_PORT_ISOLATED, !draw(act->rng, 4));
	put_u8(request, VNET_PORT_LOCKED, !draw(act->rng, 8));
	put_u8(request, VNET_PORT_HAIRPIN, (uint8_t)coin(act));
	put_u16(request, VNET_PORT_HORIZON, (uint16_t)draw(act->rng, 3));
	put_u32(request, VNET_PORT_PRIVATE_VLAN, role);
	if (role == VNET_PRIVATE_VLAN_COMMUNITY)
		put_u16(request, VNET_PORT_COMMUNITY, (uint16_t)(1 + draw(act->rng, 2)));
	snprintf(other, sizeof(other), "m%u", draw(act->rng, N_GUESTS));
	put_u32(request, VNET_PORT_BACKUP_PORT, coin(act) ? 0 : (uint32_t)index_of(host_of(act)->route, other));
}

static void port_flood(struct act *act, struct request *request)
{
	put_u8(request, VNET_PORT_LEARNING, draw(act->rng, 3) > 0);
	put_u8(request, VNET_PORT_UNICAST_FLOOD, draw(act->rng, 3) > 0);
	put_u8(request, VNET_PORT_MCAST_FLOOD, draw(act->rng, 3) > 0);
	put_u8(request, VNET_PORT_BCAST_FLOOD, draw(act->rng, 3) > 0);
	put_u32(request, VNET_PORT_STORM_BROADCAST, ONE_OF(act, 0, 0, 10, 1000));
	put_u32(request, VNET_PORT_STORM_MULTICAST, ONE_OF(act, 0, 0, 10, 1000));
	put_u32(request, VNET_PORT_STORM_UNKNOWN, ONE_OF(act, 0, 0, 10, 1000));
}

static void port_state(struct act *act, struct request *request)
{
	put_u8(request, VNET_PORT_STATE, draw(act->rng, 3) ? VNET_PORT_STATE_FORWARDING : (uint8_t)draw(act->rng, 5));
	put_u8(request, VNET_PORT_GUARD, (uint8_t)coin(act));
}

static void port_tree(struct act *act, struct request *request)
{
	put_u8(request, VNET_PORT_STP, draw(act->rng, 3) > 0);
	put_u8(request, VNET_PORT_ROOT_BLOCK, !draw(act->rng, 4));
	put_u32(request, VNET_PORT_EDGE, draw(act->rng, 3));
	put_u32(request, VNET_PORT_COST, 1 + draw(act->rng, 5000));
	put_u16(request, VNET_PORT_PRIORITY, (uint16_t)(4 * draw(act->rng, 16)));
}

static void port_groups(struct act *act, struct request *request)
{
	put_u8(request, VNET_PORT_FAST_LEAVE, (uint8_t)coin(act));
	put_u8(request, VNET_PORT_MCAST_ROUTER, (uint8_t)draw(act->rng, 3));
	put_u8(request, VNET_PORT_MCAST_TO_UNICAST, (uint8_t)coin(act));
	put_u32(request, VNET_PORT_MCAST_MAX_GROUPS, ONE_OF(act, 0, 0, 1, 8));
}

static void port_neighbours(struct act *act, struct request *request)
{
	put_u8(request, VNET_PORT_NEIGH_SUPPRESS, (uint8_t)coin(act));
	put_u8(request, VNET_PORT_PROXY_ARP, (uint8_t)coin(act));
}

static void port_bounds(struct act *act, struct request *request)
{
	put_u32(request, VNET_PORT_FDB_MAX_LEARNED, ONE_OF(act, 1, 100, 65536, 65536));
	put_u32(request, VNET_PORT_FDB_OVERFLOW, draw(act->rng, 2));
	put_u32(request, VNET_PORT_MAX_SESSIONS, ONE_OF(act, 1, 1000, 65536, 65536, 65536, 65536));
}

int port_set(struct act *act)
{
	static void (*const settings[])(struct act *act, struct request *request) = {
		port_reach, port_flood, port_state, port_tree, port_groups, port_neighbours, port_bounds,
	};
	struct request request;

	request_generic(&request, family, VNET_CMD_PORT_SET, 0);
	put_u32(&request, VNET_PORT_VNET, vnet_index(act));
	put_u32(&request, VNET_PORT_NUMBER, draw(act->rng, 24));
	settings[draw(act->rng, sizeof(settings) / sizeof(settings[0]))](act, &request);
	return ask(act, &request);
}

/* VLANs besides the default one, in which everybody stays. */
int vlan_set(struct act *act)
{
	uint16_t first = (uint16_t)(2 + draw(act->rng, 4000));
	bool add = draw(act->rng, 3);
	struct request request;

	request_generic(&request, family, add ? VNET_CMD_VLAN_NEW : VNET_CMD_VLAN_DEL, 0);
	put_u32(&request, VNET_VLAN_VNET, vnet_index(act));
	put_u32(&request, VNET_VLAN_PORT_NUMBER, draw(act->rng, 24));
	put_u16(&request, VNET_VLAN_FIRST, first);
	put_u16(&request, VNET_VLAN_LAST, (uint16_t)(first + draw(act->rng, 90)));
	if (add && !draw(act->rng, 4))
		put_u8(&request, VNET_VLAN_UNTAGGED, 1);
	return ask(act, &request);
}

/* Groups that are made, ended and flushed by hand, while guests report their own. */
int mdb_set(struct act *act)
{
	uint8_t group[4] = {239, 1, 1, (uint8_t)draw(act->rng, 16)}, source[4] = {10, 0, 0, (uint8_t)draw(act->rng, 40)};
	uint32_t what = draw(act->rng, 8);
	struct request request;

	request_generic(&request, family, what == 7 ? VNET_CMD_MDB_FLUSH : what < 4 ? VNET_CMD_MDB_NEW : VNET_CMD_MDB_DEL, 0);
	put_u32(&request, VNET_MDB_VNET, vnet_index(act));
	put_u32(&request, VNET_MDB_PORT_NUMBER, draw(act->rng, 24));
	if (what == 7)
		return ask(act, &request);
	put(&request, VNET_MDB_GROUP, group, sizeof(group));
	if (coin(act))
		put(&request, VNET_MDB_SOURCE, source, sizeof(source));
	if (what < 4 && coin(act))
		put_u8(&request, VNET_MDB_PERMANENT, 1);
	return ask(act, &request);
}
