# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# lib.sh: what every test uses: namespaces, checks, waiting. A test sources it, makes its topology, checks, and
# falls off its end; the EXIT trap removes the topology and turns the checks into the exit status.
#
# Every check prints a row "ok - what" or "not ok - what" with what was expected and what was seen.
set -u

selftests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
failed=0

# Names that setup_ns fills; tests in Python (play) find them as well.
host='' inet='' lan='' g1='' g2='' g3='' far=''
export host inet lan g1 g2 g3 far

namespaces=()
children=()

pass() { echo "ok - $1"; }

fail() {
	echo "not ok - $1"
	shift
	[ $# -eq 0 ] || printf '#   %s\n' "$@"
	failed=1
}

skip() {
	echo "SKIP: $*"
	exit 4
}

# check_is WHAT EXPECTED SEEN
check_is() {
	if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "expected: $2" "seen:     $3"; fi
}

# check_has WHAT TEXT WHERE: TEXT is part of WHERE.
check_has() {
	if [[ $3 == *"$2"* ]]; then pass "$1"; else fail "$1" "expected in it: $2" "seen:           $3"; fi
}

# check_lacks WHAT TEXT WHERE
check_lacks() {
	if [[ $3 != *"$2"* ]]; then pass "$1"; else fail "$1" "expected without: $2" "seen:             $3"; fi
}

# check_ok WHAT COMMAND...: the command succeeds.
check_ok() {
	local what=$1 output status=0

	shift
	output=$("$@" 2>&1) || status=$?
	if [ $status = 0 ]; then
		pass "$what"
	else
		fail "$what" "expected to succeed: $*" "seen: status $status: $output"
	fi
}

# check_fails WHAT TEXT COMMAND...: the command fails and says TEXT.
check_fails() {
	local what=$1 text=$2 output status=0

	shift 2
	output=$("$@" 2>&1) || status=$?
	if [ $status != 0 ] && [[ $output == *"$text"* ]]; then
		pass "$what"
	else
		fail "$what" "expected to fail with: $text" "command: $*" "seen: status $status: $output"
	fi
}

# The set-up of a test may not fail: without it the checks mean nothing.
must() {
	"$@" || { echo "not ok - set-up: $*"; exit 1; }
}

# A nap without a process: they are dear in an emulated machine.
nap() { read -rt "$1" <&"$never" || true; }

# busywait MILLISECONDS COMMAND...: until the command succeeds; its last output goes out.
busywait() {
	local end output status=0

	end=$((${EPOCHREALTIME/./} / 1000 + $1))
	shift
	while :; do
		status=0
		output=$("$@" 2>&1) || status=$?
		[ $status != 0 ] || break
		[ $((${EPOCHREALTIME/./} / 1000)) -lt $end ] || break
		nap 0.05
	done
	[ -z "$output" ] || echo "$output"
	return $status
}

# slowwait MILLISECONDS COMMAND...: as busywait, for commands in an emulated machine.
slowwait() { busywait $(($1 * ${VNET_TEST_PATIENCE:-4})) "${@:2}"; }

# check_soon WHAT MILLISECONDS COMMAND...
check_soon() {
	local what=$1 output status=0

	output=$(busywait "${@:2}") || status=$?
	if [ $status = 0 ]; then
		pass "$what"
	else
		fail "$what" "expected within $2 ms to succeed: ${*:3}" "seen: status $status: $output"
	fi
}

# check_soon_is WHAT EXPECTED COMMAND...: the command's output becomes EXPECTED.
check_soon_is() {
	local what=$1 expected=$2

	shift 2
	if busywait 10000 output_is "$expected" "$@" >/dev/null; then
		pass "$what"
	else
		fail "$what" "expected: $expected" "command: $*" "seen: $("$@" 2>&1)"
	fi
}

output_is() { [ "$("${@:2}" 2>/dev/null)" = "$1" ]; }

# setup_ns NAME...: make namespaces of random names and put them in the variables NAME.
setup_ns() {
	local name unique added=()

	for name in "$@"; do
		printf -v unique '%s-%04x%04x' "$name" $RANDOM $RANDOM
		printf -v "$name" '%s' "$unique"
		added+=("$unique")
	done
	namespaces+=("${added[@]}")
	must "$(tool namespaces)" "${added[@]}"
	export VNET_TEST_NAMES="${VNET_TEST_NAMES:-} $*"
}

# del_ns NAME...: delete namespaces before the test ends.
del_ns() {
	local name kept=()

	for name in "$@"; do
		ip netns del "$name"
	done
	for name in "${namespaces[@]}"; do
		[[ " $* " == *" $name "* ]] || kept+=("$name")
	done
	namespaces=("${kept[@]}")
}

# in_ns NAMESPACE: many ip(8) commands in one process, from standard input.
in_ns() { must ip -n "$1" -batch -; }

# The same for vnetctl.
ctl_in() { must vnetctl -n "$1" -batch -; }

# Run in the background, to be killed at the end.
background() {
	"$@" &
	children+=($!)
}

# play: run the Python program on standard input with the words of tools/play.py.
play() {
	python3 -IS "$selftests/tools/play.py" || failed=1
}

# A program of selftests/tools, made on first use.
tool() {
	local path=${VNET_BUILD:-$selftests/../build}/selftests/$1

	[ -x "$path" ] || must make -s -C "$selftests" >&2
	echo "$path"
}

# Does vnetctl exist? Tests of the data path need it to configure NAT.
need_vnetctl() { command -v vnetctl >/dev/null || skip "vnetctl is not built"; }

# shellcheck disable=SC2317 # the trap calls it
cleanup() {
	local status=$? name

	trap - EXIT
	[ ${#children[@]} -eq 0 ] || { kill "${children[@]}"; wait "${children[@]}"; } 2>/dev/null
	! declare -F own_cleanup >/dev/null || own_cleanup
	for name in "${namespaces[@]}"; do
		echo "netns del $name"
	done | ip -force -batch -
	rm -rf "$scratch"
	[ $status = 0 ] || exit $status
	exit $failed
}

scratch=$(mktemp -d)
exec {never}<> <(:)
trap cleanup EXIT
trap 'exit 1' INT TERM

# lab: the network that most tests of the gateway and of NAT use. Namespaces host, inet, g1, g2:
#
#   g1: eth0 (vnic) 192.168.133.10 --+                 host             inet
#                                    +-- vmnet8 .1 --- wan0 ----------- wan0 203.0.113.1, and behind it
#   g2: eth0 (vnic) 192.168.133.11 --+   gateway .2    203.0.113.2      lo   198.51.100.1, 198.51.100.2
#
lab() {
	need_vnetctl
	setup_ns host inet g1 g2
	in_ns "$host" <<-END
		link add wan0 type veth peer name wan0 netns $inet
		addr add 203.0.113.2/24 dev wan0
		link set wan0 up
		route add default via 203.0.113.1
	END
	must vnetctl -n "$host" link add vmnet8 mode nat addr 192.168.133.1/24
	in_ns "$host" <<-END
		link add eth0 link vmnet8 netns $g1 type vnic
		link add eth0 link vmnet8 netns $g2 type vnic
	END
	in_ns "$inet" <<-END
		addr add 203.0.113.1/24 dev wan0
		addr add 198.51.100.1/32 dev lo
		addr add 198.51.100.2/32 dev lo
		link set wan0 up
	END
	lab_guest "$g1" 192.168.133.10
	lab_guest "$g2" 192.168.133.11
}

lab_guest() {
	in_ns "$1" <<-END
		link set eth0 up
		addr add $2/24 dev eth0
		route add default via 192.168.133.2
	END
}
