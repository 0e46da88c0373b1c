#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# demo.sh [6.12|6.1]: boot a virtual machine with a stock Debian kernel and watch vnet at work in it.
#
# This is what "make demo" runs. Nothing of this machine's network is touched: the VM has no network card, and
# everything that the show needs is made inside it. scripts/demo/show.sh is the show; its exit status is ours.
set -euo pipefail
. "$(dirname "$0")/kernel-lib.sh"

kernel=${1:-6.12}
case $kernel in
6.12 | 6.1) ;;
*) die "the demo runs on kernel 6.12 or 6.1, not on '$kernel'" ;;
esac

# The VM's output is a channel, so only here is it known who looks at it.
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
	export VNET_DEMO_COLOR=1
fi
guest=$("$VNET_ROOT/scripts/kernel-build.sh" guest)/linux
started=$SECONDS
status=0
"$VNET_ROOT/scripts/vm.sh" -k "$kernel" -m 2048 -t 600 -- "$VNET_ROOT/scripts/demo/show.sh" "$guest" || status=$?
case $status in
0) echo "demo: all well; $((SECONDS - started)) s with the machine's boot, and no complaint from its kernel" ;;
99) echo "demo: FAILED: the show went well but the machine's kernel complained, see above" >&2 ;;
124) echo "demo: FAILED: it did not end in time" >&2 ;;
*) echo "demo: FAILED (status $status)" >&2 ;;
esac
exit "$status"
