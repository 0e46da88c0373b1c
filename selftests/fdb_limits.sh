#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# fdb_limits.sh: a guest that invents source addresses fills what its port may learn, then what its vnet may learn,
# and no more; listeners hear of it, at most once a second; frames still pass.
#
#   g1: eth0 (vnic) ---+-- lan0 in host
#   g2: eth0 (vnic) ---+
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host g1 g2
must vnetctl -n "$host" link add lan0 mode private fdb-max-learned 300
in_ns "$host" <<-END
	link add eth0 link lan0 netns $g1 type vnic
	link add eth0 link lan0 netns $g2 type vnic
END
must ip -n "$g1" link set eth0 up
must ip -n "$g2" link set eth0 up

play <<'END'
one, two = g1.wire("eth0"), g2.wire("eth0")
first, second = sorted(row["number"] for row in host.ctl("port show vnet lan0") if row["kind"] == "vnic")
host.ctl(f"port set vnet lan0 number {first} fdb-max-learned 100")
events = Events(host)

def invent(wire, start, count):
    wire.send(*[ether(BROADCAST, f"02:dd:00:00:{n >> 8:02x}:{n & 255:02x}", 0x88b5, bytes(50))
                for n in range(start, start + count)])
    time.sleep(0.1)

def learned():
    ports = {row["number"]: row["fdb_n_learned"] for row in host.ctl("port show vnet lan0")}
    return host.ctl("link show lan0")[0]["fdb_n_learned"], ports[first], ports[second]

invent(one, 0, 99)
check("below its bound a port learns all", learned(), (99, 99, 0))
invent(one, 99, 1)
check("up to the bound", learned(), (100, 100, 0))
check("without an event", [event for event in events.take() if event["event"] == "limit"], [])
two.flush()
invent(one, 100, 400)
check("and no more", learned(), (100, 100, 0))
check("what is not learned is forwarded all the same", len(two.frames(count=400, patience=1)), 400)
limits = [event for event in events.take() if event["event"] == "limit"]
check("there is an event, which says what", limits and (limits[0]["limit"], limits[0]["bound"], limits[0]["port_number"]),
      ("fdb-port", 100, first))
check_in("not one for each frame", len(limits), 1, 3)
invent(two, 1000, 500)
check("another port has the rest of the vnet's bound", learned(), (300, 100, 200))
limits = [event for event in events.take() if event["event"] == "limit"]
check("whose event names the vnet's bound", limits and (limits[0]["limit"], limits[0]["bound"]), ("fdb", 300))
check("known addresses stay where they are", [row["port_number"] for row in host.ctl("fdb show lan0")
      if row["lladdr"] == "02:dd:00:00:00:05"], [first])
host.ctl("fdb add 02:ee:00:00:00:01 vnet lan0 number %d" % first)
check("static entries do not count", learned(), (300, 100, 200))
host.ctl(f"fdb flush lan0 number {first}")
check("a flush of a port makes room", learned(), (200, 0, 200))
invent(one, 0, 50)
check("which is used again", learned(), (250, 50, 200))
host.ctl("link set lan0 fdb-max-learned 10")
invent(two, 3000, 50)
check("a bound below what is there stops new ones only", learned(), (250, 50, 200))

one.send(*[ether(BROADCAST, f"02:ff:00:{n >> 16:02x}:{n >> 8 & 255:02x}:{n & 255:02x}", 0x88b5, bytes(50)) for n in range(3000)])
check("thousands of addresses change nothing", learned(), (250, 50, 200))
host.ctl("fdb flush lan0")
check("an empty table counts nothing", learned(), (0, 0, 0))
END
check_fails "no bound of 0" "" vnetctl -n "$host" link set lan0 fdb-max-learned 0
