# `make` alone lists the commands.

SWIFT ?= swift
PYTHON ?= python3
# Data sets for bench-tsne. There are also mnist-like, million and cost.
TSNE_SETS ?= digits gap3k gap15k

# Tests need -enable-testing, plain builds do not. Separate folders keep them from rebuilding each other's modules.
TEST_BUILD := .build-tests
BINARIES = $$($(SWIFT) build -c release --show-bin-path)
# The program for other machines: contains Swift's runtime and looks for libraries beside itself first.
PORTABLE := .build-portable
PORTABLE_BUILD = $(SWIFT) build -c release --product penumbra --static-swift-stdlib --scratch-path $(PORTABLE) \
  -Xlinker -rpath -Xlinker '$$ORIGIN/../lib/penumbra' -Xlinker --disable-new-dtags
PORTABLE_BINARY = "$$($(SWIFT) build -c release --scratch-path $(PORTABLE) --show-bin-path)/penumbra"
PREFIX ?= /usr/local
# Options of `penumbra reproduce` for `make figures`.
REPRODUCE ?= --preset quick
# The commit in `penumbra --version` and in records of runs. Set it when building from a source archive without git.
PENUMBRA_COMMIT ?= $(shell git describe --always --abbrev=12 --exclude '*' --dirty=+changes 2> /dev/null)
export PENUMBRA_COMMIT
SWIFT_FILES = Package.swift $(shell find Sources Tests Benchmarks Tools -name '*.swift' -not -path '*/.build*')

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help deps build build-maps portable can-install install uninstall dist deb wheel roots build-tests mpi-program test lint figures bench-backbones bench-loader bench-figures bench-tsne fuzz sanitize clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## install the libraries that are missing (apt; without it, name them)
	@SWIFT="$(SWIFT)" Tools/dependencies.sh

build: deps ## build the program, optimised
	$(SWIFT) build -c release --product penumbra

# A separate folder, so that the two builds do not overwrite each other.
build-maps: ## build without oneDNN: maps, figures and comparisons of features, no networks
	@SWIFT="$(SWIFT)" Tools/dependencies.sh --maps
	PENUMBRA_WITHOUT_ONEDNN=1 $(SWIFT) build -c release --product penumbra --scratch-path .build-maps

portable: deps ## build the program that install, dist, deb and wheel use
	@icu=$$(SWIFT="$(SWIFT)" Tools/packaging/icu-data.sh) && export PENUMBRA_ICU_DATA="$$icu" && set -x && $(PORTABLE_BUILD)

# Checks PREFIX before the build spends minutes.
can-install:
	@Tools/packaging/install.sh --check "$(PREFIX)"

install: can-install portable ## install program, man pages and completions under PREFIX (/usr/local)
	@Tools/packaging/install.sh $(PORTABLE_BINARY) "$(PREFIX)"

uninstall: ## remove what install put under PREFIX
	@Tools/packaging/install.sh --remove "$(PREFIX)"

dist: portable ## pack a folder that runs on other systems into dist/ (.tar.gz and SHA-256)
	@SWIFT="$(SWIFT)" Tools/packaging/tree.sh $(PORTABLE_BINARY) $(PORTABLE)/tree
	@Tools/packaging/archive.sh $(PORTABLE)/tree dist

deb: portable ## make a package for this Debian or Ubuntu in dist/
	@Tools/packaging/deb.sh $(PORTABLE_BINARY) dist

wheel: dist ## pack the same folder as a wheel for pip in dist/ (needs Python)
	@$(PYTHON) Tools/packaging/wheel.py $(PORTABLE)/tree dist

roots: ## build and try the program in a fresh Debian 13 root (as root, needs debootstrap)
	Tools/roots/try.sh debian13

# `swift test` alone would build with other flags than `swift build`, and so compile everything again for the fuzzers.
TEST_OPTIONS = -c release -Xswiftc -enable-testing --disable-xctest --scratch-path $(TEST_BUILD)
build-tests: deps
	$(SWIFT) build --build-tests $(TEST_OPTIONS)

# The program that PENUMBRA_MPI_PROGRAM names for the tests of several processes. In the folder of the tests and after them, with
# their options: only what knows of MPI is compiled, and then linked.
mpi-program: build-tests
	PENUMBRA_MPI=1 $(SWIFT) build $(TEST_OPTIONS) --product penumbra
	mkdir -p $(TEST_BUILD)/mpi
	cp "$$(PENUMBRA_MPI=1 $(SWIFT) build $(TEST_OPTIONS) --show-bin-path 2> /dev/null)/penumbra" $(TEST_BUILD)/mpi/penumbra

# LINT= skips the format check, whose rules differ between Swift versions. FILTER=BackbonesTests runs only what contains that name.
LINT = lint
test: deps $(LINT) build-tests ## check the format, then build and run all tests
	$(SWIFT) test --skip-build $(TEST_OPTIONS) $(if $(FILTER),--filter '$(FILTER)')

lint: ## check the format of every Swift file
	@echo "$(SWIFT) format lint --strict"
	@$(SWIFT) format lint --strict --parallel $(SWIFT_FILES)

figures: build ## make data, trainings, t-SNE and Figure 1 in figures/ (preset quick)
	"$(BINARIES)/penumbra" reproduce $(REPRODUCE) --out figures

bench-backbones: deps ## compare the backbones' speed with PyTorch's (needs Python with torch)
	$(SWIFT) build -c release --package-path Benchmarks
	for backbone in densenet121 resnet50v2 resnet18_cifar resnet50; do \
	  $(PYTHON) Benchmarks/backbones.py --backbone $$backbone \
	    "$$($(SWIFT) build -c release --package-path Benchmarks --show-bin-path)/backbone-bench" || exit; \
	done

bench-loader: deps ## measure loading images from files and memory (needs Python with numpy and Pillow)
	$(SWIFT) build -c release --package-path Benchmarks --product loader-bench
	$(PYTHON) Benchmarks/loader.py "$$($(SWIFT) build -c release --package-path Benchmarks --show-bin-path)/loader-bench"

bench-figures: build ## compare drawing the 2 x 2 figure with matplotlib (needs Python with matplotlib)
	$(PYTHON) Benchmarks/figures_matplotlib.py --penumbra "$(BINARIES)/penumbra"

bench-tsne: build ## compare t-SNE's speed and quality with peers (needs Python, scikit-learn, openTSNE)
	$(PYTHON) Benchmarks/tsne_peers.py --penumbra "$(BINARIES)/penumbra" --sets $(TSNE_SETS)
	$(PYTHON) Benchmarks/tsne_limit.py --penumbra "$(BINARIES)/penumbra"

fuzz: deps ## fuzz every reader of files for a minute each (libFuzzer)
	SWIFT="$(SWIFT)" Tools/fuzz/run.sh

# Runs all tests under the address sanitizer, the C code also under the undefined-behaviour sanitizer in trap mode. (swiftc
# has no such sanitizer on Linux; Swift checks most of it at run time.) The thread sanitizer covers only the thread team and
# the loader, because oneDNN and OpenBLAS are not built for it. Skipped: commands under memory limits, because sanitizers
# reserve far more address space, and tests of peak memory. Swift's backtraces are off: they never finish under a sanitizer.
sanitize: deps ## fuzz and test under sanitizers (address, undefined behaviour, thread)
	SWIFT="$(SWIFT)" SANITIZE=address SECONDS_EACH=10 Tools/fuzz/run.sh
	SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0:handle_sigill=1 $(SWIFT) test -Xswiftc -enable-testing \
	  --disable-xctest --sanitize=address -Xcc -fsanitize=undefined -Xcc -fsanitize-trap=undefined \
	  --scratch-path .build-address --skip RefusedMemoryTests --skip LittleMoreMemory
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tools/fuzz/thread-sanitizer.txt $(SWIFT) test -Xswiftc -enable-testing \
	  --disable-xctest --sanitize=thread --scratch-path .build-thread --filter NumericsTests \
	  --filter BatchPrefetcherTests --skip RefusedMemoryTests

clean: ## remove what was built (runs and figures stay)
	rm -rf .build .build-maps $(PORTABLE) dist .build-fuzz* .build-address .build-thread $(TEST_BUILD)
