#!/bin/sh
# Finds what the build needs and installs what is missing with apt; where there is no apt, names it.
#
# What is there is found by asking the compiler and pkg-config, not the package manager, so that a library from
# another source counts too. When nothing is missing, this needs neither network nor root.
set -u

if ! swift=$(command -v "${SWIFT:-swift}"); then
    echo "Swift 6.2 or later is needed and not on the PATH: https://www.swift.org/install" >&2
    exit 1
fi

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# The toolchain's own clang links the program, so it is the one to ask.
compiler=$(dirname "$(readlink -f "$swift")")/clang
[ -x "$compiler" ] || compiler=$(command -v clang || command -v cc || echo cc)

links() { # LIBRARY [HEADER CONDITION]
    {
        if [ $# -gt 1 ]; then
            printf '#include <%s>\n#if !(%s)\n#error\n#endif\n' "$2" "$3"
        fi
        echo 'int main(void) { return 0; }'
    } > "$scratch/probe.c"
    "$compiler" "$scratch/probe.c" -o "$scratch/probe" "-l$1" 2> /dev/null
}

has_font() {
    for folder in /usr/share/fonts /usr/local/share/fonts "${HOME:-/nonexistent}/.fonts" \
        "${HOME:-/nonexistent}/.local/share/fonts" /System/Library/Fonts; do
        find -L "$folder" -name '*.[ot]t[fc]' -print 2> /dev/null | grep -q . && return 0
    done
    return 1
}

# clang takes the libraries of the newest GCC that it finds; libgomp.so for linking comes with that one's files.
gcc_version() {
    newest=$(ls -d /usr/lib/gcc/*/[0-9]* 2> /dev/null | sed 's|.*/||' | sort -n | tail -n 1)
    echo "${newest:-12}"
}

packages=
table=
need() { # PACKAGE "LIBRARY: PURPOSE"
    packages="$packages $1"
    table="$table$(printf '  %-18s %s' "$1" "$2")
"
}

look() {
    packages=
    table=
    command -v git > /dev/null || need git "git: fetches swift-argument-parser"
    command -v pkg-config > /dev/null || need pkg-config "pkg-config: tells the compiler where libraries are"
    links dnnl dnnl.h "DNNL_VERSION_MAJOR == 2" || need libdnnl-dev "oneDNN 2: the layers of the networks"
    pkg-config --exists openblas 2> /dev/null || need libopenblas-dev "OpenBLAS: matrix products"
    pkg-config --exists fftw3f 2> /dev/null || need libfftw3-dev "FFTW in single precision: interpolated forces"
    pkg-config --exists cairo 2> /dev/null || need libcairo2-dev "Cairo: draws images and figures"
    pkg-config --exists pangocairo 2> /dev/null || need libpango1.0-dev "Pango with Cairo: text in figures"
    pkg-config --exists libpng 2> /dev/null || need libpng-dev "libpng 1.6: reads and writes PNG"
    pkg-config --exists libwebp 2> /dev/null || need libwebp-dev "libwebp: reads WebP, thumbnails in the explorer"
    pkg-config --exists libjpeg 2> /dev/null || need libjpeg62-turbo-dev "libjpeg-turbo: reads JPEG"
    pkg-config --exists libcrypto 2> /dev/null || need libssl-dev "libcrypto of OpenSSL: SHA-256 of files"
    pkg-config --exists libzip 2> /dev/null || need libzip-dev "libzip: reads the archives of np.savez"
    pkg-config --exists liblzma 2> /dev/null || need liblzma-dev "liblzma: reads archives compressed with LZMA"
    pkg-config --exists zlib 2> /dev/null || need zlib1g-dev "zlib: inflates the arrays of HDF5 files"
    links gomp || need "libgcc-$(gcc_version)-dev" "libgomp.so of GCC: OpenMP threads"
    has_font || need fonts-dejavu-core "a TrueType font: text in figures"
}

look
[ -z "$packages" ] && exit 0

if ! command -v apt-get > /dev/null; then
    printf 'Missing, and there is no apt here to install it (the names are those of Debian 12):\n%s' "$table" >&2
    exit 1
fi

printf 'Installing what is missing:\n%s' "$table"
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo > /dev/null; then
    as_root=sudo
else
    printf 'Neither root nor sudo. Run as root:\n  apt-get update && apt-get install -y%s\n' "$packages" >&2
    exit 1
fi
$as_root apt-get -qq update &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $packages < /dev/null
status=$?

look
if [ -n "$packages" ]; then
    printf 'Still missing after apt-get (exit code %s):\n%s' "$status" "$table" >&2
    exit 1
fi
