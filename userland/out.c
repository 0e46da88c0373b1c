// SPDX-License-Identifier: GPL-2.0
/* Text and JSON, in iproute2's shape. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "out.h"

static const char *const escapes[] = {
	[OUT_PLAIN] = NULL,	     [OUT_IFNAME] = "\033[36m", [OUT_LLADDR] = "\033[33m",
	[OUT_INET] = "\033[35m", [OUT_UP] = "\033[32m",	   [OUT_DOWN] = "\033[31m",
};

/* ---- JSON writer ---- */

static void json_indent(struct out *o)
{
	if (!o->pretty)
		return;
	putc('\n', o->file);
	for (int i = 0; i < o->depth; i++)
		fputs("    ", o->file);
}

/** json_quote - write @text as a JSON string. */
void json_quote(FILE *file, const char *text)
{
	putc('"', file);
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c == '"' || *c == '\\')
			fprintf(file, "\\%c", *c);
		else if (*c < 0x20)
			fprintf(file, "\\u%04x", *c);
		else
			putc(*c, file);
	}
	putc('"', file);
}

/* The separator and the key of the next value. */
static void json_next(struct out *o, const char *key)
{
	if (o->sep)
		putc(o->sep, o->file);
	o->sep = ',';
	if (!key)
		return;
	json_indent(o);
	json_quote(o->file, key);
	fputs(o->pretty ? ": " : ":", o->file);
}

static void json_open(struct out *o, const char *key, char bracket)
{
	json_next(o, key);
	putc(bracket, o->file);
	o->depth++;
	o->sep = 0;
}

static void json_close(struct out *o, char bracket, bool own_line)
{
	bool empty = !o->sep;

	o->depth--;
	if (!empty && own_line)
		json_indent(o);
	putc(bracket, o->file);
	o->sep = ',';
}

/** out_begin - begin an answer: the top-level array. */
void out_begin(struct out *o)
{
	if (!o->json || o->lines)
		return;
	o->sep = 0;
	json_open(o, NULL, '[');
	if (o->pretty)
		putc(' ', o->file);
}

/** out_end - end an answer. */
void out_end(struct out *o)
{
	if (!o->json || o->lines)
		return;
	if (o->pretty && o->sep)
		putc(' ', o->file);
	json_close(o, ']', false);
	putc('\n', o->file);
	o->sep = 0;
}

/** out_object - begin an object, named @key inside another one; nothing in text. */
void out_object(struct out *o, const char *key)
{
	if (o->json)
		json_open(o, key, '{');
}

/** out_object_end - end an object; nothing in text. */
void out_object_end(struct out *o)
{
	if (o->json)
		json_close(o, '}', true);
}

/** out_array - begin an array named @key; nothing in text. */
void out_array(struct out *o, const char *key)
{
	if (!o->json)
		return;
	json_open(o, key, '[');
	if (o->pretty)
		putc(' ', o->file);
}

/** out_array_end - end an array; nothing in text. */
void out_array_end(struct out *o)
{
	if (!o->json)
		return;
	if (o->pretty && o->sep)
		putc(' ', o->file);
	json_close(o, ']', false);
}

/** out_record_end - end a top-level object, or a line of text. */
void out_record_end(struct out *o)
{
	out_object_end(o);
	if (o->json && o->lines) {
		putc('\n', o->file);
		o->sep = 0;
	}
	if (!o->json)
		putc('\n', o->file);
}

/** out_newline - begin the next line of a record in text; with -o a backslash stands for it. */
void out_newline(struct out *o)
{
	if (!o->json)
		fputs(o->oneline ? "\\   " : "\n   ", o->file);
}

/* ---- text of values ---- */

/** text_time - "2h3m", "45s", "120ms": the two greatest units. */
char *text_time(char *buf, size_t size, uint64_t milliseconds)
{
	static const struct {
		const char *unit;
		uint64_t seconds;
	} units[] = { { "d", 86400 }, { "h", 3600 }, { "m", 60 }, { "s", 1 } };
	uint64_t seconds = milliseconds / 1000;

	if (milliseconds < 1000) {
		snprintf(buf, size, milliseconds ? "%" PRIu64 "ms" : "%" PRIu64 "s", milliseconds);
		return buf;
	}
	for (size_t i = 0; i < VN_COUNT(units); i++) {
		uint64_t rest = seconds % units[i].seconds;

		if (seconds < units[i].seconds)
			continue;
		if (rest && i + 1 < VN_COUNT(units) && rest / units[i + 1].seconds)
			snprintf(buf, size, "%" PRIu64 "%s%" PRIu64 "%s", seconds / units[i].seconds, units[i].unit,
				 rest / units[i + 1].seconds, units[i + 1].unit);
		else
			snprintf(buf, size, "%" PRIu64 "%s", seconds / units[i].seconds, units[i].unit);
		break;
	}
	return buf;
}

/** text_lladdr - "52:54:00:aa:01:02". */
char *text_lladdr(char *buf, size_t size, const uint8_t *lladdr)
{
	snprintf(buf, size, "%02x:%02x:%02x:%02x:%02x:%02x", lladdr[0], lladdr[1], lladdr[2], lladdr[3], lladdr[4],
		 lladdr[5]);
	return buf;
}

/** text_ipv4 - dotted quad of @addr in host byte order. */
char *text_ipv4(char *buf, size_t size, uint32_t addr)
{
	snprintf(buf, size, "%u.%u.%u.%u", addr >> 24, addr >> 16 & 0xff, addr >> 8 & 0xff, addr & 0xff);
	return buf;
}

/** text_count - @value, with @human as "1.2M". */
char *text_count(char *buf, size_t size, uint64_t value, bool human)
{
	static const char units[] = " KMGTPE";
	double rounded = (double)value;
	size_t unit = 0;

	while (human && rounded >= 1000.0 && unit + 2 < sizeof(units)) {
		rounded /= 1000.0;
		unit++;
	}
	if (unit)
		snprintf(buf, size, "%.3g%c", rounded, units[unit]);
	else
		snprintf(buf, size, "%" PRIu64, value);
	return buf;
}

/** text_proto - "tcp", "udp", "icmp", or the number. */
const char *text_proto(char *buf, size_t size, unsigned int proto, bool numeric)
{
	snprintf(buf, size, "%u", proto);
	if (numeric)
		return buf;
	switch (proto) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_ICMP:
		return "icmp";
	default:
		return buf;
	}
}

/* ---- one value ---- */

static void print_text(struct out *o, enum out_color color, const char *fmt, const char *value)
{
	const char *hole = strstr(fmt, "%s");

	if (!o->color || color == OUT_PLAIN || !hole) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		fprintf(o->file, fmt, value);
#pragma GCC diagnostic pop
		return;
	}
	fprintf(o->file, "%.*s%s%s\033[0m%s", (int)(hole - fmt), fmt, escapes[color], value, hole + 2);
}

/** out_str - a string. */
void out_str(struct out *o, enum out_color color, const char *key, const char *fmt, const char *value)
{
	if (!o->json) {
		if (fmt)
			print_text(o, color, fmt, value);
	} else if (key) {
		json_next(o, *key ? key : NULL);
		json_quote(o->file, value);
	}
}

/** out_uint - a number; @fmt has %s. */
void out_uint(struct out *o, const char *key, const char *fmt, uint64_t value)
{
	char text[OUT_TEXT_MAX];

	if (o->json && key) {
		json_next(o, *key ? key : NULL);
		fprintf(o->file, "%" PRIu64, value);
	} else if (!o->json && fmt) {
		print_text(o, OUT_PLAIN, fmt, text_count(text, sizeof(text), value, false));
	}
}

/** out_bool - true or false, in text on or off. */
void out_bool(struct out *o, const char *key, const char *fmt, bool value)
{
	if (o->json && key) {
		json_next(o, key);
		fputs(value ? "true" : "false", o->file);
	} else if (!o->json && fmt) {
		print_text(o, OUT_PLAIN, fmt, value ? "on" : "off");
	}
}

/** out_ipv4 - an address in host byte order. */
void out_ipv4(struct out *o, const char *key, const char *fmt, uint32_t addr)
{
	char text[OUT_TEXT_MAX];

	out_str(o, OUT_INET, key, fmt, text_ipv4(text, sizeof(text), addr));
}

/** out_lladdr - a MAC address. */
void out_lladdr(struct out *o, const char *key, const char *fmt, const uint8_t *lladdr)
{
	char text[OUT_TEXT_MAX];

	out_str(o, OUT_LLADDR, key, fmt, text_lladdr(text, sizeof(text), lladdr));
}

/* ---- attributes ---- */

static bool is_bool(const struct vn_attr *desc)
{
	return desc->type == VN_U8 && desc->max == 1;
}

static const char *interface_name(char *buf, uint32_t ifindex)
{
	if (!ifindex)
		return "none";
	if (!if_indextoname(ifindex, buf))
		snprintf(buf, IF_NAMESIZE, "if%u", ifindex);
	return buf;
}

static uint64_t attr_value(const struct vn_attr *desc, const struct nlattr *attr)
{
	uint64_t value = vn_attr_uint(attr);

	return desc->type == VN_BE16 ? ntohs((uint16_t)value) : value;
}

/* Priority and address of a bridge, as iproute2 writes them. */
static const char *text_bridge(char *buf, size_t size, const uint8_t *id)
{
	snprintf(buf, size, "%02x%02x.%x:%x:%x:%x:%x:%x", id[0], id[1], id[2], id[3], id[4], id[5], id[6], id[7]);
	return buf;
}

/* An IPv4, IPv6 or MAC address, by its length. */
static const char *text_inet(char *buf, size_t size, const struct nlattr *attr)
{
	unsigned int len = mnl_attr_get_payload_len(attr);

	if (len == 6)
		return text_lladdr(buf, size, mnl_attr_get_payload(attr));
	if (len != 4 && len != 16)
		return "?";
	return inet_ntop(len == 4 ? AF_INET : AF_INET6, mnl_attr_get_payload(attr), buf, (socklen_t)size);
}

/* The text of an attribute that has no name of its own; integers as FIELD_* say. */
static const char *attr_text(const struct out *o, char *buf, size_t size, const struct vn_attr *desc,
			     const struct nlattr *attr, unsigned int flags)
{
	uint64_t value = attr_value(desc, attr);

	switch (desc->type) {
	case VN_IPV4:
		return text_ipv4(buf, size, ntohl((uint32_t)value));
	case VN_LLADDR:
		if (mnl_attr_get_payload_len(attr) == 8)
			return text_bridge(buf, size, mnl_attr_get_payload(attr));
		if (mnl_attr_get_payload_len(attr) != 6)
			return "?";
		return text_lladdr(buf, size, mnl_attr_get_payload(attr));
	case VN_INET:
		return text_inet(buf, size, attr);
	case VN_STRING:
		snprintf(buf, size, "%.*s", (int)mnl_attr_get_payload_len(attr), mnl_attr_get_str(attr));
		return buf;
	case VN_S32:
		snprintf(buf, size, "%d", (int)(uint32_t)value);
		return buf;
	default:
		break;
	}
	if (desc->names && vn_enum_name(desc->names, value))
		return vn_enum_name(desc->names, value);
	if (flags & FIELD_PROTO)
		return text_proto(buf, size, (unsigned int)value, o->numeric);
	if (flags & FIELD_IFINDEX)
		return interface_name(buf, (uint32_t)value);
	if (flags & (FIELD_SECONDS | FIELD_CENTI | FIELD_MILLI)) {
		value *= flags & FIELD_SECONDS ? 1000 : flags & FIELD_CENTI ? 10 : 1;
		return text_time(buf, size, value);
	}
	if (is_bool(desc))
		return value ? "on" : "off";
	return text_count(buf, size, value, o->human && (flags & FIELD_COUNT));
}

static void json_set(struct out *o, const struct vn_set *set, const struct nlattr *first, size_t len);

static void json_value(struct out *o, const char *key, const struct vn_attr *desc, const struct nlattr *attr,
		       unsigned int flags)
{
	uint64_t value = attr_value(desc, attr);
	char text[512];

	if (desc->type == VN_NEST) {
		out_object(o, key);
		json_set(o, desc->nest, mnl_attr_get_payload(attr), mnl_attr_get_payload_len(attr));
		out_object_end(o);
	} else if (is_bool(desc)) {
		out_bool(o, key, NULL, value);
	} else if (desc->type == VN_S32) {
		json_next(o, key);
		fprintf(o->file, "%d", (int)(uint32_t)value);
	} else if (desc->type == VN_IPV4 || desc->type == VN_LLADDR || desc->type == VN_STRING || desc->type == VN_INET ||
		   (desc->names && vn_enum_name(desc->names, value)) || (flags & FIELD_PROTO && !o->numeric)) {
		json_next(o, key);
		json_quote(o->file, attr_text(o, text, sizeof(text), desc, attr, flags));
	} else {
		json_next(o, key);
		fprintf(o->file, "%" PRIu64, value);
	}
}

/* All occurrences of a multi-valued attribute as an array. */
static void json_multi(struct out *o, const struct vn_attr *desc, const struct nlattr *first, size_t len)
{
	const struct nlattr *attr = first;

	out_array(o, desc->name);
	while (len >= sizeof(*attr) && mnl_attr_ok(attr, (int)len)) {
		size_t step = MNL_ALIGN(mnl_attr_get_len(attr));

		if (mnl_attr_get_type(attr) == desc->id)
			json_value(o, NULL, desc, attr, 0);
		if (step >= len)
			break;
		len -= step;
		attr = (const struct nlattr *)((const char *)attr + step);
	}
	out_array_end(o);
}

static void json_set(struct out *o, const struct vn_set *set, const struct nlattr *first, size_t len)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1];

	vn_parse(first, len, tb, VN_ATTR_MAX);
	for (unsigned int i = 0; i < set->n; i++)
		if (tb[set->attrs[i].id])
			json_value(o, set->attrs[i].name, &set->attrs[i], tb[set->attrs[i].id], 0);
}

static const struct field *field_find(const struct field *fields, size_t n, unsigned int id)
{
	for (size_t i = 0; i < n; i++)
		if (fields[i].attr == id)
			return &fields[i];
	return NULL;
}

static void json_fields(struct out *o, const struct vn_set *set, const struct field *fields, size_t n,
			const struct nlattr **tb)
{
	char name[IF_NAMESIZE], key[64];

	for (unsigned int i = 0; i < set->n; i++) {
		const struct vn_attr *desc = &set->attrs[i];
		const struct field *field = field_find(fields, n, desc->id);
		const struct nlattr *attr = tb[desc->id];
		unsigned int flags = field ? field->flags : 0;

		if (!attr || desc->multi)
			continue;
		json_value(o, desc->name, desc, attr, flags);
		snprintf(key, sizeof(key), "%s_name", desc->name);
		if (flags & FIELD_IFINDEX && vn_attr_uint(attr))
			out_str(o, OUT_PLAIN, key, NULL, interface_name(name, (uint32_t)vn_attr_uint(attr)));
	}
}

static bool is_hidden(const struct out *o, unsigned int flags, uint64_t value)
{
	return (flags & FIELD_DETAIL && !o->details) || (flags & FIELD_STATS && !o->stats) ||
	       (flags & FIELD_NONZERO && !value) || (flags & FIELD_ZERO_DETAIL && !value && !o->details);
}

/**
 * out_fields - print the attributes of one record.
 *
 * JSON has every attribute of @set that is in @tb and not multi-valued, in the spec's order; the text has
 * those of @fields, in their order.
 */
void out_fields(struct out *o, const struct vn_set *set, const struct field *fields, size_t n,
		const struct nlattr **tb)
{
	char text[512];

	if (o->json) {
		json_fields(o, set, fields, n, tb);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct field *field = &fields[i];
		const struct vn_attr *desc = vn_attr_find(set, field->attr);
		const struct nlattr *attr = tb[field->attr];

		if (!desc || !attr || !field->fmt)
			continue;
		if (is_hidden(o, field->flags, vn_attr_uint(attr)))
			continue;
		if (field->flags & FIELD_NEWLINE)
			out_newline(o);
		print_text(o, field->color, field->fmt,
			   attr_text(o, text, sizeof(text), desc, attr, field->flags));
	}
}

/** out_multi - a multi-valued attribute of the message whose attributes begin at @first, in JSON only. */
void out_multi(struct out *o, const struct vn_set *set, unsigned int id, const struct nlattr *first, size_t len)
{
	const struct vn_attr *desc = vn_attr_find(set, id);

	if (o->json && desc)
		json_multi(o, desc, first, len);
}
