#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# bench.sh: has a packet become dearer? Our rows of the bench, bursts of 8, against bench/baseline.json; one TAP row.
# Instructions are counted, so it does not matter how busy the machine is.
set -uo pipefail
. "$(dirname "$0")/../kernel-lib.sh"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
QUICK=1 APPS=0 T=vnet K="6.1 6.12" "$VNET_ROOT/scripts/bench.sh" --check >"$log" 2>&1
status=$?
sed 's/^/# /' "$log"
compared=$(sed -n 's/^\([0-9]*\) numbers compared.*/\1/p' "$log")
if [ "$status" != 0 ] || [ -z "$compared" ]; then
	echo "not ok 0 baseline # $(grep -E 'GREW|FAILED' "$log" | head -n 3 | paste -sd';')"
elif grep -q 'NOT COMPARED' "$log"; then
	echo "ok 0 baseline # SKIP $(grep 'NOT COMPARED' "$log" | paste -sd';')"
else
	echo "ok 0 baseline # $compared numbers, none has grown by more than 1 %"
fi
