#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# size.sh: a function of more than 80 lines or a file of more than 600 is more than one thing; name them.
# Generated files are not for reading and do not count.
set -euo pipefail
cd "$(dirname "$0")/../.."

mapfile -t files < <(git ls-files -co --exclude-standard -- '*.c' '*.h' '*.sh' | grep -v -e '_gen\.[ch]$' \
	-e '^include/uapi/')
mapfile -t scripts < <(printf '%s\n' "${files[@]}" | grep '\.sh$')

long_files() {
	local file

	for file in "${files[@]}"; do
		[ ! -f "$file" ] || awk -v file="$file" 'END { if (NR > 600) print file ": " NR " lines" }' "$file"
	done
}

long_functions() {
	ctags -x --kinds-C=f --languages=C --_xformat='%F %n %{end} %N' "${files[@]}" 2>/dev/null |
		awk '$3 - $2 + 1 > 80 { print $1 ": " $4 "() has " $3 - $2 + 1 " lines" }'
	# ctags does not say where a shell function ends: its closing brace does
	awk 'FNR == 1 { start = 0 }
		/^[a-z_0-9]+\(\) *[{(]$/ { start = FNR; name = $1 }
		/^[})]/ && start {
			if (FNR - start + 1 > 80)
				print FILENAME ": " name " has " FNR - start + 1 " lines"
			start = 0
		}' "${scripts[@]}"
}

found=$(long_files; long_functions)
[ -z "$found" ] || { echo "$found"; exit 1; }
