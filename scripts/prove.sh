#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# prove.sh [--tap]: look for bugs for MIN minutes (default 10): faults, races, fuzz, a hostile tenant, endurance. Every
# lane is a program in prove/ (see prove/README.md). SEED=N repeats the choices of a run, LANES="a b" picks lanes.
# Ends with one table; exit status 1 when something was found. --tap prints a row for each lane instead.
set -uo pipefail
. "$(dirname "$0")/kernel-lib.sh"

tap=no
[ "${1:-}" != --tap ] || tap=yes
minutes=${MIN:-10}
[[ $minutes =~ ^[1-9][0-9]*$ ]] || die "MIN wants a number of minutes, not '$minutes'"
seed=${SEED:-$((RANDOM * 32768 + RANDOM))}
[[ $seed =~ ^[0-9]+$ ]] || die "SEED wants a number, not '$seed'"
logs=$VNET_ROOT/build/prove
wanted=${LANES:-}

# Two streams run side by side, one for each processor of a small machine. Lane, kernel, share of the stream's
# time in percent. The kernel "host" is none: the tool's parsers are fuzzed where they were built.
stream_a=("faults uml 28" "netlink uml 24" "frames uml 28" "tenant uml 20")
stream_b=("churn smp 35" "churn kcsan 20" "reload smp 10" "soak uml 20" "tool host 15")
# What make check runs does without the second kernel for races, which takes minutes to build.
[ $tap = no ] || stream_b=("churn smp 40" "reload smp 20" "soak uml 25" "tool host 15")

known() { printf '%s\n' "${stream_a[@]}" "${stream_b[@]}" | cut -d' ' -f1; }

for lane in $wanted; do
	known | grep -qxF "$lane" || die "there is no lane '$lane': $(known | sort -u | paste -sd' ')"
done

# run_lane LANE KERNEL SECONDS: leave LANE-KERNEL.{out,status,seconds} in the logs.
run_lane() {
	local lane=$1 kernel=$2 seconds=$3 log=$logs/$1-$2 start=$SECONDS status=0
	local command=("$VNET_ROOT/prove/$lane" "$seconds" "$seed")

	mkdir -p "$log"
	if [ "$kernel" != host ]; then
		command=("$VNET_ROOT/scripts/vm.sh" -k "$kernel" -t $((seconds + 600)) --log "$log" -- "${command[@]}")
	fi
	"${command[@]}" >"$log/output" 2>&1 </dev/null || status=$?
	echo "$status" >"$log/status"
	echo $((SECONDS - start)) >"$log/seconds"
	report "$lane" "$kernel"
}

# Seconds that a guest takes to boot, and to be looked through at its end.
overhead() {
	case $1 in
	smp | kcsan) echo 70 ;;
	uml) echo 30 ;;
	*) echo 0 ;;
	esac
}

is_left_out() { [ -n "$wanted" ] && [[ " $wanted " != *" $1 "* ]]; }

run_stream() {
	local entry lane kernel share total=0 left=$((minutes * 60))

	for entry in "$@"; do
		read -r lane kernel share <<<"$entry"
		is_left_out "$lane" && continue
		total=$((total + share)) left=$((left - $(overhead "$kernel")))
	done
	# The time given is the whole of it, but what little is given is for the lanes.
	[ "$left" -ge $((minutes * 30)) ] || left=$((minutes * 30))
	[ $tap = no ] || left=$((minutes * 60))
	for entry in "$@"; do
		read -r lane kernel share <<<"$entry"
		is_left_out "$lane" && continue
		run_lane "$lane" "$kernel" $((left * share / total))
	done
}

# What a lane counted: "operations 45, faults 1200".
counts() { sed -n 's/^prove: \(.*\)$/\1/p' "$1/output" | grep -v '^findings ' | paste -sd, | sed 's/,/, /g'; }

# How many findings: its own, and one for a kernel that complained, died or hung.
findings() {
	local own status

	own=$(sed -n 's/^prove: findings //p' "$1/output" | tail -n 1)
	status=$(cat "$1/status")
	[ "$status" = 0 ] || [ "${own:-0}" -gt 0 ] || own=1
	[ -n "$own" ] || own=1
	echo "$own"
}

why() {
	case $(cat "$1/status") in
	0) [ -n "$(counts "$1")" ] || echo "it did not say what it did" ;;
	99) echo "the kernel complained" ;;
	124) echo "it hung" ;;
	125) echo "the kernel died" ;;
	*) sed -n 's/^FINDING: //p' "$1/output" | head -n 3 | paste -sd';' ;;
	esac
}

# One line, or one row of TAP, as soon as a lane is over.
report() {
	local log=$logs/$1-$2 found

	found=$(findings "$log")
	if [ "$found" = 0 ] && [ "$(cat "$log/status")" = 0 ]; then
		echo "ok 0 $1 ($2) # $(counts "$log"), $(cat "$log/seconds") s"
	else
		echo "not ok 0 $1 ($2) # $found findings: $(why "$log"); replay: SEED=$seed LANES=$1 make prove; log ${log#"$PWD/"}/output"
		tail -n 25 "$log/output" | sed 's/^/# /'
	fi | tee "$log/row" | if [ $tap = yes ]; then cat; else sed -u 's/^\(not \)\{0,1\}ok 0/prove: \1ok/'; fi
}

table() {
	local log found total=0

	printf '\n%-10s %-7s %8s %9s  %s\n' LANE KERNEL SECONDS FINDINGS "WHAT IT DID"
	for log in "$logs"/*/; do
		log=${log%/}
		found=$(findings "$log")
		total=$((total + found))
		printf '%-10s %-7s %8s %9s  %s\n' "$(basename "${log%-*}")" "${log##*-}" "$(cat "$log/seconds")" "$found" \
			"$(counts "$log")"
	done
	printf '\nseed %s, %s findings in all\n' "$seed" "$total"
	[ "$total" = 0 ]
}

[ $tap = yes ] || "$VNET_ROOT/scripts/deps.sh" --quiet || die "cannot install what this needs"
rm -rf "$logs"
mkdir -p "$logs"
echo "# seed $seed, $minutes minutes"
run_stream "${stream_a[@]}" &
run_stream "${stream_b[@]}" &
wait
if [ $tap = yes ]; then
	! cat "$logs"/*/row | grep -q '^not ok'
else
	table
fi
