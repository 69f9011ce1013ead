#!/bin/bash
# Draws the pictures of Documentation/gallery.md into plots/gallery/. Runs the commands on that page in a copy of
# notebooks-data/, at 160 pixels per inch. Takes about half a minute.
#
#     Tools/gallery.sh .build/release/penumbra
set -euo pipefail
program=$(readlink -f "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=$PWD/plots/gallery
commands=$(awk '/^    / { print }' Documentation/gallery.md)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp notebooks-data/*.csv "$work"
cd "$work"

penumbra() {
    local resolution=()
    [ "$1" != plot ] || resolution=(--dpi 160)
    "$program" "$@" "${resolution[@]}" --quiet
}
eval "$commands"
mkdir -p "$out"
mv ./*.png "$out"
