#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# map.sh: every `file:function` that README.md names must exist, so that its map cannot grow old.
set -euo pipefail
cd "$(dirname "$0")/../.."

# shellcheck disable=SC2016 # backticks of Markdown
pattern='`[A-Za-z0-9_./-]+\.(c|h|sh|yaml):[A-Za-z0-9_]+(\(\))?`'
bad=0 count=0
while IFS=: read -r file function; do
	count=$((count + 1))
	function=${function%()}
	if [ ! -f "$file" ]; then
		echo "README.md names $file, which does not exist"
		bad=1
	elif ! grep -qE "(^|[^A-Za-z0-9_])$function *(\(|=|\[|\{)" "$file"; then
		echo "README.md names $function in $file, which is not there"
		bad=1
	fi
done < <(grep -oE "$pattern" README.md | tr -d '`' | sort -u)
[ $count -gt 0 ] || { echo "README.md has no map: no \`file:function\` was found"; bad=1; }
exit $bad
