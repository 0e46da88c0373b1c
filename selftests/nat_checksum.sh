#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# nat_checksum.sh: checksums are right whoever computes them: offloads on and off on each side, big sends and merged
# receives, and on the wire. Receivers verify: their counters of bad checksums stay 0, and a last leg without
# offloads makes them real. The network is lab().
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
play <<'END'
ends = ((g1, "eth0"), (inet, "wan0"), (host, "wan0"))
counters = "Tcp.InCsumErrors", "Udp.InCsumErrors", "Icmp.InCsumErrors", "Ip.InHdrErrors"
web, echo = inet.listen("198.51.100.1:80"), inet.udp("198.51.100.1:5000")
sizes = (0, 1, 2, 3, 63, 64, 65, 1471, 1472)

def offloads(states):
    for (ns, dev), state in zip(ends, states):
        ns.run("ethtool", "-K", dev, "rx", state, "tx", state, "sg", state, "tso", state, "gso", state, "gro", state, ok=False)

def traffic():
    client, served = talk(g1, "198.51.100.1:80", web)
    data = os.urandom(1 << 20)
    fine = [transfer(client, served, data), transfer(served, client, data)]
    sock = g1.udp()
    fine += [echoes(sock, "198.51.100.1:5000", echo, os.urandom(size)) for size in sizes]
    fine.append(pings(g1, "198.51.100.1", size=1001))
    return all(item is True for item in fine) or fine

for states in (("on", "on", "on"), ("off", "off", "off"), ("on", "off", "off"), ("off", "on", "on"), ("on", "on", "off")):
    offloads(states)
    check(f"offloads guest {states[0]}, remote {states[1]}, host {states[2]}: data is whole", traffic())
check("no receiver has counted a bad checksum", [ns.snmp(*counters) for ns in (g1, inet, host)], [[0] * 4] * 3)

# On the wire, packet by packet: nobody completes anything for us.
guest, remote = raw_guest(g1, "192.168.133.77"), raw_remote()
inside, out, far = "192.168.133.77:25100", "203.0.113.2:25100", "198.51.100.9:7"

def wrong(sender, receiver, packet):
    seen = sender.exchange(packet, receiver, lambda seen: "198.51.100.9" in (seen.src, seen.dst))
    return seen.wrong if seen else "lost"

bodies = [os.urandom(size) for size in range(0, 70)]
check("UDP out, every length to 69", [wrong(guest, remote, udp4(inside, far, body)) for body in bodies], [[]] * 70)
check("UDP in", [wrong(remote, guest, udp4(far, out, body)) for body in bodies], [[]] * 70)
check("TCP out and in", [wrong(guest, remote, tcp4(inside, far, SYN, seq=n)) for n in (0, 1, 0xffffffff)] +
      [wrong(remote, guest, tcp4(far, out, ACK, seq=n, payload=b"odd")) for n in (0, 1, 0xffffffff)], [[]] * 6)

def udp_check(sender, receiver, packet):
    seen = sender.exchange(packet, receiver, lambda seen: seen.proto == UDP)
    return seen and seen.l4check

check("a UDP checksum of zero stays zero, out", udp_check(guest, remote, udp4(inside, far, b"data", zero=True)), 0)
check("and in", udp_check(remote, guest, udp4(far, out, b"data", zero=True)), 0)

# Payloads whose translated sum would be 0, which on the wire is written 0xffff (RFC 768).
def body_with_sum_zero(src, dst):
    head = pseudo(endpoint(src)[0], endpoint(dst)[0], UDP, 10) + struct.pack("!HHHH", endpoint(src)[1], endpoint(dst)[1], 10, 0)
    return struct.pack("!H", csum(head))

check("a computed zero is written as 0xffff, out", udp_check(guest, remote, udp4(inside, far, body_with_sum_zero(out, far))),
      0xffff)
check("and in", udp_check(remote, guest, udp4(far, out, body_with_sum_zero(far, inside))), 0xffff)
broken = bytearray(udp4(inside, far, b"payload"))
broken[-1] ^= 1
seen = guest.exchange(bytes(broken), remote, lambda seen: seen.proto == UDP)
check("a wrong checksum stays wrong: the receiver must notice", seen and seen.wrong, ["transport checksum"])
END
