#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# small_reads.sh: what is read of one thing: an address of the switch, the driver of a netdev.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host g1
must vnetctl -n "$host" link add lan0 mode private
must ip -n "$host" link add eth0 link lan0 netns "$g1" type vnic
must vnetctl -n "$host" fdb add 02:aa:00:00:00:0a vnet lan0 number \
	"$(vnetctl -n "$host" -j port show vnet lan0 | jq '.[] | select(.kind == "vnic").number')"

get() { vnetctl -n "$host" -j fdb get "$1" vnet lan0 | jq -r '.[0] | "\(.lladdr) \(.state) \(.vnet_name)"'; }

check_is "a static address" "02:aa:00:00:00:0a static lan0" "$(get 02:aa:00:00:00:0a)"
mac=$(ip -n "$host" -j link show lan0 | jq -r '.[0].address')
check_is "the host adapter's own" "$mac local lan0" "$(get "$mac")"
check_fails "one that nobody has" "vnet lan0 does not know the address 02:aa:00:00:00:0b" \
	vnetctl -n "$host" fdb get 02:aa:00:00:00:0b vnet lan0
check_has "ethtool names the driver of a vnet" "driver: vnet" "$(ip netns exec "$host" ethtool -i lan0)"
check_has "and of a vnic" "driver: vnet" "$(ip netns exec "$g1" ethtool -i eth0)"
