#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# check-kselftest.sh [TEST...]: run the kernel's own selftests for bridges against a vnet, in the VM of Debian's 6.12. They
# are taken as they are from linux-source-6.12 (tools/testing/selftests/net/forwarding); the shims in
# scripts/kselftest/ change the link type, and the forms of "bridge fdb" that the kernel reserves for bridges.
# Without names: all that are known to pass (docs/bridge.md). K=6.1|6.12|uml picks the kernel.
set -euo pipefail
. "$(dirname "$0")/kernel-lib.sh"

tests=("$@")
[ ${#tests[@]} -gt 0 ] || tests=(bridge_vlan_unaware bridge_vlan_aware bridge_sticky_fdb bridge_port_isolation
	bridge_locked_port bridge_mdb_host bridge_mdb_port_down)
kernel=${K:-6.12}
forwarding=$("$VNET_ROOT/scripts/kernel-source.sh")/tools/testing/selftests/net/forwarding
passed=0 failed=0

for package in netsniff-ng jq; do
	[ -n "$(package_version "$package")" ] || apt-get install -y -q "$package" >&2
done
for test in "${tests[@]}"; do
	test=${test%.sh} status=0
	[ -e "$forwarding/$test.sh" ] || die "the kernel has no selftest '$test' in $forwarding"
	echo "# $test on $kernel"
	"$VNET_ROOT/scripts/vm.sh" -k "$kernel" -t 900 -- "$VNET_ROOT/scripts/kselftest/run" "$forwarding" "$test.sh" || status=$?
	if [ $status = 0 ]; then
		echo "ok - $test"
		passed=$((passed + 1))
	else
		echo "not ok - $test # exit status $status"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
