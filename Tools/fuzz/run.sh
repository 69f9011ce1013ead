#!/bin/bash
# Fuzzes the readers of untrusted files with libFuzzer, each for SECONDS_EACH (60) seconds, or those named as arguments,
# after the inputs in Tools/fuzz/corpus. SANITIZE=address or undefined looks for faults of memory or arithmetic besides.
# A crash, more than 5 seconds or more than 512 MB for one input ends with an error and leaves the input in the work folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=.build-fuzz${SANITIZE:+-$SANITIZE}
sanitizers=fuzzer${SANITIZE:+,$SANITIZE}
# The address sanitizer keeps what was freed for a while.
memory=$([ -z "${SANITIZE:-}" ] && echo 512 || echo 2048)
seconds=${SECONDS_EACH:-60}
readers=("$@")
[ ${#readers[@]} -gt 0 ] || readers=(pytorch pickle arrays safetensors npy npz csv hdf5 keras png jpeg webp labels)
mkdir -p "$work"

# What readers import is built beside them: how much memory there is, and the decoder of JPEG in C.
swiftc -O -swift-version 6 -parse-as-library -package-name penumbra -module-name Numerics -wmo \
    -emit-module -emit-module-path "$work/Numerics.swiftmodule" -emit-object -o "$work/Numerics.o" \
    Sources/Numerics/AvailableMemory.swift
compiler=$(dirname "$(readlink -f "$(command -v swiftc)")")/clang
"$compiler" -O2 -fsanitize="fuzzer-no-link${SANITIZE:+,$SANITIZE}" -I Sources/CJPEGDecoder/include -c Sources/CJPEGDecoder/jpeg_decoder.c \
    -o "$work/jpeg_decoder.o"
printf 'module CJPEGDecoder { header "%s/Sources/CJPEGDecoder/include/jpeg_decoder.h" }\n' "$PWD" > "$work/module.modulemap"

swiftc -O -swift-version 6 -parse-as-library "-sanitize=$sanitizers" -package-name penumbra -module-name Fuzz \
    -I Sources/CZip -I Sources/CZlib -I Sources/COpenSSL -I Sources/CPNG -I Sources/CWebP -I "$work" \
    Sources/TensorFiles/*/*.swift Sources/RasterImages/{{JPEG/JPEG,PNG/PNG,WebP/WebP}{Codec,Error,Header},JPEG/EXIFOrientation,RGBImage}.swift \
    Tools/fuzz/Fuzz.swift Tests/TensorFilesTests/{,Keras,NPZ,Pickled,PyTorch}ReferenceFiles.swift \
    "$work/Numerics.o" "$work/jpeg_decoder.o" -lzip -lz -lcrypto -ljpeg -lpng -lwebp -o "$work/fuzz"

dictionary() { # READER
    case $1 in
    safetensors) echo safetensors ;;
    hdf5 | keras) echo hdf5 ;;
    png | jpeg | webp) echo image ;;
    csv) echo csv ;;
    *) echo archive ;;
    esac
}

# The stack of a crash is libFuzzer's to print.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0
for reader in "${readers[@]}"; do
    corpus="$work/$reader"
    mkdir -p "$corpus"
    export PENUMBRA_FUZZ_READER=$reader
    # The smallest HDF5 file of a model takes 20,000 bytes, most of them room.
    length=16384
    case $reader in hdf5 | keras) length=32768 ;; esac
    # The seeds must be there before libFuzzer reads the corpus.
    if ! PENUMBRA_FUZZ_SEEDS=$corpus "$work/fuzz" -runs=0 2> "$work/$reader.log" > /dev/null; then
        cat "$work/$reader.log" >&2
        exit 1
    fi
    if compgen -G "Tools/fuzz/corpus/$reader/*" > /dev/null; then cp Tools/fuzz/corpus/"$reader"/* "$corpus"; fi
    if ! "$work/fuzz" -dict="Tools/fuzz/dictionaries/$(dictionary "$reader").dict" -max_total_time="$seconds" -timeout=5 -rss_limit_mb="$memory" -max_len="$length" -print_final_stats=1 \
        -artifact_prefix="$work/$reader-" "$corpus" 2>> "$work/$reader.log"; then
        tail -n 30 "$work/$reader.log" >&2
        echo "$reader: failed, see $work/$reader.log" >&2
        exit 1
    fi
    runs=$(awk '/stat::number_of_executed_units/ { print $2 }' "$work/$reader.log")
    memory=$(awk '/stat::peak_rss_mb/ { print $2 }' "$work/$reader.log")
    echo "$reader: $runs inputs, no crash, peak memory $memory MB"
done
