#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# nat_icmp.sh: echo, and ICMP errors in both directions with the packet that they quote (RFC 5508).
# The network is lab(); in addition 198.51.100.9 is behind inet but answered by nobody.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
play <<'END'
check("a guest pings the Internet", pings(g1, "198.51.100.1"))
check("with 1472 bytes", pings(g1, "198.51.100.1", size=1472))
check("and with 20000, in fragments both ways", pings(g1, "198.51.100.1", size=20000))
check("two guests with the same identifier are told apart",
      [pings(guest, "198.51.100.1", ident=23456, count=n) for n, guest in enumerate((g1, g2, g1, g2))], [True] * 4)
ids = {row["external_port"] for row in host.sessions("proto icmp") if row["internal_port"] == 23456}
check("by two external identifiers", len(ids), 2)

# Errors from outside.
guest, remote = raw_guest(g1, "192.168.133.77"), raw_remote()
inside, out, far = "192.168.133.77:25100", "203.0.113.2:25100", "198.51.100.9:7"
ROUTER = "198.51.100.77"

def is_error(packet):
    return packet.proto == ICMP and packet.type in (3, 4, 5, 11, 12)

def error_to_guest(sent, kind, code, rest=(0, 0), cut=None):
    """What the guest sees of an error about a packet of its own; None if nothing."""
    seen = guest.exchange(sent, remote, lambda packet: packet.dst == "198.51.100.9")
    guest.wire.flush()
    remote.send(icmp4(ROUTER, "203.0.113.2", kind, code, *rest, payload=seen.raw[:cut]))
    return guest.packet(is_error, 2)

def verdict(error):
    return error and (error.type, error.code, error.src, error.dst, error.wrong, error.inner().ends(),
                      error.inner().wrong)

ends = (inside, far)
for name, kind, code in (("net unreachable", 3, 0), ("host unreachable", 3, 1), ("port unreachable", 3, 3),
                         ("prohibited", 3, 13), ("time exceeded", 11, 0), ("parameter problem", 12, 0)):
    error = error_to_guest(udp4(inside, far, b"payload"), kind, code)
    check(f"{name}: the guest gets it with its own packet inside", verdict(error),
          (kind, code, ROUTER, "192.168.133.77", [], ends, []))
inner = error.inner()
check("the quoted UDP checksum is what the guest has sent", inner.l4[6:8], udp4(inside, far, b"payload")[26:28])

error = error_to_guest(udp4(inside, far, b"x" * 1400, df=True), 3, 4, (0, 1280))
check("fragmentation needed keeps its MTU", (verdict(error), error and error.seq),
      ((3, 4, ROUTER, "192.168.133.77", [], ends, []), 1280))
error = error_to_guest(udp4(inside, far, b"payload"), 3, 1, cut=28)
check("8 bytes of the quoted transport header are enough", verdict(error),
      (3, 1, ROUTER, "192.168.133.77", [], ends, []))
error = error_to_guest(tcp4(inside, far, SYN, seq=7), 3, 3)
check("an error about TCP", verdict(error), (3, 3, ROUTER, "192.168.133.77", [], ends, []))
error = error_to_guest(icmp4("192.168.133.77", "198.51.100.9", 8, ident=25100, seq=5, payload=b"ping"), 3, 1)
check("an error about an echo request, with its identifier", (verdict(error)[:5], error.inner().id, error.inner().seq),
      ((3, 1, ROUTER, "192.168.133.77", []), 25100, 5))
error = error_to_guest(udp4(inside, far, b"payload", options=b"\x01\x01\x01\x00"), 11, 0)
check("a quoted header with options", verdict(error), (11, 0, ROUTER, "192.168.133.77", [], ends, []))

before = {row["internal_port"]: row["in_packets"] for row in host.sessions("proto udp")}
error_to_guest(udp4(inside, far), 3, 3)
after = {row["internal_port"]: (row["in_packets"], row["state"]) for row in host.sessions("proto udp")}
check("errors neither end a session nor count as its packets (RFC 5508 REQ-6)", after[25100],
      (before[25100], "unreplied"))

remote.send(icmp4(ROUTER, "203.0.113.2", 3, 3, payload=udp4("203.0.113.2:25777", far)))
check("an error about no session is not the guest's", guest.silent(is_error))
remote.send(icmp4(ROUTER, "203.0.113.2", 5, 1, payload=udp4(out, far)))
check("a redirect is not either", guest.silent(is_error))

# Errors of the guest.
def error_to_remote(kind, code, rest=(0, 0)):
    seen = guest.exchange(udp4(inside, far), remote, lambda packet: packet.proto == UDP)
    seen = remote.exchange(udp4(far, out, b"answer"), guest, lambda packet: packet.proto == UDP)
    remote.wire.flush()
    guest.send(icmp4("192.168.133.77", "198.51.100.9", kind, code, *rest, payload=seen.raw))
    return remote.packet(is_error, 2)

for name, kind, code in (("port unreachable", 3, 3), ("fragments lost", 11, 1)):
    error = error_to_remote(kind, code)
    check(f"{name} of the guest comes from the host's address, with the remote's packet inside",
          error and (error.type, error.code, error.src, error.dst, error.wrong, error.inner().ends(), error.inner().wrong),
          (kind, code, "203.0.113.2", "198.51.100.9", [], (far, out), []))

# The gateway's own.
error = guest.exchange(udp4(inside, far, ttl=1), guest, is_error)
check("time to live 1 ends at the gateway, which says so", verdict(error),
      (11, 0, "192.168.133.2", "192.168.133.77", [], ends, []))
inet.run("ip", "route", "add", "198.51.100.9", "dev", "wan0")
inet.sysctl("ipv4/ip_forward", 1)
error = ping(g1, "198.51.100.9", ttl=2)
check("time to live 2 ends at the next router", error and (error.type, error.src), (11, "203.0.113.1"))
END
