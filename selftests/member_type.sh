#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# member_type.sh: a device that is plugged in, or shared as an uplink, does not cease to be Ethernet under the switch:
# a bond takes the type of its first slave, which a vnet refuses as long as the bond is its own.
#
#	tun0 (no Ethernet) ... bond0 --- lan0
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
# Else the module makes a bond of its own in the first namespace.
modprobe -q bonding max_bonds=0
setup_ns host
must vnetctl -n "$host" link add lan0 mode private
in_ns "$host" <<-END
	link add bond0 type bond mode active-backup fail_over_mac active
	tuntap add tun0 mode tun
	tuntap add tap0 mode tap
	link set bond0 master lan0
END

type_of() { ip -n "$host" -j link show "$1" | jq -r '.[0].link_type'; }

check_is "the bond is Ethernet" ether "$(type_of bond0)"
check_fails "a member does not change its type" "" ip -n "$host" link set tun0 master bond0
check_is "and stays what it is" ether "$(type_of bond0)"
check_is "in its vnet" 1 "$(vnetctl -n "$host" -j port show vnet lan0 | jq '[.[] | select(.kind == "member")] | length')"
check_ok "a slave of its own type is none of the switch's business" ip -n "$host" link set tap0 master bond0
must ip -n "$host" link set tap0 nomaster
must ip -n "$host" link set bond0 nomaster
must vnetctl -n "$host" link add br0 mode bridged uplink bond0
check_fails "an uplink does not change its type either" "" ip -n "$host" link set tun0 master bond0
check_is "and stays what it is, too" ether "$(type_of bond0)"
must vnetctl -n "$host" link del br0
check_ok "released, it is free to" ip -n "$host" link set tun0 master bond0
check_is "which shows that it could" none "$(type_of bond0)"
