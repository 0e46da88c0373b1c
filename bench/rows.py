# SPDX-License-Identifier: GPL-2.0
"""What is measured: the one table of the benchmark.

A row is a path that a packet takes, who switches it, the network of world.py that it is measured in, where packets
start and where they have to arrive. A name that begins with "nic" is a NIC: packets start there by being received
and end there by being sent. "r*66" are the netdevs r0 ... r65. The first row of a path is ours, and the one that the
budget (instructions per packet at bursts of 8) is for; "ours" marks the others of ours. The ratio of a peer is how
many of its instructions there are for one of ours.
"""
import collections

Row = collections.namedtuple("Row", "path who world start end kind budget ours")


def row(path, who, world, start, end, kind="switch", budget=None, ours=False):
    return Row(path, who, world, start, end, kind, budget, ours or who.startswith("vnet"))


# A shared NIC is watched by netfilter hooks, which leave the place of its rx_handler to others. What the kernel's own
# functions cost for that on 6.12, by --profile: its switch of egress hooks for each packet that anybody sends, and the
# way to an ingress hook for each one that is received (on 6.1 it is 31 and 98).
HOOKED_TX, HOOKED_RX = 53, 118

ROWS = (
    row("guest -> guest", "vnet: vnics", "vnet", "v0", "v1", budget=1250),
    row("guest -> guest", "vnet: vlan filtering", "vnet_vlan", "v0", "v1", budget=1310),
    row("guest -> guest", "veth wire", "wire", "a0", "b0"),
    row("guest -> guest", "macvlan", "macvlan", "a0", "b0"),
    row("guest -> guest", "bridge", "bridge", "a0", "b0"),
    row("guest -> guest", "bridge, vlan_filtering", "bridge_vlan", "a0", "b0"),
    row("guest -> guest", "bridge, br_netfilter", "bridge_netfilter", "a0", "b0"),
    row("guest -> guest", "Open vSwitch", "ovs", "a0", "b0"),
    row("guest -> guest", "tc mirred redirect", "mirred", "a0", "b0"),
    row("guest -> guest", "nft fwd", "nft_fwd", "a0", "b0"),

    row("veth -> veth", "vnet: members", "vnet", "a0", "b0", budget=1520),
    row("veth -> veth", "bridge", "bridge", "a0", "b0"),
    row("veth -> veth", "bridge, vlan_filtering", "bridge_vlan", "a0", "b0"),
    row("veth -> veth", "Open vSwitch", "ovs", "a0", "b0"),

    row("guest -> NIC", "vnet: member", "vnet", "v0", "nic1", budget=950),
    row("guest -> NIC", "vnet: bridged uplink", "vnet_bridged", "v0", "nic0", budget=950 + HOOKED_TX),
    row("guest -> NIC", "macvlan", "macvlan", "a0", "nic0"),
    row("guest -> NIC", "bridge", "bridge", "a0", "nic1"),
    row("guest -> NIC", "bridge, vlan_filtering", "bridge_vlan", "a0", "nic1"),
    row("guest -> NIC", "Open vSwitch", "ovs", "a0", "nic1"),

    row("NIC -> guest", "vnet: member", "vnet", "nic0", "v1", budget=780),
    row("NIC -> guest", "vnet: bridged uplink", "vnet_bridged", "nic0", "v1", budget=780 + HOOKED_RX),
    row("NIC -> guest", "macvlan", "macvlan", "nic0", "b0"),
    row("NIC -> guest", "bridge", "bridge", "nic0", "b0"),
    row("NIC -> guest", "bridge, vlan_filtering", "bridge_vlan", "nic0", "b0"),
    row("NIC -> guest", "Open vSwitch", "ovs", "nic0", "b0"),

    row("NIC -> veth", "vnet: members", "vnet", "nic0", "b0"),
    row("NIC -> veth", "bridge", "bridge", "nic0", "b0"),
    row("veth -> NIC", "vnet: members", "vnet", "a0", "nic1"),
    row("veth -> NIC", "bridge", "bridge", "a0", "nic1"),
    row("veth -> vnic", "vnet", "vnet", "a0", "v1"),
    row("vnic -> veth", "vnet", "vnet", "v0", "b0"),

    row("NIC -> NIC", "vnet: members", "vnet", "nic0", "nic1", budget=800),
    row("NIC -> NIC", "vnet: vlan filtering", "vnet_vlan", "nic0", "nic1", budget=860),
    row("NIC -> NIC", "bridge", "bridge", "nic0", "nic1"),
    row("NIC -> NIC", "bridge, vlan_filtering", "bridge_vlan", "nic0", "nic1"),
    row("NIC -> NIC", "bridge, br_netfilter", "bridge_netfilter", "nic0", "nic1"),
    row("NIC -> NIC", "Open vSwitch", "ovs", "nic0", "nic1"),
    row("NIC -> NIC", "tc mirred redirect", "mirred", "nic0", "nic1"),
    row("NIC -> NIC", "nft fwd", "nft_fwd", "nic0", "nic1"),

    row("flood to 66 guests, each", "vnet: vnics", "vnet_many", "v0", "r*66", "flood", budget=1100),
    row("flood to 66 guests, each", "bridge", "bridge_many", "a0", "r*66", "flood"),
    row("flood to 66 NICs, each", "vnet: members", "vnet_members", "v0", "r*66", "flood", budget=1100),
    row("flood to 66 NICs, each", "bridge", "bridge_members", "a0", "r*66", "flood"),
    row("known ARP, 66 guests, in all", "vnet: vnics", "vnet_many", "v0", "r*66", "arp", budget=1500),
    row("known ARP, 66 guests, in all", "bridge", "bridge_many", "a0", "r*66", "arp"),

    row("NAT out", "vnet", "vnet_nat", "v0", "nic0", "nat out"),
    row("NAT out", "nft masquerade", "masquerade", "a0", "nic0", "nat out"),
    row("NAT out", "docker style", "docker", "a0", "nic0", "nat out"),
    row("NAT out", "docker, br_netfilter", "docker_netfilter", "a0", "nic0", "nat out"),
    row("NAT out", "docker, flowtable", "flowtable", "a0", "nic0", "nat out"),
    row("NAT reply", "vnet", "vnet_nat", "nic0", "v0", "nat reply"),
    row("NAT reply", "nft masquerade", "masquerade", "nic0", "a0", "nat reply"),
    row("NAT reply", "docker style", "docker", "nic0", "a0", "nat reply"),
    row("NAT reply", "docker, br_netfilter", "docker_netfilter", "nic0", "a0", "nat reply"),
    row("NAT reply", "docker, flowtable", "flowtable", "nic0", "a0", "nat reply"),
    row("NAT new flow", "vnet", "vnet_nat", "v0", "nic0", "nat new"),
    row("NAT new flow", "nft masquerade", "masquerade", "a0", "nic0", "nat new"),
    row("NAT new flow", "docker style", "docker", "a0", "nic0", "nat new"),
    row("NAT new flow", "docker, br_netfilter", "docker_netfilter", "a0", "nic0", "nat new"),
    row("NAT new flow", "docker, flowtable", "flowtable", "a0", "nic0", "nat new"),

    row("sending alone", "dummy", "macvlan", "nic0", "", "send"),
    row("receiving alone", "veth", "wire", "b0", "b0", "receive"),
)

# Of the quick mode: ours, and what most people have.
QUICK_PEERS = ("bridge", "veth wire", "docker style")

# Whole applications between guests, and from a guest behind NAT: path, who, network, address of the server.
APP_UNITS = {"rr": "TCP_RR, per transaction", "crr": "TCP_CRR, per connection", "stream": "TCP stream, per KiB"}
App = collections.namedtuple("App", "who world address")
APP_ROWS = (
    App("vnet: vnics", "vnet_app", "10.0.1.6"),
    App("veth wire", "wire_app", "10.0.1.6"),
    App("bridge", "bridge_app", "10.0.1.6"),
    App("macvlan", "macvlan_app", "10.0.1.6"),
    App("vnet: NAT", "vnet_nat_app", "10.0.2.2"),
    App("docker style", "docker_app", "10.0.2.2"),
    App("docker, flowtable", "flowtable_app", "10.0.2.2"),
)
APPS = tuple(APP_UNITS.values())

# Curves: who, network, and between which netdevs. A network that is followed by a number has so many receivers.
Curve = collections.namedtuple("Curve", "who world start end")
PORT_CURVES = (Curve("vnet: vnics", "vnet_many", "v0", "r0"), Curve("bridge", "bridge_many", "a0", "r0"))
PORT_COUNTS = (2, 10, 100, 1000)
ADDRESS_CURVES = (Curve("vnet: vnic to member", "vnet_big", "v0", "nic0"), Curve("bridge", "bridge", "a0", "nic0"))
ADDRESS_COUNTS = (1, 10, 1000, 65536)
SIZE_CURVES = (Curve("vnet: vnics", "vnet", "v0", "v1"), Curve("vnet: vnic to member", "vnet", "v0", "nic1"),
               Curve("veth wire", "wire", "a0", "b0"), Curve("bridge", "bridge", "a0", "b0"),
               Curve("bridge to NIC", "bridge", "a0", "nic1"))
SIZES = (60, 256, 1024, 1514)
CURVES = ("ports", "addresses", "frame bytes", "64 KB TSO frame")
