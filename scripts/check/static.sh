#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# static.sh [NAME...]: what can be said of vnet without running it; one TAP row per check.
#
# A check is a function check_NAME. It prints what it found and returns 0; 1 for a failure; or calls skip with
# the reason when what it looks at does not exist yet. Its description stands in the table below.
set -uo pipefail
. "$(dirname "$0")/../kernel-lib.sh"
cd "$VNET_ROOT" || exit 1
here=scripts/check
logs=build/check/static
mkdir -p "$logs"

checks="
build_6.1	vnet.ko builds on 6.1 with W=1 and no warning
build_6.12	vnet.ko builds on 6.12 with W=1 and no warning
sparse	sparse finds nothing, endianness included
checkpatch	checkpatch --strict finds nothing
kernel_doc	kernel-doc comments are well formed
symbols	external symbols begin with vnet_
size	no function over 80 lines, no file over 600
layers	version numbers of kernels stay out of the code
userland	the tools build without a warning
clang_tidy	clang-tidy finds nothing in the tools
shellcheck	shellcheck finds nothing in the scripts
spec	the generated netlink code is fresh
map	the places named in README's map exist
spelling	codespell finds nothing
spdx	every source file names its licence
"

skip() {
	echo "SKIP $*"
	exit 4
}

# What git tracks or would track, so that a stray build product is not looked at.
sources() { git ls-files -co --exclude-standard "$@" | while read -r f; do [ ! -f "$f" ] || echo "$f"; done; }

# CI may own the clone by another user, and git would then list nothing: every check would pass on air.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
git rev-parse --git-dir >/dev/null || die "the static lane needs a git clone: it asks git for the list of sources"

need() { [ -e "$1" ] || skip "$1 does not exist yet"; }

check_build_6.1() { need kmod/main.c; scripts/kmod.sh 6.1; }
check_build_6.12() { need kmod/main.c; scripts/kmod.sh 6.12; }

# A directory of its own, which must not disturb the build that VMs use. C=1 looks at files that have changed;
# what has not changed was clean, because a finding throws the directory away.
check_sparse() {
	need kmod/main.c
	VNET_BUILD_SUFFIX=-sparse WERROR=0 scripts/kmod.sh 6.12 C=1 CF="-D__CHECK_ENDIAN__" 2>&1 | tee "$logs/sparse.out"
	[ "${PIPESTATUS[0]}" = 0 ] || return 1
	! grep -E 'kmod/.*: (warning|error):' "$logs/sparse.out" || { rm -rf build/*-sparse; return 1; }
}

# MACRO_ARG_REUSE is off: a macro that walks a list names its cursor again and again, as every one in Linux does.
# X-macros and trace events, of which there is one list each, are not what the four rules about macros mean.
# --no-tree: what checkpatch wants from the kernel's own tree (MAINTAINERS, git history) is not ours.
check_checkpatch() {
	local tree files

	mapfile -t files < <(sources 'kmod/*.[ch]' 'include/*.h' | grep -v -e netlink_gen -e uapi/linux/vnet.h -e kmod/trace.h)
	[ ${#files[@]} -gt 0 ] || skip "there is no kernel code yet"
	tree=$(scripts/kernel-source.sh)
	perl "$tree/scripts/checkpatch.pl" --no-tree --strict --no-summary --terse --show-types \
		--max-line-length=100 --ignore MACRO_ARG_REUSE,MACRO_ARG_UNUSED,COMPLEX_MACRO,BRACKET_SPACE,TRAILING_SEMICOLON -f "${files[@]}"
}

check_kernel_doc() {
	local tree files

	mapfile -t files < <(sources 'kmod/*.[ch]')
	[ ${#files[@]} -gt 0 ] || skip "there is no kernel code yet"
	tree=$(scripts/kernel-source.sh)
	perl "$tree/scripts/kernel-doc" -none -Werror "${files[@]}"
}

check_symbols() { need kmod/main.c; $here/symbols.sh; }
check_size() { $here/size.sh; }

check_layers() {
	local found

	found=$(sources 'kmod/*' | xargs -r grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION\(|RHEL_RELEASE' |
		grep -v '^kmod/compat/')
	[ -z "$found" ] || { echo "$found"; return 1; }
}

check_userland() {
	need userland/Makefile
	make -s -C userland O="$PWD/build/check/userland" CFLAGS="-O2 -g -Wall -Wextra -Werror" all
}

# Which checks are on, and why some are not, stands in .clang-tidy.
check_clang_tidy() {
	local files

	mapfile -t files < <(sources 'userland/*.c' | grep -v -e '_gen.c' -e '/test/' -e '/fuzz/')
	[ ${#files[@]} -gt 0 ] || skip "there are no tools yet"
	# shellcheck disable=SC2016 # the inner shell expands them
	printf '%s\0' "${files[@]}" | xargs -0 -P 2 -n 1 bash -c 'clang-tidy --quiet --warnings-as-errors="*" "$@" -- \
		-std=gnu11 -D_GNU_SOURCE -Iuserland -Iuserland/lib -Iinclude/uapi -DVERSION=\"0\" 2>/dev/null' tidy
}

check_shellcheck() {
	local files

	mapfile -t files < <({ sources '*.sh'; sources | grep -v '\.[a-z0-9]*$' | while read -r file; do
		head -n 1 "$file" 2>/dev/null | grep -qaE '^#!.*(bash|/sh| sh)$' && echo "$file"
	done; } | sort -u)
	shellcheck -x -P scripts -P SCRIPTDIR "${files[@]}"
}

check_spec() {
	need scripts/gen-netlink.sh
	scripts/gen-netlink.sh --check && make -s -C userland check-schema
}
check_map() { need README.md; $here/map.sh; }

check_spelling() {
	sources | grep -v -e LICENSE -e '\.patch$' | xargs codespell -L 'fo,tha,hda,ans,te,ist,nd,mut,creat,inout,ser,datas,ue,bu,unselect'
}

check_spdx() {
	local file bad=0

	while read -r file; do
		head -n 2 "$file" | grep -q 'SPDX-License-Identifier:' || { echo "$file has no SPDX line"; bad=1; }
	done < <(sources '*.[chS]' '*.sh' '*.py' '*.mk' '*Makefile' '*Kbuild')
	return $bad
}

run_check() {
	local number=$1 name=$2 description=$3 status=0 start=$SECONDS

	(set -o pipefail; "check_$name") >"$logs/$name" 2>&1 </dev/null || status=$?
	case $status in
	0) echo "ok $number $name: $description # $((SECONDS - start)) s" ;;
	4) echo "ok $number $name: $description # SKIP $(sed -n 's/^SKIP //p' "$logs/$name")" ;;
	*)
		tail -n 60 "$logs/$name" | sed 's/^/# /'
		echo "not ok $number $name: $description"
		;;
	esac
}

number=0
while IFS=$'\t' read -r name description; do
	[ -n "$name" ] || continue
	[ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
	number=$((number + 1))
	run_check $number "$name" "$description"
done <<<"$checks"
echo "1..$number"
