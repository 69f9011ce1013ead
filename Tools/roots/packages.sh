#!/bin/bash
# Tests the archive, wheel and package in dist/ (make dist, make wheel, make deb) in a bare root of a system, with nothing
# installed for them. Run as root on Debian or Ubuntu with debootstrap.
#
#   Tools/roots/packages.sh SYSTEM [STEP…]     SYSTEM: debian12, debian13, sid, ubuntu24.04 or ubuntu26.04
#       steps: root archive wheel deb remove (default: root archive wheel)
#       root      makes the root, unless it exists
#       archive   verifies, unpacks and tests the archive, also in adverse environments (Tools/packaging/try.sh)
#       wheel     installs Python, then the wheel with pip in a new environment; tests it and uninstalls it
#       deb       installs the package for this system with apt, tests it and purges it
#       remove    deletes the root, even an incomplete one
#   DIST=folder       the folder with the files (default: dist/ of this checkout); ROOTS, MIRROR: see root.sh
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/root.sh"

[ $# -gt 0 ] || fail "usage: Tools/roots/packages.sh SYSTEM [root|archive|wheel|deb|remove]…" 2
# Not the root of try.sh, which has the libraries of the build.
choose_system "$1" -bare
shift
steps=("$@")
[ ${#steps[@]} -gt 0 ] || steps=(root archive wheel)
for step in "${steps[@]}"; do
    case $step in
        root | archive | wheel | deb | remove) ;;
        *) fail "unknown step '$step'; expected root, archive, wheel, deb or remove" 2 ;;
    esac
done
dist=${DIST:-$here/dist}

made() { # PATTERN TARGET: prints the newest file that matches, after verifying its checksum
    local file
    file=$(find "$dist" -name "$1" 2> /dev/null | sort -V | tail -n 1)
    [ -n "$file" ] || fail "$dist: no $1 found; make it with: make $2"
    (cd "$dist" && sha256sum --quiet -c "$(basename "$file").sha256") >&2
    echo "$file"
}

tiny="reproduce --preset quick --count 200 --epochs 1 --max-iter 250 --perplexity 10 --quiet"

archive() {
    local archive
    archive=$(made 'penumbra-*.tar.gz' dist)
    # Both the checksum and tar must reject a truncated archive.
    mkdir -p "$root/opt/cut"
    head -c 1000000 "$archive" > "$root/opt/cut/$(basename "$archive")"
    if (cd "$root/opt/cut" && sha256sum --status -c "$archive.sha256" 2> /dev/null); then
        fail "a truncated archive passes the checksum"
    fi
    if tar -C "$root/opt/cut" -xzf "$root/opt/cut/$(basename "$archive")" 2> /dev/null; then
        fail "tar unpacks a truncated archive without an error"
    fi
    rm -rf "$root/opt/cut" "$root/opt/penumbra"
    echo "ok: a truncated archive is rejected"
    mkdir -p "$root/opt/penumbra"
    tar -C "$root/opt/penumbra" --strip-components=1 -xzf "$archive"
    install -m 755 "$here/Tools/packaging/try.sh" "$root/tmp/try.sh"
    inside /tmp/try.sh /opt/penumbra
}

wheel() {
    local wheel
    wheel=$(made 'penumbra-*.whl' wheel)
    cp "$wheel" "$root/tmp/"
    inside sh -euc 'command -v python3 > /dev/null && python3 -c "import ensurepip" 2> /dev/null || {
            apt-get -qq update && apt-get -qq install -y --no-install-recommends python3-venv; }' > "$root.python.log" 2>&1 ||
        fail "Python could not be installed: see $root.python.log"
    inside sh -euc 'cd /tmp && rm -rf venv tried && python3 -m venv venv
        venv/bin/pip install --quiet --no-index --disable-pip-version-check "$1"
        venv/bin/penumbra --version
        venv/bin/penumbra $2 --out tried && ls tried/figure.pdf
        venv/bin/pip uninstall --quiet --yes penumbra
        left=$(find venv -path "*penumbra*" ! -type d) && [ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }' \
        sh "/tmp/$(basename "$wheel")" "$tiny"
}

deb() {
    local package
    package=$(made "penumbra_*~${system//[0-9.]/}${system//[a-z]/}_*.deb" deb)
    cp "$package" "$root/tmp/"
    inside sh -euc 'cd /tmp && apt-get -qq update
        apt-get -qq install -y --no-install-recommends man-db bash-completion > /dev/null
        # Record what exists before, to find what the package leaves behind.
        find / -xdev -name "*penumbra*" -not -path "/tmp/*" -not -path "/proc/*" -not -path "/opt/*" -not -path "/var/cache/man/*" | sort > before
        apt-get -qq install -y --no-install-recommends "$1" > /dev/null
        rm -rf tried && penumbra --version && penumbra $2 --out tried && ls tried/figure.pdf
        ls /usr/share/bash-completion/completions/penumbra /usr/share/zsh/vendor-completions/_penumbra \
            /usr/share/fish/vendor_completions.d/penumbra.fish
        bash -n /usr/share/bash-completion/completions/penumbra
        # Minimal systems configure dpkg to skip manual pages. Then only check that the package contains them.
        if [ -e /usr/share/man/man1/penumbra.1.gz ]; then man penumbra | head -n 3
        else grep -rq "path-exclude.*man" /etc/dpkg/dpkg.cfg.d && dpkg -c "$1" | grep -m 1 man1/penumbra.1.gz; fi
        apt-get -qq purge -y penumbra > /dev/null
        find / -xdev -name "*penumbra*" -not -path "/tmp/*" -not -path "/proc/*" -not -path "/opt/*" -not -path "/var/cache/man/*" | sort > after
        diff before after || { echo "left behind by the package" >&2; exit 1; }' sh "/tmp/$(basename "$package")" "$tiny"
}

for step in "${steps[@]}"; do
    case $step in
        root) timed "debootstrap" make_root ;;
        archive) timed "the archive, with nothing installed" archive ;;
        wheel) timed "the wheel, in a new environment" wheel ;;
        deb) timed "the package" deb ;;
        remove) timed "remove" remove_root ;;
    esac
done
say_disk
