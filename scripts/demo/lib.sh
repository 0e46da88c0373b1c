# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# How the show is told: steps with a mark and a time, expectations that say what they saw. Sourced by show.sh,
# which has the epilogue.
#
# A step is a function that runs in a process of its own under "set -e": any command in it that fails fails
# the step, and so the show. What later steps or the table need goes through "keep" and "kept", which are files.

state=/run/demo
mkdir -p "$state"

if [ "${VNET_DEMO_COLOR:-0}" = 1 ]; then
	green=$'\e[32m' red=$'\e[31m' dim=$'\e[2m' bold=$'\e[1m' plain=$'\e[0m' erase=$'\r\e[K'
else
	green='' red='' dim='' bold='' plain='' erase=''
fi

n_steps=0 n_failed=0 ended=0

keep() { printf '%s\n' "$2" >"$state/$1"; }
kept() { cat "$state/$1"; }

# A pause without a process: they are dear where this runs.
nap() { read -rt "$1" <>"$state/.nap" || true; }
mkfifo "$state/.nap"

# In microseconds.
now() { echo "${EPOCHREALTIME/[.,]/}"; }
seconds() { printf '%d.%d' $(($1 / 1000000)) $(($1 / 100000 % 10)); }

heading() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }

# step TITLE FUNCTION [ARGUMENTS...]: succeeds always and counts failures, because bash turns "set -e" off in
# whatever runs under an "if" or left of "||", to any depth. The function's output is shown only when it failed;
# a line it writes with "note" is shown behind the title.
step() {
	local title=$1 start log status=0

	shift
	n_steps=$((n_steps + 1))
	log=$state/step-$n_steps.log
	rm -f "$state/note"
	start=$(now)
	# One line of any terminal, or it could not be erased.
	[ -z "$erase" ] || printf '  %s… %.70s%s' "$dim" "$title" "$plain"
	(
		set -E
		trap 'echo "expected this to succeed: $BASH_COMMAND"' ERR
		"$@"
	) >"$log" 2>&1 &
	wait $! || status=$?
	ended=$status
	start=$(($(now) - start))
	if [ "$status" = 0 ]; then
		printf '%s  %s✓%s %6s s  %s' "$erase" "$green" "$plain" "$(seconds $start)" "$title"
		if [ -e "$state/note" ]; then printf ': %s%s%s' "$dim" "$(cat "$state/note")" "$plain"; fi
		echo
		return 0
	fi
	n_failed=$((n_failed + 1))
	printf '%s  %s✗%s %6s s  %s%s%s\n' "$erase" "$red" "$plain" "$(seconds $start)" "$red" "$title" "$plain"
	sed 's/^/             /' "$log"
	[ -s "$log" ] || echo "             (status $status and no output)"
}

# What cannot go on without a step that failed would only fail with misleading words: stop there.
must() {
	step "$@"
	[ "$ended" = 0 ] || { epilogue; exit 1; }
}

note() { printf '%s' "$*" >"$state/note"; }

fail() {
	echo "$*"
	exit 1
}

# same WHAT EXPECTED SEEN
same() {
	[ "$2" = "$3" ] || fail "$1: expected '$2', saw '$3'"
}

# contains WHAT EXPECTED-REGEX SEEN
contains() {
	grep -qE -e "$2" <<<"$3" || fail "$1: expected something that matches '$2', saw:
$3"
}

# fails WHAT COMMAND...: the command must not succeed.
fails() {
	local what=$1 seen

	shift
	if seen=$("$@" 2>&1); then
		fail "$what: expected failure of '$*', but it succeeded and said:
$seen"
	fi
}

# works WHAT COMMAND...
works() {
	local what=$1 seen

	shift
	seen=$("$@" 2>&1) || fail "$what: expected success of '$*', saw:
$seen"
}

# within SECONDS WHAT COMMAND...: wait until the command succeeds.
within() {
	local end=$(($(now) + $1 * 1000000)) what=$2 seen

	shift 2
	until seen=$("$@" 2>&1); do
		[ "$(now)" -lt $end ] || fail "$what: expected '$*' to succeed in time; the last time it said:
$seen"
		nap 0.05
	done
}

# in_ns NAMESPACE COMMAND...: "host" is the machine itself.
in_ns() {
	local ns=$1

	shift
	if [ "$ns" = host ]; then "$@"; else ip netns exec "$ns" "$@"; fi
}
