// SPDX-License-Identifier: GPL-2.0
/* tsc-khz: how fast this machine's time stamp counter counts, in kHz. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

static unsigned long long ns_of(const struct timespec *time)
{
	return (unsigned long long)time->tv_sec * 1000000000 + (unsigned long long)time->tv_nsec;
}

/* Both clocks at one moment: of many attempts the one that was interrupted least. */
static void look(unsigned long long *ticks, unsigned long long *ns)
{
	unsigned long long before, after, best = ~0ULL;
	struct timespec time;

	for (int i = 0; i < 1000; i++) {
		before = __rdtsc();
		clock_gettime(CLOCK_MONOTONIC_RAW, &time);
		after = __rdtsc();
		if (after - before >= best)
			continue;
		best = after - before;
		*ticks = before + best / 2;
		*ns = ns_of(&time);
	}
}

int main(void)
{
	unsigned long long ticks[2], ns[2];

	look(&ticks[0], &ns[0]);
	usleep(200000);
	look(&ticks[1], &ns[1]);
	printf("%llu\n", (ticks[1] - ticks[0]) * 1000000 / (ns[1] - ns[0]));
	return 0;
}
