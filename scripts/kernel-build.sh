#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernel-build.sh uml|plain|smp|kcsan|guest
#
# Build a kernel from Debian's linux-source into the cache and print its build directory. User-Mode Linux: the
# debug kernel of the tests (uml), one without debugging for benchmarks (plain), or the small one that the demo
# starts as a guest (guest). x86 with two processors: the debug kernel (smp), or the one that finds data races
# (kcsan). The directory's name holds a hash of everything that went in, so a change of any input builds anew
# and a second run finds the first one's work.
set -euo pipefail
. "$(dirname "$0")/kernel-lib.sh"

flavour=${1:-uml}
arch=um target=linux options=()
case $flavour in
uml) fragments="uml system debug memory" ;;
plain) fragments="uml system plain" ;;
guest) fragments="guest" ;;
smp) fragments="smp system debug memory" arch=x86_64 target=arch/x86/boot/bzImage ;;
kcsan)
	fragments="smp system races" arch=x86_64 target=arch/x86/boot/bzImage
	# The kernel's own code is built without looking for races, so that all of the watching is for the module.
	options=(KCSAN_SANITIZE=n)
	;;
*) die "there is no kernel flavour '$flavour': uml, plain, smp, kcsan or guest" ;;
esac
files=()
for name in $fragments; do
	files+=("$VNET_ROOT/scripts/kernel/$name.config")
done
version=$(package_version "$VNET_LINUX_SOURCE")
[ -n "$version" ] || die "$VNET_LINUX_SOURCE is not installed; run 'make deps'"
hash=$({
	echo "$version" "$(uname -m)" "$(gcc -dumpfullversion)" "$(package_version gcc-12)" \
		"$(package_version libc6-dev)"
	cat "${files[@]}"
	[ ${#options[@]} -eq 0 ] || echo "${options[@]}"
} | sha256sum | cut -c1-12)
out=$VNET_CACHE/kernel/$flavour-$hash
log=$out/build.log

configure() {
	local src=$1

	case $flavour in
	uml | plain)
		make -s -C "$src" O="$out" ARCH=um x86_64_defconfig
		(cd "$out" && "$src/scripts/kconfig/merge_config.sh" -m .config "${files[@]}" >/dev/null)
		make -s -C "$src" O="$out" ARCH=um olddefconfig
		;;
	*)
		cat "${files[@]}" >"$out/all.config"
		make -s -C "$src" O="$out" ARCH="$arch" KCONFIG_ALLCONFIG="$out/all.config" allnoconfig
		;;
	esac
	report_lost_options
}

# kconfig drops an option whose dependency is missing without a word.
report_lost_options() {
	local line

	while read -r line; do
		grep -qxF "$line" "$out/.config" || say "warning: $flavour kernel: '$line' did not take"
	done < <(grep -h '^CONFIG_.*=' "${files[@]}")
}

# Show how far the build is, one line every few seconds, without the compiler's chatter.
progress() {
	local pid=$1 start=$SECONDS files

	while kill -0 "$pid" 2>/dev/null; do
		sleep 15
		files=$(grep -c '^  CC ' "$log" || true)
		say "$flavour kernel: $files files compiled, $((SECONDS - start)) s"
	done
}

build() {
	local src pid status=0

	src=$("$VNET_ROOT/scripts/kernel-source.sh")
	say "building the $flavour kernel in $out (minutes of CPU, once)"
	rm -rf "$out"
	mkdir -p "$out"
	configure "$src" >"$log"
	# Modules are built against what "modules_prepare" and Module.symvers say; vmlinux makes the latter.
	nice make -C "$src" O="$out" ARCH="$arch" "${options[@]}" -j"${VNET_JOBS:-$(nproc)}" \
		"${target##*/}" modules >>"$log" 2>&1 &
	pid=$!
	progress "$pid" &
	wait "$pid" || status=$?
	wait
	if [ "$status" -ne 0 ]; then
		grep -n -i -m 5 -B 2 -A 8 'error' "$log" >&2 || tail -n 20 "$log" >&2
		die "the $flavour kernel did not build; see $log"
	fi
	touch "$out/.complete"
}

mkdir -p "$VNET_CACHE/kernel"
exec 8>"$VNET_CACHE/kernel/$flavour.lock"
flock -n 8 || {
	say "another run is building the $flavour kernel; waiting for it"
	flock 8
}
[ -e "$out/.complete" ] || build
echo "$out"
