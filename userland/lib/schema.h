/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The wire format as data: attribute sets, enums and operations of the netlink spec. Parser, printer and
 * error decoder read these tables, so a new attribute needs no code in them.
 */
#ifndef VNET_SCHEMA_H
#define VNET_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VN_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define VN_ATTR_MAX 160 /* no attribute of a set has a higher number */

/** enum vn_type - how the payload of an attribute is to be read. */
enum vn_type {
	VN_U8,
	VN_U16,
	VN_BE16, /* in network byte order */
	VN_U32,
	VN_U64,
	VN_S32,
	VN_IPV4, /* u32 in network byte order */
	VN_LLADDR,
	VN_INET, /* IPv4, IPv6 or MAC address, by its length */
	VN_STRING,
	VN_BINARY,
	VN_NEST,
};

/**
 * struct vn_enum - names of values.
 * @name: name of the enum, snake_case
 * @names: name of each value, as people write it
 * @n: number of values
 * @values: the values; NULL where they are 0..n-1
 */
struct vn_enum {
	const char *name;
	const char *const *names;
	unsigned int n;
	const uint16_t *values;
};

struct vn_set;

/**
 * struct vn_attr - one attribute.
 * @id: number on the wire
 * @name: snake_case, also the JSON key; NULL for a wrapping that errors shall not name
 * @type: payload
 * @min: smallest legal value, for integers
 * @max: greatest legal value, for integers
 * @names: names of the values, or NULL
 * @nest: attributes inside, for VN_NEST
 * @multi: may occur more than once
 */
struct vn_attr {
	uint16_t id;
	const char *name;
	enum vn_type type;
	uint64_t min;
	uint64_t max;
	const struct vn_enum *names;
	const struct vn_set *nest;
	bool multi;
};

/**
 * struct vn_set - an attribute set.
 * @name: snake_case
 * @attrs: in the order of the spec
 * @n: number of @attrs
 * @max: highest @attrs.id
 */
struct vn_set {
	const char *name;
	const struct vn_attr *attrs;
	unsigned int n;
	unsigned int max;
};

/**
 * struct vn_op - a generic netlink command.
 * @cmd: number
 * @name: snake_case; events end with "_ntf"
 * @set: attributes of its messages
 * @event: sent by the kernel only
 */
struct vn_op {
	uint8_t cmd;
	const char *name;
	const struct vn_set *set;
	bool event;
};

extern const struct vn_enum vn_enum_mode, vn_enum_port_kind, vn_enum_fdb_state, vn_enum_filtering,
	vn_enum_session_state, vn_enum_limit, vn_enum_vlan_protocol, vn_enum_binding_state, vn_enum_alarm,
	vn_enum_fdb_overflow, vn_enum_private_vlan;
extern const struct vn_set vn_set_info, vn_set_link, vn_set_port, vn_set_fdb, vn_set_timeout, vn_set_port_range, vn_set_nat,
	vn_set_mapping, vn_set_session, vn_set_forward, vn_set_drop, vn_set_reason, vn_set_stats, vn_set_vlan, vn_set_mdb, vn_set_event,
	vn_set_neigh, vn_set_alarm;
extern const struct vn_op vn_ops[];
extern const unsigned int vn_n_ops;

const struct vn_attr *vn_attr_find(const struct vn_set *set, unsigned int id);
const struct vn_op *vn_op_find(unsigned int cmd);
const char *vn_enum_name(const struct vn_enum *names, uint64_t value);
int vn_enum_value(const struct vn_enum *names, const char *name);

#endif
