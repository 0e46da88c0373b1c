// SPDX-License-Identifier: GPL-2.0
/*
 * app CLIENT-NETNS SERVER-NETNS ADDRESS: what a whole application pays for its network.
 *
 * Prints nanoseconds, which are instructions of user and kernel under -icount, of both ends together: for a byte
 * sent and answered (rr), a connection with such a byte (crr), and a KiB of a stream. Both ends share one CPU, and one
 * of them always has something to do, so the time that passes is the work that is done.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PORT 5000
#define WARM_UP 50
#define TRANSACTIONS 1000
#define CONNECTIONS 300
#define BLOCK 65536
#define WARM_BLOCKS 64
#define BLOCKS 400
/* Fixed, because buffers that grow by themselves grow by the clock. */
#define BUFFER (1 << 20)
/* Longer than any answer takes, and shorter than anybody would wait. */
#define PATIENCE_SECONDS 20

static char block[BLOCK];

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void enter(const char *netns)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", path);
	close(fd);
}

static int make_socket(void)
{
	int one = 1, size = BUFFER, fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		err(1, "buffers");
	return fd;
}

static int listen_here(void)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int fd = make_socket();

	if (bind(fd, (struct sockaddr *)&here, sizeof(here)) || listen(fd, 512))
		err(1, "listen");
	return fd;
}

/* Answer a byte with a byte; swallow a stream and say at its end that it has come. */
static void serve_one(int fd)
{
	bool stream = false;
	ssize_t got;

	while ((got = read(fd, block, sizeof(block))) > 0) {
		stream = stream || got > 1;
		if (!stream && write(fd, block, 1) != 1)
			err(1, "answer");
	}
	if (stream && write(fd, block, 1) != 1)
		err(1, "end of stream");
	close(fd);
}

static void serve(int listener)
{
	/* What is accepted inherits the listener's options. */
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			err(1, "accept");
		serve_one(fd);
	}
}

static int connect_to(const char *address)
{
	struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	struct timeval patience = { .tv_sec = PATIENCE_SECONDS };
	int fd = make_socket();

	inet_aton(address, &there.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (struct sockaddr *)&there, sizeof(there)))
		err(1, "connect to %s", address);
	return fd;
}

static void transact(int fd)
{
	if (write(fd, block, 1) != 1 || read(fd, block, 1) != 1)
		err(1, "transaction");
}

static int64_t measure_rr(const char *address)
{
	int fd = connect_to(address);
	int64_t begin;
	int i;

	for (i = 0; i < WARM_UP; i++)
		transact(fd);
	begin = now();
	for (i = 0; i < TRANSACTIONS; i++)
		transact(fd);
	begin = now() - begin;
	close(fd);
	return begin / TRANSACTIONS;
}

static int64_t measure_crr(const char *address)
{
	int64_t begin = 0;
	int i, fd;

	for (i = 0; i < WARM_UP + CONNECTIONS; i++) {
		if (i == WARM_UP)
			begin = now();
		fd = connect_to(address);
		transact(fd);
		close(fd);
	}
	return (now() - begin) / CONNECTIONS;
}

static int64_t measure_stream(const char *address)
{
	int fd = connect_to(address);
	int64_t begin = 0;
	int i;

	for (i = 0; i < WARM_BLOCKS + BLOCKS; i++) {
		if (i == WARM_BLOCKS)
			begin = now();
		if (write(fd, block, BLOCK) != BLOCK)
			err(1, "stream");
	}
	shutdown(fd, SHUT_WR);
	if (read(fd, block, 1) != 1)
		err(1, "the stream did not arrive");
	begin = now() - begin;
	close(fd);
	return begin / (BLOCKS * (BLOCK / 1024));
}

int main(int argc, char **argv)
{
	int listener;
	pid_t server;

	if (argc != 4)
		errx(2, "usage: app CLIENT-NETNS SERVER-NETNS ADDRESS");
	/* Waiting for the disk would count: the clock leaps while all wait. */
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		err(1, "mlockall");
	enter(argv[2]);
	listener = listen_here();
	server = fork();
	if (server < 0)
		err(1, "fork");
	if (!server) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(listener);
	}
	close(listener);
	enter(argv[1]);
	printf("{\"rr\": %lld,", (long long)measure_rr(argv[3]));
	printf(" \"crr\": %lld,", (long long)measure_crr(argv[3]));
	printf(" \"stream\": %lld}\n", (long long)measure_stream(argv[3]));
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	return 0;
}
