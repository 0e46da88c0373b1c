#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Runs in the VM: builds the networks, measures the rows, prints one JSON object per result and "#" lines of progress.

The environment chooses: VNET_BENCH_QUICK=1, VNET_BENCH_ROWS=PART-OF-A-NAME,..., VNET_BENCH_PARTS=rows,apps,curves.
"""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import gen  # noqa: E402
import world  # noqa: E402
from rows import APP_ROWS, APP_UNITS, QUICK_PEERS, ROWS  # noqa: E402

QUICK = os.environ.get("VNET_BENCH_QUICK") == "1"
WANTED = [word for word in os.environ.get("VNET_BENCH_ROWS", "").split(",") if word]
# packets of a burst: how many bursts
BURSTS = {8: 64} if QUICK else {1: 256, 8: 64, 64: 16}
# A receiver's queue (netdev_max_backlog) has room for 1000.
FLOOD_BURSTS = {8: 16} if QUICK else {1: 64, 8: 16}
NEW_FLOWS = 1024
# Memory is counted in pages and caches are filled ahead: take many.
MORE_FLOWS = 8192 - NEW_FLOWS
WARM_UP = 32
OUT_PORT, REMOTE_PORT = 1000, 2000


def say(text):
    print(f"# {time.monotonic():.1f} {text}", flush=True)


def result(**fields):
    print(json.dumps(fields), flush=True)


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
    """Today every receiver gets the question. With neigh_suppress one answer comes, to who has asked."""
    return {"frame": gen.arp_request(station(row.start), world.GUEST, "10.0.1.100"), "copies": len(expand(row.end))}


def translated_out(row, port=OUT_PORT):
    frame = gen.udp_frame(gen.mac("gateway"), station(row.start), (world.GUEST, port, world.REMOTE, REMOTE_PORT),
                          partial=True)
    return {"frame": frame, "csum_at": 40}


def translated_back(row):
    port = outside_port() if row.ours else OUT_PORT
    frame = gen.udp_frame(gen.mac(row.start), station(row.start), (world.REMOTE, REMOTE_PORT, world.HOST_OUTSIDE, port))
    return {"frame": frame, "flags": gen.RECEIVE | gen.VERIFIED}


def outside_port():
    """Which port the guest's stands for outside; conntrack leaves a free port as it is."""
    mappings = json.loads(world.run("vnetctl", "-j", "nat", "mapping"))
    return next(each["external_port"] for each in mappings if each["internal_port"] == OUT_PORT)


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
        self.gen.run(row.start, burst=8, bursts=WARM_UP // 8, **shot)
        if self.profile:
            return self.measure_profile(row, shot)
        for burst, count in bursts.items():
            seen = self.gen.run(row.start, burst=burst, bursts=count, **shot)
            values[burst] = round(seen["instructions"] / parts, 2)
            repeated += seen["repeated"]
        result(path=row.path, who=row.who, instructions=values, repeated=repeated)

    def measure_profile(self, row, shot):
        """One run for the plugin, which numbers the runs as we do."""
        with open("/proc/kallsyms") as file:
            symbols = [line.split() for line in file]
        seen = self.gen.run(row.start, burst=8, bursts=16, **shot)
        result(run=self.gen.runs, path=row.path, who=row.who, packets=seen["arrived"] // shot["copies"],
               symbols=[(address, "".join([name, *module])) for address, kind, name, *module in symbols if kind in "tTwW"])

    def measure_new(self, row, shot):
        """Every packet is the first of its flow; the tables begin small and grow while it is measured."""
        before = memory()
        seen = self.gen.run(row.start, burst=8, bursts=NEW_FLOWS // 8, **shot)
        result(path=row.path, who=row.who, instructions={8: round(seen["instructions"], 2)}, repeated=seen["repeated"])
        if QUICK:
            return
        shot["vary_next"] = seen["next"]
        more = self.gen.run(row.start, burst=8, bursts=MORE_FLOWS // 8, **shot)
        flows = seen["arrived"] + more["arrived"]
        result(path="bytes per session", who=row.who, bytes=round((memory() - before) / flows))

    def row(self, row):
        try:
            self.measure(row)
        except (gen.Lost, OSError) as error:
            result(path=row.path, who=row.who, error=str(error))

    def network(self, name, rows):
        say(name)
        try:
            world.build(name)
        except (world.Failed, OSError) as error:
            for row in rows:
                result(path=row.path, who=row.who, skipped=str(error))
        else:
            for row in rows:
                self.row(row)
        self.gen.clear_ends()
        world.leave(name)


def memory():
    """Bytes that the kernel has given to tables of any kind."""
    wanted = ("Slab:", "VmallocUsed:", "Percpu:")
    with open("/proc/meminfo") as file:
        return sum(int(line.split()[1]) * 1024 for line in file if line.startswith(wanted))


def is_wanted(row):
    if QUICK and not row.ours and row.who not in QUICK_PEERS:
        return False
    return not WANTED or any(word in f"{row.path}: {row.who} {row.world}" for word in WANTED)


def measure_rows(bench):
    rows = [row for row in ROWS if is_wanted(row)]
    for name in dict.fromkeys(row.world for row in rows):
        bench.network(name, [row for row in rows if row.world == name])


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


def main():
    parts = os.environ.get("VNET_BENCH_PARTS", "rows").split(",")
    world.run("insmod", f"{os.environ['VNET_BUILD']}/bench/{os.uname().release}/gen/vnet_bench.ko")
    bench = Bench("profile" in parts)
    world.begin()
    if "rows" in parts:
        measure_rows(bench)
    if "apps" in parts:
        measure_apps(bench)
    # The machine's clock leaps when all wait for the host's disk, so vm.sh's patience with rmmod might be over at once.
    world.run("rmmod", "vnet")
    say("done")


main()
