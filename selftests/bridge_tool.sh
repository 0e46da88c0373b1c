#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# bridge_tool.sh: stock bridge(8) on a vnet: link, fdb and monitor, as far as the kernel lets a netdev that is no bridge
# go. The VLANs of it are vlan.sh's.
#
#   g1: eth0 (vnic) ---+
#   g2: eth0 -- p0 ----+-- sw0 in host
#               p1 ----+
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

setup_ns host g1 g2
in_ns "$host" <<-END
	link add sw0 type vnet
	link add eth0 link sw0 netns $g1 type vnic
	link add v0 link sw0 type vnic
	link add p0 type veth peer name eth0 netns $g2
	link add p1 type veth peer name e1
	link set p0 master sw0
	link set p1 master sw0
	link set p0 up
	link set p1 up
	link set sw0 up
END
must ip -n "$g2" link set eth0 up

play <<'END'
A, B, C, D = (f"02:aa:00:00:00:0{n}" for n in "abcd")

def bridge(*words):
    with host:
        done = subprocess.run(["bridge", *words], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip()

def table(*words):
    """Addresses of the test, as [port, state, flags]."""
    rows = json.loads(bridge("-j", "fdb", "show", *words))
    return {row["mac"]: [row.get("ifname"), row["state"], sorted(set(row["flags"]) - {"master"})] + ([row["vlan"]] if "vlan" in row else [])
            for row in rows if row["mac"].startswith("02:aa")}

def links():
    return {row["ifname"]: row for row in json.loads(bridge("-d", "-j", "link", "show"))}

with host:
    monitor = subprocess.Popen(["bridge", "monitor", "fdb"], stdout=subprocess.PIPE)
    changes = subprocess.Popen(["bridge", "monitor", "link"], stdout=subprocess.PIPE)
for process in (monitor, changes):
    os.set_blocking(process.stdout.fileno(), False)
said = {monitor: "", changes: ""}

def hears(process, what):
    """Has bridge monitor said so?"""
    try:
        said[process] += os.read(process.stdout.fileno(), 1 << 16).decode()
    except BlockingIOError:
        pass
    return what in said[process]

def told(process, what):
    return soon(lambda: hears(process, what))

# The listener is there when it hears of something.
soon(lambda: (bridge("fdb", "replace", D, "dev", "sw0", "self", "via", "p0", "static"), time.sleep(0.05), hears(monitor, D))[2])
soon(lambda: (bridge("link", "set", "dev", "p1", "learning", "on"), time.sleep(0.05), hears(changes, "p1"))[2])

# Addresses
add = lambda addr, *words: bridge("fdb", "add", addr, "dev", "sw0", "self", *words)
check("static, external and dynamic", [add(A, "via", "p0"), add(B, "via", "p0", "extern_learn", "vlan", "7"), add(C, "via", "p1", "dynamic")],
      ["", "", ""])
check("are shown as on a bridge", table(), {A: ["p0", "static", ["sticky"]], B: ["p0", "", ["extern_learn"], 7],
                                            C: ["p1", "", []], D: ["p0", "static", ["sticky"]]})
check("and by vnetctl", {row["lladdr"]: row["state"] for row in host.ctl("fdb show sw0") if row["lladdr"].startswith("02:aa")},
      {A: "static", B: "external", C: "learned", D: "static"})
check("of the vnet alone", table("dev", "sw0")[A], [None, "static", ["self", "sticky"]])
check("one", bridge("fdb", "get", A, "br", "sw0"), f"{A} dev p0 master sticky master sw0 static")
check("use, which each address is that is set", [bridge("fdb", "replace", A, "dev", "sw0", "self", "via", "p0", "static", "use"), table()[A]],
      ["", ["p0", "static", ["sticky"]]])
check("told", [told(monitor, f"{A} dev p0 master sticky master sw0 static"), told(monitor, f"{C} dev p1 master")], [True, True])
check("a vnic elsewhere is behind the vnet", g1.mac("eth0") + " dev sw0 self permanent" in bridge("fdb", "show"))
check("one here is a port", host.mac("v0") + " dev v0 master" in bridge("fdb", "show"))
before = table()
for what, words, why in (
        ("an address that is known", ("add", A, "dev", "sw0", "self", "via", "p1"), f"sw0 knows {A} already"),
        ("a port that is none", ("add", A, "dev", "sw0", "self", "via", "e1"), "e1 is no port of vnet sw0"),
        ("the address of a port", ("replace", host.mac("v0"), "dev", "sw0", "self", "via", "p1"), "is an address of port v0 already"),
        ("an address that is not known", ("del", "02:aa:00:00:00:0f", "dev", "sw0", "self"), "does not know the address 02:aa:00:00:00:0f"),
        ("the address of a port", ("del", host.mac("v0"), "dev", "sw0", "self"), "is the own address of port v0 and stays"),
        ("flags that mean nothing here", ("add", "02:aa:00:00:00:0f", "dev", "sw0", "self", "via", "p0", "router"), "is static, dynamic, extern_learn or sticky"),
        ("a flush of a VLAN", ("flush", "dev", "sw0", "self", "vlan", "7"), "a flush is of all")):
    check(f"refused: {' '.join(words[:1])} {what}", (why in bridge("fdb", *words), table()), (True, before))

# Learning
wire = g2.wire("eth0")
spoken = lambda addr: wire.send(ether(BROADCAST, addr, 0x88b5, bytes(46)))
spoken("02:aa:00:00:00:01")
check("a learned address is told and shown", (told(monitor, "02:aa:00:00:00:01 dev p0 master master sw0"), table()["02:aa:00:00:00:01"]),
      (True, ["p0", "", []]))
check("an external address moves to where a frame comes from",
      [add("02:aa:00:00:00:02", "via", "p1", "extern_learn"), spoken("02:aa:00:00:00:02"),
       soon(lambda: table()["02:aa:00:00:00:02"], ["p0", "", []])], ["", None, ["p0", "", []]])
check("a dynamic one too", [spoken(C), soon(lambda: table()[C], ["p0", "", []])], [None, ["p0", "", []]])
check("a static one does not", [bridge("fdb", "replace", A, "dev", "sw0", "self", "via", "p1", "static"), spoken(A), table()[A]],
      ["", None, ["p1", "static", ["sticky"]]])
host.ctl("link set sw0 ageing-time 1")
check("what was learned ages, and that is told", told(monitor, "Deleted 02:aa:00:00:00:01 dev p0"))
check("the others stay", soon(lambda: sorted(table()), sorted([A, B, D])), sorted([A, B, D]))
host.ctl("link set sw0 ageing-time 300")
spoken("02:aa:00:00:00:03")
spoken("02:aa:00:00:00:04")
soon(lambda: "02:aa:00:00:00:04" in table())
check("a flush of another port", [bridge("fdb", "flush", "dev", "sw0", "self", "brport", "p1"), "02:aa:00:00:00:03" in table()], ["", True])
check("a flush of all leaves what was set", [bridge("fdb", "flush", "dev", "sw0", "self"), sorted(table())], ["", sorted([A, B, D])])
check("del", [bridge("fdb", "del", A, "dev", "sw0", "self"), A in table(), told(monitor, f"Deleted {A} dev p1")], ["", False, True])

# Links
check("ports here, and no others", sorted(links()), ["p0", "p1", "v0"])
check("with their settings", [links()["p0"][key] for key in ("master", "state", "learning", "flood", "mcast_flood", "bcast_flood", "isolated", "hairpin")],
      ["sw0", "forwarding", True, True, True, True, False, False])
check("are changed", [bridge("link", "set", "dev", "p0", "isolated", "on", "learning", "off", "flood", "off"),
                      [links()["p0"][key] for key in ("learning", "flood", "isolated")]], ["", [False, False, True]])
check("and that is told", told(changes, "p0"))
check("vnetctl sees it", [host.ctl("port show p0")[0][key] for key in ("learning", "unicast_flood", "isolated")], [False, False, True])
check("a vnic's by itself", [bridge("link", "set", "dev", "v0", "self", "isolated", "on"), links()["v0"]["isolated"]], ["", True])
check("a setting that a vnet does not have is refused, and nothing is changed",
      ["no such setting" in bridge("link", "set", "dev", "p0", "isolated", "off", "vlan_tunnel", "on"), links()["p0"]["isolated"]], [True, True])
# Both in one request, as bridge(8) does not send them: VLANs and settings
def request(vlans, settings):
    attr = lambda kind, body: struct.pack("HH", 4 + len(body), kind) + body + bytes(-len(body) % 4)
    # RTM_SETLINK; IFLA_AF_SPEC with IFLA_BRIDGE_VLAN_INFO, IFLA_PROTINFO
    body = struct.pack("BxHiII", socket.AF_BRIDGE, 0, host.ifindex("p0"), 0, 0) + \
        attr(26, b"".join(attr(2, struct.pack("HH", 0, vid)) for vid in vlans)) + attr(12 | 0x8000, b"".join(attr(*one) for one in settings))
    with host:
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    with sock:
        sock.settimeout(PATIENCE)
        sock.send(struct.pack("IHHII", 16 + len(body), 19, 5, 1, 0) + body)
        return struct.unpack_from("i", sock.recv(4096), 16)[0]

in_vlans = lambda: [row["vlan"] for row in json.loads(bridge("-j", "vlan", "show", "dev", "p0"))[0]["vlans"]]
now = lambda: (in_vlans(), links()["p0"]["isolated"], links()["p0"]["cost"])
COST, PRIORITY, ISOLATED = 3, 2, 33
before = now()
check("a bad setting: the VLANs before it are not added", (request([7], [(COST, struct.pack("I", 0))]), now()), (-34, before))
check("nor the settings before it", (request([7, 8], [(ISOLATED, b"\0"), (PRIORITY, struct.pack("H", 99))]), now()), (-34, before))
check("a bad VLAN: the settings are not changed", (request([7, 4095], [(ISOLATED, b"\0")]), now()), (-22, before))
check("both good", (request([7], [(COST, struct.pack("I", 77))]), now()), (0, ([1, 7], before[1], 77)))
bridge("vlan", "del", "dev", "p0", "vid", "7")
bridge("link", "set", "dev", "p0", "cost", "2000")

# States, and ports that come and go
def line(*words):
    """Does one line of bridge monitor link have all of these?"""
    def has():
        hears(changes, "")
        return any(all(word in one for word in words) for one in said[changes].splitlines())
    return soon(has)

host.run("ip", "link", "set", "e1", "up")
soon(lambda: links()["p1"]["state"], "forwarding")
said[changes] = ""
host.ctl("port set p1 state blocking")
check("a state that vnetctl has set is told", line("p1:", "state blocking"))
said[changes] = ""
host.ctl("port set p1 state forwarding guard on")
check("and what a guard does", (line("p1:", "state forwarding"), host.wire("e1").send(mac("01:80:c2:00:00:00") + mac(A) + b"\0\x27\x42\x42\3" + bytes(36)),
                                line("p1:", "state blocking")), (True, None, True))
host.ctl("port set p1 guard off")
said[changes] = ""
host.ctl("vlan add p1 vid 9")
check("VLANs of vnetctl", line("p1:"))
host.run("ip", "link", "set", "p1", "nomaster")
check("a port that goes", line("Deleted", "p1:", "master sw0"))
said[changes] = ""
host.run("ip", "link", "set", "p1", "master", "sw0")
check("and comes", line("p1:", "master sw0"))

host.run("ip", "link", "set", "e1", "down")

# What a path costs
cost = lambda dev: links()[dev]["cost"]
check("by the speed of the link", [cost("p0"), cost("p1"), cost("v0")], [2000, 2000, 2])
with host:
    tap = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tap, 0x400454ca, struct.pack("16sH22x", b"tap7", 0x1002))
host.run("ethtool", "-s", "tap7", "speed", "100", "duplex", "full")
host.run("ip", "link", "set", "tap7", "master", "sw0")
check("of a tap", cost("tap7"), 200000)
host.run("ethtool", "-s", "tap7", "speed", "1000", "duplex", "full")
host.run("ip", "link", "set", "tap7", "up")
check("another speed", soon(lambda: cost("tap7"), 20000), 20000)
bridge("link", "set", "dev", "tap7", "cost", "7")
host.run("ip", "link", "set", "tap7", "down")
host.run("ip", "link", "set", "tap7", "up")
check("what was said stays", cost("tap7"), 7)
os.close(tap)
# What the switches do
setting = lambda *words: bridge("link", "set", "dev", *words)
setting("p0", "isolated", "off", "learning", "on", "flood", "on")
here = host.wire("v0")
host.run("ip", "link", "set", "v0", "up")
GROUP, NOBODY = "01:00:5e:00:00:07", "02:bb:00:00:00:01"
def passes(dst):
    frame = ether(dst, host.mac("v0"), 0x88b5, os.urandom(46))
    here.send(frame)
    return wire.frames(lambda seen: seen == frame, 1, 0.2) != []

every = lambda: [passes(dst) for dst in (NOBODY, GROUP, BROADCAST)]
check("all is flooded", every(), [True, True, True])
check("no unknown unicast", [setting("p0", "flood", "off"), every()], ["", [False, True, True]])
check("no groups", [setting("p0", "flood", "on", "mcast_flood", "off"), every()], ["", [True, False, True]])
check("no broadcasts", [setting("p0", "mcast_flood", "on", "bcast_flood", "off"), every()], ["", [True, True, False]])
setting("p0", "bcast_flood", "on")
def comes_back(dst):
    frame = ether(dst, "02:aa:00:00:00:05", 0x88b5, os.urandom(46))
    wire.send(frame)
    return wire.frames(lambda seen: seen == frame, 1, 0.2) != []
spoken("02:aa:00:00:00:06")
check("nothing leaves by the port that it came in through", [comes_back(BROADCAST), comes_back("02:aa:00:00:00:06")], [False, False])
check("but for a hairpin", [setting("p0", "hairpin", "on"), comes_back(BROADCAST), comes_back("02:aa:00:00:00:06")], ["", True, True])
for process in (monitor, changes):
    process.kill()
END
