#!/bin/bash
# Makes a root of a system with debootstrap, installs in it only what README says, and builds and tries the program there.
# Prints how long each step takes. Run as root, on Debian or Ubuntu, with debootstrap installed.
#
#   Tools/roots/try.sh SYSTEM [STEP…]     SYSTEM: debian13, sid or ubuntu26.04, which have a package of Swift
#       steps: root build figures test maps deb dist container remove (default: root build figures)
#       root      makes the root, unless it is there
#       build     copies the sources into it and runs `make build`
#       figures   `make figures` on a set so small that it takes seconds
#       test      `make test` without the format check, whose rules differ from one Swift to the next
#       maps      `make build-maps` with oneDNN's headers out of sight, and `project` with what it made
#       deb       `make deb`, and its file to dist/ of this checkout
#       dist      `make dist` in it
#       container runs the RUN lines of the Containerfile's first image as they stand, and the program that comes out
#       remove    deletes the root, also one that was not finished
#   ROOTS, MIRROR: see root.sh. What is made for machines without a compiler is tried by packages.sh, also on other systems.
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
                    fail "$step: $system has no package of Swift; packages.sh tries there what was built elsewhere" 2
                    ;;
            esac
            ;;
        *) fail "unknown step '$step'; expected root, build, figures, test, maps, deb, dist, container or remove" 2 ;;
    esac
done

copy_sources() {
    # Files that are deleted here must go there, too; what was built there stays.
    mkdir -p "$root/src"
    find "$root/src" -mindepth 1 -maxdepth 1 ! -name '.build*' ! -name figures -exec rm -rf {} +
    git -C "$here" ls-files -co --exclude-standard -z | tar -C "$here" --null -T - --ignore-failed-read -cf - |
        tar -C "$root/src" -xf -
    # Where git reads GitHub from a mirror on this machine, the mirror goes along.
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
    # Debian's swiftlang 6.2.3 has the module _Testing_Foundation without its library, which tests would link: an empty one
    # stands in for it.
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
        figures) timed "make figures, a tiny set" figures ;;
        test) timed "make test" tests ;;
        maps) timed "make build-maps" maps ;;
        deb) timed "make deb" deb ;;
        dist) timed "make dist" inside make dist ;;
        container) timed "the Containerfile's steps" container ;;
        remove) timed "remove" remove_root ;;
    esac
done
say_disk
