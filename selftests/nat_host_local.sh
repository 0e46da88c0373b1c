#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# nat_host_local.sh: the host and its guests' NAT on the same address: guests reach the host's services there, the host's
# own traffic is as without us, nothing unasked comes in, and neither conntrack nor ip_forward nor rp_filter is needed
# or touched. The network is lab().
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

sysctls() { ip netns exec "$host" sysctl -a -r 'net\.(ipv4\.(ip_forward|conf\..*\.(rp_filter|forwarding|accept_local|proxy_arp))|netfilter\.)' 2>/dev/null | grep -v -e _count -e vmnet8 -e gone; }

need_vnetctl
lab
before=$(sysctls)
play <<'END'
check("the host does not forward", host.sysctl("ipv4/ip_forward"), "0")
for name in ("all", "wan0", "vmnet8"):
    host.sysctl(f"ipv4/conf/{name}/rp_filter", 1)
service, web = host.udp("0.0.0.0:53"), host.listen("0.0.0.0:80")

def host_services(ns, to):
    client, served = talk(ns, f"{to}:80", web)
    return [echoes(ns.udp(), f"{to}:53", service), transfer(client, served, os.urandom(300000)),
            transfer(served, client, os.urandom(300000)), pings(ns, to)]

check("a guest reaches the host's external address", host_services(g1, "203.0.113.2"), [True] * 4)
host.run("ip", "link", "set", "vmnet8", "down")
check("with the host adapter down as well", host_services(g1, "203.0.113.2"), [True] * 4)
host.run("ip", "link", "set", "vmnet8", "up")
check("and the host adapter's address without NAT", host_services(g1, "192.168.133.1"), [True] * 4)
check("an outside host reaches the host's services", host_services(inet, "203.0.113.2"), [True] * 4)
check("the host reaches itself", host_services(host, "203.0.113.2"), [True] * 4)

# The host's own connections, some from ports that NAT gives out.
outside, listener = inet.udp("198.51.100.1:5000"), inet.listen("198.51.100.1:80")
check("the host's own datagrams are answered, from any port", [echoes(host.udp(f"203.0.113.2:{port}"), "198.51.100.1:5000", outside)
      for port in (1024, 20001, 25000, 40000, 61001)], [True] * 5)
pairs = [talk(host, "198.51.100.1:80", listener, f"203.0.113.2:{port}") for port in (1025, 20003, 40001)]
check("so are its connections", [transfer(client, served, b"x" * 100000) for client, served in pairs], [True] * 3)
own = host.udp("203.0.113.2:27777")
check("a service of the host on a port that NAT may give out", echoes(inet.udp(), "203.0.113.2:27777", own))
guest_sock = g1.udp("192.168.133.10:27777")
check("which it does not give out then", reaches(guest_sock, "198.51.100.1:5000", outside) in (None, "203.0.113.2:27777"), False)
check("and the service goes on", echoes(inet.udp(), "203.0.113.2:27777", own))

# Nothing unasked: raw, so that no kernel answers for the strangers.
remote = raw_remote()
wires = [g1.wire("eth0"), g2.wire("eth0")]
strangers = [udp4("198.51.100.9:7", f"203.0.113.2:{port}") for port in (53, 5353, 20000, 25000, 61000, 65535)] + \
            [tcp4("198.51.100.9:7", f"203.0.113.2:{port}", SYN) for port in (22, 20000, 25000, 61000)] + \
            [icmp4("198.51.100.9", "203.0.113.2", 8, ident=25000)] + \
            [udp4("198.51.100.9:7", f"192.168.133.10:{port}") for port in (7, 25000)] + \
            [icmp4("198.51.100.9", "192.168.133.10", 8, ident=1)]
for wire in wires:
    wire.flush()
remote.send(*strangers)
check("nothing unasked reaches a guest", [wire.silent(lambda frame: is_ip(frame) and frame.packet().src == "198.51.100.9")
      for wire in wires], [True, True])
check("no session was made of it", [row for row in host.sessions() if row["remote_addr"] == "198.51.100.9"], [])
check("a closed port of the host answers as without us", dial(inet, "203.0.113.2:25000"), "ECONNREFUSED")
check("the host answers the outside's ping", pings(inet, "203.0.113.2"))

# What conntrack would know.
with host:
    nft = subprocess.run(["nft", "-f", "-"], input="table ip t { chain c { type filter hook input priority 0; ct state new accept; } }",
                         encoding="ascii", check=False, stderr=subprocess.DEVNULL).returncode
client, served = talk(g1, "198.51.100.1:80", listener, "192.168.133.10:26000")
transfer(client, served, b"x" * 10000)
if nft == 0:
    flows = host.run("conntrack", "-L", ok=False)
    check("conntrack, when it is on, has no entry of the guest's", [word for word in ("192.168.133.10", "sport=26000")
          if word in flows], [])
    check("but of the host's own", "dport=80" in (talk(inet, "203.0.113.2:80", web), host.run("conntrack", "-L", ok=False))[1])
check("the host still does not forward", host.sysctl("ipv4/ip_forward"), "0")
for name in ("all", "wan0", "vmnet8"):
    host.sysctl(f"ipv4/conf/{name}/rp_filter", 0)
END
check_is "no sysctl has changed" "$before" "$(sysctls)"
