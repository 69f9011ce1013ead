#!/bin/sh
# Checks what the build needs. Installs missing packages with apt (Debian, Ubuntu); on other systems prints their names.
#
# Asks the compiler and pkg-config, not the package manager, so that a library installed in another way counts too. Needs
# neither network nor root if nothing is missing.
#
#   Tools/dependencies.sh [--maps]     --maps: only what the build without oneDNN needs (make build-maps)
#   PENUMBRA_MPI=1                     also check for MPI
#   SWIFT                              the compiler
#   SYSTEM                             print the packages for this system: debian, ubuntu, fedora or arch
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

# clang uses the libraries of the newest GCC it finds. The libgomp.so for linking must come from the same GCC.
gcc_version() {
    newest=$(ls -d /usr/lib/gcc/*/[0-9]* 2> /dev/null | sed 's|.*/||' | sort -n | tail -n 1)
    [ -n "$newest" ] || newest=$(apt-cache depends gcc 2> /dev/null | sed -n 's/.*Depends: gcc-\([0-9]*\)$/\1/p')
    echo "${newest:-12}"
}

# Prints the package of a tool or library. The key is the library's name in pkg-config or in the linker's -l option. In the
# table, GCC stands for the version above, and AUR: marks packages that pacman does not have.
package() { # KEY
    case $system:$1 in
        ubuntu:libjpeg) echo libjpeg-turbo8-dev && return ;;
        other:*) echo "-" && return ;;
    esac
    while read -r key debian fedora arch; do
        [ "$key" = "$1" ] || continue
        case $system in
            fedora) echo "$fedora" ;;
            arch) echo "$arch" ;;
            *) case $debian in *GCC*) echo "${debian%GCC*}$(gcc_version)${debian#*GCC}" ;; *) echo "$debian" ;; esac ;;
        esac
        return
    done << 'TABLE'
swift            swiftlang            swift-lang            AUR:swift-bin
git              git                  git                   git
ca-certificates  ca-certificates      ca-certificates       ca-certificates
pkg-config       pkg-config           pkgconf-pkg-config    pkgconf
libc             libc6-dev            glibc-devel           glibc
libstdc++        libstdc++-GCC-dev    gcc-c++               gcc
dnnl             libdnnl-dev          onednn-devel          onednn
openblas         libopenblas-dev      openblas-devel        openblas
cairo            libcairo2-dev        cairo-devel           cairo
pangocairo       libpango1.0-dev      pango-devel           pango
libpng           libpng-dev           libpng-devel          libpng
libwebp          libwebp-dev          libwebp-devel         libwebp
libjpeg          libjpeg62-turbo-dev  libjpeg-turbo-devel   libjpeg-turbo
libcrypto        libssl-dev           openssl-devel         openssl
libzip           libzip-dev           libzip-devel          libzip
liblzma          liblzma-dev          xz-devel              xz
zlib             zlib1g-dev           zlib-ng-compat-devel  zlib
gomp             libgcc-GCC-dev       gcc                   gcc
ompi-c           libopenmpi-dev       openmpi-devel         openmpi
mpirun           openmpi-bin          openmpi               openmpi
font             fonts-dejavu-core    dejavu-sans-fonts     ttf-dejavu
TABLE
}

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# Asks the toolchain's own clang, because it links the program. Leaves `compiler` empty if there is no compiler.
find_compiler() {
    compiler=
    swift=$(command -v "${SWIFT:-swift}") && compiler=$(dirname "$(readlink -f "$swift")")/clang
    [ -x "$compiler" ] || compiler=$(command -v clang || command -v cc)
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

# The paths of Debian, Ubuntu and Arch, then of Fedora (new and old). For other systems, assumes that certificates exist.
has_certificates() {
    [ "$system" = other ] && return 0
    for file in /etc/ssl/certs/ca-certificates.crt /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem \
        /etc/pki/tls/certs/ca-bundle.crt; do
        [ -e "$file" ] && return 0
    done
    return 1
}

packages=
table=
need() { # KEY "NAME: PURPOSE"
    name=$(package "$1")
    case $name in
        AUR:*) name="${name#AUR:} (AUR)" ;;
        *) case " $packages " in *" $name "*) ;; *) packages="$packages $name" ;; esac ;;
    esac
    table="$table$(printf '  %-20s %s' "$name" "$2")
"
}

dnnl_versions='(DNNL_VERSION_MAJOR == 2 && DNNL_VERSION_MINOR >= 6) || DNNL_VERSION_MAJOR == 3'

look() {
    packages=
    table=
    find_compiler
    if [ -z "$compiler" ]; then
        # Without a compiler, no probe links, whatever is installed.
        need swift "Swift 6.0 or later: the compiler"
        return
    fi
    command -v "${SWIFT:-swift}" > /dev/null || need swift "Swift 6.0 or later: the compiler"
    command -v git > /dev/null || need git "git: fetches swift-argument-parser"
    has_certificates || need ca-certificates "certificates: git reads https"
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
    look_for liblzma "liblzma: reads archives compressed with LZMA"
    look_for zlib "zlib: inflates the arrays of HDF5 files"
    links gomp || need gomp "libgomp.so of GCC: OpenMP threads"
    if [ "${PENUMBRA_MPI:-0}" = 1 ]; then
        look_for ompi-c "Open MPI 4.1 or later: several processes in one training"
        command -v mpirun > /dev/null || need mpirun "mpirun: starts them"
    fi
    has_font || need font "a TrueType font: text in figures"
}

look_for() { # LIBRARY "NAME: PURPOSE"
    pkg-config --exists "$1" 2> /dev/null || need "$1" "$2"
}

# Prints further advice on standard error.
advise() {
    [ -n "$compiler" ] ||
        echo "Run this again once the compiler is installed: it is needed to find out what else is missing." >&2
    case $table in
        *"oneDNN 2.6"*)
            echo "Without oneDNN, project, place, plot and compare still work, on features and maps of other programs:" >&2
            echo "  make build-maps" >&2
            ;;
    esac
}

# Prints those of $packages that apt knows. One unknown package would keep apt-get from installing the others, and neither
# Debian 12 nor Ubuntu 24.04 has swiftlang.
known_packages() {
    for name in $packages; do
        if apt-cache show "$name" > /dev/null 2>&1; then printf ' %s' "$name"; fi
    done
}

no_swift() {
    echo "This system has no Swift package. Get Swift 6.0 or later from https://www.swift.org/install" >&2
}

look
[ -z "$table" ] && exit 0

uses_apt=
case $system in debian | ubuntu) command -v apt-get > /dev/null && uses_apt=yes ;; esac
if [ -n "${SYSTEM:-}" ] || [ -z "$uses_apt" ]; then
    if [ "$system" = other ]; then
        printf 'Missing (package names for this system are unknown):\n%s' "$table" >&2
    elif [ -z "$packages" ]; then
        printf 'Missing:\n%s' "$table" >&2
    else
        printf 'Missing; run as root:\n  %s%s\n%s' "$install" "$packages" "$table" >&2
    fi
    advise
    exit 1
fi

if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo > /dev/null; then
    as_root=sudo
else
    printf 'Missing, and cannot be installed without root or sudo:\n%s' "$table" >&2
    # Every Debian and Ubuntu has libc6-dev. If apt does not know it, its package lists have not been downloaded yet.
    known=$packages
    if apt-cache show libc6-dev > /dev/null 2>&1; then
        known=$(known_packages)
        case " $packages " in *" swiftlang "*) case " $known " in *" swiftlang "*) ;; *) no_swift ;; esac ;; esac
    fi
    [ -z "$known" ] || printf 'Run as root:\n  apt-get update && %s%s\n' "$install" "$known" >&2
    advise
    exit 1
fi

install_missing() {
    known=$(known_packages)
    [ -n "$known" ] || return 0
    printf 'Installing missing packages:\n%s' "$table"
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $known < /dev/null
}

$as_root apt-get -qq update
had_compiler=$compiler
install_missing
status=$?
look
# If the compiler was among them, only now can the probes find out what else is missing.
if [ -z "$had_compiler" ] && [ -n "$compiler" ] && [ -n "$table" ]; then
    install_missing
    status=$?
    look
fi

if [ -n "$table" ]; then
    printf 'Still missing after apt-get (exit code %s):\n%s' "$status" "$table" >&2
    case " $packages " in *" swiftlang "*) no_swift ;; esac
    advise
    exit 1
fi
