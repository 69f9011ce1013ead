// The data of ICU, without its content: what the portable program holds in place of 33 MB of words and formats of all
// languages, of which it uses none (Tools/packaging/icu-data.sh). Being linked before Foundation, it is taken instead of
// Foundation's own.

#ifdef PENUMBRA_ICU_DATA

#include <stdint.h>

/// A package of ICU as its udata.h describes it: the header's size and mark, the information on what follows, and a table
/// of contents without entries.
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
