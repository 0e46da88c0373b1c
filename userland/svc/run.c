// SPDX-License-Identifier: GPL-2.0
/* Start and stop of services. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "netns.h"
#include "svc/svc.h"

#define CONF_MAX 4096
#define STOP_MS 3000

/** svc_dnsmasq - find the program dnsmasq. Return: whether there is one; @path receives where. */
bool svc_dnsmasq(char *path, size_t size)
{
	static const char system_dirs[] = "/usr/sbin:/sbin:/usr/local/sbin";
	const char *env = getenv("PATH");
	char dirs[4096], *rest = dirs, *dir;

	snprintf(dirs, sizeof(dirs), "%s:%s", env ? env : "/usr/bin", system_dirs);
	while ((dir = strsep(&rest, ":"))) {
		snprintf(path, size, "%s/dnsmasq", *dir ? dir : ".");
		if (!access(path, X_OK))
			return true;
	}
	return false;
}

/* Call @fn with an rtnetlink socket inside the namespace @fd. Return: 0, or -errno with @err set. */
static int inside(int fd, int (*fn)(struct vn_sock *s, const void *arg), const void *arg, struct vn_err *err)
{
	int home = netns_open_self(), status;
	struct vn_sock s;

	if (home < 0)
		return vn_set_err(err, -home, "cannot open the network namespace: %s", strerror(-home));
	if (setns(fd, CLONE_NEWNET)) {
		status = vn_set_err(err, errno, "cannot enter the network namespace: %s", strerror(errno));
		close(home);
		return status;
	}
	status = vn_open_rtnl(&s);
	if (!status)
		status = fn(&s, arg);
	*err = s.err;
	vn_close(&s);
	/* This can fail only where the namespace that we came from forbids us to come back: nothing is right then. */
	if (setns(home, CLONE_NEWNET))
		abort();
	close(home);
	return status;
}

static int configure(struct vn_sock *s, const void *arg)
{
	const struct svc_info *info = arg;
	struct vn_change up = { .set_flags = IFF_UP };
	struct vn_link lo, vnic;
	struct vn_addr addr;
	int err = vn_link_get(s, "lo", 0, &lo);

	if (!err)
		err = vn_link_change(s, lo.ifindex, &up);
	if (!err)
		err = vn_link_get(s, SVC_IFNAME, 0, &vnic);
	if (err)
		return err;
	addr = (struct vn_addr){ vnic.ifindex, info->addr, (uint8_t)info->prefix_len };
	err = vn_addr_add(s, &addr);
	if (!err)
		err = vn_link_change(s, vnic.ifindex, &up);
	if (!err && info->router)
		err = vn_route_default(s, info->router);
	return err;
}

static int delete_vnic(struct vn_sock *s, const void *arg)
{
	struct vn_link vnic;
	int err = vn_link_get(s, SVC_IFNAME, 0, &vnic);

	(void)arg;
	return err ? err : vn_link_del(s, vnic.ifindex);
}

static int find_vnic(struct vn_sock *s, const void *arg)
{
	struct vn_link vnic;

	(void)arg;
	return vn_link_get(s, SVC_IFNAME, 0, &vnic);
}

static int make_vnic(struct ctl *c, const struct svc_info *info, int fd)
{
	uint8_t lladdr[VN_LLADDR_LEN];
	struct vn_newlink wish = { .name = SVC_IFNAME, .kind = "vnic", .netns_fd = fd, .link = info->vnet,
				   .lladdr = lladdr };
	struct vn_sock *s = ctl_rtnl(c);
	int err = stable_lladdr(info->name, "service", lladdr);

	if (!s)
		return EXIT_REFUSED;
	if (err)
		return ctl_fail(c, "cannot make a MAC address: %s", strerror(-err));
	if (vn_link_new(s, &wish))
		return ctl_refused(c, &s->err, "cannot add a vnic for the service of %s", info->name);
	return EXIT_OK;
}

static void child(const char *program, const char *conf, int fd, int errors)
{
	char option[SVC_PATH_MAX + 16];
	char *argv[] = { (char *)"dnsmasq", option, NULL };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	snprintf(option, sizeof(option), "--conf-file=%s", conf);
	if (null < 0 || setns(fd, CLONE_NEWNET) || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(errors, 2) < 0)
		_exit(126);
	execv(program, argv);
	_exit(127);
}

/* The last line that dnsmasq wrote, without its name. */
static void read_complaint(int fd, char *buf, size_t size)
{
	ssize_t len = pread(fd, buf, size - 1, 0);
	const char *begin;
	char *end;

	buf[len > 0 ? len : 0] = 0;
	end = buf + strlen(buf);
	while (end > buf && strchr("\n ", end[-1]))
		*--end = 0;
	begin = strrchr(buf, '\n') ? strrchr(buf, '\n') + 1 : buf;
	if (!strncmp(begin, "dnsmasq: ", 9))
		begin += 9;
	memmove(buf, begin, strlen(begin) + 1);
}

/* dnsmasq detaches, and its first process ends, when it is ready to answer. */
static int run_dnsmasq(struct ctl *c, const char *program, const struct svc_paths *paths, int fd)
{
	int errors = memfd_create("vnet-dnsmasq", MFD_CLOEXEC), status = 0;
	char complaint[512] = "";
	pid_t pid;

	if (errors < 0)
		return ctl_fail(c, "cannot make a file in memory: %s", strerror(errno));
	fflush(NULL);
	pid = fork();
	if (!pid)
		child(program, paths->conf, fd, errors);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	read_complaint(errors, complaint, sizeof(complaint));
	close(errors);
	if (pid < 0)
		return ctl_fail(c, "cannot start a process: %s", strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return ctl_fail(c, "dnsmasq does not start: %s", *complaint ? complaint : "it does not say why");
	return EXIT_OK;
}

/* Everything in the service's namespace. On failure the vnic goes; the namespace follows when @fd is closed. */
static int populate(struct ctl *c, const char *program, const struct svc_paths *paths, const struct svc_info *info,
		    int fd)
{
	struct vn_err err;
	int status = make_vnic(c, info, fd);

	if (status)
		return status;
	if (inside(fd, configure, info, &err))
		status = ctl_refused(c, &err, "cannot configure the service of %s", info->name);
	else
		status = run_dnsmasq(c, program, paths, fd);
	if (status)
		inside(fd, delete_vnic, NULL, &err);
	return status;
}

static int write_files(struct ctl *c, const struct svc_paths *paths, const struct svc_info *info, const char *conf)
{
	int err = svc_make_dirs(paths->lease_dir);

	if (err)
		return ctl_fail(c, "cannot make %s: %s", paths->lease_dir, strerror(-err));
	err = svc_write_file(paths->conf, conf);
	if (!err)
		err = svc_write(paths, info);
	return err ? ctl_fail(c, "cannot write to %s: %s", paths->dir, strerror(-err)) : EXIT_OK;
}

/* Hold off other runs while @fd, closed by the caller, is open. */
static int lock(struct ctl *c, const struct svc_paths *paths)
{
	int err = svc_make_dirs(paths->dir), fd;

	if (err)
		return ctl_fail(c, "cannot make %s: %s", paths->dir, strerror(-err)), -1;
	fd = open(paths->run_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX)) {
		ctl_fail(c, "cannot lock %s: %s", paths->run_dir, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	/* Another run may have removed it while we waited. */
	err = svc_make_dirs(paths->dir);
	if (!err)
		return fd;
	close(fd);
	return ctl_fail(c, "cannot make %s: %s", paths->dir, strerror(-err)), -1;
}

static void wait_end(int pid)
{
	int fd = pidfd_open(pid, 0);
	struct pollfd end = { .fd = fd, .events = POLLIN };

	if (fd < 0)
		return;
	if (!pidfd_send_signal(fd, SIGTERM, NULL, 0) && poll(&end, 1, STOP_MS) != 1 &&
	    !pidfd_send_signal(fd, SIGKILL, NULL, 0))
		poll(&end, 1, STOP_MS);
	close(fd);
}

/* The namespace must outlive the process until the vnic is deleted, so that it is gone when we return. */
static void stop_locked(const struct svc_paths *paths, const struct svc_info *info)
{
	int fd = info->pid ? netns_open_pid(info->pid) : -1;
	struct vn_err err;

	if (info->pid)
		wait_end(info->pid);
	if (fd >= 0) {
		inside(fd, delete_vnic, NULL, &err);
		close(fd);
	}
	svc_remove(paths);
}

static bool same_file(const char *path, const char *text)
{
	char old[CONF_MAX];
	FILE *file = fopen(path, "re");
	size_t len;

	if (!file)
		return false;
	len = fread(old, 1, sizeof(old) - 1, file);
	fclose(file);
	old[len] = 0;
	return !strcmp(old, text);
}

static bool is_running(const struct svc_paths *paths, const struct svc_info *old, const struct svc_info *new,
		       const char *conf)
{
	struct vn_err err;
	bool has_vnic;
	int fd;

	if (!old->pid || old->vnet != new->vnet || !same_file(paths->conf, conf))
		return false;
	fd = netns_open_pid(old->pid);
	if (fd < 0)
		return false;
	has_vnic = !inside(fd, find_vnic, NULL, &err);
	close(fd);
	return has_vnic;
}

static int host_address(struct ctl *c, const struct vnet_info *vnet, uint32_t *host)
{
	struct vn_addr *addrs = NULL;
	size_t n = 0;

	*host = 0;
	if (vn_addr_list(&c->rtnl, &addrs, &n))
		return ctl_refused(c, &c->rtnl.err, "cannot read the addresses");
	for (size_t i = 0; i < n && !*host; i++)
		if (addrs[i].ifindex == vnet->ifindex && (addrs[i].addr & vn_mask(vnet->prefix_len)) == vnet->subnet)
			*host = addrs[i].addr;
	free(addrs);
	return EXIT_OK;
}

static int plan(struct ctl *c, const struct vn_link *link, struct svc_info *info)
{
	struct vnet_info vnet;
	int status = link_info(c, link->ifindex, &vnet);

	memset(info, 0, sizeof(*info));
	if (status)
		return status;
	snprintf(info->name, sizeof(info->name), "%s", link->name);
	if (!vnet.subnet)
		return ctl_fail(c, "%s has no subnet, so there is nothing to serve", link->name);
	status = host_address(c, &vnet, &info->host);
	if (status)
		return status;
	info->vnet = link->ifindex;
	info->net = vnet.subnet;
	info->prefix_len = vnet.prefix_len;
	info->router = vnet.nat ? vnet.gateway : 0;
	info->mtu = link->mtu;
	if (svc_plan(info, vnet.gateway))
		return ctl_fail(c, "the subnet of %s is too small for a DHCP range; /29 is the smallest", link->name);
	return EXIT_OK;
}

static int start_locked(struct ctl *c, const char *program, const struct svc_paths *paths, const struct svc_info *info)
{
	struct svc_info old;
	char conf[CONF_MAX];
	int fd, status;

	if (svc_conf(info, paths, conf, sizeof(conf)))
		return ctl_fail(c, "the configuration of the service of %s is too long", info->name);
	if (!svc_read(info->name, &old)) {
		if (is_running(paths, &old, info, conf))
			return EXIT_OK;
		stop_locked(paths, &old);
	}
	if (svc_make_dirs(paths->dir))
		return ctl_fail(c, "cannot make %s: %s", paths->dir, strerror(errno));
	fd = netns_new();
	if (fd < 0) {
		status = ctl_fail(c, "cannot make a network namespace: %s", strerror(-fd));
	} else {
		status = write_files(c, paths, info, conf);
		if (!status)
			status = populate(c, program, paths, info, fd);
		close(fd);
	}
	if (status)
		svc_remove(paths);
	return status;
}

/** svc_start - start the service of a vnet, or see that it runs as it should. Return: an exit status. */
int svc_start(struct ctl *c, const struct vn_link *link)
{
	char program[4200];
	struct svc_paths paths;
	struct svc_info info;
	int status = plan(c, link, &info), fd;

	if (status)
		return status;
	if (!svc_dnsmasq(program, sizeof(program)))
		return ctl_fail(c, "dnsmasq is not installed; it is in the package dnsmasq-base");
	svc_paths(link->name, &paths);
	fd = lock(c, &paths);
	if (fd < 0)
		return EXIT_REFUSED;
	status = start_locked(c, program, &paths, &info);
	close(fd);
	return status;
}

/**
 * svc_stop - stop the service of vnet @name and keep its leases; the vnet itself may be gone.
 * @was_there: receives whether there was one
 *
 * Return: an exit status.
 */
int svc_stop(struct ctl *c, const char *name, bool *was_there)
{
	struct svc_paths paths;
	struct svc_info info;
	int fd;

	*was_there = !svc_read(name, &info);
	if (!*was_there)
		return EXIT_OK;
	svc_paths(name, &paths);
	fd = lock(c, &paths);
	if (fd < 0)
		return EXIT_REFUSED;
	if (!svc_read(name, &info))
		stop_locked(&paths, &info);
	close(fd);
	return EXIT_OK;
}

/** svc_restart_if_running - make a running service follow its changed vnet. Return: an exit status. */
int svc_restart_if_running(struct ctl *c, uint32_t ifindex)
{
	struct vn_sock *s = ctl_rtnl(c);
	struct svc_info info;
	struct vn_link link;

	if (!s)
		return EXIT_REFUSED;
	if (vn_link_get(s, NULL, ifindex, &link))
		return ctl_refused(c, &s->err, "cannot read the vnet");
	if (svc_read(link.name, &info) || !info.pid)
		return EXIT_OK;
	return svc_start(c, &link);
}
