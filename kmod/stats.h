/* SPDX-License-Identifier: GPL-2.0 */
/* Counters of a port: per CPU, 64 bits, added up by readers. */
#ifndef VNET_STATS_H
#define VNET_STATS_H

#include <linux/u64_stats_sync.h>

#include "drop.h"

/**
 * struct vnet_port_stats - one CPU's counters of a port
 * @rx_packets: frames that came in through the port
 * @rx_bytes: bytes of them, Ethernet header included
 * @tx_packets: frames that left through the port
 * @tx_bytes: bytes of them, Ethernet header included
 * @drops: frames that died, by reason, counted at the port that they came from
 * @syncp: lets 32-bit readers see whole values
 */
struct vnet_port_stats {
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t drops[VNET_DROP_COUNT];
	struct u64_stats_sync syncp;
};

/**
 * struct vnet_port_totals - the sum over all CPUs
 * @rx_packets: as in struct vnet_port_stats
 * @rx_bytes: as there
 * @tx_packets: as there
 * @tx_bytes: as there
 * @drops: as there
 */
struct vnet_port_totals {
	u64 rx_packets;
	u64 rx_bytes;
	u64 tx_packets;
	u64 tx_bytes;
	u64 drops[VNET_DROP_COUNT];
};

/* Both: BH off. */
static inline void vnet_stats_rx(struct vnet_port_stats __percpu *stats, unsigned int bytes)
{
	struct vnet_port_stats *cpu = this_cpu_ptr(stats);

	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->rx_packets);
	u64_stats_add(&cpu->rx_bytes, bytes);
	u64_stats_update_end(&cpu->syncp);
}

static inline void vnet_stats_tx(struct vnet_port_stats __percpu *stats, unsigned int bytes)
{
	struct vnet_port_stats *cpu = this_cpu_ptr(stats);

	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->tx_packets);
	u64_stats_add(&cpu->tx_bytes, bytes);
	u64_stats_update_end(&cpu->syncp);
}

#endif
