#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# events.sh: who listens hears of every change of links, ports, addresses, NAT settings, forwards and of bounds that
# are hit, in this namespace and not of others. Heard by "vnetctl -j monitor". The network is lab().
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
setup_ns far
play <<'END'
events = Events(host)

def heard(command, *wanted, **fields):
    """What events the command makes: names in WANTED have to be among them, in that order."""
    events.take(0)
    if callable(command):
        command()
    else:
        host.run(*command.split())
    got = events.take(2, len(wanted), lambda event: event["event"] in wanted)
    names = [event["event"] for event in got]
    label = command if isinstance(command, str) else command.__name__.replace("_", " ")
    check(f"{label}: {', '.join(wanted)}", names, list(wanted))
    for key, value in fields.items():
        check(f"... with {key} {value}", [event.get(key) for event in got if key in event][:1], [value])

def member():
    host.run("ip", "link", "add", "port0", "type", "veth", "peer", "name", "port1")
    host.run("ip", "link", "set", "port0", "master", "vmnet8")

def somebody_speaks():
    g1.wire("eth0").send(ether(BROADCAST, "02:aa:00:00:00:01", 0x88b5, bytes(50)))

def session_bound_is_hit():
    with g1:
        for port in (1, 2, 3):
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("198.51.100.1", port))

heard("ip link add lan0 type vnet", "link_new", ifname="lan0")
heard("vnetctl link set lan0 ageing-time 7s", "link_new", ageing_time=700)
heard(member, "port_new", ifname="port0", kind="member")
heard("vnetctl port set port0 isolated on", "port_new", isolated=True)
heard("vnetctl fdb add 02:aa:00:00:00:77 vnet vmnet8 dev port0", "fdb_new", lladdr="02:aa:00:00:00:77", state="static")
heard("vnetctl fdb del 02:aa:00:00:00:77 vnet vmnet8", "fdb_del", lladdr="02:aa:00:00:00:77")
heard(somebody_speaks, "fdb_new", lladdr="02:aa:00:00:00:01", state="learned")
heard("vnetctl fdb flush vmnet8", "fdb_del", lladdr="02:aa:00:00:00:01")
heard("ip link set port0 nomaster", "port_del", ifname="port0")
heard("vnetctl nat set vmnet8 filtering endpoint-independent", "nat_set", filtering="endpoint-independent")
heard("vnetctl forward add vmnet8 proto tcp dport 8080 to 192.168.133.10:80 handle 9", "forward_new", handle=9, first=8080)
heard("vnetctl forward del vmnet8 handle 9", "forward_del", handle=9)
heard("vnetctl nat set vmnet8 sessions 1", "nat_set", max_sessions=1)
heard(session_bound_is_hit, "limit", limit="session", bound=1, vnet_name="vmnet8")
heard("ip link del lan0", "link_del", ifname="lan0")
heard("ip link del vmnet8", "link_del", ifname="vmnet8")
far.run("ip", "link", "add", "lan0", "type", "vnet")
check("nothing is heard of other namespaces", events.take(1, 1, lambda event: event.get("ifname") == "lan0"), [])
END
