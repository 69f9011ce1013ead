# Penumbra's commands. `make` alone lists them.

SWIFT ?= swift
PYTHON ?= python3
# What bench-tsne runs on; there are also mnist-like, million and cost.
TSNE_SETS ?= digits gap3k gap15k

# Tests are compiled with testability, which plain builds are not: a folder each, so that neither rebuilds the other.
TEST_BUILD := .build-tests
BINARIES = $$($(SWIFT) build -c release --show-bin-path)
# The program that is passed on: with Swift's runtime in it, and looking for libraries beside itself first.
PORTABLE := .build-portable
PORTABLE_BUILD = $(SWIFT) build -c release --product penumbra --static-swift-stdlib --scratch-path $(PORTABLE) \
  -Xlinker -rpath -Xlinker '$$ORIGIN/../lib/penumbra' -Xlinker --disable-new-dtags
PORTABLE_BINARY = "$$($(SWIFT) build -c release --scratch-path $(PORTABLE) --show-bin-path)/penumbra"
PREFIX ?= /usr/local
# What `make figures` makes.
REPRODUCE ?= --preset quick
# What `penumbra --version` and the records of runs say; an archive of the sources may hand it in.
PENUMBRA_COMMIT ?= $(shell git describe --always --abbrev=12 --exclude '*' --dirty=+changes 2> /dev/null)
export PENUMBRA_COMMIT
SWIFT_FILES = Package.swift $(shell find Sources Tests Benchmarks Tools -name '*.swift' -not -path '*/.build*')

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help deps build build-maps portable can-install install uninstall dist deb wheel roots test lint figures bench-backbones bench-loader bench-figures bench-tsne fuzz sanitize clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## install the libraries that are missing (apt; without it, name them)
	@SWIFT="$(SWIFT)" Tools/dependencies.sh

build: deps ## build the program, optimised
	$(SWIFT) build -c release --product penumbra

# In a folder of its own, so that neither build undoes the other.
build-maps: ## build without oneDNN: maps, figures and comparisons of features, no networks
	@SWIFT="$(SWIFT)" Tools/dependencies.sh --maps
	PENUMBRA_WITHOUT_ONEDNN=1 $(SWIFT) build -c release --product penumbra --scratch-path .build-maps

portable: deps ## build the program as install, dist, deb and wheel take it
	@icu=$$(SWIFT="$(SWIFT)" Tools/packaging/icu-data.sh) && export PENUMBRA_ICU_DATA="$$icu" && set -x && $(PORTABLE_BUILD)

# Before the build takes its minutes.
can-install:
	@Tools/packaging/install.sh --check "$(PREFIX)"

install: can-install portable ## install program, man pages and completions below PREFIX (/usr/local)
	@Tools/packaging/install.sh $(PORTABLE_BINARY) "$(PREFIX)"

uninstall: ## remove what install put below PREFIX
	@Tools/packaging/install.sh --remove "$(PREFIX)"

dist: portable ## a folder that runs on other systems, packed into dist/ (.tar.gz, with its SHA-256)
	@SWIFT="$(SWIFT)" Tools/packaging/tree.sh $(PORTABLE_BINARY) $(PORTABLE)/tree
	@Tools/packaging/archive.sh $(PORTABLE)/tree dist

deb: portable ## a package for this Debian or Ubuntu, into dist/
	@Tools/packaging/deb.sh $(PORTABLE_BINARY) dist

wheel: dist ## the same folder as a wheel for pip, into dist/ (needs Python)
	@$(PYTHON) Tools/packaging/wheel.py $(PORTABLE)/tree dist

roots: ## build and try the program in a Debian 13 root of its own (as root, needs debootstrap)
	Tools/roots/try.sh debian13

# LINT= leaves the format check out, whose rules differ from one Swift to the next.
LINT = lint
test: deps $(LINT) ## check the format, then build and run all tests
	$(SWIFT) test -c release -Xswiftc -enable-testing --disable-xctest --scratch-path $(TEST_BUILD)

lint: ## check the format of every Swift file
	@echo "$(SWIFT) format lint --strict"
	@$(SWIFT) format lint --strict --parallel $(SWIFT_FILES)

figures: build ## the main job: data, training, t-SNE and Figure 1 into figures/ (preset quick)
	"$(BINARIES)/penumbra" reproduce $(REPRODUCE) --out figures

bench-backbones: deps ## the backbones' speed beside PyTorch's (needs Python with torch)
	$(SWIFT) build -c release --package-path Benchmarks
	for backbone in densenet121 resnet50v2 resnet18_cifar resnet50; do \
	  $(PYTHON) Benchmarks/backbones.py --backbone $$backbone \
	    "$$($(SWIFT) build -c release --package-path Benchmarks --show-bin-path)/backbone-bench" || exit; \
	done

bench-loader: deps ## how fast images come from files and from memory (needs Python with numpy and Pillow)
	$(SWIFT) build -c release --package-path Benchmarks --product loader-bench
	$(PYTHON) Benchmarks/loader.py "$$($(SWIFT) build -c release --package-path Benchmarks --show-bin-path)/loader-bench"

bench-figures: build ## how fast the 2 x 2 figure is drawn beside matplotlib (needs Python with it)
	$(PYTHON) Benchmarks/figures_matplotlib.py --penumbra "$(BINARIES)/penumbra"

bench-tsne: build ## t-SNE's speed and quality beside its peers' (needs Python with scikit-learn and openTSNE)
	$(PYTHON) Benchmarks/tsne_peers.py --penumbra "$(BINARIES)/penumbra" --sets $(TSNE_SETS)
	$(PYTHON) Benchmarks/tsne_limit.py --penumbra "$(BINARIES)/penumbra"

fuzz: deps ## feed every reader of foreign files broken ones, a minute each (libFuzzer)
	SWIFT="$(SWIFT)" Tools/fuzz/run.sh

# All tests under the address sanitizer, their C also under the undefined-behaviour sanitizer, which traps (Swift's compiler
# has none for Linux; Swift checks most of it itself). The thread sanitizer looks at the thread team and the loader alone,
# since oneDNN and OpenBLAS are not built for it. Commands under limits of memory are left out: the sanitizers reserve far
# more address space; and so are tests of peak memory. Swift's own report of a crash would go on for ever under them.
sanitize: deps ## fuzz under the address sanitizer; test under it, the undefined-behaviour and the thread sanitizer
	SWIFT="$(SWIFT)" SANITIZE=address SECONDS_EACH=10 Tools/fuzz/run.sh
	SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0:handle_sigill=1 $(SWIFT) test -Xswiftc -enable-testing \
	  --disable-xctest --sanitize=address -Xcc -fsanitize=undefined -Xcc -fsanitize-trap=undefined \
	  --scratch-path .build-address --skip RefusedMemoryTests --skip LittleMoreMemory
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tools/fuzz/thread-sanitizer.txt $(SWIFT) test -Xswiftc -enable-testing \
	  --disable-xctest --sanitize=thread --scratch-path .build-thread --filter NumericsTests \
	  --filter BatchPrefetcherTests --skip RefusedMemoryTests

clean: ## remove what was built (runs and figures stay)
	rm -rf .build .build-maps .build-mpi $(PORTABLE) dist .build-fuzz* .build-address .build-thread $(TEST_BUILD)
