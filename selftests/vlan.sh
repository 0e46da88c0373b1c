#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# vlan.sh: frames stay in their VLANs: access ports and trunks, PVID, ranges, 802.1ad, tags beside frames and in them,
# the host adapter, the gateway; and stock bridge(8) says all of it.
#
#   a10: eth0 -- p10 (PVID 10) ---+
#   b10: eth0 -- q10 (PVID 10) ---+-- sw0 in host
#   a20: eth0 -- p20 (PVID 20) ---+
#   trunk: eth0 -- pt (10, 20 with tags; PVID 1) ---+
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

export a10='' b10='' a20='' trunk=''
setup_ns host a10 b10 a20 trunk
must ip -n "$host" link add sw0 type vnet
must vnetctl -n "$host" link set sw0 vlan-filtering on
for port in a10:p10 b10:q10 a20:p20 trunk:pt; do
	name=${port%:*}
	in_ns "$host" <<-END
		link add ${port#*:} type veth peer name eth0 netns ${!name}
		link set ${port#*:} master sw0
		link set ${port#*:} up
	END
	must ip -n "${!name}" link set eth0 up
done
must ip -n "$host" link set sw0 up
in_host() { ip netns exec "$host" "$@"; }

check_ok "a port in one VLAN, without tags" in_host bridge vlan add dev p10 vid 10 pvid untagged
check_ok "another one" in_host bridge vlan add dev q10 vid 10 pvid untagged
check_ok "another VLAN" in_host bridge vlan add dev p20 vid 20 pvid untagged
check_ok "a trunk" in_host bridge vlan add dev pt vid 10
check_ok "with two VLANs" in_host bridge vlan add dev pt vid 20
check_ok "access ports leave the default VLAN" in_host bridge vlan del dev p10 vid 1
check_ok "all of them" in_host bridge vlan del dev q10 vid 1
check_ok "all of them" in_host bridge vlan del dev p20 vid 1

play <<'END'
wires = {"a10": a10, "b10": b10, "a20": a20, "trunk": trunk}
wires = {name: ns.wire("eth0") for name, ns in wires.items()}
A, B, C, T = "02:aa:00:00:00:0a", "02:aa:00:00:00:0b", "02:aa:00:00:00:0c", "02:aa:00:00:00:0d"
serial = 0

def plain(dst, src):
    global serial
    serial += 1
    return ether(dst, src, 0x88b5, b"frame %08d" % serial + bytes(40))

def who_sees(sender, sent, untagged):
    """Who gets a frame, and as what: "" without a tag, else its tags. UNTAGGED is the frame without any."""
    wires[sender].send(sent)
    time.sleep(0.02)
    seen = {}
    for name, wire in wires.items():
        found = wire.frames(lambda frame: frame.endswith(untagged[14:]), 1, 0.15 if name != sender else 0.05)
        if found:
            seen[name] = found[0][12:-len(untagged) + 12].hex()
    return seen

def goes(sender, dst, src, tags=()):
    frame = sent = plain(dst, src)
    for tag in reversed(tags):
        sent = tagged(sent, **tag)
    return who_sees(sender, sent, frame)

def drops(name):
    rows = [row for row in host.ctl("stats show sw0") if row["port_name"] == name][0]
    return {row["name"]: row["packets"] for row in rows.get("drop", [])}

def bridge(*words):
    with host:
        done = subprocess.run(["bridge", *words], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else done.stderr.strip()

def vlans(name):
    rows = [row for row in json.loads(bridge("-c", "-j", "vlan", "show")) if row["ifname"] == name]
    return [(row["vlan"], row.get("vlanEnd", row["vlan"]), sorted(row.get("flags", []))) for row in rows[0]["vlans"]] if rows else []

v = lambda vid, proto=0x8100, **more: dict(vid=vid, proto=proto, **more)
TEN, TWENTY = "8100000a", "81000014"

check("bridge vlan show", [vlans("p10"), vlans("pt")],
      [[(10, 10, ["Egress Untagged", "PVID"])], [(1, 1, ["Egress Untagged", "PVID"]), (10, 10, []), (20, 20, [])]])

# Floods
check("a broadcast stays in its VLAN, and has a tag on the trunk", goes("a10", BROADCAST, A), {"b10": "", "trunk": TEN})
check("so does the other VLAN's", goes("a20", BROADCAST, C), {"trunk": TWENTY})
check("from the trunk with a tag", goes("trunk", BROADCAST, T, [v(10)]), {"a10": "", "b10": ""})
check("with the other tag", goes("trunk", BROADCAST, T, [v(20)]), {"a20": ""})
check("without a tag it is in the default VLAN, which nobody else is in", goes("trunk", BROADCAST, T), {})
check("priorities stay with the tag", goes("a10", BROADCAST, A, [v(0, priority=5)]), {"b10": "", "trunk": "8100a00a"})

# Unicast, and a table for each VLAN
check("a known address in the same VLAN", goes("b10", A, B), {"a10": ""})
check("the same address in another VLAN is another one", goes("a20", A, C), {"trunk": TWENTY})
check("it may be behind another port there", [goes("trunk", BROADCAST, A, [v(20)]), goes("a20", A, C), goes("b10", A, B)],
      [{"a20": ""}, {"trunk": TWENTY}, {"a10": ""}])
check("an access port's tag of another VLAN is refused", goes("a10", BROADCAST, A, [v(20)]), {})
check("and counted", drops("p10").get("vlan-ingress"), 1)
check("a trunk's of a VLAN that it is not in too", (goes("trunk", BROADCAST, T, [v(30)]), drops("pt").get("vlan-ingress")), ({}, 1))
check("4095 is no VLAN", (goes("trunk", BROADCAST, T, [v(4095)]), drops("pt").get("vlan-ingress")), ({}, 2))
check("a tag behind the access port's own VLAN is the guest's", goes("a10", BROADCAST, A, [v(10), v(20)]),
      {"b10": TWENTY, "trunk": TEN + TWENTY})
frame = plain(BROADCAST, A)
with a10:
    liar = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
liar.sendto(tagged(frame, 20), ("eth0", ETH_P_IP))
check("whatever the sender's socket says of the frame", who_sees("b10", plain(BROADCAST, B), frame), {})

# The host adapter
host_mac = host.mac("sw0")
check("the host adapter is not in VLAN 10", (goes("a10", host_mac, A), drops("p10").get("vlan-egress")), ({}, 1))
host.run("ip", "link", "add", "link", "sw0", "name", "sw0.10", "type", "vlan", "id", "10")
host.run("ip", "addr", "add", "192.0.2.1/24", "dev", "sw0.10")
host.run("ip", "link", "set", "sw0.10", "up")
a10.run("ip", "addr", "add", "192.0.2.2/24", "dev", "eth0")
trunk.run("ip", "link", "add", "link", "eth0", "name", "eth0.10", "type", "vlan", "id", "10")
trunk.run("ip", "addr", "add", "192.0.2.3/24", "dev", "eth0.10")
trunk.run("ip", "link", "set", "eth0.10", "up")
bridge("vlan", "add", "dev", "sw0", "vid", "10", "self")
check("its VLAN netdev reaches a guest", soon(lambda: pings(a10, "192.0.2.1", patience=1)))
check("and a VLAN netdev behind the trunk", pings(trunk, "192.0.2.1"))
check("which reaches the guest", pings(trunk, "192.0.2.2"))
data = os.urandom(3 << 20)
for name, one, other, addr in (("host and guest", a10, host, "192.0.2.1"), ("trunk and guest", trunk, a10, "192.0.2.2")):
    client, server = talk(one, addr + ":80", other.listen(addr + ":80"))
    check(f"TCP with big segments between {name}", [transfer(client, server, data), transfer(server, client, data)], [True, True])
host.run("ethtool", "-K", "sw0", "tx-vlan-hw-insert", "off")
trunk.run("ethtool", "-K", "eth0", "tx-vlan-hw-insert", "off")
check("with the tags in the frames as well", [pings(trunk, "192.0.2.1"), pings(host, "192.0.2.2")], [True, True])

# Changes
check("a VLAN that a port leaves is forgotten", [bridge("vlan", "del", "dev", "p10", "vid", "10"), soon(lambda: [
    row for row in host.ctl("fdb show sw0") if row["port_name"] == "p10" and row["state"] == "learned"], [])], ["", []])
check("a port without a PVID takes no frame without a tag", goes("a10", BROADCAST, A), {})
check("a range", [bridge("vlan", "add", "dev", "p10", "vid", "2-4094"), vlans("p10")], ["", [(2, 4094, [])]])
check("of which there are too many to be shown one by one", "2-4094" in bridge("vlan", "show"))
check("a hole in it", [bridge("vlan", "del", "dev", "p10", "vid", "100-199"), vlans("p10")],
      ["", [(2, 99, []), (200, 4094, [])]])
check("a PVID in it", [bridge("vlan", "add", "dev", "p10", "vid", "10", "pvid", "untagged"), vlans("p10")],
      ["", [(2, 9, []), (10, 10, ["Egress Untagged", "PVID"]), (11, 99, []), (200, 4094, [])]])
before = vlans("p10")
for what, words, why in (
        ("a range as PVID", ("add", "dev", "p10", "vid", "300-400", "pvid"), "pvid"),
        ("a VLAN that the port is not in", ("del", "dev", "p10", "vid", "100"), "No such file"),
        ("a tunnel", ("add", "dev", "p10", "vid", "7", "tunnel_info", "id", "7"), "tunnel")):
    check(f"refused: {what}", (why in bridge("vlan", *words), vlans("p10")), (True, before))

# 802.1ad
bridge("vlan", "del", "dev", "p10", "vid", "2-4094")
bridge("vlan", "add", "dev", "p10", "vid", "10", "pvid", "untagged")
host.ctl("link set sw0 vlan-protocol 802.1ad")
check("802.1ad: a customer's tag is payload, the provider's is the VLAN", goes("a10", BROADCAST, A, [v(20)]),
      {"b10": TWENTY, "trunk": "88a8000a" + TWENTY})
check("and comes out again", goes("trunk", BROADCAST, T, [v(10, 0x88a8), v(20)]), {"a10": TWENTY, "b10": TWENTY})
check("a customer's tag alone is none here", goes("trunk", BROADCAST, T, [v(10)]), {})
host.ctl("link set sw0 vlan-protocol 802.1Q")

# Off
host.ctl("link set sw0 vlan-filtering off")
check("off: everything goes everywhere, as it is", goes("a10", BROADCAST, A, [v(20)]),
      {"b10": TWENTY, "a20": TWENTY, "trunk": TWENTY})
check("and the settings stay", vlans("p10"), [(10, 10, ["Egress Untagged", "PVID"])])

# The default
host.ctl("link set sw0 vlan-default-pvid 5")
check("a port that is as it began follows the default, another does not", [vlans("pt"), vlans("p10")],
      [[(5, 5, ["Egress Untagged", "PVID"]), (10, 10, []), (20, 20, [])], [(10, 10, ["Egress Untagged", "PVID"])]])
host.ctl("link set sw0 vlan-default-pvid 0")
host.run("ip", "link", "add", "x0", "type", "veth", "peer", "name", "x1")
host.run("ip", "link", "set", "x0", "master", "sw0")
check("none: a new port is in no VLAN", vlans("x0"), [])
END

# The gateway is a guest of the VLANs like others; a vnic's owner does not choose his own.
g1=''
setup_ns g1
in_ns "$host" <<-END
	link add nat0 type vnet mode nat subnet 192.168.133.0/24
	link add eth0 link nat0 netns $g1 type vnic
END
must ip -n "$g1" link set eth0 up
must ip -n "$g1" addr add 192.168.133.10/24 dev eth0
must vnetctl -n "$host" link set nat0 vlan-filtering on
number=$(vnetctl -n "$host" -j port show vnet nat0 | python3 -c \
	'import json, sys; print([row["number"] for row in json.load(sys.stdin) if row["kind"] == "vnic"][0])')
guest_pings() { ip netns exec "$g1" ping -q -c 1 -W 5 192.168.133.2; }
guest_does_not() { ! ip netns exec "$g1" ping -q -c 1 -W 1 192.168.133.2; }
check_ok "the gateway is in the default VLAN" guest_pings
check_ok "the guest is put into another" vnetctl -n "$host" vlan add vnet nat0 number "$number" vid 10 pvid untagged
check_ok "and does not reach the gateway" guest_does_not
check_ok "the gateway follows" vnetctl -n "$host" vlan add vnet nat0 number 1 vid 10 pvid untagged
ip -n "$g1" neigh flush all
check_ok "and is reached" guest_pings
check_fails "a VLAN with tags is nothing for the gateway" "the gateway is in one VLAN" \
	vnetctl -n "$host" vlan add vnet nat0 number 1 vid 11
check_ok "vnetctl adds a range" vnetctl -n "$host" vlan add dev nat0 vid 20-30
check_ok "and makes a hole in it" vnetctl -n "$host" vlan del dev nat0 vid 22-23
check_is "which shows" "1-1 20-21 24-30" "$(vnetctl -n "$host" -j vlan show dev nat0 |
	jq -r 'map("\(.first)-\(.last)") | join(" ")')"
check_fails "a range is no PVID" "one VLAN can be the PVID of nat0, not 5 to 6" \
	vnetctl -n "$host" vlan add dev nat0 vnet nat0 vid 5-6 pvid
check_fails "a guest does not choose his VLAN" "in another namespace" \
	ip netns exec "$g1" bridge vlan add dev eth0 vid 20 self
check_is "nor see it" "" "$(ip netns exec "$g1" bridge -j vlan show | tr -d '[]\n ')"
check_ok "counters for each VLAN" vnetctl -n "$host" link set nat0 vlan-stats-per-port on
check_ok "count" guest_pings
check_has "and are shown" "rx_packets" "$(vnetctl -n "$host" -j -s vlan show vnet nat0)"
