// SPDX-License-Identifier: GPL-2.0
/*
 * churn: is what the kernel says of itself true? While nothing is changed and no packet passes, each count has to be
 * the number of the objects that it counts. At the end, in a network that stays as it is, each frame has to be where
 * its way leads, or among the drops with the reason.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/vnet.h>

#include "churn.h"

#define MAX_ROWS 512
#define HOLDERS	 3

/* Objects of a kind: how many there are of it, and how many it says that it has. */
struct row {
	char what;
	uint32_t vnet, number;
	uint64_t said, seen;
};

struct table {
	struct row rows[MAX_ROWS];
	int n;
};

static struct row *row_of(struct table *table, char what, uint32_t vnet, uint32_t number)
{
	for (struct row *row = table->rows; row < table->rows + table->n; row++)
		if (row->what == what && row->vnet == vnet && row->number == number)
			return row;
	if (table->n == MAX_ROWS)
		die("too many objects to count");
	table->rows[table->n] = (struct row){.what = what, .vnet = vnet, .number = number};
	return &table->rows[table->n++];
}

static void on_nat(const struct nlmsghdr *head, void *context)
{
	const struct nlattr *attrs[VNET_NAT_MAX + 1];
	struct table *table = context;
	int length;
	const void *data = generic_attrs(head, &length);

	parse(data, length, attrs, VNET_NAT_MAX);
	row_of(table, 'S', attr_u32(attrs[VNET_NAT_VNET]), 0)->said = attr_u32(attrs[VNET_NAT_N_SESSIONS]);
	row_of(table, 'M', attr_u32(attrs[VNET_NAT_VNET]), 0)->said = attr_u32(attrs[VNET_NAT_N_MAPPINGS]);
}

static void on_session(const struct nlmsghdr *head, void *context)
{
	const struct nlattr *attrs[VNET_SESSION_MAX + 1];
	struct table *table = context;
	uint32_t vnet;
	int length;
	const void *data = generic_attrs(head, &length);

	parse(data, length, attrs, VNET_SESSION_MAX);
	vnet = attr_u32(attrs[VNET_SESSION_VNET]);
	row_of(table, 'S', vnet, 0)->seen++;
	if (attrs[VNET_SESSION_PORT_NUMBER])
		row_of(table, 's', vnet, attr_u32(attrs[VNET_SESSION_PORT_NUMBER]))->seen++;
	if (attrs[VNET_SESSION_FORWARD])
		row_of(table, 'f', vnet, attr_u32(attrs[VNET_SESSION_FORWARD]))->seen++;
	else
		row_of(table, 'm', vnet, 0)->seen++;
}

static void on_mapping(const struct nlmsghdr *head, void *context)
{
	const struct nlattr *attrs[VNET_MAPPING_MAX + 1];
	struct table *table = context;
	int length;
	const void *data = generic_attrs(head, &length);

	parse(data, length, attrs, VNET_MAPPING_MAX);
	row_of(table, 'M', attr_u32(attrs[VNET_MAPPING_VNET]), 0)->seen++;
	row_of(table, 'm', attr_u32(attrs[VNET_MAPPING_VNET]), 0)->said += attr_u32(attrs[VNET_MAPPING_N_SESSIONS]);
}

static void on_forward(const struct nlmsghdr *head, void *context)
{
	const struct nlattr *attrs[VNET_FORWARD_MAX + 1];
	struct table *table = context;
	int length;
	const void *data = generic_attrs(head, &length);

	parse(data, length, attrs, VNET_FORWARD_MAX);
	row_of(table, 'f', attr_u32(attrs[VNET_FORWARD_VNET]), attr_u32(attrs[VNET_FORWARD_HANDLE]))->said =
		attr_u32(attrs[VNET_FORWARD_N_SESSIONS]);
}

static void on_port(const struct nlmsghdr *head, void *context)
{
	const struct nlattr *attrs[VNET_PORT_MAX + 1];
	struct table *table = context;
	uint32_t vnet, number, kind;
	int length;
	const void *data = generic_attrs(head, &length);

	parse(data, length, attrs, VNET_PORT_MAX);
	vnet = attr_u32(attrs[VNET_PORT_VNET]);
	number = attr_u32(attrs[VNET_PORT_NUMBER]);
	kind = attr_u32(attrs[VNET_PORT_KIND]);
	row_of(table, 's', vnet, number)->said = attr_u32(attrs[VNET_PORT_N_SESSIONS]);
	row_of(table, 'l', vnet, number)->said = attr_u32(attrs[VNET_PORT_FDB_N_LEARNED]);
	if (kind == VNET_PORT_KIND_MEMBER || kind == VNET_PORT_KIND_VNIC)
		row_of(table, 'P', vnet, 0)->seen++;
}

static void on_address(const struct nlmsghdr *head, void *context)
{
	const struct nlattr *attrs[VNET_FDB_MAX + 1];
	struct table *table = context;
	uint32_t vnet;
	int length;
	const void *data = generic_attrs(head, &length);

	parse(data, length, attrs, VNET_FDB_MAX);
	if (attr_u32(attrs[VNET_FDB_STATE]) != VNET_FDB_STATE_LEARNED)
		return;
	vnet = attr_u32(attrs[VNET_FDB_VNET]);
	row_of(table, 'L', vnet, 0)->seen++;
	row_of(table, 'l', vnet, attr_u32(attrs[VNET_FDB_PORT_NUMBER]))->seen++;
}

static void on_vnet(const struct nlmsghdr *head, void *context)
{
	const struct nlattr *attrs[VNET_LINK_MAX + 1];
	struct table *table = context;
	uint32_t vnet;
	int length;
	const void *data = generic_attrs(head, &length);

	parse(data, length, attrs, VNET_LINK_MAX);
	vnet = attr_u32(attrs[VNET_LINK_IFINDEX]);
	row_of(table, 'P', vnet, 0)->said = attr_u32(attrs[VNET_LINK_N_PORTS]);
	row_of(table, 'L', vnet, 0)->said = attr_u32(attrs[VNET_LINK_FDB_N_LEARNED]);
}

static int dump_into(int sock, int command, reply_t reply, void *context)
{
	struct request request;

	request_generic(&request, family, command, NLM_F_DUMP);
	return talk(sock, &request, reply, context);
}

static const char *word(char what)
{
	switch (what) {
	case 'S':
		return "sessions of a vnet";
	case 'M':
		return "mappings of a vnet";
	case 's':
		return "sessions of a port";
	case 'm':
		return "sessions of the mappings of a vnet";
	case 'f':
		return "sessions of a forward";
	case 'P':
		return "ports of a vnet";
	case 'L':
		return "learned addresses of a vnet";
	default:
		return "learned addresses of a port";
	}
}

/* Sessions and addresses may end by themselves between two dumps: then it is looked at again. */
static const struct row *wrong_row(int sock, struct table *table)
{
	static const struct {
		int command;
		reply_t reply;
	} dumps[] = {
		{VNET_CMD_LINK_GET, on_vnet},	    {VNET_CMD_PORT_GET, on_port},
		{VNET_CMD_FDB_GET, on_address},	    {VNET_CMD_NAT_GET, on_nat},
		{VNET_CMD_SESSION_GET, on_session}, {VNET_CMD_MAPPING_GET, on_mapping},
		{VNET_CMD_FORWARD_GET, on_forward},
	};

	table->n = 0;
	for (size_t i = 0; i < sizeof(dumps) / sizeof(dumps[0]); i++) {
		int err = dump_into(sock, dumps[i].command, dumps[i].reply, table);

		if (err)
			finding("dump %d fails with %d while nothing else happens", dumps[i].command, err);
	}
	for (const struct row *row = table->rows; row < table->rows + table->n; row++)
		if (row->said != row->seen)
			return row;
	return NULL;
}

/* Nothing is changed and no packet of ours passes. */
void check_worlds(struct seats *seats)
{
	struct table *table = malloc(sizeof(*table));
	const struct row *wrong;
	time_t end;

	for (int world = 0; world < N_WORLDS; world++) {
		int sock = seat_in(seats, world, HOST)->generic;

		end = time(NULL) + 10;
		do {
			wrong = wrong_row(sock, table);
		} while (wrong && time(NULL) < end && !usleep(100000));
		if (wrong)
			finding("world %d: %s %u (number %u) are said to be %" PRIu64 " and are %" PRIu64, world,
				word(wrong->what), wrong->vnet, wrong->number, wrong->said, wrong->seen);
	}
	free(table);
}

/* Counters of the ports of one vnet, by number. */
#define PORTS 8
#define DROPS 64

struct counters {
	uint64_t rx[PORTS], tx[PORTS], drops[PORTS][DROPS], lost;
	char names[DROPS][32];
};

static void on_stats(const struct nlmsghdr *head, void *context)
{
	const struct nlattr *attrs[VNET_STATS_MAX + 1], *drop[VNET_STATS_DROP_MAX + 1], *attr;
	struct counters *counters = context;
	int length, left;
	const char *data = generic_attrs(head, &length);
	uint32_t number;

	parse(data, length, attrs, VNET_STATS_MAX);
	number = attr_u32(attrs[VNET_STATS_PORT_NUMBER]);
	if (number >= PORTS)
		return;
	counters->rx[number] = attr_u64(attrs[VNET_STATS_RX_PACKETS]);
	counters->tx[number] = attr_u64(attrs[VNET_STATS_TX_PACKETS]);
	attr = (const struct nlattr *)data;
	for (left = length; left >= NLA_HDRLEN; left -= (int)NLA_ALIGN(attr->nla_len),
	    attr = (const struct nlattr *)((const char *)attr + NLA_ALIGN(attr->nla_len))) {
		uint32_t reason;

		if ((attr->nla_type & NLA_TYPE_MASK) != VNET_STATS_DROP)
			continue;
		parse((const char *)attr + NLA_HDRLEN, attr->nla_len - NLA_HDRLEN, drop, VNET_STATS_DROP_MAX);
		reason = attr_u32(drop[VNET_STATS_DROP_REASON]) % DROPS;
		counters->drops[number][reason] = attr_u64(drop[VNET_STATS_DROP_PACKETS]);
		snprintf(counters->names[reason], sizeof(counters->names[reason]), "%s",
			 (const char *)drop[VNET_STATS_DROP_NAME] + NLA_HDRLEN);
	}
}

/* Frames that the kernel threw away because a CPU's queue of received frames was full. */
static uint64_t lost_in_queues(void)
{
	FILE *file = fopen("/proc/net/softnet_stat", "r");
	unsigned int done, dropped;
	uint64_t total = 0;
	char line[512];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%x %x", &done, &dropped) == 2)
			total += dropped;
	if (file)
		fclose(file);
	return total;
}

static void count(int sock, struct counters *counters)
{
	memset(counters, 0, sizeof(*counters));
	if (dump_into(sock, VNET_CMD_STATS_GET, on_stats, counters))
		finding("the counters cannot be read");
	counters->lost = lost_in_queues();
}

/* Softirqs may have frames in hand for seconds on a busy machine: until nothing changes any more. */
static void settle(int sock, struct counters *counters)
{
	struct counters *before = malloc(sizeof(*before));

	count(sock, counters);
	for (int tries = 0, same = 0; tries < 100 && same < 3; tries++) {
		*before = *counters;
		usleep(100000);
		count(sock, counters);
		same = memcmp(before, counters, sizeof(*before)) ? 0 : same + 1;
	}
	free(before);
}

/* A way of frames, and what it does to the counters for each frame that guests 0 and 1 send. */
struct way {
	const char *name;
	void (*make)(struct frame *frame, uint32_t i, int guest);
	bool from_inet;
	const char *drop;
	/* Frames to each guest, the host adapter and the gateway for one frame each of guest 0 and guest 1. */
	int to_guest[N_GUESTS], to_host, to_gateway;
};

static void to_guest(struct frame *frame, uint32_t i, int guest)
{
	uint8_t to[6], from[6];

	(void)i;
	mac_guest(to, !guest, 0);
	mac_guest(from, guest, 0);
	ether(frame, to, from, 0x88b5);
	frame->length = 64;
}

static void to_all(struct frame *frame, uint32_t i, int guest)
{
	to_guest(frame, i, guest);
	memset(frame->bytes, 255, 6);
}

static void to_stranger(struct frame *frame, uint32_t i, int guest)
{
	to_guest(frame, i, guest);
	frame->bytes[2] = 0x99;
}

static void to_reserved(struct frame *frame, uint32_t i, int guest)
{
	to_guest(frame, i, guest);
	memcpy(frame->bytes, "\x01\x80\xc2\0\0", 6);
}

static void from_nobody(struct frame *frame, uint32_t i, int guest)
{
	to_guest(frame, i, guest);
	memset(frame->bytes + 6, 0, 6);
}

static void forged(struct frame *frame, uint32_t i, int guest)
{
	to_guest(frame, i, guest);
	mac_guest(frame->bytes + 6, 2, 0);
}

static void out(struct frame *frame, uint32_t i, int guest)
{
	udp_out(frame, (uint32_t)guest * 512 + i % 256, guest, 0);
}
static void in(struct frame *frame, uint32_t i, int guest)
{
	udp_in(frame, (uint32_t)guest * 512 + i % 256);
}

/* A guest's packet whose source is no guest's address. */
static void spoofed(struct frame *frame, uint32_t i, int guest)
{
	uint8_t mac[6];

	udp_out(frame, i, guest, 1);
	mac_gateway(mac, 0);
	memcpy(frame->bytes, mac, 6);
	mac_guest(mac, guest, 0);
	memcpy(frame->bytes + 6, mac, 6);
}

static const struct way ways[] = {
	{"to a guest", to_guest, false, NULL, {1, 1, 0}, 0, 0},
	{"to all", to_all, false, NULL, {1, 1, 2}, 2, 0},
	{"to a stranger", to_stranger, false, NULL, {1, 1, 2}, 2, 0},
	{"to a reserved group", to_reserved, false, "reserved-group", {0}, 0, 0},
	{"from nobody", from_nobody, false, "bad-source", {0}, 0, 0},
	{"forged", forged, false, "local-source", {0}, 0, 0},
	{"spoofed", spoofed, false, "source-address", {0}, 0, 2},
	{"out by NAT", out, false, NULL, {0}, 0, 2},
	{"in by NAT", in, true, NULL, {1, 1, 0}, 0, 0},
};

struct shooter {
	const struct way *way;
	int guest, place, sock, index;
	unsigned int count, sent;
	pthread_t thread;
};

static void *shoot_all(void *argument)
{
	struct shooter *shooter = argument;
	cpu_set_t cpu;
	struct frame frame;

	CPU_ZERO(&cpu);
	CPU_SET((unsigned int)shooter->guest, &cpu);
	pthread_setaffinity_np(pthread_self(), sizeof(cpu), &cpu);
	for (unsigned int i = 0; i < shooter->count; i++) {
		shooter->way->make(&frame, i, shooter->guest);
		shooter->sent += (unsigned int)shoot(shooter->sock, shooter->index, &frame, 1);
		/* Softirqs work the queues off. */
		if (i % 64 == 63)
			usleep(1000);
	}
	return NULL;
}

static void expect(const struct way *way, const char *what, uint64_t seen, uint64_t wanted, uint64_t lost)
{
	if (seen <= wanted && seen + lost >= wanted)
		return;
	finding("frames %s: %s are %" PRIu64 ", expected %" PRIu64 " (the queues lost %" PRIu64 ")", way->name, what,
		seen, wanted, lost);
}

/* Ports are numbered as they were made: the vnics of the guests from 3 on. */
static void compare(const struct way *way, const struct counters *a, const struct counters *b, unsigned int n)
{
	uint64_t lost = way->from_inet ? b->lost - a->lost : 0, drops, wanted;
	char what[64];

	for (unsigned int guest = 0; guest < N_GUESTS; guest++) {
		unsigned int port = guest + 3;

		snprintf(what, sizeof(what), "those from guest %u", guest);
		expect(way, what, b->rx[port] - a->rx[port], guest < 2 && !way->from_inet ? n : 0, 0);
		snprintf(what, sizeof(what), "those to guest %u", guest);
		expect(way, what, b->tx[port] - a->tx[port], (uint64_t)way->to_guest[guest] * n, lost);
		for (int reason = 0; reason < DROPS; reason++) {
			drops = b->drops[port][reason] - a->drops[port][reason];
			wanted = guest < 2 && way->drop && !strcmp(b->names[reason], way->drop) ? n : 0;
			snprintf(what, sizeof(what), "drops of guest %u for %s", guest, b->names[reason]);
			expect(way, what, drops, wanted, 0);
		}
		if (guest < 2 && way->drop && b->rx[port] - a->rx[port] == n) {
			wanted = 0;
			for (int reason = 0; reason < DROPS; reason++)
				wanted += b->drops[port][reason] - a->drops[port][reason];
			expect(way, "all drops", wanted, n, 0);
		}
	}
	expect(way, "those to the host adapter", b->tx[0] - a->tx[0], (uint64_t)way->to_host * n, 0);
	expect(way, "those to the gateway", b->tx[1] - a->tx[1], (uint64_t)way->to_gateway * n, 0);
	expect(way, "those from the gateway", b->rx[1] - a->rx[1], way->from_inet ? 2 * n : 0, lost);
}

struct traffic {
	uint64_t out, in;
};

static void on_traffic(const struct nlmsghdr *head, void *context)
{
	const struct nlattr *attrs[VNET_SESSION_MAX + 1];
	struct traffic *traffic = context;
	int length;
	const void *data = generic_attrs(head, &length);

	parse(data, length, attrs, VNET_SESSION_MAX);
	traffic->out += attr_u64(attrs[VNET_SESSION_OUT_PACKETS]);
	traffic->in += attr_u64(attrs[VNET_SESSION_IN_PACKETS]);
}

/*
 * Guests have to be known to the gateway before frames to them are counted. They do not answer it, so it is told
 * again before it would ask (30 s).
 */
static void introduce(struct seats *seats)
{
	struct frame frame;

	for (int guest = 0; guest < 2; guest++) {
		struct seat *seat = seat_in(seats, 0, GUEST + guest);

		announce(&frame, guest, 0);
		shoot(seat->packet, index_of(seat->packet, "n0"), &frame, 1);
	}
}

static void go_one_way(struct seats *seats, const struct way *way, unsigned int n)
{
	int sock = seat_in(seats, 0, HOST)->generic;
	struct counters *a = malloc(2 * sizeof(*a)), *b = a + 1;
	struct shooter shooters[2];

	introduce(seats);
	settle(sock, a);
	for (int guest = 0; guest < 2; guest++) {
		struct seat *seat = seat_in(seats, 0, way->from_inet ? INET : GUEST + guest);

		shooters[guest] = (struct shooter){
			.way = way,
			.guest = guest,
			.sock = seat->packet,
			.count = n,
			.index = index_of(seat->packet, way->from_inet ? "wan" : "n0"),
		};
		pthread_create(&shooters[guest].thread, NULL, shoot_all, &shooters[guest]);
	}
	for (int guest = 0; guest < 2; guest++) {
		pthread_join(shooters[guest].thread, NULL);
		if (shooters[guest].sent != n)
			finding("frames %s: guest %d could send %u of %u", way->name, guest, shooters[guest].sent, n);
		atomic_fetch_add(&frames_sent, shooters[guest].sent);
	}
	settle(sock, b);
	compare(way, a, b, n);
	printf("# %.0f s: accounted for 2 x %u frames %s\n", elapsed(), n, way->name);
	fflush(stdout);
	free(a);
}

/* A network that was never disturbed: world 0 anew, with one vnet, three vnics and nobody who speaks by himself. */
void account(unsigned int n)
{
	struct traffic before = {0}, after = {0};
	struct seats seats;
	int err = 0, sock;

	seats_init(&seats, true);
	for (int place = 0; place < N_PLACES; place++)
		err = err ?: make_namespace(0, place, false);
	err = err ?: make_wan(&seats, 0, false);
	err = err ?: make_vnet(&seats, 0, 0, VNET_MODE_NAT, 0);
	for (int guest = 0; guest < N_GUESTS; guest++)
		err = err ?: make_vnic(&seats, 0, 0, guest);
	if (err)
		finding("the network to count in cannot be made: %d", err);
	sock = seat_in(&seats, 0, HOST)->generic;
	dump_into(sock, VNET_CMD_SESSION_GET, on_traffic, &before);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		go_one_way(&seats, &ways[i], n);
	dump_into(sock, VNET_CMD_SESSION_GET, on_traffic, &after);
	if (after.out - before.out != 2 * n)
		finding("sessions count %" PRIu64 " packets out, not %u", after.out - before.out, 2 * n);
	if (after.in - before.in > 2 * n || after.in - before.in + lost_in_queues() < 2 * n)
		finding("sessions count %" PRIu64 " packets in, not %u", after.in - before.in, 2 * n);
	check_worlds(&seats);
	seats_leave(&seats, true);
}
