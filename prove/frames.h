/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of prove/frames share: frames, random choices, the lab and its doors. */
#ifndef FRAMES_H
#define FRAMES_H

#include <arpa/inet.h>
#include <linux/virtio_net.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Newer than the headers of Debian 12. */
#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4 5
#endif

#define FRAME_MAX 66000
#define STEP_FRAMES 8
#define ETH_HEADER 14
#define LAB_MTU 1500

/* An Ethernet frame, and what its sender says of it by a virtio-net header. */
struct frame {
	uint8_t data[FRAME_MAX];
	unsigned int len;
	struct virtio_net_hdr meta;
};

enum door {
	DOOR_MEMBER,		/* tap, member of vmnet8 */
	DOOR_PAGED,		/* the same with IFF_NAPI_FRAGS: frames in pages, one byte in the head if we like */
	DOOR_VNIC,		/* packet socket on a vnic of vmnet8 */
	DOOR_VNIC_MACVLAN,	/* packet socket on a macvlan on that vnic */
	DOOR_HOST,		/* packet socket on the host adapter of vmnet8 */
	DOOR_WAN,		/* tap, the NIC that NAT goes out by */
	DOOR_UPLINK,		/* tap, the shared NIC of vmnet0 */
	DOOR_BRIDGED,		/* tap, member of vmnet0 */
	DOOR_UPLINK_SEND,	/* packet socket on the shared NIC: what the host sends */
	DOOR_UPLINK_MACVLAN,	/* packet socket on a macvlan on the shared NIC */
	DOOR_UPLINK_VLAN,	/* packet socket on a VLAN device on the shared NIC */
	DOOR_SOCKET,		/* UDP socket of the host, sending to guests */
	DOOR_FUZZED,		/* end of the doors that fuzz comes by */
	DOOR_PROBE = DOOR_FUZZED, /* packet socket on a vnic of vmnet8 that only probes use */
	DOOR_QUIET,		/* tap, member of the vnet that nobody sends to */
	DOORS
};

enum side { SIDE_GUEST, SIDE_HOST, SIDE_WAN, SIDE_LAN };

/* --- random choices: one stream for each step, so that a step can be had again alone --- */
void rnd_seed(uint64_t seed, uint64_t step);
uint32_t rnd(void);
uint32_t rnd_below(uint32_t n);
bool rnd_percent(unsigned int percent);
void rnd_bytes(uint8_t *to, unsigned int len);
uint16_t rnd_odd16(void);	/* a 16-bit number of the sort that breaks things */

/* --- bytes and checksums --- */
static inline uint16_t get16(const uint8_t *p) { return p[0] << 8 | p[1]; }
static inline uint32_t get32(const uint8_t *p) { return (uint32_t)get16(p) << 16 | get16(p + 2); }
static inline void put16(uint8_t *p, uint16_t v) { p[0] = v >> 8; p[1] = v; }
static inline void put32(uint8_t *p, uint32_t v) { put16(p, v >> 16); put16(p + 2, v); }

uint16_t sum16(const uint8_t *data, unsigned int len, uint32_t sum);
uint32_t pseudo_sum(const uint8_t *ip, unsigned int len);

/* Where things are in a frame that may be anything; offsets are 0 where there is nothing. */
struct layers {
	unsigned int tags;	/* VLAN tags in the frame */
	unsigned int type;	/* EtherType behind them */
	unsigned int ip;	/* IPv4 header */
	unsigned int l4;	/* what is behind it */
	unsigned int end;	/* of the datagram, as far as the frame has it */
	unsigned int proto;
	bool fragment;
};
void dissect(const struct frame *frame, struct layers *at);
void fix_sums(struct frame *frame);

/* --- addresses of the lab --- */
#define N_GUESTS 8
#define N_REMOTES 8
#define IP(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))
#define GUEST_IP(i) IP(192, 168, 133, 50 + (i))
#define GATEWAY_IP IP(192, 168, 133, 2)
#define HOST_IP IP(192, 168, 133, 1)
#define WAN_IP IP(203, 0, 113, 2)
#define REMOTE_IP(i) IP(198, 51, 100, 1 + (i))
#define PROBE_REMOTE_IP IP(198, 51, 100, 200)
#define LAN_IP IP(10, 9, 0, 2)

extern const uint8_t gateway_mac[6], host_mac[6], wan_mac[6], router_mac[6], uplink_mac[6], vnic_mac[6];
void guest_mac(uint8_t *mac, unsigned int i);
void lan_mac(uint8_t *mac, unsigned int i);
void bridged_mac(uint8_t *mac, unsigned int i);

/* --- making frames (frames_make.c, frames_mutate.c) --- */
struct flow {
	uint32_t saddr, daddr;
	uint16_t sport, dport;
	uint8_t proto;
};
void ether(struct frame *frame, const uint8_t *to, const uint8_t *from, uint16_t type);
void arp(struct frame *frame, uint16_t op, const uint8_t *from, uint32_t sender, const uint8_t *to, uint32_t target);
unsigned int ipv4(struct frame *frame, uint32_t saddr, uint32_t daddr, uint8_t proto);
void ipv4_end(struct frame *frame, unsigned int ip);
void datagram(struct frame *frame, const struct flow *flow, uint8_t flags, unsigned int payload);
void icmp_error(struct frame *frame, uint32_t saddr, uint32_t daddr, uint8_t type, uint8_t code,
		const struct flow *quoted, unsigned int quoted_payload);
unsigned int make_step(enum side side, struct frame *frames);
void mutate(struct frame *frame, const struct frame *other);
void lie(struct frame *frame);
void offload(struct frame *frame, uint16_t gso_size);
unsigned int corpus_load(const char *directory);
bool corpus_pick(struct frame *frame);
bool corpus_get(struct frame *frame, unsigned int i);

/* Sessions that have been seen at the WAN: fuzz from there is about them. */
void live_note(const struct frame *frame);
bool live_pick(struct flow *flow);

/* --- the lab (frames_lab.c) --- */
void lab_make(void);
void lab_end(void);
bool run(const char *command, const char *input);
enum side door_side(enum door door);
const char *door_name(enum door door);
bool door_is_packet_socket(enum door door);
bool door_send(enum door door, const struct frame *frame, unsigned int head);
bool door_receive(enum door door, struct frame *frame);
void door_drain(enum door door);

/* --- what must be true (frames_check.c, frames_probe.c) --- */
extern unsigned long seed, step;
double elapsed(void);
extern unsigned long findings;
void finding(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void check_sent(enum door door, const struct frame *frame);
void check_received(enum door door, const struct frame *frame);
void check_counters(void);
void check_memory(void);
unsigned long count_malformed(void);
void probe_all(void);
void probe_refusals(void);
extern unsigned long frames_sent, frames_received, probes_passed;

#endif
