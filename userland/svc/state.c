// SPDX-License-Identifier: GPL-2.0
/* Files of the services. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "netns.h"
#include "svc/svc.h"

#define RUN_DIR "/run/vnet"
#define LEASE_DIR "/var/lib/vnet"

/* One line "name number" for each number of struct svc_info. */
static const struct {
	const char *name;
	size_t offset;
} numbers[] = {
	{ "vnet", offsetof(struct svc_info, vnet) },	 { "net", offsetof(struct svc_info, net) },
	{ "prefix_len", offsetof(struct svc_info, prefix_len) }, { "addr", offsetof(struct svc_info, addr) },
	{ "host", offsetof(struct svc_info, host) },	 { "router", offsetof(struct svc_info, router) },
	{ "first", offsetof(struct svc_info, first) },	 { "last", offsetof(struct svc_info, last) },
	{ "mtu", offsetof(struct svc_info, mtu) },
};

/** svc_run_dir - the directory of the current namespace under /run. */
void svc_run_dir(char *buf, size_t size)
{
	snprintf(buf, size, RUN_DIR "/%lu", netns_inode());
}

/** svc_paths - the files of the service of vnet @name in the current namespace. */
void svc_paths(const char *name, struct svc_paths *paths)
{
	char netns[300];

	netns_name(netns, sizeof(netns));
	svc_run_dir(paths->run_dir, sizeof(paths->run_dir));
	snprintf(paths->dir, sizeof(paths->dir), "%s/svc/%s", paths->run_dir, name);
	snprintf(paths->conf, sizeof(paths->conf), "%s/svc/%s/dnsmasq.conf", paths->run_dir, name);
	snprintf(paths->pid, sizeof(paths->pid), "%s/svc/%s/pid", paths->run_dir, name);
	snprintf(paths->state, sizeof(paths->state), "%s/svc/%s/state", paths->run_dir, name);
	snprintf(paths->lease_dir, sizeof(paths->lease_dir), LEASE_DIR "/%s", netns);
	snprintf(paths->leases, sizeof(paths->leases), LEASE_DIR "/%s/%s.leases", netns, name);
}

/** svc_make_dirs - mkdir -p. Return: 0 or -errno. */
int svc_make_dirs(const char *path)
{
	char part[SVC_PATH_MAX];
	size_t len = strlen(path);

	if (len >= sizeof(part))
		return -ENAMETOOLONG;
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i])
			continue;
		memcpy(part, path, i);
		part[i] = 0;
		if (mkdir(part, 0755) && errno != EEXIST)
			return -errno;
	}
	return 0;
}

/* The pid in file @path, if that process is the dnsmasq of configuration @conf; else 0. */
static int read_pid(const char *path, const char *conf)
{
	char line[4096], proc[64];
	FILE *file = fopen(path, "re");
	size_t len = 0;
	long pid = 0;

	if (!file)
		return 0;
	if (fgets(line, sizeof(line), file))
		pid = strtol(line, NULL, 10);
	fclose(file);
	if (pid <= 0 || pid > 0x400000)
		return 0;
	snprintf(proc, sizeof(proc), "/proc/%ld/cmdline", pid);
	file = fopen(proc, "re");
	if (!file)
		return 0;
	len = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	line[len] = 0;
	return memmem(line, len, conf, strlen(conf)) ? (int)pid : 0;
}

static void read_number(struct svc_info *info, const char *name, const char *value)
{
	for (size_t i = 0; i < VN_COUNT(numbers); i++)
		if (!strcmp(numbers[i].name, name))
			*(uint32_t *)((char *)info + numbers[i].offset) = (uint32_t)strtoul(value, NULL, 10);
}

/** svc_read - read the service of vnet @name. Return: 0, or -ENOENT where there is none. */
int svc_read(const char *name, struct svc_info *info)
{
	struct svc_paths paths;
	char word[32], value[32];
	FILE *file;

	memset(info, 0, sizeof(*info));
	snprintf(info->name, sizeof(info->name), "%s", name);
	svc_paths(name, &paths);
	file = fopen(paths.state, "re");
	if (!file)
		return access(paths.dir, F_OK) ? -ENOENT : 0;
	while (fscanf(file, "%31s %31s", word, value) == 2)
		read_number(info, word, value);
	fclose(file);
	/* Of a damaged file, which shall not stop what reads it; no subnet is "not known". */
	if (info->prefix_len > 32)
		info->net = info->prefix_len = 0;
	info->pid = read_pid(paths.pid, paths.conf);
	return 0;
}

/** svc_write_file - write @text to @path, whole or not at all. Return: 0 or -errno. */
int svc_write_file(const char *path, const char *text)
{
	char temporary[SVC_PATH_MAX + 8];
	size_t len = strlen(text);
	FILE *file;
	int err = 0;

	snprintf(temporary, sizeof(temporary), "%s.new", path);
	file = fopen(temporary, "we");
	if (!file)
		return -errno;
	if (fwrite(text, 1, len, file) != len)
		err = -EIO;
	if (fclose(file))
		err = -errno;
	if (!err && rename(temporary, path))
		err = -errno;
	if (err)
		unlink(temporary);
	return err;
}

/** svc_write - write the state of a service. Return: 0 or -errno. */
int svc_write(const struct svc_paths *paths, const struct svc_info *info)
{
	char text[512];
	size_t used = 0;

	for (size_t i = 0; i < VN_COUNT(numbers) && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s %u\n", numbers[i].name,
					 *(const uint32_t *)((const char *)info + numbers[i].offset));
	return svc_write_file(paths->state, text);
}

/** svc_remove - remove the files of a service except its leases. */
void svc_remove(const struct svc_paths *paths)
{
	unlink(paths->conf);
	unlink(paths->pid);
	unlink(paths->state);
	rmdir(paths->dir);
}

/** svc_each - call @fn with the name of each vnet that has a service, until it returns non-zero. */
int svc_each(int (*fn)(const char *name, void *arg), void *arg)
{
	char path[SVC_PATH_MAX / 2], svc[SVC_PATH_MAX];
	const struct dirent *entry;
	int status = 0;
	DIR *dir;

	svc_run_dir(path, sizeof(path));
	snprintf(svc, sizeof(svc), "%s/svc", path);
	dir = opendir(svc);
	while (dir && !status && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && strlen(entry->d_name) < IFNAMSIZ)
			status = fn(entry->d_name, arg);
	if (dir)
		closedir(dir);
	return status;
}
