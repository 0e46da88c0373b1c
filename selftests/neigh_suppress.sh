#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# neigh_suppress.sh: an ARP request or neighbour solicitation whose answer is known goes to its owner alone; who looks
# for a free address and who announces his own is heard by all; what contradicts an owner, and an owner who does not
# answer, is asked through all; with neigh_suppress and proxy_arp the switch answers.
#
#   g1: eth0 (vnic) ---+
#   g2: eth0 (vnic) ---+-- lan0 (mode private) in host
#   g3: eth0 --veth-- port3 (member) ---+
#
# The guests' own stacks are silent (noarp, no IPv6): all frames are made here.
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
	must ip -n "$guest" link set eth0 up arp off
done

play <<'END'
wires = {ns: ns.wire("eth0") for ns in (g1, g2, g3)}
names = {g1: "g1", g2: "g2", g3: "g3"}
macs = {ns: ns.mac("eth0") for ns in (g1, g2, g3)}
ports = {row["ifname"]: row["number"] for row in host.ctl("port show vnet lan0") if row["kind"] == "member"}
one, two = sorted(row["number"] for row in host.ctl("port show vnet lan0") if row["kind"] == "vnic")
three = ports["port3"]
NOBODY, ONE, TWO, THREE, FAR = "00:00:00:00:00:00", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.99"
SIX = {ns: f"fd00::{number}" for ns, number in ((g1, 1), (g2, 2), (g3, 3))}

def who_sees(sender, frame):
    """The guests that a frame reaches, when SENDER sends it."""
    for wire in wires.values():
        wire.flush()
    wires[sender].send(frame)
    time.sleep(0.05)
    seen = {names[ns]: wire.frames(lambda one: one[6:] == frame[6:], 1, 0.1) for ns, wire in wires.items() if ns is not sender}
    found = {name for name, frames in seen.items() if frames}
    # To its owner alone a question goes by his own MAC address, and else as it was sent.
    if any(frames[0] != frame for frames in seen.values() if frames):
        return {name if len(found) == 1 and not frames[0][0] & 1 else f"{name} changed"
                for name, frames in seen.items() if frames}
    return found

def arp(op, sender, own, target, target_mac=NOBODY, dst=BROADCAST, src=None):
    src = src or macs[sender]
    return ether(dst, src, ETH_P_ARP, arp4(op, src, own, target_mac, target)) + bytes(18)

def asks(sender, own, target, **options):
    return who_sees(sender, arp(1, sender, own, target, **options))

def asked_alone(sender, own, owner, target):
    """As asks(), and the owner gets it by his own MAC address."""
    for wire in wires.values():
        wire.flush()
    wires[sender].send(arp(1, sender, own, target))
    wanted = mac(macs[owner]) + arp(1, sender, own, target)[6:]
    return {names[ns] for ns, wire in wires.items() if ns is not sender and wire.frames(lambda one: one == wanted, 1, 0.2)}

def answers(owner, own, asker, addr, **options):
    return who_sees(owner, arp(2, owner, own, addr, macs[asker], macs[asker], **options))

def known():
    return {row.get("ipv4") or row["ipv6"]: (row["port_number"], row["state"]) for row in host.ctl("neigh show lan0")}

def icmp6(src, dst, body):
    head = socket.inet_pton(socket.AF_INET6, src) + socket.inet_pton(socket.AF_INET6, dst)
    total = csum(head + struct.pack("!II", len(body), 58) + body)
    body = body[:2] + struct.pack("!H", total) + body[4:]
    return struct.pack("!IHBB", 6 << 28, len(body), 58, 255) + head + body

def group_of(addr):
    tail = socket.inet_pton(socket.AF_INET6, addr)[13:]
    return "ff02::1:ff" + tail[:1].hex() + ":" + tail[1:].hex(), "33:33:ff:" + tail.hex(":")

def solicit(sender, own, target, lladdr=None, wrong=0, dst=None, option=True):
    group, mac_of_group = group_of(target)
    lladdr = lladdr or macs[sender]
    body = struct.pack("!BBHI", 135, 0, 0, 0) + socket.inet_pton(socket.AF_INET6, target)
    if option:
        body += b"\1\1" + mac(lladdr)
    packet = icmp6(own, group if dst is None else target, body)
    if wrong:
        packet = packet[:-1] + bytes([packet[-1] ^ wrong])
    return ether(dst or mac_of_group, macs[sender], 0x86dd, packet)

def advertise(sender, own, to=None, to_addr="ff02::1", flags=0x20, lladdr=None):
    body = struct.pack("!BBHI", 136, 0, 0, flags << 24) + socket.inet_pton(socket.AF_INET6, own) + b"\2\1" + \
        mac(lladdr or macs[sender])
    return ether(macs[to] if to else "33:33:00:00:00:01", macs[sender], 0x86dd, icmp6(own, to_addr, body))

# ARP, to the owner alone

check("a question about nobody known goes to all", asks(g1, ONE, TWO), {"g2", "g3"})
check("who asks is known", known(), {ONE: (one, "known")})
check("his answer goes to who asked", answers(g2, TWO, g1, ONE), {"g1"})
check("and who answers is known too", known(), {ONE: (one, "known"), TWO: (two, "known")})
check("a question about him goes to him alone, and is unicast", asked_alone(g1, ONE, g2, TWO), {"g2"})
check("from a member too", asks(g3, THREE, TWO), {"g2"})
check("he is asked again before he has answered: him alone", asks(g1, ONE, TWO), {"g2"})
check("and to a member", asks(g2, TWO, THREE), {"g3"})
answers(g2, TWO, g1, ONE)
check("who is behind a member answers: known", (answers(g3, THREE, g2, TWO), known()[THREE]), ({"g2"}, (three, "known")))

check("a probe for a free address is heard by all", who_sees(g3, arp(1, g3, "0.0.0.0", TWO)), {"g1", "g2"})
check("an announcement too", who_sees(g3, arp(1, g3, THREE, THREE)), {"g1", "g2"})
check("and one that is an answer", who_sees(g3, arp(2, g3, THREE, THREE, BROADCAST)), {"g1", "g2"})
check("a unicast question is no affair of the switch", asks(g3, THREE, TWO, dst=macs[g1]), {"g1"})
check("a probe makes nobody known", "0.0.0.0" in known(), False)
check("a question for a group address is flooded", asks(g1, ONE, "224.0.0.5"), {"g2", "g3"})
cut = arp(1, g1, ONE, TWO)[:14 + 27]
check("a question cut short is flooded", who_sees(g1, cut), {"g2", "g3"})
wrong = bytearray(arp(1, g1, ONE, TWO))
wrong[14 + 5] = 16
check("one of other lengths too", who_sees(g1, bytes(wrong)), {"g2", "g3"})
host.ctl("link set lan0 neigh-unicast off")
check("neigh-unicast off: all get all", (asks(g1, ONE, TWO), known()), ({"g2", "g3"}, {}))
host.ctl("link set lan0 neigh-unicast on")

# Owners that are silent, that lie, that move

def meet(forget=True):
    if forget:
        host.ctl("link set lan0 neigh-unicast off")
        host.ctl("link set lan0 neigh-unicast on")
    for ns, addr in ((g1, ONE), (g2, TWO), (g3, THREE)):
        who_sees(ns, arp(1, ns, addr, addr))
    check("all are known", [known().get(addr) for addr in (ONE, TWO, THREE)], [(one, "known"), (two, "known"), (three, "known")])

meet()
check("an owner is asked", asks(g1, ONE, TWO), {"g2"})
time.sleep(0.6)
check("he has not answered: the next question goes to all", asks(g1, ONE, TWO), {"g2", "g3"})
check("which is seen", known()[TWO], (two, "unanswered"))
answers(g2, TWO, g1, ONE)
check("when he does he is asked alone again", (asks(g1, ONE, TWO), known()[TWO]), ({"g2"}, (two, "known")))
answers(g2, TWO, g1, ONE)

events = Events(host)
check("somebody else says that the address is his", asks(g3, TWO, ONE), {"g1"})
check("he does not get it: all are asked", (known()[TWO], asks(g1, ONE, TWO)), ((two, "contested"), {"g2", "g3"}))
alarms = [event for event in events.take(1) if event["event"] == "alarm"]
check("there is an alarm", [(row["kind"], row["ipv4"], row["lladdr"], row["port_number"], row["other_lladdr"], row["other_port_number"])
      for row in alarms[:1]], [("addr-duplicate", TWO, macs[g3], three, macs[g2], two)])
answers(g2, TWO, g1, ONE)
time.sleep(3.2)
asks(g3, TWO, ONE)
check("the owner has spoken meanwhile: it stays his", known()[TWO], (two, "contested"))
time.sleep(3.2)
asks(g3, TWO, ONE)
check("an owner who does not defend it loses it", known()[TWO], (three, "known"))
check("not without an alarm", len([event for event in events.take(1, 1, lambda event: event["event"] == "alarm")]), 1)

host.ctl("fdb flush lan0")
check("an owner whose MAC address is forgotten is asked through all", asks(g1, ONE, THREE), {"g2", "g3"})
meet_again = [who_sees(ns, arp(1, ns, addr, addr)) for ns, addr in ((g3, THREE), (g2, TWO))]
check("and is known again when he speaks", asks(g1, ONE, THREE), {"g3"})
check("the MAC address moves: who has said nothing there is asked through all",
      (who_sees(g2, ether(BROADCAST, "02:aa:00:00:00:77", ETH_P_ARP, arp4(1, "02:aa:00:00:00:77", FAR, NOBODY, FAR))),
       asks(g1, ONE, FAR), who_sees(g3, ether(macs[g1], "02:aa:00:00:00:77", 0x88b5, bytes(50))), asks(g1, ONE, FAR)),
      ({"g1", "g3"}, {"g2"}, {"g1"}, {"g2", "g3"}))
lie = arp(1, g3, ONE, THREE, src="02:aa:00:00:00:55")
lie = mac(BROADCAST) + mac(macs[g3]) + lie[12:]
who_sees(g3, lie)
check("what somebody says of another MAC address is not believed", known()[ONE], (one, "known"))
g2.run("ip", "link", "set", "eth0", "down")
check("an owner whose netdev is down: all who can be", asks(g1, ONE, TWO), {"g3"})
g2.run("ip", "link", "set", "eth0", "up")
for number in (one, three):
    host.ctl(f"port set vnet lan0 number {number} isolated on")
check("isolated ports stay apart", asks(g1, ONE, THREE), {"g2"})
for number in (one, three):
    host.ctl(f"port set vnet lan0 number {number} isolated off")

# IPv6

host.ctl("fdb flush lan0")
check("IPv6: nobody is known", who_sees(g1, solicit(g1, SIX[g1], SIX[g2])), {"g2", "g3"})
check("the answer", who_sees(g2, advertise(g2, SIX[g2], g1, SIX[g1], 0x60)), {"g1"})
check("the owner is asked alone", who_sees(g3, solicit(g3, SIX[g3], SIX[g2])), {"g2"})
who_sees(g2, advertise(g2, SIX[g2], g3, SIX[g3], 0x60))
check("all three are known", {addr: known().get(addr) for addr in SIX.values()},
      {SIX[g1]: (one, "known"), SIX[g2]: (two, "known"), SIX[g3]: (three, "known")})
check("who looks for a free address is heard by all", who_sees(g3, solicit(g3, "::", SIX[g2], option=False)), {"g1", "g2"})
check("an announcement too", who_sees(g2, advertise(g2, SIX[g2])), {"g1", "g3"})
check("a wrong checksum: flooded", who_sees(g3, solicit(g3, SIX[g3], SIX[g2], wrong=1)), {"g1", "g2"})
check("a MAC address of another: flooded", who_sees(g3, solicit(g3, "fd00::77", SIX[g2], lladdr=macs[g1])), {"g1", "g2"})
check("and nobody is known by it", "fd00::77" in known(), False)
hops = solicit(g3, SIX[g3], SIX[g2])
check("from beyond the link: flooded", who_sees(g3, hops[:21] + b"\x40" + hops[22:]), {"g1", "g2"})
empty = solicit(g3, SIX[g3], SIX[g2], option=False)
check("without an option: flooded", who_sees(g3, empty), {"g1", "g2"})
body = struct.pack("!BBHI", 135, 0, 0, 0) + socket.inet_pton(socket.AF_INET6, SIX[g2]) + b"\1\0" + mac(macs[g3])
zero = ether(group_of(SIX[g2])[1], macs[g3], 0x86dd, icmp6(SIX[g3], group_of(SIX[g2])[0], body))
check("with an option of no length: flooded", who_sees(g3, zero), {"g1", "g2"})

# The switch answers

def answered(ns, want):
    frame = wires[ns].frame(want, 0.5)
    return frame

def is_reply(frame):
    return frame[12:14] == b"\x08\x06" and frame[20:22] == b"\0\2"

def is_advert(frame):
    return frame[12:14] == b"\x86\xdd" and frame[54] == 136

meet()
host.ctl(f"port set vnet lan0 number {three} neigh-suppress on")
check("neigh-suppress is shown", host.ctl("port show port3")[0]["neigh_suppress"], True)
question = arp(1, g1, ONE, THREE)
for wire in wires.values():
    wire.flush()
wires[g1].send(question)
reply = answered(g1, is_reply)
check("neigh-suppress: the switch answers for who is behind the port",
      reply and reply[:42], ether(macs[g1], macs[g3], ETH_P_ARP, arp4(2, macs[g3], THREE, macs[g1], ONE)))
check("who does not hear of it", wires[g3].silent(lambda frame: frame == question))
check("who is asked by him is asked himself", asks(g3, THREE, TWO), {"g2"})
answers(g2, TWO, g3, THREE)
check("a probe is not answered", who_sees(g1, arp(1, g1, "0.0.0.0", THREE)), {"g2", "g3"})
for flags, router in ((0x60, False), (0xe0, True)):
    who_sees(g3, advertise(g3, SIX[g3], g1, SIX[g1], flags))
    wires[g1].send(solicit(g1, SIX[g1], SIX[g3]))
    time.sleep(0.05)
    who_sees(g3, advertise(g3, SIX[g3], flags=flags))
    wires[g1].flush()
    wires[g1].send(solicit(g1, SIX[g1], SIX[g3]))
    reply = answered(g1, is_advert)
    expected = icmp6(SIX[g3], SIX[g1], struct.pack("!BBHI", 136, 0, 0, (0xc0 if router else 0x40) << 24) +
                     socket.inet_pton(socket.AF_INET6, SIX[g3]) + b"\2\1" + mac(macs[g3]))
    check(f"an advertisement with the right flags, of a {'router' if router else 'host'}", reply and reply[:86],
          ether(macs[g1], macs[g3], 0x86dd, expected))
who_sees(g3, solicit(g3, "fd00::33", "fd00::99"))
check("of whom it is not known whether he is a router: he is asked", who_sees(g1, solicit(g1, SIX[g1], "fd00::33")), {"g3"})
check("nor is answered who looks for a free address", who_sees(g1, solicit(g1, "::", SIX[g3], option=False)), {"g2", "g3"})
host.ctl("link set lan0 neigh-unicast off")
meet(forget=False)
wires[g1].flush()
wires[g1].send(question)
check("also where questions do not go to owners alone", bool(answered(g1, is_reply)))
host.ctl("link set lan0 neigh-unicast on")
host.ctl(f"port set vnet lan0 number {three} neigh-suppress off")
host.ctl(f"port set vnet lan0 number {one} proxy-arp on")
wires[g1].flush()
wires[g2].flush()
wires[g1].send(arp(1, g1, ONE, TWO))
check("proxy-arp: the switch answers who is behind the port", bool(answered(g1, is_reply)))
check("and nobody else hears of it", wires[g2].silent(lambda frame: frame[12:14] == b"\x08\x06"))
host.ctl(f"port set vnet lan0 number {one} proxy-arp off")
check("bridge(8) knows both", [(row["neigh_suppress"], "cannot" not in row) for row in
      json.loads(host.run("bridge", "-j", "-d", "link", "show", "dev", "port3"))], [(False, True)])
host.run("bridge", "link", "set", "dev", "port3", "neigh_suppress", "on")
check("and changes it", host.ctl("port show port3")[0]["neigh_suppress"], True)
host.run("ip", "link", "set", "port3", "type", "vnet_slave", "neigh_suppress", "off", "proxy_arp", "on")
check("so does ip", [host.ctl("port show port3")[0][key] for key in ("neigh_suppress", "proxy_arp")], [False, True])
host.run("ip", "link", "set", "port3", "type", "vnet_slave", "proxy_arp", "off")

# VLANs

host.ctl("link set lan0 vlan-filtering on")
host.ctl("vlan add vnet lan0 number %d vid 7" % one)
host.ctl("vlan add vnet lan0 number %d vid 7" % two)
host.ctl("vlan add vnet lan0 number %d vid 7" % three)
meet()
check("another VLAN is another network", who_sees(g1, tagged(arp(1, g1, ONE, TWO), 7)), {"g2", "g3"})
who_sees(g2, tagged(arp(1, g2, TWO, TWO), 7))
check("with owners of its own", who_sees(g1, tagged(arp(1, g1, ONE, TWO), 7)), {"g2"})
host.ctl(f"port set vnet lan0 number {one} proxy-arp on")
wires[g1].flush()
wires[g1].send(tagged(arp(1, g1, ONE, TWO), 7))
reply = wires[g1].frame(lambda frame: frame[12:14] == b"\x81\x00", 0.5)
check("the switch answers with the tag", reply and reply[:46],
      tagged(ether(macs[g1], macs[g2], ETH_P_ARP, arp4(2, macs[g2], TWO, macs[g1], ONE)), 7))
host.ctl(f"port set vnet lan0 number {one} proxy-arp off")
host.ctl("link set lan0 vlan-filtering off")

# Bounds, and the end

meet()
wires[g2].send(*[arp(1, g2, f"10.1.{n >> 8}.{n & 255}", FAR) for n in range(1300)])
check("a guest is known by so many addresses and no more",
      soon(lambda: len([1 for row in host.ctl("neigh show lan0") if row["port_number"] == two]), 1024), 1024)
check("others are known as before", asks(g2, TWO, ONE), {"g1"})
limits = [event for event in events.take(1) if event["event"] == "limit"]
check("there is an event", [(row["limit"], row["bound"], row["port_number"]) for row in limits[:1]], [("binding-port", 1024, two)])
with Flood(lambda turn: wires[g2].send(*[arp(1, g2, TWO, ONE), arp(2, g2, f"10.2.0.{turn % 250}", ONE, macs[g1])])):
    host.run("ip", "link", "set", "port3", "nomaster")
    g1.run("ip", "link", "del", "eth0")
    check("who is gone is forgotten", [row for row in host.ctl("neigh show lan0") if row["port_number"] in (one, three)], [])
    host.run("ip", "link", "del", "lan0")
END

# The gateway, which is known from the beginning, and real stacks.
lab
play <<'END'
far = g2.wire("eth0")
far.flush()
check("a guest reaches its gateway", pings(g1, "192.168.133.2"))
check("and nobody else hears its question", far.silent(lambda frame: frame[12:14] == b"\x08\x06"))
check("guests reach each other and the Internet", [pings(g1, "192.168.133.11"), pings(g1, "198.51.100.1"), pings(g2, "192.168.133.1")], [True] * 3)
events = Events(host)
g2.wire("eth0").send(ether(BROADCAST, g2.mac("eth0"), ETH_P_ARP, arp4(1, g2.mac("eth0"), "192.168.133.2", BROADCAST, "192.168.133.10")))
alarms = [event for event in events.take(1, 1, lambda event: event["event"] == "alarm")]
check("a guest that says it is the gateway is not believed", [(row["ipv4"], row["other_port_name"]) for row in alarms],
      [("192.168.133.2", "gateway")])
g1.run("ip", "neigh", "flush", "all")
check("the gateway is reached as before", pings(g1, "192.168.133.2"))
for ns in (g1, g2):
    ns.sysctl("ipv6/conf/eth0/disable_ipv6", 0)
    ns.run("ip", "-6", "addr", "add", f"fd00:133::{1 if ns is g1 else 2}/64", "dev", "eth0", "nodad")
check("IPv6 between guests", soon(lambda: "1 received" in g1.run("ping", "-6", "-c1", "-W1", "fd00:133::2", ok=False)))
END
