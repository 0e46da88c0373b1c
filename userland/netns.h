/* SPDX-License-Identifier: GPL-2.0 */
/* Network namespaces: names, files, and the key that state on disk has. */
#ifndef VNET_NETNS_H
#define VNET_NETNS_H

#include <stddef.h>

#include "ctl.h"

int netns_open(const char *name);
int netns_open_self(void);
int netns_open_pid(int pid);
int netns_enter_named(struct ctl *c, const char *name);
int netns_new(void);
unsigned long netns_inode(void);
void netns_name(char *buf, size_t size);

#endif
