# SPDX-License-Identifier: GPL-2.0
"""The lane around the hostile tenant: play.py's words and the network of lab(). See tenant."""
import glob
import random
import signal
import threading

DIR = os.environ["VNET_PROVE_DIR"]
sys.path.insert(0, DIR)
from report import SECONDS, SEED, begun, counts, finding, note, result  # pylint: disable=wrong-import-position

CGROUP = "/sys/fs/cgroup/tenant"
LIMIT = 160 << 20
# What the machine may lose beyond the tenant's limit: pages that are freed late, other processes of this test.
SLACK = 96 << 20
# The smallest object has 64 bytes.
CHARGED = 48
# Seconds of the processor and of the clock for one operation, and the part of it that each object may add.
LONGEST_CPU, LONGEST_WALL, EACH, EACH_NETDEV = 1.0, 5.0, 0.0003, 0.01


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def write(path, value):
    with open(path, "w", encoding="ascii") as file:
        file.write(str(value))


def available():
    """Bytes that the machine can still give."""
    return int(read("/proc/meminfo").split("MemAvailable:")[1].split()[0]) << 10


def slab(name):
    """(objects in use, bytes of one) of a slab cache."""
    for line in read("/proc/slabinfo").splitlines():
        word = line.split()
        if word[0] == name:
            return int(word[1]), int(word[3])
    return 0, 0


def settle():
    """Give back what the kernel frees late: RCU, KASAN's quarantine, caches of files."""
    write("/proc/sys/vm/drop_caches", 3)
    for path in ("/sys/kernel/slab/vnet_session/shrink",):
        if os.path.exists(path):
            write(path, 1)


# The host before and after

def sysctls():
    """All settings of the namespace that the thread is in, but those that move by themselves."""
    values = {}
    for folder, _, names in os.walk("/proc/sys/net"):
        for name in names:
            if name in ("nf_conntrack_count", "route_gc", "flush", "stable_secret"):
                continue
            path = os.path.join(folder, name)
            try:
                with open(path, encoding="utf-8", errors="replace") as file:
                    values[path] = file.read()
            except OSError:
                pass
    return values


def snapshot():
    """Everything that the host has, by name."""
    seen = {}
    for name, namespace in places.items():
        for what in ("-d link show", "addr show", "route show table all", "rule show"):
            seen[f"{name}: ip {what}"] = namespace.run("ip", *what.split())
    for name in ("home", "host"):
        with places[name]:
            seen.update((f"{name}: {path}", value) for path, value in sysctls().items())
    for what in ("link show", "port show", "nat show", "nat mapping", "forward show", "session show"):
        seen[f"host: vnetctl {what}"] = json.dumps(host.ctl(what))
    rows = host.ctl("fdb show")
    seen["host: vnetctl fdb show"] = sorted((row["lladdr"], row.get("port_name"), row["state"]) for row in rows)
    return seen


class Home:
    """The namespace that we are in, with the words of play's Namespace that snapshot() needs."""
    run = staticmethod(lambda *words: subprocess.run(words, stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


# What runs meanwhile

class Flow(threading.Thread):
    """Questions of one guest and answers of another all the time; none may be lost."""

    def __init__(self):
        super().__init__(daemon=True)
        self.client, self.server = g1.udp("192.168.133.10:7000", "192.168.133.11:7000"), g2.udp("192.168.133.11:7000")
        self.sent, self.waiting, self.longest, self.over = 0, {}, 0, False

    def run(self):
        last = 0
        while not self.over or (self.waiting and time.monotonic() < last + 10):
            if not self.over and time.monotonic() > last + 0.05:
                last, self.sent = time.monotonic(), self.sent + 1
                self.waiting[self.sent] = last
                self.client.send(struct.pack("=I", self.sent))
            for sock in select.select([self.client, self.server], [], [], 0.02)[0]:
                data, addr = sock.recvfrom(100)
                if sock is self.server:
                    sock.sendto(data, addr)
                else:
                    self.longest = max(self.longest, time.monotonic() - self.waiting.pop(struct.unpack("=I", data)[0]))

    def end(self):
        self.over = True
        self.join(15)


class Waiter(threading.Thread):
    """How long others wait for RTNL: a question about lo, again and again."""

    def __init__(self):
        super().__init__(daemon=True)
        with host:
            self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.longest, self.over = 0, False

    def run(self):
        request = struct.pack("=IHHIIBBHiII", 32, 18, 5, 0, 0, 0, 0, 0, 1, 0, 0)
        while not self.over:
            start = time.monotonic()
            self.sock.send(request)
            # The link, and the word that this was all.
            self.sock.recv(1 << 16)
            self.sock.recv(1 << 16)
            self.longest = max(self.longest, time.monotonic() - start)
            time.sleep(0.05)


class Disturber(threading.Thread):
    """The host changes something all the time, so that there are events that the tenant must not hear."""

    def __init__(self):
        super().__init__(daemon=True)
        self.over = False

    def run(self):
        while not self.over:
            for seconds in (299, 300):
                host.ctl(f"link set vmnet8 ageing-time {seconds}s")
                time.sleep(1)


class Memory:
    """Figures of the machine and of the tenant's cgroup: before, at their worst."""

    def __init__(self):
        settle()
        self.before = self.least = available()
        self.sessions, self.size = slab("vnet_session")
        self.most_sessions = self.sessions

    def look(self):
        self.least = min(self.least, available())
        self.most_sessions = max(self.most_sessions, slab("vnet_session")[0])


class Tenant:
    """The tenant's processes; started again when its own memory limit has killed it."""

    def __init__(self, seconds):
        self.seconds, self.starts, self.process, self.act = seconds, 0, None, "set-up"
        self.operations, self.costs, self.pid = {}, {}, None

    def start(self):
        indexes = sorted({int(name.split(":")[0]) for namespace in places.values()
                          for name in namespace.run("ip", "-o", "link").splitlines()})[:12]
        words = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "unshare", "-Urn", "python3",
                 f"{DIR}/tenant-inside.py", str(SEED + self.starts), str(self.seconds), ",".join(map(str, indexes))]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, preexec_fn=lambda: write(f"{CGROUP}/cgroup.procs", os.getpid()))
        self.starts += 1
        self.pid = None
        self.buffer = b""

    def give(self):
        """A vnic of the host's vnet, as a container gets one."""
        self.pid = self.process.pid
        host.run("ip", "link", "add", "given0", "link", "vmnet8", "netns", str(self.pid), "type", "vnic")
        subprocess.run(["nsenter", "-t", str(self.pid), "-n", "ip", "link", "set", "given0", "up"], check=True)

    def hear(self, patience):
        """What it says; False when it has ended."""
        if not select.select([self.process.stdout], [], [], patience)[0]:
            return True
        piece = os.read(self.process.stdout.fileno(), 1 << 16)
        self.buffer += piece
        *lines, self.buffer = self.buffer.split(b"\n")
        for line in lines:
            self.understand(json.loads(line))
        return bool(piece)

    def understand(self, row):
        if "step" in row:
            self.act = row["act"]
            note(f"tenant's seed {SEED + self.starts - 1}, step {row['step']}: {self.act}")
            if not self.pid:
                self.give()
        elif "finding" in row:
            finding(row["finding"])
        elif "op" in row:
            self.operations.setdefault(row["op"], []).append((row["wall"], row["cpu"]))
            note(f"  {row['op']}: {row['wall']:.2f} s, processor {row['cpu']:.2f} s")
        elif "cost" in row:
            self.costs.setdefault(row["cost"], []).append(row)
            note(f"  {row['count']} x {row['cost']}: {row['bytes']} bytes each charged; then refused by {row['refused']}")
            counts["objects"] += row["count"]
            if "softirq" in row["cost"] and row["count"] > 1000 and row["bytes"] < CHARGED:
                finding(f"{row['count']} x {row['cost']}: the tenant's cgroup is charged with {row['bytes']} bytes each")
        elif "namespace" in row:
            counts["namespaces"] += 1
            counts["objects"] += row["objects"]
            note(f"  namespace {row['namespace']} holds {row['objects']} sessions; cgroup is charged {row['kernel'] >> 20} MB")
        elif "refused" in row:
            note(f"  a namespace was refused: {row['refused']}")
        for key in ("frames", "operations", "outside"):
            counts[key] += row.get(key, 0)


def events_of_cgroup():
    return {word[0]: int(word[1]) for word in (line.split() for line in read(f"{CGROUP}/memory.events").splitlines())}


def play_tenant(tenant, memory, until):
    """Until the moment that the seed has drawn."""
    tenant.start()
    while time.monotonic() < until:
        if not tenant.hear(0.3):
            if events_of_cgroup()["oom_kill"] == 0:
                finding(f"the tenant has ended by itself in act {tenant.act}, status {tenant.process.wait()}")
                return
            note(f"the tenant's memory limit has killed it in act {tenant.act}; it begins again")
            tenant.process.wait()
            tenant.start()
        memory.look()


def kill(tenant):
    """All of it, with SIGKILL, in the middle of what it does."""
    note(f"killing the tenant in the middle of {tenant.act}")
    start = time.monotonic()
    write(f"{CGROUP}/cgroup.kill", 1)
    tenant.process.wait()
    while read(f"{CGROUP}/cgroup.procs").strip() and time.monotonic() < start + 60:
        time.sleep(0.05)
    # Namespaces end in a worker, one after the other.
    gone = soon(lambda: [row for row in host.ctl("port show vnet vmnet8") if row["kind"] == "vnic" and not row["up"]] == [] and
                len([row for row in host.ctl("port show vnet vmnet8") if row["kind"] == "vnic"]) == 2, True, 60)
    if not gone:
        finding("the tenant's vnic is still a port of the host's vnet a minute after its death")
    return start


def kernel_charge():
    settle()
    return int(dict(line.split() for line in read(f"{CGROUP}/memory.stat").splitlines())["kernel"])


def judge_memory(memory, killed):
    """Bounds while it lived, and nothing left afterwards."""
    peak, charge = int(read(f"{CGROUP}/memory.peak")) if os.path.exists(f"{CGROUP}/memory.peak") else 0, events_of_cgroup()
    note(f"cgroup of the tenant: limit {LIMIT >> 20} MB, peak {peak >> 20} MB, allocations refused at the limit {charge['max']}, "
         f"processes killed by it {charge['oom_kill']}")
    lost = memory.before - memory.least
    note(f"machine: available {memory.before >> 20} MB before, {memory.least >> 20} MB at worst: {lost >> 20} MB lost; "
         f"vnet_session: {memory.most_sessions} objects of {memory.size} bytes at most")
    if lost > LIMIT + SLACK:
        finding(f"the machine has lost {lost >> 20} MB to a tenant that may have {LIMIT >> 20} MB")
    if peak > LIMIT + SLACK // 4:
        finding(f"the tenant's cgroup went up to {peak >> 20} MB of {LIMIT >> 20} MB: its limit does not hold what vnet allocates")
    def none_left():
        settle()
        return slab("vnet_session")[0] <= memory.sessions
    soon(none_left, True, 60)
    note(f"{time.monotonic() - killed:.1f} s after the kill: vnet_session {slab('vnet_session')[0]} objects, cgroup is charged "
         f"{kernel_charge() >> 10} KB, available {available() >> 20} MB")
    if slab("vnet_session")[0] > memory.sessions:
        finding(f"{slab('vnet_session')[0] - memory.sessions} sessions are left after the tenant's death")
    if soon(lambda: kernel_charge() < 6 << 20, True, 30) is not True:
        finding(f"the dead tenant's cgroup is still charged {kernel_charge() >> 10} KB")


def judge_operations(tenant, waiter):
    """How long one operation of the tenant may keep everybody else waiting."""
    rows = sorted(((max(times), name) for name, times in tenant.operations.items()), reverse=True)
    for (wall, cpu), name in rows[:12]:
        note(f"longest: {wall:6.2f} s, processor {cpu:6.2f} s: {name}")
        # Each object that ends costs its time, on a debug kernel a lot, and most a netdev, of whatever kind it is; what grows
        # faster than their number is a finding.
        each = EACH_NETDEV if name.endswith(" ports") else EACH
        allowed = 1 + each * max([int(word) for word in name.split() if word.isdigit()] or [0])
        # A dump takes its turns: nobody waits for all of it.
        if not name.startswith("dump") and (cpu > LONGEST_CPU * allowed or wall > LONGEST_WALL * allowed):
            finding(f"one operation of a tenant takes {wall:.2f} s ({cpu:.2f} s of the processor) under RTNL: {name}")
    note(f"the longest that the host has waited for RTNL: {waiter.longest:.2f} s")


def judge_host(before, flow):
    flow.end()
    backlog = sum(int(line.split()[1], 16) for line in read("/proc/net/softnet_stat").splitlines())
    note(f"flow between the host's guests: {flow.sent} questions, {len(flow.waiting)} without an answer, longest {flow.longest:.2f} s; "
         f"the machine's backlog dropped {backlog} packets")
    counts["flow"] = flow.sent
    if flow.waiting and not backlog:
        finding(f"{len(flow.waiting)} of {flow.sent} datagrams between the host's guests were lost")
    after = snapshot()
    for key in sorted(set(before) | set(after)):
        if before.get(key) != after.get(key):
            finding(f"the host has changed: {key}: before {before.get(key)!r}, after {after.get(key)!r}")
    note(f"compared {len(before)} facts about the host")


places = {"home": Home(), "host": host, "inet": inet, "g1": g1, "g2": g2}


def lane():
    os.mkdir(CGROUP)
    write("/sys/fs/cgroup/cgroup.subtree_control", "+memory")
    write(f"{CGROUP}/memory.max", LIMIT)
    flow = Flow()
    flow.start()
    time.sleep(0.2)
    before, memory = snapshot(), Memory()
    waiter, disturber = Waiter(), Disturber()
    waiter.start()
    disturber.start()
    moment = random.Random(SEED).uniform(0.85, 0.95)
    tenant = Tenant(max(1.0, min(15.0, SECONDS / 30)))
    play_tenant(tenant, memory, begun + SECONDS * moment)
    disturber.over = True
    disturber.join()
    killed = kill(tenant)
    judge_memory(memory, killed)
    waiter.over = True
    judge_operations(tenant, waiter)
    judge_host(before, flow)


lane()
sys.exit(result())
