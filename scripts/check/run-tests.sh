#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run-tests.sh [NAME...]: run selftests/*.sh one after the other, inside a VM, and report in TAP.
#
# A test also fails when the kernel complains meanwhile or when it leaves a device, a namespace or a process
# behind. What a test prints goes out as "# " lines before its row, for check.sh to file and to show.
set -uo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/scripts/vm-init/findings.sh"
[ -n "${VNET_VM_KERNEL:-}" ] || { echo "run-tests.sh runs in a VM: scripts/vm.sh -- $0" >&2; exit 1; }

# One test after another has this long, in seconds, unless it says "# timeout: N" itself.
limit=${VNET_TEST_TIMEOUT:-180}
selftests=${VNET_SELFTESTS:-$top/selftests}

select_tests() {
	local file name

	for file in "$selftests"/*.sh; do
		name=$(basename "$file" .sh)
		case $name in lib | lib_*) continue ;; esac
		[ -x "$file" ] || continue
		[ $# -eq 0 ] || [[ " $* " == *" $name "* || " $* " == *" $name.sh "* ]] || continue
		echo "$name"
	done
}

# The world a test must leave as it found it.
inventory() {
	ip -br link | awk '{ sub("@.*", "", $1); print "device", $1 }'
	ip netns list | awk '{ print "namespace", $1 }'
}

# Say what is new since $1, and take it away, so that the next test starts clean.
sweep() {
	local kind name left=()

	while read -r kind name; do
		left+=("$kind $name")
		case $kind in
		device) ip link del "$name" ;;
		namespace) ip netns del "$name" ;;
		esac
	done < <(comm -13 <(sort <<<"$1") <(inventory | sort)) 2>/dev/null
	[ ${#left[@]} -eq 0 ] || (IFS=,; echo "left behind: ${left[*]}")
}

time_limit() {
	local own

	own=$(sed -n '1,20s/^# timeout: *\([0-9]*\).*/\1/p' "$selftests/$1.sh")
	echo "${own:-$limit}"
}

# Run one test in a control group of its own, with its output as diagnostics. What still runs a second after
# the test ended is named in $strays and killed; it could hold our end of the output open for ever.
run_one() {
	local name=$1 out=$2 status=0 reader pid i

	tee "$out" <"$pipe" | sed -u 's/^/# /' &
	reader=$!
	(
		echo 0 >"$group/cgroup.procs"
		exec setsid -w timeout -k 5 "$(time_limit "$name")" "$selftests/$name.sh"
	) </dev/null >"$pipe" 2>&1 || status=$?
	for ((i = 0; i < 20; i++)); do
		read -r pid <"$group/cgroup.procs" || break
		sleep 0.05
	done
	strays=
	while read -r pid; do
		strays+=" $(cat "/proc/$pid/comm")"
	done <"$group/cgroup.procs" 2>/dev/null
	echo 1 >"$group/cgroup.kill"
	wait "$reader"
	return $status
}

# The row of a finished test: TAP, the number of its own checks, and the time it took.
report() {
	local number=$1 name=$2 status=$3 out=$4 seconds=$5 trouble=$6 checks

	checks=$(grep -cE '^ok ' "$out")
	if [ "$status" = 4 ] && [ -z "$trouble" ]; then
		echo "ok $number $name # SKIP $(grep -i skip "$out" | tail -n 1 | sed 's/^.*SKIP[]: ]*//I')"
	elif [ "$status" = 0 ] && [ -z "$trouble" ]; then
		echo "ok $number $name # $checks checks, $seconds s"
	else
		case $status in
		0) ;;
		124 | 137) trouble="did not end within $(time_limit "$name") s${trouble:+; $trouble}" ;;
		*) trouble="exit status $status${trouble:+; $trouble}" ;;
		esac
		echo "not ok $number $name # $trouble"
	fi
}

test_and_report() {
	local number=$1 name=$2 out status=0 start before log trouble

	out=$(mktemp)
	echo "# begin $name"
	kmsg "test $name"
	before=$(inventory)
	start=$SECONDS
	run_one "$name" "$out" || status=$?
	trouble=$(sweep "$before")
	[ -z "$strays" ] || trouble+="${trouble:+; }still running:$strays"
	if log=$(kernel_findings "vnet-vm: test $name"); then
		# shellcheck disable=SC2001 # every line gets the mark
		sed 's/^/# /' <<<"$log"
		trouble+="${trouble:+; }the kernel complained"
	fi
	report "$number" "$name" "$status" "$out" $((SECONDS - start)) "$trouble"
	rm -f "$out"
}

group=/sys/fs/cgroup/vnet-test
pipe=$(mktemp -u)
mkdir -p "$group"
mkfifo "$pipe"
mapfile -t tests < <(select_tests "$@")
echo "1..${#tests[@]}"
for i in "${!tests[@]}"; do
	test_and_report $((i + 1)) "${tests[$i]}"
done
# What failed stands in the rows; our own status says only that all of them were written.
exit 0
