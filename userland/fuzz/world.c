// SPDX-License-Identifier: GPL-2.0
/* The fuzzed tool's files, devices and processes. See world.h. */
#define VNET_FUZZ_OUTSIDE
#include <errno.h>
#include <stdarg.h>

#include "world.h"

#define FIRST_FD 1000

struct world world;

/* The tool's own standard error is caught; this one is for people. */
static FILE *people;

__attribute__((constructor)) static void remember_stderr(void)
{
	people = stderr;
}

/** finding - say what is wrong and crash, which libFuzzer takes for a finding. */
void finding(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("FINDING: ", people);
	vfprintf(people, fmt, ap);
	fputc('\n', people);
	fflush(people);
	va_end(ap);
	abort();
}

/** cut - the bytes of @from before the first NUL, which goes too; all where there is none. */
struct bytes cut(struct bytes *from)
{
	const uint8_t *end = from->len ? memchr(from->data, 0, from->len) : NULL;
	struct bytes part = { from->data, end ? (size_t)(end - from->data) : from->len };
	size_t step = part.len + (end != NULL);

	from->data += step;
	from->len -= step;
	return part;
}

/** take - the next byte; 0 where none is left. */
uint8_t take(struct bytes *from)
{
	uint8_t byte = 0;

	take_some(from, &byte, 1);
	return byte;
}

/** take_some - up to @len bytes. Return: how many there were. */
size_t take_some(struct bytes *from, void *to, size_t len)
{
	if (len > from->len)
		len = from->len;
	if (len)
		memcpy(to, from->data, len);
	from->data += len;
	from->len -= len;
	return len;
}

FILE *world_fopen(const char *path, const char *mode)
{
	static const char one_user[] = "0 0 1\n";

	if (strchr(mode, 'w'))
		return fopen("/dev/null", "w");
	if (!strcmp(path, "/proc/self/uid_map"))
		return fmemopen((char *)one_user, sizeof(one_user) - 1, "r");
	if (!world.file.len) {
		errno = ENOENT;
		return NULL;
	}
	return fmemopen((void *)world.file.data, world.file.len, "r");
}

int world_open(const char *path)
{
	if (strstr(path, "nowhere")) {
		errno = ENOENT;
		return -1;
	}
	return FIRST_FD + world.n_open++;
}

int world_close(int fd)
{
	if (fd < FIRST_FD || !world.n_open)
		finding("close(%d) of a file that is not open", fd);
	world.n_open--;
	return 0;
}

int world_stat(struct stat *st)
{
	memset(st, 0, sizeof(*st));
	st->st_ino = 4026531840UL;
	return 0;
}

int world_access(const char *path)
{
	return strstr(path, "nowhere") ? -1 : 0;
}

/* Each directory has one service and its leases. */
struct dir {
	unsigned int next;
	struct dirent entry;
};

DIR *world_opendir(void)
{
	return calloc(1, sizeof(struct dir));
}

struct dirent *world_readdir(DIR *stream)
{
	static const char *const names[] = { ".", "vmnet8", "vmnet8.leases" };
	struct dir *dir = (struct dir *)stream;

	if (dir->next == sizeof(names) / sizeof(names[0]))
		return NULL;
	snprintf(dir->entry.d_name, sizeof(dir->entry.d_name), "%s", names[dir->next++]);
	return &dir->entry;
}

int world_closedir(DIR *stream)
{
	free(stream);
	return 0;
}

static const char *const devices[] = { "lo", "eth0", "vmnet0", "vmnet1", "vmnet8", "tap0" };

unsigned int world_nametoindex(const char *name)
{
	for (unsigned int i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (!strcmp(devices[i], name))
			return i + 1;
	return 0;
}

char *world_indextoname(unsigned int index, char *name)
{
	if (!index || index > sizeof(devices) / sizeof(devices[0]))
		return NULL;
	return strcpy(name, devices[index - 1]);
}

/* Of monitor: the netlink socket first, then the signals. A single file is a process that has ended. */
int world_poll(struct pollfd *fds, nfds_t n)
{
	bool events = n > 1 && kernel_has_events();

	for (nfds_t i = 0; i < n; i++)
		fds[i].revents = i == (events ? 0 : n - 1) ? POLLIN : 0;
	return 1;
}

pid_t world_waitpid(int *status)
{
	*status = world.kernel.len & 1 ? 0x200 : 0;
	return 4242;
}

ssize_t world_pread(void *to, size_t len)
{
	if (len > world.file.len)
		len = world.file.len;
	if (len)
		memcpy(to, world.file.data, len);
	return (ssize_t)len;
}

int world_pidfd_open(pid_t pid, unsigned int flags)
{
	(void)pid;
	(void)flags;
	return world_open("pid");
}

int world_pidfd_send_signal(int fd, int number, siginfo_t *info, unsigned int flags)
{
	(void)fd;
	(void)number;
	(void)info;
	(void)flags;
	return 0;
}
