/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Output: one call says a thing both as text and as JSON. A NULL format leaves it out of the text, a NULL
 * key out of the JSON.
 */
#ifndef VNET_OUT_H
#define VNET_OUT_H

#include <stdio.h>

#include "lib/nl.h"

enum out_color {
	OUT_PLAIN,
	OUT_IFNAME,
	OUT_LLADDR,
	OUT_INET,
	OUT_UP,
	OUT_DOWN,
};

/**
 * struct out - where and how to print.
 * @json: JSON instead of text
 * @pretty: indented JSON
 * @lines: JSON without the surrounding array, one object a line (monitor)
 * @details: -d
 * @stats: how often -s
 * @brief: -br
 * @oneline: -o, one record a line
 * @numeric: -N, no names of protocols
 * @human: -h, rounded numbers
 * @color: escape sequences wanted
 * @depth: JSON nesting now
 * @sep: JSON separator that is due, or 0
 */
struct out {
	FILE *file;
	bool json;
	bool pretty;
	bool lines;
	bool details;
	unsigned int stats;
	bool brief;
	bool oneline;
	bool numeric;
	bool human;
	bool color;
	int depth;
	char sep;
};

/** enum field_flags - how out_fields() is to show an attribute. */
enum field_flags {
	FIELD_DETAIL = 1 << 0,	 /* text only with -d */
	FIELD_STATS = 1 << 1,	 /* text only with -s */
	FIELD_NONZERO = 1 << 2,	 /* text only where it is not 0 */
	FIELD_IFINDEX = 1 << 3,	 /* an interface: text shows its name, JSON has a second key KEY_name */
	FIELD_PROTO = 1 << 4,	 /* an IP protocol */
	FIELD_SECONDS = 1 << 5,	 /* text shows a time */
	FIELD_CENTI = 1 << 6,	 /* as above, of 1/100 s */
	FIELD_MILLI = 1 << 7,	 /* as above, of 1/1000 s */
	FIELD_NEWLINE = 1 << 8,	 /* text begins a line of the record */
	FIELD_COUNT = 1 << 9,	 /* a counter: -h rounds it */
	FIELD_ZERO_DETAIL = 1 << 10, /* text of 0 only with -d */
};

/**
 * struct field - one attribute in the text of a record; JSON always has all attributes.
 * @attr: number
 * @fmt: printf format with one %s
 * @flags: enum field_flags
 */
struct field {
	uint16_t attr;
	const char *fmt;
	unsigned int flags;
	enum out_color color;
};

#define OUT_TEXT_MAX 96

void out_begin(struct out *o);
void out_end(struct out *o);
void out_object(struct out *o, const char *key);
void out_object_end(struct out *o);
void out_array(struct out *o, const char *key);
void out_array_end(struct out *o);
void out_record_end(struct out *o);
void out_newline(struct out *o);

void out_str(struct out *o, enum out_color color, const char *key, const char *fmt, const char *value);
void out_uint(struct out *o, const char *key, const char *fmt, uint64_t value);
void out_bool(struct out *o, const char *key, const char *fmt, bool value);
void out_ipv4(struct out *o, const char *key, const char *fmt, uint32_t addr);
void out_lladdr(struct out *o, const char *key, const char *fmt, const uint8_t *lladdr);
void out_fields(struct out *o, const struct vn_set *set, const struct field *fields, size_t n,
		const struct nlattr **tb);

void out_multi(struct out *o, const struct vn_set *set, unsigned int id, const struct nlattr *first, size_t len);

void json_quote(FILE *file, const char *text);

char *text_time(char *buf, size_t size, uint64_t milliseconds);
char *text_lladdr(char *buf, size_t size, const uint8_t *lladdr);
char *text_ipv4(char *buf, size_t size, uint32_t addr);
char *text_count(char *buf, size_t size, uint64_t value, bool human);
const char *text_proto(char *buf, size_t size, unsigned int proto, bool numeric);

#endif
