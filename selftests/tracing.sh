#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tracing.sh: every tracepoint tells what was decided, with the fields that docs/tracing.md names. The list of tracepoints
# comes from the kernel: a new one fails this until it is provoked here. The network is lab(), and
#
#   far: e3, e4 --veth-- p3, p4 (members of vmnet8)
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
setup_ns far
in_ns "$host" <<-END
	link add p3 type veth peer name e3 netns $far
	link add p4 type veth peer name e4 netns $far
	link set p3 master vmnet8
	link set p4 master vmnet8
	link set p3 up
	link set p4 up
END
for dev in e3 e4; do
	must ip -n "$far" link set $dev up arp off
done

export DOCS=$selftests/../docs/tracing.md
play <<'END'
tracing = "/sys/kernel/tracing/"
guest, twin, remote = raw_guest(g1, "192.168.133.77"), raw_guest(g2, "192.168.133.88"), raw_remote()
e3, e4 = far.wire("e3"), far.wire("e4")
A, B, GROUP = "02:aa:00:00:00:0a", "02:aa:00:00:00:0b", "03:00:00:00:00:07"
vnet = host.ifindex("vmnet8")
port = {row["ifname"]: row["number"] for row in host.ctl("port show vnet vmnet8") if row["kind"] == "member"}
vnic = dict(zip((g1, g2), sorted(row["number"] for row in host.ctl("port show vnet vmnet8") if row["kind"] == "vnic")))
frame = lambda dst, src: ether(dst, src, 0x88b5, bytes(50))
ask = lambda own, addr, target: ether(BROADCAST, own, ETH_P_ARP, arp4(1, own, addr, "00:00:00:00:00:00", target))

def put(path, text):
    with open(tracing + path, "w", encoding="ascii") as file:
        file.write(text)

def lines(event):
    with open(tracing + "trace", encoding="ascii", errors="replace") as file:
        return [line.split(f" {event}: ", 1)[1].strip() for line in file if f" {event}: " in line]

def told(event, provoke, fields):
    """What the tracepoint says when something is done: all of FIELDS in one line."""
    put("trace", "")
    put(f"events/vnet/{event}/enable", "1")
    provoke()
    wanted = fields.split()
    found = soon(lambda: any(all(field in line.split() for field in wanted) for line in lines(event)), patience=5)
    put(f"events/vnet/{event}/enable", "0")
    return found or lines(event)[:5]

def move():
    e3.send(frame(BROADCAST, A))
    soon(lambda: any(row["lladdr"] == A and row["port_name"] == "p3" for row in host.ctl("fdb show vmnet8")))
    e4.send(frame(BROADCAST, A))

def age():
    e3.send(frame(BROADCAST, B))
    soon(lambda: any(row["lladdr"] == B for row in host.ctl("fdb show vmnet8")))
    host.ctl("link set vmnet8 ageing-time 1")

def storm():
    host.ctl("port set p3 storm-broadcast 1")
    e3.send(*[frame(BROADCAST, B)] * 5)

def answered():
    host.ctl(f"port set vnet vmnet8 number {vnic[g2]} neigh-suppress on")
    twin.wire.send(ask(twin.own, "192.168.133.88", "192.168.133.200"))
    guest.wire.send(ask(guest.own, "192.168.133.77", "192.168.133.88"))

def turned():
    twin.wire.send(ask(twin.own, "192.168.133.88", "192.168.133.200"))
    guest.wire.send(ask(guest.own, "192.168.133.77", "192.168.133.88"))

def to_group():
    host.ctl(f"mdb add vmnet8 dev p4 grp {GROUP} permanent")
    e3.send(frame(GROUP, B))

outside = lambda packet: packet.dst == "198.51.100.9"
def out():
    guest.send(udp4("192.168.133.77:25000", "198.51.100.9:7"))

def back():
    out()
    seen = remote.packet(outside)
    remote.send(udp4("198.51.100.9:7", f"203.0.113.2:{seen.sport}"))

NAT = "proto=17 192.168.133.77:25000 > 198.51.100.9:7 becomes"
SESSION = f"vnet={vnet} proto=17 internal=192.168.133.77:25000 remote=198.51.100.9:7"
EVENTS = (
    ("vnet_input", lambda: e3.send(frame(A, B)), f"dev=p3 port={port['p3']} len=64"),
    ("vnet_flood", lambda: e3.send(frame(BROADCAST, B)), f"dev=p3 port={port['p3']} src={B} dst={BROADCAST} vid=0 len=64"),
    ("vnet_forward", lambda: e3.send(frame(guest.own, B)), f"dev=p3 to_dev=eth0 to_port={vnic[g1]} src={B} dst={guest.own} vid=0 len=64"),
    ("vnet_deliver", lambda: e3.send(frame(guest.own, B)), f"dev=p3 port={port['p3']} to_dev=eth0 to_port={vnic[g1]} len=64"),
    ("vnet_group", to_group, f"dev=p3 port={port['p3']} src={B} dst={GROUP} vid=0"),
    ("vnet_drop", lambda: e3.send(frame("01:80:c2:00:00:04", B)), f"dev=p3 port={port['p3']} reason=reserved-group protocol=0x88b5"),
    ("vnet_fdb_add", lambda: (host.ctl("fdb flush vmnet8"), e3.send(frame(BROADCAST, B))), f"vnet={vnet} dev=p3 port={port['p3']} addr={B} vid=0 state=learned"),
    ("vnet_fdb_move", move, f"vnet={vnet} dev=p3 to_dev=p4 to_port={port['p4']} addr={A} state=learned"),
    ("vnet_alarm", move, f"vnet={vnet} kind=lladdr-move lladdr={A} dev=p4 other_dev=p3"),
    ("vnet_fdb_age", age, f"vnet={vnet} dev=p3 addr={B} vid=0 state=learned"),
    ("vnet_fdb_del", lambda: (e3.send(frame(BROADCAST, B)), soon(lambda: B in str(host.ctl("fdb show vmnet8"))), host.ctl("fdb flush vmnet8")),
     f"vnet={vnet} dev=p3 addr={B} state=learned"),
    ("vnet_port_state", lambda: host.ctl("port set p4 state blocking"), f"vnet={vnet} dev=p4 port={port['p4']} state=blocking blocked_by=none"),
    ("vnet_limit", storm, f"vnet={vnet} dev=p3 port={port['p3']} limit=storm bound=1"),
    ("vnet_suppress_turn", turned, f"dev=eth0 port={vnic[g1]} to_dev=eth0 to_port={vnic[g2]}"),
    ("vnet_suppress_answer", answered, f"dev=eth0 port={vnic[g1]} to_dev=eth0 to_port={vnic[g2]}"),
    ("vnet_session_new", out, SESSION + " state=unreplied"),
    ("vnet_nat_out", out, f"vnet={vnet} {NAT}"),
    ("vnet_nat_in", back, "proto=17 198.51.100.9:7 > becomes 192.168.133.77:25000"),
    ("vnet_session_end", lambda: host.ctl("session flush vmnet8"), SESSION),
)
there = sorted(name for name in os.listdir(tracing + "events/vnet") if name.startswith("vnet_"))
check("every tracepoint is provoked here", sorted(event for event, _, _ in EVENTS), there)
with open(os.environ["DOCS"], encoding="utf-8") as file:
    text = file.read()
check("and has a row in docs/tracing.md", [name for name in there if f"| `{name}` |" not in text], [])
put("events/vnet/enable", "0")
put("tracing_on", "1")
for event, provoke, fields in EVENTS:
    check(f"{event} tells", told(event, provoke, fields))
    host.ctl("link set vmnet8 ageing-time 300")

# One frame on its way has one number.
put("trace", "")
put("events/vnet/enable", "1")
host.ctl("port set p3 storm-broadcast 0")
e3.send(frame(guest.own, B))
ways = lambda: [next(field for field in line.split() if field.startswith("skbaddr=")) for event in ("vnet_input", "vnet_forward", "vnet_deliver")
                for line in lines(event) if "dev=p3" in line.split()]
check("input, forward and deliver name the same frame", (soon(lambda: len(ways()), 3), len(set(ways()))), (3, 1))
put("events/vnet/enable", "0")
put("trace", "")
END
