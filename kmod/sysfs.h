/* SPDX-License-Identifier: GPL-2.0 */
/* The directories in sysfs that Linux bridges have. */
#ifndef VNET_SYSFS_H
#define VNET_SYSFS_H

int vnet_sysfs_init(void);
void vnet_sysfs_exit(void);

#endif
