# Penumbra's commands. `make` alone lists them.

SWIFT ?= swift
PYTHON ?= python3
# What bench-tsne runs on; there are also mnist-like, million and cost.
TSNE_SETS ?= digits gap3k gap15k

# Tests are compiled with testability, which plain builds are not: a folder each, so that neither rebuilds the other.
TEST_BUILD := .build-tests
BINARIES = $$($(SWIFT) build -c release --show-bin-path)
SWIFT_FILES = Package.swift $(shell find Sources Tests Benchmarks Tools -name '*.swift' -not -path '*/.build*')

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help deps build test lint figures bench-backbones bench-loader bench-figures bench-tsne fuzz sanitize clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## install the libraries that are missing (apt; without it, name them)
	@SWIFT="$(SWIFT)" Tools/dependencies.sh

build: deps ## build the program, optimised
	$(SWIFT) build -c release --product penumbra

test: deps lint ## check the format, then build and run all tests
	$(SWIFT) test -c release -Xswiftc -enable-testing --disable-xctest --scratch-path $(TEST_BUILD)

lint: ## check the format of every Swift file
	@echo "$(SWIFT) format lint --strict"
	@$(SWIFT) format lint --strict --parallel $(SWIFT_FILES)

figures: build ## the main job: data, training, t-SNE and Figure 1 into figures/ (preset quick)
	"$(BINARIES)/penumbra" reproduce --preset quick --out figures

bench-backbones: deps ## the backbones' speed beside PyTorch's (needs Python with torch)
	$(SWIFT) build -c release --package-path Benchmarks
	for backbone in densenet121 resnet50v2; do \
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
	Tools/fuzz/run.sh

# Thread sanitizer: the thread team and the loader alone, since oneDNN and OpenBLAS are not built for it.
sanitize: deps ## fuzz under the address sanitizer; test under it, the undefined-behaviour and the thread sanitizer
	SANITIZE=address SECONDS_EACH=10 Tools/fuzz/run.sh
	$(SWIFT) test -Xswiftc -enable-testing --disable-xctest --sanitize=address --scratch-path .build-address \
	  --filter TensorFilesTests --filter LabelFilesTests --filter RasterImagesTests --filter ImageDatasetsTests
	$(SWIFT) test -Xswiftc -enable-testing --disable-xctest --sanitize=undefined --scratch-path .build-undefined \
	  --filter TensorFilesTests --filter LabelFilesTests --filter RasterImagesTests --filter ImageDatasetsTests
	$(SWIFT) test -Xswiftc -enable-testing --disable-xctest --sanitize=thread --scratch-path .build-thread \
	  --filter NumericsTests --filter BatchPrefetcherTests

clean: ## remove what was built (runs and figures stay)
	rm -rf .build .build-fuzz* .build-address .build-undefined .build-thread $(TEST_BUILD)
