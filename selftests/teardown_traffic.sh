#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# teardown_traffic.sh: everything is made and deleted while packets pass in all directions: ports, forwards,
# settings, uplinks, the vnet, the namespaces. Nothing may crash, leak or stay; what the kernel says meanwhile is
# looked at by who runs the test. The network is lab(); in addition nic0 of host leads to inet, and g3 is a member.
# timeout: 400
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
setup_ns g3
in_ns "$host" <<-END
	link add nic0 type veth peer name nic1 netns $inet
	link set nic0 up
	link add port3 type veth peer name eth0 netns $g3
	link set port3 up
	link set port3 master vmnet8
END
in_ns "$inet" <<-END
	link set nic1 up
END
lab_guest "$g3" 192.168.133.12

play <<'END'
rounds = 2
guest, remote, lan = raw_guest(g1, "192.168.133.77"), raw_remote(), inet.wire("nic1")
second, third = g2.wire("eth0"), raw_guest(g3, "192.168.133.12")
gateway = guest.neighbour
nic = host.mac("nic0")

def out(turn):
    """Sessions of all protocols, some new ones, some in fragments."""
    port = 20000 + turn % 400
    guest.send(udp4(f"192.168.133.77:{port}", "198.51.100.9:7", b"x" * (turn % 64)),
               tcp4(f"192.168.133.77:{port}", "198.51.100.9:80", (SYN, ACK, FIN | ACK, RST)[turn % 4]),
               icmp4("192.168.133.77", "198.51.100.9", 8, ident=turn % 100),
               ip4("192.168.133.77", "198.51.100.9", UDP, bytes(64), ident=turn % 9, mf=turn % 2, offset=turn % 2 * 64))

def into(turn):
    port = 20000 + turn % 400
    remote.send(udp4("198.51.100.9:7", f"203.0.113.2:{port}"), tcp4("198.51.100.9:80", f"203.0.113.2:{port}", ACK),
                tcp4(f"198.51.100.9:{1000 + turn % 50}", "203.0.113.2:8080", SYN),
                icmp4("198.51.100.9", "203.0.113.2", 3, 3, payload=udp4(f"203.0.113.2:{port}", "198.51.100.9:7")))

def strangers(turn):
    """Addresses to learn, floods, frames for the gateway and for guests."""
    src = f"02:bb:00:00:{turn >> 8 & 255:02x}:{turn & 255:02x}"
    second.send(ether(BROADCAST, src, 0x88b5, bytes(50)), ether("02:bb:00:00:00:01", src, 0x88b5, bytes(50)),
                ether(gateway, src, ETH_P_IP, udp4(f"192.168.133.{turn % 250 + 3}:9", "198.51.100.9:9")))
    lan.send(ether(nic, src, 0x88b5, bytes(50)), ether("02:bb:00:00:00:02", "02:cc" + src[5:], 0x88b5, bytes(50)),
             ether(BROADCAST, "02:cc" + src[5:], ETH_P_ARP, arp4(1, "02:cc" + src[5:], "203.0.113.9", BROADCAST, "203.0.113.2")))

def member(turn):
    third.send(udp4(f"192.168.133.12:{21000 + turn % 300}", "198.51.100.9:7"))

def again(what, *steps):
    """Steps that change and restore; a pause between them lets packets pass."""
    problem = None
    try:
        for _ in range(rounds):
            for step in steps:
                for command in step.split(" && "):
                    host.run(*command.split())
                time.sleep(0.03)
    except RuntimeError as err:
        problem = str(err)
    check(what, problem, None)

add_vnic = f"ip link add eth0 link vmnet8 netns {g2.name} type vnic"
with Flood(out, into, strangers, member):
    time.sleep(0.3)
    again("sessions and addresses are flushed", "vnetctl session flush vmnet8", "vnetctl fdb flush vmnet8")
    again("a forward comes and goes", "vnetctl forward add vmnet8 proto tcp dport 8080 to 192.168.133.77:80",
          "vnetctl forward del vmnet8 proto tcp dport 8080")
    again("an uplink comes and goes", "vnetctl uplink add vmnet8 dev nic0", "vnetctl uplink del vmnet8")
    again("NAT goes off and on", "vnetctl link set vmnet8 nat off", "vnetctl link set vmnet8 nat on")
    again("the gateway goes and comes", "vnetctl link set vmnet8 nat off gateway none",
          "vnetctl link set vmnet8 nat on gateway 192.168.133.2")
    again("the host's address goes and comes", "ip addr del 203.0.113.2/24 dev wan0",
          "ip addr add 203.0.113.2/24 dev wan0 && ip route replace default via 203.0.113.1")
    again("the host adapter goes down and up", "ip link set vmnet8 down", "ip link set vmnet8 up")
    again("a member goes and comes", "ip link set port3 nomaster", "ip link set port3 master vmnet8")
    again("a member goes down and up", "ip link set port3 down", "ip link set port3 up")
    again("a vnic is deleted and made", f"ip -n {g2.name} link del eth0",
          f"{add_vnic} && ip -n {g2.name} link set eth0 up")
    again("timeouts become short and long", "vnetctl nat set vmnet8 timeout udp 1s udp-unreplied 1s tcp-opening 1s hold-down 0s",
          "vnetctl nat set vmnet8 sessions 50 mappings 50", "vnetctl nat set vmnet8 sessions 65536 mappings 65536")
    again("everything is read meanwhile", "vnetctl session show", "vnetctl nat mapping", "vnetctl fdb show", "vnetctl stats show",
          "vnetctl port show")
    again("the vnet is deleted and made",
          "vnetctl uplink add vmnet8 dev nic0", "ip link del vmnet8",
          f"vnetctl link add vmnet8 mode nat addr 192.168.133.1/24 && {add_vnic} && ip -n {g2.name} link set eth0 up && "
          f"ip link add eth0 link vmnet8 netns {g1.name} type vnic && ip -n {g1.name} link set eth0 up && "
          "ip link set port3 master vmnet8")

check("after all of that the network works", (g1.run("ip", "addr", "replace", "192.168.133.10/24", "dev", "eth0"),
      g1.run("ip", "route", "replace", "default", "via", "192.168.133.2"), pings(g1, "198.51.100.1"))[-1])
check("a flush leaves nothing behind", (host.ctl("session flush vmnet8"), host.ctl("nat show vmnet8")[0]["n_sessions"],
      host.ctl("nat show vmnet8")[0]["n_mappings"])[1:], (0, 0))

# The wires of the vnics that were deleted are dead: new ones for the last act.
guest, second = Peer(g1.wire("eth0"), g1.mac("eth0"), host.ctl("link show vmnet8")[0]["gateway_lladdr"]), g2.wire("eth0")
gateway = guest.neighbour
with Flood(out, into, strangers, member):
    time.sleep(0.3)
    for ns in (g2, host, inet):
        os.close(ns.fd)
        home_problem = subprocess.run(["ip", "netns", "del", ns.name], check=False).returncode
        time.sleep(0.2)
    check("namespaces of a guest, of the host and of the Internet are deleted under traffic", home_problem, 0)
    def gone():
        return g1.run("ip", "link", "show", "eth0", ok=False) == ""
    check("the vnic in a namespace that stays goes with its vnet", soon(gone))
END
namespaces=("$g1" "$g3")
