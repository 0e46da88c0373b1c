#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vnet_mtu.sh: the MTU of a vnet is no more than its smallest member's or its uplink's, until somebody sets it; a guest, who
# sets that of a vnic, has no say. What else of a vnet its members leave alone: its MAC address, carrier and offloads.
#
#   host: sw0 --- p0, p1 (veth), v0 (vnic in g1);  sw1 (set by hand);  lan0 (bridged, uplink n0)
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host g1
in_ns "$host" <<-END
	link add sw0 type vnet
	link add sw1 mtu 1500 type vnet
	link add p0 type veth peer name e0
	link add p1 type veth peer name e1
	link add n0 type veth peer name e2
	link add v0 link sw0 netns $g1 type vnic
END

play <<'END'
mtu = lambda dev="sw0", ns=host: json.loads(ns.run("ip", "-j", "link", "show", dev))[0]["mtu"]
def then(*words, dev="sw0", ns=host):
    """The MTU of a vnet after a command of ip link set."""
    ns.run("ip", "link", "set", *words)
    return mtu(dev)

before = host.mac("sw0"), host.run("ethtool", "-k", "sw0")
check("without members", mtu(), 1500)
host.run("ip", "link", "set", "p0", "mtu", "1400")
check("a member with less comes", then("p0", "master", "sw0"), 1400)
host.run("ip", "link", "set", "p1", "mtu", "1300")
check("one with still less", then("p1", "master", "sw0"), 1300)
check("its MTU changes", [then("p1", "mtu", "1280"), then("p1", "mtu", "1450")], [1280, 1400])
check("it goes", [then("p1", "mtu", "1200"), then("p1", "nomaster")], [1200, 1400])
check("it is deleted", [then("p1", "master", "sw0"), host.run("ip", "link", "del", "p1"), mtu()], [1200, "", 1400])
check("more than a vnet begins with is for somebody to set: vnics do not follow", then("p0", "mtu", "9000"), 1500)
check("a guest has no say", [then("v0", "mtu", "576", ns=g1), mtu("v0", g1)], [1500, 576])
check("no less than a vnet may have", [then("p0", "mtu", "70"), mtu("p0")], [70, 70])
host.run("ip", "link", "set", "p0", "mtu", "1400")
host.run("ip", "link", "add", "v1", "link", "sw0", "type", "vnic")
check("a vnic begins with it", mtu("v1"), 1400)
check("the members leave the address and the offloads of a vnet alone", (host.mac("sw0"), host.run("ethtool", "-k", "sw0")), before)
host.run("ethtool", "-K", "p0", "tx", "off", ok=False)
check("and go on doing so", host.run("ethtool", "-k", "sw0"), before[1])
check("and its carrier", [row["ifname"] for row in json.loads(host.run("ip", "-j", "link", "show", "sw0")) if "LOWER_UP" in row["flags"] or "NO-CARRIER" not in row["flags"]], ["sw0"])

host.ctl("link add lan0 mode bridged uplink n0")
check("the uplink counts", [mtu("lan0"), then("n0", "mtu", "1480", dev="lan0"), host.ctl("link set lan0 uplink none"), mtu("lan0")], [1500, 1480, [], 1500])
check("so does a vnet that is a member", [then("sw0", "master", "lan0", dev="lan0"), then("p0", "mtu", "1350", dev="lan0"), mtu()], [1400, 1350, 1350])
check("set by hand", [then("sw0", "mtu", "1460"), then("p0", "mtu", "1000"), then("p0", "nomaster"), mtu("lan0")], [1460, 1460, 1460, 1460])
check("given when it was made", [then("p0", "master", "sw1", dev="sw1"), then("p0", "mtu", "900", dev="sw1")], [1500, 1500])
check("a vnet ends with a small member", (host.run("ip", "link", "set", "p0", "master", "lan0"), mtu("lan0"), host.run("ip", "link", "del", "lan0"), mtu("p0")), ("", 900, "", 900))
END
