# SPDX-License-Identifier: GPL-2.0
"""The traffic of the soak lane: play.py's words and the network of soak."""
import collections
import random
import selectors
import statistics

sys.path.insert(0, os.environ["VNET_PROVE_DIR"])
from report import SECONDS, SEED, begun, counts, finding, note, result  # pylint: disable=wrong-import-position

SLICES = 8
# The timeout that soak has set for flows that nobody has answered.
UNREPLIED = 8
ETHTOOL, SIOCETHTOOL = {"rx": 0x15, "tx": 0x17, "sg": 0x19, "tso": 0x1f, "gso": 0x24, "gro": 0x2c}, 0x8946
# A prime, so that data that has come to a wrong place is never right there by chance.
PERIOD = 1048573
SMALLEST, LARGEST = 16, 65507
random_of = random.Random(SEED)
pattern = random_of.randbytes(PERIOD)
pattern += pattern
poll = selectors.DefaultSelector()


def piece(key, offset, length):
    """What stream KEY has at OFFSET."""
    start = (key * 7919 + offset) % PERIOD
    return memoryview(pattern)[start:start + length]


def differs(key, offset, data):
    """Where DATA is not what was sent: None, or a sentence."""
    want = piece(key, offset, len(data))
    if data == want:
        return None
    first = next(at for at, (a, b) in enumerate(zip(data, want)) if a != b)
    wrong = sum(a != b for a, b in zip(data, want))
    return f"byte {offset + first}: {wrong} of {len(data)} bytes differ; from there {bytes(data[first:first + 16]).hex()}, " \
           f"sent {bytes(want[first:first + 16]).hex()}"


class Stream:
    """One end of a TCP connection: sends its stream, checks the other's."""

    def __init__(self, path, sock, own, other, size):
        self.path, self.sock, self.own, self.other, self.size = path, sock, own, other, size
        self.sent = self.got = 0
        self.closed, self.stamp = False, time.monotonic()
        sock.setblocking(False)
        poll.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE, self)

    def ready(self, events):
        self.stamp = time.monotonic()
        try:
            if events & selectors.EVENT_WRITE:
                self.write()
            if events & selectors.EVENT_READ and self.sock.fileno() >= 0:
                self.read()
        except BlockingIOError:
            pass
        except OSError as error:
            self.fail(f"{errno.errorcode.get(error.errno)} after {self.got} of {self.size} bytes")

    def write(self):
        if self.sent < self.size:
            self.sent += self.sock.send(piece(self.own, self.sent, min(262144, self.size - self.sent)))
        if self.sent < self.size:
            return
        self.sock.shutdown(socket.SHUT_WR)
        if self.closed:
            self.end()
        else:
            poll.modify(self.sock, selectors.EVENT_READ, self)

    def read(self):
        data = self.sock.recv(262144)
        wrong = differs(self.other, self.got, data)
        if wrong:
            finding(f"TCP {self.path}: stream {self.other}: {wrong}")
        self.got += len(data)
        counts["bytes"] += len(data)
        if not data:
            self.other_is_done()

    def other_is_done(self):
        """The other's stream is over; ours may not be."""
        self.closed = True
        if self.got != self.size:
            self.fail(f"ends after {self.got} of {self.size} bytes")
        elif self.sent == self.size:
            self.end()
        else:
            poll.modify(self.sock, selectors.EVENT_WRITE, self)

    def fail(self, why):
        finding(f"TCP {self.path}: stream {self.other}: {why}")
        self.end()

    def end(self):
        poll.unregister(self.sock)
        self.sock.close()


class Connections:
    """A path that TCP connections of all sizes go over, one after the other, both ways at a time."""

    def __init__(self, path, client, to, server, bind):
        self.path, self.client, self.to = path, client, to
        self.listener = server.listen(bind)
        self.ends, self.serial, self.done = [], 0, 0

    def turn(self):
        now = time.monotonic()
        for end in self.ends:
            if end.sock.fileno() >= 0 and now > end.stamp + 30:
                end.fail(f"nothing happens for 30 seconds after {end.got} of {end.size} bytes")
        self.ends = [end for end in self.ends if end.sock.fileno() >= 0]
        if not self.ends and not ending:
            self.open()

    def open(self):
        self.serial += 1
        counts["connections"] += 1
        size = int(2 ** random_of.uniform(0, 21))
        ours, theirs = random_of.getrandbits(30), random_of.getrandbits(30)
        try:
            client = self.client.connect(self.to)
            server = self.listener.accept()[0]
        except OSError as error:
            finding(f"TCP {self.path}: connection {self.serial} is not made: {error}")
            return
        self.ends = [Stream(self.path, client, ours, theirs, size), Stream(self.path, server, theirs, ours, size)]


class Datagrams:
    """Datagrams of all sizes that are sent back; a few are on their way at a time."""

    def __init__(self, path, client, to, server, bind, most=LARGEST):
        self.path, self.to, self.most, self.client = path, endpoint(to), most, client
        self.question, self.answer = client.udp(), server.udp(bind)
        self.key, self.serial, self.waiting = random_of.getrandbits(20), 0, {}
        for sock in (self.question, self.answer):
            sock.setblocking(False)
            poll.register(sock, selectors.EVENT_READ, self)

    def size(self):
        """Small ones, those around a frame's size, and large ones in fragments."""
        return min(self.most, random_of.choice((random_of.randint(SMALLEST, 200), random_of.randint(1400, 1500),
                                                random_of.randint(1500, 9000), random_of.randint(SMALLEST, LARGEST))))

    def turn(self):
        now = time.monotonic()
        for serial, stamp in list(self.waiting.items()):
            if now > stamp + 20:
                del self.waiting[serial]
                counts["lost"] += 1
                note(f"lost: UDP {self.path}: datagram {serial}")
        if len(self.waiting) < 2 and not ending:
            self.serial += 1
            size = self.size()
            data = struct.pack("!QQ", self.serial, size) + piece(self.key, self.serial * 31, size - 16)
            self.waiting[self.serial] = now
            counts["datagrams"] += 1
            self.question.sendto(data, self.to)

    def ready(self, _):
        for sock in (self.question, self.answer):
            try:
                data, addr = sock.recvfrom(70000)
            except BlockingIOError:
                continue
            counts["bytes"] += len(data)
            serial, size = struct.unpack("!QQ", data[:16]) if len(data) >= 16 else (0, 0)
            wrong = f"has {len(data)} bytes of {size}" if size != len(data) else differs(self.key, serial * 31, data[16:])
            if wrong:
                finding(f"UDP {self.path}: datagram {serial}: {wrong}")
            if sock is self.answer:
                sock.sendto(data, addr)
            else:
                self.waiting.pop(serial, None)


class Echoes:
    """ICMP echo with a payload that is compared."""

    def __init__(self, path, client, to):
        self.path, self.to = path, to
        self.sock = client.raw(ICMP)
        self.sock.setsockopt(socket.IPPROTO_IP, socket.IP_HDRINCL, 0)
        self.sock.setblocking(False)
        self.ident, self.serial, self.stamp, self.sent = random_of.getrandbits(16), 0, 0, None
        poll.register(self.sock, selectors.EVENT_READ, self)

    def turn(self):
        if ending or (self.sent and time.monotonic() < self.stamp + 20):
            return
        if self.sent:
            counts["lost"] += 1
            note(f"lost: ICMP {self.path}: echo {self.serial} of {len(self.sent)} bytes")
        self.serial = (self.serial + 1) & 0xffff
        self.sent = bytes(piece(self.serial, 0, random_of.choice((0, 56, 1472, 4000, random_of.randint(0, 20000)))))
        self.stamp = time.monotonic()
        head = struct.pack("!BBHHH", 8, 0, 0, self.ident, self.serial)
        self.sock.sendto(head[:2] + struct.pack("!H", csum(head + self.sent)) + head[4:] + self.sent, (self.to, 0))
        counts["echoes"] += 1

    def ready(self, _):
        packet = Packet(self.sock.recv(70000))
        if packet.type != 0 or packet.id != self.ident or packet.seq != self.serial or self.sent is None:
            return
        if packet.payload != self.sent:
            finding(f"ICMP {self.path}: echo {self.serial} of {len(self.sent)} bytes comes back as {len(packet.payload)} others")
        counts["bytes"] += len(packet.payload)
        self.sent = None


class Churn:
    """New flows all the time, from ports that are used again and again, to several remotes."""

    def __init__(self, path, client, source, server, remotes):
        self.path, self.client, self.source, self.remotes = path, client, source, remotes
        self.servers = [server.udp(remote) for remote in remotes]
        self.flows, self.answered, self.key = {}, {}, random_of.getrandbits(20)
        for sock in self.servers:
            sock.setblocking(False)
            poll.register(sock, selectors.EVENT_READ, self)

    def turn(self):
        now = time.monotonic()
        for sock, (sent, stamp) in list(self.flows.items()):
            if now < stamp + 20:
                continue
            # We may have been too slow to answer before the session's time was over.
            late = self.answered.get(sent[:8], stamp) > stamp + UNREPLIED - 2
            counts["late" if late else "lost"] += 1
            note(f"{'late' if late else 'lost'}: UDP {self.path}: a new flow from port {sock.getsockname()[1]}")
            self.close(sock)
        while len(self.flows) < 8 and not ending:
            self.open(now)

    def open(self, now):
        port = random_of.randint(5000, 5400)
        try:
            sock = self.client.sock(socket.SOCK_DGRAM, f"{self.source}:{port}", reuse=False)
        except OSError:
            # One of the flows has it at the moment.
            return
        counts["flows"] += 1
        data = struct.pack("!Q", counts["flows"]) + piece(self.key, counts["flows"], random_of.randint(1, 600))
        sock.setblocking(False)
        sock.sendto(data, endpoint(random_of.choice(self.remotes)))
        self.flows[sock] = (data, now)
        poll.register(sock, selectors.EVENT_READ, self)

    def ready(self, _):
        for server in self.servers:
            try:
                data, addr = server.recvfrom(2000)
                self.answered[data[:8]] = time.monotonic()
                server.sendto(data, addr)
            except BlockingIOError:
                continue
        for sock, (sent, _) in list(self.flows.items()):
            try:
                data = sock.recv(2000)
            except BlockingIOError:
                continue
            if data != sent:
                finding(f"UDP {self.path}: a new flow of {len(sent)} bytes gets {len(data)} others back: sent {sent[:32].hex()}, "
                        f"got {data[:32].hex()}")
            counts["bytes"] += len(data)
            self.close(sock)

    def close(self, sock):
        poll.unregister(sock)
        sock.close()
        self.answered.pop(self.flows.pop(sock)[0][:8], None)


class Offloads:
    """Who cuts packets and who adds checksums, netdev or kernel, changes all the time."""

    def __init__(self, *places):
        self.places, self.next, self.off = places, 0, set()

    def switch(self, namespace, dev, feature, value):
        with namespace, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            argument = ctypes.create_string_buffer(struct.pack("=II", ETHTOOL[feature], value))
            fcntl.ioctl(sock, SIOCETHTOOL, struct.pack("=16sQ16x", dev.encode(), ctypes.addressof(argument)))

    def restore(self):
        """As they were, for measuring."""
        for place in self.off:
            self.switch(*place, 1)
        self.off = set()

    def turn(self):
        if ending or time.monotonic() < self.next:
            return
        self.next = time.monotonic() + 0.5
        namespace, dev = random_of.choice(self.places)
        feature, value = random_of.choice(list(ETHTOOL)), random_of.getrandbits(1)
        try:
            self.switch(namespace, dev, feature, value)
            counts["offloads"] += 1
        except OSError:
            # Fixed on this netdev.
            return
        self.off.add((namespace, dev, feature))


# How fast is it? By comparison with what does not pass vnet, at the same moment

class Probe:
    """The same work by NAT and by lo, one right after the other: the machine may be slow, but it is so for both."""

    def __init__(self, offloads):
        self.offloads, self.rows, self.next = offloads, [], 0
        self.local, self.far = inet.listen("127.0.0.1:9000"), inet.listen("198.51.100.1:9000")
        self.data = bytes(piece(1, 0, 1 << 20))
        self.near_echo, self.far_echo = inet.udp("127.0.0.1:9001"), inet.udp("198.51.100.1:9001")

    def time_of(self, client, to, listener, echo):
        start = time.monotonic()
        ours, theirs = talk(client, to + ":9000", listener)
        if transfer(ours, theirs, self.data) is not True:
            finding("TCP probe: a megabyte is not what was sent")
        ours.close()
        theirs.close()
        # And a new flow for each small packet.
        for _ in range(30):
            sock = client.udp()
            seen = echoes(sock, to + ":9001", echo)
            if seen is not True:
                finding(f"UDP probe: the echo fails: {seen}")
            sock.close()
        return time.monotonic() - start

    def turn(self):
        if ending or time.monotonic() < self.next:
            return
        self.next = time.monotonic() + max(1, SECONDS / 60)
        self.offloads.restore()
        local = self.time_of(inet, "127.0.0.1", self.local, self.near_echo)
        nat = self.time_of(g1, "198.51.100.1", self.far, self.far_echo)
        self.rows.append((time.monotonic() - begun, local / nat))
        counts["bytes"] += 2 << 20

    def speeds(self):
        """Those in the first and in the last quarter."""
        quarter = max(len(self.rows) // 4, 1)
        return (statistics.median(ratio for _, ratio in rows) for rows in (self.rows[:quarter], self.rows[-quarter:]))

    def has_decayed(self):
        first, last = self.speeds()
        return last < 0.7 * first

    def judge(self):
        first, last = self.speeds()
        note(f"speed by NAT, lo at the same time being 1: {first:.2f} in the first quarter, {last:.2f} in the last "
             f"({len(self.rows)} probes)")
        if self.has_decayed():
            finding(f"throughput has decayed: {last:.2f} of lo's in the last quarter, {first:.2f} in the first")


# Tables and losses

def slab_of_sessions():
    path = "/sys/kernel/slab/vnet_session/shrink"
    if os.path.exists(path):
        with open(path, "w", encoding="ascii") as file:
            file.write("1")
    with open("/proc/slabinfo", encoding="ascii") as file:
        return next((int(line.split()[1]) for line in file if line.startswith("vnet_session ")), 0)


def available():
    with open("/proc/meminfo", encoding="ascii") as file:
        return int(file.read().split("MemAvailable:")[1].split()[0]) >> 10


def tables():
    row = host.ctl("nat show vmnet8")[0]
    return row["n_sessions"], row["n_mappings"]


def losses():
    """Everything that counts a packet that did not arrive."""
    total = collections.Counter()
    for vnet in ("vmnet0", "vmnet8"):
        total.update({f"{vnet} {name}": packets for name, packets in host.drops(vnet).items()})
    for namespace in (host, inet, lan, g1, g2, g3):
        for name in ("Udp.RcvbufErrors", "Udp.InErrors", "Ip.ReasmFails", "Ip.FragFails", "Udp.InCsumErrors", "TcpExt.TCPAbortOnMemory",
                     "Tcp.InCsumErrors", "Icmp.InCsumErrors"):
            total[f"{namespace.name.split('-')[0]} {name}"] += namespace.snmp(name)
    with open("/proc/net/softnet_stat", encoding="ascii") as file:
        total["backlog"] = sum(int(line.split()[1], 16) for line in file)
    return total


# Packets that die although all is well: what a network that begins floods, and what ends with its flow.
HARMLESS = {"same-port": "flooded back", "no-destination": "before anybody was known", "gateway-protocol": "IPv6 of the guests",
            "port-down": "before all were up", "destination-address": "multicast of the guests", "host-off": "the host adapter is off",
            "nat-unmatched": "an ICMP error about a flow that is over", "gateway-service": "an ICMP error to the gateway"}


def judge_losses(before):
    seen = losses()
    seen.subtract(before)
    seen = {name: count for name, count in seen.items() if count}
    for name, count in sorted(seen.items()):
        note(f"counted as lost: {count} {name}{': ' + HARMLESS[name.split()[-1]] if name.split()[-1] in HARMLESS else ''}")
    explained = sum(count for name, count in seen.items() if name.split()[-1] not in HARMLESS)
    note(f"lost: {counts['lost']} datagrams and echoes of {counts['datagrams'] + counts['echoes'] + counts['flows']}")
    for name in seen:
        if "CsumErrors" in name:
            finding(f"{seen[name]} packets had a wrong checksum: {name}")
    if counts["lost"] > explained:
        finding(f"{counts['lost']} datagrams were lost, counters know of {explained}")
    if counts["lost"] == 0 and explained:
        note("what was counted as lost was sent again by TCP, or was nobody's")


ending = False


def work(actors, until):
    while time.monotonic() < until:
        for actor in actors:
            actor.turn()
        for key, events in poll.select(0.01):
            key.data.ready(events)


def all_over(actors):
    return all(not getattr(actor, name, None) for actor in actors for name in ("ends", "waiting", "flows"))


def make_actors():
    wan, lan_addr, guest3 = "198.51.100.1", "192.0.2.1", "192.0.2.30"
    offloads = Offloads((g1, "eth0"), (g2, "eth0"), (g3, "eth0"), (host, "wan0"), (inet, "wan0"), (host, "lan0"), (lan, "lan0"),
                        (host, "vmnet8"))
    probe = Probe(offloads)
    return [
        Connections("guest to Internet", g1, f"{wan}:80", inet, f"{wan}:80"),
        Connections("second guest to Internet", g2, "198.51.100.2:80", inet, "198.51.100.2:80"),
        Connections("Internet to guest by a forward", inet, "203.0.113.2:8080", g1, "192.168.133.10:80"),
        Connections("guest to guest", g1, "192.168.133.11:81", g2, "192.168.133.11:81"),
        Connections("host to guest", host, "192.168.133.11:82", g2, "192.168.133.11:82"),
        Connections("guest to host", g2, "192.168.133.1:83", host, "192.168.133.1:83"),
        Connections("bridged guest to LAN, jumbo", g3, f"{lan_addr}:84", lan, f"{lan_addr}:84"),
        Connections("LAN to bridged guest, jumbo", lan, f"{guest3}:85", g3, f"{guest3}:85"),
        Connections("host to bridged guest, jumbo", host, f"{guest3}:86", g3, f"{guest3}:86"),
        Datagrams("guest to Internet", g1, f"{wan}:7", inet, f"{wan}:7"),
        Datagrams("Internet to guest by a forward", inet, "203.0.113.2:8080", g1, "192.168.133.10:80"),
        Datagrams("guest to guest", g1, "192.168.133.11:8", g2, "192.168.133.11:8"),
        Datagrams("bridged guest to LAN", g3, f"{lan_addr}:9", lan, f"{lan_addr}:9"),
        Datagrams("host to guest", host, "192.168.133.10:10", g1, "192.168.133.10:10"),
        Echoes("guest to Internet", g1, wan), Echoes("guest to LAN", g3, lan_addr), Echoes("host to guest", host, "192.168.133.11"),
        Churn("new flows of a guest", g1, "192.168.133.10", inet, ["198.51.100.1:53", "198.51.100.2:53", "198.51.100.1:123"]),
        Churn("new flows of another guest", g2, "192.168.133.11", inet, ["198.51.100.1:54", "198.51.100.2:54"]),
        offloads,
        probe,
    ], probe


def lane():
    global ending
    before, sessions = losses(), slab_of_sessions()
    memory = available()
    actors, probe = make_actors()
    # What has to expire at the end takes its time too.
    length = max(SECONDS - 16, 10) / SLICES
    start = time.monotonic()
    note("slice   MB/s  connections  datagrams  echoes  new flows  sessions  mappings  MB available")
    for number in range(SLICES):
        had, since = counts.copy(), time.monotonic()
        # Some turns of work take long: what is left of a slice is never nothing.
        work(actors, max(start + (number + 1) * length, since + 0.5))
        new = counts - had
        speed = new["bytes"] / (time.monotonic() - since) / 1e6
        note(f"{number + 1:5} {speed:6.2f} {new['connections']:12} {new['datagrams']:10} {new['echoes']:7} {new['flows']:10} "
             f"{'%9d %9d' % tables()} {available():13}")
    # What the machine does besides passes by; what has grown, and makes us slow, stays.
    for _ in range(4):
        if probe.has_decayed():
            note("this looks like decay: some more probes")
            work(actors, time.monotonic() + max(length, 15))
    ending = True
    end = time.monotonic() + 40
    while not all_over(actors) and time.monotonic() < end:
        work(actors, time.monotonic() + 0.2)
    counts["frames"] = sum(row["rx_packets"] for vnet in ("vmnet0", "vmnet8") for row in host.ctl("stats show", vnet))
    left = soon(tables, (0, 0), 30)
    if left != (0, 0):
        finding(f"{left[0]} sessions and {left[1]} mappings do not expire")
    objects = soon(slab_of_sessions, sessions, 20)
    if objects != sessions:
        finding(f"{objects - sessions} more sessions are in their slab cache than at the beginning")
    note(f"sessions and mappings left: {left}; objects of vnet_session: {sessions} before, {objects} after; "
         f"MB available: {memory} before, {available()} after")
    judge_losses(before)
    probe.judge()


lane()
sys.exit(result())
