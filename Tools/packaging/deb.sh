#!/bin/sh
# Makes a package for the Debian or Ubuntu it runs on. The package depends on that system's libraries.
#
#   Tools/packaging/deb.sh BINARY OUT
set -eu

binary=$1
out=$(mkdir -p "$2" && cd "$2" && pwd)
here=$(cd "$(dirname "$0")/../.." && pwd)
command -v dpkg-shlibdeps > /dev/null || { echo "dpkg-shlibdeps not found: apt-get install dpkg-dev" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
DESTDIR=$root "$here/Tools/packaging/install.sh" "$binary" /usr > /dev/null
rm -r "$root/usr/share/penumbra"
gzip -9n "$root"/usr/share/man/man1/*.1
mkdir -p "$root/usr/share/zsh/vendor-completions" "$work/debian" "$root/DEBIAN"
mv "$root/usr/share/zsh/site-functions/_penumbra" "$root/usr/share/zsh/vendor-completions/"
rmdir "$root/usr/share/zsh/site-functions"
mv "$root/usr/share/doc/penumbra/LICENSE" "$root/usr/share/doc/penumbra/copyright"

printf 'Source: penumbra\n\nPackage: penumbra\nArchitecture: any\nDescription: x\n' > "$work/debian/control"
(cd "$work" && dpkg-shlibdeps -O "$root/usr/bin/penumbra" > "$work/substitutions")
depends=$(sed -n 's/^shlibs:Depends=//p' "$work/substitutions")
[ -n "$depends" ] || { echo "dpkg-shlibdeps names no package that $binary depends on" >&2; exit 1; }
version=$("$binary" --version | cut -d ' ' -f 1)~$(. /etc/os-release && echo "$ID${VERSION_ID:-sid}")
architecture=$(dpkg --print-architecture)
cat > "$root/DEBIAN/control" << CONTROL
Package: penumbra
Version: $version
Architecture: $architecture
Maintainer: Penumbra's authors <penumbra@localhost>
Installed-Size: $(du -sk "$root/usr" | cut -f 1)
Depends: $depends, fonts-dejavu-core | fonts-liberation | fonts-noto-core
Section: science
Priority: optional
Description: hard and soft labels of images, and what they do to a feature space
 Trains networks on hard labels and on label distributions, extracts their
 features, maps them with t-SNE, draws the maps and measures how well ordered
 the spaces are.
CONTROL
file=$out/penumbra_${version}_$architecture.deb
dpkg-deb --root-owner-group --build "$root" "$file" > /dev/null
(cd "$out" && sha256sum "$(basename "$file")" > "$file.sha256")
echo "$file: $(wc -c < "$file" | awk '{ printf "%.1f MB", $1 / 1e6 }')"
