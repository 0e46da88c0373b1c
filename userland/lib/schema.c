// SPDX-License-Identifier: GPL-2.0
/* Look-ups in the tables of schema_gen.c, and the names that the spec does not have. */
#include <linux/if_ether.h>
#include <string.h>
#include <strings.h>

#include "schema.h"

/* IEEE has chosen these values, so the spec has no enum of them. */
static const char *const vlan_protocol_names[] = { "802.1Q", "802.1ad" };
static const uint16_t vlan_protocol_values[] = { ETH_P_8021Q, ETH_P_8021AD };

const struct vn_enum vn_enum_vlan_protocol = { "vlan_protocol", vlan_protocol_names, VN_COUNT(vlan_protocol_names),
					       vlan_protocol_values };

/** vn_attr_find - attribute number @id of @set; NULL where this tool does not know it. */
const struct vn_attr *vn_attr_find(const struct vn_set *set, unsigned int id)
{
	for (unsigned int i = 0; set && i < set->n; i++)
		if (set->attrs[i].id == id)
			return &set->attrs[i];
	return NULL;
}

/** vn_op_find - the generic netlink command number @cmd; NULL where this tool does not know it. */
const struct vn_op *vn_op_find(unsigned int cmd)
{
	for (unsigned int i = 0; i < vn_n_ops; i++)
		if (vn_ops[i].cmd == cmd)
			return &vn_ops[i];
	return NULL;
}

static uint64_t enum_at(const struct vn_enum *names, unsigned int i)
{
	return names->values ? names->values[i] : i;
}

/** vn_enum_name - name of @value; NULL where this tool does not know it. */
const char *vn_enum_name(const struct vn_enum *names, uint64_t value)
{
	for (unsigned int i = 0; i < names->n; i++)
		if (enum_at(names, i) == value)
			return names->names[i];
	return NULL;
}

/** vn_enum_value - value of @name, in capitals or not: "802.1Q" is "802.1q" to many; -1 where there is none. */
int vn_enum_value(const struct vn_enum *names, const char *name)
{
	for (unsigned int i = 0; i < names->n; i++)
		if (!strcasecmp(names->names[i], name))
			return (int)enum_at(names, i);
	return -1;
}
