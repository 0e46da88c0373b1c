// SPDX-License-Identifier: GPL-2.0
/* The one way in which a packet dies. */
#include "drop.h"
#include "port.h"
#include "trace.h"

static const char * const names[] = {
#define X(symbol, name, core, sentence) [VNET_DROP_##symbol] = name,
	VNET_DROP_REASONS(X)
#undef X
};

static const char * const sentences[] = {
#define X(symbol, name, core, sentence) [VNET_DROP_##symbol] = sentence,
	VNET_DROP_REASONS(X)
#undef X
};

/* Modules cannot register reasons of their own, so each has the nearest one of the core. */
static const enum skb_drop_reason core_reasons[] = {
#define X(symbol, name, core, sentence) [VNET_DROP_##symbol] = SKB_DROP_REASON_##core,
	VNET_DROP_REASONS(X)
#undef X
};

/**
 * vnet_drop_name - word for a reason
 * @reason: the reason
 *
 * Return: A word that never changes, for counters and scripts.
 */
const char *vnet_drop_name(enum vnet_drop_reason reason)
{
	return names[reason];
}

/**
 * vnet_drop_sentence - explanation of a reason
 * @reason: the reason
 *
 * Return: A sentence for people.
 */
const char *vnet_drop_sentence(enum vnet_drop_reason reason)
{
	return sentences[reason];
}

/**
 * vnet_drop_count - count a death without a packet at hand
 * @port: port that the packet came from, or NULL
 * @reason: why
 *
 * For packets that another part of the kernel has freed.
 *
 * Context: BH off, RCU read side.
 */
void vnet_drop_count(struct vnet_port *port, enum vnet_drop_reason reason)
{
	struct vnet_port_stats *cpu;

	if (!port)
		return;
	cpu = this_cpu_ptr(&port->cpu->stats);
	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->drops[reason]);
	u64_stats_update_end(&cpu->syncp);
}

/**
 * vnet_drop - end the life of a packet
 * @port: port that the packet came from, whose counter it goes to, or NULL
 * @skb: the packet; gone afterwards
 * @reason: why
 *
 * Context: BH off, RCU read side.
 */
void vnet_drop(struct vnet_port *port, struct sk_buff *skb, enum vnet_drop_reason reason)
{
	vnet_drop_count(port, reason);
	trace_vnet_drop(port, skb, reason);
	kfree_skb_reason(skb, core_reasons[reason]);
}
