# SPDX-License-Identifier: GPL-2.0
"""The networks that are compared. Each is built in namespaces "host" (none), A and B, measured, and taken down.

    guests     a0, v0, ... in A        and        b0, v1, ... in B
    NICs       nic0, nic1, ...: dummies, which cost what the least of drivers costs

A function build_NAME makes a network. Addresses follow from names: gen.mac("nic0") is the NIC's own,
gen.mac("lan nic0") that of a machine behind it.
"""
import subprocess

import gen
import ovs

ROUTED = "10.0.2.0/24"
ASKED = "10.0.1.100"
GUEST, REMOTE, HOST_INSIDE, HOST_OUTSIDE, NEXT_HOP = "10.0.1.5", "10.0.2.2", "10.0.1.1", "10.0.9.1", "10.0.9.2"


class Failed(Exception):
    """A network could not be made."""


def run(*command, text=None, may_fail=False):
    done = subprocess.run(command, input=text, text=True, capture_output=True)
    if done.returncode and not may_fail:
        raise Failed(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def ip(text, netns=None):
    where = ("-n", netns) if netns else ()
    run("ip", *where, "-batch", "-", text=text)


def sysctl(name, value):
    with open("/proc/sys/" + name.replace(".", "/"), "w") as file:
        file.write(str(value))


def begin():
    """A machine without chatter: no IPv6 addresses, no filters on what comes from where."""
    for which in ("all", "default"):
        sysctl(f"net.ipv6.conf.{which}.disable_ipv6", 1)
        sysctl(f"net.ipv4.conf.{which}.rp_filter", 0)


def clear():
    """Take everything down, so that a network never pays for its predecessor's hooks."""
    run("nft", "flush", "ruleset")
    sysctl("net.ipv4.ip_forward", 0)
    for where in ((), ("-n", "A"), ("-n", "B")):
        delete_links(where)
    run("ip", "-force", "-batch", "-", text="netns del A\nnetns del B\n", may_fail=True)


def delete_links(where):
    """Namespaces die later than they are deleted, so their netdevs go first. Some take others with them."""
    links = run("ip", *where, "-o", "link", may_fail=True).splitlines()
    names = [line.split(":")[1].split("@")[0].strip() for line in links]
    run("ip", *where, "-force", "-batch", "-", text="".join(f"link del {name}\n" for name in names if name != "lo"),
        may_fail=True)


def namespaces():
    ip("netns add A\nnetns add B\n")
    for name in ("A", "B"):
        # Namespaces do not inherit it.
        run("ip", "netns", "exec", name, "sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6")


def up(**devices):
    """up(A="a0", B="b0"): veths come up when both ends are there."""
    for netns, names in devices.items():
        ip("".join(f"link set {name} up\n" for name in names.split()), netns)


def veth(inner, netns, outer):
    return f"link add {outer} type veth peer name {inner} address {gen.mac(inner)} netns {netns}\nlink set {outer} up\n"


def nic(*names):
    return "".join(f"link add {name} address {gen.mac(name)} up type dummy\n" for name in names)


def vnic(name, netns, vnet="vmnet0"):
    return f"link add link {vnet} name {name} address {gen.mac(name)} up netns {netns} type vnic\n"


def build_wire():
    namespaces()
    ip(f"link add a0 address {gen.mac('a0')} netns A type veth peer name b0 address {gen.mac('b0')} netns B")
    up(A="a0", B="b0")


def build_macvlan():
    namespaces()
    ip(nic("nic0") + "".join(
        f"link add link nic0 name {name} address {gen.mac(name)} up netns {netns} type macvlan mode bridge\n"
        for name, netns in (("a0", "A"), ("b0", "B"))))


def build_veths():
    """Two guests by veth, two NICs; nothing connects them yet."""
    namespaces()
    ip(veth("a0", "A", "pa") + veth("b0", "B", "pb") + nic("nic0", "nic1"))
    up(A="a0", B="b0")


def enslave(master, *names):
    ip("".join(f"link set {name} master {master}\n" for name in names))


def build_bridge(options=""):
    build_veths()
    ip(f"link add br0 up type bridge forward_delay 0 {options}")
    enslave("br0", "pa", "pb", "nic0", "nic1")


def build_bridge_vlan():
    build_bridge("vlan_filtering 1")


def build_bridge_netfilter():
    run("modprobe", "br_netfilter")
    sysctl("net.bridge.bridge-nf-call-iptables", 1)
    build_bridge()


def leave_bridge_netfilter():
    run("rmmod", "br_netfilter")


def build_ovs():
    run("modprobe", "openvswitch")
    build_veths()
    datapath = ovs.Datapath("ovs0")
    datapath.add("pa", "pb", "nic0", "nic1")
    for source, address, target in (("pa", "b0", "pb"), ("pa", "lan nic1", "nic1"), ("nic0", "b0", "pb"),
                                    ("nic0", "lan nic1", "nic1")):
        datapath.flow(source, gen.mac(address), target)


def build_mirred():
    build_veths()
    for source, target in (("pa", "pb"), ("nic0", "nic1")):
        run("tc", "qdisc", "add", "dev", source, "clsact")
        run("tc", "filter", "add", "dev", source, "ingress", "matchall", "action", "mirred", "egress", "redirect",
            "dev", target)


def build_nft_fwd():
    build_veths()
    run("nft", "-f", "-", text="".join(
        f"table netdev {source} {{\nchain c {{\n"
        f"type filter hook ingress device {source} priority 0\nfwd to {target}\n}}\n}}\n"
        for source, target in (("pa", "pb"), ("nic0", "nic1"))))


def build_vnet():
    namespaces()
    ip("link add vmnet0 up type vnet mode private\n" + vnic("v0", "A") + vnic("v1", "B") + nic("nic0", "nic1") +
       veth("a0", "A", "pa") + veth("b0", "B", "pb"))
    up(A="a0", B="b0")
    enslave("vmnet0", "pa", "pb", "nic0", "nic1")


def build_vnet_vlan():
    """All in the default VLAN, as ports begin."""
    build_vnet()
    ip("link set vmnet0 type vnet vlan_filtering 1\n")


def build_vnet_big():
    """A vnet that may learn as many addresses as a curve has."""
    build_vnet()
    ip("link set vmnet0 type vnet fdb_max_learned 100000\n")


def build_vnet_bridged():
    namespaces()
    ip(nic("nic0"))
    ip("link add vmnet0 up type vnet mode bridged uplink nic0\n" + vnic("v0", "A") + vnic("v1", "B"))


def build_vnet_many(count=66):
    """One sender and COUNT receivers."""
    namespaces()
    ip("link add vmnet0 up type vnet mode private\n" + vnic("v0", "A") +
       "".join(vnic(f"r{i}", "B") for i in range(count)))


def build_vnet_members(count=66):
    namespaces()
    ip("link add vmnet0 up type vnet mode private\n" + vnic("v0", "A") + nic(*(f"r{i}" for i in range(count))))
    enslave("vmnet0", *(f"r{i}" for i in range(count)))


def build_bridge_many(count=66):
    namespaces()
    ip("link add br0 up type bridge forward_delay 0\n" + veth("a0", "A", "pa") +
       "".join(veth(f"r{i}", "B", f"p{i}") for i in range(count)))
    up(A="a0", B=" ".join(f"r{i}" for i in range(count)))
    enslave("br0", "pa", *(f"p{i}" for i in range(count)))


def build_bridge_members(count=66):
    namespaces()
    ip("link add br0 up type bridge forward_delay 0\n" + veth("a0", "A", "pa") + nic(*(f"r{i}" for i in range(count))))
    up(A="a0")
    enslave("br0", "pa", *(f"r{i}" for i in range(count)))


def outside(name="nic0"):
    """The host's way out: a NIC with an address, and a next hop behind it that need not be asked for."""
    ip(nic(name) + f"addr add {HOST_OUTSIDE}/24 dev {name}\nroute add {ROUTED} via {NEXT_HOP} dev {name}\n"
       f"neigh replace {NEXT_HOP} lladdr {gen.mac('lan ' + name)} dev {name} nud permanent\n")


def build_vnet_nat():
    namespaces()
    outside()
    run("vnetctl", "link", "add", "vmnet0", "mode", "nat", "addr", f"{HOST_INSIDE}/24",
        "gateway-lladdr", gen.mac("gateway"))
    # The clock may leap, and the flow that is measured is not to end meanwhile.
    run("vnetctl", "nat", "set", "vmnet0", "timeout", "udp", "1d", "udp-unreplied", "1d")
    ip(vnic("v0", "A"))


def build_router(inside="pa"):
    namespaces()
    outside()
    ip(veth("a0", "A", "pa"))
    if inside != "pa":
        ip(f"link add {inside} up type bridge forward_delay 0\nlink set pa master {inside}")
    ip(f"link set {inside} address {gen.mac('gateway')}\naddr add {HOST_INSIDE}/24 dev {inside}\n"
       f"neigh replace {GUEST} lladdr {gen.mac('a0')} dev {inside} nud permanent\n")
    up(A="a0")
    sysctl("net.ipv4.ip_forward", 1)


MASQUERADE = """
table inet filter {
    FLOWTABLE
    chain forward {
        type filter hook forward priority 0
        OFFLOAD
        ct state established,related accept
        ct state new accept
    }
}
table ip nat {
    chain postrouting {
        type nat hook postrouting priority 100
        oifname WAY_OUT masquerade
    }
}
"""
FLOWTABLE = """flowtable f {
        hook ingress priority 0
        devices = { pa, WAY_OUT }
    }"""
OFFLOAD = "meta l4proto { tcp, udp } flow add @f"


def masquerade(offload=False, way_out="nic0"):
    text = MASQUERADE.replace("FLOWTABLE", FLOWTABLE if offload else "").replace("OFFLOAD", OFFLOAD if offload else "")
    run("nft", "-f", "-", text=text.replace("WAY_OUT", way_out))
    sysctl("net.netfilter.nf_conntrack_max", 400000)
    for which in ("", "_stream"):
        sysctl(f"net.netfilter.nf_conntrack_udp_timeout{which}", 86400)


def build_masquerade():
    build_router()
    masquerade()


def build_docker():
    build_router("br0")
    masquerade()


def build_docker_netfilter():
    run("modprobe", "br_netfilter")
    sysctl("net.bridge.bridge-nf-call-iptables", 1)
    build_docker()


def build_flowtable():
    build_router("br0")
    masquerade(offload=True)


def build_wire_app():
    build_wire()
    hosts("a0", "b0")


def build_bridge_app():
    build_bridge()
    hosts("a0", "b0")


def build_macvlan_app():
    build_macvlan()
    hosts("a0", "b0")


def build_vnet_app():
    build_vnet()
    hosts("v0", "v1")


def hosts(first, second):
    """Two guests of one subnet, who know each other's addresses already."""
    for netns, mine, name, other, peer in (("A", "10.0.1.5", first, "10.0.1.6", second),
                                           ("B", "10.0.1.6", second, "10.0.1.5", first)):
        ip(f"addr add {mine}/24 dev {name}\n"
           f"neigh replace {other} lladdr {gen.mac(peer)} dev {name} nud permanent\n", netns)


def outer_server(guest, gateway):
    """A server beyond the host's way out, which is a veth here, and a guest whose default route is the gateway."""
    ip(veth("b0", "B", "wan0"))
    ip(f"addr add {REMOTE}/24 dev b0\nlink set b0 up\nroute add {HOST_OUTSIDE} dev b0\n", "B")
    ip(f"addr add {HOST_OUTSIDE}/32 dev wan0\nroute add {ROUTED} dev wan0 src {HOST_OUTSIDE}\n")
    ip(f"addr add {GUEST}/24 dev {guest}\nroute add default via {gateway}\n", "A")


def build_vnet_nat_app():
    namespaces()
    run("vnetctl", "link", "add", "vmnet0", "mode", "nat", "addr", f"{HOST_INSIDE}/24")
    ip(vnic("v0", "A"))
    outer_server("v0", "10.0.1.2")


def build_docker_app(offload=False):
    namespaces()
    ip(veth("a0", "A", "pa") + "link add br0 up type bridge forward_delay 0\nlink set pa master br0\n"
       f"addr add {HOST_INSIDE}/24 dev br0\n")
    up(A="a0")
    outer_server("a0", HOST_INSIDE)
    sysctl("net.ipv4.ip_forward", 1)
    masquerade(offload, way_out="wan0")


def build_flowtable_app():
    build_docker_app(offload=True)


def build(name, *arguments):
    globals()["build_" + name](*arguments)


def leave(name):
    clear()
    extra = globals().get("leave_" + name) or ("netfilter" in name and leave_bridge_netfilter)
    if extra:
        extra()
