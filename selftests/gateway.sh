#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# gateway.sh: the virtual router has an address and a MAC address of its own: ARP, ping of all sizes, errors for
# everything else, with the host adapter down as well as up. The network is lab() of lib.sh.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
play <<'END'
link = host.ctl("link show vmnet8")[0]
gateway = link["gateway_lladdr"]
check("the gateway is .2 by default", link["gateway"], "192.168.133.2")
wire, own = g1.wire("eth0"), g1.mac("eth0")

def arp_replies(target):
    return ask_arp(wire, own, "192.168.133.10", target, 1)

def pings_of(ns):
    return {size: pings(ns, "192.168.133.2", size=size) for size in (0, 1, 56, 1472, 1473, 9000, 30000, 65507)}

all_sizes = dict.fromkeys((0, 1, 56, 1472, 1473, 9000, 30000, 65507), True)
check("it answers ARP with its MAC address", arp_replies("192.168.133.2"), gateway)
check("but not for other addresses", arp_replies("192.168.133.200"), None)
check("the host adapter has another MAC address", arp_replies("192.168.133.1") not in (None, gateway))
check("it answers a guest's ping of every size", pings_of(g1), all_sizes)
check("and the host's", pings_of(host), all_sizes)
wire.flush()
check("with a TTL of 64 and the payload", ping(g1, "192.168.133.2").ttl, 64)

host.run("ip", "link", "set", "vmnet8", "down")
check("all of that with the host adapter down: ARP", arp_replies("192.168.133.2"), gateway)
check("and ping", pings_of(g1), all_sizes)
host.run("ip", "link", "set", "vmnet8", "up")

guest = raw_guest(g1, "192.168.133.77")

def refused(packet):
    guest.wire.flush()
    guest.send(packet)
    error = guest.packet(lambda seen: seen.proto == ICMP, 1)
    return error and (error.type, error.code, error.src, error.wrong, error.inner().raw[:20] == packet[:20])

def is_error(kind, code):
    return kind, code, "192.168.133.2", [], True

me = "192.168.133.77"
check("a UDP port of the gateway: port unreachable", refused(udp4(me + ":9", "192.168.133.2:53", b"x")), is_error(3, 3))
check("a TCP port too", refused(tcp4(me + ":9", "192.168.133.2:80", SYN)), is_error(3, 3))
check("another protocol: protocol unreachable", refused(ip4(me, "192.168.133.2", 47, b"12345678")), is_error(3, 2))
check("an ICMP error gets no error back", refused(icmp4(me, "192.168.133.2", 3, 3, payload=udp4(me + ":1", "192.0.2.1:1"))),
      None)
check("time to live 1 beyond the gateway: time exceeded", refused(udp4(me + ":9", "198.51.100.1:53", ttl=1)), is_error(11, 0))
check("time to live 1 for the gateway itself is enough",
      bool(guest.exchange(icmp4(me, "192.168.133.2", 8, ident=7, ttl=1), guest, lambda seen: seen.type == 0)))
check("a protocol that NAT does not know: protocol unreachable", refused(ip4(me, "198.51.100.1", 47, b"12345678")),
      is_error(3, 2))
host.run("ip", "route", "add", "unreachable", "192.0.2.0/24")
check("no route: network unreachable", refused(udp4(me + ":9", "192.0.2.1:53"))[:2], (3, 0))
check("a broken checksum gets no answer", refused(icmp4(me, "192.168.133.2", 8, ident=7, check=1)), None)
check("nor does an address outside of the subnet", refused(udp4("10.9.8.7:9", "192.168.133.2:53")), None)
check("nor a multicast", refused(udp4(me + ":9", "239.1.1.1:53")), None)

limit = []
guest.wire.flush()
guest.send(*[udp4(me + ":9", "192.168.133.2:53")] * 600)
answers = len(guest.packets(lambda seen: seen.proto == ICMP, 600, 1))
check_in("errors are limited to 200 a second", answers, 50, 400)

host.ctl("link set vmnet8 gateway 192.168.133.254")
check("another address for the gateway answers", arp_replies("192.168.133.254"), gateway)
check("the one before does not", arp_replies("192.168.133.2"), None)
host.ctl("link set vmnet8 gateway-lladdr 02:00:00:00:00:fe")
check("another MAC address too", arp_replies("192.168.133.254"), "02:00:00:00:00:fe")
check("and ping goes on", soon(lambda: (g1.run("ip", "neigh", "flush", "all"), pings(g1, "192.168.133.254"))[1]))
host.ctl("link set vmnet8 nat off")
error = ping(g1, "198.51.100.1", patience=2)
g1.run("ip", "route", "replace", "default", "via", "192.168.133.254")
error = ping(g1, "198.51.100.1", patience=2)
check("with NAT off nothing is routed: network unreachable", error and (error.type, error.code, error.src),
      (3, 0, "192.168.133.254"))
host.ctl("link set vmnet8 gateway none")
check("the gateway can be taken away", host.ctl("link show vmnet8")[0].get("gateway", "0.0.0.0"), "0.0.0.0")
check("no gateway, no answer", arp_replies("192.168.133.254"), None)
END
