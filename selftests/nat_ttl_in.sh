#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# nat_ttl_in.sh: the gateway is a router for what comes in too (RFC 1812 5.3.1): a packet for a guest with a time to
# live of one ends there, and its sender is told so from the address that it knows. The network is lab().
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
play <<'END'
guest, remote = raw_guest(g1, "192.168.133.77"), raw_remote()
inside, out, far = "192.168.133.77:25100", "203.0.113.2:25100", "198.51.100.9:7"

def is_error(packet):
    return packet.proto == ICMP and packet.type in (3, 11)

def dropped():
    return host.drops("vmnet8").get("ttl", 0)

sent = guest.exchange(udp4(inside, far), remote, lambda packet: packet.proto == UDP)
check("with a time to live of two an answer reaches the guest, with one",
      [remote.exchange(udp4(far, out, b"two", ttl=2), guest, lambda packet: packet.proto == UDP).ttl, dropped()], [1, 0])

error = remote.exchange(udp4(far, out, b"one", ttl=1), remote, is_error)
check("with one its sender is told", error and (error.type, error.code, error.src, error.dst, error.wrong),
      (11, 0, "203.0.113.2", "198.51.100.9", []))
check("about the packet that it has sent", error and (error.inner().ends(), error.inner().wrong), ((far, out), []))
check("and the guest sees nothing", guest.silent(lambda packet: packet.proto == UDP))
check("which is counted", dropped(), 1)

remote.wire.flush()
remote.send(icmp4("198.51.100.77", "203.0.113.2", 3, 1, payload=sent.raw, ttl=1))
check("an error for the guest with one ends there too", soon(dropped, 2), 2)
check("about an error nobody is told (RFC 1122 3.2.2)", remote.silent(is_error))
check("and the guest sees nothing of it", guest.silent(is_error))
END
