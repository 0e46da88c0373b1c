// SPDX-License-Identifier: GPL-2.0
/* Run the tool once, catch what it prints, and see that it kept its promises. */
#define VNET_FUZZ_OUTSIDE
#include "world.h"
#include "ctl.h"

int vnetctl_main(int argc, char **argv);

struct caught {
	FILE *was;
	FILE *file;
	char *text;
	size_t len;
};

static void catch(FILE **stream, struct caught *caught)
{
	caught->was = *stream;
	caught->file = open_memstream(&caught->text, &caught->len);
	if (!caught->file)
		finding("out of memory in the harness");
	*stream = caught->file;
}

static void let_go(FILE **stream, struct caught *caught)
{
	*stream = caught->was;
	fclose(caught->file);
}

/* -n[etns] and -b[atch] take the next word, also where it looks like an option. */
static bool takes_word(const char *option)
{
	const char *name = option + strspn(option, "-");

	return *name && (!strncmp("netns", name, strlen(name)) || !strncmp("batch", name, strlen(name)));
}

/* Did an option that is no value of another one ask for JSON? */
static bool wants_json(int argc, char **argv)
{
	for (int i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (argv[i][1] == 'j' || !strncmp(argv[i], "--j", 3))
			return true;
		i += takes_word(argv[i]);
	}
	return false;
}

/* Help and the version are text whatever was asked. */
static bool is_help(const char *out)
{
	return strstr(out, "Usage: ") || strstr(out, "\nvnetctl ") || strstr(out, "vnetctl utility");
}

static void judge(int status, const char *out, const char *err, bool json)
{
	if (status != EXIT_OK && status != EXIT_USAGE && status != EXIT_REFUSED)
		finding("exit status %d", status);
	if (status && !*err)
		finding("exit status %d without a word", status);
	if (json && !is_help(out) && !json_is_valid(out))
		finding("standard output is no JSON: %s", out);
	if (world.n_open)
		finding("%d files stay open", world.n_open);
}

/** run_tool - run vnetctl with these words. Return: its exit status. */
int run_tool(int argc, char **argv)
{
	bool json = wants_json(argc, argv);
	struct caught out, err;
	int status;

	world.n_open = 0;
	kernel_reset();
	catch(&stdout, &out);
	catch(&stderr, &err);
	status = vnetctl_main(argc, argv);
	let_go(&stderr, &err);
	let_go(&stdout, &out);
	judge(status, out.text, err.text, json);
	free(out.text);
	free(err.text);
	return status;
}
