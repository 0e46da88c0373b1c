#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# netns_no_memory.sh: a network namespace that cannot be made because one allocation fails, any of them, is undone,
# and those that there are go on. Its first netdev ends with an event for a namespace that vnet has no state of.
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
check("the networks of the others are there", [row["ifname"] for row in host.ctl("link show")], ["vmnet8"])
END_OF_PROGRAM
check_ok "a namespace can be made as before" ip netns add "$host-next"
ip netns del "$host-next"
