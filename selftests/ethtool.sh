#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# ethtool.sh: what ethtool says of a vnet and of a vnic: the driver, the link, offloads, and the counters of the port
# by the names that vnetctl gives them.
#
#   g1: eth0 (vnic) --- lan0 (host) --- eth0 (vnic) :g2
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host g1 g2
must vnetctl -n "$host" link add lan0 mode host-only
in_ns "$host" <<-END
	link set lan0 up
	link add eth0 link lan0 netns $g1 type vnic
	link add eth0 link lan0 netns $g2 type vnic
END
for guest in "$g1" "$g2"; do
	must ip -n "$guest" link set eth0 up
done

play <<'END'
def words(ns, *arguments):
    lines = [line.split(":", 1) for line in ns.run("ethtool", *arguments).splitlines() if ":" in line]
    return {key.strip(): value.strip() for key, value in lines}

def counters(ns, dev):
    return {name: int(value) for name, value in words(ns, "-S", dev).items() if value}

def vnetctl(number):
    row, = [row for row in host.ctl("stats show lan0") if row["port_number"] == number]
    told = {name: row[name] for name in ("rx_packets", "rx_bytes", "tx_packets", "tx_bytes")}
    return told | {f"drop_{drop['name']}": drop["packets"] for drop in row.get("drop", [])}

reasons = [row["name"] for row in host.ctl("stats explain")]
NAMES = ["rx_packets", "rx_bytes", "tx_packets", "tx_bytes"] + [f"drop_{name}" for name in reasons]
ports = {host: 0} | dict(zip((g1, g2), sorted(row["number"] for row in host.ctl("port show vnet lan0") if row["kind"] == "vnic")))
DEVS = ((host, "lan0"), (g1, "eth0"), (g2, "eth0"))
g2.wire("eth0").send(ether(BROADCAST, g2.mac("eth0"), 0x88b5, bytes(86)))
for ns, dev in DEVS:
    driver = words(ns, "-i", dev)
    check(f"{dev} has a driver and a version", (driver["driver"], driver["version"] != "", driver["supports-statistics"]), ("vnet", True, "yes"))
    check("its counters have vnetctl's names, and all reasons are there", sorted(counters(ns, dev)), sorted(NAMES))
    check("and a link", "Link detected: yes" in ns.run("ethtool", dev))

wire, own = g1.wire("eth0"), g1.mac("eth0")
before = counters(g1, "eth0"), counters(g2, "eth0"), counters(host, "lan0")
wire.send(*[ether(g2.mac("eth0"), own, 0x88b5, bytes(86))] * 50)
wire.send(*[ether("01:80:c2:00:00:04", own, 0x88b5, bytes(86))] * 7)
wire.send(*[ether(host.mac("lan0"), own, 0x88b5, bytes(86))] * 3)
soon(lambda: counters(host, "lan0")["tx_packets"] - before[2]["tx_packets"] >= 3)
def change(index):
    now = counters(*DEVS[(1, 2, 0)[index]])
    return {name: now[name] - before[index][name] for name in now if name.startswith(("rx_", "drop_")) or index
            if now[name] != before[index][name]}
check("the sender's port has got all, and knows why seven died", change(0), {"rx_packets": 60, "rx_bytes": 6000, "drop_reserved-group": 7})
check("the receiver's port has given fifty", soon(lambda: (change(1)["tx_packets"], change(1)["tx_bytes"]), (50, 5000)), (50, 5000))
for ns, dev in DEVS:
    told = vnetctl(ports[ns])
    check("vnetctl says the same", {name: value for name, value in counters(ns, dev).items() if value},
          {name: value for name, value in told.items() if value})

# Offloads: packets stay whole and sums undone until somebody turns that off, and frames pass either way.
WANTED = ("tx-checksumming", "scatter-gather", "tcp-segmentation-offload", "generic-segmentation-offload", "tx-vlan-offload")
for ns, dev in DEVS[:2]:
    features = words(ns, "-k", dev)
    check(f"{dev} leaves nothing to do early", [features[name].split()[0] for name in WANTED], ["on"] * len(WANTED))
    check("what it cannot do is off and fixed", [features[name] for name in ("large-receive-offload", "hw-tc-offload", "loopback")],
          ["off [fixed]"] * 3)
check("can be turned off", (g1.run("ethtool", "-K", "eth0", "tx", "off", "sg", "off", "tso", "off", "txvlan", "off", ok=False),
      [words(g1, "-k", "eth0")[name].split()[0] for name in WANTED[:3] + WANTED[4:]])[1], ["off"] * 4)
for dev, addr, ns in (("lan0", "192.0.2.1", host), ("eth0", "192.0.2.2", g1)):
    ns.run("ip", "addr", "add", f"{addr}/24", "dev", dev)
check("then packets still pass", reaches(g1.udp(), "192.0.2.1:7000", host.udp("192.0.2.1:7000"), os.urandom(1400)) is not None)

# Counters are of the port, and end with it.
host.run("ip", "link", "del", "lan0")
check("the vnic ends with its vnet", soon(lambda: "eth0" in g1.run("ip", "-br", "link"), False), False)
host.ctl("link add lan0 mode private")
check("a new vnet begins at zero", {value for name, value in counters(host, "lan0").items() if name.startswith("drop_")}, {0})
END
