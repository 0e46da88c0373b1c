# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of show.sh and lib.sh
# The world around the host, in network namespaces and with nothing of ours in it. Sourced by show.sh.
#
#    lan-server            router                     internet
#   192.168.50.10   192.168.50.1 | 203.0.113.1      203.0.113.80
#  DHCP, DNS, web         plain forwarding           web, 64 MB
#        |                  |         |                 |
#   =====+======= LAN ======+===      +=================+
#                |                    (lan is a namespace with the kernel's own bridge: a switch)
#             enp1s0
#            the host, the machine itself

lan_server=192.168.50.10
internet=203.0.113.80
internet_name=www.internet.example
# Not eth0, which guests call theirs: "ip link add NAME netns OTHER" refuses names that are taken on this side.
host_nic=enp1s0
big_file_mb=64

# wire NS1 DEV1 NS2 DEV2: a cable.
wire() {
	ip link add "$2" netns "$1" type veth peer name "$4" netns "$3"
}

build_lan() {
	local ns

	for ns in lan lan-server router internet; do
		ip netns add "$ns"
		ip -n "$ns" link set lo up
	done
	wire lan server lan-server eth0
	wire lan router router eth0
	wire router eth1 internet eth0
	ip link add $host_nic type veth peer name host netns lan
	ip -n lan -batch - <<-'END'
		link add lan0 type bridge
		link set lan0 up
		link set server master lan0 up
		link set router master lan0 up
		link set host master lan0 up
	END
	ip -n lan-server -batch - <<-END
		address add $lan_server/24 dev eth0
		link set eth0 up
		route add default via 192.168.50.1
	END
	ip -n router -batch - <<-'END'
		address add 192.168.50.1/24 dev eth0
		address add 203.0.113.1/24 dev eth1
		link set eth0 up
		link set eth1 up
	END
	ip netns exec router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
	ip -n internet -batch - <<-END
		address add $internet/24 dev eth0
		link set eth0 up
		route add default via 203.0.113.1
	END
}

# web NS ROOT: a web server whose log names each client.
web() {
	in_ns "$1" busybox httpd -f -vv -p 80 -h "$2" >"$state/$1.web.log" 2>&1 &
	within 10 "web server of $1" page "$1" http://127.0.0.1/
}

# page NS URL: print what is there.
page() { in_ns "$1" wget --no-proxy -nv -t 1 -T 20 -O - "$2"; }

# The random bytes are made by the web server's side and known only by their sum.
build_servers() {
	mkdir -p "$state/www-lan" "$state/www-internet"
	echo "this is the LAN server" >"$state/www-lan/index.html"
	echo "this is the Internet" >"$state/www-internet/index.html"
	head -c ${big_file_mb}M /dev/urandom >"$state/www-internet/big"
	keep big_sum "$(sha256sum <"$state/www-internet/big" | cut -d' ' -f1)"
	web lan-server "$state/www-lan"
	web internet "$state/www-internet"
	in_ns lan-server dnsmasq --keep-in-foreground --conf-file=/dev/null --interface=eth0 --bind-dynamic \
		--no-resolv --no-hosts --address=/$internet_name/$internet \
		--dhcp-range=192.168.50.100,192.168.50.199,255.255.255.0,1h --dhcp-option=option:router,192.168.50.1 \
		--dhcp-option=option:dns-server,$lan_server --dhcp-authoritative --no-ping --log-dhcp --log-facility=- \
		--dhcp-leasefile="$state/lan.leases" --pid-file= --user=root >"$state/lan.dhcp.log" 2>&1 &
	within 10 "DHCP server of the LAN" grep -q "DHCP, IP range" "$state/lan.dhcp.log"
	same "page of the Internet, from the LAN through the router" "this is the Internet" \
		"$(page lan-server http://$internet/)"
	note "$big_file_mb MB of random bytes at http://$internet_name/big"
}

# dhcp NS DEV: a lease from whoever answers, by a real client that stays and renews. "ip netns exec" puts
# /etc/netns/NS/resolv.conf in place of the machine's.
dhcp() {
	local ns=$1 dev=$2 resolv=/etc/resolv.conf

	if [ "$ns" != host ]; then
		resolv=/etc/netns/$ns/resolv.conf
		mkdir -p "/etc/netns/$ns"
	fi
	DEMO_LEASE=$state/lease.$ns DEMO_RESOLV=$resolv in_ns "$ns" busybox udhcpc -f -i "$dev" -t 10 -T 1 -A 1 \
		-x "hostname:$ns" -O mtu -s "$here/dhcp-event" >"$state/dhcp.$ns.log" 2>&1 &
	within 60 "DHCP lease for $ns" has_lease "$ns"
}

has_lease() {
	[ -e "$state/lease.$1" ] || { cat "$state/dhcp.$1.log"; return 1; }
}

# lease NS FIELD
lease() { sed -n "s/^$2=//p" "$state/lease.$1"; }
