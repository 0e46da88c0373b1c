# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of show.sh, lib.sh and scenery.sh
# The guests and what each has to show. Sourced by show.sh.

# guest NS: a guest is a namespace with its own loopback.
guest() {
	ip netns add "$1"
	ip -n "$1" link set lo up
}

plug_hostonly() {
	guest guest-hostonly
	ip link add tap-hostonly type veth peer name eth0 netns guest-hostonly
	ip link set tap-hostonly master vmnet1 up
	same "master of the guest's cable" vmnet1 "$(ip -j link show tap-hostonly | jq -r '.[0].master')"
}

hostonly_lease() {
	dhcp guest-hostonly eth0
	note "$(lease guest-hostonly ip) from $(lease guest-hostonly server), router $(lease guest-hostonly router)"
	same "router that a host-only guest is told of" none "$(lease guest-hostonly router)"
}

host_address() { ip -4 -j address show "$1" | jq -r '.[0].addr_info[0].local'; }

hostonly_ping() {
	works "ping from host to guest" ping -c 3 -i 0.2 -W 5 "$(lease guest-hostonly ip)"
	works "ping from guest to host" in_ns guest-hostonly ping -c 3 -i 0.2 -W 5 "$(host_address vmnet1)"
}

# The guest tries its best; that it still reaches the host and the host the Internet shows that the way out is
# all that is missing.
hostonly_no_way_out() {
	ip -n guest-hostonly route replace default via "$(host_address vmnet1)"
	fails "host-only guest reaches the Internet" in_ns guest-hostonly ping -c 2 -i 0.2 -W 1 "$internet"
	fails "host-only guest reaches the LAN" in_ns guest-hostonly ping -c 2 -i 0.2 -W 1 "$lan_server"
	fails "host-only guest reads a page of the Internet" in_ns guest-hostonly wget --no-proxy -q -t 1 -T 2 -O - "http://$internet/"
	works "ping from guest to host in the same moment" in_ns guest-hostonly ping -c 1 -W 5 "$(host_address vmnet1)"
	same "page of the Internet, as the host sees it in the same moment" "this is the Internet" \
		"$(page host "http://$internet/")"
}

plug_nat() {
	guest guest-nat
	ip link add eth0 link vmnet8 netns guest-nat type vnic
	ip -n guest-nat link set eth0 up
	keep nat_mac "$(ip -n guest-nat -j link show eth0 | jq -r '.[0].address')"
}

nat_lease() {
	dhcp guest-nat eth0
	note "$(lease guest-nat ip) from $(lease guest-nat server), router $(lease guest-nat router), DNS $(lease guest-nat dns), MTU $(lease guest-nat mtu)"
	same "MTU that a NAT guest is told of" 1500 "$(lease guest-nat mtu)"
	contains "address of the guest's own name, from the vnet's DNS" "^$(lease guest-nat ip) " \
		"$(in_ns guest-nat getent ahostsv4 guest-nat.vmnet8.internal)"
	[ "$(lease guest-nat router)" != none ] || fail "expected the lease of a NAT guest to name a router"
	[ "$(lease guest-nat router)" != "$(host_address vmnet8)" ] ||
		fail "expected the gateway as router of a NAT guest, saw the host's own address $(host_address vmnet8)"
}

# speed MICROSECONDS
speed() { echo "$big_file_mb MB in $(seconds "$1") s, sha256 equal"; }

# By name, so the vnet's DNS, which asks the LAN's, is part of it. The Internet must have seen the host's address
# only, and nothing of it may be the work of the kernel's own router or NAT.
nat_download() {
	local start sum

	start=$(now)
	sum=$(page guest-nat "http://$internet_name/big" | sha256sum | cut -d' ' -f1)
	start=$(($(now) - start))
	same "sha256 of the download" "$(kept big_sum)" "$sum"
	fails "a guest's own address on the Internet" grep -F "$(lease guest-nat ip)" "$state/internet.web.log"
	contains "clients in the log of the Internet's web server" "$(lease host ip)" "$(cat "$state/internet.web.log")"
	same "net.ipv4.ip_forward of the host" 0 "$(cat /proc/sys/net/ipv4/ip_forward)"
	[ ! -e /sys/module/nf_conntrack ] || fail "expected the kernel's connection tracking not to be loaded, saw it"
	keep nat_download "$(speed $start)"
	note "$(speed $start), no ip_forward, no conntrack"
}

# serve NS TEXT: the guest's own web server.
serve() {
	mkdir -p "$state/www-$1"
	echo "$2" >"$state/www-$1/index.html"
	web "$1" "$state/www-$1"
}

nat_closed() {
	serve guest-nat "this is the NAT guest"
	same "page of the guest, as the host sees it" "this is the NAT guest" "$(page host "http://$(lease guest-nat ip)/")"
	fails "page of the NAT guest, before the forward" in_ns lan-server wget --no-proxy -q -t 1 -T 2 -O - "http://$(lease host ip):8080/"
}

nat_forward() {
	vnetctl forward add vmnet8 proto tcp dport 8080 to "$(lease guest-nat ip):80"
	same "page of the NAT guest at the host's port 8080" "this is the NAT guest" \
		"$(page lan-server "http://$(lease host ip):8080/")"
	contains "client in the log of the guest's web server" "$lan_server" "$(cat "$state/guest-nat.web.log")"
	note "http://$(lease host ip):8080/ is $(lease guest-nat ip):80"
}

plug_bridged() {
	guest guest-bridged
	ip link add eth0 link vmnet0 netns guest-bridged type vnic
	ip -n guest-bridged link set eth0 up
}

bridged_lease() {
	dhcp guest-bridged eth0
	same "DHCP server that answered the bridged guest" "$lan_server" "$(lease guest-bridged server)"
	contains "leases of the LAN's DHCP server" "$(lease guest-bridged ip) guest-bridged" "$(cat "$state/lan.leases")"
	note "$(lease guest-bridged ip) from $(lease guest-bridged server)"
}

bridged_serves() {
	local url

	url=http://$(lease guest-bridged ip)/
	serve guest-bridged "this is the bridged guest"
	same "page of the bridged guest, from the LAN" "this is the bridged guest" "$(page lan-server "$url")"
	same "page of the bridged guest, from the host" "this is the bridged guest" "$(page host "$url")"
	same "page of the LAN server, from the bridged guest" "this is the LAN server" "$(page guest-bridged "http://$lan_server/")"
	same "page of the Internet, from the bridged guest" "this is the Internet" "$(page guest-bridged "http://$internet_name/")"
	contains "clients in the log of the Internet's web server" "$(lease guest-bridged ip)" "$(cat "$state/internet.web.log")"
}

# A kernel that is a process: its memory is a file in TMPDIR, its disk the root of this machine, read-only,
# and its NIC the tap. It works in the background while the other guests show theirs, on one CPU: its processes
# run in turns, and waking each other across emulated CPUs makes it ten times as slow.
uml_starts() {
	mkdir "$state/uml"
	mount -t tmpfs -o size=80% tmpfs "$state/uml"
	keep uml_tap tap-uml
	ip tuntap add dev tap-uml mode tap vnet_hdr
	ip link set tap-uml master vmnet8 up
	same "master of the tap" vmnet8 "$(ip -j link show tap-uml | jq -r '.[0].master')"
	(
		cd "$state/uml" || exit
		HOME=$state/uml TMPDIR=$state/uml taskset -c $(($(nproc) - 1)) setsid "$uml_kernel" mem=320M root=/dev/root rootfstype=hostfs \
			rootflags=/ ro "init=$here/uml-init" con=null con0=null,fd:1 quiet panic=-1 \
			vec0:transport=tap,ifname=tap-uml,depth=128,gro=1 \
			"DEMO_DIR=$here" "DEMO_URL=http://$internet_name/big" </dev/null >"$state/uml.log" 2>&1 &
		keep uml_pid $!
	)
	keep uml_start "$(now)"
}

# What the machine said on its console.
uml_said() { tr -d '\r' <"$state/uml.log" | sed -n "s/^uml-guest: $1=//p"; }

# uml_done KEY: it has said KEY, or has ended and never will.
uml_done() {
	[ -n "$(uml_said "$1")" ] || [ ! -e "/proc/$(kept uml_pid)" ] || { tail -n 5 "$state/uml.log"; return 1; }
}

# uml_waits SECONDS WHAT KEY
uml_waits() {
	within "$1" "$2" uml_done "$3"
	[ -n "$(uml_said "$3")" ] || fail "$2: expected the guest to say '$3', but it has ended with:
$(tail -n 20 "$state/uml.log")"
}

uml_lease() {
	uml_waits 90 "lease of the fourth guest" ip
	contains "lease of the fourth guest, as its server tells it" "$(uml_said ip)" "$(vnetctl lease show)"
	note "Linux $(uml_said kernel), $(uml_said ip) from $(uml_said server)"
}

uml_download() {
	local took

	uml_waits 120 "download of the fourth guest" sha256
	same "sha256 of the download" "$(kept big_sum)" "$(uml_said sha256)"
	took=$(awk -v a="$(uml_said began)" -v b="$(uml_said ended)" 'BEGIN { printf "%d", (b - a) * 1000000 }')
	keep uml_download "$(speed "$took")"
	note "$(speed "$took")"
}
