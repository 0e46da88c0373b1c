#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Runs in the VM: builds the networks, measures the rows, prints one JSON object per result and "#" lines of progress.

The environment chooses: VNET_BENCH_QUICK=1, VNET_BENCH_ROWS=PART-OF-A-NAME,..., VNET_BENCH_PARTS=rows,apps,curves,
VNET_BENCH_CLOCK=wall: the clock is a real one, so a burst is sent often, and the one that nothing disturbed counts.
"""
import json
import os
import sys
import time
import types

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import gen  # noqa: E402
import world  # noqa: E402
import rows as table  # noqa: E402
from rows import APP_ROWS, APP_UNITS, QUICK_PEERS, ROWS  # noqa: E402

WALL = os.environ.get("VNET_BENCH_CLOCK") == "wall"
UNIT = "wall" if WALL else "instructions"
QUICK = os.environ.get("VNET_BENCH_QUICK") == "1"
WANTED = [word for word in os.environ.get("VNET_BENCH_ROWS", "").split(",") if word]
# packets of a burst: how many bursts
BURSTS = {8: 3000} if WALL else {8: 64} if QUICK else {1: 256, 8: 64, 64: 16}
# A receiver's queue (netdev_max_backlog) has room for 1000.
FLOOD_BURSTS = {8: 300} if WALL else {8: 16} if QUICK else {1: 64, 8: 16}
NEW_FLOWS = 1024
# Memory is counted in pages and caches are filled ahead: take many.
MORE_FLOWS = 8192 - NEW_FLOWS
WARM_UP = 32
# Hash tables have random keys, and whether two addresses share a bucket is chance that sticks to a network: these are
# built so often, and the least number counts.
ROUNDS = {"vnet": 3, "vnet_vlan": 3, "vnet_bridged": 3, "vnet_nat": 3, "bridge": 3, "bridge_vlan": 3}
OUT_PORT, REMOTE_PORT = 1000, 2000

# The guest's port of the flow behind NAT: another one in each round, because sessions are hashed alike in all of them.
flow = types.SimpleNamespace(port=OUT_PORT)


def say(text):
    print(f"# {time.monotonic():.1f} {text}", flush=True)


def result(**fields):
    print(json.dumps(fields), flush=True)


def least(results):
    """One result for all rounds of a row; a round that failed is not made up for by the others."""
    for one in results:
        if UNIT not in one:
            return one
    best = dict(results[0])
    for one in results[1:]:
        best[UNIT] = {burst: min(number, one[UNIT][burst]) for burst, number in best[UNIT].items()}
        best["repeated"] += one["repeated"]
    return best


def is_nic(name):
    return name.startswith("nic")


def station(name):
    """The machine that is reached through a netdev: a guest itself, or one on the LAN behind a NIC."""
    return gen.mac("lan " + name if is_nic(name) else name)


def expand(name):
    """r*3 is r0, r1, r2."""
    head, star, count = name.partition("*")
    return [head + str(i) for i in range(int(count))] if star else [name] if name else []


def switched(row):
    """A frame that crosses a switch."""
    frame = gen.udp_frame(station(row.end), station(row.start), ("10.0.1.2", OUT_PORT, "10.0.2.2", REMOTE_PORT))
    return {"frame": frame}


def flooded(row):
    frame = gen.udp_frame(gen.BROADCAST, station(row.start), ("10.0.1.2", OUT_PORT, "10.0.1.255", REMOTE_PORT))
    return {"frame": frame, "copies": len(expand(row.end))}


def asked(row):
    """Ours goes to the owner alone, a bridge's to everybody."""
    return {"frame": gen.arp_request(station(row.start), world.GUEST, world.ASKED),
            "copies": 1 if row.ours else len(expand(row.end))}


def translated_out(row, port=None):
    frame = gen.udp_frame(gen.mac("gateway"), station(row.start),
                          (world.GUEST, port or flow.port, world.REMOTE, REMOTE_PORT), partial=True)
    return {"frame": frame, "csum_at": 40}


def translated_back(row):
    port = outside_port() if row.ours else flow.port
    frame = gen.udp_frame(gen.mac(row.start), station(row.start), (world.REMOTE, REMOTE_PORT, world.HOST_OUTSIDE, port))
    return {"frame": frame, "flags": gen.RECEIVE | gen.VERIFIED}


def outside_port():
    """Which port the guest's stands for outside; conntrack leaves a free port as it is."""
    mappings = json.loads(world.run("vnetctl", "-j", "nat", "mapping"))
    return next(each["external_port"] for each in mappings if each["internal_port"] == flow.port)


def new_flow(row):
    shot = translated_out(row, port=10000)
    return {**shot, "vary_at": 32, "vary_count": 1 << 30, "vary_next": 0}


def sent(row):
    return {**switched(row._replace(end="nobody")), "flags": 0}


def received(row):
    return {**switched(row), "flags": gen.RECEIVE}


KINDS = {"switch": switched, "flood": flooded, "arp": asked, "nat out": translated_out, "nat reply": translated_back,
         "nat new": new_flow, "send": sent, "receive": received}


class Bench:
    def __init__(self, profile=False):
        self.gen = gen.Generator()
        self.kept = {}
        self.profile = profile

    def ends(self, row):
        names = expand(row.end)
        wires = [name for name in names if is_nic(name) or row.world.endswith("_members")]
        if row.kind == "send":
            wires = [row.start]
        self.gen.ends([name for name in names if name not in wires], wires)

    def hello(self, name):
        """Let the switch learn where a station is."""
        self.gen.clear_ends()
        frame = gen.udp_frame(gen.BROADCAST, station(name), ("10.0.1.2", 1, "10.0.1.255", 1))
        self.gen.run(name, frame, flags=gen.RECEIVE if is_nic(name) else 0, copies=0)
        time.sleep(0.02)    # It has gone to all ports, and ksoftirqd may not be through with it.

    def announce(self, row):
        """The address that is asked for is that of the first receiver. Nobody answers, so it is said before each run."""
        self.gen.clear_ends()
        name = expand(row.end)[0]
        self.gen.run(name, gen.arp_request(station(name), world.ASKED, world.ASKED), copies=0)
        self.ends(row)

    def prepare(self, row):
        if row.world.startswith(("vnet", "bridge")) and row.kind == "switch":
            self.hello(row.start)
            self.hello(row.end)
        if row.kind.startswith("nat"):
            self.open_flow("v0" if row.ours else "a0")

    def open_flow(self, guest):
        """The gateway learns who the guest is, and the flow of the rows is there."""
        self.gen.clear_ends()
        self.gen.run(guest, gen.arp_request(gen.mac(guest), world.GUEST, "10.0.1.2"), copies=0)
        out = translated_out(ROWS[0]._replace(start=guest))
        self.gen.run(guest, burst=1, bursts=WARM_UP, copies=0, **out)

    def measure(self, row):
        self.prepare(row)
        shot = {"flags": gen.RECEIVE if is_nic(row.start) else 0, "copies": 1, **KINDS[row.kind](row)}
        self.ends(row)
        bursts = BURSTS if shot["copies"] == 1 else FLOOD_BURSTS
        parts = shot["copies"] if row.kind == "flood" else 1
        if row.kind == "nat new":
            return self.measure_new(row, shot) if not self.profile else self.measure_profile(row, shot)
        values, repeated = {}, 0
        if row.kind == "arp":
            self.announce(row)
        self.gen.run(row.start, burst=8, bursts=WARM_UP // 8, **shot)
        if self.profile:
            return self.measure_profile(row, shot)
        for burst, count in bursts.items():
            if row.kind == "arp":
                self.announce(row)
            seen = self.gen.run(row.start, burst=burst, bursts=count, **shot)
            values[burst] = round(seen["least" if WALL else "instructions"] / parts, 2)
            repeated += seen["repeated"]
        self.keep(row, **{UNIT: values, "repeated": repeated})

    def keep(self, row, **fields):
        self.kept.setdefault(row, []).append({"path": row.path, "who": row.who, **fields})

    def measure_profile(self, row, shot):
        """One run for the plugin, which numbers the runs as we do."""
        seen = self.gen.run(row.start, burst=8, bursts=16, **shot)
        result(run=self.gen.runs, path=row.path, who=row.who, packets=seen["arrived"] // shot["copies"])

    def measure_new(self, row, shot):
        """Every packet is the first of its flow; the tables begin small and grow while it is measured."""
        before = memory()
        seen = self.gen.run(row.start, burst=8, bursts=NEW_FLOWS // 8, **shot)
        self.keep(row, instructions={8: round(seen["instructions"], 2)}, repeated=seen["repeated"])
        if QUICK or len(self.kept[row]) > 1:
            return
        shot["vary_next"] = seen["next"]
        more = self.gen.run(row.start, burst=8, bursts=MORE_FLOWS // 8, **shot)
        flows = seen["arrived"] + more["arrived"]
        result(path="bytes per session", who=row.who, bytes=round((memory() - before) / flows))

    def row(self, row, again=False):
        try:
            self.measure(row)
        except (gen.Lost, OSError) as error:
            # A peer may lose a packet of a million and be measured all the same; we may not.
            if isinstance(error, gen.Lost) and not row.ours and not again:
                self.row(row, again=True)
            else:
                self.keep(row, error=str(error))

    def network(self, name, rows):
        say(name)
        try:
            world.build(name)
        except (world.Failed, OSError) as error:
            for row in rows:
                self.keep(row, skipped=str(error))
        else:
            for row in rows:
                self.row(row)
        self.gen.clear_ends()
        world.leave(name)

    def networks(self, name, rows):
        """As many networks of the same kind as chance demands."""
        self.kept = {}
        for number in range(1 if self.profile else ROUNDS.get(name, 1)):
            flow.port = OUT_PORT + number
            self.network(name, rows)
        for results in self.kept.values():
            result(**least(results))


def memory():
    """Bytes that the kernel has given to tables of any kind."""
    wanted = ("Slab:", "VmallocUsed:", "Percpu:")
    with open("/proc/meminfo") as file:
        return sum(int(line.split()[1]) * 1024 for line in file if line.startswith(wanted))


def is_wanted(row):
    # These take modules that go again, and User-Mode Linux has everything built in; a flow is new only once.
    if WALL and (row.kind == "nat new" or "netfilter" in row.world):
        return False
    if QUICK and not row.ours and row.who not in QUICK_PEERS:
        return False
    return not WANTED or any(word in f"{row.path}: {row.who} {row.world}" for word in WANTED)


def measure_rows(bench):
    rows = [row for row in ROWS if is_wanted(row)]
    for name in dict.fromkeys(row.world for row in rows):
        bench.networks(name, [row for row in rows if row.world == name])


def print_symbols():
    """At the end: no module that packets pass goes away before."""
    with open("/proc/kallsyms") as file:
        for line in file:
            address, kind, name, *module = line.split()
            if kind in "tTwW" and not name.startswith("__pfx_"):
                print("symbol", address, name + "".join(module))


def measure_apps(bench):
    for app in APP_ROWS:
        say(app.world)
        try:
            world.build(app.world)
            output = world.run(os.path.join(os.environ["VNET_BUILD"], "bench", "app"), "A", "B", app.address)
            for unit, number in json.loads(output).items():
                result(path=APP_UNITS[unit], who=app.who, app=number)
        except (world.Failed, OSError) as error:
            for path in APP_UNITS.values():
                result(path=path, who=app.who, error=str(error))
        world.leave(app.world)


class Curves:
    """How the cost of one packet, at bursts of 8, depends on what there is of something."""

    def __init__(self, bench):
        self.bench = bench
        self.gen = bench.gen

    def point(self, path, curve, count, **shot):
        """One number; the switch knows both stations already."""
        end, start = curve.end, curve.start
        self.gen.ends([end] if not is_nic(end) else [], [end] if is_nic(end) else [])
        self.gen.run(start, burst=8, bursts=WARM_UP // 8, **shot)
        seen = self.gen.run(start, burst=8, bursts=64, **shot)
        result(path=path, who=f"{curve.who}, {count}", curve=round(seen["instructions"], 1))

    def hello(self, curve):
        if not curve.world.startswith("wire"):
            self.bench.hello(curve.start)
            self.bench.hello(curve.end)

    def ports(self):
        for curve in table.PORT_CURVES:
            for count in table.PORT_COUNTS:
                with Network(self.gen, curve.world, count - 1):
                    self.hello(curve)
                    self.point("ports", curve, count, **switched(curve))

    def addresses(self):
        """Machines behind a NIC speak to the guest once each; then the guest speaks to one after the other."""
        for curve in table.ADDRESS_CURVES:
            with Network(self.gen, curve.world):
                for count in table.ADDRESS_COUNTS:
                    self.hello(curve)
                    self.gen.ends([curve.start])
                    back = gen.udp_frame(gen.mac(curve.start), "02:0f:00:00:00:00", ("10.0.2.2", 1, "10.0.1.2", 1))
                    self.gen.run(curve.end, back, burst=8, bursts=-(-count // 8), flags=gen.RECEIVE, vary_at=8,
                                 vary_count=count)
                    out = gen.udp_frame("02:0f:00:00:00:00", gen.mac(curve.start), ("10.0.1.2", 1, "10.0.2.2", 1))
                    self.point("addresses", curve, count, frame=out, vary_at=2, vary_count=count)

    def sizes(self):
        for curve in table.SIZE_CURVES:
            with Network(self.gen, curve.world):
                self.hello(curve)
                for size in table.SIZES:
                    endpoints = ("10.0.1.2", OUT_PORT, "10.0.2.2", REMOTE_PORT)
                    frame = gen.udp_frame(station(curve.end), station(curve.start), endpoints, size, partial=True)
                    self.point("frame bytes", curve, size, frame=frame, length=size, csum_at=40)
                length = 54 + 44 * 1448
                frame = gen.tcp_frame(station(curve.end), station(curve.start), endpoints, length)
                self.point("64 KB TSO frame", curve, length, frame=frame, length=length, csum_at=50, gso_size=1448)


class Network:
    """A network for as long as a with statement."""

    def __init__(self, generator, name, *arguments):
        self.gen, self.name, self.arguments = generator, name, arguments

    def __enter__(self):
        say(" ".join(map(str, (self.name, *self.arguments))))
        world.build(self.name, *self.arguments)

    def __exit__(self, *_):
        self.gen.clear_ends()
        world.leave(self.name)


def measure_curves(bench):
    curves = Curves(bench)
    for path, measure in (("ports", curves.ports), ("addresses", curves.addresses), ("frame bytes", curves.sizes)):
        try:
            measure()
        except (world.Failed, gen.Lost, OSError) as error:
            result(path=path, who="vnet", error=str(error))


def main():
    parts = os.environ.get("VNET_BENCH_PARTS", "rows").split(",")
    world.run("insmod", f"{os.environ['VNET_BUILD']}/bench/{os.uname().release}/gen/vnet_bench.ko")
    bench = Bench("profile" in parts)
    world.begin()
    # First: what conntrack, once loaded, leaves behind makes a transaction a fifth dearer on 6.1.
    if "apps" in parts:
        measure_apps(bench)
    if "rows" in parts:
        measure_rows(bench)
    if "curves" in parts:
        measure_curves(bench)
    if "profile" in parts:
        print_symbols()
    # The machine's clock leaps when all wait for the host's disk, so vm.sh's patience with rmmod might be over at once.
    world.run("rmmod", "vnet")
    say("done")


main()
