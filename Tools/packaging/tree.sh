#!/bin/sh
# Makes a relocatable folder: the program in bin/, the libraries it loads in lib/penumbra/ (it looks there first, relative to
# itself), man pages, completions, a font, and the licence of every library in licenses/.
#
#   Tools/packaging/tree.sh BINARY OUT
#
# Leaves out the libraries of glibc: they must fit the system's kernel and configuration.
set -eu

binary=$1
out=$2
here=$(cd "$(dirname "$0")/../.." && pwd)
rm -rf "$out"
DESTDIR= "$here/Tools/packaging/install.sh" "$binary" "$out"
mkdir -p "$out/lib/penumbra" "$out/share/penumbra/fonts" "$out/licenses"

system='^(linux-vdso|ld-linux-x86-64|libc|libm|libdl|libpthread|librt|libresolv|libutil|libnss_.*|libanl)\.so'
ldd "$binary" | awk '$2 == "=>" { print $1, $3 }' | while read -r name path; do
    case $path in
        "not" | "") echo "$binary: needs the library $name, which was not found" >&2 && exit 1 ;;
    esac
    echo "$name" | grep -qE "$system" && continue
    # Copy under the name the loader asks for, which may be a link to another file.
    cp -L "$path" "$out/lib/penumbra/$name"
    chmod 644 "$out/lib/penumbra/$name"
    strip --strip-unneeded "$out/lib/penumbra/$name" 2> /dev/null || true
    file=$(readlink -f "$path")
    package=$(dpkg -S "$file" 2> /dev/null || dpkg -S "${file#/usr}" 2> /dev/null || true)
    package=$(echo "$package" | head -n 1 | cut -d: -f1)
    licence=/usr/share/doc/$package/copyright
    if [ -z "$package" ] || [ ! -f "$licence" ]; then
        echo "$file: no licence found for this library (looked for $licence)" >&2
        exit 1
    fi
    cp -L "$licence" "$out/licenses/$name.txt"
done

cp "$here/LICENSE" "$out/licenses/penumbra.txt"
# The program contains Swift's runtime, Foundation and swift-argument-parser. One file covers all three: Apache-2.0 with the
# runtime exception.
swift=$(dirname "$(dirname "$(readlink -f "$(command -v "${SWIFT:-swift}")")")")
for licence in "$swift/share/swift/LICENSE.txt" /usr/share/doc/swiftlang/copyright; do
    [ -f "$licence" ] && cp "$licence" "$out/licenses/swift.txt" && break
done
[ -f "$out/licenses/swift.txt" ] || { echo "Swift's licence not found beside the compiler" >&2; exit 1; }

font=$(find /usr/share/fonts -name DejaVuSans.ttf | head -n 1)
if [ -z "$font" ]; then
    echo "DejaVuSans.ttf not found in /usr/share/fonts; on Debian and Ubuntu: apt-get install fonts-dejavu-core" >&2
    exit 1
fi
cp "$font" "$out/share/penumbra/fonts/"
cp /usr/share/doc/fonts-dejavu-core/copyright "$out/licenses/DejaVuSans.ttf.txt"
cat > "$out/share/penumbra/fonts/fonts.conf" << 'CONF'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
CONF

# If the program does not start, this tells which file is damaged: sha256sum --quiet -c SHA256SUMS
(cd "$out" && find . -type f ! -name .sums -printf '%P\n' | LC_ALL=C sort | xargs sha256sum > .sums && mv .sums SHA256SUMS)
