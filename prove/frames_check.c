// SPDX-License-Identifier: GPL-2.0
/* prove/frames: what must be true whatever was sent. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"

#define SAME_FINDING_MAX 20
/* What KASAN's quarantine and the slabs need at most beside a leak, in KiB. */
#define MEMORY_SLACK (96 << 10)

unsigned long findings, frames_sent, frames_received;

/* How often a door's counter must and may have counted what was written to it. */
static unsigned long surely[DOORS], perhaps[DOORS];
static unsigned long surely_malformed, malformed_before;
/* The step of the last round of probes. */
static unsigned long whole_until;
static char quiet_before[2048];
static long slab_before;
static char stats_text[65536];

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

/* What provoked a finding was sent after the last round of probes, which found the network whole. */
void finding(const char *format, ...)
{
	char text[400];
	va_list args;

	if (findings++ >= SAME_FINDING_MAX)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say("FINDING: after %.0f s: %s; replay: prove/frames replay %lu %lu %lu", elapsed(), text, seed, whole_until,
	    step - whole_until + 1);
}

static void dump(const struct frame *frame)
{
	unsigned int len = frame->len < 128 ? frame->len : 128;

	printf("#   %u bytes:", frame->len);
	for (unsigned int i = 0; i < len; i++)
		printf("%s%02x", i % 4 ? "" : " ", frame->data[i]);
	printf("%s\n", len < frame->len ? " ..." : "");
}

/* Is the frame one that the gateway must take for malformed, if it reaches it? A model of what the RFCs say. */
static bool is_malformed(const struct frame *frame)
{
	const uint8_t *l3 = frame->data + ETH_HEADER;
	unsigned int len = frame->len - ETH_HEADER, type = get16(frame->data + 12), header;

	if (type == 0x0806)
		return len < 28 || memcmp(l3, "\0\1\10\0\6\4", 6) || (l3[8] & 1) || !memcmp(l3 + 8, "\0\0\0\0\0\0", 6);
	if (type != 0x0800)
		return false;
	header = len ? (l3[0] & 15) * 4 : 0;
	return len < 20 || l3[0] >> 4 != 4 || header < 20 || header > len || get16(l3 + 2) < header ||
	       get16(l3 + 2) > len || sum16(l3, header, 0);
}

/* Only what surely gets there: from a guest that may send from this address, to the gateway alone. */
static bool reaches_gateway(enum door door, const struct frame *frame)
{
	static const uint8_t probe[6] = { 2, 0, 0, 0, 3, 1 };
	const uint8_t *from = frame->data + 6;

	return (door == DOOR_MEMBER || door == DOOR_PAGED || door == DOOR_VNIC) && frame->len >= ETH_HEADER &&
	       !memcmp(frame->data, gateway_mac, 6) && !(from[0] & 1) && memcmp(from, "\0\0\0\0\0\0", 6) &&
	       memcmp(from, gateway_mac, 6) && memcmp(from, host_mac, 6) && memcmp(from, probe, 6) &&
	       (door == DOOR_VNIC || memcmp(from, vnic_mac, 6)) && !frame->meta.gso_type;
}

/* The kernel itself throws away what is too short for the tag that it says it has. */
static bool is_cut_tag(const struct frame *frame)
{
	uint16_t type = get16(frame->data + 12);

	return (type == 0x8100 || type == 0x88a8) && frame->len < ETH_HEADER + 4 + 2;
}

void check_sent(enum door door, const struct frame *frame)
{
	bool tap = door != DOOR_VNIC && door != DOOR_VNIC_MACVLAN && door != DOOR_HOST && door != DOOR_PROBE;

	frames_sent++;
	if (door == DOOR_VNIC_MACVLAN)
		door = DOOR_VNIC;
	if (tap && is_cut_tag(frame))
		return;
	/* The kernel may cut big packets into their segments before a packet socket's device sees them. */
	if (!tap && frame->meta.gso_type)
		perhaps[door] += 1 + (frame->meta.gso_size ? frame->len / frame->meta.gso_size : 0);
	else
		surely[door]++;
	if (reaches_gateway(door, frame) && is_malformed(frame))
		surely_malformed++;
}

/* What NAT and the gateway let out has headers that are whole and right, whatever came in. */
static const char *wrong_with_ipv4(const struct frame *frame)
{
	const uint8_t *ip = frame->data + ETH_HEADER, *l4;
	unsigned int header = (ip[0] & 15) * 4, total = get16(ip + 2), len;

	if (frame->len < ETH_HEADER + 20 || ip[0] >> 4 != 4 || header < 20 || ETH_HEADER + header > frame->len)
		return "without a whole IPv4 header";
	if (total < header || ETH_HEADER + total > frame->len)
		return "whose total length lies";
	if (sum16(ip, header, 0))
		return "with a wrong header checksum";
	if (!ip[8])
		return "with TTL 0";
	if (get16(ip + 6) & 0x3fff)
		return NULL;
	len = total - header;
	l4 = ip + header;
	if (ip[9] == 6 && (len < 20 || l4[12] >> 4 < 5 || (l4[12] >> 4) * 4u > len))
		return "with a TCP header that is not whole";
	if (ip[9] == 17 && (len < 8 || get16(l4 + 4) < 8 || get16(l4 + 4) > len))
		return "with a UDP header that is not whole";
	if (ip[9] == 1 && len < 8)
		return "with an ICMP header that is not whole";
	return NULL;
}

static const char *wrong_with_arp(const struct frame *frame)
{
	const uint8_t *p = frame->data + ETH_HEADER;

	if (frame->len < ETH_HEADER + 28 || memcmp(p, "\0\1\10\0\6\4", 6))
		return "that is no ARP for Ethernet and IPv4";
	if (memcmp(p + 8, gateway_mac, 6) || get32(p + 14) != GATEWAY_IP)
		return "that speaks for somebody else";
	return get16(p + 6) == 1 || get16(p + 6) == 2 ? NULL : "with a strange operation";
}

static const char *wrong_with(const struct frame *frame)
{
	uint16_t type = get16(frame->data + 12);

	if (type == 0x0800)
		return wrong_with_ipv4(frame);
	return type == 0x0806 ? wrong_with_arp(frame) : "that is neither IPv4 nor ARP";
}

/* Nobody else can send from the gateway's address in its vnet, and at the WAN from the host's. */
static bool is_gateways(enum door door, const struct frame *frame)
{
	if (frame->len < ETH_HEADER)
		return false;
	if (door == DOOR_WAN)
		return get16(frame->data + 12) == 0x0800;
	return door_side(door) == SIDE_GUEST && !memcmp(frame->data + 6, gateway_mac, 6);
}

/*
 * Exempt, because it is the kernel's own and the same behind a Linux bridge: whoever puts fragments together makes a
 * plain packet of each (skb_gso_reset() in inet_frag_queue_insert()), in the part that it shares with its clones. Of
 * a fragment that says that it is a GSO packet, a packet socket then reads the plain frame: of a broadcast that a
 * macvlan of another guest has received too, or of what the host puts together for itself.
 */
static bool lost_its_gso(enum door door, const struct frame *frame)
{
	struct layers at;

	dissect(frame, &at);
	return door_is_packet_socket(door) && at.fragment;
}

static bool is_too_long(enum door door, const struct frame *frame)
{
	unsigned int tag = get16(frame->data + 12) == 0x8100 || get16(frame->data + 12) == 0x88a8 ? 4 : 0;

	/* A device may hold a tag beside the frame: that is how far a switch lets a frame go (VLAN_HLEN). */
	return frame->meta.gso_type == VIRTIO_NET_HDR_GSO_NONE && frame->len > LAB_MTU + ETH_HEADER + 4 + tag &&
	       !lost_its_gso(door, frame);
}

void check_received(enum door door, const struct frame *frame)
{
	const char *wrong = NULL;

	frames_received++;
	if (door == DOOR_QUIET)
		wrong = "in a vnet that nobody sends to";
	else if (is_too_long(door, frame))
		wrong = "that is longer than the MTU";
	else if (frame->meta.gso_type != VIRTIO_NET_HDR_GSO_NONE && frame->meta.gso_size > LAB_MTU)
		wrong = "whose segments are longer than the MTU";
	else if (is_gateways(door, frame))
		wrong = wrong_with(frame);
	if (!wrong)
		return;
	finding("out of %s came a frame %s", door_name(door), wrong);
	if (findings <= SAME_FINDING_MAX)
		dump(frame);
}

/* --- counters --- */

static bool read_stats(char *text, size_t size)
{
	FILE *pipe = popen("vnetctl -j stats", "r");
	size_t len;

	if (!pipe)
		return false;
	len = fread(text, 1, size - 1, pipe);
	text[len] = 0;
	return !pclose(pipe);
}

static unsigned long number_after(const char *text, const char *key)
{
	const char *at = text ? strstr(text, key) : NULL;

	return at ? strtoul(at + strlen(key), NULL, 10) : 0;
}

static unsigned long rx_of(const char *stats, const char *port)
{
	char key[64];

	snprintf(key, sizeof(key), "\"port_name\":\"%s\"", port);
	return number_after(strstr(stats, key), "\"rx_packets\":");
}

/* A frame that was written to a door was counted there once, no matter what became of it. */
static void check_door(const char *stats, enum door door, const char *port, bool others_too)
{
	static unsigned long before[DOORS];
	unsigned long now = rx_of(stats, port), counted = now - before[door];
	unsigned long most = surely[door] + perhaps[door];

	if (before[door] && (counted < surely[door] || (counted > most && !others_too)))
		finding("%s has counted %lu frames of the %lu%s that were written to it", port, counted, surely[door],
			perhaps[door] ? " or more" : "");
	before[door] = now;
	surely[door] = perhaps[door] = 0;
}

static unsigned long malformed_of(const char *stats)
{
	static const char key[] = "\"gateway-malformed\",\"packets\":";
	unsigned long count = 0;

	for (const char *at = strstr(stats, key); at; at = strstr(at + 1, key))
		count += number_after(at, key);
	return count;
}

static void check_malformed(const char *stats)
{
	unsigned long now = malformed_of(stats);

	if (malformed_before && now - malformed_before < surely_malformed)
		finding("the gateway was sent %lu malformed packets and has refused %lu", surely_malformed,
			now - malformed_before);
	malformed_before = now;
	surely_malformed = 0;
}

static void check_quiet(const char *stats)
{
	const char *at = strstr(stats, "\"vnet_name\":\"quiet\""), *last, *end = NULL;
	char now[sizeof(quiet_before)];

	for (last = at; last; last = strstr(last + 1, "\"vnet_name\":\"quiet\""))
		end = strchr(last, '}');
	if (!at || !end || end - at >= (long)sizeof(now)) {
		finding("the counters of the quiet vnet cannot be read");
		return;
	}
	memcpy(now, at, end - at);
	now[end - at] = 0;
	if (*quiet_before && strcmp(now, quiet_before))
		finding("the counters of the quiet vnet have moved: %s", now);
	strcpy(quiet_before, now);
}

unsigned long count_malformed(void)
{
	return read_stats(stats_text, sizeof(stats_text)) ? malformed_of(stats_text) : 0;
}

void check_counters(void)
{
	if (!read_stats(stats_text, sizeof(stats_text))) {
		finding("vnetctl -j stats fails");
		return;
	}
	check_door(stats_text, DOOR_MEMBER, "tapm", false);
	check_door(stats_text, DOOR_PAGED, "tapn", false);
	check_door(stats_text, DOOR_BRIDGED, "tapb", false);
	check_door(stats_text, DOOR_VNIC, "vf", false);
	check_door(stats_text, DOOR_HOST, "vmnet8", true);
	check_malformed(stats_text);
	check_quiet(stats_text);
	whole_until = step;
}

static long file_number(const char *path, const char *key)
{
	static char text[16384];
	FILE *file = fopen(path, "r");
	size_t len = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	if (file)
		fclose(file);
	text[len] = 0;
	return number_after(text, key);
}

/* The first call remembers; it is made when caches and quarantine have filled. */
void check_memory(void)
{
	long slab = file_number("/proc/meminfo", "SUnreclaim:"), frag = file_number("/proc/net/sockstat", "FRAG: inuse ");

	if (!slab_before)
		slab_before = slab;
	else if (slab > slab_before + MEMORY_SLACK)
		finding("slabs have grown from %ld to %ld KiB", slab_before, slab);
	/* ipfrag_high_thresh is 32 MiB here, and a datagram that waits takes a KiB at least. */
	if (frag > 32 << 10)
		finding("%ld datagrams wait for fragments", frag);
}
