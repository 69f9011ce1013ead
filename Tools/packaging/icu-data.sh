#!/bin/sh
# Prints the symbol under which the static Foundation finds ICU's data: 33 MB of locale data, none of which the program uses.
# The portable program defines an empty package under that name instead (CBuildFacts). If the toolchain has no such symbol,
# prints nothing, and the program keeps the data.
#
# Without the data, APIs that need a locale fail at run time. So this script fails if the sources use one.
#
#   Tools/packaging/icu-data.sh     SWIFT: the compiler
set -eu

here=$(cd "$(dirname "$0")/../.." && pwd)
asked=$(grep -rnE '\b(Locale|(Number|Date|Measurement|List)[A-Za-z]*Formatter|NSRegularExpression|Calendar|TimeZone)\b|\.localized|enumerateSubstrings' \
    "$here/Sources" --include='*.swift' | grep -vE '^[^:]*:[0-9]*: *//' || true)
if [ -n "$asked" ]; then
    printf '%s\nThese need ICU data, which the portable program does not contain. Use the Swift standard library instead.\n' \
        "$asked" >&2
    exit 1
fi
swift=$(readlink -f "$(command -v "${SWIFT:-swift}")")
nm "$(dirname "$swift")/../lib/swift_static/linux/lib_FoundationICU.a" 2> /dev/null |
    sed -n 's/^[0-9a-f]* [DR] \(icudt[0-9]*_dat\)$/\1/p' | head -n 1
