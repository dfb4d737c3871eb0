# SPDX-License-Identifier: GPL-2.0
KDIR ?= /lib/modules/$(shell uname -r)/build
PREFIX ?= /usr/local
VERSION := $(shell cat VERSION)
MACHINE ?= q35

.PHONY: all modules tools demo check check-quick check-all check-debug mutate screenshots bench vm install uninstall dkms deb clean help

all: modules tools

help:
	@echo 'modules      build driver/rtc-mc146818.ko against KDIR (the running kernel)'
	@echo 'tools        build tools/rtcctl'
	@echo 'demo         show the clock on rtc_cmos and on ours in a VM, and how they compare: three minutes'
	@echo 'check        run the tests; check-quick takes some minutes, check-all adds the newest kernel'
	@echo 'check-debug  the driver on a kernel that finds faults, which is built once: half an hour in all'
	@echo 'mutate       put faults into the driver and the tools and see which tests notice'
	@echo 'screenshots  draw what rtcctl looks like, into Documentation/screenshots'
	@echo 'bench        measure both drivers in the same VMs, half an hour; BENCH=quick: four minutes'
	@echo 'vm           a shell in a VM with the driver loaded; KERNEL=6.1, MACHINE=kvm and more; Ctrl-A X leaves'
	@echo 'install      the module for the kernel of KDIR, the tools to PREFIX (/usr/local); DESTDIR is honoured'
	@echo 'uninstall    both again'
	@echo 'dkms         build and install the module by DKMS for every kernel with headers'
	@echo 'deb          build Debian packages of both into build/deb'
	@echo 'clean        what was built here; build/ with the kernels stays: remove it by hand'

# A first step that lacks something says which package has it.
modules:
	@[ -e $(KDIR)/Makefile ] || { echo 'No headers in $(KDIR):' \
		'apt install linux-headers-$(shell uname -r), or name others by KDIR='; exit 1; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tools:
	@for need in stdlib.h:libc6-dev gsl/gsl_cdf.h:libgsl-dev json-c/json.h:libjson-c-dev libsmartcols/libsmartcols.h:libsmartcols-dev; do \
		echo "#include <$${need%:*}>" | $(CC) -E - >/dev/null 2>&1 || \
			{ echo "No <$${need%:*}>, or no compiler: apt install gcc $${need#*:}"; exit 1; }; \
	done
	$(MAKE) -C tools

demo:
	@selftests/setup build vm demo
	@selftests/demo/demo

check check-quick check-all check-debug:
	@selftests/check $(or $(patsubst check-%,%,$(filter check-%,$@)),check)

mutate:
	@selftests/setup build check vm
	@selftests/mutate/run

screenshots:
	@selftests/setup build vm screenshots
	@selftests/screenshots/screenshots

bench:
	@selftests/setup build vm
	@selftests/bench/bench

vm:
	@selftests/setup build vm
	@selftests/vm/run --machine $(MACHINE) $(KERNEL:%=--kernel %) --shell $(VMFLAGS)

# The kernel's own install target signs and compresses as that kernel wants it; for
# want of a System.map among the headers it leaves depmod to us. Below DESTDIR
# that is for the package's scripts.
install: modules tools
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates modules_install
	$(if $(DESTDIR),,depmod $(RELEASE))
	$(MAKE) -C tools install PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)

RELEASE = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h)

uninstall:
	$(MAKE) -C tools uninstall PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)
	$(RM) $(DESTDIR)/lib/modules/$(RELEASE)/updates/driver/rtc-mc146818.ko*
	-rmdir $(DESTDIR)/lib/modules/$(RELEASE)/updates/driver
	$(if $(DESTDIR),,depmod $(RELEASE))

dkms:
	selftests/dkms install

deb:
	@selftests/deb build

clean:
	find driver '(' -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' -o -name '.*.cmd' \
		-o -name '.*.d' ')' -delete
	$(RM) .*.cmd *.o modules.order Module.symvers driver/modules.order
	$(MAKE) -C tools clean
	$(RM) -r build/guest build/vm build/check build/unit build/vmm build/fuzz build/cli
