#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# symbols.sh: an external symbol of the module shares one namespace with the whole kernel: it begins with vnet_.
set -euo pipefail
cd "$(dirname "$0")/../.."

object=$(dirname "$(scripts/kmod.sh 6.12)")/vnet.o
# init_module, cleanup_module and __this_module are the kernel's own names; KUnit's are not in this build
kernel='^(init|cleanup)_module$|^__this_module$|^__(pfx|SCK|SCT|tracepoint|traceiter|probestub|bpf_trace)'
found=$(nm --defined-only --extern-only "$object" | awk '{ print $3 }' | grep -vE "^_*vnet_|$kernel") || true
[ -z "$found" ] || { echo "$found"; exit 1; }
