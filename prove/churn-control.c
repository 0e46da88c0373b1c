// SPDX-License-Identifier: GPL-2.0
/* churn: the operations that change a world, and the threads that draw them. A refusal is as good as a success. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/rtnetlink.h>
#include <linux/vnet.h>

#include "churn.h"

struct seat *host_of(struct act *act)
{
	return seat_in(act->seats, act->world, HOST);
}
uint32_t vnet_index(struct act *act)
{
	return (uint32_t)index_of(host_of(act)->route, act->vnet_name);
}
bool coin(struct act *act)
{
	return draw(act->rng, 2);
}

int ask(struct act *act, struct request *request)
{
	return talk(host_of(act)->generic, request, NULL, NULL);
}

uint32_t one_of(struct act *act, const uint32_t *values, uint32_t n)
{
	return values[draw(act->rng, n)];
}

static int vnet_new(struct act *act)
{
	uint32_t mode = draw(act->rng, 6) ? VNET_MODE_NAT : draw(act->rng, 4);
	uint32_t uplink = draw(act->rng, 4) ? 0 : (uint32_t)index_of(host_of(act)->route, "wan");

	return make_vnet(act->seats, act->world, act->vnet, mode, uplink);
}

static int vnet_del(struct act *act)
{
	int err = delete_link(act->seats, act->world, HOST, act->vnet_name);

	if (coin(act))
		furnish(act->seats, act->world);
	return err;
}

static int vnic_new(struct act *act)
{
	return make_vnic(act->seats, act->world, act->vnet, act->guest);
}
static int vnic_del(struct act *act)
{
	return delete_link(act->seats, act->world, GUEST + act->guest, act->vnic_name);
}

/* Into another namespace, where it has a name that may be taken. */
static int move(struct act *act, int from, const char *name)
{
	int to = (int)draw(act->rng, N_PLACES), fd = slot_fd(act->world, to), err;
	struct request request;
	char there[8];

	snprintf(there, sizeof(there), "x%d", (int)draw(act->rng, 2));
	request_link(&request, RTM_NEWLINK, 0, NULL, index_of(seat_in(act->seats, act->world, from)->route, name));
	if (coin(act))
		put_text(&request, IFLA_IFNAME, there);
	put_u32(&request, IFLA_NET_NS_FD, (uint32_t)fd);
	err = talk(seat_in(act->seats, act->world, from)->route, &request, NULL, NULL);
	close(fd);
	return err;
}

static int vnic_move(struct act *act)
{
	return move(act, GUEST + act->guest, act->vnic_name);
}

static int moved_del(struct act *act)
{
	return delete_link(act->seats, act->world, (int)draw(act->rng, N_PLACES), coin(act) ? "x0" : "x1");
}

/* The netdev goes down and up, or has another MAC address, MTU or name for a while. */
static int change(struct act *act, int place, const char *name)
{
	struct request request;
	uint8_t mac[6] = {2, 0, 0, 0xee, 0, (uint8_t)draw(act->rng, 4)};
	int sock = seat_in(act->seats, act->world, place)->route;

	request_link(&request, RTM_NEWLINK, 0, name, 0);
	switch (draw(act->rng, 5)) {
	case 0:
		link_up(&request, false);
		talk(sock, &request, NULL, NULL);
		request_link(&request, RTM_NEWLINK, 0, name, 0);
		link_up(&request, true);
		break;
	case 1:
		put(&request, IFLA_ADDRESS, mac, sizeof(mac));
		break;
	case 2:
		put_u32(&request, IFLA_MTU, ONE_OF(act, 68, 576, 1400, 1500, 9000));
		break;
	case 3:
		put_u32(&request, IFLA_MTU, 1500);
		break;
	case 4:
		mac_guest(mac, act->guest, act->vnet);
		put(&request, IFLA_ADDRESS, mac, sizeof(mac));
		break;
	}
	return talk(sock, &request, NULL, NULL);
}

static int vnic_set(struct act *act)
{
	return change(act, GUEST + act->guest, act->vnic_name);
}
static int vnet_change(struct act *act)
{
	return change(act, HOST, act->vnet_name);
}
static int member_set(struct act *act)
{
	return change(act, coin(act) ? HOST : GUEST + act->guest, act->member_name);
}
static int member_new(struct act *act)
{
	return make_member(act->seats, act->world, act->guest, act->vnet);
}

static int member_del(struct act *act)
{
	return delete_link(act->seats, act->world, coin(act) ? HOST : GUEST + act->guest, act->member_name);
}

static int member_move(struct act *act)
{
	return move(act, HOST, coin(act) ? act->member_name : "t0");
}

static int member_master(struct act *act)
{
	const char *name = coin(act) ? act->member_name : "t0";
	int master = draw(act->rng, 3) ? (int)vnet_index(act) : 0;

	return set_master(act->seats, act->world, HOST, name, master);
}

static int tap_new(struct act *act)
{
	int err = make_tap(act->seats, act->world);

	return err ?: set_master(act->seats, act->world, HOST, "t0", (int)vnet_index(act));
}

/* By its file, or under the feet of who writes to the file. */
static int tap_del(struct act *act)
{
	if (coin(act))
		return delete_link(act->seats, act->world, HOST, "t0");
	tap_replace(act->world, 0);
	return 0;
}

static int uplink(struct act *act)
{
	struct request request;

	request_generic(&request, family, VNET_CMD_LINK_SET, 0);
	put_u32(&request, VNET_LINK_IFINDEX, vnet_index(act));
	put_u32(&request, VNET_LINK_UPLINK,
		coin(act) ? 0 : (uint32_t)index_of(host_of(act)->route, draw(act->rng, 3) ? "wan" : act->member_name));
	return ask(act, &request);
}

static int forward_new(struct act *act)
{
	uint16_t first = (uint16_t)(FORWARD_PORT + draw(act->rng, 64));
	uint32_t to = htonl(addr_guest(act->guest, act->vnet));
	struct request request;

	request_generic(&request, family, VNET_CMD_FORWARD_NEW, 0);
	put_u32(&request, VNET_FORWARD_VNET, vnet_index(act));
	put_u8(&request, VNET_FORWARD_PROTO, coin(act) ? IPPROTO_TCP : IPPROTO_UDP);
	put_u16(&request, VNET_FORWARD_FIRST, first);
	put_u16(&request, VNET_FORWARD_LAST, (uint16_t)(first + draw(act->rng, 4)));
	put(&request, VNET_FORWARD_TO_ADDR, &to, sizeof(to));
	put_u32(&request, VNET_FORWARD_HANDLE, 1 + draw(act->rng, 16));
	return ask(act, &request);
}

static int forward_del(struct act *act)
{
	struct request request;

	request_generic(&request, family, VNET_CMD_FORWARD_DEL, 0);
	put_u32(&request, VNET_FORWARD_VNET, vnet_index(act));
	put_u32(&request, VNET_FORWARD_HANDLE, 1 + draw(act->rng, 16));
	return ask(act, &request);
}

static int fdb_flush(struct act *act)
{
	struct request request;

	request_generic(&request, family, VNET_CMD_FDB_FLUSH, 0);
	put_u32(&request, VNET_FDB_VNET, vnet_index(act));
	if (coin(act))
		put_u32(&request, VNET_FDB_PORT_NUMBER, draw(act->rng, 24));
	return ask(act, &request);
}

static int fdb_entry(struct act *act)
{
	uint8_t mac[6] = {2, 0, 0xbb, (uint8_t)(act->guest + 1), 0, (uint8_t)draw(act->rng, 8)};
	bool add = coin(act);
	struct request request;

	request_generic(&request, family, add ? VNET_CMD_FDB_NEW : VNET_CMD_FDB_DEL, 0);
	put_u32(&request, VNET_FDB_VNET, vnet_index(act));
	put(&request, VNET_FDB_LLADDR, mac, sizeof(mac));
	if (add)
		put_u32(&request, VNET_FDB_PORT_NUMBER, draw(act->rng, 16));
	return ask(act, &request);
}

/* Mostly few of many, so that there are enough left for the tables to grow meanwhile. */
static int session_flush(struct act *act)
{
	uint32_t remote = htonl(ADDR_REMOTES + 1 + draw(act->rng, 250)),
		 guest = htonl(addr_guest(act->guest, act->vnet));
	struct request request;

	request_generic(&request, family, VNET_CMD_SESSION_FLUSH, 0);
	put_u32(&request, VNET_SESSION_VNET, vnet_index(act));
	switch (draw(act->rng, 12)) {
	case 0:
		break;
	case 1:
		put_u8(&request, VNET_SESSION_PROTO, IPPROTO_UDP);
		break;
	case 2:
		put(&request, VNET_SESSION_INTERNAL_ADDR, &guest, sizeof(guest));
		break;
	case 3:
	case 4:
		put_u8(&request, VNET_SESSION_PROTO, IPPROTO_TCP);
		break;
	case 5:
	case 6:
		put_u8(&request, VNET_SESSION_PROTO, IPPROTO_ICMP);
		break;
	default:
		put(&request, VNET_SESSION_REMOTE_ADDR, &remote, sizeof(remote));
	}
	return ask(act, &request);
}

static int dump(struct act *act)
{
	struct request request;

	request_generic(&request, family,
			(int)ONE_OF(act, VNET_CMD_LINK_GET, VNET_CMD_PORT_GET, VNET_CMD_FDB_GET, VNET_CMD_NAT_GET,
				    VNET_CMD_MAPPING_GET, VNET_CMD_SESSION_GET, VNET_CMD_FORWARD_GET,
				    VNET_CMD_STATS_GET, VNET_CMD_REASON_GET),
			NLM_F_DUMP);
	return ask(act, &request);
}

static int dump_links(struct act *act)
{
	struct request request;

	request_link(&request, RTM_GETLINK, NLM_F_DUMP, NULL, 0);
	return talk(seat_in(act->seats, act->world, (int)draw(act->rng, N_PLACES))->route, &request, NULL, NULL);
}

/* Addresses by which NAT goes, of the NIC and of the host adapter. */
static int address(struct act *act)
{
	bool wan = draw(act->rng, 4), add = draw(act->rng, 3);
	uint32_t addr = wan ? ADDR_WAN + draw(act->rng, 3) : ADDR_SUBNET(act->vnet) + 1;

	return set_address(act->seats, act->world, HOST, wan ? "wan" : act->vnet_name, addr, add);
}

static int wan(struct act *act)
{
	if (coin(act))
		return change(act, HOST, "wan");
	delete_link(act->seats, act->world, coin(act) ? HOST : INET, "wan");
	return make_wan(act->seats, act->world, true);
}

static int guest_namespace(struct act *act)
{
	int err = make_namespace(act->world, GUEST + act->guest, coin(act));

	furnish(act->seats, act->world);
	return err;
}

static int host_namespace(struct act *act)
{
	int err = make_namespace(act->world, draw(act->rng, 3) ? HOST : INET, coin(act));

	furnish(act->seats, act->world);
	return err;
}

/* Somebody hears of everything and does not read it. */
static int listen_to_events(struct act *act)
{
	return setsockopt(host_of(act)->events, SOL_NETLINK,
			  coin(act) ? NETLINK_DROP_MEMBERSHIP : NETLINK_ADD_MEMBERSHIP, &events_group,
			  sizeof(events_group));
}

/* Namespaces are dear: a look at the others would be rare if they were drawn more often. */
static const struct operation {
	const char *name;
	int (*run)(struct act *act);
	uint32_t weight;
} operations[] = {
	{"vnet new", vnet_new, 18},
	{"vnet del", vnet_del, 9},
	{"vnet change", vnet_change, 9},
	{"vnic new", vnic_new, 30},
	{"vnic del", vnic_del, 15},
	{"vnic move", vnic_move, 9},
	{"vnic set", vnic_set, 12},
	{"moved del", moved_del, 12},
	{"member new", member_new, 24},
	{"member del", member_del, 12},
	{"member master", member_master, 18},
	{"member move", member_move, 6},
	{"member set", member_set, 9},
	{"tap new", tap_new, 12},
	{"tap del", tap_del, 6},
	{"uplink", uplink, 18},
	{"link set", link_set, 18},
	{"nat set", nat_set, 18},
	{"forward new", forward_new, 24},
	{"forward del", forward_del, 12},
	{"port set", port_set, 18},
	{"vlan set", vlan_set, 18},
	{"mdb set", mdb_set, 18},
	{"fdb flush", fdb_flush, 12},
	{"fdb entry", fdb_entry, 12},
	{"session flush", session_flush, 90},
	{"dump", dump, 36},
	{"dump links", dump_links, 9},
	{"address", address, 15},
	{"wan", wan, 6},
	{"guest namespace", guest_namespace, 2},
	{"host namespace", host_namespace, 1},
	{"listen", listen_to_events, 3},
};

#define N_OPERATIONS (sizeof(operations) / sizeof(operations[0]))

static const struct operation *pick(struct rng *rng)
{
	uint32_t total = 0, at;

	for (size_t i = 0; i < N_OPERATIONS; i++)
		total += operations[i].weight;
	at = draw(rng, total);
	for (size_t i = 0;; at -= operations[i++].weight)
		if (at < operations[i].weight)
			return &operations[i];
}

/* What a world needs to have traffic of all kinds; what is there already is refused. */
void furnish(struct seats *seats, int world)
{
	make_wan(seats, world, true);
	for (int vnet = 0; vnet < N_VNETS; vnet++) {
		make_vnet(seats, world, vnet, VNET_MODE_NAT, 0);
		for (int guest = 0; guest < N_GUESTS; guest++)
			make_vnic(seats, world, vnet, guest);
	}
	make_member(seats, world, 0, 0);
}

static int storm_or(struct act *act, const struct operation *operation, int number)
{
	int now = atomic_load(&storm);

	if (!now)
		return operation->run(act);
	if (number == 2)
		return storm_step(act, now);
	act->world = (storm_world(now) + 1) % N_WORLDS;
	return operation->run(act);
}

void *controller(void *argument)
{
	struct worker *worker = argument;
	struct rng rng = {worker->seed};
	struct seats seats;

	seats_init(&seats, false);
	while (go_on()) {
		struct act act = {
			.seats = &seats,
			.rng = &rng,
			.world = (int)draw(&rng, N_WORLDS),
			.vnet = !draw(&rng, 3),
			.guest = (int)draw(&rng, N_GUESTS),
		};
		const struct operation *operation = pick(&rng);
		int err;

		snprintf(act.vnet_name, sizeof(act.vnet_name), "v%d", act.vnet);
		snprintf(act.vnic_name, sizeof(act.vnic_name), "n%d", act.vnet);
		snprintf(act.member_name, sizeof(act.member_name), "m%d", act.guest);
		seats_leave(&seats, false);
		atomic_store(&worker->now, operation->name);
		err = storm_or(&act, operation, worker->number);
		if (err)
			atomic_fetch_add(&worker->refused, 1);
		if (verbose)
			printf("# worker %d step %llu: %s (world %d vnet %d guest %d): %d\n", worker->number,
			       (unsigned long long)worker->steps, operation->name, act.world, act.vnet, act.guest, err);
		atomic_fetch_add(&worker->steps, 1);
		atomic_store(&worker->now, "nothing");
		if (!atomic_load(&storm))
			usleep(draw(&rng, 2000));
	}
	seats_leave(&seats, true);
	return NULL;
}
