#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# nat_overlap.sh: two vnets of one host with the same subnet, and a third in another namespace, have guests with the same
# address, port and remote; each gets its own answers.
#
#   g1: 192.168.133.10 --- one (host) ---+
#   g2: 192.168.133.10 --- two (host) ---+-- wan0 203.0.113.2 ---- inet 198.51.100.1
#   g3: 192.168.133.10 --- one (far) ------- wan0 203.0.113.3 ---- inet (wan1)
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host far inet g1 g2 g3
# router NAMESPACE OWN-ADDRESS INET-ADDRESS INET-DEVICE
router() {
	in_ns "$1" <<-END
		link add wan0 type veth peer name $4 netns $inet
		addr add $2/24 dev wan0
		link set wan0 up
		route add default via $3
	END
	in_ns "$inet" <<-END
		addr add $3/24 dev $4
		link set $4 up
	END
}
router "$host" 203.0.113.2 203.0.113.1 wan0
router "$far" 192.0.2.2 192.0.2.1 wan1
in_ns "$inet" <<-END
	addr add 198.51.100.1/32 dev lo
END
must vnetctl -n "$host" link add one mode nat addr 192.168.133.1/24 host-adapter off
must vnetctl -n "$host" link add two mode nat addr 192.168.133.1/24 host-adapter off
must vnetctl -n "$far" link add one mode nat addr 192.168.133.1/24
in_ns "$host" <<-END
	link add eth0 link one netns $g1 type vnic
	link add eth0 link two netns $g2 type vnic
END
must ip -n "$far" link add eth0 link one netns "$g3" type vnic
for guest in "$g1" "$g2" "$g3"; do
	lab_guest "$guest" 192.168.133.10
done

play <<'END'
server = inet.udp("198.51.100.1:5000")
guests = (g1, g2, g3)
socks = [guest.udp("192.168.133.10:25000") for guest in guests]
check("the same datagram of three guests with the same address: each is answered",
      [echoes(sock, "198.51.100.1:5000", server, b"from %d" % n) for n, sock in enumerate(socks)], [True] * 3)
outside = [reaches(sock, "198.51.100.1:5000", server, b"again %d" % n) for n, sock in enumerate(socks)]
check("under three external endpoints", len(set(outside)), 3)
check("two of the first host's address, one of the second's", sorted(end.split(":")[0] for end in outside),
      ["192.0.2.2", "203.0.113.2", "203.0.113.2"])
for n, (sock, end) in enumerate(zip(socks, outside)):
    server.sendto(b"private %d" % n, endpoint(end))
check("answers do not cross", [arrives(sock)[0] for sock in socks], [b"private 0", b"private 1", b"private 2"])
web = inet.listen("198.51.100.1:80")
pairs = [talk(guest, "198.51.100.1:80", web, "192.168.133.10:26000") for guest in guests]
data = [os.urandom(200000) for _ in guests]
check("TCP from the same endpoint too", [transfer(client, served, piece) for (client, served), piece in zip(pairs, data)], [True] * 3)
check("and ping with the same identifier", [pings(guest, "198.51.100.1", ident=99) for guest in guests], [True] * 3)
host.ctl("forward add one proto tcp dport 81 to 192.168.133.10:81")
host.ctl("forward add two proto tcp dport 82 to 192.168.133.10:81")
servers = [guest.listen("192.168.133.10:81") for guest in guests]
talk(inet, "203.0.113.2:81", servers[0])
talk(inet, "203.0.113.2:82", servers[1])
check("forwards lead to the guest of their own vnet", True)
check("a namespace sees its own sessions only", ({row["vnet_name"] for row in host.sessions()}, {row["external_addr"]
      for row in far.sessions()}), ({"one", "two"}, {"192.0.2.2"}))
host.ctl("session flush one")
check("a flush of one vnet leaves the other's", {row["vnet_name"] for row in host.sessions()}, {"two"})
host.run("ip", "link", "del", "one")
check("so does its deletion", [transfer(client, served, piece) for (client, served), piece in zip(pairs[1:], data)], [True] * 2)
END
