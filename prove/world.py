# SPDX-License-Identifier: GPL-2.0
"""The world that faults and hostile messages happen in: networks of all kinds in namespaces, and snapshots of them."""
import ctypes
import os
import socket
import struct

import spec
from spec import ACK, CREATE, DUMP, EXCL, NEWADDR, NEWLINK, SETLINK

CLONE_NEWNET = 0x40000000
RTM_GETNEIGH, AF_BRIDGE = 30, 7
SHOWN_FLAGS = 0x1 | 0x80 | 0x100 | 0x200        # UP, NOARP, PROMISC, ALLMULTI; others follow a timer of the kernel's
NEW = ACK | CREATE | EXCL
UNORDERED = ("fdb-get", "mapping-get", "session-get")   # as their hash functions have it
FIRST_HANDLE = 100000                           # below are handles that the kernel gives, one after the other

# Interface indexes: the same each time, so that snapshots can be compared.
V8, V1, V2, NIC0, NIC1, WAN, MEM, MEMP, SPARE, SPAREP, VNIC0, GUEST, INET_WAN = (100, 101, 102, 110, 111, 112, 114,
                                                                                 115, 116, 117, 120,
                                                                                 121, 130)
libc = ctypes.CDLL(None, use_errno=True)
specification = spec.Spec()


def call(result):
    """The result of a call into libc that does not fail."""
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def must(answer):
    """What prepares and what cleans up does not fail."""
    if answer.error:
        raise OSError(-answer.error, f"set-up: {answer}")
    return answer


def write(path, text):
    """The whole of a file of the kernel's."""
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


class Namespace:
    """A network namespace with its sockets; nothing in it speaks by itself."""

    def __init__(self, home):
        self.rows = {}
        call(libc.unshare(CLONE_NEWNET))
        self.file = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        for name in ("all", "default"):
            path = f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6"
            if os.path.exists(path):
                write(path, "1")
        self.route = spec.Route(specification)
        self.generic = spec.Generic(specification)
        self.events = spec.Generic(specification)
        self.events.subscribe()
        must(self.route.link(SETLINK, 1, spec.IFF_UP, spec.IFF_UP))
        call(libc.setns(home, CLONE_NEWNET))

    def socket(self, home, *arguments):
        """A socket in the namespace."""
        call(libc.setns(self.file, CLONE_NEWNET))
        try:
            return socket.socket(*arguments)
        finally:
            call(libc.setns(home, CLONE_NEWNET))

    def snapshot(self):
        """All that can be seen in the namespace and stays as it is by itself. A link has in it what link-get tells."""
        seen = {"links": [self.row("links", data, self.route.decode_link) for data in self.route.links_raw()],
                "addresses": self.route.addresses()}
        if not any(row.get("kind") == "vnet" for row in seen["links"]):
            return seen
        for name in ("port-get", "fdb-get", "vlan-get", "nat-get", "forward-get"):
            seen[name] = self.table(name)
        if any(row["n-mappings"] or row["n-sessions"] for row in seen["nat-get"]):
            seen.update({name: self.table(name) for name in ("mapping-get", "session-get")})
        seen["filters"] = self.filters()
        return seen

    def table(self, name):
        """A dump of the family; what a hash function has put in order is sorted."""
        rows = [self.row(name, data, lambda data: specification.decode_reply(data)[1])
                for data in self.generic.dump_raw(name)]
        return sorted(rows, key=repr) if name in UNORDERED else rows

    def row(self, name, data, decode):
        """What is shown of a message; the same bytes are decoded once."""
        row = self.rows.get((name, data))
        if row is None:
            if len(self.rows) > 10000:
                self.rows.clear()
            row = self.rows[name, data] = shown(name, decode(data))
        return row

    def filters(self):
        """(index, address) of the unicast addresses that NICs let pass besides their own."""
        answer = self.route.ask(RTM_GETNEIGH, DUMP, struct.pack("=BBHiHBB", AF_BRIDGE, 0, 0, 0, 0, 0, 0))
        rows = ((data[4], dict(spec.walk(data[12:])).get(2, b"\1")) for _, data in must(answer).replies)
        return sorted((index, lladdr.hex(":")) for index, lladdr in rows if not lladdr[0] & 1)

    def close(self):
        """Let the namespace go."""
        self.silence()
        os.close(self.file)

    def silence(self):
        """Close the sockets, which keep the namespace, and leave the file."""
        for each in (self.route, self.generic, self.events):
            each.close()


# What differs from one time to the next although nothing is different.
VOLATILE = {
    "fdb-get": ("age", "port-number"),
    "mapping-get": ("external-port", "port-number"),
    "session-get": ("external-port", "expires", "state", "out-packets", "out-bytes", "in-packets", "in-bytes",
                    "port-number"),
    "forward-get": ("hits",),
    "links": (),
    "port-get": ("mcast-n-groups",),
    "vlan-get": ("port-number",),
}


def shown(name, row):
    """A row of a dump without what is volatile."""
    row = {key: value for key, value in row.items() if key not in VOLATILE.get(name, ())}
    if name == "links":
        row["flags"] &= SHOWN_FLAGS
        if "port" in row:
            row["port"] = shown("port-get", row["port"])
    if name == "port-get" and row["kind"] in ("member", "vnic"):
        del row["number"]
    if name == "forward-get" and row["handle"] < FIRST_HANDLE:
        row["handle"] = "given"
    return row


class World:
    """Namespaces: host has NAT and all kinds of ports, bare has none of it on yet, guest and inet are peers.

      guest: eth0 192.168.133.10 -- v8 (nat .1, gateway .2) -- wan0 203.0.113.2 -- inet: wan0
             host: vnic0, mem0 (v8)      v2 (bridged, uplink nic0)      nic1, spare0 free
             bare: v1 (host-only)        nic1, spare0 free, wan0 with an address
    """

    def __init__(self, home, rng, crowded):
        self.home, self.made = home, []
        self.host, self.bare, self.guest, self.inet = (Namespace(home) for _ in range(4))
        self.all = {"host": self.host, "bare": self.bare, "guest": self.guest}
        self.make_host()
        self.make_guest()
        self.make_bare()
        if crowded:
            self.crowd(rng)
        self.udp = self.guest.socket(home, socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("192.168.133.10", 4000))
        self.packet = self.host.socket(home, socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.packet.bind(("mem0p", 0))

    def make_host(self):
        host = self.host
        self.nic(host, "nic0", NIC0, 0x10)
        self.nic(host, "nic1", NIC1, 0x11)
        self.pair(host, "wan0", WAN, host, self.inet, "wan0", INET_WAN)
        self.pair(host, "mem0", MEM, host, host, "mem0p", MEMP)
        self.pair(host, "spare0", SPARE, host, host, "spare0p", SPAREP)
        must(self.vnet(host, "v8", V8, {"mode": "nat", "subnet": "192.168.133.0", "prefix-len": 24,
                                        "gateway-lladdr": "02:00:00:00:08:02",
                                        "ageing-time": 0}))
        must(self.vnet(host, "v2", V2, {"mode": "bridged", "uplink": NIC0}))
        must(host.route.address(NEWADDR, V8, "192.168.133.1/24"))
        must(host.route.address(NEWADDR, WAN, "203.0.113.2/24"))
        self.up(host, V8, V2)
        must(host.route.route("198.51.100.0/24", "203.0.113.1"))
        must(host.route.neighbour(WAN, "203.0.113.1", "02:00:00:00:0d:01"))
        must(self.vnic(host, "vnic0", VNIC0, V8))
        self.up(host, VNIC0)
        must(host.route.link(SETLINK, MEM, master=V8))
        must(host.generic.do("forward-new", self.forward(0, 6, 80)))
        must(host.generic.do("forward-new", self.forward(1, 17, 5000, last=5009)))
        must(host.generic.do("fdb-new", {"vnet": V8, "lladdr": "02:00:00:00:01:01", "port": MEM, "state": "static"}))
        must(host.generic.do("nat-set", {"vnet": V8, "timeouts": {"udp-unreplied": 604800, "udp": 604800,
                                                                  "hold-down": 0}}))

    def make_guest(self):
        must(self.vnic(self.host, "eth0", GUEST, V8, net_ns_fd=self.guest.file))
        must(self.guest.route.address(NEWADDR, GUEST, "192.168.133.10/24"))
        self.up(self.guest, GUEST)
        must(self.guest.route.route("198.51.100.0/24", "192.168.133.2"))
        must(self.guest.route.neighbour(GUEST, "192.168.133.2", "02:00:00:00:08:02"))
        must(self.inet.route.address(NEWADDR, INET_WAN, "203.0.113.1/24"))

    def make_bare(self):
        bare = self.bare
        self.nic(bare, "nic1", NIC1, 0x21)
        self.pair(bare, "spare0", SPARE, bare, bare, "spare0p", SPAREP)
        self.nic(bare, "wan0", WAN, 0x22)
        must(bare.route.address(NEWADDR, WAN, "203.0.113.9/24"))
        must(self.vnet(bare, "v1", V1, {"mode": "host-only", "subnet": "192.168.1.0", "prefix-len": 24,
                                        "gateway-lladdr": "02:00:00:00:01:02"}))
        must(bare.route.address(NEWADDR, V1, "192.168.1.1/24"))
        self.up(bare, V1)

    def crowd(self, rng):
        """More of everything, so that tables are fuller and walks are longer."""
        for number in range(rng.randrange(1, 6)):
            must(self.vnic(self.host, f"more{number}", 200 + number, rng.choice((V8, V2))))
            must(self.vnic(self.bare, f"more{number}", 200 + number, V1))
        for number in range(rng.randrange(1, 60)):
            lladdr = f"02:00:00:00:02:{number:02x}"
            must(self.host.generic.do("fdb-new", {"vnet": V8, "lladdr": lladdr, "port": rng.choice((MEM, VNIC0))}))
        for number in range(rng.randrange(1, 20)):
            must(self.host.generic.do("forward-new", self.forward(1000 + number, rng.choice((6, 17)), 10000 + number)))
            must(self.host.route.address(NEWADDR, WAN, f"203.0.113.{20 + number}/24"))
            must(self.bare.route.address(NEWADDR, WAN, f"203.0.113.{20 + number}/24"))

    @staticmethod
    def nic(where, name, index, number):
        must(where.route.link(NEWLINK, index, bits=NEW, ifname=name, address=f"02:00:00:00:0c:{number:02x}",
                              info=specification.link_info("dummy")))
        World.up(where, index)

    @staticmethod
    def pair(where, name, index, near, far, peer, peer_index):
        """A veth pair with indexes and addresses of its own."""
        end = spec.ifinfo(peer_index) + spec.link_attrs(ifname=peer, address=f"02:00:00:00:0e:{peer_index:02x}",
                                                        net_ns_fd=None if far is near else far.file)
        must(where.route.link(NEWLINK, index, bits=NEW, ifname=name, address=f"02:00:00:00:0e:{index:02x}",
                              info=specification.link_info("veth", spec.attr(1, end))))
        World.up(where, index)
        World.up(far, peer_index)

    @staticmethod
    def up(where, *indexes):
        for index in indexes:
            must(where.route.link(SETLINK, index, spec.IFF_UP, spec.IFF_UP))

    @staticmethod
    def vnet(where, name, index, settings):
        return where.route.link(NEWLINK, index, bits=NEW, ifname=name, address=f"02:00:00:00:0a:{index & 255:02x}",
                                info=specification.link_info("vnet", settings))

    @staticmethod
    def vnic(where, name, index, vnet, **values):
        return where.route.link(NEWLINK, index, bits=NEW, ifname=name, link=vnet,
                                address=f"02:00:00:00:0b:{index & 255:02x}",
                                info=specification.link_info("vnic"), **values)

    @staticmethod
    def forward(number, proto, first, **more):
        return {"vnet": V8, "handle": FIRST_HANDLE + number, "proto": proto, "first": first,
                "to-addr": "192.168.133.10",
                "to-port": 80, **more}

    def snapshot(self, names=("host", "bare", "guest")):
        """What is seen in some of the namespaces."""
        return {name: self.all[name].snapshot() for name in names}

    def session(self):
        """The guest sends: a mapping and a session are there."""
        self.udp.sendto(b"ping", ("198.51.100.1", 7))

    def learn(self, guests=(1, 2)):
        """Guests behind the member send."""
        for last in guests:
            self.packet.send(b"\xff" * 6 + bytes((2, 0, 0, 0, 3, last)) + b"\x88\xb5" + bytes(46))

    def close(self):
        self.udp.close()
        self.packet.close()
        for each in (self.host, self.bare, self.guest, self.inet):
            each.close()


def difference(before, after, path=""):
    """What is not the same, in words."""
    if before == after:
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        return [line for key in {**before, **after}
                for line in difference(before.get(key), after.get(key), f"{path}/{key}")]
    if isinstance(before, list) and isinstance(after, list):
        lines = [f"{path}: gone or changed: {row}" for row in before if row not in after]
        lines += [f"{path}: new: {row}" for row in after if row not in before]
        return lines or [f"{path}: another order"]
    return [f"{path}: {before!r} -> {after!r}"]
