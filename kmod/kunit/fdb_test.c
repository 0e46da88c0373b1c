// SPDX-License-Identifier: GPL-2.0
/* The FDB by itself: a vnet whose netdev is never registered, and ports without doors. */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "../fdb_cache.h"
#include "../host.h"
#include "../port.h"
#include "../vnet.h"

#define PORTS 3
#define MANY 5000

struct fixture {
	struct net_device *dev;
	struct vnet *vnet;
	struct vnet_port ports[PORTS];
};

static int fdb_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->dev = alloc_netdev(sizeof(struct vnet), "fdbtest%d", NET_NAME_ENUM, vnet_host_setup);
	KUNIT_ASSERT_NOT_NULL(test, f->dev);
	f->vnet = vnet_of(f->dev);
	f->vnet->dev = f->dev;
	KUNIT_ASSERT_EQ(test, vnet_fdb_init(f->vnet), 0);
	for (i = 0; i < PORTS; i++) {
		f->ports[i].vnet = f->vnet;
		f->ports[i].dev = f->dev;
		f->ports[i].kind = VNET_PORT_KIND_MEMBER;
		f->ports[i].flags = BIT(VNET_PORT_FLAG_LEARNING);
		f->ports[i].fdb_max = MANY * 2;
		f->ports[i].cpu = alloc_percpu(struct vnet_port_cpu);
		KUNIT_ASSERT_NOT_NULL(test, f->ports[i].cpu);
	}
	test->priv = f;
	return 0;
}

static void fdb_exit(struct kunit *test)
{
	struct fixture *f = test->priv;
	int i;

	if (!f)
		return;
	for (i = 0; i < PORTS; i++)
		free_percpu(f->ports[i].cpu);
	vnet_fdb_exit(f->vnet);
	KUNIT_EXPECT_EQ(test, f->vnet->fdb.learned, 0);
	free_netdev(f->dev);
}

static const u8 *address(u32 number, u8 *addr)
{
	u64_to_ether_addr(0x020000000000ULL | number, addr);
	return addr;
}

static bool learn(struct vnet_port *port, u32 number)
{
	u8 addr[ETH_ALEN];
	bool good;

	rcu_read_lock();
	local_bh_disable();
	good = vnet_fdb_learn(port, vnet_fdb_cache(port), address(number, addr), 0) ==
	       VNET_FDB_SOURCE_GOOD;
	local_bh_enable();
	rcu_read_unlock();
	return good;
}

static int add(struct vnet_port *port, u32 number, enum vnet_fdb_state state)
{
	u8 addr[ETH_ALEN];
	int err;

	rtnl_lock();
	err = vnet_fdb_add(port, address(number, addr), 0, state, NULL);
	rtnl_unlock();
	return err;
}

/* The port behind which an address is known, or NULL. */
static struct vnet_port *port_of(struct fixture *f, u32 number)
{
	const struct vnet_fdb_entry *entry;
	struct vnet_port *port;
	u8 addr[ETH_ALEN];

	rcu_read_lock();
	entry = vnet_fdb_find_rcu(&f->vnet->fdb, vnet_fdb_key(address(number, addr), 0));
	port = entry ? entry->port : NULL;
	rcu_read_unlock();
	return port;
}

static void test_learn_and_move(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 1), NULL);
	KUNIT_EXPECT_TRUE(test, learn(&f->ports[0], 1));
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 1), &f->ports[0]);
	KUNIT_EXPECT_EQ(test, f->ports[0].fdb_learned, 1);
	KUNIT_EXPECT_TRUE(test, learn(&f->ports[1], 1));
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 1), &f->ports[1]);
	KUNIT_EXPECT_EQ(test, f->ports[0].fdb_learned, 0);
	KUNIT_EXPECT_EQ(test, f->ports[1].fdb_learned, 1);
	KUNIT_EXPECT_EQ(test, f->vnet->fdb.learned, 1);
	f->ports[2].flags = 0;
	KUNIT_EXPECT_TRUE(test, learn(&f->ports[2], 2));
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 2), NULL);
}

static void test_static_and_local(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 addr[ETH_ALEN];

	KUNIT_EXPECT_TRUE(test, learn(&f->ports[0], 1));
	KUNIT_EXPECT_EQ(test, add(&f->ports[1], 1, VNET_FDB_STATE_STATIC), 0);
	KUNIT_EXPECT_EQ(test, f->vnet->fdb.learned, 0);
	KUNIT_EXPECT_TRUE(test, learn(&f->ports[2], 1));
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 1), &f->ports[1]);
	KUNIT_EXPECT_EQ(test, add(&f->ports[0], 1, VNET_FDB_STATE_LOCAL), -EEXIST);

	KUNIT_EXPECT_EQ(test, add(&f->ports[0], 2, VNET_FDB_STATE_LOCAL), 0);
	KUNIT_EXPECT_EQ(test, add(&f->ports[1], 2, VNET_FDB_STATE_STATIC), -EEXIST);
	KUNIT_EXPECT_FALSE(test, learn(&f->ports[1], 2));
	KUNIT_EXPECT_TRUE(test, learn(&f->ports[0], 2));
	KUNIT_EXPECT_EQ(test, vnet_fdb_del(f->vnet, address(2, addr), 0, NULL), -EPERM);
	KUNIT_EXPECT_EQ(test, vnet_fdb_del(f->vnet, address(1, addr), 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, vnet_fdb_del(f->vnet, address(1, addr), 0, NULL), -ENOENT);
	eth_broadcast_addr(addr);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vnet_fdb_add(&f->ports[0], addr, 0, VNET_FDB_STATE_STATIC, NULL),
			-EINVAL);
	rtnl_unlock();
}

static void test_bounds(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 i;

	f->ports[0].fdb_max = 10;
	for (i = 0; i < 20; i++)
		KUNIT_EXPECT_TRUE(test, learn(&f->ports[0], i));
	KUNIT_EXPECT_EQ(test, f->ports[0].fdb_learned, 10);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 9), &f->ports[0]);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 10), NULL);
	f->vnet->fdb.max_learned = 15;
	for (i = 100; i < 120; i++)
		learn(&f->ports[1], i);
	KUNIT_EXPECT_EQ(test, f->vnet->fdb.learned, 15);
	KUNIT_EXPECT_EQ(test, f->ports[1].fdb_learned, 5);
}

static void test_many_and_flush(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 i, lost = 0;

	for (i = 0; i < MANY; i++)
		learn(&f->ports[i % 2], i);
	/* The ager makes the table bigger meanwhile. */
	flush_delayed_work(&f->vnet->fdb.ager);
	for (i = 0; i < MANY; i++)
		lost += port_of(f, i) != &f->ports[i % 2];
	KUNIT_EXPECT_EQ(test, lost, 0);
	KUNIT_EXPECT_EQ(test, f->vnet->fdb.learned, MANY);
	vnet_fdb_flush(f->vnet, &f->ports[0], VNET_FDB_FLUSH_LEARNED);
	KUNIT_EXPECT_EQ(test, f->ports[0].fdb_learned, 0);
	KUNIT_EXPECT_EQ(test, f->ports[1].fdb_learned, MANY / 2);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 0), NULL);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 1), &f->ports[1]);
}

static void test_ageing(struct kunit *test)
{
	struct fixture *f = test->priv;
	int i;

	KUNIT_EXPECT_EQ(test, add(&f->ports[1], 2, VNET_FDB_STATE_STATIC), 0);
	learn(&f->ports[0], 1);
	vnet_fdb_set_ageing(f->vnet, HZ / 2);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 1), &f->ports[0]);
	for (i = 0; i < 50 && port_of(f, 1); i++)
		msleep(100);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 1), NULL);
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 2), &f->ports[1]);
	KUNIT_EXPECT_EQ(test, f->ports[0].fdb_learned, 0);
}

/* What the namespace may remember, which its owner cannot set. */
static void test_budget(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vnet_net *state = vnet_net(dev_net(f->dev));
	u32 before = atomic_read(&state->objects), bound = state->max_objects;
	u32 i;

	state->max_objects = before + 3;
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_TRUE(test, learn(&f->ports[0], i));
	KUNIT_EXPECT_EQ(test, f->vnet->fdb.learned, 3);
	KUNIT_EXPECT_EQ(test, add(&f->ports[0], 9, VNET_FDB_STATE_STATIC), -ENOMEM);
	/* A port's own address needs none, and one that was learned until then gives it back. */
	KUNIT_EXPECT_EQ(test, add(&f->ports[0], 9, VNET_FDB_STATE_LOCAL), 0);
	KUNIT_EXPECT_EQ(test, add(&f->ports[1], 0, VNET_FDB_STATE_LOCAL), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&state->objects), before + 2);
	vnet_fdb_flush(f->vnet, NULL, VNET_FDB_FLUSH_ALL);
	KUNIT_EXPECT_EQ(test, atomic_read(&state->objects), before);
	KUNIT_EXPECT_TRUE(test, learn(&f->ports[0], 4));
	KUNIT_EXPECT_PTR_EQ(test, port_of(f, 4), &f->ports[0]);
	state->max_objects = bound;
}

static struct kunit_case fdb_cases[] = {
	KUNIT_CASE(test_learn_and_move),
	KUNIT_CASE(test_static_and_local),
	KUNIT_CASE(test_bounds),
	KUNIT_CASE(test_many_and_flush),
	KUNIT_CASE(test_ageing),
	KUNIT_CASE(test_budget),
	{}
};

static struct kunit_suite fdb_suite = {
	.name = "vnet_fdb",
	.init = fdb_init,
	.exit = fdb_exit,
	.test_cases = fdb_cases,
};

kunit_test_suite(fdb_suite);
