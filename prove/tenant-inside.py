# SPDX-License-Identifier: GPL-2.0
"""The hostile tenant, inside: root of a user namespace and of a network namespace, and nobody anywhere else.

tenant-inside.py SEED SECONDS INDEX[,INDEX...]: plays one act after the other, in an order that SEED draws, for SECONDS
each, and never ends by itself. INDEX are the host's netdevs. Prints one JSON object a line: what it does ("step"), what an
operation took ("op"), what an object costs and what refused the next one ("cost"), what should have been refused and was
not ("finding").
"""
import ctypes
import errno
import glob
import json
import os
import random
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import spec as netlink  # pylint: disable=wrong-import-position

CLONE_NEWNET = 0x40000000
PACKET_QDISC_BYPASS, SOL_PACKET = 20, 263
LISTEN_ALL_NSID, SOL_NETLINK = 8, 270
UINT_MAX = 0xffffffff
MAKE = netlink.ACK | netlink.CREATE | netlink.EXCL
GATEWAY = "02:00:00:00:00:02"
NET_NS_PID = 19
CGROUP = "/sys/fs/cgroup/tenant"
BURST = 128

libc = ctypes.CDLL(None, use_errno=True)


def say(**row):
    """One line for the lane outside; whole, because several processes write."""
    os.write(1, (json.dumps(row) + "\n").encode())


def charges():
    """Bytes that the tenant's cgroup is charged for: small objects, known to the page, and all of the kernel's memory."""
    with open(f"{CGROUP}/memory.stat", encoding="ascii") as file:
        values = dict(line.split() for line in file)
    return int(values["slab_unreclaimable"]), int(values["kernel"])


def settled_memory():
    """The same, when what ended before has been freed."""
    last, end = -1, time.monotonic() + 3
    while time.monotonic() < end:
        now = charges()[0]
        if abs(now - last) < 16384:
            break
        last = now
        time.sleep(0.4)
    return charges()


class Timed:
    """with Timed("delete ..."): the time of one operation, and of the processor in it."""

    def __init__(self, what):
        self.what = what

    def __enter__(self):
        self.wall, self.cpu = time.monotonic(), time.thread_time()

    def __exit__(self, *_):
        say(op=self.what, wall=time.monotonic() - self.wall, cpu=time.thread_time() - self.cpu)


class Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]


class Mmsghdr(ctypes.Structure):
    _fields_ = [("name", ctypes.c_void_p), ("namelen", ctypes.c_uint), ("iov", ctypes.POINTER(Iovec)),
                ("iovlen", ctypes.c_size_t), ("control", ctypes.c_void_p), ("controllen", ctypes.c_size_t),
                ("flags", ctypes.c_int), ("sent", ctypes.c_uint)]


class Burst:
    """Frames of one size that leave by a netdev with one system call."""

    def __init__(self, dev, frame):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.sock.bind((dev, 0))
        self.sock.setsockopt(SOL_PACKET, PACKET_QDISC_BYPASS, 1)
        self.size = len(frame)
        self.buffer = bytearray(frame * BURST)
        base = ctypes.addressof(ctypes.c_char.from_buffer(self.buffer))
        self.iovecs = (Iovec * BURST)(*((base + i * self.size, self.size) for i in range(BURST)))
        self.headers = (Mmsghdr * BURST)()
        for header, iovec in zip(self.headers, self.iovecs):
            header.iov, header.iovlen = ctypes.pointer(iovec), 1

    def send(self, *fields):
        """FIELDS: (place, format, values): what differs from frame to frame."""
        for place, form, values in fields:
            for i, value in enumerate(values):
                struct.pack_into(form, self.buffer, i * self.size + place, value)
        done = 0
        while done < BURST:
            rest = ctypes.byref(self.headers, done * ctypes.sizeof(Mmsghdr))
            sent = libc.sendmmsg(self.sock.fileno(), rest, BURST - done, 0)
            # A full queue costs one frame.
            done += max(sent, 1)


def csum(data):
    """RFC 1071."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xffff) + (total >> 16)
    return ~((total & 0xffff) + (total >> 16)) & 0xffff


def udp_frame(src_mac, src, dst, sport=4000, dport=1):
    """A datagram without a checksum, so that its ports can be changed."""
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 32, 1, 0, 64, 17, 0, socket.inet_aton(src), socket.inet_aton(dst))
    head = head[:10] + struct.pack("!H", csum(head)) + head[12:]
    ether = bytes.fromhex((GATEWAY + src_mac).replace(":", "")) + b"\x08\x00"
    return ether + head + struct.pack("!HHHH", sport, dport, 12, 0) + b"flow"


def arp_frame(src_mac, src, target):
    own = bytes.fromhex(src_mac.replace(":", ""))
    return b"\xff" * 6 + own + b"\x08\x06" + struct.pack("!HHBBH", 1, 0x800, 6, 4, 1) + own + socket.inet_aton(src) + bytes(6) + \
        socket.inet_aton(target)


class World:
    """A namespace with one vnet that may hold as much as it can be told to, a vnic and a member.

    vnic0 sends in process context, where the tenant's cgroup is at hand; the member is the end of a veth pair, what
    its other end sends comes in by a softirq, where it is not.
    """

    def __init__(self, spec):
        self.spec, self.route, self.genl = spec, netlink.Route(spec), netlink.Generic(spec)
        self.up("lo")
        out = self.make("out0", "dummy")
        addr = netlink.attr(2, socket.inet_aton("203.0.113.2"))
        self.ask(netlink.NEWADDR, struct.pack("=BBBBI", 2, 24, 0, 0, out) + addr)
        to_all = struct.pack("=BBBBBBBBI", 2, 0, 0, 0, 254, 3, 253, 1, 0)
        self.ask(netlink.NEWROUTE, to_all + netlink.attr(4, struct.pack("=I", out)))
        self.open()

    def open(self):
        """The vnet with its ports, every limit as high as it goes."""
        self.vnet = self.make("t0", "vnet", {"mode": "nat", "subnet": "10.1.0.0", "prefix-len": 16,
                                             "gateway-lladdr": GATEWAY})
        self.make("vnic0", "vnic", link=self.vnet)
        peer = netlink.attr(1 | netlink.NESTED, netlink.ifinfo() + netlink.link_attrs(ifname="peer0"))
        member = self.make("member0", "veth", peer)
        self.must(self.route.link(netlink.SETLINK, member, master=self.vnet))
        self.up("peer0")
        learned = self.most("link-set", "fdb-max-learned")
        self.must(self.genl.do("link-set", {"ifindex": self.vnet, "fdb-max-learned": learned, "ageing-time": 0,
                                            "max-ports": 4096}))
        learned = self.most("port-set", "fdb-max-learned")
        for dev in ("vnic0", "member0"):
            self.must(self.genl.do("port-set", {"ifindex": self.route.index(dev), "fdb-max-learned": learned,
                                                "max-sessions": 1 << 24}))
        longest = dict.fromkeys(self.spec.sets["timeout"], 604800)
        self.must(self.genl.do("nat-set", {"vnet": self.vnet, "max-sessions": 1 << 24, "max-mappings": 1 << 24,
                                           "filtering": 1, "timeouts": longest}))

    def most(self, operation, name):
        """The largest value that an attribute may have; what is above has to be refused."""
        attribute = self.spec.sets[self.spec.operations[operation].set][name]
        most = attribute.checks.get("max", UINT_MAX)
        if isinstance(most, int) and most < UINT_MAX:
            answer = self.genl.do(operation, {"ifindex": self.vnet, name: UINT_MAX})
            if not answer.error:
                say(finding=f"{operation} takes {name} {UINT_MAX}, {most} is the most")
        return most

    @staticmethod
    def must(answer):
        if answer.error:
            raise RuntimeError(f"set-up of the tenant's network: {answer}")
        return answer

    def ask(self, kind, body):
        return self.must(self.route.ask(kind, MAKE, body))

    def make(self, name, kind, data=None, **values):
        """A link that is up; its index."""
        info = self.spec.link_info(kind, data)
        self.must(self.route.link(netlink.NEWLINK, 0, netlink.IFF_UP, netlink.IFF_UP, info, MAKE, ifname=name, **values))
        return self.route.index(name)

    def up(self, name):
        self.must(self.route.link(netlink.NEWLINK, self.route.index(name), netlink.IFF_UP, netlink.IFF_UP))

    def delete(self, index):
        return self.route.link(netlink.DELLINK, index)

    def again(self, why):
        """Delete the vnet with all that it has, which is timed, and begin anew."""
        with Timed(f"delete a vnet with {why}"):
            self.must(self.delete(self.vnet))
        self.delete(self.route.index("member0"))
        self.open()

    def sessions(self):
        return self.genl.dump("nat-get", {})[0]["n-sessions"]

    def learned(self):
        return self.genl.dump("link-get", {})[0]["fdb-n-learned"]

    def count_dump(self, name):
        """Messages of a dump, not looked at: there may be a quarter of a million."""
        with Timed(f"dump of {name[:-4]}s"):
            body = self.genl.body(name, {"vnet": self.vnet})
            self.genl.sock.send(self.genl.message(self.genl.family, netlink.REQUEST | netlink.DUMP, body))
            count, kind = 0, None
            while kind not in (netlink.DONE, netlink.ERROR):
                for kind, _, _, _ in self.genl.messages():
                    count += 1
        return count - 1

    def limit(self, provoke):
        """The bound that an event tells of, when PROVOKE is asked again; one event of a kind comes a second."""
        listener = netlink.Generic(self.spec, timeout=0.3)
        listener.subscribe()
        end = time.monotonic() + 3
        while time.monotonic() < end:
            provoke()
            try:
                for _, _, _, data in listener.messages():
                    operation, values = self.spec.decode_reply(data)
                    if operation.name == "limit-ntf":
                        return f"{values['limit']} {values['bound']}"
            except socket.timeout:
                pass
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
        return "nothing: time was up"


class Flood:
    """Frames that each make an object, at full speed."""

    def __init__(self, world, kind, dev):
        self.world, self.kind, self.serial, self.refused = world, kind, 0, False
        if kind == "addresses":
            # To an address that is behind the same port, so that nothing but learning happens.
            frame = bytes.fromhex("060000000080") + udp_frame("06:00:00:00:00:80", "10.1.0.10", "198.51.100.1")[6:]
            self.count, self.bursts = world.learned, [Burst(dev, frame)]
        else:
            self.count = world.sessions
            self.bursts = [Burst(dev, udp_frame("06:00:00:00:00:10", "10.1.0.10", f"198.51.{i}.1")) for i in range(64)]

    def burst(self):
        """The next frames."""
        self.serial += BURST
        if self.kind == "addresses":
            self.bursts[0].send((8, ">I", range(self.serial, self.serial + BURST)))
            return
        ports = range(1 + self.serial % 65280, 1 + self.serial % 65280 + BURST)
        self.bursts[self.serial // 65280 % 64].send((36, ">H", ports))

    def run(self, seconds):
        """Until no object is added any more, or time is up; how many there are."""
        end, had, frames = time.monotonic() + seconds, -1, 0
        while time.monotonic() < end:
            for _ in range(16):
                self.burst()
                frames += BURST
                if time.monotonic() > end:
                    break
            count = self.count()
            if count == had:
                self.refused = True
                break
            had = count
        say(frames=frames)
        return self.count()


class Tenant:
    """The acts."""

    def __init__(self, seed, seconds, indexes):
        self.random, self.seconds, self.indexes = random.Random(seed), seconds, indexes
        self.spec = netlink.Spec()
        self.world = World(self.spec)

    def play(self):
        """What is short comes first, so that no run is without it."""
        acts = [name for name in sorted(dir(self)) if name.startswith("act_")]
        first = ["act_outside", "act_host_vnet"]
        turn = 0
        while True:
            self.random.shuffle(acts)
            for name in first + [name for name in acts if name not in first]:
                turn += 1
                say(step=turn, act=name[4:])
                getattr(self, name)()

    def cost(self, what, count, before, refused):
        # The second figure alone has what is larger than a page, and is late by some hundred pages.
        grown = max(after - figure for after, figure in zip(charges(), before))
        say(cost=what, count=count, bytes=grown // max(count, 1), refused=str(refused))

    def many(self, what, make, most=1 << 20):
        """Make until refused or time is up; returns how many, and what it costs."""
        before, count, answer = settled_memory(), 0, None
        end = time.monotonic() + self.seconds
        while count < most and time.monotonic() < end:
            answer = make(count)
            if answer.error:
                break
            count += 1
        self.cost(what, count, before, answer if answer is not None and answer.error else "nothing: time was up")
        return count

    def act_vnets(self):
        """As many networks as there may be."""
        world = self.world
        info = self.spec.link_info("vnet")
        count = self.many("vnet", lambda n: world.route.link(netlink.NEWLINK, info=info, bits=MAKE, ifname=f"x{n}"))
        with Timed("deletes of vnets, the longest"):
            world.delete(world.route.index("x0"))
        for n in range(1, count):
            world.delete(world.route.index(f"x{n}"))

    def act_ports(self):
        """As many vnics on one vnet as it may have."""
        world = self.world
        info = self.spec.link_info("vnic")
        count = self.many("vnic", lambda n: world.route.link(
            netlink.NEWLINK, info=info, bits=MAKE, ifname=f"p{n}", link=world.vnet))
        world.again(f"{count} ports")

    def act_static(self):
        """Static addresses, many requests with one system call."""
        world = self.world
        port = world.route.index("vnic0")
        genl, serial, errors = world.genl, 0, []
        before, end = settled_memory(), time.monotonic() + self.seconds
        while not errors and time.monotonic() < end:
            batch = b""
            for _ in range(100):
                serial += 1
                body = genl.body("fdb-new", {"vnet": world.vnet, "lladdr": struct.pack(">HI", 0x0a00, serial), "port": port})
                message = genl.message(genl.family, netlink.REQUEST | (netlink.ACK if not serial % 100 else 0), body)
                batch += message + bytes(-len(message) % 4)
            genl.sock.send(batch)
            last = genl.seq
            while True:
                answer = netlink.Answer()
                for kind, flags, seq, data in genl.messages():
                    netlink.parse_error(answer, flags, data)
                    if answer.error:
                        errors.append(answer)
                if seq == last:
                    break
        self.cost("static address", serial - len(errors), before, errors[0] if errors else "nothing: time was up")
        say(operations=serial, read=world.count_dump("fdb-get"))
        world.again(f"{serial - len(errors)} static addresses")

    def flood(self, kind, dev, how):
        world = self.world
        before, flood = settled_memory(), Flood(world, kind, dev)
        count = flood.run(self.seconds)
        self.cost(f"{kind[:-2] if kind == 'addresses' else kind[:-1]} made {how}", count, before,
                  world.limit(flood.burst) if flood.refused else "nothing: time was up")
        return count

    def flood_by_vnic(self, kind, family, what):
        """Sent in process context; afterwards all is shown, and flushed by one request."""
        count = self.flood(kind, "vnic0", "in process context")
        self.world.count_dump(f"{family}-get")
        with Timed(f"flush of {count} {what}"):
            self.world.must(self.world.genl.do(f"{family}-flush", {"vnet": self.world.vnet}))

    def flood_by_veth(self, kind, what):
        """Received in softirq; afterwards it ends with its vnet."""
        count = self.flood(kind, "peer0", "in softirq")
        self.world.again(f"{count} {what}")

    def act_addresses_vnic(self):
        self.flood_by_vnic("addresses", "fdb", "learned addresses")

    def act_addresses_veth(self):
        self.flood_by_veth("addresses", "learned addresses")

    def act_sessions_vnic(self):
        self.flood_by_vnic("sessions", "session", "sessions")

    def act_sessions_veth(self):
        self.flood_by_veth("sessions", "sessions")

    def act_mappings(self):
        """A port of the address for each."""
        world = self.world
        burst = Burst("vnic0", udp_frame("06:00:00:00:00:10", "10.1.0.10", "198.51.100.9"))
        before, had, serial, count = settled_memory(), -1, 1, 0
        end = time.monotonic() + self.seconds
        while count != had and time.monotonic() < end:
            had = count
            for _ in range(4):
                burst.send((34, ">H", range(serial, serial + BURST)))
                serial = serial + BURST if serial < 65000 else 1
            count = world.genl.dump("nat-get", {})[0]["n-mappings"]
        self.cost("mapping with its session", count, before, world.limit(burst.send) if count == had else "nothing: time was up")
        world.count_dump("mapping-get")
        with Timed(f"flush of {count} sessions with a mapping each"):
            world.must(world.genl.do("session-flush", {"vnet": world.vnet}))

    def act_forwards(self):
        """All with one port, and an address each."""
        world = self.world
        count = self.many("forward", lambda n: world.genl.do("forward-new", {
            "vnet": world.vnet, "proto": 6 + 11 * (n & 1), "first": 80, "last": 80, "addr": f"172.16.{n >> 9}.{(n >> 1) & 255}",
            "to-addr": "10.1.0.10", "to-port": 80}))
        world.count_dump("forward-get")
        world.again(f"{count} forwards")

    def act_neighbours(self):
        """A guest that claims all addresses of the subnet."""
        burst, before = Burst("vnic0", arp_frame("06:00:00:00:00:11", "10.1.1.0", "10.1.0.2")), settled_memory()
        for serial in range(0x0a010100, 0x0a010100 + 8192, BURST):
            burst.send((28, ">I", range(serial, serial + BURST)))
        self.cost("neighbour of the gateway (of 8192 asked for)", 4096, before, self.world.limit(
            lambda: burst.send((28, ">I", range(0x0a01f000, 0x0a01f000 + BURST)))))

    def act_listeners(self):
        """Sockets that listen and never read, and dumps that are begun and left."""
        world, sockets = self.world, []

        def listen(_):
            sockets.append(netlink.Generic(self.spec))
            sockets[-1].subscribe()
            return sockets[-1].do("link-set", {"ifindex": world.vnet, "max-ports": 4096})

        self.many("listener", listen, 200)
        for _ in range(100):
            world.must(world.genl.do("nat-set", {"vnet": world.vnet, "filtering": self.random.randrange(3)}))
        for sock in sockets:
            sock.sock.send(sock.message(sock.family, netlink.REQUEST | netlink.DUMP, sock.body("stats-get", {})))
        for sock in sockets:
            sock.close()

    def act_outside(self):
        """Reach for what is not the tenant's: all of it has to be refused."""
        Outside(self.world, self.indexes).all()

    def act_host_vnet(self):
        """Flood the host's vnet through the vnic that the host has given us: its bounds are the host's."""
        try:
            Flood(self.world, "addresses", "given0").run(min(self.seconds, 3))
            gateway = Burst("given0", udp_frame("06:00:00:00:00:12", "192.168.133.66", "198.51.100.1"))
        except OSError:
            # We may have deleted it.
            return
        gateway.buffer[:] = (b"\xff" * 6 + bytes(gateway.buffer[6:gateway.size])) * BURST
        end, port = time.monotonic() + self.seconds, 1
        while time.monotonic() < end:
            gateway.send((36, ">H", range(port, port + BURST)))
            port = (port + BURST) % 60000

    def act_namespaces(self):
        """A budget for each namespace, and a namespace for each child. Fill them without end."""
        children, end = [], time.monotonic() + 4 * self.seconds
        while time.monotonic() < end:
            reader, writer = os.pipe()
            child = os.fork()
            if not child:
                fill_and_wait(self.spec, writer, self.seconds)
            os.close(writer)
            children.append(child)
            count = os.read(reader, 100).decode() or "0"
            os.close(reader)
            say(namespace=len(children), objects=int(count), kernel=charges()[1])
        for child in children:
            os.kill(child, 9)
            os.waitpid(child, 0)


def fill_and_wait(spec, writer, seconds):
    """A child in a namespace of its own, which holds what it has until it is killed. When memory is short it dies first."""
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")
        if libc.unshare(CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "unshare")
        count = Flood(World(spec), "sessions", "peer0").run(seconds)
        os.write(writer, str(count).encode())
        os.close(writer)
        time.sleep(1 << 20)
    except (OSError, RuntimeError) as error:
        say(refused=str(error))
        time.sleep(0.1)
    finally:
        os._exit(0)


class Outside:
    """Ways out of the namespace."""

    def __init__(self, world, indexes):
        self.world, self.spec = world, world.spec
        own = {link["index"] for link in world.route.links()}
        self.indexes = [index for index in indexes if index not in own]
        self.tried = 0

    def refused(self, what, answer):
        """It has to fail."""
        self.tried += 1
        if not answer.error:
            say(finding=f"a tenant may {what}")

    def all(self):
        self.namespaces()
        self.by_index()
        self.listen()
        self.others_state()
        self.files()
        say(operations=self.tried, outside=self.tried)

    def namespaces(self):
        """Other namespaces by process, by file and by number."""
        route, vnet = self.world.route, self.world.vnet
        info = {"vnet": self.spec.link_info("vnet"), "vnic": self.spec.link_info("vnic")}
        init = struct.pack("=I", 1)
        doors = [("init by process", netlink.attr(NET_NS_PID, init), netlink.attr(2, init))]
        for path in ["/proc/1/ns/net"] + glob.glob("/run/netns/*"):
            try:
                fd = os.open(path, os.O_RDONLY)
            except OSError:
                self.tried += 1
                continue
            if not libc.setns(fd, CLONE_NEWNET):
                say(finding=f"a tenant may enter {path}")
                sys.exit(1)
            number = struct.pack("=I", fd)
            doors.append((path, netlink.attr(netlink.IFLA["net_ns_fd"], number), netlink.attr(3, number)))
        for name, target, peer in doors:
            for kind, link in (("vnet", b""), ("vnic", netlink.link_attrs(link=vnet))):
                body = netlink.ifinfo() + netlink.link_attrs(ifname="evil0") + link + target + info[kind]
                self.refused(f"make a {kind} in the namespace {name}", route.ask(netlink.NEWLINK, MAKE, body))
            self.refused(f"move its vnic to the namespace {name}",
                         route.ask(netlink.SETLINK, netlink.ACK, netlink.ifinfo(route.index("vnic0")) + target))
            # A number for a foreign namespace may be had; it must not open it.
            route.ask(netlink.NEWNSID, MAKE, struct.pack("=B3x", 0) + netlink.attr(1, struct.pack("=i", -1)) + peer)
        for number in range(8):
            nsid = netlink.link_attrs(link_netnsid=number)
            for index in self.indexes[:8]:
                self.refused(f"make a vnic on netdev {index} of namespace number {number}",
                             route.ask(netlink.NEWLINK, MAKE, netlink.ifinfo() +
                                       netlink.link_attrs(ifname="evil0", link=index) + nsid + info["vnic"]))
            body = netlink.ifinfo() + netlink.link_attrs(ifname="evil0", target_netnsid=number) + info["vnet"]
            self.refused(f"make a vnet in namespace number {number}", route.ask(netlink.NEWLINK, MAKE, body))

    def by_index(self):
        """The host's netdevs by their numbers, which are nothing here."""
        genl, route, vnet = self.world.genl, self.world.route, self.world.vnet
        for index in self.indexes:
            for what, operation, values in (
                    ("change vnet", "link-set", {"ifindex": index, "max-ports": 1}),
                    ("change a port", "port-set", {"ifindex": index, "isolated": 1}),
                    ("set an address of vnet", "fdb-new", {"vnet": index, "lladdr": "0a:00:00:00:00:01", "port": index}),
                    ("set an address behind port", "fdb-new", {"vnet": vnet, "lladdr": "0a:00:00:00:00:01", "port": index}),
                    ("flush addresses of vnet", "fdb-flush", {"vnet": index}),
                    ("change NAT of vnet", "nat-set", {"vnet": index, "max-sessions": 1}),
                    ("send its flows out by netdev", "nat-set", {"vnet": vnet, "out": index}),
                    ("flush sessions of vnet", "session-flush", {"vnet": index}),
                    ("forward to vnet", "forward-new", {"vnet": index, "proto": 6, "first": 81, "last": 81,
                                                        "to-addr": "192.168.133.10", "to-port": 81}),
                    ("share NIC", "link-set", {"ifindex": vnet, "uplink": index}),
                    ("read vnet", "link-get", {"ifindex": index}),
                    ("read port", "port-get", {"ifindex": index})):
                self.refused(f"{what} {index} of the host", genl.do(operation, values))
            self.refused(f"enslave its vnic to {index} of the host",
                         route.link(netlink.SETLINK, route.index("vnic0"), master=index))
            self.refused(f"delete netdev {index} of the host", route.link(netlink.DELLINK, index))
            self.refused(f"make a vnic on {index} of the host", route.link(
                netlink.NEWLINK, info=self.spec.link_info("vnic"), bits=MAKE, ifname="evil0", link=index))
        self.refused("share the loopback netdev", genl.do("link-set", {"ifindex": vnet, "uplink": 1}))

    def listen(self):
        """The host changes its vnets all the time; events of other namespaces must not be heard."""
        listener = netlink.Generic(self.spec, timeout=1.0)
        try:
            listener.sock.setsockopt(SOL_NETLINK, LISTEN_ALL_NSID, 1)
        except OSError:
            pass
        listener.subscribe()
        self.tried += 1
        end = time.monotonic() + 1
        try:
            while time.monotonic() < end:
                for _, _, _, data in listener.messages():
                    operation, values = self.spec.decode_reply(data)
                    if "vmnet8" in values.values():
                        say(finding=f"a tenant hears {operation.name} {values} of the host")
                        return
        except socket.timeout:
            pass

    def others_state(self):
        """Dumps have the tenant's own objects only."""
        for name in ("link-get", "port-get", "fdb-get", "nat-get", "mapping-get", "session-get", "forward-get", "stats-get"):
            self.tried += 1
            text = json.dumps(self.world.genl.dump(name, {}))
            # The vnic that the host gave us is a port of the host's, not of ours.
            if "vmnet8" in text or "192.168.133." in text:
                say(finding=f"dump {name} shows a tenant the host's: {text[:300]}")

    def files(self):
        """Settings of the machine, leases of others."""
        for path in glob.glob("/proc/sys/net/core/*") + glob.glob("/proc/sys/kernel/*") + glob.glob("/proc/sys/vm/*") + \
                glob.glob("/var/lib/vnet/*/*") + glob.glob("/run/vnet/*/*"):
            self.tried += 1
            try:
                with open(path, "r+", encoding="ascii"):
                    pass
            except (OSError, UnicodeError):
                continue
            # What belongs to this network namespace may be written; the lane outside sees whether anything else has changed.
        for kind in ("vnet-evil", "vnic/../evil"):
            self.refused(f"make a link of kind {kind}", self.world.route.link(
                netlink.NEWLINK, info=self.spec.link_info(kind), bits=MAKE, ifname="evil0"))


def main():
    Tenant(int(sys.argv[1]), float(sys.argv[2]), [int(word) for word in sys.argv[3].split(",")]).play()


main()
