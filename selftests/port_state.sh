#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# port_state.sh: a port that does not forward neither takes nor gives frames, and learns in state learning only; the
# BPDU guard; horizons. The states that STP gives are stp.sh's.
#
#   g1: eth0 -- p1 ---+
#   g2: eth0 -- p2 ---+-- sw0 in host
#   g3: eth0 (vnic) --+
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host g1 g2 g3
in_ns "$host" <<-END
	link add sw0 type vnet
	link add p1 type veth peer name eth0 netns $g1
	link add p2 type veth peer name eth0 netns $g2
	link add eth0 link sw0 netns $g3 type vnic
	link set p1 master sw0
	link set p2 master sw0
	link set p1 up
	link set p2 up
END
for guest in "$g1" "$g2" "$g3"; do
	must ip -n "$guest" link set eth0 up
done

play <<'END'
wires = {ns: ns.wire("eth0") for ns in (g1, g2, g3)}
A, B = "02:aa:00:00:00:0a", "02:aa:00:00:00:0b"
BPDU = mac("01:80:c2:00:00:00") + mac(A) + struct.pack("!H", 38) + b"\x42\x42\x03" + bytes(43)
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

def known(addr):
    return [row["port_name"] for row in host.ctl("fdb show sw0") if row["lladdr"] == addr]

def bridge(*words):
    return host.run("bridge", *words)

def link(dev="p1"):
    return {row["ifname"]: row for row in json.loads(bridge("-d", "-j", "link", "show"))}[dev]

def port(dev="p1"):
    return host.ctl(f"port show {dev}")[0]

check("a port forwards at first", [link()["state"], port()["state"], port()["blocked_by"]], ["forwarding", "forwarding", "none"])
check("frames go through", [who_sees(g1, A, BROADCAST), known(A)], [{"g2", "g3"}, ["p1"]])
for number, state, learned in ((4, "blocking", []), (1, "listening", []), (2, "learning", ["p1"]), (0, "disabled", [])):
    host.ctl("port set p1 state forwarding")
    who_sees(g1, A, BROADCAST)
    bridge("link", "set", "dev", "p1", "state", str(number))
    check(f"{state}: shown", [link()["state"], port()["state"]], [state, state])
    check("what was learned is forgotten, unless the port goes on learning", known(A), learned)
    host.ctl("fdb flush sw0")
    check("no frame comes in", who_sees(g1, A, BROADCAST), set())
    check("addresses are learned in state learning", known(A), learned)
    check("nothing goes out, flooded", who_sees(g2, B, BROADCAST), {"g3"})
    check("nor to an address that is learned there, or not", who_sees(g3, B, A), set() if learned else {"g2"})
host.ctl("port set p1 state forwarding")
host.ctl("fdb flush sw0")
check("forwarding again", [who_sees(g1, A, BROADCAST), who_sees(g2, B, A), known(A)], [{"g2", "g3"}, {"g1"}, ["p1"]])
number = [row["number"] for row in host.ctl("port show vnet sw0") if row["kind"] == "vnic"][0]
host.ctl(f"port set vnet sw0 number {number} state blocking")
check("a vnic's own address stays, and gets nothing while it is blocked", [who_sees(g1, A, g3.mac("eth0")), who_sees(g3, B, A)], [set(), set()])
host.ctl(f"port set vnet sw0 number {number} state forwarding")
check("and is there again", who_sees(g1, A, g3.mac("eth0")), {"g3"})
host.ctl("link set sw0 vlan-filtering on")
host.ctl("port set p1 state learning")
host.ctl("fdb flush sw0")
who_sees(g1, A, BROADCAST)
check("in its VLAN", [row.get("vlan") for row in host.ctl("fdb show sw0") if row["lladdr"] == A], [1])
host.ctl("port set p1 state forwarding")
host.ctl("link set sw0 vlan-filtering off")

# Guard
events = Events(host)
wires[g1].send(BPDU)
check("a BPDU where no guard is", [who_sees(g1, A, BROADCAST), port()["blocked_by"]], [{"g2", "g3"}, "none"])
bridge("link", "set", "dev", "p1", "guard", "on")
check("the guard is shown", [link()["guard"], port()["guard"]], [True, True])
wires[g1].send(ether("01:80:c2:00:00:02", A, 0x8809, bytes(46)), ether("01:80:c2:00:00:00", A, 0x88b5, bytes(46)),
               mac("01:80:c2:00:00:00") + mac(A) + struct.pack("!H", 2) + b"\x42\x42")
check("what is no BPDU does not matter", [who_sees(g1, A, BROADCAST), port()["blocked_by"]], [{"g2", "g3"}, "none"])
events.take(0)
wires[g1].send(BPDU)
check("a BPDU blocks", [soon(lambda: port()["blocked_by"], "guard"), link()["state"], port()["state"]], ["guard", "blocking", "blocking"])
check("that is told", [event["blocked_by"] for event in events.take(2, 1, lambda event: event["event"] == "port_new")], ["guard"])
check("nothing passes", [who_sees(g1, A, BROADCAST), who_sees(g2, B, BROADCAST), known(A)], [set(), {"g3"}, []])
host.run("ip", "link", "set", "p1", "down")
host.run("ip", "link", "set", "p1", "up")
check("not after the link went down and up", [port()["blocked_by"], who_sees(g2, B, BROADCAST)], ["guard", {"g3"}])
bridge("link", "set", "dev", "p1", "state", "3")
check("until somebody says so", [port()["blocked_by"], who_sees(g2, B, BROADCAST)], ["none", {"g1", "g3"}])
wires[g1].send(BPDU)
soon(lambda: port()["blocked_by"], "guard")
host.ctl("port set p1 guard off")
check("or takes the guard away", [port()["blocked_by"], port()["state"]], ["none", "forwarding"])

# Horizon
host.ctl("port set p1 horizon 7")
check("a horizon of one port", [who_sees(g1, A, BROADCAST), port()["horizon"]], [{"g2", "g3"}, 7])
host.ctl("port set p2 horizon 8")
check("and another of another", who_sees(g1, A, BROADCAST), {"g2", "g3"})
host.ctl("port set p2 horizon 7")
check("nothing floods within one", [who_sees(g1, A, BROADCAST), who_sees(g2, B, BROADCAST)], [{"g3"}, {"g3"}])
check("nor goes to a known address", who_sees(g1, A, B), set())
check("others reach both", [who_sees(g3, "02:aa:00:00:00:0c", BROADCAST), who_sees(g3, "02:aa:00:00:00:0c", A)], [{"g1", "g2"}, {"g1"}])
host.ctl("port set p1 horizon 0")
check("until it is taken away", who_sees(g1, A, BROADCAST), {"g2", "g3"})
drops = host.drops("sw0")
check("drops are counted", [drops.get("port-blocked", 0) > 5, drops.get("horizon", 0) > 0], [True, True])
END
