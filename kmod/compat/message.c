// SPDX-License-Identifier: GPL-2.0
/* Storage for the texts of refusals on kernels whose extack has none. */
#ifndef VNET_HAVE_ERR_MSG_FMT
static char messages[VNET_COMPAT_MESSAGES][VNET_COMPAT_MESSAGE_LEN];
static atomic_t next_message = ATOMIC_INIT(0);

/**
 * vnet_compat_message - take the next text buffer
 *
 * Context: Any.
 * Return: A buffer of VNET_COMPAT_MESSAGE_LEN bytes; see compat.h for how long it lasts.
 */
char *vnet_compat_message(void)
{
	return messages[(unsigned int)atomic_inc_return(&next_message) % VNET_COMPAT_MESSAGES];
}
#endif
