#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# private_vlan.sh: who may exchange frames with whom in a private VLAN (RFC 5517): a promiscuous port with all, an
# isolated one with promiscuous ones, one of a community with those of its own besides; unicast and floods.
#
#   g1: p1 p2 (promiscuous)   i1 i2 (isolated)   a1 a2 (community 7)   b1 (community 8): vnics of lan0 in host
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host g1
must vnetctl -n "$host" link add lan0 mode private
for name in p1 p2 i1 i2 a1 a2 b1; do
	must ip -n "$host" link add $name link lan0 netns "$g1" type vnic
	must ip -n "$g1" link set $name up arp off
done

play <<'END'
NAMES = ("p1", "p2", "i1", "i2", "a1", "a2", "b1")
wires = {name: g1.wire(name) for name in NAMES}
macs = {name: g1.mac(name) for name in NAMES}
numbers = {row["ifname"]: row["number"] for row in host.ctl("port show vnet lan0")}
serial = 0

def sees(sender, dst):
    """The vnics that a frame reaches."""
    global serial
    serial += 1
    frame = ether(dst, macs[sender], 0x88b5, b"frame %08d" % serial + bytes(40))
    wires[sender].send(frame)
    time.sleep(0.03)
    return {name for name, wire in wires.items() if name != sender and wire.frames(lambda seen: seen == frame, 1, 0.05)}

def role(name, words):
    host.ctl(f"port set vnet lan0 number {numbers[name]} {words}")

check("without roles everybody reaches everybody", sees("i1", BROADCAST), set(NAMES) - {"i1"})
for name in ("i1", "i2"):
    role(name, "private-vlan isolated")
for name, community in (("a1", 7), ("a2", 7), ("b1", 8)):
    role(name, f"private-vlan community community {community}")
shown = {row["ifname"]: (row["private_vlan"], row.get("community")) for row in host.ctl("port show vnet lan0") if row["ifname"] in NAMES}
check("roles are shown", shown, {"p1": ("promiscuous", None), "p2": ("promiscuous", None), "i1": ("isolated", None),
      "i2": ("isolated", None), "a1": ("community", 7), "a2": ("community", 7), "b1": ("community", 8)})
REACHES = {"p1": set(NAMES), "p2": set(NAMES), "i1": {"p1", "p2"}, "i2": {"p1", "p2"}, "a1": {"p1", "p2", "a2"},
           "a2": {"p1", "p2", "a1"}, "b1": {"p1", "p2"}}
for name in NAMES:
    wanted = REACHES[name] - {name}
    check(f"{name} is flooded to those whom it may reach", sees(name, BROADCAST), wanted)
    check(f"{name} reaches the same by unicast", {other for other in NAMES if other != name and sees(name, macs[other])}, wanted)
check("what does not pass is counted", host.drops("lan0")["private-vlan"], 2 * 4 + 2 * 3 + 4)
for name in ("i1", "p1", "a1"):
    role(name, "isolated on")
check("the bridge's flag stands beside the roles", (sees("i1", macs["p1"]), sees("i1", macs["p2"]), sees("a1", macs["a2"])), (set(), {"p2"}, {"a2"}))
check("and counts by itself", host.drops("lan0").get("isolated", 0) > 0)
role("a2", "isolated on")
check("what one of them forbids does not pass", sees("a1", macs["a2"]), set())
for name in ("i1", "p1", "a1", "a2"):
    role(name, "isolated off")
check("without the flag the roles stay", sees("i1", BROADCAST), {"p1", "p2"})
for name in NAMES:
    role(name, "private-vlan promiscuous")
check("promiscuous again: everybody reaches everybody", sees("i1", BROADCAST), set(NAMES) - {"i1"})
for words in ("private-vlan community", "community 5", "private-vlan isolated community 5"):
    check(f"'{words}' is refused", "a community has a number" in subprocess.run(["ip", "netns", "exec", host.name, "vnetctl",
          "port", "set", "vnet", "lan0", "number", str(numbers["i1"]), *words.split()], stderr=subprocess.PIPE, encoding="ascii", check=False).stderr)
END
