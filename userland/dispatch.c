// SPDX-License-Identifier: GPL-2.0
/* From words to a command of the tables. */
#include <stdarg.h>
#include <string.h>

#include "ctl.h"

const struct object *const objects[] = {
	&object_link,	&object_port,	 &object_uplink, &object_fdb,	 &object_vlan,	&object_neigh,	&object_mdb,	&object_nat,	&object_forward,
	&object_session, &object_stats, &object_service, &object_lease, &object_monitor, &object_init,
};

const size_t n_objects = VN_COUNT(objects);

static bool is_prefix(const char *word, const char *of)
{
	return *word && !strncmp(word, of, strlen(word));
}

/* Say which of @names the unknown or ambiguous @word may mean. */
static int no_such(struct ctl *c, const char *what, const char *word, const char *const *names, size_t n)
{
	const char *near = nearest(word, names, n);
	char list[256] = "";
	size_t used = 0;

	for (size_t i = 0; i < n; i++)
		if (is_prefix(word, names[i]) && used < sizeof(list))
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", used ? ", " : "", names[i]);
	if (used && strchr(list, ','))
		return ctl_usage(c, "expected %s, got '%s', which is short for %s", what, word, list);
	if (used)
		return ctl_usage(c, "expected %s, got '%s'; write out '%s'", what, word, list);
	if (near)
		return ctl_usage(c, "expected %s, got '%s'; did you mean '%s'?", what, word, near);
	return ctl_usage(c, "expected %s, got '%s'", what, word);
}

/** object_match - the object that @word names or is the only abbreviation of, or NULL. */
const struct object *object_match(const char *word)
{
	const struct object *found = NULL;
	size_t matches = 0;

	for (size_t i = 0; i < n_objects; i++) {
		if (!strcmp(word, objects[i]->name))
			return objects[i];
		if (is_prefix(word, objects[i]->name)) {
			found = objects[i];
			matches++;
		}
	}
	return matches == 1 ? found : NULL;
}

static const struct object *find_object(struct ctl *c, const char *word)
{
	const struct object *found = object_match(word);
	const char *names[VN_COUNT(objects)];

	if (found)
		return found;
	for (size_t i = 0; i < n_objects; i++)
		names[i] = objects[i]->name;
	no_such(c, "an object", word, names, n_objects);
	return NULL;
}

static const struct cmd *default_command(const struct object *object)
{
	for (unsigned int i = 0; i < object->n; i++)
		if (object->cmds[i].flags & CMD_DEFAULT)
			return &object->cmds[i];
	return NULL;
}

static const char *alias(const char *word)
{
	if (!strcmp(word, "list") || !strcmp(word, "ls") || !strcmp(word, "lst"))
		return "show";
	if (!strcmp(word, "delete"))
		return "del";
	return word;
}

/* A word that is no verb may begin the words of the default verb: a keyword of it, or a device. */
static bool begins_default(const struct cmd *cmd, const char *word)
{
	for (unsigned int i = 0; cmd && i < cmd->n; i++) {
		if (!strcmp(cmd->kws[i].name, word))
			return true;
		if (cmd->kws[i].flags & KW_BARE && (cmd->kws[i].type == KT_VNET || cmd->kws[i].type == KT_DEV) &&
		    device_index(word))
			return true;
	}
	return false;
}

/**
 * command_match - the command that @word, NULL for none, asks for.
 * @took: receives whether @word was the verb
 *
 * Return: the command, or NULL where @word is unknown, ambiguous or too short for what it would destroy.
 */
const struct cmd *command_match(const struct object *object, const char *word, bool *took)
{
	const struct cmd *standard = default_command(object), *found = NULL;
	size_t matches = 0;

	*took = word != NULL;
	if (!word)
		return standard;
	word = alias(word);
	for (unsigned int i = 0; i < object->n; i++) {
		if (!strcmp(word, object->cmds[i].verb))
			return &object->cmds[i];
		if (is_prefix(word, object->cmds[i].verb)) {
			matches++;
			if (!(object->cmds[i].flags & CMD_EXACT))
				found = &object->cmds[i];
		}
	}
	if (matches == 1 && found)
		return found;
	*took = false;
	return begins_default(standard, word) ? standard : NULL;
}

static const struct cmd *find_command(struct ctl *c, const struct object *object, const char *word, bool *took)
{
	const struct cmd *cmd = command_match(object, word, took);
	const char *names[16];
	unsigned int n;

	if (cmd)
		return cmd;
	for (n = 0; n < object->n && n < VN_COUNT(names); n++)
		names[n] = object->cmds[n].verb;
	no_such(c, "a verb", word ? word : "", names, n);
	return NULL;
}

/** dispatch - run one command: OBJECT [ VERB ] WORDS. Return: an exit status. */
int dispatch(struct ctl *c, int argc, char **argv)
{
	const struct object *object;
	const struct cmd *cmd;
	struct args args;
	struct bad bad;
	int skip;
	bool took;

	c->object = NULL;
	if (argc && !strcmp(argv[0], "help") && argc == 1) {
		help_all(stdout);
		return EXIT_OK;
	}
	/* "help OBJECT" is "OBJECT help". */
	if (argc > 1 && !strcmp(argv[0], "help")) {
		argv[0] = argv[1];
		argv[1] = "help";
	}
	object = find_object(c, argc ? argv[0] : "");
	if (!object)
		return EXIT_USAGE;
	c->object = object->name;
	if (argc > 1 && !strcmp(argv[1], "help")) {
		help_object(stdout, object);
		return EXIT_OK;
	}
	cmd = find_command(c, object, argc > 1 ? argv[1] : NULL, &took);
	if (!cmd)
		return EXIT_USAGE;
	skip = took;
	if (args_parse(&args, cmd->kws, cmd->n, argc - 1 - skip, argv + 1 + skip, &bad))
		return ctl_usage(c, "%s", bad.msg);
	return cmd->run(c, &args);
}

/** dispatch_words - dispatch() of a list of words that ends with NULL. */
int dispatch_words(struct ctl *c, ...)
{
	const char *object = c->object;
	char *argv[32] = { NULL }, *word;
	va_list ap;
	int argc = 0, status;

	va_start(ap, c);
	while ((word = va_arg(ap, char *)) && argc < (int)VN_COUNT(argv))
		argv[argc++] = word;
	va_end(ap);
	status = dispatch(c, argc, argv);
	c->object = object;
	return status;
}
