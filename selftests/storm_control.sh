#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# storm_control.sh: a port floods no more broadcasts, multicasts and frames to unknown destinations in a second than it
# may; each kind has its own bound, other ports and known destinations are not concerned, and listeners hear of it.
#
#   g1: eth0 (vnic) ---+-- lan0 (mode private) in host
#   g2: eth0 (vnic) ---+
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host g1 g2
must vnetctl -n "$host" link add lan0 mode private
in_ns "$host" <<-END
	link add eth0 link lan0 netns $g1 type vnic
	link add eth0 link lan0 netns $g2 type vnic
END
must ip -n "$g1" link set eth0 up arp off
must ip -n "$g2" link set eth0 up arp off

play <<'END'
one, two = g1.wire("eth0"), g2.wire("eth0")
first, second = sorted(row["number"] for row in host.ctl("port show vnet lan0") if row["kind"] == "vnic")
DESTINATIONS = {"broadcast": BROADCAST, "multicast": "01:00:5e:01:02:03", "unknown": "02:ee:00:00:00:99"}

def storm(wire, other, src, dst, count=600):
    """How many of COUNT frames arrive, and how long it took to send them."""
    frame = ether(dst, src, 0x88b5, os.urandom(50))
    other.flush()
    start = time.monotonic()
    wire.send(*[frame] * count)
    took = time.monotonic() - start
    return len(other.frames(lambda seen: seen == frame, count, 0.5)), took

for kind, dst in DESTINATIONS.items():
    host.ctl(f"port set vnet lan0 number {first} storm-{kind} 100")
    before = host.drops("lan0").get(f"storm-{kind}", 0)
    arrived, took = storm(one, two, g1.mac("eth0"), dst)
    # A tenth of a second's frames at once, and the rate from there on.
    check_in(f"{kind}: a burst, and then the rate", arrived, 10, 13 + 100 * took)
    check(f"{kind}: all others are counted", host.drops("lan0").get(f"storm-{kind}", 0) - before, 600 - arrived)
    others = [storm(one, two, g1.mac("eth0"), other)[0] for name, other in DESTINATIONS.items() if name != kind]
    check(f"{kind}: the other kinds pass", others, [600, 600])
    check(f"{kind}: another port's pass", storm(two, one, g2.mac("eth0"), dst)[0], 600)
    check(f"{kind}: a known destination is not concerned", storm(one, two, g1.mac("eth0"), g2.mac("eth0"))[0], 600)
    host.ctl(f"port set vnet lan0 number {first} storm-{kind} 0")
    check(f"{kind}: without a bound all pass", storm(one, two, g1.mac("eth0"), dst)[0], 600)

host.ctl(f"port set vnet lan0 number {first} storm-broadcast 20")
check("the bound is shown", [row["storm_broadcast"] for row in host.ctl("port show vnet lan0") if row["number"] == first], [20])
events = Events(host)
storm(one, two, g1.mac("eth0"), BROADCAST)
limits = events.take(2, 1, lambda event: event["event"] == "limit")
check("listeners hear of it", [(row["limit"], row["bound"], row["port_number"]) for row in limits], [("storm", 20, first)])
two.flush()
start = time.monotonic()
while time.monotonic() < start + 2:
    one.send(ether(BROADCAST, g1.mac("eth0"), 0x88b5, b"even" + bytes(46)))
    time.sleep(0.004)
took = time.monotonic() - start
check_in("over two seconds the rate is held", len(two.frames(lambda seen: seen[14:18] == b"even", 1000, 0.3)), 15 * took, 20 * took + 5)
END
