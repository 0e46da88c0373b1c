#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vnet_unload.sh: the module is unloaded while its networks carry traffic, takes all of them along and loads again by
# itself. It stands last in the alphabet because tests on UML cannot load a module a second time: UML's KASAN keeps
# the red zones of the first. The network is lab().
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
play <<'END'
guest, remote = raw_guest(g1, "192.168.133.77"), raw_remote()

def out(turn):
    guest.send(udp4(f"192.168.133.77:{20000 + turn % 500}", "198.51.100.9:7"))

def into(turn):
    remote.send(udp4("198.51.100.9:7", f"203.0.113.2:{20000 + turn % 500}"))

with Flood(out, into):
    time.sleep(0.3)
    check("the module is unloaded under traffic", subprocess.run(["rmmod", "vnet"], check=False).returncode, 0)
    check("its netdevs are gone", [ns.run("ip", "-br", "link", "show", "type", kind, ok=False)
          for ns, kind in ((host, "vnet"), (g1, "vnic"), (g2, "vnic"))], [""] * 3)
check("the host's network works without it", pings(host, "203.0.113.1"))
END
check_ok "the module is not there" test ! -e /sys/module/vnet
if [ "${VNET_VM_KERNEL:-}" = uml ]; then
	echo "# the module is not loaded again on UML"
else
	check_ok "ip link add type vnet loads it" ip link add vnet-load type vnet
	must ip link del vnet-load
	must busywait 10000 rmmod vnet
	check_fails "type vnic loads it as well" "a vnic needs the vnet" ip link add vnet-load type vnic
	must busywait 10000 rmmod vnet
	check_ok "so does vnetctl, by the name of the netlink family" vnetctl link show
fi
