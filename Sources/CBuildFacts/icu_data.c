// An empty ICU data package. The portable program links it in place of Foundation's 33 MB of locale data, none of which it
// uses (Tools/packaging/icu-data.sh). The linker takes this symbol because it comes before Foundation's own.

#ifdef PENUMBRA_ICU_DATA

#include <stdint.h>

/// An ICU package as ICU's udata.h lays it out: header size and magic number, UDataInfo, and a table of contents with no
/// entries.
const struct {
    uint16_t header_size;
    uint8_t mark[2];
    uint16_t info_size, reserved;
    uint8_t is_big_endian, charset, bytes_of_char, padding;
    uint8_t format[4], format_version[4], data_version[4];
    uint8_t fill[8];
    uint32_t entries, end;
} PENUMBRA_ICU_DATA __attribute__((aligned(16))) = {
    .header_size = 32,
    .mark = {0xda, 0x27},
    .info_size = 20,
    .bytes_of_char = 2,
    .format = {'T', 'o', 'C', 'P'},
    .format_version = {1},
};

#endif
