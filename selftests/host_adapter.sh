#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# host_adapter.sh: taking the host adapter down, or switching it off, cuts the host from its guests and nothing
# else: not guest from guest, nor a guest from the Internet, nor a guest from the host's external address.
# The network is lab() of lib.sh.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
play <<'END'
server = inet.listen("198.51.100.1:80")
service = host.udp("0.0.0.0:53")
client, served = talk(g1, "198.51.100.1:80", server)
far, near = g2.listen("192.168.133.11:80"), g1
between, there = talk(g1, "192.168.133.11:80", far)

def picture(host_works=True):
    """What works now. An echo may die with a neighbour entry that waited since the cut, so there is more than one."""
    ask = g1.udp()
    return {
        "guest to host adapter": soon(lambda: pings(g1, "192.168.133.1", patience=1), host_works),
        "host to guest": soon(lambda: pings(host, "192.168.133.10", patience=1), host_works),
        "guest to guest": pings(g1, "192.168.133.11"),
        "guest to guest over TCP": transfer(between, there, b"x" * 10000),
        "guest to gateway": pings(g1, "192.168.133.2"),
        "guest to Internet": pings(g1, "198.51.100.1"),
        "guest to Internet over TCP": transfer(client, served, b"x" * 10000),
        "guest to the host's external address": echoes(ask, "203.0.113.2:53", service),
        "host to Internet": pings(host, "198.51.100.1"),
    }

whole = dict.fromkeys(picture(), True)
cut = dict(whole)
cut["guest to host adapter"] = cut["host to guest"] = False

check("up: everything works", picture(), whole)
host.run("ip", "link", "set", "vmnet8", "down")
check("down: only host and guest are apart", picture(host_works=False), cut)
check("nothing answers ARP for it", ask_arp(g1.wire("eth0"), g1.mac("eth0"), "192.168.133.10", "192.168.133.1", SILENCE),
      None)
host.run("ip", "link", "set", "vmnet8", "up")
check("up again: everything works", picture(), whole)
host.ctl("link set vmnet8 host-adapter off")
check("off: the same", picture(host_works=False), cut)
check("the netdev has no carrier", "NO-CARRIER" in host.run("ip", "link", "show", "vmnet8"))
host.ctl("link set vmnet8 host-adapter on")
check("on: everything works", picture(), whole)
END
