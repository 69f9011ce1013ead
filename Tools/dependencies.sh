#!/bin/sh
# Finds what the build needs and installs what is missing with apt (Debian, Ubuntu); elsewhere it names the packages.
#
# What is there is found by asking the compiler and pkg-config, not the package manager, so that a library from
# another source counts too. When nothing is missing, this needs neither network nor root.
#
#   Tools/dependencies.sh [--maps]     --maps: what is needed without oneDNN (make build-maps)
#   SWIFT, SYSTEM                      the compiler; a system to answer for (debian, ubuntu, fedora, arch)
set -u

maps=
[ "${1:-}" = --maps ] && maps=yes

system=${SYSTEM:-$(. /etc/os-release 2> /dev/null && echo "${ID:-} ${ID_LIKE:-}")}
case " $system " in
    *" ubuntu "*) system=ubuntu install="apt-get install -y" ;;
    *" debian "*) system=debian install="apt-get install -y" ;;
    *" fedora "*) system=fedora install="dnf install" ;;
    *" arch "*) system=arch install="pacman -S --needed" ;;
    *) system=other ;;
esac

# clang takes the libraries of the newest GCC that it finds; libgomp.so for linking comes with that one's files.
gcc_version() {
    newest=$(ls -d /usr/lib/gcc/*/[0-9]* 2> /dev/null | sed 's|.*/||' | sort -n | tail -n 1)
    [ -n "$newest" ] || newest=$(apt-cache depends gcc 2> /dev/null | sed -n 's/.*Depends: gcc-\([0-9]*\)$/\1/p')
    echo "${newest:-12}"
}

# The package that holds a library, by its name in pkg-config or on the linker's command line.
package() {
    case $system:$1 in
        debian:swift | ubuntu:swift) echo swiftlang ;;
        fedora:swift) echo swift-lang ;;
        arch:swift) echo "swift-bin (AUR)" ;;
        *:git) echo git ;;
        fedora:pkg-config) echo pkgconf-pkg-config ;;
        arch:pkg-config) echo pkgconf ;;
        *:pkg-config) echo pkg-config ;;
        debian:libc | ubuntu:libc) echo libc6-dev ;;
        fedora:libc) echo glibc-devel ;;
        arch:libc) echo glibc ;;
        debian:libstdc++ | ubuntu:libstdc++) echo "libstdc++-$(gcc_version)-dev" ;;
        fedora:libstdc++) echo gcc-c++ ;;
        arch:libstdc++) echo gcc ;;
        debian:dnnl | ubuntu:dnnl) echo libdnnl-dev ;;
        fedora:dnnl) echo onednn-devel ;;
        arch:dnnl) echo onednn ;;
        debian:openblas | ubuntu:openblas) echo libopenblas-dev ;;
        fedora:openblas) echo openblas-devel ;;
        arch:openblas) echo openblas ;;
        debian:cairo | ubuntu:cairo) echo libcairo2-dev ;;
        fedora:cairo) echo cairo-devel ;;
        arch:cairo) echo cairo ;;
        debian:pangocairo | ubuntu:pangocairo) echo libpango1.0-dev ;;
        fedora:pangocairo) echo pango-devel ;;
        arch:pangocairo) echo pango ;;
        debian:libpng | ubuntu:libpng) echo libpng-dev ;;
        fedora:libpng) echo libpng-devel ;;
        arch:libpng) echo libpng ;;
        debian:libwebp | ubuntu:libwebp) echo libwebp-dev ;;
        fedora:libwebp) echo libwebp-devel ;;
        arch:libwebp) echo libwebp ;;
        debian:libjpeg) echo libjpeg62-turbo-dev ;;
        ubuntu:libjpeg) echo libjpeg-turbo8-dev ;;
        fedora:libjpeg) echo libjpeg-turbo-devel ;;
        arch:libjpeg) echo libjpeg-turbo ;;
        debian:libcrypto | ubuntu:libcrypto) echo libssl-dev ;;
        fedora:libcrypto) echo openssl-devel ;;
        arch:libcrypto) echo openssl ;;
        debian:libzip | ubuntu:libzip) echo libzip-dev ;;
        fedora:libzip) echo libzip-devel ;;
        arch:libzip) echo libzip ;;
        debian:zlib | ubuntu:zlib) echo zlib1g-dev ;;
        fedora:zlib) echo zlib-ng-compat-devel ;;
        arch:zlib) echo zlib ;;
        debian:gomp | ubuntu:gomp) echo "libgcc-$(gcc_version)-dev" ;;
        fedora:gomp | arch:gomp) echo gcc ;;
        debian:font | ubuntu:font) echo fonts-dejavu-core ;;
        fedora:font) echo dejavu-sans-fonts ;;
        arch:font) echo ttf-dejavu ;;
        *) echo "-" ;;
    esac
}

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# The toolchain's own clang links the program, so it is the one to ask.
find_compiler() {
    compiler=
    swift=$(command -v "${SWIFT:-swift}") && compiler=$(dirname "$(readlink -f "$swift")")/clang
    [ -x "$compiler" ] || compiler=$(command -v clang || command -v cc || echo cc)
}

links() { # LIBRARY [HEADER [CONDITION]]
    {
        [ $# -gt 1 ] && echo "#include <$2>"
        [ $# -gt 2 ] && printf '#if !(%s)\n#error\n#endif\n' "$3"
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

packages=
table=
need() { # LIBRARY "NAME: PURPOSE"
    name=$(package "$1")
    case " $packages " in *" $name "*) ;; *) packages="$packages $name" ;; esac
    table="$table$(printf '  %-20s %s' "$name" "$2")
"
}

dnnl_versions='(DNNL_VERSION_MAJOR == 2 && DNNL_VERSION_MINOR >= 6) || DNNL_VERSION_MAJOR == 3'

look() {
    packages=
    table=
    find_compiler
    command -v "${SWIFT:-swift}" > /dev/null || need swift "Swift 6.0 or later: the compiler"
    command -v git > /dev/null || need git "git: fetches swift-argument-parser"
    command -v pkg-config > /dev/null || need pkg-config "pkg-config: tells the compiler where libraries are"
    links m stdlib.h || need libc "the C library's headers"
    links stdc++ || need libstdc++ "libstdc++: Swift's Foundation is linked with it"
    if [ -z "$maps" ]; then
        links dnnl oneapi/dnnl/dnnl.h "$dnnl_versions" ||
            need dnnl "oneDNN 2.6 or later, or 3: the layers of the networks"
    fi
    look_for openblas "OpenBLAS: matrix products"
    look_for cairo "Cairo: draws images and figures"
    look_for pangocairo "Pango with Cairo: text in figures"
    look_for libpng "libpng 1.6: reads and writes PNG"
    look_for libwebp "libwebp: reads WebP, thumbnails in the explorer"
    look_for libjpeg "libjpeg-turbo: reads JPEG"
    look_for libcrypto "libcrypto of OpenSSL: SHA-256 of files"
    look_for libzip "libzip: reads the archives of np.savez"
    look_for zlib "zlib: inflates the arrays of HDF5 files"
    links gomp || need gomp "libgomp.so of GCC: OpenMP threads"
    has_font || need font "a TrueType font: text in figures"
}

look_for() { # LIBRARY "NAME: PURPOSE"
    pkg-config --exists "$1" 2> /dev/null || need "$1" "$2"
}

# What works where oneDNN cannot be had, on standard error.
without_dnnl() {
    case $table in
        *"oneDNN 2.6"*)
            echo "Without oneDNN, project, place, plot, compare and explore work on features and maps of other programs:" >&2
            echo "  make build-maps" >&2
            ;;
    esac
}

look
[ -z "$packages" ] && exit 0

if [ -n "${SYSTEM:-}" ] || ! command -v apt-get > /dev/null; then
    if [ "$system" = other ]; then
        printf 'Missing, and the package names of this system are not known here:\n%s' "$table" >&2
    else
        printf 'Missing; as root:\n  %s%s\n%s' "$install" "$packages" "$table" >&2
    fi
    without_dnnl
    exit 1
fi

printf 'Installing what is missing:\n%s' "$table"
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo > /dev/null; then
    as_root=sudo
else
    printf 'Neither root nor sudo. Run as root:\n  apt-get update && %s%s\n' "$install" "$packages" >&2
    exit 1
fi
$as_root apt-get -qq update
# A package that this system does not have (swiftlang in Debian 12 and Ubuntu 24.04) must not keep the others away.
known=
for name in $packages; do
    if apt-cache show "$name" > /dev/null 2>&1; then known="$known $name"; fi
done
# shellcheck disable=SC2086
[ -z "$known" ] ||
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $known < /dev/null
status=$?

look
if [ -n "$packages" ]; then
    printf 'Still missing after apt-get (exit code %s):\n%s' "$status" "$table" >&2
    case " $packages " in
        *" swiftlang "*) echo "This system has no package of Swift: https://www.swift.org/install (6.0 or later)" >&2 ;;
    esac
    without_dnnl
    exit 1
fi
