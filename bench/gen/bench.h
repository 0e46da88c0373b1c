/* SPDX-License-Identifier: GPL-2.0 */
/* What the benchmark's program (bench/gen.py packs these) and its packet source say to each other. */
#ifndef VNET_BENCH_H
#define VNET_BENCH_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define BENCH_RECEIVE 1		/* the netdev receives the packets, else it sends them */
#define BENCH_VERIFIED 2	/* the NIC has verified their checksums */

/**
 * struct bench_order - packets to be sent, and what came of it
 * @dev: netdev where they start, in whatever namespace it is
 * @flags: BENCH_*
 * @length: of each frame
 * @header: bytes of @frame; zeros follow
 * @csum_at: where hardware is to put the checksum; 0 for nowhere
 * @frame: how each frame begins
 * @gso_size: payload of each segment, 0 for no GSO
 * @vary_at: offset of a number of four bytes that differs between packets
 * @vary_count: how many values it has; 0 for one
 * @vary_next: what is added to it next; counts on from run to run
 * @burst: packets of a burst
 * @bursts: how many bursts are to be measured
 * @copies: how often each packet has to arrive
 * @kept: bursts that were measured
 * @repeated: bursts that an interrupt or ksoftirqd disturbed
 * @instructions: of all measured bursts
 * @arrived: packets that came to the ends, of disturbed bursts too
 * @least: instructions of the cheapest burst
 */
struct bench_order {
	char dev[16];
	__u32 flags;
	__u32 length;
	__u32 header;
	__u32 csum_at;
	__u8 frame[128];
	__u32 gso_size;
	__u32 vary_at;
	__u32 vary_count;
	__u32 vary_next;
	__u32 burst;
	__u32 bursts;
	__u32 copies;
	__u32 kept;
	__u64 repeated;
	__u64 instructions;
	__u64 arrived;
	__u64 least;
};

/**
 * struct bench_end - a netdev where packets end
 * @dev: its name
 * @wire: count what it sends, as a NIC does; else take and count what it receives
 */
struct bench_end {
	char dev[16];
	__u32 wire;
};

#define BENCH_RUN _IOWR('V', 1, struct bench_order)
#define BENCH_ADD_END _IOW('V', 2, struct bench_end)
#define BENCH_CLEAR_ENDS _IO('V', 3)

#endif
