#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# profile.sh ROWS KERNELS: where the instructions of rows go, as a table of functions. scripts/bench.sh --profile
# runs it, after building what it needs. vm.sh starts the qemu that it finds, and finds ours: the same with a plugin.
set -euo pipefail
. "$(dirname "$0")/../scripts/kernel-lib.sh"

rows=$1 kernels=$2 out=$VNET_ROOT/build/bench
cc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$out/count.so" "$VNET_ROOT/bench/profile/count.c"
mkdir -p "$out/bin"
cat >"$out/bin/qemu-system-x86_64" <<-END
	#!/bin/sh
	exec $(command -v qemu-system-x86_64) -plugin $out/count.so,counts="\$VNET_BENCH_COUNTS" "\$@"
END
chmod +x "$out/bin/qemu-system-x86_64"
for kernel in $kernels; do
	# shellcheck disable=SC2086 # options
	PATH=$out/bin:$PATH VNET_BENCH_COUNTS=$out/$kernel.counts VNET_BENCH_PARTS=rows,profile VNET_BENCH_ROWS=$rows \
		"$VNET_ROOT/scripts/vm.sh" -k "$kernel" --icount --no-leaks -t 1800 ${VNET_BENCH_VM:-} -- \
		python3 -IB "$VNET_ROOT/bench/guest.py" >"$out/$kernel.profile"
	echo "## $kernel"
	python3 -IB "$VNET_ROOT/bench/profile.py" "$out/$kernel.profile" "$out/$kernel.counts"
done
