#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# loop_guard.sh: a probe that comes back blocks the younger port for a while, and nobody can make one for another's port.
#
#	sw0 --a0-a1-- sw0	a veth with both ends in one vnet
#	sw0 --b0-b1-- sw1 --c1-c0-- sw0		two ways to another vnet
#	g1: eth0 -- p1 on sw0; g2: eth0 -- p2 on sw0
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host g1 g2
in_ns "$host" <<-END
	link add sw0 type vnet
	link add sw1 type vnet
	link add p1 type veth peer name eth0 netns $g1
	link add p2 type veth peer name eth0 netns $g2
	link add a0 type veth peer name a1
	link add b0 type veth peer name b1
	link add c0 type veth peer name c1
	link set p1 master sw0 up
	link set p2 master sw0 up
	link set a0 master sw0 up
	link set b0 master sw0 up
	link set b1 master sw1 up
	link set c1 master sw1 up
	link set a1 up
	link set c0 up
END
for guest in "$g1" "$g2"; do
	must ip -n "$guest" link set eth0 up
done

play <<'END'
A = "02:aa:00:00:00:0a"
wires = {ns: ns.wire("eth0") for ns in (g1, g2)}
PROBE = mac("03:76:6e:65:74:6c")
is_probe = lambda frame: frame[:6] == PROBE
serial = 0

def copies(sender, receiver):
    """How many times does the receiver see one broadcast?"""
    global serial
    serial += 1
    frame = ether(BROADCAST, A, 0x88b5, b"frame %08d" % serial + bytes(40))
    wires[receiver].flush()
    wires[sender].send(frame)
    return len(wires[receiver].frames(lambda seen: seen == frame, 3, 0.5))

def blocked():
    return {row["ifname"] for row in host.ctl("port show vnet sw0") if row["blocked_by"] == "loop-guard"}

check("off at first, no probe comes", [host.ctl("link show sw0")[0]["loop_guard"], wires[g1].silent(is_probe, 1.5)], [0, True])
host.ctl("link set sw0 loop-guard 5s")
check("on, it does, each second", [host.ctl("link show sw0")[0]["loop_guard"], len(wires[g1].frames(is_probe, 2, 5))], [5, 2])
check("and blocks nobody where no loop is", [blocked(), copies(g1, g2)], [set(), 1])
events = Events(host)
host.run("ip", "link", "set", "a1", "master", "sw0")
check("a veth with both ends in the vnet: the younger one is blocked", soon(blocked, {"a1"}), {"a1"})
check("that is told", [event["ifname"] for event in events.take(5, 1, lambda event: event.get("blocked_by") == "loop-guard")], ["a1"])
check("a broadcast arrives once", [copies(g1, g2), copies(g2, g1)], [1, 1])
check("it is tried again, and blocked again", [event["blocked_by"] for event in events.take(12, 2, lambda event: event.get("ifname") == "a1")],
      ["none", "loop-guard"])
host.run("ip", "link", "set", "a1", "nomaster")
host.run("ip", "link", "set", "c0", "master", "sw0")
check("two ways to another vnet", [soon(blocked, {"c0"}), copies(g1, g2)], [{"c0"}, 1])
host.run("ip", "link", "set", "b0", "down")
check("without the first the second is free after its time", soon(blocked, set()), set())
time.sleep(1.5)
check("and stays so", blocked(), set())
host.run("ip", "link", "set", "b0", "up")
check("until there are two again", soon(blocked, {"c0"}), {"c0"})
host.ctl("port set c0 state forwarding")
check("who sets it to forwarding has it tried at once", soon(blocked, {"c0"}), {"c0"})
host.ctl("link set sw0 loop-guard 0")
check("switched off, it blocks nothing", blocked(), set())
host.run("ip", "link", "set", "c0", "down")
host.ctl("link set sw0 loop-guard 5s")

# Guests that play with probes
wires[g1].flush()
mine, other = wires[g1].frame(is_probe), wires[g2].frame(is_probe)
check("each port has its own", mine != other)
forged = [mine[:26] + other[26:], other[:26] + mine[26:], mine[:30], mine[:20], mine[:14] + bytes(46)]
wires[g1].send(*forged)
time.sleep(0.3)
check("a forged one blocks nobody", blocked(), set())
wires[g1].send(mine)
check("a guest that sends its own back is blocked itself", soon(blocked, {"p1"}), {"p1"})
check("for its time", soon(blocked, set()), set())

# An uplink hears, and does not speak
host.run("ip", "link", "add", "nic0", "type", "veth", "peer", "name", "nic1")
for dev in ("nic0", "nic1"):
    host.run("ip", "link", "set", dev, "up")
lan = host.wire("nic1")
host.ctl("link set sw0 uplink nic0")
check("no probe goes to the LAN by the uplink", lan.silent(is_probe, 2.5))
lan.send(mine)
check("one that comes in there blocks the member that has sent it", soon(blocked, {"p1"}), {"p1"})
host.ctl("link set sw0 loop-guard 0")

# Teardown meanwhile
for turn in range(5):
    host.run("ip", "link", "add", "t0", "type", "vnet", "loop_guard", "1")
    host.run("ip", "link", "set", "a0", "master", "t0")
    host.run("ip", "link", "set", "a1", "master", "t0")
    time.sleep(0.1 * turn)
    host.run("ip", "link", "del", "t0")
check("teardown", True)
END
