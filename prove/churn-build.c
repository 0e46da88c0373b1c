// SPDX-License-Identifier: GPL-2.0
/* churn: the objects that a world is made of. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <linux/vnet.h>

#include "churn.h"

int taps[N_WORLDS];
pthread_rwlock_t tap_locks[N_WORLDS] = {PTHREAD_RWLOCK_INITIALIZER, PTHREAD_RWLOCK_INITIALIZER};

void mac_guest(uint8_t *mac, int guest, int vnet)
{
	memcpy(mac, (const uint8_t[]){2, 0, 0, 0, (uint8_t)(guest + 1), (uint8_t)vnet}, 6);
}

void mac_gateway(uint8_t *mac, int vnet)
{
	memcpy(mac, (const uint8_t[]){2, 0xfe, 0, 0, 0, (uint8_t)vnet}, 6);
}
void mac_host(uint8_t *mac, int vnet)
{
	memcpy(mac, (const uint8_t[]){2, 0xad, 0, 0, 0, (uint8_t)vnet}, 6);
}
void mac_wan(uint8_t *mac, bool inet)
{
	memcpy(mac, (const uint8_t[]){2, 0xaa, 0, 0, 0, inet ? 1 : 2}, 6);
}
uint32_t addr_guest(int guest, int vnet)
{
	return ADDR_SUBNET(vnet) + 10 + (uint32_t)guest;
}

/* A file descriptor of a namespace for a request; the caller closes it. */
int slot_fd(int world, int place)
{
	struct slot *slot = &slots[world][place];
	int fd;

	pthread_mutex_lock(&slot->lock);
	fd = fcntl(slot->fd, F_DUPFD_CLOEXEC, 0);
	pthread_mutex_unlock(&slot->lock);
	return fd;
}

/* The kind of a link that is to be a veth, and its other end. */
static void put_veth(struct request *request, const char *peer_name, const uint8_t *peer_mac, int fd)
{
	struct nlattr *info = nest(request, IFLA_LINKINFO), *data, *peer;

	put_text(request, IFLA_INFO_KIND, "veth");
	data = nest(request, IFLA_INFO_DATA);
	peer = nest(request, VETH_INFO_PEER);
	request->head->nlmsg_len += sizeof(struct ifinfomsg);
	put_text(request, IFLA_IFNAME, peer_name);
	put(request, IFLA_ADDRESS, peer_mac, 6);
	put_u32(request, IFLA_NET_NS_FD, (uint32_t)fd);
	nest_end(request, peer);
	nest_end(request, data);
	nest_end(request, info);
}

/* A veth whose one end is at home and the other in the new namespace: it goes when the namespace does. */
static int make_canary(int fd)
{
	static const uint8_t mac[6] = {2, 0xca};
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), err;
	static atomic_uint number;
	struct request request;
	char name[16];

	snprintf(name, sizeof(name), "can%u", atomic_fetch_add(&number, 1));
	request_link(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, name, 0);
	put_veth(&request, "canary", mac, fd);
	err = talk(sock, &request, NULL, NULL);
	close(sock);
	return err;
}

/* /proc/sys/net is that of the namespace that the thread is in. */
static void without_ipv6(void)
{
	int fd = open("/proc/sys/net/ipv6/conf/default/disable_ipv6", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, "1", 1) != 1)
		die("cannot switch IPv6 off");
	if (fd >= 0)
		close(fd);
}

/* A namespace takes the place of the one before, which ends when the last thread has left it. */
int make_namespace(int world, int place, bool ipv6)
{
	struct slot *slot = &slots[world][place];
	struct request request;
	int fd, sock, before, err;

	if (unshare(CLONE_NEWNET))
		return -errno;
	if (!ipv6)
		without_ipv6();
	fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0 || sock < 0 || setns(home, CLONE_NEWNET))
		die("cannot make a namespace");
	request_link(&request, RTM_NEWLINK, 0, "lo", 0);
	link_up(&request, true);
	err = talk(sock, &request, NULL, NULL);
	close(sock);
	if (!err)
		err = make_canary(fd);
	pthread_mutex_lock(&slot->lock);
	before = slot->fd;
	slot->fd = fd;
	atomic_fetch_add(&slot->generation, 1);
	pthread_mutex_unlock(&slot->lock);
	if (before >= 0)
		close(before);
	/* Its file holds the namespace that it was opened in. */
	if (place == HOST)
		tap_replace(world, 0);
	return err;
}

int set_address(struct seats *seats, int world, int place, const char *name, uint32_t addr, bool add)
{
	int sock = seat_in(seats, world, place)->route;
	uint32_t raw = htonl(addr);
	struct request request;
	struct ifaddrmsg info = {
		.ifa_family = AF_INET,
		.ifa_prefixlen = 24,
		.ifa_index = (uint32_t)index_of(sock, name),
	};

	request_route(&request, add ? RTM_NEWADDR : RTM_DELADDR, NLM_F_ACK | (add ? NLM_F_CREATE : 0));
	memcpy(request.bytes + NLMSG_HDRLEN, &info, sizeof(info));
	request.head->nlmsg_len += sizeof(info);
	put(&request, IFA_LOCAL, &raw, sizeof(raw));
	return talk(sock, &request, NULL, NULL);
}

static int add_default_route(int sock)
{
	struct rtmsg info = {
		.rtm_family = AF_INET,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_type = RTN_UNICAST,
	};
	uint32_t gateway = htonl(ADDR_INET);
	struct request request;

	request_route(&request, RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE);
	memcpy(request.bytes + NLMSG_HDRLEN, &info, sizeof(info));
	request.head->nlmsg_len += sizeof(info);
	put(&request, RTA_GATEWAY, &gateway, sizeof(gateway));
	return talk(sock, &request, NULL, NULL);
}

/* A veth from HOST to another namespace of the world, with both ends up. */
static int make_veth(struct seats *seats, int world, int place, const char *name, const uint8_t *mac,
		     const uint8_t *peer_mac)
{
	int sock = seat_in(seats, world, HOST)->route, fd = slot_fd(world, place), err;
	struct request request;

	request_link(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, name, 0);
	link_up(&request, true);
	put(&request, IFLA_ADDRESS, mac, 6);
	put_veth(&request, name, peer_mac, fd);
	err = talk(sock, &request, NULL, NULL);
	close(fd);
	if (err)
		return err;
	/* An end cannot be up before the other one is there. */
	request_link(&request, RTM_NEWLINK, 0, name, 0);
	link_up(&request, true);
	return talk(seat_in(seats, world, place)->route, &request, NULL, NULL);
}

/* HOST's way to INET, which answers for the remotes itself where it is to. */
int make_wan(struct seats *seats, int world, bool remotes)
{
	uint8_t mac[6], peer[6];
	int err;

	mac_wan(mac, false);
	mac_wan(peer, true);
	err = make_veth(seats, world, INET, "wan", mac, peer);
	if (err)
		return err;
	set_address(seats, world, HOST, "wan", ADDR_WAN, true);
	set_address(seats, world, INET, "wan", ADDR_INET, true);
	if (remotes)
		set_address(seats, world, INET, "lo", ADDR_REMOTES + 1, true);
	return add_default_route(seat_in(seats, world, HOST)->route);
}

int make_vnet(struct seats *seats, int world, int vnet, uint32_t mode, uint32_t uplink)
{
	uint32_t subnet = htonl(ADDR_SUBNET(vnet));
	struct nlattr *info, *data, *link;
	struct request request;
	uint8_t mac[6];
	char name[16];
	int err;

	snprintf(name, sizeof(name), "v%d", vnet);
	request_link(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, name, 0);
	link_up(&request, true);
	mac_host(mac, vnet);
	put(&request, IFLA_ADDRESS, mac, 6);
	info = nest(&request, IFLA_LINKINFO);
	put_text(&request, IFLA_INFO_KIND, "vnet");
	data = nest(&request, IFLA_INFO_DATA);
	link = nest(&request, VNET_INFO_LINK);
	put_u32(&request, VNET_LINK_MODE, mode);
	put(&request, VNET_LINK_SUBNET, &subnet, sizeof(subnet));
	put_u8(&request, VNET_LINK_PREFIX_LEN, 24);
	mac_gateway(mac, vnet);
	put(&request, VNET_LINK_GATEWAY_LLADDR, mac, 6);
	if (uplink)
		put_u32(&request, VNET_LINK_UPLINK, uplink);
	nest_end(&request, link);
	nest_end(&request, data);
	nest_end(&request, info);
	err = talk(seat_in(seats, world, HOST)->route, &request, NULL, NULL);
	return err ?: set_address(seats, world, HOST, name, ADDR_SUBNET(vnet) + 1, true);
}

int make_vnic(struct seats *seats, int world, int vnet, int guest)
{
	int sock = seat_in(seats, world, HOST)->route, fd = slot_fd(world, GUEST + guest), err;
	struct request request;
	struct nlattr *info;
	char name[16];
	uint8_t mac[6];

	snprintf(name, sizeof(name), "v%d", vnet);
	mac_guest(mac, guest, vnet);
	request_link(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, NULL, 0);
	link_up(&request, true);
	put_u32(&request, IFLA_LINK, (uint32_t)index_of(sock, name));
	name[0] = 'n';
	put_text(&request, IFLA_IFNAME, name);
	put(&request, IFLA_ADDRESS, mac, 6);
	put_u32(&request, IFLA_NET_NS_FD, (uint32_t)fd);
	info = nest(&request, IFLA_LINKINFO);
	put_text(&request, IFLA_INFO_KIND, "vnic");
	nest_end(&request, info);
	err = talk(sock, &request, NULL, NULL);
	close(fd);
	return err;
}

/* A guest of the other kind: a veth whose end in HOST is a member. */
int make_member(struct seats *seats, int world, int guest, int vnet)
{
	uint8_t mac[6], peer[6];
	char name[16], master[16];
	int err, sock = seat_in(seats, world, HOST)->route;

	snprintf(name, sizeof(name), "m%d", guest);
	snprintf(master, sizeof(master), "v%d", vnet);
	mac_guest(mac, guest, 0x20);
	mac_guest(peer, guest, 0x10);
	err = make_veth(seats, world, GUEST + guest, name, mac, peer);
	return err ?: set_master(seats, world, HOST, name, index_of(sock, master));
}

int set_master(struct seats *seats, int world, int place, const char *name, int index)
{
	struct request request;

	request_link(&request, RTM_NEWLINK, 0, name, 0);
	put_u32(&request, IFLA_MASTER, (uint32_t)index);
	return talk(seat_in(seats, world, place)->route, &request, NULL, NULL);
}

/*
 * Which file is behind the tap of a world from now on. Who writes to it holds the lock, because the number of a
 * file that is closed may be another's at once.
 */
void tap_replace(int world, int fd)
{
	int before;

	pthread_rwlock_wrlock(&tap_locks[world]);
	before = taps[world];
	taps[world] = fd;
	pthread_rwlock_unlock(&tap_locks[world]);
	if (before > 0)
		close(before);
}

/* A tap without a reader: its queue fills and its frames are dropped, as those of a VM that hangs. */
int make_tap(struct seats *seats, int world)
{
	struct ifreq wanted = {.ifr_name = "t0", .ifr_flags = IFF_TAP | IFF_NO_PI};
	struct request request;
	int fd, ns;

	ns = slot_fd(world, HOST);
	if (setns(ns, CLONE_NEWNET))
		die("cannot enter a namespace");
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (setns(home, CLONE_NEWNET))
		die("cannot go home");
	close(ns);
	if (fd < 0)
		return -errno;
	tap_replace(world, 0);
	if (ioctl(fd, TUNSETIFF, &wanted)) {
		close(fd);
		return -EBUSY;
	}
	tap_replace(world, fd);
	request_link(&request, RTM_NEWLINK, 0, "t0", 0);
	link_up(&request, true);
	return talk(seat_in(seats, world, HOST)->route, &request, NULL, NULL);
}

int delete_link(struct seats *seats, int world, int place, const char *name)
{
	struct request request;

	request_link(&request, RTM_DELLINK, 0, name, 0);
	return talk(seat_in(seats, world, place)->route, &request, NULL, NULL);
}

/* All namespaces for the first time; FILL puts into a world what it begins with. */
void make_worlds(struct seats *seats, void (*fill)(struct seats *seats, int world))
{
	for (int world = 0; world < N_WORLDS; world++) {
		for (int place = 0; place < N_PLACES; place++) {
			pthread_mutex_init(&slots[world][place].lock, NULL);
			slots[world][place].fd = -1;
			if (make_namespace(world, place, false))
				die("cannot make a namespace");
		}
		fill(seats, world);
	}
}

/* SOCK is at home, where there were LINKS before: canaries tell of namespaces that do not end. */
void leave_worlds(int sock, int links)
{
	int left = 0;

	for (int world = 0; world < N_WORLDS; world++) {
		tap_replace(world, 0);
		for (int place = 0; place < N_PLACES; place++)
			close(slots[world][place].fd);
	}
	for (int i = 0; i < 200; i++) {
		left = count_links(sock) - links;
		if (!left)
			return;
		usleep(100000);
	}
	finding("%d namespaces did not end in 20 s after the last one has left them", left);
}
