#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# install.sh install|uninstall KVER [HAVE_HEADERS]: what "make install" does. DESTDIR and PREFIX come from the
# environment. Without headers only the tools are handled, and that is said.
set -euo pipefail
. "$(dirname "$0")/kernel-lib.sh"

verb=$1
release=$(kernel_release "$2")
have_headers=${3:-}
destdir=${DESTDIR:-}
modules=$destdir/lib/modules/$release/updates
options=$destdir/lib/modprobe.d/vnet.conf
[ "$release" != uml ] || die "the module for uml is not for installing; give a KVER of this machine"

# A package is built for another machine: its own installation runs depmod.
index() {
	[ -z "$destdir" ] || return 0
	depmod -a "$release"
}

case $verb in
install)
	if [ -n "$have_headers" ]; then
		ko=$("$VNET_ROOT/scripts/kmod.sh" "$release")
		install -D -m 644 "$ko" "$modules/vnet.ko"
		index
		install -D -m 644 "$VNET_ROOT/scripts/modprobe.conf" "$options"
		echo "installed $modules/vnet.ko and $options"
	else
		say "no headers of the running kernel $release: the module is not installed (see KVER= in make help)"
	fi
	make --no-print-directory -C "$VNET_ROOT/userland" install
	;;
uninstall)
	if [ -e "$modules/vnet.ko" ]; then
		rm "$modules/vnet.ko"
		rmdir --ignore-fail-on-non-empty -p "$modules" 2>/dev/null || true
		index
		echo "removed $modules/vnet.ko"
	fi
	rm -f "$options"
	make --no-print-directory -C "$VNET_ROOT/userland" uninstall
	;;
*) die "usage: install.sh install|uninstall KVER [HAVE_HEADERS]" ;;
esac
