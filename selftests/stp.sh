#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# stp.sh: the spanning tree of three vnets in a ring: a storm ends, the way round opens when a link is cut, topology
# changes flush addresses; hostile and broken BPDUs; a Linux bridge in the ring, which speaks STP only; teardown meanwhile.
# timeout: 300
#
#	sw0 --a0-a1-- sw1 --b1-b2-- sw2 --c2-c0-- sw0		all in host; sw0 is the root
#	g1: eth0 -- p1 on sw0; g2: eth0 -- p2 on sw2; g3: eth0 (vnic) on sw1
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host g1 g2 g3
in_ns "$host" <<-END
	link add sw0 address 02:00:00:00:00:10 type vnet
	link add sw1 address 02:00:00:00:00:11 type vnet
	link add sw2 address 02:00:00:00:00:12 type vnet
	link add a0 type veth peer name a1
	link add b1 type veth peer name b2
	link add c2 type veth peer name c0
	link add p1 type veth peer name eth0 netns $g1
	link add p2 type veth peer name eth0 netns $g2
	link add eth0 link sw1 netns $g3 type vnic
	link set p1 master sw0 up
	link set p2 master sw2 up
	link set a0 master sw0 up
	link set a1 master sw1 up
	link set b1 master sw1 up
	link set b2 master sw2 up
	link set c2 master sw2 up
	link set c0 master sw0 up
END
for guest in "$g1" "$g2" "$g3"; do
	must sysctl -q -w net.ipv6.conf.default.disable_ipv6=1
	must ip -n "$guest" link set eth0 up
done

play <<'END'
A, B, EVIL = "02:aa:00:00:00:0a", "02:aa:00:00:00:0b", "02:aa:00:00:00:66"
wires = {ns: ns.wire("eth0") for ns in (g1, g2, g3)}
SWITCHES, LINKS = ("sw0", "sw1", "sw2"), ("a0", "a1", "b1", "b2", "c2", "c0")
GROUP = "01:80:c2:00:00:00"
serial = 0

def port(dev):
    return host.ctl(f"port show {dev}")[0]

def link(dev):
    return host.ctl(f"link show {dev}")[0]

def role(row):
    """A port's role; with its state as long as that is not yet what the role leads to."""
    final = {"root": ("forwarding",), "designated": ("forwarding",), "alternate": ("blocking",), "backup": ("blocking",),
             "disabled": ("disabled", "blocking", "forwarding")}[row["role"]]
    return row["role"] if row["state"] in final else f"{row['role']}, {row['state']}"

def roles(devs=LINKS):
    rows = {row["ifname"]: row for row in host.ctl("port show")}
    return [role(rows[dev]) for dev in devs]

def states(devs=LINKS):
    rows = {row["ifname"]: row for row in host.ctl("port show")}
    return [rows[dev]["state"] for dev in devs]

def passed():
    return host.dev_stats("a0")["tx_packets"] + host.dev_stats("b1")["tx_packets"]

def a_frame(src=A, dst=BROADCAST):
    global serial
    serial += 1
    return ether(dst, src, 0x88b5, b"frame %08d" % serial + bytes(40))

def copies(sender, receiver, src=A, dst=BROADCAST, patience=1):
    """How many times does the receiver see one frame?"""
    frame = a_frame(src, dst)
    wires[receiver].flush()
    wires[sender].send(frame)
    return len(wires[receiver].frames(lambda seen: seen == frame, 3, patience))

def bpdu(kind=2, version=2, flags=0x3c, root=b"\0\0\2\0\0\0\0\1", cost=0, bridge=b"\0\0\2\0\0\0\0\1", port=0x8001,
         age=0, most=20, hello=2, delay=15, proto=0):
    body = struct.pack("!HBBB8sI8sHHHHH", proto, version, kind, flags, root, cost, bridge, port, age << 8, most << 8, hello << 8,
                       delay << 8) + (b"\0" if version >= 2 else b"")
    return framed(body)

def framed(body):
    frame = mac(GROUP) + mac(EVIL) + struct.pack("!H", 3 + len(body)) + b"\x42\x42\x03" + body
    return frame + bytes(max(0, 60 - len(frame)))

# A storm, and its end
for name in SWITCHES:
    check(f"{name} has no spanning tree at first", [link(name)["stp_state"], roles(("a0",))], [False, ["disabled"]])
wires[g1].send(*[a_frame() for _ in range(4)])
before = passed()
check("frames go round", soon(lambda: passed() - before > 2000))
for name in SWITCHES:
    host.ctl(f"link set {name} stp on" + (" stp-priority 4096" if name == "sw0" else ""))
WANTED = ["designated", "root", "designated", "alternate", "root", "designated"]
check("roles", soon(roles, WANTED), WANTED)
check("one port does not forward", soon(states, ["forwarding"] * 3 + ["blocking"] + ["forwarding"] * 2),
      ["forwarding"] * 3 + ["blocking"] + ["forwarding"] * 2)

def quiet():
    first = passed()
    time.sleep(0.3)
    return passed() - first < 20
check("the storm ends", soon(quiet))
root = "1000.2:0:0:0:0:10"
check("all know the root", [link(name)["root_id"] for name in SWITCHES], [root] * 3)
check("and what leads there", [(link(name)["root_path_cost"], bool(link(name)["root_port"])) for name in SWITCHES], [(0, False), (2000, True), (2000, True)])
check("guests' ports forward, as edges", [(port(dev)["state"], port(dev)["oper_edge"]) for dev in ("p1", "p2")], [("forwarding", True)] * 2)
check("those between switches are none", [port(dev)["oper_edge"] for dev in LINKS], [False] * 6)
check("a broadcast arrives once", [copies(g1, g2), copies(g1, g3), copies(g2, g1, B)], [1, 1, 1])
check("a frame to a known address too", [copies(g1, g2, A, B), copies(g2, g1, B, A)], [1, 1])
bridge_says = {row["ifname"]: row for row in json.loads(host.run("bridge", "-d", "-j", "link", "show"))}
check("bridge(8) shows states", [bridge_says[dev]["state"] for dev in ("b1", "b2")], ["forwarding", "blocking"])
check("ip(8) the tree", [word in host.run("ip", "-d", "link", "show", "sw2") for word in ("stp_state 1", f"designated_root {root}")], [True, True])
refusal = subprocess.run(["ip", "netns", "exec", host.name, "bridge", "link", "set", "dev", "b2", "state", "3"], capture_output=True, text=True)
check("the state is STP's", ["the state of port b2 is STP's" in refusal.stderr, port("b2")["state"]], [True, "blocking"])

# A cut, and its healing
def reached(patience=10):
    """Seconds until a frame from g1 arrives at g2."""
    start = time.monotonic()
    while time.monotonic() - start < patience:
        if copies(g1, g2, A, B, 0.05):
            break
    return time.monotonic() - start
check("known before", [copies(g1, g2, A, B), copies(g2, g1, B, A)], [1, 1])
host.run("ip", "link", "set", "c0", "down")
check_in("a cut heals at once, to known addresses as well", reached(), 0, 3)
check("by the other way", soon(lambda: roles(("b2", "c2")), ["root", "disabled"]), ["root", "disabled"])
host.run("ip", "link", "set", "c0", "up")
check("and back", soon(roles, WANTED), WANTED)
check_in("without a gap", reached(), 0, 3)
check("a broadcast arrives once", soon(lambda: copies(g1, g2), 1), 1)
check("b2 is down, and its state is", [host.run("ip", "link", "set", "b2", "down"), soon(lambda: port("b2")["state"], "disabled")], ["", "disabled"])
host.run("ip", "link", "set", "b2", "up")
check("a port that has heard a switch is no edge when it comes up", [soon(roles, WANTED), copies(g1, g2)], [WANTED, 1])
host.ctl("port set c2 cost 5000")
check("a cost moves the tree", soon(lambda: roles(("b2", "c2")), ["root", "alternate"]), ["root", "alternate"])
host.run("bridge", "link", "set", "dev", "c2", "cost", "2000")
check("and back", soon(roles, WANTED), WANTED)

# Guests that speak
random = __import__("random").Random(7)
broken = [framed(b""), framed(b"\0\0"), bpdu(proto=1), bpdu(kind=7), bpdu(version=1), bpdu(age=20), bpdu(age=255, most=6),
          framed(bytes(4)), framed(bytes(35)), bpdu()[:30], bpdu()[:17], mac(GROUP) + mac(EVIL) + struct.pack("!H", 1500) + b"\x42\x42\x03" + bytes(43),
          mac(GROUP) + mac(EVIL) + struct.pack("!H", 3) + b"\x42\x42\x03" + bytes(43)]
broken += [framed(bytes([0, 0, random.choice((1, 3)), 2]) + random.randbytes(random.randrange(32))) for _ in range(300)]
wires[g1].send(*broken)
wires[g3].send(*broken)
time.sleep(0.3)
check("broken BPDUs change nothing", [roles(), link("sw1")["root_id"], port("p1")["oper_edge"]], [WANTED, root, True])
host.ctl("port set p1 root-block on")
wires[g1].send(bpdu(), bpdu())
check("a guest that would be root gets nothing through a port with root-block",
      [soon(lambda: [roles(("p1",)), states(("p1",))], [["alternate"], ["blocking"]]), link("sw1")["root_id"]],
      [[["alternate"], ["blocking"]], root])
check("which forwards again some time after it is silent", soon(lambda: states(("p1",)), ["forwarding"]), ["forwarding"])
host.ctl("port set p1 root-block off")
wires[g1].send(bpdu())
EVIL_ROOT = "0000.2:0:0:0:0:1"
check("without it is the root", soon(lambda: [link(name)["root_id"] for name in SWITCHES], [EVIL_ROOT] * 3), [EVIL_ROOT] * 3)
check("for three hello times", soon(lambda: [link(name)["root_id"] for name in SWITCHES], [root] * 3), [root] * 3)
host.ctl("port set p1 guard on")
wires[g1].send(bpdu())
check("a guard blocks it", soon(lambda: [port("p1")["blocked_by"], roles(("p1",)), link("sw0")["root_id"]], ["guard", ["disabled"], root]),
      ["guard", ["disabled"], root])
host.ctl("port set p1 guard off")
check("until it is taken away", soon(lambda: states(("p1",)), ["forwarding"]), ["forwarding"])
host.ctl("port set p1 stp off")
wires[g1].flush()
wires[g1].send(bpdu())
is_bpdu = lambda frame: frame[:6] == mac(GROUP)
check("a port that is left out says and hears nothing",
      [port("p1")["role"], states(("p1",)), wires[g1].silent(is_bpdu, 2.5), link("sw0")["root_id"]], ["disabled", ["forwarding"], True, root])
host.ctl("port set p1 stp on")
check("and speaks again, every two seconds", len(wires[g1].frames(is_bpdu, 2, 6)), 2)
with Flood(lambda turn: wires[g1].send(*[bpdu(flags=0x3d, bridge=b"\x90\0\2\0\0\0\0\1", root=b"\x90\0\2\0\0\0\0\1", cost=turn % 7)] * 64)):
    check("a flood of BPDUs leaves the tree as it is", [soon(roles, WANTED), copies(g2, g3, B)], [WANTED, 1])

check("who contradicts the tree waits to forward", soon(lambda: states(("p1",)), ["forwarding"]), ["forwarding"])

# A vnic and a loop behind one vnet
host.run("ip", "link", "add", "d0", "type", "veth", "peer", "name", "d1")
for dev in ("d0", "d1"):
    host.run("ip", "link", "set", dev, "master", "sw1", "up")
check("a cable with both ends in one vnet", soon(lambda: sorted(roles(("d0", "d1"))), ["backup", "designated"]), ["backup", "designated"])
check("carries nothing", copies(g1, g3), 1)
host.run("ip", "link", "del", "d0")
for name in ("e0", "e1"):
    host.run("ip", "link", "add", name, "link", "sw1", "type", "vnic")
host.run("ip", "link", "add", "br9", "type", "bridge", "stp_state", "0")
for name in ("e0", "e1"):
    host.run("ip", "link", "set", name, "master", "br9", "up")
host.run("ip", "link", "set", "br9", "up")
check("two vnics and a bridge that knows no STP", soon(lambda: sorted(roles(("e0", "e1"))), ["backup", "designated"]), ["backup", "designated"])
check("a broadcast arrives once", soon(lambda: copies(g1, g3), 1), 1)
host.run("ip", "link", "del", "br9")
for name in ("e0", "e1"):
    host.run("ip", "link", "del", name)

# A Linux bridge in place of sw1
host.run("ip", "link", "del", "sw1")
check("without sw1 there is no ring", soon(lambda: copies(g1, g2), 1), 1)
host.ctl("link set sw0 hello-time 1s max-age 6s forward-delay 4s")
host.run("ip", "link", "add", "br1", "address", "02:00:00:00:00:11", "type", "bridge", "stp_state", "1")
for dev in ("a1", "b1"):
    host.run("ip", "link", "set", dev, "master", "br1")
host.run("ip", "link", "set", "br1", "up")

def bridge_states():
    return [row["state"] for row in json.loads(host.run("bridge", "-j", "link", "show")) if row.get("master") == "br1"]

RING, CLOSED = ("a0", "b2", "c2", "c0"), ["designated", "alternate", "root", "designated"]
check("STP is spoken to it", [soon(bridge_states, ["forwarding"] * 2, 60), soon(lambda: roles(RING), CLOSED, 60)], [["forwarding"] * 2, CLOSED])
tree = json.loads(host.run("ip", "-d", "-j", "link", "show", "br1"))[0]["linkinfo"]["info_data"]
check("it knows the way to the root", [tree["root_path_cost"], bool(tree["root_port"])], [2, True])
check("the ring is a tree", [copies(g1, g2), copies(g2, g1, B)], [1, 1])
host.run("ip", "link", "set", "c0", "down")
check("and heals", soon(lambda: copies(g1, g2, patience=0.2), 1, 60), 1)
host.run("ip", "link", "set", "c0", "up")
check("and closes", soon(lambda: roles(RING), CLOSED), CLOSED)
check("a broadcast arrives once", copies(g1, g2), 1)

# The other mode
for name in ("sw0", "sw2"):
    host.ctl(f"link set {name} stp-mode stp")
check("STP only", [soon(lambda: roles(RING), CLOSED, 40),
                   soon(lambda: copies(g1, g2, patience=0.2), 1, 40)], [CLOSED, 1])
wires[g1].flush()
found = wires[g1].frame(is_bpdu)
check("its BPDUs are Configuration BPDUs", found and found[17:21], b"\0\0\0\0")

# Teardown meanwhile
host.run("ip", "link", "del", "br1")
for turn in range(4):
    host.run("ip", "link", "add", "sw1", "type", "vnet", "stp_state", "1")
    for dev in ("a1", "b1"):
        host.run("ip", "link", "set", dev, "master", "sw1")
    with Flood(lambda turn: wires[g1].send(*[bpdu(cost=turn % 7)] * 8)):
        host.ctl("link set sw2 stp off")
        host.run("ip", "link", "set", "b1", "nomaster")
        host.ctl("link set sw2 stp on")
        host.run("ip", "link", "del", "sw1")
check("ends with its vnets", soon(lambda: states(("p1",)), ["forwarding"]), ["forwarding"])
host.ctl("link set sw0 stp off")
check("and leaves ports that forward", [states(("a0", "c0", "p1")), roles(("a0", "c0", "p1"))], [["forwarding"] * 3, ["disabled"] * 3])
END
