#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# nat_flush.sh: "session show" and "session flush" take the sessions that were asked for, by guest, port, remote and
# protocol, and leave the others. The network is lab().
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
play <<'END'
guests = [raw_guest(g1, "192.168.133.77"), raw_guest(g2, "192.168.133.78")]
remote = raw_remote()
flows = [(guest, sport, addr, dport) for guest in (0, 1) for sport in (25100, 25200)
         for addr in ("198.51.100.8", "198.51.100.9") for dport in (7, 9)]

def fill():
    for guest, sport, addr, dport in flows:
        guests[guest].send(udp4(f"192.168.133.{77 + guest}:{sport}", f"{addr}:{dport}"))
    return soon(lambda: len(host.sessions("vmnet8")), len(flows)) == len(flows)

def left(*words):
    return sorted((int(row["internal_addr"].endswith("78")), row["internal_port"], row["remote_addr"], row["remote_port"])
                  for row in host.sessions("vmnet8", *words))

def those(want):
    return sorted(flow for flow in flows if want(*flow))

check("sixteen sessions", fill())
check("show by guest", left("guest 192.168.133.78"), those(lambda guest, *_: guest == 1))
check("show by remote", left("remote 198.51.100.9"), those(lambda _, __, addr, ___: addr == "198.51.100.9"))
check("show by protocol", (left("proto udp"), left("proto tcp")), (sorted(flows), []))

for words, gone in (("guest 192.168.133.77", lambda guest, sport, addr, dport: guest == 0),
                    ("sport 25200", lambda guest, sport, addr, dport: sport == 25200),
                    ("remote 198.51.100.8", lambda guest, sport, addr, dport: addr == "198.51.100.8"),
                    ("dport 9", lambda guest, sport, addr, dport: dport == 9),
                    ("proto tcp", lambda guest, sport, addr, dport: False),
                    ("guest 192.168.133.78 sport 25100 remote 198.51.100.9 dport 7",
                     lambda *flow: flow == (1, 25100, "198.51.100.9", 7))):
    fill()
    host.ctl("session flush vmnet8", words)
    check(f"flush {words}", left(), those(lambda *flow, gone=gone: not gone(*flow)))
END
