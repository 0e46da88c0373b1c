#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# nat_timers.sh: sessions live as long as was set and no longer, what refreshes them does and what must not does
# not (RFC 4787 REQ-6), and a freed port rests (RFC 6888 REQ-8). The network is lab(). Takes some seconds: timers.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
ctl_in "$host" <<-END
	nat set vmnet8 timeout udp 3s udp-unreplied 2s tcp-established 4s tcp-opening 2s tcp-closing 1s icmp 2s hold-down 6s
END
check_has "the timeouts are shown" "udp 3s udp-unreplied 2s tcp-established 4s tcp-opening 2s tcp-closing 1s icmp 2s" \
	"$(vnetctl -n "$host" nat show vmnet8 | tr '\n' ' ')"
play <<'END'
guest, remote = raw_guest(g1, "192.168.133.77"), raw_remote()
me, out = "192.168.133.77", "203.0.113.2"
start = time.monotonic()

def tcp(*flags_by_side):
    """A TCP conversation: (side, flags) in turn."""
    for side, flags in flags_by_side:
        if side == "guest":
            guest.exchange(tcp4(f"{me}:25100", "198.51.100.9:80", flags), remote, lambda packet: packet.proto == TCP)
        else:
            remote.exchange(tcp4("198.51.100.9:80", f"{out}:25100", flags), guest, lambda packet: packet.proto == TCP)

def alive():
    return {(row["proto"], row["internal_port"]): (row["state"], row["expires"]) for row in host.sessions()}

guest.exchange(udp4(f"{me}:25001", "198.51.100.9:7"), remote, lambda packet: packet.proto == UDP)
guest.exchange(udp4(f"{me}:25002", "198.51.100.9:7"), remote, lambda packet: packet.proto == UDP)
remote.exchange(udp4("198.51.100.9:7", f"{out}:25002"), guest, lambda packet: packet.proto == UDP)
guest.exchange(icmp4(me, "198.51.100.9", 8, ident=25003), remote, lambda packet: packet.type == 8)
tcp(("guest", SYN), ("remote", SYN | ACK), ("guest", ACK))
guest.exchange(tcp4(f"{me}:25101", "198.51.100.9:80", SYN), remote, lambda packet: packet.proto == TCP)
guest.exchange(udp4(f"{me}:25200", "198.51.100.9:7"), remote, lambda packet: packet.proto == UDP)
guest.exchange(udp4(f"{me}:25201", "198.51.100.9:7"), remote, lambda packet: packet.proto == UDP)
check("all of them are there", sorted(alive()), [("icmp", 25003), ("tcp", 25100), ("tcp", 25101), ("udp", 25001),
      ("udp", 25002), ("udp", 25200), ("udp", 25201)])
expires = alive()[("tcp", 25100)][1]
check_in("the time that is left is told in milliseconds", expires, 1, 4000)

# Until all are gone: 25200 is kept alive by the guest, 25201 is not by the remote.
last = {}
while time.monotonic() < start + 12:
    guest.send(udp4(f"{me}:25200", "198.51.100.9:7"))
    remote.send(udp4("198.51.100.9:7", f"{out}:25201"))
    seen = alive()
    for key in seen:
        last[key] = time.monotonic() - start
    if set(seen) <= {("udp", 25200)}:
        break
    time.sleep(0.2)
check("all others are gone", set(seen), {("udp", 25200)})
check_in("UDP in one direction: 2 s", last[("udp", 25001)], 1, 5)
check_in("in both: 3 s", last[("udp", 25002)], 2, 6)
check_in("ICMP: 2 s", last[("icmp", 25003)], 1, 5)
check_in("TCP, established: 4 s", last[("tcp", 25100)], 3, 8)
check_in("TCP, opening: 2 s", last[("tcp", 25101)], 1, 5)
check("the guest's packets keep a session alive, the remote's do not", ("udp", 25201) in seen, False)
check("the longer lived longer", last[("udp", 25001)] < last[("tcp", 25100)])

check("what has expired lets nothing in", (remote.wire.flush(), guest.wire.flush(),
      remote.send(udp4("198.51.100.9:7", f"{out}:25002", b"late")), guest.silent(lambda packet: packet.proto == UDP))[-1])
other = raw_guest(g2, "192.168.133.88")
seen = other.exchange(udp4("192.168.133.88:25002", "198.51.100.9:7"), remote, lambda packet: packet.proto == UDP)
check("its port rests: another guest does not get it", seen.sport == 25002, False)
host.ctl("session flush vmnet8")
check("a flush ends all sessions", alive(), {})

tcp(("guest", SYN), ("remote", SYN | ACK), ("guest", ACK), ("guest", FIN | ACK), ("remote", FIN | ACK))
check("closed by both sides", alive()[("tcp", 25100)][0], "fin-both")
check("it is gone after 1 s", soon(alive, {}), {})
seen = other.exchange(tcp4("192.168.133.88:25100", "198.51.100.9:80", SYN), remote, lambda packet: packet.proto == TCP)
check("a TCP port need not rest", seen.sport, 25100)
END
