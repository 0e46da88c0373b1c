#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# nat_fragments.sh: datagrams bigger than the MTU through NAT, both ways, in order and out of order (RFC 4787
# REQ-13, REQ-14), over a narrow way out, and too big to be fragmented. The network is lab().
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
play <<'END'
server, client = inet.udp("198.51.100.1:5000"), g1.udp("192.168.133.10:25000")
sizes = (1473, 2000, 2961, 3000, 8192, 30000, 60000, 65507)
check("datagrams of up to 65507 bytes, there and back",
      {size: echoes(client, "198.51.100.1:5000", server, os.urandom(size)) for size in sizes}, dict.fromkeys(sizes, True))

guest, remote = raw_guest(g1, "192.168.133.77"), raw_remote()
inside, out, far = "192.168.133.77:25100", "203.0.113.2:25100", "198.51.100.9:7"
body = os.urandom(4000)
ident = 100

def pieces(packet, size=1400):
    """The fragments of a packet without options."""
    global ident
    ident += 1
    head = Packet(packet)
    data = packet[20:]
    return [ip4(head.src, head.dst, head.proto, data[at:at + size], ident=ident, mf=at + size < len(data), offset=at)
            for at in range(0, len(data), size)]

def whole(packets):
    """What a receiver puts together: (source, destination, payload)."""
    packets = sorted(packets, key=lambda packet: packet.offset)
    data = b"".join(packet.l4 for packet in packets)
    first = Packet(ip4(packets[0].src, packets[0].dst, UDP, data))
    return *first.ends(), first.payload == body, first.wrong, [packet.wrong for packet in packets if packet.wrong]

def arrive_as(sender, receiver, packets, marker):
    receiver.wire.flush()
    sender.send(*packets)
    return whole(receiver.packets(lambda packet: packet.proto == UDP and packet.src == marker, 3, 3))

orders = {"in order": (0, 1, 2), "backwards": (2, 1, 0), "first in the middle": (1, 0, 2), "last first": (2, 0, 1)}
for name, order in orders.items():
    parts = pieces(udp4(inside, far, body))
    check(f"out, {name}", arrive_as(guest, remote, [parts[n] for n in order], "203.0.113.2"), (out, far, True, [], []))
for name, order in orders.items():
    parts = pieces(udp4(far, out, body))
    check(f"in, {name}", arrive_as(remote, guest, [parts[n] for n in order], "198.51.100.9"), (far, inside, True, [], []))

lost = pieces(udp4(inside, far, body))[1:]
guest.send(*lost)
check("without its first fragment nothing leaves", remote.silent(lambda packet: packet.proto == UDP))

# The way out is narrower than the guests' network.
host.run("ip", "link", "set", "wan0", "mtu", "1280")
inet.run("ip", "link", "set", "wan0", "mtu", "1280")
remote.wire.flush()
body = os.urandom(1400)
guest.send(udp4(inside, far, body))
got = remote.packets(lambda packet: packet.proto == UDP, 2, 3)
check("a datagram that may be fragmented is, in order", ([packet.offset for packet in got], max(packet.total for packet in got)
      <= 1280, whole(got)), ([0, 1256], True, (out, far, True, [], [])))
guest.wire.flush()
guest.send(udp4(inside, far, body, df=True))
error = guest.packet(lambda packet: packet.proto == ICMP)
check("one that may not is refused with the way's MTU", error and (error.type, error.code, error.seq, error.inner().ends()),
      (3, 4, 1280, (inside, far)))
check("a guest learns the path's MTU by it", (ping(g1, "198.51.100.1", size=1400, df=True).type,
      soon(lambda: "mtu 1280" in g1.run("ip", "route", "get", "198.51.100.1"))), (3, True))

# The guests' network is narrower than the way in.
host.run("ip", "link", "set", "wan0", "mtu", "1500")
inet.run("ip", "link", "set", "wan0", "mtu", "1500")
host.run("ip", "link", "set", "vmnet8", "mtu", "1280")
guest.wire.flush()
remote.wire.flush()
remote.send(udp4(far, out, body))
got = guest.packets(lambda packet: packet.proto == UDP, 2, 3)
check("in: a datagram that may be fragmented is", len(got) == 2 and whole(got), (far, inside, True, [], []))
remote.send(udp4(far, out, body, df=True))
error = remote.packet(lambda packet: packet.proto == ICMP)
check("in: one that may not is refused with the vnet's MTU, by the host's address",
      error and (error.type, error.code, error.seq, error.src, error.inner().ends()), (3, 4, 1280, "203.0.113.2", (far, out)))

greedy = raw_guest(g2, "192.168.133.99")
greedy.send(*[ip4("192.168.133.99", "198.51.100.9", UDP, bytes(1000), ident=n, mf=True, offset=8 * (n % 50)) for n in range(8000)])
check("fragments that wait for ever are bounded", host.drops("vmnet8").get("fragments-held", 0) > 0)
check("and leave room for others", echoes(client, "198.51.100.1:5000", server, os.urandom(8192)))
for _ in range(60):
    if echoes(client, "198.51.100.1:5000", server, os.urandom(60000)) is not True:
        check("who sends whole datagrams is never bounded", False)
        break
else:
    check("who sends whole datagrams is never bounded", True)
END
