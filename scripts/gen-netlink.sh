#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Makes the uapi header and the kernel's netlink policy from docs/netlink/specs/vnet.yaml.
#   gen-netlink.sh          writes them
#   gen-netlink.sh --check  fails when the committed files are stale
set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
spec=$top/docs/netlink/specs/vnet.yaml
tarball=/usr/src/linux-source-6.12.tar.xz
tools=${XDG_CACHE_HOME:-$HOME/.cache}/vnet/ynl

# The generator lives in the kernel's source tree; Debian has no package of it alone.
fetch_generator()
{
	[ -d "$tools/linux-source-6.12/tools/net/ynl" ] && return
	[ -f "$tarball" ] || { echo "gen-netlink: $tarball is missing; run scripts/deps.sh" >&2; exit 1; }
	mkdir -p "$tools"
	tar -C "$tools" -xf "$tarball" linux-source-6.12/tools/net/ynl linux-source-6.12/Documentation/netlink
}

# The generator finds its schema beside the folder of the spec, and the root by a file named MAINTAINERS.
generate()
{
	local out=$1 src=$tools/linux-source-6.12 root py=/usr/bin/python3
	root=$(mktemp -d)
	# shellcheck disable=SC2064 # expand now: root is local
	trap "rm -rf '$root'" RETURN
	mkdir -p "$root/docs/netlink/specs" "$out/include/uapi/linux" "$out/kmod"
	touch "$root/MAINTAINERS"
	cp "$src"/Documentation/netlink/*.yaml "$root/docs/netlink/"
	cp "$spec" "$root/docs/netlink/specs/"
	run() { "$py" "$src/tools/net/ynl/ynl-gen-c.py" --spec "$root/docs/netlink/specs/vnet.yaml" "$@"; }
	run --mode uapi --header -o "$out/include/uapi/linux/vnet.h"
	run --mode kernel --header -o "$out/kmod/netlink_gen.h"
	run --mode kernel --source -o "$out/kmod/netlink_gen.c"
	# Kernel 6.1 has no split ops: the table of operations is written by hand in kmod/genl.c,
	# which therefore has to see the policies. Its policies take no constant ranges either.
	sed -i '/^\/\* Ops table/,$d; s/^static \(const struct nla_policy\)/\1/
		s/^static const \(struct netlink_range_validation\)/static \1/' "$out/kmod/netlink_gen.c"
	sed -i '/genl_split_ops\|genl_multicast_group\|_NLGRP_/d; /^enum {$/,/^};$/d; /^#endif/d' "$out/kmod/netlink_gen.h"
	{
		sed -n 's/^\(const struct nla_policy .*\]\) = {$/extern \1;/p' "$out/kmod/netlink_gen.c" |
			grep -v vnet_timeout_nl_policy
		printf '\n#endif /* _LINUX_VNET_GEN_H */\n'
	} >> "$out/kmod/netlink_gen.h"
}

fetch_generator
if [ "${1:-}" = --check ]; then
	fresh=$(mktemp -d)
	trap 'rm -rf "$fresh"' EXIT
	generate "$fresh"
	for f in include/uapi/linux/vnet.h kmod/netlink_gen.h kmod/netlink_gen.c; do
		cmp -s "$fresh/$f" "$top/$f" || { echo "gen-netlink: $f is stale; run scripts/gen-netlink.sh" >&2; exit 1; }
	done
else
	generate "$top"
fi
