#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# bridged.sh: a vnet shares the host's NIC without enslaving it. The NIC keeps its address, its routes and its
# connections; guests are hosts on the LAN; host, guests and LAN reach each other, once each; the NIC's filter
# list follows the guests.
#
#   g1: eth0 (vnic) 203.0.113.10 --+
#                                  +-- vmnet0 == uplink nic0 203.0.113.2 (host) ---- eth0 203.0.113.1 (lan)
#   g2: eth0 (vnic) 203.0.113.11 --+
#
#   g3: eth0 (vnic) 192.168.133.10 ---- vmnet8 (NAT), for the end, when both kinds of network use the NIC at once
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host lan g1 g2 g3
in_ns "$host" <<-END
	link add nic0 type veth peer name eth0 netns $lan
	addr add 203.0.113.2/24 dev nic0
	link set nic0 up
	route add default via 203.0.113.1
	link add dummy0 type dummy
	link set dummy0 up
	link add filter0 link dummy0 type macvlan mode bridge
	link set filter0 up
END
in_ns "$lan" <<-END
	link set eth0 up
	addr add 203.0.113.1/24 dev eth0
	addr add 198.51.100.1/32 dev lo
END
must ip -n "$host" link add vmnet0 type vnet
routes=$(ip -n "$host" route)

play <<'END'
ssh = host.listen("203.0.113.2:22")
operator, session = talk(lan, "203.0.113.2:22", ssh)
host.sock_pair = (operator, session)
before = host.run("ip", "-br", "addr", "show", "nic0")
host.ctl("link set vmnet0 mode bridged uplink nic0")
check("the NIC belongs to nobody", "master" not in host.run("ip", "link", "show", "nic0"))
check("it keeps its address", host.run("ip", "-br", "addr", "show", "nic0"), before)
for number, ns in enumerate((g1, g2)):
    host.run("ip", "link", "add", "eth0", "link", "vmnet0", "netns", ns.name, "type", "vnic")
    ns.run("ip", "link", "set", "eth0", "up")
    ns.run("ip", "addr", "add", f"203.0.113.{10 + number}/24", "dev", "eth0")
    ns.run("ip", "route", "add", "default", "via", "203.0.113.1")
check("the operator's connection lives", [transfer(operator, session, b"x" * 50000), transfer(session, operator, b"x" * 50000)],
      [True, True])

lan_wire, nic_wire, one, two = lan.wire("eth0"), host.wire("nic0"), g1.wire("eth0"), g2.wire("eth0")
macs = {ns: ns.mac("eth0") for ns in (g1, g2, lan)}
check("every pair pings", {(a.name.split("-")[0], to): pings(a, to, patience=5) for a, to in
      ((g1, "203.0.113.1"), (g1, "203.0.113.2"), (g1, "203.0.113.11"), (lan, "203.0.113.10"), (host, "203.0.113.10"),
       (host, "203.0.113.1"), (lan, "203.0.113.2"), (g1, "198.51.100.1"))},
      {("g1", "203.0.113.1"): True, ("g1", "203.0.113.2"): True, ("g1", "203.0.113.11"): True,
       ("lan", "203.0.113.10"): True, ("host", "203.0.113.10"): True, ("host", "203.0.113.1"): True,
       ("lan", "203.0.113.2"): True, ("g1", "198.51.100.1"): True})
check("the LAN sees the guest's own MAC address", macs[g1] in lan.run("ip", "neigh", "show", "203.0.113.10"))
check("so does the host", macs[g1] in host.run("ip", "neigh", "show", "203.0.113.10"))
check("the guest sees the NIC's as the host's", host.mac("nic0") in g1.run("ip", "neigh", "show", "203.0.113.2"))

def copies(sender, frame, patience=0.3):
    """How many of a frame each end gets; the sender's end is asked too, for loops."""
    wires = {"lan": lan_wire, "host": nic_wire, "g1": one, "g2": two}
    for wire in wires.values():
        wire.flush()
    wires[sender].send(frame)
    time.sleep(patience)
    return {name: len(wire.frames(lambda seen: seen == frame, 9, 0.01)) for name, wire in wires.items()}

def broadcast(src, mark):
    return ether(BROADCAST, src, 0x88b5, mark + bytes(50))

check("a guest's broadcast reaches everybody else once", copies("g1", broadcast(macs[g1], b"g1")),
      {"lan": 1, "host": 1, "g1": 0, "g2": 1})
check("the LAN's too", copies("lan", broadcast(macs[lan], b"lan")), {"lan": 0, "host": 1, "g1": 1, "g2": 1})
check("and the host's", copies("host", broadcast(host.mac("nic0"), b"host")), {"lan": 1, "host": 0, "g1": 1, "g2": 1})
check("a frame of the LAN to a guest goes there only", copies("lan", ether(macs[g1], macs[lan], 0x88b5, bytes(50))),
      {"lan": 0, "host": 1, "g1": 1, "g2": 0})
check("between guests it does not leave", copies("g1", ether(macs[g2], macs[g1], 0x88b5, bytes(50))),
      {"lan": 0, "host": 0, "g1": 0, "g2": 1})
check("from host to guest it does not leave either",
      copies("host", ether(macs[g2], host.mac("nic0"), 0x88b5, bytes(50)))["lan"], 0)

def guest_place():
    return [(row["port_name"], row["state"]) for row in host.ctl("fdb show vmnet0") if row["lladdr"] == macs[g1]]

before = guest_place()
echoed = copies("lan", broadcast(macs[g1], b"echo"))
check("a LAN that sends a guest's frame back: no guest gets it, nobody moves", (echoed["g1"], echoed["g2"], guest_place()),
      (0, 0, before))
one.send(broadcast("02:aa:00:00:00:98", b"learn"))
echoed = copies("lan", broadcast("02:aa:00:00:00:98", b"echo"))
check("the same for an address that was learned", (echoed["g1"], echoed["g2"]), (0, 0))
check("ARP from LAN to guest", ask_arp(lan_wire, macs[lan], "203.0.113.1", "203.0.113.10"), macs[g1])
check("ARP from guest to LAN", ask_arp(one, macs[g1], "203.0.113.10", "203.0.113.1"), macs[lan])
check("ARP from guest to host", ask_arp(one, macs[g1], "203.0.113.10", "203.0.113.2"), host.mac("nic0"))

web = g1.listen("203.0.113.10:80")
for name, ns in (("LAN", lan), ("host", host), ("other guest", g2)):
    client, served = talk(ns, "203.0.113.10:80", web)
    data = os.urandom(1 << 20)
    check(f"a guest serves 1 MiB to the {name}, and gets it", [transfer(served, client, data), transfer(client, served, data)],
          [True, True])
check("the guests' connections have no trouble with checksums",
      [ns.snmp("Tcp.InCsumErrors") for ns in (lan, host, g1, g2)], [0] * 4)
check("a ping of 20000 bytes passes", (pings(lan, "203.0.113.10", size=20000), pings(g1, "203.0.113.2", size=20000)),
      (True, True))
check("after all that the operator's connection lives", transfer(operator, session, b"y" * 1000))

def promiscuity(dev):
    return json.loads(host.run("ip", "-d", "-j", "link", "show", dev))[0]["promiscuity"]

def filter_list(dev):
    return {line.split()[0] for line in host.run("bridge", "fdb", "show", "dev", dev).splitlines() if "self" in line}

check("a NIC without a filter list, as veth, sees everything", promiscuity("nic0"), 1)
# A NAT network on the same NIC, as "vnetctl init" makes it.
host.ctl("link add vmnet8 mode nat addr 192.168.133.1/24")
host.run("ip", "link", "add", "eth0", "link", "vmnet8", "netns", g3.name, "type", "vnic")
for words in ("link set eth0 up", "addr add 192.168.133.10/24 dev eth0", "route add default via 192.168.133.2"):
    g3.run("ip", *words.split())
check("a NAT guest pings LAN, host and bridged guest", [pings(g3, to, patience=5) for to in
      ("203.0.113.1", "198.51.100.1", "203.0.113.2", "203.0.113.10")], [True] * 4)
client, served = talk(g3, "203.0.113.10:80", web)
check("the bridged guest sees it as the host", served.getpeername()[0], "203.0.113.2")
check("1 MiB both ways between the two", [transfer(client, served, data), transfer(served, client, data)], [True, True])
host.ctl("forward add vmnet8 proto tcp dport 8080 to 192.168.133.10:80")
inner = g3.listen("192.168.133.10:80")
for name, ns, source in (("LAN", lan, "203.0.113.1"), ("bridged guest", g1, "203.0.113.10"), ("host", host, "203.0.113.2")):
    client, served = talk(ns, "203.0.113.2:8080", inner)
    check(f"the {name} comes in by a forward", (served.getpeername()[0], transfer(client, served, data)), (source, True))
check("and nobody has counted a bad checksum", [ns.snmp("Tcp.InCsumErrors") for ns in (lan, host, g1, g3)], [0] * 4)
host.run("ip", "link", "del", "vmnet8")
check("without the NAT network the bridged one goes on", pings(lan, "203.0.113.10"))

host.run("ip", "link", "set", "nic0", "address", "02:00:00:00:00:77")
check("the NIC gets another MAC address: guests reach the host under it", (g1.run("ip", "neigh", "flush", "all"),
      pings(g1, "203.0.113.2"), "02:00:00:00:00:77" in g1.run("ip", "neigh", "show", "203.0.113.2"))[1:], (True, True))
lan.run("ip", "neigh", "flush", "all")

host.ctl("uplink del vmnet0")
check("uplink del: the filter list and promiscuity are as before", (filter_list("nic0") & set(macs.values()),
      promiscuity("nic0")), (set(), 0))
check("the LAN does not reach guests any more", pings(lan, "203.0.113.10", patience=1), False)
check("guests reach each other", pings(g1, "203.0.113.11"))
check("the operator's connection lives on", [transfer(operator, session, b"z" * 9000), transfer(session, operator, b"z" * 9000)],
      [True, True])

host.ctl("uplink add vmnet0 dev filter0")
check("a NIC with a filter list, as macvlan: the guests' addresses are in it, and it is not promiscuous",
      ({macs[g1], macs[g2]} <= filter_list("filter0"), promiscuity("filter0")), (True, 0))
one.send(ether(BROADCAST, "02:aa:00:00:00:99", 0x88b5, bytes(50)))
check("so are those that are learned", soon(lambda: "02:aa:00:00:00:99" in filter_list("filter0")))
host.ctl("fdb flush vmnet0")
check("until they are forgotten", "02:aa:00:00:00:99" in filter_list("filter0"), False)
host.run("ip", "link", "del", "filter0")
check("a NIC that is deleted is no uplink any more", host.ctl("uplink show"), [])
host.ctl("uplink add vmnet0 dev nic0")
host.run("ip", "link", "del", "vmnet0")
check("a vnet that is deleted leaves the NIC as it was", promiscuity("nic0"), 0)
check("and the operator's connection", transfer(operator, session, b"end"))
END
check_is "the routes are what they were" "$routes" "$(ip -n "$host" route)"
