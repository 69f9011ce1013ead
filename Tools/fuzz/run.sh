#!/bin/bash
# Fuzzes every reader of untrusted or resumable bytes with libFuzzer, each for SECONDS_EACH (60) seconds, or those named as
# arguments. First it replays the inputs in Tools/fuzz/corpus. A crash, more than 5 seconds or more than 512 MB for one
# input ends with an error and leaves the input in the work folder. SANITIZE=address looks for faults of memory besides.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=.build-fuzz
seconds=${SECONDS_EACH:-60}
readers=("$@")
[ ${#readers[@]} -gt 0 ] || readers=(pytorch pickle arrays safetensors npy npz csv hdf5 keras png jpeg webp annotations
    dcic labels records cifar cifar10n cifar10s lewidi features samples predictions foreign layout report grid style run maps evaluation projection training)
sanitizers=fuzzer
memory=512
if [ -n "${SANITIZE:-}" ]; then
    work+=-$SANITIZE sanitizers+=,$SANITIZE memory=2048
fi
mkdir -p "$work"

# All modules that readers need, watched by libFuzzer; they are linked with its main function here, not by SwiftPM.
options=(-c release --scratch-path "$work" -Xswiftc "-sanitize=$sanitizers" -Xswiftc -enable-testing
    -Xcc "-fsanitize=fuzzer-no-link${SANITIZE:+,$SANITIZE}")
swift build "${options[@]}" --target PenumbraRuns
built=$(swift build -c release --scratch-path "$work" --show-bin-path)
maps=()
for map in Sources/*/module.modulemap Sources/*/include; do
    [ -d "$map" ] && maps+=(-I "$map") || maps+=(-I "$(dirname "$map")")
done
mapfile -t packages < <(grep -o 'pkgConfig: "[^"]*"' Package.swift | cut -d'"' -f2)
mapfile -t flags < <(pkg-config --cflags-only-I "${packages[@]}" | tr ' ' '\n' | grep . | sed 's/^/-Xcc\n/')
mapfile -t libraries < <(pkg-config --libs "${packages[@]}" | tr ' ' '\n' | grep .)
mapfile -t objects < <(find "$built" -path "$built/*.build/*.o" ! -path '*/penumbra.build/*' ! -path '*Tests.build/*')
for module in "$built"/*.build/module.modulemap; do
    [ -e "$module" ] && maps+=(-Xcc "-fmodule-map-file=$module")
done
swiftc -O -swift-version 6 -parse-as-library "-sanitize=$sanitizers" -module-name Fuzz -enable-testing \
    -I "$built/Modules" -I "$built" "${maps[@]}" "${flags[@]}" \
    Tools/fuzz/*.swift Tests/TensorFilesTests/{,Keras,NPZ,Pickled,PyTorch}ReferenceFiles.swift \
    "${objects[@]}" "${libraries[@]}" -ldnnl -lopenblas -lgomp -lm -lzip -lz -lcrypto -ljpeg -lpng -lwebp \
    -o "$work/fuzz"

dictionary() { # READER
    case $1 in
    pytorch | pickle | arrays | npy | npz | cifar | cifar10n) echo archive ;;
    safetensors | projection | training) echo safetensors ;;
    hdf5 | keras) echo hdf5 ;;
    png | jpeg | webp) echo image ;;
    csv | labels | features | samples | predictions | foreign | layout) echo csv ;;
    *) echo json ;;
    esac
}

# The stack of a crash is libFuzzer's to print.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0
total=0
for reader in "${readers[@]}"; do
    corpus="$work/corpus-$reader"
    log="$work/$reader.log"
    mkdir -p "$corpus"
    export PENUMBRA_FUZZ_READER=$reader
    fail() {
        tail -n 30 "$log" >&2
        echo "$reader: failed, see $log" >&2
        exit 1
    }
    # The smallest HDF5 file of a model takes 20,000 bytes, most of them room.
    length=16384
    case $reader in hdf5 | keras) length=32768 ;; esac
    # The seeds must be there before libFuzzer reads the corpus.
    PENUMBRA_FUZZ_SEEDS=$corpus "$work/fuzz" -runs=0 2> "$log" >> "$log" || fail
    if compgen -G "Tools/fuzz/corpus/$reader/*" > /dev/null; then
        "$work/fuzz" -timeout=5 -rss_limit_mb=$memory Tools/fuzz/corpus/"$reader"/* 2>> "$log" >> "$log" || fail
    fi
    "$work/fuzz" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=$memory -max_len="$length" -print_final_stats=1 \
        -dict="Tools/fuzz/dictionaries/$(dictionary "$reader").dict" -artifact_prefix="$work/$reader-" "$corpus" \
        2>> "$log" >> "$log" || fail
    runs=$(awk '/stat::number_of_executed_units/ { print $2 }' "$log")
    slowest=$(awk '/stat::slowest_unit_time_sec/ { print $2 }' "$log")
    peak=$(awk '/stat::peak_rss_mb/ { print $2 }' "$log")
    total=$((total + runs))
    echo "$reader: $runs inputs, no crash, slowest $slowest s, peak memory $peak MB"
done
echo "all: $total inputs, no crash"
