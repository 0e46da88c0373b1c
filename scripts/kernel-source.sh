#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Unpack Debian's linux-source into the cache, once per package version, and print where it is.
set -euo pipefail
. "$(dirname "$0")/kernel-lib.sh"

tarball=/usr/src/$VNET_LINUX_SOURCE.tar.xz
[ -r "$tarball" ] || die "$tarball is missing; run 'make deps'"
version=$(package_version "$VNET_LINUX_SOURCE")
tree=$VNET_CACHE/src/$VNET_LINUX_SOURCE-$version

mkdir -p "$VNET_CACHE/src"
exec 9>"$VNET_CACHE/src/.lock"
flock 9
if [ ! -e "$tree/Makefile" ]; then
	say "unpacking $tarball (about 30 s, once)"
	rm -rf "$tree.part"
	mkdir "$tree.part"
	tar -xf "$tarball" -C "$tree.part" --strip-components=1
	mv "$tree.part" "$tree"
fi
echo "$tree"
