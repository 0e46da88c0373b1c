// SPDX-License-Identifier: GPL-2.0
/* Is this JSON (RFC 8259)? Strings are bytes: a netdev's name may be any. */
#define VNET_FUZZ_OUTSIDE
#include "world.h"

#define DEPTH_MAX 64

static const char *value(const char *p, int depth);

static const char *space(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

static const char *string(const char *p)
{
	if (*p++ != '"')
		return NULL;
	for (; *p != '"'; p++) {
		if ((unsigned char)*p < 0x20)
			return NULL;
		if (*p != '\\')
			continue;
		p++;
		if (*p == 'u' && strspn(p + 1, "0123456789abcdefABCDEF") < 4)
			return NULL;
		if (!*p || !strchr("\"\\/bfnrtu", *p))
			return NULL;
	}
	return p + 1;
}

static const char *number(const char *p)
{
	size_t n;

	p += *p == '-';
	n = strspn(p, "0123456789");
	if (!n || (n > 1 && *p == '0'))
		return NULL;
	p += n;
	if (*p == '.') {
		n = strspn(++p, "0123456789");
		p = n ? p + n : NULL;
	}
	return p;
}

/* The inside of an object or an array, behind its first bracket. */
static const char *members(const char *p, char end, int depth)
{
	p = space(p);
	if (*p == end)
		return p + 1;
	for (;;) {
		if (end == '}') {
			p = string(p);
			p = p ? space(p) : NULL;
			if (!p || *p++ != ':')
				return NULL;
		}
		p = value(p, depth);
		p = p ? space(p) : NULL;
		if (!p || (*p != ',' && *p != end))
			return NULL;
		if (*p++ == end)
			return p;
		p = space(p);
	}
}

static const char *value(const char *p, int depth)
{
	static const char *const words[] = { "true", "false", "null" };

	p = space(p);
	if (depth == DEPTH_MAX)
		return NULL;
	if (*p == '{')
		return members(p + 1, '}', depth + 1);
	if (*p == '[')
		return members(p + 1, ']', depth + 1);
	if (*p == '"')
		return string(p);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strncmp(p, words[i], strlen(words[i])))
			return p + strlen(words[i]);
	return number(p);
}

/** json_is_valid - whether @text is a sequence of values; a command of a batch prints one each. */
bool json_is_valid(const char *text)
{
	for (text = space(text); *text; text = space(text)) {
		text = value(text, 0);
		if (!text)
			return false;
	}
	return true;
}
