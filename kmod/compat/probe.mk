# SPDX-License-Identifier: GPL-2.0
# Presence of a feature in the headers, never a version number: stable kernels
# receive back-ports that version numbers do not tell of. A search is anchored on
# code, because kernel-doc names features too.
vnet_have = $(if $(shell grep -s -E '$(2)' $(srctree)/include/$(1)),-DVNET_HAVE_$(3))

ccflags-y += $(call vnet_have,linux/netdevice.h,[[:space:]]lltx:1,LLTX)
ccflags-y += $(call vnet_have,linux/netdevice.h,ndo_fdb_del_bulk..struct nlmsghdr,FDB_DEL_BULK_NLH)
ccflags-y += $(call vnet_have,linux/netdevice.h,netns_immutable:1,NETNS_IMMUTABLE)
ccflags-y += $(call vnet_have,net/genetlink.h,^genl_info_dump,GENL_INFO_DUMP)
ccflags-y += $(call vnet_have,trace/stages/stage6_event_callback.h,define __assign_str\(dst\),ASSIGN_STR_ONE)
ccflags-y += $(if $(wildcard $(srctree)/include/net/gso.h),-DVNET_HAVE_GSO_H)
ccflags-y += $(call vnet_have,net/netns/ipv4.h,struct udp_table,NETNS_UDP_TABLE)
ccflags-y += $(if $(wildcard $(srctree)/include/net/rps.h),-DVNET_HAVE_RPS_H)
ccflags-y += $(if $(wildcard $(srctree)/include/linux/unaligned.h),-DVNET_HAVE_UNALIGNED_H)
ccflags-y += $(call vnet_have,linux/netdevice.h,net_device \*alloc_netdev_dummy,ALLOC_DUMMY)
ccflags-y += $(call vnet_have,linux/netdevice.h,__rcu[[:space:]]\*tcx_egress,TCX)
ccflags-y += $(call vnet_have,net/hotdata.h,max_backlog,HOTDATA)
ccflags-y += $(call vnet_have,linux/netdevice.h,ndo_mdb_get.,NDO_MDB_GET)
ccflags-y += $(call vnet_have,linux/kobject.h,get_ownership..const struct kobject,CONST_KOBJECT)
