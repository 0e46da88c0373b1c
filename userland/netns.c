// SPDX-License-Identifier: GPL-2.0
/* Network namespaces. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "netns.h"

#define NETNS_RUN_DIR "/run/netns"

/** netns_open - open a namespace by ip-netns(8) name, or by path where @name has a '/'. Return: fd or -errno. */
int netns_open(const char *name)
{
	char path[4096];
	int fd;

	if (strchr(name, '/'))
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), NETNS_RUN_DIR "/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/** netns_open_self - open the current namespace. Return: fd or -errno. */
int netns_open_self(void)
{
	return netns_open("/proc/self/ns/net");
}

/** netns_open_pid - open the namespace of process @pid. Return: fd or -errno. */
int netns_open_pid(int pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	return netns_open(path);
}

/** netns_enter_named - go to the namespace that -n names, for the rest of the run. Return: an exit status. */
int netns_enter_named(struct ctl *c, const char *name)
{
	int fd = netns_open(name), status = EXIT_OK;

	if (fd < 0)
		return ctl_fail(c, "cannot open network namespace '%s': %s", name, strerror(-fd));
	if (setns(fd, CLONE_NEWNET))
		status = ctl_fail(c, "cannot enter network namespace '%s': %s", name, strerror(errno));
	close(fd);
	ctl_close(c);
	return status;
}

/** netns_new - make a namespace without entering it; it lives while a process is in it. Return: fd or -errno. */
int netns_new(void)
{
	int home = netns_open_self(), fd, err;

	if (home < 0)
		return home;
	if (unshare(CLONE_NEWNET)) {
		err = -errno;
		close(home);
		return err;
	}
	fd = netns_open_self();
	err = setns(home, CLONE_NEWNET) ? -errno : 0;
	close(home);
	if (err && fd >= 0) {
		close(fd);
		return err;
	}
	return fd;
}

/** netns_inode - number of the current namespace; 0 where /proc is missing. */
unsigned long netns_inode(void)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) ? 0 : (unsigned long)st.st_ino;
}

static int same(const char *path, unsigned long inode)
{
	struct stat st;

	return !stat(path, &st) && st.st_ino == inode;
}

/**
 * netns_name - a name of the current namespace that survives a reboot where there is one: "init" for that of
 * process 1, "netns-NAME" for one of ip-netns(8), else its number.
 */
void netns_name(char *buf, size_t size)
{
	unsigned long inode = netns_inode();
	const struct dirent *entry;
	char path[512];
	DIR *dir;

	snprintf(buf, size, "%lu", inode);
	if (same("/proc/1/ns/net", inode)) {
		snprintf(buf, size, "init");
		return;
	}
	dir = opendir(NETNS_RUN_DIR);
	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), NETNS_RUN_DIR "/%s", entry->d_name);
		if (entry->d_name[0] != '.' && same(path, inode)) {
			snprintf(buf, size, "netns-%s", entry->d_name);
			break;
		}
	}
	if (dir)
		closedir(dir);
}
