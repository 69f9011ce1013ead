#!/bin/bash
# Makes a root of a system with debootstrap, installs only what the README says, and builds and tries the program there. Prints
# how long each step takes. Run as root on Debian or Ubuntu with debootstrap.
#
#   Tools/roots/try.sh SYSTEM [STEP…]     SYSTEM: debian13, sid or ubuntu26.04, which have a Swift package
#       steps: root build figures test maps deb dist container remove (default: root build figures)
#       root      makes the root, unless it exists
#       build     copies the sources into it and runs `make build`
#       figures   runs `make figures` on a tiny data set
#       test      runs `make test` without the format check, whose rules differ between Swift versions
#       maps      hides oneDNN's headers, runs `make build-maps` and then `project` with the result
#       deb       runs `make deb` and copies the package to dist/ of this checkout
#       dist      runs `make dist`
#       container runs the RUN lines of the Containerfile's first image, then the resulting program
#       remove    deletes the root, even an incomplete one
#   ROOTS, MIRROR: see root.sh. packages.sh tests the files for machines without a compiler, also on other systems.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/root.sh"

[ $# -gt 0 ] || fail "usage: Tools/roots/try.sh debian13|sid|ubuntu26.04 [root|build|figures|test|maps|deb|dist|container|remove]…" 2
choose_system "$1"
shift
steps=("$@")
[ ${#steps[@]} -gt 0 ] || steps=(root build figures)
for step in "${steps[@]}"; do
    case $step in
        root | remove) ;;
        build | figures | test | maps | deb | dist | container)
            case $system in
                debian12 | ubuntu24.04)
                    fail "$step: $system has no Swift package; use packages.sh to test files built elsewhere" 2
                    ;;
            esac
            ;;
        *) fail "unknown step '$step'; expected root, build, figures, test, maps, deb, dist, container or remove" 2 ;;
    esac
done

copy_sources() {
    # Delete the old copy, because files may have been deleted here. Keep build folders and figures.
    mkdir -p "$root/src"
    find "$root/src" -mindepth 1 -maxdepth 1 ! -name '.build*' ! -name figures -exec rm -rf {} +
    git -C "$here" ls-files -co --exclude-standard -z | tar -C "$here" --null -T - --ignore-failed-read -cf - |
        tar -C "$root/src" -xf -
    # If git is configured to read GitHub from a local mirror, copy the mirror, too.
    while read -r key address; do
        local mirror=${key#url.}
        mirror=${mirror%.insteadof}
        [ -d "$mirror" ] && [[ $address == https://github.com/* ]] || continue
        mkdir -p "$root$mirror/apple"
        cp -r "$mirror"/apple/swift-argument-parser* "$root$mirror/apple/"
        printf '[safe]\n\tdirectory = *\n[url "%s"]\n\tinsteadOf = https://github.com/\n' "$mirror" > "$root/etc/gitconfig"
    done < <(git config --get-regexp '^url\..*\.insteadof$' || true)
}

build() {
    copy_sources
    inside sh -c 'command -v make > /dev/null || { apt-get -qq update && apt-get -qq install -y --no-install-recommends make; }' \
        > "$root.make.log" 2>&1
    inside make build
    inside .build/release/penumbra --version --verbose
}

figures() {
    inside make figures REPRODUCE="--preset quick --count 200 --epochs 2 --max-iter 250 --perplexity 10"
    inside ls figures/figure.pdf figures/figure.png figures/split-1/soft/tsne.csv
}

tests() {
    copy_sources
    # Debian's swiftlang 6.2.3 has the module _Testing_Foundation but not its library, which the tests link. Make an empty one.
    inside sh -euc 'folder=/usr/libexec/swift/lib/swift/linux
        if [ -e $folder/_Testing_Foundation.swiftmodule ] && [ ! -e $folder/lib_Testing_Foundation.so ]; then
            ar rcs $folder/lib_Testing_Foundation.a
        fi'
    inside make test LINT=
}

maps() {
    copy_sources
    local headers=$root/usr/include/oneapi/dnnl
    mv "$headers" "$headers.away"
    local status=0
    inside sh -euc 'make build-maps
        .build-maps/release/penumbra --version --verbose
        seq 300 | awk "{ print sin(\$1) \",\" cos(\$1 * 2) \",\" sin(\$1 * 3) }" > /tmp/features.csv
        .build-maps/release/penumbra project /tmp/features.csv --out /tmp/layout.csv --max-iter 300' || status=$?
    mv "$headers.away" "$headers"
    return "$status"
}

deb() {
    inside sh -euc 'command -v dpkg-shlibdeps > /dev/null || apt-get -qq install -y --no-install-recommends dpkg-dev; make deb' \
        > "$root.deb.log" 2>&1 || { tail -n 5 "$root.deb.log" >&2; return 1; }
    mkdir -p "$here/dist"
    cp "$root"/src/dist/penumbra_*.deb* "$here/dist/"
    tail -n 1 "$root.deb.log"
}

container() {
    copy_sources
    local line
    while read -r line; do
        inside sh -euc "$line" < /dev/null
    done < <(awk '/^FROM/ { image += 1 } image == 1 && sub(/^RUN /, "")' "$here/Containerfile")
    inside /opt/penumbra/bin/penumbra --version --verbose
}

for step in "${steps[@]}"; do
    case $step in
        root) timed "debootstrap" make_root ;;
        build) timed "packages and build" build ;;
        figures) timed "make figures on a tiny data set" figures ;;
        test) timed "make test" tests ;;
        maps) timed "make build-maps" maps ;;
        deb) timed "make deb" deb ;;
        dist) timed "make dist" inside make dist ;;
        container) timed "the Containerfile's steps" container ;;
        remove) timed "remove" remove_root ;;
    esac
done
say_disk
