#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# mcast.sh: frames to groups go to the ports that want them, and to multicast routers: IGMP and MLD of each version,
# sources, leaving, queriers, router ports, VLANs, bounds, copies for each host, messages that lie; bridge(8) and vnetctl.
#
#   a: eth0 -- pa ---+
#   b: eth0 -- pb ---+-- sw0 in host
#   c: eth0 -- pc ---+
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

export a='' b='' c=''
setup_ns host a b c
must ip -n "$host" link add sw0 type vnet
for name in a b c; do
	in_ns "$host" <<-END
		link add p$name type veth peer name eth0 netns ${!name}
		link set p$name master sw0
		link set p$name up
	END
	must ip -n "${!name}" link set eth0 up
done
must ip -n "$host" link set sw0 up

play <<'END'
wires = {"a": a.wire("eth0"), "b": b.wire("eth0"), "c": c.wire("eth0")}
M = {"a": "02:aa:00:00:00:0a", "b": "02:aa:00:00:00:0b", "c": "02:aa:00:00:00:0c"}
IP = {"a": "192.0.2.10", "b": "192.0.2.11", "c": "192.0.2.12"}
LL = {"a": "fe80::a", "b": "fe80::b", "c": "fe80::c"}
IS_IN, IS_EX, TO_IN, TO_EX, ALLOW, BLOCK = 1, 2, 3, 4, 5, 6
ALERT = b"\x94\4\0\0"
G, G2, H, H2 = "239.1.1.1", "239.1.1.2", "ff15::1", "ff15::2"
S, S2, T, T2 = "198.51.100.1", "198.51.100.2", "2001:db8::1", "2001:db8::2"
raw4, raw6 = socket.inet_aton, lambda addr: socket.inet_pton(socket.AF_INET6, addr)
raw = lambda addr: raw6(addr) if ":" in addr else raw4(addr)
serial = 0

def group_mac(group):
    return "33:33:" + raw(group)[12:].hex(":") if ":" in group else mac_text(b"\1\0\x5e" + bytes([raw(group)[1] & 127]) + raw(group)[2:])

def igmp(who, dst, kind, code, body, **wrong):
    """An IGMP message; BODY is what follows the checksum."""
    data = struct.pack("!BBH", kind, code, 0) + body
    data = data[:2] + struct.pack("!H", wrong.get("check", csum(data))) + data[4:]
    packet = ip4(wrong.get("src", IP[who]), dst, 2, data, ttl=1, options=ALERT,
                 **{key: wrong[key] for key in ("total", "mf", "ihl") if key in wrong})
    return ether(group_mac(dst), M[who], 0x0800, packet)

def mld(who, dst, kind, code, body, **wrong):
    """The same for MLD, where BODY begins behind the checksum too."""
    src = wrong.get("src", LL[who])
    data = struct.pack("!BBH", kind, code, 0) + body
    sum6 = csum(raw(src) + raw(dst) + struct.pack("!IBBBB", len(data), 0, 0, 0, 58) + data)
    data = data[:2] + struct.pack("!H", wrong.get("check", sum6)) + data[4:]
    packet = struct.pack("!IHBB", 6 << 28, wrong.get("length", 8 + len(data)), 0, wrong.get("hops", 1)) + raw(src) + raw(dst) + \
        b"\x3a\0\5\2\0\0\1\0" + data
    return ether(group_mac(dst), M[who], 0x86dd, packet)

def records(entries, count=None):
    body = struct.pack("!HH", 0, len(entries) if count is None else count)
    for kind, group, *sources in entries:
        body += struct.pack("!BBH", kind, 0, len(sources)) + raw(group) + b"".join(raw(source) for source in sources)
    return body

def report(who, *entries, count=None, **wrong):
    """What IGMPv3 and MLDv2 send."""
    if ":" in entries[0][1]:
        return mld(who, "ff02::16", 143, 0, records(entries, count), **wrong)
    return igmp(who, "224.0.0.22", 0x22, 0, records(entries, count), **wrong)
def join(who, group, kind=0x16, **wrong):
    """What IGMPv1, IGMPv2 and MLDv1 send."""
    if ":" in group:
        return mld(who, group, 131, 0, bytes(4) + raw(group), **wrong)
    return igmp(who, group, kind, 0, raw(group), **wrong)
def leave(who, group):
    if ":" in group:
        return mld(who, "ff02::2", 132, 0, bytes(4) + raw(group))
    return igmp(who, "224.0.0.2", 0x17, 0, raw(group))
def query(who, group="", code=1, version=2, family=4, **more):
    """A query; CODE is in tenths of a second, also for MLD."""
    if family == 6 or ":" in group:
        tail = b"\2\x7d\0\0" if version == 3 else b""
        return mld(who, group or "ff02::1", 130, 0, struct.pack("!HH", code * 100, 0) + (raw(group) if group else bytes(16)) + tail, **more)
    tail = b"\2\x7d\0\0" if version == 3 else b""
    return igmp(who, group or "224.0.0.1", 0x11, code, (raw(group) if group else bytes(4)) + tail, **more)

def data(who, group, source=None):
    global serial
    serial += 1
    text = b"frame %08d" % serial + bytes(30)
    if ":" in group:
        udp = struct.pack("!HHH", 9, 9, 8 + len(text))
        check = csum(raw(source or T) + raw(group) + struct.pack("!IBBBB", 8 + len(text), 0, 0, 0, 17) + udp + b"\0\0" + text)
        packet = struct.pack("!IHBB", 6 << 28, 8 + len(text), 17, 8) + raw(source or T) + raw(group) + udp + \
            struct.pack("!H", check or 0xffff) + text
        return ether(group_mac(group), M[who], 0x86dd, packet)
    return ether(group_mac(group), M[who], 0x0800, udp4((source or S) + ":9", group + ":9", text))

def gets(frame, sender="a", others="bc"):
    """Who of the others gets a frame?"""
    for name in others:
        wires[name].flush()
    wires[sender].send(frame)
    time.sleep(0.02)
    return "".join(name for name in others if wires[name].frames(lambda seen: seen[14:] == frame[14:], 1, 0.25))
def send(*frames):
    for frame in frames:
        who = [name for name in M if mac(M[name]) == frame[6:12]][0]
        wires[who].send(frame)
def mdb(port=None):
    rows = [row for row in host.ctl("mdb show sw0") if row["group"].startswith(("239.", "ff15:", "01:"))]
    return sorted((row["port_name"], row["group"]) + ((row["source"],) if "source" in row else ()) for row in rows
                  if port in (None, row["port_name"]))
def drops(name, reason):
    rows = [row for row in host.ctl("stats show sw0") if row["port_name"] == name][0]
    return {row["name"]: row["packets"] for row in rows.get("drop", [])}.get(reason, 0)
def setting(words):
    host.ctl("link set sw0 " + words)

for name in "abc":
    send(ether(BROADCAST, M[name], 0x88b5, bytes(50)))
show = host.ctl("link show sw0")[0]
check("on, without a querier, as a bridge", [show["mcast_snooping"], show["mcast_querier"], show["mcast_igmp_version"]], [True, False, 2])

# Without a querier
send(join("b", G), join("b", H))
check("reports are noted", soon(mdb, [("pb", G), ("pb", H)]), [("pb", G), ("pb", H)])
check("without a querier all is flooded all the same", [gets(data("a", G)), gets(data("a", G2)), gets(data("a", H))], ["bc"] * 3)

# A querier
setting("mcast-query-response-intvl 100ms mcast-last-member-intvl 200ms")
check("a querier asks", gets(query("a")) + gets(query("a", family=6)), "bcbc")
time.sleep(0.5)
check("a group goes to who wants it, and to the router", [gets(data("c", G), "c", "ab"), gets(data("c", H), "c", "ab")], ["ab", "ab"])
check("not to others", [gets(data("a", G)), gets(data("a", H))], ["b", "b"])
check("a group that nobody wants goes to the router only", [gets(data("c", G2), "c", "ab"), gets(data("c", H2), "c", "ab"), gets(data("a", G2))],
      ["a", "a", ""])
check("which is counted", drops("pa", "mcast-unwanted") > 0)
check("all neighbours' groups go to all", [gets(data("a", "224.0.0.251")), gets(data("a", "ff02::1"))], ["bc", "bc"])
check("a report goes to routers only", [gets(join("b", G), "b", "ac"), gets(report("b", (TO_EX, H)), "b", "ac")], ["a", "a"])
check("and makes no entry of all neighbours' groups", [send(join("b", "224.0.0.251")), mdb()], [None, [("pb", G), ("pb", H)]])
check("broadcasts and other groups go to all", [gets(ether(BROADCAST, M["a"], 0x88b5, bytes(50))),
                                                gets(ether("01:02:03:04:05:06", M["a"], 0x88b5, bytes(50)))], ["bc", "bc"])

# Each version
for what, sent in (("IGMPv1", join("c", G2, 0x12)), ("IGMPv2", join("c", G2)), ("IGMPv3, change", report("c", (TO_EX, G2))),
                   ("IGMPv3, state", report("c", (IS_EX, G2))), ("MLDv1", join("c", H2)), ("MLDv2, change", report("c", (TO_EX, H2))),
                   ("MLDv2, state", report("c", (IS_EX, H2)))):
    group = H2 if what[0] == "M" else G2
    send(sent)
    check(f"{what}: joins", [soon(lambda: mdb("pc"), [("pc", group)]), gets(data("a", group))], [[("pc", group)], "c"])
    host.ctl("mdb flush sw0 dev pc")
host.ctl("mdb flush sw0")
for group, one, two in ((G, S, S2), (H, T, T2)):
    send(report("b", (ALLOW, group, one)))
    check(f"{group}: one source", [soon(lambda: mdb("pb"), [("pb", group, one)]), gets(data("a", group, one)), gets(data("a", group, two))],
          [[("pb", group, one)], "b", ""])
    send(report("b", (IS_IN, group, one, two)))
    check("one more", [soon(lambda: len(mdb("pb")), 2), gets(data("a", group, two))], [2, "b"])
    send(report("b", (TO_EX, group)))
    check("all", [soon(lambda: ("pb", group) in mdb("pb")), gets(data("a", group, "192.0.2.9" if group == G else "2001:db8::9"))], [True, "b"])
    many = [f"198.51.100.{n}" if group == G else f"2001:db8::{n:x}" for n in range(1, 60)]
    send(report("c", (ALLOW, group, *many)))
    check("too many sources are all", soon(lambda: mdb("pc"), [("pc", group)]), [("pc", group)])
    host.ctl("mdb flush sw0")

# What becomes of sources that are wanted (X) and excluded (Y): the tables of RFC 3376 6.4 and RFC 3810 7.4
def sources(group, port="pb"):
    rows = [row for row in host.ctl("mdb show sw0") if (row["port_name"], row["group"]) == (port, group)]
    named = lambda excluded: sorted(row["source"] for row in rows if "source" in row and bool(row.get("excluded")) == excluded)
    return (any("source" not in row for row in rows), named(False), named(True))
for group, some in ((G, [f"198.51.100.{n}" for n in range(5)]), (H, [f"2001:db8::{n + 1:x}" for n in range(5)])):
    pick = lambda numbers: [some[int(n)] for n in numbers]
    includes, excludes = ((IS_IN, "12"),), ((IS_IN, "12"), (IS_EX, "123"))
    for before, kind, name, named, after in (
            (includes, IS_IN, "IS_IN", "23", (False, "123", "")), (includes, IS_EX, "IS_EX", "23", (True, "2", "3")),
            (includes, ALLOW, "ALLOW", "3", (False, "123", "")), (includes, BLOCK, "BLOCK", "23", (False, "12", "")),
            (includes, TO_EX, "TO_EX", "23", (True, "2", "3")), (includes, TO_IN, "TO_IN", "23", (False, "123", "")),
            (excludes, IS_IN, "IS_IN", "34", (True, "1234", "")), (excludes, IS_EX, "IS_EX", "234", (True, "24", "3")),
            (excludes, ALLOW, "ALLOW", "3", (True, "123", "")), (excludes, BLOCK, "BLOCK", "24", (True, "124", "3")),
            (excludes, TO_EX, "TO_EX", "234", (True, "24", "3")), (excludes, TO_IN, "TO_IN", "34", (True, "1234", "")),
            (excludes, IS_EX, "IS_EX", "", (True, "", ""))):
        send(*(report("b", (first, group, *pick(these))) for first, these in before))
        soon(lambda: sources(group)[1], pick("12"))
        send(report("b", (kind, group, *pick(named))))
        wanted = (after[0], pick(after[1]), pick(after[2]))
        check(f"{group}: {'EXCLUDE' if before is excludes else 'INCLUDE'}, {name}", soon(lambda: sources(group), wanted), wanted)
        if (before, kind) == (excludes, BLOCK):
            check("what is excluded does not come, all else does", [gets(data("a", group, some[n])) for n in (1, 2, 3, 4, 0)], ["b", "b", "", "b", "b"])
        host.ctl("mdb flush sw0")
    # Times: of a source in EXCLUDE mode, and of the mode itself.
    for what, short, seen, long, after in (
            ("who has wanted it does not repeat it: excluded", (IS_IN, "1"), (False, "1", ""), (IS_EX, "1"), (True, "", "1")),
            ("nobody repeats that he wants all: what was wanted stays", (IS_EX, "12"), (True, "", "12"), (ALLOW, "2"), (False, "2", ""))):
        for interval, (kind, named), wanted in (("500ms", short, seen), ("260s", long, after)):
            setting("mcast-membership-intvl " + interval)
            send(report("b", (kind, group, *pick(named))))
            wanted = (wanted[0], pick(wanted[1]), pick(wanted[2]))
            found = soon(lambda: sources(group), wanted)
        check(f"{group}: {what}", found, wanted)
        host.ctl("mdb flush sw0")
    send(report("b", (IS_EX, group, some[1])), report("b", (IS_EX, group, *(f"198.51.100.{n}" if group == G else f"2001:db8::{n:x}" for n in range(1, 60)))))
    check("too many are not told apart", soon(lambda: sources(group), (True, [], [])), (True, [], []))
    host.ctl("port set pb fastleave on")
    send(report("b", (BLOCK, group, some[1])))
    check("fast leave excludes at once", soon(lambda: sources(group), (True, [], pick("1"))), (True, [], pick("1")))
    host.ctl("port set pb fastleave off")
    check("a host leaves, and with it what it has excluded", [send(report("b", (TO_IN, group)), query("a", group)), soon(mdb, [])], [None, []])
    host.ctl(f"mdb add sw0 dev pb grp {group} permanent")
    send(report("b", (IS_EX, group, some[1])), report("b", (BLOCK, group, some[1])))
    time.sleep(0.2)
    check("what was set for good excludes nobody", [sources(group), gets(data("a", group, some[1]))], [(True, [], []), "b"])
    host.ctl("mdb flush sw0")

# Leaving. The querier is elsewhere: it asks who is left, and who does not answer is.
send(join("b", G), join("b", H), leave("b", G), leave("b", H))
check("a host leaves, others may be left", [time.sleep(0.3), mdb("pb")], [None, [("pb", G), ("pb", H)]])
send(query("a", G), query("a", H))
check("nobody answers the querier", soon(mdb, []), [])
send(join("b", G), query("a", G), join("b", G))
check("somebody answers", [time.sleep(0.8), mdb("pb")], [None, [("pb", G)]])
send(query("a", G, version=3))
check("version 3 asks", soon(mdb, []), [])
host.ctl("port set pb fastleave on")
for what, first, last in (("IGMPv2", join("b", G), leave("b", G)), ("IGMPv3", report("b", (ALLOW, G, S)), report("b", (BLOCK, G, S))),
                          ("IGMPv3, mode", report("b", (TO_EX, G)), report("b", (TO_IN, G))), ("MLDv1", join("b", H), leave("b", H)),
                          ("MLDv2", report("b", (TO_EX, H)), report("b", (TO_IN, H)))):
    send(first)
    check(f"fast leave, {what}", [soon(lambda: len(mdb("pb")), 1), send(last), soon(mdb, [])], [1, None, []])
host.ctl("port set pb fastleave off")
setting("mcast-membership-intvl 500ms")
send(join("b", G), report("b", (ALLOW, H, T)))
check("reports that are not repeated are forgotten", [soon(lambda: len(mdb("pb")), 2), soon(mdb, [])], [2, []])
setting("mcast-membership-intvl 260s")

# Queriers of our own
def asked(who, want=lambda frame: True, patience=PATIENCE):
    return wires[who].frame(lambda frame: (frame[12:14] == b"\x08\x00" and frame[23] == 2 and frame[38] == 0x11 or
                                           frame[12:14] == b"\x86\xdd" and len(frame) > 62 and frame[62] == 130) and want(frame), patience)

is6 = lambda frame: frame[12] == 0x86
general = lambda frame: not any(frame[42:46])
setting("mcast-querier-intvl 500ms")
send(query("a"), query("a", family=6))
time.sleep(0.8)
wires["b"].flush()
host.run("ip", "addr", "add", "192.0.2.1/24", "dev", "sw0")
setting("mcast-querier on mcast-query-use-ifaddr on mcast-startup-query-intvl 1s mcast-query-intvl 1s")
first = asked("b", lambda frame: not is6(frame))
check("our own query", [first is not None and first.packet().src, first is not None and csum(first[38:46]), first is not None and first.packet().wrong],
      ["192.0.2.1", 0, []])
first = asked("b", is6)
check("of MLD", first is not None and (csum(first[22:54] + struct.pack("!IBBBB", len(first[62:]), 0, 0, 0, 58) + first[62:]), first[22:24].hex()), (0, "fe80"))
setting("mcast-igmp-version 3 mcast-mld-version 2")
check("of version 3 and 2", [asked("b", lambda frame: not is6(frame) and len(frame[38:]) >= 12 and frame[16:18] == b"\0\x24") is not None,
                             asked("b", lambda frame: is6(frame) and len(frame) == 90) is not None], [True, True])
setting("mcast-igmp-version 2 mcast-mld-version 1")
def tells(who):
    wires[who].flush()
    return asked(who, lambda frame: not is6(frame), 1.6) is not None
wires["a"].send(query("a", src="192.0.2.200"))
check("a higher address does not make us silent", tells("b"))
setting("mcast-querier-intvl 3s")
wires["a"].send(query("a", src="192.0.2.0"))
check("a lower one does", tells("b"), False)
check("until it is gone", soon(lambda: tells("b")))
send(join("b", G))
soon(lambda: mdb("pb"), [("pb", G)])
wires["b"].flush()
send(leave("b", G))
check("a host leaves: we ask who is left", asked("b", lambda frame: frame[42:46] == raw(G) and frame[30:34] == raw(G)) is not None)
check("and forget the group", soon(mdb, []), [])
send(join("b", H))
soon(lambda: mdb("pb"), [("pb", H)])
send(leave("b", H))
check("the same of MLD", [asked("b", lambda frame: is6(frame) and frame[70:86] == raw(H)) is not None, soon(mdb, [])], [True, []])

# The host, and sockets
def member(ns, group):
    with ns:
        sock = socket.socket(socket.AF_INET6 if ":" in group else socket.AF_INET, socket.SOCK_DGRAM)
        index = socket.if_nametoindex("sw0" if ns is host else "eth0")
    if ":" in group:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, raw(group) + struct.pack("I", index))
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, raw(group) + bytes(4) + struct.pack("i", index))
    sock.bind((group if ":" not in group else "::", 9))
    sock.settimeout(PATIENCE)
    return sock
setting("mcast-querier-intvl 255s")
for ns, name in ((c, "eth0"), (host, "sw0")):
    ns.run("sysctl", "-qw", f"net.ipv6.conf.{name}.accept_dad=0", f"net.ipv6.conf.{name}.disable_ipv6=0")
    soon(lambda: "fe80" in ns.run("ip", "-6", "addr", "show", "dev", name, "scope", "link"))
members = [member(host, G), member(c, G2), member(host, H), member(c, H2)]
expected = [("pc", G2), ("pc", H2), ("sw0", G), ("sw0", H)]
check("sockets join, of the host too", soon(mdb, expected), expected)
def comes(sock, group):
    send(data("a", group))
    try:
        return b"frame" in sock.recv(100)
    except socket.timeout:
        return False
check("and get what they want", [comes(members[0], G), comes(members[2], H)], [True, True])
check("nobody else does", [gets(data("a", G)), gets(data("a", H)), gets(data("a", G2)), gets(data("a", H2))], ["", "", "c", "c"])
setting("mcast-membership-intvl 2500ms")
check("who answers our queries stays", [time.sleep(3.5), mdb()], [None, expected])
setting("mcast-membership-intvl 260s")
for sock in members:
    sock.close()
check("sockets leave", soon(mdb, []), [])
for ns, name in ((c, "eth0"), (host, "sw0")):
    ns.run("sysctl", "-qw", f"net.ipv6.conf.{name}.disable_ipv6=1")
host.ctl("mdb flush sw0")

# Routers by hand, and ports that are never asked for any
check("no router", gets(data("a", G)), "")
host.ctl("port set pc mcast-router 2")
check("a router by hand", [gets(data("a", G)), gets(data("a", H))], ["c", "c"])
host.ctl("port set pc mcast-router 1")
check("no more", gets(data("a", G)), "")
setting("mcast-querier off")
host.ctl("port set pb mcast-router 0")
wires["b"].send(query("b", src="192.0.2.0"))
time.sleep(0.4)
check("a query from where no router can be is not believed", gets(data("a", G)), "bc")
host.ctl("port set pb mcast-router 1")
wires["b"].send(query("b", src="0.0.0.0"))
time.sleep(0.4)
check("one without an address is of a querier, but of no router", gets(data("a", G)), "")
setting("mcast-querier on")
time.sleep(0.3)

# Bounds
setting("mcast-hash-max 4")
host.ctl("port set pb mcast-max-groups 2")
send(*[join("b", f"239.9.9.{n}") for n in range(8)])
check("a port has no more groups than it may", soon(lambda: len(mdb("pb")), 2), 2)
check("which does not harm others", gets(data("a", G)), "")
host.ctl("port set pb mcast-max-groups 0")
setting("mcast-membership-intvl 2s")
send(*[join("c", f"239.9.8.{n}") for n in range(8)])
check("nor has a vnet", [soon(lambda: len(mdb()), 4), len(mdb())], [4, 4])
check("all is flooded then, because somebody was not noted", gets(data("a", "239.9.8.7")), "bc")
check("for a while", soon(lambda: gets(data("a", G)), ""), "")
setting("mcast-hash-max 4096 mcast-membership-intvl 260s")
host.ctl("mdb flush sw0")

# What lies is no message
before = drops("pb", "mcast-malformed")
lies = [
    ("IGMP checksum", join("b", G, check=1)), ("MLD checksum", join("b", H, check=1)), ("IGMP to a fragment", join("b", G, mf=True)),
    ("length of the packet", join("b", G, total=200)), ("no room for the message", join("b", G, total=26)),
    ("IGMPv3 with too many records", report("b", (TO_EX, G), count=3)), ("MLDv2 with too many records", report("b", (TO_EX, H), count=60000)),
    ("hop limit", join("b", H, hops=64)), ("foreign source", join("b", H, src="2001:db8::5")), ("query from a foreign source", query("b", family=6, src="2001:db8::5")),
    ("MLD that is longer than its packet", join("b", H, length=300)), ("a report of no group", igmp("b", G, 0x16, 0, raw("10.1.1.1"))),
    ("a query for no group", igmp("b", "224.0.0.1", 0x11, 1, raw("10.1.1.1"))), ("half a query", igmp("b", "224.0.0.1", 0x11, 1, bytes(6))),
    ("IGMPv3 whose sources are not there", igmp("b", "224.0.0.22", 0x22, 0, struct.pack("!HHBBH", 0, 1, ALLOW, 0, 65535) + raw(G))),
    ("IGMPv3 with auxiliary data that is not there", igmp("b", "224.0.0.22", 0x22, 0, struct.pack("!HHBBH", 0, 1, TO_EX, 255, 0) + raw(G))),
    ("a query with sources that are not there", igmp("b", "224.0.0.1", 0x11, 1, bytes(4) + b"\2\x7d\xff\xff"))]
for what, frame in lies:
    send(frame)
check("each lie dies", soon(lambda: drops("pb", "mcast-malformed") - before, len(lies)), len(lies))
check("and makes nothing", mdb(), [])
random = os.urandom(4096)
for n in range(400):
    good = (report("b", (TO_EX, G), (ALLOW, G2, S)), report("b", (TO_EX, H), (ALLOW, H2, T)), query("b", G, version=3), query("b", H, version=3))[n % 4]
    at = 14 + random[n] % (len(good) - 14)
    send(good[:at] + bytes([random[n + 1000]]) + good[at + 1:], good[:at])
# By chance a query of it was good: it is no longer known who has sent it.
host.ctl("port set pb mcast-router 1")
check("nothing else comes of noise", [row for row in mdb() if row[1] not in (G, G2, H, H2)], [])
host.ctl("mdb flush sw0")

# By hand
def refuses(words, why):
    with host:
        done = subprocess.run(["vnetctl", *words.split()], capture_output=True, text=True)
    return done.returncode == 2 and why in done.stderr or done.stderr
host.ctl("mdb add sw0 dev pb grp 239.1.1.1 permanent")
host.ctl("mdb add sw0 dev pc grp 239.1.1.1 src 198.51.100.1 permanent")
host.ctl("mdb add sw0 dev pc grp ff15::1")
host.ctl("mdb add sw0 dev pc grp 01:02:03:04:05:06 permanent")
expected = [("pb", G), ("pc", "01:02:03:04:05:06"), ("pc", G, S), ("pc", H)]
check("by hand", mdb(), expected)
check("and so it goes", [gets(data("a", G, S)), gets(data("a", G, S2)), gets(data("a", H)), gets(ether("01:02:03:04:05:06", M["a"], 0x88b5, bytes(50)))],
      ["bc", "b", "c", "c"])
for words, why in (("mdb add sw0 dev pb grp 239.1.1.1", "pb is in the group already"), ("mdb del sw0 dev pa grp 239.1.1.1", "pa is not in the group"),
                   ("mdb add sw0 dev pb grp 224.0.0.251", "go to everybody"), ("mdb add sw0 dev pb grp 239.1.1.1 src 2001:db8::1", "of another protocol")):
    check(f"refused: {words}", refuses(words, why))
send(leave("b", G))
host.ctl("port set pb fastleave on")
send(leave("b", G))
check("what was set stays", [time.sleep(0.3), mdb("pb")], [None, [("pb", G)]])
host.ctl("mdb flush sw0 permanent off")
check("a flush of what was not", mdb(), [("pb", G), ("pc", "01:02:03:04:05:06"), ("pc", G, S)])
host.ctl("mdb del sw0 dev pc grp 239.1.1.1 src 198.51.100.1")
host.ctl("mdb flush sw0 dev pb")
check("of a port", mdb(), [("pc", "01:02:03:04:05:06")])
host.ctl("mdb flush sw0")

# Copies for each host: d and e are behind pb too
for n, name in enumerate("de"):
    M[name], IP[name], LL[name], wires[name] = f"02:aa:00:00:00:0{name}", f"192.0.2.{13 + n}", f"fe80::{name}", wires["b"]
def copies(frame, sender="a", most=40):
    """To which addresses does it come behind pb?"""
    wires["b"].flush()
    wires[sender].send(frame)
    time.sleep(0.02)
    return sorted(mac_text(bytes(seen[:6])) for seen in wires["b"].frames(lambda seen: seen[14:] == frame[14:], most, 0.3))
def to_unicast(on):
    host.ctl(f"port set pb mcast-to-unicast {on}")
known = lambda count, port="pb": soon(lambda: len(mdb(port)), count)
each = lambda names: sorted(M[name] for name in names)
send(join("b", G))
known(1)
to_unicast("on")
send(join("d", G))
time.sleep(0.1)
check("who has reported before is not known: the frame as it is", copies(data("a", G)), [group_mac(G)])
host.ctl("mdb flush sw0")
for group, kind in ((G, "IGMPv2"), (H, "MLDv1")):
    send(join("b", group))
    check(f"{kind}: a host gets its copy", [known(1), copies(data("a", group))], [1, each("b")])
    send(report("d", (TO_EX, group)), join("e", group), join("c", group))
    check("each of them does", [known(1, "pc"), time.sleep(0.1), copies(data("a", group))], [1, None, each("bde")])
    check("another port gets the frame as it is", [bytes(wires["c"].frame(lambda seen: seen == frame)[:6]).hex(":") for frame in (data("a", group),)
                                                   if not send(frame)], [group_mac(group)])
    send(leave("e", group), join("b", group), join("d", group))
    check("a host leaves, which ends its copies", soon(lambda: copies(data("a", group)), each("bd")), each("bd"))
    check("and not the port", mdb("pb"), [("pb", group)])
    host.ctl("port set pb fastleave on")
    send(leave("d", group))
    check("fast leave: at once, and others stay", [time.sleep(0.05), copies(data("a", group)), mdb("pb")], [None, each("b"), [("pb", group)]])
    send(leave("b", group))
    check("the last one takes the port with it", soon(lambda: mdb("pb"), []), [])
    host.ctl("port set pb fastleave off")
    host.ctl("mdb flush sw0")
for group, one, two in ((G, S, S2), (H, T, T2)):
    send(report("b", (ALLOW, group, one)))
    check(f"{group}: of a source that is wanted", [known(1), copies(data("a", group, one)), copies(data("a", group, two), most=1)], [1, each("b"), []])
    host.ctl("mdb flush sw0")
setting("mcast-membership-intvl 1500ms")
send(join("e", G))
known(1)
setting("mcast-membership-intvl 260s")
send(join("b", G))
check("who does not report again is forgotten", [copies(data("a", G)), time.sleep(1.6), copies(data("a", G))], [each("be"), None, each("b")])
host.ctl("port set pb mcast-router 2")
check("a router gets it as it is", copies(data("a", G)), [group_mac(G)])
host.ctl("port set pb mcast-router 1")
check("the sender gets none, nor does anybody by the port that it came in through", copies(data("d", G), "d", 1), [])
host.ctl("port set pb hairpin on")
send(join("d", G))
time.sleep(0.1)
check("but for a hairpin, and the sender still", copies(data("d", G), "d"), each("b"))
host.ctl("port set pb hairpin off")
for words in ("permanent", ""):
    host.ctl("mdb flush sw0")
    host.ctl(f"mdb add sw0 dev pb grp {G} {words}")
    send(join("b", G))
    time.sleep(0.1)
    check(f"set by hand, {words or 'for a time'}: nobody has said for whom", copies(data("a", G)), [group_mac(G)])
host.ctl("mdb flush sw0")
for n in range(33):
    frame = join("b", G)
    send(frame) if n == 0 else wires["b"].send(frame[:6] + mac(f"02:bb:00:00:00:{n:02x}") + frame[12:])
    if n == 31:
        time.sleep(0.2)
        check("32 hosts", len(copies(data("a", G))), 32)
time.sleep(0.1)
check("more hosts than are told apart", copies(data("a", G)), [group_mac(G)])
check("is shown", ["mcast_to_unicast on" in host.run("bridge", "-d", "link", "show", "dev", "pb"),
                   "mcast_to_unicast on" in host.run("ip", "-d", "link", "show", "pb"), host.ctl("-d port show pb")[0]["mcast_to_unicast"]], [True, True, True])
host.run("bridge", "link", "set", "dev", "pb", "mcast_to_unicast", "off")
check("off", copies(data("a", G)), [group_mac(G)])
host.ctl("mdb flush sw0")

# ip(8)
host.run("ip", "link", "set", "sw0", "type", "vnet", "mcast_last_member_count", "3", "mcast_hash_max", "500")
host.run("ip", "link", "set", "pb", "type", "vnet_slave", "fastleave", "on", "mcast_router", "1", "mcast_max_groups", "7")
check("ip link", ["mcast_last_member_count 3" in host.run("ip", "-d", "link", "show", "sw0"), "mcast_snooping 1" in host.run("ip", "-d", "link", "show", "sw0"),
                  "mcast_max_groups 7" in host.run("ip", "-d", "link", "show", "pb"), host.ctl("link show sw0")[0]["mcast_hash_max"]], [True, True, True, 500])
host.ctl("port set pb mcast-max-groups 0")

# Who listens
events = Events(host)
with host:
    monitor = subprocess.Popen(["bridge", "monitor", "mdb"], stdout=subprocess.PIPE)
os.set_blocking(monitor.stdout.fileno(), False)
said = ""
def hears(what):
    global said
    try:
        said += os.read(monitor.stdout.fileno(), 1 << 16).decode()
    except BlockingIOError:
        pass
    return what in said
check("bridge monitor mdb", [soon(lambda: (send(report("b", (TO_EX, G))), host.ctl("mdb flush sw0"), hears(f"port pb grp {G}"))[2]), hears("Deleted")],
      [True, True])
monitor.kill()
send(report("b", (ALLOW, H, T)))
found = events.take(PATIENCE, 1, lambda event: event["event"] == "mdb_new" and event.get("source") == T)
check("vnetctl monitor", [[event["port_name"], event["group"]] for event in found], [["pb", H]])
host.ctl("mdb flush sw0")
del events

# bridge(8), where the kernel asks a netdev
def bridge(*words):
    with host:
        done = subprocess.run(["bridge", *words], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else done.stderr.strip()
if tuple(int(n) for n in os.uname().release.split(".")[:2]) >= (6, 8):
    check("bridge mdb add", [bridge("mdb", "add", "dev", "sw0", "port", "pb", "grp", G, "permanent"),
                             bridge("mdb", "add", "dev", "sw0", "port", "pc", "grp", H, "src", T, "temp"), mdb()], ["", "", [("pb", G), ("pc", H, T)]])
    rows = json.loads(bridge("-j", "-d", "mdb", "show", "dev", "sw0"))[0]
    check("show", sorted((row["port"], row["grp"], row.get("src", ""), row["state"], row["filter_mode"]) for row in rows["mdb"] if row["grp"] in (G, H)),
          [("pb", G, "", "permanent", "exclude"), ("pc", H, "", "temp", "include"), ("pc", H, T, "temp", "include")])
    host.ctl("port set pc mcast-router 2")
    check("routers", [row["port"] for row in json.loads(bridge("-j", "-d", "mdb", "show", "dev", "sw0"))[0]["router"]["sw0"]], ["pc"])
    check("refused", ["pb is in the group already" in bridge("mdb", "add", "dev", "sw0", "port", "pb", "grp", G, "permanent"),
                      "no port of vnet sw0" in bridge("mdb", "add", "dev", "sw0", "port", "lo", "grp", G)], [True, True])
    check("del", [bridge("mdb", "del", "dev", "sw0", "port", "pb", "grp", G), bridge("mdb", "del", "dev", "sw0", "port", "pc", "grp", H, "src", T), mdb()],
          ["", "", []])
    send(report("b", (IS_IN, G, S)), report("b", (IS_EX, G, S, S2)))
    soon(lambda: sources(G), (True, [S], [S2]))
    rows = json.loads(bridge("-j", "-d", "-s", "mdb", "show", "dev", "sw0"))[0]["mdb"]
    whole = [row for row in rows if row["grp"] == G and "src" not in row][0]
    check("sources are listed, what is excluded without a time", [whole["filter_mode"], sorted((each["address"], each["timer"] == "0.00") for each in whole["source_list"])],
          ["exclude", [(S, False), (S2, True)]])
    check("and each by itself", sorted((row["src"], "blocked" in row["flags"]) for row in rows if row["grp"] == G and "src" in row), [(S, False), (S2, True)])
    check("del takes all that was reported", [bridge("mdb", "del", "dev", "sw0", "port", "pb", "grp", G), mdb()], ["", []])
    check("bridge link", [bridge("link", "set", "dev", "pc", "mcast_router", "1", "fastleave", "on"),
                          host.ctl("-d port show pc")[0]["mcast_router"], host.ctl("-d port show pc")[0]["fast_leave"]], ["", 1, True])
    host.ctl("port set pc fastleave off")
host.ctl("port set pb fastleave off")

# VLANs
host.ctl("link set sw0 vlan-filtering on")
bridge("vlan", "add", "dev", "pa", "vid", "10")
bridge("vlan", "add", "dev", "pb", "vid", "10", "pvid", "untagged")
bridge("vlan", "add", "dev", "pc", "vid", "10")
setting("mcast-querier off")
setting("mcast-querier on")
time.sleep(0.3)
send(join("b", G))
in_vlan = lambda: [(row["port_name"], row["vlan"]) for row in host.ctl("mdb show sw0") if row["group"] == G]
check("a report is of its VLAN", soon(in_vlan, [("pb", 10)]), [("pb", 10)])
send(tagged(join("c", G), 10))
check("with a tag, too", soon(in_vlan, [("pb", 10), ("pc", 10)]), [("pb", 10), ("pc", 10)])
def seen(frame, sent, names="bc"):
    for name in names:
        wires[name].flush()
    wires["a"].send(sent)
    time.sleep(0.02)
    return "".join(name for name in names if wires[name].frames(lambda got: got.endswith(frame[14:]), 1, 0.25))
frame = data("a", G)
check("it is pruned in its VLAN", [seen(frame, tagged(frame, 10)), seen(frame, frame)], ["bc", ""])
wires["c"].flush()
check("who wants groups is asked in his VLAN", wires["c"].frame(lambda got: got[12:16] == b"\x81\0\0\x0a" and got[16:18] == b"\x08\0" and got[42] == 0x11) is not None)
host.ctl("mdb flush sw0 dev pc")
host.ctl("port set pc mcast-to-unicast on")
send(tagged(join("c", G), 10))
soon(in_vlan, [("pb", 10), ("pc", 10)])
frame = data("a", G)
wires["c"].flush()
wires["a"].send(tagged(frame, 10))
check("copies too are tagged", bytes(wires["c"].frame(lambda got: got.endswith(frame[14:]))[:16]).hex(),
      bytes(tagged(mac(M["c"]) + frame[6:], 10)[:16]).hex())
host.ctl("port set pc mcast-to-unicast off")
bridge("vlan", "del", "dev", "pc", "vid", "10")
check("a port that leaves the VLAN is forgotten in it", soon(in_vlan, [("pb", 10)]), [("pb", 10)])
host.ctl("link set sw0 vlan-filtering off")
check("what was learned of VLANs is forgotten with them", in_vlan(), [])

# Off, and an end amid of it
send(join("b", G), join("b", H))
soon(lambda: len(mdb("pb")), 2)
setting("mcast-snooping off")
check("off: forgotten, and flooded", [mdb(), gets(data("a", G)), gets(data("a", G2))], [[], "bc", "bc"])
setting("mcast-snooping on")
wires["b"].flush()
check("on again: asked at once", asked("b") is not None)
check("reports while it is taken down", soon(lambda: (send(join("b", G)), mdb("pb"))[1], [("pb", G)]), [("pb", G)])
noise = [lambda turn: wires["b"].send(join("b", f"239.{turn >> 8 & 255}.{turn & 255}.1")),
         lambda turn: wires["c"].send(query("c", G, version=3), query("c"), leave("c", f"239.{turn >> 8 & 255}.{turn & 255}.1")),
         lambda turn: wires["a"].send(data("a", f"239.{turn >> 8 & 255}.{turn & 255}.1"))]
with Flood(*noise):
    for n in range(8):
        setting(f"mcast-querier {'on' if n & 1 else 'off'}")
        host.ctl(f"mdb flush sw0 dev {'pb' if n & 1 else 'pc'}")
        host.run("ip", "link", "set", "pb", "nomaster")
        host.run("ip", "link", "set", "pb", "master", "sw0")
        to_unicast("on")
        setting(f"mcast-snooping {'on' if n & 1 else 'off'}")
    host.run("ip", "link", "del", "sw0")
check("a vnet ends amid of it", host.ctl("link show"), [])
END
