// SPDX-License-Identifier: GPL-2.0
/* The readers of single words: what they take is within the bounds that they promise. Input: reader, word. */
#include <arpa/inet.h>

#include "cmd/lease.h"
#include "parse.h"
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good, const char *what, const char *word)
{
	if (!good)
		finding("%s takes '%s'", what, word);
}

static void refused(const struct bad *bad, const char *word)
{
	if (strncmp(bad->msg, "expected ", 9) != 0)
		finding("'%s' is refused with '%s'", word, bad->msg);
}

static int read_numbers(uint8_t which, const char *word, struct bad *bad)
{
	uint64_t value = 0, max = which & 8 ? UINT64_MAX : UINT16_MAX;
	uint32_t last = 0;

	switch (which % 6) {
	case 0:
		if (parse_uint(word, 1, max, &value, bad))
			return -1;
		check(value >= 1 && value <= max && strspn(word, "0123456789") == strlen(word), "parse_uint", word);
		return 0;
	case 1:
		if (parse_time(word, which & 8 ? 10 : 1000, 1, 604800, &value, bad))
			return -1;
		check(value >= 1 && value <= 604800, "parse_time", word);
		return 0;
	case 2:
		if (parse_ports(word, &value, &last, bad))
			return -1;
		check(value >= 1 && value <= last && last <= UINT16_MAX, "parse_ports", word);
		return 0;
	case 3:
		if (parse_proto(word, &value, bad))
			return -1;
		check(value >= 1 && value <= 255, "parse_proto", word);
		return 0;
	case 4:
		return parse_onoff(word, &value, bad);
	default:
		if (parse_vlans(word, &value, &last, bad))
			return -1;
		check(value >= 1 && value <= last && last <= 4094, "parse_vlans", word);
		return 0;
	}
}

static int read_addresses(uint8_t which, const char *word, struct bad *bad)
{
	uint8_t lladdr[VN_LLADDR_LEN];
	uint64_t addr = 0;
	uint32_t more = 0;

	switch (which % 5) {
	case 0:
		if (parse_ipv4(word, &addr, bad))
			return -1;
		check(addr <= UINT32_MAX, "parse_ipv4", word);
		return 0;
	case 1:
		if (parse_prefix(word, &addr, &more, bad))
			return -1;
		check(more >= 8 && more <= 30 && addr <= UINT32_MAX, "parse_prefix", word);
		return 0;
	case 2:
		if (parse_target(word, &addr, &more, bad))
			return -1;
		check(more <= UINT16_MAX && addr <= UINT32_MAX && !more == !strchr(word, ':'), "parse_target", word);
		return 0;
	case 3:
		if (parse_lladdr(word, lladdr, bad))
			return -1;
		check(!(lladdr[0] & 1) && strlen(word) == 17 && strspn(word, "0123456789abcdefABCDEF:") == 17,
		      "parse_lladdr", word);
		return 0;
	default:
		if (parse_ifname(word, bad))
			return -1;
		check(*word && strlen(word) < IFNAMSIZ && !strchr(word, '/'), "parse_ifname", word);
		return 0;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const near[] = { "link", "port", "session", "gateway-lladdr" };
	struct bytes in = { data, size };
	uint8_t which = take(&in);
	struct bad bad = { "" };
	struct lease lease;
	char *word = malloc(in.len + 1);

	if (!word)
		return 0;
	word[take_some(&in, word, in.len)] = 0;
	if (which & 64)
		nearest(word, near, sizeof(near) / sizeof(near[0]));
	else if (which & 32)
		lease_parse(word, &lease);
	else if (which & 16 ? read_addresses(which, word, &bad) : read_numbers(which, word, &bad))
		refused(&bad, word);
	free(word);
	return 0;
}
