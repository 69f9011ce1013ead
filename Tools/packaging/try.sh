#!/bin/sh
# Tests the folder from `make dist`, also in adverse environments: no HOME, a read-only folder, no fonts, libraries that are
# missing, truncated or the wrong ones, and a processor without AVX2. Prints one line per test.
#
#   Tools/packaging/try.sh FOLDER     does not change FOLDER; works in a temporary folder
set -eu

folder=$(cd "$1" && pwd)
program=$folder/bin/penumbra
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
touch "$work/began"

fail() {
    echo "FAILED: $1" >&2
    [ ! -s error ] || tail -n 5 error >&2
    exit 1
}

expect() { # TITLE EXIT-CODE WORDS COMMAND…: checks the exit code, and that standard error contains WORDS unless empty
    title=$1 code=$2 words=$3
    shift 3
    status=0
    "$@" > output 2> error || status=$?
    [ "$status" -eq "$code" ] || fail "$title: exit code $status, expected $code"
    [ -z "$words" ] || grep -qF "$words" error || fail "$title: the message does not contain '$words'"
    echo "ok: $title${words:+: $(grep -F "$words" error | head -n 1 | sed "s|$work|…|g; s|$folder|…|g" | cut -c 1-200)}"
}

expect "starts" 0 "" "$program" --version --verbose
cat output
times=$(for _ in 1 2 3 4 5; do
    began=$(date +%s%N)
    "$program" --version > /dev/null
    echo $((($(date +%s%N) - began) / 1000000))
done | sort -n | head -n 1)
echo "ok: penumbra --version takes $times ms"

# Input for plot: a map of 90 points, and their labels as shares of two classes.
awk 'BEGIN { print "id,x,y"; for (i = 0; i < 90; i++) printf "p%d,%.3f,%.3f\n", i, sin(i) * (1 + i % 7), cos(i * 3) * (1 + i % 5) }' > map.csv
awk 'BEGIN { print "id,cat,dog"; for (i = 0; i < 90; i++) printf "p%d,%.2f,%.2f\n", i, (i % 5) / 4, 1 - (i % 5) / 4 }' > labels.csv
plot() { "$@" plot map.csv --labels labels.csv --out figure.pdf; }
tiny="reproduce --preset quick --count 200 --epochs 1 --max-iter 250 --perplexity 10 --quiet"

note=
[ -d /usr/share/fonts ] && [ -n "$(find -L /usr/share/fonts -name '*.[ot]tf' | head -n 1)" ] || note="DejaVu"
expect "draws a map" 0 "$note" plot "$program"
expect "everything on a tiny set" 0 "" "$program" $tiny --out tried
[ -s tried/figure.pdf ] && [ -s tried/figure.png ] || fail "no figure"
expect "without HOME" 0 "" plot env -u HOME -u XDG_CACHE_HOME "$program"
[ -z "$(find "$folder" -newer "$work/began" ! -type d | head -n 1)" ] || fail "the program wrote into its folder"
if [ "$(id -u)" -eq 0 ] && unshare --mount --propagation unchanged true 2> /dev/null; then
    # Root ignores permissions, so only a read-only file system keeps it from writing.
    cat > read-only << 'SCRIPT'
mount --make-rprivate / 2> /dev/null # fails in a nested root, where it is already private
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"
! touch "$1/x" 2> /dev/null && shift && exec "$@"
SCRIPT
    expect "on a read-only file system" 0 "" plot unshare --mount --propagation unchanged sh read-only "$folder" "$program"
else
    echo "skipped: a read-only file system (needs root)"
fi

# The remaining tests damage a copy.
cp -r "$folder" broken
broken=$work/broken/bin/penumbra library=$(basename "$(ls "$work"/broken/lib/penumbra/libdnnl.so.*)")
rm -r broken/share/penumbra/fonts
mkdir empty
echo '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>' > empty/fonts.conf
expect "no fonts anywhere" 1 "font" plot env FONTCONFIG_FILE="$work/empty/fonts.conf" "$broken"

beside=broken/lib/penumbra/$library
mv "$beside" kept
if ldconfig -p 2> /dev/null | grep -q "[[:space:]]$library "; then
    echo "skipped: $library is missing (this system has it)"
else
    expect "$library is missing" 127 "$library" "$broken" --version
fi
head -c 1000000 kept > "$beside"
# Such a file may crash the loader without any message. The folder's checksums still find it.
expect "$library is cut short" 1 "$library: FAILED" sh -c 'cd broken && sha256sum --quiet -c SHA256SUMS >&2'
: > "$beside"
expect "$library is empty" 127 "$library: file too short" "$broken" --version
cp "$(ls broken/lib/penumbra/libpng16.so.*)" "$beside"
expect "$library is another library" 127 "dnnl" "$broken" $tiny --out tried-other
if compiler=$(command -v cc || command -v clang); then
    echo 'static int version[8] = {9, 1}; int *dnnl_version(void) { return version; }' > other.c
    "$compiler" -shared -fPIC -Wl,-soname,"$library" -o "$beside" other.c
    expect "$library is of another major version" 1 "oneDNN 9.1" "$broken" $tiny --out tried-version
else
    echo "skipped: $library is of another major version (needs a C compiler)"
fi
mv kept "$beside"

if emulator=$(command -v qemu-x86_64-static || command -v qemu-x86_64); then
    expect "a processor without AVX2: starts" 0 "" "$emulator" -cpu Nehalem "$program" --version --verbose
    grep '^instructions' output | grep -q '^instructions *baseline' || fail "the loops do not use the baseline"
    # Some hundred times slower, so: a small map, and a training of a few steps.
    seq 120 | awk '{ print sin($1) "," cos($1 * 2) "," sin($1 * 3) }' > features.csv
    expect "a processor without AVX2: a map" 0 "" \
        "$emulator" -cpu Nehalem "$program" project features.csv --out layout.csv --max-iter 250 --perplexity 10
    "$program" generate shapes --out data --count 24 --size 32 --quiet > output
    expect "a processor without AVX2: a training" 0 "" timeout 240 "$emulator" -cpu Nehalem "$program" \
        train data/Shapes --out run --labels soft --backbone resnet18 --image-size 32 --batch-size 8 --epochs 1 --quiet
else
    echo "skipped: a processor without AVX2 (needs qemu-user)"
fi
