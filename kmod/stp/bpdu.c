// SPDX-License-Identifier: GPL-2.0
/* Bridge protocol data units as bytes and as values (IEEE 802.1D-2004 clause 9). */
#include "bpdu.h"

#include <linux/bits.h>
#include <linux/minmax.h>
#include <linux/string.h>

/* Places in a BPDU (9.3). */
#define BPDU_VERSION 2
#define BPDU_TYPE 3
#define BPDU_FLAGS 4
#define BPDU_ROOT 5
#define BPDU_COST 13
#define BPDU_BRIDGE 17
#define BPDU_PORT 25
#define BPDU_MESSAGE_AGE 27
#define BPDU_MAX_AGE 29
#define BPDU_HELLO_TIME 31
#define BPDU_FORWARD_DELAY 33

#define BPDU_TYPE_CONFIG 0x00
#define BPDU_TYPE_RST 0x02
#define BPDU_TYPE_TCN 0x80

#define BPDU_TC BIT(0)
#define BPDU_PROPOSAL BIT(1)
#define BPDU_ROLE_SHIFT 2
#define BPDU_ROLE_MASK 3
#define BPDU_LEARNING BIT(4)
#define BPDU_FORWARDING BIT(5)
#define BPDU_AGREEMENT BIT(6)
#define BPDU_TC_ACK BIT(7)

/* Times are in 1/256 s on the wire, in 1/100 s here. */
static u16 bpdu_get_time(const u8 *bytes)
{
	return (get_unaligned_be16(bytes) * 100 + 128) / 256;
}

static void bpdu_put_time(u8 *bytes, u16 time)
{
	put_unaligned_be16(min((time * 256 + 50) / 100, 0xffff), bytes);
}

static void bpdu_parse_flags(struct vnet_bpdu *bpdu, u8 flags)
{
	bpdu->tc = flags & BPDU_TC;
	if (bpdu->type == VNET_BPDU_CONFIG) {
		bpdu->tc_ack = flags & BPDU_TC_ACK;
		bpdu->role = VNET_BPDU_ROLE_DESIGNATED;
		return;
	}
	bpdu->role = flags >> BPDU_ROLE_SHIFT & BPDU_ROLE_MASK;
	bpdu->proposal = flags & BPDU_PROPOSAL;
	bpdu->learning = flags & BPDU_LEARNING;
	bpdu->forwarding = flags & BPDU_FORWARDING;
	bpdu->agreement = flags & BPDU_AGREEMENT;
}

/*
 * Which BPDU it is (9.3.4). A version above ours is read as ours: MSTP's begins with an
 * RST BPDU.
 */
static bool bpdu_parse_type(struct vnet_bpdu *bpdu, const u8 *bytes, size_t size)
{
	if (size < VNET_BPDU_TCN_SIZE || get_unaligned_be16(bytes))
		return false;
	switch (bytes[BPDU_TYPE]) {
	case BPDU_TYPE_TCN:
		bpdu->type = VNET_BPDU_TCN;
		return true;
	case BPDU_TYPE_CONFIG:
		bpdu->type = VNET_BPDU_CONFIG;
		return size >= VNET_BPDU_CONFIG_SIZE;
	case BPDU_TYPE_RST:
		bpdu->type = VNET_BPDU_RST;
		return size >= VNET_BPDU_SIZE && bytes[BPDU_VERSION] >= 2;
	}
	return false;
}

/**
 * vnet_bpdu_parse - read a BPDU
 * @bpdu: filled
 * @bytes: the BPDU, after the LLC header
 * @size: bytes that there are
 *
 * Times are held to what the standard allows (17.14), so that nobody can make information
 * live for ever.
 *
 * Context: Any.
 * Return: False if it is none that the standard allows to be processed.
 */
bool vnet_bpdu_parse(struct vnet_bpdu *bpdu, const u8 *bytes, size_t size)
{
	struct vnet_stp_times *times = &bpdu->times;

	memset(bpdu, 0, sizeof(*bpdu));
	if (!bpdu_parse_type(bpdu, bytes, size))
		return false;
	if (bpdu->type == VNET_BPDU_TCN)
		return true;
	bpdu_parse_flags(bpdu, bytes[BPDU_FLAGS]);
	bpdu->vector.root = get_unaligned_be64(bytes + BPDU_ROOT);
	bpdu->vector.cost = get_unaligned_be32(bytes + BPDU_COST);
	bpdu->vector.bridge = get_unaligned_be64(bytes + BPDU_BRIDGE);
	bpdu->vector.port = get_unaligned_be16(bytes + BPDU_PORT);
	times->message_age = bpdu_get_time(bytes + BPDU_MESSAGE_AGE);
	times->max_age = bpdu_get_time(bytes + BPDU_MAX_AGE);
	times->hello_time = clamp(bpdu_get_time(bytes + BPDU_HELLO_TIME), 100, 1000);
	times->forward_delay = clamp(bpdu_get_time(bytes + BPDU_FORWARD_DELAY), 200, 3000);
	if (times->message_age >= times->max_age)
		return false;
	times->max_age = clamp_t(u16, times->max_age, 600, 4000);
	return true;
}

static u8 bpdu_build_flags(const struct vnet_bpdu *bpdu)
{
	if (bpdu->type == VNET_BPDU_CONFIG)
		return (bpdu->tc ? BPDU_TC : 0) | (bpdu->tc_ack ? BPDU_TC_ACK : 0);
	return (bpdu->tc ? BPDU_TC : 0) | (bpdu->proposal ? BPDU_PROPOSAL : 0) |
	       bpdu->role << BPDU_ROLE_SHIFT | (bpdu->learning ? BPDU_LEARNING : 0) |
	       (bpdu->forwarding ? BPDU_FORWARDING : 0) | (bpdu->agreement ? BPDU_AGREEMENT : 0);
}

/**
 * vnet_bpdu_build - write a BPDU
 * @bpdu: the BPDU
 * @bytes: VNET_BPDU_SIZE bytes; filled
 *
 * Context: Any.
 * Return: How many of them it has.
 */
size_t vnet_bpdu_build(const struct vnet_bpdu *bpdu, u8 *bytes)
{
	memset(bytes, 0, VNET_BPDU_SIZE);
	if (bpdu->type == VNET_BPDU_TCN) {
		bytes[BPDU_TYPE] = BPDU_TYPE_TCN;
		return VNET_BPDU_TCN_SIZE;
	}
	if (bpdu->type == VNET_BPDU_RST) {
		bytes[BPDU_VERSION] = 2;
		bytes[BPDU_TYPE] = BPDU_TYPE_RST;
	}
	bytes[BPDU_FLAGS] = bpdu_build_flags(bpdu);
	put_unaligned_be64(bpdu->vector.root, bytes + BPDU_ROOT);
	put_unaligned_be32(bpdu->vector.cost, bytes + BPDU_COST);
	put_unaligned_be64(bpdu->vector.bridge, bytes + BPDU_BRIDGE);
	put_unaligned_be16(bpdu->vector.port, bytes + BPDU_PORT);
	bpdu_put_time(bytes + BPDU_MESSAGE_AGE, bpdu->times.message_age);
	bpdu_put_time(bytes + BPDU_MAX_AGE, bpdu->times.max_age);
	bpdu_put_time(bytes + BPDU_HELLO_TIME, bpdu->times.hello_time);
	bpdu_put_time(bytes + BPDU_FORWARD_DELAY, bpdu->times.forward_delay);
	return bpdu->type == VNET_BPDU_RST ? VNET_BPDU_SIZE : VNET_BPDU_CONFIG_SIZE;
}
