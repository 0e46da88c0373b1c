// SPDX-License-Identifier: GPL-2.0
/* BPDUs as bytes; bridges in a ring, without frames or clocks. */
#include <kunit/test.h>

#include "../stp/bpdu.h"
#include "../stp/rstp.h"

#define BRIDGES 3
#define PORTS 2
#define QUEUE 256

struct message {
	unsigned int bridge;
	unsigned int port;
	struct vnet_bpdu bpdu;
};

/* Port 0 of each bridge leads to port 1 of the next one. */
struct ring {
	struct vnet_rstp bridges[BRIDGES];
	struct vnet_rstp_port ports[BRIDGES][PORTS];
	bool cut[BRIDGES];	/* the link from port 0 of this bridge is gone */
	struct message queue[QUEUE];
	unsigned int first;
	unsigned int last;
	unsigned int lost;
};

static struct ring *ring;

/* To the other end of the link, as bytes. */
static void ring_send(struct vnet_rstp_port *port, const struct vnet_bpdu *bpdu)
{
	unsigned int index = port - &ring->ports[0][0];
	unsigned int bridge = index / PORTS, end = index % PORTS;
	struct message *message = &ring->queue[ring->last % QUEUE];
	u8 bytes[VNET_BPDU_SIZE];
	size_t size;

	message->bridge = (bridge + (end ? BRIDGES - 1 : 1)) % BRIDGES;
	message->port = !end;
	if (ring->cut[end ? message->bridge : bridge])
		return;
	size = vnet_bpdu_build(bpdu, bytes);
	if (!vnet_bpdu_parse(&message->bpdu, bytes, size) || ring->last - ring->first >= QUEUE)
		ring->lost++;
	else
		ring->last++;
}

/* Until nobody has anything to say. */
static void ring_settle(struct kunit *test)
{
	unsigned int rounds, i;

	for (rounds = 0; rounds < 200; rounds++) {
		for (i = 0; i < BRIDGES; i++) {
			vnet_rstp_run(&ring->bridges[i]);
			vnet_rstp_transmit(&ring->bridges[i]);
		}
		if (ring->first == ring->last)
			return;
		while (ring->first != ring->last) {
			struct message *message = &ring->queue[ring->first++ % QUEUE];

			vnet_rstp_receive(&ring->bridges[message->bridge],
					  &ring->ports[message->bridge][message->port],
					  &message->bpdu);
		}
	}
	KUNIT_FAIL(test, "the bridges do not settle");
}

static void ring_elapse(struct kunit *test, unsigned int seconds)
{
	unsigned int i;

	for (; seconds; seconds--) {
		for (i = 0; i < BRIDGES; i++)
			vnet_rstp_elapse(&ring->bridges[i], VNET_RSTP_SECOND);
		ring_settle(test);
	}
}

static void ring_enable(unsigned int bridge, bool on)
{
	ring->cut[bridge] = !on;
	vnet_rstp_enable(&ring->bridges[bridge], &ring->ports[bridge][0], on);
	vnet_rstp_enable(&ring->bridges[(bridge + 1) % BRIDGES],
			 &ring->ports[(bridge + 1) % BRIDGES][1], on);
}

static int ring_make(struct kunit *test, bool rapid, u8 edge)
{
	unsigned int i, j;

	ring = kunit_kzalloc(test, sizeof(*ring), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ring);
	for (i = 0; i < BRIDGES; i++) {
		struct vnet_rstp *bridge = &ring->bridges[i];

		bridge->id = 0x8000020000000001ULL + i;
		bridge->times = (struct vnet_stp_times){ 0, 2000, 200, 1500 };
		bridge->rapid = rapid;
		bridge->send = ring_send;
		vnet_rstp_init(bridge);
		for (j = 0; j < PORTS; j++) {
			ring->ports[i][j].id = 0x8001 + j;
			ring->ports[i][j].cost = 2;
			ring->ports[i][j].edge = edge;
			vnet_rstp_add(bridge, &ring->ports[i][j]);
		}
	}
	for (i = 0; i < BRIDGES; i++)
		ring_enable(i, true);
	ring_settle(test);
	return 0;
}

/* Links on which both ends forward. */
static unsigned int ring_open(void)
{
	unsigned int i, open = 0;

	for (i = 0; i < BRIDGES; i++)
		open += ring->ports[i][0].forward && ring->ports[(i + 1) % BRIDGES][1].forward;
	return open;
}

/* The first bridge is the root; the other two meet on the link that one of them closes. */
static void stp_expect_tree(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, ring->lost, 0);
	KUNIT_EXPECT_EQ(test, ring_open(), BRIDGES - 1);
	KUNIT_EXPECT_NULL(test, ring->bridges[0].root_port);
	KUNIT_EXPECT_EQ(test, ring->ports[0][0].role, VNET_PORT_ROLE_DESIGNATED);
	KUNIT_EXPECT_EQ(test, ring->ports[0][1].role, VNET_PORT_ROLE_DESIGNATED);
	KUNIT_EXPECT_EQ(test, ring->ports[1][1].role, VNET_PORT_ROLE_ROOT);
	KUNIT_EXPECT_EQ(test, ring->ports[2][0].role, VNET_PORT_ROLE_ROOT);
	KUNIT_EXPECT_EQ(test, ring->ports[1][0].role, VNET_PORT_ROLE_DESIGNATED);
	KUNIT_EXPECT_EQ(test, ring->ports[2][1].role, VNET_PORT_ROLE_ALTERNATE);
	KUNIT_EXPECT_FALSE(test, ring->ports[2][1].learn);
	KUNIT_EXPECT_EQ(test, ring->bridges[2].root.cost, 2);
}

static void stp_ring_without_edges(struct kunit *test)
{
	ring_make(test, true, VNET_PORT_EDGE_OFF);
	/* No timer has run: all is proposed and agreed. */
	stp_expect_tree(test);
	ring_elapse(test, 60);
	stp_expect_tree(test);
}

static void stp_ring_with_edges(struct kunit *test)
{
	ring_make(test, true, VNET_PORT_EDGE_AUTO);
	stp_expect_tree(test);
	ring_elapse(test, 60);
	stp_expect_tree(test);
}

static void stp_cut_heals_at_once(struct kunit *test)
{
	ring_make(test, true, VNET_PORT_EDGE_AUTO);
	ring_elapse(test, 10);
	/* From the root to bridge 2: its other link opens. */
	ring_enable(2, false);
	ring->ports[2][1].flush = false;
	ring_settle(test);
	KUNIT_EXPECT_EQ(test, ring_open(), BRIDGES - 1);
	KUNIT_EXPECT_EQ(test, ring->ports[2][1].role, VNET_PORT_ROLE_ROOT);
	KUNIT_EXPECT_TRUE(test, ring->ports[1][1].flush);
	ring_enable(2, true);
	ring_settle(test);
	stp_expect_tree(test);
}

static void stp_silence_ages(struct kunit *test)
{
	ring_make(test, true, VNET_PORT_EDGE_AUTO);
	ring_elapse(test, 10);
	/* Nothing passes, and nobody sees it: three hello times. */
	ring->cut[2] = true;
	ring_elapse(test, 5);
	KUNIT_EXPECT_EQ(test, ring->ports[2][0].role, VNET_PORT_ROLE_ROOT);
	ring_elapse(test, 2);
	KUNIT_EXPECT_EQ(test, ring->ports[2][1].role, VNET_PORT_ROLE_ROOT);
	KUNIT_EXPECT_TRUE(test, ring->ports[2][1].forward);
}

static void stp_old_protocol(struct kunit *test)
{
	ring_make(test, false, VNET_PORT_EDGE_OFF);
	KUNIT_EXPECT_EQ(test, ring_open(), 0);
	ring_elapse(test, 14);
	KUNIT_EXPECT_EQ(test, ring_open(), 0);
	ring_elapse(test, 20);
	stp_expect_tree(test);
}

static void stp_migrates(struct kunit *test)
{
	ring_make(test, true, VNET_PORT_EDGE_OFF);
	ring_elapse(test, 10);
	ring->bridges[1].rapid = false;
	ring_enable(0, false);
	ring_enable(1, false);
	ring_settle(test);
	ring_enable(0, true);
	ring_enable(1, true);
	ring_elapse(test, 60);
	stp_expect_tree(test);
	KUNIT_EXPECT_FALSE(test, ring->ports[0][0].send_rstp);
	KUNIT_EXPECT_FALSE(test, ring->ports[2][1].send_rstp);
	KUNIT_EXPECT_TRUE(test, ring->ports[2][0].send_rstp);
}

static void stp_restricted_is_no_root(struct kunit *test)
{
	ring_make(test, true, VNET_PORT_EDGE_AUTO);
	ring->ports[1][1].restricted = true;
	ring->bridges[1].reselect = true;
	ring_settle(test);
	KUNIT_EXPECT_EQ(test, ring->ports[1][1].role, VNET_PORT_ROLE_ALTERNATE);
	KUNIT_EXPECT_EQ(test, ring->ports[1][0].role, VNET_PORT_ROLE_ROOT);
	KUNIT_EXPECT_EQ(test, ring_open(), BRIDGES - 1);
}

static void stp_holds_back(struct kunit *test)
{
	unsigned int i, sent = 0;

	ring_make(test, true, VNET_PORT_EDGE_AUTO);
	ring_elapse(test, 10);
	ring->cut[0] = true;
	for (i = 0; i < 100; i++) {
		ring->ports[0][0].new_info = true;
		vnet_rstp_transmit(&ring->bridges[0]);
		sent += !ring->ports[0][0].new_info;
	}
	KUNIT_EXPECT_LE(test, sent, VNET_RSTP_TX_HOLD);
	KUNIT_EXPECT_GE(test, sent, VNET_RSTP_TX_HOLD - 2);
}

static void stp_bpdu_bytes(struct kunit *test)
{
	struct vnet_bpdu bpdu = {
		.type = VNET_BPDU_RST, .role = VNET_BPDU_ROLE_ROOT, .tc = true, .agreement = true,
		.vector = { 0x8000020000000001ULL, 0x9000020000000002ULL, 7, 0x8003 },
		.times = { 100, 2000, 200, 1500 },
	}, seen;
	u8 bytes[VNET_BPDU_SIZE];
	size_t size = vnet_bpdu_build(&bpdu, bytes);

	KUNIT_EXPECT_EQ(test, size, VNET_BPDU_SIZE);
	KUNIT_EXPECT_EQ(test, bytes[4], 0x01 | 2 << 2 | 0x40);
	KUNIT_EXPECT_EQ(test, bytes[28], 0);
	KUNIT_EXPECT_EQ(test, bytes[27], 1);
	KUNIT_ASSERT_TRUE(test, vnet_bpdu_parse(&seen, bytes, size));
	KUNIT_EXPECT_EQ(test, memcmp(&seen, &bpdu, sizeof(seen)), 0);
	/* Shorter, of another protocol, of no type, or too old. */
	for (; size; size--)
		KUNIT_EXPECT_FALSE(test, vnet_bpdu_parse(&seen, bytes, size - 1));
	bytes[1] = 1;
	KUNIT_EXPECT_FALSE(test, vnet_bpdu_parse(&seen, bytes, sizeof(bytes)));
	bytes[1] = 0;
	bytes[3] = 3;
	KUNIT_EXPECT_FALSE(test, vnet_bpdu_parse(&seen, bytes, sizeof(bytes)));
	bytes[3] = 2;
	bytes[27] = 20;
	KUNIT_EXPECT_FALSE(test, vnet_bpdu_parse(&seen, bytes, sizeof(bytes)));
	/* Times that nobody may say are held to what the standard allows. */
	bytes[27] = 0;
	memset(bytes + 29, 0xff, 6);
	KUNIT_ASSERT_TRUE(test, vnet_bpdu_parse(&seen, bytes, sizeof(bytes)));
	KUNIT_EXPECT_EQ(test, seen.times.max_age, 4000);
	KUNIT_EXPECT_EQ(test, seen.times.hello_time, 1000);
	KUNIT_EXPECT_EQ(test, seen.times.forward_delay, 3000);
}

static struct kunit_case stp_cases[] = {
	KUNIT_CASE(stp_bpdu_bytes),
	KUNIT_CASE(stp_ring_without_edges),
	KUNIT_CASE(stp_ring_with_edges),
	KUNIT_CASE(stp_cut_heals_at_once),
	KUNIT_CASE(stp_silence_ages),
	KUNIT_CASE(stp_old_protocol),
	KUNIT_CASE(stp_migrates),
	KUNIT_CASE(stp_restricted_is_no_root),
	KUNIT_CASE(stp_holds_back),
	{}
};

static struct kunit_suite stp_suite = {
	.name = "vnet_stp",
	.test_cases = stp_cases,
};

kunit_test_suite(stp_suite);
