#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# metadata.sh: what a guest says of its packets by a virtio-net header, and what it must not reach by lying: the
# checksum is written where the protocol has it and nowhere else, and no segment is bigger than the MTU. The network
# is lab(). Both were found by prove/frames.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
play <<'END'
PACKET_VNET_HDR, NEEDS_CSUM, GSO_TCPV4 = 15, 1, 1
guest, remote = raw_guest(g1, "192.168.133.77"), raw_remote()
with g1:
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    sock.bind(("eth0", 0))

def send(packet, to, start=0, offset=0, gso_size=0):
    """Send a packet whose checksum, at START + OFFSET of the packet, is left to whoever sends it on."""
    kind = GSO_TCPV4 if gso_size else 0
    sock.send(struct.pack("=BBHHHH", NEEDS_CSUM, kind, 54 if gso_size else 0, gso_size, 14 + start, offset) +
              ether(to, g1.mac("eth0"), ETH_P_IP, packet))

def with_sum(packet, proto, place):
    """The checksum's field holds the sum over the pseudo header, as a sender with offloads leaves it."""
    total = ~csum(pseudo("192.168.133.77", "198.51.100.9", proto, len(packet) - 20)) & 0xffff
    return packet[:20 + place] + struct.pack("!H", total) + packet[22 + place:]

gateway = ask_arp(guest.wire, g1.mac("eth0"), "192.168.133.77", "192.168.133.2")
question = udp4("192.168.133.77:20000", "198.51.100.9:7", b"ask!")
malformed = lambda: host.drops("vmnet8").get("gateway-malformed", 0)

def from_77(packet):
    return packet.dst == "198.51.100.9"

send(with_sum(question, UDP, 6), gateway, start=20, offset=6)
seen = remote.packet(from_77)
check("a checksum that is left to the sender of NAT is right", (seen.src, seen.wrong), ("203.0.113.2", []))
port = seen.sport

for name, start, offset in (("the source address", 12, 2), ("the destination address", 16, 0), ("the TTL", 8, 0),
                            ("the source port", 20, 0), ("the length", 20, 4)):
    before = malformed()
    send(question, gateway, start, offset)
    check(f"a checksum over {name} is refused", soon(lambda: malformed() - before, 1), 1)
check("nothing of that has left", remote.wire.silent(lambda frame: is_ip(frame) and from_77(frame.packet())))
send(with_sum(question, UDP, 6), gateway, start=20, offset=6)
check("the guest goes on", remote.packet(from_77).sport, port)

# A tunnel in UDP: the checksum that is left is that of the packet inside, the one outside is final.
inner = udp4("10.0.0.1:1", "10.0.0.2:2", b"inside")
tunnel = udp4("192.168.133.77:20001", "198.51.100.9:4789", inner)
send(tunnel, gateway, start=20 + 8 + 20, offset=6)
check("a checksum inside of a tunnel is written", bool(remote.packet(lambda packet: packet.dport == 4789)))

# Between guests: what the receiver's MTU is for a frame it is for each segment of a big one.
too_big, big = lambda: host.drops("vmnet8").get("too-big", 0), bytes(8000)
listener, before = g2.wire("eth0"), too_big()
packet = tcp4("192.168.133.77:1", "192.168.133.11:9", ACK, payload=big)

def is_big(frame):
    return is_ip(frame) and frame.packet().dport == 9

send(packet, g2.mac("eth0"), start=20, offset=16, gso_size=1460)
check("a big packet of segments that fit arrives", bool(listener.frame(is_big)))
send(packet, g2.mac("eth0"), start=20, offset=16, gso_size=4000)
check("one of segments that do not is too big", soon(lambda: too_big() - before, 1), 1)
check("and does not arrive", listener.silent(is_big))
END
