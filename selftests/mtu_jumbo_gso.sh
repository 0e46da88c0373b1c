#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# mtu_jumbo_gso.sh: frames of every MTU pass, bigger ones do not; big TCP sends cross the switch and NAT in one piece
# (counters: far fewer packets than segments) and are right when they arrive.
#
#   g1: eth0 (vnic) ---+                                   lab() of lib.sh, and
#   g2: eth0 (vnic) ---+-- vmnet8 --- port3 --veth-- eth0: g3
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
setup_ns g3
in_ns "$host" <<-END
	link add port3 type veth peer name eth0 netns $g3
	link set port3 master vmnet8
	link set port3 up
END
lab_guest "$g3" 192.168.133.12

play <<'END'
where = ((host, "port3"), (host, "vmnet8"), (host, "wan0"), (inet, "wan0"), (g1, "eth0"), (g2, "eth0"), (g3, "eth0"))

def set_mtu(mtu):
    for ns, dev in where:
        ns.run("ip", "link", "set", dev, "mtu", str(min(mtu, 65535 if dev != "vmnet8" else 65517)))

biggest = 65517
for mtu in (1500, 9000, 9216, biggest):
    set_mtu(mtu)
    size = mtu - 28
    pairs = {"vnic to vnic": (g1, "192.168.133.11"), "vnic to member": (g1, "192.168.133.12"),
             "member to vnic": (g3, "192.168.133.10"), "vnic to host": (g1, "192.168.133.1"),
             "vnic to gateway": (g1, "192.168.133.2"), "vnic to Internet": (g1, "198.51.100.1")}
    check(f"MTU {mtu}: the biggest packet passes in one piece",
          {name: pings(ns, to, size=min(size, 65507), df=size <= 65507 and "gateway" not in name) for name, (ns, to) in pairs.items()},
          dict.fromkeys(pairs, True))

set_mtu(9000)
g2.run("ip", "link", "set", "eth0", "mtu", "1500")
before = host.drops("vmnet8").get("too-big", 0)
wire = g1.wire("eth0")
wire.send(ether(g2.mac("eth0"), g1.mac("eth0"), 0x88b5, bytes(2000)))
check("a frame bigger than the receiver's MTU dies, and is counted", soon(lambda: host.drops("vmnet8").get("too-big", 0)
      - before, 1), 1)
set_mtu(1500)

for ns, addr in ((g1, "10.5.0.1"), (g2, "10.5.0.2"), (g3, "10.5.0.3")):
    ns.run("ip", "link", "add", "link", "eth0", "name", "tagged", "type", "vlan", "id", "5")
    ns.run("ip", "addr", "add", addr + "/24", "dev", "tagged")
    ns.run("ip", "link", "set", "tagged", "up")
check("tagged frames of guests pass, full size ones too", [pings(ns, to, size=1472, df=True) for ns, to in
      ((g1, "10.5.0.2"), (g1, "10.5.0.3"), (g3, "10.5.0.1"))], [True] * 3)

size = 8 << 20
data = os.urandom(size)
segments = size // 1448

def whole(name, ns, to, server, counted):
    """Send much; how many packets did the counted netdev see?"""
    client, served = talk(ns, to, server)
    before = counted[0].dev_stats(counted[1])
    fine = transfer(client, served, data)
    after = counted[0].dev_stats(counted[1])
    packets = after["rx_packets"] - before["rx_packets"]
    check(f"{name}: 8 MiB are whole", fine)
    check_in(f"{name}: in big pieces, not in {segments} segments", packets, 50, segments // 3)

listeners = {ns: ns.listen(f"{addr}:81") for ns, addr in ((g2, "192.168.133.11"), (g3, "192.168.133.12"), (inet, "198.51.100.1"),
             (g1, "192.168.133.10"))}
whole("vnic to vnic", g1, "192.168.133.11:81", listeners[g2], (g2, "eth0"))
whole("vnic to member", g1, "192.168.133.12:81", listeners[g3], (g3, "eth0"))
whole("member to vnic", g3, "192.168.133.10:81", listeners[g1], (g1, "eth0"))
whole("vnic through NAT", g1, "198.51.100.1:81", listeners[inet], (inet, "wan0"))
host.ctl("forward add vmnet8 proto tcp dport 81 to 192.168.133.10:81")
whole("from outside through NAT", inet, "203.0.113.2:81", listeners[g1], (g1, "eth0"))
g3.run("ethtool", "-K", "eth0", "tso", "off", "gso", "off", "gro", "off", "tx", "off", ok=False)
client, served = talk(g3, "192.168.133.10:81", listeners[g1])
check("a member without offloads: 8 MiB are whole", transfer(client, served, data))
check("nobody has counted a bad checksum", [ns.snmp("Tcp.InCsumErrors") for ns in (g1, g2, g3, inet)], [0] * 4)

# UDP with segmentation left to the kernel (UDP_SEGMENT): through NAT in one piece, taken apart for who cannot.
server, sender = inet.udp("198.51.100.1:5000"), g1.udp("192.168.133.10:25000")
sender.setsockopt(socket.IPPROTO_UDP, 103, 1400)
sender.sendto(data[:14000], ("198.51.100.1", 5000))
pieces = [arrives(server) for _ in range(10)]
check("ten datagrams of one big UDP send arrive", [piece and piece[0] for piece in pieces],
      [data[at:at + 1400] for at in range(0, 14000, 1400)])
END
