# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Shared by the scripts that build or boot kernels: where things are, and how they are named.
# Sourced, never run.

VNET_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
VNET_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/vnet
VNET_LINUX_SOURCE=linux-source-6.12
export VNET_ROOT VNET_CACHE VNET_LINUX_SOURCE

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

say() { echo "${0##*/}: $*" >&2; }

# The Debian release of a package, which names what was built from it; empty when not installed.
package_version() {
	dpkg-query -W -f '${Version}' "$1" 2>/dev/null || true
}

# Is this a kernel that kernel-build.sh makes?
is_built_here() { is_uml "$1" || [ "$1" = smp ] || [ "$1" = kcsan ]; }

# Is it User-Mode Linux?
is_uml() { [ "$1" = uml ] || [ "$1" = plain ]; }

# kernel_release 6.1|6.12|uml|plain|smp|kcsan|FULL-RELEASE: the newest installed release of a series; what is built
# here is named by its flavour.
kernel_release() {
	local headers newest=

	case $1 in
	uml | plain | smp | kcsan) echo "$1"; return ;;
	6.1 | 6.12) ;;
	*) echo "$1"; return ;;
	esac
	headers=$(find /lib/modules -maxdepth 1 -name "$1.*-amd64" -printf '%f\n' | grep -v -e -rt- -e cloud |
		sort -V) || true
	for release in $headers; do
		[ -e "/lib/modules/$release/build" ] && [ -e "/boot/vmlinuz-$release" ] && newest=$release
	done
	[ -n "$newest" ] || die "no Debian kernel $1 with headers is installed; run 'make deps'"
	echo "$newest"
}
