#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# loops.sh: two vnets that lead into each other, with static addresses that send a frame round for ever: the processor
# must not be lost. The owner of a user namespace can do this.
#
#	lan0 ==(a0-b0)== lan1
#	     ==(a1-b1)==        the address 02:aa:00:00:00:99 is behind a1 for lan0, behind b0 for lan1
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
setup_ns host
in_ns "$host" <<-END
	link add lan0 type vnet
	link add lan1 type vnet
	link set lan0 up
	link add a0 type veth peer name b0
	link add a1 type veth peer name b1
	link set a0 master lan0
	link set a1 master lan0
	link set b0 master lan1
	link set b1 master lan1
	link set a0 up
	link set b0 up
	link set a1 up
	link set b1 up
END
must vnetctl -n "$host" fdb add 02:aa:00:00:00:99 vnet lan0 dev a1
must vnetctl -n "$host" fdb add 02:aa:00:00:00:99 vnet lan1 dev b0

play <<'END'
with host:
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
sock.bind(("lan0", 0))
for number in range(4):
    sock.send(ether("02:aa:00:00:00:99", "02:aa:00:00:00:01", 0x88b5, bytes(50)))

def rounds():
    return host.dev_stats("a1")["tx_packets"]

check("frames go round", soon(lambda: rounds() > 1000))
check("and the processor is there for others", bool(host.run("ip", "link", "set", "a1", "down", ok=False) == ""))
before = rounds()
time.sleep(SILENCE)
check("without one of the links they are gone", rounds() - before <= 4)
END
