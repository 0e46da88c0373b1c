// SPDX-License-Identifier: GPL-2.0
/*
 * Answers and events of the kernel: decoding, printing, errors. Input: command, options, the kernel's answers.
 */
#include "world.h"

#define WORDS_MAX 12

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const commands[] = {
	"link show",
	"link show vmnet8",
	"port show vnet vmnet8",
	"uplink show",
	"fdb show",
	"mdb show",
	"nat show",
	"forward show",
	"session show",
	"stats show",
	"stats explain",
	"service show",
	"monitor show all",
	"init",
	"init undo",
	"link add vmnet3 mode nat",
	"link add vmnet3 mode nat subnet 10.1.2.0/24",
	"link set vmnet8 subnet 10.1.2.0/24",
	"link del vmnet8",
	"port add tap0 vnet vmnet8",
	"port del tap0",
	"port set tap0 learning off",
	"nat set vmnet8 timeout udp 60s tcp 2h",
	"forward add vmnet8 proto tcp dport 80 to 10.0.0.2:80",
	"service start vmnet8",
	"service stop vmnet8",
	"__complete link show v",
};

static const char *const options[] = { "-json", "-pretty", "-details", "-statistics", "-brief", "-oneline", "-color",
				       "-Numeric" };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[WORDS_MAX + 10] = { (char *)"vnetctl" }, line[96], *rest = line, *word;
	struct bytes in = { data, size };
	const char *command = commands[take(&in) % (sizeof(commands) / sizeof(commands[0]))];
	uint8_t flags = take(&in);
	int argc = 1;

	for (int i = 0; i < 8 && *command != '_'; i++)
		if (flags & 1 << i)
			argv[argc++] = (char *)options[i];
	snprintf(line, sizeof(line), "%s", command);
	while ((word = strsep(&rest, " ")))
		argv[argc++] = word;
	world.file = (struct bytes){ (const uint8_t *)"vnet 5 net 3232269568", 21 };
	world.kernel = in;
	run_tool(argc, argv);
	return 0;
}
