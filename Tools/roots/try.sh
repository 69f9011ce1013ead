#!/bin/bash
# Makes a root of a system with debootstrap, installs in it only what README says, and builds and tries the program there.
# Prints how long each step takes. Run as root, on Debian or Ubuntu, with debootstrap installed.
#
#   Tools/roots/try.sh SYSTEM [STEP…]     SYSTEM: debian12, debian13 or sid
#       steps: root build figures test dist run remove (default: root build figures; debian12: root run)
#       root      makes the root, unless it is there
#       build     copies the sources into it and runs `make build`
#       figures   `make figures` on a set so small that it takes seconds
#       test      `make test` without the format check, whose rules differ from one Swift to the next
#       dist      `make dist` in it
#       run       unpacks dist/*.tar.gz of this checkout in it and runs that, with nothing installed
#       remove    deletes the root, also one that was not finished
#   Debian 12 has no package of Swift: there, only root, run and remove work, and run needs `make dist` of this checkout.
#   ROOTS=folder       where roots lie (/var/tmp/penumbra-roots)
#   MIRROR=address     of Debian (http://deb.debian.org/debian)
#
# The root's /proc is mounted in a mount namespace of its own, so that nothing stays mounted whatever happens.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
system=${1:?usage: Tools/roots/try.sh debian12|debian13|sid [root|build|figures|test|dist|run|remove]…}
shift
case $system in
    debian12) suite=bookworm ;;
    debian13) suite=trixie ;;
    sid) suite=sid ;;
    *) echo "unknown system '$system'; expected debian12, debian13 or sid" >&2 && exit 2 ;;
esac
steps=("$@")
if [ ${#steps[@]} -eq 0 ]; then
    if [ "$system" = debian12 ]; then steps=(root run); else steps=(root build figures); fi
fi
for step in "${steps[@]}"; do
    case $system:$step in
        debian12:build | debian12:figures | debian12:test | debian12:dist)
            echo "$step: Debian 12 has no package of Swift; only root, run and remove work there" >&2
            exit 2
            ;;
        *:root | *:build | *:figures | *:test | *:dist | *:run | *:remove) ;;
        *) echo "unknown step '$step'; expected root, build, figures, test, dist, run or remove" >&2 && exit 2 ;;
    esac
done
roots=${ROOTS:-/var/tmp/penumbra-roots}
root=$roots/$system
mirror=${MIRROR:-http://deb.debian.org/debian}
# The first says that this script made the root, the second that it made it to the end.
marker=$root/.penumbra-root
complete=$root/.penumbra-root-complete
# The root has no git that could tell it.
PENUMBRA_COMMIT=${PENUMBRA_COMMIT:-$(git -C "$here" describe --always --abbrev=12 --exclude '*' --dirty=+changes)}
export PENUMBRA_COMMIT

[ "$(id -u)" -eq 0 ] || { echo "a root can only be made by root" >&2; exit 1; }

inside() { # runs a command in the root, in /src
    unshare --mount --fork --pid --kill-child bash -c '
        root=$1; shift
        mount --make-rprivate /
        mount -t proc proc "$root/proc"
        exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
            HOME="${ROOT_HOME-/root}" PENUMBRA_COMMIT="$PENUMBRA_COMMIT" \
            sh -c "cd /src 2> /dev/null; exec \"\$@\"" sh "$@"' bash "$root" "$@"
}

timed() { # TITLE COMMAND…
    local title=$1 began=$SECONDS
    shift
    "$@"
    echo "== $system: $title: $((SECONDS - began)) s"
}

make_root() {
    [ -f "$complete" ] && return
    command -v debootstrap > /dev/null || { echo "debootstrap not found: apt-get install debootstrap" >&2; exit 1; }
    if [ -f "$marker" ]; then
        remove
    elif [ -n "$(ls -A "$root" 2> /dev/null)" ]; then
        echo "$root: not empty, and not a root that this script made" >&2
        exit 1
    fi
    mkdir -p "$root"
    touch "$marker"
    debootstrap --variant=minbase "$suite" "$root" "$mirror" > "$roots/$system.debootstrap.log" || {
        tail -n 3 "$roots/$system.debootstrap.log" >&2
        exit 1
    }
    # A mirror may be older than the list's last day.
    echo 'Acquire::Check-Valid-Until "false";' > "$root/etc/apt/apt.conf.d/99penumbra"
    mkdir -p "$root/src"
    touch "$complete"
}

copy_sources() {
    # Files that are deleted here must go there, too; what was built there stays.
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
        > "$roots/$system.make.log" 2>&1
    inside make build
    inside .build/release/penumbra --version --verbose
}

figures() {
    inside make figures REPRODUCE="--preset quick --count 200 --epochs 2 --max-iter 250 --perplexity 10"
    inside ls figures/figure.pdf figures/figure.png figures/split-1/soft/tsne.csv
}

run_archive() {
    local archive
    archive=$(find "$here/dist" -name 'penumbra-*.tar.gz' 2> /dev/null | sort -V | tail -n 1 || true)
    [ -n "$archive" ] || { echo "$here/dist: no penumbra-*.tar.gz; make one with: make dist" >&2; exit 1; }
    rm -rf "$root/opt/penumbra"
    mkdir -p "$root/opt/penumbra"
    (cd "$here/dist" && sha256sum --quiet -c "$(basename "$archive").sha256")
    tar -C "$root/opt/penumbra" --strip-components=1 -xzf "$archive"
    inside sh -c 'cd /tmp && rm -rf tried && /opt/penumbra/bin/penumbra --version --verbose &&
        /opt/penumbra/bin/penumbra reproduce --preset quick --count 200 --epochs 1 --max-iter 250 --perplexity 10 --out tried --quiet &&
        ls tried/figure.pdf tried/figure.png'
}

remove() {
    [ -f "$marker" ] || { echo "$root: not a root that this script made" >&2; exit 1; }
    if grep -q " $root/" /proc/mounts; then
        echo "$root: something is mounted in it; unmount that first" >&2
        exit 1
    fi
    rm -rf --one-file-system "$root"
}

for step in "${steps[@]}"; do
    case $step in
        root) timed "debootstrap" make_root ;;
        build) timed "packages and build" build ;;
        figures) timed "make figures, a tiny set" figures ;;
        test) timed "make test" inside make test LINT= ;;
        dist) timed "make dist" inside make dist ;;
        run) timed "the archive, with nothing installed" run_archive ;;
        remove) timed "remove" remove ;;
    esac
done
du -sh "$root" 2> /dev/null | awk -v s="$system" '{ print "== " s ": disk of the root: " $1 }' || true
