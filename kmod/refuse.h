/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Refusals: a sentence that names the thing and what was expected.
 *
 * The kernel's own formatted texts end after 80 bytes, and 6.1 has none. Texts are sent
 * by pointer after the handler has returned, so a buffer stays as it is until 256 more
 * refusals were made, which is long after the answer was built.
 */
#ifndef VNET_REFUSE_H
#define VNET_REFUSE_H

#include <linux/kernel.h>
#include <linux/netlink.h>

#define VNET_REFUSE_LEN 160

char *vnet_refuse_text(void);

#define VNET_REFUSE(extack, fmt, ...) do {				\
	struct netlink_ext_ack *__extack = (extack);			\
									\
	if (__extack) {							\
		char *__text = vnet_refuse_text();			\
									\
		snprintf(__text, VNET_REFUSE_LEN,			\
			 KBUILD_MODNAME ": " fmt, ##__VA_ARGS__);	\
		__extack->_msg = __text;				\
	}								\
} while (0)

/* The same, and it points at the attribute. */
#define VNET_REFUSE_ATTR(extack, attr, fmt, ...) do {	\
	VNET_REFUSE(extack, fmt, ##__VA_ARGS__);	\
	NL_SET_BAD_ATTR(extack, attr);			\
} while (0)

#endif
