// SPDX-License-Identifier: GPL-2.0
/* churn: namespaces, sockets in them, and netlink written down by hand, because a process for each request is dear. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/rtnetlink.h>

#include "churn.h"

struct slot slots[N_WORLDS][N_PLACES];
atomic_int findings;
bool verbose;
int home = -1;
int family, events_group;

double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void die(const char *what)
{
	fprintf(stderr, "churn: %s: %s\n", what, strerror(errno));
	_exit(3);
}

void finding(const char *format, ...)
{
	va_list args;

	atomic_fetch_add(&findings, 1);
	va_start(args, format);
	flockfile(stdout);
	printf("FINDING: ");
	vprintf(format, args);
	printf("\n");
	fflush(stdout);
	funlockfile(stdout);
	va_end(args);
}

static int open_socket(int domain, int type, int protocol)
{
	int sock = socket(domain, type | SOCK_CLOEXEC, protocol);
	struct timeval patience = {.tv_sec = 60};
	int size = 1 << 20;

	if (sock < 0)
		die("cannot open a socket");
	/* Nobody reads what a packet socket would receive: protocol 0 means nothing. */
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return sock;
}

static void seat_close(struct seat *seat)
{
	if (seat->route >= 0) {
		close(seat->route);
		close(seat->generic);
		close(seat->events);
		if (seat->packet >= 0)
			close(seat->packet);
	}
	seat->route = seat->packet = -1;
}

void seats_init(struct seats *seats, bool shoots)
{
	seats->shoots = shoots;
	for (int i = 0; i < N_WORLDS * N_PLACES; i++)
		(&seats->seat[0][0])[i] = (struct seat){.route = -1, .packet = -1};
}

/* The sockets of this thread in a namespace, which are made when it is new. */
struct seat *seat_in(struct seats *seats, int world, int place)
{
	struct seat *seat = &seats->seat[world][place];
	struct slot *slot = &slots[world][place];

	if (seat->route >= 0 && seat->generation == atomic_load(&slot->generation))
		return seat;
	seat_close(seat);
	pthread_mutex_lock(&slot->lock);
	seat->generation = atomic_load(&slot->generation);
	if (setns(slot->fd, CLONE_NEWNET))
		die("cannot enter a namespace");
	pthread_mutex_unlock(&slot->lock);
	seat->route = open_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	seat->generic = open_socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	seat->events = open_socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	/* Its end waits for a grace period, so it is only for who sends. */
	if (seats->shoots)
		seat->packet = open_socket(AF_PACKET, SOCK_RAW, 0);
	if (setns(home, CLONE_NEWNET))
		die("cannot go home");
	return seat;
}

/* Close what is in namespaces that are gone, or all. */
void seats_leave(struct seats *seats, bool all)
{
	for (int world = 0; world < N_WORLDS; world++)
		for (int place = 0; place < N_PLACES; place++)
			if (all || seats->seat[world][place].generation != atomic_load(&slots[world][place].generation))
				seat_close(&seats->seat[world][place]);
}

/* 0 when there is no such netdev. */
int index_of(int sock, const char *name)
{
	struct ifreq request = {0};

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	return ioctl(sock, SIOCGIFINDEX, &request) ? 0 : request.ifr_ifindex;
}

static void *tail(struct request *request, size_t length)
{
	void *place = request->bytes + NLMSG_ALIGN(request->head->nlmsg_len);

	if (NLMSG_ALIGN(request->head->nlmsg_len) + NLMSG_ALIGN(length) > sizeof(request->bytes))
		die("a request is too long");
	request->head->nlmsg_len = NLMSG_ALIGN(request->head->nlmsg_len) + (uint32_t)length;
	return place;
}

void request_route(struct request *request, int type, int flags)
{
	memset(request, 0, sizeof(*request));
	request->head = (struct nlmsghdr *)request->bytes;
	request->head->nlmsg_len = NLMSG_HDRLEN;
	request->head->nlmsg_type = (uint16_t)type;
	request->head->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
}

/* A link is named by its index, or else by its name. */
void request_link(struct request *request, int type, int flags, const char *name, int index)
{
	struct ifinfomsg *info;

	request_route(request, type, flags | NLM_F_ACK);
	info = tail(request, sizeof(*info));
	info->ifi_index = index;
	if (name)
		put_text(request, IFLA_IFNAME, name);
}

void link_up(struct request *request, bool up)
{
	struct ifinfomsg *info = NLMSG_DATA(request->head);

	info->ifi_change |= IFF_UP;
	info->ifi_flags = up ? IFF_UP : 0;
}

void request_generic(struct request *request, int id, int command, int flags)
{
	struct genlmsghdr *head;

	request_route(request, id, flags | (flags & NLM_F_DUMP ? 0 : NLM_F_ACK));
	head = tail(request, sizeof(*head));
	head->cmd = (uint8_t)command;
	head->version = 1;
}

void put(struct request *request, int type, const void *data, size_t length)
{
	struct nlattr *attr = tail(request, NLA_HDRLEN + length);

	attr->nla_type = (uint16_t)type;
	attr->nla_len = (uint16_t)(NLA_HDRLEN + length);
	memcpy((char *)attr + NLA_HDRLEN, data, length);
}

void put_u8(struct request *request, int type, uint8_t value)
{
	put(request, type, &value, sizeof(value));
}
void put_u16(struct request *request, int type, uint16_t value)
{
	put(request, type, &value, sizeof(value));
}
void put_u32(struct request *request, int type, uint32_t value)
{
	put(request, type, &value, sizeof(value));
}
void put_text(struct request *request, int type, const char *text)
{
	put(request, type, text, strlen(text) + 1);
}

struct nlattr *nest(struct request *request, int type)
{
	struct nlattr *attr = tail(request, NLA_HDRLEN);

	attr->nla_type = (uint16_t)(type | NLA_F_NESTED);
	return attr;
}

void nest_end(struct request *request, struct nlattr *attr)
{
	attr->nla_len = (uint16_t)(request->bytes + request->head->nlmsg_len - (char *)attr);
}

/* Reads what came; true at the end of the answer. */
static bool take(char *bytes, ssize_t length, reply_t reply, void *context, int *error)
{
	struct nlmsghdr *head = (struct nlmsghdr *)bytes;

	for (; NLMSG_OK(head, length); head = NLMSG_NEXT(head, length)) {
		if (head->nlmsg_type == NLMSG_ERROR) {
			*error = ((struct nlmsgerr *)NLMSG_DATA(head))->error;
			return true;
		}
		if (head->nlmsg_type == NLMSG_DONE) {
			*error = *(int *)NLMSG_DATA(head);
			return true;
		}
		if (reply)
			reply(head, context);
	}
	return false;
}

/* Send a request and hand the answer to REPLY; returns 0 or a negative error. */
int talk(int sock, struct request *request, reply_t reply, void *context)
{
	static _Thread_local char bytes[65536];
	ssize_t length;
	int error = 0;

	if (send(sock, request->bytes, request->head->nlmsg_len, 0) < 0)
		return -errno;
	do {
		length = recv(sock, bytes, sizeof(bytes), 0);
		if (length < 0 && errno == EAGAIN)
			finding("the kernel does not answer a request of type %u in 60 s", request->head->nlmsg_type);
		if (length < 0)
			return -errno;
	} while (!take(bytes, length, reply, context, &error));
	return error;
}

void parse(const void *data, int length, const struct nlattr *attrs[], int max)
{
	const struct nlattr *attr = data;

	memset(attrs, 0, sizeof(*attrs) * (size_t)(max + 1));
	while (length >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN && attr->nla_len <= length) {
		int type = attr->nla_type & NLA_TYPE_MASK;

		if (type <= max)
			attrs[type] = attr;
		length -= (int)NLA_ALIGN(attr->nla_len);
		attr = (const struct nlattr *)((const char *)attr + NLA_ALIGN(attr->nla_len));
	}
}

uint32_t attr_u32(const struct nlattr *attr)
{
	uint32_t value = 0;

	if (attr)
		memcpy(&value, (const char *)attr + NLA_HDRLEN, sizeof(value));
	return value;
}

uint64_t attr_u64(const struct nlattr *attr)
{
	uint64_t value = 0;

	if (attr)
		memcpy(&value, (const char *)attr + NLA_HDRLEN, sizeof(value));
	return value;
}

const void *generic_attrs(const struct nlmsghdr *head, int *length)
{
	*length = (int)(head->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN);
	return (const char *)head + NLMSG_HDRLEN + GENL_HDRLEN;
}

static void take_group(const struct nlattr *groups)
{
	const struct nlattr *first[2], *attrs[CTRL_ATTR_MCAST_GRP_ID + 1];

	parse((const char *)groups + NLA_HDRLEN, groups->nla_len - NLA_HDRLEN, first, 1);
	if (!first[1])
		return;
	parse((const char *)first[1] + NLA_HDRLEN, first[1]->nla_len - NLA_HDRLEN, attrs, CTRL_ATTR_MCAST_GRP_ID);
	events_group = (int)attr_u32(attrs[CTRL_ATTR_MCAST_GRP_ID]);
}

static void take_family(const struct nlmsghdr *head, void *context)
{
	const struct nlattr *attrs[CTRL_ATTR_MCAST_GROUPS + 1];
	int length;
	const void *data = generic_attrs(head, &length);

	parse(data, length, attrs, CTRL_ATTR_MCAST_GROUPS);
	if (attrs[CTRL_ATTR_FAMILY_ID])
		*(int *)context = (int)(attr_u32(attrs[CTRL_ATTR_FAMILY_ID]) & 0xffff);
	if (attrs[CTRL_ATTR_MCAST_GROUPS])
		take_group(attrs[CTRL_ATTR_MCAST_GROUPS]);
}

/* Number of a generic netlink family, or 0. */
int family_of(int sock, const char *name)
{
	struct request request;
	int found = 0;

	request_generic(&request, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	put_text(&request, CTRL_ATTR_FAMILY_NAME, name);
	talk(sock, &request, take_family, &found);
	return found;
}

static void on_link(const struct nlmsghdr *head, void *context)
{
	if (head->nlmsg_type == RTM_NEWLINK)
		++*(int *)context;
}

/* Netdevs of the namespace of a socket, or a negative error. */
int count_links(int sock)
{
	struct request request;
	int n = 0;

	request_link(&request, RTM_GETLINK, NLM_F_DUMP, NULL, 0);
	return talk(sock, &request, on_link, &n) ?: n;
}

static void write_setting(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, value, strlen(value)) < 0)
		die(path);
	if (fd >= 0)
		close(fd);
}

/*
 * Grace periods are what everything that ends waits for, and they are long where a CPU is emulated. And who asks for
 * the index of a netdev that is gone would wait for modprobe, which the kernel starts to look for it (dev_load).
 */
void hurry(bool on)
{
	write_setting("/sys/kernel/rcu_expedited", on ? "1" : "0");
	write_setting("/proc/sys/kernel/modprobe", on ? "\n" : "/sbin/modprobe\n");
	/* Members and vnets have directories in sysfs, which come, go and are renamed with them. */
	write_setting("/sys/module/vnet/parameters/bridge_sysfs", on ? "1" : "0");
}
