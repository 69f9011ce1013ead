#!/bin/sh
# Installs the program, its man pages and its completions under a prefix, or removes them again.
#
#   Tools/packaging/install.sh BINARY PREFIX      DESTDIR, if set, goes before PREFIX
#   Tools/packaging/install.sh --remove PREFIX
#   Tools/packaging/install.sh --check PREFIX     fails if PREFIX is not writable; for use before a build
set -eu

if [ "$1" = --check ]; then
    folder=${DESTDIR:-}$2
    while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
    if [ ! -d "$folder" ] || [ ! -w "$folder" ]; then
        echo "$folder: not writable; choose a folder of your own (make install PREFIX=\$HOME/.local)," >&2
        echo "or run as root with your PATH: sudo env \"PATH=\$PATH\" make install" >&2
        exit 1
    fi
    exit 0
fi

if [ "$1" = --remove ]; then
    prefix=${DESTDIR:-}$2
    list=$prefix/share/penumbra/installed
    if [ ! -f "$list" ]; then
        echo "$list: not found; 'make install' has not installed anything under $2" >&2
        exit 2
    fi
    # Remove only names that an installation can have written, whatever the list says.
    grep -E '^(bin/penumbra$|share/(man/man1/penumbra|bash-completion/completions/penumbra$|zsh/site-functions/_penumbra$|fish/vendor_completions\.d/penumbra\.fish$|doc/penumbra/|penumbra/installed$))' "$list" |
        grep -v '\.\.' | while read -r name; do rm -f "$prefix/$name"; done
    rmdir "$prefix/share/penumbra" "$prefix/share/doc/penumbra/Documentation" "$prefix/share/doc/penumbra" 2> /dev/null || true
    echo "Removed penumbra from $prefix"
    exit 0
fi

binary=$1
prefix=${DESTDIR:-}$2
here=$(dirname "$0")/../..
for folder in bin share/man/man1 share/bash-completion/completions share/zsh/site-functions \
    share/fish/vendor_completions.d share/doc/penumbra/Documentation share/penumbra; do
    mkdir -p "$prefix/$folder"
done
cp "$binary" "$prefix/bin/penumbra.new"
strip "$prefix/bin/penumbra.new" 2> /dev/null || true
chmod 755 "$prefix/bin/penumbra.new"
mv "$prefix/bin/penumbra.new" "$prefix/bin/penumbra"
"$binary" manual --out "$prefix/share/man/man1"
"$binary" --generate-completion-script bash > "$prefix/share/bash-completion/completions/penumbra"
"$binary" --generate-completion-script zsh > "$prefix/share/zsh/site-functions/_penumbra"
"$binary" --generate-completion-script fish > "$prefix/share/fish/vendor_completions.d/penumbra.fish"
cp "$here/LICENSE" "$here/README.md" "$here/CHANGELOG.md" "$prefix/share/doc/penumbra/"
# Help and errors name pages of Documentation/.
cp "$here"/Documentation/*.md "$prefix/share/doc/penumbra/Documentation/"
(
    cd "$prefix"
    : > share/penumbra/installed
    find bin/penumbra share/man/man1/penumbra* share/bash-completion/completions/penumbra \
        share/zsh/site-functions/_penumbra share/fish/vendor_completions.d/penumbra.fish share/doc/penumbra \
        share/penumbra/installed -type f | sort > share/penumbra/installed
)
echo "Installed $prefix/bin/penumbra"
