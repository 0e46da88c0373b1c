#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# coverage.sh: which lines and branches of kmod/ the tests run. All selftests, KUnit and slices of the lanes in
# prove/ on User-Mode Linux; a table on standard output, the sources as HTML in build/coverage/html.
#
# T=NAME,... picks selftests (NAME) and lanes (prove/NAME); the floor is asked of the whole only.
# VNET_COVERAGE_SECONDS is the length of a lane's slice (30), VNET_COVERAGE_SEED its seed.
# Exit status: 1 when a test fails or the total is below the floor in scripts/coverage/floor.
set -euo pipefail
. "$(dirname "$0")/kernel-lib.sh"

here=$VNET_ROOT/scripts/coverage
out=$VNET_ROOT/build/coverage
built=$VNET_ROOT/build/uml-gcov/kmod
rc=(--quiet --rc lcov_branch_coverage=1)
# Made by a generator, or the tests themselves: these lines are not ours to cover.
left_out=('*/netlink_gen.*' '*/kunit/*' '*/vnet.mod.c')

# The lanes that reach what no selftest does: failed allocations, refused messages, mad frames.
slices="prove/faults prove/netlink prove/frames"

choose_tests() {
	local file name lane

	if [ -n "${T:-}" ]; then
		# shellcheck disable=SC2086 # names
		printf '%s\n' ${T//,/ }
		return
	fi
	for file in "$VNET_ROOT"/selftests/*.sh; do
		name=$(basename "$file" .sh)
		[[ $name == lib* ]] || [ ! -x "$file" ] || echo "$name"
	done
	for lane in $slices; do
		[ ! -x "$VNET_ROOT/$lane" ] || echo "$lane"
	done
}

run_tests() {
	rm -rf "$out"
	mkdir -p "$out"
	mapfile -t chosen < <(choose_tests)
	echo "coverage: ${#chosen[@]} tests and lanes on User-Mode Linux, minutes"
	env -u T VNET_GCOV=y "$VNET_ROOT/scripts/vm.sh" -k uml -t 3600 --log "$out" -- \
		"$here/guest.sh" "${VNET_COVERAGE_SEED:-1}" "${chosen[@]}" 2>&1 | tee "$out/output" |
		grep -E --line-buffered '^(not )?ok ' || true
	status=${PIPESTATUS[0]}
}

# gcov wants the counts beside the notes of the compiler, and nothing else there.
count_lines() {
	local counts=$out/kept$built file tree=$out/objects

	[ -d "$counts" ] || die "the guest brought no counts; see ${out#"$PWD/"}/output"
	(cd "$built" && find . -name '*.gcno' -print0) | while IFS= read -r -d '' file; do
		mkdir -p "$tree/${file%/*}"
		cp "$built/$file" "$tree/$file"
	done
	cp -r "$counts/." "$tree/"
	lcov "${rc[@]}" --capture --directory "$tree" --base-directory "$built" --no-external \
		--output-file "$out/all.info" 2>"$out/lcov.log" ||
		{ tail -n 5 "$out/lcov.log" >&2; die "lcov failed"; }
	lcov "${rc[@]}" --remove "$out/all.info" "${left_out[@]}" --output-file "$out/kmod.info" 2>>"$out/lcov.log"
	[ -s "$out/kmod.info" ] || die "no line of kmod/ was counted; see ${out#"$PWD/"}/lcov.log"
	genhtml "${rc[@]}" --branch-coverage --prefix "${built%/kmod}" --title "vnet: kmod/" --output-directory "$out/html" \
		"$out/kmod.info" >>"$out/lcov.log" 2>&1 || die "genhtml failed; see ${out#"$PWD/"}/lcov.log"
}

# One line a file, the least covered first: lines, branches, name.
table() {
	awk -F: -v root="${built%kmod}" '
		function percent(hit, all) { return all ? 100 * hit / all : 100 }
		function row(name, lh, lf, bh, bf) {
			printf "%6.1f %%  %4d of %4d  %6.1f %%  %4d of %4d  %s\n", percent(lh, lf), lh, lf,
				percent(bh, bf), bh, bf, name
		}
		$1 == "SF" { name = substr($2, length(root) + 1); lh = lf = bh = bf = 0 }
		$1 == "LF" { lf = $2 }
		$1 == "LH" { lh = $2 }
		$1 == "BRF" { bf = $2 }
		$1 == "BRH" { bh = $2 }
		/^end_of_record/ && lf {
			row(name, lh, lf, bh, bf)
			tlh += lh; tlf += lf; tbh += bh; tbf += bf
		}
		END { row("total", tlh, tlf, tbh, tbf) }' "$out/kmod.info" | sort -n >"$out/rows"
	grep -v ' total$' "$out/rows"
	grep ' total$' "$out/rows"
}

judge() {
	local floor total

	floor=$(cat "$here/floor")
	printf '\n    lines                    branches               file\n'
	table | tee "$out/table"
	awk -v floor="$floor" '$1 < floor && $NF != "total" { print "below the floor of " floor " %: " $NF }' "$out/table"
	echo "HTML: ${out#"$PWD/"}/html/index.html"
	if grep '^not ok' "$out/output"; then
		die "tests failed (above): the numbers are not those of a sound run"
	fi
	[ "$status" = 0 ] || { tail -n 30 "$out/output" >&2; die "vm.sh ended with exit status $status"; }
	[ -z "${T:-}" ] || return 0
	total=$(awk '$NF == "total" { print $1 }' "$out/table")
	awk -v total="$total" -v floor="$floor" 'BEGIN { exit total < floor }' ||
		die "$total % of the lines are covered; the floor is $floor %"
}

run_tests
count_lines
judge
