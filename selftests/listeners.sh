#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# listeners.sh: the core goes on with a frame from where it is, unless somebody listens at the netdev that receives it.
# Whoever listens gets each frame once, and as one of that netdev: packet sockets, filters, hooks, programs, and what is
# on top of it. By both doors behind which the core can go on, to both kinds of receivers.
#
#	lan: nic0 === nic0 (uplink) --+-- lan0 --+-- eth0 of g1 (vnic)
#	g3: eth0 === port3 (member) --+          +-- port2 (member) === eth0 of g2 (veth)
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host lan g1 g2 g3
in_ns "$host" <<-END
	link add nic0 type veth peer name nic0 netns $lan
	link set nic0 up
	link add port2 type veth peer name eth0 netns $g2
	link add port3 type veth peer name eth0 netns $g3
	link set port2 up
	link set port3 up
END
must vnetctl -n "$host" link add lan0 mode bridged uplink nic0
in_ns "$host" <<-END
	link set lan0 up
	link set port2 master lan0
	link set port3 master lan0
	link add eth0 link lan0 netns $g1 type vnic
END
number=0
for name in "$lan" "$g1" "$g2" "$g3"; do
	dev=eth0
	[ "$name" != "$lan" ] || dev=nic0
	number=$((number + 1))
	in_ns "$name" <<-END
		link set $dev up
		addr add 10.9.0.$number/24 dev $dev
	END
done

play <<'END'
import ctypes

IP_PKTINFO, ETH_P_ALL, COUNT = 8, 3, 3
XDP_GENERIC, XDP_DRIVER = 2, 4
libc = ctypes.CDLL(None, use_errno=True)
SENDERS = {lan: ("a NIC", "nic0", "10.9.0.1"), g3: ("a member", "eth0", "10.9.0.4")}
RECEIVERS = {g1: ("a vnic", "10.9.0.2"), g2: ("a veth", "10.9.0.3")}

def plain(ns, dev):
    """A sender that does not look: a socket that does makes frames take the long way."""
    with ns:
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.bind((dev, 0))
    return sock

def look(ns, dev, proto):
    with ns:
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(proto))
    if dev:
        sock.bind((dev, proto))
    sock.settimeout(SILENCE)
    return sock

def seen(sock):
    """Who has received the frames of the last send(), by what a packet socket says of them."""
    rows = []
    try:
        while True:
            data, addr = sock.recvfrom(2000)
            if mark in data:
                rows.append(addr[0])
    except TimeoutError:
        return rows

def send(sender, receiver, to=None, wrap=lambda frame: frame):
    """Some frames, like each other, with a mark of their own."""
    global mark
    mark = os.urandom(8)
    source, _ = SENDERS[sender][2], RECEIVERS[receiver]
    frame = ether(to or receiver.mac("eth0"), sender.mac(SENDERS[sender][1]), ETH_P_IP,
                  udp4(f"{source}:5", f"{RECEIVERS[receiver][1]}:9", mark))
    for _ in range(COUNT):
        sends[sender].send(wrap(frame))

def received(sock):
    """Indexes of the netdevs that the datagrams of the last send() have come by."""
    rows = []
    sock.settimeout(SILENCE)
    try:
        while len(rows) < 2 * COUNT:
            data, aux, _, _ = sock.recvmsg(100, 100)
            if data == mark:
                rows.append(struct.unpack_from("=i", aux[0][2])[0])
    except TimeoutError:
        pass
    return rows

def gets(what, sender, receiver, count, dev="eth0", **how):
    send(sender, receiver, **how)
    check(f"{RECEIVERS[receiver][0]} gets frames of {SENDERS[sender][0]}: {what}", received(inbox[receiver]),
          [receiver.ifindex(dev)] * count)

def xdp_prog():
    """The file of a program that drops all, or None."""
    code = bytes.fromhex("b700000001000000" "9500000000000000")
    text, licence = ctypes.create_string_buffer(code), ctypes.create_string_buffer(b"GPL")
    attr = struct.pack("=IIQQ", 6, 2, ctypes.addressof(text), ctypes.addressof(licence)).ljust(128, b"\0")
    return libc.syscall(321, 5, ctypes.create_string_buffer(attr), 128)

def xdp(ns, prog, mode):
    """Put a program on eth0, or take it away (-1)."""
    inner = struct.pack("=HHi", 8, 1, prog) + struct.pack("=HHI", 8, 3, mode)
    body = struct.pack("=BxHiII", 0, 0, ns.ifindex("eth0"), 0, 0) + struct.pack("=HH", 4 + len(inner), 43 | 0x8000) + inner
    with ns:
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    sock.send(struct.pack("=IHHII", 16 + len(body), 19, 5, 1, 0) + body)
    return -struct.unpack_from("=i", sock.recv(4096), 16)[0]

sends = {sender: plain(sender, SENDERS[sender][1]) for sender in SENDERS}
inbox = {}
for receiver, (_, addr) in RECEIVERS.items():
    inbox[receiver] = receiver.udp(f"{addr}:9")
    inbox[receiver].setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
    for _, _, source in SENDERS.values():
        check("all are known", pings(receiver, source))
program = xdp_prog()
pairs = [(sender, receiver) for receiver in RECEIVERS for sender in SENDERS]

for sender, receiver in pairs:
    gets("nobody listens", sender, receiver, COUNT)
    for what, dev, proto in (("a packet socket of the netdev", "eth0", ETH_P_ALL), ("of all netdevs", None, ETH_P_ALL),
                             ("of one protocol", "eth0", ETH_P_IP), ("of one protocol, of all netdevs", None, ETH_P_IP)):
        sock = look(receiver, dev, proto)
        gets(what, sender, receiver, COUNT)
        check("which sees each once", seen(sock), ["eth0"] * COUNT)
        sock.close()

for receiver in RECEIVERS:
    for what, on, off in (
            ("a filter", (("tc", "qdisc", "add", "dev", "eth0", "clsact"),
                          ("tc", "filter", "add", "dev", "eth0", "ingress", "matchall", "action", "drop")),
             (("tc", "qdisc", "del", "dev", "eth0", "clsact"),)),
            ("a hook", (("nft", "add table netdev t { chain c { type filter hook ingress device eth0 priority 0; udp dport 9 drop; }; }"),),
             (("nft", "delete table netdev t"),))):
        for words in on:
            receiver.run(*words)
        for sender in SENDERS:
            gets(f"{what} drops", sender, receiver, 0)
        for words in off:
            receiver.run(*words)
        for sender in SENDERS:
            gets(f"{what} is gone", sender, receiver, COUNT)
    for what, mode in (("a program", XDP_GENERIC), ("a program of the driver", XDP_DRIVER)):
        if mode == XDP_DRIVER and receiver is g1:
            continue
        check(f"{what} is put on", (program > 0, xdp(receiver, program, mode)), (True, 0))
        for sender in SENDERS:
            gets(f"{what} drops", sender, receiver, 0)
        check(f"{what} is taken away", xdp(receiver, -1, mode), 0)
        for sender in SENDERS:
            gets(f"{what} is gone", sender, receiver, COUNT)

# On top of the netdev.
for receiver in RECEIVERS:
    addr = RECEIVERS[receiver][1]
    receiver.run("ip", "addr", "flush", "dev", "eth0")
    receiver.run("ip", "link", "add", "m0", "link", "eth0", "up", "type", "macvlan", "mode", "bridge")
    receiver.run("ip", "addr", "add", f"{addr}/24", "dev", "m0")
    check("a macvlan is known", pings(receiver, "10.9.0.1"))
    for sender in SENDERS:
        gets("a macvlan's", sender, receiver, COUNT, "m0", to=receiver.mac("m0"))
    receiver.run("ip", "link", "del", "m0")
    receiver.run("ip", "link", "add", "eth0.5", "link", "eth0", "up", "type", "vlan", "id", "5")
    receiver.run("ip", "addr", "add", f"{addr}/24", "dev", "eth0.5")
    for sender in SENDERS:
        gets("a VLAN's", sender, receiver, COUNT, "eth0.5", wrap=lambda frame: tagged(frame, 5))
    receiver.run("ip", "link", "del", "eth0.5")
    receiver.run("ip", "link", "add", "br0", "up", "address", receiver.mac("eth0"), "type", "bridge")
    receiver.run("ip", "link", "set", "eth0", "master", "br0")
    receiver.run("ip", "addr", "add", f"{addr}/24", "dev", "br0")
    check("a bridge is known", soon(lambda: pings(receiver, "10.9.0.1")))
    for sender in SENDERS:
        gets("a bridge's", sender, receiver, COUNT, "br0")
    receiver.run("ip", "link", "del", "br0")
    receiver.run("ip", "addr", "add", f"{addr}/24", "dev", "eth0")
    check("the netdev is known again", pings(receiver, "10.9.0.1"))

# At the shared NIC, where the guests' frames are not the host's.
for what, dev in (("a packet socket of one protocol", "nic0"), ("of all netdevs", None)):
    sock = look(host, dev, ETH_P_IP)
    for receiver in RECEIVERS:
        gets(f"{what} at the NIC", lan, receiver, COUNT)
        check("which does not see them", seen(sock), [])
    sock.close()
host.run("nft", "add table netdev t { chain c { type filter hook ingress device nic0 priority 0; udp dport 9 counter drop; }; }")
for receiver in RECEIVERS:
    gets("another hook at the NIC", lan, receiver, COUNT)
check("which does not see them", "packets 0 " in host.run("nft", "list ruleset"))
host.run("nft", "delete table netdev t")
END
