// SPDX-License-Identifier: GPL-2.0
/* A batch. Input: options, the file, NUL, the kernel's answers. */
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = { data, size };
	uint8_t options = take(&in);
	char *argv[] = { (char *)"vnetctl", (char *)(options & 1 ? "-json" : "-oneline"),
			 (char *)(options & 2 ? "-force" : "-quiet"), (char *)"-batch", (char *)"file", NULL };

	world.file = cut(&in);
	world.kernel = in;
	run_tool(5, argv);
	return 0;
}
