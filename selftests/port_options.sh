#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# port_options.sh: a locked port lets in what is known on it only, and 802.1X, LLDP and BPDUs; a port may drop what it has no room to learn; who
# listens hears of MAC addresses that move and of those that two have; a port without a carrier has its frames go to its
# backup.
#
#   g1: eth0 (vnic) ---+
#   g2: eth0 --veth-- port2 (member) ---+-- lan0 (mode private) in host
#   g3: eth0 --veth-- port3 (member) ---+
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host g1 g2 g3
must vnetctl -n "$host" link add lan0 mode private
in_ns "$host" <<-END
	link add eth0 link lan0 netns $g1 type vnic
	link add port2 type veth peer name eth0 netns $g2
	link add port3 type veth peer name eth0 netns $g3
	link set port2 master lan0
	link set port3 master lan0
	link set port2 up
	link set port3 up
END
for guest in "$g1" "$g2" "$g3"; do
	must ip -n "$guest" link set eth0 up arp off
done

play <<'END'
wires = {ns: ns.wire("eth0") for ns in (g1, g2, g3)}
names = {g1: "g1", g2: "g2", g3: "g3"}
A, B, C = "02:aa:00:00:00:0a", "02:aa:00:00:00:0b", "02:aa:00:00:00:0c"
serial = 0
number = next(row["number"] for row in host.ctl("port show vnet lan0") if row["kind"] == "vnic")

mistyped = subprocess.run(["ip", "netns", "exec", host.name, "vnetctl", "port", "set", "lan0:2", "isolated", "on"], capture_output=True, text=True)
check("an address's label is no port", [mistyped.returncode, "got 'lan0:2'" in mistyped.stderr, host.ctl("port show lan0")[0]["isolated"]],
      [1, True, False])

def who_sees(sender, src, dst):
    global serial
    serial += 1
    frame = ether(dst, src, 0x88b5, b"frame %08d" % serial + bytes(40))
    wires[sender].send(frame)
    time.sleep(0.03)
    return {names[ns] for ns, wire in wires.items() if ns is not sender and
            wire.frames(lambda seen: seen == frame, 1, 0.15)}

def place(addr):
    rows = [row for row in host.ctl("fdb show lan0") if row["lladdr"] == addr]
    return rows and (rows[0]["port_name"], rows[0]["state"])

# locked

check("a port is open", (who_sees(g2, A, BROADCAST), place(A)), ({"g1", "g3"}, ("port2", "learned")))
host.run("bridge", "link", "set", "dev", "port2", "locked", "on")
check("locked is shown", (host.ctl("port show port2")[0]["locked"],
      json.loads(host.run("bridge", "-j", "-d", "link", "show", "dev", "port2"))[0]["locked"]), (True, True))
check("locked: what is known on the port comes in", who_sees(g2, A, BROADCAST), {"g1", "g3"})
before = host.drops("lan0").get("locked", 0)
check("what is not does not, and is not learned", (who_sees(g2, B, BROADCAST), place(B)), (set(), []))
check("which is counted", host.drops("lan0").get("locked", 0) - before, 1)
who_sees(g3, C, BROADCAST)
check("an address of another port neither comes in nor moves", (who_sees(g2, C, BROADCAST), place(C)), (set(), ("port3", "learned")))
host.ctl(f"fdb add {B} vnet lan0 dev port2")
check("until it is set", who_sees(g2, B, BROADCAST), {"g1", "g3"})
host.ctl("fdb flush lan0")
check("what was learned and is forgotten stays outside", (who_sees(g2, A, BROADCAST), who_sees(g2, B, BROADCAST)), (set(), {"g1", "g3"}))
host.ctl("port set vnet lan0 number %d locked on" % number)
check("a vnic's own address is known", who_sees(g1, g1.mac("eth0"), BROADCAST), {"g2", "g3"})
check("another one is not", who_sees(g1, A, BROADCAST), set())
host.ctl("port set vnet lan0 number %d locked off" % number)
host.ctl("port set port2 locked off")
check("unlocked: all comes in", (who_sees(g2, A, BROADCAST), place(A)), ({"g1", "g3"}, ("port2", "learned")))
host.ctl(f"fdb del {B} vnet lan0")

# What the link itself says: hostapd listens so on the port of a bridge, too

def listens(proto, dev="port2"):
    with host:
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.bind((dev, proto))
    sock.settimeout(0.3)
    return sock

def says(proto, group, sock, ns=g2):
    """Does the host hear a frame of the protocol to a link-local group, from an address that is new, and who else does?"""
    global serial
    serial += 1
    src = f"02:aa:00:01:00:{serial & 255:02x}"
    frame = ether(f"01:80:c2:00:00:0{group}", src, proto, b"frame %08d" % serial + bytes(40))
    wires[ns].send(frame)
    try:
        heard = any(sock.recv(2000) == frame for _ in range(9))
    except socket.timeout:
        heard = False
    return heard, {names[other] for other, wire in wires.items() if other is not ns and wire.frames(lambda seen: seen == frame, 1, 0.1)}

EAPOL, LLDP, SLOW, IPV4 = 0x888e, 0x88cc, 0x8809, 0x0800
for what, words in (("an open port", "locked off"), ("a locked one", "locked on"), ("one without room", "locked off fdb-max-learned 1 fdb-overflow drop")):
    host.ctl(f"port set port2 {words}")
    who_sees(g2, A, BROADCAST)
    for name, proto, group in (("802.1X", EAPOL, 3), ("LLDP", LLDP, "e"), ("a slow protocol", SLOW, 2)):
        sock = listens(proto)
        check(f"the host hears {name} by {what}, and nobody else", says(proto, group, sock), (True, set()))
        sock.close()
    before = host.drops("lan0").get("reserved-group", 0)
    sock = listens(IPV4)
    check("it gets no IP so", (says(IPV4, 3, sock), host.drops("lan0").get("reserved-group", 0) - before), ((False, set()), 1))
    sock.close()
host.ctl("port set port2 locked on fdb-max-learned 4096 fdb-overflow forward guard on")
BPDU = struct.pack("!HBB", 0, 2, 2) + bytes(32)
wires[g2].send(mac("01:80:c2:00:00:00") + mac("02:aa:00:01:01:01") + struct.pack("!H", 3 + len(BPDU)) + b"\x42\x42\3" + BPDU)
check("a BPDU reaches the guard of a locked port", soon(lambda: host.ctl("port show port2")[0].get("blocked_by"), "guard"), "guard")
sock = listens(EAPOL)
check("a port that is blocked hears 802.1X too", says(EAPOL, 3, sock), (True, set()))
sock.close()
host.ctl("port set port2 locked off guard off state forwarding")
host.ctl("link set lan0 vlan-filtering on")
sock = listens(EAPOL)
check("and one of a vnet that filters VLANs", says(EAPOL, 3, sock), (True, set()))
sock.close()
host.ctl("link set lan0 vlan-filtering off")

# What there is no room to learn

host.ctl("fdb flush lan0")
host.ctl("port set port2 fdb-max-learned 2 fdb-overflow drop")
check("as many as the bound", [who_sees(g2, mac_, BROADCAST) for mac_ in (A, B)], [{"g1", "g3"}] * 2)
before = host.drops("lan0").get("fdb-limit", 0)
check("fdb-overflow drop: no more come in", who_sees(g2, C, BROADCAST), set())
check("which is counted", host.drops("lan0").get("fdb-limit", 0) - before, 1)
who_sees(g3, C, BROADCAST)
check("nor does one move there", (who_sees(g2, C, BROADCAST), place(C)), (set(), ("port3", "learned")))
check("who is known passes", who_sees(g2, A, BROADCAST), {"g1", "g3"})
host.ctl("port set port2 fdb-overflow forward")
host.ctl("fdb flush lan0 dev port3")
check("fdb-overflow forward: they pass and are not learned", (who_sees(g2, C, BROADCAST), place(C)), ({"g1", "g3"}, []))
host.ctl("port set port2 fdb-max-learned 4096")

# Alarms

events = Events(host)

def alarms(count=1):
    return [(row["kind"], row["lladdr"], row["port_name"], row["other_port_name"], row["count"])
            for row in events.take(1.5, count, lambda event: event["event"] == "alarm")]

host.ctl("fdb flush lan0")
who_sees(g2, A, BROADCAST)
check("an address that is new is none to be told of", alarms(), [])
who_sees(g3, A, BROADCAST)
check("one that moves is", alarms(), [("lladdr-move", A, "port3", "port2", 1)])
time.sleep(1.1)
for _ in range(4):
    wires[g2].send(ether(BROADCAST, A, 0x88b5, bytes(50)))
    time.sleep(0.01)
    wires[g3].send(ether(BROADCAST, A, 0x88b5, bytes(50)))
    time.sleep(0.01)
check("two that have one address", sorted(row[:2] for row in alarms(2)), [("lladdr-duplicate", A), ("lladdr-move", A)])
time.sleep(1.1)
who_sees(g2, A, BROADCAST)
check("at most one a second, which says how many there were", [row[4] > 1 for row in alarms()], [True])
time.sleep(1.1)
check("a frame from a vnic's address", (who_sees(g3, g1.mac("eth0"), BROADCAST), alarms()),
      (set(), [("lladdr-duplicate", g1.mac("eth0"), "port3", "eth0", 1)]))
host.ctl(f"fdb add {B} vnet lan0 dev port2")
time.sleep(1.1)
check("one from an address that does not move", (who_sees(g3, B, BROADCAST), alarms()),
      ({"g1", "g2"}, [("lladdr-duplicate", B, "port3", "port2", 1)]))
host.ctl(f"fdb del {B} vnet lan0")

# Backup ports

host.run("bridge", "link", "set", "dev", "port2", "backup_port", "port3")
index = host.ifindex("port3")
check("a backup is shown", (host.ctl("port show port2")[0].get("backup_port"),
      json.loads(host.run("bridge", "-j", "-d", "link", "show", "dev", "port2"))[0].get("backup_port")), (index, "port3"))
host.ctl("fdb flush lan0")
who_sees(g2, A, BROADCAST)
who_sees(g1, C, BROADCAST)
check("with a carrier frames go to the port", who_sees(g1, C, A), {"g2"})
g2.run("ip", "link", "set", "eth0", "down")
check("without one to its backup, and nobody is forgotten", soon(lambda: (who_sees(g1, C, A), place(A)), ({"g3"}, ("port2", "learned"))),
      ({"g3"}, ("port2", "learned")))
check("a frame from the backup does not come back", who_sees(g3, B, A), set())
g2.run("ip", "link", "set", "eth0", "up")
check("with a carrier again to the port", soon(lambda: who_sees(g1, C, A), {"g2"}), {"g2"})
g2.run("ip", "link", "set", "eth0", "down")
check("once more to the backup", soon(lambda: who_sees(g1, C, A), {"g3"}), {"g3"})
host.ctl("port set port2 backup-port none")
check("which stands in no more: who is behind is forgotten", (place(A), host.ctl("port show port2")[0].get("backup_port")), ([], None))
g2.run("ip", "link", "set", "eth0", "up")
soon(lambda: host.ctl("port show port2")[0]["up"], True)
host.ctl("port set port2 backup-port port3")
who_sees(g2, A, BROADCAST)
with Flood(lambda turn: wires[g1].send(ether(A, C, 0x88b5, bytes(50)))):
    g2.run("ip", "link", "set", "eth0", "down")
    soon(lambda: host.ctl("port show port2")[0]["up"], False)
    host.run("ip", "link", "set", "port3", "nomaster")
    check("a backup that leaves is none", host.ctl("port show port2")[0].get("backup_port"), None)
    host.run("ip", "link", "set", "port3", "master", "lan0")
    host.ctl("port set port2 backup-port port3")
    host.run("ip", "link", "del", "lan0")
check("a vnet ends while frames go to a backup", host.ctl("link show"), [])
END
