#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# cpu_hotplug.sh: a processor goes and comes back while it sends between guests: no frame stays in its queue, where it
# would keep a netdev for ever, and the processor sends on when it is back. The network is lab().
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

online=/sys/devices/system/cpu/cpu1/online
[ -w $online ] || skip "there is one processor only"
lab
play <<'END'
with g1:
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
sock.bind(("eth0", 0))
frame = ether(g2.mac("eth0"), g1.mac("eth0"), 0x88b5, bytes(50))

def processor(on):
    with open("/sys/devices/system/cpu/cpu1/online", "w", encoding="ascii") as file:
        file.write(str(int(on)))

def send(turn):
    try:
        os.sched_setaffinity(0, {1})
    except OSError:
        pass
    for _ in range(20):
        sock.send(frame)

def received():
    return g2.dev_stats("eth0")["rx_packets"]

with Flood(send, send):
    for _ in range(10):
        time.sleep(0.1)
        processor(False)
        time.sleep(0.05)
        processor(True)

ear = g2.wire("eth0")
os.sched_setaffinity(0, {1})
sock.send(ether(g2.mac("eth0"), g1.mac("eth0"), 0x88b6, bytes(50)))
check("the processor that was away sends", bool(ear.frame(lambda frame: frame[12:14] == b"\x88\xb6")))
check("and has sent before", received() > 1000)
ear.sock.close()
g2.run("ip", "link", "del", "eth0")
check("its packets kept no netdev", g2.run("ip", "link", "show", "eth0", ok=False), "")
END
