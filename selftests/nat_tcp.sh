#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# nat_tcp.sh: TCP connections of guests to the Internet: opened, used both ways, closed, reset, half closed,
# opened by both sides at once (RFC 5382 REQ-2), and what the session says of each. The network is lab().
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
play <<'END'
def state(port, remote="198.51.100.1"):
    for row in host.sessions("proto tcp"):
        if row["internal_port"] == port and row["remote_addr"] == remote:
            return row["state"]
    return None

server = inet.listen("198.51.100.1:80")
client, served = talk(g1, "198.51.100.1:80", server, "192.168.133.10:25001")
check("a connection comes from the host's address and the guest's port", text(served.getpeername()),
      "203.0.113.2:25001")
check("the session is established", state(25001), "established")
data = os.urandom(4 << 20)
check("4 MiB go out as they are", transfer(client, served, data))
check("4 MiB come in as they are", transfer(served, client, data))

client.shutdown(socket.SHUT_WR)
check("the guest's end closes its direction", served.recv(1), b"")
check("which the session knows", state(25001), "fin-out")
check("the other direction still works", transfer(served, client, data[:300000]))
served.close()
check("then both are closed", soon(lambda: state(25001), "fin-both"), "fin-both")

client, served = talk(g1, "198.51.100.1:80", server, "192.168.133.10:25002")
served.shutdown(socket.SHUT_WR)
check("the remote may close first", soon(lambda: state(25002), "fin-in"), "fin-in")
client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
client.close()
check("a reset ends the session's connection", soon(lambda: state(25002), "reset"), "reset")

check("a closed port of the remote refuses the guest", dial(g1, "198.51.100.1:81"), "ECONNREFUSED")

# From here on no kernel has the ends: what arrives is what the gateway lets through.
guest = raw_guest(g1, "192.168.133.77")
remote = raw_remote()
inside, out, far = "192.168.133.77:25100", "203.0.113.2:25100", "198.51.100.9:80"

def is_tcp(flags):
    return lambda packet: packet.proto == TCP and packet.flags == flags

seen = guest.exchange(tcp4(inside, far, SYN, seq=100), remote, is_tcp(SYN))
check("a SYN leaves translated", (seen.ends(), seen.wrong, seen.seq, seen.ttl), ((out, far), [], 100, 63))
check("the session is opening", state(25100, "198.51.100.9"), "syn-out")
seen = remote.exchange(tcp4(far, out, SYN, seq=900), guest, is_tcp(SYN))
check("a SYN of the remote, at the same time, passes", (seen.ends(), seen.wrong), ((far, inside), []))
check("both have sent theirs: established", state(25100, "198.51.100.9"), "established")
seen = remote.exchange(tcp4(far, out, SYN | ACK, seq=900, ack=101), guest, is_tcp(SYN | ACK))
check("so do the SYN/ACKs that cross", (seen.ends(), seen.ack), ((far, inside), 101))

seen = remote.exchange(tcp4(far, out, RST, seq=901), guest, is_tcp(RST))
check("a RST is translated", (seen.ends(), seen.wrong), ((far, inside), []))
check("and marks the session", state(25100, "198.51.100.9"), "reset")
seen = guest.exchange(tcp4(inside, far, ACK, seq=101, ack=901, payload=b"still here"), remote, is_tcp(ACK))
check("data after it passes (RFC 7857 section 2.2)", seen.payload, b"still here")
check("and restores the session", state(25100, "198.51.100.9"), "established")

check("an unsolicited SYN to a free port of the set is not answered by the gateway's guests",
      bool(remote.send(tcp4("198.51.100.9:81", "203.0.113.2:25999", SYN))) or
      guest.silent(lambda packet: packet.proto == TCP))
END
