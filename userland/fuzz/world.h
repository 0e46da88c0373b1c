/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The world as the tool sees it while it is fuzzed; included in front of every source. Nothing that it does may
 * reach this machine: devices, files, processes and namespaces are those of world.c. The kernel's netlink is in
 * kernel.c, which takes the place of libmnl's sockets.
 */
#ifndef VNET_FUZZ_WORLD_H
#define VNET_FUZZ_WORLD_H

#include <dirent.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/** struct bytes - what is left of a part of the input. */
struct bytes {
	const uint8_t *data;
	size_t len;
};

/**
 * struct world - one input's.
 * @file: what every file that is read holds; empty is "no such file"
 * @kernel: what the kernel's answers are made of
 * @n_open: file descriptors that are open
 */
struct world {
	struct bytes file;
	struct bytes kernel;
	int n_open;
};

extern struct world world;

void finding(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
struct bytes cut(struct bytes *from);
uint8_t take(struct bytes *from);
size_t take_some(struct bytes *from, void *to, size_t len);

/* kernel.c */
void kernel_reset(void);
bool kernel_has_events(void);

/* run.c */
int run_tool(int argc, char **argv);

/* json.c */
bool json_is_valid(const char *text);

FILE *world_fopen(const char *path, const char *mode);
int world_open(const char *path);
int world_close(int fd);
int world_stat(struct stat *st);
int world_access(const char *path);
DIR *world_opendir(void);
struct dirent *world_readdir(DIR *dir);
int world_closedir(DIR *dir);
unsigned int world_nametoindex(const char *name);
char *world_indextoname(unsigned int index, char *name);
int world_poll(struct pollfd *fds, nfds_t n);
pid_t world_waitpid(int *status);
ssize_t world_pread(void *to, size_t len);
int world_pidfd_open(pid_t pid, unsigned int flags);
int world_pidfd_send_signal(int fd, int number, siginfo_t *info, unsigned int flags);

#ifndef VNET_FUZZ_OUTSIDE
#define fopen(path, mode) world_fopen(path, mode)
#define open(path, ...) world_open(path)
#define memfd_create(name, flags) world_open(name)
#define pidfd_open world_pidfd_open /* glibc declares both each time that it is included */
#define signalfd(fd, set, flags) world_open("signals")
#define close(fd) world_close(fd)
#define stat(path, st) world_stat(st)
#define access(path, how) world_access(path)
#define opendir(path) world_opendir()
#define readdir(dir) world_readdir(dir)
#define closedir(dir) world_closedir(dir)
#define if_nametoindex(name) world_nametoindex(name)
#define if_indextoname(index, name) world_indextoname(index, name)
#define poll(fds, n, time) world_poll(fds, n)
#define waitpid(pid, status, how) world_waitpid(status)
#define pread(fd, to, len, at) world_pread(to, len)
#define getrandom(to, len, flags) (memset(to, 0x5a, len), (ssize_t)(len))
#define fork() 4242
#define execv(path, argv) (-1)
#define setns(fd, what) 0
#define unshare(what) 0
#define flock(fd, how) 0
#define mkdir(path, mode) 0
#define unlink(path) 0
#define rmdir(path) 0
#define rename(from, to) 0
#define pidfd_send_signal world_pidfd_send_signal
#define sigprocmask(how, set, old) 0
#define setvbuf(file, buf, mode, size) ((void)(file))
#define main vnetctl_main
#endif

#endif
