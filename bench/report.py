#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""report.py show|check|update DIRECTORY KERNEL...: one table of what was measured, and RESULT.json beside it.

KERNEL "plain" is User-Mode Linux by the clock on the wall, which has a table of its own.
"""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rows import APPS, CURVES, ROWS  # noqa: E402

BASELINE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "baseline.json")
# Memory is counted in pages; new flows meet tables that grow when their worker gets the processor.
TOLERANCE = {"app": 1.03, "bytes": 1.15, "NAT new flow": 1.02}
USUAL_TOLERANCE = 1.01
# Of a few hundred instructions one percent is less than what the compiler's mood costs.
SLACK = 3
BURSTS = ("1", "8", "64")


def read(directory, kernels):
    """{kernel: {(path, who): result}}, in the order in which they were measured."""
    results = {}
    for kernel in kernels:
        with open(os.path.join(directory, kernel + ".jsonl")) as file:
            rows = [json.loads(line) for line in file]
        results[kernel] = {(row["path"], row["who"]): row for row in rows}
    return results


def value(row, burst="8"):
    return row.get("instructions", {}).get(burst) if row else None


def first_of_ours(path):
    return next((row.who for row in ROWS if row.path == path and row.ours), None)


def cell(number):
    return f"{number:7.0f}" if number is not None else "      -"


def ratio_cell(results, row):
    """How many of a peer's instructions there are for one of ours, on each kernel."""
    ratios = []
    for rows in results.values():
        ours, theirs = value(rows.get((row.path, first_of_ours(row.path)))), value(rows.get((row.path, row.who)))
        ratios.append(f"{theirs / ours:6.2f}" if ours and theirs and not row.ours else "      ")
    return "".join(ratios)


def budget_cell(results, row):
    if row.budget is None:
        return ""
    numbers = [value(rows.get((row.path, row.who))) for rows in results.values()]
    numbers = [number for number in numbers if number is not None]
    if not numbers:
        return f"<= {row.budget}"
    over = max(numbers) - row.budget
    return f"<= {row.budget} " + (f"OVER by {over:.0f}" if over > 0 else f"met, {-over:.0f} left")


def trouble(results, row):
    for kernel, rows in results.items():
        seen = rows.get((row.path, row.who), {})
        for what in ("error", "skipped"):
            if what in seen:
                yield f"{kernel}: {what}: {seen[what].splitlines()[0]}"


def print_rows(results):
    kernels = "".join(f"{kernel + ':':>8}" + "".join(f"{'b' + burst:>7}" for burst in BURSTS) for kernel in results)
    print(f"{'instructions per packet':32}{kernels}   peer/ours   budget (b8)")
    path = None
    for row in ROWS:
        if not any((row.path, row.who) in rows for rows in results.values()):
            continue
        if row.path != path:
            path = row.path
            print(path)
        cells = "".join(" " * 8 + "".join(cell(value(rows.get((row.path, row.who)), burst)) for burst in BURSTS)
                        for rows in results.values())
        print(f"  {row.who:30}{cells} {ratio_cell(results, row)}   {budget_cell(results, row)}".rstrip())
        for text in trouble(results, row):
            print(f"    {text}")


def print_plain(results, title, table, unit):
    """Rows with one number, which stands in the result as UNIT."""
    seen = [(path, who) for rows in results.values() for (path, who), row in rows.items()
            if path in table and unit in row]
    if not seen:
        return
    print(f"\n{title:46}" + "".join(f"{kernel:>12}" for kernel in results))
    path = None
    for key in sorted(dict.fromkeys(seen), key=lambda key: table.index(key[0])):
        if key[0] != path:
            path = key[0]
            print(path)
        print(f"  {key[1]:44}" + "".join(f"{rows[key][unit]:12}" if key in rows else f"{'-':>12}"
                                         for rows in results.values()))


def print_wall(rows):
    """What the real clock says: units differ between machines, so what counts is the ratio."""
    print(f"\n{'User-Mode Linux, clock on the wall, b8':46}{'ticks':>12}   peer/ours")
    path = None
    for row in ROWS:
        seen = rows.get((row.path, row.who))
        if not seen:
            continue
        if row.path != path:
            path = row.path
            print(path)
        ours = rows.get((row.path, first_of_ours(row.path)), {}).get("wall")
        number = seen.get("wall", {}).get("8")
        ratio = f"{number / ours['8']:10.2f}" if ours and number and not row.ours else ""
        print(f"  {row.who:44}{number if number is not None else '-':>12}   {ratio}".rstrip())
        for text in trouble({"plain": rows}, row):
            print(f"    {text}")


def is_ours(who):
    return who.startswith("vnet")


def numbers_of_ours(results):
    """{kernel: {"path: who: burst": number}} of what the baseline remembers."""
    found = {}
    for kernel, rows in results.items():
        found[kernel] = {}
        for (path, who), row in rows.items():
            if not is_ours(who):
                continue
            for burst, number in row.get("instructions", {}).items():
                found[kernel][f"{path}: {who}: b{burst}"] = number
            # Curves are drawn once, in networks where chance may have a hand, and a stream goes by the clock.
            for unit in ("app", "bytes"):
                if unit in row and path != APPS[-1]:
                    found[kernel][f"{path}: {who}: {unit}"] = row[unit]
    return found


def load_baseline():
    try:
        with open(BASELINE) as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def release_of(directory, kernel):
    """What was measured on: a baseline says nothing about another build of a kernel."""
    with open(os.path.join(directory, kernel + ".release")) as file:
        return file.read().strip()


def compare(results, directory):
    """Print what has changed; return how many rows have grown."""
    grown = compared = 0
    baseline = load_baseline()
    for kernel, numbers in numbers_of_ours(results).items():
        release, remembered = release_of(directory, kernel), baseline.get(kernel, {}).get("release")
        if release != remembered:
            print(f"{kernel}: NOT COMPARED: this is {release}, the baseline is of {remembered}")
            continue
        compared += len(numbers)
        for name, number in numbers.items():
            before = baseline.get(kernel, {}).get(name)
            if before is None:
                print(f"{kernel}: {name}: new, {number}; bench.sh --update remembers it")
                continue
            ends = (name.split(": ")[0], name.split(": ")[-1])
            limit = next((limit for word, limit in TOLERANCE.items() if word in ends), USUAL_TOLERANCE)
            if number > before * limit + SLACK:
                print(f"{kernel}: {name}: GREW from {before} to {number} ({100 * (number / before - 1):+.1f} %)")
                grown += 1
            elif number < before / limit - SLACK:
                print(f"{kernel}: {name}: fell from {before} to {number} ({100 * (number / before - 1):+.1f} %)")
    print(f"{compared} numbers compared with the baseline, {grown} have grown")
    return grown


def update(results, directory):
    baseline = load_baseline()
    for kernel, numbers in numbers_of_ours(results).items():
        known, release = baseline.setdefault(kernel, {}), release_of(directory, kernel)
        # What was measured on another build cannot stand beside what is measured now.
        if known.get("release") != release:
            known.clear()
        known.update(numbers, release=release)
    with open(BASELINE, "w") as file:
        json.dump(baseline, file, indent=1, sort_keys=True)
        file.write("\n")


def main():
    mode, directory, *kernels = sys.argv[1:]
    results = read(directory, kernels)
    with open(os.path.join(directory, "RESULT.json"), "w") as file:
        json.dump({kernel: list(rows.values()) for kernel, rows in results.items()}, file, indent=1)
    wall = results.pop("plain", {})
    if results:
        print_rows(results)
    print_plain(results, "bytes of memory", ("bytes per session",), "bytes")
    print_plain(results, "instructions of both ends, user and kernel", APPS, "app")
    print_plain(results, "curves: instructions per packet, bursts of 8", CURVES, "curve")
    if wall:
        print_wall(wall)
    failed = [key for rows in (*results.values(), wall) for key, row in rows.items() if is_ours(key[1]) and not
              any(unit in row for unit in ("instructions", "bytes", "app", "curve", "wall"))]
    for path, who in failed:
        print(f"FAILED: {path}: {who}")
    if mode == "update":
        update(results, directory)
    grown = compare(results, directory) if mode == "check" else 0
    sys.exit(1 if failed or grown else 0)


main()
