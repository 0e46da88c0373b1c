#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# check.sh [--fast]: run the lanes (static, bench, uml, 6.1, 6.12, prove), print one TAP row per check, and end with the
# line "N passed, N failed". T=NAME picks checks by name, K=LANE a lane. Logs are kept in build/check/.
set -uo pipefail
. "$(dirname "$0")/../kernel-lib.sh"

here=$VNET_ROOT/scripts/check
logs=$VNET_ROOT/build/check
selftests=${VNET_SELFTESTS:-$VNET_ROOT/selftests}
passed=0 failed=0 skipped=0 rows=0 failures=() skips=()

lanes="static bench uml 6.1 6.12 prove"
fast=no
[ "${1:-}" != --fast ] || { lanes="static uml"; fast=yes; }
[ -z "${K:-}" ] || lanes=$K
wanted_names=${T:-}
read -ra wanted <<<"${wanted_names//,/ }"
wanted=("${wanted[@]%.sh}")

# row LANE STATUS NAME [COMMENT]: count a result and print it; STATUS is ok, "not ok" or skip.
row() {
	local lane=$1 status=$2 name=$3 comment=${4:-}

	rows=$((rows + 1))
	case $status in
	ok) passed=$((passed + 1)) ;;
	skip)
		skipped=$((skipped + 1)) status=ok comment="SKIP $comment"
		skips+=("$lane: $name: ${comment#SKIP }")
		;;
	*) failed=$((failed + 1)); failures+=("$lane: $name${comment:+ ($comment)}") ;;
	esac
	echo "$status $rows - $lane: $name${comment:+ # $comment}"
}

# The last lines of what was said before a row; the rest is in the log.
last_of_them() {
	local count=${#diagnostics[@]}

	[ "$count" -eq 0 ] || printf '%s\n' "${diagnostics[@]:$((count > 80 ? count - 80 : 0))}"
}

# Read the TAP of a lane and count its rows. The "# " lines that precede a row are shown if it failed.
count_rows() {
	local lane=$1 line result name comment

	diagnostics=()
	while IFS= read -r line; do
		case $line in
		"ok "* | "not ok "*)
			result=ok
			[[ $line == "not ok"* ]] && result="not ok"
			name=${line#*ok } name=${name#[0-9]* }
			comment=
			[[ $name == *" # "* ]] && comment=${name#* \# } name=${name%% \# *}
			[[ $comment == SKIP* ]] && result=skip comment=${comment#SKIP} comment=${comment# }
			row "$lane" "$result" "$name" "$comment"
			[ "$result" != "not ok" ] || last_of_them
			diagnostics=()
			reported+=" $name "
			;;
		1..*) ;;
		*) diagnostics+=("# ${line#\# }") ;;
		esac
	done
	rest=("${diagnostics[@]}")
}

# What a lane has said so far, and then as it says it.
follow() { tail -n +1 -s 0.2 -f --pid="${pids[$1]}" "$logs/$1/output" 2>/dev/null; }

# program_lane LANE [WANTED]: a lane that is a program here; when it was wanted it has to report something.
program_lane() {
	local lane=$1 before=$rows

	reported=
	count_rows "$lane" < <(follow "$lane")
	if [ "$rows" = "$before" ] && [ $# -gt 1 ] && "$2"; then
		row "$lane" "not ok" "$lane" "it reported nothing"
	fi
}

bench_wanted() { [ ${#wanted[@]} -eq 0 ] || [[ " ${wanted[*]} " == *" baseline "* ]]; }

tests_of_vm() {
	local file name

	for file in "$selftests"/*.sh; do
		name=$(basename "$file" .sh)
		case $name in lib | lib_*) continue ;; esac
		[ -x "$file" ] || continue
		[ ${#wanted[@]} -eq 0 ] || [[ " ${wanted[*]} " == *" $name "* ]] || continue
		is_left_out "$file" || echo "$name"
	done
}

# A test with a line "# slow: ..." at its head is for the whole of the checks, or for who asks for it by name.
is_left_out() { [ $fast = yes ] && [ ${#wanted[@]} -eq 0 ] && head -n 20 "$1" | grep -q '^# slow:'; }

report_left_out() {
	local file

	for file in "$selftests"/*.sh; do
		! is_left_out "$file" || row "$1" skip "$(basename "$file" .sh)" "slow: make check runs it"
	done
}

# The results of KUnit stand in the kernel's log as KTAP: suites, and one level in, their cases.
kunit_rows() {
	local line suite='' name

	while IFS= read -r line; do
		[[ $line =~ ^\ *#\ Subtest:\ (.*)$ && $line != "        "* ]] && suite=${BASH_REMATCH[1]}
		# "    # case: EXPECTATION FAILED at ..." and the lines after it, which bear no time stamp
		[[ $line != *"EXPECTATION FAILED"* && $line != "             "* ]] || echo "# $line"
		[[ $line =~ ^\ {4}(ok|not\ ok)\ [0-9]+\ (.*)$ ]] || continue
		name=${BASH_REMATCH[2]}
		[ ${#wanted[@]} -eq 0 ] || [[ " ${wanted[*]} " == *" $suite "* || " ${wanted[*]} " == *" kunit "* ]] ||
			continue
		echo "${BASH_REMATCH[1]} 0 kunit $suite.$name"
	done < <(sed 's/^\[[ 0-9.]*\] //' "$1" | sed '1,/vnet-vm: begin/d')
}

# Are there suites, and was one of them asked for (T=kunit means all)?
kunit_wanted() {
	local suites name

	suites=" $(cat "$VNET_ROOT"/kmod/kunit/*.c 2>/dev/null | sed -n 's/.*\.name *= *"\(.*\)".*/\1/p' | tr '\n' ' ')"
	[ -n "${suites// /}" ] || return 1
	[ ${#wanted[@]} -gt 0 ] || return 0
	for name in "${wanted[@]}"; do
		[[ $name != kunit && $suites != *" $name "* ]] || return 0
	done
	return 1
}

report_kunit() {
	local results='' before=$rows

	[ ! -e "$1/dmesg" ] || results=$(kunit_rows "$1/dmesg")
	[ -z "$results" ] || count_rows uml <<<"$results"
	if [ "$rows" = "$before" ] && kunit_wanted; then
		row uml "not ok" kunit "the module's KUnit suites did not run"
	fi
}

# Has this lane tests, or KUnit suites, that were asked for?
vm_lane_has_work() {
	mapfile -t tests < <(tests_of_vm)
	[ ${#tests[@]} -gt 0 ] || { [ "$1" = uml ] && kunit_wanted; }
}

# Which of the programs in prove/ were asked for? None means all.
prove_lanes() {
	local name

	lanes_to_prove=
	[ ${#wanted[@]} -gt 0 ] || return 0
	for name in "${wanted[@]}"; do
		[ ! -x "$VNET_ROOT/prove/$name" ] || lanes_to_prove+=" $name"
	done
	[ -n "$lanes_to_prove" ]
}

# A lane runs in the background, and the next one beside it: there are two processors and one is mostly idle.
start_lane() {
	local lane=$1 dir=$logs/$1

	rm -rf "$dir"
	mkdir -p "$dir"
	: >"$dir/output"
	if [ "$lane" = static ]; then
		"$here/static.sh" "${wanted[@]}" >"$dir/output" 2>&1 &
	elif [ "$lane" = bench ] && bench_wanted; then
		"$here/bench.sh" >"$dir/output" 2>&1 &
	elif [ "$lane" = prove ] && prove_lanes; then
		# The same choices each time: what is new is looked for by make prove.
		MIN=${MIN:-2} SEED=${SEED:-640839351} LANES=$lanes_to_prove "$VNET_ROOT/scripts/prove.sh" --tap >"$dir/output" 2>&1 &
	elif [ "$lane" = bench ] || [ "$lane" = prove ]; then
		true &
	elif vm_lane_has_work "$lane"; then
		{
			"$VNET_ROOT/scripts/vm.sh" -k "$lane" -t "${VNET_LANE_TIMEOUT:-1800}" --log "$dir" -- \
				"$here/run-tests.sh" "${tests[@]:-none}" >"$dir/output" 2>&1
			echo $? >"$dir/status"
		} &
	else
		true &
	fi
	pids[$lane]=$!
}

# Every test of a lane runs in one boot; what the guest did not report has failed.
vm_lane() {
	local lane=$1 dir=$logs/$1 status name

	vm_lane_has_work "$lane" || {
		[ ${#wanted[@]} -gt 0 ] || row "$lane" skip selftests "there are no selftests yet"
		return
	}
	reported=
	count_rows "$lane" < <(follow "$lane")
	wait "${pids[$lane]}"
	status=$(cat "$dir/status")
	for name in "${tests[@]}"; do
		[[ $reported == *" $name "* ]] || row "$lane" "not ok" "$name" "the guest ended before it reported"
	done
	report_left_out "$lane"
	if [ "$status" = 0 ]; then
		row "$lane" ok "clean end: kernel log, leaks, taint, unloading"
	else
		row "$lane" "not ok" "clean end: kernel log, leaks, taint, unloading" "vm.sh exit status $status"
		diagnostics=("${rest[@]}")
		last_of_them
	fi
	[ "$lane" != uml ] || report_kunit "$dir"
}

summary() {
	local line

	[ $skipped -eq 0 ] || { echo "# skipped:"; printf '#   %s\n' "${skips[@]}"; }
	[ $failed -eq 0 ] || { echo "# failed (logs in ${logs#"$PWD/"}):"; printf '#   %s\n' "${failures[@]}"; }
	line="$passed passed, $failed failed"
	[ $skipped -eq 0 ] || line+=", $skipped skipped"
	echo "$line"
}

"$VNET_ROOT/scripts/deps.sh" --quiet || die "cannot install what the checks need"
mkdir -p "$logs"
declare -A pids
tests=()
# shellcheck disable=SC2046 # numbers
trap 'kill $(jobs -p) 2>/dev/null' EXIT
read -ra queue <<<"$lanes"
for lane in "${queue[@]}"; do
	case $lane in
	static | bench | 6.1 | 6.12 | uml | prove) ;;
	*) die "there is no lane '$lane': static, bench, uml, 6.1, 6.12 or prove" ;;
	esac
done
start_lane "${queue[0]}"
for ((i = 0; i < ${#queue[@]}; i++)); do
	lane=${queue[i]} start=$SECONDS
	[ $((i + 1)) -ge ${#queue[@]} ] || start_lane "${queue[i + 1]}"
	case $lane in
	static) echo "# lane static: builds, style, contracts"; program_lane static ;;
	bench) echo "# lane bench: instructions of a packet, against the baseline"; program_lane bench bench_wanted ;;
	prove) echo "# lane prove: ${MIN:-2} minutes of faults, races, fuzz and endurance"; program_lane prove prove_lanes ;;
	uml) echo "# lane uml: selftests and KUnit on a debug kernel (KASAN, lockdep, kmemleak)"; vm_lane uml ;;
	*) echo "# lane $lane: selftests on Debian's kernel in QEMU"; vm_lane "$lane" ;;
	esac
	echo "# lane $lane took $((SECONDS - start)) s more"
done
if [ $rows -eq 0 ]; then
	row check "not ok" "${T:-}" "no check has this name"
fi
echo "1..$rows"
summary
[ $failed -eq 0 ]
