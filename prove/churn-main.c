// SPDX-License-Identifier: GPL-2.0
/*
 * churn SECONDS SEED [verbose]: two CPUs push traffic through vnets while two threads create, change, move and
 * destroy whatever there is.
 *
 * There are two worlds, each of a namespace HOST with vnets v0 and v1, a namespace INET behind its NIC, and three
 * namespaces of guests. Namespaces have no names: what the program leaves behind when it dies, dies with it. All
 * choices are drawn from the seed; when they meet is up to the machine.
 *
 * Every few seconds there is a storm, which brings together what seldom meets by chance. Then everybody stops and
 * the kernel's counts are compared with what there is (churn-check.c). At the end frames are counted in a network
 * that stays as it is, and everything is taken away.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "churn.h"

#define N_THREADS 4
#define ROUND	  12
#define STORM	  4

atomic_int storm;
static atomic_bool stopped, ended;
static atomic_int parked;
static struct worker workers[N_THREADS];
static uint64_t seed;
static double began;

bool go_on(void)
{
	if (!atomic_load(&stopped))
		return true;
	atomic_fetch_add(&parked, 1);
	while (atomic_load(&stopped) && !atomic_load(&ended))
		usleep(1000);
	atomic_fetch_sub(&parked, 1);
	return !atomic_load(&ended);
}

double elapsed(void)
{
	return now() - began;
}

static unsigned long long races(void)
{
	return workers[2].steps + workers[3].steps;
}

static void progress(void)
{
	printf("# %.0f s, seed %llu: control steps %llu and %llu (%llu refused), %llu frames; doing: %s, %s\n",
	       elapsed(), (unsigned long long)seed, (unsigned long long)workers[2].steps, (unsigned long long)workers[3].steps,
	       (unsigned long long)(workers[2].refused + workers[3].refused), (unsigned long long)frames_sent,
	       atomic_load(&workers[2].now), atomic_load(&workers[3].now));
	fflush(stdout);
}

/*
 * Where does each processor run, and where does each thread wait? The kernel log tells, and what hangs is found there
 * only while it hangs. A kernel without SysRq says nothing.
 */
static void show_where_it_hangs(void)
{
	int trigger = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);

	for (const char *key = "lwt"; trigger >= 0 && *key; key++)
		if (write(trigger, key, 1) != 1)
			break;
	if (trigger >= 0)
		close(trigger);
}

/* Everybody stops; who does not in a minute hangs. */
static bool stop(void)
{
	double end = now() + 60;

	atomic_store(&stopped, true);
	while (atomic_load(&parked) < N_THREADS) {
		usleep(1000);
		if (now() < end)
			continue;
		finding("an operation hangs: %s or %s", atomic_load(&workers[2].now), atomic_load(&workers[3].now));
		progress();
		show_where_it_hangs();
		return false;
	}
	return true;
}

static void release(void)
{
	atomic_store(&stopped, false);
	while (atomic_load(&parked))
		usleep(100);
}

static void start_threads(void)
{
	atomic_store(&stopped, true);
	for (int i = 0; i < N_THREADS; i++) {
		workers[i].number = i;
		workers[i].seed = seed * 8 + (uint64_t)i;
		atomic_store(&workers[i].now, "nothing");
		if (pthread_create(&workers[i].thread, NULL, i < 2 ? blaster : controller, &workers[i]))
			die("cannot start a thread");
	}
}

static void watch_until(double end)
{
	static double said;

	while (now() < end) {
		usleep(50000);
		if (now() < said + 3)
			continue;
		said = now();
		progress();
	}
}

/* Rounds of churn, of which the end is a storm, with a look at what there is after each. */
static bool churn(struct seats *seats, double end)
{
	struct rng rng = {seed * 8 + N_THREADS};
	double round;

	/* Numbers go on by one for each kind of storm. */
	for (int n = N_STORMS; now() < end; n++) {
		round = now() + ROUND < end ? now() + ROUND : end;
		release();
		watch_until(round - STORM);
		atomic_store(&storm, n * N_WORLDS + (int)draw(&rng, N_WORLDS));
		watch_until(round);
		atomic_store(&storm, 0);
		if (!stop())
			return false;
		seats_leave(seats, false);
		check_worlds(seats);
	}
	return true;
}

static void end_threads(void)
{
	atomic_store(&ended, true);
	for (int i = 0; i < N_THREADS; i++)
		pthread_join(workers[i].thread, NULL);
}

static void report(void)
{
	printf("prove: races %llu\nprove: operations %llu\nprove: frames %llu\nprove: findings %d\n", races(),
	       races() - workers[2].refused - workers[3].refused, (unsigned long long)frames_sent,
	       atomic_load(&findings));
	fflush(stdout);
}

/* How to see a finding again: the choices are the seed's. */
static int result(int seconds)
{
	if (atomic_load(&findings))
		printf("# again: scripts/vm.sh -k smp -- prove/churn %d %llu verbose\n", seconds,
		       (unsigned long long)seed);
	report();
	return atomic_load(&findings) ? 1 : 0;
}

int main(int argc, char **argv)
{
	int seconds = argc > 2 ? atoi(argv[1]) : 0, sock, links;
	double account_time;
	struct seats seats;

	if (seconds < 1 || argc < 3 || argc > 4) {
		fprintf(stderr, "usage: churn SECONDS SEED [verbose]\n");
		return 2;
	}
	began = now();
	seed = strtoull(argv[2], NULL, 0);
	verbose = argc == 4;
	printf("# churn: seed %llu, %d s\n", (unsigned long long)seed, seconds);
	fflush(stdout);
	home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
	links = count_links(sock);
	family = family_of(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 16), "vnet");
	if (home < 0 || links < 1 || !family)
		die("there is no vnet to churn");
	seats_init(&seats, false);
	hurry(true);
	make_worlds(&seats, furnish);
	start_threads();
	/* Counting frames takes a tenth of the time, and going away some seconds. */
	account_time = seconds > 60 ? 10 : seconds / 6.0;
	if (!churn(&seats, began + seconds - account_time)) {
		hurry(false);
		/* Threads hang in the kernel: there is no way to take anything away. */
		result(seconds);
		_exit(1);
	}
	end_threads();
	seats_leave(&seats, true);
	account(seconds > 20 ? 1000 : 300);
	leave_worlds(sock, links);
	hurry(false);
	progress();
	return result(seconds);
}
