#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# sysfs.sh: with bridge_sysfs=1 a vnet has the directories that Linux bridges have, and what Proxmox VE, Incus, LXD,
# libvirt and brctl do there works: they are looked for, read, written, and follow renames, moves and ends. What is
# written goes through the checks of netlink.
#
#   host: sw0 --- p0 (veth, its other end is e0), p1 (veth, e1), v0 (vnic);  sw1 --- t0 (tap)
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
parameter=/sys/module/vnet/parameters/bridge_sysfs
before=$(cat $parameter)
own_cleanup() { echo "$before" >$parameter; }
setup_ns host far
echo 0 >$parameter
must ip -n "$host" link add sw9 type vnet
echo 1 >$parameter
in_ns "$host" <<-END
	link add sw0 type vnet
	link add sw1 type vnet
	link add p0 type veth peer name e0
	link add p1 type veth peer name e1
	link add v0 link sw0 type vnic
	tuntap add dev t0 mode tap
	link set p0 master sw0
	link set p1 master sw0
	link set t0 master sw1
	link set p0 up
	link set e0 up
END

# The program's /sys is the host's, and it opens files of the namespace while it is in it.
run_here() {
	ip netns exec "$host" python3 -IS "$selftests/tools/play.py" || failed=1
}

run_here <<'END'
import threading
NET = "/sys/class/net/"

def read(path):
    try:
        with open(NET + path, encoding="ascii") as file:
            return file.read().rstrip("\n")
    except OSError as failure:
        return errno.errorcode[failure.errno]

def write(path, value):
    try:
        fd = os.open(NET + path, os.O_WRONLY)
    except OSError as failure:
        return errno.errorcode[failure.errno]
    try:
        os.write(fd, str(value).encode())
    except OSError as failure:
        return errno.errorcode[failure.errno]
    finally:
        os.close(fd)
    return "done"

def listed(path):
    try:
        return sorted(os.listdir(NET + path))
    except OSError as failure:
        return errno.errorcode[failure.errno]

def link(path):
    return os.path.realpath(NET + path).split("/net/")[-1]

link_of = lambda name: host.ctl(f"link show {name}")[0]
port_of = lambda name: host.ctl(f"port show {name}")[0]

# Who looks for a bridge
check("a vnet that was made while it was off has none", (listed("sw9/bridge"), listed("sw9/brif")), ("ENOENT", "ENOENT"))
check("Incus, LXD and Proxmox take it for a bridge", os.path.isdir(NET + "sw0/bridge"))
check("with its members", (listed("sw0/brif"), listed("sw1/brif")), (["p0", "p1"], ["t0"]))
check("a vnic has a bridge's brport when it is a bridge's port only", listed("v0/brport"), "ENOENT")
check("a member leads to its vnet and back", (link("p0/brport/bridge"), link("sw0/brif/p0")), ("sw0", "p0/brport"))

# Reading: what netlink says
ID = "8000." + host.mac("sw0").replace(":", "")
WANTED = {"ageing_time": "30000", "bridge_id": ID, "root_id": ID, "priority": "32768", "stp_state": "0", "forward_delay": "1500",
          "hello_time": "200", "max_age": "2000", "vlan_filtering": "0", "vlan_protocol": "0x8100", "default_pvid": "1",
          "multicast_snooping": str(int(link_of("sw0")["mcast_snooping"])), "root_port": "0", "topology_change": "0", "root_path_cost": "0"}
check("of the vnet", {name: read("sw0/bridge/" + name) for name in WANTED}, WANTED)
WANTED = {"learning": "1", "unicast_flood": "1", "multicast_flood": "1", "broadcast_flood": "1", "isolated": "0", "hairpin_mode": "0",
          "state": "3", "path_cost": "2000", "priority": "32", "port_no": hex(port_of("p0")["number"]), "multicast_router": "1", "bpdu_guard": "0"}
check("of a member", {name: read("p0/brport/" + name) for name in WANTED}, WANTED)
check("one that is down is disabled", read("p1/brport/state"), "0")
readable = lambda path: sorted(name for name in listed(path) if name not in ("flush", "bridge") and not read(f"{path}/{name}")[:1].isdigit())
check("all files have a number", (readable("sw0/bridge"), readable("p0/brport"), len(listed("sw0/bridge")) > 25), ([], [], True))
check("flush is for writing", (read("sw0/bridge/flush"), oct(os.stat(NET + "sw0/bridge/flush").st_mode & 0o777)), ("EACCES", "0o200"))

# Writing: netlink sees it
check("Proxmox: learning and floods of a port", [write("p0/brport/" + name, "0") for name in ("unicast_flood", "learning")], ["done"] * 2)
check("vnetctl has them", [port_of("p0")[name] for name in ("unicast_flood", "learning")], [False, False])
check("bridge(8) too", [json.loads(host.run("bridge", "-j", "-d", "link", "show", "dev", "p0"))[0][name] for name in ("flood", "learning")], [False] * 2)
check("libvirt: by brif", [write("sw0/brif/p0/" + name, "1\n") for name in ("unicast_flood", "learning")] +
      [port_of("p0")[name] for name in ("unicast_flood", "learning")], ["done", "done", True, True])
write("sw0/bridge/ageing_time", "1234")
write("sw0/bridge/priority", "0x1000")
COPIED = ("ageing_time", "stp_state", "priority", "forward_delay", "hello_time", "max_age", "multicast_snooping", "multicast_querier")
check("Proxmox: a bridge's settings are copied to another", [write("sw1/bridge/" + name, read("sw0/bridge/" + name)) for name in COPIED],
      ["done"] * len(COPIED))
check("which has them then", ([read("sw1/bridge/" + name) for name in COPIED], link_of("sw1")["ageing_time"], link_of("sw1")["stp_priority"]),
      ([read("sw0/bridge/" + name) for name in COPIED], 1234, 4096))
check("all that can be written takes what it says", sorted(f"{path}/{name}: {answer}" for path in ("sw0/bridge", "p0/brport") for name in listed(path)
      if name not in ("flush", "bridge") and os.stat(f"{NET}{path}/{name}").st_mode & 0o200
      for answer in [write(f"{path}/{name}", read(f"{path}/{name}"))] if answer != "done"), [])
check("VLANs on", (write("sw0/bridge/vlan_filtering", "1"), link_of("sw0")["vlan_filtering"], write("sw0/bridge/vlan_protocol", "0x88a8"),
      read("sw0/bridge/vlan_protocol"), host.run("bridge", "vlan", "del", "vid", "1-4094", "dev", "p0")), ("done", True, "done", "0x88a8", ""))
write("sw0/bridge/vlan_filtering", "0")
check("a spanning tree", (write("sw0/bridge/stp_state", "1"), link_of("sw0")["stp_state"], read("sw0/bridge/bridge_id"),
      soon(lambda: read("p0/brport/port_id")[:2], "0x"), read("p0/brport/designated_bridge")[4:5]),
      ("done", True, "1000" + ID[4:], "0x", "."))
check("which decides about the state", (oct(os.stat(NET + "p0/brport/state").st_mode & 0o777), soon(lambda: read("p0/brport/state") in "1234")), ("0o444", True))
write("sw0/bridge/stp_state", "0")
wire = host.wire("e0")
known = lambda: [row["lladdr"] for row in host.ctl("fdb show sw0") if row["state"] == "learned"]
for path, mine in (("sw0/bridge/flush", "02:aa:00:00:00:01"), ("p0/brport/flush", "02:aa:00:00:00:02")):
    soon(lambda: (wire.send(ether(BROADCAST, mine, 0x88b5, bytes(50))), mine in known())[1])
    check(f"{path}: what was learned is forgotten", (write(path, "0"), mine in known(), write(path, "1"), known()), ("EINVAL", True, "done", []))

# Refusals: netlink's, and nothing changes. The log takes ten sentences in five seconds.
def log():
    return subprocess.run(["dmesg"], capture_output=True, text=True).stdout

before = link_of("sw0"), port_of("p0")
for path, value, answer, sentence in (
        ("sw0/bridge/forward_delay", "1", "ERANGE", "integer out of range"),
        ("sw0/bridge/ageing_time", "4294967295", "ERANGE", None),
        ("sw0/bridge/ageing_time", "4294967296", "ERANGE", None),
        ("sw0/bridge/priority", "1", "EINVAL", "goes in steps of 4096, 1 is none"),
        ("sw0/bridge/priority", "65536", "ERANGE", None),
        ("sw0/bridge/max_age", "4000", "EINVAL", "max_age 4000 is not from"),
        ("sw0/bridge/vlan_protocol", "0x800", "EPROTONOSUPPORT", "not 0x800"),
        ("sw0/bridge/stp_state", "2", "ERANGE", None),
        ("sw0/bridge/vlan_filtering", "256", "ERANGE", None),
        ("sw0/bridge/vlan_filtering", "yes", "EINVAL", None),
        ("sw0/bridge/vlan_filtering", "-1", "EINVAL", None),
        ("p0/brport/priority", "63", "ERANGE", "0 to 60 in steps of 4, not 63"),
        ("p0/brport/path_cost", "0", "ERANGE", "1 to 200000000, not 0"),
        ("p0/brport/isolated", "7", "ERANGE", None),
        ("p0/brport/multicast_router", "3", "ERANGE", None)):
    check(f"{path}: {value!r} is refused", write(path, value), answer)
    if sentence:
        file = "/".join(path.split("/")[::2])
        check("and the log says why", any(f"sysfs, {file}: " in line and sentence in line for line in log().splitlines()))
check("nothing has changed", (link_of("sw0"), port_of("p0")) == before)

# Who may
def as_nobody(act):
    """What becomes of it when a user without rights does it."""
    child_reads, child_writes = os.pipe()
    child = os.fork()
    if not child:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
        os.write(child_writes, act().encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(child_writes)
    with os.fdopen(child_reads) as said:
        return said.read()

def write_open(fd, value):
    try:
        os.pwrite(fd, value, 0)
    except OSError as failure:
        return errno.errorcode[failure.errno]
    return "done"

opened = os.open(NET + "sw0/bridge/ageing_time", os.O_RDWR)
check("everybody may read", as_nobody(lambda: read("sw0/bridge/ageing_time")), "1234")
check("nobody else may write", as_nobody(lambda: write("sw0/bridge/ageing_time", "5")), "EACCES")
check("not by a file that root has opened either", (as_nobody(lambda: write_open(opened, b"5")), read("sw0/bridge/ageing_time")), ("EPERM", "1234"))

# Names, places and ends
held = {name: os.open(NET + f"{name}/brport/learning", os.O_RDWR) for name in ("p0", "p1")}
def again(fd):
    try:
        return os.pread(fd, 10, 0).decode().strip()
    except OSError as failure:
        return errno.errorcode[failure.errno]

host.run("ip", "link", "set", "p0", "down")
host.run("ip", "link", "set", "p0", "name", "q0")
check("a member is renamed", (listed("sw0/brif"), link("sw0/brif/q0"), read("sw0/brif/q0/learning"), listed("p0")), (["p1", "q0"], "q0/brport", "1", "ENOENT"))
check("a file that is open stays its own", (again(held["p0"]), write_open(held["p0"], b"0"), port_of("q0")["learning"]), ("1", "done", False))
host.run("ip", "link", "set", "sw0", "name", "sw2")
check("a vnet is renamed", (listed("sw2/brif"), link("q0/brport/bridge"), os.pread(opened, 10, 0)), (["p1", "q0"], "sw2", b"1234\n"))
host.run("ip", "link", "set", "q0", "master", "sw1")
check("a member goes to another vnet", (listed("sw2/brif"), listed("sw1/brif"), link("q0/brport/bridge"), read("q0/brport/learning")),
      (["p1"], ["q0", "t0"], "sw1", "1"))
check("what was open has ended", (again(held["p0"]), write_open(held["p0"], b"1")), ("ENODEV", "ENODEV"))
host.run("ip", "link", "set", "q0", "nomaster")
check("a member goes", (listed("sw1/brif"), listed("q0/brport")), (["t0"], "ENOENT"))
host.run("ip", "link", "add", "br0", "type", "bridge")
host.run("ip", "link", "set", "q0", "master", "br0")
check("a bridge takes it and has a brport of its own", (link("q0/brport/bridge"), listed("br0/brif")), ("br0", ["q0"]))
host.run("ip", "link", "set", "v0", "master", "br0")
check("a bridge takes a vnic, too", listed("br0/brif"), ["q0", "v0"])
host.run("ip", "link", "set", "sw9", "master", "sw2")
check("a vnet is a member of another", (listed("sw2/brif"), link("sw9/brport/bridge")), (["p1", "sw9"], "sw2"))
host.run("ip", "link", "set", "sw1", "master", "br0")
check("and a port of a bridge", (link("sw1/brport/bridge"), listed("sw1/brif")), ("br0", ["t0"]))
host.run("ip", "link", "set", "p1", "netns", far.name)
check("a member leaves for another namespace", (listed("sw2/brif"), again(held["p1"])), (["sw9"], "ENODEV"))
there = far.run("ip", "netns", "exec", far.name, "ls", "/sys/class/net/p1").split()
check("where it is nobody's port", ("ifindex" in there, "brport" in there), (True, False))
far.run("ip", "link", "set", "p1", "netns", host.name)
host.run("ip", "link", "set", "p1", "master", "sw2")
check("it comes back", listed("sw2/brif"), ["p1", "sw9"])
host.run("ip", "link", "del", "p1")
check("it ends", listed("sw2/brif"), ["sw9"])

# While files are used, all of that goes on
stop = threading.Event()
def use(path, value):
    while not stop.is_set():
        read(path)
        write(path, value)
        listed("sw2/brif")

host.run("ip", "link", "add", "m0", "type", "veth", "peer", "name", "n0")
users = [threading.Thread(target=use, args=row) for row in (("sw2/bridge/ageing_time", 300), ("m0/brport/learning", 0), ("m1/brport/isolated", 1))]
for user in users:
    user.start()
for turn in range(12):
    for words in (("m0", "master", "sw2"), ("m0", "name", "m1"), ("m1", "name", "m0"), ("m0", "nomaster")):
        host.run("ip", "link", "set", *words)
host.run("ip", "link", "set", "m0", "master", "sw2")
check("members come, change their names and go while files are used", listed("sw2/brif"), ["m0", "sw9"])
host.run("ip", "link", "del", "sw2")
stop.set()
for user in users:
    user.join()
check("a vnet ends while they are", (listed("sw2"), listed("m0/brport"), again(opened)), ("ENOENT", "ENOENT", "ENODEV"))
END

# shellcheck disable=SC2016 # the inner shell expands them
# Whoever is root in a user namespace of their own writes there; the files are theirs.
check_ok "an unprivileged user does it in a namespace of their own" setpriv --reuid 65534 --regid 65534 --clear-groups \
	unshare -Urnm bash -euc '
		mount -t sysfs none /sys
		cd /sys/class/net
		ip link add sw0 type vnet
		ip link add p0 type veth peer name e0
		ip link set p0 master sw0
		[ "$(stat -c %u sw0/bridge/ageing_time)" = 0 ] && [ "$(stat -c %u p0/brport/learning)" = 0 ]
		echo 700 >sw0/bridge/ageing_time
		echo 0 >sw0/brif/p0/learning
		vnetctl -j link show sw0 | grep -q "\"ageing_time\":700"
		vnetctl -j port show p0 | grep -q "\"learning\":false"
	'
# brctl(8) reads what it shows here. The kernel lets it change bridges only.
in_host() { ip netns exec "$host" "$@"; }
check_is "brctl show lists a vnet with its members" "sw1 8000 t0" "$(in_host brctl show sw1 2>&1 |
	sed -nE 's/^(sw1)\s+(1000|8000)\..*no\s+(t0)$/\1 8000 \3/p')"
check_is "and knows its times" "max age 20.00 bridge max age 20.00" "$(in_host brctl showstp sw1 2>/dev/null |
	awk '/max age/ { $1 = $1; print; exit }')"
check_fails "what it cannot do it says" "Operation not supported" in_host brctl addif sw1 q0
