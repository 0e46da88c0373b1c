# SPDX-License-Identifier: GPL-2.0
"""Netlink as the specification says: messages made from names and values, answers turned back into them.

What a message of family vnet holds is read from docs/netlink/specs/vnet.yaml and nowhere else, so whatever the lanes
send and expect follows the specification. Shares no code with vnetctl or with selftests/tools.
"""
import errno
import os
import socket
import struct

import yaml

NETLINK_ROUTE, NETLINK_GENERIC = 0, 16
SOL_NETLINK, ADD_MEMBERSHIP, CAP_ACK, EXT_ACK, GET_STRICT_CHK = 270, 1, 10, 11, 12
REQUEST, MULTI, ACK, DUMP_INTR, ROOT, MATCH, DUMP = 1, 2, 4, 0x10, 0x100, 0x200, 0x300
REPLACE, EXCL, CREATE, APPEND = 0x100, 0x200, 0x400, 0x800
CAPPED, ACK_TLVS = 0x100, 0x200
NOOP, ERROR, DONE, OVERRUN = 1, 2, 3, 4
NESTED, NET_BYTEORDER = 0x8000, 0x4000
CTRL_ID, CTRL_GETFAMILY = 16, 3
NEWLINK, DELLINK, GETLINK, SETLINK = 16, 17, 18, 19
NEWADDR, DELADDR, GETADDR, NEWROUTE, NEWNEIGH, NEWNSID = 20, 21, 22, 24, 28, 88
IFLA = {"address": 1, "ifname": 3, "mtu": 4, "link": 5, "master": 10, "linkinfo": 18, "net_ns_fd": 28,
        "link_netnsid": 37, "ext_mask": 29, "carrier": 33, "new_ifindex": 49, "target_netnsid": 46, "promiscuity": 30}
INFO = {"kind": 1, "data": 2, "slave_kind": 4, "slave_data": 5}
IFF_UP = 1
RTEXT_FILTER_SKIP_STATS = 8
# A length of 16 bits, header included, that the padding does not lead beyond.
ATTR_MOST = 65528

SIZES = {"u8": 1, "s8": 1, "u16": 2, "s16": 2, "u32": 4, "s32": 4, "u64": 8, "s64": 8}
FORMATS = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "s8": "b", "s16": "h", "s32": "i", "s64": "q"}
PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../docs/netlink/specs/vnet.yaml")


class Malformed(Exception):
    """What the kernel sent is not what the specification says."""


def attr(number, payload):
    """One attribute with its header and padding; what does not fit is cut off."""
    payload = payload[:ATTR_MOST]
    return struct.pack("=HH", 4 + len(payload), number) + payload + bytes(-len(payload) % 4)


def walk(data):
    """The attributes of a payload as (number with its flags, payload); whatever does not fit is Malformed."""
    at = 0
    while at < len(data):
        if len(data) - at < 4:
            raise Malformed(f"{len(data) - at} bytes behind the last attribute: {data[at:].hex()}")
        length, number = struct.unpack_from("=HH", data, at)
        if length < 4 or at + length > len(data):
            raise Malformed(f"attribute {number} has length {length} of {len(data) - at}")
        yield number, data[at + 4:at + length]
        at += (length + 3) & ~3


class Attribute:
    """One attribute of a set."""

    def __init__(self, spec, owner, row, number):
        self.spec, self.set, self.number, self.name, self.type = spec, owner, number, row["name"], row["type"]
        self.nested, self.multi = row.get("nested-attributes"), row.get("multi-attr", False)
        self.hint, self.checks = row.get("display-hint"), row.get("checks", {})
        self.order = ">" if row.get("byte-order") == "big-endian" else "="
        self.enum = spec.enums.get(row.get("enum"))

    def encode(self, value):
        """Bytes of a value; bytes stay as they are, so that a lane can send wrong ones."""
        if isinstance(value, bytes):
            return value
        if self.nested:
            return self.spec.encode(self.nested, value)
        if self.hint == "ipv4":
            return socket.inet_aton(value)
        if self.hint == "mac":
            return bytes.fromhex(value.replace(":", ""))
        if self.type == "string":
            return value.encode() + b"\0"
        if self.enum and value in self.enum:
            value = self.enum.index(value)
        return struct.pack(self.order + FORMATS[self.type], value)

    def decode(self, data):
        """Value of bytes that the kernel has sent."""
        if self.nested:
            return self.spec.decode(self.nested, data)
        if self.type == "string":
            if not data.endswith(b"\0") or b"\0" in data[:-1]:
                raise Malformed(f"{self.name} is no string: {data.hex()}")
            return data[:-1].decode(errors="backslashreplace")
        if self.type == "pad":
            return None
        if self.hint == "mac":
            if len(data) != self.checks.get("exact-len", 6):
                raise Malformed(f"{self.name} has {len(data)} bytes")
            return data.hex(":")
        if self.hint == "ipv6":
            if len(data) not in (4, 6, 16):
                raise Malformed(f"{self.name} has {len(data)} bytes")
            return data.hex()
        if len(data) != SIZES[self.type]:
            raise Malformed(f"{self.name} of type {self.type} has {len(data)} bytes")
        if self.hint == "ipv4":
            return socket.inet_ntoa(data)
        value, = struct.unpack(self.order + FORMATS[self.type], data)
        if self.enum:
            if value >= len(self.enum):
                raise Malformed(f"{self.name} is {value}, which its enum does not have")
            return self.enum[value]
        return value


class Operation:
    """One command: its number, and the attributes of requests and replies by name."""

    def __init__(self, row, number):
        self.name, self.number, self.set = row["name"], number, row.get("attribute-set")
        self.changes = "uns-admin-perm" in row.get("flags", ())
        self.modes = {}
        for mode in ("do", "dump"):
            if mode in row:
                self.modes[mode] = (row[mode].get("request", {}).get("attributes", []),
                                    row[mode].get("reply", {}).get("attributes", []))
        self.event = row.get("event", {}).get("attributes")
        self.notify = row.get("notify")


class Spec:
    """The specification, with its attribute sets and operations by name."""

    def __init__(self, path=PATH):
        with open(path, encoding="utf-8") as file:
            tree = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.enums = {row["name"]: [entry["name"] for entry in row["entries"]] for row in tree["definitions"]}
        self.sets, self.by_number = {}, {}
        for row in tree["attribute-sets"]:
            number, attributes = 0, {}
            for each in row["attributes"]:
                number = each.get("value", number + 1)
                attributes[each["name"]] = Attribute(self, row["name"], each, number)
            self.sets[row["name"]] = attributes
            self.by_number[row["name"]] = {each.number: each for each in attributes.values()}
        self.operations, number = {}, 0
        for row in tree["operations"]["list"]:
            number = row.get("value", number + 1)
            self.operations[row["name"]] = Operation(row, number)
        self.by_command = {each.number: each for each in self.operations.values()}

    def encode(self, name, values):
        """Attributes of a set from a dict, or from pairs where order or repetition matters; None is left out."""
        body = b""
        for key, value in values.items() if isinstance(values, dict) else values:
            each = self.sets[name][key]
            if value is not None:
                body += attr(each.number | (NESTED if each.nested else 0), each.encode(value))
        return body

    def decode(self, name, data):
        """A dict; an attribute that may repeat is a list. Unknown, repeated or odd ones are Malformed."""
        values = {}
        for number, payload in walk(data):
            each = self.by_number[name].get(number & ~(NESTED | NET_BYTEORDER))
            if not each:
                raise Malformed(f"set {name} has no attribute {number}")
            if each.type == "pad":
                continue
            value = each.decode(payload)
            if each.multi:
                values.setdefault(each.name, []).append(value)
            elif each.name in values:
                raise Malformed(f"{each.name} is there twice")
            else:
                values[each.name] = value
        return values

    def decode_reply(self, data):
        """(operation, values) of one message of the family, generic header first; only what the operation may say."""
        if len(data) < 4:
            raise Malformed(f"message of {len(data)} bytes")
        operation = self.by_command.get(data[0])
        if not operation:
            raise Malformed(f"message of command {data[0]}")
        values = self.decode(operation.set or self.operations[operation.notify].set, data[4:])
        said = self.operations[operation.notify] if operation.notify else operation
        may = set(said.event or ()).union(*(mode[1] for mode in said.modes.values()))
        if set(values) - may:
            raise Malformed(f"{operation.name} has {sorted(set(values) - may)}")
        return operation, values

    def violation(self, operation, mode, data):
        """Why a request is none that the specification allows, or None."""
        try:
            for number, payload in walk(data):
                each = self.by_number[operation.set].get(number & ~(NESTED | NET_BYTEORDER)) if operation.set else None
                if not each or each.name not in operation.modes[mode][0]:
                    return f"it has attribute {number}"
                why = self.out_of_bounds(each, payload)
                if why:
                    return why
        except Malformed as error:
            return str(error)
        return None

    def out_of_bounds(self, each, payload):
        """Why the value of an attribute is none that it may have, or None."""
        if each.nested:
            whys = (self.out_of_bounds(self.by_number[each.nested].get(number & ~(NESTED | NET_BYTEORDER)), inner)
                    for number, inner in walk(payload))
            return next((why for why in whys if why), None)
        value = each.decode(payload)
        low, high = each.checks.get("min"), each.checks.get("max")
        if each.type in SIZES and not each.enum and not each.hint and (
                (low is not None and value < low) or (high is not None and value > high)):
            return f"{each.name} is {value}"
        return None

    def link_info(self, kind, data=None, slave_kind=None, slave_data=None):
        """IFLA_LINKINFO of a link request: settings of the vnet in data, those of the port in slave_data."""
        body = b""
        if kind:
            body += attr(INFO["kind"], kind.encode() + b"\0")
        if data is not None:
            payload = data if isinstance(data, bytes) else attr(1 | NESTED, self.encode("link", data))
            body += attr(INFO["data"] | NESTED, payload)
        if slave_kind:
            body += attr(INFO["slave_kind"], slave_kind.encode() + b"\0")
        if slave_data is not None:
            payload = slave_data if isinstance(slave_data, bytes) else attr(2 | NESTED, self.encode("port", slave_data))
            body += attr(INFO["slave_data"] | NESTED, payload)
        return attr(IFLA["linkinfo"] | NESTED, body)


class Answer:
    """What came back for one request."""

    def __init__(self):
        self.error, self.text, self.offset, self.replies, self.interrupted = None, None, None, [], False

    def __repr__(self):
        name = "no answer" if self.error is None else errno.errorcode.get(-self.error, str(self.error))
        return f"{name}{': ' + self.text if self.text else ''}"

    @property
    def done(self):
        """Is the last message of the answer here?"""
        return self.error is not None


def parse_error(answer, flags, data):
    """Error number, sentence and offset of an NLMSG_ERROR or NLMSG_DONE."""
    answer.error, = struct.unpack_from("=i", data)
    if not flags & ACK_TLVS:
        return
    length, = struct.unpack_from("=I", data, 4)
    parse_extack(answer, data[4 + (16 if flags & CAPPED else (length + 3) & ~3):])


def parse_extack(answer, data):
    """Sentence and offset of NLMSGERR_ATTR_*."""
    for number, payload in walk(data):
        if number == 1:
            answer.text = payload.rstrip(b"\0").decode(errors="replace")
        elif number == 2:
            answer.offset, = struct.unpack("=I", payload)


class Netlink:
    """A socket. The namespace is the thread's at the time that it is made."""

    def __init__(self, protocol, timeout=20.0, receive=1 << 20):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, protocol)
        for option in (CAP_ACK, EXT_ACK, GET_STRICT_CHK):
            self.sock.setsockopt(SOL_NETLINK, option, 1)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        self.sock.settimeout(timeout)
        self.sock.bind((0, 0))
        self.seq = 0

    def message(self, kind, flags, body):
        """A whole message with the next sequence number."""
        self.seq += 1
        return struct.pack("=IHHII", 16 + len(body), kind, flags, self.seq, 0) + body

    def messages(self, size=1 << 16):
        """(type, flags, seq, payload) of what is received next; waits."""
        data, _, flags, _ = self.sock.recvmsg(size)
        if flags & socket.MSG_TRUNC:
            raise Malformed(f"answer is longer than {size} bytes")
        at = 0
        while at < len(data):
            if len(data) - at < 16:
                raise Malformed(f"{len(data) - at} bytes behind the last message")
            length, kind, bits, seq, _ = struct.unpack_from("=IHHII", data, at)
            if length < 16 or at + length > len(data):
                raise Malformed(f"message of {length} bytes in {len(data) - at}")
            yield kind, bits, seq, data[at + 16:at + length]
            at += (length + 3) & ~3

    def answer(self, seq):
        """Everything up to the acknowledgement or the end of the dump for request number seq."""
        answer = Answer()
        while not answer.done:
            for kind, flags, number, data in self.messages():
                if number != seq:
                    continue
                answer.interrupted |= bool(flags & DUMP_INTR)
                if kind == ERROR:
                    parse_error(answer, flags, data)
                elif kind == DONE:
                    answer.error, = struct.unpack_from("=i", data)
                    if flags & ACK_TLVS:
                        parse_extack(answer, data[4:])
                else:
                    answer.replies.append((kind, data))
        return answer

    def ask(self, kind, flags, body):
        """Send a request and wait for its answer."""
        self.sock.send(self.message(kind, flags | REQUEST, body))
        return self.answer(self.seq)

    def drain(self):
        """Throw away what is there."""
        self.sock.setblocking(False)
        try:
            while True:
                try:
                    self.sock.recv(1 << 16)
                except BlockingIOError:
                    return
                except OSError as error:
                    if error.errno != errno.ENOBUFS:
                        raise
        finally:
            self.sock.settimeout(20.0)

    def close(self):
        self.sock.close()


class Generic(Netlink):
    """A socket to family vnet."""

    def __init__(self, spec, **options):
        super().__init__(NETLINK_GENERIC, **options)
        self.spec = spec
        answer = self.ask(CTRL_ID, ACK, struct.pack("=BBH", CTRL_GETFAMILY, 1, 0) + attr(2, b"vnet\0"))
        if answer.error:
            raise OSError(-answer.error, f"family vnet: {answer}")
        values = dict(walk(answer.replies[0][1][4:]))
        self.family, = struct.unpack("=H", values[1])
        group = dict(walk(dict(walk(values[7]))[1]))
        self.group, = struct.unpack("=I", group[2])

    def body(self, name, values=()):
        """Generic header and attributes of an operation."""
        operation = self.spec.operations[name]
        body = self.spec.encode(operation.set, values) if operation.set else b""
        return struct.pack("=BBH", operation.number, 1, 0) + body

    def do(self, name, values=()):
        """One request; the answer's replies are raw."""
        return self.ask(self.family, ACK, self.body(name, values))

    def dump_raw(self, name, values=()):
        """All objects as bytes; begins again when something changed meanwhile."""
        while True:
            answer = self.ask(self.family, DUMP, self.body(name, values))
            if answer.error:
                raise OSError(-answer.error, f"dump {name}: {answer}")
            if not answer.interrupted:
                return [data for _, data in answer.replies]

    def dump(self, name, values=()):
        """All objects as dicts."""
        return [self.spec.decode_reply(data)[1] for data in self.dump_raw(name, values)]

    def subscribe(self):
        """Receive the family's events on this socket."""
        self.sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, self.group)


def ifinfo(index=0, flags=0, change=0):
    """struct ifinfomsg."""
    return struct.pack("=BBHiII", 0, 0, 0, index, flags, change)


def link_attrs(**values):
    """IFLA_* by name: numbers become u32, text a string, bytes stay."""
    body = b""
    for name, value in values.items():
        if value is None:
            continue
        if isinstance(value, str):
            value = bytes.fromhex(value.replace(":", "")) if name == "address" else value.encode() + b"\0"
        body += attr(IFLA[name], struct.pack("=I", value) if isinstance(value, int) else value)
    return body


class Route(Netlink):
    """A socket to rtnetlink."""

    def __init__(self, spec, **options):
        super().__init__(NETLINK_ROUTE, **options)
        self.spec = spec

    def link(self, command, index=0, flags=0, change=0, info=b"", bits=ACK, **values):
        """Make, change or delete a link."""
        return self.ask(command, bits, ifinfo(index, flags, change) + link_attrs(**values) + info)

    def index(self, name):
        """Index of a link."""
        answer = self.ask(GETLINK, ACK, ifinfo() + link_attrs(ifname=name))
        if answer.error:
            raise OSError(-answer.error, f"{name}: {answer}")
        return struct.unpack_from("=i", answer.replies[0][1], 4)[0]

    def links_raw(self):
        """All links as bytes, without their counters."""
        body = ifinfo() + link_attrs(ext_mask=RTEXT_FILTER_SKIP_STATS)
        answer = self.ask(GETLINK, DUMP, body)
        if answer.error:
            raise OSError(-answer.error, f"dump of links: {answer}")
        return [data for _, data in answer.replies]

    def links(self):
        """All links: what of them is a setting, with the vnet's and the port's sets decoded."""
        return [self.decode_link(data) for data in self.links_raw()]

    def decode_link(self, data):
        """A dict of one RTM_NEWLINK."""
        index, flags = struct.unpack_from("=iI", data, 4)
        values = {"index": index, "flags": flags}
        found = {number & ~NESTED: payload for number, payload in walk(data[16:])}
        for name in ("mtu", "link", "master", "carrier", "link_netnsid", "promiscuity"):
            if IFLA[name] in found:
                values[name] = int.from_bytes(found[IFLA[name]], "little", signed=True)
        values["ifname"] = found[IFLA["ifname"]][:-1].decode(errors="backslashreplace")
        values["address"] = found.get(IFLA["address"], b"").hex(":")
        info = {number & ~NESTED: payload for number, payload in walk(found.get(IFLA["linkinfo"], b""))}
        for name in ("kind", "slave_kind"):
            if INFO[name] in info:
                values[name] = info[INFO[name]].rstrip(b"\0").decode()
        if values.get("kind") == "vnet":
            values["vnet"] = self.spec.decode("link", self.one_nest(info[INFO["data"]], 1))
        if values.get("slave_kind") == "vnet" and INFO["slave_data"] in info:
            values["port"] = self.spec.decode("port", self.one_nest(info[INFO["slave_data"]], 2))
        return values

    @staticmethod
    def one_nest(data, number):
        """Payload of the one attribute that there has to be."""
        found = [(kind & ~NESTED, payload) for kind, payload in walk(data)]
        if [kind for kind, _ in found] != [number]:
            raise Malformed(f"link info has attributes {[kind for kind, _ in found]}")
        return found[0][1]

    def address(self, command, index, text):
        """Add or delete an IPv4 address with its prefix length."""
        host, length = text.split("/")
        raw = socket.inet_aton(host)
        body = struct.pack("=BBBBI", socket.AF_INET, int(length), 0, 0, index) + attr(2, raw) + attr(1, raw)
        return self.ask(command, ACK | (CREATE | EXCL if command == NEWADDR else 0), body)

    def addresses(self):
        """(index, address/length) of all IPv4 addresses, in the kernel's order."""
        answer = self.ask(GETADDR, DUMP, struct.pack("=BBBBI", socket.AF_INET, 0, 0, 0, 0))
        if answer.error:
            raise OSError(-answer.error, f"dump of addresses: {answer}")
        found = []
        for _, data in answer.replies:
            _, length, _, _, index = struct.unpack_from("=BBBBI", data)
            local = dict(walk(data[8:])).get(2)
            found.append((index, f"{socket.inet_ntoa(local)}/{length}" if local else "?"))
        return found

    def route(self, to, via):
        """A route to a network by a gateway."""
        host, length = to.split("/")
        body = struct.pack("=BBBBBBBBI", socket.AF_INET, int(length), 0, 0, 254, 3, 0, 1, 0)
        body += attr(1, socket.inet_aton(host)) + attr(5, socket.inet_aton(via))
        return self.ask(NEWROUTE, ACK | CREATE, body)

    def neighbour(self, index, address, lladdr):
        """A permanent neighbour."""
        body = struct.pack("=BBHiHBB", socket.AF_INET, 0, 0, index, 0x80, 0, 0)
        body += attr(1, socket.inet_aton(address)) + attr(2, bytes.fromhex(lladdr.replace(":", "")))
        return self.ask(NEWNEIGH, ACK | CREATE | REPLACE, body)
