// SPDX-License-Identifier: GPL-2.0
/*
 * frames SECONDS SEED: frames into every door, well-formed, wrong and lying, and checks that the network goes on.
 * frames replay SEED STEP [COUNT]: send again what was sent at these steps, frame by frame in hex.
 *
 * What a step sends follows from the seed and its number, and from the ports that NAT has chosen until then.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "frames.h"

#define DRAIN_EVERY 32
#define PROBE_EVERY 4000
#define SAY_EVERY 3.0
/* A number that no step has: what probes choose must not depend on how long the run is. */
#define PROBE_STREAM 0xffffffff00000000

unsigned long seed, step;
static unsigned long probe_rounds;
static double began;
static struct frame frames[STEP_FRAMES];

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

double elapsed(void)
{
	return now() - began;
}

/* Of the doors those where more can go wrong come more often. */
static enum door pick_door(void)
{
	static const enum door often[] = { DOOR_MEMBER, DOOR_PAGED, DOOR_PAGED, DOOR_VNIC, DOOR_WAN, DOOR_WAN, DOOR_WAN };

	return rnd_percent(60) ? often[rnd_below(7)] : rnd_below(DOOR_FUZZED);
}

static void print_frame(enum door door, const struct frame *frame, unsigned int head)
{
	const uint8_t *meta = (const uint8_t *)&frame->meta;

	printf("step %lu %s head %u ", step, door_name(door), head);
	for (unsigned int i = 0; i < sizeof(frame->meta); i++)
		printf("%02x", meta[i]);
	putchar(':');
	for (unsigned int i = 0; i < frame->len; i++)
		printf("%02x", frame->data[i]);
	putchar('\n');
	fflush(stdout);
}

static void do_step(bool print)
{
	enum door door;
	unsigned int n;

	rnd_seed(seed, step);
	door = pick_door();
	n = make_step(door_side(door), frames);
	for (unsigned int i = 0; i < n; i++) {
		unsigned int head = ETH_HEADER + (rnd_percent(50) ? 0 : rnd_below(80));

		if (print)
			print_frame(door, &frames[i], head);
		door_send(door, &frames[i], head);
	}
}

static void drain_all(void)
{
	for (unsigned int i = 0; i < DOORS; i++)
		door_drain(i);
}

static void probe_round(void)
{
	rnd_seed(seed, PROBE_STREAM + probe_rounds++);
	probe_all();
	drain_all();
	check_counters();
	check_memory();
}

/* Findings of the past, and captures of real traffic, as they are and by every door. */
static void replay_corpus(void)
{
	for (unsigned int i = 0; corpus_get(&frames[0], i); i++)
		for (unsigned int door = 0; door < DOOR_FUZZED; door++) {
			door_send(door, &frames[0], ETH_HEADER);
			door_drain(door);
		}
}

static void fuzz(double seconds)
{
	double start = now(), said = start, end = start + seconds;

	for (step = 0; now() < end && findings < 20; step++) {
		do_step(false);
		if (step % DRAIN_EVERY == 0)
			drain_all();
		if (step % PROBE_EVERY == PROBE_EVERY - 1)
			probe_round();
		if (now() - said >= SAY_EVERY) {
			said = now();
			say("# seed %lu step %lu: %lu frames in, %lu out, %lu probes passed", seed, step, frames_sent,
			    frames_received, probes_passed);
		}
	}
	probe_round();
}

static void on_signal(int number)
{
	(void)number;
	exit(2);
}

static void prepare(void)
{
	const char *directory = getenv("VNET_FRAMES_CORPUS");

	atexit(lab_end);
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	signal(SIGPIPE, SIG_IGN);
	began = now();
	say("# frames: seed %lu", seed);
	corpus_load(directory ? directory : "prove/corpus/frames");
	lab_make();
	rnd_seed(seed, PROBE_STREAM - 1);
	probe_round();
	replay_corpus();
	probe_round();
}

static int result(void)
{
	say("prove: frames %lu", frames_sent);
	say("prove: received %lu", frames_received);
	say("prove: probes %lu", probes_passed);
	say("prove: steps %lu", step);
	say("prove: findings %lu", findings);
	return findings ? 1 : 0;
}

static int replay(int argc, char **argv)
{
	unsigned long last;

	seed = strtoul(argv[2], NULL, 0);
	step = strtoul(argv[3], NULL, 0);
	last = step + (argc > 4 ? strtoul(argv[4], NULL, 0) : 1);
	prepare();
	for (; step < last; step++) {
		do_step(true);
		drain_all();
	}
	probe_round();
	return result();
}

int main(int argc, char **argv)
{
	if (argc >= 4 && argc <= 5 && !strcmp(argv[1], "replay"))
		return replay(argc, argv);
	if (argc != 3 || atof(argv[1]) <= 0) {
		fputs("usage: frames SECONDS SEED\n       frames replay SEED STEP [COUNT]\n", stderr);
		return 2;
	}
	seed = strtoul(argv[2], NULL, 0);
	prepare();
	fuzz(atof(argv[1]));
	return result();
}
