#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# netns_no_memory.sh: what happens to vnet when the kernel does something else and one allocation fails, any of them.
#
# A network namespace that cannot be made is undone, and those that there are go on: its first netdev ends with an
# event for a namespace that vnet has no state of. A host's address whose netdev cannot be watched is refused. And a
# shared NIC that gets another MAC address has that one in the vnet, because nobody can refuse it. A change of its MTU
# that the vnet cannot follow is refused.
#
# Needs a kernel that injects faults: uml, smp. The network is none.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

[ -e /proc/self/fail-nth ] || skip "the kernel does not inject faults"
[ -w /sys/kernel/debug/failslab/ignore-gfp-wait ] || skip "the kernel does not inject faults"
need_vnetctl
setup_ns host
must vnetctl -n "$host" link add vmnet8 mode nat addr 192.168.133.1/24
play <<'END_OF_PROGRAM'
for path in ("failslab/ignore-gfp-wait", "failslab/cache-filter"):
    with open("/sys/kernel/debug/" + path, "w") as file:
        file.write("N")

home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
nth = os.open("/proc/thread-self/fail-nth", os.O_RDWR)
refused, made, number = 0, False, 0
while not made and number < 10000:
    number += 1
    os.write(nth, b"%d" % number)
    failed = libc.unshare(CLONE_NEWNET)
    left = int(os.pread(nth, 16, 0))
    os.write(nth, b"0")
    refused += failed != 0
    made = not failed and left > 0
    if not failed:
        libc.setns(home, CLONE_NEWNET)
check(f"namespaces were refused, {refused} of {number}", refused > 100)
check("and one was made when no allocation failed", made)

def add_address(index):
    """RTM_NEWADDR 10.20.30.40/24: its message, for as few system calls as there can be."""
    body = struct.pack("=BBBBIHH4sHH4s", socket.AF_INET, 24, 0, 0, index, 8, 2, bytes((10, 20, 30, 40)), 8, 1, bytes((10, 20, 30, 40)))
    return struct.pack("=IHHII", 16 + len(body), 20, 0x605, 1, 0) + body

def send_failing(request, number):
    """Send it while its allocation of this number fails. What is left of the number: 0 if there was one."""
    os.write(nth, b"%d" % number)
    try:
        route.send(request)
    except OSError:
        pass
    left = int(os.pread(nth, 16, 0))
    os.write(nth, b"0")
    return left

host.run("ip", "link", "add", "nic0", "up", "type", "dummy")
with host:
    route = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    request = add_address(socket.if_nametoindex("nic0"))
number, left = 0, 0
while not left and number < 1000:
    number += 1
    host.run("ip", "addr", "flush", "dev", "nic0")
    left = send_failing(request, number)
check("an address was added with each allocation failing", left > 0 and number > 20)
said = subprocess.run(["dmesg"], capture_output=True, text=True).stdout
check("no address is there whose netdev is not watched", said.count("nic0: vnet cannot watch it"), 0)

def set_address(index, last):
    """RTM_NEWLINK with the MAC address 02:00:00:00:0f:LAST."""
    body = struct.pack("=BBHiIIHH6sxx", 0, 0, 0, index, 0, 0, 10, 1, bytes((2, 0, 0, 0, 15, last)))
    return struct.pack("=IHHII", 16 + len(body), 16, 0x5, 1, 0) + body

host.run("ip", "link", "add", "nic1", "up", "type", "dummy")
host.ctl("link add vmnet0 mode bridged uplink nic1")
with host:
    index = socket.if_nametoindex("nic1")
number, left, differ = 0, 0, []
while not left and number < 200:
    number += 1
    request = set_address(index, number)
    left = send_failing(request, number)
    known = [row["lladdr"] for row in host.ctl("fdb show vmnet0") if row["port_name"] == "nic1"]
    if known != [host.mac("nic1")]:
        differ.append((number, known, host.mac("nic1")))
check("a NIC's MAC address was changed with each allocation failing", left > 0 and number > 3)
check("the vnet knows the NIC by the address that it has", differ, [])

def set_mtu(index, mtu):
    """RTM_NEWLINK with an MTU."""
    body = struct.pack("=BBHiIIHHI", 0, 0, 0, index, 0, 0, 8, 4, mtu)
    return struct.pack("=IHHII", 16 + len(body), 16, 0x5, 1, 0) + body

mtu = lambda dev: json.loads(host.run("ip", "-j", "link", "show", dev))[0]["mtu"]
number, left, differ = 0, 0, []
while not left and number < 500:
    number += 1
    request = set_mtu(index, 1499 - number)
    left = send_failing(request, number)
    if mtu("vmnet0") != mtu("nic1"):
        differ.append((number, mtu("nic1"), mtu("vmnet0")))
check("a NIC's MTU was changed with each allocation failing", left > 0 and number > 3)
check("the vnet has followed, or the NIC has kept its MTU", differ, [])
check("the networks of the others are there", [row["ifname"] for row in host.ctl("link show")], ["vmnet8", "vmnet0"])
END_OF_PROGRAM
check_ok "a namespace can be made as before" ip netns add "$host-next"
ip netns del "$host-next"
