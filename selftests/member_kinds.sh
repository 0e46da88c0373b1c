#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# member_kinds.sh: netdevs of every kind that carries Ethernet are members, and frames pass both ways; the others are
# refused with a sentence that says why; so is whatever would make a ring of netdevs.
#
#   guest: eth0 (vnic) --- sw0 in host --- one member after the other --- its other end, in far or in a file
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
# Else the module makes a bond of its own in the first namespace.
modprobe -q bonding max_bonds=0
modprobe -qa team team_mode_activebackup openvswitch dummy vxlan geneve macvlan ipvlan macsec || true
setup_ns host g1 far
in_ns "$host" <<-END
	link add sw0 type vnet
	link add sw1 type vnet
	link add eth0 link sw0 netns $g1 type vnic
	link add p0 type veth peer name p0 netns $far
	addr add 192.0.2.1/24 dev p0
	link set p0 up
	link set sw0 up
	link set sw1 up
END
in_ns "$far" <<-END
	addr add 192.0.2.2/24 dev p0
	link set p0 up
END
must ip -n "$g1" link set eth0 up arp off

play <<'END'
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454ca, 2, 0x1000
guest, NEAR, FAR = g1.wire("eth0"), g1.mac("eth0"), "02:fa:00:00:00:01"
ip = lambda *words, ns=host, ok=True: ns.run("ip", *words, ok=ok)
kinds = {row for row in ("team", "openvswitch") if os.path.isdir(f"/sys/module/{row}")}
serial = 0

def enslave(dev, vnet="sw0"):
    """What the module says of it: nothing if it is a member."""
    with host:
        done = subprocess.run(["ip", "link", "set", dev, "master", vnet], capture_output=True, text=True)
    return done.stderr.strip().removeprefix("Error: ").removeprefix("vnet: ").rstrip(".") if done.returncode else ""

class File:
    """The other end of a tap: a file."""

    def __init__(self, name):
        with host:
            self.fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(self.fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))

    def send(self, frame):
        os.write(self.fd, frame)

    def frame(self, want, patience=3):
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if select.select([self.fd], [], [], 0.1)[0]:
                seen = os.read(self.fd, 70000)
                if want(seen):
                    return seen
        return None

def passes(other):
    """Does a frame go each way?"""
    global serial
    serial += 1
    there = ether(FAR, NEAR, 0x88b5, b"there %08d" % serial + bytes(40))
    back = ether(NEAR, FAR, 0x88b5, b"back %08d" % serial + bytes(40))
    def tried(send, receive, frame):
        for _ in range(20):
            send.send(frame)
            if receive.frame(lambda seen: seen == frame, patience=0.2):
                return True
        return False
    return tried(other, guest, back), tried(guest, other, there)

def member(kind, dev, other, *made):
    """A netdev of a kind is made, is a member through which frames pass, leaves and is deleted."""
    for words in made:
        words = words.split()
        ip(*(words[1:] if words[0] == "far" else words), ns=far if words[0] == "far" else host)
    ip("link", "set", dev, "up")
    said = enslave(dev)
    shown = [row for row in host.ctl("port show vnet sw0") if row["kind"] == "member"]
    check(f"{kind}: a member, and frames pass", (said, [row["ifname"] for row in shown], passes(other()) if other else (True, True)), ("", [dev], (True, True)))
    ip("link", "set", dev, "nomaster")
    check(f"{kind}: lets go", ([row for row in host.ctl("port show vnet sw0") if row["kind"] == "member"], ip("-d", "link", "show", dev).count("promiscuity 0")), ([], 1))
    if dev != "p0":
        ip("link", "del", dev)

far_p0 = lambda: far.wire("p0")
member("veth", "p0", far_p0)
tap = File("tap0")
host.run("ip", "link", "set", "tap0", "up")
check("tap: a member, and frames pass", (enslave("tap0"), passes(tap)), ("", (True, True)))
os.close(tap.fd)
check("tap: ends with its file", soon(lambda: [row["ifname"] for row in host.ctl("port show vnet sw0") if row["kind"] == "member"], []), [])
member("dummy", "d0", None, "link add d0 type dummy")
ip("link", "add", "x0", "type", "veth", "peer", "name", "x0", "netns", far.name)
ip("link", "set", "x0", "up", ns=far)
member("bond", "bond0", lambda: far.wire("x0"), "link add bond0 type bond mode active-backup miimon 100", "link set x0 down", "link set x0 master bond0")
ip("link", "set", "x0", "nomaster", ok=False)
member("802.1Q", "p0.5", lambda: far.wire("p0.5"), "link add p0.5 link p0 type vlan id 5", "far link add p0.5 link p0 type vlan id 5", "far link set p0.5 up")
member("802.1ad", "p0.6", lambda: far.wire("p0.6"), "link add p0.6 link p0 type vlan protocol 802.1ad id 6",
       "far link add p0.6 link p0 type vlan protocol 802.1ad id 6", "far link set p0.6 up")
for kind, words in (("vxlan", "vxlan id 7 dstport 4789 {} {}"), ("geneve", "geneve id 7 {}")):
    here, there = (("local 192.0.2.1", "remote 192.0.2.2"), ("local 192.0.2.2", "remote 192.0.2.1"))
    make = lambda pair: words.format(*(pair if kind == "vxlan" else pair[1:]))
    member(kind, kind + "7", lambda: far.wire(kind + "7"), f"link add {kind}7 type {make(here)}", f"far link add {kind}7 type {make(there)}", f"far link set {kind}7 up")
member("bridge", "br0", lambda: far.wire("x0"), "link add br0 type bridge", "link set x0 master br0", "link set x0 up")
ip("link", "add", "n0", "link", "sw1", "netns", far.name, "type", "vnic")
ip("link", "set", "n0", "up", ns=far)
check("another vnet: a member, and frames pass", (enslave("sw1"), passes(far.wire("n0"))), ("", (True, True)))
check("not the other way round as well", enslave("sw0", "sw1"), "sw0 cannot be a member of sw1: it is on top of the vnet already")
ip("link", "set", "sw1", "nomaster")
member("macvlan", "mv0", None, "link add mv0 link p0 type macvlan")
if "team" in kinds:
    member("team", "team0", None, "link add team0 type team")
else:
    print("# this kernel has no team")

# Open vSwitch: one request makes a datapath with an internal port of the same name.
def make_datapath(name):
    GENERIC, CTRL = 16, 0x10
    with host:
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, GENERIC)
    attr = lambda kind, data: struct.pack("HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)
    def ask(family, command, version, body, flags=5):
        data = struct.pack("BBH", command, version, 0) + body
        sock.send(struct.pack("IHHII", 16 + len(data), family, flags, 1, 0) + data)
        return sock.recv(65536)
    answer = ask(CTRL, 3, 1, attr(2, b"ovs_datapath\0"), 1)
    at = answer.index(b"ovs_datapath\0") + 16
    family = struct.unpack_from("H", answer, at + 4)[0]
    done = ask(family, 1, 2, struct.pack("i", 0) + attr(1, name.encode() + b"\0") + attr(2, bytes(4)))
    return struct.unpack_from("i", done, 16)[0]

if "openvswitch" in kinds:
    check("an Open vSwitch datapath", make_datapath("ovs0"), 0)
    check("Open vSwitch's internal port is a member", enslave("ovs0"), "")
    ip("link", "set", "ovs0", "nomaster")
else:
    print("# this kernel has no Open vSwitch")

# Refused
for words in ("tuntap add dev tun0 mode tun", "link add v0 link sw0 type vnic", "link add br1 type bridge", "link add d1 type dummy", "link add d2 type dummy", "link add mv2 link d2 type macvlan", "link add d3 type dummy",
              "link add iv3 link d3 type ipvlan mode l2", "link add v1 link sw0 type vnic", "link add v1.7 link v1 type vlan id 7", "link add sw0.9 link sw0 type vlan id 9"):
    ip(*words.split())
for dev, why in (("lo", "is a loopback device"), ("tun0", "does not carry Ethernet frames"), 
                 ("sw0", "is the vnet itself"), ("v0", "is a port already, being a vnic"), ("iv3", "does not let others see what it receives"),
                 ("d2", "belongs to another bridge, bond, macvlan or vnet"),
                 ("d3", "belongs to another bridge, bond, macvlan or vnet"), ("v1.7", "is on top of the vnet already"), ("sw0.9", "is on top of the vnet already")):
    check(f"{dev} is refused, and why", enslave(dev), f"{dev} cannot be a member of sw0: it {why}")
check("a ring over a bridge", (ip("link", "set", "sw0", "master", "br1"), enslave("br1")), ("", "br1 cannot be a member of sw0: it is on top of the vnet already"))
ip("link", "set", "sw0", "nomaster")
ip("link", "set", "d1", "master", "br1")
check("a bridge's port leaves it for the vnet", (enslave("d1"), json.loads(ip("-j", "link", "show", "d1"))[0]["master"]), ("", "sw0"))
ip("link", "del", "d1")
check("nobody is a member", [row["ifname"] for row in host.ctl("port show vnet sw0") if row["kind"] == "member"], [])
END
