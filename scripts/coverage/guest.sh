#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# guest.sh SEED [NAME...]: inside the VM, run selftests and lanes of prove/, then keep what gcov has counted.
#
# Lanes are named prove/LANE. A test that fails says so in its row; so does a lane.
set -uo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${VNET_COVERAGE_SECONDS:-30}
seed=$1
shift

tests=() lanes=()
for name in "$@"; do
	case $name in
	prove/*) lanes+=("$name") ;;
	*) tests+=("$name") ;;
	esac
done
# Lanes come first: vnet_unload ends the tests, and a module that is loaded again upsets KASAN on User-Mode Linux.
for name in "${lanes[@]}"; do
	echo "# begin $name"
	if timeout -k 5 $((seconds + 60)) "$top/$name" "$seconds" "$seed" >/run/lane 2>&1; then
		echo "ok 0 $name # seed $seed"
	else
		tail -n 20 /run/lane | sed 's/^/# /'
		echo "not ok 0 $name # seed $seed"
	fi
done
[ ${#tests[@]} -eq 0 ] || "$top/scripts/check/run-tests.sh" "${tests[@]}"

# The counts are made when they are read, so a file has no size: cat, not cp. The names of this tree are kept.
cd /sys/kernel/debug/gcov || exit 1
find . -name '*.gcda' | while read -r file; do
	mkdir -p "/run/vnet-vm/kept/${file%/*}"
	cat "$file" >"/run/vnet-vm/kept/$file"
done
