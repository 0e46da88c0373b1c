// SPDX-License-Identifier: GPL-2.0
/*
 * prove/frames: packets that the gateway has to refuse, one lie each. Whatever else goes on, each is counted as
 * malformed, whether it lies in one piece or in pages; a check that is missing shows at once.
 */
#include <string.h>

#include "frames.h"

#define BASE_IP IP(192, 168, 133, 20)

enum base { PING, UDP, TCP, REMOTE_PING, ARP };

/* At an offset behind the Ethernet header a byte is set; or the frame, and its total length with it, ends early. */
static const struct lie {
	const char *what;
	enum base base;
	uint8_t at, value;
	uint8_t cut;		/* bytes that are left behind the Ethernet header, 0: all */
	bool keep_total;	/* the total length goes on saying what it did */
	uint8_t sum_start, sum_offset;
} lies[] = {
	{ "IPv4 of 19 bytes", PING, .cut = 19 },
	{ "version 5", PING, .at = 0, .value = 0x55 },
	{ "header length 16", PING, .at = 0, .value = 0x44 },
	{ "total length over the frame's end, to the gateway", PING, .cut = 60, .keep_total = true },
	{ "total length over the frame's end, to outside", UDP, .cut = 40, .keep_total = true },
	{ "total length 19", PING, .at = 3, .value = 19 },
	{ "options over the frame's end", PING, .at = 0, .value = 0x4f, .cut = 40 },
	{ "UDP of 7 bytes", UDP, .cut = 27 },
	{ "UDP length 7", UDP, .at = 25, .value = 7 },
	{ "UDP length over the packet's end", UDP, .at = 25, .value = 200 },
	{ "TCP of 19 bytes", TCP, .cut = 39 },
	{ "TCP data offset 16", TCP, .at = 32, .value = 0x40 },
	{ "TCP options over the packet's end", TCP, .at = 32, .value = 0xf0, .cut = 70 },
	{ "ICMP of 7 bytes", REMOTE_PING, .cut = 27 },
	{ "ARP of 27 bytes", ARP, .cut = 27 },
	{ "ARP of 7 bytes", ARP, .cut = 7 },
	{ "ARP for another link", ARP, .at = 1, .value = 6 },
	{ "ARP for another protocol", ARP, .at = 3, .value = 1 },
	{ "ARP with long link addresses", ARP, .at = 4, .value = 8 },
	{ "ARP with long addresses", ARP, .at = 5, .value = 16 },
	{ "ARP of a group", ARP, .at = 8, .value = 3 },
	{ "a checksum over the source address", UDP, .sum_start = 26, .sum_offset = 2 },
	{ "a checksum over the source port", UDP, .sum_start = 34, .sum_offset = 0 },
};

#define N_LIES (sizeof(lies) / sizeof(*lies))

static const uint8_t mac[6] = { 2, 0, 0, 0, 3, 1 };

static void make_base(enum base base, struct frame *frame)
{
	struct flow flow = { BASE_IP, PROBE_REMOTE_IP, 30000, 443, 1 };

	if (base == ARP) {
		ether(frame, gateway_mac, mac, 0x0806);
		arp(frame, 1, mac, BASE_IP, mac, GATEWAY_IP);
		return;
	}
	ether(frame, gateway_mac, mac, 0x0800);
	if (base == PING)
		flow.daddr = GATEWAY_IP;
	if (base == TCP || base == UDP)
		flow.proto = base == TCP ? 6 : 17;
	datagram(frame, &flow, base == TCP ? 2 : 8, 60);
}

static void make_lie(const struct lie *lie, struct frame *frame)
{
	uint8_t *l3 = frame->data + ETH_HEADER;

	make_base(lie->base, frame);
	if (lie->at || lie->value)
		l3[lie->at] = lie->value;
	if (lie->cut) {
		frame->len = ETH_HEADER + lie->cut;
		if (!lie->keep_total && lie->base != ARP && lie->cut >= 20)
			put16(l3 + 2, lie->cut);
	}
	fix_sums(frame);
	if (!lie->sum_start)
		return;
	frame->meta.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	frame->meta.csum_start = lie->sum_start;
	frame->meta.csum_offset = lie->sum_offset;
}

static bool send_lie(enum door door, unsigned int i, unsigned int head)
{
	static struct frame frame;

	make_lie(&lies[i], &frame);
	/* The other guest that probes is behind the paged door. */
	if (door == DOOR_PAGED)
		frame.data[11] = 2;
	return door_send(door, &frame, head);
}

static void name_accepted(enum door door, unsigned int head)
{
	for (unsigned int i = 0; i < N_LIES; i++) {
		unsigned long before = count_malformed();

		if (!send_lie(door, i, head) || count_malformed() - before != 1)
			finding("probe: by %s, %s is not refused", door_name(door), lies[i].what);
	}
}

static void probe_door(enum door door)
{
	unsigned int head = ETH_HEADER + rnd_below(40), sent = 0;
	unsigned long before = count_malformed(), refused;

	for (unsigned int i = 0; i < N_LIES; i++)
		sent += send_lie(door, i, head);
	refused = count_malformed() - before;
	if (sent == N_LIES && refused == N_LIES) {
		probes_passed += N_LIES;
		return;
	}
	finding("probe: %s took %u of %zu malformed packets, the gateway has refused %lu", door_name(door), sent, N_LIES,
		refused);
	/* One count for all is quick: only when it is wrong is each asked about. */
	name_accepted(door, head);
}

void probe_refusals(void)
{
	probe_door(DOOR_PROBE);
	probe_door(DOOR_PAGED);
}
