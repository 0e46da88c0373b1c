#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# bench.sh: what a packet costs. See usage() below, and docs/benchmarks.md for what the numbers mean.
set -euo pipefail
. "$(dirname "$0")/kernel-lib.sh"

out=$VNET_ROOT/build/bench

usage() {
	cat <<-'EOF'
	usage: bench.sh [--check | --update | --profile ROW]

	Boot Debian's kernels in QEMU, one instruction a nanosecond, measure all rows of bench/rows.py and print one table;
	then the same in User-Mode Linux without debugging, by the clock on the wall.

	  --check         fail when a row of ours has grown by more than 1 % over bench/baseline.json
	  --update        write what was measured to bench/baseline.json
	  --profile ROW   instead: where the instructions of the rows go whose names have ROW in them, by function

	  K="6.1 6.12 plain"  kernels; plain is User-Mode Linux
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
	[ -n "${K:-}" ] || [ "$mode" = profile ] || kernels+=" plain"
	parts=rows
	[ "${QUICK:-0}" = 1 ] || [ "${APPS:-1}" = 0 ] || parts+=,apps
	[ "${CURVES:-0}" = 0 ] || parts+=,curves
}

# The packet source, built where kbuild may litter.
build_generator() {
	local kernel tree arch=x86_64 release

	release=$(kernel_release "$1")
	echo "$release" >"$out/$1.release"
	kernel=/lib/modules/$release/build
	if is_uml "$1"; then
		kernel=$("$VNET_ROOT/scripts/kernel-build.sh" "$1") arch=um
		release=$(cat "$kernel/include/config/kernel.release")
	fi
	tree=$out/$release/gen
	mkdir -p "$tree"
	ln -sfn "$VNET_ROOT"/bench/gen/* "$tree/"
	make -s -C "$kernel" ARCH="$arch" M="$tree" W=1 KCFLAGS=-Werror CONFIG_DEBUG_INFO_BTF_MODULES= modules >&2
}

build() {
	local kernel

	for kernel in $kernels; do
		build_generator "$kernel"
	done
	cc -O2 -Wall -Wextra -Werror -static -o "$out/app" "$VNET_ROOT/bench/app.c"
}

# run_kernel KERNEL: its results go to a file, its progress to standard error.
run_kernel() {
	local kernel=$1 status=0 clock=instructions count=--icount wanted=$parts

	! is_uml "$kernel" || clock=wall count='' wanted=rows
	# shellcheck disable=SC2086 # options
	VNET_BENCH_CLOCK=$clock VNET_BENCH_QUICK=${QUICK:-0} VNET_BENCH_ROWS=${T:-} VNET_BENCH_PARTS=$wanted "$VNET_ROOT/scripts/vm.sh" \
		-k "$kernel" $count --no-leaks -t 1200 ${VNET_BENCH_VM:-} -- python3 -IB "$VNET_ROOT/bench/guest.py" \
		>"$out/$kernel.part" || status=$?
	sed -n "s/^#/# $kernel:/p" "$out/$kernel.part" >&2
	grep '^{' "$out/$kernel.part" >"$out/$kernel.jsonl" || true
	return $status
}

# The emulator has one thread, so each kernel has a processor of its own. The clock on the wall wants them all.
run_kernels() {
	local kernel pids=() status=0

	for kernel in $kernels; do
		is_uml "$kernel" && continue
		run_kernel "$kernel" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || status=$?
	done
	for kernel in $kernels; do
		! is_uml "$kernel" || run_kernel "$kernel" || status=$?
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
