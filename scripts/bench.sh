#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# bench.sh: what a packet costs. See usage() below, and docs/benchmarks.md for what the numbers mean.
set -euo pipefail
. "$(dirname "$0")/kernel-lib.sh"

out=$VNET_ROOT/build/bench

usage() {
	cat <<-'EOF'
	usage: bench.sh [--check | --update | --profile ROW]

	Boot Debian's kernels in QEMU, one instruction a nanosecond, measure all rows of bench/rows.py and print one table.

	  --check         fail when a row of ours has grown by more than 1 % over bench/baseline.json
	  --update        write what was measured to bench/baseline.json
	  --profile ROW   instead: where the instructions of the rows go whose names have ROW in them, by function

	  K="6.1 6.12"    kernels
	  QUICK=1         our rows, the bridge and the wire, bursts of 8 only
	  T=WORD,WORD     rows with one of the words in their names
	  CURVES=1        ports, addresses, frame sizes as well
	  APPS=0          without the rows of whole applications

	Results are in build/bench/RESULT.json. Exit status 1: a row of ours failed, or has grown.
	EOF
}

parse_arguments() {
	mode=show profile=
	while [ $# -gt 0 ]; do
		case $1 in
		--check | --update) mode=${1#--} ;;
		--profile) mode=profile profile=${2-}; shift ;;
		-h | --help) usage; exit 0 ;;
		*) usage >&2; die "unknown option '$1'" ;;
		esac
		shift
	done
	kernels=${K:-6.1 6.12}
	parts=rows
	[ "${QUICK:-0}" = 1 ] || [ "${APPS:-1}" = 0 ] || parts+=,apps
	[ "${CURVES:-0}" = 0 ] || parts+=,curves
}

# The packet source, built where kbuild may litter.
build_generator() {
	local release=$1 tree=$out/$1/gen

	mkdir -p "$tree"
	ln -sfn "$VNET_ROOT"/bench/gen/* "$tree/"
	make -s -C "/lib/modules/$release/build" M="$tree" W=1 KCFLAGS=-Werror CONFIG_DEBUG_INFO_BTF_MODULES= modules >&2
}

build() {
	local kernel

	for kernel in $kernels; do
		build_generator "$(kernel_release "$kernel")"
	done
	cc -O2 -Wall -Wextra -Werror -static -o "$out/app" "$VNET_ROOT/bench/app.c"
}

# run_kernel KERNEL: its results go to a file, its progress to standard error.
run_kernel() {
	local kernel=$1 status=0

	# shellcheck disable=SC2086 # options
	VNET_BENCH_QUICK=${QUICK:-0} VNET_BENCH_ROWS=${T:-} VNET_BENCH_PARTS=$parts "$VNET_ROOT/scripts/vm.sh" \
		-k "$kernel" --icount --no-leaks -t 1200 ${VNET_BENCH_VM:-} -- python3 -IB "$VNET_ROOT/bench/guest.py" \
		>"$out/$kernel.part" || status=$?
	sed -n "s/^#/# $kernel:/p" "$out/$kernel.part" >&2
	grep '^{' "$out/$kernel.part" >"$out/$kernel.jsonl" || true
	return $status
}

# The emulator has one thread, so each kernel has a processor of its own.
run_kernels() {
	local kernel pids=() status=0

	for kernel in $kernels; do
		run_kernel "$kernel" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || status=$?
	done
	return $status
}

main() {
	parse_arguments "$@"
	mkdir -p "$out"
	build
	if [ "$mode" = profile ]; then
		exec "$VNET_ROOT/bench/profile.sh" "$profile" "$kernels"
	fi
	run_kernels || die "the benchmark did not run to its end"
	# shellcheck disable=SC2086 # a list
	python3 -IB "$VNET_ROOT/bench/report.py" "$mode" "$out" $kernels
}

main "$@"
exit
