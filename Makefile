# SPDX-License-Identifier: GPL-2.0
# vnet: build, test, install. "make help" lists the verbs.
#
# KVER names the kernel a module is built for: a release with headers in /lib/modules, or 6.1, 6.12 or uml
# for the newest of that series that is installed.

KVER ?=
PREFIX ?= /usr
DESTDIR ?=
export PREFIX DESTDIR

running := $(shell uname -r)
target := $(or $(KVER),$(running))
have_headers := $(or $(KVER),$(wildcard /lib/modules/$(running)/build/Makefile))
# make's own variables reach the module's build only when the user set them
passed := $(foreach v,W WERROR C,$(if $(filter command line environment,$(origin $(v))),$(v)='$($(v))'))

.PHONY: all help kmod userland deps demo check check-fast check-kselftest prove soak coverage bench install uninstall clean
all: kmod userland ## build the module for the running kernel and the tools

help: ## this list
	@echo 'usage: make VERB [VARIABLE=VALUE...]'
	@sed -n 's/^\([a-z][a-z -]*\):[^#]*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'
	@echo
	@echo 'kmod, install:  KVER=6.1|6.12|uml|RELEASE  WERROR=0'
	@echo 'install:        DESTDIR=DIR PREFIX=/usr'
	@echo 'check:          T=NAME (one test, on every lane)  K=static|uml|6.1|6.12|prove (one lane)'
	@echo 'prove, soak:    MIN=10 SEED=NUMBER LANES="churn faults"'

kmod: ## build vnet.ko (KVER=, default the running kernel)
ifneq ($(have_headers),)
	@$(passed) scripts/kmod.sh $(target)
else
	@echo 'kmod: no headers of the running kernel $(running) are installed; give KVER=6.1, 6.12, uml or a release'
endif

userland: ## build vnetctl and the plugins of ip(8)
	@$(MAKE) --no-print-directory -C userland all

deps: ## install the Debian packages that all of this needs
	@scripts/deps.sh

demo: ## boot a VM and show vnet at work (changes nothing here)
	@scripts/deps.sh --quiet
	@scripts/demo.sh $(K)

check: ## run every check: static, cost of a packet, debug kernel in UML, 6.1 and 6.12 in QEMU, two minutes of prove
	@scripts/check/check.sh

check-fast: ## the static lane and the quick tests on the debug kernel: about five minutes once built
	@scripts/check/check.sh --fast

check-kselftest: ## the kernel's own tests of bridges against a vnet; T=NAME runs one of them
	@scripts/check-kselftest.sh $(T)

prove: ## look for bugs for MIN=10 minutes: faults, races, fuzz, a hostile tenant, endurance
	@scripts/prove.sh

soak: ## mixed traffic for MIN=10 minutes, every byte compared
	@LANES=soak scripts/prove.sh

coverage: ## which lines of kmod/ the tests reach, as a table and as HTML
	@scripts/deps.sh --quiet
	@scripts/coverage.sh

bench: ## what a packet costs, ours and the peers' (K=6.12 QUICK=1 CURVES=1 T=WORD)
	@scripts/deps.sh --quiet
	@scripts/bench.sh

install: ## install module, tools, plugins, man page and completion (DESTDIR=, KVER=)
	@scripts/install.sh install $(target) '$(have_headers)'

uninstall: ## remove what install put there
	@scripts/install.sh uninstall $(target) '$(have_headers)'

clean: ## remove everything that was built here (the cached debug kernel stays)
	rm -rf build
