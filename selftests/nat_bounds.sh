#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# nat_bounds.sh: sessions of a vnet and of a port, mappings and external ports are bounded. Who hits a bound hears of it
# by ICMP (RFC 6888 REQ-11), so do listeners; live sessions go on, other guests too. The network is lab().
# timeout: 300
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
play <<'END'
guest, twin, remote = raw_guest(g1, "192.168.133.77"), raw_guest(g2, "192.168.133.88"), raw_remote()
one, two = sorted(row["number"] for row in host.ctl("port show vnet vmnet8") if row["kind"] == "vnic")
events = Events(host)
serial = 0

def flows(peer, addr, ports, remotes=("198.51.100.9",), mark=b"x"):
    """Which of these flows leave? Returns their number and the ICMP codes of the others."""
    remote.wire.flush()
    peer.wire.flush()
    sent = [udp4(f"{addr}:{port}", f"{to}:7", mark) for port in ports for to in remotes]
    for at in range(0, len(sent), 100):
        peer.send(*sent[at:at + 100])
        time.sleep(0.01)
    time.sleep(0.2)
    # By bytes, not as packets: there are thousands.
    left = len(remote.wire.frames(lambda frame: is_ip(frame) and frame[23] == UDP and frame[30:33] == b"\xc6\x33\x64", 20000, 0.3))
    errors = {(frame[34], frame[35]) for frame in peer.wire.frames(lambda frame: is_ip(frame) and frame[23] == ICMP, 20000, 0.1)}
    return left, errors

def use():
    row = host.ctl("nat show vmnet8")[0]
    return row["n_sessions"], row["n_mappings"]

def limits(limit):
    """The bound that an event about LIMIT tells; events about others may have been on their way before."""
    return [event["bound"] for event in events.take(2, 1, lambda event: event.get("limit") == limit)]

me, other = "192.168.133.77", "192.168.133.88"
refused = {(3, 1)}
host.ctl("nat set vmnet8 sessions 10")
check("ten sessions, no more", (flows(guest, me, range(25000, 25020)), use()), ((10, refused), (10, 10)))
check("an event says so", limits("session"), [10])
check("those that are there go on", flows(guest, me, range(25000, 25010)), (10, set()))
check("another guest gets none either", flows(twin, other, [25500]), (0, refused))
host.ctl("session flush vmnet8")
host.ctl("nat set vmnet8 sessions 65536")

host.ctl(f"port set vnet vmnet8 number {one} max-sessions 5")
check("five sessions for a port", flows(guest, me, range(26000, 26020)), (5, refused))
check("an event says so", limits("session-port"), [5])
check("another guest is not touched", flows(twin, other, range(26500, 26520)), (20, set()))
host.ctl(f"port set vnet vmnet8 number {one} max-sessions 16384")
host.ctl("session flush vmnet8")

host.ctl("nat set vmnet8 mappings 3")
check("three mappings", flows(guest, me, range(27000, 27010)), (3, refused))
check("an event says so", limits("mapping"), [3])
check("with any number of remotes", flows(guest, me, range(27000, 27003), ["198.51.100.%d" % n for n in range(10, 20)]), (30, set()))
host.ctl("nat set vmnet8 mappings 65536")
host.ctl("session flush vmnet8")

# All ports of the address: 14536 less those that rest after the acts above (RFC 6888 REQ-8).
host.ctl("nat set vmnet8 timeout hold-down 0s")
ports = 10000 + 65536 - 61000
resting = 10 + 5 + 20 + 3
left, _ = flows(guest, me, range(1, 7301))
check("7300 endpoints of a guest have a port each", left, 7300)
left, errors = flows(twin, other, range(1, 7301))
check_in("then the ports of the address are used to the last", left + 7300, ports - resting, ports)
check("who gets none hears of it", errors, refused)
check("an event says so", limits("nat-ports"), [ports])
check("the counts are right", use(), (left + 7300, left + 7300))
externals = [row["external_port"] for row in host.ctl("nat mapping vmnet8")]
check("no port is given twice", len(set(externals)), len(externals))
check("TCP has its own", (guest.exchange(tcp4(f"{me}:25000", "198.51.100.9:80", SYN), remote, lambda packet: packet.proto == TCP) or
      guest).__class__.__name__, "Packet")
host.ctl(f"session flush vmnet8 guest {other}")
check("a flush of one guest makes room", flows(guest, me, range(30000, 30050))[0], 50)
host.ctl("session flush vmnet8")
check("nothing is left", use(), (0, 0))

# Neighbours of the gateway: a guest that claims many addresses.
host.ctl("link add big0 mode nat addr 172.16.0.1/16 host-adapter off")
host.run("ip", "link", "add", "eth1", "link", "big0", "netns", g2.name, "type", "vnic")
g2.run("ip", "link", "set", "eth1", "up")
wire, own = g2.wire("eth1"), g2.mac("eth1")
events.take(0)
for block in range(18):
    wire.send(*[ether(BROADCAST, own, ETH_P_ARP, arp4(1, own, f"172.16.{1 + block}.{n}", BROADCAST, "172.16.0.2")) for n in range(256)])
    time.sleep(0.02)
check("neighbours of the gateway are bounded too", limits("neighbour"), [4096])
check("and known ones are served", ask_arp(wire, own, "172.16.1.1", "172.16.0.2") is not None)
END
