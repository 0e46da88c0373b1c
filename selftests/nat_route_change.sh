#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# nat_route_change.sh: guests leave by the host's routes as they are now. A session keeps its external address when its
# route changes, ends with its address, and new ones take the address of the new way; "out" pins a vnet to a way.
#
#   lab(), and a second way:  host: wan1 192.0.2.2 ---- wan1 192.0.2.1: inet
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
in_ns "$host" <<-END
	link add wan1 type veth peer name wan1 netns $inet
	addr add 192.0.2.2/24 dev wan1
	link set wan1 up
END
in_ns "$inet" <<-END
	addr add 192.0.2.1/24 dev wan1
	link set wan1 up
END
play <<'END'
server = inet.udp("198.51.100.1:5000")
client = g1.udp("192.168.133.10:25000")
first, second = inet.wire("wan0"), inet.wire("wan1")
for name in ("all", "wan0", "wan1"):
    inet.sysctl(f"ipv4/conf/{name}/rp_filter", 0)

def sent_by(mark):
    """The address that the server sees, and the wire that the datagram came by."""
    first.flush(), second.flush()
    seen = reaches(client, "198.51.100.1:5000", server, mark, 3)
    came = [name for name, wire in (("wan0", first), ("wan1", second))
            if wire.packet(lambda packet: packet.proto == UDP and packet.payload == mark, 0.2)]
    return seen, came

check("by the first way", sent_by(b"1"), ("203.0.113.2:25000", ["wan0"]))
host.run("ip", "route", "replace", "default", "via", "192.0.2.1")
check("the route changes: the session takes the new way and keeps its address", sent_by(b"2"), ("203.0.113.2:25000", ["wan1"]))
new = g1.udp("192.168.133.10:25001")
check("a new one has the new way's address", reaches(new, "198.51.100.1:5000", server), "192.0.2.2:25001")
check("and is answered", echoes(new, "198.51.100.1:5000", server))
host.run("ip", "route", "add", "198.51.100.1", "via", "203.0.113.1")
check("a more specific route counts", sent_by(b"3"), ("203.0.113.2:25000", ["wan0"]))
host.run("ip", "route", "del", "198.51.100.1")
host.run("ip", "route", "del", "default")
error = ping(g1, "198.51.100.1", patience=2)
check("no route: the guest hears of it", error and (error.type, error.code), (3, 0))
host.run("ip", "route", "add", "default", "via", "203.0.113.1")
check("a route again: as before", sent_by(b"4"), ("203.0.113.2:25000", ["wan0"]))

host.run("ip", "addr", "add", "203.0.113.3/24", "dev", "wan0")
host.run("ip", "addr", "del", "203.0.113.2/24", "dev", "wan0", ok=False)
host.run("ip", "addr", "replace", "203.0.113.3/24", "dev", "wan0")
host.run("ip", "route", "replace", "default", "via", "203.0.113.1")
check("the address is gone: so are its sessions", {row["external_addr"] for row in host.sessions()} & {"203.0.113.2"}, set())
check("the guest goes on with the other address", sent_by(b"5"), ("203.0.113.3:25000", ["wan0"]))
host.run("ip", "link", "set", "wan0", "down")
host.run("ip", "route", "replace", "default", "via", "192.0.2.1")
check("the way is down: sessions take the other", sent_by(b"6")[1], ["wan1"])
host.run("ip", "link", "set", "wan0", "up")
host.run("ip", "addr", "replace", "203.0.113.2/24", "dev", "wan0")

host.ctl("nat set vmnet8 out wan0")
host.run("ip", "route", "add", "default", "via", "203.0.113.1", "dev", "wan0", "metric", "100")
seen, came = sent_by(b"7")
check("out wan0: by that way, whatever the routes prefer", (seen and seen.split(":")[0] in ("203.0.113.2", "203.0.113.3"), came),
      (True, ["wan0"]))
host.ctl("nat set vmnet8 out auto")
check("out auto: as the routes say", sent_by(b"8"), ("192.0.2.2:25000", ["wan1"]))

# Under traffic: nothing may be lost but what is on the way.
lost = 0
for turn in range(40):
    host.run("ip", "route", "replace", "default", "via", ("203.0.113.1", "192.0.2.1")[turn % 2])
    lost += reaches(client, "198.51.100.1:5000", server, b"turn %d" % turn, 2) is None
check("40 changes of the route lose nothing", lost, 0)
END
