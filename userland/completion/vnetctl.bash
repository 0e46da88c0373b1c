# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Completion of vnetctl(8): the tool knows its own words.

_vnetctl()
{
	local word

	COMPREPLY=()
	while IFS= read -r word; do
		COMPREPLY+=("$word")
	done < <("${COMP_WORDS[0]}" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}

complete -o default -F _vnetctl vnetctl
