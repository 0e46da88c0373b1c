// SPDX-License-Identifier: GPL-2.0
/* Texts of refusals. */
#include "refuse.h"

#include <linux/atomic.h>

#define REFUSE_TEXTS 256

static char texts[REFUSE_TEXTS][VNET_REFUSE_LEN];
static atomic_t next_text = ATOMIC_INIT(0);

/**
 * vnet_refuse_text - take a buffer for a text
 *
 * Context: Any.
 * Return: A buffer of VNET_REFUSE_LEN bytes; see refuse.h for how long it is the caller's.
 */
char *vnet_refuse_text(void)
{
	return texts[(unsigned int)atomic_inc_return(&next_text) % REFUSE_TEXTS];
}
