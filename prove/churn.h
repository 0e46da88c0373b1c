/* SPDX-License-Identifier: GPL-2.0 */
/* churn: a random network that is changed while two CPUs push traffic through it. See churn-main.c. */
#ifndef CHURN_H
#define CHURN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <pthread.h>
#include <linux/netlink.h>

#define N_WORLDS 2
#define N_VNETS	 2
#define N_GUESTS 3

/* The namespaces of a world. */
enum place { HOST, INET, GUEST, N_PLACES = GUEST + N_GUESTS };

/* A sequence of choices: the same seed, the same choices. */
struct rng {
	uint64_t state;
};

static inline uint32_t draw(struct rng *rng, uint32_t below)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (uint32_t)(((z ^ (z >> 31)) >> 32) * below >> 32);
}

/*
 * A namespace that may be replaced at any time. Who has sockets in it looks at the generation and closes them,
 * so that the namespace before ends.
 */
struct slot {
	pthread_mutex_t lock;
	int fd;
	atomic_uint generation;
};

extern struct slot slots[N_WORLDS][N_PLACES];

/* One thread's sockets in one namespace. */
struct seat {
	unsigned int generation;
	int route, generic, packet, events;
};

/* One thread's sockets in all namespaces. */
struct seats {
	bool shoots;
	struct seat seat[N_WORLDS][N_PLACES];
};

void seats_init(struct seats *seats, bool shoots);
void hurry(bool on);
struct seat *seat_in(struct seats *seats, int world, int place);
void seats_leave(struct seats *seats, bool all);
int index_of(int sock, const char *name);
int count_links(int sock);

void die(const char *what);
void finding(const char *format, ...) __attribute__((format(printf, 1, 2)));
extern atomic_int findings;
extern bool verbose;
extern int home;

/* A netlink request being written. */
struct request {
	_Alignas(NLMSG_ALIGNTO) char bytes[2048];
	struct nlmsghdr *head;
};

typedef void (*reply_t)(const struct nlmsghdr *head, void *context);

void request_route(struct request *request, int type, int flags);
void request_link(struct request *request, int type, int flags, const char *name, int index);
void request_generic(struct request *request, int family, int command, int flags);
void put(struct request *request, int type, const void *data, size_t length);
void put_u8(struct request *request, int type, uint8_t value);
void put_u16(struct request *request, int type, uint16_t value);
void put_u32(struct request *request, int type, uint32_t value);
void put_text(struct request *request, int type, const char *text);
struct nlattr *nest(struct request *request, int type);
void nest_end(struct request *request, struct nlattr *attr);
void link_up(struct request *request, bool up);
int talk(int sock, struct request *request, reply_t reply, void *context);
int family_of(int sock, const char *name);
void parse(const void *data, int length, const struct nlattr *attrs[], int max);
uint32_t attr_u32(const struct nlattr *attr);
uint64_t attr_u64(const struct nlattr *attr);
const void *generic_attrs(const struct nlmsghdr *head, int *length);
extern int family, events_group;

/* Addresses that everybody knows. */
void mac_guest(uint8_t *mac, int guest, int vnet);
void mac_gateway(uint8_t *mac, int vnet);
void mac_host(uint8_t *mac, int vnet);
void mac_wan(uint8_t *mac, bool inet);
uint32_t addr_guest(int guest, int vnet);
#define ADDR_WAN	  0xcb007102u
#define ADDR_INET	  0xcb007101u
#define ADDR_REMOTES	  0xc6336400u
#define ADDR_SUBNET(vnet) (0x0a000000u | (uint32_t)(vnet) << 8)
#define FORWARD_PORT	  8000

/* churn-build.c: the objects. All return 0 or a negative error. */
int make_namespace(int world, int place, bool ipv6);
int make_wan(struct seats *seats, int world, bool remotes);
int make_vnet(struct seats *seats, int world, int vnet, uint32_t mode, uint32_t uplink);
int make_vnic(struct seats *seats, int world, int vnet, int guest);
int make_member(struct seats *seats, int world, int guest, int vnet);
int make_tap(struct seats *seats, int world);
int set_master(struct seats *seats, int world, int place, const char *name, int index);
int delete_link(struct seats *seats, int world, int place, const char *name);
int set_address(struct seats *seats, int world, int place, const char *name, uint32_t addr, bool add);
int slot_fd(int world, int place);
void tap_replace(int world, int fd);
void make_worlds(struct seats *seats, void (*fill)(struct seats *seats, int world));
void leave_worlds(int sock, int links);
extern int taps[N_WORLDS];
extern pthread_rwlock_t tap_locks[N_WORLDS];

/* churn-traffic.c */
struct frame {
	uint8_t bytes[1600];
	size_t length;
};

void frame_of_guest(struct frame *frame, struct rng *rng, int guest, int vnet);
void frame_of_inet(struct frame *frame, struct rng *rng);
void ether(struct frame *frame, const uint8_t *to, const uint8_t *from, uint16_t proto);
void announce(struct frame *frame, int guest, int vnet);
void udp_out(struct frame *frame, uint32_t flow, int guest, int vnet);
void udp_in(struct frame *frame, uint32_t flow);
int shoot(int sock, int index, const struct frame *frames, int count);
void *blaster(void *argument);
extern atomic_ullong frames_sent;

/* churn-control.c */
struct worker {
	int number;
	uint64_t seed;
	pthread_t thread;
	atomic_ullong steps, refused;
	_Atomic(const char *) now;
};

/* What an operation has at hand. */
struct act {
	struct seats *seats;
	struct rng *rng;
	int world, vnet, guest;
	char vnet_name[8], vnic_name[8], member_name[8];
};

struct seat *host_of(struct act *act);
uint32_t vnet_index(struct act *act);
int ask(struct act *act, struct request *request);
bool coin(struct act *act);
uint32_t one_of(struct act *act, const uint32_t *values, uint32_t n);
#define ONE_OF(act, ...) one_of(act, (const uint32_t[]){__VA_ARGS__}, sizeof((uint32_t[]){__VA_ARGS__}) / 4)
void *controller(void *argument);
void furnish(struct seats *seats, int world);

/* churn-settings.c */
int link_set(struct act *act);
int nat_set(struct act *act);
int port_set(struct act *act);
int vlan_set(struct act *act);
int mdb_set(struct act *act);

/* churn-storm.c */
int storm_step(struct act *act, int now);

/* churn-check.c */
void check_worlds(struct seats *seats);
void account(unsigned int n);

/* churn-main.c: while there is a storm, its number, which says in which world it is, and of what. */
enum { STORM_SESSIONS, STORM_ADDRESSES, STORM_VNETS, N_STORMS };
extern atomic_int storm;

static inline int storm_world(int now)
{
	return now % N_WORLDS;
}

static inline int storm_kind(int now)
{
	return now / N_WORLDS % N_STORMS;
}

/* Stop here while somebody looks at a network that does not change. False at the end. */
bool go_on(void);
/* Seconds: of the machine, and since the lane began. */
double now(void);
double elapsed(void);

#endif
