// SPDX-License-Identifier: GPL-2.0
/* A command line, completion included. Input: words of a line, NUL, what files hold, NUL, the kernel's answers. */
#include "world.h"

#define WORDS_MAX 40

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Only spaces part words here, so that a word can be anything. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[WORDS_MAX + 2] = { (char *)"vnetctl" }, *copy, *rest, *word;
	struct bytes in = { data, size }, line = cut(&in);
	int argc = 1;

	copy = rest = malloc(line.len + 1);
	if (!copy)
		return 0;
	copy[take_some(&line, copy, line.len)] = 0;
	world.file = cut(&in);
	world.kernel = in;
	while (argc <= WORDS_MAX && (word = strsep(&rest, " ")))
		argv[argc++] = word;
	run_tool(argc, argv);
	free(copy);
	return 0;
}
