# Shared by the scripts in this folder, which source it: the list of systems, and functions to make a root of one, run commands
# in it and remove it.
#
#   ROOTS=folder        the folder for roots (default: /var/tmp/penumbra-roots)
#   MIRROR=address      a mirror (default: http://deb.debian.org/debian, or for Ubuntu http://archive.ubuntu.com/ubuntu)
#
# Commands run in their own mount namespace with /proc, so that nothing stays mounted, whatever happens.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
roots=${ROOTS:-/var/tmp/penumbra-roots}
systems="debian12, debian13, sid, ubuntu24.04 or ubuntu26.04"

# Find the commit here, because the root has no git.
PENUMBRA_COMMIT=${PENUMBRA_COMMIT:-$(git -C "$here" describe --always --abbrev=12 --exclude '*' --dirty=+changes)}
export PENUMBRA_COMMIT

fail() { # MESSAGE [EXIT CODE]
    echo "$1" >&2
    exit "${2:-1}"
}

choose_system() { # SYSTEM [SUFFIX OF THE ROOT'S FOLDER]
    system=$1
    local debian=http://deb.debian.org/debian ubuntu=http://archive.ubuntu.com/ubuntu
    case $system in
        debian12) suite=bookworm mirror=${MIRROR:-$debian} ;;
        debian13) suite=trixie mirror=${MIRROR:-$debian} ;;
        sid) suite=sid mirror=${MIRROR:-$debian} ;;
        ubuntu24.04) suite=noble mirror=${MIRROR:-$ubuntu} ;;
        ubuntu26.04) suite=resolute mirror=${MIRROR:-$ubuntu} ;;
        *) fail "unknown system '$system'; expected $systems" 2 ;;
    esac
    root=$roots/$system${2:-}
    # The first file marks a root made by these scripts, the second a complete one.
    marker=$root/.penumbra-root
    complete=$root/.penumbra-root-complete
    [ "$(id -u)" -eq 0 ] || fail "run this script as root"
}

inside() { # runs a command in the root, in /src if it exists; under a shell, because make as process 1 would not reap zombies
    unshare --mount --fork --pid --kill-child bash -c '
        root=$1; shift
        mount --make-rprivate /
        mount -t proc proc "$root/proc"
        exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
            HOME=/root PENUMBRA_COMMIT="$PENUMBRA_COMMIT" sh -c "cd /src 2> /dev/null; \"\$@\"; exit \$?" sh "$@"' \
        bash "$root" "$@"
}

timed() { # TITLE COMMAND…
    local title=$1 began=$SECONDS
    shift
    "$@"
    echo "== $system: $title: $((SECONDS - began)) s"
}

make_root() {
    [ -f "$complete" ] && return
    command -v debootstrap > /dev/null || fail "debootstrap not found: apt-get install debootstrap"
    if [ -f "$marker" ]; then
        remove_root
    elif [ -n "$(ls -A "$root" 2> /dev/null)" ]; then
        fail "$root: not empty, and not made by this script"
    fi
    mkdir -p "$root"
    touch "$marker"
    local options=(--variant=minbase) script=
    case $system in
        ubuntu*)
            # Debian's debootstrap does not know Ubuntu's newest releases and may lack its keys.
            options+=(--components=main,universe)
            script=/usr/share/debootstrap/scripts/gutsy
            if [ ! -f /usr/share/keyrings/ubuntu-archive-keyring.gpg ]; then
                echo "$system: no Ubuntu keys (ubuntu-archive-keyring); the root's packages are not verified" >&2
                options+=(--no-check-gpg)
            fi
            ;;
    esac
    debootstrap "${options[@]}" "$suite" "$root" "$mirror" ${script:+"$script"} > "$root.debootstrap.log" 2>&1 || {
        tail -n 3 "$root.debootstrap.log" >&2
        exit 1
    }
    # Accept a mirror whose package lists have expired.
    echo 'Acquire::Check-Valid-Until "false";' > "$root/etc/apt/apt.conf.d/99penumbra"
    touch "$complete"
}

remove_root() {
    [ -f "$marker" ] || fail "$root: not made by this script"
    if grep -q " $root/" /proc/mounts; then fail "$root: contains a mount; unmount it first"; fi
    rm -rf --one-file-system "$root"
}

say_disk() {
    du -sh "$root" 2> /dev/null | awk -v s="$system" '{ print "== " s ": size of the root: " $1 }' || true
}
