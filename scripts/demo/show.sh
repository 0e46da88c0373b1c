#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# show.sh UML-KERNEL: the demonstration, inside the virtual machine. scripts/demo.sh starts it there.
#
# Builds a LAN and an Internet (scenery.sh), puts the machine on the LAN as any host, has vnetctl make the
# three classic networks, plugs guests into them and shows that each does what its network promises:
#
#   bridged guest        host-only guest          NAT guest     UML guest, a whole Linux machine
#    vnic of vmnet0     veth member of vmnet1   vnic of vmnet8   tap member of vmnet8
#
# Exits 0 only when every expectation was met.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=SCRIPTDIR/lib.sh
. "$here/lib.sh"
# shellcheck source=SCRIPTDIR/scenery.sh
. "$here/scenery.sh"
# shellcheck source=SCRIPTDIR/guests.sh
. "$here/guests.sh"

# shellcheck disable=SC2034 # guests.sh starts it
uml_kernel=$1
# A host connection that is silent for longer than this has been disturbed, emulated machine or not.
longest_gap_ms=5000

host_joins_lan() {
	dhcp host "$host_nic"
	same "DHCP server that answered the host" "$lan_server" "$(lease host server)"
	note "$(lease host ip), router $(lease host router)"
}

start_beat() {
	in_ns lan-server "$here/beat.py" serve "$lan_server" 2222 >"$state/beat-server.log" 2>&1 &
	within 20 "server of the long connection" \
		sh -c "ip netns exec lan-server ss -Hltn sport = :2222 | grep -q LISTEN"
	"$here/beat.py" beat "$lan_server" 2222 0.1 >"$state/beat.log" 2>&1 &
	keep beat_pid $!
	within 20 "the long connection" sh -c "ss -Htn state established dport = :2222 | grep -q ."
}

beat_goes_on() {
	[ -e "/proc/$(kept beat_pid)" ] || fail "expected the host's connection to be alive; it ended: $(cat "$state/beat.log")"
}

beat_ends() {
	local sent lost gap_ms retransmits

	beat_goes_on
	kill -TERM "$(kept beat_pid)"
	within 20 "end of the long connection" grep -q ^sent= "$state/beat.log"
	eval "$(grep -x 'sent=[0-9]* lost=[0-9]* gap_ms=[0-9]* retransmits=[0-9]*' "$state/beat.log")"
	same "messages lost" 0 "$lost"
	[ "$sent" -ge 50 ] || fail "expected at least 50 messages in all this time, saw $sent"
	[ "$gap_ms" -le $longest_gap_ms ] || fail "expected no gap above $longest_gap_ms ms, saw $gap_ms ms"
	keep beat "$sent messages, 0 lost, longest gap $gap_ms ms, $retransmits segments sent again"
	note "$(kept beat)"
}

init_host() {
	vnetctl init
	same "kind of vmnet0, vmnet1, vmnet8" "vnet vnet vnet" "$(for vnet in vmnet0 vmnet1 vmnet8; do
		ip -d -j link show "$vnet" | jq -r '.[0].linkinfo.info_kind'
	done | xargs)"
	same "host's address after vnetctl init" "$(lease host ip)" \
		"$(ip -4 -j address show "$host_nic" | jq -r '.[0].addr_info[0].local')"
	same "master of the host's NIC after vnetctl init" null "$(ip -j link show "$host_nic" | jq -r '.[0].master')"
	beat_goes_on
	note "vmnet0 bridged, vmnet1 host-only, vmnet8 NAT; $host_nic keeps its address"
}

# vnetctl init may have started them already.
start_services() {
	local vnet

	for vnet in vmnet1 vmnet8; do
		vnetctl -j service show | jq -e --arg v $vnet 'any(.[]; .vnet == $v)' >/dev/null ||
			vnetctl service start $vnet
	done
}

undo_init() {
	local left

	vnetctl init undo
	left=$(ip -br link show type vnet)
	same "vnets after vnetctl init undo" "" "$left"
	same "host's address after vnetctl init undo" "$(lease host ip)" \
		"$(ip -4 -j address show "$host_nic" | jq -r '.[0].addr_info[0].local')"
	beat_goes_on
	contains "the host on its LAN, after all" "LAN server" "$(page host "http://$lan_server/")"
}

# What must be in vnetctl's answer to "vnetctl OBJECT".
expected_of() {
	local nat

	nat=$(lease guest-nat ip)
	case $1 in
	link) echo "vmnet8.*nat" ;;
	port) kept uml_tap ;;
	uplink) echo "vmnet0.*$host_nic" ;;
	fdb) kept nat_mac ;;
	nat) echo "vmnet8.*address-dependent" ;;
	"nat mapping") echo "${nat//./\\.}:.*vmnet8" ;;
	forward) echo "8080.*${nat//./\\.}:80" ;;
	session) echo "${nat//./\\.}:.*${internet//./\\.}:80" ;;
	stats) echo "vmnet8.*gateway" ;;
	lease) echo "${nat//./\\.} .*guest-nat" ;;
	service) echo "vmnet8.*running" ;;
	*) fail "nobody knows what to expect of $1" ;;
	esac
}

ask() {
	local text

	# shellcheck disable=SC2086 # words of a command line
	text=$(vnetctl $1)
	printf '%s\n' "$text" >"$state/answer"
	contains "vnetctl $1" "$(expected_of "$1")" "$text"
}

ask_every_object() {
	local object

	for object in link port uplink fdb nat "nat mapping" forward session stats lease service; do
		step "vnetctl $object" ask "$object"
		[ "$ended" != 0 ] || sed 's/^/               /' "$state/answer"
	done
}

row() { printf '  %-16s %-8s %-8s %-18s %-16s %s\n' "$@"; }

table() {
	heading "Guests"
	row guest network port address "DHCP server" shown
	row ----- ------- ---- ------- ----------- -----
	row bridged vmnet0 vnic "$(lease guest-bridged ip)" "$(lease guest-bridged server)" "serves pages to the LAN and to the host"
	row host-only vmnet1 veth "$(lease guest-hostonly ip)" "$(lease guest-hostonly server)" "host <-> guest; no way out"
	row nat vmnet8 vnic "$(lease guest-nat ip)" "$(lease guest-nat server)" "$(kept nat_download); reached by the LAN at host:8080"
	row "uml, own kernel" vmnet8 tap "$(uml_said ip)" "$(uml_said server)" "$(kept uml_download)"
	row "the host" LAN $host_nic "$(lease host ip)" "$(lease host server)" "one connection all along: $(kept beat)"
}

epilogue() {
	echo
	if [ "$n_failed" = 0 ]; then
		printf '%s%d steps, all as expected%s, %s s in the machine\n' "$green" "$n_steps" "$plain" "$(seconds $(($(now) - began)))"
		return 0
	fi
	printf '%s%d of %d steps failed%s\n' "$red" "$n_failed" "$n_steps" "$plain"
	printf '\nLast lines of the logs:\n'
	find "$state" -maxdepth 1 -name '*.log' ! -name 'step-*' -size +0 -exec tail -v -n 5 {} + | sed 's/^/  /'
	return 1
}

began=$(now)
printf '%svnet on Linux %s%s\n' "$bold" "$(uname -r)" "$plain"

heading "The world without vnet"
must "a LAN, a router and an Internet" build_lan
must "web and DHCP servers on them" build_servers
must "the host gets its address on the LAN by DHCP" host_joins_lan
must "the host opens a long TCP connection to the LAN, ten messages a second" start_beat

heading "Three networks"
must "vnetctl init" init_host
must "DHCP and DNS services for vmnet1 and vmnet8" start_services
must "guest four, a whole Linux machine, is switched on: tap member of vmnet8" uml_starts

heading "Host-only: vmnet1"
must "guest plugged in: veth member of vmnet1" plug_hostonly
step "lease from the vnet's own DHCP server" hostonly_lease
step "ping from host to guest and from guest to host" hostonly_ping
step "no way out, even with a default route through the host" hostonly_no_way_out

heading "NAT: vmnet8"
must "guest plugged in: vnic of vmnet8, one device" plug_nat
must "lease from the vnet's own DHCP server" nat_lease
step "$big_file_mb MB from the Internet by HTTP, sha256 compared" nat_download
step "the LAN cannot reach the guest's web server unasked" nat_closed
step "vnetctl forward add: now a LAN host reads the guest's page at the host's port 8080" nat_forward

heading "Bridged: vmnet0"
must "guest plugged in: vnic of vmnet0" plug_bridged
must "lease from the LAN's own DHCP server" bridged_lease
step "LAN and host read the guest's page, the guest reads theirs and the Internet's" bridged_serves

heading "A whole machine: UML on vmnet8"
step "boots its own kernel, gets a lease" uml_lease
step "downloads the same $big_file_mb MB" uml_download

heading "What vnetctl says"
ask_every_object

heading "The end"
step "vnetctl init undo, under everybody's feet" undo_init
step "the host's connection lived through all of it" beat_ends

[ "$n_failed" != 0 ] || table
epilogue
