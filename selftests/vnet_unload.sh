#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vnet_unload.sh: the module is unloaded while its networks carry traffic and its files in sysfs are open, takes all of
# them along and loads again by itself. It stands last in the alphabet because tests on UML cannot load a module a second
# time: UML's KASAN keeps the red zones of the first. The network is lab().
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

parameter=/sys/module/vnet/parameters/bridge_sysfs
before=$(cat $parameter)
own_cleanup() { [ ! -e $parameter ] || echo "$before" >$parameter; }
echo 1 >$parameter
lab
in_ns "$host" <<-END
	link add port0 type veth peer name port1
	link set port0 master vmnet8
END
# A program whose /sys is the host's, and which goes on using the module's files while that is unloaded.
ip netns exec "$host" python3 -IS "$selftests/tools/play.py" <<'END' || failed=1
guest, remote = raw_guest(g1, "192.168.133.77"), raw_remote()

def out(turn):
    guest.send(udp4(f"192.168.133.77:{20000 + turn % 500}", "198.51.100.9:7"))

def into(turn):
    remote.send(udp4("198.51.100.9:7", f"203.0.113.2:{20000 + turn % 500}"))

NET = "/sys/class/net/"
FILES = "vmnet8/bridge/ageing_time", "port0/brport/learning"
opened = [os.open(NET + file, os.O_RDWR) for file in FILES]

def use(turn):
    for file in FILES:
        with open(NET + file, encoding="ascii") as now:
            now.read()

def again(fd, act):
    try:
        return act(fd)
    except OSError as failure:
        return errno.errorcode[failure.errno]

check("files of sysfs are in use", [os.pread(fd, 10, 0) for fd in opened], [b"30000\n", b"1\n"])
with Flood(out, into, use):
    time.sleep(0.3)
    check("the module is unloaded under traffic", subprocess.run(["rmmod", "vnet"], check=False).returncode, 0)
    check("its netdevs are gone", [ns.run("ip", "-br", "link", "show", "type", kind, ok=False)
          for ns, kind in ((host, "vnet"), (g1, "vnic"), (g2, "vnic"))], [""] * 3)
check("files that were open have ended", [(again(fd, lambda fd: os.pread(fd, 10, 0)), again(fd, lambda fd: os.pwrite(fd, b"1", 0))) for fd in opened],
      [("ENODEV", "ENODEV")] * 2)
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
