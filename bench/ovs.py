# SPDX-License-Identifier: GPL-2.0
"""A datapath of Open vSwitch's kernel module, with the flows that its daemon would install."""
import socket
import struct

import gen

NETLINK_GENERIC = 16
REQUEST, ACK, ERROR, NESTED = 1, 4, 2, 0x8000
CONTROL_FAMILY, GET_FAMILY, FAMILY_ID, FAMILY_NAME = 16, 3, 1, 2
NEW = 1
VPORT_NETDEV = 1


def attr(kind, payload):
    return struct.pack("=HH", 4 + len(payload), kind) + payload + bytes(-len(payload) % 4)


def number(kind, value):
    return attr(kind, struct.pack("=I", value))


class Datapath:
    def __init__(self, name):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.socket.bind((0, 0))
        self.ports = {}
        self.ifindex = 0
        self.request("ovs_datapath", attr(1, name.encode() + b"\0") + number(2, 0) + number(5, 0))
        self.ifindex = socket.if_nametoindex(name)

    def call(self, family, version, body):
        head = struct.pack("=IHHII", 20 + len(body), family, REQUEST | ACK, 1, 0)
        self.socket.send(head + struct.pack("=BBH", *version, 0) + body)
        answer = b""
        while True:
            data = self.socket.recv(65536)
            kind, = struct.unpack_from("=H", data, 4)
            if kind != ERROR:
                answer = data
                continue
            code, = struct.unpack_from("=i", data, 16)
            if code:
                raise OSError(-code, f"Open vSwitch refused: errno {-code}")
            return answer

    def family(self, name):
        data = self.call(CONTROL_FAMILY, (GET_FAMILY, 1), attr(FAMILY_NAME, name.encode() + b"\0"))
        at = 20
        while at < len(data):
            length, kind = struct.unpack_from("=HH", data, at)
            if kind == FAMILY_ID:
                return struct.unpack_from("=H", data, at + 4)[0]
            at += length + 3 & ~3
        raise OSError(f"there is no netlink family {name}")

    def request(self, family, attributes):
        version = 2 if family == "ovs_datapath" else 1
        self.call(self.family(family), (NEW, version), struct.pack("=i", self.ifindex) + attributes)

    def add(self, *names):
        """Ports have the numbers 1, 2, ... in the order in which they are added."""
        for name in names:
            self.ports[name] = len(self.ports) + 1
            self.request("ovs_vport", number(1, self.ports[name]) + number(2, VPORT_NETDEV) +
                         attr(3, name.encode() + b"\0") + number(5, 0))

    def flow(self, source, address, target):
        """What comes by one port for one MAC address leaves by another, whatever UDP it is."""
        def key(port, mac, kind, ip_proto):
            return (number(3, port) + attr(4, bytes(6) + mac) + attr(6, kind) +
                    attr(7, bytes(8) + ip_proto + bytes(3)) + attr(10, bytes(4)))

        match = key(self.ports[source], gen.mac_bytes(address), b"\x08\x00", b"\x11")
        mask = key(0xffffffff, b"\xff" * 6, b"\xff\xff", b"\xff")
        self.request("ovs_flow", attr(1 | NESTED, match) + attr(7 | NESTED, mask) +
                     attr(2 | NESTED, number(1, self.ports[target])))
