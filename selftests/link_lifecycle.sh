#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# link_lifecycle.sh: both kinds of netdev are made, changed and deleted with the stock ip(8), without and with our
# plugin, and by vnetctl. One namespace, no packets:
#
#   host: vmnet8 --- eth0 (vnic, in g1), port0 (member: veth with its other end port1)
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

link() { ip -n "$host" -d link show "$@" 2>&1; }

# One word of "ip -j link" for a netdev of the host.
word() { ip -n "$host" -d -j link show "$1" 2>/dev/null | jq -r ".[0] | $2"; }

setup_ns host g1
# Stock ip: its plugins are looked for in IP_LIB_DIR.
plugins=${IP_LIB_DIR:-}
unset IP_LIB_DIR

check_ok "ip link add type vnet, nothing else said" ip -n "$host" link add vmnet8 type vnet
check_has "its kind is shown" " vnet " "$(link vmnet8)"
check_is "it is an Ethernet device with an MTU of 1500" "ether 1500" "$(word vmnet8 '[.link_type, .mtu] | join(" ")')"
mac=$(word vmnet8 .address)
check_is "its MAC address is a random local one" 2 $((0x${mac%%:*} & 3))
in_ns "$host" <<-END
	link set vmnet8 up
	link set vmnet8 mtu 9000
	link set vmnet8 address 02:00:00:00:00:08
	link set vmnet8 alias lab
END
check_is "MTU and address change while it is up" "9000 02:00:00:00:00:08" "$(word vmnet8 '[.mtu, .address] | join(" ")')"
check_fails "an MTU of 67 is refused" "mtu less than device minimum" ip -n "$host" link set vmnet8 mtu 67
check_fails "so is one of 65536" "mtu greater than device maximum" ip -n "$host" link set vmnet8 mtu 65536
check_ok "65517, which fits 64 KiB with a VLAN tag, is not" ip -n "$host" link set vmnet8 mtu 65517
must ip -n "$host" link set vmnet8 mtu 9000
check_fails "a multicast MAC address is refused" "" ip -n "$host" link set vmnet8 address 01:00:00:00:00:01
check_fails "also when it is made with it" "unicast MAC address" ip -n "$host" link add bad address 01:00:00:00:00:01 type vnet
# Linux 6.1 does not rename what is up.
in_ns "$host" <<-END
	link set vmnet8 down
	link set vmnet8 name vmnet9
END
check_ok "it can have another name" link vmnet9
in_ns "$host" <<-END
	link set vmnet9 name vmnet8
	link set vmnet8 up
END
check_fails "it stays in its namespace" "" ip -n "$host" link set vmnet8 netns "$g1"

check_fails "a vnic without a vnet is refused, and why" "a vnic needs the vnet" ip -n "$host" link add eth0 type vnic
check_fails "a vnic of something else too" "lo is not a vnet" ip -n "$host" link add eth0 link lo type vnic
check_ok "a vnic in another namespace" ip -n "$host" link add eth0 link vmnet8 netns "$g1" type vnic
check_is "it has the vnet's MTU" 9000 "$(ip -n "$g1" -j link show eth0 | jq '.[0].mtu')"
check_has "and is linked to it" '"link_netnsid":0' "$(ip -n "$g1" -j link show eth0)"
check_ok "a vnic in the same namespace" ip -n "$host" link add eth1 address 02:00:00:00:00:aa link vmnet8 type vnic
check_has "ip shows what it belongs to" "eth1@vmnet8" "$(link eth1)"
check_fails "another with the same MAC address is refused, and why" "is an address of port eth1 already" \
	ip -n "$host" link add eth2 address 02:00:00:00:00:aa link vmnet8 type vnic
check_ok "a vnic may move to another namespace" ip -n "$host" link set eth1 netns "$g1"
check_is "where it still is a port" "2" "$(ip -n "$g1" -j link show type vnic | jq length)"
must ip -n "$g1" link del eth1
in_ns "$host" <<-END
	link add port0 type veth peer name port1
	link set port0 master vmnet8
END
check_has "a member" "master vmnet8" "$(link port0)"
check_has "shows as a port of ours" "vnet_slave" "$(link port0)"
check_fails "it cannot belong to two" "" ip -n "$host" link add link port0 name macvlan0 type macvlan
must ip -n "$g1" link add inner type vnet
check_fails "a vnic is no member, and why" "is a port already, being a vnic" ip -n "$g1" link set eth0 master inner
must ip -n "$g1" link del inner
check_ok "a member leaves" ip -n "$host" link set port0 nomaster
check_lacks "and is free" "master" "$(link port0)"
must ip -n "$host" link set port0 master vmnet8
must ip -n "$host" link del port0
check_fails "a member that is deleted is gone" "does not exist" ip -n "$host" link show port0
in_ns "$host" <<-END
	link add port0 type veth peer name port1
	link set port0 master vmnet8
	link del vmnet8
END
check_lacks "a vnet that is deleted frees its members" "master" "$(link port0)"
check_fails "and takes its vnics with it, wherever they are" "does not exist" ip -n "$g1" link show eth0
check_has "a member loses its promiscuous mode" "promiscuity 0" "$(link port0)"

# The plugin teaches ip(8) our options.
if [ -e "$plugins/link_vnet.so" ]; then
	export IP_LIB_DIR=$plugins
	check_ok "with the plugin: ip link add ... mode nat subnet" \
		ip -n "$host" link add vmnet8 type vnet mode nat subnet 192.168.133.0/24
	text=$(link vmnet8)
	check_has "the mode is shown" "mode nat" "$text"
	check_has "and the subnet" "192.168.133.0/24" "$text"
	check_has "and the gateway that follows from it" "192.168.133.2" "$text"
	check_ok "settings change" ip -n "$host" link set vmnet8 type vnet ageing_time 3000
	check_has "and are shown" "ageing_time 3000" "$(link vmnet8)"
	must ip -n "$host" link set port0 master vmnet8
	check_ok "those of a port too" ip -n "$host" link set port0 type vnet_slave isolated on
	check_has "shown as well" "isolated on" "$(link port0)"
	check_fails "the kernel's reasons are printed" "is no host's address in the subnet" \
		ip -n "$host" link add vmnet7 type vnet mode nat subnet 192.168.134.0/24 gateway 192.0.2.1
	must ip -n "$host" link del vmnet8
	unset IP_LIB_DIR
else
	fail "the plugin of ip(8)" "expected: \$IP_LIB_DIR/link_vnet.so" "seen:     $plugins"
fi

# vnetctl knows modes.
if command -v vnetctl >/dev/null; then
	in_host() { vnetctl -n "$host" "$@"; }
	for mode in host-only nat private bridged; do
		check_ok "vnetctl link add mode $mode" in_host link add net0 mode $mode
		check_is "is what it shows" "$mode" "$(in_host -j link show net0 | jq -r '.[0].mode')"
		must in_host link del net0
	done
	check_fails "what is not there cannot be deleted" "" in_host link del net0
	must in_host link add net0 mode host-only addr 192.168.174.1/24
	check_fails "a name that is taken is refused" "" in_host link add net0 mode nat
	check_ok "a vnic by vnetctl" in_host port add eth0 vnet net0 vnic netns "$g1"
	check_ok "a member by vnetctl" in_host port add port0 vnet net0
	check_is "both are listed" "eth0 port0" \
		"$(in_host -j port show vnet net0 | jq -r '[.[] | select(.kind == "vnic" or .kind == "member").ifname] | join(" ")')"
	check_ok "the member goes" in_host port del port0
	must in_host link set net0 mode nat
	check_is "a vnet changes its mode" "nat 192.168.174.2" \
		"$(in_host -j link show net0 | jq -r '.[0] | [.mode, .gateway] | join(" ")')"
	must in_host link del net0
fi
