// SPDX-License-Identifier: GPL-2.0
/* prove/frames: the network still works. Well-formed packets pass each path and arrive as they must. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "frames.h"

#define PROBE_IP(i) IP(192, 168, 133, 20 + (i))
#define PATIENCE_MS 1000

unsigned long probes_passed;

/* The guest that probes: one behind a vnic, one behind a tap whose packets lie in pages. */
static const struct probe {
	enum door door;
	uint8_t mac[6];
	uint32_t ip;
	uint16_t forward;
	uint8_t forward_proto;
} probes[] = {
	{ DOOR_PROBE, { 2, 0, 0, 0, 3, 1 }, PROBE_IP(0), 8090, 6 },
	{ DOOR_PAGED, { 2, 0, 0, 0, 3, 2 }, PROBE_IP(1), 8090, 17 },
};

static struct frame out, in;
static uint8_t payload[2000];

/* What is awaited: from whom it must come, and its payload. */
struct wanted {
	struct flow flow;
	bool any_sport;
	unsigned int len;
};

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool same_flow(const struct layers *at, const struct wanted *wanted)
{
	const uint8_t *ip = in.data + at->ip, *l4 = in.data + at->l4;
	const struct flow *flow = &wanted->flow;

	if (!at->ip || at->proto != flow->proto || get32(ip + 12) != flow->saddr || get32(ip + 16) != flow->daddr)
		return false;
	if (at->l4 + 8 > at->end)
		return false;
	if (flow->proto == 1)
		return l4[0] == flow->sport && (wanted->any_sport || get16(l4 + 4) == flow->dport);
	return get16(l4 + 2) == flow->dport && (wanted->any_sport || get16(l4) == flow->sport);
}

static bool sums_right(const struct layers *at)
{
	const uint8_t *ip = in.data + at->ip;
	unsigned int len = at->end - at->l4;

	const uint8_t *l4 = in.data + at->l4;

	return !sum16(ip, at->l4 - at->ip, 0) && !sum16(l4, len, at->proto == 1 ? 0 : pseudo_sum(ip, len));
}

/* Waits for a frame; what else comes is drained. Its payload is the last @len bytes. */
static bool await(enum door door, const struct wanted *wanted, const char *what)
{
	long end = now_ms() + PATIENCE_MS;
	struct timespec nap = { .tv_nsec = 200000 };
	struct layers at;

	do {
		while (door_receive(door, &in)) {
			dissect(&in, &at);
			if (!same_flow(&at, wanted))
				continue;
			if (!sums_right(&at))
				finding("probe: %s: a checksum is wrong", what);
			else if (at.end < at.l4 + wanted->len || memcmp(in.data + at.end - wanted->len, payload, wanted->len))
				finding("probe: %s: the payload has changed", what);
			else
				probes_passed++;
			return true;
		}
		nanosleep(&nap, NULL);
	} while (now_ms() < end);
	finding("probe: %s: nothing has arrived", what);
	return false;
}

static struct flow back(const struct flow *flow)
{
	return (struct flow){ .saddr = flow->daddr, .daddr = flow->saddr, .sport = flow->dport, .dport = flow->sport,
			      .proto = flow->proto };
}

/* A packet whose payload will be known again. */
static void build(const uint8_t *to, const uint8_t *from, const struct flow *flow, uint8_t flags, unsigned int len)
{
	ether(&out, to, from, 0x0800);
	datagram(&out, flow, flags, len);
	memcpy(payload, out.data + out.len - len, len);
}

/* Heads of the paged door that end in the middle of things. */
static unsigned int a_head(void)
{
	static const unsigned int heads[] = { 14, 15, 34, 42, 200 };

	return heads[rnd_below(5)];
}

static void announce(const struct probe *probe)
{
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };

	ether(&out, all, probe->mac, 0x0806);
	arp(&out, 1, probe->mac, probe->ip, all, probe->ip);
	door_send(probe->door, &out, out.len);
}

static void probe_arp(const struct probe *probe)
{
	static const uint8_t nobody[6];
	long end = now_ms() + PATIENCE_MS;

	ether(&out, gateway_mac, probe->mac, 0x0806);
	arp(&out, 1, probe->mac, probe->ip, nobody, GATEWAY_IP);
	door_send(probe->door, &out, a_head());
	do {
		while (door_receive(probe->door, &in)) {
			if (in.len < 42 || get16(in.data + 12) != 0x0806 || get16(in.data + 20) != 2 ||
			    memcmp(in.data, probe->mac, 6) || memcmp(in.data + 22, gateway_mac, 6))
				continue;
			probes_passed++;
			return;
		}
	} while (now_ms() < end);
	finding("probe: the gateway does not answer ARP of %s", door_name(probe->door));
}

static void probe_ping(const struct probe *probe)
{
	struct flow flow = { .saddr = probe->ip, .daddr = GATEWAY_IP, .sport = rnd(), .proto = 1 };
	struct wanted wanted = { { .saddr = GATEWAY_IP, .daddr = probe->ip, .dport = flow.sport, .proto = 1 }, .len = 56 };

	build(gateway_mac, probe->mac, &flow, 8, 56);
	door_send(probe->door, &out, a_head());
	await(probe->door, &wanted, "ping of the gateway");
}

/* The same with a header of options (no-operations), of which a paged head may have none. */
static void probe_options(const struct probe *probe)
{
	static const unsigned int heads[] = { 14, 34, 40, 54 };
	struct flow flow = { .saddr = probe->ip, .daddr = GATEWAY_IP, .sport = rnd(), .proto = 1 };
	struct wanted wanted = { { .saddr = GATEWAY_IP, .daddr = probe->ip, .dport = flow.sport, .proto = 1 }, .len = 56 };
	uint8_t *ip = out.data + ETH_HEADER;

	build(gateway_mac, probe->mac, &flow, 8, 56);
	memmove(ip + 60, ip + 20, out.len - ETH_HEADER - 20);
	memset(ip + 20, 1, 40);
	ip[0] = 0x4f;
	out.len += 40;
	ipv4_end(&out, ETH_HEADER);
	for (unsigned int i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		door_send(probe->door, &out, heads[i]);
		await(probe->door, &wanted, "ping with options");
	}
}

/* From one probing guest to the other one, by the switch alone. */
static void probe_switch(void)
{
	const struct probe *from = &probes[0], *to = &probes[1];
	struct wanted wanted = { { from->ip, to->ip, rnd(), 9, 17 }, .len = 100 };

	build(to->mac, from->mac, &wanted.flow, 0, 100);
	door_send(from->door, &out, a_head());
	await(to->door, &wanted, "guest to guest");
	wanted.flow = back(&wanted.flow);
	build(from->mac, to->mac, &wanted.flow, 0, 100);
	door_send(to->door, &out, a_head());
	await(from->door, &wanted, "guest to guest, back");
}

/* Both ICMP errors quote; what the receiver finds quoted must be what it has sent. */
static void probe_error(const struct probe *probe, const struct flow *sent, const struct flow *seen)
{
	struct flow outer = { .saddr = sent->daddr, .daddr = probe->ip, .sport = 3, .proto = 1 };
	struct wanted wanted = { outer, .any_sport = true };
	struct layers at;
	const uint8_t *quoted;

	ether(&out, wan_mac, router_mac, 0x0800);
	icmp_error(&out, sent->daddr, WAN_IP, 3, 1, seen, rnd_percent(50) ? 0 : 20);
	door_send(DOOR_WAN, &out, out.len);
	if (!await(probe->door, &wanted, "ICMP error from outside"))
		return;
	dissect(&in, &at);
	quoted = in.data + at.l4 + 8;
	if (at.l4 + 8 + 28 > at.end || sum16(quoted, 20, 0) || get32(quoted + 12) != sent->saddr ||
	    get32(quoted + 16) != sent->daddr || get16(quoted + 20 + (sent->proto == 1 ? 4 : 0)) != sent->sport)
		finding("probe: an ICMP error does not quote what the guest has sent");
}

/* Out and back, of one protocol, and an error about it. */
static void probe_nat(const struct probe *probe, uint8_t proto, unsigned int len)
{
	struct flow flow = { probe->ip, PROBE_REMOTE_IP, 1024 + rnd_below(60000), proto == 1 ? 0 : 443, proto };
	struct wanted wanted = { { WAN_IP, PROBE_REMOTE_IP, proto == 1 ? 8 : 0, flow.dport, proto }, true, len };
	struct flow seen;
	struct layers at;

	build(gateway_mac, probe->mac, &flow, proto == 1 ? 8 : 2, len);
	if (rnd_percent(50))
		offload(&out, LAB_MTU);
	door_send(probe->door, &out, a_head());
	if (!await(DOOR_WAN, &wanted, "guest to Internet"))
		return;
	dissect(&in, &at);
	seen = wanted.flow;
	seen.sport = get16(in.data + at.l4 + (proto == 1 ? 4 : 0));
	seen.dport = flow.dport;
	wanted = (struct wanted){ { PROBE_REMOTE_IP, probe->ip, flow.dport, flow.sport, proto }, false, len };
	seen = back(&seen);
	build(wan_mac, router_mac, &seen, proto == 1 ? 0 : 0x12, len);
	door_send(DOOR_WAN, &out, out.len);
	await(probe->door, &wanted, "Internet to guest");
	seen = back(&seen);
	probe_error(probe, &flow, &seen);
}

static void probe_forward(const struct probe *probe)
{
	struct flow flow = { PROBE_REMOTE_IP, WAN_IP, 1024 + rnd_below(60000), probe->forward, probe->forward_proto };
	struct wanted wanted = { { PROBE_REMOTE_IP, probe->ip, flow.sport, 80, flow.proto }, false, 60 };

	build(wan_mac, router_mac, &flow, 2, 60);
	door_send(DOOR_WAN, &out, out.len);
	if (!await(probe->door, &wanted, "forward to a guest"))
		return;
	wanted.flow = back(&wanted.flow);
	build(gateway_mac, probe->mac, &wanted.flow, 0x12, 60);
	door_send(probe->door, &out, a_head());
	wanted.flow = back(&flow);
	await(DOOR_WAN, &wanted, "forward, back");
}

/* A datagram in two fragments, out through NAT, where it must be whole or in fragments that were counted. */
static void probe_fragments(const struct probe *probe)
{
	static struct frame part;
	struct wanted wanted = { { WAN_IP, PROBE_REMOTE_IP, 0, 443, 17 }, true, 600 };
	struct flow flow = { probe->ip, PROBE_REMOTE_IP, 1024 + rnd_below(60000), 443, 17 };
	unsigned int ip = ETH_HEADER + 20, first = 304;

	build(gateway_mac, probe->mac, &flow, 0, 600);
	part = out;
	part.len = ip + first;
	put16(part.data + ETH_HEADER + 6, 0x2000);
	ipv4_end(&part, ETH_HEADER);
	memmove(out.data + ip, out.data + ip + first, out.len - ip - first);
	out.len -= first;
	put16(out.data + ETH_HEADER + 6, first / 8);
	ipv4_end(&out, ETH_HEADER);
	door_send(probe->door, &out, a_head());
	door_send(probe->door, &part, a_head());
	await(DOOR_WAN, &wanted, "fragments through NAT");
}

static void probe_bridge(void)
{
	static const uint8_t guest[6] = { 2, 0, 0, 0, 3, 3 }, peer[6] = { 2, 0, 0, 0, 3, 4 };
	struct wanted wanted = { { IP(10, 9, 0, 20), IP(10, 9, 0, 21), rnd(), 9, 17 }, .len = 80 };

	build(peer, guest, &wanted.flow, 0, 80);
	door_send(DOOR_BRIDGED, &out, out.len);
	await(DOOR_UPLINK, &wanted, "bridged guest to LAN");
	wanted.flow = back(&wanted.flow);
	build(guest, peer, &wanted.flow, 0, 80);
	door_send(DOOR_UPLINK, &out, out.len);
	await(DOOR_BRIDGED, &wanted, "LAN to bridged guest");
}

void probe_all(void)
{
	for (unsigned int i = 0; i < DOORS; i++)
		door_drain(i);
	for (unsigned int i = 0; i < 2; i++) {
		announce(&probes[i]);
		probe_arp(&probes[i]);
		probe_ping(&probes[i]);
		probe_options(&probes[i]);
		probe_nat(&probes[i], 17, rnd_below(1400));
		probe_nat(&probes[i], 6, rnd_below(1400));
		probe_nat(&probes[i], 1, rnd_below(1400));
		probe_forward(&probes[i]);
		probe_fragments(&probes[i]);
	}
	probe_switch();
	probe_bridge();
	probe_refusals();
}
