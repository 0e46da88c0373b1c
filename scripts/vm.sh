#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm.sh: the one way into a virtual machine. See usage() below.
#
# The guest sees the host's whole root, read-only underneath a RAM overlay: every command of the host works
# in it, may write anywhere, and leaves nothing behind. Its first program is scripts/vm-init/initramfs (QEMU)
# or scripts/vm-init/uml, then scripts/vm-init/guest, which writes a word we chose to a channel of its own
# at the very end. Without that word the run has failed, whatever else it printed.
set -euo pipefail
. "$(dirname "$0")/kernel-lib.sh"

usage() {
	cat <<-'EOF'
	usage: vm.sh [OPTIONS] -- COMMAND [ARGUMENTS...]

	Boot a kernel, load vnet, run COMMAND as root in a tree identical to this host's, exit with its status.

	  -k KERNEL         6.1 (default) or 6.12: Debian's, in QEMU; uml: User-Mode Linux with debugging on; smp: debug
	                    kernel in QEMU, whose processors run at once; kcsan: the same, looking for data races;
	                    plain: User-Mode Linux without debugging, for benchmarks
	  -c CPUS           emulated processors (default 2; User-Mode Linux has one)
	  -m MB             memory
	  -t SECONDS        give up after so long (default 900)
	  --icount          one instruction is one nanosecond of guest time (one CPU)
	  --no-load         do not load the module before COMMAND: for tests of autoload
	  --no-leaks        skip the six seconds of kmemleak at the end (uml, smp)
	  --no-build        use what was built before
	  --log DIR         keep the console's output and the kernel's log there, and what COMMAND writes to
	                    /run/vnet-vm/kept (uml)

	COMMAND's standard input is /dev/null. VNET_*, T, V and K are passed on from the environment.
	Exit status: COMMAND's own; 124 on timeout; 125 when the guest could not run it or crashed; 99 when
	COMMAND succeeded but the kernel complained, leaked or kept the module.
	EOF
}

parse_arguments() {
	kernel=6.1 cpus=2 memory='' limit=900 icount=no load=yes leaks=yes build=yes log=''
	while [ $# -gt 0 ]; do
		case $1 in
		-k) kernel=${2-}; shift ;;
		-c) cpus=${2-}; shift ;;
		-m) memory=${2-}; shift ;;
		-t) limit=${2-}; shift ;;
		--log) log=${2-}; shift ;;
		--icount) icount=yes ;;
		--no-load) load=no ;;
		--no-leaks) leaks=no ;;
		--no-build) build=no ;;
		-h | --help) usage; exit 0 ;;
		--) shift; break ;;
		*) usage >&2; die "unknown option '$1'" ;;
		esac
		shift
	done
	[ $# -gt 0 ] || { usage >&2; die "no COMMAND given after --"; }
	[ -n "$memory" ] || { is_built_here "$kernel" && memory=2048; } || memory=1536
	[[ $cpus$memory$limit =~ ^[0-9]+$ ]] || die "-c, -m and -t want a number"
	command=("$@")
}

# Build what is stale. One build at a time in this tree; a second vm.sh waits and then finds it done.
build_everything() {
	[ "$build" = yes ] || return 0
	mkdir -p "$VNET_ROOT/build"
	exec 7>"$VNET_ROOT/build/.lock"
	flock 7
	if [ -e "${VNET_KMOD_DIR:-$VNET_ROOT/kmod}/Kbuild" ]; then
		"$VNET_ROOT/scripts/kmod.sh" "$release" >/dev/null || die "the module does not build; nothing was run"
	fi
	if [ -e "$VNET_ROOT/userland/Makefile" ]; then
		make -s -C "$VNET_ROOT/userland" >&2 7>&- || die "the tools do not build; nothing was run"
	fi
	# Else the guest would build them in its memory at every boot.
	if [ -e "$VNET_ROOT/selftests/Makefile" ]; then
		make -s -C "$VNET_ROOT/selftests" >&2 7>&- || die "the tests' tools do not build; nothing was run"
	fi
	if [ -e "$VNET_ROOT/prove/Makefile" ]; then
		make -s -C "$VNET_ROOT/prove" >&2 7>&- || die "the programs of prove/ do not build; nothing was run"
	fi
	exec 7>&-
}

# An initramfs of busybox and the few modules it takes to reach the host's root.
initramfs() {
	local hash out tree module file

	hash=$({ cat "$VNET_ROOT/scripts/vm-init/initramfs"; package_version "linux-image-$release"
		package_version busybox-static; echo "$guest_modules"; } | sha256sum | cut -c1-12)
	out=$VNET_CACHE/initramfs/$release-$hash.cpio.gz
	initrd=$out
	[ ! -e "$out" ] || return 0
	say "making the initramfs for $release"
	tree=$(mktemp -d)
	mkdir -p "$tree/bin" "$tree/lib" "$VNET_CACHE/initramfs"
	cp "$(command -v busybox)" "$tree/bin/busybox"
	cp "$VNET_ROOT/scripts/vm-init/initramfs" "$tree/init"
	for module in $guest_modules; do
		modprobe -S "$release" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
	done | awk '!seen[$0]++' >"$tree/list"
	: >"$tree/modules"
	while read -r file; do
		module=$(basename "${file%.xz}")
		case $file in
		*.xz) xz -dc "$file" >"$tree/lib/$module" ;;
		*) cp "$file" "$tree/lib/$module" ;;
		esac
		echo "$module" >>"$tree/modules"
	done <"$tree/list"
	rm "$tree/list"
	(cd "$tree" && find . | cpio --quiet -o -H newc | gzip -1) >"$out.$$"
	mv "$out.$$" "$out"
	rm -rf "$tree"
}

# Lay out the run's directory: the orders for the guest, and a snapshot of the module and its indexes.
prepare_run() {
	local name built=$release${VNET_GCOV:+-gcov} machine_kind=qemu

	! is_uml "$kernel" || machine_kind=uml
	run=$(mktemp -d /tmp/vnet-vm.XXXXXX)
	trap cleanup EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	mkdir "$run/root" "$run/guest-writes"
	cp "$VNET_ROOT"/scripts/vm-init/{guest,findings.sh,fstab,uml} "$run/"
	mkdir -p "$run/dev/net"
	ln -s /proc/self/fd "$run/dev/fd"
	ln -s /proc/self/fd/0 "$run/dev/stdin"
	ln -s /proc/self/fd/1 "$run/dev/stdout"
	ln -s /proc/self/fd/2 "$run/dev/stderr"
	if [ -e "$VNET_ROOT/build/$built/root" ]; then
		cp -r "$VNET_ROOT/build/$built/root/." "$run/root/"
	elif [ "$load" = yes ]; then
		say "there is no vnet.ko for $release yet; going on without it"
		load=no
	fi
	printf '%s\0' "${command[@]}" >"$run/argv"
	word="vnet-vm-success-$RANDOM$RANDOM"
	{
		for name in $(compgen -e | grep -xE 'VNET_[A-Z_0-9]*|T|V|K|NO_COLOR'); do
			[ "$name" = VNET_RUN ] || printf '%s=%s\0' "$name" "${!name}"
		done
		printf '%s\0' "VNET_VM_KERNEL=$kernel" "VNET_VM_MACHINE=$machine_kind" "VNET_VM_CWD=$PWD" "VNET_VM_LOAD=$load" \
			"VNET_VM_LEAKS=$leaks" "VNET_VM_WORD=$word" "VNET_BUILD=$VNET_ROOT/build" \
			"PATH=$VNET_ROOT/build/userland:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
			"IP_LIB_DIR=$VNET_ROOT/build/userland" HOME=/root USER=root LC_ALL=C.UTF-8 TERM=dumb
	} >"$run/env"
	mkfifo "$run/stdout" "$run/stderr"
}

# shellcheck disable=SC2317 # the trap calls it
cleanup() {
	[ -z "${machine:-}" ] || kill -KILL "$machine" 2>/dev/null || true
	stop_watchdog
	[ -z "$log" ] || cp -r "$run"/console "$run"/guest-writes/{dmesg,kept} "$log/" 2>/dev/null || true
	rm -rf "$run"
}

start_watchdog() {
	(
		trap 'kill "$nap"; exit' TERM
		sleep "$limit" &
		nap=$!
		wait "$nap"
		touch "$run/timeout"
		kill -KILL "$machine"
	) </dev/null >/dev/null 2>&1 &
	watchdog=$!
}

stop_watchdog() {
	[ -n "${watchdog:-}" ] || return 0
	kill "$watchdog" 2>/dev/null || true
	wait "$watchdog" 2>/dev/null || true
	watchdog=
}

# /dev/kvm may exist and still hang with a stock kernel (nested hosts): trust it after one guest has booted.
choose_accelerator() {
	if [ "$icount" = yes ]; then
		accelerator="tcg,thread=single -icount shift=0,sleep=off"
		cpus=1
		append+=" tsc=reliable no_timer_check clearcpuid=erms,fsrm,fsrs"
	elif is_built_here "$kernel"; then
		# These never patch their code, see below, and races want processors that run at once.
		accelerator=tcg,thread=multi
		# Time by ticks stands still whenever the host has no time for the emulator. The emulator shows each processor
		# the host's own time stamp counter, of which the kernel cannot know how fast it is.
		append+=" tsc=reliable tsc_early_khz=$(host_tsc_khz)"
	elif kvm_works; then
		accelerator=kvm
	else
		# With a thread for each CPU the emulator lets one run code that another has patched since ("Oops: int3"):
		# stock 6.12 died of it at boot and whenever a jump label was switched under traffic.
		accelerator=tcg,thread=single
	fi
}

host_tsc_khz() {
	local file

	file=$VNET_CACHE/tsc-khz-$(cat /proc/sys/kernel/random/boot_id)
	if [ ! -s "$file" ]; then
		gcc -O2 -o "$run/tsc-khz" "$VNET_ROOT/scripts/vm-init/tsc-khz.c"
		"$run/tsc-khz" >"$file.$$"
		mv "$file.$$" "$file"
	fi
	cat "$file"
}

kvm_works() {
	local verdict

	[ "${VNET_KVM:-1}" = 1 ] && [ -w /dev/kvm ] || return 1
	verdict=$VNET_CACHE/kvm-$(cat /proc/sys/kernel/random/boot_id)-$release
	if [ ! -e "$verdict" ]; then
		# The braces swallow what bash says about a QEMU that aborts.
		{ timeout -s KILL 20 qemu-system-x86_64 -accel kvm -cpu host -m 512 -smp 2 -nodefaults -display none \
			-no-reboot -serial "file:$run/probe" -kernel "$image" -initrd "$initrd" \
			-append "console=ttyS0 panic=-1 rdinit=/bin/nothing" </dev/null; } >/dev/null 2>&1 || true
		if grep -q 'Kernel panic' "$run/probe"; then
			echo yes >"$verdict"
		else
			say "/dev/kvm does not boot $release; emulating"
			echo no >"$verdict"
		fi
	fi
	[ "$(cat "$verdict")" = yes ]
}

start_qemu() {
	local share=local,security_model=none,readonly=on,multidevs=remap

	image=/boot/vmlinuz-$release
	if is_built_here "$kernel"; then
		image=$("$VNET_ROOT/scripts/kernel-build.sh" "$kernel")/arch/x86/boot/bzImage
		guest_modules=
	fi
	initramfs
	append="console=ttyS0 quiet panic=-1 oops=panic mitigations=off net.ifnames=0 log_buf_len=4M"
	append+=" random.trust_cpu=on nokaslr watchdog_thresh=30 rcupdate.rcu_cpu_stall_timeout=90 VNET_RUN=$run"
	[ "$kernel" != kcsan ] || append+=" kcsan.early_enable=1 kcsan.skip_watch=200 kcsan.udelay_interrupt=80"
	choose_accelerator
	# One processor in each socket: without ACPI a kernel learns of no more than that.
	# shellcheck disable=SC2086 # the accelerator may be two arguments
	setpriv --pdeathsig KILL qemu-system-x86_64 -M pc -cpu max -accel $accelerator -smp "$cpus,sockets=$cpus" -m "$memory" \
		-nodefaults -display none -nic none -no-reboot -serial "file:$run/console" \
		-kernel "$image" -initrd "$initrd" -append "$append" \
		-fsdev "$share,id=host,path=/" -device virtio-9p-pci,fsdev=host,mount_tag=host \
		-fsdev "$share,id=extra,path=$run/root" -device virtio-9p-pci,fsdev=extra,mount_tag=extra \
		-device virtio-serial-pci \
		-chardev "file,id=out,path=$run/stdout" -device virtserialport,nr=1,chardev=out \
		-chardev "file,id=err,path=$run/stderr" -device virtserialport,nr=2,chardev=err \
		-chardev "file,id=res,path=$run/guest-writes/result" -device virtserialport,nr=3,chardev=res \
		-chardev "file,id=log,path=$run/guest-writes/dmesg" -device virtserialport,nr=4,chardev=log \
		</dev/null >>"$run/qemu" 2>&1 &
	machine=$!
}

# hostfs would let the guest's root write to the host. A mount namespace in which everything but the run's
# own directory is read-only takes that away; a PID namespace takes its helper processes down with it.
start_uml() {
	local linux

	linux=$("$VNET_ROOT/scripts/kernel-build.sh" "$kernel")/linux
	setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child=KILL "$VNET_ROOT/scripts/vm-init/uml-jail" "$run/guest-writes" \
		"$linux" "mem=${memory}M" root=/dev/root rootfstype=hostfs rootflags=/ ro "init=$run/uml" \
		con=null con0=null,fd:1 ssl=null ssl0=null,fd:3 ssl1=null,fd:4 \
		quiet panic=-1 oops=panic log_buf_len=4M bonding.max_bonds=0 \
		dummy.numdummies=0 ifb.numifbs=0 "VNET_RUN=$run" \
		</dev/null >"$run/console" 2>&1 3>"$run/stdout" 4>"$run/stderr" &
	machine=$!
}

wait_for_machine() {
	local copiers

	cat "$run/stdout" &
	copiers=$!
	cat "$run/stderr" >&2 &
	copiers+=" $!"
	if is_uml "$kernel"; then start_uml; else start_qemu; fi
	start_watchdog
	wait "$machine" 2>/dev/null || true
	machine=
	stop_watchdog
	# If the machine never opened its ends, the copiers still wait for them.
	: 3<>"$run/stdout" 4<>"$run/stderr"
	# shellcheck disable=SC2086 # two numbers
	wait $copiers || true
}

# The console from the first complaint on, or its end.
last_words() {
	tr -d '\r' <"$run/console" >"$run/text"
	grep -q -m 1 -E 'BUG:|Oops|panic|WARNING:' "$run/text" || { tail -n 30 "$run/text"; return; }
	grep -m 1 -E -A 100 'BUG:|Oops|panic|WARNING:' "$run/text"
}

# A guest that dies before it has begun, which no module of ours can be the reason of, is tried again.
run_guest() {
	local attempt

	for attempt in 1 2 3; do
		prepare_run
		wait_for_machine
		if [ -s "$run/guest-writes/result" ] || [ -e "$run/timeout" ] || [ $attempt = 3 ]; then
			return
		fi
		say "the guest's kernel died before it ran anything; trying again"
		last_words >&2 || true
		cleanup
	done
}

verdict() {
	local result=$run/guest-writes/result status findings

	if [ -e "$run/timeout" ]; then
		last_words >&2
		say "no end after $limit s: the guest was killed"
		exit 124
	fi
	if ! grep -qxF "$word" "$result" 2>/dev/null; then
		cat "$run/qemu" 2>/dev/null >&2 || true
		last_words >&2 || true
		say "the guest ended without the word of success: it crashed or was stopped"
		exit 125
	fi
	status=$(sed -n 's/^status //p' "$result")
	findings=$(sed -n 's/^findings //p' "$result")
	if [ "$findings" != 0 ] && [ "$status" = 0 ]; then
		exit 99
	fi
	exit "$status"
}

guest_modules="virtio_pci virtio_console 9pnet_virtio 9p overlay"

# Read whole before it runs: the file may change while a guest is up.
main() {
	parse_arguments "$@"
	release=$(kernel_release "$kernel")
	is_built_here "$kernel" || [ -r "/boot/vmlinuz-$release" ] || die "kernel $release is not installed; run 'make deps'"
	! is_uml "$kernel" || [ "$(id -u)" = 0 ] || die "-k $kernel needs root: namespaces keep its guest off this host's files"
	build_everything
	run_guest
	verdict
}

main "$@"
# shellcheck disable=SC2317 # verdict exits; what an editor puts behind this line must not run
exit
