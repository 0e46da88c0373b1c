#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""profile.py OUTPUT-OF-GUEST COUNTS-OF-PLUGIN: instructions per packet by function, the dearest 25 of each row."""
import bisect
import collections
import json
import sys

DEAREST = 25


def read_guest(path):
    """The rows that were profiled, and [(address, function)] in order."""
    rows, symbols = [], []
    with open(path) as file:
        for line in file:
            if line.startswith("symbol "):
                _, address, name = line.split()
                symbols.append((int(address, 16), name))
            elif line.startswith("{") and '"run"' in line:
                rows.append(json.loads(line))
    return rows, sorted(symbols)


def read_counts(path):
    """{number of the run: {address: instructions}}"""
    runs = collections.defaultdict(collections.Counter)
    number = None
    with open(path) as file:
        for line in file:
            first, second = line.split()
            if first == "begin":
                number = int(second)
            else:
                runs[number][int(first, 16)] += int(second)
    return runs


def by_function(counts, symbols):
    addresses = [address for address, _ in symbols]
    functions = collections.Counter()
    for address, instructions in counts.items():
        place = bisect.bisect_right(addresses, address) - 1
        functions[symbols[place][1] if place >= 0 else "?"] += instructions
    return functions


def main():
    runs = read_counts(sys.argv[2])
    rows, symbols = read_guest(sys.argv[1])
    for row in rows:
        functions = by_function(runs[row["run"]], symbols)
        packets = row["packets"]
        total = sum(functions.values()) / packets
        print(f"\n### {row['path']}: {row['who']}: {total:.0f} instructions per packet\n")
        for name, instructions in functions.most_common(DEAREST):
            print(f"{instructions / packets:8.1f} {100 * instructions / packets / total:5.1f} %  {name}")
        rest = functions.most_common()[DEAREST:]
        print(f"{sum(instructions for _, instructions in rest) / packets:8.1f}          {len(rest)} others")


main()
