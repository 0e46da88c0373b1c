// SPDX-License-Identifier: GPL-2.0
/*
 * reload SECONDS SEED: one thread unloads the module again and again, while two threads make vnets and vnics, which
 * loads it, and send frames.
 *
 * The kernel takes all vnets away with the module, whatever they are doing. Refused is only an unload while a request
 * is in the module, and at the end none may be.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/vnet.h>

#include "churn.h"

#define FRAMES 32

atomic_int storm;
static atomic_bool over;
static atomic_ullong unloads, refused, loads, links;
static uint64_t seed;

bool go_on(void)
{
	return !atomic_load(&over);
}

static int unload(void)
{
	return syscall(SYS_delete_module, "vnet", O_NONBLOCK) ? -errno : 0;
}

static void load(void)
{
	pid_t child = fork();

	if (!child) {
		execlp("modprobe", "modprobe", "-q", "vnet", NULL);
		_exit(127);
	}
	waitpid(child, NULL, 0);
	atomic_fetch_add(&loads, 1);
}

static void *unloader(void *argument)
{
	struct rng rng = {seed * 4 + 2};

	(void)argument;
	while (go_on()) {
		usleep(draw(&rng, 100000));
		if (!draw(&rng, 4))
			load();
		if (unload())
			atomic_fetch_add(&refused, 1);
		else
			atomic_fetch_add(&unloads, 1);
	}
	return NULL;
}

static void send_some(struct seats *seats, struct rng *rng, int world, int guest, int vnet)
{
	struct seat *seat = seat_in(seats, world, GUEST + guest);
	static _Thread_local struct frame frames[FRAMES];
	char name[8];

	snprintf(name, sizeof(name), "n%d", vnet);
	for (int i = 0; i < FRAMES; i++)
		frame_of_guest(&frames[i], rng, guest, vnet);
	atomic_fetch_add(&frames_sent,
			 (unsigned long long)shoot(seat->packet, index_of(seat->packet, name), frames, FRAMES));
}

/* The family's number is another one after each load; the question loads the module as well. */
static void dump(struct seat *seat, struct rng *rng)
{
	static const int commands[] = {VNET_CMD_LINK_GET, VNET_CMD_PORT_GET, VNET_CMD_FDB_GET, VNET_CMD_STATS_GET,
				       VNET_CMD_SESSION_GET};
	int command = commands[draw(rng, 5)], number = family_of(seat->generic, "vnet");
	struct request request;

	/* Unloaded again meanwhile. The kernel does not answer a request to number 0. */
	if (number <= 0)
		return;
	request_generic(&request, number, command, NLM_F_DUMP);
	talk(seat->generic, &request, NULL, NULL);
}

static void *maker(void *argument)
{
	int world = (int)(intptr_t)argument;
	struct rng rng = {seed * 4 + (uint64_t)world};
	struct seats seats;
	cpu_set_t cpu;

	CPU_ZERO(&cpu);
	CPU_SET((unsigned int)world, &cpu);
	sched_setaffinity(0, sizeof(cpu), &cpu);
	seats_init(&seats, true);
	while (go_on()) {
		int guest = (int)draw(&rng, N_GUESTS), vnet = (int)draw(&rng, N_VNETS);
		char name[8];

		snprintf(name, sizeof(name), "v%d", vnet);
		switch (draw(&rng, 16)) {
		case 0:
			make_namespace(world, draw(&rng, 2) ? HOST : GUEST + guest, false);
			make_wan(&seats, world, true);
			break;
		case 1:
			delete_link(&seats, world, HOST, name);
			break;
		case 2:
		case 3:
			dump(seat_in(&seats, world, HOST), &rng);
			break;
		case 4:
			make_member(&seats, world, guest, vnet);
			break;
		default:
			links += !make_vnet(&seats, world, vnet, draw(&rng, 4), 0);
			links += !make_vnic(&seats, world, vnet, guest);
			send_some(&seats, &rng, world, guest, vnet);
		}
		seats_leave(&seats, false);
	}
	seats_leave(&seats, true);
	return NULL;
}

static void furnish_wan(struct seats *seats, int world)
{
	make_wan(seats, world, true);
}

static void run(int seconds)
{
	pthread_t threads[N_WORLDS + 1];
	double end = now() + seconds;

	pthread_create(&threads[N_WORLDS], NULL, unloader, NULL);
	for (intptr_t world = 0; world < N_WORLDS; world++)
		pthread_create(&threads[world], NULL, maker, (void *)world);
	/* A machine that is busy with something else gets some time more until something has happened. */
	while (now() < end || ((!unloads || !frames_sent) && now() < end + 300)) {
		sleep(3);
		printf("# seed %llu: %llu unloads, %llu refused, %llu links, %llu frames\n", (unsigned long long)seed,
		       (unsigned long long)unloads, (unsigned long long)refused, (unsigned long long)links,
		       (unsigned long long)frames_sent);
		fflush(stdout);
	}
	atomic_store(&over, true);
	for (int i = 0; i <= N_WORLDS; i++)
		pthread_join(threads[i], NULL);
}

/* Vnets do not hold the module, and nobody else is left who could. */
static void unload_at_last(void)
{
	int err = unload();

	for (int i = 0; err == -EAGAIN && i < 100; i++) {
		usleep(100000);
		err = unload();
	}
	if (err && err != -ENOENT)
		finding("the module cannot be unloaded at the end: %s", strerror(-err));
	/* Whoever runs this lane has loaded it before. */
	load();
}

int main(int argc, char **argv)
{
	int seconds = argc > 2 ? atoi(argv[1]) : 0, sock, before;
	struct seats seats;

	if (seconds < 1 || argc != 3) {
		fprintf(stderr, "usage: reload SECONDS SEED\n");
		return 2;
	}
	seed = strtoull(argv[2], NULL, 0);
	printf("# reload: seed %llu, %d s\n", (unsigned long long)seed, seconds);
	fflush(stdout);
	home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
	before = count_links(sock);
	seats_init(&seats, false);
	make_worlds(&seats, furnish_wan);
	seats_leave(&seats, true);
	run(seconds);
	unload_at_last();
	leave_worlds(sock, before);
	if (!unloads || !frames_sent)
		finding("nothing happened: %llu unloads, %llu frames", (unsigned long long)unloads,
			(unsigned long long)frames_sent);
	printf("prove: races %llu\nprove: operations %llu\nprove: frames %llu\nprove: findings %d\n",
	       (unsigned long long)(unloads + refused), (unsigned long long)links, (unsigned long long)frames_sent,
	       atomic_load(&findings));
	return atomic_load(&findings) ? 1 : 0;
}
