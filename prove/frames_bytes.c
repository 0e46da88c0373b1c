// SPDX-License-Identifier: GPL-2.0
/* prove/frames: random numbers, checksums, and finding one's way in a frame that may be anything. */
#include <string.h>

#include "frames.h"

static uint64_t state;

/* splitmix64: the steps of one seed have nothing to do with each other. */
static uint64_t next64(void)
{
	uint64_t z = (state += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

void rnd_seed(uint64_t seed, uint64_t step)
{
	state = seed;
	state = next64() ^ step;
	next64();
}

uint32_t rnd(void)
{
	return next64() >> 32;
}

uint32_t rnd_below(uint32_t n)
{
	return ((uint64_t)rnd() * n) >> 32;
}

bool rnd_percent(unsigned int percent)
{
	return rnd_below(100) < percent;
}

void rnd_bytes(uint8_t *to, unsigned int len)
{
	uint64_t word = 0;

	for (unsigned int i = 0; i < len; i++) {
		if (i % 8 == 0)
			word = next64();
		to[i] = word >> (i % 8 * 8);
	}
}

uint16_t rnd_odd16(void)
{
	static const uint16_t odd[] = { 0, 1, 2, 4, 7, 8, 13, 14, 19, 20, 21, 24, 28, 40, 60, 64, 127, 128, 255, 256,
		512, 536, 1400, 1448, 1460, 1480, 1499, 1500, 1501, 1514, 4095, 4096, 8191, 9000, 0x7fff, 0x8000,
		0xffd7, 0xfff0, 0xfffe, 0xffff };

	return rnd_percent(70) ? odd[rnd_below(sizeof(odd) / sizeof(*odd))] : rnd();
}

/* RFC 1071, complemented. */
uint16_t sum16(const uint8_t *data, unsigned int len, uint32_t sum)
{
	for (unsigned int i = 0; i + 1 < len; i += 2)
		sum += get16(data + i);
	if (len & 1)
		sum += data[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* Of the TCP or UDP packet of @len bytes behind an IPv4 header. */
uint32_t pseudo_sum(const uint8_t *ip, unsigned int len)
{
	return get16(ip + 12) + get16(ip + 14) + get16(ip + 16) + get16(ip + 18) + ip[9] + len;
}

static bool is_tag(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8;
}

void dissect(const struct frame *frame, struct layers *at)
{
	const uint8_t *data = frame->data;
	unsigned int offset = 12, header, total;

	memset(at, 0, sizeof(*at));
	for (; offset + 2 <= frame->len && is_tag(get16(data + offset)); offset += 4)
		at->tags++;
	if (offset + 2 > frame->len)
		return;
	at->type = get16(data + offset);
	offset += 2;
	if (at->type != 0x0800 || offset + 20 > frame->len)
		return;
	header = (data[offset] & 15) * 4;
	if (data[offset] >> 4 != 4 || header < 20 || offset + header > frame->len)
		return;
	total = get16(data + offset + 2);
	at->ip = offset;
	at->l4 = offset + header;
	at->end = offset + total < frame->len && total >= header ? offset + total : frame->len;
	at->proto = data[offset + 9];
	at->fragment = get16(data + offset + 6) & 0x3fff;
}

static void fix_l4(struct frame *frame, const struct layers *at)
{
	static const uint8_t place[] = { [1] = 2, [6] = 16, [17] = 6 };
	unsigned int len = at->end - at->l4, proto = at->proto;
	uint8_t *l4 = frame->data + at->l4;

	if (at->fragment || proto >= sizeof(place) || !place[proto] || place[proto] + 2u > len)
		return;
	put16(l4 + place[proto], 0);
	put16(l4 + place[proto], sum16(l4, len, proto == 1 ? 0 : pseudo_sum(frame->data + at->ip, len)));
}

/* What a mutation has changed shall be looked at, and not be thrown away for its checksum. */
void fix_sums(struct frame *frame)
{
	struct layers at;
	uint8_t *quoted;
	unsigned int header;

	dissect(frame, &at);
	if (!at.ip)
		return;
	/* The packet that an ICMP error quotes has a header of its own. */
	quoted = frame->data + at.l4 + 8;
	if (at.proto == 1 && at.l4 + 8 + 20 <= at.end && quoted[0] >> 4 == 4) {
		header = (quoted[0] & 15) * 4;
		if (header >= 20 && at.l4 + 8 + header <= at.end) {
			put16(quoted + 10, 0);
			put16(quoted + 10, sum16(quoted, header, 0));
		}
	}
	fix_l4(frame, &at);
	put16(frame->data + at.ip + 10, 0);
	put16(frame->data + at.ip + 10, sum16(frame->data + at.ip, at.l4 - at.ip, 0));
}
