# SPDX-License-Identifier: GPL-2.0
"""Requests that are right, almost right and wrong, made from the specification. For prove/netlink."""
import socket
import struct

import spec
from spec import (ACK, CREATE, DELLINK, DUMP, EXCL, GETLINK, NESTED, NET_BYTEORDER, NEWLINK, REPLACE, REQUEST, ROOT,
                  SETLINK)
from world import specification

INDEXES = (100, 100, 100, 101, 102, 102, 110, 111, 112, 114, 116, 117, 120, 121, 130, 140, 141, 142, 143)
VNETS = (100, 100, 100, 102, 140)
ODD_INDEXES = (0, 1, 2, 99, 0x7fffffff, 0x80000000, 0xffffffff)
NAMES = ("v8", "v1", "v2", "vnic0", "mem0", "nic1", "t0", "t1", "a" * 15, "a" * 16, "a" * 40, "", ".", "a/b", "%d",
         "x%d%d", "\xff", "all")
LLADDRS = ("02:00:00:00:01:01", "02:00:00:00:08:02", "02:00:00:00:0b:78", "02:00:00:00:0a:64", "02:00:00:00:77:01",
           "00:00:00:00:00:00",
           "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "02:00:00:00:77:02", "02:00:00:00:77:03")
ADDRESSES = ("192.168.133.0", "192.168.133.1", "192.168.133.2", "192.168.133.10", "192.168.133.255", "203.0.113.2",
             "0.0.0.0",
             "255.255.255.255", "127.0.0.1", "224.0.0.1", "10.9.0.0", "10.9.0.2", "10.0.0.0", "198.51.100.1")
HANDLES = (1, 2, 100000, 100001, 100002, 0xffffffff)
# How the object of a request can be named, by attribute set.
KEYS = {
    "link": (("ifindex",),),
    "port": (("ifindex",), ("vnet", "number"), ("vnet", "ifindex")),
    "fdb": (("vnet", "lladdr", "port"), ("vnet", "lladdr", "port-number"), ("vnet", "lladdr"), ("vnet", "port"),
            ("vnet",)),
    "forward": (("vnet", "handle"), ("vnet", "proto", "first", "to-addr"), ("vnet", "proto", "first", "to-addr",
                                                                            "handle"), ("vnet",)),
}
FLAGS = (ACK, ACK, ACK, ACK | DUMP, ACK | CREATE, ACK | CREATE | EXCL, ACK | REPLACE, ACK | ROOT, 0)


class Maker:
    """Messages of one step."""

    def __init__(self, rng, world, outside):
        self.rng, self.world, self.outside = rng, world, outside
        self.wrong = rng.choice((0, 0, 0, 0.03, 0.1, 0.3))     # how much of it is wrong

    def chance(self, probability):
        """True so often."""
        return self.rng.random() < probability

    def number(self, attribute):
        """A number that fits, or that almost fits."""
        size = 8 * spec.SIZES[attribute.type]
        edges = [0, 1, 2, 3, (1 << size - 1) - 1, 1 << size - 1, (1 << size) - 1]
        for bound in attribute.checks.values():
            edges += [bound - 1, bound, bound, bound, bound + 1]
        if attribute.checks and not self.chance(self.wrong):
            low, high = attribute.checks.get("min", 0), attribute.checks.get("max", (1 << size) - 1)
            edges = [max(low, min(high, edge)) for edge in edges]
        if attribute.checks or self.chance(0.6):
            value = self.rng.choice(edges)
        else:
            value = self.rng.getrandbits(self.rng.randrange(1, size + 1))
        return (value & ((1 << size) - 1)).to_bytes(size // 8, "big" if attribute.order == ">" else "little")

    def value(self, attribute):
        """Payload of an attribute: mostly one that means something here."""
        name = attribute.name
        if attribute.nested:
            return self.attributes(attribute.nested, list(specification.sets[attribute.nested]))
        if (name == "vnet" or (name == "ifindex" and attribute.set == "link")) and self.chance(0.8):
            return struct.pack("=I", self.rng.choice(VNETS))
        if name in ("vnet", "ifindex", "port", "uplink", "out"):
            return struct.pack("=I", self.rng.choice(INDEXES if self.chance(0.9) else ODD_INDEXES))
        if attribute.hint == "mac":
            return bytes.fromhex(self.rng.choice(LLADDRS).replace(":", ""))
        if attribute.hint == "ipv4":
            return socket.inet_aton(self.rng.choice(ADDRESSES))
        if attribute.type == "string":
            return self.rng.choice(NAMES).encode("latin1") + b"\0"
        if attribute.type in ("pad", "binary"):
            return self.rng.randbytes(self.rng.randrange(12))
        if name == "handle" and self.chance(0.8):
            return struct.pack("=I", self.rng.choice(HANDLES))
        if name == "proto" and self.chance(0.8):
            return bytes((self.rng.choice((6, 17)),))
        if name in ("number", "port-number") and self.chance(0.8):
            return struct.pack("=I", self.rng.randrange(12))
        if name == "prefix-len" and self.chance(0.7):
            return bytes((self.rng.choice((8, 16, 24, 30)),))
        return self.number(attribute)

    def attribute(self, attribute):
        """One attribute, now and then a wrong one."""
        payload, number = self.value(attribute), attribute.number | (NESTED if attribute.nested else 0)
        if not self.chance(self.wrong):
            return spec.attr(number, payload)
        wrong = self.rng.randrange(9)
        if wrong == 0:
            return spec.attr(number, payload[:self.rng.randrange(len(payload) + 1)])
        if wrong == 1:
            return spec.attr(number, payload + self.rng.randbytes(self.rng.randrange(1, 40)))
        if wrong == 2:
            return spec.attr(number ^ self.rng.choice((NESTED, NET_BYTEORDER)), payload)
        if wrong == 3:
            return spec.attr(number, payload) + spec.attr(number, self.value(attribute))
        if wrong == 4:
            return spec.attr(self.rng.choice((0, 127, 146, 200, 0x3fff, self.rng.randrange(1 << 16))), payload)
        if wrong == 5:
            for _ in range(self.rng.choice((1, 3, 60))):
                payload = spec.attr(number | NESTED, payload)
            return payload
        if wrong == 6:
            lie = bytearray(spec.attr(number, payload))
            struct.pack_into("=H", lie, 0, self.rng.choice((0, 3, 4, len(payload) + 3, len(payload) + 8, 0xffff)))
            return bytes(lie)
        if wrong == 7:
            return spec.attr(number, payload) + self.rng.randbytes(self.rng.randrange(1, 4))
        return spec.attr(number, self.rng.randbytes(self.rng.choice((0, 1000, 30000))))

    def attributes(self, name, wanted):
        """Attributes of a set: some of those wanted, seldom any."""
        every = specification.sets[name]
        share = self.rng.choice((0.15, 0.4, 0.9))
        names = [each for each in wanted if self.chance(share)]
        if self.chance(self.wrong):
            names.append(self.rng.choice(list(every)))
        if self.chance(0.2):
            self.rng.shuffle(names)
        return b"".join(self.attribute(every[each]) for each in names)

    def request(self, name, wanted):
        """What names an object, and some attributes besides; or one besides, which is wrong more often than not."""
        keys = KEYS.get(name, (("vnet",),))
        key = [each for each in self.rng.choice(keys) if each in wanted]
        others = [each for each in wanted if not any(each in each_key for each_key in keys)]
        body = b"".join(self.attribute(specification.sets[name][each]) for each in key)
        if not others or not self.chance(0.3):
            return body + self.attributes(name, others)
        self.wrong = self.rng.choice((0, 1, 1))
        body += self.attribute(specification.sets[name][self.rng.choice(others)])
        self.wrong = 0                  # in all else
        return body

    def generic(self):
        """(type, flags, body) for family vnet; the type is filled in by who sends."""
        operation = self.rng.choice([each for each in specification.operations.values() if each.modes
                                     or self.chance(self.wrong)])
        modes = list(operation.modes)
        mode = self.rng.choice(modes) if modes else "do"
        flags = (self.rng.choice((DUMP, DUMP | ACK)) if mode == "dump"
                 else ACK) if not self.chance(self.wrong / 2) else self.rng.choice(FLAGS)
        body = b""
        if operation.set:
            wanted = operation.modes[mode][0] if modes else list(specification.sets[operation.set])
            make = self.attributes if self.chance(self.wrong) else self.request
            body = make(operation.set, wanted)
            if mode == "dump" and self.chance(0.5):
                body = b""
        command = operation.number if not self.chance(self.wrong / 4) else self.rng.randrange(256)
        version, reserved = (1, 0) if not self.chance(self.wrong / 4) else (self.rng.randrange(256),
                                                                            self.rng.randrange(1 << 16))
        return None, flags, struct.pack("=BBH", command, version, reserved) + body

    def link_values(self):
        """IFLA_* of a link request, none of those that make things without bound."""
        choose, values = self.rng.choice, {}
        for name, chance, draw in (
                ("ifname", 0.5, lambda: choice_bytes(choose(NAMES))),
                ("mtu", 0.1, lambda: choose((0, 1, 67, 68, 1280, 1500, 9000, 65521, 1 << 31))),
                ("link", 0.4, lambda: choose(INDEXES)), ("master", 0.15, lambda: choose(INDEXES + (0, 0, 0))),
                ("address", 0.3, lambda: bytes.fromhex(choose(LLADDRS).replace(":", ""))[:choose((6, 6, 6, 5, 0))]),
                ("net_ns_fd", 0.05, lambda: choose((self.world.guest.file, self.world.bare.file, self.outside, 99))),
                ("new_ifindex", 0.05, lambda: choose(INDEXES + ODD_INDEXES)), ("target_netnsid", 0.03,
                                                                               lambda: choose((0, 1, 5))),
                ("link_netnsid", 0.05, lambda: choose((0, 1, 5)))):
            if self.chance(chance):
                values[name] = draw()
        return values

    def link(self):
        """(type, flags, body) for rtnetlink."""
        choose = self.rng.choice
        kind = choose(("vnet", "vnet", "vnic", "vnic", "dummy", None))
        command = choose((NEWLINK, NEWLINK, NEWLINK, SETLINK, DELLINK, GETLINK))
        flags = choose(FLAGS) if command != NEWLINK else choose((ACK | CREATE | EXCL, ACK | CREATE | EXCL,
                                                                 ACK | CREATE, ACK))
        fresh = flags & EXCL and not self.chance(self.wrong)
        # What ends is mostly what was made: the world is to stay interesting.
        made = INDEXES[-4:]
        if fresh:
            index = choose((0, *made))
        elif self.chance(0.2):
            index = choose((0, 0, 0, -1, 1, 0x7FFFFFFF))
        else:
            index = choose(made if command == DELLINK and self.chance(0.9) else INDEXES)
        up = int(self.chance(0.3))
        info = specification.link_info(kind, self.nest(1, "link", "link-set") if self.chance(0.6) else None,
                                       choose((None, None, "vnet", "bond")) if not fresh else None,
                                       self.nest(2, "port", "port-set") if self.chance(0.05 if fresh
                                                                                       else 0.3) else None)
        if command in (DELLINK, GETLINK) and self.chance(0.9):
            info = b""
        values = self.link_values()
        if fresh:
            values["ifname"] = f"t{self.rng.randrange(20)}"
            for name in ("link", "master", "address", "new_ifindex", "target_netnsid", "link_netnsid"):
                if not self.chance(self.wrong + (name == "address") * 0.3):
                    values.pop(name, None)
        if kind == "vnic" and "link" not in values and self.chance(0.8):
            values["link"] = choose((100, 101, 102))
        return command, flags, spec.ifinfo(index, up, up if not self.chance(self.wrong)
                                           else self.rng.getrandbits(32) & ~0x100) + spec.link_attrs(**values) + info

    def nest(self, number, name, operation):
        """The one attribute of IFLA_INFO_DATA or IFLA_INFO_SLAVE_DATA."""
        wanted = [each for each in specification.operations[operation].modes["do"][0]
                  if each not in ("vnet", "number", "ifindex")]
        body = spec.attr((number if self.chance(0.95) else self.rng.randrange(4)) | (NESTED if self.chance(0.9) else 0),
                         self.attributes(name, wanted))
        return body if self.chance(0.97) else body + spec.attr(self.rng.randrange(4),
                                                               self.rng.randbytes(self.rng.randrange(20)))

    def mutate(self, data):
        """A few bytes behind the header change, or the end is missing."""
        data = bytearray(data)
        if len(data) > 16 and self.chance(0.7):
            for _ in range(self.rng.choice((1, 1, 2, 5))):
                data[self.rng.randrange(16, len(data))] = self.rng.choice((0, 1, 0x7f, 0x80, 0xff,
                                                                           self.rng.randrange(256)))
        if self.chance(0.5):
            del data[self.rng.randrange(16, len(data) + 1):]
            struct.pack_into("=I", data, 0, len(data))
        if self.chance(0.1):
            struct.pack_into("=I", data, 0, self.rng.choice((0, 15, 16, len(data) + 1, len(data) - 1, 0xffffffff)))
        if self.chance(0.1):
            struct.pack_into("=H", data, 6, self.rng.getrandbits(16))
        return bytes(data)

    def datagram(self):
        """(family, messages)"""
        family = "generic" if self.chance(0.7) else "route"
        count = 1 if self.chance(0.85) else self.rng.randrange(2, 6)
        messages = []
        for number in range(count):
            kind, flags, body = self.generic() if family == "generic" else self.link()
            data = struct.pack("=IHHII", 16 + len(body), kind or 0, flags | (0 if self.chance(self.wrong / 10)
                                                                             else REQUEST), 1000 + number, 0) + body
            if self.chance(min(self.wrong, 0.3)):
                data = self.mutate(data)
            messages.append(data)
        return family, messages


def wrong_ones(attribute):
    """An attribute of lengths that it cannot have, with the other flag, and out of its bounds."""
    nested = NESTED if attribute.nested else 0
    size = spec.SIZES.get(attribute.type, 6)
    good = b"" if attribute.nested else bytes(size - 1) + b"\2"
    for payload in (b"", good[:-1], good + b"\0", good * 2, bytes(1000)):
        yield spec.attr(attribute.number | nested, payload)
    yield spec.attr(attribute.number | (nested ^ NESTED), good)
    for bound in ("min", "max"):
        if bound in attribute.checks and attribute.type in spec.SIZES:
            value = attribute.checks[bound] + (1 if bound == "max" else -1)
            yield spec.attr(attribute.number, value.to_bytes(size, "little"))


def choice_bytes(text):
    """A name as it goes on the wire, whatever is in it."""
    return text.encode("latin1") + b"\0"
