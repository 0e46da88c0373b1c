#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tenant.sh: an unprivileged user who owns a user namespace, a network namespace and a memory cgroup. What packets make his
# vnet remember is charged to that cgroup, also when they come in by softirqs that belong to nobody, and its limit holds.
# He reaches nothing outside. When he is killed, everything is gone.
#
#   peer0 --- member0 --- t0 (NAT) .2 --- out0 (dummy)       all in one namespace of the user's
# slow: make check-fast leaves it out
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
cgroup=/sys/fs/cgroup/vnet-tenant-$$
own_cleanup() {
	echo 1 >$cgroup/cgroup.kill
	busywait 5000 rmdir $cgroup 2>/dev/null
}
echo +memory >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || skip "there are no memory cgroups (version 2)"
mkdir $cgroup || skip "no cgroup can be made"

# A tenant of its own: the cgroup first, then the rights away. He says when his network is there.
# shellcheck disable=SC2016 # the inner shell expands
tenant() {
	echo $BASHPID >$cgroup/cgroup.procs
	exec setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urn bash -euc '
		ip -batch - <<-EOF
			link set lo up
			link add out0 type dummy
			link set out0 up
			addr add 203.0.113.2/24 dev out0
			route add default dev out0
			link add t0 type vnet
			link add member0 type veth peer name peer0
			link set member0 master t0
			link set member0 up
			link set peer0 up
		EOF
		vnetctl link set t0 mode nat addr 10.1.0.1/16
		vnetctl nat set t0 sessions 1000000
		vnetctl port set member0 max-sessions 1000000
		ip link set t0 up
		for try in "ip link add evil0 netns 1 type vnet" "ip link add evil0 link t0 netns 1 type vnic" \
			"ip link set member0 netns 1" "nsenter -t 1 -n true"; do
			if $try 2>/dev/null; then echo "$try"; fi
		done >'"$scratch/reached"'
		echo ready >'"$scratch/ready"'
		read -r _ <'"$scratch/never"'
	'
}
mkfifo "$scratch/never"
chmod 777 "$scratch" "$scratch/never"
outside() { ip -d link; ip addr; ip route show table all; vnetctl link show; }
before=$(outside)
tenant &
owner=$!
# Else bash tells that it was killed.
disown
slowwait 5000 test -s "$scratch/ready" || { fail "the tenant has a network"; exit 1; }
check_is "he reaches no other namespace" "" "$(cat "$scratch/reached")"
tenant=tenant-$RANDOM
must ip netns attach $tenant "$owner"
namespaces+=("$tenant")
export tenant VNET_TEST_NAMES=tenant
cgroup=$cgroup play <<'END'
cgroup = os.environ["cgroup"]

def charged():
    with open(f"{cgroup}/memory.stat", encoding="ascii") as file:
        return int(dict(line.split() for line in file)["slab_unreclaimable"])

def settled():
    """What is charged when nothing is on its way to be freed. The kernel adds a cgroup's numbers up every two seconds."""
    time.sleep(2.5)
    soon(lambda: (charged(), time.sleep(0.3))[0] // 32768 == charged() // 32768)
    return charged()

def sessions():
    return tenant.ctl("nat show t0")[0]["n_sessions"]

guest = raw_guest(tenant, "10.1.0.10", "10.1.0.2", "peer0")

def flows(first, count):
    for at in range(first, first + count, 100):
        guest.send(*(udp4("10.1.0.10:4000", f"198.51.{at >> 13}.9:{1 + (n & 8191)}") for n in range(at, at + 100)))
        time.sleep(0.002)

begin = settled()
flows(0, 3000)
check("3000 flows have a session each", soon(sessions, 3000), 3000)
check_in("the cgroup of who made the vnet is charged for them, though softirqs have made them",
         (settled() - begin) // 3000, 300, 2000)
begin = settled()
own = guest.own
for at in range(0, 3000, 100):
    guest.wire.send(*(ether(own, f"06:00:00:00:{n >> 8:02x}:{n & 255:02x}", 0x88b5, bytes(50)) for n in range(at, at + 100)))
    time.sleep(0.002)
check("3000 addresses are learned", soon(lambda: tenant.ctl("link show t0")[0]["fdb_n_learned"] >= 3000))
check_in("the cgroup is charged for them too", (settled() - begin) // 3000, 40, 1000)

with open(f"{cgroup}/memory.current", encoding="ascii") as file:
    limit = int(file.read()) + (512 << 10)
with open(f"{cgroup}/memory.max", "w", encoding="ascii") as file:
    file.write(str(limit))
flows(8192, 4000)
had = soon(lambda: tenant.drops("t0").get("no-memory", 0) > 0)
check("at the cgroup's limit packets die of it", had)
check_in("and no more sessions are made", sessions(), 3000, 6500)
with open(f"{cgroup}/memory.current", encoding="ascii") as file:
    check_in("the limit holds", int(file.read()) - limit, -(4 << 20), 64 << 10)
END
kill_all() { echo 1 >$cgroup/cgroup.kill; }
check_ok "he is killed" kill_all
del_ns $tenant
# shellcheck disable=SC2317 # called by name
emptied() {
	echo 3 >/proc/sys/vm/drop_caches
	[ "$(awk '$1 == "kernel" { print $2 < 1048576 }' $cgroup/memory.stat)" = 1 ]
}
check_soon "his cgroup gets all of it back" 20000 emptied
check_is "nothing outside has changed" "$before" "$(outside)"
