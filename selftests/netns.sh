#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# netns.sh: a vnet and its vnics in several namespaces, which are deleted in every order; overlapping networks in
# two namespaces know nothing of each other.
#
#   host: lan0 (private) --- eth0 (vnic) in g1, eth0 (vnic) in g2
#   far:  lan0 (private) --- eth0 (vnic) in g3
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# wire GUEST ADDRESS: a vnic of the host's vnet in GUEST.
wire() {
	must ip -n "$host" link add eth0 link lan0 netns "$1" type vnic
	in_ns "$1" <<-END
		link set eth0 up
		addr add $2/24 dev eth0
	END
}

reach() { ip netns exec "$1" ping -q -c 1 -W 5 "$2"; }
exists() { ip -n "$1" link show "$2" >/dev/null 2>&1; }
gone() { ! exists "$@"; }

setup_ns host far g1 g2 g3
for owner in "$host" "$far"; do
	must ip -n "$owner" link add lan0 type vnet
done
wire "$g1" 192.0.2.1
wire "$g2" 192.0.2.2
must ip -n "$far" link add eth0 link lan0 netns "$g3" type vnic
in_ns "$g3" <<-END
	link set eth0 up
	addr add 192.0.2.1/24 dev eth0
END
check_ok "vnics in two namespaces reach each other through a vnet in a third" reach "$g1" 192.0.2.2
check_fails "a vnet elsewhere with the same subnet and name is another network" "" \
	ip netns exec "$g3" ping -q -c 1 -W 1 192.0.2.2
check_is "a namespace sees its own vnets only" 1 "$(ip -n "$far" -j link show type vnet | jq length)"
if command -v vnetctl >/dev/null; then
	check_is "netlink too: no vnets where only vnics are" "[]" "$(vnetctl -n "$g1" -j link show | tr -d '[:space:]')"
	check_is "a port elsewhere has no index here, but the number of its namespace" "0 true" \
		"$(vnetctl -n "$host" -j port show vnet lan0 |
			jq -r '.[] | select(.kind == "vnic") | [.ifindex, has("netnsid")] | join(" ")' | head -n 1)"
fi

del_ns "$g1"
check_ok "the namespace of a vnic goes: the vnet stays" exists "$host" lan0
check_ok "and so does the other vnic" exists "$g2" eth0
del_ns "$host"
check_soon "the namespace of the vnet goes: its vnics elsewhere go with it" 10000 gone "$g2" eth0

setup_ns host g1
must ip -n "$host" link add lan0 type vnet
wire "$g1" 192.0.2.1
wire "$g2" 192.0.2.2
check_ok "again" reach "$g2" 192.0.2.1
must ip -n "$g2" link set eth0 netns "$g3" name eth9
check_ok "a vnic moves on" exists "$g3" eth9
del_ns "$g3" "$far"
check_ok "with its namespace it goes" exists "$g1" eth0
del_ns "$g2"
del_ns "$g1" "$host"

setup_ns host g1
must ip -n "$host" link add lan0 type vnet
must ip -n "$host" link add port0 type veth peer name eth0 netns "$g1"
must ip -n "$host" link set port0 master lan0
must ip -n "$host" link add eth0 link lan0 type vnic
must ip -n "$host" link set port0 netns "$g1"
check_is "a member that moves to another namespace is no member any more" null \
	"$(ip -n "$g1" -j link show port0 | jq -r '.[0].master')"
must ip -n "$host" link set lan0 up
must ip -n "$host" link set eth0 up
del_ns "$host"
check_soon "a namespace with a vnet and its own vnic goes" 10000 eval "! ip netns list | grep -q '$host'"
