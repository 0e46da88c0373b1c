// SPDX-License-Identifier: GPL-2.0
/* prove/frames: well-formed frames between the addresses of the lab, of every kind that a door may see. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"

const uint8_t gateway_mac[6] = { 2, 0, 0, 0, 8, 2 }, host_mac[6] = { 2, 0, 0, 0, 8, 1 };
const uint8_t wan_mac[6] = { 2, 0, 0, 0, 9, 2 }, router_mac[6] = { 2, 0, 0, 0, 9, 1 };
const uint8_t uplink_mac[6] = { 2, 0, 0, 0, 10, 2 }, vnic_mac[6] = { 2, 0, 0, 0, 2, 1 };

void guest_mac(uint8_t *mac, unsigned int i) { memcpy(mac, (uint8_t[]){ 2, 0, 0, 0, 1, i }, 6); }
void lan_mac(uint8_t *mac, unsigned int i) { memcpy(mac, (uint8_t[]){ 2, 0, 0, 0, 12, i }, 6); }
void bridged_mac(uint8_t *mac, unsigned int i) { memcpy(mac, (uint8_t[]){ 2, 0, 0, 0, 11, i }, 6); }

void ether(struct frame *frame, const uint8_t *to, const uint8_t *from, uint16_t type)
{
	memcpy(frame->data, to, 6);
	memcpy(frame->data + 6, from, 6);
	put16(frame->data + 12, type);
	frame->len = ETH_HEADER;
	memset(&frame->meta, 0, sizeof(frame->meta));
}

static uint8_t *append(struct frame *frame, unsigned int len)
{
	uint8_t *at = frame->data + frame->len;

	memset(at, 0, len);
	frame->len += len;
	return at;
}

void arp(struct frame *frame, uint16_t op, const uint8_t *from, uint32_t sender, const uint8_t *to, uint32_t target)
{
	uint8_t *p = append(frame, 28);

	memcpy(p, "\0\1\10\0\6\4", 6);
	put16(p + 6, op);
	memcpy(p + 8, from, 6);
	put32(p + 14, sender);
	memcpy(p + 18, to, 6);
	put32(p + 24, target);
}

/* Appends a header; ipv4_end() fills what depends on what follows it. */
unsigned int ipv4(struct frame *frame, uint32_t saddr, uint32_t daddr, uint8_t proto)
{
	unsigned int at = frame->len;
	uint8_t *ip = append(frame, 20);

	ip[0] = 0x45;
	put16(ip + 4, rnd());
	ip[8] = 64;
	ip[9] = proto;
	put32(ip + 12, saddr);
	put32(ip + 16, daddr);
	return at;
}

void ipv4_end(struct frame *frame, unsigned int ip)
{
	put16(frame->data + ip + 2, frame->len - ip > 0xffff ? 0 : frame->len - ip);
	fix_sums(frame);
}

static void l4_header(struct frame *frame, const struct flow *flow, uint8_t flags, unsigned int payload)
{
	uint8_t *l4 = append(frame, flow->proto == 6 ? 20 : 8);

	if (flow->proto == 1) {
		l4[0] = flags;
		put16(l4 + 4, flow->sport | flow->dport);
		put16(l4 + 6, 1);
		return;
	}
	put16(l4, flow->sport);
	put16(l4 + 2, flow->dport);
	if (flow->proto == 17) {
		put16(l4 + 4, 8 + payload);
		return;
	}
	put32(l4 + 4, rnd());
	put32(l4 + 8, rnd());
	l4[12] = 0x50;
	l4[13] = flags;
	put16(l4 + 14, 0x7210);
}

/* @flags: of TCP; for ICMP the type. */
void datagram(struct frame *frame, const struct flow *flow, uint8_t flags, unsigned int payload)
{
	unsigned int ip = ipv4(frame, flow->saddr, flow->daddr, flow->proto);

	l4_header(frame, flow, flags, payload);
	rnd_bytes(append(frame, payload), payload);
	ipv4_end(frame, ip);
}

void icmp_error(struct frame *frame, uint32_t saddr, uint32_t daddr, uint8_t type, uint8_t code,
		const struct flow *quoted, unsigned int quoted_payload)
{
	unsigned int ip = ipv4(frame, saddr, daddr, 1), inner;
	uint8_t *icmp = append(frame, 8);

	icmp[0] = type;
	icmp[1] = code;
	if (type == 3 && code == 4)
		put16(icmp + 6, rnd_odd16());
	inner = ipv4(frame, quoted->saddr, quoted->daddr, quoted->proto);
	/* Of layer 4 RFC 792 promises 8 bytes: less than a TCP header. */
	l4_header(frame, quoted, quoted->proto == 1 ? 8 : 2, 100);
	if (quoted_payload < 20 && quoted->proto == 6)
		frame->len -= 20 - (quoted_payload < 8 ? 8 : quoted_payload);
	else
		rnd_bytes(append(frame, quoted_payload), quoted_payload);
	put16(frame->data + inner + 2, 20 + 8 + 100);
	ipv4_end(frame, ip);
}

/* --- what there is to choose from --- */

static uint16_t a_port(void)
{
	static const uint16_t ports[] = { 80, 53, 8080, 8081, 9000, 9001, 1, 65535, 0, 4500 };

	return rnd_percent(25) ? ports[rnd_below(10)] : 20000 + rnd_below(16);
}

static uint32_t odd_ip(void)
{
	static const uint32_t odd[] = { 0, 0xffffffff, IP(127, 0, 0, 1), IP(224, 0, 0, 1), IP(239, 1, 2, 3),
		IP(192, 168, 133, 255), IP(192, 168, 133, 0), GATEWAY_IP, HOST_IP, WAN_IP, IP(203, 0, 113, 1),
		IP(203, 0, 113, 255), LAN_IP, IP(10, 7, 0, 2), IP(240, 0, 0, 1), IP(169, 254, 1, 1), IP(192, 168, 77, 5) };

	return odd[rnd_below(sizeof(odd) / sizeof(*odd))];
}

static void pick_macs(enum side side, uint8_t *to, uint8_t *from)
{
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };
	unsigned int i = rnd_below(N_GUESTS), j = rnd_below(N_GUESTS);

	switch (side) {
	case SIDE_GUEST:
		guest_mac(from, i);
		memcpy(to, rnd_percent(70) ? gateway_mac : host_mac, 6);
		if (rnd_percent(20))
			guest_mac(to, j);
		break;
	case SIDE_HOST:
		memcpy(from, host_mac, 6);
		guest_mac(to, j);
		if (rnd_percent(30))
			memcpy(to, gateway_mac, 6);
		break;
	case SIDE_WAN:
		memcpy(from, router_mac, 6);
		memcpy(to, wan_mac, 6);
		break;
	case SIDE_LAN:
		/* From the LAN to bridged guests and to the host, and the other way. */
		lan_mac(from, i);
		bridged_mac(to, j);
		if (rnd_percent(40))
			bridged_mac(from, i), lan_mac(to, j);
		if (rnd_percent(25))
			memcpy(to, uplink_mac, 6);
		break;
	}
	if (rnd_percent(5))
		memcpy(to, all, 6);
	if (rnd_percent(3))
		memcpy(to, (uint8_t[]){ 1, rnd_percent(50) ? 0x80 : 0, rnd_percent(50) ? 0xc2 : 0x5e, 0, 0, rnd() & 31 }, 6);
	if (rnd_percent(3))
		memcpy(from, (uint8_t[]){ rnd_percent(90) ? 2 : 3, 0, 0, 0xee, rnd(), rnd() }, 6);
	if (rnd_percent(1))
		memcpy(from, gateway_mac, 6);
}

static void pick_flow(enum side side, struct flow *flow)
{
	static const uint8_t protos[] = { 6, 6, 17, 17, 1 };

	flow->proto = protos[rnd_below(5)];
	flow->sport = a_port();
	flow->dport = flow->proto == 1 ? 0 : a_port();
	flow->saddr = GUEST_IP(rnd_below(N_GUESTS));
	flow->daddr = REMOTE_IP(rnd_below(N_REMOTES));
	switch (side) {
	case SIDE_GUEST:
		if (rnd_percent(15))
			flow->daddr = rnd_percent(50) ? GATEWAY_IP : WAN_IP;
		break;
	case SIDE_HOST:
		flow->daddr = flow->saddr;
		flow->saddr = HOST_IP;
		break;
	case SIDE_WAN:
		if (live_pick(flow))
			break;
		flow->saddr = flow->daddr;
		flow->daddr = WAN_IP;
		if (rnd_percent(50))
			flow->dport = 8080 + rnd_below(2);
		break;
	case SIDE_LAN:
		flow->saddr = IP(10, 9, 0, 50 + rnd_below(N_GUESTS));
		flow->daddr = rnd_percent(50) ? LAN_IP : IP(10, 9, 0, 50 + rnd_below(N_GUESTS));
		break;
	}
	if (rnd_percent(4))
		flow->daddr = odd_ip();
	if (rnd_percent(4))
		flow->saddr = odd_ip();
}

/* The packet that an error from this side would be about: it went the other way. */
static void pick_quoted(enum side side, struct flow *flow)
{
	struct flow there;

	pick_flow(side, &there);
	*flow = (struct flow){ .saddr = there.daddr, .daddr = there.saddr, .sport = there.dport,
			       .dport = there.sport, .proto = there.proto };
	if (flow->proto == 1)
		flow->sport = there.sport | there.dport, flow->dport = 0;
}

/* --- one kind of frame each --- */

static void make_arp(enum side side, struct frame *frame)
{
	uint8_t to[6], from[6], target_mac[6] = { 0 };
	struct flow flow;
	uint32_t target;

	pick_macs(side, to, from);
	pick_flow(side, &flow);
	target = rnd_percent(60) && side == SIDE_GUEST ? GATEWAY_IP : flow.daddr;
	if (rnd_percent(25))
		target = flow.saddr;
	if (rnd_percent(50))
		memset(to, 255, 6);
	ether(frame, to, from, 0x0806);
	arp(frame, rnd_percent(90) ? 1 + rnd_below(2) : rnd_odd16(), from, rnd_percent(10) ? 0 : flow.saddr,
	    rnd_percent(70) ? target_mac : to, target);
	if (rnd_percent(50))
		append(frame, 18);
}

static void make_icmp_error(enum side side, struct frame *frame)
{
	static const uint8_t types[] = { 3, 3, 3, 3, 11, 12, 4, 5 };
	struct flow quoted;

	pick_quoted(side, &quoted);
	icmp_error(frame, rnd_percent(70) ? quoted.daddr : odd_ip(), quoted.saddr, types[rnd_below(8)], rnd_below(16),
		   &quoted, rnd_percent(50) ? rnd_below(28) : rnd_below(520));
}

static void make_other_protocol(enum side side, struct frame *frame)
{
	static const uint8_t protos[] = { 0, 2, 4, 41, 47, 50, 51, 108, 132, 136, 255 };
	struct flow flow;
	unsigned int ip, len = rnd_below(200);

	pick_flow(side, &flow);
	ip = ipv4(frame, flow.saddr, flow.daddr, protos[rnd_below(sizeof(protos))]);
	rnd_bytes(append(frame, len), len);
	ipv4_end(frame, ip);
}

/* Record route, timestamp, source routes, router alert, and bytes that are none of these. */
static void add_ip_options(struct frame *frame)
{
	static const uint8_t types[] = { 7, 68, 131, 137, 148, 0, 1, 130, 255 };
	unsigned int len = 4 + 4 * rnd_below(10), ip = ETH_HEADER;
	uint8_t *options = frame->data + ip + 20;

	memmove(options + len, options, frame->len - ip - 20);
	frame->len += len;
	memset(options, 1, len);
	options[0] = types[rnd_below(sizeof(types))];
	options[1] = rnd_percent(80) ? len : rnd_below(256);
	options[2] = rnd_percent(80) ? 4 : rnd_below(256);
	frame->data[ip] = 0x40 | (5 + len / 4);
	ipv4_end(frame, ip);
}

static void add_tcp_options(struct frame *frame)
{
	unsigned int len = 4 * (1 + rnd_below(10)), l4 = ETH_HEADER + 20;
	uint8_t *options = frame->data + l4 + 20;

	memmove(options + len, options, frame->len - l4 - 20);
	frame->len += len;
	rnd_bytes(options, len);
	options[0] = 2;
	options[1] = 4;
	frame->data[l4 + 12] = (5 + len / 4) << 4;
	ipv4_end(frame, ETH_HEADER);
}

static void make_datagram(enum side side, struct frame *frame)
{
	static const uint8_t icmp[] = { 8, 8, 0, 13, 14, 10, 15, 17 }, tcp[] = { 2, 0x12, 0x10, 0x18, 0x11, 4, 0x14 };
	unsigned int payload = rnd_percent(80) ? rnd_below(200) : rnd_below(1460);
	struct flow flow;
	uint8_t flags;

	pick_flow(side, &flow);
	if (rnd_percent(6))
		payload = rnd_percent(70) ? 1400 + rnd_below(8000) : 60000 + rnd_below(5400);
	flags = flow.proto == 1 ? icmp[side == SIDE_WAN ? 2 : rnd_below(8)] : tcp[rnd_below(7)];
	if (rnd_percent(5))
		flags = rnd();
	datagram(frame, &flow, flags, payload);
	if (rnd_percent(8))
		frame->data[ETH_HEADER + 6] |= 0x40;
	if (rnd_percent(4))
		frame->data[ETH_HEADER + 8] = rnd_below(3);
	if (flow.proto == 6 && rnd_percent(30))
		add_tcp_options(frame);
	if (rnd_percent(8))
		add_ip_options(frame);
	fix_sums(frame);
}

static void make_ipv4(enum side side, struct frame *frame)
{
	uint8_t to[6], from[6];
	unsigned int kind = rnd_below(100);

	pick_macs(side, to, from);
	ether(frame, to, from, 0x0800);
	if (kind < 72)
		make_datagram(side, frame);
	else if (kind < 94)
		make_icmp_error(side, frame);
	else
		make_other_protocol(side, frame);
}

static void make_ipv6(enum side side, struct frame *frame)
{
	static const uint8_t next[] = { 58, 17, 6, 0, 43, 44, 59 };
	uint8_t to[6], from[6], *ip;
	unsigned int len = rnd_below(300);

	pick_macs(side, to, from);
	ether(frame, to, from, 0x86dd);
	ip = append(frame, 40);
	ip[0] = 0x60;
	put16(ip + 4, len);
	ip[6] = next[rnd_below(7)];
	ip[7] = 255;
	ip[8] = 0xfe, ip[9] = 0x80, ip[23] = rnd();
	ip[24] = 0xff, ip[25] = 2, ip[39] = 1;
	rnd_bytes(append(frame, len), len);
}

/* STP, LLDP, PAUSE, EAPOL, LLC, and types that nobody knows. */
static void make_other_type(enum side side, struct frame *frame)
{
	static const uint16_t types[] = { 0x0026, 0x88cc, 0x8808, 0x888e, 0x0003, 0x88b5, 0x8863, 0x8847, 0x05dc, 0x0600, 0 };
	uint8_t to[6], from[6];
	unsigned int len = rnd_percent(80) ? rnd_below(120) : rnd_below(1500);

	pick_macs(side, to, from);
	if (rnd_percent(50))
		memcpy(to, (uint8_t[]){ 1, 0x80, 0xc2, 0, 0, rnd_below(34) }, 6);
	ether(frame, to, from, types[rnd_below(11)]);
	rnd_bytes(append(frame, len), len);
	if (rnd_percent(40))
		memcpy(frame->data + ETH_HEADER, "\x42\x42\x03", 3);
}

/* From a file: what is special about it stays, the addresses become those of the lab. */
static bool make_from_corpus(enum side side, struct frame *frame)
{
	uint8_t to[6], from[6];
	struct layers at;
	struct flow flow;

	if (!corpus_pick(frame))
		return false;
	pick_macs(side, to, from);
	pick_flow(side, &flow);
	if (!(frame->data[0] & 1))
		memcpy(frame->data, to, 6);
	memcpy(frame->data + 6, from, 6);
	dissect(frame, &at);
	if (!at.ip)
		return true;
	put32(frame->data + at.ip + 12, flow.saddr);
	put32(frame->data + at.ip + 16, flow.daddr);
	if (at.proto != 1 && at.l4 + 4 <= frame->len && rnd_percent(50)) {
		put16(frame->data + at.l4, flow.sport);
		put16(frame->data + at.l4 + 2, flow.dport);
	}
	fix_sums(frame);
	return true;
}

/* Whatever order the fragments of a datagram come in. */
static void shuffle(unsigned int *order, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		unsigned int j = rnd_below(i + 1);

		order[i] = order[j];
		order[j] = i;
	}
}

/* @len bytes of a datagram's payload, from @from on, said to be at @place. */
static void make_fragment(struct frame *one, const struct frame *whole, unsigned int from, unsigned int len,
			  unsigned int place, bool more)
{
	unsigned int ip = ETH_HEADER + 20;

	memcpy(one->data, whole->data, ip);
	memcpy(one->data + ip, whole->data + ip + from, len);
	one->len = ip + len;
	memset(&one->meta, 0, sizeof(one->meta));
	put16(one->data + ETH_HEADER + 6, (place & 0x1fff) | (more ? 0x2000 : 0));
	ipv4_end(one, ETH_HEADER);
}

/* Fragments of a datagram: in any order, some missing, some over each other, some where none can be. */
static unsigned int make_fragments(enum side side, struct frame *frames)
{
	static struct frame whole;
	unsigned int order[STEP_FRAMES], n = 2 + rnd_below(STEP_FRAMES - 1), payload, size;
	uint8_t to[6], from[6];

	pick_macs(side, to, from);
	ether(&whole, to, from, 0x0800);
	if (rnd_percent(80))
		make_datagram(side, &whole);
	else
		make_icmp_error(side, &whole);
	/* Options would have to be told apart by whether they are copied: there are others who have some. */
	whole.data[ETH_HEADER] = 0x45;
	payload = whole.len - ETH_HEADER - 20;
	size = rnd_percent(10) ? 8 : (payload / n + 8) & ~7u;
	if (size * n < payload || size * (n - 1) >= payload)
		n = (payload + size - 1) / size;
	if (n > STEP_FRAMES)
		n = STEP_FRAMES;
	shuffle(order, n);
	for (unsigned int i = 0; i < n; i++) {
		unsigned int start = i * size, len = payload - start < size ? payload - start : size;

		if (start && rnd_percent(8))
			start -= 8;
		make_fragment(&frames[order[i]], &whole, start, len, rnd_percent(96) ? start / 8 : 0x1fff - rnd_below(4),
			      i + 1 < n || rnd_percent(5));
	}
	return rnd_percent(15) && n > 1 ? n - 1 : n;
}

static void add_tags(struct frame *frame)
{
	static const uint16_t types[] = { 0x8100, 0x8100, 0x8100, 0x88a8, 0x9100 };
	unsigned int n = rnd_percent(60) ? 1 : 1 + rnd_below(8);

	memmove(frame->data + 12 + 4 * n, frame->data + 12, frame->len - 12);
	frame->len += 4 * n;
	for (unsigned int i = 0; i < n; i++) {
		put16(frame->data + 12 + 4 * i, types[rnd_below(5)]);
		put16(frame->data + 14 + 4 * i, rnd_percent(70) ? (rnd_percent(50) ? 7 : 0) : rnd());
	}
}

static void make_one(enum side side, struct frame *frame)
{
	unsigned int kind = rnd_below(100);

	if (kind < 10 && make_from_corpus(side, frame))
		return;
	if (kind < 18)
		make_arp(side, frame);
	else if (kind < 90)
		make_ipv4(side, frame);
	else if (kind < 94)
		make_ipv6(side, frame);
	else
		make_other_type(side, frame);
}

/* The frames of one step. A good part of them is left as it is: deep states are reached by sense, not by noise. */
unsigned int make_step(enum side side, struct frame *frames)
{
	static struct frame other;
	unsigned int n = 1;

	if (rnd_percent(7))
		n = make_fragments(side, frames);
	else
		make_one(side, &frames[0]);
	for (unsigned int i = 0; i < n; i++) {
		if (rnd_percent(10))
			add_tags(&frames[i]);
		if (rnd_percent(12))
			offload(&frames[i], 200 + rnd_below(1261));
		if (rnd_percent(45)) {
			make_one(side, &other);
			mutate(&frames[i], &other);
		}
		if (rnd_percent(8))
			lie(&frames[i]);
	}
	return n;
}
