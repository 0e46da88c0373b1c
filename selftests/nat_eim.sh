#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# nat_eim.sh: one external endpoint for one internal endpoint, whatever it talks to (RFC 4787 REQ-1, RFC 5382
# REQ-1, RFC 5508 REQ-1a), after a clash as well; and the three filters (REQ-8). The network is lab().
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
play <<'END'
remotes = [f"198.51.100.{n}:{port}" for n in (1, 2) for port in (5000, 5001)]
servers = {to: inet.udp(to) for to in remotes}

def ports(client):
    """External ports of a client, over all remotes."""
    return {reaches(client, to, server).rpartition(":")[2] for to, server in servers.items()}

first, clash = g1.udp("192.168.133.10:25000"), g2.udp("192.168.133.11:25000")
check("UDP: one external port for four remotes, the guest's own", ports(first), {"25000"})
check("after a clash one too, another", (len(ports(clash)), "25000" in ports(clash)), (1, False))
check("no endpoint is shared (REQ-3)", [ports(first) & ports(clash), len(ports(first) | ports(clash))], [set(), 2])

def tcp_port(bind, to, server):
    client, served = talk(g1, to, server, bind)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return client, served.getpeername()[1]

listeners = {to: inet.listen(to) for to in ("198.51.100.1:80", "198.51.100.2:80", "198.51.100.2:81")}
open_ones = [tcp_port("192.168.133.10:26000", to, server) for to, server in listeners.items()]
check("TCP: one external port for three remotes", {port for _, port in open_ones}, {26000})

guest, remote = raw_guest(g1, "192.168.133.77"), raw_remote()
ids = {guest.exchange(icmp4("192.168.133.77", to, 8, ident=700), remote, lambda packet: packet.type == 8).id
       for to in ("198.51.100.8", "198.51.100.9")}
check("ICMP: one external identifier for two remotes", len(ids), 1)

parities = [int(ports(g2.udp(f"192.168.133.11:{port}")).pop()) % 2 for port in range(3000, 3008)]
check("parity is kept where the port is not (REQ-4)", parities, [port % 2 for port in range(3000, 3008)])
kept = [ports(g2.udp(f"192.168.133.11:{port}")).pop() for port in (20001, 29999, 61000, 65535)]
check("ports of the set are kept (REQ-3a)", kept, ["20001", "29999", "61000", "65535"])

def admitted(label):
    """Who may send to a fresh mapping that has been used with 198.51.100.1:5000 only."""
    client = g1.udp()
    port = reaches(client, remotes[0], servers[remotes[0]]).rpartition(":")[2]
    return [reaches(servers[to], f"203.0.113.2:{port}", client, label.encode() + to.encode(), SILENCE) == to for to in remotes]

check("filter address-dependent, the default: the same address, any port", admitted("adf"), [True, True, False, False])
host.ctl("nat set vmnet8 filtering endpoint-independent")
check("endpoint-independent: everybody", admitted("eif"), [True] * 4)
late = inet.udp("198.51.100.2:5777")
client = g1.udp("192.168.133.10:27000")
reaches(client, remotes[0], servers[remotes[0]])
check("and they are answered", echoes(late, "203.0.113.2:27000", client))
guest.send(tcp4("192.168.133.77:27100", "198.51.100.9:80", SYN, seq=1))
remote.packet(lambda packet: packet.proto == TCP)
guest.wire.flush()
remote.send(tcp4("198.51.100.8:99", "203.0.113.2:27100", SYN, seq=5))
seen = guest.packet(lambda packet: packet.proto == TCP)
check("TCP too: a stranger's SYN arrives", seen and seen.ends(), ("198.51.100.8:99", "192.168.133.77:27100"))
host.ctl("nat set vmnet8 filtering address-and-port-dependent")
check("address-and-port-dependent: exactly the one", admitted("apdf"), [True, False, False, False])
END
