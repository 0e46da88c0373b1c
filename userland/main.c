// SPDX-License-Identifier: GPL-2.0
/* vnetctl: options, batches, and the way into another network namespace. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "netns.h"

#ifndef VNET_VERSION
#define VNET_VERSION "unknown"
#endif

enum option {
	OPT_VERSION,
	OPT_JSON,
	OPT_PRETTY,
	OPT_DETAILS,
	OPT_STATISTICS,
	OPT_BRIEF,
	OPT_ONELINE,
	OPT_HUMAN,
	OPT_NUMERIC,
	OPT_COLOR,
	OPT_TIMESTAMP,
	OPT_TSHORT,
	OPT_NETNS,
	OPT_BATCH,
	OPT_FORCE,
	OPT_ECHO,
	OPT_QUIET,
	OPT_HELP,
};

/* An option may be cut down to its first @shortest letters. */
static const struct {
	const char *name;
	size_t shortest;
	enum option option;
} options[] = {
	{ "Version", 1, OPT_VERSION },	   { "json", 1, OPT_JSON },	     { "pretty", 1, OPT_PRETTY },
	{ "details", 1, OPT_DETAILS },	   { "statistics", 1, OPT_STATISTICS }, { "stats", 1, OPT_STATISTICS },
	{ "brief", 2, OPT_BRIEF },	   { "oneline", 1, OPT_ONELINE },    { "human", 1, OPT_HUMAN },
	{ "human-readable", 1, OPT_HUMAN }, { "Numeric", 1, OPT_NUMERIC },   { "color", 1, OPT_COLOR },
	{ "timestamp", 1, OPT_TIMESTAMP }, { "tshort", 2, OPT_TSHORT },	     { "netns", 1, OPT_NETNS },
	{ "batch", 1, OPT_BATCH },	   { "force", 1, OPT_FORCE },	     { "echo", 1, OPT_ECHO },
	{ "quiet", 1, OPT_QUIET },	   { "help", 3, OPT_HELP },
};

static int find_option(const char *word)
{
	size_t len = strcspn(word, "=");

	for (size_t i = 0; i < VN_COUNT(options); i++)
		if (len >= options[i].shortest && len <= strlen(options[i].name) &&
		    !strncmp(word, options[i].name, len) && (!word[len] || options[i].option == OPT_COLOR))
			return (int)options[i].option;
	return -1;
}

static int set_color(struct ctl *c, const char *word)
{
	const char *when = strchr(word, '=');

	if (!when || !strcmp(when, "=always"))
		c->out.color = true;
	else if (!strcmp(when, "=auto"))
		c->out.color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	else if (!strcmp(when, "=never"))
		c->out.color = false;
	else
		return ctl_usage(c, "expected always, auto or never, got '%s'", when + 1);
	return EXIT_OK;
}

static void set_flag(struct ctl *c, enum option option)
{
	c->out.json |= option == OPT_JSON;
	c->out.pretty |= option == OPT_PRETTY;
	c->out.details |= option == OPT_DETAILS;
	c->out.stats += option == OPT_STATISTICS;
	c->out.brief |= option == OPT_BRIEF;
	c->out.oneline |= option == OPT_ONELINE;
	c->out.human |= option == OPT_HUMAN;
	c->out.numeric |= option == OPT_NUMERIC;
	c->timestamp |= option == OPT_TIMESTAMP || option == OPT_TSHORT;
	c->tshort |= option == OPT_TSHORT;
	c->force |= option == OPT_FORCE;
	c->echo |= option == OPT_ECHO;
	c->quiet |= option == OPT_QUIET;
}

/* Words of a batch line: spaces part, quotes and backslashes hold together, '#' begins a comment. */
static int split(char *line, char **words, int max)
{
	char *in = line, *to;
	int n = 0;

	for (;;) {
		char quote = 0;

		in += strspn(in, " \t\r\n");
		if (!*in || *in == '#')
			return n;
		if (n == max)
			return -1;
		words[n++] = to = in;
		for (; *in && (quote || !strchr(" \t\r\n", *in)); in++) {
			if (quote ? *in == quote : *in == '"' || *in == '\'')
				quote = quote ? 0 : *in;
			else if (*in == '\\' && in[1])
				*to++ = *++in;
			else
				*to++ = *in;
		}
		if (quote)
			return -1;
		if (*in)
			in++;
		*to = 0;
	}
}

static bool is_continued(char *line, ssize_t *len)
{
	while (*len && (line[*len - 1] == '\n' || line[*len - 1] == '\r'))
		line[--*len] = 0;
	if (!*len || line[*len - 1] != '\\')
		return false;
	line[--*len] = 0;
	return true;
}

static int run_line(struct ctl *c, char *line)
{
	char *words[64];
	int n = split(line, words, VN_COUNT(words));

	c->object = NULL;
	if (n < 0)
		return ctl_usage(c, "expected a command, got too many words or an open quote");
	return n ? dispatch(c, n, words) : EXIT_OK;
}

static int batch(struct ctl *c, const char *name)
{
	FILE *file = strcmp(name, "-") ? fopen(name, "re") : stdin;
	char *line = NULL, *whole = NULL;
	int status = EXIT_OK, result;
	size_t size = 0, used = 0;
	ssize_t len;

	if (!file)
		return ctl_usage(c, "cannot open '%s': %s", name, strerror(errno));
	c->file = name;
	while ((!status || c->force) && (len = getline(&line, &size, file)) >= 0) {
		bool more = is_continued(line, &len);
		char *longer = realloc(whole, used + (size_t)len + 1);

		c->line++;
		if (!longer) {
			status = ctl_fail(c, "out of memory");
			break;
		}
		whole = longer;
		memcpy(whole + used, line, (size_t)len + 1);
		used += (size_t)len;
		if (more)
			continue;
		result = run_line(c, whole);
		status = result ? result : status;
		used = 0;
		fflush(stdout);
	}
	if (file != stdin)
		fclose(file);
	free(line);
	free(whole);
	return status;
}

/* Return: index of the first word that is no option, or -1 with *status. */
static int read_options(struct ctl *c, int argc, char **argv, const char **batch_file, int *status)
{
	int i;

	for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		const char *word = argv[i] + (argv[i][1] == '-' ? 2 : 1);
		int option = find_option(word);
		bool takes = option == OPT_NETNS || option == OPT_BATCH;

		*status = EXIT_OK;
		if (takes && i + 1 == argc) {
			*status = ctl_usage(c, "expected a value after '%s', got the end of the command", argv[i]);
		} else if (option == OPT_VERSION) {
			printf("vnetctl utility, vnet-%s\n", VNET_VERSION);
			return -1;
		} else if (option == OPT_HELP) {
			help_all(stdout);
			return -1;
		} else if (option == OPT_COLOR) {
			*status = set_color(c, word);
		} else if (option == OPT_NETNS) {
			*status = netns_enter_named(c, argv[++i]);
		} else if (option == OPT_BATCH) {
			*batch_file = argv[++i];
		} else if (option < 0) {
			*status = ctl_usage(c, "expected an option, got '%s'", argv[i]);
		} else {
			set_flag(c, (enum option)option);
		}
		if (*status)
			return -1;
	}
	return i;
}

int main(int argc, char **argv)
{
	struct ctl c = { .out = { .file = stdout } };
	const char *batch_file = NULL;
	int first, status = EXIT_OK;

	/* An error is one write, so that it stays one line beside what others write. */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	if (argc > 1 && !strcmp(argv[1], "__complete"))
		return complete(&c, argc - 2, argv + 2);
	first = read_options(&c, argc, argv, &batch_file, &status);
	if (first >= 0) {
		c.out.color &= !c.out.json;
		if (batch_file) {
			status = batch(&c, batch_file);
		} else if (first == argc) {
			help_all(stderr);
			status = EXIT_USAGE;
		} else {
			status = dispatch(&c, argc - first, argv + first);
		}
	}
	ctl_close(&c);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "Error: vnet: cannot write the output: %s.\n", strerror(errno));
		status = status ? status : EXIT_REFUSED;
	}
	return status;
}
