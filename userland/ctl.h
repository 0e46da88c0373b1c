/* SPDX-License-Identifier: GPL-2.0 */
/* vnetctl: the context of a run, the tables of commands, and what commands share. */
#ifndef VNET_CTL_H
#define VNET_CTL_H

#include <linux/vnet.h>

#include "lib/rtnl.h"
#include "out.h"
#include "parse.h"

enum {
	EXIT_OK = 0,
	EXIT_USAGE = 1,
	EXIT_REFUSED = 2,
};

/**
 * struct snapshot - what rtnetlink said of the namespace at one time.
 * @links: @n_links netdevs
 * @addrs: @n_addrs IPv4 addresses
 */
struct snapshot {
	struct vn_link *links;
	size_t n_links;
	struct vn_addr *addrs;
	size_t n_addrs;
};

/**
 * struct ctl - a run of vnetctl.
 * @out: output
 * @timestamp: -t
 * @tshort: -ts
 * @echo: -echo, print what was made
 * @quiet: -q, no warnings
 * @force: -force, a batch goes on after an error
 * @genl: socket of family "vnet", opened on first use
 * @rtnl: rtnetlink socket, opened on first use
 * @snap: for printers, or NULL
 * @object: name of the object of the command that runs, for errors; or NULL
 * @file: batch file, or NULL
 * @line: line in it
 */
struct ctl {
	struct out out;
	bool timestamp;
	bool tshort;
	bool echo;
	bool quiet;
	bool force;
	struct vn_sock genl;
	struct vn_sock rtnl;
	const struct snapshot *snap;
	const char *object;
	const char *file;
	unsigned int line;
};

enum cmd_flags {
	CMD_DEFAULT = 1 << 0, /* runs where no verb is given */
	CMD_EXACT = 1 << 1,   /* destroys: the verb is not to be abbreviated */
};

/**
 * struct cmd - a verb of an object.
 * @verb: the word
 * @about: what it does, a phrase for help
 * @run: returns an exit status
 * @kws: keywords, @n of them
 * @flags: enum cmd_flags
 */
struct cmd {
	const char *verb;
	const char *about;
	int (*run)(struct ctl *c, const struct args *args);
	const struct kw *kws;
	unsigned int n;
	unsigned int flags;
};

/** struct object - an object of the command line and its @n verbs. */
struct object {
	const char *name;
	const char *about;
	const struct cmd *cmds;
	unsigned int n;
};

/** print_fn - prints the fields of one message inside a record. */
typedef void (*print_fn)(struct ctl *c, const struct nlmsghdr *nlh);

/**
 * struct show - a read.
 * @cmd: generic netlink command
 * @args: sent as attributes; may be NULL
 * @print: prints a record
 * @want: selects records; NULL takes all
 * @one: ask for one object instead of a dump
 */
struct show {
	uint8_t cmd;
	const struct args *args;
	print_fn print;
	bool (*want)(const struct nlmsghdr *nlh, const struct args *args);
	bool one;
};

/* dispatch.c */
extern const struct object *const objects[];
extern const size_t n_objects;
const struct object *object_match(const char *word);
const struct cmd *command_match(const struct object *object, const char *word, bool *took);
int dispatch(struct ctl *c, int argc, char **argv);
int dispatch_words(struct ctl *c, ...) __attribute__((sentinel));

/* help.c */
void help_object(FILE *file, const struct object *object);
void help_all(FILE *file);

/* complete.c */
int complete(struct ctl *c, int argc, char **argv);

/* ctl.c */
struct vn_sock *ctl_genl(struct ctl *c);
struct vn_sock *ctl_rtnl(struct ctl *c);
void ctl_close(struct ctl *c);
int ctl_usage(struct ctl *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int ctl_fail(struct ctl *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int ctl_refused(struct ctl *c, const struct vn_err *err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void ctl_warn(struct ctl *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int ctl_show(struct ctl *c, const struct show *show);
int ctl_change(struct ctl *c, uint8_t cmd, const struct args *args, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
int ctl_vnet(struct ctl *c, const struct val *val, struct vn_link *link);
int ctl_snapshot(struct ctl *c, struct snapshot *snap);
void ctl_snapshot_free(struct snapshot *snap);

/* printers that monitor shares; defined in cmd/ */
void link_print(struct ctl *c, const struct nlmsghdr *nlh);
void port_print(struct ctl *c, const struct nlmsghdr *nlh);
void fdb_print(struct ctl *c, const struct nlmsghdr *nlh);
void mdb_print(struct ctl *c, const struct nlmsghdr *nlh);
void nat_print(struct ctl *c, const struct nlmsghdr *nlh);
void forward_print(struct ctl *c, const struct nlmsghdr *nlh);
void limit_print(struct ctl *c, const struct nlmsghdr *nlh);
void alarm_print(struct ctl *c, const struct nlmsghdr *nlh);

extern const struct object object_link, object_port, object_uplink, object_fdb, object_nat, object_forward,
	object_session, object_vlan, object_neigh, object_mdb, object_stats, object_monitor, object_service, object_lease, object_init;

#endif
