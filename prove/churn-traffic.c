// SPDX-License-Identifier: GPL-2.0
/*
 * churn: frames, and the threads that send them.
 *
 * A flow is a number that both sides know: the guest sends it out, INET sends the answer. NAT keeps the guest's
 * port where that is free, so most answers find their session.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "churn.h"

#define FLOWS	   16384
#define FLOW_PORTS 8192
#define FIRST_PORT 20000
#define BURST	   32
/* Who is no vnic's guest has the numbers behind: members, the tap, and the host with addresses that it has not. */
#define MEMBER	    N_GUESTS
#define TAP	    (2 * N_GUESTS)
#define STRANGER    (TAP + 1)
#define N_SENDERS   (STRANGER + 1)
#define LOCAL_PROTO 0x88b5

atomic_ullong frames_sent;

static void append(struct frame *frame, const void *data, size_t length)
{
	memcpy(frame->bytes + frame->length, data, length);
	frame->length += length;
}

static void append16(struct frame *frame, uint32_t value)
{
	uint16_t raw = htons((uint16_t)value);

	append(frame, &raw, sizeof(raw));
}

static void append32(struct frame *frame, uint32_t value)
{
	uint32_t raw = htonl(value);

	append(frame, &raw, sizeof(raw));
}

static uint32_t sum(const uint8_t *data, size_t length, uint32_t total)
{
	for (size_t i = 0; i + 1 < length; i += 2)
		total += (uint32_t)data[i] << 8 | data[i + 1];
	return length % 2 ? total + ((uint32_t)data[length - 1] << 8) : total;
}

static void put_sum(uint8_t *where, uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	total = ~total & 0xffff;
	where[0] = (uint8_t)(total >> 8);
	where[1] = (uint8_t)total;
}

void ether(struct frame *frame, const uint8_t *to, const uint8_t *from, uint16_t proto)
{
	frame->length = 0;
	append(frame, to, 6);
	append(frame, from, 6);
	append16(frame, proto);
}

/* What an IPv4 packet is; FRAGMENT is the field with flags and offset. */
struct packet {
	uint32_t saddr, daddr;
	uint8_t proto, ttl;
	uint16_t sport, dport, ident, fragment;
	uint8_t flags, type, code;
	uint16_t payload;
};

static void ip_header(struct frame *frame, const struct packet *packet, size_t length)
{
	uint8_t *start = frame->bytes + frame->length;

	append16(frame, 0x4500);
	append16(frame, (uint32_t)(20 + length));
	append16(frame, packet->ident);
	append16(frame, packet->fragment);
	append16(frame, (uint32_t)packet->ttl << 8 | packet->proto);
	append16(frame, 0);
	append32(frame, packet->saddr);
	append32(frame, packet->daddr);
	put_sum(start + 10, sum(start, 20, 0));
}

static void fill(struct frame *frame, size_t length)
{
	memset(frame->bytes + frame->length, 0x5a, length);
	frame->length += length;
}

static uint32_t pseudo(const struct packet *packet, size_t length)
{
	return (packet->saddr >> 16) + (packet->saddr & 0xffff) + (packet->daddr >> 16) + (packet->daddr & 0xffff) +
	       packet->proto + (uint32_t)length;
}

static void ip(struct frame *frame, const struct packet *packet)
{
	static const size_t headers[256] = {[IPPROTO_UDP] = 8, [IPPROTO_TCP] = 20, [IPPROTO_ICMP] = 8};
	size_t length = headers[packet->proto] + packet->payload;
	uint8_t *start;

	ip_header(frame, packet, length);
	start = frame->bytes + frame->length;
	if (packet->proto == IPPROTO_ICMP) {
		append16(frame, (uint32_t)packet->type << 8 | packet->code);
		append16(frame, 0);
		append16(frame, packet->sport);
		append16(frame, 1);
		fill(frame, packet->payload);
		put_sum(start + 2, sum(start, length, 0));
		return;
	}
	append16(frame, packet->sport);
	append16(frame, packet->dport);
	if (packet->proto == IPPROTO_UDP) {
		append16(frame, (uint32_t)length);
		append16(frame, 0);
	} else {
		append32(frame, 1);
		append32(frame, 1);
		append16(frame, 0x5000 | packet->flags);
		append16(frame, 65535);
		append32(frame, 0);
	}
	fill(frame, packet->payload);
	put_sum(start + (packet->proto == IPPROTO_UDP ? 6 : 16), sum(start, length, pseudo(packet, length)));
}

/* A fragment, whose bytes are no header that anybody would read unless it is the first. */
static void ip_fragment(struct frame *frame, struct packet *packet, bool first)
{
	packet->proto = IPPROTO_UDP;
	packet->payload = 56;
	packet->fragment = first ? 0x2000 : 8;
	if (first) {
		ip(frame, packet);
		return;
	}
	ip_header(frame, packet, 64);
	fill(frame, 64);
}

static void arp(struct frame *frame, int op, const uint8_t *from, uint32_t sender, uint32_t target)
{
	static const uint8_t nobody[6];

	append16(frame, 1);
	append16(frame, ETH_P_IP);
	append16(frame, 0x0604);
	append16(frame, (uint32_t)op);
	append(frame, from, 6);
	append32(frame, sender);
	append(frame, nobody, 6);
	append32(frame, target);
}

/* A guest says who has its address (RFC 5227). */
void announce(struct frame *frame, int guest, int vnet)
{
	static const uint8_t everybody[6] = {255, 255, 255, 255, 255, 255};
	uint8_t mac[6];

	mac_guest(mac, guest, vnet);
	ether(frame, everybody, mac, ETH_P_ARP);
	arp(frame, 1, mac, addr_guest(guest, vnet), addr_guest(guest, vnet));
}

/* The guest's side of a flow. */
static void flow_out(struct packet *packet, uint32_t flow, int guest, int vnet)
{
	*packet = (struct packet){
		.saddr = addr_guest(guest, vnet),
		.daddr = ADDR_REMOTES + 1 + flow * 7 % 250,
		.sport = (uint16_t)(FIRST_PORT + flow % FLOW_PORTS),
		.dport = (uint16_t)(1000 + flow / FLOW_PORTS),
		.ttl = 64,
		.proto = IPPROTO_UDP,
		.payload = 32,
	};
}

/* The remote's. */
static void flow_in(struct packet *packet, uint32_t flow)
{
	struct packet out;

	flow_out(&out, flow, 0, 0);
	*packet = out;
	packet->saddr = out.daddr;
	packet->daddr = ADDR_WAN;
	packet->sport = out.dport;
	packet->dport = out.sport;
}

void udp_out(struct frame *frame, uint32_t flow, int guest, int vnet)
{
	uint8_t to[6], from[6];
	struct packet packet;

	mac_gateway(to, vnet);
	mac_guest(from, guest, vnet);
	ether(frame, to, from, ETH_P_IP);
	flow_out(&packet, flow, guest, vnet);
	ip(frame, &packet);
}

void udp_in(struct frame *frame, uint32_t flow)
{
	uint8_t to[6], from[6];
	struct packet packet;

	mac_wan(to, false);
	mac_wan(from, true);
	ether(frame, to, from, ETH_P_IP);
	flow_in(&packet, flow);
	ip(frame, &packet);
}

static void make_tcp(struct packet *packet, struct rng *rng)
{
	static const uint8_t flags[] = {0x02, 0x12, 0x10, 0x10, 0x11, 0x04};

	packet->proto = IPPROTO_TCP;
	packet->flags = flags[draw(rng, sizeof(flags))];
}

/* "Port unreachable" for a packet of the other side, which it quotes. */
static void icmp_error(struct frame *frame, const struct packet *quoted, uint32_t from)
{
	struct packet error = {
		.saddr = from,
		.daddr = quoted->saddr,
		.proto = IPPROTO_ICMP,
		.type = 3,
		.code = 3,
		.ttl = 64,
		.payload = 28,
	};
	size_t start = frame->length + 20;
	struct frame inner = {.length = 0};

	ip(frame, &error);
	ip(&inner, quoted);
	memcpy(frame->bytes + start + 8, inner.bytes, 28);
	memset(frame->bytes + start + 2, 0, 2);
	put_sum(frame->bytes + start + 2, sum(frame->bytes + start, 36, 0));
}

/* A guest's packet to the gateway. */
static void guest_packet(struct frame *frame, struct rng *rng, int guest, int vnet)
{
	uint32_t flow = draw(rng, FLOWS), kind = draw(rng, 20);
	struct packet packet, reply;

	flow_out(&packet, flow, guest, vnet);
	packet.ident = (uint16_t)draw(rng, 16);
	if (kind < 9) {
		packet.payload = (uint16_t)draw(rng, 64);
	} else if (kind < 13) {
		make_tcp(&packet, rng);
	} else if (kind < 15) {
		packet.proto = IPPROTO_ICMP;
		packet.type = 8;
	} else if (kind == 15) {
		ip_fragment(frame, &packet, draw(rng, 2));
		return;
	} else if (kind == 16) {
		packet.daddr = draw(rng, 2) ? ADDR_WAN : ADDR_SUBNET(vnet) + 2;
		packet.dport = (uint16_t)(FIRST_PORT + draw(rng, FLOW_PORTS));
	} else if (kind == 17) {
		packet.ttl = 1;
	} else if (kind == 18) {
		flow_in(&reply, flow);
		reply.daddr = addr_guest(guest, vnet);
		icmp_error(frame, &reply, reply.daddr);
		return;
	} else {
		packet.saddr += draw(rng, 4);
	}
	ip(frame, &packet);
}

static void guest_arp(struct frame *frame, struct rng *rng, const uint8_t *mac, int guest, int vnet)
{
	uint32_t own = addr_guest(guest, vnet);

	arp(frame, 1, mac, own, draw(rng, 2) ? own : ADDR_SUBNET(vnet) + draw(rng, 4));
}

void frame_of_guest(struct frame *frame, struct rng *rng, int guest, int vnet)
{
	static const uint8_t everybody[6] = {255, 255, 255, 255, 255, 255};
	static const uint8_t reserved[6] = {1, 0x80, 0xc2, 0, 0, 0};
	uint32_t kind = draw(rng, 16);
	uint8_t from[6], to[6];

	mac_guest(from, guest, vnet);
	if (kind < 9) {
		mac_gateway(to, vnet);
		ether(frame, to, from, ETH_P_IP);
		guest_packet(frame, rng, guest, vnet);
		return;
	}
	if (kind == 9) {
		ether(frame, everybody, from, ETH_P_ARP);
		guest_arp(frame, rng, from, guest, vnet);
		return;
	}
	mac_guest(to, (int)draw(rng, N_SENDERS), vnet);
	/* A MAC address that was not there before, so that the table grows and ages. */
	if (kind >= 13) {
		from[2] = 0xbb;
		from[4] = (uint8_t)draw(rng, 64);
		from[5] = (uint8_t)draw(rng, 256);
	}
	if (kind == 10)
		to[3] = 0x77;
	if (kind == 11 && !draw(rng, 4))
		from[0] |= 1;
	ether(frame, kind == 12 || kind == 13 ? everybody : kind == 11 ? reserved : to, from, LOCAL_PROTO);
	fill(frame, 50);
}

void frame_of_inet(struct frame *frame, struct rng *rng)
{
	uint32_t kind = draw(rng, 16), flow = draw(rng, FLOWS);
	struct packet packet;
	uint8_t from[6], to[6];

	mac_wan(to, false);
	mac_wan(from, true);
	if (kind >= 14) {
		/* The LAN of a bridged guest. */
		mac_guest(to, (int)draw(rng, N_GUESTS), (int)draw(rng, N_VNETS));
		if (kind == 15)
			memset(to, 255, sizeof(to));
		from[4] = (uint8_t)draw(rng, 64);
		ether(frame, to, from, LOCAL_PROTO);
		fill(frame, 50);
		return;
	}
	ether(frame, to, from, ETH_P_IP);
	flow_in(&packet, flow);
	packet.ident = (uint16_t)draw(rng, 16);
	packet.daddr += draw(rng, 8) ? 0 : draw(rng, 3);
	if (kind < 3) {
		make_tcp(&packet, rng);
	} else if (kind == 3) {
		packet.proto = IPPROTO_ICMP;
		packet.sport = packet.dport;
	} else if (kind < 6) {
		packet.sport = (uint16_t)(30000 + draw(rng, 4096));
	} else if (kind < 9) {
		packet.dport = (uint16_t)(FORWARD_PORT + draw(rng, 64));
		packet.sport = (uint16_t)(30000 + draw(rng, 512));
		if (draw(rng, 2))
			make_tcp(&packet, rng);
	} else if (kind == 9) {
		ip_fragment(frame, &packet, draw(rng, 2));
		return;
	} else if (kind == 10) {
		flow_out(&packet, flow, 0, 0);
		packet.saddr = ADDR_WAN;
		icmp_error(frame, &packet, packet.daddr);
		return;
	}
	ip(frame, &packet);
}

/* How many were sent: the netdev may be gone, or go meanwhile. */
int shoot(int sock, int index, const struct frame *frames, int count)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = index, .sll_halen = 6};
	struct mmsghdr messages[BURST] = {0};
	struct iovec parts[BURST];

	if (!index)
		return 0;
	for (int i = 0; i < count; i++) {
		parts[i] = (struct iovec){(void *)frames[i].bytes, frames[i].length};
		messages[i].msg_hdr = (struct msghdr){
			.msg_name = &to,
			.msg_namelen = sizeof(to),
			.msg_iov = &parts[i],
			.msg_iovlen = 1,
		};
	}
	count = sendmmsg(sock, messages, (unsigned int)count, MSG_DONTWAIT);
	return count < 0 ? 0 : count;
}

/* A VM writes to its tap. */
static int shoot_tap(int world, const struct frame *frames, int count)
{
	int sent = 0;

	pthread_rwlock_rdlock(&tap_locks[world]);
	for (int i = 0; taps[world] > 0 && i < count; i++)
		sent += write(taps[world], frames[i].bytes, frames[i].length) > 0;
	pthread_rwlock_unlock(&tap_locks[world]);
	return sent;
}

/* One burst from a place that is drawn, mostly a guest's vnic. */
static int burst(struct seats *seats, struct rng *rng, struct frame *frames)
{
	int world = (int)draw(rng, N_WORLDS), guest = (int)draw(rng, N_GUESTS), vnet = !draw(rng, 4),
	    place = GUEST + guest;
	int count = 1 + (int)draw(rng, BURST);
	uint32_t kind = draw(rng, 16);
	struct seat *seat;
	char dev[16];

	snprintf(dev, sizeof(dev), "n%d", vnet);
	if (kind < 5) {
		place = INET;
		snprintf(dev, sizeof(dev), "wan");
	} else if (kind == 11 || kind == 12) {
		snprintf(dev, sizeof(dev), "m%d", guest);
		guest += MEMBER;
	} else if (kind == 13) {
		guest = TAP;
	} else if (kind > 13) {
		place = HOST;
		guest = STRANGER;
		if (kind == 14)
			dev[0] = 'v';
		else
			snprintf(dev, sizeof(dev), "wan");
	}
	for (int i = 0; i < count; i++) {
		if (place == INET)
			frame_of_inet(&frames[i], rng);
		else
			frame_of_guest(&frames[i], rng, guest, vnet);
	}
	if (guest == TAP)
		return shoot_tap(world, frames, count);
	seat = seat_in(seats, world, place);
	return shoot(seat->packet, index_of(seat->packet, dev), frames, count);
}

/* Few addresses that are behind one guest now and behind another then, and that send to each other. */
static void wandering(struct frame *frame, struct rng *rng)
{
	uint8_t from[6] = {2, 0, 0xcc, 0, 0, (uint8_t)draw(rng, 6)}, to[6] = {2, 0, 0xcc, 0, 0, (uint8_t)draw(rng, 6)};

	ether(frame, to, from, LOCAL_PROTO);
	fill(frame, 50);
}

static int storm_burst(struct seats *seats, struct rng *rng, struct frame *frames, int now)
{
	int world = storm_world(now), guest = (int)draw(rng, N_GUESTS);
	struct seat *seat = seat_in(seats, world, GUEST + guest);

	for (int i = 0; i < BURST; i++) {
		/* Sessions as fast as they come. */
		if (storm_kind(now) == STORM_SESSIONS)
			udp_out(&frames[i], draw(rng, FLOWS), guest, 0);
		else
			wandering(&frames[i], rng);
	}
	return shoot(seat->packet, index_of(seat->packet, "n0"), frames, BURST);
}

void *blaster(void *argument)
{
	struct worker *worker = argument;
	struct rng rng = {worker->seed};
	static _Thread_local struct frame frames[BURST];
	struct seats seats;
	cpu_set_t cpu;

	CPU_ZERO(&cpu);
	CPU_SET((unsigned int)worker->number, &cpu);
	/* A machine with one CPU runs them in turns. */
	sched_setaffinity(0, sizeof(cpu), &cpu);
	seats_init(&seats, true);
	while (go_on()) {
		int now = atomic_load(&storm), sent;

		seats_leave(&seats, false);
		sent = now ? storm_burst(&seats, &rng, frames, now) : burst(&seats, &rng, frames);
		atomic_fetch_add(&frames_sent, (unsigned long long)sent);
		atomic_fetch_add(&worker->steps, 1);
	}
	seats_leave(&seats, true);
	return NULL;
}
