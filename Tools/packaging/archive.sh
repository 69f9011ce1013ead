#!/bin/sh
# Packs the folder from tree.sh into penumbra-VERSION-linux-x86_64.tar.gz and writes its checksum beside it.
#
#   Tools/packaging/archive.sh TREE OUT
set -eu

tree=$1
out=$2
version=$("$tree/bin/penumbra" --version | cut -d ' ' -f 1)
name=penumbra-$version-linux-$(uname -m)
mkdir -p "$out"
# Reproducible: the same content gives the same bytes.
tar -I 'gzip -9n' --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --transform "s|^\.|$name|" \
    -cf "$out/$name.tar.gz.part" -C "$tree" .
mv "$out/$name.tar.gz.part" "$out/$name.tar.gz"
(cd "$out" && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
du -sh "$tree" | awk '{ print "Unpacked: " $1 }'
ls -l "$out/$name.tar.gz" | awk '{ printf "%s: %.1f MB\n", $9, $5 / 1e6 }'
