// SPDX-License-Identifier: GPL-2.0
/*
 * vnet_bench: sends bursts of packets and tells how many instructions their way took.
 *
 * Only the way is timed: packets are made before the clock starts, and they end inside of
 * the measured time, where they are counted. The clock is the TSC, which counts
 * instructions when QEMU runs with -icount shift=0, and nanoseconds elsewhere.
 *
 * A burst in which an interrupt came, or whose packets came late because ksoftirqd was
 * busy, says nothing and is sent again. A packet that does not come at all is an error.
 *
 * The module cannot be unloaded: it is for a machine that ends with the benchmark.
 */
#include <linux/etherdevice.h>
#include <linux/hardirq.h>
#include <linux/ip.h>
#include <linux/kernel_stat.h>
#include <linux/ktime.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>

#include "bench.h"

#define MAX_ENDS 1100
#define MAX_LINEAR 2048
#define HEADROOM 192
/* A late packet has so long to come before it counts as lost. */
#define PATIENCE_MS 200
/* A slab has room for 16 packets at least. */
#define MAX_TIDY 8
#define MAX_TRIES 4

struct end {
	struct net_device *dev;
	bool wire;
};

static DEFINE_MUTEX(gen_lock);
static struct end ends[MAX_ENDS];
static unsigned int n_ends;
static u64 sunk;

#ifdef CONFIG_X86_64
/*
 * Instructions that no compiler makes. They do nothing, but the profiler's plugin knows
 * them when QEMU translates them: what runs between them belongs to the packets.
 */
#define PROFILE_ON() asm volatile(".byte 0x0f, 0x1f, 0x84, 0x00; .long 0x564e0001" ::: "memory")
#define PROFILE_OFF() asm volatile(".byte 0x0f, 0x1f, 0x84, 0x00; .long 0x564e0002" ::: "memory")
#define PROFILE_NEXT() asm volatile(".byte 0x0f, 0x1f, 0x84, 0x00; .long 0x564e0003" ::: "memory")
#else
#define PROFILE_ON() barrier()
#define PROFILE_OFF() barrier()
#define PROFILE_NEXT() barrier()
#endif

static u64 gen_clock(void)
{
#if defined(CONFIG_UML) && defined(CONFIG_X86_64)
	u32 low, high;

	/* The kernel's own clock asks the host, whose steps may be longer than a packet's way. */
	asm volatile("lfence; rdtsc; lfence" : "=a" (low), "=d" (high) : : "memory");
	return (u64)high << 32 | low;
#elif defined(CONFIG_X86_TSC)
	return rdtsc_ordered();
#else
	return ktime_get_ns();
#endif
}

static u64 gen_interrupts(void)
{
	u64 count = kstat_cpu_irqs_sum(raw_smp_processor_id());

#ifdef CONFIG_X86_LOCAL_APIC
	count += this_cpu_read(irq_stat.apic_timer_irqs);
#endif
	return count;
}

static rx_handler_result_t gen_sink(struct sk_buff **skb)
{
	sunk++;
	consume_skb(*skb);
	return RX_HANDLER_CONSUMED;
}

/* Packets that have come to their ends since the module was loaded. */
static u64 gen_arrived(void)
{
	struct rtnl_link_stats64 stats;
	u64 count = sunk;
	unsigned int i;

	for (i = 0; i < n_ends; i++)
		if (ends[i].wire)
			count += dev_get_stats(ends[i].dev, &stats)->tx_packets;
	return count;
}

/* The bench gives each netdev a name of its own, whatever its namespace. */
static struct net_device *gen_find(const char *name)
{
	struct net_device *dev = NULL;
	struct net *net;

	rcu_read_lock();
	for_each_net_rcu(net) {
		dev = dev_get_by_name_rcu(net, name);
		if (dev) {
			dev_hold(dev);
			break;
		}
	}
	rcu_read_unlock();
	return dev;
}

static void gen_clear_ends(void)
{
	rtnl_lock();
	while (n_ends) {
		struct end *end = &ends[--n_ends];

		if (!end->wire) {
			netdev_rx_handler_unregister(end->dev);
			end->dev->priv_flags &= ~IFF_BRIDGE_PORT;
		}
		dev_put(end->dev);
	}
	rtnl_unlock();
}

static int gen_add_end(const struct bench_end *wish)
{
	struct net_device *dev;
	int err = 0;

	if (n_ends == MAX_ENDS)
		return -ENOSPC;
	dev = gen_find(wish->dev);
	if (!dev)
		return -ENODEV;
	rtnl_lock();
	if (!wish->wire)
		err = netdev_rx_handler_register(dev, gen_sink, NULL);
	/* As a Linux bridge does: the sink never sends a packet round. A guest's IP stack would not either. */
	if (!wish->wire && !err)
		dev->priv_flags |= IFF_BRIDGE_PORT;
	rtnl_unlock();
	if (err) {
		dev_put(dev);
		return err;
	}
	ends[n_ends++] = (struct end){ .dev = dev, .wire = wish->wire };
	return 0;
}

static struct sk_buff *gen_alloc(const struct bench_order *order)
{
	struct sk_buff *skb;
	int err;

	if (order->length <= MAX_LINEAR) {
		skb = alloc_skb(HEADROOM + order->length + 128, GFP_KERNEL);
		if (!skb)
			return NULL;
		skb_reserve(skb, HEADROOM);
		skb_put_zero(skb, order->length);
		return skb;
	}
	/* As a socket makes it: headers in the linear part, data in pages. */
	skb = alloc_skb_with_frags(HEADROOM + order->header, order->length - order->header, 3, &err,
				   GFP_KERNEL);
	if (!skb)
		return NULL;
	skb_reserve(skb, HEADROOM);
	skb_put(skb, order->header);
	skb->data_len = order->length - order->header;
	skb->len += skb->data_len;
	return skb;
}

static void gen_vary(struct bench_order *order, struct sk_buff *skb)
{
	__be32 *field = (__be32 *)(skb->data + order->vary_at);

	if (!order->vary_count)
		return;
	put_unaligned_be32(get_unaligned_be32(field) + order->vary_next, field);
	order->vary_next = (order->vary_next + 1) % order->vary_count;
}

static void gen_set_offloads(const struct bench_order *order, struct sk_buff *skb)
{
	if (order->flags & BENCH_VERIFIED)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (order->csum_at) {
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = skb_headroom(skb) + skb_transport_offset(skb);
		skb->csum_offset = order->csum_at - skb_transport_offset(skb);
	}
	if (order->gso_size) {
		skb_shinfo(skb)->gso_size = order->gso_size;
		skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
		skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(order->length - order->header,
							 order->gso_size);
	}
}

static struct sk_buff *gen_packet(struct bench_order *order, struct net_device *dev)
{
	struct sk_buff *skb = gen_alloc(order);

	if (!skb)
		return NULL;
	memcpy(skb->data, order->frame, order->header);
	gen_vary(order, skb);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, ETH_HLEN + sizeof(struct iphdr));
	skb->protocol = eth_hdr(skb)->h_proto;
	skb->dev = dev;
	gen_set_offloads(order, skb);
	if (order->flags & BENCH_RECEIVE)
		skb->protocol = eth_type_trans(skb, dev);
	return skb;
}

static int gen_packets(struct bench_order *order, struct net_device *dev, struct list_head *burst)
{
	struct sk_buff *skb;
	u32 i;

	for (i = 0; i < order->burst; i++) {
		skb = gen_packet(order, dev);
		if (!skb)
			return -ENOMEM;
		list_add_tail(&skb->list, burst);
	}
	return 0;
}

/*
 * Is all memory of the burst of the slabs that this CPU works with? Only then it is freed
 * the fast way. Where slabs begin and end is chance, which would stick to a row for long.
 */
static bool gen_is_tidy(const struct list_head *burst)
{
	const struct sk_buff *first = list_first_entry(burst, struct sk_buff, list), *skb;

	list_for_each_entry(skb, burst, list)
		if (virt_to_head_page(skb) != virt_to_head_page(first) ||
		    virt_to_head_page(skb->head) != virt_to_head_page(first->head))
			return false;
	return true;
}

/* Make a tidy burst, if there can be one of this size. What is in the way goes to @stash until the end. */
static int gen_tidy_packets(struct bench_order *order, struct net_device *dev,
			    struct list_head *burst, struct list_head *stash)
{
	u32 first = order->vary_next;
	int err, i;

	for (i = 0; i < MAX_TRIES; i++) {
		order->vary_next = first;
		err = gen_packets(order, dev, burst);
		if (err || order->burst > MAX_TIDY || gen_is_tidy(burst))
			return err;
		list_splice_tail_init(burst, stash);
	}
	return gen_packets(order, dev, burst);
}

static void gen_free(struct list_head *packets)
{
	struct sk_buff *skb, *next;

	list_for_each_entry_safe(skb, next, packets, list) {
		skb_list_del_init(skb);
		kfree_skb(skb);
	}
}

/* What is measured. */
static u64 gen_shoot(struct list_head *burst, bool receive)
{
	struct sk_buff *skb, *next;
	u64 begin = gen_clock();

	PROFILE_ON();
	local_bh_disable();
	if (receive) {
		netif_receive_skb_list(burst);
	} else {
		list_for_each_entry_safe(skb, next, burst, list) {
			skb_list_del_init(skb);
			dev_queue_xmit(skb);
		}
	}
	local_bh_enable();
	PROFILE_OFF();
	return gen_clock() - begin;
}

/* What others have left to do is not to be done in the measured time. */
static void gen_settle(void)
{
	cond_resched();
	local_bh_disable();
	local_bh_enable();
}

static bool gen_wait_until(u64 arrived)
{
	int i;

	for (i = 0; i < PATIENCE_MS && gen_arrived() < arrived; i++)
		schedule_timeout_uninterruptible(msecs_to_jiffies(1));
	return gen_arrived() == arrived;
}

/* Send one burst and count it, or count that it has to be repeated. */
static int gen_one(struct bench_order *order, struct net_device *dev)
{
	LIST_HEAD(burst);
	LIST_HEAD(stash);
	u64 before, wanted, noise, spent;
	bool late, quiet;
	int err;

	err = gen_tidy_packets(order, dev, &burst, &stash);
	if (err) {
		gen_free(&burst);
		gen_free(&stash);
		return err;
	}
	gen_settle();
	before = gen_arrived();
	wanted = before + (u64)order->burst * order->copies;
	noise = gen_interrupts();
	spent = gen_shoot(&burst, order->flags & BENCH_RECEIVE);
	quiet = noise == gen_interrupts();
	late = gen_arrived() != wanted;
	gen_free(&stash);
	if (late && !gen_wait_until(wanted)) {
		order->arrived += gen_arrived() - before;
		return -EIO;
	}
	order->arrived += gen_arrived() - before;
	if (late || !quiet) {
		order->repeated++;
		return 0;
	}
	order->instructions += spent;
	order->least = min(order->least, spent);
	order->kept++;
	return 0;
}

static int gen_run(struct bench_order *order)
{
	struct net_device *dev = gen_find(order->dev);
	int err = 0;

	if (!dev)
		return -ENODEV;
	order->kept = 0;
	order->repeated = 0;
	order->instructions = 0;
	order->arrived = 0;
	order->least = U64_MAX;
	PROFILE_NEXT();
	while (!err && order->kept < order->bursts) {
		err = gen_one(order, dev);
		if (order->repeated > 100 + 4 * order->bursts)
			err = -ETIME;
	}
	dev_put(dev);
	return err;
}

static bool gen_order_is_sane(const struct bench_order *order)
{
	return strnlen(order->dev, sizeof(order->dev)) < sizeof(order->dev) &&
	       order->header >= ETH_HLEN + sizeof(struct iphdr) &&
	       order->header <= sizeof(order->frame) && order->length >= order->header &&
	       order->length <= SZ_64K && order->vary_at + sizeof(__be32) <= order->header &&
	       order->csum_at <= order->header && order->burst && order->burst <= 1024;
}

static long gen_ioctl_run(void __user *from)
{
	struct bench_order order;
	long err;

	if (copy_from_user(&order, from, sizeof(order)))
		return -EFAULT;
	if (!gen_order_is_sane(&order))
		return -EINVAL;
	err = gen_run(&order);
	if (copy_to_user(from, &order, sizeof(order)))
		return -EFAULT;
	return err;
}

static long gen_ioctl_end(void __user *from)
{
	struct bench_end end;

	if (copy_from_user(&end, from, sizeof(end)))
		return -EFAULT;
	end.dev[sizeof(end.dev) - 1] = '\0';
	return gen_add_end(&end);
}

static long gen_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	long err = 0;

	mutex_lock(&gen_lock);
	switch (command) {
	case BENCH_RUN:
		err = gen_ioctl_run((void __user *)argument);
		break;
	case BENCH_ADD_END:
		err = gen_ioctl_end((void __user *)argument);
		break;
	case BENCH_CLEAR_ENDS:
		gen_clear_ends();
		break;
	default:
		err = -ENOTTY;
	}
	mutex_unlock(&gen_lock);
	return err;
}

static int gen_release(struct inode *inode, struct file *file)
{
	mutex_lock(&gen_lock);
	gen_clear_ends();
	mutex_unlock(&gen_lock);
	return 0;
}

static const struct file_operations gen_fops = {
	.owner		= THIS_MODULE,
	.unlocked_ioctl	= gen_ioctl,
	.release	= gen_release,
};

static struct miscdevice gen_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "vnet_bench",
	.fops	= &gen_fops,
	.mode	= 0600,
};

static int __init gen_init(void)
{
	return misc_register(&gen_device);
}
module_init(gen_init);

MODULE_DESCRIPTION("Packet source of vnet's benchmark");
MODULE_LICENSE("GPL");
