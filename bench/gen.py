# SPDX-License-Identifier: GPL-2.0
"""Frames, and the packet source (bench/gen/) that sends them and counts instructions."""
import errno
import fcntl
import os
import struct
import zlib

ORDER = struct.Struct("=16sIIII128sIIIIIIIIQQQQ")
END = struct.Struct("=16sI")
RUN = 3 << 30 | ORDER.size << 16 | ord("V") << 8 | 1
ADD_END = 1 << 30 | END.size << 16 | ord("V") << 8 | 2
CLEAR_ENDS = ord("V") << 8 | 3

RECEIVE, VERIFIED = 1, 2
BROADCAST = "ff:ff:ff:ff:ff:ff"
ETHER_LEN, IP_LEN = 14, 20
UDP, TCP = 17, 6


def mac(name):
    """The address of a netdev, or of the machine behind a NIC; follows from its name."""
    crc = zlib.crc32(name.encode())
    return "02:00:" + ":".join(f"{crc >> shift & 255:02x}" for shift in (24, 16, 8, 0))


def mac_bytes(address):
    return bytes.fromhex(address.replace(":", ""))


def ip_bytes(address):
    return bytes(map(int, address.split(".")))


def internet_sum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def ether(dst, src, kind):
    return mac_bytes(dst) + mac_bytes(src) + struct.pack("!H", kind)


def ipv4(src, dst, protocol, length):
    head = struct.pack("!BBHHHBBH", 0x45, 0, length, 0, 0x4000, 64, protocol, 0) + ip_bytes(src) + ip_bytes(dst)
    return head[:10] + struct.pack("!H", internet_sum(head) ^ 0xffff) + head[12:]


def pseudo_sum(src, dst, protocol, length):
    return internet_sum(ip_bytes(src) + ip_bytes(dst) + struct.pack("!HH", protocol, length))


def udp_frame(dst, src, endpoints, length=60, partial=False):
    """A frame without a checksum, or with one that the NIC is to finish."""
    source, source_port, target, target_port = endpoints
    size = length - ETHER_LEN - IP_LEN
    check = pseudo_sum(source, target, UDP, size) if partial else 0
    return (ether(dst, src, 0x0800) + ipv4(source, target, UDP, length - ETHER_LEN) +
            struct.pack("!HHHH", source_port, target_port, size, check))


def tcp_frame(dst, src, endpoints, length):
    """A segment for TSO: its checksum is the sum of the pseudo header."""
    source, source_port, target, target_port = endpoints
    size = length - ETHER_LEN - IP_LEN
    return (ether(dst, src, 0x0800) + ipv4(source, target, TCP, length - ETHER_LEN) +
            struct.pack("!HHIIBBHHH", source_port, target_port, 1, 1, 5 << 4, 0x10, 512,
                        pseudo_sum(source, target, TCP, size), 0))


def arp_request(src, source, target):
    return (ether(BROADCAST, src, 0x0806) + struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + mac_bytes(src) +
            ip_bytes(source) + bytes(6) + ip_bytes(target))


class Lost(Exception):
    """Packets did not arrive."""


class Generator:
    def __init__(self):
        self.fd = os.open("/dev/vnet_bench", os.O_RDWR)
        self.runs = 0

    def clear_ends(self):
        fcntl.ioctl(self.fd, CLEAR_ENDS)

    def ends(self, sinks=(), wires=()):
        """Say where packets end: netdevs that receive them, and NICs that send them."""
        self.clear_ends()
        for name, wire in [(name, 0) for name in sinks] + [(name, 1) for name in wires]:
            fcntl.ioctl(self.fd, ADD_END, END.pack(name.encode(), wire))

    def run(self, dev, frame, burst=1, bursts=1, **more):
        """Send bursts; return instructions per packet and what else is to be known of the run."""
        order = bytearray(ORDER.pack(
            dev.encode(), more.get("flags", 0), max(more.get("length", 60), len(frame)), len(frame),
            more.get("csum_at", 0), frame, more.get("gso_size", 0), more.get("vary_at", 0),
            more.get("vary_count", 0), more.get("vary_next", 0), burst, bursts, more.get("copies", 1),
            0, 0, 0, 0, 0))
        self.runs += 1
        try:
            fcntl.ioctl(self.fd, RUN, order)
        except OSError as error:
            arrived = ORDER.unpack(order)[-2]
            if error.errno == errno.EIO:
                raise Lost(f"{arrived} packets arrived, then one did not")
            raise Lost(f"{dev}: {error.strerror}")
        *_, nth, _, _, _, kept, repeated, instructions, arrived, least = ORDER.unpack(order)
        return {"next": nth, "instructions": instructions / (kept * burst), "least": least / burst, "packets": kept * burst,
                "arrived": arrived, "repeated": repeated}
