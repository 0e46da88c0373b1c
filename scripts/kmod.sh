#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kmod.sh 6.1|6.12|uml|plain|smp|kcsan|RELEASE [MAKE ARGUMENTS...]
#
# Build vnet.ko for one kernel and print its path. Each kernel gets a directory of its own,
# build/RELEASE/, in which the sources are links: kbuild writes beside what it compiles, and the kernels
# would trample on each other in the source tree. W=1 and -Werror are on; W= and WERROR=0 turn them off.
# VNET_GCOV=y counts which lines run (uml only), in build/RELEASE-gcov/.
set -euo pipefail
. "$(dirname "$0")/kernel-lib.sh"

[ $# -ge 1 ] || die "usage: kmod.sh 6.1|6.12|uml|plain|smp|kcsan|RELEASE [MAKE ARGUMENTS...]"
release=$(kernel_release "$1")
shift
sources=${VNET_KMOD_DIR:-$VNET_ROOT/kmod}
[ -e "$sources/Kbuild" ] || die "there is no module to build: $sources/Kbuild is missing"
out=$VNET_ROOT/build/$release${VNET_GCOV:+-gcov}${VNET_BUILD_SUFFIX:-}
args=("W=${W-1}")
[ -z "${VNET_GCOV:-}" ] || args+=(GCOV_PROFILE=y)
[ "${WERROR:-1}" = 0 ] || args+=(KCFLAGS=-Werror)

# Make the directory tree of $1 under $2, with links for files; what left the source leaves the mirror.
mirror() {
	local from=$1 to=$2 file

	mkdir -p "$to"
	find "$to" -xtype l -delete
	(cd "$from" && find . -type d -print0) | (cd "$to" && xargs -0 mkdir -p)
	while IFS= read -r -d '' file; do
		ln -sfn "$from/${file#./}" "$to/$file"
	done < <(cd "$from" && find . -type f \( -name '*.[chS]' -o -name 'Kbuild*' -o -name 'Makefile*' \
		-o -name '*.mk' \) -print0)
}

# Everything a build depends on, as one line: unchanged means there is nothing to do.
fingerprint() {
	{
		printf '%s\n' "$sources" "$kernel" "${args[@]}"
		stat -c '%Y %s' "$kernel/.config" "$kernel/Module.symvers" 2>/dev/null
		find "$sources" "$VNET_ROOT/include" -type f -printf '%p %T@ %s\n' | LC_ALL=C sort
	} | sha256sum
}

# The index files that let modprobe and the kernel's own request_module() find vnet.ko beside the modules
# of the distribution. They end up in out/root, which vm.sh lays over the guest's root.
index_modules() {
	local tree=$out/depmod key modules=$out/root/usr/lib/modules/$modrelease

	key=$({ modinfo -F alias "$ko"; modinfo -F depends "$ko"; modinfo -F softdep "$ko"; nm "$ko" | grep ksym
		is_built_here "$release" || ls -d --full-time "/lib/modules/$release/modules.dep"; } | sha256sum)
	mkdir -p "$modules/updates"
	cp -f "$ko" "$modules/updates/vnet.ko"
	[ "$key" = "$(cat "$out/depmod.key" 2>/dev/null)" ] && return
	rm -rf "$tree"
	mkdir -p "$tree/lib/modules/$modrelease/updates"
	cp "$ko" "$tree/lib/modules/$modrelease/updates/"
	if ! is_built_here "$release"; then
		ln -s "/lib/modules/$release/kernel" "$tree/lib/modules/$release/kernel"
	fi
	cp "$builtin"/modules.{order,builtin,builtin.modinfo} "$tree/lib/modules/$modrelease/"
	depmod -b "$tree" "$modrelease"
	cp "$tree/lib/modules/$modrelease"/modules.* "$modules/"
	rm -rf "$tree"
	echo "$key" >"$out/depmod.key"
}

if is_built_here "$release"; then
	kernel=$("$VNET_ROOT/scripts/kernel-build.sh" "$release")
	[ "$release" = plain ] || args+=(VNET_KUNIT=y)
	! is_uml "$release" || args+=(ARCH=um)
	modrelease=$(cat "$kernel/include/config/kernel.release")
	builtin=$kernel
else
	kernel=/lib/modules/$release/build
	[ -e "$kernel/Makefile" ] || die "the headers of $release are not installed; run 'make deps'"
	modrelease=$release
	builtin=/lib/modules/$release
fi
# modules carry BTF only when the kernel's vmlinux is at hand; without it the build says so each time
args+=(CONFIG_DEBUG_INFO_BTF_MODULES= "$@")
ko=$out/kmod/vnet.ko

mkdir -p "$out"
exec 9>"$out/.lock"
flock 9
stamp=$(fingerprint)
if [ "$stamp" != "$(cat "$out/.stamp" 2>/dev/null)" ] || [ ! -e "$ko" ]; then
	say "building vnet.ko for $release"
	rm -f "$out/.stamp"
	# make goes by the times of files, which say nothing about those of another tree.
	[ "$(cat "$out/.sources" 2>/dev/null)" = "$sources" ] || rm -rf "$out/kmod"
	echo "$sources" >"$out/.sources"
	mirror "$sources" "$out/kmod"
	mirror "$VNET_ROOT/include" "$out/include"
	make -s -C "$kernel" M="$out/kmod" -j"${VNET_JOBS:-$(nproc)}" "${args[@]}" modules >&2 ||
		die "vnet.ko does not build for $release"
	[ -n "${VNET_BUILD_SUFFIX:-}" ] || index_modules
	echo "$stamp" >"$out/.stamp"
fi
echo "$ko"
