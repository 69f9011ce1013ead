#!/bin/sh
# Prints the name by which the statically linked Foundation finds ICU's data: 33 MB of words and formats of all languages, of
# which the program uses none, so that the portable program holds an empty package under that name (CBuildFacts). Prints
# nothing where the compiler's files have no such name; the program then keeps the data.
#
# Without the data, what asks for a language fails at run time, so this fails where the sources ask for one.
#
#   Tools/packaging/icu-data.sh     SWIFT: the compiler
set -eu

here=$(cd "$(dirname "$0")/../.." && pwd)
asked=$(grep -rnE '\b(Locale|(Number|Date|Measurement|List)[A-Za-z]*Formatter|NSRegularExpression|Calendar|TimeZone)\b|\.localized|enumerateSubstrings' \
    "$here/Sources" --include='*.swift' | grep -vE '^[^:]*:[0-9]*: *//' || true)
if [ -n "$asked" ]; then
    printf '%s\nThese need the data of ICU, which the portable program goes without; use what Swift itself has.\n' "$asked" >&2
    exit 1
fi
swift=$(readlink -f "$(command -v "${SWIFT:-swift}")")
nm "$(dirname "$swift")/../lib/swift_static/linux/lib_FoundationICU.a" 2> /dev/null |
    sed -n 's/^[0-9a-f]* [DR] \(icudt[0-9]*_dat\)$/\1/p' | head -n 1
