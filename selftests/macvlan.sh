#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# macvlan.sh: macvlan, macvtap and ipvlan on top of a vnet, which is how Docker, Podman, CNI, libvirt and LXC attach
# guests without knowing vnets: they reach each other, the host, the other guests, the gateway and the Internet.
#
#   one: eth0 (macvlan) --+
#   two: eth0 (macvlan) --+-- vmnet8 of lab() in lib.sh, with g1 and the Internet behind NAT
#   ipv: eth0 (ipvlan)  --+
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
export one='' two='' ipv=''
setup_ns one two ipv
in_ns "$host" <<-END
	link add link vmnet8 name eth0 netns $one type macvlan mode bridge
	link add link vmnet8 name eth0 netns $two type macvlan mode bridge
END
lab_guest "$one" 192.168.133.51
lab_guest "$two" 192.168.133.52

play <<'END'
check("macvlans reach each other", [pings(one, "192.168.133.52"), pings(two, "192.168.133.51")], [True, True])
check("the host", [pings(one, "192.168.133.1"), pings(host, "192.168.133.51")], [True, True])
check("a guest on the vnet", [pings(one, "192.168.133.10"), pings(g1, "192.168.133.52")], [True, True])
check("the gateway, and the Internet behind NAT", [pings(one, "192.168.133.2"), pings(two, "198.51.100.1")], [True, True])
own = one.mac("eth0")
check("their addresses are learned on the host adapter", [(row["port_name"], row["state"]) for row in host.ctl("fdb show vmnet8")
                                                         if row["lladdr"] == own], [("vmnet8", "learned")])
data = os.urandom(2 << 20)
for name, client_ns, server_ns, addr in (("the host", one, host, "192.168.133.1"), ("a guest", one, g1, "192.168.133.10"),
                                         ("a macvlan from a guest", g1, two, "192.168.133.52"),
                                         ("the Internet", two, inet, "198.51.100.1")):
    client, server = talk(client_ns, addr + ":8080", server_ns.listen(addr + ":8080"))
    check(f"TCP to {name}", [transfer(client, server, data), transfer(server, client, data)], [True, True])

# What the host sends must not come back to it: it would take itself for another host of the same address.
host.run("sysctl", "-qw", "net.ipv6.conf.vmnet8.disable_ipv6=0", "net.ipv6.conf.vmnet8.accept_dad=1", "net.ipv6.conf.vmnet8.dad_transmits=1")
host.run("ip", "addr", "add", "2001:db8::1/64", "dev", "vmnet8")
check("the host does not find its own IPv6 address in use",
      soon(lambda: "tentative" in host.run("ip", "addr", "show", "vmnet8"), False) or "dadfailed" in host.run("ip", "addr", "show", "vmnet8"), False)
seen = [two.wire("eth0"), g1.wire("eth0"), host.wire("vmnet8")]
frame = ether(BROADCAST, own, 0x88b5, os.urandom(46))
one.wire("eth0").send(frame)
check("a macvlan's broadcast comes to each host once", [len(there.frames(lambda got: got == frame, 9, 0.5)) for there in seen], [1, 1, 1])

host.run("ip", "link", "set", "vmnet8", "down")
check("host adapter down: they are cut off with the host", pings(g1, "192.168.133.52", patience=1), False)
host.run("ip", "link", "set", "vmnet8", "up")
check("and back", soon(lambda: pings(g1, "192.168.133.52", patience=1)))
END

# ipvlan takes the place of macvlans on a netdev; macvtap is a macvlan with a file.
must ip -n "$one" link del eth0
must ip -n "$two" link del eth0
in_ns "$host" <<-END
	link add link vmnet8 name eth0 netns $ipv type ipvlan mode l2
END
lab_guest "$ipv" 192.168.133.60
play <<'END'
check("ipvlan reaches a guest, the gateway and the Internet",
      [pings(ipv, "192.168.133.10"), pings(ipv, "192.168.133.2"), pings(ipv, "198.51.100.1"), pings(g1, "192.168.133.60")], [True] * 4)
END

# A vnet as a member of another: not its own frames come back by its host adapter, as they do for macvlans.
must ip -n "$ipv" link del eth0
in_ns "$host" <<-END
	link add sw1 type vnet mode private
	link add port1 type veth peer name eth0 netns $one
	link add eth0 link sw1 netns $two type vnic
	link set port1 master sw1
	link set port1 up
	link set vmnet8 master sw1
END
ip -n "$one" link set eth0 up
ip -n "$two" link set eth0 up
play <<'END'
seen = [two.wire("eth0"), g1.wire("eth0"), g2.wire("eth0")]
frame = ether(BROADCAST, one.mac("eth0"), 0x88b5, os.urandom(46))
one.wire("eth0").send(frame)
check("through two vnets each guest hears a broadcast once",
      [len(there.frames(lambda got: got == frame, 9, 0.5)) for there in seen], [1, 1, 1])
check("and its sender stays where it is",
      [row["port_name"] for row in host.ctl("fdb show sw1") if row["lladdr"] == one.mac("eth0")], ["port1"])
END
