#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# nat_port_gone.sh: what NAT keeps about a guest ends with the guest's port, while packets from outside go on asking
# for it, and when another guest has sent from the same address and port. The network is lab().
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
play <<'END'
guest, forger, remote = raw_guest(g1, "192.168.133.77"), raw_guest(g2, "192.168.133.77"), raw_remote()

def mappings():
    return host.ctl("nat mapping vmnet8")

def delete_port():
    """g1 loses its port and gets a new one."""
    host.run("ip", "-n", g1.name, "link", "del", "eth0")

def new_port():
    host.run(*f"ip link add eth0 link vmnet8 netns {g1.name} type vnic".split())
    g1.run("ip", "link", "set", "eth0", "up")
    return raw_guest(g1, "192.168.133.77")

# A guest that takes another one's address.
guest.send(udp4("192.168.133.77:20000", "198.51.100.8:7"))
remote.packet(lambda packet: packet.proto == UDP)
forger.send(udp4("192.168.133.77:20000", "198.51.100.9:7"))
seen = remote.packet(lambda packet: packet.proto == UDP)
check("an endpoint behind another port is another endpoint", (seen.src, seen.sport != 20000), ("203.0.113.2", True))
check("two mappings", len(mappings()), 2)
delete_port()
check("the mapping of the port that is gone is gone, the other one stays", len(mappings()), 1)
remote.send(udp4("198.51.100.9:7", f"203.0.113.2:{seen.sport}", b"still there"))
host.ctl("session flush vmnet8")
check("and goes with its session", mappings(), [])

# Packets from outside make sessions of a mapping until the very end.
host.ctl("nat set vmnet8 timeout hold-down 0s")
for turn in range(2):
    guest = new_port()
    ports = range(20000, 20400)
    guest.send(*(udp4(f"192.168.133.77:{port}", "198.51.100.9:7") for port in ports))
    soon(lambda: len(mappings()), len(ports))

    def into(turn):
        remote.send(*(udp4(f"198.51.100.9:{1000 + turn % 60000}", f"203.0.113.2:{port}") for port in ports[turn % 8::8]))

    with Flood(into):
        grown = soon(lambda: host.ctl("nat show vmnet8")[0]["n_sessions"] > 3000)
        delete_port()
    check("outside has made sessions", grown)
    check("the port's sessions and mappings are gone", [host.ctl("nat show vmnet8")[0][key] for key in ("n_sessions", "n_mappings")],
          [0, 0])
END
