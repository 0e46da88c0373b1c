#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# nat_forward.sh: ports of the host that lead to a guest: TCP and UDP, one port and a range, from the LAN, from the
# Internet, from the host itself, from another guest and from the guest itself (hairpin, RFC 4787 REQ-9).
# The network is lab(); inet's 203.0.113.1 is the LAN.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
ctl_in "$host" <<-END
	forward add vmnet8 proto tcp dport 8080 to 192.168.133.10:80
	forward add vmnet8 proto udp dport 5000-5009 to 192.168.133.10:7000
	forward add vmnet8 proto tcp dport 2222 to 192.168.133.11:22 addr 203.0.113.2 handle 77
END
play <<'END'
web = g1.listen("192.168.133.10:80")

def asked_by(ns, to="203.0.113.2:8080", server=web, bind=None):
    """The address that the guest sees, when data passes both ways; else what went wrong."""
    client = dial(ns, to, bind, 5)
    if isinstance(client, str):
        return client
    server.settimeout(5)
    served, seen = server.accept()
    fine = [transfer(client, served, os.urandom(100000)), transfer(served, client, os.urandom(100000))]
    client.close()
    served.close()
    return seen[0] if fine == [True, True] else fine

check("TCP from the LAN, whose address the guest sees", asked_by(inet, bind="203.0.113.1:0"), "203.0.113.1")
check("from the Internet", asked_by(inet, bind="198.51.100.1:0"), "198.51.100.1")
check("from the host itself", asked_by(host), "203.0.113.2")
check("from another guest, which is the host's address outside", asked_by(g2), "203.0.113.2")
check("from the guest to itself", asked_by(g1), "203.0.113.2")
ssh = g2.listen("192.168.133.11:22")
check("a forward of one address", asked_by(inet, "203.0.113.2:2222", ssh), "203.0.113.1")

servers = {port: g1.udp(f"192.168.133.10:{port}") for port in (7000, 7004, 7009)}
client = inet.udp("198.51.100.1:40000")
check("UDP: every port of a range has its own", [echoes(client, f"203.0.113.2:{5000 + port - 7000}", server)
      for port, server in servers.items()], [True] * 3)
check("UDP from the host itself", echoes(host.udp(), "203.0.113.2:5004", servers[7004]))
check("UDP from another guest", echoes(g2.udp(), "203.0.113.2:5004", servers[7004]))
check("UDP from the guest itself", echoes(g1.udp(), "203.0.113.2:5004", servers[7004]))
check("the port behind the range is the host's", reaches(client, "203.0.113.2:5010", servers[7009], b"x", SILENCE), None)
host_service = host.udp("203.0.113.2:5010")
check("which can have a service there", echoes(inet.udp(), "203.0.113.2:5010", host_service))

rows = {row["handle"]: row for row in host.ctl("forward show vmnet8")}
check("handles are the kernel's or ours", sorted(rows), [1, 2, 77])
check("hits are counted", [rows[handle]["hits"] for handle in (1, 2, 77)], [5, 6, 1])
udp = [row for row in host.sessions("proto udp") if row.get("forward") == 2]
check("sessions name their forward", len(udp), rows[2]["n_sessions"])

# RFC 4787 REQ-9 without a forward: a guest reaches another by its mapping.
one, two = g1.udp("192.168.133.10:25000"), g2.udp("192.168.133.11:26000")
stun = inet.udp("198.51.100.2:3478")
outside = [reaches(sock, "198.51.100.2:3478", stun) for sock in (one, two)]
check("both guests have a mapping", outside, ["203.0.113.2:25000", "203.0.113.2:26000"])
check("the filter holds for guests as well", reaches(one, outside[1], two, b"first", SILENCE), None)
check("once both have sent they reach each other, and each sees the other's mapping",
      (reaches(two, outside[0], one, b"second"), reaches(one, outside[1], two, b"third")), (outside[1], outside[0]))

# Deletion.
listener = dial(inet, "203.0.113.2:8080")
served, _ = web.accept()
check("a connection lives", transfer(listener, served, b"x" * 1000))
host.ctl("forward del vmnet8 proto tcp dport 8080")
check("its forward is deleted: its session ends", [row for row in host.sessions("proto tcp") if row.get("forward") == 1], [])
listener.settimeout(5)
listener.send(b"hello?")
try:
    result = listener.recv(10)
except OSError as err:
    result = errno.errorcode[err.errno]
check("the host, whose port it is again, resets it", result, "ECONNRESET")
check("new connections are refused", dial(inet, "203.0.113.2:8080"), "ECONNREFUSED")
check("other forwards stay", asked_by(inet, "203.0.113.2:2222", ssh), "203.0.113.1")
END
check_fails "a forward that is not there cannot be deleted" "no forward" \
	vnetctl -n "$host" forward del vmnet8 handle 5
