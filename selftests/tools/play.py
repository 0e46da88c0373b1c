# SPDX-License-Identifier: GPL-2.0
"""Runs the program on standard input with the words below: sockets and frames in any number of namespaces,
from one process, because processes are dear in an emulated machine.

The namespaces that setup_ns of lib.sh made are there under their names: guest 'g1' is g1, and
g1.udp("192.0.2.1:53") is a socket in it. Whatever a program waits for it gets within PATIENCE seconds, or the
check fails; "nothing comes" is waited for SILENCE seconds.
"""
import ctypes
import errno
import fcntl
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time
import traceback

PATIENCE = float(os.environ.get("VNET_TEST_PATIENCE", 20))
SILENCE = 0.4
CLONE_NEWNET = 0x40000000
SO_RCVBUFFORCE = 33
SOL_PACKET, PACKET_AUXDATA, TP_STATUS_CSUMNOTREADY, TP_STATUS_VLAN_VALID = 263, 8, 8, 16
ETH_P_ALL, ETH_P_IP, ETH_P_ARP = 3, 0x0800, 0x0806
TCP, UDP, ICMP = 6, 17, 1
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
BROADCAST = "ff:ff:ff:ff:ff:ff"

libc = ctypes.CDLL(None, use_errno=True)
failures = 0


# Checks

def check(what, seen, expected=True):
    """A row of TAP; SEEN has to equal EXPECTED."""
    global failures
    if seen == expected:
        print(f"ok - {what}", flush=True)
        return True
    failures += 1
    print(f"not ok - {what}\n#   expected: {expected!r}\n#   seen:     {seen!r}", flush=True)
    return False


def check_in(what, seen, low, high):
    """SEEN has to be a number from LOW to HIGH."""
    if isinstance(seen, (int, float)) and low <= seen <= high:
        return check(what, True)
    return check(what, seen, f"{low} to {high}")


def soon(condition, expected=True, patience=PATIENCE):
    """Ask until the answer is EXPECTED; returns the last answer."""
    end = time.monotonic() + patience
    while True:
        seen = condition()
        if seen == expected or time.monotonic() > end:
            return seen
        time.sleep(0.02)


# Addresses and headers

def endpoint(text):
    """"192.0.2.1:80" becomes what the socket calls want."""
    if isinstance(text, tuple):
        return text
    addr, _, port = text.partition(":")
    return addr, int(port or 0)


def text(addr):
    return f"{addr[0]}:{addr[1]}"


def mac(addr):
    return bytes.fromhex(addr.replace(":", ""))


def mac_text(raw):
    return raw.hex(":")


def csum(data):
    """RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ether(dst, src, proto, payload):
    return mac(dst) + mac(src) + struct.pack("!H", proto) + payload


def tagged(frame, vid, proto=0x8100, priority=0):
    """The frame with a VLAN tag before what it has."""
    return frame[:12] + struct.pack("!HH", proto, priority << 13 | vid) + frame[12:]


def ip4(src, dst, proto, payload, ttl=64, ident=1, df=False, mf=False, offset=0, options=b"", tos=0, **wrong):
    """An IPv4 packet; version=, ihl=, total=, check= say something else than the truth."""
    ihl = wrong.get("ihl", 5 + len(options) // 4)
    head = struct.pack("!BBHHHBBH4s4s", wrong.get("version", 4) << 4 | ihl, tos,
                       wrong.get("total", 20 + len(options) + len(payload)), ident,
                       (0x4000 if df else 0) | (0x2000 if mf else 0) | offset // 8, ttl, proto, 0,
                       socket.inet_aton(src), socket.inet_aton(dst)) + options
    check = wrong.get("check", csum(head))
    return head[:10] + struct.pack("!H", check) + head[12:] + payload


def pseudo(src, dst, proto, length):
    return socket.inet_aton(src) + socket.inet_aton(dst) + struct.pack("!BBH", 0, proto, length)


def udp4(src, dst, payload=b"", zero=False, **ip):
    """A UDP packet from "ADDR:PORT" to "ADDR:PORT"; ZERO: without a checksum."""
    (saddr, sport), (daddr, dport) = endpoint(src), endpoint(dst)
    head = struct.pack("!HHHH", sport, dport, 8 + len(payload), 0)
    check = csum(pseudo(saddr, daddr, UDP, len(head) + len(payload)) + head + payload) or 0xffff
    return ip4(saddr, daddr, UDP, head[:6] + struct.pack("!H", 0 if zero else check) + payload, **ip)


def tcp4(src, dst, flags, seq=0, ack=0, payload=b"", **ip):
    (saddr, sport), (daddr, dport) = endpoint(src), endpoint(dst)
    head = struct.pack("!HHIIBBHHH", sport, dport, seq, ack, 5 << 4, flags, 65535, 0, 0)
    check = csum(pseudo(saddr, daddr, TCP, len(head) + len(payload)) + head + payload)
    return ip4(saddr, daddr, TCP, head[:16] + struct.pack("!H", check) + head[18:] + payload, **ip)


def icmp4(src, dst, kind, code=0, ident=0, seq=0, payload=b"", **ip):
    head = struct.pack("!BBHHH", kind, code, 0, ident, seq) + payload
    return ip4(src, dst, ICMP, head[:2] + struct.pack("!H", csum(head)) + head[4:], **ip)


def arp4(op, sender_mac, sender, target_mac, target):
    return struct.pack("!HHBBH", 1, ETH_P_IP, 6, 4, op) + mac(sender_mac) + socket.inet_aton(sender) + mac(target_mac) + \
        socket.inet_aton(target)


class Packet:
    """An IPv4 packet that was received, with what is wrong with its checksums."""

    def __init__(self, raw, inner=False, partial=False):
        self.raw, self.partial = raw, partial
        (vihl, self.tos, self.total, self.ident, frag, self.ttl, self.proto, self.check,
         src, dst) = struct.unpack("!BBHHHBBH4s4s", raw[:20])
        self.ihl = (vihl & 15) * 4
        self.src, self.dst = socket.inet_ntoa(src), socket.inet_ntoa(dst)
        self.df, self.mf, self.offset = bool(frag & 0x4000), bool(frag & 0x2000), (frag & 0x1fff) * 8
        self.l4 = raw[self.ihl:] if inner else raw[self.ihl:self.total]
        self.wrong = [] if csum(raw[:self.ihl]) == 0 else ["ip checksum"]
        self.sport = self.dport = self.type = self.code = None
        if self.offset:
            return
        if self.proto in (TCP, UDP) and len(self.l4) >= 8:
            self.sport, self.dport = struct.unpack("!HH", self.l4[:4])
        if self.proto == UDP and len(self.l4) >= 8:
            self.l4check, = struct.unpack("!H", self.l4[6:8])
            self.payload = self.l4[8:]
        if self.proto == TCP and len(self.l4) >= 20:
            self.seq, self.ack, doff, self.flags = struct.unpack("!IIBB", self.l4[4:14])
            self.payload = self.l4[doff >> 4 << 2:]
        if self.proto == ICMP and len(self.l4) >= 8:
            self.type, self.code, _, self.id, self.seq = struct.unpack("!BBHHH", self.l4[:8])
            self.payload = self.l4[8:]
        if not inner and not self.mf:
            self.verify()

    def verify(self):
        if self.proto == ICMP:
            total = csum(self.l4)
        elif self.proto in (TCP, UDP):
            total = self.sum_l4()
        else:
            return
        if total:
            self.wrong.append("transport checksum")

    def sum_l4(self):
        head = pseudo(self.src, self.dst, self.proto, len(self.l4))
        if self.partial:
            # The NIC would complete it; what is there now is the sum of the pseudo header.
            place = 16 if self.proto == TCP else 6
            return struct.unpack("!H", self.l4[place:place + 2])[0] ^ csum(head) ^ 0xffff
        return 0 if self.proto == UDP and not self.l4check else csum(head + self.l4)

    def inner(self):
        """The packet that an ICMP error quotes."""
        return Packet(self.payload, inner=True)

    def ends(self):
        return f"{self.src}:{self.sport}", f"{self.dst}:{self.dport}"


# Namespaces and sockets

class Frame(bytes):
    """A frame that was received, with its VLAN tag where it was; PARTIAL: its checksum is left to the NIC."""
    partial = False

    @classmethod
    def of(cls, raw, aux):
        status, tci, tpid = 0, 0, 0
        for data in (data for level, kind, data in aux if (level, kind) == (SOL_PACKET, PACKET_AUXDATA)):
            status, tci, tpid = struct.unpack_from("I", data)[0], *struct.unpack_from("HH", data, 16)
        if status & TP_STATUS_VLAN_VALID:
            raw = raw[:12] + struct.pack("!HH", tpid, tci) + raw[12:]
        frame = cls(raw)
        frame.partial = bool(status & TP_STATUS_CSUMNOTREADY)
        return frame

    def packet(self):
        return Packet(self[14:], partial=self.partial)


class Wire:
    """An AF_PACKET socket on a netdev: whole frames, what the host itself sends is not seen unless asked for."""

    def __init__(self, dev, outgoing=False):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.sock.bind((dev, ETH_P_ALL))
        self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 32 << 20)
        self.sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        self.outgoing = outgoing

    def send(self, *frames):
        # A netdev that went down is told once: read that away first.
        self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        for frame in frames:
            self.sock.send(frame)

    def frames(self, want=lambda frame: True, count=1, patience=PATIENCE):
        """Frames that WANT says yes to: COUNT of them, or what came until then."""
        found, end = [], time.monotonic() + patience
        while len(found) < count:
            left = end - time.monotonic()
            # What is there already counts, even when reading it takes longer than waiting for it.
            if left < -PATIENCE or not select.select([self.sock], [], [], max(left, 0))[0]:
                break
            try:
                frame, aux, _, addr = self.sock.recvmsg(70000, 128)
            except OSError:
                # The netdev went down, which the socket says once.
                continue
            frame = Frame.of(frame, aux)
            if (self.outgoing or addr[2] != socket.PACKET_OUTGOING) and want(frame):
                found.append(frame)
        return found

    def frame(self, want=lambda frame: True, patience=PATIENCE):
        found = self.frames(want, 1, patience)
        return found[0] if found else None

    def silent(self, want=lambda frame: True, patience=SILENCE):
        """No such frame comes."""
        return not self.frames(want, 1, patience)

    def packets(self, want=lambda packet: True, count=1, patience=PATIENCE):
        """The same for IPv4 packets."""
        def wanted(frame):
            return is_ip(frame) and want(frame.packet())
        return [frame.packet() for frame in self.frames(wanted, count, patience)]

    def packet(self, want=lambda packet: True, patience=PATIENCE):
        found = self.packets(want, 1, patience)
        return found[0] if found else None

    def flush(self):
        while self.frames(count=1, patience=0):
            pass


def is_ip(frame):
    return frame[12:14] == b"\x08\x00" and len(frame) >= 34


class Namespace:
    def __init__(self, name):
        self.name = name
        self.fd = os.open(f"/run/netns/{name}", os.O_RDONLY | os.O_CLOEXEC)

    def __enter__(self):
        enter(self.fd)
        return self

    def __exit__(self, *_):
        enter(home)

    def sock(self, kind, bind, reuse=True):
        with self:
            sock = socket.socket(socket.AF_INET, kind)
        sock.settimeout(PATIENCE)
        if reuse:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if bind:
            sock.bind(endpoint(bind))
        return sock

    def udp(self, bind="0.0.0.0:0", to=None):
        sock = self.sock(socket.SOCK_DGRAM, bind)
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
        if to:
            sock.connect(endpoint(to))
        return sock

    def listen(self, bind):
        sock = self.sock(socket.SOCK_STREAM, bind)
        sock.listen(128)
        return sock

    def connect(self, to, bind=None, patience=PATIENCE):
        sock = self.sock(socket.SOCK_STREAM, bind)
        sock.settimeout(patience)
        sock.connect(endpoint(to))
        sock.settimeout(PATIENCE)
        return sock

    def raw(self, proto):
        """A raw socket that sends and receives with the IPv4 header."""
        with self:
            sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, proto)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_HDRINCL, 1)
        sock.settimeout(PATIENCE)
        return sock

    def wire(self, dev, outgoing=False):
        with self:
            return Wire(dev, outgoing)

    def mac(self, dev):
        with self, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            return mac_text(fcntl.ioctl(sock, 0x8927, struct.pack("256s", dev.encode()))[18:24])

    def ifindex(self, dev):
        with self:
            return socket.if_nametoindex(dev)

    def snmp(self, *names):
        """Counters of /proc/net/snmp and netstat: "Udp.InCsumErrors"."""
        values = {}
        with self:
            for path in ("/proc/thread-self/net/snmp", "/proc/thread-self/net/netstat"):
                with open(path, encoding="ascii") as file:
                    lines = [line.split() for line in file]
                for keys, row in zip(lines[::2], lines[1::2]):
                    values.update({keys[0][:-1] + "." + key: int(value) for key, value in zip(keys[1:], row[1:])})
        return [values[name] for name in names] if len(names) > 1 else values[names[0]]

    def dev_stats(self, dev):
        """rx_bytes, rx_packets, tx_bytes, tx_packets of a netdev."""
        with self, open("/proc/thread-self/net/dev", encoding="ascii") as file:
            for line in file:
                name, _, row = line.partition(":")
                if name.strip() == dev:
                    row = [int(word) for word in row.split()]
                    return {"rx_bytes": row[0], "rx_packets": row[1], "rx_dropped": row[3],
                            "tx_bytes": row[8], "tx_packets": row[9], "tx_dropped": row[11]}
        return None

    def run(self, *words, ok=True):
        """A command in the namespace; its standard output."""
        with self:
            done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
                                  check=False)
        if ok and done.returncode:
            raise RuntimeError(f"{' '.join(words)}: status {done.returncode}: {done.stderr}")
        return done.stdout

    def sysctl(self, name, value=None):
        with self, open(f"/proc/sys/net/{name}", "r" if value is None else "w", encoding="ascii") as file:
            return file.read().strip() if value is None else file.write(str(value))

    def ctl(self, *words):
        """vnetctl -j in the namespace."""
        out = self.run("vnetctl", "-j", *" ".join(words).split())
        return json.loads(out) if out.strip() else []

    def sessions(self, *words):
        return self.ctl("session show", *words)

    def drops(self, vnet):
        """All drop counters of a vnet: reason -> packets."""
        total = {}
        for row in self.ctl("stats show", vnet):
            for drop in row.get("drop", []):
                total[drop["name"]] = total.get(drop["name"], 0) + drop["packets"]
        return total


def enter(fd):
    if libc.setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


# Raw ends: addresses that no kernel has, so that no kernel answers in their place

class Peer:
    """An end on a wire that sends what it is told to, to one neighbour."""

    def __init__(self, wire, own, neighbour):
        self.wire, self.own, self.neighbour = wire, own, neighbour

    def send(self, *packets):
        for packet in packets:
            self.wire.send(ether(self.neighbour, self.own, ETH_P_IP, packet))

    def packet(self, want=lambda packet: True, patience=PATIENCE):
        return self.wire.packet(want, patience)

    def packets(self, want=lambda packet: True, count=1, patience=PATIENCE):
        return self.wire.packets(want, count, patience)

    def silent(self, want=lambda packet: True, patience=SILENCE):
        return not self.wire.packets(want, 1, patience)

    def exchange(self, packet, other, want=lambda packet: True):
        """Send; what the other end receives."""
        other.wire.flush()
        self.send(packet)
        return other.packet(want)


def ask_arp(wire, own, addr, target, patience=PATIENCE):
    """The MAC address of TARGET, as ARP says, or None."""
    wire.flush()
    wire.send(ether(BROADCAST, own, ETH_P_ARP, arp4(1, own, addr, "00:00:00:00:00:00", target)))
    frame = wire.frame(lambda frame: frame[12:14] == b"\x08\x06" and frame[20:22] == b"\0\2" and
                       frame[28:32] == socket.inet_aton(target), patience)
    return mac_text(frame[22:28]) if frame else None


def raw_guest(ns, addr, gateway="192.168.133.2", dev="eth0"):
    """A guest with an address of its own behind the netdev; the gateway knows it from its ARP request."""
    wire, own = ns.wire(dev), ns.mac(dev)
    return Peer(wire, own, ask_arp(wire, own, addr, gateway))


def raw_remote(ns=None, router=None, dev="wan0"):
    """Any number of hosts of the Internet."""
    ns, router = ns or globals()["inet"], router or globals()["host"]
    return Peer(ns.wire(dev), ns.mac(dev), router.mac(dev))


# What sockets do, as answers that a check can compare

def arrives(sock, patience=PATIENCE):
    """(data, "addr:port") of the next datagram, or the word for why none came."""
    sock.settimeout(patience)
    try:
        data, addr = sock.recvfrom(70000)
        return data, text(addr)
    except socket.timeout:
        return None
    except OSError as err:
        return errno.errorcode[err.errno]


def reaches(sender, to, receiver, data=b"hello", patience=PATIENCE):
    """Send a datagram; the endpoint that the receiver saw it from, or None."""
    try:
        sender.sendto(data, endpoint(to))
    except OSError as err:
        return errno.errorcode[err.errno]
    end = time.monotonic() + patience
    while True:
        got = arrives(receiver, max(end - time.monotonic(), 0.001))
        if not isinstance(got, tuple) or got[0] == data:
            return got[1] if isinstance(got, tuple) else got


def echoes(client, to, server, data=b"hello", patience=PATIENCE):
    """Send a datagram and answer it. True when both arrive and the answer comes from where the question went."""
    seen = reaches(client, to, server, data, patience)
    if seen is None or ":" not in seen:
        return seen
    server.sendto(data[::-1], endpoint(seen))
    got = arrives(client, patience)
    return True if got == (data[::-1], to) else got


def dial(ns, to, bind=None, patience=PATIENCE):
    """A TCP connection, or the word for why there is none."""
    try:
        return ns.connect(to, bind, patience)
    except socket.timeout:
        return "timeout"
    except OSError as err:
        return errno.errorcode[err.errno]


def talk(ns, to, server, bind=None):
    """Connect to a listening socket; (client's end, server's end)."""
    client = ns.connect(to, bind)
    server.settimeout(PATIENCE)
    return client, server.accept()[0]


def transfer(sender, receiver, data):
    """Bytes through a TCP connection, both ends of which are ours. True when they arrive as they were."""
    got, sent = bytearray(), 0
    sender.setblocking(False)
    receiver.setblocking(False)
    end = time.monotonic() + 3 * PATIENCE
    while len(got) < len(data) and time.monotonic() < end:
        readable, writable, _ = select.select([receiver], [sender] if sent < len(data) else [], [], 1)
        if writable:
            sent += sender.send(memoryview(data)[sent:sent + 262144])
        if readable:
            piece = receiver.recv(1 << 20)
            if not piece:
                break
            got += piece
    sender.settimeout(PATIENCE)
    receiver.settimeout(PATIENCE)
    return bytes(got) == data or f"{len(got)} of {len(data)} bytes"


def ping(ns, dst, size=56, ident=None, count=1, patience=PATIENCE, **ip):
    """An ICMP echo; the reply's packet, or None. Errors are returned too: look at type."""
    sock = ns.raw(ICMP)
    ident = ident or os.getpid() & 0xffff
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_HDRINCL, 0)
    if "ttl" in ip:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ip["ttl"])
    if "df" in ip:
        sock.setsockopt(socket.IPPROTO_IP, 10, 2 if ip["df"] else 0)
    payload = bytes(i & 0xff for i in range(size))
    head = struct.pack("!BBHHH", 8, 0, 0, ident, count) + payload
    try:
        sock.sendto(head[:2] + struct.pack("!H", csum(head)) + head[4:], (dst, 0))
    except OSError as err:
        return errno.errorcode[err.errno]
    end = time.monotonic() + patience
    while time.monotonic() < end:
        sock.settimeout(max(end - time.monotonic(), 0.001))
        try:
            packet = Packet(sock.recv(70000))
        except socket.timeout:
            return None
        if packet.type == 0 and packet.id == ident and packet.seq == count and packet.payload == payload:
            return packet
        if packet.type in (3, 11, 12):
            return packet
    return None


def pings(ns, dst, **options):
    """Does the echo come back?"""
    packet = ping(ns, dst, **options)
    return isinstance(packet, Packet) and packet.type == 0


class Events:
    """What "vnetctl -j monitor" prints in a namespace."""

    def __init__(self, ns):
        with ns:
            self.process = subprocess.Popen(["vnetctl", "-j", "monitor"], stdout=subprocess.PIPE)
        self.buffer = b""
        # It listens when it hears of a change that is none.
        name = ns.ctl("link show")[0]["ifname"]
        if not soon(lambda: (ns.ctl(f"link set {name} host-adapter on") if ns.ctl(f"link show {name}")[0]["host_adapter"] else
                             ns.ctl(f"link set {name} host-adapter off"), bool(self.take(0.1)))[1]):
            raise RuntimeError("vnetctl monitor does not print anything")

    def take(self, patience=0.5, count=1 << 30, want=lambda event: True):
        """Events that came, and come until COUNT of those that WANT says yes to are there or time is up."""
        found, end = [], time.monotonic() + patience
        while len(found) < count:
            line, newline, rest = self.buffer.partition(b"\n")
            if newline:
                self.buffer = rest
                event = json.loads(line.strip().strip(b",[]") or b"{}")
                if event and want(event):
                    found.append(event)
                continue
            if not select.select([self.process.stdout], [], [], max(end - time.monotonic(), 0))[0]:
                break
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                break
            self.buffer += piece
        return found

    def __del__(self):
        self.process.kill()
        self.process.wait()


class Flood:
    """A process of its own that calls SEND again and again until the end of the with block."""

    def __init__(self, *senders):
        self.senders, self.children = senders, []

    def __enter__(self):
        for send in self.senders:
            child = os.fork()
            if not child:
                flood_forever(send)
            self.children.append(child)
        return self

    def __exit__(self, *_):
        for child in self.children:
            os.kill(child, 9)
        for child in self.children:
            os.waitpid(child, 0)


def flood_forever(send):
    # A namespace must be able to end while we flood: only sockets are kept.
    for ns in globals().values():
        if isinstance(ns, Namespace):
            try:
                os.close(ns.fd)
            except OSError:
                pass
    try:
        for turn in range(1 << 40):
            try:
                send(turn)
            except OSError:
                time.sleep(0.001)
            if not turn % 8:
                # On one CPU the flood must leave room for those who delete.
                time.sleep(0.0005)
    finally:
        os._exit(1)


home = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def main():
    words = globals()
    for name in os.environ.get("VNET_TEST_NAMES", "").split():
        words[name] = Namespace(os.environ[name])
    try:
        exec(compile(sys.stdin.read(), os.environ.get("VNET_TEST", "program"), "exec"), words)
    except Exception:  # pylint: disable=broad-except
        print("not ok - the program ends without an exception")
        print("".join("#   " + line for line in traceback.format_exc().splitlines(True)))
        sys.exit(1)
    sys.exit(1 if failures else 0)


main()
