// SPDX-License-Identifier: GPL-2.0
/* Look-ups in the tables of schema_gen.c. */
#include <string.h>

#include "schema.h"

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

/** vn_enum_name - name of @value; NULL where this tool does not know it. */
const char *vn_enum_name(const struct vn_enum *names, uint64_t value)
{
	return value < names->n ? names->names[value] : NULL;
}

/** vn_enum_value - value of @name, -1 where there is none. */
int vn_enum_value(const struct vn_enum *names, const char *name)
{
	for (unsigned int i = 0; i < names->n; i++)
		if (!strcmp(names->names[i], name))
			return (int)i;
	return -1;
}
