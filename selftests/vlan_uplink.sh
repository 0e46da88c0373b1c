#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vlan_uplink.sh: a vnet that filters VLANs shares the host's NIC. The LAN has one network without tags and one in
# VLAN 10. Guests of both, the LAN and the host reach each other, each in its own VLAN, and learned guests are found.
#
#   g1: eth0 10.0.10.10 ---- p1 (PVID 10) --+
#                                           +-- vmnet0 == uplink nic0 (1 without a tag, 10 with one) ---- eth0 (lan)
#   g2: eth0 203.0.113.10 -- p2 (PVID 1) ---+         host: nic0 203.0.113.2, nic0.10 10.0.10.2
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host lan g1 g2
in_ns "$host" <<-END
	link add nic0 type veth peer name eth0 netns $lan
	addr add 203.0.113.2/24 dev nic0
	link set nic0 up
	link add link nic0 name nic0.10 type vlan id 10
	addr add 10.0.10.2/24 dev nic0.10
	link set nic0.10 up
	link add vmnet0 type vnet
	link add p1 type veth peer name eth0 netns $g1
	link add p2 type veth peer name eth0 netns $g2
	link set p1 master vmnet0 up
	link set p2 master vmnet0 up
END
in_ns "$lan" <<-END
	link set eth0 up
	addr add 203.0.113.1/24 dev eth0
	link add link eth0 name eth0.10 type vlan id 10
	addr add 10.0.10.1/24 dev eth0.10
	link set eth0.10 up
END
in_ns "$g1" <<-END
	link set eth0 up
	addr add 10.0.10.10/24 dev eth0
END
in_ns "$g2" <<-END
	link set eth0 up
	addr add 203.0.113.10/24 dev eth0
END
must vnetctl -n "$host" link set vmnet0 mode bridged uplink nic0 vlan-filtering on
must vnetctl -n "$host" vlan del p1 vid 1
must vnetctl -n "$host" vlan add p1 vid 10 pvid untagged
must vnetctl -n "$host" vlan add nic0 vid 10

play <<'END'
OTHERS = {"lan": ("203.0.113.1", "10.0.10.1"), "host": ("203.0.113.2", "10.0.10.2")}

def reach(offloads):
    for name, ns in (("lan", lan), ("host", host)):
        plain, in_ten = OTHERS[name]
        check(f"{name} and the guest without a tag ping, {offloads}", [pings(ns, "203.0.113.10"), pings(g2, plain)], [True, True])
        check(f"{name} and the guest in VLAN 10 ping, {offloads}", [pings(ns, "10.0.10.10"), pings(g1, in_ten)], [True, True])

reach("tags beside frames")
check("the guest is learned in its VLAN", [(row["port_name"], row["vlan"], row["state"]) for row in host.ctl("fdb show vmnet0")
                                           if row["lladdr"] == g1.mac("eth0")], [("p1", 10, "learned")])
flooded = g2.wire("eth0")
own, guest, lan_mac = g2.mac("eth0"), g1.mac("eth0"), lan.mac("eth0")
check("what is for a known guest is not flooded to another VLAN", pings(lan, "10.0.10.10")
      and not flooded.frames(lambda got: got[:6] == bytes.fromhex(guest.replace(":", "")), 1, 0.3))
wire, lan_wire = g1.wire("eth0"), lan.wire("eth0")
frame = ether(guest, lan_mac, 0x88b5, os.urandom(46))
lan_wire.send(tagged(frame, vid=20, proto=0x8100))
lan_wire.send(frame)
check("nor does a frame in another VLAN, or in none, reach it", wire.frames(lambda got: got == frame, 1, 0.5), [])
lan_wire.send(tagged(frame, vid=10, proto=0x8100))
check("one in its VLAN does, once and without a tag", wire.frames(lambda got: got == frame, 2, 0.5), [frame])
for ns, dev in ((lan, "eth0"), (host, "nic0")):
    ns.run("ethtool", "-K", dev, "txvlan", "off", "rxvlan", "off")
reach("tags in frames")
END
