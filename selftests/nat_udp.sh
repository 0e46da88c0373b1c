#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# nat_udp.sh: UDP of guests reaches the Internet from the host's address, with the guest's port where it can be
# had (RFC 4787 REQ-3), and answers come back; nothing unasked comes in. The network is lab() of lib.sh.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
play <<'END'
server = inet.udp("198.51.100.1:5000")
other = inet.udp("198.51.100.2:5000")
client = g1.udp("192.168.133.10:25000")
twin = g2.udp("192.168.133.11:25000")

check("a datagram arrives from the host's address and the guest's own port",
      reaches(client, "198.51.100.1:5000", server), "203.0.113.2:25000")
server.sendto(b"answer", ("203.0.113.2", 25000))
check("the answer comes from where the datagram went", arrives(client), (b"answer", "198.51.100.1:5000"))

seen = reaches(twin, "198.51.100.1:5000", server)
port = int(seen.split(":")[1])
check("a second guest with the same port gets another one", seen != "203.0.113.2:25000" and
      seen.startswith("203.0.113.2:"))
check("of the same parity (REQ-4)", port % 2, 0)
check("and both are answered", [echoes(client, "198.51.100.1:5000", server), echoes(twin, "198.51.100.1:5000", server)],
      [True, True])

low = g1.udp("192.168.133.10:500")
check_in("a port outside the set becomes one of the set",
         int(reaches(low, "198.51.100.1:5000", server).split(":")[1]), 20000, 65535)

check("nothing comes in from an address that the guest has not sent to",
      reaches(other, "203.0.113.2:25000", client, b"unasked", SILENCE), None)
check("from another port of one that it has sent to it does (address-dependent filter)",
      reaches(inet.udp("198.51.100.1:6000"), "203.0.113.2:25000", client, b"other port"), "198.51.100.1:6000")

check("every size up to the MTU arrives", [echoes(client, "198.51.100.1:5000", server, bytes([n % 251]) * n)
      for n in (0, 1, 2, 3, 511, 1471, 1472)], [True] * 7)

rows = {(row["internal_addr"], row["internal_port"], row["remote_addr"], row["remote_port"]): row
        for row in host.sessions()}
row = rows[("192.168.133.10", 25000, "198.51.100.1", 5000)]
check("the session says how it is translated", (row["external_addr"], row["external_port"], row["proto"]),
      ("203.0.113.2", 25000, "udp"))
check("and that both sides have spoken", row["state"], "replied")
check("its packets are counted", (row["out_packets"], row["in_packets"]), (9, 9))
check("and its bytes, IP header included", (row["out_bytes"], row["in_bytes"]),
      (9 * 28 + 2 * 5 + sum((0, 1, 2, 3, 511, 1471, 1472)), 9 * 28 + 6 + 5 + sum((0, 1, 2, 3, 511, 1471, 1472))))

wire = g1.wire("eth0")
router = host.mac("vmnet8")
reaches(client, "198.51.100.1:5000", server)
server.sendto(b"ttl", ("203.0.113.2", 25000))
packet = wire.packet(lambda packet: packet.proto == UDP)
check("the time to live of what comes in is one less", packet.ttl, 63)
check("its checksums are right, as is its sender", (packet.wrong, packet.ends()),
      ([], ("198.51.100.1:5000", "192.168.133.10:25000")))
END
