# SPDX-License-Identifier: GPL-2.0
"""What a lane says as it goes, what it has found, and its end: for soak.py and tenant.py, which play() runs."""
import collections
import os
import time

LANE, SEED = os.environ["VNET_PROVE_LANE"], int(os.environ["VNET_PROVE_SEED"])
SECONDS = int(os.environ["VNET_PROVE_SECONDS"])
counts = collections.Counter()
begun = time.monotonic()
_findings = []


def note(line):
    """What happens."""
    print(f"# {time.monotonic() - begun:5.1f} s: {line}", flush=True)


def finding(line):
    """What must not happen, and how to see it again."""
    _findings.append(line)
    print(f"FINDING: {line} (replay: prove/{LANE} {SECONDS} {SEED})", flush=True)


def result():
    """The lines at the end that scripts/prove.sh reads, and the exit status."""
    for key, count in sorted(counts.items()):
        print(f"prove: {key} {count}")
    print(f"prove: findings {len(_findings)}", flush=True)
    return 1 if _findings else 0
