#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# userns.sh: whoever is root in a user namespace of their own, and nobody outside of it, has virtual networks in
# their own network namespaces: links, ports, NAT settings, forwards. Users without any rights read and cannot change.
#
#   one unprivileged user's namespace: vmnet8 (NAT) --- eth0 (vnic)
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
# UML has no uid 65534 problems: run as "nobody" by number.
as_user() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
as_user unshare -Urn true 2>/dev/null || skip "this kernel does not let users make namespaces"

check_ok "an unprivileged user makes networks in a namespace of their own" as_user unshare -Urn bash -euc '
	ip link set lo up
	ip link add vmnet8 type vnet
	vnetctl link set vmnet8 mode nat addr 192.168.133.1/24
	ip link set vmnet8 up
	ip link add eth0 link vmnet8 type vnic
	ip link set eth0 up
	ip link add port0 type veth peer name port1
	ip link set port0 master vmnet8
	vnetctl nat set vmnet8 sessions 100 timeout udp 30s
	vnetctl forward add vmnet8 proto tcp dport 8080 to 192.168.133.10:80
	vnetctl port set port0 isolated on
	vnetctl fdb add 02:00:00:00:00:01 vnet vmnet8 dev eth0
	vnetctl fdb flush vmnet8
	vnetctl session flush vmnet8
	vnetctl -j forward show vmnet8 | grep -q 8080
	ip link del vmnet8
'
setup_ns host
must ip -n "$host" link add vmnet8 type vnet
must vnetctl -n "$host" link set vmnet8 mode nat addr 192.168.133.1/24
here() { ip netns exec "$host" setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all "$@"; }
for object in "link show" "port show" "fdb show" "nat show" "nat mapping" "forward show" "session show" "stats show" \
	"stats explain"; do
	# shellcheck disable=SC2086 # two words
	check_ok "everybody may read: $object" here vnetctl $object
done
denied="Operation not permitted"
for change in "link set vmnet8 ageing-time 1s" "port set vmnet8 learning on" "fdb flush vmnet8" \
	"fdb add 02:00:00:00:00:01 vnet vmnet8 dev vmnet8" "fdb del 02:00:00:00:00:01 vnet vmnet8" "nat set vmnet8 sessions 1" \
	"forward add vmnet8 proto tcp dport 8080 to 192.168.133.10:80" "forward del vmnet8 handle 1" "session flush vmnet8" \
	"link del vmnet8" "link add vmnet9"; do
	# shellcheck disable=SC2086 # words
	check_fails "not everybody may: $change" "$denied" here vnetctl $change
done
check_fails "root of a user namespace has no say outside of it" "$denied" \
	ip netns exec "$host" setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Ur vnetctl link set vmnet8 nat off
