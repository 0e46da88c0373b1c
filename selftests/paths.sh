#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# paths.sh: whichever way a frame takes inside - given to the peer of a veth, gone on with by the rx_handler, queued,
# handed to the driver - it is counted once, in order, not too big, and received with the time at which it came.
#
#	g1: eth0 (vnic) --+                                   host: port4 --- tap4, both in host, port4 is a member
#	                  +-- vmnet8 (MTU 9000) --+-- port3 --- eth0 of g3 (veth)
#	g2: eth0 (vnic) --+
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
setup_ns g3
in_ns "$host" <<-END
	link set vmnet8 mtu 9000
	link add port3 mtu 9000 type veth peer name eth0 mtu 9000 netns $g3
	link set port3 up
	link set port3 master vmnet8
	link add port4 type veth peer name tap4
	link set tap4 up
	link set port4 up
	link set port4 master vmnet8
END
lab_guest "$g3" 192.168.133.12
ip -n "$g1" link set eth0 mtu 9000

play <<'END'
SO_TIMESTAMPNS = 35
# One processor, or frames of a flow could overtake each other in any switch.
os.sched_setaffinity(0, {0})

def plain(ns):
    """A sender that does not look: a socket that does makes frames take the long way."""
    with ns:
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.bind(("eth0", 0))
    return sock

one, two, three = plain(g1), plain(g2), plain(g3)
macs = {ns: ns.mac("eth0") for ns in (g1, g2, g3)}
check("the veth's guest is known", pings(g3, "192.168.133.10"))

def counted():
    return [host.dev_stats("port3")[key] for key in ("tx_packets", "tx_bytes")] + \
        [g3.dev_stats("eth0")[key] for key in ("rx_packets", "rx_bytes")]

for what, sock, source in (("a vnic", one, g1), ("a member", None, None)):
    frame = ether(macs[g3], "02:aa:00:00:00:04" if sock is None else macs[source], 0x88b5, bytes(86))
    if sock is None:
        with host:
            sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        sock.bind(("tap4", 0))
    before = counted()
    for _ in range(20):
        sock.send(frame)
    soon(lambda: counted()[0] - before[0], 20, 5)
    check(f"what {what} sends to a veth is counted once at both ends", [b - a for a, b in zip(before, counted())],
          [20, 2000, 20, 2000])

g3.run("ip", "link", "set", "eth0", "mtu", "1500")
before = g3.dev_stats("eth0")["rx_packets"]
one.send(ether(macs[g3], macs[g1], 0x88b5, bytes(4000)))
one.send(ether(macs[g3], macs[g1], 0x88b5, bytes(1500)))
time.sleep(SILENCE)
check("the peer's MTU is kept", g3.dev_stats("eth0")["rx_packets"] - before, 1)
g3.run("ip", "link", "set", "eth0", "mtu", "9000")

# Big segments, and the small one at the end of each write, go the same way. A qdisc lets many go at one go.
server = g3.listen("192.168.133.12:80")
for ns in (g1, g2):
    ns.run("tc", "qdisc", "add", "dev", "eth0", "root", "netem", "delay", "5ms")
for ns, name in ((g1, "a vnic"), (g2, "another vnic")):
    client, other = talk(ns, "192.168.133.12:80", server)
    client.setsockopt(TCP, 1, 1)
    overtaken = g3.snmp("TcpExt.TCPOFOQueue")
    check(f"a connection of {name} brings every byte", transfer(client, other, os.urandom(1 << 20) * 6), True)
    check("and nothing is overtaken", g3.snmp("TcpExt.TCPOFOQueue") - overtaken, 0)

for ns in (g1, g2):
    ns.run("tc", "qdisc", "del", "dev", "eth0", "root")

def stamps(sender, source, receiver, addr):
    """Seconds from sending to the time stamp, and to reading half a second later."""
    sock = receiver.udp(f"{addr}:9")
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    began = time.time()
    sender.send(ether(macs[receiver], macs[source], ETH_P_IP, udp4(f"192.168.133.77:{5}", f"{addr}:9", b"now")))
    time.sleep(0.5)
    _, aux, _, _ = sock.recvmsg(100, 100)
    second, nano = struct.unpack("qq", aux[0][2])
    return second + nano / 1e9 - began

# The kernel begins to note times some time after somebody has asked for it (netstamp_work): not for the first frame perhaps.
asking = g2.udp("192.168.133.11:10")
asking.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
for what, path in (("a vnic's frame", (one, g1, g2, "192.168.133.11")), ("a member's frame", (three, g3, g2, "192.168.133.11")),
                   ("a frame to a veth", (one, g1, g3, "192.168.133.12"))):
    check(f"{what} has the time at which it came", soon(lambda: 0 <= stamps(*path) < 0.4))

# What a member noted when a frame came in is no time for a qdisc, nor for whoever receives it next.
watch = host.wire("tap4")
watch.sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
host.run("tc", "qdisc", "add", "dev", "port4", "root", "netem", "delay", "400ms")
began = time.time()
three.send(ether("02:aa:00:00:00:04", macs[g3], 0x88b6, bytes(50)))
while True:
    frame, aux, _, addr = watch.sock.recvmsg(2000, 200)
    if frame[12:14] == b"\x88\xb6":
        break
second, nano = [struct.unpack("qq", data) for level, kind, data in aux if kind == SO_TIMESTAMPNS][0]
check_in("a frame that a qdisc has held has the time of its arrival", second + nano / 1e9 - began, 0.3, 20)
host.run("tc", "qdisc", "del", "dev", "port4", "root")

# The qdisc fq takes a time in the future for an order to wait, and one far away for a mistake. Not every kernel here
# has it.
if not host.run("tc", "qdisc", "add", "dev", "port4", "root", "fq", ok=False) and \
        "fq" in host.run("tc", "qdisc", "show", "dev", "port4").split():
    three.send(ether("02:aa:00:00:00:04", macs[g3], 0x88b7, bytes(50)))
    check("a frame passes the qdisc fq", bool(watch.frame(lambda frame: frame[12:14] == b"\x88\xb7", 5)))
else:
    print("ok - a frame passes the qdisc fq # SKIP this kernel has no fq")
END
