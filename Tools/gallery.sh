#!/bin/bash
# Draws the pictures of Documentation/gallery.md into plots/gallery/, from the tables in notebooks-data/:
#
#     Tools/gallery.sh .build/release/penumbra
#
# Takes a quarter of a minute. Needs images for one picture alone, which it makes in a folder of its own.
set -euo pipefail
program=$(readlink -f "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=$PWD/plots/gallery
images=$(mktemp -d)
trap 'rm -rf "$images"' EXIT
mkdir -p "$out"
"$program" generate shapes --count 15000 --size 32 --out "$images" --quiet

cd notebooks-data
draw() { echo "$1"; "$program" plot "${@:2}" --out "$out/$1.png" --dpi 160 --quiet; }
shapes=(--labels shapes32-samples.csv)
fibres=(--labels fibres-samples.csv)
predictions=(--predictions shapes32-hard-predictions.csv shapes32-soft-predictions.csv)
names=(--names "hard labels" "soft labels")

draw figure1 shapes32-hard-tsne.csv shapes32-soft-tsne.csv "${shapes[@]}" "${names[@]}" "${predictions[@]}"
draw mixture fibres-hard-tsne.csv fibres-soft-tsne.csv "${fibres[@]}" "${names[@]}" --legend below --width text
draw entropy shapes32-soft-tsne.csv "${shapes[@]}" --names "soft labels" --color entropy --width column
draw hue shapes32-soft-tsne.csv "${shapes[@]}" --names "soft labels" --color hue --color-period 360 --width column
draw glyph-entropy shapes32-soft-tsne.csv "${shapes[@]}" --names "soft labels" --color mixture --glyph entropy --width column
draw agreement shapes32-hard-tsne.csv shapes32-soft-tsne.csv "${shapes[@]}" "${names[@]}" "${predictions[@]}" \
    --color agreement --width text --legend below
draw facets shapes32-soft-tsne.csv "${shapes[@]}" --facet class --color mixture --width text
draw arrows shapes32-hard-tsne.csv shapes32-soft-tsne.csv "${shapes[@]}" "${names[@]}" --color mixture --arrows 2
draw thumbnails shapes32-soft-tsne.csv "${shapes[@]}" --names "soft labels" --color mixture --thumbnails 150 \
    --data "$images/Shapes" --width text
draw contours shapes32-hard-tsne.csv "${shapes[@]}" --names "hard labels" --color mixture --contours classes \
    --cluster-labels --width column
draw highlight shapes32-soft-tsne.csv "${shapes[@]}" --names "soft labels" --color mixture --highlight ellipse_share=1 \
    --width column
draw dark shapes32-soft-tsne.csv "${shapes[@]}" --color mixture --palette tab10 --theme dark \
    --title "Shapes, soft labels" --no-caption --width column
