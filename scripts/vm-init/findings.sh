# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What a kernel log or a taint flag has to say for a run to count as failed. Sourced in the guest.
# That the reference tracker had no memory for itself ("ref_tracker: memory ...") is what the lane of faults does to it.

VNET_BAD='BUG:|WARNING:|Oops|KASAN|UBSAN|ODEBUG:|INFO: task .* blocked for more|general protection fault'
VNET_BAD+='|suspicious RCU usage|circular locking|recursive locking|inconsistent lock state|lock held when returning'
VNET_BAD+='|DEBUG_LOCKS_WARN_ON|sleeping function called|scheduling while atomic|stall(ed|s) on|soft lockup'
VNET_BAD+='|unregister_netdevice: waiting|refcount_t:|ref_tracker: [^m]|leaked|Objects remaining|still has objects'
VNET_BAD+='|hw csum failure|bad gso|cannot create duplicate filename|page dumped because|kernel panic'
VNET_BAD+='|kmemleak: [1-9][0-9]* new suspected'
export VNET_BAD

kmsg() { echo "<5>vnet-vm: $*" >/dev/kmsg; }

# Standard input, a kernel's log, without what KCSAN says of two functions of which none is vnet's: the core has many
# such races, and knows them. A report ends with a line of "=". What another CPU says meanwhile stays.
without_foreign_races() {
	awk -v bad="$VNET_BAD" '
		function give(i) {
			for (i = 1; i <= n; i++)
				print held[i]
			n = 0
		}
		/BUG: KCSAN:/ { give(); ours = /\[vnet\]/; held[++n] = $0; next }
		!n { print; next }
		{ held[++n] = $0 }
		/\[vnet\]/ || $0 ~ bad { ours = 1 }
		/==========/ { if (ours) give(); n = 0 }
		END { give() }'
}

# kernel_findings MARK: print what went wrong since the last line that holds MARK, with what stands around
# it; false when nothing did. One process: they are dear where this runs.
kernel_findings() {
	dmesg | without_foreign_races | awk -v mark="$1" -v bad="$VNET_BAD" '
		index($0, mark) { first = NR; found = 0 }
		{ line[NR] = $0 }
		$0 ~ bad { if (!found) found = NR; last = NR }
		END {
			if (!found)
				exit 1
			from = found - 3 > first ? found - 3 : first
			to = last + 40 < from + 200 ? last + 40 : from + 200
			for (i = from; i <= to && i <= NR; i++)
				print line[i]
		}'
}

# Out-of-tree (12), unsigned (13) and "ran KUnit tests" (18) are how vnet.ko is loaded, not a fault.
# $1 is the taint before it was loaded (a CPU flag that --icount takes away is one).
bad_taint() {
	local taint

	read -r taint </proc/sys/kernel/tainted
	echo $((taint & ~$1 & ~((1 << 12) | (1 << 13) | (1 << 18))))
}

# kmemleak reports an object only once it is five seconds old and two scans have missed it.
scan_leaks() {
	[ -w /sys/kernel/debug/kmemleak ] || return 1
	sleep 5.2
	echo scan >/sys/kernel/debug/kmemleak
	echo scan >/sys/kernel/debug/kmemleak
	grep . /sys/kernel/debug/kmemleak | name_addresses
}

# The module is gone when leaks are counted, and its names with it: put back those kept in /run/.symbols.
name_addresses() {
	awk '
		FILENAME != "-" { address[++n] = $1; name[n] = $3; next }
		{ hex = substr($NF, 3) }
		$NF ~ /^0x[0-9a-f]+$/ && NF == 1 {
			while (length(hex) < 16)
				hex = "0" hex
			best = 0
			for (i = 1; i <= n; i++)
				if (address[i] <= hex && (!best || address[i] > address[best]))
					best = i
			if (best)
				$0 = $0 " " name[best] " [vnet]"
		}
		{ print }
		END { exit NR == n }' /run/.symbols -
}
