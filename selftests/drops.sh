#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# drops.sh: every reason that a packet can die of is provoked once, and is counted. The list of reasons is the
# kernel's own: one without a provocation here fails the test.
# timeout: 400
#
# The network is lab(); g3 has a vnic on lan0 (private), alone with port4, a member whose end port5 is in g3 too.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
setup_ns g3
must ip -n "$host" link add lan0 type vnet
in_ns "$host" <<-END
	link add eth0 link lan0 netns $g3 type vnic
	link add port4 type veth peer name port5 netns $g3
	link set port4 master lan0
	link set port4 up
	link set lan0 down
END
in_ns "$g3" <<-END
	link set eth0 up
	link set port5 up
END

play <<'END'
guest, twin, remote = raw_guest(g1, "192.168.133.77"), raw_guest(g2, "192.168.133.88"), raw_remote()
vnic, member = g3.wire("eth0"), g3.wire("port5")
me, far, gateway = "192.168.133.77", "198.51.100.9:7", guest.neighbour
numbers = {row["ifname"]: row["number"] for row in host.ctl("port show vnet lan0")}
OTHER = "02:aa:00:00:00:01"
tracing = "/sys/kernel/tracing"

def trace(on):
    with open(f"{tracing}/events/vnet/vnet_drop/enable", "w", encoding="ascii") as file:
        file.write("1" if on else "0")

def udp(dst=far, src=f"{me}:25000", **options):
    return udp4(src, dst, options.pop("payload", b"data"), **options)

def test_frame(dst, src):
    return ether(dst, src, 0x88b5, bytes(50))

def bad_source():
    vnic.send(test_frame(BROADCAST, "01:00:5e:00:00:01"))

def local_source():
    member.send(test_frame(BROADCAST, g3.mac("eth0")))

def reserved_group():
    vnic.send(test_frame("01:80:c2:00:00:02", g3.mac("eth0")))

def truncated():
    # Nothing that sends Ethernet frames can send a shorter one, but a redirected packet of a tunnel is one.
    with g3:
        tun = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(tun, 0x400454ca, struct.pack("16sH22x", b"tun0", 0x1001))
    g3.run("ip", "link", "set", "tun0", "up")
    g3.run("tc", "qdisc", "add", "dev", "tun0", "clsact")
    g3.run("tc", "filter", "add", "dev", "tun0", "ingress", "matchall", "action", "mirred", "egress", "redirect",
           "dev", "eth0")
    os.write(tun, b"\x45\0\0\x08")
    time.sleep(0.1)
    os.close(tun)

def same_port():
    member.send(test_frame(BROADCAST, OTHER))
    member.send(test_frame(OTHER, "02:aa:00:00:00:02"))

def isolated():
    for name in ("eth0", "port4"):
        host.ctl(f"port set vnet lan0 number {numbers[name]} isolated on")
    member.send(test_frame(g3.mac("eth0"), OTHER))
    for name in ("eth0", "port4"):
        host.ctl(f"port set vnet lan0 number {numbers[name]} isolated off")

def no_destination():
    g3.run("ip", "link", "set", "eth0", "down")
    member.send(test_frame(BROADCAST, OTHER))

def port_down():
    member.send(test_frame(g3.mac("eth0"), OTHER))
    g3.run("ip", "link", "set", "eth0", "up")

def host_off():
    member.send(test_frame(host.mac("lan0"), OTHER))

def too_big():
    g3.run("ip", "link", "set", "port5", "mtu", "4000")
    host.run("ip", "link", "set", "port4", "mtu", "4000")
    member.send(ether(g3.mac("eth0"), OTHER, 0x88b5, bytes(3000)))

def no_memory():
    # One allocation that can be made to fail for sure: the ports of more external addresses than NAT keeps.
    lines = "".join(f"addr add 10.1.{n // 100}.{n % 100 + 1}/32 dev wan0\n" for n in range(260))
    with host:
        subprocess.run(["ip", "-batch", "-"], input=lines, encoding="ascii", check=True)
    host.run("ip", "route", "add", "198.51.100.44", "via", "203.0.113.1", "src", "10.1.2.60")
    guest.send(udp("198.51.100.44:7"))

def backlog():
    # What a vnic sends to another waits for the next softirq, if it may.
    path = "/proc/sys/net/core/netdev_max_backlog"
    with open(path, encoding="ascii") as file:
        before = file.read()
    for value in ("0", before):
        with open(path, "w", encoding="ascii") as file:
            file.write(value)
        guest.wire.send(test_frame(BROADCAST, guest.own))

def detached():
    # A sender that is at work while its vnet is deleted, on another CPU. No port is left to count: the trace has to tell.
    if os.cpu_count() == 1:
        print("# detached: with one CPU nobody sends between the two steps of a deletion")
        return True
    trace(True)
    for _ in range(20):
        host.run("ip", "link", "add", "gone0", "type", "vnet")
        host.run("ip", "link", "add", "gone1", "link", "gone0", "netns", g3.name, "type", "vnic")
        g3.run("ip", "link", "set", "gone1", "up")
        sender = g3.wire("gone1")
        with Flood(lambda turn: sender.send(*[test_frame(BROADCAST, OTHER)] * 50)):
            host.run("ip", "link", "del", "gone0")
        with open(f"{tracing}/trace", encoding="ascii", errors="replace") as file:
            found = "reason=detached" in file.read()
        with open(f"{tracing}/trace", "w", encoding="ascii"):
            pass
        if found:
            break
    trace(False)
    return found

def gateway_protocol():
    guest.wire.send(ether(gateway, guest.own, 0x86dd, bytes(60)))

def gateway_malformed():
    guest.send(udp(check=1))

def gateway_service():
    guest.send(udp("192.168.133.2:53"))

def source_address():
    guest.send(udp(src="10.9.8.7:1"))

def destination_address():
    guest.send(udp("239.1.1.1:1"))

def not_routed():
    host.ctl("link set lan0 mode nat addr 192.168.144.1/24")
    host.ctl("link set lan0 nat off")
    router = ask_arp(member, OTHER, "192.168.144.77", "192.168.144.2")
    member.send(ether(router, OTHER, ETH_P_IP, udp(src="192.168.144.77:1")))

def ttl():
    guest.send(udp(ttl=1))

def no_route():
    host.run("ip", "route", "add", "unreachable", "192.0.2.0/24")
    guest.send(udp("192.0.2.1:1"))

def needs_fragment():
    host.run("ip", "link", "set", "wan0", "mtu", "1000")
    guest.send(udp(payload=bytes(1400), df=True))
    time.sleep(0.1)
    host.run("ip", "link", "set", "wan0", "mtu", "1500")

def fragment():
    guest.send(ip4(me, "198.51.100.9", UDP, b"1234", ident=7, mf=True))

def fragments_held():
    guest.send(*[ip4(me, "198.51.100.9", UDP, bytes(64), ident=n, mf=True) for n in range(2000)])

def nat_protocol():
    guest.send(ip4(me, "198.51.100.9", 47, b"12345678"))

def nat_unmatched():
    guest.send(icmp4(me, "198.51.100.9", 3, 3, payload=udp4(far, f"{me}:29999")))

def nat_sessions():
    host.ctl("nat set vmnet8 sessions 1")
    guest.send(udp(src=f"{me}:25010"), udp(src=f"{me}:25011"))
    time.sleep(0.1)
    host.ctl("nat set vmnet8 sessions 65536")

def nat_mappings():
    host.ctl("nat set vmnet8 mappings 1")
    guest.send(udp(src=f"{me}:25012"), udp(src=f"{me}:25013"))
    time.sleep(0.1)
    host.ctl("nat set vmnet8 mappings 65536")

def nat_ports():
    guest.send(*[udp4(f"{me}:{port}", far) for port in range(30000, 30000 + 7300)])
    twin.send(*[udp4(f"192.168.133.88:{port}", far) for port in range(30000, 30000 + 7300)])

def neighbour():
    host.ctl("forward add vmnet8 proto udp dport 7777 to 192.168.133.200:7")
    remote.send(*[udp4("198.51.100.9:1", "203.0.113.2:7777", b"%d" % n) for n in range(12)])

def vlan_ingress():
    host.ctl("link set lan0 vlan-filtering on")
    member.send(tagged(test_frame(BROADCAST, OTHER), 7))

def vlan_egress():
    # Filtering is on since the one before.
    host.ctl("vlan del dev lan0 vid 1")
    member.send(test_frame(host.mac("lan0"), OTHER))

def port_blocked():
    host.ctl("link set lan0 vlan-filtering off")
    host.ctl("port set port4 state blocking")
    member.send(test_frame(BROADCAST, OTHER))
    time.sleep(0.1)
    host.ctl("port set port4 state forwarding")

def horizon():
    for name in ("eth0", "port4"):
        host.ctl(f"port set vnet lan0 number {numbers[name]} horizon 5")
    member.send(test_frame(g3.mac("eth0"), OTHER))
    time.sleep(0.1)
    for name in ("eth0", "port4"):
        host.ctl(f"port set vnet lan0 number {numbers[name]} horizon 0")

def set_port4(words):
    host.ctl(f"port set port4 {words}")

def locked():
    set_port4("locked on")
    member.send(test_frame(BROADCAST, "02:aa:00:00:00:31"))
    time.sleep(0.1)
    set_port4("locked off")

def fdb_limit():
    set_port4("fdb-max-learned 1 fdb-overflow drop")
    member.send(test_frame(BROADCAST, "02:aa:00:00:00:32"), test_frame(BROADCAST, "02:aa:00:00:00:33"))
    time.sleep(0.1)
    set_port4("fdb-max-learned 100 fdb-overflow forward")

def private_vlan():
    for name in ("eth0", "port4"):
        host.ctl(f"port set vnet lan0 number {numbers[name]} private-vlan isolated")
    member.send(test_frame(g3.mac("eth0"), OTHER))
    time.sleep(0.1)
    for name in ("eth0", "port4"):
        host.ctl(f"port set vnet lan0 number {numbers[name]} private-vlan promiscuous")

def storm(kind, dst):
    set_port4(f"storm-{kind} 1")
    member.send(*[test_frame(dst, OTHER)] * 5)
    time.sleep(0.1)
    set_port4(f"storm-{kind} 0")

def storm_broadcast():
    storm("broadcast", BROADCAST)

def storm_multicast():
    storm("multicast", "01:00:5e:01:02:03")

def storm_unknown():
    storm("unknown", "02:aa:00:00:00:34")

def mcast_malformed():
    # Filtering is off again, so that port and host adapter are reached.
    host.ctl("link set lan0 vlan-filtering off")
    member.send(ether("01:00:5e:01:01:01", OTHER, ETH_P_IP, ip4("192.168.144.77", "239.1.1.1", 2, b"\x16\0\0\1\xef\1\1\1", ttl=1)))

def mcast_unwanted():
    # A querier asks; after the time for answers nobody is known who wants the group.
    host.ctl("link set lan0 mcast-querier on mcast-query-response-intvl 100ms")
    time.sleep(0.5)
    member.send(ether("01:00:5e:01:01:01", OTHER, ETH_P_IP, udp4("192.168.144.77:1", "239.1.1.1:1", b"data")))

for reason in [row["name"] for row in host.ctl("stats explain")]:
    provoke = globals().get(reason.replace("-", "_"))
    if not check(f"{reason} has a provocation", callable(provoke)):
        continue
    before = {vnet: host.drops(vnet).get(reason, 0) for vnet in ("vmnet8", "lan0")}
    traced = provoke()
    if traced is not None:
        check(f"{reason} is traced", traced)
        continue
    def counted():
        return any(host.drops(vnet).get(reason, 0) > before[vnet] for vnet in before)
    check(f"{reason} is counted", soon(counted, patience=min(PATIENCE, 5)))
check("the counters of the netdevs know of drops too", g1.dev_stats("eth0")["tx_dropped"] > 0)
END
