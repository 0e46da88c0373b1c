/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Services: one dnsmasq for each vnet, an ordinary guest in a namespace of its own that lives as long as the
 * process. Its state is in /run/vnet/NETNS-INODE/svc/VNET/, its leases are in /var/lib/vnet/NETNS-NAME/.
 */
#ifndef VNET_SVC_H
#define VNET_SVC_H

#include "cmd/link.h"

#define SVC_IFNAME "vnet-svc"
#define SVC_PATH_MAX 512

/**
 * struct svc_info - a service as its files have it.
 * @name: of the vnet
 * @vnet: ifindex of the vnet it was started for
 * @pid: of its dnsmasq, 0 where that does not run
 * @net: network address of the subnet
 * @prefix_len: of the subnet
 * @addr: the service's own address
 * @host: address of the host adapter, 0 is none
 * @router: default route of the guests, 0 is none
 * @first: first address of the range
 * @last: last address of the range
 * @mtu: for the guests, bytes
 */
struct svc_info {
	char name[IFNAMSIZ];
	uint32_t vnet;
	int pid;
	uint32_t net;
	uint32_t prefix_len;
	uint32_t addr;
	uint32_t host;
	uint32_t router;
	uint32_t first;
	uint32_t last;
	uint32_t mtu;
};

/** struct svc_paths - where the files of a service are. */
struct svc_paths {
	char run_dir[SVC_PATH_MAX / 2];
	char lease_dir[SVC_PATH_MAX];
	char dir[SVC_PATH_MAX];
	char conf[SVC_PATH_MAX];
	char pid[SVC_PATH_MAX];
	char state[SVC_PATH_MAX];
	char leases[SVC_PATH_MAX];
};

/* state.c */
void svc_paths(const char *name, struct svc_paths *paths);
void svc_run_dir(char *buf, size_t size);
int svc_make_dirs(const char *path);
int svc_read(const char *name, struct svc_info *info);
int svc_write(const struct svc_paths *paths, const struct svc_info *info);
int svc_write_file(const char *path, const char *text);
void svc_remove(const struct svc_paths *paths);
int svc_each(int (*fn)(const char *name, void *arg), void *arg);

/* conf.c */
int svc_plan(struct svc_info *info, uint32_t gateway);
int svc_conf(const struct svc_info *info, const struct svc_paths *paths, char *text, size_t size);
void svc_domain(const char *name, char *buf, size_t size);

/* run.c */
bool svc_dnsmasq(char *path, size_t size);
int svc_start(struct ctl *c, const struct vn_link *link);
int svc_stop(struct ctl *c, const char *name, bool *was_there);
int svc_restart_if_running(struct ctl *c, uint32_t ifindex);

/* lease.c */
size_t lease_count(const char *name);

#endif
