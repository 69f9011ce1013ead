#!/bin/bash
# Fuzzes the readers of untrusted or resumable files with libFuzzer: all of them, or those named as arguments. Runs as many
# at once as there are processors, each for SECONDS_EACH seconds (default 60), after replaying the seeds and the kept inputs
# (Tools/fuzz/corpus). Fails if an input crashes a reader, or takes more than 5 seconds or 256 MB; the input stays in the
# work folder. SANITIZE=address also finds memory errors. OPTIMIZATION=-Onone compiles the readers in half the time, and reads
# half as many inputs. SWIFT is the compiler; swiftc and clang come from the same folder. Exits with 3 if this Swift has no
# libFuzzer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=.build-fuzz${SANITIZE:+-$SANITIZE}
sanitizers=fuzzer${SANITIZE:+,$SANITIZE}
export SECONDS_EACH=${SECONDS_EACH:-60} WORK=$work MEMORY=256
[ -z "${SANITIZE:-}" ] || MEMORY=2048
mkdir -p "$work"
log=$work/build.log

swift=${SWIFT:-swift}
toolchain=$(dirname "$(readlink -f "$(command -v "$swift")")")
swiftc=$toolchain/swiftc clang=$toolchain/clang
[ -x "$swiftc" ] || swiftc=swiftc
[ -x "$clang" ] || clang=clang

echo 'import Foundation
@_cdecl("LLVMFuzzerTestOneInput") public func test(_: UnsafePointer<UInt8>?, _: Int) -> CInt { 0 }' > "$work/probe.swift"
if ! "$swiftc" -parse-as-library "-sanitize=$sanitizers" "$work/probe.swift" -o "$work/probe" > "$log" 2>&1; then
    echo "this Swift has no libFuzzer: skipping fuzzing" >&2
    exit 3
fi

# Recompile only the modules that read files, with libFuzzer's instrumentation. Take everything else, and all .swiftmodule
# files, from the build of the tests.
# The longest to compile come first.
rooms=(PenumbraRuns TensorFiles LabelFiles Training ImageDatasets Backbones RasterImages)
tests=.build-tests
make SWIFT="$swift" build-tests > "$log" 2>&1 || { tail -n 30 "$log" >&2; exit 1; }
built=$(readlink -f "$tests/release")

mapfile -t packages < <(grep -o 'pkgConfig: "[^"]*"' Package.swift | cut -d'"' -f2)
mapfile -t flags < <(pkg-config --cflags-only-I "${packages[@]}" | tr ' ' '\n' | grep . | sed 's/^/-Xcc\n/')
mapfile -t libraries < <(pkg-config --libs "${packages[@]}" | tr ' ' '\n' | grep .)
for map in Sources/*/module.modulemap; do flags+=(-I "$(dirname "$map")"); done
for map in "$built"/*.build/module.modulemap; do flags+=(-Xcc "-fmodule-map-file=$map"); done
package=$(grep -o '"-package-name","[^"]*"' "$tests/release.yaml" | cut -d'"' -f4 | grep -vx swift_argument_parser | sort -u)
compile=("$swiftc" "${OPTIMIZATION:--O}" -swift-version 6 -parse-as-library -whole-module-optimization -enable-testing -package-name "$package"
    "-sanitize=$sanitizers" -I "$built/Modules" "${flags[@]}")

echo "${compile[@]}" > "$work/flags.new"
is_current() {
    [ -e "$work/fuzz" ] && cmp -s "$work/flags.new" "$work/flags" && [ -z "$(
        find Sources Tools/fuzz Tests/TensorFilesTests/*ReferenceFiles.swift \( -name '*.[ch]' -o -name '*.swift' \) \
            -newer "$work/fuzz" -print -quit
    )" ]
}
if ! is_current; then
    objects=()
    for folder in "$built"/*.build; do
        room=$(basename "$folder" .build)
        # Objects of CMPI and MessagePassing are left from a program with MPI (.ci/run); the tests' modules do not use them.
        case " ${rooms[*]} CJPEGDecoder CMPI MessagePassing penumbra PenumbraCommands " in *" $room "*) continue ;; esac
        [ -d "Sources/$room" ] || continue
        # List the sources, because the folder keeps the objects of deleted ones.
        if [ -e "$folder/sources" ]; then sources=$(cat "$folder/sources"); else sources=$(find "Sources/$room" -name '*.c'); fi
        for source in $sources; do objects+=("$folder/$(basename "$source").o"); done
    done
    "$clang" -O2 "-fsanitize=fuzzer-no-link${SANITIZE:+,$SANITIZE}" -I Sources/CJPEGDecoder/include \
        -c Sources/CJPEGDecoder/*.c -o "$work/CJPEGDecoder.o"
    printf "%s\n" "${rooms[@]}" | xargs -P "$(nproc)" -I ROOM bash -c '
        room=$1 && shift
        "$@" -module-name "$room" -emit-object "@$0/$room.build/sources" -o "$WORK/$room.o"' \
        "$built" ROOM "${compile[@]}" > "$log" 2>&1 || { grep -E 'error:|undefined' "$log" >&2; exit 1; }
    "${compile[@]}" -module-name Fuzz Tools/fuzz/*.swift \
        Tests/TensorFilesTests/{,Keras,NPZ,Pickled,PyTorch}ReferenceFiles.swift \
        "${objects[@]}" "$work/CJPEGDecoder.o" $(printf "$work/%s.o " "${rooms[@]}") "${libraries[@]}" \
        -ldnnl -lgomp -lm -o "$work/fuzz" \
        > "$log" 2>&1 || { grep -E 'error:|undefined' "$log" >&2; exit 1; }
    mv "$work/flags.new" "$work/flags"
fi

fuzz() { # READER
    local reader=$1 corpus="$WORK/corpus-$1" log="$WORK/$1.log" dictionary=json length=16384
    case $reader in
    pytorch | pickle | arrays | npy | npz | cifar | cifar10n) dictionary=archive ;;
    safetensors | projection | training | part) dictionary=safetensors ;;
    # Even the smallest HDF5 file of a model has 20,000 bytes, most of them unused.
    hdf5 | keras) dictionary=hdf5 length=32768 ;;
    png | jpeg | webp) dictionary=image ;;
    networks) dictionary=networks length=32768 ;;
    csv | labels | ferplus | features | samples | predictions | foreign | layout) dictionary=csv ;;
    esac
    mkdir -p "$corpus"
    export PENUMBRA_FUZZ_READER=$reader
    fail() {
        tail -n 30 "$log" >&2
        echo "$reader: failed, see $log" >&2
        exit 1
    }
    # Write the seeds first: libFuzzer reads the corpus when it starts.
    PENUMBRA_FUZZ_SEEDS=$corpus "$WORK/fuzz" -runs=0 > "$log" 2>&1 || fail
    "$WORK/fuzz" "-max_total_time=$SECONDS_EACH" -timeout=5 "-rss_limit_mb=$MEMORY" -malloc_limit_mb=96 \
        "-max_len=$length" -print_final_stats=1 \
        "-dict=Tools/fuzz/dictionaries/$dictionary.dict" "-artifact_prefix=$WORK/$reader-" "$corpus" \
        >> "$log" 2>&1 || fail
    awk -v reader="$reader" '
        /^[a-z0-9]*: [0-9]* of [0-9]* seeds/ { seeds = $2 + $8 }
        /stat::number_of_executed_units/ { runs = $2 }
        /stat::slowest_unit_time_sec/ { slowest = $2 }
        /stat::peak_rss_mb/ { peak = $2 }
        END { printf "%s: %d replayed, %d inputs, no crash, slowest %d s, peak memory %d MB\n",
            reader, seeds, runs, slowest, peak }' "$log"
}
export -f fuzz

# libFuzzer itself prints the stack of a crash.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0
[ $# -gt 0 ] || mapfile -t readers < <(env -u PENUMBRA_FUZZ_READER "$work/fuzz" -runs=0 2> /dev/null)
printf '%s\n' "$@" "${readers[@]:-}" | grep . | xargs -P "$(nproc)" -I READER bash -c 'set -euo pipefail; fuzz READER' |
    tee "$work/counts" || { echo "fuzzing failed" >&2; exit 1; }
awk '{ total += $4; if ($13 > peak) peak = $13 }
    END { printf "all: %d readers, %d inputs, no crash, peak memory %d MB\n", NR, total, peak }' "$work/counts"
