#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# switch_learning.sh: what the switch does with frames: unknown destinations are flooded, sources are learned, move
# and age; static entries stay; what is behind a port is forgotten when the port goes down or away.
#
#   g1: eth0 (vnic) ---+
#   g2: eth0 (vnic) ---+-- lan0 (mode private) in host
#   g3: eth0 --veth-- port3 (member) ---+
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host g1 g2 g3
must vnetctl -n "$host" link add lan0 mode private
in_ns "$host" <<-END
	link add eth0 link lan0 netns $g1 type vnic
	link add eth0 link lan0 netns $g2 type vnic
	link add port3 type veth peer name eth0 netns $g3
	link set port3 master lan0
	link set port3 up
END
for guest in "$g1" "$g2" "$g3"; do
	must ip -n "$guest" link set eth0 up
done

play <<'END'
wires = {ns: ns.wire("eth0") for ns in (g1, g2, g3)}
numbers = {row["ifname"] + "/" + row["kind"]: row["number"] for row in host.ctl("port show vnet lan0")}
A, B, C = "02:aa:00:00:00:0a", "02:aa:00:00:00:0b", "02:aa:00:00:00:0c"
serial = 0

def who_sees(sender, src, dst):
    """The guests that a frame from SRC to DST reaches, when SENDER sends it."""
    global serial
    serial += 1
    frame = ether(dst, src, 0x88b5, b"frame %08d" % serial + bytes(40))
    wires[sender].send(frame)
    time.sleep(0.02)
    return {name for name, ns in (("g1", g1), ("g2", g2), ("g3", g3))
            if wires[ns].frames(lambda seen: seen == frame, 1, 0.15 if ns is not sender else 0.05)}

def fdb(addr):
    rows = [row for row in host.ctl("fdb show lan0") if row["lladdr"] == addr]
    return rows[0] if rows else None

def place(addr):
    row = fdb(addr)
    return row and (row["port_number"], row["state"])

one, two, three = sorted(row["number"] for row in host.ctl("port show vnet lan0")
                         if row["kind"] in ("vnic", "member"))

check("a frame to nobody known is flooded to all others", who_sees(g1, A, B), {"g2", "g3"})
check("its sender is learned", place(A), (one, "learned"))
check("a frame to it goes there only", who_sees(g2, B, A), {"g1"})
check("and back, now that both are known", who_sees(g1, A, B), {"g2"})
check("from a member too", who_sees(g3, C, A), {"g1"})
check("and to it", who_sees(g1, A, C), {"g3"})
check("a broadcast goes to all others", who_sees(g1, A, BROADCAST), {"g2", "g3"})
check("a multicast too", who_sees(g1, A, "01:00:5e:00:00:05"), {"g2", "g3"})
check("frames for the sender's own port do not leave", who_sees(g1, A, A), set())
check("a reserved group address is not forwarded", who_sees(g1, A, "01:80:c2:00:00:00"), set())
check("nor is a frame from a group address", who_sees(g1, "01:00:5e:00:00:01", C), set())
check("nor one from the address of another vnic", who_sees(g1, g2.mac("eth0"), C), set())

check("an address that shows up behind another port has moved", who_sees(g3, A, B), {"g2"})
check("so the table says", place(A), (three, "learned"))
check("and frames follow it", who_sees(g2, B, A), {"g3"})

vnic_mac = g1.mac("eth0")
check("a vnic's own address is known before it speaks", (place(vnic_mac), who_sees(g2, B, vnic_mac)),
      ((one, "local"), {"g1"}))

g1.run("ip", "link", "set", "eth0", "address", "02:00:00:00:00:55")
check("it changes: the new one is known, the old one is not", (place("02:00:00:00:00:55"), place(vnic_mac)),
      ((one, "local"), None))
g1.run("ip", "link", "set", "eth0", "address", vnic_mac)

host.ctl(f"fdb add {A} vnet lan0 number {two}")
check("a static entry moves an address", place(A), (two, "static"))
who_sees(g1, A, B)
check("which does not move back by itself", place(A), (two, "static"))
check("and frames go where it says", who_sees(g3, C, A), {"g2"})
host.ctl("fdb flush lan0")
check("a flush forgets what was learned", (fdb(B), fdb(C)), (None, None))
check("not what was set", place(A), (two, "static"))
host.ctl(f"fdb del {A} vnet lan0")
check("until it is deleted", (fdb(A), who_sees(g3, C, A)), (None, {"g1", "g2"}))

def set_port(number, words):
    host.ctl(f"port set vnet lan0 number {number} {words}")

host.ctl("fdb flush lan0")
set_port(one, "learning off")
who_sees(g1, A, B)
check("learning off: not learned", fdb(A), None)
set_port(one, "learning on")
set_port(two, "flood off")
check("flood off: no frames of unknown unicast destination", who_sees(g1, A, B), {"g3"})
check("but groups", who_sees(g1, A, BROADCAST), {"g2", "g3"})
set_port(two, "flood on")
set_port(one, "isolated on")
set_port(two, "isolated on")
check("isolated ports: no floods between them", who_sees(g1, A, BROADCAST), {"g3"})
check("nor unicast", who_sees(g2, B, A), set())
check("with others as before", who_sees(g3, C, A), {"g1"})
set_port(one, "isolated off")
set_port(two, "isolated off")

who_sees(g1, A, BROADCAST), who_sees(g2, B, BROADCAST), who_sees(g3, C, BROADCAST)
check("all are known", (place(A), place(B), place(C)), ((one, "learned"), (two, "learned"), (three, "learned")))
g1.run("ip", "link", "set", "eth0", "down")
check("a vnic that goes down: its addresses are forgotten, not the others",
      (place(A), place(B)), (None, (two, "learned")))
check("nothing is flooded to it", who_sees(g2, B, BROADCAST), {"g3"})
g1.run("ip", "link", "set", "eth0", "up")
host.run("ip", "link", "set", "port3", "down")
check("a member that goes down: the same", (place(C), place(B)), (None, (two, "learned")))
host.run("ip", "link", "set", "port3", "up")
who_sees(g3, C, BROADCAST)
g3.run("ip", "link", "set", "eth0", "down")
check("a member that loses its carrier: the same", soon(lambda: place(C), None), None)
g3.run("ip", "link", "set", "eth0", "up")
who_sees(g3, C, BROADCAST)
host.ctl(f"fdb add {A} vnet lan0 number {three}")
host.run("ip", "link", "set", "port3", "nomaster")
check("a member that leaves takes all its addresses along, static ones too", (fdb(C), fdb(A)), (None, None))

host.ctl("link set lan0 ageing-time 1s")
who_sees(g1, A, BROADCAST)
start = time.monotonic()
check("an address is there while it is young", place(A), (one, "learned"))
check("and forgotten when it is old", soon(lambda: fdb(A), None), None)
check_in("after its time, a quarter more and the grain of a second", time.monotonic() - start, 0.5, 4.5)
END
