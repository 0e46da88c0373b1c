// SPDX-License-Identifier: GPL-2.0
/*
 * From a sender's context to a receiver's: the one queue of a processor.
 *
 * A receive stack must not run inside an xmit function, whose caller may hold the lock
 * of the very socket that an answer would want. So packets wait here until the
 * processor's next softirq. It is what netif_rx() does, without its locks: one
 * processor puts in and takes out, both with BH off.
 *
 * A processor that goes offline leaves its queue to another one, which empties it. It
 * does not come back before that is done: hop_cpu_prepare().
 */
#include "hop.h"

#include <linux/cpuhotplug.h>
#include <linux/netdevice.h>

#include "drop.h"

DEFINE_PER_CPU(struct vnet_hop_queue, vnet_hop_queues);
static struct net_device *hop_dev;
static int hop_cpu_state;

/*
 * A netdev that goes down, to end or to move to another namespace, waits one grace
 * period for whoever receives, and a softirq is an RCU read side. Nothing may be received
 * by it after that.
 */
static void hop_receive(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;

	if (likely(netif_running(dev))) {
		vnet_hop_receive(skb);
	} else {
		dev_core_stats_rx_dropped_inc(dev);
		vnet_drop(NULL, skb, VNET_DROP_PORT_DOWN);
	}
	dev_put(dev);
}

static int hop_poll(struct napi_struct *napi, int budget)
{
	struct vnet_hop_queue *queue = container_of(napi, struct vnet_hop_queue, napi);
	struct sk_buff *skb;
	int done = 0;

	while (done < budget) {
		skb = __skb_dequeue(&queue->packets);
		if (!skb) {
			queue->scheduled = false;
			napi_complete_done(napi, done);
			break;
		}
		hop_receive(skb);
		done++;
	}
	return done;
}

/* Nothing polls the queue afterwards, and nothing is in it. Sleeps. */
static void hop_stop(struct vnet_hop_queue *queue)
{
	struct sk_buff *skb;

	napi_disable(&queue->napi);
	/* NAPI goes in the middle of its work when it is disabled. */
	while ((skb = __skb_dequeue(&queue->packets))) {
		dev_put(skb->dev);
		kfree_skb(skb);
	}
	queue->scheduled = false;
}

/* The processor may have left packets to another one, which may be at them yet. */
static int hop_cpu_prepare(unsigned int cpu)
{
	struct vnet_hop_queue *queue = per_cpu_ptr(&vnet_hop_queues, cpu);

	hop_stop(queue);
	napi_enable(&queue->napi);
	return 0;
}

static void hop_free(void)
{
	struct vnet_hop_queue *queue;
	int cpu;

	for_each_possible_cpu(cpu) {
		queue = per_cpu_ptr(&vnet_hop_queues, cpu);
		hop_stop(queue);
		__netif_napi_del(&queue->napi);
	}
	/* One grace period for all of them. */
	synchronize_net();
	vnet_compat_free_dummy(hop_dev);
}

/**
 * vnet_hop_init - make the queues
 *
 * Context: Module initialisation.
 * Return: 0 or a negative error.
 */
int vnet_hop_init(void)
{
	struct vnet_hop_queue *queue;
	int cpu;

	hop_dev = vnet_compat_alloc_dummy();
	if (!hop_dev)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		queue = per_cpu_ptr(&vnet_hop_queues, cpu);
		__skb_queue_head_init(&queue->packets);
		/* Nobody polls for packets that only this processor can put in. */
		set_bit(NAPI_STATE_NO_BUSY_POLL, &queue->napi.state);
		netif_napi_add(hop_dev, &queue->napi, hop_poll);
		napi_enable(&queue->napi);
	}
	hop_cpu_state = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "net/vnet:prepare",
						  hop_cpu_prepare, NULL);
	if (hop_cpu_state >= 0)
		return 0;
	hop_free();
	return hop_cpu_state;
}

/**
 * vnet_hop_exit - end the queues
 *
 * Packets that wait yet are for netdevs that are not ours.
 *
 * Context: Module exit, when there are no ports any more. Sleeps.
 */
void vnet_hop_exit(void)
{
	cpuhp_remove_state_nocalls(hop_cpu_state);
	hop_free();
}
