// SPDX-License-Identifier: GPL-2.0
/* vnetctl __complete WORD... CURRENT: what may stand for CURRENT, one a line, from the tables of commands. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "netns.h"

static const char *const option_names[] = {
	"-json",    "-pretty",	  "-details", "-statistics", "-brief",	"-oneline", "-human", "-Numeric", "-color",
	"-timestamp", "-tshort", "-netns",   "-batch",	    "-force",	"-echo",    "-quiet", "-Version",
};

static void offer(const char *current, const char *word)
{
	if (!strncmp(word, current, strlen(current)))
		puts(word);
}

static void offer_links(struct ctl *c, const char *current, const char *kind)
{
	struct vn_link *links = NULL;
	size_t n = 0;

	if (!c->rtnl.nl && vn_open_rtnl(&c->rtnl))
		return;
	if (vn_link_list(&c->rtnl, &links, &n))
		return;
	for (size_t i = 0; i < n; i++)
		if (!kind || !strcmp(links[i].kind, kind))
			offer(current, links[i].name);
	free(links);
}

static void offer_netns(const char *current)
{
	DIR *dir = opendir("/run/netns");
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			offer(current, entry->d_name);
	if (dir)
		closedir(dir);
}

static void offer_value(struct ctl *c, const struct kw *kw, const char *current)
{
	const struct vn_attr *attr = vn_attr_find(kw->set, kw->attr);

	switch (kw->type) {
	case KT_ONOFF:
		offer(current, "on");
		offer(current, "off");
		break;
	case KT_ENUM:
		for (unsigned int i = 0; i < attr->names->n; i++)
			offer(current, attr->names->names[i]);
		break;
	case KT_PROTO:
		offer(current, "tcp");
		offer(current, "udp");
		break;
	case KT_VNET:
	case KT_VNET_NAME:
		offer_links(c, current, "vnet");
		break;
	case KT_DEV_OR_AUTO:
		offer(current, "auto");
		offer_links(c, current, NULL);
		break;
	case KT_DEV_OR_NONE:
		offer(current, "none");
		/* fall through */
	case KT_DEV:
		offer_links(c, current, NULL);
		break;
	case KT_NETNS:
		offer_netns(current);
		break;
	case KT_IPV4_OR_NONE:
		offer(current, "none");
		break;
	default:
		break;
	}
}

static int find(const struct cmd *cmd, unsigned int group, const char *word)
{
	for (unsigned int i = 0; i < cmd->n; i++)
		if (!strcmp(cmd->kws[i].name, word) &&
		    (!cmd->kws[i].group || cmd->kws[i].group == group || cmd->kws[i].flags & KW_GROUP))
			return (int)i;
	return -1;
}

static void offer_words(struct ctl *c, const struct cmd *cmd, int argc, char **argv)
{
	const char *current = argv[argc - 1];
	bool used[ARGS_MAX] = { false };
	unsigned int group = 0, next;

	for (int i = 0; i < argc - 1; i++) {
		int chosen = find(cmd, group, argv[i]);

		for (next = 0; chosen < 0 && next < cmd->n; next++)
			if (cmd->kws[next].flags & KW_BARE && !used[next])
				break;
		if (chosen < 0 && next == cmd->n)
			return;
		used[chosen < 0 ? next : (unsigned int)chosen] = true;
		if (chosen < 0)
			continue;
		group = cmd->kws[chosen].group;
		if (cmd->kws[chosen].type != KT_FLAG && ++i == argc - 1) {
			offer_value(c, &cmd->kws[chosen], current);
			return;
		}
	}
	for (next = 0; next < cmd->n; next++)
		if (cmd->kws[next].flags & KW_BARE && !used[next])
			break;
	if (next < cmd->n)
		offer_value(c, &cmd->kws[next], current);
	/* A required bare value comes before the keywords. */
	if (next < cmd->n && cmd->kws[next].flags & KW_REQUIRED)
		return;
	for (unsigned int i = 0; i < cmd->n; i++)
		if (!used[i] && (!cmd->kws[i].group || cmd->kws[i].group == group || cmd->kws[i].flags & KW_GROUP) &&
		    !(cmd->kws[i].flags & KW_BARE))
			offer(current, cmd->kws[i].name);
}

static bool is_short_for(const char *word, const char *name)
{
	return word[0] == '-' && word[1] == name[1] && (!word[2] || !strncmp(word, name, strlen(word)));
}

/* Skip the options. Return: index of the first word that is none, or -1 where CURRENT was the value of one. */
static int skip_options(struct ctl *c, int argc, char **argv)
{
	int i;

	for (i = 0; i < argc - 1 && argv[i][0] == '-'; i++) {
		bool netns = is_short_for(argv[i], "-netns");

		if (!netns && !is_short_for(argv[i], "-batch"))
			continue;
		if (++i == argc - 1) {
			if (netns)
				offer_netns(argv[i]);
			return -1;
		}
		/* Completion says nothing, also where the namespace is closed to us. */
		if (netns && netns_enter_named(c, argv[i]))
			return -1;
	}
	return i;
}

/** complete - print the candidates. Return: an exit status. */
int complete(struct ctl *c, int argc, char **argv)
{
	int first = argc ? skip_options(c, argc, argv) : -1;
	const struct object *object;
	const struct cmd *cmd;
	bool took;

	if (first < 0)
		return EXIT_OK;
	argc -= first;
	argv += first;
	if (argc == 1) {
		for (size_t i = 0; argv[0][0] == '-' && i < VN_COUNT(option_names); i++)
			offer(argv[0], option_names[i]);
		for (size_t i = 0; i < n_objects; i++)
			offer(argv[0], objects[i]->name);
		offer(argv[0], "help");
		return EXIT_OK;
	}
	object = object_match(argv[0]);
	if (!object)
		return EXIT_OK;
	if (argc == 2) {
		for (unsigned int i = 0; i < object->n; i++)
			offer(argv[1], object->cmds[i].verb);
		offer(argv[1], "help");
		cmd = command_match(object, NULL, &took);
	} else {
		cmd = command_match(object, argv[1], &took);
	}
	if (cmd)
		offer_words(c, cmd, argc - 1 - took, argv + 1 + took);
	ctl_close(c);
	return EXIT_OK;
}
