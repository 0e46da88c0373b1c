// SPDX-License-Identifier: GPL-2.0
/*
 * namespaces NAME...: make network namespaces as "ip netns add" does, but all of them in one process, with lo up and
 * without IPv6, whose neighbour discovery would come between the packets that tests count.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY "/run/netns"

static void die(const char *what, const char *name)
{
	fprintf(stderr, "namespaces: %s %s: %s\n", what, name, strerror(errno));
	exit(1);
}

/* What is mounted there later has to be seen by processes that have left our mount namespace. */
static void share_directory(void)
{
	if (mkdir(DIRECTORY, 0755) && errno != EEXIST)
		die("cannot make", DIRECTORY);
	if (!mount("", DIRECTORY, "none", MS_SHARED | MS_REC, NULL))
		return;
	if (mount(DIRECTORY, DIRECTORY, "none", MS_BIND | MS_REC, NULL) ||
	    mount("", DIRECTORY, "none", MS_SHARED | MS_REC, NULL))
		die("cannot share", DIRECTORY);
}

/* /proc/sys/net is that of the namespace that we are in. IPv6 may not exist. */
static void without_ipv6(void)
{
	static const char *const names[] = { "all", "default" };
	char path[64];
	int fd;

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6", names[i]);
		fd = open(path, O_WRONLY);
		if (fd >= 0 && write(fd, "1", 1) != 1)
			die("cannot write", path);
		if (fd >= 0)
			close(fd);
	}
}

static void lo_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int sock = socket(AF_INET, SOCK_DGRAM, 0);

	if (sock < 0 || ioctl(sock, SIOCSIFFLAGS, &request))
		die("cannot bring up", "lo");
	close(sock);
}

static void make(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), DIRECTORY "/%s", name);
	fd = open(path, O_RDONLY | O_CREAT | O_EXCL, 0);
	if (fd < 0)
		die("cannot make", path);
	close(fd);
	if (unshare(CLONE_NEWNET) || mount("/proc/self/ns/net", path, "none", MS_BIND, NULL))
		die("cannot make", path);
	without_ipv6();
	lo_up();
}

int main(int argc, char **argv)
{
	share_directory();
	for (int i = 1; i < argc; i++)
		make(argv[i]);
	return 0;
}
