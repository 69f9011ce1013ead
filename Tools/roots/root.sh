# What the scripts in this folder share: which systems there are, a root of one of them, and commands in it. Sourced, not run.
#
#   ROOTS=folder        where roots lie (/var/tmp/penumbra-roots)
#   MIRROR=address      of Debian (http://deb.debian.org/debian) or, for Ubuntu, of Ubuntu (http://archive.ubuntu.com/ubuntu)
#
# A root's /proc is mounted in a mount namespace of its own, so that nothing stays mounted whatever happens.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
roots=${ROOTS:-/var/tmp/penumbra-roots}
systems="debian12, debian13, sid, ubuntu24.04 or ubuntu26.04"

# The root has no git that could tell it.
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
    # The first says that these scripts made the root, the second that they made it to the end.
    marker=$root/.penumbra-root
    complete=$root/.penumbra-root-complete
    [ "$(id -u)" -eq 0 ] || fail "a root can only be made by root"
}

inside() { # runs a command in the root, in /src where that is there; below a shell, since make would not reap as process 1
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
        fail "$root: not empty, and not a root that this script made"
    fi
    mkdir -p "$root"
    touch "$marker"
    local options=(--variant=minbase) script=
    case $system in
        ubuntu*)
            # Debian's debootstrap does not know Ubuntu's newest names, and has not always its keys.
            options+=(--components=main,universe)
            script=/usr/share/debootstrap/scripts/gutsy
            if [ ! -f /usr/share/keyrings/ubuntu-archive-keyring.gpg ]; then
                echo "$system: Ubuntu's keys are not here, so the root's packages are not checked (ubuntu-archive-keyring)" >&2
                options+=(--no-check-gpg)
            fi
            ;;
    esac
    debootstrap "${options[@]}" "$suite" "$root" "$mirror" ${script:+"$script"} > "$root.debootstrap.log" 2>&1 || {
        tail -n 3 "$root.debootstrap.log" >&2
        exit 1
    }
    # A mirror may be older than the list's last day.
    echo 'Acquire::Check-Valid-Until "false";' > "$root/etc/apt/apt.conf.d/99penumbra"
    touch "$complete"
}

remove_root() {
    [ -f "$marker" ] || fail "$root: not a root that this script made"
    if grep -q " $root/" /proc/mounts; then fail "$root: something is mounted in it; unmount that first"; fi
    rm -rf --one-file-system "$root"
}

say_disk() {
    du -sh "$root" 2> /dev/null | awk -v s="$system" '{ print "== " s ": disk of the root: " $1 }' || true
}
