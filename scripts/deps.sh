#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# deps.sh [--list]: install the Debian packages that building and testing vnet takes, and only those missing.
set -euo pipefail

build="git gcc make libc6-dev perl python3 python3-yaml python3-jsonschema pkg-config libmnl-dev linux-headers-amd64 linux-headers-6.12-amd64"
debug_kernel="linux-source-6.12 bc bison flex libelf-dev libssl-dev xz-utils"
machines="linux-image-amd64 linux-image-6.12-amd64 qemu-system-x86 busybox-static cpio kmod util-linux procps"
checks="sparse shellcheck clang-tidy universal-ctags codespell lcov clang llvm libclang-rt-14-dev"
tests="iproute2 iputils-ping iputils-arping tcpdump socat wget netcat-openbsd nftables dnsmasq-base udhcpc jq ethtool iperf3
	conntrack bridge-utils libcap2-bin libnl-3-dev libnl-genl-3-dev libnl-route-3-dev"

missing_packages() {
	local package

	# shellcheck disable=SC2086 # lists of names
	for package in $build $debug_kernel $machines $checks $tests; do
		case $(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null) in
		ii*) ;;
		*) echo "$package" ;;
		esac
	done
}

# The third-party sources of a machine may be broken without ours being so; installing tells.
refresh_lists() {
	echo "deps: apt-get update"
	apt-get -q update || echo "deps: apt-get update had errors; trying to install all the same" >&2
}

install_packages() {
	# No initramfs for kernels that only ever boot in our VMs.
	INITRD=No DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
		-o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 install "$@" </dev/null
}

[ -r /etc/debian_version ] || {
	echo "deps: this is not Debian; install the counterparts of: $build $debug_kernel $machines $checks $tests" >&2
	exit 1
}
mapfile -t missing < <(missing_packages)
if [ "${1:-}" = --list ]; then
	[ ${#missing[@]} -eq 0 ] || printf '%s\n' "${missing[@]}"
	exit 0
fi
if [ ${#missing[@]} -eq 0 ]; then
	[ "${1:-}" = --quiet ] || echo "deps: nothing to do"
	exit 0
fi
echo "deps: missing: ${missing[*]}"
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || { echo "deps: run this as root, or install sudo" >&2; exit 1; }
	exec sudo "$0" "$@"
fi
[ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -mtime -1 -print -quit)" ] || refresh_lists
install_packages "${missing[@]}" || { refresh_lists; install_packages "${missing[@]}"; }
