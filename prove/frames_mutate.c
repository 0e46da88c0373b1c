// SPDX-License-Identifier: GPL-2.0
/* prove/frames: frames that lie, in their fields, by their length, or in what a virtio-net header says of them. */
#include <string.h>

#include "frames.h"

/* A field of a header: where it is from the header's start, and its bytes. */
struct field {
	uint8_t at, len;
};

static const struct field ip_fields[] = {
	{ 0, 1 }, { 1, 1 }, { 2, 2 }, { 4, 2 }, { 6, 2 }, { 8, 1 }, { 9, 1 }, { 10, 2 },
	{ 12, 4 }, { 16, 4 },
};
static const struct field tcp_fields[] = { { 0, 2 }, { 2, 2 }, { 4, 4 }, { 8, 4 }, { 12, 1 }, { 13, 1 }, { 14, 2 },
					   { 18, 2 }, { 20, 1 }, { 21, 1 } };
static const struct field udp_fields[] = { { 0, 2 }, { 2, 2 }, { 4, 2 }, { 6, 2 } };
static const struct field icmp_fields[] = {
	{ 0, 1 }, { 1, 1 }, { 4, 2 }, { 6, 2 }, { 8, 1 }, { 10, 2 }, { 14, 2 }, { 17, 1 },
	{ 18, 2 }, { 20, 4 }, { 24, 4 }, { 28, 2 }, { 30, 2 },
};
static const struct field arp_fields[] = {
	{ 0, 2 }, { 2, 2 }, { 4, 1 }, { 5, 1 }, { 6, 2 }, { 8, 4 }, { 12, 2 }, { 14, 4 },
	{ 18, 4 }, { 24, 4 },
};

#define PICK(fields) (fields)[rnd_below(sizeof(fields) / sizeof(*(fields)))]

static void poke(struct frame *frame, unsigned int at, unsigned int len)
{
	uint8_t *p = frame->data + at;

	if (at + len > frame->len)
		return;
	if (len == 1)
		*p = rnd_percent(50) ? *p + 2 * rnd_below(2) - 1 : rnd();
	else if (len == 2)
		put16(p, rnd_percent(40) ? get16(p) + (int)rnd_below(9) - 4 : rnd_odd16());
	else
		put32(p, rnd_percent(50) ? get32(p) + (int)rnd_below(5) - 2 : rnd());
}

static void change_field(struct frame *frame, const struct layers *at)
{
	unsigned int base = at->l4;
	struct field field;

	if (at->type == 0x0806) {
		field = PICK(arp_fields);
		base = ETH_HEADER + 4 * at->tags;
	} else if (!at->ip || rnd_percent(35)) {
		field = PICK(ip_fields);
		base = ETH_HEADER + 4 * at->tags;
	} else if (at->proto == 6) {
		field = PICK(tcp_fields);
	} else if (at->proto == 17) {
		field = PICK(udp_fields);
	} else {
		field = PICK(icmp_fields);
	}
	poke(frame, base + field.at, field.len);
}

/* Cut at the end of a header, or some bytes before or behind it; the lengths inside may follow or not. */
static void truncate_frame(struct frame *frame, const struct layers *at)
{
	unsigned int ends[] = { ETH_HEADER, ETH_HEADER + 4 * at->tags, at->ip + 20, at->l4, at->l4 + 4, at->l4 + 8,
				at->l4 + 20, at->l4 + 28, at->l4 + 36, rnd_below(frame->len + 1) };
	unsigned int len = ends[rnd_below(10)] + (rnd_percent(50) ? rnd_below(5) : 0);

	len -= rnd_percent(30) && len > 4 ? rnd_below(5) : 0;
	if (len >= frame->len)
		return;
	frame->len = len;
	if (at->ip && at->ip + 20 <= len && rnd_percent(60))
		put16(frame->data + at->ip + 2, len - at->ip);
	if (at->proto == 17 && at->l4 + 6 <= len && rnd_percent(60))
		put16(frame->data + at->l4 + 4, len - at->l4);
}

static void extend_frame(struct frame *frame)
{
	unsigned int len = rnd_percent(90) ? rnd_below(64) : rnd_below(FRAME_MAX - 2000);

	if (frame->len + len > FRAME_MAX - 1000)
		return;
	rnd_bytes(frame->data + frame->len, len);
	frame->len += len;
}

static void insert_bytes(struct frame *frame, unsigned int at, unsigned int len)
{
	if (at > frame->len || frame->len + len > FRAME_MAX - 1000)
		return;
	memmove(frame->data + at + len, frame->data + at, frame->len - at);
	rnd_bytes(frame->data + at, len);
	frame->len += len;
}

static void delete_bytes(struct frame *frame, unsigned int at, unsigned int len)
{
	if (at + len > frame->len)
		return;
	memmove(frame->data + at, frame->data + at + len, frame->len - at - len);
	frame->len -= len;
}

/* The head of one frame and the rest of another. */
static void splice(struct frame *frame, const struct frame *other)
{
	unsigned int at = rnd_below(frame->len + 1), from = rnd_percent(60) ? at : rnd_below(other->len + 1);

	if (from > other->len || at + other->len - from > FRAME_MAX - 1000)
		return;
	memcpy(frame->data + at, other->data + from, other->len - from);
	frame->len = at + other->len - from;
}

static void flip_bytes(struct frame *frame)
{
	unsigned int n = 1 + rnd_below(8), within = frame->len < 96 ? frame->len : 96;

	while (n-- && within)
		frame->data[rnd_below(within)] ^= 1 << rnd_below(8);
}

static void mutate_once(struct frame *frame, const struct frame *other)
{
	unsigned int kind = rnd_below(100);
	struct layers at;

	dissect(frame, &at);
	if (kind < 50)
		change_field(frame, &at);
	else if (kind < 68)
		truncate_frame(frame, &at);
	else if (kind < 75)
		extend_frame(frame);
	else if (kind < 80)
		insert_bytes(frame, 12 + rnd_below(60), 4 * (1 + rnd_below(5)));
	else if (kind < 85)
		delete_bytes(frame, 12 + rnd_below(60), 1 + rnd_below(20));
	else if (kind < 91)
		splice(frame, other);
	else
		flip_bytes(frame);
}

void mutate(struct frame *frame, const struct frame *other)
{
	static const unsigned int times[] = { 1, 1, 1, 2, 3, 5 };
	unsigned int n = times[rnd_below(6)];

	while (n--)
		mutate_once(frame, other);
	if (rnd_percent(85))
		fix_sums(frame);
}

/* What a sender with offloads says: the rest of the checksum, and the segments, are left to who can. */
void offload(struct frame *frame, uint16_t gso_size)
{
	struct virtio_net_hdr *meta = &frame->meta;
	struct layers at;
	unsigned int len, header;

	dissect(frame, &at);
	len = at.end - at.l4;
	if (!at.ip || at.fragment || (at.proto != 6 && at.proto != 17) || len < 20)
		return;
	memset(meta, 0, sizeof(*meta));
	meta->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	meta->csum_start = at.l4;
	meta->csum_offset = at.proto == 6 ? 16 : 6;
	/* The field holds the sum over the pseudo header, not complemented. */
	put16(frame->data + at.l4 + meta->csum_offset, ~sum16(NULL, 0, pseudo_sum(frame->data + at.ip, len)));
	header = at.l4 + (at.proto == 6 ? (frame->data[at.l4 + 12] >> 4) * 4u : 8);
	if (header >= frame->len || frame->len - header <= gso_size)
		return;
	meta->gso_type = at.proto == 6 ? VIRTIO_NET_HDR_GSO_TCPV4 : VIRTIO_NET_HDR_GSO_UDP_L4;
	meta->gso_size = gso_size;
	meta->hdr_len = header;
}

/* Metadata that is not true. */
void lie(struct frame *frame)
{
	static const uint8_t types[] = { VIRTIO_NET_HDR_GSO_NONE, VIRTIO_NET_HDR_GSO_TCPV4, VIRTIO_NET_HDR_GSO_UDP,
		VIRTIO_NET_HDR_GSO_TCPV6, VIRTIO_NET_HDR_GSO_UDP_L4, VIRTIO_NET_HDR_GSO_TCPV4 | VIRTIO_NET_HDR_GSO_ECN,
		VIRTIO_NET_HDR_GSO_ECN, 0x7f };
	struct virtio_net_hdr *meta = &frame->meta;

	if (rnd_percent(40) || !meta->flags)
		meta->flags = rnd_percent(80) ? rnd_below(3) : rnd();
	if (rnd_percent(40))
		meta->gso_type = types[rnd_below(sizeof(types))];
	if (rnd_percent(40))
		meta->gso_size = rnd_odd16();
	if (rnd_percent(40))
		meta->hdr_len = rnd_percent(50) ? rnd_odd16() : rnd_below(frame->len + 1);
	if (rnd_percent(40))
		meta->csum_start = rnd_percent(30) ? rnd_odd16() : rnd_below(80);
	if (rnd_percent(40))
		meta->csum_offset = rnd_percent(30) ? rnd_odd16() : rnd_below(40);
}
