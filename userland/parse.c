// SPDX-License-Identifier: GPL-2.0
/* Strict readers of single words. Each returns 0, or -1 with a sentence "expected X, got 'Y'". */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

__attribute__((format(printf, 2, 3))) static int expected(struct bad *bad, const char *fmt, ...)
{
	va_list ap;
	int used = snprintf(bad->msg, sizeof(bad->msg), "expected ");

	va_start(ap, fmt);
	vsnprintf(bad->msg + used, sizeof(bad->msg) - (size_t)used, fmt, ap);
	va_end(ap);
	return -1;
}

/* Decimal digits only: no sign, no space, no octal. Return: 0, -1 no number, -2 too great. */
static int digits(const char *word, const char **end, uint64_t *value)
{
	char *stop;

	if (*word < '0' || *word > '9')
		return -1;
	errno = 0;
	*value = strtoull(word, &stop, 10);
	*end = stop;
	return errno ? -2 : 0;
}

/** parse_uint - a decimal number of @min..@max. */
int parse_uint(const char *word, uint64_t min, uint64_t max, uint64_t *value, struct bad *bad)
{
	const char *end;

	if (digits(word, &end, value) || *end || *value < min || *value > max)
		return expected(bad, "a number of %" PRIu64 "..%" PRIu64 ", got '%s'", min, max, word);
	return 0;
}

/** parse_onoff - on or off. */
int parse_onoff(const char *word, uint64_t *value, struct bad *bad)
{
	*value = !strcmp(word, "on");
	if (!*value && strcmp(word, "off") != 0)
		return expected(bad, "on or off, got '%s'", word);
	return 0;
}

/**
 * parse_time - "300", "300s", "5m", "2h", "1d", "500ms"; several units may follow each other: "1h30m".
 * @unit_ms: milliseconds in a unit of @min, @max and @value; a time must be a whole number of them
 */
int parse_time(const char *word, uint64_t unit_ms, uint64_t min, uint64_t max, uint64_t *value, struct bad *bad)
{
	static const struct {
		const char *suffix;
		uint64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 } };
	const char *pos = word, *end = word;
	uint64_t total = 0, number;

	do {
		uint64_t factor = 1000;
		size_t i;

		if (digits(pos, &end, &number))
			break;
		for (i = 0; i < VN_COUNT(units); i++) {
			size_t len = strlen(units[i].suffix);

			if (!strncmp(end, units[i].suffix, len) && !(end[len] >= 'a' && end[len] <= 'z')) {
				factor = units[i].ms;
				end += len;
				break;
			}
		}
		if (number > UINT32_MAX || (i == VN_COUNT(units) && (*end || pos != word)))
			break;
		total += number * factor;
		pos = end;
	} while (*pos);
	*value = total / unit_ms;
	if (*pos || !*word || total % unit_ms || *value < min || *value > max)
		return expected(bad, "a time of %g..%gs, as 300s, 5m or 2h, got '%s'",
				(double)min * (double)unit_ms / 1000, (double)max * (double)unit_ms / 1000, word);
	return 0;
}

/** parse_ipv4 - a dotted quad, into host byte order. */
int parse_ipv4(const char *word, uint64_t *addr, struct bad *bad)
{
	struct in_addr in;

	if (inet_pton(AF_INET, word, &in) != 1)
		return expected(bad, "an IPv4 address, got '%s'", word);
	*addr = ntohl(in.s_addr);
	return 0;
}

/** parse_prefix - ADDR/LEN with a length of 8..30. */
int parse_prefix(const char *word, uint64_t *addr, uint32_t *len, struct bad *bad)
{
	const char *slash = strchr(word, '/');
	char quad[INET_ADDRSTRLEN];
	uint64_t number = 0;
	struct bad ignored;

	if (slash && (size_t)(slash - word) < sizeof(quad)) {
		memcpy(quad, word, (size_t)(slash - word));
		quad[slash - word] = 0;
		if (!parse_ipv4(quad, addr, &ignored) && !parse_uint(slash + 1, 8, 30, &number, &ignored)) {
			*len = (uint32_t)number;
			return 0;
		}
	}
	return expected(bad, "ADDR/LEN as 192.168.133.1/24, with a length of 8..30, got '%s'", word);
}

static int hex_digit(char c)
{
	static const char pairs[] = "00112233445566778899aAbBcCdDeEfF";
	const char *found = c ? strchr(pairs, c) : NULL;

	return found ? (int)(found - pairs) / 2 : -1;
}

/* Six pairs of hexadecimal digits. */
static bool is_lladdr(const char *word, uint8_t *lladdr)
{
	for (size_t i = 0; i < VN_LLADDR_LEN; i++) {
		int high = hex_digit(word[3 * i]), low = high < 0 ? -1 : hex_digit(word[3 * i + 1]);

		if (low < 0 || word[3 * i + 2] != (i + 1 < VN_LLADDR_LEN ? ':' : 0))
			return false;
		lladdr[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/** parse_lladdr - a unicast MAC address, six pairs of hexadecimal digits. */
int parse_lladdr(const char *word, uint8_t *lladdr, struct bad *bad)
{
	static const uint8_t zero[VN_LLADDR_LEN];

	if (!is_lladdr(word, lladdr))
		return expected(bad, "a MAC address as 52:54:00:12:34:56, got '%s'", word);
	if (!memcmp(lladdr, zero, sizeof(zero)) || lladdr[0] & 1)
		return expected(bad, "a unicast MAC address, got '%s'", word);
	return 0;
}

/** parse_inet - an IPv4 or IPv6 address; @len tells which. */
int parse_inet(const char *word, uint8_t *raw, uint8_t *len, struct bad *bad)
{
	if (inet_pton(AF_INET, word, raw) == 1)
		*len = 4;
	else if (inet_pton(AF_INET6, word, raw) == 1)
		*len = 16;
	else
		return expected(bad, "an IPv4 or IPv6 address, got '%s'", word);
	return 0;
}

/** parse_group - an IPv4, IPv6 or MAC address of a group; @len tells which. */
int parse_group(const char *word, uint8_t *raw, uint8_t *len, struct bad *bad)
{
	bool group = false;

	if (is_lladdr(word, raw)) {
		*len = VN_LLADDR_LEN;
		group = raw[0] & 1;
	} else if (!parse_inet(word, raw, len, bad)) {
		group = *len == 4 ? raw[0] >> 4 == 14 : raw[0] == 0xff;
	}
	return group ? 0 : expected(bad, "an IPv4, IPv6 or MAC address of a group, got '%s'", word);
}

/* FIRST or FIRST-LAST with 1 <= FIRST <= LAST <= @max. */
static bool is_range(const char *word, uint64_t max, uint64_t *first, uint32_t *last)
{
	const char *end;
	uint64_t high;

	if (digits(word, &end, first))
		return false;
	high = *first;
	if (*end == '-' && digits(end + 1, &end, &high))
		return false;
	if (*end || *first < 1 || high < *first || high > max)
		return false;
	*last = (uint32_t)high;
	return true;
}

/** parse_ports - P or P-Q with 1 <= P <= Q <= 65535. */
int parse_ports(const char *word, uint64_t *first, uint32_t *last, struct bad *bad)
{
	if (!is_range(word, 65535, first, last))
		return expected(bad, "a port of 1..65535 or a range P-Q, got '%s'", word);
	return 0;
}

/** parse_vlans - V or V-W with 1 <= V <= W <= 4094. */
int parse_vlans(const char *word, uint64_t *first, uint32_t *last, struct bad *bad)
{
	if (!is_range(word, 4094, first, last))
		return expected(bad, "a VLAN of 1..4094 or a range V-W, got '%s'", word);
	return 0;
}

/** parse_target - ADDR or ADDR:PORT; no port is 0. */
int parse_target(const char *word, uint64_t *addr, uint32_t *port, struct bad *bad)
{
	const char *colon = strchr(word, ':');
	size_t len = colon ? (size_t)(colon - word) : strlen(word);
	char quad[INET_ADDRSTRLEN];
	uint64_t number = 0;
	struct bad ignored;

	if (len >= sizeof(quad))
		return expected(bad, "ADDR or ADDR:PORT, got '%s'", word);
	memcpy(quad, word, len);
	quad[len] = 0;
	if (parse_ipv4(quad, addr, &ignored) || (colon && parse_uint(colon + 1, 1, 65535, &number, &ignored)))
		return expected(bad, "ADDR or ADDR:PORT, got '%s'", word);
	*port = (uint32_t)number;
	return 0;
}

/** parse_proto - tcp, udp, icmp or a number of 1..255. */
int parse_proto(const char *word, uint64_t *proto, struct bad *bad)
{
	static const struct {
		const char *name;
		uint8_t number;
	} names[] = { { "tcp", IPPROTO_TCP }, { "udp", IPPROTO_UDP }, { "icmp", IPPROTO_ICMP } };
	struct bad ignored;

	for (size_t i = 0; i < VN_COUNT(names); i++) {
		if (!strcmp(word, names[i].name)) {
			*proto = names[i].number;
			return 0;
		}
	}
	if (parse_uint(word, 1, 255, proto, &ignored))
		return expected(bad, "tcp, udp or icmp, got '%s'", word);
	return 0;
}

/** parse_ifname - a name that the kernel takes for a netdev (dev_valid_name()). */
int parse_ifname(const char *word, struct bad *bad)
{
	if (!*word || strlen(word) >= IFNAMSIZ || !strcmp(word, ".") || !strcmp(word, "..") ||
	    strpbrk(word, "/: \t\n\v\f\r%"))
		return expected(bad, "a device name of 1..15 characters without '/', ':', '%%' and spaces, got '%s'",
				word);
	return 0;
}
